/* SPDX-License-Identifier: Apache-2.0 */
/* git.h - what git knows of a tree: where its repository begins, which commit lies in it.
 *
 * Nothing of git's is ever run, and nobody's own configuration is read: what is told depends on the
 * repository alone. Nothing is written, the index included. A repository that cannot be read is none.
 *
 * Threads: an rs_git belongs to one thread; several may be open at once.
 */
#ifndef RS_REPO_GIT_H
#define RS_REPO_GIT_H

#include "base/error.h"
#include "base/str.h"

typedef struct rs_git rs_git;

/*
 * The repository that path, a directory or file, lies in; *out is NULL where it lies in none, as in a bare
 * one.
 *
 * Ownership: the caller hands *out to rs_git_close().
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_git_open(const char *path, rs_git **out, rs_error *err) RS_MUST_USE;
/* Accepts NULL. */
void rs_git_close(rs_git *git);

/* The tree's root, with a slash behind it; below it lies path. */
const char *rs_git_root(const rs_git *git);
/* Where path lies below the root, "" for the root itself. */
const char *rs_git_below(const rs_git *git);
/* The directory of what all worktrees of a repository share, with a slash behind it. */
const char *rs_git_common_dir(const rs_git *git);

typedef struct rs_git_head {
    char commit[65]; /* in hexadecimal digits; "" before the first commit */
    rs_buf branch;   /* empty where none is checked out */
} rs_git_head;

/* Ownership: the caller releases head->branch. Errors: RS_ERR_NOMEM. */
rs_status rs_git_read_head(const rs_git *git, rs_git_head *head, rs_error *err) RS_MUST_USE;

/* Whether a path below the root, '/' between parts, is one of the files in question. */
typedef bool rs_git_asked(rs_str path, void *context);

/*
 * Does the tree differ from its commit: a tracked file was changed, added or removed, or a file that is
 * asked for is not tracked. Submodules are not looked into.
 *
 * Errors: RS_ERR_IO for a tree that git cannot compare.
 */
rs_status rs_git_is_dirty(const rs_git *git, rs_git_asked *is_asked, void *context, bool *is_dirty,
                          rs_error *err) RS_MUST_USE;

#endif
