/* SPDX-License-Identifier: Apache-2.0 */
/* count.h - the node that counts nodes and edges by kind, as their files were written. */
#ifndef RS_RUN_COUNT_H
#define RS_RUN_COUNT_H

#include "base/json.h"
#include "run/pipeline.h"

typedef struct rs_counts {
    json_t *kinds; /* {"edges": {kind: n}, "nodes": {kind: n}} */
} rs_counts;

rs_status rs_count_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                       rs_error *err) RS_MUST_USE;
void rs_count_release(void *state);

static inline const rs_counts *rs_run_counts(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_counts);
}

#endif
