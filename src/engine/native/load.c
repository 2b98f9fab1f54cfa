/* SPDX-License-Identifier: Apache-2.0 */
/* Columns into registers: where rows lie together and memory is as a register has it, nothing is copied. */
#include <string.h>

#include "engine/native/native.h"

/* What a load is told: b is the input, c the column. */

static bool bit_at(const rs_vector *column, size_t row)
{
    size_t bit = column->first_bit + row;
    return (column->validity[bit / 64] >> (bit % 64) & 1) != 0;
}

static const uint8_t *bits(rs_native_machine *machine, const rs_native_op *op,
                           const rs_vector *column, size_t first, size_t n)
{
    uint8_t *valid = rs_native_validity(machine, op->out);
    if (column->validity == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        valid[i] = bit_at(column, first + i);
    }
    return valid;
}

/* --- rows that lie together --- */

typedef void together_fn(rs_native_machine *machine, const rs_native_op *op,
                         const rs_vector *column, size_t first, size_t n);

/* Values that registers have as columns do are not copied. */
static void together_as_they_lie(rs_native_machine *machine, const rs_native_op *op,
                                 const rs_vector *column, size_t first, size_t n)
{
    rs_native_set(machine, op->out, RS_FORM_FLAT, bits(machine, op, column, first, n));
    machine->registers[op->out].value.values =
        (const char *)column->values + first * rs_type_bytes(column->type);
}

static void together_i32(rs_native_machine *machine, const rs_native_op *op,
                         const rs_vector *column, size_t first, size_t n)
{
    const int32_t *from = (const int32_t *)column->values + first;
    int64_t *to = rs_native_values(machine, op->out);
    rs_native_set(machine, op->out, RS_FORM_FLAT, bits(machine, op, column, first, n));
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
    }
}

static void together_f32(rs_native_machine *machine, const rs_native_op *op,
                         const rs_vector *column, size_t first, size_t n)
{
    const float *from = (const float *)column->values + first;
    double *to = rs_native_values(machine, op->out);
    rs_native_set(machine, op->out, RS_FORM_FLAT, bits(machine, op, column, first, n));
    for (size_t i = 0; i < n; i++) {
        to[i] = (double)from[i];
    }
}

static void together_word(rs_native_machine *machine, const rs_native_op *op,
                          const rs_vector *column, size_t first, size_t n)
{
    const uint8_t *from = (const uint8_t *)column->values + first;
    uint8_t *valid = rs_native_validity(machine, op->out);
    bool any = memchr(from, RS_ENUM_NULL, n) != NULL;
    for (size_t i = 0; any && i < n; i++) {
        valid[i] = from[i] != RS_ENUM_NULL;
    }
    rs_native_set(machine, op->out, RS_FORM_FLAT, any ? valid : NULL);
    machine->registers[op->out].value.values = from;
}

static void together_text(rs_native_machine *machine, const rs_native_op *op,
                          const rs_vector *column, size_t first, size_t n)
{
    static const rs_str none = {"", 0};
    const uint32_t *from = (const uint32_t *)column->values + first;
    const rs_str *items = column->strings->items;
    rs_str *to = rs_native_values(machine, op->out);
    uint8_t *valid = rs_native_validity(machine, op->out);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool is_null = from[i] == RS_STR_NULL;
        to[i] = is_null ? none : items[from[i]];
        valid[i] = !is_null;
        any = any || is_null;
    }
    rs_native_set(machine, op->out, RS_FORM_FLAT, any ? valid : NULL);
}

static together_fn *const together[] = {
    [RS_TYPE_I64] = together_as_they_lie,  [RS_TYPE_I32] = together_i32,
    [RS_TYPE_BOOL] = together_as_they_lie, [RS_TYPE_F32] = together_f32,
    [RS_TYPE_F64] = together_as_they_lie,  [RS_TYPE_STR] = together_text,
    [RS_TYPE_ENUM] = together_word,
};

/* --- rows of a list --- */

/* A value that is not null, of a row of a segment, to where the i-th of the register stands. */
typedef void set_fn(const rs_vector *column, size_t row, void *to, size_t i);

static void set_i64(const rs_vector *column, size_t row, void *to, size_t i)
{
    ((int64_t *)to)[i] = ((const int64_t *)column->values)[row];
}

static void set_i32(const rs_vector *column, size_t row, void *to, size_t i)
{
    ((int64_t *)to)[i] = ((const int32_t *)column->values)[row];
}

static void set_byte(const rs_vector *column, size_t row, void *to, size_t i)
{
    ((uint8_t *)to)[i] = ((const uint8_t *)column->values)[row];
}

static void set_f32(const rs_vector *column, size_t row, void *to, size_t i)
{
    ((double *)to)[i] = (double)((const float *)column->values)[row];
}

static void set_f64(const rs_vector *column, size_t row, void *to, size_t i)
{
    ((double *)to)[i] = ((const double *)column->values)[row];
}

static void set_text(const rs_vector *column, size_t row, void *to, size_t i)
{
    uint32_t number = ((const uint32_t *)column->values)[row];
    ((rs_str *)to)[i] = number != RS_STR_NULL ? column->strings->items[number] : (rs_str){"", 0};
}

static bool is_null(const rs_vector *column, size_t row)
{
    if (column->type == RS_TYPE_STR) {
        return ((const uint32_t *)column->values)[row] == RS_STR_NULL;
    }
    if (column->type == RS_TYPE_ENUM) {
        return ((const uint8_t *)column->values)[row] == RS_ENUM_NULL;
    }
    return column->validity != NULL && !bit_at(column, row);
}

/* Inlined with each of the above, so that no call is left in the loop. */
static inline __attribute__((always_inline)) void gather(rs_native_machine *machine,
                                                         const rs_native_op *op,
                                                         const rs_native_side *side, size_t n,
                                                         set_fn *set, size_t n_value_bytes)
{
    char *to = rs_native_values(machine, op->out);
    uint8_t *valid = rs_native_validity(machine, op->out);
    const rs_native_segment *segment = NULL;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = side->rows[i];
        valid[i] = row != RS_NATIVE_NO_ROW;
        if (row != RS_NATIVE_NO_ROW) {
            segment = rs_native_table_find(side->table, row, segment);
            const rs_vector *column = &segment->columns[op->c];
            size_t at = row - segment->first_row;
            valid[i] = !is_null(column, at);
            set(column, at, to, i);
        } else {
            memset(to + i * n_value_bytes, 0, n_value_bytes); /* what is null can be looked at */
        }
        any = any || !valid[i];
    }
    rs_native_set(machine, op->out, RS_FORM_FLAT, any ? valid : NULL);
}

typedef void gather_fn(rs_native_machine *machine, const rs_native_op *op,
                       const rs_native_side *side, size_t n);

#define RS_GATHER(name, set, T)                                                                    \
    static void name(rs_native_machine *machine, const rs_native_op *op,                           \
                     const rs_native_side *side, size_t n)                                         \
    {                                                                                              \
        gather(machine, op, side, n, set, sizeof(T));                                              \
    }

RS_GATHER(gather_i64, set_i64, int64_t)
RS_GATHER(gather_i32, set_i32, int64_t)
RS_GATHER(gather_byte, set_byte, uint8_t)
RS_GATHER(gather_f32, set_f32, double)
RS_GATHER(gather_f64, set_f64, double)
RS_GATHER(gather_text, set_text, rs_str)

static gather_fn *const gathers[] = {
    [RS_TYPE_I64] = gather_i64,  [RS_TYPE_I32] = gather_i32, [RS_TYPE_BOOL] = gather_byte,
    [RS_TYPE_F32] = gather_f32,  [RS_TYPE_F64] = gather_f64, [RS_TYPE_STR] = gather_text,
    [RS_TYPE_ENUM] = gather_byte};

/* --- instructions --- */

static void run_load(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const rs_native_side *side = &machine->batch->sides[op->b];
    const rs_column *column = op->data;
    if (side->rows != NULL) {
        gathers[column->type](machine, op, side, n);
        return;
    }
    if (side->table == NULL) { /* met nothing, row for row */
        rs_native_set(machine, op->out, RS_FORM_NULL, NULL);
        return;
    }
    const rs_native_segment *segment = rs_native_table_find(side->table, side->first_row, NULL);
    together[column->type](machine, op, &segment->columns[op->c],
                           side->first_row - segment->first_row, n);
}

/* The file of an id, where the segment does not have it as a column: c is that of the id. */
static void run_file_of(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    int64_t *to = rs_native_values(machine, op->out);
    run_load(machine, op, n);
    const rs_native_vector ids = *rs_native_at(machine, op->out);
    if (ids.form == RS_FORM_NULL) {
        return;
    }
    const int64_t *from = ids.values;
    uint8_t *valid = NULL;
    rs_native_set(machine, op->out, RS_FORM_FLAT, ids.valid);
    for (size_t i = 0; i < n; i++) {
        if (from[i] < 0 && valid == NULL) {
            valid = rs_native_own_validity(machine, op->out, n);
        }
        if (valid != NULL && from[i] < 0) { /* what lies in no file */
            valid[i] = 0;
        }
        to[i] = from[i] >> RS_ID_ENTITY_BITS;
    }
}

static bool has_values(const rs_native_table *table, size_t column)
{
    return table->segments.n_items == 0 || table->segments.items[0].columns[column].values != NULL;
}

/* A column that may be derived: data is the column of the id, c that of the file. */
static void run_load_file(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    const rs_native_side *side = &machine->batch->sides[op->b];
    rs_native_op own = *op;
    if (side->table == NULL || has_values(side->table, op->c)) {
        run_load(machine, op, n);
        return;
    }
    own.c = op->a;
    run_file_of(machine, &own, n);
}

static void run_added(rs_native_machine *machine, const rs_native_op *op, size_t n)
{
    (void)n;
    machine->registers[op->out].value = machine->batch->added[op->c];
}

static rs_native_class class_of(const rs_column *column)
{
    static const rs_native_class classes[] = {
        [RS_TYPE_I64] = RS_NATIVE_WHOLE, [RS_TYPE_I32] = RS_NATIVE_WHOLE,
        [RS_TYPE_BOOL] = RS_NATIVE_BOOL, [RS_TYPE_F32] = RS_NATIVE_FLOAT,
        [RS_TYPE_F64] = RS_NATIVE_FLOAT, [RS_TYPE_STR] = RS_NATIVE_TEXT,
        [RS_TYPE_ENUM] = RS_NATIVE_WORD};
    return classes[column->type];
}

static const rs_native_loaded *find(const rs_native_program *program, size_t input, size_t column)
{
    for (size_t i = 0; i < program->loads.n_items; i++) {
        const rs_native_loaded *loaded = &program->loads.items[i];
        if (loaded->input == input && loaded->column == column) {
            return loaded;
        }
    }
    return NULL;
}

rs_native_value rs_native_compile_load(rs_native_compiler *compiler, size_t input, size_t column)
{
    const rs_native_loaded *before = find(compiler->program, input, column);
    const rs_dataset *dataset = compiler->plan->inputs[input].dataset;
    const rs_column *of = &dataset->columns[column];
    rs_native_op op = {.run = run_load, .b = (uint16_t)input, .c = (uint16_t)column, .data = of};
    if (before != NULL) {
        return before->value;
    }
    if (input >= compiler->plan->n_inputs) {
        op.run = run_added;
    } else if (!rs_column_is_in_memory(of)) {
        op.run = run_load_file;
        op.a = (uint16_t)rs_column_index(dataset, rs_column_file_of(of));
    }
    rs_native_loaded loaded = {input, column,
                               rs_native_emit(compiler, op, class_of(of), of->words)};
    compiler->failed = !rs_native_loads_push(&compiler->program->loads, loaded) || compiler->failed;
    return loaded.value;
}
