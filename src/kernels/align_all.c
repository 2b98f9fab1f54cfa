/* SPDX-License-Identifier: Apache-2.0 */
/* All partners of every left span.
 *
 * The right spans that may be partners by their start are a run, as they are sorted by it.
 * A tree over that order knows the highest and lowest end below each of its nodes, so a walk goes
 * only where a partner is: log n for each.
 */
#include "base/alloc.h"
#include "kernels/align.h"

enum { MAX_DEPTH = 64 }; /* of the walk: the tree is balanced over at most 2^32 spans */

typedef struct ends {
    int64_t lowest;
    int64_t highest;
} ends;

typedef struct search {
    rs_pairing *pairing;
    rs_span_run right;
    ends *tree;      /* node i has the nodes 2i and 2i + 1 below it; 1 is the root */
    size_t n_leaves; /* a power of two; leaf i is the node n_leaves + i */
    const rs_span *left;
    rs_row_vec found; /* places in right */
} search;

static void search_release(search *of)
{
    rs_free(of->tree);
    rs_row_vec_release(&of->found);
}

static rs_status build_tree(search *of, rs_error *err)
{
    of->n_leaves = 1;
    while (of->n_leaves < of->right.n_items) {
        of->n_leaves *= 2;
    }
    RS_ASSERT((of->n_leaves & (of->n_leaves - 1)) == 0);
    of->tree = rs_alloc(2 * of->n_leaves, sizeof *of->tree);
    if (of->tree == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    for (size_t i = 0; i < of->n_leaves; i++) {
        bool is_there = i < of->right.n_items;
        /* A leaf without a span is never wanted. */
        of->tree[of->n_leaves + i].lowest = is_there ? of->right.items[i].end : INT64_MAX;
        of->tree[of->n_leaves + i].highest = is_there ? of->right.items[i].end : INT64_MIN;
    }
    for (size_t i = of->n_leaves - 1; i > 0; i--) {
        const ends *a = &of->tree[2 * i];
        const ends *b = &of->tree[2 * i + 1];
        of->tree[i].lowest = a->lowest < b->lowest ? a->lowest : b->lowest;
        of->tree[i].highest = a->highest > b->highest ? a->highest : b->highest;
    }
    return RS_OK;
}

/* Right spans that start below the value; with_equal: or at it. */
static size_t count_starts(const search *of, int64_t value, bool with_equal)
{
    size_t low = 0;
    size_t high = of->right.n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t start = of->right.items[middle].start;
        bool is_below = with_equal ? start <= value : start < value;
        low = is_below ? middle + 1 : low;
        high = is_below ? high : middle;
    }
    return low;
}

/* A partner may stand below the node, by its ends. */
static bool is_wanted(const search *of, size_t node)
{
    RS_ASSERT(node > 0 && node < 2 * of->n_leaves);
    const ends *have = &of->tree[node];
    switch (of->pairing->mode) {
    case RS_ALIGN_EXACT:
        return have->lowest <= of->left->end && have->highest >= of->left->end;
    case RS_ALIGN_CONTAINED_BEST:
        return have->lowest <= of->left->end;
    case RS_ALIGN_OVERLAP_BEST:
        return have->highest > of->left->start;
    case RS_ALIGN_COVERING_SMALLEST:
        return have->highest >= of->left->end;
    case RS_N_ALIGN_MODES:
        break;
    }
    return false;
}

/* The right spans that may be partners by their start: [*first, *end). */
static void start_range(const search *of, size_t *first, size_t *end)
{
    const rs_span *left = of->left;
    *first = 0;
    *end = of->right.n_items;
    switch (of->pairing->mode) {
    case RS_ALIGN_EXACT:
        *first = count_starts(of, left->start, false);
        *end = count_starts(of, left->start, true);
        break;
    case RS_ALIGN_CONTAINED_BEST:
        *first = count_starts(of, left->start, false);
        break;
    case RS_ALIGN_OVERLAP_BEST:
        *end = count_starts(of, left->end, false);
        break;
    case RS_ALIGN_COVERING_SMALLEST:
        *end = count_starts(of, left->start, true);
        break;
    case RS_N_ALIGN_MODES:
        break;
    }
}

typedef struct node_range {
    size_t node;
    size_t first; /* leaves below it: [first, first + n) */
    size_t n;
} node_range;

/* Collect the partners of the left span. */
static rs_status walk(search *of, rs_error *err)
{
    node_range stack[MAX_DEPTH + 2];
    size_t n_stack = 0;
    size_t first = 0;
    size_t end = 0;
    start_range(of, &first, &end);
    rs_row_vec_reset(&of->found);
    stack[n_stack++] = (node_range){1, 0, of->n_leaves};
    while (n_stack > 0) {
        node_range at = stack[--n_stack];
        if (at.first >= end || at.first + at.n <= first || !is_wanted(of, at.node)) {
            continue;
        }
        if (at.n > 1) {
            size_t half = at.n / 2;
            stack[n_stack++] = (node_range){2 * at.node + 1, at.first + half, half};
            stack[n_stack++] = (node_range){2 * at.node, at.first, half};
            continue;
        }
        if (rs_spans_meet(of->pairing->mode, of->left, &of->right.items[at.first]) &&
            !rs_row_vec_push(&of->found, (uint32_t)at.first)) {
            return rs_kernel_nomem("interval_align", err);
        }
    }
    return RS_OK;
}

static int compare_found(const void *context, uint32_t a, uint32_t b)
{
    const search *of = context;
    return rs_partners_compare(of->pairing, of->left, &of->right.items[a], &of->right.items[b]);
}

static rs_status find_all(search *of, const rs_span *left, rs_error *err)
{
    of->left = left;
    RS_TRY(walk(of, err));
    rs_row_vec *found = &of->found;
    RS_TRY(rs_rows_sort(found->items, found->n_items, compare_found, of, err));
    for (size_t i = 0; i < found->n_items; i++) {
        found->items[i] = of->right.items[found->items[i]].row;
    }
    return rs_pairing_add(of->pairing, left->row, found->items, found->n_items, err);
}

rs_status rs_align_all(rs_pairing *pairing, rs_span_run left, rs_span_run right, rs_error *err)
{
    search of = {.pairing = pairing, .right = right};
    rs_status status = build_tree(&of, err);
    for (size_t i = 0; i < left.n_items && status == RS_OK; i++) {
        status = find_all(&of, &left.items[i], err);
    }
    search_release(&of);
    return status;
}
