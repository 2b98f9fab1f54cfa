/* SPDX-License-Identifier: Apache-2.0 */
/* winner_select: of the rows of one input that agree in their keys, the best. The winner itself is
 * what any rule with an output may say (steps.c); this one must. */
#include "plan/op_impl.h"

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    rs_check_where(checker, plan);
}

static const rs_key no_keys[] = {{.name = NULL}};

const rs_operator rs_op_winner_select = {
    .name = "winner_select",
    .doc = "of the rows of an input that agree in some columns, the best",
    .min_inputs = 1,
    .max_inputs = 1,
    .keys = no_keys,
    .needs = "winner",
    .needs_output = true,
    .hands_on = true,
    .places = RS_PLACES_ONE,
    .second_place = "0",
    .check = check,
    .is_local = rs_plan_reads_one_file,
    .add_from = rs_plan_add_first_sql,
};
