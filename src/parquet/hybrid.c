/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/hybrid.h"

#include <string.h>

/* --- packing --- */

/* Little-endian, as every machine that relspec is built for is. */
static inline void store_u64(uint8_t *to, uint64_t bits)
{
    memcpy(to, &bits, sizeof bits);
}

void rs_pack_bits(const uint64_t *numbers, size_t n, unsigned width, rs_bytes *out)
{
    size_t n_bytes = (n * width + 7) / 8;
    uint8_t *to = rs_bytes_room(out, n_bytes + 16);
    if (to != NULL && width % 8 == 0) {
        for (size_t i = 0; i < n; i++) {
            store_u64(to + i * (width / 8), numbers[i]);
        }
        out->n_bytes += n_bytes;
        return;
    }
    uint64_t bits = 0;
    unsigned n_bits = 0;
    if (to == NULL || width == 0) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t number = numbers[i];
        bits |= number << n_bits;
        if (n_bits + width < 64) {
            n_bits += width;
            continue;
        }
        unsigned n_used = 64 - n_bits;
        store_u64(to, bits);
        to += 8;
        bits = n_used < 64 ? number >> n_used : 0; /* 64: all of it */
        n_bits = width - n_used;
    }
    store_u64(to, bits);
    out->n_bytes += n_bytes;
}

/* --- runs --- */

/* A run costs a header, its number, and that of the literals behind it. */
static uint64_t least_run(unsigned width)
{
    return width <= 1 ? 32 : width <= 4 ? 16 : 8;
}

static void flush_literals(rs_hybrid *self, rs_bytes *out)
{
    uint64_t wide[RS_HYBRID_LITERALS];
    size_t n_groups = (self->n_literals + 7) / 8;
    if (n_groups == 0) {
        return;
    }
    for (size_t i = 0; i < n_groups * 8; i++) {
        wide[i] = i < self->n_literals ? self->literals[i] : 0;
    }
    rs_bytes_add_varint(out, n_groups << 1 | 1);
    rs_pack_bits(wide, n_groups * 8, self->width, out);
    self->n_literals = 0;
}

static void add_literals(rs_hybrid *self, uint64_t n_times, rs_bytes *out)
{
    for (uint64_t i = 0; i < n_times; i++) {
        if (self->n_literals == RS_HYBRID_LITERALS) {
            flush_literals(self, out);
        }
        self->literals[self->n_literals++] = self->number;
    }
    self->n_same -= n_times;
}

static void add_run(rs_hybrid *self, rs_bytes *out)
{
    const uint8_t number[] = {(uint8_t)self->number, (uint8_t)(self->number >> 8),
                              (uint8_t)(self->number >> 16), (uint8_t)(self->number >> 24)};
    rs_bytes_add_varint(out, self->n_same << 1);
    rs_bytes_add(out, number, (self->width + 7) / 8);
    self->n_same = 0;
}

/* Literals come by eight: a run fills those that stand before it. */
void rs_hybrid_flush_run(rs_hybrid *self, rs_bytes *out)
{
    uint64_t n_missing = (8 - self->n_literals % 8) % 8;
    if (self->n_same >= n_missing + least_run(self->width)) {
        add_literals(self, n_missing, out);
        flush_literals(self, out);
        add_run(self, out);
    } else {
        add_literals(self, self->n_same, out);
    }
}

void rs_hybrid_finish(rs_hybrid *self, rs_bytes *out)
{
    if (self->n_literals == 0 && self->n_same > 0) {
        add_run(self, out); /* shorter than literals, however few there are */
    }
    rs_hybrid_flush_run(self, out);
    flush_literals(self, out);
}
