/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* --- word sets --- */

#define RS_ENUM(name) static const char *const words_##name[] = {
#define RS_ENUM_VALUE(set, value) #value,
#define RS_ENUM_END(name)                                                                          \
    }                                                                                              \
    ;
#include "schema/enums.def"

#define RS_ENUM(name) static const char *const words_##name[] = {
#define RS_ENUM_VALUE(set, value) #value,
#define RS_ENUM_END(name)                                                                          \
    }                                                                                              \
    ;
#include "schema/graph.def"

/* With room for those of further languages: see rs_ast_classes_add(). */
static const char *words_ast_class[RS_MAX_AST_CLASSES] = {
#define RS_AST_CLASS(name, kind, fields) #name,
#include "schema/ast.def"
};

static const char *const words_ast_field[] = {
#define RS_AST_FIELD(name) #name,
#include "schema/ast.def"
};

static const char *const words_diagnostic[] = {
#define RS_DIAGNOSTIC(code, severity, title, remedy) #code,
#include "schema/diagnostics.def"
};

static const char *const words_node_kind[] = {
#define RS_NODE_KIND(name, lens, label, covers, doc) #name,
#include "schema/kinds.def"
};

static const char *const words_edge_kind[] = {
#define RS_EDGE_KIND(name, lens, src, dst, label, covers, doc) #name,
#include "schema/kinds.def"
};

/* clang-format off */
#define WORDS(name) {#name, words_##name, sizeof words_##name / sizeof words_##name[0]}
/* clang-format on */

/* One object a set, so that a column can point at its own. */
#define RS_ENUM(name) static const rs_words set_##name = WORDS(name);
#define RS_ENUM_VALUE(set, value)
#define RS_ENUM_END(name)
#include "schema/enums.def"
#define RS_ENUM(name) static const rs_words set_##name = WORDS(name);
#define RS_ENUM_VALUE(set, value)
#define RS_ENUM_END(name)
#include "schema/graph.def"
static rs_words set_ast_class = {"ast_class", words_ast_class, RS_N_AST_CLASSES};
static const rs_words set_ast_field = WORDS(ast_field);
static const rs_words set_diagnostic = WORDS(diagnostic);
static const rs_words set_node_kind = WORDS(node_kind);
static const rs_words set_edge_kind = WORDS(edge_kind);

static const rs_words *const word_sets[] = {
#define RS_ENUM(name) &set_##name,
#define RS_ENUM_VALUE(set, value)
#define RS_ENUM_END(name)
#include "schema/enums.def"
#define RS_ENUM(name) &set_##name,
#define RS_ENUM_VALUE(set, value)
#define RS_ENUM_END(name)
#include "schema/graph.def"
    &set_ast_class, &set_ast_field, &set_diagnostic, &set_node_kind, &set_edge_kind,
};

/* --- datasets --- */

#define TYPE(type, words, entity, is_shared, shape)                                                \
    RS_TYPE_##type, words, entity, is_shared, RS_SHAPE_##shape
#define TYPE_I64 TYPE(I64, NULL, NULL, false, ONE)
#define TYPE_ID(entity) TYPE(I64, NULL, &rs_entities[RS_ENTITY_##entity], false, ONE)
#define TYPE_GID(entity) TYPE(I64, NULL, &rs_entities[RS_ENTITY_##entity], true, ONE)
#define TYPE_I32 TYPE(I32, NULL, NULL, false, ONE)
#define TYPE_BOOL TYPE(BOOL, NULL, NULL, false, ONE)
#define TYPE_F32 TYPE(F32, NULL, NULL, false, ONE)
#define TYPE_F64 TYPE(F64, NULL, NULL, false, ONE)
#define TYPE_STR TYPE(STR, NULL, NULL, false, ONE)
#define TYPE_E(set) TYPE(ENUM, &set_##set, NULL, false, ONE)
#define TYPE_STRS TYPE(STR, NULL, NULL, false, LIST)
#define TYPE_MAP TYPE(STR, NULL, NULL, false, MAP)
#define TYPE_F64_MAP TYPE(F64, NULL, NULL, false, MAP)
#define PRESENCE_REQ true
#define PRESENCE_OPT false

#define RS_DATASET(name, version, lens, key, doc) static const rs_column columns_##name[] = {
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
    {#name, TYPE_##type, PRESENCE_##presence, source, doc},
#define RS_DATASET_END(name)                                                                       \
    }                                                                                              \
    ;
#include "schema/evidence.def"

#define RS_DATASET(name, version, lens, key, doc) static const rs_column columns_##name[] = {
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
    {#name, TYPE_##type, PRESENCE_##presence, source, doc},
#define RS_DATASET_END(name)                                                                       \
    }                                                                                              \
    ;
#include "schema/graph.def"

#define RS_DATASET(name, version, lens, key, doc) static const rs_column columns_##name[] = {
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
    {#name, TYPE_##type, PRESENCE_##presence, source, doc},
#define RS_DATASET_END(name)                                                                       \
    }                                                                                              \
    ;
#include "schema/relspec.def"

static const rs_dataset datasets[] = {
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    {#name, version, #lens, key, doc, columns_##name, RS_N_C_##name},
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/evidence.def"
};

static const rs_dataset graph_datasets[] = {
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    {#name, version, #lens, key, doc, columns_##name, RS_N_C_##name},
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/graph.def"
};

/* Those of an engine have its name before theirs. */
static const rs_dataset record_datasets[] = {
#define RS_ENGINE_DATASET(what, version, lens, key, doc)                                           \
    {RS_SQL_ENGINE "_" #what, version, #lens, key, doc, columns_engine_##what,                     \
     RS_N_C_engine_##what},
#define RS_DATASET(name, version, lens, key, doc)                                                  \
    {#name, version, #lens, key, doc, columns_##name, RS_N_C_##name},
#define RS_COLUMN(dataset, name, type, presence, source, doc)
#define RS_DATASET_END(name)
#include "schema/relspec.def"
};

static const rs_column relationship_columns[] = {
#define RS_COLUMN(dataset, name, type, presence, source, doc)                                      \
    {#name, TYPE_##type, PRESENCE_##presence, source, doc},
#include "schema/relationship.def"
};

/* --- the rest --- */

static rs_node_kind class_kinds[RS_MAX_AST_CLASSES] = {
#define RS_AST_CLASS(name, kind, fields) RS_K_##kind,
#include "schema/ast.def"
};

static const rs_diagnostic_info diagnostics[] = {
#define RS_DIAGNOSTIC(code, severity, title, remedy)                                               \
    {#code, RS_W_severity_##severity, title, remedy},
#include "schema/diagnostics.def"
};

static const rs_kind node_kinds[] = {
#define RS_NODE_KIND(name, lens, label, covers, doc)                                               \
    {#name, false, #lens, label, covers, doc, {NULL, NULL}},
#include "schema/kinds.def"
};

static const rs_kind edge_kinds[] = {
#define RS_EDGE_KIND(name, lens, src, dst, label, covers, doc)                                     \
    {#name,                                                                                        \
     true,                                                                                         \
     #lens,                                                                                        \
     label,                                                                                        \
     covers,                                                                                       \
     doc,                                                                                          \
     {&rs_entities[RS_ENTITY_##src], &rs_entities[RS_ENTITY_##dst]}},
#include "schema/kinds.def"
};

#define PROPERTY_TYPE_STR RS_TYPE_STR
#define PROPERTY_TYPE_INT RS_TYPE_I64
#define PROPERTY_TYPE_FLOAT RS_TYPE_F64
#define PROPERTY_TYPE_BOOL RS_TYPE_BOOL

static const rs_property properties[] = {
#define RS_NODE_PROP(kind, key, type, presence, words, doc)                                        \
    {#kind, false, #key, PROPERTY_TYPE_##type, PRESENCE_##presence, words, doc},
#define RS_EDGE_PROP(kind, key, type, presence, words, doc)                                        \
    {#kind, true, #key, PROPERTY_TYPE_##type, PRESENCE_##presence, words, doc},
#include "schema/kinds.def"
};

const rs_dataset *rs_dataset_get(rs_dataset_id id)
{
    return &datasets[id];
}

size_t rs_dataset_evidence_number(const rs_dataset *dataset)
{
    uintptr_t first = (uintptr_t)datasets;
    uintptr_t place = (uintptr_t)dataset;
    /* Those of packs and of the graph lie elsewhere: addresses of other arrays compare as numbers. */
    return place >= first && place < (uintptr_t)(datasets + RS_N_EVIDENCE)
               ? (place - first) / sizeof *dataset
               : RS_N_EVIDENCE;
}

const rs_dataset *rs_graph_dataset_get(rs_graph_dataset_id id)
{
    return &graph_datasets[id];
}

const rs_dataset *rs_record_dataset_get(rs_record_dataset_id id)
{
    return &record_datasets[id];
}

void rs_dataset_contract_name(const rs_dataset *dataset, char name[RS_CONTRACT_NAME_BYTES])
{
    int n_bytes = snprintf(name, RS_CONTRACT_NAME_BYTES, "%s_v%d", dataset->name, dataset->version);
    RS_ASSERT(n_bytes > 0 && n_bytes < RS_CONTRACT_NAME_BYTES);
    (void)n_bytes;
}

bool rs_dataset_is_timed(const rs_dataset *dataset)
{
    return strcmp(dataset->lens, "clock") == 0;
}

static const rs_dataset *find_in(const rs_dataset *table, size_t n_rows, rs_str name)
{
    for (size_t i = 0; i < n_rows; i++) {
        if (rs_str_equal(rs_str_of(table[i].name), name)) {
            return &table[i];
        }
    }
    return NULL;
}

const rs_dataset *rs_graph_dataset_find(rs_str name)
{
    return find_in(graph_datasets, RS_N_GRAPH, name);
}

const rs_dataset *rs_record_dataset_find(rs_str name)
{
    return find_in(record_datasets, RS_N_RECORDS, name);
}

const rs_dataset *rs_dataset_find(rs_str name)
{
    const rs_dataset *found = find_in(datasets, RS_N_EVIDENCE, name);
    return found != NULL ? found : rs_graph_dataset_find(name);
}

const rs_column *rs_column_find(const rs_dataset *dataset, rs_str name)
{
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (rs_str_equal(rs_str_of(dataset->columns[i].name), name)) {
            return &dataset->columns[i];
        }
    }
    return NULL;
}

size_t rs_column_index(const rs_dataset *dataset, const char *name)
{
    const rs_column *column = rs_column_find(dataset, rs_str_of(name));
    RS_ASSERT(column != NULL);
    return (size_t)(column - dataset->columns);
}

rs_str rs_key_next(const char **key)
{
    size_t n_bytes = strcspn(*key, ",");
    rs_str name = {*key, n_bytes};
    *key += n_bytes;
    *key += strspn(*key, ", ");
    return name;
}

const rs_column *rs_relationship_columns(size_t *n_columns)
{
    *n_columns = sizeof relationship_columns / sizeof relationship_columns[0];
    return relationship_columns;
}

bool rs_column_is_local_id(const rs_column *column)
{
    return column->entity != NULL && !column->is_shared;
}

const char *rs_type_sql_name(rs_type type)
{
    switch (type) {
    case RS_TYPE_I64:
        return "BIGINT";
    case RS_TYPE_I32:
        return "INTEGER";
    case RS_TYPE_BOOL:
        return "BOOLEAN";
    case RS_TYPE_F32:
        return "FLOAT";
    case RS_TYPE_F64:
        return "DOUBLE";
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        return "VARCHAR";
    }
    return "";
}

const char *rs_column_sql_type(const rs_column *column)
{
    bool is_text = column->type == RS_TYPE_STR;
    switch (column->shape) {
    case RS_SHAPE_ONE:
        return rs_type_sql_name(column->type);
    case RS_SHAPE_LIST:
        return is_text ? "VARCHAR[]" : "DOUBLE[]";
    case RS_SHAPE_MAP:
        return is_text ? "MAP(VARCHAR, VARCHAR)" : "MAP(VARCHAR, DOUBLE)";
    }
    return "";
}

bool rs_column_is_stored(const rs_column *column)
{
    return column->source[0] == '\0';
}

static const char *behind(const char *source, const char *prefix)
{
    size_t n_bytes = strlen(prefix);
    return strncmp(source, prefix, n_bytes) == 0 ? source + n_bytes : NULL;
}

bool rs_column_is_in_memory(const rs_column *column)
{
    return rs_column_file_of(column) == NULL;
}

const char *rs_column_file_of(const rs_column *column)
{
    return behind(column->source, "file_of:");
}

const rs_words *rs_words_find(const char *name)
{
    for (size_t i = 0; i < sizeof word_sets / sizeof word_sets[0]; i++) {
        if (strcmp(word_sets[i]->name, name) == 0) {
            return word_sets[i];
        }
    }
    return NULL;
}

bool rs_words_are_same(const rs_words *a, const rs_words *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a->name, b->name) == 0);
}

const rs_words *rs_words_get(size_t index)
{
    return index < sizeof word_sets / sizeof word_sets[0] ? word_sets[index] : NULL;
}

uint8_t rs_ast_classes_add(const rs_ast_class_info *classes, size_t n_classes)
{
    size_t first = set_ast_class.n_words;
    RS_ASSERT(first + n_classes <= RS_MAX_AST_CLASSES);
    for (size_t i = 0; i < n_classes; i++) {
        words_ast_class[first + i] = classes[i].name;
        class_kinds[first + i] = classes[i].kind;
    }
    set_ast_class.n_words = first + n_classes;
    return (uint8_t)first;
}

rs_node_kind rs_ast_class_kind(rs_ast_class ast_class)
{
    return class_kinds[ast_class];
}

const char *rs_ast_class_name(rs_ast_class ast_class)
{
    return words_ast_class[ast_class];
}

const char *rs_ast_field_name(rs_ast_field field)
{
    return words_ast_field[field];
}

const rs_diagnostic_info *rs_diagnostic_get(rs_diagnostic_code code)
{
    return &diagnostics[code];
}

const rs_kind *rs_node_kind_get(rs_node_kind kind)
{
    return &node_kinds[kind];
}

const rs_kind *rs_edge_kind_get(rs_edge_kind kind)
{
    return &edge_kinds[kind];
}

const rs_property *rs_properties(size_t *n_properties)
{
    *n_properties = sizeof properties / sizeof properties[0];
    return properties;
}

bool rs_node_kind_find(rs_str name, rs_node_kind *kind)
{
    for (int i = 0; i < RS_N_NODE_KINDS; i++) {
        if (rs_str_equal(rs_str_of(node_kinds[i].name), name)) {
            *kind = (rs_node_kind)i;
            return true;
        }
    }
    return false;
}

bool rs_edge_kind_find(rs_str name, rs_edge_kind *kind)
{
    for (int i = 0; i < RS_N_EDGE_KINDS; i++) {
        if (rs_str_equal(rs_str_of(edge_kinds[i].name), name)) {
            *kind = (rs_edge_kind)i;
            return true;
        }
    }
    return false;
}

const rs_property *rs_property_find(rs_str kind, bool is_edge, rs_str key)
{
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        const rs_property *property = &properties[i];
        if (property->is_edge == is_edge && rs_str_equal(rs_str_of(property->key), key) &&
            (rs_str_equal(rs_str_of(property->kind), kind) || strcmp(property->kind, "ANY") == 0)) {
            return property;
        }
    }
    return NULL;
}
