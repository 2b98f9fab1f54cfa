/* SPDX-License-Identifier: Apache-2.0 */
/* parse_target.c - what can be assigned to or deleted: targets, and the parameters of functions. */
#include "parse/parse_impl.h"

bool rs_parse_starred(rs_parser *p, bool (*parse_value)(rs_parser *))
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!parse_value(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    context_load(node_close(p, RS_AST_Starred, start, p->last_end, first));
    return true;
}

/* --- targets --- */

/* Depth is that of brackets, which the lexer limits. */
static bool context_set_at(rs_parser *p, uint32_t at, rs_w_context context)
{
    rs_node *node = &p->post.items[at];
    switch (node->ast_class) {
    case RS_AST_Name:
    case RS_AST_Attribute:
    case RS_AST_Subscript:
        node->context = (unsigned)context & 3U;
        return true;
    case RS_AST_Starred:
    case RS_AST_Tuple:
    case RS_AST_List:
        if (node->ast_class == RS_AST_Starred && context == RS_W_context_DEL) {
            break;
        }
        node->context = (unsigned)context & 3U;
        for (uint32_t child = at - 1, low = at + 1 - node->n_subtree; child + 1 > low;) {
            if (!context_set_at(p, child, context)) {
                return false;
            }
            uint32_t n_child = p->post.items[child].n_subtree;
            if (child + 1 - low == n_child) {
                break;
            }
            child -= n_child;
        }
        return true;
    default:
        break;
    }
    return rs_parse_fail_at(p, node->start_byte, node->end_byte,
                            context == RS_W_context_DEL ? "something that can be deleted"
                                                        : "something that can be assigned to");
}

bool rs_parse_set_context(rs_parser *p, rs_w_context context)
{
    return context_set_at(p, n_nodes(p) - 1, context);
}

bool rs_parse_target(rs_parser *p)
{
    /* `in` ends a target, so that no comparison is read; others are refused as targets. */
    return at_kind(p, RS_T_STAR) ? rs_parse_starred(p, rs_parse_bitwise_or)
                                 : rs_parse_bitwise_or(p);
}

bool rs_parse_targets(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!rs_parse_target(p)) {
        return false;
    }
    if (at_kind(p, RS_T_COMMA)) {
        field_set(p, RS_F_elts, 0);
        for (uint32_t order = 1; accept(p, RS_T_COMMA); order++) {
            if (!rs_parse_starts_expression(kind_of(p)) && !at_kind(p, RS_T_STAR)) {
                break;
            }
            if (!rs_parse_target(p)) {
                return false;
            }
            field_set(p, RS_F_elts, order);
        }
        context_load(node_close(p, RS_AST_Tuple, start, p->last_end, first));
    }
    return rs_parse_set_context(p, RS_W_context_STORE);
}

/* --- parameters --- */

typedef struct param_state {
    bool is_lambda;
    bool has_slash;
    bool has_star;
    bool has_kwarg;
    bool needs_keyword; /* a bare * stands right before */
    bool has_default;
    uint32_t n_positional;
    uint32_t n_keyword_only;
    uint32_t n_defaults;
    uint32_t first;
    parse_mark whole; /* behind the last parameter that was read whole, or its name */
} param_state;

/*
 * name [: annotation], as an `arg` node in a field. Where the annotation fails the name stays: what is
 * behind it has lost its annotation, but it is a parameter.
 */
static bool parse_param_name(rs_parser *p, param_state *state, bool may_star, rs_ast_field field,
                             uint32_t order)
{
    parse_mark mark = mark_here(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    bool is_fine = true;
    if (!state->is_lambda && accept(p, RS_T_COLON)) {
        is_fine = may_star ? rs_parse_star_expression(p) : rs_parse_expression(p);
        if (is_fine) {
            field_set(p, RS_F_annotation, 0);
        } else {
            p->post.n_items = mark.n_nodes;
            p->pendings.n_items = mark.n_pendings;
            p->last_end = name->end_byte;
        }
    }
    name_set(node_close(p, RS_AST_arg, name->start_byte, p->last_end, (uint32_t)mark.n_nodes),
             name);
    field_set(p, field, order);
    state->whole = mark_here(p);
    return is_fine;
}

/* The parameters before a '/' turn out to be positional only. */
static bool parse_slash(rs_parser *p, param_state *state)
{
    if (state->has_slash || state->has_star || state->n_positional == 0) {
        return rs_parse_fail(p, "'/' once, behind a parameter and before '*'");
    }
    advance(p);
    state->has_slash = true;
    for (uint32_t at = n_nodes(p); at > state->first; at -= p->post.items[at - 1].n_subtree) {
        rs_node *node = &p->post.items[at - 1];
        if (node->field == RS_F_args) {
            node->field = RS_F_posonlyargs;
        }
    }
    state->n_positional = 0;
    return true;
}

static bool parse_star_param(rs_parser *p, param_state *state)
{
    if (state->has_star) {
        return rs_parse_fail(p, "'*' once");
    }
    state->has_star = true;
    advance(p);
    if (at_kind(p, RS_T_COMMA)) {
        state->needs_keyword = true;
        return true;
    }
    if (!parse_param_name(p, state, true, RS_F_vararg, 0)) {
        return false;
    }
    return !at_kind(p, RS_T_EQUAL) || rs_parse_fail(p, "no default for a '*' parameter");
}

static bool parse_plain_param(rs_parser *p, param_state *state)
{
    const rs_token *name = p->tok;
    bool is_keyword_only = state->has_star;
    uint32_t order = is_keyword_only ? state->n_keyword_only++ : state->n_positional++;
    if (!parse_param_name(p, state, false, is_keyword_only ? RS_F_kwonlyargs : RS_F_args, order)) {
        return false;
    }
    state->needs_keyword = false;
    if (accept(p, RS_T_EQUAL)) {
        if (!rs_parse_expression(p)) {
            return false;
        }
        if (is_keyword_only) {
            field_set(p, RS_F_kw_defaults, order);
        } else {
            state->has_default = true;
            field_set(p, RS_F_defaults, state->n_defaults++);
        }
    } else if (state->has_default && !is_keyword_only) {
        rs_parse_complain(p, RS_D_syntax_error, name->start_byte, name->end_byte,
                          "a default, as the parameters before it have one");
    }
    return true;
}

static bool parse_param(rs_parser *p, param_state *state)
{
    if (state->has_kwarg) {
        return rs_parse_fail(p, "nothing behind the '**' parameter");
    }
    if (at_kind(p, RS_T_SLASH)) {
        return parse_slash(p, state);
    }
    if (at_kind(p, RS_T_STAR)) {
        return parse_star_param(p, state);
    }
    if (accept(p, RS_T_DOUBLESTAR)) {
        if (state->needs_keyword) {
            return rs_parse_fail(p, "a parameter behind the bare '*'");
        }
        state->has_kwarg = true;
        if (!parse_param_name(p, state, false, RS_F_kwarg, 0)) {
            return false;
        }
        return !at_kind(p, RS_T_EQUAL) || rs_parse_fail(p, "no default for a '**' parameter");
    }
    return parse_plain_param(p, state);
}

/* Parameters up to the token `end`. */
static bool parse_param_list(rs_parser *p, rs_token_kind end, param_state *state)
{
    while (!at_kind(p, end)) {
        if (!parse_param(p, state)) {
            return false;
        }
        state->whole = mark_here(p);
        if (!accept(p, RS_T_COMMA) && !at_kind(p, end)) {
            return rs_parse_fail_comma(p, end == RS_T_COLON ? "',' or ':'" : "',' or ')'");
        }
    }
    return !state->needs_keyword || rs_parse_fail(p, "a parameter behind the bare '*'");
}

bool rs_parse_params(rs_parser *p, rs_token_kind end, bool is_lambda)
{
    param_state state = {.is_lambda = is_lambda, .first = n_nodes(p), .whole = mark_here(p)};
    uint32_t start = p->tok->start_byte;
    bool is_fine = parse_param_list(p, end, &state);
    if (!is_fine) {
        mark_rewind(p, state.whole);
    }
    bool is_empty = n_nodes(p) == state.first;
    uint32_t span_end = is_empty ? start : p->last_end;
    node_close(p, RS_AST_arguments, start, span_end, state.first);
    return is_fine;
}
