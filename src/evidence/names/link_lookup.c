/* SPDX-License-Identifier: Apache-2.0 */
/* link_lookup.c - what a name is: in a list of bindings, a module, a class, behind an import. */
#include "evidence/names/link_impl.h"

/* No more is taken: whoever has a long list stops there. */
static bool is_full(const names_items *out)
{
    return out->n_items >= NAMES_MAX_FOUND;
}

/* Whoever asks has made room. */
static void add_item(names_items *out, names_item item)
{
    RS_ASSERT(out->n_capacity >= NAMES_MAX_FOUND);
    for (size_t i = 0; i < out->n_items; i++) {
        if (out->items[i].kind == item.kind && out->items[i].number == item.number) {
            return;
        }
    }
    if (!is_full(out)) {
        out->items[out->n_items++] = item;
    }
}

/* --- lists of bindings, with stars among them --- */

/* The module that a star import takes its names from, where that brings this one. */
static uint32_t brought_by(const rs_names_linked *x, const names_file *file,
                           const names_binding *binding, uint32_t text)
{
    const names_target *target = &x->targets[file->first_import + binding->inner];
    uint32_t from =
        target->kind == RS_FOUND_MODULE ? rs_names_module_file(x, target->module, 0) : NAMES_NONE;
    return from != NAMES_NONE && rs_names_star_brings(x, from, text) ? target->module
                                                                     : RS_NO_MODULE;
}

static void add_bindings(const names_file *file, const uint32_t *bindings, uint32_t first,
                         uint32_t end, uint32_t skip, bool weak, names_items *out)
{
    for (uint32_t i = end; i > first && !is_full(out); i--) {
        const names_binding *binding = &file->view.bindings[bindings[i - 1]];
        uint32_t number = file->first_binding + bindings[i - 1];
        bool is_weak = (binding->flags & NAMES_IN_HANDLER) != 0;
        if (binding->kind != NAMES_STAR && number != skip && is_weak == weak) {
            add_item(out,
                     (names_item){.number = number, .kind = NAMES_I_BINDING, .is_weak = is_weak});
        }
    }
}

/* --- modules --- */

typedef struct module_search {
    uint32_t modules[NAMES_MAX_STARS];
    uint32_t n_modules;
} module_search;

static void search_add(module_search *search, uint32_t module)
{
    for (uint32_t i = 0; i < search->n_modules; i++) {
        if (search->modules[i] == module) {
            return;
        }
    }
    if (module != RS_NO_MODULE && search->n_modules < NAMES_MAX_STARS) {
        search->modules[search->n_modules++] = module;
    }
}

/* The stars of the list that bring the name, up to the last one that is sure to run, whose place comes back:
 * what is bound before that is gone. Where they lead goes into the search. */
static uint32_t add_stars(const rs_names_linked *x, const names_file *file,
                          const uint32_t *bindings, uint32_t n_bindings, uint32_t text,
                          module_search *search, names_items *stars)
{
    for (uint32_t i = n_bindings; i > 0 && file->has_stars; i--) {
        const names_binding *binding = &file->view.bindings[bindings[i - 1]];
        uint32_t module =
            binding->kind == NAMES_STAR ? brought_by(x, file, binding, text) : RS_NO_MODULE;
        if (module == RS_NO_MODULE) {
            continue;
        }
        search_add(search, module);
        add_item(stars, (names_item){.number = file->first_binding + bindings[i - 1],
                                     .kind = NAMES_I_BINDING});
        if ((binding->flags & NAMES_MAY_NOT_RUN) == 0) {
            return i;
        }
    }
    return 0;
}

/* The likeliest first: the latest, those of except clauses last, then the stars. What they bring is in
 * the modules of the search. */
static void pick(const rs_names_linked *x, const names_file *file, uint32_t list, uint32_t text,
                 uint32_t skip, module_search *search, names_items *out)
{
    names_item places[NAMES_MAX_FOUND];
    names_items stars = {.items = places, .n_capacity = NAMES_MAX_FOUND};
    uint32_t n_bindings;
    const uint32_t *bindings = names_list(&file->view, list, &n_bindings);
    uint32_t first = add_stars(x, file, bindings, n_bindings, text, search, &stars);
    add_bindings(file, bindings, first, n_bindings, skip, false, out);
    add_bindings(file, bindings, first, n_bindings, skip, true, out);
    for (size_t i = 0; i < stars.n_items; i++) {
        add_item(out, stars.items[i]);
    }
}

static void add_patches(const rs_names_linked *x, uint32_t scope, uint32_t text, names_items *out)
{
    uint32_t store = rs_names_map_get(&x->patches, scope, text);
    while (store != NAMES_NONE && !is_full(out)) {
        add_item(out, (names_item){.number = store, .kind = NAMES_I_STORE, .is_weak = 1});
        store = x->patch_before[store];
    }
}

/* What one file of a module has; further modules, of stars, go into the search. */
static void search_file(const rs_names_linked *x, uint32_t number, uint32_t text, uint32_t skip,
                        module_search *search, names_items *out)
{
    const names_file *file = &x->files[number];
    uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_module(number), text);
    if (slot == NAMES_NONE && file->has_stars) {
        slot = x->star_slots[number];
    }
    if (slot != NAMES_NONE) {
        const names_slot *of = &file->view.slots[slot - file->first_slot];
        pick(x, file, of->exit, text, skip, search, out);
    }
    add_patches(x, names_scope_of_module(number), text, out);
}

/* Its directories may be a part of it alone, or have that name by chance. */
static bool is_namespace(const rs_names_linked *x, uint32_t module)
{
    return rs_module_get(x->modules, module)->form == RS_MODULE_NAMESPACE;
}

static bool has_submodule(const rs_names_linked *x, uint32_t module, uint32_t sub, uint32_t text,
                          bool by_import)
{
    uint32_t file = rs_names_module_file(x, module, 0);
    if (sub == RS_NO_MODULE) {
        return false;
    }
    return by_import || x->is_imported[sub] != 0 || is_namespace(x, module) ||
           (file != NAMES_NONE && x->files[file].has_all &&
            rs_names_map_get(&x->all_names, file, text) == 1); /* a star imports it */
}

static bool is_star(const rs_names_linked *x, const names_item *item)
{
    if (item->kind != NAMES_I_BINDING) {
        return false;
    }
    const names_file *file = &x->files[rs_names_file_of_binding(x, item->number)];
    return file->view.bindings[item->number - file->first_binding].kind == NAMES_STAR;
}

static bool has_only_stars(const rs_names_linked *x, const names_items *out, size_t n_before)
{
    for (size_t i = n_before; i < out->n_items; i++) {
        if (!is_star(x, &out->items[i])) {
            return false;
        }
    }
    return true;
}

/* All of the list but its stars. */
static void add_listed(const names_file *file, uint32_t list, uint32_t skip, names_items *out)
{
    uint32_t n_bindings;
    const uint32_t *bindings = names_list(&file->view, list, &n_bindings);
    add_bindings(file, bindings, 0, n_bindings, skip, false, out);
    add_bindings(file, bindings, 0, n_bindings, skip, true, out);
}

/* Has the name, where the module ends, what this import binds and nothing else? */
static bool skip_is_last(const names_file *file, const names_slot *slot, uint32_t skip)
{
    uint32_t n_exits;
    const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
    return n_exits > 0 && file->first_binding + exits[n_exits - 1] == skip;
}

/* What the name was before that. */
static void add_others(const names_file *file, const names_slot *slot, uint32_t skip,
                       names_items *out)
{
    for (uint32_t i = slot->n_bindings; i > 0; i--) {
        uint32_t other = file->first_binding + slot->first_binding + i - 1;
        if (other != skip) {
            add_item(out, (names_item){.number = other, .kind = NAMES_I_BINDING});
        }
    }
}

/* Stars that lead round to where they began bring what was bound there before them. */
static void add_before_stars(const rs_names_linked *x, const module_search *search, uint32_t text,
                             uint32_t skip, names_items *out)
{
    for (uint32_t i = 0; i < search->n_modules; i++) {
        uint32_t number = rs_names_module_file(x, search->modules[i], 0);
        uint32_t slot = number == NAMES_NONE
                            ? NAMES_NONE
                            : rs_names_map_get(&x->slots, names_scope_of_module(number), text);
        if (slot != NAMES_NONE) {
            const names_file *file = &x->files[number];
            const names_slot *of = &file->view.slots[slot - file->first_slot];
            size_t n_before = out->n_items;
            add_listed(file, of->exit, skip, out);
            if (out->n_items == n_before && skip_is_last(file, of, skip)) {
                add_others(file, of, skip, out);
            }
        }
    }
}

/* What has been found already, on another way, does not stand for what this search finds: it has a list
 * of its own. */
typedef struct found_list {
    names_item places[NAMES_MAX_FOUND];
    names_items items;
} found_list;

static void found_begin(found_list *found)
{
    found->items = (names_items){.items = found->places, .n_capacity = NAMES_MAX_FOUND};
}

static void found_end(const found_list *found, names_items *out)
{
    for (size_t i = 0; i < found->items.n_items; i++) {
        add_item(out, found->items.items[i]);
    }
}

static void search_modules(const rs_names_linked *x, module_search *search, uint32_t text,
                           bool by_import, uint32_t skip, names_items *out)
{
    size_t n_before = out->n_items;
    for (uint32_t i = 0; i < search->n_modules; i++) {
        for (unsigned nth = 0; nth < 2; nth++) {
            uint32_t file = rs_names_module_file(x, search->modules[i], nth);
            if (file != NAMES_NONE && (nth == 0 || out->n_items == n_before)) {
                search_file(x, file, text, skip, search, out);
            }
        }
    }
    if (search->n_modules > 1 && has_only_stars(x, out, n_before)) {
        add_before_stars(x, search, text, skip, out);
    }
    bool is_left = has_only_stars(x, out, n_before);
    for (uint32_t i = 0; i < search->n_modules && is_left; i++) {
        uint32_t sub = rs_module_sub(x->modules, search->modules[i], names_text_of(x, text));
        if (has_submodule(x, search->modules[i], sub, text, by_import)) {
            add_item(out, (names_item){.number = sub, .kind = NAMES_I_MODULE});
            is_left = false;
        }
    }
}

void rs_names_of_module(const rs_names_linked *x, uint32_t module, uint32_t text, bool by_import,
                        uint32_t skip, names_items *out)
{
    module_search search;
    found_list found;
    search.n_modules = 0;
    search_add(&search, module);
    found_begin(&found);
    search_modules(x, &search, text, by_import, skip, &found.items);
    found_end(&found, out);
}

void rs_names_of_list(const rs_names_linked *x, uint32_t file, uint32_t list, uint32_t text,
                      names_items *out)
{
    module_search search;
    found_list found;
    search.n_modules = 0;
    found_begin(&found);
    pick(x, &x->files[file], list, text, NAMES_NONE, &search, &found.items);
    if (search.n_modules > 0) {
        search_modules(x, &search, text, false, NAMES_NONE, &found.items);
        if (has_only_stars(x, &found.items, 0)) {
            add_listed(&x->files[file], list, NAMES_NONE, &found.items);
        }
    }
    found_end(&found, out);
}

/* --- imports --- */

static rs_str first_part(rs_str dotted)
{
    const char *dot = memchr(dotted.bytes, '.', dotted.n_bytes);
    return dot == NULL ? dotted : (rs_str){dotted.bytes, (size_t)(dot - dotted.bytes)};
}

/* The module that `import a.b.c [as d]` binds. */
static uint32_t bound_module(const rs_names_linked *x, const names_file *file,
                             const names_import *import, const names_target *target)
{
    if (import->has_asname) {
        return target->kind == RS_FOUND_MODULE ? target->module : RS_NO_MODULE;
    }
    if (target->n_parts == 0) {
        return RS_NO_MODULE;
    }
    rs_found found =
        rs_names_find_module(x, file, 0, first_part(names_text(&file->view, import->module)));
    return found.kind == RS_FOUND_MODULE ? found.module : RS_NO_MODULE;
}

static bool is_outside(const rs_names_linked *x, uint32_t module)
{
    return rs_module_get(x->modules, module)->form == RS_MODULE_STUB;
}

static void add_slot(uint32_t slot, names_items *out)
{
    if (slot != NAMES_NONE) {
        add_item(out, (names_item){.number = slot, .kind = NAMES_I_SLOT});
    }
}

/* What the first item since n_before has by that name: a class's own, a module's. */
static void step_into(const rs_names_linked *x, uint32_t text, size_t n_before, names_items *out)
{
    names_item last =
        out->n_items > n_before ? out->items[n_before] : (names_item){.kind = NAMES_I_OBJECT};
    out->n_items = n_before;
    if (last.kind == NAMES_I_SLOT) {
        const names_file *file = &x->files[rs_names_file_of_slot(x, last.number)];
        const names_slot *slot = &file->view.slots[last.number - file->first_slot];
        last =
            (names_item){.number = file->first_binding + slot->first_binding + slot->n_bindings - 1,
                         .kind = slot->n_bindings > 0 ? NAMES_I_BINDING : NAMES_I_OBJECT};
    }
    if (last.kind == NAMES_I_MODULE) {
        rs_names_of_module(x, last.number, text, true, NAMES_NONE, out);
    } else if (last.kind == NAMES_I_BINDING) {
        const names_file *file = &x->files[rs_names_file_of_binding(x, last.number)];
        const names_binding *of = &file->view.bindings[last.number - file->first_binding];
        if (of->kind == NAMES_CLASS) {
            uint32_t class = file->first_class + of->inner;
            add_slot(rs_names_map_get(&x->slots, names_scope_of_class(class), text), out);
        }
    }
}

/* from m import C.D: a mistake whose meaning is plain. */
static void of_dotted(const rs_names_linked *x, uint32_t module, rs_str name, names_items *out)
{
    size_t n_before = out->n_items;
    bool is_first = true;
    while (name.n_bytes > 0) {
        rs_str part = first_part(name);
        size_t n_taken = part.n_bytes < name.n_bytes ? part.n_bytes + 1 : part.n_bytes;
        uint32_t text = rs_strings_find(&x->texts, part);
        name = (rs_str){name.bytes + n_taken, name.n_bytes - n_taken};
        if (text == RS_STR_NULL) {
            out->n_items = n_before;
            return;
        }
        if (is_first) {
            rs_names_of_module(x, module, text, true, NAMES_NONE, out);
        } else {
            step_into(x, text, n_before, out);
        }
        is_first = false;
    }
}

/* from . import m, in the package's own file: what that binds further down is not there yet. */
static uint32_t own_submodule(const rs_names_linked *x, uint32_t number, uint32_t module,
                              const names_binding *by, uint32_t text)
{
    const names_file *file = &x->files[number];
    uint32_t sub = file->module != module
                       ? RS_NO_MODULE
                       : rs_module_sub(x->modules, module, names_text_of(x, text));
    uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_module(number), text);
    if (sub == RS_NO_MODULE || slot == NAMES_NONE) {
        return sub;
    }
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = 0; i < of->n_bindings; i++) {
        if (file->view.bindings[of->first_binding + i].node < by->node) {
            return RS_NO_MODULE;
        }
    }
    return sub;
}

/* --- imports that go round --- */

/* The first binding that `from m import x` stands for, or none. */
static uint32_t one_step(const rs_names_linked *x, uint32_t from)
{
    uint32_t number = rs_names_file_of_binding(x, from);
    const names_file *file = &x->files[number];
    const names_binding *of = &file->view.bindings[from - file->first_binding];
    if (of->kind != NAMES_FROM ||
        x->targets[file->first_import + of->inner].kind != RS_FOUND_MODULE) {
        return NAMES_NONE;
    }
    found_list found;
    found_begin(&found);
    rs_names_of_module(x, x->targets[file->first_import + of->inner].module,
                       names_text_number(x, number, file->view.imports[of->inner].name), true, from,
                       &found.items);
    for (size_t n = 0; n < found.items.n_items; n++) {
        const names_item *item = &found.items.items[n];
        if (item->kind == NAMES_I_BINDING && !is_star(x, item)) {
            return item->number;
        }
    }
    return NAMES_NONE;
}

/* Does `from m import x` end, by others of that kind, at this very binding? */
static bool leads_to(const rs_names_linked *x, uint32_t from, uint32_t binding)
{
    enum { MAX_STEPS = 16 };
    for (int i = 0; i < MAX_STEPS && from != NAMES_NONE && from != binding; i++) {
        from = one_step(x, from);
    }
    return from == binding;
}

/* Nothing but what others import: cheap to tell, and rare. */
static bool may_go_round(const rs_names_linked *x, const names_items *items)
{
    for (size_t i = 0; i < items->n_items; i++) {
        const names_item *item = &items->items[i];
        if (item->kind != NAMES_I_BINDING) {
            return false;
        }
        const names_file *file = &x->files[rs_names_file_of_binding(x, item->number)];
        unsigned kind = file->view.bindings[item->number - file->first_binding].kind;
        if (kind != NAMES_STAR && kind != NAMES_FROM) {
            return false;
        }
    }
    return items->n_items > 0;
}

static bool goes_round(const rs_names_linked *x, const names_items *items, uint32_t binding)
{
    for (size_t i = 0; i < items->n_items; i++) {
        const names_item *item = &items->items[i];
        bool is_round = item->kind == NAMES_I_BINDING &&
                        (is_star(x, item) || leads_to(x, item->number, binding));
        if (!is_round) {
            return false;
        }
    }
    return true;
}

/* Where a module takes a name from one that takes it from there, it is what was bound before that ran, or
 * the submodule: asked only where there is such a thing. */
static void open_circle(const rs_names_linked *x, uint32_t module, uint32_t text, uint32_t binding,
                        const names_items *items, names_items *out)
{
    uint32_t number = rs_names_module_file(x, module, 0);
    uint32_t slot = number == NAMES_NONE
                        ? NAMES_NONE
                        : rs_names_map_get(&x->slots, names_scope_of_module(number), text);
    uint32_t sub = rs_module_sub(x->modules, module, names_text_of(x, text));
    const names_file *file = &x->files[slot == NAMES_NONE ? 0 : number];
    const names_slot *of = slot == NAMES_NONE ? NULL : &file->view.slots[slot - file->first_slot];
    bool has_more = sub != RS_NO_MODULE || (of != NULL && of->n_bindings > 1);
    if (!has_more || !goes_round(x, items, binding)) {
        return;
    }
    size_t n_before = out->n_items;
    for (uint32_t i = of == NULL ? 0 : of->n_bindings; i > 0; i--) {
        uint32_t other = file->first_binding + of->first_binding + i - 1;
        if (other != binding && !leads_to(x, other, binding)) {
            add_item(out, (names_item){.number = other, .kind = NAMES_I_BINDING});
        }
    }
    if (out->n_items == n_before && sub != RS_NO_MODULE) {
        add_item(out, (names_item){.number = sub, .kind = NAMES_I_MODULE});
    }
}

static void of_from(const rs_names_linked *x, uint32_t module, uint32_t text, uint32_t binding,
                    names_items *out)
{
    found_list found;
    found_begin(&found);
    rs_names_of_module(x, module, text, true, binding, &found.items);
    found_end(&found, out);
    if (may_go_round(x, &found.items)) {
        open_circle(x, module, text, binding, &found.items, out);
    }
}

void rs_names_of_import(const rs_names_linked *x, uint32_t binding, names_items *out)
{
    uint32_t number = rs_names_file_of_binding(x, binding);
    const names_file *file = &x->files[number];
    const names_binding *of = &file->view.bindings[binding - file->first_binding];
    if (of->kind != NAMES_IMPORT && of->kind != NAMES_FROM) {
        return;
    }
    const names_import *import = &file->view.imports[of->inner];
    const names_target *target = &x->targets[file->first_import + of->inner];
    if (of->kind == NAMES_IMPORT) {
        uint32_t module = bound_module(x, file, import, target);
        if (module != RS_NO_MODULE) {
            add_item(out, (names_item){.number = module, .kind = NAMES_I_MODULE});
        }
    } else if (target->kind == RS_FOUND_MODULE) {
        rs_str name = names_text(&file->view, import->name);
        if (name.n_bytes > 0 && memchr(name.bytes, '.', name.n_bytes) != NULL) {
            of_dotted(x, target->module, name, out);
        } else {
            uint32_t text = names_text_number(x, number, import->name);
            uint32_t sub = own_submodule(x, number, target->module, of, text);
            if (sub != RS_NO_MODULE) {
                add_item(out, (names_item){.number = sub, .kind = NAMES_I_MODULE});
            } else {
                of_from(x, target->module, text, binding, out);
            }
        }
    }
}

bool rs_names_import_succeeds(const rs_names_linked *x, const names_items *items)
{
    names_items found = {0};
    bool succeeds = false;
    if (items->n_items < 2 || !names_items_reserve(&found, NAMES_MAX_FOUND)) {
        return false;
    }
    for (size_t i = 0; i < items->n_items && !succeeds; i++) {
        if (items->items[i].kind == NAMES_I_BINDING && !items->items[i].is_weak) {
            names_items_reset(&found);
            rs_names_of_import(x, items->items[i].number, &found);
            succeeds = found.n_items > 0;
        }
    }
    names_items_release(&found);
    return succeeds;
}

bool rs_names_external_of_import(const rs_names_linked *x, uint32_t binding, rs_buf *out)
{
    const names_file *file = &x->files[rs_names_file_of_binding(x, binding)];
    const names_binding *of = &file->view.bindings[binding - file->first_binding];
    const names_import *import = &file->view.imports[of->inner];
    const names_target *target = &x->targets[file->first_import + of->inner];
    rs_str module = names_text(&file->view, import->module);
    bool leads_out = target->kind == RS_FOUND_EXTERNAL ||
                     (target->module != RS_NO_MODULE &&
                      (is_outside(x, target->module) || is_namespace(x, target->module)));
    rs_buf_reset(out);
    if (!leads_out || import->level > 0) {
        return false;
    }
    bool is_first = of->kind == NAMES_IMPORT && !import->has_asname;
    rs_buf_add_str(out, is_first ? first_part(module) : module);
    if (of->kind == NAMES_FROM) {
        rs_buf_add_char(out, '.');
        rs_buf_add_str(out, names_text(&file->view, import->name));
    }
    return true;
}

/* --- classes --- */

/* Is what the slot holds a property, which no instance's own attribute hides? */
static bool is_data_descriptor(const rs_names_linked *x, uint32_t slot)
{
    const names_file *file = &x->files[rs_names_file_of_slot(x, slot)];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = 0; i < of->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[of->first_binding + i];
        if (binding->kind == NAMES_DEF &&
            (x->function_flags[file->first_function + binding->inner] & NAMES_F_DATA) != 0) {
            return true;
        }
        if (binding->kind == NAMES_ASSIGN && binding->value != NAMES_NONE &&
            file->view.exprs[binding->value].op == NAMES_CALL &&
            rs_str_equal(rs_names_last_name(&file->view, file->view.exprs[binding->value].a),
                         RS_STR_LITERAL("property"))) {
            return true;
        }
    }
    return false;
}

/* A property further up takes what methods store; the class that has it, or none. */
static uint32_t property_behind(const rs_names_linked *x, const names_class_facts *facts,
                                uint32_t from, uint32_t text)
{
    for (uint32_t i = from; i < facts->n_ancestors; i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        if (ancestor->is_external || ancestor->number == NAMES_NONE) {
            continue;
        }
        uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_class(ancestor->number), text);
        if (slot != NAMES_NONE && is_data_descriptor(x, slot)) {
            return slot;
        }
    }
    return NAMES_NONE;
}

/* Does the slot hold an annotation of its own? */
static bool is_declared(const rs_names_linked *x, uint32_t slot)
{
    const names_file *file = &x->files[rs_names_file_of_slot(x, slot)];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = 0; i < of->n_bindings; i++) {
        if (file->view.bindings[of->first_binding + i].annotation != NAMES_NONE) {
            return true;
        }
    }
    return false;
}

/* What a class binds of its instances and does not declare, another one further up may declare: they
 * are one attribute. */
static void add_declared(const rs_names_linked *x, const names_class_facts *facts, uint32_t from,
                         uint32_t own, uint32_t text, names_items *out)
{
    for (uint32_t i = from; i < facts->n_ancestors && !is_declared(x, own); i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        if (ancestor->is_external || ancestor->number == NAMES_NONE) {
            continue;
        }
        const uint32_t scopes[] = {names_scope_of_class(ancestor->number),
                                   names_scope_of_instance(ancestor->number)};
        for (size_t n = 0; n < sizeof scopes / sizeof scopes[0]; n++) {
            uint32_t slot = rs_names_map_get(&x->slots, scopes[n], text);
            if (slot != NAMES_NONE && is_declared(x, slot)) {
                add_item(out,
                         (names_item){
                             .number = slot, .kind = NAMES_I_SLOT, .is_weak = 1, .same = own + 1});
                return;
            }
        }
    }
}

/* What class number i of the order has itself. */
static bool own_member(const rs_names_linked *x, const names_class_facts *facts, uint32_t i,
                       uint32_t class, uint32_t text, bool of_instance, names_items *out)
{
    size_t n_before = out->n_items;
    if ((x->classes[class].names & names_bit_of(text)) == 0) {
        return false;
    }
    uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_class(class), text);
    uint32_t own = of_instance ? rs_names_map_get(&x->slots, names_scope_of_instance(class), text)
                               : NAMES_NONE;
    if (slot == NAMES_NONE && own != NAMES_NONE) {
        uint32_t property = property_behind(x, facts, i + 1, text);
        add_slot(property != NAMES_NONE ? property : own, out);
    } else {
        add_slot(slot, out);
        if (slot == NAMES_NONE || !is_data_descriptor(x, slot)) {
            add_slot(own, out);
        }
    }
    if (own != NAMES_NONE && out->n_items > n_before) {
        add_declared(x, facts, i + 1, own, text, out);
    }
    if (slot == NAMES_NONE && own == NAMES_NONE) {
        uint32_t stub = rs_names_stub_class(x, class);
        add_slot(stub == NAMES_NONE ? NAMES_NONE
                                    : rs_names_map_get(&x->slots, names_scope_of_class(stub), text),
                 out);
    }
    add_patches(x, names_scope_of_class(class), text, out);
    return out->n_items > n_before;
}

/* Stubs leave out what is private. */
static bool is_left_out(rs_str name)
{
    return name.n_bytes > 1 && name.bytes[0] == '_' && name.bytes[1] != '_';
}

/* What a stub says of a class that only type checkers know: at run time one of the order has it. */
static bool virtual_member(const rs_names_linked *x, const names_class_facts *facts, uint32_t class,
                           uint32_t text, names_items *out)
{
    for (uint32_t i = 0; i < facts->n_virtual; i++) {
        uint32_t of = x->ancestors.items[facts->first_ancestor + facts->n_ancestors + i].number;
        uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_class(of), text);
        if (slot != NAMES_NONE) {
            add_item(out, (names_item){.number = slot,
                                       .kind = NAMES_I_SLOT,
                                       .owner = rs_names_real_owner(x, class, of) + 1});
            return true;
        }
    }
    return false;
}

bool rs_names_member(const rs_names_linked *x, uint32_t class, uint32_t text, bool of_instance,
                     uint32_t behind, names_items *out, names_why *why)
{
    const names_class_facts *facts = &x->classes[class];
    bool is_past = behind == NAMES_NONE;
    if (class >= x->n_ordered) {
        return behind == NAMES_NONE && own_member(x, facts, 0, class, text, of_instance, out);
    }
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        bool is_class = !ancestor->is_external && ancestor->number != NAMES_NONE;
        if (!is_past) {
            is_past = is_class && ancestor->number == behind;
        } else if (!is_class) {
            why->meets_external =
                why->meets_external || ancestor->number == NAMES_NONE ||
                (ancestor->number != x->generic_text && ancestor->number != x->protocol_text);
        } else if (own_member(x, facts, i, ancestor->number, text, of_instance, out)) {
            return true;
        } else if (names_is_outside(x, ancestor->number) &&
                   ancestor->number != x->builtins.object) {
            why->meets_external = why->meets_external || is_left_out(names_text_of(x, text));
        }
    }
    return is_past && virtual_member(x, facts, class, text, out);
}

/* --- values --- */

static bool has_own_getattr(const rs_names_linked *x, uint32_t class, names_items *out)
{
    names_why why = {.reason = RS_ENUM_NULL};
    size_t n_before = out->n_items;
    bool found = false;
    static const char *const names[] = {"__getattr__", "__getattribute__"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !found; i++) {
        uint32_t text = rs_strings_find(&x->texts, rs_str_of(names[i]));
        found =
            text != RS_STR_NULL && rs_names_member(x, class, text, false, NAMES_NONE, out, &why);
        bool is_slot =
            found && out->n_items > n_before && out->items[n_before].kind == NAMES_I_SLOT;
        if (is_slot && i > 0) { /* all objects have one */
            found = !x->files[rs_names_file_of_slot(x, out->items[n_before].number)].is_outside;
        }
        out->n_items = n_before;
    }
    return found;
}

static void of_class(const rs_names_linked *x, uint32_t class, uint32_t text, bool of_instance,
                     names_items *out, names_why *why)
{
    if (rs_names_member(x, class, text, of_instance, NAMES_NONE, out, why)) {
        return;
    }
    uint32_t metaclass = x->classes[class].metaclass;
    if (!of_instance) {
        names_why of_object = {.reason = RS_ENUM_NULL};
        uint32_t of_class = metaclass != NAMES_NONE ? metaclass : x->builtins.type;
        if (of_class != NAMES_NONE &&
            rs_names_member(x, of_class, text, false, NAMES_NONE, out, why)) {
            return;
        }
        if (rs_names_member(x, class, text, true, NAMES_NONE, out, &of_object)) {
            return;
        }
    }
    if (has_own_getattr(x,
                        of_instance               ? class
                        : metaclass == NAMES_NONE ? class
                                                  : metaclass,
                        out)) {
        why->reason = RS_W_reference_reason_getattr;
    } else if (metaclass != NAMES_NONE && !names_is_outside(x, metaclass)) {
        why->reason = RS_W_reference_reason_metaclass;
    } else if (!why->meets_external) {
        why->reason = RS_W_reference_reason_no_such_member;
    }
}

void rs_names_why_not_in_module(const rs_names_linked *x, uint32_t module, names_why *why)
{
    uint32_t file = rs_names_module_file(x, module, 0);
    if (is_namespace(x, module) || is_outside(x, module)) {
        why->meets_external = true;
    } else if (file != NAMES_NONE && (x->files[file].view.flags & NAMES_HAS_GETATTR) != 0) {
        why->reason = RS_W_reference_reason_getattr;
    } else if (file != NAMES_NONE && (x->files[file].view.flags & NAMES_TOUCHES_GLOBALS) != 0) {
        why->reason = RS_W_reference_reason_globals;
    } else if (file != NAMES_NONE && rs_names_stars_lead_out(x, file)) {
        why->reason = RS_W_reference_reason_star_import;
    } else {
        why->reason = RS_W_reference_reason_no_such_name;
    }
}

void rs_names_why_not_imported(const rs_names_linked *x, uint32_t binding, names_why *why)
{
    const names_file *file = &x->files[rs_names_file_of_binding(x, binding)];
    const names_binding *of = &file->view.bindings[binding - file->first_binding];
    const names_target *target = &x->targets[file->first_import + of->inner];
    if (of->kind == NAMES_FROM && target->kind == RS_FOUND_MODULE) {
        rs_names_why_not_in_module(x, target->module, why);
    } else {
        why->reason = RS_W_reference_reason_no_such_module;
    }
}

static void of_module_value(const rs_names_linked *x, uint32_t module, uint32_t text,
                            names_items *out, names_why *why)
{
    size_t n_before = out->n_items;
    rs_names_of_module(x, module, text, false, NAMES_NONE, out);
    if (out->n_items == n_before) {
        rs_names_why_not_in_module(x, module, why);
    }
}

void rs_names_of_value(const rs_names_linked *x, uint32_t number, uint32_t text, names_items *out,
                       names_why *why)
{
    const names_value *value = &x->values.items[number];
    const names_value *inner;
    switch ((names_value_kind)value->kind) {
    case NAMES_V_MODULE:
        of_module_value(x, value->a, text, out, why);
        break;
    case NAMES_V_CLASS:
    case NAMES_V_SELF_CLASS:
        of_class(x, value->a, text, false, out, why);
        break;
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
        of_class(x, value->a, text, true, out, why);
        break;
    case NAMES_V_SUPER:
        inner = &x->values.items[value->b];
        if (!rs_names_member(x, inner->a, text, false, value->a, out, why) &&
            !why->meets_external) {
            why->reason = RS_W_reference_reason_no_such_member;
        }
        break;
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
        if (x->builtins.function == NAMES_NONE ||
            !rs_names_member(x, x->builtins.function, text, true, NAMES_NONE, out, why)) {
            why->reason = RS_W_reference_reason_function_attribute;
        }
        break;
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
    default:
        why->meets_external = true;
        break;
    }
}
