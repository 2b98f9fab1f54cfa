/* SPDX-License-Identifier: Apache-2.0 */
#include "run/memory.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/memory.h"

#define MB(n_bytes) (((n_bytes) + 999999) / 1000000)

static uint64_t engine_floor(const rs_pipeline *pipeline)
{
    RS_ASSERT(pipeline->n_workers > 0);
    return RS_ENGINE_LEAST_BYTES + (pipeline->n_workers - 1) * (uint64_t)RS_ENGINE_WORKER_BYTES;
}

/* Of what is there, how much grows with the source: rules are there before. */
static uint64_t growing(uint64_t n_rows)
{
    return n_rows > RS_ROWS_LEAST_BYTES ? n_rows - RS_ROWS_LEAST_BYTES : 0;
}

/* To make and write what rows of that many bytes lead to. */
static uint64_t engine_needs(const rs_pipeline *pipeline, uint64_t n_rows)
{
    return engine_floor(pipeline) + growing(n_rows) / RS_ENGINE_ROWS_SHARE;
}

static bool fits(const rs_pipeline *pipeline, uint64_t n_rows)
{
    return RS_PROGRAM_BYTES + n_rows + engine_needs(pipeline, n_rows) <= pipeline->n_memory_bytes;
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

/* n_rows: what there are, or what there will be by what there are. */
static rs_status refuse(const rs_pipeline *pipeline, uint64_t n_rows, rs_error *err)
{
    uint64_t n_live = rs_alloc_live_bytes();
    char all[64] = "";
    if (n_rows > n_live) {
        snprintf(all, sizeof all, ", which makes about %" PRIu64 " MB for all of them", MB(n_rows));
    }
    return rs_error_set(
        err, RS_ERR_LIMIT,
        "build: the rows of %" PRIu64 " of %" PRIu64 " files take %" PRIu64 " MB%s, and %" PRIu64
        " MB are all that the program may have, of which the engine needs %" PRIu64
        " MB: give it more (--memory), or leave files out (--exclude); nothing was written",
        (uint64_t)atomic_load(&pipeline->counters.n_files_done),
        (uint64_t)atomic_load(&pipeline->counters.n_files), MB(n_live), all,
        MB(pipeline->n_memory_bytes),
        MB(engine_needs(pipeline, n_rows > n_live ? n_rows : n_live)));
}

rs_status rs_run_memory_walked(const rs_pipeline *pipeline, uint64_t n_source_bytes, rs_error *err)
{
    uint64_t n_rows = n_source_bytes * RS_ROWS_A_BYTE;
    if (fits(pipeline, n_rows)) {
        return RS_OK;
    }
    return rs_error_set(err, RS_ERR_LIMIT,
                        "build: the rows of %" PRIu64 " MB of source take %" PRIu64
                        " MB and mostly twenty times as much, and %" PRIu64
                        " MB are all that the program may have: give it more (--memory), or leave "
                        "files out (--exclude); nothing was written",
                        MB(n_source_bytes), MB(n_rows), MB(pipeline->n_memory_bytes));
}

/* What all rows will take, as those of the files so far do; 0: too few tell nothing. */
static uint64_t foresee(const rs_pipeline *pipeline)
{
    uint64_t n_done = atomic_load(&pipeline->counters.n_bytes_done);
    uint64_t n_all = atomic_load(&pipeline->counters.n_bytes);
    double n_rows = (double)growing(rs_alloc_live_bytes());
    return n_done == 0 || n_done < n_all / RS_TELLING_SHARE
               ? 0
               : RS_ROWS_LEAST_BYTES + (uint64_t)(n_rows / (double)n_done * (double)n_all);
}

rs_status rs_run_memory_check(const rs_pipeline *pipeline, rs_error *err)
{
    uint64_t n_rows = rs_alloc_live_bytes();
    if (!fits(pipeline, n_rows)) {
        return refuse(pipeline, n_rows, err);
    }
    uint64_t n_all_rows = foresee(pipeline);
    return fits(pipeline, n_all_rows / RS_TELLING_PERCENT * 100)
               ? RS_OK
               : refuse(pipeline, n_all_rows, err);
}

rs_status rs_run_memory_of_engine(const rs_pipeline *pipeline, uint64_t *n_bytes, rs_error *err)
{
    uint64_t n_least = rs_alloc_live_bytes() + RS_PROGRAM_BYTES;
    uint64_t n_used = rs_memory_in_use();
    n_used = n_used > n_least ? n_used : n_least;
    *n_bytes = pipeline->n_memory_bytes > n_used ? pipeline->n_memory_bytes - n_used : 0;
    return *n_bytes >= engine_needs(pipeline, rs_alloc_live_bytes()) ? RS_OK
                                                                     : refuse(pipeline, 0, err);
}
