/* SPDX-License-Identifier: Apache-2.0 */
/* language.h - a language is a row: how its files are parsed, and which lenses look at them. */
#ifndef RS_EVIDENCE_LANGUAGE_H
#define RS_EVIDENCE_LANGUAGE_H

#include "evidence/lens.h"
#include "repo/source.h"

struct rs_tree;

typedef struct rs_language {
    const char *name;
    const rs_claims *claims; /* which files are its own */
    /* One parser a thread. Errors: RS_ERR_NOMEM. Odd input is no error: see rs_tree.faults. */
    rs_status (*parser_new)(void **parser, rs_error *err);
    void (*parser_free)(void *parser);
    rs_status (*parse)(void *parser, const rs_source *source, struct rs_tree *tree, rs_error *err);
    const rs_lens *const *lenses; /* in order of needs; NULL-terminated */
} rs_language;

/* The languages that relspec reads; NULL-terminated, at most RS_MAX_LANGUAGES. A file's is the place here. */
extern const rs_language *const rs_languages[];

#endif
