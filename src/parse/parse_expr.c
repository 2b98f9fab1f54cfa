/* SPDX-License-Identifier: Apache-2.0 */
/* parse_expr.c - expressions: operators, calls, displays, comprehensions, targets.
 *
 * Whatever nests without a bracket (unary operators, powers, conditionals, lambdas) is a
 * loop over p->pendings; brackets are limited by the lexer.
 */
#include "parse/parse_impl.h"

enum { LOWEST_BINARY = 1 };

/* Binary operators; a higher number binds tighter, 0 is none. */
typedef struct binary_row {
    uint8_t precedence;
    uint8_t ast_class;
} binary_row;

static const binary_row binary_operators[RS_N_TOKENS] = {
    [RS_T_VBAR] = {1, RS_AST_BitOr},      [RS_T_CIRCUMFLEX] = {2, RS_AST_BitXor},
    [RS_T_AMPER] = {3, RS_AST_BitAnd},    [RS_T_LEFTSHIFT] = {4, RS_AST_LShift},
    [RS_T_RIGHTSHIFT] = {4, RS_AST_RShift}, [RS_T_PLUS] = {5, RS_AST_Add},
    [RS_T_MINUS] = {5, RS_AST_Sub},       [RS_T_STAR] = {6, RS_AST_Mult},
    [RS_T_SLASH] = {6, RS_AST_Div},       [RS_T_PERCENT] = {6, RS_AST_Mod},
    [RS_T_DOUBLESLASH] = {6, RS_AST_FloorDiv}, [RS_T_AT] = {6, RS_AST_MatMult},
};

static const uint8_t unary_operators[RS_N_TOKENS] = {
    [RS_T_PLUS] = RS_AST_UAdd,
    [RS_T_MINUS] = RS_AST_USub,
    [RS_T_TILDE] = RS_AST_Invert,
};

static const uint8_t comparisons[RS_N_TOKENS] = {
    [RS_T_EQEQUAL] = RS_AST_Eq, [RS_T_NOTEQUAL] = RS_AST_NotEq,
    [RS_T_LESS] = RS_AST_Lt,    [RS_T_LESSEQUAL] = RS_AST_LtE,
    [RS_T_GREATER] = RS_AST_Gt, [RS_T_GREATEREQUAL] = RS_AST_GtE,
    [RS_T_IS] = RS_AST_Is,      [RS_T_IN] = RS_AST_In,
};

/* STAR apart, which only some places allow. */
static const bool expression_starts[RS_N_TOKENS] = {
    [RS_T_NAME] = true,   [RS_T_NUMBER] = true, [RS_T_STRING] = true, [RS_T_FSTRING_START] = true,
    [RS_T_LPAR] = true,   [RS_T_LSQB] = true,   [RS_T_LBRACE] = true, [RS_T_ELLIPSIS] = true,
    [RS_T_MINUS] = true,  [RS_T_PLUS] = true,   [RS_T_TILDE] = true,  [RS_T_NOT] = true,
    [RS_T_LAMBDA] = true, [RS_T_AWAIT] = true,  [RS_T_TRUE] = true,   [RS_T_FALSE] = true,
    [RS_T_NONE] = true,
};

bool rs_parse_starts_expression(rs_token_kind kind)
{
    return expression_starts[kind];
}

static bool pending_push(rs_parser *p, rs_ast_class ast_class, rs_ast_field field, uint32_t first,
                         uint32_t start)
{
    pending item = {first, start, (uint8_t)ast_class, (uint8_t)field};
    if (!pending_vec_push(&p->pendings, item)) {
        p->out_of_memory = true;
        return rs_parse_fail(p, "memory");
    }
    return true;
}

/* The last node is the right side of everything pending above n_before. */
static void pendings_close(rs_parser *p, size_t n_before)
{
    while (p->pendings.n_items > n_before) {
        pending item = p->pendings.items[--p->pendings.n_items];
        field_set(p, (rs_ast_field)item.field, 0);
        node_close(p, (rs_ast_class)item.ast_class, item.start, p->last_end, item.first);
    }
}

static void context_load(rs_node *node)
{
    node->context = RS_W_context_LOAD;
}

static void operator_token(rs_parser *p, rs_ast_class ast_class)
{
    node_token(p, ast_class);
    field_set(p, RS_F_op, 0);
}

/* --- atoms --- */

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

static bool at_comprehension(const rs_parser *p)
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

static bool parse_generator_clauses(rs_parser *p)
{
    for (uint32_t order = 0; at_comprehension(p); order++) {
        if (!parse_generator_clause(p, order)) {
            return false;
        }
    }
    return true;
}

/* Behind the element of a comprehension, up to the closing bracket. */
static bool parse_comprehension(rs_parser *p, rs_ast_class ast_class, uint32_t open,
                                uint32_t first, rs_token_kind closer)
{
    const rs_node *element = last_node(p);
    if (element->ast_class == RS_AST_Starred && element->parens == 0) {
        rs_parse_complain(p, RS_D_syntax_error, element->start_byte, element->end_byte,
                          "no unpacking in a comprehension");
    }
    field_set(p, RS_F_elt, 0);
    if (!parse_generator_clauses(p) || !rs_parse_expect(p, closer)) {
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
    return accept(p, closer) || rs_parse_fail(p, "',' or a closing bracket");
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
    if (at_comprehension(p)) {
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
        return rs_parse_fail(p, "',' or ')'");
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
        if (at_comprehension(p)) {
            return parse_comprehension(p, RS_AST_ListComp, open, first, RS_T_RSQB);
        }
        if (!parse_elements(p, RS_T_RSQB)) {
            return false;
        }
    }
    context_load(node_close(p, RS_AST_List, open, p->last_end, first));
    return true;
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
        if (!rs_parse_expect(p, RS_T_COLON) || !rs_parse_expression(p)) {
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
    if (!parse_generator_clauses(p) || !rs_parse_expect(p, RS_T_RBRACE)) {
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
        if (!rs_parse_expect(p, RS_T_COLON) || !rs_parse_expression(p)) {
            return false;
        }
    }
    field_set(p, RS_F_values, 0);
    if (at_comprehension(p)) {
        return parse_dict_comprehension(p, open, first, is_unpacked);
    }
    for (uint32_t order = 1; accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RBRACE); order++) {
        if (!parse_dict_item(p, order)) {
            return false;
        }
    }
    if (!accept(p, RS_T_RBRACE)) {
        return rs_parse_fail(p, "',' or '}'");
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
    if (at_comprehension(p)) {
        return parse_comprehension(p, RS_AST_SetComp, open, first, RS_T_RBRACE);
    }
    if (!parse_elements(p, RS_T_RBRACE)) {
        return false;
    }
    node_close(p, RS_AST_Set, open, p->last_end, first);
    return true;
}

static bool parse_atom(rs_parser *p)
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

/* --- calls, subscripts, attributes --- */

/* Numbers and states of the arguments read so far. */
typedef struct argument_state {
    uint32_t n_args;
    uint32_t n_keywords;
    bool has_named;
    bool has_double_star;
} argument_state;

static bool parse_keyword(rs_parser *p, argument_state *state)
{
    uint32_t first = n_nodes(p);
    const rs_token *start = p->tok;
    bool is_named = !at_kind(p, RS_T_DOUBLESTAR);
    advance(p);
    if (is_named) {
        advance(p); /* '=' */
    }
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    rs_node *node = node_close(p, RS_AST_keyword, start->start_byte, p->last_end, first);
    if (is_named) {
        name_set(node, start);
    }
    field_set(p, RS_F_keywords, state->n_keywords++);
    state->has_named = true;
    state->has_double_star = state->has_double_star || !is_named;
    return true;
}

static bool parse_starred(rs_parser *p, bool (*parse_value)(rs_parser *))
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

/* A generator expression that is an argument without parentheses of its own. */
static bool parse_bare_generator(rs_parser *p, uint32_t open, uint32_t first,
                                 const argument_state *state, bool is_call)
{
    uint32_t start = p->post.items[n_nodes(p) - 1].start_byte;
    field_set(p, RS_F_elt, 0);
    if (!parse_generator_clauses(p)) {
        return false;
    }
    bool is_alone = is_call && state->n_args == 0 && state->n_keywords == 0 && at_kind(p, RS_T_RPAR);
    if (!is_alone) {
        rs_parse_complain(p, RS_D_syntax_error, start, p->last_end,
                          "parentheses around a generator expression");
    }
    uint32_t end = is_alone ? p->tok->end_byte : p->last_end;
    node_close(p, RS_AST_GeneratorExp, is_alone ? open : start, end, first);
    return true;
}

static bool parse_argument(rs_parser *p, uint32_t open, rs_ast_field args_field,
                           argument_state *state)
{
    if (at_kind(p, RS_T_DOUBLESTAR)) {
        return parse_keyword(p, state);
    }
    if (p->tok[1].kind == RS_T_EQUAL &&
        (at_kind(p, RS_T_NAME) || at_kind(p, RS_T_TRUE) || at_kind(p, RS_T_FALSE) ||
         at_kind(p, RS_T_NONE))) {
        return at_kind(p, RS_T_NAME) ? parse_keyword(p, state)
                                     : rs_parse_fail(p, "the name of a parameter");
    }
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (at_kind(p, RS_T_STAR)) {
        if (!parse_starred(p, rs_parse_expression)) {
            return false;
        }
        if (state->has_double_star) {
            rs_parse_complain(p, RS_D_syntax_error, start, p->last_end,
                              "iterable unpacking before keyword unpacking");
        }
    } else {
        if (!rs_parse_named(p)) {
            return false;
        }
        if (at_comprehension(p) && !parse_bare_generator(p, open, first, state, args_field == RS_F_args)) {
            return false;
        }
        if (state->has_named) {
            rs_parse_complain(p, RS_D_syntax_error, start, p->last_end,
                              "positional arguments before keyword arguments");
        }
    }
    field_set(p, args_field, state->n_args++);
    return true;
}

bool rs_parse_arguments(rs_parser *p, uint32_t open, rs_ast_field args_field)
{
    argument_state state = {0};
    while (!at_kind(p, RS_T_RPAR)) {
        if (!parse_argument(p, open, args_field, &state)) {
            return false;
        }
        if (!accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RPAR)) {
            return rs_parse_fail(p, "',' or ')'");
        }
    }
    advance(p);
    return true;
}

/* One of lower, upper, step, when it is there. */
static bool parse_slice_bound(rs_parser *p, rs_ast_field field)
{
    if (at_kind(p, RS_T_COLON) || at_kind(p, RS_T_COMMA) || at_kind(p, RS_T_RSQB)) {
        return true;
    }
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, field, 0);
    return true;
}

static bool parse_slice_item(rs_parser *p)
{
    if (at_kind(p, RS_T_STAR)) {
        return parse_starred(p, rs_parse_bitwise_or);
    }
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!at_kind(p, RS_T_COLON)) {
        if (!rs_parse_named(p)) {
            return false;
        }
        if (!at_kind(p, RS_T_COLON) ||
            (last_node(p)->ast_class == RS_AST_NamedExpr && last_node(p)->parens == 0)) {
            return true;
        }
        field_set(p, RS_F_lower, 0);
    }
    advance(p);
    if (!parse_slice_bound(p, RS_F_upper) ||
        (accept(p, RS_T_COLON) && !parse_slice_bound(p, RS_F_step))) {
        return false;
    }
    node_close(p, RS_AST_Slice, start, p->last_end, first);
    return true;
}

static bool parse_slices(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    bool is_starred = at_kind(p, RS_T_STAR);
    if (!parse_slice_item(p)) {
        return false;
    }
    if (is_starred || at_kind(p, RS_T_COMMA)) {
        field_set(p, RS_F_elts, 0);
        for (uint32_t order = 1; accept(p, RS_T_COMMA) && !at_kind(p, RS_T_RSQB); order++) {
            if (!parse_slice_item(p)) {
                return false;
            }
            field_set(p, RS_F_elts, order);
        }
        context_load(node_close(p, RS_AST_Tuple, start, p->last_end, first));
    }
    field_set(p, RS_F_slice, 0);
    return accept(p, RS_T_RSQB) || rs_parse_fail(p, "',' or ']'");
}

static bool parse_attribute(rs_parser *p, uint32_t start, uint32_t first)
{
    field_set(p, RS_F_value, 0);
    advance(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    rs_node *node = node_close(p, RS_AST_Attribute, start, p->last_end, first);
    name_set(node, name);
    context_load(node);
    return true;
}

static bool parse_call(rs_parser *p, uint32_t start, uint32_t first)
{
    field_set(p, RS_F_func, 0);
    uint32_t open = p->tok->start_byte;
    advance(p);
    if (!rs_parse_arguments(p, open, RS_F_args)) {
        return false;
    }
    node_close(p, RS_AST_Call, start, p->last_end, first);
    return true;
}

static bool parse_subscript(rs_parser *p, uint32_t start, uint32_t first)
{
    field_set(p, RS_F_value, 0);
    advance(p);
    if (!parse_slices(p)) {
        return false;
    }
    context_load(node_close(p, RS_AST_Subscript, start, p->last_end, first));
    return true;
}

bool rs_parse_primary(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_atom(p)) {
        return false;
    }
    for (;;) {
        bool is_fine;
        if (at_kind(p, RS_T_DOT)) {
            is_fine = parse_attribute(p, start, first);
        } else if (at_kind(p, RS_T_LPAR)) {
            is_fine = parse_call(p, start, first);
        } else if (at_kind(p, RS_T_LSQB)) {
            is_fine = parse_subscript(p, start, first);
        } else {
            return true;
        }
        if (!is_fine) {
            return false;
        }
    }
}

/* --- operators --- */

static bool parse_await(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_primary(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_Await, start, p->last_end, first);
    return true;
}

/* Signs, await, power: -a ** -b is -(a ** (-b)), and a ** b ** c is a ** (b ** c). */
static bool parse_factor(rs_parser *p)
{
    size_t n_before = p->pendings.n_items;
    for (;;) {
        while (unary_operators[kind_of(p)] != 0) {
            uint32_t start = p->tok->start_byte;
            if (!pending_push(p, RS_AST_UnaryOp, RS_F_operand, n_nodes(p), start)) {
                return false;
            }
            operator_token(p, (rs_ast_class)unary_operators[kind_of(p)]);
        }
        uint32_t first = n_nodes(p);
        uint32_t start = p->tok->start_byte;
        if (at_kind(p, RS_T_AWAIT) ? !parse_await(p) : !rs_parse_primary(p)) {
            return false;
        }
        if (!at_kind(p, RS_T_DOUBLESTAR)) {
            break;
        }
        field_set(p, RS_F_left, 0);
        operator_token(p, RS_AST_Pow);
        if (!pending_push(p, RS_AST_BinOp, RS_F_right, first, start)) {
            return false;
        }
    }
    if (p->pendings.n_items > n_before) {
        pendings_close(p, n_before);
    }
    return true;
}

static bool parse_binary(rs_parser *p, uint8_t lowest)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_factor(p)) {
        return false;
    }
    for (;;) {
        const binary_row *row = &binary_operators[kind_of(p)];
        if (row->precedence < lowest) {
            return true;
        }
        field_set(p, RS_F_left, 0);
        operator_token(p, (rs_ast_class)row->ast_class);
        /* Depth here is bounded by the number of precedences. */
        if (!parse_binary(p, (uint8_t)(row->precedence + 1))) {
            return false;
        }
        field_set(p, RS_F_right, 0);
        node_close(p, RS_AST_BinOp, start, p->last_end, first);
    }
}

bool rs_parse_bitwise_or(rs_parser *p)
{
    return parse_binary(p, LOWEST_BINARY);
}

/* The comparison at the current token, consumed as a node; false when there is none. */
static bool accept_comparison(rs_parser *p, uint32_t order)
{
    const rs_token *tok = p->tok;
    rs_ast_class ast_class = (rs_ast_class)comparisons[tok->kind];
    if (tok->kind == RS_T_NOT && tok[1].kind == RS_T_IN) {
        ast_class = RS_AST_NotIn;
        advance(p);
    } else if (tok->kind == RS_T_IS && tok[1].kind == RS_T_NOT) {
        ast_class = RS_AST_IsNot;
        advance(p);
    } else if (ast_class == 0) {
        return false;
    }
    advance(p);
    node_close(p, ast_class, tok->start_byte, p->last_end, n_nodes(p));
    field_set(p, RS_F_ops, order);
    return true;
}

static bool parse_comparison(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!rs_parse_bitwise_or(p)) {
        return false;
    }
    if (comparisons[kind_of(p)] == 0 && !at_kind(p, RS_T_NOT)) {
        return true;
    }
    rs_node *left = last_node(p);
    uint8_t field_before = left->field;
    left->field = RS_F_left;
    uint32_t n_comparators = 0;
    while (accept_comparison(p, n_comparators)) {
        if (!rs_parse_bitwise_or(p)) {
            return false;
        }
        field_set(p, RS_F_comparators, n_comparators++);
    }
    if (n_comparators == 0) {
        last_node(p)->field = field_before; /* a `not` that belongs to no comparison */
        return true;
    }
    node_close(p, RS_AST_Compare, start, p->last_end, first);
    return true;
}

static bool parse_inversion(rs_parser *p)
{
    if (!at_kind(p, RS_T_NOT)) {
        return parse_comparison(p);
    }
    size_t n_before = p->pendings.n_items;
    while (at_kind(p, RS_T_NOT)) {
        if (!pending_push(p, RS_AST_UnaryOp, RS_F_operand, n_nodes(p), p->tok->start_byte)) {
            return false;
        }
        operator_token(p, RS_AST_Not);
    }
    if (!parse_comparison(p)) {
        return false;
    }
    pendings_close(p, n_before);
    return true;
}

/* operand (op operand)*, as one BoolOp. */
static bool parse_bool_op(rs_parser *p, rs_token_kind op, rs_ast_class op_class,
                          bool (*parse_operand)(rs_parser *))
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_operand(p)) {
        return false;
    }
    if (!at_kind(p, op)) {
        return true;
    }
    field_set(p, RS_F_values, 0);
    operator_token(p, op_class);
    uint32_t order = 1;
    do {
        if (!parse_operand(p)) {
            return false;
        }
        field_set(p, RS_F_values, order++);
    } while (accept(p, op));
    node_close(p, RS_AST_BoolOp, start, p->last_end, first);
    return true;
}

static bool parse_conjunction(rs_parser *p)
{
    return parse_bool_op(p, RS_T_AND, RS_AST_And, parse_inversion);
}

bool rs_parse_disjunction(rs_parser *p)
{
    return parse_bool_op(p, RS_T_OR, RS_AST_Or, parse_conjunction);
}

/* lambda params: -- its body is what comes next. */
static bool parse_lambda_head(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_params(p, RS_T_COLON, true)) {
        return false;
    }
    field_set(p, RS_F_args, 0);
    return rs_parse_expect(p, RS_T_COLON) &&
           pending_push(p, RS_AST_Lambda, RS_F_body, first, start);
}

/* Lambdas and conditionals nest to the right: each leaves a pending node and goes on. */
static bool parse_expression_chain(rs_parser *p)
{
    size_t n_before = p->pendings.n_items;
    for (;;) {
        if (at_kind(p, RS_T_LAMBDA)) {
            if (!parse_lambda_head(p)) {
                return false;
            }
            continue;
        }
        uint32_t first = n_nodes(p);
        uint32_t start = p->tok->start_byte;
        if (!rs_parse_disjunction(p)) {
            return false;
        }
        if (!at_kind(p, RS_T_IF)) {
            break;
        }
        field_set(p, RS_F_body, 0);
        advance(p);
        if (!rs_parse_disjunction(p)) {
            return false;
        }
        field_set(p, RS_F_test, 0);
        if (!rs_parse_expect(p, RS_T_ELSE) ||
            !pending_push(p, RS_AST_IfExp, RS_F_orelse, first, start)) {
            return false;
        }
    }
    pendings_close(p, n_before);
    return true;
}

bool rs_parse_expression(rs_parser *p)
{
    if (++p->n_nesting > RS_LIMIT_NESTING) {
        p->n_nesting--;
        return rs_parse_fail(p, "at most 500 nested expressions");
    }
    bool is_fine = parse_expression_chain(p);
    p->n_nesting--;
    return is_fine;
}

bool rs_parse_named(rs_parser *p)
{
    if (!at_kind(p, RS_T_NAME) || p->tok[1].kind != RS_T_COLONEQUAL) {
        return rs_parse_expression(p);
    }
    uint32_t first = n_nodes(p);
    const rs_token *name = p->tok;
    rs_node *target = node_token(p, RS_AST_Name);
    name_set(target, name);
    target->context = RS_W_context_STORE;
    field_set(p, RS_F_target, 0);
    advance(p);
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_NamedExpr, name->start_byte, p->last_end, first);
    return true;
}

bool rs_parse_star_expression(rs_parser *p)
{
    return at_kind(p, RS_T_STAR) ? parse_starred(p, rs_parse_bitwise_or) : rs_parse_expression(p);
}

bool rs_parse_star_named(rs_parser *p)
{
    return at_kind(p, RS_T_STAR) ? parse_starred(p, rs_parse_bitwise_or) : rs_parse_named(p);
}

bool rs_parse_star_expressions(rs_parser *p, bool is_named)
{
    bool (*parse_one)(rs_parser *) = is_named ? rs_parse_star_named : rs_parse_star_expression;
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!parse_one(p)) {
        return false;
    }
    if (!at_kind(p, RS_T_COMMA)) {
        return true;
    }
    field_set(p, RS_F_elts, 0);
    for (uint32_t order = 1; accept(p, RS_T_COMMA); order++) {
        if (!expression_starts[kind_of(p)] && !at_kind(p, RS_T_STAR)) {
            break;
        }
        if (!parse_one(p)) {
            return false;
        }
        field_set(p, RS_F_elts, order);
    }
    context_load(node_close(p, RS_AST_Tuple, start, p->last_end, first));
    return true;
}

bool rs_parse_yield(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    rs_ast_class ast_class = RS_AST_Yield;
    if (accept(p, RS_T_FROM)) {
        ast_class = RS_AST_YieldFrom;
        if (!rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_value, 0);
    } else if (expression_starts[kind_of(p)] || at_kind(p, RS_T_STAR)) {
        if (!rs_parse_star_expressions(p, false)) {
            return false;
        }
        field_set(p, RS_F_value, 0);
    }
    node_close(p, ast_class, start, p->last_end, first);
    return true;
}

bool rs_parse_yield_or_star(rs_parser *p)
{
    return at_kind(p, RS_T_YIELD) ? rs_parse_yield(p) : rs_parse_star_expressions(p, false);
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
    return at_kind(p, RS_T_STAR) ? parse_starred(p, rs_parse_bitwise_or) : rs_parse_bitwise_or(p);
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
            if (!expression_starts[kind_of(p)] && !at_kind(p, RS_T_STAR)) {
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
} param_state;

/* name [: annotation], as an `arg` node. */
static bool parse_param_name(rs_parser *p, bool has_annotation, bool may_star)
{
    uint32_t first = n_nodes(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    if (has_annotation && accept(p, RS_T_COLON)) {
        if (may_star ? !rs_parse_star_expression(p) : !rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_annotation, 0);
    }
    name_set(node_close(p, RS_AST_arg, name->start_byte, p->last_end, first), name);
    return true;
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
    if (!parse_param_name(p, !state->is_lambda, true)) {
        return false;
    }
    field_set(p, RS_F_vararg, 0);
    return !at_kind(p, RS_T_EQUAL) || rs_parse_fail(p, "no default for a '*' parameter");
}

static bool parse_plain_param(rs_parser *p, param_state *state)
{
    const rs_token *name = p->tok;
    if (!parse_param_name(p, !state->is_lambda, false)) {
        return false;
    }
    bool is_keyword_only = state->has_star;
    state->needs_keyword = false;
    uint32_t order = is_keyword_only ? state->n_keyword_only++ : state->n_positional++;
    field_set(p, is_keyword_only ? RS_F_kwonlyargs : RS_F_args, order);
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
        if (!parse_param_name(p, !state->is_lambda, false)) {
            return false;
        }
        field_set(p, RS_F_kwarg, 0);
        return !at_kind(p, RS_T_EQUAL) || rs_parse_fail(p, "no default for a '**' parameter");
    }
    return parse_plain_param(p, state);
}

bool rs_parse_params(rs_parser *p, rs_token_kind end, bool is_lambda)
{
    param_state state = {.is_lambda = is_lambda, .first = n_nodes(p)};
    uint32_t start = p->tok->start_byte;
    while (!at_kind(p, end)) {
        if (!parse_param(p, &state)) {
            return false;
        }
        if (!accept(p, RS_T_COMMA) && !at_kind(p, end)) {
            return rs_parse_fail(p, end == RS_T_COLON ? "',' or ':'" : "',' or ')'");
        }
    }
    if (state.needs_keyword) {
        return rs_parse_fail(p, "a parameter behind the bare '*'");
    }
    bool is_empty = n_nodes(p) == state.first;
    uint32_t span_end = is_empty ? start : p->last_end;
    node_close(p, RS_AST_arguments, start, span_end, state.first);
    return true;
}
