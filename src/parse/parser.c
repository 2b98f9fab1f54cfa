/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/parser.h"

#include <stdlib.h>
#include <string.h>

#include "parse/parse_impl.h"

bool rs_parse_fail_at(rs_parser *p, uint32_t start, uint32_t end, const char *expected)
{
    RS_ASSERT(expected != NULL && start <= end);
    if (!p->has_failed) {
        p->has_failed = true;
        p->fail_start = start;
        p->fail_end = end;
        p->fail_message = expected;
    }
    return false;
}

bool rs_parse_fail(rs_parser *p, const char *expected)
{
    if (p->tok->start_byte >= p->n_bytes && p->n_bytes > 0) {
        /* The end of the text is on its last line, not behind it. */
        return rs_parse_fail_at(p, p->n_bytes - 1, p->n_bytes, expected);
    }
    return rs_parse_fail_at(p, p->tok->start_byte, p->tok->end_byte, expected);
}

/* The last operand of the last node, which what follows it may have been meant to be apart from. */
static const rs_node *last_operand(const rs_parser *p)
{
    RS_ASSERT(p->post.n_items > 0);
    size_t at = p->post.n_items - 1;
    for (; at > 0; at--) {
        uint8_t ast_class = p->post.items[at].ast_class;
        bool is_open_to_the_right = ast_class == RS_AST_IfExp || ast_class == RS_AST_Lambda ||
                                    ast_class == RS_AST_keyword || ast_class == RS_AST_Starred ||
                                    ast_class == RS_AST_NamedExpr;
        if (!is_open_to_the_right || p->post.items[at].parens > 0) {
            break;
        }
    }
    return &p->post.items[at];
}

/* CPython's rule invalid_expression does not speak of a comma behind these. */
static bool may_be_another_language(const rs_parser *p, uint32_t start)
{
    const rs_token *tok = p->tok;
    while (tok > p->lexed.tokens.items && tok->start_byte > start) {
        tok--;
    }
    return text_is(p, tok, "match", 5) || text_is(p, tok, "case", 4) || text_is(p, tok, "_", 1) ||
           text_is(p, tok, "type", 4) || text_is(p, tok, "print", 5) ||
           text_is(p, tok, "exec", 4) || (tok->kind == RS_T_NAME && tok[1].kind == RS_T_STRING);
}

bool rs_parse_fail_comma(rs_parser *p, const char *expected)
{
    if (p->post.n_items == 0 || !rs_parse_starts_expression(kind_of(p))) {
        return rs_parse_fail(p, expected);
    }
    const rs_node *before = last_operand(p);
    if (before->ast_class == RS_AST_arg || may_be_another_language(p, before->start_byte)) {
        return rs_parse_fail(p, expected);
    }
    return rs_parse_fail_at(p, before->start_byte, p->tok->end_byte, expected);
}

bool rs_parse_expect(rs_parser *p, rs_token_kind kind)
{
    return accept(p, kind) || rs_parse_fail(p, rs_token_words(kind));
}

void rs_parse_complain(rs_parser *p, rs_diagnostic_code code, uint32_t start, uint32_t end,
                       const char *expected)
{
    rs_fault fault = {start, end, code, expected, RS_NO_NODE};
    if (!rs_faults_push(&p->faults, fault)) {
        p->out_of_memory = true;
    }
}

bool rs_parse_same_line(const rs_parser *p, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b;
    uint32_t high = a < b ? b : a;
    RS_ASSERT(high <= p->n_bytes);
    return memchr(p->text + low, '\n', high - low) == NULL &&
           memchr(p->text + low, '\r', high - low) == NULL;
}

/* --- post-order to pre-order --- */

/*
 * A node's number in pre-order is its number in post-order, less its descendants (which it
 * follows there and precedes here), plus its ancestors. Going backwards, the open ancestors
 * are a stack; it is kept in the not yet needed `parent` fields of the post-order array:
 * parent of post[i] is the post number of the node that encloses it.
 */
static bool nodes_turn(rs_parser *p)
{
    uint32_t n = n_nodes(p);
    node_vec_reset(&p->pre);
    if (!node_vec_reserve(&p->pre, n)) {
        return false;
    }
    p->pre.n_items = n;
    RS_ASSERT(n > 0 && p->post.items[n - 1].n_subtree == n); /* the module is closed last */
    rs_node *post = p->post.items;
    uint32_t open = RS_NO_NODE; /* innermost open node, by post number */
    uint32_t n_open = 0;
    for (uint32_t i = n; i-- > 0;) {
        while (open != RS_NO_NODE && i + post[open].n_subtree <= open) {
            open = post[open].parent;
            n_open--;
        }
        RS_ASSERT(post[i].n_subtree >= 1 &&
                  post[i].n_subtree <= i + 1); /* it and those before it */
        uint32_t number = i + 1 - post[i].n_subtree + n_open;
        RS_ASSERT(number < n);
        rs_node *node = &p->pre.items[number];
        *node = post[i];
        if (open == RS_NO_NODE) {
            node->parent = RS_NO_NODE;
        } else {
            /* number of the open node: kept in its order field's twin, see below */
            node->parent = open + 1 - post[open].n_subtree + n_open - 1;
        }
        post[i].parent = open;
        if (post[i].ast_class == RS_AST_Error) {
            post[i].order = number; /* for the faults, which know post numbers */
        }
        open = i;
        n_open++;
    }
    return true;
}

static int fault_order(const void *left, const void *right)
{
    const rs_fault *a = left;
    const rs_fault *b = right;
    if (a->start_byte != b->start_byte) {
        return a->start_byte < b->start_byte ? -1 : 1;
    }
    if (a->code != b->code) {
        return a->code < b->code ? -1 : 1;
    }
    return (a->end_byte > b->end_byte) - (a->end_byte < b->end_byte);
}

/* Of the faults of a region on one line the first says enough: a binary file has millions. */
static void faults_thin(rs_parser *p)
{
    rs_faults *faults = &p->faults;
    size_t n_kept = 0;
    for (size_t i = 0; i < faults->n_items; i++) {
        const rs_fault *fault = &faults->items[i];
        const rs_fault *before = n_kept == 0 ? NULL : &faults->items[n_kept - 1];
        bool is_said = before != NULL && fault->error_node != RS_NO_NODE &&
                       fault->error_node == before->error_node &&
                       rs_parse_same_line(p, before->start_byte, fault->start_byte);
        if (!is_said) {
            faults->items[n_kept++] = *fault;
        }
    }
    RS_ASSERT(n_kept > 0 && n_kept <= faults->n_items);
    faults->n_items = n_kept;
}

/* Put the lexer's and the parser's faults together, in order, with pre-order region numbers. */
static bool faults_merge(rs_parser *p)
{
    rs_faults *faults = &p->faults;
    const rs_faults *lexed = &p->lexed.faults;
    if (!rs_faults_reserve(faults, lexed->n_items)) {
        return false;
    }
    for (size_t i = 0; i < lexed->n_items; i++) {
        faults->items[faults->n_items++] = lexed->items[i];
    }
    for (size_t i = 0; i < faults->n_items; i++) {
        uint32_t region = faults->items[i].error_node;
        if (region != RS_NO_NODE) {
            RS_ASSERT(region < p->post.n_items);
            faults->items[i].error_node = p->post.items[region].order;
        }
    }
    if (faults->n_items > 1) {
        qsort(faults->items, faults->n_items, sizeof faults->items[0], fault_order);
        faults_thin(p);
    }
    return true;
}

rs_status rs_parser_new(rs_parser **out, rs_error *err)
{
    *out = rs_alloc_zero(1, sizeof **out);
    return *out == NULL ? rs_error_set(err, RS_ERR_NOMEM, "new parser: out of memory") : RS_OK;
}

void rs_parser_free(rs_parser *parser)
{
    if (parser == NULL) {
        return;
    }
    rs_lexed_release(&parser->lexed);
    node_vec_release(&parser->post);
    node_vec_release(&parser->pre);
    pending_vec_release(&parser->pendings);
    rs_faults_release(&parser->faults);
    rs_free(parser);
}

void rs_parser_limit(rs_parser *parser, size_t max_tokens)
{
    parser->lexed.max_tokens = max_tokens;
}

void rs_parser_stop(rs_parser *parser, const atomic_bool *stop)
{
    parser->lexed.stop = stop;
}

static void parser_reset(rs_parser *p, const char *text, uint32_t start, uint32_t n_bytes)
{
    node_vec_reset(&p->post);
    pending_vec_reset(&p->pendings);
    rs_faults_reset(&p->faults);
    RS_ASSERT(start <= n_bytes &&
              p->lexed.tokens.n_items > 0); /* the last token is the text's end */
    p->text = text;
    p->n_bytes = n_bytes;
    p->tok = p->lexed.tokens.items;
    p->last_end = start;
    p->n_nesting = 0;
    p->n_regions = 0;
    p->out_of_memory = false;
    p->has_failed = false;
    p->clause = NULL;
}

rs_status rs_parse(rs_parser *p, const char *text, uint32_t start, uint32_t n_bytes, rs_tree *out,
                   rs_error *err)
{
    *out = (rs_tree){0};
    RS_TRY(rs_lex(text, start, n_bytes, &p->lexed, err));
    RS_TRY(rs_stop_check(p->lexed.stop, err));
    if (p->lexed.faults.n_items > 1) {
        qsort(p->lexed.faults.items, p->lexed.faults.n_items, sizeof p->lexed.faults.items[0],
              fault_order);
    }
    parser_reset(p, text, start, n_bytes);
    if (!node_vec_reserve(&p->post, p->lexed.tokens.n_items)) {
        return rs_error_set(err, RS_ERR_NOMEM, "parse: out of memory");
    }
    rs_parse_statements(p, RS_F_body, 0);
    RS_ASSERT(p->n_nesting == 0 && p->n_regions == 0); /* what was entered was left */
    node_close(p, RS_AST_Module, 0, n_bytes, 0);
    if (p->out_of_memory || !nodes_turn(p) || !faults_merge(p)) {
        return rs_error_set(err, RS_ERR_NOMEM, "parse: out of memory");
    }
    *out = (rs_tree){
        .text = text,
        .n_bytes = n_bytes,
        .nodes = p->pre.items,
        .n_nodes = (uint32_t)p->pre.n_items,
        .comments = p->lexed.comments.items,
        .n_comments = (uint32_t)p->lexed.comments.n_items,
        .faults = p->faults.items,
        .n_faults = (uint32_t)p->faults.n_items,
    };
    return RS_OK;
}
