/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h - the node that lists the files of the repository. */
#ifndef RS_RUN_WALK_H
#define RS_RUN_WALK_H

#include "repo/walk.h"
#include "run/pipeline.h"

/* State: an rs_repo. */
rs_status rs_walk_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;
void rs_walk_release(void *state);

static inline const rs_repo *rs_run_files(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_files);
}

/* What the walk has to say of files that it does not list. */
static inline const rs_repo_findings *rs_run_findings(const rs_pipeline *pipeline)
{
    const rs_repo *repo = rs_run_thing(pipeline, RS_THING_diagnostics);
    return &repo->findings;
}

/* What was asked for: a run with little memory may read less, which its files tell. */
uint64_t rs_run_max_file_bytes(const rs_run_options *options);

#endif
