/* SPDX-License-Identifier: Apache-2.0 */
/* weights.c - does each weight of a policy weigh anything? A mistyped source would be none. */
#include "rules/rule.h"

enum { MAX_DEPTH = 8 }; /* of relationships below each other; further down nobody looks */

static bool may_give(const rs_rules *rules, const rs_plan *plan, const rs_expr *expr, rs_str text,
                     size_t depth);

/* What the rules of a relationship put into one of its columns. */
static bool may_stand_in(const rs_rules *rules, const rs_dataset *dataset, const rs_column *column,
                         rs_str text, size_t depth)
{
    bool is_relationship = false;
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_plan *plan = &rules->list.items[i]->plan;
        if (plan->contract == NULL || plan->contract->dataset != dataset) {
            continue;
        }
        RS_ASSERT((size_t)(column - dataset->columns) < dataset->n_columns);
        const rs_expr *value = plan->columns[column - dataset->columns];
        is_relationship = true;
        if (value != NULL && may_give(rules, plan, value, text, depth + 1)) {
            return true;
        }
    }
    return !is_relationship; /* evidence may hold any text */
}

static bool may_be_word(const rs_words *words, rs_str text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), text)) {
            return true;
        }
    }
    return false;
}

/* Conditions and values in turn, and perhaps what stands for all else. */
static bool may_case_give(const rs_rules *rules, const rs_plan *plan, const rs_expr *expr,
                          rs_str text, size_t depth)
{
    size_t at = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, at++) {
        bool is_value = at % 2 == 1 || (expr->has_else && child->next == NULL);
        if (is_value && may_give(rules, plan, child, text, depth)) {
            return true;
        }
    }
    return false;
}

/* Whether an expression may give that text: true unless it is plain that it does not. */
static bool may_give(const rs_rules *rules, const rs_plan *plan, const rs_expr *expr, rs_str text,
                     size_t depth)
{
    if (expr->kind == RS_EXPR_TEXT) {
        return rs_str_equal(expr->text, text);
    }
    if (expr->kind == RS_EXPR_CASE) {
        return may_case_give(rules, plan, expr, text, depth);
    }
    if (expr->kind != RS_EXPR_COLUMN || expr->column == NULL || depth > MAX_DEPTH) {
        return true;
    }
    if (expr->words != NULL) {
        return may_be_word(expr->words, text);
    }
    return expr->input >= plan->n_inputs ||
           may_stand_in(rules, plan->inputs[expr->input].dataset, expr->column, text, depth);
}

/* Does a rule name the policy, and does one of those give the source? */
static bool weighs(const rs_rules *rules, const rs_confidence_policy *policy, rs_str source,
                   bool *is_named)
{
    *is_named = false;
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_plan *plan = &rules->list.items[i]->plan;
        if (plan->policies.confidence != policy) {
            continue;
        }
        *is_named = true;
        if (plan->policies.source != NULL &&
            may_give(rules, plan, plan->policies.source, source, 0)) {
            return true;
        }
    }
    return false;
}

void rs_check_weights(rs_rules *rules)
{
    for (size_t i = 0; i < rules->policy->n_confidence; i++) {
        const rs_confidence_policy *policy = &rules->policy->confidence[i];
        for (size_t j = 0; j < policy->n_weights; j++) {
            bool is_named = false;
            const rs_source_weight *weight = &policy->weights[j];
            if (!weighs(rules, policy, rs_str_of(weight->source), &is_named) && is_named) {
                rs_problems_add(&rules->problems, weight->place,
                                "weights: no rule that names %s has the source %.60s", policy->name,
                                weight->source);
            }
        }
    }
}
