/* SPDX-License-Identifier: Apache-2.0 */
/* Does a value fit where it goes. */
#include <string.h>

#include "rules/rule.h"

/* Words separated by spaces: those of a property. */
static bool has_listed(const char *list, rs_str word)
{
    for (const char *p = list; *p != '\0';) {
        size_t n_bytes = strcspn(p, " ");
        if (rs_str_equal((rs_str){p, n_bytes}, word)) {
            return true;
        }
        p += n_bytes;
        p += *p == ' ';
    }
    return false;
}

static bool has_word(const rs_words *words, rs_str word)
{
    for (size_t i = 0; i < words->n_words; i++) {
        if (rs_str_equal(rs_str_of(words->words[i]), word)) {
            return true;
        }
    }
    return false;
}

/* --- does a value fit where it goes --- */

static const char *type_words(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return "a whole number";
    case RS_TYPE_BOOL:
        return "true or false";
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return "a number";
    case RS_TYPE_STR:
        return "a text";
    case RS_TYPE_ENUM:
        return "a word";
    }
    return "";
}

/* The next value that a CASE may give behind `child`, the first one for NULL; NULL: there is none. */
static const rs_expr *next_value(const rs_expr *expr, const rs_expr *child)
{
    const rs_expr *condition = child == NULL ? expr->first : child->next;
    return condition == NULL || condition->next == NULL ? condition : condition->next;
}

/* A word of some set, or texts that may be words: also as what a CASE chooses from. */
static bool may_be_word(const rs_expr *expr)
{
    if (expr->kind != RS_EXPR_CASE || expr->type != RS_EXPR_IS_TEXT) {
        return expr->type == RS_EXPR_IS_WORD || expr->kind == RS_EXPR_TEXT ||
               expr->type == RS_EXPR_IS_NOTHING;
    }
    for (const rs_expr *value = next_value(expr, NULL); value != NULL;
         value = next_value(expr, value)) {
        if (!may_be_word(value)) {
            return false;
        }
    }
    return true;
}

static bool fits_type(rs_type type, const rs_expr *expr)
{
    bool is_whole = expr->type == RS_EXPR_IS_I32 || expr->type == RS_EXPR_IS_I64;
    switch (type) {
    case RS_TYPE_I64:
        return is_whole;
    case RS_TYPE_I32:
        return expr->type == RS_EXPR_IS_I32;
    case RS_TYPE_BOOL:
        return expr->type == RS_EXPR_IS_BOOL;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return is_whole || expr->type == RS_EXPR_IS_F64;
    case RS_TYPE_STR:
        return expr->type == RS_EXPR_IS_TEXT || expr->type == RS_EXPR_IS_WORD;
    case RS_TYPE_ENUM:
        return may_be_word(expr);
    }
    return false;
}

/* A value that is a word, against the words that may stand there. */
static bool check_words(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_CASE && expr->type == RS_EXPR_IS_TEXT) {
        for (const rs_expr *value = next_value(expr, NULL); value != NULL;
             value = next_value(expr, value)) {
            if (!check_words(rules, column, value)) {
                return false;
            }
        }
        return true;
    }
    const rs_words *words = rs_kinds_words(rules->kinds, column->words);
    if (expr->kind == RS_EXPR_TEXT && !has_word(words, expr->text)) {
        rs_nearest nearest = {.name = expr->text};
        for (size_t i = 0; i < words->n_words; i++) {
            rs_nearest_offer(&nearest, words->words[i]);
        }
        rs_problems_add(&rules->problems, expr->place, "%s: '%s' is no word of %s%s", column->name,
                        expr->text.bytes, column->words->name,
                        rs_nearest_hint(&nearest, &rules->arena));
        return false;
    }
    if (expr->type == RS_EXPR_IS_WORD && !rs_words_are_same(expr->words, words)) {
        rs_problems_add(&rules->problems, expr->place,
                        "%s: expected a word of %s, found a word of %s", column->name,
                        column->words->name, expr->words->name);
        return false;
    }
    return true;
}

bool rs_check_column(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    if (expr->type == RS_EXPR_IS_NOTHING) {
        return true;
    }
    if (!fits_type(column->type, expr)) {
        bool is_wide = column->type == RS_TYPE_I32 && expr->type == RS_EXPR_IS_I64;
        rs_problems_add(&rules->problems, expr->place, "%s: expected %s, found %s", column->name,
                        is_wide ? "a whole number of 32 bits" : type_words(column->type),
                        is_wide ? "one of 64 bits" : rs_expr_type_name(expr, &rules->arena));
        return false;
    }
    if (column->type == RS_TYPE_ENUM) {
        return check_words(rules, column, expr);
    }
    return true;
}

static void check_listed(rs_rules *rules, const rs_property *property, const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_CASE && expr->type == RS_EXPR_IS_TEXT) {
        for (const rs_expr *value = next_value(expr, NULL); value != NULL;
             value = next_value(expr, value)) {
            check_listed(rules, property, value); /* no deeper than RS_EXPR_MAX_DEPTH */
        }
        return;
    }
    if (expr->kind == RS_EXPR_TEXT && !has_listed(property->words, expr->text)) {
        rs_problems_add(&rules->problems, expr->place, "%s: '%s' is none of: %s", property->key,
                        expr->text.bytes, property->words);
    } else if (expr->type == RS_EXPR_IS_WORD) {
        for (size_t i = 0; i < expr->words->n_words; i++) {
            if (!has_listed(property->words, rs_str_of(expr->words->words[i]))) {
                rs_problems_add(&rules->problems, expr->place, "%s: %s of %s is none of: %s",
                                property->key, expr->words->words[i], expr->words->name,
                                property->words);
                return;
            }
        }
    } else if (expr->kind != RS_EXPR_TEXT && expr->type != RS_EXPR_IS_NOTHING) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected one of: %s; found any text",
                        property->key, property->words);
    }
}

/* A property's value: its type, and its words where the kind names them. */
void rs_check_property(rs_rules *rules, const rs_property *property, const rs_expr *expr)
{
    if (expr->type == RS_EXPR_IS_NOTHING) {
        rs_problems_add(&rules->problems, expr->place,
                        "%s: a property that is always null is not stored", property->key);
        return;
    }
    if (!fits_type(property->type, expr)) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected %s, found %s", property->key,
                        type_words(property->type), rs_expr_type_name(expr, &rules->arena));
        return;
    }
    if (property->words[0] != '\0') {
        check_listed(rules, property, expr);
    }
}
