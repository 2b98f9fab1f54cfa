/* SPDX-License-Identifier: Apache-2.0 */
#include "run/bind.h"

#include "run/extract.h"
#include "run/sessions.h"

static rs_status bind_parts(const rs_pipeline *pipeline, rs_part_span parts, rs_error *err)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    for (size_t i = parts.first; i < parts.end; i++) {
        RS_TRY(rs_engine_set_part(rs_run_engine(pipeline), i, &evidence->parts[i], err));
    }
    return RS_OK;
}

rs_status rs_bind_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    size_t *n_reserved = state;
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    (void)rs_run_thing(pipeline, RS_THING_answers); /* rows of the same parts */
    if (rs_beside_runs_all(rs_run_beside(pipeline))) {
        return RS_OK;
    }
    rs_engine *engine = rs_run_engine(pipeline);
    if (*n_reserved == 0) {
        RS_TRY(rs_engine_reserve_parts(engine, evidence->n_parts, err));
        *n_reserved = evidence->n_parts;
    }
    return bind_parts(pipeline, parts, err);
}

rs_status rs_bind_again(const rs_pipeline *pipeline, rs_part_span parts, rs_error *err)
{
    return rs_beside_runs_all(rs_run_beside(pipeline)) ? RS_OK : bind_parts(pipeline, parts, err);
}
