/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/kernels.h"

rs_status rs_kernel_run(const rs_kernel_call *call, const rs_table *const *inputs, size_t n_inputs,
                        rs_table *out, rs_error *err)
{
    size_t n_wanted = call->kernel == RS_KERNEL_interval_align ? 2 : 1;
    *out = (rs_table){0};
    if (n_inputs != n_wanted) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: takes %zu inputs, not %zu",
                            rs_kernel_get(call->kernel)->name, n_wanted, n_inputs);
    }
    switch (call->kernel) {
    case RS_KERNEL_stable_id:
        return rs_stable_id(inputs[0], &call->as.stable_id, out, err);
    case RS_KERNEL_interval_align:
        return rs_interval_align(inputs[0], inputs[1], &call->as.interval_align, out, err);
    case RS_KERNEL_winner_select:
        return rs_winner_select(inputs[0], &call->as.winner_select, out, err);
    case RS_KERNEL_dedupe:
        return rs_dedupe(inputs[0], &call->as.dedupe, out, err);
    case RS_KERNEL_canonical_sort:
        return rs_canonical_sort(inputs[0], &call->as.canonical_sort, out, err);
    case RS_KERNEL_explode_list:
        return rs_explode_list(inputs[0], &call->as.explode_list, out, err);
    case RS_N_KERNELS:
        break;
    }
    return rs_error_set(err, RS_ERR_INTERNAL, "run a kernel: there is none of number %d",
                        (int)call->kernel);
}
