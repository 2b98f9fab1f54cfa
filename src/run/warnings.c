/* SPDX-License-Identifier: Apache-2.0 */
#include "run/warnings.h"

#include "rules/lane.h"
#include "run/clash.h"
#include "run/extract.h"
#include "run/index.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/publish.h"
#include "run/sessions.h"
#include "run/walk.h"

/* Of one code: how often, and where first. */
typedef struct warned {
    uint64_t count;
    rs_str path;
    rs_str message;
} warned;

typedef struct warnings {
    const rs_pipeline *pipeline;
    warned codes[RS_N_DIAGNOSTICS];
} warnings;

/* What the call itself got wrong, or what costs rows that it asked for: told also with --quiet. */
static const rs_diagnostic_code always[] = {
    RS_D_scip_index_unreadable,
    RS_D_scip_index_broken,
    RS_D_scip_fits_nothing,
    RS_D_include_unmatched,
    RS_D_rule_failed,
    RS_D_rule_skipped,
    RS_D_id_clash,
};

static void warn(warnings *all, rs_diagnostic_code code, uint64_t count, rs_str path,
                 rs_str message)
{
    warned *row = &all->codes[code];
    if (row->count == 0) {
        row->path = path;
        row->message = message;
    }
    row->count += count;
}

/* --- who warns --- */

static void add_findings(warnings *all)
{
    const rs_repo_findings *findings = rs_run_findings(all->pipeline);
    for (size_t i = 0; i < findings->n_items; i++) {
        const rs_repo_finding *finding = &findings->items[i];
        warn(all, finding->code, 1, finding->display_path, finding->message);
    }
}

static void add_scip_errors(warnings *all, const rs_part *part)
{
    const rs_batch *rows = &part->batches[RS_DS_scip_span_errors];
    for (size_t i = 0; i < rows->n_rows; i++) {
        rs_diagnostic_code code =
            (rs_diagnostic_code)rows->columns[RS_C_scip_span_errors_code].values.u8[i];
        rs_str path = rs_part_text(part, rows, RS_C_scip_span_errors_path, i);
        warn(all, code, 1, path.bytes != NULL ? path : rs_str_of(all->pipeline->options->scip_path),
             rs_part_text(part, rows, RS_C_scip_span_errors_message, i));
    }
}

static void add_evidence(warnings *all)
{
    const rs_evidence *evidence = rs_run_evidence(all->pipeline);
    for (size_t p = 0; p < evidence->n_parts; p++) {
        const rs_part *part = &evidence->parts[p];
        const rs_batch *errors = &part->batches[RS_DS_parse_errors];
        for (size_t i = 0; i < errors->n_rows; i++) {
            rs_diagnostic_code code =
                (rs_diagnostic_code)errors->columns[RS_C_parse_errors_code].values.u8[i];
            int64_t id = errors->columns[RS_C_parse_errors_error_id].values.i64[i];
            bool is_first = all->codes[code].count == 0; /* looking for a path takes its time */
            warn(all, code, 1, is_first ? rs_part_path(part, id >> RS_ID_ENTITY_BITS) : (rs_str){0},
                 rs_part_text(part, errors, RS_C_parse_errors_message, i));
        }
        add_scip_errors(all, part);
    }
}

static void add_files(warnings *all)
{
    if (rs_run_files(all->pipeline)->files.n_items == 0) {
        warn(all, RS_D_no_sources, 1, rs_str_of(all->pipeline->options->path), (rs_str){0});
    }
}

static void add_index(warnings *all)
{
    const rs_scip_index *index = rs_run_index(all->pipeline);
    if (index == NULL || !index->is_usable) {
        return; /* none, or a diagnostic of its own */
    }
    bool fits = false;
    for (size_t i = 0; i < index->documents.n_items && !fits; i++) {
        fits = index->documents.items[i].has_file;
    }
    if (!fits) {
        warn(all, RS_D_scip_fits_nothing, 1, rs_str_of(all->pipeline->options->scip_path),
             (rs_str){0});
    }
}

static void add_rules(warnings *all)
{
    const rs_rules *rules = rs_run_rules(all->pipeline);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        const char *why = rs_collector_failed(rs_run_collector(all->pipeline), rule);
        if (why != NULL) {
            warn(all, RS_D_rule_failed, 1, rs_str_of(rule->name), rs_str_of(why));
        }
        if (rs_collector_left_out(rs_run_collector(all->pipeline), rule) != NULL) {
            warn(all, RS_D_rule_skipped, 1, rs_str_of(rule->name), (rs_str){0});
        }
    }
}

/* What the router found no allowed lane for, and what the engine refused in one. */
static void add_lanes(warnings *all)
{
    const rs_rules *rules = rs_run_rules(all->pipeline);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        rs_lane_choice lanes[RS_RULE_MAX_KERNELS];
        size_t n_lanes =
            rule->absent != NULL ? 0 : rs_rule_lanes(rule, all->pipeline->policy, lanes);
        for (size_t l = 0; l < n_lanes; l++) {
            if (lanes[l].is_violation) {
                warn(all, RS_D_lane_forbidden, 1, rs_str_of(rule->name),
                     rs_str_of(lanes[l].reason));
            }
        }
    }
    uint64_t n_fallbacks = rs_collector_n_violations(rs_run_collector(all->pipeline));
    if (n_fallbacks > 0) {
        warn(all, RS_D_lane_forbidden, n_fallbacks, (rs_str){0}, (rs_str){0});
    }
}

static bool is_read(const rs_rules *rules, const rs_param_table *param)
{
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        for (const rs_param_use *use = rs_rules_get(rules, i)->param_uses; use != NULL;
             use = use->next) {
            if (use->param == param) {
                return true;
            }
        }
    }
    return false;
}

static void add_params(warnings *all)
{
    const rs_params *params = rs_run_params(all->pipeline);
    for (size_t i = 0; i < params->n_items; i++) {
        const rs_param_values *values = &params->items[i];
        if (!values->is_given && is_read(rs_run_rules(all->pipeline), values->param)) {
            warn(all, RS_D_param_missing, 1, rs_str_of(values->param->name), (rs_str){0});
        }
    }
}

static void add_rejects(warnings *all)
{
    json_t *rejects = json_object_get(rs_run_publication(all->pipeline)->manifest, "rejects");
    const char *dataset;
    json_t *count;
    json_object_foreach(rejects, dataset, count)
    {
        if (json_integer_value(count) > 0) {
            warn(all, RS_D_rows_rejected, (uint64_t)json_integer_value(count), rs_str_of(dataset),
                 (rs_str){0});
        }
    }
}

static void add_clashes(warnings *all)
{
    const rs_clashes *clashes = rs_run_clashes(all->pipeline);
    if (clashes->n_texts > 0) {
        warn(all, RS_D_id_clash, clashes->n_texts, (rs_str){0}, rs_buf_str(&clashes->first));
    }
}

static void add_deprecations(warnings *all)
{
    if (all->pipeline->options->policy_is_implicit) {
        warn(all, RS_D_policy_implicit, 1, (rs_str){0}, (rs_str){0});
    }
}

static const struct {
    rs_thing thing; /* has to be made */
    void (*add)(warnings *all);
} sources[] = {
    {RS_THING_files, add_files},          {RS_THING_scip_index, add_index},
    {RS_THING_diagnostics, add_findings}, {RS_THING_evidence, add_evidence},
    {RS_THING_observations, add_lanes},   {RS_THING_observations, add_rules},
    {RS_THING_param_values, add_params},  {RS_THING_ids, add_clashes},
    {RS_THING_bundle, add_rejects},       {RS_THING_options, add_deprecations},
};

/* --- the list --- */

static bool is_always(rs_diagnostic_code code)
{
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (always[i] == code) {
            return true;
        }
    }
    return false;
}

static json_t *document_of(rs_diagnostic_code code, const warned *of, bool *failed)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(code);
    const rs_words *severities = rs_words_find("severity");
    json_t *row = json_object();
    rs_json_set(row, "code", rs_json_text(info->code), failed);
    rs_json_set(row, "severity", rs_json_text(severities->words[info->severity]), failed);
    rs_json_set(row, "count", rs_json_u64(of->count), failed);
    rs_json_set(row, "path", of->path.bytes != NULL ? rs_json_str(of->path) : json_null(), failed);
    rs_json_set(row, "message",
                of->message.n_bytes > 0 ? rs_json_str(of->message) : rs_json_text(info->title),
                failed);
    rs_json_set(row, "remedy", rs_json_text(info->remedy), failed);
    rs_json_set(row, "always", json_boolean(is_always(code)), failed);
    return row;
}

json_t *rs_run_warnings(const rs_pipeline *pipeline, bool *failed)
{
    warnings all = {.pipeline = pipeline};
    json_t *rows = json_array();
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        bool is_given = pipeline->table->things[sources[i].thing].origin == RS_THING_OUTSIDE;
        if (is_given || rs_run_has(pipeline, sources[i].thing)) {
            sources[i].add(&all);
        }
    }
    for (int code = 0; code < RS_N_DIAGNOSTICS; code++) {
        if (all.codes[code].count > 0 &&
            rs_diagnostic_get((rs_diagnostic_code)code)->severity != RS_W_severity_INFO) {
            rs_json_push(rows, document_of((rs_diagnostic_code)code, &all.codes[code], failed),
                         failed);
        }
    }
    return rows;
}

/* --- deprecations --- */

static json_t *deprecation_document(rs_diagnostic_code code, bool *failed)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(code);
    json_t *row = json_object();
    rs_json_set(row, "code", rs_json_text(info->code), failed);
    rs_json_set(row, "severity", rs_json_text(rs_words_find("severity")->words[info->severity]),
                failed);
    rs_json_set(row, "message", rs_json_text(info->title), failed);
    rs_json_set(row, "remedy", rs_json_text(info->remedy), failed);
    return row;
}

json_t *rs_run_deprecations(const rs_run_options *options, bool *failed)
{
    json_t *rows = json_array();
    if (options->policy_is_implicit) {
        rs_json_push(rows, deprecation_document(RS_D_policy_implicit, failed), failed);
    }
    return rows;
}
