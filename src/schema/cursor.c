/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { NUMBER_TEXT_BYTES = 48, TYPE_BYTES = 32 };

/* A column of the current batch, or the elements of one of lists. */
typedef struct values {
    enum ArrowType type; /* of what is stored: of words the number's */
    rs_value_class value_class;
    const struct ArrowArrayView *view;
} values;

typedef struct cursor_column {
    values value;
    values element; /* of a list */
    char type_name[TYPE_BYTES];
} cursor_column;

struct rs_cursor {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct ArrowArrayView view;
    cursor_column *columns;
    size_t n_columns;
    bool is_done; /* asked again, a stream may complain */
};

/* --- types --- */

typedef struct type_row {
    enum ArrowType type;
    const char *name;
    rs_value_class value_class;
} type_row;

static const type_row types[] = {
    {NANOARROW_TYPE_NA, "\"NULL\"", RS_VALUE_TEXT},
    {NANOARROW_TYPE_BOOL, "BOOLEAN", RS_VALUE_BOOL},
    {NANOARROW_TYPE_INT32, "INTEGER", RS_VALUE_INT},
    {NANOARROW_TYPE_INT64, "BIGINT", RS_VALUE_INT},
    {NANOARROW_TYPE_FLOAT, "FLOAT", RS_VALUE_FLOAT},
    {NANOARROW_TYPE_DOUBLE, "DOUBLE", RS_VALUE_FLOAT},
    {NANOARROW_TYPE_STRING, "VARCHAR", RS_VALUE_TEXT},
};

/* Types that come as text, or in another width, and are numbers all the same. */
static const struct {
    const char *name;
    rs_value_class value_class;
} renamed[] = {
    {"TINYINT", RS_VALUE_INT},   {"SMALLINT", RS_VALUE_INT}, {"UTINYINT", RS_VALUE_INT},
    {"USMALLINT", RS_VALUE_INT}, {"UINTEGER", RS_VALUE_INT}, {"UBIGINT", RS_VALUE_INT},
    {"HUGEINT", RS_VALUE_INT},   {"UHUGEINT", RS_VALUE_INT}, {"DECIMAL", RS_VALUE_FLOAT},
    {"STRUCT", RS_VALUE_JSON},   {"MAP", RS_VALUE_JSON},     {"ARRAY", RS_VALUE_JSON},
};

static rs_value_class class_of_name(const char *name)
{
    for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
        if (strcmp(renamed[i].name, name) == 0) {
            return renamed[i].value_class;
        }
    }
    size_t n_bytes = strlen(name);
    return n_bytes > 0 && name[n_bytes - 1] == ']' ? RS_VALUE_JSON : RS_VALUE_TEXT;
}

static const type_row *type_row_of(enum ArrowType type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type) {
            return &types[i];
        }
    }
    return NULL;
}

static void read_words(const struct ArrowArrayView *view, values *out, char name[TYPE_BYTES])
{
    *out = (values){view->storage_type, RS_VALUE_TEXT, view};
    (void)snprintf(name, TYPE_BYTES, "ENUM");
}

static bool read_plain(const struct ArrowArrayView *view, values *out, char name[TYPE_BYTES])
{
    const type_row *type = type_row_of(view->storage_type);
    if (type == NULL) {
        return false;
    }
    *out = (values){type->type, type->value_class, view};
    (void)snprintf(name, TYPE_BYTES, "%s", type->name);
    return true;
}

/* The name that the field's metadata has for its type; false for none. */
static bool read_name(const struct ArrowSchema *field, char name[TYPE_BYTES])
{
    struct ArrowStringView found = {0};
    if (field->metadata == NULL ||
        ArrowMetadataGetValue(field->metadata, ArrowCharView(RS_CURSOR_TYPE_KEY), &found) !=
            NANOARROW_OK ||
        found.data == NULL) {
        return false;
    }
    (void)snprintf(name, TYPE_BYTES, "%.*s", (int)found.size_bytes, found.data);
    return true;
}

static bool read_column(const struct ArrowSchema *field, const struct ArrowArrayView *view,
                        cursor_column *column)
{
    if (view->dictionary != NULL) {
        read_words(view, &column->value, column->type_name);
        return view->dictionary->storage_type == NANOARROW_TYPE_STRING;
    }
    if (view->storage_type == NANOARROW_TYPE_LIST) {
        char element[TYPE_BYTES];
        column->value = (values){NANOARROW_TYPE_LIST, RS_VALUE_LIST, view};
        if (view->children[0]->dictionary != NULL ||
            !read_plain(view->children[0], &column->element, element)) {
            return false;
        }
        (void)snprintf(column->type_name, TYPE_BYTES, "%.*s[]", TYPE_BYTES - 4, element);
        return true;
    }
    if (!read_plain(view, &column->value, column->type_name)) {
        return false;
    }
    if (read_name(field, column->type_name)) {
        column->value.value_class = class_of_name(column->type_name);
    }
    return true;
}

static rs_status read_columns(rs_cursor *cursor, rs_error *err)
{
    struct ArrowError text = {{0}};
    int code = ArrowArrayViewInitFromSchema(&cursor->view, &cursor->schema, &text);
    if (code != NANOARROW_OK || cursor->view.storage_type != NANOARROW_TYPE_STRUCT) {
        return rs_error_set(err, code == ENOMEM ? RS_ERR_NOMEM : RS_ERR_INVALID,
                            "read rows: no stream of record batches");
    }
    cursor->n_columns = (size_t)cursor->schema.n_children;
    cursor->columns = rs_alloc_zero(cursor->n_columns + 1, sizeof *cursor->columns);
    if (cursor->columns == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "read rows: out of memory");
    }
    for (size_t i = 0; i < cursor->n_columns; i++) {
        if (!read_column(cursor->schema.children[i], cursor->view.children[i],
                         &cursor->columns[i])) {
            return rs_error_set(err, RS_ERR_INVALID, "read rows: column %s has the type %s",
                                rs_cursor_column_name(cursor, i),
                                cursor->schema.children[i]->format);
        }
    }
    return RS_OK;
}

/* --- rows --- */

static const struct {
    rs_status status;
    int code;
} codes[] = {
    {RS_OK, 0},       {RS_ERR_NOMEM, ENOMEM},    {RS_ERR_INVALID, EINVAL},
    {RS_ERR_IO, EIO}, {RS_ERR_LIMIT, EOVERFLOW}, {RS_ERR_CANCELLED, ECANCELED},
};

int rs_stream_code(rs_status status)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].status == status) {
            return codes[i].code;
        }
    }
    return EPROTO;
}

static rs_status status_of(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code) {
            return codes[i].status;
        }
    }
    return RS_ERR_ENGINE;
}

rs_status rs_stream_check(struct ArrowArrayStream *stream, int code, rs_error *err)
{
    const char *words = code != 0 ? stream->get_last_error(stream) : "";
    return code == 0 ? RS_OK
                     : rs_error_set(
                           err, status_of(code), "%s",
                           words != NULL && words[0] != '\0' ? words : "read rows: they broke off");
}

static rs_status stream_failed(rs_cursor *cursor, int code, rs_error *err)
{
    cursor->is_done = true;
    return rs_stream_check(&cursor->stream, code, err);
}

rs_status rs_cursor_new(struct ArrowArrayStream *stream, rs_cursor **out, rs_error *err)
{
    rs_cursor *cursor = rs_alloc_zero(1, sizeof *cursor);
    *out = NULL;
    if (cursor == NULL) {
        stream->release(stream);
        return rs_error_set(err, RS_ERR_NOMEM, "read rows: out of memory");
    }
    ArrowArrayStreamMove(stream, &cursor->stream);
    int code = cursor->stream.get_schema(&cursor->stream, &cursor->schema);
    rs_status status = code == 0 ? read_columns(cursor, err) : stream_failed(cursor, code, err);
    if (status != RS_OK) {
        rs_cursor_free(cursor);
        return status;
    }
    *out = cursor;
    return RS_OK;
}

void rs_cursor_free(rs_cursor *cursor)
{
    if (cursor == NULL) {
        return;
    }
    ArrowArrayViewReset(&cursor->view);
    if (cursor->batch.release != NULL) {
        ArrowArrayRelease(&cursor->batch);
    }
    if (cursor->schema.release != NULL) {
        ArrowSchemaRelease(&cursor->schema);
    }
    if (cursor->stream.release != NULL) {
        ArrowArrayStreamRelease(&cursor->stream);
    }
    rs_free(cursor->columns);
    rs_free(cursor);
}

size_t rs_cursor_n_columns(const rs_cursor *cursor)
{
    return cursor->n_columns;
}

const char *rs_cursor_column_name(const rs_cursor *cursor, size_t column)
{
    RS_ASSERT(column < cursor->n_columns);
    const char *name = cursor->schema.children[column]->name;
    return name != NULL ? name : "";
}

const char *rs_cursor_column_type(const rs_cursor *cursor, size_t column)
{
    RS_ASSERT(column < cursor->n_columns);
    return cursor->columns[column].type_name;
}

rs_value_class rs_cursor_column_class(const rs_cursor *cursor, size_t column)
{
    RS_ASSERT(column < cursor->n_columns);
    return cursor->columns[column].value.value_class;
}

rs_status rs_cursor_next(rs_cursor *cursor, size_t *n_rows, rs_error *err)
{
    *n_rows = 0;
    if (cursor->batch.release != NULL) {
        ArrowArrayRelease(&cursor->batch);
    }
    if (cursor->is_done) {
        return RS_OK;
    }
    int code = cursor->stream.get_next(&cursor->stream, &cursor->batch);
    if (code != 0) {
        return stream_failed(cursor, code, err);
    }
    if (cursor->batch.release == NULL) {
        cursor->is_done = true;
        return RS_OK;
    }
    struct ArrowError text = {{0}};
    code = ArrowArrayViewSetArray(&cursor->view, &cursor->batch, &text);
    if (code != NANOARROW_OK) {
        return rs_error_set(err, RS_ERR_ENGINE, "read rows: %s", text.message);
    }
    *n_rows = (size_t)cursor->batch.length;
    return RS_OK;
}

/* --- values --- */

static rs_str str_at(const values *of, int64_t row)
{
    const struct ArrowArrayView *view = of->view;
    if (view->dictionary != NULL) {
        row = (int64_t)ArrowArrayViewGetUIntUnsafe(view, row);
        view = view->dictionary;
    } else if (of->type != NANOARROW_TYPE_STRING) {
        return (rs_str){"", 0};
    }
    RS_ASSERT(row >= 0 && row < view->length);
    struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(view, row);
    return (rs_str){text.data != NULL ? text.data : "", (size_t)text.size_bytes};
}

/* A number that came as text; such spellings are short. */
static const char *number_text(rs_str text, char out[NUMBER_TEXT_BYTES])
{
    size_t n_bytes = text.n_bytes < NUMBER_TEXT_BYTES ? text.n_bytes : NUMBER_TEXT_BYTES - 1;
    memcpy(out, text.bytes, n_bytes);
    out[n_bytes] = '\0';
    return out;
}

static bool is_text(const values *of)
{
    return of->type == NANOARROW_TYPE_STRING || of->view->dictionary != NULL;
}

static int64_t i64_at(const values *of, int64_t row)
{
    char text[NUMBER_TEXT_BYTES];
    if (of->value_class != RS_VALUE_BOOL && of->value_class != RS_VALUE_INT) {
        return 0;
    }
    return is_text(of) ? strtoll(number_text(str_at(of, row), text), NULL, 10)
                       : ArrowArrayViewGetIntUnsafe(of->view, row);
}

static double f64_at(const values *of, int64_t row)
{
    char text[NUMBER_TEXT_BYTES];
    if (of->value_class == RS_VALUE_TEXT || of->value_class >= RS_VALUE_LIST) {
        return 0;
    }
    return is_text(of) ? strtod(number_text(str_at(of, row), text), NULL)
                       : ArrowArrayViewGetDoubleUnsafe(of->view, row);
}

/* The shortest of the spellings that read back as the same number. */
static void add_float(double number, bool is_single, rs_buf *out)
{
    char text[NUMBER_TEXT_BYTES];
    int n_digits = is_single ? 6 : 15;
    int n_most = is_single ? 9 : 17;
    for (; n_digits <= n_most; n_digits++) {
        (void)snprintf(text, sizeof text, "%.*g", n_digits, number);
        double back = strtod(text, NULL);
        double want = is_single ? (double)(float)back : back;
        if (!(want < number) && !(want > number)) {
            break; /* the same, or no number */
        }
    }
    rs_buf_add(out, text);
}

/* JSON has no NaN and no Infinity, where an engine writes them: these become text. */
static void add_made_json(rs_str text, rs_buf *out)
{
    static const char letters[] = "-NaInfity";
    bool is_inside = false; /* a text */
    for (size_t i = 0; i < text.n_bytes; i++) {
        const char *at = text.bytes + i;
        bool is_last = i + 1 == text.n_bytes;
        if (!is_inside && (*at == 'N' || *at == 'I' || (*at == '-' && !is_last && at[1] == 'I'))) {
            rs_buf_add_char(out, '"');
            for (; i < text.n_bytes && strchr(letters, text.bytes[i]) != NULL; i++) {
                rs_buf_add_char(out, text.bytes[i]);
            }
            rs_buf_add_char(out, '"');
            i--;
            continue;
        }
        is_inside = *at == '"' ? !is_inside : is_inside;
        rs_buf_add_char(out, *at);
        if (is_inside && *at == '\\' && !is_last) {
            rs_buf_add_char(out, text.bytes[++i]);
        }
    }
}

static void add_text(const values *of, int64_t row, rs_buf *out)
{
    if (of->value_class == RS_VALUE_JSON) {
        add_made_json(str_at(of, row), out);
    } else if (is_text(of)) {
        rs_buf_add_str(out, str_at(of, row));
    } else if (of->value_class == RS_VALUE_BOOL) {
        rs_buf_add(out, i64_at(of, row) != 0 ? "true" : "false");
    } else if (of->value_class == RS_VALUE_INT) {
        rs_buf_addf(out, "%" PRId64, i64_at(of, row));
    } else if (of->value_class == RS_VALUE_FLOAT) {
        add_float(f64_at(of, row), of->type == NANOARROW_TYPE_FLOAT, out);
    }
}

/* As protobuf's JSON spells what is no number there. */
static void add_no_number(double number, rs_buf *out)
{
    rs_buf_add(out, isnan(number) ? "\"NaN\"" : number > 0.0 ? "\"Infinity\"" : "\"-Infinity\"");
}

/* A value as JSON; is_quoted: whole numbers as text. */
static void add_json(const values *of, int64_t row, bool is_quoted, rs_buf *out)
{
    if (ArrowArrayViewIsNull(of->view, row)) {
        rs_buf_add(out, "null");
    } else if (of->value_class == RS_VALUE_TEXT) {
        rs_buf_add_json_text(out, str_at(of, row));
    } else if (of->value_class == RS_VALUE_FLOAT && !isfinite(f64_at(of, row))) {
        add_no_number(f64_at(of, row), out);
    } else {
        bool is_text = is_quoted && of->value_class == RS_VALUE_INT;
        rs_buf_add(out, is_text ? "\"" : "");
        add_text(of, row, out);
        rs_buf_add(out, is_text ? "\"" : "");
    }
}

static void add_list(const cursor_column *column, int64_t row, bool is_quoted, rs_buf *out)
{
    int64_t first = ArrowArrayViewListChildOffset(column->value.view, row);
    int64_t end = ArrowArrayViewListChildOffset(column->value.view, row + 1);
    rs_buf_add_char(out, '[');
    for (int64_t i = first; i < end; i++) {
        rs_buf_add(out, i > first ? ", " : "");
        add_json(&column->element, i, is_quoted, out);
    }
    rs_buf_add_char(out, ']');
}

bool rs_cursor_is_null(const rs_cursor *cursor, size_t column, size_t row)
{
    return ArrowArrayViewIsNull(cursor->columns[column].value.view, (int64_t)row) != 0;
}

int64_t rs_cursor_i64(const rs_cursor *cursor, size_t column, size_t row)
{
    return rs_cursor_is_null(cursor, column, row)
               ? 0
               : i64_at(&cursor->columns[column].value, (int64_t)row);
}

double rs_cursor_f64(const rs_cursor *cursor, size_t column, size_t row)
{
    return rs_cursor_is_null(cursor, column, row)
               ? 0
               : f64_at(&cursor->columns[column].value, (int64_t)row);
}

rs_str rs_cursor_str(const rs_cursor *cursor, size_t column, size_t row)
{
    return rs_cursor_is_null(cursor, column, row)
               ? (rs_str){"", 0}
               : str_at(&cursor->columns[column].value, (int64_t)row);
}

void rs_cursor_add_text(const rs_cursor *cursor, size_t column, size_t row, rs_buf *out)
{
    const cursor_column *of = &cursor->columns[column];
    if (rs_cursor_is_null(cursor, column, row)) {
        return;
    }
    if (of->value.value_class == RS_VALUE_LIST) {
        add_list(of, (int64_t)row, false, out);
    } else {
        add_text(&of->value, (int64_t)row, out);
    }
}

/* Whole numbers of 64 bits and more, and lists of them. */
static bool is_wide(const cursor_column *of)
{
    const values *of_values = of->value.value_class == RS_VALUE_LIST ? &of->element : &of->value;
    return of_values->value_class == RS_VALUE_INT && of_values->type != NANOARROW_TYPE_INT32 &&
           strcmp(of->type_name, "UINTEGER") != 0;
}

void rs_cursor_add_json(const rs_cursor *cursor, size_t column, size_t row, bool has_numbers,
                        rs_buf *out)
{
    const cursor_column *of = &cursor->columns[column];
    bool is_quoted = !has_numbers && is_wide(of);
    if (of->value.value_class == RS_VALUE_LIST && !rs_cursor_is_null(cursor, column, row)) {
        add_list(of, (int64_t)row, is_quoted, out);
    } else {
        add_json(&of->value, (int64_t)row, is_quoted, out);
    }
}

/* --- elements of lists --- */

void rs_cursor_list(const rs_cursor *cursor, size_t column, size_t row, size_t *first, size_t *end)
{
    const values *of = &cursor->columns[column].value;
    *first = *end = 0;
    if (of->value_class == RS_VALUE_LIST && !rs_cursor_is_null(cursor, column, row)) {
        *first = (size_t)ArrowArrayViewListChildOffset(of->view, (int64_t)row);
        *end = (size_t)ArrowArrayViewListChildOffset(of->view, (int64_t)row + 1);
    }
}

bool rs_cursor_element_is_null(const rs_cursor *cursor, size_t column, size_t element)
{
    return ArrowArrayViewIsNull(cursor->columns[column].element.view, (int64_t)element) != 0;
}

int64_t rs_cursor_element_i64(const rs_cursor *cursor, size_t column, size_t element)
{
    return i64_at(&cursor->columns[column].element, (int64_t)element);
}

double rs_cursor_element_f64(const rs_cursor *cursor, size_t column, size_t element)
{
    return f64_at(&cursor->columns[column].element, (int64_t)element);
}

rs_str rs_cursor_element_str(const rs_cursor *cursor, size_t column, size_t element)
{
    return str_at(&cursor->columns[column].element, (int64_t)element);
}
