/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/doctor.h"
#include "bundle/files.h"
#include "bundle/reader.h"
#include "explain/explain.h"
#include "run/workers.h"

enum { MAX_EXCERPT = 160 };

struct rs_bundle {
    rs_reader *reader;
    bool has_views; /* made for the first query: an explanation makes those that it needs */
};

rs_status rs_bundle_open(const char *path, rs_bundle **out, rs_error *err)
{
    *out = NULL;
    rs_bundle *bundle = rs_alloc_zero(1, sizeof *bundle);
    if (bundle == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open bundle %s: out of memory", path);
    }
    rs_status status = rs_reader_new(path, &bundle->reader, err);
    if (status != RS_OK) {
        rs_bundle_free(bundle);
        return status;
    }
    *out = bundle;
    return RS_OK;
}

void rs_bundle_free(rs_bundle *bundle)
{
    if (bundle != NULL) {
        rs_reader_free(bundle->reader);
        rs_free(bundle);
    }
}

const char *rs_bundle_path(const rs_bundle *bundle)
{
    return rs_buf_text(&bundle->reader->directory);
}

const char *rs_bundle_manifest(const rs_bundle *bundle)
{
    return rs_buf_text(&bundle->reader->manifest_text);
}

/* --- queries --- */

static rs_status make_params(const char *const *values, size_t n_values, rs_param **out,
                             rs_error *err)
{
    *out = rs_alloc_zero(n_values > 0 ? n_values : 1, sizeof **out);
    if (*out == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    for (size_t i = 0; i < n_values; i++) {
        (*out)[i] = (rs_param){.type = RS_TYPE_STR, .is_null = values[i] == NULL};
        if (values[i] != NULL) {
            (*out)[i].value.text = rs_str_of(values[i]);
        }
    }
    return RS_OK;
}

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

static rs_status need_views(rs_bundle *bundle, rs_error *err)
{
    if (bundle->has_views) {
        return RS_OK;
    }
    rs_status status = rs_reader_add_views(bundle->reader, err);
    if (status != RS_OK) {
        return rs_error_prefix(err, status, "open bundle %s", bundle->reader->directory.bytes);
    }
    bundle->has_views = true;
    return RS_OK;
}

rs_status rs_bundle_query(rs_bundle *bundle, const rs_query *query, rs_write_fn write,
                          void *context, uint64_t *n_rows, rs_error *err)
{
    rs_param *params = NULL;
    rs_cursor *result = NULL;
    uint64_t n_found = 0;
    if (n_rows != NULL) {
        *n_rows = 0;
    }
    RS_TRY(need_views(bundle, err));
    rs_status status = make_params(query->values, query->n_values, &params, err);
    bool is_text = query->format != RS_FORMAT_ARROW;
    if (status == RS_OK && !is_text) {
        status = rs_query_write_arrow(bundle->reader->session, query, params, write, context,
                                      &n_found, err);
    } else if (status == RS_OK) {
        status = rs_session_query(bundle->reader->session, "query", query->sql, params,
                                  query->n_values, &result, err);
    }
    if (status == RS_OK && is_text) {
        status = rs_result_write(result, query, write, context, &n_found, err);
    }
    if (n_rows != NULL) {
        *n_rows = n_found;
    }
    rs_cursor_free(result);
    rs_free(params);
    return status == RS_OK ? RS_OK : explain(bundle->reader->session, query->sql, status, err);
}

/* The rows come from the bundle's engine, which writes nothing; one that sees no bundle writes them. */
static rs_status write_rows(struct ArrowArrayStream *rows, const char *directory, const char *draft,
                            uint64_t *n_rows, rs_error *err)
{
    const rs_engine_config config = {.output_directory = directory};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    RS_TRY(rs_engine_new(&config, &engine, err));
    rs_status status = rs_session_new(engine, &session, err);
    if (status == RS_OK) {
        status = rs_session_copy_stream(session, "query", rows, draft, n_rows, err);
    }
    rs_session_free(session);
    rs_engine_free(engine);
    return status;
}

static rs_status copy_rows(rs_bundle *bundle, const rs_query *query, const char *directory,
                           const char *path, uint64_t *n_rows, rs_error *err)
{
    static const rs_stream_options options = {.types = RS_STREAM_NUMBERS, .n_batch_rows = 1};
    struct ArrowArrayStream rows = {0};
    rs_param *params = NULL;
    rs_buf draft = {0};
    rs_status status = rs_path_set(&draft, directory, "rows.parquet", err);
    if (status == RS_OK) {
        status = make_params(query->values, query->n_values, &params, err);
    }
    if (status == RS_OK) {
        status = need_views(bundle, err);
    }
    if (status == RS_OK) {
        status = rs_session_query_stream(bundle->reader->session, "query", query->sql, params,
                                         query->n_values, &options, &rows, err);
        status =
            status == RS_OK ? RS_OK : explain(bundle->reader->session, query->sql, status, err);
    }
    if (status == RS_OK) {
        status = write_rows(&rows, directory, draft.bytes, n_rows, err);
    }
    if (status == RS_OK) {
        status = rs_files_move(draft.bytes, path, err);
    }
    if (rows.release != NULL) {
        ArrowArrayStreamRelease(&rows);
    }
    rs_free(params);
    rs_buf_release(&draft);
    return status;
}

rs_status rs_bundle_query_parquet(rs_bundle *bundle, const rs_query *query, const char *path,
                                  uint64_t *n_rows, rs_error *err)
{
    uint64_t n_written = 0;
    rs_buf directory = {0};
    rs_buf absolute = {0};
    if (access(path, F_OK) == 0) {
        return rs_error_set_errno(err, EEXIST, "write %s", path);
    }
    /* Beside the target, so that the move is a rename; a name of our own, so that nothing is there. */
    rs_buf_addf(&directory, "%s.tmp-%ld", path, (long)getpid());
    rs_status status = rs_buf_check(&directory, err);
    if (status == RS_OK && mkdir(directory.bytes, 0700) != 0) {
        rs_buf_release(&directory);
        return rs_error_set_errno(err, errno, "write %s", path);
    }
    if (status == RS_OK) {
        status = rs_files_resolve(directory.bytes, &absolute, err);
    }
    if (status == RS_OK) {
        status = copy_rows(bundle, query, absolute.bytes, path, &n_written, err);
    }
    if (directory.bytes != NULL && rs_files_remove_tree(directory.bytes, NULL) != RS_OK &&
        status == RS_OK) {
        status = rs_error_set(err, RS_ERR_IO, "remove %s: it stays", directory.bytes);
    }
    if (n_rows != NULL) {
        *n_rows = n_written;
    }
    rs_buf_release(&absolute);
    rs_buf_release(&directory);
    return status;
}

/* --- explanations --- */

static rs_explain_question ask(const rs_question *question)
{
    return (rs_explain_question){
        .has_edge = question->has_edge,
        .edge_id = question->edge_id,
        .path = question->path,
        .line = question->line > INT64_MAX ? INT64_MAX : (int64_t)question->line,
        .column = !question->has_column              ? -1
                  : question->column > INT64_MAX / 2 ? INT64_MAX / 2
                                                     : (int64_t)question->column,
        .is_call = question->is_call,
        .kind = question->kind,
        .to = question->to,
        .n_most = question->max_edges,
        .source_directory = question->source_directory,
        .rules_directory = question->rules_directory,
    };
}

typedef rs_status (*explain_fn)(const rs_reader *reader, const rs_explain_question *question,
                                json_t **out, rs_error *err);

static rs_status answer(rs_bundle *bundle, const rs_question *question, explain_fn ask_it,
                        char **out, rs_error *err)
{
    const rs_explain_question asked = ask(question);
    json_t *document = NULL;
    rs_buf text = {0};
    RS_TRY(ask_it(bundle->reader, &asked, &document, err));
    rs_status status = rs_json_print(document, &text, err);
    json_decref(document);
    if (status != RS_OK) {
        rs_buf_release(&text);
        return status;
    }
    *out = text.bytes;
    return RS_OK;
}

rs_status rs_bundle_why(rs_bundle *bundle, const rs_question *question, char **out, rs_error *err)
{
    *out = NULL;
    if (!question->has_edge && question->path == NULL && question->kind == NULL) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "explain: neither an edge nor a place nor a kind is given");
    }
    return answer(bundle, question, rs_explain_why, out, err);
}

rs_status rs_bundle_why_not(rs_bundle *bundle, const rs_question *question, char **out,
                            rs_error *err)
{
    *out = NULL;
    if (question->path == NULL) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: no place is given");
    }
    return answer(bundle, question, rs_explain_why_not, out, err);
}

/* --- checks --- */

typedef struct finder {
    rs_finding_fn report;
    void *context;
} finder;

static void hand_on_finding(const char *check, const char *object, const char *message,
                            void *context)
{
    const finder *self = context;
    const rs_finding finding = {.check = check, .object = object, .message = message};
    self->report(&finding, self->context);
}

rs_status rs_bundle_check(const char *path, rs_finding_fn report, void *context, uint64_t *n_checks,
                          uint64_t *n_findings, rs_error *err)
{
    finder self = {report, context};
    uint64_t checks = 0;
    uint64_t findings = 0;
    const rs_doctor_config config = {.path = path,
                                     .n_workers = rs_processors(),
                                     .crew = rs_workers_run,
                                     .report = hand_on_finding,
                                     .context = &self};
    rs_status status = rs_doctor_run(&config, &checks, &findings, err);
    if (n_checks != NULL) {
        *n_checks = checks;
    }
    if (n_findings != NULL) {
        *n_findings = findings;
    }
    return status;
}
