/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/lane.h"

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
