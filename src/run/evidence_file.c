/* SPDX-License-Identifier: Apache-2.0 */
#include "run/evidence_file.h"

#include "base/stop.h"
#include "run/beside.h"
#include "run/extract.h"
#include "run/plan.h"

rs_status rs_evidence_file_open(const rs_pipeline *pipeline, rs_evidence_file *self,
                                const rs_output *output, const char *label, const char *path,
                                rs_parquet_tally *tally, rs_error *err)
{
    RS_ASSERT(self->file == NULL);
    rs_buf_reset(&self->path);
    rs_buf_reset(&self->label);
    rs_buf_add(&self->path, path);
    rs_buf_add(&self->label, label);
    RS_TRY(rs_buf_check(&self->path, err));
    RS_TRY(rs_buf_check(&self->label, err));
    const rs_rows_target target = {.output = output,
                                   .kinds = rs_rules_kinds(rs_run_rules(pipeline)),
                                   .label = rs_buf_text(&self->label),
                                   .path = rs_buf_text(&self->path),
                                   .tally = tally};
    return rs_rows_file_open(&target, &self->file, err);
}

rs_status rs_evidence_file_add(const rs_pipeline *pipeline, const rs_evidence_file *self,
                               const rs_output *output, size_t number, rs_error *err)
{
    size_t dataset = rs_dataset_evidence_number(output->dataset);
    const rs_part *part = &rs_run_evidence(pipeline)->parts[number];
    uint64_t n_rows = part->batches[dataset].n_rows;
    RS_ASSERT(dataset < RS_N_EVIDENCE);
    RS_TRY(rs_stop_check(pipeline->cancelled, err));
    RS_TRY(rs_rows_file_add(self->file, &part->batches[dataset], &part->strings, NULL, err));
    rs_beside_add_scan(rs_run_beside(pipeline), (rs_dataset_id)dataset, n_rows,
                       n_rows * rs_rows_file_row_bytes(self->file));
    return RS_OK;
}

rs_status rs_evidence_file_close(rs_evidence_file *self, rs_parquet_written *written, rs_error *err)
{
    rs_status status = rs_rows_file_close(self->file, written, err);
    rs_rows_file_free(self->file);
    self->file = NULL;
    return status;
}

void rs_evidence_file_release(rs_evidence_file *self)
{
    rs_rows_file_free(self->file);
    rs_buf_release(&self->path);
    rs_buf_release(&self->label);
}
