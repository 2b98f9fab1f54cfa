/* SPDX-License-Identifier: Apache-2.0 */
#include "api/internal.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bundle/doctor.h"
#include "bundle/files.h"
#include "bundle/reader.h"

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
    rs_status status = rs_reader_new(path, NULL, &bundle->reader, err);
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

/* The directory of a file to be: what stands before the last '/'. */
static rs_status parent_of(const char *path, rs_buf *parent, rs_error *err)
{
    const char *slash = strrchr(path, '/');
    rs_buf given = {0};
    rs_buf_append(&given,
                  slash == NULL   ? "."
                  : slash == path ? "/"
                                  : path,
                  slash == NULL || slash == path ? 1 : (size_t)(slash - path));
    rs_status status = rs_buf_check(&given, err);
    if (status == RS_OK) {
        status = rs_files_resolve(given.bytes, parent, err);
    }
    rs_buf_release(&given);
    return status;
}

rs_status rs_bundle_query_parquet(rs_bundle *bundle, const char *sql, const char *path,
                                  uint64_t *n_rows, rs_error *err)
{
    rs_reader *reader = NULL;
    rs_buf parent = {0};
    rs_buf target = {0};
    uint64_t n_written = 0;
    if (access(path, F_OK) == 0) {
        return rs_error_set_errno(err, EEXIST, "write %s", path);
    }
    rs_status status = parent_of(path, &parent, err);
    if (status == RS_OK) {
        const char *slash = strrchr(path, '/');
        status = rs_path_set(&target, parent.bytes, slash == NULL ? path : slash + 1, err);
    }
    if (status == RS_OK) {
        status = rs_reader_new(bundle->reader->directory.bytes, parent.bytes, &reader, err);
    }
    if (status == RS_OK) {
        status = rs_reader_add_views(reader, err);
    }
    if (status == RS_OK) {
        status =
            rs_session_copy(reader->session, "query", sql, target.bytes, NULL, 0, &n_written, err);
    }
    if (n_rows != NULL) {
        *n_rows = n_written;
    }
    rs_reader_free(reader);
    rs_buf_release(&target);
    rs_buf_release(&parent);
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
    rs_status status = rs_doctor_run(path, hand_on_finding, &self, &checks, &findings, err);
    if (n_checks != NULL) {
        *n_checks = checks;
    }
    if (n_findings != NULL) {
        *n_findings = findings;
    }
    return status;
}
