/* SPDX-License-Identifier: Apache-2.0 */
/* lenses.h - the node that says which lenses look at the files, and what they are told. */
#ifndef RS_RUN_LENSES_H
#define RS_RUN_LENSES_H

#include "evidence/extract.h"
#include "run/pipeline.h"

/* State: an rs_lens_set. */
rs_status rs_lenses_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                        rs_error *err) RS_MUST_USE;

/* What the policy says of the lenses' limits; without an index. */
rs_lens_options rs_run_lens_options(const rs_pipeline *pipeline);

static inline const rs_lens_set *rs_run_lenses(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_lenses);
}

#endif
