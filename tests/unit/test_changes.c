/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/changes.h"

#include "unit/unit.h"

static json_t *parse(const char *text)
{
    json_error_t cause;
    json_t *value = json_loads(text, JSON_DECODE_ANY, &cause);
    UNIT_CHECK(value != NULL, "%s: %s", text, cause.text);
    return value;
}

/* "field: before -> after" lines. */
static rs_status collect(const char *field, const json_t *before, const json_t *after,
                         void *context, rs_error *err)
{
    rs_buf *out = context;
    rs_buf_addf(out, "%s: ", field);
    rs_json_add_short(before, out);
    rs_buf_add(out, " -> ");
    rs_json_add_short(after, out);
    rs_buf_add_char(out, '\n');
    return rs_buf_check(out, err);
}

static const struct {
    const char *label;
    const char *before;
    const char *after;
    const char *want;
} cases[] = {
    {"equal", "{\"a\": [1, {\"b\": null}]}", "{\"a\": [1, {\"b\": null}]}", ""},
    {"order of members", "{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", ""},
    {"a value", "{\"a\": 1}", "{\"a\": 2}", "a: 1 -> 2\n"},
    {"a deep value", "{\"a\": [0, {\"b\": \"x\"}]}", "{\"a\": [0, {\"b\": \"y\"}]}",
     "a[1].b: x -> y\n"},
    {"a new member", "{}", "{\"a\": true}", "a: nothing -> true\n"},
    {"a lost member", "{\"a\": {\"b\": 1}}", "{}", "a: {\"b\":1} -> nothing\n"},
    {"a null is no absence", "{\"a\": null}", "{}", "a: null -> nothing\n"},
    {"a longer list", "[1]", "[1, 2]", "[1]: nothing -> 2\n"},
    {"a shorter list", "{\"a\": [1, 2]}", "{\"a\": [1]}", "a[1]: 2 -> nothing\n"},
    {"another kind", "{\"a\": [1]}", "{\"a\": {\"b\": 1}}", "a: [1] -> {\"b\":1}\n"},
    {"a number of another kind", "{\"a\": 1}", "{\"a\": 1.0}", "a: 1 -> 1.0\n"},
    {"in the order of names", "{\"b\": 1, \"a\": 1, \"c\": 1}", "{\"c\": 2, \"a\": 2, \"b\": 1}",
     "a: 1 -> 2\nc: 1 -> 2\n"},
    {"behind a deep one", "{\"a\": {\"b\": 1}, \"c\": 1}", "{\"a\": {\"b\": 2}, \"c\": 2}",
     "a.b: 1 -> 2\nc: 1 -> 2\n"},
    {"two scalars", "1", "\"1\"", ": 1 -> 1\n"},
    {"empty containers", "{\"a\": [], \"b\": {}}", "{\"a\": {}, \"b\": {}}", "a: [] -> {}\n"},
};

static void differences_have_a_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        json_t *before = parse(cases[i].before);
        json_t *after = parse(cases[i].after);
        rs_buf found = {0};
        rs_error err = {0};
        assert_int_equal(rs_json_changes(before, after, collect, &found, &err), RS_OK);
        UNIT_CHECK(strcmp(rs_buf_text(&found), cases[i].want) == 0, "%s: found %s", cases[i].label,
                   rs_buf_text(&found));
        rs_buf_release(&found);
        json_decref(before);
        json_decref(after);
    }
}

/* As deep as the parser of JSON goes: there is no recursion to run out of stack. */
static void depth_is_no_matter(void **state)
{
    (void)state;
    enum { DEPTH = 2000 };
    rs_buf texts[2] = {{0}, {0}};
    json_t *values[2];
    rs_buf found = {0};
    rs_error err = {0};
    for (int t = 0; t < 2; t++) {
        for (int i = 0; i < DEPTH; i++) {
            rs_buf_add(&texts[t], "[");
        }
        rs_buf_add(&texts[t], t == 0 ? "1" : "2");
        for (int i = 0; i < DEPTH; i++) {
            rs_buf_add(&texts[t], "]");
        }
        values[t] = parse(rs_buf_text(&texts[t]));
        rs_buf_release(&texts[t]);
    }
    assert_int_equal(rs_json_changes(values[0], values[1], collect, &found, &err), RS_OK);
    assert_int_equal(found.n_bytes, 3 * DEPTH + strlen(": 1 -> 2\n"));
    rs_buf_release(&found);
    json_decref(values[0]);
    json_decref(values[1]);
}

static void long_values_are_cut(void **state)
{
    (void)state;
    rs_buf text = {0};
    rs_buf out = {0};
    for (int i = 0; i < 100; i++) {
        rs_buf_add(&text, "\xc3\xa9\xc3\xa9\xc3\xa9x");
    }
    json_t *value = json_string(rs_buf_text(&text));
    rs_json_add_short(value, &out);
    assert_true(out.n_bytes < 200);
    json_t *shown = json_string(rs_buf_text(&out)); /* refuses half a character */
    assert_non_null(shown);
    assert_non_null(strstr(rs_buf_text(&out), " ..."));
    json_decref(shown);
    json_decref(value);
    rs_buf_release(&out);
    rs_buf_release(&text);
}

static rs_status stop_at_first(const char *field, const json_t *before, const json_t *after,
                               void *context, rs_error *err)
{
    (void)field;
    (void)before;
    (void)after;
    ++*(size_t *)context;
    return rs_error_set(err, RS_ERR_CANCELLED, "enough");
}

static void a_refusal_ends_it(void **state)
{
    (void)state;
    size_t n_calls = 0;
    rs_error err = {0};
    json_t *before = parse("{\"a\": {\"b\": 1, \"c\": 1}, \"d\": 1}");
    json_t *after = parse("{\"a\": {\"b\": 2, \"c\": 2}, \"d\": 2}");
    UNIT_REFUSED(rs_json_changes(before, after, stop_at_first, &n_calls, &err), &err,
                 RS_ERR_CANCELLED, "enough");
    assert_int_equal(n_calls, 1);
    json_decref(before);
    json_decref(after);
}

typedef struct pair {
    const json_t *before;
    const json_t *after;
} pair;

static rs_status attempt(void *context)
{
    const pair *self = context;
    rs_buf found = {0};
    rs_error err = {0};
    rs_status status = rs_json_changes(self->before, self->after, collect, &found, &err);
    rs_buf_release(&found);
    return status;
}

static void memory_may_run_out(void **state)
{
    (void)state;
    json_t *before = parse("{\"a\": {\"b\": [1, 2, {\"c\": \"x\"}]}}");
    json_t *after = parse("{\"a\": {\"b\": [1, 3, {\"c\": \"y\"}]}}");
    pair both = {before, after};
    UNIT_SWEEP(attempt, &both);
    json_decref(before);
    json_decref(after);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(differences_have_a_field), cmocka_unit_test(depth_is_no_matter),
    cmocka_unit_test(long_values_are_cut),      cmocka_unit_test(a_refusal_ends_it),
    cmocka_unit_test(memory_may_run_out),
};

UNIT_TESTS(changes, tests)
