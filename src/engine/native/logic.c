/* SPDX-License-Identifier: Apache-2.0 */
/* True, false and null; and one value or another. */
#include <string.h>

#include "engine/native/native.h"

static size_t step(const rs_native_vector *value)
{
    return value->form == RS_FORM_FLAT;
}

/* --- AND, OR, NOT --- */

/* What either side alone decides: op->most, 1 for OR. The other way round it takes both. */
static void settle(const rs_native_vector *a, const rs_native_vector *b, uint8_t decides,
                   uint8_t *out, uint8_t *valid, size_t n)
{
    const uint8_t *x = a->values;
    const uint8_t *y = b->values;
    for (size_t i = 0; i < n; i++) {
        uint8_t has_x = rs_native_valid_at(a, i);
        uint8_t has_y = rs_native_valid_at(b, i);
        bool x_decides = has_x == RS_NATIVE_VALID && x[i * step(a)] == decides;
        bool y_decides = has_y == RS_NATIVE_VALID && y[i * step(b)] == decides;
        bool decided = x_decides || y_decides;
        out[i] = decided ? decides : !decides;
        valid[i] = decided || (has_x & has_y & RS_NATIVE_VALID) != 0;
        valid[i] |= (has_x | has_y) & RS_NATIVE_FAULT;
    }
}

static void run_logic(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const rs_native_vector *a = rs_native_at(machine, op->a);
    const rs_native_vector *b = rs_native_at(machine, op->b);
    bool is_flat = a->form == RS_FORM_FLAT || b->form == RS_FORM_FLAT;
    uint8_t *out = rs_native_values(machine, op->out);
    uint8_t *valid = rs_native_validity(machine, op->out);
    uint8_t decides = (uint8_t)op->most;
    n = is_flat ? n : 1;
    if (a->form == RS_FORM_FLAT && b->form == RS_FORM_FLAT && a->valid == NULL &&
        b->valid == NULL) {
        const uint8_t *x = a->values;
        const uint8_t *y = b->values;
        for (size_t i = 0; i < n; i++) {
            out[i] = decides != 0 ? x[i] | y[i] : x[i] & y[i];
        }
        rs_native_set(machine, op->out, RS_FORM_FLAT, NULL);
        return;
    }
    settle(a, b, decides, out, valid, n);
    rs_native_set(machine, op->out, is_flat ? RS_FORM_FLAT : RS_FORM_CONSTANT, valid);
}

static void run_not(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    for (size_t i = 0; i < o.n; i++) {
        ((uint8_t *)o.out)[i] = ((const uint8_t *)o.a)[i] == 0;
    }
}

rs_native_value rs_native_negate(rs_native_compiler *compiler, rs_native_value value)
{
    return value.class == RS_NATIVE_NOTHING
               ? value
               : rs_native_emit(compiler, (rs_native_op){.run = run_not, .a = value.at},
                                RS_NATIVE_BOOL, NULL);
}

rs_native_value rs_native_and(rs_native_compiler *compiler, rs_native_value a, rs_native_value b)
{
    return rs_native_emit(compiler, (rs_native_op){.run = run_logic, .a = a.at, .b = b.at},
                          RS_NATIVE_BOOL, NULL);
}

rs_native_value rs_native_compile_logic(rs_native_compiler *compiler, const rs_expr *expr)
{
    rs_native_value a = rs_native_compile(compiler, expr->first);
    if (expr->kind == RS_EXPR_UNARY) {
        return rs_native_negate(compiler, a);
    }
    rs_native_value b = rs_native_compile(compiler, expr->first->next);
    const rs_native_op op = {
        .run = run_logic, .a = a.at, .b = b.at, .most = strcmp(expr->op->symbol, "OR") == 0};
    return rs_native_emit(compiler, op, RS_NATIVE_BOOL, NULL);
}

/* --- IS NULL --- */

/* op->most: true is asked for. */
static void run_is_null(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const rs_native_vector *a = rs_native_at(machine, op->a);
    uint8_t *out = rs_native_values(machine, op->out);
    uint8_t any = 0;
    bool is_constant = a->form != RS_FORM_FLAT || a->valid == NULL;
    n = is_constant ? 1 : n;
    for (size_t i = 0; i < n; i++) {
        uint8_t valid = rs_native_valid_at(a, i);
        out[i] = (valid == 0) == (op->most != 0);
        any |= valid;
    }
    rs_native_set(machine, op->out, is_constant ? RS_FORM_CONSTANT : RS_FORM_FLAT, NULL);
    if ((any & RS_NATIVE_FAULT) != 0) {
        uint8_t *valid = rs_native_own_validity(machine, op->out, n);
        for (size_t i = 0; i < n; i++) {
            valid[i] |= rs_native_valid_at(a, i) & RS_NATIVE_FAULT;
        }
    }
}

rs_native_value rs_native_compile_is_null(rs_native_compiler *compiler, const rs_expr *expr)
{
    rs_native_value a = rs_native_compile(compiler, expr->first);
    const rs_native_op op = {.run = run_is_null, .a = a.at, .most = !expr->is_negated};
    return rs_native_emit(compiler, op, RS_NATIVE_BOOL, NULL);
}

/* --- one or the other --- */

static size_t bytes_of(rs_native_class class)
{
    static const uint8_t bytes[] = {[RS_NATIVE_UNSAID] = 1,
                                    [RS_NATIVE_NOTHING] = 1,
                                    [RS_NATIVE_BOOL] = 1,
                                    [RS_NATIVE_WORD] = 1,
                                    [RS_NATIVE_WHOLE] = sizeof(int64_t),
                                    [RS_NATIVE_FLOAT] = sizeof(double),
                                    [RS_NATIVE_TEXT] = sizeof(rs_str)};
    return bytes[class];
}

static inline __attribute__((always_inline)) void pick_values(const rs_native_vector *yes,
                                                              const rs_native_vector *no,
                                                              const uint8_t *takes_yes,
                                                              size_t n_bytes, char *out, size_t n)
{
    const char *from[] = {no->values, yes->values};
    size_t steps[] = {step(no) * n_bytes, step(yes) * n_bytes};
    bool is_there[] = {no->form != RS_FORM_NULL, yes->form != RS_FORM_NULL};
    for (size_t i = 0; i < n; i++) {
        size_t which = takes_yes[i];
        if (is_there[which]) {
            memcpy(out + i * n_bytes, from[which] + i * steps[which], n_bytes);
        } else {
            memset(out + i * n_bytes, 0, n_bytes);
        }
    }
}

/* Rows of yes or no, by row. least is the size of a value. */
static void pick(rs_native_machine *machine, const rs_native_op *op, const rs_native_vector *yes,
                 const rs_native_vector *no, const uint8_t *takes_yes, size_t n)
{
    char *out = rs_native_values(machine, op->out);
    switch (op->least) {
    case 1:
        pick_values(yes, no, takes_yes, 1, out, n);
        break;
    case sizeof(int64_t):
        pick_values(yes, no, takes_yes, sizeof(int64_t), out, n);
        break;
    default:
        pick_values(yes, no, takes_yes, sizeof(rs_str), out, n);
        break;
    }
    uint8_t *valid = rs_native_validity(machine, op->out);
    uint8_t all = RS_NATIVE_VALID;
    for (size_t i = 0; i < n; i++) {
        valid[i] = rs_native_valid_at(takes_yes[i] != 0 ? yes : no, i);
        all &= valid[i];
    }
    bool is_valid = all == RS_NATIVE_VALID && memchr(valid, RS_NATIVE_FAULT, n) == NULL &&
                    memchr(valid, RS_NATIVE_FAULT | RS_NATIVE_VALID, n) == NULL;
    rs_native_set(machine, op->out, RS_FORM_FLAT, is_valid ? NULL : valid);
}

/* a where c is true, else b. */
static void run_choose(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    uint8_t takes_yes[RS_FRAME_ROWS] = {0};
    uint8_t any_fault = 0;
    const rs_native_vector *condition = rs_native_at(machine, op->c);
    const uint8_t *values = condition->values;
    if (condition->form == RS_FORM_NULL) {
        machine->registers[op->out].value = *rs_native_at(machine, op->b);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t valid = rs_native_valid_at(condition, i);
        takes_yes[i] = valid == RS_NATIVE_VALID && values[i * step(condition)] != 0;
        any_fault |= valid & RS_NATIVE_FAULT;
    }
    pick(machine, op, rs_native_at(machine, op->a), rs_native_at(machine, op->b), takes_yes, n);
    uint8_t *valid = any_fault != 0 ? rs_native_own_validity(machine, op->out, n) : NULL;
    for (size_t i = 0; i < n && any_fault != 0; i++) {
        valid[i] |= rs_native_valid_at(condition, i) & RS_NATIVE_FAULT;
    }
}

/* a where it is not null, else b. */
static void run_first(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    uint8_t takes_yes[RS_FRAME_ROWS] = {0};
    const rs_native_vector *a = rs_native_at(machine, op->a);
    if (a->form == RS_FORM_NULL || a->valid == NULL) {
        machine->registers[op->out].value =
            *rs_native_at(machine, a->form == RS_FORM_NULL ? op->b : op->a);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        takes_yes[i] = rs_native_valid_at(a, i) != 0;
    }
    pick(machine, op, a, rs_native_at(machine, op->b), takes_yes, n);
}

static rs_native_value one_of(rs_native_compiler *compiler, rs_native_op op, rs_native_value a,
                              rs_native_value b)
{
    rs_native_value of = a.class != RS_NATIVE_NOTHING ? a : b;
    op.a = a.at;
    op.b = b.at;
    op.least = (int64_t)bytes_of(of.class);
    return rs_native_emit(compiler, op, of.class, of.words);
}

rs_native_value rs_native_choose(rs_native_compiler *compiler, rs_native_value condition,
                                 rs_native_value yes, rs_native_value no)
{
    return one_of(compiler, (rs_native_op){.run = run_choose, .c = condition.at}, yes, no);
}

rs_native_value rs_native_first(rs_native_compiler *compiler, rs_native_value value,
                                rs_native_value otherwise)
{
    return one_of(compiler, (rs_native_op){.run = run_first}, value, otherwise);
}
