/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/git_plain.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"

enum {
    MAX_DEPTH = 200,   /* of folders below each other */
    MAX_INCLUDED = 10, /* configurations that name each other; git has the same */
    MAX_CONFIG_BYTES = 1 << 20
};

/* What is not there is not opened, nor is a socket: git has one there itself. */
static bool is_plain_at(int folder, const char *name)
{
    struct stat about;
    return fstatat(folder, name, &about, 0) != 0 ||
           !(S_ISFIFO(about.st_mode) || S_ISCHR(about.st_mode) || S_ISBLK(about.st_mode));
}

/* --- folders --- */

typedef struct look {
    bool (*wants)(const char *name); /* NULL: all names */
    unsigned depth;                  /* so many folders below each other are looked into */
    bool is_plain_below;             /* what is said of those below */
} look;

static bool is_plain_folder(int parent, const char *name, const look *at);

static bool is_plain_entry(int folder, const char *name, const look *at)
{
    struct stat about;
    bool is_self = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    bool is_wanted = at->wants == NULL || at->wants(name);
    if (is_self || fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        return true;
    }
    if (!S_ISDIR(about.st_mode) || strcmp(name, ".git") == 0) {
        return !is_wanted || is_plain_at(folder, name);
    }
    const look below = {at->wants, at->depth - 1, at->is_plain_below};
    return at->depth == 0 ? at->is_plain_below : is_plain_folder(folder, name, &below);
}

/* What cannot be listed is not opened either. */
static bool is_plain_folder(int parent, const char *name, const look *at)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    bool is_plain = true;
    for (const struct dirent *entry; dir != NULL && is_plain && (entry = readdir(dir)) != NULL;) {
        is_plain = is_plain_entry(fd, entry->d_name, at);
    }
    if (dir != NULL) {
        closedir(dir);
    } else if (fd >= 0) {
        close(fd);
    }
    return is_plain;
}

static bool is_of_rules(const char *name)
{
    return strcmp(name, ".gitignore") == 0 || strcmp(name, ".gitattributes") == 0;
}

bool rs_git_has_plain_rules(const char *root)
{
    return is_plain_folder(AT_FDCWD, root, &(look){is_of_rules, MAX_DEPTH, false});
}

/* --- files --- */

/* All of a file, up to a limit; false where that is not there, or is no file. */
static bool read_text(const char *path, rs_buf *text)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool is_file = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    char block[4096];
    ssize_t n = 1;
    rs_buf_reset(text);
    while (is_file && n > 0 && text->n_bytes < MAX_CONFIG_BYTES) {
        n = read(fd, block, sizeof block);
        rs_buf_append(text, block, n > 0 ? (size_t)n : 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    return is_file && !text->failed;
}

/* Where a text of a file in the folder leads; nobody's home is looked into, so ~ leads nowhere. */
static void add_path(const char *folder, rs_str text, rs_buf *path)
{
    rs_buf_reset(path);
    if (text.n_bytes > 0 && text.bytes[0] != '/') {
        rs_buf_addf(path, "%s/", folder);
    }
    rs_buf_add_str(path, text);
}

static rs_str trimmed(const char *from, const char *end)
{
    while (from < end && strchr(" \t\r\n\"", *from) != NULL) {
        from++;
    }
    while (end > from && strchr(" \t\r\n\"", end[-1]) != NULL) {
        end--;
    }
    return (rs_str){from, (size_t)(end - from)};
}

/* Where a value ends: at a comment, or with its line. */
static const char *end_of_value(const char *from, const char *end)
{
    bool is_quoted = false;
    for (; from < end && (is_quoted || (*from != '#' && *from != ';')); from++) {
        is_quoted = is_quoted != (*from == '"');
    }
    return from;
}

/* A value that goes on in the next line, or has quotes inside, would have to be read as git reads it. */
static bool is_as_written(rs_str value)
{
    return value.n_bytes == 0 || (memchr(value.bytes, '\\', value.n_bytes) == NULL &&
                                  memchr(value.bytes, '"', value.n_bytes) == NULL);
}

static bool is_plain_config(const char *path, unsigned depth);

/* A line of a configuration that names a file, and whether that is one. */
static bool is_plain_line(const char *line, const char *end, const char *path, unsigned depth)
{
    static const char *const keys[] = {"path", "excludesfile", "attributesfile"};
    const char *equals = memchr(line, '=', (size_t)(end - line));
    rs_buf folder = {0};
    rs_buf named = {0};
    bool is_plain = true;
    if (equals == NULL) {
        return true;
    }
    const char *section = memchr(line, ']', (size_t)(equals - line)); /* [include] path = ... */
    rs_str key = trimmed(section != NULL ? section + 1 : line, equals);
    rs_str value = trimmed(equals + 1, end_of_value(equals + 1, end));
    const char *slash = strrchr(path, '/');
    rs_buf_append(&folder, path, slash != NULL ? (size_t)(slash - path) : 0);
    add_path(rs_buf_text(&folder), value, &named);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (key.n_bytes == strlen(keys[i]) && strncasecmp(key.bytes, keys[i], key.n_bytes) == 0) {
            is_plain = is_as_written(value) && is_plain_at(AT_FDCWD, rs_buf_text(&named)) &&
                       (i > 0 || is_plain_config(rs_buf_text(&named), depth - 1));
        }
    }
    is_plain = is_plain && !folder.failed && !named.failed;
    rs_buf_release(&folder);
    rs_buf_release(&named);
    return is_plain;
}

static bool is_plain_config(const char *path, unsigned depth)
{
    rs_buf text = {0};
    bool is_plain = depth > 0;
    if (is_plain && is_plain_at(AT_FDCWD, path) && read_text(path, &text)) {
        const char *end = text.bytes + text.n_bytes;
        is_plain = text.n_bytes < MAX_CONFIG_BYTES;
        for (const char *line = text.bytes; line < end && is_plain;) {
            const char *next = memchr(line, '\n', (size_t)(end - line));
            next = next != NULL ? next : end;
            is_plain = is_plain_line(line, next, path, depth);
            line = next + 1;
        }
    }
    rs_buf_release(&text);
    return is_plain;
}

/* --- git's folder --- */

/* The folder of a repository, or that of what its worktrees share. */
static bool is_plain_git_folder(const char *path)
{
    static const struct {
        const char *name;
        unsigned depth;
    } parts[] = {{"", 0}, {"/info", 0}, {"/refs", MAX_DEPTH}, {"/objects", 1}};
    static const char *const configs[] = {"/config", "/config.worktree"};
    rs_buf part = {0};
    bool is_plain = true;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && is_plain; i++) {
        rs_buf_reset(&part);
        rs_buf_addf(&part, "%s%s", path, parts[i].name);
        is_plain = is_plain_folder(AT_FDCWD, rs_buf_text(&part),
                                   &(look){NULL, parts[i].depth, parts[i].depth < MAX_DEPTH});
    }
    for (size_t i = 0; i < sizeof configs / sizeof configs[0] && is_plain; i++) {
        rs_buf_reset(&part);
        rs_buf_addf(&part, "%s%s", path, configs[i]);
        is_plain = is_plain_config(rs_buf_text(&part), MAX_INCLUDED);
    }
    is_plain = is_plain && !part.failed;
    rs_buf_release(&part);
    return is_plain;
}

/* What a file of git's says that leads elsewhere: ".git" and "commondir" of a worktree. */
static bool follow(const char *folder, const char *name, const char *head, rs_buf *path)
{
    rs_buf file = {0};
    rs_buf text = {0};
    size_t n_head = strlen(head);
    rs_buf_addf(&file, "%s/%s", folder, name);
    bool leads = read_text(rs_buf_text(&file), &text) && text.n_bytes > n_head &&
                 memcmp(text.bytes, head, n_head) == 0;
    if (leads) {
        add_path(folder, trimmed(text.bytes + n_head, text.bytes + text.n_bytes), path);
    }
    rs_buf_release(&file);
    rs_buf_release(&text);
    return leads && !path->failed;
}

/* ".git" is at folder: all that it leads to. */
static bool is_plain_repository(const char *folder)
{
    rs_buf own = {0};
    rs_buf shared = {0};
    rs_buf_addf(&own, "%s/.git", folder);
    (void)follow(folder, ".git", "gitdir:", &own);
    bool is_plain =
        is_plain_at(AT_FDCWD, rs_buf_text(&own)) && is_plain_git_folder(rs_buf_text(&own));
    if (is_plain && follow(rs_buf_text(&own), "commondir", "", &shared)) {
        is_plain = is_plain_git_folder(rs_buf_text(&shared));
    }
    rs_buf_release(&own);
    rs_buf_release(&shared);
    return is_plain;
}

bool rs_git_is_plain(const char *path)
{
    char *folder = realpath(path, NULL);
    bool is_plain = true;
    bool goes_up = folder != NULL;
    while (goes_up) {
        rs_buf git = {0};
        struct stat about;
        rs_buf_addf(&git, "%s/.git", folder);
        bool is_found = lstat(rs_buf_text(&git), &about) == 0;
        rs_buf_release(&git);
        is_plain = !is_found || is_plain_repository(folder);
        char *slash = strrchr(folder, '/');
        goes_up = !is_found && slash != NULL;
        if (slash != NULL) {
            *slash = '\0';
        }
    }
    rs_free_foreign(folder);
    return is_plain;
}
