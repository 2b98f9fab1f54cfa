/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include <string.h>

#include "base/alloc.h"
#include "run/nodes_document.h"

struct rs_run {
    rs_config *config; /* a copy */
    atomic_bool cancelled;
    rs_buf path;
    rs_buf summary;
};

static rs_status copy_texts(const rs_config *from, rs_config *to, rs_error *err)
{
    RS_TRY(rs_config_set_path(to, from->path, err));
    RS_TRY(rs_config_set_output(to, from->output, err));
    if (from->engine != NULL) {
        RS_TRY(rs_config_set_engine(to, from->engine, err));
    }
    if (from->run_name != NULL) {
        RS_TRY(rs_config_set_run_name(to, from->run_name, err));
    }
    if (from->rules_dir != NULL) {
        RS_TRY(rs_config_set_rules(to, from->rules_dir, err));
    }
    if (from->has_policy) {
        RS_TRY(rs_config_set_policy(to, from->policy_file, err));
    }
    if (from->repository_id != NULL) {
        RS_TRY(rs_config_set_repository_id(to, from->repository_id, err));
    }
    if (from->scip != NULL) {
        RS_TRY(rs_config_set_scip(to, from->scip, err));
    }
    to->python = from->python;
    if (from->project_file != NULL) {
        to->project_file = rs_strndup(from->project_file, strlen(from->project_file));
        if (to->project_file == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "configure: out of memory");
        }
    }
    if (from->until != NULL) {
        RS_TRY(rs_config_set_until(to, from->until, err));
    }
    for (size_t i = 0; i < from->only.n_items; i++) {
        RS_TRY(rs_config_add_only(to, from->only.items[i].bytes, err));
    }
    for (size_t i = 0; i < from->include.n_items; i++) {
        RS_TRY(rs_config_add_include(to, from->include.items[i].bytes, err));
    }
    for (size_t i = 0; i < from->exclude.n_items; i++) {
        RS_TRY(rs_config_add_exclude(to, from->exclude.items[i].bytes, err));
    }
    for (size_t i = 0; i < from->params.n_items; i++) {
        const rs_param_source *source = &from->params.items[i];
        RS_TRY(source->is_file ? rs_config_add_param_file(to, source->name, source->text, err)
                               : rs_config_add_param(to, source->name, source->text, err));
    }
    return RS_OK;
}

rs_status rs_config_copy(const rs_config *from, rs_config **out, rs_error *err)
{
    RS_TRY(rs_config_new(out, err));
    rs_config *to = *out;
    to->n_threads = from->n_threads;
    to->n_memory_bytes = from->n_memory_bytes;
    to->max_file_bytes = from->max_file_bytes;
    to->gitignore = from->gitignore;
    to->default_excludes = from->default_excludes;
    to->shuffle_seed = from->shuffle_seed;
    to->explain = from->explain;
    to->events_off = from->events_off;
    to->progress = from->progress;
    to->progress_context = from->progress_context;
    to->bands = json_incref(from->bands);
    return copy_texts(from, to, err);
}

rs_status rs_run_new(const rs_config *config, rs_run **out, rs_error *err)
{
    *out = NULL;
    rs_run *run = rs_alloc_zero(1, sizeof *run);
    if (run == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "start a run: out of memory");
    }
    rs_status status = rs_config_copy(config, &run->config, err);
    if (status != RS_OK) {
        rs_run_free(run);
        return status;
    }
    *out = run;
    return RS_OK;
}

void rs_run_free(rs_run *run)
{
    if (run == NULL) {
        return;
    }
    rs_config_free(run->config);
    rs_buf_release(&run->path);
    rs_buf_release(&run->summary);
    rs_free(run);
}

static void hand_on_progress(const rs_pipeline_progress *progress, void *context)
{
    const rs_config *config = context;
    const rs_progress told = {
        .stage = progress->stage,
        .n_files_done = progress->n_files_done,
        .n_files = progress->n_files,
        .n_bytes_done = progress->n_bytes_done,
        .n_bytes = progress->n_bytes,
        .n_jobs_done = progress->n_jobs_done,
        .n_jobs = progress->n_jobs,
    };
    config->progress(&told, config->progress_context);
}

/* Without whom to tell about progress. */
static rs_run_options options_of(const rs_config *config)
{
    return (rs_run_options){
        .path = config->path,
        .output = config->output,
        .engine = config->engine,
        .run_name = config->run_name,
        .rules_dir = config->rules_dir,
        .policy_file = config->policy_file,
        .policy_is_implicit = !config->has_policy,
        .repository_id = config->repository_id,
        .scip_path = config->scip,
        .python = config->python,
        .project_file = config->project_file,
        .params = config->params.items,
        .n_params = config->params.n_items,
        .include = config->include.items,
        .n_include = config->include.n_items,
        .exclude = config->exclude.items,
        .n_exclude = config->exclude.n_items,
        .n_threads = config->n_threads,
        .n_memory_bytes = config->n_memory_bytes,
        .max_file_bytes = config->max_file_bytes,
        .gitignore = config->gitignore,
        .default_excludes = config->default_excludes,
        .shuffle_seed = config->shuffle_seed,
        .explain = config->explain,
        .events_off = config->events_off,
        .choice = {.only = config->only.items,
                   .n_only = config->only.n_items,
                   .until = config->until},
        .relspec_version = RS_VERSION_TEXT,
    };
}

rs_status rs_config_build(rs_config *config, const atomic_bool *cancelled, rs_buf *summary,
                          rs_buf *path, rs_error *err)
{
    rs_run_options options = options_of(config);
    options.progress = config->progress == NULL ? NULL : hand_on_progress;
    options.progress_context = config;
    return rs_pipeline_run(&options, cancelled, summary, path, err);
}

rs_status rs_run_execute(rs_run *run, rs_error *err)
{
    return rs_config_build(run->config, &run->cancelled, &run->summary, &run->path, err);
}

void rs_run_cancel(rs_run *run)
{
    atomic_store(&run->cancelled, true);
}

const char *rs_run_bundle_path(const rs_run *run)
{
    return rs_buf_text(&run->path);
}

const char *rs_run_summary(const rs_run *run)
{
    return rs_buf_text(&run->summary);
}

/* --- what a run would do --- */

rs_status rs_config_pipeline(const rs_config *config, char **out, rs_error *err)
{
    const rs_run_options options = options_of(config);
    const rs_node_table *table = rs_pipeline_nodes();
    const atomic_bool cancelled = false;
    rs_pipeline pipeline = {0};
    rs_buf text = {0};
    bool failed = false;
    json_t *document = json_object();
    *out = NULL;
    rs_status status = rs_pipeline_open(&pipeline, &options, &cancelled, table, err);
    if (status == RS_OK) {
        rs_json_set(document, "nodes", rs_nodes_document(table, &pipeline, &failed), &failed);
        rs_json_set(document, "things", rs_things_document(table, &failed), &failed);
        status = failed ? rs_error_set(err, RS_ERR_NOMEM, "describe the pipeline: out of memory")
                        : rs_json_print(document, &text, err);
    }
    rs_pipeline_close(&pipeline);
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    *out = text.bytes; /* the buffer's block becomes the caller's */
    return RS_OK;
}
