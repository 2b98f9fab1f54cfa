/* SPDX-License-Identifier: Apache-2.0 */
/* winner_select: what it adds to filter_project, the best row of each key, is the SQL engine's. */
#include "engine/native/native.h"

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    (void)plan;
    (void)rs_native_refuse(compiler, "the best row of each key");
    return false;
}

const rs_native_operator rs_native_op_winner_select = {.name = "winner_select", .prepare = prepare};
