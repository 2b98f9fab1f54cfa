/* SPDX-License-Identifier: Apache-2.0 */
#include "output/property_map.h"

#include <string.h>

struct rs_property_record {
    int64_t id;
    uint32_t next; /* record of the same slot, + 1 */
    uint32_t key;  /* where it stands in keys */
    uint8_t type;
    size_t text; /* where it stands in texts */
    size_t n_bytes;
    union {
        int64_t i64;
        double f64;
        bool boolean;
    } number;
};

enum { FIRST_SLOTS = 1024 };

/* Ids of a file follow each other: their low bits alone would do, but for many files. */
static size_t slot_of(const rs_property_map *map, int64_t id)
{
    RS_ASSERT(map->n_slots > 0 && (map->n_slots & (map->n_slots - 1)) == 0);
    uint64_t bits = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(bits >> 32) & (map->n_slots - 1);
}

static bool grow(rs_property_map *map)
{
    size_t n_slots = map->n_slots == 0 ? FIRST_SLOTS : map->n_slots * 2;
    uint32_t *slots = rs_alloc_zero(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    rs_free(map->slots);
    map->slots = slots;
    map->n_slots = n_slots;
    for (size_t i = 0; i < map->n_records; i++) {
        size_t slot = slot_of(map, map->records[i].id);
        map->records[i].next = slots[slot];
        slots[slot] = (uint32_t)i + 1;
    }
    return true;
}

static bool reserve(rs_property_map *map)
{
    if (map->n_records >= UINT32_MAX - 1 || (map->n_records >= map->n_slots && !grow(map))) {
        return false;
    }
    if (map->n_records < map->n_capacity) {
        return true;
    }
    size_t n_capacity = map->n_capacity == 0 ? FIRST_SLOTS : map->n_capacity * 2;
    rs_property_record *records = rs_realloc(map->records, n_capacity, sizeof *records);
    if (records == NULL) {
        return false;
    }
    map->records = records;
    map->n_capacity = n_capacity;
    return true;
}

/* There are some dozens of keys, and the last one is mostly the next, too. */
static uint32_t key_of(rs_property_map *map, rs_str key)
{
    const char *keys = rs_buf_text(&map->keys);
    for (size_t at = 0; at < map->keys.n_bytes; at += strlen(keys + at) + 1) {
        if (strlen(keys + at) == key.n_bytes && memcmp(keys + at, key.bytes, key.n_bytes) == 0) {
            return (uint32_t)at;
        }
    }
    size_t at = map->keys.n_bytes;
    rs_buf_add_str(&map->keys, key);
    rs_buf_append(&map->keys, "", 1);
    return (uint32_t)at;
}

bool rs_property_map_add(rs_property_map *map, int64_t id, const rs_graph_property *property)
{
    if (!reserve(map)) {
        return false;
    }
    RS_ASSERT(map->n_records < map->n_capacity && map->n_records < map->n_slots);
    rs_property_record *record = &map->records[map->n_records];
    size_t slot = slot_of(map, id);
    *record = (rs_property_record){.id = id,
                                   .next = map->slots[slot],
                                   .key = key_of(map, property->key),
                                   .type = (uint8_t)property->type,
                                   .text = map->texts.n_bytes};
    if (property->type == RS_PROPERTY_STR || property->type == RS_PROPERTY_JSON) {
        record->n_bytes = property->text.n_bytes;
        rs_buf_add_str(&map->texts, property->text);
    } else {
        memcpy(&record->number, &property->number, sizeof record->number);
    }
    map->slots[slot] = (uint32_t)++map->n_records;
    return !map->texts.failed && !map->keys.failed;
}

static void read_record(const rs_property_map *map, const rs_property_record *record,
                        rs_graph_property *out)
{
    RS_ASSERT(record->key < map->keys.n_bytes);
    RS_ASSERT(record->text + record->n_bytes <= map->texts.n_bytes);
    *out = (rs_graph_property){.key = rs_str_of(map->keys.bytes + record->key),
                               .type = (rs_property_type)record->type,
                               .text = {rs_buf_text(&map->texts) + record->text, record->n_bytes}};
    memcpy(&out->number, &record->number, sizeof out->number);
}

bool rs_property_map_find(const rs_property_map *map, int64_t id, rs_graph_property_vec *out)
{
    size_t first = out->n_items;
    uint32_t at = map->n_slots == 0 ? 0 : map->slots[slot_of(map, id)];
    for (; at != 0; at = map->records[at - 1].next) {
        rs_graph_property property;
        RS_ASSERT(at <= map->n_records);
        if (map->records[at - 1].id != id) {
            continue;
        }
        read_record(map, &map->records[at - 1], &property);
        if (!rs_graph_property_vec_push(out, property)) {
            return false;
        }
        size_t place = out->n_items - 1;
        for (; place > first && rs_str_compare(out->items[place - 1].key, property.key) > 0;
             place--) {
            out->items[place] = out->items[place - 1];
        }
        out->items[place] = property;
    }
    return true;
}

void rs_property_map_reset(rs_property_map *map)
{
    map->n_records = 0;
    rs_buf_reset(&map->texts);
    if (map->n_slots > 0) {
        memset(map->slots, 0, map->n_slots * sizeof *map->slots);
    }
}

void rs_property_map_release(rs_property_map *map)
{
    rs_free(map->records);
    rs_free(map->slots);
    rs_buf_release(&map->texts);
    rs_buf_release(&map->keys);
    *map = (rs_property_map){0};
}
