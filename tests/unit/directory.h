/* SPDX-License-Identifier: Apache-2.0 */
/* directory.h - where a test has its files. */
#ifndef RS_UNIT_DIRECTORY_H
#define RS_UNIT_DIRECTORY_H

#include <unistd.h>

#include "unit/unit.h"

/* Make a directory for a test's files: in memory, where the system has room for that, since builds wait
 * for the disk otherwise. */
static inline void unit_make_directory(char *path, size_t n_bytes, const char *name)
{
    const char *root = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    int n = snprintf(path, n_bytes, "%s/relspec-%s-XXXXXX", root, name);
    assert_true(n > 0 && (size_t)n < n_bytes);
    assert_non_null(mkdtemp(path));
}

#endif
