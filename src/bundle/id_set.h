/* SPDX-License-Identifier: Apache-2.0 */
/* id_set.h - which ids there are: a bitmap of the numbers in use.
 *
 * Ids of one file lie side by side (base/hash.h), so a page of 512 of them is one entry of a hash
 * table, and the ids of millions of nodes stay in the processor's cache.
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

enum { RS_ID_PAGE_BITS = 9, RS_ID_PAGE_WORDS = (1 << RS_ID_PAGE_BITS) / 64 };

typedef struct rs_id_page {
    int64_t number;                  /* id >> RS_ID_PAGE_BITS; RS_ID_PAGE_FREE for none */
    uint64_t bits[RS_ID_PAGE_WORDS]; /* by the id's low bits */
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

/* Add id; *is_new is false when it was there. False when memory is out, and nothing is added. */
bool rs_id_set_add(rs_id_set *set, rs_id_cursor *cursor, int64_t id, bool *is_new);
bool rs_id_set_has(const rs_id_set *set, rs_id_cursor *cursor, int64_t id);
void rs_id_set_release(rs_id_set *set);

#endif
