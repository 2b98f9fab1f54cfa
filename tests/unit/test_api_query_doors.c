/* SPDX-License-Identifier: Apache-2.0 */
/* What a user's statement cannot do: every statement that the engine's parser knows, alone, under EXPLAIN
 * and under EXPLAIN ANALYZE, asked of a bundle, and then of its engine itself, past all that looks at
 * statements. No file may change either way. */

#include "base/error.h"

#include <ftw.h>
#include <relspec/relspec.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/files.h"
#include "bundle/reader.h"
#include "engine/duckdb/library.h"
#include "unit/directory.h"
#include "unit/unit.h"

static char directory[40];
static char work_directory[64];
static rs_buf tree;

static int set_up(void **state)
{
    (void)state;
    static const char source[] = "def f(a, b=1):\n    return a\n\nf(2)\n";
    char path[64];
    rs_config *config = NULL;
    rs_run *run = NULL;
    unit_make_directory(directory, sizeof directory, "doors");
    (void)snprintf(path, sizeof path, "%s/a.py", directory);
    assert_int_equal(rs_files_write(path, source, sizeof source - 1, NULL), RS_OK);
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, path, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    assert_int_equal(rs_run_execute(run, NULL), RS_OK);
    rs_run_free(run);
    rs_config_free(config);
    assert_non_null(getcwd(work_directory, sizeof work_directory));
    assert_int_equal(chdir(directory), 0); /* what a relative path would write is seen as well */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rs_buf_release(&tree);
    assert_int_equal(chdir(work_directory), 0);
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

/* --- what files there are --- */

static int add_file(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)kind;
    (void)place;
    rs_buf_addf(&tree, "%s %lld %lld.%ld\n", path, (long long)info->st_size,
                (long long)info->st_mtim.tv_sec, info->st_mtim.tv_nsec);
    return 0;
}

static char *look(void)
{
    rs_buf_reset(&tree);
    assert_int_equal(nftw(directory, add_file, 16, FTW_PHYS), 0);
    char *seen = strdup(rs_buf_text(&tree));
    assert_non_null(seen);
    return seen;
}

/* --- statements: %s is the bundle's directory --- */

static const struct {
    duckdb_statement_type
        type; /* as the engine has it; INVALID: it does not even prepare it here */
    const char *sql;
} statements[] = {
    {DUCKDB_STATEMENT_TYPE_INSERT, "INSERT INTO t VALUES (1)"},
    {DUCKDB_STATEMENT_TYPE_UPDATE, "UPDATE t SET a = 1"},
    {DUCKDB_STATEMENT_TYPE_DELETE, "DELETE FROM t"},
    {DUCKDB_STATEMENT_TYPE_DELETE, "TRUNCATE t"},
    {DUCKDB_STATEMENT_TYPE_INVALID,
     "MERGE INTO t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN DELETE"},
    {DUCKDB_STATEMENT_TYPE_PREPARE, "PREPARE p AS COPY (SELECT 1) TO '%s/manifest.json'"},
    {DUCKDB_STATEMENT_TYPE_EXECUTE, "EXECUTE q"},
    {DUCKDB_STATEMENT_TYPE_DROP, "DEALLOCATE q"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE TABLE u (a INTEGER)"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE TABLE u AS SELECT 1"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE OR REPLACE TEMP VIEW nodes AS SELECT 1"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE MACRO m() AS 1"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE SEQUENCE s"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE SCHEMA s"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE TYPE w AS ENUM ('a')"},
    {DUCKDB_STATEMENT_TYPE_CREATE, "CREATE INDEX i ON t (a)"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "CREATE PERSISTENT SECRET s (TYPE http)"},
    {DUCKDB_STATEMENT_TYPE_ALTER, "ALTER TABLE t ADD COLUMN b INTEGER"},
    {DUCKDB_STATEMENT_TYPE_ALTER, "COMMENT ON TABLE t IS 'mine'"},
    {DUCKDB_STATEMENT_TYPE_TRANSACTION, "BEGIN"},
    {DUCKDB_STATEMENT_TYPE_TRANSACTION, "ROLLBACK"},
    {DUCKDB_STATEMENT_TYPE_COPY, "COPY (SELECT 1) TO '%s/manifest.json' (FORMAT csv)"},
    {DUCKDB_STATEMENT_TYPE_COPY, "COPY (SELECT 1) TO '%s/new.parquet'"},
    {DUCKDB_STATEMENT_TYPE_COPY, "COPY (SELECT 1) TO 'new.csv'"},
    {DUCKDB_STATEMENT_TYPE_COPY, "COPY (SELECT 1 AS a, 2 AS b) TO '%s/cpg/nodes' (FORMAT parquet, "
                                 "PARTITION_BY (a), OVERWRITE)"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "COPY t FROM '%s/manifest.json' (FORMAT csv)"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "COPY FROM DATABASE memory TO other"},
    {DUCKDB_STATEMENT_TYPE_VACUUM, "ANALYZE"},
    {DUCKDB_STATEMENT_TYPE_VACUUM, "VACUUM"},
    {DUCKDB_STATEMENT_TYPE_DROP, "DROP TABLE t"},
    {DUCKDB_STATEMENT_TYPE_EXPORT, "EXPORT DATABASE '%s/export'"},
    {DUCKDB_STATEMENT_TYPE_EXPORT, "EXPORT DATABASE 'export' (FORMAT parquet)"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "IMPORT DATABASE '%s'"},
    {DUCKDB_STATEMENT_TYPE_PRAGMA, "PRAGMA disable_object_cache"},
    {DUCKDB_STATEMENT_TYPE_CALL,
     "CALL enable_logging(storage := 'file', storage_path := '%s/log')"},
    {DUCKDB_STATEMENT_TYPE_CALL, "CHECKPOINT"},
    {DUCKDB_STATEMENT_TYPE_SELECT,
     "SELECT * FROM enable_logging(storage = 'file', storage_path = '%s/log')"},
    {DUCKDB_STATEMENT_TYPE_SELECT, "SELECT * FROM force_checkpoint()"},
    {DUCKDB_STATEMENT_TYPE_SELECT, "SELECT * FROM query('SELECT 1')"},
    {DUCKDB_STATEMENT_TYPE_SET, "SET profiling_output = '%s/profile.json'"},
    {DUCKDB_STATEMENT_TYPE_SET, "SET VARIABLE v = 1"},
    {DUCKDB_STATEMENT_TYPE_SET, "RESET profiling_output"},
    {DUCKDB_STATEMENT_TYPE_SET, "USE memory"},
    {DUCKDB_STATEMENT_TYPE_LOAD, "LOAD parquet"},
    {DUCKDB_STATEMENT_TYPE_LOAD, "INSTALL '%s/some.duckdb_extension'"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "UPDATE EXTENSIONS"},
    {DUCKDB_STATEMENT_TYPE_ATTACH, "ATTACH '%s/other.db' AS other"},
    {DUCKDB_STATEMENT_TYPE_ATTACH, "ATTACH 'other.db' AS other"},
    {DUCKDB_STATEMENT_TYPE_DETACH, "DETACH other"},
    {DUCKDB_STATEMENT_TYPE_INVALID, "PIVOT t ON a USING count(*)"},
};
enum { N_STATEMENTS = sizeof statements / sizeof statements[0] };

static const char *const prefixes[] = {"", "EXPLAIN ", "EXPLAIN ANALYZE ",
                                       "/* */ explain (ANALYZE, FORMAT json)\n"};
enum { N_PREFIXES = sizeof prefixes / sizeof prefixes[0] };

static char *text_of(size_t statement, size_t prefix, const char *bundle)
{
    rs_buf sql = {0};
    const char *hole = strstr(statements[statement].sql, "%s");
    rs_buf_add(&sql, prefixes[prefix]);
    if (hole == NULL) {
        rs_buf_add(&sql, statements[statement].sql);
    } else {
        rs_buf_append(&sql, statements[statement].sql, (size_t)(hole - statements[statement].sql));
        rs_buf_add(&sql, bundle);
        rs_buf_add(&sql, hole + 2);
    }
    assert_false(sql.failed);
    return sql.bytes;
}

/* Types that no text is of: what another interface makes, or what is told as another one. */
static const duckdb_statement_type without_text[] = {
    DUCKDB_STATEMENT_TYPE_INVALID,      DUCKDB_STATEMENT_TYPE_ANALYZE, /* VACUUM */
    DUCKDB_STATEMENT_TYPE_VARIABLE_SET,                                /* SET */
    DUCKDB_STATEMENT_TYPE_CREATE_FUNC,                                 /* CREATE */
    DUCKDB_STATEMENT_TYPE_RELATION,     DUCKDB_STATEMENT_TYPE_EXTENSION,
    DUCKDB_STATEMENT_TYPE_LOGICAL_PLAN, DUCKDB_STATEMENT_TYPE_MULTI,
};

static duckdb_statement_type type_of(const char *sql)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_prepared_statement prepared = NULL;
    assert_int_equal(rs_duck_open(NULL), RS_OK);
    assert_int_equal(rs_duck.open_ext(NULL, &database, NULL, NULL), DuckDBSuccess);
    assert_int_equal(rs_duck.connect(database, &connection), DuckDBSuccess);
    assert_int_equal(rs_duck.query(connection,
                                   "CREATE TABLE t (a INTEGER); PREPARE q AS SELECT 1; "
                                   "ATTACH ':memory:' AS other",
                                   NULL),
                     DuckDBSuccess);
    duckdb_statement_type type = rs_duck.prepare(connection, sql, &prepared) == DuckDBSuccess
                                     ? rs_duck.prepared_statement_type(prepared)
                                     : DUCKDB_STATEMENT_TYPE_INVALID;
    rs_duck.destroy_prepare(&prepared);
    rs_duck.disconnect(&connection);
    rs_duck.close(&database);
    return type;
}

/* The list is about all that there is: each text is of its type, and each type has a text. */
static void every_type_has_a_statement(void **state)
{
    (void)state;
    bool has_text[64] = {
        [DUCKDB_STATEMENT_TYPE_SELECT] = true, [DUCKDB_STATEMENT_TYPE_EXPLAIN] = true};
    for (size_t i = 0; i < sizeof without_text / sizeof without_text[0]; i++) {
        has_text[without_text[i]] = true;
    }
    for (size_t i = 0; i < N_STATEMENTS; i++) {
        char *sql = text_of(i, 0, directory);
        duckdb_statement_type type = type_of(sql);
        UNIT_CHECK(type == statements[i].type || statements[i].type == 0, "%s is of type %d", sql,
                   (int)type);
        has_text[type] = true;
        rs_free(sql);
    }
    for (size_t i = 0; i <= DUCKDB_STATEMENT_TYPE_MULTI; i++) {
        UNIT_CHECK(has_text[i], "no statement is of type %d", (int)i);
    }
}

static void no_statement_but_a_select_is_run(void **state)
{
    (void)state;
    rs_bundle *bundle = NULL;
    assert_int_equal(rs_bundle_open(directory, &bundle, NULL), RS_OK);
    char *before = look();
    for (size_t i = 0; i < N_STATEMENTS * N_PREFIXES; i++) {
        rs_error err = {0};
        rs_result *result = NULL;
        char *sql = text_of(i / N_PREFIXES, i % N_PREFIXES, rs_bundle_path(bundle));
        const rs_query query = {.sql = sql};
        rs_status status = rs_bundle_query(bundle, &query, &result, &err);
        UNIT_CHECK(status == RS_ERR_INVALID, "%s: %d %s", sql, (int)status, err.message);
        char *after = look();
        UNIT_CHECK(strcmp(before, after) == 0, "%s: files changed", sql);
        free(after);
        rs_free(sql);
    }
    free(before);
    rs_bundle_free(bundle);
}

/* Past what looks at statements, settings open: the engine may, the kernel does not let it. */
static void the_engine_cannot_write(void **state)
{
    (void)state;
    rs_reader *reader = NULL;
    assert_int_equal(rs_reader_new_for_users(directory, NULL, &reader, NULL), RS_OK);
    if (!rs_engine_is_confined(reader->engine)) {
        (void)fprintf(stderr, "the kernel has no Landlock: nothing to be seen\n");
        rs_reader_free(reader);
        return;
    }
    assert_int_equal(
        rs_session_execute(reader->session, "t", "CREATE TABLE t AS SELECT 1 AS a", NULL), RS_OK);
    char *before = look();
    for (size_t i = 0; i < N_STATEMENTS * N_PREFIXES; i++) {
        char *sql = text_of(i / N_PREFIXES, i % N_PREFIXES, rs_buf_text(&reader->directory));
        rs_error err = {0};
        rs_status status = rs_session_execute(reader->session, "door", sql, &err);
        bool is_copy = strncmp(sql, "COPY (", 6) == 0;
        UNIT_CHECK(!is_copy || status != RS_OK, "%s: the engine took it", sql);
        char *after = look();
        UNIT_CHECK(strcmp(before, after) == 0, "%s: files changed", sql);
        free(after);
        rs_free(sql);
    }
    free(before);
    rs_reader_free(reader);
}

/* The same door in an engine that may write is open: the test above would see it. */
static void another_engine_can(void **state)
{
    (void)state;
    rs_reader *reader = NULL;
    rs_buf sql = {0};
    assert_int_equal(rs_reader_new(directory, NULL, &reader, NULL), RS_OK);
    assert_false(rs_engine_is_confined(reader->engine));
    char *before = look();
    rs_buf_addf(&sql, "COPY (SELECT 1) TO '%s/new.csv'", rs_buf_text(&reader->directory));
    assert_int_equal(rs_session_execute(reader->session, "door", sql.bytes, NULL), RS_OK);
    char *after = look();
    assert_string_not_equal(before, after);
    free(after);
    free(before);
    rs_buf_release(&sql);
    rs_reader_free(reader);
}

/* --- time --- */

static const char *const endless[] = {
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT * FROM range(1000000000000)",
    "SELECT sum(hash(a.range + b.range)) FROM range(1000000) a, range(1000000) b",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "EXPLAIN ANALYZE SELECT count(*) FROM range(1000000000000)",
    "SELECT sleep_ms(1000000)",
};

/* None of them would: that it ends, and says why, is the test, however long a busy machine takes. */
static void a_query_ends_in_time(void **state)
{
    (void)state;
    rs_bundle *bundle = NULL;
    assert_int_equal(rs_bundle_open(directory, &bundle, NULL), RS_OK);
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        rs_error err = {0};
        rs_result *result = NULL;
        size_t n_rows = 1;
        const rs_query query = {.sql = endless[i], .timeout_ms = 100};
        rs_status status = rs_bundle_query(bundle, &query, &result, &err);
        while (status == RS_OK && n_rows > 0) {
            status = rs_result_next(result, &n_rows, &err);
        }
        UNIT_CHECK(status == RS_ERR_LIMIT, "%s: %d %s", endless[i], (int)status, err.message);
        assert_string_equal(err.message, "query: not done within 0.1 s");
        rs_result_free(result);
    }
    const rs_query next = {.sql = "SELECT 1"}; /* of which no time is left */
    rs_result *result = NULL;
    assert_int_equal(rs_bundle_query(bundle, &next, &result, NULL), RS_OK);
    rs_result_free(result);
    rs_bundle_free(bundle);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_type_has_a_statement),
    cmocka_unit_test(no_statement_but_a_select_is_run),
    cmocka_unit_test(the_engine_cannot_write),
    cmocka_unit_test(another_engine_can),
    cmocka_unit_test(a_query_ends_in_time),
};

UNIT_TESTS_OF(api_query_doors, tests, set_up, tear_down)
