/* SPDX-License-Identifier: Apache-2.0 */
/* origin.h - which commit the sources of a run are of. */
#ifndef RS_RUN_ORIGIN_H
#define RS_RUN_ORIGIN_H

#include "base/json.h"
#include "run/pipeline.h"

/* {commit, branch, is_dirty}; null outside a repository. What git cannot tell is null. */
json_t *rs_run_origin(const rs_pipeline *pipeline, bool *failed);

#endif
