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

static rs_status reserve(run_rows *self, rs_dataset_id dataset, size_t n_rows, rs_error *err)
{
    return rs_batch_reserve(&self->w.part->batches[dataset], n_rows, err);
}

/* --- errors --- */

/* About the document or external symbol `key`, or (bytes NULL) the index as a whole. */
static rs_status error_row(run_rows *self, rs_w_scip_reason reason, rs_str key, rs_str path,
                           const char *message, rs_error *err)
{
    rs_scip_writer *w = &self->w;
    rs_diagnostic_code code = rs_scip_reason_code(reason);
    RS_TRY(reserve(self, RS_DS_scip_span_errors, 1, err));
    size_t row = ROW_ADD(w, scip_span_errors);
    rs_buf_reset(&self->scratch);
    rs_buf_addf(&self->scratch, "%s:", rs_words_find("scip_reason")->words[reason]);
    rs_buf_add_str(&self->scratch, key);
    COLUMN(w, scip_span_errors, error_id).i64[row] =
        rs_global_id("SCIP_SPAN_ERROR", rs_buf_str(&self->scratch));
    COLUMN(w, scip_span_errors, path).str[row] = rs_scip_string(w, path);
    COLUMN(w, scip_span_errors, code).u8[row] = (uint8_t)code;
    COLUMN(w, scip_span_errors, severity).u8[row] = (uint8_t)rs_diagnostic_get(code)->severity;
    COLUMN(w, scip_span_errors, reason).u8[row] = (uint8_t)reason;
    COLUMN(w, scip_span_errors, message).str[row] = rs_scip_string(w, rs_str_of(message));
    COLUMN(w, scip_span_errors, is_enclosing).u8[row] = false;
    COLUMN(w, scip_span_errors, occurrence_id).i64[row] = 0;
    rs_scip_set_null(w, RS_DS_scip_span_errors, RS_C_scip_span_errors_occurrence_id, row);
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
    RS_TRY(reserve(self, RS_DS_scip_metadata, 1, err));
    size_t row = ROW_ADD(w, scip_metadata);
    COLUMN(w, scip_metadata, index_id).i64[row] =
        rs_global_id("SCIP_INDEX", rs_str_of(index->sha256));
    COLUMN(w, scip_metadata, sha256).str[row] = rs_scip_string(w, rs_str_of(index->sha256));
    COLUMN(w, scip_metadata, size_bytes).i64[row] = (int64_t)index->n_bytes;
    COLUMN(w, scip_metadata, protocol_version).i32[row] = metadata.protocol_version;
    COLUMN(w, scip_metadata, tool_name).str[row] = rs_scip_string(w, metadata.tool_name);
    COLUMN(w, scip_metadata, tool_version).str[row] = rs_scip_string(w, metadata.tool_version);
    COLUMN(w, scip_metadata, tool_arguments).str[row] = rs_scip_string(w, metadata.tool_arguments);
    COLUMN(w, scip_metadata, project_root).str[row] = rs_scip_string(w, metadata.project_root);
    COLUMN(w, scip_metadata, text_document_encoding).u8[row] = metadata.text_encoding;
    COLUMN(w, scip_metadata, n_documents).i64[row] = (int64_t)index->documents.n_items;
    COLUMN(w, scip_metadata, n_external_symbols).i64[row] = (int64_t)index->externals.n_items;
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
    return rs_global_id(tag, rs_buf_str(&self->scratch));
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
    RS_TRY(reserve(self, RS_DS_scip_documents, 1, err));
    size_t row = ROW_ADD(w, scip_documents);
    COLUMN(w, scip_documents, document_id).i64[row] = rs_global_id("SCIP_DOCUMENT", path);
    COLUMN(w, scip_documents, path).str[row] = rs_scip_string(w, path);
    COLUMN(w, scip_documents, language).str[row] = rs_scip_string(w, reader->language);
    COLUMN(w, scip_documents, position_encoding).u8[row] = (uint8_t)reader->encoding;
    COLUMN(w, scip_documents, is_encoding_declared).u8[row] = reader->is_encoding_declared;
    COLUMN(w, scip_documents, n_copies).i32[row] = (int32_t)reader->n_copies;
    COLUMN(w, scip_documents, n_occurrences).i32[row] = (int32_t)reader->occurrences.n_items;
    COLUMN(w, scip_documents, n_symbols).i32[row] = (int32_t)reader->informations.n_items;
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
static rs_status missing_information_rows(run_rows *self, rs_str path, uint32_t entry,
                                          rs_error *err)
{
    rs_scip_writer *w = &self->w;
    rs_scip_informations *informations = &self->reader.informations;
    rs_scip_sort_informations(informations);
    RS_TRY(reserve(self, RS_DS_scip_symbol_information, informations->n_items, err));
    for (size_t i = 0; i < informations->n_items; i++) {
        const rs_scip_information *information = &informations->items[i];
        if (rs_scip_symbol_is_local(information->symbol)) {
            continue;
        }
        size_t row = ROW_ADD(w, scip_symbol_information);
        COLUMN(w, scip_symbol_information, information_id).i64[row] =
            information_id(self, "SCIP_DECLARATION", path, information);
        COLUMN(w, scip_symbol_information, symbol_id).i64[row] =
            rs_scip_symbol_id(information->symbol);
        RS_SCIP_INFORMATION_ROW(w, scip_symbol_information, row, information,
                                is_first(self, i, entry));
    }
    return RS_OK;
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
        RS_TRY(missing_information_rows(self, path, (uint32_t)first, err));
    }
    return RS_OK;
}

/* --- external symbols --- */

static rs_status external_rows(run_rows *self, uint32_t entry, rs_error *err)
{
    rs_scip_writer *w = &self->w;
    rs_scip_informations *informations = &self->reader.informations;
    rs_scip_sort_informations(informations);
    RS_TRY(reserve(self, RS_DS_scip_external_symbols, informations->n_items, err));
    for (size_t i = 0; i < informations->n_items; i++) {
        const rs_scip_information *information = &informations->items[i];
        bool is_local = rs_scip_symbol_is_local(information->symbol);
        size_t row = ROW_ADD(w, scip_external_symbols);
        COLUMN(w, scip_external_symbols, information_id).i64[row] =
            information_id(self, "SCIP_EXTERNAL", (rs_str){0}, information);
        RS_SCIP_INFORMATION_ROW(w, scip_external_symbols, row, information,
                                is_first(self, i, entry | RS_SCIP_OF_EXTERNALS));
        COLUMN(w, scip_external_symbols, symbol_id).i64[row] =
            is_local ? 0 : rs_scip_symbol_id(information->symbol);
        if (is_local) {
            rs_scip_set_null(w, RS_DS_scip_external_symbols, RS_C_scip_external_symbols_symbol_id,
                             row);
        }
    }
    return RS_OK;
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
    if (status == RS_OK) {
        status = error_row(self, reason, rs_buf_str(&name), (rs_str){0}, message, err);
    }
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
        RS_TRY(self->reader.verdict == RS_SCIP_DECODED
                   ? external_rows(self, (uint32_t)first, err)
                   : external_error(self, entries->items[first].key, err));
    }
    return RS_OK;
}

/* --- what was linked --- */

static rs_status symbol_rows(run_rows *self, const rs_scip_linked *linked, rs_error *err)
{
    RS_TRY(reserve(self, RS_DS_scip_symbols, linked->sorted.n_items, err));
    for (size_t i = 0; i < linked->sorted.n_items; i++) {
        uint32_t number = linked->sorted.items[i];
        uint32_t flags = linked->flags.items[number];
        rs_str symbol = linked->texts.items[number];
        rs_scip_symbol_row(&self->w, rs_scip_symbol_id(symbol), symbol,
                           (flags & RS_SCIP_SYMBOL_DECLARED) != 0,
                           (flags & RS_SCIP_SYMBOL_EXTERNAL) != 0, &self->scratch);
    }
    return RS_OK;
}

static rs_status relation_rows(run_rows *self, const rs_scip_linked *linked, rs_error *err)
{
    RS_TRY(reserve(self, RS_DS_scip_relationships, linked->relations.n_items, err));
    for (size_t i = 0; i < linked->relations.n_items; i++) {
        const rs_scip_relation *relation = &linked->relations.items[i];
        rs_scip_relation_row(&self->w, rs_scip_symbol_id(relation->symbol),
                             rs_scip_symbol_id(relation->related), relation);
    }
    return RS_OK;
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
    RS_TRY(symbol_rows(self, linked, err));
    return relation_rows(self, linked, err);
}

rs_status rs_scip_rest(const rs_lens_options *options, const void *linked, rs_part *part,
                       rs_error *err)
{
    run_rows self = {.w = {.part = part}, .index = options->scip};
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
