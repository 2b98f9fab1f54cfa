/* SPDX-License-Identifier: Apache-2.0 */
#include "run/beside.h"

#include <string.h>

#include "base/alloc.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/relate.h"

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
}

/* --- which rules --- */

#define RIVALS "rows that may have the keys of another rule's"

/* What is settled of a run's rules. */
typedef struct settling {
    const rs_rules *rules;
    const rs_graph_plan *plan;
    rs_beside *beside;
    bool has_changed;
    bool failed; /* memory ran out */
} settling;

static void refuse(settling *self, const rs_plan *rule, const char *why)
{
    const char *copy = rs_arena_strndup(&self->beside->arena, why, strlen(why));
    self->failed = self->failed || copy == NULL;
    self->beside->why_not[rule->number] = copy;
    self->has_changed = true;
}

static bool is_taken(const settling *self, const rs_plan *rule)
{
    return rule->absent != NULL || self->beside->why_not[rule->number] == NULL;
}

/* What a rule's own words ask for. */
static void look_at(settling *self, const rs_plan *rule)
{
    rs_buf why_not = {0};
    if (rule->param_uses != NULL) {
        rs_buf_add(&why_not, "the values of a param table");
    } else {
        (void)self->beside->type->accepts(rule, &why_not);
    }
    if (why_not.n_bytes > 0) {
        refuse(self, rule, rs_buf_text(&why_not));
    }
    self->failed = self->failed || why_not.failed;
    rs_buf_release(&why_not);
}

/* The relationship of that dataset; their number for any other. */
static size_t relationship_number(const rs_graph_plan *plan, const rs_dataset *dataset)
{
    size_t number = 0;
    while (number < rs_graph_plan_n_outputs(plan)) {
        const rs_output *output = rs_graph_plan_output(plan, number);
        if (output->contract != NULL && strcmp(output->dataset->name, dataset->name) == 0) {
            break;
        }
        number++;
    }
    return number;
}

static bool is_there(const settling *self, const rs_dataset *dataset)
{
    size_t number = relationship_number(self->plan, dataset);
    return rs_dataset_evidence_number(dataset) < RS_N_EVIDENCE ||
           (number < rs_graph_plan_n_outputs(self->plan) && self->beside->holds[number]);
}

/* All rules of a relationship are one engine's. */
static void look_at_relationships(settling *self)
{
    for (size_t i = 0; i < self->beside->n_rules; i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        if (rule->contract != NULL && !is_taken(self, rule)) {
            self->beside->holds[relationship_number(self->plan, rule->output)] = false;
        }
    }
}

static void look_at_inputs(settling *self, const rs_plan *rule)
{
    for (size_t i = 0; i < rule->n_inputs && is_taken(self, rule); i++) {
        if (!is_there(self, rule->inputs[i].dataset)) {
            rs_buf why_not = {0};
            rs_buf_addf(&why_not, "rows of %s", rule->inputs[i].dataset->name);
            refuse(self, rule, rs_buf_text(&why_not));
            self->failed = self->failed || why_not.failed;
            rs_buf_release(&why_not);
        }
    }
    if (rule->contract != NULL && is_taken(self, rule) &&
        !self->beside->holds[relationship_number(self->plan, rule->output)]) {
        refuse(self, rule, RIVALS);
    }
}

/* Rules whose rows may have the same keys are one engine's, too. */
static void look_at_group(settling *self, const rs_group *group)
{
    bool all = true;
    for (size_t i = 0; i < group->selects.n_items; i++) {
        all = all && is_taken(self, group->selects.items[i]->plan);
    }
    for (size_t i = 0; i < group->selects.n_items && !all; i++) {
        if (is_taken(self, group->selects.items[i]->plan)) {
            refuse(self, group->selects.items[i]->plan, RIVALS);
        }
    }
}

static rs_status look_at_groups(settling *self, rs_wave wave, rs_error *err)
{
    rs_status status = RS_OK;
    for (int i = 0; i < RS_N_GRAPH && status == RS_OK; i++) {
        rs_group_vec groups = {0};
        status = rs_gate_group(self->rules, rs_graph_dataset_get((rs_graph_dataset_id)i), wave,
                               NULL, &groups, err);
        for (size_t j = 0; j < groups.n_items; j++) {
            look_at_group(self, &groups.items[j]);
        }
        rs_gate_release(&groups);
    }
    return status;
}

/* What is left to the other engine takes what depends on it along. */
static rs_status settle_all(settling *self, rs_error *err)
{
    do {
        self->has_changed = false;
        look_at_relationships(self);
        for (size_t i = 0; i < self->beside->n_rules && !self->failed; i++) {
            look_at_inputs(self, rs_rules_get(self->rules, i));
        }
        RS_TRY(look_at_groups(self, RS_WAVE_FILE, err));
        RS_TRY(look_at_groups(self, RS_WAVE_RUN, err));
    } while (self->has_changed && !self->failed);
    return self->failed ? out_of_memory(err) : RS_OK;
}

/* Which relationships the other engine reads. */
static void settle_readers(settling *self)
{
    rs_beside *beside = self->beside;
    beside->runs_all = true;
    for (size_t i = 0; i < beside->n_rules; i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        for (size_t j = 0; j < rule->n_inputs && !is_taken(self, rule); j++) {
            size_t number = relationship_number(self->plan, rule->inputs[j].dataset);
            if (number < rs_graph_plan_n_outputs(self->plan)) {
                beside->hands_over[number] = beside->holds[number];
            }
        }
        beside->runs_all = beside->runs_all && is_taken(self, rule);
    }
}

static rs_status settle_rules(const rs_pipeline *pipeline, rs_beside *beside, rs_error *err)
{
    settling self = {
        .rules = rs_run_rules(pipeline), .plan = rs_run_graph_plan(pipeline), .beside = beside};
    size_t n_outputs = rs_graph_plan_n_outputs(self.plan);
    beside->n_rules = rs_rules_count(self.rules);
    beside->why_not = rs_arena_alloc(&beside->arena, beside->n_rules + 1, sizeof(char *));
    beside->holds = rs_arena_alloc(&beside->arena, n_outputs + 1, sizeof *beside->holds);
    beside->hands_over = rs_arena_alloc(&beside->arena, n_outputs + 1, sizeof *beside->hands_over);
    if (beside->why_not == NULL || beside->holds == NULL || beside->hands_over == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < n_outputs; i++) {
        beside->holds[i] = rs_graph_plan_output(self.plan, i)->contract != NULL;
        beside->hands_over[i] = false;
    }
    for (size_t i = 0; i < beside->n_rules; i++) {
        beside->why_not[i] = NULL;
        look_at(&self, rs_rules_get(self.rules, i));
    }
    RS_TRY(settle_all(&self, err));
    settle_readers(&self);
    return RS_OK;
}

bool rs_beside_takes(const rs_beside *beside, const rs_plan *rule)
{
    return beside->type != NULL && beside->why_not[rule->number] == NULL;
}

bool rs_beside_holds(const rs_beside *beside, size_t output)
{
    return beside->type != NULL && beside->holds[output];
}

bool rs_beside_hands_over(const rs_beside *beside, size_t output)
{
    return beside->type != NULL && beside->hands_over[output];
}

bool rs_beside_runs_all(const rs_beside *beside)
{
    return beside->type != NULL && beside->runs_all;
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
    RS_TRY(settle_rules(pipeline, out, err));
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
        RS_TRY(beside->type->bind_batch(worker->session, &part->batches[i], &part->strings, NULL,
                                        err));
    }
    return RS_OK;
}

static rs_status show_relations(const rs_beside *beside, const rs_beside_worker *worker,
                                const rs_gated *relations, size_t n_outputs, rs_error *err)
{
    for (size_t i = 0; i < n_outputs && relations != NULL; i++) {
        const rs_held *good = &relations[i].good;
        const rs_lineage lineage = rs_held_lineage(good);
        if (good->batch.n_rows > 0) {
            RS_TRY(beside->type->bind_batch(worker->session, &good->batch, &good->strings, &lineage,
                                            err));
        }
    }
    return RS_OK;
}

rs_status rs_beside_show(rs_beside *beside, size_t worker, const rs_gated *relation, rs_error *err)
{
    return show_relations(beside, &beside->workers[worker], relation, 1, err);
}

/* Those of the range; of the run, those of all ranges, which come first. */
static rs_status show_all_relations(const rs_pipeline *pipeline, const rs_beside *beside,
                                    const rs_beside_worker *worker, size_t range, rs_error *err)
{
    const rs_relationships *made = rs_run_relationships(pipeline);
    size_t n_outputs = rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline));
    if (range != RS_RANGE_RUN) {
        return show_relations(beside, worker, made->ranges[range].relations, n_outputs, err);
    }
    for (size_t i = 0; i < made->n_ranges; i++) {
        RS_TRY(show_relations(beside, worker, made->ranges[i].relations, n_outputs, err));
    }
    return show_relations(beside, worker, made->run, n_outputs, err);
}

static rs_status forget_rows(const rs_pipeline *pipeline, const rs_beside *beside,
                             const rs_beside_worker *worker, rs_error *err)
{
    const rs_graph_plan *plan = rs_run_graph_plan(pipeline);
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        RS_TRY(beside->type->unbind(worker->session, rs_dataset_get((rs_dataset_id)i), err));
    }
    for (size_t i = 0; i < rs_graph_plan_n_outputs(plan); i++) {
        RS_TRY(beside->holds[i] ? beside->type->unbind(worker->session,
                                                       rs_graph_plan_output(plan, i)->dataset, err)
                                : RS_OK);
    }
    return RS_OK;
}

/* The parts of a range. */
static rs_part_span parts_of(const rs_pipeline *pipeline, size_t range)
{
    if (range == RS_RANGE_RUN) {
        return (rs_part_span){0, rs_run_evidence(pipeline)->n_parts};
    }
    const rs_part_range *of = &rs_run_relationships(pipeline)->ranges[range];
    return (rs_part_span){of->first_part, of->end_part};
}

rs_status rs_beside_select(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                           size_t range, bool with_relations, rs_error *err)
{
    rs_beside_worker *at = &beside->workers[worker];
    rs_part_span parts = parts_of(pipeline, range);
    if (at->is_bound && at->range == range && at->sees_relations && with_relations) {
        return RS_OK;
    }
    at->is_bound = false;
    RS_TRY(forget_rows(pipeline, beside, at, err));
    for (size_t i = parts.first; i < parts.end; i++) {
        RS_TRY(bind_part(beside, at, &rs_run_evidence(pipeline)->parts[i], err));
    }
    RS_TRY(with_relations ? show_all_relations(pipeline, beside, at, range, err) : RS_OK);
    at->range = range;
    at->sees_relations = with_relations;
    at->is_bound = true;
    return RS_OK;
}

/* A rule reads the columns that it names, of all rows. Of evidence alone scans are told. */
static void count_scan(const rs_pipeline *pipeline, rs_beside *beside, const rs_beside_worker *at,
                       const rs_plan_input *input)
{
    size_t number = rs_dataset_evidence_number(input->dataset);
    rs_part_span parts = parts_of(pipeline, at->range);
    uint64_t n_rows = 0;
    uint64_t n_value_bytes = 0;
    if (number == RS_N_EVIDENCE) {
        return;
    }
    for (size_t i = parts.first; i < parts.end; i++) {
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
