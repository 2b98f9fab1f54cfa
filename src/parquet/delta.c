/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/delta.h"

#include "base/error.h"
#include "parquet/hybrid.h"

enum {
    SMALL_BLOCK = 128,
    MINIBLOCK = 32, /* as few as there may be: one far number widens no more than those beside it */
    MOST_MINIBLOCKS = 2048 /* of a block */
};

/* How differences are cut. */
typedef struct layout {
    size_t n_differences;
    size_t n_miniblocks; /* of a block */
    bool is_small;
} layout;

static layout layout_of(size_t n)
{
    size_t n_differences = n > 0 ? n - 1 : 0;
    size_t n_miniblocks = (n_differences + MINIBLOCK - 1) / MINIBLOCK;
    if (n_differences <= SMALL_BLOCK) {
        return (layout){n_differences, SMALL_BLOCK / MINIBLOCK, true};
    }
    size_t n_even = (n_miniblocks + 3) / 4 * 4; /* blocks are so many times 128 */
    return (layout){n_differences, n_even < MOST_MINIBLOCKS ? n_even : MOST_MINIBLOCKS, false};
}

static void add_header(const layout *of, size_t n, int64_t first, rs_bytes *out)
{
    rs_bytes_add_varint(out, MINIBLOCK * of->n_miniblocks);
    rs_bytes_add_varint(out, of->n_miniblocks);
    rs_bytes_add_varint(out, n);
    rs_bytes_add_zigzag(out, first);
}

/* --- differences, by type --- */

/* Numbers of one of the two types. */
typedef struct series {
    const int64_t *wide; /* NULL: narrow */
    const int32_t *narrow;
    layout of;
    bool has_no_leaps; /* nothing may wrap */
} series;

/* The bits of a number. */
static unsigned bits_of(const series *self)
{
    return self->wide != NULL ? 64 : 32;
}

/* Differences from the one of a row on, which wrap as the type does. */
static void differ(const series *self, size_t first, size_t n, int64_t *differences)
{
    if (self->wide != NULL) {
        const int64_t *at = self->wide + first;
        for (size_t i = 0; i < n; i++) {
            differences[i] = (int64_t)((uint64_t)at[i + 1] - (uint64_t)at[i]);
        }
        return;
    }
    const int32_t *at = self->narrow + first;
    for (size_t i = 0; i < n; i++) {
        differences[i] = (int32_t)((uint32_t)at[i + 1] - (uint32_t)at[i]);
    }
}

static size_t length_of(const series *self, size_t first)
{
    size_t n_rest = self->of.n_differences - first;
    return n_rest < MINIBLOCK ? n_rest : MINIBLOCK;
}

/* --- what is taken off all differences --- */

/* The least and the greatest difference of a miniblock. */
typedef struct span {
    int64_t least;
    int64_t greatest;
} span;

static span span_of(const int64_t *differences, size_t n)
{
    span found = {differences[0], differences[0]};
    for (size_t i = 1; i < n; i++) {
        found.least = differences[i] < found.least ? differences[i] : found.least;
        found.greatest = differences[i] > found.greatest ? differences[i] : found.greatest;
    }
    return found;
}

static unsigned width_of(const series *self, uint64_t greatest)
{
    unsigned width = rs_bit_width(greatest);
    return self->of.is_small ? width : rs_even_width(width);
}

/* The bits that differences have when least is taken off them: below it they wrap, and have all. */
static uint64_t cost_of(const series *self, const span *spans, size_t n, int64_t least)
{
    uint64_t n_bits = 0;
    for (size_t i = 0; i < n; i++) {
        n_bits += spans[i].least < least
                      ? bits_of(self)
                      : width_of(self, (uint64_t)spans[i].greatest - (uint64_t)least);
    }
    return n_bits;
}

/* The least difference of a miniblock that is no less than a bound. */
static int64_t least_above(const span *spans, size_t n, int64_t bound)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        bool is_less = spans[i].least >= bound && spans[i].least < least;
        least = is_less ? spans[i].least : least;
    }
    return least;
}

/* The least difference of all, or of those that are no leaps, where that makes the others shorter: from the
 * last id of a file to the first one of the next it may be far, and the way back may not widen every number. */
static int64_t choose_least(const series *self, const span *spans, size_t n)
{
    static const unsigned leaps[] = {40, 32, 24, 16, 15, 12, 8, 7, 4};
    int64_t best = least_above(spans, n, INT64_MIN);
    uint64_t n_best = cost_of(self, spans, n, best);
    int64_t last = best;
    for (size_t i = 0; !self->has_no_leaps && i < sizeof leaps / sizeof leaps[0]; i++) {
        int64_t least = least_above(spans, n, -((int64_t)1 << leaps[i]));
        uint64_t n_bits = least != last ? cost_of(self, spans, n, least) : UINT64_MAX;
        best = n_bits < n_best ? least : best;
        n_best = n_bits < n_best ? n_bits : n_best;
        last = least;
    }
    return best;
}

/* What is behind the miniblocks of a block has no say: pages of so many numbers are those of long lists. */
static int64_t least_of(const series *self)
{
    span spans[MOST_MINIBLOCKS];
    int64_t differences[MINIBLOCK];
    size_t n = 0;
    for (size_t at = 0; at < self->of.n_differences && n < MOST_MINIBLOCKS; n++) {
        size_t n_here = length_of(self, at);
        differ(self, at, n_here, differences);
        spans[n] = span_of(differences, n_here);
        at += n_here;
    }
    return n > 0 ? choose_least(self, spans, n) : 0;
}

/* --- blocks --- */

/* What the differences of a miniblock are more than the least one, 0 behind the last; the bits that one needs. */
static unsigned fill(const series *self, size_t first, int64_t least, uint64_t *packed)
{
    int64_t differences[MINIBLOCK];
    size_t n = length_of(self, first);
    uint64_t mask = UINT64_MAX >> (64 - bits_of(self));
    uint64_t all = 0;
    differ(self, first, n, differences);
    for (size_t i = 0; i < n; i++) {
        packed[i] = ((uint64_t)differences[i] - (uint64_t)least) & mask;
        all |= packed[i];
    }
    for (size_t i = n; i < MINIBLOCK; i++) {
        packed[i] = 0;
    }
    return width_of(self, all);
}

static void add_block(const series *self, size_t first, int64_t least, rs_bytes *out)
{
    uint64_t packed[MINIBLOCK];
    const layout *of = &self->of;
    rs_bytes_add_zigzag(out, least);
    size_t widths = out->n_bytes;
    for (size_t i = 0; i < of->n_miniblocks; i++) {
        rs_bytes_add_byte(out, 0);
    }
    for (size_t i = 0; i < of->n_miniblocks && !out->failed; i++, first += MINIBLOCK) {
        if (first >= of->n_differences) {
            break; /* a miniblock behind the last has no bytes */
        }
        unsigned width = fill(self, first, least, packed);
        out->bytes[widths + i] = (uint8_t)width;
        rs_pack_bits(packed, MINIBLOCK, width, out);
    }
}

static void add_blocks(const series *self, rs_bytes *out)
{
    int64_t least = least_of(self);
    for (size_t i = 0; i < self->of.n_differences; i += MINIBLOCK * self->of.n_miniblocks) {
        add_block(self, i, least, out);
    }
}

void rs_delta_add_i64(const int64_t *numbers, size_t n, rs_bytes *out)
{
    const series self = {.wide = numbers, .of = layout_of(n)};
    RS_ASSERT(n == 0 || numbers != NULL);
    add_header(&self.of, n, n > 0 ? numbers[0] : 0, out);
    add_blocks(&self, out);
}

void rs_delta_add_i32(const int32_t *numbers, size_t n, rs_bytes *out)
{
    const series self = {.narrow = numbers, .of = layout_of(n)};
    add_header(&self.of, n, n > 0 ? numbers[0] : 0, out);
    add_blocks(&self, out);
}

void rs_delta_add_lengths(const int32_t *lengths, size_t n, rs_bytes *out)
{
    const series self = {.narrow = lengths, .of = layout_of(n), .has_no_leaps = true};
    add_header(&self.of, n, n > 0 ? lengths[0] : 0, out);
    add_blocks(&self, out);
}
