/* SPDX-License-Identifier: Apache-2.0 */
/* flow_try.c - try and with: what an exception meets, and what a jump passes on its way out.
 *
 * A finally body is laid out once for each way into it: its end, an exception, and return, break
 * and continue where such a jump leaves the try. So what follows a return in a try is not
 * reached by its finally, and the copies stay few: at most five, whatever the number of jumps.
 *
 * PUSH and its kin write down steps that run later, from a list and not by calls: how deep a source nests
 * decides nothing about our stack. A function that pushed in reading order ends with rs_flow_order(),
 * which turns its steps round, because the list is worked off from its end. What is asked at once, as
 * lens->handler, is the state before the first of these steps; what must hold between them is a step, too
 * (HANDLER).
 *
 * A frame is what a jump has to pass on its way out. Whoever pushes one has a step behind its body that
 * takes it off: FINALLY, FRAME_POP, WITH_EXIT; so the last frame is always that step's own.
 */
#include "evidence/flow/flow_steps.h"

static bool has_field(const rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    return child_in(x, n, field) < behind(x, n);
}

/* --- try --- */

static void push_handlers(rs_file_at_hand *x, uint32_t n, uint32_t end)
{
    RS_ASSERT(end < flow_lens(x)->labels.n_items);
    bool is_group = node_at(x, n)->ast_class == RS_AST_TryStar;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_handlers) {
            PUSH(EXCEPT, is_group, child, end, 0);
        }
    }
    if (is_group) { /* what no clause took goes on, and that may be nothing: then the try is over */
        PUSH(RERAISE_OR, 0, end, 0, 0);
    } else {
        PUSH(RERAISE, 0, 0, 0, 0);
    }
}

void rs_flow_try(rs_file_at_hand *x, uint32_t n)
{
    rs_flow_lens *lens = x->worker;
    bool has_final = has_field(x, n, RS_F_finalbody);
    bool has_handlers = has_field(x, n, RS_F_handlers);
    uint32_t outside = lens->handler;
    PUSH(EMIT, RS_W_flow_action_pass, n, 0, 0);
    if (has_final) {
        flow_frame frame = {.kind = FLOW_FRAME_FINALLY,
                            .node = rs_flow_label(x), /* where exceptions go */
                            .handler = outside,
                            .label = {RS_FLOW_NONE, RS_FLOW_NONE, RS_FLOW_NONE}};
        /* Also for the handlers and the else: an exception in them passes the finally, too. */
        outside = frame.node;
        if (!rs_flow_frame_push(x, frame)) {
            x->status = RS_ERR_NOMEM;
            lens->is_over = true;
            return;
        }
    }
    if (has_handlers) {
        uint32_t handlers = rs_flow_label(x);
        uint32_t end = rs_flow_label(x);
        PUSH(HANDLER, 0, handlers, 0, 0);
        push_list(x, n, RS_F_body);
        PUSH(HANDLER, 0, outside, 0, 0); /* the clauses do not see what the else raises */
        push_list(x, n, RS_F_orelse);
        JUMP(end, next);
        LABEL(handlers, handler);
        push_handlers(x, n, end);
        LABEL(end, body);
    } else {
        PUSH(HANDLER, 0, outside, 0, 0);
        push_list(x, n, RS_F_body);
    }
    if (has_final) {
        PUSH(FINALLY, 0, n, 0, 0);
    }
}

/* The copies of the finally body, now that the ways into it are known. */
void rs_flow_finally(rs_file_at_hand *x, uint32_t n)
{
    rs_flow_lens *lens = x->worker;
    RS_ASSERT(lens->frames.n_items > 0);
    flow_frame frame = lens->frames.items[--lens->frames.n_items];
    RS_ASSERT(frame.kind == FLOW_FRAME_FINALLY);
    uint32_t end = rs_flow_label(x);
    size_t begin = lens->steps.n_items;
    /* The frame is gone before its body is laid out: a jump in a finally leaves that for good. */
    rs_flow_set_handler(x, frame.handler);
    if (lens->current != RS_FLOW_NONE) { /* no copy for an end that is not reached */
        push_list(x, n, RS_F_finalbody);
        JUMP(end, next);
    }
    LABEL(frame.node, finally);
    push_list(x, n, RS_F_finalbody);
    PUSH(RERAISE, 0, 0, 0, 0);
    for (uint32_t way = 0; way < FLOW_N_WAYS; way++) {
        if (frame.label[way] != RS_FLOW_NONE) {
            LABEL(frame.label[way], finally);
            push_list(x, n, RS_F_finalbody);
            PUSH(UNWIND, way, 0, 0, 0);
        }
    }
    LABEL(end, body);
    rs_flow_order(x, begin);
}

/*
 * An except clause. Its name is deleted at its end, also when an exception leaves it. The clauses
 * of an exception group are tried one after the other, whatever the ones before did.
 */
void rs_flow_except(rs_file_at_hand *x, uint32_t n, uint32_t end, bool is_group)
{
    uint32_t body = rs_flow_label(x);
    uint32_t next = rs_flow_label(x);
    uint32_t failed = rs_flow_label(x);
    uint32_t outside = flow_lens(x)->handler;
    bool has_type = has_field(x, n, RS_F_type);
    bool has_name = node_at(x, n)->name_end > node_at(x, n)->name_start;
    /* A group may hold what the clauses behind want, so a body's end is not the statement's. */
    uint32_t after = is_group ? next : end;
    RS_ASSERT(after < flow_lens(x)->labels.n_items || flow_lens(x)->is_over);
    size_t begin = flow_lens(x)->steps.n_items;
    if (has_type) {
        PUSH(EVAL, 0, child_in(x, n, RS_F_type), 0, 0);
    }
    PUSH(EMIT_LIVE, RS_W_flow_action_match, n, 0, 0);
    if (has_type) {
        PUSH(BRANCH, 0, 0, body, next);
        LABEL(body, body);
    }
    if (has_name) {
        PUSH(EMIT_LIVE, RS_W_flow_action_store, n, 0, 0);
    }
    /* In a group the frame is there without a name as well: what a body raises is collected, and the next
     * clause tried. */
    if (has_name || is_group) {
        PUSH(FRAME, FLOW_FRAME_UNBIND, n, RS_FLOW_NONE, RS_FLOW_NONE);
        PUSH(HANDLER, 0, failed, 0, 0);
    }
    push_list(x, n, RS_F_body);
    if (has_name || is_group) {
        PUSH(FRAME_POP, 0, 0, 0, 0);
        PUSH(HANDLER, 0, outside, 0, 0);
    }
    if (has_name) {
        PUSH(EMIT_LIVE, RS_W_flow_action_delete, n, 0, 0);
    }
    JUMP(after, next);
    if (has_name || is_group) {
        LABEL(failed, cleanup);
        if (has_name) {
            PUSH(EMIT_LIVE, RS_W_flow_action_delete, n, 0, 0);
        }
        if (is_group) {
            JUMP(next, next);
        } else {
            PUSH(RERAISE, 0, 0, 0, 0);
        }
    }
    LABEL(next, body);
    rs_flow_order(x, begin);
}

/* --- with --- */

/* An item of a with statement, and in its protection those behind it and the body. */
void rs_flow_with(rs_file_at_hand *x, uint32_t item, uint32_t body, uint32_t end)
{
    uint32_t label = rs_flow_label(x); /* where exceptions go */
    uint32_t context = item + 1;
    uint32_t target = behind(x, context);
    uint32_t following = behind(x, item);
    size_t begin = flow_lens(x)->steps.n_items;
    if (node_at(x, item)->ast_class != RS_AST_withitem) {
        PUSH(STATEMENTS, 0, item, end, 0); /* a damaged statement */
        return;
    }
    PUSH(EVAL, 0, context, 0, 0);
    PUSH(EMIT, RS_W_flow_action_enter, item, 0, 0);
    /* From here on, not before: where __enter__ raises there is no __exit__; where its value is stored, is. */
    PUSH(FRAME, FLOW_FRAME_WITH, item, RS_FLOW_NONE, RS_FLOW_NONE);
    PUSH(HANDLER, 0, label, 0, 0);
    if (target < following) {
        PUSH(STORE, 0, target, 0, 0);
    }
    if (following < body) {
        PUSH(WITH, 0, following, body, end);
    } else {
        PUSH(STATEMENTS, 0, body, end, 0);
    }
    PUSH(WITH_EXIT, 0, item, label, 0);
    rs_flow_order(x, begin);
}

/* __exit__ at the end, and for an exception, which it may swallow. */
void rs_flow_with_exit(rs_file_at_hand *x, uint32_t item, uint32_t label)
{
    rs_flow_lens *lens = x->worker;
    RS_ASSERT(lens->frames.n_items > 0);
    flow_frame frame = lens->frames.items[--lens->frames.n_items];
    RS_ASSERT(frame.kind == FLOW_FRAME_WITH && frame.node == item);
    uint32_t end = rs_flow_label(x);
    rs_flow_set_handler(x, frame.handler); /* __exit__ is not protected by itself */
    if (lens->current != RS_FLOW_NONE) {
        rs_flow_emit(x, item, RS_W_flow_action_exit);
        rs_flow_jump(x, end, RS_W_flow_kind_next);
    }
    rs_flow_bind(x, label, RS_W_block_kind_cleanup, false);
    if (lens->current != RS_FLOW_NONE) {
        rs_flow_emit(x, item, RS_W_flow_action_exit);
        rs_flow_edge(x, end, RS_W_flow_kind_swallow);
        rs_flow_leave(x, RS_W_flow_kind_reraise);
    }
    rs_flow_bind(x, end, RS_W_block_kind_body, false);
}

/* --- jumps --- */

static rs_w_flow_kind kind_of(flow_way way)
{
    static const rs_w_flow_kind kinds[FLOW_N_WAYS] = {RS_W_flow_kind_return, RS_W_flow_kind_break,
                                                      RS_W_flow_kind_continue};
    RS_ASSERT((unsigned)way < FLOW_N_WAYS);
    return kinds[way];
}

/* The innermost loop or finally body takes a jump; what lies before it is left properly. */
static bool frame_leave(rs_file_at_hand *x, flow_frame *frame, flow_way way)
{
    RS_ASSERT((unsigned)way < FLOW_N_WAYS);
    switch (frame->kind) {
    case FLOW_FRAME_LOOP:
        if (way == FLOW_RETURN) {
            return false; /* it passes a loop as if that were not there */
        }
        break;
    case FLOW_FRAME_FINALLY:
        if (frame->label[way] == RS_FLOW_NONE) { /* the first jump of its kind asks for a copy */
            frame->label[way] = rs_flow_label(x);
        }
        break;
    case FLOW_FRAME_WITH:
        rs_flow_set_handler(x, frame->handler);
        rs_flow_emit(x, frame->node, RS_W_flow_action_exit);
        return false;
    case FLOW_FRAME_UNBIND:
        if (node_at(x, frame->node)->name_end > node_at(x, frame->node)->name_start) {
            rs_flow_set_handler(x, frame->handler);
            rs_flow_emit(x, frame->node, RS_W_flow_action_delete);
        }
        return false;
    }
    rs_flow_jump(x, frame->label[way], kind_of(way));
    return true;
}

void rs_flow_unwind(rs_file_at_hand *x, flow_way way)
{
    rs_flow_lens *lens = x->worker;
    uint32_t inside = lens->handler; /* each __exit__ on the way out raises to its own outside */
    bool is_taken = lens->current == RS_FLOW_NONE;
    for (size_t i = lens->frames.n_items; i > 0 && !is_taken && !lens->is_over; i--) {
        is_taken = frame_leave(x, &lens->frames.items[i - 1], way);
    }
    if (!is_taken) {
        rs_flow_jump(x, RS_FLOW_EXIT, kind_of(way));
    }
    lens->handler = inside;
}
