/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shuffle.h"

#include "unit/unit.h"

enum { N_ITEMS = 100 };

static void every_item_stands_once(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        size_t order[N_ITEMS];
        bool seen[N_ITEMS] = {false};
        rs_shuffle(seed, order, N_ITEMS);
        for (size_t i = 0; i < N_ITEMS; i++) {
            UNIT_CHECK(order[i] < N_ITEMS && !seen[order[i]], "seed %d", (int)seed);
            seen[order[i]] = true;
        }
    }
}

static void the_seed_alone_picks(void **state)
{
    (void)state;
    size_t first[N_ITEMS];
    size_t again[N_ITEMS];
    rs_shuffle(0, first, N_ITEMS);
    for (size_t i = 0; i < N_ITEMS; i++) {
        assert_int_equal(first[i], i);
    }
    rs_shuffle(7, first, N_ITEMS);
    rs_shuffle(7, again, N_ITEMS);
    assert_memory_equal(first, again, sizeof first);
    rs_shuffle(8, again, N_ITEMS);
    assert_memory_not_equal(first, again, sizeof first);
}

static void nothing_and_one(void **state)
{
    (void)state;
    size_t order[1] = {9};
    rs_shuffle(1, NULL, 0);
    rs_shuffle(1, order, 1);
    assert_int_equal(order[0], 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_item_stands_once),
    cmocka_unit_test(the_seed_alone_picks),
    cmocka_unit_test(nothing_and_one),
};

UNIT_TESTS(shuffle, tests)
