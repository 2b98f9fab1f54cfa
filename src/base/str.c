/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"

int rs_str_compare(rs_str a, rs_str b)
{
    size_t n_common = a.n_bytes < b.n_bytes ? a.n_bytes : b.n_bytes;
    int order = n_common == 0 ? 0 : memcmp(a.bytes, b.bytes, n_common);
    return order != 0 ? order : (a.n_bytes > b.n_bytes) - (a.n_bytes < b.n_bytes);
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t rs_str_n_characters(rs_str text)
{
    size_t n_characters = 0;
    for (size_t i = 0; i < text.n_bytes; i++) {
        n_characters += rs_starts_character(text.bytes[i]);
    }
    return n_characters;
}

size_t rs_str_cut(rs_str text, size_t n_most)
{
    if (text.n_bytes <= n_most) {
        return text.n_bytes;
    }
    size_t n_bytes = n_most;
    while (n_bytes > 0 && !rs_starts_character(text.bytes[n_bytes])) {
        n_bytes--;
    }
    return n_bytes;
}

size_t rs_str_distance(rs_str a, rs_str b)
{
    enum { MAX_NAME_BYTES = 48 };
    size_t row[MAX_NAME_BYTES + 1]; /* of the table of all prefixes, that of i bytes of a */
    if (a.n_bytes > MAX_NAME_BYTES || b.n_bytes > MAX_NAME_BYTES) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= b.n_bytes; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.n_bytes; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n_bytes; j++) {
            size_t above = row[j];
            size_t replaced = diagonal + (a.bytes[i - 1] != b.bytes[j - 1]);
            row[j] = smallest(above + 1, row[j - 1] + 1, replaced);
            diagonal = above;
        }
    }
    return row[b.n_bytes];
}

/* Room for n_more bytes and the NUL behind them. */
static bool buf_reserve(rs_buf *buf, size_t n_more)
{
    if (buf->failed) {
        return false;
    }
    RS_ASSERT(buf->bytes == NULL ? buf->n_capacity == 0 : buf->n_bytes < buf->n_capacity);
    if (n_more < buf->n_capacity - buf->n_bytes) {
        return true;
    }
    size_t n_capacity = buf->n_capacity == 0 ? 64 : buf->n_capacity;
    while (n_capacity - buf->n_bytes <= n_more) {
        if (n_capacity > SIZE_MAX / 2) {
            buf->failed = true;
            return false;
        }
        n_capacity *= 2;
    }
    char *bytes = rs_realloc(buf->bytes, n_capacity, 1);
    if (bytes == NULL) {
        buf->failed = true;
        return false;
    }
    buf->bytes = bytes;
    buf->n_capacity = n_capacity;
    RS_ASSERT(buf->n_capacity - buf->n_bytes > n_more);
    return true;
}

void rs_buf_append(rs_buf *buf, const char *bytes, size_t n_bytes)
{
    if (!buf_reserve(buf, n_bytes)) {
        return;
    }
    if (n_bytes > 0) {
        memcpy(buf->bytes + buf->n_bytes, bytes, n_bytes);
    }
    buf->n_bytes += n_bytes;
    RS_ASSERT(buf->n_bytes < buf->n_capacity); /* the NUL's place */
    buf->bytes[buf->n_bytes] = '\0';
}

void rs_buf_add(rs_buf *buf, const char *text)
{
    rs_buf_append(buf, text, strlen(text));
}

void rs_buf_add_str(rs_buf *buf, rs_str text)
{
    rs_buf_append(buf, text.bytes, text.n_bytes);
}

void rs_buf_add_char(rs_buf *buf, char c)
{
    rs_buf_append(buf, &c, 1);
}

void rs_buf_addf(rs_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n_bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n_bytes < 0) {
        buf->failed = true;
    } else if (buf_reserve(buf, (size_t)n_bytes)) {
        (void)vsnprintf(buf->bytes + buf->n_bytes, (size_t)n_bytes + 1, format, again);
        buf->n_bytes += (size_t)n_bytes;
        RS_ASSERT(buf->bytes[buf->n_bytes] == '\0');
    }
    va_end(again);
}

static void add_doubling(rs_buf *buf, rs_str text, char quote)
{
    rs_buf_add_char(buf, quote);
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (text.bytes[i] == quote) {
            rs_buf_add_char(buf, quote);
        }
        rs_buf_add_char(buf, text.bytes[i]);
    }
    rs_buf_add_char(buf, quote);
}

void rs_buf_add_sql_literal(rs_buf *buf, rs_str text)
{
    add_doubling(buf, text, '\'');
}

void rs_buf_add_sql_name(rs_buf *buf, rs_str name)
{
    add_doubling(buf, name, '"');
}

static void add_json_byte(rs_buf *buf, unsigned char byte)
{
    if (byte == '"' || byte == '\\') {
        rs_buf_add_char(buf, '\\');
        rs_buf_add_char(buf, (char)byte);
    } else if (byte == '\n') {
        rs_buf_add(buf, "\\n");
    } else {
        rs_buf_addf(buf, "\\u%04x", (unsigned)byte);
    }
}

static bool is_json_plain(unsigned char byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

void rs_buf_add_json_text(rs_buf *buf, rs_str text)
{
    size_t start = 0; /* of what stands as it is */
    rs_buf_add_char(buf, '"');
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (!is_json_plain((unsigned char)text.bytes[i])) {
            rs_buf_append(buf, text.bytes + start, i - start);
            add_json_byte(buf, (unsigned char)text.bytes[i]);
            start = i + 1;
        }
    }
    rs_buf_append(buf, text.bytes + start, text.n_bytes - start);
    rs_buf_add_char(buf, '"');
}

rs_status rs_buf_check(const rs_buf *buf, rs_error *err)
{
    return buf->failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : RS_OK;
}

const char *rs_buf_text(const rs_buf *buf)
{
    return buf->bytes == NULL ? "" : buf->bytes;
}

void rs_buf_reset(rs_buf *buf)
{
    buf->n_bytes = 0;
    buf->failed = false;
    if (buf->bytes != NULL) {
        buf->bytes[0] = '\0';
    }
}

void rs_buf_release(rs_buf *buf)
{
    rs_free(buf->bytes);
    *buf = (rs_buf){0};
}
