/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/id_set.h"

#include "base/alloc.h"
#include "base/error.h"

enum { FIRST_PAGES = 1024 };

/* The page of that number, or the free one where it belongs. */
static size_t find_page(const rs_id_set *set, int64_t number)
{
    size_t mask = set->n_capacity - 1;
    size_t at = (size_t)(((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & mask;
    while (set->pages[at].number != number && set->pages[at].number != RS_ID_PAGE_FREE) {
        at = (at + 1) & mask;
    }
    return at;
}

static bool grow(rs_id_set *set)
{
    rs_id_set more = {.n_pages = set->n_pages,
                      .n_capacity = set->n_capacity == 0 ? FIRST_PAGES : 2 * set->n_capacity};
    more.pages = rs_alloc_zero(more.n_capacity, sizeof *more.pages);
    if (more.pages == NULL) {
        return false;
    }
    for (size_t i = 0; i < more.n_capacity; i++) {
        more.pages[i].number = RS_ID_PAGE_FREE;
    }
    for (size_t i = 0; i < set->n_capacity; i++) {
        if (set->pages[i].number != RS_ID_PAGE_FREE) {
            more.pages[find_page(&more, set->pages[i].number)] = set->pages[i];
        }
    }
    RS_ASSERT(more.n_pages < more.n_capacity); /* or a search for a page would not end */
    rs_free(set->pages);
    *set = more;
    return true;
}

static size_t place_of(int64_t id)
{
    return (size_t)((uint64_t)id % RS_ID_PAGE_IDS);
}

static int64_t number_of(int64_t id)
{
    return id >> RS_ID_PAGE_BITS;
}

bool rs_id_set_add(rs_id_set *set, rs_id_cursor *cursor, int64_t id, uint8_t mark, bool *is_new)
{
    RS_ASSERT(mark != 0);
    if (set->n_pages >= set->n_capacity / 2 && !grow(set)) {
        return false;
    }
    if (cursor->page >= set->n_capacity || set->pages[cursor->page].number != number_of(id)) {
        cursor->page = find_page(set, number_of(id));
    }
    rs_id_page *page = &set->pages[cursor->page];
    RS_ASSERT(page->number == RS_ID_PAGE_FREE || page->number == number_of(id));
    set->n_pages += page->number == RS_ID_PAGE_FREE;
    page->number = number_of(id);
    *is_new = page->marks[place_of(id)] == 0;
    page->marks[place_of(id)] = *is_new ? mark : page->marks[place_of(id)];
    return true;
}

uint8_t rs_id_set_mark(const rs_id_set *set, rs_id_cursor *cursor, int64_t id)
{
    if (set->n_capacity == 0) {
        return 0;
    }
    if (cursor->page >= set->n_capacity || set->pages[cursor->page].number != number_of(id)) {
        cursor->page = find_page(set, number_of(id));
    }
    return set->pages[cursor->page].marks[place_of(id)];
}

void rs_id_set_release(rs_id_set *set)
{
    rs_free(set->pages);
    *set = (rs_id_set){0};
}
