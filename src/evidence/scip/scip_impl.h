/* SPDX-License-Identifier: Apache-2.0 */
/* scip_impl.h - what the files of the SCIP lens share. */
#ifndef RS_EVIDENCE_SCIP_IMPL_H
#define RS_EVIDENCE_SCIP_IMPL_H

#include "base/line_index.h"
#include "evidence/lens.h"
#include "evidence/scip/scip.h"
#include "repo/source.h"
#include "schema/rows.h"

/* --- scip_index.c: messages by their key --- */

/* The first entry whose key is not before `key`. */
size_t rs_scip_group_find(const rs_scip_entries *entries, rs_str key);
/* Behind the last entry with the key of `first`. */
size_t rs_scip_group_end(const rs_scip_entries *entries, size_t first);
/* The message's n_bytes to out; false when the file no longer has them. */
bool rs_scip_read_message(const rs_scip_index *index, const rs_scip_entry *entry, char *out);

/* --- scip_decode.c: messages to plain values --- */

/* As the index has it: lines and characters from 0. */
typedef struct rs_scip_range {
    int32_t start_line;
    int32_t start_character;
    int32_t end_line;
    int32_t end_character;
    uint32_t n_numbers; /* that were there: 3 or 4 in a whole one */
} rs_scip_range;

#define RS_SCIP_NOWHERE UINT32_MAX

/* In raw bytes; both RS_SCIP_NOWHERE without a range, and for an impossible one. */
typedef struct rs_scip_span {
    uint32_t start;
    uint32_t end;
    uint8_t reason; /* rs_w_scip_reason of an impossible one, else RS_ENUM_NULL */
} rs_scip_span;

/* Texts are UTF-8; bytes is NULL where the index has none or an empty one. */
typedef struct rs_scip_occurrence {
    rs_scip_range range;
    rs_scip_range enclosing_range;
    rs_scip_span span;
    rs_scip_span enclosing_span;
    rs_str symbol;
    rs_str documentation;
    int32_t roles;
    uint8_t syntax_kind; /* rs_w_scip_syntax_kind or RS_ENUM_NULL */
    uint8_t encoding;    /* rs_w_scip_position_encoding that its columns are in */
    uint32_t number;     /* as it was decoded, from 0 */
} rs_scip_occurrence;

typedef struct rs_scip_diagnostic {
    uint32_t occurrence; /* number of the one that it hangs on */
    uint8_t severity;    /* rs_w_scip_severity or RS_ENUM_NULL */
    bool is_unnecessary;
    bool is_deprecated;
    rs_str code;
    rs_str message;
    rs_str source;
} rs_scip_diagnostic;

typedef struct rs_scip_information {
    rs_str symbol;
    rs_str display_name;
    rs_str enclosing_symbol;
    rs_str documentation;
    rs_str signature_language;
    rs_str signature_text;
    uint8_t kind; /* rs_w_scip_kind or RS_ENUM_NULL */
} rs_scip_information;

typedef struct rs_scip_relation {
    rs_str symbol;
    rs_str related;
    uint8_t flags; /* RS_SCIP_IS_* */
} rs_scip_relation;

RS_VEC_DEFINE(rs_scip_occurrences, rs_scip_occurrence)
RS_VEC_DEFINE(rs_scip_diagnostics, rs_scip_diagnostic)
RS_VEC_DEFINE(rs_scip_informations, rs_scip_information)
RS_VEC_DEFINE(rs_scip_relations, rs_scip_relation)
RS_VEC_DEFINE(rs_scip_texts, rs_str)

typedef enum rs_scip_verdict {
    RS_SCIP_DECODED,
    RS_SCIP_BROKEN,   /* one of the messages is none, or has a symbol that is no UTF-8 */
    RS_SCIP_TOO_LARGE /* index->max_document_bytes */
} rs_scip_verdict;

/* What all messages of one key say, and the memory for it, which is kept from key to key. */
typedef struct rs_scip_reader {
    rs_arena arena; /* everything below */
    bool failed;    /* memory ran out */
    rs_scip_verdict verdict;
    rs_str language; /* of the first document, in order of content; so are the next four */
    rs_str text;
    rs_w_scip_position_encoding encoding;
    bool is_encoding_declared;
    uint32_t n_copies;
    rs_scip_occurrences occurrences;
    rs_scip_diagnostics diagnostics;
    rs_scip_informations informations;
    rs_scip_relations relations;
    rs_scip_texts messages;
    rs_buf scratch;
    rs_scip_texts locals;    /* the file's own symbols, sorted */
    rs_scip_numbers renamed; /* from an occurrence's number to its place among the sorted ones */
    rs_scip_numbers defined; /* for each local symbol 1 where the file defines it, else 0 */
} rs_scip_reader;

void rs_scip_reader_release(rs_scip_reader *reader);
/* Forget what was read: nothing of a message is used that is partly unread. */
void rs_scip_reader_drop(rs_scip_reader *reader);

/*
 * Read the documents, or external symbols, of entries[first .. end), which have one key, in order
 * of their content. With any verdict but RS_SCIP_DECODED all lists are empty.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_scip_read_documents(rs_scip_reader *reader, const rs_scip_index *index, size_t first,
                                 size_t end, rs_error *err) RS_MUST_USE;
rs_status rs_scip_read_externals(rs_scip_reader *reader, const rs_scip_index *index, size_t first,
                                 size_t end, rs_error *err) RS_MUST_USE;

/* What the metadata says of the index; see rs_scip_metadata_row(). Sets index->encoding. */
typedef struct rs_scip_metadata {
    rs_str tool_name;
    rs_str tool_version;
    rs_str tool_arguments;
    rs_str project_root;
    int32_t protocol_version;
    uint8_t text_encoding; /* rs_w_scip_text_encoding or RS_ENUM_NULL */
} rs_scip_metadata;

/* Texts live in reader's arena. Errors: RS_ERR_NOMEM. A message that is none gives verdict BROKEN. */
rs_status rs_scip_read_metadata(rs_scip_reader *reader, const rs_scip_index *index,
                                rs_scip_metadata *out, rs_error *err) RS_MUST_USE;

/* --- scip_table.c --- */

/* Read all documents, of files (in order of path) or not, and external symbols. Errors: RS_ERR_NOMEM. */
rs_status rs_scip_table_fill(rs_scip_index *index, const rs_repo_files *files,
                             rs_error *err) RS_MUST_USE;
void rs_scip_table_release(rs_scip_table *table);

/* Set in the place of an external symbol. */
#define RS_SCIP_OF_EXTERNALS (UINT32_C(1) << 31)

/*
 * Is it the document, or external symbol, whose first entry is `entry` that declares the symbol first?
 * Documents that have a file come first, in order of path; then those without; then external symbols.
 */
bool rs_scip_declares_first(const rs_scip_index *index, rs_str symbol, uint32_t entry);

/* --- scip_known.c --- */

/*
 * A document defines the symbol with this number in texts; module: the name that its file is imported
 * by, without bytes where it has none. False when memory is out.
 */
bool rs_scip_table_define(rs_scip_table *table, uint32_t symbol, rs_str module,
                          rs_buf *scratch) RS_MUST_USE;

/*
 * The symbol that one of the run counts as: itself, where a document defines it or where it is of
 * another package; the one definition that it spells without the path before its module; none.
 */
rs_str rs_scip_known(const rs_scip_index *index, rs_str symbol);

/* --- scip_link.c --- */

/* The start of a summary. Behind it stand, for each symbol, its length * 2 + (the file declares it);
 * then the links; then the symbols' texts, one behind the other. */
typedef struct rs_scip_summary {
    uint32_t n_symbols;
    uint32_t n_links;
} rs_scip_summary;

/* What the summaries of all files and the table come to. */
typedef struct rs_scip_linked {
    rs_strings texts;
    rs_scip_numbers flags;  /* by number in texts: RS_SCIP_SYMBOL_* */
    rs_scip_numbers sorted; /* numbers in order of text */
    rs_scip_relations relations;
} rs_scip_linked;

rs_status rs_scip_link_files(const rs_lens_options *options, const rs_summary *files,
                             size_t n_files, void **linked, rs_error *err);
void rs_scip_linked_free(void *linked);

/* --- scip_rest.c --- */

rs_status rs_scip_rest(const rs_lens_options *options, const void *linked, rs_part *part,
                       rs_error *err);

/* --- scip_place.c --- */

/*
 * Give every occurrence its spans in the raw bytes of a source; lines is the index of the raw
 * bytes. as_utf8: columns count in the raw bytes read as UTF-8, not in the source's text.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_scip_place(rs_scip_occurrences *occurrences, const rs_source *source,
                        const rs_line_index *lines, bool as_utf8, rs_error *err) RS_MUST_USE;

/* --- scip_symbol.c --- */

/* A symbol taken apart; texts are borrowed from it or from scratch, bytes NULL where there is none. */
typedef struct rs_scip_name {
    rs_str scheme;
    rs_str package_manager;
    rs_str package_name;
    rs_str package_version;
    rs_str name;
    uint8_t suffix; /* rs_w_scip_suffix or RS_ENUM_NULL */
} rs_scip_name;

/* All-null (suffix too) when the text breaks SCIP's grammar. scratch holds unescaped texts. */
void rs_scip_symbol_parse(rs_str symbol, rs_buf *scratch, rs_scip_name *out);

/* True for a symbol that only its document has. */
bool rs_scip_symbol_is_local(rs_str symbol);

/* --- scip_rows.c --- */

/* Where rows go, and the first failure while they are written. */
typedef struct rs_scip_writer {
    rs_part *part;
    const atomic_bool *stop; /* that of the options */
    rs_status status;
} rs_scip_writer;

/* A text for a row, null for one without bytes. */
rs_text rs_scip_text(rs_scip_writer *writer, rs_str text);
/* Sorts by all fields and drops repeated ones. */
void rs_scip_sort_informations(rs_scip_informations *informations);
/* Sorts by the two symbols; what is said of one pair is put together. */
void rs_scip_sort_relations(rs_scip_relations *relations);
/* The negative id of a symbol that is no local one. */
int64_t rs_scip_symbol_id(rs_str symbol);
/* A row of scip_symbols. */
void rs_scip_symbol_row(rs_scip_writer *writer, int64_t symbol_id, rs_str symbol, bool is_declared,
                        bool is_external, rs_opt_i64 known_id, rs_buf *scratch);
/* A row of scip_relationships. */
void rs_scip_relation_row(rs_scip_writer *writer, int64_t symbol_id, int64_t related_id,
                          const rs_scip_relation *relation);
/* That of the symbol that rs_scip_known() gave; null for none. */
rs_opt_i64 rs_scip_known_id(rs_str known);
/* Diagnostic code of a reason. */
rs_diagnostic_code rs_scip_reason_code(rs_w_scip_reason reason);

/* What declarations and external symbols say alike, in a row of either. */
#define RS_SCIP_INFORMATION(w, row, information)                                                   \
    do {                                                                                           \
        (row)->symbol = rs_scip_text(w, (information)->symbol);                                    \
        (row)->kind = rs_word_of((information)->kind);                                             \
        (row)->display_name = rs_scip_text(w, (information)->display_name);                        \
        (row)->enclosing_symbol = rs_scip_text(w, (information)->enclosing_symbol);                \
        (row)->documentation = rs_scip_text(w, (information)->documentation);                      \
        (row)->signature_language = rs_scip_text(w, (information)->signature_language);            \
        (row)->signature_text = rs_scip_text(w, (information)->signature_text);                    \
    } while (0)

#endif
