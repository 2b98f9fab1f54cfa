/* SPDX-License-Identifier: Apache-2.0 */
#include "run/lenses.h"

#include "run/index.h"
#include "run/memory.h"

rs_status rs_lenses_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_lens_set *lenses = state;
    rs_lens_options options = rs_lens_options_default();
    (void)parts;
    (void)err;
    options.scip = rs_run_index(pipeline);
    options.max_file_memory = pipeline->n_memory_bytes / RS_FILE_SHARE;
    rs_lens_set_init(lenses, rs_run_given(pipeline, RS_THING_tree)->languages, &options, NULL);
    rs_run_cost(pipeline)->n_rows = lenses->n_lenses;
    return RS_OK;
}
