/* SPDX-License-Identifier: Apache-2.0 */
/* hash_join: a table of each further input's rows by their keys, in the order of the rows; what is met is
 * handed on input by input, so that rows come in the order of the evidence. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

/* --- compiling --- */

/* Of one input alone: a condition that a row must meet to be met. */
static void compile_condition(rs_native_plan *plan, rs_native_compiler *compiler, const rs_expr *on)
{
    rs_native_meeting *meeting = &plan->meetings[1];
    bool is_right = rs_on_input(on) == 1;
    rs_native_value *condition = is_right ? &meeting->right_where : &meeting->left_where;
    compiler->program = is_right ? &meeting->right : &meeting->left;
    rs_native_value value = rs_native_compile(compiler, on);
    *condition =
        condition->class == RS_NATIVE_UNSAID ? value : rs_native_and(compiler, *condition, value);
}

static void compile_equality(rs_native_plan *plan, rs_native_compiler *compiler, const rs_expr *on)
{
    size_t input = rs_on_input(on);
    rs_native_meeting *meeting = &plan->meetings[input];
    bool is_turned = rs_expr_inputs(on->first) == 1u << input;
    const rs_expr *left = is_turned ? on->first->next : on->first;
    const rs_expr *right = is_turned ? on->first : on->first->next;
    if (meeting->n_keys == RS_NATIVE_MAX_KEYS) {
        (void)rs_native_refuse(compiler, "more than %d equalities", RS_NATIVE_MAX_KEYS);
        return;
    }
    compiler->program = &meeting->left;
    rs_native_value a = rs_native_compile_key(compiler, left, right);
    compiler->program = &meeting->right;
    rs_native_value b = rs_native_compile_key(compiler, right, left);
    meeting->keys[meeting->n_keys++] =
        (rs_native_key){a.class == RS_NATIVE_NOTHING ? b.class : a.class, a.at, b.at};
}

void rs_native_compile_on(rs_native_plan *plan, rs_native_compiler *compiler, const rs_expr *on)
{
    if (rs_expr_is_and(on)) {
        rs_native_compile_on(plan, compiler, on->first);
        rs_native_compile_on(plan, compiler, on->first->next);
    } else if (rs_on_is_equality(on)) {
        compile_equality(plan, compiler, on);
    } else {
        compile_condition(plan, compiler, on);
    }
}

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    rs_native_compile_on(plan, compiler, plan->plan->on);
    return !compiler->failed && !compiler->cannot;
}

/* --- keys --- */

/* Of rows, column by column: a text, or what is equal where values are. */
typedef struct key_rows {
    rs_str *texts[RS_NATIVE_MAX_KEYS];
    int64_t *numbers[RS_NATIVE_MAX_KEYS];
    uint32_t *hashes;
    uint8_t *can_meet; /* no key is null, the condition holds */
} key_rows;

static void release_keys(key_rows *keys)
{
    for (size_t i = 0; i < RS_NATIVE_MAX_KEYS; i++) {
        rs_free(keys->texts[i]);
        rs_free(keys->numbers[i]);
    }
    rs_free(keys->hashes);
    rs_free(keys->can_meet);
}

static bool reserve_keys(key_rows *keys, const rs_native_meeting *meeting, size_t n_rows)
{
    bool fits = true;
    for (size_t i = 0; i < meeting->n_keys && fits; i++) {
        if (meeting->keys[i].class == RS_NATIVE_TEXT) {
            keys->texts[i] = rs_alloc(n_rows + 1, sizeof *keys->texts[i]);
        } else {
            keys->numbers[i] = rs_alloc(n_rows + 1, sizeof *keys->numbers[i]);
        }
        fits = keys->texts[i] != NULL || keys->numbers[i] != NULL;
    }
    keys->hashes = rs_alloc(n_rows + 1, sizeof *keys->hashes);
    keys->can_meet = rs_alloc(n_rows + 1, sizeof *keys->can_meet);
    return fits && keys->hashes != NULL && keys->can_meet != NULL;
}

/* Zeros are equal, and so is what is no number. */
static int64_t float_key(double value)
{
    int64_t bits = 0;
    value = isnan(value) ? (double)NAN : value + 0.0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static int64_t number_key(const rs_native_vector *value, rs_native_class class, size_t row)
{
    size_t at = value->form == RS_FORM_FLAT ? row : 0;
    if (class == RS_NATIVE_FLOAT) {
        return float_key(((const double *)value->values)[at]);
    }
    return class == RS_NATIVE_WHOLE ? ((const int64_t *)value->values)[at]
                                    : ((const uint8_t *)value->values)[at];
}

/* One column of keys, of n rows, which go to `first` on. */
static void take_key(key_rows *keys, size_t index, const rs_native_vector *value,
                     rs_native_class class, size_t first, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = first + i;
        if (rs_native_valid_at(value, i) == 0) {
            keys->can_meet[at] = 0;
        } else if (class == RS_NATIVE_TEXT) {
            rs_str text = ((const rs_str *)value->values)[value->form == RS_FORM_FLAT ? i : 0];
            keys->texts[index][at] = text;
            keys->hashes[at] = (uint32_t)rs_native_mix(keys->hashes[at], rs_native_hash_text(text));
        } else {
            int64_t number = number_key(value, class, i);
            keys->numbers[index][at] = number;
            keys->hashes[at] = (uint32_t)rs_native_mix(keys->hashes[at], (uint64_t)number);
        }
    }
}

/* The keys of a batch's rows, as of `first`. */
static rs_status take_keys(rs_native_machine *machine, const rs_native_meeting *meeting,
                           bool is_right, const rs_native_batch *batch, key_rows *keys,
                           size_t first, rs_error *err)
{
    size_t n = batch->n_rows;
    rs_native_value where = is_right ? meeting->right_where : meeting->left_where;
    RS_TRY(rs_native_machine_run(machine, is_right ? &meeting->right : &meeting->left, batch, err));
    memset(keys->can_meet + first, 1, n);
    memset(keys->hashes + first, 0, n * sizeof *keys->hashes);
    for (size_t i = 0; i < meeting->n_keys; i++) {
        const rs_native_key *key = &meeting->keys[i];
        const rs_native_vector *value = rs_native_at(machine, is_right ? key->right : key->left);
        RS_TRY(rs_native_check(machine, value, n, err));
        take_key(keys, i, value, key->class, first, n);
    }
    if (where.class == RS_NATIVE_UNSAID) {
        return RS_OK;
    }
    const rs_native_vector *condition = rs_native_at(machine, where.at);
    RS_TRY(rs_native_check(machine, condition, n, err));
    for (size_t i = 0; i < n; i++) {
        bool holds =
            rs_native_valid_at(condition, i) == RS_NATIVE_VALID &&
            ((const uint8_t *)condition->values)[condition->form == RS_FORM_FLAT ? i : 0] != 0;
        keys->can_meet[first + i] = keys->can_meet[first + i] != 0 && holds;
    }
    return RS_OK;
}

static bool keys_equal(const rs_native_meeting *meeting, const key_rows *a, size_t row_a,
                       const key_rows *b, size_t row_b)
{
    for (size_t i = 0; i < meeting->n_keys; i++) {
        bool is_equal = meeting->keys[i].class == RS_NATIVE_TEXT
                            ? rs_str_equal(a->texts[i][row_a], b->texts[i][row_b])
                            : a->numbers[i][row_a] == b->numbers[i][row_b];
        if (!is_equal) {
            return false;
        }
    }
    return true;
}

/* --- joining --- */

/* An input that is met. */
typedef struct level {
    const rs_native_table *table;
    key_rows right;
    uint32_t *heads; /* by hash: the first row; RS_NATIVE_NO_ROW: none */
    uint32_t *next;  /* by row: the next one of the same place in heads */
    size_t mask;
    rs_arena texts;                                   /* that keys of the right made */
    key_rows left;                                    /* of the batch at hand */
    uint32_t rows[RS_PLAN_MAX_JOINED][RS_FRAME_ROWS]; /* that met, by input */
    size_t n_rows;
} level;

typedef struct joining {
    rs_native_flow *flow;
    level levels[RS_PLAN_MAX_JOINED]; /* of the first input there is none */
} joining;

static rs_status out_of_memory(const joining *self, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", self->flow->plan->plan->name);
}

/* From the last row to the first, so that a list goes from the first to the last. */
static void fill_heads(level *to)
{
    memset(to->heads, 0xff, (to->mask + 1) * sizeof *to->heads);
    for (uint32_t row = to->table->n_rows; row-- > 0;) {
        if (to->right.can_meet[row] != 0) {
            uint32_t *head = &to->heads[to->right.hashes[row] & to->mask];
            to->next[row] = *head;
            *head = row;
        }
    }
}

static rs_status build(joining *self, size_t input, rs_error *err)
{
    level *to = &self->levels[input];
    rs_native_machine *machine = self->flow->machine;
    const rs_native_meeting *meeting = &self->flow->plan->meetings[input];
    rs_native_batch batch = {.n_rows = 0};
    uint32_t row = 0;
    size_t segment = 0;
    to->table = rs_native_input(self->flow, input);
    for (to->mask = 15; to->mask < to->table->n_rows; to->mask = to->mask * 2 + 1) {
    }
    to->heads = rs_alloc(to->mask + 1, sizeof *to->heads);
    to->next = rs_alloc((size_t)to->table->n_rows + 1, sizeof *to->next);
    if (!reserve_keys(&to->right, meeting, to->table->n_rows) ||
        !reserve_keys(&to->left, meeting, RS_FRAME_ROWS) || to->heads == NULL || to->next == NULL) {
        return out_of_memory(self, err);
    }
    while (rs_native_next(to->table, &row, &segment, &batch.sides[input], &batch.n_rows)) {
        RS_TRY(rs_stop_check(self->flow->interrupted, err));
        RS_TRY(take_keys(machine, meeting, true, &batch, &to->right, batch.sides[input].first_row,
                         err));
    }
    to->texts = machine->texts;
    machine->texts = (rs_arena){0};
    fill_heads(to);
    return RS_OK;
}

static rs_status meet(joining *self, size_t input, const rs_native_batch *batch, rs_error *err);

/* What has met so far goes to the next input, or out. */
static rs_status flush(joining *self, size_t input, rs_error *err)
{
    const rs_plan *plan = self->flow->plan->plan;
    level *from = &self->levels[input];
    rs_native_batch batch = {.n_rows = from->n_rows};
    size_t n_sides = rs_join_is_half(plan->join) ? 1 : input + 1;
    from->n_rows = 0;
    if (batch.n_rows == 0) {
        return RS_OK;
    }
    for (size_t i = 0; i < n_sides; i++) {
        batch.sides[i] =
            (rs_native_side){.table = rs_native_input(self->flow, i), .rows = from->rows[i]};
    }
    return input + 1 < plan->n_inputs ? meet(self, input + 1, &batch, err)
                                      : rs_native_hand_on(self->flow, &batch, err);
}

static rs_status add(joining *self, size_t input, const rs_native_batch *batch, size_t row,
                     uint32_t met, rs_error *err)
{
    level *to = &self->levels[input];
    for (size_t i = 0; i < input; i++) {
        const rs_native_side *side = &batch->sides[i];
        to->rows[i][to->n_rows] =
            side->rows != NULL ? side->rows[row] : side->first_row + (uint32_t)row;
    }
    to->rows[input][to->n_rows++] = met;
    return to->n_rows == RS_FRAME_ROWS ? flush(self, input, err) : RS_OK;
}

/* The next row with the same keys, from `at` on. */
static uint32_t find(const joining *self, size_t input, size_t row, uint32_t at)
{
    const level *of = &self->levels[input];
    while (at != RS_NATIVE_NO_ROW &&
           !keys_equal(&self->flow->plan->meetings[input], &of->left, row, &of->right, at)) {
        at = of->next[at];
    }
    return at;
}

static rs_status meet_row(joining *self, size_t input, const rs_native_batch *batch, size_t row,
                          rs_error *err)
{
    const level *of = &self->levels[input];
    rs_join join = self->flow->plan->plan->join;
    uint32_t at = RS_NATIVE_NO_ROW;
    if (of->left.can_meet[row] != 0) {
        at = find(self, input, row, of->heads[of->left.hashes[row] & of->mask]);
    }
    bool met = at != RS_NATIVE_NO_ROW;
    if (rs_join_is_half(join)) {
        return met == (join == RS_JOIN_SEMI) ? add(self, input, batch, row, at, err) : RS_OK;
    }
    if (!met && join == RS_JOIN_LEFT) {
        return add(self, input, batch, row, RS_NATIVE_NO_ROW, err);
    }
    while (at != RS_NATIVE_NO_ROW) {
        RS_TRY(add(self, input, batch, row, at, err));
        at = find(self, input, row, of->next[at]);
    }
    return RS_OK;
}

/* Texts that the batch's keys made live until its rows are gone. */
static rs_status meet(joining *self, size_t input, const rs_native_batch *batch, rs_error *err)
{
    level *of = &self->levels[input];
    rs_native_machine *machine = self->flow->machine;
    rs_status status =
        take_keys(machine, &self->flow->plan->meetings[input], false, batch, &of->left, 0, err);
    rs_arena texts = machine->texts;
    machine->texts = (rs_arena){0};
    for (size_t row = 0; row < batch->n_rows && status == RS_OK; row++) {
        status = meet_row(self, input, batch, row, err);
    }
    RS_THEN(status, flush(self, input, err));
    rs_arena_release(&texts);
    return status;
}

static void release(joining *self)
{
    for (size_t i = 0; i < RS_PLAN_MAX_JOINED; i++) {
        level *of = &self->levels[i];
        release_keys(&of->right);
        release_keys(&of->left);
        rs_free(of->heads);
        rs_free(of->next);
        rs_arena_release(&of->texts);
    }
    rs_free(self);
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    joining *self = rs_alloc_zero(1, sizeof *self);
    rs_native_batch batch = {.n_rows = 0};
    uint32_t row = 0;
    size_t segment = 0;
    rs_status status = RS_OK;
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
    }
    self->flow = flow;
    for (size_t i = 1; i < flow->plan->plan->n_inputs && status == RS_OK; i++) {
        status = build(self, i, err);
    }
    const rs_native_table *table = rs_native_input(flow, 0);
    while (status == RS_OK &&
           rs_native_next(table, &row, &segment, &batch.sides[0], &batch.n_rows)) {
        status = meet(self, 1, &batch, err);
    }
    release(self);
    return status;
}

const rs_native_operator rs_native_op_hash_join = {
    .name = "hash_join", .prepare = prepare, .run = run};
