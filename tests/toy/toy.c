/* SPDX-License-Identifier: Apache-2.0 */
#include "toy/toy.h"

#include <string.h>

#include "base/alloc.h"
#include "evidence/syntax/syntax.h"

/* --- files and classes --- */

static const char *const suffixes[] = {".toy", NULL};
static const char *const shebangs[] = {"toyrun", NULL};
static const char *const package_files[] = {"box.toy", NULL};
static const char *const none[] = {NULL};
static const rs_claims claims = {suffixes, shebangs, suffixes, package_files, none, none};

enum { TOY_FILE, TOY_DEF, TOY_USE, N_TOY_CLASSES };
static const rs_ast_class_info classes[N_TOY_CLASSES] = {
    {"ToyFile", RS_K_MODULE}, {"ToyDef", RS_K_METHOD}, {"ToyUse", RS_K_IDENTIFIER}};
static uint8_t first_class;

/* --- the parser --- */

RS_VEC_DEFINE(toy_nodes, rs_node)

static rs_status parser_new(const rs_lens_options *options, void **parser, rs_error *err)
{
    (void)options;
    *parser = rs_alloc_zero(1, sizeof(toy_nodes));
    return *parser != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void parser_free(void *parser)
{
    toy_nodes_release(parser);
    rs_free(parser);
}

static bool line_parse(toy_nodes *nodes, const char *text, uint32_t start, uint32_t end)
{
    enum { N_KEYWORD = 4 };
    bool is_def = end - start > N_KEYWORD && memcmp(text + start, "def ", N_KEYWORD) == 0;
    bool is_use = end - start > N_KEYWORD && memcmp(text + start, "use ", N_KEYWORD) == 0;
    rs_node node = {.start_byte = start,
                    .end_byte = end,
                    .name_start = start + N_KEYWORD,
                    .name_end = end,
                    .n_subtree = 1,
                    .order = (uint32_t)nodes->n_items - 1,
                    .ast_class = (uint8_t)(first_class + (is_def ? TOY_DEF : TOY_USE)),
                    .field = RS_F_body,
                    .context = RS_CONTEXT_NONE};
    return (!is_def && !is_use) || toy_nodes_push(nodes, node);
}

static rs_status parse(void *parser, const rs_source *source, rs_tree *tree, rs_error *err)
{
    toy_nodes *nodes = parser;
    const rs_node root = {.end_byte = source->n_text,
                          .parent = RS_NO_NODE,
                          .ast_class = (uint8_t)(first_class + TOY_FILE),
                          .field = RS_F_,
                          .context = RS_CONTEXT_NONE};
    toy_nodes_reset(nodes);
    bool fits = toy_nodes_push(nodes, root);
    for (uint32_t start = 0; start < source->n_text && fits;) {
        const char *stop = memchr(source->text + start, '\n', source->n_text - start);
        uint32_t end = stop == NULL ? source->n_text : (uint32_t)(stop - source->text);
        fits = line_parse(nodes, source->text, start, end);
        start = end + 1;
    }
    if (!fits) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    nodes->items[0].n_subtree = (uint32_t)nodes->n_items;
    *tree = (rs_tree){.text = source->text,
                      .n_bytes = source->n_text,
                      .nodes = nodes->items,
                      .n_nodes = (uint32_t)nodes->n_items};
    return RS_OK;
}

/* --- the lens: names of all files --- */

/* In a summary, each with its name behind it, without an end. */
typedef struct toy_name {
    uint32_t node;
    uint32_t start_byte;
    uint32_t end_byte;
    uint32_t is_def;
    uint32_t n_bytes;
} toy_name;

RS_VEC_DEFINE(toy_counts, int32_t)

typedef struct toy_linked {
    rs_strings names;  /* in order of their first use or definition */
    toy_counts n_defs; /* by number */
} toy_linked;

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, 1);
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    (void)err;
    for (uint32_t n = 1; n < x->tree.n_nodes; n++) {
        const rs_node *node = &x->tree.nodes[n];
        rs_str text = text_between(x, node->name_start, node->name_end);
        toy_name name = {n, node->name_start, node->name_end,
                         node->ast_class == first_class + TOY_DEF, (uint32_t)text.n_bytes};
        rs_buf_append(x->summary, (const char *)&name, sizeof name);
        rs_buf_add_str(x->summary, text);
    }
    return RS_OK;
}

/* The name that a summary has at *at, which is moved behind it; false at the end. */
static bool next_name(const rs_summary *file, size_t *at, toy_name *name, rs_str *text)
{
    if (*at == file->n_bytes) {
        return false;
    }
    memcpy(name, file->bytes + *at, sizeof *name);
    *text = (rs_str){(const char *)file->bytes + *at + sizeof *name, name->n_bytes};
    *at += sizeof *name + name->n_bytes;
    return true;
}

static bool count_names(toy_linked *self, const rs_summary *file)
{
    toy_name name;
    rs_str text;
    for (size_t at = 0; next_name(file, &at, &name, &text);) {
        uint32_t number = rs_strings_add(&self->names, text);
        if (number == RS_STR_NULL ||
            (number == self->n_defs.n_items && !toy_counts_push(&self->n_defs, 0))) {
            return false;
        }
        self->n_defs.items[number] += (int32_t)name.is_def;
    }
    return true;
}

static void linked_free(void *linked)
{
    toy_linked *self = linked;
    rs_strings_release(&self->names);
    toy_counts_release(&self->n_defs);
    rs_free(self);
}

static rs_status link(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                      void **linked, rs_error *err)
{
    toy_linked *self = rs_alloc_zero(1, sizeof *self);
    bool fits = self != NULL;
    (void)options;
    *linked = self;
    for (size_t i = 0; i < n_files && fits; i++) {
        fits = count_names(self, &files[i]);
    }
    return fits ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static rs_status answer(const void *linked, rs_file_asked *file, rs_error *err)
{
    const toy_linked *self = linked;
    toy_name name;
    rs_str text;
    for (size_t at = 0; next_name(&file->summary, &at, &name, &text);) {
        if (name.is_def != 0) {
            continue;
        }
        rs_scip_occurrences_row row = rs_scip_occurrences_row_new();
        row.occurrence_id = file->summary.base | file->next_number++;
        row.symbol_id = rs_opt_i64_of(rs_global_id(RS_STR_LITERAL("SCIP_SYMBOL"), text));
        row.symbol = rs_text_of(rs_strings_add(&file->part->strings, text));
        row.symbol_roles = self->n_defs.items[rs_strings_find(&self->names, text)];
        row.start_byte = rs_opt_i64_of(name.start_byte);
        row.end_byte = rs_opt_i64_of(name.end_byte);
        RS_TRY(rs_push_scip_occurrences(file->part, &row, 1, err));
    }
    return RS_OK;
}

/* Rows that lie in no file come in an order that their texts alone tell. */
static uint32_t first_behind(const rs_strings *names, uint32_t before)
{
    uint32_t found = RS_STR_NULL;
    for (uint32_t i = 0; i < names->n_items; i++) {
        bool is_behind =
            before == RS_STR_NULL || rs_str_compare(names->items[i], names->items[before]) > 0;
        if (is_behind &&
            (found == RS_STR_NULL || rs_str_compare(names->items[i], names->items[found]) < 0)) {
            found = i;
        }
    }
    return found;
}

static rs_status rest(const rs_lens_options *options, const void *linked, rs_part *out,
                      rs_error *err)
{
    const toy_linked *self = linked;
    (void)options;
    for (uint32_t i = first_behind(&self->names, RS_STR_NULL); i != RS_STR_NULL;
         i = first_behind(&self->names, i)) {
        rs_scip_symbols_row row = rs_scip_symbols_row_new();
        row.symbol_id = rs_global_id(RS_STR_LITERAL("SCIP_SYMBOL"), self->names.items[i]);
        row.symbol = rs_text_of(rs_strings_add(&out->strings, self->names.items[i]));
        row.is_declared = self->n_defs.items[i] > 0;
        row.is_external = false;
        RS_TRY(rs_push_scip_symbols(out, &row, 1, err));
    }
    return RS_OK;
}

static const char *const needs[] = {"syntax", NULL};
static const rs_dataset_id gives[] = {RS_DS_scip_occurrences, RS_DS_scip_symbols, RS_N_EVIDENCE};
static const rs_lens names = {
    .name = "toy_names",
    .doc = "Names that mean the same in all files.",
    .version = 1,
    .needs = needs,
    .gives = gives,
    .worker_new = worker_new,
    .worker_free = rs_free,
    .run_file = run_file,
    .link = link,
    .linked_free = linked_free,
    .answer = answer,
    .rest = rest,
};

/* --- the pack --- */

const char toy_pack[] = "pack: toy\n"
                        "doc: What files of the toy language say.\n"
                        "datasets:\n"
                        "- name: rel_toy_def\n"
                        "  doc: A definition of the toy language.\n"
                        "  key: [node_id]\n"
                        "  columns:\n"
                        "    node_id: {type: id, required: true, doc: the definition}\n"
                        "    name: {type: str, required: true, doc: what it defines}\n"
                        "rules:\n"
                        "- name: toy_def\n"
                        "  doc: Each definition.\n"
                        "  kind: filter_project\n"
                        "  inputs: {n: syntax_nodes}\n"
                        "  where: n.ast_class = 'ToyDef' and n.name is not null\n"
                        "  select: {node_id: n.node_id, name: n.name}\n"
                        "  confidence: cst\n"
                        "  ambiguity: keep_all\n"
                        "  output: rel_toy_def\n"
                        "  priority: 10\n";

/* --- the row --- */

static const rs_lens *const lenses[] = {&rs_lens_syntax, &names, NULL};
static const rs_language toy = {
    .name = "toy",
    .claims = &claims,
    .parser_new = parser_new,
    .parser_free = parser_free,
    .parse = parse,
    .lenses = lenses,
    .classes = classes,
    .n_classes = N_TOY_CLASSES,
    .first_class = &first_class,
    .packs = "",
};

const rs_language *const *toy_languages(void)
{
    static const rs_language *languages[RS_MAX_LANGUAGES];
    if (languages[0] == NULL) {
        languages[0] = rs_languages[0];
        languages[TOY_LANGUAGE] = &toy;
        rs_language_register(&toy);
    }
    return languages;
}
