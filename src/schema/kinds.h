/* SPDX-License-Identifier: Apache-2.0 */
/* kinds.h - the kinds of one run: those of the registry (kinds.def), and behind them those that its rule
 * packs declare, by name. Their numbers are those of the words of node_kind and edge_kind.
 *
 * A run takes them from its rules; a bundle says in its manifest which ones were declared, so that it is
 * read without the packs.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_SCHEMA_KINDS_H
#define RS_SCHEMA_KINDS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "schema/schema.h"

/* Of nodes, and of edges: a word's number is a byte, and so is what the doctor marks an id with. */
enum { RS_MAX_KINDS = 254, RS_MAX_KIND_NAME_BYTES = 64 };

/* What packs declare, beside the registry; all-zero: nothing. */
typedef struct rs_kinds {
    const rs_kind *nodes; /* in the order of their names, as edges are */
    size_t n_nodes;
    const rs_kind *edges;
    size_t n_edges;
    const rs_property *properties;
    size_t n_properties;
    rs_words
        node_words; /* all of them, in place of the registry's set; without words: nothing is declared */
    rs_words edge_words;
} rs_kinds;

/* What an end of an edge may be: an entity, or kinds of nodes by name. */
typedef struct rs_kind_ends {
    const rs_entity *entity; /* NULL: those of the names */
    const char *const *names;
    size_t n_names;
} rs_kind_ends;

typedef struct rs_declared_kind {
    rs_kind kind;         /* its ends are settled by rs_kinds_new() */
    rs_kind_ends ends[2]; /* of an edge */
} rs_declared_kind;

/* Those of the registry alone. */
const rs_kinds *rs_kinds_builtin(void);

/*
 * The registry's and these, whose names are new and different; everything that is pointed at is borrowed,
 * the rest lies in arena. A name of an end that is no kind of node is passed over.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_kinds_new(const rs_declared_kind *declared, size_t n_declared,
                       const rs_property *properties, size_t n_properties, rs_arena *arena,
                       rs_kinds **out, rs_error *err) RS_MUST_USE;

size_t rs_kinds_count(const rs_kinds *kinds, bool is_edge);
const rs_kind *rs_kinds_get(const rs_kinds *kinds, bool is_edge, size_t number);
/* By name; NULL when there is none. number may be NULL. */
const rs_kind *rs_kinds_find(const rs_kinds *kinds, bool is_edge, rs_str name, size_t *number);
/* A pack declares it. */
bool rs_kinds_is_declared(bool is_edge, size_t number);
/* The property of a kind, its own or one of ANY; NULL when there is none. */
const rs_property *rs_kinds_property(const rs_kinds *kinds, rs_str kind, bool is_edge, rs_str key);
/* The set of words with the kinds of the run in it, where it is one of kinds; any other as it is. */
const rs_words *rs_kinds_words(const rs_kinds *kinds, const rs_words *words);

/* A-Z, 0-9 and _, a letter first, at most RS_MAX_KIND_NAME_BYTES. */
bool rs_kind_is_name(rs_str text);

/* --- in documents (kinds_document.c) --- */

/* A kind with its properties: name, lens, label, covers, doc, src and dst of an edge, properties. */
json_t *rs_kind_document(const rs_kinds *kinds, const rs_kind *kind, bool *failed);
/* Properties of a kind, or of ANY. */
json_t *rs_kind_properties_document(const rs_kinds *kinds, const char *kind, bool is_edge,
                                    bool *failed);
/* {"nodes": [...], "edges": [...]}: those that packs declare; NULL when there are none. */
json_t *rs_kinds_document(const rs_kinds *kinds, bool *failed);
/*
 * The kinds of a bundle: what its manifest has of rs_kinds_document(), NULL for none. It is input: what is
 * not as it should be is passed over. Texts are copied into arena.
 * Errors: RS_ERR_NOMEM.
 */
rs_status rs_kinds_read(const json_t *document, rs_arena *arena, const rs_kinds **out,
                        rs_error *err) RS_MUST_USE;

#endif
