/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions to programs. What an expression is was checked when its rule was; what is asked here is which
 * instruction does it, for values of these classes. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

static const rs_native_value nothing = {.class = RS_NATIVE_NOTHING};

void rs_native_program_release(rs_native_program *program)
{
    rs_native_ops_release(&program->ops);
    rs_native_loads_release(&program->loads);
}

rs_native_value rs_native_refuse(rs_native_compiler *compiler, const char *format, ...)
{
    char text[160];
    va_list args;
    if (!compiler->cannot && compiler->why_not != NULL) {
        va_start(args, format);
        (void)vsnprintf(text, sizeof text, format, args);
        va_end(args);
        rs_buf_add(compiler->why_not, text);
    }
    compiler->cannot = true;
    return nothing;
}

void *rs_native_take(rs_native_compiler *compiler, size_t n_items, size_t n_item_bytes)
{
    void *memory = rs_arena_alloc(compiler->arena, n_items + 1, n_item_bytes);
    if (memory == NULL) {
        compiler->failed = true;
        return NULL;
    }
    memset(memory, 0, (n_items + 1) * n_item_bytes);
    return memory;
}

rs_native_value rs_native_emit(rs_native_compiler *compiler, rs_native_op op, rs_native_class class,
                               const rs_words *words)
{
    rs_native_program *program = compiler->program;
    op.out = (uint16_t)program->n_registers;
    if (program->n_registers >= UINT16_MAX) {
        return rs_native_refuse(compiler, "an expression of too many parts");
    }
    if (!rs_native_ops_push(&program->ops, op)) {
        compiler->failed = true;
        return nothing;
    }
    program->n_registers++;
    return (rs_native_value){class, words, op.out};
}

/* --- constants --- */

static void run_constant(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    static const uint8_t fault = RS_NATIVE_FAULT;
    (void)n;
    rs_native_set(machine, op->out, op->data == NULL ? RS_FORM_NULL : RS_FORM_CONSTANT,
                  op->least != 0 ? &fault : NULL);
    machine->registers[op->out].value.values = op->data;
}

rs_native_value rs_native_null(rs_native_compiler *compiler)
{
    return rs_native_emit(compiler, (rs_native_op){.run = run_constant}, RS_NATIVE_NOTHING, NULL);
}

rs_native_value rs_native_constant(rs_native_compiler *compiler, rs_native_class class,
                                   const void *value, size_t n_bytes)
{
    void *copy = rs_native_take(compiler, 1, n_bytes);
    if (copy == NULL) {
        return nothing;
    }
    memcpy(copy, value, n_bytes);
    return rs_native_emit(compiler, (rs_native_op){.run = run_constant, .data = copy}, class, NULL);
}

static rs_native_value compile_bool(rs_native_compiler *compiler, bool value)
{
    uint8_t byte = value;
    return rs_native_constant(compiler, RS_NATIVE_BOOL, &byte, sizeof byte);
}

/* --- columns --- */

/* `each` is the row of whichever input is at hand. */
static rs_native_value compile_each(rs_native_compiler *compiler, const rs_column *column)
{
    const rs_dataset *dataset = compiler->plan->inputs[compiler->input].dataset;
    const rs_column *own = rs_column_find(dataset, rs_str_of(column->name));
    return own == NULL ? compile_bool(compiler, false) /* what cannot be damaged */
                       : rs_native_compile_load(compiler, compiler->input,
                                                (size_t)(own - dataset->columns));
}

static rs_native_value compile_column(rs_native_compiler *compiler, const rs_expr *expr)
{
    const rs_plan *plan = compiler->plan;
    const rs_dataset *dataset = plan->inputs[expr->input].dataset;
    size_t column = rs_column_index(dataset, expr->column->name);
    if (compiler->outputs != NULL && expr->input + 1 == plan->n_seen) {
        return compiler->outputs[column];
    }
    bool is_each = expr->input >= plan->n_inputs && plan->op->places == RS_PLACES_ANY;
    return is_each ? compile_each(compiler, expr->column)
                   : rs_native_compile_load(compiler, expr->input, column);
}

/* --- one of several values --- */

/* A value of one of several as what all of them are. */
static rs_native_value as_joined(rs_native_compiler *compiler, const rs_expr *whole,
                                 const rs_expr *part, rs_native_value value)
{
    if (value.class == RS_NATIVE_NOTHING) {
        return value;
    }
    if (whole->type == RS_EXPR_IS_WORD) {
        const rs_column column = {.name = "", .type = RS_TYPE_ENUM, .words = whole->words};
        return rs_native_cast(compiler, value, part, &column);
    }
    return whole->type == RS_EXPR_IS_F64    ? rs_native_as_float(compiler, value)
           : whole->type == RS_EXPR_IS_TEXT ? rs_native_as_text(compiler, value)
                                            : value;
}

static rs_native_value compile_case(rs_native_compiler *compiler, const rs_expr *expr,
                                    const rs_expr *child)
{
    if (child == NULL) {
        return rs_native_null(compiler);
    }
    if (child->next == NULL) {
        return as_joined(compiler, expr, child, rs_native_compile(compiler, child));
    }
    rs_native_value condition = rs_native_compile(compiler, child);
    rs_native_value yes =
        as_joined(compiler, expr, child->next, rs_native_compile(compiler, child->next));
    rs_native_value no = compile_case(compiler, expr, child->next->next);
    return rs_native_choose(compiler, condition, yes, no);
}

static rs_native_value compile_coalesce(rs_native_compiler *compiler, const rs_expr *expr,
                                        const rs_expr *child)
{
    rs_native_value value = as_joined(compiler, expr, child, rs_native_compile(compiler, child));
    return child->next == NULL
               ? value
               : rs_native_first(compiler, value, compile_coalesce(compiler, expr, child->next));
}

/* --- all --- */

static rs_native_value compile_operator(rs_native_compiler *compiler, const rs_expr *expr)
{
    switch (expr->op->op_class) {
    case RS_OP_LOGIC:
        return rs_native_compile_logic(compiler, expr);
    case RS_OP_COMPARE:
        return rs_native_compile_compare(compiler, expr);
    case RS_OP_BITS:
        return rs_native_compile_bits(compiler, expr);
    case RS_OP_NUMBER:
        return rs_native_compile_number(compiler, expr);
    case RS_OP_CONCAT:
        return rs_native_compile_concat(compiler, expr);
    }
    return nothing;
}

static rs_native_value compile_call(rs_native_compiler *compiler, const rs_expr *expr)
{
    if (rs_native_is_damage_of_group(compiler->plan, expr)) {
        return rs_native_compile(compiler, expr->first);
    }
    if (expr->function->is_aggregate) {
        return rs_native_refuse(compiler, "%s() of a group", expr->function->name);
    }
    return strcmp(expr->function->name, "coalesce") == 0
               ? compile_coalesce(compiler, expr, expr->first)
               : rs_native_compile_call(compiler, expr);
}

/* Depth is bounded by RS_EXPR_MAX_DEPTH; a CASE or coalesce by RS_EXPR_MAX_CHILDREN beside it. */
rs_native_value rs_native_compile(rs_native_compiler *compiler, const rs_expr *expr)
{
    if (compiler->failed || compiler->cannot) {
        return nothing;
    }
    switch (expr->kind) {
    case RS_EXPR_COLUMN:
        return compile_column(compiler, expr);
    case RS_EXPR_TEXT:
        return rs_native_constant(compiler, RS_NATIVE_TEXT, &expr->text, sizeof expr->text);
    case RS_EXPR_INT:
        return rs_native_constant(compiler, RS_NATIVE_WHOLE, &expr->i64, sizeof expr->i64);
    case RS_EXPR_FLOAT:
        return rs_native_constant(compiler, RS_NATIVE_FLOAT, &expr->f64, sizeof expr->f64);
    case RS_EXPR_BOOL:
        return compile_bool(compiler, expr->i64 != 0);
    case RS_EXPR_NULL:
        return rs_native_null(compiler);
    case RS_EXPR_UNARY:
    case RS_EXPR_BINARY:
        return compile_operator(compiler, expr);
    case RS_EXPR_IS_NULL:
        return rs_native_compile_is_null(compiler, expr);
    case RS_EXPR_IN:
        return rs_native_compile_in(compiler, expr);
    case RS_EXPR_IN_PARAM:
        return rs_native_compile_in_param(compiler, expr);
    case RS_EXPR_CASE:
        return compile_case(compiler, expr, expr->first);
    case RS_EXPR_CALL:
        return compile_call(compiler, expr);
    }
    return nothing;
}

rs_native_value rs_native_compile_as(rs_native_compiler *compiler, const rs_expr *expr,
                                     const rs_column *column)
{
    if (expr == NULL) {
        return rs_native_null(compiler);
    }
    rs_native_value value = rs_native_compile(compiler, expr);
    return compiler->failed || compiler->cannot ? value
                                                : rs_native_cast(compiler, value, expr, column);
}

static bool is_fraction(const rs_expr *expr)
{
    return expr->type == RS_EXPR_IS_F64;
}

static bool is_text(const rs_expr *expr)
{
    return expr->type == RS_EXPR_IS_TEXT || expr->type == RS_EXPR_IS_WORD;
}

/* Words of one set could be compared by their numbers; as keys, they are few and short. */
rs_native_value rs_native_compile_key(rs_native_compiler *compiler, const rs_expr *side,
                                      const rs_expr *other)
{
    rs_native_value value = rs_native_compile(compiler, side);
    if (compiler->failed || compiler->cannot || value.class == RS_NATIVE_NOTHING) {
        return value;
    }
    if (is_text(side)) {
        return rs_native_as_text(compiler, value);
    }
    return is_fraction(side) || is_fraction(other) ? rs_native_as_float(compiler, value) : value;
}
