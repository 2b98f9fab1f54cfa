/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repo/source.h"
#include "unit/directory.h"
#include "unit/unit.h"

/* A tree in a directory of its own; what is made in it is named relative to it. */
typedef struct tree {
    char path[64];
    int fd;
} tree;

static void tree_init(tree *t)
{
    unit_make_directory(t->path, sizeof t->path, "walk");
    t->fd = open(t->path, O_RDONLY | O_DIRECTORY);
    assert_true(t->fd >= 0);
}

static void make_dir(const tree *t, const char *path)
{
    assert_true(mkdirat(t->fd, path, 0755) == 0 || errno == EEXIST);
}

static void make_file(const tree *t, const char *path, const char *text)
{
    char dir[256];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
        make_dir(t, dir);
    }
    int fd = openat(t->fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
}

static void make_link(const tree *t, const char *target, const char *path)
{
    assert_int_equal(symlinkat(target, t->fd, path), 0);
}

static const char *next_name(DIR *stream)
{
    const struct dirent *entry;
    while ((entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            return entry->d_name;
        }
    }
    return NULL;
}

static DIR *open_stream(int fd, const char *name)
{
    int own_fd = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    return own_fd < 0 ? NULL : fdopendir(own_fd);
}

/* What lies in a directory of the tree moves up beside it, so that depth does not matter. */
static void lift(const tree *t, const char *dir)
{
    static unsigned n_lifted;
    DIR *stream = open_stream(t->fd, dir);
    const char *name;
    while (stream != NULL && (name = next_name(stream)) != NULL) {
        char lifted[32];
        (void)snprintf(lifted, sizeof lifted, "lifted-%u", n_lifted++);
        (void)renameat(dirfd(stream), name, t->fd, lifted);
    }
    if (stream != NULL) {
        (void)closedir(stream);
    }
}

static void tree_release(tree *t)
{
    for (bool is_empty = false; !is_empty;) {
        is_empty = true;
        DIR *stream = open_stream(t->fd, ".");
        const char *name;
        while (stream != NULL && (name = next_name(stream)) != NULL) {
            is_empty = false;
            if (unlinkat(t->fd, name, 0) != 0 && unlinkat(t->fd, name, AT_REMOVEDIR) != 0) {
                lift(t, name);
            }
        }
        if (stream != NULL) {
            (void)closedir(stream);
        }
    }
    (void)close(t->fd);
    (void)rmdir(t->path);
}

static void walk(const tree *t, const rs_walk_options *options, rs_repo *repo)
{
    rs_error err = {0};
    rs_status status = rs_repo_walk(t->path, options, repo, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
}

/* The display paths, a blank behind each. */
static void check_files(const rs_repo *repo, const char *label, const char *want)
{
    rs_buf text = {0};
    for (size_t i = 0; i < repo->files.n_items; i++) {
        rs_buf_add_str(&text, repo->files.items[i].display_path);
        rs_buf_add_char(&text, ' ');
    }
    UNIT_CHECK(strcmp(rs_buf_text(&text), want) == 0, "%s: %s", label, rs_buf_text(&text));
    rs_buf_release(&text);
}

static void check_findings(const rs_repo *repo, const char *label, const char *want)
{
    rs_buf text = {0};
    for (size_t i = 0; i < repo->findings.n_items; i++) {
        const rs_repo_finding *finding = &repo->findings.items[i];
        rs_buf_addf(&text, "%s %s: %s\n", rs_diagnostic_get(finding->code)->code,
                    finding->display_path.bytes, finding->message.bytes);
    }
    UNIT_CHECK(strcmp(rs_buf_text(&text), want) == 0, "%s:\n%s", label, rs_buf_text(&text));
    rs_buf_release(&text);
}

static void files_come_in_order_of_their_bytes(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    static const char *const paths[] = {"a/b.py",     "a-b/c.py",  "a0.py",   "Z.py",
                                        "a/a/x.pyi",  "a/gui.pyw", "UP.PY",   "notes.txt",
                                        "py",         "x.pyc",     "\xff.py", "\\xff.py",
                                        "data.ipynb", "a/.py.py",  ".h.py"};
    for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
        make_file(&t, paths[i], "x = 1\n");
    }
    make_file(&t, "tool", "#!/usr/bin/env python3\n");
    make_file(&t, "tool.sh", "#!/usr/bin/env python3\n");
    make_file(&t, "shell", "#!/bin/sh\n# python\n");
    rs_repo repo;
    walk(&t, NULL, &repo);
    check_files(&repo, "names",
                ".h.py UP.PY Z.py \\x5cxff.py a-b/c.py a/.py.py a/a/x.pyi a/b.py a/gui.pyw a0.py "
                "tool \\xff.py ");
    check_findings(&repo, "names", "");
    for (size_t i = 0; i < repo.files.n_items; i++) {
        rs_str path = repo.files.items[i].path;
        assert_int_equal(repo.files.items[i].file_id, rs_file_id((rs_str){0}, path));
    }
    rs_repo_release(&repo);
    tree_release(&t);
}

static void links_are_listed_and_never_followed(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "a.py", "x = 1\n");
    make_link(&t, "a.py", "alias.py");
    make_link(&t, "/etc", "etc");
    make_link(&t, ".", "self");
    make_link(&t, "nowhere", "gone.py");
    make_link(&t, "loop", "loop");
    assert_int_equal(mkfifoat(t.fd, "pipe.py", 0644), 0);
    assert_int_equal(mkfifoat(t.fd, "pipe", 0644), 0);
    make_file(&t, "dir.py/in.py", "");
    rs_repo repo;
    walk(&t, NULL, &repo);
    check_files(&repo, "links", "a.py dir.py/in.py pipe.py ");
    check_findings(&repo, "links",
                   "link_skipped alias.py: a symbolic link to a.py\n"
                   "link_skipped etc: a symbolic link to /etc\n"
                   "link_skipped gone.py: a symbolic link to nowhere\n"
                   "link_skipped loop: a symbolic link to loop\n"
                   "file_not_regular pipe.py: a named pipe\n"
                   "link_skipped self: a symbolic link to .\n");
    assert_int_equal(repo.files.items[2].status, RS_W_parse_status_skipped);
    rs_repo_release(&repo);
    tree_release(&t);
}

static void what_changes_behind_the_walk_is_not_followed(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "d/a.py", "a = 1\n");
    make_file(&t, "gone.py", "");
    make_file(&t, "grown.py", "x");
    make_file(&t, "pipe.py", "");
    make_file(&t, "swap.py", "");
    rs_walk_options options = {.max_file_bytes = 4};
    make_file(&t, "large.py", "12345");
    rs_repo repo;
    walk(&t, &options, &repo);
    check_findings(&repo, "large",
                   "file_too_large d/a.py: 6 bytes are over the limit of 4 bytes\n"
                   "file_too_large large.py: 5 bytes are over the limit of 4 bytes\n");
    repo.files.items[0].status = RS_W_parse_status_ok; /* as if it had been small */
    assert_int_equal(unlinkat(t.fd, "d/a.py", 0), 0);
    assert_int_equal(unlinkat(t.fd, "d", AT_REMOVEDIR), 0);
    make_link(&t, "/etc", "d");
    assert_int_equal(unlinkat(t.fd, "gone.py", 0), 0);
    make_file(&t, "grown.py", "12345");
    assert_int_equal(unlinkat(t.fd, "pipe.py", 0), 0);
    assert_int_equal(mkfifoat(t.fd, "pipe.py", 0644), 0);
    assert_int_equal(unlinkat(t.fd, "swap.py", 0), 0);
    make_link(&t, "/etc/passwd", "swap.py");

    static const rs_w_parse_status statuses[] = {
        RS_W_parse_status_unreadable, RS_W_parse_status_unreadable, RS_W_parse_status_skipped,
        RS_W_parse_status_skipped,    RS_W_parse_status_skipped,    RS_W_parse_status_unreadable};
    rs_source source = {0};
    assert_int_equal(repo.files.n_items, UNIT_COUNT(statuses));
    for (size_t i = 0; i < repo.files.n_items; i++) {
        const rs_repo_file *file = &repo.files.items[i];
        assert_int_equal(rs_source_read(&source, &repo, file, NULL), RS_OK);
        UNIT_CHECK(source.status == statuses[i], "%s: status %d", file->path.bytes,
                   (int)source.status);
        UNIT_CHECK(source.n_raw == 0 && source.sha256[0] == '\0', "%s was read", file->path.bytes);
        UNIT_CHECK(source.n_findings == (file->status == RS_W_parse_status_ok), "%s: %zu findings",
                   file->path.bytes, source.n_findings);
    }
    rs_source_release(&source);
    rs_repo_release(&repo);
    tree_release(&t);
}

static void sources_are_read(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "a/b/one.py", "x = 1\n");
    make_file(&t, "a/two.py", "# coding: latin-1\n\xe9\n");
    make_file(&t, "three.py", "");
    rs_repo repo;
    walk(&t, NULL, &repo);
    rs_source source = {0};
    static const char *const texts[] = {"x = 1\n", "", "# coding: latin-1\n\xc3\xa9\n"};
    check_files(&repo, "order", "a/b/one.py a/two.py three.py ");
    for (size_t i = 0; i < repo.files.n_items; i++) {
        const char *want = texts[i == 0 ? 0 : 3 - i];
        assert_int_equal(rs_source_read(&source, &repo, &repo.files.items[i], NULL), RS_OK);
        assert_string_equal(source.text, want);
        assert_int_equal(source.n_raw, repo.files.items[i].size_bytes);
    }
    rs_source_release(&source);
    rs_repo_release(&repo);
    tree_release(&t);
}

static void things_are_left_out(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    static const char *const paths[] = {
        ".git/hooks/x.py", "node_modules/x.py", "env/lib/x.py", "pkg.egg-info/x.py",
        "build/gen.py",    "build/keep.py",     "src/a.py",     "src/a_pb2.py",
        "src/sub/b.py",    "src/sub/c.py",      "doc/conf.py",  "site-packages/s.py"};
    for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
        make_file(&t, paths[i], "");
    }
    make_file(&t, "env/pyvenv.cfg", "");
    make_file(&t, ".gitignore", "/build/*\n!/build/keep.py\n*_pb2.py\n");
    make_file(&t, "src/sub/.gitignore", "*\n!b.py\n");
    make_file(&t, ".git/info/exclude", "/doc/\n");
    make_file(&t, ".git/HEAD", "ref: refs/heads/main\n");
    make_file(&t, ".git/objects/none", "");
    make_file(&t, ".git/refs/none", "");
    rs_repo repo;
    walk(&t, NULL, &repo);
    check_files(&repo, "default", "build/keep.py site-packages/s.py src/a.py src/sub/b.py ");
    assert_int_equal(repo.n_left_out[RS_LEFT_OUT_BUILTIN], 3);
    assert_int_equal(repo.n_left_out[RS_LEFT_OUT_ENVIRONMENT], 1);
    assert_int_equal(repo.n_left_out[RS_LEFT_OUT_GITIGNORE], 4);
    assert_int_equal(repo.n_left_out[RS_LEFT_OUT_EXCLUDE], 0);
    rs_repo_release(&repo);

    rs_str exclude[] = {RS_STR_LITERAL("sub/"), RS_STR_LITERAL("/site-packages")};
    rs_walk_options options = {.exclude = exclude, .n_exclude = 2, .ignore_files_off = true};
    walk(&t, &options, &repo);
    check_files(&repo, "exclude", "build/gen.py build/keep.py doc/conf.py src/a.py src/a_pb2.py ");
    rs_repo_release(&repo);

    rs_str include[] = {RS_STR_LITERAL("/src"), RS_STR_LITERAL("conf.py"), RS_STR_LITERAL("!c.py")};
    options = (rs_walk_options){.include = include, .n_include = 3, .ignore_files_off = true};
    walk(&t, &options, &repo);
    check_files(&repo, "include", "doc/conf.py src/a.py src/a_pb2.py src/sub/b.py ");
    rs_repo_release(&repo);

    options = (rs_walk_options){.builtin_excludes_off = true, .ignore_files_off = true};
    walk(&t, &options, &repo);
    assert_int_equal(repo.files.n_items, UNIT_COUNT(paths));
    rs_repo_release(&repo);
    tree_release(&t);
}

static void check_told(const rs_repo *repo, const char *name, const char *want)
{
    rs_buf found = {0};
    for (size_t i = 0; i < repo->findings.n_items; i++) {
        rs_buf_add_str(&found, repo->findings.items[i].display_path);
        rs_buf_addf(&found, ":%s ", rs_diagnostic_get(repo->findings.items[i].code)->code);
    }
    if (strcmp(rs_buf_text(&found), want) != 0) {
        fail_msg("%s: found %s", name, rs_buf_text(&found));
    }
    rs_buf_release(&found);
}

/* Environments by what marks them, other repositories by their .git; submodules are the tree's own. */
static void what_is_not_the_tree_s_is_left_out(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    static const char *const paths[] = {"a.py",       "conda/lib/x.py", "clone/x.py", "work/x.py",
                                        "sub/x.py",   "kept/old.py",    "loose/x.py", "sep/x.py",
                                        "tox/x.py",   "deep/sub/x.py",  "venv/x.py",  ".tox/x.py",
                                        "pre/kept.py"};
    for (size_t i = 0; i < UNIT_COUNT(paths); i++) {
        make_file(&t, paths[i], "");
    }
    make_file(&t, "conda/conda-meta/history", "");
    make_file(&t, "venv/pyvenv.cfg", "");
    make_file(&t, "tox/conda-meta", "a file is no mark");
    make_file(&t, "clone/.git/HEAD", "ref: refs/heads/main\n");
    make_file(&t, "kept/.git/HEAD", "ref: refs/heads/main\n");
    make_file(&t, "loose/.git/other", "no repository");
    make_file(&t, "work/.git", "gitdir: /else/.git/worktrees/work\n");
    make_file(&t, "sub/.git", "gitdir: ../.git/modules/sub\n");
    make_file(&t, "deep/sub/.git", "gitdir: ../.git/modules/sub/worktrees/deep\n");
    make_file(&t, "sep/.git", "gitdir: /else/sep.git\n");
    make_file(&t, ".gitmodules", "[submodule \"k\"]\n\tpath = kept\n\turl = ../k\n");
    rs_repo repo;
    walk(&t, NULL, &repo);
    check_files(&repo, "default", "a.py kept/old.py loose/x.py pre/kept.py sub/x.py tox/x.py ");
    check_told(&repo, "default",
               ".tox:left_out_builtin clone:left_out_repository conda:left_out_environment "
               "deep/sub:left_out_repository sep:left_out_repository "
               "venv:left_out_environment work:left_out_repository ");
    assert_int_equal(repo.n_left_out[RS_LEFT_OUT_REPOSITORY], 4);
    rs_repo_release(&repo);
    rs_walk_options options = {.builtin_excludes_off = true};
    walk(&t, &options, &repo);
    assert_int_equal(repo.files.n_items, UNIT_COUNT(paths));
    assert_int_equal(repo.findings.n_items, 0);
    rs_repo_release(&repo);
    tree_release(&t);
}

static void an_include_that_matches_nothing_is_told(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "src/a.py", "");
    make_file(&t, "doc/b.txt", "");
    rs_str include[] = {RS_STR_LITERAL("src/"), RS_STR_LITERAL("*.py"), RS_STR_LITERAL("doc/"),
                        RS_STR_LITERAL("scr"), RS_STR_LITERAL("!c.py")};
    rs_walk_options options = {.include = include, .n_include = UNIT_COUNT(include)};
    rs_repo repo;
    walk(&t, &options, &repo);
    check_files(&repo, "include", "src/a.py ");
    check_told(&repo, "include", "doc/:include_unmatched scr:include_unmatched ");
    rs_repo_release(&repo);
    tree_release(&t);
}

static void paths_may_be_longer_than_the_system_s(void **state)
{
    (void)state;
    enum { N_LEVELS = RS_WALK_MAX_DEPTH + 1 };
    tree t;
    tree_init(&t);
    int fd = dup(t.fd);
    for (int i = 0; i < N_LEVELS; i++) {
        assert_int_equal(mkdirat(fd, "directory", 0755), 0);
        int next = openat(fd, "directory", O_RDONLY | O_DIRECTORY);
        assert_true(next >= 0);
        (void)close(fd);
        fd = next;
        if (i >= N_LEVELS - 2) {
            int file = openat(fd, "deep.py", O_WRONLY | O_CREAT, 0644);
            assert_int_equal(write(file, "x", 1), 1);
            (void)close(file);
        }
    }
    (void)close(fd);
    make_file(&t, "directory/beside.py", "");
    rs_repo repo;
    walk(&t, NULL, &repo);
    assert_int_equal(repo.files.n_items, 2);
    assert_int_equal(repo.findings.n_items, 1);
    assert_int_equal(repo.findings.items[0].code, RS_D_path_too_deep);
    rs_source source = {0};
    assert_int_equal(rs_source_read(&source, &repo, &repo.files.items[1], NULL), RS_OK);
    assert_int_equal(source.n_raw, 1);
    rs_source_release(&source);
    rs_repo_release(&repo);
    tree_release(&t);
}

static void what_may_not_be_read_is_a_finding(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("root may read everything\n");
        skip();
    }
    tree t;
    tree_init(&t);
    make_file(&t, "a.py", "x");
    make_file(&t, "d/b.py", "x");
    assert_int_equal(fchmodat(t.fd, "a.py", 0, 0), 0);
    assert_int_equal(fchmodat(t.fd, "d", 0, 0), 0);
    rs_repo repo;
    walk(&t, NULL, &repo);
    check_files(&repo, "unreadable", "a.py ");
    check_findings(&repo, "unreadable", "directory_unreadable d: open: Permission denied\n");
    rs_source source = {0};
    assert_int_equal(rs_source_read(&source, &repo, &repo.files.items[0], NULL), RS_OK);
    assert_int_equal(source.status, RS_W_parse_status_unreadable);
    assert_string_equal(source.findings[0].message, "open: Permission denied");
    rs_source_release(&source);
    rs_repo_release(&repo);
    assert_int_equal(fchmodat(t.fd, "d", 0700, 0), 0);
    tree_release(&t);
}

static void one_file_is_a_tree(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "a.py", "");
    make_file(&t, "notes.txt", "x = 1\n");
    make_link(&t, "a.py", "link.py");
    char path[128];
    rs_repo repo;
    rs_error err = {0};
    (void)snprintf(path, sizeof path, "%s/notes.txt", t.path);
    assert_int_equal(rs_repo_walk(path, NULL, &repo, &err), RS_OK);
    check_files(&repo, "one file", "notes.txt ");
    rs_source source = {0};
    assert_int_equal(rs_source_read(&source, &repo, &repo.files.items[0], NULL), RS_OK);
    assert_string_equal(source.text, "x = 1\n");
    rs_source_release(&source);
    rs_repo_release(&repo);

    (void)snprintf(path, sizeof path, "%s/link.py", t.path);
    UNIT_REFUSED(rs_repo_walk(path, NULL, &repo, &err), &err, RS_ERR_INVALID, "a symbolic link");
    rs_repo_release(&repo);
    (void)snprintf(path, sizeof path, "%s/a.py/", t.path);
    UNIT_REFUSED(rs_repo_walk(path, NULL, &repo, &err), &err, RS_ERR_INVALID, "Not a directory");
    rs_repo_release(&repo);
    UNIT_REFUSED(rs_repo_walk("/dev/null", NULL, &repo, &err), &err, RS_ERR_INVALID,
                 "open /dev/null: neither a directory nor a regular file");
    rs_repo_release(&repo);
    (void)snprintf(path, sizeof path, "%s/none", t.path);
    UNIT_REFUSED(rs_repo_walk(path, NULL, &repo, &err), &err, RS_ERR_INVALID,
                 "/none: No such file or directory");
    rs_repo_release(&repo);
    tree_release(&t);
}

static void paths_are_shown_one_to_one(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *display;
    } cases[] = {
        {"a", "a"},
        {"\xc3\xa9", "\xc3\xa9"},
        {"\xe9", "\\xe9"},
        {"\\xe9", "\\x5cxe9"},
        {"\\x5cxe9", "\\x5cx5cxe9"},
        {"\\xg", "\\xg"},
        {"\\xeg", "\\xeg"},
        {"\\xge", "\\xge"},
        {"\\xe", "\\xe"},
        {"\\ye9", "\\ye9"},
        {"a\\b", "a\\b"},
        {"\\\xe9", "\\\\xe9"},
        {"\xe4\xb8", "\\xe4\\xb8"},
        {"\xf0\x9f\x98\x80\xff", "\xf0\x9f\x98\x80\\xff"},
        {"\n", "\n"},
    };
    rs_arena arena = {0};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_str shown = rs_path_display(&arena, rs_str_of(cases[i].path));
        UNIT_CHECK(rs_str_equal(shown, rs_str_of(cases[i].display)), "case %zu: %s", i,
                   shown.bytes);
    }
    rs_arena_release(&arena);
}

static void a_walk_can_be_stopped(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "a.py", "");
    rs_repo repo;
    rs_error err = {0};
    const atomic_bool stop = true;
    const rs_walk_options options = {.stop = &stop};
    UNIT_REFUSED(rs_repo_walk(t.path, &options, &repo, &err), &err, RS_ERR_CANCELLED,
                 "interrupted");
    rs_repo_release(&repo);
    tree_release(&t);
}

static rs_status walk_and_read(void *context)
{
    const tree *t = context;
    rs_repo repo;
    rs_error err = {0};
    rs_source source = {0};
    rs_status status = rs_repo_walk(t->path, NULL, &repo, &err);
    for (size_t i = 0; status == RS_OK && i < repo.files.n_items; i++) {
        status = rs_source_read(&source, &repo, &repo.files.items[i], &err);
    }
    rs_source_release(&source);
    rs_repo_release(&repo);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    tree t;
    tree_init(&t);
    make_file(&t, "pkg/__init__.py", "");
    make_file(&t, "pkg/sub/\xe9.py", "# coding: latin-1\n\xe9\n");
    make_file(&t, ".gitignore", "x\ny/z*\n");
    make_file(&t, "setup.cfg", "");
    make_link(&t, "pkg", "link");
    UNIT_SWEEP(walk_and_read, &t);
    tree_release(&t);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(files_come_in_order_of_their_bytes),
    cmocka_unit_test(links_are_listed_and_never_followed),
    cmocka_unit_test(what_changes_behind_the_walk_is_not_followed),
    cmocka_unit_test(sources_are_read),
    cmocka_unit_test(things_are_left_out),
    cmocka_unit_test(what_is_not_the_tree_s_is_left_out),
    cmocka_unit_test(an_include_that_matches_nothing_is_told),
    cmocka_unit_test(paths_may_be_longer_than_the_system_s),
    cmocka_unit_test(what_may_not_be_read_is_a_finding),
    cmocka_unit_test(one_file_is_a_tree),
    cmocka_unit_test(paths_are_shown_one_to_one),
    cmocka_unit_test(a_walk_can_be_stopped),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(repo_walk, tests)
