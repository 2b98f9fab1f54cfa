/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a statement as Arrow: a table, or a stream of batches.
 *
 * The engine can convert a chunk itself (duckdb_data_chunk_to_arrow); here all rows become one
 * batch of buffers that we allocate, of the types that schema/table.h names.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

typedef struct arrow_type {
    duckdb_type engine;
    enum ArrowType arrow;
} arrow_type;

static const arrow_type types[] = {
    {DUCKDB_TYPE_BOOLEAN, NANOARROW_TYPE_BOOL},   {DUCKDB_TYPE_INTEGER, NANOARROW_TYPE_INT32},
    {DUCKDB_TYPE_BIGINT, NANOARROW_TYPE_INT64},   {DUCKDB_TYPE_FLOAT, NANOARROW_TYPE_FLOAT},
    {DUCKDB_TYPE_DOUBLE, NANOARROW_TYPE_DOUBLE},  {DUCKDB_TYPE_VARCHAR, NANOARROW_TYPE_STRING},
    {DUCKDB_TYPE_SQLNULL, NANOARROW_TYPE_NA},     {DUCKDB_TYPE_LIST, NANOARROW_TYPE_LIST},
    {DUCKDB_TYPE_UTINYINT, NANOARROW_TYPE_UINT8}, {DUCKDB_TYPE_USMALLINT, NANOARROW_TYPE_UINT16},
    {DUCKDB_TYPE_UINTEGER, NANOARROW_TYPE_UINT32}};

/* A type of the statement: what its values are, or its lists' elements. */
typedef struct value_type {
    duckdb_type type;  /* INVALID: none that we take */
    duckdb_type words; /* of an ENUM: its numbers' type */
    char **texts;      /* of an ENUM: its words, the engine's */
    size_t n_texts;
} value_type;

typedef struct reader_column {
    value_type value;
    value_type element; /* of a list */
} reader_column;

typedef struct reader {
    rs_session *session;
    rs_duckdb_statement statement;
    reader_column *columns;
    size_t n_columns;
    size_t n_batch_rows;
    bool is_done; /* the last row was read */
    char label[32];
    struct ArrowSchema schema;
    rs_error err; /* of a stream's last call */
} reader;

/* --- types --- */

static bool is_text(const value_type *type)
{
    return type->type == DUCKDB_TYPE_VARCHAR || type->type == DUCKDB_TYPE_ENUM;
}

static bool arrow_type_of(duckdb_type engine, enum ArrowType *out)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].engine == engine) {
            *out = types[i].arrow;
            return true;
        }
    }
    return false;
}

static rs_status read_type(duckdb_logical_type logical, value_type *out, rs_error *err)
{
    out->type = rs_duck.get_type_id(logical);
    if (out->type != DUCKDB_TYPE_ENUM) {
        return RS_OK;
    }
    out->words = rs_duck.enum_internal_type(logical);
    size_t n_texts = rs_duck.enum_dictionary_size(logical);
    out->texts = rs_alloc_zero(n_texts, sizeof *out->texts);
    if (out->texts == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "read a type: out of memory");
    }
    out->n_texts = n_texts;
    for (size_t i = 0; i < n_texts; i++) {
        out->texts[i] = rs_duck.enum_dictionary_value(logical, i);
        if (out->texts[i] == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "read a type: out of memory");
        }
    }
    return RS_OK;
}

static void value_type_release(value_type *type)
{
    for (size_t i = 0; i < type->n_texts; i++) {
        rs_duck_free(type->texts[i]);
    }
    rs_free(type->texts);
}

static rs_status read_column(duckdb_result *result, size_t index, reader_column *column,
                             rs_error *err)
{
    duckdb_logical_type logical = rs_duck.column_logical_type(result, index);
    duckdb_logical_type element = NULL;
    rs_status status = read_type(logical, &column->value, err);
    if (status == RS_OK && column->value.type == DUCKDB_TYPE_LIST) {
        element = rs_duck.list_type_child_type(logical);
        status = read_type(element, &column->element, err);
    }
    rs_duck.destroy_logical_type(&element);
    rs_duck.destroy_logical_type(&logical);
    return status;
}

/* --- schema --- */

static int set_words(struct ArrowSchema *schema, const value_type *type)
{
    enum ArrowType numbers = NANOARROW_TYPE_UNINITIALIZED;
    (void)arrow_type_of(type->words, &numbers);
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, numbers));
    NANOARROW_RETURN_NOT_OK(ArrowSchemaAllocateDictionary(schema));
    ArrowSchemaInit(schema->dictionary);
    schema->flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    return ArrowSchemaSetType(schema->dictionary, NANOARROW_TYPE_STRING);
}

/* EINVAL for a type that we do not take. */
static int set_type(struct ArrowSchema *schema, const reader_column *column)
{
    enum ArrowType type = NANOARROW_TYPE_UNINITIALIZED;
    if (column->value.type == DUCKDB_TYPE_ENUM) {
        return set_words(schema, &column->value);
    }
    if (!arrow_type_of(column->value.type, &type) || type == NANOARROW_TYPE_UINT8 ||
        type == NANOARROW_TYPE_UINT16 || type == NANOARROW_TYPE_UINT32) {
        return EINVAL;
    }
    NANOARROW_RETURN_NOT_OK(ArrowSchemaSetType(schema, type));
    if (type != NANOARROW_TYPE_LIST) {
        return NANOARROW_OK;
    }
    if (column->element.type == DUCKDB_TYPE_LIST) {
        return EINVAL;
    }
    if (is_text(&column->element)) {
        return ArrowSchemaSetType(schema->children[0], NANOARROW_TYPE_STRING);
    }
    return set_type(schema->children[0], &(reader_column){.value = column->element});
}

/* Say in the field's metadata what type it had before it was cast. */
static int set_cast_from(reader *of, size_t column)
{
    const char *type = of->statement.cast_from != NULL ? of->statement.cast_from[column] : NULL;
    struct ArrowBuffer metadata = {0};
    if (type == NULL) {
        return NANOARROW_OK;
    }
    int code = ArrowMetadataBuilderInit(&metadata, NULL);
    if (code == NANOARROW_OK) {
        code = ArrowMetadataBuilderAppend(&metadata, ArrowCharView(RS_CURSOR_TYPE_KEY),
                                          ArrowCharView(type));
    }
    if (code == NANOARROW_OK) {
        code = ArrowSchemaSetMetadata(of->schema.children[column], (const char *)metadata.data);
    }
    ArrowBufferReset(&metadata);
    return code;
}

static rs_status make_schema(reader *of, const char *label, rs_error *err)
{
    ArrowSchemaInit(&of->schema);
    int code = ArrowSchemaSetTypeStruct(&of->schema, (int64_t)of->n_columns);
    for (size_t i = 0; i < of->n_columns && code == NANOARROW_OK; i++) {
        const char *name = rs_duck.column_name(&of->statement.result, i);
        code = set_type(of->schema.children[i], &of->columns[i]);
        if (code == EINVAL) {
            return rs_error_set(err, RS_ERR_INVALID,
                                "%s: column %s has a type without a place in a table: cast it",
                                label, name);
        }
        code = code == NANOARROW_OK ? ArrowSchemaSetName(of->schema.children[i], name) : code;
        code = code == NANOARROW_OK ? set_cast_from(of, i) : code;
    }
    return rs_arrow_status(code, NULL, label, err);
}

/* --- values --- */

static bool is_null(const uint64_t *validity, size_t row)
{
    return validity != NULL && (validity[row / 64] >> (row % 64) & 1) == 0;
}

static size_t word_at(const value_type *type, const void *data, size_t row)
{
    switch ((int)type->words) {
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)data)[row];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)data)[row];
    default:
        return ((const uint32_t *)data)[row];
    }
}

static int append_text(struct ArrowArray *to, rs_str text)
{
    return ArrowArrayAppendString(to, (struct ArrowStringView){text.bytes, (int64_t)text.n_bytes});
}

/* One value that is not null; of an ENUM the number, or in a list the word. */
static int append_value(const value_type *type, const void *data, size_t row, bool is_element,
                        struct ArrowArray *to)
{
    switch ((int)type->type) {
    case DUCKDB_TYPE_BOOLEAN:
        return ArrowArrayAppendInt(to, ((const bool *)data)[row]);
    case DUCKDB_TYPE_INTEGER:
        return ArrowArrayAppendInt(to, ((const int32_t *)data)[row]);
    case DUCKDB_TYPE_BIGINT:
        return ArrowArrayAppendInt(to, ((const int64_t *)data)[row]);
    case DUCKDB_TYPE_FLOAT:
        return ArrowArrayAppendDouble(to, (double)((const float *)data)[row]);
    case DUCKDB_TYPE_DOUBLE:
        return ArrowArrayAppendDouble(to, ((const double *)data)[row]);
    case DUCKDB_TYPE_VARCHAR:
        return append_text(to, rs_duckdb_str(&((const duckdb_string_t *)data)[row]));
    case DUCKDB_TYPE_ENUM:
        return is_element ? append_text(to, rs_str_of(type->texts[word_at(type, data, row)]))
                          : ArrowArrayAppendUInt(to, word_at(type, data, row));
    default:
        return ArrowArrayAppendNull(to, 1);
    }
}

/* Bytes of a value that Arrow and the engine lay out alike; 0 for any other. */
static size_t fixed_bytes(duckdb_type type)
{
    if (type == DUCKDB_TYPE_INTEGER || type == DUCKDB_TYPE_FLOAT) {
        return 4;
    }
    return type == DUCKDB_TYPE_BIGINT || type == DUCKDB_TYPE_DOUBLE ? 8 : 0;
}

static bool has_null(const uint64_t *validity, size_t first, size_t n_rows)
{
    for (size_t row = first; validity != NULL && row < first + n_rows; row++) {
        if (is_null(validity, row)) {
            return true;
        }
    }
    return false;
}

/* Values without a null, behind none, at once. */
static int append_block(const void *data, size_t first, size_t n_rows, size_t n_value_bytes,
                        struct ArrowArray *to)
{
    const char *block = (const char *)data + first * n_value_bytes;
    to->length += (int64_t)n_rows;
    return ArrowBufferAppend(ArrowArrayBuffer(to, 1), block, (int64_t)(n_rows * n_value_bytes));
}

static int append_plain(const value_type *type, duckdb_vector vector, size_t first, size_t n_rows,
                        bool is_element, struct ArrowArray *to)
{
    const void *data = rs_duck.vector_get_data(vector);
    const uint64_t *validity = rs_duck.vector_get_validity(vector);
    size_t n_value_bytes = fixed_bytes(type->type);
    if (n_value_bytes > 0 && to->null_count == 0 && !has_null(validity, first, n_rows)) {
        return append_block(data, first, n_rows, n_value_bytes, to);
    }
    for (size_t row = first; row < first + n_rows; row++) {
        int code = is_null(validity, row) ? ArrowArrayAppendNull(to, 1)
                                          : append_value(type, data, row, is_element, to);
        NANOARROW_RETURN_NOT_OK(code);
    }
    return NANOARROW_OK;
}

static int append_lists(const value_type *element, duckdb_vector vector, size_t n_rows,
                        struct ArrowArray *to)
{
    const duckdb_list_entry *lists = rs_duck.vector_get_data(vector);
    const uint64_t *validity = rs_duck.vector_get_validity(vector);
    duckdb_vector elements = rs_duck.list_vector_get_child(vector);
    for (size_t row = 0; row < n_rows; row++) {
        if (is_null(validity, row)) {
            NANOARROW_RETURN_NOT_OK(ArrowArrayAppendNull(to, 1));
            continue;
        }
        NANOARROW_RETURN_NOT_OK(append_plain(element, elements, lists[row].offset,
                                             lists[row].length, true, to->children[0]));
        NANOARROW_RETURN_NOT_OK(ArrowArrayFinishElement(to));
    }
    return NANOARROW_OK;
}

static int append_chunk(const reader *of, duckdb_data_chunk chunk, struct ArrowArray *rows)
{
    size_t n_rows = rs_duck.data_chunk_get_size(chunk);
    for (size_t i = 0; i < of->n_columns; i++) {
        const reader_column *column = &of->columns[i];
        duckdb_vector vector = rs_duck.data_chunk_get_vector(chunk, i);
        int code = column->value.type == DUCKDB_TYPE_LIST
                       ? append_lists(&column->element, vector, n_rows, rows->children[i])
                       : append_plain(&column->value, vector, 0, n_rows, false, rows->children[i]);
        NANOARROW_RETURN_NOT_OK(code);
    }
    rows->length += (int64_t)n_rows;
    return NANOARROW_OK;
}

/* --- batches --- */

static int start_batch(const reader *of, struct ArrowArray *rows)
{
    NANOARROW_RETURN_NOT_OK(ArrowArrayInitFromSchema(rows, &of->schema, NULL));
    NANOARROW_RETURN_NOT_OK(ArrowArrayStartAppending(rows));
    for (size_t i = 0; i < of->n_columns; i++) {
        const value_type *type = &of->columns[i].value;
        for (size_t j = 0; j < type->n_texts; j++) {
            NANOARROW_RETURN_NOT_OK(
                append_text(rows->children[i]->dictionary, rs_str_of(type->texts[j])));
        }
    }
    return NANOARROW_OK;
}

/* The next rows; none when the statement has no more. */
static rs_status next_batch(reader *of, struct ArrowArray *rows, rs_error *err)
{
    struct ArrowError text = {"too much text"};
    RS_TRY(rs_arrow_status(start_batch(of, rows), &text, "read rows", err));
    while (!of->is_done && (size_t)rows->length < of->n_batch_rows) {
        RS_TRY(rs_duckdb_check_time(of->session, of->label, err));
        duckdb_data_chunk chunk = rs_duckdb_fetch(of->session, &of->statement.result);
        if (chunk == NULL) {
            const char *words = rs_duck.result_error(&of->statement.result);
            of->is_done = true; /* asked again, the engine would complain */
            if (words != NULL && words[0] != '\0') {
                RS_TRY(rs_duckdb_check_time(of->session, of->label, err));
                return rs_duckdb_fail(of->session, err, "read rows",
                                      rs_duck.result_error_type(&of->statement.result), words,
                                      false);
            }
            continue;
        }
        int code = append_chunk(of, chunk, rows);
        rs_duck.destroy_data_chunk(&chunk);
        RS_TRY(rs_arrow_status(code, &text, "read rows", err));
    }
    int code = rs_arrow_finish(rows, &text);
    return rs_arrow_status(code, &text, "read rows", err);
}

static void reader_free(reader *of)
{
    if (of == NULL) {
        return;
    }
    for (size_t i = 0; of->columns != NULL && i < of->n_columns; i++) {
        value_type_release(&of->columns[i].value);
        value_type_release(&of->columns[i].element);
    }
    rs_free(of->columns);
    if (of->schema.release != NULL) {
        ArrowSchemaRelease(&of->schema);
    }
    rs_duckdb_statement_release(&of->statement);
    rs_free(of);
}

static rs_status describe(reader *of, const char *label, rs_error *err)
{
    of->n_columns = rs_duck.column_count(&of->statement.result);
    of->columns = rs_alloc_zero(of->n_columns, sizeof *of->columns);
    if (of->columns == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label);
    }
    for (size_t i = 0; i < of->n_columns; i++) {
        RS_TRY(read_column(&of->statement.result, i, &of->columns[i], err));
    }
    return make_schema(of, label, err);
}

static rs_status reader_new(rs_session *session, const char *label, const char *sql,
                            const rs_param *params, size_t n_params,
                            const rs_stream_options *options, reader **out, rs_error *err)
{
    reader *of = rs_alloc_zero(1, sizeof *of);
    *out = of;
    if (of == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label);
    }
    of->session = session;
    (void)snprintf(of->label, sizeof of->label, "%s", label);
    of->n_batch_rows = options->n_batch_rows > 0 ? options->n_batch_rows : 1;
    RS_TRY(rs_duckdb_start(session, label, sql, params, n_params, options, &of->statement, err));
    return describe(of, label, err);
}

rs_status rs_session_query_table(rs_session *session, const char *label, const char *sql,
                                 const rs_param *params, size_t n_params, rs_table *out,
                                 rs_error *err)
{
    reader *of = NULL;
    rs_table table = {0};
    const rs_stream_options options = {.n_batch_rows = SIZE_MAX};
    *out = (rs_table){0};
    rs_status status = reader_new(session, label, sql, params, n_params, &options, &of, err);
    RS_THEN(status, next_batch(of, &table.rows, err));
    if (status == RS_OK) {
        table.schema = of->schema;
        of->schema = (struct ArrowSchema){0};
        *out = table;
    } else {
        rs_table_release(&table);
    }
    reader_free(of);
    return status;
}

/* --- stream --- */

static int stream_get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    reader *of = stream->private_data;
    return ArrowSchemaDeepCopy(&of->schema, out);
}

static int stream_get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    reader *of = stream->private_data;
    *out = (struct ArrowArray){0};
    rs_status status = next_batch(of, out, &of->err);
    if ((status != RS_OK || out->length == 0) && out->release != NULL) {
        ArrowArrayRelease(out); /* a released array is the end of the stream */
    }
    return rs_stream_code(status);
}

static const char *stream_get_last_error(struct ArrowArrayStream *stream)
{
    const reader *of = stream->private_data;
    return of->err.message;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    reader_free(stream->private_data);
    stream->private_data = NULL;
    stream->release = NULL;
}

rs_status rs_session_query_stream(rs_session *session, const char *label, const char *sql,
                                  const rs_param *params, size_t n_params,
                                  const rs_stream_options *options, struct ArrowArrayStream *out,
                                  rs_error *err)
{
    reader *of = NULL;
    *out = (struct ArrowArrayStream){0};
    rs_status status = reader_new(session, label, sql, params, n_params, options, &of, err);
    if (status != RS_OK) {
        reader_free(of);
        return status;
    }
    *out = (struct ArrowArrayStream){
        .get_schema = stream_get_schema,
        .get_next = stream_get_next,
        .get_last_error = stream_get_last_error,
        .release = stream_release,
        .private_data = of,
    };
    return RS_OK;
}
