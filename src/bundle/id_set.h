/* SPDX-License-Identifier: Apache-2.0 */
/* id_set.h - which ids there are, each with a mark: a byte for each number in use.
 *
 * Ids of one file lie side by side (base/hash.h), so a page of 512 of them is one entry of a hash
 * table.
 *
 * Threads: many may look at a set while nobody adds to it, each with a cursor of its own.
 */
#ifndef RS_BUNDLE_ID_SET_H
#define RS_BUNDLE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No id's page has this number. */
#define RS_ID_PAGE_FREE INT64_MIN

enum { RS_ID_PAGE_BITS = 9, RS_ID_PAGE_IDS = 1 << RS_ID_PAGE_BITS };

typedef struct rs_id_page {
    int64_t number;                /* id >> RS_ID_PAGE_BITS; RS_ID_PAGE_FREE for none */
    uint8_t marks[RS_ID_PAGE_IDS]; /* by the id's low bits; 0: it is not there */
} rs_id_page;

typedef struct rs_id_set {
    rs_id_page *pages; /* open addressing */
    size_t n_pages;
    size_t n_capacity; /* a power of two, or 0 */
} rs_id_set;

/* Where the last id was found; all-zero to start with. */
typedef struct rs_id_cursor {
    size_t page;
} rs_id_cursor;

/* Add id with a mark that is not 0; *is_new is false when it was there, and its mark stays. False when
 * memory is out, and nothing is added. */
bool rs_id_set_add(rs_id_set *set, rs_id_cursor *cursor, int64_t id, uint8_t mark, bool *is_new);
/* The mark of id; 0 when it is not there. */
uint8_t rs_id_set_mark(const rs_id_set *set, rs_id_cursor *cursor, int64_t id);
void rs_id_set_release(rs_id_set *set);

#endif
