/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that read, and their rows as they are made. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/duckdb/internal.h"

enum { COLUMN_BYTES = 24 };

/* A type of the engine, and what its values are told as where its own type has no place in a table
 * (schema/table.h): for rows exactly, as text where need be; for numbers as numbers, where one that
 * does not fit is an error and not another number. NULL: as they are. */
typedef struct type_row {
    duckdb_type type;
    const char *name;
    const char *as_rows;
    const char *as_numbers;
} type_row;

/* In place of a type: as text that is JSON. */
static const char as_json[] = "JSON";

static const type_row types[] = {
    {DUCKDB_TYPE_BOOLEAN, "BOOLEAN", NULL, NULL},
    {DUCKDB_TYPE_TINYINT, "TINYINT", "INTEGER", "INTEGER"},
    {DUCKDB_TYPE_SMALLINT, "SMALLINT", "INTEGER", "INTEGER"},
    {DUCKDB_TYPE_INTEGER, "INTEGER", NULL, NULL},
    {DUCKDB_TYPE_BIGINT, "BIGINT", NULL, NULL},
    {DUCKDB_TYPE_UTINYINT, "UTINYINT", "INTEGER", "INTEGER"},
    {DUCKDB_TYPE_USMALLINT, "USMALLINT", "INTEGER", "INTEGER"},
    {DUCKDB_TYPE_UINTEGER, "UINTEGER", "BIGINT", "BIGINT"},
    {DUCKDB_TYPE_UBIGINT, "UBIGINT", "VARCHAR", "BIGINT"},
    {DUCKDB_TYPE_HUGEINT, "HUGEINT", "VARCHAR", "BIGINT"},
    {DUCKDB_TYPE_UHUGEINT, "UHUGEINT", "VARCHAR", "BIGINT"},
    {DUCKDB_TYPE_DECIMAL, "DECIMAL", "VARCHAR", "DOUBLE"},
    {DUCKDB_TYPE_FLOAT, "FLOAT", NULL, NULL},
    {DUCKDB_TYPE_DOUBLE, "DOUBLE", NULL, NULL},
    {DUCKDB_TYPE_VARCHAR, "VARCHAR", NULL, NULL},
    {DUCKDB_TYPE_ENUM, "ENUM", NULL, "VARCHAR"},
    {DUCKDB_TYPE_BLOB, "BLOB", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_DATE, "DATE", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_TIME, "TIME", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_INTERVAL, "INTERVAL", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_UUID, "UUID", "VARCHAR", "VARCHAR"},
    {DUCKDB_TYPE_STRUCT, "STRUCT", as_json, as_json},
    {DUCKDB_TYPE_MAP, "MAP", as_json, as_json},
    {DUCKDB_TYPE_ARRAY, "ARRAY", as_json, as_json},
    {DUCKDB_TYPE_UNION, "UNION", "VARCHAR", "VARCHAR"},
};

static const type_row *type_row_of(duckdb_type type)
{
    static const type_row other = {DUCKDB_TYPE_INVALID, "OTHER", "VARCHAR", "VARCHAR"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == type) {
            return &types[i];
        }
    }
    return &other;
}

/* A statement on its way to rows. */
typedef struct opening {
    rs_session *session;
    const char *label;
    const char *sql;
    const rs_param *params;
    size_t n_params;
    rs_duckdb_statement *of;
} opening;

/* The innermost element of lists in lists, and how many there are; of what is none, itself. */
static duckdb_type element_of(duckdb_logical_type type, size_t *n_lists)
{
    duckdb_logical_type element = NULL;
    duckdb_type id = rs_duck.get_type_id(type);
    for (*n_lists = 0; id == DUCKDB_TYPE_LIST; ++*n_lists) {
        duckdb_logical_type inner = rs_duck.list_type_child_type(element != NULL ? element : type);
        rs_duck.destroy_logical_type(&element);
        element = inner;
        id = rs_duck.get_type_id(element);
    }
    rs_duck.destroy_logical_type(&element);
    return id;
}

/* NULL where a type is fine as it is; a list is of what needs no cast, or of words. */
static const char *cast_of(duckdb_type element, size_t n_lists, rs_stream_types wanted)
{
    const type_row *row = type_row_of(element);
    const char *cast = wanted == RS_STREAM_ROWS ? row->as_rows : row->as_numbers;
    if (wanted == RS_STREAM_AS_IT_IS) {
        return NULL;
    }
    if (n_lists == 0) {
        return cast;
    }
    bool is_fine = n_lists == 1 && (cast == NULL || element == DUCKDB_TYPE_ENUM);
    return is_fine ? NULL : as_json;
}

/* The type as SQL writes it: the element's name and [] for each list around it. */
static char *type_name_of(duckdb_type element, size_t n_lists)
{
    rs_buf text = {0};
    rs_buf_add(&text, type_row_of(element)->name);
    for (size_t i = 0; i < n_lists; i++) {
        rs_buf_add(&text, "[]");
    }
    if (text.failed) {
        rs_buf_release(&text);
    }
    return text.bytes;
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

typedef struct prepare_call {
    rs_session *session;
    const char *sql;
    duckdb_prepared_statement *statement;
    duckdb_state state;
} prepare_call;

static void prepare_it(void *context)
{
    prepare_call *self = context;
    self->state = rs_duck.prepare(self->session->connection, self->sql, self->statement);
}

static rs_status prepare(rs_session *session, const char *label, const char *sql,
                         duckdb_prepared_statement *statement, rs_error *err)
{
    prepare_call call = {session, sql, statement, DuckDBError};
    RS_TRY(rs_duckdb_check_time(session, label, err));
    RS_TRY(rs_duckdb_ready(session, sql, err));
    rs_duckdb_call(session, prepare_it, &call);
    if (call.state != DuckDBSuccess) {
        RS_TRY(rs_duckdb_check_time(session, label, err));
        rs_status status = rs_duckdb_fail(session, err, label, DUCKDB_ERROR_INVALID,
                                          rs_duck.prepare_error(*statement), true);
        if (status == RS_ERR_NOMEM || status == RS_ERR_CANCELLED) {
            return status;
        }
        if (err != NULL) {
            err->status = RS_ERR_INVALID;
        }
        return RS_ERR_INVALID;
    }
    duckdb_statement_type type = rs_duck.prepared_statement_type(*statement);
    if (type != DUCKDB_STATEMENT_TYPE_SELECT && type != DUCKDB_STATEMENT_TYPE_EXPLAIN) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: only statements that read are run here",
                            label);
    }
    return RS_OK;
}

/* --- columns --- */

/* A statement with parameters has no columns before it runs: they are the result's. */
static void describe_column(rs_duckdb_statement *of, size_t column, char **name,
                            duckdb_logical_type *type)
{
    const char *found = NULL;
    if (of->is_started) {
        found = rs_duck.column_name(&of->result, column);
        *type = rs_duck.column_logical_type(&of->result, column);
        *name = rs_strndup(found, strlen(found));
        return;
    }
    found = rs_duck.prepared_statement_column_name(of->prepared, column);
    *type = rs_duck.prepared_statement_column_logical_type(of->prepared, column);
    *name = found != NULL ? rs_strndup(found, strlen(found)) : rs_strndup("", 0);
    rs_duck_free((void *)(uintptr_t)found);
}

static void add_cast(size_t column, const char *cast, duckdb_logical_type type, rs_buf *sql)
{
    char value[COLUMN_BYTES];
    (void)snprintf(value, sizeof value, "c%zu", column);
    if (cast == as_json) {
        rs_duckdb_add_json_cast(value, type, sql);
    } else {
        rs_buf_addf(sql, cast == NULL ? "%s" : "CAST(%s AS %s)", value, cast);
    }
    rs_buf_add(sql, " AS ");
}

/* Append what stands between SELECT and FROM when casts are needed; counts them. */
static rs_status add_column(opening *self, size_t column, rs_stream_types wanted, rs_buf *sql,
                            size_t *n_casts, rs_error *err)
{
    char *name = NULL;
    duckdb_logical_type type = NULL;
    size_t n_lists = 0;
    describe_column(self->of, column, &name, &type);
    duckdb_type element = element_of(type, &n_lists);
    const char *cast = cast_of(element, n_lists, wanted);
    rs_buf_add(sql, column == 0 ? "" : ", ");
    add_cast(column, cast, type, sql);
    rs_duck.destroy_logical_type(&type);
    if (cast != NULL) {
        self->of->cast_from[column] = type_name_of(element, n_lists);
        ++*n_casts;
    }
    rs_buf_add_sql_name(sql, rs_str_of(name != NULL ? name : ""));
    bool failed = name == NULL || (cast != NULL && self->of->cast_from[column] == NULL);
    rs_free(name);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->label) : RS_OK;
}

/* The statement with the columns cast that have to be, and no more rows than are wanted; *needed tells
 * whether it is another one than the statement itself. */
static rs_status add_around(opening *self, const rs_stream_options *options, rs_buf *sql,
                            bool *needed, rs_error *err)
{
    rs_duckdb_statement *of = self->of;
    size_t n_casts = 0;
    of->n_columns = of->is_started ? rs_duck.column_count(&of->result)
                                   : rs_duck.prepared_statement_column_count(of->prepared);
    of->cast_from = rs_alloc_zero(of->n_columns + 1, sizeof(char *));
    if (of->cast_from == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->label);
    }
    rs_buf_add(sql, "SELECT ");
    for (size_t i = 0; i < of->n_columns; i++) {
        RS_TRY(add_column(self, i, options->types, sql, &n_casts, err));
    }
    rs_buf_add(sql, " FROM (");
    rs_buf_append(sql, self->sql, statement_bytes(self->sql));
    rs_buf_add(sql, "\n) AS t(");
    for (size_t i = 0; i < of->n_columns; i++) {
        rs_buf_addf(sql, "%sc%zu", i == 0 ? "" : ", ", i);
    }
    rs_buf_add(sql, ")");
    if (options->max_rows > 0) {
        rs_buf_addf(sql, " LIMIT %llu", (unsigned long long)options->max_rows);
    }
    *needed = n_casts > 0 || options->max_rows > 0;
    return rs_buf_check(sql, err);
}

/* --- starting --- */

static duckdb_state bind_one(duckdb_prepared_statement statement, idx_t index,
                             const rs_param *param)
{
    if (param->is_null) {
        return rs_duck.bind_null(statement, index);
    }
    switch (param->type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return rs_duck.bind_int64(statement, index, param->value.i64);
    case RS_TYPE_F64:
    case RS_TYPE_F32:
        return rs_duck.bind_double(statement, index, param->value.f64);
    case RS_TYPE_BOOL:
        return rs_duck.bind_boolean(statement, index, param->value.boolean);
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return rs_duck.bind_varchar_length(statement, index, param->value.text.bytes,
                                           param->value.text.n_bytes);
    }
    return DuckDBError;
}

static rs_status check_count(const opening *self, rs_error *err)
{
    size_t n_wanted = rs_duck.nparams(self->of->prepared);
    if (n_wanted != self->n_params) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: takes %zu parameters, not %zu", self->label,
                            n_wanted, self->n_params);
    }
    return RS_OK;
}

static rs_status bind(const opening *self, rs_error *err)
{
    for (size_t i = 0; i < self->n_params; i++) {
        if (bind_one(self->of->prepared, i + 1, &self->params[i]) != DuckDBSuccess) {
            return rs_error_set(err, RS_ERR_INVALID, "%s: parameter %zu does not fit", self->label,
                                i + 1);
        }
    }
    return RS_OK;
}

typedef struct start_call {
    opening *self;
    rs_error *err;
    rs_status status;
} start_call;

static void start_it(void *context)
{
    start_call *call = context;
    const opening *self = call->self;
    rs_duckdb_statement *of = self->of;
    duckdb_pending_result pending = NULL;
    rs_duckdb_observe(self->session);
    if (rs_duck.pending_prepared_streaming(of->prepared, &pending) != DuckDBSuccess) {
        call->status = rs_duckdb_fail(self->session, call->err, self->label, DUCKDB_ERROR_INVALID,
                                      rs_duck.pending_error(pending), true);
    } else if (rs_duck.execute_pending(pending, &of->result) != DuckDBSuccess) {
        call->status = rs_duckdb_fail(self->session, call->err, self->label,
                                      rs_duck.result_error_type(&of->result),
                                      rs_duck.result_error(&of->result), true);
    }
    rs_duck.destroy_pending(&pending);
}

static rs_status start(opening *self, rs_error *err)
{
    start_call call = {self, err, RS_OK};
    RS_TRY(bind(self, err));
    rs_duckdb_call(self->session, start_it, &call);
    self->of->is_started = call.status == RS_OK;
    return call.status;
}

typedef struct fetch_call {
    duckdb_result *result;
    duckdb_data_chunk chunk;
} fetch_call;

static void fetch_it(void *context)
{
    fetch_call *self = context;
    self->chunk = rs_duck.fetch_chunk(*self->result);
}

duckdb_data_chunk rs_duckdb_fetch(rs_session *session, duckdb_result *result)
{
    fetch_call call = {.result = result};
    rs_duckdb_call(session, fetch_it, &call);
    return call.chunk;
}

/* Describe the statement; where its columns have to be cast, put the one around it in its place. */
static rs_status shape(opening *self, const rs_stream_options *options, bool *is_around,
                       rs_error *err)
{
    rs_duckdb_statement *of = self->of;
    rs_buf around = {0};
    bool needed = false;
    if (self->n_params > 0) {
        RS_TRY(start(self, err));
    }
    rs_status status = add_around(self, options, &around, &needed, err);
    if (status == RS_OK && needed) {
        rs_duck_destroy_result(&of->result);
        rs_duck_destroy_prepare(&of->prepared);
        of->result = (duckdb_result){0};
        of->is_started = false;
        *is_around = true;
        status = prepare(self->session, self->label, rs_buf_text(&around), &of->prepared, err);
    }
    rs_buf_release(&around);
    return status;
}

rs_status rs_duckdb_start(rs_session *session, const char *label, const char *sql,
                          const rs_param *params, size_t n_params, const rs_stream_options *options,
                          rs_duckdb_statement *out, rs_error *err)
{
    opening self = {session, label, sql, params, n_params, out};
    RS_TRY(prepare(session, label, sql, &out->prepared, err));
    RS_TRY(check_count(&self, err));
    bool is_around = false;
    rs_status status = RS_OK;
    if (options->types != RS_STREAM_AS_IT_IS || options->max_rows > 0) {
        status = shape(&self, options, &is_around, err);
    }
    if (status == RS_OK && !out->is_started) {
        status = start(&self, err);
    }
    if (status != RS_OK && is_around) {
        session->fault = (rs_engine_fault){0}; /* no place in the statement that was given */
    }
    return status;
}

void rs_duckdb_statement_release(rs_duckdb_statement *of)
{
    for (size_t i = 0; of->cast_from != NULL && i < of->n_columns; i++) {
        rs_free(of->cast_from[i]);
    }
    rs_free((void *)of->cast_from);
    rs_duck_destroy_result(&of->result);
    rs_duck_destroy_prepare(&of->prepared);
}

rs_status rs_session_query(rs_session *session, const char *label, const char *sql,
                           const rs_param *params, size_t n_params, rs_cursor **out, rs_error *err)
{
    const rs_stream_options options = {.types = RS_STREAM_ROWS};
    struct ArrowArrayStream stream = {0};
    *out = NULL;
    RS_TRY(rs_session_query_stream(session, label, sql, params, n_params, &options, &stream, err));
    return rs_cursor_new(&stream, out, err);
}

rs_status rs_session_query_i64(rs_session *session, const char *label, const char *sql,
                               int64_t *value, rs_error *err)
{
    rs_cursor *rows = NULL;
    size_t n_rows = 0;
    *value = 0;
    rs_status status = rs_session_query(session, label, sql, NULL, 0, &rows, err);
    if (status != RS_OK) {
        return status;
    }
    status = rs_cursor_next(rows, &n_rows, err);
    if (status == RS_OK && n_rows > 0) {
        *value = rs_cursor_i64(rows, 0, 0);
    }
    rs_cursor_free(rows);
    return status;
}
