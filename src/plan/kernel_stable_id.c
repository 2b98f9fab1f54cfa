/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql_impl.h"

void rs_kernel_sql_stable_id(const rs_kernel_call *of, const rs_relation *inputs,
                             rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_stable_id_call *call = &of->as.stable_id;
    rs_buf_add(out->sql, "SELECT ");
    rs_writer_names(out, &in->columns);
    rs_buf_add(out->sql, in->columns.n_items > 0 ? ", stable_id(" : "stable_id(");
    rs_dialect_add_literal(out->dialect, rs_str_of(call->tag), out->sql);
    rs_buf_add(out->sql, call->columns.n_items > 0 ? ", " : "");
    rs_writer_names(out, &call->columns);
    rs_buf_add(out->sql, ") AS ");
    rs_writer_name(out, call->output);
    rs_writer_from(out, in);
}
