/* SPDX-License-Identifier: Apache-2.0 */
/* align.h - the order in which the rows that an interval meets are ranked.
 *
 * One table: the engine's SQL (kernel_sql.c), the lane in C (kernels/interval_align.c) and what
 * `why` tells a loser all read it. Behind these terms stand the rule's ties, then the row's name.
 */
#ifndef RS_PLAN_ALIGN_H
#define RS_PLAN_ALIGN_H

#include "schema/kernel.h"

/* What is measured of l and r, which meet; all of them are whole numbers. */
typedef enum rs_measure {
    RS_MEASURE_OVERLAP,   /* bytes that they have in common */
    RS_MEASURE_SHORTNESS, /* minus the length of r */
    RS_MEASURE_LENGTH,    /* of r */
    RS_MEASURE_START,     /* of r */
    RS_N_MEASURES
} rs_measure;

typedef struct rs_align_term {
    rs_measure measure;
    bool is_descending;
    const char *name;   /* as a person calls it */
    const char *better; /* "higher", ... */
} rs_align_term;

enum { RS_N_ALIGN_TERMS = 3 };

/* The terms of a mode, RS_N_ALIGN_TERMS; the first one is the score. */
const rs_align_term *rs_align_order(rs_align_mode mode);

/* The measure as SQL over l._start, l._end, r._start and r._end. */
const char *rs_measure_sql(rs_measure measure);

#endif
