/* SPDX-License-Identifier: Apache-2.0 */
/* alloc.h - the one door to the heap.
 *
 * Every allocation is count * size with an overflow check; out of memory is
 * returned as NULL and becomes RS_ERR_NOMEM (decision 0001). Tests make the
 * n-th allocation fail with rs_alloc_fail_after() and rs_alloc_fail_one().
 *
 * Threads: all functions may be called from any thread.
 */
#ifndef RS_BASE_ALLOC_H
#define RS_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

/* n_items * n_item_bytes bytes, not initialised; NULL when there are none or they overflow. */
void *rs_alloc(size_t n_items, size_t n_item_bytes);

/* The same, all bits zero. */
void *rs_alloc_zero(size_t n_items, size_t n_item_bytes);

/* Grow or shrink; on failure NULL, and the old block stays valid. */
void *rs_realloc(void *block, size_t n_items, size_t n_item_bytes);

/* Accepts NULL. */
void rs_free(void *block);

/* Give back a block that another library took from malloc for us. Accepts NULL. */
void rs_free_foreign(void *block);

/* A NUL-terminated copy of text[0..n_bytes). */
char *rs_strndup(const char *text, size_t n_bytes);

/* No further block once those that live have n_bytes; SIZE_MAX, as it is at first: any number. */
void rs_alloc_set_ceiling(uint64_t n_bytes);

/* Bytes of the blocks that live, as the system rounds them. */
uint64_t rs_alloc_live_bytes(void);

/* How many allocations of this thread have failed. Who asks before and behind a call knows whether
 * all that it did had its memory, whoever forgot to look. */
size_t rs_alloc_failures(void);

/* Testing: let n_more allocations pass, then fail every further one; SIZE_MAX turns it off. */
void rs_alloc_fail_after(size_t n_more);

/* Testing: let n_more pass, then fail the next one alone. */
void rs_alloc_fail_one(size_t n_more);

/* Testing: how many have failed by that. */
size_t rs_alloc_refused(void);

/* Testing: blocks allocated and not freed yet. */
size_t rs_alloc_live_blocks(void);

#endif
