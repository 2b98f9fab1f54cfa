/* SPDX-License-Identifier: Apache-2.0 */
/* pack.h - a pack that holds the whole language: every operator and mode, every function, each with nulls. */
#ifndef RS_TESTS_NAIVE_PACK_H
#define RS_TESTS_NAIVE_PACK_H

#include "base/str.h"

void naive_add_pack(rs_buf *out);

#endif
