/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/stop.h"

enum {
    MAX_TREE_DEPTH = 16, /* a bundle has four levels */
    READ_BYTES = 1 << 18
};

rs_status rs_path_set(rs_buf *path, const char *directory, const char *name, rs_error *err)
{
    rs_buf_reset(path);
    rs_buf_add(path, directory);
    if (path->n_bytes > 0 && path->bytes[path->n_bytes - 1] != '/') {
        rs_buf_add_char(path, '/');
    }
    rs_buf_add(path, name);
    return rs_buf_check(path, err);
}

static rs_status make_dir(const char *path, rs_error *err)
{
    if (mkdir(path, 0777) == 0) {
        return RS_OK;
    }
    int cause = errno;
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            return RS_OK;
        }
        cause = ENOTDIR;
    }
    return rs_error_set_errno(err, cause, "make directory %s", path);
}

rs_status rs_files_make_dirs(const char *path, rs_error *err)
{
    rs_status status = RS_OK;
    char *copy = rs_strndup(path, strlen(path));
    if (copy == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "make directory %s: out of memory", path);
    }
    for (char *at = copy; status == RS_OK && *at != '\0'; at++) {
        if (*at == '/' && at != copy) {
            *at = '\0';
            status = make_dir(copy, err);
            *at = '/';
        }
    }
    RS_THEN(status, make_dir(copy, err));
    rs_free(copy);
    return status;
}

/* The folder stands at parent/name; depth is bounded, so this recursion is too. */
static int remove_at(int parent, const char *name, int depth);

static int remove_entries(DIR *dir, int fd, int depth)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            return errno;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            int cause = remove_at(fd, entry->d_name, depth);
            if (cause != 0) {
                return cause;
            }
        }
    }
}

static int remove_at(int parent, const char *name, int depth)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) {
        return 0;
    }
    if (errno != EISDIR && errno != EPERM) {
        return errno;
    }
    if (depth == 0) {
        return ELOOP;
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        int cause = errno;
        close(fd);
        return cause;
    }
    int cause = remove_entries(dir, fd, depth - 1);
    closedir(dir);
    if (cause == 0 && unlinkat(parent, name, AT_REMOVEDIR) != 0) {
        cause = errno;
    }
    return cause;
}

rs_status rs_files_remove_tree(const char *path, rs_error *err)
{
    int cause = remove_at(AT_FDCWD, path, MAX_TREE_DEPTH);
    return cause == 0 ? RS_OK : rs_error_set_errno(err, cause, "remove %s", path);
}

rs_status rs_files_write(const char *path, const char *bytes, size_t n_bytes, rs_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return rs_error_set_errno(err, errno, "create %s", path);
    }
    int cause = 0;
    size_t n_written = 0;
    while (cause == 0 && n_written < n_bytes) {
        ssize_t n = write(fd, bytes + n_written, n_bytes - n_written);
        if (n >= 0) {
            n_written += (size_t)n;
        } else if (errno != EINTR) {
            cause = errno;
        }
    }
    if (close(fd) != 0 && cause == 0) {
        cause = errno;
    }
    return cause == 0 ? RS_OK : rs_error_set_errno(err, cause, "write %s", path);
}

/* Open a regular file; a pipe or device is refused without waiting for it. */
static rs_status open_regular(const char *path, int *out, rs_error *err)
{
    /* What a link points to is nobody's part of a bundle, and is not to be shown. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    if (fd < 0 && errno == ELOOP) {
        return rs_error_set(err, RS_ERR_IO, "open %s: a link, not a regular file", path);
    }
    if (fd < 0) {
        return rs_error_set_errno(err, errno, "open %s", path);
    }
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return rs_error_set(err, RS_ERR_IO, "open %s: not a regular file", path);
    }
    *out = fd;
    return RS_OK;
}

/* One read into buffer; *n_read 0 at the end. */
static rs_status read_some(int fd, const char *path, char *buffer, size_t *n_read, rs_error *err)
{
    for (;;) {
        ssize_t n = read(fd, buffer, READ_BYTES);
        if (n >= 0) {
            *n_read = (size_t)n;
            return RS_OK;
        }
        if (errno != EINTR) {
            return rs_error_set_errno(err, errno, "read %s", path);
        }
    }
}

rs_status rs_files_read(const char *path, size_t max_bytes, rs_buf *out, rs_error *err)
{
    int fd = -1;
    RS_TRY(open_regular(path, &fd, err));
    char *buffer = rs_alloc(READ_BYTES, 1);
    rs_status status =
        buffer == NULL ? rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", path) : RS_OK;
    for (size_t n_read = 1; status == RS_OK && n_read > 0;) {
        status = read_some(fd, path, buffer, &n_read, err);
        if (status == RS_OK && n_read > max_bytes - out->n_bytes) {
            status =
                rs_error_set(err, RS_ERR_LIMIT, "read %s: larger than %zu bytes", path, max_bytes);
        }
        if (status == RS_OK) {
            rs_buf_append(out, buffer, n_read);
        }
    }
    RS_THEN(status, rs_buf_check(out, err));
    rs_free(buffer);
    close(fd);
    return status;
}

rs_status rs_files_hash(const char *path, const atomic_bool *stop, char hash[RS_SHA256_TEXT_BYTES],
                        uint64_t *n_bytes, rs_error *err)
{
    int fd = -1;
    *n_bytes = 0;
    RS_TRY(open_regular(path, &fd, err));
    char *buffer = rs_alloc(READ_BYTES, 1);
    rs_sha256 *sha = rs_sha256_new();
    rs_status status = buffer == NULL || sha == NULL
                           ? rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", path)
                           : RS_OK;
    for (size_t n_read = 1; status == RS_OK && n_read > 0;) {
        status = rs_stop_check(stop, err);
        RS_THEN(status, read_some(fd, path, buffer, &n_read, err));
        if (status == RS_OK) {
            rs_sha256_add(sha, buffer, n_read);
            *n_bytes += n_read;
        }
    }
    if (status == RS_OK) {
        rs_sha256_finish(sha, hash);
    }
    rs_sha256_free(sha);
    rs_free(buffer);
    close(fd);
    return status;
}

static rs_status copy_bytes(int from_fd, const char *from, int to_fd, const char *to, rs_error *err)
{
    rs_status status = RS_OK;
    char *buffer = rs_alloc(READ_BYTES, 1);
    if (buffer == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "copy %s: out of memory", from);
    }
    for (size_t n_read = 1; status == RS_OK && n_read > 0;) {
        status = read_some(from_fd, from, buffer, &n_read, err);
        for (size_t at = 0; status == RS_OK && at < n_read;) {
            ssize_t n = write(to_fd, buffer + at, n_read - at);
            if (n >= 0) {
                at += (size_t)n;
            } else if (errno != EINTR) {
                status = rs_error_set_errno(err, errno, "write %s", to);
            }
        }
    }
    rs_free(buffer);
    return status;
}

static rs_status copy_file(const char *from, const char *to, rs_error *err)
{
    int from_fd = -1;
    RS_TRY(open_regular(from, &from_fd, err));
    int to_fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (to_fd < 0) {
        int cause = errno;
        close(from_fd);
        return rs_error_set_errno(err, cause, "create %s", to);
    }
    rs_status status = copy_bytes(from_fd, from, to_fd, to, err);
    close(from_fd);
    if (close(to_fd) != 0 && status == RS_OK) {
        status = rs_error_set_errno(err, errno, "write %s", to);
    }
    if (status != RS_OK) {
        unlink(to);
    }
    return status;
}

rs_status rs_files_move(const char *from, const char *to, rs_error *err)
{
    if (link(from, to) != 0) { /* takes no name that is there, as rename() would */
        if (errno == EEXIST) {
            return rs_error_set_errno(err, errno, "create %s", to);
        }
        RS_TRY(copy_file(from, to, err));
    }
    return unlink(from) == 0 ? RS_OK : rs_error_set_errno(err, errno, "remove %s", from);
}

rs_status rs_files_resolve(const char *path, rs_buf *out, rs_error *err)
{
    char *absolute = realpath(path, NULL);
    if (absolute == NULL) {
        return rs_error_set_errno(err, errno, "open %s", path);
    }
    rs_buf_add(out, absolute);
    rs_free_foreign(absolute);
    return rs_buf_check(out, err);
}

/* --- lists --- */

static int is_parquet(const struct dirent *entry)
{
    static const char suffix[] = ".parquet";
    size_t n_bytes = strlen(entry->d_name);
    return n_bytes >= sizeof suffix - 1 &&
           strcmp(entry->d_name + n_bytes - (sizeof suffix - 1), suffix) == 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* As literals, a comma behind each; what cannot be listed has no files, and the engine says so. */
/* The engine would wait for what a pipe never gives. */
static bool is_file(const char *path, rs_status *status, rs_error *err)
{
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
        *status = rs_error_set(err, RS_ERR_IO, "open %s: not a regular file", path);
    }
    return *status == RS_OK;
}

static rs_status add_files(const char *directory, unsigned depth, rs_buf *sql, rs_error *err)
{
    struct dirent **entries = NULL;
    rs_buf path = {0};
    rs_status status = RS_OK;
    int n_entries = scandir(directory, &entries, depth == 0 ? is_parquet : is_visible, by_name);
    if (n_entries < 0 && errno == ENOMEM) {
        return rs_error_set_errno(err, errno, "list %s", directory);
    }
    for (int i = 0; i < n_entries; i++) {
        RS_THEN(status, rs_path_set(&path, directory, entries[i]->d_name, err));
        if (status == RS_OK && depth > 0) {
            status = add_files(path.bytes, depth - 1, sql, err);
        } else if (status == RS_OK && is_file(path.bytes, &status, err)) {
            rs_buf_add_sql_literal(sql, rs_buf_str(&path));
            rs_buf_add(sql, ", ");
        }
        rs_free_foreign(entries[i]);
    }
    rs_free_foreign(entries);
    rs_buf_release(&path);
    return status;
}

rs_status rs_files_add_parquet_sql(const char *directory, unsigned depth, rs_buf *sql,
                                   rs_error *err)
{
    rs_buf files = {0};
    rs_status status = add_files(directory, depth, &files, err);
    if (status == RS_OK && files.n_bytes == 0) {
        rs_buf pattern = {0};
        rs_buf_addf(&pattern, "%s/*.parquet", directory);
        rs_buf_add_sql_literal(&files, rs_buf_str(&pattern));
        files.failed = files.failed || pattern.failed;
        rs_buf_release(&pattern);
    }
    rs_buf_add_char(sql, '[');
    rs_buf_add_str(sql, rs_buf_str(&files));
    rs_buf_add_char(sql, ']');
    sql->failed = sql->failed || files.failed;
    rs_buf_release(&files);
    return status == RS_OK ? rs_buf_check(sql, err) : status;
}

/* --- to the disk --- */

/* What cannot be synced, a pipe or a file system that keeps nothing, loses nothing. */
static rs_status judge_sync(int result, const char *what, rs_error *err)
{
    int cause = result == 0 ? 0 : errno;
    bool is_lost = cause == EIO || cause == ENOSPC || cause == EDQUOT;
    return is_lost ? rs_error_set_errno(err, cause, "write %s to the disk", what) : RS_OK;
}

rs_status rs_files_sync_one(int fd, const char *what, rs_error *err)
{
    return judge_sync(fsync(fd), what, err);
}

rs_status rs_files_sync_names(const char *directory, rs_error *err)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return rs_error_set_errno(err, errno, "open %s", directory);
    }
    rs_status status = rs_files_sync_one(fd, directory, err);
    close(fd);
    return status;
}

/* --- what POSIX does not have --- */

#if defined(__linux__)
/* Not in POSIX, so glibc hides it from a strict build; Linux has it since 3.15, glibc since 2.28. */
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int syncfs(int fd);

/* One call for the whole file system costs less than one for each of some hundred files. */
rs_status rs_files_sync(int fd, const char *what, rs_error *err)
{
    return judge_sync(syncfs(fd), what, err);
}

bool rs_files_exchange(const char *a, const char *b)
{
    enum { EXCHANGE = 2 };
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, EXCHANGE) == 0;
}
#else
rs_status rs_files_sync(int fd, const char *what, rs_error *err)
{
    sync(); /* starts the writing; only Linux says here that it is over */
    return rs_files_sync_one(fd, what, err);
}

bool rs_files_exchange(const char *a, const char *b)
{
    (void)a;
    (void)b;
    errno = ENOSYS;
    return false;
}
#endif
