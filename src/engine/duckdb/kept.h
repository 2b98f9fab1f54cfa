/* SPDX-License-Identifier: Apache-2.0 */
/* kept.h - rows that stay in the engine between plans: relationships as tables, until the gate's are written.
 *
 * DuckDB's by decision (docs/architecture.md): a streaming pipeline hands frames on instead. The rows
 * that a plan made are a temporary relation of the session, which the gate reads; what passes it is a
 * table of the database, one for each range of parts and one for the run, that any session may show under
 * the dataset's name.
 */
#ifndef RS_ENGINE_DUCKDB_KEPT_H
#define RS_ENGINE_DUCKDB_KEPT_H

#include "engine/duckdb/session.h"
#include "schema/held.h"

/* Make the table of a SELECT's rows. */
rs_status rs_session_keep(rs_session *session, rs_kept as, const char *select, uint64_t *n_rows,
                          rs_error *err) RS_MUST_USE;
/* Make it without rows; select gives the dataset's columns, and no rows. */
rs_status rs_session_keep_none(rs_session *session, rs_kept as, const char *select,
                               rs_error *err) RS_MUST_USE;

/* Make it of rows that are held, with their lineage. */
rs_status rs_session_keep_held(rs_session *session, rs_kept as, const rs_held *held,
                               rs_error *err) RS_MUST_USE;

/* Offer good rows as a view under the dataset's name, with `_row`: those of numbers first .. end - 1. */
rs_status rs_session_show_kept(rs_session *session, const rs_dataset *dataset, size_t first,
                               size_t end, rs_error *err) RS_MUST_USE;
/* Offer rejects as `<dataset>.rejects`. */
rs_status rs_session_show_rejects(rs_session *session, const rs_dataset *dataset, size_t number,
                                  rs_error *err) RS_MUST_USE;

/* Make a temporary table of this session; *n_rows may be NULL. One of that name is replaced. */
rs_status rs_session_keep_for_now(rs_session *session, const char *label, const char *name,
                                  const char *select, uint64_t *n_rows, rs_error *err) RS_MUST_USE;
/* Drop what is there of a temporary name, a table or a view. */
rs_status rs_session_drop(rs_session *session, const char *label, const char *name, bool is_view,
                          rs_error *err) RS_MUST_USE;

#endif
