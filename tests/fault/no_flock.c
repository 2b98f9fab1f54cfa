/* SPDX-License-Identifier: Apache-2.0 */
/* no_flock.c - preloaded, it makes every file system one that has no locks. */
#include <errno.h>

__attribute__((visibility("default"))) int flock(int fd, int operation);

int flock(int fd, int operation)
{
    (void)fd;
    (void)operation;
    errno = ENOLCK;
    return -1;
}
