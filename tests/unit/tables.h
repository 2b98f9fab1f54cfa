/* SPDX-License-Identifier: Apache-2.0 */
/* tables.h - Arrow tables by hand, and as text.
 *
 * tables_make(&table, "id:i64 name:str tags:str[]", "1|a|[x,y]\n~||[]\n"): a line a row, values by |,
 * ~ for null. Types: bool i32 i64 f32 f64 str null, each with [] for a list of it, and word: one of
 * zeta, beta, alpha, in this order. tables_text() writes the same form.
 */
#ifndef RS_TESTS_TABLES_H
#define RS_TESTS_TABLES_H

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "schema/table.h"
#include "unit/unit.h"

typedef struct tables_type {
    const char *name;
    enum ArrowType type;
} tables_type;

static const tables_type tables_types[] = {
    {"bool", NANOARROW_TYPE_BOOL}, {"i32", NANOARROW_TYPE_INT32},  {"i64", NANOARROW_TYPE_INT64},
    {"f32", NANOARROW_TYPE_FLOAT}, {"f64", NANOARROW_TYPE_DOUBLE}, {"str", NANOARROW_TYPE_STRING},
    {"null", NANOARROW_TYPE_NA},
};

static const char *const tables_words[] = {"zeta", "beta", "alpha"};

#define TABLES_OK(call) assert_int_equal((call), NANOARROW_OK)

/* --- making --- */

static inline void tables_set_plain(struct ArrowSchema *schema, const char *name, size_t n_bytes)
{
    for (size_t i = 0; i < UNIT_COUNT(tables_types); i++) {
        if (strlen(tables_types[i].name) == n_bytes &&
            memcmp(tables_types[i].name, name, n_bytes) == 0) {
            TABLES_OK(ArrowSchemaSetType(schema, tables_types[i].type));
            return;
        }
    }
    fail_msg("no type %.*s", (int)n_bytes, name);
}

static inline void tables_set_type(struct ArrowSchema *schema, const char *name, size_t n_bytes)
{
    if (n_bytes == 4 && memcmp(name, "word", 4) == 0) {
        TABLES_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_UINT8));
        TABLES_OK(ArrowSchemaAllocateDictionary(schema));
        ArrowSchemaInit(schema->dictionary);
        TABLES_OK(ArrowSchemaSetType(schema->dictionary, NANOARROW_TYPE_STRING));
    } else if (n_bytes > 2 && memcmp(name + n_bytes - 2, "[]", 2) == 0) {
        TABLES_OK(ArrowSchemaSetType(schema, NANOARROW_TYPE_LIST));
        tables_set_plain(schema->children[0], name, n_bytes - 2);
    } else {
        tables_set_plain(schema, name, n_bytes);
    }
}

static inline void tables_make_schema(struct ArrowSchema *schema, const char *columns)
{
    size_t n_columns = 0;
    for (const char *p = columns; *p != '\0'; p++) {
        n_columns += *p == ':';
    }
    ArrowSchemaInit(schema);
    TABLES_OK(ArrowSchemaSetTypeStruct(schema, (int64_t)n_columns));
    for (size_t i = 0; i < n_columns; i++) {
        char name[64];
        size_t n_name = strcspn(columns, ":");
        size_t n_type = strcspn(columns + n_name + 1, " ");
        assert_true(n_name < sizeof name);
        memcpy(name, columns, n_name);
        name[n_name] = '\0';
        tables_set_type(schema->children[i], columns + n_name + 1, n_type);
        TABLES_OK(ArrowSchemaSetName(schema->children[i], name));
        columns += n_name + 1 + n_type;
        columns += *columns == ' ';
    }
}

static inline void tables_add_plain(struct ArrowArray *to, enum ArrowType type, const char *text)
{
    if (strcmp(text, "~") == 0) {
        TABLES_OK(ArrowArrayAppendNull(to, 1));
    } else if (type == NANOARROW_TYPE_STRING) {
        TABLES_OK(ArrowArrayAppendString(to, ArrowCharView(text)));
    } else if (type == NANOARROW_TYPE_FLOAT || type == NANOARROW_TYPE_DOUBLE) {
        TABLES_OK(ArrowArrayAppendDouble(to, strtod(text, NULL)));
    } else if (type == NANOARROW_TYPE_BOOL) {
        TABLES_OK(ArrowArrayAppendInt(to, strcmp(text, "true") == 0));
    } else {
        TABLES_OK(ArrowArrayAppendInt(to, strtoll(text, NULL, 10)));
    }
}

static inline void tables_add_word(struct ArrowArray *to, const char *text)
{
    for (size_t i = 0; i < UNIT_COUNT(tables_words); i++) {
        if (strcmp(tables_words[i], text) == 0) {
            TABLES_OK(ArrowArrayAppendUInt(to, i));
            return;
        }
    }
    assert_string_equal(text, "~");
    TABLES_OK(ArrowArrayAppendNull(to, 1));
}

/* text is changed. */
static inline void tables_add_list(struct ArrowArray *to, enum ArrowType type, char *text)
{
    if (strcmp(text, "~") == 0) {
        TABLES_OK(ArrowArrayAppendNull(to, 1));
        return;
    }
    assert_int_equal(*text, '[');
    for (char *p = text + 1; *p != ']';) {
        size_t n_bytes = strcspn(p, ",]");
        char after = p[n_bytes];
        p[n_bytes] = '\0';
        tables_add_plain(to->children[0], type, p);
        p[n_bytes] = ']';
        p += n_bytes + (after == ',');
    }
    TABLES_OK(ArrowArrayFinishElement(to));
}

static inline void tables_add_value(rs_table *table, const struct ArrowArrayView *view,
                                    size_t column, const char *text, size_t n_bytes)
{
    char value[4096];
    struct ArrowArray *to = table->rows.children[column];
    const struct ArrowArrayView *type = view->children[column];
    assert_true(n_bytes < sizeof value);
    memcpy(value, text, n_bytes);
    value[n_bytes] = '\0';
    if (type->dictionary != NULL) {
        tables_add_word(to, value);
    } else if (type->storage_type == NANOARROW_TYPE_LIST) {
        tables_add_list(to, type->children[0]->storage_type, value);
    } else {
        tables_add_plain(to, type->storage_type, value);
    }
}

/* The caller releases *table. */
static inline void tables_make(rs_table *table, const char *columns, const char *rows)
{
    struct ArrowArrayView view;
    *table = (rs_table){0};
    tables_make_schema(&table->schema, columns);
    TABLES_OK(ArrowArrayViewInitFromSchema(&view, &table->schema, NULL));
    TABLES_OK(ArrowArrayInitFromSchema(&table->rows, &table->schema, NULL));
    TABLES_OK(ArrowArrayStartAppending(&table->rows));
    for (size_t i = 0; i < rs_table_n_columns(table); i++) {
        for (size_t j = 0; view.children[i]->dictionary != NULL && j < UNIT_COUNT(tables_words);
             j++) {
            TABLES_OK(ArrowArrayAppendString(table->rows.children[i]->dictionary,
                                             ArrowCharView(tables_words[j])));
        }
    }
    while (*rows != '\0') {
        for (size_t i = 0; i < rs_table_n_columns(table); i++) {
            size_t n_bytes = strcspn(rows, "|\n");
            tables_add_value(table, &view, i, rows, n_bytes);
            rows += n_bytes + (rows[n_bytes] != '\0');
        }
        table->rows.length++;
    }
    ArrowArrayViewReset(&view);
    TABLES_OK(ArrowArrayFinishBuildingDefault(&table->rows, NULL));
}

/* --- text --- */

static inline void tables_add_plain_text(const struct ArrowArrayView *from, int64_t row,
                                         rs_buf *out)
{
    if (ArrowArrayViewIsNull(from, row)) {
        rs_buf_add(out, "~");
        return;
    }
    const struct ArrowArrayView *texts = from->dictionary != NULL ? from->dictionary : from;
    if (texts->storage_type == NANOARROW_TYPE_STRING) {
        int64_t at = texts == from ? row : ArrowArrayViewGetIntUnsafe(from, row);
        struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(texts, at);
        rs_buf_append(out, text.data, (size_t)text.size_bytes);
    } else if (from->storage_type == NANOARROW_TYPE_BOOL) {
        rs_buf_add(out, ArrowArrayViewGetIntUnsafe(from, row) != 0 ? "true" : "false");
    } else if (from->storage_type == NANOARROW_TYPE_FLOAT ||
               from->storage_type == NANOARROW_TYPE_DOUBLE) {
        double value = ArrowArrayViewGetDoubleUnsafe(from, row);
        /* The sign of a zero and of what is no number is not kept. */
        rs_buf_addf(out, "%.17g", isnan(value) ? (double)NAN : value + 0.0);
    } else {
        rs_buf_addf(out, "%" PRId64, ArrowArrayViewGetIntUnsafe(from, row));
    }
}

static inline void tables_add_value_text(const struct ArrowArrayView *from, int64_t row,
                                         rs_buf *out)
{
    if (from->storage_type != NANOARROW_TYPE_LIST || ArrowArrayViewIsNull(from, row)) {
        tables_add_plain_text(from, row, out);
        return;
    }
    int64_t start = ArrowArrayViewListChildOffset(from, row);
    int64_t end = ArrowArrayViewListChildOffset(from, row + 1);
    rs_buf_add(out, "[");
    for (int64_t i = start; i < end; i++) {
        rs_buf_add(out, i == start ? "" : ",");
        tables_add_plain_text(from->children[0], i, out);
    }
    rs_buf_add(out, "]");
}

/* The rows of a table; with_names: behind a line of its columns' names. */
static inline void tables_text(const rs_table *table, bool with_names, rs_buf *out)
{
    rs_error err = {0};
    struct ArrowArrayView view;
    rs_buf_reset(out);
    rs_status status = rs_table_open(table, &view, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    for (size_t i = 0; with_names && i < rs_table_n_columns(table); i++) {
        rs_buf_addf(out, "%s%s", i == 0 ? "" : "|", rs_table_column_name(table, i));
    }
    rs_buf_add(out, with_names ? "\n" : "");
    for (int64_t row = 0; row < table->rows.length; row++) {
        for (int64_t i = 0; i < view.n_children; i++) {
            rs_buf_add(out, i == 0 ? "" : "|");
            tables_add_value_text(view.children[i], row, out);
        }
        rs_buf_add(out, "\n");
    }
    assert_false(out->failed);
    ArrowArrayViewReset(&view);
}

#endif
