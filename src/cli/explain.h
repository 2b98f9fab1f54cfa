/* SPDX-License-Identifier: Apache-2.0 */
/* explain.h - explanations (rs_bundle_why) for a person. */
#ifndef RS_CLI_EXPLAIN_H
#define RS_CLI_EXPLAIN_H

#include <jansson.h>

/* One edge: what it is, the tree of rows that it came of, how sure it is, its rivals, its rules. */
void cli_print_edge(const json_t *edge);

/* "path:line:column", or "" for no place; valid until the next call but three. */
const char *cli_place_text(const json_t *place);

/* The line of a place with what is meant underlined, both behind the prefix; nothing without text. */
void cli_print_source(const json_t *place, const char *prefix);

#endif
