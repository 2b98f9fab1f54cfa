/* SPDX-License-Identifier: Apache-2.0 */
/* table.h - rows as Arrow has them: the currency between engine, kernels and files.
 *
 * A table is one record batch with its schema. What engine and kernels make and take has
 * columns of these types only, in one struct array without an offset or nulls of its own:
 *
 *   null bool int32 int64 float32 float64 utf8      NULL BOOLEAN INTEGER BIGINT FLOAT DOUBLE VARCHAR
 *   dictionary of utf8 by uint8, uint16 or uint32   ENUM: a word by its number, which orders it too
 *   list of one of the above but the dictionary     T[]
 *   map from utf8 to one of those                   MAP(VARCHAR, T): into the engine, and never back;
 *                                                   no kernel takes one
 *
 * Offsets are of 32 bits: a column of 2 GiB of text or more is RS_ERR_LIMIT.
 *
 * Threads: one at a time; read-only it may be shared.
 */
#ifndef RS_SCHEMA_TABLE_H
#define RS_SCHEMA_TABLE_H

#include "base/error.h"
#include "base/str.h"
#include "schema/arrow.h"

/* All-zero is no table. Both are released by rs_table_release(), or moved out by who takes them. */
typedef struct rs_table {
    struct ArrowSchema schema;
    struct ArrowArray rows;
} rs_table;

void rs_table_release(rs_table *table);

static inline size_t rs_table_n_rows(const rs_table *table)
{
    return (size_t)table->rows.length;
}

static inline size_t rs_table_n_columns(const rs_table *table)
{
    return (size_t)table->schema.n_children;
}

/* The name of a column; "" for none. */
const char *rs_table_column_name(const rs_table *table, size_t column);

/* By name; false when there is none. */
bool rs_table_find_column(const rs_table *table, const char *name, size_t *column);

/*
 * Look at the table's values through *view, one child a column.
 *
 * Refuses types other than those above, and buffers that contradict each other.
 * Ownership: the caller hands *view, which borrows the table, to ArrowArrayViewReset(), also
 * on failure.
 * Errors: RS_ERR_INVALID, RS_ERR_NOMEM.
 */
rs_status rs_table_open(const rs_table *table, struct ArrowArrayView *view,
                        rs_error *err) RS_MUST_USE;

/*
 * Close rows that were appended. What is behind the last row in a byte of validity is 0 then, and not
 * as memory was: equal rows are equal bytes. *error may have been set to what a refusal without
 * words means.
 */
ArrowErrorCode rs_arrow_finish(struct ArrowArray *rows, struct ArrowError *error) RS_MUST_USE;

/* The status of what nanoarrow answered; "what: its message" where that is a failure. */
rs_status rs_arrow_status(ArrowErrorCode code, const struct ArrowError *arrow_error,
                          const char *what, rs_error *err) RS_MUST_USE;

#endif
