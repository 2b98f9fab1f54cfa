/* SPDX-License-Identifier: Apache-2.0 */
/* workers.h - the one place that makes threads.
 *
 * A crew of workers runs one function side by side; the calling thread waits, and ticks some ten
 * times a second. The first failure stops the crew: the others see it in `stop`, finish what they
 * are at, and return.
 */
#ifndef RS_RUN_WORKERS_H
#define RS_RUN_WORKERS_H

#include <stdatomic.h>

#include "base/error.h"

/* The parser goes down as deep as its limits let the input go. */
#define RS_WORKER_STACK_BYTES ((size_t)64 << 20)

enum { RS_TICKS_A_SECOND = 10, RS_MAX_WORKERS = 1024 };

/* worker counts from 0. Returns when there is nothing left to do, or stop is set. */
typedef rs_status (*rs_worker_fn)(void *context, size_t worker, const atomic_bool *stop,
                                  rs_error *err);
typedef void (*rs_tick_fn)(void *context);

/*
 * Run fn in n_workers threads and wait for all of them.
 *
 * Errors: that of the worker that failed first; RS_ERR_NOMEM when no thread can be made (with
 * fewer than asked for, those do the work).
 */
rs_status rs_workers_run(size_t n_workers, rs_worker_fn fn, rs_tick_fn tick, void *context,
                         rs_error *err) RS_MUST_USE;

/* Processors of the machine, at least 1. */
size_t rs_processors(void);

#endif
