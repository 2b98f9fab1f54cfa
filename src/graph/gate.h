/* SPDX-License-Identifier: Apache-2.0 */
/* gate.h - the finalize gate: which rows of some selects are good, and which are not.
 *
 * A *group* is the selects of one dataset that may give rows of the same key; the
 * groups of a dataset share none. A group whose rows are proved right is written as it
 * is. Any other is numbered by key and looked at, row by row: a required column that is
 * null, a word that is none, a key that stood before in the order of the rules and
 * their evidence.
 */
#ifndef RS_GRAPH_GATE_H
#define RS_GRAPH_GATE_H

#include "base/vec.h"
#include "rules/select.h"

RS_VEC_DEFINE(rs_select_list, const rs_select *)

typedef struct rs_group {
    rs_select_list selects; /* in the order of their rows */
    size_t place;           /* of the first of them in the dataset */
    bool is_proved;         /* no row can be rejected */
    bool is_ordered;        /* rows come in order as they are */
    bool is_run;            /* all of it belongs to the run: the first range only */
} rs_group;

RS_VEC_DEFINE(rs_group_vec, rs_group)

/* The groups of a dataset in the order of their rows. Errors: RS_ERR_NOMEM. */
rs_status rs_gate_group(const rs_rules *rules, const rs_dataset *dataset, rs_group_vec *groups,
                        rs_error *err) RS_MUST_USE;
void rs_gate_release(rs_group_vec *groups);

/* Which of a dataset's four SELECTs is meant, and the types that rs_select_style has. */
typedef struct rs_gate_style {
    bool with_run; /* also what belongs to the run */
    bool rejects;  /* the rejects with their reason, not the good rows */
    const char *rule_type;
    const char *key_type;
} rs_gate_style;

/* Append the SELECT of the groups' rows. False when there is nothing to select. */
bool rs_gate_add_sql(const rs_group_vec *groups, const rs_dataset *dataset,
                     const rs_gate_style *style, rs_buf *sql);

#endif
