/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - what a file came to, column by column, so that nobody has to read it for that.
 *
 * Threads: a tally belongs to the writer that it was given to, until that is closed.
 */
#ifndef RS_PARQUET_TALLY_H
#define RS_PARQUET_TALLY_H

#include "base/arena.h"
#include "base/vec.h"
#include "parquet/parquet.h"

/* How many rows have a value. */
typedef struct rs_tally_count {
    rs_str value; /* in the tally's arena */
    uint64_t n_rows;
} rs_tally_count;

RS_VEC_DEFINE(rs_tally_count_vec, rs_tally_count)

typedef struct rs_tally_column {
    uint64_t n_nulls;
    uint64_t n_bytes; /* stored, headers of pages and keys of maps among them */
} rs_tally_column;

enum { RS_TALLY_COLUMNS = 64 };

/* All-zero is empty, and counts no values. */
struct rs_parquet_tally {
    const char *counted; /* set by the caller: a column of single texts or words; NULL: none */
    /* Set by the caller; NULL: nobody looks. Called once without vectors when a file begins, then with rows as
     * they are pushed. */
    void (*see)(void *seer, const rs_parquet_column *columns, size_t n_columns,
                const rs_parquet_vector *vectors, size_t n_rows);
    void *seer;
    uint64_t n_groups;
    size_t n_columns; /* 0 for a file without rows */
    rs_tally_column columns[RS_TALLY_COLUMNS];
    rs_tally_count_vec
        counts; /* of the counted column's values, in order of their first row; no null */
    rs_arena arena;
};

/* Empty again; what the caller set stays. */
void rs_parquet_tally_reset(rs_parquet_tally *self);
void rs_parquet_tally_release(rs_parquet_tally *self);

/* --- for the writer --- */

struct rs_leaf;

/* Take in the values of a leaf that was finished. Errors: RS_ERR_NOMEM. */
rs_status rs_parquet_tally_count(rs_parquet_tally *self, const struct rs_leaf *leaf,
                                 rs_error *err) RS_MUST_USE;

#endif
