/* SPDX-License-Identifier: Apache-2.0 */
/* flow_dom.c - dominators, post-dominators and control dependences.
 *
 * Dominators by Lengauer and Tarjan, the simple way, O(m log n). Post-dominators are those of the reversed graph, without what leaves the scope by an
 * exception that no raise or assert made. Control dependences are the ways of Ferrante, Ottenstein
 * and Warren up the post-dominator tree.
 */
#include "evidence/flow/flow_impl.h"

#include <stdlib.h>

/* One way to look at the graph. */
typedef struct view {
    rs_flow_lens *lens;
    bool is_reversed;
    const uint32_t *is_in; /* by block: takes part; NULL for all */
} view;

/* An exception that goes on out of the scope. */
static bool is_ignored(const rs_flow_lens *lens, const flow_edge *edge)
{
    return edge->kind == RS_W_flow_kind_reraise &&
           lens->blocks.items[edge->dst].kind == RS_W_block_kind_exit;
}

/* The n-th neighbour in the direction of the view, or RS_FLOW_NONE for an edge that is not in it. */
static uint32_t ahead(const view *v, uint32_t i)
{
    const rs_flow_lens *lens = v->lens;
    if (!v->is_reversed) {
        return lens->edges.items[i].dst;
    }
    const flow_edge *edge = &lens->edges.items[lens->predecessors.items.items[i]];
    return is_ignored(lens, edge) || !v->is_in[edge->src] ? RS_FLOW_NONE : edge->src;
}

static uint32_t before(const view *v, uint32_t i)
{
    const rs_flow_lens *lens = v->lens;
    if (!v->is_reversed) {
        return lens->edges.items[lens->predecessors.items.items[i]].src;
    }
    const flow_edge *edge = &lens->edges.items[i];
    return is_ignored(lens, edge) || !v->is_in[edge->dst] ? RS_FLOW_NONE : edge->dst;
}

static const uint32_t *starts(const view *v, bool is_ahead)
{
    const flow_lists *lists =
        is_ahead != v->is_reversed ? &v->lens->successors : &v->lens->predecessors;
    return lists->start.items;
}

static bool tree_begin(rs_flow_lens *lens, flow_tree *tree)
{
    size_t n_blocks = lens->blocks.n_items;
    flow_numbers_reset(&tree->order);
    return flow_numbers_fill(&tree->parent, n_blocks, RS_FLOW_NONE) &&
           flow_numbers_fill(&tree->place, n_blocks, RS_FLOW_NONE) &&
           flow_numbers_reserve(&tree->order, n_blocks) &&
           flow_numbers_fill(&lens->forest.above, n_blocks + 1, 0);
}

/* A block is met, from the block whose place is `from`, or as a root. */
static bool meet(const view *v, flow_tree *tree, uint32_t block, uint32_t from, flow_numbers *stack)
{
    RS_ASSERT(tree->place.items[block] == RS_FLOW_NONE); /* each is met once */
    uint32_t place = (uint32_t)tree->order.n_items + 1;
    tree->place.items[block] = place;
    tree->order.items[tree->order.n_items++] = block;
    v->lens->forest.above.items[place] = from;
    return flow_numbers_push(stack, block) && flow_numbers_push(stack, starts(v, true)[block]);
}

/* Number what is reached from root, in the order in which a depth-first walk meets it. */
static bool visit(const view *v, flow_tree *tree, uint32_t root)
{
    flow_numbers *stack = &v->lens->stack;
    const uint32_t *start = starts(v, true);
    flow_numbers_reset(stack);
    if (!meet(v, tree, root, 0, stack)) {
        return false;
    }
    while (stack->n_items > 0) {
        uint32_t block = stack->items[stack->n_items - 2];
        uint32_t i = stack->items[stack->n_items - 1];
        RS_ASSERT(i <= start[block + 1]);
        if (i == start[block + 1]) {
            stack->n_items -= 2;
            continue;
        }
        stack->items[stack->n_items - 1]++;
        uint32_t next = ahead(v, i);
        if (next != RS_FLOW_NONE && tree->place.items[next] == RS_FLOW_NONE &&
            !meet(v, tree, next, tree->place.items[block], stack)) {
            return false;
        }
    }
    return true;
}

/* --- Lengauer and Tarjan --- */

/* The place with the least semidominator on the way up the forest to place p, p's root apart. */
static uint32_t evaluate(flow_forest *forest, uint32_t p)
{
    uint32_t *ancestor = forest->ancestor.items;
    uint32_t *best = forest->best.items;
    const uint32_t *semi = forest->semi.items;
    uint32_t n_path = 0;
    if (ancestor[p] == RS_FLOW_NONE) {
        return p;
    }
    for (uint32_t at = p; ancestor[ancestor[at]] != RS_FLOW_NONE; at = ancestor[at]) {
        RS_ASSERT(n_path < forest->path.n_items);
        forest->path.items[n_path++] = at;
    }
    while (n_path > 0) {
        uint32_t at = forest->path.items[--n_path];
        uint32_t up = ancestor[at];
        if (semi[best[up]] < semi[best[at]]) {
            best[at] = best[up];
        }
        ancestor[at] = ancestor[up];
    }
    return best[p];
}

static bool forest_begin(flow_forest *forest, size_t n)
{
    if (!flow_numbers_fill(&forest->semi, n, 0) || !flow_numbers_fill(&forest->best, n, 0) ||
        !flow_numbers_fill(&forest->ancestor, n, RS_FLOW_NONE) ||
        !flow_numbers_fill(&forest->bucket, n, RS_FLOW_NONE) ||
        !flow_numbers_fill(&forest->next, n, RS_FLOW_NONE) ||
        !flow_numbers_fill(&forest->path, n, 0) || !flow_numbers_fill(&forest->dominator, n, 0)) {
        return false;
    }
    for (uint32_t p = 0; p < n; p++) {
        forest->semi.items[p] = forest->best.items[p] = p;
    }
    return true;
}

static void semidominator_find(const view *v, const flow_tree *tree, uint32_t p)
{
    flow_forest *forest = &v->lens->forest;
    uint32_t block = tree->order.items[p - 1];
    const uint32_t *start = starts(v, false);
    uint32_t least = forest->above.items[p];
    for (uint32_t i = start[block]; i < start[block + 1] && least > 0; i++) {
        uint32_t other = before(v, i);
        if (other == RS_FLOW_NONE || tree->place.items[other] == RS_FLOW_NONE) {
            continue;
        }
        uint32_t found = forest->semi.items[evaluate(forest, tree->place.items[other])];
        least = found < least ? found : least;
    }
    RS_ASSERT(least < p); /* a semidominator was met before */
    forest->semi.items[p] = least;
}

/* Place 0 stands for a root above all roots, which have no parent. */
static bool parents_find(const view *v, flow_tree *tree)
{
    flow_forest *forest = &v->lens->forest;
    uint32_t n = (uint32_t)tree->order.n_items;
    if (!forest_begin(forest, (size_t)n + 1)) {
        return false;
    }
    uint32_t *dominator = forest->dominator.items;
    for (uint32_t p = n; p > 0; p--) {
        uint32_t above = forest->above.items[p];
        semidominator_find(v, tree, p);
        uint32_t semi = forest->semi.items[p];
        forest->next.items[p] = forest->bucket.items[semi];
        forest->bucket.items[semi] = p;
        forest->ancestor.items[p] = above;
        for (uint32_t at = forest->bucket.items[above]; at != RS_FLOW_NONE;
             at = forest->next.items[at]) {
            uint32_t found = evaluate(forest, at);
            dominator[at] = forest->semi.items[found] < forest->semi.items[at] ? found : above;
        }
        forest->bucket.items[above] = RS_FLOW_NONE;
    }
    for (uint32_t p = 1; p <= n; p++) {
        if (dominator[p] != forest->semi.items[p]) {
            dominator[p] = dominator[dominator[p]];
        }
        RS_ASSERT(dominator[p] < p);
        if (dominator[p] > 0) {
            tree->parent.items[tree->order.items[p - 1]] = tree->order.items[dominator[p] - 1];
        }
    }
    return true;
}

/* --- post-dominators --- */

/* Blocks from which the exit is reached, by edges of the view or by all. */
static bool reach_exit(rs_flow_lens *lens, bool with_ignored, flow_numbers *seen, uint32_t mark)
{
    flow_numbers *stack = &lens->stack;
    uint32_t exit = (uint32_t)lens->blocks.n_items - 1;
    RS_ASSERT(lens->blocks.items[exit].kind == RS_W_block_kind_exit);
    flow_numbers_reset(stack);
    seen->items[exit] |= mark;
    if (!flow_numbers_push(stack, exit)) {
        return false;
    }
    while (stack->n_items > 0) {
        uint32_t block = stack->items[--stack->n_items];
        uint32_t end = lens->predecessors.start.items[block + 1];
        for (uint32_t i = lens->predecessors.start.items[block]; i < end; i++) {
            const flow_edge *edge = &lens->edges.items[lens->predecessors.items.items[i]];
            if ((!with_ignored && is_ignored(lens, edge)) || (seen->items[edge->src] & mark) != 0 ||
                !lens->blocks.items[edge->src].is_live) {
                continue;
            }
            seen->items[edge->src] |= mark;
            if (!flow_numbers_push(stack, edge->src)) {
                return false;
            }
        }
    }
    return true;
}

/*
 * What takes part: live blocks but those that can only end in an exception that leaves the scope.
 * Roots: the exit, and a block of every loop that is never left.
 */
static bool post_dominate(rs_flow_lens *lens)
{
    enum { REACHES = 1, REACHES_IN_VIEW = 2 };
    size_t n_blocks = lens->blocks.n_items;
    flow_numbers *is_in = &lens->marks;
    flow_tree *tree = &lens->post_dominators;
    view v = {.lens = lens, .is_reversed = true};
    if (!tree_begin(lens, tree) || !flow_numbers_fill(is_in, n_blocks, 0) ||
        !reach_exit(lens, true, is_in, REACHES) ||
        !reach_exit(lens, false, is_in, REACHES_IN_VIEW)) {
        return false;
    }
    for (size_t b = 0; b < n_blocks; b++) {
        bool is_last = b + 1 == n_blocks;
        bool only_leaves = is_in->items[b] == REACHES;
        is_in->items[b] = (lens->blocks.items[b].is_live || is_last) && !only_leaves;
    }
    v.is_in = is_in->items;
    const flow_numbers *forward = &lens->dominators.order;
    if (!visit(&v, tree, (uint32_t)n_blocks - 1)) {
        return false;
    }
    for (size_t i = forward->n_items; i > 0; i--) {
        uint32_t block = forward->items[i - 1];
        if (is_in->items[block] && tree->place.items[block] == RS_FLOW_NONE &&
            !visit(&v, tree, block)) {
            return false;
        }
    }
    return parents_find(&v, tree);
}

/* --- control dependences --- */

static int pair_compare(const void *left, const void *right)
{
    const flow_pair *a = left;
    const flow_pair *b = right;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    if (a->second != b->second) {
        return a->second < b->second ? -1 : 1;
    }
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* What runs because an edge is taken: from its end up to what runs anyway. */
static bool depend(rs_file_at_hand *x, const flow_edge *edge)
{
    rs_flow_lens *lens = x->worker;
    const flow_tree *tree = &lens->post_dominators;
    uint32_t stop = tree->parent.items[edge->src];
    for (uint32_t block = edge->dst; block != stop && block != RS_FLOW_NONE;
         block = tree->parent.items[block]) {
        flow_pair pair = {.first = block, .second = edge->src, .kind = edge->kind};
        if (!flow_pairs_push(&lens->control, pair)) {
            return false;
        }
        if (lens->control.n_items > x->options->flow.max_facts) {
            rs_flow_over(x, "control dependences");
            return true;
        }
    }
    return true;
}

static bool control_find(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    const uint32_t *place = lens->post_dominators.place.items;
    flow_pairs_reset(&lens->control);
    for (size_t i = 0; i < lens->edges.n_items && !lens->is_over; i++) {
        const flow_edge *edge = &lens->edges.items[i];
        uint32_t first = lens->successors.start.items[edge->src];
        bool is_choice = lens->successors.start.items[edge->src + 1] - first > 1;
        if (is_choice && !is_ignored(lens, edge) && place[edge->src] != RS_FLOW_NONE &&
            place[edge->dst] != RS_FLOW_NONE && !depend(x, edge)) {
            return false;
        }
    }
    if (lens->control.n_items > 1) {
        qsort(lens->control.items, lens->control.n_items, sizeof *lens->control.items,
              pair_compare);
    }
    size_t n = 0;
    for (size_t i = 0; i < lens->control.n_items; i++) {
        const flow_pair *pair = &lens->control.items[i];
        if (n == 0 || lens->control.items[n - 1].first != pair->first ||
            lens->control.items[n - 1].second != pair->second) {
            lens->control.items[n++] = *pair;
        }
    }
    RS_ASSERT(n <= lens->control.n_items);
    lens->control.n_items = n;
    return true;
}

static bool dominate(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    view v = {.lens = lens};
    return tree_begin(lens, &lens->dominators) && visit(&v, &lens->dominators, 0) &&
           parents_find(&v, &lens->dominators) && post_dominate(lens) && control_find(x);
}

void rs_flow_dominate(rs_file_at_hand *x)
{
    if (!dominate(x)) {
        x->status = RS_ERR_NOMEM;
    }
}
