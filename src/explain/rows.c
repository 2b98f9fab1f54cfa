/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - rows of the bundle as JSON objects, and values of them as SQL. */
#include <inttypes.h>
#include <math.h>

#include "engine/duckdb/rows_json.h"
#include "explain/explain_impl.h"

rs_status rs_explain_json_rows(rs_explainer *self, const char *label, const rs_buf *sql,
                               json_t **out, rs_error *err)
{
    *out = NULL;
    RS_TRY(rs_buf_check(sql, err));
    json_t *rows = json_array();
    rs_status status =
        rs_session_query_json(self->bundle.session, label, rs_buf_text(sql), rows, err);
    if (status == RS_OK) {
        status = rs_explain_check(self, err);
    }
    if (status != RS_OK) {
        json_decref(rows);
        return status;
    }
    *out = rows;
    return RS_OK;
}

rs_status rs_explain_json_row(rs_explainer *self, const char *label, const rs_buf *sql,
                              json_t **out, rs_error *err)
{
    json_t *rows = NULL;
    *out = NULL;
    RS_TRY(rs_explain_json_rows(self, label, sql, &rows, err));
    *out = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return RS_OK;
}

/* --- rows of a statement --- */

RS_VEC_DEFINE(row_vec, rs_explain_row)

static rs_str copy_text(rs_explainer *self, rs_str text)
{
    const char *copy = rs_arena_strndup(&self->arena, text.bytes, text.n_bytes);
    self->failed = self->failed || copy == NULL;
    return copy != NULL ? (rs_str){copy, text.n_bytes} : RS_STR_LITERAL("");
}

static rs_param cursor_value(rs_explainer *self, const rs_cursor *from, size_t column, size_t row)
{
    rs_param value = {.type = RS_TYPE_STR, .is_null = rs_cursor_is_null(from, column, row)};
    rs_buf text = {0};
    switch (rs_cursor_column_class(from, column)) {
    case RS_VALUE_BOOL:
        value.type = RS_TYPE_BOOL;
        value.value.boolean = rs_cursor_i64(from, column, row) != 0;
        break;
    case RS_VALUE_INT:
        value.type = RS_TYPE_I64;
        value.value.i64 = rs_cursor_i64(from, column, row);
        break;
    case RS_VALUE_FLOAT:
        value.type = RS_TYPE_F64;
        value.value.f64 = rs_cursor_f64(from, column, row);
        break;
    case RS_VALUE_TEXT:
        value.value.text = copy_text(self, rs_cursor_str(from, column, row));
        break;
    case RS_VALUE_LIST:
    case RS_VALUE_JSON:
        rs_cursor_add_text(from, column, row, &text);
        value.value.text = copy_text(self, rs_buf_str(&text));
        self->failed = self->failed || text.failed;
        rs_buf_release(&text);
        break;
    }
    return value;
}

static const char *const *cursor_names(rs_explainer *self, const rs_cursor *from)
{
    size_t n_columns = rs_cursor_n_columns(from);
    const char **names = rs_arena_alloc(&self->arena, n_columns, sizeof *names);
    self->failed = self->failed || names == NULL;
    for (size_t i = 0; i < n_columns && names != NULL; i++) {
        names[i] = copy_text(self, rs_str_of(rs_cursor_column_name(from, i))).bytes;
    }
    return names;
}

static void copy_row(rs_explainer *self, const rs_cursor *from, size_t row,
                     const char *const *names, row_vec *rows)
{
    size_t n_columns = rs_cursor_n_columns(from);
    rs_param *values = rs_arena_alloc(&self->arena, n_columns, sizeof *values);
    if (values == NULL || !row_vec_push(rows, (rs_explain_row){names, values, n_columns})) {
        self->failed = true;
        return;
    }
    for (size_t i = 0; i < n_columns; i++) {
        values[i] = cursor_value(self, from, i, row);
    }
}

static rs_status copy_rows(rs_explainer *self, rs_cursor *from, row_vec *rows, rs_error *err)
{
    const char *const *names = cursor_names(self, from);
    size_t n_rows = 1;
    while (n_rows > 0 && !self->failed) {
        RS_TRY(rs_cursor_next(from, &n_rows, err));
        for (size_t i = 0; i < n_rows && !self->failed; i++) {
            copy_row(self, from, i, names, rows);
        }
    }
    return rs_explain_check(self, err);
}

rs_status rs_explain_query(rs_explainer *self, const rs_explain_ask *ask, rs_explain_rows *out,
                           rs_error *err)
{
    size_t n_args = 0;
    rs_buf sql = {0};
    rs_cursor *cursor = NULL;
    row_vec rows = {0};
    *out = (rs_explain_rows){0};
    while (n_args < RS_EXPLAIN_MAX_ARGS && ask->args[n_args].name != NULL) {
        n_args++;
    }
    rs_sql_add(ask->statement, ask->args, n_args, &sql);
    rs_status status = rs_buf_check(&sql, err);
    RS_THEN(status, rs_session_query(self->bundle.session, ask->statement->name, rs_buf_text(&sql),
                                     ask->params, ask->n_params, &cursor, err));
    RS_THEN(status, copy_rows(self, cursor, &rows, err));
    if (status == RS_OK && rows.n_items > 0) {
        rs_explain_row *items = rs_arena_alloc(&self->arena, rows.n_items, sizeof *items);
        if (items != NULL) {
            memcpy(items, rows.items, rows.n_items * sizeof *items);
            *out = (rs_explain_rows){items, rows.n_items};
        }
        self->failed = items == NULL;
        status = rs_explain_check(self, err);
    }
    rs_cursor_free(cursor);
    row_vec_release(&rows);
    rs_buf_release(&sql);
    return status;
}

static json_t *value_document(const rs_param *value)
{
    if (value->is_null) {
        return json_null();
    }
    switch (value->type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return json_integer(value->value.i64);
    case RS_TYPE_BOOL:
        return json_boolean(value->value.boolean);
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return isfinite(value->value.f64) ? json_real(value->value.f64) : json_null();
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return rs_json_str(value->value.text);
    }
    return NULL;
}

json_t *rs_explain_row_document(rs_explainer *self, const rs_explain_row *row)
{
    json_t *out = json_object();
    for (size_t i = 0; i < row->n_columns; i++) {
        rs_json_set(out, row->names[i], value_document(&row->values[i]), &self->failed);
    }
    return out;
}

/* --- rows of a frame --- */

json_t *rs_explain_value(const rs_vector *column, size_t row)
{
    if (rs_vector_is_null(column, row)) {
        return json_null();
    }
    switch (column->type) {
    case RS_TYPE_I64:
    case RS_TYPE_I32:
        return json_integer(rs_vector_i64(column, row));
    case RS_TYPE_BOOL:
        return json_boolean(rs_vector_i64(column, row) != 0);
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return json_real(rs_vector_f64(column, row));
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return rs_json_str(rs_vector_text(column, row));
    }
    return NULL;
}

json_t *rs_explain_frame_row(rs_explainer *self, const rs_dataset *dataset, const rs_frame *frame,
                             size_t row)
{
    json_t *out = json_object();
    for (size_t i = 0; i < frame->n_columns; i++) {
        rs_json_set(out, dataset->columns[i].name, rs_explain_value(&frame->columns[i], row),
                    &self->failed);
    }
    if (frame->places != NULL) {
        int64_t second = frame->places[row].second;
        rs_json_set(out, "_o1", json_integer(frame->places[row].first), &self->failed);
        rs_json_set(out, "_o2", second < 0 ? json_null() : json_integer(second), &self->failed);
    }
    return out;
}

/* --- values --- */

void rs_explain_add_words(const json_t *value, rs_buf *out)
{
    if (json_is_string(value)) {
        rs_buf_add(out, json_string_value(value));
    } else if (json_is_integer(value)) {
        rs_buf_addf(out, "%" PRId64, (int64_t)json_integer_value(value));
    } else if (json_is_real(value)) {
        rs_buf_addf(out, "%.6g", json_real_value(value));
    } else {
        rs_buf_add(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "nothing");
    }
}

void rs_explain_add_literal(const json_t *value, rs_buf *sql)
{
    if (json_is_string(value)) {
        rs_buf_add_sql_literal(sql, (rs_str){json_string_value(value), json_string_length(value)});
    } else if (json_is_integer(value)) {
        rs_buf_addf(sql, "CAST(%" PRId64 " AS BIGINT)", (int64_t)json_integer_value(value));
    } else if (json_is_real(value)) {
        rs_buf_addf(sql, "CAST(%.17g AS DOUBLE)", json_real_value(value));
    } else {
        rs_buf_add(sql, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "NULL");
    }
}

void rs_explain_add_equal(const char *column, const json_t *value, rs_buf *sql)
{
    rs_buf_add_sql_name(sql, rs_str_of(column));
    if (value == NULL || json_is_null(value)) {
        rs_buf_add(sql, " IS NULL");
        return;
    }
    rs_buf_add(sql, " = ");
    rs_explain_add_literal(value, sql);
}

bool rs_explain_key_next(const char **key, char column[RS_EXPLAIN_NAME_BYTES])
{
    if (**key == '\0') {
        return false;
    }
    rs_str name = rs_key_next(key);
    RS_ASSERT(name.n_bytes < RS_EXPLAIN_NAME_BYTES);
    memcpy(column, name.bytes, name.n_bytes);
    column[name.n_bytes] = '\0';
    return true;
}

void rs_explain_add_key(const char *key, const json_t *row, rs_buf *sql)
{
    char column[RS_EXPLAIN_NAME_BYTES];
    const char *before = " WHERE ";
    while (rs_explain_key_next(&key, column)) {
        rs_buf_add(sql, before);
        rs_explain_add_equal(column, json_object_get(row, column), sql);
        before = " AND ";
    }
}

json_t *rs_explain_address_document(rs_explainer *self, const json_t *edge)
{
    static const char *const members[] = {"kind", "src", "dst", "start_byte"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        rs_json_set(out, members[i], json_incref(json_object_get(edge, members[i])), &self->failed);
    }
    return out;
}

int64_t rs_explain_i64(const json_t *row, const char *column, int64_t fallback)
{
    const json_t *value = json_object_get(row, column);
    return json_is_integer(value) ? (int64_t)json_integer_value(value) : fallback;
}

const char *rs_explain_text(const json_t *row, const char *column)
{
    const char *text = json_string_value(json_object_get(row, column));
    return text != NULL ? text : "";
}
