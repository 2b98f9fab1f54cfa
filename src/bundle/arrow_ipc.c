/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/arrow_ipc.h"

#include <errno.h>

#include "bundle/files.h"

#pragma push_macro("free")
#undef free
#include <nanoarrow/nanoarrow_ipc.h>
#pragma pop_macro("free")

/* Where bytes go, and what went wrong there: nanoarrow knows numbers only. */
typedef struct sink {
    rs_ipc_write_fn write;
    void *context;
    rs_status status;
} sink;

static ArrowErrorCode sink_write(struct ArrowIpcOutputStream *stream, const void *bytes,
                                 int64_t n_bytes, int64_t *n_written, struct ArrowError *error)
{
    sink *to = stream->private_data;
    (void)error;
    to->status = to->write(bytes, (size_t)n_bytes, to->context);
    *n_written = to->status == RS_OK ? n_bytes : 0;
    return to->status == RS_OK ? NANOARROW_OK : EIO;
}

static void sink_release(struct ArrowIpcOutputStream *stream)
{
    stream->release = NULL; /* the sink is borrowed */
}

static rs_status failed(const sink *to, int code, const struct ArrowError *error, rs_error *err)
{
    if (to->status != RS_OK || code == NANOARROW_OK) {
        return to->status;
    }
    if (code == ENOMEM) {
        return rs_error_set(err, RS_ERR_NOMEM, "write Arrow: out of memory");
    }
    return rs_error_set(err, RS_ERR_ENGINE, "write Arrow: %s",
                        error->message[0] != '\0' ? error->message : "the rows broke off");
}

static int open_writer(sink *to, struct ArrowIpcWriter *writer)
{
    struct ArrowIpcOutputStream stream = {
        .write = sink_write, .release = sink_release, .private_data = to};
    *writer = (struct ArrowIpcWriter){0};
    return ArrowIpcWriterInit(writer, &stream);
}

rs_status rs_ipc_write_stream(struct ArrowArrayStream *rows, rs_ipc_write_fn write, void *context,
                              rs_error *err)
{
    sink to = {.write = write, .context = context};
    struct ArrowError error = {{0}};
    struct ArrowIpcWriter writer;
    int code = open_writer(&to, &writer);
    if (code == NANOARROW_OK) {
        code = ArrowIpcWriterWriteArrayStream(&writer, rows, &error);
        ArrowIpcWriterReset(&writer);
    }
    return failed(&to, code, &error, err);
}

static rs_status collect(const char *bytes, size_t n_bytes, void *context)
{
    rs_buf *text = context;
    rs_buf_append(text, bytes, n_bytes);
    return text->failed ? RS_ERR_NOMEM : RS_OK;
}

/* --- the footer of a file --- */

enum {
    FOOTER_TAIL_BYTES = 10, /* its length, then "ARROW1" */
    FOOTER_DICTIONARIES = 2,
    FOOTER_BATCHES = 3,
    BLOCK_BYTES = 24, /* offset, metadata's length, padding, body's length */
    BLOCK_PADDING_AT = 12,
    BLOCK_PADDING_BYTES = 4
};

static size_t number_at(const rs_buf *file, size_t at, size_t n_bytes)
{
    size_t number = 0;
    for (size_t i = n_bytes; i > 0; i--) {
        number = number << 8 | (unsigned char)file->bytes[at + i - 1];
    }
    return number;
}

/* Where a field's vector stands in the table at root; 0 for a field that is not there. */
static size_t vector_at(const rs_buf *file, size_t root, size_t field)
{
    /* Where each field is, behind two sizes; the way there is signed. */
    int64_t back = (int64_t)(int32_t)(uint32_t)number_at(file, root, 4);
    size_t fields = (size_t)((int64_t)root - back);
    size_t slot = 4 + 2 * field;
    size_t at = slot < number_at(file, fields, 2) ? number_at(file, fields + slot, 2) : 0;
    return at == 0 ? 0 : root + at + number_at(file, root + at, 4);
}

/*
 * The footer says where each batch lies, in records with a gap that nanoarrow leaves as memory was:
 * the same rows would not be the same file. file was written by it a moment ago, and is whole.
 */
static void clear_gaps(rs_buf *file)
{
    static const size_t vectors[] = {FOOTER_DICTIONARIES, FOOTER_BATCHES};
    size_t tail = file->n_bytes - FOOTER_TAIL_BYTES;
    size_t footer = tail - number_at(file, tail, 4);
    size_t root = footer + number_at(file, footer, 4);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        size_t vector = vector_at(file, root, vectors[i]);
        size_t n_blocks = vector == 0 ? 0 : number_at(file, vector, 4);
        for (size_t block = 0; block < n_blocks; block++) {
            memset(file->bytes + vector + 4 + block * BLOCK_BYTES + BLOCK_PADDING_AT, 0,
                   BLOCK_PADDING_BYTES);
        }
    }
}

static int write_table(struct ArrowIpcWriter *writer, const rs_table *table,
                       const struct ArrowArrayView *view, struct ArrowError *error)
{
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterStartFile(writer, error));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterWriteSchema(writer, &table->schema, error));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterWriteArrayView(writer, view, error));
    NANOARROW_RETURN_NOT_OK(ArrowIpcWriterWriteArrayView(writer, NULL, error));
    return ArrowIpcWriterFinalizeFile(writer, error);
}

rs_status rs_ipc_write_file(const rs_table *table, const char *path, rs_error *err)
{
    rs_buf text = {0};
    sink to = {.write = collect, .context = &text};
    struct ArrowError error = {{0}};
    struct ArrowArrayView view = {0};
    struct ArrowIpcWriter writer;
    rs_status status = rs_table_open(table, &view, err);
    if (status == RS_OK) {
        int code = open_writer(&to, &writer);
        if (code == NANOARROW_OK) {
            code = write_table(&writer, table, &view, &error);
            ArrowIpcWriterReset(&writer);
        }
        status = failed(&to, code, &error, err);
    }
    ArrowArrayViewReset(&view);
    if (text.failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", path);
    }
    if (status == RS_OK) {
        clear_gaps(&text);
        status = rs_files_write(path, text.bytes, text.n_bytes, err);
    }
    rs_buf_release(&text);
    return status;
}
