/* SPDX-License-Identifier: Apache-2.0 */
/* way.h - by which imports a name came to stand for something, or the first link that is missing.
 *
 * The names lens has written down every binding on the way (`name_targets`) and what each import leads
 * to (`module_imports`); a way is the shortest one from link to link that these leave.
 */
#ifndef RS_EXPLAIN_WAY_H
#define RS_EXPLAIN_WAY_H

#include "explain/explain_impl.h"

/* A place on the way. */
typedef struct rs_explain_step {
    const char *how;        /* "name": where the way starts, or goes on behind a dot; "star"; else a
                               word of target_how */
    rs_explain_node node;   /* no row: outside */
    rs_explain_place place; /* of the name; else of the node */
    const char *external;   /* dotted name of what lies outside; "" for a node */
} rs_explain_step;

/* A module that was looked through for a name in vain. */
typedef struct rs_explain_searched {
    const char *module; /* dotted */
    rs_explain_place place;
    const char *verdict;
} rs_explain_searched;

typedef struct rs_explain_way {
    const char *status; /* of the name, "" where nobody asked for it; then why it is no better */
    const char *reason;
    rs_explain_step *steps;
    size_t n_steps;
    size_t n_links; /* of the steps, those that are imports or other names */
    const char
        *missing; /* what the last step lacks; NULL: the way leads somewhere, or nobody knows */
    rs_explain_searched *searched;
    size_t n_searched;
} rs_explain_way;

/*
 * The way of the name that a node carries at a byte, to target_id, -1 for whatever it stands for. NULL on
 * failure, and where no name stands there.
 */
rs_explain_way *rs_explain_way_of_name(rs_explainer *self, int64_t node_id, int64_t start_byte,
                                       int64_t target_id);

/* That of the row of evidence that an edge was made of, where names lead to its end; else NULL. */
rs_explain_way *rs_explain_way_of_edge(rs_explainer *self, const rs_explain_edge *edge);

/* That of what why-not was asked about: a call's callee, or a name. */
rs_explain_way *rs_explain_way_of_anchor(rs_explainer *self, const rs_explain_item *item);

#endif
