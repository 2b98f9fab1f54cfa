/* SPDX-License-Identifier: Apache-2.0 */
/* explain.h - why an edge of a bundle is there, and why one is not.
 *
 * An edge is explained by doing its rule again, on the bundle's own evidence and as far as the
 * edge needs it: the row that the emitting rule read, the rule that found that row, the rows that
 * this one read, and so on down to rows of evidence. Only rules of this program, or of a
 * directory that the caller names, are run, and only where their signature is the bundle's; no SQL
 * of a bundle is. Explanations are JSON documents (docs/why.md).
 *
 * Source text is shown where the analysed tree is at hand and the file's SHA-256 is the one that the
 * bundle knows. Nothing outside that tree is opened, and no link is followed.
 *
 * Threads: as the reader.
 */
#ifndef RS_EXPLAIN_EXPLAIN_H
#define RS_EXPLAIN_EXPLAIN_H

#include "bundle/reader.h"

/* What tells an edge from all others, in this bundle and in another one of the same tree: the columns
 * that its id is made of. */
typedef struct rs_explain_address {
    const char *kind;
    int64_t src;
    int64_t dst;
    int64_t start_byte; /* -1: it has none */
} rs_explain_address;

/* What is asked. All-zero texts are not given. */
typedef struct rs_explain_question {
    bool has_edge;
    int64_t edge_id;
    const rs_explain_address *address; /* instead of the id; NULL: not given */
    const char *path;                  /* as repo_files has it */
    int64_t line;                      /* from 1 */
    int64_t column;                    /* in bytes from 0; -1: anywhere on the line */
    bool is_call;                      /* calls that stand on the line */
    const char *kind;                  /* edges of this kind alone */
    const char *to;                    /* name of what the edge should lead to */
    size_t n_most;                     /* edges explained; the others are counted. 0: all */
    const char *source_directory;      /* NULL: the one that the bundle was made of */
    const char *rules_directory;       /* further packs; NULL: the built-in ones alone */
} rs_explain_question;

/*
 * Ownership: the caller owns *out.
 * Errors: RS_ERR_INVALID for an unknown path or kind and for rules that do not load; RS_ERR_IO,
 * RS_ERR_ENGINE, RS_ERR_NOMEM. An edge or a call that is not there is no error: the document says
 * so in `problem`.
 */
rs_status rs_explain_why(const rs_reader *reader, const rs_explain_question *question, json_t **out,
                         rs_error *err) RS_MUST_USE;

/* Of the calls on a line, or of names at a place: which edges they have not, and by whose fault. */
rs_status rs_explain_why_not(const rs_reader *reader, const rs_explain_question *question,
                             json_t **out, rs_error *err) RS_MUST_USE;

#endif
