/* SPDX-License-Identifier: Apache-2.0 */
/* property_map.h - properties of entities by id: those of a part of the graph, in about 40 bytes each
 * and their texts.
 *
 * Threads: one at a time.
 */
#ifndef RS_OUTPUT_PROPERTY_MAP_H
#define RS_OUTPUT_PROPERTY_MAP_H

#include <stdbool.h>

#include "base/str.h"
#include "base/vec.h"

typedef enum rs_property_type {
    RS_PROPERTY_STR,
    RS_PROPERTY_INT,
    RS_PROPERTY_FLOAT,
    RS_PROPERTY_BOOL,
    RS_PROPERTY_JSON /* a text that is JSON */
} rs_property_type;

typedef struct rs_graph_property {
    rs_str key;
    rs_property_type type;
    rs_str text; /* STR, JSON */
    union {
        int64_t i64;
        double f64;
        bool boolean;
    } number;
} rs_graph_property;

RS_VEC_DEFINE(rs_graph_property_vec, rs_graph_property)

typedef struct rs_property_record rs_property_record;

/* All-zero is empty. */
typedef struct rs_property_map {
    rs_property_record *records;
    size_t n_records;
    size_t n_capacity;
    uint32_t *slots; /* the last record of an id, by its hash; 0: none, else its number + 1 */
    size_t n_slots;  /* a power of two */
    rs_buf texts;
    rs_buf keys; /* each ended by a NUL */
} rs_property_map;

/* Copies what property points to. False when memory is out, or after 2^32 - 2 of them. */
bool rs_property_map_add(rs_property_map *map, int64_t id, const rs_graph_property *property);

/* Append the properties of id to *out, in the order of their keys; they point into the map. False when
 * memory is out. */
bool rs_property_map_find(const rs_property_map *map, int64_t id, rs_graph_property_vec *out);

/* Forget all of them, and keep the memory. */
void rs_property_map_reset(rs_property_map *map);
void rs_property_map_release(rs_property_map *map);

#endif
