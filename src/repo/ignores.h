/* SPDX-License-Identifier: Apache-2.0 */
/* ignores.h - the .gitignore files that hold in a directory: its own, those above, info/exclude.
 *
 * Lists form a tree along the directories; a chain is the way from one of them to the root. The
 * last list that says something about a path decides, the nearest directory's first.
 *
 * Threads: one at a time.
 */
#ifndef RS_REPO_IGNORES_H
#define RS_REPO_IGNORES_H

#include "repo/ignore.h"
#include "repo/walk.h"

typedef struct rs_ignore_node rs_ignore_node;

/* All of a walk. All-zero is none. */
typedef struct rs_ignores {
    rs_ignore_node *made; /* the last one */
    const atomic_bool *stop;
    rs_arena arena;
    rs_buf text; /* of the file that was read last */
    rs_buf path;
    rs_buf way;
} rs_ignores;

void rs_ignores_release(rs_ignores *self);

/* Read the beginning of an open regular file, nothing of anything else, into self->text. Closes fd. */
rs_status rs_ignores_read(rs_ignores *self, int fd, rs_error *err) RS_MUST_USE;

/* Put the patterns of self->text in front of *chain: those of the directory whose path, slash included,
 * has n_dir_bytes. Errors: RS_ERR_NOMEM. */
rs_status rs_ignores_add(rs_ignores *self, size_t n_dir_bytes, rs_ignore_node **chain,
                         rs_error *err) RS_MUST_USE;

/* Whether a path below the root is left out. False when memory is out: see rs_ignores_check(). */
bool rs_ignores_match(rs_ignores *self, const rs_ignore_node *chain, rs_str path,
                      bool is_directory);
rs_status rs_ignores_check(const rs_ignores *self, rs_error *err) RS_MUST_USE;

/*
 * What the repository that root lies in says of it: with a chain, of info/exclude and each .gitignore
 * between its root and this one; the submodules that it lists below root. Where the patterns leave root
 * itself out, they are dropped: who names it wants it read.
 */
rs_status rs_ignores_look_around(rs_ignores *self, const char *root, rs_repo_paths *submodules,
                                 rs_ignore_node **chain, rs_error *err) RS_MUST_USE;

#endif
