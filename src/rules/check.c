/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says against the registries: names, types, conditions, policies.
 *
 * An operator adds an input of its own behind the rule's: `match` (interval_align), `item`
 * (explode_list), `each` (union_all, in place of the inputs); a filter sees `out`, the output.
 */
#include <string.h>

#include "plan/operator.h"
#include "rules/rule.h"

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

/* --- values --- */

/* An id and a gid are both whole numbers, but rows that share one meet in other places. What lies in a file may
 * stand where rows of several files name it: a gid only promises less. */
static void check_id(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    bool is_local = rs_column_is_local_id(column);
    bool fits = is_local            ? rs_expr_is_local_id(expr)
                : column->is_shared ? rs_expr_is_global_id(expr) || rs_expr_is_local_id(expr)
                                    : true;
    if (fits) {
        rs_check_referent(rules, column, expr);
    } else if (expr->type != RS_EXPR_IS_NOTHING) {
        rs_problems_add(&rules->problems, expr->place,
                        is_local
                            ? "%s: expected the id of something in a file (a column of type id)"
                            : "%s: expected an id (a column of type gid or id, or "
                              "global_id(...))",
                        column->name);
    }
}

static void check_columns(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    const rs_dataset *output = rule->plan.output;
    bool is_aggregate = rule->plan.op->groups;
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
                rs_kinds_property(rules->kinds, rs_str_of(rule->plan.kinds[j]),
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

/* Whether a column settles which of two rows wins: never null, and no id, whose hash says nothing. */
static bool settles(const rs_rule *rule, const rs_column *column)
{
    const rs_dataset *output = rule->plan.output;
    RS_ASSERT((size_t)(column - output->columns) < output->n_columns);
    const rs_expr *value = rule->plan.columns[column - output->columns];
    return column->entity == NULL && (column->required || (value != NULL && !value->is_nullable));
}

/* Where the score is null, and rows are alike in all else that the winner is chosen by, an id would
 * choose. */
static void check_winner(rs_rules *rules, const rs_rule *rule)
{
    const rs_winner *winner = &rule->plan.winner;
    bool is_settled = winner->n_keys == 0;
    for (size_t i = 0; i < winner->n_order && !is_settled; i++) {
        is_settled = settles(rule, winner->order[i].column);
    }
    size_t n_standard = 0;
    (void)rs_relationship_columns(&n_standard);
    RS_ASSERT(rule->plan.output->n_columns >= n_standard);
    size_t n_own = rule->plan.output->n_columns - n_standard;
    for (size_t i = 0; i < n_own && !is_settled; i++) {
        is_settled = settles(rule, &rule->plan.output->columns[i]);
    }
    if (!is_settled) {
        rs_problems_add(&rules->problems, rule->emit_place,
                        "winner: where what it is ordered by is null, an id's hash would choose: "
                        "order by a column that is never null and no id");
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
    bool is_derived = rule->plan.form == RS_EMIT_ROWS ||
                      (rule->plan.form == RS_EMIT_EDGE && !rule->plan.op->is_projection);
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
                           .kinds = rules->kinds,
                           .params = &rules->params,
                           .problems = &rules->problems};
    rs_plan_checker checker = {.problems = &rules->problems,
                               .arena = &rules->arena,
                               .scope = &scope,
                               .inputs_place = rule->input_places[0]};
    check_inputs(rules, rule);
    rule->plan.op->check(&checker, &rule->plan);
    check_columns(rules, &scope, rule);
    if (rules->problems.list.n_items == n_problems) {
        rs_check_ends(rules, rule);
    }
    check_policies(rules, &scope, rule);
    if (rules->problems.list.n_items == n_problems) {
        check_winner(rules, rule);
    }
    if (rule->plan.filter != NULL) {
        scope.n_sure = RS_PLAN_MAX_SEEN;
        scope.first_visible = rule->plan.n_seen;
        rs_check_see(&checker, &rule->plan,
                     &(rs_plan_input){.alias = "out",
                                      .dataset = rule->plan.output,
                                      .sql_alias = "out",
                                      .sql_prefix = ""});
        (void)rs_check_condition(&checker, rule->plan.filter, "filter");
    }
    rule->plan.param_uses = scope.param_uses;
    rule->is_broken = rules->problems.list.n_items > n_problems;
    rule->plan.emits = emitted_text(rules, rule);
}
