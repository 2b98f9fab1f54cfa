/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"

enum { NUMBER_BYTES = 256 };

static _Atomic uint64_t limit; /* 0: nobody set one */

/* The first bytes of a file of the system's, NUL-terminated; false where it has none. */
static bool read_words(const char *path, char out[NUMBER_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    ssize_t n_read = read(fd, out, NUMBER_BYTES - 1);
    (void)close(fd);
    out[n_read > 0 ? n_read : 0] = '\0';
    return n_read > 0;
}

static uint64_t page_bytes(void)
{
    long n_bytes = sysconf(_SC_PAGESIZE);
    return n_bytes > 0 ? (uint64_t)n_bytes : 4096;
}

/* Pages of the address space, and of those the ones in memory. */
static bool read_statm(uint64_t *n_mapped, uint64_t *n_resident)
{
    char words[NUMBER_BYTES];
    if (!read_words("/proc/self/statm", words)) {
        return false;
    }
    char *end = NULL;
    *n_mapped = strtoull(words, &end, 10);
    *n_resident = strtoull(end, NULL, 10);
    return *n_resident > 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* "max" and what is no number is no limit. */
static uint64_t group_bytes(void)
{
    static const char *const paths[] = {"/sys/fs/cgroup/memory.max",
                                        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    char words[NUMBER_BYTES];
    uint64_t n_bytes = UINT64_MAX;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (read_words(paths[i], words) && words[0] >= '0' && words[0] <= '9') {
            n_bytes = least(n_bytes, strtoull(words, NULL, 10));
        }
    }
    return n_bytes;
}

/* What of a limit on mappings can still become memory: what is mapped and not in memory is spent. */
static uint64_t mapped_bytes(void)
{
    struct rlimit space;
    uint64_t n_mapped = 0;
    uint64_t n_resident = 0;
    if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY ||
        !read_statm(&n_mapped, &n_resident)) {
        return UINT64_MAX;
    }
    uint64_t n_spent = (n_mapped - least(n_mapped, n_resident)) * page_bytes();
    return space.rlim_cur - least(space.rlim_cur, n_spent);
}

uint64_t rs_memory_mappable(void)
{
    struct rlimit space;
    uint64_t n_mapped = 0;
    uint64_t n_resident = 0;
    if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY ||
        !read_statm(&n_mapped, &n_resident)) {
        return UINT64_MAX;
    }
    return space.rlim_cur - least(space.rlim_cur, n_mapped * page_bytes());
}

uint64_t rs_memory_of_machine(void)
{
    long n_pages = sysconf(_SC_PHYS_PAGES);
    struct rlimit data;
    uint64_t n_bytes = n_pages > 0 ? (uint64_t)n_pages * page_bytes() : UINT64_MAX;
    n_bytes = least(least(n_bytes, group_bytes()), mapped_bytes());
    if (getrlimit(RLIMIT_DATA, &data) == 0 && data.rlim_cur != RLIM_INFINITY) {
        n_bytes = least(n_bytes, data.rlim_cur);
    }
    return n_bytes / 5 * 4;
}

void rs_memory_set_limit(uint64_t n_bytes)
{
    atomic_store(&limit, n_bytes > 0 ? n_bytes : rs_memory_of_machine());
    rs_alloc_set_ceiling(rs_memory_limit());
}

uint64_t rs_memory_limit(void)
{
    uint64_t n_bytes = atomic_load(&limit);
    return n_bytes > 0 ? n_bytes : rs_memory_of_machine();
}

uint64_t rs_memory_in_use(void)
{
    uint64_t n_mapped = 0;
    uint64_t n_resident = 0;
    uint64_t n_ours = rs_alloc_live_bytes();
    if (read_statm(&n_mapped, &n_resident) && n_resident * page_bytes() > n_ours) {
        return n_resident * page_bytes();
    }
    return n_ours;
}

uint64_t rs_memory_left(uint64_t n_bytes)
{
    return n_bytes - least(n_bytes, rs_memory_in_use());
}
