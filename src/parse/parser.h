/* SPDX-License-Identifier: Apache-2.0 */
/* parser.h - Python text to a tree.
 *
 * The grammar of CPython 3.8 to 3.14 (Grammar/python.gram), by recursive descent with
 * loops wherever input could drive the depth. It never gives up on a file: a statement
 * that does not parse becomes an Error node over its logical line, with the statements of
 * a block below it as children, and a fault that says what was expected.
 *
 * Threads: a parser belongs to one thread at a time and is used for file after file.
 */
#ifndef RS_PARSE_PARSER_H
#define RS_PARSE_PARSER_H

#include "parse/tree.h"

enum {
    RS_LIMIT_NESTING = 500 /* expressions in expressions without a bracket (lambda defaults) */
};

typedef struct rs_parser rs_parser;

/* Errors: RS_ERR_NOMEM. */
rs_status rs_parser_new(rs_parser **out, rs_error *err) RS_MUST_USE;
void rs_parser_free(rs_parser *parser);

/* Refuse texts of more tokens; 0, as it is at first: none. A token takes about 100 bytes. */
void rs_parser_limit(rs_parser *parser, size_t max_tokens);

/* When *stop is raised, a parse ends with RS_ERR_NOMEM. Borrowed. */
void rs_parser_stop(rs_parser *parser, const atomic_bool *stop);

/*
 * Parse text[start..n_bytes); start skips a byte order mark. text[n_bytes] must be a
 * readable NUL and n_bytes at most UINT32_MAX / 2.
 *
 * Ownership: *out borrows text and the parser's memory, until the parser's next parse.
 * Errors: RS_ERR_NOMEM; RS_ERR_LIMIT for more tokens than rs_parser_limit() said. Odd input is no error: see rs_tree.faults.
 */
rs_status rs_parse(rs_parser *parser, const char *text, uint32_t start, uint32_t n_bytes,
                   rs_tree *out, rs_error *err) RS_MUST_USE;

#endif
