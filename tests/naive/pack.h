/* SPDX-License-Identifier: Apache-2.0 */
/* pack.h - a pack that holds the whole language: every operator and mode, every function, each with nulls. */
#ifndef RS_TESTS_NAIVE_PACK_H
#define RS_TESTS_NAIVE_PACK_H

#include <stdint.h>

#include "base/str.h"

void naive_add_pack(rs_buf *out);
/* The same datasets, to which rules may be added. */
void naive_add_head(rs_buf *out);
/* Rules whose expressions are random (random.c). */
void naive_add_random_pack(uint64_t seed, rs_buf *out);

#endif
