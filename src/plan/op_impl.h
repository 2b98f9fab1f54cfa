/* SPDX-License-Identifier: Apache-2.0 */
/* op_impl.h - what the files of the operators share. */
#ifndef RS_PLAN_OP_IMPL_H
#define RS_PLAN_OP_IMPL_H

#include "plan/operator.h"
#include "plan/steps.h"

extern const rs_operator rs_op_filter_project;
extern const rs_operator rs_op_hash_join;
extern const rs_operator rs_op_interval_align;
extern const rs_operator rs_op_explode_list;
extern const rs_operator rs_op_union_all;
extern const rs_operator rs_op_winner_select;
extern const rs_operator rs_op_aggregate;

/* --- checking (check.c) --- */

/* `where`, of what was combined. */
void rs_check_where(rs_plan_checker *checker, rs_plan *plan);
/* `on`: equalities between the two inputs. */
void rs_check_on(rs_plan_checker *checker, rs_plan *plan);
/* A dataset of columns that the caller fills; NULL when memory is out. */
rs_dataset *rs_check_new_dataset(rs_plan_checker *checker, const char *name, size_t n_columns,
                                 rs_column **columns);

/* --- rows --- */

/* A row is in no other file than the one input's. */
bool rs_plan_reads_one_file(const rs_plan *plan);
/* The key of an input is among the expressions. */
bool rs_plan_covers_key(const rs_plan *plan, size_t input, rs_expr *const *exprs, size_t n_exprs);
/* That of the first input is. */
bool rs_plan_covers_first(const rs_plan *plan, rs_expr *const *exprs, size_t n_exprs);

/* --- SQL --- */

/* dataset AS alias */
void rs_input_add_from_sql(const rs_plan_input *input, const rs_dialect *dialect, rs_buf *sql);
/* `before`, the first input's alias and `behind`: an aggregate over the row that stands for a group, the
 * first that is damaged, else the first. */
void rs_plan_add_group_sql(const rs_plan *plan, const char *before, const char *behind,
                           const rs_dialect *dialect, rs_buf *sql);
/* Behind FROM: the first input alone. */
void rs_plan_add_first_sql(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs,
                           rs_buf *sql);

#endif
