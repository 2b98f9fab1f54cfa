/* SPDX-License-Identifier: Apache-2.0 */
#include "naive/value.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"

/* Wide enough for what two whole numbers give; both of our compilers have it. */
__extension__ typedef __int128 wide;

static const naive_value nothing = {.kind = NAIVE_NULL};

static naive_value of_bool(bool value)
{
    return (naive_value){.kind = NAIVE_BOOL, .i = value};
}

static naive_value of_int(int64_t value)
{
    return (naive_value){.kind = NAIVE_INT, .i = value};
}

static naive_value of_float(double value)
{
    return (naive_value){.kind = NAIVE_FLOAT, .f = value};
}

static naive_value of_text(rs_str text)
{
    return (naive_value){.kind = NAIVE_TEXT, .text = text};
}

static naive_value failed(naive_scope *scope, const char *fault)
{
    scope->fault = scope->fault != NULL ? scope->fault : fault;
    return nothing;
}

static bool is_null(naive_value value)
{
    return value.kind == NAIVE_NULL;
}

bool naive_is_true(naive_value value)
{
    return value.kind == NAIVE_BOOL && value.i != 0;
}

static double as_float(naive_value value)
{
    return value.kind == NAIVE_FLOAT ? value.f : (double)value.i;
}

rs_str naive_text(naive_value value)
{
    return value.kind == NAIVE_WORD ? rs_str_of(value.words->words[value.i]) : value.text;
}

/* --- comparing --- */

static int compare_ints(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_floats(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return a < b ? -1 : a > b;
}

static int compare_texts(rs_str a, rs_str b)
{
    size_t n_bytes = a.n_bytes < b.n_bytes ? a.n_bytes : b.n_bytes;
    int order = n_bytes > 0 ? memcmp(a.bytes, b.bytes, n_bytes) : 0;
    return order != 0 ? order : compare_ints((int64_t)a.n_bytes, (int64_t)b.n_bytes);
}

int naive_compare(naive_value a, naive_value b)
{
    if (is_null(a) || is_null(b)) {
        return is_null(a) - is_null(b);
    }
    if (a.kind == NAIVE_FLOAT || b.kind == NAIVE_FLOAT) {
        return compare_floats(as_float(a), as_float(b));
    }
    if (a.kind == NAIVE_TEXT || b.kind == NAIVE_TEXT || a.words != b.words) {
        return compare_texts(naive_text(a), naive_text(b));
    }
    return compare_ints(a.i, b.i);
}

/* A number of the expression's type. */
static naive_value whole(naive_scope *scope, const rs_expr *expr, wide value)
{
    bool is_small = expr->type == RS_EXPR_IS_I32;
    wide least = is_small ? INT32_MIN : INT64_MIN;
    wide most = is_small ? INT32_MAX : INT64_MAX;
    return value < least || value > most ? failed(scope, "a number does not fit its type")
                                         : of_int((int64_t)value);
}

/* A value of one of several as what all of them are. */
static naive_value as_joined(const rs_expr *expr, naive_value value)
{
    if (value.kind == NAIVE_INT && expr->type == RS_EXPR_IS_F64) {
        return of_float((double)value.i);
    }
    return value.kind == NAIVE_WORD && expr->type == RS_EXPR_IS_TEXT ? of_text(naive_text(value))
                                                                     : value;
}

/* --- operators --- */

static bool is_op(const rs_expr *expr, const char *symbol)
{
    return strcmp(expr->op->symbol, symbol) == 0;
}

static naive_value eval_logic(naive_scope *scope, const rs_expr *expr)
{
    naive_value left = naive_eval(scope, expr->first);
    if (is_op(expr, "NOT")) {
        return is_null(left) ? nothing : of_bool(left.i == 0);
    }
    naive_value right = naive_eval(scope, expr->first->next);
    bool settles = is_op(expr, "OR"); /* what either side alone decides */
    if ((!is_null(left) && (left.i != 0) == settles) ||
        (!is_null(right) && (right.i != 0) == settles)) {
        return of_bool(settles);
    }
    return is_null(left) || is_null(right) ? nothing : of_bool(!settles);
}

static naive_value eval_compare(const rs_expr *expr, naive_value left, naive_value right)
{
    int order = naive_compare(left, right);
    const char *op = expr->op->symbol;
    bool can_be_equal = strchr(op, '=') != NULL && op[0] != '!';
    if (strcmp(op, "<>") == 0 || strcmp(op, "!=") == 0) {
        return of_bool(order != 0);
    }
    return of_bool((order == 0 && can_be_equal) || (order < 0 && op[0] == '<') ||
                   (order > 0 && op[0] == '>'));
}

static naive_value eval_shift(naive_scope *scope, const rs_expr *expr, int64_t left, int64_t right)
{
    int64_t n_bits = expr->type == RS_EXPR_IS_I32 ? 32 : 64;
    if (is_op(expr, ">>")) {
        return of_int(right < 0 || right >= n_bits ? 0 : left >> right);
    }
    if (left < 0 || right < 0) {
        return failed(scope, "a shift to the left of, or by, less than 0");
    }
    if (right >= n_bits) {
        return left == 0 ? of_int(0) : failed(scope, "a shift to the left loses a bit");
    }
    return whole(scope, expr, (wide)left << right);
}

static naive_value eval_bits(naive_scope *scope, const rs_expr *expr, int64_t left, int64_t right)
{
    switch (expr->op->symbol[0]) {
    case '&':
        return of_int(left & right);
    case '|':
        return of_int(left | right);
    case '~':
        return of_int(~left);
    default:
        return eval_shift(scope, expr, left, right);
    }
}

static naive_value eval_float(const rs_expr *expr, double left, double right)
{
    switch (expr->op->symbol[0]) {
    case '+':
        return of_float(left + right);
    case '-':
        return of_float(left - right);
    case '*':
        return of_float(left * right);
    case '/':
        return of_float(left / right);
    default:
        return of_float(fmod(left, right));
    }
}

static naive_value eval_number(naive_scope *scope, const rs_expr *expr, naive_value left,
                               naive_value right)
{
    char op = expr->op->symbol[0];
    if (expr->type == RS_EXPR_IS_F64) {
        return eval_float(expr, as_float(left), as_float(right));
    }
    if ((op == '/' || op == '%') && right.i == 0) {
        return nothing;
    }
    wide a = left.i;
    wide b = right.i;
    return whole(scope, expr,
                 op == '+'   ? a + b
                 : op == '-' ? a - b
                 : op == '*' ? a * b
                 : op == '/' ? a / b
                             : a % b);
}

static naive_value concat(naive_scope *scope, rs_str a, rs_str b)
{
    char *bytes = rs_arena_alloc(scope->arena, a.n_bytes + b.n_bytes + 1, 1);
    RS_ASSERT(bytes != NULL);
    memcpy(bytes, a.bytes, a.n_bytes);
    memcpy(bytes + a.n_bytes, b.bytes, b.n_bytes);
    return of_text((rs_str){bytes, a.n_bytes + b.n_bytes});
}

static naive_value eval_operator(naive_scope *scope, const rs_expr *expr)
{
    const rs_expr *second = expr->first->next;
    if (expr->op->op_class == RS_OP_LOGIC) {
        return eval_logic(scope, expr);
    }
    naive_value left = naive_eval(scope, expr->first);
    naive_value right = second != NULL ? naive_eval(scope, second) : left;
    if (is_null(left) || is_null(right)) {
        return nothing;
    }
    switch (expr->op->op_class) {
    case RS_OP_COMPARE:
        return eval_compare(expr, left, right);
    case RS_OP_BITS:
        return eval_bits(scope, expr, left.i, right.i);
    case RS_OP_NUMBER:
        if (second == NULL) { /* -x is 0 - x, but of a fraction's 0 */
            return left.kind == NAIVE_FLOAT ? of_float(-left.f) : whole(scope, expr, -(wide)left.i);
        }
        return eval_number(scope, expr, left, right);
    case RS_OP_CONCAT:
        return concat(scope, naive_text(left), naive_text(right));
    case RS_OP_LOGIC:
        break;
    }
    return nothing;
}

/* --- IN, CASE --- */

static naive_value is_in(const rs_expr *expr, bool found, bool met_null)
{
    if (!found && met_null) {
        return nothing;
    }
    return of_bool(found != expr->is_negated);
}

static naive_value eval_in(naive_scope *scope, const rs_expr *expr)
{
    naive_value wanted = naive_eval(scope, expr->first);
    bool met_null = is_null(wanted);
    bool found = false;
    for (const rs_expr *child = expr->first->next; child != NULL; child = child->next) {
        naive_value value = naive_eval(scope, child);
        met_null = met_null || is_null(value);
        found = found || (!is_null(wanted) && !is_null(value) && naive_compare(wanted, value) == 0);
    }
    return is_in(expr, found, met_null);
}

static naive_value eval_in_param(naive_scope *scope, const rs_expr *expr)
{
    size_t n_values = 0;
    const naive_value *values = scope->param(scope->context, expr->param, &n_values);
    naive_value wanted = naive_eval(scope, expr->first);
    size_t n_compared = 0;
    bool found = false;
    for (size_t i = 0; i < n_values; i++) {
        n_compared += !is_null(values[i]);
        found = found ||
                (!is_null(values[i]) && !is_null(wanted) && naive_compare(wanted, values[i]) == 0);
    }
    return is_in(expr, found, is_null(wanted) && n_compared > 0);
}

static naive_value eval_case(naive_scope *scope, const rs_expr *expr)
{
    for (const rs_expr *child = expr->first; child != NULL;) {
        if (child->next == NULL) {
            return as_joined(expr, naive_eval(scope, child)); /* ELSE */
        }
        if (naive_is_true(naive_eval(scope, child))) {
            return as_joined(expr, naive_eval(scope, child->next));
        }
        child = child->next->next;
    }
    return nothing;
}

/* --- functions --- */

enum { MAX_ARGUMENTS = 4 };

typedef naive_value (*function_fn)(naive_scope *scope, const naive_value *args);

static bool has_at(rs_str text, size_t at, rs_str part)
{
    return at + part.n_bytes <= text.n_bytes &&
           memcmp(text.bytes + at, part.bytes, part.n_bytes) == 0;
}

/* Where part stands in text at or behind `from`; SIZE_MAX for nowhere. */
static size_t find(rs_str text, size_t from, rs_str part)
{
    for (size_t at = from; at + part.n_bytes <= text.n_bytes; at++) {
        if (has_at(text, at, part)) {
            return at;
        }
    }
    return SIZE_MAX;
}

static naive_value fn_contains(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return of_bool(find(naive_text(args[0]), 0, naive_text(args[1])) != SIZE_MAX);
}

static naive_value fn_starts_with(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return of_bool(has_at(naive_text(args[0]), 0, naive_text(args[1])));
}

static naive_value fn_ends_with(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    rs_str text = naive_text(args[0]);
    rs_str part = naive_text(args[1]);
    return of_bool(part.n_bytes <= text.n_bytes && has_at(text, text.n_bytes - part.n_bytes, part));
}

static bool starts_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

static int64_t n_characters(rs_str text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.n_bytes; i++) {
        n += starts_character(text.bytes[i]);
    }
    return n;
}

static naive_value fn_length(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return of_int(n_characters(naive_text(args[0])));
}

/* From the n-th character on; a number below 0 counts from the end, 0 is as 1. */
static naive_value fn_substring(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    rs_str text = naive_text(args[0]);
    int64_t n = n_characters(text);
    int64_t first = args[1].i > 0 ? args[1].i - 1 : args[1].i == 0 ? 0 : n + args[1].i;
    size_t at = 0;
    int64_t seen = 0;
    for (; at < text.n_bytes; at++) {
        if (starts_character(text.bytes[at]) && seen++ >= first) {
            break;
        }
    }
    return of_text((rs_str){text.bytes + at, text.n_bytes - at});
}

/* Letters outside ASCII stay as they are: rules and tests hold none. */
static naive_value map_ascii(naive_scope *scope, rs_str text, char first, char last, int by)
{
    char *bytes = rs_arena_strndup(scope->arena, text.bytes, text.n_bytes);
    RS_ASSERT(bytes != NULL);
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (bytes[i] >= first && bytes[i] <= last) {
            bytes[i] = (char)(bytes[i] + by);
        }
    }
    return of_text((rs_str){bytes, text.n_bytes});
}

static naive_value fn_lower(naive_scope *scope, const naive_value *args)
{
    return map_ascii(scope, naive_text(args[0]), 'A', 'Z', 'a' - 'A');
}

static naive_value fn_upper(naive_scope *scope, const naive_value *args)
{
    return map_ascii(scope, naive_text(args[0]), 'a', 'z', 'A' - 'a');
}

static naive_value fn_trim(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    rs_str text = naive_text(args[0]);
    while (text.n_bytes > 0 && text.bytes[0] == ' ') {
        text = (rs_str){text.bytes + 1, text.n_bytes - 1};
    }
    while (text.n_bytes > 0 && text.bytes[text.n_bytes - 1] == ' ') {
        text.n_bytes--;
    }
    return of_text(text);
}

/* Nothing to look for: the text as it is. */
static naive_value fn_replace(naive_scope *scope, const naive_value *args)
{
    rs_str text = naive_text(args[0]);
    rs_str what = naive_text(args[1]);
    naive_value out = of_text((rs_str){"", 0});
    size_t from = 0;
    size_t at = what.n_bytes > 0 ? find(text, 0, what) : SIZE_MAX;
    for (; at != SIZE_MAX; at = find(text, from, what)) {
        out = concat(scope, out.text, (rs_str){text.bytes + from, at - from});
        out = concat(scope, out.text, naive_text(args[2]));
        from = at + what.n_bytes;
    }
    return concat(scope, out.text, (rs_str){text.bytes + from, text.n_bytes - from});
}

/* The parts between separators: how many, or where the n-th ends. */
static int64_t count_parts(rs_str text, rs_str separator, int64_t n_wanted, size_t *end)
{
    int64_t n_parts = 1;
    size_t at = find(text, 0, separator);
    while (at != SIZE_MAX && n_parts != n_wanted) {
        n_parts++;
        at = find(text, at + separator.n_bytes, separator);
    }
    *end = at == SIZE_MAX ? text.n_bytes : at;
    return n_parts;
}

static naive_value fn_n_parts(naive_scope *scope, const naive_value *args)
{
    size_t end = 0;
    rs_str separator = naive_text(args[1]);
    return separator.n_bytes == 0
               ? failed(scope, "an empty separator")
               : of_int(count_parts(naive_text(args[0]), separator, INT64_MAX, &end));
}

static naive_value fn_first_part(naive_scope *scope, const naive_value *args)
{
    size_t end = 0;
    rs_str text = naive_text(args[0]);
    if (naive_text(args[1]).n_bytes == 0) {
        return failed(scope, "an empty separator");
    }
    (void)count_parts(text, naive_text(args[1]), 1, &end);
    return of_text((rs_str){text.bytes, end});
}

/* All but the last n parts; nothing when there are not so many. */
static naive_value fn_without_last(naive_scope *scope, const naive_value *args)
{
    size_t end = 0;
    rs_str text = naive_text(args[0]);
    rs_str separator = naive_text(args[1]);
    if (separator.n_bytes == 0) {
        return failed(scope, "an empty separator");
    }
    int64_t n_kept = count_parts(text, separator, INT64_MAX, &end) - args[2].i;
    if (n_kept <= 0) {
        return of_text((rs_str){"", 0});
    }
    (void)count_parts(text, separator, n_kept, &end);
    return of_text((rs_str){text.bytes, end});
}

static naive_value fn_global_id(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return of_int(rs_global_id(naive_text(args[0]), naive_text(args[1])));
}

static naive_value fn_edge_id(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return of_int(rs_edge_id(naive_text(args[0]), args[1].i, args[2].i,
                             is_null(args[3]) ? NULL : &args[3].i));
}

/* What lies in no file has an id below 0. */
static naive_value fn_file_of(naive_scope *scope, const naive_value *args)
{
    (void)scope;
    return args[0].i < 0 ? nothing : of_int(args[0].i >> RS_ID_ENTITY_BITS);
}

static naive_value fn_root_of(naive_scope *scope, const naive_value *args)
{
    return args[0].i < 0 || args[0].i > INT64_MAX >> RS_ID_ENTITY_BITS
               ? failed(scope, "the root of no file")
               : of_int(rs_entity_id(args[0].i, 0));
}

static const struct {
    const char *name;
    function_fn fn;
} functions[] = {
    {"contains", fn_contains},     {"edge_id", fn_edge_id},
    {"ends_with", fn_ends_with},   {"file_of", fn_file_of},
    {"first_part", fn_first_part}, {"global_id", fn_global_id},
    {"length", fn_length},         {"lower", fn_lower},
    {"n_parts", fn_n_parts},       {"replace", fn_replace},
    {"root_of", fn_root_of},       {"starts_with", fn_starts_with},
    {"substring", fn_substring},   {"trim", fn_trim},
    {"upper", fn_upper},           {"without_last", fn_without_last},
};

static naive_value eval_coalesce(naive_scope *scope, const rs_expr *expr)
{
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        naive_value value = naive_eval(scope, child);
        if (!is_null(value)) {
            return as_joined(expr, value);
        }
    }
    return nothing;
}

/* --- aggregates --- */

/* Take one more value into what was found so far. */
static naive_value take(naive_scope *scope, const rs_expr *expr, naive_value so_far,
                        naive_value value)
{
    const char *name = expr->function->name;
    if (is_null(value) || is_null(so_far)) {
        return is_null(value) ? so_far : value;
    }
    int order = naive_compare(value, so_far);
    if (strcmp(name, "min") == 0) {
        return order < 0 ? value : so_far;
    }
    if (strcmp(name, "max") == 0) {
        return order > 0 ? value : so_far;
    }
    if (strcmp(name, "sum") == 0) {
        return whole(scope, expr, (wide)so_far.i + value.i);
    }
    return of_bool(strcmp(name, "all") == 0 ? so_far.i != 0 && value.i != 0
                                            : so_far.i != 0 || value.i != 0);
}

static naive_value row_value(naive_scope *scope, const rs_expr *expr, size_t row)
{
    const naive_row *before = scope->rows[0];
    scope->rows[0] = scope->group[row];
    naive_value value = naive_eval(scope, expr);
    scope->rows[0] = before;
    return value;
}

static naive_value count_distinct(naive_scope *scope, const rs_expr *expr)
{
    int64_t n_distinct = 0;
    for (size_t i = 0; i < scope->n_group; i++) {
        naive_value value = row_value(scope, expr->first, i);
        bool is_new = !is_null(value);
        for (size_t j = 0; j < i && is_new; j++) {
            is_new = naive_compare(value, row_value(scope, expr->first, j)) != 0;
        }
        n_distinct += is_new;
    }
    return of_int(n_distinct);
}

static naive_value eval_aggregate(naive_scope *scope, const rs_expr *expr)
{
    naive_value found = nothing;
    if (strcmp(expr->function->name, "count") == 0) {
        return of_int((int64_t)scope->n_group);
    }
    if (strcmp(expr->function->name, "count_distinct") == 0) {
        return count_distinct(scope, expr);
    }
    for (size_t i = 0; i < scope->n_group; i++) {
        found = take(scope, expr, found, row_value(scope, expr->first, i));
    }
    return found;
}

static naive_value eval_call(naive_scope *scope, const rs_expr *expr)
{
    naive_value args[MAX_ARGUMENTS] = {{0}};
    size_t n_args = 0;
    if (expr->function->is_aggregate) {
        return eval_aggregate(scope, expr);
    }
    if (strcmp(expr->function->name, "coalesce") == 0) {
        return eval_coalesce(scope, expr);
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, n_args++) {
        RS_ASSERT(n_args < MAX_ARGUMENTS);
        args[n_args] = naive_eval(scope, child);
        if (is_null(args[n_args]) && n_args < expr->function->n_strict) {
            return nothing;
        }
    }
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, expr->function->name) == 0) {
            return functions[i].fn(scope, args);
        }
    }
    return failed(scope, "a function that the evaluator does not have");
}

/* --- all --- */

static naive_value eval_column(naive_scope *scope, const rs_expr *expr)
{
    const naive_row *row = scope->rows[expr->input];
    const rs_dataset *dataset = scope->inputs[expr->input].dataset;
    size_t index = rs_column_index(dataset, expr->column->name);
    return row == NULL ? nothing : row->values[index];
}

naive_value naive_eval(naive_scope *scope, const rs_expr *expr)
{
    switch (expr->kind) {
    case RS_EXPR_COLUMN:
        return eval_column(scope, expr);
    case RS_EXPR_TEXT:
        return of_text(expr->text);
    case RS_EXPR_INT:
        return of_int(expr->i64);
    case RS_EXPR_FLOAT:
        return of_float(expr->f64);
    case RS_EXPR_BOOL:
        return of_bool(expr->i64 != 0);
    case RS_EXPR_NULL:
        return nothing;
    case RS_EXPR_UNARY:
    case RS_EXPR_BINARY:
        return eval_operator(scope, expr);
    case RS_EXPR_IS_NULL:
        return of_bool(is_null(naive_eval(scope, expr->first)) != expr->is_negated);
    case RS_EXPR_IN:
        return eval_in(scope, expr);
    case RS_EXPR_IN_PARAM:
        return eval_in_param(scope, expr);
    case RS_EXPR_CASE:
        return eval_case(scope, expr);
    case RS_EXPR_CALL:
        return eval_call(scope, expr);
    }
    return nothing;
}

static naive_value word_of(naive_scope *scope, const rs_words *words, rs_str text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), text)) {
            return (naive_value){.kind = NAIVE_WORD, .words = words, .i = (int64_t)i};
        }
    }
    return failed(scope, "a text that is no word of its column");
}

naive_value naive_cast(naive_scope *scope, naive_value value, const rs_column *column)
{
    if (is_null(value)) {
        return value;
    }
    switch (column->type) {
    case RS_TYPE_STR:
        return of_text(naive_text(value));
    case RS_TYPE_ENUM:
        return value.kind == NAIVE_WORD && value.words == column->words
                   ? value
                   : word_of(scope, column->words, naive_text(value));
    case RS_TYPE_F32:
        return of_float((double)(float)as_float(value));
    case RS_TYPE_F64:
        return of_float(as_float(value));
    case RS_TYPE_I32:
        return value.i < INT32_MIN || value.i > INT32_MAX
                   ? failed(scope, "a number does not fit its column")
                   : value;
    case RS_TYPE_I64:
    case RS_TYPE_BOOL:
        return value;
    }
    return nothing;
}
