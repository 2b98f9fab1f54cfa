/* SPDX-License-Identifier: Apache-2.0 */
#include "run/plan.h"

#include "run/rules_document.h"

rs_status rs_plan_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_run_plan *plan = state;
    const rs_policy *policy = rs_run_policy(pipeline);
    (void)parts;
    RS_TRY(rs_rules_load(rs_run_given(pipeline, RS_THING_packs)->rules_dir, policy,
                         pipeline->engine_type->dialect, pipeline->cancelled, &plan->rules, err));
    rs_run_cost(pipeline)->n_rows = rs_rules_count(plan->rules);
    if (rs_run_given(pipeline, RS_THING_index)->scip_path == NULL) {
        rs_rules_skip_absent(plan->rules, "scip");
    }
    return rs_graph_plan_new(plan->rules, rs_run_measures(pipeline), &plan->graph, err);
}

void rs_plan_release(void *state)
{
    rs_run_plan *plan = state;
    rs_graph_plan_free(plan->graph);
    rs_rules_free(plan->rules);
}
