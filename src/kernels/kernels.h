/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.h - the C lane: every kernel over Arrow arrays, without an engine.
 *
 * What a kernel does, and the columns of its result, stand at its call in schema/kernel.h; the
 * same rows in the same order come from the SQL of plan/kernel_sql.h.
 *
 * Ownership: inputs are borrowed during the call; on RS_OK the caller owns *out and hands it
 * to rs_table_release(), on failure *out is empty.
 * Errors: RS_ERR_INVALID for a column that is not there or whose type the kernel does not take
 * (the message names kernel and column), RS_ERR_LIMIT for UINT32_MAX rows or a column of
 * 2 GiB of text, RS_ERR_NOMEM.
 * Time: n log n in the rows of the inputs and, where all pairs or elements are asked for, linear
 * in the rows of the result; never the product of two inputs.
 */
#ifndef RS_KERNELS_KERNELS_H
#define RS_KERNELS_KERNELS_H

#include "schema/kernel.h"
#include "schema/table.h"

/* A kernel as a row: what the registry says of it, and who does it. */
typedef rs_status rs_kernel_run_fn(const rs_kernel_call *call, const rs_table *const *inputs,
                                   rs_table *out, rs_error *err);

typedef struct rs_kernel {
    const rs_kernel_info *info;
    rs_kernel_run_fn
        *run;     /* over Arrow arrays; inputs are as many as the row says, and *out is empty */
    bool has_sql; /* rs_kernel_add_sql() takes it */
} rs_kernel;

rs_kernel rs_kernel_row(rs_kernel_id id);

/* clang-format off */
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    rs_kernel_run_fn rs_kernel_run_##name;
#include "schema/kernels.def"
/* clang-format on */

/* Any kernel, through its row; of interval_align's two inputs the left comes first. Errors: also
 * RS_ERR_INVALID for another number of inputs. */
rs_status rs_kernel_run(const rs_kernel_call *call, const rs_table *const *inputs, size_t n_inputs,
                        rs_table *out, rs_error *err) RS_MUST_USE;

#endif
