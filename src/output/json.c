/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "output/print.h"

/* Whether the value's text is JSON as it stands. */
static bool is_json(const rs_printer *self, size_t column, size_t row)
{
    switch (rs_cursor_column_class(self->rows, column)) {
    case RS_VALUE_BOOL:
    case RS_VALUE_INT:
    case RS_VALUE_LIST:
        return true;
    case RS_VALUE_FLOAT:
        return isfinite(rs_cursor_f64(self->rows, column, row)) != 0;
    case RS_VALUE_TEXT:
        return false;
    }
    return false;
}

static void add_value(rs_printer *self, size_t column, size_t row)
{
    rs_buf *out = &self->out->text;
    rs_str cell = rs_printer_cell(self, column, row);
    if (rs_cursor_is_null(self->rows, column, row)) {
        rs_buf_add(out, "null");
    } else if (is_json(self, column, row)) {
        rs_buf_add_str(out, cell);
    } else {
        rs_buf_add_json_text(out, cell);
    }
}

static void print_row(rs_printer *self, size_t row)
{
    rs_buf *out = &self->out->text;
    rs_buf_add(out, self->n_rows == 0 ? "[\n{" : ",\n{");
    for (size_t c = 0; c < self->n_columns; c++) {
        rs_buf_add(out, c == 0 ? "" : ", ");
        rs_buf_add_json_text(out, rs_str_of(rs_cursor_column_name(self->rows, c)));
        rs_buf_add(out, ": ");
        add_value(self, c, row);
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
    .doc = "An array with one object a row and line; lists are arrays.",
    .write_rows = write_all,
};
