/* SPDX-License-Identifier: Apache-2.0 */
#include "kernels/kernels.h"

#include "plan/kernel_sql.h"

/* clang-format off */
static rs_kernel_run_fn *const runs[RS_N_KERNELS] = {
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    [RS_KERNEL_##name] = rs_kernel_run_##name,
#include "schema/kernels.def"
};
/* clang-format on */

rs_kernel rs_kernel_row(rs_kernel_id id)
{
    RS_ASSERT(id < RS_N_KERNELS);
    return (rs_kernel){
        .info = rs_kernel_get(id), .run = runs[id], .has_sql = rs_kernel_has_sql(id)};
}

rs_status rs_kernel_run(const rs_kernel_call *call, const rs_table *const *inputs, size_t n_inputs,
                        rs_table *out, rs_error *err)
{
    *out = (rs_table){0};
    const rs_kernel kernel = rs_kernel_row(call->kernel);
    if (n_inputs != kernel.info->n_inputs) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: takes %zu inputs, not %zu", kernel.info->name,
                            kernel.info->n_inputs, n_inputs);
    }
    return kernel.run(call, inputs, out, err);
}
