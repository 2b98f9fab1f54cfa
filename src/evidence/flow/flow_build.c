/* SPDX-License-Identifier: Apache-2.0 */
/* flow_build.c - the machine that unfolds a scope's code into blocks.
 *
 * What is still to do lies on a stack of steps. A step emits elements, opens and closes blocks, or
 * puts the steps of its parts in its place; so depth costs memory of ours, never the C stack.
 *
 * A jump names a label. An empty block that only jumps on is dropped: its labels become other names
 * of the target.
 */
#include "evidence/flow/flow_impl.h"

/* The first thing that goes wrong ends the scope: no memory, or a limit. */
static void out_of_memory(rs_file_at_hand *x)
{
    x->status = RS_ERR_NOMEM;
    flow_lens(x)->is_over = true;
}

void rs_flow_over(rs_file_at_hand *x, const char *what)
{
    flow_lens(x)->is_over = true;
    flow_lens(x)->what = what;
}

/* --- steps --- */

void rs_flow_push(rs_file_at_hand *x, flow_op op, uint32_t detail, uint32_t a, uint32_t b,
                  uint32_t c)
{
    RS_ASSERT((unsigned)op < FLOW_N_OPS && detail <= UINT8_MAX);
    flow_step step = {.op = (uint8_t)op, .detail = (uint8_t)detail, .a = a, .b = b, .c = c};
    if (!flow_steps_push(&flow_lens(x)->steps, step)) {
        out_of_memory(x);
    }
}

void rs_flow_order(rs_file_at_hand *x, size_t begin)
{
    flow_step *items = flow_lens(x)->steps.items;
    RS_ASSERT(begin <= flow_lens(x)->steps.n_items);
    for (size_t end = flow_lens(x)->steps.n_items; end > begin + 1; begin++) {
        flow_step last = items[--end];
        items[end] = items[begin];
        items[begin] = last;
    }
}

/* --- labels --- */

uint32_t rs_flow_label(rs_file_at_hand *x)
{
    flow_labels *labels = &flow_lens(x)->labels;
    flow_label label = {.block = RS_FLOW_NONE, .forward = RS_FLOW_NONE};
    if (!flow_labels_push(labels, label)) {
        out_of_memory(x);
        return RS_FLOW_EXIT;
    }
    return (uint32_t)labels->n_items - 1;
}

/* The label that stands for all names of its place. */
static uint32_t label_root(const rs_flow_lens *lens, uint32_t label)
{
    RS_ASSERT(label < lens->labels.n_items);
    while (lens->labels.items[label].forward != RS_FLOW_NONE) {
        label = lens->labels.items[label].forward;
        RS_ASSERT(label < lens->labels.n_items);
    }
    return label;
}

/* --- blocks and edges --- */

static flow_block *current_block(rs_flow_lens *lens)
{
    RS_ASSERT(lens->current < lens->blocks.n_items);
    return &lens->blocks.items[lens->current];
}

static void block_open(rs_file_at_hand *x, rs_w_block_kind kind)
{
    rs_flow_lens *lens = x->worker;
    flow_block block = {.first_element = (uint32_t)lens->elements.n_items,
                        .end_element = (uint32_t)lens->elements.n_items,
                        .handler = lens->handler,
                        .label = RS_FLOW_NONE,
                        .kind = (uint8_t)kind};
    if (!flow_blocks_push(&lens->blocks, block)) {
        out_of_memory(x);
        return;
    }
    lens->current = (uint32_t)lens->blocks.n_items - 1;
}

static void edge_add(rs_file_at_hand *x, uint32_t src, uint32_t label, rs_w_flow_kind kind)
{
    flow_edge edge = {.src = src, .dst = label, .kind = (uint32_t)kind};
    RS_ASSERT(src < flow_lens(x)->blocks.n_items && label < flow_lens(x)->labels.n_items);
    if (!flow_edges_push(&flow_lens(x)->edges, edge)) {
        out_of_memory(x);
        return;
    }
    flow_lens(x)->labels.items[label].n_uses++;
}

void rs_flow_edge(rs_file_at_hand *x, uint32_t label, rs_w_flow_kind kind)
{
    if (flow_lens(x)->current != RS_FLOW_NONE) {
        edge_add(x, flow_lens(x)->current, label, kind);
    }
}

static void block_close(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    const flow_block *block = current_block(lens);
    if (block->may_raise && block->handler != RS_FLOW_NONE) {
        edge_add(x, lens->current, block->handler, RS_W_flow_kind_exception);
    }
    lens->current = RS_FLOW_NONE;
}

static bool is_empty(const flow_block *block)
{
    return block->first_element == block->end_element && block->kind != RS_W_block_kind_entry &&
           !block->is_tested;
}

/* Give the current block's names to label, and forget it; false where that makes no sense. */
static bool pass_over(rs_file_at_hand *x, uint32_t label, rs_w_flow_kind kind)
{
    rs_flow_lens *lens = x->worker;
    const flow_block *block = current_block(lens);
    uint32_t root = label_root(lens, label);
    bool leaves = kind == RS_W_flow_kind_raise || kind == RS_W_flow_kind_reraise;
    if (!is_empty(block) || block->label == RS_FLOW_NONE || block->label == root || leaves ||
        block->kind != RS_W_block_kind_body) {
        return false;
    }
    if (lens->edges.n_items > 0 &&
        lens->edges.items[lens->edges.n_items - 1].src == lens->current) {
        return false;
    }
    RS_ASSERT(lens->current + 1 == lens->blocks.n_items); /* only the last can be forgotten */
    RS_ASSERT(root != block->label); /* or a label would be another name of itself */
    lens->labels.items[block->label].forward = root;
    lens->labels.items[block->label].kind = (uint32_t)kind;
    lens->labels.items[root].n_uses += lens->labels.items[block->label].n_uses;
    lens->blocks.n_items--;
    lens->current = RS_FLOW_NONE;
    return true;
}

void rs_flow_jump(rs_file_at_hand *x, uint32_t label, rs_w_flow_kind kind)
{
    rs_flow_lens *lens = x->worker;
    if (lens->current == RS_FLOW_NONE || lens->is_over || pass_over(x, label, kind)) {
        return;
    }
    rs_w_flow_kind tested =
        kind == RS_W_flow_kind_next && current_block(lens)->is_tested ? RS_W_flow_kind_true : kind;
    edge_add(x, lens->current, label, tested);
    block_close(x);
}

/* The current block ends, and another one follows. */
static void block_split(rs_file_at_hand *x)
{
    uint32_t label = rs_flow_label(x);
    rs_flow_jump(x, label, RS_W_flow_kind_next);
    block_open(x, RS_W_block_kind_body);
    if (!flow_lens(x)->is_over) {
        flow_lens(x)->labels.items[label].block = flow_lens(x)->current;
        current_block(flow_lens(x))->label = label;
    }
}

void rs_flow_bind(rs_file_at_hand *x, uint32_t label, rs_w_block_kind kind, bool is_head)
{
    rs_flow_lens *lens = x->worker;
    RS_ASSERT(label < lens->labels.n_items);
    flow_label *place = &lens->labels.items[label];
    bool leads_here = lens->current != RS_FLOW_NONE;
    if (!leads_here && place->n_uses == 0 && !is_head) {
        return;
    }
    if (leads_here && is_empty(current_block(lens)) && kind == RS_W_block_kind_body &&
        current_block(lens)->handler == lens->handler) {
        flow_block *block = current_block(lens);
        if (block->label != RS_FLOW_NONE) {
            RS_ASSERT(block->label != label); /* a label is bound once */
            place->forward = block->label;
            place->kind = RS_W_flow_kind_next;
            lens->labels.items[block->label].n_uses += place->n_uses;
            return;
        }
        block->label = label;
        place->block = lens->current;
        return;
    }
    rs_flow_jump(x, label, RS_W_flow_kind_next);
    block_open(x, kind);
    if (!lens->is_over) {
        lens->labels.items[label].block = lens->current;
        current_block(lens)->label = label;
    }
}

void rs_flow_set_handler(rs_file_at_hand *x, uint32_t label)
{
    rs_flow_lens *lens = x->worker;
    RS_ASSERT(label == RS_FLOW_NONE || label < lens->labels.n_items);
    lens->handler = label;
    if (lens->current == RS_FLOW_NONE || current_block(lens)->handler == label || lens->is_over) {
        return;
    }
    if (current_block(lens)->first_element == current_block(lens)->end_element &&
        !current_block(lens)->is_tested) {
        current_block(lens)->handler = label;
    } else {
        block_split(x);
    }
}

/* --- elements --- */

void rs_flow_emit(rs_file_at_hand *x, uint32_t n, rs_w_flow_action action)
{
    rs_flow_lens *lens = x->worker;
    if (lens->is_over) {
        return;
    }
    if (lens->current == RS_FLOW_NONE) {
        block_open(x, RS_W_block_kind_body);
    } else if (current_block(lens)->is_tested) {
        block_split(x);
    }
    RS_ASSERT(n < x->tree.n_nodes);
    flow_element element = {.node = n, .action = (uint8_t)action};
    element.may_raise = rs_flow_may_raise(x, n, action);
    if (lens->is_over || !flow_elements_push(&lens->elements, element)) {
        out_of_memory(x);
        return;
    }
    flow_block *block = current_block(lens);
    RS_ASSERT(block->end_element + 1 ==
              lens->elements.n_items); /* a block's elements lie together */
    block->end_element++;
    block->may_raise |= element.may_raise;
    if (lens->elements.n_items > lens->n_max_elements) {
        rs_flow_over(x, "elements");
    }
}

void rs_flow_branch(rs_file_at_hand *x, uint32_t if_true, uint32_t if_false)
{
    rs_flow_lens *lens = x->worker;
    if (lens->current == RS_FLOW_NONE || lens->is_over) {
        return;
    }
    flow_block *block = current_block(lens);
    if (block->end_element > block->first_element && !block->is_tested) {
        flow_element *last = &lens->elements.items[block->end_element - 1];
        /* its __bool__ */
        bool is_asked =
            last->action == RS_W_flow_action_eval && rs_flow_truth_may_raise(x, last->node);
        last->may_raise |= is_asked;
        block->may_raise |= is_asked;
    }
    edge_add(x, lens->current, if_true, RS_W_flow_kind_true);
    edge_add(x, lens->current, if_false, RS_W_flow_kind_false);
    block_close(x);
}

/* An exception goes to the handler, or out of the scope. */
void rs_flow_leave(rs_file_at_hand *x, rs_w_flow_kind kind)
{
    uint32_t handler = flow_lens(x)->handler;
    rs_flow_jump(x, handler == RS_FLOW_NONE ? RS_FLOW_EXIT : handler, kind);
}

/* --- the machine --- */

static void statements(rs_file_at_hand *x, const flow_step *step)
{
    uint32_t n = step->a;
    if (n >= step->b) {
        return;
    }
    uint32_t behind = n + x->tree.nodes[n].n_subtree;
    RS_ASSERT(behind > n && behind <= step->b); /* statements lie one behind another */
    if (behind < step->b) {
        rs_flow_push(x, FLOW_OP_STATEMENTS, 0, behind, step->b, 0);
    }
    rs_flow_statement(x, n);
}

bool rs_flow_frame_push(rs_file_at_hand *x, flow_frame frame)
{
    return flow_frames_push(&flow_lens(x)->frames, frame);
}

static void frame_push(rs_file_at_hand *x, const flow_step *step)
{
    flow_frame frame = {.kind = (flow_frame_kind)step->detail,
                        .node = step->a,
                        .handler = flow_lens(x)->handler,
                        .label = {RS_FLOW_NONE, step->b, step->c}};
    if (!rs_flow_frame_push(x, frame)) {
        out_of_memory(x);
    }
}

typedef void step_fn(rs_file_at_hand *x, const flow_step *step);

static void step_eval(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_eval(x, step->a);
}

static void step_store(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_store(x, step->a, RS_W_flow_action_store);
}

static void step_delete(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_store(x, step->a, RS_W_flow_action_delete);
}

static void step_emit(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_emit(x, step->a, (rs_w_flow_action)step->detail);
}

static void step_emit_live(rs_file_at_hand *x, const flow_step *step)
{
    if (flow_lens(x)->current != RS_FLOW_NONE) {
        rs_flow_emit(x, step->a, (rs_w_flow_action)step->detail);
    }
}

static void step_cond(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_cond(x, step->a, step->b, step->c);
}

static void step_branch(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_branch(x, step->b, step->c);
}

static void step_label(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_bind(x, step->a, (rs_w_block_kind)step->detail, false);
}

static void step_head(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_bind(x, step->a, (rs_w_block_kind)step->detail, true);
}

static void step_jump(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_jump(x, step->a, (rs_w_flow_kind)step->detail);
}

static void step_raise(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_emit(x, step->a, RS_W_flow_action_raise);
    rs_flow_leave(x, RS_W_flow_kind_raise);
}

static void step_reraise(rs_file_at_hand *x, const flow_step *step)
{
    (void)step;
    rs_flow_leave(x, RS_W_flow_kind_reraise);
}

static void step_reraise_or(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_edge(x, flow_lens(x)->handler == RS_FLOW_NONE ? RS_FLOW_EXIT : flow_lens(x)->handler,
                 RS_W_flow_kind_reraise);
    rs_flow_jump(x, step->a, RS_W_flow_kind_next);
}

static void step_handler(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_set_handler(x, step->a);
}

static void step_unwind(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_unwind(x, (flow_way)step->detail);
}

static void step_frame_pop(rs_file_at_hand *x, const flow_step *step)
{
    (void)step;
    RS_ASSERT(flow_lens(x)->frames.n_items > 0);
    flow_lens(x)->frames.n_items--;
}

static void step_finally(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_finally(x, step->a);
}

static void step_except(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_except(x, step->a, step->b, step->detail != 0);
}

static void step_with(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_with(x, step->a, step->b, step->c);
}

static void step_with_exit(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_with_exit(x, step->a, step->b);
}

static void step_case(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_case(x, step->a, step->b);
}

static void step_pattern(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_pattern(x, step->a, step->b);
}

static void step_test(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_test(x, step->a, step->b);
}

static void step_captures(rs_file_at_hand *x, const flow_step *step)
{
    rs_flow_captures(x, step->a);
}

static step_fn *const step_fns[FLOW_N_OPS] = {
    [FLOW_OP_STATEMENTS] = statements, [FLOW_OP_EVAL] = step_eval,
    [FLOW_OP_STORE] = step_store,      [FLOW_OP_DELETE] = step_delete,
    [FLOW_OP_EMIT] = step_emit,        [FLOW_OP_EMIT_LIVE] = step_emit_live,
    [FLOW_OP_COND] = step_cond,        [FLOW_OP_BRANCH] = step_branch,
    [FLOW_OP_LABEL] = step_label,      [FLOW_OP_HEAD] = step_head,
    [FLOW_OP_JUMP] = step_jump,        [FLOW_OP_RAISE] = step_raise,
    [FLOW_OP_RERAISE] = step_reraise,  [FLOW_OP_RERAISE_OR] = step_reraise_or,
    [FLOW_OP_HANDLER] = step_handler,  [FLOW_OP_UNWIND] = step_unwind,
    [FLOW_OP_FRAME] = frame_push,      [FLOW_OP_FRAME_POP] = step_frame_pop,
    [FLOW_OP_FINALLY] = step_finally,  [FLOW_OP_EXCEPT] = step_except,
    [FLOW_OP_WITH] = step_with,        [FLOW_OP_WITH_EXIT] = step_with_exit,
    [FLOW_OP_CASE] = step_case,        [FLOW_OP_PATTERN] = step_pattern,
    [FLOW_OP_TEST] = step_test,        [FLOW_OP_CAPTURES] = step_captures,
    [FLOW_OP_CLAUSE] = rs_flow_clause, [FLOW_OP_BOOL] = rs_flow_bool,
    [FLOW_OP_CHAIN] = rs_flow_chain,
};

/* FLOW_OP_CHILDREN stays on the stack until its last child is done. */
static void run(rs_file_at_hand *x)
{
    flow_steps *steps = &flow_lens(x)->steps;
    while (steps->n_items > 0 && !flow_lens(x)->is_over) {
        flow_step *top = &steps->items[steps->n_items - 1];
        if (top->op == FLOW_OP_CHILDREN) {
            rs_flow_children(x, top);
            continue;
        }
        flow_step step = *top;
        steps->n_items--;
        RS_ASSERT(step.op < FLOW_N_OPS && step_fns[step.op] != NULL);
        step_fns[step.op](x, &step);
    }
}

/* --- one scope --- */

/* The steps of a scope's code. */
static void scope_begin(rs_file_at_hand *x, const flow_scope *s)
{
    size_t begin = flow_lens(x)->steps.n_items;
    uint32_t n = s->node;
    uint32_t end = n + x->tree.nodes[n].n_subtree;
    switch ((rs_w_scope_kind)s->kind) {
    case RS_W_scope_kind_module:
        rs_flow_push(x, FLOW_OP_STATEMENTS, 0, n + 1, end, 0);
        break;
    case RS_W_scope_kind_class:
    case RS_W_scope_kind_def:
    case RS_W_scope_kind_lambda:
    case RS_W_scope_kind_type_alias:
        rs_flow_parameters(x, n);
        break;
    case RS_W_scope_kind_listcomp:
    case RS_W_scope_kind_setcomp:
    case RS_W_scope_kind_dictcomp:
    case RS_W_scope_kind_genexpr:
        rs_flow_comprehension(x, n);
        break;
    case RS_W_scope_kind_type_variable:
        rs_flow_push(x, FLOW_OP_EVAL, 0, n, 0, 0);
        break;
    case RS_W_scope_kind_annotation:
    case RS_W_scope_kind_type_parameters:
    case RS_N_W_scope_kind:
        break;
    }
    rs_flow_order(x, begin);
}

void rs_flow_build(rs_file_at_hand *x, uint32_t number)
{
    rs_flow_lens *lens = x->worker;
    RS_ASSERT(number < lens->scopes.n_items);
    const flow_scope *s = &lens->scopes.items[number];
    uint64_t n_max = (uint64_t)x->tree.nodes[s->node].n_subtree * x->options->flow.max_growth;
    flow_elements_reset(&lens->elements);
    flow_blocks_reset(&lens->blocks);
    flow_edges_reset(&lens->edges);
    flow_labels_reset(&lens->labels);
    flow_steps_reset(&lens->steps);
    flow_frames_reset(&lens->frames);
    lens->scope = number;
    lens->is_function = s->type != RS_W_scope_type_module && s->type != RS_W_scope_type_class;
    lens->n_max_elements =
        (uint32_t)(n_max < x->options->flow.min_elements ? x->options->flow.min_elements : n_max);
    lens->is_over = false;
    lens->what = NULL;
    lens->handler = RS_FLOW_NONE;
    (void)rs_flow_label(x); /* RS_FLOW_EXIT */
    block_open(x, RS_W_block_kind_entry);
    scope_begin(x, s);
    run(x);
    if (!lens->is_over) {
        rs_flow_jump(x, RS_FLOW_EXIT,
                     s->kind == RS_W_scope_kind_lambda ? RS_W_flow_kind_return
                                                       : RS_W_flow_kind_next);
        lens->handler = RS_FLOW_NONE;
        rs_flow_bind(x, RS_FLOW_EXIT, RS_W_block_kind_exit, true);
    }
    if (!lens->is_over) {
        block_close(x);
    }
}
