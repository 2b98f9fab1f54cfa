/* SPDX-License-Identifier: Apache-2.0 */
/* extract.c - sources to rows, and what all files together answer: parts to workers. */
#include "run/extract.h"

#include <string.h>

#include "base/alloc.h"
#include "repo/source.h"
#include "run/group.h"
#include "run/lenses.h"
#include "run/link.h"
#include "run/memory.h"
#include "run/walk.h"
#include "run/workers.h"
#include "schema/rows.h"

static rs_status add_diagnostic(rs_part *part, const rs_repo_finding *finding, rs_buf *key,
                                rs_error *err)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(finding->code);
    rs_buf_reset(key);
    rs_buf_addf(key, "%s:", info->code);
    rs_buf_add_str(key, finding->display_path);
    RS_TRY(rs_buf_check(key, err));
    rs_repo_diagnostics_row row = rs_repo_diagnostics_row_new();
    row.diagnostic_id = rs_global_id(RS_STR_LITERAL("diagnostic"), rs_buf_str(key));
    row.path = rs_text_of(rs_strings_add(&part->strings, finding->display_path));
    row.code = rs_word_of(finding->code);
    row.severity = rs_word_of(info->severity);
    row.message = rs_text_of(rs_strings_add(&part->strings, finding->message));
    return rs_push_repo_diagnostics(part, &row, 1, err);
}

/* What the walk has to say stands in the first part. */
static rs_status add_diagnostics(const rs_repo_findings *findings, rs_part *part, rs_error *err)
{
    rs_buf key = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < findings->n_items && status == RS_OK; i++) {
        status = add_diagnostic(part, &findings->items[i], &key, err);
    }
    rs_buf_release(&key);
    return status;
}

static rs_status begin(const rs_pipeline *pipeline, rs_evidence *evidence, rs_error *err)
{
    const rs_grouping *grouping = rs_run_parts(pipeline);
    evidence->parts = rs_alloc_zero(grouping->n_parts, sizeof *evidence->parts);
    evidence->summaries = rs_alloc_zero(grouping->n_parts, sizeof *evidence->summaries);
    if (evidence->parts == NULL || evidence->summaries == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "extract: out of memory");
    }
    RS_ASSERT(grouping->n_parts > grouping->n_file_parts || grouping->n_file_parts > 0);
    evidence->n_parts = grouping->n_parts;
    for (size_t i = 0; i < evidence->n_parts; i++) {
        RS_TRY(rs_part_init(&evidence->parts[i], err));
    }
    return add_diagnostics(rs_run_findings(pipeline), &evidence->parts[0], err);
}

/* --- what the rows say --- */

rs_str rs_part_text(const rs_part *part, const rs_batch *batch, size_t column, size_t row)
{
    uint32_t number = batch->columns[column].values.str[row];
    return number < part->strings.n_items ? part->strings.items[number] : (rs_str){0};
}

rs_str rs_part_path(const rs_part *part, int64_t file_id)
{
    const rs_batch *files = &part->batches[RS_DS_repo_files];
    for (size_t i = 0; i < files->n_rows; i++) {
        if (files->columns[RS_C_repo_files_file_id].values.i64[i] == file_id) {
            return rs_part_text(part, files, RS_C_repo_files_path, i);
        }
    }
    return (rs_str){0};
}

/* --- parts to workers --- */

typedef struct extract_worker extract_worker;

/* Parts that workers take, one after the other. */
typedef struct extraction {
    rs_pipeline *pipeline;
    const rs_grouping *grouping;
    const rs_lens_set *lenses;
    const rs_evidence *evidence;
    const rs_repo *repo;           /* to extract */
    const rs_summaries *summaries; /* to answer */
    const rs_linked *linked;
    rs_status (*take)(extract_worker *self, size_t part, rs_error *err);
    rs_part_span span;
    atomic_size_t next; /* in the order of the grouping */
    atomic_uint_fast64_t busy_ns;
} extraction;

/* What one worker keeps from file to file. */
struct extract_worker {
    extraction *all;
    rs_extractor *extractor;
    rs_source source;
    const atomic_bool *stop;
};

static rs_status run_worker(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    extraction *all = context;
    extract_worker self = {.all = all, .stop = stop};
    (void)worker;
    uint64_t started_ns = rs_clock_ns();
    rs_status status = rs_extractor_new(all->lenses, &self.extractor, err);
    while (status == RS_OK && !atomic_load(stop)) {
        size_t place = atomic_fetch_add(&all->next, 1);
        if (place >= all->grouping->n_file_parts) {
            break;
        }
        size_t part = all->grouping->order[place];
        RS_ASSERT(part < all->grouping->n_file_parts);
        if (part >= all->span.first && part < all->span.end) {
            status = all->take(&self, part, err);
        }
    }
    rs_extractor_free(self.extractor);
    rs_source_release(&self.source);
    atomic_fetch_add(&all->busy_ns, rs_clock_ns() - started_ns);
    return status;
}

static void tick(void *context)
{
    rs_pipeline_tick(((extraction *)context)->pipeline);
}

/* Those of the span that have files. */
static rs_status take_parts(extraction *all, rs_error *err)
{
    rs_pipeline *pipeline = all->pipeline;
    size_t end =
        all->span.end < all->grouping->n_file_parts ? all->span.end : all->grouping->n_file_parts;
    size_t n_parts = end > all->span.first ? end - all->span.first : 0;
    if (n_parts > 0) {
        size_t n_workers = pipeline->n_workers < n_parts ? pipeline->n_workers : n_parts;
        RS_TRY(rs_workers_run(n_workers, run_worker, tick, all, err));
        rs_run_cost(pipeline)->busy_ns += atomic_load(&all->busy_ns);
    }
    return rs_pipeline_check(pipeline, err);
}

static uint64_t count_rows(const rs_evidence *evidence, rs_part_span parts)
{
    RS_ASSERT(parts.first <= parts.end && parts.end <= evidence->n_parts);
    uint64_t n_rows = 0;
    for (size_t i = parts.first; i < parts.end; i++) {
        for (int d = 0; d < RS_N_EVIDENCE; d++) {
            n_rows += evidence->parts[i].batches[d].n_rows;
        }
    }
    return n_rows;
}

/* --- extract --- */

static rs_status extract_file(extract_worker *self, const rs_repo_file *file, size_t part,
                              rs_error *err)
{
    const rs_evidence *evidence = self->all->evidence;
    rs_pipeline_counters *counters = &self->all->pipeline->counters;
    RS_TRY(rs_pipeline_check(self->all->pipeline, err));
    RS_TRY(rs_run_memory_check(self->all->pipeline, err));
    RS_TRY(rs_source_read(&self->source, self->all->repo, file, err));
    rs_status status = rs_extract_file(self->extractor, file, &self->source, &evidence->parts[part],
                                       &evidence->summaries[part], err);
    if (status != RS_OK) {
        return rs_error_prefix(err, status, "extract %.*s", (int)file->display_path.n_bytes,
                               file->display_path.bytes);
    }
    atomic_fetch_add(&counters->n_files_done, 1);
    atomic_fetch_add(&counters->n_bytes_done, (uint64_t)file->size_bytes);
    return RS_OK;
}

static rs_status extract_part(extract_worker *self, size_t part, rs_error *err)
{
    const extraction *all = self->all;
    const rs_file_range *range = &all->grouping->files[part];
    RS_ASSERT(range->first_file <= range->end_file && range->end_file <= all->repo->files.n_items);
    for (size_t i = range->first_file; i < range->end_file; i++) {
        if (atomic_load_explicit(self->stop, memory_order_relaxed)) {
            return RS_OK;
        }
        RS_TRY(extract_file(self, &all->repo->files.items[i], part, err));
    }
    rs_part_trim(&all->evidence->parts[part]);
    return RS_OK;
}

rs_status rs_extract_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_evidence *evidence = state;
    if (evidence->parts == NULL) {
        RS_TRY(begin(pipeline, evidence, err));
    }
    extraction all = {.pipeline = pipeline,
                      .repo = rs_run_files(pipeline),
                      .grouping = rs_run_parts(pipeline),
                      .lenses = rs_run_lenses(pipeline),
                      .evidence = evidence,
                      .take = extract_part,
                      .span = parts};
    RS_TRY(take_parts(&all, err));
    rs_run_cost(pipeline)->n_rows += count_rows(evidence, parts);
    rs_run_cost(pipeline)->n_bytes = atomic_load(&pipeline->counters.n_bytes_done);
    return RS_OK;
}

void rs_extract_release(void *state)
{
    rs_evidence *evidence = state;
    for (size_t i = 0; i < evidence->n_parts; i++) {
        rs_part_release(&evidence->parts[i]);
        rs_summaries_release(&evidence->summaries[i]);
    }
    rs_free(evidence->summaries);
    rs_free(evidence->parts);
}

/* --- answer --- */

static rs_status answer_part(extract_worker *self, size_t part, rs_error *err)
{
    const extraction *all = self->all;
    return rs_extract_answers(self->extractor, all->linked, &all->summaries[part],
                              &all->evidence->parts[part], err);
}

rs_status rs_answer_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    extraction all = {.pipeline = pipeline,
                      .grouping = rs_run_parts(pipeline),
                      .lenses = rs_run_lenses(pipeline),
                      .evidence = evidence,
                      .summaries = rs_run_summaries(pipeline),
                      .linked = rs_run_linked(pipeline),
                      .take = answer_part,
                      .span = parts};
    uint64_t n_before = count_rows(evidence, parts);
    (void)state;
    if (rs_lens_set_answers(all.lenses)) {
        RS_TRY(take_parts(&all, err));
    }
    if (rs_lens_set_has_rest(all.lenses) && parts.end == evidence->n_parts) {
        RS_TRY(
            rs_lenses_rest(all.lenses, all.linked, &evidence->parts[evidence->n_parts - 1], err));
    }
    rs_run_cost(pipeline)->n_rows += count_rows(evidence, parts) - n_before;
    return rs_pipeline_check(pipeline, err);
}
