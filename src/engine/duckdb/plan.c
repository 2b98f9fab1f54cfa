/* SPDX-License-Identifier: Apache-2.0 */
/* Plans as statements of a session: prepared as SQL, run, their rows pushed as frames. */
#include "base/alloc.h"
#include "base/clock.h"
#include "engine/duckdb/internal.h"
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
    rs_buf_add(sql, "SELECT * EXCLUDE (_o1, _o2) FROM ");
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
