/* SPDX-License-Identifier: Apache-2.0 */
/* parse_pattern.c - the patterns of a case clause (PEP 634). */
#include "parse/parse_impl.h"

static bool parse_pattern(rs_parser *p);

static bool at_wildcard(const rs_parser *p)
{
    return text_is(p, p->tok, "_", 1);
}

/* MatchAs or MatchStar of a bare name; `_` binds nothing. */
static void capture_close(rs_parser *p, rs_ast_class ast_class, uint32_t start,
                          const rs_token *name, uint32_t first)
{
    rs_node *node = node_close(p, ast_class, start, p->last_end, first);
    if (!text_is(p, name, "_", 1)) {
        name_set(node, name);
    }
}

static bool parse_star_pattern(rs_parser *p)
{
    uint32_t start = p->tok->start_byte;
    advance(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    capture_close(p, RS_AST_MatchStar, start, name, n_nodes(p));
    return true;
}

static bool parse_maybe_star(rs_parser *p)
{
    return at_kind(p, RS_T_STAR) ? parse_star_pattern(p) : parse_pattern(p);
}

/* [-] NUMBER, or a string: an expression without operators but for a sign and one +/-. */
static bool parse_signed_number(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    bool is_negative = at_kind(p, RS_T_MINUS);
    if (is_negative) {
        node_token(p, RS_AST_USub);
        field_set(p, RS_F_op, 0);
    }
    if (!at_kind(p, RS_T_NUMBER)) {
        return rs_parse_fail(p, "a number");
    }
    if (!rs_parse_primary(p)) {
        return false;
    }
    if (last_node(p)->ast_class != RS_AST_Constant) {
        return rs_parse_fail_at(p, start, p->last_end, "a literal pattern");
    }
    if (is_negative) {
        field_set(p, RS_F_operand, 0);
        node_close(p, RS_AST_UnaryOp, start, p->last_end, first);
    }
    return true;
}

/* A number, or a complex one written real + imaginary. */
static bool parse_number(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_signed_number(p)) {
        return false;
    }
    if (!at_kind(p, RS_T_PLUS) && !at_kind(p, RS_T_MINUS)) {
        return true;
    }
    if (last_node(p)->detail == RS_W_literal_kind_complex) {
        return rs_parse_fail_at(p, start, p->last_end, "a real number before the imaginary one");
    }
    field_set(p, RS_F_left, 0);
    node_token(p, at_kind(p, RS_T_PLUS) ? RS_AST_Add : RS_AST_Sub);
    field_set(p, RS_F_op, 0);
    if (!at_kind(p, RS_T_NUMBER) || (p->tok->flags & RS_TF_IMAGINARY) == 0) {
        return rs_parse_fail(p, "an imaginary number");
    }
    if (!rs_parse_primary(p)) {
        return false;
    }
    field_set(p, RS_F_right, 0);
    node_close(p, RS_AST_BinOp, start, p->last_end, first);
    return true;
}

/* The last node is an expression that the pattern compares with. */
static void value_close(rs_parser *p, uint32_t start, uint32_t first)
{
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_MatchValue, start, p->last_end, first);
}

static bool parse_literal_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    bool is_string = at_kind(p, RS_T_STRING) || at_kind(p, RS_T_FSTRING_START);
    if (is_string ? !rs_parse_strings(p) : !parse_number(p)) {
        return false;
    }
    value_close(p, start, first);
    return true;
}

static bool parse_singleton(rs_parser *p)
{
    node_token(p, RS_AST_MatchSingleton);
    return true;
}

/* name ('.' name)*, as an expression. */
static bool parse_dotted_name(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    rs_node *node = node_close(p, RS_AST_Name, name->start_byte, name->end_byte, first);
    name_set(node, name);
    node->context = RS_W_context_LOAD;
    while (accept(p, RS_T_DOT)) {
        field_set(p, RS_F_value, 0);
        const rs_token *attribute = p->tok;
        if (!rs_parse_expect(p, RS_T_NAME)) {
            return false;
        }
        node = node_close(p, RS_AST_Attribute, name->start_byte, p->last_end, first);
        name_set(node, attribute);
        node->context = RS_W_context_LOAD;
    }
    return true;
}

static bool parse_class_argument(rs_parser *p, uint32_t *n_patterns, uint32_t *n_keywords)
{
    bool is_keyword = at_kind(p, RS_T_NAME) && p->tok[1].kind == RS_T_EQUAL;
    if (is_keyword) {
        const rs_token *name = p->tok;
        rs_node *node = node_token(p, RS_AST_Identifier);
        name_set(node, name);
        field_set(p, RS_F_kwd_attrs, *n_keywords);
        advance(p);
    } else if (*n_keywords > 0) {
        return rs_parse_fail(p, "positional patterns before keyword patterns");
    }
    if (!parse_pattern(p)) {
        return false;
    }
    if (is_keyword) {
        field_set(p, RS_F_kwd_patterns, (*n_keywords)++);
    } else {
        field_set(p, RS_F_patterns, (*n_patterns)++);
    }
    return true;
}

static bool parse_class_pattern(rs_parser *p, uint32_t start, uint32_t first)
{
    field_set(p, RS_F_cls, 0);
    advance(p);
    uint32_t n_patterns = 0;
    uint32_t n_keywords = 0;
    while (!at_kind(p, RS_T_RPAR)) {
        if (!parse_class_argument(p, &n_patterns, &n_keywords)) {
            return false;
        }
        if (!accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RPAR)) {
            return rs_parse_fail(p, "',' or ')'");
        }
    }
    advance(p);
    node_close(p, RS_AST_MatchClass, start, p->last_end, first);
    return true;
}

static bool parse_name_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    const rs_token *name = p->tok;
    uint8_t next = name[1].kind;
    if (next != RS_T_DOT && next != RS_T_LPAR) {
        if (next == RS_T_EQUAL) {
            return rs_parse_fail(p, "a pattern");
        }
        advance(p);
        capture_close(p, RS_AST_MatchAs, name->start_byte, name, first);
        return true;
    }
    if (!parse_dotted_name(p)) {
        return false;
    }
    if (at_kind(p, RS_T_LPAR)) {
        return parse_class_pattern(p, name->start_byte, first);
    }
    value_close(p, name->start_byte, first);
    return true;
}

static bool parse_mapping_key(rs_parser *p)
{
    switch (p->tok->kind) {
    case RS_T_NAME:
        return p->tok[1].kind == RS_T_DOT ? parse_dotted_name(p)
                                          : rs_parse_fail(p, "a literal or a dotted name");
    case RS_T_NONE:
    case RS_T_TRUE:
    case RS_T_FALSE:
        return rs_parse_primary(p);
    case RS_T_STRING:
    case RS_T_FSTRING_START:
        return rs_parse_strings(p);
    default:
        return parse_number(p);
    }
}

static bool parse_mapping_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t open = p->tok->start_byte;
    const rs_token *rest = NULL;
    advance(p);
    for (uint32_t order = 0; !at_kind(p, RS_T_RBRACE); order++) {
        if (rest != NULL) {
            return rs_parse_fail(p, "nothing behind '**'");
        }
        if (accept(p, RS_T_DOUBLESTAR)) {
            rest = p->tok;
            if (at_wildcard(p) || !rs_parse_expect(p, RS_T_NAME)) {
                return rs_parse_fail(p, "a name to bind");
            }
        } else {
            if (!parse_mapping_key(p)) {
                return false;
            }
            field_set(p, RS_F_keys, order);
            if (!rs_parse_expect(p, RS_T_COLON) || !parse_pattern(p)) {
                return false;
            }
            field_set(p, RS_F_patterns, order);
        }
        if (!accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RBRACE)) {
            return rs_parse_fail(p, "',' or '}'");
        }
    }
    advance(p);
    rs_node *node = node_close(p, RS_AST_MatchMapping, open, p->last_end, first);
    if (rest != NULL) {
        name_set(node, rest);
    }
    return true;
}

/* Further patterns of a sequence behind the first, at ','; `closer` may follow any of them. */
static bool parse_sequence_rest(rs_parser *p, rs_token_kind closer)
{
    field_set(p, RS_F_patterns, 0);
    for (uint32_t order = 1; accept(p, RS_T_COMMA); order++) {
        if (at_kind(p, closer) || at_kind(p, RS_T_COLON) || at_kind(p, RS_T_IF)) {
            break;
        }
        if (!parse_maybe_star(p)) {
            return false;
        }
        field_set(p, RS_F_patterns, order);
    }
    return true;
}

/* [..] always is a sequence; (..) only with a comma, a star or nothing in it. */
static bool parse_sequence_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t open = p->tok->start_byte;
    bool is_list = at_kind(p, RS_T_LSQB);
    rs_token_kind closer = is_list ? RS_T_RSQB : RS_T_RPAR;
    advance(p);
    if (!at_kind(p, closer)) {
        bool is_star = at_kind(p, RS_T_STAR);
        if (!parse_maybe_star(p)) {
            return false;
        }
        if (!is_list && !is_star && at_kind(p, RS_T_RPAR)) {
            advance(p);
            last_node(p)->parens |= 1U;
            return true;
        }
        if (!is_list && is_star && at_kind(p, RS_T_RPAR)) {
            return rs_parse_fail(p, "','");
        }
        if (!parse_sequence_rest(p, closer)) {
            return false;
        }
    }
    if (!rs_parse_expect(p, closer)) {
        return false;
    }
    node_close(p, RS_AST_MatchSequence, open, p->last_end, first);
    return true;
}

static bool parse_closed_pattern(rs_parser *p)
{
    switch (p->tok->kind) {
    case RS_T_NAME:
        return parse_name_pattern(p);
    case RS_T_NUMBER:
    case RS_T_MINUS:
    case RS_T_STRING:
    case RS_T_FSTRING_START:
        return parse_literal_pattern(p);
    case RS_T_NONE:
    case RS_T_TRUE:
    case RS_T_FALSE:
        return parse_singleton(p);
    case RS_T_LPAR:
    case RS_T_LSQB:
        return parse_sequence_pattern(p);
    case RS_T_LBRACE:
        return parse_mapping_pattern(p);
    default:
        return rs_parse_fail(p, "a pattern");
    }
}

static bool parse_or_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_closed_pattern(p)) {
        return false;
    }
    if (!at_kind(p, RS_T_VBAR)) {
        return true;
    }
    field_set(p, RS_F_patterns, 0);
    for (uint32_t order = 1; accept(p, RS_T_VBAR); order++) {
        if (!parse_closed_pattern(p)) {
            return false;
        }
        field_set(p, RS_F_patterns, order);
    }
    node_close(p, RS_AST_MatchOr, start, p->last_end, first);
    return true;
}

static bool parse_pattern(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_or_pattern(p)) {
        return false;
    }
    if (!accept(p, RS_T_AS)) {
        return true;
    }
    field_set(p, RS_F_pattern, 0);
    const rs_token *name = p->tok;
    if (at_wildcard(p) || !rs_parse_expect(p, RS_T_NAME)) {
        return rs_parse_fail(p, "a name to bind");
    }
    name_set(node_close(p, RS_AST_MatchAs, start, p->last_end, first), name);
    return true;
}

bool rs_parse_patterns(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    bool is_star = at_kind(p, RS_T_STAR);
    if (!parse_maybe_star(p)) {
        return false;
    }
    if (!at_kind(p, RS_T_COMMA)) {
        return !is_star || rs_parse_fail(p, "','");
    }
    if (!parse_sequence_rest(p, RS_T_COLON)) {
        return false;
    }
    node_close(p, RS_AST_MatchSequence, start, p->last_end, first);
    return true;
}
