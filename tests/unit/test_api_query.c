/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of users: which views they need, and that all else about the others stays as it was. */
#include "base/error.h"

#include <relspec/relspec.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/files.h"
#include "bundle/reader.h"
#include "unit/directory.h"
#include "unit/unit.h"

static const char source[] = "def f(a, b=1):\n    return a\n\nf(2)\n";
static char directory[32];

static int set_up(void **state)
{
    (void)state;
    char path[64];
    rs_config *config = NULL;
    rs_run *run = NULL;
    unit_make_directory(directory, sizeof directory, "views");
    (void)snprintf(path, sizeof path, "%s/a.py", directory);
    assert_int_equal(rs_files_write(path, source, sizeof source - 1, NULL), RS_OK);
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, path, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    assert_int_equal(rs_run_execute(run, NULL), RS_OK);
    rs_run_free(run);
    rs_config_free(config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

static rs_reader *open_reader(void)
{
    rs_error err = {0};
    rs_reader *reader = NULL;
    UNIT_CHECK(rs_reader_new(directory, NULL, &reader, &err) == RS_OK, "%s", err.message);
    return reader;
}

/* As if it had just been opened: views are a session's. */
static void start_again(rs_reader *reader)
{
    rs_reader_forget_views(reader);
    rs_session_free(reader->session);
    assert_int_equal(rs_session_new(reader->engine, &reader->session, NULL), RS_OK);
}

static int64_t count_views(rs_reader *reader)
{
    int64_t n_views = 0;
    rs_error err = {0};
    static const char sql[] = "SELECT count(*) FROM duckdb_views() WHERE NOT internal";
    UNIT_CHECK(rs_session_query_i64(reader->session, "count", sql, &n_views, &err) == RS_OK, "%s",
               err.message);
    return n_views;
}

enum { ALL = -1 };

static const struct {
    const char *sql;
    int64_t n_views; /* that are made for it */
} needs[] = {
    {"SELECT 1", 0},
    {"VALUES (1), (2)", 0},
    {"SELECT * FROM range(3), unnest([1, 2])", 0},
    {"FROM kinds", 1},
    {"FROM nodes", 2},
    {"TABLE \"Nodes\"", 2},
    {"SELECT 'edges' AS nodes", 0},
    {"EXPLAIN SELECT * FROM calls", 4},
    {"/* a */ explain -- b\n analyze\tFROM nodes", 2},
    {"EXPLAIN (FORMAT json) SELECT * FROM nodes", 2},
    {"EXPLAIN (SELECT * FROM nodes)", 2},
    {"DESCRIBE nodes", 2},
    {"SUMMARIZE nodes", 2},
    {"DESCRIBE SELECT * FROM rejects", 1},
    {"SELECT count(*) FROM rejects_nodes", 1},
    {"FROM rejects_by_reason", 5},
    {"FROM largest_functions", 7},
    {"SELECT (SELECT count(*) FROM calls) + 1 WHERE EXISTS (FROM defs)", 6},
    {"WITH nodes AS (SELECT * FROM nodes) FROM nodes", 2},
    {"WITH mine AS (SELECT * FROM kinds) FROM mine", 1},
    {"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) FROM r", 0},
    {"SELECT list_transform([1], lambda x: (SELECT count(*) FROM kinds))", 1},
    {"PIVOT kinds ON entity IN ('node', 'edge') USING count(*)", 1},
    {"FROM kinds UNION ALL SELECT dataset, '', '', n_rows FROM rejects", 2},
    {"SELECT count(*) FROM nodes WHERE node_id = ?", 2},
    {"SHOW TABLES", ALL},
    {"SHOW ALL TABLES", ALL},
    {"FROM duckdb_views()", ALL},
    {"FROM information_schema.tables", ALL},
    {"SELECT * FROM sqlite_master", ALL},
    {"SELECT pg_get_viewdef(1)", ALL},
    {"FROM temp.kinds", ALL},
    {"FROM query_table('kin' || 'ds')", ALL},
    {"FROM pragma_table_info('kinds')", ALL},
    {"FROM nodez", ALL},
    {"FROM 'some.parquet'", ALL},
};

static void views_are_made_where_they_are_named(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_reader *reader = open_reader();
    UNIT_CHECK(rs_reader_add_views(reader, &err) == RS_OK, "%s", err.message);
    int64_t n_all = count_views(reader);
    assert_true(n_all > 100);
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        start_again(reader);
        int64_t n_wanted = needs[i].n_views == ALL ? n_all : needs[i].n_views;
        rs_status status = rs_reader_add_views_of(reader, "query", needs[i].sql, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", needs[i].sql, err.message);
        int64_t n_views = count_views(reader);
        UNIT_CHECK(n_views == n_wanted, "%s: %d views instead of %d", needs[i].sql, (int)n_views,
                   (int)n_wanted);
    }
    rs_reader_free(reader);
}

/* Each view finds what it reads where nobody asked for any other. */
static void a_view_stands_alone(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_reader *all = open_reader();
    rs_reader *alone = open_reader();
    rs_cursor *names = NULL;
    size_t n_rows = 0;
    UNIT_CHECK(rs_reader_add_views(all, &err) == RS_OK, "%s", err.message);
    assert_int_equal(rs_session_query(all->session, "names",
                                      "SELECT view_name FROM duckdb_views() WHERE NOT internal "
                                      "AND hash(view_name) % 4 = 0 ORDER BY ALL",
                                      NULL, 0, &names, &err),
                     RS_OK);
    while (rs_cursor_next(names, &n_rows, &err) == RS_OK && n_rows > 0) {
        for (size_t i = 0; i < n_rows; i++) {
            start_again(alone);
            rs_str name = rs_cursor_str(names, 0, i);
            rs_buf sql = {0};
            rs_cursor *rows = NULL;
            rs_buf_add(&sql, "SELECT * FROM ");
            rs_buf_add_sql_name(&sql, name);
            rs_status status = rs_reader_add_views_of(alone, "query", rs_buf_text(&sql), &err);
            RS_THEN(status, rs_session_query(alone->session, "query", rs_buf_text(&sql), NULL, 0,
                                             &rows, &err));
            UNIT_CHECK(status == RS_OK, "%.*s: %s", (int)name.n_bytes, name.bytes, err.message);
            rs_cursor_free(rows);
            rs_buf_release(&sql);
        }
    }
    rs_cursor_free(names);
    rs_reader_free(alone);
    rs_reader_free(all);
}

/* Views go by their names' last meaning, and one that reads itself is refused by the engine. */
static void a_forged_manifest_ends_with_an_error(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_reader *reader = open_reader();
    json_t *datasets = json_object_get(reader->manifest, "datasets");
    assert_int_equal(json_object_set_new(reader->manifest, "param_prefix", json_string("stored_")),
                     0);
    assert_int_equal(
        json_array_append_new(datasets, json_pack("{s:s, s:s, s:s, s:[]}", "name", "nodes", "group",
                                                  "params", "path", "cpg/nodes", "files")),
        0);
    assert_int_not_equal(rs_reader_add_views_of(reader, "query", "FROM nodes", &err), RS_OK);
    rs_reader_free(reader);
}

static const struct {
    const char *sql;
    const char *message;
} refused[] = {
    {"", "query: no statement is given"},
    {";", "query: no statement is given"},
    {"SELECT 1; SELECT 2", "query: one statement is run at a time"},
    {"EXPLAIN SELECT 1; SELECT 2", "query: one statement is run at a time"},
    {"EXPLAIN", "query: no statement is given"},
    {"EXPLAIN EXPLAIN SELECT 1", "query: only statements that read are run here"},
    {"EXPLAIN (FORMAT ')') DROP VIEW nodes", NULL},
    {"EXPLAIN/**/ANALYZE/**/DROP VIEW nodes", "query: only statements that read are run here"},
    {"EXPLAIN (ANALYZE) COPY (SELECT 1) TO 'x'", "query: only statements that read are run here"},
    {"PRAGMA table_info('nodes')", "query: only statements that read are run here"},
    {"FROM query('FROM nodes')",
     "query: only statements that read are run here, and nobody knows that of query()"},
    {"SELECT (FROM Checkpoint())",
     "query: only statements that read are run here, and nobody knows that of checkpoint()"},
    {"FROM arrow_scan(1, 2, 3)",
     "query: only statements that read are run here, and nobody knows that of arrow_scan()"},
    {"FROM json_execute_serialized_sql('{}')",
     "query: only statements that read are run here, and nobody knows that of "
     "json_execute_serialized_sql()"},
};

static void what_does_more_than_read_is_refused(void **state)
{
    (void)state;
    rs_reader *reader = open_reader();
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        rs_error err = {0};
        rs_status status = rs_reader_add_views_of(reader, "query", refused[i].sql, &err);
        UNIT_CHECK(status == RS_ERR_INVALID, "%s: %d %s", refused[i].sql, (int)status, err.message);
        UNIT_CHECK(refused[i].message == NULL || strcmp(err.message, refused[i].message) == 0,
                   "%s: %s", refused[i].sql, err.message);
    }
    assert_int_equal(count_views(reader), 0);
    rs_reader_free(reader);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(views_are_made_where_they_are_named),
    cmocka_unit_test(a_view_stands_alone),
    cmocka_unit_test(a_forged_manifest_ends_with_an_error),
    cmocka_unit_test(what_does_more_than_read_is_refused),
};

UNIT_TESTS_OF(api_query, tests, set_up, tear_down)
