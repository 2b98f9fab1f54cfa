/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - the node that puts together what the files say to each other. */
#ifndef RS_RUN_LINK_H
#define RS_RUN_LINK_H

#include "evidence/extract.h"
#include "run/pipeline.h"

/* State: an rs_linked. */
rs_status rs_link_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;
void rs_link_release(void *state);

static inline const rs_linked *rs_run_linked(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_linked);
}

#endif
