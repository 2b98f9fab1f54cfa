/* SPDX-License-Identifier: Apache-2.0 */
/* From a checked rule to its selects. */
#include <string.h>

#include "plan/operator.h"
#include "plan/steps.h"
#include "rules/rule.h"

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
    set_text(rules, select, "entity_kind", rule->plan.form == RS_EMIT_EDGE_PROPS ? "edge" : "node");
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
static rs_expr *new_confidence(rs_rules *rules, const rs_plan_policies *policies)
{
    const rs_confidence_policy *policy = policies->confidence;
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

/* --- damage --- */

static rs_expr *new_column(rs_rules *rules, const rs_plan *plan, size_t input, const char *name)
{
    const rs_column *column = rs_column_find(plan->inputs[input].dataset, rs_str_of(name));
    rs_expr *expr = new_node(rules, RS_EXPR_COLUMN, RS_EXPR_IS_UNKNOWN);
    RS_ASSERT(column != NULL);
    if (expr != NULL) {
        expr->input = input;
        expr->column = column;
        expr->type = rs_expr_type_of(column);
        expr->words = column->words;
        expr->is_nullable = !column->required || rs_plan_does_without(plan, input);
    }
    return expr;
}

/* A parent of one or two children, in the order given; NULL when memory is out. */
static rs_expr *new_parent(rs_rules *rules, rs_expr_kind kind, rs_expr *one, rs_expr *other)
{
    rs_expr *expr = new_node(rules, kind, RS_EXPR_IS_BOOL);
    rs_expr *last = NULL;
    if (expr == NULL || one == NULL) {
        return NULL;
    }
    hang(expr, &last, one);
    if (other != NULL) {
        hang(expr, &last, other);
    }
    return expr;
}

static rs_expr *new_call(rs_rules *rules, const char *name, rs_expr *one, rs_expr *other)
{
    rs_expr *call = new_parent(rules, RS_EXPR_CALL, one, other);
    if (call != NULL) {
        call->function = rs_function_find(rs_str_of(name));
        call->text = rs_str_of(name);
    }
    return call;
}

/* What is not known to be damaged is not. */
static rs_expr *or_false(rs_rules *rules, rs_expr *expr)
{
    if (expr == NULL || !expr->is_nullable) {
        return expr;
    }
    rs_expr *no = new_node(rules, RS_EXPR_BOOL, RS_EXPR_IS_BOOL);
    return no != NULL ? new_call(rules, "coalesce", expr, no) : NULL;
}

/* Whether the row of an input is damaged; of a group, whether one of its rows is. */
static rs_expr *input_damage(rs_rules *rules, const rs_plan *plan, size_t input)
{
    rs_expr *column = or_false(rules, new_column(rules, plan, input, RS_DAMAGE_COLUMN));
    return plan->op->groups && column != NULL ? new_call(rules, "any", column, NULL) : column;
}

/* The inputs whose rows a row of the plan is made of: first .. *n_inputs - 1. */
static size_t first_source(const rs_plan *plan, size_t *n_inputs)
{
    bool is_any = plan->op->places == RS_PLACES_ANY; /* `each` stands for all of them */
    bool is_pair = plan->op->places == RS_PLACES_TWO;
    *n_inputs = is_any ? plan->n_inputs + 1 : is_pair ? rs_plan_n_paired(plan) : plan->n_inputs;
    return is_any ? plan->n_inputs : 0;
}

/* A row is damaged where one of those is that it was made of, or the rule says so. Of rows that nothing
 * could tell it of, a relationship says no, and the graph nothing. */
static void plan_damage(rs_rules *rules, rs_select *select)
{
    const rs_plan *plan = select->plan;
    const rs_column *column = rs_column_find(select->output, rs_str_of(RS_DAMAGE_COLUMN));
    if (column == NULL) {
        return;
    }
    size_t n_inputs = 0;
    rs_expr **place = &select->columns[column - select->output->columns];
    rs_expr *damage = or_false(rules, *place);
    for (size_t i = first_source(plan, &n_inputs); i < n_inputs; i++) {
        if (rs_column_find(plan->inputs[i].dataset, rs_str_of(RS_DAMAGE_COLUMN)) == NULL) {
            continue;
        }
        rs_expr *of_input = input_damage(rules, plan, i);
        if (damage == NULL || of_input == NULL) {
            damage = of_input;
            continue;
        }
        damage = new_parent(rules, RS_EXPR_BINARY, damage, of_input);
        if (damage != NULL) {
            damage->op = rs_expr_op_find(RS_STR_LITERAL("OR"));
        }
    }
    if (damage == NULL && column->required) {
        damage = new_node(rules, RS_EXPR_BOOL, RS_EXPR_IS_BOOL);
    }
    *place = damage;
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

/* A join that is half gives rows of its left side; only that one hands its columns on. */
static void inherit(rs_rules *rules, rs_select *select)
{
    const rs_plan *plan = select->plan;
    size_t input = rs_plan_relationship(plan);
    size_t n_sides = plan->op->places == RS_PLACES_TWO ? rs_plan_n_paired(plan) : plan->n_inputs;
    if (input == SIZE_MAX || input >= n_sides || !plan->op->hands_on) {
        return;
    }
    if (plan->op->places == RS_PLACES_ANY) {
        input = plan->n_inputs; /* each */
    }
    for (size_t i = 0; i < sizeof inherited / sizeof inherited[0]; i++) {
        rs_expr **place = &select->columns[rs_column_index(select->output, inherited[i].edge)];
        rs_str name = rs_str_of(inherited[i].relationship);
        if (*place == NULL && rs_column_find(plan->inputs[input].dataset, name) != NULL) {
            *place = new_column(rules, plan, input, inherited[i].relationship);
        }
    }
}

static void plan_edge(rs_rules *rules, rs_rule *rule)
{
    rs_select *select = &rule->selects[0];
    const rs_kind *kind = rs_kinds_find(rules->kinds, true, rs_str_of(rule->plan.kinds[0]), NULL);
    if (kind != NULL) {
        set_text(rules, select, "origin", kind->lens);
    }
    rs_expr **confidence = &select->columns[rs_column_index(select->output, "confidence")];
    if (rule->plan.policies.confidence != NULL) {
        *confidence = new_confidence(rules, &rule->plan.policies);
    }
    inherit(rules, select);
    if (*confidence == NULL) {
        rule->plan.policies.confidence =
            rs_policy_confidence(rules->policy, RS_STR_LITERAL(RS_POLICY_OF_EVIDENCE));
        RS_ASSERT(rule->plan.policies.confidence != NULL); /* of the built-in file */
        *confidence = new_confidence(rules, &rule->plan.policies);
    }
    set_text(rules, select, "rule_name", rule->plan.name);
    set_int(rules, select, "rule_priority", rule->plan.priority);
    select->is_derived =
        !rule->plan.op->is_projection || rs_plan_relationship(&rule->plan) != SIZE_MAX;
}

static void plan_rows(rs_rules *rules, rs_rule *rule)
{
    const rs_operator *op = rule->plan.op;
    rs_select *select = &rule->selects[0];
    rs_expr **confidence = &select->columns[rs_column_index(select->output, "confidence")];
    rs_expr **score = &select->columns[rs_column_index(select->output, "score")];
    *confidence = new_confidence(rules, &rule->plan.policies);
    if (*score == NULL && op->score != NULL) {
        *score = new_column(rules, &rule->plan, rule->plan.n_inputs, op->score);
    }
    set_text(rules, select, "rule_name", rule->plan.name);
    set_int(rules, select, "rule_priority", rule->plan.priority);
    select->is_derived = true;
}

bool rs_plan_rule(rs_rules *rules, rs_rule *rule)
{
    bool is_props = rule->plan.form == RS_EMIT_PROPS || rule->plan.form == RS_EMIT_EDGE_PROPS;
    rule->plan.n_selects = is_props ? rule->n_values : 1;
    rule->selects = rs_arena_alloc(&rules->arena, rule->plan.n_selects, sizeof *rule->selects);
    if (rule->selects == NULL) {
        rules->problems.failed = true;
        return false;
    }
    rule->plan.selects = rule->selects;
    for (size_t i = 0; i < rule->plan.n_selects; i++) {
        rs_select *select = &rule->selects[i];
        *select = (rs_select){.plan = &rule->plan};
        select->output = rule->plan.output;
        memcpy(select->columns, rule->plan.columns, sizeof select->columns);
        select->kind = !is_props && rule->plan.n_kinds == 1 ? rule->plan.kinds[0] : NULL;
        if (is_props) {
            plan_props(rules, rule, i);
        } else if (rule->plan.form == RS_EMIT_EDGE) {
            plan_edge(rules, rule);
        } else if (rule->plan.form == RS_EMIT_ROWS) {
            plan_rows(rules, rule);
        }
        plan_damage(rules, select);
        rs_select_prove(select);
    }
    rs_plan_note_columns(&rule->plan);
    if (rule->plan.form == RS_EMIT_ROWS &&
        !rs_plan_add_steps(&rule->plan, rules->dialect, &rules->arena)) {
        rules->problems.failed = true;
    }
    return !rules->problems.failed;
}
