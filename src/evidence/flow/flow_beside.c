/* SPDX-License-Identifier: Apache-2.0 */
/* flow_beside.c - what is known of a scope beside its rows: what code that runs inside reads of it, and
 * what its variables have at its end. */
#include "evidence/flow/flow_impl.h"

#include <stdlib.h>

static int reach_compare(const void *left, const void *right)
{
    const rs_flow_reach *a = left;
    const rs_flow_reach *b = right;
    if (a->use != b->use) {
        return a->use < b->use ? -1 : 1;
    }
    return (a->def > b->def) - (a->def < b->def);
}

static bool has_inner_code(const rs_file_at_hand *x)
{
    const rs_flow_lens *lens = x->worker;
    if (!lens->is_function) {
        return true;
    }
    for (size_t i = 0; i < lens->elements.n_items; i++) {
        if (lens->elements.items[i].action == RS_W_flow_action_delete) {
            return true;
        }
        switch (x->tree.nodes[lens->elements.items[i].node].ast_class) {
        case RS_AST_ClassDef:
        case RS_AST_ListComp:
        case RS_AST_SetComp:
        case RS_AST_DictComp:
        case RS_AST_GeneratorExp:
            return true;
        default:
            break;
        }
    }
    return false;
}

/* Ends come from several last blocks: by variable, each definition once. */
static void ends_sort(rs_flow_lens *lens, size_t first)
{
    flow_reaches *ends = &lens->ends;
    size_t n = first;
    if (ends->n_items > first + 1) {
        qsort(ends->items + first, ends->n_items - first, sizeof *ends->items, reach_compare);
    }
    for (size_t i = first; i < ends->n_items; i++) {
        if (n == first || reach_compare(&ends->items[n - 1], &ends->items[i]) != 0) {
            ends->items[n++] = ends->items[i];
        }
    }
    ends->n_items = n;
}

void rs_flow_beside_find(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    size_t first_end = lens->ends.n_items;
    if (!has_inner_code(x)) {
        return;
    }
    rs_flow_extras(x);
    if (lens->is_over || x->status != RS_OK) {
        lens->is_over = false;
        return;
    }
    uint32_t first_row = lens->scopes.items[lens->scope].first_binding;
    for (size_t i = 0; i < lens->reaching.n_items; i++) {
        const flow_pair *pair = &lens->reaching.items[i];
        uint32_t use = lens->extras.items[pair->first];
        uint32_t def =
            pair->second == RS_FLOW_NONE ? RS_NO_NODE : lens->events.items[pair->second].node;
        bool is_slot = (use & RS_FLOW_SLOT) != 0;
        rs_flow_reach reach = {.use = is_slot ? first_row + (use & ~RS_FLOW_SLOT) : use,
                               .def = def};
        if (!flow_reaches_push(is_slot ? &lens->ends : &lens->inner, reach)) {
            x->status = RS_ERR_NOMEM;
            return;
        }
    }
    ends_sort(lens, first_end);
}
