/* SPDX-License-Identifier: Apache-2.0 */
/* flow_rows.c - the rows of the flow lens, scope by scope. */
#include "evidence/flow/flow_steps.h"

/* Numbers of a scope's first block and event. */
typedef struct flow_base {
    uint32_t blocks;
    uint32_t events;
} flow_base;

/* --- one scope --- */

static bool has_body(uint8_t ast_class)
{
    switch (ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_For:
    case RS_AST_AsyncFor:
    case RS_AST_While:
    case RS_AST_If:
    case RS_AST_With:
    case RS_AST_AsyncWith:
    case RS_AST_Try:
    case RS_AST_TryStar:
    case RS_AST_ExceptHandler:
    case RS_AST_Match:
    case RS_AST_match_case:
        return true;
    default:
        return false;
    }
}

/* Byte behind what an element is of: of a statement with a body what stands before that. */
static uint32_t element_end(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    if (!has_body(node->ast_class)) {
        return node->end_byte;
    }
    uint32_t end = node->name_end > node->start_byte ? node->name_end : node->start_byte;
    uint32_t child = n + 1;
    while (child < n + node->n_subtree && node_at(x, child)->field != RS_F_body &&
           node_at(x, child)->field != RS_F_cases) {
        end = node_at(x, child)->end_byte > end ? node_at(x, child)->end_byte : end;
        child += node_at(x, child)->n_subtree;
    }
    while (end == node->start_byte ||
           (end < node->end_byte && x->tree.text[end] >= 'a' && x->tree.text[end] <= 'z')) {
        end++; /* a keyword alone, as of try: */
    }
    return end;
}

/* From the first of its elements to the last, whichever stands first. */
static void block_span(const rs_file_at_hand *x, rs_cfg_blocks_row *row, uint32_t first,
                       uint32_t last)
{
    uint32_t starts[] = {node_at(x, first)->start_byte, node_at(x, last)->start_byte};
    uint32_t ends[] = {element_end(x, first), element_end(x, last)};
    uint32_t start = raw_of(x, starts[starts[1] < starts[0]]);
    uint32_t end = raw_of(x, ends[ends[1] > ends[0]]);
    RS_ASSERT(start <= end);
    rs_position from = rs_file_position(x, 1, start);
    rs_position to = rs_file_position(x, from.line, end);
    row->start_byte = rs_opt_i64_of(start);
    row->end_byte = rs_opt_i64_of(end);
    row->start_line = rs_opt_i32_of((int32_t)from.line);
    row->start_column = rs_opt_i32_of((int32_t)from.column);
    row->end_line = rs_opt_i32_of((int32_t)to.line);
    row->end_column = rs_opt_i32_of((int32_t)to.column);
}

static void block_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    rs_scopes_columns scopes = rs_scopes_columns_of(x->part);
    size_t scope = x->first_rows[RS_DS_scopes] + lens->scope;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        const flow_block *block = &lens->blocks.items[b];
        rs_cfg_blocks_row row = rs_cfg_blocks_row_new();
        row.block_id = id_of(x, base.blocks + b);
        row.scope_id = id_of(x, lens->first_scope + lens->scope);
        row.container_id = scopes.container_id[scope];
        row.name = rs_text_of(scopes.name[scope]);
        row.block_kind = rs_word_of(block->kind);
        row.kind =
            rs_word_of(block->kind == RS_W_block_kind_exit ? RS_K_METHOD_RETURN : RS_K_CFG_BLOCK);
        RS_ASSERT(block->first_element <= block->end_element &&
                  block->end_element <= lens->elements.n_items);
        row.n_elements = (int32_t)(block->end_element - block->first_element);
        row.is_live = block->is_live;
        row.may_raise = block->may_raise;
        if (block->first_element != block->end_element) {
            uint32_t first = lens->elements.items[block->first_element].node;
            uint32_t last = lens->elements.items[block->end_element - 1].node;
            row.first_node_id = rs_opt_i64_of(id_of(x, first));
            row.last_node_id = rs_opt_i64_of(id_of(x, last));
            block_span(x, &row, first, last);
        }
        ROW_PUSH(x, cfg_blocks, &row);
    }
}

/* There are more of them than of all else, so they are written column by column. */
static void element_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    size_t n_rows = 0;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        n_rows += lens->blocks.items[b].end_element - lens->blocks.items[b].first_element;
    }
    size_t at = x->part->batches[RS_DS_cfg_elements].n_rows;
    if (!rs_file_open_rows(x, RS_DS_cfg_elements, n_rows)) {
        return;
    }
    rs_cfg_elements_columns of = rs_cfg_elements_columns_of(x->part);
    rs_syntax_nodes_columns nodes = rs_syntax_nodes_columns_of(x->part);
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        const flow_block *block = &lens->blocks.items[b];
        for (uint32_t i = block->first_element; i < block->end_element; i++, at++) {
            const flow_element *element = &lens->elements.items[i];
            of.block_id[at] = id_of(x, base.blocks + b);
            of.position[at] = (int32_t)(i - block->first_element);
            of.node_id[at] = id_of(x, element->node);
            of.action[at] = (uint8_t)element->action;
            of.damaged[at] = nodes.damaged[node_row_of(x, element->node)];
            of.may_raise[at] = element->may_raise;
            of.is_first[at] = lens->seen.items[element->node] != base.blocks + b + 1;
            lens->seen.items[element->node] = base.blocks + b + 1;
        }
    }
    RS_ASSERT(at == x->part->batches[RS_DS_cfg_elements].n_rows + n_rows);
    rs_part_close(x->part, RS_DS_cfg_elements, n_rows);
}

static void edge_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (size_t i = 0; i < lens->edges.n_items; i++) {
        const flow_edge *edge = &lens->edges.items[i];
        rs_cfg_edges_row row = rs_cfg_edges_row_new();
        RS_ASSERT(edge->src < lens->blocks.n_items && edge->dst < lens->blocks.n_items);
        row.src_block_id = id_of(x, base.blocks + edge->src);
        row.dst_block_id = id_of(x, base.blocks + edge->dst);
        row.kind = rs_word_of(edge->kind);
        ROW_PUSH(x, cfg_edges, &row);
    }
}

static void dominance_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        uint32_t above = lens->dominators.parent.items[b];
        uint32_t behind = lens->post_dominators.parent.items[b];
        if (above != RS_FLOW_NONE) {
            rs_dominators_row row = rs_dominators_row_new();
            row.block_id = id_of(x, base.blocks + b);
            RS_ASSERT(above < lens->blocks.n_items && above != b);
            row.dominator_id = id_of(x, base.blocks + above);
            row.n_passed = (int32_t)lens->passed.items[b];
            ROW_PUSH(x, dominators, &row);
        }
        if (behind != RS_FLOW_NONE) {
            rs_post_dominators_row row = rs_post_dominators_row_new();
            row.block_id = id_of(x, base.blocks + b);
            RS_ASSERT(behind < lens->blocks.n_items && behind != b);
            row.post_dominator_id = id_of(x, base.blocks + behind);
            ROW_PUSH(x, post_dominators, &row);
        }
    }
    for (size_t i = 0; i < lens->control.n_items; i++) {
        const flow_pair *pair = &lens->control.items[i];
        rs_control_deps_row row = rs_control_deps_row_new();
        row.block_id = id_of(x, base.blocks + pair->first);
        RS_ASSERT(pair->first < lens->blocks.n_items && pair->second < lens->blocks.n_items);
        row.controller_id = id_of(x, base.blocks + pair->second);
        row.kind = rs_word_of(pair->kind);
        ROW_PUSH(x, control_deps, &row);
    }
}

static void event_rows(rs_file_at_hand *x, flow_base base)
{
    rs_flow_lens *lens = x->worker;
    const rs_batch_column *names = x->part->batches[RS_DS_name_bindings].columns;
    const uint8_t *resolutions = rs_name_bindings_columns_of(x->part).resolution;
    for (uint32_t i = 0; i < lens->events.n_items; i++) {
        const flow_event *event = &lens->events.items[i];
        rs_def_use_events_row row = rs_def_use_events_row_new();
        row.event_id = id_of(x, base.events + i);
        row.node_id = id_of(x, event->node);
        row.event_kind = rs_word_of(event->kind);
        row.kind = rs_word_of(event->kind == RS_W_event_kind_def ? RS_K_DEF_EVENT : RS_K_USE_EVENT);
        row.binding_id = rs_opt_i64_at(
            &names[event->is_own ? RS_C_name_bindings_slot_id : RS_C_name_bindings_binding_id],
            event->name_row);
        RS_ASSERT(event->block < lens->blocks.n_items);
        row.block_id = id_of(x, base.blocks + event->block);
        row.is_own = event->is_own;
        row.maybe_unbound = event->maybe_unbound;
        row.too_many_defs = event->too_many_defs;
        ROW_PUSH(x, def_use_events, &row);
    }
    for (size_t i = 0; i < lens->reaching.n_items; i++) {
        const flow_pair *pair = &lens->reaching.items[i];
        rs_reaching_defs_row row = rs_reaching_defs_row_new();
        RS_ASSERT(lens->events.items[pair->first].kind == RS_W_event_kind_use &&
                  lens->events.items[pair->second].kind == RS_W_event_kind_def);
        row.use_event_id = id_of(x, base.events + pair->first);
        row.def_event_id = id_of(x, base.events + pair->second);
        uint32_t name_row = lens->events.items[pair->first].name_row;
        uint8_t resolution = resolutions[name_row];
        row.is_shared = resolution != RS_W_resolution_local && resolution != RS_W_resolution_class;
        ROW_PUSH(x, reaching_defs, &row);
    }
}

/* A variable that lost its reaching definitions: told at the first use that did. */
static rs_status lost_row(rs_file_at_hand *x, uint32_t event, rs_error *err)
{
    const rs_flow_lens *lens = x->worker;
    rs_diagnostic_code code = RS_D_flow_many_definitions;
    rs_flow_diagnostics_row row = rs_flow_diagnostics_row_new();
    row.diagnostic_id = id_of(x, x->next_number++);
    row.node_id = id_of(x, lens->events.items[event].node);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.message = text_of(
        x, RS_STR_LITERAL("so many definitions of the variable reach its uses that none is kept"));
    return rs_push_flow_diagnostics(x->part, &row, 1, err);
}

static rs_status lost_rows(rs_file_at_hand *x, rs_error *err)
{
    const rs_flow_lens *lens = x->worker;
    for (size_t i = 0; i < lens->lost.n_items; i++) {
        RS_TRY(lost_row(x, lens->lost.items[i], err));
    }
    return RS_OK;
}

/* A scope, or with `n` the Module all of the file, is left out; `what` there is too much of. */
static rs_status diagnostic_row(rs_file_at_hand *x, uint32_t n, const char *what, rs_error *err)
{
    rs_diagnostic_code code = RS_D_flow_too_large;
    rs_buf_reset(&x->scratch);
    rs_buf_addf(&x->scratch, "too many %s in the analysis of %u syntax nodes", what,
                (unsigned)x->tree.nodes[n].n_subtree);
    rs_flow_diagnostics_row row = rs_flow_diagnostics_row_new();
    row.diagnostic_id = id_of(x, x->next_number++);
    row.node_id = id_of(x, n);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.message = text_of(x, rs_buf_str(&x->scratch));
    return rs_push_flow_diagnostics(x->part, &row, 1, err);
}

/* The scope's graph and what follows from it, as far as memory and limits allow. */
static void scope_analyse(rs_file_at_hand *x, uint32_t number)
{
    static void (*const stages[])(rs_file_at_hand *) = {rs_flow_graph, rs_flow_dominate,
                                                        rs_flow_pass, rs_flow_defuse};
    const rs_flow_lens *lens = x->worker;
    rs_flow_build(x, number);
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        if (!lens->is_over && x->status == RS_OK) {
            stages[i](x);
        }
    }
}

/* n_reserved: numbers that diagnostics of further scopes may need. */
static rs_status scope_extract(rs_file_at_hand *x, uint32_t number, uint32_t n_reserved,
                               rs_error *err)
{
    rs_flow_lens *lens = x->worker;
    lens->round = 0;
    scope_analyse(x, number);
    while (!lens->is_over && x->status == RS_OK && rs_flow_raise_unbound(x)) {
        lens->round++;
        scope_analyse(x, number);
    }
    if (x->status != RS_OK) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    uint64_t n_entities =
        (uint64_t)lens->blocks.n_items + lens->events.n_items + lens->lost.n_items + n_reserved;
    if (!lens->is_over && x->next_number + n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS) {
        rs_flow_over(x, "entities of the file");
    }
    if (lens->is_over) {
        return diagnostic_row(x, lens->scopes.items[number].node, lens->what, err);
    }
    flow_base base = {.blocks = x->next_number,
                      .events = x->next_number + (uint32_t)lens->blocks.n_items};
    x->next_number = base.events + (uint32_t)lens->events.n_items;
    block_rows(x, base);
    element_rows(x, base);
    edge_rows(x, base);
    dominance_rows(x, base);
    event_rows(x, base);
    RS_TRY(lost_rows(x, err));
    if (x->status == RS_OK) {
        rs_flow_beside_find(x);
    }
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
    if (!flow_numbers_fill(&lens->seen, x->tree.n_nodes, 0)) {
        return false;
    }
    if (!flow_numbers_reserve(&lens->name_row, x->tree.n_nodes) ||
        !flow_numbers_reserve(&lens->event_of, n_events)) {
        return false;
    }
    memset(lens->name_row.items, 0xff, x->tree.n_nodes * sizeof *lens->name_row.items);
    if (n_events > 0) {
        memset(lens->event_of.items, 0xff, n_events * sizeof *lens->event_of.items);
    }
    const int64_t *node_ids = rs_name_bindings_columns_of(x->part).node_id;
    for (size_t row = x->first_rows[RS_DS_name_bindings]; row < n_rows; row++) {
        lens->name_row.items[(uint32_t)(node_ids[row] - x->base)] = (uint32_t)row;
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
    rs_scopes_columns of = rs_scopes_columns_of(x->part);
    const int64_t *scope_of_binding = rs_bindings_columns_of(x->part).scope_id;
    flow_scopes_reset(&lens->scopes);
    if (!flow_scopes_reserve(&lens->scopes, n_scopes + 1)) {
        return false;
    }
    for (size_t row = first; row < first + n_scopes; row++) {
        int64_t scope_id = of.scope_id[row];
        lens->scopes.items[lens->scopes.n_items++] = (flow_scope){
            .node = (uint32_t)(of.node_id[row] - x->base),
            .first_binding = (uint32_t)(binding - x->first_rows[RS_DS_bindings]),
            .type = of.scope_type[row],
            .kind = of.scope_kind[row],
        };
        while (binding < n_bindings && scope_of_binding[binding] == scope_id) {
            binding++;
        }
    }
    RS_ASSERT(binding == n_bindings);
    lens->scopes.items[n_scopes] =
        (flow_scope){.first_binding = (uint32_t)(binding - x->first_rows[RS_DS_bindings])};
    lens->first_scope = n_scopes == 0 ? 0 : (uint32_t)(of.scope_id[first] - x->base);
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
    flow_reaches_reset(&lens->inner);
    flow_reaches_reset(&lens->ends);
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
    lens->beside = (rs_flow_beside){.inner = lens->inner.items,
                                    .n_inner = lens->inner.n_items,
                                    .ends = lens->ends.items,
                                    .n_ends = lens->ends.n_items};
    x->flow_beside = &lens->beside;
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
                                     &lens->passed,
                                     &lens->seen,
                                     &lens->extras,
                                     &lens->family.first,
                                     &lens->family.n_below,
                                     &lens->family.next,
                                     &lens->family.children.start,
                                     &lens->family.children.items,
                                     &lens->family.steps.start,
                                     &lens->family.steps.items,
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
    flow_numbers_release(&lens->lost);
    flow_scopes_release(&lens->scopes);
    flow_reaches_release(&lens->inner);
    flow_reaches_release(&lens->ends);
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

static const rs_lens_limit limits[] = {
    {"max_growth", offsetof(rs_lens_options, flow.max_growth), 16, "flow_too_large",
     "Elements of a scope for each of its nodes: finally bodies are laid out once for each way "
     "into "
     "them."},
    {"min_elements", offsetof(rs_lens_options, flow.min_elements), 1 << 12, "",
     "Elements that a scope, and reaching definitions that a variable, may have whatever its "
     "nodes."},
    {"max_facts", offsetof(rs_lens_options, flow.max_facts), 1 << 22, "flow_too_large",
     "Of one scope: operands of phis, reaching definitions, control dependences, each."},
    {"max_reaching", offsetof(rs_lens_options, flow.max_reaching), 32, "flow_many_definitions",
     "Definitions that reach the uses of one variable, for each of its definitions and uses: one "
     "that has "
     "more loses its own."},
    {0},
};

const rs_lens rs_lens_flow = {
    .name = "flow",
    .doc = "In which order the code of a scope runs, and which definitions reach each use.",
    .version = 1,
    .needs = needs,
    .gives = gives,
    .limits = limits,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
};
