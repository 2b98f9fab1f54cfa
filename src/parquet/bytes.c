/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bytes.h"

#include <string.h>

#include "base/alloc.h"

bool rs_bytes_grow(rs_bytes *self, size_t n_more)
{
    enum { LEAST = 256 };
    if (self->failed || n_more > SIZE_MAX / 4 || self->n_bytes > SIZE_MAX / 4) {
        self->failed = true;
        return false;
    }
    size_t n_capacity = self->n_capacity < LEAST ? LEAST : self->n_capacity;
    while (n_capacity - self->n_bytes < n_more) {
        n_capacity *= 2;
    }
    uint8_t *bytes = rs_realloc(self->bytes, n_capacity, 1);
    if (bytes == NULL) {
        self->failed = true;
        return false;
    }
    self->bytes = bytes;
    self->n_capacity = n_capacity;
    return true;
}

void rs_bytes_add(rs_bytes *self, const void *bytes, size_t n_bytes)
{
    uint8_t *to = n_bytes > 0 ? rs_bytes_room(self, n_bytes) : NULL;
    if (to != NULL) {
        memcpy(to, bytes, n_bytes);
        self->n_bytes += n_bytes;
    }
}

void rs_bytes_add_byte(rs_bytes *self, uint8_t byte)
{
    rs_bytes_add(self, &byte, 1);
}

void rs_bytes_add_u32(rs_bytes *self, uint32_t number)
{
    const uint8_t bytes[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                             (uint8_t)(number >> 24)};
    rs_bytes_add(self, bytes, sizeof bytes);
}

void rs_bytes_add_varint(rs_bytes *self, uint64_t number)
{
    uint8_t bytes[10];
    size_t n_bytes = 0;
    for (; number >= 0x80; number >>= 7) {
        bytes[n_bytes++] = (uint8_t)(number | 0x80);
    }
    bytes[n_bytes++] = (uint8_t)number;
    rs_bytes_add(self, bytes, n_bytes);
}

void rs_bytes_add_zigzag(rs_bytes *self, int64_t number)
{
    rs_bytes_add_varint(self, ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0));
}

void rs_bytes_release(rs_bytes *self)
{
    rs_free(self->bytes);
    *self = (rs_bytes){0};
}
