/* SPDX-License-Identifier: Apache-2.0 */
#include "naive/naive.h"

#include <string.h>

#include "base/alloc.h"
#include "naive/operators.h"

RS_VEC_DEFINE(naive_tables, naive_table)

typedef struct naive_session {
    rs_arena arena; /* of bound rows */
    naive_tables tables;
} naive_session;

typedef struct naive_prepared {
    naive_session *session;
    const rs_plan *plan;
} naive_prepared;

static const char *version(void)
{
    return "1";
}

static rs_status open_engine(const rs_engine_config *config, void **engine, rs_error *err)
{
    (void)config;
    *engine = rs_alloc_zero(1, 1);
    return *engine != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void close_engine(void *engine)
{
    rs_free(engine);
}

static rs_status session_open(void *engine, void **session, rs_error *err)
{
    (void)engine;
    *session = rs_alloc_zero(1, sizeof(naive_session));
    return *session != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void session_close(void *of)
{
    naive_session *session = of;
    for (size_t i = 0; session != NULL && i < session->tables.n_items; i++) {
        naive_rows_release(&session->tables.items[i].rows);
    }
    if (session != NULL) {
        naive_tables_release(&session->tables);
        rs_arena_release(&session->arena);
        rs_free(session);
    }
}

/* --- rows in --- */

static naive_table *table_of(naive_session *session, const rs_dataset *dataset)
{
    for (size_t i = 0; i < session->tables.n_items; i++) {
        if (strcmp(session->tables.items[i].dataset->name, dataset->name) == 0) {
            return &session->tables.items[i];
        }
    }
    return NULL;
}

static naive_value value_at(naive_session *session, const rs_vector *vector, size_t row)
{
    naive_value value = {.kind = NAIVE_NULL};
    if (rs_vector_is_null(vector, row)) {
        return value;
    }
    switch (vector->type) {
    case RS_TYPE_STR: {
        rs_str text = rs_vector_text(vector, row);
        const char *copy = rs_arena_strndup(&session->arena, text.bytes, text.n_bytes);
        RS_ASSERT(copy != NULL);
        return (naive_value){.kind = NAIVE_TEXT, .text = {copy, text.n_bytes}};
    }
    case RS_TYPE_ENUM:
        return (naive_value){
            .kind = NAIVE_WORD, .words = vector->words, .i = rs_vector_i64(vector, row)};
    case RS_TYPE_F32:
    case RS_TYPE_F64:
        return (naive_value){.kind = NAIVE_FLOAT, .f = rs_vector_f64(vector, row)};
    case RS_TYPE_BOOL:
        return (naive_value){.kind = NAIVE_BOOL, .i = rs_vector_i64(vector, row)};
    case RS_TYPE_I32:
    case RS_TYPE_I64:
        return (naive_value){.kind = NAIVE_INT, .i = rs_vector_i64(vector, row)};
    }
    return value;
}

static naive_row row_at(naive_session *session, const rs_frame *frame, size_t row)
{
    naive_value *values = rs_arena_alloc(&session->arena, frame->n_columns, sizeof *values);
    naive_row out = {.values = values};
    RS_ASSERT(values != NULL);
    for (size_t i = 0; i < frame->n_columns; i++) {
        values[i] = value_at(session, &frame->columns[i], row);
    }
    if (frame->lineage != NULL) {
        size_t first = row > 0 ? frame->lineage->ends[row - 1] : 0;
        out.n_origins = frame->lineage->ends[row] - first;
        rs_origin *origins = rs_arena_alloc(&session->arena, out.n_origins + 1, sizeof *origins);
        RS_ASSERT(origins != NULL);
        memcpy(origins, frame->lineage->origins + first, out.n_origins * sizeof *origins);
        out.origins = origins;
    }
    return out;
}

static rs_status bind(void *of, const rs_dataset *dataset, const rs_frame *frame, rs_error *err)
{
    naive_session *session = of;
    if (table_of(session, dataset) == NULL &&
        !naive_tables_push(&session->tables, (naive_table){.dataset = dataset})) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    naive_table *table = table_of(session, dataset);
    for (size_t i = 0; i < frame->n_rows; i++) {
        naive_row row = row_at(session, frame, i);
        row.place = (int64_t)table->rows.n_items;
        if (!naive_rows_push(&table->rows, row)) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
    }
    return RS_OK;
}

static rs_status unbind(void *of, const rs_dataset *dataset, rs_error *err)
{
    naive_table *table = table_of(of, dataset);
    (void)err;
    if (table != NULL) {
        table->rows.n_items = 0;
    }
    return RS_OK;
}

/* --- rows out --- */

static void set_value(const rs_column *column, naive_value value, size_t row, void *out,
                      uint64_t *validity, rs_strings *strings)
{
    bool is_null = value.kind == NAIVE_NULL;
    if (!is_null) {
        validity[row / 64] |= UINT64_C(1) << (row % 64);
    }
    switch (column->type) {
    case RS_TYPE_I64:
        ((int64_t *)out)[row] = value.i;
        break;
    case RS_TYPE_I32:
        ((int32_t *)out)[row] = (int32_t)value.i;
        break;
    case RS_TYPE_BOOL:
        ((uint8_t *)out)[row] = (uint8_t)value.i;
        break;
    case RS_TYPE_F32:
        ((float *)out)[row] = (float)value.f;
        break;
    case RS_TYPE_F64:
        ((double *)out)[row] = value.f;
        break;
    case RS_TYPE_STR:
        ((uint32_t *)out)[row] = is_null ? RS_STR_NULL : rs_strings_add(strings, value.text);
        break;
    case RS_TYPE_ENUM:
        ((uint8_t *)out)[row] = is_null ? (uint8_t)RS_ENUM_NULL : (uint8_t)value.i;
        break;
    }
}

static void *take(rs_arena *arena, size_t n_items, size_t n_item_bytes)
{
    void *memory = rs_arena_alloc(arena, n_items + 1, n_item_bytes);
    RS_ASSERT(memory != NULL);
    memset(memory, 0, (n_items + 1) * n_item_bytes);
    return memory;
}

static rs_lineage lineage_of(rs_arena *arena, const naive_row *rows, size_t n_rows)
{
    uint32_t *ends = take(arena, n_rows, sizeof *ends);
    size_t n_origins = 0;
    for (size_t i = 0; i < n_rows; i++) {
        n_origins += rows[i].n_origins;
        ends[i] = (uint32_t)n_origins;
    }
    rs_origin *origins = take(arena, n_origins, sizeof *origins);
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j < rows[i].n_origins; j++) {
            origins[ends[i] - rows[i].n_origins + j] = rows[i].origins[j];
        }
    }
    return (rs_lineage){origins, ends};
}

static rs_status push_frame(const rs_dataset *dataset, rs_arena *arena, const naive_row *rows,
                            size_t n_rows, const rs_sink *sink, rs_error *err)
{
    rs_strings strings = {0};
    rs_vector *columns = take(arena, dataset->n_columns, sizeof *columns);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        void *values = take(arena, n_rows, sizeof(int64_t));
        uint64_t *validity = take(arena, n_rows / 64, sizeof *validity);
        for (size_t row = 0; row < n_rows; row++) {
            set_value(column, rows[row].values[i], row, values, validity, &strings);
        }
        columns[i] = (rs_vector){.form = RS_FORM_FLAT,
                                 .type = column->type,
                                 .values = values,
                                 .validity = validity,
                                 .words = column->words,
                                 .strings = &strings};
    }
    const rs_lineage lineage = lineage_of(arena, rows, n_rows);
    rs_row_place *places = take(arena, n_rows, sizeof *places);
    for (size_t row = 0; row < n_rows; row++) {
        places[row] = rows[row].from;
    }
    const rs_frame frame = {.n_rows = n_rows,
                            .columns = columns,
                            .n_columns = dataset->n_columns,
                            .lineage = &lineage,
                            .places = places};
    rs_status status = sink->push(sink->context, &frame, err);
    rs_strings_release(&strings);
    return status;
}

/* --- plans --- */

static bool accepts(const rs_plan *plan, rs_buf *why_not)
{
    (void)plan;
    (void)why_not;
    return true;
}

static rs_status prepare(void *session, const rs_plan *plan, void **prepared, rs_error *err)
{
    naive_prepared *made = rs_alloc_zero(1, sizeof *made);
    *prepared = made;
    if (made == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    *made = (naive_prepared){session, plan};
    return RS_OK;
}

static void release(void *prepared)
{
    rs_free(prepared);
}

static const naive_table *find_table(void *context, const rs_dataset *dataset)
{
    static const naive_table none = {0};
    const naive_table *table = table_of(context, dataset);
    return table != NULL ? table : &none;
}

static const naive_value *find_param(void *context, const rs_param_table *param, size_t *n_values)
{
    static const naive_value none = {.kind = NAIVE_NULL};
    naive_session *session = context;
    const naive_table *table = table_of(session, param->dataset);
    *n_values = table != NULL ? table->rows.n_items : 0;
    naive_value *values = *n_values > 0 ? take(&session->arena, *n_values, sizeof *values) : NULL;
    for (size_t i = 0; i < *n_values; i++) {
        size_t column = rs_column_index(param->dataset, param->column->name);
        values[i] = table->rows.items[i].values[column];
    }
    return values != NULL ? values : &none;
}

static rs_status push_rows(const naive_run *run, const rs_sink *sink, rs_error *err)
{
    const rs_dataset *output = run->plan->selects[0].output;
    for (size_t first = 0; first < run->rows.n_items; first += RS_FRAME_ROWS) {
        size_t n_rest = run->rows.n_items - first;
        size_t n_rows = n_rest < RS_FRAME_ROWS ? n_rest : RS_FRAME_ROWS;
        RS_TRY(push_frame(output, run->arena, run->rows.items + first, n_rows, sink, err));
    }
    return RS_OK;
}

static rs_status run_plan(void *of, const rs_sink *sink, rs_observation *cost, rs_error *err)
{
    naive_prepared *prepared = of;
    rs_arena arena = {0};
    naive_run run = {.plan = prepared->plan,
                     .arena = &arena,
                     .table = find_table,
                     .context = prepared->session,
                     .scope = {.param = find_param, .context = prepared->session}};
    naive_run_plan(&run);
    rs_status status = RS_OK;
    if (run.failed) {
        status = rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", run.plan->name);
    } else if (run.scope.fault != NULL) {
        status = rs_error_set(err, RS_ERR_ENGINE, "%s: %s", run.plan->name, run.scope.fault);
    } else {
        status = push_rows(&run, sink, err);
    }
    if (cost != NULL) {
        *cost = (rs_observation){.n_rows = run.rows.n_items};
    }
    naive_rows_release(&run.rows);
    rs_arena_release(&arena);
    return status;
}

static void interrupt(void *session)
{
    (void)session;
}

const rs_engine_type naive_engine = {
    .name = "naive",
    .doc = "what the words of a plan say, a row at a time",
    .version = version,
    .open = open_engine,
    .close = close_engine,
    .session_open = session_open,
    .session_close = session_close,
    .accepts = accepts,
    .prepare = prepare,
    .release = release,
    .bind = bind,
    .unbind = unbind,
    .run = run_plan,
    .interrupt = interrupt,
};
