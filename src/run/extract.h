/* SPDX-License-Identifier: Apache-2.0 */
/* extract.h - the node that turns files into rows, part by part. */
#ifndef RS_RUN_EXTRACT_H
#define RS_RUN_EXTRACT_H

#include "evidence/extract.h"
#include "run/pipeline.h"
#include "schema/batch.h"

typedef struct rs_evidence {
    rs_part *parts;
    size_t n_parts;
    rs_summaries *summaries; /* by part */
} rs_evidence;

rs_status rs_extract_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                         rs_error *err) RS_MUST_USE;
void rs_extract_release(void *state);

/* The node that appends to these parts what the lenses answer once all files are linked. */
rs_status rs_answer_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                        rs_error *err) RS_MUST_USE;

static inline const rs_evidence *rs_run_evidence(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_evidence);
}

/* By part. */
static inline const rs_summaries *rs_run_summaries(const rs_pipeline *pipeline)
{
    const rs_evidence *evidence = rs_run_thing(pipeline, RS_THING_summaries);
    return evidence->summaries;
}

/* A text of a part's rows; all-zero for null. */
rs_str rs_part_text(const rs_part *part, const rs_batch *batch, size_t column, size_t row);

/* The path of a file of a part, as its repo_files has it; all-zero for none. */
rs_str rs_part_path(const rs_part *part, int64_t file_id);

#endif
