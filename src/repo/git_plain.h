/* SPDX-License-Identifier: Apache-2.0 */
/* git_plain.h - whether what git opens of a tree are files: who opens a pipe waits for ever.
 *
 * libgit2 opens what it finds by its name. So what it would open is looked at first; what is there then is
 * what it opens, as long as nobody changes the tree meanwhile.
 *
 * Threads: both may be called from any thread.
 */
#ifndef RS_REPO_GIT_PLAIN_H
#define RS_REPO_GIT_PLAIN_H

#include <stdbool.h>

/* Of the repository that path lies in: its folder, and what its configuration names. True where there is
 * none. */
bool rs_git_is_plain(const char *path);

/* Of the tree below root: the files of rules in each of its folders. */
bool rs_git_has_plain_rules(const char *root);

#endif
