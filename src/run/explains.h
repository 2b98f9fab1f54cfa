/* SPDX-License-Identifier: Apache-2.0 */
/* explains.h - the node that asks the engine how it would run each rule of the graph. */
#ifndef RS_RUN_EXPLAINS_H
#define RS_RUN_EXPLAINS_H

#include "run/pipeline.h"

/* No state: plans are rows of the collector. */
rs_status rs_explain_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                         rs_error *err) RS_MUST_USE;
bool rs_explain_is_wanted(const rs_pipeline *pipeline);

#endif
