/* SPDX-License-Identifier: Apache-2.0 */
/* explain.h - explanations (rs_bundle_why, rs_bundle_why_not) for a person. */
#ifndef RS_CLI_EXPLAIN_H
#define RS_CLI_EXPLAIN_H

#include <jansson.h>

/* One edge: what it is, the tree of rows that it came of, how sure it is, its rivals, its rules. */
void cli_print_edge(const json_t *edge);

/* "path:line:column"; nothing for no place. */
/* KIND SRC DST START_BYTE, as `relspec why` takes them. */
void cli_print_address(const json_t *address);
void cli_print_place(const json_t *place);

/* The line of a place with what is meant underlined, both behind the prefix; nothing without text. */
void cli_print_source(const json_t *place, const char *prefix);

/* The columns of a node's row that a person reads; the nodes that a row leads to. */
void cli_print_row(const json_t *node);
void cli_print_targets(const json_t *nodes);

/* By which names a way went, and the link that it lacks; nothing for none. */
void cli_print_way(const json_t *way);

/* explain_not.c: something and the edges that it has not; what an edge should lead to. */
void cli_print_subject(const json_t *subject);
void cli_print_target(const json_t *target);

#endif
