/* SPDX-License-Identifier: Apache-2.0 */
/* scip_rows.c - what the index says of one file, as rows. */
#include <inttypes.h>
#include <stdlib.h>

#include "evidence/file.h"
#include "evidence/scip/scip_impl.h"

/* --- for this file and scip_rest.c --- */

rs_text rs_scip_text(rs_scip_writer *writer, rs_str text)
{
    return rs_text_of(text.n_bytes == 0 ? RS_STR_NULL
                                        : rs_strings_add(&writer->part->strings, text));
}

int64_t rs_scip_symbol_id(rs_str symbol)
{
    return rs_global_id(RS_STR_LITERAL("SCIP_SYMBOL"), symbol);
}

rs_opt_i64 rs_scip_known_id(rs_str known)
{
    return known.bytes != NULL ? rs_opt_i64_of(rs_scip_symbol_id(known)) : (rs_opt_i64){0};
}

rs_diagnostic_code rs_scip_reason_code(rs_w_scip_reason reason)
{
    static const rs_diagnostic_code codes[RS_N_W_scip_reason] = {
        [RS_W_scip_reason_index_unreadable] = RS_D_scip_index_unreadable,
        [RS_W_scip_reason_index_broken] = RS_D_scip_index_broken,
        [RS_W_scip_reason_document_broken] = RS_D_scip_document_broken,
        [RS_W_scip_reason_document_too_large] = RS_D_scip_document_too_large,
        [RS_W_scip_reason_document_repeated] = RS_D_scip_document_repeated,
        [RS_W_scip_reason_text_differs] = RS_D_scip_text_differs,
        [RS_W_scip_reason_missing_repo_text_for_path] = RS_D_scip_document_unknown,
        [RS_W_scip_reason_missing_range_fields] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_invalid_range_len] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_negative_position] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_inverted_range] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_line_beyond_file] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_column_beyond_line] = RS_D_scip_range_invalid,
        [RS_W_scip_reason_column_inside_character] = RS_D_scip_range_invalid,
    };
    return codes[reason];
}

static int compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_informations(const void *left, const void *right)
{
    const rs_scip_information *a = left;
    const rs_scip_information *b = right;
    const rs_str pairs[][2] = {
        {a->symbol, b->symbol},
        {a->display_name, b->display_name},
        {a->documentation, b->documentation},
        {a->enclosing_symbol, b->enclosing_symbol},
        {a->signature_language, b->signature_language},
        {a->signature_text, b->signature_text},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        int order = rs_str_compare(pairs[i][0], pairs[i][1]);
        if (order != 0) {
            return order;
        }
    }
    return compare_numbers(a->kind, b->kind);
}

void rs_scip_sort_informations(rs_scip_informations *informations)
{
    size_t n_kept = 0;
    if (informations->n_items > 0) {
        qsort(informations->items, informations->n_items, sizeof *informations->items,
              compare_informations);
    }
    for (size_t i = 0; i < informations->n_items; i++) {
        if (n_kept == 0 ||
            compare_informations(&informations->items[n_kept - 1], &informations->items[i]) != 0) {
            informations->items[n_kept++] = informations->items[i];
        }
    }
    informations->n_items = n_kept;
}

static int compare_relations(const void *left, const void *right)
{
    const rs_scip_relation *a = left;
    const rs_scip_relation *b = right;
    int order = rs_str_compare(a->symbol, b->symbol);
    return order != 0 ? order : rs_str_compare(a->related, b->related);
}

void rs_scip_sort_relations(rs_scip_relations *relations)
{
    size_t n_kept = 0;
    if (relations->n_items > 0) {
        qsort(relations->items, relations->n_items, sizeof *relations->items, compare_relations);
    }
    for (size_t i = 0; i < relations->n_items; i++) {
        if (n_kept > 0 &&
            compare_relations(&relations->items[n_kept - 1], &relations->items[i]) == 0) {
            relations->items[n_kept - 1].flags |= relations->items[i].flags;
        } else {
            relations->items[n_kept++] = relations->items[i];
        }
    }
    relations->n_items = n_kept;
}

void rs_scip_symbol_row(rs_scip_writer *w, int64_t symbol_id, rs_str symbol, bool is_declared,
                        bool is_external, rs_opt_i64 known_id, rs_buf *scratch)
{
    rs_scip_name name;
    rs_scip_symbols_row row = rs_scip_symbols_row_new();
    rs_scip_symbol_parse(symbol, scratch, &name);
    row.symbol_id = symbol_id;
    row.symbol = rs_scip_text(w, symbol);
    row.scheme = rs_scip_text(w, name.scheme);
    row.package_manager = rs_scip_text(w, name.package_manager);
    row.package_name = rs_scip_text(w, name.package_name);
    row.package_version = rs_scip_text(w, name.package_version);
    row.name = rs_scip_text(w, name.name);
    row.suffix = rs_word_of(name.suffix);
    row.is_declared = is_declared;
    row.is_external = is_external;
    row.known_id = known_id;
    ROW_PUSH(w, scip_symbols, &row);
}

void rs_scip_relation_row(rs_scip_writer *w, int64_t symbol_id, int64_t related_id,
                          const rs_scip_relation *relation)
{
    rs_scip_relationships_row row = rs_scip_relationships_row_new();
    row.symbol_id = symbol_id;
    row.related_symbol_id = related_id;
    row.symbol = rs_scip_text(w, relation->symbol);
    row.related_symbol = rs_scip_text(w, relation->related);
    row.is_reference = (relation->flags & RS_SCIP_IS_REFERENCE) != 0;
    row.is_implementation = (relation->flags & RS_SCIP_IS_IMPLEMENTATION) != 0;
    row.is_type_definition = (relation->flags & RS_SCIP_IS_TYPE_DEFINITION) != 0;
    row.is_definition = (relation->flags & RS_SCIP_IS_DEFINITION) != 0;
    ROW_PUSH(w, scip_relationships, &row);
}

/* --- one file --- */

typedef struct file_rows {
    rs_scip_writer w;
    rs_file_at_hand *x;
    rs_scip_reader *reader;
    uint32_t document;    /* its first entry in the index */
    uint32_t first_local; /* numbers in the file */
    uint32_t first_information;
    uint32_t first_occurrence;
    uint32_t first_diagnostic;
    uint32_t next_error;
} file_rows;

/* --- order --- */

static int compare_spans(const rs_scip_span *a, const rs_scip_span *b)
{
    int order = compare_numbers(a->start, b->start);
    return order != 0 ? order : compare_numbers(a->end, b->end);
}

/* As the index has it; tells apart what has no span. */
static int compare_ranges(const rs_scip_range *a, const rs_scip_range *b)
{
    const int64_t pairs[][2] = {
        {a->start_line, b->start_line}, {a->start_character, b->start_character},
        {a->end_line, b->end_line},     {a->end_character, b->end_character},
        {a->n_numbers, b->n_numbers},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i][0] != pairs[i][1]) {
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
        }
    }
    return 0;
}

/* By place (nowhere last), symbol, roles; 0 for occurrences that say the same. */
static int compare_occurrences(const void *left, const void *right)
{
    const rs_scip_occurrence *a = left;
    const rs_scip_occurrence *b = right;
    int order = compare_spans(&a->span, &b->span);
    order = order != 0 ? order : rs_str_compare(a->symbol, b->symbol);
    order = order != 0 ? order : compare_numbers(a->roles, b->roles);
    order = order != 0 ? order : compare_spans(&a->enclosing_span, &b->enclosing_span);
    order = order != 0 ? order : compare_numbers(a->syntax_kind, b->syntax_kind);
    order = order != 0 ? order : rs_str_compare(a->documentation, b->documentation);
    if (order == 0 && a->span.start == RS_SCIP_NOWHERE) {
        order = compare_ranges(&a->range, &b->range);
    }
    if (order == 0 && a->enclosing_span.start == RS_SCIP_NOWHERE) {
        order = compare_ranges(&a->enclosing_range, &b->enclosing_range);
    }
    return order;
}

/* Sort, drop repeated ones, and note where each one that was decoded went. */
static bool sort_occurrences(rs_scip_reader *reader)
{
    rs_scip_occurrences *list = &reader->occurrences;
    size_t n_kept = 0;
    rs_scip_numbers_reset(&reader->renamed);
    if (!rs_scip_numbers_reserve(&reader->renamed, list->n_items)) {
        return false;
    }
    if (list->n_items > 0) {
        qsort(list->items, list->n_items, sizeof *list->items, compare_occurrences);
    }
    for (size_t i = 0; i < list->n_items; i++) {
        const rs_scip_occurrence occurrence = list->items[i];
        if (n_kept == 0 || compare_occurrences(&list->items[n_kept - 1], &occurrence) != 0) {
            list->items[n_kept++] = occurrence;
        }
        reader->renamed.items[occurrence.number] = (uint32_t)n_kept - 1;
    }
    list->n_items = n_kept;
    return true;
}

static int compare_diagnostics(const void *left, const void *right)
{
    const rs_scip_diagnostic *a = left;
    const rs_scip_diagnostic *b = right;
    int order = compare_numbers(a->occurrence, b->occurrence);
    order = order != 0 ? order : compare_numbers(a->severity, b->severity);
    order = order != 0 ? order : rs_str_compare(a->code, b->code);
    order = order != 0 ? order : rs_str_compare(a->message, b->message);
    order = order != 0 ? order : rs_str_compare(a->source, b->source);
    order = order != 0 ? order : compare_numbers(a->is_unnecessary, b->is_unnecessary);
    return order != 0 ? order : compare_numbers(a->is_deprecated, b->is_deprecated);
}

static void sort_diagnostics(rs_scip_reader *reader)
{
    rs_scip_diagnostics *list = &reader->diagnostics;
    size_t n_kept = 0;
    for (size_t i = 0; i < list->n_items; i++) {
        list->items[i].occurrence = reader->renamed.items[list->items[i].occurrence];
    }
    if (list->n_items > 0) {
        qsort(list->items, list->n_items, sizeof *list->items, compare_diagnostics);
    }
    for (size_t i = 0; i < list->n_items; i++) {
        if (n_kept == 0 || compare_diagnostics(&list->items[n_kept - 1], &list->items[i]) != 0) {
            list->items[n_kept++] = list->items[i];
        }
    }
    list->n_items = n_kept;
}

static int compare_texts(const void *left, const void *right)
{
    return rs_str_compare(*(const rs_str *)left, *(const rs_str *)right);
}

/* In order, each once. */
static void sort_texts(rs_scip_texts *texts)
{
    size_t n_kept = 0;
    if (texts->n_items > 0) {
        qsort(texts->items, texts->n_items, sizeof *texts->items, compare_texts);
    }
    for (size_t i = 0; i < texts->n_items; i++) {
        if (n_kept == 0 || !rs_str_equal(texts->items[n_kept - 1], texts->items[i])) {
            texts->items[n_kept++] = texts->items[i];
        }
    }
    texts->n_items = n_kept;
}

static bool add_local(rs_scip_texts *locals, rs_str symbol)
{
    return !rs_scip_symbol_is_local(symbol) || rs_scip_texts_push(locals, symbol);
}

/* Every local symbol that the documents name, once, in order. */
static bool collect_locals(rs_scip_reader *reader)
{
    rs_scip_texts *locals = &reader->locals;
    bool fits = true;
    rs_scip_texts_reset(locals);
    for (size_t i = 0; i < reader->occurrences.n_items && fits; i++) {
        fits = add_local(locals, reader->occurrences.items[i].symbol);
    }
    for (size_t i = 0; i < reader->informations.n_items && fits; i++) {
        fits = add_local(locals, reader->informations.items[i].symbol);
    }
    for (size_t i = 0; i < reader->relations.n_items && fits; i++) {
        fits = add_local(locals, reader->relations.items[i].related);
    }
    sort_texts(locals);
    return fits;
}

/* Its place among the file's local symbols. */
static uint32_t local_number(const rs_scip_reader *reader, rs_str symbol)
{
    const rs_scip_texts *locals = &reader->locals;
    const rs_str *found =
        bsearch(&symbol, locals->items, locals->n_items, sizeof *locals->items, compare_texts);
    RS_ASSERT(found != NULL);
    return (uint32_t)(found - locals->items);
}

/* Which of the local symbols stand defined somewhere in the file. */
static bool mark_defined(rs_scip_reader *reader)
{
    enum { IS_DEFINITION = 1 };
    rs_scip_numbers_reset(&reader->defined);
    if (!rs_scip_numbers_reserve(&reader->defined, reader->locals.n_items)) {
        return false;
    }
    for (size_t i = 0; i < reader->locals.n_items; i++) {
        reader->defined.items[reader->defined.n_items++] = 0;
    }
    for (size_t i = 0; i < reader->occurrences.n_items; i++) {
        const rs_scip_occurrence *occurrence = &reader->occurrences.items[i];
        if ((occurrence->roles & IS_DEFINITION) != 0 &&
            rs_scip_symbol_is_local(occurrence->symbol)) {
            reader->defined.items[local_number(reader, occurrence->symbol)] = 1;
        }
    }
    return true;
}

static int64_t symbol_id_of(const file_rows *self, rs_str symbol)
{
    return rs_scip_symbol_is_local(symbol)
               ? id_of(self->x, self->first_local + local_number(self->reader, symbol))
               : rs_scip_symbol_id(symbol);
}

static rs_opt_i64 local_known_id(const file_rows *self, uint32_t local)
{
    return self->reader->defined.items[local] != 0
               ? rs_opt_i64_of(id_of(self->x, self->first_local + local))
               : (rs_opt_i64){0};
}

static rs_opt_i64 known_id_of(const file_rows *self, rs_str symbol)
{
    return rs_scip_symbol_is_local(symbol)
               ? local_known_id(self, local_number(self->reader, symbol))
               : rs_scip_known_id(rs_scip_known(self->x->options->scip, symbol));
}

/* --- rows --- */

static void document_row(file_rows *self, uint32_t number, uint32_t n_occurrences,
                         uint32_t n_symbols)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_reader *reader = self->reader;
    rs_scip_documents_row row = rs_scip_documents_row_new();
    row.document_id = id_of(self->x, number);
    row.path = rs_scip_text(w, self->x->file->display_path);
    row.language = rs_scip_text(w, reader->language);
    row.position_encoding = rs_word_of(reader->encoding);
    row.is_encoding_declared = reader->is_encoding_declared;
    row.n_copies = (int32_t)reader->n_copies;
    row.n_occurrences = (int32_t)n_occurrences;
    row.n_symbols = (int32_t)n_symbols;
    ROW_PUSH(w, scip_documents, &row);
}

/* The six columns of a span, in a row of either dataset that has them; null for nowhere. */
#define SPAN(self, row, span)                                                                      \
    do {                                                                                           \
        if ((span)->start != RS_SCIP_NOWHERE) {                                                    \
            rs_position from_ = rs_file_position((self)->x, 1, (span)->start);                     \
            rs_position to_ = rs_file_position((self)->x, from_.line, (span)->end);                \
            (row)->start_byte = rs_opt_i64_of((span)->start);                                      \
            (row)->end_byte = rs_opt_i64_of((span)->end);                                          \
            (row)->start_line = rs_opt_i32_of((int32_t)from_.line);                                \
            (row)->start_column = rs_opt_i32_of((int32_t)from_.column);                            \
            (row)->end_line = rs_opt_i32_of((int32_t)to_.line);                                    \
            (row)->end_column = rs_opt_i32_of((int32_t)to_.column);                                \
        }                                                                                          \
    } while (0)

static void occurrence_row(file_rows *self, uint32_t place)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_occurrence *occurrence = &self->reader->occurrences.items[place];
    const rs_scip_span *around = &occurrence->enclosing_span;
    rs_scip_occurrences_row row = rs_scip_occurrences_row_new();
    row.occurrence_id = id_of(self->x, self->first_occurrence + place);
    if (occurrence->symbol.n_bytes > 0) {
        row.symbol_id = rs_opt_i64_of(symbol_id_of(self, occurrence->symbol));
        row.symbol = rs_scip_text(w, occurrence->symbol);
        row.known_id = known_id_of(self, occurrence->symbol);
    }
    row.symbol_roles = occurrence->roles;
    row.syntax_kind = rs_word_of(occurrence->syntax_kind);
    row.override_documentation = rs_scip_text(w, occurrence->documentation);
    if (around->start != RS_SCIP_NOWHERE) {
        row.enclosing_start_byte = rs_opt_i64_of(around->start);
        row.enclosing_end_byte = rs_opt_i64_of(around->end);
    }
    SPAN(self, &row, &occurrence->span);
    ROW_PUSH(w, scip_occurrences, &row);
}

/* The graph's three words for SCIP's four; what the indexer leaves open is an error. */
static rs_w_severity severity_of(uint8_t scip_severity)
{
    switch (scip_severity) {
    case RS_W_scip_severity_WARNING:
        return RS_W_severity_WARNING;
    case RS_W_scip_severity_INFORMATION:
    case RS_W_scip_severity_HINT:
        return RS_W_severity_INFO;
    default:
        return RS_W_severity_ERROR;
    }
}

static void diagnostic_row(file_rows *self, uint32_t place)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_diagnostic *diagnostic = &self->reader->diagnostics.items[place];
    rs_scip_diagnostics_row row = rs_scip_diagnostics_row_new();
    row.diagnostic_id = id_of(self->x, self->first_diagnostic + place);
    row.occurrence_id = id_of(self->x, self->first_occurrence + diagnostic->occurrence);
    row.severity = rs_word_of(severity_of(diagnostic->severity));
    row.scip_severity = rs_word_of(diagnostic->severity);
    row.code = rs_scip_text(w, diagnostic->code);
    row.message = rs_scip_text(w, diagnostic->message);
    row.source = rs_scip_text(w, diagnostic->source);
    row.is_unnecessary = diagnostic->is_unnecessary;
    row.is_deprecated = diagnostic->is_deprecated;
    SPAN(self, &row, &self->reader->occurrences.items[diagnostic->occurrence].span);
    ROW_PUSH(w, scip_diagnostics, &row);
}

/* The first declaration of a symbol: of the document's own, or of the run. */
static bool is_first(const file_rows *self, uint32_t place)
{
    const rs_scip_information *information = &self->reader->informations.items[place];
    bool is_first_here = place == 0 || !rs_str_equal(information[-1].symbol, information->symbol);
    return is_first_here &&
           (rs_scip_symbol_is_local(information->symbol) ||
            rs_scip_declares_first(self->x->options->scip, information->symbol, self->document));
}

static void information_row(file_rows *self, uint32_t place)
{
    rs_scip_writer *w = &self->w;
    const rs_scip_information *information = &self->reader->informations.items[place];
    rs_scip_symbol_information_row row = rs_scip_symbol_information_row_new();
    row.information_id = id_of(self->x, self->first_information + place);
    row.symbol_id = symbol_id_of(self, information->symbol);
    RS_SCIP_INFORMATION(w, &row, information);
    row.is_first = is_first(self, place);
    ROW_PUSH(w, scip_symbol_information, &row);
}

/* The message is what the scratch buffer holds. */
static void error_row(file_rows *self, rs_w_scip_reason reason, uint32_t place, bool is_enclosing)
{
    rs_scip_writer *w = &self->w;
    rs_diagnostic_code code = rs_scip_reason_code(reason);
    rs_scip_span_errors_row row = rs_scip_span_errors_row_new();
    row.error_id = id_of(self->x, self->next_error++);
    row.path = rs_scip_text(w, self->x->file->display_path);
    row.code = rs_word_of(code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.reason = rs_word_of(reason);
    row.message = rs_scip_text(w, rs_buf_str(&self->x->scratch));
    row.is_enclosing = is_enclosing;
    if (place != RS_SCIP_NOWHERE) {
        row.occurrence_id = rs_opt_i64_of(id_of(self->x, self->first_occurrence + place));
    }
    ROW_PUSH(w, scip_span_errors, &row);
}

static void document_error(file_rows *self, rs_w_scip_reason reason)
{
    rs_buf *message = &self->x->scratch;
    rs_buf_reset(message);
    rs_buf_add(message, rs_diagnostic_get(rs_scip_reason_code(reason))->title);
    if (reason == RS_W_scip_reason_document_repeated) {
        rs_buf_addf(message, ": %" PRIu32, self->reader->n_copies);
    }
    error_row(self, reason, RS_SCIP_NOWHERE, false);
}

static void span_error(file_rows *self, uint32_t place, const rs_scip_span *span,
                       const rs_scip_range *range, bool is_enclosing)
{
    rs_buf *message = &self->x->scratch;
    if (span->reason == RS_ENUM_NULL) {
        return;
    }
    rs_buf_reset(message);
    rs_buf_addf(message, "%s: ", rs_words_find("scip_reason")->words[span->reason]);
    if (range->n_numbers == 3 || range->n_numbers == 4) {
        rs_buf_addf(message, "%" PRId32 ":%" PRId32 " to %" PRId32 ":%" PRId32 ", from 0",
                    range->start_line, range->start_character, range->end_line,
                    range->end_character);
    } else {
        rs_buf_addf(message, "%s%" PRIu32 " numbers", range->n_numbers > 4 ? "more than 4, " : "",
                    range->n_numbers);
    }
    error_row(self, (rs_w_scip_reason)span->reason, place, is_enclosing);
}

/* The text that a document carries is the file's, a byte order mark left out or not. */
static bool is_same_text(const file_rows *self)
{
    const rs_source *source = self->x->source;
    rs_str whole = {source->text, source->n_text};
    rs_str behind_mark = {source->text + source->text_start, source->n_text - source->text_start};
    bool is_comparable = !source->is_recoded || !self->x->options->scip->sources_are_utf8;
    return !is_comparable || rs_str_equal(self->reader->text, whole) ||
           rs_str_equal(self->reader->text, behind_mark);
}

static void error_rows(file_rows *self, bool was_read)
{
    const rs_scip_reader *reader = self->reader;
    if (!was_read) {
        document_error(self, RS_W_scip_reason_missing_repo_text_for_path);
    }
    if (reader->verdict == RS_SCIP_BROKEN) {
        document_error(self, RS_W_scip_reason_document_broken);
    } else if (reader->verdict == RS_SCIP_TOO_LARGE) {
        document_error(self, RS_W_scip_reason_document_too_large);
    }
    if (reader->n_copies > 1) {
        document_error(self, RS_W_scip_reason_document_repeated);
    }
    if (was_read && reader->text.n_bytes > 0 && !is_same_text(self)) {
        document_error(self, RS_W_scip_reason_text_differs);
    }
    for (uint32_t i = 0; i < reader->occurrences.n_items; i++) {
        const rs_scip_occurrence *occurrence = &reader->occurrences.items[i];
        span_error(self, i, &occurrence->span, &occurrence->range, false);
        span_error(self, i, &occurrence->enclosing_span, &occurrence->enclosing_range, true);
    }
}

/* A relationship that a local symbol takes part in is the file's; all others are the run's. */
static void relation_rows(file_rows *self)
{
    rs_scip_reader *reader = self->reader;
    for (size_t i = 0; i < reader->relations.n_items; i++) {
        const rs_scip_relation *relation = &reader->relations.items[i];
        if (rs_scip_symbol_is_local(relation->symbol) ||
            rs_scip_symbol_is_local(relation->related)) {
            rs_scip_relation_row(&self->w, symbol_id_of(self, relation->symbol),
                                 symbol_id_of(self, relation->related), relation);
        }
    }
}

static bool is_declared(const rs_scip_informations *informations, rs_str symbol)
{
    size_t low = 0;
    size_t high = informations->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rs_str_compare(informations->items[middle].symbol, symbol) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < informations->n_items && rs_str_equal(informations->items[low].symbol, symbol);
}

/* --- the summary --- */

static int compare_words(const void *left, const void *right)
{
    return compare_numbers(*(const uint32_t *)left, *(const uint32_t *)right);
}

/* The strings of symbols of the run that the file's rows of a dataset name. */
static bool add_named(file_rows *self, rs_dataset_id dataset, size_t id_column,
                      size_t symbol_column)
{
    const rs_batch *batch = &self->w.part->batches[dataset];
    const int64_t *ids = batch->columns[id_column].values.i64;
    const uint32_t *texts = batch->columns[symbol_column].values.str;
    for (size_t row = self->x->first_rows[dataset]; row < batch->n_rows; row++) {
        if (texts[row] != RS_STR_NULL && ids[row] < 0 &&
            !rs_scip_numbers_push(&self->reader->renamed, texts[row])) {
            return false;
        }
    }
    return true;
}

static bool is_link(const rs_scip_relation *relation)
{
    return !rs_scip_symbol_is_local(relation->symbol) &&
           !rs_scip_symbol_is_local(relation->related);
}

/* Every symbol of the run that rows or links name, once, in order, in reader->locals; how many links. */
static bool collect_named(file_rows *self, uint32_t *n_links)
{
    rs_scip_reader *reader = self->reader;
    rs_scip_texts *named = &reader->locals; /* done with, as `renamed` is */
    rs_scip_numbers_reset(&reader->renamed);
    bool fits =
        add_named(self, RS_DS_scip_symbol_information, RS_C_scip_symbol_information_symbol_id,
                  RS_C_scip_symbol_information_symbol) &&
        add_named(self, RS_DS_scip_occurrences, RS_C_scip_occurrences_symbol_id,
                  RS_C_scip_occurrences_symbol) &&
        add_named(self, RS_DS_scip_relationships, RS_C_scip_relationships_symbol_id,
                  RS_C_scip_relationships_symbol) &&
        add_named(self, RS_DS_scip_relationships, RS_C_scip_relationships_related_symbol_id,
                  RS_C_scip_relationships_related_symbol);
    rs_scip_texts_reset(named);
    if (reader->renamed.n_items > 0) {
        qsort(reader->renamed.items, reader->renamed.n_items, sizeof *reader->renamed.items,
              compare_words);
    }
    for (size_t i = 0; i < reader->renamed.n_items && fits; i++) {
        uint32_t number = reader->renamed.items[i];
        if (i == 0 || reader->renamed.items[i - 1] != number) {
            fits = rs_scip_texts_push(named, self->w.part->strings.items[number]);
        }
    }
    *n_links = 0;
    for (size_t i = 0; i < reader->relations.n_items && fits; i++) {
        if (is_link(&reader->relations.items[i])) {
            fits = rs_scip_texts_push(named, reader->relations.items[i].symbol) &&
                   rs_scip_texts_push(named, reader->relations.items[i].related);
            ++*n_links;
        }
    }
    sort_texts(named);
    return fits;
}

static uint32_t named_number(const file_rows *self, rs_str symbol)
{
    const rs_scip_texts *named = &self->reader->locals;
    const rs_str *found =
        bsearch(&symbol, named->items, named->n_items, sizeof *named->items, compare_texts);
    RS_ASSERT(found != NULL);
    return (uint32_t)(found - named->items);
}

/* What link should know: see rs_scip_summary. */
static bool summarise(file_rows *self)
{
    const rs_scip_reader *reader = self->reader;
    rs_buf *out = self->x->summary;
    rs_scip_summary head;
    if (!collect_named(self, &head.n_links)) {
        return false;
    }
    head.n_symbols = (uint32_t)reader->locals.n_items;
    rs_buf_append(out, (const char *)&head, sizeof head);
    for (size_t i = 0; i < reader->locals.n_items; i++) {
        rs_str symbol = reader->locals.items[i];
        uint32_t length = (uint32_t)symbol.n_bytes * 2 + is_declared(&reader->informations, symbol);
        rs_buf_append(out, (const char *)&length, sizeof length);
    }
    for (size_t i = 0; i < reader->relations.n_items; i++) {
        const rs_scip_relation *relation = &reader->relations.items[i];
        if (is_link(relation)) {
            rs_scip_link link = {named_number(self, relation->symbol),
                                 named_number(self, relation->related), relation->flags};
            rs_buf_append(out, (const char *)&link, sizeof link);
        }
    }
    for (size_t i = 0; i < reader->locals.n_items; i++) {
        rs_buf_add_str(out, reader->locals.items[i]);
    }
    return !out->failed;
}

/* --- the whole --- */

/* Sort what was read, and number it; false when memory is out. */
static bool arrange(file_rows *self, uint32_t first_number)
{
    rs_scip_reader *reader = self->reader;
    if (!sort_occurrences(reader) || !collect_locals(reader) || !mark_defined(reader)) {
        return false;
    }
    sort_diagnostics(reader);
    rs_scip_sort_informations(&reader->informations);
    rs_scip_sort_relations(&reader->relations);
    uint64_t n_entities = (uint64_t)first_number + 1 + reader->locals.n_items +
                          reader->informations.n_items + 3 * reader->occurrences.n_items +
                          reader->diagnostics.n_items;
    if (n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS) {
        reader->verdict = RS_SCIP_TOO_LARGE;
        rs_scip_reader_drop(reader);
    }
    self->first_local = first_number + 1;
    self->first_information = self->first_local + (uint32_t)reader->locals.n_items;
    self->first_occurrence = self->first_information + (uint32_t)reader->informations.n_items;
    self->first_diagnostic = self->first_occurrence + (uint32_t)reader->occurrences.n_items;
    self->next_error = self->first_diagnostic + (uint32_t)reader->diagnostics.n_items;
    return true;
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    const rs_scip_index *index = x->options->scip;
    rs_scip_reader *reader = x->worker;
    uint32_t first_number = x->next_number;
    if (!index->is_usable) {
        return RS_OK;
    }
    size_t first = rs_scip_group_find(&index->documents, x->file->path);
    if (first == index->documents.n_items ||
        !rs_str_equal(index->documents.items[first].key, x->file->path)) {
        return RS_OK;
    }
    file_rows self = {.w = {.part = x->part, .stop = x->stop},
                      .x = x,
                      .reader = reader,
                      .document = (uint32_t)first};
    bool was_read = rs_file_was_read(x);
    RS_TRY(rs_scip_read_documents(reader, index, first, rs_scip_group_end(&index->documents, first),
                                  err));
    uint32_t n_occurrences = (uint32_t)reader->occurrences.n_items;
    uint32_t n_symbols = (uint32_t)reader->informations.n_items;
    if (was_read) {
        RS_TRY(
            rs_scip_place(&reader->occurrences, x->source, x->lines, index->sources_are_utf8, err));
    }
    if (!arrange(&self, first_number)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    document_row(&self, first_number, n_occurrences, n_symbols);
    for (uint32_t i = 0; i < reader->locals.n_items; i++) {
        rs_str symbol = reader->locals.items[i];
        rs_scip_symbol_row(&self.w, id_of(x, self.first_local + i), symbol,
                           is_declared(&reader->informations, symbol), false,
                           local_known_id(&self, i), &x->scratch);
    }
    for (uint32_t i = 0; i < reader->informations.n_items; i++) {
        information_row(&self, i);
    }
    for (uint32_t i = 0; i < reader->occurrences.n_items; i++) {
        occurrence_row(&self, i);
    }
    for (uint32_t i = 0; i < reader->diagnostics.n_items; i++) {
        diagnostic_row(&self, i);
    }
    relation_rows(&self);
    error_rows(&self, was_read);
    x->next_number = self.next_error;
    if (x->summary != NULL && !summarise(&self)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    return self.w.status == RS_OK ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static bool is_wanted(const rs_lens_options *options)
{
    return options->scip != NULL;
}

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, sizeof(rs_scip_reader));
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void worker_free(void *worker)
{
    rs_scip_reader_release(worker);
    rs_free(worker);
}

static const rs_dataset_id gives[] = {
    RS_DS_scip_metadata,           RS_DS_scip_documents,
    RS_DS_scip_occurrences,        RS_DS_scip_symbols,
    RS_DS_scip_symbol_information, RS_DS_scip_external_symbols,
    RS_DS_scip_relationships,      RS_DS_scip_diagnostics,
    RS_DS_scip_span_errors,        RS_N_EVIDENCE,
};

static const rs_lens_limit limits[] = {
    {"max_document_bytes", offsetof(rs_lens_options, scip_limits.max_document_bytes),
     (uint64_t)64 << 20, "scip_document_too_large",
     "The documents of one path together; larger ones are left out."},
    {"max_key_bytes", offsetof(rs_lens_options, scip_limits.max_key_bytes), (uint64_t)64 << 10, "",
     "A path or symbol that a message is found by; one with a longer one is found by none."},
    {0},
};

const rs_lens rs_lens_scip = {
    .name = "scip",
    .doc = "What an index that another tool made says of the file.",
    .version = 1,
    .gives = gives,
    .limits = limits,
    .is_wanted = is_wanted,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
    .link = rs_scip_link_files,
    .linked_free = rs_scip_linked_free,
    .rest = rs_scip_rest,
};
