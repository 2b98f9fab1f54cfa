/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

const char *rs_wave_name(rs_wave wave)
{
    static const char *const names[] = {"part", "linked", "run"};
    return names[wave];
}

size_t rs_plan_relationship(const rs_plan *plan)
{
    for (size_t i = 0; i < plan->n_inputs; i++) {
        if (strcmp(plan->inputs[i].dataset->lens, "relationship") == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}
