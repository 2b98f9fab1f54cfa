/* SPDX-License-Identifier: Apache-2.0 */
/* link_call.c - what calling a value gives. */
#include "evidence/names/link_impl.h"

/* --- what is known of functions outside --- */

typedef struct call_at_hand {
    uint32_t cell;
    uint32_t file;
    uint32_t args[3]; /* the first positional ones, or none */
    uint32_t n_args;  /* positional */
    uint32_t n_all;   /* keywords, too */
    const uint32_t *items;
    uint32_t n_items;
} call_at_hand;

static call_at_hand read_call(const rs_names_linked *x, uint32_t cell)
{
    call_at_hand call = {.cell = cell, .args = {NAMES_NONE, NAMES_NONE, NAMES_NONE}};
    if ((x->cells[cell].flags & NAMES_IS_DERIVED) != 0) {
        return call;
    }
    call.file = x->cells[cell].file;
    const names_view *view = &x->files[call.file].view;
    const names_expr *expr = &view->exprs[cell - x->files[call.file].first_cell];
    uint32_t n_items;
    const uint32_t *items = names_list(view, expr->b, &n_items);
    call.items = items;
    call.n_items = n_items;
    call.n_all = n_items / 2;
    for (uint32_t i = 0; i + 1 < n_items; i += 2) {
        if (items[i] != NAMES_NONE) {
            continue;
        }
        if (call.n_args < sizeof call.args / sizeof call.args[0]) {
            call.args[call.n_args] = items[i + 1];
        }
        call.n_args++;
    }
    return call;
}

static rs_str string_of(const rs_names_linked *x, const call_at_hand *call, uint32_t arg)
{
    const names_view *view = &x->files[call->file].view;
    if (arg == NAMES_NONE || view->exprs[arg].op != NAMES_INSTANCE || view->exprs[arg].b == 0) {
        return (rs_str){0};
    }
    return names_text(view, view->exprs[arg].b);
}

static void connect_arg(rs_names_linked *x, const call_at_hand *call, unsigned n,
                        names_edge_kind kind, uint32_t by)
{
    if (call->args[n] != NAMES_NONE) {
        rs_names_connect(x, names_cell_of_expr(x, call->file, call->args[n]), call->cell, kind, by);
    }
}

/* The class of what nobody knows is a class all the same. */
static void fall_back_on_type(rs_names_linked *x, uint32_t cell)
{
    uint32_t slot = rs_names_builtin_slot(x, RS_STR_LITERAL("type"));
    if (slot != NAMES_NONE) {
        const names_file *file = &x->files[x->builtins.file];
        uint32_t of = names_cell_of_slot(x, x->builtins.file, slot - file->first_slot);
        uint32_t made = rs_names_derive(x, NAMES_D_MADE, of, NAMES_NONE);
        if (made != NAMES_NONE) {
            rs_names_fall_back(x, made, cell);
        }
    }
}

static bool call_type(rs_names_linked *x, const call_at_hand *call)
{
    enum { MAKES_CLASS = 3 }; /* a name, bases, members */
    if (call->n_args == 1) {
        connect_arg(x, call, 0, NAMES_E_CLASS_OF, NAMES_NONE);
        fall_back_on_type(x, call->cell);
    }
    const names_view *view = &x->files[call->file].view;
    if (call->n_args == MAKES_CLASS && (view->exprs[call->args[2]].flags & NAMES_IS_EMPTY) != 0) {
        /* It has what its bases have, and nothing else. */
        const names_expr *bases = &view->exprs[call->args[1]];
        uint32_t n_bases = 0;
        const uint32_t *items =
            bases->op == NAMES_TUPLE ? names_list(view, bases->b, &n_bases) : NULL;
        for (uint32_t i = 0; i < n_bases; i++) {
            rs_names_connect(x, names_cell_of_expr(x, call->file, items[i]), call->cell,
                             NAMES_E_COPY, NAMES_NONE);
        }
    }
    return true;
}

static bool call_cast(rs_names_linked *x, const call_at_hand *call)
{
    if (call->args[0] != NAMES_NONE) {
        rs_names_annotate(x, call->file, call->args[0], NAMES_NONE, call->cell);
    }
    return true;
}

static bool call_getattr(rs_names_linked *x, const call_at_hand *call)
{
    rs_str name = string_of(x, call, call->args[1]);
    if (name.n_bytes == 0) {
        return false;
    }
    uint32_t text = rs_strings_add(&x->texts, name);
    if (text == RS_STR_NULL) {
        x->failed = true;
        return true;
    }
    connect_arg(x, call, 0, NAMES_E_OPERAND, text);
    return true;
}

static bool call_super(rs_names_linked *x, const call_at_hand *call)
{
    if (call->args[0] == NAMES_NONE || call->args[1] == NAMES_NONE) {
        return false;
    }
    connect_arg(x, call, 0, NAMES_E_SUPER_OF, names_cell_of_expr(x, call->file, call->args[1]));
    return true;
}

/* Of a name that is computed nothing is said. */
static bool call_import(rs_names_linked *x, const call_at_hand *call)
{
    rs_str name = string_of(x, call, call->args[0]);
    const names_file *file = &x->files[call->file];
    uint32_t level = 0;
    if (name.n_bytes == 0) {
        return true;
    }
    while (level < name.n_bytes && name.bytes[level] == '.') {
        level++;
    }
    rs_str dotted = {name.bytes + level, name.n_bytes - level};
    rs_str package = string_of(x, call, call->args[1]);
    if (level == 1 && package.n_bytes > 0) { /* import_module(".a", "p") */
        rs_buf_reset(&x->text);
        rs_buf_add_str(&x->text, package);
        rs_buf_add_str(&x->text, name);
        dotted = rs_buf_str(&x->text);
        level = 0;
    }
    rs_found found = rs_names_find_module(x, file, level, dotted);
    if (found.kind == RS_FOUND_MODULE) {
        x->is_imported[found.module] = 1;
        rs_names_add(x, call->cell, rs_names_value(x, NAMES_V_MODULE, found.module, NAMES_NONE));
    } else if (level == 0) {
        rs_names_add(x, call->cell, rs_names_external(x, NAMES_V_EXTERNAL, dotted));
    }
    return true;
}

/* __import__("a.b") gives a, and a.b where it is told what to take from there. */
static bool call_dunder_import(rs_names_linked *x, const call_at_hand *call)
{
    rs_str name = string_of(x, call, call->args[0]);
    const char *dot = name.n_bytes > 0 ? memchr(name.bytes, '.', name.n_bytes) : NULL;
    if (!call_import(x, call) || dot == NULL || dot == name.bytes || call->n_all > 1) {
        return true;
    }
    rs_str first = {name.bytes, (size_t)(dot - name.bytes)};
    rs_found found = rs_names_find_module(x, &x->files[call->file], 0, first);
    if (found.kind == RS_FOUND_MODULE) {
        rs_names_add(x, call->cell, rs_names_value(x, NAMES_V_MODULE, found.module, NAMES_NONE));
    }
    return true;
}

static bool call_second(rs_names_linked *x, const call_at_hand *call)
{
    connect_arg(x, call, 1, NAMES_E_COPY, NAMES_NONE);
    return true;
}

static bool call_first(rs_names_linked *x, const call_at_hand *call)
{
    connect_arg(x, call, 0, NAMES_E_COPY, NAMES_NONE);
    return true;
}

static bool call_next(rs_names_linked *x, const call_at_hand *call)
{
    uint32_t next =
        call->args[0] == NAMES_NONE
            ? NAMES_NONE
            : rs_names_derive(x, NAMES_D_NEXT, names_cell_of_expr(x, call->file, call->args[0]),
                              NAMES_NONE);
    if (next != NAMES_NONE) {
        rs_names_connect(x, next, call->cell, NAMES_E_COPY, NAMES_NONE);
    }
    return true;
}

static bool call_nothing(rs_names_linked *x, const call_at_hand *call)
{
    (void)x;
    (void)call;
    return true;
}

/* What it is bound by, or one of what it may be: as a variable of the type is used. */
static bool call_type_variable(rs_names_linked *x, const call_at_hand *call)
{
    const names_view *view = &x->files[call->file].view;
    const uint32_t *items = call->items;
    uint32_t n_positional = 0;
    for (uint32_t i = 0; i + 1 < call->n_items; i += 2) {
        bool is_bound = items[i] != NAMES_NONE &&
                        rs_str_equal(names_text(view, items[i]), RS_STR_LITERAL("bound"));
        n_positional += items[i] == NAMES_NONE;
        if (is_bound || (items[i] == NAMES_NONE && n_positional > 1)) {
            rs_names_connect(x, names_cell_of_expr(x, call->file, items[i + 1]), call->cell,
                             NAMES_E_COPY, NAMES_NONE);
        }
    }
    return true;
}

/* A class of its own, of which nobody tells the members. */
static bool call_made(rs_names_linked *x, const call_at_hand *call)
{
    rs_names_add(x, call->cell, rs_names_external(x, NAMES_V_EXTERNAL, RS_STR_LITERAL(NAMES_MADE)));
    return true;
}

typedef struct known_call {
    const char *module;
    const char *name;
    bool (*call)(rs_names_linked *x, const call_at_hand *call); /* false: as any other */
} known_call;

static const known_call known_calls[] = {
    {"builtins", "type", call_type},
    {"builtins", "getattr", call_getattr},
    {"builtins", "super", call_super},
    {"builtins", "__import__", call_dunder_import},
    {"builtins", "next", call_next},
    {"builtins", "iter", call_first},
    {"builtins", "property", call_nothing},
    {"builtins", "staticmethod", call_first},
    {"builtins", "classmethod", call_first},
    {"importlib", "import_module", call_import},
    {"typing", "cast", call_cast},
    {"typing_extensions", "cast", call_cast},
    {"typing", "NewType", call_second},
    {"typing", "NamedTuple", call_made},
    {"typing", "TypeVar", call_type_variable},
    {"collections", "namedtuple", call_made},
    {"copy", "copy", call_first},
    {"copy", "deepcopy", call_first},
    {"dataclasses", "replace", call_first},
    {"functools", "partial", call_first},
};

enum { N_KNOWN_CALLS = sizeof known_calls / sizeof known_calls[0] };

static bool note_known_call(rs_names_linked *x, uint32_t number, uint32_t slot_number,
                            uint32_t known)
{
    const names_file *file = &x->files[number];
    const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[slot->first_binding + i];
        bool is_class = binding->kind == NAMES_CLASS;
        uint32_t of = binding->inner + (is_class ? file->first_class : file->first_function);
        if ((is_class || binding->kind == NAMES_DEF) &&
            !rs_names_map_put(&x->known_calls, is_class, of, &known)) {
            return false;
        }
    }
    return true;
}

bool rs_names_note_known_calls(rs_names_linked *x, uint32_t file)
{
    bool fits = true;
    for (uint32_t i = 0; i < N_KNOWN_CALLS && fits; i++) {
        uint32_t text = rs_strings_find(&x->texts, rs_str_of(known_calls[i].name));
        uint32_t slot = text == RS_STR_NULL || !rs_names_is_stub_of(x, file, known_calls[i].module)
                            ? NAMES_NONE
                            : rs_names_map_get(&x->slots, names_scope_of_module(file), text);
        fits = slot == NAMES_NONE || note_known_call(x, file, slot, i);
    }
    return fits;
}

static bool run_known_call(rs_names_linked *x, uint32_t cell, uint32_t known)
{
    call_at_hand call = read_call(x, cell);
    return known != NAMES_NONE && known_calls[known].call(x, &call);
}

/* By the text of a name that no stub has. */
static uint32_t known_by_text(rs_str text)
{
    for (uint32_t i = 0; i < N_KNOWN_CALLS; i++) {
        rs_str module = rs_str_of(known_calls[i].module);
        rs_str name = rs_str_of(known_calls[i].name);
        if (text.n_bytes == module.n_bytes + 1 + name.n_bytes &&
            memcmp(text.bytes, module.bytes, module.n_bytes) == 0 &&
            text.bytes[module.n_bytes] == '.' &&
            memcmp(text.bytes + module.n_bytes + 1, name.bytes, name.n_bytes) == 0) {
            return i;
        }
    }
    return NAMES_NONE;
}

static void call_outside(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    names_value value = x->values.items[number];
    uint32_t known =
        value.kind == NAMES_V_EXTERNAL ? known_by_text(names_text_of(x, value.a)) : NAMES_NONE;
    if (!run_known_call(x, cell, known)) {
        rs_names_add(x, cell, rs_names_step_outside(x, number, "()", (rs_str){0}));
    }
}

/* --- calls --- */

static void connect_one(rs_names_linked *x, uint32_t number, uint32_t i, uint32_t to, uint32_t by)
{
    if (!rs_names_connect_generic(x, x->files[number].first_function + i, to, by)) {
        rs_names_connect(x, names_cell_of_function(x, number, i), to, NAMES_E_RESULT, by);
    }
}

typedef enum overloads_taken { NAMES_ALL, NAMES_THE_FIRST, NAMES_THAT_FIT } overloads_taken;

/* Overloads that hold for this version and platform. False: there are none. */
static bool connect_overloads(rs_names_linked *x, uint32_t number, uint32_t binding, uint32_t to,
                              uint32_t by, overloads_taken taken)
{
    bool is_any = false;
    const names_view *view = &x->files[number].view;
    const names_slot *slot = &view->slots[view->bindings[binding].slot];
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *at = &view->bindings[slot->first_binding + i];
        uint32_t function = x->files[number].first_function + at->inner;
        if (at->kind == NAMES_DEF && (at->flags & NAMES_IS_DEAD) == 0 &&
            (taken != NAMES_THAT_FIT || rs_names_may_take(x, function, to, by))) {
            connect_one(x, number, at->inner, to, by);
            is_any = true;
        }
        if (is_any && taken == NAMES_THE_FIRST) {
            break;
        }
    }
    return is_any;
}

void rs_names_connect_result(rs_names_linked *x, uint32_t function, uint32_t to, uint32_t by,
                             bool first_only)
{
    uint32_t number = rs_names_file_of_function(x, function);
    const names_file *file = &x->files[number];
    uint32_t i = function - file->first_function;
    bool is_one_of_many = file->is_outside && file->view.functions[i].binding != NAMES_NONE &&
                          (x->function_flags[function] & NAMES_F_OVERLOAD) != 0;
    if (is_one_of_many) {
        uint32_t binding = file->view.functions[i].binding;
        if (!connect_overloads(x, number, binding, to, by,
                               first_only ? NAMES_THE_FIRST : NAMES_THAT_FIT)) {
            (void)connect_overloads(x, number, binding, to, by, NAMES_ALL);
        }
    } else {
        connect_one(x, number, i, to, by);
    }
}

static void call_function(rs_names_linked *x, uint32_t cell, uint32_t function, uint32_t by)
{
    uint32_t number = rs_names_file_of_function(x, function);
    const names_file *file = &x->files[number];
    uint32_t i = function - file->first_function;
    bool may_differ = (x->function_flags[function] & NAMES_F_DECORATED) != 0;
    if ((x->function_flags[function] & NAMES_F_MANAGER) != 0) {
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_GENERATOR, function, by));
        return;
    }
    if (!may_differ || (file->view.functions[i].annotation != NAMES_NONE &&
                        (file->view.functions[i].flags & NAMES_IS_GENERATOR) == 0)) {
        rs_names_connect_result(x, function, cell, by, false);
    }
}

static void call_class(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    const names_value of = x->values.items[number];
    const names_value *value = &of;
    uint32_t known = rs_names_map_get(&x->known_calls, 1, value->a);
    bool is_self = value->kind == NAMES_V_SELF_CLASS;
    if ((known != NAMES_NONE && run_known_call(x, cell, known)) ||
        rs_names_connect_new(x, number, cell)) {
        return;
    }
    uint32_t arguments =
        is_self || value->b != NAMES_NONE ? value->b : rs_names_arguments_of_new(x, value->a, cell);
    rs_names_add(x, cell,
                 rs_names_value(x, is_self ? NAMES_V_SELF : NAMES_V_INSTANCE, value->a, arguments));
}

void rs_names_call_value(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    names_value value = x->values.items[number];
    switch ((names_value_kind)value.kind) {
    case NAMES_V_CLASS:
    case NAMES_V_SELF_CLASS:
        call_class(x, cell, number);
        break;
    case NAMES_V_FUNCTION:
        if (!run_known_call(x, cell, rs_names_map_get(&x->known_calls, 0, value.a))) {
            call_function(x, cell, value.a, NAMES_NONE);
        }
        break;
    case NAMES_V_BOUND:
        call_function(x, cell, value.a, value.b);
        break;
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
        rs_names_connect_method(x, number, "__call__", cell);
        break;
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
        call_outside(x, cell, number);
        break;
    case NAMES_V_MODULE:
    case NAMES_V_SUPER:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    default:
        break;
    }
}
