/* SPDX-License-Identifier: Apache-2.0 */
/* dedupe and winner_select: sort by keys and the total order, then look at each group once. */
#include <errno.h>

#include "base/alloc.h"
#include "kernels/internal.h"

/* A sorted input: group i is rows[starts[i]] .. rows[starts[i + 1] - 1]. */
typedef struct groups {
    rs_input input;
    rs_terms terms;
    uint32_t *rows;
    uint32_t *starts; /* n_groups + 1 */
    size_t n_groups;
} groups;

static void groups_release(groups *of)
{
    rs_free(of->starts);
    rs_free(of->rows);
    rs_terms_release(&of->terms);
    rs_input_close(&of->input);
}

static rs_status find_groups(groups *of, rs_error *err)
{
    uint32_t n_rows = of->input.n_rows;
    of->starts = rs_alloc((size_t)n_rows + 1, sizeof *of->starts);
    if (of->starts == NULL) {
        return rs_kernel_nomem(of->input.kernel, err);
    }
    for (uint32_t i = 0; i < n_rows; i++) {
        if (rs_terms_start_key(&of->terms, of->rows, i)) {
            of->starts[of->n_groups++] = i;
        }
    }
    RS_ASSERT(of->n_groups <= n_rows && (of->n_groups > 0) == (n_rows > 0));
    of->starts[of->n_groups] = n_rows;
    return RS_OK;
}

static rs_status groups_make(groups *of, const rs_table *in, const char *kernel,
                             const rs_dedupe_call *call, rs_error *err)
{
    *of = (groups){0};
    RS_TRY(rs_input_open(&of->input, in, kernel, err));
    if (call->keys.n_items == 0) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: it needs a key", kernel);
    }
    RS_TRY(rs_terms_make(&of->input, &call->keys, call->score, &call->order, &of->terms, err));
    of->rows = rs_rows_all(&of->input);
    if (of->rows == NULL) {
        return rs_kernel_nomem(kernel, err);
    }
    RS_TRY(rs_rows_sort_by(of->rows, of->input.n_rows, &of->terms, err));
    return find_groups(of, err);
}

/* The first row of each group; starts become these rows. */
static rs_status take_firsts(groups *of, rs_table *out, rs_error *err)
{
    for (size_t i = 0; i < of->n_groups; i++) {
        of->starts[i] = of->rows[of->starts[i]];
    }
    return rs_take_rows(&of->input, of->starts, of->n_groups, out, err);
}

static rs_status keep_first(const rs_table *in, const char *kernel, const rs_dedupe_call *call,
                            rs_table *out, rs_error *err)
{
    groups of;
    rs_status status = groups_make(&of, in, kernel, call, err);
    RS_THEN(status, take_firsts(&of, out, err));
    groups_release(&of);
    return status;
}

rs_status rs_kernel_run_winner_select(const rs_kernel_call *any, const rs_table *const *inputs,
                                      rs_table *out, rs_error *err)
{
    const rs_table *in = inputs[0];
    const rs_winner_select_call *call = &any->as.winner_select;
    *out = (rs_table){0};
    if (call->order.n_terms == 0) {
        return rs_error_set(err, RS_ERR_INVALID, "winner_select: it needs an order");
    }
    rs_dedupe_call dedupe = {.keys = call->keys, .order = call->order};
    return keep_first(in, "winner_select", &dedupe, out, err);
}

/* --- collapse_list --- */

static bool is_key(const groups *of, size_t column)
{
    for (size_t i = 0; i < of->terms.n_keys; i++) {
        if (of->terms.items[i].column == of->input.view.children[column]) {
            return true;
        }
    }
    return false;
}

static rs_status add_columns(const groups *of, rs_kernel_output *output, rs_error *err)
{
    const rs_table *table = of->input.table;
    for (size_t i = 0; i < rs_table_n_columns(table); i++) {
        const struct ArrowSchema *column = table->schema.children[i];
        if (is_key(of, i)) {
            RS_TRY(rs_kernel_output_add_like(output, NULL, column, err));
        } else if (rs_value_kind_of(of->input.view.children[i]) == RS_IS_LIST) {
            return rs_error_set(err, RS_ERR_INVALID, "%s: column %s holds lists already",
                                of->input.kernel, column->name);
        } else {
            RS_TRY(rs_kernel_output_add_list_of(output, column, err));
        }
    }
    return rs_kernel_output_start_rows(output, err);
}

/* A group's values as one list each. */
static rs_status collapse_column(const groups *of, const struct ArrowArrayView *from,
                                 struct ArrowArray *to, rs_error *err)
{
    const char *kernel = of->input.kernel;
    int32_t *offsets = rs_fill_fixed(to, of->n_groups + 1, sizeof *offsets);
    if (offsets == NULL) {
        return rs_kernel_nomem(kernel, err);
    }
    if (of->input.n_rows > INT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "%s: too many elements of lists", kernel);
    }
    for (size_t i = 0; i <= of->n_groups; i++) {
        offsets[i] = (int32_t)of->starts[i];
    }
    to->length = (int64_t)of->n_groups;
    if (from->dictionary != NULL) {
        return rs_take_text(kernel, from, of->rows, of->input.n_rows, to->children[0], err);
    }
    return rs_take(kernel, from, of->rows, of->input.n_rows, to->children[0], err);
}

static rs_status fill_collapsed(const groups *of, rs_kernel_output *output, rs_error *err)
{
    uint32_t *firsts = rs_alloc(of->n_groups, sizeof *firsts);
    rs_status status = RS_OK;
    if (firsts == NULL) {
        return rs_kernel_nomem(of->input.kernel, err);
    }
    for (size_t i = 0; i < of->n_groups; i++) {
        firsts[i] = of->rows[of->starts[i]];
    }
    for (size_t i = 0; i < rs_table_n_columns(of->input.table) && status == RS_OK; i++) {
        const struct ArrowArrayView *from = of->input.view.children[i];
        struct ArrowArray *to = rs_kernel_output_column(output, i);
        status = is_key(of, i) ? rs_take(of->input.kernel, from, firsts, of->n_groups, to, err)
                               : collapse_column(of, from, to, err);
    }
    rs_free(firsts);
    return status;
}

static rs_status collapse(const rs_table *in, const rs_dedupe_call *call, rs_table *out,
                          rs_error *err)
{
    groups of;
    rs_kernel_output output = {0};
    rs_status status = groups_make(&of, in, "dedupe", call, err);
    RS_THEN(status, rs_kernel_output_begin(&output, "dedupe", rs_table_n_columns(in), err));
    RS_THEN(status, add_columns(&of, &output, err));
    RS_THEN(status, fill_collapsed(&of, &output, err));
    RS_THEN(status, rs_kernel_output_finish(&output, of.n_groups, out, err));
    rs_kernel_output_release(&output);
    groups_release(&of);
    return status;
}

rs_status rs_kernel_run_dedupe(const rs_kernel_call *any, const rs_table *const *inputs,
                               rs_table *out, rs_error *err)
{
    const rs_table *in = inputs[0];
    const rs_dedupe_call *call = &any->as.dedupe;
    *out = (rs_table){0};
    bool is_by_score = call->strategy == RS_DEDUPE_KEEP_BEST_BY_SCORE;
    if (is_by_score != (call->score != NULL)) {
        return rs_error_set(err, RS_ERR_INVALID, "dedupe: %s %s score",
                            rs_dedupe_strategy_name(call->strategy),
                            is_by_score ? "needs a" : "takes no");
    }
    if (call->strategy == RS_DEDUPE_COLLAPSE_LIST) {
        return collapse(in, call, out, err);
    }
    return keep_first(in, "dedupe", call, out, err);
}
