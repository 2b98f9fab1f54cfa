/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql_impl.h"

void rs_kernel_sql_canonical_sort(const rs_kernel_call *of, const rs_relation *inputs,
                                  rs_kernel_writer *out)
{
    const rs_relation *in = &inputs[0];
    const rs_canonical_sort_call *call = &of->as.canonical_sort;
    rs_buf_add(out->sql, "SELECT ");
    rs_writer_names(out, &in->columns);
    rs_writer_from(out, in);
    rs_writer_total_order(out, "\nORDER BY ", in, &(rs_names){0}, NULL, &call->order);
}
