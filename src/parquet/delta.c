/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/delta.h"

#include "parquet/hybrid.h"

enum {
    SMALL_BLOCK = 128,
    SMALL_MINIBLOCK = 32,
    MINIBLOCK = 256,
    MOST_MINIBLOCKS = 256 /* of a block */
};

/* How differences are cut. */
typedef struct layout {
    size_t n_differences;
    size_t miniblock;
    size_t n_miniblocks; /* of a block */
    bool is_small;
} layout;

static layout layout_of(size_t n)
{
    size_t n_differences = n > 0 ? n - 1 : 0;
    size_t n_miniblocks = (n_differences + MINIBLOCK - 1) / MINIBLOCK;
    if (n_differences <= SMALL_BLOCK) {
        return (layout){n_differences, SMALL_MINIBLOCK, SMALL_BLOCK / SMALL_MINIBLOCK, true};
    }
    return (layout){n_differences, MINIBLOCK,
                    n_miniblocks < MOST_MINIBLOCKS ? n_miniblocks : MOST_MINIBLOCKS, false};
}

static void add_header(const layout *of, size_t n, int64_t first, rs_bytes *out)
{
    rs_bytes_add_varint(out, of->miniblock * of->n_miniblocks);
    rs_bytes_add_varint(out, of->n_miniblocks);
    rs_bytes_add_varint(out, n);
    rs_bytes_add_zigzag(out, first);
}

/* What a difference of the row is more than the least one. */
typedef uint64_t (*excess_fn)(const void *numbers, size_t row, int64_t least);

static uint64_t excess_i64(const void *numbers, size_t row, int64_t least)
{
    const int64_t *at = (const int64_t *)numbers + row;
    return (uint64_t)at[1] - (uint64_t)at[0] - (uint64_t)least;
}

static uint64_t excess_i32(const void *numbers, size_t row, int64_t least)
{
    const int32_t *at = (const int32_t *)numbers + row;
    return (uint32_t)at[1] - (uint32_t)at[0] - (uint32_t)(uint64_t)least;
}

/* The excesses of a miniblock, 0 behind the last; the bits that one needs. */
static unsigned fill(const layout *of, const void *numbers, size_t first, int64_t least,
                     excess_fn excess, uint64_t *packed)
{
    uint64_t all = 0;
    for (size_t i = 0; i < of->miniblock; i++) {
        packed[i] = first + i < of->n_differences ? excess(numbers, first + i, least) : 0;
        all |= packed[i];
    }
    return of->is_small ? rs_bit_width(all) : rs_even_width(rs_bit_width(all));
}

static void add_block(const layout *of, const void *numbers, size_t first, int64_t least,
                      excess_fn excess, rs_bytes *out)
{
    uint64_t packed[MINIBLOCK];
    rs_bytes_add_zigzag(out, least);
    size_t widths = out->n_bytes;
    for (size_t i = 0; i < of->n_miniblocks; i++) {
        rs_bytes_add_byte(out, 0);
    }
    for (size_t i = 0; i < of->n_miniblocks && !out->failed; i++, first += of->miniblock) {
        if (first >= of->n_differences) {
            break; /* a miniblock behind the last has no bytes */
        }
        unsigned width = fill(of, numbers, first, least, excess, packed);
        out->bytes[widths + i] = (uint8_t)width;
        rs_pack_bits(packed, of->miniblock, width, out);
    }
}

static void add_blocks(const layout *of, const void *numbers, int64_t least, excess_fn excess,
                       rs_bytes *out)
{
    for (size_t i = 0; i < of->n_differences; i += of->miniblock * of->n_miniblocks) {
        add_block(of, numbers, i, least, excess, out);
    }
}

void rs_delta_add_i64(const int64_t *numbers, size_t n, rs_bytes *out)
{
    const layout of = layout_of(n);
    int64_t least = INT64_MAX;
    add_header(&of, n, n > 0 ? numbers[0] : 0, out);
    for (size_t i = 0; i < of.n_differences; i++) {
        int64_t difference = (int64_t)((uint64_t)numbers[i + 1] - (uint64_t)numbers[i]);
        least = difference < least ? difference : least;
    }
    add_blocks(&of, numbers, least, excess_i64, out);
}

void rs_delta_add_i32(const int32_t *numbers, size_t n, rs_bytes *out)
{
    const layout of = layout_of(n);
    int32_t least = INT32_MAX;
    add_header(&of, n, n > 0 ? numbers[0] : 0, out);
    for (size_t i = 0; i < of.n_differences; i++) {
        int32_t difference = (int32_t)((uint32_t)numbers[i + 1] - (uint32_t)numbers[i]);
        least = difference < least ? difference : least;
    }
    add_blocks(&of, numbers, least, excess_i32, out);
}
