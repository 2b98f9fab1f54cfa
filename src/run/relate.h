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

/* What a rule's rows of one range cost. */
typedef struct rs_rule_cost {
    uint64_t n_rows;
    uint64_t elapsed_ns;
    uint64_t kernel_ns; /* of it, in kernels that C ran */
    uint64_t started_ns;
    bool was_run;
} rs_rule_cost;

/* Let a session see the parts of a range and every relationship that stands. */
rs_status rs_pipeline_select(rs_pipeline *pipeline, rs_session *session, size_t range,
                             rs_error *err) RS_MUST_USE;

#endif
