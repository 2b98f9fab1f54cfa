/* SPDX-License-Identifier: Apache-2.0 */
/* link_eval.c - the fixpoint: cells, the values that they hold, the edges that these go along. */
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- values --- */

uint32_t rs_names_value(rs_names_linked *x, names_value_kind kind, uint32_t a, uint32_t b)
{
    uint32_t number = (uint32_t)x->values.n_items;
    uint32_t found = number;
    if (!rs_names_map_put(&x->value_numbers[kind], a, b, &found)) {
        x->failed = true;
        return NAMES_NONE;
    }
    if (found == number && !names_values_push(&x->values, (names_value){a, b, (uint8_t)kind})) {
        x->failed = true;
        return NAMES_NONE;
    }
    return found;
}

uint32_t rs_names_external(rs_names_linked *x, names_value_kind kind, rs_str text)
{
    uint32_t number = rs_strings_add(&x->texts, text);
    if (number == RS_STR_NULL) {
        x->failed = true;
        return NAMES_NONE;
    }
    return rs_names_value(x, kind, number, NAMES_NONE);
}

/* --- cells --- */

void rs_names_ask(rs_names_linked *x, uint32_t cell)
{
    RS_ASSERT(cell < x->n_cells);
    if ((x->cells[cell].flags & NAMES_IS_OPEN) == 0) {
        x->cells[cell].flags |= NAMES_IS_OPEN;
        x->failed = !names_numbers_push(&x->pending, cell) || x->failed;
    }
}

static bool holds(const rs_names_linked *x, const names_cell *cell, uint32_t value)
{
    for (uint32_t i = cell->first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
        if (x->helds.items[i].value == value) {
            return true;
        }
    }
    return false;
}

/* A cell that holds many has a class without its arguments rather than with ever more of them. */
static uint32_t widened(rs_names_linked *x, const names_cell *cell, uint32_t value)
{
    enum { MANY = NAMES_MAX_VALUES / 2 };
    if (value == NAMES_NONE || cell->n_held < MANY) {
        return value;
    }
    names_value of = x->values.items[value];
    bool has_arguments =
        (of.kind == NAMES_V_INSTANCE || of.kind == NAMES_V_CLASS) && of.b != NAMES_NONE;
    return has_arguments && !holds(x, cell, value)
               ? rs_names_value(x, (names_value_kind)of.kind, of.a, NAMES_NONE)
               : value;
}

void rs_names_add(rs_names_linked *x, uint32_t number, uint32_t value)
{
    names_cell *cell = &x->cells[number];
    value = widened(x, cell, value);
    if (value == NAMES_NONE || holds(x, cell, value)) {
        return;
    }
    if (cell->n_held == NAMES_MAX_VALUES) {
        cell->flags |= NAMES_IS_FULL;
        return;
    }
    names_held held = {value, cell->first_held};
    if (!names_helds_push(&x->helds, held) ||
        !names_arrivals_push(&x->arrivals, (names_arrival){number, value})) {
        x->failed = true;
        return;
    }
    cell->first_held = (uint32_t)x->helds.n_items - 1;
    cell->n_held++;
}

void rs_names_connect(rs_names_linked *x, uint32_t from, uint32_t to, names_edge_kind kind,
                      uint32_t by)
{
    names_edge edge = {to, x->cells[from].first_edge, by, (uint8_t)kind};
    rs_names_ask(x, from);
    if (!names_edges_push(&x->edges, edge)) {
        x->failed = true;
        return;
    }
    x->cells[from].first_edge = (uint32_t)x->edges.n_items - 1;
    /* What is there already; delivering may move the arrays, and puts new ones in front. */
    for (uint32_t i = x->cells[from].first_held; i != NAMES_NONE && !x->failed;) {
        names_held held = x->helds.items[i];
        rs_names_deliver(x, &edge, held.value);
        i = held.next;
    }
}

static void take_arrival(rs_names_linked *x)
{
    names_arrival arrival = x->arrivals.items[x->next_arrival++];
    for (uint32_t i = x->cells[arrival.cell].first_edge; i != NAMES_NONE && !x->failed;) {
        names_edge edge = x->edges.items[i];
        rs_names_deliver(x, &edge, arrival.value);
        i = edge.next;
    }
}

void rs_names_fall_back(rs_names_linked *x, uint32_t from, uint32_t to)
{
    if (!names_numbers_push(&x->fallbacks, to) || !names_numbers_push(&x->fallbacks, from)) {
        x->failed = true;
    }
}

/* Which ones have nothing is found out for all of them before one is given something. */
bool rs_names_take_fallbacks(rs_names_linked *x)
{
    size_t n_empty = 0;
    for (size_t i = 0; i < x->fallbacks.n_items; i += 2) {
        uint32_t to = x->fallbacks.items[i];
        if (x->cells[to].n_held == 0) {
            x->fallbacks.items[n_empty++] = to;
            x->fallbacks.items[n_empty++] = x->fallbacks.items[i + 1];
        }
    }
    x->fallbacks.n_items = n_empty;
    for (size_t i = 0; i < x->fallbacks.n_items && !x->failed; i += 2) {
        rs_names_connect(x, x->fallbacks.items[i + 1], x->fallbacks.items[i], NAMES_E_COPY,
                         NAMES_NONE);
    }
    return rs_names_settle(x);
}

bool rs_names_settle(rs_names_linked *x)
{
    while (!x->failed && !rs_stopped(x->stop)) {
        if (x->pending.n_items > 0) {
            rs_names_open_cell(x, x->pending.items[--x->pending.n_items]);
        } else if (x->next_arrival < x->arrivals.n_items) {
            take_arrival(x);
        } else {
            break;
        }
    }
    names_arrivals_reset(&x->arrivals);
    x->next_arrival = 0;
    return !x->failed;
}
