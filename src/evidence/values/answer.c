/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - the rows of a file: what its calls, and code that calls without saying so, run. */
#include <stdlib.h>

#include "evidence/values/link.h"
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

/* --- from notes to answers --- */

static int compare_objects(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* Rows of one node are in order of the words for their sites. */
static uint32_t place_of_site(uint8_t kind)
{
    static const uint8_t places[RS_N_W_value_site] = {
        [RS_W_value_site_attribute] = 0, [RS_W_value_site_await] = 1,
        [RS_W_value_site_call] = 2,      [RS_W_value_site_callback] = 3,
        [RS_W_value_site_class] = 4,     [RS_W_value_site_context] = 5,
        [RS_W_value_site_decorator] = 6, [RS_W_value_site_format] = 7,
        [RS_W_value_site_item] = 8,      [RS_W_value_site_iteration] = 9,
        [RS_W_value_site_operator] = 10, [RS_W_value_site_raise] = 11,
        [RS_W_value_site_truth] = 12};
    return places[kind];
}

static int compare_answers(const void *left, const void *right)
{
    const values_answer *a = left;
    const values_answer *b = right;
    const uint32_t keys[][2] = {{a->file, b->file},
                                {a->node, b->node},
                                {place_of_site(a->kind), place_of_site(b->kind)},
                                {a->target, b->target},
                                {a->number, b->number}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return compare_numbers(keys[i][0], keys[i][1]);
        }
    }
    return 0;
}

/* The name that something outside goes by; false: it is inside. */
static bool name_outside(rs_values_linked *x, const values_object *of)
{
    rs_buf_reset(&x->text);
    switch (of->kind) {
    case VALUES_O_FUNCTION:
        if (values_is_own_function(x, of->a)) {
            return false;
        }
        rs_names_name_of_function(x->names, of->a, NAMES_NONE, &x->text);
        return true;
    case VALUES_O_CLASS:
        if (!names_is_outside(x->names, of->a)) {
            return false;
        }
        rs_names_name_of_class(x->names, of->a, &x->text);
        return true;
    case VALUES_O_EXTERNAL:
        rs_buf_add_str(&x->text, rs_values_text_of(x, of->a));
        return true;
    default:
        return false;
    }
}

/* What lies outside is said of calls that are written down alone. */
static void collect(rs_values_linked *x, uint64_t pair)
{
    const values_site *site = &x->sites.items[(uint32_t)(pair >> 32)];
    const values_object of = *values_object_at(x, (uint32_t)pair);
    bool is_outside = name_outside(x, &of);
    values_answer answer = {.file = site->file,
                            .node = site->node,
                            .kind = site->kind,
                            .number = of.a,
                            .n_left_out = site->n_left_out,
                            .target =
                                of.kind == VALUES_O_CLASS ? VALUES_T_CLASS : VALUES_T_FUNCTION};
    if (is_outside) {
        if (site->kind != RS_W_value_site_call) {
            return;
        }
        answer.target = VALUES_T_OUTSIDE;
        answer.number = rs_strings_add(&x->texts, rs_buf_str(&x->text));
    }
    x->failed = !values_answers_push(&x->answers, answer) || x->failed;
}

/* A call whose callee could hold no more. */
static void mark_full(rs_values_linked *x)
{
    for (size_t i = 0; i < x->calls.n_items; i++) {
        const values_call *call = &x->calls.items[i];
        const solve_var *var =
            call->callee == VALUES_NONE ? NULL : &x->solver.vars.items[call->callee];
        if (var != NULL && (var->flags & SOLVE_FULL) != 0) {
            x->sites.items[call->site].n_left_out = var->n_left_out;
        }
    }
}

/* The objects of a site, each once. */
static void collect_site(rs_values_linked *x, uint32_t site, uint32_t *objects, size_t n_objects)
{
    if (n_objects > 1) {
        qsort(objects, n_objects, sizeof *objects, compare_objects);
    }
    for (size_t i = 0; i < n_objects && !x->failed; i++) {
        if (i == 0 || objects[i] != objects[i - 1]) {
            collect(x, (uint64_t)site << 32 | objects[i]);
        }
    }
}

/* Notes by their sites: there are about as many of these, so that counting sorts them. */
static void collect_notes(rs_values_linked *x)
{
    size_t n_sites = x->sites.n_items;
    uint32_t *behind = rs_alloc_zero(n_sites + 1, sizeof *behind);
    uint32_t *objects = rs_alloc(x->notes.n_items + 1, sizeof *objects);
    x->failed = x->failed || behind == NULL || objects == NULL;
    for (size_t i = 0; i < x->notes.n_items && !x->failed; i++) {
        behind[(x->notes.items[i] >> 32) + 1]++;
    }
    for (size_t site = 0; site < n_sites && !x->failed; site++) {
        behind[site + 1] += behind[site];
    }
    for (size_t i = 0; i < x->notes.n_items && !x->failed; i++) {
        objects[behind[x->notes.items[i] >> 32]++] = (uint32_t)x->notes.items[i];
    }
    for (size_t site = 0, first = 0; site < n_sites && !x->failed; first = behind[site++]) {
        collect_site(x, (uint32_t)site, objects + first, behind[site] - first);
    }
    rs_free(behind);
    rs_free(objects);
}

/* Answers by their files, then those of each file, as they are asked for; each once. */
static void sort_answers(rs_values_linked *x)
{
    values_answers sorted = {0};
    uint32_t *behind = rs_alloc_zero((size_t)x->n_files + 1, sizeof *behind);
    size_t n_kept = 0;
    if (behind == NULL || !values_answers_reserve(&sorted, x->answers.n_items)) {
        rs_free(behind);
        x->failed = true;
        return;
    }
    sorted.n_items = x->answers.n_items;
    for (size_t i = 0; i < sorted.n_items; i++) {
        behind[x->answers.items[i].file + 1]++;
    }
    for (uint32_t f = 0; f < x->n_files; f++) {
        behind[f + 1] += behind[f];
    }
    for (size_t i = 0; i < sorted.n_items; i++) {
        sorted.items[behind[x->answers.items[i].file]++] = x->answers.items[i];
    }
    for (uint32_t f = 0, first = 0; f < x->n_files; first = behind[f++]) {
        if (behind[f] - first > 1) {
            qsort(sorted.items + first, behind[f] - first, sizeof *sorted.items, compare_answers);
        }
    }
    for (size_t i = 0; i < sorted.n_items; i++) {
        if (n_kept == 0 || compare_answers(&sorted.items[n_kept - 1], &sorted.items[i]) != 0) {
            sorted.items[n_kept++] = sorted.items[i];
        }
    }
    sorted.n_items = n_kept;
    values_answers_release(&x->answers);
    x->answers = sorted;
    rs_free(behind);
}

void rs_values_collect(rs_values_linked *x)
{
    mark_full(x);
    collect_notes(x);
    if (x->answers.n_items > 0 && !x->failed) {
        sort_answers(x);
    }
}

/* --- rows --- */

typedef struct asker {
    const rs_values_linked *x;
    rs_part *part;
    int64_t base;
    uint32_t next_row;
} asker;

static bool has_room(const asker *a)
{
    return a->next_row < (UINT32_C(1) << RS_ID_ENTITY_BITS) - 1;
}

static int64_t id_of_target(const rs_names_linked *names, const values_answer *answer)
{
    if (answer->target == VALUES_T_CLASS) {
        const names_file *file = &names->files[names->classes[answer->number].file];
        return file->view.base |
               (int64_t)file->view.classes[answer->number - file->first_class].node;
    }
    const names_file *file = &names->files[rs_names_file_of_function(names, answer->number)];
    return file->view.base |
           (int64_t)file->view.functions[answer->number - file->first_function].node;
}

/* Functions that may run, and classes where none of theirs does. */
static int32_t count_candidates(const values_answer *answers, size_t n)
{
    int32_t n_functions = 0;
    for (size_t i = 0; i < n; i++) {
        n_functions += answers[i].target != VALUES_T_CLASS;
    }
    return n_functions > 0 ? n_functions : (int32_t)n;
}

static rs_status push_targets(asker *a, const values_answer *answers, size_t n, rs_error *err)
{
    for (size_t i = 0; i < n && has_room(a); i++) {
        rs_value_targets_row row = rs_value_targets_row_new();
        row.value_target_id = a->base | (int64_t)a->next_row++;
        row.node_id = a->base | (int64_t)answers[i].node;
        row.site = rs_word_of(answers[i].kind);
        row.position = (int32_t)i;
        row.n_candidates = count_candidates(answers, n);
        row.is_class = answers[i].target == VALUES_T_CLASS;
        if (answers[i].target == VALUES_T_OUTSIDE) {
            row.external =
                rs_text_of(rs_strings_add(&a->part->strings, a->x->texts.items[answers[i].number]));
        } else {
            row.target_id = rs_opt_i64_of(id_of_target(a->x->names, &answers[i]));
        }
        RS_TRY(rs_push_value_targets(a->part, &row, 1, err));
    }
    return RS_OK;
}

static rs_status push_site(asker *a, const values_answer *answers, size_t n, rs_error *err)
{
    rs_value_sites_row row = rs_value_sites_row_new();
    row.node_id = a->base | (int64_t)answers[0].node;
    row.site = rs_word_of(answers[0].kind);
    row.n_candidates = count_candidates(answers, n);
    row.n_left_out = answers[0].n_left_out;
    bool all_outside = true;
    int32_t n_functions = 0;
    for (size_t i = 0; i < n; i++) {
        n_functions += answers[i].target == VALUES_T_FUNCTION;
        all_outside = all_outside && answers[i].target == VALUES_T_OUTSIDE;
        row.n_left_out =
            answers[i].n_left_out > row.n_left_out ? answers[i].n_left_out : row.n_left_out;
    }
    row.n_functions = n_functions;
    row.status = rs_word_of(row.n_left_out > 0     ? RS_W_reference_status_skipped_limit
                            : all_outside          ? RS_W_reference_status_external
                            : row.n_candidates > 1 ? RS_W_reference_status_ambiguous
                                                   : RS_W_reference_status_resolved);
    return rs_push_value_sites(a->part, &row, 1, err);
}

static size_t first_of_file(const rs_values_linked *x, uint32_t file)
{
    size_t low = 0;
    size_t high = x->answers.n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->answers.items[middle].file < file) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static rs_status answer_file(asker *a, uint32_t file, rs_error *err)
{
    const values_answers *answers = &a->x->answers;
    for (size_t i = first_of_file(a->x, file);
         i < answers->n_items && answers->items[i].file == file;) {
        size_t end = i + 1;
        while (end < answers->n_items && answers->items[end].file == file &&
               answers->items[end].node == answers->items[i].node &&
               answers->items[end].kind == answers->items[i].kind) {
            end++;
        }
        RS_TRY(push_targets(a, &answers->items[i], end - i, err));
        RS_TRY(push_site(a, &answers->items[i], end - i, err));
        i = end;
    }
    return RS_OK;
}

rs_status rs_values_answer(const void *linked, rs_file_asked *file, rs_error *err)
{
    const rs_values_linked *x = linked;
    const rs_names_linked *names = x->names;
    uint32_t place =
        names == NULL || names->modules == NULL
            ? RS_NO_PLACE
            : rs_module_file_place(names->modules, file->summary.base >> RS_ID_ENTITY_BITS);
    if (place == RS_NO_PLACE || place >= names->n_places ||
        names->file_of_place[place] == NAMES_NONE) {
        return RS_OK;
    }
    asker a = {
        .x = x, .part = file->part, .base = file->summary.base, .next_row = file->next_number};
    rs_status status = answer_file(&a, names->file_of_place[place], err);
    file->next_number = a.next_row;
    if (status == RS_OK) {
        status = rs_values_answer_types(x, names->file_of_place[place], file, err);
    }
    return status == RS_OK && file->part->strings.failed
               ? rs_error_set(err, RS_ERR_NOMEM, "out of memory")
               : status;
}
