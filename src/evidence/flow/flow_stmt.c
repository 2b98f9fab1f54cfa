/* SPDX-License-Identifier: Apache-2.0 */
/* flow_stmt.c - statements but for try, with and match. */
#include "evidence/flow/flow_steps.h"

/* --- definitions --- */

/* Annotations are evaluated, but under `from __future__ import annotations`. */
static void push_annotations(rs_file_at_hand *x, uint32_t arguments)
{
    static const rs_ast_field order[] = {RS_F_args, RS_F_posonlyargs, RS_F_vararg, RS_F_kwonlyargs,
                                         RS_F_kwarg};
    uint32_t end = arguments + node_at(x, arguments)->n_subtree;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        for (uint32_t n = arguments + 1; n < end; n += node_at(x, n)->n_subtree) {
            if (node_at(x, n)->field == order[i] && node_at(x, n)->n_subtree > 1) {
                PUSH(EVAL, 0, n + 1, 0, 0);
            }
        }
    }
}

static uint32_t arguments_of(const rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->ast_class == RS_AST_arguments) {
            return child;
        }
    }
    return RS_NO_NODE;
}

/* Defaults, which the code around a function or lambda evaluates. */
static void push_defaults(rs_file_at_hand *x, uint32_t n)
{
    uint32_t arguments = arguments_of(x, n);
    if (arguments != RS_NO_NODE) {
        push_each(x, arguments, RS_F_defaults, FLOW_OP_EVAL);
        push_each(x, arguments, RS_F_kw_defaults, FLOW_OP_EVAL);
    }
}

static void push_type_params(rs_file_at_hand *x, uint32_t n)
{
    uint32_t child = child_in(x, n, RS_F_type_params);
    for (uint32_t end = list_end(x, n, child); child < end; child = behind(x, child)) {
        EMIT(child, store);
    }
}

static void function(rs_file_at_hand *x, uint32_t n)
{
    uint32_t arguments = arguments_of(x, n);
    push_each(x, n, RS_F_decorator_list, FLOW_OP_EVAL);
    push_defaults(x, n);
    push_type_params(x, n);
    if (!flow_lens(x)->has_future) {
        if (arguments != RS_NO_NODE) {
            push_annotations(x, arguments);
        }
        push_each(x, n, RS_F_returns, FLOW_OP_EVAL);
    }
    EMIT(n, store);
}

static void class_statement(rs_file_at_hand *x, uint32_t n)
{
    push_each(x, n, RS_F_decorator_list, FLOW_OP_EVAL);
    push_type_params(x, n);
    push_each(x, n, RS_F_bases, FLOW_OP_EVAL);
    rs_flow_push_keywords(x, n);
    rs_flow_inner(x, n);
    EMIT(n, store);
}

static bool is_docstring(const rs_file_at_hand *x, uint32_t n)
{
    return node_at(x, n)->ast_class == RS_AST_Expr && node_at(x, n)->n_subtree == 2 &&
           node_at(x, n + 1)->ast_class == RS_AST_Constant &&
           node_at(x, n + 1)->detail == RS_W_literal_kind_string;
}

/* The code of a class, function or lambda: its parameters are bound, its body runs. */
void rs_flow_parameters(rs_file_at_hand *x, uint32_t n)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    uint32_t arguments = arguments_of(x, n);
    if (arguments != RS_NO_NODE) {
        uint32_t end = arguments + node_at(x, arguments)->n_subtree;
        for (uint32_t child = arguments + 1; child < end; child += node_at(x, child)->n_subtree) {
            if (node_at(x, child)->ast_class == RS_AST_arg) {
                EMIT(child, store);
            }
        }
    }
    if (ast_class == RS_AST_Lambda) {
        push_each(x, n, RS_F_body, FLOW_OP_EVAL);
    } else if (ast_class == RS_AST_TypeAlias) {
        push_each(x, n, RS_F_value, FLOW_OP_EVAL);
    } else {
        uint32_t first = child_in(x, n, RS_F_body);
        uint32_t end = list_end(x, n, first);
        bool is_function = ast_class != RS_AST_ClassDef;
        if (is_function && first < end && is_docstring(x, first)) {
            first += 2; /* no code is made for it */
        }
        PUSH(STATEMENTS, 0, first, end, 0);
    }
}

/* --- assignments --- */

/* An annotation is evaluated behind the assignment, and never in a function. */
static void annotated(rs_file_at_hand *x, uint32_t n)
{
    uint32_t target = n + 1;
    uint32_t value = child_in(x, n, RS_F_value);
    bool is_name = node_at(x, target)->ast_class == RS_AST_Name;
    if (value < behind(x, n)) {
        PUSH(EVAL, 0, value, 0, 0);
        PUSH(STORE, 0, target, 0, 0);
    } else if (!is_name) {
        PUSH(CHILDREN, true, target, target + 1, 0);
    }
    if (flow_lens(x)->is_function) {
        return;
    }
    if (!flow_lens(x)->has_future) {
        push_each(x, n, RS_F_annotation, FLOW_OP_EVAL);
    }
    if (is_name && node_at(x, target)->parens == 0) {
        EMIT(n, store); /* in __annotations__ */
    }
}

/* The target is read, the value evaluated, the target written; its parts are evaluated once. */
static void augmented(rs_file_at_hand *x, uint32_t n)
{
    uint32_t target = n + 1;
    PUSH(EVAL, 0, target, 0, 0);
    push_each(x, n, RS_F_value, FLOW_OP_EVAL);
    EMIT(n, eval);
    EMIT(target, store);
}

static void assign(rs_file_at_hand *x, uint32_t n)
{
    push_each(x, n, RS_F_value, FLOW_OP_EVAL);
    push_each(x, n, RS_F_targets, FLOW_OP_STORE);
}

static void type_alias(rs_file_at_hand *x, uint32_t n)
{
    push_type_params(x, n);
    push_each(x, n, RS_F_name, FLOW_OP_STORE);
}

/* --- branches and loops --- */

static void if_statement(rs_file_at_hand *x, uint32_t n)
{
    uint32_t then = rs_flow_label(x);
    uint32_t otherwise = rs_flow_label(x);
    uint32_t end = rs_flow_label(x);
    PUSH(COND, 0, n + 1, then, otherwise);
    LABEL(then, body);
    push_list(x, n, RS_F_body);
    JUMP(end, next);
    LABEL(otherwise, body);
    push_list(x, n, RS_F_orelse);
    LABEL(end, body);
}

/* What `for` and `while` have in common: the body, the way back, the else. */
static void loop_rest(rs_file_at_hand *x, uint32_t n, uint32_t head, uint32_t otherwise,
                      uint32_t end)
{
    push_list(x, n, RS_F_body);
    PUSH(FRAME_POP, 0, 0, 0, 0);
    JUMP(head, loop_back);
    LABEL(otherwise, body);
    push_list(x, n, RS_F_orelse);
    LABEL(end, body);
}

static void while_statement(rs_file_at_hand *x, uint32_t n)
{
    uint32_t head = rs_flow_label(x);
    uint32_t body = rs_flow_label(x);
    uint32_t otherwise = rs_flow_label(x);
    uint32_t end = rs_flow_label(x);
    HEAD(head);
    PUSH(COND, 0, n + 1, body, otherwise);
    PUSH(FRAME, FLOW_FRAME_LOOP, n, end, head);
    LABEL(body, body);
    loop_rest(x, n, head, otherwise, end);
}

static void for_statement(rs_file_at_hand *x, uint32_t n)
{
    uint32_t head = rs_flow_label(x);
    uint32_t body = rs_flow_label(x);
    uint32_t otherwise = rs_flow_label(x);
    uint32_t end = rs_flow_label(x);
    push_each(x, n, RS_F_iter, FLOW_OP_EVAL);
    EMIT(n, iter);
    HEAD(head);
    EMIT(n, next);
    PUSH(BRANCH, 0, 0, body, otherwise);
    PUSH(FRAME, FLOW_FRAME_LOOP, n, end, head);
    LABEL(body, body);
    push_each(x, n, RS_F_target, FLOW_OP_STORE);
    loop_rest(x, n, head, otherwise, end);
}

static void assertion(rs_file_at_hand *x, uint32_t n)
{
    uint32_t holds = rs_flow_label(x);
    uint32_t fails = rs_flow_label(x);
    PUSH(COND, 0, n + 1, holds, fails);
    LABEL(fails, body);
    push_each(x, n, RS_F_msg, FLOW_OP_EVAL);
    PUSH(RAISE, 0, n, 0, 0);
    LABEL(holds, body);
}

/* --- leaving --- */

static void leaving(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Return:
        push_each(x, n, RS_F_value, FLOW_OP_EVAL);
        EMIT(n, jump);
        PUSH(UNWIND, FLOW_RETURN, 0, 0, 0);
        break;
    case RS_AST_Break:
        EMIT(n, jump);
        PUSH(UNWIND, FLOW_BREAK, 0, 0, 0);
        break;
    case RS_AST_Continue:
        EMIT(n, jump);
        PUSH(UNWIND, FLOW_CONTINUE, 0, 0, 0);
        break;
    default: /* raise */
        push_each(x, n, RS_F_exc, FLOW_OP_EVAL);
        push_each(x, n, RS_F_cause, FLOW_OP_EVAL);
        PUSH(RAISE, 0, n, 0, 0);
        break;
    }
}

/* --- the rest --- */

static void nothing(rs_file_at_hand *x, uint32_t n)
{
    (void)x;
    (void)n;
}

static void pass(rs_file_at_hand *x, uint32_t n)
{
    EMIT(n, pass);
}

static void expression(rs_file_at_hand *x, uint32_t n)
{
    PUSH(EVAL, 0, n + 1, 0, 0);
}

static void delete_statement(rs_file_at_hand *x, uint32_t n)
{
    push_each(x, n, RS_F_targets, FLOW_OP_DELETE);
}

static void import(rs_file_at_hand *x, uint32_t n)
{
    push_each(x, n, RS_F_names, FLOW_OP_STORE);
}

/*
 * A region that does not parse may do anything. The statements of its block run or not: nobody knows
 * what its header asks for, and a `return` there must not make dead what stands behind.
 */
static void error(rs_file_at_hand *x, uint32_t n)
{
    EMIT(n, pass);
    uint32_t first = child_in(x, n, RS_F_body);
    if (first < behind(x, n)) {
        uint32_t body = rs_flow_label(x);
        uint32_t end = rs_flow_label(x);
        PUSH(BRANCH, 0, 0, body, end);
        LABEL(body, body);
        push_list(x, n, RS_F_body);
        LABEL(end, body);
    }
}

static void with(rs_file_at_hand *x, uint32_t n)
{
    uint32_t body = child_in(x, n, RS_F_body);
    PUSH(WITH, 0, n + 1, body, list_end(x, n, body));
}

typedef void statement_fn(rs_file_at_hand *x, uint32_t n);

static statement_fn *const statement_fns[RS_N_AST_CLASSES] = {
    [RS_AST_FunctionDef] = function,
    [RS_AST_AsyncFunctionDef] = function,
    [RS_AST_ClassDef] = class_statement,
    [RS_AST_Return] = leaving,
    [RS_AST_Delete] = delete_statement,
    [RS_AST_Assign] = assign,
    [RS_AST_TypeAlias] = type_alias,
    [RS_AST_AugAssign] = augmented,
    [RS_AST_AnnAssign] = annotated,
    [RS_AST_For] = for_statement,
    [RS_AST_AsyncFor] = for_statement,
    [RS_AST_While] = while_statement,
    [RS_AST_If] = if_statement,
    [RS_AST_With] = with,
    [RS_AST_AsyncWith] = with,
    [RS_AST_Match] = rs_flow_match,
    [RS_AST_Raise] = leaving,
    [RS_AST_Try] = rs_flow_try,
    [RS_AST_TryStar] = rs_flow_try,
    [RS_AST_Assert] = assertion,
    [RS_AST_Import] = import,
    [RS_AST_ImportFrom] = import,
    [RS_AST_Global] = nothing,
    [RS_AST_Nonlocal] = nothing,
    [RS_AST_Expr] = expression,
    [RS_AST_Pass] = pass,
    [RS_AST_Break] = leaving,
    [RS_AST_Continue] = leaving,
    [RS_AST_Error] = error,
};

void rs_flow_statement(rs_file_at_hand *x, uint32_t n)
{
    statement_fn *fn = statement_fns[node_at(x, n)->ast_class];
    size_t begin = flow_lens(x)->steps.n_items;
    if (fn == NULL) {
        PUSH(EVAL, 0, n, 0, 0); /* what an error region left of a statement */
        return;
    }
    fn(x, n);
    rs_flow_order(x, begin);
}
