/* SPDX-License-Identifier: Apache-2.0 */
#include "run/lenses.h"

#include "evidence/language.h"
#include "run/index.h"
#include "run/memory.h"
#include "run/walk.h"

static void set_limits(const rs_policy *policy, const rs_lens *lens, rs_lens_options *options)
{
    for (const rs_lens_limit *limit = lens->limits; limit != NULL && limit->name != NULL; limit++) {
        const int64_t *value = rs_policy_limit(policy, lens->name, limit->name);
        if (value != NULL) {
            *(uint64_t *)(void *)((char *)options + limit->offset) = (uint64_t)*value;
        }
    }
}

rs_lens_options rs_run_lens_options(const rs_pipeline *pipeline)
{
    rs_lens_options options = rs_lens_options_default();
    for (const rs_language *const *language = rs_languages; *language != NULL; language++) {
        for (const rs_lens *const *lens = (*language)->lenses; *lens != NULL; lens++) {
            set_limits(rs_run_policy(pipeline), *lens, &options);
        }
    }
    return options;
}

rs_status rs_lenses_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_lens_set *lenses = state;
    rs_lens_options options = rs_run_lens_options(pipeline);
    (void)parts;
    (void)err;
    options.scip = rs_run_index(pipeline);
    options.modules = rs_run_modules(pipeline);
    options.stop = pipeline->cancelled;
    options.max_file_memory = pipeline->n_memory_bytes / RS_FILE_SHARE;
    rs_lens_set_init(lenses, rs_run_given(pipeline, RS_THING_tree)->languages, &options, NULL);
    rs_run_cost(pipeline)->n_rows = lenses->n_lenses;
    return RS_OK;
}
