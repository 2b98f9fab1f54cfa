/* SPDX-License-Identifier: Apache-2.0 */
/* aggregate: groups take rows of many files at once, which are the SQL engine's. */
#include "engine/native/native.h"

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    (void)plan;
    (void)rs_native_refuse(compiler, "groups of rows");
    return false;
}

const rs_native_operator rs_native_op_aggregate = {.name = "aggregate", .prepare = prepare};
