/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>

#include "unit/unit.h"

static void blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    rs_arena arena = {0};
    char *before = NULL;
    for (size_t n_bytes = 0; n_bytes < 3000; n_bytes++) {
        char *block = rs_arena_alloc(&arena, n_bytes, 1);
        UNIT_CHECK(block != NULL, "no room for %zu bytes", n_bytes);
        UNIT_CHECK((uintptr_t)block % alignof(max_align_t) == 0, "%zu bytes at %p", n_bytes,
                   (void *)block);
        memset(block, 0xa5, n_bytes);
        UNIT_CHECK(n_bytes < 2 || before != block, "two blocks at %p", (void *)block);
        before = block;
    }
    rs_arena_release(&arena);
}

static void a_block_larger_than_a_chunk_fits(void **state)
{
    (void)state;
    rs_arena arena = {0};
    const size_t n_bytes = 10U << 20;
    char *block = rs_arena_alloc(&arena, n_bytes, 1);
    assert_non_null(block);
    memset(block, 1, n_bytes);
    rs_arena_release(&arena);
}

static void text_is_copied_and_closed(void **state)
{
    (void)state;
    rs_arena arena = {0};
    assert_string_equal(rs_arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(rs_arena_strndup(&arena, NULL, 0), "");
    rs_arena_release(&arena);
}

static void a_reset_keeps_one_chunk(void **state)
{
    (void)state;
    rs_arena arena = {0};
    size_t n_before = rs_alloc_live_blocks();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            assert_non_null(rs_arena_alloc(&arena, 1000, 1));
        }
        rs_arena_reset(&arena);
        assert_int_equal(rs_alloc_live_blocks() - n_before, 1);
    }
    rs_arena_release(&arena);
    assert_int_equal(rs_alloc_live_blocks(), n_before);
}

static void an_empty_arena_is_reset_and_released(void **state)
{
    (void)state;
    rs_arena arena = {0};
    rs_arena_reset(&arena);
    rs_arena_release(&arena);
    rs_arena_release(&arena);
}

static void an_overflowing_size_is_refused(void **state)
{
    (void)state;
    rs_arena arena = {0};
    assert_null(rs_arena_alloc(&arena, SIZE_MAX, 2));
    assert_null(rs_arena_alloc(&arena, SIZE_MAX / 2, 1));
    assert_null(rs_arena_alloc(&arena, SIZE_MAX, 1));
    assert_non_null(rs_arena_alloc(&arena, 1, 1));
    rs_arena_release(&arena);
}

static rs_status fill(void *context)
{
    (void)context;
    rs_arena arena = {0};
    rs_status status = RS_OK;
    for (int i = 0; i < 200 && status == RS_OK; i++) {
        status = rs_arena_alloc(&arena, 1000, 1) != NULL ? RS_OK : RS_ERR_NOMEM;
    }
    rs_arena_release(&arena);
    return status;
}

static void out_of_memory_is_returned(void **state)
{
    (void)state;
    UNIT_SWEEP(fill, NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(blocks_are_aligned_and_apart),
    cmocka_unit_test(a_block_larger_than_a_chunk_fits),
    cmocka_unit_test(text_is_copied_and_closed),
    cmocka_unit_test(a_reset_keeps_one_chunk),
    cmocka_unit_test(an_empty_arena_is_reset_and_released),
    cmocka_unit_test(an_overflowing_size_is_refused),
    cmocka_unit_test(out_of_memory_is_returned),
};

UNIT_TESTS(arena, tests)
