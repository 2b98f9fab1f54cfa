/* SPDX-License-Identifier: Apache-2.0 */
/* view.h - a dataset as it is registered, over the columns that are stored of it. */
#ifndef RS_BUNDLE_VIEW_H
#define RS_BUNDLE_VIEW_H

#include "base/str.h"
#include "schema/schema.h"

/*
 * The SELECT that shows a dataset with all of its registered columns over the stored
 * ones: `file_of:` computed, `node:` taken from `nodes`, edges with edge_id. It reads
 * stored_view, a view over the dataset's files, and the view `nodes`.
 */
rs_status rs_dataset_add_view_sql(const rs_dataset *dataset, const char *stored_view, rs_buf *out,
                                  rs_error *err) RS_MUST_USE;

/* Whether it reads `nodes`. */
bool rs_dataset_view_reads_nodes(const rs_dataset *dataset);

#endif
