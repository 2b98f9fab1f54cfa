/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/unit.h"

static void every_block_is_counted(void **state)
{
    (void)state;
    size_t n_before = rs_alloc_live_blocks();
    char *a = rs_alloc(3, 5);
    char *b = rs_alloc_zero(4, 4);
    char *c = rs_strndup("abcdef", 3);
    assert_non_null(a);
    assert_non_null(b);
    assert_string_equal(c, "abc");
    assert_int_equal(rs_alloc_live_blocks() - n_before, 3);
    for (size_t i = 0; i < 16; i++) {
        UNIT_CHECK(b[i] == 0, "byte %zu is not zero", i);
    }
    rs_free(a);
    rs_free(b);
    rs_free(c);
    rs_free(NULL);
    assert_int_equal(rs_alloc_live_blocks(), n_before);
}

static void a_block_of_nothing_has_an_address(void **state)
{
    (void)state;
    void *block = rs_alloc(0, 8);
    assert_non_null(block);
    rs_free(block);
}

static void realloc_keeps_content_and_count(void **state)
{
    (void)state;
    size_t n_before = rs_alloc_live_blocks();
    char *block = rs_realloc(NULL, 4, 1);
    assert_non_null(block);
    memcpy(block, "abc", 4);
    char *grown = rs_realloc(block, 4096, 1);
    assert_non_null(grown);
    assert_string_equal(grown, "abc");
    assert_int_equal(rs_alloc_live_blocks() - n_before, 1);
    rs_free(grown);
}

static void an_overflowing_size_is_refused(void **state)
{
    (void)state;
    volatile size_t half = SIZE_MAX / 2 + 1; /* volatile: gcc would see it and warn */
    assert_null(rs_alloc(half, 2));
    assert_null(rs_alloc_zero(half, 2));
    assert_null(rs_realloc(NULL, half, 2));
}

static void the_nth_allocation_fails(void **state)
{
    (void)state;
    size_t n_before = rs_alloc_live_blocks();
    rs_alloc_fail_after(1);
    char *first = rs_alloc(1, 1);
    char *second = rs_alloc(1, 1);
    char *kept = rs_realloc(first, 100, 1);
    rs_alloc_fail_after(SIZE_MAX);
    assert_non_null(first);
    assert_null(second);
    assert_null(kept);
    rs_free(first); /* a failed growth leaves the old block valid */
    assert_int_equal(rs_alloc_live_blocks(), n_before);
}

static void one_allocation_fails(void **state)
{
    (void)state;
    rs_alloc_fail_one(1);
    char *first = rs_alloc(1, 1);
    char *second = rs_alloc(1, 1);
    char *third = rs_alloc(1, 1);
    assert_int_equal(rs_alloc_refused(), 1);
    rs_alloc_fail_after(SIZE_MAX);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    rs_free(first);
    rs_free(third);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_block_is_counted),
    cmocka_unit_test(a_block_of_nothing_has_an_address),
    cmocka_unit_test(realloc_keeps_content_and_count),
    cmocka_unit_test(an_overflowing_size_is_refused),
    cmocka_unit_test(the_nth_allocation_fails),
    cmocka_unit_test(one_allocation_fails),
};

UNIT_TESTS(alloc, tests)
