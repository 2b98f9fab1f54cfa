/* SPDX-License-Identifier: Apache-2.0 */
/* rs-bench-lanes [ROWS] - the two lanes of each kernel on the same rows, doubling from ROWS / 8.
 *
 * Milliseconds, the best of three rounds: `kernel` is the C kernel alone; `c` is what the lane costs
 * a run, with its rows out of the engine and its result into it; `sql` is the engine's own, its result
 * in a table too. A shape's rows stand in one file, or in files of 500.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/duckdb/session.h"
#include "kernels/kernels.h"
#include "plan/kernel_sql.h"

enum { N_ROUNDS = 3, N_DOUBLINGS = 3 };

typedef struct shape {
    const char *name;
    const char *left;  /* SELECT of row, file, s, e for a number of rows */
    const char *right; /* the same, and tie */
} shape;

/* Tokens that touch; a tree, each node of which holds the rest of its block of 16; and spans that
 * all reach to the end of the file, so that every pair of a file overlaps. */
static const shape shapes[] = {
    {"tokens, one file",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, range * 8 + 5 AS e",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, range * 8 + 5 AS e, 'x' || range % 7 "
     "AS tie"},
    {"tokens, many files",
     "SELECT range AS row, range // 500 AS file, range % 500 * 8 AS s, range % 500 * 8 + 5 AS e",
     "SELECT range AS row, range // 500 AS file, range % 500 * 8 AS s, range % 500 * 8 + 5 AS e, "
     "'x' || range % 7 AS tie"},
    {"nested, one file",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, range * 8 + 5 AS e",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, (range // 16 + 1) * 128 AS e, 'x' || "
     "range % 7 AS tie"},
    {"to the end, one file",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, range * 8 + 5 AS e",
     "SELECT range AS row, 1::BIGINT AS file, range * 8 AS s, 100000000 AS e, 'x' || range % 7 AS "
     "tie"},
};

static const char *const left_columns[] = {"row", "file", "s", "e"};
static const char *const right_columns[] = {"row", "file", "s", "e", "tie"};
static const rs_relation relations[2] = {{"l", {left_columns, 4}}, {"r", {right_columns, 5}}};

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void must(rs_status status, const rs_error *err)
{
    if (status != RS_OK) {
        (void)fprintf(stderr, "rs-bench-lanes: %s\n", err->message);
        exit(3);
    }
}

/* The select is one of ours, with the number of rows behind it. */
static void make_table(rs_session *session, const char *name, const char *select, long n_rows)
{
    rs_error err = {0};
    rs_buf sql = {0};
    rs_buf_addf(&sql, "CREATE OR REPLACE TEMP TABLE %s AS %s FROM range(%ld)", name, select,
                n_rows);
    must(rs_buf_check(&sql, &err), &err);
    must(rs_session_execute(session, name, rs_buf_text(&sql), &err), &err);
    rs_buf_release(&sql);
}

typedef struct timing {
    double kernel_ms;
    double c_ms;
    double sql_ms;
    size_t n_rows;
} timing;

static double least(double a, double b)
{
    return a <= 0 || b < a ? b : a;
}

static void time_c(rs_session *session, const rs_kernel_call *call, timing *out)
{
    rs_error err = {0};
    rs_table inputs[2] = {0};
    rs_table result = {0};
    const rs_table *borrowed[] = {&inputs[0], &inputs[1]};
    size_t n_inputs = rs_kernel_row(call->kernel).info->n_inputs;
    double start = now_ms();
    must(rs_session_query_table(session, "left", "FROM l", NULL, 0, &inputs[0], &err), &err);
    if (n_inputs == 2) {
        must(rs_session_query_table(session, "right", "FROM r", NULL, 0, &inputs[1], &err), &err);
    }
    double kernel = now_ms();
    must(rs_kernel_run(call, borrowed, n_inputs, &result, &err), &err);
    out->kernel_ms = least(out->kernel_ms, now_ms() - kernel);
    must(rs_session_add_table(session, "result", &result, &err), &err);
    out->c_ms = least(out->c_ms, now_ms() - start);
    out->n_rows = rs_table_n_rows(&result);
    rs_table_release(&inputs[0]);
    rs_table_release(&inputs[1]);
    rs_table_release(&result);
}

static void time_sql(rs_session *session, const rs_kernel_call *call, timing *out)
{
    rs_error err = {0};
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE OR REPLACE TEMP TABLE result AS ");
    rs_kernel_add_sql(call, relations, rs_engine_type_duckdb.dialect, &sql);
    must(rs_buf_check(&sql, &err), &err);
    double start = now_ms();
    must(rs_session_execute(session, "sql", rs_buf_text(&sql), &err), &err);
    out->sql_ms = least(out->sql_ms, now_ms() - start);
    rs_buf_release(&sql);
}

static void run(rs_session *session, const char *shape_name, const char *kernel_name,
                const rs_kernel_call *call, long n_rows, bool with_sql)
{
    timing out = {0};
    for (int i = 0; i < N_ROUNDS; i++) {
        time_c(session, call, &out);
        if (with_sql) {
            time_sql(session, call, &out);
        }
    }
    (void)printf("%-20s %-18s %9ld %9zu %9.1f %9.1f ", shape_name, kernel_name, n_rows, out.n_rows,
                 out.kernel_ms, out.c_ms);
    (void)printf(with_sql ? "%9.1f\n" : "        -\n", out.sql_ms);
    (void)fflush(stdout);
}

static void run_align(rs_session *session, const shape *of, long n_rows)
{
    static const char *const keys[] = {"file"};
    static const rs_order_term ties[] = {{"tie", false, false}};
    const rs_align_side side = {"row", "s", "e", {keys, 1}};
    /* All pairs of a file: in SQL each of them is made before the best is chosen. */
    bool is_product = of == &shapes[3];
    for (int mode = 0; mode < RS_N_ALIGN_MODES; mode++) {
        rs_kernel_call call = {
            .kernel = RS_KERNEL_interval_align,
            .as.interval_align = {
                .left = side, .right = side, .mode = (rs_align_mode)mode, .ties = {ties, 1}}};
        run(session, of->name, rs_align_mode_name((rs_align_mode)mode), &call, n_rows,
            !is_product || mode == RS_ALIGN_EXACT || mode == RS_ALIGN_CONTAINED_BEST);
    }
}

static void run_others(rs_session *session, long n_rows)
{
    static const char *const file[] = {"file"};
    static const char *const ids[] = {"file", "s"};
    static const rs_order_term order[] = {{"s", true, false}};
    const rs_kernel_call calls[] = {
        {.kernel = RS_KERNEL_stable_id, .as.stable_id = {"t", {ids, 2}, "id"}},
        {.kernel = RS_KERNEL_winner_select, .as.winner_select = {{file, 1}, {order, 1}}},
        {.kernel = RS_KERNEL_dedupe,
         .as.dedupe = {.keys = {file, 1}, .strategy = RS_DEDUPE_COLLAPSE_LIST}},
        {.kernel = RS_KERNEL_canonical_sort, .as.canonical_sort = {{order, 1}}},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        run(session, "tokens, many files", rs_kernel_get(calls[i].kernel)->name, &calls[i], n_rows,
            true);
    }
}

int main(int argc, char **argv)
{
    rs_error err = {0};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    long n_most = argc > 1 ? strtol(argv[1], NULL, 10) : 200000;
    must(rs_engine_new(&(rs_engine_config){0}, &engine, &err), &err);
    must(rs_session_new(engine, &session, &err), &err);
    (void)printf("%-20s %-18s %9s %9s %9s %9s %9s\n", "shape", "kernel", "rows", "out", "kernel",
                 "c", "sql");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        for (long n_rows = n_most >> N_DOUBLINGS; n_rows <= n_most; n_rows *= 2) {
            make_table(session, "l", shapes[i].left, n_rows);
            make_table(session, "r", shapes[i].right, n_rows);
            run_align(session, &shapes[i], n_rows);
        }
        if (i == 1) {
            run_others(session, n_most);
        }
    }
    rs_session_free(session);
    rs_engine_free(engine);
    return 0;
}
