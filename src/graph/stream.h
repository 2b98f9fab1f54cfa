/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h - the gate of rows that come in their order, frame by frame: what it does as kernels (gate.c), for
 * rows that no engine keeps.
 *
 * The rows of a group, select by select, in the order of their evidence: then the first row of a key is the
 * first that comes. What is kept of a row is its key.
 */
#ifndef RS_GRAPH_STREAM_H
#define RS_GRAPH_STREAM_H

#include "graph/gate.h"
#include "schema/frame.h"

typedef struct rs_stream_gate rs_stream_gate;

/* Ownership: group is borrowed; the caller hands *out to rs_stream_gate_free(). Errors: RS_ERR_NOMEM. */
rs_status rs_stream_gate_new(const rs_group *group, const rs_dataset *dataset, rs_stream_gate **out,
                             rs_error *err) RS_MUST_USE;
/* Accepts NULL. */
void rs_stream_gate_free(rs_stream_gate *gate);

/* Why each of a frame's rows is kept out, as the kernel judge says it; empty for a good one. Texts live as
 * long as the gate. Errors: RS_ERR_NOMEM, RS_ERR_LIMIT. */
rs_status rs_stream_gate_judge(rs_stream_gate *gate, const rs_frame *frame, rs_str *reasons,
                               rs_error *err) RS_MUST_USE;

#endif
