/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - the node that writes what a run has to say of itself. */
#ifndef RS_RUN_RECORD_H
#define RS_RUN_RECORD_H

#include "bundle/records.h"
#include "run/pipeline.h"

typedef struct rs_record {
    uint64_t *n_row_groups; /* by dataset of the draft, (record_stats.c) */
    uint64_t *n_rejected;   /* by rule, once rs_record_count_rejects() ran */
} rs_record;

rs_status rs_record_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                        rs_error *err) RS_MUST_USE;
void rs_record_release(void *state);

/* How many rows of each rule the gate kept out, where rejects name their rule (record_stats.c). */
rs_status rs_record_count_rejects(const rs_pipeline *pipeline, rs_record *record,
                                  rs_error *err) RS_MUST_USE;

/* Append the rows of scan_telemetry, dataset_stats and column_stats (record_stats.c). */
rs_status rs_record_fill_scans(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                               rs_error *err) RS_MUST_USE;
rs_status rs_record_fill_datasets(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                  rs_error *err) RS_MUST_USE;
rs_status rs_record_fill_columns(const rs_pipeline *pipeline, rs_record *record, rs_records *rows,
                                 rs_error *err) RS_MUST_USE;

/* contracts.json, compiled_outputs.json, <engine>_fallbacks.json, <engine>_explains.json (snapshots.c). */
rs_status rs_record_snapshots(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

#endif
