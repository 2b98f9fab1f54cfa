/* SPDX-License-Identifier: Apache-2.0 */
/* held.h - rows of a dataset that are kept: frames put one behind the other, with texts of their own.
 *
 * What a sink fills whose rows are read later, by place: a relationship on its way through its gate and to
 * the rules that read it. Every column of the dataset is in memory. Lineage is kept where frames have it.
 *
 * Threads: a holder belongs to one thread at a time; read-only it may be shared.
 */
#ifndef RS_SCHEMA_HELD_H
#define RS_SCHEMA_HELD_H

#include "schema/frame.h"

/* All-zero is closed. */
typedef struct rs_held {
    rs_batch batch;
    rs_strings strings;
    uint32_t *ends; /* by row, as rs_lineage has them; room for the batch's */
    size_t n_ends_room;
    rs_origin *origins;
    size_t n_origins;
    size_t n_origins_room;
} rs_held;

/* *held is closed before. Errors: RS_ERR_NOMEM, with *held closed. */
rs_status rs_held_open(rs_held *held, const rs_dataset *dataset, rs_error *err) RS_MUST_USE;
/* Accepts a closed one. */
void rs_held_close(rs_held *held);

/* Append a frame's rows. Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for more rows than 32 bits number. */
rs_status rs_held_add(rs_held *held, const rs_frame *frame, rs_error *err) RS_MUST_USE;
/* Forget all rows but the first n. */
void rs_held_cut(rs_held *held, size_t n_rows);
/* Keep the rows that are listed, each at most once, in the order of the list. Errors: RS_ERR_NOMEM. */
rs_status rs_held_keep(rs_held *held, const uint32_t *rows, size_t n_rows,
                       rs_error *err) RS_MUST_USE;
/* Append the rows of another holder that are listed. Errors: as rs_held_add(). */
rs_status rs_held_copy(rs_held *held, const rs_held *from, const uint32_t *rows, size_t n_rows,
                       rs_error *err) RS_MUST_USE;

/* What the rows were made of, all of them. */
static inline rs_lineage rs_held_lineage(const rs_held *held)
{
    return (rs_lineage){held->origins, held->ends};
}

/* The rows from first on as frames. Errors: those of the sink. */
rs_status rs_held_push(const rs_held *held, const rs_sink *sink, rs_error *err) RS_MUST_USE;

bool rs_held_is_null(const rs_held *held, size_t column, uint32_t row);
/* Two values of a column: below, at, above 0, as schema/kernel.h orders them; nulls are last, and equal. */
int rs_held_compare(const rs_held *held, size_t column, uint32_t a, uint32_t b);

/* The values of some columns as a key: equal for equal ones, nulls among them. */
uint64_t rs_held_hash(const rs_held *held, const size_t *columns, size_t n_columns, uint32_t row);
bool rs_held_equal(const rs_held *held, const size_t *columns, size_t n_columns, uint32_t a,
                   uint32_t b);

/* --- orders --- */

typedef struct rs_held_term {
    size_t column;
    bool is_descending;
} rs_held_term;

/* Sort rows by the terms; those that are equal in all of them by their places. Errors: RS_ERR_NOMEM. */
rs_status rs_held_sort(const rs_held *held, const rs_held_term *terms, size_t n_terms,
                       uint32_t *rows, size_t n_rows, rs_error *err) RS_MUST_USE;
/* The same of two rows. */
int rs_held_order(const rs_held *held, const rs_held_term *terms, size_t n_terms, uint32_t a,
                  uint32_t b);

/*
 * Of those of some rows that agree in the key, the first in the order of the terms: is_first[row] is set, and
 * cleared for the others. Errors: RS_ERR_NOMEM.
 */
rs_status rs_held_firsts(const rs_held *held, const size_t *key, size_t n_key,
                         const rs_held_term *terms, size_t n_terms, const uint32_t *rows,
                         size_t n_rows, uint8_t *is_first, rs_error *err) RS_MUST_USE;

#endif
