/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - typed rows of statements and of frames, and conditions that name their values. */
#include <inttypes.h>

#include "base/stop.h"
#include "engine/duckdb/session.h"
#include "explain/explain_impl.h"
#include "explain/sql_texts.h"

/* --- values: RS_TYPE_I64, F64, BOOL and STR --- */

static rs_str copy_text(rs_explainer *self, rs_str text)
{
    const char *copy = rs_arena_strndup(&self->arena, text.bytes, text.n_bytes);
    self->failed = self->failed || copy == NULL;
    return copy != NULL ? (rs_str){copy, text.n_bytes} : RS_STR_LITERAL("");
}

static rs_param cursor_value(rs_explainer *self, const rs_cursor *from, size_t column, size_t row)
{
    rs_value_class class = rs_cursor_column_class(from, column);
    rs_param value = {.is_null = rs_cursor_is_null(from, column, row)};
    rs_buf text = {0};
    if (class == RS_VALUE_INT) {
        value.value.i64 = rs_cursor_i64(from, column, row);
    } else if (class == RS_VALUE_FLOAT) {
        value.type = RS_TYPE_F64;
        value.value.f64 = rs_cursor_f64(from, column, row);
    } else if (class == RS_VALUE_BOOL) {
        value.type = RS_TYPE_BOOL;
        value.value.boolean = rs_cursor_i64(from, column, row) != 0;
    } else {
        rs_cursor_add_text(from, column, row, &text);
        value.type = RS_TYPE_STR;
        value.value.text = (rs_str){NULL, text.n_bytes};
        value.value.text.bytes = rs_explain_keep(self, &text);
    }
    return value;
}

static rs_param vector_value(rs_explainer *self, const rs_vector *from, size_t row)
{
    rs_param value = {.is_null = rs_vector_is_null(from, row)};
    if (value.is_null) {
        return value;
    }
    if (from->type == RS_TYPE_STR || from->type == RS_TYPE_ENUM) {
        value.type = RS_TYPE_STR;
        value.value.text = copy_text(self, rs_vector_text(from, row));
    } else if (from->type == RS_TYPE_F32 || from->type == RS_TYPE_F64) {
        value.type = RS_TYPE_F64;
        value.value.f64 = rs_vector_f64(from, row);
    } else if (from->type == RS_TYPE_BOOL) {
        value.type = RS_TYPE_BOOL;
        value.value.boolean = rs_vector_i64(from, row) != 0;
    } else {
        value.value.i64 = rs_vector_i64(from, row);
    }
    return value;
}

/* --- rows of a statement --- */

const char *rs_explain_sql(rs_explainer *self, const rs_sql *statement, const rs_sql_arg *args)
{
    size_t n_args = 0;
    rs_buf sql = {0};
    while (n_args < RS_EXPLAIN_MAX_ARGS && args[n_args].name != NULL) {
        n_args++;
    }
    rs_sql_add(statement, args, n_args, &sql);
    return rs_explain_keep(self, &sql);
}

static const char *const *cursor_names(rs_explainer *self, const rs_cursor *from)
{
    size_t n_columns = rs_cursor_n_columns(from);
    const char **names = rs_explain_new(self, n_columns, sizeof *names);
    for (size_t i = 0; i < n_columns && names != NULL; i++) {
        names[i] = copy_text(self, rs_str_of(rs_cursor_column_name(from, i))).bytes;
    }
    return names;
}

static rs_explain_row cursor_row(rs_explainer *self, const rs_cursor *from, size_t row,
                                 const char *const *names)
{
    size_t n_columns = rs_cursor_n_columns(from);
    rs_param *values = rs_explain_new(self, n_columns, sizeof *values);
    for (size_t i = 0; i < n_columns && values != NULL; i++) {
        values[i] = cursor_value(self, from, i, row);
    }
    return (rs_explain_row){names, values, n_columns};
}

void rs_explain_rows_push(rs_explainer *self, rs_explain_rows *rows, rs_explain_row row)
{
    rows->items = rs_explain_grow(self, rows->items, rows->n_items, sizeof row);
    if (rows->items == NULL) {
        rows->n_items = 0;
        return;
    }
    rows->items[rows->n_items++] = row;
}

static rs_status copy_rows(rs_explainer *self, rs_cursor *from, rs_explain_rows *out, rs_error *err)
{
    const char *const *names = cursor_names(self, from);
    size_t n_rows = 1;
    while (n_rows > 0 && !self->failed) {
        RS_TRY(rs_cursor_next(from, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            rs_explain_rows_push(self, out, cursor_row(self, from, i, names));
        }
    }
    return RS_OK;
}

/* How many parameters a statement has, those of a SELECT inside too; a text of it has no $. */
static size_t count_params(const rs_sql *statement)
{
    size_t n_params = 0;
    for (const char *at = strchr(statement->text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        size_t number = (size_t)(at[1] - '0');
        RS_ASSERT(number >= 1 && number <= RS_EXPLAIN_MAX_PARAMS);
        n_params = number > n_params ? number : n_params;
    }
    return n_params;
}

rs_explain_rows rs_explain_query(rs_explainer *self, const rs_explain_ask *ask)
{
    rs_session *session = ask->is_of_rule ? self->runner : self->bundle.session;
    rs_cursor *cursor = NULL;
    rs_explain_rows rows = {0};
    const char *sql = rs_explain_sql(self, ask->statement, ask->args);
    size_t n_params = count_params(ask->statement);
    if (!rs_explain_is_ok(self)) {
        return rows;
    }
    rs_status status = rs_stop_check(self->bundle.stop, &self->error);
    RS_THEN(status, rs_session_query(session, ask->statement->name, sql, ask->params, n_params,
                                     &cursor, &self->error));
    RS_THEN(status, copy_rows(self, cursor, &rows, &self->error));
    rs_cursor_free(cursor);
    return rs_explain_note(self, status) ? rows : (rs_explain_rows){0};
}

rs_explain_row rs_explain_query_row(rs_explainer *self, const rs_explain_ask *ask)
{
    rs_explain_rows rows = rs_explain_query(self, ask);
    return rows.n_items > 0 ? rows.items[0] : (rs_explain_row){0};
}

/* --- rows of a frame --- */

const char *const *rs_explain_column_names(rs_explainer *self, const rs_dataset *dataset)
{
    const char **names = rs_explain_new(self, dataset->n_columns + 2, sizeof *names);
    if (names == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < dataset->n_columns; i++) {
        names[i] = dataset->columns[i].name;
    }
    names[dataset->n_columns] = "_o1";
    names[dataset->n_columns + 1] = "_o2";
    return names;
}

rs_explain_row rs_explain_frame_row(rs_explainer *self, const rs_frame *frame, size_t row,
                                    const char *const *names)
{
    size_t n_columns = frame->n_columns + (frame->places != NULL ? 2 : 0);
    rs_param *values = rs_explain_new(self, n_columns, sizeof *values);
    if (values == NULL || names == NULL) {
        return (rs_explain_row){0};
    }
    for (size_t i = 0; i < frame->n_columns; i++) {
        values[i] = vector_value(self, &frame->columns[i], row);
    }
    if (frame->places != NULL) {
        values[frame->n_columns] = rs_explain_i64_of(frame->places[row].first);
        values[frame->n_columns + 1] = rs_explain_i64_of(frame->places[row].second);
        values[frame->n_columns + 1].is_null = frame->places[row].second < 0;
    }
    return (rs_explain_row){names, values, n_columns};
}

rs_explain_row rs_explain_part_of(const rs_explain_row *row, size_t first, size_t n_columns)
{
    RS_ASSERT(first + n_columns <= row->n_columns);
    return (rs_explain_row){row->names + first, row->values + first, n_columns};
}

/* --- columns of a row --- */

const rs_param *rs_explain_value(const rs_explain_row *row, const char *column)
{
    static const rs_param null = {.is_null = true};
    for (size_t i = 0; i < row->n_columns; i++) {
        if (strcmp(row->names[i], column) == 0) {
            return &row->values[i];
        }
    }
    return &null;
}

bool rs_explain_has_column(const rs_explain_row *row, const char *column)
{
    bool has = false;
    for (size_t i = 0; i < row->n_columns && !has; i++) {
        has = strcmp(row->names[i], column) == 0;
    }
    return has;
}

int64_t rs_explain_i64(const rs_explain_row *row, const char *column, int64_t fallback)
{
    const rs_param *value = rs_explain_value(row, column);
    return !value->is_null && value->type == RS_TYPE_I64 ? value->value.i64 : fallback;
}

const char *rs_explain_text(const rs_explain_row *row, const char *column)
{
    const rs_param *value = rs_explain_value(row, column);
    return !value->is_null && value->type == RS_TYPE_STR ? value->value.text.bytes : "";
}

bool rs_explain_is_same(const rs_param *a, const rs_param *b)
{
    if (a->is_null || b->is_null || a->type != b->type) {
        return a->is_null && b->is_null;
    }
    /* What is no text is equal bit by bit: the values of one column. */
    return a->type == RS_TYPE_STR ? rs_str_equal(a->value.text, b->value.text)
                                  : a->value.i64 == b->value.i64;
}

static const char *value_text(rs_explainer *self, const rs_param *value, int n_digits)
{
    return value->type == RS_TYPE_STR   ? value->value.text.bytes
           : value->type == RS_TYPE_F64 ? rs_explain_textf(self, "%.*g", n_digits, value->value.f64)
           : value->type == RS_TYPE_I64 ? rs_explain_textf(self, "%" PRId64, value->value.i64)
           : value->value.boolean       ? "true"
                                        : "false";
}

const char *rs_explain_words(rs_explainer *self, const rs_param *value)
{
    return value->is_null ? "nothing" : value_text(self, value, 6);
}

/* --- conditions --- */

const char *rs_explain_equal(rs_explainer *self, const char *column, const rs_param *value)
{
    rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {rs_sql_word("column", column)};
    if (value->is_null) {
        return rs_explain_sql(self, &rs_sql_explain_is_null, args);
    }
    args[1] = rs_sql_word("value", value_text(self, value, 17));
    return rs_explain_sql(self, &rs_sql_explain_is_value, args);
}

const char *rs_explain_both(rs_explainer *self, const char *a, const char *b)
{
    return a == NULL ? b : b == NULL ? a : rs_explain_textf(self, "%s AND %s", a, b);
}

rs_sql_arg rs_explain_one_of(rs_explainer *self, const char *name, const rs_explain_rows *rows,
                             const char *column)
{
    const char **texts = rs_explain_new(self, rows->n_items, sizeof *texts);
    size_t n_texts = 0;
    for (size_t i = 0; i < rows->n_items && texts != NULL; i++) {
        const rs_param *value = rs_explain_value(&rows->items[i], column);
        if (!value->is_null) {
            texts[n_texts++] = value_text(self, value, 17);
        }
    }
    RS_ASSERT(n_texts <= rows->n_items);
    return (rs_sql_arg){.name = name, .form = RS_SQL_WORDS, .words = texts, .n_words = n_texts};
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

const char *rs_explain_equal_key(rs_explainer *self, const rs_dataset *dataset,
                                 const rs_explain_row *row)
{
    const char *key = dataset->key;
    const char *all = NULL;
    char column[RS_EXPLAIN_NAME_BYTES];
    while (rs_explain_key_next(&key, column)) {
        all = rs_explain_both(self, all,
                              rs_explain_equal(self, column, rs_explain_value(row, column)));
    }
    return all != NULL ? all : "true";
}
