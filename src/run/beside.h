/* SPDX-License-Identifier: Apache-2.0 */
/* beside.h - the engine that runs rules beside the one that keeps rows: over rows where they lie.
 *
 * Which rules it runs is settled once a run: those that it accepts, over evidence and over relationships that
 * it makes itself, whose rows the run holds (docs/decisions/0010). Param tables lie in the other engine, and
 * so does every relationship of which that one runs a rule.
 */
#ifndef RS_RUN_BESIDE_H
#define RS_RUN_BESIDE_H

#include "graph/gated.h"
#include "run/pipeline.h"

/* One worker's: a session, what it has bound, what it prepared. */
typedef struct rs_beside_worker {
    void *session;
    bool is_bound;
    size_t range;        /* of which it sees the parts */
    bool sees_relations; /* all that there are of it, too */
    void **prepared;     /* by rule; NULL: not yet */
} rs_beside_worker;

/* As rs_scan_count. */
typedef struct rs_beside_scans {
    atomic_uint_fast64_t n_scans;
    atomic_uint_fast64_t n_rows;
    atomic_uint_fast64_t n_bytes;
} rs_beside_scans;

typedef struct rs_beside {
    const rs_engine_type *type; /* NULL: there is none in this run */
    void *engine;
    rs_beside_worker *workers;
    size_t n_workers;
    const char **why_not; /* by rule; NULL: it runs it */
    size_t n_rules;
    bool *holds;      /* by output of the graph's plan: a relationship whose rows the run holds */
    bool *hands_over; /* the same: one that rules of the other engine read, too */
    bool runs_all;    /* no rule is left to the other engine */
    rs_beside_scans scans[RS_N_EVIDENCE];
    rs_arena arena;
} rs_beside;

/* With captured plans there is none: they are those of the engine that has any. Errors: RS_ERR_NOMEM. */
rs_status rs_beside_open(const rs_pipeline *pipeline, bool explains, rs_beside *out,
                         rs_error *err) RS_MUST_USE;
void rs_beside_close(rs_beside *beside);

/* Does it run a rule? */
bool rs_beside_takes(const rs_beside *beside, const rs_plan *rule);
/* Why not; NULL where it does, and where there is none. */
const char *rs_beside_refusal(const rs_beside *beside, const rs_plan *rule);

/* A relationship, by output of the graph's plan: does it make its rows, does the other engine read them? */
bool rs_beside_holds(const rs_beside *beside, size_t output);
bool rs_beside_hands_over(const rs_beside *beside, size_t output);
/* Nothing is left to the other engine. */
bool rs_beside_runs_all(const rs_beside *beside);

/* Let a worker's session see the parts of a range (relate.h), and with_relations what is held of them: all
 * that is there when this is called. */
rs_status rs_beside_select(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                           size_t range, bool with_relations, rs_error *err) RS_MUST_USE;
/* And a relationship more, of a session that sees no other's. */
rs_status rs_beside_show(rs_beside *beside, size_t worker, const rs_gated *relation,
                         rs_error *err) RS_MUST_USE;
/* The rows of a select of a rule that it takes. Errors: as rs_engine_type.run. */
rs_status rs_beside_run(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                        const rs_select *select, const rs_sink *sink, rs_observation *cost,
                        rs_error *err) RS_MUST_USE;
/* A scan of evidence where it lies, by whoever: counted as the engines' are. */
void rs_beside_add_scan(rs_beside *beside, rs_dataset_id dataset, uint64_t n_rows,
                        uint64_t n_bytes);
rs_scan_count rs_beside_count(const rs_beside *beside, rs_dataset_id dataset);

#endif
