/* SPDX-License-Identifier: Apache-2.0 */
/* keep.h - what stays of parts once their rows were written: the columns that are read later, and no others.
 *
 * Later are the rules of the run, and the summary of what was read. A node that reads a column which nobody
 * declared finds nothing there: in a debug build it ends the program.
 */
#ifndef RS_RUN_KEEP_H
#define RS_RUN_KEEP_H

#include "run/pipeline.h"

/* Forget the rest of these parts, and of what is held of their ranges. Errors: RS_ERR_NOMEM. */
rs_status rs_keep_for_later(rs_pipeline *pipeline, rs_part_span parts, rs_error *err) RS_MUST_USE;

#endif
