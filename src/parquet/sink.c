/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 << 10 };

rs_status rs_byte_sink_open(rs_byte_sink *self, const char *path, rs_error *err)
{
    *self = (rs_byte_sink){.path = path, .fd = -1};
    self->hash = rs_sha256_new();
    if (self->hash == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "create %s: out of memory", path);
    }
    self->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return self->fd >= 0 ? RS_OK : rs_error_set_errno(err, errno, "create %s", path);
}

static rs_status hand_on(rs_byte_sink *self, const uint8_t *bytes, size_t n_bytes, rs_error *err)
{
    if (n_bytes > 0) {
        rs_sha256_add(self->hash, bytes, n_bytes);
    }
    while (n_bytes > 0) {
        ssize_t n = write(self->fd, bytes, n_bytes);
        if (n > 0) {
            bytes += n;
            n_bytes -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return rs_error_set_errno(err, n == 0 ? ENOSPC : errno, "write %s", self->path);
        }
    }
    return RS_OK;
}

static rs_status flush(rs_byte_sink *self, rs_error *err)
{
    rs_status status = hand_on(self, self->waiting.bytes, self->waiting.n_bytes, err);
    rs_bytes_reset(&self->waiting);
    return status;
}

rs_status rs_byte_sink_add(rs_byte_sink *self, const void *bytes, size_t n_bytes, rs_error *err)
{
    self->n_bytes += n_bytes;
    if (self->waiting.n_bytes + n_bytes > PIECE_BYTES) {
        RS_TRY(flush(self, err));
    }
    if (n_bytes >= PIECE_BYTES) {
        return hand_on(self, bytes, n_bytes, err);
    }
    rs_bytes_add(&self->waiting, bytes, n_bytes);
    return self->waiting.failed
               ? rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", self->path)
               : RS_OK;
}

rs_status rs_byte_sink_close(rs_byte_sink *self, char sha256[RS_SHA256_TEXT_BYTES], rs_error *err)
{
    RS_TRY(flush(self, err));
    rs_sha256_finish(self->hash, sha256);
    if (close(self->fd) != 0 && errno != EINTR) {
        int cause = errno;
        self->fd = -1;
        (void)unlink(self->path);
        return rs_error_set_errno(err, cause, "write %s", self->path);
    }
    self->fd = -1;
    return RS_OK;
}

void rs_byte_sink_release(rs_byte_sink *self)
{
    if (self->fd >= 0) {
        (void)close(self->fd);
        (void)unlink(self->path);
    }
    self->fd = -1;
    rs_bytes_release(&self->waiting);
    rs_sha256_free(self->hash);
    self->hash = NULL;
}
