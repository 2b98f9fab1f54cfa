/* SPDX-License-Identifier: Apache-2.0 */
/* sink.h - the file that is written: bytes in order, hashed on their way. */
#ifndef RS_PARQUET_SINK_H
#define RS_PARQUET_SINK_H

#include "base/hash.h"
#include "parquet/bytes.h"

typedef struct rs_byte_sink {
    const char *path; /* borrowed */
    int fd;           /* -1: closed */
    rs_bytes waiting; /* not handed to the system yet */
    uint64_t n_bytes; /* so far */
    rs_sha256 *hash;
} rs_byte_sink;

/* Make the file, which is not there. Errors: RS_ERR_NOMEM, RS_ERR_IO. The caller hands *self to
 * rs_byte_sink_release() in any case. */
rs_status rs_byte_sink_open(rs_byte_sink *self, const char *path, rs_error *err) RS_MUST_USE;
rs_status rs_byte_sink_add(rs_byte_sink *self, const void *bytes, size_t n_bytes,
                           rs_error *err) RS_MUST_USE;
/* All is handed on, and the file closed. */
rs_status rs_byte_sink_close(rs_byte_sink *self, char sha256[RS_SHA256_TEXT_BYTES],
                             rs_error *err) RS_MUST_USE;
/* A file that was not closed is removed. */
void rs_byte_sink_release(rs_byte_sink *self);

#endif
