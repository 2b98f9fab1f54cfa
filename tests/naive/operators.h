/* SPDX-License-Identifier: Apache-2.0 */
/* operators.h - what an operator of a plan means, a row at a time and in the most obvious way. */
#ifndef RS_TESTS_NAIVE_OPERATORS_H
#define RS_TESTS_NAIVE_OPERATORS_H

#include "base/vec.h"
#include "naive/value.h"

RS_VEC_DEFINE(naive_rows, naive_row)

/* The rows of a dataset or a param table, in their order. */
typedef struct naive_table {
    const rs_dataset *dataset;
    naive_rows rows;
} naive_table;

/* What a plan makes: rows of its output, in the order of the evidence. */
typedef struct naive_run {
    const rs_plan *plan;
    rs_arena *arena;
    const naive_table *(*table)(void *context, const rs_dataset *dataset);
    void *context;
    naive_scope scope;
    naive_rows rows; /* owned by who runs */
    bool has_lineage;
    bool failed; /* memory ran out */
} naive_run;

/* The rows of all selects of run->plan; a fault in run->scope.fault. */
void naive_run_plan(naive_run *run);

#endif
