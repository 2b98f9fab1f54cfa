/* SPDX-License-Identifier: Apache-2.0 */
/* Orders: a call's terms, and rows sorted by them. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "kernels/internal.h"

/* --- terms --- */

static rs_status add_term(const rs_input *in, const char *name, bool descending, bool nulls_first,
                          rs_terms *terms, rs_error *err)
{
    const struct ArrowArrayView *column = NULL;
    RS_TRY(rs_input_column(in, name, &column, err));
    terms->items[terms->n_items++] = (rs_term){column, descending, nulls_first};
    return RS_OK;
}

static void add_rest(const rs_input *in, rs_terms *terms)
{
    size_t n_listed = terms->n_items;
    for (int64_t i = 0; i < in->view.n_children; i++) {
        const struct ArrowArrayView *column = in->view.children[i];
        bool is_listed = false;
        for (size_t j = 0; j < n_listed && !is_listed; j++) {
            is_listed = terms->items[j].column == column;
        }
        if (!is_listed) {
            terms->items[terms->n_items++] = (rs_term){.column = column};
        }
    }
}

rs_status rs_terms_make(const rs_input *in, const rs_names *keys, const char *score,
                        const rs_order *order, rs_terms *out, rs_error *err)
{
    size_t n_most = keys->n_items + 1 + order->n_terms + (size_t)in->view.n_children;
    *out = (rs_terms){.items = rs_alloc(n_most, sizeof *out->items), .n_keys = keys->n_items};
    if (out->items == NULL) {
        return rs_kernel_nomem(in->kernel, err);
    }
    rs_status status = RS_OK;
    for (size_t i = 0; i < keys->n_items && status == RS_OK; i++) {
        status = add_term(in, keys->items[i], false, false, out, err);
    }
    if (score != NULL && status == RS_OK) {
        status = add_term(in, score, true, false, out, err);
    }
    for (size_t i = 0; i < order->n_terms && status == RS_OK; i++) {
        const rs_order_term *term = &order->terms[i];
        status = add_term(in, term->column, term->descending, term->nulls_first, out, err);
    }
    if (status == RS_OK && !order->is_total) {
        add_rest(in, out);
    }
    RS_ASSERT(out->n_keys <= keys->n_items && out->n_items <= n_most);
    if (status != RS_OK) {
        rs_terms_release(out);
    }
    return status;
}

void rs_terms_release(rs_terms *terms)
{
    rs_free(terms->items);
    *terms = (rs_terms){0};
}

int rs_terms_compare(const rs_terms *terms, size_t n_terms, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < n_terms; i++) {
        const rs_term *term = &terms->items[i];
        bool a_is_null = rs_value_is_null(term->column, a);
        bool b_is_null = rs_value_is_null(term->column, b);
        if (a_is_null && b_is_null) {
            continue;
        }
        if (a_is_null || b_is_null) {
            return a_is_null == term->nulls_first ? -1 : 1;
        }
        int order = rs_value_compare(term->column, a, b);
        if (order != 0) {
            return term->descending ? -order : order;
        }
    }
    return 0;
}

bool rs_terms_start_key(const rs_terms *terms, const uint32_t *rows, size_t i)
{
    return i == 0 || rs_terms_compare(terms, terms->n_keys, rows[i - 1], rows[i]) != 0;
}

/* --- sorting --- */

static void merge(const uint32_t *from, size_t start, size_t middle, size_t end, uint32_t *to,
                  rs_compare_rows compare, const void *context)
{
    size_t left = start;
    size_t right = middle;
    RS_ASSERT(start <= middle);
    if (middle >= end || compare(context, from[middle - 1], from[middle]) <= 0) {
        memcpy(to + start, from + start, (end - start) * sizeof *to);
        return;
    }
    for (size_t i = start; i < end; i++) {
        bool takes_left =
            right >= end || (left < middle && compare(context, from[left], from[right]) <= 0);
        to[i] = takes_left ? from[left++] : from[right++];
    }
}

static bool is_sorted(const uint32_t *rows, size_t n_rows, rs_compare_rows compare,
                      const void *context)
{
    for (size_t i = 1; i < n_rows; i++) {
        if (compare(context, rows[i - 1], rows[i]) > 0) {
            return false;
        }
    }
    return true;
}

rs_status rs_rows_sort(uint32_t *rows, size_t n_rows, rs_compare_rows compare, const void *context,
                       rs_error *err)
{
    /* Evidence comes in order: one look saves the sort. */
    if (is_sorted(rows, n_rows, compare, context)) {
        return RS_OK;
    }
    uint32_t *scratch = rs_alloc(n_rows, sizeof *scratch);
    if (scratch == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "sort rows: out of memory");
    }
    uint32_t *from = rows;
    uint32_t *to = scratch;
    for (size_t width = 1; width < n_rows; width *= 2) {
        for (size_t start = 0; start < n_rows; start += 2 * width) {
            size_t middle = n_rows - start > width ? start + width : n_rows;
            size_t end = n_rows - start > 2 * width ? start + 2 * width : n_rows;
            merge(from, start, middle, end, to, compare, context);
        }
        uint32_t *other = from;
        from = to;
        to = other;
    }
    if (from != rows) {
        memcpy(rows, from, n_rows * sizeof *rows);
    }
    rs_free(scratch);
    return RS_OK;
}

/* The terms, and for every row a number that the first term orders by, as far as 64 bits tell. */
typedef struct prefixed {
    const rs_terms *terms;
    uint64_t *prefixes;
} prefixed;

static uint64_t prefix_of_float(double value)
{
    uint64_t bits = 0;
    if (isnan(value)) {
        return UINT64_MAX;
    }
    value += 0.0; /* one zero */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t prefix_of_text(rs_str text)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < 8; i++) {
        prefix = prefix << 8 | (i < text.n_bytes ? (unsigned char)text.bytes[i] : 0);
    }
    return prefix;
}

static uint64_t prefix_of(const rs_term *term, uint32_t row)
{
    uint64_t prefix = 0;
    if (rs_value_is_null(term->column, row)) {
        return term->nulls_first ? 0 : UINT64_MAX;
    }
    switch (rs_value_kind_of(term->column)) {
    case RS_IS_BOOL:
    case RS_IS_INT:
    case RS_IS_WORD:
        prefix = (uint64_t)rs_value_int(term->column, row) ^ UINT64_C(1) << 63;
        break;
    case RS_IS_FLOAT:
        prefix = prefix_of_float(ArrowArrayViewGetDoubleUnsafe(term->column, row));
        break;
    case RS_IS_TEXT:
        prefix = prefix_of_text(rs_value_text(term->column, row));
        break;
    case RS_IS_NOTHING:
    case RS_IS_LIST:
        break;
    }
    /* The last bit makes room for nulls on both sides. */
    return ((term->descending ? ~prefix : prefix) >> 1) + 1;
}

static int compare_prefixed(const void *context, uint32_t a, uint32_t b)
{
    const prefixed *by = context;
    uint64_t left = by->prefixes[a];
    uint64_t right = by->prefixes[b];
    if (left != right) {
        return left < right ? -1 : 1;
    }
    return rs_terms_compare(by->terms, by->terms->n_items, a, b);
}

rs_status rs_rows_sort_by(uint32_t *rows, size_t n_rows, const rs_terms *terms, rs_error *err)
{
    uint32_t n_most = 0;
    if (terms->n_items == 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < n_rows; i++) {
        n_most = rows[i] >= n_most ? rows[i] + 1 : n_most;
    }
    prefixed by = {terms, rs_alloc(n_most, sizeof *by.prefixes)};
    if (by.prefixes == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "sort rows: out of memory");
    }
    for (size_t i = 0; i < n_rows; i++) {
        by.prefixes[rows[i]] = prefix_of(&terms->items[0], rows[i]);
    }
    rs_status status = rs_rows_sort(rows, n_rows, compare_prefixed, &by, err);
    rs_free(by.prefixes);
    return status;
}

uint32_t *rs_rows_all(const rs_input *in)
{
    uint32_t *rows = rs_alloc(in->n_rows, sizeof *rows);
    for (uint32_t i = 0; rows != NULL && i < in->n_rows; i++) {
        rows[i] = i;
    }
    return rows;
}
