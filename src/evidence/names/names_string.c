/* SPDX-License-Identifier: Apache-2.0 */
/* names_string.c - a type that is written as a string: read by the parser of the language, looked up when
 * all of the file has run, as type checkers do. Strings with escapes, and adjacent ones, stay strings. */
#include "evidence/names/names_impl.h"

#include <stdlib.h>

enum { MAX_TOKENS = 4096 };

typedef struct annotation {
    uint32_t node;       /* the Constant's */
    uint32_t scope;      /* that it is looked up from */
    uint32_t start_byte; /* of the text: where the string's own starts */
    rs_tree tree;
} annotation;

/* What stands between the quotes; false for what is no plain literal. */
static bool content_find(const rs_file_at_hand *x, uint32_t n, uint32_t *start, uint32_t *end)
{
    const rs_node *node = node_at(x, n);
    const char *text = x->tree.text;
    *start = node->start_byte;
    *end = node->end_byte;
    if (*start < *end && strchr("rRuU", text[*start]) != NULL) {
        (*start)++;
    }
    if (*end - *start < 2 || (text[*start] != '"' && text[*start] != '\'')) {
        return false;
    }
    char quote = text[*start];
    bool is_long = *end - *start >= 6 && text[*start + 1] == quote && text[*start + 2] == quote;
    uint32_t n_quotes = is_long ? 3 : 1;
    *start += n_quotes;
    *end -= n_quotes;
    return memchr(text + *start, '\\', *end - *start) == NULL &&
           (is_long || memchr(text + *start, quote, *end - *start) == NULL);
}

/* A copy that ends with NUL and has no line ends, byte by byte as the string is. */
static bool content_copy(rs_file_at_hand *x, uint32_t start, uint32_t end)
{
    rs_buf *out = &names_lens(x)->content;
    rs_buf_reset(out);
    rs_buf_append(out, x->tree.text + start, end - start);
    for (size_t i = 0; !out->failed && i < out->n_bytes; i++) {
        if (out->bytes[i] == '\n' || out->bytes[i] == '\r') {
            out->bytes[i] = ' ';
        }
    }
    return !out->failed && out->n_bytes > 0;
}

static bool content_parse(rs_file_at_hand *x, annotation *a)
{
    rs_names_lens *lens = x->worker;
    rs_error err = {0};
    uint32_t n_bytes = (uint32_t)lens->content.n_bytes;
    uint32_t start = 0;
    while (start < n_bytes && strchr(" \t\f", lens->content.bytes[start]) != NULL) {
        start++;
    }
    if (lens->parser == NULL) {
        if (rs_parser_new(&lens->parser, &err) != RS_OK) {
            x->status = RS_ERR_NOMEM;
            return false;
        }
        rs_parser_limit(lens->parser, MAX_TOKENS);
        rs_parser_stop(lens->parser, x->options->stop);
    }
    rs_status status = rs_parse(lens->parser, lens->content.bytes, start, n_bytes, &a->tree, &err);
    if (status != RS_OK && status != RS_ERR_LIMIT) {
        x->status = RS_ERR_NOMEM;
    }
    return status == RS_OK && a->tree.n_faults == 0 && a->tree.n_nodes > 2 &&
           a->tree.nodes[1].ast_class == RS_AST_Expr &&
           a->tree.nodes[1].n_subtree == a->tree.n_nodes - 1;
}

/* --- its expressions --- */

static uint32_t part_of(rs_file_at_hand *x, const annotation *a, uint32_t n, rs_ast_field field)
{
    const rs_node *nodes = a->tree.nodes;
    for (uint32_t child = n + 1; child < n + nodes[n].n_subtree; child += nodes[child].n_subtree) {
        if (nodes[child].field == field) {
            return names_lens(x)->content_exprs.items[child];
        }
    }
    return 0;
}

static uint32_t parts_of(rs_file_at_hand *x, const annotation *a, uint32_t n, uint32_t flags)
{
    const rs_node *nodes = a->tree.nodes;
    size_t first = names_lens(x)->items.n_items;
    for (uint32_t child = n + 1; child < n + nodes[n].n_subtree; child += nodes[child].n_subtree) {
        rs_names_item(x, names_lens(x)->content_exprs.items[child]);
    }
    return rs_names_expr(x, NAMES_TUPLE, flags, 0, rs_names_list(x, first));
}

static void ref_keep(rs_file_at_hand *x, const annotation *a, uint32_t start, uint32_t end,
                     uint32_t name, uint32_t expr)
{
    names_ref ref = {.node = a->node,
                     .start_byte = a->start_byte + start,
                     .end_byte = a->start_byte + end,
                     .name = name,
                     .expr = expr,
                     .kind = NAMES_REF_STRING};
    if (!names_refs_push(&names_lens(x)->string_refs, ref)) {
        x->status = RS_ERR_NOMEM;
    }
}

static uint32_t name_expr(rs_file_at_hand *x, const annotation *a, const rs_node *node)
{
    rs_buf *name = &names_lens(x)->name;
    rs_buf_reset(name); /* the text is at hand until the next that is made */
    rs_buf_add_str(
        name, rs_names_raw(x, a->start_byte + node->start_byte, a->start_byte + node->end_byte));
    uint32_t expr = rs_names_read_late(x, a->scope, rs_buf_str(name));
    ref_keep(x, a, node->start_byte, node->end_byte, names_lens(x)->exprs.items[expr].a, expr);
    return expr;
}

static uint32_t attribute_expr(rs_file_at_hand *x, const annotation *a, uint32_t n)
{
    const rs_node *node = &a->tree.nodes[n];
    uint32_t name = rs_names_mangled_text(
        x, a->scope,
        rs_names_raw(x, a->start_byte + node->name_start, a->start_byte + node->name_end));
    uint32_t expr = rs_names_expr(x, NAMES_ATTR, 0, part_of(x, a, n, RS_F_value), name);
    ref_keep(x, a, node->name_start, node->name_end, name, expr);
    return expr;
}

static uint32_t literal_expr(rs_file_at_hand *x, const annotation *a, const rs_node *node)
{
    bool is_none = node->detail == RS_W_literal_kind_none;
    uint32_t text = rs_names_text(x, rs_str_of(is_none ? "NoneType" : "str"));
    bool is_known = is_none || node->detail == RS_W_literal_kind_string;
    (void)a;
    return is_known ? rs_names_expr(x, NAMES_INSTANCE, 0, text, 0) : 0;
}

static uint32_t node_expr(rs_file_at_hand *x, const annotation *a, uint32_t n)
{
    const rs_node *node = &a->tree.nodes[n];
    switch (node->ast_class) {
    case RS_AST_Name:
        return name_expr(x, a, node);
    case RS_AST_Attribute:
        return attribute_expr(x, a, n);
    case RS_AST_Constant:
        return literal_expr(x, a, node);
    case RS_AST_Subscript:
        return rs_names_expr(x, NAMES_ITEM, 0, part_of(x, a, n, RS_F_value),
                             part_of(x, a, n, RS_F_slice));
    case RS_AST_Tuple:
        return parts_of(x, a, n, 0);
    case RS_AST_List:
        return parts_of(x, a, n, NAMES_IS_LIST);
    case RS_AST_BinOp:
        return rs_names_union(x, NAMES_IS_BINARY, part_of(x, a, n, RS_F_left),
                              part_of(x, a, n, RS_F_right));
    default:
        return 0;
    }
}

uint32_t rs_names_string_annotation(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    annotation a = {.node = n, .scope = lens->at.items[n]};
    uint32_t end;
    if (!content_find(x, n, &a.start_byte, &end) || !content_copy(x, a.start_byte, end) ||
        !content_parse(x, &a)) {
        return NAMES_NONE;
    }
    names_numbers_reset(&lens->content_exprs);
    if (!names_numbers_reserve(&lens->content_exprs, a.tree.n_nodes)) {
        x->status = RS_ERR_NOMEM;
        return NAMES_NONE;
    }
    for (uint32_t i = a.tree.n_nodes; i > 2 && x->status == RS_OK; i--) {
        lens->content_exprs.items[i - 1] = node_expr(x, &a, i - 1);
    }
    return x->status == RS_OK ? lens->content_exprs.items[2] : NAMES_NONE;
}

static int ref_compare(const void *left, const void *right)
{
    const names_ref *a = left;
    const names_ref *b = right;
    return (a->start_byte > b->start_byte) - (a->start_byte < b->start_byte);
}

/* They were met backwards, those of a node too: the last kept are the first of the source. */
void rs_names_string_refs(rs_file_at_hand *x, uint32_t n)
{
    names_refs *refs = &names_lens(x)->string_refs;
    size_t first = refs->n_items;
    while (first > 0 && refs->items[first - 1].node == n) {
        first--;
    }
    if (refs->n_items - first > 1) {
        qsort(refs->items + first, refs->n_items - first, sizeof *refs->items, ref_compare);
    }
    for (size_t i = first; i < refs->n_items; i++) {
        rs_names_ref(x, n, refs->items[i]);
    }
    refs->n_items = first;
}
