/* SPDX-License-Identifier: Apache-2.0 */
/* parse_expr.c - expressions: operators, calls, subscripts, lambdas.
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
    [RS_T_VBAR] = {1, RS_AST_BitOr},
    [RS_T_CIRCUMFLEX] = {2, RS_AST_BitXor},
    [RS_T_AMPER] = {3, RS_AST_BitAnd},
    [RS_T_LEFTSHIFT] = {4, RS_AST_LShift},
    [RS_T_RIGHTSHIFT] = {4, RS_AST_RShift},
    [RS_T_PLUS] = {5, RS_AST_Add},
    [RS_T_MINUS] = {5, RS_AST_Sub},
    [RS_T_STAR] = {6, RS_AST_Mult},
    [RS_T_SLASH] = {6, RS_AST_Div},
    [RS_T_PERCENT] = {6, RS_AST_Mod},
    [RS_T_DOUBLESLASH] = {6, RS_AST_FloorDiv},
    [RS_T_AT] = {6, RS_AST_MatMult},
};

static const uint8_t unary_operators[RS_N_TOKENS] = {
    [RS_T_PLUS] = RS_AST_UAdd,
    [RS_T_MINUS] = RS_AST_USub,
    [RS_T_TILDE] = RS_AST_Invert,
};

static const uint8_t comparisons[RS_N_TOKENS] = {
    [RS_T_EQEQUAL] = RS_AST_Eq,    [RS_T_NOTEQUAL] = RS_AST_NotEq, [RS_T_LESS] = RS_AST_Lt,
    [RS_T_LESSEQUAL] = RS_AST_LtE, [RS_T_GREATER] = RS_AST_Gt,     [RS_T_GREATEREQUAL] = RS_AST_GtE,
    [RS_T_IS] = RS_AST_Is,         [RS_T_IN] = RS_AST_In,
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

static void operator_token(rs_parser *p, rs_ast_class ast_class)
{
    node_token(p, ast_class);
    field_set(p, RS_F_op, 0);
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

/* A generator expression that is an argument without parentheses of its own. */
static bool parse_bare_generator(rs_parser *p, uint32_t open, uint32_t first,
                                 const argument_state *state, bool is_call)
{
    uint32_t start = p->post.items[n_nodes(p) - 1].start_byte;
    field_set(p, RS_F_elt, 0);
    if (!rs_parse_generator_clauses(p)) {
        return false;
    }
    bool is_alone =
        is_call && state->n_args == 0 && state->n_keywords == 0 && at_kind(p, RS_T_RPAR);
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
    if (p->tok[1].kind == RS_T_EQUAL && (at_kind(p, RS_T_NAME) || at_kind(p, RS_T_TRUE) ||
                                         at_kind(p, RS_T_FALSE) || at_kind(p, RS_T_NONE))) {
        return at_kind(p, RS_T_NAME) ? parse_keyword(p, state)
                                     : rs_parse_fail(p, "the name of a parameter");
    }
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (at_kind(p, RS_T_STAR)) {
        if (!rs_parse_starred(p, rs_parse_expression)) {
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
        if (rs_parse_at_comprehension(p) &&
            !parse_bare_generator(p, open, first, state, args_field == RS_F_args)) {
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
            return rs_parse_fail_comma(p, "',' or ')'");
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
        return rs_parse_starred(p, rs_parse_bitwise_or);
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
    return accept(p, RS_T_RSQB) || rs_parse_fail_comma(p, "',' or ']'");
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
    if (!rs_parse_atom(p)) {
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

/* if test else -- of a conditional that starts at start; what comes next is the other value. */
static bool parse_condition(rs_parser *p, uint32_t start)
{
    const rs_token *keyword = p->tok;
    advance(p);
    if (!rs_parse_disjunction(p)) {
        return false;
    }
    field_set(p, RS_F_test, 0);
    if (accept(p, RS_T_ELSE)) {
        return true;
    }
    /* Before ':' it rather was to be a statement of its own. */
    bool is_statement = at_kind(p, RS_T_COLON);
    return rs_parse_fail_at(p, is_statement ? keyword->start_byte : start, p->tok->end_byte,
                            "'else' behind the condition");
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
        if (!parse_condition(p, start)) {
            return false;
        }
        if (!pending_push(p, RS_AST_IfExp, RS_F_orelse, first, start)) {
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
    return at_kind(p, RS_T_STAR) ? rs_parse_starred(p, rs_parse_bitwise_or)
                                 : rs_parse_expression(p);
}

bool rs_parse_star_named(rs_parser *p)
{
    return at_kind(p, RS_T_STAR) ? rs_parse_starred(p, rs_parse_bitwise_or) : rs_parse_named(p);
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
