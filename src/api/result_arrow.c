/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a query as an Arrow IPC stream. */
#include <string.h>

#include "api/internal.h"
#include "bundle/arrow_ipc.h"

enum { BATCH_ROWS = 65536 };

/* --- counting what passes --- */

typedef struct counter {
    struct ArrowArrayStream inner;
    uint64_t n_rows;
} counter;

static int counter_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    counter *self = stream->private_data;
    return self->inner.get_schema(&self->inner, out);
}

static int counter_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    counter *self = stream->private_data;
    int code = self->inner.get_next(&self->inner, out);
    if (code == NANOARROW_OK && out->release != NULL) {
        self->n_rows += (uint64_t)out->length;
    }
    return code;
}

static const char *counter_error(struct ArrowArrayStream *stream)
{
    counter *self = stream->private_data;
    return self->inner.get_last_error(&self->inner);
}

static void counter_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the inner stream is its owner's */
}

rs_status rs_query_write_arrow(rs_session *session, const rs_query *query, const rs_param *params,
                               rs_write_fn write, void *context, uint64_t *n_rows, rs_error *err)
{
    counter rows = {0};
    const rs_stream_options options = {
        .types = RS_STREAM_NUMBERS, .n_batch_rows = BATCH_ROWS, .max_rows = query->max_rows};
    rs_status status = rs_session_query_stream(session, "query", query->sql, params,
                                               query->n_values, &options, &rows.inner, err);
    if (status == RS_OK) {
        struct ArrowArrayStream stream = {.get_schema = counter_schema,
                                          .get_next = counter_next,
                                          .get_last_error = counter_error,
                                          .release = counter_release,
                                          .private_data = &rows};
        status = rs_ipc_write_stream(&stream, write, context, err);
    }
    *n_rows = rows.n_rows;
    if (rows.inner.release != NULL) {
        ArrowArrayStreamRelease(&rows.inner);
    }
    return status;
}
