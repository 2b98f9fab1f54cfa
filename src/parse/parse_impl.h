/* SPDX-License-Identifier: Apache-2.0 */
/* parse_impl.h - what the files of the parser share.
 *
 * Parsing functions consume tokens from p->tok and append nodes; they return false after
 * having called fail(), and then the statement around them is given up.
 *
 * Nodes are appended in *post-order*: children first, then node_close() with the number of
 * nodes there were before the first child. The parent names the child's field right after
 * the child is complete, while it is the last node. parser.c turns the array round at the end.
 */
#ifndef RS_PARSE_PARSE_IMPL_H
#define RS_PARSE_PARSE_IMPL_H

#include "parse/parser.h"

RS_VEC_DEFINE(node_vec, rs_node)

/* An operator whose right side is still being read. */
typedef struct pending {
    uint32_t first; /* nodes before its first child */
    uint32_t start; /* its first byte */
    uint8_t ast_class;
    uint8_t field; /* of the operand to come */
} pending;

RS_VEC_DEFINE(pending_vec, pending)

struct rs_parser {
    rs_lexed lexed;
    const char *text;
    uint32_t n_bytes;
    const rs_token *tok;
    uint32_t last_end; /* end of the last token consumed, NEWLINE, INDENT and DEDENT apart */
    uint32_t n_nesting;
    uint32_t n_regions; /* error regions around the current token */
    bool out_of_memory;
    bool has_failed; /* the three below tell why */
    uint32_t fail_start;
    uint32_t fail_end;
    const char *fail_message;
    const rs_token *clause; /* where a clause of a compound statement failed, or NULL */
    node_vec post;
    rs_node nowhere; /* what was to be written behind them, once that is over */
    node_vec pre;
    pending_vec pendings;
    rs_faults faults;
};

/* Where a speculation can go back to. */
typedef struct parse_mark {
    const rs_token *tok;
    uint32_t last_end;
    size_t n_nodes;
    size_t n_pendings;
    size_t n_faults;
} parse_mark;

static inline parse_mark mark_here(const rs_parser *p)
{
    return (parse_mark){p->tok, p->last_end, p->post.n_items, p->pendings.n_items,
                        p->faults.n_items};
}

/* Forget what was read behind the mark, but not what failed there. */
static inline void mark_rewind(rs_parser *p, parse_mark mark)
{
    RS_ASSERT(mark.tok <= p->tok && mark.n_nodes <= p->post.n_items); /* back, never on */
    p->tok = mark.tok;
    p->last_end = mark.last_end;
    p->post.n_items = mark.n_nodes;
    p->pendings.n_items = mark.n_pendings;
}

static inline void mark_restore(rs_parser *p, parse_mark mark)
{
    mark_rewind(p, mark);
    RS_ASSERT(mark.n_faults <= p->faults.n_items);
    p->faults.n_items = mark.n_faults;
    p->has_failed = false;
}

static inline rs_token_kind kind_of(const rs_parser *p)
{
    return (rs_token_kind)p->tok->kind;
}

static inline bool at_kind(const rs_parser *p, rs_token_kind kind)
{
    return p->tok->kind == kind;
}

static inline void advance(rs_parser *p)
{
    RS_ASSERT(p->tok <
              p->lexed.tokens.items + p->lexed.tokens.n_items); /* the end is a token, too */
    p->last_end = p->tok->end_byte;
    p->tok++;
}

static inline bool accept(rs_parser *p, rs_token_kind kind)
{
    if (!at_kind(p, kind)) {
        return false;
    }
    advance(p);
    return true;
}

static inline uint32_t n_nodes(const rs_parser *p)
{
    return (uint32_t)p->post.n_items;
}

static inline rs_node *last_node(rs_parser *p)
{
    RS_ASSERT(p->post.n_items > 0 || p->out_of_memory);
    return p->post.n_items > 0 ? &p->post.items[p->post.n_items - 1] : &p->nowhere;
}

/* Say which field of its parent the last node is. */
static inline void field_set(rs_parser *p, rs_ast_field field, uint32_t order)
{
    rs_node *node = last_node(p);
    node->field = (uint8_t)field;
    node->order = order;
}

/* Append a node whose children are those from number first on. */
static inline rs_node *node_close(rs_parser *p, rs_ast_class ast_class, uint32_t start,
                                  uint32_t end, uint32_t first)
{
    RS_ASSERT(first <= n_nodes(p)); /* children stand before their node */
    RS_ASSERT(start <= end && end <= p->n_bytes);
    if (rs_stopped(p->lexed.stop) || !node_vec_reserve(&p->post, 1)) {
        p->out_of_memory = true;
        return &p->nowhere;
    }
    rs_node *node = &p->post.items[p->post.n_items++];
    *node = (rs_node){
        .start_byte = start,
        .end_byte = end,
        .parent = RS_NO_NODE,
        .n_subtree = n_nodes(p) - first,
        .ast_class = (uint8_t)ast_class,
        .context = RS_CONTEXT_NONE,
        .damaged = p->n_regions > 0,
    };
    return node;
}

/* Append a node of one token, which is consumed. */
static inline rs_node *node_token(rs_parser *p, rs_ast_class ast_class)
{
    const rs_token *tok = p->tok;
    advance(p);
    return node_close(p, ast_class, tok->start_byte, tok->end_byte, n_nodes(p));
}

static inline void context_load(rs_node *node)
{
    node->context = RS_W_context_LOAD;
}

static inline void name_set(rs_node *node, const rs_token *tok)
{
    node->name_start = tok->start_byte;
    node->name_end = tok->end_byte;
}

static inline bool text_is(const rs_parser *p, const rs_token *tok, const char *word,
                           uint32_t n_bytes)
{
    return tok->kind == RS_T_NAME && tok->end_byte - tok->start_byte == n_bytes &&
           memcmp(p->text + tok->start_byte, word, n_bytes) == 0;
}

/* parser.c */
bool rs_parse_fail(rs_parser *p, const char *expected); /* at the current token; false */
bool rs_parse_fail_at(rs_parser *p, uint32_t start, uint32_t end, const char *expected);
/* The same inside brackets, where a comma may be missing before the current token. */
bool rs_parse_fail_comma(rs_parser *p, const char *expected);
bool rs_parse_expect(rs_parser *p, rs_token_kind kind);
/* True when no line end stands between two offsets. */
bool rs_parse_same_line(const rs_parser *p, uint32_t a, uint32_t b);
/* A fault that leaves the tree as it is. */
void rs_parse_complain(rs_parser *p, rs_diagnostic_code code, uint32_t start, uint32_t end,
                       const char *expected);

/* parse_atom.c */
bool rs_parse_atom(rs_parser *p);
bool rs_parse_at_comprehension(const rs_parser *p);
bool rs_parse_generator_clauses(rs_parser *p);

/* parse_expr.c; star_* accept what the grammar's star_expression does. */
bool rs_parse_expression(rs_parser *p);
bool rs_parse_named(rs_parser *p);
bool rs_parse_disjunction(rs_parser *p);
bool rs_parse_bitwise_or(rs_parser *p);
bool rs_parse_primary(rs_parser *p);
bool rs_parse_star_expression(rs_parser *p);
bool rs_parse_star_named(rs_parser *p);
/* One expression or a tuple without parentheses; is_named allows `:=`. */
bool rs_parse_star_expressions(rs_parser *p, bool is_named);
bool rs_parse_yield(rs_parser *p);
bool rs_parse_yield_or_star(rs_parser *p);
/* Arguments between parentheses: the tokens behind '(' up to and with ')'. */
bool rs_parse_arguments(rs_parser *p, uint32_t open, rs_ast_field args_field);
bool rs_parse_starts_expression(rs_token_kind kind);

/* parse_target.c */
/* Targets of for and comprehensions: context STORE. */
bool rs_parse_targets(rs_parser *p);
bool rs_parse_target(rs_parser *p); /* one, context still LOAD */
/* Turn the last node into a target; false when it cannot be one. */
bool rs_parse_set_context(rs_parser *p, rs_w_context context);
/* `*value`, read by parse_value. */
bool rs_parse_starred(rs_parser *p, bool (*parse_value)(rs_parser *));
/* The node `arguments` up to the token `end`, which stays. Where a parameter fails, the node has those
 * before it, and the current token is the first behind them. */
bool rs_parse_params(rs_parser *p, rs_token_kind end, bool is_lambda);

/* parse_string.c: one or more string tokens. */
bool rs_parse_strings(rs_parser *p);

/* character_name.c: whether some character has a name in a Unicode that Python 3.8 to 3.14 know. */
bool rs_parse_is_character_name(const char *name, size_t n_bytes);

/* parse_pattern.c: patterns of a case clause, open sequences too. */
bool rs_parse_patterns(rs_parser *p);

/* parse_stmt.c: statements up to DEDENT or END, as children in `field` from place `order` on. */
void rs_parse_statements(rs_parser *p, rs_ast_field field, uint32_t order);
/* Those of one line, with its NEWLINE. */
void rs_parse_simple_statements(rs_parser *p, rs_ast_field field);
/* After a failure: an Error node over the line, and the block below it, since mark. */
void rs_parse_give_up(rs_parser *p, parse_mark mark, rs_diagnostic_code code);
/* True when the line ends with a block below it. */
bool rs_parse_block_hangs(const rs_parser *p);
/*
 * After a failure in the header of a block that hangs below the line: an Error node over the rest of
 * the line, which is the block's first child. False, with nothing done, where no block hangs there.
 */
bool rs_parse_header_damage(rs_parser *p, rs_ast_field field);
/* An empty Error node where a block should be. */
void rs_parse_block_missing(rs_parser *p);

/* parse_compound.c: false when no compound statement starts at the current token. */
bool rs_parse_compound(rs_parser *p, bool *is_fine);
/* '[' ... ']' when it is there, as children in type_params. */
bool rs_parse_type_params(rs_parser *p);

#endif
