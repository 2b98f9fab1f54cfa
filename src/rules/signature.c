/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule means, as JSON, and the hash of it. */
#include <string.h>

#include "plan/steps.h"
#include "rules/rule.h"
#include "schema/fingerprint.h"

/* --- expressions and terms --- */

static json_t *expr_document(const rs_rule *rule, const rs_expr *expr, bool *failed)
{
    rs_buf text = {0};
    rs_expr_add_sql(expr, rule->plan.inputs, rs_dialect_signed(), &text);
    json_t *value = text.failed ? NULL : rs_json_str(rs_buf_str(&text));
    *failed = *failed || value == NULL;
    rs_buf_release(&text);
    return value;
}

static void set_expr(json_t *row, const char *key, const rs_rule *rule, const rs_expr *expr,
                     bool *failed)
{
    if (expr != NULL) {
        rs_json_set(row, key, expr_document(rule, expr, failed), failed);
    }
}

static void set_exprs(json_t *row, const char *key, const rs_rule *rule, rs_expr *const *exprs,
                      size_t n_exprs, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n_exprs; i++) {
        rs_json_push(list, expr_document(rule, exprs[i], failed), failed);
    }
    rs_json_set(row, key, list, failed);
}

static json_t *terms_document(const rs_sort_term *terms, size_t n_terms, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n_terms; i++) {
        rs_buf text = {0};
        rs_buf_addf(&text, "%s%s", terms[i].column->name, terms[i].is_descending ? " desc" : "");
        rs_json_push(list, text.failed ? NULL : rs_json_str(rs_buf_str(&text)), failed);
        rs_buf_release(&text);
    }
    return list;
}

/* --- operators --- */

static void set_key(json_t *row, const rs_rule *rule, const rs_key *key, bool *failed)
{
    const char *value = (const char *)&rule->plan + key->at;
    size_t n_exprs = 0;
    rs_expr *const *exprs = rs_key_exprs(&rule->plan, key, &n_exprs);
    unsigned number = 0;
    switch (key->kind) {
    case RS_KEY_EXPR:
        RS_ASSERT(n_exprs <= 1);
        set_expr(row, key->name, rule, exprs[0], failed);
        break;
    case RS_KEY_EXPRS:
    case RS_KEY_INTERVAL:
        set_exprs(row, key->name, rule, exprs, n_exprs, failed);
        break;
    case RS_KEY_WORD:
        memcpy(&number, value, sizeof number);
        RS_ASSERT(key->word(number) != NULL);
        rs_json_set(row, key->name, rs_json_text(key->word(number)), failed);
        break;
    case RS_KEY_SWITCH:
        rs_json_set(row, key->name, rs_json_text(key->word(*(const bool *)value ? 1 : 0)), failed);
        break;
    case RS_KEY_TEXT:
        rs_json_set(row, key->name, rs_json_str(*(const rs_str *)(const void *)value), failed);
        break;
    case RS_KEY_KEYS:
        break;
    }
}

/* The rule has this value of those that exclude each other. */
static bool is_chosen(const rs_rule *rule, const rs_key *key)
{
    const char *value = (const char *)&rule->plan + key->at;
    size_t n_exprs = 0;
    (void)rs_key_exprs(&rule->plan, key, &n_exprs);
    return n_exprs > 0 ||
           (key->kind == RS_KEY_TEXT && ((const rs_str *)(const void *)value)->bytes != NULL);
}

static json_t *keys_document(const rs_rule *rule, const rs_key *of, bool *failed)
{
    json_t *row = json_object();
    for (const rs_key *key = of->keys; key->name != NULL; key++) {
        if (of->choices == NULL || is_chosen(rule, key)) {
            set_key(row, rule, key, failed);
        }
    }
    return row;
}

static void set_operator(json_t *row, const rs_rule *rule, bool *failed)
{
    const rs_operator *op = rule->plan.op;
    rs_json_set(row, "kind", rs_json_text(op->name), failed);
    set_expr(row, "where", rule, rule->plan.where, failed);
    set_expr(row, "filter", rule, rule->plan.filter, failed);
    for (const rs_key *key = op->keys; key->name != NULL; key++) {
        if (key->kind == RS_KEY_KEYS) {
            rs_json_set(row, key->name, keys_document(rule, key, failed), failed);
        } else {
            set_key(row, rule, key, failed);
        }
    }
    if (rule->plan.winner.n_keys > 0) {
        json_t *winner = json_object();
        rs_json_set(winner, "keys",
                    terms_document(rule->plan.winner.keys, rule->plan.winner.n_keys, failed),
                    failed);
        rs_json_set(winner, "order",
                    terms_document(rule->plan.winner.order, rule->plan.winner.n_order, failed),
                    failed);
        rs_json_set(row, "winner", winner, failed);
    }
}

/* --- datasets --- */

static const rs_dataset_hashes *hashes_of(const rs_dataset *dataset, rs_dataset_hashes_vec *known,
                                          bool *failed)
{
    rs_dataset_hashes made = {.dataset = dataset};
    rs_error ignored = {0};
    for (size_t i = 0; i < known->n_items; i++) {
        if (known->items[i].dataset == dataset) {
            return &known->items[i];
        }
    }
    *failed = *failed || rs_dataset_fingerprint(dataset, false, made.fields, &ignored) != RS_OK ||
              rs_dataset_ids_fingerprint(dataset, made.ids, &ignored) != RS_OK ||
              !rs_dataset_hashes_vec_push(known, made);
    return *failed ? NULL : &known->items[known->n_items - 1];
}

static json_t *dataset_document(const rs_dataset *dataset, rs_dataset_hashes_vec *known,
                                bool *failed)
{
    const rs_dataset_hashes *hashes = hashes_of(dataset, known, failed);
    json_t *row = json_object();
    rs_json_set(row, "dataset", rs_json_text(dataset->name), failed);
    rs_json_set(row, "version", json_integer(dataset->version), failed);
    rs_json_set(row, "fingerprint", rs_json_text(hashes != NULL ? hashes->fields : ""), failed);
    rs_json_set(row, "ids_fingerprint", rs_json_text(hashes != NULL ? hashes->ids : ""), failed);
    return row;
}

static json_t *inputs_document(const rs_rule *rule, rs_dataset_hashes_vec *known, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < rule->plan.n_inputs; i++) {
        json_t *row = dataset_document(rule->plan.inputs[i].dataset, known, failed);
        rs_json_set(row, "alias", rs_json_text(rule->plan.inputs[i].alias), failed);
        rs_json_push(list, row, failed);
    }
    return list;
}

static json_t *output_document(const rs_rule *rule, rs_dataset_hashes_vec *known, bool *failed)
{
    RS_ASSERT(rule->plan.n_selects > 0);
    const rs_dataset *output = rule->selects[0].output;
    json_t *row = dataset_document(output, known, failed);
    rs_json_set(row, "key", rs_json_text(output->key), failed);
    if (rule->plan.contract != NULL) {
        const rs_column *group = rule->plan.contract->group;
        rs_json_set(row, "group", rs_json_text(group != NULL ? group->name : NULL), failed);
        rs_json_set(row, "rank", json_integer(rule->plan.contract->rank), failed);
        rs_json_set(row, "sort",
                    terms_document(rule->plan.contract->sort, rule->plan.contract->n_sort, failed),
                    failed);
    }
    return row;
}

/* --- what the rows are --- */

static json_t *columns_document(const rs_rule *rule, const rs_select *select, bool *failed)
{
    json_t *row = json_object();
    for (size_t i = 0; i < select->output->n_columns; i++) {
        if (select->columns[i] != NULL) {
            rs_json_set(row, select->output->columns[i].name,
                        expr_document(rule, select->columns[i], failed), failed);
        }
    }
    return row;
}

/* By key: the order in which a rule lists its properties says nothing. */
static json_t *values_document(const rs_rule *rule, bool *failed)
{
    json_t *row = json_object();
    for (size_t i = 0; i < rule->plan.n_selects; i++) {
        rs_json_set(row, rule->selects[i].property->key,
                    columns_document(rule, &rule->selects[i], failed), failed);
    }
    return row;
}

/* What a pack declares of the kinds that the rule names: NULL where it names none of such. */
static json_t *declared_document(const rs_rule *rule, bool *failed)
{
    bool is_edge = rule->plan.form == RS_EMIT_EDGE || rule->plan.form == RS_EMIT_EDGE_PROPS;
    json_t *rows = NULL;
    for (size_t i = 0; i < rule->plan.n_kinds; i++) {
        size_t number = 0;
        const rs_kind *kind =
            rs_kinds_find(rule->kinds, is_edge, rs_str_of(rule->plan.kinds[i]), &number);
        if (kind != NULL && rs_kinds_is_declared(is_edge, number)) {
            rows = rows != NULL ? rows : json_array();
            rs_json_push(rows, rs_kind_document(rule->kinds, kind, failed), failed);
        }
    }
    return rows;
}

static json_t *emit_document(const rs_rule *rule, bool *failed)
{
    static const char *const forms[] = {
        [RS_EMIT_NODE] = "node",   [RS_EMIT_EDGE] = "edge",
        [RS_EMIT_PROPS] = "props", [RS_EMIT_EDGE_PROPS] = "edge_props",
        [RS_EMIT_ROWS] = "rows",
    };
    json_t *row = json_object();
    json_t *kinds = json_array();
    for (size_t i = 0; i < rule->plan.n_kinds; i++) {
        rs_json_push(kinds, rs_json_text(rule->plan.kinds[i]), failed);
    }
    rs_json_set(row, "form", rs_json_text(forms[rule->plan.form]), failed);
    rs_json_set(row, "kinds", kinds, failed);
    json_t *declared = declared_document(rule, failed);
    if (declared != NULL) {
        rs_json_set(row, "declared", declared, failed);
    }
    if (rule->n_values > 0) {
        rs_json_set(row, "values", values_document(rule, failed), failed);
    } else {
        rs_json_set(row, "select", columns_document(rule, &rule->selects[0], failed), failed);
    }
    return row;
}

static json_t *policies_document(const rs_rule *rule, bool *failed)
{
    json_t *row = json_object();
    const rs_confidence_policy *confidence = rule->plan.policies.confidence;
    rs_json_set(row, "confidence", rs_json_text(confidence != NULL ? confidence->name : NULL),
                failed);
    rs_json_set(row, "ambiguity", rs_json_text(rule->policies.ambiguity), failed);
    set_expr(row, "source", rule, rule->plan.policies.source, failed);
    return row;
}

static json_t *kernels_document(const rs_rule *rule, bool *failed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < rule->plan.n_steps; i++) {
        if (rule->plan.steps[i].call != NULL) {
            const rs_kernel_info *kernel = rs_kernel_get(rule->plan.steps[i].call->kernel);
            json_t *row = json_object();
            rs_json_set(row, "name", rs_json_text(kernel->name), failed);
            rs_json_set(row, "version", json_integer(kernel->version), failed);
            rs_json_push(list, row, failed);
        }
    }
    return list;
}

/* The tables by name, whatever values they will be given. */
static json_t *params_document(const rs_rule *rule, bool *failed)
{
    json_t *row = json_object();
    for (const rs_param_use *use = rule->plan.param_uses; use != NULL; use = use->next) {
        json_t *param = json_object();
        rs_json_set(param, "type", rs_json_text(use->param->type), failed);
        rs_json_set(param, "table", rs_json_text(use->param->table), failed);
        rs_json_set(row, use->param->name, param, failed);
    }
    return row;
}

static rs_status rule_document(const rs_rule *rule, rs_dataset_hashes_vec *known, json_t **out,
                               rs_error *err)
{
    bool failed = false;
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(rule->plan.name), &failed);
    rs_json_set(row, "priority", json_integer(rule->plan.priority), &failed);
    rs_json_set(row, "inputs", inputs_document(rule, known, &failed), &failed);
    set_operator(row, rule, &failed);
    rs_json_set(row, "kernels", kernels_document(rule, &failed), &failed);
    rs_json_set(row, "policies", policies_document(rule, &failed), &failed);
    rs_json_set(row, "emit", emit_document(rule, &failed), &failed);
    if (rule->plan.param_uses != NULL) {
        rs_json_set(row, "params", params_document(rule, &failed), &failed);
    }
    rs_json_set(row, "output", output_document(rule, known, &failed), &failed);
    if (failed) {
        json_decref(row);
        *out = NULL;
        return rs_error_set(err, RS_ERR_NOMEM, "sign %s: out of memory", rule->plan.name);
    }
    *out = row;
    return RS_OK;
}

rs_status rs_rules_add_canonical(const rs_rules *rules, size_t index, json_t **out, rs_error *err)
{
    rs_dataset_hashes_vec known = {0};
    RS_ASSERT(index < rules->list.n_items);
    rs_status status = rule_document(rules->list.items[index], &known, out, err);
    rs_dataset_hashes_vec_release(&known);
    return status;
}

rs_status rs_sign_rule(rs_rule *rule, rs_dataset_hashes_vec *known, rs_error *err)
{
    rs_buf text = {0};
    json_t *document = NULL;
    RS_TRY(rule_document(rule, known, &document, err));
    rs_status status = rs_json_print_compact(document, &text, err);
    if (status == RS_OK) {
        rs_sha256_text(text.bytes, text.n_bytes, rule->plan.signature);
    }
    rs_buf_release(&text);
    json_decref(document);
    return status;
}

rs_status rs_rules_signature(const rs_rules *rules, char hash[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    rs_buf text = {0};
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_plan *plan = &rules->list.items[i]->plan;
        rs_buf_addf(&text, "%s %s", plan->signature, plan->name);
        for (size_t j = 0; j < plan->n_inputs; j++) {
            rs_buf_addf(&text, " <%s", plan->inputs[j].dataset->name);
        }
        rs_buf_addf(&text, " >%s\n", plan->output->name);
    }
    rs_status status = rs_buf_check(&text, err);
    if (status == RS_OK) {
        rs_sha256_text(rs_buf_text(&text), text.n_bytes, hash);
    }
    rs_buf_release(&text);
    return status;
}
