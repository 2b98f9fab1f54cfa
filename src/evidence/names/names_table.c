/* SPDX-License-Identifier: Apache-2.0 */
/* names_table.c - texts, lists and expressions, each once. */
#include "evidence/names/names_impl.h"

enum { FIRST_ENTRIES = 256 };

/* --- tables --- */

static bool entries_size(names_table *table, uint32_t n_entries)
{
    if (n_entries > table->n_capacity) {
        names_entry *entries = rs_realloc(table->entries, n_entries, sizeof *entries);
        if (entries == NULL) {
            return false;
        }
        table->entries = entries;
        table->n_capacity = n_entries;
    }
    table->n_entries = n_entries;
    if (n_entries > 0) {
        memset(table->entries, 0, n_entries * sizeof *table->entries);
    }
    return true;
}

bool rs_names_table_reset(names_table *table)
{
    table->n_items = 0;
    return entries_size(table, FIRST_ENTRIES);
}

uint32_t rs_names_table_next(const names_table *table, uint32_t hash, uint32_t *at)
{
    uint32_t mask = table->n_entries - 1;
    uint32_t place = *at & mask;
    for (; table->entries[place].number != 0; place = (place + 1) & mask) {
        if (table->entries[place].hash == hash) {
            *at = place + 1;
            return table->entries[place].number - 1;
        }
    }
    *at = place;
    return NAMES_NONE;
}

static bool entries_grow(names_table *table)
{
    names_table old = *table;
    *table = (names_table){.n_items = old.n_items};
    if (old.n_entries > UINT32_MAX / 2 || !entries_size(table, old.n_entries * 2) ||
        table->entries == NULL) {
        *table = old;
        return false;
    }
    for (uint32_t i = 0; i < old.n_entries; i++) {
        uint32_t at = old.entries[i].hash & (table->n_entries - 1);
        while (old.entries[i].number != 0 && table->entries[at].number != 0) {
            at = (at + 1) & (table->n_entries - 1);
        }
        if (old.entries[i].number != 0) {
            table->entries[at] = old.entries[i];
        }
    }
    rs_free(old.entries);
    return true;
}

bool rs_names_table_add(names_table *table, uint32_t hash, uint32_t at, uint32_t number)
{
    table->entries[at] = (names_entry){.hash = hash, .number = number + 1};
    table->n_items++;
    return table->n_items <= table->n_entries / 2 || entries_grow(table);
}

static uint32_t mix(uint64_t value)
{
    value *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(value >> 32) ^ (uint32_t)(value >> 16);
}

/* --- texts --- */

static uint32_t text_hash(rs_str text)
{
    uint64_t hash = text.n_bytes;
    for (size_t i = 0; i < text.n_bytes; i++) {
        hash = (hash ^ (unsigned char)text.bytes[i]) * UINT64_C(0x100000001b3);
    }
    return mix(hash);
}

static rs_str text_get(const rs_names_lens *lens, uint32_t number)
{
    uint32_t start = lens->texts.items[number];
    return (rs_str){rs_buf_text(&lens->text_bytes) + start, lens->texts.items[number + 1] - start};
}

uint32_t rs_names_text(rs_file_at_hand *x, rs_str text)
{
    rs_names_lens *lens = x->worker;
    uint32_t hash = text_hash(text);
    uint32_t at = hash;
    uint32_t found = rs_names_table_next(&lens->text_table, hash, &at);
    while (found != NAMES_NONE && !rs_str_equal(text_get(lens, found), text)) {
        found = rs_names_table_next(&lens->text_table, hash, &at);
    }
    if (found != NAMES_NONE) {
        return found;
    }
    found = (uint32_t)lens->texts.n_items - 1;
    rs_buf_append(&lens->text_bytes, text.bytes, text.n_bytes);
    if (lens->text_bytes.failed ||
        !names_numbers_push(&lens->texts, (uint32_t)lens->text_bytes.n_bytes) ||
        !rs_names_table_add(&lens->text_table, hash, at, found)) {
        x->status = RS_ERR_NOMEM;
    }
    return found;
}

rs_str rs_names_raw(rs_file_at_hand *x, uint32_t start, uint32_t end)
{
    rs_str name = rs_file_name(x, start, end);
    if (x->source->status != RS_W_parse_status_undecoded) {
        return name;
    }
    uint32_t number = rs_file_string_repaired(x, name);
    return number == RS_STR_NULL ? RS_STR_LITERAL("") : x->part->strings.items[number];
}

uint32_t rs_names_mangled_text(rs_file_at_hand *x, uint32_t s, rs_str name)
{
    rs_names_lens *lens = x->worker;
    uint32_t class_number = lens->scopes.items[s].around_class;
    if (class_number == NAMES_NONE || name.n_bytes < 3 || name.bytes[0] != '_') {
        return rs_names_text(x, name);
    }
    rs_str class_name = names_of_node(x, lens->classes.items[class_number].node);
    return rs_names_text(x, rs_scope_private_name(&lens->mangled, class_name, name));
}

/* --- lists --- */

void rs_names_item(rs_file_at_hand *x, uint32_t item)
{
    if (!names_numbers_push(&names_lens(x)->items, item)) {
        x->status = RS_ERR_NOMEM;
    }
}

static uint32_t list_add(rs_file_at_hand *x, const uint32_t *items, uint32_t n_items, uint32_t hash,
                         uint32_t at)
{
    rs_names_lens *lens = x->worker;
    uint32_t list = (uint32_t)lens->lists.n_items;
    if (!names_numbers_reserve(&lens->lists, (size_t)n_items + 1)) {
        x->status = RS_ERR_NOMEM;
        return 0;
    }
    lens->lists.items[lens->lists.n_items++] = n_items;
    for (uint32_t i = 0; i < n_items; i++) {
        lens->lists.items[lens->lists.n_items++] = items[i];
    }
    if (!rs_names_table_add(&lens->list_table, hash, at, list)) {
        x->status = RS_ERR_NOMEM;
    }
    return list;
}

uint32_t rs_names_list(rs_file_at_hand *x, size_t first)
{
    rs_names_lens *lens = x->worker;
    if (x->status != RS_OK) {
        return 0;
    }
    uint32_t n_items = (uint32_t)(lens->items.n_items - first);
    const uint32_t *items = n_items > 0 ? lens->items.items + first : NULL;
    uint64_t value = n_items;
    for (uint32_t i = 0; i < n_items; i++) {
        value = (value ^ items[i]) * UINT64_C(0x9e3779b97f4a7c15);
        value ^= value >> 29;
    }
    uint32_t hash = mix(value);
    uint32_t at = hash;
    uint32_t found = rs_names_table_next(&lens->list_table, hash, &at);
    while (found != NAMES_NONE && (lens->lists.items[found] != n_items ||
                                   (n_items > 0 && memcmp(&lens->lists.items[found + 1], items,
                                                          n_items * sizeof *items) != 0))) {
        found = rs_names_table_next(&lens->list_table, hash, &at);
    }
    if (found == NAMES_NONE) {
        found = list_add(x, items, n_items, hash, at);
    }
    lens->items.n_items = first;
    return found;
}

/* --- expressions --- */

uint32_t rs_names_expr(rs_file_at_hand *x, names_op op, uint32_t flags, uint32_t a, uint32_t b)
{
    rs_names_lens *lens = x->worker;
    if (a > NAMES_MAX_A || b > NAMES_MAX_B) {
        return 0; /* more than any file has: unknown */
    }
    uint64_t key = ((uint64_t)a << 32 | b) * UINT64_C(0xff51afd7ed558ccd);
    uint32_t hash = mix(key ^ (key >> 33) ^ ((uint64_t)op << 8 | flags));
    uint32_t at = hash;
    uint32_t found;
    while ((found = rs_names_table_next(&lens->expr_table, hash, &at)) != NAMES_NONE) {
        const names_expr *expr = &lens->exprs.items[found];
        if (expr->a == a && expr->b == b && expr->op == op && expr->flags == flags) {
            return found;
        }
    }
    names_expr expr = {
        .a = a & NAMES_MAX_A, .b = b & NAMES_MAX_B, .op = op & 31, .flags = flags & 63};
    found = (uint32_t)lens->exprs.n_items;
    if (!names_exprs_push(&lens->exprs, expr) ||
        !rs_names_table_add(&lens->expr_table, hash, at, found)) {
        x->status = RS_ERR_NOMEM;
        return 0;
    }
    return found;
}
