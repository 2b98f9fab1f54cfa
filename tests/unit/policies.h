/* SPDX-License-Identifier: Apache-2.0 */
/* policies.h - the built-in policy, once for a test program. */
#ifndef RS_TESTS_POLICIES_H
#define RS_TESTS_POLICIES_H

#include "rules/policy.h"

#include "unit/unit.h"

/* The policy of name (NULL: the built-in one) with text over it; the caller frees it. */
static inline rs_policy *policy_open(const char *text)
{
    rs_policy *policy = NULL;
    rs_error err = {0};
    rs_status status = text == NULL ? rs_policy_load(NULL, &policy, &err)
                                    : rs_policy_read("policy.yaml", rs_str_of(text), &policy, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    return policy;
}

static rs_policy *policy_kept;

static inline void policy_release(void)
{
    rs_policy_free(policy_kept);
    policy_kept = NULL;
}

/* The built-in policy; every call gives the same. */
static inline const rs_policy *policy_default(void)
{
    if (policy_kept == NULL) {
        policy_kept = policy_open(NULL);
        unit_at_end = policy_release;
    }
    return policy_kept;
}

#endif
