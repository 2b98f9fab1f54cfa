/* SPDX-License-Identifier: Apache-2.0 */
#include "run/pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "run/rules_document.h"
#include "run/workers.h"

rs_status rs_pipeline_check(const rs_pipeline *pipeline, rs_error *err)
{
    if (atomic_load_explicit(pipeline->cancelled, memory_order_relaxed)) {
        return rs_error_set(err, RS_ERR_CANCELLED, "build: interrupted");
    }
    return RS_OK;
}

void rs_pipeline_tick(void *context)
{
    rs_pipeline *pipeline = context;
    const rs_run_options *options = pipeline->options;
    if (pipeline->stage >= RS_STAGE_RELATE && atomic_load(pipeline->cancelled)) {
        for (size_t i = 0; i < pipeline->n_workers; i++) {
            rs_session_interrupt(pipeline->sessions[i]);
        }
    }
    if (options->progress != NULL) {
        const rs_pipeline_progress progress = {
            .stage = rs_stage_get(pipeline->stage)->name,
            .n_files_done = atomic_load(&pipeline->n_files_done),
            .n_files = pipeline->repo.files.n_items,
            .n_bytes_done = atomic_load(&pipeline->n_bytes_done),
            .n_bytes = pipeline->repo.n_bytes,
            .n_jobs_done = atomic_load(&pipeline->n_jobs_done),
            .n_jobs = pipeline->jobs.n_items,
        };
        options->progress(&progress, options->progress_context);
    }
}

/* --- the stages that are short enough to stand here --- */

static rs_status walk(rs_pipeline *pipeline, rs_error *err)
{
    const rs_run_options *options = pipeline->options;
    const rs_walk_options walk_options = {
        .include = options->include,
        .n_include = options->n_include,
        .exclude = options->exclude,
        .n_exclude = options->n_exclude,
        .repo_id = rs_str_of(options->repository_id != NULL ? options->repository_id : ""),
        .max_file_bytes = options->max_file_bytes,
        .ignore_files_off = !options->gitignore,
        .shuffle_seed = options->shuffle_seed,
    };
    RS_TRY(rs_repo_walk(options->path, &walk_options, &pipeline->repo, err));
    pipeline->costs[RS_STAGE_WALK].n_rows = pipeline->repo.files.n_items;
    pipeline->costs[RS_STAGE_WALK].n_bytes = pipeline->repo.n_bytes;
    return RS_OK;
}

/* An index that cannot be used is a diagnostic, no failure. */
static rs_status open_scip(rs_pipeline *pipeline, rs_error *err)
{
    if (pipeline->options->scip_path == NULL) {
        return RS_OK;
    }
    RS_TRY(rs_scip_open(&pipeline->scip, pipeline->options->scip_path, err));
    rs_scip_match(&pipeline->scip, &pipeline->repo.files);
    pipeline->costs[RS_STAGE_SCIP].n_rows = pipeline->scip.documents.n_items;
    pipeline->costs[RS_STAGE_SCIP].n_bytes = pipeline->scip.n_bytes;
    return RS_OK;
}

static rs_status plan_rules(rs_pipeline *pipeline, rs_error *err)
{
    RS_TRY(rs_policy_load(pipeline->options->policy_file, &pipeline->policy, err));
    RS_TRY(rs_rules_load(pipeline->options->rules_dir, pipeline->policy, &pipeline->rules, err));
    pipeline->costs[RS_STAGE_RULES].n_rows = rs_rules_count(pipeline->rules);
    if (pipeline->options->scip_path == NULL) {
        rs_rules_skip_absent(pipeline->rules, "scip");
    }
    const rs_policy *policy = pipeline->policy;
    rs_collector_options collect = {
        .n_rules = rs_rules_count(pipeline->rules),
        .n_workers = pipeline->n_workers,
        .events = policy->diagnostics.events && !pipeline->options->events_off,
        .fallbacks = policy->diagnostics.fallbacks,
        .explains = policy->diagnostics.explains || pipeline->options->explain,
    };
    RS_TRY(rs_graph_plan_new(pipeline->rules, collect.events, &pipeline->plan, err));
    collect.n_outputs = rs_graph_plan_n_outputs(pipeline->plan);
    return rs_collector_new(&collect, &pipeline->collector, err);
}

/* The engine may write into the unfinished bundle alone, and spills there too. */
static rs_status open_engine(rs_pipeline *pipeline, rs_error *err)
{
    char memory[32];
    rs_engine_config config = {0};
    RS_TRY(rs_files_resolve(rs_bundle_writer_directory(pipeline->writer), &pipeline->spill, err));
    config.allowed_directory = pipeline->spill.bytes;
    if (pipeline->options->n_memory_bytes > 0) {
        snprintf(memory, sizeof memory, "%" PRIu64 "KiB",
                 pipeline->options->n_memory_bytes / 1024 + 1);
        config.memory_limit = memory;
    }
    RS_TRY(rs_engine_new(&config, &pipeline->engine, err));
    pipeline->sessions = rs_alloc_zero(pipeline->n_workers, sizeof(rs_session *));
    if (pipeline->sessions == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    for (size_t i = 0; i < pipeline->n_workers; i++) {
        RS_TRY(rs_session_new(pipeline->engine, &pipeline->sessions[i], err));
        if (rs_collector_explains(pipeline->collector)) {
            RS_TRY(rs_session_profile(pipeline->sessions[i], err));
        }
    }
    if (pipeline->policy->diagnostics.scan_telemetry) {
        rs_engine_count_scans(pipeline->engine);
    }
    return RS_OK;
}

/* --- running them --- */

typedef rs_status (*stage_fn)(rs_pipeline *pipeline, rs_error *err);

static rs_status run_stage(rs_pipeline *pipeline, rs_stage_id id, stage_fn fn, rs_error *err)
{
    RS_TRY(rs_pipeline_check(pipeline, err));
    pipeline->stage = id;
    uint64_t started_ns = rs_clock_ns();
    rs_status status = fn(pipeline, err);
    rs_stage_cost *cost = &pipeline->costs[id];
    uint64_t elapsed_ns = rs_clock_ns() - started_ns;
    cost->elapsed_ns = cost->elapsed_ns == 0 ? elapsed_ns : cost->elapsed_ns;
    cost->busy_ns = cost->busy_ns == 0 ? elapsed_ns : cost->busy_ns;
    rs_pipeline_tick(pipeline);
    return status;
}

static rs_status run_stages(rs_pipeline *pipeline, rs_error *err)
{
    const rs_run_options *options = pipeline->options;
    RS_TRY(rs_engine_type_choose(options->engine, &pipeline->engine_type, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_RULES, plan_rules, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_PARAMS, rs_pipeline_load_params, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_WALK, walk, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_SCIP, open_scip, err));
    RS_TRY(rs_bundle_writer_new(options->output, options->run_name, &pipeline->writer, err));
    RS_TRY(open_engine(pipeline, err));
    RS_TRY(rs_pipeline_make_params(pipeline, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_EXTRACT, rs_pipeline_extract, err));
    RS_TRY(rs_pipeline_plan_ranges(pipeline, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_RELATE, rs_pipeline_relate, err));
    RS_TRY(rs_pipeline_add_jobs(pipeline, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_WRITE_GRAPH, rs_pipeline_write, err));
    RS_TRY(run_stage(pipeline, RS_STAGE_RECORD, rs_pipeline_record, err));
    return run_stage(pipeline, RS_STAGE_PUBLISH, rs_pipeline_publish, err);
}

static void release_engine(rs_pipeline *pipeline)
{
    for (size_t i = 0; pipeline->sessions != NULL && i < pipeline->n_workers; i++) {
        rs_session_free(pipeline->sessions[i]);
    }
    rs_free(pipeline->sessions);
    rs_engine_free(pipeline->engine);
    for (size_t i = 0; i < pipeline->n_parts; i++) {
        rs_part_release(&pipeline->parts[i]);
    }
    for (size_t i = 0; pipeline->scip_links != NULL && i < pipeline->n_parts; i++) {
        rs_scip_links_release(&pipeline->scip_links[i]);
    }
    rs_free(pipeline->scip_links);
    rs_free(pipeline->parts);
    rs_free(pipeline->ranges);
    rs_free(pipeline->part_order);
}

static void pipeline_release(rs_pipeline *pipeline)
{
    release_engine(pipeline);
    for (size_t i = 0; i < pipeline->n_datasets; i++) {
        rs_free(pipeline->datasets[i].files);
        rs_buf_release(&pipeline->empty_sql[i]);
    }
    rs_free(pipeline->datasets);
    rs_free(pipeline->row_ranges);
    rs_collector_free(pipeline->collector);
    rs_free(pipeline->empty_sql);
    rs_job_vec_release(&pipeline->jobs);
    rs_bundle_writer_free(pipeline->writer);
    rs_params_release(pipeline->params, pipeline->n_params);
    rs_graph_plan_free(pipeline->plan);
    rs_rules_free(pipeline->rules);
    rs_scip_release(&pipeline->scip);
    rs_policy_free(pipeline->policy);
    rs_repo_release(&pipeline->repo);
    rs_buf_release(&pipeline->spill);
    rs_free(pipeline->n_row_groups);
    json_decref(pipeline->counts);
    rs_buf_release(&pipeline->summary);
}

rs_status rs_pipeline_run(const rs_run_options *options, const atomic_bool *cancelled,
                          rs_buf *summary, rs_buf *path, rs_error *err)
{
    rs_pipeline pipeline = {.options = options, .cancelled = cancelled};
    pipeline.n_workers = options->n_threads > 0 ? options->n_threads : rs_processors();
    if (pipeline.n_workers > RS_MAX_WORKERS) {
        return rs_error_set(err, RS_ERR_INVALID, "build: %zu threads are more than %d",
                            pipeline.n_workers, RS_MAX_WORKERS);
    }
    pipeline.started_ns = rs_clock_ns();
    pipeline.started_unix_ns = rs_clock_unix_ns();
    rs_status status = run_stages(&pipeline, err);
    if (status == RS_OK) {
        rs_buf_release(summary);
        *summary = pipeline.summary;
        pipeline.summary = (rs_buf){0};
        rs_buf_reset(path);
        rs_buf_add(path, rs_bundle_writer_path(pipeline.writer));
        status = rs_buf_check(path, err);
    }
    pipeline_release(&pipeline);
    return status;
}
