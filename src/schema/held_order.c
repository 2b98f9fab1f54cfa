/* SPDX-License-Identifier: Apache-2.0 */
/* Values of held rows: equal ones, and in order. What is equal and what comes first says schema/kernel.h. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "schema/held.h"

bool rs_held_is_null(const rs_held *held, size_t column, uint32_t row)
{
    const rs_batch_column *of = &held->batch.columns[column];
    switch (held->batch.dataset->columns[column].type) {
    case RS_TYPE_STR:
        return of->values.str[row] == RS_STR_NULL;
    case RS_TYPE_ENUM:
        return of->values.u8[row] == RS_ENUM_NULL;
    case RS_TYPE_I64:
    case RS_TYPE_I32:
    case RS_TYPE_BOOL:
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        break;
    }
    return !rs_batch_is_valid(of, row);
}

static int64_t whole_at(const rs_held *held, size_t column, uint32_t row)
{
    const rs_batch_column *of = &held->batch.columns[column];
    switch (held->batch.dataset->columns[column].type) {
    case RS_TYPE_I64:
        return of->values.i64[row];
    case RS_TYPE_I32:
        return of->values.i32[row];
    case RS_TYPE_BOOL:
    case RS_TYPE_ENUM:
        return of->values.u8[row];
    case RS_TYPE_F32:
    case RS_TYPE_F64:
    case RS_TYPE_STR:
        break;
    }
    RS_ASSERT(of->values.data == NULL);
    return 0;
}

static bool has_fraction(rs_type type)
{
    return type == RS_TYPE_F32 || type == RS_TYPE_F64;
}

static double fraction_at(const rs_held *held, size_t column, uint32_t row)
{
    const rs_batch_column *of = &held->batch.columns[column];
    return held->batch.dataset->columns[column].type == RS_TYPE_F32 ? (double)of->values.f32[row]
                                                                    : of->values.f64[row];
}

static int compare_fractions(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return (isnan(a) != 0) - (isnan(b) != 0);
    }
    return (a > b) - (a < b);
}

static int compare_values(const rs_held *held, size_t column, uint32_t a, uint32_t b)
{
    rs_type type = held->batch.dataset->columns[column].type;
    if (type == RS_TYPE_STR) {
        const uint32_t *numbers = held->batch.columns[column].values.str;
        return numbers[a] == numbers[b] ? 0
                                        : rs_str_compare(held->strings.items[numbers[a]],
                                                         held->strings.items[numbers[b]]);
    }
    if (has_fraction(type)) {
        return compare_fractions(fraction_at(held, column, a), fraction_at(held, column, b));
    }
    int64_t left = whole_at(held, column, a);
    int64_t right = whole_at(held, column, b);
    return (left > right) - (left < right);
}

int rs_held_compare(const rs_held *held, size_t column, uint32_t a, uint32_t b)
{
    bool a_is_null = rs_held_is_null(held, column, a);
    bool b_is_null = rs_held_is_null(held, column, b);
    return a_is_null || b_is_null ? (int)a_is_null - (int)b_is_null
                                  : compare_values(held, column, a, b);
}

/* --- keys --- */

/* A number that equal values share. */
static uint64_t bits_of(const rs_held *held, size_t column, uint32_t row)
{
    rs_type type = held->batch.dataset->columns[column].type;
    uint64_t bits = 0;
    if (rs_held_is_null(held, column, row)) {
        return UINT64_MAX;
    }
    if (type == RS_TYPE_STR) {
        return held->batch.columns[column].values.str[row];
    }
    if (has_fraction(type)) {
        double value = fraction_at(held, column, row) + 0.0; /* one zero */
        value = isnan(value) ? (double)NAN : value;
        memcpy(&bits, &value, sizeof bits);
        return bits;
    }
    return (uint64_t)whole_at(held, column, row);
}

uint64_t rs_held_hash(const rs_held *held, const size_t *columns, size_t n_columns, uint32_t row)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n_columns; i++) {
        hash = (hash ^ bits_of(held, columns[i], row)) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

bool rs_held_equal(const rs_held *held, const size_t *columns, size_t n_columns, uint32_t a,
                   uint32_t b)
{
    for (size_t i = 0; i < n_columns; i++) {
        if (rs_held_compare(held, columns[i], a, b) != 0) {
            return false;
        }
    }
    return true;
}

/* --- orders --- */

/* Nulls are last also where the order descends. */
int rs_held_order(const rs_held *held, const rs_held_term *terms, size_t n_terms, uint32_t a,
                  uint32_t b)
{
    for (size_t i = 0; i < n_terms; i++) {
        int order = rs_held_compare(held, terms[i].column, a, b);
        bool turns = terms[i].is_descending && order != 0 &&
                     !rs_held_is_null(held, terms[i].column, a) &&
                     !rs_held_is_null(held, terms[i].column, b);
        if (order != 0) {
            return turns ? -order : order;
        }
    }
    return (a > b) - (a < b);
}

typedef struct sorting {
    const rs_held *held;
    const rs_held_term *terms;
    size_t n_terms;
    uint32_t *rows;
    uint32_t *scratch;
} sorting;

static bool is_in_order(const sorting *by, uint32_t a, uint32_t b)
{
    return rs_held_order(by->held, by->terms, by->n_terms, a, b) <= 0;
}

/* The end of the run that starts there: rows that are in order already. */
static size_t run_end(const sorting *by, size_t start, size_t n_rows)
{
    size_t end = start + 1;
    while (end < n_rows && is_in_order(by, by->rows[end - 1], by->rows[end])) {
        end++;
    }
    return end;
}

static void merge(const sorting *by, size_t start, size_t middle, size_t end)
{
    size_t left = start;
    size_t right = middle;
    for (size_t i = start; i < end; i++) {
        bool takes_left =
            right >= end || (left < middle && is_in_order(by, by->rows[left], by->rows[right]));
        by->scratch[i] = by->rows[takes_left ? left++ : right++];
    }
    memcpy(by->rows + start, by->scratch + start, (end - start) * sizeof *by->rows);
}

/* Merge runs in pairs, in one sweep over the rows; false once there is one run. */
static bool merge_pairs(const sorting *by, size_t n_rows)
{
    bool merged = false;
    for (size_t start = 0; start < n_rows;) {
        size_t middle = run_end(by, start, n_rows);
        size_t end = middle < n_rows ? run_end(by, middle, n_rows) : middle;
        if (end > middle) {
            merge(by, start, middle, end);
            merged = true;
        }
        start = end;
    }
    return merged;
}

/* Rows come in order, or as a few lists that do: what a sort costs follows how many. */
rs_status rs_held_sort(const rs_held *held, const rs_held_term *terms, size_t n_terms,
                       uint32_t *rows, size_t n_rows, rs_error *err)
{
    sorting by = {held, terms, n_terms, rows, NULL};
    if (n_rows == 0 || run_end(&by, 0, n_rows) == n_rows) {
        return RS_OK;
    }
    by.scratch = rs_alloc(n_rows, sizeof *by.scratch);
    if (by.scratch == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "sort rows: out of memory");
    }
    while (merge_pairs(&by, n_rows)) {
    }
    rs_free(by.scratch);
    return RS_OK;
}

/* --- the first row of each key --- */

rs_status rs_held_firsts(const rs_held *held, const size_t *key, size_t n_key,
                         const rs_held_term *terms, size_t n_terms, const uint32_t *rows,
                         size_t n_rows, uint8_t *is_first, rs_error *err)
{
    size_t n_slots = 16;
    while (n_slots < 2 * n_rows) {
        n_slots *= 2;
    }
    uint32_t *slots = rs_alloc_zero(n_slots, sizeof *slots); /* a row and 1, or 0 */
    if (slots == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "find the first rows: out of memory");
    }
    for (size_t i = 0; i < n_rows; i++) {
        uint32_t row = rows[i];
        size_t at = rs_held_hash(held, key, n_key, row) & (n_slots - 1);
        while (slots[at] != 0 && !rs_held_equal(held, key, n_key, slots[at] - 1, row)) {
            at = (at + 1) & (n_slots - 1);
        }
        bool wins = slots[at] == 0 || rs_held_order(held, terms, n_terms, row, slots[at] - 1) < 0;
        is_first[row] = wins;
        if (wins && slots[at] != 0) {
            is_first[slots[at] - 1] = 0;
        }
        slots[at] = wins ? row + 1 : slots[at];
    }
    rs_free(slots);
    return RS_OK;
}
