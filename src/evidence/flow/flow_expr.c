/* SPDX-License-Identifier: Apache-2.0 */
/* flow_expr.c - expressions, targets and conditions.
 *
 * An expression has its element where its value is there: behind those of its parts, which stand
 * in the tree in the order in which they are evaluated, but for a few classes.
 */
#include "evidence/flow/flow_steps.h"

/* What is no value of its own: operators, and what only holds parts. */
static bool has_value(uint8_t ast_class)
{
    return ast_class != RS_AST_keyword && ast_class != RS_AST_arguments &&
           ast_class != RS_AST_Identifier;
}

static bool is_operator(const rs_file_at_hand *x, uint32_t n)
{
    return rs_ast_class_kind((rs_ast_class)node_at(x, n)->ast_class) == RS_K_OPERATOR;
}

/* --- the common case --- */

/* detail: without an element of the node itself. */
void rs_flow_children(rs_file_at_hand *x, flow_step *step)
{
    uint32_t n = step->a;
    uint32_t end = behind(x, n);
    uint32_t child = step->b;
    RS_ASSERT(child > n && child <= end);
    while (child < end && is_operator(x, child)) {
        child = behind(x, child);
    }
    if (child < end) {
        step->b = behind(x, child);
        if (node_at(x, child)->n_subtree == 1) {
            rs_flow_emit(x, child, RS_W_flow_action_eval);
        } else {
            rs_flow_eval(x, child);
        }
        return;
    }
    bool has_element = step->detail == 0 && has_value(node_at(x, n)->ast_class);
    flow_lens(x)->steps.n_items--;
    if (has_element) {
        rs_flow_emit(x, n, RS_W_flow_action_eval);
    }
}

/* --- classes with an order of their own --- */

static void conditional(rs_file_at_hand *x, uint32_t n)
{
    uint32_t then = rs_flow_label(x);
    uint32_t otherwise = rs_flow_label(x);
    uint32_t end = rs_flow_label(x);
    PUSH(COND, 0, child_in(x, n, RS_F_test), then, otherwise);
    LABEL(then, body);
    push_each(x, n, RS_F_body, FLOW_OP_EVAL);
    JUMP(end, next);
    LABEL(otherwise, body);
    push_each(x, n, RS_F_orelse, FLOW_OP_EVAL);
    LABEL(end, body);
    PUSH(EMIT_LIVE, RS_W_flow_action_eval, n, 0, 0);
}

/* The node behind child and operators, or that behind the whole. */
static uint32_t next_value(const rs_file_at_hand *x, uint32_t n, uint32_t child)
{
    while (child < behind(x, n) && is_operator(x, child)) {
        child = behind(x, child);
    }
    return child;
}

static void boolean(rs_file_at_hand *x, uint32_t n)
{
    uint32_t end = rs_flow_label(x);
    PUSH(BOOL, 0, n, next_value(x, n, n + 1), end);
    LABEL(end, body);
    EMIT(n, eval);
}

static bool is_and(const rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (is_operator(x, child)) {
            return node_at(x, child)->ast_class == RS_AST_And;
        }
    }
    return false;
}

/* A value of `and` or `or`: it decides, or the next one is asked. */
void rs_flow_bool(rs_file_at_hand *x, const flow_step *step)
{
    uint32_t n = step->a;
    uint32_t following = next_value(x, n, behind(x, step->b));
    size_t begin = flow_lens(x)->steps.n_items;
    PUSH(EVAL, 0, step->b, 0, 0);
    if (following < behind(x, n)) {
        uint32_t more = rs_flow_label(x);
        bool is_all = is_and(x, n);
        PUSH(BRANCH, 0, 0, is_all ? more : step->c, is_all ? step->c : more);
        LABEL(more, body);
        PUSH(BOOL, 0, n, following, step->c);
    }
    rs_flow_order(x, begin);
}

static void comparison(rs_file_at_hand *x, uint32_t n)
{
    uint32_t first = behind(x, n + 1);
    uint32_t value = next_value(x, n, first);
    if (value >= behind(x, n) || next_value(x, n, behind(x, value)) >= behind(x, n)) {
        PUSH(CHILDREN, 0, n, n + 1, 0);
        return;
    }
    uint32_t end = rs_flow_label(x);
    PUSH(EVAL, 0, n + 1, 0, 0);
    PUSH(CHAIN, 0, n, value, end);
    LABEL(end, body);
}

/* A chain makes its comparisons one by one, until one is false. */
void rs_flow_chain(rs_file_at_hand *x, const flow_step *step)
{
    uint32_t n = step->a;
    uint32_t following = next_value(x, n, behind(x, step->b));
    size_t begin = flow_lens(x)->steps.n_items;
    PUSH(EVAL, 0, step->b, 0, 0);
    EMIT(n, eval);
    if (following < behind(x, n)) {
        uint32_t more = rs_flow_label(x);
        PUSH(BRANCH, 0, 0, more, step->c);
        LABEL(more, body);
        PUSH(CHAIN, 0, n, following, step->c);
    }
    rs_flow_order(x, begin);
}

static void named(rs_file_at_hand *x, uint32_t n)
{
    push_each(x, n, RS_F_value, FLOW_OP_EVAL);
    push_each(x, n, RS_F_target, FLOW_OP_STORE);
    EMIT(n, eval);
}

static void lambda(rs_file_at_hand *x, uint32_t n)
{
    if (node_at(x, n + 1)->ast_class == RS_AST_arguments) {
        push_each(x, n + 1, RS_F_defaults, FLOW_OP_EVAL);
        push_each(x, n + 1, RS_F_kw_defaults, FLOW_OP_EVAL);
    }
    EMIT(n, eval);
}

/* The code around a comprehension evaluates the first iterable; the rest is a scope of its own. */
static void comprehension(rs_file_at_hand *x, uint32_t n)
{
    uint32_t clause = child_in(x, n, RS_F_generators);
    if (clause < behind(x, n)) {
        push_each(x, clause, RS_F_iter, FLOW_OP_EVAL);
    }
    rs_flow_inner(x, n);
    EMIT(n, eval);
}

typedef void expression_fn(rs_file_at_hand *x, uint32_t n);

static expression_fn *const expression_fns[RS_N_AST_CLASSES] = {
    [RS_AST_Call] = rs_flow_call,
    [RS_AST_IfExp] = conditional,
    [RS_AST_BoolOp] = boolean,
    [RS_AST_BinOp] = rs_flow_binary,
    [RS_AST_Dict] = rs_flow_dict,
    [RS_AST_Set] = rs_flow_set,
    [RS_AST_Compare] = comparison,
    [RS_AST_NamedExpr] = named,
    [RS_AST_Lambda] = lambda,
    [RS_AST_ListComp] = comprehension,
    [RS_AST_SetComp] = comprehension,
    [RS_AST_DictComp] = comprehension,
    [RS_AST_GeneratorExp] = comprehension,
};

void rs_flow_eval(rs_file_at_hand *x, uint32_t n)
{
    RS_ASSERT(n < x->tree.n_nodes);
    expression_fn *fn = expression_fns[node_at(x, n)->ast_class];
    if (fn == NULL) {
        PUSH(CHILDREN, 0, n, n + 1, 0);
        return;
    }
    size_t begin = flow_lens(x)->steps.n_items;
    fn(x, n);
    rs_flow_order(x, begin);
}

/* --- comprehensions from the inside --- */

/* One clause; behind the last one the element is added. */
void rs_flow_clause(rs_file_at_hand *x, const flow_step *step)
{
    uint32_t clause = step->a;
    uint32_t n = step->b;
    RS_ASSERT(clause > n && clause < behind(x, n)); /* one of its own */
    uint32_t around = step->c;
    uint32_t head = rs_flow_label(x);
    uint32_t body = rs_flow_label(x);
    uint32_t end = rs_flow_label(x);
    uint32_t following = behind(x, clause);
    size_t begin = flow_lens(x)->steps.n_items;
    if (node_at(x, clause)->order > 0) {
        push_each(x, clause, RS_F_iter, FLOW_OP_EVAL);
        EMIT(clause, iter);
    }
    HEAD(head);
    EMIT(clause, next);
    PUSH(BRANCH, 0, 0, body, end);
    LABEL(body, body);
    push_each(x, clause, RS_F_target, FLOW_OP_STORE);
    for (uint32_t child = clause + 1; child < behind(x, clause); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_ifs) {
            uint32_t taken = rs_flow_label(x);
            PUSH(COND, 0, child, taken, head);
            LABEL(taken, body);
        }
    }
    if (following < behind(x, n)) {
        PUSH(CLAUSE, 0, following, n, head);
    } else {
        push_each(x, n, RS_F_key, FLOW_OP_EVAL);
        push_each(x, n, RS_F_value, FLOW_OP_EVAL);
        push_each(x, n, RS_F_elt, FLOW_OP_EVAL);
        EMIT(n, store);
    }
    JUMP(head, loop_back);
    LABEL(end, body);
    if (around != RS_FLOW_NONE) {
        JUMP(around, loop_back);
    }
    rs_flow_order(x, begin);
}

void rs_flow_comprehension(rs_file_at_hand *x, uint32_t n)
{
    uint32_t clause = child_in(x, n, RS_F_generators);
    if (clause < behind(x, n)) {
        PUSH(CLAUSE, 0, clause, n, RS_FLOW_NONE);
    }
}

/* --- targets --- */

void rs_flow_store(rs_file_at_hand *x, uint32_t n, rs_w_flow_action action)
{
    flow_op op = action == RS_W_flow_action_delete ? FLOW_OP_DELETE : FLOW_OP_STORE;
    size_t begin = flow_lens(x)->steps.n_items;
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Attribute:
    case RS_AST_Subscript:
        PUSH(CHILDREN, true, n, n + 1, 0);
        PUSH(EMIT, action, n, 0, 0);
        break;
    case RS_AST_Tuple:
    case RS_AST_List:
        if (action == RS_W_flow_action_store) {
            PUSH(EMIT, action, n, 0, 0); /* unpacks */
        }
        push_each(x, n, RS_F_elts, op);
        break;
    case RS_AST_Starred:
        rs_flow_push(x, op, 0, n + 1, 0, 0);
        break;
    case RS_AST_Name:
    case RS_AST_alias:
        PUSH(EMIT, action, n, 0, 0);
        break;
    default: /* no target: what a damaged statement has */
        PUSH(EVAL, 0, n, 0, 0);
        break;
    }
    rs_flow_order(x, begin);
}

/* --- conditions --- */

static void either(rs_file_at_hand *x, uint32_t n, uint32_t if_true, uint32_t if_false)
{
    bool is_all = is_and(x, n);
    uint32_t value = next_value(x, n, n + 1);
    while (value < behind(x, n)) {
        uint32_t following = next_value(x, n, behind(x, value));
        if (following >= behind(x, n)) {
            PUSH(COND, 0, value, if_true, if_false);
            return;
        }
        uint32_t more = rs_flow_label(x);
        PUSH(COND, 0, value, is_all ? more : if_true, is_all ? if_false : more);
        LABEL(more, body);
        value = following;
    }
}

static void condition(rs_file_at_hand *x, uint32_t n, uint32_t if_true, uint32_t if_false)
{
    uint32_t then = rs_flow_label(x);
    uint32_t otherwise = rs_flow_label(x);
    PUSH(COND, 0, child_in(x, n, RS_F_test), then, otherwise);
    LABEL(then, body);
    PUSH(COND, 0, child_in(x, n, RS_F_body), if_true, if_false);
    LABEL(otherwise, body);
    PUSH(COND, 0, child_in(x, n, RS_F_orelse), if_true, if_false);
}

/*
 * As the compiler does it, `not`, `and`, `or` and conditionals in a condition are nothing but
 * jumps; so is a constant.
 */
void rs_flow_cond(rs_file_at_hand *x, uint32_t n, uint32_t if_true, uint32_t if_false)
{
    const rs_node *node = node_at(x, n);
    size_t begin = flow_lens(x)->steps.n_items;
    int truth = rs_flow_constant_truth(x, n);
    if (truth >= 0) {
        PUSH(EVAL, 0, n, 0, 0);
        PUSH(JUMP, truth ? RS_W_flow_kind_true : RS_W_flow_kind_false, truth ? if_true : if_false,
             0, 0);
    } else if (node->ast_class == RS_AST_UnaryOp && node_at(x, n + 1)->ast_class == RS_AST_Not) {
        PUSH(COND, 0, n + 2, if_false, if_true);
    } else if (node->ast_class == RS_AST_BoolOp) {
        either(x, n, if_true, if_false);
    } else if (node->ast_class == RS_AST_IfExp) {
        condition(x, n, if_true, if_false);
    } else if (node->ast_class == RS_AST_Compare) {
        uint32_t value = next_value(x, n, behind(x, n + 1));
        PUSH(EVAL, 0, n + 1, 0, 0);
        while (value < behind(x, n)) {
            uint32_t following = next_value(x, n, behind(x, value));
            PUSH(EVAL, 0, value, 0, 0);
            EMIT(n, eval);
            if (following >= behind(x, n)) {
                break;
            }
            uint32_t more = rs_flow_label(x);
            PUSH(BRANCH, 0, 0, more, if_false);
            LABEL(more, body);
            value = following;
        }
        PUSH(BRANCH, 0, 0, if_true, if_false);
    } else {
        PUSH(EVAL, 0, n, 0, 0);
        PUSH(BRANCH, 0, 0, if_true, if_false);
    }
    rs_flow_order(x, begin);
}
