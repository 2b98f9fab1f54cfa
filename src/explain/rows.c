/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - rows of the bundle as JSON objects, and values of them as SQL. */
#include <inttypes.h>

#include "engine/duckdb/rows_json.h"
#include "explain/explain_impl.h"

rs_status rs_explain_rows(rs_explainer *self, const char *label, const rs_buf *sql, json_t **out,
                          rs_error *err)
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

rs_status rs_explain_row(rs_explainer *self, const char *label, const rs_buf *sql, json_t **out,
                         rs_error *err)
{
    json_t *rows = NULL;
    *out = NULL;
    RS_TRY(rs_explain_rows(self, label, sql, &rows, err));
    *out = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return RS_OK;
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
