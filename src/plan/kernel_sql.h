/* SPDX-License-Identifier: Apache-2.0 */
/* kernel_sql.h - the SQL lane: every kernel as a SELECT.
 *
 * What a kernel does, and the columns of its result, stand at its call in schema/kernel.h; the
 * same rows in the same order come from kernels/kernels.h. The SELECT ends with the order of its
 * rows, where the kernel has one, and without a semicolon; every name in it is quoted.
 *
 * Errors: a failed append is remembered in sql (rs_buf_check).
 */
#ifndef RS_PLAN_KERNEL_SQL_H
#define RS_PLAN_KERNEL_SQL_H

#include "plan/dialect.h"
#include "schema/kernel.h"

/* A table or view, and all its columns in order: they are what an order goes on with. */
typedef struct rs_relation {
    const char *name;
    rs_names columns;
} rs_relation;

/* False for a kernel that only C runs. */
bool rs_kernel_has_sql(rs_kernel_id kernel);

/* Of a kernel that has SQL; inputs as rs_kernel_run() takes them. */
void rs_kernel_add_sql(const rs_kernel_call *call, const rs_relation *inputs,
                       const rs_dialect *dialect, rs_buf *sql);

#endif
