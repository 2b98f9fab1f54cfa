/* SPDX-License-Identifier: Apache-2.0 */
/* The best row of each key: all rows are held, then those that won go on, where they stood. */
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"
#include "schema/held.h"

RS_VEC_DEFINE(place_vec, rs_row_place)

enum { MAX_TERMS = RS_SORT_MAX_TERMS + RS_PLAN_MAX_COLUMNS };

typedef struct choosing {
    rs_native_flow *flow;
    rs_held held;
    place_vec places; /* by row */
    size_t n_pushed;
    const rs_sink *sink; /* where the best go */
    size_t keys[RS_SORT_MAX_TERMS];
    rs_held_term terms[MAX_TERMS];
    size_t n_terms;
} choosing;

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "choose the best rows: out of memory");
}

static rs_status hold(void *context, const rs_frame *frame, rs_error *err)
{
    choosing *self = context;
    if (!place_vec_reserve(&self->places, frame->n_rows)) {
        return out_of_memory(err);
    }
    memcpy(self->places.items + self->places.n_items, frame->places,
           frame->n_rows * sizeof *frame->places);
    self->places.n_items += frame->n_rows;
    return rs_held_add(&self->held, frame, err);
}

/* --- which is the best --- */

static bool is_named(const rs_sort_term *terms, size_t n_terms, const rs_column *column)
{
    for (size_t i = 0; i < n_terms; i++) {
        if (strcmp(terms[i].column->name, column->name) == 0) {
            return true;
        }
    }
    return false;
}

/* What the winner lists, then all other columns, ids last: as the steps of a plan have it (plan/steps.c). */
static void set_terms(choosing *self)
{
    const rs_plan *plan = self->flow->plan->plan;
    const rs_winner *winner = &plan->winner;
    for (size_t i = 0; i < winner->n_keys; i++) {
        self->keys[i] = rs_column_index(plan->output, winner->keys[i].column->name);
    }
    for (size_t i = 0; i < winner->n_order; i++) {
        self->terms[self->n_terms++] =
            (rs_held_term){rs_column_index(plan->output, winner->order[i].column->name),
                           winner->order[i].is_descending};
    }
    for (int ids = 0; ids < 2; ids++) {
        for (size_t i = 0; i < plan->output->n_columns; i++) {
            const rs_column *column = &plan->output->columns[i];
            if ((column->entity != NULL) == (ids != 0) &&
                !is_named(winner->keys, winner->n_keys, column) &&
                !is_named(winner->order, winner->n_order, column)) {
                self->terms[self->n_terms++] = (rs_held_term){.column = i};
            }
        }
    }
}

/* Lists the rows that won, in their order; how many there are. */
static rs_status find_best(choosing *self, uint32_t *rows, size_t *n_best, rs_error *err)
{
    size_t n_rows = self->held.batch.n_rows;
    uint8_t *is_first = rs_alloc_zero(n_rows + 1, sizeof *is_first);
    *n_best = 0;
    if (is_first == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < n_rows; i++) {
        rows[i] = i;
    }
    rs_status status =
        rs_held_firsts(&self->held, self->keys, self->flow->plan->plan->winner.n_keys, self->terms,
                       self->n_terms, rows, n_rows, is_first, err);
    for (uint32_t i = 0; i < n_rows && status == RS_OK; i++) {
        rows[*n_best] = i;
        *n_best += is_first[i];
    }
    rs_free(is_first);
    return status;
}

/* --- handing them on --- */

static rs_status hand_on(void *context, const rs_frame *frame, rs_error *err)
{
    choosing *self = context;
    rs_frame own = *frame;
    own.places = self->sink->is_bare ? NULL : self->places.items + self->n_pushed;
    own.lineage = self->sink->is_bare ? NULL : frame->lineage;
    self->n_pushed += frame->n_rows;
    return self->sink->push(self->sink->context, &own, err);
}

static rs_status push_best(choosing *self, rs_error *err)
{
    size_t n_best = 0;
    uint32_t *rows = rs_alloc(self->held.batch.n_rows + 1, sizeof *rows);
    if (rows == NULL) {
        return out_of_memory(err);
    }
    set_terms(self);
    rs_status status = find_best(self, rows, &n_best, err);
    for (size_t i = 0; i < n_best; i++) {
        self->places.items[i] = self->places.items[rows[i]];
    }
    if (status == RS_OK && n_best < self->held.batch.n_rows) {
        status = rs_held_keep(&self->held, rows, n_best, err);
    }
    const rs_sink sink = {.push = hand_on, .context = self};
    RS_THEN(status, rs_held_push(&self->held, &sink, err));
    rs_free(rows);
    return status;
}

rs_status rs_native_choose_best(rs_native_flow *flow,
                                rs_status (*make)(rs_native_flow *flow, rs_error *err),
                                rs_error *err)
{
    choosing *self = rs_alloc_zero(1, sizeof *self);
    if (self == NULL) {
        return out_of_memory(err);
    }
    const rs_sink sink = {.push = hold, .context = self};
    self->flow = flow;
    self->sink = flow->sink;
    rs_status status = rs_held_open(&self->held, flow->plan->plan->output, err);
    if (status == RS_OK) {
        flow->sink = &sink;
        status = make(flow, err);
        flow->sink = self->sink;
    }
    RS_THEN(status, push_best(self, err));
    flow->n_rows = self->n_pushed;
    rs_held_close(&self->held);
    place_vec_release(&self->places);
    rs_free(self);
    return status;
}
