/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum {
    OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    OPEN_FILE = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
};

void rs_tree_cursor_init(rs_tree_cursor *cursor, int root_fd)
{
    rs_tree_cursor_release(cursor);
    cursor->root_fd = root_fd;
}

void rs_tree_cursor_release(rs_tree_cursor *cursor)
{
    for (size_t i = 0; i < cursor->n_levels; i++) {
        (void)close(cursor->levels[i].fd);
    }
    rs_buf_release(&cursor->path);
    *cursor = (rs_tree_cursor){0};
}

/* Open one part below dir_fd; 0 or an errno value. */
static int open_part(int dir_fd, rs_str part, int flags, int *out_fd)
{
    char name[NAME_MAX + 1];
    if (part.n_bytes > NAME_MAX) {
        return ENAMETOOLONG;
    }
    if (part.n_bytes == 0 || (part.bytes[0] == '.' && part.n_bytes == 1) ||
        (part.n_bytes == 2 && part.bytes[0] == '.' && part.bytes[1] == '.') ||
        memchr(part.bytes, '\0', part.n_bytes) != NULL) {
        return EINVAL;
    }
    memcpy(name, part.bytes, part.n_bytes);
    name[part.n_bytes] = '\0';
    int fd;
    do {
        fd = openat(dir_fd, name, flags);
    } while (fd < 0 && errno == EINTR);
    *out_fd = fd;
    return fd < 0 ? errno : 0;
}

/* True when the level's directory is `path` or lies above it. */
static bool level_leads_to(const rs_tree_cursor *cursor, const rs_tree_level *level, rs_str path)
{
    size_t n = level->n_path_bytes;
    RS_ASSERT(n <= cursor->path.n_bytes); /* levels are of the path that was opened last */
    return n <= path.n_bytes && memcmp(cursor->path.bytes, path.bytes, n) == 0 &&
           (n == path.n_bytes || path.bytes[n] == '/');
}

static void drop_lowest_level(rs_tree_cursor *cursor)
{
    RS_ASSERT(cursor->n_levels > 0);
    (void)close(cursor->levels[0].fd);
    cursor->n_levels--;
    memmove(&cursor->levels[0], &cursor->levels[1], cursor->n_levels * sizeof cursor->levels[0]);
}

int rs_tree_open_dir(rs_tree_cursor *cursor, rs_str path, int *out_fd)
{
    while (cursor->n_levels > 0 &&
           !level_leads_to(cursor, &cursor->levels[cursor->n_levels - 1], path)) {
        (void)close(cursor->levels[--cursor->n_levels].fd);
    }
    int fd = cursor->root_fd;
    size_t at = 0;
    if (cursor->n_levels > 0) {
        fd = cursor->levels[cursor->n_levels - 1].fd;
        at = cursor->levels[cursor->n_levels - 1].n_path_bytes;
        at += at < path.n_bytes; /* the slash */
    }
    rs_buf_reset(&cursor->path);
    rs_buf_add_str(&cursor->path, path);
    if (cursor->path.failed) {
        rs_tree_cursor_init(cursor, cursor->root_fd);
        return ENOMEM;
    }
    while (at < path.n_bytes) {
        const char *slash = memchr(path.bytes + at, '/', path.n_bytes - at);
        size_t end = slash == NULL ? path.n_bytes : (size_t)(slash - path.bytes);
        int refused = open_part(fd, (rs_str){path.bytes + at, end - at}, OPEN_DIRECTORY, &fd);
        if (refused != 0) {
            return refused;
        }
        if (cursor->n_levels == RS_TREE_LEVELS) {
            drop_lowest_level(cursor);
        }
        RS_ASSERT(cursor->n_levels < RS_TREE_LEVELS);
        cursor->levels[cursor->n_levels++] = (rs_tree_level){fd, end};
        at = end + 1;
    }
    *out_fd = fd;
    return 0;
}

int rs_tree_open_file(rs_tree_cursor *cursor, rs_str path, int *out_fd)
{
    size_t n_dir = path.n_bytes;
    while (n_dir > 0 && path.bytes[n_dir - 1] != '/') {
        n_dir--;
    }
    int dir_fd = -1;
    int refused =
        rs_tree_open_dir(cursor, (rs_str){path.bytes, n_dir > 0 ? n_dir - 1 : 0}, &dir_fd);
    if (refused != 0) {
        return refused;
    }
    return open_part(dir_fd, (rs_str){path.bytes + n_dir, path.n_bytes - n_dir}, OPEN_FILE, out_fd);
}
