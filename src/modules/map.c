/* SPDX-License-Identifier: Apache-2.0 */
#include "modules/map.h"

#include "base/alloc.h"
#include "base/error.h"

enum { FIRST_SLOTS = 64 };

static size_t slot_of(const rs_pair_map *map, uint64_t key)
{
    uint64_t bits = (key ^ key >> 33) * UINT64_C(0xff51afd7ed558ccd);
    bits = (bits ^ bits >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    size_t at = (size_t)(bits >> 32) & (map->n_slots - 1);
    while (map->slots[at].value != RS_PAIR_NONE && map->slots[at].key != key) {
        at = (at + 1) & (map->n_slots - 1);
    }
    return at;
}

static uint64_t key_of(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

uint32_t rs_pair_get(const rs_pair_map *map, uint32_t a, uint32_t b)
{
    return map->n_slots == 0 ? RS_PAIR_NONE : map->slots[slot_of(map, key_of(a, b))].value;
}

static bool grow(rs_pair_map *map)
{
    rs_pair_map larger = {.n_slots = map->n_slots == 0 ? FIRST_SLOTS : 2 * map->n_slots};
    larger.slots = rs_alloc(larger.n_slots, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < larger.n_slots; i++) {
        larger.slots[i] = (rs_pair_slot){0, RS_PAIR_NONE};
    }
    for (size_t i = 0; i < map->n_slots; i++) {
        if (map->slots[i].value != RS_PAIR_NONE) {
            larger.slots[slot_of(&larger, map->slots[i].key)] = map->slots[i];
        }
    }
    rs_free(map->slots);
    map->slots = larger.slots;
    map->n_slots = larger.n_slots;
    return true;
}

uint32_t *rs_pair_put(rs_pair_map *map, uint32_t a, uint32_t b)
{
    if (map->n_items * 2 >= map->n_slots && !grow(map)) {
        return NULL;
    }
    rs_pair_slot *slot = &map->slots[slot_of(map, key_of(a, b))];
    if (slot->value == RS_PAIR_NONE) {
        slot->key = key_of(a, b);
        map->n_items++;
    }
    return &slot->value;
}

void rs_pair_map_release(rs_pair_map *map)
{
    rs_free(map->slots);
    *map = (rs_pair_map){0};
}
