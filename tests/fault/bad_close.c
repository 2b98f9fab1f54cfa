/* SPDX-License-Identifier: Apache-2.0 */
/* bad_close.c - preloaded, a file server that tells at close() that what was written is lost.
 *
 * It is lost for files whose path has $RS_BAD_CLOSE in it. As the kernel does, it says so once more to
 * whoever syncs the file system over a descriptor that was there before.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))
enum { MAX_FDS = 4096 };

SEEN int close(int fd);
SEEN int fclose(FILE *stream);
SEEN int open(const char *path, int flags, ...);
SEEN int open64(const char *path, int flags, ...);
SEEN int syncfs(int fd);

static atomic_uint n_lost;
static atomic_uint lost_before[MAX_FDS]; /* when the descriptor was made */

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static bool is_lost(int fd)
{
    char link[64];
    char path[4096];
    struct stat info;
    int flags = fcntl(fd, F_GETFL);
    const char *wanted = getenv("RS_BAD_CLOSE");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n_bytes = readlink(link, path, sizeof path - 1);
    if (wanted == NULL || n_bytes < 0 || flags < 0 || (flags & O_ACCMODE) == O_RDONLY ||
        fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return false;
    }
    path[n_bytes] = '\0';
    return strstr(path, wanted) != NULL;
}

int close(int fd)
{
    int (*real)(int) = (int (*)(int))next("close");
    bool fails = is_lost(fd);
    int result = real(fd);
    if (fails) {
        atomic_fetch_add(&n_lost, 1);
        errno = EDQUOT;
        return -1;
    }
    return result;
}

int fclose(FILE *stream)
{
    int (*real)(FILE *) = (int (*)(FILE *))next("fclose");
    bool fails = is_lost(fileno(stream));
    int result = real(stream);
    if (fails) {
        atomic_fetch_add(&n_lost, 1);
        errno = EDQUOT;
        return EOF;
    }
    return result;
}

static int open_by(const char *name, const char *path, int flags, unsigned mode)
{
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))next(name);
    int fd = real(path, flags, mode);
    if (fd >= 0 && fd < MAX_FDS) {
        atomic_store(&lost_before[fd], atomic_load(&n_lost));
    }
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    unsigned mode = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
    va_end(more);
    return open_by("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    unsigned mode = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
    va_end(more);
    return open_by("open64", path, flags, mode);
}

int syncfs(int fd)
{
    bool is_told = fd >= 0 && fd < MAX_FDS &&
                   atomic_exchange(&lost_before[fd], atomic_load(&n_lost)) < atomic_load(&n_lost);
    errno = is_told ? EDQUOT : 0;
    return is_told ? -1 : 0;
}
