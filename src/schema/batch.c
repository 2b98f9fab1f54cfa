/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/batch.h"

#include <string.h>
#include <xxhash.h>

#include "base/alloc.h"

enum { FIRST_SLOTS = 1024, FIRST_ROWS = 256, MANY_ROWS = 4096 };

/* --- strings --- */

static bool slots_grow(rs_strings *strings)
{
    uint32_t n_slots = strings->n_slots == 0 ? FIRST_SLOTS : strings->n_slots * 2;
    if (n_slots == 0) {
        return false;
    }
    uint32_t *slots = rs_alloc_zero(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < strings->n_items; i++) {
        rs_str text = strings->items[i];
        uint32_t at = (uint32_t)XXH3_64bits(text.bytes, text.n_bytes) & (n_slots - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (n_slots - 1);
        }
        slots[at] = i + 1;
    }
    rs_free(strings->slots);
    strings->slots = slots;
    strings->n_slots = n_slots;
    return true;
}

static bool items_grow(rs_strings *strings)
{
    uint32_t n_capacity = strings->n_capacity == 0 ? FIRST_SLOTS : strings->n_capacity * 2;
    rs_str *items = rs_realloc(strings->items, n_capacity, sizeof *items);
    if (items == NULL) {
        return false;
    }
    strings->items = items;
    strings->n_capacity = n_capacity;
    return true;
}

static uint32_t strings_append(rs_strings *strings, uint32_t slot, rs_str text)
{
    if (strings->n_items == strings->n_capacity && !items_grow(strings)) {
        return RS_STR_NULL;
    }
    char *bytes = rs_arena_strndup(&strings->arena, text.bytes, text.n_bytes);
    if (bytes == NULL) {
        return RS_STR_NULL;
    }
    strings->items[strings->n_items] = (rs_str){bytes, text.n_bytes};
    strings->slots[slot] = ++strings->n_items;
    return strings->n_items - 1;
}

/* The slot of a text, or the empty one where it would go; there are slots. */
static inline __attribute__((always_inline)) uint32_t slot_of(const rs_strings *strings,
                                                              rs_str text)
{
    uint32_t mask = strings->n_slots - 1;
    uint32_t at = (uint32_t)XXH3_64bits(text.bytes, text.n_bytes) & mask;
    uint32_t held;
    while ((held = strings->slots[at]) != 0) {
        RS_ASSERT(strings->items != NULL);
        if (rs_str_equal(strings->items[held - 1], text)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t rs_strings_find(const rs_strings *strings, rs_str text)
{
    /* RS_STR_NULL is what an empty slot's 0 less 1 is. */
    return strings->n_slots == 0 ? RS_STR_NULL : strings->slots[slot_of(strings, text)] - 1;
}

uint32_t rs_strings_add(rs_strings *strings, rs_str text)
{
    if (strings->failed || (strings->n_items >= strings->n_slots / 2 && !slots_grow(strings))) {
        strings->failed = true;
        return RS_STR_NULL;
    }
    uint32_t at = slot_of(strings, text);
    if (strings->slots[at] != 0) {
        return strings->slots[at] - 1;
    }
    uint32_t number = strings_append(strings, at, text);
    strings->failed = number == RS_STR_NULL;
    return number;
}

void rs_strings_release(rs_strings *strings)
{
    rs_arena_release(&strings->arena);
    rs_free(strings->items);
    rs_free(strings->slots);
    *strings = (rs_strings){0};
}

/* --- batches --- */

size_t rs_type_bytes(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
    case RS_TYPE_F64:
        return 8;
    case RS_TYPE_I32:
    case RS_TYPE_F32:
    case RS_TYPE_STR:
        return 4;
    case RS_TYPE_BOOL:
    case RS_TYPE_ENUM:
        return 1;
    }
    return 0;
}

static size_t bitmap_words(size_t n_rows)
{
    return (n_rows + 63) / 64;
}

static bool column_grow(rs_batch_column *column, rs_type type, size_t n_before, size_t n_capacity)
{
    void *data = rs_realloc(column->values.data, n_capacity, rs_type_bytes(type));
    if (data == NULL) {
        return false;
    }
    column->values.data = data;
    if (column->validity == NULL) {
        return true;
    }
    uint64_t *validity = rs_realloc(column->validity, bitmap_words(n_capacity), sizeof *validity);
    if (validity == NULL) {
        return false;
    }
    size_t n_old = bitmap_words(n_before);
    memset(validity + n_old, 0xff, (bitmap_words(n_capacity) - n_old) * sizeof *validity);
    column->validity = validity;
    return true;
}

rs_status rs_batch_grow(rs_batch *batch, size_t n_more, rs_error *err)
{
    size_t n_capacity = batch->n_capacity == 0 ? FIRST_ROWS : batch->n_capacity;
    while (n_capacity - batch->n_rows < n_more) {
        /* Most of what growing costs is the copy: in few steps as long as that takes little memory. */
        n_capacity *= n_capacity < MANY_ROWS ? 4 : 2;
    }
    for (size_t i = 0; i < batch->dataset->n_columns; i++) {
        const rs_column *column = &batch->dataset->columns[i];
        if (rs_column_is_in_memory(column) &&
            !column_grow(&batch->columns[i], column->type, batch->n_capacity, n_capacity)) {
            return rs_error_set(err, RS_ERR_NOMEM, "grow %s: out of memory", batch->dataset->name);
        }
    }
    batch->n_capacity = n_capacity;
    return RS_OK;
}

rs_status rs_batch_add_validity(rs_batch *batch, size_t column, rs_error *err)
{
    size_t n_words = bitmap_words(batch->n_capacity);
    uint64_t *validity = rs_alloc(n_words, sizeof *validity);
    if (validity == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "grow %s: out of memory", batch->dataset->name);
    }
    memset(validity, 0xff, n_words * sizeof *validity);
    batch->columns[column].validity = validity;
    return RS_OK;
}

/* --- whole columns --- */

static bool is_number(rs_type type)
{
    return type != RS_TYPE_STR && type != RS_TYPE_ENUM;
}

/* Null is all ones for texts and words. What must be written is nothing in builds that assert. */
static void column_open(const rs_column *column, rs_batch_column *values, size_t first,
                        size_t n_rows)
{
    size_t n_bytes = rs_type_bytes(column->type);
    char *start = (char *)values->values.data + first * n_bytes;
    if (!column->required && !is_number(column->type)) {
        memset(start, UINT8_MAX, n_rows * n_bytes);
        return;
    }
#ifndef NDEBUG
    memset(start, RS_UNWRITTEN_BYTE, n_rows * n_bytes);
#endif
}

rs_status rs_part_open(rs_part *part, rs_dataset_id dataset, size_t n_rows, rs_error *err)
{
    rs_batch *batch = &part->batches[dataset];
    RS_TRY(rs_batch_reserve(batch, n_rows, err));
    for (size_t i = 0; n_rows > 0 && i < batch->dataset->n_columns; i++) {
        const rs_column *column = &batch->dataset->columns[i];
        if (rs_column_is_in_memory(column)) {
            column_open(column, &batch->columns[i], batch->n_rows, n_rows);
        }
    }
    return RS_OK;
}

#ifndef NDEBUG
static bool all_bytes_are(const uint8_t *value, size_t n_bytes, uint8_t byte)
{
    size_t i = 0;
    while (i < n_bytes && value[i] == byte) {
        i++;
    }
    return i == n_bytes;
}

static bool is_written(const rs_column *column, const rs_batch_column *values, size_t row)
{
    size_t n_bytes = rs_type_bytes(column->type);
    const uint8_t *value = (const uint8_t *)values->values.data + row * n_bytes;
    if (!rs_batch_is_valid(values, row)) { /* equal rows are equal bytes */
        return !column->required && all_bytes_are(value, n_bytes, 0);
    }
    bool is_null = !is_number(column->type) && all_bytes_are(value, n_bytes, UINT8_MAX);
    return !all_bytes_are(value, n_bytes, RS_UNWRITTEN_BYTE) && !(column->required && is_null);
}
#endif

void rs_part_close(rs_part *part, rs_dataset_id dataset, size_t n_rows)
{
    rs_batch *batch = &part->batches[dataset];
#ifndef NDEBUG
    for (size_t i = 0; i < batch->dataset->n_columns && !part->strings.failed; i++) {
        const rs_column *column = &batch->dataset->columns[i];
        size_t n_looked_at = rs_column_is_in_memory(column) ? n_rows : 0;
        for (size_t row = 0; row < n_looked_at; row++) {
            RS_ASSERT(is_written(column, &batch->columns[i], batch->n_rows + row));
        }
    }
#endif
    batch->n_rows += n_rows;
}

rs_status rs_batch_open(rs_batch *batch, const rs_dataset *dataset, rs_error *err)
{
    *batch = (rs_batch){.dataset = dataset,
                        .columns = rs_alloc_zero(dataset->n_columns, sizeof *batch->columns)};
    if (batch->columns == NULL) {
        *batch = (rs_batch){0};
        return rs_error_set(err, RS_ERR_NOMEM, "open %s: out of memory", dataset->name);
    }
    return RS_OK;
}

void rs_batch_close(rs_batch *batch)
{
    for (size_t i = 0; batch->columns != NULL && i < batch->dataset->n_columns; i++) {
        rs_free(batch->columns[i].values.data);
        rs_free(batch->columns[i].validity);
    }
    rs_free(batch->columns);
    *batch = (rs_batch){0};
}

rs_status rs_part_init(rs_part *part, rs_error *err)
{
    rs_status status = RS_OK;
    *part = (rs_part){0};
    for (int i = 0; i < RS_N_EVIDENCE && status == RS_OK; i++) {
        status = rs_batch_open(&part->batches[i], rs_dataset_get((rs_dataset_id)i), err);
    }
    if (status != RS_OK) {
        rs_part_release(part);
    }
    return status;
}

/* --- less of them --- */

static void column_drop(rs_batch_column *column)
{
    rs_free(column->values.data);
    rs_free(column->validity);
    *column = (rs_batch_column){.validity = NULL};
}

/* Numbers of one table become those of another. */
static bool column_move(rs_batch_column *column, size_t n_rows, const rs_strings *texts,
                        rs_strings *to)
{
    for (size_t row = 0; row < n_rows; row++) {
        uint32_t number = column->values.str[row];
        column->values.str[row] =
            number == RS_STR_NULL ? number : rs_strings_add(to, texts->items[number]);
    }
    return !to->failed;
}

rs_status rs_batch_keep(rs_batch *batch, uint64_t columns, const rs_strings *texts, rs_strings *to,
                        rs_error *err)
{
    RS_ASSERT(batch->dataset->n_columns <= 64);
    for (size_t i = 0; i < batch->dataset->n_columns; i++) {
        if ((columns >> i & 1) == 0) {
            column_drop(&batch->columns[i]);
        } else if (batch->dataset->columns[i].type == RS_TYPE_STR &&
                   batch->columns[i].values.str != NULL &&
                   !column_move(&batch->columns[i], batch->n_rows, texts, to)) {
            return rs_error_set(err, RS_ERR_NOMEM, "keep rows of %s: out of memory",
                                batch->dataset->name);
        }
    }
    return RS_OK;
}

static void column_trim(rs_batch_column *column, rs_type type, size_t n_rows)
{
    void *data = rs_realloc(column->values.data, n_rows, rs_type_bytes(type));
    column->values.data = data != NULL ? data : column->values.data;
    if (column->validity != NULL) {
        void *validity =
            rs_realloc(column->validity, bitmap_words(n_rows), sizeof *column->validity);
        column->validity = validity != NULL ? validity : column->validity;
    }
}

void rs_batch_trim(rs_batch *batch)
{
    if (batch->n_rows == 0 || batch->n_rows == batch->n_capacity) {
        return;
    }
    for (size_t i = 0; i < batch->dataset->n_columns; i++) {
        if (batch->columns[i].values.data != NULL) {
            column_trim(&batch->columns[i], batch->dataset->columns[i].type, batch->n_rows);
        }
    }
    batch->n_capacity = batch->n_rows;
}

rs_status rs_part_keep(rs_part *part, const uint64_t columns[RS_N_EVIDENCE], rs_error *err)
{
    rs_strings kept = {.items = NULL};
    rs_status status = RS_OK;
    for (size_t i = 0; i < RS_N_EVIDENCE && status == RS_OK; i++) {
        status = rs_batch_keep(&part->batches[i], columns[i], &part->strings, &kept, err);
    }
    rs_strings_release(&part->strings);
    part->strings = kept;
    return status;
}

void rs_part_trim(rs_part *part)
{
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        rs_batch_trim(&part->batches[i]);
    }
}

void rs_part_release(rs_part *part)
{
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        rs_batch_close(&part->batches[i]);
    }
    rs_strings_release(&part->strings);
}
