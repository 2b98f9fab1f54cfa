/* SPDX-License-Identifier: Apache-2.0 */
#include "run/link.h"

#include "run/extract.h"
#include "run/group.h"
#include "run/lenses.h"

rs_status rs_link_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)parts;
    return rs_lenses_link(rs_run_lenses(pipeline), rs_run_summaries(pipeline),
                          rs_run_parts(pipeline)->n_parts, state, err);
}

void rs_link_release(void *state)
{
    rs_linked_release(state);
}
