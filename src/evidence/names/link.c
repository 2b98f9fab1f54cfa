/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - the steps of linking, in order: each reads what those before have settled. */
#include "evidence/names/link.h"
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- attributes stored from elsewhere --- */

static void ask_stores(rs_names_linked *x)
{
    for (uint32_t f = 0; f < x->n_own_files; f++) {
        for (uint32_t i = 0; i < x->files[f].view.n_stores; i++) {
            rs_names_ask(x, names_cell_of_expr(x, f, x->files[f].view.stores[i].target));
        }
    }
}

static bool add_patch(rs_names_linked *x, uint32_t scope, uint32_t text, uint32_t store)
{
    uint32_t last = store;
    x->patch_before[store] = NAMES_NONE;
    if (!rs_names_map_put(&x->patches, scope, text, &last)) {
        return false;
    }
    if (last != store) {
        x->patch_before[store] = last;
        rs_names_map_set(&x->patches, scope, text, store);
    }
    return true;
}

/* mod.x = f and C.y = g: candidates behind what the module or class binds itself. */
static bool patch(rs_names_linked *x, uint32_t number, uint32_t i)
{
    const names_file *file = &x->files[number];
    const names_store *store = &file->view.stores[i];
    uint32_t cell = names_cell_of_expr(x, number, store->target);
    uint32_t text = names_text_number(x, number, store->name);
    for (uint32_t n = x->cells[cell].first_held; n != NAMES_NONE; n = x->helds.items[n].next) {
        names_value value = x->values.items[x->helds.items[n].value];
        uint32_t of = value.kind == NAMES_V_MODULE ? rs_names_module_file(x, value.a, 0) : value.a;
        bool is_module = value.kind == NAMES_V_MODULE && of != NAMES_NONE;
        bool is_class = value.kind == NAMES_V_CLASS || value.kind == NAMES_V_SELF_CLASS;
        if ((is_module && x->files[of].is_outside) || (is_class && names_is_outside(x, of))) {
            return true; /* what is outside is nobody's to change */
        }
        if (is_module || is_class) {
            uint32_t scope = is_module ? names_scope_of_module(of) : names_scope_of_class(of);
            if (is_class) {
                x->classes[of].names |= names_bit_of(text);
            }
            return add_patch(x, scope, text, file->first_store + i); /* of the first: one each */
        }
    }
    return true;
}

static bool patch_all(rs_names_linked *x)
{
    memset(x->patch_before, 0xff, (x->n_stores + 1) * sizeof *x->patch_before);
    for (uint32_t f = 0; f < x->n_own_files; f++) {
        for (uint32_t i = 0; i < x->files[f].view.n_stores; i++) {
            if (!patch(x, f, i)) {
                return false;
            }
        }
    }
    return true;
}

/* --- all questions --- */

static void ask_refs(rs_names_linked *x, uint32_t number)
{
    names_walk walk = {.view = &x->files[number].view};
    names_ref ref;
    while (rs_names_next_ref(&walk, &ref)) {
        bool is_binding = ref.kind == NAMES_REF_STORE || ref.kind == NAMES_REF_DEFINITION;
        if (ref.expr != NAMES_NONE && !is_binding) {
            rs_names_ask(x, names_cell_of_expr(x, number, ref.expr));
        }
    }
}

static void ask_calls(rs_names_linked *x, uint32_t number)
{
    names_walk walk = {.view = &x->files[number].view};
    names_call call;
    while (rs_names_next_call(&walk, &call)) {
        rs_names_ask(x, names_cell_of_expr(x, number, call.call));
    }
}

static bool ask_all(rs_names_linked *x, rs_error *err)
{
    for (uint32_t f = 0; f < x->n_own_files; f++) {
        if (x->files[f].is_read) {
            ask_refs(x, f);
            ask_calls(x, f);
            if (!rs_names_settle_outside(x, err)) {
                return false;
            }
        }
    }
    return true;
}

/* --- the whole --- */

static void forget_work(rs_names_linked *x)
{
    if (x->wants != NULL) {
        names_numbers_release(&x->wants->modules);
        rs_free(x->wants->is_wanted);
        rs_free(x->wants);
        x->wants = NULL;
    }
    x->outside = NULL;
    names_numbers_release(&x->unread);
    names_numbers_release(&x->missed);
    rs_names_map_release(&x->known_calls);
    names_edges_release(&x->edges);
    names_numbers_release(&x->pending);
    names_numbers_release(&x->late);
    names_numbers_release(&x->fallbacks);
    names_arrivals_release(&x->arrivals);
    rs_names_forget_generic(x);
    for (size_t i = 0; i <= NAMES_V_EXTERNAL_OBJECT; i++) {
        rs_names_map_release(&x->value_numbers[i]);
    }
    rs_buf_release(&x->text);
}

static bool read_files(rs_names_linked *x)
{
    bool fits = rs_names_find_imports(x);
    for (uint32_t f = 0; f < x->n_own_files && fits; f++) {
        rs_names_read_decorators(x, f);
        fits = rs_names_read_all(x, f);
    }
    return fits;
}

static bool link_all(rs_names_linked *x, const rs_summary *files, size_t n_files, rs_error *err)
{
    if (!rs_names_open(x, files, n_files) || !rs_names_begin_outside(x) || !read_files(x)) {
        return false;
    }
    if (!rs_names_pair(x)) {
        return false;
    }
    ask_stores(x);
    rs_names_ask_bases(x);
    if (!rs_names_settle_outside(x, err) || !patch_all(x)) {
        return false;
    }
    bool fits = rs_names_order_classes(x) && rs_names_settle_outside(x, err) && ask_all(x, err) &&
                rs_names_take_fallbacks(x) && rs_names_settle_outside(x, err);
    forget_work(x);
    return fits && !x->failed;
}

rs_status rs_names_link(const rs_lens_options *options, const rs_summary *files, size_t n_files,
                        void **linked, rs_error *err)
{
    rs_names_linked *x = rs_alloc_zero(1, sizeof *x);
    *linked = x;
    if (x == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "link names: out of memory");
    }
    x->modules = options->modules;
    x->stop = options->stop;
    x->outside = options->outside;
    if (x->modules == NULL) {
        return RS_OK;
    }
    bool fits = link_all(x, files, n_files, err);
    RS_TRY(rs_stop_check(x->stop, err));
    return fits ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "link names: out of memory");
}

void rs_names_linked_free(void *linked)
{
    rs_names_linked *x = linked;
    forget_work(x);
    for (size_t i = 0; i < x->blocks.n_items; i++) {
        rs_buf_release(&x->blocks.items[i]);
    }
    names_blocks_release(&x->blocks);
    rs_free(x->file_of_stub);
    rs_free(x->files);
    rs_free(x->file_of_place);
    rs_strings_release(&x->texts);
    rs_free(x->text_of);
    rs_names_map_release(&x->slots);
    rs_free(x->star_slots);
    rs_free(x->targets);
    names_numbers_release(&x->dotted_imports);
    rs_free(x->is_imported);
    rs_names_map_release(&x->all_names);
    rs_names_map_release(&x->all_links);
    rs_names_map_release(&x->pairs);
    rs_names_map_release(&x->patches);
    rs_free(x->patch_before);
    rs_free(x->function_flags);
    rs_free(x->classes);
    names_ancestors_release(&x->bases);
    names_ancestors_release(&x->ancestors);
    names_values_release(&x->values);
    rs_free(x->cells);
    names_helds_release(&x->helds);
    rs_free(x);
}
