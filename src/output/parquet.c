/* SPDX-License-Identifier: Apache-2.0 */
/* Parquet, from the stream of rows alone. */
#include "parquet/parquet.h"
#include "output/counted.h"

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    rs_counted rows;
    rs_parquet_written written;
    rs_status status = rs_counted_open(source, 1, &rows, err);
    RS_THEN(status, rs_parquet_write_stream(&rows.rows, out->path, &written, err));
    rs_counted_close(&rows, source);
    return status;
}

const rs_format_row rs_format_parquet = {
    .name = "parquet",
    .doc = "A Parquet file.",
    .traits = RS_FORMAT_IS_BYTES | RS_FORMAT_IS_A_FILE,
    .write_rows = write_all,
};
