/* SPDX-License-Identifier: Apache-2.0 */
/* link_import.c - what import statements find, what __all__ says, which names a star brings. */
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- modules --- */

uint32_t rs_names_module_file(const rs_names_linked *x, uint32_t module, unsigned nth)
{
    if (module == RS_NO_MODULE) {
        return NAMES_NONE;
    }
    const rs_module *m = rs_module_get(x->modules, module);
    if (m->form == RS_MODULE_STUB) {
        return nth == 0 ? rs_names_stub_file(x, module) : NAMES_NONE;
    }
    uint32_t place = nth == 0 ? m->source : m->stub;
    if (nth == 0 && place == RS_NO_PLACE) {
        place = m->stub;
    } else if (nth > 0 && m->source == RS_NO_PLACE) {
        place = RS_NO_PLACE;
    }
    return place == RS_NO_PLACE || place >= x->n_places ? NAMES_NONE : x->file_of_place[place];
}

rs_found rs_names_find_module(const rs_names_linked *x, const names_file *file, uint32_t level,
                              rs_str dotted)
{
    if (file->is_outside) {
        return rs_module_find_in_stubs(x->modules, file->module, level, dotted);
    }
    if (file->place == RS_NO_PLACE) {
        return (rs_found){RS_FOUND_EXTERNAL, RS_NO_MODULE, 0};
    }
    return level > 0 ? rs_module_find_relative(x->modules, file->place, level, dotted)
                     : rs_module_find(x->modules, file->place, dotted);
}

static names_target find_target(const rs_names_linked *x, const names_file *file,
                                const names_import *import)
{
    rs_str dotted = names_text(&file->view, import->module);
    rs_found found = rs_names_find_module(x, file, import->level, dotted);
    return (names_target){found.module, found.n_parts, (uint8_t)found.kind};
}

/* The dotted name's first n_parts parts. */
static rs_str parts_of(rs_str dotted, uint32_t n_parts)
{
    for (size_t i = 0; i < dotted.n_bytes; i++) {
        if (dotted.bytes[i] == '.' && --n_parts == 0) {
            return (rs_str){dotted.bytes, i};
        }
    }
    return dotted;
}

/* import a.b.c: a.b and a.b.c become attributes of what is before them. */
static void mark_dotted(rs_names_linked *x, const names_file *file, const names_import *import,
                        const names_target *target)
{
    rs_str dotted = names_text(&file->view, import->module);
    for (uint32_t n = 1; n <= target->n_parts; n++) {
        rs_found found = rs_names_find_module(x, file, import->level, parts_of(dotted, n));
        if (found.kind == RS_FOUND_MODULE) {
            x->is_imported[found.module] = 1;
        }
    }
}

/* A stub is not read for the question alone. */
static bool binds(const rs_names_linked *x, uint32_t module, uint32_t text)
{
    bool is_stub = rs_module_get(x->modules, module)->form == RS_MODULE_STUB;
    uint32_t file = is_stub ? x->file_of_stub[module] : rs_names_module_file(x, module, 0);
    return file != NAMES_NONE &&
           rs_names_map_get(&x->slots, names_scope_of_module(file), text) != NAMES_NONE;
}

/* from a import b: where a has no b of its own, its submodule is imported. */
static void mark_submodule(rs_names_linked *x, uint32_t file, const names_import *import,
                           const names_target *target)
{
    uint32_t text = names_text_number(x, file, import->name);
    if (target->kind != RS_FOUND_MODULE || binds(x, target->module, text)) {
        return;
    }
    uint32_t sub = rs_module_sub(x->modules, target->module, names_text_of(x, text));
    if (sub != RS_NO_MODULE) {
        x->is_imported[sub] = 1;
    }
}

/* Equal questions of a file have one answer: (level, module's text) to the first import that asks. */
static bool find_import(rs_names_linked *x, uint32_t number, uint32_t i, names_map *asked)
{
    const names_file *file = &x->files[number];
    const names_import *import = &file->view.imports[i];
    uint32_t first = file->first_import + i;
    if (!rs_names_map_put(asked, import->level, file->first_text + import->module, &first)) {
        return false;
    }
    names_target *target = &x->targets[file->first_import + i];
    if (first == file->first_import + i) {
        *target = find_target(x, file, import);
        if (file->place != RS_NO_PLACE || file->is_outside) {
            mark_dotted(x, file, import, target);
        }
    } else {
        *target = x->targets[first];
    }
    if (import->name != NAMES_NONE) {
        mark_submodule(x, number, import, target);
    }
    return true;
}

static bool list_dotted(rs_names_linked *x, names_file *file)
{
    file->first_dotted = (uint32_t)x->dotted_imports.n_items;
    for (uint32_t i = 0; i < file->view.n_imports && file->n_dotted < NAMES_MAX_FOUND; i++) {
        const names_import *import = &file->view.imports[i];
        rs_str module = names_text(&file->view, import->module);
        if (import->name == NAMES_NONE && !import->has_asname && module.n_bytes > 0 &&
            memchr(module.bytes, '.', module.n_bytes) != NULL) {
            if (!names_numbers_push(&x->dotted_imports, i)) {
                return false;
            }
            file->n_dotted++;
        }
    }
    return true;
}

static bool find_imports_of(rs_names_linked *x, uint32_t f, names_map *asked)
{
    bool fits = true;
    for (uint32_t i = 0; i < x->files[f].view.n_imports && fits; i++) {
        fits = find_import(x, f, i, asked);
    }
    return fits;
}

bool rs_names_find_imports(rs_names_linked *x)
{
    names_map asked = {0};
    bool fits = true;
    for (uint32_t f = 0; f < x->n_files && fits; f++) {
        fits = list_dotted(x, &x->files[f]) && find_imports_of(x, f, &asked);
    }
    rs_names_map_release(&asked);
    return fits;
}

bool rs_names_find_imports_of(rs_names_linked *x, uint32_t file)
{
    names_map asked = {0};
    bool fits = find_imports_of(x, file, &asked);
    rs_names_map_release(&asked);
    return fits;
}

/* --- __all__ --- */

typedef struct all_reader {
    rs_names_linked *x;
    uint32_t file;
    names_numbers work; /* expressions */
    uint32_t n_steps;
    bool is_removing;
    bool fits;
} all_reader;

static void all_add_text(all_reader *r, uint32_t text)
{
    uint32_t number = names_text_number(r->x, r->file, text);
    uint32_t is_in = r->is_removing ? 0 : 1;
    uint32_t before = is_in;
    r->fits = r->fits && rs_names_map_put(&r->x->all_names, r->file, number, &before);
    if (r->fits && before != is_in) {
        rs_names_map_set(&r->x->all_names, r->file, number, is_in);
    }
}

static void all_add_module(all_reader *r, uint32_t file)
{
    for (uint32_t n = 0; r->fits; n++) {
        uint32_t linked = file;
        r->fits = rs_names_map_put(&r->x->all_links, r->file, n, &linked);
        if (linked == file) {
            return;
        }
    }
}

/* m.__all__, where m is a name that an import binds to a module. */
static bool all_add_attribute(all_reader *r, const names_view *view, const names_expr *expr)
{
    rs_names_linked *x = r->x;
    const names_expr *value = &view->exprs[expr->a];
    bool found = false;
    if (value->op != NAMES_NAME) {
        return false;
    }
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        r->fits = false;
        return false;
    }
    rs_names_of_list(x, r->file, value->b, names_text_number(x, r->file, value->a), &items);
    for (size_t i = 0; i < items.n_items; i++) {
        if (items.items[i].kind == NAMES_I_BINDING) {
            rs_names_of_import(x, items.items[i].number, &items);
        }
        if (items.items[i].kind == NAMES_I_MODULE) {
            uint32_t file = rs_names_module_file(x, items.items[i].number, 0);
            found = found || file != NAMES_NONE;
            if (file != NAMES_NONE) {
                all_add_module(r, file);
            }
        }
    }
    names_items_release(&items);
    return found;
}

/* A name: what it was assigned, or `from m import __all__`. */
static bool all_add_name(all_reader *r, const names_view *view, const names_expr *expr)
{
    bool found = rs_str_equal(names_text(view, expr->a), RS_STR_LITERAL("__all__"));
    uint32_t n_bindings;
    const uint32_t *bindings = names_list(view, expr->b, &n_bindings);
    for (uint32_t i = 0; i < n_bindings; i++) {
        const names_binding *binding = &view->bindings[bindings[i]];
        if (binding->kind == NAMES_ASSIGN && binding->value != NAMES_NONE && !found) {
            r->fits = r->fits && names_numbers_push(&r->work, binding->value);
            found = true;
        } else if (binding->kind == NAMES_FROM) {
            const names_target *target =
                &r->x->targets[r->x->files[r->file].first_import + binding->inner];
            uint32_t file = target->kind == RS_FOUND_MODULE
                                ? rs_names_module_file(r->x, target->module, 0)
                                : NAMES_NONE;
            if (file != NAMES_NONE) {
                all_add_module(r, file);
                found = true;
            }
        }
    }
    return found;
}

static bool all_push_list(all_reader *r, const names_view *view, uint32_t list)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, list, &n_items);
    for (uint32_t i = 0; i < n_items; i++) {
        r->fits = r->fits && names_numbers_push(&r->work, items[i]);
    }
    return true;
}

/* list(...), tuple(...), sorted(...) of one argument. */
static bool all_push_argument(all_reader *r, const names_view *view, const names_expr *expr)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, expr->b, &n_items);
    rs_str name = rs_names_last_name(view, expr->a);
    bool is_copy =
        rs_str_equal(name, RS_STR_LITERAL("list")) || rs_str_equal(name, RS_STR_LITERAL("tuple")) ||
        rs_str_equal(name, RS_STR_LITERAL("sorted")) || rs_str_equal(name, RS_STR_LITERAL("set"));
    if (!is_copy || n_items != 2) {
        return false;
    }
    r->fits = r->fits && names_numbers_push(&r->work, items[1]);
    return true;
}

static bool all_read_expr(all_reader *r, const names_view *view, uint32_t number)
{
    const names_expr *expr = &view->exprs[number];
    switch ((names_op)expr->op) {
    case NAMES_TUPLE:
    case NAMES_UNION:
        return all_push_list(r, view, expr->b);
    case NAMES_INSTANCE:
        if (expr->b != 0) {
            all_add_text(r, expr->b);
        }
        return expr->b != 0;
    case NAMES_ATTR:
        return rs_str_equal(names_text(view, expr->b), RS_STR_LITERAL("__all__")) &&
               all_add_attribute(r, view, expr);
    case NAMES_NAME:
        return all_add_name(r, view, expr);
    case NAMES_CALL:
        return all_push_argument(r, view, expr);
    case NAMES_UNKNOWN:
    case NAMES_ITEM:
    case NAMES_ELEMENT:
    case NAMES_ITER:
    case NAMES_ENTER:
    case NAMES_AWAIT:
    case NAMES_RAISED:
    case NAMES_ANNOTATED:
    case NAMES_LAMBDA:
    case NAMES_SUPER:
    case NAMES_MODULE:
    case NAMES_IMPORTED:
    case NAMES_SELF_OF:
    case NAMES_N_OPS:
    default:
        return false;
    }
}

/* The operation that the others begin with: the last that says it all. */
static uint32_t first_op(const names_view *view)
{
    for (uint32_t i = view->n_all_ops; i > 0; i--) {
        if (view->all_ops[i - 1].is_anew != 0) {
            return i - 1;
        }
    }
    return 0;
}

static void all_read(all_reader *r)
{
    names_file *file = &r->x->files[r->file];
    enum { MAX_STEPS = 1 << 20 };
    file->all_is_partly = false;
    for (uint32_t i = first_op(&file->view); i < file->view.n_all_ops && r->fits; i++) {
        const names_all_op *op = &file->view.all_ops[i];
        file->has_all = true;
        r->is_removing = op->kind == NAMES_ALL_REMOVE;
        names_numbers_reset(&r->work);
        r->fits = op->value == NAMES_NONE || names_numbers_push(&r->work, op->value);
        file->all_is_partly = file->all_is_partly || op->value == NAMES_NONE;
        while (r->fits && r->work.n_items > 0 && r->n_steps++ < MAX_STEPS) {
            uint32_t expr = r->work.items[--r->work.n_items];
            file->all_is_partly = !all_read_expr(r, &file->view, expr) || file->all_is_partly;
        }
    }
}

bool rs_names_read_all(rs_names_linked *x, uint32_t file)
{
    all_reader r = {.x = x, .file = file, .fits = true};
    uint32_t n_missed = x->wants->n_missed;
    if (x->files[file].view.n_all_ops > 0) {
        all_read(&r);
    }
    names_numbers_release(&r.work);
    bool is_missing = x->wants->n_missed != n_missed;
    return r.fits && (!is_missing || names_numbers_push(&x->unread, file));
}

/* --- stars --- */

typedef struct star_search {
    uint32_t files[NAMES_MAX_STARS];
    uint32_t n_files;
} star_search;

static void search_add(star_search *search, uint32_t file)
{
    for (uint32_t i = 0; i < search->n_files; i++) {
        if (search->files[i] == file) {
            return;
        }
    }
    if (file != NAMES_NONE && search->n_files < NAMES_MAX_STARS) {
        search->files[search->n_files++] = file;
    }
}

static void search_stars(const rs_names_linked *x, uint32_t number, star_search *search)
{
    const names_file *file = &x->files[number];
    if (x->star_slots[number] == NAMES_NONE) {
        return;
    }
    const names_slot *slot = &file->view.slots[x->star_slots[number] - file->first_slot];
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[slot->first_binding + i];
        const names_target *target = &x->targets[file->first_import + binding->inner];
        if (target->kind == RS_FOUND_MODULE) {
            search_add(search, rs_names_module_file(x, target->module, 0));
        }
    }
}

static bool has_star_outside(const rs_names_linked *x, const names_file *file, uint32_t slot_number)
{
    const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[slot->first_binding + i];
        const names_target *target = &x->targets[file->first_import + binding->inner];
        uint32_t from = target->kind == RS_FOUND_MODULE ? rs_names_module_file(x, target->module, 0)
                                                        : NAMES_NONE;
        if (from == NAMES_NONE || !x->files[from].is_read) {
            return true;
        }
    }
    return false;
}

bool rs_names_stars_lead_out(const rs_names_linked *x, uint32_t file)
{
    enum { DYNAMIC = NAMES_HAS_GETATTR | NAMES_TOUCHES_GLOBALS };
    star_search search = {.n_files = 0};
    search_add(&search, file);
    for (uint32_t i = 0; i < search.n_files; i++) {
        uint32_t at = search.files[i];
        bool is_dynamic = i > 0 && (x->files[at].view.flags & DYNAMIC) != 0;
        uint32_t stars = x->star_slots[at];
        if (is_dynamic || (stars != NAMES_NONE && has_star_outside(x, &x->files[at], stars))) {
            return true;
        }
        search_stars(x, at, &search);
    }
    return search.n_files == NAMES_MAX_STARS;
}

/* In a stub, `import x` and `from m import x` are its own affair unless they say `as x`. */
static bool is_private_in_stub(const rs_names_linked *x, uint32_t number, uint32_t slot_number)
{
    const names_file *file = &x->files[number];
    const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
    if ((file->view.flags & NAMES_IS_STUB) == 0) {
        return false;
    }
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[slot->first_binding + i];
        bool is_import = binding->kind == NAMES_IMPORT || binding->kind == NAMES_FROM;
        if (!is_import || file->view.imports[binding->inner].has_asname) {
            return false;
        }
    }
    return true;
}

static bool own_export(const rs_names_linked *x, uint32_t file, uint32_t text)
{
    rs_str name = names_text_of(x, text);
    bool is_public = name.n_bytes == 0 || name.bytes[0] != '_';
    if (x->files[file].has_all && rs_names_map_get(&x->all_names, file, text) == 1) {
        return true;
    }
    if (!is_public || (x->files[file].has_all && !x->files[file].all_is_partly)) {
        return false;
    }
    uint32_t slot = rs_names_map_get(&x->slots, names_scope_of_module(file), text);
    return slot != NAMES_NONE && !is_private_in_stub(x, file, slot);
}

bool rs_names_star_brings(const rs_names_linked *x, uint32_t file, uint32_t text)
{
    star_search search = {.n_files = 0};
    rs_str name = names_text_of(x, text);
    search_add(&search, file);
    for (uint32_t i = 0; i < search.n_files; i++) {
        uint32_t at = search.files[i];
        if (own_export(x, at, text)) {
            return true;
        }
        for (uint32_t n = 0; x->files[at].has_all; n++) {
            uint32_t other = rs_names_map_get(&x->all_links, at, n);
            if (other == NAMES_NONE) {
                break;
            }
            search_add(&search, other);
        }
        bool opens = !x->files[at].has_all || x->files[at].all_is_partly;
        if (opens && name.n_bytes > 0 && name.bytes[0] != '_') {
            search_stars(x, at, &search);
        }
    }
    return false;
}
