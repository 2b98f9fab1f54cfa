/* SPDX-License-Identifier: Apache-2.0 */
/* kernel_sql_impl.h - what the SQL of the kernels is written with: plan/kernel_*.c alone see it.
 *
 * A kernel NAME that has SQL (schema/kernels.def) has rs_kernel_sql_NAME() in plan/kernel_NAME.c.
 */
#ifndef RS_PLAN_KERNEL_SQL_IMPL_H
#define RS_PLAN_KERNEL_SQL_IMPL_H

#include <string.h>

#include "plan/kernel_sql.h"

/* What is written, and as whose. */
typedef struct rs_kernel_writer {
    const rs_dialect *dialect;
    rs_buf *sql;
} rs_kernel_writer;

/* Append the SELECT of a call of that kernel. */
typedef void rs_kernel_sql_fn(const rs_kernel_call *of, const rs_relation *inputs,
                              rs_kernel_writer *out);

#define RS_KERNEL_SQL(name) rs_kernel_sql_fn rs_kernel_sql_##name;
#define RS_KERNEL_NO_SQL(name)
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    RS_KERNEL_##sql(name)
#include "schema/kernels.def"
#undef RS_KERNEL_SQL
#undef RS_KERNEL_NO_SQL

bool rs_names_hold(const rs_names *names, const char *name);

void rs_writer_name(rs_kernel_writer *out, const char *name);
void rs_writer_names(rs_kernel_writer *out, const rs_names *names); /* with commas */
void rs_writer_direction(rs_kernel_writer *out, const rs_order_term *term);
void rs_writer_from(rs_kernel_writer *out, const rs_relation *in);

/* The total order behind keys: score (NULL: none), what is listed, and unless that is total the remaining
 * columns. */
void rs_writer_total_order(rs_kernel_writer *out, const char *before, const rs_relation *in,
                           const rs_names *keys, const char *score, const rs_order *order);
void rs_writer_keys_order(rs_kernel_writer *out, const rs_names *keys);

/* The number of a row among those of its keys and of one more, which SQL writes (NULL: none), from 1: that
 * of the one that stays is 1. */
void rs_writer_number(const rs_relation *in, const rs_dedupe_call *call, const char *more,
                      rs_kernel_writer *out);

#endif
