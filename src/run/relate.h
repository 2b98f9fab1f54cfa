/* SPDX-License-Identifier: Apache-2.0 */
/* relate.h - the nodes that make relationships: tables of the engine, before anything reads them.
 *
 * The tables of the engine's schema `rel`: `<dataset>.<range>` and `<dataset>.<range>.rejects`,
 * one for each range of parts, or one for the run as a whole. They are made in two waves
 * (rules/contract.h): those of files by part, ranges side by side; then those of the run, one after
 * the other. Sessions see them as views under the dataset's name, with `_row` and `_in`.
 *
 * Where the engine beside (beside.h) runs all rules of a relationship its rows are held instead, and are a
 * table of the engine only if that has rules which read them.
 */
#ifndef RS_RUN_RELATE_H
#define RS_RUN_RELATE_H

#include "engine/duckdb/session.h"
#include "graph/gated.h"
#include "rules/rules.h"
#include "run/extract.h"
#include "run/pipeline.h"

enum { RS_FILE_ROWS = 1000000 }; /* an output file is closed once its parts give so many rows */

/* Parts first_part .. end_part - 1: what one session relates and writes the graph of at a time. */
typedef struct rs_part_range {
    size_t first_part;
    size_t end_part;
    uint64_t n_rows;     /* of the graph, about */
    rs_gated *relations; /* by output of the plan: what is held; NULL: nothing yet */
} rs_part_range;

/* Not one of the ranges, but that of everything. */
#define RS_RANGE_RUN SIZE_MAX

typedef struct rs_relationships {
    rs_part_range *ranges;
    size_t n_ranges;
    rs_gated *run; /* as of a range, of the run */
    size_t n_outputs;
} rs_relationships;

/* What is held of a range, or of the run. */
static inline rs_gated *rs_relationships_of(const rs_relationships *made, size_t range)
{
    return range == RS_RANGE_RUN ? made->run : made->ranges[range].relations;
}

/* Where the range ends that begins at a part of the parts .. end - 1; *n_rows is what it has. */
size_t rs_range_end(const rs_evidence *evidence, size_t first, size_t end, uint64_t *n_rows);

/* Those of files; state: rs_relationships. */
rs_status rs_relate_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                        rs_error *err) RS_MUST_USE;
void rs_relate_release(void *state);
/* Those of the run; no state. */
rs_status rs_relate_all_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                            rs_error *err) RS_MUST_USE;

static inline const rs_relationships *rs_run_relationships(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_relationships);
}

/* Which relationships there are. */
typedef enum rs_related { RS_RELATED_NONE, RS_RELATED_FILES, RS_RELATED_RUN } rs_related;

/* Let a session see the parts of a range and the relationships that there are in its engine. */
rs_status rs_relate_select(const rs_pipeline *pipeline, rs_session *session, size_t range,
                           rs_related related, rs_error *err) RS_MUST_USE;
/* The session of a worker, which sees these: for those who may do without the engine. */
rs_status rs_relate_session(const rs_pipeline *pipeline, size_t worker, size_t range,
                            rs_related related, rs_session **session, rs_error *err) RS_MUST_USE;

/*
 * Run the rules of an output of the graph one by one over what session sees; failed[rule's number] is
 * set for those that the engine refuses, which are recorded (probe.c).
 */
rs_status rs_relate_probe(const rs_pipeline *pipeline, rs_session *session,
                          const rs_dataset *dataset, rs_wave scope, bool *failed, size_t *n_failed,
                          rs_error *err) RS_MUST_USE;

/* Keep the plan of a statement that session just ran, where plans are captured; rule_name NULL: one of
 * all rules of the output. */
rs_status rs_relate_explain(const rs_pipeline *pipeline, rs_session *session, const char *rule_name,
                            const char *output_dataset, const char *sql, rs_error *err) RS_MUST_USE;

#endif
