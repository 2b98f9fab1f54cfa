/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/file_draft.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/draft_lock.h"
#include "bundle/files.h"

static const char infix[] = ".tmp-"; /* between the file's name and the writer's number */
static const char draft_name[] = "draft";
static const char lock_name[] = "lock";

/* --- what killed writers left --- */

/* No more than what a draft has: a folder that only looks like one keeps what is in it. */
static void remove_parts(const char *directory, const char *lock, int lock_fd)
{
    rs_buf file = {0};
    if (rs_path_set(&file, directory, draft_name, NULL) == RS_OK) {
        unlink(file.bytes);
    }
    rs_draft_lock_drop(lock, lock_fd);
    rmdir(directory);
    rs_buf_release(&file);
}

static void remove_left(const char *directory)
{
    struct stat info;
    rs_buf lock = {0};
    int fd = -1;
    /* In a folder of everybody's others may have made what looks like ours. */
    bool is_ours =
        lstat(directory, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid();
    if (is_ours && rs_path_set(&lock, directory, lock_name, NULL) == RS_OK) {
        bool is_left = lstat(lock.bytes, &info) == 0
                           ? rs_draft_lock_probe(lock.bytes, &fd) == RS_DRAFT_LEFT
                           : rs_draft_is_old(directory);
        if (is_left) {
            remove_parts(directory, lock.bytes, fd);
        }
    }
    rs_buf_release(&lock);
}

static bool is_draft_of(const char *name, rs_str base)
{
    if (strncmp(name, base.bytes, base.n_bytes) != 0 ||
        strncmp(name + base.n_bytes, infix, sizeof infix - 1) != 0) {
        return false;
    }
    const char *number = name + base.n_bytes + sizeof infix - 1;
    return *number != '\0' && number[strspn(number, "0123456789")] == '\0';
}

static void remove_leftovers(const char *path)
{
    const char *slash = strrchr(path, '/');
    rs_str base = rs_str_of(slash != NULL ? slash + 1 : path);
    rs_buf folder = {0};
    rs_buf found = {0};
    rs_buf_append(&folder, slash != NULL ? path : "./",
                  slash != NULL ? (size_t)(slash - path) + 1 : 2);
    DIR *dir = folder.failed ? NULL : opendir(folder.bytes);
    const struct dirent *entry = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (is_draft_of(entry->d_name, base) &&
            rs_path_set(&found, folder.bytes, entry->d_name, NULL) == RS_OK) {
            remove_left(found.bytes);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rs_buf_release(&found);
    rs_buf_release(&folder);
}

/* --- opening --- */

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
static rs_status make_directory(const char *path, rs_file_draft *draft, rs_error *err)
{
    rs_buf directory = {0};
    bool is_taken = false;
    rs_buf_addf(&directory, "%s%s%ld", path, infix, (long)getpid());
    rs_status status = rs_buf_check(&directory, err);
    if (status == RS_OK && mkdir(directory.bytes, 0700) != 0) {
        status =
            rs_error_set_errno(err, errno, "write %s: make directory %s", path, directory.bytes);
    }
    RS_THEN(status, rs_files_resolve(directory.bytes, &draft->directory, err));
    RS_THEN(status, rs_path_set(&draft->lock, rs_buf_text(&draft->directory), lock_name, err));
    RS_THEN(status, rs_draft_lock_take(draft->lock.bytes, &draft->lock_fd, &is_taken, err));
    if (status == RS_OK && !is_taken) {
        status =
            rs_error_set(err, RS_ERR_IO, "write %s: somebody else has %s", path, directory.bytes);
    }
    rs_buf_release(&directory);
    return status;
}

rs_status rs_file_draft_open(const char *path, bool is_stream, rs_file_draft *draft, rs_error *err)
{
    *draft = (rs_file_draft){.path = path, .lock_fd = -1};
    RS_TRY(check_target(path, err));
    remove_leftovers(path);
    RS_TRY(make_directory(path, draft, err));
    RS_TRY(rs_path_set(&draft->file, draft->directory.bytes, draft_name, err));
    if (!is_stream) {
        return RS_OK;
    }
    draft->stream = fopen(draft->file.bytes, "wbe");
    return draft->stream != NULL ? RS_OK : rs_error_set_errno(err, errno, "write %s", path);
}

rs_status rs_file_draft_write(const char *bytes, size_t n_bytes, void *draft)
{
    const rs_file_draft *self = draft;
    return fwrite(bytes, 1, n_bytes, self->stream) == n_bytes ? RS_OK : RS_ERR_IO;
}

/* --- closing --- */

static rs_status close_stream(const rs_file_draft *draft, rs_status status, rs_error *err)
{
    if (status == RS_OK && fflush(draft->stream) != 0) {
        status = rs_error_set_errno(err, errno, "write %s", draft->path);
    }
    RS_THEN(status, rs_files_sync_one(fileno(draft->stream), draft->path, err));
    if (fclose(draft->stream) != 0 && status == RS_OK) {
        status = rs_error_set_errno(err, errno, "write %s", draft->path);
    }
    return status;
}

rs_status rs_file_draft_close(rs_file_draft *draft, rs_status status, rs_error *err)
{
    if (draft->stream != NULL) {
        status = close_stream(draft, status, err);
    } else if (draft->lock_fd >= 0) {
        /* Whoever wrote has closed it and may have kept the outcome to itself: the file system knows. */
        RS_THEN(status, rs_files_sync(draft->lock_fd, draft->path, err));
    }
    if (status == RS_OK && rename(draft->file.bytes, draft->path) != 0) {
        status = rs_error_set_errno(err, errno, "write %s", draft->path);
    }
    if (draft->directory.n_bytes > 0) {
        remove_parts(draft->directory.bytes, rs_buf_text(&draft->lock), draft->lock_fd);
        if (access(draft->directory.bytes, F_OK) == 0 && status == RS_OK) {
            status = rs_error_set(err, RS_ERR_IO, "remove %s: it stays", draft->directory.bytes);
        }
    }
    rs_buf_release(&draft->file);
    rs_buf_release(&draft->lock);
    rs_buf_release(&draft->directory);
    return status;
}
