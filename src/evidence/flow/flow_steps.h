/* SPDX-License-Identifier: Apache-2.0 */
/* flow_steps.h - how a construct says what its steps are. */
#ifndef RS_EVIDENCE_FLOW_STEPS_H
#define RS_EVIDENCE_FLOW_STEPS_H

#include "evidence/flow/flow_impl.h"

static inline const rs_node *node_at(const rs_file_at_hand *x, uint32_t n)
{
    return &x->tree.nodes[n];
}

/* The node behind the subtree of n. */
static inline uint32_t behind(const rs_file_at_hand *x, uint32_t n)
{
    return n + x->tree.nodes[n].n_subtree;
}

/* The first child of n in a field, or the node behind n. */
static inline uint32_t child_in(const rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    uint32_t child = n + 1;
    while (child < behind(x, n) && node_at(x, child)->field != field) {
        child = behind(x, child);
    }
    return child;
}

/* The node behind the last of the children in a field, which stand side by side from `first` on. */
static inline uint32_t list_end(const rs_file_at_hand *x, uint32_t n, uint32_t first)
{
    uint32_t end = first;
    while (end < behind(x, n) && node_at(x, end)->field == node_at(x, first)->field) {
        end = behind(x, end);
    }
    return end;
}

/* Steps are pushed in the order in which they run; rs_flow_order() then turns them round. */
#define PUSH(op, detail, a, b, c) rs_flow_push(x, FLOW_OP_##op, (uint32_t)(detail), (a), (b), (c))
#define EMIT(n, action) PUSH(EMIT, RS_W_flow_action_##action, (n), 0, 0)
#define JUMP(label, kind) PUSH(JUMP, RS_W_flow_kind_##kind, (label), 0, 0)
#define LABEL(label, kind) PUSH(LABEL, RS_W_block_kind_##kind, (label), 0, 0)
#define HEAD(label) PUSH(HEAD, RS_W_block_kind_body, (label), 0, 0)

/* The statements of n in a field. */
static inline void push_list(rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    uint32_t first = child_in(x, n, field);
    PUSH(STATEMENTS, 0, first, list_end(x, n, first), 0);
}

/* A step for each child of n in a field, wherever they stand. */
static inline void push_each(rs_file_at_hand *x, uint32_t n, rs_ast_field field, flow_op op)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == field) {
            rs_flow_push(x, op, 0, child, 0, 0);
        }
    }
}

#endif
