/* SPDX-License-Identifier: Apache-2.0 */
/* graph_source.h - the graph of a bundle, for formats that write one: its nodes, then its edges, each
 * with its properties.
 *
 * Nodes come part by part as the bundle has them, and so do edges: in the same order each time. What is
 * held in memory is a part's properties (those of a node or an edge stand in the part of its number, or
 * in the last, which holds what rules over the whole run made) and the files' paths.
 *
 * Threads: one at a time.
 */
#ifndef RS_OUTPUT_GRAPH_SOURCE_H
#define RS_OUTPUT_GRAPH_SOURCE_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/sql.h"
#include "output/property_map.h"
#include "schema/cursor.h"

typedef struct rs_graph_source rs_graph_source;

/* Numbers that may not be there: all-zero is none. */
typedef struct rs_some_i64 {
    bool is_set;
    int64_t value;
} rs_some_i64;

/* A text that may not be there has bytes NULL. */
typedef struct rs_graph_node {
    int64_t id;
    rs_str kind;
    rs_str path; /* of the file that it lies in */
    rs_some_i64 file_id, start_byte, end_byte;
    rs_some_i64 start_line, start_column, end_line, end_column;
    rs_str name, qualified_name, status;
    bool is_damaged;
    const rs_graph_property *properties; /* in the order of their keys */
    size_t n_properties;
} rs_graph_node;

/* (kind, src, dst, start_byte) is what an edge is addressed by. */
typedef struct rs_graph_edge {
    rs_str kind;
    int64_t src, dst;
    rs_str path; /* of the file of its anchor */
    rs_some_i64 file_id, start_byte, end_byte;
    rs_str origin, method, rule_name;
    double confidence;
    bool has_score;
    double score;
    rs_some_i64 ambiguity_group_id;
    bool is_damaged;
    const rs_graph_property *properties;
    size_t n_properties;
} rs_graph_edge;

/* All-zero is the whole graph. */
typedef struct rs_graph_filter {
    const char *const *kinds; /* of nodes and of edges; what is of none of them is left out */
    size_t n_kinds;
} rs_graph_filter;

/*
 * Open the graph of the bundle in a directory.
 *
 * Ownership: the filter and stop, as for rs_reader_new(), are borrowed; the caller hands *out to rs_graph_source_free().
 * Errors: as rs_reader_new(); RS_ERR_INVALID for a kind that is none.
 */
rs_status rs_graph_source_new(const char *bundle, const rs_graph_filter *filter,
                              const atomic_bool *stop, rs_graph_source **out,
                              rs_error *err) RS_MUST_USE;
void rs_graph_source_free(rs_graph_source *source);

/* The next node; *out is NULL behind the last. Borrowed until the next call. */
rs_status rs_graph_source_next_node(rs_graph_source *source, const rs_graph_node **out,
                                    rs_error *err) RS_MUST_USE;
/* The same of edges: nodes that were not asked for are passed over. */
rs_status rs_graph_source_next_edge(rs_graph_source *source, const rs_graph_edge **out,
                                    rs_error *err) RS_MUST_USE;

/*
 * The rows of one of our statements over the bundle's views, for a form that is no list of nodes and
 * edges; before any of these was asked for.
 *
 * Ownership: the caller frees *out.
 * Errors: RS_ERR_INVALID where kinds were chosen: such a form has its own.
 */
rs_status rs_graph_source_query(rs_graph_source *source, const rs_sql *statement, rs_cursor **out,
                                rs_error *err) RS_MUST_USE;
/* What such a form wrote. */
void rs_graph_source_count(rs_graph_source *source, uint64_t n_nodes, uint64_t n_edges);

/* How many were given so far. */
uint64_t rs_graph_source_n_nodes(const rs_graph_source *source);
uint64_t rs_graph_source_n_edges(const rs_graph_source *source);

#endif
