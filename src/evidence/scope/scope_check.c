/* SPDX-License-Identifier: Apache-2.0 */
/* scope_check.c - statements and expressions that CPython's compiler refuses where they stand. */
#include "evidence/scope/scope_impl.h"

static const rs_node *node_at(const rs_file_at_hand *x, uint32_t n)
{
    return &x->tree.nodes[n];
}

void rs_scope_fault(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t start, uint32_t end,
                    const char *before, uint32_t name, const char *behind)
{
    if (scope_lens(x)->faults.n_items >= x->options->scope.max_faults) {
        return;
    }
    rs_buf_reset(&x->scratch);
    rs_buf_add(&x->scratch, before);
    if (name != RS_STR_NULL) {
        rs_buf_add(&x->scratch, " '");
        rs_buf_add_str(&x->scratch, x->part->strings.items[name]);
        rs_buf_add_char(&x->scratch, '\'');
    }
    if (behind[0] != '\0') {
        rs_buf_add_char(&x->scratch, ' ');
        rs_buf_add(&x->scratch, behind);
    }
    uint32_t message =
        rs_strings_add(&x->part->strings, (rs_str){rs_buf_text(&x->scratch), x->scratch.n_bytes});
    scope_fault fault = {start, end, message, (uint8_t)code};
    if (!scope_faults_push(&scope_lens(x)->faults, fault)) {
        x->status = RS_ERR_NOMEM;
    }
}

void rs_scope_refuse(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t n, const char *before,
                     uint32_t name, const char *behind)
{
    static const rs_node nowhere;
    const rs_node *node = n == RS_SCOPE_NONE ? &nowhere : node_at(x, n);
    /* The parser has refused it already, and what is around it may not be what was meant. */
    if (!node->damaged) {
        rs_scope_fault(x, code, node->start_byte, node->end_byte, before, name, behind);
    }
}

static void refuse(rs_file_at_hand *x, uint32_t n, rs_diagnostic_code code, const char *message)
{
    rs_scope_refuse(x, code, n, message, RS_STR_NULL, "");
}

static bool is_function(const rs_file_at_hand *x, uint32_t s)
{
    return scope_lens(x)->scopes.items[s].type == RS_W_scope_type_function;
}

/* --- loops --- */

/* A loop's own body is around the node, with no definition between. */
static bool lies_in_loop(const rs_file_at_hand *x, uint32_t n)
{
    for (const rs_node *node = node_at(x, n); node->parent != RS_NO_NODE;
         node = node_at(x, node->parent)) {
        switch (node_at(x, node->parent)->ast_class) {
        case RS_AST_For:
        case RS_AST_AsyncFor:
        case RS_AST_While:
            if (node->field == RS_F_body) {
                return true;
            }
            break;
        case RS_AST_FunctionDef:
        case RS_AST_AsyncFunctionDef:
        case RS_AST_ClassDef:
            return false;
        default:
            break;
        }
    }
    return false;
}

/* --- coroutines --- */

/* True when code of scope s may await: it is an async def's, or a comprehension's. */
static bool may_await(const rs_file_at_hand *x, uint32_t s)
{
    const scope *at = &scope_lens(x)->scopes.items[s];
    return node_at(x, at->node)->ast_class == RS_AST_AsyncFunctionDef &&
           at->kind == RS_W_scope_kind_def;
}

static void await_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const scope *s = &scope_lens(x)->scopes.items[at];
    if (!is_function(x, at)) {
        refuse(x, n, RS_D_await_outside, "'await' outside function");
    } else if (!may_await(x, at) && !scope_is_comprehension(s)) {
        refuse(x, n, RS_D_await_outside, "'await' outside async function");
    }
}

static void yield_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const scope *s = &scope_lens(x)->scopes.items[at];
    if (!is_function(x, at)) {
        refuse(x, n, RS_D_yield_outside, "'yield' outside function");
    } else if (scope_is_comprehension(s)) {
        refuse(x, n, RS_D_yield_outside, "'yield' inside a comprehension or generator expression");
    }
}

/* --- __future__ --- */

/* Only a docstring and its like may stand before a __future__ import of the module. */
static void future_check(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_str module = text_between(x, node->name_start, node->name_end);
    bool is_future =
        node->ast_class == RS_AST_ImportFrom && rs_str_equal(module, RS_STR_LITERAL("__future__"));
    if (is_future && (scope_lens(x)->has_code || node->parent != 0)) {
        refuse(x, n, RS_D_future_late,
               "from __future__ imports must occur at the beginning of the file");
    }
    bool is_docstring = n == 1 && node->ast_class == RS_AST_Expr && node->n_subtree == 2 &&
                        node_at(x, n + 1)->ast_class == RS_AST_Constant &&
                        node_at(x, n + 1)->detail == RS_W_literal_kind_string;
    if (node->parent == 0 && !is_future && !is_docstring) {
        scope_lens(x)->has_code = true;
    }
}

void rs_scope_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Return:
        if (!is_function(x, at)) {
            refuse(x, n, RS_D_return_outside, "'return' outside function");
        }
        break;
    case RS_AST_Yield:
    case RS_AST_YieldFrom:
        yield_check(x, n, at);
        break;
    case RS_AST_Await:
        await_check(x, n, at);
        break;
    case RS_AST_AsyncFor:
    case RS_AST_AsyncWith:
        if (!may_await(x, at)) {
            refuse(x, n, RS_D_await_outside, "'async' statement outside async function");
        }
        break;
    case RS_AST_Break:
        if (!lies_in_loop(x, n)) {
            refuse(x, n, RS_D_loop_control_outside, "'break' outside loop");
        }
        break;
    case RS_AST_Continue:
        if (!lies_in_loop(x, n)) {
            refuse(x, n, RS_D_loop_control_outside, "'continue' not properly in loop");
        }
        break;
    default:
        break;
    }
    if (node_at(x, n)->parent == 0 || node_at(x, n)->ast_class == RS_AST_ImportFrom) {
        future_check(x, n);
    }
}
