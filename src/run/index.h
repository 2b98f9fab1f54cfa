/* SPDX-License-Identifier: Apache-2.0 */
/* index.h - the node that walks a SCIP index, where one is given. */
#ifndef RS_RUN_INDEX_H
#define RS_RUN_INDEX_H

#include "evidence/scip/scip.h"
#include "run/pipeline.h"

/* State: an rs_scip_index. One that cannot be used is a diagnostic, no failure. */
rs_status rs_index_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                       rs_error *err) RS_MUST_USE;
bool rs_index_is_wanted(const rs_pipeline *pipeline);
void rs_index_release(void *state);

/* NULL where none is given. */
static inline const rs_scip_index *rs_run_index(const rs_pipeline *pipeline)
{
    const rs_scip_index *index = rs_run_thing(pipeline, RS_THING_scip_index);
    return rs_run_has(pipeline, RS_THING_scip_index) ? index : NULL;
}

#endif
