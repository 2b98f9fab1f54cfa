/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/language.h"

#include "evidence/flow/flow.h"
#include "evidence/names/names.h"
#include "evidence/scip/scip.h"
#include "evidence/scope/scope.h"
#include "evidence/syntax/syntax.h"
#include "evidence/values/values.h"
#include "parse/parser.h"

/* --- Python --- */

enum { TOKEN_BYTES = 128 }; /* of memory, while a file is parsed */

static rs_status parser_new(const rs_lens_options *options, void **parser, rs_error *err)
{
    rs_parser *made = NULL;
    rs_status status = rs_parser_new(&made, err);
    if (status == RS_OK && options->max_file_memory > 0) {
        rs_parser_limit(made, (size_t)(options->max_file_memory / TOKEN_BYTES) + 1);
    }
    if (status == RS_OK) {
        rs_parser_stop(made, options->stop);
    }
    *parser = made;
    return status;
}

static void parser_free(void *parser)
{
    rs_parser_free(parser);
}

static rs_status parse(void *parser, const rs_source *source, rs_tree *tree, rs_error *err)
{
    return rs_parse(parser, source->text, source->text_start, source->n_text, tree, err);
}

static const rs_lens *const python_lenses[] = {
    &rs_lens_syntax, &rs_lens_scope, &rs_lens_flow, &rs_lens_names,
    &rs_lens_values, &rs_lens_scip,  NULL};

static const rs_language python = {
    .name = "python",
    .claims = &rs_python_claims,
    .parser_new = parser_new,
    .parser_free = parser_free,
    .parse = parse,
    .lenses = python_lenses,
    .packs = "python",
};

const rs_language *const rs_languages[] = {&python, NULL};

/* --- registering --- */

void rs_language_register(const rs_language *language)
{
    *language->first_class = rs_ast_classes_add(language->classes, language->n_classes);
}
