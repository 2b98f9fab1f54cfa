/* SPDX-License-Identifier: Apache-2.0 */
/* guard.h - a thread that cannot write a file, for an engine that runs what users write.
 *
 * The engine is opened in it, so that the engine's own threads are its children, and every statement is
 * prepared and run in it. The kernel keeps them all from writing, whatever the engine would do (Landlock,
 * Linux 5.13): what the engine refuses by itself it refuses twice. Where the kernel has no Landlock the
 * engine's own doors are what there is. The caller's threads stay as they are.
 *
 * Who waits for the guard can look at the clock meanwhile: that is how a statement is stopped in time.
 *
 * Threads: one call at a time.
 */
#ifndef RS_ENGINE_DUCKDB_GUARD_H
#define RS_ENGINE_DUCKDB_GUARD_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rs_guard rs_guard;

/* Without is_confined it is a thread like any other, which somebody waits for.
 * Ownership: the caller hands *out to rs_guard_free(), after the engine that was opened in it.
 * Errors: RS_ERR_NOMEM, RS_ERR_ENGINE when there is no thread to be had. */
rs_status rs_guard_new(bool is_confined, rs_guard **out, rs_error *err) RS_MUST_USE;
void rs_guard_free(rs_guard *guard); /* accepts NULL */

/* Whether the kernel keeps it from writing. */
bool rs_guard_is_confined(const rs_guard *guard);

/* When somebody is to be told, and how. */
typedef struct rs_guard_limit {
    uint64_t deadline_ns;    /* as rs_clock_ns(); 0: never */
    const atomic_bool *stop; /* once it is raised; NULL: nobody will (base/stop.h) */
    void (*late)(void *context);
    void *context;
} rs_guard_limit;

/* Run fn in the guard and wait for its end. */
void rs_guard_run(rs_guard *guard, void (*fn)(void *context), void *context,
                  const rs_guard_limit *limit);

#endif
