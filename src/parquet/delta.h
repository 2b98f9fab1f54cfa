/* SPDX-License-Identifier: Apache-2.0 */
/* delta.h - DELTA_BINARY_PACKED: whole numbers as what each is more than the one before.
 *
 * Blocks of 128 in four of 32, so that few rows cost little. Differences wrap as the type does.
 */
#ifndef RS_PARQUET_DELTA_H
#define RS_PARQUET_DELTA_H

#include "parquet/bytes.h"

void rs_delta_add_i64(const int64_t *numbers, size_t n, rs_bytes *out);
void rs_delta_add_i32(const int32_t *numbers, size_t n, rs_bytes *out);

#endif
