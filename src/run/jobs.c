/* SPDX-License-Identifier: Apache-2.0 */
/* jobs.c - rows to Parquet files: one job a file, largest first, each by one worker. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "run/relate.h"
#include "run/workers.h"

/* --- which files there will be --- */

/* Rows that a dataset of evidence has of a part. */
static uint64_t part_rows(const rs_output *output, const rs_part *part)
{
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        if (part->batches[i].dataset == output->dataset) {
            return part->batches[i].n_rows;
        }
    }
    return 0;
}

/* Close a range of parts behind first_part; *n_rows are those of the range. */
static size_t range_end(const rs_pipeline *pipeline, const rs_output *output, size_t first_part,
                        uint64_t *n_rows)
{
    size_t part = first_part;
    *n_rows = 0;
    while (part < pipeline->n_parts && *n_rows < RS_FILE_ROWS) {
        *n_rows += part_rows(output, &pipeline->parts[part++]);
    }
    return part;
}

static rs_status add_file(rs_bundle_dataset *dataset, rs_error *err)
{
    rs_bundle_file *files = rs_realloc(dataset->files, dataset->n_files + 1, sizeof *files);
    if (files == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    files[dataset->n_files] = (rs_bundle_file){.number = (uint32_t)dataset->n_files};
    dataset->files = files;
    dataset->n_files++;
    return RS_OK;
}

static rs_status add_job(rs_pipeline *pipeline, rs_job job, rs_error *err)
{
    rs_bundle_dataset *dataset = &pipeline->datasets[job.dataset];
    job.file = dataset->n_files;
    RS_TRY(add_file(dataset, err));
    if (!rs_job_vec_push(&pipeline->jobs, job)) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    return RS_OK;
}

/* Evidence: a file for so many rows of its own. */
static rs_status add_evidence(rs_pipeline *pipeline, size_t index, size_t dataset, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(pipeline->plan, index);
    rs_job job = {.stage = RS_STAGE_WRITE_EVIDENCE,
                  .range = RS_RANGE_NONE,
                  .output = index,
                  .dataset = dataset,
                  .sql = output->rows_sql,
                  .metadata = output->metadata,
                  .n_metadata = output->n_metadata};
    uint64_t n_rows = 0;
    for (size_t first = 0; first < pipeline->n_parts; first = job.end_part) {
        job.first_part = first;
        job.end_part = range_end(pipeline, output, first, &n_rows);
        job.cost = n_rows * rs_output_n_columns(output);
        RS_TRY(add_job(pipeline, job, err));
    }
    return RS_OK;
}

/* A file for each range, one for the run, and where there is neither an empty one. */
static rs_status add_ranges(rs_pipeline *pipeline, size_t index, size_t dataset,
                            const char *rows_sql, const char *run_sql, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(pipeline->plan, index);
    rs_job job = {.stage = RS_STAGE_WRITE_GRAPH,
                  .output = index,
                  .dataset = dataset,
                  .metadata = output->metadata,
                  .n_metadata = output->n_metadata};
    job.sql = rows_sql;
    for (size_t i = 0; i < pipeline->n_row_ranges && rows_sql != NULL; i++) {
        job.range = i;
        job.cost = pipeline->row_ranges[i].n_rows * rs_output_n_columns(output);
        RS_TRY(add_job(pipeline, job, err));
    }
    job.range = RS_RANGE_RUN;
    job.cost = 0;
    job.sql = run_sql;
    if (run_sql == NULL && rows_sql == NULL) {
        rs_buf *sql = &pipeline->empty_sql[dataset];
        RS_TRY(
            rs_schema_add_empty_sql(output->dataset, pipeline->datasets[dataset].group, sql, err));
        job.sql = sql->bytes;
        job.range = 0;
    }
    return job.sql != NULL ? add_job(pipeline, job, err) : RS_OK;
}

static int by_cost(const void *left, const void *right)
{
    const rs_job *a = left;
    const rs_job *b = right;
    if (a->cost != b->cost) {
        return a->cost > b->cost ? -1 : 1;
    }
    if (a->dataset != b->dataset) {
        return a->dataset < b->dataset ? -1 : 1;
    }
    return a->file < b->file ? -1 : a->file > b->file;
}

static rs_status make_directory(rs_pipeline *pipeline, const rs_bundle_dataset *dataset,
                                rs_error *err)
{
    char name[128];
    snprintf(name, sizeof name, "%s/%s", rs_bundle_group_name(dataset->group),
             dataset->dataset->name);
    return rs_bundle_writer_add_directory(pipeline->writer, name, err);
}

static rs_status add_dataset(rs_pipeline *pipeline, const rs_output *output, rs_bundle_group group,
                             size_t *dataset, rs_error *err)
{
    *dataset = pipeline->n_datasets++;
    pipeline->datasets[*dataset] = (rs_bundle_dataset){.group = group, .dataset = output->dataset};
    return make_directory(pipeline, &pipeline->datasets[*dataset], err);
}

/* The jobs of one output, and of its rejects where rules make it. */
static rs_status add_output(rs_pipeline *pipeline, size_t index, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(pipeline->plan, index);
    static const rs_bundle_group groups[] = {
        [RS_OUTPUT_EVIDENCE] = RS_GROUP_EVIDENCE,
        [RS_OUTPUT_RELATIONSHIP] = RS_GROUP_RELATIONSHIPS,
        [RS_OUTPUT_GRAPH] = RS_GROUP_CPG,
    };
    size_t good = 0;
    size_t rejects = 0;
    RS_TRY(add_dataset(pipeline, output, groups[output->family], &good, err));
    if (output->family == RS_OUTPUT_EVIDENCE) {
        return add_evidence(pipeline, index, good, err);
    }
    RS_TRY(add_dataset(pipeline, output, RS_GROUP_REJECTS, &rejects, err));
    RS_TRY(add_ranges(pipeline, index, good, output->rows_sql, output->run_sql, err));
    return add_ranges(pipeline, index, rejects, output->rejects_sql, output->run_rejects_sql, err);
}

rs_status rs_pipeline_add_jobs(rs_pipeline *pipeline, rs_error *err)
{
    size_t n_outputs = rs_graph_plan_n_outputs(pipeline->plan);
    size_t n_most = 2 * n_outputs + pipeline->n_params + RS_N_RECORDS;
    pipeline->datasets = rs_alloc_zero(n_most, sizeof *pipeline->datasets);
    pipeline->empty_sql = rs_alloc_zero(n_most, sizeof *pipeline->empty_sql);
    if (pipeline->datasets == NULL || pipeline->empty_sql == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    for (size_t i = 0; i < n_outputs; i++) {
        RS_TRY(add_output(pipeline, i, err));
    }
    RS_TRY(rs_pipeline_write_params(pipeline, err));
    qsort(pipeline->jobs.items, pipeline->jobs.n_items, sizeof *pipeline->jobs.items, by_cost);
    return RS_OK;
}

/* --- writing them --- */

static rs_status file_path(const rs_pipeline *pipeline, const rs_bundle_dataset *dataset,
                           uint32_t number, rs_buf *path, rs_error *err)
{
    char name[RS_BUNDLE_FILE_NAME_BYTES];
    rs_bundle_file_name(number, name);
    rs_buf_reset(path);
    rs_buf_addf(path, "%s/%s/%s/%s", rs_bundle_writer_directory(pipeline->writer),
                rs_bundle_group_name(dataset->group), dataset->dataset->name, name);
    return rs_buf_check(path, err);
}

/* One worker, and the path of the file that it writes. */
typedef struct desk {
    rs_pipeline *pipeline;
    rs_session *session;
    rs_output_cost *outputs; /* by output of the plan; NULL: nobody looks */
    rs_buf path;
} desk;

static rs_status copy_rows(const desk *at, const rs_job *job, const char *label, const char *sql,
                           rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_bundle_dataset *dataset = &pipeline->datasets[job->dataset];
    rs_bundle_file *file = &dataset->files[job->file];
    RS_TRY(rs_session_copy(at->session, label, sql, at->path.bytes, job->metadata, job->n_metadata,
                           &file->n_rows, err));
    if (job->range == RS_RANGE_NONE) {
        return RS_OK; /* of evidence there is no plan to speak of */
    }
    return rs_pipeline_explain(pipeline, at->session, NULL, dataset->dataset->name, sql, err);
}

/* The file of an output of the graph of which a rule fails, without that rule's rows. */
static rs_status copy_without_failed(const desk *at, const rs_job *job, const char *label,
                                     rs_error *cause, rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_output *output = rs_graph_plan_output(pipeline->plan, job->output);
    bool *failed = rs_alloc_zero(rs_rules_count(pipeline->rules) + 1, sizeof *failed);
    rs_buf sql = {0};
    size_t n_failed = 0;
    rs_wave scope = job->range == RS_RANGE_RUN ? RS_WAVE_RUN : RS_WAVE_FILE;
    bool is_rejects = pipeline->datasets[job->dataset].group == RS_GROUP_REJECTS;
    rs_status status = failed == NULL ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label)
                                      : rs_pipeline_probe(pipeline, at->session, output->dataset,
                                                          scope, failed, &n_failed, err);
    if (status == RS_OK && n_failed == 0) { /* no rule's own fault */
        status = rs_error_set(err, RS_ERR_ENGINE, "%s", cause->message);
    }
    if (status == RS_OK) {
        status = rs_graph_plan_add_sql(pipeline->plan, pipeline->rules, output, scope, is_rejects,
                                       failed, &sql, err);
    }
    if (status == RS_OK && sql.n_bytes == 0) {
        status = rs_schema_add_empty_sql(output->dataset, pipeline->datasets[job->dataset].group,
                                         &sql, err);
    }
    if (status == RS_OK) {
        status = copy_rows(at, job, label, sql.bytes, err);
    }
    rs_buf_release(&sql);
    rs_free(failed);
    return status;
}

static rs_status run_job(desk *at, rs_job *job, rs_error *err)
{
    rs_pipeline *pipeline = at->pipeline;
    const rs_bundle_dataset *dataset = &pipeline->datasets[job->dataset];
    rs_bundle_file *file = &dataset->files[job->file];
    rs_error cause = {0};
    char label[128];
    snprintf(label, sizeof label, "write %s/%s", rs_bundle_group_name(dataset->group),
             dataset->dataset->name);
    job->started_ns = rs_clock_ns();
    RS_TRY(file_path(pipeline, dataset, file->number, &at->path, err));
    rs_status status = copy_rows(at, job, label, job->sql, &cause);
    if (status == RS_ERR_ENGINE &&
        rs_graph_plan_output(pipeline->plan, job->output)->family == RS_OUTPUT_GRAPH) {
        RS_TRY(copy_without_failed(at, job, label, &cause, err));
    } else if (status != RS_OK) {
        return rs_error_set(err, status, "%s", cause.message);
    }
    RS_TRY(rs_files_hash(at->path.bytes, file->sha256, &file->n_bytes, err));
    job->ended_ns = rs_clock_ns();
    if (at->outputs != NULL) {
        rs_output_cost *cost = &at->outputs[job->output];
        rs_output_cost_add(cost, &cost->write_ns, job->started_ns, job->ended_ns);
    }
    return RS_OK;
}

static bool sees_the_same(const rs_job *a, const rs_job *b)
{
    return a != NULL && a->range == b->range &&
           (a->range != RS_RANGE_NONE ||
            (a->first_part == b->first_part && a->end_part == b->end_part));
}

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    rs_pipeline *pipeline = context;
    desk at = {.pipeline = pipeline,
               .session = pipeline->sessions[worker],
               .outputs = rs_collector_outputs(pipeline->collector, worker)};
    rs_status status = RS_OK;
    const rs_job *last = NULL;
    rs_session_observe(at.session, rs_collector_rules(pipeline->collector, worker),
                       rs_rules_count(pipeline->rules));
    while (status == RS_OK && !atomic_load(stop)) {
        size_t index = atomic_fetch_add(&pipeline->next, 1);
        if (index >= pipeline->jobs.n_items) {
            break;
        }
        rs_job *job = &pipeline->jobs.items[index];
        status = rs_pipeline_check(pipeline, err);
        if (status == RS_OK && !sees_the_same(last, job)) {
            status = job->range == RS_RANGE_NONE
                         ? rs_session_select_parts(at.session, job->first_part, job->end_part, err)
                         : rs_pipeline_select(pipeline, at.session, job->range, err);
            last = job;
        }
        if (status == RS_OK) {
            status = run_job(&at, job, err);
        }
        if (status == RS_OK) {
            atomic_fetch_add(&pipeline->n_jobs_done, 1);
        }
    }
    rs_session_observe(at.session, NULL, 0);
    rs_buf_release(&at.path);
    return status;
}

/* A range without rejects needs no file, as long as one shows the schema. */
static rs_status drop_empty_rejects(rs_pipeline *pipeline, rs_error *err)
{
    rs_buf path = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < pipeline->n_datasets && status == RS_OK; i++) {
        rs_bundle_dataset *dataset = &pipeline->datasets[i];
        size_t n_kept = dataset->n_files > 0;
        for (size_t f = 1; dataset->group == RS_GROUP_REJECTS && f < dataset->n_files; f++) {
            if (dataset->files[f].n_rows > 0) {
                dataset->files[n_kept++] = dataset->files[f];
                continue;
            }
            status = file_path(pipeline, dataset, dataset->files[f].number, &path, err);
            if (status == RS_OK) {
                status = rs_files_remove_tree(path.bytes, err);
            }
        }
        if (dataset->group == RS_GROUP_REJECTS) {
            dataset->n_files = n_kept;
        }
    }
    rs_buf_release(&path);
    return status;
}

static void add_costs(rs_pipeline *pipeline)
{
    uint64_t first_ns[RS_N_STAGES] = {0};
    uint64_t last_ns[RS_N_STAGES] = {0};
    for (size_t i = 0; i < pipeline->jobs.n_items; i++) {
        const rs_job *job = &pipeline->jobs.items[i];
        const rs_bundle_file *file = &pipeline->datasets[job->dataset].files[job->file];
        rs_stage_cost *cost = &pipeline->costs[job->stage];
        if (pipeline->datasets[job->dataset].group == RS_GROUP_RELATIONSHIPS) {
            pipeline->costs[RS_STAGE_RELATE].n_rows += file->n_rows;
        }
        cost->n_rows += file->n_rows;
        cost->n_bytes += file->n_bytes;
        cost->busy_ns += job->ended_ns - job->started_ns;
        if (first_ns[job->stage] == 0 || job->started_ns < first_ns[job->stage]) {
            first_ns[job->stage] = job->started_ns;
        }
        if (job->ended_ns > last_ns[job->stage]) {
            last_ns[job->stage] = job->ended_ns;
        }
        cost->elapsed_ns = last_ns[job->stage] - first_ns[job->stage];
    }
}

/* Each worker sets up a session of its own, which costs more than it saves when rows are few. */
static size_t writers(const rs_pipeline *pipeline)
{
    size_t n_jobs = pipeline->jobs.n_items;
    uint64_t n_useful = 1 + pipeline->costs[RS_STAGE_EXTRACT].n_rows / RS_WRITER_ROWS;
    size_t n_workers = pipeline->n_workers < n_jobs ? pipeline->n_workers : n_jobs;
    return n_useful < n_workers ? (size_t)n_useful : n_workers;
}

rs_status rs_pipeline_write(rs_pipeline *pipeline, rs_error *err)
{
    atomic_store(&pipeline->next, 0);
    size_t n_workers = writers(pipeline);
    RS_TRY(rs_workers_run(n_workers, work, rs_pipeline_tick, pipeline, err));
    RS_TRY(rs_pipeline_check(pipeline, err));
    add_costs(pipeline);
    return drop_empty_rejects(pipeline, err);
}
