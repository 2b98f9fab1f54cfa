/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - rows and graphs in a form, to a function or a file. */
#include "api/internal.h"
#include "bundle/file_draft.h"
#include "output/format.h"

bool rs_format_get(size_t index, rs_format *out)
{
    size_t n_formats = 0;
    const rs_format_row *const *rows = rs_format_rows(&n_formats);
    *out = (rs_format){0};
    if (index >= n_formats) {
        return false;
    }
    *out = (rs_format){.name = rows[index]->name,
                       .doc = rows[index]->doc,
                       .wants_graph = rows[index]->write_graph != NULL,
                       .is_bytes = (rows[index]->traits & RS_FORMAT_IS_BYTES) != 0,
                       .is_a_file = (rows[index]->traits & RS_FORMAT_IS_A_FILE) != 0,
                       .is_for_eyes = (rows[index]->traits & RS_FORMAT_IS_FOR_EYES) != 0};
    return true;
}

/* What is written, by a format of the one kind or of the other. */
typedef rs_status (*body_fn)(const rs_format_row *format, void *source, rs_out *out, rs_error *err);

static rs_status to_function(const rs_format_row *format, const rs_target *target, body_fn body,
                             void *source, rs_error *err)
{
    rs_out out = {.write = target->write,
                  .context = target->context,
                  .has_numbers = target->has_numbers,
                  .n_columns = target->n_columns};
    rs_status status = body(format, source, &out, err);
    rs_out_release(&out);
    return status;
}

static rs_status to_file(const rs_format_row *format, const rs_target *target, body_fn body,
                         void *source, rs_error *err)
{
    rs_file_draft draft;
    bool is_stream = (format->traits & RS_FORMAT_IS_A_FILE) == 0;
    rs_status status = rs_file_draft_open(target->path, is_stream, &draft, err);
    if (status == RS_OK) {
        rs_out out = {.write = rs_file_draft_write,
                      .context = &draft,
                      .path = rs_buf_text(&draft.file),
                      .directory = rs_buf_text(&draft.directory),
                      .has_numbers = target->has_numbers,
                      .n_columns = target->n_columns};
        status = body(format, source, &out, err);
        rs_out_release(&out);
    }
    return rs_file_draft_close(&draft, status, err);
}

static rs_status write_to(const rs_target *target, bool is_graph, body_fn body, void *source,
                          rs_error *err)
{
    const rs_format_row *format = NULL;
    RS_TRY(rs_format_find(target->format, is_graph, &format, err));
    if ((target->write != NULL) == (target->path != NULL)) {
        return rs_error_set(err, RS_ERR_INVALID, "write %s: a function or a path is wanted",
                            format->name);
    }
    if (target->path == NULL && (format->traits & RS_FORMAT_IS_A_FILE) != 0) {
        return rs_error_set(err, RS_ERR_INVALID, "write %s: it needs a file", format->name);
    }
    return target->path != NULL ? to_file(format, target, body, source, err)
                                : to_function(format, target, body, source, err);
}

/* --- rows --- */

typedef struct rows_context {
    rs_result *result;
    uint64_t max_rows; /* 0: all */
} rows_context;

static rs_status give_rows(void *context, rs_cursor **out, rs_error *err)
{
    rows_context *self = context;
    (void)err;
    *out = self->result->rows;
    self->result->rows = NULL;
    return RS_OK;
}

static rs_status give_stream(void *context, size_t n_batch_rows, struct ArrowArrayStream *out,
                             rs_error *err)
{
    rows_context *self = context;
    return rs_result_open_stream(self->result, n_batch_rows, self->max_rows, out, err);
}

static rs_status write_rows(const rs_format_row *format, void *source, rs_out *out, rs_error *err)
{
    rs_rows_source *self = source;
    const rows_context *context = self->context;
    rs_status status = format->write_rows(self, out, err);
    return rs_reader_settle(context->result->bundle->reader, status, err);
}

rs_status rs_result_write(rs_result *result, const rs_target *target, uint64_t *n_rows,
                          rs_error *err)
{
    rows_context context = {result, target->max_rows};
    rs_rows_source source = {.rows = give_rows,
                             .stream = give_stream,
                             .context = &context,
                             .max_rows = target->max_rows == 0 ? UINT64_MAX : target->max_rows};
    rs_status status = result->rows == NULL || result->is_begun
                           ? rs_error_set(err, RS_ERR_INVALID, "query: its rows were taken already")
                           : write_to(target, false, write_rows, &source, err);
    if (n_rows != NULL) {
        *n_rows = source.n_rows;
    }
    return status;
}

/* --- graphs --- */

typedef struct graph_context {
    const rs_bundle *bundle;
    rs_graph_source *source;
} graph_context;

static rs_status write_graph(const rs_format_row *format, void *source, rs_out *out, rs_error *err)
{
    const graph_context *self = source;
    rs_status status = format->write_graph(self->source, out, err);
    return rs_reader_settle(self->bundle->reader, status, err);
}

rs_status rs_bundle_export(const rs_bundle *bundle, const rs_export *what, const rs_target *target,
                           rs_export_counts *counts, rs_error *err)
{
    rs_graph_source *source = NULL;
    const rs_graph_filter filter = {.kinds = what != NULL ? what->kinds : NULL,
                                    .n_kinds = what != NULL ? what->n_kinds : 0};
    rs_export_counts written = {0};
    rs_status status =
        rs_graph_source_new(rs_bundle_path(bundle), &filter, &bundle->stop.is_raised, &source, err);
    if (status == RS_OK) {
        graph_context context = {bundle, source};
        status = write_to(target, true, write_graph, &context, err);
        written.n_nodes = rs_graph_source_n_nodes(source);
        written.n_edges = rs_graph_source_n_edges(source);
    }
    if (counts != NULL) {
        *counts = written;
    }
    rs_graph_source_free(source);
    return status;
}
