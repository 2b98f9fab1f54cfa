/* SPDX-License-Identifier: Apache-2.0 */
#define RS_ALLOC_IMPLEMENTATION /* banned.h leaves malloc and its family to this file */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <malloc/malloc.h>
#define usable_bytes malloc_size
#else
#include <malloc.h>
#define usable_bytes malloc_usable_size
#endif

static atomic_size_t live_blocks;
static _Atomic uint64_t live_bytes;
static _Atomic uint64_t ceiling = UINT64_MAX;
static atomic_size_t allowance = SIZE_MAX;
static atomic_bool refuses_one;
static atomic_size_t refused;
static _Thread_local size_t n_failures;

/* Counting down only when a test asked for it keeps the normal path to one relaxed load. */
static int allocation_is_allowed(void)
{
    if (atomic_load_explicit(&allowance, memory_order_relaxed) == SIZE_MAX) {
        return 1;
    }
    size_t left = atomic_load(&allowance);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&allowance, &left, left - 1)) {
            return 1;
        }
    }
    atomic_fetch_add_explicit(&refused, 1, memory_order_relaxed);
    if (atomic_load(&refuses_one)) {
        atomic_store(&allowance, SIZE_MAX);
    }
    return 0;
}

/* Threads that ask at once may get past the ceiling, each by one block. */
static int is_below_ceiling(uint64_t n_bytes)
{
    uint64_t n_most = atomic_load_explicit(&ceiling, memory_order_relaxed);
    uint64_t n_live = atomic_load_explicit(&live_bytes, memory_order_relaxed);
    return n_live <= n_most && n_bytes <= n_most - n_live;
}

static int bytes_of(size_t n_items, size_t n_item_bytes, size_t *out)
{
    if (__builtin_mul_overflow(n_items, n_item_bytes, out) || !allocation_is_allowed()) {
        return 0;
    }
    *out += *out == 0; /* a block of nothing still has an address */
    return 1;
}

static void *counted(void *block)
{
    if (block != NULL) {
        atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&live_bytes, usable_bytes(block), memory_order_relaxed);
    }
    return block;
}

/* What is given to who asked. */
static void *given(void *block)
{
    n_failures += block == NULL;
    return block;
}

static void *resized(void *block, size_t n_bytes)
{
    size_t n_before = usable_bytes(block);
    if (n_bytes > n_before && !is_below_ceiling(n_bytes - n_before)) {
        return NULL;
    }
    void *grown = realloc(block, n_bytes);
    if (grown != NULL) {
        /* What it shrinks by wraps around, as it should. */
        atomic_fetch_add_explicit(&live_bytes, (uint64_t)usable_bytes(grown) - n_before,
                                  memory_order_relaxed);
    }
    return grown;
}

void *rs_alloc(size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    bool may = bytes_of(n_items, n_item_bytes, &n_bytes) && is_below_ceiling(n_bytes);
    return given(may ? counted(malloc(n_bytes)) : NULL);
}

void *rs_alloc_zero(size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    bool may = bytes_of(n_items, n_item_bytes, &n_bytes) && is_below_ceiling(n_bytes);
    return given(may ? counted(calloc(1, n_bytes)) : NULL);
}

void *rs_realloc(void *block, size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    if (!bytes_of(n_items, n_item_bytes, &n_bytes)) {
        return given(NULL);
    }
    if (block != NULL) {
        return given(resized(block, n_bytes));
    }
    return given(is_below_ceiling(n_bytes) ? counted(malloc(n_bytes)) : NULL);
}

void rs_free(void *block)
{
    if (block != NULL) {
        atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
        atomic_fetch_sub_explicit(&live_bytes, usable_bytes(block), memory_order_relaxed);
        free(block);
    }
}

void rs_free_foreign(void *block)
{
    free(block);
}

char *rs_strndup(const char *text, size_t n_bytes)
{
    char *copy = rs_alloc(n_bytes + 1, 1);
    if (copy != NULL) {
        memcpy(copy, text, n_bytes);
        copy[n_bytes] = '\0';
    }
    return copy;
}

void rs_alloc_set_ceiling(uint64_t n_bytes)
{
    atomic_store(&ceiling, n_bytes);
}

uint64_t rs_alloc_live_bytes(void)
{
    return atomic_load(&live_bytes);
}

static void fail_after(size_t n_more, bool just_one)
{
    atomic_store(&refused, 0);
    atomic_store(&refuses_one, just_one);
    atomic_store(&allowance, n_more);
}

void rs_alloc_fail_after(size_t n_more)
{
    fail_after(n_more, false);
}

void rs_alloc_fail_one(size_t n_more)
{
    fail_after(n_more, true);
}

size_t rs_alloc_failures(void)
{
    return n_failures;
}

size_t rs_alloc_refused(void)
{
    return atomic_load(&refused);
}

size_t rs_alloc_live_blocks(void)
{
    return atomic_load(&live_blocks);
}
