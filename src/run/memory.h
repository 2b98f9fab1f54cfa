/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h - whose the memory of a run is: the program's, the rows', the engine's.
 *
 * Rows are kept until they are written, so what they take is known before anything is; the engine gets what
 * is left when it is opened. A run that cannot fit says so as soon as that can be told, and has written
 * nothing: when the tree was walked, by its bytes; while rows are made, by what the first of them take; and
 * before the engine is opened.
 */
#ifndef RS_RUN_MEMORY_H
#define RS_RUN_MEMORY_H

#include "run/pipeline.h"

/* Measured: see tests/fault/memory.py, which builds with no more than these. */
enum {
    RS_PROGRAM_BYTES = (28 << 20) + RS_ENGINE_CODE_BYTES, /* with nothing to do */
    RS_ROWS_LEAST_BYTES = 8 << 20,                        /* rules, and the rows of a few files */
    RS_ENGINE_WORKER_BYTES = 12 << 20, /* of an engine, for each worker but the first */
    RS_ENGINE_ROWS_SHARE = 2, /* of an engine, beside that: at least half of what rows take */
    RS_ROWS_A_BYTE = 1,       /* of source that is all comment; code takes twenty times as much */
    RS_TELLING_SHARE = 8,     /* rows of an eighth of the source tell what all of them will take, */
    RS_TELLING_PERCENT = 150, /* within a half */
    RS_FILE_SHARE = 4         /* a file may take a quarter, or it is left out with a diagnostic */
};

/* Is there enough for a run of nothing? Errors: RS_ERR_LIMIT. */
rs_status rs_run_memory_begin(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* Is there enough for rows of that many bytes of source? Errors: as above. */
rs_status rs_run_memory_walked(const rs_pipeline *pipeline, uint64_t n_source_bytes,
                               rs_error *err) RS_MUST_USE;

/* Is enough left for the engine beside the rows that there are, and those to come as far as one can
 * tell? Errors: RS_ERR_LIMIT. Any thread. */
rs_status rs_run_memory_check(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;

/* What is left for the engine. Errors: as above. */
rs_status rs_run_memory_of_engine(const rs_pipeline *pipeline, uint64_t *n_bytes,
                                  rs_error *err) RS_MUST_USE;

#endif
