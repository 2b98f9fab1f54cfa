/* SPDX-License-Identifier: Apache-2.0 */
/* parse_compound.c - statements that hold blocks.
 *
 * A clause (elif, else, except, finally, case) whose header does not parse ends its
 * statement before it: p->clause remembers the place, and the clause itself becomes the
 * error region.
 */
#include "parse/parse_impl.h"

/* At INDENT: the block's statements, behind `order` children that it has already. */
static void parse_suite(rs_parser *p, rs_ast_field field, uint32_t order)
{
    p->tok++;
    rs_parse_statements(p, field, order);
    p->tok += at_kind(p, RS_T_DEDENT);
}

/*
 * The block of a header in which something failed: what the header is remains known, so the block is
 * its own, and no `return` in it ends what is around. False where no block hangs below the line.
 */
static bool parse_block_damaged(rs_parser *p, rs_ast_field field)
{
    if (!rs_parse_header_damage(p, field)) {
        return false;
    }
    parse_suite(p, field, 1);
    return true;
}

/* ':' and a block, whose statements are children in `field`. */
static bool parse_block(rs_parser *p, rs_ast_field field)
{
    if (!rs_parse_expect(p, RS_T_COLON)) {
        return parse_block_damaged(p, field);
    }
    if (!at_kind(p, RS_T_NEWLINE)) {
        rs_parse_simple_statements(p, field);
        return true;
    }
    p->tok++;
    if (!at_kind(p, RS_T_INDENT)) {
        rs_parse_block_missing(p);
        field_set(p, field, 0);
        return true;
    }
    parse_suite(p, field, 0);
    return true;
}

/* Go back to before a clause that failed; the statement ends there. */
static void clause_give_up(rs_parser *p, parse_mark mark)
{
    mark_restore(p, mark);
    p->clause = mark.tok;
}

/* else: block and finally: block, when they are there; false when the clause failed. */
static bool parse_clause(rs_parser *p, rs_token_kind keyword, rs_ast_field field)
{
    parse_mark mark = mark_here(p);
    if (accept(p, keyword) && !parse_block(p, field)) {
        clause_give_up(p, mark);
        return false;
    }
    return true;
}

static bool parse_if(rs_parser *p)
{
    size_t n_before = p->pendings.n_items;
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_named(p)) {
        return false;
    }
    field_set(p, RS_F_test, 0);
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    while (at_kind(p, RS_T_ELIF)) {
        parse_mark mark = mark_here(p);
        advance(p);
        bool is_fine = rs_parse_named(p);
        if (is_fine) {
            field_set(p, RS_F_test, 0);
            is_fine = at_kind(p, RS_T_COLON) || rs_parse_block_hangs(p) || rs_parse_fail(p, "':'");
        }
        if (!is_fine) {
            clause_give_up(p, mark);
            break;
        }
        pending outer = {first, start, RS_AST_If, RS_F_orelse};
        if (!pending_vec_push(&p->pendings, outer)) {
            p->out_of_memory = true;
            return rs_parse_fail(p, "memory");
        }
        first = (uint32_t)mark.n_nodes;
        start = mark.tok->start_byte;
        (void)parse_block(p, RS_F_body);
    }
    if (p->clause == NULL) {
        (void)parse_clause(p, RS_T_ELSE, RS_F_orelse);
    }
    node_close(p, RS_AST_If, start, p->last_end, first);
    while (p->pendings.n_items > n_before) {
        pending outer = p->pendings.items[--p->pendings.n_items];
        field_set(p, RS_F_orelse, 0);
        node_close(p, RS_AST_If, outer.start, p->last_end, outer.first);
    }
    return true;
}

static bool parse_while(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_named(p)) {
        return false;
    }
    field_set(p, RS_F_test, 0);
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    (void)parse_clause(p, RS_T_ELSE, RS_F_orelse);
    node_close(p, RS_AST_While, start, p->last_end, first);
    return true;
}

/* At `for`; start is that of a possible `async` before it. */
static bool parse_for(rs_parser *p, uint32_t start, bool is_async)
{
    uint32_t first = n_nodes(p);
    advance(p);
    if (!rs_parse_targets(p)) {
        return false;
    }
    field_set(p, RS_F_target, 0);
    if (!rs_parse_expect(p, RS_T_IN) || !rs_parse_star_expressions(p, false)) {
        return false;
    }
    field_set(p, RS_F_iter, 0);
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    (void)parse_clause(p, RS_T_ELSE, RS_F_orelse);
    node_close(p, is_async ? RS_AST_AsyncFor : RS_AST_For, start, p->last_end, first);
    return true;
}

/* --- with --- */

static bool parse_with_item(rs_parser *p, uint32_t order)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_context_expr, 0);
    if (accept(p, RS_T_AS)) {
        if (!rs_parse_target(p) || !rs_parse_set_context(p, RS_W_context_STORE)) {
            return false;
        }
        field_set(p, RS_F_optional_vars, 0);
    }
    node_close(p, RS_AST_withitem, start, p->last_end, first);
    field_set(p, RS_F_items, order);
    return true;
}

/* '(' item, ... ')' right before ':'; otherwise the parenthesis belongs to an expression. */
static bool parse_with_parenthesized(rs_parser *p)
{
    parse_mark mark = mark_here(p);
    advance(p);
    uint32_t order = 0;
    bool is_fine = true;
    do {
        if (order > 0 && at_kind(p, RS_T_RPAR)) {
            break;
        }
        is_fine = parse_with_item(p, order++);
    } while (is_fine && accept(p, RS_T_COMMA));
    if (is_fine && accept(p, RS_T_RPAR) && at_kind(p, RS_T_COLON)) {
        return true;
    }
    mark_restore(p, mark);
    return false;
}

static bool parse_with_items(rs_parser *p)
{
    if (at_kind(p, RS_T_LPAR) && parse_with_parenthesized(p)) {
        return true;
    }
    uint32_t order = 0;
    do {
        if (!parse_with_item(p, order++)) {
            return false;
        }
    } while (accept(p, RS_T_COMMA));
    return true;
}

static bool parse_with(rs_parser *p, uint32_t start, bool is_async)
{
    uint32_t first = n_nodes(p);
    advance(p);
    if (!parse_with_items(p) || !parse_block(p, RS_F_body)) {
        return false;
    }
    node_close(p, is_async ? RS_AST_AsyncWith : RS_AST_With, start, p->last_end, first);
    return true;
}

/* --- try --- */

/* The types behind except: one, or several with commas (3.14), then without `as`. */
static bool parse_except_types(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!rs_parse_expression(p)) {
        return false;
    }
    if (at_kind(p, RS_T_COMMA)) {
        field_set(p, RS_F_elts, 0);
        for (uint32_t order = 1; accept(p, RS_T_COMMA) && !at_kind(p, RS_T_COLON); order++) {
            if (!rs_parse_expression(p)) {
                return false;
            }
            field_set(p, RS_F_elts, order);
        }
        node_close(p, RS_AST_Tuple, start, p->last_end, first)->context = RS_W_context_LOAD;
        if (at_kind(p, RS_T_AS)) {
            return rs_parse_fail_at(p, start, p->last_end,
                                    "parentheses around several exception types before 'as'");
        }
    }
    field_set(p, RS_F_type, 0);
    return true;
}

/* At `except`; *is_star says which form the clauses have, once one was read. */
static bool parse_except(rs_parser *p, uint32_t order, bool *is_star)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    const rs_token *name = NULL;
    advance(p);
    bool has_star = accept(p, RS_T_STAR);
    if (order > 0 && has_star != *is_star) {
        return rs_parse_fail_at(p, start, p->last_end, "all clauses except or all except*");
    }
    *is_star = has_star;
    if (!at_kind(p, RS_T_COLON) || has_star) {
        if (!parse_except_types(p)) {
            return false;
        }
        if (accept(p, RS_T_AS)) {
            name = p->tok;
            if (!rs_parse_expect(p, RS_T_NAME)) {
                return false;
            }
        }
    }
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    rs_node *node = node_close(p, RS_AST_ExceptHandler, start, p->last_end, first);
    if (name != NULL) {
        name_set(node, name);
    }
    field_set(p, RS_F_handlers, order);
    return true;
}

static bool parse_try(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    bool is_star = false;
    uint32_t n_handlers = 0;
    bool is_fine = true;
    while (is_fine && at_kind(p, RS_T_EXCEPT)) {
        parse_mark mark = mark_here(p);
        is_fine = parse_except(p, n_handlers++, &is_star);
        if (!is_fine) {
            clause_give_up(p, mark);
        }
    }
    if (is_fine && n_handlers > 0) {
        is_fine = parse_clause(p, RS_T_ELSE, RS_F_orelse);
    }
    bool has_finally = at_kind(p, RS_T_FINALLY);
    is_fine = is_fine && parse_clause(p, RS_T_FINALLY, RS_F_finalbody);
    if (is_fine && n_handlers == 0 && !has_finally) {
        rs_parse_fail(p, "an 'except' or 'finally' clause");
        rs_parse_complain(p, RS_D_syntax_error, p->fail_start, p->fail_end, p->fail_message);
        p->has_failed = false;
    }
    node_close(p, is_star ? RS_AST_TryStar : RS_AST_Try, start, p->last_end, first);
    return true;
}

/* --- match --- */

static bool parse_case(rs_parser *p, uint32_t order)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_patterns(p)) {
        return false;
    }
    field_set(p, RS_F_pattern, 0);
    if (accept(p, RS_T_IF)) {
        if (!rs_parse_named(p)) {
            return false;
        }
        field_set(p, RS_F_guard, 0);
    }
    if (!parse_block(p, RS_F_body)) {
        return false;
    }
    node_close(p, RS_AST_match_case, start, p->last_end, first);
    field_set(p, RS_F_cases, order);
    return true;
}

static bool at_case(const rs_parser *p)
{
    return text_is(p, p->tok, "case", 4);
}

/* `match` is a keyword only before a subject and a ':' that ends the line. */
static bool parse_match_head(rs_parser *p)
{
    uint8_t next = p->tok[1].kind;
    if (!text_is(p, p->tok, "match", 5) ||
        (!rs_parse_starts_expression((rs_token_kind)next) && next != RS_T_STAR)) {
        return false;
    }
    parse_mark mark = mark_here(p);
    advance(p);
    bool is_match = rs_parse_star_expressions(p, true);
    if (is_match) {
        field_set(p, RS_F_subject, 0);
        is_match = at_kind(p, RS_T_COLON) && p->tok[1].kind == RS_T_NEWLINE;
    }
    if (!is_match) {
        mark_restore(p, mark);
        return false;
    }
    advance(p);
    p->tok++;
    return true;
}

static void parse_match_rest(rs_parser *p, uint32_t start, uint32_t first)
{
    if (!at_kind(p, RS_T_INDENT)) {
        rs_parse_block_missing(p);
        field_set(p, RS_F_cases, 0);
        node_close(p, RS_AST_Match, start, p->last_end, first);
        return;
    }
    p->tok++;
    for (uint32_t order = 0; !at_kind(p, RS_T_DEDENT) && !at_kind(p, RS_T_END); order++) {
        parse_mark mark = mark_here(p);
        bool is_fine = at_case(p) ? parse_case(p, order) : rs_parse_fail(p, "'case'");
        if (!is_fine) {
            rs_parse_give_up(p, mark, RS_D_syntax_error);
            field_set(p, RS_F_cases, order);
        }
        if (p->out_of_memory) {
            return;
        }
    }
    p->tok += at_kind(p, RS_T_DEDENT);
    node_close(p, RS_AST_Match, start, p->last_end, first);
}

/* --- definitions --- */

static bool parse_type_param(rs_parser *p, uint32_t order)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    rs_ast_class ast_class = accept(p, RS_T_STAR)         ? RS_AST_TypeVarTuple
                             : accept(p, RS_T_DOUBLESTAR) ? RS_AST_ParamSpec
                                                          : RS_AST_TypeVar;
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    if (ast_class == RS_AST_TypeVar && accept(p, RS_T_COLON)) {
        if (!rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_bound, 0);
    }
    if (accept(p, RS_T_EQUAL)) {
        if (ast_class == RS_AST_TypeVarTuple ? !rs_parse_star_expression(p)
                                             : !rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_default_value, 0);
    }
    name_set(node_close(p, ast_class, start, p->last_end, first), name);
    field_set(p, RS_F_type_params, order);
    return true;
}

bool rs_parse_type_params(rs_parser *p)
{
    if (!accept(p, RS_T_LSQB)) {
        return true;
    }
    uint32_t order = 0;
    do {
        if (order > 0 && at_kind(p, RS_T_RSQB)) {
            break;
        }
        if (!parse_type_param(p, order++)) {
            return false;
        }
    } while (accept(p, RS_T_COMMA));
    return accept(p, RS_T_RSQB) || rs_parse_fail(p, "',' or ']'");
}

/* Type parameters, parameters and result: from behind the name to before the ':'. */
static bool parse_signature(rs_parser *p)
{
    parse_mark mark = mark_here(p);
    if (!rs_parse_type_params(p) || !rs_parse_expect(p, RS_T_LPAR)) {
        mark_rewind(p, mark);
        node_close(p, RS_AST_arguments, p->last_end, p->last_end, n_nodes(p));
        field_set(p, RS_F_args, 0);
        return false;
    }
    bool is_fine = rs_parse_params(p, RS_T_RPAR, false);
    field_set(p, RS_F_args, 0);
    if (!is_fine) {
        return false;
    }
    advance(p);
    mark = mark_here(p);
    if (accept(p, RS_T_RARROW)) {
        if (!rs_parse_expression(p)) {
            mark_rewind(p, mark);
            return false;
        }
        field_set(p, RS_F_returns, 0);
    }
    return true;
}

/* At `def`; start is that of a possible `async`, first counts decorators as children. */
static bool parse_function(rs_parser *p, uint32_t start, uint32_t first, bool is_async)
{
    advance(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    bool is_fine = parse_signature(p);
    if (!(is_fine ? parse_block(p, RS_F_body) : parse_block_damaged(p, RS_F_body))) {
        return false;
    }
    rs_ast_class ast_class = is_async ? RS_AST_AsyncFunctionDef : RS_AST_FunctionDef;
    name_set(node_close(p, ast_class, start, p->last_end, first), name);
    return true;
}

static bool parse_class(rs_parser *p, uint32_t first)
{
    uint32_t start = p->tok->start_byte;
    advance(p);
    const rs_token *name = p->tok;
    if (!rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    parse_mark mark = mark_here(p);
    bool is_fine = rs_parse_type_params(p);
    uint32_t open = p->tok->start_byte;
    is_fine = is_fine && (!accept(p, RS_T_LPAR) || rs_parse_arguments(p, open, RS_F_bases));
    if (!is_fine) {
        mark_rewind(p, mark);
    }
    if (!(is_fine ? parse_block(p, RS_F_body) : parse_block_damaged(p, RS_F_body))) {
        return false;
    }
    name_set(node_close(p, RS_AST_ClassDef, start, p->last_end, first), name);
    return true;
}

/* At `async`. */
static bool parse_async(rs_parser *p, uint32_t first)
{
    uint32_t start = p->tok->start_byte;
    advance(p);
    switch (p->tok->kind) {
    case RS_T_DEF:
        return parse_function(p, start, first, true);
    case RS_T_FOR:
        return parse_for(p, start, true);
    case RS_T_WITH:
        return parse_with(p, start, true);
    default:
        return rs_parse_fail(p, "'def', 'for' or 'with'");
    }
}

static bool parse_decorated(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    for (uint32_t order = 0; accept(p, RS_T_AT); order++) {
        if (!rs_parse_named(p)) {
            return false;
        }
        field_set(p, RS_F_decorator_list, order);
        if (!at_kind(p, RS_T_NEWLINE)) {
            return rs_parse_fail(p, "the end of the line");
        }
        p->tok++;
    }
    if (at_kind(p, RS_T_DEF)) {
        return parse_function(p, p->tok->start_byte, first, false);
    }
    if (at_kind(p, RS_T_CLASS)) {
        return parse_class(p, first);
    }
    if (at_kind(p, RS_T_ASYNC) && p->tok[1].kind == RS_T_DEF) {
        return parse_async(p, first);
    }
    return rs_parse_fail(p, "'def' or 'class' behind the decorators");
}

bool rs_parse_compound(rs_parser *p, bool *is_fine)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    switch (p->tok->kind) {
    case RS_T_IF:
        *is_fine = parse_if(p);
        return true;
    case RS_T_WHILE:
        *is_fine = parse_while(p);
        return true;
    case RS_T_FOR:
        *is_fine = parse_for(p, start, false);
        return true;
    case RS_T_WITH:
        *is_fine = parse_with(p, start, false);
        return true;
    case RS_T_TRY:
        *is_fine = parse_try(p);
        return true;
    case RS_T_DEF:
        *is_fine = parse_function(p, start, first, false);
        return true;
    case RS_T_CLASS:
        *is_fine = parse_class(p, first);
        return true;
    case RS_T_AT:
        *is_fine = parse_decorated(p);
        return true;
    case RS_T_ASYNC:
        *is_fine = parse_async(p, first);
        return true;
    case RS_T_NAME:
        if (!parse_match_head(p)) {
            return false;
        }
        parse_match_rest(p, start, first);
        *is_fine = true;
        return true;
    default:
        return false;
    }
}
