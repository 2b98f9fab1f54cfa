/* SPDX-License-Identifier: Apache-2.0 */
/* Rows bound by frames: a temporary table of the session for each dataset, and its view with places. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"
#include "engine/duckdb/sql_texts.h"

enum { NAME_BYTES = 192 };

static void table_name(const rs_dataset *dataset, char name[NAME_BYTES])
{
    int n_bytes = snprintf(name, NAME_BYTES, "bound.%s", dataset->name);
    RS_ASSERT(n_bytes > 0 && n_bytes < NAME_BYTES);
}

static bool has_lineage(const rs_dataset *dataset)
{
    return strcmp(dataset->lens, "relationship") == 0;
}

/* --- the table --- */

void rs_duckdb_add_type(const rs_column *column, rs_buf *sql)
{
    if (column->type == RS_TYPE_ENUM) {
        rs_buf_add_sql_name(sql, rs_str_of(column->words->name));
    } else {
        rs_buf_add(sql, rs_type_sql_name(column->type));
    }
}

static void add_table_sql(const rs_dataset *dataset, const char *table, rs_buf *sql)
{
    rs_buf_add(sql, "CREATE TEMP TABLE IF NOT EXISTS ");
    rs_buf_add_sql_name(sql, rs_str_of(table));
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        rs_buf_add(sql, i == 0 ? " (" : ", ");
        rs_buf_add_sql_name(sql, rs_str_of(column->name));
        rs_buf_add_char(sql, ' ');
        rs_duckdb_add_type(column, sql);
    }
    rs_buf_add(sql, has_lineage(dataset) ? ", _in BIGINT[])" : ")");
}

static rs_status make_table(rs_session *session, const rs_dataset *dataset, const char *table,
                            rs_error *err)
{
    rs_buf sql = {0};
    rs_buf rows = {0};
    add_table_sql(dataset, table, &sql);
    rs_buf_add(&rows, "SELECT *, rowid AS _row FROM ");
    rs_buf_add_sql_name(&rows, rs_str_of(table));
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_buf_check(&rows, err));
    RS_THEN(status, rs_session_execute(session, dataset->name, rs_buf_text(&sql), err));
    RS_THEN(status, rs_session_add_view(session, dataset->name, rs_buf_text(&rows), err));
    rs_buf_release(&sql);
    rs_buf_release(&rows);
    return status;
}

/* --- the rows --- */

static void set_value(const rs_vector *from, size_t row, duckdb_vector to)
{
    if (from->type == RS_TYPE_STR) {
        rs_str text = rs_vector_text(from, row);
        rs_duck.vector_assign_string_element_len(to, row, text.bytes, text.n_bytes);
        return;
    }
    size_t n_bytes = rs_type_bytes(from->type);
    size_t at = from->form == RS_FORM_CONSTANT ? 0 : row;
    memcpy((char *)rs_duck.vector_get_data(to) + row * n_bytes,
           (const char *)from->values + at * n_bytes, n_bytes);
}

static void set_column(const rs_vector *from, size_t n_rows, duckdb_vector to)
{
    for (size_t row = 0; row < n_rows; row++) {
        if (rs_vector_is_null(from, row)) {
            rs_duck.vector_ensure_validity_writable(to);
            rs_duck.validity_set_row_invalid(rs_duck.vector_get_validity(to), row);
        } else {
            set_value(from, row, to);
        }
    }
}

static bool set_lineage(const rs_lineage *lineage, size_t n_rows, duckdb_vector to)
{
    duckdb_list_entry *lists = rs_duck.vector_get_data(to);
    RS_ASSERT(lineage == NULL || n_rows <= RS_FRAME_ROWS);
    size_t n_pairs = lineage != NULL && n_rows > 0 ? lineage->ends[n_rows - 1] : 0;
    if (rs_duck.list_vector_reserve(to, 2 * n_pairs) != DuckDBSuccess ||
        rs_duck.list_vector_set_size(to, 2 * n_pairs) != DuckDBSuccess) {
        return false;
    }
    int64_t *numbers = rs_duck.vector_get_data(rs_duck.list_vector_get_child(to));
    for (size_t i = 0; i < n_pairs; i++) {
        numbers[2 * i] = lineage->origins[i].dataset;
        numbers[2 * i + 1] = lineage->origins[i].id;
    }
    for (size_t i = 0; i < n_rows; i++) {
        size_t first = lineage != NULL && i > 0 ? lineage->ends[i - 1] : 0;
        size_t end = lineage != NULL ? lineage->ends[i] : 0;
        RS_ASSERT(first <= end && end <= n_pairs);
        lists[i] = (duckdb_list_entry){2 * first, 2 * (end - first)};
    }
    return true;
}

static rs_status append_frame(duckdb_appender appender, const rs_dataset *dataset,
                              const rs_frame *frame, rs_error *err)
{
    duckdb_data_chunk chunk = NULL;
    size_t n_columns = frame->n_columns + has_lineage(dataset);
    RS_TRY(rs_duckdb_make_chunk(appender, n_columns, &chunk, err));
    for (size_t i = 0; i < frame->n_columns; i++) {
        set_column(&frame->columns[i], frame->n_rows, rs_duck.data_chunk_get_vector(chunk, i));
    }
    rs_status status = RS_OK;
    if (has_lineage(dataset) &&
        !set_lineage(frame->lineage, frame->n_rows,
                     rs_duck.data_chunk_get_vector(chunk, frame->n_columns))) {
        status = rs_error_set(err, RS_ERR_NOMEM, "bind %s: out of memory", dataset->name);
    }
    rs_duck.data_chunk_set_size(chunk, frame->n_rows);
    if (status == RS_OK && (rs_duck.append_data_chunk(appender, chunk) != DuckDBSuccess ||
                            rs_duck.appender_close(appender) != DuckDBSuccess)) {
        status = rs_duckdb_fail(NULL, err, dataset->name, DUCKDB_ERROR_INVALID,
                                rs_duck.appender_error(appender), false);
    }
    rs_duck.destroy_data_chunk(&chunk);
    return status;
}

rs_status rs_duckdb_bind(rs_session *session, const rs_dataset *dataset, const rs_frame *frame,
                         rs_error *err)
{
    char table[NAME_BYTES];
    duckdb_appender appender = NULL;
    table_name(dataset, table);
    RS_ASSERT(frame->n_rows == 0 || frame->n_columns == dataset->n_columns);
    RS_TRY(make_table(session, dataset, table, err));
    if (frame->n_rows == 0) {
        return RS_OK;
    }
    rs_status status = RS_OK;
    if (rs_duck.appender_create_ext(session->connection, "temp", "main", table, &appender) !=
        DuckDBSuccess) {
        status = rs_duckdb_fail(NULL, err, dataset->name, DUCKDB_ERROR_INVALID,
                                rs_duck.appender_error(appender), false);
    }
    RS_THEN(status, append_frame(appender, dataset, frame, err));
    (void)rs_duck.appender_destroy(&appender); /* closed already, or failed with a reason */
    return status;
}

rs_status rs_duckdb_unbind(rs_session *session, const rs_dataset *dataset, rs_error *err)
{
    char table[NAME_BYTES];
    table_name(dataset, table);
    rs_duckdb_forget_view(session, dataset->name);
    const rs_sql_arg args[] = {{.name = "view", .word = dataset->name},
                               {.name = "table", .word = table}};
    return rs_duckdb_execute(session, dataset->name, &rs_sql_engine_duckdb_unbind, args, 2, err);
}
