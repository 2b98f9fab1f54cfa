/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "kernels/internal.h"

/* Row i of the result: row parents[i] of the input and element elements[i] of its list. */
typedef struct explosion {
    rs_input input;
    size_t list; /* its column */
    uint32_t *parents;
    uint32_t *elements;  /* RS_NO_ROW where the list is null or empty */
    uint32_t *positions; /* in the list, from 0 */
    size_t n_rows;
} explosion;

static void explosion_release(explosion *of)
{
    rs_free(of->parents);
    rs_free(of->elements);
    rs_free(of->positions);
    rs_input_close(&of->input);
}

static uint32_t n_elements_of(const struct ArrowArrayView *lists, uint32_t row)
{
    return rs_value_is_null(lists, row) ? 0 : rs_list_end(lists, row) - rs_list_start(lists, row);
}

static rs_status count_rows(explosion *of, bool keep_empty, rs_error *err)
{
    const struct ArrowArrayView *lists = of->input.view.children[of->list];
    size_t n_rows = 0;
    for (uint32_t i = 0; i < of->input.n_rows; i++) {
        uint32_t n_elements = n_elements_of(lists, i);
        n_rows += n_elements == 0 && keep_empty ? 1 : n_elements;
    }
    if (n_rows >= UINT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "explode_list: too many elements");
    }
    of->parents = rs_alloc(n_rows, sizeof *of->parents);
    of->elements = rs_alloc(n_rows, sizeof *of->elements);
    of->positions = rs_alloc(n_rows, sizeof *of->positions);
    if (of->parents == NULL || of->elements == NULL || of->positions == NULL) {
        return rs_kernel_nomem("explode_list", err);
    }
    return RS_OK;
}

static void add_row(explosion *of, uint32_t parent, uint32_t element, uint32_t position)
{
    of->parents[of->n_rows] = parent;
    of->elements[of->n_rows] = element;
    of->positions[of->n_rows++] = position;
}

static void list_rows(explosion *of, bool keep_empty)
{
    const struct ArrowArrayView *lists = of->input.view.children[of->list];
    for (uint32_t i = 0; i < of->input.n_rows; i++) {
        uint32_t n_elements = n_elements_of(lists, i);
        if (n_elements == 0 && keep_empty) {
            add_row(of, i, RS_NO_ROW, 0);
        }
        for (uint32_t j = 0; j < n_elements; j++) {
            add_row(of, i, rs_list_start(lists, i) + j, j);
        }
    }
}

static rs_status fill_positions(const explosion *of, struct ArrowArray *to, rs_error *err)
{
    int32_t *values = rs_fill_fixed(to, of->n_rows, sizeof *values);
    struct ArrowBitmap *bitmap = ArrowArrayValidityBitmap(to);
    if (values == NULL || ArrowBitmapReserve(bitmap, (int64_t)of->n_rows) != NANOARROW_OK) {
        return rs_kernel_nomem("explode_list", err);
    }
    for (size_t i = 0; i < of->n_rows; i++) {
        bool is_null = of->elements[i] == RS_NO_ROW;
        values[i] = (int32_t)of->positions[i];
        ArrowBitmapAppendUnsafe(bitmap, !is_null, 1);
        to->null_count += is_null;
    }
    return RS_OK;
}

static rs_status make_columns(const explosion *of, const rs_explode_list_call *call,
                              rs_kernel_output *output, rs_error *err)
{
    size_t n_columns = rs_table_n_columns(of->input.table);
    RS_TRY(rs_kernel_output_begin(output, "explode_list", n_columns + 1, err));
    for (size_t i = 0; i < n_columns; i++) {
        const struct ArrowSchema *column = of->input.table->schema.children[i];
        if (i == of->list) {
            RS_TRY(rs_kernel_output_add_like(output, call->element, column->children[0], err));
        } else {
            RS_TRY(rs_kernel_output_add_like(output, NULL, column, err));
        }
    }
    RS_TRY(rs_kernel_output_add(output, call->position, NANOARROW_TYPE_INT32, err));
    return rs_kernel_output_start_rows(output, err);
}

static rs_status fill(const explosion *of, rs_kernel_output *output, rs_error *err)
{
    size_t n_columns = rs_table_n_columns(of->input.table);
    for (size_t i = 0; i < n_columns; i++) {
        const struct ArrowArrayView *from = of->input.view.children[i];
        bool is_list = i == of->list;
        RS_TRY(rs_take("explode_list", is_list ? from->children[0] : from,
                       is_list ? of->elements : of->parents, of->n_rows,
                       rs_kernel_output_column(output, i), err));
    }
    return fill_positions(of, rs_kernel_output_column(output, n_columns), err);
}

static rs_status open_lists(explosion *of, const rs_table *in, const rs_explode_list_call *call,
                            rs_error *err)
{
    *of = (explosion){0};
    RS_TRY(rs_input_open(&of->input, in, "explode_list", err));
    RS_TRY(rs_input_find(&of->input, call->list, &of->list, err));
    if (rs_value_kind_of(of->input.view.children[of->list]) != RS_IS_LIST) {
        return rs_input_refuse(&of->input, call->list, "list", err);
    }
    return count_rows(of, call->keep_empty, err);
}

rs_status rs_kernel_run_explode_list(const rs_kernel_call *any, const rs_table *const *inputs,
                                     rs_table *out, rs_error *err)
{
    const rs_table *in = inputs[0];
    const rs_explode_list_call *call = &any->as.explode_list;
    explosion of;
    rs_kernel_output output = {0};
    *out = (rs_table){0};
    rs_status status = open_lists(&of, in, call, err);
    if (status == RS_OK) {
        list_rows(&of, call->keep_empty);
        status = make_columns(&of, call, &output, err);
    }
    RS_THEN(status, fill(&of, &output, err));
    RS_THEN(status, rs_kernel_output_finish(&output, of.n_rows, out, err));
    rs_kernel_output_release(&output);
    explosion_release(&of);
    return status;
}
