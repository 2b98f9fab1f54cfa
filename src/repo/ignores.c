/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/ignores.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "repo/git.h"
#include "repo/nested.h"

enum { MAX_FILE_BYTES = 1024 * 1024 }; /* what lies behind is not read */

struct rs_ignore_node {
    rs_ignore_list list;
    rs_ignore_node *above;
    rs_ignore_node *made_before; /* all of them, to be released */
    size_t n_dir_bytes;          /* what to take off a path: the directory and its slash */
    rs_str way; /* of one that lies above the root: what to put before a path, with a slash */
};

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

void rs_ignores_release(rs_ignores *self)
{
    while (self->made != NULL) {
        rs_ignore_node *node = self->made;
        self->made = node->made_before;
        rs_ignore_list_release(&node->list);
        rs_free(node);
    }
    rs_arena_release(&self->arena);
    rs_buf_release(&self->text);
    rs_buf_release(&self->path);
    rs_buf_release(&self->way);
}

rs_status rs_ignores_read(rs_ignores *self, int fd, rs_error *err)
{
    struct stat about;
    char chunk[4096];
    rs_buf_reset(&self->text);
    bool readable = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    while (readable && self->text.n_bytes < MAX_FILE_BYTES) {
        size_t n_room = MAX_FILE_BYTES - self->text.n_bytes;
        ssize_t n_read = read(fd, chunk, n_room < sizeof chunk ? n_room : sizeof chunk);
        if (n_read < 0 && errno == EINTR) {
            continue;
        }
        if (n_read <= 0) {
            break;
        }
        rs_buf_append(&self->text, chunk, (size_t)n_read);
    }
    (void)close(fd);
    return rs_buf_check(&self->text, err);
}

rs_status rs_ignores_add(rs_ignores *self, size_t n_dir_bytes, rs_ignore_node **chain,
                         rs_error *err)
{
    rs_ignore_node *node = rs_alloc_zero(1, sizeof *node);
    if (node == NULL) {
        return out_of_memory(err);
    }
    node->made_before = self->made;
    self->made = node;
    node->above = *chain;
    node->n_dir_bytes = n_dir_bytes;
    node->list.stop = self->stop;
    *chain = node;
    return rs_ignore_add_text(&node->list, rs_buf_str(&self->text), err);
}

/* --- asking --- */

/* The path as the node's directory has it. */
static rs_str below_node(rs_ignores *self, const rs_ignore_node *node, rs_str path)
{
    if (node->way.n_bytes == 0) {
        return (rs_str){path.bytes + node->n_dir_bytes, path.n_bytes - node->n_dir_bytes};
    }
    rs_buf_reset(&self->way);
    rs_buf_add_str(&self->way, node->way);
    rs_buf_add_str(&self->way, path);
    return rs_buf_str(&self->way);
}

bool rs_ignores_match(rs_ignores *self, const rs_ignore_node *chain, rs_str path, bool is_directory)
{
    for (const rs_ignore_node *node = chain; node != NULL; node = node->above) {
        rs_ignore_verdict verdict =
            rs_ignore_match(&node->list, below_node(self, node, path), is_directory);
        if (verdict != RS_IGNORE_UNDECIDED) {
            return verdict == RS_IGNORE_EXCLUDED;
        }
    }
    return false;
}

rs_status rs_ignores_check(const rs_ignores *self, rs_error *err)
{
    return rs_buf_check(&self->way, err);
}

/* --- what lies around the root --- */

/* A file outside the tree, into self->text; nothing where there is none. */
static rs_status read_outside(rs_ignores *self, const char *directory, const char *name,
                              rs_error *err)
{
    rs_buf_reset(&self->text);
    rs_buf_reset(&self->path);
    rs_buf_add(&self->path, directory);
    rs_buf_add(&self->path, name);
    RS_TRY(rs_buf_check(&self->path, err));
    int fd = open(self->path.bytes, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return fd >= 0 ? rs_ignores_read(self, fd, err) : RS_OK;
}

/* A file of patterns that lies outside; way is where the root lies below their directory. */
static rs_status add_outside(rs_ignores *self, const char *directory, const char *name, rs_str way,
                             rs_ignore_node **chain, rs_error *err)
{
    RS_TRY(read_outside(self, directory, name, err));
    if (self->text.n_bytes == 0) {
        return RS_OK;
    }
    RS_TRY(rs_ignores_add(self, 0, chain, err));
    if (way.n_bytes > 0) {
        rs_buf_reset(&self->path);
        rs_buf_add_str(&self->path, way);
        rs_buf_add(&self->path, "/");
        RS_TRY(rs_buf_check(&self->path, err));
        size_t n_bytes = self->path.n_bytes;
        (*chain)->way =
            (rs_str){rs_arena_strndup(&self->arena, self->path.bytes, n_bytes), n_bytes};
    }
    return way.n_bytes > 0 && (*chain)->way.bytes == NULL ? out_of_memory(err) : RS_OK;
}

/* Of info/exclude and of each .gitignore between the repository's root and this one. */
static rs_status add_above(rs_ignores *self, const rs_git *git, rs_ignore_node **chain,
                           rs_error *err)
{
    rs_str below = rs_str_of(rs_git_below(git));
    rs_buf directory = {0};
    rs_buf_add(&directory, rs_git_root(git));
    rs_status status = rs_buf_check(&directory, err);
    RS_THEN(status, add_outside(self, rs_git_common_dir(git), "info/exclude", below, chain, err));
    while (status == RS_OK && below.n_bytes > 0) {
        status = add_outside(self, directory.bytes, ".gitignore", below, chain, err);
        const char *slash = memchr(below.bytes, '/', below.n_bytes);
        size_t n_part = slash != NULL ? (size_t)(slash - below.bytes) : below.n_bytes;
        rs_buf_append(&directory, below.bytes, n_part);
        rs_buf_add(&directory, "/");
        RS_THEN(status, rs_buf_check(&directory, err));
        n_part += slash != NULL;
        below = (rs_str){below.bytes + n_part, below.n_bytes - n_part};
    }
    rs_buf_release(&directory);
    return status;
}

/* Whether the patterns leave out the root, or a directory on the way to it. */
static bool is_root_left_out(const rs_ignore_node *chain)
{
    for (const rs_ignore_node *node = chain; node != NULL; node = node->above) {
        for (size_t n = 1; n < node->way.n_bytes; n++) {
            if (node->way.bytes[n] == '/' &&
                rs_ignore_match(&node->list, (rs_str){node->way.bytes, n}, true) ==
                    RS_IGNORE_EXCLUDED) {
                return true;
            }
        }
    }
    return false;
}

/* Those of the list that lie below the root. */
static rs_status add_submodules(rs_ignores *self, const rs_git *git, rs_repo_paths *submodules,
                                rs_error *err)
{
    rs_repo_paths listed = {0};
    rs_str below = rs_str_of(rs_git_below(git));
    if (below.n_bytes == 0) {
        return RS_OK; /* the walk reads it by itself */
    }
    RS_TRY(read_outside(self, rs_git_root(git), ".gitmodules", err));
    rs_status status =
        rs_nested_add_submodules(&listed, &self->arena, (rs_str){0}, rs_buf_str(&self->text), err);
    for (size_t i = 0; i < listed.n_items && status == RS_OK; i++) {
        rs_str path = listed.items[i];
        size_t n_off = below.n_bytes + 1;
        bool lies_below = path.n_bytes > n_off && path.bytes[below.n_bytes] == '/' &&
                          memcmp(path.bytes, below.bytes, below.n_bytes) == 0;
        path = (rs_str){path.bytes + n_off, path.n_bytes - n_off};
        if (lies_below && !rs_repo_paths_push(submodules, path)) {
            status = out_of_memory(err);
        }
    }
    rs_repo_paths_release(&listed);
    return status;
}

rs_status rs_ignores_look_around(rs_ignores *self, const char *root, rs_repo_paths *submodules,
                                 rs_ignore_node **chain, rs_error *err)
{
    rs_git *git = NULL;
    RS_TRY(rs_git_open(root, &git, err));
    if (git == NULL) {
        return RS_OK;
    }
    rs_status status = add_submodules(self, git, submodules, err);
    if (status == RS_OK && chain != NULL) {
        status = add_above(self, git, chain, err);
        if (is_root_left_out(*chain)) {
            *chain = NULL;
        }
    }
    rs_git_close(git);
    return status;
}
