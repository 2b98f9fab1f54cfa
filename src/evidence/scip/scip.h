/* SPDX-License-Identifier: Apache-2.0 */
/* scip.h - the SCIP lens: an index.scip that another tool made, to rows.
 *
 * The index is walked once from end to end in a window of fixed size: each document and external
 * symbol is noted by its path or symbol, offset and length, and nothing of it is kept. Before the
 * first file each is read once for a table of the symbols that are declared, and by whom first.
 * Afterwards a worker that has a file at hand reads that file's documents alone. So memory does not
 * grow with the index, but with the largest document (max_document_bytes), with the symbols
 * and with the rows.
 *
 * Order and ids come from content: neither the order of documents in the index nor that of rows in
 * a document changes a byte of what comes out.
 *
 * Nothing about the index fails. One that cannot be read or is no whole index gives a row of
 * scip_span_errors and no further evidence.
 */
#ifndef RS_EVIDENCE_SCIP_H
#define RS_EVIDENCE_SCIP_H

#include "base/arena.h"
#include "base/hash.h"
#include "repo/walk.h"
#include "schema/batch.h"

enum { RS_SCIP_MESSAGE_BYTES = 200 };

/* A document by its path, or an external symbol by its text, and where its message lies. */
typedef struct rs_scip_entry {
    rs_str key;
    uint64_t offset;
    uint64_t n_bytes;
    bool has_file; /* of a document: the repository lists its path */
} rs_scip_entry;

RS_VEC_DEFINE(rs_scip_entries, rs_scip_entry)

extern const struct rs_lens rs_lens_scip;

/* Two symbols that are related, by number; RS_SCIP_IS_*. */
typedef struct rs_scip_link {
    uint32_t symbol;
    uint32_t related;
    uint32_t flags;
} rs_scip_link;

enum {
    RS_SCIP_IS_REFERENCE = 1u << 0,
    RS_SCIP_IS_IMPLEMENTATION = 1u << 1,
    RS_SCIP_IS_TYPE_DEFINITION = 1u << 2,
    RS_SCIP_IS_DEFINITION = 1u << 3
};

/* A symbol that is not a document's own. */
typedef struct rs_scip_symbol {
    uint32_t first; /* who declares it first: see rs_scip_declares_first() */
    uint32_t flags; /* RS_SCIP_SYMBOL_*: what is said of it by what lies in no file; and DEFINED */
} rs_scip_symbol;

enum {
    RS_SCIP_SYMBOL_NAMED = 1u << 0,
    RS_SCIP_SYMBOL_DECLARED = 1u << 1,
    RS_SCIP_SYMBOL_EXTERNAL = 1u << 2,
    RS_SCIP_SYMBOL_DEFINED = 1u << 3 /* by an occurrence of some document, of a file or not */
};

RS_VEC_DEFINE(rs_scip_links, rs_scip_link)
RS_VEC_DEFINE(rs_scip_symbols, rs_scip_symbol)
RS_VEC_DEFINE(rs_scip_numbers, uint32_t)

/* What has to be known of the whole index before the first file. */
typedef struct rs_scip_table {
    rs_strings texts;        /* of symbols */
    rs_scip_symbols symbols; /* by number in texts */
    rs_scip_links links;     /* of documents without a file, and of external symbols */
    rs_strings packages;     /* that define something: what stands before a symbol's descriptors */
    rs_strings spellings;    /* of definitions by the name that their file is imported by */
    rs_scip_numbers
        spelt; /* by number in spellings: number in texts, or RS_SCIP_NOWHERE: several */
} rs_scip_table;

/* Read-only once it was opened and matched; any number of threads may share it then. */
typedef struct rs_scip_index {
    int fd; /* when is_open */
    bool is_open;
    bool is_usable;
    rs_w_scip_reason reason; /* why it is not usable */
    char message[RS_SCIP_MESSAGE_BYTES];
    uint64_t n_bytes;
    char sha256[RS_SHA256_TEXT_BYTES];    /* "" when it could not be read to its end */
    rs_scip_entries documents;            /* by path, length, offset */
    rs_scip_entries externals;            /* by symbol, length, offset */
    rs_buf metadata;                      /* the message */
    rs_w_scip_position_encoding encoding; /* of documents that declare none */
    bool sources_are_utf8; /* the indexer read every file as UTF-8, whatever its coding line says */
    uint64_t max_document_bytes;
    const atomic_bool *stop; /* see base/stop.h */
    rs_arena text;           /* of the keys */
    rs_scip_table table;     /* once it was matched */
} rs_scip_index;

/*
 * Walk the index at path, within the limits of options. *index is all-zero before.
 *
 * Ownership: the caller releases *index, also on failure.
 * Errors: RS_ERR_NOMEM. A file that is no readable index is none: see is_usable.
 */
struct rs_lens_options;
rs_status rs_scip_open(rs_scip_index *index, const char *path,
                       const struct rs_lens_options *options, rs_error *err) RS_MUST_USE;
void rs_scip_release(rs_scip_index *index);

/*
 * Before the first file is looked at: note which documents have a file in the repository (both lists are
 * in order of path), and read all of them once for the table.
 *
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_scip_match(rs_scip_index *index, const rs_repo_files *files,
                        rs_error *err) RS_MUST_USE;

#endif
