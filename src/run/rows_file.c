/* SPDX-License-Identifier: Apache-2.0 */
#include "run/rows_file.h"

#include "base/alloc.h"

enum { ROWS_AT_ONCE = RS_FRAME_ROWS };

/* Which columns of the dataset it has, and room for their texts. */
struct rs_rows_file {
    rs_rows_target target;
    rs_parquet *file;
    rs_parquet_column columns[RS_PLAN_MAX_COLUMNS + 1]; /* and why a row is kept out */
    size_t from[RS_PLAN_MAX_COLUMNS];                   /* column of the dataset */
    size_t n_columns;                                   /* of the dataset's */
    rs_parquet_vector vectors[RS_PLAN_MAX_COLUMNS + 1];
    rs_str *texts; /* ROWS_AT_ONCE a column */
    rs_str *sets;  /* words of columns, one set behind the other */
};

static const rs_words *words_of(const rs_rows_file *self, const rs_column *column)
{
    return column->words != NULL ? rs_kinds_words(self->target.kinds, column->words) : NULL;
}

static rs_status reserve(rs_rows_file *self, rs_error *err)
{
    const rs_dataset *dataset = self->target.output->dataset;
    size_t n_words = 0;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_words *words = words_of(self, &dataset->columns[i]);
        n_words += words != NULL ? words->n_words : 0;
    }
    self->texts = rs_alloc(dataset->n_columns, ROWS_AT_ONCE * sizeof *self->texts);
    self->sets = rs_alloc(n_words + 1, sizeof *self->sets);
    return self->texts != NULL && self->sets != NULL
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->target.label);
}

static rs_status describe(rs_rows_file *self, rs_error *err)
{
    const rs_dataset *dataset = self->target.output->dataset;
    RS_TRY(reserve(self, err));
    rs_str *room = self->sets;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        const rs_words *words = words_of(self, column);
        if (!rs_column_is_stored(column)) {
            continue;
        }
        RS_ASSERT(self->n_columns < RS_PLAN_MAX_COLUMNS && column->shape == RS_SHAPE_ONE);
        rs_parquet_column *to = &self->columns[self->n_columns];
        *to = (rs_parquet_column){.name = column->name, .type = column->type, .words = room};
        to->n_words = words != NULL ? words->n_words : 0;
        for (size_t word = 0; word < to->n_words; word++) {
            RS_ASSERT(room != NULL);
            *room++ = rs_str_of(words->words[word]);
        }
        self->from[self->n_columns++] = i;
    }
    self->columns[self->n_columns] = (rs_parquet_column){
        .name = rs_output_column(self->target.output, self->n_columns)->name, .type = RS_TYPE_STR};
    return RS_OK;
}

rs_status rs_rows_file_open(const rs_rows_target *target, rs_rows_file **out, rs_error *err)
{
    rs_rows_file *self = rs_alloc_zero(1, sizeof *self);
    *out = self;
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", target->label);
    }
    self->target = *target;
    RS_TRY(describe(self, err));
    RS_TRY(rs_parquet_open(target->path, self->columns, self->n_columns + target->are_rejects,
                           target->output->metadata, target->output->n_metadata, &self->file, err));
    rs_parquet_set_tally(self->file, target->tally);
    return RS_OK;
}

void rs_rows_file_free(rs_rows_file *self)
{
    if (self != NULL) {
        rs_parquet_free(self->file);
        rs_free(self->texts);
        rs_free(self->sets);
        rs_free(self);
    }
}

static void set_vector(rs_rows_file *self, size_t index, const rs_vector *from, size_t n)
{
    rs_parquet_vector *to = &self->vectors[index];
    *to = (rs_parquet_vector){.form = RS_FORM_FLAT,
                              .values = from->values,
                              .validity = from->validity,
                              .first_bit = from->first_bit};
    if (from->type != RS_TYPE_STR) {
        return;
    }
    const uint32_t *numbers = from->values;
    rs_str *texts = self->texts + index * ROWS_AT_ONCE;
    for (size_t i = 0; i < n; i++) {
        texts[i] = rs_strings_text(from->strings, numbers[i]);
    }
    to->values = texts;
    to->validity = NULL;
}

rs_status rs_rows_file_add(rs_rows_file *self, const rs_batch *batch, const rs_strings *strings,
                           const rs_str *reasons, rs_error *err)
{
    for (size_t first = 0; first < batch->n_rows; first += ROWS_AT_ONCE) {
        size_t n_rest = batch->n_rows - first;
        size_t n = n_rest < ROWS_AT_ONCE ? n_rest : ROWS_AT_ONCE;
        for (size_t i = 0; i < self->n_columns; i++) {
            const rs_vector from = rs_vector_of_batch(batch, self->from[i], first, strings);
            set_vector(self, i, &from, n);
        }
        self->vectors[self->n_columns] = (rs_parquet_vector){
            .form = RS_FORM_FLAT, .values = reasons != NULL ? reasons + first : NULL};
        RS_TRY(rs_parquet_push(self->file, self->vectors, n, err));
    }
    return RS_OK;
}

rs_status rs_rows_file_close(rs_rows_file *self, rs_parquet_written *written, rs_error *err)
{
    return rs_parquet_close(self->file, written, err);
}

uint64_t rs_rows_file_row_bytes(const rs_rows_file *self)
{
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < self->n_columns; i++) {
        n_bytes += rs_type_bytes(self->columns[i].type);
    }
    return n_bytes;
}
