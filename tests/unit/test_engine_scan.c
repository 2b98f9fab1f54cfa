/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "engine/duckdb/session.h"

#include "unit/parts.h"
#include "unit/rows.h"

typedef struct fixture {
    char directory[64];
    rs_part parts[3];
    rs_engine *engine;
    rs_session *session;
} fixture;

static void open_fixture(fixture *fix)
{
    rs_error err = {0};
    *fix = (fixture){.directory = "/tmp/relspec-scan-XXXXXX"};
    assert_non_null(mkdtemp(fix->directory));
    rs_engine_config config = {.allowed_directory = fix->directory};
    rs_status status = rs_engine_new(&config, &fix->engine, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(rs_engine_reserve_parts(fix->engine, UNIT_COUNT(fix->parts), &err), RS_OK);
    for (size_t i = 0; i < UNIT_COUNT(fix->parts); i++) {
        assert_int_equal(rs_part_init(&fix->parts[i], &err), RS_OK);
    }
    assert_int_equal(rs_session_new(fix->engine, &fix->session, &err), RS_OK);
}

static void set_parts(fixture *fix)
{
    rs_error err = {0};
    for (size_t i = 0; i < UNIT_COUNT(fix->parts); i++) {
        assert_int_equal(rs_engine_set_part(fix->engine, i, &fix->parts[i], &err), RS_OK);
    }
    rs_status status = rs_session_select_parts(fix->session, 0, UNIT_COUNT(fix->parts), &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
}

static void close_fixture(fixture *fix)
{
    rs_session_free(fix->session);
    rs_engine_free(fix->engine);
    for (size_t i = 0; i < UNIT_COUNT(fix->parts); i++) {
        rs_part_release(&fix->parts[i]);
    }
    (void)rmdir(fix->directory);
}

static void rows_come_back_as_they_are(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    parts_add(&fix.parts[0], "calls",
              "call_id=1:4|callee_id=1:5|callee_shape=ATTRIBUTE|callee_text=a.dotted.name.of.some."
              "length|n_positional=2|has_star=true|callee_name_start_byte=7");
    parts_add(&fix.parts[0], "calls",
              "call_id=1:9|callee_shape=OTHER|n_positional=-3|enclosing_def_id=1:1|"
              "callee_text=twelve_bytes");
    parts_add(&fix.parts[2], "calls", "call_id=2:1|callee_text=|damaged=true");
    set_parts(&fix);
    rows_check(
        fix.session,
        "SELECT call_id, file_id, callee_shape, callee_text, n_positional, has_star, damaged, "
        "enclosing_def_id, callee_name_start_byte, _row FROM calls",
        "16777220|1|ATTRIBUTE|a.dotted.name.of.some.length|2|true|false|~|7|0\n"
        "16777225|1|OTHER|twelve_bytes|-3|false|false|16777217|~|1\n"
        "33554433|2|NAME||0|false|true|~|~|2\n");
    rows_check(fix.session, "SELECT count(*), count(callee_text), min(_row) FROM calls", "3|3|0\n");
    rows_check(fix.session, "SELECT n_positional FROM calls WHERE callee_shape = 'OTHER'", "-3\n");
    rows_check(fix.session, "SELECT count(*) FROM args", "0\n");
    close_fixture(&fix);
}

/* Every dataset's view has its registered columns in order, then _row. */
static void views_have_the_registered_columns(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    set_parts(&fix);
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        const rs_dataset *dataset = rs_dataset_get((rs_dataset_id)i);
        rs_error err = {0};
        rs_buf sql = {0};
        rs_cursor *result = NULL;
        rs_buf_addf(&sql, "SELECT * FROM %s", dataset->name);
        rs_status status =
            rs_session_query(fix.session, "view", rs_buf_text(&sql), NULL, 0, &result, &err);
        UNIT_CHECK(status == RS_OK, "%s", err.message);
        UNIT_CHECK(rs_cursor_n_columns(result) == dataset->n_columns + 1, "%s has %zu columns",
                   dataset->name, rs_cursor_n_columns(result));
        for (size_t j = 0; j < dataset->n_columns; j++) {
            UNIT_CHECK(strcmp(rs_cursor_column_name(result, j), dataset->columns[j].name) == 0,
                       "%s: %s", dataset->name, rs_cursor_column_name(result, j));
        }
        rs_cursor_free(result);
        rs_buf_release(&sql);
    }
    close_fixture(&fix);
}

/* More rows than a chunk takes, with nulls of every kind in and between the chunks. */
static void many_rows_keep_their_nulls(void **state)
{
    (void)state;
    enum { N_ROWS = 5000 };
    fixture fix;
    open_fixture(&fix);
    for (int i = 0; i < N_ROWS; i++) {
        char row[256];
        (void)snprintf(row, sizeof row, "node_id=1:%d|ast_class=Name%s%s", i,
                       i % 3 == 0 ? "" : "|parent_id=1:7", i % 5 == 0 ? "" : "|context=STORE");
        if (i % 7 != 0) {
            size_t n_bytes = strlen(row);
            (void)snprintf(row + n_bytes, sizeof row - n_bytes, "|name=%s%d",
                           i % 2 == 0 ? "n" : "a_rather_long_name_", i);
        }
        parts_add(&fix.parts[i < N_ROWS / 2 ? 0 : 1], "syntax_nodes", row);
    }
    set_parts(&fix);
    rows_check(
        fix.session,
        "SELECT count(*), count(parent_id), count(context), count(name), count(qualified_name)"
        " FROM syntax_nodes",
        "5000|3333|4000|4285|0\n");
    rows_check(fix.session,
               "SELECT count(*) FROM syntax_nodes WHERE (parent_id IS NULL) <> (_row % 3 = 0)"
               " OR (context IS NULL) <> (_row % 5 = 0) OR (name IS NULL) <> (_row % 7 = 0)"
               " OR node_id <> (1 << 24) + _row"
               " OR name <> CASE WHEN _row % 2 = 0 THEN 'n' ELSE 'a_rather_long_name_' END || _row",
               "0\n");
    close_fixture(&fix);
}

static void a_range_sees_its_parts_only(void **state)
{
    (void)state;
    fixture fix;
    rs_error err = {0};
    open_fixture(&fix);
    parts_add(&fix.parts[0], "comments", "comment_id=1:1|text=# one");
    parts_add(&fix.parts[1], "comments", "comment_id=2:1|text=# two");
    parts_add(&fix.parts[2], "comments", "comment_id=3:1|text=# three, and longer");
    set_parts(&fix);
    assert_int_equal(rs_session_select_parts(fix.session, 1, 3, &err), RS_OK);
    rows_check(fix.session, "SELECT text, _row FROM comments", "# two|0\n# three, and longer|1\n");
    assert_int_equal(rs_session_select_parts(fix.session, 2, 2, &err), RS_OK);
    rows_check(fix.session, "SELECT text FROM comments", "");
    rs_engine_drop_part(fix.engine, 0);
    assert_int_equal(rs_session_select_parts(fix.session, 0, 1, &err), RS_OK);
    UNIT_REFUSED(rs_session_execute(fix.session, "scan", "SELECT * FROM comments", &err), &err,
                 RS_ERR_ENGINE, "a part is not there");
    assert_int_equal(rs_session_select_parts(fix.session, 1, 2, &err), RS_OK);
    UNIT_REFUSED(
        rs_session_execute(fix.session, "scan", "SELECT * FROM relspec_scan('x', 0, 1)", &err),
        &err, RS_ERR_ENGINE, "no such dataset");
    UNIT_REFUSED(
        rs_session_execute(fix.session, "scan", "SELECT * FROM relspec_scan('calls', 0, 99)", &err),
        &err, RS_ERR_ENGINE, "no such dataset or parts");
    close_fixture(&fix);
}

static void ids_are_those_of_the_library(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    char want[128];
    const int64_t start_byte = 7;
    (void)snprintf(want, sizeof want, "%lld|%lld|%lld|~|~\n",
                   (long long)rs_global_id(RS_STR_LITERAL("FILE"), RS_STR_LITERAL("a/b.py")),
                   (long long)rs_edge_id(RS_STR_LITERAL("AST"), 5, -6, NULL),
                   (long long)rs_edge_id(RS_STR_LITERAL("AST"), 5, -6, &start_byte));
    rows_check(fix.session,
               "SELECT global_id('FILE', 'a/b.py'), edge_id('AST', 5, -6, NULL),"
               " edge_id('AST', 5, -6, 7), global_id('FILE', NULL), edge_id(NULL, 1, 2, 3)",
               want);
    close_fixture(&fix);
}

static void ids_of_edges_are_those_of_their_parts(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rows_check(fix.session,
               "SELECT count(*), count(edge_id(k, s, d, b)), count(*) FILTER ("
               "edge_id(k, s, d, b) IS DISTINCT FROM"
               " CASE WHEN k IS NULL OR s IS NULL OR d IS NULL THEN NULL"
               " ELSE stable_id('edge', k, s, d, b) END)"
               " FROM (SELECT CASE i // 5 % 4 WHEN 0 THEN 'AST' WHEN 1 THEN 'REACHING_DEFINITION'"
               " WHEN 2 THEN 'REACHING_DEF_' || i END AS k,"
               " CASE WHEN i % 7 <> 0 THEN i * 999999937 END AS s,"
               " CASE WHEN i % 11 <> 0 THEN -i END AS d,"
               " CASE WHEN i < 3000 OR i % 3 = 0 THEN i END AS b"
               " FROM range(10000) r(i))",
               "10000|5843|0\n");
    close_fixture(&fix);
}

/* Whoever makes an id, the engine by its own functions or we in it, it is one number. */
static void ids_of_both_lanes_are_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {"k", "t"};
    static const char *const edges[] = {"k", "s", "d", "b"};
    const rs_dialect *own = rs_dialect_duckdb.own_ids;
    fixture fix;
    open_fixture(&fix);
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT count(*), count(global_id(k, t)), count(edge_id(k, s, d, b)), "
                     "count(*) FILTER (global_id(k, t) IS DISTINCT FROM ");
    rs_dialect_add_call(own, "global_id", texts, 2, &sql);
    rs_buf_add(&sql, " OR edge_id(k, s, d, b) IS DISTINCT FROM ");
    rs_dialect_add_call(own, "edge_id", edges, 4, &sql);
    rs_buf_add(&sql,
               ") FROM (SELECT CASE i % 5 WHEN 0 THEN '' WHEN 1 THEN 'AST' WHEN 2 THEN 'caf\u00e9' "
               "WHEN 3 THEN 'a''b' || chr(0) || '1:x' END AS k, CASE WHEN i % 7 <> 0 THEN "
               "repeat(chr(CAST(i * 37 % 1000 + 1 AS INTEGER)), CAST(i % 150 AS INTEGER)) END AS t,"
               " CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN 9223372036854775807 WHEN 2 THEN "
               "-9223372036854775807 - 1 ELSE i * 999999937 * 31 END AS s, -i AS d,"
               " CASE WHEN i % 3 = 0 THEN i END AS b FROM range(5000) r(i))");
    rows_check(fix.session, rs_buf_text(&sql), "5000|3428|3555|0\n");
    rs_buf_release(&sql);
    close_fixture(&fix);
}

/* --- two threads --- */

typedef struct worker {
    rs_engine *engine;
    const char *directory;
    int number;
    rs_status status;
    rs_error err;
} worker;

static void *write_files(void *argument)
{
    worker *self = argument;
    rs_session *session = NULL;
    self->status = rs_session_new(self->engine, &session, &self->err);
    for (int i = 0; i < 4 && self->status == RS_OK; i++) {
        rs_parquet_written written;
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%d-%d.parquet", self->directory, self->number, i);
        self->status = rs_session_select_parts(session, 0, 3, &self->err);
        if (self->status == RS_OK) {
            static const char *const names[] = {"node_id", "kind", "name", "total"};
            const rs_engine_file file = {
                .label = "copy",
                .sql = "SELECT node_id, kind, name,"
                       " (sum(node_id) OVER (PARTITION BY name))::BIGINT AS total"
                       " FROM syntax_nodes ORDER BY name, node_id",
                .names = names,
                .n_names = 4,
                .path = path};
            self->status = rs_session_copy(session, &file, &written, &self->err);
        }
    }
    rs_session_free(session);
    return NULL;
}

static void file_hash(const char *path, char out[RS_SHA256_TEXT_BYTES])
{
    rs_buf text = {0};
    char block[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t n = fread(block, 1, sizeof block, file); n > 0;
         n = fread(block, 1, sizeof block, file)) {
        rs_buf_append(&text, block, n);
    }
    (void)fclose(file);
    rs_sha256_text(text.bytes, text.n_bytes, out);
    rs_buf_release(&text);
}

static void two_threads_write_the_same_bytes(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    for (int i = 0; i < 9000; i++) {
        char row[128];
        (void)snprintf(row, sizeof row, "node_id=%d:%d|name=name_%d", i / 3000, i, i * 7919 % 1000);
        parts_add(&fix.parts[i / 3000], "syntax_nodes", row);
    }
    set_parts(&fix);
    worker workers[2] = {{.engine = fix.engine, .directory = fix.directory, .number = 0},
                         {.engine = fix.engine, .directory = fix.directory, .number = 1}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_files, &workers[i]), 0);
    }
    char first[RS_SHA256_TEXT_BYTES] = "";
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        UNIT_CHECK(workers[i].status == RS_OK, "%s", workers[i].err.message);
    }
    for (int i = 0; i < 8; i++) {
        char path[128];
        char hash[RS_SHA256_TEXT_BYTES];
        (void)snprintf(path, sizeof path, "%s/%d-%d.parquet", fix.directory, i / 4, i % 4);
        file_hash(path, i == 0 ? first : hash);
        UNIT_CHECK(i == 0 || strcmp(first, hash) == 0, "file %d differs", i);
        (void)unlink(path);
    }
    close_fixture(&fix);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_come_back_as_they_are),
    cmocka_unit_test(views_have_the_registered_columns),
    cmocka_unit_test(many_rows_keep_their_nulls),
    cmocka_unit_test(a_range_sees_its_parts_only),
    cmocka_unit_test(ids_are_those_of_the_library),
    cmocka_unit_test(ids_of_edges_are_those_of_their_parts),
    cmocka_unit_test(ids_of_both_lanes_are_the_same),
    cmocka_unit_test(two_threads_write_the_same_bytes),
};

UNIT_TESTS(engine_scan, tests)
