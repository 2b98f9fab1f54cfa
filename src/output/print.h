/* SPDX-License-Identifier: Apache-2.0 */
/* print.h - what formats that print row after row share: a format has what comes before, for and after
 * the rows.
 */
#ifndef RS_OUTPUT_PRINT_H
#define RS_OUTPUT_PRINT_H

#include "output/format.h"

typedef struct rs_printer {
    const rs_cursor *rows;
    size_t n_columns;
    rs_out *out;
    uint64_t n_rows; /* printed */
    rs_buf cell;
    void *own; /* the format's */
} rs_printer;

typedef struct rs_printer_type {
    rs_status (*start)(rs_printer *self, rs_error *err); /* may be NULL */
    void (*row)(rs_printer *self, size_t row);           /* of the cursor's current rows */
    void (*end)(rs_printer *self);                       /* may be NULL */
    void *own;
} rs_printer_type;

/* Print a source's rows. Errors: of the source, of start and of out; memory that ran out in out->text
 * or in self->cell is noticed here. */
rs_status rs_print(rs_rows_source *source, const rs_printer_type *type, rs_out *out,
                   rs_error *err) RS_MUST_USE;

/* The text of a value that is not null; borrowed until the next call. */
rs_str rs_printer_cell(rs_printer *self, size_t column, size_t row);

#endif
