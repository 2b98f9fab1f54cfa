/* SPDX-License-Identifier: Apache-2.0 */
/* ends.h - the node that looks at rows for what kinds require and no rule proves.
 *
 * Edges end at nodes, of the kinds that theirs says; nodes have the properties that theirs requires;
 * properties are of what is there. The built-in rules keep to that (`relspec doctor` looks at every row);
 * rows of rules that were given to the run are looked at as far as their plans do not prove it
 * (plan/proof.c), and all of them where a rule failed or a node was kept out. What is wrong becomes a
 * reject with its reason.
 */
#ifndef RS_RUN_ENDS_H
#define RS_RUN_ENDS_H

#include "run/pipeline.h"

rs_status rs_ends_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                      rs_error *err) RS_MUST_USE;

#endif
