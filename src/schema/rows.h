/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h - a row of an evidence dataset as a struct, and its push into a part: made from evidence.def.
 *
 *   rs_calls_row row = rs_calls_row_new();
 *   row.call_id = ...;
 *   row.callee_text = rs_text_of(number);
 *   status = rs_push_calls(part, &row, 1, err);
 *
 * What is not written is told: a column that may be null is null then, since all-zero is null for its
 * type. A required one starts as a value that nobody writes (RS_ASSERT builds only, others pay nothing),
 * and a push asserts that none is left. So a row starts with rs_<dataset>_row_new(), not with {0}.
 *
 *   column      in a row, required   in a row, may be null   in memory (batch.h)
 *   I64, id     int64_t              rs_opt_i64              int64_t
 *   I32         int32_t              rs_opt_i32              int32_t
 *   BOOL        uint8_t, 0 or 1      rs_opt_bool             uint8_t
 *   STR         rs_text              rs_text                 uint32_t
 *   E(set)      rs_word              rs_word                 uint8_t
 *
 * A row has no field for what is computed (RS_FILE_COLUMN), nor for what a push copies from a syntax
 * node (RS_NODE_COLUMN): the node is one of the file at hand, see rs_part.first_node.
 *
 * rs_<dataset>_columns is the same dataset as arrays, one a column that is in memory: to read rows back,
 * and to write many at once (rs_part_open).
 *
 * Threads: as the part's.
 */
#ifndef RS_SCHEMA_ROWS_H
#define RS_SCHEMA_ROWS_H

#include "schema/batch.h"

/* --- values --- */

typedef struct rs_opt_i64 {
    int64_t value; /* 0 when not set */
    bool is_set;
} rs_opt_i64;

typedef struct rs_opt_i32 {
    int32_t value;
    bool is_set;
} rs_opt_i32;

typedef struct rs_opt_bool {
    uint8_t value;
    bool is_set;
} rs_opt_bool;

/* A text of the part's strings, numbered from 1; 0 is null. */
typedef struct rs_text {
    uint32_t number;
} rs_text;

/* A word of the column's set, numbered from 1; 0 is null. */
typedef struct rs_word {
    uint8_t number;
} rs_word;

static inline rs_opt_i64 rs_opt_i64_of(int64_t value)
{
    return (rs_opt_i64){value, true};
}

static inline rs_opt_i32 rs_opt_i32_of(int32_t value)
{
    return (rs_opt_i32){value, true};
}

/* The value that a row has in a column that may be null. */
static inline rs_opt_i64 rs_opt_i64_at(const rs_batch_column *column, size_t row)
{
    return rs_batch_is_valid(column, row) ? rs_opt_i64_of(column->values.i64[row])
                                          : (rs_opt_i64){0};
}

/* What rs_strings_add() gave: RS_STR_NULL is null. */
static inline rs_text rs_text_of(uint32_t number)
{
    return (rs_text){number + 1};
}

/* The bytes of a text that is not null. */
static inline rs_str rs_text_get(const rs_part *part, rs_text text)
{
    return part->strings.items[text.number - 1];
}

/* A word's number in its set, as in RS_W_*; RS_ENUM_NULL is null. */
static inline rs_word rs_word_of(unsigned word)
{
    return (rs_word){(uint8_t)(word + 1)};
}

/* --- rows --- */

#define RS_ROW_REQ_I64 int64_t
#define RS_ROW_REQ_ID(entity) RS_ROW_REQ_I64
#define RS_ROW_REQ_GID(entity) RS_ROW_REQ_I64
#define RS_ROW_REQ_I32 int32_t
#define RS_ROW_REQ_BOOL uint8_t
#define RS_ROW_REQ_STR rs_text
#define RS_ROW_REQ_E(set) rs_word
#define RS_ROW_OPT_I64 rs_opt_i64
#define RS_ROW_OPT_ID(entity) RS_ROW_OPT_I64
#define RS_ROW_OPT_GID(entity) RS_ROW_OPT_I64
#define RS_ROW_OPT_I32 rs_opt_i32
#define RS_ROW_OPT_BOOL rs_opt_bool
#define RS_ROW_OPT_STR rs_text
#define RS_ROW_OPT_E(set) rs_word

/* clang-format off */
#define RS_DATASET(name, version, lens, key, doc) typedef struct rs_##name##_row {
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_ROW_##presence##_##type name;
#define RS_NODE_COLUMN(dataset, name, type, presence, id, column, doc)
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name) } rs_##name##_row;
#include "schema/evidence.def"

/* What nobody writes: RS_UNWRITTEN_BYTE over and over, which is no id, no size, no truth value. */
#define RS_UNWRITTEN_I64 INT64_C(-0x2121212121212122)
#define RS_UNWRITTEN_I32 (-0x21212122)
#define RS_UNWRITTEN_BOOL RS_UNWRITTEN_BYTE

/* Texts and words that are required need no such value: 0 is none. */
#define RS_NEW_REQ_I64(row, name) row.name = RS_UNWRITTEN_I64;
#define RS_NEW_REQ_ID(entity) RS_NEW_REQ_I64
#define RS_NEW_REQ_GID(entity) RS_NEW_REQ_I64
#define RS_NEW_REQ_I32(row, name) row.name = RS_UNWRITTEN_I32;
#define RS_NEW_REQ_BOOL(row, name) row.name = RS_UNWRITTEN_BOOL;
#define RS_NEW_REQ_STR(row, name)
#define RS_NEW_REQ_E(set) RS_NEW_NOTHING
#define RS_NEW_OPT_I64(row, name)
#define RS_NEW_OPT_ID(entity) RS_NEW_OPT_I64
#define RS_NEW_OPT_GID(entity) RS_NEW_OPT_I64
#define RS_NEW_OPT_I32(row, name)
#define RS_NEW_OPT_BOOL(row, name)
#define RS_NEW_OPT_STR(row, name)
#define RS_NEW_OPT_E(set) RS_NEW_NOTHING
#define RS_NEW_NOTHING(row, name)

#define RS_DATASET(name, version, lens, key, doc)                                                  \
    static inline rs_##name##_row rs_##name##_row_new(void)                                        \
    {                                                                                              \
        rs_##name##_row row = {0};
#ifdef NDEBUG
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#else
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_NEW_##presence##_##type(row, name)
#endif
#define RS_NODE_COLUMN(dataset, name, type, presence, id, column, doc)
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name)                                                                       \
        return row;                                                                                \
    }
#include "schema/evidence.def"

/* rs_status rs_push_<dataset>(part, rows, n_rows, err): n_rows further rows. Errors: RS_ERR_NOMEM, with
 * the part only good for release. A required text may be missing only where the part's strings ran out
 * of memory, which is the caller's to see. */
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    rs_status rs_push_##name(rs_part *part, const rs_##name##_row *rows, size_t n_rows,          \
                               rs_error *err) RS_MUST_USE;
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/evidence.def"

/* --- columns --- */

#define RS_VALUES_I64 i64
#define RS_VALUES_ID(entity) RS_VALUES_I64
#define RS_VALUES_GID(entity) RS_VALUES_I64
#define RS_VALUES_I32 i32
#define RS_VALUES_BOOL u8
#define RS_VALUES_STR str
#define RS_VALUES_E(set) u8
#define RS_ARRAY_I64 int64_t
#define RS_ARRAY_ID(entity) RS_ARRAY_I64
#define RS_ARRAY_GID(entity) RS_ARRAY_I64
#define RS_ARRAY_I32 int32_t
#define RS_ARRAY_BOOL uint8_t
#define RS_ARRAY_STR uint32_t
#define RS_ARRAY_E(set) uint8_t

#define RS_DATASET(name, version, lens, key, doc) typedef struct rs_##name##_columns {
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_ARRAY_##type *name;
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name) } rs_##name##_columns;
#include "schema/evidence.def"

/* rs_<dataset>_columns_of(part): good until rows are added. */
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    static inline rs_##name##_columns rs_##name##_columns_of(const rs_part *part)                  \
    {                                                                                              \
        const rs_batch_column *columns = part->batches[RS_DS_##name].columns;                      \
        return (rs_##name##_columns){
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
            .name = columns[RS_C_##dataset##_##name].values.RS_VALUES_##type,
#define RS_FILE_COLUMN(dataset, name, type, presence, id, doc)
#define RS_DATASET_END(name)                                                                       \
        };                                                                                         \
    }
#include "schema/evidence.def"
/* clang-format on */

#endif
