/* SPDX-License-Identifier: Apache-2.0 */
#include "output/print.h"

static void print_row(rs_printer *self, size_t row)
{
    rs_buf *out = &self->out->text;
    rs_buf_add(out, self->n_rows == 0 ? "[\n{" : ",\n{");
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(out, c == 0 ? "" : ", ");
        rs_buf_add_json_text(out, rs_str_of(rs_cursor_column_name(self->rows, c)));
        rs_buf_add(out, ": ");
        rs_cursor_add_json(self->rows, c, row, self->out->has_numbers, out);
    }
    rs_buf_add_char(out, '}');
}

static void end(rs_printer *self)
{
    rs_buf_add(&self->out->text, self->n_rows == 0 ? "[]\n" : "\n]\n");
}

static rs_status write_all(rs_rows_source *source, rs_out *out, rs_error *err)
{
    static const rs_printer_type type = {.row = print_row, .end = end};
    return rs_print(source, &type, out, err);
}

const rs_format_row rs_format_json = {
    .name = "json",
    .doc = "An array with one object a row and line; lists are arrays, structs objects, and whole "
           "numbers of 64 bits texts, as many readers round them.",
    .write_rows = write_all,
};
