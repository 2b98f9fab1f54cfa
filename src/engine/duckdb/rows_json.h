/* SPDX-License-Identifier: Apache-2.0 */
/* rows_json.h - what a query gives, as JSON objects: for few rows. */
#ifndef RS_ENGINE_DUCKDB_ROWS_JSON_H
#define RS_ENGINE_DUCKDB_ROWS_JSON_H

#include "base/json.h"
#include "engine/duckdb/session.h"

/*
 * Append an object for each row of one SELECT to rows, with a member a column: null, a truth value, a
 * whole number, a number (null where it is none), else text.
 *
 * Errors: as rs_session_query(); RS_ERR_NOMEM.
 */
rs_status rs_session_query_json(rs_session *session, const char *label, const char *sql,
                                json_t *rows, rs_error *err) RS_MUST_USE;

#endif
