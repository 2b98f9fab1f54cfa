/* SPDX-License-Identifier: Apache-2.0 */
/* delta.h - DELTA_BINARY_PACKED: whole numbers as what each is more than the one before.
 *
 * Few numbers are a block of 128. More of them are one block, as long as all of them, whose numbers have whole
 * bytes: equal differences are equal bytes wherever they stand, and that is what a compressor finds. So a column
 * takes a third less than in packed blocks of 128, each with a least difference of its own. Differences wrap as
 * the type does: what is taken off them is the least of those that are no leaps, and a leap wraps around.
 */
#ifndef RS_PARQUET_DELTA_H
#define RS_PARQUET_DELTA_H

#include "parquet/bytes.h"

void rs_delta_add_i64(const int64_t *numbers, size_t n, rs_bytes *out);
void rs_delta_add_i32(const int32_t *numbers, size_t n, rs_bytes *out);
/* Lengths of texts: the same without leaps, which polars adds up without wrapping there. None is negative. */
void rs_delta_add_lengths(const int32_t *lengths, size_t n, rs_bytes *out);

#endif
