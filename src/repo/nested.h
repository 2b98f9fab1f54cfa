/* SPDX-License-Identifier: Apache-2.0 */
/* nested.h - is a directory of the tree the tree of another repository?
 *
 * What tells is its `.git`: a directory with a HEAD in it is a clone's; a file says where the
 * repository is kept, a submodule's in `modules` of the one around it, a worktree's in `worktrees`
 * of its own. A clone may be a submodule too, if .gitmodules lists it.
 *
 * Threads: any.
 */
#ifndef RS_REPO_NESTED_H
#define RS_REPO_NESTED_H

#include "repo/walk.h"

typedef enum rs_nested {
    RS_NESTED_NONE,
    RS_NESTED_SUBMODULE,
    RS_NESTED_CLONE, /* unless .gitmodules lists it */
    RS_NESTED_WORKTREE
} rs_nested;

/* What the open directory is, by its entry `.git`. A link is none. */
rs_nested rs_nested_find(int dir_fd);

/* Add the paths that a .gitmodules in directory dir lists, dir before them. Errors: RS_ERR_NOMEM. */
rs_status rs_nested_add_submodules(rs_repo_paths *paths, rs_arena *arena, rs_str dir, rs_str text,
                                   rs_error *err) RS_MUST_USE;

#endif
