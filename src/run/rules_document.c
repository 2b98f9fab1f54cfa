/* SPDX-License-Identifier: Apache-2.0 */
#include "run/rules_document.h"

#include <string.h>

#include "base/hash.h"

rs_status rs_rules_load(const char *rules_dir, const rs_policy *policy, rs_rules **out,
                        rs_error *err)
{
    RS_TRY(rs_rules_new(out, err));
    RS_TRY(rs_rules_add_embedded(*out, err));
    if (rules_dir != NULL) {
        RS_TRY(rs_rules_add_directory(*out, rules_dir, err));
    }
    return rs_rules_check(*out, policy, err);
}

/* No absolute path may stand in a bundle. */
static const char *pack_name(const rs_rule_info *info, const char *rules_dir)
{
    size_t n_bytes = rules_dir == NULL ? 0 : strlen(rules_dir);
    if (n_bytes == 0 || strncmp(info->pack, rules_dir, n_bytes) != 0) {
        return info->pack;
    }
    const char *name = info->pack + n_bytes;
    return name + strspn(name, "/");
}

static json_t *inputs_document(const rs_rule_info *info, bool *failed)
{
    json_t *inputs = json_array();
    for (size_t i = 0; i < info->n_inputs; i++) {
        json_t *input = json_object();
        rs_json_set(input, "alias", rs_json_text(info->inputs[i].alias), failed);
        rs_json_set(input, "dataset", rs_json_text(info->inputs[i].dataset->name), failed);
        rs_json_push(inputs, input, failed);
    }
    return inputs;
}

static json_t *rule_document(const rs_rule_info *info, const char *rules_dir, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(info->name), failed);
    rs_json_set(row, "pack", rs_json_text(pack_name(info, rules_dir)), failed);
    rs_json_set(row, "output", rs_json_text(info->output), failed);
    rs_json_set(row, "emits", rs_json_text(info->emits), failed);
    return row;
}

rs_status rs_rules_add_document(const rs_rules *rules, const char *rules_dir, json_t **out,
                                rs_error *err)
{
    bool failed = false;
    rs_buf sql = {0};
    rs_status status = RS_OK;
    json_t *rows = json_array();
    for (size_t i = 0; i < rs_rules_count(rules) && status == RS_OK; i++) {
        const rs_rule_info *info = rs_rules_get(rules, i);
        rs_buf_reset(&sql);
        status = rs_rules_add_sql(rules, i, &sql, err);
        json_t *row = rule_document(info, rules_dir, &failed);
        rs_json_set(row, "doc", rs_json_text(info->doc), &failed);
        rs_json_set(row, "line", json_integer(info->line), &failed);
        rs_json_set(row, "kind", rs_json_text(rs_rule_kind_name(info->kind)), &failed);
        rs_json_set(row, "scope", rs_json_text(rs_rule_scope_name(info->scope)), &failed);
        rs_json_set(row, "priority", json_integer(info->priority), &failed);
        rs_json_set(row, "inputs", inputs_document(info, &failed), &failed);
        rs_json_set(row, "sql", rs_json_text(rs_buf_text(&sql)), &failed);
        rs_json_push(rows, row, &failed);
    }
    rs_buf_release(&sql);
    json_t *document = json_object();
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
        status = rs_rules_add_sql(rules, i, &sql, err);
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
    const rs_rule_info *info = rs_rules_get(rules, index);
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
        status = add_signature(rules, i, rows, &failed, err);
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
