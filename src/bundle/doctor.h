/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h - is a bundle what it promises to be (docs/bundle.md)?
 *
 * First the files against the manifest (hashes, sizes, none missing, none too many), then each
 * Parquet file's footer, then the rows. A file whose hash is wrong is not opened: nobody knows what
 * the engine would make of it. What depends on a broken dataset is not checked.
 *
 * The checks of a step run side by side, and are reported in one order, whatever the number of
 * workers.
 *
 * Threads: rs_doctor_run() from any; report is called in its thread.
 */
#ifndef RS_BUNDLE_DOCTOR_H
#define RS_BUNDLE_DOCTOR_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"

/* check, object and message are borrowed during the call. */
typedef void (*rs_doctor_fn)(const char *check, const char *object, const char *message,
                             void *context);

/* Runs work(context, worker, ...) in n_workers threads and waits, calling tick now and then. */
typedef rs_status (*rs_doctor_work_fn)(void *context, size_t worker, const atomic_bool *stop,
                                       rs_error *err);
typedef rs_status (*rs_doctor_crew_fn)(size_t n_workers, rs_doctor_work_fn work,
                                       void (*tick)(void *context), void *context, rs_error *err);

typedef struct rs_doctor_config {
    const char *path;       /* as for rs_reader_new() */
    size_t n_workers;       /* at least 1 */
    rs_doctor_crew_fn crew; /* NULL: all work is done by the caller's thread */
    rs_doctor_fn report;
    void *context;
    const atomic_bool *stop; /* see base/stop.h */
} rs_doctor_config;

/*
 * Check a bundle.
 *
 * Errors: RS_ERR_CANCELLED; RS_ERR_INVALID when there is no bundle; RS_ERR_NOMEM; RS_ERR_ENGINE when no engine can
 * be opened. Whatever is wrong with the bundle is reported.
 */
rs_status rs_doctor_run(const rs_doctor_config *config, uint64_t *n_checks, uint64_t *n_findings,
                        rs_error *err) RS_MUST_USE;

#endif
