/* SPDX-License-Identifier: Apache-2.0 */
/* lane.h - the router: who runs a kernel, by the policy. */
#ifndef RS_RULES_LANE_H
#define RS_RULES_LANE_H

#include "rules/policy.h"
#include "schema/kernel.h"

/* Lanes that can run a kernel where it stands, a bit each. */
#define RS_LANE_BIT(lane) (1u << (unsigned)(lane))

typedef struct rs_lane_choice {
    rs_kernel_id kernel;
    rs_lane lane;
    bool is_violation;  /* no allowed lane can run it: it runs all the same, and that is reported */
    const char *reason; /* a constant */
} rs_lane_choice;

/* The most welcome allowed lane of those available (at least one); else the kernel's best. */
rs_lane_choice rs_lane_choose(const rs_policy *policy, rs_kernel_id kernel, unsigned available);

#endif
