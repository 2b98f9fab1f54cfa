/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - DuckDB by its SQL: one database, many sessions, no SQL of its own.
 *
 * An engine is an in-memory database that runs each query on one thread (unless it is told
 * otherwise), so that a query gives the same rows in the same order every time; sessions in
 * different threads run at the same time. Evidence is scanned where it lies, in rs_part, by a
 * table function. Functions beside the engine's own: edge_id(kind, src, dst,
 * start_byte), global_id(kind, text) and stable_id(tag, part...), the ids of base/hash.h, file_of(id)
 * and root_of(file_id), which are the file and the first entity of one, and observe(number, value)
 * below.
 * Types: an ENUM under the name of each set of words of the schema (a byte a row, where a
 * text costs 40 ns), made when a statement has that name in it.
 *
 * Every statement goes with a label, its name in messages; the statement itself
 * never stands in one.
 *
 * Threads: an engine from any thread; a session and its results from one thread at
 * a time, rs_session_interrupt from any.
 */
#ifndef RS_ENGINE_DUCKDB_SESSION_H
#define RS_ENGINE_DUCKDB_SESSION_H

#include "engine/engine.h"
#include "schema/cursor.h"
#include "schema/table.h"

typedef struct rs_engine rs_engine;
typedef struct rs_session rs_session;

/*
 * Nothing is loaded and no database opened before the first statement, which has the errors of that.
 *
 * Ownership: the caller owns *out and hands it to rs_engine_free(), after its sessions.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_engine_new(const rs_engine_config *config, rs_engine **out, rs_error *err) RS_MUST_USE;
void rs_engine_free(rs_engine *engine);

/* Whether the kernel keeps what runs in it from writing: rs_engine_config.cannot_write, on a kernel that
 * can. */
bool rs_engine_is_confined(const rs_engine *engine);

/* The settings that the engine runs with, in order of application, for the bundle's environment.json; none
 * before its first statement. */
const rs_text_pair *rs_engine_settings(const rs_engine *engine, size_t *n_settings);

/* --- parts --- */

/* Room for parts 0 .. n_parts - 1; before any session selects one, and once. */
rs_status rs_engine_reserve_parts(rs_engine *engine, size_t n_parts, rs_error *err) RS_MUST_USE;

/*
 * Let sessions scan part as number index. Any thread, each index by one at a time.
 *
 * Ownership: part is borrowed until rs_engine_drop_part() or rs_engine_free().
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_engine_set_part(rs_engine *engine, size_t index, const rs_part *part,
                             rs_error *err) RS_MUST_USE;
void rs_engine_drop_part(rs_engine *engine, size_t index);

/* --- sessions --- */

/* What the first statement would do, for who takes what a statement fails with for the statement's own fault.
 * Errors: also RS_ERR_IO, where there is no library; RS_ERR_LIMIT for too little memory. */
rs_status rs_session_open(rs_session *session, rs_error *err) RS_MUST_USE;

/* Whether a statement ran. */
bool rs_engine_is_open(rs_engine *engine);

/* Errors: RS_ERR_NOMEM. */
rs_status rs_session_new(rs_engine *engine, rs_session **out, rs_error *err) RS_MUST_USE;
void rs_session_free(rs_session *session);

/*
 * Offer every evidence dataset as a view, under its name, of parts first_part .. end_part - 1.
 * A view has the registered columns in their order and `_row`, the row's place from 0.
 * The parts must be set when a statement reads them.
 */
rs_status rs_session_select_parts(rs_session *session, size_t first_part, size_t end_part,
                                  rs_error *err) RS_MUST_USE;

/* Make a view of this session: CREATE OR REPLACE TEMP VIEW name AS sql. */
rs_status rs_session_add_view(rs_session *session, const char *name, const char *sql,
                              rs_error *err) RS_MUST_USE;

/* The same once a statement has its name in it, which has the errors of both. Views over it are made anew where
 * it is; statements of users read none, as what they name nobody knows by their texts. */
rs_status rs_session_offer_view(rs_session *session, const char *name, const char *sql,
                                rs_error *err) RS_MUST_USE;

/* Append SQL for a column that is the file of an id (rs_column_file_of()). */
void rs_column_add_file_sql(const rs_column *column, rs_buf *sql);

/* The same over Parquet files: SQL, a literal or a list of them. */
rs_status rs_session_add_parquet_view(rs_session *session, const char *name, const char *files,
                                      rs_error *err) RS_MUST_USE;

/* Run a statement that gives one number, of rows made: CREATE TABLE ... AS. */
rs_status rs_session_execute_counting(rs_session *session, const char *label, const char *sql,
                                      uint64_t *n_rows, rs_error *err) RS_MUST_USE;

/* Run a statement (or several, separated by ;) and forget its rows. */
rs_status rs_session_execute(rs_session *session, const char *label, const char *sql,
                             rs_error *err) RS_MUST_USE;

/* From now on the engine has one thread, whatever it was opened with. */
rs_status rs_session_use_one_thread(rs_session *session, rs_error *err) RS_MUST_USE;

/*
 * Write the rows of a SELECT to a new Parquet file (parquet/parquet.h), with metadata pairs in its footer.
 * Its columns have types that schema/table.h lists, or are maps.
 *
 * Errors: RS_ERR_ENGINE, for a statement that does not compile, too; RS_ERR_IO when the file cannot be
 * written, RS_ERR_CANCELLED.
 */
rs_status rs_session_copy(rs_session *session, const rs_engine_file *file,
                          rs_parquet_written *written, rs_error *err) RS_MUST_USE;

/*
 * From now on observe(i, x) in the session's statements counts its row in observations[i]; it gives
 * x, a BIGINT. The n_observations are borrowed; with NULL (as at first) observe() does nothing else.
 */
void rs_session_observe(rs_session *session, rs_observation *observations, size_t n_observations);

/* From now on the engine measures each operator of the session's statements. */
rs_status rs_session_profile(rs_session *session, rs_error *err) RS_MUST_USE;
/* What it measured of the last statement, in arena. Errors: RS_ERR_ENGINE when it measured nothing;
 * RS_ERR_NOMEM. */
rs_status rs_session_explain(rs_session *session, rs_arena *arena, const rs_explained **out,
                             rs_error *err) RS_MUST_USE;

/* What an EXPLAIN (FORMAT json) gave, in the same shape: nothing was measured, so no numbers. */
rs_status rs_explained_read(rs_str plan, rs_arena *arena, const rs_explained **out,
                            rs_error *err) RS_MUST_USE;

/* From now on scans are counted. Before any runs. */
void rs_engine_count_scans(rs_engine *engine);
/* While none runs. */
rs_scan_count rs_engine_scans(const rs_engine *engine, rs_dataset_id dataset);

/* From now on only statements that read, and no further setting: for statements of a user. */
rs_status rs_session_lock(rs_session *session, rs_error *err) RS_MUST_USE;

/*
 * From now on, for timeout_ms, statements run; what is not done then ends with RS_ERR_LIMIT, and so does
 * all that is asked later. 0: no limit. Only an engine that cannot write looks at the clock.
 */
void rs_session_set_timeout(rs_session *session, uint64_t timeout_ms);

/* From now on a statement that fails leaves where, as far as the engine knows, in the fault. */
rs_status rs_session_tell_places(rs_session *session, rs_error *err) RS_MUST_USE;
/* Of the last statement that failed. */
rs_engine_fault rs_session_fault(const rs_session *session);

/* Make the statement that runs in session, if any, end with RS_ERR_CANCELLED. */
void rs_session_interrupt(rs_session *session);

/* --- rows --- */

/*
 * Run one SELECT-like statement with params bound to its ? in order; all other
 * statements are refused. Rows come as they are made, each value exactly (RS_STREAM_ROWS).
 *
 * Ownership: the caller owns *out and hands it to rs_cursor_free() before the
 * session's next statement.
 * Errors: RS_ERR_INVALID for a statement that does not compile or does not read,
 * RS_ERR_ENGINE, RS_ERR_CANCELLED.
 */
rs_status rs_session_query(rs_session *session, const char *label, const char *sql,
                           const rs_param *params, size_t n_params, rs_cursor **out,
                           rs_error *err) RS_MUST_USE;

/* --- Arrow --- */

/*
 * Run one statement as rs_session_query() does, and give all its rows, in order, as one table.
 *
 * Ownership: on RS_OK the caller owns *out and hands it to rs_table_release(); it outlives the
 * session. Errors: as rs_session_query(); RS_ERR_INVALID also for a column of a type that
 * schema/table.h does not list (cast it), RS_ERR_LIMIT for 2 GiB of text in a column.
 */
rs_status rs_session_query_table(rs_session *session, const char *label, const char *sql,
                                 const rs_param *params, size_t n_params, rs_table *out,
                                 rs_error *err) RS_MUST_USE;

/* What becomes of a type that schema/table.h does not list. Where a column is cast, the metadata of its
 * field has the type's name (schema/cursor.h). */
typedef enum rs_stream_types {
    RS_STREAM_AS_IT_IS, /* it is refused: RS_ERR_INVALID */
    RS_STREAM_ROWS,     /* cast without loss: small numbers to INTEGER, all else to VARCHAR */
    /* Cast for other programs: small numbers to INTEGER, those of 64 bits and more to BIGINT (one that
     * does not fit is an error), decimals to DOUBLE, all else and words to VARCHAR. */
    RS_STREAM_NUMBERS
} rs_stream_types;

/* All-zero is: types as they are, small batches, all rows. */
typedef struct rs_stream_options {
    rs_stream_types types;
    size_t n_batch_rows; /* of a batch, or a little more (the last: fewer) */
    uint64_t max_rows;   /* 0: all */
} rs_stream_options;

/*
 * The same as a stream of record batches; rows are made as batches are asked for.
 *
 * Ownership: the caller releases *out before the session's next statement; batches outlive it.
 */
rs_status rs_session_query_stream(rs_session *session, const char *label, const char *sql,
                                  const rs_param *params, size_t n_params,
                                  const rs_stream_options *options, struct ArrowArrayStream *out,
                                  rs_error *err) RS_MUST_USE;

/*
 * Make a temporary table of this session from a table's rows, in their order; one of that name
 * is replaced.
 *
 * Ownership: table is borrowed during the call. Errors: RS_ERR_INVALID as rs_table_open(),
 * RS_ERR_NOMEM, RS_ERR_ENGINE.
 */
rs_status rs_session_add_table(rs_session *session, const char *name, const rs_table *table,
                               rs_error *err) RS_MUST_USE;
rs_status rs_session_drop_table(rs_session *session, const char *name, rs_error *err) RS_MUST_USE;

/*
 * Run one statement that gives rows of a dataset, and push them: all of its columns, in their order and
 * of their registered types, then perhaps two BIGINT, which become their places, and perhaps `_in`
 * (BIGINT[]), which becomes their lineage.
 *
 * Errors: as rs_session_query(); RS_ERR_INVALID for other columns.
 */
rs_status rs_session_query_frames(rs_session *session, const char *label, const char *sql,
                                  const rs_dataset *dataset, const rs_sink *sink, uint64_t *n_rows,
                                  rs_error *err) RS_MUST_USE;

/* One number: the first column of the first row; 0 for none or null. */
rs_status rs_session_query_i64(rs_session *session, const char *label, const char *sql,
                               int64_t *value, rs_error *err) RS_MUST_USE;

#endif
