/* SPDX-License-Identifier: Apache-2.0 */
/* solve.c - rounds, barriers and bounds of sets of objects. */
#include "evidence/values/solve.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* --- variables --- */

uint32_t rs_solve_vars(solver *s, uint32_t n)
{
    if (s->vars.n_items + n >= SOLVE_NONE || !solve_vars_reserve(&s->vars, n)) {
        s->failed = true;
        return SOLVE_NONE;
    }
    uint32_t first = (uint32_t)s->vars.n_items;
    for (uint32_t i = 0; i < n; i++) {
        s->vars.items[s->vars.n_items++] =
            (solve_var){.first_use = SOLVE_NONE, .first_pending = SOLVE_NONE};
    }
    return first;
}

uint32_t rs_solve_var(solver *s)
{
    return rs_solve_vars(s, 1);
}

const uint32_t *rs_solve_objects(const solver *s, uint32_t var, uint32_t *n_objects)
{
    const solve_var *of = &s->vars.items[var];
    *n_objects = of->n_objects;
    return of->n_objects <= 1 ? &of->objects : &s->cells.items[of->objects];
}

/* The place of the first object that is not before it. */
static uint32_t place_of(const uint32_t *objects, uint32_t n_objects, uint32_t object)
{
    uint32_t low = 0;
    uint32_t high = n_objects;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (objects[middle] < object) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool holds(const solver *s, uint32_t var, uint32_t object)
{
    uint32_t n;
    const uint32_t *objects = rs_solve_objects(s, var, &n);
    uint32_t at = place_of(objects, n, object);
    return at < n && objects[at] == object;
}

/* --- cells --- */

static uint32_t take_cells(solver *s, uint8_t room)
{
    solve_numbers *list = &s->free_cells[room];
    size_t n = (size_t)1 << room;
    if (list->n_items > 0) {
        return list->items[--list->n_items];
    }
    if (s->cells.n_items + n >= SOLVE_NONE || !solve_numbers_reserve(&s->cells, n)) {
        s->failed = true;
        return SOLVE_NONE;
    }
    s->cells.n_items += n;
    return (uint32_t)(s->cells.n_items - n);
}

static void give_cells(solver *s, const solve_var *of)
{
    if (of->n_objects > 1 && !solve_numbers_push(&s->free_cells[of->room], of->objects)) {
        s->failed = true;
    }
}

/* Room for one more object than there are. */
static bool make_room(solver *s, solve_var *of)
{
    if (of->n_objects == 0 || (of->n_objects > 1 && of->n_objects < 1u << of->room)) {
        return true;
    }
    uint8_t room = of->n_objects == 1 ? 1 : (uint8_t)(of->room + 1);
    uint32_t cells = take_cells(s, room);
    if (cells == SOLVE_NONE) {
        return false;
    }
    const uint32_t *old = of->n_objects == 1 ? &of->objects : &s->cells.items[of->objects];
    memcpy(&s->cells.items[cells], old, of->n_objects * sizeof *old);
    give_cells(s, of);
    of->objects = cells;
    of->room = room;
    return true;
}

static bool insert(solver *s, uint32_t var, uint32_t object)
{
    solve_var *of = &s->vars.items[var];
    if (holds(s, var, object) || !make_room(s, of)) {
        return false;
    }
    s->n_insertions++;
    if (of->n_objects == 0) {
        of->objects = object;
        of->n_objects = 1;
        return true;
    }
    uint32_t *objects = &s->cells.items[of->objects];
    uint32_t at = place_of(objects, of->n_objects, object);
    memmove(objects + at + 1, objects + at, (of->n_objects - at) * sizeof *objects);
    objects[at] = object;
    of->n_objects++;
    return true;
}

/* --- what is found --- */

void rs_solve_add(solver *s, uint32_t var, uint32_t object)
{
    solve_var *of = &s->vars.items[var];
    if ((of->flags & SOLVE_COARSE) != 0) {
        object = s->stands_for(s->owner, object);
        of = &s->vars.items[var];
    }
    if (s->failed || holds(s, var, object)) {
        return;
    }
    if (of->first_pending == SOLVE_NONE && !solve_numbers_push(&s->touched, var)) {
        s->failed = true;
        return;
    }
    if (!solve_pendings_push(&s->pendings, (solve_pending){object, of->first_pending})) {
        s->failed = true;
        return;
    }
    of->first_pending = (uint32_t)s->pendings.n_items - 1;
}

static bool edges_grow(solver *s)
{
    size_t n_places = s->n_edge_places == 0 ? 1024 : s->n_edge_places * 2;
    uint64_t *edges = rs_alloc_zero(n_places, sizeof *edges);
    if (edges == NULL) {
        return false;
    }
    for (size_t i = 0; i < s->n_edge_places; i++) {
        size_t at = (size_t)(s->edges[i] * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (n_places - 1);
        while (s->edges[i] != 0 && edges[at] != 0) {
            at = (at + 1) & (n_places - 1);
        }
        if (s->edges[i] != 0) {
            edges[at] = s->edges[i];
        }
    }
    rs_free(s->edges);
    s->edges = edges;
    s->n_edge_places = n_places;
    return true;
}

/* False: it was there. */
static bool edge_is_new(solver *s, uint32_t from, uint32_t to)
{
    if (s->n_edges * 2 >= s->n_edge_places && !edges_grow(s)) {
        s->failed = true;
        return false;
    }
    uint64_t key = ((uint64_t)from << 32 | to) + 1;
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (s->n_edge_places - 1);
    while (s->edges[at] != 0) {
        if (s->edges[at] == key) {
            return false;
        }
        at = (at + 1) & (s->n_edge_places - 1);
    }
    s->edges[at] = key;
    s->n_edges++;
    return true;
}

static bool is_among(const solve_copies *few, uint32_t to)
{
    for (uint32_t i = 0; i < few->n; i++) {
        if (few->to[i] == to) {
            return true;
        }
    }
    return false;
}

/* More copies than stand together are found by the table from here on. */
static bool become_numerous(solver *s, uint32_t from)
{
    solve_var *of = &s->vars.items[from];
    const solve_copies *few = &s->copies.items[of->copies];
    for (uint32_t i = 0; i < few->n && !s->failed; i++) {
        edge_is_new(s, from, few->to[i]);
    }
    of->flags |= SOLVE_NUMEROUS;
    return !s->failed;
}

/* A new place for copies in front of those that there are. */
static solve_copies *add_few(solver *s, solve_var *of, uint32_t next)
{
    if (!solve_copy_lists_push(&s->copies, (solve_copies){.next = next})) {
        s->failed = true;
        return NULL;
    }
    of->copies = (uint32_t)s->copies.n_items - 1;
    return &s->copies.items[of->copies];
}

/* False: it was there. */
static bool copy_is_new(solver *s, uint32_t from, uint32_t to)
{
    solve_var *of = &s->vars.items[from];
    if ((of->flags & SOLVE_NUMEROUS) != 0) {
        return edge_is_new(s, from, to);
    }
    if ((of->flags & SOLVE_SEVERAL) != 0) {
        const solve_copies *few = &s->copies.items[of->copies];
        bool is_new = !is_among(few, to);
        return is_new && (few->n < SOLVE_N_TOGETHER ||
                          (become_numerous(s, from) && edge_is_new(s, from, to)));
    }
    return (of->flags & SOLVE_COPIED) == 0 || of->copies != to;
}

static void copy_add(solver *s, uint32_t from, uint32_t to)
{
    solve_var *of = &s->vars.items[from];
    if ((of->flags & (SOLVE_COPIED | SOLVE_SEVERAL)) == 0) {
        of->copies = to;
        of->flags |= SOLVE_COPIED;
        return;
    }
    solve_copies *few;
    if ((of->flags & SOLVE_COPIED) != 0) {
        uint32_t first = of->copies;
        few = add_few(s, of, SOLVE_NONE);
        if (few != NULL) {
            few->to[few->n++] = first;
            of->flags = (uint8_t)((of->flags & ~SOLVE_COPIED) | SOLVE_SEVERAL);
        }
    } else {
        few = &s->copies.items[of->copies];
        few = few->n < SOLVE_N_TOGETHER ? few : add_few(s, of, of->copies);
    }
    if (few != NULL) {
        few->to[few->n++] = to;
    }
}

/* What the variable holds, apart from it: delivering moves what is borrowed. */
static uint32_t objects_now(const solver *s, uint32_t var, uint32_t now[UINT8_MAX])
{
    uint32_t n;
    const uint32_t *objects = rs_solve_objects(s, var, &n);
    if (n > 0) {
        memcpy(now, objects, n * sizeof *objects);
    }
    return n;
}

void rs_solve_use(solver *s, uint32_t var, solve_use use)
{
    uint32_t now[UINT8_MAX];
    RS_ASSERT(use.kind != SOLVE_COPY);
    use.next = s->vars.items[var].first_use;
    if (s->failed || !solve_uses_push(&s->uses, use)) {
        s->failed = true;
        return;
    }
    s->vars.items[var].first_use = (uint32_t)s->uses.n_items - 1;
    uint32_t n = objects_now(s, var, now);
    for (uint32_t i = 0; i < n && !s->failed; i++) {
        s->deliver(s->owner, &use, now[i]);
    }
}

void rs_solve_copy(solver *s, uint32_t from, uint32_t to)
{
    uint32_t now[UINT8_MAX];
    if (from == to || s->failed || !copy_is_new(s, from, to)) {
        return;
    }
    copy_add(s, from, to);
    uint32_t n = s->vars.items[from].n_objects == 0 ? 0 : objects_now(s, from, now);
    for (uint32_t i = 0; i < n && !s->failed; i++) {
        rs_solve_add(s, to, now[i]);
    }
}

/* --- barriers --- */

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* In order, each once, without those that the set has. */
static void tidy(solver *s, uint32_t var)
{
    size_t n_kept = 0;
    if (s->fresh.n_items > 1) {
        qsort(s->fresh.items, s->fresh.n_items, sizeof *s->fresh.items, compare_numbers);
    }
    for (size_t i = 0; i < s->fresh.n_items; i++) {
        uint32_t object = s->fresh.items[i];
        bool is_twice = n_kept > 0 && s->fresh.items[n_kept - 1] == object;
        if (!is_twice && !holds(s, var, object)) {
            s->fresh.items[n_kept++] = object;
        }
    }
    s->fresh.n_items = n_kept;
}

/* The set's objects, and those that come, become what stands for them. Those that are represented leave:
 * whoever uses the set has had them. */
static void coarsen(solver *s, uint32_t var)
{
    uint32_t old[UINT8_MAX];
    uint32_t n;
    const uint32_t *objects = rs_solve_objects(s, var, &n);
    if (n > 0) {
        memcpy(old, objects, n * sizeof *objects);
    }
    give_cells(s, &s->vars.items[var]);
    s->vars.items[var].n_objects = 0;
    s->vars.items[var].flags |= SOLVE_COARSE;
    for (size_t i = 0; i < s->fresh.n_items; i++) {
        s->fresh.items[i] = s->stands_for(s->owner, s->fresh.items[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t other = s->stands_for(s->owner, old[i]);
        if (other == old[i]) {
            insert(s, var, other);
        } else if (!solve_numbers_push(&s->fresh, other)) {
            s->failed = true;
        }
    }
    tidy(s, var);
}

/* One object that fits, as most do. */
static bool commit_one(solver *s, uint32_t var)
{
    solve_var *of = &s->vars.items[var];
    const solve_pending *only = &s->pendings.items[of->first_pending];
    if (only->next != SOLVE_NONE || of->n_objects >= s->max_objects) {
        return false;
    }
    of->first_pending = SOLVE_NONE;
    if (!holds(s, var, only->object)) {
        solve_pair pair = {var, only->object};
        s->failed = !solve_pairs_push(&s->deltas, pair) || s->failed;
    }
    return true;
}

static void commit(solver *s, uint32_t var)
{
    if (commit_one(s, var)) {
        return;
    }
    solve_numbers_reset(&s->fresh);
    for (uint32_t i = s->vars.items[var].first_pending; i != SOLVE_NONE;
         i = s->pendings.items[i].next) {
        s->failed = !solve_numbers_push(&s->fresh, s->pendings.items[i].object) || s->failed;
    }
    s->vars.items[var].first_pending = SOLVE_NONE;
    tidy(s, var);
    solve_var *of = &s->vars.items[var];
    if (of->n_objects + s->fresh.n_items > s->max_objects && (of->flags & SOLVE_COARSE) == 0) {
        coarsen(s, var);
    }
    of = &s->vars.items[var];
    size_t n_most = s->max_objects - of->n_objects;
    if (s->fresh.n_items > n_most) {
        size_t n_more = s->fresh.n_items - n_most + of->n_left_out;
        of->flags |= SOLVE_FULL;
        of->n_left_out = n_more > UINT8_MAX ? UINT8_MAX : (uint8_t)n_more;
        s->fresh.n_items = n_most;
    }
    for (size_t i = 0; i < s->fresh.n_items; i++) {
        solve_pair pair = {var, s->fresh.items[i]};
        s->failed = !solve_pairs_push(&s->deltas, pair) || s->failed;
    }
}

static void barrier(solver *s)
{
    solve_numbers batch = s->batch;
    s->batch = s->touched;
    s->touched = batch;
    solve_numbers_reset(&s->touched);
    solve_pairs_reset(&s->deltas);
    for (size_t i = 0; i < s->batch.n_items && !s->failed; i++) {
        commit(s, s->batch.items[i]);
    }
    /* Objects that stand for others may have been made, which adds to sets. */
    RS_ASSERT(s->touched.n_items == 0 || s->pendings.n_items > 0);
    if (s->touched.n_items == 0) {
        solve_pendings_reset(&s->pendings);
    }
}

static void hand_on(solver *s, uint32_t var, uint32_t object)
{
    const solve_var *of = &s->vars.items[var];
    if ((of->flags & SOLVE_COPIED) != 0) {
        rs_solve_add(s, of->copies, object);
    } else if ((of->flags & SOLVE_SEVERAL) != 0) {
        for (uint32_t at = of->copies; at != SOLVE_NONE && !s->failed;) {
            const solve_copies few = s->copies.items[at];
            for (uint32_t i = 1; i < few.n; i++) {
                __builtin_prefetch(&s->vars.items[few.to[i]]);
            }
            for (uint32_t i = 0; i < few.n && !s->failed; i++) {
                rs_solve_add(s, few.to[i], object);
            }
            at = few.next;
        }
    }
}

/* The memory that deltas ahead will want: sets lie anywhere. */
static void fetch_ahead(const solver *s, size_t i)
{
    enum { FAR = 12, NEAR = 6 };
    if (i + FAR < s->deltas.n_items) {
        __builtin_prefetch(&s->vars.items[s->deltas.items[i + FAR].var]);
    }
    if (i + NEAR < s->deltas.n_items) {
        const solve_var *of = &s->vars.items[s->deltas.items[i + NEAR].var];
        if (of->n_objects > 1) {
            __builtin_prefetch(&s->cells.items[of->objects]);
        }
        if (of->first_use != SOLVE_NONE) {
            __builtin_prefetch(&s->uses.items[of->first_use]);
        }
        if ((of->flags & SOLVE_COPIED) != 0) {
            __builtin_prefetch(&s->vars.items[of->copies]);
        } else if ((of->flags & SOLVE_SEVERAL) != 0) {
            __builtin_prefetch(&s->copies.items[of->copies]);
        }
    }
}

/* An object joins its set when it is delivered, so that a use that comes in between has it once. */
static void work(solver *s)
{
    for (size_t i = 0; i < s->deltas.n_items && !s->failed; i++) {
        solve_pair pair = s->deltas.items[i];
        fetch_ahead(s, i);
        if (!insert(s, pair.var, pair.object)) {
            continue;
        }
        hand_on(s, pair.var, pair.object);
        for (uint32_t at = s->vars.items[pair.var].first_use; at != SOLVE_NONE && !s->failed;) {
            solve_use use = s->uses.items[at];
            s->deliver(s->owner, &use, pair.object);
            at = use.next;
        }
    }
}

void rs_solve_settle(solver *s)
{
    while (s->touched.n_items > 0 && !s->failed && !rs_stopped(s->stop) &&
           s->n_insertions < s->max_insertions) {
        s->n_rounds++;
        barrier(s);
        work(s);
    }
}

void rs_solve_release(solver *s)
{
    solve_numbers *const numbers[] = {&s->cells, &s->touched, &s->batch, &s->fresh};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        solve_numbers_release(numbers[i]);
    }
    for (size_t i = 0; i < SOLVE_N_ROOMS; i++) {
        solve_numbers_release(&s->free_cells[i]);
    }
    solve_vars_release(&s->vars);
    solve_uses_release(&s->uses);
    solve_copy_lists_release(&s->copies);
    solve_pendings_release(&s->pendings);
    solve_pairs_release(&s->deltas);
    rs_free(s->edges);
    s->edges = NULL;
}
