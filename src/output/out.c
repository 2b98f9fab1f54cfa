/* SPDX-License-Identifier: Apache-2.0 */
#include "output/out.h"

enum { FLOW_BYTES = 1 << 16 }; /* handed on in pieces of about this size */

rs_status rs_out_flush(rs_out *out, rs_error *err)
{
    RS_TRY(rs_buf_check(&out->text, err));
    if (out->text.n_bytes == 0) {
        return RS_OK;
    }
    rs_status status = out->write(out->text.bytes, out->text.n_bytes, out->context);
    rs_buf_reset(&out->text);
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "write: the output is not taken");
}

rs_status rs_out_flow(rs_out *out, rs_error *err)
{
    bool is_worth_it = out->text.n_bytes >= FLOW_BYTES || out->text.failed;
    return is_worth_it ? rs_out_flush(out, err) : RS_OK;
}

void rs_out_release(rs_out *out)
{
    rs_buf_release(&out->text);
}
