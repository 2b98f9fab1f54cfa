/* SPDX-License-Identifier: Apache-2.0 */
/* parquet.h - rows to a Parquet file: vectors in, one file out, with its size and its SHA-256.
 *
 * What of the format is written, and by which rules, says docs/parquet.md; why we write it ourselves,
 * docs/decisions/0009-a-parquet-writer-of-our-own.md. Columns are flat, or lists of values, or maps from
 * texts to values; every column may have nulls.
 *
 * The bytes follow from the columns, the metadata and the rows alone: in how many pushes rows come makes
 * no difference. What is in memory is one row group.
 *
 * Threads: a writer belongs to one thread at a time.
 */
#ifndef RS_PARQUET_PARQUET_H
#define RS_PARQUET_PARQUET_H

#include "base/hash.h"
#include "schema/frame.h"
#include "schema/table.h"

struct ArrowArrayStream;

/*
 * A row group ends behind so many rows, or behind the row by which its texts have so many bytes; a page
 * of a column behind the row by which its dictionary grew by so many.
 *
 * Rows: what has to be read for one file's rows. Half of what the engine would do itself: to explain the
 * edges of a place takes an eighth less time so (bench/why.py); half of it again, and what longer footers
 * cost is as much as is gained.
 */
enum {
    RS_PARQUET_GROUP_ROWS = 61440,
    RS_PARQUET_GROUP_BYTES = 64 << 20,
    RS_PARQUET_PAGE_BYTES = 1 << 20,
    RS_PARQUET_TEXT_BYTES = 1 << 30 /* of one text at most */
};

/* Borrowed until the writer is freed. */
typedef struct rs_parquet_column {
    const char *name;
    rs_type type;
    rs_shape shape;
    const rs_str *words; /* RS_TYPE_ENUM: at most 255; it is a text in the file */
    size_t n_words;
} rs_parquet_column;

/*
 * Values of a column. By type: I64 int64_t, I32 int32_t, BOOL uint8_t, F32 float, F64 double, STR rs_str
 * (one whose bytes are NULL is null), ENUM uint8_t (one that is no word's number is null).
 *
 * A row of a list or a map has n_items[row] values; those of all rows follow each other in items, and
 * what values they belong to in keys, none of which is null.
 */
typedef struct rs_parquet_vector rs_parquet_vector;
struct rs_parquet_vector {
    rs_form form;
    const void *values;
    const uint64_t
        *validity; /* a bit a row, from first_bit; NULL: the values alone say what is null */
    size_t first_bit;
    const uint32_t *n_items; /* RS_SHAPE_LIST, RS_SHAPE_MAP; 0 where the row is null */
    const rs_parquet_vector *items;
    const rs_parquet_vector *keys; /* RS_SHAPE_MAP */
};

/* What became of a file. */
typedef struct rs_parquet_written {
    uint64_t n_rows;
    uint64_t n_bytes;
    uint64_t n_groups;
    char sha256[RS_SHA256_TEXT_BYTES];
} rs_parquet_written;

typedef struct rs_parquet rs_parquet;
typedef struct rs_parquet_tally rs_parquet_tally; /* parquet/tally.h */

/*
 * Make the file, which is not there. metadata are pairs for its footer.
 *
 * Ownership: the caller owns *out and hands it to rs_parquet_free(). columns and path are borrowed until
 * then. Errors: RS_ERR_NOMEM, RS_ERR_IO.
 */
rs_status rs_parquet_open(const char *path, const rs_parquet_column *columns, size_t n_columns,
                          const rs_text_pair *metadata, size_t n_metadata, rs_parquet **out,
                          rs_error *err) RS_MUST_USE;

/* Before any row: tally becomes what the file comes to, once that is closed. Borrowed; NULL: nobody asks. */
void rs_parquet_set_tally(rs_parquet *self, rs_parquet_tally *tally);

/*
 * Append n_rows rows, a vector a column, borrowed. After a failure nothing more is to be pushed.
 * Errors: RS_ERR_NOMEM, RS_ERR_IO; RS_ERR_LIMIT for a text of more than RS_PARQUET_TEXT_BYTES.
 */
rs_status rs_parquet_push(rs_parquet *self, const rs_parquet_vector *vectors, size_t n_rows,
                          rs_error *err) RS_MUST_USE;

/* The file is whole: its footer is written, its name stays. Errors: RS_ERR_NOMEM, RS_ERR_IO. */
rs_status rs_parquet_close(rs_parquet *self, rs_parquet_written *written,
                           rs_error *err) RS_MUST_USE;

/* A file that was not closed is removed. Accepts NULL. */
void rs_parquet_free(rs_parquet *self);

/* --- what rows come as --- */

/* A frame's columns, of the types of columns. Errors: those of rs_parquet_push(). */
rs_status rs_parquet_push_frame(rs_parquet *self, const rs_frame *frame, rs_error *err) RS_MUST_USE;

/*
 * Write all rows of a stream, in their order, to a new file. Words come as their texts.
 *
 * Ownership: rows is read to its end, and stays the caller's to release.
 * Errors: also RS_ERR_INVALID for a type that schema/table.h does not list; a failure of the stream
 * (schema/cursor.h) is its own.
 */
rs_status rs_parquet_write_stream(struct ArrowArrayStream *rows, const char *path,
                                  rs_parquet_written *written, rs_error *err) RS_MUST_USE;

/*
 * The same of a table, its rows in the order that says which one comes next; NULL: in their own.
 * Errors: those of a stream that has no failures of its own.
 */
rs_status rs_parquet_write_table(const rs_table *table, const size_t *order, const char *path,
                                 const rs_text_pair *metadata, size_t n_metadata,
                                 rs_parquet_written *written, rs_error *err) RS_MUST_USE;

#endif
