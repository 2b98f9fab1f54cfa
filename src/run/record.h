/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - what of a run's records is about files and scans (record_stats.c). */
#ifndef RS_RUN_RECORD_H
#define RS_RUN_RECORD_H

#include "run/pipeline.h"

/* Append the rows of <engine>_explains that no run made: the plan of each rule of the graph by itself;
 * and those of scan_telemetry, dataset_stats and column_stats. */
rs_status rs_record_fill_explains(rs_pipeline *pipeline, rs_records *rows,
                                  rs_error *err) RS_MUST_USE;
rs_status rs_record_fill_scans(rs_pipeline *pipeline, rs_records *rows, rs_error *err) RS_MUST_USE;
rs_status rs_record_fill_datasets(rs_pipeline *pipeline, rs_records *rows,
                                  rs_error *err) RS_MUST_USE;
rs_status rs_record_fill_columns(rs_pipeline *pipeline, rs_records *rows,
                                 rs_error *err) RS_MUST_USE;

/* contracts.json, compiled_outputs.json, <engine>_fallbacks.json, <engine>_explains.json (snapshots.c). */
rs_status rs_record_snapshots(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

#endif
