/* SPDX-License-Identifier: Apache-2.0 */
#include "run/index.h"

#include "evidence/lens.h"
#include "run/lenses.h"
#include "run/walk.h"

bool rs_index_is_wanted(const rs_pipeline *pipeline)
{
    return pipeline->options->scip_path != NULL;
}

rs_status rs_index_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_scip_index *index = state;
    (void)parts;
    rs_lens_options options = rs_run_lens_options(pipeline);
    options.stop = pipeline->cancelled;
    RS_TRY(rs_scip_open(index, rs_run_given(pipeline, RS_THING_index)->scip_path, &options, err));
    RS_TRY(rs_scip_match(index, &rs_run_files(pipeline)->files, err));
    rs_run_cost(pipeline)->n_rows = index->documents.n_items;
    rs_run_cost(pipeline)->n_bytes = index->n_bytes;
    return RS_OK;
}

void rs_index_release(void *state)
{
    rs_scip_release(state);
}
