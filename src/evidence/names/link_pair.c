/* SPDX-License-Identifier: Apache-2.0 */
/* link_pair.c - a module of two files: what its stub says of a definition holds for the source's.
 *
 * Definitions are paired by name, those in classes too. A class of the stub is that of the source; what
 * has no annotation in the source has that of the stub.
 */
#include "evidence/names/link_impl.h"

enum { MAX_PAIRED = 1 << 20 }; /* scopes of a run */

typedef enum pair_kind {
    PAIR_FUNCTION,   /* of the source: that of the stub */
    PAIR_STUB_CLASS, /* of the stub: that of the source */
    PAIR_CLASS       /* of the source: that of the stub */
} pair_kind;

typedef struct scope_pair {
    uint32_t source; /* files */
    uint32_t stub;
    uint32_t source_class; /* of the run, NAMES_NONE: modules */
    uint32_t stub_class;
} scope_pair;

RS_VEC_DEFINE(scope_pairs, scope_pair)

/* The one definition of a kind that a slot ends with, or NULL: overloads are several. */
static const names_binding *only_of(const names_file *file, uint32_t slot_number,
                                    names_binding_kind kind)
{
    const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
    const names_binding *found = NULL;
    for (uint32_t i = 0; i < slot->n_bindings; i++) {
        const names_binding *binding = &file->view.bindings[slot->first_binding + i];
        if (binding->kind == kind && (binding->flags & NAMES_IS_DEAD) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = binding;
        }
    }
    return found;
}

static bool put(rs_names_linked *x, pair_kind kind, uint32_t from, uint32_t to)
{
    return rs_names_map_put(&x->pairs, kind, from, &to);
}

static bool pair_classes(rs_names_linked *x, const scope_pair *pair, uint32_t source_slot,
                         uint32_t stub_slot, scope_pairs *work)
{
    const names_file *source = &x->files[pair->source];
    const names_file *stub = &x->files[pair->stub];
    const names_binding *mine = only_of(source, source_slot, NAMES_CLASS);
    const names_binding *theirs = only_of(stub, stub_slot, NAMES_CLASS);
    if (mine == NULL || theirs == NULL || mine->inner == NAMES_NONE ||
        theirs->inner == NAMES_NONE) {
        return true;
    }
    scope_pair inner = {pair->source, pair->stub, source->first_class + mine->inner,
                        stub->first_class + theirs->inner};
    x->classes[inner.source_class].names = UINT64_MAX; /* and what the stub's has */
    return put(x, PAIR_STUB_CLASS, inner.stub_class, inner.source_class) &&
           put(x, PAIR_CLASS, inner.source_class, inner.stub_class) &&
           (work->n_items >= MAX_PAIRED || scope_pairs_push(work, inner));
}

static bool pair_functions(rs_names_linked *x, const scope_pair *pair, uint32_t source_slot,
                           uint32_t stub_slot)
{
    const names_file *source = &x->files[pair->source];
    const names_file *stub = &x->files[pair->stub];
    const names_binding *theirs = only_of(stub, stub_slot, NAMES_DEF);
    const names_slot *slot = &source->view.slots[source_slot - source->first_slot];
    bool fits = true;
    for (uint32_t i = 0; i < slot->n_bindings && theirs != NULL && fits; i++) {
        const names_binding *mine = &source->view.bindings[slot->first_binding + i];
        if (mine->kind == NAMES_DEF && mine->inner != NAMES_NONE && theirs->inner != NAMES_NONE) {
            fits = put(x, PAIR_FUNCTION, source->first_function + mine->inner,
                       stub->first_function + theirs->inner);
        }
    }
    return fits;
}

static bool pair_slot(rs_names_linked *x, const scope_pair *pair, uint32_t scope,
                      uint32_t stub_slot, scope_pairs *work)
{
    const names_file *stub = &x->files[pair->stub];
    uint32_t text =
        names_text_number(x, pair->stub, stub->view.slots[stub_slot - stub->first_slot].name);
    uint32_t source_slot = rs_names_map_get(&x->slots, scope, text);
    return source_slot == NAMES_NONE || (pair_classes(x, pair, source_slot, stub_slot, work) &&
                                         pair_functions(x, pair, source_slot, stub_slot));
}

static bool pair_class(rs_names_linked *x, const scope_pair *pair, scope_pairs *work)
{
    const names_file *stub = &x->files[pair->stub];
    const names_class *class = &stub->view.classes[pair->stub_class - stub->first_class];
    uint32_t scope = names_scope_of_class(pair->source_class);
    bool fits = true;
    for (uint32_t i = 0; i < class->n_slots && fits; i++) {
        fits = pair_slot(x, pair, scope, stub->first_slot + class->first_slot + i, work);
    }
    return fits;
}

static bool pair_module(rs_names_linked *x, const scope_pair *pair, scope_pairs *work)
{
    const names_file *stub = &x->files[pair->stub];
    uint32_t scope = names_scope_of_module(pair->source);
    bool fits = true;
    for (uint32_t i = 0; i < stub->view.n_slots && fits; i++) {
        if (stub->view.slots[i].owner_kind == NAMES_OF_MODULE) {
            fits = pair_slot(x, pair, scope, stub->first_slot + i, work);
        }
    }
    return fits;
}

bool rs_names_pair(rs_names_linked *x)
{
    scope_pairs work = {0};
    bool fits = true;
    for (uint32_t f = 0; f < x->n_files && fits; f++) {
        uint32_t module = x->files[f].module;
        uint32_t stub = rs_names_module_file(x, module, 1);
        if (stub != NAMES_NONE && rs_names_module_file(x, module, 0) == f) {
            scope_pair pair = {f, stub, NAMES_NONE, NAMES_NONE};
            fits = pair_module(x, &pair, &work);
        }
        while (fits && work.n_items > 0) {
            scope_pair pair = work.items[--work.n_items];
            fits = pair_class(x, &pair, &work);
        }
    }
    scope_pairs_release(&work);
    return fits;
}

uint32_t rs_names_source_class(const rs_names_linked *x, uint32_t class)
{
    uint32_t found = rs_names_map_get(&x->pairs, PAIR_STUB_CLASS, class);
    return found == NAMES_NONE ? class : found;
}

uint32_t rs_names_stub_class(const rs_names_linked *x, uint32_t class)
{
    return rs_names_map_get(&x->pairs, PAIR_CLASS, class);
}

uint32_t rs_names_stub_function(const rs_names_linked *x, uint32_t function)
{
    return rs_names_map_get(&x->pairs, PAIR_FUNCTION, function);
}

uint32_t rs_names_stub_slot(const rs_names_linked *x, uint32_t number, const names_slot *slot)
{
    const names_file *file = &x->files[number];
    uint32_t text = names_text_number(x, number, slot->name);
    uint32_t class;
    uint32_t stub;
    switch ((names_owner)slot->owner_kind) {
    case NAMES_OF_MODULE:
        stub = rs_names_module_file(x, file->module, 1);
        return stub == NAMES_NONE || stub == number
                   ? NAMES_NONE
                   : rs_names_map_get(&x->slots, names_scope_of_module(stub), text);
    case NAMES_OF_CLASS:
    case NAMES_OF_INSTANCE:
        class = rs_names_stub_class(x, file->first_class + slot->owner);
        return class == NAMES_NONE ? NAMES_NONE
                                   : rs_names_map_get(&x->slots, names_scope_of_class(class), text);
    case NAMES_OF_FUNCTION:
    case NAMES_OF_TYPE_PARAMS:
    default:
        return NAMES_NONE;
    }
}
