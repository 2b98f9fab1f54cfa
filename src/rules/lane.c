/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/lane.h"

#include "plan/steps.h"

rs_lane_choice rs_lane_choose(const rs_policy *policy, rs_kernel_id kernel, unsigned available)
{
    const rs_kernel_info *info = rs_kernel_get(kernel);
    rs_lane_choice choice = {.kernel = kernel,
                             .is_violation = true,
                             .reason = "no lane that the policy allows can run it here"};
    RS_ASSERT(available != 0);
    for (size_t i = info->n_lanes; i-- > 0;) {
        if ((available & RS_LANE_BIT(info->lanes[i])) != 0) {
            choice.lane = info->lanes[i];
        }
    }
    for (size_t i = 0; i < policy->lanes.n_allowed; i++) {
        if ((available & RS_LANE_BIT(policy->lanes.allowed[i])) != 0) {
            choice.lane = policy->lanes.allowed[i];
            choice.is_violation = false;
            choice.reason = "the most welcome lane that can run it here";
            break;
        }
    }
    return choice;
}

rs_lane_choice rs_lane_choose_for(const rs_policy *policy, const rs_kernel_call *call)
{
    rs_lane cheapest = rs_kernel_cheapest_lane(call);
    bool is_allowed = rs_policy_lane_rank(policy, cheapest) < policy->lanes.n_allowed;
    if (is_allowed && (RS_STEP_LANES & RS_LANE_BIT(cheapest)) != 0 &&
        cheapest != rs_kernel_get(call->kernel)->lanes[0]) {
        return (rs_lane_choice){
            .kernel = call->kernel,
            .lane = cheapest,
            .reason = "it costs less here: the engine makes every pair before it chooses"};
    }
    return rs_lane_choose(policy, call->kernel, RS_STEP_LANES);
}

/* Ids have a function of ours inside the engine; all other kernels are its own SQL there. */
rs_lane_choice rs_lane_choose_inside(const rs_policy *policy, rs_kernel_id kernel)
{
    const rs_kernel_info *info = rs_kernel_get(kernel);
    unsigned available = 0;
    for (size_t i = 0; i < info->n_lanes; i++) {
        available |= info->lanes[i] != RS_LANE_ARROW_FALLBACK ? RS_LANE_BIT(info->lanes[i]) : 0;
    }
    return rs_lane_choose(policy, kernel, available);
}

/* --- the kernels of a rule --- */

static bool makes_id(const rs_expr *expr)
{
    bool found = expr != NULL && expr->function != NULL && expr->function->makes_id;
    for (const rs_expr *child = expr != NULL ? expr->first : NULL; child != NULL && !found;
         child = child->next) {
        found = makes_id(child);
    }
    return found;
}

static bool any_makes_id(rs_expr *const *exprs, size_t n_exprs)
{
    for (size_t i = 0; i < n_exprs; i++) {
        if (makes_id(exprs[i])) {
            return true;
        }
    }
    return false;
}

static bool plan_makes_id(const rs_plan *plan)
{
    for (size_t i = 0; i < plan->n_selects; i++) {
        const rs_select *select = &plan->selects[i];
        if (any_makes_id(select->columns, select->output->n_columns)) {
            return true;
        }
    }
    rs_expr *const conditions[] = {plan->on, plan->where, plan->filter};
    return any_makes_id(conditions, sizeof conditions / sizeof conditions[0]) ||
           any_makes_id(plan->columns, RS_PLAN_MAX_COLUMNS);
}

/* Ids are made where an expression stands: in the engine. */
static rs_lane_choice choose_for_ids(const rs_policy *policy)
{
    return rs_lane_choose_inside(policy, RS_KERNEL_stable_id);
}

const rs_dialect *rs_lane_dialect(const rs_policy *policy, const rs_dialect *dialect)
{
    bool is_builtin = choose_for_ids(policy).lane == RS_LANE_BUILTIN;
    return is_builtin && dialect->own_ids != NULL ? dialect->own_ids : dialect;
}

size_t rs_rule_lanes(const rs_plan *plan, const rs_policy *policy,
                     rs_lane_choice lanes[RS_RULE_MAX_KERNELS])
{
    size_t n_lanes = 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].call != NULL) {
            RS_ASSERT(n_lanes + 1 < RS_RULE_MAX_KERNELS);
            lanes[n_lanes++] = rs_lane_choose_for(policy, plan->steps[i].call);
        }
    }
    RS_ASSERT(n_lanes < RS_RULE_MAX_KERNELS);
    if (plan_makes_id(plan)) {
        lanes[n_lanes++] = choose_for_ids(policy);
    }
    return n_lanes;
}

const char *rs_rule_domain(const rs_plan *plan)
{
    return plan->form == RS_EMIT_ROWS ? "relationships" : "cpg";
}
