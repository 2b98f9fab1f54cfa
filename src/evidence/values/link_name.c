/* SPDX-License-Identifier: Apache-2.0 */
/* link_name.c - what names stand for, as variables and objects. */
#include "evidence/values/link_impl.h"

static void add(rs_values_linked *x, uint32_t to, values_object_kind kind, uint32_t a)
{
    uint32_t object = rs_values_object_of(x, kind, a, NAMES_NONE);
    if (object != SOLVE_NONE) {
        rs_solve_add(&x->solver, to, object);
    }
}

static void add_external(rs_values_linked *x, uint32_t to, rs_str text)
{
    add(x, to, VALUES_O_EXTERNAL, rs_values_text_number(x, text));
}

/* --- what names say --- */

static void take_value(rs_values_linked *x, const names_value *value, uint32_t to)
{
    switch (value->kind) {
    case NAMES_V_MODULE:
        add(x, to, VALUES_O_MODULE, value->a);
        break;
    case NAMES_V_CLASS:
    case NAMES_V_SELF_CLASS:
        add(x, to, VALUES_O_CLASS, value->a);
        break;
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
        add(x, to, VALUES_O_INSTANCE, value->a);
        break;
    case NAMES_V_FUNCTION:
        add(x, to, VALUES_O_FUNCTION, value->a);
        break;
    case NAMES_V_EXTERNAL:
        add_external(x, to, names_text_of(x->names, value->a));
        break;
    default:
        break;
    }
}

void rs_values_take_cell(rs_values_linked *x, uint32_t cell, uint32_t to)
{
    const names_cell *of = &x->names->cells[cell];
    for (uint32_t i = of->first_held; i != NAMES_NONE && to != VALUES_NONE;
         i = x->names->helds.items[i].next) {
        take_value(x, &x->names->values.items[x->names->helds.items[i].value], to);
    }
}

/* --- what lies outside --- */

/* Items are copied away, as whoever asks for one binding may ask for more. */
static void import(rs_values_linked *x, uint32_t binding, uint32_t to)
{
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    rs_names_of_import(x->names, binding, &items);
    rs_values_take_items(x, &items, to);
    if (items.n_items == 0 && rs_names_external_of_import(x->names, binding, &x->text)) {
        add_external(x, to, rs_buf_str(&x->text));
    }
    names_items_release(&items);
}

void rs_values_import(rs_values_linked *x, uint32_t binding, uint32_t to)
{
    import(x, binding, to);
}

static void fill_outside(rs_values_linked *x, uint32_t number, uint32_t to)
{
    uint32_t f = rs_names_file_of_binding(x->names, number);
    const names_file *file = &x->names->files[f];
    const names_binding *binding = &file->view.bindings[number - file->first_binding];
    switch (binding->kind) {
    case NAMES_DEF:
        add(x, to, VALUES_O_FUNCTION, file->first_function + binding->inner);
        break;
    case NAMES_CLASS:
        add(x, to, VALUES_O_CLASS, file->first_class + binding->inner);
        break;
    case NAMES_IMPORT:
    case NAMES_FROM:
        import(x, number, to);
        break;
    default:
        rs_values_take_cell(x, names_cell_of_binding(x->names, f, number - file->first_binding),
                            to);
        break;
    }
}

uint32_t rs_values_binding_var(rs_values_linked *x, uint32_t binding)
{
    uint32_t f = rs_names_file_of_binding(x->names, binding);
    if (f < x->n_files) {
        return x->files[f].first_var + binding - x->names->files[f].first_binding;
    }
    uint32_t var = rs_names_map_get(&x->outside, binding, 0);
    if (var != NAMES_NONE) {
        return var;
    }
    var = rs_solve_var(&x->solver);
    uint32_t put = var;
    if (var == SOLVE_NONE || !rs_names_map_put(&x->outside, binding, 0, &put)) {
        x->failed = true;
        return 0;
    }
    fill_outside(x, binding, var);
    return var;
}

/* --- items --- */

static void take_slot(rs_values_linked *x, uint32_t number, uint32_t to)
{
    const names_file *file = &x->names->files[rs_names_file_of_slot(x->names, number)];
    const names_slot *slot = &file->view.slots[number - file->first_slot];
    uint32_t n_exits;
    const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
    for (uint32_t i = 0; i < n_exits && i < NAMES_MAX_FOUND && !x->failed; i++) {
        rs_solve_copy(&x->solver, rs_values_binding_var(x, file->first_binding + exits[i]), to);
    }
}

void rs_values_take_items(rs_values_linked *x, const names_items *items, uint32_t to)
{
    for (size_t i = 0; i < items->n_items && !x->failed; i++) {
        const names_item *item = &items->items[i];
        switch (item->kind) {
        case NAMES_I_BINDING:
            rs_solve_copy(&x->solver, rs_values_binding_var(x, item->number), to);
            break;
        case NAMES_I_SLOT:
            take_slot(x, item->number, to);
            break;
        case NAMES_I_MODULE:
            add(x, to, VALUES_O_MODULE, item->number);
            break;
        default:
            break;
        }
    }
}

void rs_values_resolve(rs_values_linked *x, uint32_t file, uint32_t number, uint32_t to)
{
    const names_expr *expr = &x->names->files[file].view.exprs[number];
    names_items_reset(&x->items);
    if (!names_items_reserve(&x->items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    rs_names_of_list(x->names, file, expr->b, names_text_number(x->names, file, expr->a),
                     &x->items);
    names_items items = x->items; /* whoever fills what lies outside asks for more */
    x->items = (names_items){0};
    bool may_be_free = items.n_items == 0 || (expr->flags & NAMES_MAY_BE_FREE) != 0;
    if (may_be_free) {
        rs_str name = names_text(&x->names->files[file].view, expr->a);
        uint32_t slot = rs_names_builtin_slot(x->names, name);
        if (slot != NAMES_NONE) {
            take_slot(x, slot, to);
        }
    }
    rs_values_take_items(x, &items, to);
    names_items_release(&x->items);
    x->items = items;
}

/* --- fields of modules and classes --- */

void rs_values_fill_field(rs_values_linked *x, uint32_t object, uint32_t text, uint32_t var)
{
    const values_object of = *values_object_at(x, object);
    if (text >= x->names->texts.n_items) {
        return;
    }
    if (of.kind == VALUES_O_CLASS) {
        uint32_t slot = rs_names_map_get(&x->names->slots, names_scope_of_class(of.a), text);
        if (slot != NAMES_NONE) {
            take_slot(x, slot, var);
        }
        return;
    }
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    rs_names_of_module(x->names, of.a, text, false, NAMES_NONE, &items);
    rs_values_take_items(x, &items, var);
    names_items_release(&items);
}
