/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/git.h"

#include <git2.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "repo/git_plain.h"

struct rs_git {
    git_repository *repository;
    rs_buf below;
};

/* To begin with, git's library reads all certificates that the system has: it is kept from the first
 * repository on, and not begun where there is none. */
static void keep_library(void)
{
    static atomic_bool is_kept;
    if (!atomic_exchange(&is_kept, true)) {
        (void)git_libgit2_init();
    }
}

/* Does .git stand in the path, or above it? */
static rs_status look_for_git(const char *path, bool *is_found, rs_error *err)
{
    rs_buf name = {0};
    char *real = realpath(path, NULL);
    *is_found = access("/.git", F_OK) == 0;
    for (size_t n = real != NULL ? strlen(real) : 0; n > 0 && !*is_found && !name.failed; n--) {
        if (real[n] == '\0' || real[n] == '/') {
            rs_buf_reset(&name);
            rs_buf_add_str(&name, (rs_str){real, n});
            rs_buf_add(&name, "/.git");
            *is_found = access(rs_buf_text(&name), F_OK) == 0;
        }
    }
    rs_status status = rs_buf_check(&name, err);
    rs_free_foreign(real);
    rs_buf_release(&name);
    return status;
}

/* Whoever runs relspec has a configuration of their own, and may not own the tree; neither may change
 * what is read of it. */
static bool start(void)
{
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                                 GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
    keep_library();
    bool has_started = git_libgit2_init() > 0;
    for (size_t i = 0; has_started && i < sizeof levels / sizeof levels[0]; i++) {
        has_started = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "") == 0;
    }
    return has_started && git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) == 0;
}

/* Where the path lies below the tree's root; false where it does not: core.worktree may say anything. */
static bool find_below(rs_git *git, const char *path)
{
    const char *root = git_repository_workdir(git->repository);
    char *real = realpath(path, NULL);
    size_t n_root = root == NULL ? 0 : strlen(root);
    bool is_below = real != NULL && n_root > 0 &&
                    (strncmp(real, root, n_root) == 0 ||
                     (strlen(real) + 1 == n_root && strncmp(real, root, n_root - 1) == 0));
    if (is_below) {
        rs_buf_add(&git->below, strlen(real) < n_root ? "" : real + n_root);
    }
    rs_free_foreign(real);
    return is_below;
}

rs_status rs_git_open(const char *path, rs_git **out, rs_error *err)
{
    bool may_be = false;
    *out = NULL;
    RS_TRY(look_for_git(path, &may_be, err));
    if (!may_be) {
        return RS_OK;
    }
    rs_git *git = rs_alloc_zero(1, sizeof *git);
    if (git == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "look for a repository: out of memory");
    }
    if (!start() || !rs_git_is_plain(path) ||
        git_repository_open_ext(&git->repository, path, 0, NULL) != 0 || !find_below(git, path)) {
        rs_git_close(git);
        return RS_OK;
    }
    if (git->below.failed) {
        rs_git_close(git);
        return rs_error_set(err, RS_ERR_NOMEM, "look for a repository: out of memory");
    }
    *out = git;
    return RS_OK;
}

void rs_git_close(rs_git *git)
{
    if (git == NULL) {
        return;
    }
    git_repository_free(git->repository);
    git_libgit2_shutdown();
    rs_buf_release(&git->below);
    rs_free(git);
}

const char *rs_git_root(const rs_git *git)
{
    return git_repository_workdir(git->repository);
}

const char *rs_git_below(const rs_git *git)
{
    return rs_buf_text(&git->below);
}

const char *rs_git_common_dir(const rs_git *git)
{
    return git_repository_commondir(git->repository);
}

rs_status rs_git_read_head(const rs_git *git, rs_git_head *head, rs_error *err)
{
    git_reference *reference = NULL;
    *head = (rs_git_head){0};
    if (git_repository_head(&reference, git->repository) != 0) {
        return RS_OK; /* no commit yet, or a HEAD that leads nowhere */
    }
    const git_oid *commit = git_reference_target(reference);
    if (commit != NULL) {
        git_oid_tostr(head->commit, sizeof head->commit, commit);
    }
    if (git_reference_is_branch(reference) == 1) {
        rs_buf_add(&head->branch, git_reference_shorthand(reference));
    }
    git_reference_free(reference);
    return rs_buf_check(&head->branch, err);
}

/* --- is it dirty --- */

typedef struct dirt {
    rs_git_asked *is_asked;
    void *context;
    bool is_found;
} dirt;

/* Of git_status_foreach_ext(), which ends where this gives what is not 0. */
static int note_change(const char *path, unsigned flags, void *context)
{
    dirt *self = context;
    self->is_found =
        (flags & GIT_STATUS_WT_NEW) == 0 || self->is_asked(rs_str_of(path), self->context);
    return self->is_found ? GIT_EUSER : 0;
}

rs_status rs_git_is_dirty(const rs_git *git, rs_git_asked *is_asked, void *context, bool *is_dirty,
                          rs_error *err)
{
    git_status_options options;
    dirt self = {.is_asked = is_asked, .context = context};
    *is_dirty = false;
    if (!rs_git_has_plain_rules(rs_git_root(git))) {
        return rs_error_set(err, RS_ERR_IO,
                            "compare a tree with its commit: a pipe or device in it");
    }
    if (git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION) != 0) {
        return rs_error_set(err, RS_ERR_IO, "compare a tree with its commit: another libgit2");
    }
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                    GIT_STATUS_OPT_EXCLUDE_SUBMODULES | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
    int code = git_status_foreach_ext(git->repository, &options, note_change, &self);
    if (code != 0 && !self.is_found) {
        const git_error *cause = git_error_last();
        return rs_error_set(err, RS_ERR_IO, "compare a tree with its commit: %s",
                            cause != NULL ? cause->message : "git does not say why not");
    }
    *is_dirty = self.is_found;
    return RS_OK;
}
