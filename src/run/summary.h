/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - what a run did, for a person and for environment.json. */
#ifndef RS_RUN_SUMMARY_H
#define RS_RUN_SUMMARY_H

#include "base/json.h"
#include "run/pipeline.h"

/* Append the JSON of rs_run_summary() for a run that is over; what it did not make is null. */
rs_status rs_pipeline_summarise(const rs_pipeline *pipeline, rs_buf *summary,
                                rs_error *err) RS_MUST_USE;

/* environment.json, but for its hash. */
json_t *rs_environment_document(const rs_pipeline *pipeline, bool *failed);

#endif
