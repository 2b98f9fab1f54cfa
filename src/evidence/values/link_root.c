/* SPDX-License-Identifier: Apache-2.0 */
/* link_root.c - what runs although nobody is seen to call it, and what is taken where nothing is known. */
#include "evidence/values/link_impl.h"

/* --- subclasses --- */

bool rs_values_find_subclasses(rs_values_linked *x)
{
    uint32_t n_classes = x->names->n_classes;
    x->first_subclass = rs_alloc((size_t)n_classes + 1, sizeof *x->first_subclass);
    if (x->first_subclass == NULL) {
        return false;
    }
    memset(x->first_subclass, 0xff, ((size_t)n_classes + 1) * sizeof *x->first_subclass);
    for (uint32_t class = n_classes; class > 0; class --) {
        const names_class_facts *facts = &x->names->classes[class - 1];
        if (names_is_outside(x->names, class - 1)) {
            continue;
        }
        for (uint32_t i = 1; i < facts->n_ancestors; i++) {
            const names_ancestor *of = &x->names->ancestors.items[facts->first_ancestor + i];
            if (of->is_external || of->number == NAMES_NONE ||
                names_is_outside(x->names, of->number)) {
                continue;
            }
            values_link link = {class - 1, x->first_subclass[of->number]};
            if (!values_links_push(&x->links, link)) {
                return false;
            }
            x->first_subclass[of->number] = (uint32_t)x->links.n_items - 1;
        }
    }
    return true;
}

/* --- seeds --- */

/* Does the class have its own member of that name before it comes to `owner`? */
static bool overrides(const rs_values_linked *x, uint32_t class, uint32_t owner, uint32_t text)
{
    const names_class_facts *facts = &x->names->classes[class];
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *of = &x->names->ancestors.items[facts->first_ancestor + i];
        if (of->is_external || of->number == NAMES_NONE) {
            continue;
        }
        if (of->number == owner) {
            return false;
        }
        if (rs_names_map_get(&x->names->slots, names_scope_of_class(of->number), text) !=
            NAMES_NONE) {
            return true;
        }
    }
    return false;
}

static void seed_self(rs_values_linked *x, uint32_t var, uint32_t class, uint32_t text,
                      values_object_kind kind)
{
    uint32_t object = rs_values_object_of(x, kind, class, NAMES_NONE);
    uint32_t n_seeds = 0;
    if (object != SOLVE_NONE) {
        rs_solve_add(&x->solver, var, object);
    }
    for (uint32_t i = x->first_subclass[class];
         i != VALUES_NONE && n_seeds < VALUES_MAX_SEEDS && !x->failed; i = x->links.items[i].next) {
        uint32_t subclass = x->links.items[i].number;
        if (!overrides(x, subclass, class, text)) {
            object = rs_values_object_of(x, kind, subclass, NAMES_NONE);
            n_seeds++;
            if (object != SOLVE_NONE) {
                rs_solve_add(&x->solver, var, object);
            }
        }
    }
}

static void seed_method(rs_values_linked *x, uint32_t number, uint32_t function,
                        const names_function *of, const uint32_t *params)
{
    const names_file *file = &x->names->files[number];
    uint32_t flags = x->names->function_flags[function];
    uint32_t var = x->files[number].first_var + params[0];
    if (of->in_class == NAMES_NONE || of->n_positional == 0 || of->binding == NAMES_NONE ||
        (flags & NAMES_F_STATIC) != 0 || !rs_solve_is_empty(&x->solver, var)) {
        return;
    }
    const names_slot *slot = &file->view.slots[file->view.bindings[of->binding].slot];
    uint32_t text = names_text_number(x->names, number, slot->name);
    rs_str name = names_text_of(x->names, text);
    bool of_class = (flags & NAMES_F_CLASS) != 0 || rs_str_equal(name, RS_STR_LITERAL("__new__")) ||
                    rs_str_equal(name, RS_STR_LITERAL("__init_subclass__")) ||
                    rs_str_equal(name, RS_STR_LITERAL("__class_getitem__"));
    seed_self(x, var, file->first_class + of->in_class, text,
              of_class ? VALUES_O_CLASS : VALUES_O_INSTANCE);
}

/* What annotations say of parameters that nothing is passed to, and defaults. */
static void seed_params(rs_values_linked *x, uint32_t number, bool is_called,
                        const uint32_t *params, uint32_t n_params)
{
    const names_file *file = &x->names->files[number];
    for (uint32_t i = 0; i < n_params; i++) {
        uint32_t var = x->files[number].first_var + params[i];
        uint32_t value = x->defaults[file->first_binding + params[i]];
        if (file->view.bindings[params[i]].annotation != NAMES_NONE &&
            rs_solve_is_empty(&x->solver, var)) {
            rs_values_take_cell(x, names_cell_of_binding(x->names, number, params[i]), var);
        }
        if (!is_called && value != VALUES_NONE) {
            rs_solve_copy(&x->solver, value, var);
        }
    }
}

/* What names say of a name that nothing has come to: what a stub says, an annotation. */
static void seed_names(rs_values_linked *x, uint32_t number)
{
    const names_file *file = &x->names->files[number];
    for (uint32_t i = 0; i < file->view.n_bindings && !x->failed; i++) {
        uint32_t var = x->files[number].first_var + i;
        if (file->view.bindings[i].kind == NAMES_ASSIGN && rs_solve_is_empty(&x->solver, var)) {
            rs_values_take_cell(x, names_cell_of_binding(x->names, number, i), var);
        }
    }
}

void rs_values_seed(rs_values_linked *x)
{
    for (uint32_t f = 0; f < x->n_files; f++) {
        const names_file *file = &x->names->files[f];
        seed_names(x, f);
        for (uint32_t i = 0; i < x->files[f].view.n_functions && !x->failed; i++) {
            const names_function *of = &file->view.functions[i];
            uint32_t function = file->first_function + i;
            uint32_t n_params;
            const uint32_t *params = names_list(&file->view, of->params, &n_params);
            if ((of->flags & NAMES_IS_COMPREHENSION) != 0 || n_params == 0) {
                continue;
            }
            if (x->is_called[function] == 0) {
                seed_method(x, f, function, of, params);
            }
            seed_params(x, f, x->is_called[function] != 0, params, n_params);
        }
    }
}

/* --- lates --- */

/* Which variables hold nothing is found out for all of them before one gets something. */
void rs_values_take_lates(rs_values_linked *x)
{
    size_t n_empty = 0;
    size_t n = x->lates.n_items;
    for (size_t i = 0; i < n; i++) {
        if (rs_solve_is_empty(&x->solver, x->lates.items[i].var)) {
            x->lates.items[n_empty++] = x->lates.items[i];
        }
    }
    x->lates.n_items = n_empty;
    for (size_t i = 0; i < n_empty && !x->failed; i++) {
        solve_use use = x->lates.items[i].use;
        if (use.kind == VALUES_U_COPY) {
            rs_solve_copy(&x->solver, use.b, use.to);
        } else {
            rs_solve_use(&x->solver, use.b, use);
        }
    }
    values_lates_reset(&x->lates);
}
