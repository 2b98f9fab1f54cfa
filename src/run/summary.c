/* SPDX-License-Identifier: Apache-2.0 */
#include "run/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>

#include "bundle/files.h"
#include "run/coverage.h"
#include "run/draft.h"
#include "run/extract.h"
#include "run/index.h"
#include "run/origin.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/publish.h"
#include "run/sessions.h"
#include "run/walk.h"
#include "run/warnings.h"
#include "run/workers.h"

enum { FIRST_FINDINGS = 10 };

static uint64_t peak_memory_bytes(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || usage.ru_maxrss < 0) {
        return 0;
    }
#if defined(__APPLE__)
    return (uint64_t)usage.ru_maxrss;
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}

/* --- environment.json --- */

static json_t *stages_document(const rs_pipeline *pipeline, bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < pipeline->table->n_nodes; i++) {
        const rs_node_cost *cost = &pipeline->nodes[i].cost;
        uint64_t busy_ns = cost->busy_ns != 0 ? cost->busy_ns : cost->elapsed_ns;
        if (!pipeline->nodes[i].is_selected) {
            continue;
        }
        json_t *row = json_object();
        rs_json_set(row, "name", rs_json_text(pipeline->table->nodes[i].name), failed);
        rs_json_set(row, "rows", rs_json_u64(cost->n_rows), failed);
        rs_json_set(row, "bytes", rs_json_u64(cost->n_bytes), failed);
        rs_json_set(row, "elapsed_ns", rs_json_u64(cost->elapsed_ns), failed);
        rs_json_set(row, "busy_ns", rs_json_u64(busy_ns), failed);
        rs_json_push(rows, row, failed);
    }
    return rows;
}

/* One that nothing was asked of was never loaded: it has no version, and no settings. */
static json_t *engine_document(const rs_pipeline *pipeline, bool *failed)
{
    size_t n_settings = 0;
    rs_engine *opened = rs_run_engine(pipeline);
    const rs_text_pair *settings = rs_engine_settings(opened, &n_settings);
    const char *version = rs_engine_is_open(opened) ? pipeline->engine_type->version() : NULL;
    json_t *engine = json_object();
    json_t *rows = json_object();
    for (size_t i = 0; i < n_settings; i++) {
        rs_json_set(rows, settings[i].name, rs_json_text(settings[i].value), failed);
    }
    rs_json_set(engine, "name", rs_json_text(pipeline->engine_type->name), failed);
    rs_json_set(engine, "version", rs_json_text(version), failed);
    rs_json_set(engine, "settings", rows, failed);
    return engine;
}

static json_t *time_document(int64_t unix_seconds)
{
    char text[32];
    time_t seconds = (time_t)unix_seconds;
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        return json_null();
    }
    return rs_json_text(text);
}

/* Of what was analysed, by its full name: a question about the bundle may be asked from anywhere. */
static json_t *directory_document(const char *path)
{
    rs_buf found = {0};
    json_t *out = rs_files_resolve(path, &found, NULL) == RS_OK ? rs_json_str(rs_buf_str(&found))
                                                                : json_null();
    rs_buf_release(&found);
    return out;
}

json_t *rs_environment_document(const rs_pipeline *pipeline, bool *failed)
{
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    struct utsname host;
    bool has_host = uname(&host) >= 0;
    json_t *row = json_object();
    rs_json_set(row, "relspec_version", rs_json_text(options->relspec_version), failed);
    rs_json_set(row, "engine", engine_document(pipeline, failed), failed);
    rs_json_set(row, "system", rs_json_text(has_host ? host.sysname : NULL), failed);
    rs_json_set(row, "release", rs_json_text(has_host ? host.release : NULL), failed);
    rs_json_set(row, "machine", rs_json_text(has_host ? host.machine : NULL), failed);
    rs_json_set(row, "processors", rs_json_u64(rs_processors()), failed);
    rs_json_set(row, "threads", rs_json_u64(pipeline->n_workers), failed);
    rs_json_set(row, "path", rs_json_text(options->path), failed);
    rs_json_set(row, "directory", directory_document(options->path), failed);
    rs_json_set(row, "git", rs_run_origin(pipeline, failed), failed);
    rs_json_set(row, "scip", rs_json_text(options->scip_path), failed);
    rs_json_set(row, "rules_directory", rs_json_text(options->rules_dir), failed);
    rs_json_set(row, "policy_file", rs_json_text(options->policy_file), failed);
    rs_json_set(row, "project_file", rs_json_text(options->project_file), failed);
    rs_json_set(row, "deprecations", rs_run_deprecations(options, failed), failed);
    rs_json_set(row, "memory_limit_bytes", rs_json_u64(pipeline->n_memory_bytes), failed);
    rs_json_set(row, "started_at", time_document(pipeline->started_unix_ns / 1000000000), failed);
    rs_json_set(row, "ended_at", time_document((int64_t)time(NULL)), failed);
    rs_json_set(row, "elapsed_ns", rs_json_u64(rs_clock_ns() - pipeline->started_ns), failed);
    rs_json_set(row, "peak_memory_bytes", rs_json_u64(peak_memory_bytes()), failed);
    rs_json_set(row, "stages", stages_document(pipeline, failed), failed);
    rs_json_set(row, "events", json_boolean(!options->events_off), failed);
    rs_json_set(row, "explain", json_boolean(options->explain), failed);
    rs_json_set(row, "files",
                rs_manifest_timed_files(rs_run_draft(pipeline)->datasets.items,
                                        rs_run_draft(pipeline)->datasets.n_items, failed),
                failed);
    return row;
}

/* --- the summary --- */

static json_t *finding_document(rs_str path, rs_diagnostic_code code, rs_str message, bool *failed)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(code);
    const rs_words *severities = rs_words_find("severity");
    json_t *row = json_object();
    rs_json_set(row, "path", rs_json_str(path), failed);
    rs_json_set(row, "code", rs_json_text(info->code), failed);
    rs_json_set(row, "severity", rs_json_text(severities->words[info->severity]), failed);
    rs_json_set(row, "message", rs_json_str(message), failed);
    return row;
}

static void add_errors_of(const rs_part *part, json_t *first, bool *failed)
{
    const rs_batch *errors = &part->batches[RS_DS_parse_errors];
    for (size_t i = 0; i < errors->n_rows && json_array_size(first) < FIRST_FINDINGS; i++) {
        int64_t id = errors->columns[RS_C_parse_errors_error_id].values.i64[i];
        rs_diagnostic_code code =
            (rs_diagnostic_code)errors->columns[RS_C_parse_errors_code].values.u8[i];
        json_t *row =
            finding_document(rs_part_path(part, id >> RS_ID_ENTITY_BITS), code,
                             rs_part_text(part, errors, RS_C_parse_errors_message, i), failed);
        const rs_batch_column *columns = errors->columns;
        rs_json_set(row, "line", json_integer(columns[RS_C_parse_errors_start_line].values.i32[i]),
                    failed);
        rs_json_set(row, "column",
                    json_integer(columns[RS_C_parse_errors_start_column].values.i32[i]), failed);
        rs_json_push(first, row, failed);
    }
}

static json_t *errors_document(const rs_pipeline *pipeline, bool *failed)
{
    uint64_t n_errors = 0;
    uint64_t n_files = 0;
    json_t *row = json_object();
    json_t *first = json_array();
    for (size_t i = 0; i < rs_run_evidence(pipeline)->n_parts; i++) {
        const rs_part *part = &rs_run_evidence(pipeline)->parts[i];
        const rs_batch *files = &part->batches[RS_DS_repo_files];
        n_errors += part->batches[RS_DS_parse_errors].n_rows;
        for (size_t f = 0; f < files->n_rows; f++) {
            n_files += files->columns[RS_C_repo_files_n_errors].values.i32[f] > 0;
        }
        add_errors_of(part, first, failed);
    }
    rs_json_set(row, "count", rs_json_u64(n_errors), failed);
    rs_json_set(row, "files", rs_json_u64(n_files), failed);
    rs_json_set(row, "first", first, failed);
    return row;
}

/* What is said for information alone is not in it: what is left out, by `left_out`. */
static json_t *diagnostics_document(const rs_pipeline *pipeline, bool *failed)
{
    const rs_repo_findings *findings = rs_run_findings(pipeline);
    uint64_t n_findings = 0;
    json_t *row = json_object();
    json_t *first = json_array();
    for (size_t i = 0; i < findings->n_items; i++) {
        const rs_repo_finding *finding = &findings->items[i];
        if (finding->code >= RS_D_left_out_builtin && finding->code <= RS_D_left_out_gitignore) {
            continue;
        }
        if (n_findings++ < FIRST_FINDINGS) {
            rs_json_push(
                first,
                finding_document(finding->display_path, finding->code, finding->message, failed),
                failed);
        }
    }
    rs_json_set(row, "count", rs_json_u64(n_findings), failed);
    rs_json_set(row, "first", first, failed);
    return row;
}

/* What is left out on purpose, by reason. */
static json_t *left_out_document(const rs_repo *repo, bool *failed)
{
    json_t *row = json_object();
    for (int why = 0; why < RS_N_LEFT_OUT; why++) {
        rs_json_set(row, rs_left_out_name((rs_left_out)why), rs_json_u64(repo->n_left_out[why]),
                    failed);
    }
    return row;
}

/* How far names, or calls, are understood: how many of each status that there is. */
static json_t *statuses_document(const rs_pipeline *pipeline, rs_dataset_id dataset, size_t column,
                                 bool *failed)
{
    const rs_words *words = rs_words_find("reference_status");
    uint64_t n_rows[UINT8_MAX + 1] = {0};
    json_t *row = json_object();
    for (size_t i = 0; i < rs_run_evidence(pipeline)->n_parts; i++) {
        const rs_batch *rows = &rs_run_evidence(pipeline)->parts[i].batches[dataset];
        for (size_t r = 0; r < rows->n_rows; r++) {
            n_rows[rows->columns[column].values.u8[r]]++;
        }
    }
    for (size_t i = 0; i < words->n_words; i++) {
        if (n_rows[i] > 0) {
            rs_json_set(row, words->words[i], rs_json_u64(n_rows[i]), failed);
        }
    }
    return row;
}

/* null without an index; `problem` says why one is not used. */
static json_t *scip_document(const rs_pipeline *pipeline, bool *failed)
{
    static const rs_dataset_id datasets[] = {RS_DS_scip_documents, RS_DS_scip_occurrences,
                                             RS_DS_scip_symbols, RS_DS_scip_span_errors};
    static const char *const names[] = {"documents", "occurrences", "symbols", "errors"};
    const rs_scip_index *index = rs_run_index(pipeline);
    if (index == NULL) {
        return json_null();
    }
    json_t *row = json_object();
    for (size_t d = 0; d < sizeof datasets / sizeof datasets[0]; d++) {
        uint64_t n_rows = 0;
        for (size_t i = 0; i < rs_run_evidence(pipeline)->n_parts; i++) {
            n_rows += rs_run_evidence(pipeline)->parts[i].batches[datasets[d]].n_rows;
        }
        rs_json_set(row, names[d], rs_json_u64(n_rows), failed);
    }
    rs_coverage covered = {0};
    rs_coverage_of(pipeline, &covered, failed);
    rs_json_set(row, "files_covered", rs_json_u64(covered.n_files_covered), failed);
    rs_json_set(row, "calls", rs_json_u64(covered.n_calls), failed);
    rs_json_set(row, "calls_covered", rs_json_u64(covered.n_calls_covered), failed);
    rs_json_set(row, "size_bytes", rs_json_u64(index->n_bytes), failed);
    rs_json_set(row, "problem", rs_json_text(index->is_usable ? NULL : index->message), failed);
    return row;
}

/* Rules that gave no rows for want of evidence, and those that failed. */
static json_t *rules_document(const rs_pipeline *pipeline, bool *failed)
{
    json_t *row = json_object();
    json_t *failures = json_array();
    json_t *spoiled = json_array();
    uint64_t n_skipped = 0;
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        const char *why = rs_collector_failed(rs_run_collector(pipeline), rule);
        const rs_dataset *missing = rs_collector_left_out(rs_run_collector(pipeline), rule);
        n_skipped += rule->absent != NULL;
        if (missing != NULL) {
            json_t *one = json_object();
            rs_json_set(one, "rule", rs_json_text(rule->name), failed);
            rs_json_set(one, "missing_rows", rs_json_text(missing->name), failed);
            rs_json_push(spoiled, one, failed);
        }
        if (why != NULL) {
            json_t *failure = json_object();
            rs_json_set(failure, "rule", rs_json_text(rule->name), failed);
            rs_json_set(failure, "message", rs_json_text(why), failed);
            rs_json_push(failures, failure, failed);
        }
    }
    rs_json_set(row, "count", rs_json_u64(rs_rules_count(rs_run_rules(pipeline))), failed);
    rs_json_set(row, "skipped", rs_json_u64(n_skipped), failed);
    rs_json_set(row, "failed", failures, failed);
    rs_json_set(row, "fallbacks_dataset",
                rs_json_text(rs_record_dataset_get(RS_R_engine_fallbacks)->name), failed);
    rs_json_set(row, "spoiled", spoiled, failed);
    rs_json_set(row, "fallbacks",
                rs_json_u64(rs_records_n_rows(rs_collector_fallbacks(rs_run_collector(pipeline)))),
                failed);
    return row;
}

/* null where no pack declares a table. */
static json_t *params_document(const rs_pipeline *pipeline, bool *failed)
{
    if (rs_run_params(pipeline)->n_items == 0) {
        return json_null();
    }
    json_t *row = json_object();
    json_t *values = json_object();
    for (size_t i = 0; i < rs_run_params(pipeline)->n_items; i++) {
        const rs_param_values *param = &rs_run_params(pipeline)->items[i];
        rs_json_set(values, param->param->name,
                    param->is_given ? rs_json_u64(param->n_values) : json_null(), failed);
    }
    rs_json_set(row, "values", values, failed);
    rs_json_set(row, "diagnostics", rs_params_diagnostics(pipeline, failed), failed);
    return row;
}

static json_t *kinds_document(const json_t *manifest, const char *entity, bool *failed)
{
    json_t *counts = json_object_get(json_object_get(manifest, "counts"), entity);
    json_t *row = json_object();
    json_int_t total = 0;
    const char *kind;
    json_t *count;
    json_object_foreach(counts, kind, count)
    {
        total += json_integer_value(count);
    }
    rs_json_set(row, "total", json_integer(total), failed);
    rs_json_set(row, "kinds", json_incref(counts), failed);
    return row;
}

static uint64_t lines_of(const rs_pipeline *pipeline)
{
    uint64_t n_lines = 0;
    for (size_t i = 0; i < rs_run_evidence(pipeline)->n_parts; i++) {
        const rs_batch *files = &rs_run_evidence(pipeline)->parts[i].batches[RS_DS_repo_files];
        for (size_t f = 0; f < files->n_rows; f++) {
            n_lines += (uint64_t)files->columns[RS_C_repo_files_n_lines].values.i32[f];
        }
    }
    return n_lines;
}

static void add_sizes(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    uint64_t n_rows = 0;
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < rs_run_draft(pipeline)->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &rs_run_draft(pipeline)->datasets.items[i];
        n_bytes += rs_bundle_dataset_bytes(dataset);
        if (dataset->group == RS_GROUP_CPG && strcmp(dataset->dataset->name, "props") == 0) {
            n_rows = rs_bundle_dataset_rows(dataset);
        }
    }
    rs_json_set(row, "props", rs_json_u64(n_rows), failed);
    rs_json_set(row, "parquet_bytes", rs_json_u64(n_bytes), failed);
}

/* The members of a run that read sources. */
static void add_sources(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    const rs_repo *repo = rs_run_files(pipeline);
    rs_json_set(row, "files", rs_json_u64(repo->files.n_items), failed);
    rs_json_set(row, "bytes", rs_json_u64(repo->n_bytes), failed);
    rs_json_set(row, "left_out", left_out_document(repo, failed), failed);
    rs_json_set(row, "diagnostics", diagnostics_document(pipeline, failed), failed);
}

static void add_evidence(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    rs_json_set(row, "lines", rs_json_u64(lines_of(pipeline)), failed);
    rs_json_set(row, "parse_errors", errors_document(pipeline, failed), failed);
    rs_json_set(row, "names",
                statuses_document(pipeline, RS_DS_reference_statuses,
                                  RS_C_reference_statuses_status, failed),
                failed);
    rs_json_set(row, "calls",
                statuses_document(pipeline, RS_DS_call_statuses, RS_C_call_statuses_status, failed),
                failed);
    rs_json_set(row, "scip", scip_document(pipeline, failed), failed);
}

static void add_bundle(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    const rs_bundle_writer *writer = rs_run_draft(pipeline)->writer;
    const json_t *manifest = rs_run_publication(pipeline)->manifest;
    rs_json_set(row, "bundle", rs_json_text(rs_bundle_writer_path(writer)), failed);
    rs_json_set(row, "content_hash", rs_json_text(rs_bundle_writer_content_hash(writer)), failed);
    rs_json_set(row, "nodes", kinds_document(manifest, "nodes", failed), failed);
    rs_json_set(row, "edges", kinds_document(manifest, "edges", failed), failed);
    rs_json_set(row, "rejects", json_incref(json_object_get(manifest, "rejects")), failed);
    add_sizes(pipeline, row, failed);
}

static void add_rules(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    rs_json_set(row, "rules", rules_document(pipeline, failed), failed);
}

static void add_params(const rs_pipeline *pipeline, json_t *row, bool *failed)
{
    rs_json_set(row, "params", params_document(pipeline, failed), failed);
}

rs_status rs_pipeline_summarise(const rs_pipeline *pipeline, rs_buf *summary, rs_error *err)
{
    static const struct {
        rs_thing thing;
        void (*add)(const rs_pipeline *pipeline, json_t *row, bool *failed);
    } members[] = {
        {RS_THING_bundle, add_bundle},       {RS_THING_files, add_sources},
        {RS_THING_evidence, add_evidence},   {RS_THING_observations, add_rules},
        {RS_THING_param_values, add_params},
    };
    bool failed = false;
    json_t *row = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (rs_run_has(pipeline, members[i].thing)) {
            members[i].add(pipeline, row, &failed);
        }
    }
    rs_json_set(row, "project_file", rs_json_text(pipeline->options->project_file), &failed);
    rs_json_set(row, "warnings", rs_run_warnings(pipeline, &failed), &failed);
    rs_json_set(row, "deprecations", rs_run_deprecations(pipeline->options, &failed), &failed);
    rs_json_set(row, "stages", stages_document(pipeline, &failed), &failed);
    rs_json_set(row, "elapsed_ns", rs_json_u64(rs_clock_ns() - pipeline->started_ns), &failed);
    rs_json_set(row, "peak_memory_bytes", rs_json_u64(peak_memory_bytes()), &failed);
    rs_json_set(row, "threads", rs_json_u64(pipeline->n_workers), &failed);
    rs_status status = failed ? rs_error_set(err, RS_ERR_NOMEM, "summarise the run: out of memory")
                              : rs_json_print(row, summary, err);
    json_decref(row);
    return status;
}
