/* SPDX-License-Identifier: Apache-2.0 */
/* Rows through the public API: typed values, an Arrow stream, formats, exports. */
#include "base/error.h"

#include <relspec/relspec.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "bundle/files.h"
#include "schema/arrow.h"
#include "unit/directory.h"
#include "unit/unit.h"

static const char source[] = "def f(a, b=1):\n    return a\n\nf(2)\n";
static char directory[32];
static char out_path[64];
static rs_bundle *bundle;

static int set_up(void **state)
{
    (void)state;
    char source_path[64];
    rs_config *config = NULL;
    rs_run *run = NULL;
    unit_make_directory(directory, sizeof directory, "rows");
    (void)snprintf(source_path, sizeof source_path, "%s/a.py", directory);
    (void)snprintf(out_path, sizeof out_path, "%s/out", directory);
    assert_int_equal(rs_files_write(source_path, source, sizeof source - 1, NULL), RS_OK);
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, source_path, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    assert_int_equal(rs_run_execute(run, NULL), RS_OK);
    assert_int_equal(rs_bundle_open(rs_run_bundle_path(run), &bundle, NULL), RS_OK);
    rs_run_free(run);
    rs_config_free(config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rs_bundle_free(bundle);
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

static rs_result *ask(const char *sql)
{
    rs_error err = {0};
    rs_result *result = NULL;
    const rs_query query = {.sql = sql};
    rs_status status = rs_bundle_query(bundle, &query, &result, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    return result;
}

typedef struct value_case {
    const char *expr;
    const char *sql_type;
    rs_result_type type;
    const char *text; /* NULL: null */
    int64_t i64;
    double f64;
} value_case;

static const value_case value_cases[] = {
    {"true", "BOOLEAN", RS_RESULT_BOOL, "true", 1, 1},
    {"-5::BIGINT", "BIGINT", RS_RESULT_INT, "-5", -5, -5},
    {"7::UTINYINT", "UTINYINT", RS_RESULT_INT, "7", 7, 7},
    {"18446744073709551615::UBIGINT", "UBIGINT", RS_RESULT_INT, "18446744073709551615", INT64_MAX,
     18446744073709551616.0},
    {"sum(3)", "HUGEINT", RS_RESULT_INT, "3", 3, 3},
    {"0.5::DOUBLE", "DOUBLE", RS_RESULT_FLOAT, "0.5", 0, 0.5},
    {"1.50", "DECIMAL", RS_RESULT_FLOAT, "1.50", 0, 1.5},
    {"'it''s'", "VARCHAR", RS_RESULT_TEXT, "it's", 0, 0},
    {"DATE '2020-02-29'", "DATE", RS_RESULT_TEXT, "2020-02-29", 0, 0},
    {"['a', NULL]", "VARCHAR[]", RS_RESULT_LIST, "[\"a\", null]", 0, 0},
    {"{'a': [1::BIGINT]}", "STRUCT", RS_RESULT_JSON, "{\"a\":[\"1\"]}", 0, 0},
    {"NULL::BIGINT", "BIGINT", RS_RESULT_INT, NULL, 0, 0},
};

static void check_value(const value_case *c)
{
    rs_buf sql = {0};
    size_t n_rows = 0;
    size_t n_bytes = 9;
    rs_buf_addf(&sql, "SELECT %s AS \"the name\"", c->expr);
    rs_result *result = ask(rs_buf_text(&sql));
    assert_int_equal(rs_result_n_columns(result), 1);
    assert_string_equal(rs_result_column_name(result, 0), "the name");
    assert_string_equal(rs_result_column_sql_type(result, 0), c->sql_type);
    assert_int_equal(rs_result_column_type(result, 0), c->type);
    assert_int_equal(rs_result_next(result, &n_rows, NULL), RS_OK);
    assert_int_equal(n_rows, 1);
    const char *text = rs_result_text(result, 0, 0, &n_bytes);
    assert_int_equal(rs_result_is_null(result, 0, 0), c->text == NULL);
    assert_int_equal(text == NULL, c->text == NULL);
    UNIT_CHECK(text == NULL || strcmp(text, c->text) == 0, "%s: %s", c->expr, text);
    assert_int_equal(n_bytes, c->text == NULL ? 0 : strlen(c->text));
    UNIT_CHECK(rs_result_i64(result, 0, 0) == c->i64, "%s", c->expr);
    double wrong = rs_result_f64(result, 0, 0) - c->f64;
    UNIT_CHECK(wrong < 0.001 && wrong > -0.001, "%s", c->expr);
    assert_int_equal(rs_result_next(result, &n_rows, NULL), RS_OK);
    assert_int_equal(n_rows, 0);
    assert_int_equal(rs_result_next(result, &n_rows, NULL), RS_OK); /* asked again */
    assert_int_equal(n_rows, 0);
    rs_result_free(result);
    rs_buf_release(&sql);
}

static void values_are_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(value_cases); i++) {
        check_value(&value_cases[i]);
    }
}

static void a_stream_outlives_its_result(void **state)
{
    (void)state;
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArray batch = {0};
    rs_error err = {0};
    rs_result *second = NULL;
    const rs_query query = {.sql = "SELECT 1"};
    rs_result *result = ask("SELECT i AS n, sum(i)::HUGEINT AS s, 1.5 AS d, ['x'] AS l "
                            "FROM range(3) t(i) GROUP BY i ORDER BY i");
    assert_int_equal(rs_result_stream(result, &stream, &err), RS_OK);
    rs_result_free(result);
    UNIT_REFUSED(rs_bundle_query(bundle, &query, &second, &err), &err, RS_ERR_INVALID,
                 "the rows of another query are still open");
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_string_equal(schema.children[0]->format, "l");
    assert_string_equal(schema.children[1]->format, "l");
    assert_string_equal(schema.children[2]->format, "g");
    assert_string_equal(schema.children[3]->format, "+l");
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 3);
    ArrowArrayRelease(&batch);
    ArrowSchemaRelease(&schema);
    ArrowArrayStreamRelease(&stream);
    assert_int_equal(rs_bundle_query(bundle, &query, &second, &err), RS_OK);
    rs_result_free(second);
}

static rs_status collect(const char *bytes, size_t n_bytes, void *context)
{
    rs_buf_append(context, bytes, n_bytes);
    return RS_OK;
}

static rs_status refuse(const char *bytes, size_t n_bytes, void *context)
{
    (void)bytes;
    (void)n_bytes;
    (void)context;
    return RS_ERR_CANCELLED;
}

static void rows_are_taken_once(void **state)
{
    (void)state;
    rs_error err = {0};
    size_t n_rows = 0;
    uint64_t n_written = 0;
    rs_buf text = {0};
    struct ArrowArrayStream stream = {0};
    const rs_target target = {.format = "csv", .write = collect, .context = &text, .max_rows = 2};
    rs_result *result = ask("SELECT i FROM range(5) t(i)");
    assert_int_equal(rs_result_write(result, &target, &n_written, &err), RS_OK);
    assert_string_equal(rs_buf_text(&text), "i\n0\n1\n");
    assert_int_equal(n_written, 5);
    UNIT_REFUSED(rs_result_write(result, &target, &n_written, &err), &err, RS_ERR_INVALID,
                 "taken already");
    UNIT_REFUSED(rs_result_next(result, &n_rows, &err), &err, RS_ERR_INVALID, "taken already");
    rs_result_free(result);
    result = ask("SELECT i FROM range(5) t(i)");
    assert_int_equal(rs_result_next(result, &n_rows, &err), RS_OK);
    UNIT_REFUSED(rs_result_stream(result, &stream, &err), &err, RS_ERR_INVALID, "taken already");
    rs_result_free(result);
    rs_buf_release(&text);
}

typedef struct target_case {
    rs_target target;
    rs_status status;
    const char *message;
} target_case;

static void targets_are_checked(void **state)
{
    (void)state;
    rs_error err = {0};
    const target_case cases[] = {
        {{.format = "jsonl", .write = refuse}, RS_ERR_INVALID, "one of these is wanted: table csv"},
        {{.format = "csv"}, RS_ERR_INVALID, "a function or a path is wanted"},
        {{.format = "csv", .write = refuse, .path = out_path}, RS_ERR_INVALID, "a function or a"},
        {{.format = "parquet", .write = refuse}, RS_ERR_INVALID, "it needs a file"},
        {{.format = "csv", .path = directory},
         RS_ERR_INVALID,
         "something is there that is no file"},
        {{.format = "csv", .path = "/no/such/folder"}, RS_ERR_IO, "/no/such/folder"},
        {{.format = "csv", .write = refuse}, RS_ERR_CANCELLED, "the output is not taken"},
        {{.format = "arrow", .write = refuse}, RS_ERR_CANCELLED, ""},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_result *result = ask("SELECT 1 AS a");
        UNIT_REFUSED(rs_result_write(result, &cases[i].target, NULL, &err), &err, cases[i].status,
                     cases[i].message);
        rs_result_free(result);
    }
    assert_int_equal(access(out_path, F_OK), -1);
}

/* Every form, to a file that is there already; nothing is left beside it. */
static void files_are_whole(void **state)
{
    (void)state;
    rs_format format;
    for (size_t i = 0; rs_format_get(i, &format); i++) {
        rs_error err = {0};
        struct stat found;
        uint64_t n_rows = 0;
        rs_export_counts counts = {0};
        const rs_target target = {.format = format.name, .path = out_path};
        rs_status status = RS_OK;
        assert_int_equal(rs_files_write(out_path, "old", 3, NULL), RS_OK);
        if (format.wants_graph) {
            status = rs_bundle_export(bundle, NULL, &target, &counts, &err);
            n_rows = counts.n_nodes;
        } else {
            rs_result *result = ask("SELECT node_id, kind FROM nodes");
            status = rs_result_write(result, &target, &n_rows, &err);
            rs_result_free(result);
        }
        UNIT_CHECK(status == RS_OK, "%s: %s", format.name, err.message);
        UNIT_CHECK(n_rows > 0, "%s", format.name);
        assert_int_equal(stat(out_path, &found), 0);
        UNIT_CHECK(found.st_size > 20, "%s", format.name);
        rs_buf draft = {0};
        rs_buf_addf(&draft, "%s.tmp-%ld", out_path, (long)getpid());
        assert_int_equal(access(draft.bytes, F_OK), -1);
        rs_buf_release(&draft);
    }
    assert_int_equal(unlink(out_path), 0);
}

static void ids_of_edges_are_those_of_sql(void **state)
{
    (void)state;
    size_t n_rows = 0;
    const int64_t start = 7;
    rs_result *result = ask("SELECT edge_id('AST', 1, -2, 7), edge_id('AST', 1, -2, NULL)");
    assert_int_equal(rs_result_next(result, &n_rows, NULL), RS_OK);
    assert_int_equal(rs_result_i64(result, 0, 0), rs_edge_id(rs_str_of("AST"), 1, -2, &start));
    assert_int_equal(rs_result_i64(result, 1, 0), rs_edge_id(rs_str_of("AST"), 1, -2, NULL));
    rs_result_free(result);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_are_typed),    cmocka_unit_test(a_stream_outlives_its_result),
    cmocka_unit_test(rows_are_taken_once), cmocka_unit_test(targets_are_checked),
    cmocka_unit_test(files_are_whole),     cmocka_unit_test(ids_of_edges_are_those_of_sql),
};

UNIT_TESTS_OF(api_result, tests, set_up, tear_down)
