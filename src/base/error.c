/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static void error_format(rs_error *err, rs_status status, const char *format, va_list args)
{
    err->status = status;
    if (vsnprintf(err->message, sizeof err->message, format, args) < 0) {
        err->message[0] = '\0';
    }
}

rs_status rs_error_set(rs_error *err, rs_status status, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        error_format(err, status, format, args);
        va_end(args);
    }
    return status;
}

rs_status rs_error_prefix(rs_error *err, rs_status status, const char *format, ...)
{
    if (err == NULL) {
        return status;
    }
    char cause[RS_ERROR_TEXT_BYTES];
    memcpy(cause, err->message, sizeof cause);
    va_list args;
    va_start(args, format);
    error_format(err, status, format, args);
    va_end(args);
    size_t n_used = strlen(err->message);
    if (snprintf(err->message + n_used, sizeof err->message - n_used, ": %s", cause) < 0) {
        err->message[n_used] = '\0';
    }
    return status;
}

rs_status rs_error_unseen(rs_error *err, rs_status status, size_t n_failures)
{
    return status == RS_OK && rs_alloc_failures() != n_failures
               ? rs_error_set(err, RS_ERR_NOMEM, "out of memory")
               : status;
}

rs_status rs_error_set_errno(rs_error *err, int errno_value, const char *format, ...)
{
    if (err == NULL) {
        return RS_ERR_IO;
    }
    va_list args;
    va_start(args, format);
    error_format(err, RS_ERR_IO, format, args);
    va_end(args);
    char cause[128] = "";
    if (strerror_r(errno_value, cause, sizeof cause) != 0) {
        (void)snprintf(cause, sizeof cause, "error %d", errno_value);
    }
    size_t n_used = strlen(err->message);
    (void)snprintf(err->message + n_used, sizeof err->message - n_used, ": %s", cause);
    return RS_ERR_IO;
}

#ifndef NDEBUG
void rs_assert_failed(const char *text, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, text);
    abort();
}
#endif
