/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/arrow_ipc.h"
#include "output/counted.h"

enum { BATCH_ROWS = 65536 };

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    rs_counted rows;
    rs_status status = rs_counted_open(source, BATCH_ROWS, &rows, err);
    RS_THEN(status, rs_ipc_write_stream(&rows.rows, out->write, out->context, err));
    rs_counted_close(&rows, source);
    return status;
}

const rs_format_row rs_format_arrow = {
    .name = "arrow",
    .doc = "An Arrow IPC stream: bytes, not text.",
    .traits = RS_FORMAT_IS_BYTES,
    .write_rows = write_all,
};
