/* SPDX-License-Identifier: Apache-2.0 */
/* internal.h - what the kernels share: inputs, values, orders and outputs.
 *
 * A row is its place in the table, from 0. A run of rows is a plain array of places; RS_NO_ROW
 * in one stands for a row of nulls.
 */
#ifndef RS_KERNELS_INTERNAL_H
#define RS_KERNELS_INTERNAL_H

#include "kernels/kernels.h"

#define RS_NO_ROW UINT32_MAX

/* --- inputs --- */

/* A table that is looked at by a kernel of that name. */
typedef struct rs_input {
    const char *kernel;
    const rs_table *table;
    struct ArrowArrayView view;
    uint32_t n_rows;
} rs_input;

/* Ownership: table is borrowed; the caller hands *in to rs_input_close(), also on failure. */
rs_status rs_input_open(rs_input *in, const rs_table *table, const char *kernel,
                        rs_error *err) RS_MUST_USE;
void rs_input_close(rs_input *in);

/* A column by name; RS_ERR_INVALID when there is none. */
rs_status rs_input_find(const rs_input *in, const char *name, size_t *column,
                        rs_error *err) RS_MUST_USE;
rs_status rs_input_column(const rs_input *in, const char *name, const struct ArrowArrayView **out,
                          rs_error *err) RS_MUST_USE;

/* RS_ERR_INVALID: "KERNEL: column NAME is no WHAT". */
rs_status rs_input_refuse(const rs_input *in, const char *column, const char *what, rs_error *err);
rs_status rs_kernel_nomem(const char *kernel, rs_error *err);

/* --- values --- */

/* What a column's values are; values of one class can be compared. */
typedef enum rs_value_kind {
    RS_IS_NOTHING, /* only nulls */
    RS_IS_BOOL,
    RS_IS_INT,
    RS_IS_FLOAT,
    RS_IS_TEXT,
    RS_IS_WORD, /* by number; text too */
    RS_IS_LIST
} rs_value_kind;

rs_value_kind rs_value_kind_of(const struct ArrowArrayView *column);

static inline bool rs_value_is_null(const struct ArrowArrayView *column, uint32_t row)
{
    return ArrowArrayViewIsNull(column, row) != 0;
}

static inline int64_t rs_value_int(const struct ArrowArrayView *column, uint32_t row)
{
    return ArrowArrayViewGetIntUnsafe(column, row);
}

/* Of text and words. */
rs_str rs_value_text(const struct ArrowArrayView *column, uint32_t row);

/* First and end of a list's elements, as rows of its child. */
uint32_t rs_list_start(const struct ArrowArrayView *column, uint32_t row);
uint32_t rs_list_end(const struct ArrowArrayView *column, uint32_t row);

/* The order of two values that are not null, as schema/kernel.h has it: below, at, above 0. */
int rs_value_compare(const struct ArrowArrayView *column, uint32_t a, uint32_t b);

/* --- orders --- */

typedef struct rs_term {
    const struct ArrowArrayView *column;
    bool descending;
    bool nulls_first;
} rs_term;

/* A list of terms; the first n_keys are those of keys. */
typedef struct rs_terms {
    rs_term *items;
    size_t n_items;
    size_t n_keys;
} rs_terms;

/*
 * Make the terms of keys, then score (NULL: none), then order; and unless that is total: of every column
 * of the input that is in none of them.
 */
rs_status rs_terms_make(const rs_input *in, const rs_names *keys, const char *score,
                        const rs_order *order, rs_terms *out, rs_error *err) RS_MUST_USE;
void rs_terms_release(rs_terms *terms);

/* Two rows by the first n_terms of terms. */
int rs_terms_compare(const rs_terms *terms, size_t n_terms, uint32_t a, uint32_t b);
/* rows[i], sorted by terms, is the first of its key. */
bool rs_terms_start_key(const rs_terms *terms, const uint32_t *rows, size_t i);

typedef int (*rs_compare_rows)(const void *context, uint32_t a, uint32_t b);

/* Sort; equal ones stay in their order. Errors: RS_ERR_NOMEM. */
rs_status rs_rows_sort(uint32_t *rows, size_t n_rows, rs_compare_rows compare, const void *context,
                       rs_error *err) RS_MUST_USE;

/* The same by terms. */
rs_status rs_rows_sort_by(uint32_t *rows, size_t n_rows, const rs_terms *terms,
                          rs_error *err) RS_MUST_USE;

/* All rows of an input in their order; NULL when memory is out. */
uint32_t *rs_rows_all(const rs_input *in);

/* --- outputs --- */

/* Columns are added from left to right; then the rows are made. */
typedef struct rs_kernel_output {
    const char *kernel;
    rs_table table;
    size_t n_columns; /* added */
} rs_kernel_output;

rs_status rs_kernel_output_begin(rs_kernel_output *out, const char *kernel, size_t n_columns,
                                 rs_error *err) RS_MUST_USE;
/* A column of a type of our own, or of an input's; name NULL: the input's. */
rs_status rs_kernel_output_add(rs_kernel_output *out, const char *name, enum ArrowType type,
                               rs_error *err) RS_MUST_USE;
rs_status rs_kernel_output_add_like(rs_kernel_output *out, const char *name,
                                    const struct ArrowSchema *like, rs_error *err) RS_MUST_USE;
/* Of lists of them; lists of words are lists of text. */
rs_status rs_kernel_output_add_list_of(rs_kernel_output *out, const struct ArrowSchema *like,
                                       rs_error *err) RS_MUST_USE;
/* All columns are added: make room for their arrays. */
rs_status rs_kernel_output_start_rows(rs_kernel_output *out, rs_error *err) RS_MUST_USE;
/* The values are there: move the table to *result. */
rs_status rs_kernel_output_finish(rs_kernel_output *out, size_t n_rows, rs_table *result,
                                  rs_error *err) RS_MUST_USE;
void rs_kernel_output_release(rs_kernel_output *out);

static inline struct ArrowArray *rs_kernel_output_column(rs_kernel_output *out, size_t column)
{
    return out->table.rows.children[column];
}

/* Append the values of rows to an empty array of the same type. */
rs_status rs_take(const char *kernel, const struct ArrowArrayView *from, const uint32_t *rows,
                  size_t n_rows, struct ArrowArray *to, rs_error *err) RS_MUST_USE;

/* The same from words to an array of text. */
rs_status rs_take_text(const char *kernel, const struct ArrowArrayView *from, const uint32_t *rows,
                       size_t n_rows, struct ArrowArray *to, rs_error *err) RS_MUST_USE;

/* A table of the rows of an input. */
rs_status rs_take_rows(const rs_input *in, const uint32_t *rows, size_t n_rows, rs_table *out,
                       rs_error *err) RS_MUST_USE;

/* Room for n values of a fixed size in an empty array, which the caller fills; NULL: no memory. */
void *rs_fill_fixed(struct ArrowArray *array, size_t n_values, size_t n_value_bytes);

#endif
