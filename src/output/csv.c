/* SPDX-License-Identifier: Apache-2.0 */
#include "output/print.h"

static void add_field(rs_buf *out, const char *bytes, size_t n_bytes)
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

static rs_status start(rs_printer *self, rs_error *err)
{
    (void)err;
    for (size_t c = 0; c < self->n_columns; c++) {
        const char *name = rs_cursor_column_name(self->rows, c);
        rs_buf_add(&self->out->text, c == 0 ? "" : ",");
        add_field(&self->out->text, name, strlen(name));
    }
    rs_buf_add_char(&self->out->text, '\n');
    return RS_OK;
}

static void print_row(rs_printer *self, size_t row)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(&self->out->text, c == 0 ? "" : ",");
        if (!rs_cursor_is_null(self->rows, c, row)) {
            rs_str cell = rs_printer_cell(self, c, row);
            add_field(&self->out->text, cell.bytes, cell.n_bytes);
        }
    }
    rs_buf_add_char(&self->out->text, '\n');
}

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    static const rs_printer_type type = {.start = start, .row = print_row};
    return rs_print(source, &type, out, err);
}

const rs_format_row rs_format_csv = {
    .name = "csv",
    .doc = "RFC 4180 with a header line; a null is an empty field, \"\" an empty text.",
    .write_rows = write_all,
};
