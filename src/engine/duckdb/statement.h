/* SPDX-License-Identifier: Apache-2.0 */
/* statement.h - what a user's statement is, as the engine's parser sees it: nothing of it runs, and
 * nothing of it is looked up.
 *
 * A statement reads when it is one SELECT (or FROM, VALUES, WITH, TABLE, DESCRIBE, SHOW, SUMMARIZE, which
 * the parser makes a SELECT of), or EXPLAIN or EXPLAIN ANALYZE of one, and when each function that it has
 * in the place of a table is known to read.
 *
 * Threads: those of the session.
 */
#ifndef RS_ENGINE_DUCKDB_STATEMENT_H
#define RS_ENGINE_DUCKDB_STATEMENT_H

#include "base/json.h"
#include "base/vec.h"
#include "engine/duckdb/session.h"

RS_VEC_DEFINE(rs_table_name_vec, const char *)

/* Names are as the statement writes them, some of them twice; they lie in document. */
typedef struct rs_statement {
    rs_table_name_vec tables; /* what it reads from, names that WITH makes among them */
    rs_table_name_vec locals; /* names that WITH makes */
    bool asks_what_there_is; /* it may see tables that it does not name: SHOW TABLES and the like */
    json_t *document;
} rs_statement;

/*
 * Ownership: the caller hands *out to rs_statement_release(), also on failure.
 * Errors: RS_ERR_INVALID for what does not parse (the session's fault says where), is not one statement,
 * or does not read.
 */
rs_status rs_statement_parse(rs_session *session, const char *label, const char *sql,
                             rs_statement *out, rs_error *err) RS_MUST_USE;
void rs_statement_release(rs_statement *statement);

#endif
