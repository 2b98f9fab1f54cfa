/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "base/hash.h"
#include "kernels/internal.h"

/* Take one column into the hashes of all rows. */
static rs_status hash_column(const rs_input *in, const char *name, uint64_t *hashes, rs_error *err)
{
    const struct ArrowArrayView *column = NULL;
    RS_TRY(rs_input_column(in, name, &column, err));
    rs_value_kind kind = rs_value_kind_of(column);
    if (kind == RS_IS_BOOL || kind == RS_IS_FLOAT || kind == RS_IS_LIST) {
        return rs_input_refuse(in, name, "whole number, text or word", err);
    }
    for (uint32_t i = 0; i < in->n_rows; i++) {
        if (rs_value_is_null(column, i)) {
            continue;
        }
        hashes[i] = kind == RS_IS_INT ? rs_stable_id_i64(hashes[i], rs_value_int(column, i))
                                      : rs_stable_id_str(hashes[i], rs_value_text(column, i));
    }
    return RS_OK;
}

static rs_status hash_rows(const rs_input *in, const rs_stable_id_call *call, struct ArrowArray *to,
                           rs_error *err)
{
    uint64_t *hashes = rs_fill_fixed(to, in->n_rows, sizeof *hashes);
    if (hashes == NULL) {
        return rs_kernel_nomem("stable_id", err);
    }
    uint64_t first = rs_stable_id_init(call->tag);
    for (uint32_t i = 0; i < in->n_rows; i++) {
        hashes[i] = first;
    }
    for (size_t i = 0; i < call->columns.n_items; i++) {
        RS_TRY(hash_column(in, call->columns.items[i], hashes, err));
    }
    return RS_OK;
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
    if (status == RS_OK) {
        status = hash_rows(in, call, rs_kernel_output_column(output, n_columns), err);
    }
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
    if (status == RS_OK) {
        status = make_columns(&input, call, &output, err);
    }
    if (status == RS_OK) {
        status = fill(&input, call, &output, err);
    }
    if (status == RS_OK) {
        status = rs_kernel_output_finish(&output, input.n_rows, out, err);
    }
    rs_kernel_output_release(&output);
    rs_input_close(&input);
    return status;
}
