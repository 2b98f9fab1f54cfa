/* SPDX-License-Identifier: Apache-2.0 */
#include "run/evidence_file.h"

#include "base/alloc.h"
#include "base/stop.h"
#include "run/beside.h"
#include "run/extract.h"

enum { ROWS_AT_ONCE = RS_FRAME_ROWS };

/* A file on its way: which columns of the dataset it has, and room for their texts. */
typedef struct writing {
    const rs_evidence_file *of;
    const rs_dataset *dataset;
    size_t number; /* of the dataset */
    rs_parquet *file;
    rs_parquet_column columns[RS_PLAN_MAX_COLUMNS];
    size_t from[RS_PLAN_MAX_COLUMNS]; /* column of the dataset */
    size_t n_columns;
    rs_parquet_vector vectors[RS_PLAN_MAX_COLUMNS];
    rs_str *texts; /* ROWS_AT_ONCE a column */
    rs_str *sets;  /* words of columns, one set behind the other */
} writing;

static rs_status describe(writing *self, rs_error *err)
{
    const rs_dataset *dataset = self->dataset;
    size_t n_words = 0;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        n_words += dataset->columns[i].words != NULL ? dataset->columns[i].words->n_words : 0;
    }
    self->texts = rs_alloc(dataset->n_columns, ROWS_AT_ONCE * sizeof *self->texts);
    self->sets = rs_alloc(n_words + 1, sizeof *self->sets);
    if (self->texts == NULL || self->sets == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->of->label);
    }
    rs_str *room = self->sets;
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        if (!rs_column_is_stored(column)) {
            continue;
        }
        RS_ASSERT(self->n_columns < RS_PLAN_MAX_COLUMNS && column->shape == RS_SHAPE_ONE);
        rs_parquet_column *to = &self->columns[self->n_columns];
        *to = (rs_parquet_column){.name = column->name, .type = column->type, .words = room};
        to->n_words = column->words != NULL ? column->words->n_words : 0;
        for (size_t word = 0; word < to->n_words; word++) {
            *room++ = rs_str_of(column->words->words[word]);
        }
        self->from[self->n_columns++] = i;
    }
    return RS_OK;
}

static void set_vector(writing *self, size_t index, const rs_vector *from, size_t n)
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

static rs_status write_part(writing *self, const rs_part *part, rs_error *err)
{
    const rs_batch *batch = &part->batches[self->number];
    for (size_t first = 0; first < batch->n_rows; first += ROWS_AT_ONCE) {
        size_t n_rest = batch->n_rows - first;
        size_t n = n_rest < ROWS_AT_ONCE ? n_rest : ROWS_AT_ONCE;
        for (size_t i = 0; i < self->n_columns; i++) {
            const rs_vector from = rs_vector_of_batch(batch, self->from[i], first, &part->strings);
            set_vector(self, i, &from, n);
        }
        RS_TRY(rs_parquet_push(self->file, self->vectors, n, err));
    }
    return RS_OK;
}

static rs_status write_parts(const rs_pipeline *pipeline, writing *self, rs_error *err)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    uint64_t n_rows = 0;
    uint64_t n_value_bytes = 0;
    for (size_t i = self->of->first_part; i < self->of->end_part; i++) {
        RS_TRY(rs_stop_check(pipeline->cancelled, err));
        RS_TRY(write_part(self, &evidence->parts[i], err));
        n_rows += evidence->parts[i].batches[self->number].n_rows;
    }
    for (size_t i = 0; i < self->n_columns; i++) {
        n_value_bytes += rs_type_bytes(self->columns[i].type);
    }
    rs_beside_add_scan(rs_run_beside(pipeline), (rs_dataset_id)self->number, n_rows,
                       n_rows * n_value_bytes);
    return RS_OK;
}

rs_status rs_evidence_file_write(const rs_pipeline *pipeline, const rs_evidence_file *file,
                                 rs_parquet_written *written, rs_error *err)
{
    const rs_output *output = file->output;
    writing self = {.of = file, .dataset = output->dataset};
    self.number = rs_dataset_evidence_number(output->dataset);
    RS_ASSERT(self.number < RS_N_EVIDENCE);
    rs_status status = describe(&self, err);
    RS_THEN(status, rs_parquet_open(file->path, self.columns, self.n_columns, output->metadata,
                                    output->n_metadata, &self.file, err));
    RS_THEN(status, write_parts(pipeline, &self, err));
    RS_THEN(status, rs_parquet_close(self.file, written, err));
    rs_parquet_free(self.file);
    rs_free(self.texts);
    rs_free(self.sets);
    return status;
}
