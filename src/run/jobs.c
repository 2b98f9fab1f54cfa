/* SPDX-License-Identifier: Apache-2.0 */
/* jobs.c - rows to Parquet files: one job a file, largest first, each by one worker. */
#include "run/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "bundle/files.h"
#include "run/bind.h"
#include "run/draft.h"
#include "run/evidence_file.h"
#include "run/extract.h"
#include "run/graph_file.h"
#include "run/keep.h"
#include "run/plan.h"
#include "run/relate.h"
#include "run/rows_file.h"
#include "run/sessions.h"
#include "run/taint.h"
#include "run/workers.h"

/* Not one of the ranges: that of a job with parts of its own. */
#define RANGE_NONE (RS_RANGE_RUN - 1)

/* A part to append to a file of evidence. */
typedef struct rs_piece {
    size_t part;
    size_t file; /* in the dataset's files */
    bool begins;
    bool ends;
} rs_piece;

RS_VEC_DEFINE(rs_piece_vec, rs_piece)

/* One Parquet file to write; of evidence, parts of a dataset that go into its files one after the other. */
typedef struct rs_job {
    size_t range;   /* of the relationships, or RS_RANGE_RUN; of evidence: RANGE_NONE */
    size_t output;  /* of the plan */
    size_t dataset; /* of the draft */
    size_t file;    /* in its files */
    const char *sql;
    rs_buf own_sql; /* where sql is nobody else's */
    rs_evidence_file *evidence;
    size_t first_piece;
    size_t end_piece;
    uint64_t cost; /* values to write, about: larger ones start first */
    uint64_t started_ns;
    uint64_t ended_ns;
} rs_job;

RS_VEC_DEFINE(rs_job_vec, rs_job)

/* What workers share while the jobs of a node are done. */
typedef struct writing {
    rs_pipeline *pipeline;
    const rs_graph_plan *plan;
    rs_draft *draft;
    rs_job_vec jobs;
    rs_piece_vec pieces;
    atomic_size_t next;
} writing;

static writing begin(rs_pipeline *pipeline)
{
    return (writing){
        .pipeline = pipeline, .plan = rs_run_graph_plan(pipeline), .draft = rs_run_draft(pipeline)};
}

static void end(writing *self)
{
    for (size_t i = 0; i < self->jobs.n_items; i++) {
        rs_buf_release(&self->jobs.items[i].own_sql);
    }
    rs_job_vec_release(&self->jobs);
    rs_piece_vec_release(&self->pieces);
}

/* --- which files there will be --- */

/* The outputs that a node writes get their datasets, in the order of the plan. */
static rs_status add_datasets(const writing *self, bool is_evidence, rs_written *written,
                              rs_error *err)
{
    static const rs_bundle_group groups[] = {
        [RS_OUTPUT_EVIDENCE] = RS_GROUP_EVIDENCE,
        [RS_OUTPUT_RELATIONSHIP] = RS_GROUP_RELATIONSHIPS,
        [RS_OUTPUT_GRAPH] = RS_GROUP_CPG,
    };
    size_t n_outputs = rs_graph_plan_n_outputs(self->plan);
    written->good = rs_alloc_zero(n_outputs, sizeof *written->good);
    written->rejects = rs_alloc_zero(n_outputs, sizeof *written->rejects);
    written->files = rs_alloc_zero(n_outputs, sizeof *written->files);
    written->n_outputs = n_outputs;
    if (written->good == NULL || written->rejects == NULL || written->files == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    for (size_t i = 0; i < n_outputs; i++) {
        const rs_output *output = rs_graph_plan_output(self->plan, i);
        if ((output->family == RS_OUTPUT_EVIDENCE) != is_evidence) {
            continue;
        }
        RS_TRY(rs_draft_add_dataset(self->draft, groups[output->family], output->dataset,
                                    &written->good[i], err));
        if (!is_evidence) {
            RS_TRY(rs_draft_add_dataset(self->draft, RS_GROUP_REJECTS, output->dataset,
                                        &written->rejects[i], err));
        }
    }
    return RS_OK;
}

void rs_written_release(void *state)
{
    rs_written *written = state;
    for (size_t i = 0; i < written->n_outputs && written->files != NULL; i++) {
        rs_evidence_file_release(&written->files[i]);
    }
    rs_free(written->files);
    rs_free(written->good);
    rs_free(written->rejects);
}

/* own_sql is taken, also on failure. */
static rs_status add_job(writing *self, rs_job job, rs_error *err)
{
    rs_status status = rs_draft_add_file(self->draft, job.dataset, &job.file, err);
    if (status == RS_OK && !rs_job_vec_push(&self->jobs, job)) {
        status = rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
    }
    if (status != RS_OK) {
        rs_buf_release(&job.own_sql);
    }
    return status;
}

/* Rows that a dataset of evidence has of a part. */
static uint64_t part_rows(const rs_output *output, const rs_part *part)
{
    size_t number = rs_dataset_evidence_number(output->dataset);
    RS_ASSERT(number < RS_N_EVIDENCE);
    return part->batches[number].n_rows;
}

/* The parts of a span into files of so many rows: the last one of before may go on. */
static rs_status add_pieces(writing *self, size_t index, size_t dataset, rs_part_span parts,
                            rs_job *job, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(self->plan, index);
    const rs_evidence *evidence = rs_run_evidence(self->pipeline);
    size_t file = self->draft->datasets.items[dataset].n_files;
    for (size_t part = parts.first; part < parts.end; part++) {
        uint64_t n_rows = part_rows(output, &evidence->parts[part]);
        rs_piece piece = {.part = part, .begins = !job->evidence->goes_on};
        if (piece.begins) {
            RS_TRY(rs_draft_add_file(self->draft, dataset, &file, err));
            job->evidence->n_rows = 0;
        } else {
            file = self->draft->datasets.items[dataset].n_files - 1;
        }
        job->evidence->n_rows += n_rows;
        job->cost += n_rows * rs_output_n_columns(output);
        piece.file = file;
        piece.ends = job->evidence->n_rows >= RS_FILE_ROWS || part + 1 == evidence->n_parts;
        job->evidence->goes_on = !piece.ends;
        if (!rs_piece_vec_push(&self->pieces, piece)) {
            return rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
        }
    }
    return RS_OK;
}

static rs_status add_evidence(writing *self, size_t index, size_t dataset, rs_evidence_file *file,
                              rs_part_span parts, rs_error *err)
{
    rs_job job = {.range = RANGE_NONE,
                  .output = index,
                  .dataset = dataset,
                  .evidence = file,
                  .first_piece = self->pieces.n_items};
    RS_TRY(add_pieces(self, index, dataset, parts, &job, err));
    job.end_piece = self->pieces.n_items;
    return rs_job_vec_push(&self->jobs, job)
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "plan the files: out of memory");
}

/* A file for each range from first_range on. */
static rs_status add_ranges(writing *self, size_t index, size_t dataset, const char *sql,
                            size_t first_range, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(self->plan, index);
    const rs_relationships *relationships = rs_run_relationships(self->pipeline);
    rs_job job = {.output = index, .dataset = dataset, .sql = sql};
    for (size_t i = first_range; i < relationships->n_ranges && sql != NULL; i++) {
        job.range = i;
        job.cost = relationships->ranges[i].n_rows * rs_output_n_columns(output);
        RS_TRY(add_job(self, job, err));
    }
    return RS_OK;
}

/* A file for the run, and an empty one where there is neither that nor one for a range. */
static rs_status add_run(writing *self, size_t index, size_t dataset, const char *rows_sql,
                         const char *run_sql, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(self->plan, index);
    rs_job job = {.output = index, .dataset = dataset, .range = RS_RANGE_RUN, .sql = run_sql};
    if (run_sql == NULL && rows_sql == NULL) {
        RS_TRY(rs_schema_add_empty_sql(output->dataset, self->draft->datasets.items[dataset].group,
                                       &job.own_sql, err));
        job.sql = job.own_sql.bytes;
    }
    return job.sql != NULL ? add_job(self, job, err) : RS_OK;
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

/* --- writing them --- */

/* One worker, and the path of the file that it writes. */
typedef struct job_worker {
    const writing *all;
    size_t number;
    bool *asks;              /* set where the engine was asked for rows */
    rs_output_cost *outputs; /* by output of the plan; NULL: nobody looks */
    rs_buf path;
} job_worker;

/* The worker's session, which sees what the job is about, and tells what rules cost. */
static rs_status session_of(const job_worker *at, const rs_job *job, rs_session **out,
                            rs_error *err)
{
    const rs_pipeline *pipeline = at->all->pipeline;
    RS_ASSERT(job->range != RANGE_NONE);
    RS_TRY(rs_relate_session(pipeline, at->number, job->range,
                             job->range == RS_RANGE_RUN ? RS_RELATED_RUN : RS_RELATED_FILES, out,
                             err));
    rs_session_observe(*out, rs_collector_rules(rs_run_collector(pipeline), at->number),
                       rs_rules_count(rs_run_rules(pipeline)));
    *at->asks = true;
    return RS_OK;
}

static rs_status copy_rows(const job_worker *at, const rs_job *job, const char *label,
                           const char *sql, rs_error *err)
{
    const rs_bundle_dataset *dataset = &at->all->draft->datasets.items[job->dataset];
    const rs_output *output = rs_graph_plan_output(at->all->plan, job->output);
    const char *names[RS_PLAN_MAX_COLUMNS + 1];
    size_t n_names = rs_output_names(output, dataset->group == RS_GROUP_REJECTS, names);
    const rs_engine_file file = {.label = label,
                                 .sql = sql,
                                 .names = names,
                                 .n_names = n_names,
                                 .path = at->path.bytes,
                                 .metadata = output->metadata,
                                 .n_metadata = output->n_metadata,
                                 .tally = dataset->files[job->file].tally};
    rs_parquet_written written;
    rs_session *session = NULL;
    RS_TRY(session_of(at, job, &session, err));
    RS_TRY(at->all->pipeline->engine_type->write(session, &file, &written, err));
    rs_bundle_file_set(&dataset->files[job->file], &written);
    return rs_relate_explain(at->all->pipeline, session, NULL, dataset->dataset->name, sql, err);
}

static rs_status copy_piece(job_worker *at, const rs_job *job, const rs_piece *piece,
                            const char *label, rs_error *err)
{
    const rs_pipeline *pipeline = at->all->pipeline;
    const rs_output *output = rs_graph_plan_output(at->all->plan, job->output);
    const rs_bundle_dataset *dataset = &at->all->draft->datasets.items[job->dataset];
    rs_bundle_file *file = &dataset->files[piece->file];
    rs_parquet_written written;
    if (piece->begins) {
        RS_TRY(rs_draft_file_path(at->all->draft, dataset, file->number, &at->path, err));
        RS_TRY(rs_evidence_file_open(pipeline, job->evidence, output, label, at->path.bytes,
                                     file->tally, err));
    }
    RS_TRY(rs_evidence_file_add(pipeline, job->evidence, output, piece->part, err));
    if (piece->ends) {
        RS_TRY(rs_evidence_file_close(job->evidence, &written, err));
        rs_bundle_file_set(file, &written);
    }
    return RS_OK;
}

/* Evidence goes as it lies: no engine, no plan to speak of. */
static rs_status copy_evidence(job_worker *at, const rs_job *job, const char *label, rs_error *err)
{
    (void)rs_run_thing(at->all->pipeline, RS_THING_answers); /* rows of the same parts */
    for (size_t i = job->first_piece; i < job->end_piece; i++) {
        RS_TRY(copy_piece(at, job, &at->all->pieces.items[i], label, err));
    }
    return RS_OK;
}

static rs_wave wave_of(const rs_job *job)
{
    return job->range == RS_RANGE_RUN ? RS_WAVE_RUN : RS_WAVE_FILE;
}

/* The file of an output of the graph without the rows of some rules, by number. */
static rs_status copy_without(const job_worker *at, const rs_job *job, const char *label,
                              const bool *left_out, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(at->all->plan, job->output);
    rs_bundle_group group = at->all->draft->datasets.items[job->dataset].group;
    rs_buf sql = {0};
    bool is_rejects = group == RS_GROUP_REJECTS;
    rs_status status = RS_OK;
    /* Derivations are of good edges: none is a reject of its own. */
    if (!is_rejects || output->dataset != rs_graph_dataset_get(RS_G_derivations)) {
        status = rs_graph_plan_add_sql(at->all->plan, rs_run_rules(at->all->pipeline), output,
                                       wave_of(job), is_rejects, left_out, &sql, err);
    }
    if (status == RS_OK && sql.n_bytes == 0) {
        status = rs_schema_add_empty_sql(output->dataset, group, &sql, err);
    }
    RS_THEN(status, copy_rows(at, job, label, sql.bytes, err));
    rs_buf_release(&sql);
    return status;
}

/* The engine refuses a rule, it leaves open which: cause is what it said. */
static rs_status find_failed(const job_worker *at, const rs_job *job, const rs_error *cause,
                             bool *left_out, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(at->all->plan, job->output);
    rs_session *session = NULL;
    size_t n_failed = 0;
    RS_TRY(session_of(at, job, &session, err));
    RS_TRY(rs_relate_probe(at->all->pipeline, session, output->dataset, wave_of(job), left_out,
                           &n_failed, err));
    return n_failed > 0 ? RS_OK /* else it is no rule's own fault */
                        : rs_error_set(err, RS_ERR_ENGINE, "%s", cause->message);
}

/* A job, and who does it. */
typedef struct job_at {
    const job_worker *at;
    const rs_job *job;
} job_at;

static rs_status session_of_file(const void *context, rs_session **out, rs_error *err)
{
    const job_at *of = context;
    return session_of(of->at, of->job, out, err);
}

/* Rows of the graph, where two engines make them, but for what is left out; *failed as in graph_file.h. */
static rs_status copy_by_two(const job_worker *at, const rs_job *job, const char *label,
                             const bool *left_out, const rs_plan **failed, rs_error *err)
{
    const rs_output *output = rs_graph_plan_output(at->all->plan, job->output);
    const rs_bundle_dataset *dataset = &at->all->draft->datasets.items[job->dataset];
    const job_at context = {at, job};
    rs_parquet_written written;
    const rs_graph_file file = {
        .pipeline = at->all->pipeline,
        .worker = at->number,
        .range = job->range,
        .output = output,
        .are_rejects = dataset->group == RS_GROUP_REJECTS,
        .left_out = left_out,
        .label = label,
        .path = at->path.bytes,
        .tally = dataset->files[job->file].tally,
        .rules = rs_collector_rules(rs_run_collector(at->all->pipeline), at->number),
        .session = session_of_file,
        .context = &context};
    RS_TRY(rs_graph_file_write(&file, &written, failed, err));
    rs_bundle_file_set(&dataset->files[job->file], &written);
    return RS_OK;
}

/* The same, and once more without each rule that fails. */
static rs_status copy_what_goes(const job_worker *at, const rs_job *job, const char *label,
                                bool *left_out, rs_error *err)
{
    rs_collector *collector = rs_run_collector(at->all->pipeline);
    for (;;) {
        const rs_plan *failed = NULL;
        rs_error cause = {0};
        rs_status status = copy_by_two(at, job, label, left_out, &failed, &cause);
        if (status != RS_ERR_ENGINE) {
            return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", cause.message);
        }
        if (failed != NULL) {
            left_out[failed->number] = true;
            RS_TRY(rs_collector_fail(collector, failed, RS_RANGE_RUN, cause.message, err));
        } else {
            RS_TRY(find_failed(at, job, &cause, left_out, err));
        }
    }
}

/* All of it by one engine, whose statement of all rules is there already. */
static rs_status copy_by_one(const job_worker *at, const rs_job *job, const char *label,
                             size_t n_left_out, bool *left_out, rs_error *err)
{
    rs_error cause = {0};
    rs_status status = n_left_out > 0 ? copy_without(at, job, label, left_out, &cause)
                                      : copy_rows(at, job, label, job->sql, &cause);
    if (status == RS_ERR_ENGINE) {
        RS_TRY(find_failed(at, job, &cause, left_out, err));
        return copy_without(at, job, label, left_out, err);
    }
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", cause.message);
}

/* Rows of the graph: of all rules, but for those that would find too much and those that fail. */
static rs_status copy_graph(const job_worker *at, const rs_job *job, const char *label,
                            rs_error *err)
{
    size_t n_left_out = 0;
    size_t n_rules = rs_rules_count(rs_run_rules(at->all->pipeline));
    bool *left_out = rs_alloc_zero(n_rules + 1, sizeof *left_out);
    if (left_out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label);
    }
    bool by_two = rs_run_beside(at->all->pipeline)->type != NULL;
    rs_status status = rs_taint_find(at->all->pipeline, job->range, left_out, &n_left_out, err);
    RS_THEN(status, by_two ? copy_what_goes(at, job, label, left_out, err)
                           : copy_by_one(at, job, label, n_left_out, left_out, err));
    rs_free(left_out);
    return status;
}

/* A relationship whose rows are held; of one without rules there are none. */
static rs_status add_held(const job_worker *at, const rs_job *job, bool are_rejects,
                          rs_rows_file *file, rs_error *err)
{
    const rs_relationships *made = rs_run_relationships(at->all->pipeline);
    const rs_gated *relation = &rs_relationships_of(made, job->range)[job->output];
    const rs_held *rows = are_rejects ? &relation->rejects : &relation->good;
    return rows->batch.n_rows > 0 ? rs_rows_file_add(file, &rows->batch, &rows->strings,
                                                     are_rejects ? relation->reasons : NULL, err)
                                  : RS_OK;
}

static rs_status copy_held(const job_worker *at, const rs_job *job, const char *label,
                           rs_error *err)
{
    const rs_bundle_dataset *dataset = &at->all->draft->datasets.items[job->dataset];
    const rs_rows_target target = {.output = rs_graph_plan_output(at->all->plan, job->output),
                                   .kinds = rs_rules_kinds(rs_run_rules(at->all->pipeline)),
                                   .are_rejects = dataset->group == RS_GROUP_REJECTS,
                                   .label = label,
                                   .path = at->path.bytes,
                                   .tally = dataset->files[job->file].tally};
    rs_parquet_written written;
    rs_rows_file *file = NULL;
    rs_status status = rs_rows_file_open(&target, &file, err);
    RS_THEN(status, add_held(at, job, target.are_rejects, file, err));
    RS_THEN(status, rs_rows_file_close(file, &written, err));
    rs_rows_file_free(file);
    if (status == RS_OK) {
        rs_bundle_file_set(&dataset->files[job->file], &written);
    }
    return status;
}

static rs_status copy_job(job_worker *at, const rs_job *job, const char *label, rs_error *err)
{
    switch (rs_graph_plan_output(at->all->plan, job->output)->family) {
    case RS_OUTPUT_EVIDENCE:
        return copy_evidence(at, job, label, err);
    case RS_OUTPUT_GRAPH:
        return copy_graph(at, job, label, err);
    case RS_OUTPUT_RELATIONSHIP:
        if (rs_beside_holds(rs_run_beside(at->all->pipeline), job->output)) {
            return copy_held(at, job, label, err);
        }
        break;
    }
    return copy_rows(at, job, label, job->sql, err);
}

static rs_status run_job(job_worker *at, rs_job *job, rs_error *err)
{
    const rs_bundle_dataset *dataset = &at->all->draft->datasets.items[job->dataset];
    char label[128];
    snprintf(label, sizeof label, "write %s/%s", rs_bundle_group_name(dataset->group),
             dataset->dataset->name);
    job->started_ns = rs_clock_ns();
    if (job->range != RANGE_NONE) {
        RS_TRY(rs_draft_file_path(at->all->draft, dataset, dataset->files[job->file].number,
                                  &at->path, err));
    }
    RS_TRY(copy_job(at, job, label, err));
    job->ended_ns = rs_clock_ns();
    if (at->outputs != NULL) {
        rs_output_cost *cost = &at->outputs[job->output];
        rs_output_cost_add(cost, &cost->write_ns, job->started_ns, job->ended_ns);
    }
    return RS_OK;
}

static rs_status work(void *context, size_t worker, const atomic_bool *stop, rs_error *err)
{
    writing *all = context;
    rs_pipeline *pipeline = all->pipeline;
    rs_collector *collector = rs_run_collector(pipeline);
    bool asks = false;
    job_worker at = {.all = all,
                     .number = worker,
                     .asks = &asks,
                     .outputs = rs_collector_outputs(collector, worker)};
    rs_status status = RS_OK;
    while (status == RS_OK && !atomic_load(stop)) {
        size_t index = atomic_fetch_add(&all->next, 1);
        if (index >= all->jobs.n_items) {
            break;
        }
        rs_job *job = &all->jobs.items[index];
        status = rs_pipeline_check(pipeline, err);
        RS_THEN(status, run_job(&at, job, err));
        if (status == RS_OK) {
            atomic_fetch_add(&pipeline->counters.n_jobs_done, 1);
        }
    }
    if (asks) {
        rs_session_observe(rs_run_session(pipeline, worker), NULL, 0);
    }
    rs_buf_release(&at.path);
    return status;
}

static void tick(void *context)
{
    rs_pipeline_tick(((writing *)context)->pipeline);
}

/* A range without rejects needs no file, as long as one shows the schema. */
static rs_status drop_empty_rejects(const rs_draft *draft, rs_error *err)
{
    rs_buf path = {0};
    rs_status status = RS_OK;
    for (size_t i = 0; i < draft->datasets.n_items && status == RS_OK; i++) {
        rs_bundle_dataset *dataset = &draft->datasets.items[i];
        size_t n_kept = dataset->n_files > 0;
        for (size_t f = 1; dataset->group == RS_GROUP_REJECTS && f < dataset->n_files; f++) {
            if (dataset->files[f].n_rows > 0) {
                dataset->files[n_kept++] = dataset->files[f];
                continue;
            }
            status = rs_draft_file_path(draft, dataset, dataset->files[f].number, &path, err);
            RS_THEN(status, rs_files_remove_tree(path.bytes, err));
            rs_draft_forget_file(&dataset->files[f]);
        }
        if (dataset->group == RS_GROUP_REJECTS) {
            dataset->n_files = n_kept;
        }
    }
    rs_buf_release(&path);
    return status;
}

static void add_file(rs_node_cost *cost, const rs_bundle_file *file)
{
    cost->n_rows += file->n_rows;
    cost->n_bytes += file->n_bytes;
}

static void add_costs(const writing *self)
{
    rs_node_cost *cost = rs_run_cost(self->pipeline);
    for (size_t i = 0; i < self->jobs.n_items; i++) {
        const rs_job *job = &self->jobs.items[i];
        const rs_bundle_dataset *dataset = &self->draft->datasets.items[job->dataset];
        cost->busy_ns += job->ended_ns - job->started_ns;
        if (job->range != RANGE_NONE) {
            add_file(cost, &dataset->files[job->file]);
        }
    }
    for (size_t i = 0; i < self->jobs.n_items; i++) {
        const rs_job *job = &self->jobs.items[i];
        for (size_t p = job->first_piece; p < job->end_piece && job->evidence != NULL; p++) {
            const rs_piece *piece = &self->pieces.items[p];
            if (piece->ends) {
                add_file(cost, &self->draft->datasets.items[job->dataset].files[piece->file]);
            }
        }
    }
}

/* Each worker sets up a session of its own, which costs more than it saves when rows are few. */
static size_t writers(const writing *self)
{
    const rs_evidence *evidence = rs_run_evidence(self->pipeline);
    size_t n_jobs = self->jobs.n_items;
    size_t n_workers = self->pipeline->n_workers < n_jobs ? self->pipeline->n_workers : n_jobs;
    uint64_t n_rows = 0;
    for (size_t i = 0; i < evidence->n_parts; i++) {
        for (int d = 0; d < RS_N_EVIDENCE; d++) {
            n_rows += evidence->parts[i].batches[d].n_rows;
        }
    }
    uint64_t n_useful = 1 + n_rows / RS_WRITER_ROWS;
    return n_useful < n_workers ? (size_t)n_useful : n_workers;
}

static rs_status do_jobs(writing *self, rs_error *err)
{
    if (self->jobs.n_items == 0) {
        return RS_OK;
    }
    qsort(self->jobs.items, self->jobs.n_items, sizeof *self->jobs.items, by_cost);
    rs_run_count_jobs(self->pipeline, self->jobs.n_items);
    RS_TRY(rs_workers_run(writers(self), work, tick, self, err));
    RS_TRY(rs_pipeline_check(self->pipeline, err));
    add_costs(self);
    return RS_OK;
}

/* --- the nodes --- */

static rs_status write_evidence(writing *self, rs_written *written, rs_part_span parts,
                                rs_error *err)
{
    if (written->good == NULL) {
        RS_TRY(add_datasets(self, true, written, err));
    }
    for (size_t i = 0; i < rs_graph_plan_n_outputs(self->plan); i++) {
        if (rs_graph_plan_output(self->plan, i)->family == RS_OUTPUT_EVIDENCE) {
            RS_TRY(add_evidence(self, i, written->good[i], &written->files[i], parts, err));
        }
    }
    return do_jobs(self, err);
}

rs_status rs_write_evidence_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                                rs_error *err)
{
    writing self = begin(pipeline);
    rs_status status = write_evidence(&self, state, parts, err);
    end(&self);
    return status;
}

/* The first of the ranges that hold the parts of a span. */
static size_t first_range(const rs_relationships *relationships, rs_part_span parts)
{
    size_t range = relationships->n_ranges;
    while (range > 0 && relationships->ranges[range - 1].first_part >= parts.first) {
        range--;
    }
    return range;
}

static rs_status write_graph(writing *self, rs_written *written, rs_part_span parts, rs_error *err)
{
    size_t range = first_range(rs_run_relationships(self->pipeline), parts);
    if (written->good == NULL) {
        RS_TRY(add_datasets(self, false, written, err));
    }
    for (size_t i = 0; i < rs_graph_plan_n_outputs(self->plan); i++) {
        const rs_output *output = rs_graph_plan_output(self->plan, i);
        if (output->family == RS_OUTPUT_EVIDENCE) {
            continue;
        }
        RS_TRY(add_ranges(self, i, written->good[i], output->rows_sql, range, err));
        RS_TRY(add_ranges(self, i, written->rejects[i], output->rejects_sql, range, err));
    }
    return do_jobs(self, err);
}

rs_status rs_write_graph_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    writing self = begin(pipeline);
    rs_status status = write_graph(&self, state, parts, err);
    end(&self);
    return status == RS_OK ? rs_keep_for_later(pipeline, parts, err) : status;
}

static rs_status write_all(writing *self, const rs_written *written, rs_error *err)
{
    (void)rs_run_thing(self->pipeline, RS_THING_run_relationships);
    for (size_t i = 0; i < rs_graph_plan_n_outputs(self->plan); i++) {
        const rs_output *output = rs_graph_plan_output(self->plan, i);
        if (output->family == RS_OUTPUT_EVIDENCE) {
            continue;
        }
        RS_TRY(add_run(self, i, written->good[i], output->rows_sql, output->run_sql, err));
        RS_TRY(add_run(self, i, written->rejects[i], output->rejects_sql, output->run_rejects_sql,
                       err));
    }
    RS_TRY(do_jobs(self, err));
    return drop_empty_rejects(self->draft, err);
}

rs_status rs_write_all_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    writing self = begin(pipeline);
    (void)state;
    (void)parts;
    rs_status status = write_all(&self, rs_run_thing(pipeline, RS_THING_graph_files), err);
    end(&self);
    return status;
}
