/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/id_set.h"

#include "unit/unit.h"

/* Ids as they come: many files' first numbers, negative ones, and those around a page's end. */
static int64_t id_of(size_t i)
{
    static const int64_t few[] = {0, -1, 511, 512, INT64_MAX, INT64_MIN, -513};
    size_t n_few = sizeof few / sizeof few[0];
    return i < n_few ? few[i]
                     : (int64_t)((uint64_t)(1 + i / 700) * UINT64_C(0x9e3779b97f) << 24 | i);
}

enum { N_IDS = 100000 };

static uint8_t mark_of(size_t i)
{
    return (uint8_t)(1 + i % UINT8_MAX);
}

static void test_has_what_was_added(void **state)
{
    (void)state;
    rs_id_set set = {0};
    rs_id_cursor cursor = {0};
    bool is_new = false;
    assert_int_equal(rs_id_set_mark(&set, &cursor, 0), 0);
    for (size_t i = 0; i < N_IDS; i += 2) {
        assert_true(rs_id_set_add(&set, &cursor, id_of(i), mark_of(i), &is_new));
        assert_true(is_new);
    }
    for (size_t i = 0; i < N_IDS; i++) {
        if (rs_id_set_mark(&set, &cursor, id_of(i)) != (i % 2 == 0 ? mark_of(i) : 0)) {
            fail_msg("id %zu, %lld", i, (long long)id_of(i));
        }
    }
    assert_true(rs_id_set_add(&set, &cursor, id_of(0), 77, &is_new));
    assert_false(is_new);
    assert_int_equal(rs_id_set_mark(&set, &cursor, id_of(0)), mark_of(0));
    rs_id_set_release(&set);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    rs_id_set set = {0};
    rs_id_cursor cursor = {0};
    bool is_new = false;
    rs_alloc_fail_after(0);
    assert_false(rs_id_set_add(&set, &cursor, 7, 1, &is_new));
    rs_alloc_fail_after(SIZE_MAX);
    assert_true(rs_id_set_add(&set, &cursor, 7, 1, &is_new));
    assert_int_equal(rs_id_set_mark(&set, &cursor, 7), 1);
    rs_id_set_release(&set);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_has_what_was_added),
    cmocka_unit_test(test_out_of_memory),
};

UNIT_TESTS(id_set, tests)
