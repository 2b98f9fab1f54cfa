/* SPDX-License-Identifier: Apache-2.0 */
/* interval_align: what the kernel of that name needs of both sides as tables, and the rows that it pairs. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"
#include "kernels/kernels.h"
#include "plan/steps.h"

/* Columns of `match`. */
enum { KIND, SCORE, RANK };

/* --- compiling --- */

/* Conditions of a conjunction that name one input alone. */
static rs_native_value compile_where(rs_native_compiler *compiler, const rs_expr *where,
                                     size_t side)
{
    rs_native_value none = {.class = RS_NATIVE_UNSAID};
    if (where == NULL) {
        return none;
    }
    if (rs_expr_is_and(where)) {
        rs_native_value a = compile_where(compiler, where->first, side);
        rs_native_value b = compile_where(compiler, where->first->next, side);
        return a.class == RS_NATIVE_UNSAID   ? b
               : b.class == RS_NATIVE_UNSAID ? a
                                             : rs_native_and(compiler, a, b);
    }
    unsigned inputs = rs_expr_inputs(where);
    bool is_its = inputs == 1u << side || (inputs == 0 && side == 0);
    return is_its ? rs_native_compile(compiler, where) : none;
}

/* start, end, then keys, then ties. */
static void compile_side(rs_native_plan *plan, rs_native_compiler *compiler, size_t side)
{
    const rs_align *align = &plan->plan->align;
    rs_native_meeting *meeting = &plan->meetings[1];
    rs_expr *const *ends = side == 0 ? align->left : align->right;
    compiler->program = side == 0 ? &meeting->left : &meeting->right;
    for (size_t i = 0; i < 2; i++) {
        plan->item[2 * side + i] = rs_native_compile(compiler, ends[i]);
    }
    for (size_t i = 0; side == 1 && i < align->n_ties && !compiler->cannot; i++) {
        if (4 + i >= RS_PLAN_MAX_ITEMS) {
            (void)rs_native_refuse(compiler, "more than %d ties", RS_PLAN_MAX_ITEMS - 4);
            return;
        }
        plan->item[4 + i] = rs_native_compile(compiler, align->ties[i]);
    }
    rs_native_value where = compile_where(compiler, plan->plan->where, side);
    *(side == 0 ? &meeting->left_where : &meeting->right_where) = where;
}

static bool prepare(rs_native_plan *plan, rs_native_compiler *compiler)
{
    const rs_native_meeting *meeting = &plan->meetings[1];
    rs_native_compile_on(plan, compiler, plan->plan->on);
    for (size_t i = 0; i < meeting->n_keys; i++) {
        if (meeting->keys[i].class == RS_NATIVE_FLOAT) {
            (void)rs_native_refuse(compiler, "intervals by numbers with a fraction");
        }
    }
    for (size_t side = 0; side < 2 && !compiler->cannot && !compiler->failed; side++) {
        compile_side(plan, compiler, side);
    }
    return !compiler->failed && !compiler->cannot;
}

/* --- what the kernel needs --- */

enum { MAX_SIDE_COLUMNS = 3 + RS_NATIVE_MAX_KEYS + RS_PLAN_MAX_ITEMS };

typedef struct side_column {
    const char *name;
    rs_native_class class;
    uint16_t at;
} side_column;

/* One side on its way into a table: its row, then these. */
typedef struct side_table {
    side_column columns[MAX_SIDE_COLUMNS];
    size_t n_columns;
    rs_table table;
} side_table;

static const rs_interval_align_call *call_of(const rs_plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const rs_kernel_call *call = plan->steps[i].call;
        if (call != NULL && call->kernel == RS_KERNEL_interval_align) {
            return &call->as.interval_align;
        }
    }
    return NULL;
}

static void add_column(side_table *side, const char *name, rs_native_class class, uint16_t at)
{
    RS_ASSERT(side->n_columns < MAX_SIDE_COLUMNS);
    side->columns[side->n_columns++] = (side_column){name, class, at};
}

static void name_columns(const rs_native_plan *plan, const rs_interval_align_call *call,
                         size_t side, side_table *out)
{
    const rs_align_side *names = side == 0 ? &call->left : &call->right;
    const rs_native_meeting *meeting = &plan->meetings[1];
    add_column(out, names->start, RS_NATIVE_WHOLE, plan->item[2 * side].at);
    add_column(out, names->end, RS_NATIVE_WHOLE, plan->item[2 * side + 1].at);
    for (size_t i = 0; i < names->keys.n_items && i < meeting->n_keys; i++) {
        add_column(out, names->keys.items[i], meeting->keys[i].class,
                   side == 0 ? meeting->keys[i].left : meeting->keys[i].right);
    }
    for (size_t i = 0; side == 1 && i < call->ties.n_terms; i++) {
        add_column(out, call->ties.terms[i].column, plan->item[4 + i].class, plan->item[4 + i].at);
    }
}

static enum ArrowType arrow_type(rs_native_class class)
{
    return class == RS_NATIVE_TEXT    ? NANOARROW_TYPE_STRING
           : class == RS_NATIVE_FLOAT ? NANOARROW_TYPE_DOUBLE
                                      : NANOARROW_TYPE_INT64;
}

static ArrowErrorCode open_table(side_table *side, const char *row_name)
{
    struct ArrowSchema *schema = &side->table.schema;
    ArrowSchemaInit(schema);
    ArrowErrorCode code = ArrowSchemaSetTypeStruct(schema, (int64_t)side->n_columns + 1);
    for (size_t i = 0; i <= side->n_columns && code == NANOARROW_OK; i++) {
        const side_column *column = i > 0 ? &side->columns[i - 1] : NULL;
        code = ArrowSchemaSetType(schema->children[i], column != NULL ? arrow_type(column->class)
                                                                      : NANOARROW_TYPE_INT64);
        if (code == NANOARROW_OK) {
            code =
                ArrowSchemaSetName(schema->children[i], column != NULL ? column->name : row_name);
        }
    }
    if (code == NANOARROW_OK) {
        code = ArrowArrayInitFromSchema(&side->table.rows, schema, NULL);
    }
    return code == NANOARROW_OK ? ArrowArrayStartAppending(&side->table.rows) : code;
}

static ArrowErrorCode append_value(struct ArrowArray *to, rs_native_class class,
                                   const rs_native_vector *value, size_t row)
{
    size_t at = value->form == RS_FORM_FLAT ? row : 0;
    if (rs_native_valid_at(value, row) == 0) {
        return ArrowArrayAppendNull(to, 1);
    }
    if (class == RS_NATIVE_TEXT) {
        rs_str text = ((const rs_str *)value->values)[at];
        return ArrowArrayAppendString(to,
                                      (struct ArrowStringView){text.bytes, (int64_t)text.n_bytes});
    }
    if (class == RS_NATIVE_FLOAT) {
        return ArrowArrayAppendDouble(to, ((const double *)value->values)[at]);
    }
    return ArrowArrayAppendInt(to, class == RS_NATIVE_WHOLE ? ((const int64_t *)value->values)[at]
                                                            /* a word is ordered by its number */
                                                            : ((const uint8_t *)value->values)[at]);
}

static ArrowErrorCode append_row(side_table *side, const rs_native_machine *machine, uint32_t row,
                                 size_t at)
{
    ArrowErrorCode code = ArrowArrayAppendInt(side->table.rows.children[0], row);
    for (size_t i = 0; i < side->n_columns && code == NANOARROW_OK; i++) {
        code = append_value(side->table.rows.children[i + 1], side->columns[i].class,
                            rs_native_at(machine, side->columns[i].at), at);
    }
    return code == NANOARROW_OK ? ArrowArrayFinishElement(&side->table.rows) : code;
}

static rs_status nomem(const rs_native_flow *flow, rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", flow->plan->plan->name);
}

static rs_status append_batch(const rs_native_flow *flow, side_table *side, rs_native_value where,
                              const rs_native_batch *batch, uint32_t first_row, rs_error *err)
{
    const rs_native_machine *machine = flow->machine;
    const rs_native_vector *condition =
        where.class != RS_NATIVE_UNSAID ? rs_native_at(machine, where.at) : NULL;
    if (condition != NULL) {
        RS_TRY(rs_native_check(machine, condition, batch->n_rows, err));
    }
    for (size_t i = 0; i < side->n_columns; i++) {
        RS_TRY(rs_native_check(machine, rs_native_at(machine, side->columns[i].at), batch->n_rows,
                               err));
    }
    for (size_t i = 0; i < batch->n_rows; i++) {
        bool holds =
            condition == NULL ||
            (rs_native_valid_at(condition, i) == RS_NATIVE_VALID &&
             ((const uint8_t *)condition->values)[condition->form == RS_FORM_FLAT ? i : 0] != 0);
        if (holds && append_row(side, machine, first_row + (uint32_t)i, i) != NANOARROW_OK) {
            return nomem(flow, err);
        }
    }
    return RS_OK;
}

static rs_status fill_side(rs_native_flow *flow, const rs_interval_align_call *call, size_t number,
                           side_table *side, rs_error *err)
{
    const rs_native_meeting *meeting = &flow->plan->meetings[1];
    const rs_native_table *table = rs_native_input(flow, number);
    rs_native_batch batch = {.n_rows = 0};
    uint32_t row = 0;
    size_t segment = 0;
    name_columns(flow->plan, call, number, side);
    if (open_table(side, number == 0 ? call->left.row : call->right.row) != NANOARROW_OK) {
        return nomem(flow, err);
    }
    while (rs_native_next(table, &row, &segment, &batch.sides[number], &batch.n_rows)) {
        RS_TRY(rs_stop_check(flow->interrupted, err));
        RS_TRY(rs_native_machine_run(flow->machine, number == 0 ? &meeting->left : &meeting->right,
                                     &batch, err));
        RS_TRY(append_batch(flow, side, number == 0 ? meeting->left_where : meeting->right_where,
                            &batch, batch.sides[number].first_row, err));
        rs_arena_reset(&flow->machine->texts);
    }
    return rs_arrow_finish(&side->table.rows, NULL) == NANOARROW_OK ? RS_OK : nomem(flow, err);
}

/* --- what it pairs --- */

/* A pair of rows, as it is handed on: at a place in the kernel's result. */
typedef struct pair {
    uint32_t left;
    uint32_t right; /* RS_NATIVE_NO_ROW: it met none */
    uint32_t at;
} pair;

typedef struct pairs {
    struct ArrowArrayView view; /* of the kernel's result */
    pair *items;
    size_t n_items;
} pairs;

static int by_place(const void *left, const void *right)
{
    const pair *a = left;
    const pair *b = right;
    if (a->left != b->left) {
        return a->left < b->left ? -1 : 1;
    }
    return a->right < b->right ? -1 : a->right > b->right;
}

static rs_status take_pairs(const rs_native_flow *flow, const rs_table *result, pairs *out,
                            rs_error *err)
{
    RS_TRY(rs_table_open(result, &out->view, err));
    out->n_items = rs_table_n_rows(result);
    out->items = rs_alloc(out->n_items + 1, sizeof *out->items);
    if (out->items == NULL) {
        return nomem(flow, err);
    }
    for (size_t i = 0; i < out->n_items; i++) {
        const struct ArrowArrayView *right = out->view.children[1];
        bool met = ArrowArrayViewIsNull(right, (int64_t)i) == 0;
        out->items[i] =
            (pair){(uint32_t)ArrowArrayViewGetIntUnsafe(out->view.children[0], (int64_t)i),
                   met ? (uint32_t)ArrowArrayViewGetIntUnsafe(right, (int64_t)i) : RS_NATIVE_NO_ROW,
                   (uint32_t)i};
    }
    if (flow->plan->plan->align.keeps_all && out->n_items > 0) { /* they come by their rank */
        qsort(out->items, out->n_items, sizeof *out->items, by_place);
    }
    return RS_OK;
}

/* A batch of pairs, with what `match` says of each. */
typedef struct matching {
    uint32_t rows[2][RS_FRAME_ROWS];
    rs_str kinds[RS_FRAME_ROWS];
    double scores[RS_FRAME_ROWS];
    int64_t ranks[RS_FRAME_ROWS];
    uint8_t met[RS_FRAME_ROWS];
} matching;

static void set_pair(matching *to, size_t i, const pair *from, const struct ArrowArrayView *view)
{
    int64_t at = from->at;
    struct ArrowStringView kind = ArrowArrayViewGetStringUnsafe(view->children[2], at);
    to->rows[0][i] = from->left;
    to->rows[1][i] = from->right;
    to->met[i] = from->right != RS_NATIVE_NO_ROW;
    to->kinds[i] = (rs_str){kind.data, (size_t)kind.size_bytes};
    to->scores[i] = to->met[i] ? ArrowArrayViewGetDoubleUnsafe(view->children[3], at) : 0;
    to->ranks[i] = to->met[i] ? ArrowArrayViewGetIntUnsafe(view->children[4], at) : 0;
}

static rs_status hand_on(rs_native_flow *flow, const pairs *all, matching *room, rs_error *err)
{
    const rs_native_table *tables[] = {rs_native_input(flow, 0), rs_native_input(flow, 1)};
    for (size_t first = 0; first < all->n_items; first += RS_FRAME_ROWS) {
        size_t n_rest = all->n_items - first;
        rs_native_batch batch = {.n_rows = n_rest < RS_FRAME_ROWS ? n_rest : RS_FRAME_ROWS};
        for (size_t i = 0; i < batch.n_rows; i++) {
            set_pair(room, i, &all->items[first + i], &all->view);
        }
        for (size_t i = 0; i < 2; i++) {
            batch.sides[i] = (rs_native_side){.table = tables[i], .rows = room->rows[i]};
        }
        batch.added[KIND] = (rs_native_vector){
            .form = RS_FORM_FLAT, .values = room->kinds, .n_bytes = sizeof *room->kinds};
        batch.added[SCORE] = (rs_native_vector){.form = RS_FORM_FLAT,
                                                .values = room->scores,
                                                .valid = room->met,
                                                .n_bytes = sizeof *room->scores};
        batch.added[RANK] = (rs_native_vector){.form = RS_FORM_FLAT,
                                               .values = room->ranks,
                                               .valid = room->met,
                                               .n_bytes = sizeof *room->ranks};
        RS_TRY(rs_native_hand_on(flow, &batch, err));
    }
    return RS_OK;
}

static rs_status run(rs_native_flow *flow, rs_error *err)
{
    const rs_interval_align_call *call = call_of(flow->plan->plan);
    side_table sides[2] = {{.n_columns = 0}, {.n_columns = 0}};
    const rs_table *inputs[] = {&sides[0].table, &sides[1].table};
    rs_table result = {.schema = {.release = NULL}};
    pairs all = {.items = NULL};
    matching *room = rs_alloc(1, sizeof *room);
    RS_ASSERT(call != NULL);
    rs_status status = room != NULL ? RS_OK : nomem(flow, err);
    for (size_t i = 0; i < 2 && status == RS_OK; i++) {
        status = fill_side(flow, call, i, &sides[i], err);
    }
    if (status == RS_OK) {
        const rs_kernel_call of = {.kernel = RS_KERNEL_interval_align, .as.interval_align = *call};
        status = rs_kernel_run(&of, inputs, 2, &result, err);
    }
    if (status == RS_OK) {
        status = take_pairs(flow, &result, &all, err);
        RS_THEN(status, hand_on(flow, &all, room, err));
        ArrowArrayViewReset(&all.view);
    }
    rs_free(all.items);
    rs_free(room);
    rs_table_release(&result);
    rs_table_release(&sides[0].table);
    rs_table_release(&sides[1].table);
    return status;
}

const rs_native_operator rs_native_op_interval_align = {
    .name = "interval_align", .prepare = prepare, .run = run};
