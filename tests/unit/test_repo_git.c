/* SPDX-License-Identifier: Apache-2.0 */
/* What git would open is looked at first: nobody waits for a pipe that a stranger put there. */
#include "repo/git.h"
#include "repo/git_plain.h"

#include <sys/stat.h>

#include "base/str.h"
#include "unit/directory.h"

static char folder[64];

static const char *in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(in(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A repository without a commit, a worktree beside it, and a pipe that is in nobody's way. */
static void make_repository(void)
{
    static const char *const folders[] = {
        "tree",         "tree/.git",      "tree/.git/objects",    "tree/.git/objects/info",
        "tree/sub",     "tree/.git/refs", "tree/.git/refs/heads", "tree/.git/objects/ab",
        "beside",       "tree/.git/info", "tree/.git/worktrees",  "tree/.git/worktrees/w",
        "tree/sub/deep"};
    unit_make_directory(folder, sizeof folder, "git");
    for (size_t i = 0; i < UNIT_COUNT(folders); i++) {
        assert_int_equal(mkdir(in(folders[i]), 0700), 0);
    }
    char text[256];
    put("tree/.git/HEAD", "ref: refs/heads/main\n");
    put("tree/.git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    put("tree/.git/worktrees/w/HEAD", "ref: refs/heads/other\n");
    put("tree/.git/worktrees/w/commondir", "../..\n");
    snprintf(text, sizeof text, "%s/beside/.git\n", folder);
    put("tree/.git/worktrees/w/gitdir", text);
    snprintf(text, sizeof text, "gitdir: %s/tree/.git/worktrees/w\n", folder);
    put("beside/.git", text);
    put("other", "[core]\n");
    assert_int_equal(mkfifo(in("pipe"), 0600), 0);
    assert_int_equal(mkfifo(in("tree/sub/a.py"), 0600), 0);
}

static int remove_repository(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static bool is_open(const char *name)
{
    rs_git *git = NULL;
    assert_int_equal(rs_git_open(in(name), &git, NULL), RS_OK);
    bool opens = git != NULL;
    rs_git_close(git);
    return opens;
}

static const struct {
    const char *pipe;
    bool tree;   /* the repository is plain all the same */
    bool beside; /* and seen from the worktree */
    bool rules;
} pipes[] = {
    {"tree/.git/index", false, false, true},
    {"tree/.git/packed-refs", false, false, true},
    {"tree/.git/commondir", false, false, true},
    {"tree/.git/info/exclude", false, false, true},
    {"tree/.git/refs/heads/main", false, false, true},
    {"tree/.git/objects/info/alternates", false, false, true},
    {"tree/.git/objects/ab/cdef", false, false, true},
    {"tree/.git/config.worktree", false, false, true},
    {"tree/.git/worktrees/w/index", true, false, true},
    {"tree/.gitignore", true, true, false},
    {"tree/sub/deep/.gitignore", true, true, false},
    {"tree/sub/.gitattributes", true, true, false},
    {"tree/sub/gitignore", true, true, true},
};

static void no_pipe_is_opened(void **state)
{
    (void)state;
    assert_true(is_open("tree") && is_open("beside") && is_open("tree/sub/deep"));
    assert_true(rs_git_has_plain_rules(in("tree")));
    for (size_t i = 0; i < UNIT_COUNT(pipes); i++) {
        assert_int_equal(mkfifo(in(pipes[i].pipe), 0600), 0);
        UNIT_CHECK(is_open("tree/sub") == pipes[i].tree, "%s", pipes[i].pipe);
        UNIT_CHECK(is_open("beside") == pipes[i].beside, "%s, seen from beside", pipes[i].pipe);
        UNIT_CHECK(rs_git_has_plain_rules(in("tree")) == pipes[i].rules, "%s", pipes[i].pipe);
        assert_int_equal(unlink(in(pipes[i].pipe)), 0);
    }
    assert_int_equal(symlink("../../pipe", in("tree/sub/.gitignore")), 0);
    assert_false(rs_git_has_plain_rules(in("tree")));
    assert_int_equal(unlink(in("tree/sub/.gitignore")), 0);
}

static const struct {
    const char *text;
    bool is_plain;
} configs[] = {
    {"[include]\npath = ../../pipe\n", false},
    {"[include] path = ../../pipe # why\n", false},
    {"[Include]\n\tPATH=\"../../pipe\"\n", false},
    {"[includeIf \"gitdir:x\"]\npath = ../../pipe\n", false},
    {"[include]\npath = ../../pi\\\npe\n", false},
    {"[core]\nexcludesFile = ../../pipe\n", false},
    {"[core]\nattributesfile = ../../pipe ; why", false},
    {"[include]\npath = ../../other\n", true},
    {"[include]\npath = ../../nothing\n", true},
    {"[include]\npath = config\n", false}, /* itself, again and again */
    {"[include]\npath = ../../named\n", false},
    {"[remote \"o\"]\nurl = ../../pipe\n", true},
    {"# path = ../../pipe\n", true},
    {"", true},
};

static void what_a_configuration_names_is_looked_at(void **state)
{
    (void)state;
    char text[256];
    put("named", "[include]\npath = pipe\n");
    for (size_t i = 0; i < UNIT_COUNT(configs); i++) {
        snprintf(text, sizeof text, "[core]\nbare = false\n%s", configs[i].text);
        put("tree/.git/config", text);
        UNIT_CHECK(rs_git_is_plain(in("tree/sub")) == configs[i].is_plain, "%s", configs[i].text);
        UNIT_CHECK(rs_git_is_plain(in("beside")) == configs[i].is_plain, "%s", configs[i].text);
    }
    assert_int_equal(unlink(in("tree/.git/config")), 0);
    assert_int_equal(mkfifo(in("tree/.git/config"), 0600), 0);
    assert_false(is_open("tree"));
    assert_true(rs_git_is_plain("/nowhere"));
}

static int set_up(void **state)
{
    (void)state;
    make_repository();
    return 0;
}

#define WITH_REPOSITORY(test) cmocka_unit_test_setup_teardown(test, set_up, remove_repository)

static const struct CMUnitTest tests[] = {
    WITH_REPOSITORY(no_pipe_is_opened),
    WITH_REPOSITORY(what_a_configuration_names_is_looked_at),
};

UNIT_TESTS(repo_git, tests)
