/* SPDX-License-Identifier: Apache-2.0 */
/* JSON texts: what is not UTF-8, members that cannot be added, what a text is refused for. */
#include "base/json.h"

#include "unit/unit.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

static const struct {
    rs_str bytes;
    const char *want;
} texts[] = {
    {TEXT(""), "\"\""},
    {TEXT("a\"b\\\n\x1f"), "\"a\\\"b\\\\\\n\\u001F\""},
    {TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8d"), "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8d\""},
    {TEXT("\xff\xc3\xa9"), "\"\\\\xFF\xc3\xa9\""},
    {TEXT("\xe2\x82\xac\xf0\x9f\x90"), "\"\xe2\x82\xac\\\\xF0\\\\x9F\\\\x90\""},
    {TEXT("\x80z\xc3"), "\"\\\\x80z\\\\xC3\""},
    {TEXT("\xed\xa0\x80"), "\"\\\\xED\\\\xA0\\\\x80\""}, /* half of a pair */
};

static void bytes_are_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        rs_buf out = {0};
        json_t *value = rs_json_str(texts[i].bytes);
        assert_int_equal(rs_json_print_compact(value, &out, NULL), RS_OK);
        UNIT_CHECK(strcmp(rs_buf_text(&out), texts[i].want) == 0, "text %zu: %s, not %s", i,
                   rs_buf_text(&out), texts[i].want);
        json_decref(value);
        rs_buf_release(&out);
    }
}

static void numbers_are_cut(void **state)
{
    (void)state;
    static const struct {
        uint64_t number;
        json_int_t want;
    } cases[] = {{0, 0}, {INT64_MAX, INT64_MAX}, {(uint64_t)INT64_MAX + 1, INT64_MAX}};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        json_t *value = rs_json_u64(cases[i].number);
        UNIT_CHECK(json_integer_value(value) == cases[i].want, "number %zu", i);
        json_decref(value);
    }
}

/* Each way in which a member or an item is not there is told, and none that is. */
static void what_cannot_be_added_is_told(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        bool is_array = (i & 1) != 0;
        bool has_home = (i & 2) != 0;
        bool has_value = (i & 4) != 0;
        bool failed = false;
        json_t *home = !has_home ? NULL : is_array ? json_array() : json_object();
        json_t *value = has_value ? json_object() : NULL;
        json_t *kept = json_incref(value);
        if (is_array) {
            rs_json_push(home, value, &failed);
        } else {
            rs_json_set(home, "a", value, &failed);
        }
        UNIT_CHECK(failed == !(has_home && has_value), "case %d: %s", i,
                   failed ? "told" : "silent");
        UNIT_CHECK(json_array_size(home) + json_object_size(home) == (failed ? 0u : 1u), "case %d",
                   i);
        json_decref(home);
        UNIT_CHECK(kept == NULL || kept->refcount == 1, "case %d: the value is not taken", i);
        json_decref(kept);
    }
}

/* What failed before stays so. */
static void a_failure_stays(void **state)
{
    (void)state;
    bool failed = true;
    json_t *home = json_object();
    json_t *items = json_array();
    rs_json_set(home, "a", json_null(), &failed);
    assert_true(failed);
    rs_json_push(items, json_null(), &failed);
    assert_true(failed);
    json_decref(home);
    json_decref(items);
}

static void a_hash_leaves_one_member_out(void **state)
{
    (void)state;
    char hashes[4][RS_SHA256_TEXT_BYTES];
    static const char *const documents[] = {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":9}", "{\"b\":2}",
                                            "{\"a\":1,\"b\":3}"};
    for (size_t i = 0; i < UNIT_COUNT(documents); i++) {
        json_t *value = NULL;
        assert_int_equal(rs_json_parse(rs_str_of(documents[i]), "it", &value, NULL), RS_OK);
        assert_int_equal(rs_json_hash_without(value, "a", hashes[i], NULL), RS_OK);
        assert_true(json_object_get(value, "b") != NULL);
        json_decref(value);
    }
    assert_string_equal(hashes[0], hashes[1]);
    assert_string_equal(hashes[0], hashes[2]);
    assert_string_not_equal(hashes[0], hashes[3]);
}

static void texts_are_refused(void **state)
{
    (void)state;
    static const struct {
        rs_str text;
        const char *want;
    } cases[] = {
        {{NULL, 0}, "parse it: line 1: "},
        {TEXT(""), "parse it: line 1: "},
        {TEXT("{\n\"a\": 1,\n\"a\": 2}"), "parse it: line 3: duplicate"},
        {TEXT("[1]\nx"), "parse it: line 2: "},
        {TEXT("\"\xff\""), "parse it: line 1: "},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        json_t *value = NULL;
        rs_error err = {0};
        UNIT_REFUSED(rs_json_parse(cases[i].text, "it", &value, &err), &err, RS_ERR_INVALID,
                     cases[i].want);
        assert_null(value);
    }
}

static void a_text_is_indented_and_sorted(void **state)
{
    (void)state;
    json_t *value = NULL;
    rs_buf out = {0};
    assert_int_equal(rs_json_parse((rs_str)TEXT("{\"b\": [0.1], \"a\": null}"), "it", &value, NULL),
                     RS_OK);
    assert_int_equal(rs_json_print(value, &out, NULL), RS_OK);
    assert_string_equal(rs_buf_text(&out), "{\n  \"a\": null,\n  \"b\": [\n    0.1\n  ]\n}\n");
    assert_int_equal(rs_json_print(NULL, &out, NULL), RS_ERR_NOMEM);
    json_decref(value);
    rs_buf_release(&out);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(bytes_are_text),
    cmocka_unit_test(numbers_are_cut),
    cmocka_unit_test(what_cannot_be_added_is_told),
    cmocka_unit_test(a_failure_stays),
    cmocka_unit_test(a_hash_leaves_one_member_out),
    cmocka_unit_test(texts_are_refused),
    cmocka_unit_test(a_text_is_indented_and_sorted),
};

UNIT_TESTS(json, tests)
