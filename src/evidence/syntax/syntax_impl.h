/* SPDX-License-Identifier: Apache-2.0 */
/* syntax_impl.h - what the files of the syntax lens share. */
#ifndef RS_EVIDENCE_SYNTAX_IMPL_H
#define RS_EVIDENCE_SYNTAX_IMPL_H

#include "evidence/syntax/syntax.h"

/* What is remembered of a node while its descendants are visited. */
typedef struct node_note {
    uint32_t enclosing; /* definition whose code it is, or RS_NO_NODE */
    uint32_t row;       /* of a definition or call: its place in `defs` or `calls` */
    uint32_t count;     /* children numbered so far: arguments, bases, parameters */
} node_note;

/* A name that a definition's body declares global. */
typedef struct global_name {
    uint32_t def;
    uint32_t name; /* string */
    uint32_t next; /* place + 1 of the next one with the same head; 0: none */
} global_name;

RS_VEC_DEFINE(node_notes, node_note)
RS_VEC_DEFINE(global_names, global_name)
RS_VEC_DEFINE(global_heads, uint32_t)
RS_VEC_DEFINE(def_rows, rs_defs_row)
RS_VEC_DEFINE(call_rows, rs_calls_row)

/* Kept from file to file. */
typedef struct rs_syntax_lens {
    node_notes notes;
    global_names globals;
    global_heads heads; /* of globals, by hash: place + 1; a power of two, or none */
    def_rows defs;      /* of the file; their descendants count in them */
    call_rows calls;
} rs_syntax_lens;

static inline rs_syntax_lens *syntax_lens(const rs_file_at_hand *x)
{
    return x->worker;
}

/* syntax_rows.c: the rows of every dataset but syntax_nodes, comments, parse_errors. */
void rs_syntax_rows(rs_file_at_hand *x);

#endif
