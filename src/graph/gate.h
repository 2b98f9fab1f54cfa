/* SPDX-License-Identifier: Apache-2.0 */
/* gate.h - the finalize gate: which rows of some selects are good, and which are not.
 *
 * A *group* is the selects of one dataset that may give rows of the same key; the
 * groups of a dataset share none. A group whose rows are proved right is written as it
 * is. Of any other the kernels judge, dedupe and canonical_sort look at the rows: a required column that is
 * null, a confidence outside of 0 .. 1, a key that stood before in the order of the rules and their
 * evidence. (A word that is none has no place in its column: the engine's types keep it out.)
 */
#ifndef RS_GRAPH_GATE_H
#define RS_GRAPH_GATE_H

#include "base/vec.h"
#include "plan/steps.h"
#include "rules/rules.h"

RS_VEC_DEFINE(rs_select_list, const rs_select *)

typedef struct rs_group {
    rs_select_list selects; /* in the order of their rows */
    size_t place;           /* of the first of them in the dataset */
    bool is_unique;         /* no two rows have the same key */
    bool is_proved;         /* no row can be rejected */
    bool is_ordered;        /* rows come in order as they are */
    bool is_derived;        /* edges in it come from joined rows: derivations keep them */
} rs_group;

RS_VEC_DEFINE(rs_group_vec, rs_group)

/* The groups of a dataset's rules of one scope, but those that are skipped or left out (by number;
 * NULL: none), in the order of their rows. Errors: RS_ERR_NOMEM. */
rs_status rs_gate_group(const rs_rules *rules, const rs_dataset *dataset, rs_wave scope,
                        const bool *left_out, rs_group_vec *groups, rs_error *err) RS_MUST_USE;
void rs_gate_release(rs_group_vec *groups);

/* The columns of a group's rows that something can be wrong with, a bit each: required ones that may be null,
 * shares that may lie outside of 0 .. 1. */
void rs_group_faults(const rs_group *group, const rs_dataset *dataset, uint64_t *required,
                     uint64_t *shares);

typedef enum rs_gate_rows {
    RS_GATE_GOOD,
    RS_GATE_REJECTS,    /* with their reason */
    RS_GATE_DERIVATIONS /* of good edges: the rows of evidence behind each of them */
} rs_gate_rows;

/* Which of a dataset's SELECTs is meant, and the types that rs_select_style has. */
typedef struct rs_gate_style {
    rs_gate_rows rows;
    const rs_dialect *dialect;
    const char *rule_type;
    const char *key_type;
    bool is_observed; /* good rows: as rs_select_style */
} rs_gate_style;

/* Append the SELECT of the groups' rows; *kernels is what it calls, a bit each. False when there is nothing
 * to select. */
bool rs_gate_add_sql(const rs_group_vec *groups, const rs_dataset *dataset,
                     const rs_gate_style *style, unsigned *kernels, rs_buf *sql);

/*
 * The gate of a relationship: plans that the engine runs as it runs a rule's, over the rows that it kept of
 * the rules (plan/steps.h). `judge` gives all rows with `reason`, null for good ones; the others read
 * the relation that it made: `good` the good ones, with ambiguity_group_id and `_in`, in the contract's
 * order; `rejects` the others. Where faults_sql counts none, the common case, clean_sql is
 * the same relation for a third of the cost. All lies in the arena.
 */
typedef struct rs_contract_gate {
    const char *faults_sql;
    const char *clean_sql;
    const char *judged; /* name of the relation */
    const rs_plan *judge;
    const rs_plan *good;
    const rs_plan *rejects;
} rs_contract_gate;

/* False when memory is out. */
bool rs_gate_plan(const rs_rules *rules, const rs_contract *contract, rs_arena *arena,
                  rs_contract_gate *out);

#endif
