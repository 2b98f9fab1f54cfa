/* SPDX-License-Identifier: Apache-2.0 */
/* relate_held.h - relationships whose rows the run holds: the engine beside (beside.h) runs all of their rules. */
#ifndef RS_RUN_RELATE_HELD_H
#define RS_RUN_RELATE_HELD_H

#include "run/collect.h"
#include "run/relate.h"

/* One worker at its work: where its rows are made, and what they cost. */
typedef struct rs_relate_worker {
    rs_pipeline *pipeline;
    size_t number;
    size_t range;
    atomic_uint_fast64_t *n_rows; /* good ones, so far */
    rs_observation *rules;        /* by rule; NULL: nobody looks */
    uint64_t *kernels;            /* the same */
    rs_output_cost *outputs;      /* by output of the plan; the same */
    rs_session *session;          /* NULL: the engine is not asked */
    void **prepared;              /* by rule, for this session; NULL: not yet */
} rs_relate_worker;

/* Room for what is held of a range. Errors: RS_ERR_NOMEM. */
rs_status rs_relations_open(const rs_pipeline *pipeline, rs_gated **out, rs_error *err) RS_MUST_USE;
/* Accepts NULL. */
void rs_relations_free(rs_gated *relations, size_t n_outputs);

/* Make the rows of a relationship, by output of the plan, and pass them through its gate. A rule that fails
 * has no rows in the range, which is recorded. */
rs_status rs_relate_hold(const rs_relate_worker *at, size_t index, rs_error *err) RS_MUST_USE;

#endif
