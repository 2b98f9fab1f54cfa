/* SPDX-License-Identifier: Apache-2.0 */
#include "run/count.h"

#include "run/draft.h"
#include "run/sessions.h"

rs_status rs_count_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_counts *counts = state;
    (void)parts;
    (void)rs_run_thing(pipeline, RS_THING_graph_files);
    (void)rs_run_thing(pipeline, RS_THING_run_files);
    (void)rs_run_thing(pipeline, RS_THING_contracts);
    return rs_bundle_count_kinds(rs_run_session(pipeline, 0),
                                 rs_run_draft(pipeline)->directory.bytes, &counts->kinds, err);
}

void rs_count_release(void *state)
{
    rs_counts *counts = state;
    json_decref(counts->kinds);
}
