/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - the values lens: all files together, step by step. */
#include "evidence/values/link.h"

#include "base/alloc.h"
#include "evidence/extract.h"
#include "evidence/values/link_impl.h"

enum { N_SETTLINGS = 3 };

/* --- files --- */

static bool open_files(rs_values_linked *x, const rs_summary *files, size_t n_files)
{
    uint32_t n_texts = 0;
    x->files = rs_alloc_zero(n_files + 1, sizeof *x->files);
    x->n_files = (uint32_t)n_files;
    if (x->files == NULL) {
        return false;
    }
    for (uint32_t f = 0; f < x->n_files; f++) {
        values_file *file = &x->files[f];
        const names_view *names = &x->names->files[f].view;
        rs_values_view(&files[f], &file->view);
        RS_ASSERT(file->view.n_bindings == names->n_bindings);
        file->view.n_bindings = names->n_bindings;
        file->view.n_functions = names->n_functions;
        file->first_var =
            rs_solve_vars(&x->solver, values_n_fixed(&file->view) + file->view.n_records);
        file->first_text = n_texts;
        n_texts += file->view.n_texts;
    }
    x->text_of = rs_alloc((size_t)n_texts + 1, sizeof *x->text_of);
    for (uint32_t f = 0; f < x->n_files && x->text_of != NULL && !x->failed; f++) {
        for (uint32_t i = 0; i < x->files[f].view.n_texts; i++) {
            x->text_of[x->files[f].first_text + i] =
                rs_values_text_number(x, values_text(&x->files[f].view, i));
        }
    }
    return x->text_of != NULL && !x->failed && !x->solver.failed;
}

static void note_text(rs_values_linked *x, names_map *map, uint32_t text)
{
    uint32_t once = 1;
    x->failed = !rs_names_map_put(map, text, 0, &once) || x->failed;
}

/* Attributes that are stored on objects, and defaults of parameters. */
static void scan_records(rs_values_linked *x, uint32_t f)
{
    const values_file *file = &x->files[f];
    const names_file *names = &x->names->files[f];
    for (uint32_t i = 0; i < file->view.n_records; i++) {
        const values_record *record = &file->view.records[i];
        if (record->op == VALUES_STORE) {
            uint32_t text = file->view.blocks[record->b];
            note_text(x, &x->stored, x->text_of[file->first_text + text]);
        } else if (record->op == VALUES_DEFAULT) {
            x->defaults[names->first_binding + record->a] = file->first_var + record->b;
        }
    }
    for (uint32_t i = 0; i < names->view.n_stores; i++) {
        note_text(x, &x->stored, names_text_number(x->names, f, names->view.stores[i].name));
    }
}

/* Special methods that no class of the repository has are none. */
static void drop_special(rs_values_linked *x)
{
    names_map defined = {0};
    for (uint32_t f = 0; f < x->n_files; f++) {
        const names_view *view = &x->names->files[f].view;
        for (uint32_t i = 0; i < view->n_slots; i++) {
            if (view->slots[i].owner_kind == NAMES_OF_CLASS) {
                note_text(x, &defined, names_text_number(x->names, f, view->slots[i].name));
            }
        }
    }
    x->call_text = x->special[VALUES_S_CALL];
    for (size_t i = 0; i < VALUES_N_SPECIAL; i++) {
        bool has = x->special[i] != NAMES_NONE &&
                   (rs_names_map_get(&defined, x->special[i], 0) != NAMES_NONE ||
                    rs_names_map_get(&x->stored, x->special[i], 0) != NAMES_NONE);
        x->special[i] = has ? x->special[i] : NAMES_NONE;
    }
    rs_names_map_release(&defined);
}

static uint32_t builtin_class(const rs_values_linked *x, const char *name)
{
    uint32_t slot = rs_names_builtin_slot(x->names, rs_str_of(name));
    return slot == NAMES_NONE ? NAMES_NONE : rs_names_class_of_slot(x->names, slot);
}

/* Asked for at each call that runs something. */
static bool note_files(rs_values_linked *x)
{
    const rs_names_linked *names = x->names;
    x->file_of = rs_alloc((size_t)names->n_functions + 1, sizeof *x->file_of);
    for (uint32_t i = 0; i < names->n_functions && x->file_of != NULL; i++) {
        uint32_t before = i == 0 ? 0 : x->file_of[i - 1];
        bool is_same = i > 0 && i - names->files[before].first_function <
                                    names->files[before].view.n_functions;
        x->file_of[i] = is_same ? before : rs_names_file_of_function(names, i);
    }
    return x->file_of != NULL;
}

static bool begin(rs_values_linked *x, const rs_summary *files, size_t n_files)
{
    static const char *const containers[VALUES_N_CONTAINERS] = {[VALUES_LIST] = "list",
                                                                [VALUES_TUPLE] = "tuple",
                                                                [VALUES_DICT] = "dict",
                                                                [VALUES_SET] = "set"};
    if (!rs_values_note_special_names(x) || !note_files(x) || !open_files(x, files, n_files)) {
        return false;
    }
    x->defaults = rs_alloc((size_t)x->names->n_bindings + 1, sizeof *x->defaults);
    x->is_called = rs_alloc_zero((size_t)x->names->n_functions + 1, 1);
    x->gives_self = rs_alloc_zero((size_t)x->names->n_functions + 1, 1);
    if (x->defaults == NULL || x->is_called == NULL || x->gives_self == NULL) {
        return false;
    }
    memset(x->defaults, 0xff, ((size_t)x->names->n_bindings + 1) * sizeof *x->defaults);
    for (uint32_t f = 0; f < x->n_files; f++) {
        scan_records(x, f);
    }
    drop_special(x);
    x->str_class = builtin_class(x, "str");
    x->int_class = builtin_class(x, "int");
    x->number_classes[VALUES_INT] = x->int_class;
    x->number_classes[VALUES_FLOAT] = builtin_class(x, "float");
    x->number_classes[VALUES_COMPLEX] = builtin_class(x, "complex");
    x->generator_class = rs_names_outside_class(x->names, "typing", "Generator");
    for (size_t i = 0; i < VALUES_N_CONTAINERS; i++) {
        x->containers[i] =
            containers[i] == NULL ? x->generator_class : builtin_class(x, containers[i]);
    }
    return rs_values_find_subclasses(x) && !x->failed;
}

/* --- the whole --- */

static void forget_work(rs_values_linked *x)
{
    names_map *const maps[] = {&x->made_by,    &x->fields, &x->outside,    &x->members,
                               &x->made_calls, &x->runs,   &x->site_kinds, &x->spreads,
                               &x->joined,     &x->stored, &x->models,     &x->pairs,
                               &x->modeled};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        rs_names_map_release(maps[i]);
    }
    for (size_t i = 0; i < VALUES_N_OBJECTS; i++) {
        rs_names_map_release(&x->object_numbers[i]);
    }
    rs_solve_release(&x->solver);
    values_links_release(&x->links);
    values_arguments_release(&x->arguments);
    values_operations_release(&x->operations);
    values_lates_release(&x->lates);
    values_calls_release(&x->calls);
    names_items_release(&x->items);
    rs_buf_release(&x->text);
    rs_free(x->text_of);
    rs_free(x->defaults);
    rs_free(x->is_called);
    rs_free(x->gives_self);
    rs_free(x->file_of);
    rs_free(x->first_subclass);
    x->text_of = x->defaults = x->first_subclass = x->file_of = NULL;
    x->is_called = x->gives_self = NULL;
}

static bool link_all(rs_values_linked *x, const rs_summary *files, size_t n_files)
{
    if (!begin(x, files, n_files)) {
        return false;
    }
    for (uint32_t f = 0; f < x->n_files && !x->failed; f++) {
        rs_values_take_records(x, f);
    }
    for (int i = 0; i < N_SETTLINGS && !x->failed; i++) {
        rs_solve_settle(&x->solver);
        rs_values_take_lates(x);
        rs_solve_settle(&x->solver);
        if (i == 0) {
            rs_values_seed(x);
        }
    }
    x->failed = x->failed || x->solver.failed;
    rs_values_collect(x);
    rs_values_collect_types(x);
    return !x->failed;
}

rs_status rs_values_link(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                         void **linked, rs_error *err)
{
    rs_values_linked *x = rs_alloc_zero(1, sizeof *x);
    *linked = x;
    if (x == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "link values: out of memory");
    }
    x->names = rs_linked_of(options->linked, "names");
    if (x->names == NULL || x->names->modules == NULL) {
        return RS_OK;
    }
    RS_ASSERT(x->names->n_own_files == n_files);
    uint64_t n_most = options->values.max_objects;
    x->solver.max_objects = n_most > VALUES_MOST_OBJECTS ? VALUES_MOST_OBJECTS : (uint32_t)n_most;
    x->solver.max_insertions = options->values.max_insertions;
    x->solver.stop = options->stop;
    x->solver.owner = x;
    x->solver.deliver = rs_values_deliver;
    x->solver.stands_for = rs_values_stands_for;
    bool fits = link_all(x, files, n_files);
    forget_work(x);
    RS_TRY(rs_stop_check(options->stop, err));
    return fits ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "link values: out of memory");
}

void rs_values_linked_free(void *linked)
{
    rs_values_linked *x = linked;
    forget_work(x);
    rs_free(x->files);
    rs_strings_release(&x->texts);
    values_objects_release(&x->objects);
    values_sites_release(&x->sites);
    values_notes_release(&x->notes);
    values_answers_release(&x->answers);
    values_types_release(&x->types);
    rs_free(x);
}
