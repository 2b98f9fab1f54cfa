/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/frame.h"

/* Where a row's value stands. */
static size_t place_of(const rs_vector *vector, size_t row)
{
    RS_ASSERT(vector->form != RS_FORM_NULL);
    return vector->form == RS_FORM_CONSTANT ? 0 : row;
}

bool rs_vector_is_null(const rs_vector *vector, size_t row)
{
    if (vector->form != RS_FORM_FLAT) {
        return vector->form == RS_FORM_NULL;
    }
    if (vector->type == RS_TYPE_STR) {
        return ((const uint32_t *)vector->values)[row] == RS_STR_NULL;
    }
    if (vector->type == RS_TYPE_ENUM) {
        return ((const uint8_t *)vector->values)[row] == RS_ENUM_NULL;
    }
    size_t bit = vector->first_bit + row;
    return vector->validity != NULL && (vector->validity[bit / 64] >> (bit % 64) & 1) == 0;
}

int64_t rs_vector_i64(const rs_vector *vector, size_t row)
{
    size_t at = place_of(vector, row);
    switch (vector->type) {
    case RS_TYPE_I64:
        return ((const int64_t *)vector->values)[at];
    case RS_TYPE_I32:
        return ((const int32_t *)vector->values)[at];
    case RS_TYPE_BOOL:
    case RS_TYPE_ENUM:
        return ((const uint8_t *)vector->values)[at];
    case RS_TYPE_F32:
    case RS_TYPE_F64:
    case RS_TYPE_STR:
        break;
    }
    RS_ASSERT(vector->type == RS_TYPE_I64);
    return 0;
}

double rs_vector_f64(const rs_vector *vector, size_t row)
{
    size_t at = place_of(vector, row);
    if (vector->type == RS_TYPE_F32) {
        return (double)((const float *)vector->values)[at];
    }
    RS_ASSERT(vector->type == RS_TYPE_F64);
    return ((const double *)vector->values)[at];
}

rs_str rs_vector_text(const rs_vector *vector, size_t row)
{
    size_t at = place_of(vector, row);
    if (vector->type == RS_TYPE_ENUM) {
        uint8_t word = ((const uint8_t *)vector->values)[at];
        RS_ASSERT(word < vector->words->n_words);
        return rs_str_of(vector->words->words[word]);
    }
    RS_ASSERT(vector->type == RS_TYPE_STR);
    return vector->strings->items[((const uint32_t *)vector->values)[at]];
}

rs_vector rs_vector_of_batch(const rs_batch *batch, size_t column, size_t first_row,
                             const rs_strings *strings)
{
    const rs_column *of = &batch->dataset->columns[column];
    const rs_batch_column *from = &batch->columns[column];
    RS_ASSERT(rs_column_is_in_memory(of));
    const char *data = from->values.data; /* NULL of a batch without rows */
    return (rs_vector){.form = RS_FORM_FLAT,
                       .type = of->type,
                       .values = data != NULL ? data + first_row * rs_type_bytes(of->type) : NULL,
                       .validity = from->validity,
                       .first_bit = first_row,
                       .words = of->words,
                       .strings = strings};
}
