/* SPDX-License-Identifier: Apache-2.0 */
/* Statements from files: holes in names and texts, and that nothing leaves its quotes. */
#include "base/sql.h"

#include "unit/unit.h"

static const char *const several[] = {"a", "b\"c", "d'e"};

static const rs_sql_arg args[] = {
    {.name = "word", .word = "it's \"so\""},
    {.name = "words", .form = RS_SQL_WORDS, .words = several, .n_words = 3},
    {.name = "rows", .form = RS_SQL_ROWS, .word = "SELECT 1"},
    {.name = "expr", .form = RS_SQL_EXPR, .word = "['a']"},
};

static const struct {
    const char *label;
    const char *text;
    size_t first;
    size_t n_args;
    const char *wanted;
} cases[] = {
    {"as it stands", "SELECT 'a {b', \"c}\" FROM x", 0, 0, "SELECT 'a {b', \"c}\" FROM x"},
    {"a text", "SELECT '{word}'", 0, 1, "SELECT 'it''s \"so\"'"},
    {"a name", "SELECT \"{word}\"", 0, 1, "SELECT \"it's \"\"so\"\"\""},
    {"a part of a name", "SELECT \"a_{word}_b\"", 0, 1, "SELECT \"a_it's \"\"so\"\"_b\""},
    {"twice", "'{word}' '{word}'", 0, 1, "'it''s \"so\"' 'it''s \"so\"'"},
    {"names", "SELECT \"{words}\"", 1, 1, "SELECT \"a\", \"b\"\"c\", \"d'e\""},
    {"texts", "IN ('{words}')", 1, 1, "IN ('a', 'b\"c', 'd''e')"},
    {"rows", "FROM \"{rows}\" AS r", 2, 1, "FROM (SELECT 1) AS r"},
    {"an expression", "FROM read(\"{expr}\", 1)", 3, 1, "FROM read(['a'], 1)"},
    {"outside of quotes there is no hole", "SELECT {word} '{word}'", 0, 1,
     "SELECT {word} 'it''s \"so\"'"},
};

static void holes_are_filled(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rs_sql statement = {cases[i].label, cases[i].text};
        rs_buf out = {0};
        rs_sql_add(&statement, args + cases[i].first, cases[i].n_args, &out);
        UNIT_CHECK(strcmp(rs_buf_text(&out), cases[i].wanted) == 0, "%s: %s", cases[i].label,
                   rs_buf_text(&out));
        rs_buf_release(&out);
    }
}

static void lists_are_put_together(void **state)
{
    (void)state;
    const rs_sql first = {"first", "SELECT count(*)"};
    const rs_sql second = {"second", "SELECT max('{word}') AS \"{word}\""};
    rs_buf out = {0};
    rs_sql_add_list(&first, NULL, 0, &out);
    rs_sql_add_list(&second, args, 1, &out);
    assert_string_equal(out.bytes, "count(*), max('it''s \"so\"') AS \"it's \"\"so\"\"\"");
    rs_buf_release(&out);
}

static rs_status fill_once(void *context)
{
    (void)context;
    const rs_sql statement = {"s", "SELECT '{word}' FROM \"{words}\", \"{rows}\""};
    rs_buf out = {0};
    rs_sql_add(&statement, args, 3, &out);
    rs_status status = rs_buf_check(&out, NULL);
    rs_buf_release(&out);
    return status;
}

static void memory_may_run_out(void **state)
{
    (void)state;
    UNIT_SWEEP(fill_once, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(holes_are_filled),
    cmocka_unit_test(lists_are_put_together),
    cmocka_unit_test(memory_may_run_out),
};

UNIT_TESTS(sql, tests)
