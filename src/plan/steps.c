/* SPDX-License-Identifier: Apache-2.0 */
/* From a rule with an output to its steps. */
#include "plan/steps.h"

#include <stdio.h>
#include <string.h>

enum { MAX_STEPS = 6 };

/* Texts and arrays lie in the arena; that memory ran out is remembered. */
typedef struct planner {
    rs_arena *arena;
    bool failed;
    rs_plan *plan;
    const rs_dialect *dialect;
    rs_step steps[MAX_STEPS];
    size_t n_steps;
} planner;

void rs_buf_add_step_name(rs_buf *sql, const rs_plan *plan, const char *name)
{
    char text[RS_STEP_NAME_BYTES];
    int n_bytes = snprintf(text, sizeof text, "%s.%s", plan->name, name);
    RS_ASSERT(n_bytes > 0 && (size_t)n_bytes < sizeof text);
    rs_buf_add_sql_name(sql, (rs_str){text, (size_t)n_bytes});
}

static void *take(planner *in, size_t n_items, size_t n_item_bytes)
{
    void *memory = rs_arena_alloc(in->arena, n_items, n_item_bytes);
    in->failed = in->failed || memory == NULL;
    return memory;
}

static const char *keep(planner *in, rs_buf *text)
{
    const char *copy =
        text->failed ? NULL : rs_arena_strndup(in->arena, rs_buf_text(text), text->n_bytes);
    in->failed = in->failed || copy == NULL;
    rs_buf_release(text);
    return copy;
}

static const char *step_name(planner *in, const char *name)
{
    rs_buf text = {0};
    rs_buf_addf(&text, "%s.%s", in->plan->name, name);
    return keep(in, &text);
}

static rs_step *add_step(planner *in, const char *name, rs_buf *sql)
{
    RS_ASSERT(in->n_steps < MAX_STEPS);
    rs_step *step = &in->steps[in->n_steps++];
    *step = (rs_step){.name = step_name(in, name), .sql = keep(in, sql)};
    return step;
}

/* A kernel over the last n_inputs relations, whose columns are given where its order needs them. */
static void add_kernel(planner *in, const char *name, const rs_kernel_call *call, size_t n_inputs,
                       rs_names columns)
{
    rs_kernel_call *copy = take(in, 1, sizeof *copy);
    rs_relation inputs[RS_STEP_MAX_INPUTS] = {{0}};
    rs_buf sql = {0};
    if (in->failed) {
        return;
    }
    *copy = *call;
    for (size_t i = 0; i < n_inputs; i++) {
        inputs[i] = (rs_relation){in->steps[in->n_steps - n_inputs + i].name, columns};
    }
    rs_kernel_add_sql(copy, inputs, &sql);
    rs_step *step = add_step(in, name, &sql);
    step->call = copy;
    for (size_t i = 0; i < n_inputs; i++) {
        step->inputs[step->n_inputs++] = inputs[i].name;
    }
}

/* --- interval_align --- */

/* Conditions of a conjunction that name one input alone. */
static void add_side_where(const rs_plan *plan, const rs_expr *where, unsigned side,
                           const rs_dialect *dialect, size_t *n_added, rs_buf *sql)
{
    if (where->kind == RS_EXPR_BINARY && strcmp(where->op->symbol, "AND") == 0) {
        add_side_where(plan, where->first, side, dialect, n_added, sql);
        add_side_where(plan, where->first->next, side, dialect, n_added, sql);
    } else if (rs_expr_inputs(where) == side || (rs_expr_inputs(where) == 0 && side == 1u)) {
        rs_buf_add(sql, (*n_added)++ == 0 ? "\nWHERE " : "\n    AND ");
        rs_expr_add_sql(where, plan->inputs, dialect, sql);
    }
}

/* One side of each equality: _k0, _k1, ... */
static void add_keys(const rs_plan *plan, const rs_expr *on, unsigned side,
                     const rs_dialect *dialect, size_t *n_keys, rs_buf *sql)
{
    if (strcmp(on->op->symbol, "AND") == 0) {
        add_keys(plan, on->first, side, dialect, n_keys, sql);
        add_keys(plan, on->first->next, side, dialect, n_keys, sql);
        return;
    }
    const rs_expr *expr = rs_expr_inputs(on->first) == side ? on->first : on->first->next;
    rs_buf_add(sql, ",\n    ");
    rs_expr_add_sql(expr, plan->inputs, dialect, sql);
    rs_buf_addf(sql, " AS _k%zu", (*n_keys)++);
}

/* What the kernel needs of an input; returns how many keys there are. */
static size_t add_side(planner *in, size_t input)
{
    static const char *const names[] = {RS_STEP_NAME_LEFT, RS_STEP_NAME_RIGHT};
    const rs_plan *plan = in->plan;
    const rs_plan_input *from = &plan->inputs[input];
    rs_expr *const *ends = input == 0 ? plan->align.left : plan->align.right;
    rs_buf sql = {0};
    size_t n_keys = 0;
    size_t n_added = 0;
    rs_buf_add(&sql, "SELECT\n    ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->alias));
    rs_buf_add(&sql, "._row AS _row");
    add_keys(plan, plan->on, 1u << input, in->dialect, &n_keys, &sql);
    for (size_t i = 0; i < 2; i++) {
        rs_buf_add(&sql, ",\n    ");
        rs_expr_add_sql(ends[i], plan->inputs, in->dialect, &sql);
        rs_buf_add(&sql, i == 0 ? " AS _start" : " AS _end");
    }
    for (size_t i = 0; input == 1 && i < plan->align.n_ties; i++) {
        rs_buf_add(&sql, ",\n    ");
        rs_expr_add_sql(plan->align.ties[i], plan->inputs, in->dialect, &sql);
        rs_buf_addf(&sql, " AS _t%zu", i);
    }
    rs_buf_add(&sql, "\nFROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->dataset->name));
    rs_buf_add(&sql, " AS ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->alias));
    if (plan->where != NULL) {
        add_side_where(plan, plan->where, 1u << input, in->dialect, &n_added, &sql);
    }
    (void)add_step(in, names[input], &sql);
    return n_keys;
}

/* "_k0", "_k1", ... */
static rs_names numbered(planner *in, char letter, size_t n_names)
{
    const char **names = take(in, n_names + 1, sizeof *names);
    for (size_t i = 0; i < n_names && names != NULL; i++) {
        rs_buf text = {0};
        rs_buf_addf(&text, "_%c%zu", letter, i);
        names[i] = keep(in, &text);
    }
    return (rs_names){names, names != NULL ? n_names : 0};
}

static void plan_align(planner *in)
{
    const rs_align *align = &in->plan->align;
    (void)add_side(in, 0);
    rs_names keys = numbered(in, 'k', add_side(in, 1));
    rs_names ties = numbered(in, 't', align->n_ties);
    rs_order_term *terms = take(in, align->n_ties + 1, sizeof *terms);
    if (in->failed) {
        return;
    }
    for (size_t i = 0; i < ties.n_items; i++) {
        terms[i] = (rs_order_term){.column = ties.items[i]};
    }
    const rs_align_side side = {.row = "_row", .start = "_start", .end = "_end", .keys = keys};
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_interval_align,
        .as.interval_align = {.left = side,
                              .right = side,
                              .mode = align->mode,
                              .keep = align->keeps_all ? RS_ALIGN_KEEP_ALL : RS_ALIGN_KEEP_BEST,
                              .keep_unmatched = align->keeps_left,
                              .ties = {terms, ties.n_items}}};
    add_kernel(in, RS_STEP_NAME_MATCH, &call, 2, (rs_names){0});
}

/* --- explode_list --- */

static void add_list(planner *in, rs_buf *sql)
{
    const rs_plan *plan = in->plan;
    const rs_explode *explode = &plan->explode;
    if (explode->text != NULL) {
        rs_buf_add(sql, "string_split(CAST(");
        rs_expr_add_sql(explode->text, plan->inputs, in->dialect, sql);
        rs_buf_add(sql, " AS VARCHAR), ");
        rs_buf_add_sql_literal(sql, explode->separator);
        rs_buf_add(sql, ")");
        return;
    }
    rs_type type = plan->inputs[plan->n_inputs].dataset->columns[0].type;
    rs_buf_add(sql, "[");
    for (size_t i = 0; i < explode->n_items; i++) {
        rs_buf_add(sql, i == 0 ? "CAST(" : ", CAST(");
        rs_expr_add_sql(explode->items[i], plan->inputs, in->dialect, sql);
        rs_buf_addf(sql, " AS %s)", rs_type_sql_name(type));
    }
    rs_buf_add(sql, "]");
}

/* The input's columns, then what a plan hands on beside them. */
static rs_names columns_of(planner *in, const rs_dataset *dataset, const char *const *more,
                           size_t n_more)
{
    const char **names = take(in, dataset->n_columns + n_more, sizeof *names);
    if (names == NULL) {
        return (rs_names){0};
    }
    for (size_t i = 0; i < dataset->n_columns; i++) {
        names[i] = dataset->columns[i].name;
    }
    memcpy(names + dataset->n_columns, more, n_more * sizeof *names);
    return (rs_names){names, dataset->n_columns + n_more};
}

static void plan_explode(planner *in)
{
    static const char *const more[] = {"_row", "_list", "_in"};
    const rs_plan_input *from = &in->plan->inputs[0];
    bool is_relationship = strcmp(from->dataset->lens, "relationship") == 0;
    rs_names columns = columns_of(in, from->dataset, more, is_relationship ? 3 : 2);
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->alias));
    rs_buf_add(&sql, ".*, ");
    add_list(in, &sql);
    rs_buf_add(&sql, " AS _list\nFROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->dataset->name));
    rs_buf_add(&sql, " AS ");
    rs_buf_add_sql_name(&sql, rs_str_of(from->alias));
    (void)add_step(in, RS_STEP_NAME_LIST, &sql);
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_explode_list,
        .as.explode_list = {.list = "_list", .element = "item_value", .position = "item_position"}};
    add_kernel(in, RS_STEP_NAME_ITEMS, &call, 1, columns);
}

/* --- rows --- */

/* The rule's SELECT, and its filter over the output's columns. */
static void add_rows(planner *in, rs_buf *sql)
{
    const rs_plan *plan = in->plan;
    const rs_select_style style = {.with_order = true, .with_inputs = true};
    if (plan->filter != NULL) {
        rs_buf_add(sql, "SELECT *\nFROM (\n");
    }
    rs_select_add_sql(&plan->selects[0], &style, sql);
    if (plan->filter != NULL) {
        rs_buf_add(sql, "\n) AS \"out\"\nWHERE ");
        rs_expr_add_sql(plan->filter, plan->inputs, in->dialect, sql);
    }
}

static void plan_winner(planner *in)
{
    static const char *const more[] = {"_o1", "_o2", "_in"};
    const rs_winner *winner = &in->plan->winner;
    const char **keys = take(in, RS_SORT_MAX_TERMS, sizeof *keys);
    rs_order_term *terms = take(in, RS_SORT_MAX_TERMS, sizeof *terms);
    rs_names columns = columns_of(in, in->plan->contract->dataset, more, 3);
    if (in->failed) {
        return;
    }
    for (size_t i = 0; i < winner->n_keys; i++) {
        keys[i] = winner->keys[i].column->name;
    }
    for (size_t i = 0; i < winner->n_order; i++) {
        terms[i] = (rs_order_term){.column = winner->order[i].column->name,
                                   .descending = winner->order[i].is_descending};
    }
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_winner_select,
        .as.winner_select = {.keys = {keys, winner->n_keys}, .order = {terms, winner->n_order}}};
    add_kernel(in, RS_STEP_NAME_ROWS, &call, 1, columns);
}

bool rs_plan_add_steps(rs_plan *plan, rs_arena *arena)
{
    planner in = {.arena = arena, .plan = plan, .dialect = &rs_dialect_duckdb};
    rs_buf sql = {0};
    if (plan->kind == RS_RULE_INTERVAL_ALIGN) {
        plan_align(&in);
    } else if (plan->kind == RS_RULE_EXPLODE_LIST) {
        plan_explode(&in);
    }
    add_rows(&in, &sql);
    bool has_winner = plan->winner.n_keys > 0;
    (void)add_step(&in, has_winner ? RS_STEP_NAME_CANDIDATES : RS_STEP_NAME_ROWS, &sql);
    if (has_winner) {
        plan_winner(&in);
    }
    plan->steps = take(&in, in.n_steps, sizeof *plan->steps);
    if (!in.failed) {
        memcpy(plan->steps, in.steps, in.n_steps * sizeof *plan->steps);
        plan->n_steps = in.n_steps;
    }
    return !in.failed;
}
