/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/doctor.h"
#include "bundle/files.h"
#include "bundle/reader.h"
#include "run/workers.h"

struct rs_bundle {
    rs_reader *reader;
};

rs_status rs_bundle_open(const char *path, rs_bundle **out, rs_error *err)
{
    *out = NULL;
    rs_bundle *bundle = rs_alloc_zero(1, sizeof *bundle);
    if (bundle == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "open bundle %s: out of memory", path);
    }
    rs_status status = rs_reader_new(path, &bundle->reader, err);
    if (status == RS_OK) {
        status = rs_reader_add_views(bundle->reader, err);
        if (status != RS_OK) {
            status =
                rs_error_prefix(err, status, "open bundle %s", bundle->reader->directory.bytes);
        }
    }
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

rs_status rs_bundle_query(rs_bundle *bundle, const char *sql, const char *const *values,
                          size_t n_values, rs_format format, rs_write_fn write, void *context,
                          uint64_t *n_rows, rs_error *err)
{
    rs_param *params = NULL;
    rs_result *result = NULL;
    uint64_t n_written = 0;
    rs_status status = make_params(values, n_values, &params, err);
    if (status == RS_OK) {
        status =
            rs_session_query(bundle->reader->session, "query", sql, params, n_values, &result, err);
    }
    if (status == RS_OK) {
        status = rs_result_write(result, format, write, context, &n_written, err);
    }
    if (n_rows != NULL) {
        *n_rows = n_written;
    }
    rs_result_free(result);
    rs_free(params);
    return status;
}

/* One SELECT and nothing behind it: then it may stand inside a COPY. */
static rs_status check_statement(rs_session *session, const char *sql, rs_error *err)
{
    rs_result *result = NULL;
    rs_status status = rs_session_query(session, "query", sql, NULL, 0, &result, err);
    rs_result_free(result);
    return status;
}

/* NEEDSWORK(#2): the engine may write into the bundle's directory alone, so the file starts there. */
rs_status rs_bundle_query_parquet(rs_bundle *bundle, const char *sql, const char *path,
                                  uint64_t *n_rows, rs_error *err)
{
    rs_session *session = bundle->reader->session;
    uint64_t n_written = 0;
    rs_buf draft = {0};
    rs_buf_addf(&draft, "%s/.tmp-query-%ld.parquet", bundle->reader->directory.bytes,
                (long)getpid());
    rs_status status = rs_buf_check(&draft, err);
    if (status == RS_OK && access(path, F_OK) == 0) {
        status = rs_error_set_errno(err, EEXIST, "write %s", path);
    }
    if (status == RS_OK) {
        status = check_statement(session, sql, err);
    }
    if (status == RS_OK) {
        status = rs_session_copy(session, "query", sql, draft.bytes, NULL, 0, &n_written, err);
        if (status == RS_OK) {
            status = rs_files_move(draft.bytes, path, err);
        }
        if (status != RS_OK) {
            unlink(draft.bytes);
        }
    }
    if (n_rows != NULL) {
        *n_rows = n_written;
    }
    rs_buf_release(&draft);
    return status;
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
