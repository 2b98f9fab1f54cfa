/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/delta.h"

#include "parquet/hybrid.h"

enum { BLOCK = 128, N_MINIBLOCKS = 4, MINIBLOCK = BLOCK / N_MINIBLOCKS };

static void add_header(size_t n, int64_t first, rs_bytes *out)
{
    rs_bytes_add_varint(out, BLOCK);
    rs_bytes_add_varint(out, N_MINIBLOCKS);
    rs_bytes_add_varint(out, n);
    rs_bytes_add_zigzag(out, first);
}

/* A block of n differences, less the least of them. A miniblock behind the last has no bytes. */
static void add_block(int64_t least, uint64_t *numbers, size_t n, rs_bytes *out)
{
    uint8_t widths[N_MINIBLOCKS];
    for (size_t i = n; i < BLOCK; i++) {
        numbers[i] = 0;
    }
    for (size_t i = 0; i < N_MINIBLOCKS; i++) {
        uint64_t all = 0;
        for (size_t j = 0; j < MINIBLOCK; j++) {
            all |= numbers[i * MINIBLOCK + j];
        }
        widths[i] = (uint8_t)rs_bit_width(all);
    }
    rs_bytes_add_zigzag(out, least);
    rs_bytes_add(out, widths, sizeof widths);
    for (size_t i = 0; i * MINIBLOCK < n; i++) {
        rs_pack_bits(numbers + i * MINIBLOCK, MINIBLOCK, widths[i], out);
    }
}

void rs_delta_add_i64(const int64_t *numbers, size_t n, rs_bytes *out)
{
    uint64_t packed[BLOCK];
    add_header(n, n > 0 ? numbers[0] : 0, out);
    for (size_t i = 1; i < n; i += BLOCK) {
        size_t n_here = n - i < BLOCK ? n - i : BLOCK;
        int64_t least = INT64_MAX;
        for (size_t j = 0; j < n_here; j++) {
            packed[j] = (uint64_t)numbers[i + j] - (uint64_t)numbers[i + j - 1];
            least = (int64_t)packed[j] < least ? (int64_t)packed[j] : least;
        }
        for (size_t j = 0; j < n_here; j++) {
            packed[j] -= (uint64_t)least;
        }
        add_block(least, packed, n_here, out);
    }
}

void rs_delta_add_i32(const int32_t *numbers, size_t n, rs_bytes *out)
{
    uint64_t packed[BLOCK];
    add_header(n, n > 0 ? numbers[0] : 0, out);
    for (size_t i = 1; i < n; i += BLOCK) {
        size_t n_here = n - i < BLOCK ? n - i : BLOCK;
        uint32_t narrow[BLOCK];
        int32_t least = INT32_MAX;
        for (size_t j = 0; j < n_here; j++) {
            narrow[j] = (uint32_t)numbers[i + j] - (uint32_t)numbers[i + j - 1];
            least = (int32_t)narrow[j] < least ? (int32_t)narrow[j] : least;
        }
        for (size_t j = 0; j < n_here; j++) {
            packed[j] = narrow[j] - (uint32_t)least;
        }
        add_block(least, packed, n_here, out);
    }
}
