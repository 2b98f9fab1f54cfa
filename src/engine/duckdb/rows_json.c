/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/duckdb/rows_json.h"

#include <math.h>

static json_t *value_of(const rs_result *result, size_t column, size_t row)
{
    if (rs_result_is_null(result, column, row)) {
        return json_null();
    }
    switch (rs_result_column_class(result, column)) {
    case RS_VALUE_BOOL:
        return json_boolean(rs_result_i64(result, column, row) != 0);
    case RS_VALUE_INT:
        return json_integer(rs_result_i64(result, column, row));
    case RS_VALUE_FLOAT: {
        double number = rs_result_f64(result, column, row);
        return isfinite(number) ? json_real(number) : json_null();
    }
    case RS_VALUE_TEXT:
        return rs_json_str(rs_result_str(result, column, row));
    }
    return json_null();
}

static json_t *row_of(const rs_result *result, size_t row, bool *failed)
{
    json_t *object = json_object();
    for (size_t i = 0; i < rs_result_n_columns(result); i++) {
        rs_json_set(object, rs_result_column_name(result, i), value_of(result, i, row), failed);
    }
    return object;
}

rs_status rs_session_query_json(rs_session *session, const char *label, const char *sql,
                                json_t *rows, rs_error *err)
{
    rs_result *result = NULL;
    bool failed = false;
    size_t n_rows = 1;
    rs_status status = rs_session_query(session, label, sql, NULL, 0, &result, err);
    while (status == RS_OK && n_rows > 0) {
        status = rs_result_next(result, &n_rows, err);
        for (size_t i = 0; status == RS_OK && i < n_rows; i++) {
            rs_json_push(rows, row_of(result, i, &failed), &failed);
        }
    }
    rs_result_free(result);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", label)
                                     : status;
}
