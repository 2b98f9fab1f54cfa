/* SPDX-License-Identifier: Apache-2.0 */
/* jobs.h - the nodes that write rows to Parquet files: evidence, what is made of files, and of the run. */
#ifndef RS_RUN_JOBS_H
#define RS_RUN_JOBS_H

#include "run/evidence_file.h"
#include "run/pipeline.h"

enum { RS_WRITER_ROWS = 50000 }; /* rows of evidence that are worth a further worker's session */

/* Places among the datasets of the draft, by output of the plan. */
typedef struct rs_written {
    size_t *good;
    size_t *rejects;
    rs_evidence_file *files; /* of evidence, the same: those that parts are appended to */
    size_t n_outputs;
} rs_written;

/* State of the first two: rs_written; the third has none. */
rs_status rs_write_evidence_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                                rs_error *err) RS_MUST_USE;
rs_status rs_write_graph_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                             rs_error *err) RS_MUST_USE;
rs_status rs_write_all_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                           rs_error *err) RS_MUST_USE;
void rs_written_release(void *state);

#endif
