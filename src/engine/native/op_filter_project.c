/* SPDX-License-Identifier: Apache-2.0 */
/* filter_project: the rows of an input, or one of none. */
#include "engine/native/native.h"

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    (void)plan;
    (void)compiler;
    return true;
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    rs_native_batch batch = {.n_rows = 1};
    uint32_t row = 0;
    size_t segment = 0;
    if (flow->plan->plan->n_inputs == 0) {
        return rs_native_hand_on(flow, &batch, err);
    }
    const rs_native_table *table = rs_native_input(flow, 0);
    while (rs_native_next(table, &row, &segment, &batch.sides[0], &batch.n_rows)) {
        RS_TRY(rs_native_hand_on(flow, &batch, err));
    }
    return RS_OK;
}

const rs_native_operator rs_native_op_filter_project = {
    .name = "filter_project", .prepare = prepare, .run = run};
