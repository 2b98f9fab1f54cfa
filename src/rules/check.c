/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says against the registries: names, types, conditions, policies.
 *
 * An operator adds an input of its own behind the rule's: `match` (interval_align), `item`
 * (explode_list), `each` (union_all, in place of the inputs); a filter sees `out`, the output.
 */
#include <string.h>

#include "rules/rule.h"

/* --- conditions --- */

static bool check_condition(rs_rules *rules, rs_expr_scope *scope, rs_expr *expr, const char *key)
{
    if (!rs_expr_check(scope, expr)) {
        return false;
    }
    if (expr->type != RS_EXPR_IS_BOOL) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected true or false, found %s", key,
                        rs_expr_type_name(expr, &rules->arena));
        return false;
    }
    return true;
}

static void check_on(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    size_t n_visible = scope->n_visible;
    scope->n_visible = 2;
    if (check_condition(rules, scope, rule->plan.on, "on")) {
        bool keeps_unmatched = rule->plan.join == RS_JOIN_LEFT || rule->plan.join == RS_JOIN_ANTI ||
                               rule->plan.align.keeps_left;
        if (!rs_on_is_equality(rule->plan.on)) {
            rs_problems_add(&rules->problems, rule->plan.on->place,
                            "on: expected %s.column = %s.column, or several of them joined by AND",
                            rule->plan.inputs[0].alias, rule->plan.inputs[1].alias);
        } else if (!keeps_unmatched) {
            rs_expr_assume(scope, rule->plan.on);
        }
    }
    scope->n_visible = n_visible;
}

/* Rows are filtered before they are aligned, each side by itself. */
static void check_sides(rs_rules *rules, const rs_rule *rule, const rs_expr *where)
{
    if (rs_expr_is_and(where)) {
        check_sides(rules, rule, where->first);
        check_sides(rules, rule, where->first->next);
    } else if (rs_expr_inputs(where) == 3u) {
        rs_problems_add(&rules->problems, where->place,
                        "where: interval_align filters each side before it aligns them; expected a "
                        "condition on %s or on %s alone, and AND between such",
                        rule->plan.inputs[0].alias, rule->plan.inputs[1].alias);
    }
}

static void check_where(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    if (rule->plan.where == NULL || !check_condition(rules, scope, rule->plan.where, "where")) {
        return;
    }
    if (rule->plan.kind == RS_RULE_INTERVAL_ALIGN) {
        check_sides(rules, rule, rule->plan.where);
    }
    if (!rule->plan.align.keeps_left) {
        rs_expr_assume(scope, rule->plan.where);
    }
}

/* --- what operators add --- */

static void add_seen(rs_rule *rule, rs_expr_scope *scope, const char *alias,
                     const rs_dataset *dataset, const char *sql_alias, const char *sql_prefix)
{
    rule->plan.inputs[rule->plan.n_seen++] = (rs_plan_input){
        .alias = alias, .dataset = dataset, .sql_alias = sql_alias, .sql_prefix = sql_prefix};
    scope->n_inputs = rule->plan.n_seen;
    scope->n_visible = rule->plan.n_seen;
}

/* A dataset of columns that the caller fills; NULL when memory is out. */
static rs_dataset *new_dataset(rs_rules *rules, const char *name, size_t n_columns,
                               rs_column **columns)
{
    rs_dataset *dataset = rs_arena_alloc(&rules->arena, 1, sizeof *dataset);
    *columns = rs_arena_alloc(&rules->arena, n_columns, sizeof **columns);
    if (dataset == NULL || *columns == NULL) {
        rules->problems.failed = true;
        return NULL;
    }
    *dataset = (rs_dataset){.name = name,
                            .lens = "",
                            .key = "",
                            .doc = "",
                            .columns = *columns,
                            .n_columns = n_columns};
    return dataset;
}

static bool check_interval(rs_rules *rules, rs_expr_scope *scope, rs_expr *const ends[2],
                           size_t input, const char *key)
{
    for (size_t i = 0; i < 2; i++) {
        if (!rs_expr_check(scope, ends[i])) {
            return false;
        }
        bool is_whole = ends[i]->type == RS_EXPR_IS_I32 || ends[i]->type == RS_EXPR_IS_I64;
        if (!is_whole || rs_expr_inputs(ends[i]) != 1u << input) {
            rs_problems_add(
                &rules->problems, ends[i]->place, "%s: expected a whole number of %s, found %s",
                key, scope->inputs[input].alias,
                is_whole ? "one of another input" : rs_expr_type_name(ends[i], &rules->arena));
            return false;
        }
    }
    return true;
}

static void add_match(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    rs_align *align = &rule->plan.align;
    (void)(check_interval(rules, scope, align->left, 0, "left") &&
           check_interval(rules, scope, align->right, 1, "right"));
    for (size_t i = 0; i < align->n_ties; i++) {
        if (rs_expr_check(scope, align->ties[i]) && rs_expr_inputs(align->ties[i]) != 2u) {
            rs_problems_add(&rules->problems, align->ties[i]->place,
                            "ties: expected an expression over %s alone",
                            rule->plan.inputs[1].alias);
        }
    }
    rs_column *columns = NULL;
    const rs_dataset *match = new_dataset(rules, "match", 3, &columns);
    if (match == NULL) {
        return;
    }
    columns[0] = (rs_column){.name = "kind", .type = RS_TYPE_STR, .required = true, .source = ""};
    columns[1] = (rs_column){
        .name = "score", .type = RS_TYPE_F64, .required = !align->keeps_left, .source = ""};
    columns[2] = (rs_column){
        .name = "rank", .type = RS_TYPE_I32, .required = !align->keeps_left, .source = ""};
    add_seen(rule, scope, "match", match, "match", "match_");
    if (align->keeps_left) {
        scope->n_sure = 1;
    }
}

static rs_type stored_type(rs_expr_type type)
{
    switch (type) {
    case RS_EXPR_IS_BOOL:
        return RS_TYPE_BOOL;
    case RS_EXPR_IS_I32:
        return RS_TYPE_I32;
    case RS_EXPR_IS_I64:
        return RS_TYPE_I64;
    case RS_EXPR_IS_F64:
        return RS_TYPE_F64;
    case RS_EXPR_IS_TEXT:
    case RS_EXPR_IS_WORD: /* a list of words is one of texts */
    case RS_EXPR_IS_NOTHING:
    case RS_EXPR_IS_UNKNOWN:
        return RS_TYPE_STR;
    }
    return RS_TYPE_STR;
}

/* The values' common type: all texts, or all numbers. */
static bool check_items(rs_rules *rules, rs_expr_scope *scope, rs_explode *explode, rs_type *type,
                        bool *is_nullable)
{
    rs_expr_type widest = RS_EXPR_IS_NOTHING;
    for (size_t i = 0; i < explode->n_items; i++) {
        rs_expr *item = explode->items[i];
        if (!rs_expr_check(scope, item)) {
            return false;
        }
        bool is_text = item->type == RS_EXPR_IS_TEXT || item->type == RS_EXPR_IS_WORD;
        rs_expr_type found = is_text ? RS_EXPR_IS_TEXT : item->type;
        bool both_numbers = widest >= RS_EXPR_IS_I32 && widest <= RS_EXPR_IS_F64 &&
                            found >= RS_EXPR_IS_I32 && found <= RS_EXPR_IS_F64;
        if (widest != RS_EXPR_IS_NOTHING && found != RS_EXPR_IS_NOTHING && found != widest &&
            !both_numbers) {
            rs_problems_add(&rules->problems, item->place,
                            "list: expected values of one type, found %s",
                            rs_expr_type_name(item, &rules->arena));
            return false;
        }
        widest = found > widest ? found : widest;
        *is_nullable = *is_nullable || item->is_nullable;
    }
    *type = stored_type(widest);
    return true;
}

static void add_item(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    rs_explode *explode = &rule->plan.explode;
    rs_type type = RS_TYPE_STR;
    bool is_nullable = false;
    if (explode->text != NULL) {
        if (rs_expr_check(scope, explode->text) && explode->text->type != RS_EXPR_IS_TEXT &&
            explode->text->type != RS_EXPR_IS_WORD) {
            rs_problems_add(&rules->problems, explode->text->place,
                            "split: expected a text, found %s",
                            rs_expr_type_name(explode->text, &rules->arena));
        }
    } else if (!check_items(rules, scope, explode, &type, &is_nullable)) {
        return;
    }
    rs_column *columns = NULL;
    const rs_dataset *item = new_dataset(rules, "item", 2, &columns);
    if (item == NULL) {
        return;
    }
    columns[0] = (rs_column){.name = "value", .type = type, .required = !is_nullable, .source = ""};
    columns[1] =
        (rs_column){.name = "position", .type = RS_TYPE_I32, .required = true, .source = ""};
    add_seen(rule, scope, "item", item, rule->plan.inputs[0].sql_alias, "item_");
}

/* A column that all inputs of a union have, of one type. */
static bool is_common(const rs_rule *rule, const rs_column *column, bool *required)
{
    *required = column->required;
    for (size_t i = 1; i < rule->plan.n_inputs; i++) {
        const rs_column *other =
            rs_column_find(rule->plan.inputs[i].dataset, rs_str_of(column->name));
        if (other == NULL || other->type != column->type || other->words != column->words ||
            other->is_shared != column->is_shared) {
            return false;
        }
        *required = *required && other->required;
    }
    return true;
}

static void add_each(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    const rs_dataset *first = rule->plan.inputs[0].dataset;
    rs_column *columns = NULL;
    rs_dataset *each = new_dataset(rules, "each", first->n_columns, &columns);
    if (each == NULL) {
        return;
    }
    size_t n_common = 0;
    for (size_t i = 0; i < first->n_columns; i++) {
        bool required = false;
        if (is_common(rule, &first->columns[i], &required)) {
            columns[n_common] = first->columns[i];
            columns[n_common++].required = required;
        }
    }
    each->n_columns = n_common;
    if (n_common == 0) {
        rs_problems_add(&rules->problems, rule->input_places[0],
                        "inputs: the datasets of a union have no column in common");
    }
    scope->first_visible = rule->plan.n_seen;
    add_seen(rule, scope, "each", each, "each", "");
}

static void check_operator(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    bool is_half = rule->plan.join == RS_JOIN_SEMI || rule->plan.join == RS_JOIN_ANTI;
    switch (rule->plan.kind) {
    case RS_RULE_HASH_JOIN:
        scope->n_visible = is_half ? 1 : 2;
        scope->n_sure = rule->plan.join == RS_JOIN_LEFT ? 1 : 2;
        check_on(rules, scope, rule);
        check_where(rules, scope, rule);
        break;
    case RS_RULE_INTERVAL_ALIGN:
        check_on(rules, scope, rule);
        check_where(rules, scope, rule);
        add_match(rules, scope, rule);
        break;
    case RS_RULE_EXPLODE_LIST:
        add_item(rules, scope, rule);
        check_where(rules, scope, rule);
        break;
    case RS_RULE_UNION_ALL:
        add_each(rules, scope, rule);
        check_where(rules, scope, rule);
        break;
    case RS_RULE_FILTER_PROJECT:
    case RS_RULE_WINNER_SELECT:
    case RS_RULE_AGGREGATE:
        check_where(rules, scope, rule);
        break;
    }
}

/* --- aggregates --- */

static bool is_grouped(const rs_rule *rule, const rs_expr *column)
{
    for (size_t i = 0; i < rule->plan.n_group_by; i++) {
        if (rule->plan.group_by[i]->column == column->column) {
            return true;
        }
    }
    return false;
}

/* Outside of an aggregate function, only what rows are grouped by has one value. */
static bool check_grouped(rs_rules *rules, const rs_rule *rule, const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_CALL && expr->function->is_aggregate) {
        return true;
    }
    if (expr->kind == RS_EXPR_COLUMN && !is_grouped(rule, expr)) {
        rs_problems_add(&rules->problems, expr->place,
                        "%s.%s is not in group_by: take min or max of it, or group by it",
                        expr->alias.bytes, expr->column->name);
        return false;
    }
    bool fits = true;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        fits = check_grouped(rules, rule, child) && fits;
    }
    return fits;
}

static void check_group_by(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    for (size_t i = 0; i < rule->plan.n_group_by; i++) {
        rs_expr *expr = rule->plan.group_by[i];
        if (rs_expr_check(scope, expr) && expr->kind != RS_EXPR_COLUMN) {
            rs_problems_add(&rules->problems, expr->place, "group_by: expected a column");
        }
    }
}

/* --- values --- */

/* An id and a gid are both whole numbers, but rows that share one meet in other places. */
static void check_id(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    bool is_local = rs_column_is_local_id(column);
    bool fits = is_local            ? rs_expr_is_local_id(expr)
                : column->is_shared ? rs_expr_is_global_id(expr)
                                    : true;
    if (!fits && expr->type != RS_EXPR_IS_NOTHING) {
        rs_problems_add(&rules->problems, expr->place,
                        is_local
                            ? "%s: expected the id of something in a file (a column of type id)"
                            : "%s: expected the id of something in no file (a column of type "
                              "gid, or global_id(...))",
                        column->name);
    }
}

static void check_columns(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    const rs_dataset *output = rule->plan.output;
    bool is_aggregate = rule->plan.kind == RS_RULE_AGGREGATE;
    scope->has_aggregates = is_aggregate;
    for (size_t i = 0; i < output->n_columns; i++) {
        rs_expr *expr = rule->plan.columns[i];
        if (expr == NULL || !rs_expr_check(scope, expr) ||
            !rs_check_column(rules, &output->columns[i], expr)) {
            continue;
        }
        if (is_aggregate) {
            (void)check_grouped(rules, rule, expr);
        }
        if (rule->plan.contract != NULL) {
            check_id(rules, &output->columns[i], expr);
        }
    }
    for (size_t i = 0; i < rule->n_values; i++) {
        rs_expr *value = rule->values[i].value;
        if (!rs_expr_check(scope, value) || (is_aggregate && !check_grouped(rules, rule, value))) {
            continue;
        }
        size_t n_before = rules->problems.list.n_items;
        for (size_t j = 0; j < rule->plan.n_kinds && rules->problems.list.n_items == n_before;
             j++) {
            const rs_property *property =
                rs_property_find(rs_str_of(rule->plan.kinds[j]),
                                 rule->plan.form == RS_EMIT_EDGE_PROPS, rule->values[i].key);
            rs_check_property(rules, property, value);
        }
    }
    scope->has_aggregates = false;
}

/* --- policies --- */

static bool has_required(const rs_rule *rule, const char *column, rs_problems *problems,
                         rs_place place, const char *policy)
{
    if (rs_column_find(rule->plan.contract->dataset, rs_str_of(column)) != NULL) {
        return true;
    }
    rs_problems_add(problems, place, "policy %s picks by column %s, which dataset %s has not",
                    policy, column, rule->plan.contract->dataset->name);
    return false;
}

/* An ambiguity policy's winner is the rule's own, unless it says one itself. */
static void take_winner(rs_rules *rules, rs_rule *rule, const rs_ambiguity_policy *policy)
{
    rs_winner *winner = &rule->plan.winner;
    const rs_dataset *output = rule->plan.contract->dataset;
    rs_place place = rule->policies.ambiguity_place;
    bool fits = policy->kind == RS_AMBIGUITY_WINNER && winner->n_keys == 0;
    for (size_t i = 0; i < policy->n_keys && fits; i++) {
        fits = has_required(rule, policy->keys[i].name, &rules->problems, place, policy->name);
    }
    for (size_t i = 0; i < policy->n_order && fits; i++) {
        fits = has_required(rule, policy->order[i].name, &rules->problems, place, policy->name);
    }
    RS_ASSERT(policy->n_keys <= RS_SORT_MAX_TERMS && policy->n_order <= RS_SORT_MAX_TERMS);
    for (size_t i = 0; i < policy->n_keys && fits; i++) {
        winner->keys[winner->n_keys++].column =
            rs_column_find(output, rs_str_of(policy->keys[i].name));
    }
    for (size_t i = 0; i < policy->n_order && fits; i++) {
        rs_sort_term *term = &winner->order[winner->n_order++];
        term->column = rs_column_find(output, rs_str_of(policy->order[i].name));
        term->is_descending = policy->order[i].is_descending;
    }
}

static void check_policies(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    const rs_rule_policies *policies = &rule->policies;
    rs_expr *source = rule->plan.policies.source;
    if (policies->confidence != NULL) {
        rule->plan.policies.confidence =
            rs_policy_require_confidence(rules->policy, rs_str_of(policies->confidence),
                                         policies->confidence_place, &rules->problems);
    }
    if (source != NULL && rs_expr_check(scope, source) && source->type != RS_EXPR_IS_TEXT &&
        source->type != RS_EXPR_IS_WORD) {
        rs_problems_add(&rules->problems, source->place, "source: expected a text, found %s",
                        rs_expr_type_name(source, &rules->arena));
    }
    if (policies->ambiguity != NULL) {
        const rs_ambiguity_policy *policy =
            rs_policy_require_ambiguity(rules->policy, rs_str_of(policies->ambiguity),
                                        policies->ambiguity_place, &rules->problems);
        if (policy != NULL) {
            take_winner(rules, rule, policy);
        }
    }
    rule->plan.policies.ambiguity = policies->ambiguity;
}

/* --- derivations --- */

/* A row of a join is known by the ids of the rows that met. */
static void check_inputs(rs_rules *rules, const rs_rule *rule)
{
    bool is_derived =
        rule->plan.form == RS_EMIT_ROWS ||
        (rule->plan.form == RS_EMIT_EDGE && rule->plan.kind != RS_RULE_FILTER_PROJECT);
    for (size_t i = 0; i < rule->plan.n_inputs && is_derived; i++) {
        const rs_dataset *dataset = rule->plan.inputs[i].dataset;
        if (rs_contract_find(&rules->contracts, rs_str_of(dataset->name)) == NULL &&
            strchr(dataset->key, ',') != NULL) {
            rs_problems_add(&rules->problems, rule->input_places[i],
                            "rows of %s have no id of their own (its key is %s), so no edge could "
                            "say that it derives from one",
                            dataset->name, dataset->key);
        }
    }
}

static const char *emitted_text(rs_rules *rules, const rs_rule *rule)
{
    rs_buf text = {0};
    for (size_t i = 0; i < rule->plan.n_kinds; i++) {
        rs_buf_add(&text, i == 0 ? "" : " ");
        rs_buf_add(&text, rule->plan.kinds[i]);
    }
    const char *copy = rs_arena_strndup(&rules->arena, rs_buf_text(&text), text.n_bytes);
    if (text.failed || copy == NULL) {
        rules->problems.failed = true;
        copy = "";
    }
    rs_buf_release(&text);
    return copy;
}

void rs_check_rule(rs_rules *rules, rs_rule *rule)
{
    size_t n_problems = rules->problems.list.n_items;
    rs_expr_scope scope = {.inputs = rule->plan.inputs,
                           .n_inputs = rule->plan.n_seen,
                           .n_visible = rule->plan.n_seen,
                           .n_sure = RS_PLAN_MAX_SEEN,
                           .max_literals = rules->policy->list_filter.max_literals,
                           .params = &rules->params,
                           .problems = &rules->problems};
    check_inputs(rules, rule);
    check_operator(rules, &scope, rule);
    check_group_by(rules, &scope, rule);
    check_columns(rules, &scope, rule);
    check_policies(rules, &scope, rule);
    if (rule->plan.filter != NULL) {
        scope.n_sure = RS_PLAN_MAX_SEEN;
        scope.first_visible = rule->plan.n_seen;
        add_seen(rule, &scope, "out", rule->plan.contract->dataset, "out", "");
        (void)check_condition(rules, &scope, rule->plan.filter, "filter");
    }
    rule->plan.param_uses = scope.param_uses;
    rule->is_broken = rules->problems.list.n_items > n_problems;
    rule->plan.emits = emitted_text(rules, rule);
}
