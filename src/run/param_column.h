/* SPDX-License-Identifier: Apache-2.0 */
/* param_column.h - the values of a param table as they were written, into one Arrow column.
 *
 * Texts are read by the type that the pack declares and appended to the column's buffers; what
 * does not fit is refused with what was expected and what was found.
 *
 * Threads: one at a time for each column.
 */
#ifndef RS_RUN_PARAM_COLUMN_H
#define RS_RUN_PARAM_COLUMN_H

#include "plan/expr.h"
#include "schema/table.h"

/* What the text of a value says of its type. */
typedef enum rs_cell_kind {
    RS_CELL_ANY, /* nothing: a field of a CSV file, a word of the command line */
    RS_CELL_TEXT,
    RS_CELL_NUMBER,
    RS_CELL_BOOL,
    RS_CELL_NULL
} rs_cell_kind;

typedef struct rs_cell {
    rs_cell_kind kind;
    rs_str text; /* borrowed during the call */
} rs_cell;

/* All-zero is none. */
typedef struct rs_param_column {
    const rs_param_table *param; /* borrowed */
    rs_table table;              /* of one column, under the param's key */
} rs_param_column;

/*
 * A column without values.
 *
 * Ownership: the caller hands *column to rs_table_release(&column->table), also on failure.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_param_column_begin(rs_param_column *column, const rs_param_table *param,
                                rs_error *err) RS_MUST_USE;

/* Append a value. Errors: RS_ERR_INVALID "expected a whole number, found "abc""; RS_ERR_NOMEM. */
rs_status rs_param_column_add(rs_param_column *column, const rs_cell *cell,
                              rs_error *err) RS_MUST_USE;

/* The values are complete: column->table is a table from here on. */
rs_status rs_param_column_finish(rs_param_column *column, rs_error *err) RS_MUST_USE;

/* A value that came typed: is it one of the param's words? Errors: as rs_param_column_add(). */
rs_status rs_param_check_word(const rs_param_table *param, rs_str word, rs_error *err) RS_MUST_USE;

/* RS_ERR_INVALID "expected a whole number of 32 bits, found 4294967296". */
rs_status rs_param_refuse(const rs_param_table *param, const rs_cell *cell, rs_error *err);

/* What is expected of a value: "a whole number", "a word of context". */
const char *rs_param_expectation(const rs_param_table *param, rs_buf *text);

#endif
