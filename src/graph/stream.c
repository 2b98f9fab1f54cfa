/* SPDX-License-Identifier: Apache-2.0 */
#include "graph/stream.h"

#include <string.h>

#include "base/alloc.h"

enum { MAX_KEYS = RS_SORT_MAX_TERMS, FIRST_SLOTS = 1024 };

/* What is looked at of a row, in the order in which faults are told. */
typedef struct looked_at {
    size_t column;
    bool is_share; /* a number of 0 .. 1; else it is required */
    rs_str reason;
} looked_at;

struct rs_stream_gate {
    rs_arena arena;
    looked_at *looked_at;
    size_t n_looked_at;
    size_t keys[MAX_KEYS]; /* columns */
    size_t n_keys;         /* 0: no two rows have the same key */
    rs_strings texts;      /* of keys: equal ones are one number */
    int64_t *rows; /* keys of the good rows: a value a column, then which of them are null */
    uint32_t n_rows;
    uint32_t n_capacity;
    uint32_t *slots; /* by hash: a row's number + 1, or 0 */
    uint32_t n_slots;
    int64_t *frame; /* keys of the frame at hand */
};

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "judge rows: out of memory");
}

/* --- what is looked at --- */

static bool add_looked_at(rs_stream_gate *gate, const rs_dataset *dataset, size_t column,
                          bool is_share)
{
    rs_buf text = {0};
    rs_buf_addf(&text, "%s%s", is_share ? RS_JUDGE_OUTSIDE : RS_JUDGE_NULL,
                dataset->columns[column].name);
    const char *copy =
        text.failed ? NULL : rs_arena_strndup(&gate->arena, rs_buf_text(&text), text.n_bytes);
    rs_buf_release(&text);
    if (copy != NULL) {
        gate->looked_at[gate->n_looked_at++] = (looked_at){column, is_share, rs_str_of(copy)};
    }
    return copy != NULL;
}

static bool add_faults(rs_stream_gate *gate, const rs_group *group, const rs_dataset *dataset)
{
    uint64_t required = 0;
    uint64_t shares = 0;
    bool fits = true;
    rs_group_faults(group, dataset, &required, &shares);
    gate->looked_at =
        rs_arena_alloc(&gate->arena, 2 * dataset->n_columns + 1, sizeof *gate->looked_at);
    fits = gate->looked_at != NULL;
    for (size_t i = 0; i < dataset->n_columns && fits; i++) {
        fits = (required >> i & 1) == 0 || add_looked_at(gate, dataset, i, false);
    }
    for (size_t i = 0; i < dataset->n_columns && fits; i++) {
        fits = (shares >> i & 1) == 0 || add_looked_at(gate, dataset, i, true);
    }
    return fits;
}

static void add_keys(rs_stream_gate *gate, const rs_dataset *dataset)
{
    const char *key = dataset->key;
    while (*key != '\0') {
        const rs_column *column = rs_column_find(dataset, rs_key_next(&key));
        RS_ASSERT(column != NULL && gate->n_keys < MAX_KEYS);
        gate->keys[gate->n_keys++] = (size_t)(column - dataset->columns);
    }
}

rs_status rs_stream_gate_new(const rs_group *group, const rs_dataset *dataset, rs_stream_gate **out,
                             rs_error *err)
{
    rs_stream_gate *gate = rs_alloc_zero(1, sizeof *gate);
    *out = gate;
    if (gate == NULL || !add_faults(gate, group, dataset)) {
        return out_of_memory(err);
    }
    if (group->is_unique) {
        return RS_OK;
    }
    add_keys(gate, dataset);
    gate->n_slots = FIRST_SLOTS;
    gate->slots = rs_alloc_zero(gate->n_slots, sizeof *gate->slots);
    gate->frame = rs_alloc(RS_FRAME_ROWS, (gate->n_keys + 1) * sizeof *gate->frame);
    return gate->slots != NULL && gate->frame != NULL ? RS_OK : out_of_memory(err);
}

void rs_stream_gate_free(rs_stream_gate *gate)
{
    if (gate != NULL) {
        rs_arena_release(&gate->arena);
        rs_strings_release(&gate->texts);
        rs_free(gate->rows);
        rs_free(gate->slots);
        rs_free(gate->frame);
        rs_free(gate);
    }
}

/* --- faults of a row --- */

/* What is no number is outside, too. */
static bool is_outside(const rs_vector *share, size_t row)
{
    double value = rs_vector_is_null(share, row) ? 0 : rs_vector_f64(share, row);
    return !(value >= 0 && value <= 1);
}

/* Is there anything to be looked at in the rows one by one? */
static bool is_sound(const rs_vector *column, bool is_share)
{
    return column->form == RS_FORM_CONSTANT ? !(is_share && is_outside(column, 0))
                                            : is_share && column->form == RS_FORM_NULL;
}

static void find_faults(const rs_stream_gate *gate, const rs_frame *frame, rs_str *reasons)
{
    for (size_t i = 0; i < gate->n_looked_at; i++) {
        const looked_at *at = &gate->looked_at[i];
        const rs_vector *column = &frame->columns[at->column];
        for (size_t row = 0; row < frame->n_rows && !is_sound(column, at->is_share); row++) {
            bool is_bad = at->is_share ? is_outside(column, row) : rs_vector_is_null(column, row);
            if (is_bad && reasons[row].n_bytes == 0) {
                reasons[row] = at->reason;
            }
        }
    }
}

/* --- keys --- */

static int64_t key_value(rs_stream_gate *gate, const rs_vector *column, size_t row)
{
    if (column->type == RS_TYPE_STR) {
        return rs_strings_add(&gate->texts, rs_vector_text(column, row));
    }
    if (column->type == RS_TYPE_F32 || column->type == RS_TYPE_F64) {
        double value = rs_vector_f64(column, row) + 0.0;
        int64_t bits = 0;
        memcpy(&bits, &value, sizeof bits);
        return bits;
    }
    return rs_vector_i64(column, row);
}

static void take_key(rs_stream_gate *gate, const rs_frame *frame, size_t index)
{
    const rs_vector *column = &frame->columns[gate->keys[index]];
    size_t width = gate->n_keys + 1;
    for (size_t row = 0; row < frame->n_rows; row++) {
        bool is_null = rs_vector_is_null(column, row);
        gate->frame[row * width + index] = is_null ? 0 : key_value(gate, column, row);
        gate->frame[row * width + gate->n_keys] |= (int64_t)is_null << index;
    }
}

static uint32_t hash_of(const int64_t *key, size_t width)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < width; i++) {
        hash = (hash ^ (uint64_t)key[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

/* Where a key stands among the slots, or the free one for it. */
static uint32_t *find_slot(const rs_stream_gate *gate, const int64_t *key)
{
    size_t width = gate->n_keys + 1;
    uint32_t at = hash_of(key, width) & (gate->n_slots - 1);
    while (gate->slots[at] != 0 &&
           memcmp(gate->rows + (gate->slots[at] - 1) * width, key, width * sizeof *key) != 0) {
        at = (at + 1) & (gate->n_slots - 1);
    }
    return &gate->slots[at];
}

static bool grow_slots(rs_stream_gate *gate)
{
    uint32_t *before = gate->slots;
    gate->n_slots *= 2;
    gate->slots = rs_alloc_zero(gate->n_slots, sizeof *gate->slots);
    if (gate->slots == NULL) {
        gate->slots = before;
        gate->n_slots /= 2;
        return false;
    }
    for (uint32_t i = 0; i < gate->n_rows; i++) {
        *find_slot(gate, gate->rows + i * (gate->n_keys + 1)) = i + 1;
    }
    rs_free(before);
    return true;
}

/* Room for a frame's rows: no more than half of the slots are taken. */
static rs_status reserve(rs_stream_gate *gate, size_t n_more, rs_error *err)
{
    size_t width = gate->n_keys + 1;
    if (gate->n_rows > INT32_MAX - n_more) {
        return rs_error_set(err, RS_ERR_LIMIT, "judge rows: too many");
    }
    while (gate->n_rows + n_more > gate->n_slots / 2) {
        if (!grow_slots(gate)) {
            return out_of_memory(err);
        }
    }
    if (gate->n_rows + n_more > gate->n_capacity) {
        size_t n_capacity = 2 * (gate->n_rows + n_more);
        int64_t *rows = rs_realloc(gate->rows, n_capacity, width * sizeof *rows);
        if (rows == NULL) {
            return out_of_memory(err);
        }
        gate->rows = rows;
        gate->n_capacity = (uint32_t)n_capacity;
    }
    return RS_OK;
}

static rs_status find_duplicates(rs_stream_gate *gate, const rs_frame *frame, rs_str *reasons,
                                 rs_error *err)
{
    size_t width = gate->n_keys + 1;
    memset(gate->frame, 0, frame->n_rows * width * sizeof *gate->frame);
    for (size_t i = 0; i < gate->n_keys; i++) {
        take_key(gate, frame, i);
    }
    if (gate->texts.failed) {
        return out_of_memory(err);
    }
    RS_TRY(reserve(gate, frame->n_rows, err));
    for (size_t row = 0; row < frame->n_rows; row++) {
        const int64_t *key = gate->frame + row * width;
        uint32_t *slot = reasons[row].n_bytes == 0 ? find_slot(gate, key) : NULL;
        if (slot != NULL && *slot != 0) {
            reasons[row] = RS_STR_LITERAL(RS_JUDGE_DUPLICATE);
        } else if (slot != NULL) {
            memcpy(gate->rows + gate->n_rows * width, key, width * sizeof *key);
            *slot = ++gate->n_rows;
        }
    }
    return RS_OK;
}

rs_status rs_stream_gate_judge(rs_stream_gate *gate, const rs_frame *frame, rs_str *reasons,
                               rs_error *err)
{
    for (size_t row = 0; row < frame->n_rows; row++) {
        reasons[row] = (rs_str){"", 0};
    }
    find_faults(gate, frame, reasons);
    return gate->n_keys > 0 ? find_duplicates(gate, frame, reasons, err) : RS_OK;
}
