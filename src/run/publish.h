/* SPDX-License-Identifier: Apache-2.0 */
/* publish.h - the node that describes what was written, and gives the bundle its name. */
#ifndef RS_RUN_PUBLISH_H
#define RS_RUN_PUBLISH_H

#include "base/json.h"
#include "run/pipeline.h"

typedef struct rs_publication {
    json_t *manifest;
} rs_publication;

rs_status rs_publish_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                         rs_error *err) RS_MUST_USE;
void rs_publish_release(void *state);

static inline const rs_publication *rs_run_publication(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_bundle);
}

#endif
