/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow rows as a temporary table of a session, appended chunk by chunk. */
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

static const char *plain_type(enum ArrowType type)
{
    switch ((int)type) {
    case NANOARROW_TYPE_BOOL:
        return "BOOLEAN";
    case NANOARROW_TYPE_INT64:
        return "BIGINT";
    case NANOARROW_TYPE_FLOAT:
        return "FLOAT";
    case NANOARROW_TYPE_DOUBLE:
        return "DOUBLE";
    case NANOARROW_TYPE_STRING:
        return "VARCHAR";
    default:
        return "INTEGER"; /* also for only nulls: the engine has no such column */
    }
}

static rs_str text_at(const struct ArrowArrayView *column, int64_t row)
{
    struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(column, row);
    return (rs_str){text.data, (size_t)text.size_bytes};
}

static void add_type(const struct ArrowArrayView *column, rs_buf *sql)
{
    const struct ArrowArrayView *words = column->dictionary;
    if (column->storage_type == NANOARROW_TYPE_MAP) {
        rs_buf_addf(sql, "MAP(VARCHAR, %s)",
                    plain_type(column->children[0]->children[1]->storage_type));
        return;
    }
    if (words == NULL) {
        bool is_list = column->storage_type == NANOARROW_TYPE_LIST;
        rs_buf_add(sql, plain_type((is_list ? column->children[0] : column)->storage_type));
        rs_buf_add(sql, is_list ? "[]" : "");
        return;
    }
    if (words->length == 0) {
        rs_buf_add(sql, "VARCHAR"); /* all null: the engine has no set without words */
        return;
    }
    for (int64_t i = 0; i < words->length; i++) {
        rs_buf_add(sql, i == 0 ? "ENUM(" : ", ");
        rs_buf_add_sql_literal(sql, text_at(words, i));
    }
    rs_buf_add(sql, ")");
}

static rs_status create_table(rs_session *session, const char *name, const rs_table *table,
                              const struct ArrowArrayView *view, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "CREATE OR REPLACE TEMP TABLE ");
    rs_buf_add_sql_name(&sql, rs_str_of(name));
    for (size_t i = 0; i < rs_table_n_columns(table); i++) {
        rs_buf_add(&sql, i == 0 ? " (" : ", ");
        rs_buf_add_sql_name(&sql, rs_str_of(rs_table_column_name(table, i)));
        rs_buf_add(&sql, " ");
        add_type(view->children[i], &sql);
    }
    rs_buf_add(&sql, ")");
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute(session, name, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}

/* --- chunks --- */

static void set_null(duckdb_vector vector, size_t row)
{
    rs_duck.vector_ensure_validity_writable(vector);
    rs_duck.validity_set_row_invalid(rs_duck.vector_get_validity(vector), row);
}

/* The number of a word: as wide as the engine made the set's numbers. */
static void set_word(duckdb_vector vector, size_t row, uint64_t word)
{
    duckdb_logical_type logical = rs_duck.vector_get_column_type(vector);
    void *data = rs_duck.vector_get_data(vector);
    switch ((int)rs_duck.enum_internal_type(logical)) {
    case DUCKDB_TYPE_UTINYINT:
        ((uint8_t *)data)[row] = (uint8_t)word;
        break;
    case DUCKDB_TYPE_USMALLINT:
        ((uint16_t *)data)[row] = (uint16_t)word;
        break;
    default:
        ((uint32_t *)data)[row] = (uint32_t)word;
        break;
    }
    rs_duck.destroy_logical_type(&logical);
}

static void set_value(const struct ArrowArrayView *from, int64_t at, duckdb_vector vector,
                      size_t row)
{
    void *data = rs_duck.vector_get_data(vector);
    if (ArrowArrayViewIsNull(from, at)) {
        set_null(vector, row);
        return;
    }
    if (from->dictionary != NULL) {
        set_word(vector, row, ArrowArrayViewGetUIntUnsafe(from, at));
        return;
    }
    switch ((int)from->storage_type) {
    case NANOARROW_TYPE_BOOL:
        ((bool *)data)[row] = ArrowArrayViewGetIntUnsafe(from, at) != 0;
        break;
    case NANOARROW_TYPE_INT32:
        ((int32_t *)data)[row] = (int32_t)ArrowArrayViewGetIntUnsafe(from, at);
        break;
    case NANOARROW_TYPE_INT64:
        ((int64_t *)data)[row] = ArrowArrayViewGetIntUnsafe(from, at);
        break;
    case NANOARROW_TYPE_FLOAT:
        ((float *)data)[row] = (float)ArrowArrayViewGetDoubleUnsafe(from, at);
        break;
    case NANOARROW_TYPE_DOUBLE:
        ((double *)data)[row] = ArrowArrayViewGetDoubleUnsafe(from, at);
        break;
    default: {
        rs_str text = text_at(from, at);
        rs_duck.vector_assign_string_element_len(vector, row, text.bytes, text.n_bytes);
    }
    }
}

/* Numbers without a null at once; false for any other column. */
static bool set_block(const struct ArrowArrayView *from, int64_t first, size_t n_rows,
                      duckdb_vector vector)
{
    bool is_number =
        from->storage_type == NANOARROW_TYPE_INT32 || from->storage_type == NANOARROW_TYPE_INT64 ||
        from->storage_type == NANOARROW_TYPE_FLOAT || from->storage_type == NANOARROW_TYPE_DOUBLE;
    if (!is_number || from->null_count != 0) {
        return false;
    }
    int64_t n_value_bytes = from->layout.element_size_bits[1] / 8;
    memcpy(rs_duck.vector_get_data(vector),
           from->buffer_views[1].data.as_uint8 + (from->offset + first) * n_value_bytes,
           n_rows * (size_t)n_value_bytes);
    return true;
}

/* Elements of lists; those of a map are pairs. */
static void set_elements(const struct ArrowArrayView *from, int64_t start, int64_t end,
                         duckdb_vector vector)
{
    bool are_pairs = from->storage_type == NANOARROW_TYPE_STRUCT;
    for (int64_t part = 0; part < (are_pairs ? from->n_children : 1); part++) {
        const struct ArrowArrayView *values = are_pairs ? from->children[part] : from;
        duckdb_vector to =
            are_pairs ? rs_duck.struct_vector_get_child(vector, (idx_t)part) : vector;
        for (int64_t i = start; i < end; i++) {
            set_value(values, i, to, (size_t)(i - start));
        }
    }
}

static bool set_lists(const struct ArrowArrayView *from, int64_t first, size_t n_rows,
                      duckdb_vector vector)
{
    duckdb_list_entry *lists = rs_duck.vector_get_data(vector);
    int64_t start = ArrowArrayViewListChildOffset(from, first);
    int64_t end = ArrowArrayViewListChildOffset(from, first + (int64_t)n_rows);
    if (rs_duck.list_vector_reserve(vector, (idx_t)(end - start)) != DuckDBSuccess ||
        rs_duck.list_vector_set_size(vector, (idx_t)(end - start)) != DuckDBSuccess) {
        return false;
    }
    set_elements(from->children[0], start, end, rs_duck.list_vector_get_child(vector));
    for (size_t row = 0; row < n_rows; row++) {
        int64_t own = ArrowArrayViewListChildOffset(from, first + (int64_t)row);
        int64_t next = ArrowArrayViewListChildOffset(from, first + (int64_t)row + 1);
        lists[row] = (duckdb_list_entry){(uint64_t)(own - start), (uint64_t)(next - own)};
        if (ArrowArrayViewIsNull(from, first + (int64_t)row)) {
            set_null(vector, row);
        }
    }
    return true;
}

static bool fill_chunk(const struct ArrowArrayView *view, int64_t first, size_t n_rows,
                       duckdb_data_chunk chunk)
{
    rs_duck.data_chunk_reset(chunk);
    for (int64_t i = 0; i < view->n_children; i++) {
        const struct ArrowArrayView *from = view->children[i];
        duckdb_vector vector = rs_duck.data_chunk_get_vector(chunk, (idx_t)i);
        if (from->storage_type == NANOARROW_TYPE_LIST || from->storage_type == NANOARROW_TYPE_MAP) {
            if (!set_lists(from, first, n_rows, vector)) {
                return false;
            }
            continue;
        }
        if (set_block(from, first, n_rows, vector)) {
            continue;
        }
        for (size_t row = 0; row < n_rows; row++) {
            set_value(from, first + (int64_t)row, vector, row);
        }
    }
    rs_duck.data_chunk_set_size(chunk, n_rows);
    return true;
}

/* --- appending --- */

static rs_status fail(duckdb_appender appender, const char *name, rs_error *err)
{
    return rs_duckdb_fail(NULL, err, name, DUCKDB_ERROR_INVALID, rs_duck.appender_error(appender),
                          false);
}

static rs_status append_rows(duckdb_appender appender, const char *name,
                             const struct ArrowArrayView *view, int64_t n_rows,
                             duckdb_data_chunk chunk, rs_error *err)
{
    int64_t n_most = (int64_t)rs_duck.vector_size();
    for (int64_t first = 0; first < n_rows; first += n_most) {
        int64_t n_now = n_rows - first < n_most ? n_rows - first : n_most;
        if (!fill_chunk(view, first, (size_t)n_now, chunk)) {
            return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", name);
        }
        if (rs_duck.append_data_chunk(appender, chunk) != DuckDBSuccess) {
            return fail(appender, name, err);
        }
    }
    return rs_duck.appender_close(appender) == DuckDBSuccess ? RS_OK : fail(appender, name, err);
}

rs_status rs_duckdb_make_chunk(duckdb_appender appender, size_t n_columns, duckdb_data_chunk *chunk,
                               rs_error *err)
{
    duckdb_logical_type *types = rs_alloc_zero(n_columns, sizeof(void *));
    if (types == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "add a table: out of memory");
    }
    for (size_t i = 0; i < n_columns; i++) {
        types[i] = rs_duck.appender_column_type(appender, i);
    }
    *chunk = rs_duck.create_data_chunk(types, n_columns);
    for (size_t i = 0; i < n_columns; i++) {
        rs_duck.destroy_logical_type(&types[i]);
    }
    rs_free((void *)types);
    if (*chunk == NULL) {
        return rs_error_set(err, RS_ERR_ENGINE, "add a table: the engine refused its types");
    }
    return RS_OK;
}

static rs_status fill_table(rs_session *session, const char *name, const rs_table *table,
                            const struct ArrowArrayView *view, rs_error *err)
{
    duckdb_appender appender = NULL;
    duckdb_data_chunk chunk = NULL;
    rs_status status = RS_OK;
    if (rs_duck.appender_create_ext(session->connection, "temp", "main", name, &appender) !=
        DuckDBSuccess) {
        status = fail(appender, name, err);
    }
    RS_THEN(status, rs_duckdb_make_chunk(appender, rs_table_n_columns(table), &chunk, err));
    RS_THEN(status, append_rows(appender, name, view, table->rows.length, chunk, err));
    rs_duck.destroy_data_chunk(&chunk);
    (void)rs_duck.appender_destroy(&appender); /* closed already, or failed with a reason */
    return status;
}

rs_status rs_session_add_table(rs_session *session, const char *name, const rs_table *table,
                               rs_error *err)
{
    struct ArrowArrayView view;
    rs_status status = rs_table_open(table, &view, err);
    if (status == RS_OK && rs_table_n_columns(table) == 0) {
        status = rs_error_set(err, RS_ERR_INVALID, "add table %s: it has no columns", name);
    }
    RS_THEN(status, create_table(session, name, table, &view, err));
    RS_THEN(status, fill_table(session, name, table, &view, err));
    ArrowArrayViewReset(&view);
    return status;
}

rs_status rs_session_drop_table(rs_session *session, const char *name, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "DROP TABLE IF EXISTS temp.");
    rs_buf_add_sql_name(&sql, rs_str_of(name));
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_execute(session, name, rs_buf_text(&sql), err));
    rs_buf_release(&sql);
    return status;
}
