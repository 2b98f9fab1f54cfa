/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a SELECT into a Parquet file. */
#include "engine/duckdb/internal.h"

/*
 * Measured on the standard library (18 million rows): user seconds of a whole build with one
 * thread, the least of three, and what it writes.
 *
 *   as here                       3.4 s   59 MB   ids DELTA_BINARY_PACKED, words RLE_DICTIONARY
 *   dictionaries of any size      3.9 s   62 MB   ids are hashed for long, and in vain
 *   Bloom filters                 3.7 s   59 MB
 *   ZSTD level 3                  3.6 s   55 MB
 *   Snappy, LZ4                   3.3 s   79 MB, 83 MB
 *   Parquet version 1             4.0 s   70 MB
 *   twice and half the row group  no difference, 1 % less and more
 *
 * A row group is what has to be read for one file's rows. This is half of the engine's own: to
 * explain the edges of a place takes an eighth less time so; half of it again, and what the longer
 * footers cost is as much as is gained (bench/why.py).
 */
static const char parquet_options[] =
    "FORMAT PARQUET, PARQUET_VERSION V2, COMPRESSION ZSTD, COMPRESSION_LEVEL 1, "
    "ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 2000, WRITE_BLOOM_FILTER false";

void rs_duckdb_add_copy_sql(rs_str select_sql, const char *path, const rs_text_pair *metadata,
                            size_t n_metadata, rs_buf *sql)
{
    rs_buf_add(sql, "COPY (");
    rs_buf_add_str(sql, select_sql);
    rs_buf_add(sql, "\n) TO ");
    rs_buf_add_sql_literal(sql, rs_str_of(path));
    rs_buf_addf(sql, " (%s", parquet_options);
    for (size_t i = 0; i < n_metadata; i++) {
        rs_buf_add(sql, i == 0 ? ", KV_METADATA {" : ", ");
        rs_buf_add_sql_literal(sql, rs_str_of(metadata[i].name));
        rs_buf_add(sql, ": ");
        rs_buf_add_sql_literal(sql, rs_str_of(metadata[i].value));
    }
    rs_buf_add(sql, n_metadata > 0 ? "})" : ")");
}

uint64_t rs_duckdb_copied_rows(duckdb_result *result)
{
    uint64_t n_rows = 0;
    duckdb_data_chunk chunk = duckdb_fetch_chunk(*result);
    if (chunk == NULL) {
        return duckdb_rows_changed(result);
    }
    if (duckdb_data_chunk_get_size(chunk) > 0) {
        const int64_t *counts = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
        n_rows = (uint64_t)counts[0];
    }
    duckdb_destroy_data_chunk(&chunk);
    return n_rows;
}

rs_status rs_session_copy(rs_session *session, const char *label, const char *select_sql,
                          const char *path, const rs_text_pair *metadata, size_t n_metadata,
                          uint64_t *n_rows, rs_error *err)
{
    rs_buf sql = {0};
    duckdb_result result = {0};
    rs_duckdb_add_copy_sql(rs_str_of(select_sql), path, metadata, n_metadata, &sql);
    rs_status status = rs_buf_check(&sql, err);
    if (status == RS_OK) {
        status = rs_duckdb_run(session, label, rs_buf_text(&sql), &result, err);
        if (status == RS_OK && n_rows != NULL) {
            *n_rows = rs_duckdb_copied_rows(&result);
        }
        duckdb_destroy_result(&result);
    }
    rs_buf_release(&sql);
    return status;
}

/* A stream as the engine may read it: it asks for the schema as often as it likes, and releases none
 * of those that it gets. */
typedef struct lent_stream {
    struct ArrowArrayStream *rows;
    struct ArrowSchema schema;
} lent_stream;

static void lent_schema_release(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int lent_get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const lent_stream *self = stream->private_data;
    *out = self->schema;
    out->release = lent_schema_release;
    return 0;
}

static int lent_get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    const lent_stream *self = stream->private_data;
    return self->rows->get_next(self->rows, out);
}

static const char *lent_get_last_error(struct ArrowArrayStream *stream)
{
    const lent_stream *self = stream->private_data;
    return self->rows->get_last_error(self->rows);
}

static void lent_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the rows are their owner's */
}

/* A view of the stream, which is read once, by a statement that reads all of its columns. */
static rs_status copy_lent(rs_session *session, const char *label, lent_stream *lent,
                           const char *path, uint64_t *n_rows, rs_error *err)
{
    struct ArrowArrayStream stream = {.get_schema = lent_get_schema,
                                      .get_next = lent_get_next,
                                      .get_last_error = lent_get_last_error,
                                      .release = lent_release,
                                      .private_data = lent};
    if (duckdb_arrow_scan(session->connection, "arrow_stream", (duckdb_arrow_stream)&stream) !=
        DuckDBSuccess) {
        return rs_error_set(err, RS_ERR_ENGINE, "%s: the engine refuses the columns", label);
    }
    return rs_session_copy(session, label, "SELECT * FROM arrow_stream", path, NULL, 0, n_rows,
                           err);
}

rs_status rs_session_copy_stream(rs_session *session, const char *label,
                                 struct ArrowArrayStream *rows, const char *path, uint64_t *n_rows,
                                 rs_error *err)
{
    lent_stream lent = {.rows = rows};
    int code = rows->get_schema(rows, &lent.schema);
    if (code != 0) {
        return rs_error_set(err, RS_ERR_ENGINE, "%s: %s", label, rows->get_last_error(rows));
    }
    rs_status status = copy_lent(session, label, &lent, path, n_rows, err);
    ArrowSchemaRelease(&lent.schema);
    return status;
}
