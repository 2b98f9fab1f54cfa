/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: sessions with their tables, and plans that were compiled. */
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/native/native.h"

RS_VEC_DEFINE(rs_native_tables, rs_native_table)

typedef struct rs_native_engine {
    const atomic_bool *stop; /* that of the config */
} rs_native_engine;

struct rs_native_session {
    const rs_native_engine *engine;
    rs_native_tables tables;
    rs_native_machine machine;
    rs_native_output *output;
    atomic_bool interrupted;
};

static const rs_native_operator *const operators[] = {
    &rs_native_op_filter_project, &rs_native_op_hash_join, &rs_native_op_interval_align,
    &rs_native_op_explode_list,   &rs_native_op_union_all, &rs_native_op_winner_select,
    &rs_native_op_aggregate,
};

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "open the engine: out of memory");
}

static const char *version(void)
{
    return "1";
}

static rs_status open_engine(const rs_engine_config *config, void **out, rs_error *err)
{
    rs_native_engine *engine = rs_alloc_zero(1, sizeof *engine);
    *out = engine;
    if (engine == NULL) {
        return out_of_memory(err);
    }
    engine->stop = config->stop;
    return RS_OK;
}

static void close_engine(void *engine)
{
    rs_free(engine);
}

static const rs_native_table *find_table(void *context, const rs_dataset *dataset)
{
    const rs_native_session *session = context;
    for (size_t i = 0; i < session->tables.n_items; i++) {
        if (session->tables.items[i].dataset == dataset ||
            strcmp(session->tables.items[i].dataset->name, dataset->name) == 0) {
            return &session->tables.items[i];
        }
    }
    return NULL;
}

static void session_close(void *of)
{
    rs_native_session *session = of;
    if (session == NULL) {
        return;
    }
    for (size_t i = 0; i < session->tables.n_items; i++) {
        rs_native_table_clear(&session->tables.items[i]);
    }
    rs_native_tables_release(&session->tables);
    rs_native_machine_release(&session->machine);
    rs_native_output_free(session->output);
    rs_free(session);
}

static rs_status session_open(void *engine, void **out, rs_error *err)
{
    rs_native_session *session = rs_alloc_zero(1, sizeof *session);
    *out = session;
    if (session == NULL) {
        return out_of_memory(err);
    }
    session->engine = engine;
    session->machine.table = find_table;
    session->machine.context = session;
    session->output = rs_native_output_new(err);
    if (session->output == NULL) {
        session_close(session);
        *out = NULL;
        return RS_ERR_NOMEM;
    }
    return RS_OK;
}

static void interrupt(void *session)
{
    atomic_store(&((rs_native_session *)session)->interrupted, true);
}

/* --- rows --- */

/* The table of a dataset, made where there is none. */
static rs_status take_table(rs_native_session *session, const rs_dataset *dataset,
                            rs_native_table **out, rs_error *err)
{
    *out = (rs_native_table *)(uintptr_t)find_table(session, dataset);
    if (*out == NULL) {
        if (!rs_native_tables_push(&session->tables, (rs_native_table){.dataset = dataset})) {
            return rs_error_set(err, RS_ERR_NOMEM, "bind %s: out of memory", dataset->name);
        }
        *out = &session->tables.items[session->tables.n_items - 1];
    }
    return RS_OK;
}

static rs_status bind(void *session, const rs_dataset *dataset, const rs_frame *frame,
                      rs_error *err)
{
    rs_native_table *table = NULL;
    RS_TRY(take_table(session, dataset, &table, err));
    return rs_native_table_add(table, frame, err);
}

static rs_status bind_batch(void *session, const rs_batch *batch, const rs_strings *strings,
                            const rs_lineage *lineage, rs_error *err)
{
    rs_native_table *table = NULL;
    RS_TRY(take_table(session, batch->dataset, &table, err));
    return rs_native_table_borrow(table, batch, strings, lineage, err);
}

static rs_status unbind(void *session, const rs_dataset *dataset, rs_error *err)
{
    rs_native_table *table = (rs_native_table *)(uintptr_t)find_table(session, dataset);
    (void)err;
    if (table != NULL) {
        rs_native_table_clear(table);
    }
    return RS_OK;
}

const rs_native_table *rs_native_input(const rs_native_flow *flow, size_t input)
{
    static const rs_native_table none = {.dataset = NULL};
    const rs_native_table *table =
        find_table(flow->plan->session, flow->plan->plan->inputs[input].dataset);
    return table != NULL ? table : &none;
}

bool rs_native_next(const rs_native_table *table, uint32_t *row, size_t *segment,
                    rs_native_side *side, size_t *n_rows)
{
    if (*segment >= table->segments.n_items) {
        return false;
    }
    const rs_native_segment *of = &table->segments.items[*segment];
    uint32_t n_rest = of->first_row + of->n_rows - *row;
    *n_rows = n_rest < RS_FRAME_ROWS ? n_rest : RS_FRAME_ROWS;
    *side = (rs_native_side){.table = table, .first_row = *row};
    *row += (uint32_t)*n_rows;
    *segment += n_rest == *n_rows;
    return true;
}

/* --- plans --- */

static const rs_native_operator *find_operator(const char *name)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strcmp(operators[i]->name, name) == 0) {
            return operators[i];
        }
    }
    return NULL;
}

static void release_plan(rs_native_plan *plan)
{
    rs_native_release_output(plan);
    for (size_t i = 0; i < RS_PLAN_MAX_JOINED; i++) {
        rs_native_program_release(&plan->meetings[i].left);
        rs_native_program_release(&plan->meetings[i].right);
    }
    rs_native_program_release(&plan->items);
    rs_arena_release(&plan->arena);
}

/* A key of several columns names no row: plans over such have no lineage. */
static rs_native_origin origin_of(const rs_dataset *dataset)
{
    rs_native_origin origin = {.number = rs_dataset_evidence_number(dataset),
                               .is_relationship = strcmp(dataset->lens, "relationship") == 0};
    const rs_column *key = rs_column_find(dataset, rs_str_of(dataset->key));
    origin.key = key != NULL ? (size_t)(key - dataset->columns) : 0;
    return origin;
}

/* False when it cannot be, which the compiler says. */
static bool compile(rs_native_plan *plan, rs_native_compiler *compiler)
{
    const rs_plan *of = plan->plan;
    plan->op = find_operator(of->op->name);
    plan->has_lineage = rs_plan_has_lineage(of);
    plan->n_variants = of->op->places == RS_PLACES_ANY ? of->n_inputs : 1;
    if (plan->op == NULL) {
        (void)rs_native_refuse(compiler, "the operator %s", of->op->name);
    }
    for (size_t i = 0; i < of->n_inputs; i++) {
        plan->origins[i] = origin_of(of->inputs[i].dataset);
    }
    return !compiler->cannot && plan->op->prepare(plan, compiler) &&
           rs_native_prepare_output(plan, compiler);
}

static bool accepts(const rs_plan *of, rs_buf *why_not)
{
    rs_native_plan plan = {.plan = of};
    rs_native_compiler compiler = {.plan = of, .arena = &plan.arena, .why_not = why_not};
    bool fits = compile(&plan, &compiler);
    if (!fits && !compiler.cannot) {
        rs_buf_add(why_not, "out of memory");
    }
    release_plan(&plan);
    return fits;
}

static void release(void *prepared)
{
    rs_native_plan *plan = prepared;
    if (plan != NULL) {
        release_plan(plan);
        rs_free(plan);
    }
}

static rs_status prepare(void *session, const rs_plan *of, void **prepared, rs_error *err)
{
    rs_buf why_not = {0};
    rs_native_plan *plan = rs_alloc_zero(1, sizeof *plan);
    *prepared = NULL;
    if (plan == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", of->name);
    }
    plan->session = session;
    plan->plan = of;
    rs_native_compiler compiler = {.plan = of, .arena = &plan->arena, .why_not = &why_not};
    if (compile(plan, &compiler)) {
        *prepared = plan;
        return RS_OK;
    }
    rs_status status =
        compiler.cannot ? rs_error_set(err, RS_ERR_ENGINE, "%s: the native engine does not do %s",
                                       of->name, rs_buf_text(&why_not))
                        : rs_error_set(err, RS_ERR_NOMEM, "%s: out of memory", of->name);
    rs_buf_release(&why_not);
    release(plan);
    return status;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t n_registers(const rs_native_plan *plan)
{
    size_t n = plan->items.n_registers;
    for (size_t i = 0; i < RS_PLAN_MAX_JOINED; i++) {
        n = most(n, most(plan->meetings[i].left.n_registers, plan->meetings[i].right.n_registers));
    }
    for (size_t i = 0; i < plan->n_variants; i++) {
        n = most(n, plan->where[i].n_registers);
        for (size_t j = 0; j < plan->plan->n_selects; j++) {
            n = most(n, plan->selects[i * plan->plan->n_selects + j].program.n_registers);
        }
    }
    return n;
}

static rs_status run_one(const rs_native_plan *plan, size_t select, const rs_sink *sink,
                         uint64_t *n_rows, rs_error *err)
{
    rs_native_session *session = plan->session;
    rs_native_flow flow = {.plan = plan,
                           .machine = &session->machine,
                           .output = session->output,
                           .stop = session->engine->stop,
                           .interrupted = &session->interrupted,
                           .select = select,
                           .sink = sink};
    rs_status status = plan->plan->winner.n_keys > 0
                           ? rs_native_choose_best(&flow, plan->op->run, err)
                           : plan->op->run(&flow, err);
    *n_rows += flow.n_rows;
    return status;
}

/* The selects first .. end - 1. */
static rs_status run_selects(const rs_native_plan *plan, size_t first, size_t end,
                             const rs_sink *sink, rs_observation *cost, rs_error *err)
{
    uint64_t n_rows = 0;
    uint64_t started_ns = cost != NULL ? rs_clock_ns() : 0;
    rs_error cause = {0};
    plan->session->machine.fault = NULL;
    RS_TRY(rs_native_machine_reserve(&plan->session->machine, n_registers(plan), err));
    rs_status status = RS_OK;
    for (size_t i = first; i < end && status == RS_OK; i++) {
        status = run_one(plan, i, sink, &n_rows, &cause);
    }
    if (cost != NULL) {
        uint64_t ended_ns = rs_clock_ns();
        *cost = (rs_observation){.n_rows = n_rows,
                                 .elapsed_ns = ended_ns - started_ns,
                                 .started_ns = started_ns,
                                 .ended_ns = ended_ns};
    }
    return status == RS_ERR_ENGINE
               ? rs_error_set(err, status, "%s: %s", plan->plan->name, cause.message)
           : status != RS_OK ? rs_error_set(err, status, "%s", cause.message)
                             : RS_OK;
}

static rs_status run_plan(void *prepared, const rs_sink *sink, rs_observation *cost, rs_error *err)
{
    const rs_native_plan *plan = prepared;
    return run_selects(plan, 0, plan->plan->n_selects, sink, cost, err);
}

static rs_status run_select(void *prepared, size_t select, const rs_sink *sink,
                            rs_observation *cost, rs_error *err)
{
    const rs_native_plan *plan = prepared;
    RS_ASSERT(select < plan->plan->n_selects);
    return run_selects(plan, select, select + 1, sink, cost, err);
}

const rs_engine_type rs_engine_type_native = {
    .name = "native",
    .doc = "part of relspec: rules of one file, a batch of rows at a time",
    .capabilities = RS_ENGINE_BORROWS,
    .version = version,
    .open = open_engine,
    .close = close_engine,
    .session_open = session_open,
    .session_close = session_close,
    .accepts = accepts,
    .prepare = prepare,
    .release = release,
    .bind = bind,
    .bind_batch = bind_batch,
    .unbind = unbind,
    .run = run_plan,
    .run_select = run_select,
    .interrupt = interrupt,
};
