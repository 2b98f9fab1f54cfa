/* SPDX-License-Identifier: Apache-2.0 */
/* result.c - a query's rows: typed values, or an Arrow stream. */
#include "api/internal.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/stop.h"
#include "schema/cursor.h"

enum { MAX_EXCERPT = 160, BATCH_ROWS = 65536 };

/* --- opening --- */

/* Where a byte of the statement stands. */
static void find_place(const char *sql, size_t position, unsigned *line, unsigned *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < position && sql[i] != '\0'; i++) {
        bool ends = sql[i] == '\n';
        *line += ends;
        *column = ends ? 1 : *column + 1;
    }
}

/* What the engine says of a statement, with line, column and the line itself. */
static rs_status explain(const rs_session *session, const char *sql, rs_status status,
                         rs_error *err)
{
    static const char label[] = "query: ";
    const rs_engine_fault fault = rs_session_fault(session);
    if (err == NULL || !fault.has_place || strncmp(err->message, label, sizeof label - 1) != 0) {
        return status;
    }
    rs_buf out = {0};
    unsigned line = 0;
    unsigned column = 0;
    size_t at = fault.byte < strlen(sql) ? fault.byte : strlen(sql);
    find_place(sql, at, &line, &column);
    RS_ASSERT(column >= 1 && column - 1 <= at); /* the line starts no earlier than the text */
    const char *start = sql + at - (column - 1);
    int n_line = (int)strcspn(start, "\n");
    rs_buf_addf(&out, "query:%u:%u: %s\n  %.*s\n  %*s^", line, column,
                err->message + sizeof label - 1, n_line < MAX_EXCERPT ? n_line : MAX_EXCERPT, start,
                column - 1 < MAX_EXCERPT ? (int)column - 1 : MAX_EXCERPT, "");
    if (!out.failed) {
        rs_error_set(err, status, "%s", out.bytes);
    }
    rs_buf_release(&out);
    return status;
}

/* The views that the statement reads, which must be one that does no more than that. */
static rs_status need_views(rs_bundle *bundle, const char *sql, rs_error *err)
{
    if (!bundle->serves) {
        RS_TRY(rs_reader_serve(bundle->reader, err));
        bundle->serves = true;
    }
    rs_status status = rs_reader_add_views_of(bundle->reader, "query", sql, err);
    return status == RS_OK ? RS_OK : explain(bundle->reader->session, sql, status, err);
}

/* Copies, so that the statement can be run again for another form of its rows. */
static rs_status copy_query(rs_result *self, const rs_query *query, rs_error *err)
{
    bool failed = false;
    self->sql = rs_strndup(query->sql, strlen(query->sql));
    self->params = rs_alloc_zero(query->n_values > 0 ? query->n_values : 1, sizeof *self->params);
    for (size_t i = 0; i < query->n_values && self->params != NULL; i++) {
        const char *value = query->values[i];
        char *copy = value != NULL ? rs_strndup(value, strlen(value)) : NULL;
        self->params[i] = (rs_param){.type = RS_TYPE_STR, .is_null = copy == NULL};
        self->params[i].value.text = rs_str_of(copy != NULL ? copy : "");
        self->n_params++;
        failed = failed || (value != NULL && copy == NULL);
    }
    failed = failed || self->sql == NULL || self->params == NULL;
    RS_ASSERT(failed || self->n_params == query->n_values);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "query: out of memory") : RS_OK;
}

static rs_status open_stream(rs_result *self, const rs_stream_options *options,
                             struct ArrowArrayStream *out, rs_error *err)
{
    rs_session *session = self->bundle->reader->session;
    rs_status status = rs_session_query_stream(session, "query", self->sql, self->params,
                                               self->n_params, options, out, err);
    return status == RS_OK ? RS_OK : explain(session, self->sql, status, err);
}

static rs_status open_rows(rs_result *self, rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_ROWS, .n_batch_rows = 1};
    struct ArrowArrayStream stream = {0};
    RS_TRY(open_stream(self, &options, &stream, err));
    return rs_cursor_new(&stream, &self->rows, err);
}

rs_status rs_bundle_query(rs_bundle *bundle, const rs_query *query, rs_result **out, rs_error *err)
{
    *out = NULL;
    if (bundle->n_open > 0) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "query %s: the rows of another query are still open",
                            rs_bundle_path(bundle));
    }
    RS_TRY(rs_stop_check(&bundle->stop.is_raised, err));
    rs_session_set_timeout(bundle->reader->session, query->timeout_ms);
    rs_status status = need_views(bundle, query->sql, err);
    if (status != RS_OK) {
        return rs_reader_settle(bundle->reader, status, err);
    }
    rs_result *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    self->bundle = bundle;
    bundle->n_open++;
    RS_ASSERT(bundle->n_open == 1); /* a session reads one statement at a time */
    status = copy_query(self, query, err);
    RS_THEN(status, open_rows(self, err));
    if (status != RS_OK) {
        rs_result_free(self);
        return rs_reader_settle(bundle->reader, status, err);
    }
    *out = self;
    return RS_OK;
}

void rs_result_free(rs_result *result)
{
    if (result == NULL) {
        return;
    }
    rs_cursor_free(result->rows);
    for (size_t i = 0; i < result->n_params; i++) {
        if (!result->params[i].is_null) {
            rs_free((void *)(uintptr_t)result->params[i].value.text.bytes);
        }
    }
    rs_free(result->params);
    rs_free(result->sql);
    rs_buf_release(&result->text);
    result->bundle->n_open--;
    rs_free(result);
}

/* --- values --- */

size_t rs_result_n_columns(const rs_result *result)
{
    return result->rows != NULL ? rs_cursor_n_columns(result->rows) : 0;
}

const char *rs_result_column_name(const rs_result *result, size_t column)
{
    return rs_cursor_column_name(result->rows, column);
}

const char *rs_result_column_sql_type(const rs_result *result, size_t column)
{
    return rs_cursor_column_type(result->rows, column);
}

rs_result_type rs_result_column_type(const rs_result *result, size_t column)
{
    static const rs_result_type types[] = {
        [RS_VALUE_BOOL] = RS_RESULT_BOOL,   [RS_VALUE_INT] = RS_RESULT_INT,
        [RS_VALUE_FLOAT] = RS_RESULT_FLOAT, [RS_VALUE_TEXT] = RS_RESULT_TEXT,
        [RS_VALUE_LIST] = RS_RESULT_LIST,   [RS_VALUE_JSON] = RS_RESULT_JSON,
    };
    return types[rs_cursor_column_class(result->rows, column)];
}

static rs_status check_rows(const rs_result *result, bool untouched, rs_error *err)
{
    if (result->rows == NULL || (untouched && result->is_begun)) {
        return rs_error_set(err, RS_ERR_INVALID, "query: its rows were taken already");
    }
    return RS_OK;
}

rs_status rs_result_next(rs_result *result, size_t *n_rows, rs_error *err)
{
    *n_rows = 0;
    RS_TRY(check_rows(result, false, err));
    RS_TRY(rs_stop_check(&result->bundle->stop.is_raised, err));
    result->is_begun = true;
    rs_status status = rs_cursor_next(result->rows, n_rows, err);
    return status == RS_OK && *n_rows > 0 ? RS_OK
                                          : rs_reader_settle(result->bundle->reader, status, err);
}

bool rs_result_is_null(const rs_result *result, size_t column, size_t row)
{
    return rs_cursor_is_null(result->rows, column, row);
}

int64_t rs_result_i64(const rs_result *result, size_t column, size_t row)
{
    return rs_cursor_i64(result->rows, column, row);
}

double rs_result_f64(const rs_result *result, size_t column, size_t row)
{
    return rs_cursor_f64(result->rows, column, row);
}

const char *rs_result_text(rs_result *result, size_t column, size_t row, size_t *n_bytes)
{
    rs_buf_reset(&result->text);
    if (n_bytes != NULL) {
        *n_bytes = 0;
    }
    if (rs_cursor_is_null(result->rows, column, row)) {
        return NULL;
    }
    rs_cursor_add_text(result->rows, column, row, &result->text);
    if (result->text.failed) {
        return NULL;
    }
    if (n_bytes != NULL) {
        *n_bytes = result->text.n_bytes;
    }
    return rs_buf_text(&result->text);
}

/* --- streams --- */

/* A stream that keeps its bundle from answering anything else until it is released. */
typedef struct lease {
    struct ArrowArrayStream inner;
    rs_bundle *bundle;
    rs_error error; /* ours, in place of the inner one's */
} lease;

static int lease_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    lease *self = stream->private_data;
    return self->inner.get_schema(&self->inner, out);
}

static int lease_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    lease *self = stream->private_data;
    int code = self->inner.get_next(&self->inner, out);
    bool goes_on = code == 0 && out->release != NULL;
    return goes_on || rs_reader_settle(self->bundle->reader, RS_OK, &self->error) == RS_OK ? code
                                                                                           : EIO;
}

static const char *lease_error(struct ArrowArrayStream *stream)
{
    lease *self = stream->private_data;
    return self->error.status != RS_OK ? self->error.message
                                       : self->inner.get_last_error(&self->inner);
}

static void lease_release(struct ArrowArrayStream *stream)
{
    lease *self = stream->private_data;
    ArrowArrayStreamRelease(&self->inner);
    self->bundle->n_open--;
    rs_free(self);
    stream->private_data = NULL;
    stream->release = NULL;
}

rs_status rs_result_open_stream(rs_result *result, size_t n_batch_rows, uint64_t max_rows,
                                struct ArrowArrayStream *out, rs_error *err)
{
    const rs_stream_options options = {
        .types = RS_STREAM_NUMBERS, .n_batch_rows = n_batch_rows, .max_rows = max_rows};
    *out = (struct ArrowArrayStream){0};
    RS_TRY(check_rows(result, true, err));
    /* The session reads one statement at a time. */
    rs_cursor_free(result->rows);
    result->rows = NULL;
    return open_stream(result, &options, out, err);
}

rs_status rs_result_stream(rs_result *result, struct ArrowArrayStream *out, rs_error *err)
{
    *out = (struct ArrowArrayStream){0};
    lease *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    rs_status status = rs_result_open_stream(result, BATCH_ROWS, 0, &self->inner, err);
    if (status != RS_OK) {
        rs_free(self);
        return status;
    }
    self->bundle = result->bundle;
    self->bundle->n_open++;
    *out = (struct ArrowArrayStream){.get_schema = lease_schema,
                                     .get_next = lease_next,
                                     .get_last_error = lease_error,
                                     .release = lease_release,
                                     .private_data = self};
    return RS_OK;
}
