/* SPDX-License-Identifier: Apache-2.0 */
/* Parquet, by an engine that sees the stream of rows and the folder of the file, and no bundle. */
#include "engine/duckdb/session.h"
#include "output/counted.h"

static rs_status copy(struct ArrowArrayStream *rows, const rs_out *out, rs_error *err)
{
    const rs_engine_config config = {.allowed_directory = out->directory};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    uint64_t n_rows = 0;
    RS_TRY(rs_engine_new(&config, &engine, err));
    rs_status status = rs_session_new(engine, &session, err);
    if (status == RS_OK) {
        status = rs_session_copy_stream(session, "write Parquet", rows, out->path, &n_rows, err);
    }
    rs_session_free(session);
    rs_engine_free(engine);
    return status;
}

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    rs_counted rows;
    rs_status status = rs_counted_open(source, 1, &rows, err);
    if (status == RS_OK) {
        status = copy(&rows.rows, out, err);
    }
    rs_counted_close(&rows, source);
    return status;
}

const rs_format_row rs_format_parquet = {
    .name = "parquet",
    .doc = "A Parquet file.",
    .traits = RS_FORMAT_IS_BYTES | RS_FORMAT_IS_A_FILE,
    .write_rows = write_all,
};
