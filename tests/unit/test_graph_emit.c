/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/dataset_sql.h"
#include "unit/graphs.h"

/*
 * a.py:  import os      b.py:  (an unreadable line)
 *        f(x)  # hi
 */
static void fill(graph_fixture *fix)
{
    rs_part *a = &fix->parts[0];
    rs_part *b = &fix->parts[1];
    parts_add(a, "repo_files", "file_id=1|path=a.py|size_bytes=22|n_lines=3|module=a");
    parts_add(a, "repo_diagnostics",
              "diagnostic_id=-9|path=l|code=link_skipped|severity=WARNING|message=a link");
    parts_add(a, "modules", "module_id=1:0|module=a|module_kind=module|source_root=");
    parts_add(a, "syntax_nodes",
              "node_id=1:0|ast_class=Module|kind=MODULE|name=a|qualified_name=a|end_byte=22");
    parts_add(a, "syntax_nodes",
              "node_id=1:1|ast_class=Import|kind=IMPORT_STATEMENT|parent_id=1:0|end_byte=9");
    parts_add(a, "syntax_nodes",
              "node_id=1:2|ast_class=alias|kind=IMPORT|parent_id=1:1|name=os|start_byte=7");
    parts_add(a, "syntax_nodes", "node_id=1:3|ast_class=Call|kind=CALL|parent_id=1:0");
    parts_add(a, "syntax_nodes",
              "node_id=1:4|ast_class=Name|kind=IDENTIFIER|parent_id=1:3|name=f|context=LOAD");
    parts_add(a, "syntax_nodes",
              "node_id=1:5|ast_class=Name|kind=IDENTIFIER|parent_id=1:3|name=x|context=LOAD");
    parts_add(a, "imports", "import_id=1:2|stmt_id=1:1|import_kind=import|name=os");
    parts_add(a, "calls",
              "call_id=1:3|callee_id=1:4|callee_shape=NAME|callee_text=f|n_positional=1");
    parts_add(a, "args", "arg_id=1:5|call_id=1:3|value_id=1:5|arg_kind=positional");
    parts_add(a, "comments", "comment_id=1:6|parent_id=1:0|text=# hi|start_byte=16|end_byte=20");
    parts_add(b, "repo_files", "file_id=2|path=b.py|size_bytes=3|n_lines=1|parse_status=damaged");
    parts_add(b, "parse_errors",
              "error_id=2:7|code=syntax_error|severity=ERROR|message=expected )|start_byte=1|"
              "end_byte=2|start_line=1");
    graph_select(fix, 0, 1);
}

static void nodes_are_what_the_evidence_says(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, NULL);
    fill(&fix);
    const rs_output *nodes = graph_output(&fix, "nodes");
    static const char columns[] =
        "CASE WHEN node_id > 0 THEN node_id % (1 << 24) END, kind, file_id, name, status, damaged";
    graph_check_all(&fix, columns, "nodes",
                    "6|COMMENT|1|~|~|~\n"
                    "0|MODULE|1|a|~|false\n"
                    "1|IMPORT_STATEMENT|1|~|~|false\n"
                    "2|IMPORT|1|os|~|false\n"
                    "3|CALL|1|~|~|false\n"
                    "4|IDENTIFIER|1|f|~|false\n"
                    "5|IDENTIFIER|1|x|~|false\n"
                    "~|FILE|1|a.py|ok|false\n"
                    "~|DIAGNOSTIC|~|link_skipped|~|~\n"
                    "~|REPOSITORY|~|~|~|~\n");
    graph_select(&fix, 1, 2);
    graph_check(&fix, columns, nodes->rows_sql, "7|DIAGNOSTIC|2|syntax_error|~|~\n");
    graph_check(&fix, columns, nodes->run_sql,
                "~|FILE|2|b.py|damaged|true\n"
                "~|REPOSITORY|~|~|~|~\n");
    graph_check(&fix, "node_id = global_id('FILE', 'b.py')", nodes->run_sql, "true\nfalse\n");
    assert_non_null(nodes->run_rejects_sql); /* an id from a hash is not taken on trust */
    graph_check(&fix, "*", nodes->run_rejects_sql, "");
    graph_close(&fix);
}

static void edges_come_by_kind(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, NULL);
    fill(&fix);
    static const char columns[] =
        "kind, CASE WHEN src > 0 THEN src % (1 << 24) END, CASE WHEN dst > 0 THEN dst % (1 << 24)"
        " END, file_id, origin, rule_name, rule_priority";
    graph_check_all(&fix, columns, "edges",
                    "ARGUMENT|3|5|1|syntax|call_argument|100\n"
                    "AST|0|6|1|syntax|ast_comment|100\n"
                    "AST|0|1|1|syntax|ast_parent|100\n"
                    "AST|1|2|1|syntax|ast_parent|100\n"
                    "AST|0|3|1|syntax|ast_parent|100\n"
                    "AST|3|4|1|syntax|ast_parent|100\n"
                    "AST|3|5|1|syntax|ast_parent|100\n"
                    "CALLEE|3|4|1|syntax|call_callee|100\n"
                    "DECLARES_IMPORT|0|2|1|syntax|import_declaration|100\n"
                    "FILE_DECLARES_MODULE|~|0|1|inventory|file_declares_module|100\n"
                    "HAS_DIAGNOSTIC|~|~|~|inventory|repo_diagnostic|100\n"
                    "REPO_CONTAINS|~|~|1|inventory|repo_contains_file|100\n");
    graph_select(&fix, 1, 2);
    const rs_output *edges = graph_output(&fix, "edges");
    graph_check(&fix, columns, edges->rows_sql,
                "HAS_DIAGNOSTIC|~|7|2|syntax|file_diagnostic|100\n");
    graph_check(&fix, columns, edges->run_sql,
                "REPO_CONTAINS|~|~|2|inventory|repo_contains_file|100\n");
    graph_check(&fix, "start_byte, end_byte, src = global_id('FILE', 'b.py')", edges->rows_sql,
                "1|2|true\n");
    graph_close(&fix);
}

static void props_hold_no_null(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, NULL);
    fill(&fix);
    graph_check_all(
        &fix,
        "CASE WHEN entity_id > 0 THEN entity_id % (1 << 24) END, key, value_str, value_int,"
        " value_bool",
        "props",
        "5|argument_index|~|0|~\n"
        "3|callee_shape|NAME|~|~\n"
        "3|callee_text|f|~|~\n"
        "3|n_positional|~|1|~\n"
        "3|n_keyword|~|0|~\n"
        "6|text|# hi|~|~\n"
        "6|is_own_line|~|~|false\n"
        "4|expr_context|LOAD|~|~\n"
        "5|expr_context|LOAD|~|~\n"
        "2|import_kind|import|~|~\n"
        "2|imported_name|os|~|~\n"
        "2|level|~|0|~\n"
        "2|is_star|~|~|false\n"
        "0|module_kind|module|~|~\n"
        "0|source_root||~|~\n"
        "~|size_bytes|~|22|~\n"
        "~|n_lines|~|3|~\n"
        "~|newline|NONE|~|~\n"
        "~|module|a|~|~\n"
        "~|is_package|~|~|false\n"
        "~|n_errors|~|0|~\n"
        "~|severity|WARNING|~|~\n"
        "~|code|link_skipped|~|~\n"
        "~|message|a link|~|~\n"
        "~|path|l|~|~\n");
    graph_close(&fix);
}

/* No edge's end is missing when all of the graph is looked at. */
static void no_edge_dangles(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, NULL);
    fill(&fix);
    graph_select(&fix, 0, 2);
    rs_buf sql = {0};
    rs_buf_add(&sql, "WITH n AS (");
    graph_add_rows(&fix, "nodes", &sql);
    rs_buf_add(&sql, "\n), e AS (");
    graph_add_rows(&fix, "edges", &sql);
    rs_buf_add(&sql, "\n), p AS (");
    graph_add_rows(&fix, "props", &sql);
    rs_buf_add(&sql, "\n) SELECT (SELECT count(*) FROM e ANTI JOIN n ON e.src = n.node_id),"
                     " (SELECT count(*) FROM e ANTI JOIN n ON e.dst = n.node_id),"
                     " (SELECT count(*) FROM p ANTI JOIN n ON p.entity_id = n.node_id),"
                     " (SELECT count(*) FROM n) = (SELECT count(DISTINCT node_id) FROM n)");
    rows_check(fix.session, rs_buf_text(&sql), "0|0|0|true\n");
    rs_buf_release(&sql);
    graph_close(&fix);
}

static const char *metadata_of(const rs_output *output, const char *name)
{
    for (size_t i = 0; i < output->n_metadata; i++) {
        if (strcmp(output->metadata[i].name, name) == 0) {
            return output->metadata[i].value;
        }
    }
    fail_msg("%s has no %s", output->dataset->name, name);
    return "";
}

static void outputs_list_every_dataset(void **state)
{
    (void)state;
    graph_fixture fix;
    graph_open(&fix, NULL);
    fill(&fix);
    assert_int_equal(rs_graph_plan_n_outputs(fix.plan),
                     RS_N_EVIDENCE + rs_rules_n_contracts(fix.rules) + RS_N_GRAPH);
    for (size_t i = 0; i < rs_graph_plan_n_outputs(fix.plan); i++) {
        const rs_output *output = rs_graph_plan_output(fix.plan, i);
        rs_error err = {0};
        rs_cursor *result = NULL;
        assert_string_equal(metadata_of(output, "relspec.dataset"), output->dataset->name);
        assert_string_equal(metadata_of(output, "relspec.key"), output->dataset->key);
        const char *sql = output->rows_sql != NULL ? output->rows_sql : output->run_sql;
        assert_string_equal(rs_output_column(output, rs_output_n_columns(output))->name, "reason");
        if (output->family == RS_OUTPUT_EVIDENCE) { /* it goes as it lies */
            assert_null(sql);
            assert_null(output->rejects_sql);
            continue;
        }
        rs_status status = rs_session_query(fix.session, "rows", sql, NULL, 0, &result, &err);
        UNIT_CHECK(status == RS_OK, "%s", err.message);
        assert_int_equal(rs_cursor_n_columns(result), rs_output_n_columns(output));
        for (size_t j = 0; j < rs_output_n_columns(output); j++) {
            const rs_column *column = rs_output_column(output, j);
            assert_string_equal(rs_cursor_column_name(result, j), column->name);
            assert_true(rs_column_is_stored(column));
        }
        rs_cursor_free(result);
    }
    assert_non_null(
        strstr(metadata_of(graph_output(&fix, "edges"), "relspec.rules"), "ast_parent"));
    graph_close(&fix);
}

/* Over what is stored, a view gives back all that is registered. */
static void views_give_back_what_is_not_stored(void **state)
{
    (void)state;
    graph_fixture fix;
    rs_error err = {0};
    graph_open(&fix, NULL);
    fill(&fix);
    assert_int_equal(
        rs_session_execute(fix.session, "copy",
                           "CREATE TABLE stored AS SELECT import_id, stmt_id, enclosing_def_id,"
                           " import_kind, module, name, alias, level, is_star, name_start_byte,"
                           " name_end_byte FROM imports",
                           &err),
        RS_OK);
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE TABLE nodes AS ");
    graph_add_rows(&fix, "nodes", &sql);
    assert_int_equal(rs_session_execute(fix.session, "copy", rs_buf_text(&sql), &err), RS_OK);
    rs_buf_reset(&sql);
    assert_int_equal(rs_dataset_add_view_sql(rs_dataset_get(RS_DS_imports), "stored", &sql, &err),
                     RS_OK);
    graph_check(&fix,
                "import_id - (1 << 24), file_id, name, start_byte, stmt_start_byte,"
                " stmt_end_byte",
                rs_buf_text(&sql), "2|1|os|7|0|9\n");
    rs_buf_release(&sql);
    graph_close(&fix);
}

static rs_status plan_all(void *context)
{
    rs_error err = {0};
    rs_graph_plan *plan = NULL;
    rs_status status = rs_graph_plan_new(context, false, &plan, &err);
    rs_graph_plan_free(plan);
    return status;
}

/* One of each kind of output, since every allocation of the sweep plans all that there is. */
static const char few_rules[] =
    "pack: p\n"
    "datasets:\n"
    "- {name: rel_p, doc: d, key: [call_id], group: call_id,\n"
    "   columns: {call_id: {type: id, required: true, doc: d}}}\n"
    "rules:\n"
    "- {name: r, doc: d, kind: filter_project, inputs: {c: calls}, select: {call_id: c.call_id},\n"
    "   score: '1.0', confidence: cst, output: rel_p}\n"
    "- {name: e, doc: d, kind: filter_project, inputs: {p: rel_p},\n"
    "   emit: {edge: CALLEE, src: p.call_id, dst: p.call_id}}\n"
    "- {name: f, doc: d, kind: filter_project, inputs: {c: calls},\n"
    "   emit: {edge: CALLEE, src: c.callee_id, dst: c.enclosing_def_id}}\n";

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_rules *rules = NULL;
    assert_int_equal(rs_rules_new(&rules, &err), RS_OK);
    assert_int_equal(rs_rules_add_pack(rules, "p", rs_str_of(few_rules), &err), RS_OK);
    rs_status status = rs_rules_check(rules, policy_default(), &rs_dialect_duckdb, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    UNIT_SWEEP(plan_all, rules);
    rs_rules_free(rules);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(nodes_are_what_the_evidence_says),
    cmocka_unit_test(edges_come_by_kind),
    cmocka_unit_test(props_hold_no_null),
    cmocka_unit_test(no_edge_dangles),
    cmocka_unit_test(outputs_list_every_dataset),
    cmocka_unit_test(views_give_back_what_is_not_stored),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(graph_emit, tests)
