/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/codec.h"

#include <stdlib.h>

enum {
    MOST_NAME_BYTES = 63, /* of an encoding's name; the longest known has 24 */
    NORMAL_BYTES = 12     /* that CPython looks at for utf-8 and latin-1 */
};

/* ASCII only, whatever the locale. */
static char lower(char c)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    if (c >= 'A' && c <= 'Z') {
        return letters[c - 'A'];
    }
    return c;
}

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int compare_names(const void *key, const void *entry)
{
    return strcmp(key, ((const rs_codec_name *)entry)->name);
}

static const rs_codec_name *find_name(const char *name)
{
    return bsearch(name, rs_codec_names, rs_n_codec_names, sizeof rs_codec_names[0], compare_names);
}

const rs_codec *rs_codec_find(rs_str name)
{
    /* As normalize_encoding() of CPython's encodings/__init__.py, in lower case. */
    char normal[MOST_NAME_BYTES + 1];
    size_t n_normal = 0;
    bool has_gap = false;
    bool has_dot = false;
    for (size_t i = 0; i < name.n_bytes; i++) {
        char c = name.bytes[i];
        if (!is_alnum(c) && c != '.') {
            has_gap = true;
            continue;
        }
        if (n_normal + 2 > MOST_NAME_BYTES) {
            return NULL;
        }
        if (has_gap && n_normal > 0) {
            normal[n_normal++] = '_';
        }
        has_gap = false;
        has_dot |= c == '.';
        normal[n_normal++] = lower(c);
    }
    normal[n_normal] = '\0';
    const rs_codec_name *found = find_name(normal);
    if (found == NULL && has_dot) {
        for (size_t i = 0; i < n_normal; i++) {
            if (normal[i] == '.') {
                normal[i] = '_';
            }
        }
        found = find_name(normal);
        found = found != NULL && found->is_alias ? found : NULL;
    }
    return found == NULL ? NULL : &rs_codecs[found->codec];
}

rs_str rs_coding_name_normal(rs_str name)
{
    const rs_str latin_1[] = {RS_STR_LITERAL("latin-1"), RS_STR_LITERAL("iso-8859-1"),
                              RS_STR_LITERAL("iso-latin-1")};
    char start[NORMAL_BYTES];
    size_t n_start = name.n_bytes < NORMAL_BYTES ? name.n_bytes : NORMAL_BYTES;
    for (size_t i = 0; i < n_start; i++) {
        start[i] = lower(name.bytes[i]);
        if (start[i] == '_') {
            start[i] = '-';
        }
    }
    rs_str utf_8 = RS_STR_LITERAL("utf-8");
    if (n_start >= utf_8.n_bytes && memcmp(start, utf_8.bytes, utf_8.n_bytes) == 0 &&
        (n_start == utf_8.n_bytes || start[utf_8.n_bytes] == '-')) {
        return utf_8;
    }
    for (size_t i = 0; i < sizeof latin_1 / sizeof latin_1[0]; i++) {
        size_t n_name = latin_1[i].n_bytes;
        if (n_start >= n_name && memcmp(start, latin_1[i].bytes, n_name) == 0 &&
            (n_start == n_name || start[n_name] == '-')) {
            return latin_1[1];
        }
    }
    return name;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

static bool is_name_byte(char c)
{
    return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* The first `coding:` or `coding=` of the comment that has a name behind it. */
static rs_str find_in_comment(rs_str comment)
{
    const rs_str word = RS_STR_LITERAL("coding");
    for (size_t at = 0; at + word.n_bytes < comment.n_bytes; at++) {
        const char *bytes = comment.bytes + at;
        char mark = bytes[word.n_bytes];
        if (memcmp(bytes, word.bytes, word.n_bytes) != 0 || (mark != ':' && mark != '=')) {
            continue;
        }
        size_t from = at + word.n_bytes + 1;
        while (from < comment.n_bytes &&
               (comment.bytes[from] == ' ' || comment.bytes[from] == '\t')) {
            from++;
        }
        size_t end = from;
        while (end < comment.n_bytes && is_name_byte(comment.bytes[end])) {
            end++;
        }
        if (end > from) {
            return (rs_str){comment.bytes + from, end - from};
        }
    }
    return (rs_str){0};
}

rs_str rs_coding_line_find(rs_str text)
{
    size_t at = 0;
    for (int line = 0; line < 2; line++) {
        size_t end = at;
        while (end < text.n_bytes && text.bytes[end] != '\n' && text.bytes[end] != '\r') {
            end++;
        }
        while (at < end && is_blank(text.bytes[at])) {
            at++;
        }
        if (at < end && text.bytes[at] != '#') {
            break;
        }
        rs_str found = find_in_comment((rs_str){text.bytes + at, end - at});
        if (found.bytes != NULL) {
            return found;
        }
        at = end;
        if (at < text.n_bytes) {
            at += text.bytes[at] == '\r' && at + 1 < text.n_bytes && text.bytes[at + 1] == '\n' ? 2
                                                                                                : 1;
        }
    }
    return (rs_str){0};
}
