/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - statuses and the message that goes with a failure.
 *
 * A status says what a caller may do about it; the words go into an rs_error
 * that the caller owns. Findings about the input are no errors: they are
 * diagnostic rows (schema/diagnostics.def).
 */
#ifndef RS_BASE_ERROR_H
#define RS_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define RS_MUST_USE __attribute__((warn_unused_result))
#define RS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

typedef enum rs_status {
    RS_OK = 0,
    RS_ERR_NOMEM,     /* out of memory */
    RS_ERR_LIMIT,     /* the input is larger than a named limit */
    RS_ERR_IO,        /* the file system refused */
    RS_ERR_INVALID,   /* the caller's input (rule, parameter, path) is wrong */
    RS_ERR_ENGINE,    /* the SQL engine failed */
    RS_ERR_CANCELLED, /* the caller asked to stop */
    RS_ERR_INTERNAL   /* we are wrong */
} rs_status;

enum { RS_ERROR_TEXT_BYTES = 1024 };

/* All-zero is "no error". message is NUL-terminated and cut at the limit. */
typedef struct rs_error {
    rs_status status;
    char message[RS_ERROR_TEXT_BYTES];
} rs_error;

/* Fill *err (which may be NULL) and return status, so that a refusal is one line. */
rs_status rs_error_set(rs_error *err, rs_status status, const char *format, ...) RS_PRINTF(3, 4);

/* Put "context: " before the message and return the status that *err has. */
rs_status rs_error_prefix(rs_error *err, rs_status status, const char *format, ...) RS_PRINTF(3, 4);

/* The same with ": strerror(errno_value)" behind it; status is RS_ERR_IO. */
rs_status rs_error_set_errno(rs_error *err, int errno_value, const char *format, ...)
    RS_PRINTF(3, 4);

/* Only in functions that own nothing yet. */
#define RS_TRY(expr)                                                                               \
    do {                                                                                           \
        rs_status rs_try_status_ = (expr);                                                         \
        if (rs_try_status_ != RS_OK) {                                                             \
            return rs_try_status_;                                                                 \
        }                                                                                          \
    } while (0)

/* A broken promise of ours: aborts in debug, sanitizer and fuzz builds. */
#ifdef NDEBUG
#define RS_ASSERT(cond) ((void)0)
#else
void rs_assert_failed(const char *text, const char *file, int line) __attribute__((noreturn));
#define RS_ASSERT(cond) ((cond) ? (void)0 : rs_assert_failed(#cond, __FILE__, __LINE__))
#endif

#endif
