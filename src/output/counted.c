/* SPDX-License-Identifier: Apache-2.0 */
#include "output/counted.h"

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    rs_counted *self = stream->private_data;
    return self->inner.get_schema(&self->inner, out);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    rs_counted *self = stream->private_data;
    int code = self->inner.get_next(&self->inner, out);
    if (code == NANOARROW_OK && out->release != NULL) {
        self->n_rows += (uint64_t)out->length;
    }
    return code;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    rs_counted *self = stream->private_data;
    return self->inner.get_last_error(&self->inner);
}

static void release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the inner stream goes with rs_counted_close() */
}

rs_status rs_counted_open(rs_rows_source *source, size_t n_batch_rows, rs_counted *of,
                          rs_error *err)
{
    *of = (rs_counted){.rows = {.get_schema = get_schema,
                                .get_next = get_next,
                                .get_last_error = get_last_error,
                                .release = release,
                                .private_data = of}};
    return source->stream(source->context, n_batch_rows, &of->inner, err);
}

void rs_counted_close(rs_counted *of, rs_rows_source *source)
{
    RS_ASSERT(of->rows.private_data == of); /* the stream that was handed out speaks of this one */
    source->n_rows = of->n_rows;
    if (of->inner.release != NULL) {
        ArrowArrayStreamRelease(&of->inner);
    }
}
