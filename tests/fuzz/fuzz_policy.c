/* SPDX-License-Identifier: Apache-2.0 */
/* A policy is refused with places, or its values are in range and its JSON reads back as itself. */
#include <stdlib.h>

#include "rules/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_refused(const rs_policy *policy)
{
    require(rs_policy_n_problems(policy) > 0);
    for (size_t i = 0; i < rs_policy_n_problems(policy); i++) {
        const rs_problem *problem = rs_policy_problem(policy, i);
        require(problem->line > 0 && problem->column > 0 && problem->message[0] != '\0');
        require(strcmp(problem->file, "fuzz.yaml") == 0);
    }
}

static void check_accepted(const rs_policy *policy)
{
    for (size_t i = 0; i < policy->n_confidence; i++) {
        const rs_confidence_policy *one = &policy->confidence[i];
        for (size_t w = 0; w < one->n_weights; w++) {
            double value = rs_confidence_value(one, rs_str_of(one->weights[w].source));
            require(value >= 0 && value <= 1);
        }
    }
    require(policy->lanes.n_allowed > 0);
    rs_policy *again = NULL;
    require(rs_policy_read("again.yaml", policy->json, &again, NULL) == RS_OK);
    require(strcmp(again->signature, policy->signature) == 0);
    rs_policy_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    rs_policy *policy = NULL;
    rs_str text = {(const char *)bytes, n_bytes};
    rs_status status = rs_policy_read("fuzz.yaml", text, &policy, NULL);
    require(status == RS_OK || status == RS_ERR_INVALID);
    if (status == RS_OK) {
        check_accepted(policy);
    } else {
        check_refused(policy);
    }
    rs_policy_free(policy);
    return 0;
}
