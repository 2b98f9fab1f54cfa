/* SPDX-License-Identifier: Apache-2.0 */
/* evidence_file.h - files of evidence: the columns of parts, as they lie in memory, to Parquet.
 *
 * Parts come span by span, and a file is closed behind the part by which it has enough rows: which parts it
 * has does not depend on spans.
 */
#ifndef RS_RUN_EVIDENCE_FILE_H
#define RS_RUN_EVIDENCE_FILE_H

#include "graph/emit.h"
#include "parquet/parquet.h"
#include "run/rows_file.h"
#include "run/sessions.h"

/* The file of a dataset that parts are appended to. All-zero is none. */
typedef struct rs_evidence_file {
    rs_rows_file *file; /* NULL: the next part begins one */
    bool goes_on;       /* as far as parts were planned: the next one is no file's first */
    uint64_t n_rows;    /* that it will have, the same */
    rs_buf path;
    rs_buf label;
} rs_evidence_file;

/* Begin the file at path, which is not there; tally is filled. Errors: RS_ERR_NOMEM, RS_ERR_IO. */
rs_status rs_evidence_file_open(const rs_pipeline *pipeline, rs_evidence_file *self,
                                const rs_output *output, const char *label, const char *path,
                                rs_parquet_tally *tally, rs_error *err) RS_MUST_USE;
/* Append a part's rows. Errors: RS_ERR_NOMEM, RS_ERR_IO, RS_ERR_LIMIT, RS_ERR_CANCELLED. */
rs_status rs_evidence_file_add(const rs_pipeline *pipeline, const rs_evidence_file *self,
                               const rs_output *output, size_t number, rs_error *err) RS_MUST_USE;
/* It is whole. Errors: RS_ERR_NOMEM, RS_ERR_IO. */
rs_status rs_evidence_file_close(rs_evidence_file *self, rs_parquet_written *written,
                                 rs_error *err) RS_MUST_USE;
/* One that is not whole is removed. */
void rs_evidence_file_release(rs_evidence_file *self);

#endif
