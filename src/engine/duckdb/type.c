/* SPDX-License-Identifier: Apache-2.0 */
/* DuckDB as a row of the table of engines: adapters from its functions to those of engine.h. */
#include "engine/duckdb/internal.h"

enum { STREAM_ROWS = 65536 };

static rs_status open_engine(const rs_engine_config *config, void **engine, rs_error *err)
{
    rs_engine *opened = NULL;
    rs_status status = rs_engine_new(config, &opened, err);
    *engine = opened;
    return status;
}

static void close_engine(void *engine)
{
    rs_engine_free(engine);
}

static rs_status session_open(void *engine, void **session, rs_error *err)
{
    rs_session *opened = NULL;
    rs_status status = rs_session_new(engine, &opened, err);
    *session = opened;
    return status;
}

static void session_close(void *session)
{
    rs_session_free(session);
}

static rs_status prepare(void *session, const rs_plan *plan, void **prepared, rs_error *err)
{
    rs_duckdb_plan *made = NULL;
    rs_status status = rs_duckdb_prepare(session, plan, &made, err);
    *prepared = made;
    return status;
}

static void release(void *prepared)
{
    rs_duckdb_release(prepared);
}

static rs_status bind(void *session, const rs_dataset *dataset, const rs_frame *frame,
                      rs_error *err)
{
    return rs_duckdb_bind(session, dataset, frame, err);
}

static rs_status unbind(void *session, const rs_dataset *dataset, rs_error *err)
{
    return rs_duckdb_unbind(session, dataset, err);
}

static rs_status run(void *prepared, const rs_sink *sink, rs_observation *cost, rs_error *err)
{
    return rs_duckdb_run_plan(prepared, sink, cost, err);
}

static rs_status explain(void *prepared, rs_arena *arena, const rs_explained **out, rs_error *err)
{
    return rs_duckdb_explain(prepared, arena, out, err);
}

static rs_status keep(void *prepared, rs_keep *how, rs_error *err)
{
    return rs_duckdb_keep(prepared, how, err);
}

static rs_status keep_none(void *prepared, rs_error *err)
{
    return rs_duckdb_keep_none(prepared, err);
}

static rs_status forget(void *prepared, rs_error *err)
{
    return rs_duckdb_forget(prepared, err);
}

static rs_status write_file(void *session, const rs_engine_file *file, rs_parquet_written *written,
                            rs_error *err)
{
    return rs_session_copy(session, file, written, err);
}

static rs_status query(void *session, const char *sql, const rs_param *params, size_t n_params,
                       struct ArrowArrayStream *out, rs_engine_fault *fault, rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_ROWS, .n_batch_rows = STREAM_ROWS};
    rs_status status =
        rs_session_query_stream(session, "query", sql, params, n_params, &options, out, err);
    *fault = rs_session_fault(session);
    return status;
}

static void interrupt(void *session)
{
    rs_session_interrupt(session);
}

/* Nothing where it cannot be loaded. */
static const char *version(void)
{
    return rs_duck_open(NULL) == RS_OK ? rs_duck.library_version() : NULL;
}

const rs_engine_type rs_engine_type_duckdb = {
    .name = "duckdb",
    .doc = "DuckDB, in memory, in our process",
    .capabilities = RS_ENGINE_TEXT | RS_ENGINE_WRITES | RS_ENGINE_EXPLAINS | RS_ENGINE_KEEPS,
    .dialect = &rs_dialect_duckdb,
    .version = version,
    .open = open_engine,
    .close = close_engine,
    .session_open = session_open,
    .session_close = session_close,
    .accepts = rs_duckdb_accepts,
    .prepare = prepare,
    .release = release,
    .bind = bind,
    .unbind = unbind,
    .run = run,
    .explain = explain,
    .keep = keep,
    .keep_none = keep_none,
    .forget = forget,
    .write = write_file,
    .query = query,
    .interrupt = interrupt,
};
