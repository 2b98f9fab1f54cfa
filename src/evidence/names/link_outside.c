/* SPDX-License-Identifier: Apache-2.0 */
/* link_outside.c - the world outside: stubs that are read when somebody asks for what is in them.
 *
 * A question that meets a module which is not read finds nothing, notes that it wants the module, and is
 * repeated when that is read: after the fixpoint has settled, in order of the modules' numbers. So what is
 * read depends on what is asked alone, and what comes out on no order.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- what is wanted --- */

static void want(const rs_names_linked *x, uint32_t module)
{
    names_wants *wants = x->wants;
    if (wants == NULL || x->outside == NULL || module == RS_NO_MODULE ||
        x->file_of_stub[module] != NAMES_NONE) {
        return;
    }
    wants->n_missed++;
    if (wants->is_wanted[module] == 0 && names_numbers_push(&wants->modules, module)) {
        wants->is_wanted[module] = 1;
    }
}

uint32_t rs_names_stub_file(const rs_names_linked *x, uint32_t module)
{
    want(x, module);
    return x->file_of_stub[module];
}

void rs_names_miss(rs_names_linked *x, uint32_t n_missed, uint32_t cell, uint32_t value,
                   uint32_t text)
{
    if (x->wants->n_missed != n_missed) {
        bool fits = names_numbers_push(&x->missed, cell) && names_numbers_push(&x->missed, value) &&
                    names_numbers_push(&x->missed, text);
        x->failed = x->failed || !fits;
    }
}

/* --- modules by name --- */

/* The module outside of that name, or RS_NO_MODULE. */
static uint32_t module_named(const rs_names_linked *x, rs_str dotted)
{
    rs_found found = rs_module_find_in_stubs(x->modules, RS_NO_MODULE, 0, dotted);
    return found.kind == RS_FOUND_MODULE ? found.module : RS_NO_MODULE;
}

bool rs_names_is_stub_of(const rs_names_linked *x, uint32_t file, const char *module)
{
    const names_file *of = &x->files[file];
    return of->is_outside &&
           rs_str_equal(rs_module_get(x->modules, of->module)->name, rs_str_of(module));
}

static bool is_stub_of_any(const rs_names_linked *x, uint32_t file, const char *const *modules)
{
    for (; *modules != NULL; modules++) {
        if (rs_names_is_stub_of(x, file, *modules)) {
            return true;
        }
    }
    return false;
}

uint32_t rs_names_class_of_slot(const rs_names_linked *x, uint32_t slot)
{
    if (slot == NAMES_NONE) {
        return NAMES_NONE;
    }
    const names_file *file = &x->files[rs_names_file_of_slot(x, slot)];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = of->n_bindings; i > 0; i--) {
        const names_binding *binding = &file->view.bindings[of->first_binding + i - 1];
        if (binding->kind == NAMES_CLASS && (binding->flags & NAMES_IS_DEAD) == 0) {
            return file->first_class + binding->inner;
        }
    }
    return NAMES_NONE;
}

static uint32_t slot_in(const rs_names_linked *x, uint32_t file, rs_str name)
{
    uint32_t text = rs_strings_find(&x->texts, name);
    return file == NAMES_NONE || text == RS_STR_NULL
               ? NAMES_NONE
               : rs_names_map_get(&x->slots, names_scope_of_module(file), text);
}

uint32_t rs_names_builtin_slot(const rs_names_linked *x, rs_str name)
{
    return slot_in(x, x->builtins.file, name);
}

uint32_t rs_names_outside_class(const rs_names_linked *x, const char *module, const char *name)
{
    uint32_t number = module_named(x, rs_str_of(module));
    return number == RS_NO_MODULE
               ? NAMES_NONE
               : rs_names_class_of_slot(x,
                                        slot_in(x, rs_names_stub_file(x, number), rs_str_of(name)));
}

/* --- reading --- */

static rs_str last_part_of(rs_str dotted)
{
    size_t at = dotted.n_bytes;
    while (at > 0 && dotted.bytes[at - 1] != '.') {
        at--;
    }
    return at == 0 ? dotted : (rs_str){dotted.bytes + at, dotted.n_bytes - at};
}

/* The package around, by the name of what lies in it; empty: none. */
static rs_str package_of(rs_str dotted)
{
    rs_str last = last_part_of(dotted);
    size_t n_bytes = dotted.n_bytes - last.n_bytes;
    return (rs_str){dotted.bytes, n_bytes > 0 ? n_bytes - 1 : 0};
}

/* Modules by whose names people know what another one defines, likeliest first. */
typedef struct public_name {
    const char *module;
    const char *known_as;
} public_name;

static const public_name public_names[] = {
    {"posixpath", "os.path"},
    {"ntpath", "os.path"},
    {"genericpath", "os.path"},
    {"typing", "collections.abc"},
    {"_collections_abc", "collections.abc"},
    {"typing_extensions", "typing"},
};

enum {
    N_PUBLIC_NAMES = sizeof public_names / sizeof public_names[0],
    MAX_KNOWN_AS = 8 /* modules that may tell a name */
};

/* Modules that what `module` defines may be known by, outermost packages first. */
static uint32_t list_known_as(const rs_names_linked *x, uint32_t module, uint32_t *out)
{
    rs_str name = rs_module_get(x->modules, module)->name;
    uint32_t n_found = 0;
    for (size_t i = 0; i < N_PUBLIC_NAMES; i++) {
        if (rs_str_equal(name, rs_str_of(public_names[i].module))) {
            out[n_found++] = module_named(x, rs_str_of(public_names[i].known_as));
        }
    }
    if (name.n_bytes > 1 && name.bytes[0] == '_') {
        out[n_found++] = module_named(x, (rs_str){name.bytes + 1, name.n_bytes - 1});
    }
    rs_str packages[MAX_KNOWN_AS];
    uint32_t n_packages = 0;
    for (rs_str at = package_of(name); at.n_bytes > 0 && n_packages < 4; at = package_of(at)) {
        packages[n_packages++] = at;
    }
    while (n_packages > 0) {
        out[n_found++] = module_named(x, packages[--n_packages]);
    }
    return n_found;
}

static bool read_stub(rs_names_linked *x, uint32_t module, rs_error *err)
{
    rs_buf block = {0};
    uint32_t known_as[MAX_KNOWN_AS];
    if (rs_outside_read(x->outside, "names", module, &block, err) != RS_OK ||
        !names_blocks_push(&x->blocks, block)) {
        rs_buf_release(&block);
        return false;
    }
    rs_summary summary = {.bytes = (const uint8_t *)rs_buf_text(&block), .n_bytes = block.n_bytes};
    uint32_t file = x->n_files;
    if (!rs_names_open_outside(x, &summary, module)) {
        return false;
    }
    rs_names_read_decorators(x, file);
    uint32_t n_known_as = list_known_as(x, module, known_as);
    for (uint32_t i = 0; i < n_known_as; i++) {
        want(x, known_as[i]);
    }
    return rs_names_find_imports_of(x, file) && rs_names_read_all(x, file) &&
           rs_names_note_known_calls(x, file);
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* What wants a module while it is read waits for the next round. */
static bool read_wanted(rs_names_linked *x, rs_error *err)
{
    names_numbers modules = x->wants->modules;
    x->wants->modules = (names_numbers){0};
    qsort(modules.items, modules.n_items, sizeof *modules.items, compare_numbers);
    bool fits = true;
    for (size_t i = 0; i < modules.n_items && fits; i++) {
        fits = read_stub(x, modules.items[i], err);
    }
    names_numbers_release(&modules);
    names_numbers unread = x->unread;
    x->unread = (names_numbers){0};
    for (size_t i = 0; i < unread.n_items && fits; i++) {
        fits = rs_names_read_all(x, unread.items[i]);
    }
    names_numbers_release(&unread);
    return fits;
}

/* --- the fixpoint with all that it needs --- */

static void repeat(rs_names_linked *x, names_numbers *list)
{
    enum { N_PARTS = 3 };
    names_numbers work = *list;
    *list = (names_numbers){0};
    for (size_t i = 0; i < work.n_items && !x->failed; i += N_PARTS) {
        if (work.items[i + 1] == NAMES_NONE) {
            rs_names_open_cell(x, work.items[i]);
        } else {
            rs_names_operate(x, work.items[i], work.items[i + 1], work.items[i + 2]);
        }
    }
    names_numbers_release(&work);
}

bool rs_names_settle_outside(rs_names_linked *x, rs_error *err)
{
    for (;;) {
        if (!rs_names_settle(x) || rs_stopped(x->stop)) {
            return !x->failed;
        }
        if (x->wants->modules.n_items > 0) {
            if (!read_wanted(x, err)) {
                return false;
            }
            rs_names_ask_bases(x);
            repeat(x, &x->missed);
        } else if (x->has_orders && x->n_ordered < x->n_classes) {
            if (!rs_names_order_classes(x)) {
                return false;
            }
            repeat(x, &x->late);
        } else if (x->has_orders && x->late.n_items > 0) {
            repeat(x, &x->late);
        } else {
            return true;
        }
    }
}

static uint32_t builtin_class(const rs_names_linked *x, const char *name)
{
    return rs_names_class_of_slot(x, rs_names_builtin_slot(x, rs_str_of(name)));
}

bool rs_names_begin_outside(rs_names_linked *x)
{
    x->builtins =
        (names_builtins){NAMES_NONE, NAMES_NONE, NAMES_NONE, NAMES_NONE, NAMES_NONE, NAMES_NONE};
    x->wants = rs_alloc_zero(1, sizeof *x->wants);
    if (x->wants == NULL) {
        return false;
    }
    x->wants->is_wanted = rs_alloc_zero(rs_module_count(x->modules) + 1, 1);
    x->protocol_text = rs_strings_add(&x->texts, RS_STR_LITERAL("typing.Protocol"));
    x->generic_text = rs_strings_add(&x->texts, RS_STR_LITERAL("typing.Generic"));
    x->made_text = rs_strings_add(&x->texts, RS_STR_LITERAL(NAMES_MADE));
    if (x->wants->is_wanted == NULL || x->made_text == RS_STR_NULL ||
        x->protocol_text == RS_STR_NULL || x->generic_text == RS_STR_NULL) {
        return false;
    }
    uint32_t builtins = module_named(x, RS_STR_LITERAL("builtins"));
    if (x->outside == NULL || builtins == RS_NO_MODULE) {
        return true;
    }
    want(x, builtins);
    if (!read_wanted(x, NULL)) {
        return false;
    }
    x->builtins.file = x->file_of_stub[builtins];
    x->builtins.object = builtin_class(x, "object");
    x->builtins.type = builtin_class(x, "type");
    x->builtins.function = builtin_class(x, "function");
    x->builtins.tuple = builtin_class(x, "tuple");
    x->builtins.dict = builtin_class(x, "dict");
    return true;
}

/* --- typing's own --- */

static const char *const typing_modules[] = {"typing", "typing_extensions", NULL};

/* Names of typing that stand for classes elsewhere. */
typedef struct typing_alias {
    const char *name;
    const char *module;
    const char *class;
} typing_alias;

static const typing_alias typing_aliases[] = {
    {"ChainMap", "collections", "ChainMap"},
    {"Counter", "collections", "Counter"},
    {"DefaultDict", "collections", "defaultdict"},
    {"Deque", "collections", "deque"},
    {"Dict", "builtins", "dict"},
    {"FrozenSet", "builtins", "frozenset"},
    {"List", "builtins", "list"},
    {"LiteralString", "builtins", "str"},
    {"OrderedDict", "collections", "OrderedDict"},
    {"Set", "builtins", "set"},
    {"Tuple", "builtins", "tuple"},
    {"Type", "builtins", "type"},
    {"TypedDict", "builtins", "dict"},
};

static const typing_alias *find_alias(rs_str name)
{
    for (size_t i = 0; i < sizeof typing_aliases / sizeof typing_aliases[0]; i++) {
        if (rs_str_equal(name, rs_str_of(typing_aliases[i].name))) {
            return &typing_aliases[i];
        }
    }
    return NULL;
}

/* Is the binding one that typing makes by itself: a special form, an alias of a class? */
static bool is_special(const names_view *view, const names_binding *binding, rs_str name)
{
    if (binding->annotation == NAMES_NONE) {
        return binding->kind == NAMES_ASSIGN && find_alias(name) != NULL;
    }
    return rs_str_equal(rs_names_last_name(view, binding->annotation),
                        RS_STR_LITERAL("_SpecialForm")) ||
           rs_str_equal(name, RS_STR_LITERAL("Generic")) ||
           rs_str_equal(name, RS_STR_LITERAL("Protocol"));
}

bool rs_names_is_special(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t i)
{
    const names_view *view = &x->files[number].view;
    const names_binding *binding = &view->bindings[i];
    const names_slot *slot = &view->slots[binding->slot];
    rs_str name = names_text(view, slot->name);
    if (slot->owner_kind != NAMES_OF_MODULE || !is_stub_of_any(x, number, typing_modules) ||
        !is_special(view, binding, name)) {
        return false;
    }
    const typing_alias *alias = find_alias(name);
    if (alias != NULL) {
        uint32_t class = rs_names_outside_class(x, alias->module, alias->class);
        if (class != NAMES_NONE) {
            rs_names_add(x, cell, rs_names_value(x, NAMES_V_CLASS, class, NAMES_NONE));
        }
        return true;
    }
    rs_buf_reset(&x->text);
    rs_buf_add(&x->text, "typing.");
    rs_buf_add_str(&x->text, name);
    rs_names_add(x, cell, rs_names_external(x, NAMES_V_EXTERNAL, rs_buf_str(&x->text)));
    return true;
}

/* --- bases that the interpreter does not have --- */

static bool is_protocol(const rs_names_linked *x, uint32_t class)
{
    const names_file *file = &x->files[x->classes[class].file];
    uint32_t n_bases;
    const uint32_t *bases =
        names_list(&file->view, file->view.classes[class - file->first_class].bases, &n_bases);
    for (uint32_t i = 0; i < n_bases; i++) {
        const names_expr *base = &file->view.exprs[bases[i]];
        uint32_t named = base->op == NAMES_ITEM ? base->a : bases[i];
        if (rs_str_equal(rs_names_last_name(&file->view, named), RS_STR_LITERAL("Protocol"))) {
            return true;
        }
    }
    return false;
}

static bool binds_import(const rs_names_linked *x, uint32_t number, rs_str name);

/* One of collections.abc, which typing defines for type checkers. */
static bool is_abc(const rs_names_linked *x, uint32_t class)
{
    uint32_t abc = module_named(x, RS_STR_LITERAL("collections.abc"));
    const names_file *file = &x->files[x->classes[class].file];
    uint32_t binding = file->view.classes[class - file->first_class].binding;
    if (abc == RS_NO_MODULE || binding == NAMES_NONE) {
        return false;
    }
    uint32_t stub = x->file_of_stub[abc];
    return stub != NAMES_NONE &&
           binds_import(
               x, stub,
               names_text(&file->view, file->view.slots[file->view.bindings[binding].slot].name));
}

/* Classes that really derive from what is virtual elsewhere: those that are written in Python. */
#include "evidence/names/real_bases.inc"

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_written_in_python(rs_names_linked *x, uint32_t class)
{
    rs_names_name_of_class(x, class, &x->text);
    const char *name = rs_buf_text(&x->text);
    return bsearch(&name, real_bases, sizeof real_bases / sizeof real_bases[0], sizeof *real_bases,
                   compare_names) != NULL;
}

bool rs_names_is_virtual_base(rs_names_linked *x, uint32_t class, const names_ancestor *base)
{
    static const char *const for_checkers[] = {"typing", "typing_extensions", "_typeshed",
                                               "abc",    "collections.abc",   "_collections_abc",
                                               NULL};
    uint32_t file = x->classes[class].file;
    if (!x->files[file].is_outside || base->number == NAMES_NONE) {
        return false;
    }
    bool is_typing = is_stub_of_any(x, file, typing_modules);
    if (base->is_external) {
        bool is_special = base->number == x->protocol_text || base->number == x->generic_text;
        return is_special && (!is_typing || is_abc(x, class));
    }
    bool is_for_checkers = is_stub_of_any(x, x->classes[base->number].file, for_checkers) ||
                           (names_is_outside(x, base->number) && is_protocol(x, base->number));
    return is_for_checkers && !is_stub_of_any(x, file, for_checkers) &&
           !is_written_in_python(x, class);
}

static bool is_among(const rs_names_linked *x, uint32_t first, uint32_t n, uint32_t class)
{
    for (uint32_t i = first; i < first + n; i++) {
        const names_ancestor *at = &x->ancestors.items[i];
        if (!at->is_external && at->number == class) {
            return true;
        }
    }
    return false;
}

uint32_t rs_names_real_owner(const rs_names_linked *x, uint32_t class, uint32_t stated)
{
    const names_class_facts *facts = &x->classes[class];
    if (is_among(x, facts->first_ancestor, facts->n_ancestors, stated)) {
        return stated;
    }
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *at = &x->ancestors.items[facts->first_ancestor + i];
        if (at->is_external || at->number == NAMES_NONE || !names_is_outside(x, at->number)) {
            continue;
        }
        const names_class_facts *of = &x->classes[at->number];
        if (is_among(x, of->first_ancestor + of->n_ancestors, of->n_virtual, stated)) {
            return at->number;
        }
    }
    return stated;
}

bool rs_names_may_have_more(const rs_names_linked *x, uint32_t value, rs_str name)
{
    const names_value *of = &x->values.items[value];
    bool is_private =
        name.n_bytes > 0 && name.bytes[0] == '_' && !(name.n_bytes > 1 && name.bytes[1] == '_');
    switch ((names_value_kind)of->kind) {
    case NAMES_V_MODULE:
        return rs_module_get(x->modules, of->a)->form == RS_MODULE_STUB;
    case NAMES_V_CLASS:
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
    case NAMES_V_SELF_CLASS:
        return is_private && names_is_outside(x, of->a);
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
    case NAMES_V_SUPER:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
    default:
        return false;
    }
}

/* --- names --- */

/* Does the stub take the name from another module? */
static bool binds_import(const rs_names_linked *x, uint32_t number, rs_str name)
{
    const names_file *file = &x->files[number];
    uint32_t slot = slot_in(x, number, name);
    if (slot == NAMES_NONE) {
        uint32_t text = rs_strings_find(&x->texts, name);
        return file->has_stars && text != RS_STR_NULL && rs_names_star_brings(x, number, text);
    }
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = 0; i < of->n_bindings; i++) {
        if (file->view.bindings[of->first_binding + i].kind == NAMES_FROM) {
            return true;
        }
    }
    return false;
}

void rs_names_name_of_module_slot(const rs_names_linked *x, uint32_t file, rs_str name, rs_buf *out)
{
    uint32_t known_as[MAX_KNOWN_AS];
    uint32_t module = x->files[file].module;
    uint32_t n_known_as = list_known_as(x, module, known_as);
    for (uint32_t i = 0; i < n_known_as; i++) {
        uint32_t stub = known_as[i] == RS_NO_MODULE ? NAMES_NONE : x->file_of_stub[known_as[i]];
        if (stub != NAMES_NONE && binds_import(x, stub, name)) {
            module = known_as[i];
            break;
        }
    }
    rs_buf_reset(out);
    rs_buf_add_str(out, rs_module_get(x->modules, module)->name);
    rs_buf_add_char(out, '.');
    rs_buf_add_str(out, name);
}

static rs_str name_of_binding(const names_view *view, uint32_t binding)
{
    return binding == NAMES_NONE ? RS_STR_LITERAL("<lambda>")
                                 : names_text(view, view->slots[view->bindings[binding].slot].name);
}

void rs_names_name_of_class(const rs_names_linked *x, uint32_t class, rs_buf *out)
{
    enum { MAX_DEPTH = 16 };
    uint32_t number = x->classes[class].file;
    const names_file *file = &x->files[number];
    uint32_t path[MAX_DEPTH];
    uint32_t n_path = 0;
    uint32_t at = class - file->first_class;
    do {
        path[n_path++] = file->view.classes[at].binding;
        at = file->view.classes[at].outer_class;
    } while (at != NAMES_NONE && n_path < MAX_DEPTH);
    rs_names_name_of_module_slot(x, number, name_of_binding(&file->view, path[n_path - 1]), out);
    for (uint32_t i = n_path - 1; i > 0; i--) {
        rs_buf_add_char(out, '.');
        rs_buf_add_str(out, name_of_binding(&file->view, path[i - 1]));
    }
}

bool rs_names_name_of_slot(const rs_names_linked *x, uint32_t slot, uint32_t owner, rs_buf *out)
{
    uint32_t number = rs_names_file_of_slot(x, slot);
    const names_file *file = &x->files[number];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    rs_str name = names_text(&file->view, of->name);
    switch ((names_owner)of->owner_kind) {
    case NAMES_OF_MODULE:
        rs_names_name_of_module_slot(x, number, name, out);
        return true;
    case NAMES_OF_CLASS:
    case NAMES_OF_INSTANCE:
        rs_names_name_of_class(x, owner > 0 ? owner - 1 : file->first_class + of->owner, out);
        rs_buf_add_char(out, '.');
        rs_buf_add_str(out, name);
        return true;
    case NAMES_OF_FUNCTION:
    case NAMES_OF_TYPE_PARAMS:
    default:
        return false;
    }
}

void rs_names_name_of_function(const rs_names_linked *x, uint32_t function, uint32_t class,
                               rs_buf *out)
{
    const names_file *file = &x->files[rs_names_file_of_function(x, function)];
    const names_function *of = &file->view.functions[function - file->first_function];
    rs_buf_reset(out);
    if (of->binding == NAMES_NONE) {
        rs_buf_add_str(out, rs_module_get(x->modules, file->module)->name);
        return;
    }
    uint32_t owner = class == NAMES_NONE || of->in_class == NAMES_NONE
                         ? 0
                         : rs_names_real_owner(x, class, file->first_class + of->in_class) + 1;
    rs_names_name_of_slot(x, file->first_slot + file->view.bindings[of->binding].slot, owner, out);
}

/* The class of what a method is bound to, or none. */
static uint32_t class_of_bound(const rs_names_linked *x, uint32_t number)
{
    const names_value *value = &x->values.items[number];
    bool has_class = value->kind == NAMES_V_CLASS || value->kind == NAMES_V_INSTANCE ||
                     value->kind == NAMES_V_SELF || value->kind == NAMES_V_SELF_CLASS;
    return has_class ? value->a : NAMES_NONE;
}

bool rs_names_name_of_value(const rs_names_linked *x, uint32_t number, rs_buf *out)
{
    const names_value *value = &x->values.items[number];
    rs_buf_reset(out);
    switch ((names_value_kind)value->kind) {
    case NAMES_V_MODULE:
        rs_buf_add_str(out, rs_module_get(x->modules, value->a)->name);
        return rs_module_get(x->modules, value->a)->form == RS_MODULE_STUB;
    case NAMES_V_CLASS:
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
    case NAMES_V_SELF_CLASS:
        if (names_is_outside(x, value->a)) {
            rs_names_name_of_class(x, value->a, out);
            return true;
        }
        return false;
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
        if (x->files[rs_names_file_of_function(x, value->a)].is_outside) {
            uint32_t class =
                value->kind == NAMES_V_BOUND ? class_of_bound(x, value->b) : NAMES_NONE;
            rs_names_name_of_function(x, value->a, class, out);
            return true;
        }
        return false;
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
        rs_buf_add_str(out, names_text_of(x, value->a));
        return true;
    case NAMES_V_SUPER:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    default:
        return false;
    }
}
