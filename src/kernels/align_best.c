/* SPDX-License-Identifier: Apache-2.0 */
/* The best partner of every left span.
 *
 * A mode is one or more *sweeps*. A sweep walks over the left spans in the order of their starts
 * and lets right spans in as soon as their start is on the wanted side of the left one's; of those it
 * asks for the best whose end is on the wanted side of the left one's end. "Best" must
 * not depend on the left span, so that a tree over the ends (Fenwick's) can keep it: that
 * is why overlap, whose score does depend on it, is cut into sweeps inside which it does not.
 */
#include "base/alloc.h"
#include "kernels/align.h"

/* How right spans of one sweep rank; ties of all of them: rs_pairing.ranks. */
typedef enum preference {
    PREFER_SHORT,     /* shortest, then lowest start */
    PREFER_LONG,      /* longest, then lowest start */
    PREFER_LATE_END,  /* highest end, then highest start */
    PREFER_LOW_START, /* lowest start, then lowest end */
} preference;

typedef enum admission { ADMIT_ALL, ADMIT_EMPTY, ADMIT_NONEMPTY } admission;

typedef struct sweep {
    rs_align_mode mode;
    admission admits;
    bool from_above;      /* starts at or above the left's start are in, else at or below */
    bool ends_below;      /* ends at or below the left's end are asked for, else at or above */
    bool start_strict;    /* not at the left's start */
    bool end_strict;      /* not at the left's end */
    bool is_empty_strict; /* both strict where the left span is empty */
    preference prefers;
} sweep;

/* Of the sweeps of overlap_best: the right covers the left; lies in it; ends in it; starts in
 * it; is empty and lies in it. Each finds partners with the largest overlap of its sort. */
static const sweep sweeps[] = {
    {.mode = RS_ALIGN_COVERING_SMALLEST, .prefers = PREFER_SHORT},
    {.mode = RS_ALIGN_CONTAINED_BEST,
     .from_above = true,
     .ends_below = true,
     .prefers = PREFER_SHORT},
    {.mode = RS_ALIGN_OVERLAP_BEST, .is_empty_strict = true, .prefers = PREFER_SHORT},
    {.mode = RS_ALIGN_OVERLAP_BEST,
     .admits = ADMIT_NONEMPTY,
     .from_above = true,
     .ends_below = true,
     .prefers = PREFER_LONG},
    {.mode = RS_ALIGN_OVERLAP_BEST,
     .ends_below = true,
     .end_strict = true,
     .prefers = PREFER_LATE_END},
    {.mode = RS_ALIGN_OVERLAP_BEST,
     .from_above = true,
     .end_strict = true,
     .prefers = PREFER_LOW_START},
    {.mode = RS_ALIGN_OVERLAP_BEST,
     .admits = ADMIT_EMPTY,
     .from_above = true,
     .start_strict = true,
     .ends_below = true,
     .end_strict = true,
     .prefers = PREFER_LOW_START},
};

static int compare_lengths(const rs_span *a, const rs_span *b)
{
    return rs_order_of(a->end - a->start, b->end - b->start);
}

static int compare_by(const rs_pairing *pairing, preference prefers, const rs_span *a,
                      const rs_span *b)
{
    int order = 0;
    switch (prefers) {
    case PREFER_SHORT:
        order = compare_lengths(a, b);
        order = order != 0 ? order : rs_order_of(a->start, b->start);
        break;
    case PREFER_LONG:
        order = compare_lengths(b, a);
        order = order != 0 ? order : rs_order_of(a->start, b->start);
        break;
    case PREFER_LATE_END:
        order = rs_order_of(b->end, a->end);
        order = order != 0 ? order : rs_order_of(b->start, a->start);
        break;
    case PREFER_LOW_START:
        order = rs_order_of(a->start, b->start);
        order = order != 0 ? order : rs_order_of(a->end, b->end);
        break;
    }
    return order != 0 ? order : rs_order_of(pairing->ranks[a->row], pairing->ranks[b->row]);
}

/* --- the tree --- */

/* What a group needs: its ends in order, the tree over them, and the best so far. */
typedef struct work {
    rs_pairing *pairing;
    rs_span_run left;
    rs_span_run right;
    int64_t *ends;   /* of the right, distinct, ascending */
    uint32_t *tree;  /* by end, from 1: place in right of the best of a range of ends */
    uint32_t *found; /* by place in left: place in right, or RS_NO_ROW */
    size_t n_ends;
} work;

static void work_release(work *of)
{
    rs_free(of->ends);
    rs_free(of->tree);
    rs_free(of->found);
}

static int compare_ends(const void *context, uint32_t a, uint32_t b)
{
    const rs_span *spans = context;
    return rs_order_of(spans[a].end, spans[b].end);
}

static rs_status list_ends(work *of, rs_error *err)
{
    size_t n_right = of->right.n_items;
    for (size_t i = 0; i < n_right; i++) {
        of->tree[i] = (uint32_t)i;
    }
    RS_TRY(rs_rows_sort(of->tree, n_right, compare_ends, of->right.items, err));
    for (size_t i = 0; i < n_right; i++) {
        int64_t end = of->right.items[of->tree[i]].end;
        RS_ASSERT(of->n_ends == 0 || of->ends[of->n_ends - 1] <= end);
        if (of->n_ends == 0 || of->ends[of->n_ends - 1] != end) {
            of->ends[of->n_ends++] = end;
        }
    }
    return RS_OK;
}

/* Ends below the value; with_equal: or at it. */
static size_t count_ends(const work *of, int64_t value, bool with_equal)
{
    size_t low = 0;
    size_t high = of->n_ends;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_below = with_equal ? of->ends[middle] <= value : of->ends[middle] < value;
        low = is_below ? middle + 1 : low;
        high = is_below ? high : middle;
    }
    return low;
}

static bool is_better(const work *of, preference prefers, uint32_t a, uint32_t b)
{
    return a != RS_NO_ROW &&
           (b == RS_NO_ROW ||
            compare_by(of->pairing, prefers, &of->right.items[a], &of->right.items[b]) < 0);
}

/* The tree answers for ranges that begin at its first place: turned round for ends above. */
static void tree_add(work *of, const sweep *by, uint32_t right)
{
    size_t place = count_ends(of, of->right.items[right].end, false) + 1;
    place = by->ends_below ? place : of->n_ends + 1 - place;
    RS_ASSERT(place >= 1 && place <= of->n_ends);
    for (; place <= of->n_ends; place += place & (~place + 1)) {
        if (is_better(of, by->prefers, right, of->tree[place])) {
            of->tree[place] = right;
        }
    }
}

static uint32_t tree_best(const work *of, const sweep *by, const rs_span *left, bool is_strict)
{
    size_t n_places = by->ends_below ? count_ends(of, left->end, !is_strict)
                                     : of->n_ends - count_ends(of, left->end, is_strict);
    uint32_t best = RS_NO_ROW;
    RS_ASSERT(n_places <= of->n_ends);
    for (; n_places > 0; n_places -= n_places & (~n_places + 1)) {
        if (is_better(of, by->prefers, of->tree[n_places], best)) {
            best = of->tree[n_places];
        }
    }
    return best;
}

/* --- a sweep --- */

static bool is_admitted(const sweep *by, const rs_span *right)
{
    bool is_empty = right->start == right->end;
    return by->admits == ADMIT_ALL || is_empty == (by->admits == ADMIT_EMPTY);
}

static bool is_reached(const sweep *by, const rs_span *left, const rs_span *right, bool is_strict)
{
    if (left->start == right->start) {
        return !is_strict;
    }
    return by->from_above == (right->start > left->start);
}

static void keep_better(work *of, size_t left, uint32_t right)
{
    const rs_span *span = &of->left.items[left];
    uint32_t *best = &of->found[left];
    if (right == RS_NO_ROW || !rs_spans_meet(of->pairing->mode, span, &of->right.items[right])) {
        return;
    }
    if (*best == RS_NO_ROW || rs_partners_compare(of->pairing, span, &of->right.items[right],
                                                  &of->right.items[*best]) < 0) {
        *best = right;
    }
}

static void run_sweep(work *of, const sweep *by)
{
    size_t n_left = of->left.n_items;
    size_t n_right = of->right.n_items;
    size_t n_in = 0;
    for (size_t i = 0; i <= of->n_ends; i++) {
        of->tree[i] = RS_NO_ROW;
    }
    for (size_t i = 0; i < n_left; i++) {
        /* Only a sweep upwards is stricter with empty spans, which come first of their start: what
         * is let in for one span is right for all after it. */
        size_t left = by->from_above ? n_left - 1 - i : i;
        const rs_span *span = &of->left.items[left];
        bool is_empty_strict = by->is_empty_strict && span->start == span->end;
        for (; n_in < n_right; n_in++) {
            size_t right = by->from_above ? n_right - 1 - n_in : n_in;
            const rs_span *candidate = &of->right.items[right];
            if (!is_reached(by, span, candidate, by->start_strict || is_empty_strict)) {
                break;
            }
            if (is_admitted(by, candidate)) {
                tree_add(of, by, (uint32_t)right);
            }
        }
        keep_better(of, left, tree_best(of, by, span, by->end_strict || is_empty_strict));
    }
}

/* --- exact: runs of equal spans --- */

static int compare_spans(const rs_span *a, const rs_span *b)
{
    int order = rs_order_of(a->start, b->start);
    return order != 0 ? order : rs_order_of(a->end, b->end);
}

static void find_equal(work *of)
{
    size_t right = 0;
    uint32_t best = RS_NO_ROW; /* of the run of spans before right */
    for (size_t i = 0; i < of->left.n_items; i++) {
        const rs_span *span = &of->left.items[i];
        for (; right < of->right.n_items; right++) {
            int order = compare_spans(&of->right.items[right], span);
            if (order > 0) {
                break;
            }
            bool is_new = best == RS_NO_ROW ||
                          compare_spans(&of->right.items[best], &of->right.items[right]) != 0;
            if (is_new || is_better(of, PREFER_SHORT, (uint32_t)right, best)) {
                best = (uint32_t)right;
            }
        }
        if (best != RS_NO_ROW && compare_spans(&of->right.items[best], span) == 0) {
            of->found[i] = best;
        }
    }
}

static rs_status find_best(work *of, rs_error *err)
{
    size_t n_right = of->right.n_items;
    RS_ASSERT(of->left.n_items > 0 && n_right > 0 && n_right < RS_NO_ROW);
    of->found = rs_alloc(of->left.n_items, sizeof *of->found);
    of->ends = rs_alloc(n_right, sizeof *of->ends);
    of->tree = rs_alloc(n_right + 1, sizeof *of->tree);
    if (of->found == NULL || of->ends == NULL || of->tree == NULL) {
        return rs_kernel_nomem("interval_align", err);
    }
    for (size_t i = 0; i < of->left.n_items; i++) {
        of->found[i] = RS_NO_ROW;
    }
    if (of->pairing->mode == RS_ALIGN_EXACT) {
        find_equal(of);
        return RS_OK;
    }
    RS_TRY(list_ends(of, err));
    for (size_t i = 0; i < sizeof sweeps / sizeof sweeps[0]; i++) {
        if (sweeps[i].mode == of->pairing->mode) {
            run_sweep(of, &sweeps[i]);
        }
    }
    return RS_OK;
}

rs_status rs_align_best(rs_pairing *pairing, rs_span_run left, rs_span_run right, rs_error *err)
{
    work of = {.pairing = pairing, .left = left, .right = right};
    rs_status status = find_best(&of, err);
    for (size_t i = 0; i < left.n_items && status == RS_OK; i++) {
        if (of.found[i] != RS_NO_ROW) {
            status =
                rs_pairing_add(pairing, left.items[i].row, &right.items[of.found[i]].row, 1, err);
        }
    }
    work_release(&of);
    return status;
}
