/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h - the node that loads the rules and plans what they make. */
#ifndef RS_RUN_PLAN_H
#define RS_RUN_PLAN_H

#include "graph/emit.h"
#include "rules/rules.h"
#include "run/pipeline.h"

typedef struct rs_run_plan {
    rs_rules *rules;
    rs_graph_plan *graph;
} rs_run_plan;

rs_status rs_plan_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;
void rs_plan_release(void *state);

static inline const rs_rules *rs_run_rules(const rs_pipeline *pipeline)
{
    const rs_run_plan *plan = rs_run_thing(pipeline, RS_THING_plan);
    return plan->rules;
}

static inline const rs_graph_plan *rs_run_graph_plan(const rs_pipeline *pipeline)
{
    const rs_run_plan *plan = rs_run_thing(pipeline, RS_THING_plan);
    return plan->graph;
}

#endif
