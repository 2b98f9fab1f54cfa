/* SPDX-License-Identifier: Apache-2.0 */
/* From a checked rule to its selects, and what can be proved of their rows. */
#include <string.h>

#include "rules/select.h"

enum { MAX_KEY_COLUMNS = 4 };

/*
 * Datasets whose key is an id that no other one gives. All other ids that the inventory and
 * syntax lenses have are those of syntax nodes, and so is every node_id.
 */
static const rs_dataset_id minting[] = {
    RS_DS_comments,     RS_DS_parse_errors,      RS_DS_repo_diagnostics, RS_DS_scopes,
    RS_DS_bindings,     RS_DS_scope_diagnostics, RS_DS_scip_metadata,    RS_DS_scip_documents,
    RS_DS_scip_symbols, RS_DS_scip_occurrences,  RS_DS_scip_diagnostics, RS_DS_scip_span_errors,
    RS_DS_cfg_blocks,   RS_DS_def_use_events,    RS_DS_flow_diagnostics,
};

/* --- uniqueness --- */

static bool is_column(const rs_expr *expr, size_t input, rs_str name)
{
    return expr != NULL && expr->kind == RS_EXPR_COLUMN && expr->input == input &&
           rs_str_equal(rs_str_of(expr->column->name), name);
}

/* The key of an input is among the expressions. */
static bool covers_key(const rs_rule *rule, size_t input, rs_expr *const *exprs, size_t n_exprs)
{
    const char *key = rule->inputs[input].dataset->key;
    while (*key != '\0') {
        rs_str name = rs_key_next(&key);
        bool found = false;
        for (size_t i = 0; i < n_exprs && !found; i++) {
            found = is_column(exprs[i], input, name);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* The columns of an input that `on` says are equal to something, alone on their side. */
static size_t collect_columns(rs_expr *on, size_t input, rs_expr **columns, size_t n_columns)
{
    if (strcmp(on->op->symbol, "AND") == 0) {
        n_columns = collect_columns(on->first, input, columns, n_columns);
        return collect_columns(on->first->next, input, columns, n_columns);
    }
    for (rs_expr *side = on->first; side != NULL; side = side->next) {
        if (side->kind == RS_EXPR_COLUMN && side->input == input && n_columns < MAX_KEY_COLUMNS) {
            columns[n_columns++] = side;
        }
    }
    return n_columns;
}

/* A row of the other input meets at most one of this one: the condition names its whole key. */
static bool joins_at_most_one(const rs_rule *rule, size_t input)
{
    rs_expr *columns[MAX_KEY_COLUMNS] = {NULL};
    size_t n_columns = collect_columns(rule->on, input, columns, 0);
    return covers_key(rule, input, columns, n_columns);
}

static size_t key_exprs(const rs_select *select, rs_expr **exprs)
{
    static const char *const keys[][3] = {
        [RS_G_nodes] = {"node_id", NULL, NULL},
        [RS_G_edges] = {"src", "dst", "start_byte"},
        [RS_G_props] = {"entity_id", NULL, NULL},
        [RS_G_derivations] = {NULL, NULL, NULL},
    };
    size_t id = (size_t)(select->output - rs_graph_dataset_get(RS_G_nodes));
    size_t n_exprs = 0;
    for (size_t i = 0; i < 3 && keys[id][i] != NULL; i++) {
        exprs[n_exprs++] = select->columns[rs_column_index(select->output, keys[id][i])];
    }
    return n_exprs;
}

static bool is_unique(const rs_select *select)
{
    const rs_rule *rule = select->rule;
    rs_expr *exprs[MAX_KEY_COLUMNS] = {NULL};
    if (rule->form == RS_EMIT_ROWS) {
        return false; /* its contract's gate looks at every row */
    }
    size_t n_exprs = key_exprs(select, exprs);
    if (rule->info.n_inputs == 0) {
        return true;
    }
    if (rule->info.kind == RS_RULE_UNION_ALL || rule->info.kind == RS_RULE_AGGREGATE) {
        return false;
    }
    bool has_left = covers_key(rule, 0, exprs, n_exprs);
    if (rule->info.kind != RS_RULE_HASH_JOIN || rule->join == RS_JOIN_SEMI ||
        rule->join == RS_JOIN_ANTI) {
        return has_left;
    }
    bool has_right = covers_key(rule, 1, exprs, n_exprs);
    if (has_left && (has_right || joins_at_most_one(rule, 1))) {
        return true;
    }
    return rule->join == RS_JOIN_INNER && has_right && joins_at_most_one(rule, 0);
}

bool rs_select_may_lack(const rs_select *select, size_t column)
{
    const rs_expr *expr = select->columns[column];
    return select->output->columns[column].required && (expr == NULL || expr->is_nullable);
}

/* --- clashes between two selects --- */

static bool is_syntax_id(const rs_dataset *dataset, const char *column)
{
    if (strcmp(column, "node_id") == 0) {
        return true;
    }
    bool is_syntax =
        strcmp(dataset->lens, "syntax") == 0 || strcmp(dataset->lens, "inventory") == 0;
    size_t n_bytes = strlen(column);
    return is_syntax && n_bytes > 3 && strcmp(column + n_bytes - 3, "_id") == 0;
}

/* What kind of thing an id names; NULL when that cannot be told. */
static const char *family_of(const rs_rule *rule, const rs_expr *expr)
{
    if (expr == NULL) {
        return NULL;
    }
    if (expr->kind == RS_EXPR_CALL && strcmp(expr->function->name, "global_id") == 0 &&
        expr->first->kind == RS_EXPR_TEXT) {
        return expr->first->text.bytes;
    }
    if (expr->kind != RS_EXPR_COLUMN || expr->column->type != RS_TYPE_I64) {
        return NULL;
    }
    const rs_dataset *dataset = rule->inputs[expr->input].dataset;
    if (strcmp(expr->column->name, "file_id") == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof minting / sizeof minting[0]; i++) {
        if (dataset == rs_dataset_get(minting[i]) &&
            strcmp(dataset->key, expr->column->name) == 0) {
            return dataset->name;
        }
    }
    return is_syntax_id(dataset, expr->column->name) ? "syntax_nodes" : NULL;
}

bool rs_select_may_clash(const rs_select *a, const rs_select *b)
{
    if (a->output != b->output) {
        return false;
    }
    if (a->kind != NULL && b->kind != NULL && strcmp(a->kind, b->kind) != 0 &&
        a->output == rs_graph_dataset_get(RS_G_edges)) {
        return false;
    }
    if (a->property != NULL && (strcmp(a->property->key, b->property->key) != 0 ||
                                a->property->is_edge != b->property->is_edge)) {
        return false;
    }
    rs_expr *left[MAX_KEY_COLUMNS] = {NULL};
    rs_expr *right[MAX_KEY_COLUMNS] = {NULL};
    size_t n_exprs = key_exprs(a, left);
    (void)key_exprs(b, right);
    for (size_t i = 0; i < n_exprs; i++) {
        const char *one = family_of(a->rule, left[i]);
        const char *other = family_of(b->rule, right[i]);
        if (one != NULL && other != NULL && strcmp(one, other) != 0) {
            return false;
        }
    }
    return true;
}

/* --- selects --- */

static rs_expr *new_const(rs_rules *rules, rs_expr_kind kind, const char *text, int64_t number)
{
    rs_expr *expr = rs_arena_alloc(&rules->arena, 1, sizeof *expr);
    if (expr == NULL) {
        rules->problems.failed = true;
        return NULL;
    }
    *expr = (rs_expr){.kind = kind, .depth = 1, .text = rs_str_of(text), .i64 = number};
    expr->type = kind == RS_EXPR_TEXT ? RS_EXPR_IS_TEXT : RS_EXPR_IS_I32;
    return expr;
}

static void set_text(rs_rules *rules, rs_select *select, const char *column, const char *text)
{
    rs_expr **place = &select->columns[rs_column_index(select->output, column)];
    if (*place == NULL) {
        *place = new_const(rules, RS_EXPR_TEXT, text, 0);
    }
}

static void set_int(rs_rules *rules, rs_select *select, const char *column, int64_t number)
{
    rs_expr **place = &select->columns[rs_column_index(select->output, column)];
    if (*place == NULL) {
        *place = new_const(rules, RS_EXPR_INT, "", number);
    }
}

static const char *value_column(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return "value_int";
    case RS_TYPE_BOOL:
        return "value_bool";
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return "value_float";
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return "value_str";
    }
    return "value_json";
}

static void plan_props(rs_rules *rules, rs_rule *rule, size_t index)
{
    rs_select *select = &rule->selects[index];
    rs_expr *value = rule->values[index].value;
    select->property = rule->values[index].property;
    select->drops_null_value = value->is_nullable;
    set_text(rules, select, "entity_kind", rule->form == RS_EMIT_EDGE_PROPS ? "edge" : "node");
    set_text(rules, select, "key", select->property->key);
    select->columns[rs_column_index(select->output, value_column(select->property->type))] = value;
}

/* --- confidence --- */

static rs_expr *new_node(rs_rules *rules, rs_expr_kind kind, rs_expr_type type)
{
    rs_expr *expr = rs_arena_alloc(&rules->arena, 1, sizeof *expr);
    if (expr == NULL) {
        rules->problems.failed = true;
        return NULL;
    }
    *expr = (rs_expr){.kind = kind, .depth = 1, .type = type};
    return expr;
}

static rs_expr *new_float(rs_rules *rules, double value)
{
    rs_expr *expr = new_node(rules, RS_EXPR_FLOAT, RS_EXPR_IS_F64);
    if (expr != NULL) {
        expr->f64 = value;
    }
    return expr;
}

static void hang(rs_expr *parent, rs_expr **last, rs_expr *child)
{
    if (*last == NULL) {
        parent->first = child;
    } else {
        (*last)->next = child;
    }
    *last = child;
    parent->n_children++;
}

/* source = 'name' */
static rs_expr *new_is(rs_rules *rules, const rs_expr *source, const char *name)
{
    rs_expr *is = new_node(rules, RS_EXPR_BINARY, RS_EXPR_IS_BOOL);
    rs_expr *left = new_node(rules, source->kind, source->type);
    rs_expr *right = new_node(rules, RS_EXPR_TEXT, RS_EXPR_IS_TEXT);
    if (is == NULL || left == NULL || right == NULL) {
        return NULL;
    }
    *left = *source;
    left->next = right;
    right->text = rs_str_of(name);
    is->op = rs_expr_op_find(RS_STR_LITERAL("="));
    is->first = left;
    is->n_children = 2;
    return is;
}

/* What the policy gives: a number, or one by the row's source. */
static rs_expr *new_confidence(rs_rules *rules, const rs_rule_policies *policies)
{
    const rs_confidence_policy *policy = policies->found;
    rs_str none = {"", 0};
    if (policies->source == NULL || policy->n_weights == 0) {
        return new_float(rules, rs_confidence_value(policy, none));
    }
    rs_expr *expr = new_node(rules, RS_EXPR_CASE, RS_EXPR_IS_F64);
    rs_expr *last = NULL;
    for (size_t i = 0; i < policy->n_weights && expr != NULL; i++) {
        const char *source = policy->weights[i].source;
        rs_expr *condition = new_is(rules, policies->source, source);
        rs_expr *value = new_float(rules, rs_confidence_value(policy, rs_str_of(source)));
        if (condition == NULL || value == NULL) {
            return NULL;
        }
        hang(expr, &last, condition);
        hang(expr, &last, value);
    }
    rs_expr *otherwise = new_float(rules, rs_confidence_value(policy, none));
    if (expr == NULL || otherwise == NULL) {
        return NULL;
    }
    hang(expr, &last, otherwise);
    expr->has_else = true;
    return expr;
}

/* --- edges and rows --- */

/* Columns that an edge takes from the relationship that it is made of. */
static const struct {
    const char *edge;
    const char *relationship;
} inherited[] = {
    {"method", "method"},
    {"confidence", "confidence"},
    {"score", "score"},
    {"ambiguity_group_id", "ambiguity_group_id"},
    {"relationship_rule", "rule_name"},
};

bool rs_inherits(const char *column)
{
    for (size_t i = 0; i < sizeof inherited / sizeof inherited[0]; i++) {
        if (strcmp(inherited[i].edge, column) == 0) {
            return true;
        }
    }
    return false;
}

size_t rs_rule_relationship(const rs_rule *rule)
{
    for (size_t i = 0; i < rule->info.n_inputs; i++) {
        if (strcmp(rule->inputs[i].dataset->lens, "relationship") == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static rs_expr *new_column(rs_rules *rules, const rs_rule *rule, size_t input, const char *name)
{
    const rs_column *column = rs_column_find(rule->inputs[input].dataset, rs_str_of(name));
    rs_expr *expr = new_node(rules, RS_EXPR_COLUMN, RS_EXPR_IS_UNKNOWN);
    RS_ASSERT(column != NULL);
    if (expr != NULL) {
        expr->input = input;
        expr->column = column;
        expr->type = rs_expr_type_of(column);
        expr->words = column->words;
        expr->is_nullable = !column->required;
    }
    return expr;
}

/* A join that is half gives rows of its left side; only that one hands its columns on. */
static void inherit(rs_rules *rules, rs_select *select)
{
    const rs_rule *rule = select->rule;
    size_t input = rs_rule_relationship(rule);
    bool is_half = rule->join == RS_JOIN_SEMI || rule->join == RS_JOIN_ANTI;
    if (input == SIZE_MAX || (is_half && input > 0) || rule->info.kind == RS_RULE_AGGREGATE) {
        return;
    }
    if (rule->info.kind == RS_RULE_UNION_ALL) {
        input = rule->info.n_inputs; /* each */
    }
    for (size_t i = 0; i < sizeof inherited / sizeof inherited[0]; i++) {
        rs_expr **place = &select->columns[rs_column_index(select->output, inherited[i].edge)];
        rs_str name = rs_str_of(inherited[i].relationship);
        if (*place == NULL && rs_column_find(rule->inputs[input].dataset, name) != NULL) {
            *place = new_column(rules, rule, input, inherited[i].relationship);
        }
    }
}

static void plan_edge(rs_rules *rules, rs_rule *rule)
{
    rs_select *select = &rule->selects[0];
    rs_edge_kind kind = (rs_edge_kind)0;
    if (rs_edge_kind_find(rs_str_of(rule->kinds[0]), &kind)) {
        set_text(rules, select, "origin", rs_edge_kind_get(kind)->lens);
    }
    inherit(rules, select);
    set_text(rules, select, "rule_name", rule->info.name);
    set_int(rules, select, "rule_priority", rule->info.priority);
    set_int(rules, select, "confidence", 1); /* what the source states outright */
    select->is_derived =
        rule->info.kind != RS_RULE_FILTER_PROJECT || rs_rule_relationship(rule) != SIZE_MAX;
}

static void plan_rows(rs_rules *rules, rs_rule *rule)
{
    rs_select *select = &rule->selects[0];
    rs_expr **confidence = &select->columns[rs_column_index(select->output, "confidence")];
    rs_expr **score = &select->columns[rs_column_index(select->output, "score")];
    *confidence = new_confidence(rules, &rule->policies);
    if (*score == NULL && rule->info.kind == RS_RULE_INTERVAL_ALIGN) {
        *score = new_column(rules, rule, 2, "score"); /* of match */
    }
    set_text(rules, select, "rule_name", rule->info.name);
    set_int(rules, select, "rule_priority", rule->info.priority);
    select->is_derived = true;
}

bool rs_plan_rule(rs_rules *rules, rs_rule *rule)
{
    bool is_props = rule->form == RS_EMIT_PROPS || rule->form == RS_EMIT_EDGE_PROPS;
    rule->n_selects = is_props ? rule->n_values : 1;
    rule->selects = rs_arena_alloc(&rules->arena, rule->n_selects, sizeof *rule->selects);
    if (rule->selects == NULL) {
        rules->problems.failed = true;
        return false;
    }
    for (size_t i = 0; i < rule->n_selects; i++) {
        rs_select *select = &rule->selects[i];
        *select = (rs_select){.rule = rule};
        select->output = rule->contract != NULL
                             ? rule->contract->dataset
                             : rs_graph_dataset_find(rs_str_of(rule->info.output));
        memcpy(select->columns, rule->columns, sizeof select->columns);
        select->kind = !is_props && rule->n_kinds == 1 ? rule->kinds[0] : NULL;
        select->is_ordered = rule->info.kind == RS_RULE_FILTER_PROJECT;
        if (is_props) {
            plan_props(rules, rule, i);
        } else if (rule->form == RS_EMIT_EDGE) {
            plan_edge(rules, rule);
        } else if (rule->form == RS_EMIT_ROWS) {
            plan_rows(rules, rule);
        }
        select->is_unique = is_unique(select);
    }
    return !rules->problems.failed && rs_plan_steps(rules, rule);
}
