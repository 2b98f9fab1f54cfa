/* SPDX-License-Identifier: Apache-2.0 */
/* map.h - numbers by pairs of numbers: what (a directory, a name) holds. All-zero is an empty map.
 *
 * Threads: any number may look while nobody sets.
 */
#ifndef RS_MODULES_MAP_H
#define RS_MODULES_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RS_PAIR_NONE UINT32_MAX

typedef struct rs_pair_slot {
    uint64_t key;
    uint32_t value; /* RS_PAIR_NONE: the slot is free */
} rs_pair_slot;

typedef struct rs_pair_map {
    rs_pair_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n_items;
} rs_pair_map;

/* The value of (a, b), or RS_PAIR_NONE. */
uint32_t rs_pair_get(const rs_pair_map *map, uint32_t a, uint32_t b);

/* Its place, for reading and writing, with RS_PAIR_NONE in it when it is new, which the caller replaces
 * at once; valid until the next call. NULL when memory is out. */
uint32_t *rs_pair_put(rs_pair_map *map, uint32_t a, uint32_t b);

void rs_pair_map_release(rs_pair_map *map);

#endif
