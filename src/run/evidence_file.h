/* SPDX-License-Identifier: Apache-2.0 */
/* evidence_file.h - a file of evidence: the columns of parts, as they lie in memory, to Parquet. */
#ifndef RS_RUN_EVIDENCE_FILE_H
#define RS_RUN_EVIDENCE_FILE_H

#include "graph/emit.h"
#include "parquet/parquet.h"
#include "run/sessions.h"

/* Rows of parts first_part .. end_part - 1. Borrowed. */
typedef struct rs_evidence_file {
    const rs_output *output;
    size_t first_part;
    size_t end_part;
    const char *label;
    const char *path; /* there is no file yet */
    rs_parquet_tally *tally;
} rs_evidence_file;

/* Errors: RS_ERR_NOMEM, RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_CANCELLED. */
rs_status rs_evidence_file_write(const rs_pipeline *pipeline, const rs_evidence_file *file,
                                 rs_parquet_written *written, rs_error *err) RS_MUST_USE;

#endif
