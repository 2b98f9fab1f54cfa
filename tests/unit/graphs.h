/* SPDX-License-Identifier: Apache-2.0 */
/* graphs.h - a rule set, its plan and an engine over two parts that a test fills. */
#ifndef RS_TESTS_GRAPHS_H
#define RS_TESTS_GRAPHS_H

#include "bundle/manifest.h"
#include "graph/emit.h"
#include "unit/parts.h"
#include "unit/policies.h"
#include "unit/rows.h"

typedef struct graph_fixture {
    rs_part parts[2];
    rs_engine *engine;
    rs_session *session;
    rs_rules *rules;
    rs_graph_plan *plan;
} graph_fixture;

/* pack NULL: the packs of the library. */
static inline void graph_open(graph_fixture *fix, const char *pack)
{
    rs_error err = {0};
    *fix = (graph_fixture){0};
    assert_int_equal(rs_rules_new(&fix->rules, &err), RS_OK);
    rs_status status = pack == NULL ? rs_rules_add_embedded(fix->rules, &err)
                                    : rs_rules_add_pack(fix->rules, "p", rs_str_of(pack), &err);
    assert_int_equal(status, RS_OK);
    status = rs_rules_check(fix->rules, policy_default(), &rs_dialect_duckdb, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(rs_graph_plan_new(fix->rules, false, &fix->plan, &err), RS_OK);
    rs_engine_config config = {0};
    assert_int_equal(rs_engine_new(&config, &fix->engine, &err), RS_OK);
    assert_int_equal(rs_engine_reserve_parts(fix->engine, 2, &err), RS_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(rs_part_init(&fix->parts[i], &err), RS_OK);
    }
    assert_int_equal(rs_session_new(fix->engine, &fix->session, &err), RS_OK);
}

/* Every relationship is there, without rows: src/run makes them. */
static inline void graph_relate(graph_fixture *fix)
{
    rs_error err = {0};
    for (size_t i = 0; i < rs_graph_plan_n_outputs(fix->plan); i++) {
        const rs_output *output = rs_graph_plan_output(fix->plan, i);
        if (output->contract == NULL) {
            continue;
        }
        rs_buf sql = {0};
        rs_buf_add(&sql, "SELECT *, CAST(0 AS BIGINT) AS _row, CAST([] AS BIGINT[]) AS _in FROM (");
        rs_status status =
            rs_schema_add_empty_sql(output->dataset, RS_GROUP_RELATIONSHIPS, &sql, &err);
        rs_buf_add(&sql, ")");
        if (status == RS_OK) {
            status =
                rs_session_add_view(fix->session, output->dataset->name, rs_buf_text(&sql), &err);
        }
        UNIT_CHECK(status == RS_OK, "%s", err.message);
        rs_buf_release(&sql);
    }
}

static inline void graph_select(graph_fixture *fix, size_t first_part, size_t end_part)
{
    rs_error err = {0};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(rs_engine_set_part(fix->engine, i, &fix->parts[i], &err), RS_OK);
    }
    rs_status status = rs_session_select_parts(fix->session, first_part, end_part, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    graph_relate(fix);
}

static inline const rs_output *graph_output(const graph_fixture *fix, const char *dataset)
{
    for (size_t i = 0; i < rs_graph_plan_n_outputs(fix->plan); i++) {
        const rs_output *output = rs_graph_plan_output(fix->plan, i);
        if (strcmp(output->dataset->name, dataset) == 0) {
            return output;
        }
    }
    fail_msg("no output %s", dataset);
    return NULL;
}

/* The rows of a dataset: those of files, then those of the run. */
static inline void graph_add_rows(const graph_fixture *fix, const char *dataset, rs_buf *sql)
{
    const rs_output *output = graph_output(fix, dataset);
    rs_buf_add(sql, output->rows_sql != NULL ? "(" : "");
    rs_buf_add(sql, output->rows_sql != NULL ? output->rows_sql : "");
    rs_buf_add(sql, output->rows_sql != NULL ? "\n)" : "");
    rs_buf_add(sql, output->rows_sql != NULL && output->run_sql != NULL ? " UNION ALL " : "");
    rs_buf_add(sql, output->run_sql != NULL ? "(" : "");
    rs_buf_add(sql, output->run_sql != NULL ? output->run_sql : "");
    rs_buf_add(sql, output->run_sql != NULL ? "\n)" : "");
}

/* The rows of some columns of an output's SELECT, in its order. */
static inline void graph_check(graph_fixture *fix, const char *columns, const char *select,
                               const char *want)
{
    rs_buf sql = {0};
    rs_buf_addf(&sql, "SELECT %s FROM (", columns);
    rs_buf_add(&sql, select);
    rs_buf_add(&sql, "\n)");
    rows_check(fix->session, rs_buf_text(&sql), want);
    rs_buf_release(&sql);
}

static inline void graph_close(graph_fixture *fix)
{
    rs_session_free(fix->session);
    rs_engine_free(fix->engine);
    for (size_t i = 0; i < 2; i++) {
        rs_part_release(&fix->parts[i]);
    }
    rs_graph_plan_free(fix->plan);
    rs_rules_free(fix->rules);
}

static inline void graph_check_all(graph_fixture *fix, const char *columns, const char *dataset,
                                   const char *want)
{
    rs_buf sql = {0};
    graph_add_rows(fix, dataset, &sql);
    graph_check(fix, columns, rs_buf_text(&sql), want);
    rs_buf_release(&sql);
}

#endif
