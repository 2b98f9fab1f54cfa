/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h - a file's syntax as a flat array.
 *
 * Nodes are those of CPython's `ast` (Parser/Python.asdl), one struct each, in
 * pre-order of the *source*: a node stands before its children, and siblings stand in
 * the order in which they are written. `field` and `order` say where a child hangs in
 * its parent, so that `ast`'s own order is a sort away. The subtree of node i is
 * i .. i + n_subtree - 1.
 *
 * Spans are ast's (lineno, col_offset, ...) as bytes of the text. Classes without a
 * position in `ast` (Module, arguments, comprehension, withitem, match_case, operators)
 * span what belongs to them.
 *
 * What ast.expr_context says is `context`; Identifier and Error nodes are ours (ast.def).
 */
#ifndef RS_PARSE_TREE_H
#define RS_PARSE_TREE_H

#include "parse/lexer.h"

#define RS_NO_NODE UINT32_MAX

enum { RS_MAX_PARENS = 63, RS_CONTEXT_NONE = 3 };

typedef struct rs_node {
    uint32_t start_byte;
    uint32_t end_byte;
    uint32_t name_start; /* the identifier that the node carries; both 0 when there is none */
    uint32_t name_end;
    uint32_t parent;     /* RS_NO_NODE for the root */
    uint32_t n_subtree;  /* the node itself included */
    uint32_t order;      /* place in the field's list */
    uint8_t ast_class;   /* rs_ast_class */
    uint8_t field;       /* rs_ast_field */
    uint8_t context : 2; /* rs_w_context, or RS_CONTEXT_NONE */
    uint8_t detail : 6;  /* by class, see below */
    uint8_t parens : 6;  /* pairs of parentheses right around it, RS_MAX_PARENS at most */
    uint8_t damaged : 1; /* in or below an error region */
} rs_node;

/*
 * `detail` of a Constant, JoinedStr and TemplateStr is its rs_w_literal_kind; of an alias 1
 * when an `as` name stands at its end.
 */

typedef struct rs_tree {
    const char *text; /* borrowed: the text that was parsed */
    uint32_t n_bytes;
    rs_node *nodes; /* borrowed from the parser, until its next parse */
    uint32_t n_nodes;
    const rs_comment *comments; /* in order; borrowed likewise */
    uint32_t n_comments;
    rs_fault *faults; /* in order of their start; borrowed likewise */
    uint32_t n_faults;
} rs_tree;

#endif
