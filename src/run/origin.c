/* SPDX-License-Identifier: Apache-2.0 */
#include "run/origin.h"

#include <stdlib.h>
#include <string.h>

#include "repo/git.h"
#include "run/walk.h"

/* The files that were read, and where their tree lies in the repository's. */
typedef struct asked {
    const rs_repo_files *files;
    rs_str below; /* with a slash behind it, or empty */
} asked;

static int by_path(const void *key, const void *item)
{
    return rs_str_compare(*(const rs_str *)key, ((const rs_repo_file *)item)->path);
}

static bool is_asked(rs_str path, void *context)
{
    const asked *self = context;
    size_t n_below = self->below.n_bytes;
    if (path.n_bytes <= n_below || memcmp(path.bytes, self->below.bytes, n_below) != 0) {
        return false;
    }
    path = (rs_str){path.bytes + n_below, path.n_bytes - n_below};
    return bsearch(&path, self->files->items, self->files->n_items, sizeof *self->files->items,
                   by_path) != NULL;
}

/* Of a tree that is one file, the directory of that. */
static rs_status find_below(const rs_git *git, const rs_repo *repo, rs_buf *below, rs_error *err)
{
    rs_buf_add(below, rs_git_below(git));
    RS_TRY(rs_buf_check(below, err));
    rs_str whole = rs_buf_str(below);
    rs_str only = repo->files.n_items == 1 ? repo->files.items[0].path : (rs_str){0};
    bool is_file =
        only.n_bytes > 0 && whole.n_bytes >= only.n_bytes &&
        memcmp(whole.bytes + whole.n_bytes - only.n_bytes, only.bytes, only.n_bytes) == 0;
    if (is_file) {
        below->n_bytes -= only.n_bytes;
        below->bytes[below->n_bytes] = '\0';
    } else if (whole.n_bytes > 0) {
        rs_buf_add(below, "/");
    }
    return rs_buf_check(below, err);
}

static rs_status add_members(const rs_git *git, const rs_repo *repo, json_t *row, bool *failed,
                             rs_error *err)
{
    rs_git_head head = {0};
    rs_buf below = {0};
    bool is_dirty = false;
    rs_status status = rs_git_read_head(git, &head, err);
    RS_THEN(status, find_below(git, repo, &below, err));
    asked about = {.files = &repo->files, .below = rs_buf_str(&below)};
    bool is_known =
        status == RS_OK && rs_git_is_dirty(git, is_asked, &about, &is_dirty, NULL) == RS_OK;
    rs_json_set(row, "commit", rs_json_text(head.commit[0] != '\0' ? head.commit : NULL), failed);
    rs_json_set(row, "branch",
                head.branch.n_bytes > 0 ? rs_json_str(rs_buf_str(&head.branch)) : json_null(),
                failed);
    rs_json_set(row, "is_dirty", is_known ? json_boolean(is_dirty) : json_null(), failed);
    rs_buf_release(&head.branch);
    rs_buf_release(&below);
    return status;
}

json_t *rs_run_origin(const rs_pipeline *pipeline, bool *failed)
{
    const rs_run_options *options = rs_run_given(pipeline, RS_THING_options);
    const rs_repo *repo = rs_run_files(pipeline);
    rs_git *git = NULL;
    rs_error err = {0};
    rs_status status = rs_git_open(options->path, &git, &err);
    json_t *row = git != NULL ? json_object() : json_null();
    if (git != NULL) {
        status = add_members(git, repo, row, failed, &err);
    }
    rs_git_close(git);
    *failed = *failed || status != RS_OK;
    return row;
}
