/* SPDX-License-Identifier: Apache-2.0 */
/* ignore.h - the patterns of .gitignore files.
 *
 * The syntax and the verdicts are git's: comments, `!`, a closing `/` for
 * directories only, a `/` elsewhere anchors the pattern at the file's directory,
 * `*` and `?` and `[a-z]` match inside a part, `**` matches any number of parts.
 * A list says what its last matching pattern says. That nothing below an excluded
 * directory can come back is the walk's part: it does not enter one.
 *
 * A match costs at most (bytes of pattern) * (bytes of path) steps.
 *
 * Threads: one at a time while patterns are added, any number to ask.
 */
#ifndef RS_REPO_IGNORE_H
#define RS_REPO_IGNORE_H

#include "base/arena.h"
#include "base/stop.h"
#include "base/str.h"
#include "base/vec.h"

enum { RS_IGNORE_MAX_PATTERN_BYTES = 4096 }; /* a longer line is skipped */

typedef struct rs_ignore_pattern {
    rs_str text;            /* without `!` and the slashes at both ends */
    uint8_t form;           /* how it is matched: see ignore.c */
    bool is_negated;        /* `!`: takes back what an earlier one excludes */
    bool is_directory_only; /* ended in `/` */
    bool is_anchored;       /* had a `/`: matches the whole path, not its last part */
} rs_ignore_pattern;

RS_VEC_DEFINE(rs_ignore_patterns, rs_ignore_pattern)

/* All-zero is a list that says nothing. */
typedef struct rs_ignore_list {
    rs_ignore_patterns patterns;
    rs_arena text;
    const atomic_bool *stop; /* raised: every verdict is undecided; NULL: nobody will */
} rs_ignore_list;

typedef enum rs_ignore_verdict {
    RS_IGNORE_UNDECIDED, /* no pattern matches */
    RS_IGNORE_EXCLUDED,
    RS_IGNORE_INCLUDED /* the last match is a `!` */
} rs_ignore_verdict;

/* Add the lines of a .gitignore file. Errors: RS_ERR_NOMEM. */
rs_status rs_ignore_add_text(rs_ignore_list *list, rs_str text, rs_error *err) RS_MUST_USE;

/* Add one pattern as given on a command line: a comment or trailing blanks are no more. */
rs_status rs_ignore_add_line(rs_ignore_list *list, rs_str line, rs_error *err) RS_MUST_USE;

/* path is relative to the directory that the list is for, without a slash at either end. */
rs_ignore_verdict rs_ignore_match(const rs_ignore_list *list, rs_str path, bool is_directory);

void rs_ignore_list_reset(rs_ignore_list *list);
void rs_ignore_list_release(rs_ignore_list *list);

#endif
