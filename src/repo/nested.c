/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/nested.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_GITFILE_BYTES = 8192 };

/* "gitdir: PATH" */
static rs_nested kind_of_gitfile(int dir_fd)
{
    char text[MAX_GITFILE_BYTES + 1];
    int fd = openat(dir_fd, ".git", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return RS_NESTED_NONE;
    }
    ssize_t n_read = read(fd, text, MAX_GITFILE_BYTES);
    (void)close(fd);
    if (n_read < 0) {
        return RS_NESTED_NONE;
    }
    text[n_read] = '\0';
    if (strncmp(text, "gitdir:", 7) != 0) {
        return RS_NESTED_NONE;
    }
    /* A submodule has worktrees too: .git/modules/NAME/worktrees/OTHER. */
    if (strstr(text, "/worktrees/") != NULL) {
        return RS_NESTED_WORKTREE;
    }
    return strstr(text, "/modules/") != NULL ? RS_NESTED_SUBMODULE : RS_NESTED_CLONE;
}

rs_nested rs_nested_find(int dir_fd)
{
    struct stat about;
    if (fstatat(dir_fd, ".git", &about, AT_SYMLINK_NOFOLLOW) != 0) {
        return RS_NESTED_NONE;
    }
    if (S_ISREG(about.st_mode)) {
        return kind_of_gitfile(dir_fd);
    }
    bool is_clone =
        S_ISDIR(about.st_mode) && fstatat(dir_fd, ".git/HEAD", &about, AT_SYMLINK_NOFOLLOW) == 0;
    return is_clone ? RS_NESTED_CLONE : RS_NESTED_NONE;
}

/* --- .gitmodules --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static rs_str trim(rs_str text)
{
    while (text.n_bytes > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.n_bytes--;
    }
    while (text.n_bytes > 0 && is_blank(text.bytes[text.n_bytes - 1])) {
        text.n_bytes--;
    }
    return text;
}

/* The value of a line "path = value"; empty for any other. */
static rs_str path_of(rs_str line)
{
    line = trim(line);
    if (line.n_bytes < 4 || memcmp(line.bytes, "path", 4) != 0) {
        return (rs_str){0};
    }
    line = trim((rs_str){line.bytes + 4, line.n_bytes - 4});
    if (line.n_bytes == 0 || line.bytes[0] != '=') {
        return (rs_str){0};
    }
    line = trim((rs_str){line.bytes + 1, line.n_bytes - 1});
    bool is_quoted =
        line.n_bytes >= 2 && line.bytes[0] == '"' && line.bytes[line.n_bytes - 1] == '"';
    return is_quoted ? (rs_str){line.bytes + 1, line.n_bytes - 2} : line;
}

static rs_status add_path(rs_repo_paths *paths, rs_arena *arena, rs_str dir, rs_str path,
                          rs_error *err)
{
    size_t n_dir = dir.n_bytes + (dir.n_bytes > 0);
    char *whole = rs_arena_alloc(arena, n_dir + path.n_bytes + 1, 1);
    if (whole == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    if (dir.n_bytes > 0) {
        memcpy(whole, dir.bytes, dir.n_bytes);
        whole[dir.n_bytes] = '/';
    }
    memcpy(whole + n_dir, path.bytes, path.n_bytes);
    whole[n_dir + path.n_bytes] = '\0';
    return rs_repo_paths_push(paths, (rs_str){whole, n_dir + path.n_bytes})
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

rs_status rs_nested_add_submodules(rs_repo_paths *paths, rs_arena *arena, rs_str dir, rs_str text,
                                   rs_error *err)
{
    while (text.n_bytes > 0) {
        const char *end = memchr(text.bytes, '\n', text.n_bytes);
        size_t n_line = end != NULL ? (size_t)(end - text.bytes) : text.n_bytes;
        rs_str path = path_of((rs_str){text.bytes, n_line});
        if (path.n_bytes > 0) {
            RS_TRY(add_path(paths, arena, dir, path, err));
        }
        n_line += end != NULL;
        text = (rs_str){text.bytes + n_line, text.n_bytes - n_line};
    }
    return RS_OK;
}
