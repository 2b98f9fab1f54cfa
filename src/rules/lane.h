/* SPDX-License-Identifier: Apache-2.0 */
/* lane.h - the router: who runs a kernel, by the policy. */
#ifndef RS_RULES_LANE_H
#define RS_RULES_LANE_H

#include "plan/plan.h"
#include "rules/policy.h"

typedef struct rs_lane_choice {
    rs_kernel_id kernel;
    rs_lane lane;
    bool is_violation;  /* no allowed lane can run it: it runs all the same, and that is reported */
    const char *reason; /* a constant */
} rs_lane_choice;

/* The most welcome allowed lane of those available (at least one); else the kernel's best. */
rs_lane_choice rs_lane_choose(const rs_policy *policy, rs_kernel_id kernel, unsigned available);

/*
 * The lane of a step's call. Where another lane than the kernel's best is known to cost less
 * (rs_kernel_cheapest_lane()), it is taken if the policy allows it at all: for an alignment that is not
 * exact the engine makes every pair before it chooses, which nested intervals make many.
 */
rs_lane_choice rs_lane_choose_for(const rs_policy *policy, const rs_kernel_call *call);

/* The lane of a kernel that stands in a statement of the engine: one of those inside of it. */
rs_lane_choice rs_lane_choose_inside(const rs_policy *policy, rs_kernel_id kernel);

/* The dialect that rules are written in, once the policy has said who makes their ids. */
const rs_dialect *rs_lane_dialect(const rs_policy *policy, const rs_dialect *dialect);

enum { RS_RULE_MAX_KERNELS = 4 };

/*
 * The kernels of a rule's own rows in the order that they run in, each with the lane that the policy
 * gives it: those of its steps, then stable_id where one of its expressions makes an id. Returns how
 * many there are. The gate's kernels are its output's (graph/gate.h).
 */
size_t rs_rule_lanes(const rs_plan *plan, const rs_policy *policy,
                     rs_lane_choice lanes[RS_RULE_MAX_KERNELS]);

/* "relationships" or "cpg": what a rule's rows are part of. */
const char *rs_rule_domain(const rs_plan *plan);

#endif
