/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/statistics.h"

#include <math.h>

static void set_bound(rs_bound *bound, const void *bytes, size_t n_bytes)
{
    RS_ASSERT(n_bytes <= sizeof bound->bytes);
    memcpy(bound->bytes, bytes, n_bytes);
    bound->n_bytes = n_bytes;
    bound->is_set = true;
}

/* --- texts --- */

static void bound_below(rs_str text, rs_bound *bound)
{
    bound->is_cut = text.n_bytes > RS_STATISTICS_TEXT_BYTES;
    set_bound(bound, text.bytes, rs_str_cut(text, RS_STATISTICS_TEXT_BYTES));
}

static void widen(rs_str text, rs_str *least, rs_str *greatest)
{
    *least = rs_str_compare(text, *least) < 0 ? text : *least;
    *greatest = rs_str_compare(text, *greatest) > 0 ? text : *greatest;
}

/* A start of the text whose last character is the next one: a plain one, so that it stays a text. */
static void bound_above(rs_str text, rs_bound *bound)
{
    if (text.n_bytes <= RS_STATISTICS_TEXT_BYTES) {
        set_bound(bound, text.bytes, text.n_bytes);
        return;
    }
    size_t n_bytes = RS_STATISTICS_TEXT_BYTES;
    while (n_bytes > 0 && (uint8_t)text.bytes[n_bytes - 1] >= 0x7f) {
        n_bytes--;
    }
    if (n_bytes > 0) { /* otherwise there is no bound, which is always right */
        set_bound(bound, text.bytes, n_bytes);
        bound->bytes[n_bytes - 1]++;
        bound->is_cut = true;
    }
}

void rs_statistics_texts(rs_str least, rs_str greatest, rs_statistics *out)
{
    bound_below(least, &out->least);
    bound_above(greatest, &out->greatest);
}

static void bound_texts(const rs_leaf *leaf, size_t first_run, size_t end_run, rs_statistics *out)
{
    const uint32_t *numbers = (const uint32_t *)(const void *)leaf->values.bytes;
    const rs_value_run *runs = leaf->runs.items;
    uint32_t last = numbers[runs[first_run].first];
    rs_str least = rs_text_dictionary_get(&leaf->texts, last);
    rs_str greatest = least;
    for (size_t i = first_run; i < end_run; i++) {
        size_t n = runs[i].is_constant ? 1 : runs[i].n;
        for (size_t j = 0; j < n; j++) {
            uint32_t number = numbers[runs[i].first + j];
            if (number == last) {
                continue;
            }
            rs_str text = rs_text_dictionary_get(&leaf->texts, number);
            widen(text, &least, &greatest);
            last = number;
        }
    }
    rs_statistics_texts(least, greatest, out);
}

/* All of them: each text once. */
static void bound_dictionary(const rs_leaf *leaf, rs_statistics *out)
{
    rs_str least = rs_text_dictionary_get(&leaf->texts, 0);
    rs_str greatest = least;
    for (uint32_t i = 1; i < leaf->texts.n_items; i++) {
        rs_str text = rs_text_dictionary_get(&leaf->texts, i);
        widen(text, &least, &greatest);
    }
    rs_statistics_texts(least, greatest, out);
}

/* --- numbers --- */

/* One body for each type of whole numbers: rows of one page, of which there is one at least. */
#define DEFINE_BOUND(name, type)                                                                   \
    static void name(const type *values, size_t n, rs_statistics *out)                             \
    {                                                                                              \
        type least = values[0];                                                                    \
        type greatest = values[0];                                                                 \
        for (size_t i = 1; i < n; i++) {                                                           \
            least = values[i] < least ? values[i] : least;                                         \
            greatest = values[i] > greatest ? values[i] : greatest;                                \
        }                                                                                          \
        set_bound(&out->least, &least, sizeof least);                                              \
        set_bound(&out->greatest, &greatest, sizeof greatest);                                     \
    }

DEFINE_BOUND(bound_i64, int64_t)
DEFINE_BOUND(bound_i32, int32_t)
DEFINE_BOUND(bound_bool, uint8_t)

static void set_floats(double least, double greatest, bool is_double, rs_statistics *out)
{
    least = fpclassify(least) == FP_ZERO ? -0.0 : least;
    greatest = fpclassify(greatest) == FP_ZERO ? 0.0 : greatest;
    if (is_double) {
        set_bound(&out->least, &least, sizeof least);
        set_bound(&out->greatest, &greatest, sizeof greatest);
        return;
    }
    const float narrow[] = {(float)least, (float)greatest};
    set_bound(&out->least, &narrow[0], sizeof narrow[0]);
    set_bound(&out->greatest, &narrow[1], sizeof narrow[1]);
}

static void bound_floats(const void *values, size_t n, bool is_double, rs_statistics *out)
{
    double least = INFINITY;
    double greatest = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double value = is_double ? ((const double *)values)[i] : (double)((const float *)values)[i];
        if (isnan(value)) {
            return;
        }
        least = value < least ? value : least;
        greatest = value > greatest ? value : greatest;
    }
    set_floats(least, greatest, is_double, out);
}

/* A page of numbers is all of a leaf's: stored values, whatever runs they are of. */
static void bound_numbers(const rs_leaf *leaf, rs_statistics *out)
{
    const void *values = leaf->values.bytes;
    size_t n = leaf->values.n_bytes / leaf->n_value_bytes;
    switch (leaf->type) {
    case RS_TYPE_I64:
        bound_i64(values, n, out);
        break;
    case RS_TYPE_I32:
        bound_i32(values, n, out);
        break;
    case RS_TYPE_BOOL:
        bound_bool(values, n, out);
        break;
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        bound_floats(values, n, leaf->type == RS_TYPE_F64, out);
        break;
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        break;
    }
}

void rs_statistics_bound(const rs_leaf *leaf, size_t first_run, size_t end_run, rs_statistics *out)
{
    if (end_run == first_run) {
        return;
    }
    if (!rs_leaf_has_texts(leaf)) {
        bound_numbers(leaf, out);
    } else if (end_run - first_run == leaf->runs.n_items) {
        bound_dictionary(leaf, out);
    } else {
        bound_texts(leaf, first_run, end_run, out);
    }
}
