/* SPDX-License-Identifier: Apache-2.0 */
/* string_value.c - what a string literal means. */
#include "evidence/syntax/syntax_impl.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void code_point_add(rs_buf *out, uint32_t c)
{
    char bytes[4];
    size_t n_bytes;
    if (c >= 0xd800 && c <= 0xdfff) {
        c = 0xfffd; /* a lone surrogate has no UTF-8 */
    }
    if (c < 0x80) {
        bytes[0] = (char)c;
        n_bytes = 1;
    } else if (c < 0x800) {
        bytes[0] = (char)(0xc0 | c >> 6);
        bytes[1] = (char)(0x80 | (c & 0x3f));
        n_bytes = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xe0 | c >> 12);
        bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[2] = (char)(0x80 | (c & 0x3f));
        n_bytes = 3;
    } else {
        c = c > 0x10ffff ? 0xfffd : c;
        bytes[0] = (char)(0xf0 | c >> 18);
        bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
        bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[3] = (char)(0x80 | (c & 0x3f));
        n_bytes = 4;
    }
    rs_buf_append(out, bytes, n_bytes);
}

/* Up to n_digits digits of the base from text on; returns how many there were. */
static size_t number_read(const char *text, const char *end, size_t n_digits, int base,
                          uint32_t *value)
{
    size_t n = 0;
    *value = 0;
    while (n < n_digits && text + n < end) {
        int digit = hex_value(text[n]);
        if (digit < 0 || digit >= base) {
            break;
        }
        *value = *value * (uint32_t)base + (uint32_t)digit;
        n++;
    }
    return n;
}

/* The escape at text, which is behind the backslash; returns where it ends. */
static const char *escape_add(const char *text, const char *end, rs_buf *out)
{
    static const char plain[] = "\\'\"abfnrtv";
    static const char meant[] = "\\'\"\a\b\f\n\r\t\v";
    const char *at = *text == '\0' ? NULL : strchr(plain, *text);
    if (at != NULL) {
        rs_buf_add_char(out, meant[at - plain]);
        return text + 1;
    }
    if (*text == '\n' || *text == '\r') {
        return text + (text[0] == '\r' && text + 1 < end && text[1] == '\n' ? 2 : 1);
    }
    uint32_t value;
    if (*text >= '0' && *text <= '7') {
        size_t n = number_read(text, end, 3, 8, &value);
        code_point_add(out, value);
        return text + n;
    }
    size_t n_digits = *text == 'x' ? 2 : *text == 'u' ? 4 : *text == 'U' ? 8 : 0;
    if (n_digits > 0 && number_read(text + 1, end, n_digits, 16, &value) == n_digits) {
        code_point_add(out, value);
        return text + 1 + n_digits;
    }
    rs_buf_add_char(out, '\\'); /* no escape: CPython keeps both characters */
    return text;
}

static void content_add(const char *text, const char *end, bool is_raw, rs_buf *out)
{
    while (text < end) {
        if (*text == '\r') {
            /* line ends inside a string are "\n" to Python */
            text += text + 1 < end && text[1] == '\n' ? 2 : 1;
            rs_buf_add_char(out, '\n');
            continue;
        }
        if (*text == '\\' && !is_raw && text + 1 < end) {
            text = escape_add(text + 1, end, out);
            continue;
        }
        const char *from = text++;
        while (text < end && *text != '\\' && *text != '\r') {
            text++;
        }
        rs_buf_append(out, from, (size_t)(text - from));
    }
}

static const char *closing_quotes(const char *text, const char *end, char quote, size_t n_quotes)
{
    while (text + n_quotes <= end) {
        if (*text == '\\') {
            text += 2;
        } else if (*text == quote && (n_quotes == 1 || (text[1] == quote && text[2] == quote))) {
            return text;
        } else {
            text++;
        }
    }
    return end;
}

void rs_string_value(rs_str literals, rs_buf *out)
{
    const char *at = literals.bytes;
    const char *end = at + literals.n_bytes;
    bool is_raw = false;
    while (at < end) {
        if (*at == '#') { /* a comment between the literals */
            while (at < end && *at != '\n' && *at != '\r') {
                at++;
            }
        } else if (*at != '\'' && *at != '"') {
            is_raw = (is_raw && (*at | 0x20) >= 'a') || (*at | 0x20) == 'r';
            at++;
        } else {
            size_t n_quotes = at + 2 < end && at[1] == *at && at[2] == *at ? 3 : 1;
            const char *from = at + n_quotes;
            const char *close = closing_quotes(from, end, *at, n_quotes);
            content_add(from, close, is_raw, out);
            at = close + n_quotes;
            is_raw = false;
        }
    }
}
