/* SPDX-License-Identifier: Apache-2.0 */
/* hybrid.h - small numbers as runs and as packed bits: levels, and places in a dictionary.
 *
 * Numbers come one run after the other, in whatever pieces; what is written is the same. All-zero but for
 * width is an encoder without numbers.
 */
#ifndef RS_PARQUET_HYBRID_H
#define RS_PARQUET_HYBRID_H

#include "parquet/bytes.h"

enum { RS_HYBRID_LITERALS = 504 }; /* a header of one byte counts 63 times 8 of them */

typedef struct rs_hybrid {
    unsigned width;  /* bits of a number, 0 .. 32 */
    uint32_t number; /* of the run at hand */
    uint64_t n_same; /* its length */
    uint32_t literals[RS_HYBRID_LITERALS];
    size_t n_literals;
} rs_hybrid;

void rs_hybrid_flush_run(rs_hybrid *self, rs_bytes *out);

static inline void rs_hybrid_add(rs_hybrid *self, uint32_t number, uint64_t n_times, rs_bytes *out)
{
    if (n_times == 0) {
        return;
    }
    if (number != self->number && self->n_same > 0) {
        rs_hybrid_flush_run(self, out);
    }
    self->number = number;
    self->n_same += n_times;
}

/* The last number was added; the encoder is empty again. */
void rs_hybrid_finish(rs_hybrid *self, rs_bytes *out);

/* At least so many bits, of which a byte has a whole number or the other way round: packed so, equal numbers
 * are equal bytes, which a compressor finds. */
static inline unsigned rs_even_width(unsigned width)
{
    return width <= 2 ? width : width <= 4 ? 4 : (width + 7) / 8 * 8;
}

/* Append n numbers of so many bits, least significant first; the last byte is filled with 0. */
void rs_pack_bits(const uint64_t *numbers, size_t n, unsigned width, rs_bytes *out);

#endif
