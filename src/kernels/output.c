/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs: tables made column by column, most of them from rows of an input. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/internal.h"

/* --- columns --- */

rs_status rs_kernel_output_begin(rs_kernel_output *out, const char *kernel, size_t n_columns,
                                 rs_error *err)
{
    *out = (rs_kernel_output){.kernel = kernel};
    ArrowSchemaInit(&out->table.schema);
    int code = ArrowSchemaSetTypeStruct(&out->table.schema, (int64_t)n_columns);
    return rs_arrow_status(code, NULL, kernel, err);
}

static struct ArrowSchema *next_column(rs_kernel_output *out)
{
    RS_ASSERT(out->n_columns < rs_table_n_columns(&out->table)); /* as many as it was begun with */
    return out->table.schema.children[out->n_columns++];
}

rs_status rs_kernel_output_add(rs_kernel_output *out, const char *name, enum ArrowType type,
                               rs_error *err)
{
    struct ArrowSchema *column = next_column(out);
    int code = ArrowSchemaSetType(column, type);
    code = code == NANOARROW_OK ? ArrowSchemaSetName(column, name) : code;
    return rs_arrow_status(code, NULL, out->kernel, err);
}

static int copy_schema(const struct ArrowSchema *from, struct ArrowSchema *to, const char *name)
{
    if (to->release != NULL) {
        ArrowSchemaRelease(to);
    }
    int code = ArrowSchemaDeepCopy(from, to);
    return code == NANOARROW_OK && name != NULL ? ArrowSchemaSetName(to, name) : code;
}

rs_status rs_kernel_output_add_like(rs_kernel_output *out, const char *name,
                                    const struct ArrowSchema *like, rs_error *err)
{
    return rs_arrow_status(copy_schema(like, next_column(out), name), NULL, out->kernel, err);
}

rs_status rs_kernel_output_add_list_of(rs_kernel_output *out, const struct ArrowSchema *like,
                                       rs_error *err)
{
    struct ArrowSchema *column = next_column(out);
    int code = ArrowSchemaSetType(column, NANOARROW_TYPE_LIST);
    code = code == NANOARROW_OK ? ArrowSchemaSetName(column, like->name) : code;
    if (code == NANOARROW_OK && like->dictionary != NULL) {
        code = ArrowSchemaSetType(column->children[0], NANOARROW_TYPE_STRING);
    } else if (code == NANOARROW_OK) {
        code = copy_schema(like, column->children[0], "item");
    }
    return rs_arrow_status(code, NULL, out->kernel, err);
}

rs_status rs_kernel_output_start_rows(rs_kernel_output *out, rs_error *err)
{
    RS_ASSERT(out->n_columns == rs_table_n_columns(&out->table));
    int code = ArrowArrayInitFromSchema(&out->table.rows, &out->table.schema, NULL);
    return rs_arrow_status(code, NULL, out->kernel, err);
}

rs_status rs_kernel_output_finish(rs_kernel_output *out, size_t n_rows, rs_table *result,
                                  rs_error *err)
{
    struct ArrowError arrow_error = {{0}};
    out->table.rows.length = (int64_t)n_rows;
    int code = rs_arrow_finish(&out->table.rows, &arrow_error);
    RS_TRY(rs_arrow_status(code, &arrow_error, out->kernel, err));
    *result = out->table;
    out->table = (rs_table){0};
    return RS_OK;
}

void rs_kernel_output_release(rs_kernel_output *out)
{
    rs_table_release(&out->table);
}

/* --- values of rows --- */

void *rs_fill_fixed(struct ArrowArray *array, size_t n_values, size_t n_value_bytes)
{
    struct ArrowBuffer *buffer = ArrowArrayBuffer(array, 1);
    int64_t n_bytes = (int64_t)(n_values * n_value_bytes);
    if (ArrowBufferResize(buffer, n_bytes > 0 ? n_bytes : 1, 0) != NANOARROW_OK) {
        return NULL;
    }
    buffer->size_bytes = n_bytes;
    array->length = (int64_t)n_values;
    array->null_count = 0;
    return buffer->data;
}

static bool is_null_at(const struct ArrowArrayView *from, uint32_t row)
{
    return row == RS_NO_ROW || rs_value_is_null(from, row);
}

static int take_validity(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                         struct ArrowArray *to)
{
    int64_t n_nulls = 0;
    for (size_t i = 0; i < n_rows; i++) {
        n_nulls += is_null_at(from, rows[i]);
    }
    to->null_count = n_nulls;
    if (n_nulls == 0) {
        return NANOARROW_OK;
    }
    struct ArrowBitmap *bitmap = ArrowArrayValidityBitmap(to);
    NANOARROW_RETURN_NOT_OK(ArrowBitmapReserve(bitmap, (int64_t)n_rows));
    for (size_t i = 0; i < n_rows; i++) {
        ArrowBitmapAppendUnsafe(bitmap, !is_null_at(from, rows[i]), 1);
    }
    return NANOARROW_OK;
}

static int take_bits(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                     struct ArrowArray *to)
{
    struct ArrowBuffer *buffer = ArrowArrayBuffer(to, 1);
    int64_t n_bytes = ((int64_t)n_rows + 7) / 8;
    NANOARROW_RETURN_NOT_OK(ArrowBufferAppendFill(buffer, 0, n_bytes));
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_null_at(from, rows[i]) && rs_value_int(from, rows[i]) != 0) {
            ArrowBitSet(buffer->data, (int64_t)i);
        }
    }
    return NANOARROW_OK;
}

static int take_fixed(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                      size_t n_value_bytes, struct ArrowArray *to)
{
    int64_t null_count = to->null_count;
    uint8_t *out = rs_fill_fixed(to, n_rows, n_value_bytes);
    const uint8_t *in = from->buffer_views[1].data.as_uint8;
    if (out == NULL) {
        return ENOMEM;
    }
    to->null_count = null_count;
    for (size_t i = 0; i < n_rows; i++, out += n_value_bytes) {
        if (rows[i] == RS_NO_ROW) {
            memset(out, 0, n_value_bytes);
        } else {
            RS_ASSERT(rows[i] < (size_t)from->length);
            memcpy(out, in + ((size_t)from->offset + rows[i]) * n_value_bytes, n_value_bytes);
        }
    }
    return NANOARROW_OK;
}

static int take_text(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                     struct ArrowArray *to)
{
    struct ArrowBuffer *offsets = ArrowArrayBuffer(to, 1);
    struct ArrowBuffer *bytes = ArrowArrayBuffer(to, 2);
    NANOARROW_RETURN_NOT_OK(ArrowBufferReserve(offsets, ((int64_t)n_rows + 1) * 4));
    int64_t n_bytes = 0;
    offsets->size_bytes = 0;
    for (size_t i = 0; i <= n_rows; i++) {
        ArrowBufferAppendUnsafe(offsets, &(int32_t){(int32_t)n_bytes}, 4);
        if (i < n_rows && !is_null_at(from, rows[i])) {
            n_bytes += (int64_t)rs_value_text(from, rows[i]).n_bytes;
        }
        if (n_bytes > INT32_MAX) {
            return EOVERFLOW;
        }
    }
    NANOARROW_RETURN_NOT_OK(ArrowBufferReserve(bytes, n_bytes));
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_null_at(from, rows[i])) {
            rs_str text = rs_value_text(from, rows[i]);
            ArrowBufferAppendUnsafe(bytes, text.bytes, (int64_t)text.n_bytes);
        }
    }
    return NANOARROW_OK;
}

static rs_status take_plain(const char *kernel, const struct ArrowArrayView *from,
                            const uint32_t *rows, size_t n_rows, struct ArrowArray *to,
                            rs_error *err)
{
    int code = NANOARROW_OK;
    to->length = (int64_t)n_rows;
    if (from->storage_type == NANOARROW_TYPE_NA) {
        to->null_count = (int64_t)n_rows;
        return RS_OK;
    }
    code = take_validity(from, rows, n_rows, to);
    if (code == NANOARROW_OK && from->storage_type == NANOARROW_TYPE_BOOL) {
        code = take_bits(from, rows, n_rows, to);
    } else if (code == NANOARROW_OK && from->storage_type == NANOARROW_TYPE_STRING) {
        code = take_text(from, rows, n_rows, to);
    } else if (code == NANOARROW_OK) {
        code = take_fixed(from, rows, n_rows, (size_t)from->layout.element_size_bits[1] / 8, to);
    }
    return rs_arrow_status(code, &(struct ArrowError){"too much text"}, kernel, err);
}

/* Places of the elements of the rows' lists; *out is NULL when memory is out. */
static size_t elements_of(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                          uint32_t **out)
{
    size_t n_elements = 0;
    for (size_t i = 0; i < n_rows; i++) {
        if (!is_null_at(from, rows[i])) {
            n_elements += rs_list_end(from, rows[i]) - rs_list_start(from, rows[i]);
        }
    }
    size_t at = 0;
    *out = rs_alloc(n_elements, sizeof **out);
    for (size_t i = 0; i < n_rows && *out != NULL; i++) {
        if (!is_null_at(from, rows[i])) {
            uint32_t end = rs_list_end(from, rows[i]);
            for (uint32_t j = rs_list_start(from, rows[i]); j < end; j++) {
                (*out)[at++] = j;
            }
        }
    }
    RS_ASSERT(*out == NULL || at == n_elements);
    return n_elements;
}

static int take_offsets(const struct ArrowArrayView *from, const uint32_t *rows, size_t n_rows,
                        struct ArrowArray *to)
{
    int32_t *offsets = rs_fill_fixed(to, n_rows + 1, sizeof *offsets);
    if (offsets == NULL) {
        return ENOMEM;
    }
    to->length = (int64_t)n_rows;
    offsets[0] = 0;
    for (size_t i = 0; i < n_rows; i++) {
        bool is_null = is_null_at(from, rows[i]);
        uint32_t n_own = is_null ? 0 : rs_list_end(from, rows[i]) - rs_list_start(from, rows[i]);
        offsets[i + 1] = offsets[i] + (int32_t)n_own;
    }
    return take_validity(from, rows, n_rows, to);
}

static rs_status take_lists(const char *kernel, const struct ArrowArrayView *from,
                            const uint32_t *rows, size_t n_rows, struct ArrowArray *to,
                            rs_error *err)
{
    uint32_t *elements = NULL;
    size_t n_elements = elements_of(from, rows, n_rows, &elements);
    rs_status status = elements == NULL ? rs_kernel_nomem(kernel, err) : RS_OK;
    if (status == RS_OK && n_elements > INT32_MAX) {
        status = rs_error_set(err, RS_ERR_LIMIT, "%s: too many elements of lists", kernel);
    }
    RS_THEN(status, rs_arrow_status(take_offsets(from, rows, n_rows, to), NULL, kernel, err));
    RS_THEN(status,
            take_plain(kernel, from->children[0], elements, n_elements, to->children[0], err));
    rs_free(elements);
    return status;
}

/* The words of a dictionary, all of them. */
static rs_status take_words(const char *kernel, const struct ArrowArrayView *from,
                            struct ArrowArray *to, rs_error *err)
{
    size_t n_words = (size_t)from->length;
    uint32_t *rows = rs_alloc(n_words, sizeof *rows);
    if (rows == NULL) {
        return rs_kernel_nomem(kernel, err);
    }
    for (size_t i = 0; i < n_words; i++) {
        rows[i] = (uint32_t)i;
    }
    rs_status status = take_plain(kernel, from, rows, n_words, to, err);
    rs_free(rows);
    return status;
}

rs_status rs_take(const char *kernel, const struct ArrowArrayView *from, const uint32_t *rows,
                  size_t n_rows, struct ArrowArray *to, rs_error *err)
{
    if (from->dictionary != NULL) {
        RS_TRY(take_words(kernel, from->dictionary, to->dictionary, err));
    }
    if (from->storage_type == NANOARROW_TYPE_LIST) {
        return take_lists(kernel, from, rows, n_rows, to, err);
    }
    return take_plain(kernel, from, rows, n_rows, to, err);
}

rs_status rs_take_text(const char *kernel, const struct ArrowArrayView *from, const uint32_t *rows,
                       size_t n_rows, struct ArrowArray *to, rs_error *err)
{
    to->length = (int64_t)n_rows;
    int code = take_validity(from, rows, n_rows, to);
    code = code == NANOARROW_OK ? take_text(from, rows, n_rows, to) : code;
    return rs_arrow_status(code, &(struct ArrowError){"too much text"}, kernel, err);
}

rs_status rs_take_rows(const rs_input *in, const uint32_t *rows, size_t n_rows, rs_table *out,
                       rs_error *err)
{
    rs_kernel_output output;
    size_t n_columns = rs_table_n_columns(in->table);
    rs_status status = rs_kernel_output_begin(&output, in->kernel, n_columns, err);
    for (size_t i = 0; i < n_columns && status == RS_OK; i++) {
        status = rs_kernel_output_add_like(&output, NULL, in->table->schema.children[i], err);
    }
    RS_THEN(status, rs_kernel_output_start_rows(&output, err));
    for (size_t i = 0; i < n_columns && status == RS_OK; i++) {
        status = rs_take(in->kernel, in->view.children[i], rows, n_rows,
                         rs_kernel_output_column(&output, i), err);
    }
    RS_THEN(status, rs_kernel_output_finish(&output, n_rows, out, err));
    rs_kernel_output_release(&output);
    return status;
}
