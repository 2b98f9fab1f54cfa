/* SPDX-License-Identifier: Apache-2.0 */
/* scip_table.c - what has to be known of the whole index before the first file. */
#include "evidence/scip/scip_impl.h"

typedef struct table_reader {
    rs_scip_index *index;
    rs_scip_reader reader;
    rs_buf scratch;
} table_reader;

/* The number of a symbol that is not a document's own, which is added when new. */
static bool symbol_add(rs_scip_table *table, rs_str symbol, uint32_t *number)
{
    const rs_scip_symbol unknown = {.first = RS_SCIP_NOWHERE};
    *number = rs_strings_add(&table->texts, symbol);
    return *number != RS_STR_NULL &&
           (*number < table->symbols.n_items || rs_scip_symbols_push(&table->symbols, unknown));
}

/* flags: what this says of the symbols, where it lies in no file; else 0. */
static bool add_declarations(table_reader *self, uint32_t entry, uint32_t flags)
{
    rs_scip_table *table = &self->index->table;
    const rs_scip_informations *informations = &self->reader.informations;
    for (size_t i = 0; i < informations->n_items; i++) {
        uint32_t number;
        if (rs_scip_symbol_is_local(informations->items[i].symbol)) {
            continue;
        }
        if (!symbol_add(table, informations->items[i].symbol, &number)) {
            return false;
        }
        RS_ASSERT(number < table->symbols.n_items);
        rs_scip_symbol *symbol = &table->symbols.items[number];
        symbol->first = symbol->first == RS_SCIP_NOWHERE ? entry : symbol->first;
        symbol->flags |= flags;
    }
    return true;
}

/* The symbols that stand defined somewhere in the document; module: what its file is imported as. */
static bool add_definitions(table_reader *self, rs_str module)
{
    enum { IS_DEFINITION = 1 };
    rs_scip_table *table = &self->index->table;
    const rs_scip_occurrences *occurrences = &self->reader.occurrences;
    for (size_t i = 0; i < occurrences->n_items; i++) {
        const rs_scip_occurrence *occurrence = &occurrences->items[i];
        uint32_t number;
        if ((occurrence->roles & IS_DEFINITION) == 0 || occurrence->symbol.n_bytes == 0 ||
            rs_scip_symbol_is_local(occurrence->symbol)) {
            continue;
        }
        if (!symbol_add(table, occurrence->symbol, &number) ||
            !rs_scip_table_define(table, number, module, &self->scratch)) {
            return false;
        }
    }
    return true;
}

/* The links between symbols of the run; what a local symbol takes part in lies in no file. */
static bool add_links(table_reader *self)
{
    rs_scip_table *table = &self->index->table;
    const rs_scip_relations *relations = &self->reader.relations;
    for (size_t i = 0; i < relations->n_items; i++) {
        const rs_scip_relation *relation = &relations->items[i];
        rs_scip_link link = {.flags = relation->flags};
        if (rs_scip_symbol_is_local(relation->symbol) ||
            rs_scip_symbol_is_local(relation->related)) {
            continue;
        }
        if (!symbol_add(table, relation->symbol, &link.symbol) ||
            !symbol_add(table, relation->related, &link.related) ||
            !rs_scip_links_push(&table->links, link)) {
            return false;
        }
        RS_ASSERT(link.symbol < table->symbols.n_items && link.related < table->symbols.n_items);
        table->symbols.items[link.symbol].flags |= RS_SCIP_SYMBOL_NAMED;
        table->symbols.items[link.related].flags |= RS_SCIP_SYMBOL_NAMED;
    }
    return true;
}

/* What the file of a path is imported as; both lists are in order of path. */
static rs_str module_of(const rs_repo_files *files, size_t *file, rs_str path)
{
    while (*file < files->n_items && rs_str_compare(files->items[*file].path, path) < 0) {
        ++*file;
    }
    bool is_found = *file < files->n_items && rs_str_equal(files->items[*file].path, path);
    return is_found ? files->items[*file].module : (rs_str){0};
}

static rs_status fill_documents(table_reader *self, const rs_repo_files *files, bool have_file,
                                rs_error *err)
{
    const rs_scip_entries *documents = &self->index->documents;
    uint32_t flags = have_file ? 0 : RS_SCIP_SYMBOL_NAMED | RS_SCIP_SYMBOL_DECLARED;
    size_t file = 0;
    size_t end;
    for (size_t first = 0; first < documents->n_items; first = end) {
        end = rs_scip_group_end(documents, first);
        RS_ASSERT(end > first && end <= documents->n_items);
        if (documents->items[first].has_file != have_file) {
            continue;
        }
        RS_TRY(rs_scip_read_documents(&self->reader, self->index, first, end, err));
        rs_str module = module_of(files, &file, documents->items[first].key);
        if (!add_declarations(self, (uint32_t)first, flags) || !add_definitions(self, module) ||
            (!have_file && !add_links(self))) {
            return rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory");
        }
    }
    return RS_OK;
}

static rs_status fill_externals(table_reader *self, rs_error *err)
{
    const rs_scip_entries *externals = &self->index->externals;
    size_t end;
    for (size_t first = 0; first < externals->n_items; first = end) {
        end = rs_scip_group_end(externals, first);
        RS_ASSERT(end > first && end <= externals->n_items);
        RS_TRY(rs_scip_read_externals(&self->reader, self->index, first, end, err));
        if (!add_declarations(self, (uint32_t)first | RS_SCIP_OF_EXTERNALS,
                              RS_SCIP_SYMBOL_NAMED | RS_SCIP_SYMBOL_EXTERNAL) ||
            !add_links(self)) {
            return rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory");
        }
    }
    return RS_OK;
}

rs_status rs_scip_table_fill(rs_scip_index *index, const rs_repo_files *files, rs_error *err)
{
    table_reader self = {.index = index};
    RS_ASSERT(index->documents.n_items < RS_SCIP_OF_EXTERNALS);
    rs_status status = fill_documents(&self, files, true, err);
    RS_THEN(status, fill_documents(&self, files, false, err));
    RS_THEN(status, fill_externals(&self, err));
    rs_scip_reader_release(&self.reader);
    rs_buf_release(&self.scratch);
    return status;
}

void rs_scip_table_release(rs_scip_table *table)
{
    rs_strings_release(&table->texts);
    rs_scip_symbols_release(&table->symbols);
    rs_scip_links_release(&table->links);
    rs_strings_release(&table->packages);
    rs_strings_release(&table->spellings);
    rs_scip_numbers_release(&table->spelt);
}

bool rs_scip_declares_first(const rs_scip_index *index, rs_str symbol, uint32_t entry)
{
    uint32_t number = rs_strings_find(&index->table.texts, symbol);
    return number != RS_STR_NULL && index->table.symbols.items[number].first == entry;
}
