/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline.c - the runner: from one node of the table to the next. */
#include "run/pipeline.h"

#include "base/alloc.h"
#include "base/memory.h"
#include "base/stop.h"
#include "run/draft.h"
#include "run/memory.h"
#include "run/summary.h"
#include "run/workers.h"

/* --- what nodes ask for --- */

static void reach(const rs_pipeline *pipeline, rs_thing thing)
{
    if (pipeline->at_work != NULL) {
        RS_ASSERT((pipeline->within_reach & RS_THING_BIT(thing)) != 0);
        atomic_fetch_or_explicit(&pipeline->at_work->reached, RS_THING_BIT(thing),
                                 memory_order_relaxed);
    }
}

void *rs_run_thing(const rs_pipeline *pipeline, rs_thing thing)
{
    reach(pipeline, thing);
    RS_ASSERT((size_t)thing < pipeline->table->n_things);
    return pipeline->things[thing];
}

bool rs_run_has(const rs_pipeline *pipeline, rs_thing thing)
{
    size_t giver = rs_nodes_giver(pipeline->table, thing);
    RS_ASSERT(pipeline->nodes != NULL);
    return giver < pipeline->table->n_nodes && pipeline->nodes[giver].is_selected;
}

const rs_run_options *rs_run_given(const rs_pipeline *pipeline, rs_thing thing)
{
    reach(pipeline, thing);
    return pipeline->options;
}

const rs_policy *rs_run_policy(const rs_pipeline *pipeline)
{
    reach(pipeline, RS_THING_policy);
    return pipeline->policy;
}

rs_node_cost *rs_run_cost(rs_pipeline *pipeline)
{
    RS_ASSERT(pipeline->at_work != NULL); /* a cost is a node's */
    return &pipeline->at_work->cost;
}

bool rs_run_measures(const rs_pipeline *pipeline)
{
    return rs_run_policy(pipeline)->diagnostics.events &&
           !rs_run_given(pipeline, RS_THING_options)->events_off;
}

bool rs_run_explains(const rs_pipeline *pipeline)
{
    return rs_run_policy(pipeline)->diagnostics.explains ||
           rs_run_given(pipeline, RS_THING_options)->explain;
}

rs_status rs_pipeline_check(const rs_pipeline *pipeline, rs_error *err)
{
    if (atomic_load_explicit(pipeline->cancelled, memory_order_relaxed)) {
        return rs_error_set(err, RS_ERR_CANCELLED, "build: interrupted");
    }
    return RS_OK;
}

static void interrupt_nodes(rs_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->table->n_nodes; i++) {
        const rs_node *node = &pipeline->table->nodes[i];
        if (node->interrupt != NULL && &pipeline->nodes[i] < pipeline->at_work) {
            node->interrupt(pipeline->nodes[i].state);
        }
    }
}

void rs_pipeline_tick(void *context)
{
    rs_pipeline *pipeline = context;
    const rs_run_options *options = pipeline->options;
    rs_pipeline_counters *counters = &pipeline->counters;
    if (atomic_load(pipeline->cancelled)) {
        interrupt_nodes(pipeline);
    }
    if (options->progress != NULL) {
        RS_ASSERT(pipeline->at_work != NULL);
        const rs_pipeline_progress progress = {
            .stage = pipeline->table->nodes[pipeline->at_work - pipeline->nodes].name,
            .n_files_done = atomic_load(&counters->n_files_done),
            .n_files = atomic_load(&counters->n_files),
            .n_bytes_done = atomic_load(&counters->n_bytes_done),
            .n_bytes = atomic_load(&counters->n_bytes),
            .n_jobs_done = atomic_load(&counters->n_jobs_done),
            .n_jobs = atomic_load(&counters->n_jobs),
        };
        options->progress(&progress, options->progress_context);
    }
}

/* --- running them --- */

static rs_status make_state(rs_pipeline *pipeline, size_t index, rs_error *err)
{
    const rs_node *node = &pipeline->table->nodes[index];
    rs_node_run *run = &pipeline->nodes[index];
    if (node->n_state_bytes == 0) {
        return RS_OK;
    }
    run->state = rs_alloc_zero(1, node->n_state_bytes);
    if (run->state == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", node->name);
    }
    for (size_t thing = 0; thing < pipeline->table->n_things; thing++) {
        if ((node->gives & RS_THING_BIT(thing)) != 0) {
            pipeline->things[thing] = run->state;
        }
    }
    return RS_OK;
}

static rs_status run_node(rs_pipeline *pipeline, size_t index, rs_part_span parts, rs_error *err)
{
    RS_ASSERT(pipeline->nodes != NULL);
    const rs_node *node = &pipeline->table->nodes[index];
    rs_node_run *run = &pipeline->nodes[index];
    if (!run->is_selected) {
        return RS_OK;
    }
    RS_TRY(rs_pipeline_check(pipeline, err));
    uint64_t started_ns = rs_clock_ns();
    RS_ASSERT(pipeline->at_work == NULL); /* one after the other */
    pipeline->at_work = run;
    pipeline->within_reach = node->needs | node->gives;
    size_t n_failures = rs_alloc_failures();
    rs_status status = node->run(pipeline, run->state, parts, err);
    status = rs_error_unseen(err, status, n_failures);
    if (status != RS_OK && rs_stopped(pipeline->cancelled)) {
        status = rs_pipeline_check(pipeline, err); /* what is stopped fails somehow */
    }
    rs_pipeline_tick(pipeline);
    pipeline->at_work = NULL;
    run->cost.elapsed_ns += rs_clock_ns() - started_ns;
    return status;
}

static size_t end_of_span(const rs_pipeline *pipeline, size_t first, size_t n_parts)
{
    size_t n_at_once = pipeline->options->parts_at_once;
    if (n_at_once > 0) {
        return n_parts - first <= n_at_once ? n_parts : first + n_at_once;
    }
    return pipeline->table->end_of_span != NULL ? pipeline->table->end_of_span(pipeline, first)
                                                : n_parts;
}

/* Some parts through all nodes of a chain, then the next ones: what is made of parts goes with them. */
static rs_status run_chain(rs_pipeline *pipeline, size_t first, size_t end, rs_error *err)
{
    size_t n_parts = pipeline->table->count_parts(pipeline);
    rs_part_span parts = {0};
    while (parts.end < n_parts) {
        parts = (rs_part_span){parts.end, end_of_span(pipeline, parts.end, n_parts)};
        RS_ASSERT(parts.first < parts.end && parts.end <= n_parts);
        for (size_t node = first; node < end; node++) {
            RS_TRY(run_node(pipeline, node, parts, err));
        }
    }
    return RS_OK;
}

rs_status rs_pipeline_execute(rs_pipeline *pipeline, rs_error *err)
{
    const rs_node_table *table = pipeline->table;
    for (size_t node = 0, end = 0; node < table->n_nodes; node = end) {
        end = rs_nodes_chain_end(table, node);
        RS_ASSERT(end > node && end <= table->n_nodes);
        if (table->nodes[node].is_by_part) {
            RS_TRY(run_chain(pipeline, node, end, err));
        } else {
            RS_TRY(run_node(pipeline, node, (rs_part_span){0}, err));
        }
    }
    return RS_OK;
}

/* Those that were asked for and what they need, as far as they are wanted. */
static rs_status select_nodes(rs_pipeline *pipeline, rs_error *err)
{
    const rs_node_table *table = pipeline->table;
    const rs_node_choice *choice = &pipeline->options->choice;
    bool is_named = choice->n_only > 0 || choice->until != NULL;
    uint64_t asked = 0;
    RS_TRY(rs_nodes_ask(table, choice, &asked, err));
    uint64_t selected = rs_nodes_with_needs(table, asked);
    RS_ASSERT((selected & asked) == asked);
    for (size_t i = 0; i < table->n_nodes; i++) {
        const rs_node *node = &table->nodes[i];
        bool is_wanted = node->is_wanted == NULL || node->is_wanted(pipeline);
        if (is_named && !is_wanted && (asked >> i & 1) != 0) {
            return rs_error_set(err, RS_ERR_INVALID, "node %s has nothing to do: it runs where %s",
                                node->name, node->wanted_when);
        }
        pipeline->nodes[i].is_selected = is_wanted && (selected >> i & 1) != 0;
        RS_TRY(make_state(pipeline, i, err));
    }
    return RS_OK;
}

static rs_status choose_engine(rs_pipeline *pipeline, const char *name, rs_error *err)
{
    if (name == NULL || strcmp(name, RS_ENGINE_AUTO) == 0) {
        pipeline->engine_beside = rs_engine_type_beside();
        name = NULL;
    }
    return rs_engine_type_choose(name, RS_ENGINE_BUILDS, &pipeline->engine_type, err);
}

rs_status rs_pipeline_open(rs_pipeline *pipeline, const rs_run_options *options,
                           const atomic_bool *cancelled, const rs_node_table *table, rs_error *err)
{
    *pipeline = (rs_pipeline){.options = options, .cancelled = cancelled, .table = table};
    pipeline->started_ns = rs_clock_ns();
    pipeline->started_unix_ns = rs_clock_unix_ns();
    pipeline->n_workers = options->n_threads > 0 ? options->n_threads : rs_processors();
    if (pipeline->n_workers > RS_MAX_WORKERS) {
        return rs_error_set(err, RS_ERR_INVALID, "build: %zu threads are more than %d",
                            pipeline->n_workers, RS_MAX_WORKERS);
    }
    pipeline->n_memory_bytes =
        options->n_memory_bytes > 0 ? options->n_memory_bytes : rs_memory_limit();
    RS_TRY(choose_engine(pipeline, options->engine, err));
    RS_TRY(rs_policy_load(options->policy_file, &pipeline->policy, err));
    pipeline->nodes = rs_alloc_zero(table->n_nodes, sizeof *pipeline->nodes);
    if (pipeline->nodes == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "build: out of memory");
    }
    return select_nodes(pipeline, err);
}

void rs_pipeline_close(rs_pipeline *pipeline)
{
    for (size_t i = pipeline->nodes != NULL ? pipeline->table->n_nodes : 0; i-- > 0;) {
        const rs_node *node = &pipeline->table->nodes[i];
        void *state = pipeline->nodes[i].state;
        if (state != NULL && node->release != NULL) {
            node->release(state);
        }
        rs_free(state);
    }
    rs_free(pipeline->nodes);
    rs_policy_free(pipeline->policy);
}

rs_status rs_pipeline_run(const rs_run_options *options, const atomic_bool *cancelled,
                          rs_buf *summary, rs_buf *path, rs_error *err)
{
    rs_pipeline pipeline = {0};
    rs_status status = rs_pipeline_open(&pipeline, options, cancelled, rs_pipeline_nodes(), err);
    RS_THEN(status, rs_run_memory_begin(&pipeline, err));
    RS_THEN(status, rs_pipeline_execute(&pipeline, err));
    if (status == RS_OK) {
        rs_buf_reset(summary);
        status = rs_pipeline_summarise(&pipeline, summary, err);
    }
    rs_buf_reset(path);
    if (status == RS_OK && rs_run_has(&pipeline, RS_THING_bundle)) {
        rs_buf_add(path, rs_bundle_writer_path(rs_run_draft(&pipeline)->writer));
        status = rs_buf_check(path, err);
    }
    rs_pipeline_close(&pipeline);
    return status;
}
