/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - statuses and the message that goes with a failure.
 *
 * A status says what a caller may do about it; the words go into an rs_error
 * that the caller owns. Findings about the input are no errors: they are
 * diagnostic rows (schema/diagnostics.def).
 */
#ifndef RS_BASE_ERROR_H
#define RS_BASE_ERROR_H

#include <relspec/status.h>
#include <stdbool.h>
#include <stddef.h>

#define RS_MUST_USE __attribute__((warn_unused_result))
#define RS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Fill *err (which may be NULL) and return status, so that a refusal is one line. */
rs_status rs_error_set(rs_error *err, rs_status status, const char *format, ...) RS_PRINTF(3, 4);

/* Put "context: " before the message and return the status that *err has. */
rs_status rs_error_prefix(rs_error *err, rs_status status, const char *format, ...) RS_PRINTF(3, 4);

/* The same with ": strerror(errno_value)" behind it; status is RS_ERR_IO. */
rs_status rs_error_set_errno(rs_error *err, int errno_value, const char *format, ...)
    RS_PRINTF(3, 4);

/* The status; RS_ERR_NOMEM where it is RS_OK though an allocation of this thread has failed since
 * rs_alloc_failures() was n_failures: somebody forgot to look, and what was made may be wrong. */
rs_status rs_error_unseen(rs_error *err, rs_status status, size_t n_failures);

/* Only in functions that own nothing yet. */
#define RS_TRY(expr)                                                                               \
    do {                                                                                           \
        rs_status rs_try_status_ = (expr);                                                         \
        if (rs_try_status_ != RS_OK) {                                                             \
            return rs_try_status_;                                                                 \
        }                                                                                          \
    } while (0)

/* The next of several steps that end in one clean-up; nothing once one has failed:
 *     rs_status status = first();
 *     RS_THEN(status, second());
 *     release();
 *     return status;
 */
#define RS_THEN(status, expr) ((status) = (status) == RS_OK ? (expr) : (status))

/* A broken promise of ours: aborts in debug, sanitizer and fuzz builds. */
#ifdef NDEBUG
#define RS_ASSERT(cond) ((void)sizeof((cond) ? 1 : 0)) /* read, so that it stays right; not run */
#else
void rs_assert_failed(const char *text, const char *file, int line) __attribute__((noreturn));
#define RS_ASSERT(cond) ((cond) ? (void)0 : rs_assert_failed(#cond, __FILE__, __LINE__))
#endif

#endif
