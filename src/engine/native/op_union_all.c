/* SPDX-License-Identifier: Apache-2.0 */
/* union_all: the rows of each input, by programs of its own. */
#include "engine/native/native.h"

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    (void)plan;
    (void)compiler;
    return true;
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    for (size_t i = 0; i < flow->plan->plan->n_inputs; i++) {
        const rs_native_table *table = rs_native_input(flow, i);
        rs_native_batch batch = {.input = i};
        uint32_t row = 0;
        size_t segment = 0;
        while (rs_native_next(table, &row, &segment, &batch.sides[i], &batch.n_rows)) {
            RS_TRY(rs_native_hand_on(flow, &batch, err));
        }
    }
    return RS_OK;
}

const rs_native_operator rs_native_op_union_all = {
    .name = "union_all", .prepare = prepare, .run = run};
