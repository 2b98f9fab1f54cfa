/* SPDX-License-Identifier: Apache-2.0 */
/* names_file.c - the names lens: a file's summary from its passes. */
#include "evidence/names/link.h"
#include "evidence/names/names_impl.h"
#include "evidence/names/names_pack.h"

/* --- the summary --- */

static void section_add(rs_file_at_hand *x, names_head *head, names_section section,
                        const void *items, size_t n_items, size_t n_item_bytes)
{
    head->n_items[section] = (uint32_t)n_items;
    if (n_items > 0) {
        rs_buf_append(x->summary, items, n_items * n_item_bytes);
    }
}

#define SECTION(name, vec)                                                                         \
    section_add(x, &head, NAMES_SECTION_##name, (vec).items, (vec).n_items, sizeof *(vec).items)
#define BYTES(name, buf) section_add(x, &head, NAMES_SECTION_##name, (buf).bytes, (buf).n_bytes, 1)

static void summary_write(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    names_head head = {.flags = lens->flags, .n_refs = lens->n_refs, .n_calls = lens->n_calls};
    rs_buf_append(x->summary, (const char *)&head, sizeof head);
    SECTION(TEXTS, lens->texts);
    SECTION(LISTS, lens->lists);
    SECTION(SLOTS, lens->slots);
    SECTION(BINDINGS, lens->bindings);
    SECTION(EXPRS, lens->exprs);
    SECTION(FUNCTIONS, lens->functions);
    SECTION(CLASSES, lens->classes);
    SECTION(IMPORTS, lens->imports);
    SECTION(STORES, lens->stores);
    SECTION(ALL_OPS, lens->all_ops);
    BYTES(TEXT_BYTES, lens->text_bytes);
    BYTES(REFS, lens->refs);
    BYTES(CALLS, lens->calls);
    if (x->summary->failed) {
        x->status = RS_ERR_NOMEM;
    } else {
        memcpy(x->summary->bytes, &head, sizeof head);
    }
}

/* --- the file --- */

static bool ends_with(rs_str text, const char *end)
{
    size_t n = strlen(end);
    return text.n_bytes >= n && memcmp(text.bytes + text.n_bytes - n, end, n) == 0;
}

static void vectors_reset(rs_names_lens *lens)
{
    names_numbers_reset(&lens->texts);
    names_numbers_reset(&lens->lists);
    names_numbers_reset(&lens->items);
    names_numbers_reset(&lens->stars);
    names_scopes_reset(&lens->scopes);
    names_slots_reset(&lens->slots);
    names_bindings_reset(&lens->bindings);
    names_exprs_reset(&lens->exprs);
    names_functions_reset(&lens->functions);
    names_classes_reset(&lens->classes);
    names_imports_reset(&lens->imports);
    names_stores_reset(&lens->stores);
    names_all_ops_reset(&lens->all_ops);
    names_returns_reset(&lens->returns);
    names_refs_reset(&lens->string_refs);
    rs_buf_reset(&lens->text_bytes);
    rs_buf_reset(&lens->refs);
    rs_buf_reset(&lens->calls);
    lens->n_refs = lens->n_calls = 0;
    lens->last_ref_node = lens->last_ref_byte = lens->last_ref_expr = 0;
    lens->last_call_node = lens->last_call_expr = 0;
}

static void stars_find(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    rs_imports_columns of = rs_imports_columns_of(x->part);
    size_t end = x->part->batches[RS_DS_imports].n_rows;
    lens->import_row = x->first_rows[RS_DS_imports];
    for (size_t row = lens->import_row; row < end; row++) {
        if (of.is_star[row] &&
            !names_numbers_push(&lens->stars, (uint32_t)(of.import_id[row] - x->base))) {
            x->status = RS_ERR_NOMEM;
        }
    }
}

static void begin(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    const int64_t *scope_ids = rs_scopes_columns_of(x->part).scope_id;
    size_t first = x->first_rows[RS_DS_scopes];
    size_t n_scopes = x->part->batches[RS_DS_scopes].n_rows - first;
    vectors_reset(lens);
    lens->first_scope = (uint32_t)(scope_ids[first] - x->base);
    lens->first_row = lens->first_scope + (uint32_t)n_scopes;
    lens->is_stub = ends_with(x->file->path, ".pyi");
    lens->flags =
        (lens->is_stub ? NAMES_IS_STUB : 0) | (x->file->is_package ? NAMES_IS_PACKAGE : 0);
    if (!rs_names_table_reset(&lens->text_table) || !rs_names_table_reset(&lens->list_table) ||
        !rs_names_table_reset(&lens->expr_table) || !names_numbers_push(&lens->texts, 0)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    (void)rs_names_text(x, RS_STR_LITERAL("")); /* the empty text and list are the first */
    (void)rs_names_list(x, 0);
    stars_find(x);
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    static void (*const passes[])(rs_file_at_hand *) = {
        begin,           rs_names_scopes, rs_names_context, rs_names_bind, rs_names_reach,
        rs_names_guards, rs_names_exprs,  rs_names_walk,    summary_write};
    bool has_scopes = x->part->batches[RS_DS_scopes].n_rows > x->first_rows[RS_DS_scopes];
    if (x->tree.n_nodes == 0 || !has_scopes || x->summary == NULL) {
        return RS_OK;
    }
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        passes[i](x);
        if (x->status != RS_OK) {
            return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
        }
    }
    x->names_beside = x->worker;
    return RS_OK;
}

/* --- the lens --- */

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, sizeof(rs_names_lens));
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void worker_free(void *worker)
{
    rs_names_lens *lens = worker;
    names_numbers *const numbers[] = {
        &lens->at,    &lens->opened,       &lens->row,        &lens->binding,  &lens->expr,
        &lens->value, &lens->row_slot,     &lens->row_self,   &lens->row_text, &lens->stars,
        &lens->texts, &lens->class_owns,   &lens->event_node, &lens->lists,    &lens->items,
        &lens->ends,  &lens->content_exprs};
    names_table *const tables[] = {&lens->text_table, &lens->list_table, &lens->expr_table,
                                   &lens->own_table, &lens->row_table};
    rs_buf *const bufs[] = {&lens->text_bytes, &lens->refs,    &lens->calls,
                            &lens->mangled,    &lens->content, &lens->name};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        names_numbers_release(numbers[i]);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        rs_free(tables[i]->entries);
    }
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++) {
        rs_buf_release(bufs[i]);
    }
    names_uses_release(&lens->uses);
    names_bytes_release(&lens->lies);
    names_scopes_release(&lens->scopes);
    names_owns_release(&lens->owns);
    names_own_sites_release(&lens->own_sites);
    names_slots_release(&lens->slots);
    names_bindings_release(&lens->bindings);
    names_exprs_release(&lens->exprs);
    names_functions_release(&lens->functions);
    names_classes_release(&lens->classes);
    names_imports_release(&lens->imports);
    names_stores_release(&lens->stores);
    names_all_ops_release(&lens->all_ops);
    names_returns_release(&lens->returns);
    names_keys_release(&lens->keys);
    names_guards_release(&lens->guards);
    names_refs_release(&lens->string_refs);
    rs_parser_free(lens->parser);
    rs_free(lens);
}

static const char *const needs[] = {"syntax", "scope", "flow", NULL};
static const rs_dataset_id gives[] = {
    RS_DS_module_imports, RS_DS_name_targets,  RS_DS_reference_statuses,
    RS_DS_call_targets,   RS_DS_call_statuses, RS_DS_class_mro,
    RS_DS_class_members,  RS_DS_overrides,     RS_DS_names_diagnostics,
    RS_DS_module_names,   RS_N_EVIDENCE};

static const rs_lens_limit limits[] = {
    {"max_facts", offsetof(rs_lens_options, names.max_facts), 1 << 20, "",
     "Bindings that were gathered for names of a file; beyond, a name has all of its variable."},
    {0},
};

const rs_lens rs_lens_names = {
    .name = "names",
    .doc = "What the names of a file stand for in other files.",
    .version = 1,
    .needs = needs,
    .gives = gives,
    .limits = limits,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
    .link = rs_names_link,
    .linked_free = rs_names_linked_free,
    .answer = rs_names_answer,
};
