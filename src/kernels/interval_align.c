/* SPDX-License-Identifier: Apache-2.0 */
/* interval_align: the sides in order, group by group, and the pairs as a table.
 *
 * A row is met by three numbers, which must not be mixed up: its place in the input (rs_span.row, the index
 * of ranks, first, n_partners), its name (the column `row`, which only the result shows), and its place
 * among the spans, which are those rows alone that can match, sorted by keys, start and end. Names order the
 * result and break ties, never places: the same rows in another order give the same result.
 */
#include <errno.h>

#include "base/alloc.h"
#include "kernels/align.h"
#include "plan/align.h"

static const char *const kinds[] = {
    [RS_ALIGN_EXACT] = "EXACT",
    [RS_ALIGN_CONTAINED_BEST] = "CONTAINED_BEST",
    [RS_ALIGN_OVERLAP_BEST] = "OVERLAP_BEST",
    [RS_ALIGN_COVERING_SMALLEST] = "COVERING_SMALLEST",
};

typedef struct side {
    rs_input input;
    const struct ArrowArrayView *row;
    const struct ArrowArrayView *start;
    const struct ArrowArrayView *end;
    const struct ArrowArrayView **keys;
    size_t n_keys;
    uint32_t *order;   /* all rows, by name */
    rs_span_vec spans; /* those that can match, by keys, start and end */
} side;

typedef struct alignment {
    const rs_interval_align_call *call;
    side left;
    side right;
    uint32_t *ranks;
    rs_pairing pairing;
} alignment;

/* --- spans --- */

static int64_t lower_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t higher_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

bool rs_spans_meet(rs_align_mode mode, const rs_span *left, const rs_span *right)
{
    switch (mode) {
    case RS_ALIGN_EXACT:
        return right->start == left->start && right->end == left->end;
    case RS_ALIGN_CONTAINED_BEST:
        return right->start >= left->start && right->end <= left->end;
    case RS_ALIGN_OVERLAP_BEST:
        return right->start < left->end && right->end > left->start;
    case RS_ALIGN_COVERING_SMALLEST:
        return right->start <= left->start && right->end >= left->end;
    case RS_N_ALIGN_MODES:
        break;
    }
    return false;
}

static int64_t measure_of(rs_measure measure, const rs_span *left, const rs_span *right)
{
    switch (measure) {
    case RS_MEASURE_OVERLAP:
        return lower_of(left->end, right->end) - higher_of(left->start, right->start);
    case RS_MEASURE_SHORTNESS:
        return right->start - right->end;
    case RS_MEASURE_LENGTH:
        return right->end - right->start;
    case RS_MEASURE_START:
        return right->start;
    case RS_N_MEASURES:
        break;
    }
    return 0;
}

int64_t rs_spans_score(rs_align_mode mode, const rs_span *left, const rs_span *right)
{
    return measure_of(rs_align_order(mode)[0].measure, left, right);
}

/* The order that SQL has, too (plan/align.h): what is left equal is settled by the ties' ranks, which are
 * all different, so that no two partners are ever equal. */
int rs_partners_compare(const rs_pairing *pairing, const rs_span *left, const rs_span *a,
                        const rs_span *b)
{
    const rs_align_term *terms = rs_align_order(pairing->mode);
    int order = 0;
    for (size_t i = 0; i < RS_N_ALIGN_TERMS && order == 0; i++) {
        order = rs_order_of(measure_of(terms[i].measure, left, a),
                            measure_of(terms[i].measure, left, b));
        order = terms[i].is_descending ? -order : order;
    }
    return order != 0 ? order : rs_order_of(pairing->ranks[a->row], pairing->ranks[b->row]);
}

rs_status rs_pairing_add(rs_pairing *pairing, uint32_t left_row, const uint32_t *right_rows,
                         size_t n_rows, rs_error *err)
{
    rs_row_vec *partners = &pairing->partners;
    RS_ASSERT(pairing->n_partners[left_row] == 0); /* a left row lies in one group */
    if (n_rows >= UINT32_MAX - partners->n_items) {
        return rs_error_set(err, RS_ERR_LIMIT, "interval_align: too many pairs");
    }
    pairing->first[left_row] = (uint32_t)partners->n_items;
    pairing->n_partners[left_row] = (uint32_t)n_rows;
    for (size_t i = 0; i < n_rows; i++) {
        if (!rs_row_vec_push(partners, right_rows[i])) {
            return rs_kernel_nomem("interval_align", err);
        }
    }
    return RS_OK;
}

/* --- a side --- */

static rs_status find_number(const side *of, const char *name, const struct ArrowArrayView **out,
                             rs_error *err)
{
    RS_TRY(rs_input_column(&of->input, name, out, err));
    if (rs_value_kind_of(*out) != RS_IS_INT) {
        return rs_input_refuse(&of->input, name, "whole number", err);
    }
    return RS_OK;
}

static rs_status find_keys(side *of, const rs_names *names, rs_error *err)
{
    of->keys = rs_alloc_zero(names->n_items, sizeof(void *));
    if (of->keys == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    of->n_keys = names->n_items;
    for (size_t i = 0; i < of->n_keys; i++) {
        RS_TRY(rs_input_column(&of->input, names->items[i], &of->keys[i], err));
        rs_value_kind kind = rs_value_kind_of(of->keys[i]);
        if (kind == RS_IS_FLOAT || kind == RS_IS_LIST) {
            return rs_input_refuse(&of->input, names->items[i], "key", err);
        }
    }
    return RS_OK;
}

static int compare_names(const void *context, uint32_t a, uint32_t b)
{
    const side *of = context;
    return rs_order_of(rs_value_int(of->row, a), rs_value_int(of->row, b));
}

/* All rows by name, which must tell them apart. */
static rs_status order_rows(side *of, const char *name, rs_error *err)
{
    uint32_t n_rows = of->input.n_rows;
    for (uint32_t i = 0; i < n_rows; i++) {
        if (rs_value_is_null(of->row, i)) {
            return rs_error_set(err, RS_ERR_INVALID, "interval_align: a row has no %s", name);
        }
    }
    of->order = rs_rows_all(&of->input);
    if (of->order == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    RS_TRY(rs_rows_sort(of->order, n_rows, compare_names, of, err));
    for (uint32_t i = 1; i < n_rows; i++) {
        if (compare_names(of, of->order[i - 1], of->order[i]) == 0) {
            return rs_error_set(err, RS_ERR_INVALID, "interval_align: two rows have the same %s",
                                name);
        }
    }
    return RS_OK;
}

/* False when a row's keys or span match nothing: the sweeps rely on 0 <= start <= end. */
static bool span_of(const side *of, uint32_t row, rs_span *span)
{
    if (rs_value_is_null(of->start, row) || rs_value_is_null(of->end, row)) {
        return false;
    }
    for (size_t i = 0; i < of->n_keys; i++) {
        if (rs_value_is_null(of->keys[i], row)) {
            return false;
        }
    }
    *span = (rs_span){rs_value_int(of->start, row), rs_value_int(of->end, row), row};
    return 0 <= span->start && span->start <= span->end;
}

static bool is_text(rs_value_kind kind)
{
    return kind == RS_IS_TEXT || kind == RS_IS_WORD;
}

/* Keys of two rows of one side or both; words by their text, for sets may differ. */
static int compare_keys(const side *left, uint32_t a, const side *right, uint32_t b)
{
    RS_ASSERT(left->n_keys == right->n_keys);
    for (size_t i = 0; i < left->n_keys; i++) {
        const struct ArrowArrayView *x = left->keys[i];
        const struct ArrowArrayView *y = right->keys[i];
        int order = is_text(rs_value_kind_of(x))
                        ? rs_str_compare(rs_value_text(x, a), rs_value_text(y, b))
                        : rs_order_of(rs_value_int(x, a), rs_value_int(y, b));
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int compare_spans(const void *context, uint32_t a, uint32_t b)
{
    const side *of = context;
    const rs_span *x = &of->spans.items[a];
    const rs_span *y = &of->spans.items[b];
    int order = compare_keys(of, x->row, of, y->row);
    order = order != 0 ? order : rs_order_of(x->start, y->start);
    return order != 0 ? order : rs_order_of(x->end, y->end);
}

/* Bring the spans into the order of places. */
static rs_status permute_spans(side *of, const uint32_t *places, rs_error *err)
{
    rs_span_vec sorted = {0};
    if (!rs_span_vec_reserve(&sorted, of->spans.n_items)) {
        return rs_kernel_nomem("interval_align", err);
    }
    RS_ASSERT(of->spans.n_items <= of->input.n_rows);
    for (size_t i = 0; i < of->spans.n_items; i++) {
        sorted.items[sorted.n_items++] = of->spans.items[places[i]];
    }
    rs_span_vec_release(&of->spans);
    of->spans = sorted;
    return RS_OK;
}

static rs_status collect_spans(side *of, rs_error *err)
{
    rs_span span;
    if (!rs_span_vec_reserve(&of->spans, of->input.n_rows)) {
        return rs_kernel_nomem("interval_align", err);
    }
    for (uint32_t i = 0; i < of->input.n_rows; i++) {
        if (span_of(of, i, &span)) {
            of->spans.items[of->spans.n_items++] = span;
        }
    }
    /* Places are sorted, not spans: evidence comes sorted, which rs_rows_sort() sees in one look. */
    uint32_t *places = rs_rows_all(&of->input);
    if (places == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    rs_status status = rs_rows_sort(places, of->spans.n_items, compare_spans, of, err);
    RS_THEN(status, permute_spans(of, places, err));
    rs_free(places);
    return status;
}

static rs_status side_open(side *of, const rs_table *table, const rs_align_side *call,
                           rs_error *err)
{
    RS_TRY(rs_input_open(&of->input, table, "interval_align", err));
    RS_TRY(find_number(of, call->row, &of->row, err));
    RS_TRY(find_number(of, call->start, &of->start, err));
    RS_TRY(find_number(of, call->end, &of->end, err));
    RS_TRY(find_keys(of, &call->keys, err));
    RS_TRY(order_rows(of, call->row, err));
    return collect_spans(of, err);
}

static void side_close(side *of)
{
    rs_free((void *)of->keys);
    rs_free(of->order);
    rs_span_vec_release(&of->spans);
    rs_input_close(&of->input);
}

/* --- both sides --- */

static rs_status check_keys(const alignment *of, rs_error *err)
{
    const rs_interval_align_call *call = of->call;
    for (size_t i = 0; i < of->left.n_keys; i++) {
        rs_value_kind left = rs_value_kind_of(of->left.keys[i]);
        rs_value_kind right = rs_value_kind_of(of->right.keys[i]);
        /* A column of nothing but nulls has no type of its own, and matches none. */
        bool is_one_null = left == RS_IS_NOTHING || right == RS_IS_NOTHING;
        if (left != right && !is_one_null && !(is_text(left) && is_text(right))) {
            return rs_error_set(err, RS_ERR_INVALID,
                                "interval_align: keys %s and %s are of different types",
                                call->left.keys.items[i], call->right.keys.items[i]);
        }
    }
    return RS_OK;
}

/* Rank the rows of the right by the ties, then by name. */
static rs_status rank_right(alignment *of, rs_error *err)
{
    rs_terms ties = {0};
    uint32_t n_rows = of->right.input.n_rows;
    uint32_t *order = of->right.order;
    of->ranks = rs_alloc(n_rows, sizeof *of->ranks);
    if (of->ranks == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    rs_order listed = of->call->ties;
    listed.is_total = true; /* right rows that tie in all of it rank by name */
    RS_TRY(rs_terms_make(&of->right.input, &(rs_names){0}, NULL, &listed, &ties, err));
    rs_status status = rs_rows_sort_by(order, n_rows, &ties, err);
    /* The sort is stable and the rows came by name: that is how the name breaks a tie. */
    for (uint32_t i = 0; i < n_rows && status == RS_OK; i++) {
        of->ranks[order[i]] = i;
    }
    rs_terms_release(&ties);
    return status;
}

/* The end of the run of spans whose keys equal those of the span at first. */
static size_t run_end(const side *of, size_t first)
{
    size_t end = first + 1;
    const rs_span *spans = of->spans.items;
    while (end < of->spans.n_items && compare_keys(of, spans[first].row, of, spans[end].row) == 0) {
        end++;
    }
    return end;
}

static rs_status match_groups(alignment *of, rs_error *err)
{
    const rs_span_vec *left = &of->left.spans;
    const rs_span_vec *right = &of->right.spans;
    size_t i = 0;
    size_t j = 0;
    /* As a merge of two sorted lists: a group that one side lacks is stepped over. */
    while (i < left->n_items && j < right->n_items) {
        int order = compare_keys(&of->left, left->items[i].row, &of->right, right->items[j].row);
        size_t i_end = order <= 0 ? run_end(&of->left, i) : i;
        size_t j_end = order >= 0 ? run_end(&of->right, j) : j;
        if (order == 0) {
            rs_span_run left_run = {left->items + i, i_end - i};
            rs_span_run right_run = {right->items + j, j_end - j};
            bool is_best = of->call->keep == RS_ALIGN_KEEP_BEST;
            RS_TRY(is_best ? rs_align_best(&of->pairing, left_run, right_run, err)
                           : rs_align_all(&of->pairing, left_run, right_run, err));
        }
        RS_ASSERT(i_end > i || j_end > j);
        i = i_end;
        j = j_end;
    }
    return RS_OK;
}

static rs_status open_sides(alignment *of, const rs_table *left, const rs_table *right,
                            rs_error *err)
{
    const rs_interval_align_call *call = of->call;
    if (call->left.keys.n_items != call->right.keys.n_items) {
        return rs_error_set(err, RS_ERR_INVALID, "interval_align: %zu keys meet %zu",
                            call->left.keys.n_items, call->right.keys.n_items);
    }
    RS_TRY(side_open(&of->left, left, &call->left, err));
    RS_TRY(side_open(&of->right, right, &call->right, err));
    RS_TRY(check_keys(of, err));
    RS_TRY(rank_right(of, err));
    of->pairing = (rs_pairing){
        .mode = call->mode,
        .ranks = of->ranks,
        .first = rs_alloc_zero(of->left.input.n_rows, sizeof(uint32_t)),
        .n_partners = rs_alloc_zero(of->left.input.n_rows, sizeof(uint32_t)),
    };
    if (of->pairing.first == NULL || of->pairing.n_partners == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    return RS_OK;
}

static void alignment_release(alignment *of)
{
    side_close(&of->left);
    side_close(&of->right);
    rs_free(of->ranks);
    rs_free(of->pairing.first);
    rs_free(of->pairing.n_partners);
    rs_row_vec_release(&of->pairing.partners);
}

/* --- the result --- */

static int append_match(const alignment *of, struct ArrowArray **columns, uint32_t left,
                        uint32_t right, int64_t rank)
{
    rs_span left_span = {0};
    rs_span right_span = {0};
    (void)span_of(&of->left, left, &left_span); /* they matched */
    (void)span_of(&of->right, right, &right_span);
    RS_ASSERT(rs_spans_meet(of->call->mode, &left_span, &right_span));
    int64_t score = rs_spans_score(of->call->mode, &left_span, &right_span);
    struct ArrowStringView kind = ArrowCharView(kinds[of->call->mode]);
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendInt(columns[0], rs_value_int(of->left.row, left)));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendInt(columns[1], rs_value_int(of->right.row, right)));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendString(columns[2], kind));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendDouble(columns[3], (double)score));
    return ArrowArrayAppendInt(columns[4], rank);
}

static int append_unmatched(const alignment *of, struct ArrowArray **columns, uint32_t left)
{
    rs_span span;
    const char *kind = span_of(&of->left, left, &span) ? "NO_MATCH" : "NO_KEY_OR_SPAN";
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendInt(columns[0], rs_value_int(of->left.row, left)));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendNull(columns[1], 1));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendString(columns[2], ArrowCharView(kind)));
    NANOARROW_RETURN_NOT_OK(ArrowArrayAppendNull(columns[3], 1));
    return ArrowArrayAppendNull(columns[4], 1);
}

static int append_rows(const alignment *of, rs_kernel_output *output, size_t *n_rows)
{
    struct ArrowArray **columns = output->table.rows.children;
    NANOARROW_RETURN_NOT_OK(ArrowArrayStartAppending(&output->table.rows));
    for (uint32_t i = 0; i < of->left.input.n_rows; i++) {
        uint32_t left = of->left.order[i];
        uint32_t n_partners = of->pairing.n_partners[left];
        const uint32_t *partners = of->pairing.partners.items;
        for (uint32_t j = 0; j < n_partners; j++) {
            RS_ASSERT(of->pairing.first[left] + j < of->pairing.partners.n_items);
            uint32_t right = partners[of->pairing.first[left] + j];
            NANOARROW_RETURN_NOT_OK(append_match(of, columns, left, right, (int64_t)j + 1));
        }
        bool is_kept = n_partners == 0 && of->call->keep_unmatched;
        if (is_kept) {
            NANOARROW_RETURN_NOT_OK(append_unmatched(of, columns, left));
        }
        *n_rows += n_partners + is_kept;
    }
    return NANOARROW_OK;
}

static rs_status make_table(const alignment *of, rs_table *out, rs_error *err)
{
    static const enum ArrowType types[RS_N_ALIGN_COLUMNS] = {
        NANOARROW_TYPE_INT64,  NANOARROW_TYPE_INT64, NANOARROW_TYPE_STRING,
        NANOARROW_TYPE_DOUBLE, NANOARROW_TYPE_INT32,
    };
    rs_kernel_output output;
    size_t n_rows = 0;
    rs_status status = rs_kernel_output_begin(&output, "interval_align", RS_N_ALIGN_COLUMNS, err);
    for (size_t i = 0; i < RS_N_ALIGN_COLUMNS && status == RS_OK; i++) {
        status = rs_kernel_output_add(&output, rs_align_columns[i], types[i], err);
    }
    RS_THEN(status, rs_kernel_output_start_rows(&output, err));
    if (status == RS_OK) {
        int code = append_rows(of, &output, &n_rows);
        status =
            rs_arrow_status(code, &(struct ArrowError){"too many pairs"}, "interval_align", err);
    }
    RS_THEN(status, rs_kernel_output_finish(&output, n_rows, out, err));
    rs_kernel_output_release(&output);
    return status;
}

rs_status rs_kernel_run_interval_align(const rs_kernel_call *any, const rs_table *const *inputs,
                                       rs_table *out, rs_error *err)
{
    const rs_table *left = inputs[0];
    const rs_table *right = inputs[1];
    const rs_interval_align_call *call = &any->as.interval_align;
    alignment of = {.call = call};
    *out = (rs_table){0};
    rs_status status = open_sides(&of, left, right, err);
    RS_THEN(status, match_groups(&of, err));
    RS_THEN(status, make_table(&of, out, err));
    alignment_release(&of);
    return status;
}
