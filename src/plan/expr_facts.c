/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the tree of an expression. Depth is bounded by RS_EXPR_MAX_DEPTH. */
#include <string.h>

#include "plan/expr.h"

unsigned rs_expr_inputs(const rs_expr *expr)
{
    unsigned inputs = expr->kind == RS_EXPR_COLUMN ? 1u << expr->input : 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        inputs |= rs_expr_inputs(child);
    }
    return inputs;
}

uint64_t rs_expr_columns(const rs_expr *expr, const rs_plan_input *inputs, size_t input)
{
    uint64_t columns = 0;
    if (expr->kind == RS_EXPR_COLUMN && expr->input == input) {
        columns = UINT64_C(1) << (expr->column - inputs[input].dataset->columns);
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        columns |= rs_expr_columns(child, inputs, input);
    }
    return columns;
}

bool rs_expr_is_and(const rs_expr *expr)
{
    return expr->kind == RS_EXPR_BINARY && strcmp(expr->op->symbol, "AND") == 0;
}

bool rs_on_is_equality(const rs_expr *on)
{
    if (rs_expr_is_and(on)) {
        return rs_on_is_equality(on->first) && rs_on_is_equality(on->first->next);
    }
    if (on->kind != RS_EXPR_BINARY || strcmp(on->op->symbol, "=") != 0) {
        return false;
    }
    unsigned left = rs_expr_inputs(on->first);
    unsigned right = rs_expr_inputs(on->first->next);
    return (left == 1u && right == 2u) || (left == 2u && right == 1u);
}

/* min, max and coalesce of ids are ids. */
static bool passes_on(const rs_expr *expr)
{
    static const char *const names[] = {"coalesce", "max", "min"};
    for (size_t i = 0; expr->kind == RS_EXPR_CALL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], expr->function->name) == 0) {
            return true;
        }
    }
    return false;
}

bool rs_expr_is_local_id(const rs_expr *expr)
{
    bool all = passes_on(expr);
    for (const rs_expr *child = expr->first; child != NULL && all; child = child->next) {
        all = rs_expr_is_local_id(child);
    }
    return all || (expr->kind == RS_EXPR_COLUMN && rs_column_is_local_id(expr->column));
}

bool rs_expr_is_global_id(const rs_expr *expr)
{
    bool all = passes_on(expr);
    for (const rs_expr *child = expr->first; child != NULL && all; child = child->next) {
        all = rs_expr_is_global_id(child);
    }
    return all || (expr->kind == RS_EXPR_COLUMN && expr->column->is_shared) ||
           (expr->kind == RS_EXPR_CALL && strcmp(expr->function->name, "global_id") == 0);
}

bool rs_on_is_local(const rs_expr *on)
{
    if (rs_expr_is_and(on)) {
        return rs_on_is_local(on->first) || rs_on_is_local(on->first->next);
    }
    return rs_expr_is_local_id(on->first) && rs_expr_is_local_id(on->first->next);
}
