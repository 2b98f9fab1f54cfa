/* SPDX-License-Identifier: Apache-2.0 */
/* parse_atom.c - names, literals, parentheses, displays and comprehensions. */
#include "parse/parse_impl.h"

static bool parse_constant(rs_parser *p, rs_w_literal_kind kind)
{
    node_token(p, RS_AST_Constant)->detail = (unsigned)kind & 63U;
    return true;
}

static rs_w_literal_kind number_kind(const rs_token *tok)
{
    return (tok->flags & RS_TF_IMAGINARY) != 0 ? RS_W_literal_kind_complex
           : (tok->flags & RS_TF_FLOAT) != 0   ? RS_W_literal_kind_float
                                               : RS_W_literal_kind_int;
}

bool rs_parse_at_comprehension(const rs_parser *p)
{
    return at_kind(p, RS_T_FOR) || (at_kind(p, RS_T_ASYNC) && p->tok[1].kind == RS_T_FOR);
}

/* for target in iter if ...; as the node `comprehension`. */
static bool parse_generator_clause(rs_parser *p, uint32_t order)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    accept(p, RS_T_ASYNC);
    if (!rs_parse_expect(p, RS_T_FOR) || !rs_parse_targets(p)) {
        return false;
    }
    field_set(p, RS_F_target, 0);
    if (!rs_parse_expect(p, RS_T_IN) || !rs_parse_disjunction(p)) {
        return false;
    }
    field_set(p, RS_F_iter, 0);
    for (uint32_t i = 0; accept(p, RS_T_IF); i++) {
        if (!rs_parse_disjunction(p)) {
            return false;
        }
        field_set(p, RS_F_ifs, i);
    }
    node_close(p, RS_AST_comprehension, start, p->last_end, first);
    field_set(p, RS_F_generators, order);
    return true;
}

bool rs_parse_generator_clauses(rs_parser *p)
{
    for (uint32_t order = 0; rs_parse_at_comprehension(p); order++) {
        if (!parse_generator_clause(p, order)) {
            return false;
        }
    }
    return true;
}

/* Behind the element of a comprehension, up to the closing bracket. */
static bool parse_comprehension(rs_parser *p, rs_ast_class ast_class, uint32_t open, uint32_t first,
                                rs_token_kind closer)
{
    const rs_node *element = last_node(p);
    if (element->ast_class == RS_AST_Starred && element->parens == 0) {
        rs_parse_complain(p, RS_D_syntax_error, element->start_byte, element->end_byte,
                          "no unpacking in a comprehension");
    }
    field_set(p, RS_F_elt, 0);
    if (!rs_parse_generator_clauses(p) || !rs_parse_expect(p, closer)) {
        return false;
    }
    node_close(p, ast_class, open, p->last_end, first);
    return true;
}

/* Further elements behind the first, whose field is set here, up to the closing bracket. */
static bool parse_elements(rs_parser *p, rs_token_kind closer)
{
    field_set(p, RS_F_elts, 0);
    for (uint32_t order = 1; accept(p, RS_T_COMMA) && !at_kind(p, closer); order++) {
        if (!rs_parse_star_named(p)) {
            return false;
        }
        field_set(p, RS_F_elts, order);
    }
    return accept(p, closer) || rs_parse_fail_comma(p, "',' or a closing bracket");
}

static void parens_add(rs_parser *p)
{
    rs_node *node = last_node(p);
    node->parens = (node->parens < RS_MAX_PARENS ? node->parens + 1U : RS_MAX_PARENS) & 63U;
}

static bool parse_parenthesized(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t open = p->tok->start_byte;
    advance(p);
    if (accept(p, RS_T_RPAR)) {
        context_load(node_close(p, RS_AST_Tuple, open, p->last_end, first));
        return true;
    }
    if (at_kind(p, RS_T_YIELD)) {
        if (!rs_parse_yield(p) || !rs_parse_expect(p, RS_T_RPAR)) {
            return false;
        }
        parens_add(p);
        return true;
    }
    if (!rs_parse_star_named(p)) {
        return false;
    }
    if (rs_parse_at_comprehension(p)) {
        return parse_comprehension(p, RS_AST_GeneratorExp, open, first, RS_T_RPAR);
    }
    if (at_kind(p, RS_T_COMMA)) {
        if (!parse_elements(p, RS_T_RPAR)) {
            return false;
        }
        context_load(node_close(p, RS_AST_Tuple, open, p->last_end, first));
        return true;
    }
    if (!accept(p, RS_T_RPAR)) {
        return rs_parse_fail_comma(p, "',' or ')'");
    }
    if (last_node(p)->ast_class == RS_AST_Starred && last_node(p)->parens == 0) {
        return rs_parse_fail_at(p, last_node(p)->start_byte, last_node(p)->end_byte,
                                "no starred expression in parentheses alone");
    }
    parens_add(p);
    return true;
}

static bool parse_list(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t open = p->tok->start_byte;
    advance(p);
    if (!accept(p, RS_T_RSQB)) {
        if (!rs_parse_star_named(p)) {
            return false;
        }
        if (rs_parse_at_comprehension(p)) {
            return parse_comprehension(p, RS_AST_ListComp, open, first, RS_T_RSQB);
        }
        if (!parse_elements(p, RS_T_RSQB)) {
            return false;
        }
    }
    context_load(node_close(p, RS_AST_List, open, p->last_end, first));
    return true;
}

/* The ':' behind a key; it is missed at the key's end, or a comma is missed before what follows. */
static bool accept_key_colon(rs_parser *p)
{
    if (accept(p, RS_T_COLON)) {
        return true;
    }
    if (rs_parse_starts_expression(kind_of(p))) {
        return rs_parse_fail_comma(p, "':'");
    }
    return rs_parse_fail_at(p, p->last_end - 1, p->last_end, "':'");
}

/* key: value, or **mapping, which has no key. */
static bool parse_dict_item(rs_parser *p, uint32_t order)
{
    if (accept(p, RS_T_DOUBLESTAR)) {
        if (!rs_parse_bitwise_or(p)) {
            return false;
        }
    } else {
        if (!rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_keys, order);
        if (!accept_key_colon(p) || !rs_parse_expression(p)) {
            return false;
        }
    }
    field_set(p, RS_F_values, order);
    return true;
}

/* A dict comprehension has `key` and `value` where a dict has lists. */
static bool parse_dict_comprehension(rs_parser *p, uint32_t open, uint32_t first, bool is_unpacked)
{
    rs_node *value = last_node(p);
    value->field = RS_F_value;
    if (is_unpacked) {
        return rs_parse_fail_at(p, value->start_byte, value->end_byte,
                                "no unpacking in a comprehension");
    }
    p->post.items[n_nodes(p) - 1 - value->n_subtree].field = RS_F_key;
    if (!rs_parse_generator_clauses(p) || !rs_parse_expect(p, RS_T_RBRACE)) {
        return false;
    }
    node_close(p, RS_AST_DictComp, open, p->last_end, first);
    return true;
}

/* Behind '{' and, unless it starts with **, the first key; at ':' or '**'. */
static bool parse_dict(rs_parser *p, uint32_t open, uint32_t first)
{
    bool is_unpacked = accept(p, RS_T_DOUBLESTAR);
    if (is_unpacked) {
        if (!rs_parse_bitwise_or(p)) {
            return false;
        }
    } else {
        field_set(p, RS_F_keys, 0);
        if (!accept_key_colon(p) || !rs_parse_expression(p)) {
            return false;
        }
    }
    field_set(p, RS_F_values, 0);
    if (rs_parse_at_comprehension(p)) {
        return parse_dict_comprehension(p, open, first, is_unpacked);
    }
    for (uint32_t order = 1; accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RBRACE); order++) {
        if (!parse_dict_item(p, order)) {
            return false;
        }
    }
    if (!accept(p, RS_T_RBRACE)) {
        return rs_parse_fail_comma(p, "',' or '}'");
    }
    node_close(p, RS_AST_Dict, open, p->last_end, first);
    return true;
}

static bool parse_braces(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t open = p->tok->start_byte;
    advance(p);
    if (accept(p, RS_T_RBRACE)) {
        node_close(p, RS_AST_Dict, open, p->last_end, first);
        return true;
    }
    if (at_kind(p, RS_T_DOUBLESTAR)) {
        return parse_dict(p, open, first);
    }
    if (!rs_parse_star_named(p)) {
        return false;
    }
    if (at_kind(p, RS_T_COLON) && last_node(p)->ast_class != RS_AST_Starred) {
        return parse_dict(p, open, first);
    }
    if (rs_parse_at_comprehension(p)) {
        return parse_comprehension(p, RS_AST_SetComp, open, first, RS_T_RBRACE);
    }
    if (!parse_elements(p, RS_T_RBRACE)) {
        return false;
    }
    node_close(p, RS_AST_Set, open, p->last_end, first);
    return true;
}

bool rs_parse_atom(rs_parser *p)
{
    const rs_token *tok = p->tok;
    switch (tok->kind) {
    case RS_T_NAME: {
        rs_node *node = node_token(p, RS_AST_Name);
        name_set(node, tok);
        context_load(node);
        return true;
    }
    case RS_T_NUMBER:
        return parse_constant(p, number_kind(tok));
    case RS_T_STRING:
    case RS_T_FSTRING_START:
        return rs_parse_strings(p);
    case RS_T_TRUE:
    case RS_T_FALSE:
        return parse_constant(p, RS_W_literal_kind_bool);
    case RS_T_NONE:
        return parse_constant(p, RS_W_literal_kind_none);
    case RS_T_ELLIPSIS:
        return parse_constant(p, RS_W_literal_kind_ellipsis);
    case RS_T_LPAR:
        return parse_parenthesized(p);
    case RS_T_LSQB:
        return parse_list(p);
    case RS_T_LBRACE:
        return parse_braces(p);
    default:
        return rs_parse_fail(p, "an expression");
    }
}
