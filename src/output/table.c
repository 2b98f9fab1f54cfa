/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "output/print.h"

enum { SAMPLE_ROWS = 1000 }; /* columns are as wide as the first rows need */

/* Cells of the first rows, one after the other, and the columns' widths. */
typedef struct table {
    rs_buf sample;
    size_t n_sampled;
    size_t *widths;
    bool is_printed; /* the sample */
} table;

/* Characters, as far as a terminal shows one in one column. */
static size_t width_of(const char *bytes, size_t n_bytes)
{
    size_t width = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        width += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    }
    return width;
}

/* A cell stands on one line and moves no cursor. */
static rs_str cell_of(rs_printer *self, size_t column, size_t row)
{
    if (rs_cursor_is_null(self->rows, column, row)) {
        return rs_str_of("NULL");
    }
    rs_str cell = rs_printer_cell(self, column, row);
    for (size_t i = 0; i < self->cell.n_bytes; i++) {
        unsigned char byte = (unsigned char)self->cell.bytes[i];
        if (byte < 0x20 || byte == 0x7f) {
            self->cell.bytes[i] = (char)(byte == '\n' ? '|' : byte == '\t' ? ' ' : '?');
        }
    }
    return cell;
}

static void add_blanks(rs_buf *out, size_t n_blanks)
{
    for (size_t i = 0; i < n_blanks; i++) {
        rs_buf_add_char(out, ' ');
    }
}

static void add_cell(rs_printer *self, size_t column, const char *bytes, size_t n_bytes)
{
    const table *own = self->own;
    rs_buf *out = &self->out->text;
    rs_value_class class = rs_cursor_column_class(self->rows, column);
    bool is_right = class == RS_VALUE_INT || class == RS_VALUE_FLOAT;
    bool is_last = column + 1 == self->n_columns;
    size_t width = width_of(bytes, n_bytes);
    size_t n_blanks = width < own->widths[column] ? own->widths[column] - width : 0;
    rs_buf_add(out, column == 0 ? "" : "  ");
    add_blanks(out, is_right ? n_blanks : 0);
    rs_buf_append(out, bytes, n_bytes);
    add_blanks(out, is_right || is_last ? 0 : n_blanks);
    rs_buf_add(out, is_last ? "\n" : "");
}

static void print_sample(rs_printer *self)
{
    table *own = self->own;
    rs_buf *out = &self->out->text;
    const char *at = rs_buf_text(&own->sample);
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->rows, c);
        add_cell(self, c, name, strlen(name));
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(out, c == 0 ? "" : "  ");
        for (size_t i = 0; i < own->widths[c]; i++) {
            rs_buf_add_char(out, '-');
        }
    }
    rs_buf_add_char(out, '\n');
    for (size_t i = 0; i < own->n_sampled * self->n_columns; i++) {
        size_t n_bytes = strlen(at);
        add_cell(self, i % self->n_columns, at, n_bytes);
        at += n_bytes + 1;
    }
    rs_buf_release(&own->sample);
    own->is_printed = true;
}

static void sample_row(rs_printer *self, size_t row)
{
    table *own = self->own;
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_str cell = cell_of(self, c, row);
        size_t width = width_of(cell.bytes, cell.n_bytes);
        own->widths[c] = width > own->widths[c] ? width : own->widths[c];
        rs_buf_append(&own->sample, cell.bytes, cell.n_bytes);
        rs_buf_append(&own->sample, "", 1);
    }
    own->n_sampled++;
    self->out->text.failed = self->out->text.failed || own->sample.failed;
}

static void print_row(rs_printer *self, size_t row)
{
    const table *own = self->own;
    if (own->n_sampled < SAMPLE_ROWS) {
        sample_row(self, row);
        return;
    }
    if (!own->is_printed) {
        print_sample(self);
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_str cell = cell_of(self, c, row);
        add_cell(self, c, cell.bytes, cell.n_bytes);
    }
}

static rs_status start(rs_printer *self, rs_error *err)
{
    table *own = self->own;
    own->widths = rs_alloc_zero(self->n_columns > 0 ? self->n_columns : 1, sizeof(size_t));
    if (own->widths == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "print a table: out of memory");
    }
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->rows, c);
        own->widths[c] = width_of(name, strlen(name));
    }
    return RS_OK;
}

static void end(rs_printer *self)
{
    const table *own = self->own;
    if (!own->is_printed) {
        print_sample(self);
    }
}

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    table own = {0};
    const rs_printer_type type = {.start = start, .row = print_row, .end = end, .own = &own};
    rs_status status = rs_print(source, &type, out, err);
    rs_buf_release(&own.sample);
    rs_free(own.widths);
    return status;
}

const rs_format_row rs_format_table = {
    .name = "table",
    .doc = "Aligned columns for a person.",
    .traits = RS_FORMAT_IS_FOR_EYES,
    .write_rows = write_all,
};
