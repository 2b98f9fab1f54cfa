/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h - memory that lives and dies together.
 *
 * Chunks grow geometrically; nothing is freed alone. A reset keeps the largest
 * chunk, so that a worker that goes through many files settles on one block.
 * All-zero is an empty arena.
 *
 * Threads: one at a time.
 */
#ifndef RS_BASE_ARENA_H
#define RS_BASE_ARENA_H

#include <stddef.h>

typedef struct rs_arena_chunk rs_arena_chunk;

typedef struct rs_arena {
    rs_arena_chunk *chunk; /* the current one, linked to those before it */
    size_t n_used;         /* bytes used of the current chunk */
} rs_arena;

/* Storage for n_items of n_item_bytes each, aligned for any type; NULL when there is none. */
void *rs_arena_alloc(rs_arena *arena, size_t n_items, size_t n_item_bytes);

/* A NUL-terminated copy of text[0..n_bytes). */
char *rs_arena_strndup(rs_arena *arena, const char *text, size_t n_bytes);

void rs_arena_reset(rs_arena *arena);
void rs_arena_release(rs_arena *arena);

#endif
