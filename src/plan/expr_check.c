/* SPDX-License-Identifier: Apache-2.0 */
/* Names to columns, and types from the leaves up. */
#include <stdio.h>

#include "plan/expr.h"

enum { TYPE_NAME_BYTES = 80 };

const char *rs_expr_type_name(const rs_expr *expr, rs_arena *arena)
{
    char text[TYPE_NAME_BYTES];
    switch (expr->type) {
    case RS_EXPR_IS_UNKNOWN:
        return "unknown";
    case RS_EXPR_IS_NOTHING:
        return "NULL";
    case RS_EXPR_IS_BOOL:
        return "true or false";
    case RS_EXPR_IS_I32:
    case RS_EXPR_IS_I64:
        return "a whole number";
    case RS_EXPR_IS_F64:
        return "a number";
    case RS_EXPR_IS_TEXT:
        return "a text";
    case RS_EXPR_IS_WORD:
        break;
    }
    (void)snprintf(text, sizeof text, "a word of %s", expr->words->name);
    const char *copy = rs_arena_strndup(arena, text, strlen(text));
    return copy != NULL ? copy : "a word";
}

static bool is_whole(const rs_expr *expr)
{
    return expr->type == RS_EXPR_IS_I32 || expr->type == RS_EXPR_IS_I64;
}

static bool is_number(const rs_expr *expr)
{
    return is_whole(expr) || expr->type == RS_EXPR_IS_F64;
}

static bool is_text(const rs_expr *expr)
{
    return expr->type == RS_EXPR_IS_TEXT || expr->type == RS_EXPR_IS_WORD;
}

static bool is_open(const rs_expr *expr)
{
    return expr->type == RS_EXPR_IS_UNKNOWN || expr->type == RS_EXPR_IS_NOTHING;
}

static bool has_word(const rs_words *words, rs_str text)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), text)) {
            return true;
        }
    }
    return false;
}

static bool fail_type(rs_expr_scope *scope, const rs_expr *expr, const char *expected)
{
    rs_problems_add(scope->problems, expr->place, "expected %s, found %s", expected,
                    rs_expr_type_name(expr, scope->problems->arena));
    return false;
}

/* --- columns --- */

static bool is_assumed(const rs_expr_scope *scope, size_t input, const rs_column *column)
{
    for (size_t i = 0; i < scope->n_not_null; i++) {
        if (scope->not_null[i].input == input && scope->not_null[i].column == column) {
            return true;
        }
    }
    return false;
}

static bool fail_alias(rs_expr_scope *scope, const rs_expr *expr)
{
    rs_nearest nearest = {.name = expr->alias};
    for (size_t i = 0; i < scope->n_inputs; i++) {
        if (rs_str_equal(rs_str_of(scope->inputs[i].alias), expr->alias)) {
            rs_problems_add(
                scope->problems, expr->place,
                scope->first_visible == 0
                    ? "%s is not seen here: a semi or anti join gives its left side only"
                    : "%s is not seen here: a union's rows are each.column, those of "
                      "a filter out.column",
                expr->alias.bytes);
            return false;
        }
        rs_nearest_offer(&nearest, scope->inputs[i].alias);
    }
    rs_problems_add(scope->problems, expr->place, "unknown input %s%s", expr->alias.bytes,
                    rs_nearest_hint(&nearest, scope->problems->arena));
    return false;
}

static bool fail_column(rs_expr_scope *scope, const rs_expr *expr, const rs_dataset *dataset)
{
    rs_nearest nearest = {.name = expr->text};
    for (size_t i = 0; i < dataset->n_columns; i++) {
        rs_nearest_offer(&nearest, dataset->columns[i].name);
    }
    /* What a rule's own operator makes (each, item, match) is no dataset to look up. */
    rs_problems_add(scope->problems, expr->place, "%s%s has no column %s%s",
                    dataset->lens[0] != '\0' ? "dataset " : "", dataset->name, expr->text.bytes,
                    rs_nearest_hint(&nearest, scope->problems->arena));
    return false;
}

rs_expr_type rs_expr_type_of(const rs_column *column)
{
    switch (column->type) {
    case RS_TYPE_I64:
        return RS_EXPR_IS_I64;
    case RS_TYPE_I32:
        return RS_EXPR_IS_I32;
    case RS_TYPE_BOOL:
        return RS_EXPR_IS_BOOL;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return RS_EXPR_IS_F64;
    case RS_TYPE_STR:
        return RS_EXPR_IS_TEXT;
    case RS_TYPE_ENUM:
        return RS_EXPR_IS_WORD;
    }
    return RS_EXPR_IS_UNKNOWN;
}

static bool check_column(rs_expr_scope *scope, rs_expr *expr)
{
    size_t input = scope->first_visible;
    while (input < scope->n_visible &&
           !rs_str_equal(rs_str_of(scope->inputs[input].alias), expr->alias)) {
        input++;
    }
    if (input == scope->n_visible) {
        return fail_alias(scope, expr);
    }
    const rs_dataset *dataset = scope->inputs[input].dataset;
    expr->input = input;
    expr->column = rs_column_find(dataset, expr->text);
    if (expr->column == NULL) {
        return fail_column(scope, expr, dataset);
    }
    expr->type = rs_expr_type_of(expr->column);
    expr->words = expr->column->words;
    expr->is_nullable = (!expr->column->required || input >= scope->n_sure) &&
                        !is_assumed(scope, input, expr->column);
    return true;
}

/* --- what must be alike --- */

/* A text literal that meets a word must be one of its set. */
static bool check_word(rs_expr_scope *scope, const rs_expr *word, const rs_expr *literal)
{
    if (word->type != RS_EXPR_IS_WORD || literal->kind != RS_EXPR_TEXT ||
        has_word(word->words, literal->text)) {
        return true;
    }
    rs_nearest nearest = {.name = literal->text};
    for (size_t i = 0; i < word->words->n_words; i++) {
        rs_nearest_offer(&nearest, word->words->words[i]);
    }
    rs_problems_add(scope->problems, literal->place, "'%s' is no word of %s%s", literal->text.bytes,
                    word->words->name, rs_nearest_hint(&nearest, scope->problems->arena));
    return false;
}

static bool check_alike(rs_expr_scope *scope, const rs_expr *a, const rs_expr *b)
{
    if (is_open(a) || is_open(b) || (is_number(a) && is_number(b))) {
        return true;
    }
    if (is_text(a) && is_text(b)) {
        return check_word(scope, a, b) && check_word(scope, b, a);
    }
    if (a->type != b->type) {
        return fail_type(scope, b, rs_expr_type_name(a, scope->problems->arena));
    }
    return true;
}

/* Take value into a result that is one of several: the type of all of them. */
static bool join_type(rs_expr_scope *scope, rs_expr *result, const rs_expr *value)
{
    if (!check_alike(scope, result, value)) {
        return false;
    }
    if (is_open(result) && !is_open(value)) {
        result->type = value->type;
        result->words = value->words;
    } else if (is_number(result) && is_number(value)) {
        result->type = result->type > value->type ? result->type : value->type;
    } else if (result->type == RS_EXPR_IS_TEXT && value->type == RS_EXPR_IS_WORD) {
        result->type = RS_EXPR_IS_TEXT;
    } else if (result->type == RS_EXPR_IS_WORD && value->kind != RS_EXPR_TEXT && !is_open(value) &&
               !rs_words_are_same(value->words, result->words)) {
        result->type = RS_EXPR_IS_TEXT;
        result->words = NULL;
    }
    return true;
}

/* --- operators --- */

static bool check_operands(rs_expr_scope *scope, const rs_expr *expr)
{
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        bool fits = true;
        const char *expected = "";
        switch (expr->op->op_class) {
        case RS_OP_LOGIC:
            fits = child->type == RS_EXPR_IS_BOOL;
            expected = "true or false";
            break;
        case RS_OP_BITS:
            fits = is_whole(child);
            expected = "a whole number";
            break;
        case RS_OP_NUMBER:
            fits = is_number(child);
            expected = "a number";
            break;
        case RS_OP_CONCAT:
            fits = is_text(child);
            expected = "a text";
            break;
        case RS_OP_COMPARE:
            break;
        }
        if (!fits && !is_open(child)) {
            return fail_type(scope, child, expected);
        }
    }
    return true;
}

static bool check_operator(rs_expr_scope *scope, rs_expr *expr)
{
    const rs_expr *left = expr->first;
    if (!check_operands(scope, expr)) {
        return false;
    }
    RS_ASSERT(left != NULL);
    const rs_expr *right = left->next != NULL ? left->next : left;
    expr->is_nullable = left->is_nullable || right->is_nullable;
    switch (expr->op->op_class) {
    case RS_OP_COMPARE:
        expr->type = RS_EXPR_IS_BOOL;
        return check_alike(scope, left, right);
    case RS_OP_LOGIC:
        expr->type = RS_EXPR_IS_BOOL;
        return true;
    case RS_OP_CONCAT:
        expr->type = RS_EXPR_IS_TEXT;
        return true;
    case RS_OP_BITS:
    case RS_OP_NUMBER:
        expr->type = left->type > right->type ? left->type : right->type;
        /* The engine gives null for a division by 0. */
        expr->is_nullable =
            expr->is_nullable || expr->op->symbol[0] == '/' || expr->op->symbol[0] == '%';
        return true;
    }
    return true;
}

/* The policy's limit on what a rule may spell out. */
static bool check_list(rs_expr_scope *scope, const rs_expr *expr)
{
    size_t n_literals = expr->n_children - 1;
    if ((int64_t)n_literals > scope->max_literals) {
        rs_problems_add(scope->problems, expr->place,
                        "%zu literals behind IN, and the policy allows %lld "
                        "(list_filter.max_literals): write = and OR, or declare a param table "
                        "(params:) and write IN params.NAME",
                        n_literals, (long long)scope->max_literals);
        return false;
    }
    return true;
}

static bool check_in(rs_expr_scope *scope, rs_expr *expr)
{
    expr->type = RS_EXPR_IS_BOOL;
    if (!check_list(scope, expr)) {
        return false;
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        expr->is_nullable = expr->is_nullable || child->is_nullable;
        if (child != expr->first && child->kind != RS_EXPR_TEXT && child->kind != RS_EXPR_INT &&
            child->kind != RS_EXPR_FLOAT) {
            rs_problems_add(scope->problems, child->place,
                            "expected a literal: a list behind IN holds nothing else");
            return false;
        }
        if (!check_alike(scope, expr->first, child)) {
            return false;
        }
    }
    return true;
}

static bool note_use(rs_expr_scope *scope, const rs_expr *expr)
{
    for (const rs_param_use *use = scope->param_uses; use != NULL; use = use->next) {
        if (use->param == expr->param) {
            return true;
        }
    }
    rs_param_use *use = rs_arena_alloc(scope->problems->arena, 1, sizeof *use);
    if (use == NULL) {
        scope->problems->failed = true;
        return false;
    }
    *use = (rs_param_use){.param = expr->param, .place = expr->place, .next = scope->param_uses};
    scope->param_uses = use;
    return true;
}

static bool check_in_param(rs_expr_scope *scope, rs_expr *expr)
{
    rs_nearest nearest = {.name = expr->text};
    expr->type = RS_EXPR_IS_BOOL;
    RS_ASSERT(expr->first != NULL);
    expr->is_nullable = expr->first->is_nullable;
    size_t n_params = scope->params != NULL ? scope->params->n_items : 0;
    for (size_t i = 0; i < n_params && expr->param == NULL; i++) {
        const rs_param_table *param = &scope->params->items[i];
        rs_nearest_offer(&nearest, param->name);
        if (rs_str_equal(rs_str_of(param->name), expr->text)) {
            expr->param = param;
        }
    }
    if (expr->param == NULL) {
        rs_problems_add(scope->problems, expr->place,
                        "no pack declares a param table %s%s (params: of a pack)", expr->text.bytes,
                        rs_nearest_hint(&nearest, scope->problems->arena));
        return false;
    }
    const rs_expr value = {.kind = RS_EXPR_COLUMN,
                           .place = expr->place,
                           .type = rs_expr_type_of(expr->param->column),
                           .words = expr->param->column->words};
    return check_alike(scope, &value, expr->first) && note_use(scope, expr);
}

static bool check_case(rs_expr_scope *scope, rs_expr *expr)
{
    expr->is_nullable = !expr->has_else;
    size_t index = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        bool is_condition = index % 2 == 0 && child->next != NULL;
        if (is_condition) {
            if (child->type != RS_EXPR_IS_BOOL && !is_open(child)) {
                return fail_type(scope, child, "true or false behind WHEN");
            }
            continue;
        }
        expr->is_nullable = expr->is_nullable || child->is_nullable;
        if (!join_type(scope, expr, child)) {
            return false;
        }
    }
    return true;
}

/* --- functions --- */

static bool check_count(rs_expr_scope *scope, const rs_expr *expr)
{
    size_t n_wanted = strlen(expr->function->parameters);
    bool fits =
        expr->function->is_variadic ? expr->n_children >= n_wanted : expr->n_children == n_wanted;
    if (!fits) {
        rs_problems_add(scope->problems, expr->place, "%s takes %s%zu arguments, not %zu",
                        expr->function->name, expr->function->is_variadic ? "at least " : "",
                        n_wanted, expr->n_children);
    }
    return fits;
}

static bool check_arguments(rs_expr_scope *scope, rs_expr *expr)
{
    const char *parameter = expr->function->parameters;
    size_t index = 0;
    bool all_nullable = true;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        if (*parameter == 't' && !is_text(child) && !is_open(child)) {
            return fail_type(scope, child, "a text");
        }
        if (*parameter == 'i' && !is_whole(child) && !is_open(child)) {
            return fail_type(scope, child, "a whole number");
        }
        if (*parameter == 'b' && child->type != RS_EXPR_IS_BOOL && !is_open(child)) {
            return fail_type(scope, child, "true or false");
        }
        if (expr->function->result == RS_EXPR_IS_UNKNOWN && !join_type(scope, expr, child)) {
            return false;
        }
        all_nullable = all_nullable && child->is_nullable;
        expr->is_nullable =
            expr->is_nullable || (index < expr->function->n_strict && child->is_nullable);
        parameter += parameter[1] != '\0';
    }
    if (expr->function->n_strict == 0) {
        expr->is_nullable = all_nullable;
    }
    return true;
}

/* A file's number and the id of something in a file are both whole numbers, but not the same. */
static bool check_file(rs_expr_scope *scope, rs_expr *expr)
{
    bool is_file_of = strcmp(expr->function->name, "file_of") == 0;
    if (!is_file_of && strcmp(expr->function->name, "root_of") != 0) {
        return true;
    }
    const rs_expr *argument = expr->first;
    RS_ASSERT(argument != NULL);
    rs_referent file = rs_referent_of(&rs_entities[RS_ENTITY_file]);
    rs_referent found = rs_expr_referent(argument);
    bool is_file = found.family == RS_ENTITY_file;
    if (is_file_of ? is_file : !rs_referent_may_be(found, file)) {
        rs_problems_add(scope->problems, argument->place,
                        is_file_of
                            ? "file_of: expected an id, found a file's own number"
                            : "root_of: expected a file's number (file_id), found another id");
        return false;
    }
    expr->is_nullable = expr->is_nullable || (is_file_of && !rs_expr_lies_in_file(argument));
    return true;
}

/* The name in lower case, in which functions are found. */
static rs_str lower_name(const rs_expr *call, char lower[TYPE_NAME_BYTES])
{
    size_t n_bytes =
        call->text.n_bytes < TYPE_NAME_BYTES ? call->text.n_bytes : TYPE_NAME_BYTES - 1;
    for (size_t i = 0; i < n_bytes; i++) {
        char c = call->text.bytes[i];
        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return (rs_str){lower, n_bytes};
}

static bool is_aggregate(const rs_expr *expr)
{
    char lower[TYPE_NAME_BYTES];
    const rs_function *function =
        expr->kind == RS_EXPR_CALL ? rs_function_find(lower_name(expr, lower)) : NULL;
    return function != NULL && function->is_aggregate;
}

/* The kind of node that global_id() makes an id of, where its tag is the name of one. */
static void find_kind(const rs_expr_scope *scope, rs_expr *expr)
{
    const rs_kinds *kinds = scope->kinds != NULL ? scope->kinds : rs_kinds_builtin();
    const rs_expr *tag = expr->first;
    size_t number = 0;
    if (strcmp(expr->function->name, "global_id") == 0 && tag != NULL &&
        tag->kind == RS_EXPR_TEXT && rs_kinds_find(kinds, false, tag->text, &number) != NULL) {
        expr->node_kind = number + 1;
    }
}

static bool check_call(rs_expr_scope *scope, rs_expr *expr)
{
    char lower[TYPE_NAME_BYTES];
    rs_str name = lower_name(expr, lower);
    expr->function = rs_function_find(name);
    if (expr->function == NULL) {
        rs_nearest nearest = {.name = name};
        for (size_t i = 0; rs_function_get(i) != NULL; i++) {
            rs_nearest_offer(&nearest, rs_function_get(i)->name);
        }
        rs_problems_add(scope->problems, expr->place, "unknown function %s%s", expr->text.bytes,
                        rs_nearest_hint(&nearest, scope->problems->arena));
        return false;
    }
    if (expr->function->is_aggregate && !scope->has_aggregates) {
        rs_problems_add(scope->problems, expr->place,
                        "%s stands only in the select of an aggregate, and not in another one",
                        expr->function->name);
        return false;
    }
    expr->type = expr->function->result;
    if (!check_count(scope, expr) || !check_arguments(scope, expr)) {
        return false;
    }
    find_kind(scope, expr);
    return check_file(scope, expr);
}

static bool check_one(rs_expr_scope *scope, rs_expr *expr)
{
    switch (expr->kind) {
    case RS_EXPR_COLUMN:
        return check_column(scope, expr);
    case RS_EXPR_TEXT:
        expr->type = RS_EXPR_IS_TEXT;
        return true;
    case RS_EXPR_INT:
        expr->type =
            expr->i64 >= INT32_MIN && expr->i64 <= INT32_MAX ? RS_EXPR_IS_I32 : RS_EXPR_IS_I64;
        return true;
    case RS_EXPR_FLOAT:
        expr->type = RS_EXPR_IS_F64;
        return true;
    case RS_EXPR_BOOL:
        expr->type = RS_EXPR_IS_BOOL;
        return true;
    case RS_EXPR_NULL:
        expr->type = RS_EXPR_IS_NOTHING;
        expr->is_nullable = true;
        return true;
    case RS_EXPR_UNARY:
    case RS_EXPR_BINARY:
        return check_operator(scope, expr);
    case RS_EXPR_IS_NULL:
        expr->type = RS_EXPR_IS_BOOL;
        return true;
    case RS_EXPR_IN:
        return check_in(scope, expr);
    case RS_EXPR_IN_PARAM:
        return check_in_param(scope, expr);
    case RS_EXPR_CASE:
        return check_case(scope, expr);
    case RS_EXPR_CALL:
        return check_call(scope, expr);
    }
    return false;
}

bool rs_expr_check(rs_expr_scope *scope, rs_expr *expr)
{
    bool fits = true;
    bool had_aggregates = scope->has_aggregates;
    scope->has_aggregates = had_aggregates && !is_aggregate(expr);
    for (rs_expr *child = expr->first; child != NULL; child = child->next) {
        fits = rs_expr_check(scope, child) && fits;
    }
    scope->has_aggregates = had_aggregates;
    return fits && check_one(scope, expr);
}

static void assume_column(rs_expr_scope *scope, const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_COLUMN && scope->n_not_null < RS_EXPR_MAX_NOT_NULL) {
        scope->not_null[scope->n_not_null++] = (rs_not_null){expr->input, expr->column};
    }
}

void rs_expr_assume(rs_expr_scope *scope, const rs_expr *condition)
{
    if ((condition->kind == RS_EXPR_IS_NULL && condition->is_negated) ||
        (condition->kind == RS_EXPR_IN && !condition->is_negated)) {
        assume_column(scope, condition->first);
    } else if (condition->kind == RS_EXPR_BINARY && condition->op->op_class == RS_OP_COMPARE) {
        assume_column(scope, condition->first);
        assume_column(scope, condition->first->next);
    } else if (condition->kind == RS_EXPR_BINARY && strcmp(condition->op->symbol, "AND") == 0) {
        rs_expr_assume(scope, condition->first);
        rs_expr_assume(scope, condition->first->next);
    }
}
