/* SPDX-License-Identifier: Apache-2.0 */
/* coverage.h - how much of the sources a SCIP index speaks of. */
#ifndef RS_RUN_COVERAGE_H
#define RS_RUN_COVERAGE_H

#include "run/pipeline.h"

typedef struct rs_coverage {
    uint64_t n_files_covered; /* that the index has a document of */
    uint64_t n_calls;
    uint64_t n_calls_covered; /* whose callee's last identifier has a symbol there */
} rs_coverage;

/* Of the evidence of a run that has some; *failed is set when memory is out. */
void rs_coverage_of(const rs_pipeline *pipeline, rs_coverage *out, bool *failed);

#endif
