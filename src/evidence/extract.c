/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/extract.h"

#include <string.h>

#include "base/alloc.h"
#include "evidence/file.h"

/* --- the lenses of a run --- */

rs_lens_options rs_lens_options_default(void)
{
    return (rs_lens_options){0};
}

static bool set_has(const rs_lens_set *set, const rs_lens *lens)
{
    for (size_t i = 0; i < set->n_lenses; i++) {
        if (set->lenses[i] == lens) {
            return true;
        }
    }
    return false;
}

/* What a lens needs stands before it in its language's table, and runs when it does. */
static bool needs_are_met(const rs_lens_set *set, const rs_lens *lens)
{
    for (const char *const *need = lens->needs; need != NULL && *need != NULL; need++) {
        size_t i = 0;
        while (i < set->n_lenses && strcmp(set->lenses[i]->name, *need) != 0) {
            i++;
        }
        if (i == set->n_lenses) {
            return false;
        }
    }
    return true;
}

static void set_add(rs_lens_set *set, const rs_language *language, const char *last)
{
    for (const rs_lens *const *lens = language->lenses; *lens != NULL; lens++) {
        bool is_wanted = (*lens)->is_wanted == NULL || (*lens)->is_wanted(&set->options);
        if (is_wanted && !set_has(set, *lens)) {
            RS_ASSERT(set->n_lenses < RS_MAX_LENSES && needs_are_met(set, *lens));
            set->lenses[set->n_lenses++] = *lens;
        }
        if (last != NULL && strcmp((*lens)->name, last) == 0) {
            return;
        }
    }
}

void rs_lens_set_init(rs_lens_set *set, const rs_language *const *languages,
                      const rs_lens_options *options, const char *last)
{
    *set = (rs_lens_set){.languages = languages != NULL ? languages : rs_languages,
                         .options = options != NULL ? *options : rs_lens_options_default()};
    for (const rs_language *const *language = set->languages; *language != NULL; language++) {
        set_add(set, *language, last);
    }
}

/* --- one thread's --- */

struct rs_extractor {
    rs_lens_set own_set; /* where the caller had none */
    const rs_lens_set *set;
    void *parser; /* of the language */
    rs_line_index lines;
    rs_file_at_hand file;
    void *workers[RS_MAX_LENSES]; /* of set->lenses */
    size_t first_rows[RS_N_EVIDENCE];
};

static rs_status open(rs_extractor *x, rs_error *err)
{
    RS_TRY(x->set->languages[0]->parser_new(&x->parser, err));
    for (size_t i = 0; i < x->set->n_lenses; i++) {
        RS_TRY(x->set->lenses[i]->worker_new(&x->set->options, &x->workers[i], err));
    }
    return RS_OK;
}

rs_status rs_extractor_new(const rs_lens_set *set, rs_extractor **out, rs_error *err)
{
    rs_extractor *x = rs_alloc_zero(1, sizeof *x);
    *out = x;
    if (x == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "new extractor: out of memory");
    }
    if (set == NULL) {
        rs_lens_set_init(&x->own_set, NULL, NULL, NULL);
    }
    x->set = set != NULL ? set : &x->own_set;
    x->file.options = &x->set->options;
    x->file.lines = &x->lines;
    x->file.first_rows = x->first_rows;
    rs_status status = open(x, err);
    if (status != RS_OK) {
        rs_extractor_free(x);
        *out = NULL;
    }
    return status;
}

void rs_extractor_free(rs_extractor *x)
{
    if (x == NULL) {
        return;
    }
    for (size_t i = 0; i < x->set->n_lenses; i++) {
        if (x->workers[i] != NULL) {
            x->set->lenses[i]->worker_free(x->workers[i]);
        }
    }
    if (x->parser != NULL) {
        x->set->languages[0]->parser_free(x->parser);
    }
    rs_line_index_release(&x->lines);
    rs_file_release(&x->file);
    rs_free(x);
}

void rs_extractor_use_links(rs_extractor *extractor, rs_scip_links *links)
{
    extractor->file.scip_links = links;
}

/* --- one file --- */

/* Parse the text, unless it has more entities than ids can number. */
static rs_status parse(rs_extractor *x, const rs_language *language, rs_error *err)
{
    rs_file_at_hand *file = &x->file;
    rs_tree *tree = &file->tree;
    RS_TRY(language->parse(x->parser, file->source, tree, err));
    uint64_t n_entities =
        (uint64_t)tree->n_nodes + tree->n_comments + tree->n_faults + RS_SOURCE_MAX_FINDINGS;
    file->is_too_large = n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS;
    if (file->is_too_large) {
        tree->n_nodes = tree->n_comments = tree->n_faults = 0;
    }
    return RS_OK;
}

#ifndef NDEBUG
/* Rows were added to no dataset but those that the lens gives. */
static bool gave_only_its_own(const rs_lens *lens, const rs_part *part, const size_t *n_before)
{
    bool is_given[RS_N_EVIDENCE] = {false};
    for (const rs_dataset_id *id = lens->gives; *id != RS_N_EVIDENCE; id++) {
        is_given[*id] = true;
    }
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        if (!is_given[i] && part->batches[i].n_rows != n_before[i]) {
            return false;
        }
    }
    return true;
}
#endif

static void count_rows(const rs_part *part, size_t *n_rows)
{
    for (size_t i = 0; i < RS_N_EVIDENCE; i++) {
        n_rows[i] = part->batches[i].n_rows;
    }
}

static rs_status run_lens(rs_extractor *x, const rs_lens *lens, rs_error *err)
{
    rs_file_at_hand *file = &x->file;
    size_t at = 0;
    while (at < x->set->n_lenses && x->set->lenses[at] != lens) {
        at++;
    }
    if (at == x->set->n_lenses) {
        return RS_OK; /* not wanted */
    }
#ifndef NDEBUG
    size_t n_before[RS_N_EVIDENCE];
    count_rows(file->part, n_before);
#endif
    file->worker = x->workers[at];
    rs_status status = lens->run_file(file, err);
    RS_ASSERT(gave_only_its_own(lens, file->part, n_before));
    if (status == RS_OK &&
        (file->status != RS_OK || file->part->strings.failed || file->scratch.failed)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    return status;
}

rs_status rs_extract_file(rs_extractor *x, const rs_repo_file *file, const rs_source *source,
                          rs_part *part, rs_error *err)
{
    const rs_language *language = x->set->languages[0];
    rs_file_at_hand *at_hand = &x->file;
    at_hand->file = file;
    at_hand->source = source;
    at_hand->part = part;
    at_hand->tree = (rs_tree){0};
    at_hand->is_too_large = false;
    at_hand->base = rs_entity_id(file->file_id, 0);
    at_hand->next_number = 0;
    at_hand->status = RS_OK;
    count_rows(part, x->first_rows);
    bool was_read = rs_file_was_read(at_hand);
    RS_TRY(rs_line_index_build(&x->lines, source->raw, was_read ? source->n_raw : 0, err));
    if (was_read) {
        RS_TRY(parse(x, language, err));
    }
    for (const rs_lens *const *lens = language->lenses; *lens != NULL; lens++) {
        RS_TRY(run_lens(x, *lens, err));
    }
    return RS_OK;
}
