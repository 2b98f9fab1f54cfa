/* SPDX-License-Identifier: Apache-2.0 */
/* scip_link.c - the symbols of all files together, and how they are related. */
#include <stdlib.h>

#include "base/alloc.h"
#include "evidence/scip/scip_impl.h"

/* Add flags to the symbol, which is added when new; its number, or RS_STR_NULL when memory is out. */
static uint32_t add_symbol(rs_scip_linked *self, rs_str symbol, uint32_t flags)
{
    uint32_t number = rs_strings_add(&self->texts, symbol);
    if (number == RS_STR_NULL ||
        (number == self->flags.n_items && !rs_scip_numbers_push(&self->flags, 0))) {
        return RS_STR_NULL;
    }
    RS_ASSERT(number < self->flags.n_items);
    self->flags.items[number] |= flags;
    return number;
}

static bool add_link(rs_scip_linked *self, uint32_t symbol, uint32_t related, uint32_t flags)
{
    RS_ASSERT(symbol < self->texts.n_items && related < self->texts.n_items);
    const rs_str *texts = self->texts.items;
    return rs_scip_relations_push(
        &self->relations, (rs_scip_relation){texts[symbol], texts[related], (uint8_t)flags});
}

/* numbers: from a symbol of the file to one of all. */
static bool add_file(rs_scip_linked *self, const rs_summary *file, rs_scip_numbers *numbers)
{
    const rs_scip_summary *head = (const void *)file->bytes;
    if (file->n_bytes == 0) {
        return true;
    }
    const uint32_t *lengths = (const void *)(head + 1);
    const rs_scip_link *links = (const void *)(lengths + head->n_symbols);
    const char *text = (const void *)(links + head->n_links);
    rs_scip_numbers_reset(numbers);
    for (uint32_t i = 0; i < head->n_symbols; i++) {
        rs_str symbol = {text, lengths[i] / 2};
        uint32_t flags = lengths[i] % 2 != 0 ? RS_SCIP_SYMBOL_DECLARED : 0;
        uint32_t number = add_symbol(self, symbol, flags);
        if (number == RS_STR_NULL || !rs_scip_numbers_push(numbers, number)) {
            return false;
        }
        text += symbol.n_bytes;
    }
    RS_ASSERT(text == (const char *)file->bytes + file->n_bytes);
    RS_ASSERT(head->n_links == 0 || numbers->items != NULL);
    for (uint32_t i = 0; i < head->n_links && numbers->items != NULL; i++) {
        if (!add_link(self, numbers->items[links[i].symbol], numbers->items[links[i].related],
                      links[i].flags)) {
            return false;
        }
    }
    return true;
}

/* What documents without a file and external symbols say. */
static bool add_table(rs_scip_linked *self, const rs_scip_table *table, rs_scip_numbers *numbers)
{
    rs_scip_numbers_reset(numbers);
    for (uint32_t i = 0; i < table->symbols.n_items; i++) {
        uint32_t flags = table->symbols.items[i].flags & ~(uint32_t)RS_SCIP_SYMBOL_DEFINED;
        uint32_t number = flags == 0 ? 0 : add_symbol(self, table->texts.items[i], flags);
        if (number == RS_STR_NULL || !rs_scip_numbers_push(numbers, number)) {
            return false;
        }
    }
    RS_ASSERT(table->links.n_items == 0 || numbers->items != NULL);
    for (size_t i = 0; i < table->links.n_items && numbers->items != NULL; i++) {
        const rs_scip_link *link = &table->links.items[i];
        if (!add_link(self, numbers->items[link->symbol], numbers->items[link->related],
                      link->flags)) {
            return false;
        }
    }
    return true;
}

typedef struct symbol_ref {
    rs_str symbol;
    uint32_t number;
} symbol_ref;

static int compare_refs(const void *left, const void *right)
{
    return rs_str_compare(((const symbol_ref *)left)->symbol, ((const symbol_ref *)right)->symbol);
}

static bool sort_symbols(rs_scip_linked *self)
{
    uint32_t n_refs = self->texts.n_items;
    symbol_ref *refs = rs_alloc(n_refs + 1, sizeof *refs);
    if (refs == NULL || !rs_scip_numbers_reserve(&self->sorted, n_refs)) {
        rs_free(refs);
        return false;
    }
    for (uint32_t i = 0; i < n_refs; i++) {
        refs[i] = (symbol_ref){self->texts.items[i], i};
    }
    qsort(refs, n_refs, sizeof *refs, compare_refs);
    for (uint32_t i = 0; i < n_refs; i++) {
        self->sorted.items[self->sorted.n_items++] = refs[i].number;
    }
    rs_free(refs);
    return true;
}

rs_status rs_scip_link_files(const rs_lens_options *options, const rs_summary *files,
                             size_t n_files, void **linked, rs_error *err)
{
    rs_scip_linked *self = rs_alloc_zero(1, sizeof *self);
    rs_scip_numbers numbers = {0};
    bool fits = self != NULL;
    *linked = self;
    for (size_t i = 0; i < n_files && fits; i++) {
        fits = add_file(self, &files[i], &numbers);
    }
    fits = fits && add_table(self, &options->scip->table, &numbers) && sort_symbols(self);
    rs_scip_numbers_release(&numbers);
    if (!fits) {
        return rs_error_set(err, RS_ERR_NOMEM, "link the SCIP evidence: out of memory");
    }
    rs_scip_sort_relations(&self->relations);
    return RS_OK;
}

void rs_scip_linked_free(void *linked)
{
    rs_scip_linked *self = linked;
    rs_strings_release(&self->texts);
    rs_scip_numbers_release(&self->flags);
    rs_scip_numbers_release(&self->sorted);
    rs_scip_relations_release(&self->relations);
    rs_free(self);
}
