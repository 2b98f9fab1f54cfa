/* SPDX-License-Identifier: Apache-2.0 */
/* bind.h - the node that lets the engine scan the evidence. */
#ifndef RS_RUN_BIND_H
#define RS_RUN_BIND_H

#include "run/pipeline.h"

/* State: a size_t, how many parts the engine has room for. */
rs_status rs_bind_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;

/* For who reads evidence through the engine. */
static inline void rs_run_scans(const rs_pipeline *pipeline)
{
    (void)rs_run_thing(pipeline, RS_THING_scans);
}

/* What is known of the texts of these parts has changed. Errors: RS_ERR_NOMEM. */
rs_status rs_bind_again(const rs_pipeline *pipeline, rs_part_span parts, rs_error *err) RS_MUST_USE;

#endif
