/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/shuffle.h"
#include "repo/ignores.h"
#include "repo/nested.h"
#include "repo/tree.h"

enum {
    MAX_LINK_BYTES = 512, /* of a link's target, in a message */
    MAX_SHEBANG_BYTES = 256
};
#define MAX_FILE_BYTES_LIMIT (UINT64_C(1) << 30)

/* An include pattern by itself, until a listed file matches it. */
typedef struct wanted {
    rs_ignore_list list;
    bool is_found;
} wanted;

typedef struct pending_dir {
    struct pending_dir *next;
    rs_str path;
    rs_ignore_node *ignores; /* that hold for the directory itself */
    size_t depth;
} pending_dir;

typedef struct walker {
    rs_repo *repo;
    const rs_walk_options *options;
    const rs_claims *const *claims;
    rs_tree_cursor cursor;
    rs_ignore_list include;
    rs_ignore_list exclude;
    wanted *wanted;           /* by include pattern */
    rs_repo_paths submodules; /* that a .gitmodules lists */
    pending_dir *pending;     /* a stack */
    rs_ignores ignores;
    rs_arena scratch; /* the stack and its paths */
    rs_buf names;     /* of the directory's entries, NUL after each */
    rs_buf path;      /* of the entry that is looked at */
} walker;

/* The directory whose entries are looked at. */
typedef struct current_dir {
    rs_str path;
    int fd; /* the cursor's */
    rs_ignore_node *ignores;
    size_t depth;
} current_dir;

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

/* ---- rows ---- */

static rs_str keep(rs_arena *arena, rs_str text)
{
    return (rs_str){rs_arena_strndup(arena, text.bytes, text.n_bytes), text.n_bytes};
}

static rs_status add_finding(walker *w, rs_str path, rs_diagnostic_code code, rs_str message,
                             rs_error *err)
{
    rs_arena *arena = &w->repo->text;
    rs_repo_finding finding = {
        .path = keep(arena, path),
        .display_path = rs_path_display(arena, path),
        .message = rs_path_display(arena, message),
        .code = code,
    };
    if (finding.path.bytes == NULL || finding.display_path.bytes == NULL ||
        finding.message.bytes == NULL || !rs_repo_findings_push(&w->repo->findings, finding)) {
        return out_of_memory(err);
    }
    return RS_OK;
}

/* A finding with the system's words; memory that ran out is no finding. */
static rs_status add_refusal(walker *w, rs_str path, rs_diagnostic_code code, int errno_value,
                             rs_error *err)
{
    if (errno_value == ENOMEM) {
        return out_of_memory(err);
    }
    rs_error words = {0};
    (void)rs_error_set_errno(&words, errno_value, "open");
    return add_finding(w, path, code, rs_str_of(words.message), err);
}

/* Why, with its code and words in a finding; those of the tools' own folders are counted alone, for
 * they come and go with what is run here. */
static const struct {
    const char *name;
    bool has_code; /* it is told by the code behind it */
    rs_diagnostic_code code;
} reasons[RS_N_LEFT_OUT] = {
    [RS_LEFT_OUT_BUILTIN] = {"builtin", true, RS_D_left_out_builtin},
    [RS_LEFT_OUT_EXCLUDE] = {"exclude", true, RS_D_left_out_exclude},
    [RS_LEFT_OUT_GITIGNORE] = {"gitignore", true, RS_D_left_out_gitignore},
    [RS_LEFT_OUT_INCLUDE] = {.name = "include"},
    [RS_LEFT_OUT_ENVIRONMENT] = {"environment", true, RS_D_left_out_environment},
    [RS_LEFT_OUT_REPOSITORY] = {"repository", true, RS_D_left_out_repository},
};

const char *rs_left_out_name(rs_left_out why)
{
    RS_ASSERT((unsigned)why < RS_N_LEFT_OUT && reasons[why].name != NULL);
    return reasons[why].name;
}

static rs_status leave_out(walker *w, rs_str path, rs_left_out why, const char *message,
                           rs_error *err)
{
    RS_ASSERT((unsigned)why < RS_N_LEFT_OUT);
    w->repo->n_left_out[why]++;
    return reasons[why].has_code && message != NULL
               ? add_finding(w, path, reasons[why].code, rs_str_of(message), err)
               : RS_OK;
}

static void note_found(walker *w, rs_str path);

static rs_status add_file(walker *w, rs_str path, uint8_t language, int64_t n_bytes,
                          rs_w_parse_status status, rs_error *err)
{
    rs_arena *arena = &w->repo->text;
    rs_repo_file file = {
        .path = keep(arena, path),
        .display_path = rs_path_display(arena, path),
        .size_bytes = n_bytes,
        .status = status,
        .language = language,
    };
    if (file.path.bytes == NULL || file.display_path.bytes == NULL ||
        !rs_repo_files_push(&w->repo->files, file)) {
        return out_of_memory(err);
    }
    if (status == RS_W_parse_status_ok) {
        w->repo->n_bytes += (uint64_t)n_bytes;
    }
    note_found(w, path);
    return RS_OK;
}

/* ---- what is left out ---- */

/* By name, and what is in it; NULL where that is never a source of the tree. */
static const struct {
    const char *name;
    const char *holds;
} builtin_excludes[] = {
    {".bzr", NULL},
    {".direnv", NULL},
    {".eggs", "packages for setup.py"},
    {".git", NULL},
    {".hg", NULL},
    {".hypothesis", NULL},
    {".ipynb_checkpoints", NULL},
    {".jj", NULL},
    {".mypy_cache", NULL},
    {".nox", "environments of nox"},
    {".pixi", "environments of pixi"},
    {".pytest_cache", NULL},
    {".ruff_cache", NULL},
    {".svn", NULL},
    {".tox", "environments of tox"},
    {".venv", "a virtual environment"},
    {"CVS", NULL},
    {"__pycache__", NULL},
    {"__pypackages__", "installed packages"},
    {"_darcs", NULL},
    {"bower_components", "installed packages"},
    {"node_modules", "installed packages"},
    {"run_bundles", NULL},
};

static bool has_suffix(rs_str name, rs_str suffix)
{
    return name.n_bytes >= suffix.n_bytes &&
           memcmp(name.bytes + name.n_bytes - suffix.n_bytes, suffix.bytes, suffix.n_bytes) == 0;
}

static bool is_builtin_exclude(rs_str name, const char **holds)
{
    *holds = NULL;
    for (size_t i = 0; i < sizeof builtin_excludes / sizeof builtin_excludes[0]; i++) {
        if (rs_str_equal(name, rs_str_of(builtin_excludes[i].name))) {
            *holds = builtin_excludes[i].holds;
            return true;
        }
    }
    return has_suffix(name, RS_STR_LITERAL(".egg-info"));
}

/* The nearest of the file and the directories above it that an include pattern decides on. */
static bool is_included(const walker *w, rs_str path)
{
    if (w->include.patterns.n_items == 0) {
        return true;
    }
    bool is_directory = false;
    while (path.n_bytes > 0) {
        rs_ignore_verdict verdict = rs_ignore_match(&w->include, path, is_directory);
        if (verdict != RS_IGNORE_UNDECIDED) {
            return verdict == RS_IGNORE_EXCLUDED;
        }
        while (path.n_bytes > 0 && path.bytes[path.n_bytes - 1] != '/') {
            path.n_bytes--;
        }
        path.n_bytes -= path.n_bytes > 0;
        is_directory = true;
    }
    return false;
}

/* Note which include patterns match a file that is listed; a single file is read whatever they say. */
static void note_found(walker *w, rs_str path)
{
    for (size_t i = 0; w->wanted != NULL && i < w->options->n_include; i++) {
        rs_str part = path;
        bool is_directory = false;
        while (!w->wanted[i].is_found && part.n_bytes > 0) {
            w->wanted[i].is_found =
                rs_ignore_match(&w->wanted[i].list, part, is_directory) == RS_IGNORE_EXCLUDED;
            while (part.n_bytes > 0 && part.bytes[part.n_bytes - 1] != '/') {
                part.n_bytes--;
            }
            part.n_bytes -= part.n_bytes > 0;
            is_directory = true;
        }
    }
}

/* Put the patterns of an ignore file, when it is there, in front of *chain. */
static rs_status add_ignore_file(walker *w, rs_str path, size_t n_dir_bytes, rs_ignore_node **chain,
                                 rs_error *err)
{
    int fd = -1;
    int refused = rs_tree_open_file(&w->cursor, path, &fd);
    if (refused == ENOMEM) {
        return out_of_memory(err);
    }
    if (refused != 0) {
        return RS_OK;
    }
    RS_TRY(rs_ignores_read(&w->ignores, fd, err));
    return rs_ignores_add(&w->ignores, n_dir_bytes, chain, err);
}

/* ---- what is taken ---- */

/* Not a place in the claims: of no language. */
#define NO_LANGUAGE UINT8_MAX

static bool has_one_of(const char *const *suffixes, rs_str name)
{
    for (; *suffixes != NULL; suffixes++) {
        size_t n_suffix = strlen(*suffixes);
        if (name.n_bytes >= n_suffix &&
            strncasecmp(name.bytes + name.n_bytes - n_suffix, *suffixes, n_suffix) == 0) {
            return true;
        }
    }
    return false;
}

/* The first language that claims files of that name. */
static uint8_t language_of_name(const walker *w, rs_str name)
{
    for (uint8_t i = 0; w->claims[i] != NULL; i++) {
        RS_ASSERT(i < NO_LANGUAGE);
        if (has_one_of(w->claims[i]->suffixes, name)) {
            return i;
        }
    }
    return NO_LANGUAGE;
}

static uint8_t language_of_shebang(const walker *w, const char *line)
{
    for (uint8_t i = 0; w->claims[i] != NULL; i++) {
        for (const char *const *word = w->claims[i]->shebangs; *word != NULL; word++) {
            if (strstr(line, *word) != NULL) {
                return i;
            }
        }
    }
    return NO_LANGUAGE;
}

/* Told by a first line of "#!" and a word of the language. What cannot be read is of none. */
static uint8_t language_of_content(const walker *w, const current_dir *dir, const char *name)
{
    int fd = openat(dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return NO_LANGUAGE;
    }
    char line[MAX_SHEBANG_BYTES];
    struct stat about;
    ssize_t n_read = -1;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        n_read = read(fd, line, sizeof line - 1);
    }
    (void)close(fd);
    if (n_read < 2 || line[0] != '#' || line[1] != '!') {
        return NO_LANGUAGE;
    }
    line[n_read] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return language_of_shebang(w, line);
}

static rs_status take_file(walker *w, rs_str path, uint8_t language, uint64_t n_bytes,
                           rs_error *err)
{
    if (n_bytes <= w->repo->max_file_bytes) {
        return add_file(w, path, language, (int64_t)n_bytes, RS_W_parse_status_ok, err);
    }
    char words[96];
    (void)snprintf(words, sizeof words, "%llu bytes are over the limit of %llu bytes",
                   (unsigned long long)n_bytes, (unsigned long long)w->repo->max_file_bytes);
    RS_TRY(add_file(w, path, language, (int64_t)n_bytes, RS_W_parse_status_skipped, err));
    return add_finding(w, path, RS_D_file_too_large, rs_str_of(words), err);
}

static rs_status take_link(walker *w, const current_dir *dir, rs_str path, const char *name,
                           rs_error *err)
{
    char target[MAX_LINK_BYTES];
    ssize_t n_target = readlinkat(dir->fd, name, target, sizeof target);
    if (n_target < 0) {
        n_target = 0;
    }
    rs_buf words = {0};
    rs_buf_add(&words, "a symbolic link to ");
    rs_buf_append(&words, target, (size_t)n_target);
    rs_buf_add(&words, n_target == (ssize_t)sizeof target ? "..." : "");
    rs_status status = rs_buf_check(&words, err);
    RS_THEN(status, add_finding(w, path, RS_D_link_skipped, rs_buf_str(&words), err));
    rs_buf_release(&words);
    return status;
}

static rs_status take_special(walker *w, rs_str path, uint8_t language, mode_t mode, rs_error *err)
{
    const char *words = S_ISFIFO(mode) ? "a named pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
    RS_TRY(add_file(w, path, language, 0, RS_W_parse_status_skipped, err));
    return add_finding(w, path, RS_D_file_not_regular, rs_str_of(words), err);
}

static rs_status put_off(walker *w, rs_str path, rs_ignore_node *ignores, size_t depth,
                         rs_error *err)
{
    pending_dir *dir = rs_arena_alloc(&w->scratch, 1, sizeof *dir);
    rs_str kept = keep(&w->scratch, path);
    if (dir == NULL || kept.bytes == NULL) {
        return out_of_memory(err);
    }
    *dir = (pending_dir){w->pending, kept, ignores, depth};
    w->pending = dir;
    return RS_OK;
}

static rs_status take_dir(walker *w, const current_dir *dir, rs_str path, rs_error *err)
{
    if (dir->depth + 1 > RS_WALK_MAX_DEPTH) {
        char words[96];
        (void)snprintf(words, sizeof words, "more than %d directories below each other",
                       (int)RS_WALK_MAX_DEPTH);
        return add_finding(w, path, RS_D_path_too_deep, rs_str_of(words), err);
    }
    return put_off(w, path, dir->ignores, dir->depth + 1, err);
}

/* What an entry is, as far as its name and its type tell. */
typedef struct dir_entry {
    const char *name;
    rs_str path;
    uint64_t n_bytes;
    mode_t mode;
    uint8_t language; /* by its name */
} dir_entry;

static bool is_source(const dir_entry *e)
{
    return e->language != NO_LANGUAGE;
}

/* One that the walk has something to say about. */
static bool is_candidate(const dir_entry *e)
{
    bool has_no_suffix = S_ISREG(e->mode) && strchr(e->name, '.') == NULL;
    return is_source(e) || has_no_suffix || S_ISDIR(e->mode) || S_ISLNK(e->mode);
}

/* Why an entry is left out: RS_N_LEFT_OUT where it is not. *message is what there is to say, or NULL. */
static rs_left_out why_left_out(walker *w, const current_dir *dir, const dir_entry *e,
                                const char **message)
{
    bool is_directory = S_ISDIR(e->mode);
    if (is_directory && !w->options->builtin_excludes_off &&
        is_builtin_exclude(rs_str_of(e->name), message)) {
        return RS_LEFT_OUT_BUILTIN;
    }
    *message = is_directory ? "a directory" : is_source(e) ? "a source file" : NULL;
    if (rs_ignore_match(&w->exclude, e->path, is_directory) == RS_IGNORE_EXCLUDED) {
        return RS_LEFT_OUT_EXCLUDE;
    }
    if (rs_ignores_match(&w->ignores, dir->ignores, e->path, is_directory)) {
        return RS_LEFT_OUT_GITIGNORE;
    }
    return !is_directory && !is_included(w, e->path) ? RS_LEFT_OUT_INCLUDE : RS_N_LEFT_OUT;
}

static rs_status take(walker *w, const current_dir *dir, const dir_entry *e, rs_error *err)
{
    if (S_ISDIR(e->mode)) {
        return take_dir(w, dir, e->path, err);
    }
    if (S_ISLNK(e->mode)) {
        return take_link(w, dir, e->path, e->name, err);
    }
    if (!S_ISREG(e->mode)) {
        return take_special(w, e->path, e->language, e->mode, err);
    }
    uint8_t language = is_source(e) ? e->language : language_of_content(w, dir, e->name);
    return language != NO_LANGUAGE ? take_file(w, e->path, language, e->n_bytes, err) : RS_OK;
}

/* The path of an entry of the directory, in w->path. */
static rs_status entry_path(walker *w, const current_dir *dir, const char *name, rs_str *out,
                            rs_error *err)
{
    rs_buf_reset(&w->path);
    rs_buf_add_str(&w->path, dir->path);
    rs_buf_add(&w->path, dir->path.n_bytes > 0 ? "/" : "");
    rs_buf_add(&w->path, name);
    *out = rs_buf_str(&w->path);
    return rs_buf_check(&w->path, err);
}

/* One entry of a directory: listed, put off, or left out. */
static rs_status take_entry(walker *w, const current_dir *dir, const char *name, rs_error *err)
{
    RS_TRY(rs_stop_check(w->options->stop, err));
    struct stat about;
    dir_entry e = {.name = name, .language = language_of_name(w, rs_str_of(name))};
    RS_TRY(entry_path(w, dir, name, &e.path, err));
    if (fstatat(dir->fd, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        /* Gone again is as if it had never been there. */
        return is_source(&e) && errno != ENOENT
                   ? add_refusal(w, e.path, RS_D_file_unreadable, errno, err)
                   : RS_OK;
    }
    e.mode = about.st_mode;
    e.n_bytes = (uint64_t)about.st_size;
    if (!is_candidate(&e)) {
        return RS_OK;
    }
    const char *message = NULL;
    rs_left_out why = why_left_out(w, dir, &e, &message);
    RS_TRY(rs_stop_check(w->options->stop, err));
    if (why == RS_N_LEFT_OUT) {
        return take(w, dir, &e, err);
    }
    return S_ISDIR(e.mode) || is_source(&e) ? leave_out(w, e.path, why, message, err) : RS_OK;
}

/* ---- directories ---- */

/* What the names of a directory's entries tell about the directory. */
typedef struct dir_traits {
    bool has_ignore_file;
    bool has_modules_file;
    bool has_git;
    bool is_project;         /* one of them is a project's */
    const char *environment; /* what marks one of venv or conda */
} dir_traits;

static bool is_project_file(const walker *w, const char *name)
{
    for (size_t i = 0; w->claims[i] != NULL; i++) {
        if (rs_claims_list(w->claims[i]->project_files, rs_str_of(name))) {
            return true;
        }
    }
    return false;
}

/* A file of venv's or a directory of conda's. */
static bool is_mark_of_environment(int fd, const char *name)
{
    struct stat about;
    bool is_venv = strcmp(name, "pyvenv.cfg") == 0;
    return is_venv ||
           (strcmp(name, "conda-meta") == 0 &&
            fstatat(fd, name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(about.st_mode));
}

/* Read all names into w->names. 0, or the errno value of what failed. */
static int read_names(walker *w, int fd, dir_traits *traits)
{
    rs_buf_reset(&w->names);
    /* The stream wants a descriptor of its own; the cursor's is never read from. */
    int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own_fd < 0) {
        return errno;
    }
    DIR *stream = fdopendir(own_fd);
    if (stream == NULL) {
        int refused = errno;
        (void)close(own_fd);
        return refused;
    }
    rewinddir(stream);
    const struct dirent *entry;
    errno = 0;
    while (!rs_stopped(w->options->stop) && (entry = readdir(stream)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            rs_buf_append(&w->names, name, strlen(name) + 1);
            traits->has_ignore_file |= strcmp(name, ".gitignore") == 0;
            traits->is_project |= is_project_file(w, name);
            traits->has_modules_file |= strcmp(name, ".gitmodules") == 0;
            traits->has_git |= strcmp(name, ".git") == 0;
            if (is_mark_of_environment(fd, name)) {
                traits->environment = name[0] == 'p' ? "holds pyvenv.cfg" : "holds conda-meta";
            }
        }
        errno = 0;
    }
    int refused = w->names.failed ? ENOMEM : errno;
    (void)closedir(stream);
    return refused;
}

static rs_status read_ignores(walker *w, current_dir *dir, bool has_ignore_file, rs_error *err)
{
    if (w->options->ignore_files_off) {
        return RS_OK;
    }
    if (!has_ignore_file) {
        return RS_OK;
    }
    rs_buf_reset(&w->path);
    rs_buf_add_str(&w->path, dir->path);
    size_t n_dir_bytes = dir->path.n_bytes + (dir->path.n_bytes > 0);
    rs_buf_add(&w->path, dir->path.n_bytes > 0 ? "/.gitignore" : ".gitignore");
    RS_TRY(rs_buf_check(&w->path, err));
    rs_str path = {w->path.bytes, w->path.n_bytes};
    return add_ignore_file(w, path, n_dir_bytes, &dir->ignores, err);
}

/* In the order that the seed picks; *out is NULL for none. */
static rs_status shuffle_entries(walker *w, const char ***out, size_t *n_out, rs_error *err)
{
    size_t n_names = 0;
    for (size_t at = 0; at < w->names.n_bytes; at += strlen(w->names.bytes + at) + 1) {
        n_names++;
    }
    *out = NULL;
    *n_out = n_names;
    if (n_names == 0) {
        return RS_OK;
    }
    const char **names = rs_alloc(n_names, sizeof *names);
    size_t *places = rs_alloc(n_names, sizeof *places);
    if (names == NULL || places == NULL) {
        rs_free(names);
        rs_free(places);
        return out_of_memory(err);
    }
    rs_shuffle(w->options->shuffle_seed, places, n_names);
    const char *name = w->names.bytes;
    for (size_t i = 0; i < n_names; i++) {
        names[places[i]] = name;
        name += strlen(name) + 1;
    }
    rs_free(places);
    *out = names;
    return RS_OK;
}

/* Nothing may depend on the order in which the file system lists a directory. */
static rs_status take_entries(walker *w, const current_dir *dir, rs_error *err)
{
    const char **names = NULL;
    size_t n_names = 0;
    if (w->options->shuffle_seed == 0) {
        for (size_t at = 0; at < w->names.n_bytes; at += strlen(w->names.bytes + at) + 1) {
            RS_TRY(take_entry(w, dir, w->names.bytes + at, err));
        }
        return RS_OK;
    }
    rs_status status = shuffle_entries(w, &names, &n_names, err);
    for (size_t i = 0; i < n_names && status == RS_OK; i++) {
        status = take_entry(w, dir, names[i], err);
    }
    rs_free(names);
    return status;
}

static bool is_listed_submodule(const walker *w, rs_str path)
{
    for (size_t i = 0; i < w->submodules.n_items; i++) {
        if (rs_str_equal(w->submodules.items[i], path)) {
            return true;
        }
    }
    return false;
}

/* What an opened directory's own entries tell against entering it; RS_N_LEFT_OUT for nothing. */
static rs_left_out why_not_entered(const walker *w, const current_dir *dir,
                                   const dir_traits *traits, const char **message)
{
    if (w->options->builtin_excludes_off || dir->path.n_bytes == 0) {
        return RS_N_LEFT_OUT;
    }
    if (traits->environment != NULL) {
        *message = traits->environment;
        return RS_LEFT_OUT_ENVIRONMENT;
    }
    rs_nested nested = traits->has_git ? rs_nested_find(dir->fd) : RS_NESTED_NONE;
    if (nested == RS_NESTED_WORKTREE) {
        *message = "a worktree";
        return RS_LEFT_OUT_REPOSITORY;
    }
    if (nested == RS_NESTED_CLONE && !is_listed_submodule(w, dir->path)) {
        *message = "a clone";
        return RS_LEFT_OUT_REPOSITORY;
    }
    return RS_N_LEFT_OUT;
}

/* Which directories below a repository's root are submodules. Moves the cursor. */
static rs_status read_modules_file(walker *w, const current_dir *dir, const dir_traits *traits,
                                   rs_error *err)
{
    rs_str path;
    int fd = -1;
    if (!traits->has_modules_file || (dir->path.n_bytes > 0 && !traits->has_git)) {
        return RS_OK;
    }
    RS_TRY(entry_path(w, dir, ".gitmodules", &path, err));
    if (rs_tree_open_file(&w->cursor, path, &fd) != 0) {
        return RS_OK;
    }
    RS_TRY(rs_ignores_read(&w->ignores, fd, err));
    return rs_nested_add_submodules(&w->submodules, &w->scratch, dir->path,
                                    rs_buf_str(&w->ignores.text), err);
}

static rs_status walk_dir(walker *w, const pending_dir *next, rs_error *err)
{
    current_dir dir = {next->path, -1, next->ignores, next->depth};
    dir_traits traits = {0};
    int refused = rs_tree_open_dir(&w->cursor, dir.path, &dir.fd);
    if (refused == 0) {
        refused = read_names(w, dir.fd, &traits);
    }
    if (refused != 0) {
        RS_TRY(add_refusal(w, dir.path, RS_D_directory_unreadable, refused, err));
    }
    if (dir.fd < 0) {
        return RS_OK;
    }
    const char *message = NULL;
    rs_left_out why = why_not_entered(w, &dir, &traits, &message);
    if (why != RS_N_LEFT_OUT) {
        return leave_out(w, dir.path, why, message, err);
    }
    w->repo->n_directories++;
    RS_TRY(read_modules_file(w, &dir, &traits, err));
    RS_TRY(read_ignores(w, &dir, traits.has_ignore_file, err));
    /* Reading them may have moved the cursor. */
    refused = rs_tree_open_dir(&w->cursor, dir.path, &dir.fd);
    if (refused != 0) {
        return add_refusal(w, dir.path, RS_D_directory_unreadable, refused, err);
    }
    if (traits.is_project) {
        rs_str path = keep(&w->repo->text, dir.path);
        if (path.bytes == NULL || !rs_repo_paths_push(&w->repo->project_dirs, path)) {
            return out_of_memory(err);
        }
    }
    RS_TRY(take_entries(w, &dir, err));
    return rs_ignores_check(&w->ignores, err);
}

static rs_status walk_tree(walker *w, rs_ignore_node *around, rs_error *err)
{
    RS_TRY(put_off(w, RS_STR_LITERAL(""), around, 0, err));
    while (w->pending != NULL) {
        const pending_dir *next = w->pending;
        w->pending = next->next;
        RS_TRY(rs_stop_check(w->options->stop, err));
        RS_TRY(walk_dir(w, next, err));
    }
    return RS_OK;
}

/* ---- from the walk to a list ---- */

static int compare_files(const void *a, const void *b)
{
    return rs_str_compare(((const rs_repo_file *)a)->path, ((const rs_repo_file *)b)->path);
}

static int compare_findings(const void *a, const void *b)
{
    const rs_repo_finding *left = a;
    const rs_repo_finding *right = b;
    int order = rs_str_compare(left->path, right->path);
    return order != 0 ? order : (left->code > right->code) - (left->code < right->code);
}

void rs_repo_sort_findings(rs_repo *repo)
{
    if (repo->findings.n_items > 0) {
        qsort(repo->findings.items, repo->findings.n_items, sizeof repo->findings.items[0],
              compare_findings);
    }
}

/* Give every file its id; where two fall on one, the later in path order takes the next free. */
static rs_status assign_ids(rs_repo *repo, rs_str repo_id, rs_error *err)
{
    size_t n_slots = 16;
    while (n_slots / 2 < repo->files.n_items) {
        n_slots *= 2;
    }
    int64_t *taken = rs_alloc(n_slots, sizeof *taken);
    if (taken == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < n_slots; i++) {
        taken[i] = -1;
    }
    const int64_t last_id = (INT64_C(1) << RS_ID_FILE_BITS) - 1;
    for (size_t i = 0; i < repo->files.n_items; i++) {
        int64_t id = rs_file_id(repo_id, repo->files.items[i].path);
        /* Look for the id from its slot on; where it is found, look for the next id. */
        size_t slot = (size_t)id & (n_slots - 1);
        while (taken[slot] >= 0) {
            if (taken[slot] == id) {
                id = id == last_id ? 0 : id + 1;
                slot = (size_t)id & (n_slots - 1);
            } else {
                slot = (slot + 1) & (n_slots - 1);
            }
        }
        taken[slot] = id;
        repo->files.items[i].file_id = id;
    }
    rs_free(taken);
    return RS_OK;
}

/* A pattern that takes nothing back, and that no listed file matches, is a mistake. */
static rs_status add_unmatched(walker *w, rs_error *err)
{
    for (size_t i = 0; i < w->options->n_include && w->wanted != NULL; i++) {
        rs_str pattern = w->options->include[i];
        bool takes_back = pattern.n_bytes > 0 && pattern.bytes[0] == '!';
        if (!w->wanted[i].is_found && !takes_back) {
            RS_TRY(add_finding(w, pattern, RS_D_include_unmatched,
                               RS_STR_LITERAL("no source file matches --include"), err));
        }
    }
    return RS_OK;
}

static rs_status finish(walker *w, rs_error *err)
{
    rs_repo *repo = w->repo;
    RS_TRY(add_unmatched(w, err));
    if (repo->files.n_items > 0) {
        qsort(repo->files.items, repo->files.n_items, sizeof repo->files.items[0], compare_files);
    }
    rs_repo_sort_findings(repo);
    return assign_ids(repo, w->options->repo_id, err);
}

/* ---- the root ---- */

static int open_root(const char *path)
{
    int fd;
    do {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* One that is not there was named wrongly, which is not the system's fault. */
static rs_status refuse_root(const char *root, int errno_value, rs_error *err)
{
    rs_status status = rs_error_set_errno(err, errno_value, "open %s", root);
    if (errno_value == ENOENT || errno_value == ENOTDIR) {
        status = RS_ERR_INVALID;
    }
    if (err != NULL) {
        err->status = status;
    }
    return status;
}

/* The root is no directory: its directory becomes the tree, and it the only file. */
static rs_status walk_file(walker *w, const char *root, rs_error *err)
{
    const char *slash = strrchr(root, '/');
    const char *name = slash == NULL ? root : slash + 1;
    rs_buf dir = {0};
    rs_buf_append(&dir, root, (size_t)(name - root));
    rs_buf_add(&dir, slash == NULL ? "." : "");
    rs_status status = rs_buf_check(&dir, err);
    int fd = status == RS_OK ? open_root(dir.bytes) : -1;
    int refused = errno;
    rs_buf_release(&dir);
    if (status != RS_OK) {
        return status;
    }
    struct stat about = {0};
    if (fd >= 0) {
        w->repo->root_fd = fd;
        w->repo->is_open = true;
        refused = name[0] == '\0' ? ENOTDIR : 0;
        if (refused == 0 && fstatat(fd, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
            refused = errno;
        }
    }
    if (refused != 0) {
        return refuse_root(root, refused, err);
    }
    if (S_ISLNK(about.st_mode)) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "open %s: a symbolic link to a file (name the file itself)", root);
    }
    if (!S_ISREG(about.st_mode)) {
        return rs_error_set(err, RS_ERR_INVALID, "open %s: neither a directory nor a regular file",
                            root);
    }
    uint8_t language = language_of_name(w, rs_str_of(name));
    /* Who names a file wants it read: as the first language, when no other claims it. */
    return take_file(w, rs_str_of(name), language != NO_LANGUAGE ? language : 0,
                     (uint64_t)about.st_size, err);
}

static rs_status walk_root(walker *w, const char *root, rs_error *err)
{
    int fd = open_root(root);
    if (fd < 0) {
        return errno == ENOTDIR ? walk_file(w, root, err) : refuse_root(root, errno, err);
    }
    w->repo->root_fd = fd;
    w->repo->is_open = true;
    rs_tree_cursor_init(&w->cursor, fd);
    w->include.stop = w->exclude.stop = w->options->stop;
    w->wanted = rs_alloc_zero(w->options->n_include + 1, sizeof *w->wanted);
    if (w->wanted == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < w->options->n_include; i++) {
        RS_TRY(rs_ignore_add_line(&w->include, w->options->include[i], err));
        RS_TRY(rs_ignore_add_line(&w->wanted[i].list, w->options->include[i], err));
    }
    for (size_t i = 0; i < w->options->n_exclude; i++) {
        RS_TRY(rs_ignore_add_line(&w->exclude, w->options->exclude[i], err));
    }
    rs_ignore_node *around = NULL;
    RS_TRY(rs_ignores_look_around(&w->ignores, root, &w->submodules,
                                  w->options->ignore_files_off ? NULL : &around, err));
    return walk_tree(w, around, err);
}

static void walker_release(walker *w)
{
    rs_tree_cursor_release(&w->cursor);
    rs_ignore_list_release(&w->include);
    rs_ignore_list_release(&w->exclude);
    for (size_t i = 0; w->wanted != NULL && i < w->options->n_include; i++) {
        rs_ignore_list_release(&w->wanted[i].list);
    }
    rs_free(w->wanted);
    rs_repo_paths_release(&w->submodules);
    rs_ignores_release(&w->ignores);
    rs_arena_release(&w->scratch);
    rs_buf_release(&w->names);
    rs_buf_release(&w->path);
}

rs_status rs_repo_walk(const char *root, const rs_walk_options *options, rs_repo *out,
                       rs_error *err)
{
    static const rs_walk_options defaults;
    *out = (rs_repo){0};
    walker w = {.repo = out, .options = options == NULL ? &defaults : options};
    w.ignores.stop = w.options->stop;
    w.claims = w.options->claims == NULL ? rs_default_claims : w.options->claims;
    uint64_t n_most = w.options->max_file_bytes;
    out->max_file_bytes = n_most == 0                     ? RS_WALK_MAX_FILE_BYTES
                          : n_most > MAX_FILE_BYTES_LIMIT ? MAX_FILE_BYTES_LIMIT
                                                          : n_most;
    rs_status status = walk_root(&w, root, err);
    RS_THEN(status, finish(&w, err));
    walker_release(&w);
    return status;
}
