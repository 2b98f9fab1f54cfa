/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h - open what lies below a directory, and nothing else.
 *
 * A path is opened part by part, each part below the directory that the part
 * before gave, and no part may be a symbolic link. So nothing outside the tree
 * is ever opened, also when somebody changes the tree meanwhile, and a path may
 * be longer than the system's PATH_MAX. The directories of the last path stay
 * open (at most RS_TREE_LEVELS of them), so that paths in order cost one open
 * each. All-zero is a cursor that was not set up.
 *
 * Threads: one at a time; several cursors may share one root descriptor.
 */
#ifndef RS_REPO_TREE_H
#define RS_REPO_TREE_H

#include "base/str.h"

enum { RS_TREE_LEVELS = 16 };

typedef struct rs_tree_level {
    int fd;
    size_t n_path_bytes; /* its path is the first so many bytes of the cursor's */
} rs_tree_level;

typedef struct rs_tree_cursor {
    int root_fd; /* borrowed */
    size_t n_levels;
    rs_tree_level levels[RS_TREE_LEVELS]; /* each below the one before */
    rs_buf path;                          /* of the last level */
} rs_tree_cursor;

/* Start below root_fd, which stays open longer than the cursor is used. */
void rs_tree_cursor_init(rs_tree_cursor *cursor, int root_fd);

/*
 * The directory `path` below the root ("" is the root). Parts are separated by
 * one '/'; "." and ".." are refused (EINVAL).
 *
 * Ownership: *out_fd is borrowed until the next call on the cursor.
 * Errors: 0, or the errno value of the part that could not be opened.
 */
int rs_tree_open_dir(rs_tree_cursor *cursor, rs_str path, int *out_fd) RS_MUST_USE;

/* The same for a file, whatever its type; never blocks on a pipe. The caller closes *out_fd. */
int rs_tree_open_file(rs_tree_cursor *cursor, rs_str path, int *out_fd) RS_MUST_USE;

void rs_tree_cursor_release(rs_tree_cursor *cursor);

#endif
