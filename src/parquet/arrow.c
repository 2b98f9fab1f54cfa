/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow: batches of a stream, of the types of schema/table.h. */
#include "base/alloc.h"
#include "parquet/bytes.h"
#include "parquet/parquet.h"
#include "schema/cursor.h"
#include "schema/table.h"

/* A column's values in this batch: vector points into the buffers, or into the batch. */
typedef struct holder {
    rs_parquet_vector vector;
    rs_bytes values;
    rs_bytes validity;
    rs_bytes n_items;
} holder;

/* Of one column: itself, and what a list or map holds. */
enum { OWN, ITEMS, KEYS, N_HOLDERS };

typedef struct arrow_writer {
    struct ArrowArrayStream *rows;
    struct ArrowSchema schema;
    rs_parquet_column *columns;
    rs_parquet_vector *vectors;
    holder *holders; /* N_HOLDERS a column */
    size_t n_columns;
    rs_parquet *file;
} arrow_writer;

/* --- types --- */

static rs_type type_of(const struct ArrowArrayView *view)
{
    switch ((int)(view->dictionary != NULL ? NANOARROW_TYPE_STRING : view->storage_type)) {
    case NANOARROW_TYPE_BOOL:
        return RS_TYPE_BOOL;
    case NANOARROW_TYPE_INT64:
        return RS_TYPE_I64;
    case NANOARROW_TYPE_FLOAT:
        return RS_TYPE_F32;
    case NANOARROW_TYPE_DOUBLE:
        return RS_TYPE_F64;
    case NANOARROW_TYPE_STRING:
        return RS_TYPE_STR;
    default:
        return RS_TYPE_I32; /* of a column that is all null, too */
    }
}

static void describe(const struct ArrowArrayView *view, const char *name, rs_parquet_column *out)
{
    *out = (rs_parquet_column){.name = name != NULL ? name : "", .type = type_of(view)};
    if (view->storage_type == NANOARROW_TYPE_LIST) {
        out->shape = RS_SHAPE_LIST;
        out->type = type_of(view->children[0]);
    } else if (view->storage_type == NANOARROW_TYPE_MAP) {
        out->shape = RS_SHAPE_MAP;
        out->type = type_of(view->children[0]->children[1]);
    }
}

/* --- values --- */

/* Bits as whole words, which the batch's last bits need not be. */
static void set_validity(const struct ArrowArrayView *view, size_t first, size_t n, holder *to)
{
    const uint8_t *bits = view->buffer_views[0].data.as_uint8;
    size_t first_bit = (size_t)view->offset + first;
    size_t n_bytes = (first_bit + n + 7) / 8;
    to->vector.validity = NULL;
    if (bits == NULL || n == 0) {
        return;
    }
    rs_bytes_reset(&to->validity);
    uint8_t *words = rs_bytes_room(&to->validity, n_bytes + 8);
    if (words != NULL) {
        memset(words, 0, n_bytes + 8);
        memcpy(words, bits, n_bytes);
    }
    to->vector.validity = (const uint64_t *)(const void *)words;
    to->vector.first_bit = first_bit;
}

static rs_str text_at(const struct ArrowArrayView *view, int64_t row)
{
    if (ArrowArrayViewIsNull(view, row)) {
        return (rs_str){0};
    }
    if (view->dictionary != NULL) {
        int64_t word = (int64_t)ArrowArrayViewGetUIntUnsafe(view, row);
        return text_at(view->dictionary, word);
    }
    struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(view, row);
    return (rs_str){text.data != NULL ? text.data : "", (size_t)text.size_bytes};
}

static void set_texts(const struct ArrowArrayView *view, size_t first, size_t n, holder *to)
{
    rs_str *texts = (rs_str *)(void *)rs_bytes_room(&to->values, n * sizeof *texts + 1);
    for (size_t i = 0; texts != NULL && i < n; i++) {
        texts[i] = text_at(view, (int64_t)(first + i));
    }
    to->vector.values = texts;
    to->vector.validity = NULL;
}

static void set_bools(const struct ArrowArrayView *view, size_t first, size_t n, holder *to)
{
    uint8_t *bools = rs_bytes_room(&to->values, n + 1);
    for (size_t i = 0; bools != NULL && i < n; i++) {
        bools[i] = ArrowArrayViewGetIntUnsafe(view, (int64_t)(first + i)) != 0;
    }
    to->vector.values = bools;
}

/* n values from first on. */
static void set_values(const struct ArrowArrayView *view, size_t first, size_t n, holder *to)
{
    rs_type type = type_of(view);
    rs_bytes_reset(&to->values);
    to->vector = (rs_parquet_vector){.form = RS_FORM_FLAT};
    if (view->storage_type == NANOARROW_TYPE_NA) {
        to->vector.form = RS_FORM_NULL;
        return;
    }
    set_validity(view, first, n, to);
    if (type == RS_TYPE_STR) {
        set_texts(view, first, n, to);
    } else if (type == RS_TYPE_BOOL) {
        set_bools(view, first, n, to);
    } else {
        to->vector.values = (const char *)view->buffer_views[1].data.data +
                            ((size_t)view->offset + first) * rs_type_bytes(type);
    }
}

/* Lists, or maps: pairs are a struct in a list. */
static void set_lists(const struct ArrowArrayView *view, size_t first_row, size_t n,
                      holder holders[N_HOLDERS])
{
    const struct ArrowArrayView *items = view->children[0];
    bool is_map = view->storage_type == NANOARROW_TYPE_MAP;
    holder *own = &holders[OWN];
    own->vector = (rs_parquet_vector){.form = RS_FORM_FLAT};
    set_validity(view, first_row, n, own);
    rs_bytes_reset(&own->n_items);
    uint32_t *n_items = (uint32_t *)(void *)rs_bytes_room(&own->n_items, n * sizeof *n_items + 1);
    int64_t row = (int64_t)first_row;
    int64_t first = n > 0 ? ArrowArrayViewListChildOffset(view, row) : 0;
    int64_t end = n > 0 ? ArrowArrayViewListChildOffset(view, row + (int64_t)n) : 0;
    for (size_t i = 0; n_items != NULL && i < n; i++) {
        n_items[i] = (uint32_t)(ArrowArrayViewListChildOffset(view, row + (int64_t)i + 1) -
                                ArrowArrayViewListChildOffset(view, row + (int64_t)i));
        RS_ASSERT(n_items[i] == 0 || !ArrowArrayViewIsNull(view, row + (int64_t)i));
    }
    own->vector.n_items = n_items;
    size_t n_all = (size_t)(end - first);
    set_values(is_map ? items->children[1] : items, (size_t)first, n_all, &holders[ITEMS]);
    own->vector.items = &holders[ITEMS].vector;
    if (is_map) {
        set_values(items->children[0], (size_t)first, n_all, &holders[KEYS]);
        own->vector.keys = &holders[KEYS].vector;
    }
}

/* n rows from first on. */
static rs_status push_rows(arrow_writer *self, const struct ArrowArrayView *view, size_t first,
                           size_t n, rs_error *err)
{
    bool failed = false;
    for (size_t i = 0; i < self->n_columns; i++) {
        const struct ArrowArrayView *column = view->children[i];
        holder *holders = &self->holders[i * N_HOLDERS];
        if (self->columns[i].shape == RS_SHAPE_ONE) {
            set_values(column, first, n, &holders[OWN]);
        } else {
            set_lists(column, first, n, holders);
        }
        for (size_t j = 0; j < N_HOLDERS; j++) {
            failed = failed || holders[j].values.failed || holders[j].validity.failed ||
                     holders[j].n_items.failed;
        }
        self->vectors[i] = holders[OWN].vector;
    }
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "write rows: out of memory")
                  : rs_parquet_push(self->file, self->vectors, n, err);
}

/* --- a stream --- */

static rs_status open_file(arrow_writer *self, const char *path, const rs_text_pair *metadata,
                           size_t n_metadata, rs_error *err)
{
    struct ArrowArrayView view = {0};
    struct ArrowError arrow_error = {{0}};
    self->n_columns = (size_t)self->schema.n_children;
    self->columns = rs_alloc_zero(self->n_columns + 1, sizeof *self->columns);
    self->vectors = rs_alloc_zero(self->n_columns + 1, sizeof *self->vectors);
    self->holders = rs_alloc_zero((self->n_columns + 1) * N_HOLDERS, sizeof *self->holders);
    if (self->columns == NULL || self->vectors == NULL || self->holders == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", path);
    }
    int code = ArrowArrayViewInitFromSchema(&view, &self->schema, &arrow_error);
    rs_status status = rs_arrow_status(code, &arrow_error, "write rows", err);
    for (size_t i = 0; status == RS_OK && i < self->n_columns; i++) {
        describe(view.children[i], self->schema.children[i]->name, &self->columns[i]);
    }
    RS_THEN(status, rs_parquet_open(path, self->columns, self->n_columns, metadata, n_metadata,
                                    &self->file, err));
    ArrowArrayViewReset(&view);
    return status;
}

static rs_status push_next(arrow_writer *self, bool *is_done, rs_error *err)
{
    rs_table table = {.schema = self->schema};
    struct ArrowArrayView view = {0};
    RS_TRY(rs_stream_check(self->rows, self->rows->get_next(self->rows, &table.rows), err));
    *is_done = table.rows.release == NULL;
    if (*is_done) {
        return RS_OK;
    }
    rs_status status = rs_table_open(&table, &view, err);
    RS_THEN(status, push_rows(self, &view, 0, (size_t)view.length, err));
    ArrowArrayViewReset(&view);
    ArrowArrayRelease(&table.rows);
    return status;
}

static void release(arrow_writer *self)
{
    for (size_t i = 0; self->holders != NULL && i < self->n_columns * N_HOLDERS; i++) {
        rs_bytes_release(&self->holders[i].values);
        rs_bytes_release(&self->holders[i].validity);
        rs_bytes_release(&self->holders[i].n_items);
    }
    rs_parquet_free(self->file);
    rs_free(self->columns);
    rs_free(self->vectors);
    rs_free(self->holders);
    if (self->schema.release != NULL) {
        ArrowSchemaRelease(&self->schema);
    }
}

rs_status rs_parquet_write_stream(struct ArrowArrayStream *rows, const char *path,
                                  rs_parquet_written *written, rs_error *err)
{
    arrow_writer self = {.rows = rows};
    bool is_done = false;
    rs_status status = rs_stream_check(rows, rows->get_schema(rows, &self.schema), err);
    RS_THEN(status, open_file(&self, path, NULL, 0, err));
    while (status == RS_OK && !is_done) {
        status = push_next(&self, &is_done, err);
    }
    RS_THEN(status, rs_parquet_close(self.file, written, err));
    release(&self);
    return status;
}

/* --- a table --- */

/* Rows that follow each other in the table go at once. */
static rs_status push_in_order(arrow_writer *self, const struct ArrowArrayView *view,
                               const size_t *order, rs_error *err)
{
    size_t n_rows = (size_t)view->length;
    for (size_t at = 0; at < n_rows;) {
        size_t first = order != NULL ? order[at] : 0;
        size_t n = order != NULL ? 1 : n_rows;
        while (order != NULL && at + n < n_rows && order[at + n] == first + n) {
            n++;
        }
        RS_TRY(push_rows(self, view, first, n, err));
        at += n;
    }
    return RS_OK;
}

rs_status rs_parquet_write_table(const rs_table *table, const size_t *order, const char *path,
                                 const rs_text_pair *metadata, size_t n_metadata,
                                 rs_parquet_written *written, rs_error *err)
{
    arrow_writer self = {.schema = table->schema};
    struct ArrowArrayView view = {0};
    rs_status status = rs_table_open(table, &view, err);
    RS_THEN(status, open_file(&self, path, metadata, n_metadata, err));
    RS_THEN(status, push_in_order(&self, &view, order, err));
    RS_THEN(status, rs_parquet_close(self.file, written, err));
    self.schema = (struct ArrowSchema){0}; /* the table's */
    release(&self);
    ArrowArrayViewReset(&view);
    return status;
}
