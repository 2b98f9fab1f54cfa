/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a query as an Arrow IPC stream. */
#include <string.h>

#include "api/internal.h"
#include "bundle/arrow_ipc.h"

enum { BATCH_ROWS = 65536 };

/* Types of the engine that a table (schema/table.h) has not, and what they are told as: the first
 * whose name a type starts with. A whole number that does not fit is an error, not another number. */
static const struct {
    const char *type;
    const char *cast;
} casts[] = {
    {"BOOLEAN", NULL},       {"INTEGER", NULL},       {"BIGINT", NULL},
    {"FLOAT", NULL},         {"DOUBLE", NULL},        {"VARCHAR", NULL},
    {"ENUM(", NULL},         {"\"NULL\"", NULL},      {"TINYINT", "INTEGER"},
    {"SMALLINT", "INTEGER"}, {"UTINYINT", "INTEGER"}, {"USMALLINT", "INTEGER"},
    {"UINTEGER", "BIGINT"},  {"UBIGINT", "BIGINT"},   {"HUGEINT", "BIGINT"},
    {"UHUGEINT", "BIGINT"},  {"DECIMAL", "DOUBLE"},   {"", "VARCHAR"},
};

/* NULL when the type is fine as it is. */
static const char *cast_of(const char *type)
{
    size_t n_bytes = strlen(type);
    size_t n_plain = n_bytes > 2 && strcmp(type + n_bytes - 2, "[]") == 0 ? n_bytes - 2 : n_bytes;
    for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++) {
        size_t n_prefix = strlen(casts[i].type);
        bool is_open = n_prefix == 0 || casts[i].type[n_prefix - 1] == '(';
        if (strncmp(type, casts[i].type, n_prefix) == 0 && (is_open || n_plain == n_prefix)) {
            /* Lists only of what needs no cast: one of words is text, as all that is deeper. */
            bool is_list = n_plain < n_bytes;
            return is_list && (casts[i].cast != NULL || is_open) ? "VARCHAR" : casts[i].cast;
        }
    }
    return "VARCHAR";
}

/* The statement itself, or one around it that casts what has to be. */
static rs_status add_statement(rs_session *session, const rs_query *query, const rs_param *params,
                               rs_buf *sql, rs_error *err)
{
    rs_result *result = NULL;
    size_t n_casts = 0;
    RS_TRY(rs_session_query(session, "query", query->sql, params, query->n_values, &result, err));
    rs_buf columns = {0};
    for (size_t i = 0; i < rs_result_n_columns(result); i++) {
        const char *cast = cast_of(rs_result_column_type(result, i));
        n_casts += cast != NULL;
        rs_buf_addf(&columns, "%s%sc%zu", i == 0 ? "" : ", ", cast != NULL ? "CAST(" : "", i);
        rs_buf_addf(&columns, "%s%s%s AS ", cast != NULL ? " AS " : "", cast != NULL ? cast : "",
                    cast != NULL ? ")" : "");
        rs_buf_add_sql_name(&columns, rs_str_of(rs_result_column_name(result, i)));
    }
    if (n_casts == 0 && query->max_rows == 0) {
        rs_buf_add(sql, query->sql);
    } else {
        rs_buf_addf(sql, "SELECT %s FROM (", rs_buf_text(&columns));
        rs_buf_add(sql, query->sql);
        rs_buf_add(sql, "\n) AS t(");
        for (size_t i = 0; i < rs_result_n_columns(result); i++) {
            rs_buf_addf(sql, "%sc%zu", i == 0 ? "" : ", ", i);
        }
        rs_buf_add(sql, ")");
        if (query->max_rows > 0) {
            rs_buf_addf(sql, " LIMIT %llu", (unsigned long long)query->max_rows);
        }
    }
    sql->failed = sql->failed || columns.failed;
    rs_buf_release(&columns);
    rs_result_free(result);
    return rs_buf_check(sql, err);
}

/* --- counting what passes --- */

typedef struct counter {
    struct ArrowArrayStream inner;
    uint64_t n_rows;
} counter;

static int counter_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    counter *self = stream->private_data;
    return self->inner.get_schema(&self->inner, out);
}

static int counter_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    counter *self = stream->private_data;
    int code = self->inner.get_next(&self->inner, out);
    if (code == NANOARROW_OK && out->release != NULL) {
        self->n_rows += (uint64_t)out->length;
    }
    return code;
}

static const char *counter_error(struct ArrowArrayStream *stream)
{
    counter *self = stream->private_data;
    return self->inner.get_last_error(&self->inner);
}

static void counter_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the inner stream is its owner's */
}

rs_status rs_query_write_arrow(rs_session *session, const rs_query *query, const rs_param *params,
                               rs_write_fn write, void *context, uint64_t *n_rows, rs_error *err)
{
    rs_buf sql = {0};
    counter rows = {0};
    rs_status status = add_statement(session, query, params, &sql, err);
    if (status == RS_OK) {
        status = rs_session_query_stream(session, "query", sql.bytes, params, query->n_values,
                                         BATCH_ROWS, &rows.inner, err);
    }
    if (status == RS_OK) {
        struct ArrowArrayStream stream = {.get_schema = counter_schema,
                                          .get_next = counter_next,
                                          .get_last_error = counter_error,
                                          .release = counter_release,
                                          .private_data = &rows};
        status = rs_ipc_write_stream(&stream, write, context, err);
    }
    *n_rows = rows.n_rows;
    if (rows.inner.release != NULL) {
        ArrowArrayStreamRelease(&rows.inner);
    }
    rs_buf_release(&sql);
    return status;
}
