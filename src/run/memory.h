/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - whose the memory of a run is: the program's, the rows', the engine's.
 *
 * Rows are kept until they are written, so what they take is known before anything is; the engine gets what
 * is left when it is opened. A run that cannot fit says so then, and has written nothing.
 */
#ifndef RS_RUN_MEMORY_H
#define RS_RUN_MEMORY_H

#include "run/pipeline.h"

/* Measured: see tests/fault/memory.py, which builds with no more than these. */
enum {
    RS_PROGRAM_BYTES = (28 << 20) + RS_ENGINE_CODE_BYTES, /* with nothing to do */
    RS_ROWS_LEAST_BYTES = 8 << 20,                        /* rules, and the rows of a few files */
    RS_ENGINE_WORKER_BYTES = 12 << 20, /* of an engine, for each worker but the first */
    RS_FILE_SHARE = 4 /* a file may take a quarter, or it is left out with a diagnostic */
};

/* Is there enough for a run of nothing? Errors: RS_ERR_LIMIT. */
rs_status rs_run_memory_begin(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* Is enough left for the engine beside the rows that there are? Errors: RS_ERR_LIMIT. Any thread. */
rs_status rs_run_memory_check(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* What is left for the engine. Errors: as above. */
rs_status rs_run_memory_of_engine(const rs_pipeline *pipeline, uint64_t *n_bytes,
                                  rs_error *err) RS_MUST_USE;

#endif
