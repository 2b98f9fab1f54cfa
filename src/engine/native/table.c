/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are bound: segments, one behind the other. */
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

/* Where a copied frame lies: the block starts with its columns. */
typedef struct room {
    char *bytes; /* NULL: it is measured alone */
    size_t n_bytes;
} room;

static void *take(room *from, size_t n_items, size_t n_item_bytes)
{
    size_t at = from->n_bytes;
    from->n_bytes += (n_items * n_item_bytes + 15) / 16 * 16;
    return from->bytes != NULL ? from->bytes + at : NULL;
}

static size_t n_origins_of(const rs_frame *frame)
{
    return frame->lineage != NULL ? frame->lineage->ends[frame->n_rows - 1] : 0;
}

/* --- columns --- */

/* Texts get numbers of the segment's own. */
static void copy_texts(const rs_vector *from, size_t n_rows, uint32_t *to, rs_strings *strings)
{
    for (size_t i = 0; i < n_rows; i++) {
        to[i] = rs_vector_is_null(from, i) ? RS_STR_NULL
                                           : rs_strings_add(strings, rs_vector_text(from, i));
    }
}

static void copy_values(const rs_vector *from, size_t n_rows, char *to)
{
    size_t n_bytes = rs_type_bytes(from->type);
    const char *values = from->values;
    if (from->form == RS_FORM_NULL) {
        memset(to, from->type == RS_TYPE_ENUM ? RS_ENUM_NULL : 0, n_rows * n_bytes);
    } else if (from->form == RS_FORM_FLAT) {
        memcpy(to, values, n_rows * n_bytes);
    } else {
        for (size_t i = 0; i < n_rows; i++) {
            memcpy(to + i * n_bytes, values, n_bytes);
        }
    }
}

static void copy_validity(const rs_vector *from, size_t n_rows, uint64_t *to)
{
    memset(to, 0, (n_rows / 64 + 1) * sizeof *to);
    for (size_t i = 0; i < n_rows; i++) {
        to[i / 64] |= (uint64_t)!rs_vector_is_null(from, i) << (i % 64);
    }
}

static rs_vector copy_column(const rs_vector *from, size_t n_rows, room *into, rs_strings *strings)
{
    rs_vector to = {.form = RS_FORM_FLAT, .type = from->type, .words = from->words};
    void *values = take(into, n_rows, rs_type_bytes(from->type));
    uint64_t *validity = take(into, n_rows / 64 + 1, sizeof *validity);
    to.values = values;
    to.strings = strings;
    if (values == NULL) {
        return to;
    }
    if (from->type == RS_TYPE_STR) {
        copy_texts(from, n_rows, values, strings);
    } else {
        copy_values(from, n_rows, values);
    }
    if (from->type != RS_TYPE_STR && from->type != RS_TYPE_ENUM) {
        copy_validity(from, n_rows, validity);
        to.validity = validity;
    }
    return to;
}

static const rs_lineage *copy_lineage(const rs_frame *frame, room *into)
{
    rs_lineage *lineage = take(into, 1, sizeof *lineage);
    rs_origin *origins = take(into, n_origins_of(frame) + 1, sizeof *origins);
    uint32_t *ends = take(into, frame->n_rows, sizeof *ends);
    if (frame->lineage == NULL || lineage == NULL) {
        return NULL;
    }
    memcpy(origins, frame->lineage->origins, n_origins_of(frame) * sizeof *origins);
    memcpy(ends, frame->lineage->ends, frame->n_rows * sizeof *ends);
    *lineage = (rs_lineage){origins, ends};
    return lineage;
}

static void copy_frame(const rs_frame *frame, room *into, rs_native_segment *to)
{
    rs_vector *columns = take(into, frame->n_columns, sizeof *columns);
    for (size_t i = 0; i < frame->n_columns; i++) {
        rs_vector copy = copy_column(&frame->columns[i], frame->n_rows, into, to->strings);
        if (columns != NULL) {
            columns[i] = copy;
        }
    }
    to->columns = columns;
    to->lineage = copy_lineage(frame, into);
}

/* --- segments --- */

static rs_status out_of_memory(const rs_native_table *table, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "bind %s: out of memory", table->dataset->name);
}

/* Room for so many rows more: they have numbers of 32 bits. */
static rs_status check_rows(const rs_native_table *table, size_t n_rows, rs_error *err)
{
    return n_rows < RS_NATIVE_NO_ROW - table->n_rows
               ? RS_OK
               : rs_error_set(err, RS_ERR_LIMIT, "bind %s: too many rows", table->dataset->name);
}

/* A segment behind the others, with nothing in it; NULL when memory is out. */
static rs_native_segment *add_segment(rs_native_table *table, size_t n_rows)
{
    const rs_native_segment segment = {.first_row = table->n_rows, .n_rows = (uint32_t)n_rows};
    if (!rs_native_segments_push(&table->segments, segment)) {
        return NULL;
    }
    table->n_rows += (uint32_t)n_rows;
    return &table->segments.items[table->segments.n_items - 1];
}

static void release_segment(rs_native_segment *segment)
{
    if (segment->strings != NULL) {
        rs_strings_release(segment->strings);
        rs_free(segment->strings);
    }
    rs_free(segment->owned);
}

rs_status rs_native_table_add(rs_native_table *table, const rs_frame *frame, rs_error *err)
{
    room size = {0};
    if (frame->n_rows == 0) {
        return RS_OK;
    }
    RS_ASSERT(frame->n_columns == table->dataset->n_columns);
    RS_TRY(check_rows(table, frame->n_rows, err));
    rs_native_segment *to = add_segment(table, frame->n_rows);
    if (to == NULL) {
        return out_of_memory(table, err);
    }
    copy_frame(frame, &size, to);
    room into = {.bytes = rs_alloc(size.n_bytes, 1)};
    to->owned = into.bytes;
    to->strings = rs_alloc_zero(1, sizeof *to->strings);
    if (to->owned == NULL || to->strings == NULL) {
        release_segment(to);
        table->n_rows -= to->n_rows;
        table->segments.n_items--;
        return out_of_memory(table, err);
    }
    copy_frame(frame, &into, to);
    return to->strings->failed ? out_of_memory(table, err) : RS_OK;
}

rs_status rs_native_table_borrow(rs_native_table *table, const rs_batch *batch,
                                 const rs_strings *strings, const rs_lineage *lineage,
                                 rs_error *err)
{
    if (batch->n_rows == 0) {
        return RS_OK;
    }
    RS_TRY(check_rows(table, batch->n_rows, err));
    room into = {0};
    (void)take(&into, table->dataset->n_columns, sizeof(rs_vector));
    (void)take(&into, 1, sizeof *lineage);
    into = (room){.bytes = rs_alloc_zero(into.n_bytes, 1)};
    if (into.bytes == NULL) {
        return out_of_memory(table, err);
    }
    rs_vector *columns = take(&into, table->dataset->n_columns, sizeof *columns);
    rs_lineage *own = take(&into, 1, sizeof *own);
    for (size_t i = 0; i < table->dataset->n_columns; i++) {
        if (rs_column_is_in_memory(&table->dataset->columns[i])) {
            columns[i] = rs_vector_of_batch(batch, i, 0, strings);
        }
    }
    rs_native_segment *to = add_segment(table, batch->n_rows);
    if (to == NULL) {
        rs_free(into.bytes);
        return out_of_memory(table, err);
    }
    to->columns = columns;
    to->owned = into.bytes;
    if (lineage != NULL) {
        *own = *lineage;
        to->lineage = own;
    }
    return RS_OK;
}

void rs_native_table_clear(rs_native_table *table)
{
    for (size_t i = 0; i < table->segments.n_items; i++) {
        release_segment(&table->segments.items[i]);
    }
    rs_native_segments_release(&table->segments);
    table->n_rows = 0;
}

const rs_native_segment *rs_native_table_find(const rs_native_table *table, uint32_t row,
                                              const rs_native_segment *hint)
{
    if (hint != NULL && row - hint->first_row < hint->n_rows) {
        return hint;
    }
    size_t first = 0;
    size_t end = table->segments.n_items;
    while (end - first > 1) {
        size_t middle = first + (end - first) / 2;
        if (table->segments.items[middle].first_row <= row) {
            first = middle;
        } else {
            end = middle;
        }
    }
    RS_ASSERT(first < end &&
              row - table->segments.items[first].first_row < table->segments.items[first].n_rows);
    return &table->segments.items[first];
}
