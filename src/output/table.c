/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/alloc.h"
#include "output/print.h"

enum {
    SAMPLE_ROWS = 1000, /* columns are as wide as the first rows need */
    LEAST_WIDTH = 8,    /* of a column that is made narrower */
    GAP = 2,            /* between columns */
    MORE_BYTES = 32
};

/* Cells of the first rows, one after the other, and the columns' widths. */
typedef struct table {
    rs_buf shown; /* scratch: a cell as it is printed */
    rs_buf sample;
    size_t n_sampled;
    size_t *widths;
    size_t n_shown;  /* columns; the others find no place on the terminal */
    bool is_cut;     /* cells are no wider than their columns */
    bool is_printed; /* the sample */
} table;

/* Characters, as far as a terminal shows one in one column. */
static size_t width_of(const char *bytes, size_t n_bytes)
{
    return rs_str_n_characters((rs_str){bytes, n_bytes});
}

/* A cell stands on one line and moves no cursor. */
static rs_str cell_of(rs_printer *self, size_t column, size_t row)
{
    if (rs_cursor_is_null(self->rows, column, row)) {
        return rs_str_of("NULL");
    }
    rs_str cell = rs_printer_cell(self, column, row);
    rs_buf *shown = &((table *)self->own)->shown;
    rs_buf_reset(shown);
    for (size_t i = 0; i < cell.n_bytes; i++) {
        unsigned char byte = (unsigned char)cell.bytes[i];
        bool moves = byte < 0x20 || byte == 0x7f;
        if (moves && byte != '\n' && byte != '\t') {
            rs_buf_addf(shown, "\\x%02x", (unsigned)byte); /* as a terminal would be shown it */
        } else {
            rs_buf_add_char(shown, (char)(byte == '\n' ? '|' : byte == '\t' ? ' ' : byte));
        }
    }
    self->out->text.failed = self->out->text.failed || shown->failed;
    return rs_buf_str(shown);
}

static void add_blanks(rs_buf *out, size_t n_blanks)
{
    for (size_t i = 0; i < n_blanks; i++) {
        rs_buf_add_char(out, ' ');
    }
}

/* The bytes of text's first characters. */
static size_t bytes_of(const char *text, size_t n_bytes, size_t n_characters)
{
    size_t at = 0;
    while (at < n_bytes && (n_characters > 0 || !rs_starts_character(text[at]))) {
        n_characters -= rs_starts_character(text[at]);
        at++;
    }
    return at;
}

static bool is_number(const rs_printer *self, size_t column)
{
    rs_value_class class = rs_cursor_column_class(self->rows, column);
    return class == RS_VALUE_INT || class == RS_VALUE_FLOAT;
}

static void add_cell(rs_printer *self, size_t column, const char *bytes, size_t n_bytes)
{
    const table *own = self->own;
    rs_buf *out = &self->out->text;
    bool is_right = is_number(self, column);
    bool is_last = column + 1 == own->n_shown;
    size_t width = width_of(bytes, n_bytes);
    size_t most = own->widths[column];
    size_t n_blanks = width < most ? most - width : 0;
    bool is_cut = own->is_cut && width > most;
    if (column >= own->n_shown) {
        return;
    }
    rs_buf_add(out, column == 0 ? "" : "  ");
    add_blanks(out, is_right ? n_blanks : 0);
    rs_buf_append(out, bytes, is_cut ? bytes_of(bytes, n_bytes, most - 1) : n_bytes);
    rs_buf_add(out, is_cut ? "\xe2\x80\xa6" : "");
    add_blanks(out, is_right || is_last ? 0 : n_blanks);
    rs_buf_add(out, is_last ? "\n" : "");
}

/* --- a terminal's width --- */

/* A number is there whole or not at all. */
static size_t least_width(const rs_printer *self, size_t column)
{
    const table *own = self->own;
    size_t width = own->widths[column];
    return is_number(self, column) || width < LEAST_WIDTH ? width : LEAST_WIDTH;
}

static size_t more_width(const rs_printer *self, size_t n_shown)
{
    char text[MORE_BYTES];
    int n_bytes = snprintf(text, sizeof text, "  +%zu columns", self->n_columns - n_shown);
    return n_shown == self->n_columns || n_bytes < 0 ? 0 : (size_t)n_bytes;
}

/* How many columns find a place, each as narrow as may be; at least one. */
static size_t count_shown(const rs_printer *self, size_t n_most)
{
    size_t n_shown = self->n_columns;
    for (; n_shown > 1; n_shown--) {
        size_t n_used = more_width(self, n_shown);
        for (size_t c = 0; c < n_shown; c++) {
            n_used += least_width(self, c) + (c > 0 ? GAP : 0);
        }
        if (n_used <= n_most) {
            break;
        }
    }
    return n_shown;
}

/* The column that loses a place next: the widest that may. */
static size_t *widest(const rs_printer *self)
{
    const table *own = self->own;
    size_t *found = NULL;
    for (size_t c = 0; c < own->n_shown; c++) {
        if (own->widths[c] > least_width(self, c) && (found == NULL || own->widths[c] > *found)) {
            found = &own->widths[c];
        }
    }
    return found;
}

/* Make columns narrower until a line fits, the widest first; what still does not is left out. */
static void fit(rs_printer *self)
{
    table *own = self->own;
    size_t n_most = self->out->n_columns;
    if (n_most == 0 || self->n_columns == 0) {
        return;
    }
    own->is_cut = true;
    own->n_shown = count_shown(self, n_most);
    size_t n_used = more_width(self, own->n_shown);
    for (size_t c = 0; c < own->n_shown; c++) {
        own->widths[c] = own->widths[c] < n_most || is_number(self, c) ? own->widths[c] : n_most;
        n_used += own->widths[c] + (c > 0 ? GAP : 0);
    }
    size_t *width = widest(self);
    for (; n_used > n_most && width != NULL; n_used--) {
        --*width;
        width = widest(self);
    }
}

static void print_head(rs_printer *self)
{
    const table *own = self->own;
    rs_buf *out = &self->out->text;
    for (size_t c = 0; c < own->n_shown; c++) {
        const char *name = rs_cursor_column_name(self->rows, c);
        add_cell(self, c, name, strlen(name));
    }
    if (own->n_shown < self->n_columns) {
        out->n_bytes--; /* the line's end */
        size_t last = own->n_shown - 1;
        const char *name = rs_cursor_column_name(self->rows, last);
        size_t n_used = width_of(name, strlen(name));
        add_blanks(out, is_number(self, last) || n_used > own->widths[last]
                            ? 0
                            : own->widths[last] - n_used);
        rs_buf_addf(out, "  +%zu columns\n", self->n_columns - own->n_shown);
    }
    for (size_t c = 0; c < own->n_shown; c++) {
        rs_buf_add(out, c == 0 ? "" : "  ");
        for (size_t i = 0; i < own->widths[c]; i++) {
            rs_buf_add_char(out, '-');
        }
    }
    rs_buf_add_char(out, '\n');
}

static void print_sample(rs_printer *self)
{
    table *own = self->own;
    const char *at = rs_buf_text(&own->sample);
    fit(self);
    print_head(self);
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
    own->n_shown = self->n_columns;
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
    rs_buf_release(&own.shown);
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
