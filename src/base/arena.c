/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { FIRST_CHUNK_BYTES = 16 * 1024, ALIGNMENT = alignof(max_align_t) };

struct rs_arena_chunk {
    rs_arena_chunk *before;
    size_t n_bytes;
    max_align_t storage[];
};

static rs_arena_chunk *chunk_new(rs_arena_chunk *before, size_t n_needed)
{
    size_t n_bytes = before == NULL ? FIRST_CHUNK_BYTES : before->n_bytes * 2;
    while (n_bytes < n_needed) {
        if (n_bytes > SIZE_MAX / 4) {
            return NULL;
        }
        n_bytes *= 2;
    }
    RS_ASSERT(n_bytes >= n_needed);
    rs_arena_chunk *chunk = rs_alloc(1, sizeof *chunk + n_bytes);
    if (chunk != NULL) {
        chunk->before = before;
        chunk->n_bytes = n_bytes;
    }
    return chunk;
}

void *rs_arena_alloc(rs_arena *arena, size_t n_items, size_t n_item_bytes)
{
    size_t n_bytes;
    if (__builtin_mul_overflow(n_items, n_item_bytes, &n_bytes) || n_bytes > SIZE_MAX / 4) {
        return NULL;
    }
    n_bytes = (n_bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (arena->chunk == NULL || arena->chunk->n_bytes - arena->n_used < n_bytes) {
        rs_arena_chunk *chunk = chunk_new(arena->chunk, n_bytes);
        if (chunk == NULL) {
            return NULL;
        }
        arena->chunk = chunk;
        arena->n_used = 0;
    }
    void *block = (char *)arena->chunk->storage + arena->n_used;
    arena->n_used += n_bytes;
    RS_ASSERT(arena->n_used <= arena->chunk->n_bytes);
    RS_ASSERT((uintptr_t)block % ALIGNMENT == 0);
    return block;
}

char *rs_arena_strndup(rs_arena *arena, const char *text, size_t n_bytes)
{
    char *copy = rs_arena_alloc(arena, n_bytes + 1, 1);
    if (copy != NULL) {
        if (n_bytes > 0) {
            memcpy(copy, text, n_bytes);
        }
        copy[n_bytes] = '\0';
    }
    return copy;
}

static void chunks_free(rs_arena_chunk *chunk)
{
    while (chunk != NULL) {
        rs_arena_chunk *before = chunk->before;
        rs_free(chunk);
        chunk = before;
    }
}

void rs_arena_reset(rs_arena *arena)
{
    if (arena->chunk != NULL) {
        chunks_free(arena->chunk->before);
        arena->chunk->before = NULL;
    }
    arena->n_used = 0;
}

void rs_arena_release(rs_arena *arena)
{
    RS_ASSERT(arena->chunk == NULL || arena->n_used <= arena->chunk->n_bytes);
    chunks_free(arena->chunk);
    *arena = (rs_arena){0};
}
