/* SPDX-License-Identifier: Apache-2.0 */
/* scope_table.c - the symbols of a file, by scope and name. */
#include "evidence/scope/scope_impl.h"

#include <string.h>

enum { FIRST_SLOTS = 256 };

static uint32_t hash_of(uint32_t s, uint32_t name)
{
    uint64_t key = ((uint64_t)s << 32 | name) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(key >> 32);
}

static bool slots_size(rs_scope_lens *lens, uint32_t n_slots)
{
    RS_ASSERT(n_slots > 0 && (n_slots & (n_slots - 1)) == 0); /* a mask finds a slot */
    if (n_slots > lens->n_slots_capacity) {
        uint32_t *slots = rs_realloc(lens->slots, n_slots, sizeof *slots);
        if (slots == NULL) {
            return false;
        }
        lens->slots = slots;
        lens->n_slots_capacity = n_slots;
    }
    lens->n_slots = n_slots;
    memset(lens->slots, 0, n_slots * sizeof *lens->slots);
    return true;
}

static bool slots_grow(rs_scope_lens *lens)
{
    if (!slots_size(lens, lens->n_slots * 2)) {
        return false;
    }
    uint32_t mask = lens->n_slots - 1;
    RS_ASSERT(lens->symbols.n_items < lens->n_slots); /* a probe ends at an empty one */
    for (uint32_t i = 0; i < lens->symbols.n_items; i++) {
        const scope_symbol *symbol = &lens->symbols.items[i];
        uint32_t at = hash_of(symbol->scope, symbol->name) & mask;
        while (lens->slots[at] != 0) {
            at = (at + 1) & mask;
        }
        lens->slots[at] = i + 1;
    }
    return true;
}

bool rs_scope_table_reset(rs_file_at_hand *x)
{
    scope_symbols_reset(&scope_lens(x)->symbols);
    return slots_size(scope_lens(x), FIRST_SLOTS);
}

/* The slot of a symbol, or the empty one where it would go. */
static uint32_t slot_of(const rs_scope_lens *lens, uint32_t s, uint32_t name)
{
    uint32_t mask = lens->n_slots - 1;
    uint32_t at = hash_of(s, name) & mask;
    while (lens->slots[at] != 0) {
        const scope_symbol *symbol = &lens->symbols.items[lens->slots[at] - 1];
        if (symbol->scope == s && symbol->name == name) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t rs_scope_symbol_find(const rs_scope_lens *lens, uint32_t s, uint32_t name)
{
    return lens->slots[slot_of(lens, s, name)] - 1;
}

static uint32_t symbol_new(rs_file_at_hand *x, uint32_t s, uint32_t name, uint32_t slot)
{
    rs_scope_lens *lens = x->worker;
    uint32_t number = (uint32_t)lens->symbols.n_items;
    if (number >= x->options->scope.max_symbols) {
        lens->is_over = true;
        return RS_SCOPE_NONE;
    }
    scope_symbol symbol = {.name = name,
                           .scope = s,
                           .next = RS_SCOPE_NONE,
                           .site = RS_SCOPE_NONE,
                           .declared = RS_SCOPE_NONE,
                           .slot = RS_SCOPE_NONE,
                           .slot_scope = RS_SCOPE_NONE};
    if (!scope_symbols_push(&lens->symbols, symbol)) {
        x->status = RS_ERR_NOMEM;
        return RS_SCOPE_NONE;
    }
    scope *owner = &lens->scopes.items[s];
    if (owner->first_symbol == RS_SCOPE_NONE) {
        owner->first_symbol = number;
    } else {
        lens->symbols.items[owner->last_symbol].next = number;
    }
    owner->last_symbol = number;
    RS_ASSERT(lens->slots[slot] == 0); /* slot_of() found none */
    lens->slots[slot] = number + 1;
    if (lens->symbols.n_items > lens->n_slots / 2 && !slots_grow(lens)) {
        x->status = RS_ERR_NOMEM;
    }
    return number;
}

uint32_t rs_scope_symbol_add(rs_file_at_hand *x, uint32_t s, uint32_t name, uint32_t flags,
                             uint32_t site)
{
    rs_scope_lens *lens = x->worker;
    if (name == RS_STR_NULL || x->status != RS_OK) {
        return RS_SCOPE_NONE;
    }
    RS_ASSERT(s < lens->scopes.n_items);
    uint32_t slot = slot_of(lens, s, name);
    uint32_t number = lens->slots[slot] - 1;
    if (number == RS_SCOPE_NONE) {
        number = symbol_new(x, s, name, slot);
        if (number == RS_SCOPE_NONE) {
            return number;
        }
    }
    scope_symbol *symbol = &lens->symbols.items[number];
    symbol->flags |= (uint16_t)flags;
    if (symbol->site == RS_SCOPE_NONE) {
        symbol->site = site;
    }
    return number;
}

rs_str rs_scope_private_name(rs_buf *out, rs_str class_name, rs_str name)
{
    size_t n = name.n_bytes;
    bool is_private = n >= 2 && name.bytes[0] == '_' && name.bytes[1] == '_' &&
                      !(name.bytes[n - 1] == '_' && name.bytes[n - 2] == '_');
    if (!is_private) {
        return name;
    }
    while (class_name.n_bytes > 0 && class_name.bytes[0] == '_') {
        class_name = (rs_str){class_name.bytes + 1, class_name.n_bytes - 1};
    }
    if (class_name.n_bytes == 0) {
        return name;
    }
    rs_buf_reset(out);
    rs_buf_add_char(out, '_');
    rs_buf_add_str(out, class_name);
    rs_buf_add_str(out, name);
    return rs_buf_str(out);
}

uint32_t rs_scope_mangle_param(rs_file_at_hand *x, uint32_t s, uint32_t name)
{
    uint32_t class_name = scope_lens(x)->scopes.items[s].private_name;
    if (class_name == RS_STR_NULL || name == RS_STR_NULL) {
        return name;
    }
    rs_str text = x->part->strings.items[name];
    rs_str mangled = rs_scope_private_name(&x->scratch, x->part->strings.items[class_name], text);
    return mangled.bytes == text.bytes ? name : rs_strings_add(&x->part->strings, mangled);
}

/* In the header of a generic class only its type parameters are private names of it. */
uint32_t rs_scope_mangle(rs_file_at_hand *x, uint32_t s, uint32_t name)
{
    rs_scope_lens *lens = x->worker;
    uint32_t header = lens->scopes.items[s].type_params;
    uint32_t mangled = rs_scope_mangle_param(x, s, name);
    if (header == RS_SCOPE_NONE || mangled == name) {
        return mangled;
    }
    uint32_t found = rs_scope_symbol_find(lens, header, mangled);
    bool is_param =
        found != RS_SCOPE_NONE && (lens->symbols.items[found].flags & RS_SYM_TYPE_PARAM) != 0;
    return is_param ? mangled : name;
}
