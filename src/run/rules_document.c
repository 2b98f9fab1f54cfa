/* SPDX-License-Identifier: Apache-2.0 */
#include "run/rules_document.h"

#include <string.h>

#include "base/hash.h"
#include "bundle/manifest.h"
#include "plan/operator.h"
#include "plan/steps.h"
#include "rules/lane.h"
#include "rules/rules.h"

rs_status rs_rules_load(const char *rules_dir, const rs_policy *policy, const rs_dialect *dialect,
                        const atomic_bool *stop, rs_rules **out, rs_error *err)
{
    RS_TRY(rs_rules_new(out, err));
    rs_rules_stop_at(*out, stop);
    RS_TRY(rs_rules_add_embedded(*out, err));
    if (rules_dir != NULL) {
        RS_TRY(rs_rules_add_directory(*out, rules_dir, err));
    }
    return rs_rules_check(*out, policy, dialect, err);
}

/* What is shared while the rules are described. */
typedef struct describer {
    const rs_rules *rules;
    json_t *policy; /* as in config.json */
    bool with_ir;
    rs_buf text; /* scratch */
    bool failed; /* memory ran out */
} describer;

const char *rs_pack_name(const char *pack, const char *rules_dir)
{
    size_t n_bytes = rules_dir == NULL ? 0 : strlen(rules_dir);
    if (n_bytes == 0 || strncmp(pack, rules_dir, n_bytes) != 0) {
        return pack;
    }
    const char *name = pack + n_bytes;
    return name + strspn(name, "/");
}

/* --- who makes and who reads --- */

/* Names of the rules with this output. */
static json_t *makers_document(describer *in, const char *dataset)
{
    json_t *names = json_array();
    for (size_t i = 0; i < rs_rules_count(in->rules); i++) {
        const rs_plan *info = rs_rules_get(in->rules, i);
        if (strcmp(info->output->name, dataset) == 0) {
            rs_json_push(names, rs_json_text(info->name), &in->failed);
        }
    }
    return names;
}

/* Names of the rules that read it. */
static json_t *readers_document(describer *in, const char *dataset)
{
    json_t *names = json_array();
    for (size_t i = 0; i < rs_rules_count(in->rules); i++) {
        const rs_plan *info = rs_rules_get(in->rules, i);
        bool reads = false;
        for (size_t j = 0; j < info->n_inputs && !reads; j++) {
            reads = strcmp(info->inputs[j].dataset->name, dataset) == 0;
        }
        if (reads) {
            rs_json_push(names, rs_json_text(info->name), &in->failed);
        }
    }
    return names;
}

static json_t *inputs_document(describer *in, const rs_plan *info)
{
    json_t *inputs = json_array();
    for (size_t i = 0; i < info->n_inputs; i++) {
        const rs_dataset *dataset = info->inputs[i].dataset;
        json_t *input = json_object();
        rs_json_set(input, "alias", rs_json_text(info->inputs[i].alias), &in->failed);
        rs_json_set(input, "dataset", rs_json_text(dataset->name), &in->failed);
        rs_json_set(input, "lens", rs_json_text(dataset->lens), &in->failed);
        rs_json_set(input, "made_by", makers_document(in, dataset->name), &in->failed);
        rs_json_push(inputs, input, &in->failed);
    }
    return inputs;
}

/* --- what is decided --- */

/* The part of the policy that a rule names: {"confidence": {NAME: ...}, "ambiguity": ...}. */
static json_t *policies_document(describer *in, const rs_plan *info)
{
    const rs_confidence_policy *confidence = info->policies.confidence;
    const struct {
        const char *section;
        const char *name;
    } named[] = {{"confidence", confidence != NULL ? confidence->name : NULL},
                 {"ambiguity", info->policies.ambiguity}};
    json_t *policies = json_object();
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (named[i].name != NULL) {
            const json_t *section = json_object_get(in->policy, named[i].section);
            json_t *one = json_object();
            rs_json_set(one, named[i].name, json_incref(json_object_get(section, named[i].name)),
                        &in->failed);
            rs_json_set(policies, named[i].section, one, &in->failed);
        }
    }
    return policies;
}

static json_t *lanes_document(describer *in, size_t index)
{
    const rs_plan *rule = rs_rules_get(in->rules, index);
    rs_lane_choice choices[RS_RULE_MAX_KERNELS];
    size_t n_choices = rs_rule_lanes(rule, rs_rules_policy(in->rules), choices);
    json_t *lanes = json_array();
    for (size_t i = 0; i < n_choices; i++) {
        const rs_lane_choice *choice = &choices[i];
        json_t *row = json_object();
        rs_json_set(row, "kernel", rs_json_text(rs_kernel_get(choice->kernel)->name), &in->failed);
        rs_json_set(row, "lane", rs_json_text(rs_lane_name(choice->lane)), &in->failed);
        rs_json_set(row, "is_allowed", json_boolean(!choice->is_violation), &in->failed);
        rs_json_set(row, "reason", rs_json_text(choice->reason), &in->failed);
        rs_json_push(lanes, row, &in->failed);
    }
    return lanes;
}

/* The ends of its edges that refer, by the registry, to what their kind says. */
static json_t *ends_document(describer *in, const rs_plan *info)
{
    static const char *const names[] = {"src", "dst"};
    json_t *ends = json_array();
    for (size_t i = 0; i < 2 && info->form == RS_EMIT_EDGE; i++) {
        if (info->selects[0].has_end[i]) {
            rs_json_push(ends, rs_json_text(names[i]), &in->failed);
        }
    }
    return ends;
}

/* --- a rule --- */

static json_t *rule_document(const rs_plan *info, const char *rules_dir, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(info->name), failed);
    rs_json_set(row, "pack", rs_json_text(rs_pack_name(info->pack, rules_dir)), failed);
    rs_json_set(row, "output", rs_json_text(info->output->name), failed);
    rs_json_set(row, "emits", rs_json_text(info->emits), failed);
    return row;
}

/* --- a relationship --- */

static json_t *sort_document(describer *in, const rs_contract *contract)
{
    json_t *terms = json_array();
    for (size_t i = 0; i < contract->n_sort; i++) {
        rs_buf_reset(&in->text);
        rs_buf_addf(&in->text, "%s%s", contract->sort[i].column->name,
                    contract->sort[i].is_descending ? " desc" : "");
        rs_json_push(terms, rs_json_text(rs_buf_text(&in->text)), &in->failed);
    }
    return terms;
}

static json_t *relationship_document(describer *in, const rs_contract *contract)
{
    json_t *row = rs_schema_document(contract->dataset, rs_rules_kinds(in->rules), &in->failed);
    const char *group_by = contract->group != NULL ? contract->group->name : NULL;
    rs_json_set(row, "group", rs_json_text(rs_bundle_group_name(RS_GROUP_RELATIONSHIPS)),
                &in->failed);
    rs_json_set(row, "group_by", rs_json_text(group_by), &in->failed);
    rs_json_set(row, "sort", sort_document(in, contract), &in->failed);
    rs_json_set(row, "rank", json_integer(contract->rank), &in->failed);
    rs_json_set(row, "made_by", makers_document(in, contract->dataset->name), &in->failed);
    return row;
}

static json_t *relationships_document(describer *in)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < rs_rules_n_contracts(in->rules); i++) {
        rs_json_push(rows, relationship_document(in, rs_rules_contract(in->rules, i)), &in->failed);
    }
    return rows;
}

/* --- all of it --- */

/* Set a text that add appends to a buffer. */
static rs_status set_text(describer *in, json_t *row, const char *key, size_t index,
                          rs_status (*add)(const rs_rules *, size_t, rs_buf *, rs_error *),
                          rs_error *err)
{
    rs_buf_reset(&in->text);
    RS_TRY(add(in->rules, index, &in->text, err));
    rs_json_set(row, key, rs_json_text(rs_buf_text(&in->text)), &in->failed);
    return RS_OK;
}

/* All of a rule onto row, which has its name. */
static rs_status describe_rule(describer *in, json_t *row, size_t index, rs_error *err)
{
    const rs_plan *info = rs_rules_get(in->rules, index);
    json_t *ir = NULL;
    rs_json_set(row, "doc", rs_json_text(info->doc), &in->failed);
    rs_json_set(row, "line", json_integer(info->line), &in->failed);
    rs_json_set(row, "kind", rs_json_text(info->op->name), &in->failed);
    rs_json_set(row, "scope", rs_json_text(rs_wave_name(info->wave)), &in->failed);
    rs_json_set(row, "priority", json_integer(info->priority), &in->failed);
    rs_json_set(row, "signature", rs_json_text(info->signature), &in->failed);
    rs_json_set(row, "inputs", inputs_document(in, info), &in->failed);
    rs_json_set(row, "consumers", readers_document(in, info->output->name), &in->failed);
    rs_json_set(row, "proved_ends", ends_document(in, info), &in->failed);
    rs_json_set(row, "policies", policies_document(in, info), &in->failed);
    rs_json_set(row, "lanes", lanes_document(in, index), &in->failed);
    RS_TRY(set_text(in, row, "written", index, rs_rules_add_written, err));
    RS_TRY(set_text(in, row, "sql", index, rs_rules_add_sql, err));
    if (in->with_ir) {
        RS_TRY(rs_rules_add_canonical(in->rules, index, &ir, err));
        rs_json_set(row, "ir", ir, &in->failed);
    }
    return RS_OK;
}

rs_status rs_rules_add_document(const rs_rules *rules, const char *rules_dir, bool with_ir,
                                json_t **out, rs_error *err)
{
    char signature[RS_SHA256_TEXT_BYTES] = "";
    describer in = {.rules = rules, .with_ir = with_ir};
    json_t *rows = json_array();
    json_t *document = json_object();
    *out = NULL;
    rs_status status = rs_json_parse(rs_rules_policy(rules)->json, "the policy", &in.policy, err);
    for (size_t i = 0; i < rs_rules_count(rules) && status == RS_OK; i++) {
        json_t *row = rule_document(rs_rules_get(rules, i), rules_dir, &in.failed);
        status = rs_rules_stop_check(rules, err);
        RS_THEN(status, describe_rule(&in, row, i, err));
        rs_json_push(rows, row, &in.failed);
    }
    RS_THEN(status, rs_rules_signature(rules, signature, err));
    rs_json_set(document, "rules", rows, &in.failed);
    rs_json_set(document, "signature", rs_json_text(signature), &in.failed);
    rs_json_set(document, "relationships", relationships_document(&in), &in.failed);
    json_t *kinds = rs_kinds_document(rs_rules_kinds(rules), &in.failed);
    if (kinds != NULL) {
        rs_json_set(document, "declared_kinds", kinds, &in.failed);
    }
    if (status == RS_OK && in.failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "describe the rules: out of memory");
    }
    if (status == RS_OK) {
        *out = json_incref(document);
    }
    json_decref(document);
    json_decref(in.policy);
    rs_buf_release(&in.text);
    return status;
}

rs_status rs_rules_add_summary(const rs_rules *rules, const char *rules_dir, json_t **out,
                               rs_error *err)
{
    bool failed = false;
    rs_buf sql = {0};
    rs_status status = RS_OK;
    json_t *rows = json_array();
    for (size_t i = 0; i < rs_rules_count(rules) && status == RS_OK; i++) {
        char hash[RS_SHA256_TEXT_BYTES];
        rs_buf_reset(&sql);
        status = rs_rules_stop_check(rules, err);
        RS_THEN(status, rs_rules_add_sql(rules, i, &sql, err));
        rs_sha256_text(rs_buf_text(&sql), sql.n_bytes, hash);
        json_t *row = rule_document(rs_rules_get(rules, i), rules_dir, &failed);
        rs_json_set(row, "sql_sha256", rs_json_text(hash), &failed);
        rs_json_push(rows, row, &failed);
    }
    rs_buf_release(&sql);
    if (status == RS_OK && (failed || rows == NULL)) {
        status = rs_error_set(err, RS_ERR_NOMEM, "describe the rules: out of memory");
    }
    if (status != RS_OK) {
        json_decref(rows);
        rows = NULL;
    }
    *out = rows;
    return status;
}

static rs_status add_signature(const rs_rules *rules, size_t index, json_t *rows, bool *failed,
                               rs_error *err)
{
    const rs_plan *info = rs_rules_get(rules, index);
    json_t *rule = NULL;
    RS_TRY(rs_rules_add_canonical(rules, index, &rule, err));
    json_t *row = json_object();
    rs_json_set(row, "signature", rs_json_text(info->signature), failed);
    rs_json_set(row, "rule", rule, failed);
    rs_json_set(rows, info->name, row, failed);
    return RS_OK;
}

rs_status rs_rules_add_signatures(const rs_rules *rules, json_t **out, rs_error *err)
{
    char graph[RS_SHA256_TEXT_BYTES];
    bool failed = false;
    *out = NULL;
    RS_TRY(rs_rules_signature(rules, graph, err));
    json_t *rows = json_object();
    rs_status status = RS_OK;
    for (size_t i = 0; i < rs_rules_count(rules) && status == RS_OK; i++) {
        status = rs_rules_stop_check(rules, err);
        RS_THEN(status, add_signature(rules, i, rows, &failed, err));
    }
    json_t *document = json_object();
    rs_json_set(document, "graph", rs_json_text(graph), &failed);
    rs_json_set(document, "rules", rows, &failed);
    if (status == RS_OK && failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "describe the rules: out of memory");
    }
    if (status != RS_OK) {
        json_decref(document);
        document = NULL;
    }
    *out = document;
    return status;
}
