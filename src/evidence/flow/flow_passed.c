/* SPDX-License-Identifier: Apache-2.0 */
/* flow_passed.c - what of a dominator has run on every way to the block.
 *
 * An exception leaves a block from any element that may raise. So where one leads from a dominator to
 * the block, only the elements in front of the first that may raise are sure to have run; else all.
 * Such a way starts at the dominator's handler, which it dominates then, and goes from one of the
 * dominator's children in the tree to the next. Each edge of the graph is one such step at most, so
 * cost is that of the graph.
 */
#include "evidence/flow/flow_impl.h"

/* A dominator tree from the top; all by block. */
typedef struct family {
    rs_flow_lens *lens;
    const uint32_t *parent;
    flow_numbers *first;   /* number in a walk of the tree, from 0 */
    flow_numbers *n_below; /* blocks below it, itself included */
    flow_numbers *next;    /* scratch */
    flow_lists *children;  /* in order of `first` */
    flow_lists *steps;     /* to siblings that control may come to from it, or from below it */
} family;

static bool lists_begin(flow_lists *lists, size_t n)
{
    flow_numbers_reset(&lists->items);
    return flow_numbers_fill(&lists->start, n + 1, 0);
}

/* Counts, at start[i + 1], become starts. */
static bool lists_reserve(flow_lists *lists, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        lists->start.items[i + 1] += lists->start.items[i];
    }
    return flow_numbers_fill(&lists->items, lists->start.items[n], RS_FLOW_NONE);
}

static bool tree_order(family *of)
{
    const rs_flow_lens *lens = of->lens;
    const flow_numbers *order = &lens->dominators.order; /* a parent stands before its children */
    size_t n = lens->blocks.n_items;
    if (!flow_numbers_fill(of->first, n, 0) || !flow_numbers_fill(of->n_below, n, 1) ||
        !flow_numbers_fill(of->next, n, 1) || !lists_begin(of->children, n)) {
        return false;
    }
    for (size_t i = order->n_items; i > 1; i--) {
        uint32_t block = order->items[i - 1];
        RS_ASSERT(of->parent[block] != RS_FLOW_NONE); /* the first one alone has none */
        of->n_below->items[of->parent[block]] += of->n_below->items[block];
        of->children->start.items[of->parent[block] + 1]++;
    }
    if (!lists_reserve(of->children, n)) {
        return false;
    }
    for (size_t i = 1; i < order->n_items; i++) {
        uint32_t block = order->items[i];
        uint32_t above = of->parent[block];
        of->first->items[block] = of->first->items[above] + of->next->items[above];
        of->next->items[above] += of->n_below->items[block];
    }
    if (!flow_numbers_fill(of->next, n, 0)) {
        return false;
    }
    for (size_t i = 1; i < order->n_items; i++) {
        uint32_t above = of->parent[order->items[i]];
        uint32_t at = of->children->start.items[above] + of->next->items[above]++;
        of->children->items.items[at] = order->items[i];
    }
    return true;
}

/* The child of `above` that is `block` or above it. */
static uint32_t child_over(const family *of, uint32_t above, uint32_t block)
{
    uint32_t low = of->children->start.items[above];
    uint32_t high = of->children->start.items[above + 1];
    RS_ASSERT(low < high); /* a block below it is below a child */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        bool is_behind =
            of->first->items[of->children->items.items[middle]] > of->first->items[block];
        high = is_behind ? middle : high;
        low = is_behind ? low : middle;
    }
    return of->children->items.items[low];
}

/* The sibling of the edge's end that it comes from; RS_FLOW_NONE where it comes from their parent. */
static uint32_t step_from(const family *of, const flow_edge *edge)
{
    uint32_t above = of->parent[edge->dst];
    bool is_step =
        of->lens->blocks.items[edge->src].is_live && above != RS_FLOW_NONE && above != edge->src;
    return is_step ? child_over(of, above, edge->src) : RS_FLOW_NONE;
}

static bool steps_find(family *of)
{
    const flow_edges *edges = &of->lens->edges;
    size_t n = of->lens->blocks.n_items;
    if (!lists_begin(of->steps, n) || !flow_numbers_fill(of->next, n, 0)) {
        return false;
    }
    for (size_t i = 0; i < edges->n_items; i++) {
        uint32_t from = step_from(of, &edges->items[i]);
        if (from != RS_FLOW_NONE) {
            of->steps->start.items[from + 1]++;
        }
    }
    if (!lists_reserve(of->steps, n)) {
        return false;
    }
    for (size_t i = 0; i < edges->n_items; i++) {
        uint32_t from = step_from(of, &edges->items[i]);
        if (from != RS_FLOW_NONE) {
            of->steps->items.items[of->steps->start.items[from] + of->next->items[from]++] =
                edges->items[i].dst;
        }
    }
    return true;
}

/* Where an exception goes from a block, RS_FLOW_NONE where the graph has no edge of it. */
static uint32_t exception_end(const rs_flow_lens *lens, uint32_t b)
{
    if (lens->blocks.items[b].handler != RS_FLOW_NONE) {
        return lens->blocks.items[b].handler;
    }
    for (uint32_t i = lens->successors.start.items[b]; i < lens->successors.start.items[b + 1];
         i++) {
        uint32_t kind = lens->edges.items[i].kind;
        if (kind == RS_W_flow_kind_raise || kind == RS_W_flow_kind_reraise ||
            kind == RS_W_flow_kind_exception) {
            return lens->edges.items[i].dst;
        }
    }
    return RS_FLOW_NONE;
}

/* Children of block b that control comes to from its handler, by ways that do not lead through b. */
static bool mark_reached(family *of, uint32_t b, uint32_t n_passed)
{
    rs_flow_lens *lens = of->lens;
    uint32_t handler = exception_end(lens, b);
    if (handler == RS_FLOW_NONE || of->parent[handler] != b) {
        return true;
    }
    flow_numbers *stack = &lens->stack;
    flow_numbers_reset(stack);
    lens->passed.items[handler] = n_passed;
    of->next->items[handler] = 1;
    bool fits = flow_numbers_push(stack, handler);
    while (stack->n_items > 0 && fits) {
        uint32_t at = stack->items[--stack->n_items];
        for (uint32_t i = of->steps->start.items[at]; i < of->steps->start.items[at + 1] && fits;
             i++) {
            uint32_t sibling = of->steps->items.items[i];
            if (of->next->items[sibling] == 0) {
                of->next->items[sibling] = 1;
                lens->passed.items[sibling] = n_passed;
                fits = flow_numbers_push(stack, sibling);
            }
        }
    }
    return fits;
}

static bool passed_find(family *of)
{
    rs_flow_lens *lens = of->lens;
    size_t n = lens->blocks.n_items;
    if (!tree_order(of) || !steps_find(of) || !flow_numbers_fill(of->next, n, 0) ||
        !flow_numbers_fill(&lens->passed, n, 0)) {
        return false;
    }
    for (uint32_t b = 0; b < n; b++) {
        if (of->parent[b] != RS_FLOW_NONE) {
            const flow_block *above = &lens->blocks.items[of->parent[b]];
            lens->passed.items[b] = above->end_element - above->first_element;
        }
    }
    for (uint32_t b = 0; b < n; b++) {
        const flow_block *block = &lens->blocks.items[b];
        uint32_t first = block->first_element;
        while (first < block->end_element && !lens->elements.items[first].may_raise) {
            first++;
        }
        if (block->is_live && first < block->end_element &&
            !mark_reached(of, b, first - block->first_element)) {
            return false;
        }
    }
    return true;
}

void rs_flow_pass(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    flow_family *scratch = &lens->family;
    family of = {.lens = lens,
                 .parent = lens->dominators.parent.items,
                 .first = &scratch->first,
                 .n_below = &scratch->n_below,
                 .next = &scratch->next,
                 .children = &scratch->children,
                 .steps = &scratch->steps};
    if (!passed_find(&of)) {
        x->status = RS_ERR_NOMEM;
    }
}
