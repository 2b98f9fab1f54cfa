/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/draft_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* 0, or why the lock was not had: EWOULDBLOCK when somebody holds it, else there are none here. */
static int try_lock(int fd)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/* The name still leads to the open file: a cleaner may have had it between open() and flock(). */
static bool is_still_there(const char *path, int fd)
{
    struct stat ours;
    struct stat named;
    return fstat(fd, &ours) == 0 && lstat(path, &named) == 0 && ours.st_dev == named.st_dev &&
           ours.st_ino == named.st_ino;
}

rs_status rs_draft_lock_take(const char *path, int *fd, bool *is_taken, rs_error *err)
{
    *is_taken = false;
    /* For writing: over NFS an exclusive lock asks for that. */
    *fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (*fd < 0) {
        return errno == EEXIST ? RS_OK : rs_error_set_errno(err, errno, "create %s", path);
    }
    *is_taken = try_lock(*fd) != EWOULDBLOCK && is_still_there(path, *fd);
    if (!*is_taken) {
        close(*fd);
        *fd = -1;
    }
    return RS_OK;
}

void rs_draft_lock_drop(const char *path, int fd)
{
    if (fd >= 0) {
        unlink(path);
        close(fd);
    }
}

bool rs_draft_is_old(const char *path)
{
    struct stat info;
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 && lstat(path, &info) == 0 &&
           now.tv_sec - info.st_mtime > RS_DRAFT_AGE_SECONDS;
}

rs_draft_state rs_draft_lock_probe(const char *path, int *fd)
{
    *fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0) {
        return RS_DRAFT_ALIVE; /* another user's, or just gone: not ours to judge */
    }
    int cause = try_lock(*fd);
    bool is_left =
        cause == 0 ? is_still_there(path, *fd) : cause != EWOULDBLOCK && rs_draft_is_old(path);
    if (!is_left) {
        close(*fd);
        *fd = -1;
    }
    return is_left ? RS_DRAFT_LEFT : RS_DRAFT_ALIVE;
}
