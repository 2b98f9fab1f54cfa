/* SPDX-License-Identifier: Apache-2.0 */
/* bytes.h - a growing buffer of bytes, as encoders fill it: room first, then stores.
 *
 * A failed growth is remembered in `failed`, and whoever wrote a page asks once.
 *
 * Threads: one at a time.
 */
#ifndef RS_PARQUET_BYTES_H
#define RS_PARQUET_BYTES_H

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

typedef struct rs_bytes {
    uint8_t *bytes;
    size_t n_bytes;
    size_t n_capacity;
    bool failed; /* memory ran out; appends do nothing since */
} rs_bytes;

bool rs_bytes_grow(rs_bytes *self, size_t n_more);

/* Where n_more further bytes may be stored, which count once n_bytes says so; NULL when there is no
 * memory. */
static inline uint8_t *rs_bytes_room(rs_bytes *self, size_t n_more)
{
    if (n_more > self->n_capacity - self->n_bytes || self->bytes == NULL) {
        if (!rs_bytes_grow(self, n_more)) {
            return NULL;
        }
    }
    return self->bytes + self->n_bytes;
}

void rs_bytes_add(rs_bytes *self, const void *bytes, size_t n_bytes);
void rs_bytes_add_byte(rs_bytes *self, uint8_t byte);
/* Little-endian. */
void rs_bytes_add_u32(rs_bytes *self, uint32_t number);
/* ULEB128; and of a signed number, in zigzag. */
void rs_bytes_add_varint(rs_bytes *self, uint64_t number);
void rs_bytes_add_zigzag(rs_bytes *self, int64_t number);

static inline void rs_bytes_reset(rs_bytes *self)
{
    self->n_bytes = 0;
}

void rs_bytes_release(rs_bytes *self);

/* Bits that a number needs. */
static inline unsigned rs_bit_width(uint64_t number)
{
    unsigned n_bits = 0;
    for (unsigned step = 32; step > 0; step /= 2) {
        if (number >> step != 0) {
            n_bits += step;
            number >>= step;
        }
    }
    return n_bits + (number != 0);
}

#endif
