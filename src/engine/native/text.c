/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, the registered functions, and what is in a param table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/native/native.h"

/* --- || --- */

static rs_str new_text(rs_native_machine *machine, size_t n_bytes, char **bytes)
{
    *bytes = rs_arena_alloc(&machine->texts, n_bytes + 1, 1);
    machine->failed = machine->failed || *bytes == NULL;
    return *bytes != NULL ? (rs_str){*bytes, n_bytes} : (rs_str){"", 0};
}

static void append(char **to, rs_str text)
{
    if (text.n_bytes > 0) {
        memcpy(*to, text.bytes, text.n_bytes);
        *to += text.n_bytes;
    }
}

static void run_concat(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    rs_native_operands o;
    if (!rs_native_begin(machine, op, n, &o)) {
        return;
    }
    const rs_native_vector made = *rs_native_at(machine, op->out);
    rs_str *out = o.out;
    for (size_t i = 0; i < o.n; i++) {
        rs_str a = ((const rs_str *)o.a)[o.a_steps ? i : 0];
        rs_str b = ((const rs_str *)o.b)[o.b_steps ? i : 0];
        char *bytes = NULL;
        out[i] = (rs_str){"", 0};
        if (rs_native_valid_at(&made, i) == RS_NATIVE_VALID) {
            out[i] = new_text(machine, a.n_bytes + b.n_bytes, &bytes);
        }
        if (bytes != NULL) {
            append(&bytes, a);
            append(&bytes, b);
        }
    }
}

rs_native_value rs_native_compile_concat(rs_native_compiler *compiler, const rs_expr *expr)
{
    rs_native_value a = rs_native_compile(compiler, expr->first);
    rs_native_value b = rs_native_compile(compiler, expr->first->next);
    if (a.class == RS_NATIVE_NOTHING || b.class == RS_NATIVE_NOTHING) {
        return rs_native_null(compiler);
    }
    a = rs_native_as_text(compiler, a);
    b = rs_native_as_text(compiler, b);
    return rs_native_emit(compiler, (rs_native_op){.run = run_concat, .a = a.at, .b = b.at},
                          RS_NATIVE_TEXT, NULL);
}

/* --- functions of a row --- */

typedef union cell {
    int64_t whole;
    bool truth;
    rs_str text;
} cell;

enum { MAX_ARGUMENTS = 4 };

/* A value, its validity returned. is_null tells of arguments that may be null. */
typedef uint8_t function_fn(rs_native_machine *machine, const cell *args, const bool *is_null,
                            cell *out);

static uint8_t fail(rs_native_machine *machine, const char *fault)
{
    machine->fault = fault;
    return RS_NATIVE_FAULT;
}

static bool has_at(rs_str text, size_t at, rs_str part)
{
    return part.n_bytes == 0 || memcmp(text.bytes + at, part.bytes, part.n_bytes) == 0;
}

size_t rs_native_find(rs_str text, size_t from, rs_str part)
{
    if (part.n_bytes == 0) {
        return from;
    }
    while (from + part.n_bytes <= text.n_bytes) {
        size_t n_starts = text.n_bytes - part.n_bytes + 1 - from;
        const char *at = memchr(text.bytes + from, part.bytes[0], n_starts);
        if (at == NULL) {
            break;
        }
        from = (size_t)(at - text.bytes);
        if (has_at(text, from, part)) {
            return from;
        }
        from++;
    }
    return SIZE_MAX;
}

static uint8_t fn_contains(rs_native_machine *machine, const cell *args, const bool *is_null,
                           cell *out)
{
    (void)machine;
    (void)is_null;
    out->truth = rs_native_find(args[0].text, 0, args[1].text) != SIZE_MAX;
    return RS_NATIVE_VALID;
}

static uint8_t fn_starts_with(rs_native_machine *machine, const cell *args, const bool *is_null,
                              cell *out)
{
    (void)machine;
    (void)is_null;
    out->truth =
        args[1].text.n_bytes <= args[0].text.n_bytes && has_at(args[0].text, 0, args[1].text);
    return RS_NATIVE_VALID;
}

static uint8_t fn_ends_with(rs_native_machine *machine, const cell *args, const bool *is_null,
                            cell *out)
{
    size_t n_bytes = args[0].text.n_bytes;
    (void)machine;
    (void)is_null;
    out->truth = args[1].text.n_bytes <= n_bytes &&
                 has_at(args[0].text, n_bytes - args[1].text.n_bytes, args[1].text);
    return RS_NATIVE_VALID;
}

static uint8_t fn_length(rs_native_machine *machine, const cell *args, const bool *is_null,
                         cell *out)
{
    (void)machine;
    (void)is_null;
    out->whole = (int64_t)rs_str_n_characters(args[0].text);
    return RS_NATIVE_VALID;
}

/* From the n-th character on; a number below 0 counts from the end, 0 is as 1. */
static uint8_t fn_substring(rs_native_machine *machine, const cell *args, const bool *is_null,
                            cell *out)
{
    rs_str text = args[0].text;
    int64_t from = args[1].whole;
    (void)machine;
    (void)is_null;
    from = from > 0 ? from - 1 : from == 0 ? 0 : (int64_t)rs_str_n_characters(text) + from;
    size_t at = 0;
    int64_t seen = 0;
    for (; at < text.n_bytes; at++) {
        if (rs_starts_character(text.bytes[at]) && seen++ >= from) {
            break;
        }
    }
    out->text = (rs_str){text.bytes + at, text.n_bytes - at};
    return RS_NATIVE_VALID;
}

static uint8_t fn_trim(rs_native_machine *machine, const cell *args, const bool *is_null, cell *out)
{
    rs_str text = args[0].text;
    (void)machine;
    (void)is_null;
    while (text.n_bytes > 0 && text.bytes[0] == ' ') {
        text = (rs_str){text.bytes + 1, text.n_bytes - 1};
    }
    while (text.n_bytes > 0 && text.bytes[text.n_bytes - 1] == ' ') {
        text.n_bytes--;
    }
    out->text = text;
    return RS_NATIVE_VALID;
}

static size_t count(rs_str text, rs_str what)
{
    size_t n = 0;
    for (size_t at = rs_native_find(text, 0, what); at != SIZE_MAX; n++) {
        at = rs_native_find(text, at + what.n_bytes, what);
    }
    return n;
}

/* Nothing to look for: the text as it is. */
static uint8_t fn_replace(rs_native_machine *machine, const cell *args, const bool *is_null,
                          cell *out)
{
    rs_str text = args[0].text;
    rs_str what = args[1].text;
    char *bytes = NULL;
    size_t from = 0;
    (void)is_null;
    out->text = text;
    size_t n = what.n_bytes > 0 ? count(text, what) : 0;
    if (n == 0) {
        return RS_NATIVE_VALID;
    }
    out->text =
        new_text(machine, text.n_bytes - n * what.n_bytes + n * args[2].text.n_bytes, &bytes);
    for (size_t at = rs_native_find(text, 0, what); bytes != NULL && at != SIZE_MAX;
         at = rs_native_find(text, from, what)) {
        append(&bytes, (rs_str){text.bytes + from, at - from});
        append(&bytes, args[2].text);
        from = at + what.n_bytes;
    }
    if (bytes != NULL) {
        append(&bytes, (rs_str){text.bytes + from, text.n_bytes - from});
    }
    return RS_NATIVE_VALID;
}

/* The parts between separators: how many, or where the n-th ends. */
static int64_t count_parts(rs_str text, rs_str separator, int64_t n_wanted, size_t *end)
{
    int64_t n_parts = 1;
    size_t at = rs_native_find(text, 0, separator);
    while (at != SIZE_MAX && n_parts != n_wanted) {
        n_parts++;
        at = rs_native_find(text, at + separator.n_bytes, separator);
    }
    *end = at == SIZE_MAX ? text.n_bytes : at;
    return n_parts;
}

static uint8_t fn_n_parts(rs_native_machine *machine, const cell *args, const bool *is_null,
                          cell *out)
{
    size_t end = 0;
    (void)machine;
    (void)is_null;
    out->whole = count_parts(args[0].text, args[1].text, INT64_MAX, &end);
    return RS_NATIVE_VALID;
}

static uint8_t fn_first_part(rs_native_machine *machine, const cell *args, const bool *is_null,
                             cell *out)
{
    size_t end = 0;
    (void)machine;
    (void)is_null;
    (void)count_parts(args[0].text, args[1].text, 1, &end);
    out->text = (rs_str){args[0].text.bytes, end};
    return RS_NATIVE_VALID;
}

/* All but the last n parts; nothing when there are not so many. */
static uint8_t fn_without_last(rs_native_machine *machine, const cell *args, const bool *is_null,
                               cell *out)
{
    size_t end = 0;
    int64_t n_kept = 0;
    (void)machine;
    (void)is_null;
    int64_t n_parts = count_parts(args[0].text, args[1].text, INT64_MAX, &end);
    if (args[2].whole >= n_parts || __builtin_sub_overflow(n_parts, args[2].whole, &n_kept)) {
        n_kept = args[2].whole < 0 ? INT64_MAX : 0;
    }
    out->text = (rs_str){"", 0};
    if (n_kept > 0) {
        (void)count_parts(args[0].text, args[1].text, n_kept, &end);
        out->text = (rs_str){args[0].text.bytes, end};
    }
    return RS_NATIVE_VALID;
}

static uint8_t fn_global_id(rs_native_machine *machine, const cell *args, const bool *is_null,
                            cell *out)
{
    (void)machine;
    (void)is_null;
    out->whole = rs_global_id(args[0].text, args[1].text);
    return RS_NATIVE_VALID;
}

static uint8_t fn_edge_id(rs_native_machine *machine, const cell *args, const bool *is_null,
                          cell *out)
{
    (void)machine;
    out->whole =
        rs_edge_id(args[0].text, args[1].whole, args[2].whole, is_null[3] ? NULL : &args[3].whole);
    return RS_NATIVE_VALID;
}

/* What lies in no file has an id below 0. */
static uint8_t fn_file_of(rs_native_machine *machine, const cell *args, const bool *is_null,
                          cell *out)
{
    (void)machine;
    (void)is_null;
    out->whole = args[0].whole >> RS_ID_ENTITY_BITS;
    return args[0].whole >= 0;
}

static uint8_t fn_root_of(rs_native_machine *machine, const cell *args, const bool *is_null,
                          cell *out)
{
    (void)is_null;
    out->whole = 0;
    if (args[0].whole < 0 || args[0].whole > INT64_MAX >> RS_ID_ENTITY_BITS) {
        return fail(machine, "the root of no file");
    }
    out->whole = rs_entity_id(args[0].whole, 0);
    return RS_NATIVE_VALID;
}

/* `lower` and `upper` map letters as Unicode does, of which the SQL engine has the tables. */
static const struct function {
    const char *name;
    function_fn *fn;
    rs_native_class result;
    size_t separator; /* argument that must be a literal and not empty; 0: none */
} functions[] = {
    {"contains", fn_contains, RS_NATIVE_BOOL, 0},
    {"edge_id", fn_edge_id, RS_NATIVE_WHOLE, 0},
    {"ends_with", fn_ends_with, RS_NATIVE_BOOL, 0},
    {"file_of", fn_file_of, RS_NATIVE_WHOLE, 0},
    {"first_part", fn_first_part, RS_NATIVE_TEXT, 1},
    {"global_id", fn_global_id, RS_NATIVE_WHOLE, 0},
    {"length", fn_length, RS_NATIVE_WHOLE, 0},
    {"n_parts", fn_n_parts, RS_NATIVE_WHOLE, 1},
    {"replace", fn_replace, RS_NATIVE_TEXT, 0},
    {"root_of", fn_root_of, RS_NATIVE_WHOLE, 0},
    {"starts_with", fn_starts_with, RS_NATIVE_BOOL, 0},
    {"substring", fn_substring, RS_NATIVE_TEXT, 0},
    {"trim", fn_trim, RS_NATIVE_TEXT, 0},
    {"without_last", fn_without_last, RS_NATIVE_TEXT, 1},
};

/* What a call is told: its function, and where its arguments are. */
typedef struct call_info {
    function_fn *fn;
    rs_native_class result;
    size_t n_args;
    size_t n_strict;
    rs_native_class classes[MAX_ARGUMENTS];
    uint16_t at[MAX_ARGUMENTS];
} call_info;

static void set_argument(const rs_native_vector *value, rs_native_class class, size_t row, cell *to)
{
    size_t at = value->form == RS_FORM_CONSTANT ? 0 : row;
    if (class == RS_NATIVE_TEXT) {
        to->text = ((const rs_str *)value->values)[at];
    } else {
        to->whole = ((const int64_t *)value->values)[at];
    }
}

/* A null argument ends it; else a fault does. Validity of what the function is to be asked for. */
static uint8_t take_arguments(const rs_native_machine *machine, const call_info *call, size_t row,
                              cell *args, bool *is_null)
{
    for (size_t i = 0; i < call->n_args; i++) {
        const rs_native_vector *value = rs_native_at(machine, call->at[i]);
        uint8_t valid = rs_native_valid_at(value, row);
        is_null[i] = valid == 0;
        if ((valid & RS_NATIVE_FAULT) != 0 || (is_null[i] && i < call->n_strict)) {
            return valid & RS_NATIVE_FAULT;
        }
        if (!is_null[i]) {
            set_argument(value, call->classes[i], row, &args[i]);
        }
    }
    return RS_NATIVE_VALID;
}

static void set_result(rs_native_class class, const cell *value, void *out, size_t row)
{
    if (class == RS_NATIVE_TEXT) {
        ((rs_str *)out)[row] = value->text;
    } else if (class == RS_NATIVE_WHOLE) {
        ((int64_t *)out)[row] = value->whole;
    } else {
        ((uint8_t *)out)[row] = value->truth;
    }
}

static void run_call(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const call_info *call = op->data;
    void *out = rs_native_values(machine, op->out);
    uint8_t *valid = rs_native_validity(machine, op->out);
    bool is_constant = true;
    bool all_valid = true;
    for (size_t i = 0; i < call->n_args; i++) {
        is_constant = is_constant && rs_native_at(machine, call->at[i])->form != RS_FORM_FLAT;
    }
    n = is_constant ? 1 : n;
    for (size_t row = 0; row < n; row++) {
        cell args[MAX_ARGUMENTS] = {{0}};
        bool is_null[MAX_ARGUMENTS] = {false};
        cell made = call->result == RS_NATIVE_TEXT ? (cell){.text = {"", 0}} : (cell){.whole = 0};
        valid[row] = take_arguments(machine, call, row, args, is_null);
        if (valid[row] == RS_NATIVE_VALID) {
            valid[row] = call->fn(machine, args, is_null, &made);
        }
        all_valid = all_valid && valid[row] == RS_NATIVE_VALID;
        set_result(call->result, &made, out, row);
    }
    rs_native_set(machine, op->out, is_constant ? RS_FORM_CONSTANT : RS_FORM_FLAT,
                  all_valid ? NULL : valid);
}

static bool is_separator(const rs_expr *expr)
{
    return expr->kind == RS_EXPR_TEXT && expr->text.n_bytes > 0;
}

static const struct function *find_function(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

rs_native_value rs_native_compile_call(rs_native_compiler *compiler, const rs_expr *expr)
{
    const struct function *function = find_function(expr->function->name);
    if (function == NULL) {
        return rs_native_refuse(compiler, "the function %s()", expr->function->name);
    }
    call_info *call = rs_native_take(compiler, 1, sizeof *call);
    if (call == NULL) {
        return (rs_native_value){.class = RS_NATIVE_NOTHING};
    }
    *call = (call_info){
        .fn = function->fn, .result = function->result, .n_strict = expr->function->n_strict};
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        RS_ASSERT(call->n_args < MAX_ARGUMENTS);
        if (function->separator > 0 && call->n_args == function->separator &&
            !is_separator(child)) {
            return rs_native_refuse(compiler, "%s() by what is no text of the rule",
                                    function->name);
        }
        rs_native_value value = rs_native_as_text(compiler, rs_native_compile(compiler, child));
        call->classes[call->n_args] = value.class;
        call->at[call->n_args++] = value.at;
    }
    return rs_native_emit(compiler, (rs_native_op){.run = run_call, .data = call}, function->result,
                          NULL);
}

/* --- IN a param table --- */

/* Of one class, as what is looked for. */
typedef struct param_info {
    const rs_param_table *param;
    rs_native_class class; /* of what is looked for, and what values are compared as */
    bool is_negated;
} param_info;

static bool equals(const rs_native_vector *wanted, size_t row, rs_native_class class,
                   const rs_vector *values, size_t at)
{
    size_t i = wanted->form == RS_FORM_CONSTANT ? 0 : row;
    if (class == RS_NATIVE_TEXT) {
        return rs_str_equal(((const rs_str *)wanted->values)[i], rs_vector_text(values, at));
    }
    if (class == RS_NATIVE_FLOAT) {
        double a = ((const double *)wanted->values)[i];
        bool has_fraction = values->type == RS_TYPE_F64 || values->type == RS_TYPE_F32;
        double b = has_fraction ? rs_vector_f64(values, at) : (double)rs_vector_i64(values, at);
        return !(a < b) && !(a > b) && isnan(a) == isnan(b);
    }
    return (class == RS_NATIVE_BOOL
                ? ((const uint8_t *)wanted->values)[i]
                : ((const int64_t *)wanted->values)[i]) == rs_vector_i64(values, at);
}

/* Param tables are short; a long one is a matter of the SQL engine. */
static bool is_in_table(const rs_native_table *table, size_t column, const rs_native_vector *wanted,
                        size_t row, rs_native_class class, bool *any)
{
    bool found = false;
    for (size_t s = 0; table != NULL && s < table->segments.n_items && !found; s++) {
        const rs_vector *values = &table->segments.items[s].columns[column];
        for (size_t i = 0; i < table->segments.items[s].n_rows && !found; i++) {
            bool is_null = rs_vector_is_null(values, i);
            *any = *any || !is_null;
            found = !is_null && wanted != NULL && equals(wanted, row, class, values, i);
        }
    }
    return found;
}

static void run_in_param(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const param_info *info = op->data;
    const rs_native_vector *wanted = rs_native_at(machine, op->a);
    const rs_native_table *table = machine->table(machine->context, info->param->dataset);
    size_t column = rs_column_index(info->param->dataset, info->param->column->name);
    uint8_t *out = rs_native_values(machine, op->out);
    uint8_t *valid = rs_native_validity(machine, op->out);
    n = wanted->form == RS_FORM_FLAT ? n : 1;
    for (size_t i = 0; i < n; i++) {
        uint8_t has_value = rs_native_valid_at(wanted, i);
        bool any = false;
        bool found = is_in_table(table, column, has_value == RS_NATIVE_VALID ? wanted : NULL, i,
                                 info->class, &any);
        valid[i] = has_value != 0 ? has_value : !any;
        out[i] = found != info->is_negated;
    }
    rs_native_set(machine, op->out, wanted->form == RS_FORM_FLAT ? RS_FORM_FLAT : RS_FORM_CONSTANT,
                  valid);
}

static rs_native_value as_compared(rs_native_compiler *compiler, rs_native_value value,
                                   const rs_column *column)
{
    bool has_fraction = column->type == RS_TYPE_F32 || column->type == RS_TYPE_F64;
    value = rs_native_as_text(compiler, value);
    return has_fraction ? rs_native_as_float(compiler, value) : value;
}

rs_native_value rs_native_compile_in_param(rs_native_compiler *compiler, const rs_expr *expr)
{
    param_info *info = rs_native_take(compiler, 1, sizeof *info);
    rs_native_value wanted =
        as_compared(compiler, rs_native_compile(compiler, expr->first), expr->param->column);
    if (info == NULL) {
        return wanted;
    }
    *info = (param_info){expr->param, wanted.class, expr->is_negated};
    return rs_native_emit(compiler,
                          (rs_native_op){.run = run_in_param, .a = wanted.at, .data = info},
                          RS_NATIVE_BOOL, NULL);
}
