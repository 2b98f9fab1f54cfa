/* SPDX-License-Identifier: Apache-2.0 */
/* beside.h - the engine that runs rules beside the one that keeps rows: over evidence, where it lies.
 *
 * Which rules it runs is settled once a run: those over evidence alone that it accepts. Relationships and
 * param tables lie in the other engine (docs/decisions/0010), so that what reads them is run there.
 */
#ifndef RS_RUN_BESIDE_H
#define RS_RUN_BESIDE_H

#include "run/pipeline.h"

/* One worker's: a session, what it has bound, what it prepared. */
typedef struct rs_beside_worker {
    void *session;
    size_t first_part;
    size_t end_part;
    bool is_bound;
    void **prepared; /* by rule; NULL: not yet */
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

/* Let a worker's session see the parts first_part .. end_part - 1. */
rs_status rs_beside_select(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                           size_t first_part, size_t end_part, rs_error *err) RS_MUST_USE;
/* The rows of a select of a rule that it takes. Errors: as rs_engine_type.run. */
rs_status rs_beside_run(const rs_pipeline *pipeline, rs_beside *beside, size_t worker,
                        const rs_select *select, const rs_sink *sink, rs_observation *cost,
                        rs_error *err) RS_MUST_USE;
/* A scan of evidence where it lies, by whoever: counted as the engines' are. */
void rs_beside_add_scan(rs_beside *beside, rs_dataset_id dataset, uint64_t n_rows,
                        uint64_t n_bytes);
rs_scan_count rs_beside_count(const rs_beside *beside, rs_dataset_id dataset);

#endif
