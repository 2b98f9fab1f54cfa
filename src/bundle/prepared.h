/* SPDX-License-Identifier: Apache-2.0 */
/* prepared.h - views that answer the usual questions about a bundle.
 *
 * A view is there when the datasets that it needs are; a dataset of its name takes precedence.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_BUNDLE_PREPARED_H
#define RS_BUNDLE_PREPARED_H

#include <stddef.h>

typedef struct rs_prepared_view {
    const char *name;
    const char *needs; /* datasets, separated by spaces */
    const char *doc;   /* one row of it */
    const char *sql;   /* a SELECT over the views of reader.h */
} rs_prepared_view;

/* In the order of documentation. */
const rs_prepared_view *rs_prepared_views(size_t *n_views);

#endif
