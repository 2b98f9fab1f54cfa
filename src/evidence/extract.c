/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/extract.h"

#include <string.h>

#include "base/alloc.h"
#include "evidence/file.h"
#include "evidence/outside.h"

enum { SUMMARY_ALIGNMENT = 8 };

RS_VEC_DEFINE(summary_list, rs_summary)

/* --- the lenses of a run --- */

static void set_limits(rs_lens_options *options, const rs_lens *lens)
{
    for (const rs_lens_limit *limit = lens->limits; limit != NULL && limit->name != NULL; limit++) {
        memcpy((char *)options + limit->offset, &limit->value, sizeof limit->value);
    }
}

rs_lens_options rs_lens_options_default(void)
{
    rs_lens_options options = {0};
    for (const rs_language *const *language = rs_languages; *language != NULL; language++) {
        for (const rs_lens *const *lens = (*language)->lenses; *lens != NULL; lens++) {
            set_limits(&options, *lens);
        }
    }
    return options;
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
    void *parsers[RS_MAX_LANGUAGES]; /* of set->languages */
    rs_line_index lines;
    rs_file_at_hand file;
    void *workers[RS_MAX_LENSES]; /* of set->lenses */
    size_t first_rows[RS_N_EVIDENCE];
    rs_buf summary;
};

static rs_status open(rs_extractor *x, rs_error *err)
{
    for (size_t i = 0; x->set->languages[i] != NULL; i++) {
        RS_TRY(x->set->languages[i]->parser_new(&x->set->options, &x->parsers[i], err));
    }
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
    x->file.stop = x->set->options.stop;
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
    for (size_t i = 0; i < RS_MAX_LANGUAGES; i++) {
        if (x->parsers[i] != NULL) {
            x->set->languages[i]->parser_free(x->parsers[i]);
        }
    }
    rs_line_index_release(&x->lines);
    rs_file_release(&x->file);
    rs_buf_release(&x->summary);
    rs_free(x);
}

/* --- one file --- */

/*
 * What a node costs at most, with the rows that lenses make of it: measured over texts that repeat one
 * thing (tests/fault/growth.py). What has a name of its own has it in several rows.
 */
enum { NODE_BYTES = 800, NAMED_NODE_BYTES = NODE_BYTES + 4 * RS_NAME_MAX_BYTES };

static uint64_t estimated_bytes(const rs_tree *tree)
{
    uint64_t n_bytes = (uint64_t)tree->n_comments * NODE_BYTES;
    for (uint32_t i = 0; i < tree->n_nodes; i++) {
        bool is_named = tree->nodes[i].ast_class == RS_AST_Lambda;
        n_bytes += is_named ? NAMED_NODE_BYTES : NODE_BYTES;
    }
    return n_bytes;
}

/* A parser keeps its memory from file to file; what one that is too large took is given back. */
static rs_status renew_parser(rs_extractor *x, uint8_t language, rs_error *err)
{
    x->set->languages[language]->parser_free(x->parsers[language]);
    x->parsers[language] = NULL;
    return x->set->languages[language]->parser_new(&x->set->options, &x->parsers[language], err);
}

/* Parse the text, unless it has more entities than ids can number, or takes more memory than a file may. */
static rs_status parse(rs_extractor *x, rs_error *err)
{
    rs_file_at_hand *file = &x->file;
    rs_tree *tree = &file->tree;
    uint64_t n_most = x->set->options.max_file_memory;
    uint8_t language = file->file->language;
    rs_status status =
        x->set->languages[language]->parse(x->parsers[language], file->source, tree, err);
    uint64_t n_entities =
        (uint64_t)tree->n_nodes + tree->n_comments + tree->n_faults + RS_SOURCE_MAX_FINDINGS;
    file->is_over_memory =
        status == RS_ERR_LIMIT || (status == RS_OK && n_most > 0 && estimated_bytes(tree) > n_most);
    file->is_too_large = file->is_over_memory || n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS;
    if (file->is_too_large) {
        *tree = (rs_tree){.text = file->source->text, .n_bytes = (uint32_t)file->source->n_text};
        return renew_parser(x, language, err);
    }
    return status;
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

/* Where a lens stands in the set; n_lenses where it is not wanted. */
static size_t place_of(const rs_lens_set *set, const rs_lens *lens)
{
    size_t at = 0;
    while (at < set->n_lenses && set->lenses[at] != lens) {
        at++;
    }
    return at;
}

static rs_status run_lens(rs_extractor *x, size_t at, rs_file_note *note, rs_error *err)
{
    const rs_lens *lens = x->set->lenses[at];
    rs_file_at_hand *file = &x->file;
    RS_TRY(rs_stop_check(x->set->options.stop, err));
#ifndef NDEBUG
    size_t n_before[RS_N_EVIDENCE];
    count_rows(file->part, n_before);
#endif
    size_t n_failures = rs_alloc_failures();
    rs_buf_reset(&x->summary);
    file->worker = x->workers[at];
    file->summary = lens->link != NULL ? &x->summary : NULL;
    rs_status status = lens->run_file(file, err);
#ifndef NDEBUG
    RS_ASSERT(status != RS_OK || gave_only_its_own(lens, file->part, n_before));
#endif
    note->ran |= UINT32_C(1) << at;
    bool failed = file->status != RS_OK || file->part->strings.failed;
    status = status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : status;
    return rs_error_unseen(err, status, n_failures);
}

/* What the lens said to other files, behind what it said of the files before. */
static rs_status keep_summary(rs_extractor *x, size_t at, rs_summaries *summaries,
                              rs_file_note *note, rs_error *err)
{
    static const char padding[SUMMARY_ALIGNMENT] = {0};
    rs_buf *bytes = &summaries->bytes[at];
    if (x->set->lenses[at]->link == NULL) {
        return RS_OK;
    }
    rs_buf_append(bytes, padding,
                  (SUMMARY_ALIGNMENT - bytes->n_bytes % SUMMARY_ALIGNMENT) % SUMMARY_ALIGNMENT);
    note->begins[at] = bytes->n_bytes;
    rs_buf_append(bytes, rs_buf_text(&x->summary), x->summary.n_bytes);
    note->ends[at] = bytes->n_bytes;
    return rs_buf_check(bytes, err);
}

static rs_status run_lenses(rs_extractor *x, const rs_language *language, rs_summaries *summaries,
                            rs_error *err)
{
    rs_file_note note = {.base = x->file.base};
    for (const rs_lens *const *lens = language->lenses; *lens != NULL; lens++) {
        size_t at = place_of(x->set, *lens);
        if (at == x->set->n_lenses) {
            continue;
        }
        RS_TRY(run_lens(x, at, &note, err));
        if (summaries != NULL) {
            RS_TRY(keep_summary(x, at, summaries, &note, err));
        }
    }
    note.next_number = x->file.next_number;
    if (summaries != NULL && !rs_file_notes_push(&summaries->files, note)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    return RS_OK;
}

rs_status rs_extract_file(rs_extractor *x, const rs_repo_file *file, const rs_source *source,
                          rs_part *part, rs_summaries *summaries, rs_error *err)
{
    const rs_language *language = x->set->languages[file->language];
    rs_file_at_hand *at_hand = &x->file;
    at_hand->file = file;
    at_hand->source = source;
    at_hand->part = part;
    at_hand->tree = (rs_tree){0};
    at_hand->flow_beside = NULL;
    at_hand->names_beside = NULL;
    at_hand->is_too_large = at_hand->is_over_memory = false;
    at_hand->base = rs_entity_id(file->file_id, 0);
    at_hand->next_number = 0;
    at_hand->status = RS_OK;
    count_rows(part, x->first_rows);
    bool was_read = rs_file_was_read(at_hand);
    RS_TRY(rs_line_index_build(&x->lines, source->raw, was_read ? source->n_raw : 0, err));
    if (was_read) {
        RS_TRY(parse(x, err));
    }
    return run_lenses(x, language, summaries, err);
}

/* --- all files together --- */

void rs_summaries_release(rs_summaries *summaries)
{
    rs_file_notes_release(&summaries->files);
    for (size_t i = 0; i < RS_MAX_LENSES; i++) {
        rs_buf_release(&summaries->bytes[i]);
    }
}

bool rs_lens_set_answers(const rs_lens_set *set)
{
    for (size_t i = 0; i < set->n_lenses; i++) {
        if (set->lenses[i]->answer != NULL) {
            return true;
        }
    }
    return false;
}

bool rs_lens_set_has_rest(const rs_lens_set *set)
{
    for (size_t i = 0; i < set->n_lenses; i++) {
        if (set->lenses[i]->rest != NULL) {
            return true;
        }
    }
    return false;
}

static bool has_run(const rs_file_note *note, size_t at)
{
    return (note->ran >> at & 1) != 0;
}

static rs_summary summary_of(const rs_summaries *summaries, const rs_file_note *note, size_t at)
{
    return (rs_summary){
        .base = note->base,
        .bytes = (const uint8_t *)rs_buf_text(&summaries->bytes[at]) + note->begins[at],
        .n_bytes = note->ends[at] - note->begins[at],
    };
}

/* The files that a lens ran on, in order of path. */
static bool list_summaries(const rs_summaries *summaries, size_t n_parts, size_t at,
                           summary_list *list)
{
    summary_list_reset(list);
    for (size_t p = 0; p < n_parts; p++) {
        for (size_t i = 0; i < summaries[p].files.n_items; i++) {
            const rs_file_note *note = &summaries[p].files.items[i];
            if (has_run(note, at) &&
                !summary_list_push(list, summary_of(&summaries[p], note, at))) {
                return false;
            }
        }
    }
    return true;
}

const void *rs_linked_of(const rs_linked *linked, const char *lens)
{
    for (size_t i = 0; i < RS_MAX_LENSES; i++) {
        if (linked->lenses[i] != NULL && strcmp(linked->lenses[i]->name, lens) == 0) {
            return linked->of[i];
        }
    }
    return NULL;
}

rs_status rs_lenses_link(const rs_lens_set *set, const rs_summaries *summaries, size_t n_parts,
                         rs_linked *linked, rs_error *err)
{
    summary_list list = {0};
    size_t n_failures = rs_alloc_failures();
    rs_lens_options options = set->options;
    rs_status status = RS_OK;
    options.linked = linked;
    if (options.modules != NULL) {
        RS_TRY(rs_outside_new(set, &options.outside, err));
    }
    for (size_t i = 0; i < set->n_lenses && status == RS_OK; i++) {
        const rs_lens *lens = set->lenses[i];
        if (lens->link == NULL) {
            continue;
        }
        linked->lenses[i] = lens;
        status = list_summaries(summaries, n_parts, i, &list)
                     ? lens->link(&options, list.items, list.n_items, &linked->of[i], err)
                     : rs_error_set(err, RS_ERR_NOMEM, "link: out of memory");
        status = rs_error_unseen(err, status, n_failures);
    }
    rs_outside_free(options.outside);
    summary_list_release(&list);
    return status;
}

void rs_linked_release(rs_linked *linked)
{
    for (size_t i = 0; i < RS_MAX_LENSES; i++) {
        if (linked->of[i] != NULL) {
            linked->lenses[i]->linked_free(linked->of[i]);
        }
    }
}

#ifndef NDEBUG
/* Rows that were added since carry ids of the file in their first column. */
static bool lie_in_file(const rs_part *part, const size_t *n_before, int64_t base)
{
    for (size_t d = 0; d < RS_N_EVIDENCE; d++) {
        const rs_batch *batch = &part->batches[d];
        bool has_id = rs_column_is_local_id(&batch->dataset->columns[0]);
        for (size_t row = n_before[d]; row < batch->n_rows && has_id; row++) {
            if (batch->columns[0].values.i64[row] >> RS_ID_ENTITY_BITS !=
                base >> RS_ID_ENTITY_BITS) {
                return false;
            }
        }
    }
    return true;
}
#endif

static rs_status answer(rs_extractor *x, size_t at, const rs_linked *linked, rs_file_asked *file,
                        rs_error *err)
{
    const rs_lens *lens = x->set->lenses[at];
#ifndef NDEBUG
    size_t n_before[RS_N_EVIDENCE];
    count_rows(file->part, n_before);
#endif
    size_t n_failures = rs_alloc_failures();
    file->worker = x->workers[at];
    rs_status status = lens->answer(linked->of[at], file, err);
    status = rs_error_unseen(err, status, n_failures);
#ifndef NDEBUG
    RS_ASSERT(status != RS_OK || gave_only_its_own(lens, file->part, n_before));
    RS_ASSERT(status != RS_OK || lie_in_file(file->part, n_before, file->summary.base));
#endif
    return status == RS_OK && file->part->strings.failed
               ? rs_error_set(err, RS_ERR_NOMEM, "out of memory")
               : status;
}

rs_status rs_extract_answers(rs_extractor *x, const rs_linked *linked,
                             const rs_summaries *summaries, rs_part *part, rs_error *err)
{
    for (size_t i = 0; i < summaries->files.n_items; i++) {
        const rs_file_note *note = &summaries->files.items[i];
        rs_file_asked file = {.next_number = note->next_number, .part = part};
        for (size_t at = 0; at < x->set->n_lenses; at++) {
            if (x->set->lenses[at]->answer != NULL && has_run(note, at)) {
                file.summary = summary_of(summaries, note, at);
                RS_TRY(answer(x, at, linked, &file, err));
            }
        }
    }
    return RS_OK;
}

rs_status rs_lenses_rest(const rs_lens_set *set, const rs_linked *linked, rs_part *part,
                         rs_error *err)
{
    size_t n_failures = rs_alloc_failures();
    for (size_t i = 0; i < set->n_lenses; i++) {
        if (set->lenses[i]->rest != NULL) {
            RS_TRY(set->lenses[i]->rest(&set->options, linked->of[i], part, err));
        }
    }
    rs_status status =
        part->strings.failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : RS_OK;
    return rs_error_unseen(err, status, n_failures);
}
