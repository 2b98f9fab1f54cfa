/* SPDX-License-Identifier: Apache-2.0 */
/* scip_rest.c - what an index says of no single file. */
#include <stdio.h>

#include "evidence/file.h"
#include "evidence/scip/scip_impl.h"

typedef struct run_rows {
    rs_scip_writer w;
    const rs_scip_index *index;
    rs_scip_reader reader;
    rs_buf scratch;
    rs_arena paths;
} run_rows;

/* --- errors --- */

/* About the document or external symbol `key`, or (bytes NULL) the index as a whole. */
static rs_status error_row(run_rows *self, rs_w_scip_reason reason, rs_str key, rs_str path,
                           const char *message, rs_error *err)
{
    rs_scip_writer *w = &self->w;
    rs_diagnostic_code code = rs_scip_reason_code(reason);
    rs_scip_span_errors_row row = rs_scip_span_errors_row_new();
    rs_buf_reset(&self->scratch);
    rs_buf_addf(&self->scratch, "%s:", rs_words_find("scip_reason")->words[reason]);
    rs_buf_add_str(&self->scratch, key);
    row.error_id = rs_global_id(RS_STR_LITERAL("SCIP_SPAN_ERROR"), rs_buf_str(&self->scratch));
    row.path = rs_scip_text(w, path);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.reason = rs_word_of(reason);
    row.message = rs_scip_text(w, rs_str_of(message));
    row.is_enclosing = false;
    ROW_PUSH(w, scip_span_errors, &row);
    return rs_buf_check(&self->scratch, err);
}

static rs_status document_error(run_rows *self, rs_w_scip_reason reason, rs_str path, rs_error *err)
{
    return error_row(self, reason, path, path,
                     rs_diagnostic_get(rs_scip_reason_code(reason))->title, err);
}

/* --- metadata --- */

static rs_status metadata_row(run_rows *self, rs_error *err)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_index *index = self->index;
    rs_scip_metadata metadata;
    RS_TRY(rs_scip_read_metadata(&self->reader, index, &metadata, err));
    rs_scip_metadata_row row = rs_scip_metadata_row_new();
    row.index_id = rs_global_id(RS_STR_LITERAL("SCIP_INDEX"), rs_str_of(index->sha256));
    row.sha256 = rs_scip_text(w, rs_str_of(index->sha256));
    row.size_bytes = (int64_t)index->n_bytes;
    row.protocol_version = metadata.protocol_version;
    row.tool_name = rs_scip_text(w, metadata.tool_name);
    row.tool_version = rs_scip_text(w, metadata.tool_version);
    row.tool_arguments = rs_scip_text(w, metadata.tool_arguments);
    row.project_root = rs_scip_text(w, metadata.project_root);
    row.text_document_encoding = rs_word_of(metadata.text_encoding);
    row.n_documents = (int64_t)index->documents.n_items;
    row.n_external_symbols = (int64_t)index->externals.n_items;
    ROW_PUSH(w, scip_metadata, &row);
    return RS_OK;
}

/* --- documents of no file --- */

/* Everything that a declaration says is in its id: equal ones are one row. */
static int64_t information_id(run_rows *self, const char *tag, rs_str path,
                              const rs_scip_information *information)
{
    const rs_str parts[] = {
        path,
        information->symbol,
        information->display_name,
        information->documentation,
        information->enclosing_symbol,
        information->signature_language,
        information->signature_text,
    };
    rs_buf_reset(&self->scratch);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rs_buf_addf(&self->scratch, "%zu:", parts[i].n_bytes);
        rs_buf_add_str(&self->scratch, parts[i]);
    }
    rs_buf_addf(&self->scratch, "%d", (int)information->kind);
    return rs_global_id(rs_str_of(tag), rs_buf_str(&self->scratch));
}

/* Is the declaration at a place of the sorted list, of what begins at `entry`, the symbol's first? */
static bool is_first(const run_rows *self, size_t place, uint32_t entry)
{
    const rs_scip_information *information = &self->reader.informations.items[place];
    return (place == 0 || !rs_str_equal(information[-1].symbol, information->symbol)) &&
           rs_scip_declares_first(self->index, information->symbol, entry);
}

static rs_status missing_document_rows(run_rows *self, rs_str path, rs_error *err)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_reader *reader = &self->reader;
    rs_scip_documents_row row = rs_scip_documents_row_new();
    row.document_id = rs_global_id(RS_STR_LITERAL("SCIP_DOCUMENT"), path);
    row.path = rs_scip_text(w, path);
    row.language = rs_scip_text(w, reader->language);
    row.position_encoding = rs_word_of(reader->encoding);
    row.is_encoding_declared = reader->is_encoding_declared;
    row.n_copies = (int32_t)reader->n_copies;
    row.n_occurrences = (int32_t)reader->occurrences.n_items;
    row.n_symbols = (int32_t)reader->informations.n_items;
    ROW_PUSH(w, scip_documents, &row);
    RS_TRY(document_error(self, RS_W_scip_reason_missing_repo_text_for_path, path, err));
    if (reader->verdict == RS_SCIP_BROKEN) {
        RS_TRY(document_error(self, RS_W_scip_reason_document_broken, path, err));
    } else if (reader->verdict == RS_SCIP_TOO_LARGE) {
        RS_TRY(document_error(self, RS_W_scip_reason_document_too_large, path, err));
    }
    if (reader->n_copies > 1) {
        RS_TRY(document_error(self, RS_W_scip_reason_document_repeated, path, err));
    }
    return RS_OK;
}

/* What a document of no file declares is told all the same: other documents may name it. */
static void missing_information_rows(run_rows *self, rs_str path, uint32_t entry)
{
    rs_scip_writer *w = &self->w;
    rs_scip_informations *informations = &self->reader.informations;
    rs_scip_sort_informations(informations);
    for (size_t i = 0; i < informations->n_items; i++) {
        const rs_scip_information *information = &informations->items[i];
        if (rs_scip_symbol_is_local(information->symbol)) {
            continue;
        }
        rs_scip_symbol_information_row row = rs_scip_symbol_information_row_new();
        row.information_id = information_id(self, "SCIP_DECLARATION", path, information);
        row.symbol_id = rs_scip_symbol_id(information->symbol);
        RS_SCIP_INFORMATION(w, &row, information);
        row.is_first = is_first(self, i, entry);
        ROW_PUSH(w, scip_symbol_information, &row);
    }
}

static rs_status missing_documents(run_rows *self, rs_error *err)
{
    const rs_scip_entries *documents = &self->index->documents;
    size_t end;
    for (size_t first = 0; first < documents->n_items; first = end) {
        end = rs_scip_group_end(documents, first);
        if (documents->items[first].has_file) {
            continue;
        }
        rs_arena_reset(&self->paths);
        rs_str path = rs_path_display(&self->paths, documents->items[first].key);
        if (path.bytes == NULL) {
            return rs_error_set(err, RS_ERR_NOMEM, "write the SCIP evidence: out of memory");
        }
        RS_TRY(rs_scip_read_documents(&self->reader, self->index, first, end, err));
        RS_TRY(missing_document_rows(self, path, err));
        missing_information_rows(self, path, (uint32_t)first);
    }
    return RS_OK;
}

/* --- external symbols --- */

static void external_rows(run_rows *self, uint32_t entry)
{
    rs_scip_writer *w = &self->w;
    rs_scip_informations *informations = &self->reader.informations;
    rs_scip_sort_informations(informations);
    for (size_t i = 0; i < informations->n_items; i++) {
        const rs_scip_information *information = &informations->items[i];
        rs_scip_external_symbols_row row = rs_scip_external_symbols_row_new();
        row.information_id = information_id(self, "SCIP_EXTERNAL", (rs_str){0}, information);
        RS_SCIP_INFORMATION(w, &row, information);
        row.is_first = is_first(self, i, entry | RS_SCIP_OF_EXTERNALS);
        if (!rs_scip_symbol_is_local(information->symbol)) {
            row.symbol_id = rs_opt_i64_of(rs_scip_symbol_id(information->symbol));
        }
        ROW_PUSH(w, scip_external_symbols, &row);
    }
}

/* One that is broken or too large. */
static rs_status external_error(run_rows *self, rs_str key, rs_error *err)
{
    char message[RS_SCIP_MESSAGE_BYTES];
    rs_arena_reset(&self->paths);
    rs_str symbol = rs_path_display(&self->paths, key);
    if (symbol.bytes == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "write the SCIP evidence: out of memory");
    }
    rs_buf name = {0};
    rs_buf_add(&name, "external symbol ");
    rs_buf_add_str(&name, symbol);
    size_t n_shown = name.n_bytes < sizeof message ? name.n_bytes : sizeof message - 1;
    size_t end;
    n_shown = rs_utf8_find_invalid(rs_buf_text(&name), n_shown, 0, &end); /* no cut character */
    snprintf(message, sizeof message, "%.*s", (int)n_shown, rs_buf_text(&name));
    rs_w_scip_reason reason = self->reader.verdict == RS_SCIP_TOO_LARGE
                                  ? RS_W_scip_reason_document_too_large
                                  : RS_W_scip_reason_document_broken;
    rs_status status = rs_buf_check(&name, err);
    RS_THEN(status, error_row(self, reason, rs_buf_str(&name), (rs_str){0}, message, err));
    rs_buf_release(&name);
    return status;
}

static rs_status externals(run_rows *self, rs_error *err)
{
    const rs_scip_entries *entries = &self->index->externals;
    size_t end;
    for (size_t first = 0; first < entries->n_items; first = end) {
        end = rs_scip_group_end(entries, first);
        RS_TRY(rs_scip_read_externals(&self->reader, self->index, first, end, err));
        if (self->reader.verdict == RS_SCIP_DECODED) {
            external_rows(self, (uint32_t)first);
        } else {
            RS_TRY(external_error(self, entries->items[first].key, err));
        }
    }
    return RS_OK;
}

/* --- what was linked --- */

static void symbol_rows(run_rows *self, const rs_scip_linked *linked)
{
    for (size_t i = 0; i < linked->sorted.n_items; i++) {
        uint32_t number = linked->sorted.items[i];
        uint32_t flags = linked->flags.items[number];
        rs_str symbol = linked->texts.items[number];
        rs_str known = rs_scip_known(self->index, symbol);
        rs_scip_symbol_row(
            &self->w, rs_scip_symbol_id(symbol), symbol, (flags & RS_SCIP_SYMBOL_DECLARED) != 0,
            (flags & RS_SCIP_SYMBOL_EXTERNAL) != 0, rs_scip_known_id(known), &self->scratch);
    }
}

static void relation_rows(run_rows *self, const rs_scip_linked *linked)
{
    for (size_t i = 0; i < linked->relations.n_items; i++) {
        const rs_scip_relation *relation = &linked->relations.items[i];
        rs_scip_relation_row(&self->w, rs_scip_symbol_id(relation->symbol),
                             rs_scip_symbol_id(relation->related), relation);
    }
}

/* --- the whole --- */

static rs_status rows(run_rows *self, const rs_scip_linked *linked, rs_error *err)
{
    if (!self->index->is_usable) {
        return error_row(self, self->index->reason, (rs_str){0}, (rs_str){0}, self->index->message,
                         err);
    }
    RS_TRY(metadata_row(self, err));
    RS_TRY(missing_documents(self, err));
    RS_TRY(externals(self, err));
    symbol_rows(self, linked);
    relation_rows(self, linked);
    return RS_OK;
}

rs_status rs_scip_rest(const rs_lens_options *options, const void *linked, rs_part *part,
                       rs_error *err)
{
    run_rows self = {.w = {.part = part, .stop = options->stop}, .index = options->scip};
    rs_status status = rows(&self, linked, err);
    if (status == RS_OK &&
        (self.w.status != RS_OK || part->strings.failed || self.scratch.failed)) {
        status = rs_error_set(err, RS_ERR_NOMEM, "write the SCIP evidence: out of memory");
    }
    rs_scip_reader_release(&self.reader);
    rs_buf_release(&self.scratch);
    rs_arena_release(&self.paths);
    return status;
}
