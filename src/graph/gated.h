/* SPDX-License-Identifier: Apache-2.0 */
/* gated.h - the gate of a relationship whose rows are held: what its steps (gate.h) do in an engine.
 *
 * Rows stand as they were written: rule by rule, each in the order of its evidence. Then a row's place is
 * what makes every order total.
 */
#ifndef RS_GRAPH_GATED_H
#define RS_GRAPH_GATED_H

#include "plan/contract.h"
#include "schema/held.h"

/* All-zero is closed. */
typedef struct rs_gated {
    rs_held good;    /* in the contract's order, with ambiguity_group_id */
    rs_held rejects; /* in the order in which they were written */
    rs_str *reasons; /* by reject: as the kernel judge says it */
    rs_arena arena;
} rs_gated;

/* No rows. Errors: RS_ERR_NOMEM, with *relation closed. */
rs_status rs_gated_open(rs_gated *relation, const rs_dataset *dataset, rs_error *err) RS_MUST_USE;
/* Accepts a closed one. */
void rs_gated_close(rs_gated *relation);

/*
 * Pass the rows, which are all in `good`, through the gate: one that lacks what is required is a reject, and
 * so is every one of a key but the best; those of a question that has several answers say so.
 *
 * Errors: RS_ERR_NOMEM, RS_ERR_LIMIT.
 */
rs_status rs_gated_judge(rs_gated *relation, const rs_contract *contract,
                         rs_error *err) RS_MUST_USE;

#endif
