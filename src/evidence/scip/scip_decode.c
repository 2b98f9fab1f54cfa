/* SPDX-License-Identifier: Apache-2.0 */
/* scip_decode.c - messages of an index to plain values, through protobuf-c. */
#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>

#include "evidence/scip/scip.pb-c.h"
#include "evidence/scip/scip_impl.h"

/* --- small things --- */

/* The protobuf library's memory: blocks are not freed alone, and no byte lies outside our arena. */
static void *pb_alloc(void *context, size_t n_bytes)
{
    rs_scip_reader *reader = context;
    void *block = rs_arena_alloc(&reader->arena, n_bytes, 1);
    reader->failed = reader->failed || block == NULL;
    return block;
}

static void pb_free(void *context, void *block)
{
    (void)context;
    (void)block;
}

static ProtobufCAllocator allocator_of(rs_scip_reader *reader)
{
    return (ProtobufCAllocator){.alloc = pb_alloc, .free = pb_free, .allocator_data = reader};
}

static rs_str keep(rs_scip_reader *reader, rs_str text)
{
    const char *bytes = rs_arena_strndup(&reader->arena, text.bytes, text.n_bytes);
    reader->failed = reader->failed || bytes == NULL;
    return (rs_str){bytes, bytes != NULL ? text.n_bytes : 0};
}

static rs_str text_raw(ProtobufCBinaryData data)
{
    return data.len == 0 ? (rs_str){0} : (rs_str){(const char *)data.data, data.len};
}

/* Add a text to the scratch buffer, U+FFFD for what is no UTF-8. */
static void add_repaired(rs_scip_reader *reader, rs_str text)
{
    for (size_t at = 0; at < text.n_bytes;) {
        size_t end;
        size_t bad = rs_utf8_find_invalid(text.bytes, text.n_bytes, at, &end);
        rs_buf_append(&reader->scratch, text.bytes + at, bad - at);
        if (bad < text.n_bytes) {
            rs_buf_add(&reader->scratch, "\xef\xbf\xbd");
        }
        RS_ASSERT(bad >= at && (bad == text.n_bytes || end > bad)); /* each round takes something */
        at = bad < text.n_bytes ? end : bad;
    }
}

static rs_str take_scratch(rs_scip_reader *reader)
{
    reader->failed = reader->failed || reader->scratch.failed;
    return reader->scratch.n_bytes == 0 ? (rs_str){0} : keep(reader, rs_buf_str(&reader->scratch));
}

static bool is_utf8(rs_str text)
{
    size_t end;
    return text.n_bytes == 0 ||
           rs_utf8_find_invalid(text.bytes, text.n_bytes, 0, &end) == text.n_bytes;
}

static rs_str text_of(rs_scip_reader *reader, ProtobufCBinaryData data)
{
    rs_str text = text_raw(data);
    if (is_utf8(text)) {
        return text;
    }
    rs_buf_reset(&reader->scratch);
    add_repaired(reader, text);
    return take_scratch(reader);
}

static rs_str joined_of(rs_scip_reader *reader, size_t n_pieces, const ProtobufCBinaryData *pieces,
                        const char *between)
{
    if (n_pieces == 1) {
        return text_of(reader, pieces[0]);
    }
    rs_buf_reset(&reader->scratch);
    for (size_t i = 0; i < n_pieces; i++) {
        rs_buf_add(&reader->scratch, i == 0 ? "" : between);
        add_repaired(reader, text_raw(pieces[i]));
    }
    return take_scratch(reader);
}

/* A symbol is an identity: one that would have to be repaired breaks its message. */
static rs_str symbol_of(rs_scip_reader *reader, ProtobufCBinaryData data)
{
    rs_str text = text_raw(data);
    if (!is_utf8(text)) {
        reader->verdict = RS_SCIP_BROKEN;
    }
    return text;
}

/* SCIP's words count from 1. */
static uint8_t word_of(int32_t number, int n_words)
{
    return number >= 1 && number <= n_words ? (uint8_t)(number - 1) : (uint8_t)RS_ENUM_NULL;
}

static rs_scip_range range_of(const int32_t *numbers, size_t n_numbers)
{
    rs_scip_range range = {.n_numbers = n_numbers > 5 ? 5 : (uint32_t)n_numbers};
    if (n_numbers == 3 || n_numbers == 4) {
        range.start_line = numbers[0];
        range.start_character = numbers[1];
        range.end_line = n_numbers == 4 ? numbers[2] : numbers[0];
        range.end_character = numbers[n_numbers - 1];
    }
    return range;
}

/* --- lists --- */

static void add_diagnostic(rs_scip_reader *reader, uint32_t occurrence,
                           const RsScipPb__Diagnostic *message)
{
    enum { UNNECESSARY = 1, DEPRECATED = 2 };
    rs_scip_diagnostic diagnostic = {
        .occurrence = occurrence,
        .severity = word_of(message->severity, RS_N_W_scip_severity),
        .code = text_of(reader, message->code),
        .message = text_of(reader, message->message),
        .source = text_of(reader, message->source),
    };
    for (size_t i = 0; i < message->n_tags; i++) {
        diagnostic.is_unnecessary = diagnostic.is_unnecessary || message->tags[i] == UNNECESSARY;
        diagnostic.is_deprecated = diagnostic.is_deprecated || message->tags[i] == DEPRECATED;
    }
    if (!rs_scip_diagnostics_push(&reader->diagnostics, diagnostic)) {
        reader->failed = true;
    }
}

static void add_occurrence(rs_scip_reader *reader, rs_w_scip_position_encoding encoding,
                           const RsScipPb__Occurrence *message)
{
    const rs_scip_span nowhere = {RS_SCIP_NOWHERE, RS_SCIP_NOWHERE, RS_ENUM_NULL};
    rs_scip_occurrence occurrence = {
        .range = range_of(message->range, message->n_range),
        .enclosing_range = range_of(message->enclosing_range, message->n_enclosing_range),
        .span = nowhere,
        .enclosing_span = nowhere,
        .symbol = symbol_of(reader, message->symbol),
        .documentation = joined_of(reader, message->n_override_documentation,
                                   message->override_documentation, "\n\n"),
        .roles = message->symbol_roles,
        .syntax_kind = word_of(message->syntax_kind, RS_N_W_scip_syntax_kind),
        .encoding = (uint8_t)encoding,
        .number = (uint32_t)reader->occurrences.n_items,
    };
    for (size_t i = 0; i < message->n_diagnostics; i++) {
        add_diagnostic(reader, occurrence.number, message->diagnostics[i]);
    }
    if (!rs_scip_occurrences_push(&reader->occurrences, occurrence)) {
        reader->failed = true;
    }
}

static void add_relation(rs_scip_reader *reader, rs_str symbol,
                         const RsScipPb__Relationship *message)
{
    unsigned flags = (message->is_reference ? RS_SCIP_IS_REFERENCE : 0U) |
                     (message->is_implementation ? RS_SCIP_IS_IMPLEMENTATION : 0U) |
                     (message->is_type_definition ? RS_SCIP_IS_TYPE_DEFINITION : 0U) |
                     (message->is_definition ? RS_SCIP_IS_DEFINITION : 0U);
    rs_scip_relation relation = {symbol, symbol_of(reader, message->symbol), (uint8_t)flags};
    if (relation.related.n_bytes == 0) {
        return; /* related to nothing */
    }
    if (!rs_scip_relations_push(&reader->relations, relation)) {
        reader->failed = true;
    }
}

static void add_information(rs_scip_reader *reader, const RsScipPb__SymbolInformation *message)
{
    rs_scip_information information = {
        .symbol = symbol_of(reader, message->symbol),
        .display_name = text_of(reader, message->display_name),
        .enclosing_symbol = text_of(reader, message->enclosing_symbol),
        .documentation =
            joined_of(reader, message->n_documentation, message->documentation, "\n\n"),
        .kind = word_of(message->kind, RS_N_W_scip_kind),
    };
    if (message->signature_documentation != NULL) {
        information.signature_language =
            text_of(reader, message->signature_documentation->language);
        information.signature_text = text_of(reader, message->signature_documentation->text);
    }
    if (information.symbol.n_bytes == 0) {
        reader->verdict = RS_SCIP_BROKEN; /* of no symbol */
        return;
    }
    for (size_t i = 0; i < message->n_relationships; i++) {
        add_relation(reader, information.symbol, message->relationships[i]);
    }
    if (!rs_scip_informations_push(&reader->informations, information)) {
        reader->failed = true;
    }
}

/* --- whole messages --- */

static void add_document(rs_scip_reader *reader, const rs_scip_index *index, rs_str bytes,
                         bool is_first)
{
    ProtobufCAllocator allocator = allocator_of(reader);
    const RsScipPb__Document *message =
        rs_scip_pb__document__unpack(&allocator, bytes.n_bytes, (const uint8_t *)bytes.bytes);
    if (message == NULL) {
        reader->verdict = RS_SCIP_BROKEN;
        return;
    }
    uint8_t declared = word_of(message->position_encoding, RS_N_W_scip_position_encoding);
    rs_w_scip_position_encoding encoding =
        declared == RS_ENUM_NULL ? index->encoding : (rs_w_scip_position_encoding)declared;
    if (is_first) {
        reader->language = text_of(reader, message->language);
        reader->text = text_raw(message->text);
        reader->encoding = encoding;
        reader->is_encoding_declared = declared != RS_ENUM_NULL;
    }
    for (size_t i = 0; i < message->n_occurrences; i++) {
        add_occurrence(reader, encoding, message->occurrences[i]);
    }
    for (size_t i = 0; i < message->n_symbols; i++) {
        add_information(reader, message->symbols[i]);
    }
}

static void add_external(rs_scip_reader *reader, const rs_scip_index *index, rs_str bytes,
                         bool is_first)
{
    (void)index;
    (void)is_first;
    ProtobufCAllocator allocator = allocator_of(reader);
    const RsScipPb__SymbolInformation *message = rs_scip_pb__symbol_information__unpack(
        &allocator, bytes.n_bytes, (const uint8_t *)bytes.bytes);
    if (message == NULL) {
        reader->verdict = RS_SCIP_BROKEN;
        return;
    }
    add_information(reader, message);
}

void rs_scip_reader_drop(rs_scip_reader *reader)
{
    rs_scip_occurrences_reset(&reader->occurrences);
    rs_scip_diagnostics_reset(&reader->diagnostics);
    rs_scip_informations_reset(&reader->informations);
    rs_scip_relations_reset(&reader->relations);
    rs_scip_texts_reset(&reader->locals);
}

static void reader_reset(rs_scip_reader *reader)
{
    rs_arena_reset(&reader->arena);
    reader->failed = false;
    reader->verdict = RS_SCIP_DECODED;
    reader->language = reader->text = (rs_str){0};
    reader->n_copies = 0;
    rs_scip_texts_reset(&reader->messages);
    rs_scip_reader_drop(reader);
}

static int compare_messages(const void *left, const void *right)
{
    return rs_str_compare(*(const rs_str *)left, *(const rs_str *)right);
}

/* The messages' bytes in order of content, whatever order the index has them in. */
static void load_messages(rs_scip_reader *reader, const rs_scip_index *index,
                          const rs_scip_entry *entries, size_t n_entries)
{
    uint64_t n_bytes = 0;
    for (size_t i = 0; i < n_entries; i++) {
        n_bytes += entries[i].n_bytes;
    }
    if (n_bytes > index->max_document_bytes) {
        reader->verdict = RS_SCIP_TOO_LARGE;
        return;
    }
    for (size_t i = 0; i < n_entries && reader->verdict == RS_SCIP_DECODED; i++) {
        char *bytes = rs_arena_alloc(&reader->arena, (size_t)entries[i].n_bytes + 1, 1);
        rs_str message = {bytes, (size_t)entries[i].n_bytes};
        if (bytes == NULL || !rs_scip_texts_push(&reader->messages, message)) {
            reader->failed = true;
            return;
        }
        if (!rs_scip_read_message(index, &entries[i], bytes)) {
            reader->verdict = RS_SCIP_BROKEN;
        }
    }
    qsort(reader->messages.items, reader->messages.n_items, sizeof *reader->messages.items,
          compare_messages);
}

typedef void (*add_fn)(rs_scip_reader *reader, const rs_scip_index *index, rs_str bytes,
                       bool is_first);

static rs_status read_group(rs_scip_reader *reader, const rs_scip_index *index,
                            const rs_scip_entry *entries, size_t n_entries, add_fn add,
                            rs_error *err)
{
    RS_ASSERT(n_entries > 0);
    RS_TRY(rs_stop_check(index->stop, err));
    reader_reset(reader);
    reader->n_copies = (uint32_t)n_entries;
    reader->encoding = index->encoding;
    reader->is_encoding_declared = false;
    load_messages(reader, index, entries, n_entries);
    for (size_t i = 0; i < n_entries && reader->verdict == RS_SCIP_DECODED && !reader->failed;
         i++) {
        add(reader, index, reader->messages.items[i], i == 0);
    }
    if (reader->failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory");
    }
    if (reader->verdict != RS_SCIP_DECODED) {
        rs_scip_reader_drop(reader);
    }
    return RS_OK;
}

rs_status rs_scip_read_documents(rs_scip_reader *reader, const rs_scip_index *index, size_t first,
                                 size_t end, rs_error *err)
{
    return read_group(reader, index, index->documents.items + first, end - first, add_document,
                      err);
}

rs_status rs_scip_read_externals(rs_scip_reader *reader, const rs_scip_index *index, size_t first,
                                 size_t end, rs_error *err)
{
    return read_group(reader, index, index->externals.items + first, end - first, add_external,
                      err);
}

rs_status rs_scip_read_metadata(rs_scip_reader *reader, const rs_scip_index *index,
                                rs_scip_metadata *out, rs_error *err)
{
    reader_reset(reader);
    *out = (rs_scip_metadata){.text_encoding = RS_ENUM_NULL};
    ProtobufCAllocator allocator = allocator_of(reader);
    const RsScipPb__Metadata *message = rs_scip_pb__metadata__unpack(
        &allocator, index->metadata.n_bytes, (const uint8_t *)rs_buf_text(&index->metadata));
    if (message != NULL) {
        out->protocol_version = message->version;
        out->project_root = text_of(reader, message->project_root);
        out->text_encoding = word_of(message->text_document_encoding, RS_N_W_scip_text_encoding);
    } else {
        reader->verdict = RS_SCIP_BROKEN;
    }
    if (message != NULL && message->tool_info != NULL) {
        const RsScipPb__ToolInfo *tool = message->tool_info;
        out->tool_name = text_of(reader, tool->name);
        out->tool_version = text_of(reader, tool->version);
        out->tool_arguments = joined_of(reader, tool->n_arguments, tool->arguments, "\n");
    }
    return reader->failed ? rs_error_set(err, RS_ERR_NOMEM, "read the SCIP index: out of memory")
                          : RS_OK;
}

void rs_scip_reader_release(rs_scip_reader *reader)
{
    rs_arena_release(&reader->arena);
    rs_scip_occurrences_release(&reader->occurrences);
    rs_scip_diagnostics_release(&reader->diagnostics);
    rs_scip_informations_release(&reader->informations);
    rs_scip_relations_release(&reader->relations);
    rs_scip_texts_release(&reader->messages);
    rs_scip_texts_release(&reader->locals);
    rs_scip_numbers_release(&reader->renamed);
    rs_scip_numbers_release(&reader->defined);
    rs_buf_release(&reader->scratch);
}
