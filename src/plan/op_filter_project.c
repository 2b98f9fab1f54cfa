/* SPDX-License-Identifier: Apache-2.0 */
/* filter_project: the rows of one input that a condition keeps; of none, one row. */
#include "plan/op_impl.h"

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    rs_check_where(checker, plan);
}

static const rs_key no_keys[] = {{.name = NULL}};

const rs_operator rs_op_filter_project = {
    .name = "filter_project",
    .doc = "the rows of an input, filtered; without an input, one row",
    .max_inputs = 1,
    .keys = no_keys,
    .is_projection = true,
    .hands_on = true,
    .places = RS_PLACES_ONE,
    .second_place = "0",
    .check = check,
    .is_local = rs_plan_reads_one_file,
    .is_key = rs_plan_covers_first,
    .add_from = rs_plan_add_first_sql,
};
