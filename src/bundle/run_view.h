/* SPDX-License-Identifier: Apache-2.0 */
/* run_view.h - the view `run` of a bundle: the one row of when, where and of what it was made. */
#ifndef RS_BUNDLE_RUN_VIEW_H
#define RS_BUNDLE_RUN_VIEW_H

#include "bundle/reader.h"

/* Append its SELECT: from environment.json and config.json; what those do not say is null. Errors:
 * RS_ERR_NOMEM. */
rs_status rs_run_view_add_sql(const rs_reader *reader, rs_buf *sql, rs_error *err) RS_MUST_USE;

#endif
