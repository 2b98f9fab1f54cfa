/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "repo/source.h"
#include "repo/walk.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A backslash that would look like the start of an escape of ours. */
static bool looks_like_escape(rs_str path, size_t at)
{
    return path.bytes[at] == '\\' && path.n_bytes - at >= 4 && path.bytes[at + 1] == 'x' &&
           is_hex(path.bytes[at + 2]) && is_hex(path.bytes[at + 3]);
}

static bool is_plain(rs_str path)
{
    size_t end = 0;
    if (rs_utf8_find_invalid(path.bytes, path.n_bytes, 0, &end) < path.n_bytes) {
        return false;
    }
    for (size_t at = 0; at < path.n_bytes; at++) {
        if (looks_like_escape(path, at)) {
            return false;
        }
    }
    return true;
}

rs_str rs_path_display(rs_arena *arena, rs_str path)
{
    static const char digits[] = "0123456789abcdef";
    if (is_plain(path)) {
        return (rs_str){rs_arena_strndup(arena, path.bytes, path.n_bytes), path.n_bytes};
    }
    char *text = rs_arena_alloc(arena, path.n_bytes + 1, 4);
    if (text == NULL) {
        return (rs_str){0};
    }
    size_t n_text = 0;
    size_t bad_end = 0;
    size_t bad = rs_utf8_find_invalid(path.bytes, path.n_bytes, 0, &bad_end);
    for (size_t at = 0; at < path.n_bytes; at++) {
        if (at == bad_end) {
            bad = rs_utf8_find_invalid(path.bytes, path.n_bytes, at, &bad_end);
        }
        unsigned char c = (unsigned char)path.bytes[at];
        if (at >= bad || looks_like_escape(path, at)) {
            text[n_text++] = '\\';
            text[n_text++] = 'x';
            text[n_text++] = digits[c >> 4];
            text[n_text++] = digits[c & 15];
        } else {
            text[n_text++] = (char)c;
        }
    }
    text[n_text] = '\0';
    return (rs_str){text, n_text};
}

void rs_repo_release(rs_repo *repo)
{
    if (repo->is_open) {
        (void)close(repo->root_fd);
    }
    rs_repo_files_release(&repo->files);
    rs_repo_findings_release(&repo->findings);
    rs_repo_paths_release(&repo->project_dirs);
    rs_arena_release(&repo->text);
    *repo = (rs_repo){0};
}
