/* SPDX-License-Identifier: Apache-2.0 */
/* The text of the SQL lane; what it gives: test_kernel_lanes.c. */
#include "plan/kernel_sql.h"

#include "unit/unit.h"

static const char *const call_columns[] = {"row", "file", "start", "end"};
static const char *const keys[] = {"file"};
static const rs_order_term order[] = {{"end", true, true}};

static const rs_relation inputs[] = {
    {"calls", {call_columns, 4}},
    {"odd \"name", {call_columns, 4}},
};

typedef struct sql_case {
    rs_kernel_call call;
    const char *want;
} sql_case;

/* clang-format off */
static const sql_case cases[] = {
    {{.kernel = RS_KERNEL_interval_align,
      .as.interval_align = {.left = {"row", "start", "end", {keys, 1}},
                            .right = {"row", "start", "end", {keys, 1}},
                            .mode = RS_ALIGN_COVERING_SMALLEST,
                            .ties = {order, 1, false}}},
     "SELECT left_row, right_row, 'COVERING_SMALLEST' AS match_kind, match_score, "
     "match_rank\n"
     "FROM (SELECT l._row AS left_row, r._row AS right_row,\n"
     "    CAST(r._start - r._end AS DOUBLE) AS match_score,\n"
     "    CAST(row_number() OVER (PARTITION BY l._row ORDER BY r._start - r._end "
     "DESC, r._end - r._start, r._start, r._t0 DESC NULLS FIRST, r._row) AS INTEGER) "
     "AS match_rank\n"
     "FROM (SELECT CAST(\"row\" AS BIGINT) AS _row, CAST(\"start\" AS BIGINT) AS _start, "
     "CAST(\"end\" AS BIGINT) AS _end, \"file\" AS _k0 FROM \"calls\" WHERE \"file\" IS NOT "
     "NULL AND coalesce(0 <= \"start\" AND \"start\" <= \"end\", false)) AS l\n"
     "JOIN (SELECT CAST(\"row\" AS BIGINT) AS _row, CAST(\"start\" AS BIGINT) AS _start, "
     "CAST(\"end\" AS BIGINT) AS _end, \"file\" AS _k0, \"end\" AS _t0 FROM \"odd \"\"name\" "
     "WHERE \"file\" IS NOT NULL AND coalesce(0 <= \"start\" AND \"start\" <= \"end\", "
     "false)) AS r\n"
     "    ON row(r._k0, r._start) <= row(l._k0, l._start)\n"
     "        AND row(r._k0, r._end) >= row(l._k0, l._end)\n"
     "QUALIFY match_rank = 1) AS p\n"
     "ORDER BY left_row, match_rank"},
    {{.kernel = RS_KERNEL_winner_select, .as.winner_select = {{keys, 1}, {order, 1, false}}},
     "SELECT \"row\", \"file\", \"start\", \"end\"\n"
     "FROM \"calls\"\n"
     "QUALIFY row_number() OVER (PARTITION BY \"file\" ORDER BY \"end\" DESC NULLS FIRST, "
     "\"row\" ASC NULLS LAST, \"start\" ASC NULLS LAST) = 1\n"
     "ORDER BY \"file\" ASC NULLS LAST"},
    {{.kernel = RS_KERNEL_dedupe,
      .as.dedupe = {.keys = {keys, 1}, .strategy = RS_DEDUPE_COLLAPSE_LIST}},
     "SELECT list(\"row\" ORDER BY \"row\" ASC NULLS LAST, \"start\" ASC NULLS LAST, \"end\" "
     "ASC NULLS LAST) AS \"row\",\n"
     "    \"file\",\n"
     "    list(\"start\" ORDER BY \"row\" ASC NULLS LAST, \"start\" ASC NULLS LAST, \"end\" "
     "ASC NULLS LAST) AS \"start\",\n"
     "    list(\"end\" ORDER BY \"row\" ASC NULLS LAST, \"start\" ASC NULLS LAST, \"end\" ASC "
     "NULLS LAST) AS \"end\"\n"
     "FROM \"calls\"\n"
     "GROUP BY \"file\"\n"
     "ORDER BY \"file\" ASC NULLS LAST"},
    {{.kernel = RS_KERNEL_canonical_sort, .as.canonical_sort = {{order, 1, false}}},
     "SELECT \"row\", \"file\", \"start\", \"end\"\n"
     "FROM \"calls\"\n"
     "ORDER BY \"end\" DESC NULLS FIRST, \"row\" ASC NULLS LAST, \"file\" ASC NULLS LAST, "
     "\"start\" ASC NULLS LAST"},
    {{.kernel = RS_KERNEL_explode_list, .as.explode_list = {"end", "e", "p", true}},
     "SELECT \"row\", \"file\", \"start\", unnest(CASE WHEN len(\"end\") > 0 THEN \"end\" ELSE "
     "[NULL] END) AS \"e\", CAST(unnest(CASE WHEN len(\"end\") > 0 THEN range(len(\"end\")) "
     "ELSE [NULL] END) AS INTEGER) AS \"p\"\n"
     "FROM \"calls\""},
    {{.kernel = RS_KERNEL_judge,
      .as.judge = {.required = {keys, 1},
                   .keys = {keys, 1},
                   .order = {order, 1, true},
                   .reason = "why"}},
     "SELECT \"row\", \"file\", \"start\", \"end\", CASE WHEN _lack IS NOT NULL THEN _lack WHEN "
     "row_number() OVER (PARTITION BY \"file\", _lack IS NULL ORDER BY \"end\" DESC NULLS FIRST) > 1 "
     "THEN 'duplicate' END AS \"why\"\n"
     "FROM (SELECT \"row\", \"file\", \"start\", \"end\", CASE WHEN FALSE THEN '' WHEN \"file\" IS "
     "NULL THEN 'null:file' END AS \"_lack\"\n"
     "FROM \"calls\") AS seen"},
    {{.kernel = RS_KERNEL_stable_id, .as.stable_id = {"it's", {keys, 1}, "id"}},
     "SELECT \"row\", \"file\", \"start\", \"end\", stable_id('it''s', \"file\") AS \"id\"\n"
     "FROM \"calls\""},
};
/* clang-format on */

static void sql_is_as_it_was(void **state)
{
    (void)state;
    rs_buf sql = {0};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_buf_reset(&sql);
        rs_kernel_add_sql(&cases[i].call, inputs, &rs_dialect_duckdb, &sql);
        UNIT_CHECK(strcmp(rs_buf_text(&sql), cases[i].want) == 0, "%s-- not --\n%s",
                   rs_buf_text(&sql), cases[i].want);
    }
    rs_buf_release(&sql);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(sql_is_as_it_was),
};

UNIT_TESTS(kernel_sql, tests)
