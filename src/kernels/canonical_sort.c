/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "kernels/internal.h"

rs_status rs_kernel_run_canonical_sort(const rs_kernel_call *any, const rs_table *const *inputs,
                                       rs_table *out, rs_error *err)
{
    const rs_table *in = inputs[0];
    const rs_canonical_sort_call *call = &any->as.canonical_sort;
    rs_input input;
    rs_terms terms = {0};
    uint32_t *rows = NULL;
    *out = (rs_table){0};
    rs_status status = rs_input_open(&input, in, "canonical_sort", err);
    RS_THEN(status, rs_terms_make(&input, &(rs_names){0}, NULL, &call->order, &terms, err));
    if (status == RS_OK) {
        rows = rs_rows_all(&input);
        status = rows == NULL ? rs_kernel_nomem(input.kernel, err)
                              : rs_rows_sort_by(rows, input.n_rows, &terms, err);
    }
    RS_THEN(status, rs_take_rows(&input, rows, input.n_rows, out, err));
    rs_free(rows);
    rs_terms_release(&terms);
    rs_input_close(&input);
    return status;
}
