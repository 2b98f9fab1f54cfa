/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.h - the C lane: every kernel over Arrow arrays, without an engine.
 *
 * What a kernel does, and the columns of its result, stand at its call in schema/kernel.h; the
 * same rows in the same order come from the SQL of rules/kernel_sql.h.
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

rs_status rs_stable_id(const rs_table *in, const rs_stable_id_call *call, rs_table *out,
                       rs_error *err) RS_MUST_USE;

rs_status rs_interval_align(const rs_table *left, const rs_table *right,
                            const rs_interval_align_call *call, rs_table *out,
                            rs_error *err) RS_MUST_USE;

rs_status rs_winner_select(const rs_table *in, const rs_winner_select_call *call, rs_table *out,
                           rs_error *err) RS_MUST_USE;

rs_status rs_dedupe(const rs_table *in, const rs_dedupe_call *call, rs_table *out,
                    rs_error *err) RS_MUST_USE;

rs_status rs_canonical_sort(const rs_table *in, const rs_canonical_sort_call *call, rs_table *out,
                            rs_error *err) RS_MUST_USE;

rs_status rs_explode_list(const rs_table *in, const rs_explode_list_call *call, rs_table *out,
                          rs_error *err) RS_MUST_USE;

/* Any kernel; inputs has two tables for interval_align, left first, and one for the others. */
rs_status rs_kernel_run(const rs_kernel_call *call, const rs_table *const *inputs, size_t n_inputs,
                        rs_table *out, rs_error *err) RS_MUST_USE;

#endif
