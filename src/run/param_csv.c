/* SPDX-License-Identifier: Apache-2.0 */
#include "run/param_file.h"

enum { SHOWN_COLUMNS = 8 };

typedef struct csv {
    rs_str text;
    const char *file;
    size_t at;
    size_t line;        /* of at, from 1 */
    size_t record_line; /* that the record started on */
    size_t n_fields;    /* of every record */
    size_t key;         /* field that holds the values */
    rs_buf field;       /* the one that was read last */
    bool is_quoted;     /* it stood in quotes */
} csv;

static bool is_done(const csv *in)
{
    return in->at >= in->text.n_bytes;
}

/* Step over a line end; false when there is none. */
static bool take_line_end(csv *in)
{
    char c = (char)(is_done(in) ? '\0' : in->text.bytes[in->at]);
    if (c != '\n' && c != '\r') {
        return false;
    }
    in->at++;
    if (c == '\r' && !is_done(in) && in->text.bytes[in->at] == '\n') {
        in->at++;
    }
    in->line++;
    return true;
}

static rs_status fail(const csv *in, size_t line, const char *cause, rs_error *err)
{
    return rs_error_set(err, RS_ERR_INVALID, "%s:%zu: %s", in->file, line, cause);
}

/* Behind the opening quote, to behind the closing one. */
static rs_status read_quoted(csv *in, rs_error *err)
{
    size_t first_line = in->line;
    while (!is_done(in)) {
        size_t from = in->at;
        if (take_line_end(in)) {
            rs_buf_append(&in->field, in->text.bytes + from, in->at - from);
            continue;
        }
        char c = in->text.bytes[in->at++];
        if (c != '"') {
            rs_buf_add_char(&in->field, c);
        } else if (!is_done(in) && in->text.bytes[in->at] == '"') {
            rs_buf_add_char(&in->field, '"');
            in->at++;
        } else {
            return RS_OK;
        }
    }
    return fail(in, first_line, "expected a closing quote, found the end of the file", err);
}

static bool ends_field(char c)
{
    return c == ',' || c == '\n' || c == '\r';
}

/* Read a field and what closes it; *is_last: the record ends there. */
static rs_status read_field(csv *in, bool *is_last, rs_error *err)
{
    rs_buf_reset(&in->field);
    in->is_quoted = !is_done(in) && in->text.bytes[in->at] == '"';
    if (in->is_quoted) {
        in->at++;
        RS_TRY(read_quoted(in, err));
    }
    size_t from = in->at;
    while (!is_done(in) && !ends_field(in->text.bytes[in->at])) {
        if (in->is_quoted || in->text.bytes[in->at] == '"') {
            return fail(in, in->line,
                        in->is_quoted ? "expected a comma or a line end behind the closing quote"
                                      : "a field with a quote in it stands in quotes itself",
                        err);
        }
        in->at++;
    }
    rs_buf_append(&in->field, in->text.bytes + from, in->at - from);
    *is_last = is_done(in) || in->text.bytes[in->at] != ',';
    if (!*is_last) {
        in->at++;
    } else {
        (void)take_line_end(in);
    }
    return rs_buf_check(&in->field, err);
}

/* --- records --- */

static rs_status add_value(csv *in, rs_param_column *column, rs_error *err)
{
    rs_cell cell = {.kind = RS_CELL_ANY, .text = rs_buf_str(&in->field)};
    if (cell.text.n_bytes == 0 && !in->is_quoted) {
        cell.kind = RS_CELL_NULL;
    }
    rs_status status = rs_param_column_add(column, &cell, err);
    return status == RS_OK ? RS_OK
                           : rs_error_prefix(err, status, "%s:%zu", in->file, in->record_line);
}

/* The value of one record. */
static rs_status read_record(csv *in, rs_param_column *column, rs_error *err)
{
    bool is_last = false;
    size_t n_fields = 0;
    in->record_line = in->line;
    while (!is_last) {
        RS_TRY(read_field(in, &is_last, err));
        if (n_fields++ == in->key) {
            RS_TRY(add_value(in, column, err));
        }
    }
    if (n_fields != in->n_fields) {
        return rs_error_set(err, RS_ERR_INVALID,
                            "%s:%zu: expected %zu fields as on line 1, found %zu", in->file,
                            in->record_line, in->n_fields, n_fields);
    }
    return RS_OK;
}

/* Look at the first record: which field is the key's, if any, and what they are called. */
static rs_status read_header(csv *in, rs_str key, size_t *n_keys, rs_buf *names, rs_error *err)
{
    bool is_last = false;
    while (!is_last) {
        RS_TRY(read_field(in, &is_last, err));
        if (rs_str_equal(rs_buf_str(&in->field), key)) {
            in->key = in->n_fields;
            ++*n_keys;
        }
        if (in->n_fields < SHOWN_COLUMNS) {
            rs_buf_add(names, in->n_fields == 0 ? "" : ", ");
            rs_buf_add_str(names, rs_buf_str(&in->field));
        }
        in->n_fields++;
    }
    rs_buf_add(names, in->n_fields > SHOWN_COLUMNS ? ", ..." : "");
    return rs_buf_check(names, err);
}

/* Settle which field holds the values, and stand before the first of them. */
static rs_status find_key(csv *in, const char *key, rs_error *err)
{
    rs_buf names = {0};
    size_t n_keys = 0;
    const csv start = *in;
    rs_status status = read_header(in, rs_str_of(key), &n_keys, &names, err);
    if (status == RS_OK && n_keys > 1) {
        status = rs_error_set(err, RS_ERR_INVALID, "%s:1: expected one column %s, found %zu",
                              in->file, key, n_keys);
    } else if (status == RS_OK && n_keys == 0 && in->n_fields > 1) {
        status = rs_error_set(err, RS_ERR_INVALID,
                              "%s:1: expected a column %s, or a single one, found %s", in->file,
                              key, rs_buf_text(&names));
    } else if (status == RS_OK && n_keys == 0) {
        in->at = start.at;
        in->line = start.line;
    }
    rs_buf_release(&names);
    return status;
}

rs_status rs_param_read_csv(rs_str text, const char *name, rs_param_column *column, rs_error *err)
{
    csv in = {.text = text, .file = name, .line = 1};
    if (text.n_bytes >= 3 && memcmp(text.bytes, "\xef\xbb\xbf", 3) == 0) {
        in.at = 3;
    }
    rs_status status = RS_OK;
    if (!is_done(&in)) {
        status = find_key(&in, column->param->column->name, err);
    }
    while (status == RS_OK && !is_done(&in)) {
        status = read_record(&in, column, err);
    }
    rs_buf_release(&in.field);
    return status;
}
