/* SPDX-License-Identifier: Apache-2.0 */
/* rows_file.h - a Parquet file of rows that lie in memory as batches: no engine reads them. */
#ifndef RS_RUN_ROWS_FILE_H
#define RS_RUN_ROWS_FILE_H

#include "graph/emit.h"
#include "parquet/parquet.h"
#include "schema/kinds.h"

typedef struct rs_rows_file rs_rows_file;

/* What is written, and where to. Borrowed until the file is freed. */
typedef struct rs_rows_target {
    const rs_output *output;
    const rs_kinds *kinds;
    bool are_rejects; /* why a row is kept out stands behind its columns */
    const char *label;
    const char *path;
    rs_parquet_tally *tally; /* NULL: nobody asks */
} rs_rows_target;

/* Ownership: the caller hands *out to rs_rows_file_free(). Errors: those of rs_parquet_open(). */
rs_status rs_rows_file_open(const rs_rows_target *target, rs_rows_file **out,
                            rs_error *err) RS_MUST_USE;
/* Append a batch's rows, with the reason of each where they are rejects. Errors: those of rs_parquet_push(). */
rs_status rs_rows_file_add(rs_rows_file *self, const rs_batch *batch, const rs_strings *strings,
                           const rs_str *reasons, rs_error *err) RS_MUST_USE;
/* Errors: those of rs_parquet_close(). */
rs_status rs_rows_file_close(rs_rows_file *self, rs_parquet_written *written,
                             rs_error *err) RS_MUST_USE;
/* Accepts NULL; a file that was not closed is removed. */
void rs_rows_file_free(rs_rows_file *self);
/* Bytes of a row's values in memory. */
uint64_t rs_rows_file_row_bytes(const rs_rows_file *self);

#endif
