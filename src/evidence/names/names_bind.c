/* SPDX-License-Identifier: Apache-2.0 */
/* names_bind.c - slots and their bindings: the variables of the scope lens, and attributes of self. */
#include "evidence/names/names_impl.h"

static bool binds(uint8_t occurrence)
{
    switch ((rs_w_occurrence)occurrence) {
    case RS_W_occurrence_store:
    case RS_W_occurrence_param:
    case RS_W_occurrence_def:
    case RS_W_occurrence_class:
    case RS_W_occurrence_import:
    case RS_W_occurrence_except:
    case RS_W_occurrence_match:
    case RS_W_occurrence_type_param:
        return true;
    case RS_W_occurrence_load:
    case RS_W_occurrence_del:
    case RS_W_occurrence_global:
    case RS_W_occurrence_nonlocal:
    case RS_N_W_occurrence:
        break;
    }
    return false;
}

/* The row of bindings that holds the variable of a row of name_bindings, or NAMES_NONE. */
static uint32_t slot_row(const rs_file_at_hand *x, size_t row)
{
    const rs_batch_column *slots =
        &x->part->batches[RS_DS_name_bindings].columns[RS_C_name_bindings_slot_id];
    return rs_batch_is_valid(slots, row) ? names_row_of(x, slots->values.i64[row]) : NAMES_NONE;
}

/* --- self --- */

static bool is_decorated(const rs_file_at_hand *x, uint32_t function, const char *name)
{
    for (uint32_t child = function + 1; child < behind(x, function); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_decorator_list && names_is(x, child, name)) {
            return true;
        }
    }
    return false;
}

static bool is_class_method(const rs_file_at_hand *x, uint32_t function)
{
    static const char *const by_name[] = {"__new__", "__init_subclass__", "__class_getitem__"};
    for (size_t i = 0; i < sizeof by_name / sizeof *by_name; i++) {
        if (names_is(x, function, by_name[i])) {
            return true;
        }
    }
    return is_decorated(x, function, "classmethod");
}

static void self_find(rs_file_at_hand *x, const names_function *function)
{
    rs_names_lens *lens = x->worker;
    uint32_t arguments = child_in(x, function->node, RS_F_args);
    uint32_t first = arguments == NAMES_NONE ? NAMES_NONE : arguments + 1;
    if (first == NAMES_NONE || first >= behind(x, arguments) ||
        (node_at(x, first)->field != RS_F_args && node_at(x, first)->field != RS_F_posonlyargs) ||
        lens->row.items[first] == NAMES_NONE || is_decorated(x, function->node, "staticmethod")) {
        return;
    }
    uint32_t row = slot_row(x, lens->row.items[first]);
    if (row != NAMES_NONE) {
        lens->row_self.items[row] =
            function->in_class * 2 + (is_class_method(x, function->node) ? 1 : 0);
    }
}

uint32_t rs_names_self(const rs_file_at_hand *x, size_t row)
{
    uint32_t slot = slot_row(x, row);
    return slot == NAMES_NONE ? NAMES_NONE : names_lens(x)->row_self.items[slot];
}

/* Where node n is a Name that is a method's first parameter: row_self; else none. */
static uint32_t self_of(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t row =
        node_at(x, n)->ast_class == RS_AST_Name ? names_lens(x)->row.items[n] : NAMES_NONE;
    return row == NAMES_NONE ? NAMES_NONE : rs_names_self(x, row);
}

/* The attribute of a class's instances, a new one when it is met first. */
static uint32_t own_add(rs_file_at_hand *x, uint32_t class_number, uint32_t name)
{
    rs_names_lens *lens = x->worker;
    uint32_t hash = (class_number * UINT32_C(0x9e3779b1)) ^ (name * UINT32_C(0x85ebca6b));
    uint32_t at = hash;
    uint32_t found;
    while ((found = rs_names_table_next(&lens->own_table, hash, &at)) != NAMES_NONE) {
        if (lens->owns.items[found].class_number == class_number &&
            lens->owns.items[found].name == name) {
            return found;
        }
    }
    found = (uint32_t)lens->owns.n_items;
    names_own own = {.class_number = class_number, .name = name, .next = found};
    uint32_t *last = &lens->class_owns.items[class_number];
    if (*last != NAMES_NONE) { /* a ring: the last one's next is the first */
        own.next = lens->owns.items[*last].next;
        lens->owns.items[*last].next = found;
    }
    *last = found;
    if (!names_owns_push(&lens->owns, own) ||
        !rs_names_table_add(&lens->own_table, hash, at, found)) {
        x->status = RS_ERR_NOMEM;
    }
    return found;
}

static void own_site_add(rs_file_at_hand *x, uint32_t class_number, uint32_t n, uint32_t name,
                         names_binding_kind kind, uint32_t flags)
{
    rs_names_lens *lens = x->worker;
    names_own_site site = {.own = own_add(x, class_number, name),
                           .node = n,
                           .kind = (uint8_t)kind,
                           .flags = (uint8_t)flags};
    if (x->status == RS_OK && !names_own_sites_push(&lens->own_sites, site)) {
        x->status = RS_ERR_NOMEM;
    }
    if (x->status == RS_OK) {
        lens->owns.items[site.own].n_bindings++;
    }
}

static void attribute_visit(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    uint32_t self = node_at(x, n)->context == RS_W_context_STORE ? self_of(x, n + 1) : NAMES_NONE;
    if (self != NAMES_NONE) {
        uint32_t name = rs_names_mangled_text(x, lens->at.items[n], names_of_node(x, n));
        own_site_add(x, self / 2, n, name, NAMES_SELF,
                     (lens->lies.items[n] & NAMES_AT_FLAGS) | (self % 2 ? NAMES_ON_CLASS : 0));
    }
}

/* --- __slots__ --- */

static void slots_item(rs_file_at_hand *x, uint32_t n, uint32_t s)
{
    rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    if (node->ast_class != RS_AST_Constant || node->detail != RS_W_literal_kind_string) {
        return;
    }
    rs_buf_reset(&x->scratch);
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    rs_str name = rs_buf_str(&x->scratch);
    size_t end;
    if (name.n_bytes > 0 && name.n_bytes <= RS_NAME_MAX_BYTES &&
        rs_utf8_find_invalid(name.bytes, name.n_bytes, 0, &end) == name.n_bytes) {
        own_site_add(x, lens->scopes.items[s].owner, n, rs_names_mangled_text(x, s, name),
                     NAMES_SLOTS_ITEM, 0);
    }
}

/* `__slots__ = ...` in a class, at the name. */
static void slots_visit(rs_file_at_hand *x, uint32_t n)
{
    uint32_t s = names_lens(x)->at.items[n];
    uint32_t statement = node_at(x, n)->parent;
    uint32_t value = child_in(x, statement, RS_F_value);
    if (names_lens(x)->scopes.items[s].kind != RS_W_scope_kind_class || value == NAMES_NONE ||
        node_at(x, n)->context != RS_W_context_STORE) {
        return;
    }
    switch (node_at(x, value)->ast_class) {
    case RS_AST_Tuple:
    case RS_AST_List:
    case RS_AST_Set:
    case RS_AST_Dict:
        for (uint32_t child = value + 1; child < behind(x, value); child = behind(x, child)) {
            if (node_at(x, child)->field != RS_F_values) {
                slots_item(x, child, s);
            }
        }
        break;
    default:
        slots_item(x, value, s);
        break;
    }
}

/* --- slots --- */

static uint32_t slot_add(rs_file_at_hand *x, uint32_t name, const names_scope *s, names_owner kind,
                         uint32_t n_bindings)
{
    rs_names_lens *lens = x->worker;
    names_slot slot = {.name = name,
                       .owner = (s->owner == NAMES_NONE ? 0 : s->owner) & NAMES_MAX_A,
                       .first_binding = 0,
                       .n_bindings = n_bindings,
                       .exit = NAMES_NONE,
                       .owner_kind = kind & 7};
    if (!names_slots_push(&lens->slots, slot)) {
        x->status = RS_ERR_NOMEM;
    }
    return (uint32_t)lens->slots.n_items - 1;
}

/* The slots of a scope: rows first .. end of bindings, whose counts become numbers of slots. */
static void scope_slots(rs_file_at_hand *x, const names_scope *s, uint32_t end)
{
    rs_names_lens *lens = x->worker;
    const uint32_t *names = rs_bindings_columns_of(x->part).name;
    size_t first_row = x->first_rows[RS_DS_bindings];
    uint32_t first_slot = (uint32_t)lens->slots.n_items;
    for (uint32_t row = s->first_row; row < end; row++) {
        uint32_t n_bindings = lens->row_slot.items[row];
        if (n_bindings == 0) {
            lens->row_slot.items[row] = NAMES_NONE;
            continue;
        }
        uint32_t name = rs_names_text(x, x->part->strings.items[names[first_row + row]]);
        lens->row_text.items[row] = name;
        lens->row_slot.items[row] = slot_add(x, name, s, (names_owner)s->owner_kind, n_bindings);
    }
    if (s->owner_kind == NAMES_OF_MODULE && lens->stars.n_items > 0) {
        (void)slot_add(x, rs_names_text(x, RS_STR_LITERAL("*")), s, NAMES_OF_MODULE,
                       (uint32_t)lens->stars.n_items);
    }
    if (s->owner_kind != NAMES_OF_CLASS) {
        return;
    }
    names_class *made = &lens->classes.items[s->owner];
    made->first_slot = first_slot;
    made->n_slots = (uint32_t)lens->slots.n_items - first_slot;
    uint32_t last = lens->class_owns.items[s->owner];
    uint32_t own = last == NAMES_NONE ? NAMES_NONE : lens->owns.items[last].next;
    while (own != NAMES_NONE) {
        lens->owns.items[own].slot = slot_add(x, lens->owns.items[own].name, s, NAMES_OF_INSTANCE,
                                              lens->owns.items[own].n_bindings);
        made->n_instance_slots++;
        own = own == last ? NAMES_NONE : lens->owns.items[own].next;
    }
}

/* Places of bindings by slot; n_bindings then counts again while they are filled in. */
static bool places_find(rs_names_lens *lens)
{
    size_t n_bindings = 0;
    for (size_t i = 0; i < lens->slots.n_items; i++) {
        lens->slots.items[i].first_binding = (uint32_t)n_bindings;
        n_bindings += lens->slots.items[i].n_bindings;
        lens->slots.items[i].n_bindings = 0;
    }
    lens->bindings.n_items = 0;
    if (!names_bindings_reserve(&lens->bindings, n_bindings)) {
        return false;
    }
    lens->bindings.n_items = n_bindings;
    return true;
}

/* --- bindings --- */

static void binding_fill(rs_names_lens *lens, uint32_t slot, uint32_t n, names_binding_kind kind,
                         uint32_t flags)
{
    names_slot *owner = &lens->slots.items[slot];
    uint32_t number = owner->first_binding + owner->n_bindings++;
    lens->bindings.items[number] = (names_binding){.node = n & ((1u << RS_ID_ENTITY_BITS) - 1),
                                                   .slot = slot,
                                                   .value = NAMES_NONE,
                                                   .annotation = NAMES_NONE,
                                                   .inner = NAMES_NONE,
                                                   .kind = kind & 15,
                                                   .flags = flags & 15};
    lens->binding.items[n] = number;
}

static names_binding_kind store_kind(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t parent = node_at(x, n)->parent;
    if (node_at(x, n)->field == RS_F_target) {
        switch (node_at(x, parent)->ast_class) {
        case RS_AST_AugAssign:
            return NAMES_AUGMENT;
        case RS_AST_AnnAssign:
            return child_in(x, parent, RS_F_value) == NAMES_NONE ? NAMES_ANNOTATION : NAMES_ASSIGN;
        default:
            break;
        }
    }
    return NAMES_ASSIGN;
}

static names_binding_kind kind_of(const rs_file_at_hand *x, uint32_t n, uint8_t occurrence)
{
    switch ((rs_w_occurrence)occurrence) {
    case RS_W_occurrence_param:
        return NAMES_PARAM;
    case RS_W_occurrence_def:
        return NAMES_DEF;
    case RS_W_occurrence_class:
        return NAMES_CLASS;
    case RS_W_occurrence_import:
        return node_at(x, node_at(x, n)->parent)->ast_class == RS_AST_Import ? NAMES_IMPORT
                                                                             : NAMES_FROM;
    case RS_W_occurrence_except:
        return NAMES_EXCEPT;
    case RS_W_occurrence_type_param:
        return NAMES_TYPE_PARAM;
    case RS_W_occurrence_store:
        return store_kind(x, n);
    case RS_W_occurrence_match:
    case RS_W_occurrence_load:
    case RS_W_occurrence_del:
    case RS_W_occurrence_global:
    case RS_W_occurrence_nonlocal:
    case RS_N_W_occurrence:
        break;
    }
    return NAMES_ASSIGN;
}

/* Definitions know their binding. */
static void definition_fill(rs_names_lens *lens, uint32_t n)
{
    uint32_t number = lens->binding.items[n];
    const names_scope *s = &lens->scopes.items[lens->opened.items[n]];
    lens->bindings.items[number].inner = s->owner;
    if (lens->bindings.items[number].kind == NAMES_DEF) {
        lens->functions.items[s->owner].binding = number;
    } else {
        lens->classes.items[s->owner].binding = number;
    }
}

static void bindings_fill(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    rs_name_bindings_columns of = rs_name_bindings_columns_of(x->part);
    size_t end = x->part->batches[RS_DS_name_bindings].n_rows;
    for (size_t row = x->first_rows[RS_DS_name_bindings]; row < end; row++) {
        uint32_t slot = binds(of.occurrence[row]) ? slot_row(x, row) : NAMES_NONE;
        if (slot == NAMES_NONE) {
            continue;
        }
        uint32_t n = (uint32_t)(of.node_id[row] - x->base);
        names_binding_kind kind = kind_of(x, n, of.occurrence[row]);
        binding_fill(lens, lens->row_slot.items[slot], n, kind,
                     lens->lies.items[n] & NAMES_AT_FLAGS);
        if ((kind == NAMES_DEF || kind == NAMES_CLASS) && lens->opened.items[n] != NAMES_NONE) {
            definition_fill(lens, n);
        }
    }
    for (size_t i = 0; i < lens->own_sites.n_items; i++) {
        const names_own_site *site = &lens->own_sites.items[i];
        binding_fill(lens, lens->owns.items[site->own].slot, site->node,
                     (names_binding_kind)site->kind, site->flags);
    }
}

/* Is the star below a test that nobody decides, a loop or a handler? A try or with does not keep it from
 * running. */
static bool may_not_run(const rs_file_at_hand *x, uint32_t star)
{
    enum { DECIDED = NAMES_AT_DECIDED_TRUE | NAMES_AT_DECIDED_FALSE };
    for (uint32_t n = node_at(x, star)->parent; n != 0; n = node_at(x, n)->parent) {
        switch (node_at(x, n)->ast_class) {
        case RS_AST_If:
            if ((names_lens(x)->lies.items[n] & DECIDED) == 0) {
                return true;
            }
            break;
        case RS_AST_For:
        case RS_AST_While:
        case RS_AST_ExceptHandler:
        case RS_AST_match_case:
            return true;
        default:
            break;
        }
    }
    return false;
}

/* The slot of stars is the module's last. */
static void stars_fill(rs_file_at_hand *x, uint32_t slot)
{
    rs_names_lens *lens = x->worker;
    for (size_t i = 0; i < lens->stars.n_items; i++) {
        uint32_t n = lens->stars.items[i];
        uint32_t flags = lens->lies.items[n] & NAMES_AT_FLAGS;
        binding_fill(lens, slot, n, NAMES_STAR,
                     flags | (may_not_run(x, n) ? (uint32_t)NAMES_MAY_NOT_RUN : 0));
    }
}

/* --- the whole --- */

static bool begin(rs_file_at_hand *x, size_t n_rows)
{
    rs_names_lens *lens = x->worker;
    names_numbers_reset(&lens->row_slot);
    names_numbers_reset(&lens->row_self);
    names_numbers_reset(&lens->row_text);
    names_numbers_reset(&lens->class_owns);
    names_owns_reset(&lens->owns);
    names_own_sites_reset(&lens->own_sites);
    if (!names_numbers_reserve(&lens->row_slot, n_rows) ||
        !names_numbers_reserve(&lens->row_self, n_rows) ||
        !names_numbers_reserve(&lens->row_text, n_rows) ||
        !names_numbers_reserve(&lens->class_owns, lens->classes.n_items) ||
        !rs_names_table_reset(&lens->own_table)) {
        return false;
    }
    if (n_rows > 0) {
        memset(lens->row_slot.items, 0, n_rows * sizeof *lens->row_slot.items);
        memset(lens->row_self.items, 0xff, n_rows * sizeof *lens->row_self.items);
        memset(lens->row_text.items, 0xff, n_rows * sizeof *lens->row_text.items);
    }
    lens->row_slot.n_items = n_rows;
    for (size_t i = 0; i < lens->classes.n_items; i++) {
        lens->class_owns.items[i] = NAMES_NONE;
    }
    return true;
}

/* The rows of each node, and how many bindings each variable has. */
static void rows_count(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    rs_name_bindings_columns of = rs_name_bindings_columns_of(x->part);
    size_t end = x->part->batches[RS_DS_name_bindings].n_rows;
    for (size_t row = x->first_rows[RS_DS_name_bindings]; row < end; row++) {
        uint32_t slot = binds(of.occurrence[row]) ? slot_row(x, row) : NAMES_NONE;
        lens->row.items[(uint32_t)(of.node_id[row] - x->base)] = (uint32_t)row;
        if (slot != NAMES_NONE) {
            lens->row_slot.items[slot]++;
        }
    }
}

static void rows_find(rs_file_at_hand *x, size_t n_rows)
{
    rs_names_lens *lens = x->worker;
    const int64_t *scope_ids = rs_bindings_columns_of(x->part).scope_id;
    size_t first = x->first_rows[RS_DS_bindings];
    uint32_t row = 0;
    for (uint32_t s = 0; s < lens->scopes.n_items; s++) {
        lens->scopes.items[s].first_row = row;
        while (row < n_rows && scope_ids[first + row] == id_of(x, lens->first_scope + s)) {
            row++;
        }
    }
}

void rs_names_bind(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    size_t n_rows = x->part->batches[RS_DS_bindings].n_rows - x->first_rows[RS_DS_bindings];
    if (!begin(x, n_rows)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    rows_find(x, n_rows);
    rows_count(x);
    for (size_t i = 0; i < lens->functions.n_items; i++) {
        if (lens->functions.items[i].in_class != NAMES_NONE) {
            self_find(x, &lens->functions.items[i]);
        }
    }
    for (uint32_t n = 1; n < x->tree.n_nodes && x->status == RS_OK; n++) {
        if (node_at(x, n)->ast_class == RS_AST_Attribute) {
            attribute_visit(x, n);
        } else if (node_at(x, n)->ast_class == RS_AST_Name && names_is(x, n, "__slots__")) {
            slots_visit(x, n);
        }
    }
    uint32_t star_slot = NAMES_NONE;
    for (uint32_t s = 0; s < lens->scopes.n_items && x->status == RS_OK; s++) {
        uint32_t end =
            s + 1 < lens->scopes.n_items ? lens->scopes.items[s + 1].first_row : (uint32_t)n_rows;
        scope_slots(x, &lens->scopes.items[s], end);
        star_slot = s == 0 ? (uint32_t)lens->slots.n_items - 1 : star_slot;
    }
    if (x->status != RS_OK || !places_find(lens)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    stars_fill(x, star_slot);
    bindings_fill(x);
}
