/* SPDX-License-Identifier: Apache-2.0 */
/* judge: what keeps a row out, row by row; keys are sorted, all rows stay where they are. */
#include "base/alloc.h"
#include "kernels/internal.h"

enum { MAX_LOOKED_AT = 1 << 16, GOOD = MAX_LOOKED_AT, DUPLICATE };

typedef struct judgement {
    rs_input input;
    const rs_judge_call *call;
    rs_terms terms;
    const struct ArrowArrayView **looked_at; /* required columns, then shares */
    uint32_t *reasons; /* by row: number of the column that is at fault, GOOD or DUPLICATE */
    uint32_t *rows;    /* those without such a fault, sorted */
    size_t n_rows;
} judgement;

static void judgement_release(judgement *of)
{
    rs_free(of->rows);
    rs_free(of->reasons);
    rs_free((void *)of->looked_at);
    rs_terms_release(&of->terms);
    rs_input_close(&of->input);
}

static rs_status find_columns(judgement *of, rs_error *err)
{
    const rs_judge_call *call = of->call;
    size_t n_required = call->required.n_items;
    RS_ASSERT(n_required + call->shares.n_items < MAX_LOOKED_AT);
    for (size_t i = 0; i < n_required; i++) {
        RS_TRY(rs_input_column(&of->input, call->required.items[i], &of->looked_at[i], err));
    }
    for (size_t i = 0; i < call->shares.n_items; i++) {
        const struct ArrowArrayView **column = &of->looked_at[n_required + i];
        RS_TRY(rs_input_column(&of->input, call->shares.items[i], column, err));
        if (rs_value_kind_of(*column) != RS_IS_FLOAT) {
            return rs_input_refuse(&of->input, call->shares.items[i], "fraction", err);
        }
    }
    return RS_OK;
}

static rs_status judgement_open(judgement *of, const rs_table *in, rs_error *err)
{
    const rs_judge_call *call = of->call;
    RS_TRY(rs_input_open(&of->input, in, "judge", err));
    RS_TRY(rs_terms_make(&of->input, &call->keys, NULL, &call->order, &of->terms, err));
    size_t n_rows = (size_t)of->input.n_rows + 1; /* none is no failure */
    of->looked_at =
        rs_alloc(call->required.n_items + call->shares.n_items + 1, sizeof *of->looked_at);
    of->reasons = rs_alloc(n_rows, sizeof *of->reasons);
    of->rows = rs_alloc(n_rows, sizeof *of->rows);
    if (of->looked_at == NULL || of->reasons == NULL || of->rows == NULL) {
        return rs_kernel_nomem(of->input.kernel, err);
    }
    return find_columns(of, err);
}

/* What is no number is outside, too. */
static bool is_outside(const struct ArrowArrayView *share, uint32_t row)
{
    double value = rs_value_is_null(share, row) ? 0 : ArrowArrayViewGetDoubleUnsafe(share, row);
    return !(value >= 0 && value <= 1);
}

/* The first required column that is null in the row, or else the first share that is outside; GOOD for
 * none. */
static uint32_t fault_of(const judgement *of, uint32_t row)
{
    size_t n_required = of->call->required.n_items;
    for (size_t i = 0; i < n_required + of->call->shares.n_items; i++) {
        if (i < n_required ? rs_value_is_null(of->looked_at[i], row)
                           : is_outside(of->looked_at[i], row)) {
            return (uint32_t)i;
        }
    }
    return GOOD;
}

static rs_status find_reasons(judgement *of, rs_error *err)
{
    for (uint32_t row = 0; row < of->input.n_rows; row++) {
        of->reasons[row] = fault_of(of, row);
        if (of->reasons[row] == GOOD) {
            of->rows[of->n_rows++] = row;
        }
    }
    RS_ASSERT(of->n_rows <= of->input.n_rows);
    if (of->terms.n_keys == 0) {
        return RS_OK;
    }
    RS_TRY(rs_rows_sort_by(of->rows, of->n_rows, &of->terms, err));
    for (size_t i = 0; i < of->n_rows; i++) {
        if (!rs_terms_start_key(&of->terms, of->rows, i)) {
            of->reasons[of->rows[i]] = DUPLICATE;
        }
    }
    return RS_OK;
}

static int append_reason(const judgement *of, uint32_t reason, rs_buf *text,
                         struct ArrowArray *column)
{
    if (reason == GOOD) {
        return ArrowArrayAppendNull(column, 1);
    }
    rs_buf_reset(text);
    RS_ASSERT(reason == DUPLICATE ||
              reason < of->call->required.n_items + of->call->shares.n_items);
    if (reason == DUPLICATE) {
        rs_buf_add(text, RS_JUDGE_DUPLICATE);
    } else if (reason < of->call->required.n_items) {
        rs_buf_addf(text, "%s%s", RS_JUDGE_NULL, of->call->required.items[reason]);
    } else {
        rs_buf_addf(text, "%s%s", RS_JUDGE_OUTSIDE,
                    of->call->shares.items[reason - of->call->required.n_items]);
    }
    return text->failed ? ENOMEM : ArrowArrayAppendString(column, ArrowCharView(rs_buf_text(text)));
}

static rs_status fill(const judgement *of, rs_kernel_output *output, rs_error *err)
{
    size_t n_columns = rs_table_n_columns(of->input.table);
    uint32_t *rows = rs_rows_all(&of->input);
    rs_status status = rows == NULL ? rs_kernel_nomem(of->input.kernel, err) : RS_OK;
    for (size_t i = 0; i < n_columns && status == RS_OK; i++) {
        status = rs_take(of->input.kernel, of->input.view.children[i], rows, of->input.n_rows,
                         rs_kernel_output_column(output, i), err);
    }
    rs_buf text = {0};
    if (status == RS_OK &&
        ArrowArrayStartAppending(rs_kernel_output_column(output, n_columns)) != 0) {
        status = rs_kernel_nomem(of->input.kernel, err);
    }
    for (uint32_t row = 0; row < of->input.n_rows && status == RS_OK; row++) {
        if (append_reason(of, of->reasons[row], &text,
                          rs_kernel_output_column(output, n_columns)) != 0) {
            status = rs_kernel_nomem(of->input.kernel, err);
        }
    }
    rs_buf_release(&text);
    rs_free(rows);
    return status;
}

static rs_status make_table(const judgement *of, rs_table *out, rs_error *err)
{
    rs_kernel_output output = {0};
    size_t n_columns = rs_table_n_columns(of->input.table);
    rs_status status = rs_kernel_output_begin(&output, of->input.kernel, n_columns + 1, err);
    for (size_t i = 0; i < n_columns && status == RS_OK; i++) {
        status = rs_kernel_output_add_like(&output, NULL, of->input.table->schema.children[i], err);
    }
    RS_THEN(status, rs_kernel_output_add(&output, of->call->reason, NANOARROW_TYPE_STRING, err));
    RS_THEN(status, rs_kernel_output_start_rows(&output, err));
    RS_THEN(status, fill(of, &output, err));
    RS_THEN(status, rs_kernel_output_finish(&output, of->input.n_rows, out, err));
    rs_kernel_output_release(&output);
    return status;
}

rs_status rs_kernel_run_judge(const rs_kernel_call *any, const rs_table *const *inputs,
                              rs_table *out, rs_error *err)
{
    judgement of = {.call = &any->as.judge};
    *out = (rs_table){0};
    rs_status status = judgement_open(&of, inputs[0], err);
    RS_THEN(status, find_reasons(&of, err));
    RS_THEN(status, make_table(&of, out, err));
    judgement_release(&of);
    return status;
}
