/* SPDX-License-Identifier: Apache-2.0 */
/* What operators ask of conditions and inputs. */
#include <string.h>

#include "plan/op_impl.h"

bool rs_check_condition(rs_plan_checker *checker, rs_expr *expr, const char *key)
{
    if (!rs_expr_check(checker->scope, expr)) {
        return false;
    }
    if (expr->type != RS_EXPR_IS_BOOL) {
        rs_problems_add(checker->problems, expr->place, "%s: expected true or false, found %s", key,
                        rs_expr_type_name(expr, checker->arena));
        return false;
    }
    return true;
}

/* Every further input of a join meets one before it. */
static void check_connected(rs_plan_checker *checker, const rs_plan *plan)
{
    for (size_t i = 1; i < plan->n_inputs; i++) {
        if (!rs_on_has_input(plan->on, i)) {
            rs_problems_add(checker->problems, plan->on->place,
                            "on: nothing ties %s to an input before it", plan->inputs[i].alias);
        }
    }
}

void rs_check_on(rs_plan_checker *checker, rs_plan *plan)
{
    rs_expr_scope *scope = checker->scope;
    size_t n_visible = scope->n_visible;
    scope->n_visible = plan->n_inputs;
    if (rs_check_condition(checker, plan->on, "on")) {
        bool is_half = rs_join_is_half(plan->join);
        bool is_fine = is_half ? rs_on_starts_with_equality(plan->on) : rs_on_is_equality(plan->on);
        if (is_fine && !is_half) {
            check_connected(checker, plan);
        }
        if (!is_fine) {
            rs_problems_add(
                checker->problems, plan->on->place,
                "on: expected %s.column = %s.column, or several of them joined by AND%s",
                plan->inputs[0].alias, plan->inputs[1].alias,
                is_half ? "; behind them a column = a constant" : "");
        } else if (!rs_plan_does_without(plan, 1)) {
            rs_expr_assume(scope, plan->on);
        }
    }
    scope->n_visible = n_visible;
}

/* Rows are filtered before they meet, each side by itself. */
static void check_sides(rs_plan_checker *checker, const rs_plan *plan, const rs_expr *where)
{
    if (rs_expr_is_and(where)) {
        check_sides(checker, plan, where->first);
        check_sides(checker, plan, where->first->next);
    } else if (rs_expr_inputs(where) == 3u) {
        rs_problems_add(checker->problems, where->place,
                        "where: %s filters each side before it aligns them; expected a "
                        "condition on %s or on %s alone, and AND between such",
                        plan->op->name, plan->inputs[0].alias, plan->inputs[1].alias);
    }
}

void rs_check_where(rs_plan_checker *checker, rs_plan *plan)
{
    if (plan->where == NULL || !rs_check_condition(checker, plan->where, "where")) {
        return;
    }
    if (plan->op->filters_first) {
        check_sides(checker, plan, plan->where);
    }
    if (!plan->align.keeps_left) {
        rs_expr_assume(checker->scope, plan->where);
    }
}

rs_dataset *rs_check_new_dataset(rs_plan_checker *checker, const char *name, size_t n_columns,
                                 rs_column **columns)
{
    rs_dataset *dataset = rs_arena_alloc(checker->arena, 1, sizeof *dataset);
    *columns = rs_arena_alloc(checker->arena, n_columns, sizeof **columns);
    if (dataset == NULL || *columns == NULL) {
        checker->problems->failed = true;
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

void rs_check_see(rs_plan_checker *checker, rs_plan *plan, const rs_plan_input *input)
{
    RS_ASSERT(plan->n_seen < RS_PLAN_MAX_SEEN);
    plan->inputs[plan->n_seen++] = *input;
    checker->scope->n_inputs = plan->n_seen;
    checker->scope->n_visible = plan->n_seen;
}
