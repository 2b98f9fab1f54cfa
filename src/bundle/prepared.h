/* SPDX-License-Identifier: Apache-2.0 */
/* prepared.h - views that answer the usual questions about a bundle.
 *
 * A view is there when the datasets that it needs are; a dataset of its name takes precedence.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_BUNDLE_PREPARED_H
#define RS_BUNDLE_PREPARED_H

#include "base/sql.h"

typedef struct rs_prepared_view {
    const char *name;
    const char *needs;     /* datasets, separated by spaces */
    const char *doc;       /* one row of it */
    const rs_sql *sql;     /* a SELECT over the views of reader.h (sql/views.sql) */
    const rs_sql_arg *arg; /* fills its hole; NULL: it has none */
} rs_prepared_view;

/* In the order of documentation. */
const rs_prepared_view *rs_prepared_views(size_t *n_views);

/* Append its SELECT. */
void rs_prepared_view_add_sql(const rs_prepared_view *view, rs_buf *out);

#endif
