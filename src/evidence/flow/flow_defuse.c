/* SPDX-License-Identifier: Apache-2.0 */
/* flow_defuse.c - events, and the definitions that reach each use.
 *
 * Sparse, so that cost follows the code and not its square. A use behind a definition in its block
 * is settled at once. For the variables of all other uses, phis are put where the values of
 * definitions meet (iterated dominance frontiers), one walk down the dominator tree gives each use
 * and each operand its value, and a use's phi is then followed to definitions.
 *
 * An exception leaves a block with any of the values that a variable had while an element could
 * raise: each is an operand of the handler's phi.
 */
#include "evidence/flow/flow_impl.h"

#include <stdlib.h>

/* A value is "none of the scope's definitions", a definition's event + 1, or a phi. */
#define UNBOUND 0
#define PHI (UINT32_C(1) << 31)

/* Something done to an own variable in a live block. */
typedef struct occurrence {
    uint32_t slot;
    uint32_t event;
    uint32_t n_raises; /* elements of the block that may have raised before */
    uint8_t kind;      /* rs_w_event_kind */
    uint8_t is_settled;
} occurrence;

typedef struct phi {
    uint32_t slot;
    uint32_t next; /* of its block */
    uint32_t first_operand;
    uint32_t seen; /* number of the last walk that came by */
} phi;

typedef struct operand {
    uint32_t value;
    uint32_t next;
} operand;

/* What a variable has while the dominator tree is walked. */
typedef struct state {
    uint32_t value;
    uint32_t n_raises; /* of the block at hand, when it got the value; 0 from before the block */
    uint32_t block;    /* that n_raises is about */
} state;

typedef struct undo {
    uint32_t slot;
    state was;
} undo;

RS_VEC_DEFINE(occurrences, occurrence)
RS_VEC_DEFINE(phis, phi)
RS_VEC_DEFINE(operands, operand)
RS_VEC_DEFINE(states, state)
RS_VEC_DEFINE(undos, undo)
RS_VEC_DEFINE(counts, uint64_t)

struct flow_values {
    occurrences all;
    flow_numbers first;      /* by block: its first occurrence; one more behind the last */
    flow_numbers n_raises;   /* by block: elements that may raise */
    flow_numbers last_def;   /* by slot: definition's event + 1 in the block at hand, or UNBOUND */
    flow_numbers last_block; /* by slot: block that last_def is about */
    flow_numbers is_exposed; /* by slot: a use is not settled in its block */
    flow_pairs def_blocks;   /* (slot, block) of exposed slots, by slot */
    flow_lists frontier;     /* by block */
    flow_lists children;     /* by block, in the dominator tree */
    phis phis;
    operands operands;
    flow_numbers first_phi; /* by block */
    flow_numbers phi_stamp; /* by block: slot + 1 whose phi it has */
    flow_numbers work;
    flow_pairs pairs; /* edges of trees, then (use event, value) of those that are not settled */
    states states;
    undos undos;
    flow_numbers n_of; /* by slot: its definitions and uses */
    flow_numbers
        is_lost; /* by slot: 0, or that more reaches its uses than is kept: its place in `lost`, from 1 */
    counts found; /* by slot: definitions of uses that are not settled */
    counts steps; /* by slot: on the way to those */
    uint32_t n_slots;
    uint32_t n_walks;
};

flow_values *rs_flow_values_new(void)
{
    return rs_alloc_zero(1, sizeof(flow_values));
}

void rs_flow_values_free(flow_values *v)
{
    if (v == NULL) {
        return;
    }
    occurrences_release(&v->all);
    flow_pairs_release(&v->def_blocks);
    flow_pairs_release(&v->pairs);
    flow_numbers *const numbers[] = {&v->first,          &v->n_raises,       &v->last_def,
                                     &v->last_block,     &v->is_exposed,     &v->frontier.start,
                                     &v->frontier.items, &v->children.start, &v->children.items,
                                     &v->first_phi,      &v->phi_stamp,      &v->work,
                                     &v->n_of,           &v->is_lost};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        flow_numbers_release(numbers[i]);
    }
    phis_release(&v->phis);
    operands_release(&v->operands);
    states_release(&v->states);
    undos_release(&v->undos);
    counts_release(&v->found);
    counts_release(&v->steps);
    rs_free(v);
}

/* --- events --- */

/* What an element does to a name, or RS_N_W_event_kind. */
static rs_w_event_kind event_kind(uint8_t action)
{
    switch ((rs_w_flow_action)action) {
    case RS_W_flow_action_eval:
        return RS_W_event_kind_use;
    case RS_W_flow_action_store:
        return RS_W_event_kind_def;
    case RS_W_flow_action_delete:
        return RS_W_event_kind_del;
    case RS_W_flow_action_iter:
    case RS_W_flow_action_next:
    case RS_W_flow_action_enter:
    case RS_W_flow_action_exit:
    case RS_W_flow_action_match:
    case RS_W_flow_action_raise:
    case RS_W_flow_action_jump:
    case RS_W_flow_action_pass:
    case RS_W_flow_action_add:
    case RS_N_W_flow_action:
        break;
    }
    return RS_N_W_event_kind;
}

/*
 * The own variable of a row of name_bindings, or RS_FLOW_NONE. The slot says whose it is: a class body
 * or comprehension that runs in the scope at hand has names of its own for the variable.
 */
static uint32_t slot_of(const rs_file_at_hand *x, const flow_values *v, uint32_t row)
{
    uint32_t slot = rs_flow_slot(x, row);
    RS_ASSERT(v->n_slots < RS_FLOW_NONE);
    return slot < v->n_slots ? slot : RS_FLOW_NONE;
}

/* Where the event of a name's row and kind stands in event_of. */
static size_t event_place(const rs_file_at_hand *x, uint32_t row, rs_w_event_kind kind)
{
    RS_ASSERT(row >= x->first_rows[RS_DS_name_bindings] && kind < RS_N_W_event_kind);
    return (row - x->first_rows[RS_DS_name_bindings]) * RS_N_W_event_kind + (size_t)kind;
}

/* The event of a name's row and kind among those of the scope, or NULL. */
static const flow_event *event_find(const rs_file_at_hand *x, uint32_t row, rs_w_event_kind kind)
{
    const rs_flow_lens *lens = x->worker;
    uint32_t found = lens->event_of.items[event_place(x, row, kind)];
    const flow_event *event = found < lens->events.n_items ? &lens->events.items[found] : NULL;
    return event != NULL && event->name_row == row && event->kind == kind ? event : NULL;
}

bool rs_flow_is_maybe_unbound(const rs_file_at_hand *x, uint32_t row)
{
    const flow_event *event = event_find(x, row, RS_W_event_kind_use);
    return event != NULL && event->maybe_unbound;
}

/* The event of a name's row and kind, a new one when it is met first. */
static uint32_t event_add(rs_file_at_hand *x, const flow_element *element, uint32_t row,
                          rs_w_event_kind kind, uint32_t block, bool is_own)
{
    rs_flow_lens *lens = x->worker;
    const flow_event *found = event_find(x, row, kind);
    if (found != NULL) {
        return (uint32_t)(found - lens->events.items);
    }
    flow_event event = {.node = element->node,
                        .name_row = row,
                        .block = block,
                        .kind = (uint8_t)kind,
                        .is_own = is_own};
    if (!flow_events_push(&lens->events, event)) {
        x->status = RS_ERR_NOMEM;
        return 0;
    }
    lens->event_of.items[event_place(x, row, kind)] = (uint32_t)lens->events.n_items - 1;
    return (uint32_t)lens->events.n_items - 1;
}

/* The events of a block; what is done to own variables in live code becomes occurrences. */
static void block_scan(rs_file_at_hand *x, flow_values *v, uint32_t b)
{
    rs_flow_lens *lens = x->worker;
    const flow_block *block = &lens->blocks.items[b];
    uint32_t n_raises = 0;
    v->first.items[b] = (uint32_t)v->all.n_items;
    for (uint32_t i = block->first_element; i < block->end_element; i++) {
        const flow_element *element = &lens->elements.items[i];
        n_raises += element->may_raise;
        uint32_t row = lens->name_row.items[element->node];
        rs_w_event_kind kind =
            row == RS_FLOW_NONE ? RS_N_W_event_kind : event_kind(element->action);
        if (kind == RS_N_W_event_kind) {
            continue;
        }
        uint32_t slot = slot_of(x, v, row);
        uint32_t event = event_add(x, element, row, kind, b, slot != RS_FLOW_NONE);
        occurrence o = {.slot = slot, .event = event, .n_raises = n_raises, .kind = (uint8_t)kind};
        if (slot != RS_FLOW_NONE && block->is_live && !occurrences_push(&v->all, o)) {
            x->status = RS_ERR_NOMEM;
        }
    }
    v->n_raises.items[b] = n_raises;
}

/* --- uses that are no events --- */

/* Facts of one kind that a scope may have. What is found beside its rows has a tighter bound: whoever asks takes
 * all bindings where it is missing, so it may cost what the scope's elements cost, never their square. */
static uint64_t most_facts(const rs_file_at_hand *x)
{
    enum { EXTRA_BASE = 1 << 14, EXTRA_GROWTH = 16 };
    const rs_flow_lens *lens = x->worker;
    uint64_t most = x->options->flow.max_facts;
    uint64_t most_extra = EXTRA_BASE + EXTRA_GROWTH * (uint64_t)lens->elements.n_items;
    return lens->is_extra && most_extra < most ? most_extra : most;
}

static void extra_add(rs_file_at_hand *x, flow_values *v, uint32_t slot, uint32_t extra,
                      uint32_t n_raises)
{
    flow_numbers *extras = &flow_lens(x)->extras;
    occurrence o = {.slot = slot,
                    .event = (uint32_t)extras->n_items,
                    .n_raises = n_raises,
                    .kind = RS_W_event_kind_use};
    if (!flow_numbers_push(extras, extra) || !occurrences_push(&v->all, o)) {
        x->status = RS_ERR_NOMEM;
    } else if (extras->n_items > most_facts(x)) {
        rs_flow_over(x, "uses");
    }
}

/* What the body of a class or comprehension reads of the scope at hand, where it stands. */
static void inner_scan(rs_file_at_hand *x, flow_values *v, uint32_t n, uint32_t n_raises)
{
    const rs_flow_lens *lens = x->worker;
    rs_name_bindings_columns of = rs_name_bindings_columns_of(x->part);
    int64_t own = id_of(x, lens->first_scope + lens->scope);
    uint32_t end = n + x->tree.nodes[n].n_subtree;
    for (uint32_t i = n + 1; i < end && x->status == RS_OK && !lens->is_over; i++) {
        if (rs_flow_is_function_body(x, i)) {
            i += x->tree.nodes[i].n_subtree - 1;
            continue;
        }
        uint32_t row = lens->name_row.items[i];
        if (row == RS_FLOW_NONE || of.occurrence[row] != RS_W_occurrence_load ||
            of.scope_id[row] == own) {
            continue;
        }
        uint32_t slot = slot_of(x, v, row);
        if (slot != RS_FLOW_NONE) {
            extra_add(x, v, slot, i, n_raises);
        }
    }
}

static bool runs_inner_code(const rs_file_at_hand *x, const flow_element *element)
{
    switch (x->tree.nodes[element->node].ast_class) {
    case RS_AST_ClassDef:
        return element->action == RS_W_flow_action_store;
    case RS_AST_ListComp:
    case RS_AST_SetComp:
    case RS_AST_DictComp:
    case RS_AST_GeneratorExp:
        return element->action == RS_W_flow_action_eval;
    default:
        return false;
    }
}

/* True for a block that the scope ends behind, without an exception. */
static bool is_last(const rs_flow_lens *lens, uint32_t b)
{
    uint32_t end = lens->successors.start.items[b + 1];
    for (uint32_t e = lens->successors.start.items[b]; e < end; e++) {
        const flow_edge *edge = &lens->edges.items[e];
        bool is_raise = edge->kind == RS_W_flow_kind_raise ||
                        edge->kind == RS_W_flow_kind_reraise ||
                        edge->kind == RS_W_flow_kind_exception;
        if (lens->blocks.items[edge->dst].kind == RS_W_block_kind_exit && !is_raise) {
            return true;
        }
    }
    return false;
}

/* Definitions as in block_scan(), which has made their events, and the uses in `extras`. */
static void extras_scan(rs_file_at_hand *x, flow_values *v, uint32_t b)
{
    rs_flow_lens *lens = x->worker;
    const flow_block *block = &lens->blocks.items[b];
    uint32_t n_raises = 0;
    v->first.items[b] = (uint32_t)v->all.n_items;
    for (uint32_t i = block->first_element; i < block->end_element && block->is_live; i++) {
        const flow_element *element = &lens->elements.items[i];
        n_raises += element->may_raise;
        if (runs_inner_code(x, element)) {
            inner_scan(x, v, element->node, n_raises);
        }
        uint32_t row = lens->name_row.items[element->node];
        rs_w_event_kind kind =
            row == RS_FLOW_NONE ? RS_N_W_event_kind : event_kind(element->action);
        uint32_t slot = kind == RS_N_W_event_kind ? RS_FLOW_NONE : slot_of(x, v, row);
        if (slot == RS_FLOW_NONE || kind == RS_W_event_kind_use) {
            continue;
        }
        if (kind == RS_W_event_kind_del) {
            extra_add(x, v, slot, element->node, n_raises);
        }
        uint32_t event = event_add(x, element, row, kind, b, true);
        occurrence o = {.slot = slot, .event = event, .n_raises = n_raises, .kind = (uint8_t)kind};
        if (!occurrences_push(&v->all, o)) {
            x->status = RS_ERR_NOMEM;
        }
    }
    v->n_raises.items[b] = n_raises;
    bool has_end = !lens->is_function && block->is_live && is_last(lens, b);
    for (uint32_t slot = 0; has_end && slot < v->n_slots && !lens->is_over; slot++) {
        extra_add(x, v, slot, slot | RS_FLOW_SLOT, n_raises);
    }
}

/* --- in a block --- */

static void reach_add(rs_file_at_hand *x, uint32_t use, uint32_t value)
{
    rs_flow_lens *lens = x->worker;
    if (value == UNBOUND && !lens->is_extra) {
        lens->events.items[use].maybe_unbound = true;
        return;
    }
    flow_pair pair = {.first = use, .second = value - 1}; /* RS_FLOW_NONE of an extra */
    if (!flow_pairs_push(&lens->reaching, pair)) {
        x->status = RS_ERR_NOMEM;
    } else if (lens->reaching.n_items > most_facts(x)) {
        rs_flow_over(x, "reaching definitions");
    }
}

/* Uses whose definition stands before them in the block; returns how many others there are. */
static size_t settle(rs_file_at_hand *x, flow_values *v, uint32_t b)
{
    size_t n_open = 0;
    for (uint32_t i = v->first.items[b]; i < v->first.items[b + 1]; i++) {
        occurrence *o = &v->all.items[i];
        RS_ASSERT(o->slot < v->n_slots);
        bool is_known = v->last_block.items[o->slot] == b || b == 0;
        if (o->kind != RS_W_event_kind_use) {
            v->last_block.items[o->slot] = b;
            v->last_def.items[o->slot] = o->kind == RS_W_event_kind_def ? o->event + 1 : UNBOUND;
        } else if (is_known) {
            o->is_settled = true;
            reach_add(x, o->event,
                      v->last_block.items[o->slot] == b ? v->last_def.items[o->slot] : UNBOUND);
        } else {
            v->is_exposed.items[o->slot] = 1;
            n_open++;
        }
    }
    return n_open;
}

/* --- where values meet --- */

static bool lists_count(flow_lists *lists, size_t n_lists, const flow_pair *pairs, size_t n)
{
    if (!flow_numbers_fill(&lists->start, n_lists + 1, 0) ||
        !flow_numbers_fill(&lists->items, n, 0)) {
        return false;
    }
    uint32_t *start = lists->start.items;
    for (size_t i = 0; i < n; i++) {
        RS_ASSERT(pairs[i].first < n_lists);
        start[pairs[i].first]++;
    }
    uint32_t end = 0;
    for (size_t i = 0; i <= n_lists; i++) {
        end += start[i];
        start[i] = end;
    }
    for (size_t i = n; i > 0; i--) {
        lists->items.items[--start[pairs[i - 1].first]] = pairs[i - 1].second;
    }
    return true;
}

/*
 * Dominance frontiers, by walking from each predecessor of a join up to the join's dominator; a
 * walk stops where one for the same join was.
 */
static bool frontier_find(rs_file_at_hand *x, flow_values *v)
{
    rs_flow_lens *lens = x->worker;
    const uint32_t *parent = lens->dominators.parent.items;
    size_t n_blocks = lens->blocks.n_items;
    flow_pairs *pairs = &v->pairs;
    flow_numbers *last = &v->work;
    flow_pairs_reset(pairs);
    if (!flow_numbers_fill(last, n_blocks, RS_FLOW_NONE)) {
        return false;
    }
    for (uint32_t b = 0; b < n_blocks; b++) {
        uint32_t start = lens->predecessors.start.items[b];
        uint32_t end = lens->predecessors.start.items[b + 1];
        if (!lens->blocks.items[b].is_live || end - start < 2) {
            continue;
        }
        for (uint32_t i = start; i < end; i++) {
            uint32_t at = lens->edges.items[lens->predecessors.items.items[i]].src;
            while (lens->blocks.items[at].is_live && at != parent[b] && last->items[at] != b) {
                last->items[at] = b;
                flow_pair pair = {.first = at, .second = b};
                if (!flow_pairs_push(pairs, pair)) {
                    return false;
                }
                if (parent[at] == RS_FLOW_NONE) {
                    break;
                }
                at = parent[at];
            }
        }
    }
    return lists_count(&v->frontier, n_blocks, pairs->items, pairs->n_items);
}

static bool children_find(rs_file_at_hand *x, flow_values *v)
{
    rs_flow_lens *lens = x->worker;
    flow_pairs *pairs = &v->pairs;
    flow_pairs_reset(pairs);
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        flow_pair pair = {.first = lens->dominators.parent.items[b], .second = b};
        if (pair.first != RS_FLOW_NONE && !flow_pairs_push(pairs, pair)) {
            return false;
        }
    }
    return lists_count(&v->children, lens->blocks.n_items, pairs->items, pairs->n_items);
}

/* Blocks that define exposed variables, by variable. */
static bool def_blocks_find(const rs_flow_lens *lens, flow_values *v)
{
    flow_lists by_slot = {0};
    bool is_done = false;
    flow_pairs *pairs = &v->def_blocks;
    flow_pairs_reset(pairs);
    for (uint32_t b = 0; b < lens->blocks.n_items; b++) {
        for (uint32_t i = v->first.items[b]; i < v->first.items[b + 1]; i++) {
            const occurrence *o = &v->all.items[i];
            flow_pair pair = {.first = o->slot, .second = b};
            if (o->kind != RS_W_event_kind_use && v->is_exposed.items[o->slot] &&
                !flow_pairs_push(pairs, pair)) {
                return false;
            }
        }
    }
    if (lists_count(&by_slot, v->n_slots, pairs->items, pairs->n_items)) {
        for (uint32_t slot = 0; slot < v->n_slots; slot++) {
            for (uint32_t i = by_slot.start.items[slot]; i < by_slot.start.items[slot + 1]; i++) {
                pairs->items[i] = (flow_pair){.first = slot, .second = by_slot.items.items[i]};
            }
        }
        is_done = true;
    }
    flow_numbers_release(&by_slot.start);
    flow_numbers_release(&by_slot.items);
    return is_done;
}

static bool phi_add(flow_values *v, uint32_t block, uint32_t slot)
{
    if (v->phi_stamp.items[block] == slot + 1) {
        return true;
    }
    RS_ASSERT(block < v->phi_stamp.n_items && slot < v->n_slots);
    v->phi_stamp.items[block] = slot + 1;
    phi p = {.slot = slot, .next = v->first_phi.items[block], .first_operand = RS_FLOW_NONE};
    v->first_phi.items[block] = (uint32_t)v->phis.n_items;
    return phis_push(&v->phis, p) && flow_numbers_push(&v->work, block);
}

/* Phis of the variable whose definitions are def_blocks[first..end). */
static bool phis_place(const rs_flow_lens *lens, flow_values *v, size_t first, size_t end)
{
    RS_ASSERT(first < end && end <= v->def_blocks.n_items);
    uint32_t slot = v->def_blocks.items[first].first;
    flow_numbers *work = &v->work;
    flow_numbers_reset(work);
    for (size_t i = first; i < end; i++) {
        uint32_t block = v->def_blocks.items[i].second;
        uint32_t handler = lens->blocks.items[block].handler;
        if (!flow_numbers_push(work, block) ||
            (handler != RS_FLOW_NONE && !phi_add(v, handler, slot))) {
            return false;
        }
    }
    while (work->n_items > 0) {
        uint32_t block = work->items[--work->n_items];
        uint32_t stop = v->frontier.start.items[block + 1];
        for (uint32_t i = v->frontier.start.items[block]; i < stop; i++) {
            if (!phi_add(v, v->frontier.items.items[i], slot)) {
                return false;
            }
        }
    }
    return true;
}

static bool phis_find(rs_file_at_hand *x, flow_values *v)
{
    const rs_flow_lens *lens = x->worker;
    size_t n_blocks = lens->blocks.n_items;
    phis_reset(&v->phis);
    operands_reset(&v->operands);
    if (!flow_numbers_fill(&v->first_phi, n_blocks, RS_FLOW_NONE) ||
        !flow_numbers_fill(&v->phi_stamp, n_blocks, 0)) {
        return false;
    }
    for (size_t first = 0; first < v->def_blocks.n_items && !lens->is_over;) {
        size_t end = first;
        while (end < v->def_blocks.n_items &&
               v->def_blocks.items[end].first == v->def_blocks.items[first].first) {
            end++;
        }
        if (!phis_place(lens, v, first, end)) {
            return false;
        }
        if (v->phis.n_items > most_facts(x)) {
            rs_flow_over(x, "joins of values");
        }
        first = end;
    }
    return true;
}

/* --- which values they are --- */

static void operand_add(rs_file_at_hand *x, flow_values *v, uint32_t number, uint32_t value)
{
    RS_ASSERT(number < v->phis.n_items && ((value & PHI) == 0 || (value & ~PHI) < v->phis.n_items));
    phi *p = &v->phis.items[number];
    if (p->first_operand != RS_FLOW_NONE && v->operands.items[p->first_operand].value == value) {
        return;
    }
    operand o = {.value = value, .next = p->first_operand};
    p->first_operand = (uint32_t)v->operands.n_items;
    if (!operands_push(&v->operands, o)) {
        x->status = RS_ERR_NOMEM;
    } else if (v->operands.n_items > most_facts(x)) {
        rs_flow_over(x, "joins of values");
    }
}

static void state_set(rs_file_at_hand *x, flow_values *v, uint32_t slot, uint32_t block,
                      uint32_t value, uint32_t n_raises)
{
    RS_ASSERT(slot < v->n_slots);
    state *s = &v->states.items[slot];
    undo u = {.slot = slot, .was = *s};
    if (!undos_push(&v->undos, u)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    *s = (state){.value = value, .n_raises = n_raises, .block = block};
}

/* The phi of a variable in a block, or RS_FLOW_NONE; phi_at[slot] is set for the block at hand. */
static void phis_mark(flow_values *v, uint32_t block, bool is_on)
{
    uint32_t number = block == RS_FLOW_NONE ? RS_FLOW_NONE : v->first_phi.items[block];
    for (; number != RS_FLOW_NONE; number = v->phis.items[number].next) {
        v->last_def.items[v->phis.items[number].slot] = is_on ? number : RS_FLOW_NONE;
    }
}

/* The value that a variable had goes to the handler's phi if anything could raise since. */
static void value_leave(rs_file_at_hand *x, flow_values *v, uint32_t slot, uint32_t block,
                        uint32_t n_raises)
{
    const state *s = &v->states.items[slot];
    uint32_t since = s->block == block ? s->n_raises : 0;
    uint32_t number = v->last_def.items[slot];
    if (number != RS_FLOW_NONE && n_raises > since) {
        operand_add(x, v, number, s->value);
    }
}

static void block_walk(rs_file_at_hand *x, flow_values *v, uint32_t b)
{
    uint32_t handler = flow_lens(x)->blocks.items[b].handler;
    for (uint32_t i = v->first_phi.items[b]; i != RS_FLOW_NONE; i = v->phis.items[i].next) {
        state_set(x, v, v->phis.items[i].slot, b, PHI | i, 0);
    }
    phis_mark(v, handler, true);
    for (uint32_t i = v->first.items[b]; i < v->first.items[b + 1] && x->status == RS_OK; i++) {
        const occurrence *o = &v->all.items[i];
        if (!v->is_exposed.items[o->slot]) {
            continue;
        }
        if (o->kind != RS_W_event_kind_use) {
            value_leave(x, v, o->slot, b, o->n_raises);
            state_set(x, v, o->slot, b, o->kind == RS_W_event_kind_def ? o->event + 1 : UNBOUND,
                      o->n_raises);
        } else if (!o->is_settled) {
            flow_pair use = {
                .first = o->event, .second = v->states.items[o->slot].value, .kind = o->slot};
            if (!flow_pairs_push(&v->pairs, use)) {
                x->status = RS_ERR_NOMEM;
            }
        }
    }
    for (uint32_t i = handler == RS_FLOW_NONE ? RS_FLOW_NONE : v->first_phi.items[handler];
         i != RS_FLOW_NONE; i = v->phis.items[i].next) {
        value_leave(x, v, v->phis.items[i].slot, b, v->n_raises.items[b]);
    }
    phis_mark(v, handler, false);
}

/* What the variables have at the end of a block goes to the phis behind it. */
static void block_leave(rs_file_at_hand *x, flow_values *v, uint32_t b)
{
    const rs_flow_lens *lens = x->worker;
    uint32_t end = lens->successors.start.items[b + 1];
    for (uint32_t e = lens->successors.start.items[b]; e < end; e++) {
        const flow_edge *edge = &lens->edges.items[e];
        if (edge->kind == RS_W_flow_kind_exception) {
            continue;
        }
        for (uint32_t i = v->first_phi.items[edge->dst]; i != RS_FLOW_NONE;
             i = v->phis.items[i].next) {
            operand_add(x, v, i, v->states.items[v->phis.items[i].slot].value);
        }
    }
}

/* Down the dominator tree; a block stays on the stack, with its undo mark, until its subtree is done. */
static bool tree_walk(rs_file_at_hand *x, flow_values *v)
{
    rs_flow_lens *lens = x->worker;
    flow_numbers *stack = &lens->stack;
    flow_numbers_reset(stack);
    undos_reset(&v->undos);
    flow_pairs_reset(&v->pairs);
    if (!flow_numbers_push(stack, 0) || !flow_numbers_push(stack, RS_FLOW_NONE)) {
        return false;
    }
    while (stack->n_items > 0 && x->status == RS_OK && !lens->is_over) {
        uint32_t b = stack->items[stack->n_items - 2];
        RS_ASSERT(stack->n_items % 2 == 0); /* a block, and where its undoing starts */
        uint32_t mark = stack->items[stack->n_items - 1];
        if (mark != RS_FLOW_NONE) {
            for (; v->undos.n_items > mark; v->undos.n_items--) {
                const undo *u = &v->undos.items[v->undos.n_items - 1];
                v->states.items[u->slot] = u->was;
            }
            stack->n_items -= 2;
            continue;
        }
        stack->items[stack->n_items - 1] = (uint32_t)v->undos.n_items;
        block_walk(x, v, b);
        block_leave(x, v, b);
        uint32_t end = v->children.start.items[b + 1];
        for (uint32_t i = v->children.start.items[b]; i < end; i++) {
            if (!flow_numbers_push(stack, v->children.items.items[i]) ||
                !flow_numbers_push(stack, RS_FLOW_NONE)) {
                return false;
            }
        }
    }
    return true;
}

/* --- from phis to definitions --- */

static bool value_follow(rs_file_at_hand *x, flow_values *v, uint32_t use, uint32_t value,
                         uint64_t *n_steps)
{
    flow_numbers *work = &v->work;
    flow_numbers_reset(work);
    uint32_t walk = ++v->n_walks;
    if (!flow_numbers_push(work, value)) {
        return false;
    }
    while (work->n_items > 0 && !flow_lens(x)->is_over) {
        value = work->items[--work->n_items];
        ++*n_steps;
        if ((value & PHI) == 0) {
            reach_add(x, use, value);
            continue;
        }
        RS_ASSERT((value & ~PHI) < v->phis.n_items);
        phi *p = &v->phis.items[value & ~PHI];
        if (p->seen == walk) {
            continue;
        }
        p->seen = walk;
        for (uint32_t i = p->first_operand; i != RS_FLOW_NONE; i = v->operands.items[i].next) {
            if (!flow_numbers_push(work, v->operands.items[i].value)) {
                return false;
            }
        }
    }
    return true;
}

static int reach_compare(const void *left, const void *right)
{
    const flow_pair *a = left;
    const flow_pair *b = right;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return (a->second > b->second) - (a->second < b->second);
}

/* In canonical order, each once: copies of a finally body may find the same. */
static void reaching_sort(flow_pairs *pairs)
{
    size_t n = 0;
    bool is_sorted = true;
    for (size_t i = 1; i < pairs->n_items && is_sorted; i++) {
        is_sorted = reach_compare(&pairs->items[i - 1], &pairs->items[i]) < 0;
    }
    if (is_sorted) {
        return;
    }
    qsort(pairs->items, pairs->n_items, sizeof *pairs->items, reach_compare);
    for (size_t i = 0; i < pairs->n_items; i++) {
        if (n == 0 || reach_compare(&pairs->items[n - 1], &pairs->items[i]) != 0) {
            pairs->items[n++] = pairs->items[i];
        }
    }
    pairs->n_items = n;
}

/* --- the whole --- */

static bool begin(const rs_file_at_hand *x, flow_values *v)
{
    const rs_flow_lens *lens = x->worker;
    size_t n_blocks = lens->blocks.n_items;
    v->n_slots = rs_flow_n_slots(lens);
    occurrences_reset(&v->all);
    return flow_numbers_fill(&v->first, n_blocks + 1, 0) &&
           flow_numbers_fill(&v->n_raises, n_blocks, 0) &&
           flow_numbers_fill(&v->last_def, v->n_slots, UNBOUND) &&
           flow_numbers_fill(&v->last_block, v->n_slots, RS_FLOW_NONE) &&
           flow_numbers_fill(&v->is_exposed, v->n_slots, 0);
}

static bool states_begin(flow_values *v)
{
    states_reset(&v->states);
    if (!states_reserve(&v->states, v->n_slots) ||
        !flow_numbers_fill(&v->last_def, v->n_slots, RS_FLOW_NONE)) {
        return false;
    }
    for (uint32_t slot = 0; slot < v->n_slots; slot++) {
        v->states.items[slot] = (state){.value = UNBOUND, .block = RS_FLOW_NONE};
    }
    v->n_walks = 0;
    return true;
}

/* What a variable may cost: what is found of it, and the steps on the way there. Of uses that are no events
 * most_facts() says enough. */
static uint64_t most_of_variable(const rs_file_at_hand *x, const flow_values *v, uint32_t slot)
{
    uint64_t growth = x->options->flow.max_reaching;
    RS_ASSERT(slot < v->n_slots);
    uint64_t n_of = v->n_of.items[slot];
    uint64_t most = growth > UINT64_MAX / (n_of + 1) ? UINT64_MAX : growth * n_of;
    uint64_t least = x->options->flow.min_elements;
    return flow_lens(x)->is_extra ? UINT64_MAX : most < least ? least : most;
}

static bool count_occurrences(flow_values *v)
{
    if (!flow_numbers_fill(&v->n_of, v->n_slots, 0) ||
        !flow_numbers_fill(&v->is_lost, v->n_slots, 0)) {
        return false;
    }
    counts_reset(&v->found);
    counts_reset(&v->steps);
    if (!counts_reserve(&v->found, v->n_slots) || !counts_reserve(&v->steps, v->n_slots)) {
        return false;
    }
    for (uint32_t slot = 0; slot < v->n_slots; slot++) {
        v->found.items[slot] = 0;
        v->steps.items[slot] = 0;
    }
    for (size_t i = 0; i < v->all.n_items; i++) {
        v->n_of.items[v->all.items[i].slot]++;
    }
    return true;
}

/* The definitions of a use, unless its variable has lost them: with the one that is too much it does. */
static bool use_follow(rs_file_at_hand *x, flow_values *v, const flow_pair *use)
{
    enum { STEPS = 8 }; /* for each definition that may be found */
    rs_flow_lens *lens = x->worker;
    uint32_t slot = use->kind;
    size_t n_before = lens->reaching.n_items;
    if (v->is_lost.items[slot]) {
        return true;
    }
    if (!value_follow(x, v, use->first, use->second, &v->steps.items[slot])) {
        return false;
    }
    v->found.items[slot] += lens->reaching.n_items - n_before;
    uint64_t most = most_of_variable(x, v, slot);
    if (v->found.items[slot] > most || v->steps.items[slot] / STEPS > most) {
        v->is_lost.items[slot] = (uint32_t)lens->lost.n_items + 1;
        return flow_numbers_push(&lens->lost, use->first);
    }
    return true;
}

/* Take from the variables that lost their definitions what was found before; what stands in the block of a use
 * was told of its event alone, and stays where no copy of the event is open. */
static void drop_lost(rs_flow_lens *lens, const flow_values *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->pairs.n_items; i++) {
        const flow_pair *use = &v->pairs.items[i];
        uint32_t number = v->is_lost.items[use->kind];
        if (number > 0) {
            uint32_t *first = &lens->lost.items[number - 1];
            *first = use->first < *first ? use->first : *first;
            lens->events.items[use->first].too_many_defs = true;
            lens->events.items[use->first].maybe_unbound = true;
        }
    }
    for (size_t i = 0; i < lens->reaching.n_items; i++) {
        if (!lens->events.items[lens->reaching.items[i].first].too_many_defs) {
            lens->reaching.items[n++] = lens->reaching.items[i];
        }
    }
    lens->reaching.n_items = n;
}

/* The uses that are not settled in their block. */
static bool values_find(rs_file_at_hand *x, flow_values *v)
{
    rs_flow_lens *lens = x->worker;
    if (!frontier_find(x, v) || !children_find(x, v) || !def_blocks_find(lens, v) ||
        !phis_find(x, v) || !states_begin(v) || !tree_walk(x, v) || !count_occurrences(v)) {
        return false;
    }
    for (size_t i = 0; i < v->pairs.n_items && !lens->is_over; i++) {
        if (!use_follow(x, v, &v->pairs.items[i])) {
            return false;
        }
    }
    if (!lens->is_extra && lens->lost.n_items > 0) {
        drop_lost(lens, v);
    }
    return true;
}

/* The uses that `scan` finds, in `reaching` with the definitions that they get. */
static void reaching_find(rs_file_at_hand *x,
                          void (*scan)(rs_file_at_hand *, flow_values *, uint32_t))
{
    rs_flow_lens *lens = x->worker;
    flow_values *v = lens->values;
    flow_pairs_reset(&lens->reaching);
    if (!begin(x, v)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    uint32_t n_blocks = (uint32_t)lens->blocks.n_items;
    size_t n_open = 0;
    for (uint32_t b = 0; b < n_blocks && !lens->is_over; b++) {
        scan(x, v, b);
    }
    v->first.items[n_blocks] = (uint32_t)v->all.n_items;
    for (uint32_t b = 0; b < n_blocks && !lens->is_over; b++) {
        n_open += settle(x, v, b);
    }
    if (n_open > 0 && !lens->is_over && x->status == RS_OK && !values_find(x, v)) {
        x->status = RS_ERR_NOMEM;
    }
    reaching_sort(&lens->reaching);
}

void rs_flow_defuse(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    flow_events_reset(&lens->events);
    flow_numbers_reset(&lens->lost);
    lens->is_extra = false;
    reaching_find(x, block_scan);
}

void rs_flow_extras(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    flow_numbers_reset(&lens->extras);
    lens->is_extra = true;
    reaching_find(x, extras_scan);
}
