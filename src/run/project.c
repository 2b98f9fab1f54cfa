/* SPDX-License-Identifier: Apache-2.0 */
/* Which project file holds, and whether what it names lies where it may. */
#include "run/project.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/files.h"
#include "repo/tree.h"

enum { READ_BYTES = 4096, NAME_BYTES = 256 };

/* --- where it is --- */

/* The directory that path is, or that it lies in, without links. */
static rs_status start_of(const char *path, rs_buf *start, rs_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        /* One that is not there was named wrongly, as rs_repo_walk() has it. */
        bool is_nowhere = errno == ENOENT || errno == ENOTDIR;
        rs_status status = rs_error_set_errno(err, errno, "open %s", path);
        if (is_nowhere && err != NULL) {
            err->status = RS_ERR_INVALID;
        }
        return is_nowhere ? RS_ERR_INVALID : status;
    }
    RS_TRY(rs_files_resolve(path, start, err));
    char *slash = strrchr(start->bytes, '/');
    if (!S_ISDIR(info.st_mode) && slash != NULL) {
        slash[slash == start->bytes ? 1 : 0] = '\0';
    }
    return RS_OK;
}

static bool has_entry(const char *directory, const char *name)
{
    rs_buf path = {0};
    struct stat info;
    rs_buf_addf(&path, "%s/%s", directory, name);
    bool found = !path.failed && lstat(path.bytes, &info) == 0;
    rs_buf_release(&path);
    return found;
}

/* A repository ends where its history lies: what is above is somebody else's. */
static bool is_repository(const char *directory)
{
    static const char *const names[] = {".git", ".hg", ".svn", ".jj"};
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !found; i++) {
        found = has_entry(directory, names[i]);
    }
    return found;
}

/* Cut directory at the folder of the project file; false where there is none. */
static bool climb(char *directory)
{
    while (!has_entry(directory, RS_PROJECT_FILE)) {
        char *slash = strrchr(directory, '/');
        if (is_repository(directory) || slash == NULL || directory[1] == '\0') {
            return false;
        }
        slash[slash == directory ? 1 : 0] = '\0';
    }
    return true;
}

/* --- reading --- */

/* What goes wrong with a project file can be got round. */
static rs_status refuse(const rs_project *project, const char *why, rs_error *err)
{
    return rs_error_set(err, RS_ERR_INVALID, "read %s: %s; --no-config ignores it", project->path,
                        why);
}

/* Above what is analysed a file counts when it is ours, or of whom the analysed directory is of. */
static rs_status check_owner(const rs_project *project, const char *start, const struct stat *file,
                             rs_error *err)
{
    struct stat info;
    bool is_trusted = project->below[0] == '\0' || file->st_uid == geteuid() || file->st_uid == 0 ||
                      (stat(start, &info) == 0 && info.st_uid == file->st_uid);
    return is_trusted ? RS_OK : refuse(project, "it belongs to another user", err);
}

static rs_status read_all(const rs_project *project, int fd, rs_buf *text, rs_error *err)
{
    char block[READ_BYTES];
    ssize_t n_read = 0;
    while ((n_read = read(fd, block, sizeof block)) > 0) {
        rs_buf_append(text, block, (size_t)n_read);
        if (text->n_bytes > RS_PROJECT_MAX_BYTES) {
            return rs_error_set(err, RS_ERR_LIMIT, "read %s: larger than %d bytes", project->path,
                                (int)RS_PROJECT_MAX_BYTES);
        }
    }
    return n_read < 0 ? rs_error_set_errno(err, errno, "read %s", project->path)
                      : rs_buf_check(text, err);
}

static rs_status read_file(const rs_project *project, const char *start, rs_tree_cursor *cursor,
                           rs_buf *text, rs_error *err)
{
    int fd = -1;
    struct stat info;
    int code = rs_tree_open_file(cursor, RS_STR_LITERAL(RS_PROJECT_FILE), &fd);
    if (code == ELOOP) {
        return refuse(project, "it is a link", err);
    }
    if (code != 0) {
        return rs_error_set_errno(err, code, "open %s", project->path);
    }
    rs_status status = RS_OK;
    if (fstat(fd, &info) != 0) {
        status = rs_error_set_errno(err, errno, "read %s", project->path);
    } else if (!S_ISREG(info.st_mode)) {
        status = refuse(project, "it is no file", err);
    } else {
        status = check_owner(project, start, &info, err);
    }
    RS_THEN(status, read_all(project, fd, text, err));
    (void)close(fd);
    return status;
}

/* --- what it names --- */

static bool is_pack_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* The first pack of a folder that is no regular file; "" for none. */
static void find_odd_pack(int fd, char odd[NAME_BYTES])
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
    const struct dirent *entry = NULL;
    odd[0] = '\0';
    if (directory == NULL) {
        if (copy >= 0) {
            (void)close(copy);
        }
        return; /* the loader says why */
    }
    while ((entry = readdir(directory)) != NULL) {
        struct stat info;
        bool is_odd = is_pack_name(entry->d_name) &&
                      fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                      !S_ISREG(info.st_mode);
        if (is_odd && (odd[0] == '\0' || strcmp(entry->d_name, odd) < 0)) {
            (void)snprintf(odd, NAME_BYTES, "%s", entry->d_name);
        }
    }
    (void)closedir(directory);
}

typedef struct target {
    const char *key;
    bool is_directory;
    bool may_be_missing; /* who reads it has a word for that */
} target;

/* Whether some part of the path is a link: opening says of one that it is no directory. */
static bool has_link(int root_fd, const char *path)
{
    rs_buf part = {0};
    bool found = false;
    for (const char *at = path; !found && *at != '\0';) {
        struct stat info;
        size_t n_part = strcspn(at, "/");
        rs_buf_reset(&part);
        rs_buf_append(&part, path, (size_t)(at - path) + n_part);
        found = !part.failed && fstatat(root_fd, part.bytes, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                S_ISLNK(info.st_mode);
        at += n_part + (at[n_part] == '/');
    }
    rs_buf_release(&part);
    return found;
}

static void add_fault(rs_project *project, const rs_tree_cursor *cursor, const rs_project_text *of,
                      const target *is, int code)
{
    rs_error fault = {0};
    (void)rs_error_set_errno(&fault, code, "%s: %.200s", is->key, of->text);
    if (has_link(cursor->root_fd, of->text)) {
        rs_problems_add(&project->problems, of->place, "%s: %.200s: links are not followed",
                        is->key, of->text);
    } else {
        rs_problems_add(&project->problems, of->place, "%s", fault.message);
    }
}

static void check_directory(rs_project *project, rs_tree_cursor *cursor, const target *is,
                            const rs_project_text *of)
{
    int fd = -1;
    char odd[NAME_BYTES];
    int code = rs_tree_open_dir(cursor, rs_str_of(of->text), &fd);
    if (code != 0) {
        add_fault(project, cursor, of, is, code);
        return;
    }
    find_odd_pack(fd, odd);
    if (odd[0] != '\0') {
        rs_problems_add(&project->problems, of->place, "%s: %.200s/%.200s is no file, or a link",
                        is->key, of->text, odd);
    }
}

static void check_file(rs_project *project, rs_tree_cursor *cursor, const target *is,
                       const rs_project_text *of)
{
    int fd = -1;
    struct stat info;
    int code = rs_tree_open_file(cursor, rs_str_of(of->text), &fd);
    if (code == ENOENT && is->may_be_missing) {
        return;
    }
    if (code != 0) {
        add_fault(project, cursor, of, is, code);
        return;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        rs_problems_add(&project->problems, of->place, "%s: %.200s is no file", is->key, of->text);
    }
    (void)close(fd);
}

/* Look at it, and put the project's folder before its path. */
static void settle(rs_project *project, rs_tree_cursor *cursor, const target *is,
                   rs_project_text *of)
{
    rs_buf path = {0};
    if (of->text == NULL) {
        return;
    }
    if (is->is_directory) {
        check_directory(project, cursor, is, of);
    } else {
        check_file(project, cursor, is, of);
    }
    bool is_here = strcmp(project->directory, ".") == 0;
    rs_buf_addf(&path, "%s%s%s", is_here ? "" : project->directory, is_here ? "" : "/", of->text);
    of->text = rs_arena_strndup(&project->arena, rs_buf_text(&path), path.n_bytes);
    project->problems.failed = project->problems.failed || path.failed || of->text == NULL;
    rs_buf_release(&path);
}

static void settle_all(rs_project *project, rs_tree_cursor *cursor)
{
    static const target rules = {"rules", true, false};
    static const target policy = {"policy", false, false};
    static const target scip = {"scip", false, true};
    static const target values = {"params", false, false};
    rs_project_param *params = (rs_project_param *)(uintptr_t)project->params; /* in our arena */
    settle(project, cursor, &rules, &project->rules);
    settle(project, cursor, &policy, &project->policy);
    settle(project, cursor, &scip, &project->scip);
    for (size_t i = 0; i < project->n_params; i++) {
        if (params[i].is_file) {
            settle(project, cursor, &values, &params[i].value);
        }
    }
}

/* Patterns are written from the project's folder, and read from the analysed directory. */
static rs_status rebase_list(rs_project *project, rs_project_list *list, rs_error *err)
{
    rs_project_text *items = (rs_project_text *)(uintptr_t)list->items; /* in our arena */
    size_t n_kept = 0;
    for (size_t i = 0; i < list->n_items; i++) {
        const char *pattern = NULL;
        RS_TRY(rs_project_rebase(&project->arena, items[i].text, project->below, &pattern, err));
        if (pattern[0] != '\0') {
            items[n_kept] = items[i];
            items[n_kept++].text = pattern;
        }
    }
    list->n_items = n_kept;
    return RS_OK;
}

static rs_status rebase(rs_project *project, rs_error *err)
{
    static const rs_project_text nothing = {"/.relspec-no-such-file", {0}};
    bool had_includes = project->include.n_items > 0;
    RS_TRY(rebase_list(project, &project->include, err));
    RS_TRY(rebase_list(project, &project->exclude, err));
    if (had_includes && project->include.n_items == 0) {
        project->include.items = &nothing; /* no pattern at all would let in everything */
        project->include.n_items = 1;
    }
    return RS_OK;
}

static rs_status first_problem(const rs_project *project, rs_error *err)
{
    if (project->problems.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", project->path);
    }
    if (project->problems.list.n_items == 0) {
        return RS_OK;
    }
    const rs_problem *first = &project->problems.list.items[0];
    return rs_error_set(err, RS_ERR_INVALID, "%s:%u:%u: %s", first->file, (unsigned)first->line,
                        (unsigned)first->column, first->message);
}

/* --- the whole --- */

/* Where path leads to the folder itself it is named as path is; above, by its full name. */
static rs_status name_it(rs_project *project, const char *path, const char *start,
                         const char *found, rs_error *err)
{
    struct stat info;
    size_t n_found = strlen(found);
    rs_buf name = {0};
    bool is_dir = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    bool is_above = strcmp(start, found) != 0;
    const char *slash = strrchr(path, '/');
    size_t n_folder = slash != NULL ? (size_t)(slash - path) + (slash == path) : 0;
    size_t n_path = strlen(path);
    while (n_path > 1 && path[n_path - 1] == '/') {
        n_path--;
    }
    project->below =
        rs_arena_strndup(&project->arena, start + n_found + (is_above && n_found > 1 ? 1 : 0),
                         strlen(start) - n_found - (is_above && n_found > 1 ? 1 : 0));
    project->directory = is_above   ? rs_arena_strndup(&project->arena, found, n_found)
                         : is_dir   ? rs_arena_strndup(&project->arena, path, n_path)
                         : n_folder ? rs_arena_strndup(&project->arena, path, n_folder)
                                    : ".";
    if (project->directory != NULL) {
        bool is_here = strcmp(project->directory, ".") == 0;
        rs_buf_addf(&name, "%s%s" RS_PROJECT_FILE, is_here ? "" : project->directory,
                    is_here ? "" : "/");
        project->path = rs_arena_strndup(&project->arena, rs_buf_text(&name), name.n_bytes);
    }
    bool failed = name.failed || project->path == NULL || project->below == NULL;
    rs_buf_release(&name);
    return failed ? rs_error_set(err, RS_ERR_NOMEM, "read %s: out of memory", RS_PROJECT_FILE)
                  : RS_OK;
}

static rs_status read_project(rs_project *project, const char *start, int root_fd, rs_error *err)
{
    rs_buf text = {0};
    rs_tree_cursor cursor = {0};
    rs_tree_cursor_init(&cursor, root_fd);
    rs_status status = read_file(project, start, &cursor, &text, err);
    RS_THEN(status, rs_project_load(project, project->path, rs_buf_str(&text), err));
    if (status == RS_OK && project->problems.list.n_items == 0) {
        settle_all(project, &cursor);
    }
    RS_THEN(status, first_problem(project, err));
    RS_THEN(status, rebase(project, err));
    rs_tree_cursor_release(&cursor);
    rs_buf_release(&text);
    return status;
}

/* All paths of the file are followed from its folder as it is now, whoever moves it meanwhile. */
static rs_status read_below(rs_project *project, const char *start, const char *folder,
                            rs_error *err)
{
    int root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root_fd < 0) {
        return rs_error_set_errno(err, errno, "open %s", folder);
    }
    rs_status status = read_project(project, start, root_fd, err);
    (void)close(root_fd);
    return status;
}

rs_status rs_project_read(const char *path, rs_project *out, rs_error *err)
{
    rs_buf start = {0};
    rs_buf found = {0};
    *out = (rs_project){0};
    rs_status status = start_of(path, &start, err);
    rs_buf_add(&found, rs_buf_text(&start));
    RS_THEN(status, rs_buf_check(&found, err));
    if (status == RS_OK && climb(found.bytes)) {
        status = name_it(out, path, rs_buf_text(&start), found.bytes, err);
        RS_THEN(status, read_below(out, rs_buf_text(&start), found.bytes, err));
    }
    rs_buf_release(&found);
    rs_buf_release(&start);
    return status;
}

void rs_project_release(rs_project *project)
{
    json_decref(project->bands);
    rs_problem_vec_release(&project->problems.list);
    rs_arena_release(&project->arena);
    *project = (rs_project){0};
}
