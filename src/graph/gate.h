/* SPDX-License-Identifier: Apache-2.0 */
/* gate.h - the finalize gate: which rows of some selects are good, and which are not.
 *
 * A *group* is the selects of one dataset that may give rows of the same key; the
 * groups of a dataset share none. A group whose rows are proved right is written as it
 * is. Any other is numbered by key and looked at, row by row: a required column that is
 * null, a confidence outside of 0 .. 1, a word that is none, a key that stood before in the order of the rules and
 * their evidence.
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

/* Append the SELECT of the groups' rows. False when there is nothing to select. */
bool rs_gate_add_sql(const rs_group_vec *groups, const rs_dataset *dataset,
                     const rs_gate_style *style, rs_buf *sql);

/* The gate's rows before they are judged, and the call of the kernel that judges them. */
#define RS_GATE_ROWS "_rows"
enum { RS_GATE_MAX_COLUMNS = RS_PLAN_MAX_COLUMNS + 4 };

typedef struct rs_gate_judge {
    rs_kernel_call call; /* points into the rest: not to be copied */
    const char *columns[RS_GATE_MAX_COLUMNS];
    size_t n_columns;
    const char *keys[RS_SORT_MAX_TERMS];
    size_t n_keys;
    const char *required[RS_GATE_MAX_COLUMNS];
    size_t n_required;
    const char *shares[RS_GATE_MAX_COLUMNS];
    size_t n_shares;
} rs_gate_judge;

/* Of a relationship: what C gets in the place of rs_gate_add_judged_sql(), over the same rows. */
void rs_gate_judge_rows(const rs_contract *contract, rs_gate_judge *judge);

/*
 * The gate of a relationship, over the rows of its rules (plan/steps.h): how many faults there are
 * among them, keys that stand twice and rows that lack something; all of them, as RS_GATE_ROWS; these
 * with `reason`, null for good ones, as RS_GATE_JUDGED: by the kernel judge, or, where no fault was counted, as they are (three
 * times as fast, and the common case); of the good ones the best for each key, with
 * ambiguity_group_id, in the contract's order; the rejects.
 */
#define RS_GATE_JUDGED "_judged"
void rs_gate_add_faults_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);
void rs_gate_add_rows_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);
void rs_gate_add_clean_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);
void rs_gate_add_judged_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);
void rs_gate_add_good_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);
void rs_gate_add_rejects_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql);

#endif
