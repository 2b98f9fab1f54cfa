/* SPDX-License-Identifier: Apache-2.0 */
/* Plans as statements of a session: prepared as SQL, run, their rows pushed as frames. */
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/kept.h"
#include "engine/duckdb/sql_texts.h"
#include "kernels/kernels.h"
#include "plan/steps.h"

struct rs_duckdb_plan {
    rs_session *session;
    const rs_plan *plan;
    rs_buf sql; /* one SELECT of all its rows; of a relationship, of its last step */
};

/* --- preparing --- */

/* The rows of every select, one after the other, each in the order of the evidence. */
static void add_selects(const rs_plan *plan, rs_buf *sql)
{
    const rs_select_style style = {.dialect = rs_engine_type_duckdb.dialect,
                                   .with_order = true,
                                   .with_inputs = rs_plan_has_lineage(plan)};
    for (size_t i = 0; i < plan->n_selects; i++) {
        rs_buf_add(sql, i == 0 ? "SELECT * FROM (" : "\nUNION ALL SELECT * FROM (");
        rs_select_add_sql(&plan->selects[i], &style, sql);
        rs_buf_add(sql, "\n)");
    }
}

static void add_statement(const rs_plan *plan, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT * FROM ");
    if (plan->n_steps > 0) {
        rs_buf_add_sql_name(sql, rs_str_of(plan->steps[plan->n_steps - 1].name));
    } else {
        rs_buf_add(sql, "(");
        add_selects(plan, sql);
        rs_buf_add(sql, ")");
    }
    rs_buf_add(sql, " ORDER BY _o1, _o2");
}

bool rs_duckdb_accepts(const rs_plan *plan, rs_buf *why_not)
{
    (void)why_not;
    return plan->n_selects > 0;
}

rs_status rs_duckdb_prepare(rs_session *session, const rs_plan *plan, rs_duckdb_plan **out,
                            rs_error *err)
{
    rs_duckdb_plan *prepared = rs_alloc_zero(1, sizeof *prepared);
    *out = prepared;
    if (prepared == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "prepare %s: out of memory", plan->name);
    }
    prepared->session = session;
    prepared->plan = plan;
    add_statement(plan, &prepared->sql);
    rs_status status = rs_buf_check(&prepared->sql, err);
    if (status != RS_OK) {
        rs_duckdb_release(prepared);
        *out = NULL;
    }
    return status;
}

void rs_duckdb_release(rs_duckdb_plan *prepared)
{
    if (prepared != NULL) {
        rs_buf_release(&prepared->sql);
        rs_free(prepared);
    }
}

rs_status rs_duckdb_explain(rs_duckdb_plan *prepared, rs_arena *arena, const rs_explained **out,
                            rs_error *err)
{
    return rs_session_explain(prepared->session, arena, out, err);
}

/* --- running --- */

/* Steps before the rows are views: the engine runs all of them at once. */
static rs_status add_steps(const rs_duckdb_plan *prepared, rs_error *err)
{
    for (size_t i = 0; i < prepared->plan->n_steps; i++) {
        const rs_step *step = &prepared->plan->steps[i];
        RS_TRY(rs_session_add_view(prepared->session, step->name, step->sql, err));
    }
    return RS_OK;
}

rs_status rs_duckdb_run_plan(rs_duckdb_plan *prepared, const rs_sink *sink, rs_observation *cost,
                             rs_error *err)
{
    uint64_t n_rows = 0;
    uint64_t started_ns = rs_clock_ns();
    RS_TRY(add_steps(prepared, err));
    rs_status status = rs_session_query_frames(
        prepared->session, prepared->plan->name, rs_buf_text(&prepared->sql),
        prepared->plan->selects[0].output, sink, &n_rows, err);
    if (cost != NULL) {
        uint64_t ended_ns = rs_clock_ns();
        *cost = (rs_observation){.n_rows = n_rows,
                                 .elapsed_ns = ended_ns - started_ns,
                                 .started_ns = started_ns,
                                 .ended_ns = ended_ns};
    }
    return status;
}

/* --- keeping --- */

static bool is_in_c(const rs_keep *how, const rs_step *step)
{
    return step->call != NULL &&
           (how->all_in_c || (how->is_in_c != NULL && how->is_in_c(how->context, step->call)));
}

static rs_status take_inputs(const rs_duckdb_plan *prepared, const rs_step *step, rs_table *inputs,
                             rs_error *err)
{
    rs_status status = RS_OK;
    for (size_t i = 0; i < step->n_inputs && status == RS_OK; i++) {
        const rs_sql_arg arg = {.name = "relation", .word = step->inputs[i]};
        rs_buf sql = {0};
        rs_sql_add(&rs_sql_engine_duckdb_rows_of, &arg, 1, &sql);
        status = rs_buf_check(&sql, err);
        RS_THEN(status, rs_session_query_table(prepared->session, prepared->plan->name,
                                               rs_buf_text(&sql), NULL, 0, &inputs[i], err));
        rs_buf_release(&sql);
    }
    return status;
}

/* The kernel in C: its inputs out of the engine, its rows back into it under the step's name. */
static rs_status run_in_c(const rs_duckdb_plan *prepared, const rs_step *step, rs_keep *how,
                          rs_error *err)
{
    rs_table inputs[RS_STEP_MAX_INPUTS];
    const rs_table *borrowed[RS_STEP_MAX_INPUTS] = {NULL};
    rs_table rows;
    uint64_t started_ns = rs_clock_ns();
    memset(inputs, 0, sizeof inputs);
    memset(&rows, 0, sizeof rows);
    for (size_t i = 0; i < step->n_inputs; i++) {
        borrowed[i] = &inputs[i];
    }
    rs_status status = take_inputs(prepared, step, inputs, err);
    RS_THEN(status, rs_kernel_run(step->call, borrowed, step->n_inputs, &rows, err));
    if (status == RS_OK) {
        how->lanes[step->call->kernel] |= RS_LANE_BIT(RS_LANE_ARROW_FALLBACK);
        how->n_rows = rs_table_n_rows(&rows);
        how->sql = NULL;
        status = rs_session_add_table(prepared->session, step->name, &rows, err);
    }
    rs_table_release(&rows);
    for (size_t i = 0; i < step->n_inputs; i++) {
        rs_table_release(&inputs[i]);
    }
    how->kernel_ns += rs_clock_ns() - started_ns;
    return status;
}

/* Steps before the last are views, unless C made them: the engine runs all of them at once. */
static rs_status run_in_engine(const rs_duckdb_plan *prepared, const rs_step *step, bool is_last,
                               rs_keep *how, rs_error *err)
{
    if (step->call != NULL) {
        how->lanes[step->call->kernel] |= RS_LANE_BIT(RS_LANE_BUILTIN);
    }
    if (!is_last) {
        return rs_session_add_view(prepared->session, step->name, step->sql, err);
    }
    how->sql = step->sql;
    if (how->as != NULL) {
        return rs_session_keep(prepared->session, *how->as, step->sql, &how->n_rows, err);
    }
    return rs_session_keep_for_now(prepared->session, prepared->plan->name, step->name, step->sql,
                                   &how->n_rows, err);
}

static rs_status run_steps(const rs_duckdb_plan *prepared, rs_keep *how, rs_error *err)
{
    const rs_plan *plan = prepared->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const rs_step *step = &plan->steps[i];
        bool is_last = i + 1 == plan->n_steps;
        bool runs_in_c = is_in_c(how, step);
        RS_ASSERT(!(is_last && runs_in_c) ||
                  how->as == NULL); /* C makes no table of the database */
        RS_TRY(runs_in_c ? run_in_c(prepared, step, how, err)
                         : run_in_engine(prepared, step, is_last, how, err));
    }
    return RS_OK;
}

/* Which of two kinds of relation a kernel's rows are depends on who makes them. */
static rs_status drop_kernels(const rs_duckdb_plan *prepared, const rs_keep *how, bool are_views,
                              rs_error *err)
{
    const rs_plan *plan = prepared->plan;
    const rs_keep before = {.is_in_c = how->is_in_c, .context = how->context};
    for (size_t i = 0; i + 1 < plan->n_steps; i++) {
        const rs_step *step = &plan->steps[i];
        if (step->call != NULL && !is_in_c(&before, step)) {
            RS_TRY(rs_session_drop(prepared->session, plan->name, step->name, are_views, err));
        }
    }
    return RS_OK;
}

rs_status rs_duckdb_keep(rs_duckdb_plan *prepared, rs_keep *how, rs_error *err)
{
    if (!how->all_in_c) {
        return run_steps(prepared, how, err);
    }
    rs_error cause = {0};
    RS_TRY(drop_kernels(prepared, how, true, err));
    rs_status status = run_steps(prepared, how, &cause);
    RS_TRY(drop_kernels(prepared, how, false, err));
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", cause.message);
}

/* No rows, of the form that the gate expects: the output's columns, places, what they derive from. */
rs_status rs_duckdb_keep_none(rs_duckdb_plan *prepared, rs_error *err)
{
    const rs_plan *plan = prepared->plan;
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT ");
    for (size_t i = 0; i < plan->output->n_columns; i++) {
        const rs_column *column = &plan->output->columns[i];
        rs_buf_add(&sql, "CAST(NULL AS ");
        rs_duckdb_add_type(column, &sql);
        rs_buf_add(&sql, ") AS ");
        rs_buf_add_sql_name(&sql, rs_str_of(column->name));
        rs_buf_add(&sql, ", ");
    }
    rs_buf_add(&sql, "CAST(NULL AS BIGINT) AS _o1, CAST(NULL AS BIGINT) AS _o2, "
                     "CAST(NULL AS BIGINT[]) AS _in WHERE false");
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_keep_for_now(prepared->session, plan->name,
                                            plan->steps[plan->n_steps - 1].name, rs_buf_text(&sql),
                                            NULL, err));
    rs_buf_release(&sql);
    return status;
}

rs_status rs_duckdb_forget(rs_duckdb_plan *prepared, rs_error *err)
{
    const rs_plan *plan = prepared->plan;
    return rs_session_drop(prepared->session, plan->name, plan->steps[plan->n_steps - 1].name,
                           false, err);
}
