/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/records.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "bundle/arrow_ipc.h"
#include "bundle/files.h"
#include "bundle/sql_texts.h"
#include "engine/footer.h"

enum { MAX_TEXTS = 64 }; /* columns of a timed dataset */

struct rs_records {
    const rs_dataset *dataset;
    rs_table table;
    bool *is_set;   /* by column: in this row */
    bool is_closed; /* no further rows */
    int code;       /* of nanoarrow: the first that is not 0 */
};

static rs_status out_of_memory(const rs_dataset *dataset, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", dataset->name);
}

/* --- the physical table --- */

static enum ArrowType arrow_type(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
        return NANOARROW_TYPE_INT64;
    case RS_TYPE_I32:
        return NANOARROW_TYPE_INT32;
    case RS_TYPE_BOOL:
        return NANOARROW_TYPE_BOOL;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return NANOARROW_TYPE_DOUBLE;
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return NANOARROW_TYPE_STRING;
    }
    return NANOARROW_TYPE_NA;
}

static int set_type(struct ArrowSchema *schema, const rs_column *column)
{
    enum ArrowType type = arrow_type(column->type);
    switch (column->shape) {
    case RS_SHAPE_ONE:
        return ArrowSchemaSetType(schema, type);
    case RS_SHAPE_LIST:
        NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_LIST));
        return ArrowSchemaSetType(schema->children[0], type);
    case RS_SHAPE_MAP:
        NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_MAP));
        struct ArrowSchema *pair = schema->children[0];
        NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(pair->children[0], NANOARROW_TYPE_STRING));
        pair->children[0]->flags &= ~(int64_t)ARROW_FLAG_NULLABLE;
        return ArrowSchemaSetType(pair->children[1], type);
    }
    return EINVAL;
}

static int make_table(rs_records *records)
{
    const rs_dataset *dataset = records->dataset;
    struct ArrowSchema *schema = &records->table.schema;
    ArrowSchemaInit(schema);
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetTypeStruct(schema, (int64_t)dataset->n_columns));
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        NANOARROW_RETURN_NOT_OK(set_type(schema->children[i], column));
        NANOARROW_RETURN_NOT_OK(ArrowSchemaSetName(schema->children[i], column->name));
        if (column->required) {
            schema->children[i]->flags &= ~(int64_t)ARROW_FLAG_NULLABLE;
        }
    }
    NANOARROW_RETURN_NOT_OK(ArrowArrayInitFromSchema(&records->table.rows, schema, NULL));
    return ArrowArrayStartAppending(&records->table.rows);
}

rs_status rs_records_new(const rs_dataset *dataset, rs_records **out, rs_error *err)
{
    *out = NULL;
    rs_records *records = rs_alloc_zero(1, sizeof *records);
    if (records == NULL) {
        return out_of_memory(dataset, err);
    }
    records->dataset = dataset;
    records->is_set = rs_alloc_zero(dataset->n_columns, sizeof *records->is_set);
    if (records->is_set == NULL || make_table(records) != NANOARROW_OK) {
        rs_records_free(records);
        return out_of_memory(dataset, err);
    }
    *out = records;
    return RS_OK;
}

void rs_records_free(rs_records *records)
{
    if (records != NULL) {
        rs_table_release(&records->table);
        rs_free(records->is_set);
        rs_free(records);
    }
}

uint64_t rs_records_n_rows(const rs_records *records)
{
    return (uint64_t)records->table.rows.length;
}

/* --- values --- */

/* Append a value, unless something failed before: arrays that are not whole take nothing more. */
#define KEEP(records, append)                                                                      \
    do {                                                                                           \
        if ((records)->code == NANOARROW_OK) {                                                     \
            (records)->code = (append);                                                            \
        }                                                                                          \
    } while (0)

/* The array of a column that has one value a row. */
static struct ArrowArray *single(rs_records *records, int column)
{
    RS_ASSERT(records->dataset->columns[column].shape == RS_SHAPE_ONE && !records->is_closed);
    RS_ASSERT(!records->is_set[column]);
    records->is_set[column] = true;
    return records->table.rows.children[column];
}

/* That of what a list or map holds. */
static struct ArrowArray *elements(rs_records *records, int column)
{
    rs_records_begin(records, column);
    return records->table.rows.children[column]->children[0];
}

static struct ArrowStringView view_of(rs_str text)
{
    return (struct ArrowStringView){text.bytes, (int64_t)text.n_bytes};
}

void rs_records_str(rs_records *records, int column, rs_str text)
{
    KEEP(records, ArrowArrayAppendString(single(records, column), view_of(text)));
}

void rs_records_text(rs_records *records, int column, const char *text)
{
    if (text != NULL) {
        rs_records_str(records, column, rs_str_of(text));
    }
}

void rs_records_i64(rs_records *records, int column, int64_t number)
{
    KEEP(records, ArrowArrayAppendInt(single(records, column), number));
}

void rs_records_f64(rs_records *records, int column, double number)
{
    KEEP(records, ArrowArrayAppendDouble(single(records, column), number));
}

void rs_records_bool(rs_records *records, int column, bool value)
{
    KEEP(records, ArrowArrayAppendInt(single(records, column), value));
}

void rs_records_begin(rs_records *records, int column)
{
    RS_ASSERT(records->dataset->columns[column].shape != RS_SHAPE_ONE && !records->is_closed);
    records->is_set[column] = true;
}

void rs_records_item(rs_records *records, int column, const char *text)
{
    RS_ASSERT(records->dataset->columns[column].shape == RS_SHAPE_LIST);
    KEEP(records, ArrowArrayAppendString(elements(records, column), view_of(rs_str_of(text))));
}

void rs_records_pair(rs_records *records, int column, const char *key, const char *value)
{
    RS_ASSERT(records->dataset->columns[column].shape == RS_SHAPE_MAP);
    struct ArrowArray *pairs = elements(records, column);
    KEEP(records, ArrowArrayAppendString(pairs->children[0], view_of(rs_str_of(key))));
    KEEP(records, value == NULL
                      ? ArrowArrayAppendNull(pairs->children[1], 1)
                      : ArrowArrayAppendString(pairs->children[1], view_of(rs_str_of(value))));
    KEEP(records, ArrowArrayFinishElement(pairs));
}

void rs_records_f64_pair(rs_records *records, int column, const char *key, double value)
{
    RS_ASSERT(records->dataset->columns[column].shape == RS_SHAPE_MAP);
    struct ArrowArray *pairs = elements(records, column);
    KEEP(records, ArrowArrayAppendString(pairs->children[0], view_of(rs_str_of(key))));
    KEEP(records, ArrowArrayAppendDouble(pairs->children[1], value));
    KEEP(records, ArrowArrayFinishElement(pairs));
}

void rs_records_end(rs_records *records)
{
    for (size_t i = 0; i < records->dataset->n_columns; i++) {
        struct ArrowArray *array = records->table.rows.children[i];
        if (!records->is_set[i]) {
            KEEP(records, ArrowArrayAppendNull(array, 1));
        } else if (records->dataset->columns[i].shape != RS_SHAPE_ONE) {
            KEEP(records, ArrowArrayFinishElement(array));
        }
        records->is_set[i] = false;
    }
    KEEP(records, ArrowArrayFinishElement(&records->table.rows));
}

/* --- writing --- */

static rs_status close_rows(rs_records *records, rs_error *err)
{
    struct ArrowError arrow_error = {{0}};
    if (records->code == NANOARROW_OK && !records->is_closed) {
        records->is_closed = true;
        records->code = rs_arrow_finish(&records->table.rows, &arrow_error);
    }
    return rs_arrow_status(records->code, &arrow_error, records->dataset->name, err);
}

/* What rows are put in order by: the texts of a dataset whose rows come as threads met. */
typedef struct order {
    const struct ArrowArrayView *texts[MAX_TEXTS];
    size_t n_texts;
} order;

/* Nulls behind all texts. */
static int compare_texts(const struct ArrowArrayView *texts, size_t a, size_t b)
{
    bool is_null = ArrowArrayViewIsNull(texts, (int64_t)a);
    bool other_is_null = ArrowArrayViewIsNull(texts, (int64_t)b);
    if (is_null || other_is_null) {
        return is_null - other_is_null;
    }
    struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(texts, (int64_t)a);
    struct ArrowStringView other = ArrowArrayViewGetStringUnsafe(texts, (int64_t)b);
    return rs_str_compare((rs_str){text.data, (size_t)text.size_bytes},
                          (rs_str){other.data, (size_t)other.size_bytes});
}

static bool stands_before(const order *by, size_t a, size_t b)
{
    for (size_t i = 0; i < by->n_texts; i++) {
        int difference = compare_texts(by->texts[i], a, b);
        if (difference != 0) {
            return difference < 0;
        }
    }
    return a < b;
}

/* Those are some thousand rows, near their order: each is put in its place among those before it. */
static void sort_rows(const order *by, size_t *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        size_t least = 0;
        size_t most = i;
        while (least < most) {
            size_t middle = least + (most - least) / 2;
            if (stands_before(by, rows[middle], i)) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        memmove(rows + least + 1, rows + least, (i - least) * sizeof *rows);
        rows[least] = i;
    }
}

/* Rows with a clock come in the order that threads met in: any order that has none will do. *rows is NULL where
 * they stand as they were made; the caller frees it. */
static rs_status order_rows(const rs_records *records, size_t **rows, rs_error *err)
{
    const rs_dataset *dataset = records->dataset;
    struct ArrowArrayView view = {0};
    order by = {.n_texts = 0};
    size_t n_rows = (size_t)records->table.rows.length;
    *rows = NULL;
    if (!rs_dataset_is_timed(dataset)) {
        return RS_OK;
    }
    rs_status status = rs_table_open(&records->table, &view, err);
    for (size_t i = 0; i < dataset->n_columns && status == RS_OK; i++) {
        const rs_column *column = &dataset->columns[i];
        if (column->shape == RS_SHAPE_ONE && column->type == RS_TYPE_STR) {
            RS_ASSERT(by.n_texts < MAX_TEXTS);
            by.texts[by.n_texts++] = view.children[i];
        }
    }
    *rows = status == RS_OK ? rs_alloc(n_rows + 1, sizeof **rows) : NULL;
    if (*rows != NULL) {
        sort_rows(&by, *rows, n_rows);
    }
    ArrowArrayViewReset(&view);
    return status != RS_OK || *rows != NULL ? status : out_of_memory(dataset, err);
}

rs_status rs_records_write(rs_records *records, const char *path, rs_bundle_file *file,
                           rs_error *err)
{
    const rs_dataset *dataset = records->dataset;
    bool has_key = dataset->key[0] != '\0';
    size_t *rows = NULL;
    rs_footer footer;
    rs_parquet_written written = {0};
    rs_footer_init(
        &footer, dataset,
        &(rs_footer_order){.level = has_key ? "implicit" : "unordered",
                           .keys = "none",
                           .tier = rs_dataset_is_timed(dataset) ? "best_effort" : "canonical"});
    RS_TRY(close_rows(records, err));
    rs_status status = order_rows(records, &rows, err);
    RS_THEN(status, rs_parquet_write_table(&records->table, rows, path, footer.pairs,
                                           footer.n_pairs, &written, err));
    rs_bundle_file_set(file, &written);
    rs_free(rows);
    return status;
}

rs_status rs_records_write_arrow(rs_records *records, const char *path, rs_error *err)
{
    RS_TRY(close_rows(records, err));
    return rs_ipc_write_file(&records->table, path, err);
}

/* --- as JSON --- */

static json_t *text_document(const struct ArrowArrayView *column, int64_t row)
{
    struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(column, row);
    return rs_json_str((rs_str){text.data, (size_t)text.size_bytes});
}

static json_t *value_document(const struct ArrowArrayView *column, int64_t row)
{
    switch ((int)column->storage_type) {
    case NANOARROW_TYPE_BOOL:
        return json_boolean(ArrowArrayViewGetIntUnsafe(column, row) != 0);
    case NANOARROW_TYPE_INT32:
    case NANOARROW_TYPE_INT64:
        return json_integer(ArrowArrayViewGetIntUnsafe(column, row));
    case NANOARROW_TYPE_DOUBLE:
        return json_real(ArrowArrayViewGetDoubleUnsafe(column, row));
    default:
        return text_document(column, row);
    }
}

static json_t *list_document(const struct ArrowArrayView *column, int64_t row, bool *failed)
{
    json_t *list = json_array();
    for (int64_t i = ArrowArrayViewListChildOffset(column, row);
         i < ArrowArrayViewListChildOffset(column, row + 1); i++) {
        rs_json_push(list, value_document(column->children[0], i), failed);
    }
    return list;
}

static json_t *map_document(const struct ArrowArrayView *column, int64_t row, bool *failed)
{
    const struct ArrowArrayView *pairs = column->children[0];
    json_t *map = json_object();
    for (int64_t i = ArrowArrayViewListChildOffset(column, row);
         i < ArrowArrayViewListChildOffset(column, row + 1); i++) {
        json_t *key = text_document(pairs->children[0], i);
        if (key != NULL && !ArrowArrayViewIsNull(pairs->children[1], i)) {
            rs_json_set(map, json_string_value(key), value_document(pairs->children[1], i), failed);
        }
        *failed = *failed || key == NULL;
        json_decref(key);
    }
    return map;
}

static json_t *row_document(const rs_dataset *dataset, const struct ArrowArrayView *rows,
                            int64_t row, bool *failed)
{
    json_t *document = json_object();
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const struct ArrowArrayView *column = rows->children[i];
        if (ArrowArrayViewIsNull(column, row)) {
            continue;
        }
        rs_shape shape = dataset->columns[i].shape;
        json_t *value = shape == RS_SHAPE_ONE    ? value_document(column, row)
                        : shape == RS_SHAPE_LIST ? list_document(column, row, failed)
                                                 : map_document(column, row, failed);
        rs_json_set(document, dataset->columns[i].name, value, failed);
    }
    return document;
}

rs_status rs_records_document(rs_records *records, json_t **out, rs_error *err)
{
    struct ArrowArrayView rows = {0};
    bool failed = false;
    *out = NULL;
    RS_TRY(close_rows(records, err));
    *out = json_array();
    rs_status status = rs_table_open(&records->table, &rows, err);
    for (int64_t i = 0; status == RS_OK && i < records->table.rows.length; i++) {
        rs_json_push(*out, row_document(records->dataset, &rows, i, &failed), &failed);
    }
    ArrowArrayViewReset(&rows);
    return status == RS_OK && failed ? out_of_memory(records->dataset, err) : status;
}
