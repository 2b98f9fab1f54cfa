/* SPDX-License-Identifier: Apache-2.0 */
/* statistics.h - what a page or a chunk says of its values: the least, the greatest, how many are null.
 *
 * Bounds are in the order that the format defines for a type: signed numbers, texts by their bytes. Of
 * floats that are no number there are none, and a zero counts as either. Long texts are cut to bounds
 * that hold, and that say so.
 */
#ifndef RS_PARQUET_STATISTICS_H
#define RS_PARQUET_STATISTICS_H

#include "parquet/leaf.h"

enum { RS_STATISTICS_TEXT_BYTES = 64 };

typedef struct rs_bound {
    uint8_t bytes[RS_STATISTICS_TEXT_BYTES];
    size_t n_bytes;
    bool is_set;
    bool is_cut; /* no value has it: it is less, or greater, than all */
} rs_bound;

typedef struct rs_statistics {
    rs_bound least;
    rs_bound greatest;
    uint64_t n_nulls;    /* entries without a value, empty lists too */
    uint64_t n_distinct; /* 0: nobody counted */
} rs_statistics;

/* Of the runs first_run .. end_run - 1 of a leaf; numbers of nulls and distinct values are the caller's. */
void rs_statistics_bound(const rs_leaf *leaf, size_t first_run, size_t end_run, rs_statistics *out);

/* Bounds of texts. */
void rs_statistics_texts(rs_str least, rs_str greatest, rs_statistics *out);

#endif
