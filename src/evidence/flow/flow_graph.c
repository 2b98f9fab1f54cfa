/* SPDX-License-Identifier: Apache-2.0 */
/* flow_graph.c - labels become blocks, edges are put in order, and what is live is found. */
#include "evidence/flow/flow_impl.h"

#include <stdlib.h>

/* The block of a label, and the kind of the jumps that led on from empty blocks to it. */
static uint32_t label_block(const rs_flow_lens *lens, uint32_t label, uint32_t *kind)
{
    RS_ASSERT(label < lens->labels.n_items);
    const flow_label *place = &lens->labels.items[label];
    while (place->forward != RS_FLOW_NONE) {
        if (*kind == RS_W_flow_kind_next) {
            *kind = place->kind;
        }
        RS_ASSERT(place->forward < lens->labels.n_items);
        place = &lens->labels.items[place->forward];
    }
    return place->block;
}

static int edge_compare(const void *left, const void *right)
{
    const flow_edge *a = left;
    const flow_edge *b = right;
    if (a->src != b->src) {
        return a->src < b->src ? -1 : 1;
    }
    if (a->dst != b->dst) {
        return a->dst < b->dst ? -1 : 1;
    }
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Between two blocks there is one edge; of several kinds the first counts: raise before exception. */
static void edges_resolve(rs_flow_lens *lens)
{
    flow_edges *edges = &lens->edges;
    bool is_sorted = true;
    for (size_t i = 0; i < edges->n_items; i++) {
        flow_edge *edge = &edges->items[i];
        edge->dst = label_block(lens, edge->dst, &edge->kind);
        RS_ASSERT(edge->dst < lens->blocks.n_items);
        is_sorted = is_sorted && (i == 0 || edge_compare(edge - 1, edge) <= 0);
    }
    if (!is_sorted) {
        qsort(edges->items, edges->n_items, sizeof *edges->items, edge_compare);
    }
    size_t n = 0;
    for (size_t i = 0; i < edges->n_items; i++) {
        const flow_edge *last = n == 0 ? NULL : &edges->items[n - 1];
        if (last == NULL || last->src != edges->items[i].src || last->dst != edges->items[i].dst) {
            edges->items[n++] = edges->items[i];
        }
    }
    RS_ASSERT(n <= edges->n_items);
    edges->n_items = n;
}

/* Handlers are labels, too. */
static void handlers_resolve(rs_flow_lens *lens)
{
    for (size_t b = 0; b < lens->blocks.n_items; b++) {
        flow_block *block = &lens->blocks.items[b];
        uint32_t kind = RS_W_flow_kind_exception;
        block->is_caught = block->handler != RS_FLOW_NONE;
        block->handler = block->may_raise && block->handler != RS_FLOW_NONE
                             ? label_block(lens, block->handler, &kind)
                             : RS_FLOW_NONE;
    }
}

/* Starts of n + 1 empty lists. */
static bool lists_begin(flow_lists *lists, size_t n)
{
    flow_numbers_reset(&lists->start);
    flow_numbers_reset(&lists->items);
    if (!flow_numbers_reserve(&lists->start, n + 1)) {
        return false;
    }
    memset(lists->start.items, 0, (n + 1) * sizeof *lists->start.items);
    lists->start.n_items = n + 1;
    return true;
}

/* Edges are sorted by src, so lists of successors are ranges of them. */
static bool successors_find(rs_flow_lens *lens)
{
    size_t n_blocks = lens->blocks.n_items;
    if (!lists_begin(&lens->successors, n_blocks)) {
        return false;
    }
    uint32_t *start = lens->successors.start.items;
    for (size_t i = 0; i < lens->edges.n_items; i++) {
        start[lens->edges.items[i].src + 1]++;
    }
    for (size_t b = 0; b < n_blocks; b++) {
        start[b + 1] += start[b];
    }
    RS_ASSERT(start[n_blocks] == lens->edges.n_items);
    return true;
}

static bool predecessors_find(rs_flow_lens *lens)
{
    size_t n_blocks = lens->blocks.n_items;
    flow_lists *lists = &lens->predecessors;
    if (!lists_begin(lists, n_blocks) ||
        !flow_numbers_reserve(&lists->items, lens->edges.n_items)) {
        return false;
    }
    uint32_t *start = lists->start.items;
    for (size_t i = 0; i < lens->edges.n_items; i++) {
        start[lens->edges.items[i].dst]++;
    }
    uint32_t end = 0;
    for (size_t b = 0; b <= n_blocks; b++) {
        end += start[b];
        start[b] = end;
    }
    RS_ASSERT(end == lens->edges.n_items);
    for (size_t i = lens->edges.n_items; i > 0; i--) {
        lists->items.items[--start[lens->edges.items[i - 1].dst]] = (uint32_t)i - 1;
    }
    lists->items.n_items = lens->edges.n_items;
    return true;
}

static bool live_find(rs_flow_lens *lens)
{
    flow_numbers *stack = &lens->stack;
    flow_numbers_reset(stack);
    RS_ASSERT(lens->blocks.n_items > 0 && lens->blocks.items[0].kind == RS_W_block_kind_entry);
    lens->blocks.items[0].is_live = true;
    if (!flow_numbers_push(stack, 0)) {
        return false;
    }
    while (stack->n_items > 0) {
        uint32_t block = stack->items[--stack->n_items];
        uint32_t end = lens->successors.start.items[block + 1];
        for (uint32_t i = lens->successors.start.items[block]; i < end; i++) {
            uint32_t next = lens->edges.items[i].dst;
            if (!lens->blocks.items[next].is_live) {
                lens->blocks.items[next].is_live = true;
                if (!flow_numbers_push(stack, next)) {
                    return false;
                }
            }
        }
    }
    return true;
}

void rs_flow_graph(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    edges_resolve(lens);
    handlers_resolve(lens);
    if (!successors_find(lens) || !predecessors_find(lens) || !live_find(lens)) {
        x->status = RS_ERR_NOMEM;
    }
}
