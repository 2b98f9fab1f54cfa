/* SPDX-License-Identifier: Apache-2.0 */
/* winner_select: the rows of one input, of which the winner is what any rule may say (winner.c). */
#include "engine/native/native.h"

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    return rs_native_op_filter_project.prepare(plan, compiler);
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    return rs_native_op_filter_project.run(flow, err);
}

const rs_native_operator rs_native_op_winner_select = {
    .name = "winner_select", .prepare = prepare, .run = run};
