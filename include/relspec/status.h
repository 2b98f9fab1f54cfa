/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file status.h
 * @brief What a call may come back with, and the words that go with a failure.
 *
 * relspec.h includes it; the library's own layers do too.
 */
#ifndef RELSPEC_STATUS_H
#define RELSPEC_STATUS_H

/** What a caller may do about a failure; the words are in rs_error. */
typedef enum rs_status {
    RS_OK = 0,
    RS_ERR_NOMEM,     /**< out of memory */
    RS_ERR_LIMIT,     /**< the input is larger than a named limit */
    RS_ERR_IO,        /**< the file system refused */
    RS_ERR_INVALID,   /**< the caller's input (rule, parameter, path, SQL) is wrong */
    RS_ERR_ENGINE,    /**< the SQL engine failed */
    RS_ERR_CANCELLED, /**< the caller asked to stop */
    RS_ERR_INTERNAL   /**< a bug in the library */
} rs_status;

enum { RS_ERROR_TEXT_BYTES = 1024 };

/** All-zero is "no error"; message is NUL-terminated and cut at the limit. */
typedef struct rs_error {
    rs_status status;
    char message[RS_ERROR_TEXT_BYTES];
} rs_error;

#endif
