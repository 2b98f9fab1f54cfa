/* SPDX-License-Identifier: Apache-2.0 */
#include "run/sessions.h"

#include "base/alloc.h"
#include "run/draft.h"
#include "run/memory.h"
#include "run/plan.h"

/* The engine may write into the unfinished bundle alone, and spills there too. */
static rs_status open_engine(const rs_pipeline *pipeline, void **out, rs_error *err)
{
    rs_engine_config config = {.allowed_directory = rs_run_draft(pipeline)->directory.bytes,
                               .kinds = rs_rules_kinds(rs_run_rules(pipeline))};
    RS_TRY(rs_run_memory_of_engine(pipeline, &config.memory_bytes, err));
    return pipeline->engine_type->open(&config, out, err);
}

static rs_status open_collector(const rs_pipeline *pipeline, rs_collector **out, rs_error *err)
{
    const rs_collector_options options = {
        .n_rules = rs_rules_count(rs_run_rules(pipeline)),
        .n_outputs = rs_graph_plan_n_outputs(rs_run_graph_plan(pipeline)),
        .n_workers = pipeline->n_workers,
        .events = rs_run_measures(pipeline),
        .fallbacks = rs_run_policy(pipeline)->diagnostics.fallbacks,
        .explains = rs_run_explains(pipeline),
        .dialect = pipeline->engine_type->dialect->name,
    };
    return rs_collector_new(&options, out, err);
}

rs_status rs_sessions_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    rs_sessions *sessions = state;
    (void)parts;
    RS_TRY(open_collector(pipeline, &sessions->collector, err));
    sessions->type = pipeline->engine_type;
    RS_TRY(open_engine(pipeline, &sessions->engine, err));
    sessions->items = rs_alloc_zero(pipeline->n_workers, sizeof *sessions->items);
    sessions->seen = rs_alloc_zero(pipeline->n_workers, sizeof *sessions->seen);
    if (sessions->items == NULL || sessions->seen == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
    }
    while (sessions->n_items < pipeline->n_workers) {
        void **session = &sessions->items[sessions->n_items];
        RS_TRY(sessions->type->session_open(sessions->engine, session, err));
        sessions->n_items++;
        if (rs_collector_explains(sessions->collector)) {
            RS_TRY(rs_session_profile(*session, err));
        }
    }
    RS_TRY(rs_beside_open(pipeline, rs_collector_explains(sessions->collector), &sessions->beside,
                          err));
    if (rs_run_policy(pipeline)->diagnostics.scan_telemetry) {
        rs_engine_count_scans(sessions->engine);
    }
    return RS_OK;
}

void rs_sessions_interrupt(void *state)
{
    rs_sessions *sessions = state;
    for (size_t i = 0; i < sessions->n_items; i++) {
        sessions->type->interrupt(sessions->items[i]);
    }
}

void rs_sessions_release(void *state)
{
    rs_sessions *sessions = state;
    rs_beside_close(&sessions->beside);
    for (size_t i = 0; i < sessions->n_items; i++) {
        sessions->type->session_close(sessions->items[i]);
    }
    rs_free((void *)sessions->items);
    rs_free(sessions->seen);
    if (sessions->engine != NULL) {
        sessions->type->close(sessions->engine);
    }
    rs_collector_free(sessions->collector);
}
