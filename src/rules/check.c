/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule says against the registries: names, types, kinds, properties. */
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
        return expr->type == RS_EXPR_IS_WORD || expr->kind == RS_EXPR_TEXT;
    }
    return false;
}

/* A value that is a word, against the words that may stand there. */
static bool check_words(rs_rules *rules, const rs_column *column, const rs_expr *expr)
{
    if (expr->kind == RS_EXPR_TEXT && !has_word(column->words, expr->text)) {
        rs_nearest nearest = {.name = expr->text};
        for (size_t i = 0; i < column->words->n_words; i++) {
            rs_nearest_offer(&nearest, column->words->words[i]);
        }
        rs_problems_add(&rules->problems, expr->place, "%s: '%s' is no word of %s%s", column->name,
                        expr->text.bytes, column->words->name,
                        rs_nearest_hint(&nearest, &rules->arena));
        return false;
    }
    if (expr->type == RS_EXPR_IS_WORD && expr->words != column->words) {
        rs_problems_add(&rules->problems, expr->place,
                        "%s: expected a word of %s, found a word of %s", column->name,
                        column->words->name, expr->words->name);
        return false;
    }
    return true;
}

static bool check_column(rs_rules *rules, const rs_column *column, const rs_expr *expr)
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
    return column->type != RS_TYPE_ENUM || check_words(rules, column, expr);
}

/* A property's value: its type, and its words where the kind names them. */
static void check_value(rs_rules *rules, const rs_property *property, const rs_expr *expr)
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
    if (property->words[0] == '\0') {
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
    } else if (expr->kind != RS_EXPR_TEXT) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected one of: %s; found any text",
                        property->key, property->words);
    }
}

/* --- joins --- */

/* left.column = right.column, joined by AND. */
static bool is_equality(const rs_expr *expr)
{
    if (expr->kind != RS_EXPR_BINARY) {
        return false;
    }
    const rs_expr *a = expr->first;
    const rs_expr *b = a->next;
    if (strcmp(expr->op->symbol, "AND") == 0) {
        return is_equality(a) && is_equality(b);
    }
    return strcmp(expr->op->symbol, "=") == 0 && a->kind == RS_EXPR_COLUMN &&
           b->kind == RS_EXPR_COLUMN && a->input != b->input;
}

static bool check_condition(rs_rules *rules, rs_expr_scope *scope, rs_expr *expr, const char *key)
{
    if (!rs_expr_check(scope, expr)) {
        return false;
    }
    if (expr->type != RS_EXPR_IS_BOOL) {
        rs_problems_add(&rules->problems, expr->place, "%s: expected true or false, found %s", key,
                        rs_expr_type_name(expr, &rules->arena));
        return false;
    }
    return true;
}

static void check_on(rs_rules *rules, rs_expr_scope *scope, rs_rule *rule)
{
    size_t n_visible = scope->n_visible;
    scope->n_visible = scope->n_inputs;
    if (check_condition(rules, scope, rule->on, "on")) {
        if (!is_equality(rule->on)) {
            rs_problems_add(&rules->problems, rule->on->place,
                            "on: expected %s.column = %s.column, or several of them joined by AND",
                            rule->inputs[0].alias, rule->inputs[1].alias);
        } else if (rule->join == RS_JOIN_INNER || rule->join == RS_JOIN_SEMI) {
            rs_expr_assume(scope, rule->on);
        }
    }
    scope->n_visible = n_visible;
}

static rs_rule_scope scope_of(const rs_rule *rule)
{
    if (rule->info.n_inputs == 0) {
        return RS_SCOPE_RUN;
    }
    for (size_t i = 0; i < rule->info.n_inputs; i++) {
        if (rule->inputs[i].dataset == rs_dataset_get(RS_DS_repo_diagnostics)) {
            return RS_SCOPE_RUN;
        }
    }
    return RS_SCOPE_PART;
}

static const char *emitted_text(rs_rules *rules, const rs_rule *rule)
{
    rs_buf text = {0};
    for (size_t i = 0; i < rule->n_kinds; i++) {
        rs_buf_add(&text, i == 0 ? "" : " ");
        rs_buf_add(&text, rule->kinds[i]);
    }
    const char *copy = rs_arena_strndup(&rules->arena, rs_buf_text(&text), text.n_bytes);
    if (text.failed || copy == NULL) {
        rules->problems.failed = true;
        copy = "";
    }
    rs_buf_release(&text);
    return copy;
}

void rs_check_rule(rs_rules *rules, rs_rule *rule)
{
    bool is_half = rule->join == RS_JOIN_SEMI || rule->join == RS_JOIN_ANTI;
    size_t n_problems = rules->problems.list.n_items;
    rs_expr_scope scope = {.inputs = rule->inputs,
                           .n_inputs = rule->info.n_inputs,
                           .n_visible = rule->info.n_inputs,
                           .n_sure = rule->info.n_inputs,
                           .problems = &rules->problems};
    if (rule->info.kind == RS_RULE_HASH_JOIN) {
        scope.n_visible = is_half ? 1 : 2;
        scope.n_sure = rule->join == RS_JOIN_LEFT ? 1 : 2;
        check_on(rules, &scope, rule);
    }
    if (rule->where != NULL && check_condition(rules, &scope, rule->where, "where")) {
        rs_expr_assume(&scope, rule->where);
    }
    const rs_dataset *output = rs_graph_dataset_find(rs_str_of(rule->info.output));
    for (size_t i = 0; i < output->n_columns; i++) {
        if (rule->columns[i] != NULL && rs_expr_check(&scope, rule->columns[i])) {
            (void)check_column(rules, &output->columns[i], rule->columns[i]);
        }
    }
    for (size_t i = 0; i < rule->n_values; i++) {
        if (!rs_expr_check(&scope, rule->values[i].value)) {
            continue;
        }
        for (size_t j = 0; j < rule->n_kinds; j++) {
            const rs_property *property = rs_property_find(
                rs_str_of(rule->kinds[j]), rule->form == RS_EMIT_EDGE_PROPS, rule->values[i].key);
            size_t n_before = rules->problems.list.n_items;
            check_value(rules, property, rule->values[i].value);
            if (rules->problems.list.n_items > n_before) {
                break;
            }
        }
    }
    rule->is_broken = rules->problems.list.n_items > n_problems;
    rule->info.scope = scope_of(rule);
    rule->info.emits = emitted_text(rules, rule);
}

/* --- kinds and their required properties --- */

/* Some props rule gives the property to the kind. */
static bool is_given(const rs_rules *rules, const rs_property *property, const char *kind)
{
    rs_emit_form form = property->is_edge ? RS_EMIT_EDGE_PROPS : RS_EMIT_PROPS;
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_rule *rule = rules->list.items[i];
        if (rule->form != form) {
            continue;
        }
        bool has_kind = false;
        for (size_t j = 0; j < rule->n_kinds && !has_kind; j++) {
            has_kind = strcmp(rule->kinds[j], kind) == 0 || strcmp(rule->kinds[j], "ANY") == 0;
        }
        for (size_t j = 0; j < rule->n_values && has_kind; j++) {
            if (rs_str_equal(rule->values[j].key, rs_str_of(property->key))) {
                return true;
            }
        }
    }
    return false;
}

/* The rule can emit the kind: it names it, or its rows have any kind of their lens. */
static bool may_emit(const rs_rule *rule, const rs_kind *kind)
{
    if (rule->is_broken || rule->form != (kind->is_edge ? RS_EMIT_EDGE : RS_EMIT_NODE)) {
        return false;
    }
    if (rule->n_kinds > 0) {
        return strcmp(rule->kinds[0], kind->name) == 0;
    }
    return rule->info.n_inputs > 0 && strcmp(rule->inputs[0].dataset->lens, kind->lens) == 0;
}

static bool has_column(const rs_rule *rule, const char *name)
{
    const rs_dataset *output = rs_graph_dataset_find(rs_str_of(rule->info.output));
    const rs_column *column = rs_column_find(output, rs_str_of(name));
    return column != NULL && rule->columns[column - output->columns] != NULL;
}

static void check_kind(rs_rules *rules, const rs_rule *rule, const rs_kind *kind)
{
    size_t n_properties = 0;
    const rs_property *all = rs_properties(&n_properties);
    for (size_t i = 0; i < n_properties; i++) {
        if (all[i].required && all[i].is_edge == kind->is_edge &&
            strcmp(all[i].kind, kind->name) == 0 && !has_column(rule, all[i].key) &&
            !is_given(rules, &all[i], kind->name)) {
            rs_problems_add(&rules->problems, rule->emit_place,
                            "kind %s requires the property %s, which no rule gives", kind->name,
                            all[i].key);
        }
    }
}

void rs_check_kinds(rs_rules *rules)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_rule *rule = rules->list.items[i];
        for (int j = 0; j < RS_N_NODE_KINDS; j++) {
            if (may_emit(rule, rs_node_kind_get((rs_node_kind)j))) {
                check_kind(rules, rule, rs_node_kind_get((rs_node_kind)j));
            }
        }
        for (int j = 0; j < RS_N_EDGE_KINDS; j++) {
            if (may_emit(rule, rs_edge_kind_get((rs_edge_kind)j))) {
                check_kind(rules, rule, rs_edge_kind_get((rs_edge_kind)j));
            }
        }
    }
}
