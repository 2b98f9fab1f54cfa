/* SPDX-License-Identifier: Apache-2.0 */
/* relate.h - relationships as tables of the engine, before anything that reads them is written.
 *
 * The tables of the engine's schema `rel`: `<dataset>.<range>` and `<dataset>.<range>.rejects`,
 * one for each range of parts, or one for the run as a whole. They are made level by level
 * (rules/contract.h): those of files side by side, range by range; those of the run one after the
 * other. Sessions see them as views under the dataset's name, with `_row` and `_in`.
 */
#ifndef RS_RUN_RELATE_H
#define RS_RUN_RELATE_H

#include "run/pipeline.h"

/* Let a session see the parts of a range and every relationship that stands. */
rs_status rs_pipeline_select(rs_pipeline *pipeline, rs_session *session, size_t range,
                             rs_error *err) RS_MUST_USE;

/*
 * Run the rules of an output of the graph one by one over what session sees; failed[rule's number] is
 * set for those that the engine refuses, which are recorded (probe.c).
 */
rs_status rs_pipeline_probe(rs_pipeline *pipeline, rs_session *session, const rs_dataset *dataset,
                            rs_wave scope, bool *failed, size_t *n_failed,
                            rs_error *err) RS_MUST_USE;

/* Keep the plan of a statement that session just ran, where plans are captured; rule_name NULL: one of
 * all rules of the output. */
rs_status rs_pipeline_explain(rs_pipeline *pipeline, rs_session *session, const char *rule_name,
                              const char *output_dataset, const char *sql,
                              rs_error *err) RS_MUST_USE;

#endif
