/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

static const char *const rule_kinds[] = {
    [RS_RULE_FILTER_PROJECT] = "filter_project", [RS_RULE_HASH_JOIN] = "hash_join",
    [RS_RULE_INTERVAL_ALIGN] = "interval_align", [RS_RULE_EXPLODE_LIST] = "explode_list",
    [RS_RULE_UNION_ALL] = "union_all",           [RS_RULE_WINNER_SELECT] = "winner_select",
    [RS_RULE_AGGREGATE] = "aggregate",
};

static const char *const joins[] = {
    [RS_JOIN_INNER] = "inner",
    [RS_JOIN_LEFT] = "left",
    [RS_JOIN_SEMI] = "semi",
    [RS_JOIN_ANTI] = "anti",
};

const char *rs_rule_kind_name(rs_rule_kind kind)
{
    return rule_kinds[kind];
}

const char *rs_join_name(rs_join join)
{
    return joins[join];
}

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
