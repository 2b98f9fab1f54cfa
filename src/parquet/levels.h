/* SPDX-License-Identifier: Apache-2.0 */
/* levels.h - which of a column's values are null, and where its lists begin. */
#ifndef RS_PARQUET_LEVELS_H
#define RS_PARQUET_LEVELS_H

#include "parquet/hybrid.h"

typedef struct rs_levels {
    uint8_t most_defined;  /* 1: a value or none; of a list 3, of a map's key 2 */
    uint8_t most_repeated; /* 0; of a list or map 1 */
    rs_hybrid definition;
    rs_hybrid repetition;
    rs_bytes definition_bytes; /* of all pages of the row group */
    rs_bytes repetition_bytes;
    size_t n_entries;
} rs_levels;

void rs_levels_init(rs_levels *self, uint8_t most_defined, uint8_t most_repeated);
/* So many entries that are defined and repeated alike. */
void rs_levels_add(rs_levels *self, uint32_t defined, uint32_t repeated, size_t n);
/* A page ends here. */
void rs_levels_cut(rs_levels *self);
void rs_levels_reset(rs_levels *self);
void rs_levels_release(rs_levels *self);
static inline bool rs_levels_failed(const rs_levels *self)
{
    return self->definition_bytes.failed || self->repetition_bytes.failed;
}

#endif
