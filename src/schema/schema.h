/* SPDX-License-Identifier: Apache-2.0 */
/* schema.h - the registries as tables: datasets, columns, word sets, ast classes, kinds, diagnostics.
 *
 * All of it is constant data expanded from the *.def files of this folder; every
 * name in SQL, Parquet, documentation and messages comes from here.
 *
 * Threads: read-only, any thread.
 */
#ifndef RS_SCHEMA_SCHEMA_H
#define RS_SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "schema/entity.h"

/* What a column holds in memory; RS_TYPE_ENUM is a word's number and a string everywhere else. */
typedef enum rs_type {
    RS_TYPE_I64,
    RS_TYPE_I32,
    RS_TYPE_BOOL, /* uint8_t 0 or 1 */
    RS_TYPE_F32,
    RS_TYPE_F64,
    RS_TYPE_STR, /* uint32_t number in the part's rs_strings, or RS_STR_NULL */
    RS_TYPE_ENUM /* uint8_t number of a word in the column's set, or RS_ENUM_NULL */
} rs_type;

/* How many values of its type a row has: what a run says of itself (relspec.def) has all three. */
typedef enum rs_shape {
    RS_SHAPE_ONE,
    RS_SHAPE_LIST,
    RS_SHAPE_MAP /* from texts */
} rs_shape;

enum { RS_ENUM_NULL = 0xff };

/* A closed set of words; NULL-terminated by count. */
typedef struct rs_words {
    const char *name;
    const char *const *words;
    size_t n_words;
} rs_words;

typedef struct rs_column {
    const char *name;
    rs_type type;
    const rs_words *words;   /* for RS_TYPE_ENUM, else NULL */
    const rs_entity *entity; /* what an id (an I64) refers to; NULL: it is none */
    bool is_shared;          /* an id: rows of several files may have the same one */
    rs_shape shape;
    bool required;      /* never null */
    const char *source; /* "" stored, "node:ID:COLUMN" or "file_of:ID": see evidence.def */
    const char *doc;
} rs_column;

typedef struct rs_dataset {
    const char *name;
    int version;
    const char *lens;
    const char *key; /* column names, separated by ", "; "" where rows may be equal */
    const char *doc;
    const rs_column *columns;
    size_t n_columns;
} rs_dataset;

/* clang-format off */
/* RS_DS_calls, ...: index into rs_datasets(). */
typedef enum rs_dataset_id {
#define RS_DATASET(name, version, lens, key, doc) RS_DS_##name,
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/evidence.def"
    RS_N_EVIDENCE
} rs_dataset_id;

/* RS_C_calls_call_id, ...: index into a dataset's columns. */
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    typedef enum rs_##name##_column {
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_C_##dataset##_##name,
#define RS_DATASET_END(name)                                                                       \
    RS_N_C_##name                                                                                  \
    }                                                                                              \
    rs_##name##_column;
#include "schema/evidence.def"

/* RS_G_nodes, ...: the graph's datasets, and RS_C_nodes_node_id, ...: their columns. */
typedef enum rs_graph_dataset_id {
#define RS_DATASET(name, version, lens, key, doc) RS_G_##name,
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/graph.def"
    RS_N_GRAPH
} rs_graph_dataset_id;

#define RS_DATASET(name, version, lens, key, doc)                                                  \
    typedef enum rs_##name##_column {
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_C_##dataset##_##name,
#define RS_DATASET_END(name)                                                                       \
    RS_N_C_##name                                                                                  \
    }                                                                                              \
    rs_##name##_column;
#include "schema/graph.def"

/* The engine that `<engine>_fallbacks` and `<engine>_explains` are of, for texts that are put together when
 * relspec is compiled: the name of its row (engine/engine.c), which unit.engine_query compares. Who has a
 * run at hand asks its engine. */
#define RS_SQL_ENGINE "duckdb"

/* RS_R_rule_diagnostics, ...: what a run says of itself, and RS_C_...: the columns. */
typedef enum rs_record_dataset_id {
#define RS_DATASET(name, version, lens, key, doc) RS_R_##name,
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/relspec.def"
    RS_N_RECORDS
} rs_record_dataset_id;

#define RS_DATASET(name, version, lens, key, doc)                                                  \
    typedef enum rs_##name##_column {
#define RS_COLUMN(dataset, name, type, presence, source, doc) RS_C_##dataset##_##name,
#define RS_DATASET_END(name)                                                                       \
    RS_N_C_##name                                                                                  \
    }                                                                                              \
    rs_##name##_column;
#include "schema/relspec.def"

/* RS_W_context_LOAD, ...: number of a word in its set. */
#define RS_ENUM(name)                                                                              \
    typedef enum rs_w_##name {
#define RS_ENUM_VALUE(set, value) RS_W_##set##_##value,
#define RS_ENUM_END(name)                                                                          \
    RS_N_W_##name                                                                                  \
    }                                                                                              \
    rs_w_##name;
#include "schema/enums.def"
#define RS_ENUM(name)                                                                              \
    typedef enum rs_w_##name {
#define RS_ENUM_VALUE(set, value) RS_W_##set##_##value,
#define RS_ENUM_END(name)                                                                          \
    RS_N_W_##name                                                                                  \
    }                                                                                              \
    rs_w_##name;
#include "schema/graph.def"

/* RS_AST_Call, ...: classes of the tree's nodes. */
typedef enum rs_ast_class {
#define RS_AST_CLASS(name, kind, fields) RS_AST_##name,
#include "schema/ast.def"
    RS_N_AST_CLASSES
} rs_ast_class;

enum { RS_MAX_AST_CLASSES = 255 }; /* of all languages together */

/* RS_F_body, ...; RS_F_ is the root's. */
typedef enum rs_ast_field {
#define RS_AST_FIELD(name) RS_F_##name,
#include "schema/ast.def"
    RS_N_AST_FIELDS
} rs_ast_field;

typedef enum rs_diagnostic_code {
#define RS_DIAGNOSTIC(code, severity, title, remedy) RS_D_##code,
#include "schema/diagnostics.def"
    RS_N_DIAGNOSTICS
} rs_diagnostic_code;
/* clang-format on */

typedef struct rs_diagnostic_info {
    const char *code;
    rs_w_severity severity;
    const char *title;
    const char *remedy;
} rs_diagnostic_info;

/* RS_K_CALL, ... node kinds and RS_E_AST, ... edge kinds. */
typedef enum rs_node_kind {
#define RS_NODE_KIND(name, lens, label, covers, doc) RS_K_##name,
#include "schema/kinds.def"
    RS_N_NODE_KINDS
} rs_node_kind;

typedef enum rs_edge_kind {
#define RS_EDGE_KIND(name, lens, src, dst, label, covers, doc) RS_E_##name,
#include "schema/kinds.def"
    RS_N_EDGE_KINDS
} rs_edge_kind;

typedef struct rs_kind {
    const char *name;
    bool is_edge;
    const char *lens;   /* lens whose evidence makes it */
    const char *label;  /* label of the CPG specification, "" where it has none */
    const char *covers; /* kinds of the reference system, separated by spaces */
    const char *doc;
    const rs_entity *ends[2]; /* of an edge: what src and dst refer to */
} rs_kind;

/* A property of a kind: a row of `props`, or a column of `nodes` or `edges`. */
typedef struct rs_property {
    const char *kind; /* "ANY": of every kind */
    bool is_edge;
    const char *key;
    rs_type type; /* STR, I64, F64, BOOL */
    bool required;
    const char *words; /* allowed values, separated by spaces; "" for any */
    const char *doc;
} rs_property;

/* The evidence datasets, by rs_dataset_id. */
const rs_dataset *rs_dataset_get(rs_dataset_id id);

/* The rs_dataset_id of a dataset of evidence; RS_N_EVIDENCE for any other. */
size_t rs_dataset_evidence_number(const rs_dataset *dataset);

/* nodes, edges, props, derivations. */
const rs_dataset *rs_graph_dataset_get(rs_graph_dataset_id id);

/* rule_diagnostics, rule_exec_events, ...: the folder relspec/ of a bundle. */
const rs_dataset *rs_record_dataset_get(rs_record_dataset_id id);
const rs_dataset *rs_record_dataset_find(rs_str name); /* NULL when there is none of that name */
/* Its rows have times in them: they differ between equal runs. */
bool rs_dataset_is_timed(const rs_dataset *dataset);

/* name_vVERSION: what rows of the dataset hold to, whoever writes them. */
enum { RS_CONTRACT_NAME_BYTES = 128 };
void rs_dataset_contract_name(const rs_dataset *dataset, char name[RS_CONTRACT_NAME_BYTES]);

/* An evidence dataset, or one of the graph; NULL when there is none of that name. */
const rs_dataset *rs_dataset_find(rs_str name);
const rs_dataset *rs_graph_dataset_find(rs_str name);
const rs_column *rs_column_find(const rs_dataset *dataset, rs_str name);
/* The place of a column that is there. */
size_t rs_column_index(const rs_dataset *dataset, const char *name);

/* The next name of a dataset's key ("a, b"); *key is moved behind it, to "" after the last. */
rs_str rs_key_next(const char **key);

/* The columns that every relationship has behind its own: which rule found the row, how, how sure. */
const rs_column *rs_relationship_columns(size_t *n_columns);

/* True for an id such that rows which have the same one lie in one file. */
bool rs_column_is_local_id(const rs_column *column);

/* What SQL calls the type; a word is text there. */
const char *rs_type_sql_name(rs_type type);
const char *rs_column_sql_type(const rs_column *column);

/* True when the column is written to Parquet; otherwise views compute it. */
bool rs_column_is_stored(const rs_column *column);
/* True when a batch holds it: stored, or taken from a node. */
bool rs_column_is_in_memory(const rs_column *column);
/* The id column whose file the column is; NULL for any other column. Each engine spells it. */
const char *rs_column_file_of(const rs_column *column);

/* Both are NULL, or of one name: the kinds of a run (kinds.h) make a set of the registry longer. */
bool rs_words_are_same(const rs_words *a, const rs_words *b);
/* By set name; ast_class, ast_field, node_kind, edge_kind and diagnostic are sets too. */
const rs_words *rs_words_find(const char *name);
const rs_words *rs_words_get(size_t index); /* all sets in turn; NULL behind the last */

/* A class of nodes, of a language whose classes are not in ast.def. */
typedef struct rs_ast_class_info {
    const char *name;
    rs_node_kind kind;
} rs_ast_class_info;

/* Add classes to the set of that name; the number of the first. Before anybody reads the registries. */
uint8_t rs_ast_classes_add(const rs_ast_class_info *classes, size_t n_classes);
rs_node_kind rs_ast_class_kind(rs_ast_class ast_class);
const char *rs_ast_class_name(rs_ast_class ast_class);
const char *rs_ast_field_name(rs_ast_field field);
const rs_diagnostic_info *rs_diagnostic_get(rs_diagnostic_code code);
const rs_kind *rs_node_kind_get(rs_node_kind kind);
const rs_kind *rs_edge_kind_get(rs_edge_kind kind);
const rs_property *rs_properties(size_t *n_properties);

/* By name; false when there is none. */
bool rs_node_kind_find(rs_str name, rs_node_kind *kind);
bool rs_edge_kind_find(rs_str name, rs_edge_kind *kind);
/* The property of a kind, its own or one of ANY; NULL when there is none. */
const rs_property *rs_property_find(rs_str kind, bool is_edge, rs_str key);

#endif
