/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/policy.h"

#include "rules/policy_keys.h"

#include "rules/fields.h"

/* --- reading problems --- */

size_t rs_policy_n_problems(const rs_policy *policy)
{
    return policy->problems.list.n_items;
}

const rs_problem *rs_policy_problem(const rs_policy *policy, size_t index)
{
    return &policy->problems.list.items[index];
}

void rs_policy_free(rs_policy *policy)
{
    if (policy == NULL) {
        return;
    }
    rs_problem_vec_release(&policy->problems.list);
    rs_arena_release(&policy->arena);
    rs_free(policy);
}

/* --- looking things up --- */

double rs_confidence_value(const rs_confidence_policy *policy, rs_str source)
{
    double value = policy->base - policy->penalty;
    for (size_t i = 0; i < policy->n_weights; i++) {
        if (rs_str_equal(rs_str_of(policy->weights[i].source), source)) {
            value += policy->weights[i].weight;
        }
    }
    value = value < 0 ? 0 : value > 1 ? 1 : value;
    return (double)(int64_t)(value * RS_FIELD_UNITS + 0.5) / RS_FIELD_UNITS;
}

const rs_confidence_policy *rs_policy_confidence(const rs_policy *policy, rs_str name)
{
    for (size_t i = 0; i < policy->n_confidence; i++) {
        if (rs_str_equal(rs_str_of(policy->confidence[i].name), name)) {
            return &policy->confidence[i];
        }
    }
    return NULL;
}

const rs_ambiguity_policy *rs_policy_ambiguity(const rs_policy *policy, rs_str name)
{
    for (size_t i = 0; i < policy->n_ambiguity; i++) {
        if (rs_str_equal(rs_str_of(policy->ambiguity[i].name), name)) {
            return &policy->ambiguity[i];
        }
    }
    return NULL;
}

const rs_confidence_policy *rs_policy_require_confidence(const rs_policy *policy, rs_str name,
                                                         rs_place place, rs_problems *problems)
{
    const rs_confidence_policy *found = rs_policy_confidence(policy, name);
    if (found == NULL) {
        rs_nearest nearest = {.name = name};
        for (size_t i = 0; i < policy->n_confidence; i++) {
            rs_nearest_offer(&nearest, policy->confidence[i].name);
        }
        rs_problems_add(problems, place, "unknown confidence policy %.*s%s",
                        (int)(name.n_bytes < 60 ? name.n_bytes : 60), name.bytes,
                        rs_nearest_hint(&nearest, problems->arena));
    }
    return found;
}

const rs_ambiguity_policy *rs_policy_require_ambiguity(const rs_policy *policy, rs_str name,
                                                       rs_place place, rs_problems *problems)
{
    const rs_ambiguity_policy *found = rs_policy_ambiguity(policy, name);
    if (found == NULL) {
        rs_nearest nearest = {.name = name};
        for (size_t i = 0; i < policy->n_ambiguity; i++) {
            rs_nearest_offer(&nearest, policy->ambiguity[i].name);
        }
        rs_problems_add(problems, place, "unknown ambiguity policy %.*s%s",
                        (int)(name.n_bytes < 60 ? name.n_bytes : 60), name.bytes,
                        rs_nearest_hint(&nearest, problems->arena));
    }
    return found;
}

size_t rs_policy_lane_rank(const rs_policy *policy, rs_lane lane)
{
    size_t rank = 0;
    while (rank < policy->lanes.n_allowed && policy->lanes.allowed[rank] != lane) {
        rank++;
    }
    return rank;
}

const int64_t *rs_policy_limit(const rs_policy *policy, const char *lens, const char *limit)
{
    size_t n_lens = strlen(lens);
    for (size_t i = 0; rs_policy_setting_get(i) != NULL; i++) {
        const rs_policy_setting *setting = rs_policy_setting_get(i);
        const char *name = setting->key.name;
        if (setting->kind == RS_POLICY_LIMIT && strncmp(name, lens, n_lens) == 0 &&
            name[n_lens] == '_' && strcmp(name + n_lens + 1, limit) == 0) {
            return (const int64_t *)(const void *)((const char *)policy + setting->offset);
        }
    }
    return NULL;
}
