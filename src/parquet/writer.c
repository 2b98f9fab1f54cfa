/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/parquet.h"

#include <string.h>

#include "base/alloc.h"
#include "parquet/chunk.h"
#include "parquet/tally.h"

static const char magic[4] = {'P', 'A', 'R', '1'};

struct rs_parquet {
    const rs_parquet_column *columns;
    size_t n_columns;
    const rs_text_pair *metadata;
    size_t n_metadata;
    rs_leaf *leaves; /* of each column one or two */
    size_t n_leaves;
    size_t n_group_rows;    /* of the row group at hand */
    uint64_t n_group_bytes; /* of its texts */
    uint64_t n_rows;
    rs_row_group_vec groups;
    rs_chunk_vec chunks;
    rs_encoder encoder;
    rs_byte_sink out;
    rs_parquet_tally *tally; /* NULL: nobody asks */
};

static rs_status out_of_memory(const rs_parquet *self, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", self->out.path);
}

/* --- opening --- */

static rs_status init(rs_parquet *self, const char *path, rs_error *err)
{
    RS_TRY(rs_encoder_init(&self->encoder, err));
    RS_TRY(rs_byte_sink_open(&self->out, path, err));
    self->leaves = rs_alloc_zero(self->n_columns * 2 + 1, sizeof *self->leaves);
    if (self->leaves == NULL) {
        return out_of_memory(self, err);
    }
    for (size_t i = 0; i < self->n_columns; i++) {
        self->n_leaves += rs_leaf_describe(&self->columns[i], &self->leaves[self->n_leaves]);
    }
    RS_ASSERT(self->n_leaves <= self->n_columns * 2);
    return rs_byte_sink_add(&self->out, magic, sizeof magic, err);
}

rs_status rs_parquet_open(const char *path, const rs_parquet_column *columns, size_t n_columns,
                          const rs_text_pair *metadata, size_t n_metadata, rs_parquet **out,
                          rs_error *err)
{
    rs_parquet *self = rs_alloc_zero(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "write %s: out of memory", path);
    }
    self->columns = columns;
    self->n_columns = n_columns;
    self->metadata = metadata;
    self->n_metadata = n_metadata;
    self->out.fd = -1;
    rs_status status = init(self, path, err);
    if (status != RS_OK) {
        rs_parquet_free(self);
        return status;
    }
    *out = self;
    return RS_OK;
}

void rs_parquet_free(rs_parquet *self)
{
    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->n_leaves; i++) {
        rs_leaf_release(&self->leaves[i]);
    }
    rs_free(self->leaves);
    rs_row_group_vec_release(&self->groups);
    rs_chunk_vec_release(&self->chunks);
    rs_encoder_release(&self->encoder);
    rs_byte_sink_release(&self->out);
    rs_free(self);
}

static void see_rows(const rs_parquet *self, const rs_parquet_vector *vectors, size_t n_rows)
{
    const rs_parquet_tally *tally = self->tally;
    if (tally != NULL && tally->see != NULL) {
        tally->see(tally->seer, self->columns, self->n_columns, vectors, n_rows);
    }
}

void rs_parquet_set_tally(rs_parquet *self, rs_parquet_tally *tally)
{
    RS_ASSERT(self->n_rows + self->n_group_rows == 0);
    RS_ASSERT(tally == NULL || self->n_columns <= RS_TALLY_COLUMNS);
    self->tally = tally;
    if (tally != NULL) {
        rs_parquet_tally_reset(tally);
    }
    see_rows(self, NULL, 0);
}

/* --- row groups --- */

static rs_status tally_chunk(const rs_parquet *self, const rs_leaf *leaf, const rs_chunk *chunk,
                             rs_error *err)
{
    rs_parquet_tally *tally = self->tally;
    rs_tally_column *column = &tally->columns[leaf->column - self->columns];
    bool is_counted = tally->counted != NULL && strcmp(tally->counted, leaf->column->name) == 0 &&
                      leaf->column->shape == RS_SHAPE_ONE && rs_leaf_has_texts(leaf);
    column->n_nulls += chunk->statistics.n_nulls;
    column->n_bytes += chunk->n_stored_bytes;
    return is_counted ? rs_parquet_tally_count(tally, leaf, err) : RS_OK;
}

static rs_status write_chunk(rs_parquet *self, rs_leaf *leaf, rs_error *err)
{
    rs_chunk chunk;
    RS_ASSERT(leaf >= self->leaves && leaf < self->leaves + self->n_leaves);
    RS_TRY(rs_leaf_finish(leaf, err));
    RS_TRY(rs_chunk_write(&self->encoder, leaf, &self->out, &chunk, err));
    if (self->tally != NULL) {
        RS_TRY(tally_chunk(self, leaf, &chunk, err));
    }
    rs_leaf_reset(leaf);
    return rs_chunk_vec_push(&self->chunks, chunk) ? RS_OK : out_of_memory(self, err);
}

static rs_status end_group(rs_parquet *self, rs_error *err)
{
    const rs_row_group group = {.n_rows = self->n_group_rows, .first_chunk = self->chunks.n_items};
    if (self->n_group_rows == 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < self->n_leaves; i++) {
        RS_TRY(write_chunk(self, &self->leaves[i], err));
    }
    self->n_rows += self->n_group_rows;
    self->n_group_rows = 0;
    self->n_group_bytes = 0;
    return rs_row_group_vec_push(&self->groups, group) ? RS_OK : out_of_memory(self, err);
}

/* --- how many rows still fit --- */

static rs_status text_bytes(const rs_parquet *self, const rs_parquet_vector *vector, size_t first,
                            size_t n, uint64_t *n_bytes, rs_error *err)
{
    const rs_str *texts = vector->values;
    if (vector->form == RS_FORM_NULL) {
        return RS_OK;
    }
    for (size_t i = first; i < first + n; i++) {
        rs_str text = texts[vector->form == RS_FORM_FLAT ? i : 0];
        if (text.n_bytes > RS_PARQUET_TEXT_BYTES) {
            return rs_error_set(err, RS_ERR_LIMIT, "write %s: a text of %zu bytes", self->out.path,
                                text.n_bytes);
        }
        *n_bytes += text.bytes != NULL ? text.n_bytes : 0;
    }
    return RS_OK;
}

/* Of the items of a list or map. */
static rs_status item_bytes(const rs_parquet *self, const rs_parquet_column *column,
                            const rs_parquet_vector *vector, size_t first_row, size_t n_rows,
                            uint64_t *n_bytes, rs_error *err)
{
    size_t first = 0;
    size_t n = 0;
    for (size_t row = 0; row < first_row + n_rows; row++) {
        *(row < first_row ? &first : &n) += vector->n_items[row];
    }
    if (column->shape == RS_SHAPE_MAP) {
        RS_TRY(text_bytes(self, vector->keys, first, n, n_bytes, err));
    }
    return column->type == RS_TYPE_STR ? text_bytes(self, vector->items, first, n, n_bytes, err)
                                       : RS_OK;
}

/* Bytes of all texts of some rows; words are no texts here. Bits of a null count too: whoever made the
 * vector decides what stands there, so that has to be nothing. */
static rs_status row_bytes(const rs_parquet *self, const rs_parquet_vector *vectors,
                           size_t first_row, size_t n_rows, uint64_t *n_bytes, rs_error *err)
{
    *n_bytes = 0;
    for (size_t i = 0; i < self->n_columns; i++) {
        const rs_parquet_column *column = &self->columns[i];
        if (column->shape != RS_SHAPE_ONE) {
            RS_TRY(item_bytes(self, column, &vectors[i], first_row, n_rows, n_bytes, err));
        } else if (column->type == RS_TYPE_STR) {
            RS_TRY(text_bytes(self, &vectors[i], first_row, n_rows, n_bytes, err));
        }
    }
    return RS_OK;
}

/* How many of the rows from first_row on the row group takes, and what their texts come to. */
static rs_status room_for(const rs_parquet *self, const rs_parquet_vector *vectors,
                          size_t first_row, size_t *n_rows, uint64_t *n_bytes, rs_error *err)
{
    RS_ASSERT(self->n_group_rows < RS_PARQUET_GROUP_ROWS); /* a full one was ended */
    size_t n_most = RS_PARQUET_GROUP_ROWS - self->n_group_rows;
    *n_rows = *n_rows < n_most ? *n_rows : n_most;
    RS_TRY(row_bytes(self, vectors, first_row, *n_rows, n_bytes, err));
    if (self->n_group_bytes + *n_bytes < RS_PARQUET_GROUP_BYTES) {
        return RS_OK;
    }
    uint64_t n_all = 0;
    size_t n = 0;
    while (n < *n_rows && self->n_group_bytes + n_all < RS_PARQUET_GROUP_BYTES) {
        RS_TRY(row_bytes(self, vectors, first_row + n++, 1, n_bytes, err));
        n_all += *n_bytes;
    }
    *n_rows = n;
    *n_bytes = n_all;
    return RS_OK;
}

/* --- rows --- */

static rs_status push_rows(rs_parquet *self, const rs_parquet_vector *vectors, size_t first_row,
                           size_t n_rows, rs_error *err)
{
    size_t leaf = 0;
    for (size_t i = 0; i < self->n_columns; i++) {
        RS_TRY(rs_leaf_push(&self->leaves[leaf++], &vectors[i], first_row, n_rows, err));
        if (self->columns[i].shape == RS_SHAPE_MAP) {
            RS_TRY(rs_leaf_push(&self->leaves[leaf++], &vectors[i], first_row, n_rows, err));
        }
    }
    return RS_OK;
}

rs_status rs_parquet_push(rs_parquet *self, const rs_parquet_vector *vectors, size_t n_rows,
                          rs_error *err)
{
    see_rows(self, vectors, n_rows);
    for (size_t at = 0; at < n_rows;) {
        size_t n = n_rows - at;
        uint64_t n_bytes = 0;
        RS_TRY(room_for(self, vectors, at, &n, &n_bytes, err));
        RS_ASSERT(n > 0 && n <= n_rows - at);
        RS_TRY(push_rows(self, vectors, at, n, err));
        at += n;
        self->n_group_rows += n;
        self->n_group_bytes += n_bytes;
        if (self->n_group_rows == RS_PARQUET_GROUP_ROWS ||
            self->n_group_bytes >= RS_PARQUET_GROUP_BYTES) {
            RS_TRY(end_group(self, err));
        }
    }
    return RS_OK;
}

/* --- the end --- */

rs_status rs_parquet_close(rs_parquet *self, rs_parquet_written *written, rs_error *err)
{
    rs_bytes footer = {0};
    RS_TRY(end_group(self, err));
    RS_ASSERT(self->chunks.n_items == self->groups.n_items * self->n_leaves);
    const rs_footer_parts parts = {.columns = self->columns,
                                   .n_columns = self->n_columns,
                                   .leaves = self->leaves,
                                   .n_leaves = self->n_leaves,
                                   .groups = self->groups.items,
                                   .n_groups = self->groups.n_items,
                                   .chunks = self->chunks.items,
                                   .metadata = self->metadata,
                                   .n_metadata = self->n_metadata,
                                   .n_rows = self->n_rows};
    rs_status status = rs_footer_parts_add(&parts, &footer, err);
    if (status == RS_OK) {
        rs_bytes_add_u32(&footer, (uint32_t)footer.n_bytes);
        rs_bytes_add(&footer, magic, sizeof magic);
        status = footer.failed ? out_of_memory(self, err)
                               : rs_byte_sink_add(&self->out, footer.bytes, footer.n_bytes, err);
    }
    rs_bytes_release(&footer);
    if (self->tally != NULL) {
        self->tally->n_groups = self->groups.n_items;
        self->tally->n_columns = self->groups.n_items > 0 ? self->n_columns : 0;
    }
    *written = (rs_parquet_written){.n_rows = self->n_rows, .n_groups = self->groups.n_items};
    RS_THEN(status, rs_byte_sink_close(&self->out, written->sha256, err));
    written->n_bytes = self->out.n_bytes;
    return status;
}
