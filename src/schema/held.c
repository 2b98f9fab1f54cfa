/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/held.h"

#include <string.h>

#include "base/alloc.h"

enum { FIRST_ORIGINS = 256, N_SEEN = 256 };

/* Texts of a frame whose numbers here are known: many rows have few of them. */
typedef struct seen_texts {
    uint32_t from[N_SEEN];
    uint32_t to[N_SEEN];
} seen_texts;

static rs_status out_of_memory(const rs_held *held, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "hold rows of %s: out of memory",
                        held->batch.dataset->name);
}

rs_status rs_held_open(rs_held *held, const rs_dataset *dataset, rs_error *err)
{
    *held = (rs_held){.ends = NULL};
    return rs_batch_open(&held->batch, dataset, err);
}

void rs_held_close(rs_held *held)
{
    rs_batch_close(&held->batch);
    rs_strings_release(&held->strings);
    rs_free(held->ends);
    rs_free(held->origins);
    *held = (rs_held){.ends = NULL};
}

/* --- room --- */

static rs_status reserve_origins(rs_held *held, size_t n_more, rs_error *err)
{
    size_t n_room = held->n_origins_room == 0 ? FIRST_ORIGINS : held->n_origins_room;
    while (n_room - held->n_origins < n_more) {
        n_room *= 2;
    }
    if (n_room > held->n_origins_room) {
        rs_origin *origins = rs_realloc(held->origins, n_room, sizeof *origins);
        if (origins == NULL) {
            return out_of_memory(held, err);
        }
        held->origins = origins;
        held->n_origins_room = n_room;
    }
    return RS_OK;
}

static rs_status reserve(rs_held *held, size_t n_rows, size_t n_origins, rs_error *err)
{
    if (held->batch.n_rows + n_rows >= INT32_MAX || held->n_origins + n_origins >= UINT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "hold rows of %s: too many",
                            held->batch.dataset->name);
    }
    RS_TRY(rs_batch_reserve(&held->batch, n_rows, err));
    if (held->batch.n_capacity > held->n_ends_room) {
        uint32_t *ends = rs_realloc(held->ends, held->batch.n_capacity, sizeof *ends);
        if (ends == NULL) {
            return out_of_memory(held, err);
        }
        held->ends = ends;
        held->n_ends_room = held->batch.n_capacity;
    }
    return reserve_origins(held, n_origins, err);
}

/* --- columns of a frame --- */

static uint32_t own_number(rs_held *held, seen_texts *seen, const rs_vector *from, uint32_t number)
{
    uint32_t at = number % N_SEEN;
    if (number == RS_STR_NULL) {
        return number;
    }
    if (seen->from[at] != number) {
        seen->from[at] = number;
        seen->to[at] = rs_strings_add(&held->strings, from->strings->items[number]);
    }
    return seen->to[at];
}

static void add_texts(rs_held *held, const rs_vector *from, size_t n_rows, uint32_t *to)
{
    const uint32_t *numbers = from->values;
    seen_texts seen;
    memset(seen.from, 0xff, sizeof seen.from); /* RS_STR_NULL */
    for (size_t i = 0; i < n_rows; i++) {
        to[i] = from->form == RS_FORM_NULL
                    ? RS_STR_NULL
                    : own_number(held, &seen, from, numbers[from->form == RS_FORM_FLAT ? i : 0]);
    }
}

static void add_values(const rs_vector *from, size_t n_rows, char *to)
{
    size_t n_bytes = rs_type_bytes(from->type);
    if (from->form == RS_FORM_FLAT) {
        memcpy(to, from->values, n_rows * n_bytes);
        return;
    }
    if (from->form == RS_FORM_NULL) {
        memset(to, from->type == RS_TYPE_ENUM ? RS_ENUM_NULL : 0, n_rows * n_bytes);
        return;
    }
    for (size_t i = 0; i < n_rows; i++) {
        memcpy(to + i * n_bytes, from->values, n_bytes);
    }
}

/* Texts and words say by their number that they are null. */
static rs_status add_nulls(rs_held *held, size_t column, const rs_vector *from, size_t n_rows,
                           rs_error *err)
{
    bool has_bits = from->type != RS_TYPE_STR && from->type != RS_TYPE_ENUM;
    bool may_be_null =
        from->form == RS_FORM_NULL || (from->form == RS_FORM_FLAT && from->validity != NULL);
    for (size_t i = 0; i < n_rows && has_bits && may_be_null; i++) {
        if (rs_vector_is_null(from, i)) {
            RS_TRY(rs_batch_set_null(&held->batch, column, held->batch.n_rows + i, err));
        }
    }
    return RS_OK;
}

static rs_status add_column(rs_held *held, size_t column, const rs_vector *from, size_t n_rows,
                            rs_error *err)
{
    const rs_batch_column *to = &held->batch.columns[column];
    size_t first = held->batch.n_rows;
    RS_ASSERT(rs_column_is_in_memory(&held->batch.dataset->columns[column]) &&
              from->type == held->batch.dataset->columns[column].type);
    if (from->type == RS_TYPE_STR) {
        add_texts(held, from, n_rows, to->values.str + first);
    } else {
        add_values(from, n_rows, (char *)to->values.data + first * rs_type_bytes(from->type));
    }
    return add_nulls(held, column, from, n_rows, err);
}

static void add_lineage(rs_held *held, const rs_lineage *lineage, size_t n_rows)
{
    size_t first = held->batch.n_rows;
    size_t n_origins = lineage != NULL ? lineage->ends[n_rows - 1] : 0;
    for (size_t i = 0; i < n_rows; i++) {
        held->ends[first + i] =
            (uint32_t)held->n_origins + (lineage != NULL ? lineage->ends[i] : 0);
    }
    if (n_origins > 0) {
        memcpy(held->origins + held->n_origins, lineage->origins,
               n_origins * sizeof *held->origins);
    }
    held->n_origins += n_origins;
}

rs_status rs_held_add(rs_held *held, const rs_frame *frame, rs_error *err)
{
    size_t n_rows = frame->n_rows;
    if (n_rows == 0) {
        return RS_OK;
    }
    RS_ASSERT(frame->n_columns == held->batch.dataset->n_columns);
    RS_TRY(
        reserve(held, n_rows, frame->lineage != NULL ? frame->lineage->ends[n_rows - 1] : 0, err));
    for (size_t i = 0; i < frame->n_columns; i++) {
        RS_TRY(add_column(held, i, &frame->columns[i], n_rows, err));
    }
    if (held->strings.failed) {
        return out_of_memory(held, err);
    }
    add_lineage(held, frame->lineage, n_rows);
    held->batch.n_rows += n_rows;
    return RS_OK;
}

void rs_held_cut(rs_held *held, size_t n_rows)
{
    RS_ASSERT(n_rows <= held->batch.n_rows);
    for (size_t i = 0; i < held->batch.dataset->n_columns; i++) {
        uint64_t *validity = held->batch.columns[i].validity;
        for (size_t row = n_rows; validity != NULL && row < held->batch.n_rows; row++) {
            validity[row / 64] |= UINT64_C(1) << (row % 64); /* as of rows that are not there */
        }
    }
    held->batch.n_rows = n_rows;
    held->n_origins = n_rows > 0 ? held->ends[n_rows - 1] : 0;
}

/* --- some of the rows --- */

static void pick_values(const rs_batch_column *from, size_t n_bytes, const uint32_t *rows,
                        size_t n_rows, char *to)
{
    const char *values = from->values.data;
    switch (n_bytes) {
    case 8:
        for (size_t i = 0; i < n_rows; i++) {
            ((int64_t *)(void *)to)[i] = from->values.i64[rows[i]];
        }
        break;
    case 4:
        for (size_t i = 0; i < n_rows; i++) {
            ((int32_t *)(void *)to)[i] = from->values.i32[rows[i]];
        }
        break;
    default:
        for (size_t i = 0; i < n_rows; i++) {
            memcpy(to + i * n_bytes, values + rows[i] * n_bytes, n_bytes);
        }
    }
}

static rs_status pick_nulls(rs_held *to, size_t column, const rs_held *from, const uint32_t *rows,
                            size_t n_rows, rs_error *err)
{
    const rs_batch_column *of = &from->batch.columns[column];
    for (size_t i = 0; i < n_rows && of->validity != NULL; i++) {
        if (!rs_batch_is_valid(of, rows[i])) {
            RS_TRY(rs_batch_set_null(&to->batch, column, to->batch.n_rows + i, err));
        }
    }
    return RS_OK;
}

static size_t n_origins_of(const rs_held *held, uint32_t row, size_t *first)
{
    *first = row > 0 ? held->ends[row - 1] : 0;
    return held->ends[row] - *first;
}

static void pick_lineage(rs_held *to, const rs_held *from, const uint32_t *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        size_t first = 0;
        size_t n_origins = n_origins_of(from, rows[i], &first);
        if (n_origins > 0) {
            memcpy(to->origins + to->n_origins, from->origins + first,
                   n_origins * sizeof *to->origins);
        }
        to->n_origins += n_origins;
        to->ends[to->batch.n_rows + i] = (uint32_t)to->n_origins;
    }
}

/* Rows behind those of another holder of the dataset, texts by the numbers that they have there. */
static rs_status pick(rs_held *to, const rs_held *from, const uint32_t *rows, size_t n_rows,
                      rs_error *err)
{
    size_t n_origins = 0;
    size_t first = 0;
    for (size_t i = 0; i < n_rows; i++) {
        n_origins += n_origins_of(from, rows[i], &first);
    }
    RS_TRY(reserve(to, n_rows, n_origins, err));
    for (size_t i = 0; i < from->batch.dataset->n_columns; i++) {
        size_t n_bytes = rs_type_bytes(from->batch.dataset->columns[i].type);
        char *values = (char *)to->batch.columns[i].values.data + to->batch.n_rows * n_bytes;
        pick_values(&from->batch.columns[i], n_bytes, rows, n_rows, values);
        RS_TRY(pick_nulls(to, i, from, rows, n_rows, err));
    }
    pick_lineage(to, from, rows, n_rows);
    to->batch.n_rows += n_rows;
    return RS_OK;
}

rs_status rs_held_keep(rs_held *held, const uint32_t *rows, size_t n_rows, rs_error *err)
{
    rs_held kept;
    RS_TRY(rs_held_open(&kept, held->batch.dataset, err));
    rs_status status = n_rows > 0 ? pick(&kept, held, rows, n_rows, err) : RS_OK;
    if (status != RS_OK) {
        rs_held_close(&kept);
        return status;
    }
    kept.strings = held->strings;
    held->strings = (rs_strings){.items = NULL};
    rs_held_close(held);
    *held = kept;
    return RS_OK;
}

rs_status rs_held_copy(rs_held *held, const rs_held *from, const uint32_t *rows, size_t n_rows,
                       rs_error *err)
{
    size_t first = held->batch.n_rows;
    if (n_rows == 0) {
        return RS_OK;
    }
    RS_TRY(pick(held, from, rows, n_rows, err));
    for (size_t i = 0; i < held->batch.dataset->n_columns; i++) {
        uint32_t *numbers = held->batch.columns[i].values.str;
        bool is_text = held->batch.dataset->columns[i].type == RS_TYPE_STR;
        for (size_t row = first; is_text && row < held->batch.n_rows; row++) {
            numbers[row] = numbers[row] == RS_STR_NULL
                               ? RS_STR_NULL
                               : rs_strings_add(&held->strings, from->strings.items[numbers[row]]);
        }
    }
    return held->strings.failed ? out_of_memory(held, err) : RS_OK;
}

/* --- frames --- */

rs_status rs_held_push(const rs_held *held, const rs_sink *sink, rs_error *err)
{
    enum { MAX_COLUMNS = 64 };
    const rs_batch *batch = &held->batch;
    rs_vector columns[MAX_COLUMNS];
    uint32_t ends[RS_FRAME_ROWS];
    rs_row_place places[RS_FRAME_ROWS];
    RS_ASSERT(batch->dataset->n_columns <= MAX_COLUMNS);
    for (size_t first = 0; first < batch->n_rows; first += RS_FRAME_ROWS) {
        size_t n_rest = batch->n_rows - first;
        size_t n = n_rest < RS_FRAME_ROWS ? n_rest : RS_FRAME_ROWS;
        size_t first_origin = first > 0 ? held->ends[first - 1] : 0;
        for (size_t i = 0; i < batch->dataset->n_columns; i++) {
            columns[i] = rs_vector_of_batch(batch, i, first, &held->strings);
        }
        for (size_t i = 0; i < n; i++) {
            ends[i] = held->ends[first + i] - (uint32_t)first_origin;
            places[i] = (rs_row_place){(int64_t)(first + i), 0};
        }
        const rs_lineage lineage = {held->origins + first_origin, ends};
        const rs_frame frame = {.n_rows = n,
                                .columns = columns,
                                .n_columns = batch->dataset->n_columns,
                                .lineage = &lineage,
                                .places = places};
        RS_TRY(sink->push(sink->context, &frame, err));
    }
    return RS_OK;
}
