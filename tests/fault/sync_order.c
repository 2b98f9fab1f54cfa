/* SPDX-License-Identifier: Apache-2.0 */
/* sync_order.c - preloaded, it notes in $RS_SYNC_LOG what is written, synced and renamed, a line each, in order. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))
enum { LINE_BYTES = 16384 };

SEEN int close(int fd);
SEEN int fclose(FILE *stream);
SEEN int fsync(int fd);
SEEN int syncfs(int fd);
SEEN int rename(const char *from, const char *to);
SEEN int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void note(const char *what, const char *path, const char *to)
{
    char line[LINE_BYTES];
    const char *log = getenv("RS_SYNC_LOG");
    int n_bytes =
        snprintf(line, sizeof line, "%s %s%s%s\n", what, path, to[0] != '\0' ? " -> " : "", to);
    int fd = log != NULL ? open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;
    if (fd >= 0 && n_bytes > 0 && (size_t)n_bytes < sizeof line) {
        ssize_t n_written = write(fd, line, (size_t)n_bytes);
        (void)n_written;
    }
    if (fd >= 0) {
        syscall(SYS_close, fd);
    }
}

static void note_fd(const char *what, int fd)
{
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n_bytes = readlink(link, path, sizeof path - 1);
    if (n_bytes > 0) {
        path[n_bytes] = '\0';
        note(what, path, "");
    }
}

static void note_written(int fd)
{
    struct stat info;
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(fd, &info) == 0 &&
        S_ISREG(info.st_mode)) {
        note_fd("written", fd);
    }
}

int close(int fd)
{
    note_written(fd);
    return ((int (*)(int))next("close"))(fd);
}

int fclose(FILE *stream)
{
    note_written(fileno(stream));
    return ((int (*)(FILE *))next("fclose"))(stream);
}

int fsync(int fd)
{
    note_fd("synced", fd);
    return ((int (*)(int))next("fsync"))(fd);
}

int syncfs(int fd)
{
    note_fd("all synced", fd);
    return ((int (*)(int))next("syncfs"))(fd);
}

int rename(const char *from, const char *to)
{
    note("renamed", from, to);
    return ((int (*)(const char *, const char *))next("rename"))(from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    note("renamed", from, to);
    return ((int (*)(int, const char *, int, const char *, unsigned))next("renameat2"))(
        from_fd, from, to_fd, to, flags);
}
