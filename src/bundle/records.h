/* SPDX-License-Identifier: Apache-2.0 */
/* records.h - what a run says of itself: rows made value by value, written as one file.
 *
 * A row is begun by its first value and closed by rs_records_end(): columns without a value are
 * null. The first failure is kept and given by whoever writes. Nothing is made into text or boxed:
 * values go into Arrow buffers.
 *
 * Threads: one at a time.
 */
#ifndef RS_BUNDLE_RECORDS_H
#define RS_BUNDLE_RECORDS_H

#include "bundle/manifest.h"
#include "schema/table.h"

typedef struct rs_records rs_records;

/*
 * Rows of a dataset of relspec.def.
 *
 * Ownership: the caller owns *out and hands it to rs_records_free(). Errors: RS_ERR_NOMEM.
 */
rs_status rs_records_new(const rs_dataset *dataset, rs_records **out, rs_error *err) RS_MUST_USE;
/* Accepts NULL. */
void rs_records_free(rs_records *records);

/* One value of the row; column is RS_C_<dataset>_<name>. A text that is NULL is a null. */
void rs_records_text(rs_records *records, int column, const char *text);
void rs_records_str(rs_records *records, int column, rs_str text);
void rs_records_i64(rs_records *records, int column, int64_t number); /* also of an I32 */
void rs_records_f64(rs_records *records, int column, double number);
void rs_records_bool(rs_records *records, int column, bool value);
/* A further value of a list. A list that is only begun is empty, not null. */
void rs_records_begin(rs_records *records, int column);
void rs_records_item(rs_records *records, int column, const char *text);
/* A further pair of a map, in the order that they are to stand in. */
void rs_records_pair(rs_records *records, int column, const char *key, const char *value);
void rs_records_f64_pair(rs_records *records, int column, const char *key, double value);
void rs_records_end(rs_records *records);

/* The rows as they were made: an array with an object each, nulls left out. No further rows then.
 * Ownership: the caller owns *out. Errors: RS_ERR_NOMEM, RS_ERR_INVALID. */
rs_status rs_records_document(rs_records *records, json_t **out, rs_error *err) RS_MUST_USE;

uint64_t rs_records_n_rows(const rs_records *records);

/*
 * Write the rows to a new Parquet file, with metadata in its footer, in the order that they were
 * made in; of a dataset with a clock by all columns but its times.
 *
 * *file (but for its number) is what the manifest says of it.
 */
rs_status rs_records_write(rs_records *records, const char *path, rs_bundle_file *file,
                           rs_error *err) RS_MUST_USE;

/* The same rows as an Arrow IPC file, in the order that they were made in. */
rs_status rs_records_write_arrow(rs_records *records, const char *path, rs_error *err) RS_MUST_USE;

#endif
