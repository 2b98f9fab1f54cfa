/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: their texts are numbers of a table, their words numbers of a set. */
#include "base/alloc.h"
#include "parquet/parquet.h"

static void look_up(const rs_vector *from, size_t n_values, rs_str *texts, rs_parquet_vector *to)
{
    const uint32_t *numbers = from->values;
    for (size_t i = 0; texts != NULL && i < n_values; i++) {
        texts[i] = rs_strings_text(from->strings, numbers[i]);
    }
    to->values = texts;
    to->validity = NULL;
}

static void convert(const rs_frame *frame, rs_str *texts, rs_parquet_vector *vectors)
{
    for (size_t i = 0; vectors != NULL && i < frame->n_columns; i++) {
        const rs_vector *from = &frame->columns[i];
        vectors[i] = (rs_parquet_vector){.form = from->form,
                                         .values = from->values,
                                         .validity = from->validity,
                                         .first_bit = from->first_bit};
        if (from->type == RS_TYPE_STR && from->form != RS_FORM_NULL) {
            size_t n_values = from->form == RS_FORM_FLAT ? frame->n_rows : 1;
            look_up(from, n_values, texts, &vectors[i]);
            texts += n_values;
        }
    }
}

rs_status rs_parquet_push_frame(rs_parquet *self, const rs_frame *frame, rs_error *err)
{
    rs_parquet_vector *vectors = rs_alloc(frame->n_columns + 1, sizeof *vectors);
    rs_str *texts = rs_alloc(frame->n_columns * frame->n_rows + 1, sizeof *texts);
    rs_status status = vectors != NULL && texts != NULL
                           ? RS_OK
                           : rs_error_set(err, RS_ERR_NOMEM, "write rows: out of memory");
    if (status == RS_OK) {
        convert(frame, texts, vectors);
        status = rs_parquet_push(self, vectors, frame->n_rows, err);
    }
    rs_free(vectors);
    rs_free(texts);
    return status;
}
