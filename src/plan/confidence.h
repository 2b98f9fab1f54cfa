/* SPDX-License-Identifier: Apache-2.0 */
/* confidence.h - how far a match is to be believed, in numbers: a policy that was resolved. */
#ifndef RS_PLAN_CONFIDENCE_H
#define RS_PLAN_CONFIDENCE_H

#include "plan/problem.h"

/* What a row gains or loses by the source that it came from. */
typedef struct rs_source_weight {
    const char *source; /* value of the row's source column */
    double weight;      /* -1 to 1 */
    rs_place place;
} rs_source_weight;

typedef struct rs_confidence_policy {
    const char *name;
    const char *doc;                 /* "" where nothing is said */
    rs_place place;                  /* of its name */
    double base;                     /* 0 to 1 */
    double penalty;                  /* 0 to 1 */
    const rs_source_weight *weights; /* by source */
    size_t n_weights;
} rs_confidence_policy;

#endif
