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

static bool is_one(unsigned inputs)
{
    return inputs != 0 && (inputs & (inputs - 1)) == 0;
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
    return is_one(left) && is_one(right) && left != right;
}

size_t rs_on_input(const rs_expr *equality)
{
    size_t last = 0;
    for (unsigned inputs = rs_expr_inputs(equality) >> 1; inputs != 0; inputs >>= 1) {
        last++;
    }
    return last;
}

bool rs_on_has_input(const rs_expr *on, size_t input)
{
    return rs_expr_is_and(on)
               ? rs_on_has_input(on->first, input) || rs_on_has_input(on->first->next, input)
               : rs_on_input(on) == input;
}

/* A column of one input against what names none. */
static bool is_constant_equality(const rs_expr *expr)
{
    if (expr->kind != RS_EXPR_BINARY || strcmp(expr->op->symbol, "=") != 0) {
        return false;
    }
    unsigned left = rs_expr_inputs(expr->first);
    unsigned right = rs_expr_inputs(expr->first->next);
    return (left == 0) != (right == 0) && (left | right) <= 2u;
}

/* Any terms of an `on` but the first. */
static bool may_stand_behind(const rs_expr *expr)
{
    if (rs_expr_is_and(expr)) {
        return may_stand_behind(expr->first) && may_stand_behind(expr->first->next);
    }
    return rs_on_is_equality(expr) || is_constant_equality(expr);
}

bool rs_on_starts_with_equality(const rs_expr *on)
{
    return rs_expr_is_and(on)
               ? rs_on_starts_with_equality(on->first) && may_stand_behind(on->first->next)
               : rs_on_is_equality(on);
}

/* What these make of ids that lie together lies with them. */
static bool passes_on(const rs_expr *expr)
{
    static const char *const names[] = {"coalesce", "file_of", "max", "min", "root_of"};
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

bool rs_on_is_local(const rs_expr *on, size_t input)
{
    if (rs_expr_is_and(on)) {
        return rs_on_is_local(on->first, input) || rs_on_is_local(on->first->next, input);
    }
    return rs_on_input(on) == input && rs_expr_is_local_id(on->first) &&
           rs_expr_is_local_id(on->first->next);
}

/* --- what ids refer to --- */

static rs_referent of_entity(rs_entity_index index)
{
    return rs_referent_of(&rs_entities[index]);
}

static rs_referent join_children(const rs_expr *expr)
{
    rs_referent all = rs_referent_null();
    size_t index = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        bool is_condition = expr->kind == RS_EXPR_CASE && index % 2 == 0 && child->next != NULL;
        all = is_condition ? all : rs_referent_join(all, rs_expr_referent(child));
    }
    return all;
}

static rs_referent call_referent(const rs_expr *expr)
{
    static const struct {
        const char *function;
        rs_entity_index entity;
    } made[] = {
        {"edge_id", RS_ENTITY_edge},
        {"file_of", RS_ENTITY_file},
        {"root_of", RS_ENTITY_module},
    };
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        if (strcmp(made[i].function, expr->function->name) == 0) {
            return of_entity(made[i].entity);
        }
    }
    if (expr->node_kind > 0) {
        return rs_referent_of_global((int)expr->node_kind - 1);
    }
    return passes_on(expr) ? join_children(expr) : of_entity(RS_ENTITY_any);
}

rs_referent rs_expr_referent(const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_COLUMN && expr->column->entity != NULL) {
        return rs_referent_of(expr->column->entity);
    }
    if (expr->kind == RS_EXPR_CALL) {
        return call_referent(expr);
    }
    if (expr->kind == RS_EXPR_NULL) {
        return rs_referent_null();
    }
    return expr->kind == RS_EXPR_CASE ? join_children(expr) : of_entity(RS_ENTITY_any);
}

bool rs_expr_lies_in_file(const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_COLUMN && expr->column->entity != NULL) {
        const rs_entity *entity = expr->column->entity;
        bool is_declared = entity == &rs_entities[RS_ENTITY_any] && !expr->column->is_shared;
        return is_declared || entity->home == RS_HOME_FILE;
    }
    bool all = passes_on(expr);
    for (const rs_expr *child = expr->first; child != NULL && all; child = child->next) {
        all = rs_expr_lies_in_file(child);
    }
    return all;
}
