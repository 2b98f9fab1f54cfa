/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h - typed rows of a stream of Arrow batches (the C stream interface), one batch at a time.
 *
 * Columns are of the types of table.h, without maps. What had another type where the stream was made
 * (a number of 128 bits, a date) comes as text, and the field's metadata RS_CURSOR_TYPE_KEY names that
 * type: its class follows from the name, so that a DECIMAL is still a number.
 *
 * Threads: one at a time.
 */
#ifndef RS_SCHEMA_CURSOR_H
#define RS_SCHEMA_CURSOR_H

#include "base/error.h"
#include "base/str.h"
#include "schema/arrow.h"

typedef struct rs_cursor rs_cursor;

typedef enum rs_value_class {
    RS_VALUE_BOOL,
    RS_VALUE_INT,   /* of any width; what has more than 64 bits comes as text */
    RS_VALUE_FLOAT, /* DECIMAL too */
    RS_VALUE_TEXT,  /* and everything else, in its maker's spelling */
    RS_VALUE_LIST,  /* its text is JSON */
    RS_VALUE_JSON   /* its text is JSON: a struct, a map, lists in lists; comes as text */
} rs_value_class;

#define RS_CURSOR_TYPE_KEY "relspec.type"

/*
 * Read a stream's rows.
 *
 * Ownership: *stream is moved into the cursor, also on failure; the caller hands *out to
 * rs_cursor_free().
 * Errors: RS_ERR_INVALID for a type that is none of the above; RS_ERR_NOMEM; those of the stream.
 */
rs_status rs_cursor_new(struct ArrowArrayStream *stream, rs_cursor **out,
                        rs_error *err) RS_MUST_USE;
void rs_cursor_free(rs_cursor *cursor);

size_t rs_cursor_n_columns(const rs_cursor *cursor);
const char *rs_cursor_column_name(const rs_cursor *cursor, size_t column);
/* As SQL writes it: "BIGINT", "VARCHAR[]", "DECIMAL". */
const char *rs_cursor_column_type(const rs_cursor *cursor, size_t column);
rs_value_class rs_cursor_column_class(const rs_cursor *cursor, size_t column);

/* Go to the next rows; *n_rows is 0 behind the last. Errors: those of the stream, with its words. */
rs_status rs_cursor_next(rs_cursor *cursor, size_t *n_rows, rs_error *err) RS_MUST_USE;

/* Of the current rows: row < n_rows. */
bool rs_cursor_is_null(const rs_cursor *cursor, size_t column, size_t row);
/* BOOL, INT; else 0. What does not fit is the nearest number that does. */
int64_t rs_cursor_i64(const rs_cursor *cursor, size_t column, size_t row);
double rs_cursor_f64(const rs_cursor *cursor, size_t column, size_t row); /* any number; else 0 */
/* What comes as text, borrowed until the next rs_cursor_next(); else empty. */
rs_str rs_cursor_str(const rs_cursor *cursor, size_t column, size_t row);
/* Append the value as text: numbers in full precision, true and false, lists as JSON, nothing for a
 * null. */
void rs_cursor_add_text(const rs_cursor *cursor, size_t column, size_t row, rs_buf *out);

/* Append the value as JSON: null, and no number that JSON has not; whole numbers of 64 bits and more as
 * text unless has_numbers, as many readers round them: by their type, so that a column has one. */
void rs_cursor_add_json(const rs_cursor *cursor, size_t column, size_t row, bool has_numbers,
                        rs_buf *out);

/* What a stream's get_next() returns for a status; a cursor turns it back. */
int rs_stream_code(rs_status status);
/* The other way: RS_OK for 0, or what a call of the stream failed with, in the stream's words. */
rs_status rs_stream_check(struct ArrowArrayStream *stream, int code, rs_error *err) RS_MUST_USE;

/* The elements of a list: [*first, *end) of what rs_cursor_element_*() take. Empty for a null. */
void rs_cursor_list(const rs_cursor *cursor, size_t column, size_t row, size_t *first, size_t *end);
bool rs_cursor_element_is_null(const rs_cursor *cursor, size_t column, size_t element);
int64_t rs_cursor_element_i64(const rs_cursor *cursor, size_t column, size_t element);
double rs_cursor_element_f64(const rs_cursor *cursor, size_t column, size_t element);
rs_str rs_cursor_element_str(const rs_cursor *cursor, size_t column, size_t element);

#endif
