/* SPDX-License-Identifier: Apache-2.0 */
/* align.h - the parts of interval_align: spans, and the two ways of finding partners.
 *
 * Both sides are sorted by keys, start and end, and met group by group: a group is a run of the
 * left and a run of the right whose keys are equal. Partners are looked for inside a
 * group with structures whose cost is n log n whatever the intervals are like: one
 * interval as long as the file, or a thousand nested ones, cost what any other does.
 */
#ifndef RS_KERNELS_ALIGN_H
#define RS_KERNELS_ALIGN_H

#include "base/vec.h"
#include "kernels/internal.h"

/* 0 <= start <= end: the others match nothing and never get here. */
typedef struct rs_span {
    int64_t start;
    int64_t end;
    uint32_t row; /* of its table */
} rs_span;

RS_VEC_DEFINE(rs_span_vec, rs_span)
RS_VEC_DEFINE(rs_row_vec, uint32_t)

/* One side of a group: spans sorted by start, then end. */
typedef struct rs_span_run {
    const rs_span *items;
    size_t n_items;
} rs_span_run;

/* What is found: left row by left row, its partners in the order of their rank. */
typedef struct rs_pairing {
    rs_align_mode mode;
    const uint32_t *ranks; /* of the right, by row: by the ties, then the row's name */
    uint32_t *first;       /* by left row: its first partner in `partners` */
    uint32_t *n_partners;  /* by left row */
    rs_row_vec partners;   /* rows of the right */
} rs_pairing;

/* Below, at or above 0, as a is to b. */
static inline int rs_order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* True when the two meet. */
bool rs_spans_meet(rs_align_mode mode, const rs_span *left, const rs_span *right);

/* The score of two spans that meet. */
int64_t rs_spans_score(rs_align_mode mode, const rs_span *left, const rs_span *right);

/* The order of two partners of left, the better below 0. */
int rs_partners_compare(const rs_pairing *pairing, const rs_span *left, const rs_span *a,
                        const rs_span *b);

/* Append the partners of one left row. Errors: RS_ERR_NOMEM, RS_ERR_LIMIT. */
rs_status rs_pairing_add(rs_pairing *pairing, uint32_t left_row, const uint32_t *right_rows,
                         size_t n_rows, rs_error *err) RS_MUST_USE;

/* Give every left of a group its best partner (align_best.c), or all of them (align_all.c). */
rs_status rs_align_best(rs_pairing *pairing, rs_span_run left, rs_span_run right,
                        rs_error *err) RS_MUST_USE;
rs_status rs_align_all(rs_pairing *pairing, rs_span_run left, rs_span_run right,
                       rs_error *err) RS_MUST_USE;

#endif
