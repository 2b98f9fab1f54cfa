/* SPDX-License-Identifier: Apache-2.0 */
/* names_view.c - a summary as its readers see it. */
#include "evidence/names/names_pack.h"

static const size_t item_bytes[NAMES_N_SECTIONS] = {
    [NAMES_SECTION_TEXTS] = sizeof(uint32_t),
    [NAMES_SECTION_LISTS] = sizeof(uint32_t),
    [NAMES_SECTION_SLOTS] = sizeof(names_slot),
    [NAMES_SECTION_BINDINGS] = sizeof(names_binding),
    [NAMES_SECTION_EXPRS] = sizeof(names_expr),
    [NAMES_SECTION_FUNCTIONS] = sizeof(names_function),
    [NAMES_SECTION_CLASSES] = sizeof(names_class),
    [NAMES_SECTION_IMPORTS] = sizeof(names_import),
    [NAMES_SECTION_STORES] = sizeof(names_store),
    [NAMES_SECTION_ALL_OPS] = sizeof(names_all_op),
    [NAMES_SECTION_TEXT_BYTES] = 1,
    [NAMES_SECTION_REFS] = 1,
    [NAMES_SECTION_CALLS] = 1,
};

bool rs_names_view(const rs_summary *summary, names_view *out)
{
    *out = (names_view){.base = summary->base};
    if (summary->n_bytes == 0) {
        return false;
    }
    const names_head *head = (const names_head *)(const void *)summary->bytes;
    const uint8_t *sections[NAMES_N_SECTIONS];
    const uint8_t *at = summary->bytes + sizeof *head;
    for (size_t i = 0; i < NAMES_N_SECTIONS; i++) {
        sections[i] = at;
        at += head->n_items[i] * item_bytes[i];
    }
    RS_ASSERT(at == summary->bytes + summary->n_bytes);
#define SECTION(name) ((const void *)sections[NAMES_SECTION_##name])
    out->flags = head->flags;
    out->text_bytes = SECTION(TEXT_BYTES);
    out->texts = SECTION(TEXTS);
    out->lists = SECTION(LISTS);
    out->slots = SECTION(SLOTS);
    out->bindings = SECTION(BINDINGS);
    out->exprs = SECTION(EXPRS);
    out->functions = SECTION(FUNCTIONS);
    out->classes = SECTION(CLASSES);
    out->imports = SECTION(IMPORTS);
    out->stores = SECTION(STORES);
    out->all_ops = SECTION(ALL_OPS);
    out->ref_bytes = SECTION(REFS);
    out->call_bytes = SECTION(CALLS);
#undef SECTION
    uint32_t n_ends = head->n_items[NAMES_SECTION_TEXTS];
    out->n_texts = n_ends > 0 ? n_ends - 1 : 0;
    out->n_lists = head->n_items[NAMES_SECTION_LISTS];
    out->n_slots = head->n_items[NAMES_SECTION_SLOTS];
    out->n_bindings = head->n_items[NAMES_SECTION_BINDINGS];
    out->n_exprs = head->n_items[NAMES_SECTION_EXPRS];
    out->n_functions = head->n_items[NAMES_SECTION_FUNCTIONS];
    out->n_classes = head->n_items[NAMES_SECTION_CLASSES];
    out->n_imports = head->n_items[NAMES_SECTION_IMPORTS];
    out->n_stores = head->n_items[NAMES_SECTION_STORES];
    out->n_all_ops = head->n_items[NAMES_SECTION_ALL_OPS];
    out->n_refs = head->n_refs;
    out->n_calls = head->n_calls;
    return true;
}

/* The name that a ref's expression or binding tells. */
static uint32_t told_name(const names_view *view, const names_ref *ref)
{
    if (names_refers_to_binding(ref->kind)) {
        return view->slots[view->bindings[ref->expr].slot].name;
    }
    const names_expr *expr = &view->exprs[ref->expr];
    return expr->op == NAMES_NAME ? expr->a : expr->b;
}

bool rs_names_next_ref(names_walk *walk, names_ref *out)
{
    const names_view *view = walk->view;
    if (walk->n_read == view->n_refs) {
        return false;
    }
    if (walk->n_read++ == 0) {
        walk->at = view->ref_bytes;
    }
    uint8_t head = *walk->at++;
    walk->node += (uint32_t)names_unpack(&walk->at);
    walk->start_byte = (uint32_t)(walk->start_byte + names_unpack_signed(&walk->at));
    *out = (names_ref){.node = walk->node,
                       .start_byte = walk->start_byte,
                       .kind = head & ((1u << NAMES_KIND_BITS) - 1),
                       .flags = (head >> NAMES_KIND_BITS) & ((1u << NAMES_FLAG_BITS) - 1)};
    walk->expr = (uint32_t)(walk->expr + names_unpack_signed(&walk->at));
    out->expr = walk->expr - 1;
    if ((head & NAMES_IS_TOLD) != 0) {
        out->name = told_name(view, out);
        out->end_byte = out->start_byte + (uint32_t)names_text(view, out->name).n_bytes;
    } else {
        out->name = (uint32_t)names_unpack(&walk->at);
        out->end_byte = out->start_byte + (uint32_t)names_unpack(&walk->at);
    }
    return true;
}

bool rs_names_next_call(names_walk *walk, names_call *out)
{
    if (walk->n_read == walk->view->n_calls) {
        return false;
    }
    if (walk->n_read++ == 0) {
        walk->at = walk->view->call_bytes;
    }
    walk->node += (uint32_t)names_unpack(&walk->at);
    walk->expr = (uint32_t)(walk->expr + names_unpack_signed(&walk->at));
    *out = (names_call){.node = walk->node, .call = walk->expr};
    return true;
}
