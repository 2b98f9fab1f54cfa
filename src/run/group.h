/* SPDX-License-Identifier: Apache-2.0 */
/* group.h - the node that says which files lie together in which part. */
#ifndef RS_RUN_GROUP_H
#define RS_RUN_GROUP_H

#include "run/pipeline.h"

enum {
    RS_PART_SOURCE_BYTES = 4 << 20 /* a part is closed once its sources have so many bytes */
};

/* Files first_file .. end_file - 1 in order of path, and their rows. */
typedef struct rs_file_range {
    size_t first_file;
    size_t end_file;
} rs_file_range;

typedef struct rs_grouping {
    rs_file_range *files; /* by part */
    size_t
        n_parts; /* at least 1; a last one without files where a lens has rows that lie in none */
    size_t n_file_parts;
    size_t *order; /* in which workers take those of files */
} rs_grouping;

rs_status rs_group_run(rs_pipeline *pipeline, void *state, rs_part_span parts,
                       rs_error *err) RS_MUST_USE;
void rs_group_release(void *state);

static inline const rs_grouping *rs_run_parts(const rs_pipeline *pipeline)
{
    return rs_run_thing(pipeline, RS_THING_parts);
}

#endif
