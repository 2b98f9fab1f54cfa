/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that read, and their rows as they are made. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

enum { NUMBER_TEXT_BYTES = 48 };

typedef struct result_column {
    char *name;
    char *type_name;  /* as the statement has it */
    duckdb_type type; /* as it comes: VARCHAR where the engine spells the value */
    rs_value_class value_class;
    const void *data; /* of the current rows */
    const uint64_t *validity;
} result_column;

struct rs_result {
    rs_session *session;
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool is_started; /* result is the statement's */
    duckdb_data_chunk chunk;
    result_column *columns;
    size_t n_columns;
};

typedef struct type_row {
    duckdb_type type;
    const char *name;
    rs_value_class value_class;
    bool is_plain; /* we spell it; the others the engine casts to text */
} type_row;

static const type_row types[] = {
    {DUCKDB_TYPE_BOOLEAN, "BOOLEAN", RS_VALUE_BOOL, true},
    {DUCKDB_TYPE_TINYINT, "TINYINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_SMALLINT, "SMALLINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_INTEGER, "INTEGER", RS_VALUE_INT, true},
    {DUCKDB_TYPE_BIGINT, "BIGINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_UTINYINT, "UTINYINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_USMALLINT, "USMALLINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_UINTEGER, "UINTEGER", RS_VALUE_INT, true},
    {DUCKDB_TYPE_UBIGINT, "UBIGINT", RS_VALUE_INT, true},
    {DUCKDB_TYPE_HUGEINT, "HUGEINT", RS_VALUE_INT, false},
    {DUCKDB_TYPE_UHUGEINT, "UHUGEINT", RS_VALUE_INT, false},
    {DUCKDB_TYPE_DECIMAL, "DECIMAL", RS_VALUE_FLOAT, false},
    {DUCKDB_TYPE_FLOAT, "FLOAT", RS_VALUE_FLOAT, true},
    {DUCKDB_TYPE_DOUBLE, "DOUBLE", RS_VALUE_FLOAT, true},
    {DUCKDB_TYPE_VARCHAR, "VARCHAR", RS_VALUE_TEXT, true},
    {DUCKDB_TYPE_BLOB, "BLOB", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_DATE, "DATE", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_TIME, "TIME", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_INTERVAL, "INTERVAL", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_ENUM, "ENUM", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_UUID, "UUID", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_STRUCT, "STRUCT", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_MAP, "MAP", RS_VALUE_TEXT, false},
    {DUCKDB_TYPE_UNION, "UNION", RS_VALUE_TEXT, false},
};

static const type_row *type_row_of(duckdb_type type)
{
    static const type_row other = {DUCKDB_TYPE_INVALID, "OTHER", RS_VALUE_TEXT, false};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type) {
            return &types[i];
        }
    }
    return &other;
}

/* The type as SQL writes it: the element's name and [] for each list around it. */
static char *type_name_of(duckdb_logical_type type)
{
    rs_buf text = {0};
    size_t n_lists = 0;
    duckdb_logical_type element = NULL;
    duckdb_type id = duckdb_get_type_id(type);
    while (id == DUCKDB_TYPE_LIST) {
        duckdb_logical_type inner = duckdb_list_type_child_type(element != NULL ? element : type);
        duckdb_destroy_logical_type(&element);
        element = inner;
        id = duckdb_get_type_id(element);
        n_lists++;
    }
    rs_buf_add(&text, type_row_of(id)->name);
    for (size_t i = 0; i < n_lists; i++) {
        rs_buf_add(&text, "[]");
    }
    duckdb_destroy_logical_type(&element);
    return text.failed ? NULL : text.bytes;
}

/* --- preparing --- */

/* Where the statement ends: before the blanks, semicolons and comments at its end. */
static size_t statement_bytes(const char *sql)
{
    size_t end = 0;
    for (const char *p = sql; *p != '\0'; p++) {
        if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
            p -= *p == '\0';
        } else if (p[0] == '/' && p[1] == '*') {
            const char *close = strstr(p + 2, "*/");
            if (close == NULL) {
                return strlen(sql);
            }
            p = close + 1;
        } else if (*p == '\'' || *p == '"') {
            const char *close = strchr(p + 1, *p);
            p = close != NULL ? close : p;
            end = (size_t)(p - sql) + 1;
        } else if (strchr(" \t\r\n;", *p) == NULL) {
            end = (size_t)(p - sql) + 1;
        }
    }
    return end;
}

static rs_status prepare(rs_session *session, const char *label, const char *sql,
                         duckdb_prepared_statement *statement, rs_error *err)
{
    if (duckdb_prepare(session->connection, sql, statement) != DuckDBSuccess) {
        (void)rs_duckdb_fail(session, err, label, DUCKDB_ERROR_INVALID,
                             duckdb_prepare_error(*statement), true);
        if (err != NULL) {
            err->status = RS_ERR_INVALID;
        }
        return RS_ERR_INVALID;
    }
    duckdb_statement_type type = duckdb_prepared_statement_type(*statement);
    if (type != DUCKDB_STATEMENT_TYPE_SELECT && type != DUCKDB_STATEMENT_TYPE_EXPLAIN) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: only statements that read are run here",
                            label);
    }
    return RS_OK;
}

/* The statement again, with the columns that the engine has to spell cast to text. */
static rs_status prepare_as_text(rs_session *session, const char *label, const char *sql,
                                 rs_result *result, rs_error *err)
{
    rs_buf text = {0};
    rs_buf_add(&text, "SELECT ");
    for (size_t i = 0; i < result->n_columns; i++) {
        bool is_plain = type_row_of(result->columns[i].type)->is_plain;
        rs_buf_addf(&text, is_plain ? "%sc%zu AS " : "%sCAST(c%zu AS VARCHAR) AS ",
                    i == 0 ? "" : ", ", i);
        rs_buf_add_sql_name(&text, rs_str_of(result->columns[i].name));
    }
    rs_buf_add(&text, " FROM (");
    rs_buf_append(&text, sql, statement_bytes(sql));
    rs_buf_add(&text, "\n) AS t(");
    for (size_t i = 0; i < result->n_columns; i++) {
        rs_buf_addf(&text, "%sc%zu", i == 0 ? "" : ", ", i);
    }
    rs_buf_add(&text, ")");
    rs_status status = rs_buf_check(&text, err);
    if (status == RS_OK) {
        duckdb_destroy_prepare(&result->statement);
        status = prepare(session, label, rs_buf_text(&text), &result->statement, err);
    }
    rs_buf_release(&text);
    return status;
}

/* A statement with parameters has no columns before it runs: they are the result's. */
static char *column_name_of(rs_result *result, size_t column)
{
    if (result->is_started) {
        const char *name = duckdb_column_name(&result->result, column);
        return rs_strndup(name, strlen(name));
    }
    const char *name = duckdb_prepared_statement_column_name(result->statement, column);
    char *copy = name != NULL ? rs_strndup(name, strlen(name)) : rs_strndup("", 0);
    duckdb_free((void *)(uintptr_t)name);
    return copy;
}

/* Names, types and classes; *all_plain tells whether every value is spelt by us. */
static rs_status describe(rs_result *result, bool *all_plain, rs_error *err)
{
    *all_plain = true;
    result->n_columns = result->is_started
                            ? duckdb_column_count(&result->result)
                            : duckdb_prepared_statement_column_count(result->statement);
    result->columns = rs_alloc_zero(result->n_columns + 1, sizeof *result->columns);
    for (size_t i = 0; result->columns != NULL && i < result->n_columns; i++) {
        result_column *column = &result->columns[i];
        duckdb_logical_type type =
            result->is_started
                ? duckdb_column_logical_type(&result->result, i)
                : duckdb_prepared_statement_column_logical_type(result->statement, i);
        column->type = duckdb_get_type_id(type);
        column->type_name = type_name_of(type);
        column->name = column_name_of(result, i);
        duckdb_destroy_logical_type(&type);
        if (column->type_name == NULL || column->name == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "describe a result: out of memory");
        }
        column->value_class = type_row_of(column->type)->value_class;
        *all_plain = *all_plain && type_row_of(column->type)->is_plain;
    }
    if (result->columns == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "describe a result: out of memory");
    }
    return RS_OK;
}

static duckdb_state bind_one(duckdb_prepared_statement statement, idx_t index,
                             const rs_param *param)
{
    if (param->is_null) {
        return duckdb_bind_null(statement, index);
    }
    switch (param->type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return duckdb_bind_int64(statement, index, param->value.i64);
    case RS_TYPE_F64:
    case RS_TYPE_F32:
        return duckdb_bind_double(statement, index, param->value.f64);
    case RS_TYPE_BOOL:
        return duckdb_bind_boolean(statement, index, param->value.boolean);
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return duckdb_bind_varchar_length(statement, index, param->value.text.bytes,
                                          param->value.text.n_bytes);
    }
    return DuckDBError;
}

static rs_status check_count(const rs_result *result, const char *label, size_t n_params,
                             rs_error *err)
{
    size_t n_wanted = duckdb_nparams(result->statement);
    if (n_wanted != n_params) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: takes %zu parameters, not %zu", label,
                            n_wanted, n_params);
    }
    return RS_OK;
}

static rs_status bind(rs_result *result, const char *label, const rs_param *params, size_t n_params,
                      rs_error *err)
{
    for (size_t i = 0; i < n_params; i++) {
        if (bind_one(result->statement, i + 1, &params[i]) != DuckDBSuccess) {
            return rs_error_set(err, RS_ERR_INVALID, "%s: parameter %zu does not fit", label,
                                i + 1);
        }
    }
    return RS_OK;
}

static rs_status start(rs_result *result, const char *label, const rs_param *params,
                       size_t n_params, rs_error *err)
{
    RS_TRY(bind(result, label, params, n_params, err));
    duckdb_pending_result pending = NULL;
    rs_status status = RS_OK;
    if (duckdb_pending_prepared_streaming(result->statement, &pending) != DuckDBSuccess) {
        status = rs_duckdb_fail(result->session, err, label, DUCKDB_ERROR_INVALID,
                                duckdb_pending_error(pending), true);
    } else if (duckdb_execute_pending(pending, &result->result) != DuckDBSuccess) {
        status =
            rs_duckdb_fail(result->session, err, label, duckdb_result_error_type(&result->result),
                           duckdb_result_error(&result->result), true);
    }
    duckdb_destroy_pending(&pending);
    result->is_started = status == RS_OK;
    return status;
}

rs_status rs_duckdb_start(rs_session *session, const char *label, const char *sql,
                          const rs_param *params, size_t n_params,
                          duckdb_prepared_statement *statement, duckdb_result *result,
                          rs_error *err)
{
    rs_duckdb_observe(session);
    rs_result of = {.session = session};
    rs_status status = prepare(session, label, sql, &of.statement, err);
    if (status == RS_OK) {
        status = check_count(&of, label, n_params, err);
    }
    if (status == RS_OK) {
        status = start(&of, label, params, n_params, err);
    }
    *statement = of.statement;
    *result = of.result;
    return status;
}

/* Prepare, describe and start; where the engine has to spell values, start that instead. */
static rs_status open_result(rs_session *session, rs_result *result, const char *label,
                             const char *sql, const rs_param *params, size_t n_params,
                             rs_error *err)
{
    bool all_plain = true;
    rs_status status = prepare(session, label, sql, &result->statement, err);
    if (status == RS_OK) {
        status = check_count(result, label, n_params, err);
    }
    if (status == RS_OK && n_params > 0) {
        status = start(result, label, params, n_params, err);
    }
    if (status == RS_OK) {
        status = describe(result, &all_plain, err);
    }
    if (status == RS_OK && !all_plain) {
        duckdb_destroy_result(&result->result);
        result->result = (duckdb_result){0};
        result->is_started = false;
        status = prepare_as_text(session, label, sql, result, err);
    }
    if (status == RS_OK && !result->is_started) {
        status = start(result, label, params, n_params, err);
    }
    if (status != RS_OK) {
        return status;
    }
    for (size_t i = 0; i < result->n_columns; i++) {
        result->columns[i].type = duckdb_column_type(&result->result, i);
    }
    return RS_OK;
}

rs_status rs_session_query(rs_session *session, const char *label, const char *sql,
                           const rs_param *params, size_t n_params, rs_result **out, rs_error *err)
{
    *out = NULL;
    rs_result *result = rs_alloc_zero(1, sizeof *result);
    if (result == NULL) {
        rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label);
        return RS_ERR_NOMEM;
    }
    result->session = session;
    rs_status status = open_result(session, result, label, sql, params, n_params, err);
    if (status == RS_OK) {
        *out = result;
    } else {
        rs_result_free(result);
    }
    return status;
}

rs_status rs_session_copy_query(rs_session *session, const char *label, const char *sql,
                                const rs_param *params, size_t n_params, const char *path,
                                uint64_t *n_rows, rs_error *err)
{
    rs_result inner = {0}; /* checked alone, so that nothing can close the parenthesis around it */
    rs_result copy = {.session = session};
    rs_buf text = {0};
    rs_status status = prepare(session, label, sql, &inner.statement, err);
    if (status == RS_OK) {
        status = check_count(&inner, label, n_params, err);
    }
    rs_duckdb_add_copy_sql((rs_str){sql, statement_bytes(sql)}, path, NULL, 0, &text);
    if (status == RS_OK) {
        status = rs_buf_check(&text, err);
    }
    if (status == RS_OK &&
        duckdb_prepare(session->connection, rs_buf_text(&text), &copy.statement) != DuckDBSuccess) {
        status = rs_duckdb_fail(session, err, label, DUCKDB_ERROR_INVALID,
                                duckdb_prepare_error(copy.statement), false);
    }
    if (status == RS_OK) {
        status = bind(&copy, label, params, n_params, err);
    }
    if (status == RS_OK && duckdb_execute_prepared(copy.statement, &copy.result) != DuckDBSuccess) {
        status = rs_duckdb_fail(session, err, label, duckdb_result_error_type(&copy.result),
                                duckdb_result_error(&copy.result), false);
    } else if (status == RS_OK) {
        *n_rows = rs_duckdb_copied_rows(&copy.result);
    }
    duckdb_destroy_result(&copy.result);
    duckdb_destroy_prepare(&copy.statement);
    duckdb_destroy_prepare(&inner.statement);
    rs_buf_release(&text);
    return status;
}

void rs_result_free(rs_result *result)
{
    if (result == NULL) {
        return;
    }
    duckdb_destroy_data_chunk(&result->chunk);
    duckdb_destroy_result(&result->result);
    duckdb_destroy_prepare(&result->statement);
    for (size_t i = 0; result->columns != NULL && i < result->n_columns; i++) {
        rs_free(result->columns[i].type_name);
        rs_free(result->columns[i].name);
    }
    rs_free(result->columns);
    rs_free(result);
}

/* --- reading --- */

size_t rs_result_n_columns(const rs_result *result)
{
    return result->n_columns;
}

const char *rs_result_column_name(const rs_result *result, size_t column)
{
    return result->columns[column].name;
}

const char *rs_result_column_type(const rs_result *result, size_t column)
{
    return result->columns[column].type_name;
}

rs_value_class rs_result_column_class(const rs_result *result, size_t column)
{
    return result->columns[column].value_class;
}

rs_status rs_result_next(rs_result *result, size_t *n_rows, rs_error *err)
{
    duckdb_destroy_data_chunk(&result->chunk);
    *n_rows = 0;
    result->chunk = duckdb_fetch_chunk(result->result);
    if (result->chunk == NULL) {
        const char *text = duckdb_result_error(&result->result);
        if (text != NULL && text[0] != '\0') {
            return rs_duckdb_fail(result->session, err, "read rows",
                                  duckdb_result_error_type(&result->result), text, false);
        }
        return RS_OK;
    }
    *n_rows = duckdb_data_chunk_get_size(result->chunk);
    for (size_t i = 0; i < result->n_columns; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(result->chunk, i);
        result->columns[i].data = duckdb_vector_get_data(vector);
        result->columns[i].validity = duckdb_vector_get_validity(vector);
    }
    return RS_OK;
}

bool rs_result_is_null(const rs_result *result, size_t column, size_t row)
{
    const uint64_t *validity = result->columns[column].validity;
    return validity != NULL && (validity[row / 64] >> (row % 64) & 1) == 0;
}

rs_str rs_result_str(const rs_result *result, size_t column, size_t row)
{
    const result_column *values = &result->columns[column];
    if (values->type != DUCKDB_TYPE_VARCHAR || rs_result_is_null(result, column, row)) {
        return (rs_str){"", 0};
    }
    return rs_duckdb_str(&((const duckdb_string_t *)values->data)[row]);
}

/* A number that came as text; the engine's spelling is short. */
static const char *number_text(rs_str text, char out[NUMBER_TEXT_BYTES])
{
    size_t n_bytes = text.n_bytes < NUMBER_TEXT_BYTES ? text.n_bytes : NUMBER_TEXT_BYTES - 1;
    memcpy(out, text.bytes, n_bytes);
    out[n_bytes] = '\0';
    return out;
}

/* A whole number's bits, sign-extended; *is_whole tells whether it is one. */
static int64_t whole_at(const result_column *column, size_t row, bool *is_whole)
{
    *is_whole = true;
    const unsigned width = (unsigned)column->type;
    if (width == DUCKDB_TYPE_BOOLEAN || width == DUCKDB_TYPE_UTINYINT) {
        return ((const uint8_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_TINYINT) {
        return ((const int8_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_SMALLINT) {
        return ((const int16_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_USMALLINT) {
        return ((const uint16_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_INTEGER) {
        return ((const int32_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_UINTEGER) {
        return ((const uint32_t *)column->data)[row];
    }
    if (width == DUCKDB_TYPE_BIGINT || width == DUCKDB_TYPE_UBIGINT) {
        return ((const int64_t *)column->data)[row];
    }
    *is_whole = false;
    return 0;
}

int64_t rs_result_i64(const rs_result *result, size_t column, size_t row)
{
    const result_column *values = &result->columns[column];
    if (rs_result_is_null(result, column, row)) {
        return 0;
    }
    bool is_whole = false;
    int64_t number = whole_at(values, row, &is_whole);
    if (!is_whole && values->value_class == RS_VALUE_INT) {
        char text[NUMBER_TEXT_BYTES];
        return strtoll(number_text(rs_result_str(result, column, row), text), NULL, 10);
    }
    return number;
}

double rs_result_f64(const rs_result *result, size_t column, size_t row)
{
    const result_column *values = &result->columns[column];
    if (rs_result_is_null(result, column, row)) {
        return 0;
    }
    if (values->type == DUCKDB_TYPE_DOUBLE) {
        return ((const double *)values->data)[row];
    }
    if (values->type == DUCKDB_TYPE_FLOAT) {
        return (double)((const float *)values->data)[row];
    }
    if (values->type == DUCKDB_TYPE_VARCHAR && values->value_class == RS_VALUE_FLOAT) {
        char text[NUMBER_TEXT_BYTES];
        return strtod(number_text(rs_result_str(result, column, row), text), NULL);
    }
    return (double)rs_result_i64(result, column, row);
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

void rs_result_add_text(const rs_result *result, size_t column, size_t row, rs_buf *out)
{
    const result_column *values = &result->columns[column];
    if (rs_result_is_null(result, column, row)) {
        return;
    }
    bool is_whole = false;
    int64_t number = whole_at(values, row, &is_whole);
    if (values->type == DUCKDB_TYPE_BOOLEAN) {
        rs_buf_add(out, number != 0 ? "true" : "false");
    } else if (values->type == DUCKDB_TYPE_UBIGINT) {
        rs_buf_addf(out, "%" PRIu64, (uint64_t)number);
    } else if (is_whole) {
        rs_buf_addf(out, "%" PRId64, number);
    } else if (values->type == DUCKDB_TYPE_VARCHAR) {
        rs_buf_add_str(out, rs_result_str(result, column, row));
    } else {
        add_float(rs_result_f64(result, column, row), values->type == DUCKDB_TYPE_FLOAT, out);
    }
}

rs_status rs_session_query_i64(rs_session *session, const char *label, const char *sql,
                               int64_t *value, rs_error *err)
{
    rs_result *result = NULL;
    size_t n_rows = 0;
    *value = 0;
    rs_status status = rs_session_query(session, label, sql, NULL, 0, &result, err);
    if (status != RS_OK) {
        return status;
    }
    status = rs_result_next(result, &n_rows, err);
    if (status == RS_OK && n_rows > 0) {
        *value = rs_result_i64(result, 0, 0);
    }
    rs_result_free(result);
    return status;
}
