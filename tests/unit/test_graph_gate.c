/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/graphs.h"

/* What cannot be proved: an end that may be null, a key that may repeat, in one rule and in two. */
static const char pack[] =
    "pack: p\n"
    "rules:\n"
    "- {name: b_second, doc: d, kind: filter_project, inputs: {c: calls},\n"
    "   emit: {edge: CALLEE, src: c.callee_id, dst: c.enclosing_def_id, score: 2.0}}\n"
    "- {name: a_first, doc: d, kind: filter_project, inputs: {c: calls},\n"
    "   emit: {edge: CALLEE, src: c.callee_id, dst: c.callee_id, score: 1.0}}\n"
    "- {name: proved, doc: d, kind: filter_project, inputs: {c: calls},\n"
    "   emit: {edge: CALL, src: c.call_id, dst: c.callee_id}}\n"
    "- {name: unsure, doc: d, kind: filter_project, inputs: {c: calls},\n"
    "   emit: {edge: RECEIVER, src: c.call_id, dst: c.callee_id,\n"
    "   confidence: c.n_positional}}\n"
    "- {name: of_the_run, doc: d, kind: filter_project, inputs: {}, emit: {edge: AST,\n"
    "   src: '1', dst: '2'}}\n";

static void fill(graph_fixture *fix)
{
    parts_add(&fix->parts[0], "calls", "call_id=1:1|callee_id=1:2|enclosing_def_id=1:2");
    parts_add(&fix->parts[0], "calls", "call_id=1:3|callee_id=1:4");
    parts_add(&fix->parts[0], "calls",
              "call_id=1:5|callee_id=1:4|enclosing_def_id=1:9|n_positional=2");
    parts_add(&fix->parts[1], "calls", "call_id=2:1|callee_id=2:2|enclosing_def_id=2:3");
    graph_select(fix, 0, 1);
}

static const char columns[] = "kind, src - (1 << 24), dst - (1 << 24), rule_name, score";

static void rejects_are_kept_with_their_reason(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, pack);
    fill(&fix);
    const rs_output *edges = graph_output(&fix, "edges");
    graph_check(&fix, columns, edges->rows_sql,
                "CALL|1|2|proved|~\n"
                "CALL|3|4|proved|~\n"
                "CALL|5|4|proved|~\n"
                "CALLEE|2|2|a_first|1\n"
                "CALLEE|4|4|a_first|1\n"
                "CALLEE|4|9|b_second|2\n"
                "RECEIVER|1|2|unsure|~\n"
                "RECEIVER|3|4|unsure|~\n");
    assert_non_null(edges->rejects_sql);
    graph_check(&fix, "kind, src - (1 << 24), dst - (1 << 24), rule_name, reason",
                edges->rejects_sql,
                "CALLEE|4|4|a_first|duplicate\n"
                "CALLEE|2|2|b_second|duplicate\n"
                "CALLEE|4|~|b_second|null:dst\n"
                "RECEIVER|5|4|unsure|outside:confidence\n");
    graph_select(&fix, 1, 2);
    graph_check(&fix, "kind, rule_name", edges->rows_sql,
                "CALL|proved\nCALLEE|a_first\nCALLEE|b_second\nRECEIVER|unsure\n");
    graph_check(&fix, "kind, reason", edges->rejects_sql, "");
    graph_close(&fix);
}

static void the_run_has_what_belongs_to_no_file(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, pack);
    fill(&fix);
    const rs_output *edges = graph_output(&fix, "edges");
    graph_check(&fix, "count(*), count(*) FILTER (kind = 'AST')", edges->rows_sql, "8|0\n");
    graph_check(&fix, "count(*), count(*) FILTER (kind = 'AST')", edges->run_sql, "1|1\n");
    assert_null(edges->run_rejects_sql);
    graph_close(&fix);
}

/* Good rows and rejects are all the rows: none is lost, none is in both. */
static void nothing_is_lost(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, pack);
    for (int i = 0; i < 3000; i++) {
        char row[128];
        int n_bytes = snprintf(row, sizeof row, "call_id=1:%d|callee_id=1:%d", i, i * 7 % 100);
        if (i % 3 != 0) {
            (void)snprintf(row + n_bytes, sizeof row - (size_t)n_bytes, "|enclosing_def_id=1:%d",
                           i * 11 % 50);
        }
        parts_add(&fix.parts[0], "calls", row);
    }
    graph_select(&fix, 0, 2);
    const rs_output *edges = graph_output(&fix, "edges");
    rs_buf sql = {0};
    rs_buf_addf(&sql, "WITH good AS (%s\n), bad AS (%s\n) ", edges->rows_sql, edges->rejects_sql);
    rs_buf_add(&sql,
               "SELECT (SELECT count(*) FROM good) + (SELECT count(*) FROM bad),"
               " (SELECT count(*) FROM (SELECT DISTINCT kind, src, dst, start_byte FROM good))"
               " - (SELECT count(*) FROM good),"
               " (SELECT count(*) FROM good WHERE src IS NULL OR dst IS NULL),"
               " (SELECT count(*) FROM bad WHERE (reason = 'null:dst') <> (dst IS NULL))");
    rows_check(fix.session, rs_buf_text(&sql), "12000|0|0|0\n");
    rs_buf_release(&sql);
    graph_close(&fix);
}

/* What a division by 0 gives is null: an end that is made by one is judged. */
static void a_division_may_give_no_end(void **state)
{
    (void)state;
    static const char *const ends[] = {"c.callee_id / c.n_positional",
                                       "c.callee_id % c.n_positional"};
    for (size_t i = 0; i < UNIT_COUNT(ends); i++) {
        graph_fixture fix;
        rs_buf text = {0};
        rs_buf_addf(
            &text,
            "pack: p\nrules:\n- {name: r, doc: d, kind: filter_project, inputs: {c: calls},\n"
            "   emit: {edge: CALLEE, src: c.callee_id, dst: %s}}\n",
            ends[i]);
        graph_open(&fix, rs_buf_text(&text));
        rs_buf_release(&text);
        parts_add(&fix.parts[0], "calls", "call_id=1:1|callee_id=1:2|n_positional=0");
        graph_select(&fix, 0, 1);
        const rs_output *edges = graph_output(&fix, "edges");
        UNIT_CHECK(edges->rejects_sql != NULL, "%s is taken for an end", ends[i]);
        graph_check(&fix, "rule_name", edges->rows_sql, "");
        graph_check(&fix, "reason", edges->rejects_sql, "null:dst\n");
        graph_close(&fix);
    }
}

/* Every call with its first argument, if any: the four joins over the same rows. */
static void joins_give_their_rows(void **state)
{
    (void)state;
    static const struct {
        const char *join;
        const char *dst;
        const char *rows;
        const char *rejects;
    } cases[] = {
        {"inner", "a.arg_id", "1|2\n5|6\n5|7\n", NULL},
        {"left", "a.arg_id", "1|2\n5|6\n5|7\n", "3|~|null:dst\n"},
        {"semi", "c.callee_id", "1|8\n5|8\n", NULL},
        {"anti", "c.callee_id", "3|8\n", NULL},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        graph_fixture fix;
        rs_buf text = {0};
        rs_buf_addf(&text,
                    "pack: p\nrules:\n- name: r\n  doc: d\n  kind: hash_join\n"
                    "  inputs: {c: calls, a: args}\n  join: %s\n  on: c.call_id = a.call_id\n"
                    "  emit: {edge: ARGUMENT, src: c.call_id, dst: %s}\n",
                    cases[i].join, cases[i].dst);
        graph_open(&fix, rs_buf_text(&text));
        rs_buf_release(&text);
        parts_add(&fix.parts[0], "calls", "call_id=1:1|callee_id=1:8");
        parts_add(&fix.parts[0], "calls", "call_id=1:3|callee_id=1:8");
        parts_add(&fix.parts[0], "calls", "call_id=1:5|callee_id=1:8");
        parts_add(&fix.parts[0], "args", "call_id=1:1|arg_id=1:2");
        parts_add(&fix.parts[0], "args", "call_id=1:5|arg_id=1:6");
        parts_add(&fix.parts[0], "args", "call_id=1:5|arg_id=1:7");
        graph_select(&fix, 0, 1);
        const rs_output *edges = graph_output(&fix, "edges");
        graph_check(&fix, "src - (1 << 24), dst - (1 << 24)", edges->rows_sql, cases[i].rows);
        if (cases[i].rejects == NULL) {
            UNIT_CHECK(edges->rejects_sql == NULL, "%s join is not proved", cases[i].join);
        } else {
            graph_check(&fix, "src - (1 << 24), dst - (1 << 24), reason", edges->rejects_sql,
                        cases[i].rejects);
        }
        graph_close(&fix);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(joins_give_their_rows),
    cmocka_unit_test(rejects_are_kept_with_their_reason),
    cmocka_unit_test(the_run_has_what_belongs_to_no_file),
    cmocka_unit_test(nothing_is_lost),
    cmocka_unit_test(a_division_may_give_no_end),
};

UNIT_TESTS(graph_gate, tests)
