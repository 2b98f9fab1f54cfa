/* SPDX-License-Identifier: Apache-2.0 */
/* flow_rows.c - the rows of the flow lens, scope by scope. */
#include "evidence/flow/flow_impl.h"

/* Numbers of a scope's first block and event. */
typedef struct flow_base {
    uint32_t blocks;
    uint32_t events;
} flow_base;

/* --- one scope --- */

static void block_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        const flow_block *block = &lens->blocks.items[b];
        size_t row = ROW_ADD(x, cfg_blocks);
        bool is_empty = block->first_element == block->end_element;
        COLUMN(x, cfg_blocks, block_id).i64[row] = id_of(x, base.blocks + b);
        COLUMN(x, cfg_blocks, scope_id).i64[row] = id_of(x, lens->first_scope + lens->scope);
        COLUMN(x, cfg_blocks, block_kind).u8[row] = block->kind;
        COLUMN(x, cfg_blocks, kind).u8[row] =
            block->kind == RS_W_block_kind_exit ? RS_K_METHOD_RETURN : RS_K_CFG_BLOCK;
        COLUMN(x, cfg_blocks, n_elements).i32[row] =
            (int32_t)(block->end_element - block->first_element);
        COLUMN(x, cfg_blocks, is_live).u8[row] = block->is_live;
        COLUMN(x, cfg_blocks, may_raise).u8[row] = block->may_raise;
        if (is_empty) {
            ROW_SET_NULL(x, cfg_blocks, first_node_id, row);
            ROW_SET_NULL(x, cfg_blocks, start_byte, row);
            ROW_SET_NULL(x, cfg_blocks, start_line, row);
            COLUMN(x, cfg_blocks, first_node_id).i64[row] = 0;
            COLUMN(x, cfg_blocks, start_byte).i64[row] = 0;
            COLUMN(x, cfg_blocks, start_line).i32[row] = 0;
            continue;
        }
        uint32_t first = lens->elements.items[block->first_element].node;
        size_t node_row = node_row_of(x, first);
        COLUMN(x, cfg_blocks, first_node_id).i64[row] = id_of(x, first);
        COLUMN(x, cfg_blocks, start_byte).i64[row] =
            COLUMN(x, syntax_nodes, start_byte).i64[node_row];
        COLUMN(x, cfg_blocks, start_line).i32[row] =
            COLUMN(x, syntax_nodes, start_line).i32[node_row];
    }
}

static void element_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        const flow_block *block = &lens->blocks.items[b];
        for (uint32_t i = block->first_element; i < block->end_element; i++) {
            const flow_element *element = &lens->elements.items[i];
            size_t row = ROW_ADD(x, cfg_elements);
            COLUMN(x, cfg_elements, block_id).i64[row] = id_of(x, base.blocks + b);
            COLUMN(x, cfg_elements, position).i32[row] = (int32_t)(i - block->first_element);
            COLUMN(x, cfg_elements, node_id).i64[row] = id_of(x, element->node);
            COLUMN(x, cfg_elements, action).u8[row] = element->action;
            COLUMN(x, cfg_elements, may_raise).u8[row] = element->may_raise;
        }
    }
}

static void edge_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (size_t i = 0; i < lens->edges.n_items; i++) {
        const flow_edge *edge = &lens->edges.items[i];
        size_t row = ROW_ADD(x, cfg_edges);
        COLUMN(x, cfg_edges, src_block_id).i64[row] = id_of(x, base.blocks + edge->src);
        COLUMN(x, cfg_edges, dst_block_id).i64[row] = id_of(x, base.blocks + edge->dst);
        COLUMN(x, cfg_edges, kind).u8[row] = (uint8_t)edge->kind;
    }
}

static void dominance_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        uint32_t above = lens->dominators.parent.items[b];
        uint32_t behind = lens->post_dominators.parent.items[b];
        if (above != RS_FLOW_NONE) {
            size_t row = ROW_ADD(x, dominators);
            COLUMN(x, dominators, block_id).i64[row] = id_of(x, base.blocks + b);
            COLUMN(x, dominators, dominator_id).i64[row] = id_of(x, base.blocks + above);
        }
        if (behind != RS_FLOW_NONE) {
            size_t row = ROW_ADD(x, post_dominators);
            COLUMN(x, post_dominators, block_id).i64[row] = id_of(x, base.blocks + b);
            COLUMN(x, post_dominators, post_dominator_id).i64[row] = id_of(x, base.blocks + behind);
        }
    }
    for (size_t i = 0; i < lens->control.n_items; i++) {
        const flow_pair *pair = &lens->control.items[i];
        size_t row = ROW_ADD(x, control_deps);
        COLUMN(x, control_deps, block_id).i64[row] = id_of(x, base.blocks + pair->first);
        COLUMN(x, control_deps, controller_id).i64[row] = id_of(x, base.blocks + pair->second);
        COLUMN(x, control_deps, kind).u8[row] = (uint8_t)pair->kind;
    }
}

static void event_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    const rs_batch_column *bindings =
        &x->part->batches[RS_DS_name_bindings].columns[RS_C_name_bindings_binding_id];
    for (uint32_t i = 0; i < lens->events.n_items; i++) {
        const flow_event *event = &lens->events.items[i];
        size_t row = ROW_ADD(x, def_use_events);
        COLUMN(x, def_use_events, event_id).i64[row] = id_of(x, base.events + i);
        COLUMN(x, def_use_events, node_id).i64[row] = id_of(x, event->node);
        COLUMN(x, def_use_events, event_kind).u8[row] = event->kind;
        COLUMN(x, def_use_events, kind).u8[row] =
            event->kind == RS_W_event_kind_def ? RS_K_DEF_EVENT : RS_K_USE_EVENT;
        COLUMN(x, def_use_events, binding_id).i64[row] = bindings->values.i64[event->name_row];
        if (!rs_batch_is_valid(bindings, event->name_row)) {
            ROW_SET_NULL(x, def_use_events, binding_id, row);
        }
        COLUMN(x, def_use_events, block_id).i64[row] = id_of(x, base.blocks + event->block);
        COLUMN(x, def_use_events, is_own).u8[row] = event->is_own;
        COLUMN(x, def_use_events, maybe_unbound).u8[row] = event->maybe_unbound;
        NODE_SPAN(x, def_use_events, row, event->node);
    }
    for (size_t i = 0; i < lens->reaching.n_items; i++) {
        const flow_pair *pair = &lens->reaching.items[i];
        size_t row = ROW_ADD(x, reaching_defs);
        COLUMN(x, reaching_defs, use_event_id).i64[row] = id_of(x, base.events + pair->first);
        COLUMN(x, reaching_defs, def_event_id).i64[row] = id_of(x, base.events + pair->second);
        uint32_t name_row = lens->events.items[pair->first].name_row;
        uint8_t resolution = COLUMN(x, name_bindings, resolution).u8[name_row];
        COLUMN(x, reaching_defs, is_shared).u8[row] =
            resolution != RS_W_resolution_local && resolution != RS_W_resolution_class;
    }
}

static rs_status scope_reserve(rs_file_at_hand *x, rs_error *err)
{
    const rs_flow_lens *lens = x->worker;
    const struct {
        rs_dataset_id dataset;
        size_t n_rows;
    } room[] = {
        {RS_DS_cfg_blocks, lens->blocks.n_items},
        {RS_DS_cfg_elements, lens->elements.n_items},
        {RS_DS_cfg_edges, lens->edges.n_items},
        {RS_DS_dominators, lens->blocks.n_items},
        {RS_DS_post_dominators, lens->blocks.n_items},
        {RS_DS_control_deps, lens->control.n_items},
        {RS_DS_def_use_events, lens->events.n_items},
        {RS_DS_reaching_defs, lens->reaching.n_items},
    };
    for (size_t i = 0; i < sizeof room / sizeof room[0]; i++) {
        RS_TRY(rs_batch_reserve(&x->part->batches[room[i].dataset], room[i].n_rows, err));
    }
    return RS_OK;
}

/* A scope, or with `n` the Module all of the file, is left out; `what` there is too much of. */
static rs_status diagnostic_row(rs_file_at_hand *x, uint32_t n, const char *what, rs_error *err)
{
    rs_diagnostic_code code = RS_D_flow_too_large;
    RS_TRY(rs_batch_reserve(&x->part->batches[RS_DS_flow_diagnostics], 1, err));
    rs_buf_reset(&x->scratch);
    rs_buf_addf(&x->scratch, "too many %s in the analysis of %u syntax nodes", what,
                (unsigned)x->tree.nodes[n].n_subtree);
    size_t row = ROW_ADD(x, flow_diagnostics);
    COLUMN(x, flow_diagnostics, diagnostic_id).i64[row] = id_of(x, x->next_number++);
    COLUMN(x, flow_diagnostics, node_id).i64[row] = id_of(x, n);
    COLUMN(x, flow_diagnostics, code).u8[row] = (uint8_t)code;
    COLUMN(x, flow_diagnostics, severity).u8[row] = (uint8_t)rs_diagnostic_get(code)->severity;
    COLUMN(x, flow_diagnostics, message).str[row] = string_number(x, rs_buf_str(&x->scratch));
    NODE_SPAN(x, flow_diagnostics, row, n);
    return RS_OK;
}

/* n_reserved: numbers that diagnostics of further scopes may need. */
static rs_status scope_extract(rs_file_at_hand *x, uint32_t number, uint32_t n_reserved,
                               rs_error *err)
{
    rs_flow_lens *lens = x->worker;
    rs_flow_build(x, number);
    if (!lens->is_over) {
        rs_flow_graph(x);
    }
    if (!lens->is_over && x->status == RS_OK) {
        rs_flow_dominate(x);
    }
    if (!lens->is_over && x->status == RS_OK) {
        rs_flow_defuse(x);
    }
    if (x->status != RS_OK) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    uint64_t n_entities = (uint64_t)lens->blocks.n_items + lens->events.n_items + n_reserved;
    if (!lens->is_over && x->next_number + n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS) {
        rs_flow_over(x, "entities of the file");
    }
    if (lens->is_over) {
        return diagnostic_row(x, lens->scopes.items[number].node, lens->what, err);
    }
    flow_base base = {.blocks = x->next_number,
                      .events = x->next_number + (uint32_t)lens->blocks.n_items};
    x->next_number = base.events + (uint32_t)lens->events.n_items;
    RS_TRY(scope_reserve(x, err));
    block_rows(x, base);
    element_rows(x, base);
    edge_rows(x, base);
    dominance_rows(x, base);
    event_rows(x, base);
    return x->status;
}

/* --- the whole --- */

static bool names_find(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    size_t n_rows = x->part->batches[RS_DS_name_bindings].n_rows;
    size_t n_events = (n_rows - x->first_rows[RS_DS_name_bindings]) * RS_N_W_event_kind;
    flow_numbers_reset(&lens->name_row);
    flow_numbers_reset(&lens->event_of);
    if (!flow_numbers_reserve(&lens->name_row, x->tree.n_nodes) ||
        !flow_numbers_reserve(&lens->event_of, n_events)) {
        return false;
    }
    memset(lens->name_row.items, 0xff, x->tree.n_nodes * sizeof *lens->name_row.items);
    if (n_events > 0) {
        memset(lens->event_of.items, 0xff, n_events * sizeof *lens->event_of.items);
    }
    for (size_t row = x->first_rows[RS_DS_name_bindings]; row < n_rows; row++) {
        uint32_t n = (uint32_t)(COLUMN(x, name_bindings, node_id).i64[row] - x->base);
        lens->name_row.items[n] = (uint32_t)row;
    }
    return true;
}

/* The scopes of the file, and where the bindings of each start. */
static bool scopes_find(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    size_t first = x->first_rows[RS_DS_scopes];
    size_t n_scopes = x->part->batches[RS_DS_scopes].n_rows - first;
    size_t binding = x->first_rows[RS_DS_bindings];
    size_t n_bindings = x->part->batches[RS_DS_bindings].n_rows;
    flow_scopes_reset(&lens->scopes);
    if (!flow_scopes_reserve(&lens->scopes, n_scopes + 1)) {
        return false;
    }
    for (size_t row = first; row < first + n_scopes; row++) {
        int64_t scope_id = COLUMN(x, scopes, scope_id).i64[row];
        lens->scopes.items[lens->scopes.n_items++] = (flow_scope){
            .node = (uint32_t)(COLUMN(x, scopes, node_id).i64[row] - x->base),
            .first_binding = (uint32_t)(binding - x->first_rows[RS_DS_bindings]),
            .type = COLUMN(x, scopes, scope_type).u8[row],
            .kind = COLUMN(x, scopes, scope_kind).u8[row],
        };
        while (binding < n_bindings && COLUMN(x, bindings, scope_id).i64[binding] == scope_id) {
            binding++;
        }
    }
    RS_ASSERT(binding == n_bindings);
    lens->scopes.items[n_scopes] =
        (flow_scope){.first_binding = (uint32_t)(binding - x->first_rows[RS_DS_bindings])};
    lens->first_scope =
        n_scopes == 0 ? 0 : (uint32_t)(COLUMN(x, scopes, scope_id).i64[first] - x->base);
    lens->first_slot = lens->first_scope + (uint32_t)n_scopes;
    return true;
}

static bool has_code(const flow_scope *s)
{
    return s->type != RS_W_scope_type_annotation && s->type != RS_W_scope_type_type_parameters;
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    rs_flow_lens *lens = x->worker;
    if (x->tree.n_nodes == 0) {
        return RS_OK;
    }
    if (!scopes_find(x) || !names_find(x)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    uint32_t n_scopes = (uint32_t)lens->scopes.n_items;
    lens->has_future = rs_scope_has_future_annotations(x);
    if (n_scopes > 0 && (uint64_t)x->next_number + n_scopes >= UINT64_C(1) << RS_ID_ENTITY_BITS) {
        return diagnostic_row(x, 0, "entities of the file", err);
    }
    for (uint32_t s = 0; s < n_scopes; s++) {
        if (has_code(&lens->scopes.items[s])) {
            RS_TRY(scope_extract(x, s, n_scopes - s, err));
        }
    }
    return RS_OK;
}

static void worker_free(void *worker)
{
    rs_flow_lens *lens = worker;
    flow_numbers *const numbers[] = {&lens->name_row,
                                     &lens->event_of,
                                     &lens->successors.start,
                                     &lens->successors.items,
                                     &lens->predecessors.start,
                                     &lens->predecessors.items,
                                     &lens->dominators.parent,
                                     &lens->dominators.order,
                                     &lens->dominators.place,
                                     &lens->post_dominators.parent,
                                     &lens->post_dominators.order,
                                     &lens->post_dominators.place,
                                     &lens->stack,
                                     &lens->marks,
                                     &lens->forest.above,
                                     &lens->forest.semi,
                                     &lens->forest.ancestor,
                                     &lens->forest.best,
                                     &lens->forest.bucket,
                                     &lens->forest.next,
                                     &lens->forest.dominator,
                                     &lens->forest.path};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        flow_numbers_release(numbers[i]);
    }
    flow_elements_release(&lens->elements);
    flow_blocks_release(&lens->blocks);
    flow_edges_release(&lens->edges);
    flow_labels_release(&lens->labels);
    flow_steps_release(&lens->steps);
    flow_frames_release(&lens->frames);
    flow_pairs_release(&lens->control);
    flow_events_release(&lens->events);
    flow_pairs_release(&lens->reaching);
    flow_scopes_release(&lens->scopes);
    rs_flow_values_free(lens->values);
    rs_free(lens);
}

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    rs_flow_lens *lens = rs_alloc_zero(1, sizeof *lens);
    *worker = lens;
    if (lens != NULL) {
        lens->values = rs_flow_values_new();
    }
    if (lens != NULL && lens->values != NULL) {
        return RS_OK;
    }
    rs_free(lens);
    *worker = NULL;
    return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static const char *const needs[] = {"syntax", "scope", NULL};
static const rs_dataset_id gives[] = {
    RS_DS_cfg_blocks,       RS_DS_cfg_elements, RS_DS_cfg_edges,      RS_DS_dominators,
    RS_DS_post_dominators,  RS_DS_control_deps, RS_DS_def_use_events, RS_DS_reaching_defs,
    RS_DS_flow_diagnostics, RS_N_EVIDENCE,
};

const rs_lens rs_lens_flow = {
    .name = "flow",
    .doc = "In which order the code of a scope runs, and which definitions reach each use.",
    .version = 1,
    .needs = needs,
    .gives = gives,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
};
