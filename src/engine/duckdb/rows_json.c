/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/rows_json.h"

#include <math.h>

static json_t *parsed(const rs_cursor *result, size_t column, size_t row)
{
    rs_buf text = {0};
    json_t *list = NULL;
    rs_cursor_add_text(result, column, row, &text);
    if (text.failed || rs_json_parse(rs_buf_str(&text), "a value", &list, NULL) != RS_OK) {
        list = NULL; /* out of memory: the caller notices */
    }
    rs_buf_release(&text);
    return list;
}

static json_t *value_of(const rs_cursor *result, size_t column, size_t row)
{
    if (rs_cursor_is_null(result, column, row)) {
        return json_null();
    }
    switch (rs_cursor_column_class(result, column)) {
    case RS_VALUE_BOOL:
        return json_boolean(rs_cursor_i64(result, column, row) != 0);
    case RS_VALUE_INT:
        return json_integer(rs_cursor_i64(result, column, row));
    case RS_VALUE_FLOAT: {
        double number = rs_cursor_f64(result, column, row);
        return isfinite(number) ? json_real(number) : json_null();
    }
    case RS_VALUE_TEXT:
        return rs_json_str(rs_cursor_str(result, column, row));
    case RS_VALUE_LIST:
    case RS_VALUE_JSON:
        return parsed(result, column, row);
    }
    return json_null();
}

static json_t *row_of(const rs_cursor *result, size_t row, bool *failed)
{
    json_t *object = json_object();
    for (size_t i = 0; i < rs_cursor_n_columns(result); i++) {
        rs_json_set(object, rs_cursor_column_name(result, i), value_of(result, i, row), failed);
    }
    return object;
}

rs_status rs_session_query_json(rs_session *session, const char *label, const char *sql,
                                json_t *rows, rs_error *err)
{
    rs_cursor *result = NULL;
    bool failed = false;
    size_t n_rows = 1;
    rs_status status = rs_session_query(session, label, sql, NULL, 0, &result, err);
    while (status == RS_OK && n_rows > 0) {
        status = rs_cursor_next(result, &n_rows, err);
        for (size_t i = 0; status == RS_OK && i < n_rows; i++) {
            rs_json_push(rows, row_of(result, i, &failed), &failed);
        }
    }
    rs_cursor_free(result);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label)
                                     : status;
}
