/* SPDX-License-Identifier: Apache-2.0 */
#include "run/memory.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/memory.h"

#define MB(n_bytes) (((n_bytes) + 999999) / 1000000)

static uint64_t engine_floor(const rs_pipeline *pipeline)
{
    return RS_ENGINE_LEAST_BYTES + (pipeline->n_workers - 1) * (uint64_t)RS_ENGINE_WORKER_BYTES;
}

rs_status rs_run_memory_begin(const rs_pipeline *pipeline, rs_error *err)
{
    uint64_t n_least = RS_PROGRAM_BYTES + engine_floor(pipeline) + RS_ROWS_LEAST_BYTES;
    if (pipeline->n_memory_bytes >= n_least) {
        return RS_OK;
    }
    return rs_error_set(err, RS_ERR_LIMIT,
                        "build: %" PRIu64 " MB of memory are too little: with %zu threads it takes "
                        "%" PRIu64 " MB (--memory) to build anything",
                        MB(pipeline->n_memory_bytes), pipeline->n_workers, MB(n_least));
}

static rs_status refuse(const rs_pipeline *pipeline, rs_error *err)
{
    return rs_error_set(
        err, RS_ERR_LIMIT,
        "build: the rows of %" PRIu64 " of %" PRIu64 " files take %" PRIu64 " MB, and %" PRIu64
        " MB are all that the program may have, of which the engine needs %" PRIu64
        " MB: give it more (--memory), or leave files out (--exclude); nothing was written",
        (uint64_t)atomic_load(&pipeline->counters.n_files_done),
        (uint64_t)atomic_load(&pipeline->counters.n_files), MB(rs_alloc_live_bytes()),
        MB(pipeline->n_memory_bytes), MB(engine_floor(pipeline)));
}

rs_status rs_run_memory_check(const rs_pipeline *pipeline, rs_error *err)
{
    uint64_t n_needed = rs_alloc_live_bytes() + RS_PROGRAM_BYTES + engine_floor(pipeline);
    return n_needed <= pipeline->n_memory_bytes ? RS_OK : refuse(pipeline, err);
}

rs_status rs_run_memory_of_engine(const rs_pipeline *pipeline, uint64_t *n_bytes, rs_error *err)
{
    uint64_t n_least = rs_alloc_live_bytes() + RS_PROGRAM_BYTES;
    uint64_t n_used = rs_memory_in_use();
    n_used = n_used > n_least ? n_used : n_least;
    *n_bytes = pipeline->n_memory_bytes > n_used ? pipeline->n_memory_bytes - n_used : 0;
    return *n_bytes >= engine_floor(pipeline) ? RS_OK : refuse(pipeline, err);
}
