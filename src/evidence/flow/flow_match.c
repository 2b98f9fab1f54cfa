/* SPDX-License-Identifier: Apache-2.0 */
/* flow_match.c - match statements.
 *
 * A pattern is tested part by part; each test that fails goes on to the next case. Names are bound
 * when all of the pattern matched, before the guard; those of an alternative when it did.
 */
#include "evidence/flow/flow_steps.h"

void rs_flow_match(rs_file_at_hand *x, uint32_t n)
{
    uint32_t end = rs_flow_label(x);
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_subject) {
            PUSH(EVAL, 0, child, 0, 0);
        } else {
            PUSH(CASE, 0, child, end, 0);
        }
    }
    LABEL(end, body);
}

void rs_flow_case(rs_file_at_hand *x, uint32_t n, uint32_t end)
{
    uint32_t body = rs_flow_label(x);
    uint32_t next = rs_flow_label(x);
    uint32_t child = n + 1;
    size_t begin = flow_lens(x)->steps.n_items;
    if (child < behind(x, n) && node_at(x, child)->field == RS_F_pattern) {
        PUSH(PATTERN, 0, child, next, 0);
        PUSH(CAPTURES, 0, child, 0, 0);
        child = behind(x, child);
    }
    if (child < behind(x, n) && node_at(x, child)->field == RS_F_guard) {
        PUSH(COND, 0, child, body, next);
        child = behind(x, child);
    } else {
        JUMP(body, match_case);
    }
    LABEL(body, body);
    PUSH(STATEMENTS, 0, child, behind(x, n), 0);
    JUMP(end, next);
    LABEL(next, body);
    rs_flow_order(x, begin);
}

/* --- patterns --- */

void rs_flow_test(rs_file_at_hand *x, uint32_t n, uint32_t fail)
{
    rs_flow_lens *lens = x->worker;
    rs_flow_emit(x, n, RS_W_flow_action_match);
    if (lens->current != RS_FLOW_NONE && !lens->is_over) {
        rs_flow_edge(x, fail, RS_W_flow_kind_false);
        lens->blocks.items[lens->current].is_tested = true;
    }
}

/* Tests of n itself, then of its parts in the order of the source; keys are evaluated first. */
static void parts(rs_file_at_hand *x, uint32_t n, uint32_t fail)
{
    bool has_keys = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_keys) {
            PUSH(EVAL, 0, child, 0, 0);
            has_keys = true;
        }
    }
    if (has_keys) {
        PUSH(TEST, 0, n, fail, 0);
    }
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        uint8_t field = node_at(x, child)->field;
        if (field == RS_F_patterns || field == RS_F_kwd_patterns) {
            PUSH(PATTERN, 0, child, fail, 0);
        }
    }
}

static void alternatives(rs_file_at_hand *x, uint32_t n, uint32_t fail)
{
    uint32_t done = rs_flow_label(x);
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        bool is_last = behind(x, child) >= behind(x, n);
        uint32_t next = is_last ? fail : rs_flow_label(x);
        PUSH(PATTERN, 0, child, next, 0);
        PUSH(CAPTURES, 0, child, 0, 0);
        JUMP(done, next);
        if (!is_last) {
            LABEL(next, body);
        }
    }
    LABEL(done, body);
}

void rs_flow_pattern(rs_file_at_hand *x, uint32_t n, uint32_t fail)
{
    size_t begin = flow_lens(x)->steps.n_items;
    switch (node_at(x, n)->ast_class) {
    case RS_AST_MatchValue:
        PUSH(EVAL, 0, n + 1, 0, 0);
        PUSH(TEST, 0, n, fail, 0);
        break;
    case RS_AST_MatchClass:
        PUSH(EVAL, 0, n + 1, 0, 0);
        PUSH(TEST, 0, n, fail, 0);
        parts(x, n, fail);
        break;
    case RS_AST_MatchSequence:
    case RS_AST_MatchMapping:
        PUSH(TEST, 0, n, fail, 0);
        parts(x, n, fail);
        break;
    case RS_AST_MatchAs:
        if (node_at(x, n)->n_subtree > 1) {
            PUSH(PATTERN, 0, n + 1, fail, 0);
        } else {
            PUSH(EMIT, RS_W_flow_action_match, n, 0, 0); /* all match */
        }
        break;
    case RS_AST_MatchStar:
        break;
    case RS_AST_MatchOr:
        alternatives(x, n, fail);
        break;
    default: /* MatchSingleton; what is left of a damaged pattern */
        PUSH(TEST, 0, n, fail, 0);
        break;
    }
    rs_flow_order(x, begin);
}

/* The names that a pattern binds, those of alternatives in it apart. */
void rs_flow_captures(rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t node = n; node < behind(x, n); node++) {
        if (node_at(x, node)->ast_class == RS_AST_MatchOr) {
            node = behind(x, node) - 1;
        } else if (flow_lens(x)->name_row.items[node] != RS_FLOW_NONE &&
                   node_at(x, node)->ast_class >= RS_AST_MatchSequence &&
                   node_at(x, node)->ast_class <= RS_AST_MatchOr) {
            rs_flow_emit(x, node, RS_W_flow_action_store);
        }
    }
}
