/* SPDX-License-Identifier: Apache-2.0 */
/* again.h - files of a draft that are written again, as rows in them are not what they should be.
 *
 * What is wrong with which rows is said by a table `marks` (filename, file_row_number, reason), over views
 * of files that have those two columns: draft_<dataset>, draft_rejects_<dataset>.
 *
 * Threads: the pipeline's own.
 */
#ifndef RS_RUN_AGAIN_H
#define RS_RUN_AGAIN_H

#include "base/sql.h"
#include "graph/emit.h"
#include "run/draft.h"
#include "run/sessions.h"

typedef struct rs_again {
    rs_draft *draft;
    const rs_graph_plan *plan;
    const rs_kinds *kinds;
    rs_session *session;
    rs_buf sql;
    rs_buf path;
} rs_again;

rs_again rs_again_of(const rs_pipeline *pipeline);
void rs_again_release(rs_again *self);

/* Fill a statement: into self->sql; run it; ask it for a number. */
rs_status rs_again_make(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                        size_t n_args, rs_error *err) RS_MUST_USE;
rs_status rs_again_run(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                       size_t n_args, rs_error *err) RS_MUST_USE;
rs_status rs_again_count(rs_again *self, const rs_sql *statement, const rs_sql_arg *args,
                         size_t n_args, int64_t *value, rs_error *err) RS_MUST_USE;

/* The name of the view of a dataset's files; make it. */
const char *rs_again_view(const rs_bundle_dataset *dataset, char name[128]);
rs_status rs_again_show(rs_again *self, const rs_bundle_dataset *dataset,
                        rs_error *err) RS_MUST_USE;

/* Write by a statement of sql/again.sql those files of a dataset again in which rows are marked; or the
 * first alone, whatever is marked. */
rs_status rs_again_write(rs_again *self, const rs_bundle_dataset *dataset, const rs_sql *statement,
                         bool is_first_alone, rs_error *err) RS_MUST_USE;

/* Keep the marked rows in `moved`. */
rs_status rs_again_keep_moved(rs_again *self, const rs_bundle_dataset *dataset,
                              rs_error *err) RS_MUST_USE;

/* Move the marked rows of a dataset of the graph to its rejects. */
rs_status rs_again_move(rs_again *self, const char *dataset, rs_error *err) RS_MUST_USE;

#endif
