/* SPDX-License-Identifier: Apache-2.0 */
/* An engine of its own that sees the file's directory and nothing else: the run's may read the
 * unfinished bundle alone.
 */
#include <stdio.h>

#include "bundle/files.h"
#include "engine/duckdb/session.h"
#include "run/param_file.h"
#include "run/sql_texts.h"

#define VIEW "param_file" /* as sql/params.sql has it */

/* The engine's types that a param's type takes values of, separated by spaces. */
static const char *sql_types(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return " TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER UBIGINT ";
    case RS_TYPE_BOOL:
        return " BOOLEAN ";
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return " FLOAT DOUBLE ";
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return " VARCHAR ";
    }
    return "";
}

static bool has_type(const rs_param_table *param, const char *type)
{
    char word[64];
    int n_bytes = snprintf(word, sizeof word, " %s ", type);
    return n_bytes > 0 && (size_t)n_bytes < sizeof word &&
           strstr(sql_types(param->column->type), word) != NULL;
}

/* The column of the key, or the only one: its name is appended to *sql. */
static rs_status choose_column(const rs_cursor *result, const rs_param_table *param,
                               const char *path, rs_buf *sql, rs_error *err)
{
    size_t n_columns = rs_cursor_n_columns(result);
    size_t chosen = n_columns == 1 ? 0 : n_columns;
    for (size_t i = 0; i < n_columns; i++) {
        if (strcmp(rs_cursor_column_name(result, i), param->column->name) == 0) {
            chosen = i;
        }
    }
    if (chosen == n_columns) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "%s: expected a column %s, or a single one, found %zu others", path,
                            param->column->name, n_columns);
    }
    const char *type = rs_cursor_column_type(result, chosen);
    if (!has_type(param, type)) {
        rs_buf expected = {0};
        rs_status status = rs_error_set(
            err, RS_ERR_INVALID, "%s: column %.60s: expected %s, found the type %.60s", path,
            rs_cursor_column_name(result, chosen), rs_param_expectation(param, &expected), type);
        rs_buf_release(&expected);
        return status;
    }
    rs_buf_add_sql_name(sql, rs_str_of(rs_cursor_column_name(result, chosen)));
    return rs_buf_check(sql, err);
}

/* The name, as SQL, of the column that holds the values. */
static rs_status find_column(rs_session *session, const rs_param_table *param, const char *path,
                             rs_buf *column, rs_error *err)
{
    rs_cursor *result = NULL;
    rs_status status =
        rs_session_query(session, path, rs_sql_run_file_columns.text, NULL, 0, &result, err);
    RS_THEN(status, choose_column(result, param, path, column, err));
    rs_cursor_free(result);
    return status;
}

/* The first value that the param's type does not have, as a text would be refused. */
static rs_status check_range(rs_session *session, const rs_param_table *param, const char *path,
                             const char *column, rs_error *err)
{
    rs_cursor *result = NULL;
    rs_buf sql = {0};
    size_t n_rows = 0;
    bool is_float = param->column->type == RS_TYPE_F32 || param->column->type == RS_TYPE_F64;
    const rs_sql_arg args[] = {
        {.name = "column", .form = RS_SQL_EXPR, .word = column},
        {.name = "type", .form = RS_SQL_EXPR, .word = rs_type_sql_name(param->column->type)}};
    rs_sql_add(is_float ? &rs_sql_run_float_outside : &rs_sql_run_value_outside, args, 2, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_query(session, path, sql.bytes, NULL, 0, &result, err));
    RS_THEN(status, rs_cursor_next(result, &n_rows, err));
    if (status == RS_OK && n_rows > 0) {
        const rs_cell cell = {.kind = RS_CELL_NUMBER, .text = rs_cursor_str(result, 0, 0)};
        status = rs_error_prefix(err, rs_param_refuse(param, &cell, err), "%s", path);
    }
    rs_cursor_free(result);
    rs_buf_release(&sql);
    return status;
}

/* The values, as the param's type and under its key. */
static rs_status read_column(rs_session *session, const rs_param_table *param, const char *path,
                             const char *column, rs_table *out, rs_error *err)
{
    rs_buf sql = {0};
    const rs_sql_arg args[] = {
        {.name = "column", .form = RS_SQL_EXPR, .word = column},
        {.name = "type", .form = RS_SQL_EXPR, .word = rs_type_sql_name(param->column->type)},
        {.name = "key", .word = param->column->name}};
    rs_sql_add(&rs_sql_run_file_values, args, 3, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_query_table(session, path, sql.bytes, NULL, 0, out, err));
    rs_buf_release(&sql);
    return status;
}

/* Words came as texts. */
static rs_status check_words(const rs_table *table, const rs_param_table *param, const char *path,
                             rs_error *err)
{
    struct ArrowArrayView rows;
    rs_status status = rs_table_open(table, &rows, err);
    for (int64_t i = 0; status == RS_OK && i < table->rows.length; i++) {
        if (ArrowArrayViewIsNull(rows.children[0], i) == 0) {
            struct ArrowStringView text = ArrowArrayViewGetStringUnsafe(rows.children[0], i);
            status = rs_param_check_word(param, (rs_str){text.data, (size_t)text.size_bytes}, err);
        }
    }
    ArrowArrayViewReset(&rows);
    return status == RS_OK ? RS_OK : rs_error_prefix(err, status, "%s", path);
}

static rs_status read_values(rs_session *session, const char *path, const rs_param_table *param,
                             const char *resolved, rs_table *out, rs_error *err)
{
    rs_buf file = {0};
    rs_buf column = {0};
    rs_buf_add_sql_literal(&file, rs_str_of(resolved));
    rs_status status = rs_buf_check(&file, err);
    RS_THEN(status, rs_session_add_parquet_view(session, VIEW, file.bytes, err));
    rs_buf_release(&file);
    if (status != RS_OK) {
        return rs_error_set(err, status == RS_ERR_NOMEM ? status : RS_ERR_INVALID,
                            "%s: expected a Parquet file", path);
    }
    status = find_column(session, param, path, &column, err);
    RS_THEN(status, check_range(session, param, path, rs_buf_text(&column), err));
    RS_THEN(status, read_column(session, param, path, rs_buf_text(&column), out, err));
    if (status == RS_OK && param->column->type == RS_TYPE_ENUM) {
        status = check_words(out, param, path, err);
    }
    rs_buf_release(&column);
    return status;
}

rs_status rs_param_read_parquet(const char *path, const rs_param_table *param, rs_table *out,
                                rs_error *err)
{
    rs_buf resolved = {0};
    rs_buf directory = {0};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    *out = (rs_table){0};
    rs_status status = rs_files_resolve(path, &resolved, err);
    if (status == RS_OK && strpbrk(resolved.bytes, "*?[") != NULL) {
        status = rs_error_set(err, RS_ERR_INVALID,
                              "%s: expected a path without * ? [, which are a pattern's", path);
    }
    if (status == RS_OK) {
        const char *slash = strrchr(resolved.bytes, '/');
        rs_buf_append(&directory, resolved.bytes, (size_t)(slash - resolved.bytes) + 1);
        status = rs_buf_check(&directory, err);
    }
    const rs_engine_config config = {.allowed_directory = rs_buf_text(&directory)};
    RS_THEN(status, rs_engine_new(&config, &engine, err));
    RS_THEN(status, rs_session_new(engine, &session, err));
    RS_THEN(status, read_values(session, path, param, resolved.bytes, out, err));
    rs_session_free(session);
    rs_engine_free(engine);
    if (status != RS_OK) {
        rs_table_release(out);
    }
    rs_buf_release(&directory);
    rs_buf_release(&resolved);
    return status;
}
