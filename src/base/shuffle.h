/* SPDX-License-Identifier: Apache-2.0 */
/* shuffle.h - an order that depends on a seed alone, for showing that results depend on none.
 *
 * Threads: any.
 */
#ifndef RS_BASE_SHUFFLE_H
#define RS_BASE_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* Put 0 .. n_items - 1 into order[], by the seed; 0 leaves them as they are. */
void rs_shuffle(uint64_t seed, size_t *order, size_t n_items);

#endif
