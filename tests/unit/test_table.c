/* SPDX-License-Identifier: Apache-2.0 */
/* Tables on a terminal of any width: what is whole, what is cut, what finds no place. */
#include "output/format.h"

#include "unit/tables.h"

enum { MAX_WIDTH = 90, MAX_COLUMNS = 8 };

typedef struct fixture {
    const char *columns;
    const char *rows;
} fixture;

static rs_status open_rows(void *context, rs_cursor **out, rs_error *err)
{
    const fixture *of = context;
    rs_table table;
    struct ArrowArrayStream stream;
    tables_make(&table, of->columns, of->rows);
    TABLES_OK(ArrowBasicArrayStreamInit(&stream, &table.schema, 1));
    ArrowBasicArrayStreamSetArray(&stream, 0, &table.rows);
    return rs_cursor_new(&stream, out, err);
}

static rs_status keep(const char *bytes, size_t n_bytes, void *context)
{
    rs_buf_append(context, bytes, n_bytes);
    return RS_OK;
}

/* What a terminal of that width is shown; 0: a pipe. */
static void print_table(const fixture *of, unsigned n_columns, rs_buf *text)
{
    rs_error err = {0};
    rs_rows_source source = {
        .rows = open_rows, .context = (void *)(uintptr_t)of, .max_rows = UINT64_MAX};
    rs_out out = {.write = keep, .context = text, .n_columns = n_columns};
    rs_buf_reset(text);
    assert_int_equal(rs_format_table.write_rows(&source, &out, &err), RS_OK);
    rs_out_release(&out);
    assert_false(text->failed);
}

static void check(const fixture *of, unsigned n_columns, const char *wanted)
{
    rs_buf text = {0};
    print_table(of, n_columns, &text);
    UNIT_CHECK(strcmp(rs_buf_text(&text), wanted) == 0, "%u columns:\n%s-- not --\n%s", n_columns,
               rs_buf_text(&text), wanted);
    rs_buf_release(&text);
}

static void columns_fit_a_width(void **state)
{
    (void)state;
    static const fixture two = {"x:str y:i64", "aaaaaaaaaaaaaaaaaaaa|12345\n\xc3\xa9|~\n"};
    static const fixture odd = {"a:str", "\x01\x1f\x7f\t.\n"};
    check(&two, 0,
          "x                         y\n"
          "--------------------  -----\n"
          "aaaaaaaaaaaaaaaaaaaa  12345\n"
          "\xc3\xa9                      NULL\n");
    check(&two, 27,
          "x                         y\n"
          "--------------------  -----\n"
          "aaaaaaaaaaaaaaaaaaaa  12345\n"
          "\xc3\xa9                      NULL\n");
    check(&two, 26,
          "x                        y\n"
          "-------------------  -----\n"
          "aaaaaaaaaaaaaaaaaa\xe2\x80\xa6  12345\n"
          "\xc3\xa9                     NULL\n");
    check(&two, 15,
          "x             y\n"
          "--------  -----\n"
          "aaaaaaa\xe2\x80\xa6  12345\n"
          "\xc3\xa9          NULL\n");
    check(&two, 14,
          "x         +1 columns\n"
          "--------\n"
          "aaaaaaa\xe2\x80\xa6\n"
          "\xc3\xa9\n");
    check(&odd, 0, "a\n--------------\n\\x01\\x1f\\x7f .\n");
}

/* --- any width --- */

static const fixture many = {
    "a:str count:i64 short:str much_longer_name:str z:str f:f64 bb:str",
    "0123456789abcdef|123456789012|\xc3\xa9\xc3\xa9|x|0123456789|0.25|01234567\n"
    "0|1|abc|0123456789012345678901234567|~|-1.5|012345678\n"};
/* As wide as a column is where all have place, and whether it is of numbers. */
static const struct {
    size_t width;
    bool is_number;
} naturals[] = {{16, false}, {12, true}, {5, false}, {28, false},
                {10, false}, {4, true},  {9, false}};

/* The columns' widths as the line of dashes has them; returns how many there are. */
static size_t read_widths(const char *text, size_t *widths)
{
    size_t n_shown = 0;
    for (const char *at = strchr(text, '\n') + 1; *at == '-'; at += 2 * (*at == ' ')) {
        assert_true(n_shown < MAX_COLUMNS);
        widths[n_shown] = strspn(at, "-");
        at += widths[n_shown++];
    }
    return n_shown;
}

/* The widest line, in characters. */
static size_t line_width(const char *text)
{
    size_t most = 0;
    for (const char *at = text; *at != '\0'; at += *at == '\n') {
        size_t n_bytes = strcspn(at, "\n");
        size_t width = rs_str_n_characters((rs_str){at, n_bytes});
        most = width > most ? width : most;
        at += n_bytes;
    }
    return most;
}

static size_t least_of(size_t column)
{
    bool is_whole = naturals[column].is_number || naturals[column].width < 8;
    return is_whole ? naturals[column].width : 8;
}

/* What a line takes at least with so many columns. */
static size_t least_line(size_t n_shown)
{
    size_t width = n_shown < UNIT_COUNT(naturals) ? sizeof "  +1 columns" - 1 : 0;
    for (size_t c = 0; c < n_shown; c++) {
        width += least_of(c) + (c > 0 ? 2 : 0);
    }
    return width;
}

static void check_columns(const size_t *widths, size_t n_shown, unsigned n_columns)
{
    size_t widest = 0;
    for (size_t c = 0; c < n_shown; c++) {
        size_t least = least_of(c);
        UNIT_CHECK(widths[c] >= least && widths[c] <= naturals[c].width, "%u: column %zu has %zu",
                   n_columns, c, widths[c]);
        widest = widths[c] > least && widths[c] > widest ? widths[c] : widest;
    }
    for (size_t c = 0; c < n_shown; c++) { /* the widest is the first to lose */
        bool is_cut = widths[c] < naturals[c].width;
        UNIT_CHECK(!is_cut || widths[c] + 1 >= widest,
                   "%u: column %zu is cut to %zu, others have %zu", n_columns, c, widths[c],
                   widest);
    }
}

static void no_width_is_wasted(void **state)
{
    (void)state;
    rs_buf text = {0};
    for (unsigned n_columns = 8; n_columns < MAX_WIDTH + 20; n_columns++) {
        size_t widths[MAX_COLUMNS];
        print_table(&many, n_columns, &text);
        size_t n_shown = read_widths(rs_buf_text(&text), widths);
        size_t width = line_width(rs_buf_text(&text));
        size_t natural = 84 + 2 * 6;
        UNIT_CHECK(width <= n_columns || n_shown == 1, "%u: %zu wide\n%s", n_columns, width,
                   rs_buf_text(&text));
        UNIT_CHECK(n_shown == UNIT_COUNT(naturals) || least_line(n_shown + 1) > n_columns,
                   "%u: column %zu had place", n_columns, n_shown);
        check_columns(widths, n_shown, n_columns);
        bool is_cut = n_shown > 1 && n_columns < natural && n_shown == UNIT_COUNT(naturals);
        UNIT_CHECK(!is_cut || width == n_columns, "%u: %zu wide", n_columns, width);
        bool is_whole = strstr(rs_buf_text(&text), "\xe2\x80\xa6") == NULL;
        UNIT_CHECK(is_whole || n_columns < natural, "%u: nothing need be cut", n_columns);
    }
    rs_buf_release(&text);
}

static void long_results_are_as_wide_as_their_first_rows(void **state)
{
    (void)state;
    enum { N_ROWS = 1002 };
    rs_buf rows = {0};
    rs_buf text = {0};
    for (size_t i = 0; i < N_ROWS; i++) {
        rs_buf_add(&rows, i == 999 ? "mmmm|1\n" : i >= 1000 ? "longer than that|22\n" : "x|1\n");
    }
    const fixture late = {"a:str n:i64", rs_buf_text(&rows)};
    print_table(&late, 0, &text);
    UNIT_CHECK(strncmp(rs_buf_text(&text), "a     n\n----  -\nx     1\n", 23) == 0, "%.40s",
               rs_buf_text(&text));
    assert_non_null(
        strstr(rs_buf_text(&text), "\nmmmm  1\nlonger than that  22\nlonger than that  22\n"));
    print_table(&late, 20, &text);
    assert_non_null(strstr(rs_buf_text(&text), "\nmmmm  1\nlon\xe2\x80\xa6  \xe2\x80\xa6\n"));
    rs_buf_release(&rows);
    rs_buf_release(&text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(columns_fit_a_width),
    cmocka_unit_test(no_width_is_wasted),
    cmocka_unit_test(long_results_are_as_wide_as_their_first_rows),
};

UNIT_TESTS(table, tests)
