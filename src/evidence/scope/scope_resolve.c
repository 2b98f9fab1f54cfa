/* SPDX-License-Identifier: Apache-2.0 */
/* scope_resolve.c - local, cell, free or global: what CPython's analyze_block decides.
 *
 * The scopes are walked from the outside in. `visible` holds, for each name, the symbol that a
 * scope entered now would reach as a free variable; entering a scope changes what it hides and
 * leaving it takes that back, so a look-up costs the same at any depth. Classes hide nothing.
 *
 * Two passes, because a module's name may be declared global further down than it is used: the first
 * settles the class of every symbol, on the way down; the second finds where names live, once it is
 * known what the module binds.
 */
#include "evidence/scope/scope_impl.h"

static bool visible_size(rs_file_at_hand *x)
{
    scope_numbers *visible = &scope_lens(x)->visible;
    size_t n = x->part->strings.n_items;
    if (n <= visible->n_items) {
        return true;
    }
    if (!scope_numbers_reserve(visible, n - visible->n_items)) {
        return false;
    }
    /* It is kept from file to file, for clearing it costs as many writes as there are names: undo() left
     * it as it was, so only what is new has to be written. */
    while (visible->n_items < n) {
        visible->items[visible->n_items++] = RS_SCOPE_NONE;
    }
    RS_ASSERT(visible->n_items >= n);
    return true;
}

/* From now on, and until scope s is left, a name means `symbol` to inner scopes. */
static void hide(rs_file_at_hand *x, uint32_t s, uint32_t name, uint32_t symbol)
{
    rs_scope_lens *lens = x->worker;
    RS_ASSERT(name < lens->visible.n_items);
    scope_undo undo = {name, lens->visible.items[name], s};
    if (!scope_undos_push(&lens->undos, undo)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    lens->visible.items[name] = symbol;
}

static void undo(rs_scope_lens *lens, uint32_t s)
{
    while (lens->undos.n_items > 0 && lens->undos.items[lens->undos.n_items - 1].scope == s) {
        scope_undo last = lens->undos.items[--lens->undos.n_items];
        RS_ASSERT(last.name < lens->visible.n_items);
        lens->visible.items[last.name] = last.was;
    }
}

/* --- free variables --- */

/*
 * Hand a free name of scope s on to the scopes around it, up to the one that has it. Every
 * scope on the way gets a symbol, as in CPython. A hidden annotation hands nothing on.
 */
static void hand_on(rs_file_at_hand *x, uint32_t s, uint32_t name, uint32_t slot,
                    uint32_t slot_scope)
{
    rs_scope_lens *lens = x->worker;
    while (s != slot_scope && lens->scopes.items[s].type != RS_W_scope_type_annotation) {
        RS_ASSERT(lens->scopes.items[s].parent <
                  s); /* so it ends: scopes are numbered from outside in */
        s = lens->scopes.items[s].parent;
        if (s == slot_scope && slot == RS_SCOPE_NONE) {
            return; /* the cell of a class has no symbol */
        }
        uint32_t found = rs_scope_symbol_find(lens, s, name);
        if (found == RS_SCOPE_NONE) {
            found = rs_scope_symbol_add(x, s, name, 0, RS_SCOPE_NONE);
            if (found == RS_SCOPE_NONE) {
                return;
            }
            scope_symbol *added =
                &lens->symbols.items[found]; /* adding may have moved all others */
            added->scope_class = RS_W_scope_class_FREE;
            added->slot = slot;
            added->slot_scope = slot_scope;
        } else if (found == slot) {
            lens->symbols.items[found].scope_class = RS_W_scope_class_CELL;
        } else if (lens->symbols.items[found].scope_class == RS_W_scope_class_FREE) {
            return; /* it was handed on before */
        }
    }
}

/* True when the name lives in a scope around; the cells of a class have no symbol there. */
static bool reach(const rs_file_at_hand *x, uint32_t name, uint32_t *slot, uint32_t *slot_scope)
{
    const rs_scope_lens *lens = x->worker;
    RS_ASSERT(name < lens->visible.n_items);
    uint32_t symbol = lens->visible.items[name];
    if (symbol == RS_SCOPE_NONE) {
        return false;
    }
    /* A symbol with the class's bit is a scope's number: super() needs a cell that nobody wrote down. */
    bool is_class_cell = name == lens->words.class_cell || name == lens->words.class_dict;
    if (is_class_cell && (symbol & RS_SCOPE_OF_CLASS) != 0) {
        *slot = RS_SCOPE_NONE;
        *slot_scope = symbol & ~(uint32_t)RS_SCOPE_OF_CLASS;
        return true;
    }
    RS_ASSERT(symbol < lens->symbols.n_items);
    *slot = symbol;
    *slot_scope = lens->symbols.items[symbol].scope;
    return true;
}

static void become_free(rs_file_at_hand *x, uint32_t number, uint32_t slot, uint32_t slot_scope)
{
    scope_symbol *symbol = &scope_lens(x)->symbols.items[number];
    symbol->scope_class = RS_W_scope_class_FREE;
    symbol->slot = slot;
    symbol->slot_scope = slot_scope;
    /* The last thing that is done with it: handing on may move the symbols. */
    hand_on(x, symbol->scope, symbol->name, slot, slot_scope);
}

/* --- one name --- */

static void declared_nonlocal(rs_file_at_hand *x, uint32_t number)
{
    scope_symbol *symbol = &scope_lens(x)->symbols.items[number];
    uint32_t site = symbol->declared != RS_SCOPE_NONE ? symbol->declared : symbol->site;
    uint32_t slot;
    uint32_t slot_scope;
    if (reach(x, symbol->name, &slot, &slot_scope)) {
        become_free(x, number, slot, slot_scope);
        const scope_symbol *reached =
            slot == RS_SCOPE_NONE ? NULL : &scope_lens(x)->symbols.items[slot];
        if (reached != NULL && (reached->flags & RS_SYM_TYPE_PARAM) != 0) {
            symbol = &scope_lens(x)->symbols.items[number]; /* it may have been moved */
            rs_scope_refuse(x, RS_D_nonlocal_type_parameter, site,
                            "nonlocal binding not allowed for type parameter", symbol->name, "");
        }
        return;
    }
    symbol->scope_class = RS_W_scope_class_GLOBAL_IMPLICIT;
    if (symbol->scope == 0) {
        rs_scope_refuse(x, RS_D_nonlocal_at_module, site,
                        "nonlocal declaration not allowed at module level", RS_STR_NULL, "");
    } else {
        rs_scope_refuse(x, RS_D_nonlocal_unbound, site, "no binding for nonlocal", symbol->name,
                        "found");
    }
}

/* What a name of a class means to the expression of a type parameter or alias right in it. */
static bool class_name_decides(rs_file_at_hand *x, uint32_t number)
{
    rs_scope_lens *lens = x->worker;
    scope_symbol *symbol = &lens->symbols.items[number];
    if (!lens->scopes.items[symbol->scope].sees_class) {
        return false;
    }
    uint32_t around = symbol->scope;
    while (lens->scopes.items[around].type != RS_W_scope_type_class && around != 0) {
        around = lens->scopes.items[around].parent;
    }
    uint32_t found = rs_scope_symbol_find(lens, around, symbol->name);
    if (found == RS_SCOPE_NONE) {
        return false;
    }
    uint32_t flags = lens->symbols.items[found].flags;
    if ((flags & RS_SYM_GLOBAL) != 0) {
        symbol->scope_class = RS_W_scope_class_GLOBAL_EXPLICIT;
        return true;
    }
    if ((flags & RS_SYM_BOUND) != 0 && (flags & RS_SYM_NONLOCAL) == 0) {
        /* CPython calls it global and looks into the class first: the class is where it lives. */
        symbol->scope_class = RS_W_scope_class_GLOBAL_IMPLICIT;
        symbol->resolution = RS_W_resolution_class;
        RS_ASSERT(lens->symbols.items[found].scope == around);
        symbol->slot = found;
        symbol->slot_scope = around;
        return true;
    }
    return false;
}

static void declared_global(rs_file_at_hand *x, uint32_t number)
{
    rs_scope_lens *lens = x->worker;
    scope_symbol *symbol = &lens->symbols.items[number];
    symbol->scope_class = RS_W_scope_class_GLOBAL_EXPLICIT;
    if ((symbol->flags & RS_SYM_NONLOCAL) != 0 && symbol->site != RS_SCOPE_NONE) {
        rs_scope_refuse(x, RS_D_declaration_conflict, symbol->site, "name", symbol->name,
                        "is nonlocal and global");
    }
    if (symbol->scope != 0 && (symbol->flags & RS_SYM_BOUND) != 0) {
        uint32_t module = rs_scope_symbol_find(lens, 0, symbol->name);
        if (module != RS_SCOPE_NONE) { /* a function makes it there when it runs */
            lens->symbols.items[module].flags |= RS_SYM_BOUND_BELOW;
        }
    }
}

/* In CPython's order: a declaration outdoes a binding, a binding what lies around. */
static void decide(rs_file_at_hand *x, uint32_t number)
{
    rs_scope_lens *lens = x->worker;
    RS_ASSERT(number < lens->symbols.n_items);
    scope_symbol *symbol = &lens->symbols.items[number];
    uint32_t slot;
    uint32_t slot_scope;
    if ((symbol->flags & RS_SYM_GLOBAL) != 0) {
        declared_global(x, number);
    } else if ((symbol->flags & RS_SYM_NONLOCAL) != 0) {
        declared_nonlocal(x, number);
    } else if ((symbol->flags & RS_SYM_BOUND) != 0) {
        symbol->scope_class = RS_W_scope_class_LOCAL;
    } else if (class_name_decides(x, number)) {
        return;
    } else if (reach(x, symbol->name, &slot, &slot_scope)) {
        become_free(x, number, slot, slot_scope);
    } else {
        symbol->scope_class = RS_W_scope_class_GLOBAL_IMPLICIT;
    }
}

/* --- one scope --- */

/* A scope gives a name of the scope around it a namespace, also one that is only handed on there. */
static void namespace_mark(rs_scope_lens *lens, uint32_t s)
{
    const scope *inner = &lens->scopes.items[s];
    RS_ASSERT(s == 0 || inner->parent < s);
    if (s == 0 || inner->type == RS_W_scope_type_annotation) {
        return;
    }
    uint32_t symbol = rs_scope_symbol_find(lens, inner->parent, inner->name);
    if (symbol != RS_SCOPE_NONE) {
        lens->symbols.items[symbol].flags |= RS_SYM_NAMESPACE;
    }
}

static void enter(rs_file_at_hand *x, uint32_t s)
{
    rs_scope_lens *lens = x->worker;
    uint32_t number = lens->scopes.items[s].first_symbol;
    for (; number != RS_SCOPE_NONE; number = lens->symbols.items[number].next) {
        decide(x, number);
    }
    const scope *entered = &lens->scopes.items[s];
    if (entered->type == RS_W_scope_type_class) {
        hide(x, s, lens->words.class_cell, s | RS_SCOPE_OF_CLASS);
        hide(x, s, lens->words.class_dict, s | RS_SCOPE_OF_CLASS);
    } else if (scope_is_function_like(
                   entered)) { /* the module's names are reached as globals, not here */
        for (number = entered->first_symbol; number != RS_SCOPE_NONE;
             number = lens->symbols.items[number].next) {
            const scope_symbol *symbol = &lens->symbols.items[number];
            if (symbol->scope_class == RS_W_scope_class_LOCAL) {
                hide(x, s, symbol->name, number);
            } else if ((symbol->flags & RS_SYM_GLOBAL) !=
                       0) { /* inner scopes see through to the module */
                hide(x, s, symbol->name, RS_SCOPE_NONE);
            }
        }
    }
}

/* Where a name lives that its own scope binds. */
static void own_resolve(const rs_scope_lens *lens, scope_symbol *symbol, uint32_t number)
{
    symbol->slot = number;
    symbol->slot_scope = symbol->scope;
    switch ((rs_w_scope_type)lens->scopes.items[symbol->scope].type) {
    case RS_W_scope_type_module:
        symbol->resolution = RS_W_resolution_global;
        break;
    case RS_W_scope_type_class:
        symbol->resolution = RS_W_resolution_class;
        break;
    case RS_W_scope_type_function:
    case RS_W_scope_type_annotation:
    case RS_W_scope_type_type_parameters:
    case RS_W_scope_type_type_variable:
    case RS_W_scope_type_type_alias:
    case RS_N_W_scope_type:
        symbol->resolution = symbol->scope_class == RS_W_scope_class_CELL ? RS_W_resolution_cell
                                                                          : RS_W_resolution_local;
        break;
    }
}

/* Where a global name lives, now that it is known what the module has. */
static void global_resolve(const rs_file_at_hand *x, scope_symbol *symbol)
{
    const rs_scope_lens *lens = scope_lens(x);
    if (symbol->resolution == RS_W_resolution_class) {
        return; /* class_name_decides() */
    }
    uint32_t module = rs_scope_symbol_find(lens, 0, symbol->name);
    uint32_t flags = module == RS_SCOPE_NONE ? 0 : lens->symbols.items[module].flags;
    if ((flags & (RS_SYM_BOUND | RS_SYM_BOUND_BELOW)) != 0) {
        bool is_bound = (flags & RS_SYM_BOUND) != 0;
        symbol->resolution = is_bound ? RS_W_resolution_global : RS_W_resolution_global_declared;
        RS_ASSERT(module != RS_SCOPE_NONE && lens->symbols.items[module].scope == 0);
        symbol->slot = module;
        symbol->slot_scope = 0;
        return;
    }
    symbol->resolution = (uint8_t)rs_scope_unbound(
        x->part->strings.items[symbol->name],
        (rs_w_scope_type)lens->scopes.items[symbol->scope].type, lens->has_star);
}

static void slots_find(rs_file_at_hand *x)
{
    rs_scope_lens *lens = x->worker;
    for (uint32_t s = 0; s < lens->scopes.n_items; s++) {
        namespace_mark(lens, s);
    }
    for (uint32_t i = 0; i < lens->symbols.n_items; i++) {
        scope_symbol *symbol = &lens->symbols.items[i];
        switch ((rs_w_scope_class)symbol->scope_class) {
        case RS_W_scope_class_LOCAL:
        case RS_W_scope_class_CELL:
            own_resolve(lens, symbol, i);
            break;
        case RS_W_scope_class_FREE:
            symbol->resolution = RS_W_resolution_free;
            break;
        case RS_W_scope_class_GLOBAL_EXPLICIT:
        case RS_W_scope_class_GLOBAL_IMPLICIT:
            global_resolve(x, symbol);
            break;
        case RS_N_W_scope_class:
            break;
        }
    }
}

void rs_scope_resolve(rs_file_at_hand *x)
{
    rs_scope_lens *lens = x->worker;
    scope_undos_reset(&lens->undos);
    if (!visible_size(x)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    uint32_t s = 0;
    bool is_done = false;
    while (!is_done && x->status == RS_OK && !lens->is_over) {
        RS_ASSERT(s < lens->scopes.n_items);
        enter(x, s);
        uint32_t next = lens->scopes.items[s].first_child;
        while (next == RS_SCOPE_NONE && !is_done) {
            undo(lens, s);
            next = lens->scopes.items[s].next_sibling;
            is_done = s == 0;
            s = lens->scopes.items[s].parent;
        }
        s = next;
    }
    RS_ASSERT(!is_done ||
              lens->undos.n_items == 0); /* all is taken back: the next file starts clean */
    if (!is_done) {
        lens->visible.n_items = 0; /* names are still hidden in it */
    }
    slots_find(x);
}
