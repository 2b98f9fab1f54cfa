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
    /* Columns that have risen from good row to good row, a bit each: as long as there is one no two keys are
     * equal, and nobody looks for one. Rows come in the order of their evidence, so that the usual case is this. */
    uint32_t rising;
    uint64_t *
        slots; /* by hash: the hash, and below it a row's number + 1; or 0. Only once no column rises */
    uint32_t n_slots;
    int64_t *frame;                 /* keys of the frame at hand */
    uint32_t wanted[RS_FRAME_ROWS]; /* their hashes */
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
    gate->rising = (UINT32_C(1) << gate->n_keys) - 1;
    gate->frame = rs_alloc(RS_FRAME_ROWS, (gate->n_keys + 1) * sizeof *gate->frame);
    return gate->frame != NULL ? RS_OK : out_of_memory(err);
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

static bool is_same(const int64_t *a, const int64_t *b, size_t width)
{
    size_t i = 0;
    while (i < width && a[i] == b[i]) {
        i++;
    }
    return i == width;
}

/* --- slots --- */

static uint64_t held_by(uint32_t hash, uint32_t row)
{
    return (uint64_t)hash << 32 | (row + 1);
}

static uint32_t hash_in(uint64_t held)
{
    return (uint32_t)(held >> 32);
}

/* Where a key stands among the slots, or the free one for it. */
static uint64_t *find_slot(const rs_stream_gate *gate, const int64_t *key, uint32_t hash)
{
    size_t width = gate->n_keys + 1;
    uint32_t at = hash & (gate->n_slots - 1);
    uint64_t held;
    while ((held = gate->slots[at]) != 0 &&
           !(hash_in(held) == hash &&
             is_same(gate->rows + (size_t)((uint32_t)held - 1) * width, key, width))) {
        at = (at + 1) & (gate->n_slots - 1);
    }
    return &gate->slots[at];
}

/* A row whose key no other one has. */
static void put(rs_stream_gate *gate, uint64_t held)
{
    uint32_t at = hash_in(held) & (gate->n_slots - 1);
    while (gate->slots[at] != 0) {
        at = (at + 1) & (gate->n_slots - 1);
    }
    gate->slots[at] = held;
}

/* No more than half of the slots are taken, also by n_more rows. */
static rs_status reserve_slots(rs_stream_gate *gate, size_t n_more, rs_error *err)
{
    uint64_t *before = gate->slots;
    size_t n_before = before != NULL ? gate->n_slots : 0;
    size_t n_slots = gate->n_slots;
    while (gate->n_rows + n_more > n_slots / 2) {
        n_slots *= 2;
    }
    if (n_slots == n_before) {
        return RS_OK;
    }
    uint64_t *slots = rs_alloc_zero(n_slots, sizeof *slots);
    if (slots == NULL) {
        return out_of_memory(err);
    }
    gate->slots = slots;
    gate->n_slots = (uint32_t)n_slots;
    for (size_t i = 0; i < n_before; i++) {
        if (before[i] != 0) {
            put(gate, before[i]);
        }
    }
    rs_free(before);
    return RS_OK;
}

/* Room for a frame's rows. */
static rs_status reserve(rs_stream_gate *gate, size_t n_more, rs_error *err)
{
    size_t width = gate->n_keys + 1;
    if (gate->n_rows > INT32_MAX - n_more) {
        return rs_error_set(err, RS_ERR_LIMIT, "judge rows: too many");
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

/* Which columns rise from one key to another; a null does not. */
static uint32_t rising(const int64_t *from, const int64_t *to, size_t n_keys)
{
    uint32_t columns = 0;
    for (size_t i = 0; i < n_keys; i++) {
        columns |= (uint32_t)(to[i] > from[i]) << i;
    }
    return columns & ~(uint32_t)from[n_keys] & ~(uint32_t)to[n_keys];
}

/* From now on keys are looked for: those of all rows so far have a place. */
static rs_status begin_to_look(rs_stream_gate *gate, size_t n_more, rs_error *err)
{
    size_t width = gate->n_keys + 1;
    RS_TRY(reserve_slots(gate, n_more, err));
    for (uint32_t row = 0; row < gate->n_rows; row++) {
        put(gate, held_by(hash_of(gate->rows + (size_t)row * width, width), row));
    }
    return RS_OK;
}

static void add_good(rs_stream_gate *gate, const int64_t *key)
{
    size_t width = gate->n_keys + 1;
    memcpy(gate->rows + (size_t)gate->n_rows * width, key, width * sizeof *key);
    gate->n_rows++;
}

/* The first rows of a frame, as long as some column rises; how many they were. */
static size_t take_rising(rs_stream_gate *gate, size_t n_rows, const rs_str *reasons)
{
    size_t width = gate->n_keys + 1;
    for (size_t row = 0; row < n_rows; row++) {
        const int64_t *key = gate->frame + row * width;
        if (reasons[row].n_bytes > 0) {
            continue;
        }
        if (gate->n_rows > 0) {
            const int64_t *last = gate->rows + (size_t)(gate->n_rows - 1) * width;
            gate->rising &= rising(last, key, gate->n_keys);
        }
        if (gate->rising == 0) {
            return row;
        }
        add_good(gate, key);
    }
    return n_rows;
}

/* The others are looked for, whose place was fetched while those before were at hand. */
static void look_for(rs_stream_gate *gate, size_t first, size_t n_rows, rs_str *reasons)
{
    size_t width = gate->n_keys + 1;
    for (size_t row = first; row < n_rows; row++) {
        gate->wanted[row] = hash_of(gate->frame + row * width, width);
        __builtin_prefetch(&gate->slots[gate->wanted[row] & (gate->n_slots - 1)]);
    }
    for (size_t row = first; row < n_rows; row++) {
        const int64_t *key = gate->frame + row * width;
        uint64_t *slot = reasons[row].n_bytes == 0 ? find_slot(gate, key, gate->wanted[row]) : NULL;
        if (slot != NULL && *slot != 0) {
            reasons[row] = RS_STR_LITERAL(RS_JUDGE_DUPLICATE);
        } else if (slot != NULL) {
            *slot = held_by(gate->wanted[row], gate->n_rows);
            add_good(gate, key);
        }
    }
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
    size_t first = gate->rising != 0 ? take_rising(gate, frame->n_rows, reasons) : 0;
    if (first < frame->n_rows) {
        RS_TRY(gate->slots == NULL ? begin_to_look(gate, frame->n_rows, err)
                                   : reserve_slots(gate, frame->n_rows, err));
        look_for(gate, first, frame->n_rows, reasons);
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
