/* SPDX-License-Identifier: Apache-2.0 */
/* From a plan with an output to its steps. */
#include "plan/steps.h"

#include <stdio.h>
#include <string.h>

#include "plan/op_impl.h"

void rs_step_add_name(const rs_plan *plan, const char *name, const rs_dialect *dialect, rs_buf *sql)
{
    char text[RS_STEP_NAME_BYTES];
    int n_bytes = snprintf(text, sizeof text, "%s.%s", plan->name, name);
    RS_ASSERT(n_bytes > 0 && (size_t)n_bytes < sizeof text);
    rs_dialect_add_name(dialect, (rs_str){text, (size_t)n_bytes}, sql);
}

void rs_step_add_sql(const rs_plan *plan, const rs_step *step, const rs_dialect *dialect,
                     rs_buf *sql)
{
    rs_relation inputs[RS_STEP_MAX_INPUTS] = {{0}};
    RS_ASSERT(step->n_inputs <= RS_STEP_MAX_INPUTS);
    if (step->call == NULL && step->add_sql == NULL) {
        rs_buf_add(sql, step->sql);
        return;
    }
    if (step->call == NULL) {
        step->add_sql(plan, dialect, sql);
        return;
    }
    for (size_t i = 0; i < step->n_inputs; i++) {
        inputs[i] = (rs_relation){step->inputs[i], step->columns};
    }
    rs_kernel_add_sql(step->call, inputs, dialect, sql);
}

void rs_steps_add_select(const rs_plan *plan, rs_names columns, const rs_dialect *dialect,
                         rs_buf *sql)
{
    RS_ASSERT(plan->n_steps > 0);
    for (size_t i = 0; i < plan->n_steps; i++) {
        rs_buf_add(sql, i == 0 ? "WITH " : ",\n");
        rs_dialect_add_name(dialect, rs_str_of(plan->steps[i].name), sql);
        rs_buf_addf(sql, " AS NOT MATERIALIZED (\n%s\n)", plan->steps[i].sql);
    }
    for (size_t i = 0; i < columns.n_items; i++) {
        rs_buf_add(sql, i == 0 ? "\nSELECT " : ", ");
        rs_dialect_add_name(dialect, rs_str_of(columns.items[i]), sql);
    }
    rs_buf_add(sql, "\nFROM ");
    rs_dialect_add_name(dialect, rs_str_of(plan->steps[plan->n_steps - 1].name), sql);
}

/* --- the stepper --- */

void *rs_stepper_take(rs_stepper *stepper, size_t n_items, size_t n_item_bytes)
{
    void *memory = rs_arena_alloc(stepper->arena, n_items, n_item_bytes);
    stepper->failed = stepper->failed || memory == NULL;
    if (memory != NULL) {
        memset(memory, 0, n_items * n_item_bytes);
    }
    return memory;
}

static const char *keep(rs_stepper *stepper, rs_buf *text)
{
    const char *copy =
        text->failed ? NULL : rs_arena_strndup(stepper->arena, rs_buf_text(text), text->n_bytes);
    stepper->failed = stepper->failed || copy == NULL;
    rs_buf_release(text);
    return copy;
}

static rs_step *add_step(rs_stepper *stepper, const char *name)
{
    rs_buf text = {0};
    RS_ASSERT(stepper->n_steps < RS_STEP_MAX);
    rs_step *step = &stepper->steps[stepper->n_steps++];
    rs_buf_addf(&text, "%s.%s", stepper->plan->name, name);
    *step = (rs_step){.name = keep(stepper, &text)};
    return step;
}

void rs_stepper_add(rs_stepper *stepper, const char *name, rs_step_sql *add_sql)
{
    add_step(stepper, name)->add_sql = add_sql;
}

void rs_stepper_add_text(rs_stepper *stepper, const char *name, rs_buf *sql)
{
    add_step(stepper, name)->sql = keep(stepper, sql);
}

void rs_stepper_add_kernel(rs_stepper *stepper, const char *name, const rs_kernel_call *call,
                           size_t n_inputs, rs_names columns)
{
    rs_kernel_call *copy = rs_stepper_take(stepper, 1, sizeof *copy);
    RS_ASSERT(n_inputs <= stepper->n_steps && n_inputs <= RS_STEP_MAX_INPUTS);
    if (stepper->failed) {
        return;
    }
    *copy = *call;
    rs_step *step = add_step(stepper, name);
    step->call = copy;
    step->columns = columns;
    step->n_inputs = n_inputs;
    for (size_t i = 0; i < n_inputs; i++) {
        step->inputs[i] = stepper->steps[stepper->n_steps - 1 - n_inputs + i].name;
    }
}

rs_names rs_stepper_numbered(rs_stepper *stepper, char letter, size_t n_names)
{
    const char **names = rs_stepper_take(stepper, n_names + 1, sizeof *names);
    for (size_t i = 0; i < n_names && names != NULL; i++) {
        rs_buf text = {0};
        rs_buf_addf(&text, "_%c%zu", letter, i);
        names[i] = keep(stepper, &text);
    }
    return (rs_names){names, names != NULL ? n_names : 0};
}

rs_names rs_stepper_columns(rs_stepper *stepper, const rs_dataset *dataset, const char *const *more,
                            size_t n_more)
{
    const char **names = rs_stepper_take(stepper, dataset->n_columns + n_more, sizeof *names);
    if (names == NULL) {
        return (rs_names){0};
    }
    for (size_t i = 0; i < dataset->n_columns; i++) {
        names[i] = dataset->columns[i].name;
    }
    memcpy(names + dataset->n_columns, more, n_more * sizeof *names);
    return (rs_names){names, dataset->n_columns + n_more};
}

/* --- rows, and their winners --- */

/* The plan's SELECT, and its filter over the output's columns. */
static void add_rows(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_select_style style = {.dialect = dialect, .with_order = true, .with_inputs = true};
    if (plan->filter != NULL) {
        rs_buf_add(sql, "SELECT *\nFROM (\n");
    }
    rs_select_add_sql(&plan->selects[0], &style, sql);
    if (plan->filter != NULL) {
        rs_buf_add(sql, "\n) AS ");
        rs_dialect_add_name(dialect, RS_STR_LITERAL("out"), sql);
        rs_buf_add(sql, "\nWHERE ");
        rs_expr_add_sql(plan->filter, plan->inputs, dialect, sql);
    }
}

static bool is_named(const rs_sort_term *terms, size_t n_terms, const char *column)
{
    for (size_t i = 0; i < n_terms; i++) {
        if (strcmp(terms[i].column->name, column) == 0) {
            return true;
        }
    }
    return false;
}

/* Behind n_terms: the columns that are no key and not listed, either ids or all others. */
static size_t add_rest(const rs_stepper *stepper, const rs_winner *winner, rs_names columns,
                       bool ids, rs_order_term *terms, size_t n_terms)
{
    for (size_t i = 0; i < columns.n_items; i++) {
        const char *name = columns.items[i];
        const rs_column *column = rs_column_find(stepper->plan->output, rs_str_of(name));
        bool is_id = column == NULL || column->entity != NULL;
        if (is_id == ids && !is_named(winner->keys, winner->n_keys, name) &&
            !is_named(winner->order, winner->n_order, name)) {
            terms[n_terms++] = (rs_order_term){.column = name};
        }
    }
    return n_terms;
}

/* The total order: what the winner lists, then every column that remains: ids, which may be hashes and
 * then say nothing of the rows, last of all. */
static rs_order total_order(rs_stepper *stepper, const rs_winner *winner, rs_names columns)
{
    rs_order_term *terms =
        rs_stepper_take(stepper, winner->n_order + columns.n_items, sizeof *terms);
    size_t n_terms = 0;
    if (stepper->failed) {
        return (rs_order){0};
    }
    for (size_t i = 0; i < winner->n_order; i++) {
        terms[n_terms++] = (rs_order_term){.column = winner->order[i].column->name,
                                           .descending = winner->order[i].is_descending};
    }
    n_terms = add_rest(stepper, winner, columns, false, terms, n_terms);
    n_terms = add_rest(stepper, winner, columns, true, terms, n_terms);
    RS_ASSERT(n_terms <= winner->n_order + columns.n_items);
    return (rs_order){terms, n_terms, .is_total = true}; /* every column is listed */
}

static void add_winner(rs_stepper *stepper)
{
    static const char *const more[] = {"_o1", "_o2", "_in"};
    const rs_plan *plan = stepper->plan;
    const rs_winner *winner = &plan->winner;
    const char **keys = rs_stepper_take(stepper, winner->n_keys, sizeof *keys);
    rs_names columns = rs_stepper_columns(stepper, plan->output, more, 3);
    RS_ASSERT(winner->n_keys > 0 && winner->n_keys <= RS_SORT_MAX_TERMS &&
              winner->n_order <= RS_SORT_MAX_TERMS);
    rs_order order = total_order(stepper, winner, columns);
    if (stepper->failed) {
        return;
    }
    for (size_t i = 0; i < winner->n_keys; i++) {
        keys[i] = winner->keys[i].column->name;
    }
    const rs_kernel_call call = {.kernel = RS_KERNEL_winner_select,
                                 .as.winner_select = {{keys, winner->n_keys}, order}};
    rs_stepper_add_kernel(stepper, RS_STEP_NAME_ROWS, &call, 1, columns);
}

bool rs_stepper_finish(rs_stepper *stepper, const rs_dialect *dialect)
{
    rs_plan *plan = stepper->plan;
    RS_ASSERT(stepper->n_steps > 0 && plan->n_steps == 0);
    plan->steps = rs_stepper_take(stepper, stepper->n_steps, sizeof *plan->steps);
    if (stepper->failed) {
        return false;
    }
    RS_ASSERT(stepper->n_steps <= RS_STEP_MAX);
    memcpy(plan->steps, stepper->steps, stepper->n_steps * sizeof *plan->steps);
    plan->n_steps = stepper->n_steps;
    for (size_t i = 0; i < plan->n_steps && !stepper->failed; i++) {
        if (plan->steps[i].sql == NULL) {
            rs_buf sql = {0};
            rs_step_add_sql(plan, &plan->steps[i], dialect, &sql);
            plan->steps[i].sql = keep(stepper, &sql);
        }
    }
    return !stepper->failed;
}

bool rs_plan_add_steps(rs_plan *plan, const rs_dialect *dialect, rs_arena *arena)
{
    rs_stepper in = {.plan = plan, .arena = arena};
    bool has_winner = plan->winner.n_keys > 0;
    if (plan->op->add_steps != NULL) {
        plan->op->add_steps(&in);
    }
    rs_stepper_add(&in, has_winner ? RS_STEP_NAME_CANDIDATES : RS_STEP_NAME_ROWS, add_rows);
    if (has_winner) {
        add_winner(&in);
    }
    return rs_stepper_finish(&in, dialect);
}
