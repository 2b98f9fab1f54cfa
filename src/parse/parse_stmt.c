/* SPDX-License-Identifier: Apache-2.0 */
/* parse_stmt.c - simple statements, assignments, imports, and the damage that remains. */
#include <string.h>

#include "parse/parse_impl.h"

static const uint8_t augmented_operators[RS_N_TOKENS] = {
    [RS_T_PLUSEQUAL] = RS_AST_Add,         [RS_T_MINEQUAL] = RS_AST_Sub,
    [RS_T_STAREQUAL] = RS_AST_Mult,        [RS_T_SLASHEQUAL] = RS_AST_Div,
    [RS_T_PERCENTEQUAL] = RS_AST_Mod,      [RS_T_AMPEREQUAL] = RS_AST_BitAnd,
    [RS_T_VBAREQUAL] = RS_AST_BitOr,       [RS_T_CIRCUMFLEXEQUAL] = RS_AST_BitXor,
    [RS_T_LEFTSHIFTEQUAL] = RS_AST_LShift, [RS_T_RIGHTSHIFTEQUAL] = RS_AST_RShift,
    [RS_T_DOUBLESTAREQUAL] = RS_AST_Pow,   [RS_T_DOUBLESLASHEQUAL] = RS_AST_FloorDiv,
    [RS_T_ATEQUAL] = RS_AST_MatMult,
};

/* --- assignments --- */

static bool is_single_target(const rs_node *node)
{
    return node->ast_class == RS_AST_Name || node->ast_class == RS_AST_Attribute ||
           node->ast_class == RS_AST_Subscript;
}

static bool parse_annotated(rs_parser *p, uint32_t start, uint32_t first)
{
    const rs_node *target = last_node(p);
    if (!is_single_target(target)) {
        return rs_parse_fail_at(p, target->start_byte, target->end_byte,
                                "a single name, attribute or item before the annotation");
    }
    (void)rs_parse_set_context(p, RS_W_context_STORE);
    field_set(p, RS_F_target, 0);
    advance(p);
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_annotation, 0);
    if (accept(p, RS_T_EQUAL)) {
        if (!rs_parse_yield_or_star(p)) {
            return false;
        }
        field_set(p, RS_F_value, 0);
    }
    node_close(p, RS_AST_AnnAssign, start, p->last_end, first);
    return true;
}

static bool parse_assignment(rs_parser *p, uint32_t start, uint32_t first)
{
    for (uint32_t order = 0; at_kind(p, RS_T_EQUAL); order++) {
        if (!rs_parse_set_context(p, RS_W_context_STORE)) {
            return false;
        }
        field_set(p, RS_F_targets, order);
        advance(p);
        if (!rs_parse_yield_or_star(p)) {
            return false;
        }
    }
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_Assign, start, p->last_end, first);
    return true;
}

static bool parse_augmented(rs_parser *p, uint32_t start, uint32_t first)
{
    const rs_node *target = last_node(p);
    if (!is_single_target(target)) {
        return rs_parse_fail_at(p, target->start_byte, target->end_byte,
                                "a single name, attribute or item to assign to");
    }
    (void)rs_parse_set_context(p, RS_W_context_STORE);
    field_set(p, RS_F_target, 0);
    node_token(p, (rs_ast_class)augmented_operators[kind_of(p)]);
    field_set(p, RS_F_op, 0);
    if (!rs_parse_yield_or_star(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_AugAssign, start, p->last_end, first);
    return true;
}

static bool parse_expression_statement(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    if (!rs_parse_yield_or_star(p)) {
        return false;
    }
    if (at_kind(p, RS_T_EQUAL)) {
        return parse_assignment(p, start, first);
    }
    if (at_kind(p, RS_T_COLON)) {
        return parse_annotated(p, start, first);
    }
    if (augmented_operators[kind_of(p)] != 0) {
        return parse_augmented(p, start, first);
    }
    field_set(p, RS_F_value, 0);
    node_close(p, RS_AST_Expr, start, p->last_end, first);
    return true;
}

/* --- imports --- */

/* name ('.' name)*; *out is where it starts, p->last_end where it ends. */
static bool parse_module_name(rs_parser *p, uint32_t *out)
{
    *out = p->tok->start_byte;
    do {
        if (!rs_parse_expect(p, RS_T_NAME)) {
            return false;
        }
    } while (accept(p, RS_T_DOT));
    return true;
}

static bool parse_alias(rs_parser *p, bool is_dotted, uint32_t order)
{
    uint32_t start = p->tok->start_byte;
    uint32_t ignored;
    bool has_dots = at_kind(p, RS_T_NAME) && p->tok[1].kind == RS_T_DOT;
    if (is_dotted || has_dots ? !parse_module_name(p, &ignored) : !rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    uint32_t name_end = p->last_end;
    if (has_dots && !is_dotted) { /* what is meant is clear */
        rs_parse_complain(p, RS_D_syntax_error, start, name_end, "one name");
    }
    bool is_aliased = accept(p, RS_T_AS);
    if (is_aliased && !rs_parse_expect(p, RS_T_NAME)) {
        return false;
    }
    rs_node *node = node_close(p, RS_AST_alias, start, p->last_end, n_nodes(p));
    node->name_start = start;
    node->name_end = name_end;
    node->detail = is_aliased;
    field_set(p, RS_F_names, order);
    return true;
}

static bool parse_import(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    uint32_t order = 0;
    do {
        if (!parse_alias(p, true, order++)) {
            return false;
        }
    } while (accept(p, RS_T_COMMA));
    node_close(p, RS_AST_Import, start, p->last_end, first);
    return true;
}

/* What stands behind `import` of a from statement. */
static bool parse_imported_names(rs_parser *p)
{
    if (at_kind(p, RS_T_STAR)) {
        const rs_token *star = p->tok;
        name_set(node_token(p, RS_AST_alias), star);
        field_set(p, RS_F_names, 0);
        return true;
    }
    bool has_parens = accept(p, RS_T_LPAR);
    uint32_t order = 0;
    do {
        if (has_parens && order > 0 && at_kind(p, RS_T_RPAR)) {
            break;
        }
        if (!parse_alias(p, false, order++)) {
            return false;
        }
    } while (accept(p, RS_T_COMMA));
    return !has_parens || accept(p, RS_T_RPAR) || rs_parse_fail(p, "',' or ')'");
}

static bool parse_from(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    bool has_dots = false;
    while (accept(p, RS_T_DOT) || accept(p, RS_T_ELLIPSIS)) {
        has_dots = true;
    }
    uint32_t module_start = 0;
    uint32_t module_end = 0;
    if (!has_dots || !at_kind(p, RS_T_IMPORT)) {
        if (!parse_module_name(p, &module_start)) {
            return false;
        }
        module_end = p->last_end;
    }
    if (!rs_parse_expect(p, RS_T_IMPORT) || !parse_imported_names(p)) {
        return false;
    }
    rs_node *node = node_close(p, RS_AST_ImportFrom, start, p->last_end, first);
    node->name_start = module_start;
    node->name_end = module_end;
    return true;
}

/* --- other simple statements --- */

static bool parse_return(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (rs_parse_starts_expression(kind_of(p)) || at_kind(p, RS_T_STAR)) {
        if (!rs_parse_star_expressions(p, false)) {
            return false;
        }
        field_set(p, RS_F_value, 0);
    }
    node_close(p, RS_AST_Return, start, p->last_end, first);
    return true;
}

static bool parse_raise(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (rs_parse_starts_expression(kind_of(p))) {
        if (!rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_exc, 0);
        if (accept(p, RS_T_FROM)) {
            if (!rs_parse_expression(p)) {
                return false;
            }
            field_set(p, RS_F_cause, 0);
        }
    }
    node_close(p, RS_AST_Raise, start, p->last_end, first);
    return true;
}

static bool parse_names(rs_parser *p)
{
    rs_ast_class ast_class = at_kind(p, RS_T_GLOBAL) ? RS_AST_Global : RS_AST_Nonlocal;
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    uint32_t order = 0;
    do {
        const rs_token *name = p->tok;
        if (!rs_parse_expect(p, RS_T_NAME)) {
            return false;
        }
        name_set(node_close(p, RS_AST_Identifier, name->start_byte, name->end_byte, n_nodes(p)),
                 name);
        field_set(p, RS_F_names, order++);
    } while (accept(p, RS_T_COMMA));
    node_close(p, ast_class, start, p->last_end, first);
    return true;
}

static bool parse_delete(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    uint32_t order = 0;
    do {
        if (order > 0 && !rs_parse_starts_expression(kind_of(p))) {
            break;
        }
        if (!rs_parse_primary(p) || !rs_parse_set_context(p, RS_W_context_DEL)) {
            return false;
        }
        field_set(p, RS_F_targets, order++);
    } while (accept(p, RS_T_COMMA));
    node_close(p, RS_AST_Delete, start, p->last_end, first);
    return true;
}

static bool parse_assert(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    if (!rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_test, 0);
    if (accept(p, RS_T_COMMA)) {
        if (!rs_parse_expression(p)) {
            return false;
        }
        field_set(p, RS_F_msg, 0);
    }
    node_close(p, RS_AST_Assert, start, p->last_end, first);
    return true;
}

static bool at_type_alias(const rs_parser *p)
{
    return text_is(p, p->tok, "type", 4) && p->tok[1].kind == RS_T_NAME &&
           (p->tok[2].kind == RS_T_EQUAL || p->tok[2].kind == RS_T_LSQB);
}

static bool parse_type_alias(rs_parser *p)
{
    uint32_t first = n_nodes(p);
    uint32_t start = p->tok->start_byte;
    advance(p);
    const rs_token *name = p->tok;
    rs_node *target = node_token(p, RS_AST_Name);
    name_set(target, name);
    target->context = RS_W_context_STORE;
    field_set(p, RS_F_name, 0);
    if (!rs_parse_type_params(p) || !rs_parse_expect(p, RS_T_EQUAL) || !rs_parse_expression(p)) {
        return false;
    }
    field_set(p, RS_F_value, 0);
    name_set(node_close(p, RS_AST_TypeAlias, start, p->last_end, first), name);
    return true;
}

static bool parse_simple(rs_parser *p)
{
    switch (p->tok->kind) {
    case RS_T_IMPORT:
        return parse_import(p);
    case RS_T_FROM:
        return parse_from(p);
    case RS_T_RETURN:
        return parse_return(p);
    case RS_T_RAISE:
        return parse_raise(p);
    case RS_T_GLOBAL:
    case RS_T_NONLOCAL:
        return parse_names(p);
    case RS_T_DEL:
        return parse_delete(p);
    case RS_T_ASSERT:
        return parse_assert(p);
    case RS_T_PASS:
        node_token(p, RS_AST_Pass);
        return true;
    case RS_T_BREAK:
        node_token(p, RS_AST_Break);
        return true;
    case RS_T_CONTINUE:
        node_token(p, RS_AST_Continue);
        return true;
    default:
        return at_type_alias(p) ? parse_type_alias(p) : parse_expression_statement(p);
    }
}

/* --- damage --- */

/* First of the lexer's faults (they are sorted) that starts at or behind from. */
static size_t fault_lower_bound(const rs_faults *faults, uint32_t from)
{
    size_t low = 0;
    size_t high = faults->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (faults->items[middle].start_byte < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/*
 * Tie the faults to the region, which is the last node: those of the lexer inside it, and
 * the parser's own unless the lexer has said what is wrong on that line.
 */
static void region_explain(rs_parser *p, rs_diagnostic_code code)
{
    uint32_t region = n_nodes(p) - 1;
    const rs_node *node = last_node(p);
    rs_faults *lexed = &p->lexed.faults;
    bool is_said = false;
    for (size_t i = fault_lower_bound(lexed, node->start_byte);
         i < lexed->n_items && lexed->items[i].start_byte <= node->end_byte; i++) {
        if (lexed->items[i].error_node == RS_NO_NODE) {
            lexed->items[i].error_node = region;
            is_said = is_said || rs_parse_same_line(p, lexed->items[i].start_byte, p->fail_start);
        }
    }
    if (!is_said) {
        rs_fault fault = {p->fail_start, p->fail_end, code, p->fail_message, region};
        if (!rs_faults_push(&p->faults, fault)) {
            p->out_of_memory = true;
        }
    }
}

static bool at_clause(const rs_parser *p)
{
    return at_kind(p, RS_T_ELIF) || at_kind(p, RS_T_ELSE) || at_kind(p, RS_T_EXCEPT) ||
           at_kind(p, RS_T_FINALLY);
}

/* Behind the rest of the logical line, when there is some, and a block that hangs below it. */
static void region_skip(rs_parser *p, bool has_rest)
{
    while (has_rest && !at_kind(p, RS_T_NEWLINE) && !at_kind(p, RS_T_END) &&
           !at_kind(p, RS_T_INDENT) && !at_kind(p, RS_T_DEDENT)) {
        advance(p);
    }
    if (has_rest && at_kind(p, RS_T_NEWLINE)) {
        p->tok++;
    }
    if (at_kind(p, RS_T_INDENT)) {
        p->tok++;
        rs_parse_statements(p, RS_F_body, 0);
        p->tok += at_kind(p, RS_T_DEDENT);
    }
}

/* Give up what was read since mark: an Error node takes its place. */
void rs_parse_give_up(rs_parser *p, parse_mark mark, rs_diagnostic_code code)
{
    rs_fault why = {p->fail_start, p->fail_end, code, p->fail_message, RS_NO_NODE};
    uint32_t first = (uint32_t)mark.n_nodes;
    p->post.n_items = mark.n_nodes;
    p->pendings.n_items = mark.n_pendings;
    p->faults.n_items = mark.n_faults;
    p->has_failed = false;
    p->clause = NULL;
    p->n_regions++;
    /* Behind a decorator the line is over before the failure. */
    region_skip(p, p->tok == mark.tok || p->tok[-1].kind != RS_T_NEWLINE);
    /* Clauses whose statement is lost belong to the damage. */
    while (at_clause(p) && !p->out_of_memory) {
        region_skip(p, true);
    }
    uint32_t end = p->last_end > mark.tok->start_byte ? p->last_end : mark.tok->end_byte;
    node_close(p, RS_AST_Error, mark.tok->start_byte, end, first);
    p->n_regions--;
    p->fail_start = why.start_byte;
    p->fail_end = why.end_byte;
    p->fail_message = why.message;
    p->has_failed = false;
    region_explain(p, code);
}

/* The end of the logical line, when a block hangs below it. */
static const rs_token *header_end(const rs_parser *p)
{
    const rs_token *tok = p->tok;
    while (tok->kind != RS_T_NEWLINE && tok->kind != RS_T_END && tok->kind != RS_T_INDENT &&
           tok->kind != RS_T_DEDENT) {
        tok++;
    }
    return tok->kind == RS_T_NEWLINE && tok[1].kind == RS_T_INDENT ? tok : NULL;
}

bool rs_parse_block_hangs(const rs_parser *p)
{
    return header_end(p) != NULL;
}

bool rs_parse_header_damage(rs_parser *p, rs_ast_field field)
{
    const rs_token *end = header_end(p);
    if (end == NULL) {
        return false;
    }
    uint32_t start = p->tok == end ? p->last_end : p->tok->start_byte;
    while (p->tok != end) {
        advance(p);
    }
    p->n_regions++;
    node_close(p, RS_AST_Error, start, p->last_end, n_nodes(p));
    p->n_regions--;
    field_set(p, field, 0);
    region_explain(p, RS_D_syntax_error);
    p->has_failed = false;
    p->tok++;
    return true;
}

void rs_parse_block_missing(rs_parser *p)
{
    rs_parse_fail(p, "an indented block");
    p->n_regions++;
    node_close(p, RS_AST_Error, p->last_end, p->last_end, n_nodes(p));
    p->n_regions--;
    rs_fault fault = {p->fail_start, p->fail_end, RS_D_indentation_error, p->fail_message,
                      n_nodes(p) - 1};
    if (!rs_faults_push(&p->faults, fault)) {
        p->out_of_memory = true;
    }
    p->has_failed = false;
}

/* --- statements --- */

static void parse_simple_line(rs_parser *p, rs_ast_field field, uint32_t *order)
{
    for (;;) {
        parse_mark mark = mark_here(p);
        bool is_fine = parse_simple(p);
        if (is_fine && !at_kind(p, RS_T_NEWLINE) && !at_kind(p, RS_T_SEMI)) {
            is_fine = rs_parse_fail(p, "the end of the statement");
        }
        if (!is_fine) {
            rs_parse_give_up(p, mark, RS_D_syntax_error);
            field_set(p, field, (*order)++);
            return;
        }
        field_set(p, field, (*order)++);
        bool has_more = accept(p, RS_T_SEMI) && !at_kind(p, RS_T_NEWLINE);
        if (!has_more) {
            p->tok++;
            return;
        }
    }
}

static void parse_statement(rs_parser *p, rs_ast_field field, uint32_t *order)
{
    parse_mark mark = mark_here(p);
    rs_diagnostic_code code = RS_D_syntax_error;
    bool is_fine;
    if (p->tok == p->clause) {
        p->has_failed = true; /* the reason is known from the statement that it belongs to */
        is_fine = false;
    } else if (at_kind(p, RS_T_INDENT)) {
        is_fine = rs_parse_fail_at(p, p->tok[1].start_byte, p->tok[1].end_byte,
                                   "no deeper indentation than the line above");
        code = RS_D_indentation_error;
    } else if (!rs_parse_compound(p, &is_fine)) {
        parse_simple_line(p, field, order);
        return;
    }
    if (!is_fine) {
        rs_parse_give_up(p, mark, code);
    }
    field_set(p, field, (*order)++);
}

void rs_parse_simple_statements(rs_parser *p, rs_ast_field field)
{
    uint32_t order = 0;
    parse_simple_line(p, field, &order);
}

void rs_parse_statements(rs_parser *p, rs_ast_field field, uint32_t order)
{
    while (!at_kind(p, RS_T_END) && !at_kind(p, RS_T_DEDENT) && !p->out_of_memory) {
        parse_statement(p, field, &order);
    }
}
