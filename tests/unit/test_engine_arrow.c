/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the engine as Arrow, and Arrow rows in the engine. */
#include "engine/duckdb/session.h"

#include "unit/rows.h"
#include "unit/tables.h"

typedef struct fixture {
    rs_engine *engine;
    rs_session *session;
} fixture;

static void open_fixture(fixture *fix)
{
    rs_error err = {0};
    *fix = (fixture){0};
    assert_int_equal(rs_engine_new(&(rs_engine_config){0}, &fix->engine, &err), RS_OK);
    assert_int_equal(rs_session_new(fix->engine, &fix->session, &err), RS_OK);
}

static void close_fixture(fixture *fix)
{
    rs_session_free(fix->session);
    rs_engine_free(fix->engine);
}

typedef struct query_case {
    const char *label;
    const char *sql;
    const char *formats; /* of the columns, by spaces */
    const char *want;
} query_case;

static const query_case queries[] = {
    {"numbers", "SELECT 1::INTEGER AS a, -2::BIGINT AS b, 0.5::FLOAT AS c, 1e300 AS d, true AS e",
     "i l f g b", "a|b|c|d|e\n1|-2|0.5|1.0000000000000001e+300|true\n"},
    {"nulls of every type",
     "SELECT NULL AS a, NULL::BIGINT AS b, NULL::VARCHAR AS c, NULL::BOOLEAN AS d, NULL::INT[] AS "
     "e",
     "i l u b +l", "a|b|c|d|e\n~|~|~|~|~\n"},
    {"text of any length",
     "SELECT unnest(['', 'short', 'a text that is no inlined one', NULL]) AS t", "u",
     "t\n\nshort\na text that is no inlined one\n~\n"},
    {"words keep their order", "SELECT unnest(['b', NULL, 'a'])::ENUM('b', 'a') AS w ORDER BY w",
     "C", "w\nb\na\n~\n"},
    {"lists", "SELECT unnest([[1, NULL], [], NULL, [3]]) AS l, ['x', NULL] AS s", "+l +l",
     "l|s\n[1,~]|[x,~]\n[]|[x,~]\n~|[x,~]\n[3]|[x,~]\n"},
    {"lists of words are lists of text", "SELECT ['b', 'a']::ENUM('a', 'b')[] AS l", "+l",
     "l\n[b,a]\n"},
    {"no rows", "SELECT 1::BIGINT AS a, 'x'::ENUM('x') AS w WHERE false", "l C", "a|w\n"},
};

static void check_formats(const query_case *of, const rs_table *table)
{
    rs_buf formats = {0};
    for (size_t i = 0; i < rs_table_n_columns(table); i++) {
        rs_buf_addf(&formats, "%s%s", i == 0 ? "" : " ", table->schema.children[i]->format);
    }
    UNIT_CHECK(strcmp(rs_buf_text(&formats), of->formats) == 0, "%s: %s", of->label,
               rs_buf_text(&formats));
    rs_buf_release(&formats);
}

/* As the engine gives them, and again when they went into it and came back. */
static void rows_come_as_a_table(void **state)
{
    (void)state;
    fixture fix;
    rs_buf text = {0};
    open_fixture(&fix);
    for (size_t i = 0; i < UNIT_COUNT(queries); i++) {
        rs_error err = {0};
        rs_table table = {0};
        rs_table back = {0};
        const query_case *of = &queries[i];
        rs_status status =
            rs_session_query_table(fix.session, of->label, of->sql, NULL, 0, &table, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", of->label, err.message);
        check_formats(of, &table);
        tables_text(&table, true, &text);
        UNIT_CHECK(strcmp(rs_buf_text(&text), of->want) == 0, "%s: %s", of->label,
                   rs_buf_text(&text));
        status = rs_session_add_table(fix.session, "it's a \"table\"", &table, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", of->label, err.message);
        rs_table_release(&table);
        status = rs_session_query_table(fix.session, "back", "FROM \"it's a \"\"table\"\"\"", NULL,
                                        0, &back, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", of->label, err.message);
        tables_text(&back, true, &text);
        UNIT_CHECK(strcmp(rs_buf_text(&text), of->want) == 0, "%s, back: %s", of->label,
                   rs_buf_text(&text));
        rs_table_release(&back);
    }
    rs_buf_release(&text);
    close_fixture(&fix);
}

static const char many_rows[] =
    "SELECT range AS n, CASE WHEN range % 3 = 0 THEN NULL ELSE 'text of row ' || range END AS t, "
    "[range, NULL, range + 1] AS l FROM range(5000)";

/* More rows than a chunk takes, in their order, and past the life of the session. */
static void many_rows_keep_their_order(void **state)
{
    (void)state;
    fixture fix;
    rs_error err = {0};
    rs_table table = {0};
    rs_buf text = {0};
    open_fixture(&fix);
    rs_status status =
        rs_session_query_table(fix.session, "many", many_rows, NULL, 0, &table, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(rs_table_n_rows(&table), 5000);
    assert_int_equal(rs_session_add_table(fix.session, "many", &table, &err), RS_OK);
    rows_check(fix.session,
               "SELECT count(*), count(t), sum(n), bool_and(n = rowid), sum(l[3] - l[1]) FROM many",
               "5000|3333|12497500|true|5000\n");
    rows_check(
        fix.session, "SELECT n, t, l FROM many WHERE n IN (2047, 2048, 4999)",
        "2047|text of row 2047|[2047, null, 2048]\n2048|text of row 2048|[2048, null, 2049]\n"
        "4999|text of row 4999|[4999, null, 5000]\n");
    assert_int_equal(rs_session_drop_table(fix.session, "many", &err), RS_OK);
    assert_int_equal(rs_session_drop_table(fix.session, "many", &err), RS_OK);
    close_fixture(&fix);
    size_t column = 9;
    assert_true(rs_table_find_column(&table, "l", &column));
    assert_int_equal(column, 2);
    assert_false(rs_table_find_column(&table, "m", &column));
    tables_text(&table, false, &text);
    assert_memory_equal(rs_buf_text(&text), "0|~|[0,~,1]\n1|text of row 1|[1,~,2]\n", 32);
    rs_table_release(&table);
    rs_buf_release(&text);
}

static void rows_come_as_a_stream(void **state)
{
    (void)state;
    fixture fix;
    rs_error err = {0};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int64_t n_rows = 0;
    size_t n_batches = 0;
    open_fixture(&fix);
    rs_param param = {.type = RS_TYPE_I64, .value.i64 = 5000};
    const rs_stream_options options = {.n_batch_rows = 2000};
    const rs_stream_options small = {.n_batch_rows = 1};
    rs_status status =
        rs_session_query_stream(fix.session, "stream", "SELECT range AS n FROM range(?::BIGINT)",
                                &param, 1, &options, &stream, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_string_equal(schema.children[0]->name, "n");
    ArrowSchemaRelease(&schema);
    for (;;) {
        struct ArrowArray batch;
        assert_int_equal(stream.get_next(&stream, &batch), 0);
        if (batch.release == NULL) {
            break;
        }
        n_batches++;
        n_rows += batch.length;
        ArrowArrayRelease(&batch);
    }
    assert_int_equal(n_rows, 5000);
    assert_int_equal(n_batches, 3);
    stream.release(&stream);
    status =
        rs_session_query_stream(fix.session, "stream",
                                "SELECT CASE WHEN range = 900000 THEN error('no row ' || range) "
                                "ELSE '' END AS n FROM range(1000000)",
                                NULL, 0, &small, &stream, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    struct ArrowArray batch = {0};
    while (stream.get_next(&stream, &batch) == 0) {
        assert_non_null(batch.release); /* the end comes as a failure */
        ArrowArrayRelease(&batch);
    }
    assert_null(batch.release);
    assert_non_null(strstr(stream.get_last_error(&stream), "no row 900000"));
    stream.release(&stream);
    close_fixture(&fix);
}

/* Arrow's formats of a column (https://arrow.apache.org/docs/format/CDataInterface.html). */
typedef struct cast_case {
    const char *expr;
    const char *as_rows; /* its format, and the type that the metadata names */
    const char *as_numbers;
    const char *text; /* of the value, as rows */
} cast_case;

static const cast_case cast_cases[] = {
    {"7", "i", "i", "7"},
    {"7::BIGINT", "l", "l", "7"},
    {"7::UTINYINT", "i UTINYINT", "i UTINYINT", "7"},
    {"7::UINTEGER", "l UINTEGER", "l UINTEGER", "7"},
    {"7::UBIGINT", "u UBIGINT", "l UBIGINT", "7"},
    {"(-9)::HUGEINT", "u HUGEINT", "l HUGEINT", "-9"},
    {"1.50", "u DECIMAL", "g DECIMAL", "1.50"},
    {"DATE '2020-02-29'", "u DATE", "u DATE", "2020-02-29"},
    {"'b'::ENUM('a', 'b')", "C", "u ENUM", "b"},
    {"['b']::ENUM('a', 'b')[]", "+l", "+l", "[\"b\"]"},
    {"[1.5]", "u DECIMAL[]", "u DECIMAL[]", "[1.5]"},
    {"[[1]]", "u INTEGER[][]", "u INTEGER[][]", "[[1]]"},
};

static void check_format(rs_session *session, const char *sql, rs_stream_types types,
                         const char *wanted)
{
    const rs_stream_options options = {.types = types};
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    struct ArrowStringView type = {0};
    rs_buf found = {0};
    rs_error err = {0};
    rs_status status = rs_session_query_stream(session, "q", sql, NULL, 0, &options, &stream, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    rs_buf_add(&found, schema.children[0]->format);
    if (schema.children[0]->metadata != NULL) {
        assert_int_equal(ArrowMetadataGetValue(schema.children[0]->metadata,
                                               ArrowCharView(RS_CURSOR_TYPE_KEY), &type),
                         0);
        rs_buf_addf(&found, " %.*s", (int)type.size_bytes, type.data);
    }
    UNIT_CHECK(strcmp(rs_buf_text(&found), wanted) == 0, "%s: %s, not %s", sql, rs_buf_text(&found),
               wanted);
    rs_buf_release(&found);
    ArrowSchemaRelease(&schema);
    ArrowArrayStreamRelease(&stream);
}

static void other_types_are_cast(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    for (size_t i = 0; i < UNIT_COUNT(cast_cases); i++) {
        const cast_case *c = &cast_cases[i];
        rs_buf sql = {0};
        rs_buf text = {0};
        rs_buf_addf(&sql, "SELECT %s AS \"the name\"", c->expr);
        check_format(fix.session, rs_buf_text(&sql), RS_STREAM_ROWS, c->as_rows);
        check_format(fix.session, rs_buf_text(&sql), RS_STREAM_NUMBERS, c->as_numbers);
        rs_buf_addf(&text, "%s\n", c->text);
        rows_check(fix.session, rs_buf_text(&sql), rs_buf_text(&text));
        rs_buf_release(&text);
        rs_buf_release(&sql);
    }
    close_fixture(&fix);
}

static void rows_are_limited_and_numbers_checked(void **state)
{
    (void)state;
    fixture fix;
    rs_error err = {0};
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch = {0};
    rs_stream_options options = {.types = RS_STREAM_NUMBERS, .max_rows = 3};
    open_fixture(&fix);
    assert_int_equal(rs_session_query_stream(fix.session, "q", "SELECT range FROM range(9) -- all",
                                             NULL, 0, &options, &stream, &err),
                     RS_OK);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 3);
    ArrowArrayRelease(&batch);
    ArrowArrayStreamRelease(&stream);
    UNIT_REFUSED(rs_session_query_stream(fix.session, "q", "SELECT 1e20::HUGEINT", NULL, 0,
                                         &options, &stream, &err),
                 &err, RS_ERR_ENGINE, "out of range");
    close_fixture(&fix);
}

typedef struct refused_case {
    const char *sql;
    const char *message;
} refused_case;

static const refused_case refused[] = {
    {"SELECT 1::HUGEINT AS big", "column big has a type without a place in a table"},
    {"SELECT [[1]] AS nested", "column nested has a type"},
    {"SELECT {'a': 1} AS pair", "column pair has a type"},
    {"SELECT 1::UTINYINT AS small", "column small has a type"},
    {"SELECT nothing", "nothing"},
    {"CREATE TABLE x (a INT)", "only statements that read are run here"},
    {"SELECT ?", "takes 1 parameters, not 0"},
};

static void other_statements_are_refused(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    for (size_t i = 0; i < UNIT_COUNT(refused); i++) {
        rs_error err = {0};
        rs_table table = {0};
        UNIT_REFUSED(
            rs_session_query_table(fix.session, "refused", refused[i].sql, NULL, 0, &table, &err),
            &err, RS_ERR_INVALID, refused[i].message);
        assert_null(table.rows.release);
    }
    rs_error err = {0};
    rs_table none = {0};
    tables_make(&none, "", "");
    UNIT_REFUSED(rs_session_add_table(fix.session, "none", &none, &err), &err, RS_ERR_INVALID,
                 "it has no columns");
    rs_table_release(&none);
    close_fixture(&fix);
}

static void ids_are_those_of_the_docs(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rows_check(
        fix.session,
        "SELECT stable_id('tag'), stable_id('t', 123::BIGINT, -2), stable_id('t', NULL, 'x'), "
        "stable_id('t', NULL::BIGINT, 'x')",
        "4401435068215106448|4818583028204828802|4686166133303908306|4686166133303908306\n");
    rows_check(fix.session,
               "SELECT stable_id('t', 'zeta') = stable_id('t', 'zeta'::ENUM('a', 'zeta'))",
               "true\n");
    rs_error err = {0};
    UNIT_REFUSED(rs_session_execute(fix.session, "id", "SELECT stable_id('t', 1.5::DOUBLE)", &err),
                 &err, RS_ERR_ENGINE, "a part of an id is no INTEGER, BIGINT, VARCHAR or word");
    close_fixture(&fix);
}

/* --- memory --- */

static rs_status attempt(void *context)
{
    fixture *fix = context;
    rs_table table = {0};
    rs_status status = rs_session_query_table(
        fix->session, "memory",
        "SELECT range AS n, 'a text of some length ' || range AS t, [range] AS l, "
        "'b'::ENUM('a', 'b') AS w, ['b']::ENUM('a', 'b')[] AS lw FROM range(3)",
        NULL, 0, &table, NULL);
    if (status == RS_OK) {
        status = rs_session_add_table(fix->session, "memory", &table, NULL);
    }
    rs_table_release(&table);
    return status;
}

static void memory_runs_out(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rows_check(fix.session, "SELECT 1", "1\n"); /* the engine opens, and keeps what it takes */
    UNIT_SWEEP(attempt, &fix);
    close_fixture(&fix);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_come_as_a_table),
    cmocka_unit_test(many_rows_keep_their_order),
    cmocka_unit_test(rows_come_as_a_stream),
    cmocka_unit_test(other_types_are_cast),
    cmocka_unit_test(rows_are_limited_and_numbers_checked),
    cmocka_unit_test(other_statements_are_refused),
    cmocka_unit_test(ids_are_those_of_the_docs),
    cmocka_unit_test(memory_runs_out),
};

UNIT_TESTS(engine_arrow, tests)
