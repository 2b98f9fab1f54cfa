/* SPDX-License-Identifier: Apache-2.0 */
/* str.h - borrowed text and a growing buffer of text.
 *
 * rs_str is a view: valid as long as what it points into. rs_buf owns its
 * bytes and keeps a NUL behind them. A failed append leaves the buffer as it
 * was and is remembered in `failed`, so that a run of appends is checked once.
 */
#ifndef RS_BASE_STR_H
#define RS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef struct rs_str {
    const char *bytes;
    size_t n_bytes;
} rs_str;

#define RS_STR_LITERAL(text) ((rs_str){(text), sizeof(text) - 1})

static inline rs_str rs_str_of(const char *text)
{
    return (rs_str){text, strlen(text)};
}

static inline bool rs_str_equal(rs_str a, rs_str b)
{
    return a.n_bytes == b.n_bytes && (a.n_bytes == 0 || memcmp(a.bytes, b.bytes, a.n_bytes) == 0);
}

/* Order by bytes, a prefix first. */
int rs_str_compare(rs_str a, rs_str b);

/* Whether a byte of UTF-8 begins a character: it does not continue one. */
static inline bool rs_starts_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* Characters of a UTF-8 text; of other bytes: those that begin one. */
size_t rs_str_n_characters(rs_str text);

/* How many bytes of the text are its longest start of at most n_most that does not cut a character. */
size_t rs_str_cut(rs_str text, size_t n_most);

/* Bytes to insert, delete or replace from a to b; SIZE_MAX for texts too long to be a mistyped name. */
size_t rs_str_distance(rs_str a, rs_str b);

/* A name and a value, both NUL-terminated: a setting, a row of file metadata. Borrowed. */
typedef struct rs_text_pair {
    const char *name;
    const char *value;
} rs_text_pair;

typedef struct rs_buf {
    char *bytes;    /* NUL-terminated once anything was appended */
    size_t n_bytes; /* without the NUL */
    size_t n_capacity;
    bool failed; /* an append ran out of memory */
} rs_buf;

void rs_buf_append(rs_buf *buf, const char *bytes, size_t n_bytes);
void rs_buf_add(rs_buf *buf, const char *text);
void rs_buf_add_str(rs_buf *buf, rs_str text);
void rs_buf_add_char(rs_buf *buf, char c);
void rs_buf_addf(rs_buf *buf, const char *format, ...) RS_PRINTF(2, 3);

/* The text as a quoted SQL literal or identifier: the only two ways of text into SQL. */
void rs_buf_add_sql_literal(rs_buf *buf, rs_str text);
void rs_buf_add_sql_name(rs_buf *buf, rs_str name);

/* Append text as a JSON string, quotes included; what a terminal would obey is escaped. */
void rs_buf_add_json_text(rs_buf *buf, rs_str text);

/* RS_ERR_NOMEM when any append failed. */
rs_status rs_buf_check(const rs_buf *buf, rs_error *err) RS_MUST_USE;

/* "" for an empty buffer. */
const char *rs_buf_text(const rs_buf *buf);

/* A view of it, until the buffer changes. */
static inline rs_str rs_buf_str(const rs_buf *buf)
{
    return (rs_str){rs_buf_text(buf), buf->n_bytes};
}

void rs_buf_reset(rs_buf *buf);
void rs_buf_release(rs_buf *buf);

#endif
