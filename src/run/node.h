/* SPDX-License-Identifier: Apache-2.0 */
/* node.h - the pipeline as a table: nodes, and the things that they need and give.
 *
 * A node is a row: what it needs and gives, a bit a thing of one registry; whether it goes by part;
 * when it is wanted; its function, and the state that it owns. The table is what runs (pipeline.h),
 * what --only and --until choose from, and what `relspec pipeline` shows; nothing else knows the
 * order. Nodes that go by part and stand one behind the other are a *chain*: each part may pass
 * all of them before the next one is taken. Any other node is a barrier.
 *
 * Threads: tables are read-only and may be shared.
 */
#ifndef RS_RUN_NODE_H
#define RS_RUN_NODE_H

#include <stdint.h>

#include "base/str.h"

/* A bit for each thing of a registry. */
typedef uint64_t rs_things;

enum { RS_MAX_THINGS = 64, RS_MAX_NODES = 64 };

typedef enum rs_thing_origin { RS_THING_OUTSIDE, RS_THING_MADE, RS_THING_PRODUCT } rs_thing_origin;

typedef struct rs_thing_info {
    const char *name;
    rs_thing_origin origin;
    const char *doc;
} rs_thing_info;

/* Parts first .. end - 1. */
typedef struct rs_part_span {
    size_t first;
    size_t end;
} rs_part_span;

struct rs_pipeline;

typedef struct rs_node {
    const char *name;
    const char *doc;
    rs_things needs;
    rs_things gives;
    bool is_by_part;
    /* When it has something to do: "a SCIP index is given". Unless is_wanted, it does not run, and what
     * it gives is empty: its state stays all-zero. Both NULL: always. */
    const char *wanted_when;
    bool (*is_wanted)(const struct rs_pipeline *pipeline);
    /* What it owns, all-zero before it runs; it lives as long as the pipeline. */
    size_t n_state_bytes;
    /* parts: those to take, of a node that goes by part; else all. Called for parts in their order. */
    rs_status (*run)(struct rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err);
    /* Make nodes that use what this one gave come to an end soon; on the pipeline's own thread, while
     * workers are at work. NULL: there is nothing to do. */
    void (*interrupt)(void *state);
    void (*release)(void *state); /* NULL: there is nothing to do */
} rs_node;

typedef struct rs_node_table {
    const rs_node *nodes; /* in the order that they run in */
    size_t n_nodes;
    const rs_thing_info *things;
    size_t n_things;
    /* How many parts there are, for the nodes that go by part. */
    size_t (*count_parts)(const struct rs_pipeline *pipeline);
    /* Where those end that go through a chain together from this one on; NULL: all do. */
    size_t (*end_of_span)(const struct rs_pipeline *pipeline, size_t first);
} rs_node_table;

/*
 * Is it a pipeline? Every need is from outside or given by an earlier node, nothing is given twice,
 * nobody gives what comes from outside, and whatever is made is needed by somebody.
 *
 * Errors: RS_ERR_INVALID, naming the nodes and the thing.
 */
rs_status rs_nodes_check(const rs_node_table *table, rs_error *err) RS_MUST_USE;

/* Which node has that name; n_nodes for none. */
size_t rs_nodes_find(const rs_node_table *table, rs_str name);

/* The node that gives a thing; n_nodes for what comes from outside. */
size_t rs_nodes_giver(const rs_node_table *table, size_t thing);

/* Where the chain that begins at first ends: first + 1 for a barrier. */
size_t rs_nodes_chain_end(const rs_node_table *table, size_t first);

/* What somebody wants of a pipeline; all-zero is everything. Names are borrowed. */
typedef struct rs_node_choice {
    const rs_str *only; /* these nodes */
    size_t n_only;
    const char *until; /* this node, and every one before it that leaves a product; NULL: no end */
} rs_node_choice;

/*
 * A bit for each node that was asked for: by name, or, with an all-zero choice, all of them.
 *
 * Errors: RS_ERR_INVALID for a name that no node has, listing those that there are; for both at once.
 */
rs_status rs_nodes_ask(const rs_node_table *table, const rs_node_choice *choice, uint64_t *asked,
                       rs_error *err) RS_MUST_USE;

/* Those, and the nodes that give what they need. */
uint64_t rs_nodes_with_needs(const rs_node_table *table, uint64_t asked);

#endif
