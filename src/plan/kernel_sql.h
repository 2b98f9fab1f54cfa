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

#include "base/str.h"
#include "schema/kernel.h"

/* A table or view, and all its columns in order: they are what an order goes on with. */
typedef struct rs_relation {
    const char *name;
    rs_names columns;
} rs_relation;

void rs_kernel_add_sql_stable_id(const rs_relation *in, const rs_stable_id_call *call, rs_buf *sql);

/* Neither side's column names beyond those of the call are looked at. */
void rs_kernel_add_sql_interval_align(const rs_relation *left, const rs_relation *right,
                                      const rs_interval_align_call *call, rs_buf *sql);

void rs_kernel_add_sql_winner_select(const rs_relation *in, const rs_winner_select_call *call,
                                     rs_buf *sql);

void rs_kernel_add_sql_dedupe(const rs_relation *in, const rs_dedupe_call *call, rs_buf *sql);

void rs_kernel_add_sql_canonical_sort(const rs_relation *in, const rs_canonical_sort_call *call,
                                      rs_buf *sql);

void rs_kernel_add_sql_explode_list(const rs_relation *in, const rs_explode_list_call *call,
                                    rs_buf *sql);

/* Any kernel; inputs as rs_kernel_run() takes them. */
void rs_kernel_add_sql(const rs_kernel_call *call, const rs_relation *inputs, rs_buf *sql);

#endif
