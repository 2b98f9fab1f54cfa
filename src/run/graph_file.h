/* SPDX-License-Identifier: Apache-2.0 */
/* graph_file.h - a file of the graph whose rows the engine beside makes, and what is left of them the other
 * one: group by group, in their order. */
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
    rs_parquet_tally *tally;
    rs_observation *rules; /* by rule, what its rows cost; NULL: nobody looks */
    /* The session of the other engine, which sees the range: asked for where it has rows to make. */
    rs_status (*session)(const void *context, rs_session **out, rs_error *err);
    const void *context;
} rs_graph_file;

/*
 * Write it, in a run that has an engine beside (beside.h). The bytes are those that one engine alone would
 * have made.
 *
 * Errors: RS_ERR_ENGINE where a rule fails, with no file and nothing in `rules`: *failed is the rule where it is
 * one of the engine beside, else NULL; those of rs_engine_type.write.
 */
rs_status rs_graph_file_write(const rs_graph_file *file, rs_parquet_written *written,
                              const rs_plan **failed, rs_error *err) RS_MUST_USE;

#endif
