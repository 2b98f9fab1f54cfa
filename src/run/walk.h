/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h - the node that lists the files of the repository, and says by what names they are imported. */
#ifndef RS_RUN_WALK_H
#define RS_RUN_WALK_H

#include "modules/module_table.h"
#include "repo/walk.h"
#include "run/pipeline.h"

/* The node's state. */
typedef struct rs_walked {
    rs_repo repo;
    const rs_claims *claims[RS_MAX_LANGUAGES + 1];
    rs_module_table *modules;
} rs_walked;

rs_status rs_walk_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;
void rs_walk_release(void *state);

static inline const rs_repo *rs_run_files(const rs_pipeline *pipeline)
{
    const rs_walked *walked = rs_run_thing(pipeline, RS_THING_files);
    return &walked->repo;
}

/* What the walk has to say of files that it does not list. */
static inline const rs_repo_findings *rs_run_findings(const rs_pipeline *pipeline)
{
    const rs_walked *walked = rs_run_thing(pipeline, RS_THING_diagnostics);
    return &walked->repo.findings;
}

static inline const rs_module_table *rs_run_modules(const rs_pipeline *pipeline)
{
    const rs_walked *walked = rs_run_thing(pipeline, RS_THING_modules);
    return walked->modules;
}

/* What was asked for: a run with little memory may read less, which its files tell. */
uint64_t rs_run_max_file_bytes(const rs_run_options *options);

#endif
