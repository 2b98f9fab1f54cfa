/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: arithmetic, bits, comparing, and what else is compared. */
#include <math.h>
#include <string.h>

#include "engine/native/native.h"

/* A loop for each way in which two operands may be constant: none of them asks a row. */
#define RS_LOOPS(IN, OUT, EXPR)                                                                    \
    rs_native_operands o;                                                                          \
    if (!rs_native_begin(machine, op, n, &o)) {                                                    \
        return;                                                                                    \
    }                                                                                              \
    const IN *a = o.a;                                                                             \
    const IN *b = o.b;                                                                             \
    OUT *out = o.out;                                                                              \
    if (o.a_steps && o.b_steps) {                                                                  \
        for (size_t i = 0; i < o.n; i++) {                                                         \
            const IN x = a[i];                                                                     \
            const IN y = b[i];                                                                     \
            out[i] = (OUT)(EXPR);                                                                  \
        }                                                                                          \
    } else if (o.b_steps) {                                                                        \
        const IN x = *a;                                                                           \
        for (size_t i = 0; i < o.n; i++) {                                                         \
            const IN y = b[i];                                                                     \
            out[i] = (OUT)(EXPR);                                                                  \
        }                                                                                          \
    } else {                                                                                       \
        const IN y = *b;                                                                           \
        for (size_t i = 0; i < o.n; i++) {                                                         \
            const IN x = a[i];                                                                     \
            out[i] = (OUT)(EXPR);                                                                  \
        }                                                                                          \
    }

#define RS_BINARY(name, IN, OUT, EXPR)                                                             \
    static void name(rs_native_machine *machine, const rs_native_op *op, size_t n)                 \
    {                                                                                              \
        RS_LOOPS(IN, OUT, EXPR)                                                                    \
    }

/* --- comparing --- */

static int compare_floats(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return (a > b) - (a < b);
}

static int compare_texts(rs_str a, rs_str b)
{
    size_t n_bytes = a.n_bytes < b.n_bytes ? a.n_bytes : b.n_bytes;
    int order = n_bytes > 0 ? memcmp(a.bytes, b.bytes, n_bytes) : 0;
    return order != 0 ? order : (a.n_bytes > b.n_bytes) - (a.n_bytes < b.n_bytes);
}

RS_BINARY(run_eq_whole, int64_t, uint8_t, x == y)
RS_BINARY(run_ne_whole, int64_t, uint8_t, x != y)
RS_BINARY(run_lt_whole, int64_t, uint8_t, x < y)
RS_BINARY(run_le_whole, int64_t, uint8_t, x <= y)
RS_BINARY(run_gt_whole, int64_t, uint8_t, x > y)
RS_BINARY(run_ge_whole, int64_t, uint8_t, x >= y)
RS_BINARY(run_eq_byte, uint8_t, uint8_t, x == y)
RS_BINARY(run_ne_byte, uint8_t, uint8_t, x != y)
RS_BINARY(run_lt_byte, uint8_t, uint8_t, x < y)
RS_BINARY(run_le_byte, uint8_t, uint8_t, x <= y)
RS_BINARY(run_gt_byte, uint8_t, uint8_t, x > y)
RS_BINARY(run_ge_byte, uint8_t, uint8_t, x >= y)
RS_BINARY(run_eq_float, double, uint8_t, compare_floats(x, y) == 0)
RS_BINARY(run_ne_float, double, uint8_t, compare_floats(x, y) != 0)
RS_BINARY(run_lt_float, double, uint8_t, compare_floats(x, y) < 0)
RS_BINARY(run_le_float, double, uint8_t, compare_floats(x, y) <= 0)
RS_BINARY(run_gt_float, double, uint8_t, compare_floats(x, y) > 0)
RS_BINARY(run_ge_float, double, uint8_t, compare_floats(x, y) >= 0)
RS_BINARY(run_eq_text, rs_str, uint8_t, rs_str_equal(x, y))
RS_BINARY(run_ne_text, rs_str, uint8_t, !rs_str_equal(x, y))
RS_BINARY(run_lt_text, rs_str, uint8_t, compare_texts(x, y) < 0)
RS_BINARY(run_le_text, rs_str, uint8_t, compare_texts(x, y) <= 0)
RS_BINARY(run_gt_text, rs_str, uint8_t, compare_texts(x, y) > 0)
RS_BINARY(run_ge_text, rs_str, uint8_t, compare_texts(x, y) >= 0)

/* By operator, then by class. */
static const struct comparison {
    const char *symbol;
    bool is_below; /* true of an order below 0, of 0, above 0 */
    bool is_equal;
    bool is_above;
    rs_native_run *runs[RS_NATIVE_TEXT + 1];
} comparisons[] = {
#define RS_COMPARISON(symbol, below, equal, above, name)                                           \
    {                                                                                              \
        symbol, below, equal, above,                                                               \
        {                                                                                          \
            [RS_NATIVE_BOOL] = run_##name##_byte, [RS_NATIVE_WORD] = run_##name##_byte,            \
            [RS_NATIVE_WHOLE] = run_##name##_whole, [RS_NATIVE_FLOAT] = run_##name##_float,        \
            [RS_NATIVE_TEXT] = run_##name##_text                                                   \
        }                                                                                          \
    }
    RS_COMPARISON("=", false, true, false, eq), RS_COMPARISON("<>", true, false, true, ne),
    RS_COMPARISON("!=", true, false, true, ne), RS_COMPARISON("<", true, false, false, lt),
    RS_COMPARISON("<=", true, true, false, le), RS_COMPARISON(">", false, false, true, gt),
    RS_COMPARISON(">=", false, true, true, ge),
#undef RS_COMPARISON
};

static const struct comparison *find_comparison(const char *symbol)
{
    size_t i = 0;
    while (strcmp(comparisons[i].symbol, symbol) != 0) {
        i++;
        RS_ASSERT(i < sizeof comparisons / sizeof comparisons[0]);
    }
    return &comparisons[i];
}

/* A table by word: data. */
static void run_by_word(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    const uint8_t *table = op->data;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    const uint8_t *a = o.a;
    uint8_t *out = o.out;
    for (size_t i = 0; i < o.n; i++) {
        out[i] = table[a[i]];
    }
}

static rs_native_value compare_word(rs_native_compiler *compiler, const struct comparison *with,
                                    rs_native_value word, rs_str text, bool word_is_left)
{
    uint8_t *table = rs_native_take(compiler, UINT8_MAX + 1, 1);
    for (size_t i = 0; table != NULL && i < word.words->n_words; i++) {
        int order = compare_texts(rs_str_of(word.words->words[i]), text);
        order = word_is_left ? order : -order;
        table[i] = order < 0 ? with->is_below : order == 0 ? with->is_equal : with->is_above;
    }
    return rs_native_emit(compiler, (rs_native_op){.run = run_by_word, .a = word.at, .data = table},
                          RS_NATIVE_BOOL, NULL);
}

static bool is_text(rs_native_value value)
{
    return value.class == RS_NATIVE_TEXT || value.class == RS_NATIVE_WORD;
}

/* Both as what they are compared as. */
static void make_alike(rs_native_compiler *compiler, rs_native_value *a, rs_native_value *b)
{
    if (is_text(*a) && !(a->class == RS_NATIVE_WORD && a->words == b->words)) {
        *a = rs_native_as_text(compiler, *a);
        *b = rs_native_as_text(compiler, *b);
    } else if (a->class != b->class) {
        *a = rs_native_as_float(compiler, *a);
        *b = rs_native_as_float(compiler, *b);
    }
}

static rs_native_value compare(rs_native_compiler *compiler, const struct comparison *with,
                               rs_native_value a, rs_native_value b)
{
    make_alike(compiler, &a, &b);
    return rs_native_emit(compiler,
                          (rs_native_op){.run = with->runs[a.class], .a = a.at, .b = b.at},
                          RS_NATIVE_BOOL, NULL);
}

static rs_native_value compare_two(rs_native_compiler *compiler, const struct comparison *with,
                                   const rs_expr *left, const rs_expr *right)
{
    rs_native_value a = rs_native_compile(compiler, left);
    if (a.class == RS_NATIVE_WORD && right->kind == RS_EXPR_TEXT) {
        return compare_word(compiler, with, a, right->text, true);
    }
    rs_native_value b = rs_native_compile(compiler, right);
    if (b.class == RS_NATIVE_WORD && left->kind == RS_EXPR_TEXT) {
        return compare_word(compiler, with, b, left->text, false);
    }
    return a.class == RS_NATIVE_NOTHING || b.class == RS_NATIVE_NOTHING
               ? rs_native_null(compiler)
               : compare(compiler, with, a, b);
}

rs_native_value rs_native_compile_compare(rs_native_compiler *compiler, const rs_expr *expr)
{
    return compare_two(compiler, find_comparison(expr->op->symbol), expr->first, expr->first->next);
}

/* --- IN --- */

static rs_native_value in_words(rs_native_compiler *compiler, rs_native_value word,
                                const rs_expr *first)
{
    uint8_t *table = rs_native_take(compiler, UINT8_MAX + 1, 1);
    for (const rs_expr *child = first; child != NULL && table != NULL; child = child->next) {
        for (size_t i = 0; i < word.words->n_words; i++) {
            table[i] |= rs_str_equal(rs_str_of(word.words->words[i]), child->text);
        }
    }
    return rs_native_emit(compiler, (rs_native_op){.run = run_by_word, .a = word.at, .data = table},
                          RS_NATIVE_BOOL, NULL);
}

RS_BINARY(run_either, uint8_t, uint8_t, x | y)

/* Literals are no nulls: the list is null where what is looked for is. */
rs_native_value rs_native_compile_in(rs_native_compiler *compiler, const rs_expr *expr)
{
    const struct comparison *equal = find_comparison("=");
    rs_native_value wanted = rs_native_compile(compiler, expr->first);
    rs_native_value found = {.class = RS_NATIVE_NOTHING};
    if (wanted.class == RS_NATIVE_NOTHING) {
        return compiler->failed || compiler->cannot ? wanted : rs_native_null(compiler);
    }
    if (wanted.class == RS_NATIVE_WORD) {
        found = in_words(compiler, wanted, expr->first->next);
    }
    for (const rs_expr *child = expr->first->next; child != NULL && wanted.class != RS_NATIVE_WORD;
         child = child->next) {
        rs_native_value one = compare(compiler, equal, wanted, rs_native_compile(compiler, child));
        found = found.class == RS_NATIVE_NOTHING
                    ? one
                    : rs_native_emit(compiler,
                                     (rs_native_op){.run = run_either, .a = found.at, .b = one.at},
                                     RS_NATIVE_BOOL, NULL);
    }
    return expr->is_negated ? rs_native_negate(compiler, found) : found;
}

/* --- whole numbers: what does not fit is a fault --- */

/* The rows that are valid and bad are faults. */
static void mark(rs_native_machine *machine, const rs_native_op *op, const uint8_t *bad, size_t n,
                 const char *fault)
{
    uint8_t *valid = rs_native_own_validity(machine, op->out, n);
    for (size_t i = 0; i < n; i++) {
        if (bad[i] != 0 && valid[i] == RS_NATIVE_VALID) {
            valid[i] = RS_NATIVE_FAULT;
            machine->fault = fault;
        }
    }
}

static const char does_not_fit[] = "a number does not fit its type";

#define RS_WHOLE(name, OVERFLOWS)                                                                  \
    static void name(rs_native_machine *machine, const rs_native_op *op, size_t n)                 \
    {                                                                                              \
        uint8_t bad[RS_FRAME_ROWS];                                                                \
        uint8_t any = 0;                                                                           \
        rs_native_operands o;                                                                      \
        if (!rs_native_begin(machine, op, n, &o)) {                                                \
            return;                                                                                \
        }                                                                                          \
        const int64_t *a = o.a;                                                                    \
        const int64_t *b = o.b;                                                                    \
        int64_t *out = o.out;                                                                      \
        for (size_t i = 0; i < o.n; i++) {                                                         \
            int64_t made = 0;                                                                      \
            bool overflows = OVERFLOWS(a[o.a_steps ? i : 0], b[o.b_steps ? i : 0], &made);         \
            bad[i] = overflows || made < op->least || made > op->most;                             \
            any |= bad[i];                                                                         \
            out[i] = made;                                                                         \
        }                                                                                          \
        if (any != 0) {                                                                            \
            mark(machine, op, bad, o.n, does_not_fit);                                             \
        }                                                                                          \
    }

static inline bool divide(int64_t a, int64_t b, int64_t *out)
{
    bool overflows = b == -1 && a == INT64_MIN;
    *out = b == 0 || overflows ? 0 : a / b;
    return overflows;
}

static inline bool modulo(int64_t a, int64_t b, int64_t *out)
{
    *out = b == 0 || b == -1 ? 0 : a % b;
    return false;
}

RS_WHOLE(run_add_whole, __builtin_add_overflow)
RS_WHOLE(run_subtract_whole, __builtin_sub_overflow)
RS_WHOLE(run_multiply_whole, __builtin_mul_overflow)
RS_WHOLE(run_divide_quotient, divide)
RS_WHOLE(run_modulo_rest, modulo)

/* Null where it is divided by 0. */
static void null_zeros(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const rs_native_vector *by = rs_native_at(machine, op->b);
    const rs_native_vector *made = rs_native_at(machine, op->out);
    const int64_t *b = by->values;
    bool any = false;
    if (made->form == RS_FORM_NULL) {
        return;
    }
    n = made->form == RS_FORM_FLAT ? n : 1;
    for (size_t i = 0; i < (by->form == RS_FORM_FLAT ? n : 1); i++) {
        any = any || b[i] == 0;
    }
    uint8_t *valid = any ? rs_native_own_validity(machine, op->out, n) : NULL;
    for (size_t i = 0; any && i < n; i++) {
        if (b[by->form == RS_FORM_FLAT ? i : 0] == 0 && valid[i] == RS_NATIVE_VALID) {
            valid[i] = 0;
        }
    }
}

static void run_divide_whole(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    run_divide_quotient(machine, op, n);
    null_zeros(machine, op, n);
}

static void run_modulo_whole(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    run_modulo_rest(machine, op, n);
    null_zeros(machine, op, n);
}

RS_BINARY(run_add_float, double, double, x + y)
RS_BINARY(run_subtract_float, double, double, x - y)
RS_BINARY(run_multiply_float, double, double, x *y)
RS_BINARY(run_divide_float, double, double, x / y)
RS_BINARY(run_modulo_float, double, double, fmod(x, y))

static void run_negative_float(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin_one(machine, op, n, &o)) {
        return;
    }
    for (size_t i = 0; i < o.n; i++) {
        ((double *)o.out)[i] = -((const double *)o.a)[i];
    }
}

static const struct {
    char symbol;
    rs_native_run *whole;
    rs_native_run *with_fraction;
} arithmetic[] = {
    {'+', run_add_whole, run_add_float},           {'-', run_subtract_whole, run_subtract_float},
    {'*', run_multiply_whole, run_multiply_float}, {'/', run_divide_whole, run_divide_float},
    {'%', run_modulo_whole, run_modulo_float},
};

static rs_native_op of_whole(const rs_expr *expr, rs_native_op op)
{
    bool is_small = expr->type == RS_EXPR_IS_I32;
    op.least = is_small ? INT32_MIN : INT64_MIN;
    op.most = is_small ? INT32_MAX : INT64_MAX;
    return op;
}

static rs_native_value negative(rs_native_compiler *compiler, const rs_expr *expr,
                                rs_native_value value)
{
    const int64_t zero = 0;
    if (value.class == RS_NATIVE_FLOAT) {
        return rs_native_emit(compiler, (rs_native_op){.run = run_negative_float, .a = value.at},
                              RS_NATIVE_FLOAT, NULL);
    }
    rs_native_value from = rs_native_constant(compiler, RS_NATIVE_WHOLE, &zero, sizeof zero);
    const rs_native_op op = {.run = run_subtract_whole, .a = from.at, .b = value.at};
    return rs_native_emit(compiler, of_whole(expr, op), RS_NATIVE_WHOLE, NULL);
}

rs_native_value rs_native_compile_number(rs_native_compiler *compiler, const rs_expr *expr)
{
    const rs_expr *second = expr->first->next;
    rs_native_value a = rs_native_compile(compiler, expr->first);
    rs_native_value b = second != NULL ? rs_native_compile(compiler, second) : a;
    if (a.class == RS_NATIVE_NOTHING || b.class == RS_NATIVE_NOTHING) {
        return rs_native_null(compiler);
    }
    if (second == NULL) {
        return negative(compiler, expr, a);
    }
    size_t i = 0;
    while (arithmetic[i].symbol != expr->op->symbol[0]) {
        i++;
        RS_ASSERT(i < sizeof arithmetic / sizeof arithmetic[0]);
    }
    if (expr->type == RS_EXPR_IS_F64) {
        a = rs_native_as_float(compiler, a);
        b = rs_native_as_float(compiler, b);
        return rs_native_emit(
            compiler, (rs_native_op){.run = arithmetic[i].with_fraction, .a = a.at, .b = b.at},
            RS_NATIVE_FLOAT, NULL);
    }
    const rs_native_op op = {.run = arithmetic[i].whole, .a = a.at, .b = b.at};
    return rs_native_emit(compiler, of_whole(expr, op), RS_NATIVE_WHOLE, NULL);
}

/* --- bits --- */

RS_BINARY(run_and, int64_t, int64_t, x &y)
RS_BINARY(run_or, int64_t, int64_t, x | y)
RS_BINARY(run_xor, int64_t, int64_t, x ^ y)

/* By less than 0, or of one below 0; a bit is lost. */
static inline bool shift_left(int64_t x, int64_t by, int64_t *out)
{
    *out = 0;
    if (x < 0 || by < 0) {
        return true;
    }
    if (x == 0 || by >= 63) {
        return x != 0;
    }
    *out = x <= INT64_MAX >> by ? (int64_t)((uint64_t)x << by) : 0;
    return x > INT64_MAX >> by;
}

RS_WHOLE(run_shift_left, shift_left)

/* By so many bits that none is left: op->most. */
static void run_shift_right(rs_native_machine *machine, const rs_native_op *op, size_t n){
    RS_LOOPS(int64_t, int64_t, y < 0 || y >= op->most ? 0 : x >> y)}

rs_native_value rs_native_compile_bits(rs_native_compiler *compiler, const rs_expr *expr)
{
    const int64_t all = -1;
    const rs_expr *second = expr->first->next;
    rs_native_value a = rs_native_compile(compiler, expr->first);
    rs_native_value b = second != NULL
                            ? rs_native_compile(compiler, second)
                            : rs_native_constant(compiler, RS_NATIVE_WHOLE, &all, sizeof all);
    if (a.class == RS_NATIVE_NOTHING || b.class == RS_NATIVE_NOTHING) {
        return rs_native_null(compiler);
    }
    rs_native_op op = {.a = a.at, .b = b.at};
    switch (expr->op->symbol[0]) {
    case '&':
        op.run = run_and;
        break;
    case '|':
        op.run = run_or;
        break;
    case '~':
        op.run = run_xor;
        break;
    case '<':
        op = of_whole(expr, op);
        op.run = run_shift_left;
        break;
    default:
        op.run = run_shift_right;
        op.most = expr->type == RS_EXPR_IS_I32 ? 32 : 64;
        break;
    }
    return rs_native_emit(compiler, op, RS_NATIVE_WHOLE, NULL);
}
