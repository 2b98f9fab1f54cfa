/* SPDX-License-Identifier: Apache-2.0 */
/* aggregate: the groups of one input, and what is counted, summed, the least or the most in each. */
#include <stddef.h>

#include "plan/op_impl.h"

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    rs_check_where(checker, plan);
    for (size_t i = 0; i < plan->n_group_by; i++) {
        rs_expr *expr = plan->group_by[i];
        if (rs_expr_check(checker->scope, expr) && expr->kind != RS_EXPR_COLUMN) {
            rs_problems_add(checker->problems, expr->place, "group_by: expected a column");
        }
    }
}

static bool is_local(const rs_plan *plan)
{
    for (size_t i = 0; i < plan->n_group_by; i++) {
        if (rs_expr_is_local_id(plan->group_by[i])) {
            return true;
        }
    }
    return false;
}

/* One of the rows, not all. */
static void add_lineage(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    rs_buf before = {0};
    rs_buf_addf(&before, "%s(", dialect->first_by);
    rs_input_add_sql(&plan->inputs[0], dialect, false, &before);
    rs_buf_add(&before, ", ");
    sql->failed = sql->failed || before.failed;
    rs_plan_add_group_sql(plan, rs_buf_text(&before), "._row)", dialect, sql);
    rs_buf_release(&before);
}

static const rs_key keys[] = {
    {.name = "group_by",
     .doc = "rows that agree in these columns are one group",
     .kind = RS_KEY_EXPRS,
     .is_required = true,
     .at = offsetof(rs_plan, group_by),
     .n_at = offsetof(rs_plan, n_group_by),
     .most = RS_SORT_MAX_TERMS},
    {.name = NULL},
};

const rs_operator rs_op_aggregate = {
    .name = "aggregate",
    .doc = "the groups of an input, with count, sum, min, max, any and all of them",
    .min_inputs = 1,
    .max_inputs = 1,
    .keys = keys,
    .groups = true,
    .places = RS_PLACES_ONE,
    .second_place = "0",
    .check = check,
    .is_local = is_local,
    .add_from = rs_plan_add_first_sql,
    .add_lineage = add_lineage,
};
