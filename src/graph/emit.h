/* SPDX-License-Identifier: Apache-2.0 */
/* emit.h - which SQL makes which dataset of a bundle.
 *
 * A plan lists the outputs: every evidence dataset, every relationship, then nodes, edges, props and
 * derivations. Their SELECTs read the views that rs_session_select_parts() makes, and one of each
 * relationship under its name. What is proved to be a matter of one file alone is one SELECT over
 * each range of parts (rows_sql); the rest one over all of them (run_sql).
 *
 * The finalize gate is part of the SELECTs: required columns, words, unique keys.
 * What the plan proves is not checked again; what it cannot prove becomes a predicate
 * of the good rows, and its opposite the SELECT of the rejects.
 *
 * Order of rows: evidence and nodes as their evidence stands (path, then number in
 * the file), the rules of nodes one after the other; relationships as their contract says; edges by
 * kind, rule, evidence; props by rule, key, evidence.
 *
 * Threads: a plan is read-only and may be shared.
 */
#ifndef RS_GRAPH_EMIT_H
#define RS_GRAPH_EMIT_H

#include "base/error.h"
#include "engine/engine.h"
#include "graph/gate.h"
#include "rules/rules.h"

typedef struct rs_graph_plan rs_graph_plan;

typedef enum rs_output_family {
    RS_OUTPUT_EVIDENCE,     /* evidence/<dataset>/ */
    RS_OUTPUT_RELATIONSHIP, /* relationships/<dataset>/ */
    RS_OUTPUT_GRAPH         /* cpg/<dataset>/ */
} rs_output_family;

/* The SELECTs of one dataset; NULL where there is nothing to select. Evidence has none: its files are its
 * columns as they lie in memory. Borrowed from the plan. */
typedef struct rs_output {
    rs_output_family family;
    const rs_dataset *dataset;
    const char *rows_sql; /* good rows of a range of parts */
    const char *run_sql;  /* those that need all parts */
    /* Rows that the gate keeps out, with `reason` behind their columns. */
    const char *rejects_sql;
    const char *run_rejects_sql;
    const rs_text_pair *metadata; /* for the Parquet footer */
    size_t n_metadata;
    /* Of a relationship: the gate over the rows of its rules, by which its table and that of its rejects are
     * made before anything reads it. */
    const rs_contract *contract;
    const rs_contract_gate *gate; /* of one that is not absent */
    unsigned kernels;             /* of the graph: what its SELECTs call, a bit each */
} rs_output;

/*
 * Plan a set of rules that was checked. With is_observed the good rows of the graph pass the engine's
 * observe() with the number of their rule.
 *
 * Ownership: rules are borrowed as long as the plan lives. The caller owns *out.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_graph_plan_new(const rs_rules *rules, bool is_observed, rs_graph_plan **out,
                            rs_error *err) RS_MUST_USE;
void rs_graph_plan_free(rs_graph_plan *plan);

/*
 * Append the SELECT of an output of the graph, of its good rows or its rejects, without some rules
 * (by number): for a run in which they fail. Nothing is appended where nothing is left.
 */
rs_status rs_graph_plan_add_sql(const rs_graph_plan *plan, const rs_rules *rules,
                                const rs_output *output, rs_wave scope, bool is_rejects,
                                const bool *left_out, rs_buf *sql, rs_error *err) RS_MUST_USE;

/* The same of some of an output's groups (graph/gate.h). */
rs_status rs_graph_plan_add_groups_sql(const rs_graph_plan *plan, const rs_rules *rules,
                                       const rs_output *output, const rs_group_vec *groups,
                                       bool is_rejects, rs_buf *sql, rs_error *err) RS_MUST_USE;

/* The words of a column of texts of which the plan knows all, which is one of words in its SQL; false for
 * any other. */
bool rs_graph_plan_words(const rs_graph_plan *plan, const rs_dataset *dataset, size_t column,
                         const rs_str **words, size_t *n_words);

size_t rs_graph_plan_n_outputs(const rs_graph_plan *plan);
const rs_output *rs_graph_plan_output(const rs_graph_plan *plan, size_t index);

/* A column of an output's file: those that are stored; a reject file has `reason` (STR) behind them. */
size_t rs_output_n_columns(const rs_output *output);
/* Their names, at most RS_PLAN_MAX_COLUMNS and one; how many there are. */
size_t rs_output_names(const rs_output *output, bool is_rejects, const char **names);
const rs_column *rs_output_column(const rs_output *output, size_t index);

#endif
