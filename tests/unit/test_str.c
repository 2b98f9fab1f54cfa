/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "unit/unit.h"

typedef struct compare_case {
    const char *label;
    rs_str a;
    rs_str b;
    int order; /* of a to b: -1, 0, 1 */
} compare_case;

static const compare_case compare_cases[] = {
    {"two empty ones", {NULL, 0}, {"", 0}, 0},
    {"empty comes first", {NULL, 0}, {"a", 1}, -1},
    {"equal", {"abc", 3}, {"abc", 3}, 0},
    {"a prefix comes first", {"ab", 2}, {"abc", 3}, -1},
    {"bytes are unsigned", {"\xc3\xa9", 2}, {"z", 1}, 1},
    {"a NUL is a byte", {"a\0b", 3}, {"a\0c", 3}, -1},
    {"the first difference decides", {"b", 1}, {"abc", 3}, 1},
};

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void order_is_by_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(compare_cases); i++) {
        const compare_case *c = &compare_cases[i];
        UNIT_CHECK(sign(rs_str_compare(c->a, c->b)) == c->order, "%s", c->label);
        UNIT_CHECK(sign(rs_str_compare(c->b, c->a)) == -c->order, "%s, the other way", c->label);
        UNIT_CHECK(rs_str_equal(c->a, c->b) == (c->order == 0), "%s: equality", c->label);
    }
}

static void a_literal_has_its_length(void **state)
{
    (void)state;
    assert_int_equal(RS_STR_LITERAL("abc").n_bytes, 3);
    assert_true(rs_str_equal(RS_STR_LITERAL("abc"), rs_str_of("abc")));
}

static void every_append_is_closed(void **state)
{
    (void)state;
    rs_buf buf = {0};
    rs_error err = {0};
    assert_string_equal(rs_buf_text(&buf), "");
    rs_buf_add(&buf, "a");
    rs_buf_add_char(&buf, '-');
    rs_buf_add_str(&buf, (rs_str){"bcd", 2});
    rs_buf_add_str(&buf, (rs_str){NULL, 0});
    rs_buf_addf(&buf, "%d/%s", 42, "x");
    assert_int_equal(rs_buf_check(&buf, &err), RS_OK);
    assert_string_equal(rs_buf_text(&buf), "a-bc42/x");
    assert_int_equal(buf.n_bytes, 8);
    rs_buf_reset(&buf);
    assert_string_equal(rs_buf_text(&buf), "");
    rs_buf_release(&buf);
    rs_buf_release(&buf);
}

static void growth_keeps_the_content(void **state)
{
    (void)state;
    rs_buf buf = {0};
    for (int i = 0; i < 10000; i++) {
        rs_buf_addf(&buf, "%04d", i);
    }
    assert_int_equal(buf.n_bytes, 40000);
    assert_memory_equal(buf.bytes, "000000010002", 12);
    assert_string_equal(buf.bytes + 39996, "9999");
    rs_buf_release(&buf);
}

typedef struct quote_case {
    const char *label;
    rs_str text;
    const char *literal;
    const char *name;
} quote_case;

static const quote_case quote_cases[] = {
    {"plain", {"abc", 3}, "'abc'", "\"abc\""},
    {"empty", {NULL, 0}, "''", "\"\""},
    {"single quotes", {"it's", 4}, "'it''s'", "\"it's\""},
    {"double quotes", {"a\"b", 3}, "'a\"b'", "\"a\"\"b\""},
    {"a way out",
     {"'; drop table nodes; --", 23},
     "'''; drop table nodes; --'",
     "\"'; drop table nodes; --\""},
};

static void sql_text_is_quoted(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(quote_cases); i++) {
        const quote_case *c = &quote_cases[i];
        rs_buf buf = {0};
        rs_buf_add_sql_literal(&buf, c->text);
        UNIT_CHECK(strcmp(rs_buf_text(&buf), c->literal) == 0, "%s: %s", c->label,
                   rs_buf_text(&buf));
        rs_buf_reset(&buf);
        rs_buf_add_sql_name(&buf, c->text);
        UNIT_CHECK(strcmp(rs_buf_text(&buf), c->name) == 0, "%s: %s", c->label, rs_buf_text(&buf));
        rs_buf_release(&buf);
    }
}

typedef struct cut_case {
    const char *text;
    size_t n_characters;
    size_t n_most;
    size_t n_kept;
} cut_case;

static const cut_case cut_cases[] = {
    {"", 0, 0, 0},
    {"abc", 3, 3, 3},
    {"abc", 3, 2, 2},
    {"abc", 3, 9, 3},
    {"a\xc3\xa9", 2, 2, 1}, /* not inside of a character */
    {"a\xe2\x82\xac!", 3, 3, 1},
    {"a\xe2\x82\xac!", 3, 4, 4},
    {"\xf0\x9f\x90\x8d", 1, 3, 0}, /* the first one does not fit */
    {"\x80\x80\x80", 0, 2, 0},     /* nothing begins */
};

static void a_cut_ends_with_a_character(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cut_cases); i++) {
        const cut_case *c = &cut_cases[i];
        UNIT_CHECK(rs_str_cut(rs_str_of(c->text), c->n_most) == c->n_kept, "case %zu", i);
        UNIT_CHECK(rs_str_n_characters(rs_str_of(c->text)) == c->n_characters, "case %zu", i);
    }
}

static void a_failed_append_is_remembered(void **state)
{
    (void)state;
    rs_buf buf = {0};
    rs_error err = {0};
    rs_buf_add(&buf, "kept");
    rs_alloc_fail_after(0);
    char text[100];
    memset(text, 'x', sizeof text);
    rs_buf_append(&buf, text, sizeof text);
    rs_alloc_fail_after(SIZE_MAX);
    rs_buf_add(&buf, "not appended: the text would have a hole");
    assert_string_equal(rs_buf_text(&buf), "kept");
    UNIT_REFUSED(rs_buf_check(&buf, &err), &err, RS_ERR_NOMEM, "out of memory");
    rs_buf_reset(&buf);
    assert_int_equal(rs_buf_check(&buf, &err), RS_OK);
    rs_buf_release(&buf);
}

static rs_status build(void *context)
{
    rs_error *err = context;
    rs_buf buf = {0};
    for (int i = 0; i < 500; i++) {
        rs_buf_addf(&buf, "%d", i);
        rs_buf_add_sql_literal(&buf, RS_STR_LITERAL("it's"));
    }
    rs_status status = rs_buf_check(&buf, err);
    rs_buf_release(&buf);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    rs_error err = {0};
    UNIT_SWEEP(build, &err);
}

static void distance_counts_edits(void **state)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},          {"", "abc", 3},
        {"abc", "", 3},       {"calls", "calls", 0},
        {"calls", "cals", 1}, {"kitten", "sitting", 3},
        {"ab", "ba", 2},      {"a name of which nobody mistypes all forty-nine ..", "a", SIZE_MAX},
    };
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_str a = rs_str_of(cases[i].a);
        rs_str b = rs_str_of(cases[i].b);
        UNIT_CHECK(rs_str_distance(a, b) == cases[i].distance &&
                       rs_str_distance(b, a) == cases[i].distance,
                   "%s, %s: %zu", cases[i].a, cases[i].b, rs_str_distance(a, b));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(order_is_by_bytes),           cmocka_unit_test(a_literal_has_its_length),
    cmocka_unit_test(every_append_is_closed),      cmocka_unit_test(growth_keeps_the_content),
    cmocka_unit_test(sql_text_is_quoted),          cmocka_unit_test(a_failed_append_is_remembered),
    cmocka_unit_test(out_of_memory_is_returned),   cmocka_unit_test(distance_counts_edits),
    cmocka_unit_test(a_cut_ends_with_a_character),
};

UNIT_TESTS(str, tests)
