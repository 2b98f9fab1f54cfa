/* SPDX-License-Identifier: Apache-2.0 */
/* embedded.h - the rule packs and the policy that the library carries in itself.
 *
 * The table is made at build time by cmake/embed.cmake from the packs that
 * rules/sources.cmake lists, in that order, and from rules/policy.yaml.
 */
#ifndef RS_RULES_EMBEDDED_H
#define RS_RULES_EMBEDDED_H

#include <stddef.h>

typedef struct rs_embedded_pack {
    const char *name; /* its path under rules/: "python/nodes.yaml" */
    const char *bytes;
    size_t n_bytes; /* a NUL stands behind them */
} rs_embedded_pack;

extern const rs_embedded_pack rs_embedded_packs[]; /* rs_n_embedded_packs of them */
extern const size_t rs_n_embedded_packs;
extern const rs_embedded_pack rs_embedded_policy; /* the defaults of rules/policy.h */

#endif
