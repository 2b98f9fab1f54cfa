/* SPDX-License-Identifier: Apache-2.0 */
/* explode_list: a row for each value of a list, or for each part of a text. */
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

/* Columns of `item`. */
enum { VALUE, POSITION };

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    const rs_explode *explode = &plan->plan->explode;
    const rs_column *column = &plan->plan->inputs[plan->plan->n_inputs].dataset->columns[VALUE];
    compiler->program = &plan->items;
    plan->second_place = POSITION;
    if (explode->text != NULL) {
        plan->item[0] = rs_native_compile_as(compiler, explode->text, column);
    }
    for (size_t i = 0; i < explode->n_items; i++) {
        plan->item[i] = rs_native_compile_as(compiler, explode->items[i], column);
    }
    return !compiler->failed && !compiler->cannot;
}

/* What is on its way: rows, their values and positions; and what the rows at hand have as values. */
typedef struct exploding {
    rs_native_flow *flow;
    const rs_native_batch *from;
    size_t n_rows;
    size_t n_value_bytes;
    uint32_t rows[RS_FRAME_ROWS];
    rs_str values[RS_FRAME_ROWS]; /* of any class */
    uint8_t valid[RS_FRAME_ROWS];
    int64_t positions[RS_FRAME_ROWS];
    struct {
        rs_str values[RS_FRAME_ROWS];
        uint8_t valid[RS_FRAME_ROWS];
    } items[RS_PLAN_MAX_ITEMS];
} exploding;

static rs_status flush(exploding *self, rs_error *err)
{
    rs_native_batch batch = {.n_rows = self->n_rows,
                             .sides[0] = {.table = self->from->sides[0].table, .rows = self->rows},
                             .added[VALUE] = {.form = RS_FORM_FLAT,
                                              .values = self->values,
                                              .valid = self->valid,
                                              .n_bytes = self->n_value_bytes},
                             .added[POSITION] = {.form = RS_FORM_FLAT,
                                                 .values = self->positions,
                                                 .n_bytes = sizeof(int64_t)}};
    self->n_rows = 0;
    return batch.n_rows > 0 ? rs_native_hand_on(self->flow, &batch, err) : RS_OK;
}

static rs_status add_item(exploding *self, size_t row, const void *value, uint8_t valid,
                          int64_t position, rs_error *err)
{
    size_t at = self->n_rows++;
    self->rows[at] = self->from->sides[0].first_row + (uint32_t)row;
    self->valid[at] = valid;
    self->positions[at] = position;
    memcpy((char *)self->values + at * self->n_value_bytes, value, self->n_value_bytes);
    return self->n_rows == RS_FRAME_ROWS ? flush(self, err) : RS_OK;
}

static rs_status split(exploding *self, size_t row, rs_str text, rs_error *err)
{
    rs_str separator = self->flow->plan->plan->explode.separator;
    int64_t position = 0;
    size_t from = 0;
    size_t at = separator.n_bytes > 0 ? rs_native_find(text, 0, separator) : SIZE_MAX;
    for (; at != SIZE_MAX; at = rs_native_find(text, from, separator)) {
        const rs_str part = {text.bytes + from, at - from};
        RS_TRY(add_item(self, row, &part, RS_NATIVE_VALID, position++, err));
        from = at + separator.n_bytes;
    }
    const rs_str rest = {text.bytes + from, text.n_bytes - from};
    return add_item(self, row, &rest, RS_NATIVE_VALID, position, err);
}

/* What the programs of the rows that are handed on overwrite. */
static rs_status keep_items(exploding *self, size_t n_items, rs_error *err)
{
    const rs_native_plan *plan = self->flow->plan;
    size_t n = self->from->n_rows;
    RS_TRY(rs_native_machine_run(self->flow->machine, &plan->items, self->from, err));
    for (size_t i = 0; i < n_items; i++) {
        const rs_native_vector *value = rs_native_at(self->flow->machine, plan->item[i].at);
        size_t n_bytes = self->n_value_bytes;
        RS_TRY(rs_native_check(self->flow->machine, value, n, err));
        for (size_t row = 0; row < n; row++) {
            self->items[i].valid[row] = rs_native_valid_at(value, row);
            if (value->form != RS_FORM_NULL) {
                size_t at = value->form == RS_FORM_FLAT ? row : 0;
                memcpy((char *)self->items[i].values + row * n_bytes,
                       (const char *)value->values + at * n_bytes, n_bytes);
            }
        }
    }
    return RS_OK;
}

static rs_status explode_row(exploding *self, size_t row, rs_error *err)
{
    const rs_explode *explode = &self->flow->plan->plan->explode;
    if (explode->text != NULL) {
        return self->items[0].valid[row] == RS_NATIVE_VALID
                   ? split(self, row, self->items[0].values[row], err)
                   : RS_OK;
    }
    for (size_t i = 0; i < explode->n_items; i++) {
        RS_TRY(add_item(self, row, (const char *)self->items[i].values + row * self->n_value_bytes,
                        self->items[i].valid[row], (int64_t)i, err));
    }
    return RS_OK;
}

/* Texts that the batch made live until its rows are gone. */
static rs_status explode_batch(exploding *self, const rs_native_batch *batch, rs_error *err)
{
    rs_native_machine *machine = self->flow->machine;
    const rs_explode *explode = &self->flow->plan->plan->explode;
    self->from = batch;
    rs_status status = keep_items(self, explode->text != NULL ? 1 : explode->n_items, err);
    rs_arena texts = machine->texts;
    machine->texts = (rs_arena){0};
    for (size_t row = 0; row < batch->n_rows && status == RS_OK; row++) {
        status = explode_row(self, row, err);
    }
    RS_THEN(status, flush(self, err));
    rs_arena_release(&texts);
    return status;
}

static size_t value_bytes(rs_type type)
{
    return type == RS_TYPE_STR                            ? sizeof(rs_str)
           : type == RS_TYPE_BOOL || type == RS_TYPE_ENUM ? sizeof(uint8_t)
                                                          : sizeof(int64_t);
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    const rs_plan *plan = flow->plan->plan;
    exploding *self = rs_alloc_zero(1, sizeof *self);
    rs_native_batch batch = {.n_rows = 0};
    uint32_t row = 0;
    size_t segment = 0;
    rs_status status = RS_OK;
    if (self == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
    }
    self->flow = flow;
    self->n_value_bytes = value_bytes(plan->inputs[plan->n_inputs].dataset->columns[VALUE].type);
    const rs_native_table *table = rs_native_input(flow, 0);
    while (status == RS_OK &&
           rs_native_next(table, &row, &segment, &batch.sides[0], &batch.n_rows)) {
        status = explode_batch(self, &batch, err);
    }
    rs_free(self);
    return status;
}

const rs_native_operator rs_native_op_explode_list = {
    .name = "explode_list", .prepare = prepare, .run = run};
