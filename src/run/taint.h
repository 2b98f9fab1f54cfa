/* SPDX-License-Identifier: Apache-2.0 */
/* taint.h - what a failed rule spoils.
 *
 * A rule that failed leaves a relationship without rows that it should have. Whoever reads it and could
 * find more for want of them (an anti join, a winner, a count: rs_plan_may_gain()) is left out, and its
 * output lacks rows in turn; all others run, with fewer rows. A range of parts sees its own failures, the
 * run those of all ranges, so nothing of it depends on threads.
 */
#ifndef RS_RUN_TAINT_H
#define RS_RUN_TAINT_H

#include "run/pipeline.h"

/*
 * Which rules are left out in a range, by number; they are noted in the collector.
 *
 * Errors: RS_ERR_NOMEM. Threads: any worker, about the range that it works on.
 */
rs_status rs_taint_find(const rs_pipeline *pipeline, size_t range, bool *left_out,
                        size_t *n_left_out, rs_error *err) RS_MUST_USE;

/* The same of one rule, whose inputs are done. */
rs_status rs_taint_check(const rs_pipeline *pipeline, size_t range, const rs_plan *rule,
                         bool *is_left_out, rs_error *err) RS_MUST_USE;

#endif
