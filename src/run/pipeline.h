/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.h - a run: its options, its policy, and the nodes that it goes through.
 *
 * What a node makes is the node's own: a state in its file, all-zero before it runs. Others reach it
 * by the thing that it gives, through an accessor in the node's header; a debug build asserts that
 * the node at work declares what it reaches for, so that the table tells the truth. Files are
 * grouped into parts of consecutive files by sizes of the input alone: neither parts nor what
 * becomes of them depends on the number of workers, so neither does a byte of the bundle.
 *
 * Threads: a pipeline belongs to the thread that runs it; `cancelled` may be set by any. Workers of a
 * node may ask for things.
 */
#ifndef RS_RUN_PIPELINE_H
#define RS_RUN_PIPELINE_H

#include <stdatomic.h>

#include "base/clock.h"
#include "engine/engine.h"
#include "rules/policy.h"
#include "run/node.h"
#include "run/options.h"

/* Of the registry that is things.def. */
typedef enum rs_thing {
#define RS_THING(name, origin, doc) RS_THING_##name,
#include "run/things.def"
#undef RS_THING
    RS_N_THINGS
} rs_thing;

#define RS_THING_BIT(thing) ((rs_things)1 << (thing))

typedef struct rs_node_cost {
    uint64_t n_rows;
    uint64_t n_bytes;
    uint64_t elapsed_ns;
    uint64_t busy_ns; /* summed over the workers; 0: the same */
} rs_node_cost;

/* A node of the table in a run. */
typedef struct rs_node_run {
    void *state;
    bool is_selected; /* and wanted */
    rs_node_cost cost;
    atomic_uint_fast64_t reached; /* things that it asked for */
} rs_node_run;

/* What workers tell of how far they are. */
typedef struct rs_pipeline_counters {
    atomic_uint_fast64_t n_files_done;
    atomic_uint_fast64_t n_files;
    atomic_uint_fast64_t n_bytes_done;
    atomic_uint_fast64_t n_bytes;
    atomic_uint_fast64_t n_jobs_done;
    atomic_uint_fast64_t n_jobs;
} rs_pipeline_counters;

typedef struct rs_pipeline {
    const rs_run_options *options; /* nodes: rs_run_given() */
    rs_policy *policy;             /* nodes: rs_run_policy() */
    const rs_engine_type *engine_type;
    const rs_engine_type *engine_beside; /* runs what rules it can in its stead; NULL: none */
    const atomic_bool *cancelled;
    size_t n_workers;
    uint64_t n_memory_bytes; /* for all of the program: see run/memory.h */
    uint64_t started_ns;
    int64_t started_unix_ns;
    const rs_node_table *table;
    rs_node_run *nodes;        /* by place in the table */
    rs_node_run *at_work;      /* NULL: whoever asks may have any thing that is there */
    rs_things within_reach;    /* what the node at work declares */
    void *things[RS_N_THINGS]; /* the states of the nodes that give them */
    rs_pipeline_counters counters;
} rs_pipeline;

/*
 * Run the nodes that the options choose, by default all; on RS_OK *summary (see rs_run_summary()) is
 * filled and, where the bundle was published, *path.
 *
 * Errors: as rs_run_execute().
 */
rs_status rs_pipeline_run(const rs_run_options *options, const atomic_bool *cancelled,
                          rs_buf *summary, rs_buf *path, rs_error *err) RS_MUST_USE;

/* The table of nodes.c. */
const rs_node_table *rs_pipeline_nodes(void);

/* --- the parts of a run (also for tests, with tables of their own) --- */

/*
 * *pipeline is all-zero before. Load the policy, select the nodes of table that the options choose and that
 * are wanted.
 *
 * Ownership: the caller hands *pipeline to rs_pipeline_close(), also on failure.
 * Errors: RS_ERR_INVALID, RS_ERR_NOMEM; of the policy, as rs_policy_load().
 */
rs_status rs_pipeline_open(rs_pipeline *pipeline, const rs_run_options *options,
                           const atomic_bool *cancelled, const rs_node_table *table,
                           rs_error *err) RS_MUST_USE;
/* Run the nodes that are selected, in the order of the table. */
rs_status rs_pipeline_execute(rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;
void rs_pipeline_close(rs_pipeline *pipeline);

/* --- for nodes --- */

/*
 * The state of the node that gives a thing; NULL where that has none. Asserts that the node at work
 * needs or gives it. Accessors of the nodes' headers say which type it is.
 */
void *rs_run_thing(const rs_pipeline *pipeline, rs_thing thing);

/* Was it made in this run? */
bool rs_run_has(const rs_pipeline *pipeline, rs_thing thing);

/* The options, for what of them is a thing from outside. */
const rs_run_options *rs_run_given(const rs_pipeline *pipeline, rs_thing thing);
const rs_policy *rs_run_policy(const rs_pipeline *pipeline);

/* What the node at work costs. */
rs_node_cost *rs_run_cost(rs_pipeline *pipeline);

/* Are rules measured, plans captured: what options and policy say together. */
bool rs_run_measures(const rs_pipeline *pipeline);
bool rs_run_explains(const rs_pipeline *pipeline);

/* RS_ERR_CANCELLED once the caller asked to stop. */
rs_status rs_pipeline_check(const rs_pipeline *pipeline, rs_error *err) RS_MUST_USE;
/* Tell about progress, and hand on a request to stop; context is the pipeline. Main thread. */
void rs_pipeline_tick(void *context);

/* So that a field of counters starts again. */
static inline void rs_run_count_jobs(rs_pipeline *pipeline, size_t n_jobs)
{
    atomic_store(&pipeline->counters.n_jobs_done, 0);
    atomic_store(&pipeline->counters.n_jobs, n_jobs);
}

#endif
