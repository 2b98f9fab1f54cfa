/* SPDX-License-Identifier: Apache-2.0 */
/* A malloc() whose memory has been in use before, to be loaded before the C library's: what a program
 * writes of memory that it has not set is then seen. Up to the block's end, as realloc() keeps that. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t n_bytes);

__attribute__((visibility("default"))) void *malloc(size_t n_bytes)
{
    void *block = __libc_malloc(n_bytes);
    if (block != NULL) {
        memset(block, 0xa5, malloc_usable_size(block));
    }
    return block;
}
