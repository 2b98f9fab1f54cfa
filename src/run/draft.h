/* SPDX-License-Identifier: Apache-2.0 */
/* draft.h - the node that begins a bundle: a directory that others write into, and what they wrote. */
#ifndef RS_RUN_DRAFT_H
#define RS_RUN_DRAFT_H

#include "base/vec.h"
#include "bundle/manifest.h"
#include "bundle/writer.h"
#include "run/pipeline.h"

RS_VEC_DEFINE(rs_bundle_dataset_vec, rs_bundle_dataset)

typedef struct rs_draft {
    rs_bundle_writer *writer;
    rs_buf directory;               /* resolved: what the engine may write into, where it spills */
    rs_bundle_dataset_vec datasets; /* in the order in which they were added; each with its files */
} rs_draft;

rs_status rs_draft_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                       rs_error *err) RS_MUST_USE;
void rs_draft_release(void *state);

/* Nodes that write add to it, from the pipeline's thread; workers write the files that are listed. */
static inline rs_draft *rs_run_draft(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_draft);
}

/* Make <group>/<dataset>/ and list it, without files. *index is its place among the datasets. */
rs_status rs_draft_add_dataset(rs_draft *draft, rs_bundle_group group, const rs_dataset *dataset,
                               size_t *index, rs_error *err) RS_MUST_USE;

/* List a further file of a dataset; *file is its place. */
rs_status rs_draft_add_file(rs_draft *draft, size_t dataset, size_t *file,
                            rs_error *err) RS_MUST_USE;

/* Of a file that will not be listed any more. */
void rs_draft_forget_file(rs_bundle_file *file);

/* Where the file of that number lies. */
rs_status rs_draft_file_path(const rs_draft *draft, const rs_bundle_dataset *dataset,
                             uint32_t number, rs_buf *path, rs_error *err) RS_MUST_USE;

/* For who reads files that nodes before it wrote: evidence, graph, params. */
void rs_draft_await_files(const rs_pipeline *pipeline);

/* The dataset of that name and group; NULL for none. */
const rs_bundle_dataset *rs_draft_find(const rs_draft *draft, const char *name,
                                       rs_bundle_group group);

#endif
