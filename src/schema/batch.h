/* SPDX-License-Identifier: Apache-2.0 */
/* batch.h - rows of the evidence datasets, column by column, in memory.
 *
 * A *part* holds one batch for every dataset, for a run of files that follow each
 * other in path order; strings of a part are numbers in its own table. Parts are
 * filled by one worker each and put side by side in path order, so rows come out in
 * canonical order whoever filled them.
 *
 * Layout of a column: a plain array of the type that rs_type names. A null is
 * RS_STR_NULL or RS_ENUM_NULL for strings and words; other types keep a validity
 * bitmap (bit 1 = valid, least significant first, as in Arrow) that is NULL as long as
 * nothing is null.
 *
 * Threads: a part belongs to one thread at a time; read-only it may be shared.
 */
#ifndef RS_SCHEMA_BATCH_H
#define RS_SCHEMA_BATCH_H

#include "base/arena.h"
#include "schema/schema.h"

#define RS_STR_NULL UINT32_MAX

/* Distinct strings in order of their first use. */
typedef struct rs_strings {
    rs_arena arena;
    rs_str *items;
    uint32_t n_items;
    uint32_t n_capacity;
    uint32_t *slots;  /* open addressing: item number + 1, or 0 */
    uint32_t n_slots; /* a power of two */
    bool failed;      /* memory ran out; every later add gives RS_STR_NULL */
} rs_strings;

/* The number of text, which is copied when new. */
uint32_t rs_strings_add(rs_strings *strings, rs_str text);
/* The number of text, or RS_STR_NULL where there is none. Any number of threads may look. */
uint32_t rs_strings_find(const rs_strings *strings, rs_str text);
/* Text by its number, borrowed from the table; no bytes for RS_STR_NULL. */
static inline rs_str rs_strings_text(const rs_strings *strings, uint32_t number)
{
    return number == RS_STR_NULL ? (rs_str){.bytes = NULL} : strings->items[number];
}
void rs_strings_release(rs_strings *strings);

typedef struct rs_batch_column {
    union {
        void *data;
        int64_t *i64;
        int32_t *i32;
        uint8_t *u8; /* bool, word */
        uint32_t *str;
        float *f32;
        double *f64;
    } values;
    uint64_t *validity; /* NULL while no value is null; room for n_capacity bits */
} rs_batch_column;

typedef struct rs_batch {
    const rs_dataset *dataset;
    rs_batch_column *columns; /* dataset->n_columns; those that are not in memory stay empty */
    size_t n_rows;
    size_t n_capacity;
} rs_batch;

typedef struct rs_part {
    rs_batch batches[RS_N_EVIDENCE]; /* by rs_dataset_id */
    rs_strings strings;
    /* Where the rows of the file at hand start in syntax_nodes: a push copies from them (rows.h). */
    size_t first_node;
} rs_part;

/* Bytes of one value in memory. */
size_t rs_type_bytes(rs_type type);

/* Errors: RS_ERR_NOMEM. */
rs_status rs_part_init(rs_part *part, rs_error *err) RS_MUST_USE;
void rs_part_release(rs_part *part);

/* As rs_batch_keep(), columns by rs_dataset_id; texts that no kept column has are gone, too. */
rs_status rs_part_keep(rs_part *part, const uint64_t columns[RS_N_EVIDENCE],
                       rs_error *err) RS_MUST_USE;
/* As rs_batch_trim(). */
void rs_part_trim(rs_part *part);

/* No rows of a dataset. Errors: RS_ERR_NOMEM, with the batch all-zero. */
rs_status rs_batch_open(rs_batch *batch, const rs_dataset *dataset, rs_error *err) RS_MUST_USE;
/* Accepts an all-zero one. */
void rs_batch_close(rs_batch *batch);

/*
 * Keep these columns, a bit each; the values of all others are gone, the number of rows stays. texts are those of
 * the batch, and get the numbers that they have in to. No rows are added any more. Errors: RS_ERR_NOMEM.
 */
rs_status rs_batch_keep(rs_batch *batch, uint64_t columns, const rs_strings *texts, rs_strings *to,
                        rs_error *err) RS_MUST_USE;
/* Give back the room for further rows, which may be added all the same. */
void rs_batch_trim(rs_batch *batch);

/* Room for n_more further rows. Errors: RS_ERR_NOMEM, with the batch as it was. */
rs_status rs_batch_grow(rs_batch *batch, size_t n_more, rs_error *err) RS_MUST_USE;

static inline rs_status rs_batch_reserve(rs_batch *batch, size_t n_more, rs_error *err)
{
    return n_more <= batch->n_capacity - batch->n_rows ? RS_OK : rs_batch_grow(batch, n_more, err);
}

/* All values are valid from now on, and may be made null. Errors: RS_ERR_NOMEM. */
rs_status rs_batch_add_validity(rs_batch *batch, size_t column, rs_error *err) RS_MUST_USE;

/* Make the value of a row null (columns with a bitmap). Errors: RS_ERR_NOMEM. */
static inline rs_status rs_batch_set_null(rs_batch *batch, size_t column, size_t row, rs_error *err)
{
    rs_batch_column *target = &batch->columns[column];
    if (target->validity == NULL) {
        RS_TRY(rs_batch_add_validity(batch, column, err));
    }
    RS_ASSERT(target->validity != NULL);
    target->validity[row / 64] &= ~(UINT64_C(1) << (row % 64));
    return RS_OK;
}

/*
 * n_rows further rows, to be written as whole columns from row n_rows of before on, and closed then.
 * What is not written is null for a text or word that may be; of any other column, closing asserts
 * that all was written (0 where it was made null), and that what is required is not null.
 *
 * Errors: RS_ERR_NOMEM, with the batch as it was.
 */
rs_status rs_part_open(rs_part *part, rs_dataset_id dataset, size_t n_rows,
                       rs_error *err) RS_MUST_USE;
void rs_part_close(rs_part *part, rs_dataset_id dataset, size_t n_rows);

/* In builds that assert, every byte of a value that was not written yet. */
#define RS_UNWRITTEN_BYTE UINT8_C(0xde)

static inline bool rs_batch_is_valid(const rs_batch_column *column, size_t row)
{
    return column->validity == NULL || (column->validity[row / 64] >> (row % 64) & 1) != 0;
}

#endif
