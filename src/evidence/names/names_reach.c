/* SPDX-License-Identifier: Apache-2.0 */
/* names_reach.c - which bindings may reach a name.
 *
 * In its own scope a name has what the flow lens says. One of a scope around has what may hold when
 * that ends: code of a function runs later. A star import binds what nobody here knows: it reaches
 * what stands behind it and may still have a value of before it, or none.
 */
#include "evidence/flow/flow.h"
#include "evidence/names/names_impl.h"

/* --- what the flow lens says --- */

static bool events_size(rs_file_at_hand *x, size_t first, size_t end)
{
    rs_names_lens *lens = x->worker;
    const int64_t *ids = rs_def_use_events_columns_of(x->part).event_id;
    names_numbers_reset(&lens->event_node);
    if (first == end) {
        return true;
    }
    lens->first_event = (uint32_t)(ids[first] - x->base);
    size_t n = (size_t)(ids[end - 1] - ids[first]) + 1;
    return names_numbers_reserve(&lens->event_node, n);
}

/* Rows of reaching_defs stand in order of their uses, as those do. */
static void uses_find(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    rs_def_use_events_columns of = rs_def_use_events_columns_of(x->part);
    const int64_t *use_ids = rs_reaching_defs_columns_of(x->part).use_event_id;
    size_t first = x->first_rows[RS_DS_def_use_events];
    size_t end = x->part->batches[RS_DS_def_use_events].n_rows;
    size_t pair = x->first_rows[RS_DS_reaching_defs];
    size_t pair_end = x->part->batches[RS_DS_reaching_defs].n_rows;
    if (!events_size(x, first, end)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    for (size_t row = first; row < end; row++) {
        uint32_t n = (uint32_t)(of.node_id[row] - x->base);
        lens->event_node.items[(uint32_t)(of.event_id[row] - x->base) - lens->first_event] = n;
        size_t begin = pair;
        while (pair < pair_end && use_ids[pair] == of.event_id[row]) {
            pair++;
        }
        if (of.is_own[row] && of.event_kind[row] == RS_W_event_kind_use) {
            lens->uses.items[n] = (names_use){.first = (uint32_t)begin,
                                              .n_defs = (uint32_t)(pair - begin),
                                              .is_known = !of.too_many_defs[row],
                                              .maybe_unbound = of.maybe_unbound[row]};
        }
    }
    RS_ASSERT(pair == pair_end);
}

/* Those of code that runs in a scope around: all of a use stand side by side. A header with type parameters
 * has a scope of its own that runs where it stands, so a use may be of both: what its own has comes first. */
static void inner_find(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    const rs_flow_beside *beside = x->flow_beside;
    for (size_t i = 0; i < beside->n_inner; i++) {
        names_use *use = &lens->uses.items[beside->inner[i].use];
        if (!use->is_inner && use->n_defs > 0) {
            continue;
        }
        if (!use->is_inner) {
            *use = (names_use){.first = (uint32_t)i, .is_known = true, .is_inner = true};
        }
        use->n_defs++;
        use->maybe_unbound |= beside->inner[i].def == RS_NO_NODE;
    }
}

static void ends_find(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    const rs_flow_beside *beside = x->flow_beside;
    size_t n_rows = lens->row_slot.n_items;
    names_numbers_reset(&lens->ends);
    if (!names_numbers_reserve(&lens->ends, n_rows)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    if (n_rows > 0) {
        memset(lens->ends.items, 0xff, n_rows * sizeof *lens->ends.items);
    }
    for (size_t i = beside->n_ends; i > 0; i--) {
        lens->ends.items[beside->ends[i - 1].use] = (uint32_t)i - 1;
    }
}

/* --- gathering --- */

static void key_add(rs_file_at_hand *x, uint32_t binding)
{
    rs_names_lens *lens = x->worker;
    uint64_t key = (uint64_t)lens->bindings.items[binding].node << 32 | binding;
    if (!names_keys_push(&lens->keys, key)) {
        x->status = RS_ERR_NOMEM;
    }
    lens->n_facts++;
}

static void gather_list(rs_file_at_hand *x, uint32_t list)
{
    rs_names_lens *lens = x->worker;
    uint32_t n_items = lens->lists.items[list];
    for (uint32_t i = 0; i < n_items; i++) {
        key_add(x, lens->lists.items[list + 1 + i]);
    }
}

/* The star imports between two nodes. */
static void gather_stars(rs_file_at_hand *x, uint32_t from, uint32_t to)
{
    rs_names_lens *lens = x->worker;
    size_t low = 0;
    size_t high = lens->stars.n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lens->stars.items[middle] > from) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    for (; low < lens->stars.n_items && lens->stars.items[low] < to &&
           lens->n_facts < x->options->names.max_facts;
         low++) {
        key_add(x, lens->binding.items[lens->stars.items[low]]);
    }
}

static int key_compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static bool is_dead(const rs_names_lens *lens, uint64_t key)
{
    return (lens->bindings.items[(uint32_t)key].flags & NAMES_IS_DEAD) != 0;
}

/* The list of what was gathered, in order of the source; dead bindings for dead code, or where there
 * are no others. */
static uint32_t gathered(rs_file_at_hand *x, bool from_dead)
{
    rs_names_lens *lens = x->worker;
    names_keys *keys = &lens->keys;
    size_t n_alive = 0;
    bool is_sorted = true;
    for (size_t i = 0; i < keys->n_items; i++) {
        n_alive += !is_dead(lens, keys->items[i]);
        is_sorted = is_sorted && (i == 0 || keys->items[i - 1] < keys->items[i]);
    }
    if (!is_sorted) {
        qsort(keys->items, keys->n_items, sizeof *keys->items, key_compare);
    }
    size_t first = lens->items.n_items;
    for (size_t i = 0; i < keys->n_items; i++) {
        bool is_twice = i > 0 && keys->items[i] == keys->items[i - 1];
        if (!is_twice && (from_dead || n_alive == 0 || !is_dead(lens, keys->items[i]))) {
            rs_names_item(x, (uint32_t)keys->items[i]);
        }
    }
    names_keys_reset(keys);
    return rs_names_list(x, first);
}

/* --- what holds when a scope ends --- */

static void gather_all(rs_file_at_hand *x, const names_slot *slot)
{
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        key_add(x, slot->first_binding + i);
    }
}

/* The bindings of a module's slot by functions that declare it global: they may have run. */
static void gather_declared(rs_file_at_hand *x, const names_slot *slot)
{
    rs_names_lens *lens = x->worker;
    for (uint32_t i = 0; i < slot->n_bindings && lens->n_facts < x->options->names.max_facts; i++) {
        lens->n_facts++;
        if (lens->at.items[lens->bindings.items[slot->first_binding + i].node] != 0) {
            key_add(x, slot->first_binding + i);
        }
    }
}

/* What the flow lens has of the end of a variable, and the first node; RS_NO_NODE: it may have none. */
static uint32_t gather_ends(rs_file_at_hand *x, uint32_t first, names_slot *slot)
{
    rs_names_lens *lens = x->worker;
    const rs_flow_beside *beside = x->flow_beside;
    uint32_t row = beside->ends[first].use;
    uint32_t first_node = NAMES_NONE;
    for (size_t i = first; i < beside->n_ends && beside->ends[i].use == row; i++) {
        uint32_t n = beside->ends[i].def;
        if (n == RS_NO_NODE) {
            slot->flags = NAMES_MAY_BE_FREE;
            first_node = 0;
        } else if (lens->binding.items[n] != NAMES_NONE) {
            key_add(x, lens->binding.items[n]);
            first_node = n < first_node ? n : first_node;
        }
    }
    return first_node;
}

static bool has_alive(const rs_names_lens *lens)
{
    for (size_t i = 0; i < lens->keys.n_items; i++) {
        if (!is_dead(lens, lens->keys.items[i])) {
            return true;
        }
    }
    return false;
}

static void exit_find(rs_file_at_hand *x, uint32_t number, uint32_t row)
{
    rs_names_lens *lens = x->worker;
    names_slot *slot = &lens->slots.items[number];
    uint32_t first = row == NAMES_NONE ? NAMES_NONE : lens->ends.items[row];
    uint32_t node;
    if (first != NAMES_NONE) {
        node = gather_ends(x, first, slot);
        if (slot->owner_kind == NAMES_OF_MODULE) {
            gather_declared(x, slot);
        }
        if (lens->is_stub && !has_alive(lens)) { /* x: T, which declares it there */
            gather_all(x, slot);
        }
    } else {
        gather_all(x, slot);
        node = lens->bindings.items[slot->first_binding].node;
    }
    if (slot->owner_kind == NAMES_OF_MODULE) {
        gather_stars(x, node, x->tree.n_nodes);
    }
    slot->exit = gathered(x, false);
}

/* What code that runs later may get of a slot: all of it where it has no value in the end. */
static uint32_t later(rs_file_at_hand *x, uint32_t number)
{
    rs_names_lens *lens = x->worker;
    const names_slot *slot = &lens->slots.items[number];
    if (lens->lists.items[slot->exit] > 0 || lens->n_facts >= x->options->names.max_facts) {
        return slot->exit;
    }
    gather_all(x, slot);
    return gathered(x, false);
}

/* --- names --- */

static uint32_t name_expr(rs_file_at_hand *x, uint32_t text, uint32_t flags, uint32_t list)
{
    return rs_names_expr(x, NAMES_NAME, flags, text, list);
}

/* What nothing in the file binds: star imports may, before node `to`. */
static uint32_t free_list(rs_file_at_hand *x, uint32_t to)
{
    gather_stars(x, 0, to);
    return gathered(x, false);
}

static bool rows_index(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    const uint32_t *names = rs_bindings_columns_of(x->part).name;
    size_t first = x->first_rows[RS_DS_bindings];
    if (!rs_names_table_reset(&lens->row_table)) {
        return false;
    }
    for (uint32_t s = 0; s < lens->scopes.n_items; s++) {
        uint32_t end = s + 1 < lens->scopes.n_items ? lens->scopes.items[s + 1].first_row
                                                    : (uint32_t)lens->row_slot.n_items;
        for (uint32_t row = lens->scopes.items[s].first_row; row < end; row++) {
            uint32_t hash =
                (s * UINT32_C(0x9e3779b1)) ^ (names[first + row] * UINT32_C(0x85ebca6b));
            uint32_t at = hash;
            while (rs_names_table_next(&lens->row_table, hash, &at) != NAMES_NONE) {
            }
            if (!rs_names_table_add(&lens->row_table, hash, at, row)) {
                return false;
            }
        }
    }
    lens->has_row_table = true;
    return true;
}

/* The slot that scope s itself has for a name, or NAMES_NONE. */
static uint32_t slot_in(rs_file_at_hand *x, uint32_t s, rs_str name)
{
    rs_names_lens *lens = x->worker;
    if (!lens->has_row_table && !rows_index(x)) {
        x->status = RS_ERR_NOMEM;
        return NAMES_NONE;
    }
    uint32_t class_number = lens->scopes.items[s].around_class;
    if (class_number != NAMES_NONE) {
        name = rs_scope_private_name(
            &lens->mangled, names_of_node(x, lens->classes.items[class_number].node), name);
    }
    uint32_t number = rs_strings_find(&x->part->strings, name);
    size_t first = x->first_rows[RS_DS_bindings];
    rs_bindings_columns of = rs_bindings_columns_of(x->part);
    uint32_t hash = (s * UINT32_C(0x9e3779b1)) ^ (number * UINT32_C(0x85ebca6b));
    uint32_t at = hash;
    uint32_t row;
    while (number != RS_STR_NULL &&
           (row = rs_names_table_next(&lens->row_table, hash, &at)) != NAMES_NONE) {
        if (of.name[first + row] == number &&
            of.scope_id[first + row] == id_of(x, lens->first_scope + s)) {
            return lens->row_slot.items[row];
        }
    }
    return NAMES_NONE;
}

uint32_t rs_names_read_late(rs_file_at_hand *x, uint32_t s, rs_str name)
{
    rs_names_lens *lens = x->worker;
    uint32_t text = rs_names_mangled_text(x, s, name);
    bool sees_class = true;
    for (; s != NAMES_NONE && x->status == RS_OK; s = lens->scopes.items[s].parent) {
        bool is_class = lens->scopes.items[s].kind == RS_W_scope_kind_class;
        uint32_t slot = is_class && !sees_class ? NAMES_NONE : slot_in(x, s, name);
        sees_class = sees_class && lens->scopes.items[s].owner_kind == NAMES_OF_TYPE_PARAMS;
        if (slot != NAMES_NONE) {
            return name_expr(x, text, lens->slots.items[slot].flags, later(x, slot));
        }
    }
    return name_expr(x, text, NAMES_MAY_BE_FREE, free_list(x, x->tree.n_nodes));
}

/* The bindings of a name's own scope that the flow lens has; returns the first node, or NAMES_NONE. */
static uint32_t gather_defs(rs_file_at_hand *x, const names_use *use)
{
    rs_names_lens *lens = x->worker;
    const int64_t *def_ids = rs_reaching_defs_columns_of(x->part).def_event_id;
    uint32_t first = NAMES_NONE;
    for (uint32_t i = 0; i < use->n_defs; i++) {
        uint32_t def =
            use->is_inner
                ? x->flow_beside->inner[use->first + i].def
                : lens->event_node
                      .items[(uint32_t)(def_ids[use->first + i] - x->base) - lens->first_event];
        if (def != RS_NO_NODE && lens->binding.items[def] != NAMES_NONE) {
            key_add(x, lens->binding.items[def]);
            first = def < first ? def : first;
        }
    }
    return first;
}

/* Where the flow lens knows: of a name in its own scope s. A name of a class body that may have no value
 * there yet is looked up around it, too. */
static uint32_t read_own(rs_file_at_hand *x, uint32_t n, uint32_t s, uint32_t slot, uint32_t text)
{
    rs_names_lens *lens = x->worker;
    const names_use *use = &lens->uses.items[n];
    bool is_module = slot != NAMES_NONE ? lens->slots.items[slot].owner_kind == NAMES_OF_MODULE
                                        : lens->scopes.items[s].kind == RS_W_scope_kind_module;
    bool sees_around =
        lens->scopes.items[s].kind == RS_W_scope_kind_class && use->maybe_unbound && !use->is_inner;
    names_expr around = {.b = 0};
    if (sees_around) {
        around =
            lens->exprs
                .items[rs_names_read_late(x, lens->scopes.items[s].parent, names_of_node(x, n))];
    }
    uint32_t first = gather_defs(x, use);
    uint32_t flags = is_module && use->maybe_unbound ? NAMES_MAY_BE_FREE : around.flags;
    if (is_module) {
        gather_stars(x, use->maybe_unbound ? 0 : first, n);
        if (use->maybe_unbound && slot != NAMES_NONE) {
            gather_declared(x, &lens->slots.items[slot]);
        }
    }
    gather_list(x, around.b);
    bool is_lost = lens->keys.n_items == 0 && flags == 0 && slot != NAMES_NONE;
    uint32_t list = gathered(x, (lens->lies.items[n] & NAMES_IS_DEAD) != 0);
    return name_expr(x, text, flags, is_lost ? later(x, slot) : list);
}

/* The name as the code of its scope has it: that of the scope's own row, where it has one. */
static uint32_t text_of_name(rs_file_at_hand *x, size_t row, uint32_t s, rs_str name)
{
    rs_names_lens *lens = x->worker;
    const rs_batch_column *bindings =
        &x->part->batches[RS_DS_name_bindings].columns[RS_C_name_bindings_binding_id];
    if (!rs_batch_is_valid(bindings, row)) {
        return rs_names_mangled_text(x, s, name);
    }
    uint32_t *text = &lens->row_text.items[names_row_of(x, bindings->values.i64[row])];
    if (*text == NAMES_NONE) {
        *text = rs_names_mangled_text(x, s, name);
    }
    return *text;
}

uint32_t rs_names_read(rs_file_at_hand *x, size_t row)
{
    rs_names_lens *lens = x->worker;
    rs_name_bindings_columns of = rs_name_bindings_columns_of(x->part);
    const rs_batch_column *slots =
        &x->part->batches[RS_DS_name_bindings].columns[RS_C_name_bindings_slot_id];
    uint32_t n = (uint32_t)(of.node_id[row] - x->base);
    uint32_t s = (uint32_t)(of.scope_id[row] - x->base) - lens->first_scope;
    rs_str name = x->part->strings.items[of.name[row]];
    uint32_t slot = NAMES_NONE;
    if (lens->is_stub || lens->scopes.items[s].kind == RS_W_scope_kind_annotation) {
        return rs_names_read_late(x, s, name);
    }
    if (rs_batch_is_valid(slots, row)) {
        slot = lens->row_slot.items[names_row_of(x, slots->values.i64[row])];
    }
    uint32_t text = text_of_name(x, row, s, name);
    uint32_t class_number = lens->scopes.items[s].around_class;
    if (class_number != NAMES_NONE && of.resolution[row] == RS_W_resolution_free &&
        rs_str_equal(name, RS_STR_LITERAL("__class__")) &&
        lens->classes.items[class_number].binding != NAMES_NONE) {
        key_add(x, lens->classes.items[class_number].binding);
        return name_expr(x, text, 0, gathered(x, true));
    }
    if (lens->uses.items[n].is_known && lens->n_facts < x->options->names.max_facts) {
        return read_own(x, n, s, slot, text);
    }
    if (slot != NAMES_NONE) {
        return name_expr(x, text, lens->slots.items[slot].flags, later(x, slot));
    }
    bool is_module = lens->scopes.items[s].kind == RS_W_scope_kind_module;
    return name_expr(x, text, NAMES_MAY_BE_FREE, free_list(x, is_module ? n : x->tree.n_nodes));
}

void rs_names_reach(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    names_keys_reset(&lens->keys);
    lens->n_facts = 0;
    lens->has_row_table = false;
    uses_find(x);
    inner_find(x);
    ends_find(x);
    size_t n_rows = lens->row_slot.n_items;
    for (size_t row = 0; row < n_rows && x->status == RS_OK; row++) {
        if (lens->row_slot.items[row] != NAMES_NONE) {
            exit_find(x, lens->row_slot.items[row], (uint32_t)row);
        }
    }
    for (uint32_t i = 0; i < lens->slots.n_items && x->status == RS_OK; i++) {
        if (lens->slots.items[i].exit == NAMES_NONE) { /* of stars and instances */
            exit_find(x, i, NAMES_NONE);
        }
    }
}
