/* SPDX-License-Identifier: Apache-2.0 */
/* extract.c - sources to rows: files into parts, parts to workers. */
#include <string.h>

#include "base/alloc.h"
#include "base/shuffle.h"
#include "evidence/syntax/syntax.h"
#include "repo/source.h"
#include "run/pipeline.h"
#include "run/workers.h"

/* A part for every RS_PART_SOURCE_BYTES of sources, at least one, and the one behind all files. */
static rs_status group_files(rs_pipeline *pipeline, rs_error *err)
{
    const rs_repo_files *files = &pipeline->repo.files;
    uint64_t n_bytes = 0;
    size_t n_parts = 1;
    for (size_t i = 0; i + 1 < files->n_items; i++) {
        n_bytes += (uint64_t)files->items[i].size_bytes;
        if (n_bytes >= RS_PART_SOURCE_BYTES) {
            n_bytes = 0;
            n_parts++;
        }
    }
    n_parts += pipeline->options->scip_path != NULL;
    pipeline->parts = rs_alloc_zero(n_parts, sizeof *pipeline->parts);
    pipeline->ranges = rs_alloc_zero(n_parts, sizeof *pipeline->ranges);
    pipeline->scip_links = rs_alloc_zero(n_parts, sizeof *pipeline->scip_links);
    if (pipeline->parts == NULL || pipeline->ranges == NULL || pipeline->scip_links == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "group the files: out of memory");
    }
    pipeline->n_parts = n_parts;
    size_t part = 0;
    n_bytes = 0;
    for (size_t i = 0; i < files->n_items; i++) {
        if (n_bytes >= RS_PART_SOURCE_BYTES) {
            n_bytes = 0;
            pipeline->ranges[part].end_file = i;
            pipeline->ranges[++part].first_file = i;
        }
        n_bytes += (uint64_t)files->items[i].size_bytes;
    }
    pipeline->ranges[part].end_file = files->n_items;
    for (size_t i = 0; i < n_parts; i++) {
        RS_TRY(rs_part_init(&pipeline->parts[i], err));
    }
    return RS_OK;
}

/* What the walk has to say stands in the first part. */
static rs_status add_diagnostics(rs_pipeline *pipeline, rs_error *err)
{
    const rs_repo_findings *findings = &pipeline->repo.findings;
    rs_part *part = &pipeline->parts[0];
    rs_batch *batch = &part->batches[RS_DS_repo_diagnostics];
    rs_buf key = {0};
    RS_TRY(rs_batch_reserve(batch, findings->n_items, err));
    for (size_t i = 0; i < findings->n_items; i++) {
        const rs_repo_finding *finding = &findings->items[i];
        const rs_diagnostic_info *info = rs_diagnostic_get(finding->code);
        rs_buf_reset(&key);
        rs_buf_addf(&key, "%s:", info->code);
        rs_buf_add_str(&key, finding->display_path);
        size_t row = batch->n_rows++;
        batch->columns[RS_C_repo_diagnostics_diagnostic_id].values.i64[row] =
            rs_global_id("diagnostic", (rs_str){key.bytes, key.n_bytes});
        batch->columns[RS_C_repo_diagnostics_path].values.str[row] =
            rs_strings_add(&part->strings, finding->display_path);
        batch->columns[RS_C_repo_diagnostics_code].values.u8[row] = (uint8_t)finding->code;
        batch->columns[RS_C_repo_diagnostics_severity].values.u8[row] = (uint8_t)info->severity;
        batch->columns[RS_C_repo_diagnostics_message].values.str[row] =
            rs_strings_add(&part->strings, finding->message);
    }
    rs_status status = rs_buf_check(&key, err);
    rs_buf_release(&key);
    return status;
}

/* What one worker keeps from file to file. */
typedef struct digger {
    rs_pipeline *pipeline;
    rs_extractor *extractor;
    rs_source source;
    const atomic_bool *stop;
} digger;

static rs_status extract_part(digger *self, size_t index, rs_error *err)
{
    rs_pipeline *pipeline = self->pipeline;
    const rs_file_range *range = &pipeline->ranges[index];
    if (pipeline->options->scip_path != NULL) {
        rs_extractor_use_scip(self->extractor, &pipeline->scip, &pipeline->scip_links[index]);
    }
    for (size_t i = range->first_file; i < range->end_file; i++) {
        const rs_repo_file *file = &pipeline->repo.files.items[i];
        if (atomic_load_explicit(self->stop, memory_order_relaxed)) {
            return RS_OK;
        }
        RS_TRY(rs_pipeline_check(pipeline, err));
        RS_TRY(rs_source_read(&self->source, &pipeline->repo, file, err));
        rs_status status =
            rs_extract_file(self->extractor, file, &self->source, &pipeline->parts[index], err);
        if (status != RS_OK) {
            return rs_error_prefix(err, status, "extract %.*s", (int)file->display_path.n_bytes,
                                   file->display_path.bytes);
        }
        atomic_fetch_add(&pipeline->n_files_done, 1);
        atomic_fetch_add(&pipeline->n_bytes_done, (uint64_t)file->size_bytes);
    }
    if (pipeline->parts[index].strings.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "extract: out of memory for strings");
    }
    return rs_engine_set_part(pipeline->engine, index, &pipeline->parts[index], err);
}

/* The last part, when it is that of no file. */
static rs_status finish(rs_pipeline *pipeline, rs_error *err)
{
    if (pipeline->options->scip_path == NULL) {
        return RS_OK;
    }
    size_t last = pipeline->n_parts - 1;
    RS_TRY(rs_scip_finish(&pipeline->scip, pipeline->parts, pipeline->scip_links, pipeline->n_parts,
                          err));
    return rs_engine_set_part(pipeline->engine, last, &pipeline->parts[last], err);
}

static size_t count_file_parts(const rs_pipeline *pipeline)
{
    return pipeline->n_parts - (pipeline->options->scip_path != NULL);
}

static rs_status dig(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    digger self = {.pipeline = context, .stop = stop};
    (void)worker;
    uint64_t started_ns = rs_clock_ns();
    rs_status status = rs_extractor_new(&self.extractor, err);
    while (status == RS_OK && !atomic_load(stop)) {
        size_t index = atomic_fetch_add(&self.pipeline->next, 1);
        if (index >= count_file_parts(self.pipeline)) {
            break;
        }
        status = extract_part(&self, self.pipeline->part_order[index], err);
    }
    rs_extractor_free(self.extractor);
    rs_source_release(&self.source);
    atomic_fetch_add(&self.pipeline->extract_busy_ns, rs_clock_ns() - started_ns);
    return status;
}

rs_status rs_pipeline_extract(rs_pipeline *pipeline, rs_error *err)
{
    rs_stage_cost *cost = &pipeline->costs[RS_STAGE_EXTRACT];
    RS_TRY(group_files(pipeline, err));
    RS_TRY(add_diagnostics(pipeline, err));
    RS_TRY(rs_engine_reserve_parts(pipeline->engine, pipeline->n_parts, err));
    atomic_store(&pipeline->next, 0);
    size_t n_file_parts = count_file_parts(pipeline);
    pipeline->part_order = rs_alloc(n_file_parts, sizeof *pipeline->part_order);
    if (pipeline->part_order == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "extract: out of memory");
    }
    rs_shuffle(pipeline->options->shuffle_seed, pipeline->part_order, n_file_parts);
    size_t n_workers = pipeline->n_workers < n_file_parts ? pipeline->n_workers : n_file_parts;
    RS_TRY(rs_workers_run(n_workers, dig, rs_pipeline_tick, pipeline, err));
    RS_TRY(rs_pipeline_check(pipeline, err));
    RS_TRY(finish(pipeline, err));
    for (size_t i = 0; i < pipeline->n_parts; i++) {
        for (int d = 0; d < RS_N_EVIDENCE; d++) {
            cost->n_rows += pipeline->parts[i].batches[d].n_rows;
        }
    }
    cost->n_bytes = atomic_load(&pipeline->n_bytes_done);
    cost->busy_ns = atomic_load(&pipeline->extract_busy_ns);
    return rs_pipeline_check(pipeline, err);
}
