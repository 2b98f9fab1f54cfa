/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/table.h"

#include <errno.h>
#include <string.h>

void rs_table_release(rs_table *table)
{
    if (table->schema.release != NULL) {
        ArrowSchemaRelease(&table->schema);
    }
    if (table->rows.release != NULL) {
        ArrowArrayRelease(&table->rows);
    }
    *table = (rs_table){0};
}

const char *rs_table_column_name(const rs_table *table, size_t column)
{
    const char *name = table->schema.children[column]->name;
    return name != NULL ? name : "";
}

bool rs_table_find_column(const rs_table *table, const char *name, size_t *column)
{
    for (size_t i = 0; i < rs_table_n_columns(table); i++) {
        if (strcmp(rs_table_column_name(table, i), name) == 0) {
            *column = i;
            return true;
        }
    }
    return false;
}

rs_status rs_arrow_status(ArrowErrorCode code, const struct ArrowError *arrow_error,
                          const char *what, rs_error *err)
{
    if (code == NANOARROW_OK) {
        return RS_OK;
    }
    if (code == ENOMEM) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", what);
    }
    const char *words = arrow_error != NULL ? arrow_error->message : "";
    return rs_error_set(err, code == EOVERFLOW ? RS_ERR_LIMIT : RS_ERR_INVALID, "%s: %s", what,
                        words[0] != '\0' ? words : "no valid Arrow data");
}

/* As deep as the types are: a map's pairs in a column in a batch. */
static void clear_slack(struct ArrowArray *array)
{
    struct ArrowBitmap *bits = ArrowArrayValidityBitmap(array);
    if (bits->size_bits % 8 != 0) {
        bits->buffer.data[bits->size_bits / 8] &= (uint8_t)((1U << bits->size_bits % 8) - 1);
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        clear_slack(array->children[i]);
    }
    if (array->dictionary != NULL) {
        clear_slack(array->dictionary);
    }
}

ArrowErrorCode rs_arrow_finish(struct ArrowArray *rows, struct ArrowError *error)
{
    NANOARROW_RETURN_NOT_OK(ArrowArrayFinishBuildingDefault(rows, error));
    clear_slack(rows);
    return NANOARROW_OK;
}

/* A type of a column or, in a list, of its elements. */
static bool is_plain(enum ArrowType type)
{
    return type == NANOARROW_TYPE_NA || type == NANOARROW_TYPE_BOOL ||
           type == NANOARROW_TYPE_INT32 || type == NANOARROW_TYPE_INT64 ||
           type == NANOARROW_TYPE_FLOAT || type == NANOARROW_TYPE_DOUBLE ||
           type == NANOARROW_TYPE_STRING;
}

static bool is_word_number(enum ArrowType type)
{
    return type == NANOARROW_TYPE_UINT8 || type == NANOARROW_TYPE_UINT16 ||
           type == NANOARROW_TYPE_UINT32;
}

static bool is_supported(const struct ArrowArrayView *column)
{
    if (column->dictionary != NULL) {
        return is_word_number(column->storage_type) &&
               column->dictionary->storage_type == NANOARROW_TYPE_STRING &&
               column->dictionary->dictionary == NULL;
    }
    if (column->storage_type == NANOARROW_TYPE_MAP) {
        const struct ArrowArrayView *pairs = column->children[0];
        return pairs->n_children == 2 && pairs->offset == 0 &&
               pairs->children[0]->storage_type == NANOARROW_TYPE_STRING &&
               is_plain(pairs->children[1]->storage_type) && pairs->children[1]->dictionary == NULL;
    }
    if (column->storage_type == NANOARROW_TYPE_LIST) {
        const struct ArrowArrayView *elements = column->children[0];
        return is_plain(elements->storage_type) && elements->dictionary == NULL;
    }
    return is_plain(column->storage_type);
}

rs_status rs_table_open(const rs_table *table, struct ArrowArrayView *view, rs_error *err)
{
    struct ArrowError arrow_error = {{0}};
    *view = (struct ArrowArrayView){0};
    int code = ArrowArrayViewInitFromSchema(view, &table->schema, &arrow_error);
    RS_TRY(rs_arrow_status(code, &arrow_error, "open a table", err));
    if (view->storage_type != NANOARROW_TYPE_STRUCT || table->rows.offset != 0 ||
        table->rows.null_count > 0) {
        return rs_error_set(err, RS_ERR_INVALID, "open a table: it is no plain record batch");
    }
    for (int64_t i = 0; i < view->n_children; i++) {
        if (!is_supported(view->children[i])) {
            return rs_error_set(err, RS_ERR_INVALID, "open a table: column %s has the type %s",
                                rs_table_column_name(table, (size_t)i),
                                table->schema.children[i]->format);
        }
    }
    code = ArrowArrayViewSetArray(view, &table->rows, &arrow_error);
    RS_TRY(rs_arrow_status(code, &arrow_error, "open a table", err));
    code = ArrowArrayViewValidate(view, NANOARROW_VALIDATION_LEVEL_FULL, &arrow_error);
    return rs_arrow_status(code, &arrow_error, "open a table", err);
}
