/* SPDX-License-Identifier: Apache-2.0 */
/* From batches to frames: the rows that meet the conditions, the columns of the output, what they were made
 * of. */
#include <string.h>

#include "base/alloc.h"
#include "engine/native/native.h"

enum { MAX_ADDED = sizeof((rs_native_batch *)0)->added / sizeof(rs_native_vector) };

/* A column on its way into a frame. */
typedef struct out_column {
    void *values; /* RS_FRAME_ROWS of any type */
    uint64_t validity[RS_FRAME_ROWS / 64];
} out_column;

/* What an operator added, of the rows that were picked. */
typedef struct added_column {
    rs_str values[RS_FRAME_ROWS]; /* of any class */
    uint8_t valid[RS_FRAME_ROWS];
} added_column;

struct rs_native_output {
    out_column columns[RS_PLAN_MAX_COLUMNS];
    added_column added[MAX_ADDED];
    uint32_t picked[RS_FRAME_ROWS];
    uint32_t rows[RS_PLAN_MAX_INPUTS][RS_FRAME_ROWS]; /* by input: those that were picked */
    rs_row_place places[RS_FRAME_ROWS];
    uint32_t ends[RS_FRAME_ROWS];
    rs_origin *origins;
    size_t n_origins_room;
    rs_strings strings; /* of texts that the batch made */
};

/* --- compiling --- */

static void compile_where(rs_native_plan *plan, rs_native_compiler *compiler, size_t variant)
{
    compiler->program = &plan->where[variant];
    compiler->input = variant;
    if (plan->plan->where != NULL && !plan->plan->op->filters_first) {
        plan->where_value[variant] = rs_native_compile(compiler, plan->plan->where);
    }
}

/* The input whose texts become the column's as they are, by their numbers; SIZE_MAX: none. */
static size_t text_input(const rs_native_compiler *compiler, const rs_expr *expr,
                         const rs_column *column)
{
    const rs_plan *plan = compiler->plan;
    bool is_text = expr != NULL && expr->kind == RS_EXPR_COLUMN && plan->filter == NULL &&
                   column->type == RS_TYPE_STR && expr->column->type == RS_TYPE_STR;
    if (!is_text || expr->input > plan->n_inputs) {
        return SIZE_MAX;
    }
    return expr->input < plan->n_inputs        ? expr->input
           : plan->op->places == RS_PLACES_ANY ? compiler->input
                                               : SIZE_MAX;
}

static void compile_column(rs_native_compiler *compiler, rs_native_select *to, size_t index)
{
    const rs_column *column = &to->of->output->columns[index];
    const rs_expr *expr = to->of->columns[index];
    size_t input = text_input(compiler, expr, column);
    to->texts[index].input = input;
    if (input == SIZE_MAX) {
        to->columns[index] = rs_native_compile_as(compiler, expr, column);
        return;
    }
    to->texts[index].column =
        rs_column_index(compiler->plan->inputs[input].dataset, expr->column->name);
}

static void compile_select(rs_native_plan *plan, rs_native_compiler *compiler, size_t number,
                           size_t variant)
{
    rs_native_select *to = &plan->selects[variant * plan->plan->n_selects + number];
    to->of = &plan->plan->selects[number];
    size_t n_columns = to->of->output->n_columns;
    compiler->program = &to->program;
    compiler->input = variant;
    to->columns = rs_native_take(compiler, n_columns, sizeof *to->columns);
    to->texts = rs_native_take(compiler, n_columns, sizeof *to->texts);
    for (size_t i = 0; i < n_columns && !compiler->failed && !compiler->cannot; i++) {
        compile_column(compiler, to, i);
    }
    if (plan->plan->filter != NULL && !compiler->failed) {
        compiler->outputs = to->columns;
        to->filter = rs_native_compile(compiler, plan->plan->filter);
        compiler->outputs = NULL;
    }
}

bool rs_native_prepare_output(rs_native_plan *plan, rs_native_compiler *compiler)
{
    size_t n_selects = plan->plan->n_selects;
    size_t n_variants = plan->n_variants;
    plan->where = rs_native_take(compiler, n_variants, sizeof *plan->where);
    plan->where_value = rs_native_take(compiler, n_variants, sizeof *plan->where_value);
    plan->selects = rs_native_take(compiler, n_variants * n_selects, sizeof *plan->selects);
    for (size_t i = 0; i < n_variants && !compiler->failed; i++) {
        compile_where(plan, compiler, i);
        for (size_t j = 0; j < n_selects && !compiler->failed; j++) {
            compile_select(plan, compiler, j, i);
        }
    }
    return !compiler->failed && !compiler->cannot;
}

void rs_native_release_output(rs_native_plan *plan)
{
    for (size_t i = 0; i < plan->n_variants && plan->where != NULL; i++) {
        rs_native_program_release(&plan->where[i]);
    }
    for (size_t i = 0; plan->selects != NULL && i < plan->n_variants * plan->plan->n_selects; i++) {
        rs_native_program_release(&plan->selects[i].program);
    }
}

/* --- room --- */

rs_native_output *rs_native_output_new(rs_error *err)
{
    rs_native_output *output = rs_alloc_zero(1, sizeof *output);
    bool fits = output != NULL;
    for (size_t i = 0; i < RS_PLAN_MAX_COLUMNS && fits; i++) {
        output->columns[i].values = rs_alloc(RS_FRAME_ROWS, sizeof(int64_t));
        fits = output->columns[i].values != NULL;
    }
    if (!fits) {
        (void)rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
        rs_native_output_free(output);
        return NULL;
    }
    return output;
}

void rs_native_output_free(rs_native_output *output)
{
    if (output == NULL) {
        return;
    }
    for (size_t i = 0; i < RS_PLAN_MAX_COLUMNS; i++) {
        rs_free(output->columns[i].values);
    }
    rs_free(output->origins);
    rs_strings_release(&output->strings);
    rs_free(output);
}

/* --- conditions --- */

size_t rs_native_keep_true(const rs_native_vector *condition, bool is_picked, size_t n,
                           uint32_t *picked)
{
    const uint8_t *values = condition->values;
    size_t step = condition->form == RS_FORM_FLAT;
    size_t n_kept = 0;
    for (size_t i = 0; i < n && condition->form != RS_FORM_NULL; i++) {
        uint32_t at = is_picked ? picked[i] : (uint32_t)i;
        picked[n_kept] = at;
        n_kept += values[at * step] != 0 && rs_native_valid_at(condition, at) == RS_NATIVE_VALID;
    }
    return n_kept;
}

static void pick_side(rs_native_output *output, rs_native_side *side, size_t input, size_t n)
{
    uint32_t *rows = output->rows[input];
    if (side->table == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t at = output->picked[i];
        rows[i] = side->rows != NULL ? side->rows[at] : side->first_row + at;
    }
    side->rows = rows;
}

static void pick_added(rs_native_output *output, rs_native_vector *value, size_t index, size_t n)
{
    added_column *to = &output->added[index];
    size_t n_bytes = value->n_bytes;
    if (value->form != RS_FORM_FLAT) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy((char *)to->values + i * n_bytes,
               (const char *)value->values + output->picked[i] * n_bytes, n_bytes);
        to->valid[i] = rs_native_valid_at(value, output->picked[i]);
    }
    value->values = to->values;
    value->valid = value->valid != NULL ? to->valid : NULL;
}

/* The rows that were picked, as a batch. */
static void pick_batch(rs_native_output *output, rs_native_batch *batch, size_t n)
{
    for (size_t i = 0; i < RS_PLAN_MAX_INPUTS; i++) {
        pick_side(output, &batch->sides[i], i, n);
    }
    for (size_t i = 0; i < MAX_ADDED; i++) {
        pick_added(output, &batch->added[i], i, n);
    }
    batch->n_rows = n;
}

static rs_status meet_where(rs_native_flow *flow, rs_native_batch *batch, rs_error *err)
{
    const rs_native_plan *plan = flow->plan;
    if (plan->where_value[batch->input].class == RS_NATIVE_UNSAID) {
        return RS_OK;
    }
    uint16_t at = plan->where_value[batch->input].at;
    RS_TRY(rs_native_machine_run(flow->machine, &plan->where[batch->input], batch, err));
    const rs_native_vector *condition = rs_native_at(flow->machine, at);
    RS_TRY(rs_native_check(flow->machine, condition, batch->n_rows, err));
    size_t n = rs_native_keep_true(condition, false, batch->n_rows, flow->output->picked);
    if (n == 0) {
        batch->n_rows = 0;
    } else if (n < batch->n_rows) {
        pick_batch(flow->output, batch, n);
    }
    return RS_OK;
}

/* --- values --- */

static bool is_null_form(const rs_native_vector *value)
{
    return value->form == RS_FORM_NULL ||
           (value->form == RS_FORM_CONSTANT && rs_native_valid_at(value, 0) == 0);
}

static void set_validity(const rs_native_vector *value, const uint32_t *picked, size_t n,
                         out_column *to)
{
    memset(to->validity, 0, sizeof to->validity);
    for (size_t i = 0; i < n; i++) {
        uint64_t bit = rs_native_valid_at(value, picked != NULL ? picked[i] : i) != 0;
        to->validity[i / 64] |= bit << (i % 64);
    }
}

#define RS_COPY(TO, FROM)                                                                          \
    for (size_t i = 0; i < n; i++) {                                                               \
        ((TO *)to->values)[i] = (TO)((const FROM *)value->values)[picked != NULL ? picked[i] : i]; \
    }

/* Words that are null say so by their number. */
static void copy_words(const rs_native_vector *value, const uint32_t *picked, size_t n,
                       out_column *to)
{
    RS_COPY(uint8_t, uint8_t)
    for (size_t i = 0; i < n && value->valid != NULL; i++) {
        if (rs_native_valid_at(value, picked != NULL ? picked[i] : i) == 0) {
            ((uint8_t *)to->values)[i] = RS_ENUM_NULL;
        }
    }
}

static void copy_texts(rs_strings *strings, const rs_native_vector *value, const uint32_t *picked,
                       size_t n, out_column *to)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = picked != NULL ? picked[i] : i;
        bool is_null = rs_native_valid_at(value, at) == 0;
        ((uint32_t *)to->values)[i] =
            is_null ? RS_STR_NULL : rs_strings_add(strings, ((const rs_str *)value->values)[at]);
    }
}

static void copy_values(rs_strings *strings, const rs_column *column, const rs_native_vector *value,
                        const uint32_t *picked, size_t n, out_column *to)
{
    switch (column->type) {
    case RS_TYPE_I64:
        RS_COPY(int64_t, int64_t)
        break;
    case RS_TYPE_I32:
        RS_COPY(int32_t, int64_t)
        break;
    case RS_TYPE_BOOL:
        RS_COPY(uint8_t, uint8_t)
        break;
    case RS_TYPE_F32:
        RS_COPY(float, double)
        break;
    case RS_TYPE_F64:
        RS_COPY(double, double)
        break;
    case RS_TYPE_STR:
        copy_texts(strings, value, picked, n, to);
        break;
    case RS_TYPE_ENUM:
        copy_words(value, picked, n, to);
        break;
    }
}

/* Values that are as a frame has them. */
static bool lies_ready(const rs_column *column, const rs_native_vector *value,
                       const uint32_t *picked)
{
    return picked == NULL && value->form == RS_FORM_FLAT &&
           (column->type == RS_TYPE_I64 || column->type == RS_TYPE_F64 ||
            column->type == RS_TYPE_BOOL || (column->type == RS_TYPE_ENUM && value->valid == NULL));
}

static rs_vector make_vector(rs_native_output *output, const rs_column *column,
                             const rs_native_vector *value, const uint32_t *picked, size_t n,
                             out_column *to)
{
    rs_vector vector = {.form = RS_FORM_NULL,
                        .type = column->type,
                        .values = to->values,
                        .words = column->words,
                        .strings = &output->strings};
    if (is_null_form(value)) {
        return vector;
    }
    vector.form = value->form;
    if (value->form == RS_FORM_CONSTANT) {
        copy_values(&output->strings, column, value, NULL, 1, to);
        return vector;
    }
    if (lies_ready(column, value, picked)) {
        vector.values = value->values;
    } else {
        copy_values(&output->strings, column, value, picked, n, to);
    }
    if (value->valid != NULL && column->type != RS_TYPE_STR && column->type != RS_TYPE_ENUM) {
        set_validity(value, picked, n, to);
        vector.validity = to->validity;
    }
    return vector;
}

/* --- texts as they are --- */

static uint32_t row_at(const rs_native_side *side, size_t row)
{
    return side->rows != NULL ? side->rows[row] : side->first_row + (uint32_t)row;
}

static uint32_t text_number(const rs_vector *from, uint32_t row, rs_strings *strings,
                            const rs_strings *own)
{
    uint32_t number = ((const uint32_t *)from->values)[row];
    return number == RS_STR_NULL || from->strings == own
               ? number
               : rs_strings_add(strings, from->strings->items[number]);
}

/* The table of all rows' texts where they have one; NULL: each row its own. */
static const rs_strings *common_strings(const rs_native_side *side, size_t column,
                                        const uint32_t *picked, size_t n)
{
    const rs_native_segment *segment = NULL;
    const rs_strings *common = NULL;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = row_at(side, picked != NULL ? picked[i] : i);
        if (row == RS_NATIVE_NO_ROW) {
            continue;
        }
        segment = rs_native_table_find(side->table, row, segment);
        if (common != NULL && segment->columns[column].strings != common) {
            return NULL;
        }
        common = segment->columns[column].strings;
    }
    return common;
}

static rs_vector pass_texts(rs_native_output *output, const rs_native_side *side, size_t column,
                            const uint32_t *picked, size_t n, out_column *to)
{
    rs_vector vector = {.form = RS_FORM_FLAT, .type = RS_TYPE_STR, .values = to->values};
    const rs_native_segment *segment = NULL;
    if (side->table == NULL) {
        vector.form = RS_FORM_NULL;
        return vector;
    }
    if (side->rows == NULL && picked == NULL) {
        segment = rs_native_table_find(side->table, side->first_row, NULL);
        const rs_vector *from = &segment->columns[column];
        vector.values = (const uint32_t *)from->values + (side->first_row - segment->first_row);
        vector.strings = from->strings;
        return vector;
    }
    const rs_strings *common = common_strings(side, column, picked, n);
    vector.strings = common != NULL ? common : &output->strings;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = row_at(side, picked != NULL ? picked[i] : i);
        ((uint32_t *)to->values)[i] = RS_STR_NULL;
        if (row != RS_NATIVE_NO_ROW) {
            segment = rs_native_table_find(side->table, row, segment);
            ((uint32_t *)to->values)[i] = text_number(
                &segment->columns[column], row - segment->first_row, &output->strings, common);
        }
    }
    return vector;
}

/* --- where rows come from --- */

static int64_t place_in(const rs_native_batch *batch, size_t input, size_t row)
{
    const rs_native_side *side = &batch->sides[input];
    uint32_t at = side->table != NULL ? row_at(side, row) : RS_NATIVE_NO_ROW;
    return at != RS_NATIVE_NO_ROW ? (int64_t)at : -1;
}

static rs_row_place place_of(const rs_native_plan *plan, const rs_native_batch *batch, size_t row)
{
    const rs_plan *of = plan->plan;
    if (of->n_inputs == 0) {
        return (rs_row_place){0, 0};
    }
    if (of->op->places == RS_PLACES_ANY) {
        return (rs_row_place){(int64_t)batch->input, place_in(batch, batch->input, row)};
    }
    if (rs_plan_packs_places(of)) {
        int64_t rows[RS_PLAN_MAX_JOINED] = {-1, -1, -1, -1};
        for (size_t i = 0; i < of->n_inputs; i++) {
            rows[i] = place_in(batch, i, row);
        }
        return (rs_row_place){rs_plan_pack_place(rows, 0), rs_plan_pack_place(rows, 1)};
    }
    if (rs_plan_n_paired(of) > 1) {
        return (rs_row_place){place_in(batch, 0, row), place_in(batch, 1, row)};
    }
    return (rs_row_place){place_in(batch, 0, row),
                          plan->second_place != 0
                              ? ((const int64_t *)batch->added[plan->second_place].values)[row]
                              : 0};
}

/* The rows of evidence behind a row of an input; to is NULL to count them. */
static size_t add_origins(const rs_native_origin *of, const rs_native_table *table, uint32_t row,
                          rs_origin *to)
{
    const rs_native_segment *segment = rs_native_table_find(table, row, NULL);
    size_t at = row - segment->first_row;
    if (!of->is_relationship) {
        if (to != NULL) {
            *to = (rs_origin){(int64_t)of->number, rs_vector_i64(&segment->columns[of->key], at)};
        }
        return 1;
    }
    if (segment->lineage == NULL) {
        return 0;
    }
    size_t first = at > 0 ? segment->lineage->ends[at - 1] : 0;
    size_t n = segment->lineage->ends[at] - first;
    if (to != NULL) {
        memcpy(to, segment->lineage->origins + first, n * sizeof *to);
    }
    return n;
}

/* Of a batch's row: all inputs, but for what half a join does not show. */
static size_t row_origins(const rs_native_plan *plan, const rs_native_batch *batch, size_t row,
                          rs_origin *to)
{
    size_t n = 0;
    size_t n_inputs = rs_join_is_half(plan->plan->join) ? 1 : plan->plan->n_inputs;
    for (size_t i = 0; i < n_inputs; i++) {
        const rs_native_side *side = &batch->sides[i];
        uint32_t at = side->table != NULL ? row_at(side, row) : RS_NATIVE_NO_ROW;
        if (at != RS_NATIVE_NO_ROW) {
            n += add_origins(&plan->origins[i], side->table, at, to != NULL ? to + n : NULL);
        }
    }
    return n;
}

static rs_status set_lineage(rs_native_flow *flow, const rs_native_batch *batch,
                             const uint32_t *picked, size_t n, rs_lineage *out, rs_error *err)
{
    rs_native_output *output = flow->output;
    size_t n_origins = 0;
    for (size_t i = 0; i < n; i++) {
        n_origins += row_origins(flow->plan, batch, picked != NULL ? picked[i] : i, NULL);
        output->ends[i] = (uint32_t)n_origins;
    }
    if (n_origins > output->n_origins_room) {
        rs_origin *origins = rs_realloc(output->origins, n_origins, sizeof *origins);
        if (origins == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
        }
        output->origins = origins;
        output->n_origins_room = n_origins;
    }
    for (size_t i = 0; i < n; i++) {
        (void)row_origins(flow->plan, batch, picked != NULL ? picked[i] : i,
                          output->origins + (i > 0 ? output->ends[i - 1] : 0));
    }
    *out = (rs_lineage){output->origins, output->ends};
    return RS_OK;
}

/* --- frames --- */

static bool is_value(const rs_select *select, size_t column)
{
    return select->columns[column] != NULL &&
           strncmp(select->output->columns[column].name, "value_", 6) == 0;
}

/* A props row whose value is null is none. */
static size_t drop_nulls(const rs_native_select *select, const rs_vector *columns, bool *is_picked,
                         size_t n, uint32_t *picked)
{
    for (size_t c = 0; c < select->of->output->n_columns; c++) {
        size_t n_kept = 0;
        if (!is_value(select->of, c)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            uint32_t at = *is_picked ? picked[i] : (uint32_t)i;
            picked[n_kept] = at;
            n_kept += !rs_vector_is_null(&columns[c], at);
        }
        *is_picked = *is_picked || n_kept < n;
        n = n_kept;
    }
    return n;
}

static void make_columns(rs_native_flow *flow, const rs_native_select *select,
                         const rs_native_batch *batch, const uint32_t *picked, size_t n,
                         rs_vector *columns)
{
    rs_native_output *output = flow->output;
    for (size_t i = 0; i < select->of->output->n_columns; i++) {
        const rs_native_text *text = &select->texts[i];
        columns[i] = text->input != SIZE_MAX
                         ? pass_texts(output, &batch->sides[text->input], text->column, picked, n,
                                      &output->columns[i])
                         : make_vector(output, &select->of->output->columns[i],
                                       rs_native_at(flow->machine, select->columns[i].at), picked,
                                       n, &output->columns[i]);
    }
}

static rs_status push(rs_native_flow *flow, const rs_native_select *select,
                      const rs_native_batch *batch, const rs_vector *columns,
                      const uint32_t *picked, size_t n, rs_error *err)
{
    rs_native_output *output = flow->output;
    rs_lineage lineage = {NULL, NULL};
    if (output->strings.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "run a plan: out of memory");
    }
    for (size_t i = 0; i < n && !flow->sink->is_bare; i++) {
        output->places[i] = place_of(flow->plan, batch, picked != NULL ? picked[i] : i);
    }
    if (flow->plan->has_lineage && !flow->sink->is_bare) {
        RS_TRY(set_lineage(flow, batch, picked, n, &lineage, err));
    } else {
        memset(output->ends, 0, n * sizeof *output->ends);
        lineage.ends = output->ends;
    }
    const rs_frame frame = {.n_rows = n,
                            .columns = columns,
                            .n_columns = select->of->output->n_columns,
                            .lineage = flow->sink->is_bare ? NULL : &lineage,
                            .places = flow->sink->is_bare ? NULL : output->places};
    flow->n_rows += n;
    return flow->sink->push(flow->sink->context, &frame, err);
}

static rs_status check_columns(const rs_native_flow *flow, const rs_native_select *select, size_t n,
                               rs_error *err)
{
    for (size_t i = 0; i < select->of->output->n_columns; i++) {
        if (select->texts[i].input == SIZE_MAX) {
            RS_TRY(rs_native_check(flow->machine,
                                   rs_native_at(flow->machine, select->columns[i].at), n, err));
        }
    }
    return RS_OK;
}

static rs_status give_rows(rs_native_flow *flow, const rs_native_select *select,
                           const rs_native_batch *batch, rs_error *err)
{
    rs_native_output *output = flow->output;
    rs_vector columns[RS_PLAN_MAX_COLUMNS];
    bool is_picked = false;
    size_t n = batch->n_rows;
    RS_TRY(rs_native_machine_run(flow->machine, &select->program, batch, err));
    RS_TRY(check_columns(flow, select, n, err));
    make_columns(flow, select, batch, NULL, n, columns);
    if (select->of->drops_null_value) {
        n = drop_nulls(select, columns, &is_picked, n, output->picked);
    }
    if (select->filter.class != RS_NATIVE_UNSAID) {
        const rs_native_vector *condition = rs_native_at(flow->machine, select->filter.at);
        RS_TRY(rs_native_check(flow->machine, condition, batch->n_rows, err));
        size_t n_kept = rs_native_keep_true(condition, is_picked, n, output->picked);
        is_picked = is_picked || n_kept < n;
        n = n_kept;
    }
    if (n == 0) {
        return RS_OK;
    }
    if (is_picked) {
        make_columns(flow, select, batch, output->picked, n, columns);
    }
    return push(flow, select, batch, columns, is_picked ? output->picked : NULL, n, err);
}

rs_status rs_native_hand_on(rs_native_flow *flow, const rs_native_batch *batch, rs_error *err)
{
    const rs_native_plan *plan = flow->plan;
    rs_native_batch picked = *batch;
    rs_native_output *output = flow->output;
    RS_TRY(rs_stop_check(flow->stop, err));
    RS_TRY(rs_stop_check(flow->interrupted, err));
    RS_TRY(meet_where(flow, &picked, err));
    rs_status status =
        picked.n_rows == 0
            ? RS_OK
            : give_rows(flow, &plan->selects[batch->input * plan->plan->n_selects + flow->select],
                        &picked, err);
    if (output->strings.n_items > 0 || output->strings.failed) {
        rs_strings_release(&output->strings);
    }
    rs_arena_reset(&flow->machine->texts);
    return status;
}
