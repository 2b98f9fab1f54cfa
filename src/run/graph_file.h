/* SPDX-License-Identifier: Apache-2.0 */
/* graph_file.h - a file of the graph whose rows two engines make: group by group, in their order. */
#ifndef RS_RUN_GRAPH_FILE_H
#define RS_RUN_GRAPH_FILE_H

#include "graph/emit.h"
#include "parquet/parquet.h"
#include "run/sessions.h"

/* One to write: rows of an output of the graph, of a range. Borrowed. */
typedef struct rs_graph_file {
    const rs_pipeline *pipeline;
    size_t worker;
    size_t range;
    const rs_output *output;
    bool are_rejects;
    const bool *left_out; /* rules, by number, that have no rows in it */
    const char *label;
    const char *path;
    rs_observation *rules; /* by rule, what its rows cost; NULL: nobody looks */
} rs_graph_file;

/*
 * Write it, where the engine beside (beside.h) runs at least one of its rules; else *is_done is false, and
 * nothing was written. The bytes are those that one engine alone would have made.
 *
 * Errors: RS_ERR_ENGINE where a rule fails, with no file and nothing in `rules`; those of rs_engine_type.write.
 */
rs_status rs_graph_file_write(const rs_graph_file *file, bool *is_done, rs_parquet_written *written,
                              rs_error *err) RS_MUST_USE;

#endif
