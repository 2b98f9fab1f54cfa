/* SPDX-License-Identifier: Apache-2.0 */
/* Which locks are those of a run that is being made. */
#include "bundle/draft_lock.h"
#include "bundle/writer.h"

#include "base/str.h"
#include "unit/directory.h"

static const struct {
    const char *lock;
    const char *run;
    bool is_of_run;
} locks[] = {
    {".lock-a-1", "a", true},       {".lock-a-1234567", "a", true}, {".lock-a.2-17", "a", true},
    {".lock-a.20-7", "a", true},    {".lock-ab-17", "a", false},    {".lock-a-17", "ab", false},
    {".lock-a-", "a", false},       {".lock-a", "a", false},        {".lock-a-17x", "a", false},
    {".lock-a-x17", "a", false},    {".lock-a.x-17", "a", false},   {".lock-a.2", "a", false},
    {".lock-a.2.3-17", "a", false}, {".lock-b-17", "a", false},     {"lock-a-17", "a", false},
    {".lock-a-b-17", "a-b", true},  {".lock-a-b-17", "a", false},   {".lock-a.2-17", "a.2", true},
};

static void locks_are_those_of_a_run(void **state)
{
    (void)state;
    char folder[64];
    char path[128];
    unit_make_directory(folder, sizeof folder, "drafts");
    for (size_t i = 0; i < UNIT_COUNT(locks); i++) {
        int fd = -1;
        bool is_taken = false;
        snprintf(path, sizeof path, "%s/%s", folder, locks[i].lock);
        assert_int_equal(rs_draft_lock_take(path, &fd, &is_taken, NULL), RS_OK);
        assert_true(is_taken);
        UNIT_CHECK(rs_bundle_is_being_made(folder, locks[i].run) == locks[i].is_of_run,
                   "%s is %sof run %s", locks[i].lock, locks[i].is_of_run ? "not " : "",
                   locks[i].run);
        rs_draft_lock_drop(path, fd);
        UNIT_CHECK(!rs_bundle_is_being_made(folder, locks[i].run), "%s is held still",
                   locks[i].lock);
        UNIT_CHECK(access(path, F_OK) != 0, "%s is left", locks[i].lock);
    }
    assert_int_equal(rmdir(folder), 0);
    assert_false(rs_bundle_is_being_made(folder, "a"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(locks_are_those_of_a_run),
};

UNIT_TESTS(drafts, tests)
