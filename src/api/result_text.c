/* SPDX-License-Identifier: Apache-2.0 */
/* result_text.c - query results as a table, as CSV, as JSON. */
#include "api/internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"

enum {
    FLUSH_BYTES = 1 << 16, /* handed on in pieces of about this size */
    SAMPLE_ROWS = 1000     /* a table's columns are as wide as its first rows need */
};

typedef struct printer {
    rs_cursor *result;
    size_t n_columns;
    rs_write_fn write;
    void *context;
    uint64_t n_rows;      /* written */
    uint64_t max_rows;    /* the most of them */
    uint64_t n_unwritten; /* counted only */
    rs_buf out;
    rs_buf cell;
    /* Tables: cells of the first rows, one after the other, and the columns' widths. */
    rs_buf sample;
    size_t n_sampled;
    size_t *widths;
    bool sample_printed;
} printer;

static rs_status flush(printer *self, size_t n_at_least, rs_error *err)
{
    RS_TRY(rs_buf_check(&self->out, err));
    if (self->out.n_bytes == 0 || self->out.n_bytes < n_at_least) {
        return RS_OK;
    }
    rs_status status = self->write(self->out.bytes, self->out.n_bytes, self->context);
    rs_buf_reset(&self->out);
    if (status != RS_OK) {
        return rs_error_set(err, status, "query: the output is not taken");
    }
    return RS_OK;
}

/* --- CSV --- */

static void add_csv_text(rs_buf *out, const char *bytes, size_t n_bytes)
{
    bool plain = n_bytes > 0;
    for (size_t i = 0; i < n_bytes && plain; i++) {
        plain = bytes[i] != '"' && bytes[i] != ',' && bytes[i] != '\n' && bytes[i] != '\r';
    }
    if (plain) {
        rs_buf_append(out, bytes, n_bytes);
        return;
    }
    rs_buf_add_char(out, '"');
    for (size_t i = 0; i < n_bytes; i++) {
        if (bytes[i] == '"') {
            rs_buf_add_char(out, '"');
        }
        rs_buf_add_char(out, bytes[i]);
    }
    rs_buf_add_char(out, '"');
}

static void csv_head(printer *self)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->result, c);
        rs_buf_add(&self->out, c == 0 ? "" : ",");
        add_csv_text(&self->out, name, strlen(name));
    }
    rs_buf_add_char(&self->out, '\n');
}

static void csv_row(printer *self, size_t row)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(&self->out, c == 0 ? "" : ",");
        if (!rs_cursor_is_null(self->result, c, row)) {
            rs_buf_reset(&self->cell);
            rs_cursor_add_text(self->result, c, row, &self->cell);
            add_csv_text(&self->out, rs_buf_text(&self->cell), self->cell.n_bytes);
        }
    }
    rs_buf_add_char(&self->out, '\n');
}

/* --- JSON --- */

static bool is_json(const printer *self, size_t column, size_t row)
{
    switch (rs_cursor_column_class(self->result, column)) {
    case RS_VALUE_BOOL:
    case RS_VALUE_INT:
    case RS_VALUE_LIST:
        return true;
    case RS_VALUE_FLOAT:
        return isfinite(rs_cursor_f64(self->result, column, row)) != 0;
    case RS_VALUE_TEXT:
        return false;
    }
    return false;
}

static void json_row(printer *self, size_t row)
{
    rs_buf_add(&self->out, self->n_rows == 0 ? "[\n{" : ",\n{");
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->result, c);
        rs_buf_add(&self->out, c == 0 ? "" : ", ");
        rs_buf_add_json_text(&self->out, rs_str_of(name));
        rs_buf_add(&self->out, ": ");
        if (rs_cursor_is_null(self->result, c, row)) {
            rs_buf_add(&self->out, "null");
            continue;
        }
        rs_buf_reset(&self->cell);
        rs_cursor_add_text(self->result, c, row, &self->cell);
        if (is_json(self, c, row)) {
            rs_buf_append(&self->out, rs_buf_text(&self->cell), self->cell.n_bytes);
        } else {
            rs_buf_add_json_text(&self->out, rs_buf_str(&self->cell));
        }
    }
    rs_buf_add_char(&self->out, '}');
}

/* --- tables --- */

/* Characters, as far as a terminal shows one in one column. */
static size_t text_width(const char *bytes, size_t n_bytes)
{
    size_t width = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        width += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    }
    return width;
}

/* A cell stands on one line and moves no cursor. */
static void read_table_cell(printer *self, size_t column, size_t row)
{
    rs_buf_reset(&self->cell);
    if (rs_cursor_is_null(self->result, column, row)) {
        rs_buf_add(&self->cell, "NULL");
        return;
    }
    rs_cursor_add_text(self->result, column, row, &self->cell);
    for (size_t i = 0; i < self->cell.n_bytes; i++) {
        unsigned char byte = (unsigned char)self->cell.bytes[i];
        if (byte < 0x20 || byte == 0x7f) {
            self->cell.bytes[i] = byte == '\t' ? ' ' : '?';
            if (byte == '\n') {
                self->cell.bytes[i] = '|';
            }
        }
    }
}

static void add_table_cell(printer *self, size_t column, const char *bytes, size_t n_bytes)
{
    bool right = rs_cursor_column_class(self->result, column) == RS_VALUE_INT ||
                 rs_cursor_column_class(self->result, column) == RS_VALUE_FLOAT;
    size_t width = text_width(bytes, n_bytes);
    size_t n_pad = width < self->widths[column] ? self->widths[column] - width : 0;
    rs_buf_add(&self->out, column == 0 ? "" : "  ");
    for (size_t i = 0; right && i < n_pad; i++) {
        rs_buf_add_char(&self->out, ' ');
    }
    rs_buf_append(&self->out, bytes, n_bytes);
    for (size_t i = 0; !right && column + 1 < self->n_columns && i < n_pad; i++) {
        rs_buf_add_char(&self->out, ' ');
    }
    if (column + 1 == self->n_columns) {
        rs_buf_add_char(&self->out, '\n');
    }
}

static void print_sample(printer *self)
{
    const char *at = rs_buf_text(&self->sample);
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->result, c);
        add_table_cell(self, c, name, strlen(name));
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(&self->out, c == 0 ? "" : "  ");
        for (size_t i = 0; i < self->widths[c]; i++) {
            rs_buf_add_char(&self->out, '-');
        }
    }
    rs_buf_add_char(&self->out, '\n');
    for (size_t i = 0; i < self->n_sampled * self->n_columns; i++) {
        size_t n_bytes = strlen(at);
        add_table_cell(self, i % self->n_columns, at, n_bytes);
        at += n_bytes + 1;
    }
    rs_buf_release(&self->sample);
    self->sample_printed = true;
}

static void table_row(printer *self, size_t row)
{
    bool sampled = self->n_sampled < SAMPLE_ROWS;
    if (!sampled && !self->sample_printed) {
        print_sample(self);
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        read_table_cell(self, c, row);
        const char *text = rs_buf_text(&self->cell);
        if (!sampled) {
            add_table_cell(self, c, text, self->cell.n_bytes);
            continue;
        }
        size_t width = text_width(text, self->cell.n_bytes);
        self->widths[c] = width > self->widths[c] ? width : self->widths[c];
        rs_buf_append(&self->sample, text, self->cell.n_bytes);
        rs_buf_append(&self->sample, "", 1);
    }
    self->n_sampled += sampled;
}

/* --- all of them --- */

static rs_status table_start(printer *self, rs_error *err)
{
    self->widths = rs_alloc_zero(self->n_columns > 0 ? self->n_columns : 1, sizeof(size_t));
    if (self->widths == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "query: out of memory");
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->result, c);
        self->widths[c] = text_width(name, strlen(name));
    }
    return RS_OK;
}

static void print_row(printer *self, rs_format format, size_t row)
{
    switch (format) {
    case RS_FORMAT_TABLE:
        table_row(self, row);
        break;
    case RS_FORMAT_CSV:
        csv_row(self, row);
        break;
    case RS_FORMAT_JSON:
        json_row(self, row);
        break;
    case RS_FORMAT_ARROW: /* result_arrow.c */
        break;
    }
    self->n_rows++;
}

static rs_status print_rows(printer *self, rs_format format, rs_error *err)
{
    size_t n_rows = 1;
    while (n_rows > 0) {
        RS_TRY(rs_cursor_next(self->result, &n_rows, err));
        for (size_t i = 0; i < n_rows; i++) {
            if (self->n_rows == self->max_rows) {
                self->n_unwritten += n_rows - i;
                break;
            }
            print_row(self, format, i);
            RS_TRY(rs_buf_check(&self->cell, err));
            RS_TRY(rs_buf_check(&self->sample, err));
            RS_TRY(flush(self, FLUSH_BYTES, err));
        }
    }
    if (format == RS_FORMAT_TABLE && !self->sample_printed) {
        print_sample(self);
    } else if (format == RS_FORMAT_JSON) {
        rs_buf_add(&self->out, self->n_rows == 0 ? "[]\n" : "\n]\n");
    }
    return flush(self, 0, err);
}

rs_status rs_result_write(rs_cursor *result, const rs_query *query, rs_write_fn write,
                          void *context, uint64_t *n_rows, rs_error *err)
{
    rs_format format = query->format;
    printer self = {.result = result,
                    .n_columns = rs_cursor_n_columns(result),
                    .max_rows = query->max_rows == 0 ? UINT64_MAX : query->max_rows,
                    .write = write,
                    .context = context};
    rs_status status = RS_OK;
    if (format == RS_FORMAT_TABLE) {
        status = table_start(&self, err);
    } else if (format == RS_FORMAT_CSV) {
        csv_head(&self);
    }
    if (status == RS_OK) {
        status = print_rows(&self, format, err);
    }
    *n_rows = self.n_rows + self.n_unwritten;
    rs_free(self.widths);
    rs_buf_release(&self.sample);
    rs_buf_release(&self.cell);
    rs_buf_release(&self.out);
    return status;
}
