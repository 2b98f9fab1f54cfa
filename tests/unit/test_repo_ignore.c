/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/ignore.h"

#include <time.h>

#include "unit/unit.h"

typedef struct match_case {
    const char *label;
    const char *text; /* of the .gitignore */
    const char *path; /* a closing slash makes it a directory */
    rs_ignore_verdict verdict;
} match_case;

#define NO RS_IGNORE_UNDECIDED
#define EXCLUDED RS_IGNORE_EXCLUDED
#define INCLUDED RS_IGNORE_INCLUDED

/* Each verdict is that of git check-ignore. */
static const match_case match_cases[] = {
    {"no pattern", "", "a", NO},
    {"a name anywhere", "a.py", "x/y/a.py", EXCLUDED},
    {"another name", "a.py", "x/ba.py", NO},
    {"a comment", "#a", "#a", NO},
    {"an escaped number sign", "\\#a", "#a", EXCLUDED},
    {"an escaped exclamation mark", "\\!a", "!a", EXCLUDED},
    {"the last match counts", "*.py\n!a.py", "a.py", INCLUDED},
    {"the last match counts again", "!a.py\n*.py", "a.py", EXCLUDED},
    {"blanks at the end go", "a  ", "a", EXCLUDED},
    {"an escaped blank stays", "a\\ ", "a ", EXCLUDED},
    {"blanks inside stay", "a b", "a b", EXCLUDED},
    {"a tab at the end stays", "a\t", "a", NO},
    {"crlf", "a\r\nb\r\n", "a", EXCLUDED},
    {"a byte order mark", "\xef\xbb\xbf*.py", "a.py", EXCLUDED},
    {"a closing slash wants a directory", "a/", "a", NO},
    {"a closing slash and a directory", "a/", "x/a/", EXCLUDED},
    {"a slash at the front anchors", "/a", "x/a", NO},
    {"a slash at the front", "/a", "a", EXCLUDED},
    {"a slash inside anchors", "x/a", "y/x/a", NO},
    {"a slash inside", "x/a", "x/a", EXCLUDED},
    {"two slashes match nothing", "x//a", "x/a", NO},
    {"a slash alone", "/", "a", NO},
    {"a star stays in its part", "/x/*", "x/a/b", NO},
    {"a star", "/x/*", "x/a", EXCLUDED},
    {"stars go back", "a*b*c", "abcbxc", EXCLUDED},
    {"stars fail", "a*b*c", "abcbx", NO},
    {"a suffix", "*.egg-info", "x/y.egg-info/", EXCLUDED},
    {"a question mark is one byte", "a?c", "abc", EXCLUDED},
    {"a question mark is no slash", "x/a?c", "x/a/c", NO},
    {"leading stars are any number of parts", "**/a", "a", EXCLUDED},
    {"leading stars over two parts", "**/a", "x/y/a", EXCLUDED},
    {"stars in the middle for none", "a/**/b", "a/b", EXCLUDED},
    {"stars in the middle for two", "a/**/b", "a/x/y/b", EXCLUDED},
    {"stars in the middle keep parts whole", "a/**/b", "a/xb", NO},
    {"closing stars are what lies below", "a/**", "a/x/y", EXCLUDED},
    {"closing stars are not the directory", "a/**", "a/", NO},
    {"stars without slashes are one", "a**b", "axxb", EXCLUDED},
    {"stars behind a name start anew", "x/a**/b", "x/ay/b", EXCLUDED},
    {"two runs of stars", "**/a/**/b", "x/a/y/a/z/b", EXCLUDED},
    {"a set", "[abc].py", "b.py", EXCLUDED},
    {"a negated set", "[!abc].py", "b.py", NO},
    {"a caret negates too", "[^abc].py", "d.py", EXCLUDED},
    {"a range", "*.py[co]", "a.pyc", EXCLUDED},
    {"a range with letters", "[a-c]x", "bx", EXCLUDED},
    {"a range backwards is empty", "[c-a]x", "bx", NO},
    {"a closing hyphen is itself", "[a-]x", "-x", EXCLUDED},
    {"a bracket first is itself", "[]a]x", "]x", EXCLUDED},
    {"an escape in a set", "[\\]]x", "]x", EXCLUDED},
    {"a class", "[[:digit:]]x", "7x", EXCLUDED},
    {"a class and more", "[[:alpha:]_]x", "_x", EXCLUDED},
    {"an unknown class matches nothing", "[[:foo:]]x", "fx", NO},
    {"an open set matches nothing", "[ab", "[ab", NO},
    {"a set holds no slash", "x[/]a", "x/a", NO},
    {"an escaped star", "\\*", "*", EXCLUDED},
    {"an escaped star is no star", "\\*", "a", NO},
    {"a closing backslash matches nothing", "a\\", "a\\", NO},
    {"bytes that are no UTF-8", "\xff*", "\xff\xfe", EXCLUDED},
};

static void verdicts_are_git_s(void **state)
{
    (void)state;
    rs_ignore_list list = {0};
    rs_error err = {0};
    for (size_t i = 0; i < UNIT_COUNT(match_cases); i++) {
        const match_case *c = &match_cases[i];
        rs_ignore_list_reset(&list);
        assert_int_equal(rs_ignore_add_text(&list, rs_str_of(c->text), &err), RS_OK);
        rs_str path = rs_str_of(c->path);
        bool is_directory = path.bytes[path.n_bytes - 1] == '/';
        path.n_bytes -= is_directory;
        rs_ignore_verdict verdict = rs_ignore_match(&list, path, is_directory);
        UNIT_CHECK(verdict == c->verdict, "%s: verdict %d", c->label, (int)verdict);
    }
    rs_ignore_list_release(&list);
}

static void a_line_of_the_command_is_taken_as_it_is(void **state)
{
    (void)state;
    rs_ignore_list list = {0};
    assert_int_equal(rs_ignore_add_line(&list, RS_STR_LITERAL("#a "), NULL), RS_OK);
    assert_int_equal(rs_ignore_match(&list, RS_STR_LITERAL("#a "), false), RS_IGNORE_EXCLUDED);
    assert_int_equal(rs_ignore_match(&list, RS_STR_LITERAL("#a"), false), RS_IGNORE_UNDECIDED);
    rs_ignore_list_release(&list);
}

/* What makes a backtracking matcher take years; the test's time limit is the check. */
static void stars_cost_no_more_than_pattern_times_path(void **state)
{
    (void)state;
    enum { N_STARS = 300, N_PARTS = 1000 };
    static char text[8 * N_STARS + 8];
    static char path[2 * N_PARTS + 1];
    for (size_t i = 0; i < N_STARS; i++) {
        memcpy(text + 5 * i, "**/a/", 5);
    }
    memcpy(text + (size_t)5 * N_STARS, "b", 2);
    for (size_t i = 0; i < N_PARTS; i++) {
        memcpy(path + 2 * i, "a/", 2);
    }
    rs_ignore_list list = {0};
    assert_int_equal(rs_ignore_add_text(&list, rs_str_of(text), NULL), RS_OK);
    assert_int_equal(rs_ignore_match(&list, (rs_str){path, 2 * N_PARTS - 1}, false),
                     RS_IGNORE_UNDECIDED);
    for (size_t i = 0; i < N_STARS; i++) {
        memcpy(text + 2 * i, "*a", 2);
    }
    memcpy(text + (size_t)2 * N_STARS, "b", 2);
    memset(path, 'a', sizeof path);
    rs_ignore_list_reset(&list);
    assert_int_equal(rs_ignore_add_text(&list, rs_str_of(text), NULL), RS_OK);
    assert_int_equal(rs_ignore_match(&list, (rs_str){path, sizeof path}, false),
                     RS_IGNORE_UNDECIDED);
    rs_ignore_list_release(&list);
}

/* Anything that may be said at length, before and behind a star. */
static const char *const pieces[] = {"[:", "[[:",  "[a-", "[!",  "\\a", "?a", "*a", "**/a/",
                                     "[]", "[.a.", "[:a", "a-b", "[=",  "]",  "*",  "[[:alpha:]]"};

/* The time of a match, in seconds. */
static double cost_of(const char *text, rs_str path)
{
    rs_ignore_list list = {0};
    assert_int_equal(rs_ignore_add_line(&list, rs_str_of(text), NULL), RS_OK);
    clock_t start = clock();
    (void)rs_ignore_match(&list, path, false);
    double cost = (double)(clock() - start) / CLOCKS_PER_SEC;
    rs_ignore_list_release(&list);
    return cost;
}

static void no_pattern_costs_much_more_than_another(void **state)
{
    (void)state;
    enum { N_BYTES = RS_IGNORE_MAX_PATTERN_BYTES, MAX_TRIES = 5 };
    static char path[N_BYTES];
    static char text[N_BYTES + 1];
    memset(path, 'a', sizeof path);
    memset(text, 'b', N_BYTES);
    memcpy(text, "*[", 2); /* a set that is read once for every byte of the path */
    text[N_BYTES - 1] = ']';
    double plain = cost_of(text, (rs_str){path, N_BYTES});
    for (size_t i = 0; i < UNIT_COUNT(pieces); i++) {
        for (size_t at = 2; at < N_BYTES; at++) {
            text[at] = pieces[i][(at - 2) % strlen(pieces[i])];
        }
        text[N_BYTES - 1] = ']';
        double cost = cost_of(text, (rs_str){path, N_BYTES});
        for (int tries = 0; tries < MAX_TRIES && cost >= 4 * plain + 0.05; tries++) {
            cost = cost_of(text, (rs_str){path, N_BYTES}); /* a busy machine is slow now and then */
        }
        UNIT_CHECK(cost < 4 * plain + 0.05, "*[ and %s: %.2f s, not %.2f", pieces[i], cost, plain);
    }
}

static void a_list_can_be_stopped(void **state)
{
    (void)state;
    atomic_bool stop = false;
    rs_ignore_list list = {.stop = &stop};
    assert_int_equal(rs_ignore_add_line(&list, RS_STR_LITERAL("a"), NULL), RS_OK);
    assert_int_equal(rs_ignore_match(&list, RS_STR_LITERAL("a"), false), RS_IGNORE_EXCLUDED);
    atomic_store(&stop, true);
    assert_int_equal(rs_ignore_match(&list, RS_STR_LITERAL("a"), false), RS_IGNORE_UNDECIDED);
    rs_ignore_list_release(&list);
}

static rs_status add(void *context)
{
    rs_ignore_list list = {0};
    rs_error err = {0};
    rs_status status = rs_ignore_add_text(&list, rs_str_of(context), &err);
    rs_ignore_list_release(&list);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    char text[] = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\n";
    UNIT_SWEEP(add, text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(verdicts_are_git_s),
    cmocka_unit_test(a_line_of_the_command_is_taken_as_it_is),
    cmocka_unit_test(stars_cost_no_more_than_pattern_times_path),
    cmocka_unit_test(no_pattern_costs_much_more_than_another),
    cmocka_unit_test(a_list_can_be_stopped),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(repo_ignore, tests)
