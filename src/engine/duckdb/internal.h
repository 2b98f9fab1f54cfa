/* SPDX-License-Identifier: Apache-2.0 */
/* internal.h - what the files behind session.h share. */
#ifndef RS_ENGINE_DUCKDB_INTERNAL_H
#define RS_ENGINE_DUCKDB_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/sql.h"
#include "base/vec.h"
#include "engine/duckdb/guard.h"
#include "engine/duckdb/library.h"
#include "engine/duckdb/session.h"

RS_VEC_DEFINE(rs_text_pair_vec, rs_text_pair)

/* A part that sessions may scan; strings are those of its table, by number. */
typedef struct rs_engine_part {
    const rs_part *part; /* NULL: not set, or dropped */
    duckdb_string_t *strings;
} rs_engine_part;

enum { RS_DUCK_TYPES = 128 }; /* sets of words, at most */

/* Its database is opened by the first statement of any of its sessions: until then nothing is loaded. */
struct rs_engine {
    pthread_mutex_t lock;    /* of the opening */
    rs_engine_config config; /* the paths are owned */
    bool is_open;            /* under the lock */
    pthread_mutex_t types_lock;
    atomic_bool has_type[RS_DUCK_TYPES]; /* by set of words; set under the lock */
    duckdb_database database;
    rs_engine_part *parts;
    size_t n_parts;
    rs_text_pair_vec settings; /* the values are owned */
    const rs_kinds *kinds;     /* that its rows may be of */
    bool counts_scans;
    const atomic_bool *stop; /* that of the config */
    rs_guard *guard;         /* that all statements run in; NULL: in the thread that asks */
    struct rs_scan_counter { /* as rs_scan_count */
        atomic_uint_fast64_t n_scans;
        atomic_uint_fast64_t n_rows;
        atomic_uint_fast64_t n_bytes;
    } scans[RS_N_EVIDENCE];
};

/* A view that a session has, or will have when a statement names it. */
typedef struct rs_duck_view {
    char *name; /* owned, with sql behind it */
    const char *sql;
    bool is_made;
} rs_duck_view;

RS_VEC_DEFINE(rs_duck_view_vec, rs_duck_view)

struct rs_session {
    rs_engine *engine;
    _Atomic(duckdb_connection) connection; /* NULL: no statement ran yet */
    rs_duck_view_vec views;
    bool makes_type;              /* just now: what names it has not to wait for it */
    rs_observation *observations; /* NULL: nobody looks */
    size_t n_observations;
    bool tells_places;
    rs_engine_fault fault; /* of the last statement that failed */
    uint64_t deadline_ns;  /* as rs_clock_ns(); 0: none */
    uint64_t timeout_ms;   /* that made it */
};

/* Before a statement: open the engine if nobody did, connect, make the types and views that it names. Errors: as of a
 * statement. */
rs_status rs_duckdb_ready(rs_session *session, const char *sql, rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_make_views(rs_session *session, const char *sql, rs_error *err) RS_MUST_USE;
/* It is offered no longer: something else has its name. */
void rs_duckdb_forget_view(rs_session *session, const char *name);

/* Run fn where the session's statements run, and interrupt it when it is late. */
void rs_duckdb_call(rs_session *session, void (*fn)(void *context), void *context);
/* RS_ERR_LIMIT when the session's time is over. */
rs_status rs_duckdb_check_time(const rs_session *session, const char *label,
                               rs_error *err) RS_MUST_USE;

/* A statement of the session is about to run in this thread: time of its rows counts from now. */
void rs_duckdb_observe(const rs_session *session);

/* The engine's string for text, which must outlive it. */
duckdb_string_t rs_duckdb_string(rs_str text);

/* The text of a string that lies in a vector. */
rs_str rs_duckdb_str(const duckdb_string_t *string);

/* Make the table function and the scalar functions known to the database. */
rs_status rs_duckdb_add_scan(rs_engine *engine, duckdb_connection connection,
                             rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_add_functions(duckdb_connection connection, rs_error *err) RS_MUST_USE;
/* The format that rs_session_copy() writes. */
rs_status rs_duckdb_add_copy(duckdb_connection connection, rs_error *err) RS_MUST_USE;

/*
 * "label: text" with the status that the engine's kind of error has; whole: with the excerpt. Where a
 * session tells places, its fault says the same, and where. session may be NULL.
 */
rs_status rs_duckdb_fail(rs_session *session, rs_error *err, const char *label,
                         duckdb_error_type type, const char *text, bool whole);

/* A statement that was started; all-zero is none. */
typedef struct rs_duckdb_statement {
    duckdb_prepared_statement prepared;
    duckdb_result result; /* its rows come as they are made */
    bool is_started;
    char *
        *cast_from; /* by column: the type that it had, where it is cast; NULL: nothing was asked */
    size_t n_columns; /* of cast_from */
} rs_duckdb_statement;

/*
 * Prepare and start one statement that reads. Of options, types and max_rows count here.
 *
 * Ownership: the caller hands *out to rs_duckdb_statement_release(), also on failure.
 */
rs_status rs_duckdb_start(rs_session *session, const char *label, const char *sql,
                          const rs_param *params, size_t n_params, const rs_stream_options *options,
                          rs_duckdb_statement *out, rs_error *err) RS_MUST_USE;
void rs_duckdb_statement_release(rs_duckdb_statement *of);
/* The next rows of a result, which the caller destroys; NULL behind the last, and on failure. */
duckdb_data_chunk rs_duckdb_fetch(rs_session *session, duckdb_result *result);

/* Append an expression: value, of this type, as the text of JSON; a null stays one. */
void rs_duckdb_add_json_cast(const char *value, duckdb_logical_type type, rs_buf *out);

/* The one number that a CREATE TABLE ... AS gives, of rows made. */
uint64_t rs_duckdb_copied_rows(duckdb_result *result);

/* Run sql and keep its result, which the caller destroys in any case. */
rs_status rs_duckdb_run(rs_session *session, const char *label, const char *sql,
                        duckdb_result *result, rs_error *err) RS_MUST_USE;

/* Run one of ours (sql/), its holes filled; label NULL: its name. */
rs_status rs_duckdb_execute(rs_session *session, const char *label, const rs_sql *statement,
                            const rs_sql_arg *args, size_t n_args, rs_error *err) RS_MUST_USE;

/* A chunk of the columns of the appender's table; the caller destroys it. */
rs_status rs_duckdb_make_chunk(duckdb_appender appender, size_t n_columns, duckdb_data_chunk *chunk,
                               rs_error *err) RS_MUST_USE;

/* --- plans (plan.c): as in engine.h --- */

typedef struct rs_duckdb_plan rs_duckdb_plan;

bool rs_duckdb_accepts(const rs_plan *plan, rs_buf *why_not);
rs_status rs_duckdb_prepare(rs_session *session, const rs_plan *plan, rs_duckdb_plan **out,
                            rs_error *err) RS_MUST_USE;
void rs_duckdb_release(rs_duckdb_plan *prepared);
rs_status rs_duckdb_run_plan(rs_duckdb_plan *prepared, const rs_sink *sink, rs_observation *cost,
                             rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_keep(rs_duckdb_plan *prepared, rs_keep *how, rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_keep_none(rs_duckdb_plan *prepared, rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_forget(rs_duckdb_plan *prepared, rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_explain(rs_duckdb_plan *prepared, rs_arena *arena, const rs_explained **out,
                            rs_error *err) RS_MUST_USE;

/* Append the type of a column as rules make it. */
void rs_duckdb_add_type(const rs_column *column, rs_buf *sql);

/* --- rows bound by frames (bind.c) --- */

rs_status rs_duckdb_bind(rs_session *session, const rs_dataset *dataset, const rs_frame *frame,
                         rs_error *err) RS_MUST_USE;
rs_status rs_duckdb_unbind(rs_session *session, const rs_dataset *dataset,
                           rs_error *err) RS_MUST_USE;

#endif
