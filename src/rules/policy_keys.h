/* SPDX-License-Identifier: Apache-2.0 */
/* policy_keys.h - every key of a policy file: one table for the loader, the JSON and the docs.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_RULES_POLICY_KEYS_H
#define RS_RULES_POLICY_KEYS_H

#include "rules/policy.h"

/* What the loader does with a key. */
typedef enum rs_policy_key_kind {
    RS_POLICY_PART,  /* has a reader of its own in policy_load.c */
    RS_POLICY_WORD,  /* const char *: `word`, the only one so far */
    RS_POLICY_NAME,  /* const char * */
    RS_POLICY_BOOL,  /* bool */
    RS_POLICY_COUNT, /* int64_t, 0 to RS_POLICY_MAX_COUNT */
    RS_POLICY_LIMIT, /* int64_t, 1 to RS_POLICY_MAX_LIMIT */
    RS_POLICY_LANES  /* lanes.allowed */
} rs_policy_key_kind;

enum { RS_POLICY_MAX_COUNT = 1000 };
#define RS_POLICY_MAX_LIMIT (INT64_C(1) << 40)

/* A setting stands in a section of the file, which its key's `where` names. */
typedef struct rs_policy_setting {
    rs_policy_key key;
    rs_policy_key_kind kind;
    size_t offset; /* of its value in rs_policy; of no meaning for a part */
    const char *word;
} rs_policy_setting;

#define RS_POLICY_FILE "a policy file"
#define RS_POLICY_CONFIDENCE "a confidence policy"
#define RS_POLICY_AMBIGUITY "an ambiguity policy"
#define RS_POLICY_WINNER "winner"

/* By `where`, sections and their settings by name; NULL behind the last. */
const rs_policy_setting *rs_policy_setting_get(size_t index);

/* Fill json and signature from all else. False when memory is out. */
bool rs_policy_sign(rs_policy *policy);

#endif
