/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - the rows of a file that took all files to find out. */
#include "evidence/names/answer_impl.h"
#include "evidence/names/link.h"

/* --- imports --- */

static rs_str parts_of(rs_str dotted, uint32_t n_parts)
{
    for (size_t i = 0; i < dotted.n_bytes; i++) {
        if (dotted.bytes[i] == '.' && --n_parts == 0) {
            return (rs_str){dotted.bytes, i};
        }
    }
    return dotted;
}

static rs_status push_import(names_asker *a, const names_import *import, int32_t *position,
                             uint32_t module, rs_text name, rs_w_reference_status status,
                             rs_error *err)
{
    rs_module_imports_row row = rs_module_imports_row_new();
    uint32_t file = rs_names_module_file(a->x, module, 0);
    row.module_import_id = names_next_row(a);
    row.import_id = names_id_of(a, a->number, import->node);
    row.position = (*position)++;
    row.module_id = names_id_of(a, a->number, 0);
    if (file != NAMES_NONE && a->x->files[file].is_read && !a->x->files[file].is_outside) {
        row.target_id = rs_opt_i64_of(names_id_of(a, file, 0));
    }
    row.name = name;
    row.status = rs_word_of(status);
    return rs_push_module_imports(a->part, &row, 1, err);
}

static rs_text name_of_module(names_asker *a, uint32_t module, rs_str written)
{
    const rs_module *m = module == RS_NO_MODULE ? NULL : rs_module_get(a->x->modules, module);
    bool has_name = m != NULL && m->name.bytes != NULL;
    return rs_names_outside_text(a, has_name ? m->name : written, (rs_str){0});
}

static rs_w_reference_status status_of(const names_asker *a, const rs_found *found)
{
    bool is_outside = found->module != RS_NO_MODULE &&
                      rs_module_get(a->x->modules, found->module)->form == RS_MODULE_STUB;
    if (found->kind == RS_FOUND_EXTERNAL || is_outside) {
        return RS_W_reference_status_external;
    }
    return found->kind == RS_FOUND_MODULE ? RS_W_reference_status_resolved
                                          : RS_W_reference_status_unresolved;
}

/* Each part of the dotted name, then the submodule that the name behind `import` turns out to be. */
static rs_status answer_import(names_asker *a, const names_import *import, rs_error *err)
{
    const rs_module_table *modules = a->x->modules;
    rs_str dotted = names_text(&a->file->view, import->module);
    rs_found found = {RS_FOUND_EXTERNAL, RS_NO_MODULE, 0};
    int32_t position = 0;
    uint32_t n_parts = dotted.n_bytes > 0 ? 1 : 0;
    for (size_t i = 0; i < dotted.n_bytes; i++) {
        n_parts += dotted.bytes[i] == '.';
    }
    for (uint32_t n = n_parts > 0 ? 1 : 0; n <= n_parts && names_has_room(a); n++) {
        rs_str part = n == 0 ? dotted : parts_of(dotted, n);
        found = import->level > 0
                    ? rs_module_find_relative(modules, a->file->place, import->level, part)
                    : rs_module_find(modules, a->file->place, part);
        uint32_t module = found.kind == RS_FOUND_MODULE ? found.module : RS_NO_MODULE;
        RS_TRY(push_import(a, import, &position, module, name_of_module(a, module, part),
                           status_of(a, &found), err));
    }
    if (import->name == NAMES_NONE || found.kind != RS_FOUND_MODULE) {
        return RS_OK;
    }
    names_items_reset(&a->items);
    if (!names_items_reserve(&a->items, NAMES_MAX_FOUND)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    rs_names_of_import(a->x, a->file->first_binding + import->binding, &a->items);
    bool is_submodule = import->binding != NAMES_NONE && a->items.n_items == 1 &&
                        a->items.items[0].kind == NAMES_I_MODULE;
    if (!is_submodule) {
        return RS_OK;
    }
    uint32_t module = a->items.items[0].number;
    found = (rs_found){RS_FOUND_MODULE, module, 0};
    return push_import(a, import, &position, module, name_of_module(a, module, (rs_str){0}),
                       status_of(a, &found), err);
}

rs_status rs_names_answer_imports(names_asker *a, rs_error *err)
{
    for (uint32_t i = 0; i < a->file->view.n_imports && names_has_room(a); i++) {
        RS_TRY(answer_import(a, &a->file->view.imports[i], err));
    }
    return RS_OK;
}

/* --- names --- */

static rs_status push_answers(names_asker *a, const names_ref *ref, rs_error *err)
{
    int32_t position = 0;
    for (size_t i = 0; i < a->answers.n_items && names_has_room(a); i++) {
        const names_answer *answer = &a->answers.items[i];
        if (answer->id < 0 && answer->text.number == 0) {
            continue; /* a namespace package: no node stands for it */
        }
        rs_name_targets_row row = rs_name_targets_row_new();
        row.name_target_id = names_next_row(a);
        row.node_id = names_id_of(a, a->number, ref->node);
        row.start_byte = ref->start_byte;
        row.end_byte = ref->end_byte;
        row.position = position++;
        if (answer->id >= 0) {
            row.target_id = rs_opt_i64_of(answer->id);
        } else {
            row.external = answer->text;
        }
        row.how = rs_word_of(answer->how);
        row.rank = answer->rank;
        row.n_candidates = (int32_t)a->status.n_candidates;
        row.is_final = answer->is_final;
        RS_TRY(rs_push_name_targets(a->part, &row, 1, err));
    }
    return RS_OK;
}

static rs_status push_status(names_asker *a, const names_ref *ref, rs_error *err)
{
    rs_reference_statuses_row row = rs_reference_statuses_row_new();
    row.node_id = names_id_of(a, a->number, ref->node);
    row.start_byte = ref->start_byte;
    row.end_byte = ref->end_byte;
    row.kind = rs_word_of(ref->kind);
    row.status = rs_word_of(a->status.status);
    row.reason = a->status.reason == RS_ENUM_NULL ? (rs_word){0} : rs_word_of(a->status.reason);
    row.n_candidates = (int32_t)a->status.n_candidates;
    return rs_push_reference_statuses(a->part, &row, 1, err);
}

static rs_status answer_refs(names_asker *a, rs_error *err)
{
    names_walk walk = {.view = &a->file->view};
    names_ref ref;
    while (rs_names_next_ref(&walk, &ref)) {
        bool is_own = ref.kind == NAMES_REF_DEFINITION || ref.kind == NAMES_REF_STORE;
        RS_TRY(rs_stop_check(a->x->stop, err));
        rs_names_ask_ref(a, &ref);
        if (a->failed) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
        if (!is_own) {
            RS_TRY(push_answers(a, &ref, err));
        }
        RS_TRY(push_status(a, &ref, err));
    }
    return RS_OK;
}

/* --- its own names --- */

static rs_status answer_module(names_asker *a, rs_error *err)
{
    uint32_t n_names = 0;
    const rs_module_name *names = rs_module_names(a->x->modules, a->file->place, &n_names);
    for (uint32_t i = 0; i < n_names && names_has_room(a); i++) {
        rs_module_names_row row = rs_module_names_row_new();
        row.module_name_id = names_next_row(a);
        row.module_id = names_id_of(a, a->number, 0);
        row.position = (int32_t)i;
        row.name = rs_text_of(rs_strings_add(&a->part->strings, names[i].name));
        row.source_root = rs_text_of(rs_strings_add(&a->part->strings, names[i].source_root));
        row.reason = rs_word_of(names[i].reason);
        RS_TRY(rs_push_module_names(a->part, &row, 1, err));
    }
    return RS_OK;
}

/* --- a file --- */

static rs_status answer_file(names_asker *a, rs_error *err)
{
    RS_TRY(rs_names_answer_imports(a, err));
    RS_TRY(answer_refs(a, err));
    RS_TRY(rs_names_answer_calls(a, err));
    RS_TRY(rs_names_answer_classes(a, err));
    return answer_module(a, err);
}

rs_status rs_names_answer(const void *linked, rs_file_asked *file, rs_error *err)
{
    const rs_names_linked *x = linked;
    uint32_t place =
        x->modules == NULL
            ? RS_NO_PLACE
            : rs_module_file_place(x->modules, file->summary.base >> RS_ID_ENTITY_BITS);
    if (place == RS_NO_PLACE || place >= x->n_places || x->file_of_place[place] == NAMES_NONE) {
        return RS_OK;
    }
    names_asker a = {.x = x,
                     .number = x->file_of_place[place],
                     .part = file->part,
                     .next_row = file->next_number};
    a.file = &x->files[a.number];
    rs_status status = a.file->is_read ? answer_file(&a, err) : RS_OK;
    file->next_number = a.next_row;
    bool failed = a.failed || file->part->strings.failed;
    names_items_release(&a.items);
    names_answers_release(&a.answers);
    names_callees_release(&a.callees);
    rs_buf_release(&a.text);
    return status == RS_OK && failed ? rs_error_set(err, RS_ERR_NOMEM, "out of memory") : status;
}
