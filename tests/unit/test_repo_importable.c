/* SPDX-License-Identifier: Apache-2.0 */
#include "repo/importable.h"

#include "unit/unit.h"

static void names_are_judged_as_import_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool holds;
    } cases[] = {
        {"a", true},
        {"_", true},
        {"a1", true},
        {"", false},
        {"1a", false},
        {"a-b", false},
        {"a b", false},
        {"None", false},
        {"async", false},
        {"type", true},
        {"case", true},
        {"print", true},
        {"\xe5\x87\xbd\xe6\x95\xb0", true}, /* letters */
        {"e\xcc\x81", false},               /* not composed */
        {"\xef\xac\x81", false},            /* the ligature fi: import looks for fi */
        {"a\xe2\x80\x8b", false},           /* a zero-width space */
        {"\xff", false},                    /* no UTF-8 */
        {"\xf0\xa0\x80\x8b", true},         /* beyond the basic plane */
        {"\xc2\xb7x", false},               /* may not start a name */
        {"x\xc2\xb7", true},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        UNIT_CHECK(rs_name_is_importable(rs_str_of(cases[i].name)) == cases[i].holds, "%s",
                   cases[i].name);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_are_judged_as_import_does),
};

UNIT_TESTS(repo_importable, tests)
