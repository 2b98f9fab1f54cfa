/* SPDX-License-Identifier: Apache-2.0 */
#include "output/print.h"

rs_str rs_printer_cell(rs_printer *self, size_t column, size_t row)
{
    RS_ASSERT(column < self->n_columns);
    rs_buf_reset(&self->cell);
    rs_cursor_add_text(self->rows, column, row, &self->cell);
    self->out->text.failed = self->out->text.failed || self->cell.failed;
    return rs_buf_str(&self->cell);
}

static rs_status print_rows(rs_printer *self, const rs_printer_type *type, rs_cursor *rows,
                            rs_rows_source *source, rs_error *err)
{
    size_t n_rows = 1;
    while (n_rows > 0) {
        RS_TRY(rs_cursor_next(rows, &n_rows, err));
        for (size_t i = 0; i < n_rows && self->n_rows < source->max_rows; i++) {
            type->row(self, i);
            self->n_rows++;
            RS_TRY(rs_out_flow(self->out, err));
        }
        source->n_rows += n_rows;
    }
    return RS_OK;
}

rs_status rs_print(rs_rows_source *source, const rs_printer_type *type, rs_out *out, rs_error *err)
{
    rs_cursor *rows = NULL;
    source->n_rows = 0;
    RS_TRY(source->rows(source->context, &rows, err));
    rs_printer self = {
        .rows = rows, .n_columns = rs_cursor_n_columns(rows), .out = out, .own = type->own};
    rs_status status = type->start != NULL ? type->start(&self, err) : RS_OK;
    RS_THEN(status, print_rows(&self, type, rows, source, err));
    if (status == RS_OK && type->end != NULL) {
        type->end(&self);
    }
    rs_buf_release(&self.cell);
    rs_cursor_free(rows);
    return status == RS_OK ? rs_out_flush(out, err) : status;
}
