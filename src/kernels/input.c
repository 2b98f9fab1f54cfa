/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs, and the values in them. */
#include <math.h>

#include "kernels/internal.h"

rs_status rs_kernel_nomem(const char *kernel, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", kernel);
}

rs_status rs_input_open(rs_input *in, const rs_table *table, const char *kernel, rs_error *err)
{
    *in = (rs_input){.kernel = kernel, .table = table};
    rs_status status = rs_table_open(table, &in->view, err);
    if (status != RS_OK) {
        return rs_error_prefix(err, status, "%s", kernel);
    }
    for (int64_t i = 0; i < in->view.n_children; i++) {
        if (in->view.children[i]->storage_type == NANOARROW_TYPE_MAP) {
            return rs_error_set(err, RS_ERR_INVALID, "%s: column %s is a map", kernel,
                                rs_table_column_name(table, (size_t)i));
        }
    }
    if (rs_table_n_rows(table) >= UINT32_MAX) {
        return rs_error_set(err, RS_ERR_LIMIT, "%s: %zu rows are over the limit", kernel,
                            rs_table_n_rows(table));
    }
    in->n_rows = (uint32_t)rs_table_n_rows(table);
    return RS_OK;
}

void rs_input_close(rs_input *in)
{
    ArrowArrayViewReset(&in->view);
}

rs_status rs_input_find(const rs_input *in, const char *name, size_t *column, rs_error *err)
{
    if (name == NULL || !rs_table_find_column(in->table, name, column)) {
        return rs_error_set(err, RS_ERR_INVALID, "%s: there is no column %s", in->kernel,
                            name != NULL ? name : "without a name");
    }
    return RS_OK;
}

rs_status rs_input_column(const rs_input *in, const char *name, const struct ArrowArrayView **out,
                          rs_error *err)
{
    size_t column = 0;
    RS_TRY(rs_input_find(in, name, &column, err));
    *out = in->view.children[column];
    return RS_OK;
}

rs_status rs_input_refuse(const rs_input *in, const char *column, const char *what, rs_error *err)
{
    return rs_error_set(err, RS_ERR_INVALID, "%s: column %s is no %s", in->kernel, column, what);
}

rs_value_kind rs_value_kind_of(const struct ArrowArrayView *column)
{
    if (column->dictionary != NULL) {
        return RS_IS_WORD;
    }
    switch ((int)column->storage_type) {
    case NANOARROW_TYPE_BOOL:
        return RS_IS_BOOL;
    case NANOARROW_TYPE_INT32:
    case NANOARROW_TYPE_INT64:
        return RS_IS_INT;
    case NANOARROW_TYPE_FLOAT:
    case NANOARROW_TYPE_DOUBLE:
        return RS_IS_FLOAT;
    case NANOARROW_TYPE_STRING:
        return RS_IS_TEXT;
    case NANOARROW_TYPE_LIST:
        return RS_IS_LIST;
    default:
        return RS_IS_NOTHING;
    }
}

rs_str rs_value_text(const struct ArrowArrayView *column, uint32_t row)
{
    struct ArrowStringView text;
    if (column->dictionary != NULL) {
        text = ArrowArrayViewGetStringUnsafe(column->dictionary, rs_value_int(column, row));
    } else {
        text = ArrowArrayViewGetStringUnsafe(column, row);
    }
    return (rs_str){text.data, (size_t)text.size_bytes};
}

uint32_t rs_list_start(const struct ArrowArrayView *column, uint32_t row)
{
    return (uint32_t)ArrowArrayViewListChildOffset(column, row);
}

uint32_t rs_list_end(const struct ArrowArrayView *column, uint32_t row)
{
    return (uint32_t)ArrowArrayViewListChildOffset(column, (int64_t)row + 1);
}

static int sign_of(bool is_above, bool is_below)
{
    return (int)is_above - (int)is_below;
}

/* Not a number is above all numbers. */
static int compare_floats(double a, double b)
{
    bool a_is_nan = isnan(a) != 0;
    bool b_is_nan = isnan(b) != 0;
    if (a_is_nan || b_is_nan) {
        return sign_of(a_is_nan, b_is_nan);
    }
    return sign_of(a > b, a < b);
}

/* Of any column but lists. */
static int compare_plain(const struct ArrowArrayView *column, uint32_t a, uint32_t b)
{
    switch (rs_value_kind_of(column)) {
    case RS_IS_BOOL:
    case RS_IS_INT:
    case RS_IS_WORD: {
        int64_t left = rs_value_int(column, a);
        int64_t right = rs_value_int(column, b);
        return sign_of(left > right, left < right);
    }
    case RS_IS_FLOAT:
        return compare_floats(ArrowArrayViewGetDoubleUnsafe(column, a),
                              ArrowArrayViewGetDoubleUnsafe(column, b));
    case RS_IS_TEXT:
        return rs_str_compare(rs_value_text(column, a), rs_value_text(column, b));
    case RS_IS_NOTHING:
    case RS_IS_LIST:
        return 0;
    }
    return 0;
}

static int compare_lists(const struct ArrowArrayView *column, uint32_t a, uint32_t b)
{
    const struct ArrowArrayView *elements = column->children[0];
    uint32_t i = rs_list_start(column, a);
    uint32_t j = rs_list_start(column, b);
    uint32_t i_end = rs_list_end(column, a);
    uint32_t j_end = rs_list_end(column, b);
    for (; i < i_end && j < j_end; i++, j++) {
        bool i_is_null = rs_value_is_null(elements, i);
        bool j_is_null = rs_value_is_null(elements, j);
        int order =
            i_is_null || j_is_null ? sign_of(i_is_null, j_is_null) : compare_plain(elements, i, j);
        if (order != 0) {
            return order;
        }
    }
    return sign_of(i < i_end, j < j_end);
}

int rs_value_compare(const struct ArrowArrayView *column, uint32_t a, uint32_t b)
{
    return rs_value_kind_of(column) == RS_IS_LIST ? compare_lists(column, a, b)
                                                  : compare_plain(column, a, b);
}
