/* SPDX-License-Identifier: Apache-2.0 */
#include "base/line_index.h"

#include "unit/unit.h"

typedef struct find_case {
    const char *label;
    const char *text;
    uint32_t offset;
    uint32_t line;
    uint32_t column;
} find_case;

static const find_case find_cases[] = {
    {"empty text has one line", "", 0, 1, 0},
    {"first byte", "ab", 0, 1, 0},
    {"the end is a position", "ab", 2, 1, 2},
    {"line feed belongs to its line", "ab\ncd", 2, 1, 2},
    {"behind a line feed", "ab\ncd", 3, 2, 0},
    {"crlf is one line end", "a\r\nb", 3, 2, 0},
    {"the feed of a crlf is on its line", "a\r\nb", 2, 1, 2},
    {"a lone cr ends a line", "a\rb", 2, 2, 0},
    {"two crs end two lines", "a\r\rb", 3, 3, 0},
    {"cr cr lf", "a\r\r\nb", 4, 3, 0},
    {"lf cr", "a\n\rb", 3, 3, 0},
    {"a closing line feed opens a line", "a\n", 2, 2, 0},
    {"a closing cr opens a line", "a\r", 2, 2, 0},
    {"a closing crlf opens one line", "a\r\n", 3, 2, 0},
    {"only line ends", "\n\n\n", 2, 3, 0},
    {"a cr far from a feed", "a\nb\nc\rd\ne", 6, 4, 0},
    {"a feed after a cr far ahead", "ab\ncd\nef\r\n", 7, 3, 1},
    {"columns count bytes", "\xc3\xa9x", 2, 1, 2},
    {"a byte order mark is three columns", "\xef\xbb\xbfx", 3, 1, 3},
    {"form feed ends no line", "a\fb", 2, 1, 2},
    {"vertical tab ends no line", "a\vb", 2, 1, 2},
    {"NEL ends no line", "a\xc2\x85z", 3, 1, 3},
    {"U+2028 ends no line", "a\xe2\x80\xa8z", 4, 1, 4},
};

static void positions_are_found(void **state)
{
    (void)state;
    rs_line_index index = {0};
    rs_error err = {0};
    for (size_t i = 0; i < UNIT_COUNT(find_cases); i++) {
        const find_case *c = &find_cases[i];
        rs_status status = rs_line_index_build(&index, c->text, strlen(c->text), &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", c->label, err.message);
        rs_position found = rs_line_index_find(&index, c->offset);
        UNIT_CHECK(found.line == c->line && found.column == c->column, "%s: found %u:%u", c->label,
                   found.line, found.column);
        for (uint32_t near = 1; near <= index.n_lines; near++) {
            found = rs_line_index_find_near(&index, near, c->offset);
            UNIT_CHECK(found.line == c->line && found.column == c->column,
                       "%s: near line %u found %u:%u", c->label, near, found.line, found.column);
        }
    }
    rs_line_index_release(&index);
}

/* The rule in its plainest form, to compare with. */
static bool line_ends_before(const char *text, size_t n_bytes, size_t at)
{
    return at > 0 &&
           (text[at - 1] == '\n' || (text[at - 1] == '\r' && (at == n_bytes || text[at] != '\n')));
}

/* Every text of up to nine bytes over three letters: all ways in which line ends can meet. */
static void every_short_text_agrees_with_the_plain_rule(void **state)
{
    (void)state;
    enum { MOST_BYTES = 9 };
    static const char alphabet[] = {'a', '\r', '\n'};
    rs_line_index index = {0};
    rs_error err = {0};
    size_t n_texts = 1;
    for (size_t n_bytes = 0; n_bytes <= MOST_BYTES; n_bytes++, n_texts *= 3) {
        for (size_t number = 0; number < n_texts; number++) {
            char text[MOST_BYTES + 1] = "";
            size_t rest = number;
            for (size_t i = 0; i < n_bytes; i++, rest /= 3) {
                text[i] = alphabet[rest % 3];
            }
            assert_int_equal(rs_line_index_build(&index, text, n_bytes, &err), RS_OK);
            uint32_t line = 1;
            uint32_t start = 0;
            for (uint32_t at = 0; at <= n_bytes; at++) {
                if (line_ends_before(text, n_bytes, at)) {
                    line++;
                    start = at;
                }
                rs_position found = rs_line_index_find(&index, at);
                UNIT_CHECK(found.line == line && found.column == at - start,
                           "text %zu of %zu bytes at %u: %u:%u", number, n_bytes, at, found.line,
                           found.column);
            }
            UNIT_CHECK(index.n_lines == line, "text %zu of %zu bytes: lines", number, n_bytes);
        }
    }
    rs_line_index_release(&index);
}

static void a_long_text_grows_the_index(void **state)
{
    (void)state;
    enum { N_LINES = 100000 };
    char *text = rs_alloc(N_LINES, 2);
    assert_non_null(text);
    for (size_t i = 0; i < N_LINES; i++) {
        memcpy(text + 2 * i, "x\n", 2);
    }
    rs_line_index index = {0};
    rs_error err = {0};
    assert_int_equal(rs_line_index_build(&index, text, (size_t)N_LINES * 2, &err), RS_OK);
    assert_int_equal(index.n_lines, N_LINES + 1);
    assert_int_equal(rs_line_index_find(&index, 2 * 77777 + 1).line, 77778);
    assert_int_equal(rs_line_index_find_near(&index, 3, 2 * 77777 + 1).line, 77778);
    rs_line_index_release(&index);
    rs_free(text);
}

static void a_text_over_the_limit_is_refused(void **state)
{
    (void)state;
    rs_line_index index = {0};
    rs_error err = {0};
    UNIT_REFUSED(rs_line_index_build(&index, "", UINT32_MAX, &err), &err, RS_ERR_LIMIT,
                 "over the limit");
    rs_line_index_release(&index);
}

static rs_status build(void *context)
{
    const char *text = context;
    rs_line_index index = {0};
    rs_error err = {0};
    rs_status status = rs_line_index_build(&index, text, strlen(text), &err);
    rs_line_index_release(&index);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char text[4000];
    memset(text, '\n', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    UNIT_SWEEP(build, text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(positions_are_found),
    cmocka_unit_test(every_short_text_agrees_with_the_plain_rule),
    cmocka_unit_test(a_long_text_grows_the_index),
    cmocka_unit_test(a_text_over_the_limit_is_refused),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(line_index, tests)
