/* SPDX-License-Identifier: Apache-2.0 */
/* unit.h - what every unit test includes, and nothing else of cmocka's.
 *
 * House rules:
 *  - One table of labelled cases a function; one test for each refused input;
 *    one sweep over failing allocations (UNIT_SWEEP).
 *  - cmocka 1.1.5 prints integers in hexadecimal and without a name, so a
 *    table test reports with UNIT_CHECK, which says which case it was.
 *  - The last line is UNIT_TESTS(NAME, tests). The files of a folder of src/ are
 *    one program, `build/dev/tests/unit_FOLDER [NAME [FILTER]]`: a file, and a
 *    filter of its tests ("*crlf*"). No file needs another one to have run. A
 *    block that a file's tests leave allocated fails the file.
 *  - Nothing in a test depends on the working directory, the time or a network.
 */
#ifndef RS_TESTS_UNIT_H
#define RS_TESTS_UNIT_H

/* cmocka.h wants these before it, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/error.h"

/* False in the quick round: one of each kind is enough there, the full one has them all. */
static inline bool unit_is_full(void)
{
    const char *round = getenv("RS_ROUND");
    return round == NULL || strcmp(round, "quick") != 0;
}

#define UNIT_COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Fails at file:line with the formatted message unless the condition holds. */
static inline void unit_check(bool condition, const char *file, int line, const char *format, ...)
    RS_PRINTF(4, 5);
static inline void unit_check(bool condition, const char *file, int line, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!condition) {
        print_error("%s\n", text);
        _fail(file, line);
    }
}

static inline void unit_refused(rs_status status, const rs_error *err, rs_status want_status,
                                const char *want_text, const char *file, int line)
{
    unit_check(status == want_status, file, line, "status is %d, not %d: %s", (int)status,
               (int)want_status, err->message);
    unit_check(err->status == want_status, file, line, "the error has status %d, not %d",
               (int)err->status, (int)want_status);
    unit_check(strstr(err->message, want_text) != NULL, file, line, "\"%s\" does not say \"%s\"",
               err->message, want_text);
}

/* With a message of ours: UNIT_CHECK(a == b, "%s: %d", label, a). The message is always computed. */
#define UNIT_CHECK(condition, ...) unit_check((condition), __FILE__, __LINE__, __VA_ARGS__)

/* The call refuses with this status, and its message holds this text. */
#define UNIT_REFUSED(call, err, want_status, want_text)                                            \
    unit_refused((call), (err), (want_status), (want_text), __FILE__, __LINE__)

/* One attempt with what limit() makes fail; true when nothing was left to fail. */
static inline bool unit_sweep_at(size_t n_allowed, void (*limit)(size_t n_more), const char *which,
                                 rs_status (*attempt)(void *context), void *context)
{
    size_t n_before = rs_alloc_live_blocks();
    limit(n_allowed);
    rs_status status = attempt(context);
    size_t n_refused = rs_alloc_refused();
    rs_alloc_fail_after(SIZE_MAX);
    size_t n_after = rs_alloc_live_blocks();
    UNIT_CHECK(n_after == n_before, "allocation %zu%s failing leaves %zd blocks", n_allowed, which,
               (ptrdiff_t)(n_after - n_before));
    if (n_refused == 0) {
        UNIT_CHECK(status == RS_OK, "nothing failed, and the status is %d", (int)status);
        return true;
    }
    UNIT_CHECK(status != RS_OK, "allocation %zu%s failing goes unnoticed", n_allowed, which);
    UNIT_CHECK(status == RS_ERR_NOMEM, "allocation %zu%s failing gives status %d", n_allowed, which,
               (int)status);
    return false;
}

/*
 * Call attempt(context) with the first, the second, ... allocation failing,
 * and those behind it, then with that one alone, until it has none left to
 * fail and returns RS_OK. Each failure must be RS_ERR_NOMEM and leave no block
 * behind; attempt releases what it made. RS_OK although one failed is a failure
 * that nobody looked at; that it was the only one shows who looks at another.
 */
static inline void unit_sweep(rs_status (*attempt)(void *context), void *context)
{
    enum { MOST_ALLOCATIONS = 100000 };
    for (size_t n_allowed = 0; n_allowed < MOST_ALLOCATIONS; n_allowed++) {
        bool is_last =
            unit_sweep_at(n_allowed, rs_alloc_fail_after, " and all behind it", attempt, context);
        if (unit_sweep_at(n_allowed, rs_alloc_fail_one, " alone", attempt, context) && is_last) {
            UNIT_CHECK(n_allowed > 0, "nothing was allocated: the sweep tests nothing");
            return;
        }
    }
    fail_msg("still out of memory after %d allocations", (int)MOST_ALLOCATIONS);
}
#define UNIT_SWEEP(attempt, context) unit_sweep((attempt), (context))

/* What a header of the tests keeps for the whole program is given back here. */
static void (*unit_at_end)(void);

/* What a file of tests is to main.c, which has one program a folder of src/. */
typedef int unit_run(void);

static inline int unit_run_group(const char *name, const struct CMUnitTest *tests, size_t n_tests,
                                 CMFixtureFunction set_up, CMFixtureFunction tear_down)
{
    size_t n_before = rs_alloc_live_blocks();
    int n_failed = _cmocka_run_group_tests(name, tests, n_tests, set_up, tear_down);
    if (unit_at_end != NULL) {
        unit_at_end();
    }
    size_t n_after = rs_alloc_live_blocks();
    if (n_failed == 0 && n_after != n_before) {
        (void)fprintf(stderr, "%s: %zd blocks were never freed\n", name,
                      (ptrdiff_t)(n_after - n_before));
        return 1;
    }
    return n_failed;
}

/* The last line of test_NAME.c: its table of tests, for main.c to find by the file's name. */
#define UNIT_TESTS(name, tests) UNIT_TESTS_OF(name, tests, NULL, NULL)
/* The same of tests over one thing that none of them changes, as a bundle: it is made once. */
#define UNIT_TESTS_OF(name, tests, set_up, tear_down)                                              \
    unit_run unit_##name;                                                                          \
    int unit_##name(void)                                                                          \
    {                                                                                              \
        return unit_run_group(#name, tests, UNIT_COUNT(tests), set_up, tear_down);                 \
    }

#endif
