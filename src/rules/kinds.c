/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds and their required properties: what the rules say of each other. */
#include <string.h>

#include "rules/rule.h"

/* Some props rule gives the property to the kind. */
static bool is_given(const rs_rules *rules, const rs_property *property, const char *kind)
{
    rs_emit_form form = property->is_edge ? RS_EMIT_EDGE_PROPS : RS_EMIT_PROPS;
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_rule *rule = rules->list.items[i];
        if (rule->plan.form != form) {
            continue;
        }
        bool has_kind = false;
        for (size_t j = 0; j < rule->plan.n_kinds && !has_kind; j++) {
            has_kind =
                strcmp(rule->plan.kinds[j], kind) == 0 || strcmp(rule->plan.kinds[j], "ANY") == 0;
        }
        for (size_t j = 0; j < rule->n_values && has_kind; j++) {
            if (rs_str_equal(rule->values[j].key, rs_str_of(property->key))) {
                return true;
            }
        }
    }
    return false;
}

/* A text of the expression is the name. */
static bool says(const rs_expr *expr, const char *name)
{
    bool found =
        expr != NULL && expr->kind == RS_EXPR_TEXT && rs_str_equal(expr->text, rs_str_of(name));
    for (const rs_expr *child = expr != NULL ? expr->first : NULL; child != NULL && !found;
         child = child->next) {
        found = says(child, name); /* no deeper than RS_EXPR_MAX_DEPTH */
    }
    return found;
}

/* The rule can emit the kind: it names it, or its rows have any kind of their lens that the registry has. */
static bool may_emit(const rs_rule *rule, const rs_kind *kind, bool is_declared)
{
    if (rule->is_broken || rule->plan.form != (kind->is_edge ? RS_EMIT_EDGE : RS_EMIT_NODE)) {
        return false;
    }
    if (rule->plan.n_kinds > 0) {
        return strcmp(rule->plan.kinds[0], kind->name) == 0;
    }
    if (is_declared) {
        return says(rule->plan.columns[rs_column_index(rule->plan.output, "kind")], kind->name);
    }
    return rule->plan.n_inputs > 0 && strcmp(rule->plan.inputs[0].dataset->lens, kind->lens) == 0;
}

static bool has_column(const rs_rule *rule, const char *name)
{
    const rs_dataset *output = rule->plan.output;
    const rs_column *column = rs_column_find(output, rs_str_of(name));
    bool is_inherited = rs_plan_relationship(&rule->plan) != SIZE_MAX && rs_inherits(name);
    return column != NULL && (is_inherited || rule->plan.columns[column - output->columns] != NULL);
}

static void check_properties(rs_rules *rules, const rs_rule *rule, const rs_kind *kind,
                             const rs_property *all, size_t n_properties)
{
    for (size_t i = 0; i < n_properties; i++) {
        if (all[i].required && all[i].is_edge == kind->is_edge &&
            strcmp(all[i].kind, kind->name) == 0 && !has_column(rule, all[i].key) &&
            !is_given(rules, &all[i], kind->name)) {
            rs_problems_add(&rules->problems, rule->emit_place,
                            "kind %s requires the property %s, which no rule gives", kind->name,
                            all[i].key);
        }
    }
}

static void check_rule_kinds(rs_rules *rules, const rs_rule *rule, bool is_edge)
{
    const rs_kinds *kinds = rules->kinds;
    size_t n_builtin = 0;
    const rs_property *builtin = rs_properties(&n_builtin);
    for (size_t i = 0; i < rs_kinds_count(kinds, is_edge); i++) {
        const rs_kind *kind = rs_kinds_get(kinds, is_edge, i);
        if (may_emit(rule, kind, rs_kinds_is_declared(is_edge, i))) {
            check_properties(rules, rule, kind, builtin, n_builtin);
            check_properties(rules, rule, kind, kinds->properties, kinds->n_properties);
        }
    }
}

void rs_check_kinds(rs_rules *rules)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        check_rule_kinds(rules, rules->list.items[i], false);
        check_rule_kinds(rules, rules->list.items[i], true);
    }
}
