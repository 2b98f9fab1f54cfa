/* SPDX-License-Identifier: Apache-2.0 */
#define RS_ALLOC_IMPLEMENTATION /* banned.h leaves malloc and its family to this file */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_size_t live_blocks;
static atomic_size_t allowance = SIZE_MAX;

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
    return 0;
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
    }
    return block;
}

void *rs_alloc(size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    return bytes_of(n_items, n_item_bytes, &n_bytes) ? counted(malloc(n_bytes)) : NULL;
}

void *rs_alloc_zero(size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    return bytes_of(n_items, n_item_bytes, &n_bytes) ? counted(calloc(1, n_bytes)) : NULL;
}

void *rs_realloc(void *block, size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    if (!bytes_of(n_items, n_item_bytes, &n_bytes)) {
        return NULL;
    }
    return block == NULL ? counted(malloc(n_bytes)) : realloc(block, n_bytes);
}

void rs_free(void *block)
{
    if (block != NULL) {
        atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
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

void rs_alloc_fail_after(size_t n_more)
{
    atomic_store(&allowance, n_more);
}

size_t rs_alloc_live_blocks(void)
{
    return atomic_load(&live_blocks);
}
