/* SPDX-License-Identifier: Apache-2.0 */
/* clash.h - the node that looks for two texts with one id.
 *
 * An id of what lies in no file is a hash of its text (base/hash.h). Should two texts ever have the same
 * one, the first in path order keeps it. The other's rows become rejects `id_clash`, with both texts;
 * edges at the id are marked damaged, as nothing can tell which of the two they meant; so are two edges
 * whose derivations meet in one id. The files that were
 * written are looked at, and only those are written again that such an id is in.
 */
#ifndef RS_RUN_CLASH_H
#define RS_RUN_CLASH_H

#include "run/pipeline.h"

typedef struct rs_clashes {
    uint64_t n_texts; /* that lost their id */
    rs_buf first;     /* "QUALIFIED_NAME a.b has the id of TYPE c" */
} rs_clashes;

rs_status rs_clash_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                       rs_error *err) RS_MUST_USE;
void rs_clash_release(void *state);

static inline const rs_clashes *rs_run_clashes(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_ids);
}

#endif
