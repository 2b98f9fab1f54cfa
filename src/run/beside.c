/* SPDX-License-Identifier: Apache-2.0 */
#include "run/beside.h"

#include <string.h>

#include "base/alloc.h"
#include "run/extract.h"
#include "run/plan.h"

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
}

/* --- which rules --- */

static void add_refusal(const rs_engine_type *type, const rs_plan *rule, rs_buf *why_not)
{
    for (size_t i = 0; i < rule->n_inputs; i++) {
        if (rs_dataset_evidence_number(rule->inputs[i].dataset) == RS_N_EVIDENCE) {
            rs_buf_addf(why_not, "rows of %s", rule->inputs[i].dataset->name);
            return;
        }
    }
    if (rule->contract != NULL) {
        rs_buf_add(why_not, "rows of a relationship");
    } else if (rule->param_uses != NULL) {
        rs_buf_add(why_not, "the values of a param table");
    } else {
        (void)type->accepts(rule, why_not);
    }
}

static rs_status settle_rules(const rs_rules *rules, rs_beside *beside, rs_error *err)
{
    beside->n_rules = rs_rules_count(rules);
    beside->why_not = rs_arena_alloc(&beside->arena, beside->n_rules + 1, sizeof(char *));
    bool fits = beside->why_not != NULL;
    for (size_t i = 0; i < beside->n_rules && fits; i++) {
        rs_buf why_not = {0};
        add_refusal(beside->type, rs_rules_get(rules, i), &why_not);
        beside->why_not[i] = NULL;
        if (why_not.n_bytes > 0) {
            beside->why_not[i] =
                rs_arena_strndup(&beside->arena, rs_buf_text(&why_not), why_not.n_bytes);
            fits = beside->why_not[i] != NULL;
        }
        fits = fits && !why_not.failed;
        rs_buf_release(&why_not);
    }
    return fits ? RS_OK : out_of_memory(err);
}

bool rs_beside_takes(const rs_beside *beside, const rs_plan *rule)
{
    return beside->type != NULL && beside->why_not[rule->number] == NULL;
}

const char *rs_beside_refusal(const rs_beside *beside, const rs_plan *rule)
{
    return beside->type != NULL ? beside->why_not[rule->number] : NULL;
}

/* --- opening and closing --- */

static rs_status open_workers(const rs_pipeline *pipeline, rs_beside *beside, rs_error *err)
{
    const rs_engine_config config = {.stop = pipeline->cancelled};
    RS_TRY(beside->type->open(&config, &beside->engine, err));
    beside->workers = rs_alloc_zero(pipeline->n_workers, sizeof *beside->workers);
    if (beside->workers == NULL) {
        return out_of_memory(err);
    }
    beside->n_workers = pipeline->n_workers;
    for (size_t i = 0; i < beside->n_workers; i++) {
        rs_beside_worker *worker = &beside->workers[i];
        worker->prepared = rs_alloc_zero(beside->n_rules + 1, sizeof(void *));
        if (worker->prepared == NULL) {
            return out_of_memory(err);
        }
        RS_TRY(beside->type->session_open(beside->engine, &worker->session, err));
    }
    return RS_OK;
}

rs_status rs_beside_open(const rs_pipeline *pipeline, bool explains, rs_beside *out, rs_error *err)
{
    if (pipeline->engine_beside == NULL || explains) {
        return RS_OK;
    }
    out->type = pipeline->engine_beside;
    RS_TRY(settle_rules(rs_run_rules(pipeline), out, err));
    return open_workers(pipeline, out, err);
}

void rs_beside_close(rs_beside *beside)
{
    for (size_t i = 0; i < beside->n_workers; i++) {
        rs_beside_worker *worker = &beside->workers[i];
        for (size_t j = 0; worker->prepared != NULL && j < beside->n_rules; j++) {
            beside->type->release(worker->prepared[j]);
        }
        rs_free((void *)worker->prepared);
        beside->type->session_close(worker->session);
    }
    rs_free(beside->workers);
    if (beside->engine != NULL) {
        beside->type->close(beside->engine);
    }
    rs_arena_release(&beside->arena);
}

/* --- running --- */

static rs_status bind_part(const rs_beside *beside, const rs_beside_worker *worker,
                           const rs_part *part, rs_error *err)
{
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        RS_TRY(beside->type->bind_batch(worker->session, &part->batches[i], &part->strings, err));
    }
    return RS_OK;
}

rs_status rs_beside_select(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                           size_t first_part, size_t end_part, rs_error *err)
{
    rs_beside_worker *at = &beside->workers[worker];
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    if (at->is_bound && at->first_part == first_part && at->end_part == end_part) {
        return RS_OK;
    }
    at->is_bound = false;
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        RS_TRY(beside->type->unbind(at->session, rs_dataset_get((rs_dataset_id)i), err));
    }
    for (size_t i = first_part; i < end_part; i++) {
        RS_TRY(bind_part(beside, at, &evidence->parts[i], err));
    }
    at->first_part = first_part;
    at->end_part = end_part;
    at->is_bound = true;
    return RS_OK;
}

/* A rule reads the columns that it names, of all rows. */
static void count_scan(const rs_pipeline *pipeline, rs_beside *beside, const rs_beside_worker *at,
                       const rs_plan_input *input)
{
    size_t number = rs_dataset_evidence_number(input->dataset);
    uint64_t n_rows = 0;
    uint64_t n_value_bytes = 0;
    for (size_t i = at->first_part; i < at->end_part; i++) {
        n_rows += rs_run_evidence(pipeline)->parts[i].batches[number].n_rows;
    }
    for (size_t i = 0; i < input->dataset->n_columns; i++) {
        n_value_bytes +=
            (input->columns >> i & 1) != 0 ? rs_type_bytes(input->dataset->columns[i].type) : 0;
    }
    rs_beside_add_scan(beside, (rs_dataset_id)number, n_rows, n_rows * n_value_bytes);
}

void rs_beside_add_scan(rs_beside *beside, rs_dataset_id dataset, uint64_t n_rows, uint64_t n_bytes)
{
    atomic_fetch_add(&beside->scans[dataset].n_scans, 1);
    atomic_fetch_add(&beside->scans[dataset].n_rows, n_rows);
    atomic_fetch_add(&beside->scans[dataset].n_bytes, n_bytes);
}

rs_status rs_beside_run(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                        const rs_select *select, const rs_sink *sink, rs_observation *cost,
                        rs_error *err)
{
    const rs_plan *rule = select->plan;
    rs_beside_worker *at = &beside->workers[worker];
    void **prepared = &at->prepared[rule->number];
    RS_ASSERT(rs_beside_takes(beside, rule) && at->is_bound);
    if (*prepared == NULL) {
        RS_TRY(beside->type->prepare(at->session, rule, prepared, err));
    }
    for (size_t i = 0; i < rule->n_inputs; i++) {
        count_scan(pipeline, beside, at, &rule->inputs[i]);
    }
    return beside->type->run_select(*prepared, (size_t)(select - rule->selects), sink, cost, err);
}

rs_scan_count rs_beside_count(const rs_beside *beside, rs_dataset_id dataset)
{
    const rs_beside_scans *scans = &beside->scans[dataset];
    return (rs_scan_count){atomic_load(&scans->n_scans), atomic_load(&scans->n_rows),
                           atomic_load(&scans->n_bytes)};
}
