/* SPDX-License-Identifier: Apache-2.0 */
/* aggregate: one row a key. A group is what its first damaged row says, or its first one where none is: so
 * whether any of them is damaged is said, too, and no other function of a group. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

enum { FIRST_SLOTS = 1024 };

/* Behind the keys: whether the row is damaged. */
static size_t damage_item(const rs_plan *plan)
{
    return plan->n_group_by;
}

static void compile_damage(rs_native_plan *plan, rs_native_compiler *compiler)
{
    const rs_dataset *dataset = plan->plan->inputs[0].dataset;
    const rs_column *column = rs_column_find(dataset, RS_STR_LITERAL(RS_DAMAGE_COLUMN));
    if (column != NULL) {
        plan->item[damage_item(plan->plan)] =
            rs_native_compile_load(compiler, 0, (size_t)(column - dataset->columns));
    }
}

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    const rs_plan *of = plan->plan;
    compiler->program = &plan->items;
    if (of->n_group_by >= RS_PLAN_MAX_ITEMS) {
        (void)rs_native_refuse(compiler, "a key of so many columns");
        return false;
    }
    for (size_t i = 0; i < of->n_group_by && !compiler->cannot; i++) {
        plan->item[i] = rs_native_compile_key(compiler, of->group_by[i], of->group_by[i]);
        if (plan->item[i].class == RS_NATIVE_FLOAT) { /* equal ones need not be the same */
            (void)rs_native_refuse(compiler, "groups by a number with a fraction");
        }
    }
    compile_damage(plan, compiler);
    return !compiler->failed && !compiler->cannot;
}

bool rs_native_is_damage_of_group(const rs_plan *plan, const rs_expr *call)
{
    const rs_expr *child = call->first;
    return plan->op->groups && strcmp(call->function->name, "any") == 0 &&
           child->kind == RS_EXPR_COLUMN && child->input == 0 && child->column->required &&
           strcmp(child->column->name, RS_DAMAGE_COLUMN) == 0;
}

/* --- groups --- */

typedef struct key_value {
    rs_str text; /* bytes NULL: a number of n_bytes, or null */
    int64_t number;
    bool is_null;
} key_value;

typedef struct group {
    uint32_t row; /* that stands for it */
    bool is_damaged;
} group;

RS_VEC_DEFINE(group_vec, group)
RS_VEC_DEFINE(key_vec, key_value)

typedef struct grouping {
    rs_native_flow *flow;
    group_vec groups;
    key_vec keys;    /* those of a group behind those of the one before */
    uint32_t *slots; /* by hash: a group's number and 1, or 0 */
    size_t n_slots;
    uint32_t rows[RS_FRAME_ROWS];
} grouping;

static rs_status out_of_memory(const grouping *self, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->flow->plan->plan->name);
}

static key_value value_of(const rs_native_vector *value, rs_native_class class, size_t row)
{
    size_t at = value->form == RS_FORM_FLAT ? row : 0;
    key_value key = {.is_null = rs_native_valid_at(value, row) != RS_NATIVE_VALID};
    if (key.is_null) {
        return key;
    }
    if (class == RS_NATIVE_TEXT) {
        key.text = ((const rs_str *)value->values)[at];
    } else {
        key.number = class == RS_NATIVE_BOOL ? ((const uint8_t *)value->values)[at]
                                             : ((const int64_t *)value->values)[at];
    }
    return key;
}

static uint64_t hash_of(const key_value *keys, size_t n_keys)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < n_keys; i++) {
        hash = rs_native_mix(hash, (uint64_t)keys[i].number + keys[i].is_null);
        hash = keys[i].text.n_bytes > 0 ? rs_native_mix(hash, rs_native_hash_text(keys[i].text))
                                        : hash;
    }
    return hash;
}

static bool is_same(const key_value *a, const key_value *b, size_t n_keys)
{
    for (size_t i = 0; i < n_keys; i++) {
        if (a[i].is_null != b[i].is_null || a[i].number != b[i].number ||
            !rs_str_equal(a[i].text, b[i].text)) {
            return false;
        }
    }
    return true;
}

static size_t slot_of(const grouping *self, const key_value *keys)
{
    size_t n_keys = self->flow->plan->plan->n_group_by;
    size_t at = hash_of(keys, n_keys) & (self->n_slots - 1);
    while (self->slots[at] != 0 &&
           !is_same(self->keys.items + (self->slots[at] - 1) * n_keys, keys, n_keys)) {
        at = (at + 1) & (self->n_slots - 1);
    }
    return at;
}

/* No more than half of the slots are taken. */
static rs_status reserve(grouping *self, size_t n_more, rs_error *err)
{
    size_t n_slots = self->n_slots == 0 ? FIRST_SLOTS : self->n_slots;
    while (n_slots / 2 < self->groups.n_items + n_more) {
        n_slots *= 2;
    }
    if (n_slots == self->n_slots) {
        return RS_OK;
    }
    uint32_t *slots = rs_alloc_zero(n_slots, sizeof *slots);
    if (slots == NULL) {
        return out_of_memory(self, err);
    }
    rs_free(self->slots);
    self->slots = slots;
    self->n_slots = n_slots;
    for (size_t i = 0; i < self->groups.n_items; i++) {
        self->slots[slot_of(self, self->keys.items + i * self->flow->plan->plan->n_group_by)] =
            (uint32_t)i + 1;
    }
    return RS_OK;
}

static rs_status add_row(grouping *self, uint32_t row, const key_value *keys, bool is_damaged,
                         rs_error *err)
{
    size_t n_keys = self->flow->plan->plan->n_group_by;
    size_t at = slot_of(self, keys);
    if (self->slots[at] != 0) {
        group *of = &self->groups.items[self->slots[at] - 1];
        of->row = is_damaged && !of->is_damaged ? row : of->row;
        of->is_damaged = of->is_damaged || is_damaged;
        return RS_OK;
    }
    if (!key_vec_reserve(&self->keys, n_keys) ||
        !group_vec_push(&self->groups, (group){row, is_damaged})) {
        return out_of_memory(self, err);
    }
    memcpy(self->keys.items + self->keys.n_items, keys, n_keys * sizeof *keys);
    self->keys.n_items += n_keys;
    self->slots[at] = (uint32_t)self->groups.n_items;
    return RS_OK;
}

/* --- rows --- */

/* The rows of a batch that are grouped. */
static rs_status meet_where(grouping *self, rs_native_batch *batch, rs_error *err)
{
    const rs_native_plan *plan = self->flow->plan;
    rs_native_machine *machine = self->flow->machine;
    uint32_t first = batch->sides[0].first_row;
    size_t n = batch->n_rows;
    for (uint32_t i = 0; i < n; i++) {
        self->rows[i] = i;
    }
    if (plan->where_value[0].class != RS_NATIVE_UNSAID) {
        RS_TRY(rs_native_machine_run(machine, &plan->where[0], batch, err));
        const rs_native_vector *condition = rs_native_at(machine, plan->where_value[0].at);
        RS_TRY(rs_native_check(machine, condition, n, err));
        n = rs_native_keep_true(condition, false, n, self->rows);
    }
    for (size_t i = 0; i < n; i++) {
        self->rows[i] += first;
    }
    batch->n_rows = n;
    batch->sides[0].rows = self->rows;
    return RS_OK;
}

static rs_status add_batch(grouping *self, const rs_native_batch *batch, rs_error *err)
{
    const rs_native_plan *plan = self->flow->plan;
    rs_native_machine *machine = self->flow->machine;
    rs_native_value damage = plan->item[damage_item(plan->plan)];
    key_value keys[RS_PLAN_MAX_ITEMS];
    RS_TRY(rs_native_machine_run(machine, &plan->items, batch, err));
    RS_TRY(reserve(self, batch->n_rows, err));
    for (size_t row = 0; row < batch->n_rows; row++) {
        for (size_t i = 0; i < plan->plan->n_group_by; i++) {
            keys[i] = value_of(rs_native_at(machine, plan->item[i].at), plan->item[i].class, row);
        }
        bool is_damaged = damage.class == RS_NATIVE_BOOL &&
                          value_of(rs_native_at(machine, damage.at), damage.class, row).number != 0;
        RS_TRY(add_row(self, batch->sides[0].rows[row], keys, is_damaged, err));
    }
    return RS_OK;
}

static int by_row(const void *a, const void *b)
{
    const group *left = a;
    const group *right = b;
    return (left->row > right->row) - (left->row < right->row);
}

static rs_status hand_on(grouping *self, rs_error *err)
{
    rs_native_batch batch = {.sides[0] = {rs_native_input(self->flow, 0), self->rows, 0}};
    qsort(self->groups.items, self->groups.n_items, sizeof *self->groups.items, by_row);
    for (size_t first = 0; first < self->groups.n_items; first += batch.n_rows) {
        size_t n_rest = self->groups.n_items - first;
        batch.n_rows = n_rest < RS_FRAME_ROWS ? n_rest : RS_FRAME_ROWS;
        for (size_t i = 0; i < batch.n_rows; i++) {
            self->rows[i] = self->groups.items[first + i].row;
        }
        RS_TRY(rs_native_hand_on(self->flow, &batch, err));
    }
    return RS_OK;
}

static rs_status group_rows(grouping *self, rs_error *err)
{
    const rs_native_table *table = rs_native_input(self->flow, 0);
    rs_native_side side = {.table = table};
    uint32_t row = 0;
    size_t segment = 0;
    size_t n_rows = 0;
    while (rs_native_next(table, &row, &segment, &side, &n_rows)) {
        rs_native_batch batch = {.n_rows = n_rows, .sides[0] = side};
        RS_TRY(rs_stop_check(self->flow->stop, err));
        RS_TRY(rs_stop_check(self->flow->interrupted, err));
        RS_TRY(meet_where(self, &batch, err));
        RS_TRY(batch.n_rows > 0 ? add_batch(self, &batch, err) : RS_OK);
        rs_arena_reset(&self->flow->machine->texts);
    }
    return RS_OK;
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    grouping *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
    }
    self->flow = flow;
    rs_status status = group_rows(self, err);
    RS_THEN(status, self->groups.n_items > 0 ? hand_on(self, err) : RS_OK);
    group_vec_release(&self->groups);
    key_vec_release(&self->keys);
    rs_free(self->slots);
    rs_free(self);
    return status;
}

const rs_native_operator rs_native_op_aggregate = {
    .name = "aggregate", .prepare = prepare, .run = run};
