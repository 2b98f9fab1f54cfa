/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h - is a bundle what it promises to be?
 *
 * First the files against the manifest (hashes, sizes, none missing, none too many), then each
 * Parquet file's rows and schema, then the rows themselves by SQL. A file whose hash is wrong is
 * not opened: nobody knows what the engine would make of it. What depends on a broken dataset is
 * not checked.
 *
 * Threads: as for a reader.
 */
#ifndef RS_BUNDLE_DOCTOR_H
#define RS_BUNDLE_DOCTOR_H

#include "bundle/reader.h"

/* check, object and message are borrowed during the call. */
typedef void (*rs_doctor_fn)(const char *check, const char *object, const char *message,
                             void *context);

typedef struct rs_doctor {
    rs_reader *reader;
    rs_doctor_fn report;
    void *context;
    uint64_t n_checks;
    uint64_t n_findings;
    json_t *broken; /* names of datasets that cannot be read */
} rs_doctor;

/*
 * Check the bundle at path.
 *
 * Errors: RS_ERR_INVALID when there is no bundle; RS_ERR_NOMEM; RS_ERR_ENGINE when no engine can
 * be opened. Whatever is wrong with the bundle is reported.
 */
rs_status rs_doctor_run(const char *path, rs_doctor_fn report, void *context, uint64_t *n_checks,
                        uint64_t *n_findings, rs_error *err) RS_MUST_USE;

/* --- in files of their own --- */

void rs_doctor_report(rs_doctor *doctor, const char *check, const char *object, const char *format,
                      ...) RS_PRINTF(4, 5);
rs_status rs_doctor_check_files(rs_doctor *doctor, rs_error *err) RS_MUST_USE; /* doctor_files.c */
rs_status rs_doctor_check_rows(rs_doctor *doctor, rs_error *err) RS_MUST_USE;  /* doctor_rows.c */

/* A number from the engine; a statement that it refuses is a finding, and *found is false. */
rs_status rs_doctor_ask(rs_doctor *doctor, const char *check, const char *object, const char *sql,
                        int64_t *value, bool *found, rs_error *err) RS_MUST_USE;

#endif
