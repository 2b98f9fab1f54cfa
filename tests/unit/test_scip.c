/* SPDX-License-Identifier: Apache-2.0 */
/* An index from its bytes to rows, where memory runs out. What the rows are: tests/scip. */
#include <stdlib.h>

#include "evidence/extract.h"
#include "evidence/scip/scip.h"
#include "unit/unit.h"

static const char text[] = "name = 1\nclass A:\n    pass\n";

typedef struct scip_run {
    rs_scip_index index;
    rs_summaries summaries;
    rs_linked linked;
    rs_lens_options options;
    rs_lens_set lenses;
    rs_part parts[2]; /* of the file, of what lies in none */
    rs_source source;
    rs_extractor *extractor;
} scip_run;

static rs_status run_all(scip_run *self, const char *path, rs_error *err)
{
    rs_repo_file file = {.path = RS_STR_LITERAL("m.py"),
                         .display_path = RS_STR_LITERAL("m.py"),
                         .source_root = RS_STR_LITERAL(""),
                         .file_id = 1};
    const rs_repo_files files = {.items = &file, .n_items = 1};
    self->options = rs_lens_options_default();
    RS_TRY(rs_part_init(&self->parts[0], err));
    RS_TRY(rs_part_init(&self->parts[1], err));
    RS_TRY(rs_scip_open(&self->index, path, &self->options, err));
    RS_TRY(rs_scip_match(&self->index, &files, err));
    RS_TRY(rs_source_decode(&self->source, text, sizeof text - 1, err));
    self->options.scip = &self->index;
    rs_lens_set_init(&self->lenses, NULL, &self->options, NULL);
    RS_TRY(rs_extractor_new(&self->lenses, &self->extractor, err));
    RS_TRY(rs_extract_file(self->extractor, &file, &self->source, &self->parts[0], &self->summaries,
                           err));
    RS_TRY(rs_lenses_link(&self->lenses, &self->summaries, 1, &self->linked, err));
    return rs_lenses_rest(&self->lenses, &self->linked, &self->parts[1], err);
}

static void run_release(scip_run *self)
{
    rs_extractor_free(self->extractor);
    rs_source_release(&self->source);
    rs_linked_release(&self->linked);
    rs_summaries_release(&self->summaries);
    rs_scip_release(&self->index);
    rs_part_release(&self->parts[0]);
    rs_part_release(&self->parts[1]);
}

static rs_status run_once(void *context)
{
    rs_error err = {0};
    scip_run self = {0};
    rs_status status = run_all(&self, context, &err);
    run_release(&self);
    return status;
}

static void allocations_may_fail(void **state)
{
    char path[1024];
    rs_error err = {0};
    scip_run self = {0};
    (void)state;
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/scip/whole.scip", getenv("RS_SOURCE_DIR"));
    assert_int_equal(run_all(&self, path, &err), RS_OK);
    assert_true(self.parts[0].batches[RS_DS_scip_occurrences].n_rows > 0);
    assert_true(self.parts[1].batches[RS_DS_scip_symbols].n_rows > 0);
    run_release(&self);
    UNIT_SWEEP(run_once, path);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(allocations_may_fail),
};

UNIT_TESTS(scip, tests)
