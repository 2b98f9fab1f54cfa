/* SPDX-License-Identifier: Apache-2.0 */
/* language.h - a language is a row: which files are its own, how they are parsed, which lenses look at
 * them, what its nodes are called, which rules are about it (docs/adding-a-language.md). */
#ifndef RS_EVIDENCE_LANGUAGE_H
#define RS_EVIDENCE_LANGUAGE_H

#include "evidence/lens.h"
#include "repo/source.h"

struct rs_tree;

typedef struct rs_language {
    const char *name;
    const rs_claims *claims; /* which files are its own */
    /* One parser a thread, which refuses (RS_ERR_LIMIT) what takes more memory than the options say.
     * Errors: RS_ERR_NOMEM. Odd input is no error: see rs_tree.faults. */
    rs_status (*parser_new)(const rs_lens_options *options, void **parser, rs_error *err);
    void (*parser_free)(void *parser);
    rs_status (*parse)(void *parser, const rs_source *source, struct rs_tree *tree, rs_error *err);
    const rs_lens *const *lenses; /* in order of needs; NULL-terminated */
    /* Classes of its nodes beside those of ast.def, which are Python's. */
    const rs_ast_class_info *classes;
    size_t n_classes;
    uint8_t *first_class; /* gets the number of the first: see rs_language_register() */
    const char *packs; /* the folder of rules/ that has its packs; "" for packs that a user gives */
} rs_language;

/* Add its classes to the registry: once, before anybody reads that. */
void rs_language_register(const rs_language *language);

/* The languages that relspec reads; NULL-terminated, at most RS_MAX_LANGUAGES. A file's is the place here. */
extern const rs_language *const rs_languages[];

#endif
