/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of one folder as patterns of a folder below it. */
#include <fnmatch.h>
#include <string.h>

#include "run/project.h"

enum { PART_BYTES = 256 };

/* Part of a path, or of a pattern, up to its slash. */
static size_t part_bytes(const char *text)
{
    return strcspn(text, "/");
}

static bool part_matches(const char *pattern, size_t n_pattern, const char *part, size_t n_part)
{
    char pattern_text[PART_BYTES];
    char part_text[PART_BYTES];
    if (n_pattern >= sizeof pattern_text || n_part >= sizeof part_text) {
        return false;
    }
    memcpy(pattern_text, pattern, n_pattern);
    pattern_text[n_pattern] = '\0';
    memcpy(part_text, part, n_part);
    part_text[n_part] = '\0';
    return fnmatch(pattern_text, part_text, FNM_PATHNAME) == 0;
}

static bool is_any_depth(const char *pattern)
{
    return part_bytes(pattern) == 2 && pattern[0] == '*' && pattern[1] == '*';
}

/* Go down from the pattern's folder; NULL: it matches nothing below, "": the folder itself. */
static const char *go_down(const char *pattern, const char *below)
{
    while (*below != '\0' && *pattern != '\0' && !is_any_depth(pattern)) {
        size_t n_pattern = part_bytes(pattern);
        size_t n_part = part_bytes(below);
        if (!part_matches(pattern, n_pattern, below, n_part)) {
            return NULL;
        }
        pattern += n_pattern + (pattern[n_pattern] == '/');
        below += n_part + (below[n_part] == '/');
    }
    return pattern;
}

static rs_status copy(rs_arena *arena, const char *sign, const char *head, const char *pattern,
                      const char **out, rs_error *err)
{
    rs_buf text = {0};
    rs_buf_addf(&text, "%s%s%s", sign, head, pattern);
    *out = text.failed ? NULL : rs_arena_strndup(arena, text.bytes, text.n_bytes);
    rs_buf_release(&text);
    return *out != NULL ? RS_OK
                        : rs_error_set(err, RS_ERR_NOMEM, "rebase a pattern: out of memory");
}

/* Whether some part above the folder, itself included, has a name that a floating pattern matches. */
static bool matches_above(const char *pattern, const char *below)
{
    size_t n_pattern = part_bytes(pattern);
    bool found = false;
    while (*below != '\0' && !found) {
        size_t n_part = part_bytes(below);
        found = part_matches(pattern, n_pattern, below, n_part);
        below += n_part + (below[n_part] == '/');
    }
    return found;
}

rs_status rs_project_rebase(rs_arena *arena, const char *pattern, const char *below,
                            const char **out, rs_error *err)
{
    const char *sign = pattern[0] == '!' ? "!" : "";
    const char *rest = pattern + strlen(sign);
    const char *slash = strchr(rest, '/');
    bool is_floating = slash == NULL || slash[1] == '\0'; /* no slash but at its end */
    if (below[0] == '\0') {
        return copy(arena, "", "", pattern, out, err);
    }
    if (is_floating) {
        bool is_all = matches_above(rest, below);
        return copy(arena, sign, "", is_all ? "*" : rest, out, err);
    }
    const char *left = go_down(rest + (rest[0] == '/'), below);
    if (left == NULL) {
        *out = "";
        return RS_OK;
    }
    return copy(arena, sign, left[0] == '\0' || is_any_depth(left) ? "" : "/",
                left[0] == '\0' ? "*" : left, out, err);
}
