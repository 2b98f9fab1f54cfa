/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "bundle/files.h"
#include "bundle/writer.h"

void rs_doctor_report(rs_doctor *doctor, const char *check, const char *object, const char *format,
                      ...)
{
    char message[RS_ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    for (char *at = message; *at != '\0'; at++) { /* one line a finding */
        if (*at == '\n' || *at == '\r') {
            *at = ' ';
        }
    }
    doctor->n_findings++;
    doctor->report(check, object, message, doctor->context);
}

rs_status rs_doctor_ask(rs_doctor *doctor, const char *check, const char *object, const char *sql,
                        int64_t *value, bool *found, rs_error *err)
{
    rs_error cause = {0};
    *value = 0;
    doctor->n_checks++;
    rs_status status = rs_session_query_i64(doctor->reader->session, check, sql, value, &cause);
    *found = status == RS_OK;
    if (status == RS_ERR_NOMEM || status == RS_ERR_CANCELLED) {
        return rs_error_set(err, status, "%s", cause.message);
    }
    if (status != RS_OK) {
        rs_doctor_report(doctor, check, object, "%s", cause.message);
    }
    return RS_OK;
}

static rs_status check_manifest(rs_doctor *doctor, rs_error *err)
{
    char hash[RS_SHA256_TEXT_BYTES];
    const json_t *manifest = doctor->reader->manifest;
    RS_TRY(rs_manifest_hash(manifest, hash, err));
    doctor->n_checks++;
    if (strcmp(hash, rs_manifest_text(manifest, "content_hash")) != 0) {
        rs_doctor_report(doctor, "content_hash", "manifest.json",
                         "content_hash is %s, the manifest's content hashes to %s",
                         rs_manifest_text(manifest, "content_hash"), hash);
    }
    return RS_OK;
}

static rs_status check_all(rs_doctor *doctor, rs_error *err)
{
    doctor->broken = json_object();
    if (doctor->broken == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "check the bundle: out of memory");
    }
    RS_TRY(check_manifest(doctor, err));
    RS_TRY(rs_doctor_check_files(doctor, err));
    return rs_doctor_check_rows(doctor, err);
}

/* True when there is a bundle whose manifest cannot be used. */
static bool has_manifest(const char *path)
{
    rs_buf directory = {0};
    rs_buf manifest = {0};
    bool found = rs_reader_find(path, &directory, NULL) == RS_OK &&
                 rs_path_set(&manifest, directory.bytes, "manifest.json", NULL) == RS_OK &&
                 access(manifest.bytes, F_OK) == 0;
    rs_buf_release(&manifest);
    rs_buf_release(&directory);
    return found;
}

rs_status rs_doctor_run(const char *path, rs_doctor_fn report, void *context, uint64_t *n_checks,
                        uint64_t *n_findings, rs_error *err)
{
    rs_doctor doctor = {.report = report, .context = context};
    rs_error cause = {0};
    rs_status status = rs_reader_new(path, &doctor.reader, &cause);
    if (status == RS_OK) {
        status = check_all(&doctor, err);
    } else if ((status == RS_ERR_INVALID || status == RS_ERR_IO) && has_manifest(path)) {
        doctor.n_checks++;
        rs_doctor_report(&doctor, "manifest", "manifest.json", "%s", cause.message);
        status = RS_OK;
    } else {
        status = rs_error_set(err, status, "%s", cause.message);
    }
    *n_checks = doctor.n_checks;
    *n_findings = doctor.n_findings;
    json_decref(doctor.broken);
    rs_reader_free(doctor.reader);
    return status;
}
