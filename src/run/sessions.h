/* SPDX-License-Identifier: Apache-2.0 */
/* sessions.h - the node that opens the engine, a session for each worker, and what workers note. */
#ifndef RS_RUN_SESSIONS_H
#define RS_RUN_SESSIONS_H

#include "engine/duckdb/session.h"
#include "run/beside.h"
#include "run/collect.h"
#include "run/pipeline.h"

/* What the views of a session show (relate.h). */
typedef struct rs_seen {
    bool is_known;
    size_t range;
    unsigned related;
} rs_seen;

/* Opened by the row of the engine that was chosen, and closed so. */
typedef struct rs_sessions {
    const rs_engine_type *type;
    void *engine;
    void **items;  /* by worker */
    rs_seen *seen; /* the same */
    size_t n_items;
    rs_collector *collector;
    rs_beside beside;
} rs_sessions;

rs_status rs_sessions_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                          rs_error *err) RS_MUST_USE;
void rs_sessions_interrupt(void *state);
void rs_sessions_release(void *state);

/* What a run does with rows between plans is DuckDB's by decision (docs/decisions/0007), so these are
 * its own; the engines that run a build are those that keep rows in it (RS_ENGINE_BUILDS). */
static inline rs_engine *rs_run_engine(const rs_pipeline *pipeline)
{
    const rs_sessions *sessions = rs_run_thing(pipeline, RS_THING_engine);
    RS_ASSERT(sessions->type == &rs_engine_type_duckdb);
    return sessions->engine;
}

/* That of a worker; nodes without workers take the first. */
static inline rs_session *rs_run_session(const rs_pipeline *pipeline, size_t worker)
{
    const rs_sessions *sessions = rs_run_thing(pipeline, RS_THING_engine);
    RS_ASSERT(sessions->type == &rs_engine_type_duckdb && worker < sessions->n_items);
    return sessions->items[worker];
}

/* The engine that runs rules beside it. */
static inline rs_beside *rs_run_beside(const rs_pipeline *pipeline)
{
    rs_sessions *sessions = rs_run_thing(pipeline, RS_THING_engine);
    return &sessions->beside;
}

static inline rs_collector *rs_run_collector(const rs_pipeline *pipeline)
{
    const rs_sessions *sessions = rs_run_thing(pipeline, RS_THING_observations);
    return sessions->collector;
}

#endif
