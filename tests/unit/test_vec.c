/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include "unit/unit.h"

typedef struct pair {
    uint32_t a;
    uint64_t b;
} pair;

RS_VEC_DEFINE(pair_vec, pair)

static void items_stay_through_growth(void **state)
{
    (void)state;
    pair_vec vec = {0};
    for (uint32_t i = 0; i < 10000; i++) {
        assert_true(pair_vec_push(&vec, (pair){i, (uint64_t)i * i}));
    }
    assert_int_equal(vec.n_items, 10000);
    for (uint32_t i = 0; i < 10000; i++) {
        UNIT_CHECK(vec.items[i].a == i && vec.items[i].b == (uint64_t)i * i, "item %u", i);
    }
    pair_vec_release(&vec);
    pair_vec_release(&vec);
}

static void a_reset_keeps_capacity(void **state)
{
    (void)state;
    pair_vec vec = {0};
    assert_true(pair_vec_reserve(&vec, 100));
    size_t n_capacity = vec.n_capacity;
    assert_true(n_capacity >= 100);
    assert_int_equal(vec.n_items, 0);
    assert_true(pair_vec_push(&vec, (pair){0}));
    pair_vec_reset(&vec);
    assert_int_equal(vec.n_items, 0);
    assert_int_equal(vec.n_capacity, n_capacity);
    pair_vec_release(&vec);
}

static void a_failed_growth_leaves_it_as_it_was(void **state)
{
    (void)state;
    pair_vec vec = {0};
    assert_true(pair_vec_push(&vec, (pair){7, 8}));
    assert_false(pair_vec_reserve(&vec, SIZE_MAX));
    assert_false(pair_vec_reserve(&vec, SIZE_MAX / sizeof(pair)));
    rs_alloc_fail_after(0);
    bool grown = pair_vec_reserve(&vec, 1000);
    rs_alloc_fail_after(SIZE_MAX);
    assert_false(grown);
    assert_int_equal(vec.n_items, 1);
    assert_int_equal(vec.items[0].a, 7);
    assert_int_equal(vec.items[0].b, 8);
    pair_vec_release(&vec);
}

static rs_status fill(void *context)
{
    (void)context;
    pair_vec vec = {0};
    rs_status status = RS_OK;
    for (uint32_t i = 0; i < 1000 && status == RS_OK; i++) {
        status = pair_vec_push(&vec, (pair){i, i}) ? RS_OK : RS_ERR_NOMEM;
    }
    pair_vec_release(&vec);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    UNIT_SWEEP(fill, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(items_stay_through_growth),
    cmocka_unit_test(a_reset_keeps_capacity),
    cmocka_unit_test(a_failed_growth_leaves_it_as_it_was),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(vec, tests)
