/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/duckdb/kept.h"
#include "engine/duckdb/session.h"

#include "unit/rows.h"

typedef struct fixture {
    char directory[64];
    char path[96];
    rs_engine *engine;
    rs_session *session;
} fixture;

static void open_fixture(fixture *fix)
{
    rs_error err = {0};
    *fix = (fixture){.directory = "/tmp/relspec-query-XXXXXX"};
    assert_non_null(mkdtemp(fix->directory));
    (void)snprintf(fix->path, sizeof fix->path, "%s/t.parquet", fix->directory);
    rs_engine_config config = {.memory_bytes = 200 << 20, .allowed_directory = fix->directory};
    rs_status status = rs_engine_new(&config, &fix->engine, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(rs_session_new(fix->engine, &fix->session, &err), RS_OK);
}

static void close_fixture(fixture *fix)
{
    rs_session_free(fix->session);
    rs_engine_free(fix->engine);
    (void)unlink(fix->path);
    (void)rmdir(fix->directory);
}

static void values_are_spelt_in_full(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"true, false", "true|false\n"},
        {"1::TINYINT, -2::SMALLINT, 3::INTEGER, (-9223372036854775808)::BIGINT",
         "1|-2|3|-9223372036854775808\n"},
        {"255::UTINYINT, 65535::USMALLINT, 4294967295::UINTEGER, 18446744073709551615::UBIGINT",
         "255|65535|4294967295|18446744073709551615\n"},
        {"170141183460469231731687303715884105727::HUGEINT",
         "170141183460469231731687303715884105727\n"},
        {"0.1::FLOAT, 0.1::DOUBLE, 1e300, 1.5::DECIMAL(5, 2)", "0.1|0.1|1e+300|1.50\n"},
        {"'', 'short', 'a text that is longer than twelve bytes'",
         "|short|a text that is longer than twelve bytes\n"},
        {"NULL, NULL::BIGINT, NULL::INTEGER[]", "~|~|~\n"},
        {"[1, 2], {'a': 1}, MAP {'k': 2}", "[1, 2]|{\"a\":1}|{\"k\":2}\n"},
        {"['a\"b', NULL], [true], [0.5::DOUBLE, 'nan'::DOUBLE], ['x']::ENUM('x')[], [[1]]",
         "[\"a\\\"b\", null]|[true]|[0.5, \"NaN\"]|[\"x\"]|[[1]]\n"},
        {"DATE '2020-02-29', 'x'::ENUM('x')", "2020-02-29|x\n"},
        {"1 AS a, [1] AS a -- two of a name", "1|[1]\n"},
        {"[1] ; ", "[1]\n"},
        {"[1] /* ; */ ; -- ;", "[1]\n"},
        {"[';'], ';--'", "[\";\"]|;--\n"},
    };
    fixture fix;
    open_fixture(&fix);
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_buf sql = {0};
        rs_buf_addf(&sql, "SELECT %s", cases[i][0]);
        rows_check(fix.session, rs_buf_text(&sql), cases[i][1]);
        rs_buf_release(&sql);
    }
    rows_check(fix.session, "SELECT [i] FROM range(3) AS t(i) ORDER BY i DESC", "[2]\n[1]\n[0]\n");
    rows_check(fix.session, "SELECT name FROM (DESCRIBE SELECT 1 AS a) AS t(name, b, c, d, e, f)",
               "a\n");
    close_fixture(&fix);
}

static void columns_say_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *expr;
        const char *type;
        rs_value_class value_class;
    } cases[] = {
        {"true", "BOOLEAN", RS_VALUE_BOOL},
        {"1::BIGINT", "BIGINT", RS_VALUE_INT},
        {"1::HUGEINT", "HUGEINT", RS_VALUE_INT},
        {"1.5::DOUBLE", "DOUBLE", RS_VALUE_FLOAT},
        {"1.5", "DECIMAL", RS_VALUE_FLOAT},
        {"'x'", "VARCHAR", RS_VALUE_TEXT},
        {"[['x']]", "VARCHAR[][]", RS_VALUE_JSON},
        {"['x']", "VARCHAR[]", RS_VALUE_LIST},
        {"{'a': 1}", "STRUCT", RS_VALUE_JSON},
        {"MAP {'a': 1}", "MAP", RS_VALUE_JSON},
        {"[DATE '2020-01-31']", "DATE[]", RS_VALUE_JSON},
    };
    fixture fix;
    open_fixture(&fix);
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_error err = {0};
        rs_cursor *result = NULL;
        size_t n_rows = 0;
        rs_buf sql = {0};
        rs_buf_addf(&sql, "SELECT %s AS \"the name\"", cases[i].expr);
        assert_int_equal(
            rs_session_query(fix.session, "q", rs_buf_text(&sql), NULL, 0, &result, &err), RS_OK);
        assert_string_equal(rs_cursor_column_name(result, 0), "the name");
        assert_string_equal(rs_cursor_column_type(result, 0), cases[i].type);
        assert_int_equal(rs_cursor_column_class(result, 0), cases[i].value_class);
        assert_int_equal(rs_cursor_next(result, &n_rows, &err), RS_OK);
        assert_int_equal(n_rows, 1);
        bool is_one = cases[i].value_class == RS_VALUE_BOOL || cases[i].value_class == RS_VALUE_INT;
        UNIT_CHECK(rs_cursor_i64(result, 0, 0) == (is_one ? 1 : 0), "%s", cases[i].expr);
        double number = rs_cursor_f64(result, 0, 0);
        bool is_half = cases[i].value_class == RS_VALUE_FLOAT;
        UNIT_CHECK(number > (is_half  ? 1.4
                             : is_one ? 0.9
                                      : -0.1) &&
                       number < 1.6,
                   "%s", cases[i].expr);
        rs_cursor_free(result);
        rs_buf_release(&sql);
    }
    close_fixture(&fix);
}

static void parameters_are_bound(void **state)
{
    (void)state;
    fixture fix;
    rs_error err = {0};
    rs_cursor *result = NULL;
    size_t n_rows = 0;
    open_fixture(&fix);
    rs_param params[] = {
        {.type = RS_TYPE_STR, .value.text = RS_STR_LITERAL("it's; DROP TABLE x")},
        {.type = RS_TYPE_I64, .value.i64 = -5},
        {.type = RS_TYPE_F64, .value.f64 = 0.5},
        {.type = RS_TYPE_BOOL, .value.boolean = true},
        {.type = RS_TYPE_STR, .is_null = true},
    };
    assert_int_equal(rs_session_query(fix.session, "q", "SELECT ?, ?, ?, ?, [?::VARCHAR]", params,
                                      UNIT_COUNT(params), &result, &err),
                     RS_OK);
    assert_int_equal(rs_cursor_next(result, &n_rows, &err), RS_OK);
    rs_buf text = {0};
    for (size_t i = 0; i < 5; i++) {
        rs_cursor_add_text(result, i, 0, &text);
        rs_buf_add(&text, "|");
    }
    assert_string_equal(rs_buf_text(&text), "it's; DROP TABLE x|-5|0.5|true|[null]|");
    rs_buf_release(&text);
    rs_cursor_free(result);
    UNIT_REFUSED(rs_session_query(fix.session, "q", "SELECT ?", params, 2, &result, &err), &err,
                 RS_ERR_INVALID, "q: takes 1 parameters, not 2");
    UNIT_REFUSED(rs_session_query(fix.session, "q", "SELECT ?", NULL, 0, &result, &err), &err,
                 RS_ERR_INVALID, "q: takes 1 parameters, not 0");
    close_fixture(&fix);
}

static void only_what_reads_is_run(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        const char *message;
    } cases[] = {
        {"CREATE TABLE t (i INTEGER)", "q: only statements that read are run here"},
        {"COPY (SELECT 1) TO 'x.csv'", "Cannot access file"},
        {"SET threads = 4", "q: only statements that read are run here"},
        {"PRAGMA threads = 4", "q: "},
        {"ATTACH 'x.db'", "q: "},
        {"INSTALL httpfs", "q: "},
        {"SELECT 1; SELECT 2", "Cannot prepare multiple statements"},
        {"SELEC 1", "syntax error"},
        {"SELECT nothing", "\"nothing\""},
        {"SELECT * FROM read_csv('/etc/passwd')", "Cannot access file"},
        {"SELECT * FROM read_text('/etc/passwd')", "Cannot access file"},
        {"SELECT * FROM '/etc/passwd.parquet'", "Cannot access file"},
        {"", "q: "},
    };
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    assert_int_equal(rs_session_lock(fix.session, &err), RS_OK);
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_cursor *result = NULL;
        UNIT_REFUSED(rs_session_query(fix.session, "q", cases[i].sql, NULL, 0, &result, &err), &err,
                     RS_ERR_INVALID, cases[i].message);
        assert_null(result);
    }
    UNIT_REFUSED(rs_session_execute(fix.session, "set", "SET threads = 4", &err), &err,
                 RS_ERR_ENGINE, "set: ");
    close_fixture(&fix);
}

static rs_status copy(const fixture *fix, const char *first, const char *second, const char *sql,
                      rs_parquet_written *written, rs_error *err)
{
    static const rs_text_pair metadata[] = {{"relspec.dataset", "t"}, {"it's", "a 'value'"}};
    const char *names[] = {first, second};
    const rs_engine_file file = {"copy", sql,  names, second != NULL ? 2 : 1, fix->path, metadata,
                                 2,      NULL, NULL};
    return rs_session_copy(fix->session, &file, written, err);
}

/* Sources one behind the other, each of which has more rows than an engine holds for who reads slowly. */
static void statements_of_several_sources_end(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    rs_parquet_written written = {0};
    rs_buf sql = {0};
    for (int i = 0; i < 12; i++) {
        rs_buf_addf(&sql, "%sSELECT %d::BIGINT AS s, r.i::BIGINT AS i FROM range(150000) AS r(i)",
                    i > 0 ? " UNION ALL " : "", i);
    }
    rs_status status = copy(&fix, "s", "i", rs_buf_text(&sql), &written, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(written.n_rows, 12 * 150000);
    rs_buf_reset(&sql);
    rs_buf_addf(&sql,
                "SELECT count(*) FROM (SELECT s * 150000 + i AS number, file_row_number AS place"
                " FROM read_parquet('%s', file_row_number = true)) WHERE number <> place",
                fix.path);
    rows_check(fix.session, rs_buf_text(&sql), "0\n");
    rs_buf_release(&sql);
    close_fixture(&fix);
}

static void files_are_written_and_read(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    rs_parquet_written written = {0};
    rs_status status = copy(&fix, "i", "t",
                            "SELECT i::BIGINT AS i, 't' || (i % 3) AS t"
                            " FROM range(200000) AS r(i) -- all of them",
                            &written, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(written.n_rows, 200000);
    rs_buf file = {0};
    rs_buf_add_sql_literal(&file, rs_str_of(fix.path));
    assert_int_equal(rs_session_add_parquet_view(fix.session, "t", rs_buf_text(&file), &err),
                     RS_OK);
    rs_buf_release(&file);
    rows_check(fix.session, "SELECT count(*), sum(i), count(DISTINCT t) FROM t",
               "200000|19999900000|3\n");
    int64_t value = 0;
    assert_int_equal(rs_session_query_i64(fix.session, "q", "SELECT max(i) FROM t", &value, &err),
                     RS_OK);
    assert_int_equal(value, 199999);
    rs_buf sql = {0};
    rs_buf_addf(&sql,
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata('%s')"
                " WHERE decode(key) NOT LIKE 'ARROW%%' ORDER BY ALL",
                fix.path);
    rows_check(fix.session, rs_buf_text(&sql), "it's|a 'value'\nrelspec.dataset|t\n");
    rs_buf_reset(&sql);
    rs_buf_addf(&sql,
                "SELECT path_in_schema, encodings, compression, max(row_group_num_rows)"
                " FROM parquet_metadata('%s') GROUP BY ALL ORDER BY ALL",
                fix.path);
    rows_check(fix.session, rs_buf_text(&sql),
               "i|RLE, DELTA_BINARY_PACKED|ZSTD|61440\nt|PLAIN, RLE, RLE_DICTIONARY|ZSTD|61440\n");
    rs_buf_release(&sql);
    UNIT_REFUSED(copy(&fix, "i", NULL, "SELECT 1", &written, &err), &err, RS_ERR_IO, "create ");
    assert_int_equal(unlink(fix.path), 0);
    UNIT_REFUSED(copy(&fix, "h", NULL, "SELECT 1::HUGEINT AS h", &written, &err), &err,
                 RS_ERR_ENGINE, "copy: column h has a type");
    UNIT_REFUSED(copy(&fix, "h", "i", "SELECT 1", &written, &err), &err, RS_ERR_ENGINE,
                 "copy: 1 columns, not 2");
    UNIT_REFUSED(copy(&fix, "i", NULL, "SELECT broken", &written, &err), &err, RS_ERR_ENGINE,
                 "copy: ");
    assert_null(strstr(err.message, "SELECT"));
    close_fixture(&fix);
}

/* Rows that follow each other, and such that do not; values of every shape. */
static void tables_are_written_in_any_order(void **state)
{
    (void)state;
    static const size_t order[] = {3, 4, 0, 2, 1};
    fixture fix;
    rs_table table = {0};
    rs_error err = {0};
    rs_buf file = {0};
    rs_parquet_written written;
    open_fixture(&fix);
    assert_int_equal(
        rs_session_query_table(
            fix.session, "rows",
            "SELECT i, CASE WHEN i % 2 = 0 THEN 't' || i END AS t, i > 2 AS b, i / 2::DOUBLE AS d, "
            "CASE WHEN i <> 1 THEN range(i) END AS l "
            "FROM range(5) AS r(i)",
            NULL, 0, &table, &err),
        RS_OK);
    rs_status status = rs_parquet_write_table(&table, order, fix.path, NULL, 0, &written, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(written.n_rows, 5);
    rs_buf_addf(&file, "'%s'", fix.path);
    assert_int_equal(rs_session_add_parquet_view(fix.session, "t", rs_buf_text(&file), &err),
                     RS_OK);
    rows_check(fix.session, "SELECT * FROM t",
               "3|~|true|1.5|[0, 1, 2]\n4|t4|true|2|[0, 1, 2, 3]\n"
               "0|t0|false|0|[]\n2|t2|false|1|[0, 1]\n"
               "1|~|false|0.5|~\n");
    rs_table_release(&table);
    rs_buf_release(&file);
    close_fixture(&fix);
}

static void a_bad_configuration_is_refused(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    rs_engine_config config = {.memory_bytes = RS_ENGINE_LEAST_BYTES - 1};
    assert_int_equal(rs_engine_new(&config, &engine, &err), RS_OK);
    assert_int_equal(rs_session_new(engine, &session, &err), RS_OK);
    for (int again = 0; again < 2; again++) {
        UNIT_REFUSED(rs_session_execute(session, "one", "SELECT 1", &err), &err, RS_ERR_LIMIT,
                     "it needs 33 MB");
        assert_false(rs_engine_is_open(engine));
    }
    rs_session_free(session);
    rs_engine_free(engine);
}

/* Neither is anything asked of the engine by what only prepares for statements. */
static void the_first_statement_opens_the_engine(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    size_t n_settings = 0;
    rs_session *other = NULL;
    assert_int_equal(rs_session_new(fix.engine, &other, &err), RS_OK);
    assert_int_equal(rs_engine_reserve_parts(fix.engine, 0, &err), RS_OK);
    assert_int_equal(rs_session_select_parts(fix.session, 0, 0, &err), RS_OK);
    rs_session_interrupt(fix.session);
    assert_false(rs_engine_is_open(fix.engine));
    (void)rs_engine_settings(fix.engine, &n_settings);
    assert_int_equal(n_settings, 0);
    rows_check(fix.session, "SELECT count(*) FROM calls", "0\n");
    assert_true(rs_engine_is_open(fix.engine));
    rows_check(other, "SELECT 1", "1\n");
    rs_session_free(other);
    close_fixture(&fix);
}

/* Each is made when it is named, be it by another view, and once. */
static void offered_views_are_made_when_they_are_named(void **state)
{
    (void)state;
    static const char views[] =
        "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name";
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    assert_int_equal(
        rs_session_offer_view(fix.session, "upper", "SELECT i + 1 AS i FROM lower", &err), RS_OK);
    assert_int_equal(rs_session_offer_view(fix.session, "lower", "SELECT 1 AS i", &err), RS_OK);
    assert_int_equal(rs_session_offer_view(fix.session, "never", "SELECT nonsense", &err), RS_OK);
    rows_check(fix.session, views, "");
    rows_check(fix.session, "SELECT i FROM upper", "2\n");
    rows_check(fix.session, views, "lower\nupper\n");
    assert_int_equal(rs_session_offer_view(fix.session, "lower", "SELECT 5 AS i", &err), RS_OK);
    rows_check(fix.session, "SELECT i FROM lower", "5\n");
    assert_int_equal(rs_session_drop(fix.session, "drop", "lower", true, &err), RS_OK);
    assert_int_equal(rs_session_offer_view(fix.session, "lower", "SELECT 5 AS i", &err), RS_OK);
    rows_check(fix.session, "SELECT upper.i FROM upper, lower", "6\n");
    assert_int_equal(rs_session_add_view(fix.session, "lower", "SELECT 7 AS i", &err), RS_OK);
    rows_check(fix.session, "SELECT i FROM lower", "7\n");
    UNIT_REFUSED(rs_session_execute(fix.session, "bad", "SELECT * FROM never", &err), &err,
                 RS_ERR_ENGINE, "never: ");
    close_fixture(&fix);
}

static void settings_are_told(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    size_t n_settings = 0;
    const rs_text_pair *settings = NULL;
    bool has_threads = false;
    rows_check(fix.session, "SELECT 1", "1\n");
    settings = rs_engine_settings(fix.engine, &n_settings);
    for (size_t i = 0; i < n_settings; i++) {
        has_threads = has_threads || (strcmp(settings[i].name, "threads") == 0 &&
                                      strcmp(settings[i].value, "1") == 0);
        /* Paths differ from run to run. */
        assert_null(strstr(settings[i].value, fix.directory));
    }
    assert_true(has_threads);
    rows_check(fix.session, "SELECT current_setting('threads')", "1\n");
    assert_string_equal(rs_engine_type_default()->name, "duckdb");
    assert_int_equal(rs_engine_type_default()->version()[0], 'v');
    close_fixture(&fix);
}

static void *interrupt_soon(void *session)
{
    const struct timespec pause = {.tv_nsec = 100000000L};
    (void)nanosleep(&pause, NULL);
    rs_session_interrupt(session);
    return NULL;
}

static void types_are_made_when_they_are_named(void **state)
{
    (void)state;
    static const char types[] =
        "SELECT type_name FROM duckdb_types() WHERE NOT internal AND logical_type = 'ENUM' "
        "ORDER BY 1";
    const rs_words *words = rs_words_get(0);
    fixture fix;
    rs_session *other = NULL;
    rs_error err = {0};
    rs_buf sql = {0};
    rs_buf made = {0};
    open_fixture(&fix);
    rows_check(fix.session, types, "");
    rs_buf_addf(&sql, "SELECT CAST('%s' AS \"%s\")", words->words[0], words->name);
    rs_buf_addf(&made, "%s\n", words->words[0]);
    rows_check(fix.session, rs_buf_text(&sql), rs_buf_text(&made));
    assert_int_equal(rs_session_new(fix.engine, &other, &err), RS_OK);
    rows_check(other, rs_buf_text(&sql), rs_buf_text(&made)); /* it is the database's */
    rs_buf_reset(&made);
    rs_buf_addf(&made, "%s\n", words->name);
    rows_check(other, types, rs_buf_text(&made));
    rs_session_free(other);
    rs_buf_release(&sql);
    rs_buf_release(&made);
    close_fixture(&fix);
}

static void a_query_can_be_stopped(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, fix.session), 0);
    UNIT_REFUSED(rs_session_execute(
                     fix.session, "long",
                     "SELECT sum(a.i * b.i) FROM range(1000000) a(i), range(1000000) b(i)", &err),
                 &err, RS_ERR_CANCELLED, "interrupted");
    assert_int_equal(pthread_join(thread, NULL), 0);
    rows_check(fix.session, "SELECT 1", "1\n");
    close_fixture(&fix);
}

static void memory_has_a_limit(void **state)
{
    (void)state;
    fixture fix;
    open_fixture(&fix);
    rs_error err = {0};
    UNIT_REFUSED(rs_session_execute(fix.session, "large",
                                    "SELECT list(i) FROM range(100000000) AS r(i)", &err),
                 &err, RS_ERR_NOMEM, "large: ");
    close_fixture(&fix);
}

/* The schema is below the engines: what it has of their names is compared here. */
static void datasets_have_the_name_of_an_engine(void **state)
{
    (void)state;
    char name[64];
    (void)snprintf(name, sizeof name, "%s_fallbacks", rs_engine_type_default()->name);
    assert_string_equal(name, rs_record_dataset_get(RS_R_engine_fallbacks)->name);
    (void)snprintf(name, sizeof name, "%s_explains", rs_engine_type_default()->name);
    assert_string_equal(name, rs_record_dataset_get(RS_R_engine_explains)->name);
}

static void an_engine_is_chosen_by_what_it_can(void **state)
{
    (void)state;
    const rs_engine_type *type = NULL;
    rs_error err = {0};
    assert_int_equal(rs_engine_type_choose(NULL, RS_ENGINE_BUILDS, &type, &err), RS_OK);
    assert_ptr_equal(type, rs_engine_type_default());
    assert_int_equal(rs_engine_type_choose("steam", RS_ENGINE_BUILDS, &type, &err), RS_ERR_INVALID);
    assert_string_equal(err.message,
                        "engine steam: there is no such engine; there is auto, duckdb");
    assert_int_equal(rs_engine_type_choose("duckdb", 1u << 31, &type, &err), RS_ERR_INVALID);
    assert_string_equal(err.message, "engine duckdb: it runs rules, but no build yet; there is ");
    for (size_t i = 0; (type = rs_engine_type_get(i)) != NULL; i++) {
        assert_true((type->capabilities & RS_ENGINE_WRITES) == 0 || type->write != NULL);
        assert_true((type->capabilities & RS_ENGINE_TEXT) == 0 ||
                    (type->query != NULL && type->dialect != NULL));
        assert_true((type->capabilities & RS_ENGINE_KEEPS) == 0 || type->keep != NULL);
        assert_true((type->capabilities & RS_ENGINE_EXPLAINS) == 0 || type->explain != NULL);
        assert_true((type->capabilities & RS_ENGINE_BORROWS) == 0 || type->bind_batch != NULL);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_are_spelt_in_full),
    cmocka_unit_test(columns_say_what_they_are),
    cmocka_unit_test(parameters_are_bound),
    cmocka_unit_test(only_what_reads_is_run),
    cmocka_unit_test(files_are_written_and_read),
    cmocka_unit_test(statements_of_several_sources_end),
    cmocka_unit_test(a_bad_configuration_is_refused),
    cmocka_unit_test(settings_are_told),
    cmocka_unit_test(tables_are_written_in_any_order),
    cmocka_unit_test(the_first_statement_opens_the_engine),
    cmocka_unit_test(offered_views_are_made_when_they_are_named),
    cmocka_unit_test(types_are_made_when_they_are_named),
    cmocka_unit_test(a_query_can_be_stopped),
    cmocka_unit_test(memory_has_a_limit),
    cmocka_unit_test(datasets_have_the_name_of_an_engine),
    cmocka_unit_test(an_engine_is_chosen_by_what_it_can),
};

UNIT_TESTS(engine_query, tests)
