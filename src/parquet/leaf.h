/* SPDX-License-Identifier: Apache-2.0 */
/* leaf.h - the values of a column that a row group is made of, as they come together.
 *
 * A column of single values is one leaf, a list one, a map two (keys and values). Values that are null are
 * not stored; levels say where they are missing. What is constant is stored once, with its length, so that
 * it costs nothing until it is a run in the file. Texts and words are numbers of the leaf's dictionary.
 */
#ifndef RS_PARQUET_LEAF_H
#define RS_PARQUET_LEAF_H

#include "base/vec.h"
#include "parquet/dictionary.h"
#include "parquet/levels.h"
#include "parquet/parquet.h"

/* Values of a page that follow each other: n of them, or the same one n times. */
typedef struct rs_value_run {
    size_t n;
    size_t first; /* of the stored values */
    bool is_constant;
} rs_value_run;

RS_VEC_DEFINE(rs_value_run_vec, rs_value_run)

/* Where a page ends: all counted from the row group's start. */
typedef struct rs_page_end {
    size_t n_runs;
    size_t n_values;  /* that are not null */
    size_t n_entries; /* of levels */
    size_t n_definition_bytes;
    size_t n_repetition_bytes;
} rs_page_end;

RS_VEC_DEFINE(rs_page_end_vec, rs_page_end)

enum { RS_LEAF_PATH = 3 };

typedef struct rs_leaf {
    const rs_parquet_column *column;
    rs_type type; /* of its values; a map's keys are texts */
    bool is_key;
    rs_str path[RS_LEAF_PATH];
    size_t n_path;
    size_t n_value_bytes; /* of one as it is stored here */

    rs_bytes values;
    rs_value_run_vec runs;
    size_t n_values;
    rs_text_dictionary texts;
    uint64_t n_text_bytes;      /* of all values, the same text counted each time */
    uint32_t word_numbers[256]; /* by word: its number in texts + 1, or 0 */
    rs_levels levels;
    rs_page_end_vec pages;
    size_t n_page_start; /* bytes of texts when the page at hand began */
    rs_bytes scratch;
} rs_leaf;

/* The leaves of a column: 1 or 2, described in *leaves. */
size_t rs_leaf_describe(const rs_parquet_column *column, rs_leaf leaves[2]);
void rs_leaf_release(rs_leaf *self);
void rs_leaf_reset(rs_leaf *self);

/* Take the values of n_rows rows from first_row on. Errors: RS_ERR_NOMEM. */
rs_status rs_leaf_push(rs_leaf *self, const rs_parquet_vector *vector, size_t first_row,
                       size_t n_rows, rs_error *err) RS_MUST_USE;

/* The last row of the group was pushed: the last page is closed. Errors: RS_ERR_NOMEM. */
rs_status rs_leaf_finish(rs_leaf *self, rs_error *err) RS_MUST_USE;

static inline bool rs_leaf_has_texts(const rs_leaf *self)
{
    return self->type == RS_TYPE_STR || self->type == RS_TYPE_ENUM;
}

/* Whether the vector says that a value is null. */
bool rs_parquet_is_null(const rs_parquet_vector *vector, rs_type type, size_t n_words, size_t row);

#endif
