/* SPDX-License-Identifier: Apache-2.0 */
/* document.h - answers, and the JSON documents that they become at the end (docs/why.md). */
#ifndef RS_EXPLAIN_DOCUMENT_H
#define RS_EXPLAIN_DOCUMENT_H

#include "explain/faults.h"
#include "explain/way.h"

typedef struct rs_explain_answer {
    const char *problem; /* why there is no edge; NULL: there is one */
    rs_explain_rows found;
    size_t n_found;         /* may be more */
    rs_explain_edge *edges; /* the first of them, explained */
    size_t n_edges;
} rs_explain_answer;

/* An edge that something has. */
typedef struct rs_explain_has_edge {
    rs_explain_row row; /* its address, rule_name, relationship_rule, confidence, edge_id */
    rs_explain_node dst;
} rs_explain_has_edge;

/* A call, or a name: the edges that it has and those that it lacks. */
typedef struct rs_explain_subject {
    rs_explain_items item; /* one */
    rs_explain_has_edge *has;
    size_t n_has;
    rs_explain_findings missing;
    const rs_explain_way *way; /* what the name stands for; NULL: it is none */
    size_t n_rules;            /* that could have given it one */
} rs_explain_subject;

/* A definition that an edge should lead to, and what it lacks. */
typedef struct rs_explain_target {
    rs_explain_items item; /* one */
    rs_explain_findings findings;
} rs_explain_target;

typedef struct rs_explain_not_answer {
    const char *problem;
    rs_explain_subject *things;
    size_t n_things;
    rs_explain_target *targets;
    size_t n_targets;
} rs_explain_not_answer;

/* Ownership: the caller owns *out. Errors: RS_ERR_NOMEM. */
rs_status rs_explain_why_document(rs_explainer *self, const rs_explain_answer *answer, json_t **out,
                                  rs_error *err) RS_MUST_USE;
rs_status rs_explain_why_not_document(rs_explainer *self, const rs_explain_not_answer *answer,
                                      json_t **out, rs_error *err) RS_MUST_USE;

#endif
