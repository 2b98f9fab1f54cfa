/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/hash.h"
#include "kernels/internal.h"

/* What is hashed of a row: the tag, then a part of each column. */
typedef struct id_row {
    rs_id_part *parts;
    const struct ArrowArrayView **columns;
    size_t n_columns;
} id_row;

static rs_status find_columns(const rs_input *in, const rs_stable_id_call *call, id_row *row,
                              rs_error *err)
{
    for (size_t i = 0; i < call->columns.n_items; i++) {
        const char *name = call->columns.items[i];
        RS_TRY(rs_input_column(in, name, &row->columns[i], err));
        rs_value_kind kind = rs_value_kind_of(row->columns[i]);
        if (kind == RS_IS_BOOL || kind == RS_IS_FLOAT || kind == RS_IS_LIST) {
            return rs_input_refuse(in, name, "whole number, text or word", err);
        }
    }
    return RS_OK;
}

static rs_id_part part_of(const struct ArrowArrayView *column, uint32_t row)
{
    if (rs_value_is_null(column, row)) {
        return (rs_id_part){0};
    }
    return rs_value_kind_of(column) == RS_IS_INT ? rs_id_number(rs_value_int(column, row))
                                                 : rs_id_text(rs_value_text(column, row));
}

static rs_status hash_rows(const rs_input *in, const id_row *row, struct ArrowArray *to,
                           rs_error *err)
{
    int64_t *ids = rs_fill_fixed(to, in->n_rows, sizeof *ids);
    if (ids == NULL) {
        return rs_kernel_nomem("stable_id", err);
    }
    for (uint32_t i = 0; i < in->n_rows; i++) {
        for (size_t k = 0; k < row->n_columns; k++) {
            row->parts[k + 1] = part_of(row->columns[k], i);
        }
        ids[i] = rs_stable_id(row->parts, row->n_columns + 1);
    }
    return RS_OK;
}

static rs_status hash(const rs_input *in, const rs_stable_id_call *call, struct ArrowArray *to,
                      rs_error *err)
{
    id_row row = {.n_columns = call->columns.n_items};
    row.parts = rs_alloc(row.n_columns + 1, sizeof *row.parts);
    row.columns = rs_alloc(row.n_columns + 1, sizeof *row.columns);
    rs_status status;
    if (row.parts == NULL || row.columns == NULL) {
        status = rs_kernel_nomem("stable_id", err);
    } else {
        row.parts[0] = rs_id_text(rs_str_of(call->tag));
        status = find_columns(in, call, &row, err);
        status = status == RS_OK ? hash_rows(in, &row, to, err) : status;
    }
    rs_free((void *)row.columns);
    rs_free(row.parts);
    return status;
}

static rs_status make_columns(const rs_input *in, const rs_stable_id_call *call,
                              rs_kernel_output *output, rs_error *err)
{
    size_t n_columns = rs_table_n_columns(in->table);
    RS_TRY(rs_kernel_output_begin(output, "stable_id", n_columns + 1, err));
    for (size_t i = 0; i < n_columns; i++) {
        RS_TRY(rs_kernel_output_add_like(output, NULL, in->table->schema.children[i], err));
    }
    RS_TRY(rs_kernel_output_add(output, call->output, NANOARROW_TYPE_INT64, err));
    return rs_kernel_output_start_rows(output, err);
}

static rs_status fill(const rs_input *in, const rs_stable_id_call *call, rs_kernel_output *output,
                      rs_error *err)
{
    size_t n_columns = rs_table_n_columns(in->table);
    uint32_t *rows = rs_rows_all(in);
    rs_status status = rows == NULL ? rs_kernel_nomem("stable_id", err) : RS_OK;
    for (size_t i = 0; i < n_columns && status == RS_OK; i++) {
        status = rs_take("stable_id", in->view.children[i], rows, in->n_rows,
                         rs_kernel_output_column(output, i), err);
    }
    RS_THEN(status, hash(in, call, rs_kernel_output_column(output, n_columns), err));
    rs_free(rows);
    return status;
}

rs_status rs_kernel_run_stable_id(const rs_kernel_call *any, const rs_table *const *inputs,
                                  rs_table *out, rs_error *err)
{
    const rs_table *in = inputs[0];
    const rs_stable_id_call *call = &any->as.stable_id;
    rs_input input;
    rs_kernel_output output = {0};
    *out = (rs_table){0};
    rs_status status = rs_input_open(&input, in, "stable_id", err);
    RS_THEN(status, make_columns(&input, call, &output, err));
    RS_THEN(status, fill(&input, call, &output, err));
    RS_THEN(status, rs_kernel_output_finish(&output, input.n_rows, out, err));
    rs_kernel_output_release(&output);
    rs_input_close(&input);
    return status;
}
