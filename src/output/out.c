/* SPDX-License-Identifier: Apache-2.0 */
#include "output/out.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/files.h"

enum { FLOW_BYTES = 1 << 16 }; /* handed on in pieces of about this size */

rs_status rs_out_flush(rs_out *out, rs_error *err)
{
    RS_TRY(rs_buf_check(&out->text, err));
    if (out->text.n_bytes == 0) {
        return RS_OK;
    }
    rs_status status = out->write(out->text.bytes, out->text.n_bytes, out->context);
    rs_buf_reset(&out->text);
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "write: the output is not taken");
}

rs_status rs_out_flow(rs_out *out, rs_error *err)
{
    bool is_worth_it = out->text.n_bytes >= FLOW_BYTES || out->text.failed;
    return is_worth_it ? rs_out_flush(out, err) : RS_OK;
}

void rs_out_release(rs_out *out)
{
    rs_buf_release(&out->text);
}

/* --- drafts --- */

static rs_status check_target(const char *path, rs_error *err)
{
    struct stat found;
    if (lstat(path, &found) != 0) {
        return errno == ENOENT ? RS_OK : rs_error_set_errno(err, errno, "write %s", path);
    }
    return S_ISREG(found.st_mode)
               ? RS_OK
               : rs_error_set(err, RS_ERR_INVALID, "write %s: something is there that is no file",
                              path);
}

/* A name of our own, so that nothing is there; beside the target, so that the move is a rename. */
static rs_status make_directory(const char *path, rs_draft *draft, rs_error *err)
{
    rs_buf directory = {0};
    rs_buf_addf(&directory, "%s.tmp-%ld", path, (long)getpid());
    rs_status status = rs_buf_check(&directory, err);
    if (status == RS_OK && mkdir(directory.bytes, 0700) != 0) {
        status = rs_error_set_errno(err, errno, "write %s", path);
    }
    if (status == RS_OK) {
        status = rs_files_resolve(directory.bytes, &draft->directory, err);
    }
    rs_buf_release(&directory);
    return status;
}

rs_status rs_draft_open(const char *path, bool is_stream, rs_draft *draft, rs_error *err)
{
    *draft = (rs_draft){.path = path};
    RS_TRY(check_target(path, err));
    RS_TRY(make_directory(path, draft, err));
    RS_TRY(rs_path_set(&draft->file, draft->directory.bytes, "draft", err));
    if (!is_stream) {
        return RS_OK;
    }
    draft->stream = fopen(draft->file.bytes, "wbe");
    return draft->stream != NULL ? RS_OK : rs_error_set_errno(err, errno, "write %s", path);
}

rs_status rs_draft_write(const char *bytes, size_t n_bytes, void *draft)
{
    const rs_draft *self = draft;
    return fwrite(bytes, 1, n_bytes, self->stream) == n_bytes ? RS_OK : RS_ERR_IO;
}

rs_status rs_draft_close(rs_draft *draft, rs_status status, rs_error *err)
{
    if (draft->stream != NULL && fclose(draft->stream) != 0 && status == RS_OK) {
        status = rs_error_set_errno(err, errno, "write %s", draft->path);
    }
    if (status == RS_OK && rename(draft->file.bytes, draft->path) != 0) {
        status = rs_error_set_errno(err, errno, "write %s", draft->path);
    }
    if (draft->directory.n_bytes > 0 &&
        rs_files_remove_tree(draft->directory.bytes, NULL) != RS_OK && status == RS_OK) {
        status = rs_error_set(err, RS_ERR_IO, "remove %s: it stays", draft->directory.bytes);
    }
    rs_buf_release(&draft->file);
    rs_buf_release(&draft->directory);
    return status;
}
