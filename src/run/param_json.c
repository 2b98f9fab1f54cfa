/* SPDX-License-Identifier: Apache-2.0 */
/* One flat array, so there is no tree to build: values go from the text into the column. */
#include "run/param_file.h"

typedef struct json {
    rs_str text;
    const char *file;
    size_t at;
    size_t line;   /* of at, from 1 */
    rs_buf string; /* the one that was read last */
} json;

static char peek(const json *in)
{
    return (char)(in->at < in->text.n_bytes ? in->text.bytes[in->at] : '\0');
}

static bool is_done(const json *in)
{
    return in->at >= in->text.n_bytes;
}

/* What stands at the place that another thing was expected at. */
static const char *found_at(const json *in)
{
    if (is_done(in)) {
        return "the end of the file";
    }
    switch (peek(in)) {
    case '{':
        return "an object";
    case '[':
        return "an array";
    case '"':
        return "a text";
    case ',':
        return "a comma";
    case ']':
        return "]";
    default:
        return "something else";
    }
}

static rs_status fail_expected(const json *in, const char *expected, rs_error *err)
{
    return rs_error_set(err, RS_ERR_INVALID, "%s:%zu: expected %s, found %s", in->file, in->line,
                        expected, found_at(in));
}

static void skip_space(json *in)
{
    for (; !is_done(in) && strchr(" \t\r\n", peek(in)) != NULL && peek(in) != '\0'; in->at++) {
        in->line += peek(in) == '\n';
    }
}

/* --- texts --- */

static void add_utf8(uint32_t code_point, rs_buf *out)
{
    char bytes[4];
    size_t n_more = code_point < 0x80 ? 0 : code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    bytes[0] = (char)(unsigned char)(leads[n_more] | code_point >> (6 * n_more));
    for (size_t i = 1; i <= n_more; i++) {
        bytes[i] = (char)(unsigned char)(0x80 | (code_point >> (6 * (n_more - i)) & 0x3f));
    }
    rs_buf_append(out, bytes, n_more + 1);
}

/* Four digits; false when there are none. */
static bool read_hex(json *in, uint32_t *number)
{
    static const char digits[] = "0123456789abcdef";
    *number = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = peek(in);
        const char *digit = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
        if (c == '\0' || digit == NULL) {
            return false;
        }
        *number = *number << 4 | (uint32_t)(digit - digits);
        in->at++;
    }
    return true;
}

/* Behind \u: one code point, of two escapes where the first is half of one. */
static bool read_escaped(json *in)
{
    uint32_t code = 0;
    uint32_t low = 0;
    if (!read_hex(in, &code) || (code >= 0xdc00 && code < 0xe000)) {
        return false;
    }
    if (code >= 0xd800 && code < 0xdc00) {
        bool has_low = in->text.n_bytes - in->at > 2 && in->text.bytes[in->at] == '\\' &&
                       in->text.bytes[in->at + 1] == 'u';
        in->at += has_low ? 2 : 0;
        if (!has_low || !read_hex(in, &low) || low < 0xdc00 || low >= 0xe000) {
            return false;
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    add_utf8(code, &in->string);
    return true;
}

/* Behind the backslash. */
static bool read_escape(json *in)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    char c = peek(in);
    const char *name = c == '\0' ? NULL : strchr(names, c);
    in->at++;
    if (name != NULL) {
        rs_buf_add_char(&in->string, values[name - names]);
        return true;
    }
    return c == 'u' && read_escaped(in);
}

/* Behind the opening quote, to behind the closing one. */
static rs_status read_string(json *in, rs_error *err)
{
    rs_buf_reset(&in->string);
    while (!is_done(in) && peek(in) != '"') {
        unsigned char c = (unsigned char)peek(in);
        in->at++;
        if (c < 0x20) {
            return rs_error_set(err, RS_ERR_INVALID,
                                "%s:%zu: expected a text on one line, found a control character",
                                in->file, in->line);
        }
        if (c != '\\') {
            rs_buf_add_char(&in->string, (char)c);
        } else if (!read_escape(in)) {
            return rs_error_set(err, RS_ERR_INVALID, "%s:%zu: a text has an escape that is none",
                                in->file, in->line);
        }
    }
    if (is_done(in)) {
        return fail_expected(in, "a closing quote", err);
    }
    in->at++;
    return rs_buf_check(&in->string, err);
}

/* --- values --- */

/* The spelling that JSON has for numbers: no leading zero or plus, digits on both sides of a point. */
static bool is_number(rs_str text)
{
    size_t at = text.n_bytes > 0 && text.bytes[0] == '-';
    size_t n_whole = at < text.n_bytes ? strspn(text.bytes + at, "0123456789") : 0;
    if (n_whole == 0 || (n_whole > 1 && text.bytes[at] == '0')) {
        return false;
    }
    at += n_whole;
    if (at < text.n_bytes && text.bytes[at] == '.') {
        size_t n_places = strspn(text.bytes + at + 1, "0123456789");
        at += 1 + n_places;
        if (n_places == 0) {
            return false;
        }
    }
    if (at < text.n_bytes && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
        at++;
        at += at < text.n_bytes && (text.bytes[at] == '+' || text.bytes[at] == '-');
        size_t n_digits = strspn(text.bytes + at, "0123456789");
        at += n_digits;
        return n_digits > 0 && at == text.n_bytes;
    }
    return at == text.n_bytes;
}

/* A word or a number, up to what may stand behind it; false when it is neither. */
static bool read_plain(json *in, rs_cell *cell)
{
    size_t from = in->at;
    while (!is_done(in) && strchr(" \t\r\n,]", peek(in)) == NULL) {
        in->at++;
    }
    rs_buf_reset(&in->string);
    rs_buf_append(&in->string, in->text.bytes + from, in->at - from);
    cell->text = rs_buf_str(&in->string);
    if (rs_str_equal(cell->text, RS_STR_LITERAL("null"))) {
        cell->kind = RS_CELL_NULL;
    } else if (rs_str_equal(cell->text, RS_STR_LITERAL("true")) ||
               rs_str_equal(cell->text, RS_STR_LITERAL("false"))) {
        cell->kind = RS_CELL_BOOL;
    } else if (is_number(cell->text)) {
        cell->kind = RS_CELL_NUMBER;
    } else {
        in->at = from;
        return false;
    }
    return true;
}

static rs_status read_value(json *in, rs_param_column *column, rs_error *err)
{
    rs_cell cell = {.kind = RS_CELL_TEXT};
    if (peek(in) == '"') {
        in->at++;
        RS_TRY(read_string(in, err));
        cell.text = rs_buf_str(&in->string);
    } else if (!read_plain(in, &cell)) {
        return fail_expected(in, "a text, a number, true, false or null", err);
    }
    RS_TRY(rs_buf_check(&in->string, err));
    rs_status status = rs_param_column_add(column, &cell, err);
    return status == RS_OK ? RS_OK : rs_error_prefix(err, status, "%s:%zu", in->file, in->line);
}

/* Behind the opening bracket, to behind the closing one. */
static rs_status read_values(json *in, rs_param_column *column, rs_error *err)
{
    skip_space(in);
    if (peek(in) == ']') {
        in->at++;
        return RS_OK;
    }
    for (;;) {
        RS_TRY(read_value(in, column, err));
        skip_space(in);
        if (peek(in) != ',' && peek(in) != ']') {
            return fail_expected(in, "a comma or ]", err);
        }
        if (in->text.bytes[in->at++] == ']') {
            return RS_OK;
        }
        skip_space(in);
    }
}

rs_status rs_param_read_json(rs_str text, const char *name, rs_param_column *column, rs_error *err)
{
    json in = {.text = text, .file = name, .line = 1};
    if (text.n_bytes >= 3 && memcmp(text.bytes, "\xef\xbb\xbf", 3) == 0) {
        in.at = 3;
    }
    skip_space(&in);
    rs_status status = RS_OK;
    if (peek(&in) == '[') {
        in.at++;
        status = read_values(&in, column, err);
    } else {
        status = fail_expected(&in, "an array of values", err);
    }
    skip_space(&in);
    if (status == RS_OK && !is_done(&in)) {
        status = fail_expected(&in, "the end of the file", err);
    }
    rs_buf_release(&in.string);
    return status;
}
