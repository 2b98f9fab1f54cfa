/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h - rows on their way: a batch of columns at a time, between engines, gate and writers.
 *
 * Whoever makes rows pushes frames into a sink; who takes them never asks where they lie. A frame and
 * all that it points to is borrowed for the length of one push: who keeps a row copies it.
 *
 * A vector is a column of a frame. All-null and constant columns stay what they are, so that a writer
 * need not look at each row to find a run. Texts and words are numbers of a table beside the values, as
 * in a part (schema/batch.h): a dictionary that is there already.
 *
 * Lineage is what `derivations` keeps of a row: which rows of evidence it was made of.
 *
 * Threads: a frame belongs to the thread that pushes it.
 */
#ifndef RS_SCHEMA_FRAME_H
#define RS_SCHEMA_FRAME_H

#include "base/error.h"
#include "schema/batch.h"

enum { RS_FRAME_ROWS = 2048 }; /* of a frame at most */

typedef enum rs_form {
    RS_FORM_NULL,     /* every row is null; values and validity are not looked at */
    RS_FORM_CONSTANT, /* values holds one value, not null, that every row has */
    RS_FORM_FLAT      /* values holds one for each row */
} rs_form;

typedef struct rs_vector {
    rs_form form;
    rs_type type;
    const void *values; /* laid out as in rs_batch_column */
    const uint64_t
        *validity; /* a bit a row, from first_bit; NULL: the values alone say what is null */
    size_t first_bit;
    const rs_words *words;     /* RS_TYPE_ENUM */
    const rs_strings *strings; /* RS_TYPE_STR */
} rs_vector;

/* A row of evidence: the number of its dataset (rs_dataset_id) and its id there. */
typedef struct rs_origin {
    int64_t dataset;
    int64_t id;
} rs_origin;

/* Row i has origins[ends[i - 1]] .. origins[ends[i] - 1], from 0 for the first row. */
typedef struct rs_lineage {
    const rs_origin *origins;
    const uint32_t *ends;
} rs_lineage;

/* Where the rows that a row was made of stand in the first and the second input of its plan. */
typedef struct rs_row_place {
    int64_t first;
    int64_t second;
} rs_row_place;

typedef struct rs_frame {
    size_t n_rows;            /* 1 .. RS_FRAME_ROWS */
    const rs_vector *columns; /* by column of the dataset that the rows are of */
    size_t n_columns;
    const rs_lineage *lineage;  /* NULL: nobody asked for it */
    const rs_row_place *places; /* by row; the same */
} rs_frame;

/*
 * Takes frames. A status other than RS_OK ends who pushes, and is what it returns.
 */
typedef struct rs_sink {
    rs_status (*push)(void *context, const rs_frame *frame, rs_error *err);
    void *context;
    bool is_bare; /* it wants neither places nor lineage: who pushes need not make them */
} rs_sink;

/* --- single values: for few rows, and for who reads a row at a time --- */

bool rs_vector_is_null(const rs_vector *vector, size_t row);
int64_t rs_vector_i64(const rs_vector *vector, size_t row); /* I64, I32, BOOL, number of a word */
double rs_vector_f64(const rs_vector *vector, size_t row);  /* F64, F32 */
/* STR and ENUM: borrowed from the vector's table. */
rs_str rs_vector_text(const rs_vector *vector, size_t row);

/* The rows first_row .. first_row + n_rows - 1 of a column of a batch. */
rs_vector rs_vector_of_batch(const rs_batch *batch, size_t column, size_t first_row,
                             const rs_strings *strings);

#endif
