/* SPDX-License-Identifier: Apache-2.0 */
/* foreign_alloc.h - base/alloc.h as somebody else's sources want it.
 *
 * Included by the compiler's command line before the sources of libraries that are built
 * with ours (cmake/FindNanoarrow.cmake), so that their memory is counted, and can be made
 * to run out, as ours is.
 */
#ifndef RS_BASE_FOREIGN_ALLOC_H
#define RS_BASE_FOREIGN_ALLOC_H

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static inline void *rs_foreign_malloc(size_t n_bytes)
{
    return rs_alloc(n_bytes, 1);
}

static inline void *rs_foreign_calloc(size_t n_items, size_t n_item_bytes)
{
    return rs_alloc_zero(n_items, n_item_bytes);
}

static inline void *rs_foreign_realloc(void *block, size_t n_bytes)
{
    return rs_realloc(block, n_bytes, 1);
}

/* Without parameters: fields of the same names are renamed alike, wherever they are used. */
#define malloc rs_foreign_malloc
#define calloc rs_foreign_calloc
#define realloc rs_foreign_realloc
#define free rs_free

#endif
