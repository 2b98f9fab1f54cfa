/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle says of its param tables: what they are, what they were given, who reads them. */
#include <string.h>

#include "rules/rules.h"
#include "run/draft.h"
#include "run/params.h"
#include "run/plan.h"
#include "run/rules_document.h"
#include "schema/fingerprint.h"

/* By rs_param_empty, as a pack says them. */
static const char *const empty_words[] = {"empty_result", "refuse"};

/* What was given, in one word. */
static const char *state_of(const rs_param_values *values)
{
    if (!values->is_given) {
        return "missing";
    }
    return values->n_values == 0 ? "empty" : "given";
}

static bool reads(const rs_plan *rule, const rs_param_table *param)
{
    for (const rs_param_use *use = rule->param_uses; use != NULL; use = use->next) {
        if (use->param == param) {
            return true;
        }
    }
    return false;
}

/* Names of the rules that read it, in the order that they run in. */
static json_t *readers_document(const rs_pipeline *pipeline, const rs_param_table *param,
                                bool *failed)
{
    json_t *names = json_array();
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        if (reads(rule, param)) {
            rs_json_push(names, rs_json_text(rule->name), failed);
        }
    }
    return names;
}

/* --- signatures --- */

json_t *rs_params_signatures(const rs_pipeline *pipeline, bool *failed)
{
    json_t *row = json_object();
    for (size_t i = 0; i < rs_run_params(pipeline)->n_items; i++) {
        const rs_param_values *values = &rs_run_params(pipeline)->items[i];
        rs_json_set(row, values->param->name, rs_json_text(values->signature), failed);
    }
    return row;
}

/* --- specs.json --- */

static json_t *spec_document(const rs_pipeline *pipeline, const rs_param_values *values,
                             bool *failed)
{
    const rs_param_table *param = values->param;
    char fingerprint[RS_SHA256_TEXT_BYTES] = "";
    rs_error ignored = {0};
    *failed =
        *failed || rs_dataset_fingerprint(param->dataset, false, fingerprint, &ignored) != RS_OK;
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(param->name), failed);
    rs_json_set(row, "table", rs_json_text(param->table), failed);
    rs_json_set(row, "type", rs_json_text(param->type), failed);
    rs_json_set(row, "key", rs_json_text(param->column->name), failed);
    rs_json_set(row, "doc", rs_json_text(param->doc), failed);
    rs_json_set(row, "required", json_boolean(param->required), failed);
    rs_json_set(row, "empty", rs_json_text(empty_words[param->empty]), failed);
    rs_json_set(row, "pack",
                rs_json_text(rs_pack_name(param->place.file,
                                          rs_run_given(pipeline, RS_THING_packs)->rules_dir)),
                failed);
    rs_json_set(row, "line", json_integer(param->place.line), failed);
    rs_json_set(row, "state", rs_json_text(state_of(values)), failed);
    rs_json_set(row, "n_values", rs_json_u64(values->n_values), failed);
    rs_json_set(row, "n_nulls", rs_json_u64(values->n_nulls), failed);
    rs_json_set(row, "n_distinct", rs_json_u64(values->n_distinct), failed);
    rs_json_set(row, "signature", rs_json_text(values->signature), failed);
    rs_json_set(row, "schema_fingerprint", rs_json_text(fingerprint), failed);
    rs_json_set(row, "rules", readers_document(pipeline, param, failed), failed);
    return row;
}

/* --- diagnostics --- */

static json_t *missing_document(const rs_param_values *values, json_t *rules, bool *failed)
{
    const rs_diagnostic_info *info = rs_diagnostic_get(RS_D_param_missing);
    json_t *row = json_object();
    rs_json_set(row, "code", rs_json_text(info->code), failed);
    rs_json_set(row, "severity", rs_json_text(rs_words_find("severity")->words[info->severity]),
                failed);
    rs_json_set(row, "message", rs_json_text(info->title), failed);
    rs_json_set(row, "remedy", rs_json_text(info->remedy), failed);
    rs_json_set(row, "param", rs_json_text(values->param->name), failed);
    rs_json_set(row, "rules", rules, failed);
    return row;
}

json_t *rs_params_diagnostics(const rs_pipeline *pipeline, bool *failed)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < rs_run_params(pipeline)->n_items; i++) {
        const rs_param_values *values = &rs_run_params(pipeline)->items[i];
        json_t *rules = readers_document(pipeline, values->param, failed);
        if (!values->is_given && json_array_size(rules) > 0) {
            rs_json_push(rows, missing_document(values, rules, failed), failed);
        } else {
            json_decref(rules);
        }
    }
    return rows;
}

/* --- rule_param_deps.json --- */

static json_t *deps_document(const rs_plan *rule, bool *failed)
{
    json_t *params = json_object();
    json_t *datasets = json_array();
    for (const rs_param_use *use = rule->param_uses; use != NULL; use = use->next) {
        json_t *place = json_object();
        rs_json_set(place, "line", json_integer(use->place.line), failed);
        rs_json_set(place, "column", json_integer(use->place.column), failed);
        rs_json_set(params, use->param->name, place, failed);
    }
    for (size_t i = 0; i < rule->n_inputs; i++) {
        rs_json_push(datasets, rs_json_text(rule->inputs[i].dataset->name), failed);
    }
    json_t *row = json_object();
    rs_json_set(row, "params", params, failed);
    rs_json_set(row, "datasets", datasets, failed);
    rs_json_set(row, "output", rs_json_text(rule->output->name), failed);
    return row;
}

/* By rule what it reads, and by param which rules read it. */
static json_t *all_deps_document(const rs_pipeline *pipeline, bool *failed)
{
    json_t *rules = json_object();
    json_t *params = json_object();
    for (size_t i = 0; i < rs_rules_count(rs_run_rules(pipeline)); i++) {
        const rs_plan *rule = rs_rules_get(rs_run_rules(pipeline), i);
        if (rule->param_uses != NULL) {
            rs_json_set(rules, rule->name, deps_document(rule, failed), failed);
        }
    }
    for (size_t i = 0; i < rs_run_params(pipeline)->n_items; i++) {
        const rs_param_table *param = rs_run_params(pipeline)->items[i].param;
        rs_json_set(params, param->name, readers_document(pipeline, param, failed), failed);
    }
    json_t *row = json_object();
    rs_json_set(row, "rules", rules, failed);
    rs_json_set(row, "params", params, failed);
    return row;
}

/* --- the files --- */

static json_t *specs_document(const rs_pipeline *pipeline, bool *failed)
{
    json_t *specs = json_array();
    for (size_t i = 0; i < rs_run_params(pipeline)->n_items; i++) {
        rs_json_push(specs, spec_document(pipeline, &rs_run_params(pipeline)->items[i], failed),
                     failed);
    }
    json_t *row = json_object();
    rs_json_set(row, "params", specs, failed);
    return row;
}

rs_status rs_params_describe(const rs_pipeline *pipeline, rs_error *err)
{
    static const struct {
        const char *name;
        json_t *(*make)(const rs_pipeline *pipeline, bool *failed);
    } documents[] = {
        {"params/specs.json", specs_document},
        {"params/signatures.json", rs_params_signatures},
        {"params/rule_param_deps.json", all_deps_document},
    };
    RS_TRY(rs_bundle_writer_add_directory(rs_run_draft(pipeline)->writer, "params", err));
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        bool failed = false;
        json_t *document = documents[i].make(pipeline, &failed);
        rs_status status =
            failed ? rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", documents[i].name)
                   : rs_bundle_writer_add_json(rs_run_draft(pipeline)->writer, documents[i].name,
                                               document, err);
        json_decref(document);
        RS_TRY(status);
    }
    return RS_OK;
}
