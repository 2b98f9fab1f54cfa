/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c - rows of the bundle as JSON objects, and values of them as SQL. */
#include <inttypes.h>
#include <stdlib.h>

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

/* --- expressions --- */

/* "CAST(0.5 AS DOUBLE)" at text: append the number; how many bytes that takes, 0 for something else. */
static size_t add_number(const char *text, rs_buf *out)
{
    static const char head[] = "CAST(";
    static const char tail[] = " AS DOUBLE)";
    char *end = NULL;
    if (strncmp(text, head, sizeof head - 1) != 0) {
        return 0;
    }
    double number = strtod(text + sizeof head - 1, &end);
    if (end == text + sizeof head - 1 || strncmp(end, tail, sizeof tail - 1) != 0) {
        return 0;
    }
    rs_buf_addf(out, "%.6g", number);
    return (size_t)(end - text) + sizeof tail - 1;
}

/* The parentheses around the whole. */
static rs_str without_parentheses(rs_str text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.n_bytes; i++) {
        depth += text.bytes[i] == '(';
        depth -= text.bytes[i] == ')' && depth > 0;
        if (depth == 0 && i + 1 < text.n_bytes) {
            return text;
        }
    }
    return text.n_bytes > 2 && text.bytes[0] == '(' ? (rs_str){text.bytes + 1, text.n_bytes - 2}
                                                    : text;
}

/* Names of datasets and columns need no quotes; what stands between single ones is kept as it is. */
void rs_explain_add_expr(const rs_plan *rule, const rs_expr *expr, rs_buf *out)
{
    rs_buf sql = {0};
    rs_expr_add_sql(expr, rule->inputs, &rs_dialect_duckdb, &sql);
    rs_str text = without_parentheses(rs_buf_str(&sql));
    bool is_literal = false;
    for (size_t i = 0; i < text.n_bytes; i++) {
        size_t n_number = is_literal ? 0 : add_number(text.bytes + i, out);
        if (n_number > 0) {
            i += n_number - 1;
            continue;
        }
        is_literal = is_literal != (text.bytes[i] == '\'');
        if (is_literal || text.bytes[i] != '"') {
            rs_buf_add_char(out, text.bytes[i]);
        }
    }
    out->failed = out->failed || sql.failed;
    rs_buf_release(&sql);
}
