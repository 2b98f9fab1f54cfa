/* SPDX-License-Identifier: Apache-2.0 */
#include "run/evidence_file.h"

#include "base/stop.h"
#include "run/beside.h"
#include "run/extract.h"
#include "run/plan.h"
#include "run/rows_file.h"
#include "run/sessions.h"

static rs_status add_parts(const rs_pipeline *pipeline, const rs_evidence_file *of, size_t number,
                           rs_rows_file *file, rs_error *err)
{
    const rs_evidence *evidence = rs_run_evidence(pipeline);
    uint64_t n_rows = 0;
    for (size_t i = of->first_part; i < of->end_part; i++) {
        const rs_part *part = &evidence->parts[i];
        RS_TRY(rs_stop_check(pipeline->cancelled, err));
        RS_TRY(rs_rows_file_add(file, &part->batches[number], &part->strings, NULL, err));
        n_rows += part->batches[number].n_rows;
    }
    rs_beside_add_scan(rs_run_beside(pipeline), (rs_dataset_id)number, n_rows,
                       n_rows * rs_rows_file_row_bytes(file));
    return RS_OK;
}

rs_status rs_evidence_file_write(const rs_pipeline *pipeline, const rs_evidence_file *of,
                                 rs_parquet_written *written, rs_error *err)
{
    size_t number = rs_dataset_evidence_number(of->output->dataset);
    const rs_rows_target target = {.output = of->output,
                                   .kinds = rs_rules_kinds(rs_run_rules(pipeline)),
                                   .label = of->label,
                                   .path = of->path,
                                   .tally = of->tally};
    rs_rows_file *file = NULL;
    RS_ASSERT(number < RS_N_EVIDENCE);
    rs_status status = rs_rows_file_open(&target, &file, err);
    RS_THEN(status, add_parts(pipeline, of, number, file, err));
    RS_THEN(status, rs_rows_file_close(file, written, err));
    rs_rows_file_free(file);
    return status;
}
