/* SPDX-License-Identifier: Apache-2.0 */
/* param_file.h - the files that values of a param table come in: CSV, JSON, Parquet.
 *
 * The user's own files, not those of the analysed tree; all the same nothing in them is believed.
 * Messages name the file, and the line where there is one.
 *
 * Threads: any, one at a time for each column.
 */
#ifndef RS_RUN_PARAM_FILE_H
#define RS_RUN_PARAM_FILE_H

#include "run/param_column.h"

enum { RS_PARAM_MAX_FILE_BYTES = 256 << 20 };

/*
 * CSV as RFC 4180 has it; line ends "\n", "\r\n" or "\r". With a field of the first line that is
 * the param's key, that line is a header and its column holds the values; without one there must be
 * a single column, whose first value is the first line. An empty field is a null, "" an empty text.
 *
 * Errors: RS_ERR_INVALID, RS_ERR_NOMEM.
 */
rs_status rs_param_read_csv(rs_str text, const char *name, rs_param_column *column,
                            rs_error *err) RS_MUST_USE;

/* A JSON array of texts, numbers, true, false and null. */
rs_status rs_param_read_json(rs_str text, const char *name, rs_param_column *column,
                             rs_error *err) RS_MUST_USE;

/*
 * The column of the param's key, or the only one, as a table of one column of the param's type.
 *
 * Ownership: the caller owns *out and hands it to rs_table_release().
 * Errors: RS_ERR_INVALID, RS_ERR_IO, RS_ERR_ENGINE, RS_ERR_NOMEM.
 */
rs_status rs_param_read_parquet(const char *path, const rs_param_table *param, rs_table *out,
                                rs_error *err) RS_MUST_USE;

#endif
