/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/tally.h"

#include <string.h>

#include "base/alloc.h"
#include "parquet/leaf.h"

void rs_parquet_tally_reset(rs_parquet_tally *self)
{
    const rs_parquet_tally before = *self;
    rs_parquet_tally_release(self);
    self->counted = before.counted;
    self->see = before.see;
    self->seer = before.seer;
}

void rs_parquet_tally_release(rs_parquet_tally *self)
{
    rs_tally_count_vec_release(&self->counts);
    rs_arena_release(&self->arena);
    *self = (rs_parquet_tally){0};
}

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "write Parquet: out of memory");
}

static rs_status add(rs_parquet_tally *self, rs_str value, uint64_t n_rows, rs_error *err)
{
    for (size_t i = 0; i < self->counts.n_items; i++) {
        if (rs_str_equal(self->counts.items[i].value, value)) {
            self->counts.items[i].n_rows += n_rows;
            return RS_OK;
        }
    }
    const char *copy = rs_arena_strndup(&self->arena, value.bytes, value.n_bytes);
    return copy != NULL && rs_tally_count_vec_push(&self->counts,
                                                   (rs_tally_count){{copy, value.n_bytes}, n_rows})
               ? RS_OK
               : out_of_memory(err);
}

rs_status rs_parquet_tally_count(rs_parquet_tally *self, const rs_leaf *leaf, rs_error *err)
{
    const uint32_t *numbers = (const uint32_t *)(const void *)leaf->values.bytes;
    uint64_t *n_rows = rs_alloc_zero(leaf->texts.n_items + (size_t)1, sizeof *n_rows);
    if (n_rows == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < leaf->runs.n_items; i++) {
        const rs_value_run *run = &leaf->runs.items[i];
        if (run->is_constant) {
            n_rows[numbers[run->first]] += run->n;
            continue;
        }
        for (size_t j = 0; j < run->n; j++) {
            n_rows[numbers[run->first + j]]++;
        }
    }
    rs_status status = RS_OK;
    for (uint32_t i = 0; i < leaf->texts.n_items && status == RS_OK; i++) {
        status = add(self, rs_text_dictionary_get(&leaf->texts, i), n_rows[i], err);
    }
    rs_free(n_rows);
    return status;
}
