/* SPDX-License-Identifier: Apache-2.0 */
/* answer_class.c - what classes derive from, have and override. */
#include <stdlib.h>

#include "evidence/names/answer_impl.h"

static int64_t id_of_class(const names_asker *a, uint32_t class)
{
    uint32_t number = a->x->classes[class].file;
    const names_file *file = &a->x->files[number];
    return names_id_of(a, number, file->view.classes[class - file->first_class].node);
}

static bool place_among_bases(const names_asker *a, const names_class_facts *facts,
                              const names_ancestor *ancestor, int32_t *place)
{
    for (uint32_t i = 0; i < facts->n_bases; i++) {
        const names_ancestor *base = &a->x->bases.items[facts->first_base + i];
        if (base->number == ancestor->number && base->is_external == ancestor->is_external &&
            base->number != NAMES_NONE) {
            *place = (int32_t)i;
            return true;
        }
    }
    return false;
}

static rs_status push_order(names_asker *a, uint32_t class, rs_error *err)
{
    const names_class_facts *facts = &a->x->classes[class];
    for (uint32_t i = 0; i < facts->n_ancestors && names_has_room(a); i++) {
        const names_ancestor *ancestor = &a->x->ancestors.items[facts->first_ancestor + i];
        rs_class_mro_row row = rs_class_mro_row_new();
        int32_t place = 0;
        row.ancestry_id = names_next_row(a);
        row.class_id = id_of_class(a, class);
        row.position = (int32_t)i;
        if (ancestor->number != NAMES_NONE && !ancestor->is_external &&
            names_is_outside(a->x, ancestor->number)) {
            rs_names_name_of_class(a->x, ancestor->number, &a->text);
            row.external = rs_text_of(rs_strings_add(&a->part->strings, rs_buf_str(&a->text)));
        } else if (ancestor->number != NAMES_NONE && !ancestor->is_external) {
            row.ancestor_id = rs_opt_i64_of(id_of_class(a, ancestor->number));
        } else if (ancestor->number != NAMES_NONE) {
            row.external =
                rs_names_outside_text(a, names_text_of(a->x, ancestor->number), (rs_str){0});
        }
        if (place_among_bases(a, facts, ancestor, &place)) {
            row.base_position = rs_opt_i32_of(place);
        }
        RS_TRY(rs_push_class_mro(a->part, &row, 1, err));
    }
    return RS_OK;
}

/* --- members --- */

typedef struct class_member {
    uint32_t node;
    uint32_t binding; /* of the file */
    uint32_t slot;    /* of the file */
} class_member;

RS_VEC_DEFINE(class_members, class_member)
RS_VEC_DEFINE(override_rows, rs_overrides_row)

static int compare_members(const void *left, const void *right)
{
    const class_member *a = left;
    const class_member *b = right;
    return (a->node > b->node) - (a->node < b->node);
}

static rs_w_member_kind kind_of(const names_asker *a, const names_slot *slot,
                                const names_binding *binding)
{
    if (binding->kind == NAMES_CLASS) {
        return RS_W_member_kind_class;
    }
    if (binding->kind == NAMES_DEF) {
        uint16_t flags = a->x->function_flags[a->file->first_function + binding->inner];
        return (flags & NAMES_F_PROPERTY) != 0 ? RS_W_member_kind_property
               : (flags & NAMES_F_CLASS) != 0  ? RS_W_member_kind_class_method
               : (flags & NAMES_F_STATIC) != 0 ? RS_W_member_kind_static_method
                                               : RS_W_member_kind_method;
    }
    return slot->owner_kind == NAMES_OF_INSTANCE ? RS_W_member_kind_field
                                                 : RS_W_member_kind_attribute;
}

/* Of a name in the body what holds at its end; of self.x the first place. */
static bool list_members(const names_asker *a, const names_class *class, class_members *members)
{
    const names_view *view = &a->file->view;
    uint32_t n_slots = class->n_slots + class->n_instance_slots;
    class_members_reset(members);
    for (uint32_t i = 0; i < n_slots; i++) {
        const names_slot *slot = &view->slots[class->first_slot + i];
        uint32_t n_exits;
        const uint32_t *exits = names_list(view, slot->exit, &n_exits);
        bool is_field = slot->owner_kind == NAMES_OF_INSTANCE;
        uint32_t n_found = is_field && n_exits > 1 ? 1 : n_exits;
        for (uint32_t n = 0; n < n_found; n++) {
            class_member member = {view->bindings[exits[n]].node, exits[n], class->first_slot + i};
            if (view->bindings[exits[n]].kind != NAMES_STAR &&
                !class_members_push(members, member)) {
                return false;
            }
        }
    }
    if (members->n_items > 1) {
        qsort(members->items, members->n_items, sizeof *members->items, compare_members);
    }
    return true;
}

static rs_status push_members(names_asker *a, uint32_t class, const class_members *members,
                              rs_error *err)
{
    const names_view *view = &a->file->view;
    for (size_t i = 0; i < members->n_items; i++) {
        const class_member *member = &members->items[i];
        const names_slot *slot = &view->slots[member->slot];
        if (i > 0 && member->node == members->items[i - 1].node) {
            continue;
        }
        rs_class_members_row row = rs_class_members_row_new();
        row.class_id = id_of_class(a, class);
        row.member_id = names_id_of(a, a->number, member->node);
        row.name = rs_names_outside_text(a, names_text(view, slot->name), (rs_str){0});
        row.member_kind = rs_word_of(kind_of(a, slot, &view->bindings[member->binding]));
        RS_TRY(rs_push_class_members(a->part, &row, 1, err));
    }
    return RS_OK;
}

/* --- overrides --- */

/* The class further up that has the name in its body, and what holds it there. */
static bool find_overridden(const names_asker *a, const names_class_facts *facts, uint32_t text,
                            uint32_t *class, int64_t *id)
{
    const rs_names_linked *x = a->x;
    for (uint32_t i = 1; i < facts->n_ancestors; i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        if (ancestor->is_external || ancestor->number == NAMES_NONE ||
            names_is_outside(x, ancestor->number)) {
            continue;
        }
        uint32_t slot_number =
            rs_names_map_get(&x->slots, names_scope_of_class(ancestor->number), text);
        if (slot_number == NAMES_NONE) {
            continue;
        }
        uint32_t number = x->classes[ancestor->number].file;
        const names_file *file = &x->files[number];
        const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
        uint32_t n_exits;
        const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
        if (n_exits > 0) {
            *class = ancestor->number;
            *id = names_id_of(a, number, file->view.bindings[exits[n_exits - 1]].node);
            return true;
        }
    }
    return false;
}

static bool is_last(const names_view *view, const class_member *member)
{
    uint32_t n_exits;
    const uint32_t *exits = names_list(view, view->slots[member->slot].exit, &n_exits);
    return exits[n_exits - 1] == member->binding;
}

/* By the key. */
static int compare_overrides(const void *left, const void *right)
{
    const rs_overrides_row *a = left;
    const rs_overrides_row *b = right;
    return (a->member_id > b->member_id) - (a->member_id < b->member_id);
}

/* A class in a class has its members between those of the outer one: rows wait for the file's last. */
static bool add_overrides(names_asker *a, uint32_t class, const class_members *members,
                          override_rows *rows)
{
    const names_view *view = &a->file->view;
    for (size_t i = 0; i < members->n_items; i++) {
        const class_member *member = &members->items[i];
        const names_slot *slot = &view->slots[member->slot];
        uint32_t base = NAMES_NONE;
        int64_t overridden = 0;
        bool is_again = i > 0 && member->node == members->items[i - 1].node;
        if (is_again || slot->owner_kind != NAMES_OF_CLASS || !is_last(view, member) ||
            !find_overridden(a, &a->x->classes[class],
                             names_text_number(a->x, a->number, slot->name), &base, &overridden)) {
            continue;
        }
        rs_overrides_row row = rs_overrides_row_new();
        row.member_id = names_id_of(a, a->number, member->node);
        row.overridden_id = overridden;
        row.class_id = id_of_class(a, class);
        row.base_id = id_of_class(a, base);
        if (!override_rows_push(rows, row)) {
            return false;
        }
    }
    return true;
}

static rs_status push_overrides(names_asker *a, override_rows *rows, rs_error *err)
{
    if (rows->n_items == 0) {
        return RS_OK;
    }
    qsort(rows->items, rows->n_items, sizeof *rows->items, compare_overrides);
    return rs_push_overrides(a->part, rows->items, rows->n_items, err);
}

/* --- diagnostics --- */

static rs_status push_diagnostic(names_asker *a, uint32_t class, rs_diagnostic_code code,
                                 rs_error *err)
{
    if (!names_has_room(a)) {
        return RS_OK;
    }
    rs_names_diagnostics_row row = rs_names_diagnostics_row_new();
    row.diagnostic_id = names_next_row(a);
    row.node_id = id_of_class(a, class);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.message = rs_names_outside_text(a, rs_str_of(rs_diagnostic_get(code)->title), (rs_str){0});
    return rs_push_names_diagnostics(a->part, &row, 1, err);
}

static rs_status push_diagnostics(names_asker *a, uint32_t class, rs_error *err)
{
    const names_class_facts *facts = &a->x->classes[class];
    rs_status status = RS_OK;
    if (facts->is_circular) {
        status = push_diagnostic(a, class, RS_D_class_circle, err);
    } else if (facts->is_inconsistent) {
        status = push_diagnostic(a, class, RS_D_mro_inconsistent, err);
    }
    if (facts->is_long) {
        RS_THEN(status, push_diagnostic(a, class, RS_D_mro_too_long, err));
    }
    return status;
}

static rs_status answer_class(names_asker *a, uint32_t i, class_members *members,
                              override_rows *overrides, rs_error *err)
{
    uint32_t class = a->file->first_class + i;
    RS_TRY(push_order(a, class, err));
    if (!list_members(a, &a->file->view.classes[i], members)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    RS_TRY(push_members(a, class, members, err));
    return add_overrides(a, class, members, overrides)
               ? RS_OK
               : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

rs_status rs_names_answer_classes(names_asker *a, rs_error *err)
{
    class_members members = {0};
    override_rows overrides = {0};
    rs_status status = RS_OK;
    for (uint32_t i = 0; i < a->file->view.n_classes && status == RS_OK; i++) {
        status = answer_class(a, i, &members, &overrides, err);
    }
    for (uint32_t i = 0; i < a->file->view.n_classes && status == RS_OK; i++) {
        status = push_diagnostics(a, a->file->first_class + i, err);
    }
    RS_THEN(status, push_overrides(a, &overrides, err));
    override_rows_release(&overrides);
    class_members_release(&members);
    return status;
}
