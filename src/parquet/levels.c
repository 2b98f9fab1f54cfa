/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/levels.h"

void rs_levels_init(rs_levels *self, uint8_t most_defined, uint8_t most_repeated)
{
    self->most_defined = most_defined;
    self->most_repeated = most_repeated;
    self->definition.width = rs_bit_width(most_defined);
    self->repetition.width = rs_bit_width(most_repeated);
}

void rs_levels_add(rs_levels *self, uint32_t defined, uint32_t repeated, size_t n)
{
    rs_hybrid_add(&self->definition, defined, n, &self->definition_bytes);
    if (self->most_repeated > 0) {
        rs_hybrid_add(&self->repetition, repeated, n, &self->repetition_bytes);
    }
    self->n_entries += n;
}

void rs_levels_cut(rs_levels *self)
{
    rs_hybrid_finish(&self->definition, &self->definition_bytes);
    rs_hybrid_finish(&self->repetition, &self->repetition_bytes);
}

void rs_levels_reset(rs_levels *self)
{
    rs_bytes_reset(&self->definition_bytes);
    rs_bytes_reset(&self->repetition_bytes);
    self->n_entries = 0;
}

void rs_levels_release(rs_levels *self)
{
    rs_bytes_release(&self->definition_bytes);
    rs_bytes_release(&self->repetition_bytes);
}
