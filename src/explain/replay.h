/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h - a rule once more: what doing it again, looking for rivals and looking for faults share. */
#ifndef RS_EXPLAIN_REPLAY_H
#define RS_EXPLAIN_REPLAY_H

#include "explain/explain_impl.h"

/* The file that a rule has to see to make a row that lies in file_id. */
int64_t rs_explain_rule_file(const rs_plan *rule, int64_t file_id);

/* Make the views of a rule's inputs, cut down to what can make row (NULL: not cut down). */
rs_status rs_explain_select_inputs(rs_explainer *self, const rs_plan *rule, int64_t file_id,
                                   const json_t *row, rs_error *err) RS_MUST_USE;

/* The nodes that a relationship's row names beside the question that it answers: `leads_to`. */
rs_status rs_explain_add_targets(rs_explainer *self, const rs_plan *rule, json_t *row,
                                 rs_error *err) RS_MUST_USE;

/* A node of a tree: dataset, row (taken, also on failure), place. Ownership: the caller owns *out. */
rs_status rs_explain_row_node(rs_explainer *self, const rs_dataset *dataset, json_t *row,
                              json_t **out, rs_error *err) RS_MUST_USE;

/*
 * `candidates` of a node whose rule has an output, while that rule's views are there (rivals.c): who
 * lost an alignment or a winner, term by term, whom the gate rejected, who else was kept. found is
 * the rule's row, with its places in the inputs.
 */
rs_status rs_explain_add_rivals(rs_explainer *self, const rs_plan *rule, json_t *node,
                                const json_t *found, rs_error *err) RS_MUST_USE;

#endif
