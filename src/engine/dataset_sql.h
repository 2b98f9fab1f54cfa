/* SPDX-License-Identifier: Apache-2.0 */
/* dataset_sql.h - a dataset as it is registered, in the SQL of the engine that reads bundles. */
#ifndef RS_ENGINE_DATASET_SQL_H
#define RS_ENGINE_DATASET_SQL_H

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

/* The SELECT of a dataset's stored columns without a row; with_reason: of its rejects. */
rs_status rs_dataset_add_empty_sql(const rs_dataset *dataset, bool with_reason, rs_buf *out,
                                   rs_error *err) RS_MUST_USE;

#endif
