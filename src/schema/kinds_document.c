/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds in the registry's document and in a bundle's manifest, and back again. */
#include <string.h>

#include "schema/fingerprint.h"
#include "schema/kinds.h"

/* --- writing --- */

/* Words separated by spaces. */
static json_t *words_document(const char *words, bool *failed)
{
    json_t *rows = json_array();
    while (*words != '\0') {
        size_t n_bytes = strcspn(words, " ");
        rs_json_push(rows, rs_json_str((rs_str){words, n_bytes}), failed);
        words += n_bytes;
        words += strspn(words, " ");
    }
    return rows;
}

static json_t *property_document(const rs_property *property, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "key", rs_json_text(property->key), failed);
    rs_json_set(row, "type", rs_json_text(rs_type_field_name(property->type)), failed);
    rs_json_set(row, "required", json_boolean(property->required), failed);
    rs_json_set(row, "values", words_document(property->words, failed), failed);
    rs_json_set(row, "doc", rs_json_text(property->doc), failed);
    return row;
}

static void add_properties(const rs_property *list, size_t n, const char *kind, bool is_edge,
                           json_t *rows, bool *failed)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].is_edge == is_edge && strcmp(list[i].kind, kind) == 0) {
            rs_json_push(rows, property_document(&list[i], failed), failed);
        }
    }
}

json_t *rs_kind_properties_document(const rs_kinds *kinds, const char *kind, bool is_edge,
                                    bool *failed)
{
    size_t n_builtin = 0;
    const rs_property *builtin = rs_properties(&n_builtin);
    json_t *rows = json_array();
    add_properties(builtin, n_builtin, kind, is_edge, rows, failed);
    add_properties(kinds->properties, kinds->n_properties, kind, is_edge, rows, failed);
    return rows;
}

json_t *rs_kind_document(const rs_kinds *kinds, const rs_kind *kind, bool *failed)
{
    json_t *row = json_object();
    rs_json_set(row, "name", rs_json_text(kind->name), failed);
    rs_json_set(row, "lens", rs_json_text(kind->lens), failed);
    rs_json_set(row, "label", rs_json_text(kind->label), failed);
    rs_json_set(row, "covers", words_document(kind->covers, failed), failed);
    rs_json_set(row, "doc", rs_json_text(kind->doc), failed);
    if (kind->is_edge) {
        rs_json_set(row, "src", rs_json_text(kind->ends[0]->name), failed);
        rs_json_set(row, "dst", rs_json_text(kind->ends[1]->name), failed);
    }
    rs_json_set(row, "properties",
                rs_kind_properties_document(kinds, kind->name, kind->is_edge, failed), failed);
    return row;
}

json_t *rs_kinds_document(const rs_kinds *kinds, bool *failed)
{
    if (kinds->n_nodes + kinds->n_edges == 0) {
        return NULL;
    }
    json_t *document = json_object();
    json_t *nodes = json_array();
    json_t *edges = json_array();
    for (size_t i = 0; i < kinds->n_nodes; i++) {
        rs_json_push(nodes, rs_kind_document(kinds, &kinds->nodes[i], failed), failed);
    }
    for (size_t i = 0; i < kinds->n_edges; i++) {
        rs_json_push(edges, rs_kind_document(kinds, &kinds->edges[i], failed), failed);
    }
    rs_json_set(document, "nodes", nodes, failed);
    rs_json_set(document, "edges", edges, failed);
    return document;
}

/* --- reading --- */

/* What is shared while a bundle's kinds are read. */
typedef struct reader {
    rs_arena *arena;
    rs_declared_kind *kinds;
    size_t n_kinds;
    size_t n_of[2]; /* nodes, edges */
    rs_property *properties;
    size_t n_properties;
    bool failed; /* memory ran out */
} reader;

static const char *text_of(reader *in, const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    if (text == NULL || text[0] == '\0') {
        return "";
    }
    const char *copy = rs_arena_strndup(in->arena, text, strlen(text));
    in->failed = in->failed || copy == NULL;
    return copy != NULL ? copy : "";
}

static const char *words_of(reader *in, const json_t *rows)
{
    rs_buf text = {0};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *word = json_string_value(json_array_get(rows, i));
        rs_buf_add(&text, i == 0 ? "" : " ");
        rs_buf_add(&text, word != NULL ? word : "");
    }
    const char *copy = rs_arena_strndup(in->arena, rs_buf_text(&text), text.n_bytes);
    in->failed = in->failed || text.failed || copy == NULL;
    rs_buf_release(&text);
    return copy != NULL ? copy : "";
}

/* What one end says: an entity's name, or kinds with commas between them. */
static rs_kind_ends read_ends(reader *in, const json_t *row, const char *key)
{
    const char *text = text_of(in, row, key);
    rs_kind_ends ends = {.entity = rs_entity_find(rs_str_of(text))};
    const char **names = rs_arena_alloc(in->arena, strlen(text) + 1, sizeof *names);
    in->failed = in->failed || names == NULL;
    while (ends.entity == NULL && names != NULL && *text != '\0') {
        rs_str name = rs_key_next(&text);
        const char *copy = rs_arena_strndup(in->arena, name.bytes, name.n_bytes);
        in->failed = in->failed || copy == NULL;
        names[ends.n_names++] = copy != NULL ? copy : "";
    }
    ends.names = names;
    return ends;
}

static rs_type read_type(const char *name)
{
    static const rs_type types[] = {RS_TYPE_I64, RS_TYPE_F64, RS_TYPE_BOOL};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(rs_type_field_name(types[i]), name) == 0) {
            return types[i];
        }
    }
    return RS_TYPE_STR;
}

static void read_properties(reader *in, const json_t *rows, const rs_kind *kind)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        in->properties[in->n_properties++] =
            (rs_property){.kind = kind->name,
                          .is_edge = kind->is_edge,
                          .key = text_of(in, row, "key"),
                          .type = read_type(text_of(in, row, "type")),
                          .required = json_is_true(json_object_get(row, "required")),
                          .words = words_of(in, json_object_get(row, "values")),
                          .doc = text_of(in, row, "doc")};
    }
}

static bool is_new(const reader *in, const char *name, bool is_edge)
{
    bool is_known = rs_kinds_find(rs_kinds_builtin(), is_edge, rs_str_of(name), NULL) != NULL;
    for (size_t i = 0; i < in->n_kinds && !is_known; i++) {
        is_known =
            in->kinds[i].kind.is_edge == is_edge && strcmp(in->kinds[i].kind.name, name) == 0;
    }
    return !is_known &&
           rs_kinds_count(rs_kinds_builtin(), is_edge) + in->n_of[is_edge] < RS_MAX_KINDS;
}

static void read_kind(reader *in, const json_t *row, bool is_edge)
{
    const char *name = text_of(in, row, "name");
    if (!rs_kind_is_name(rs_str_of(name)) || !is_new(in, name, is_edge)) {
        return;
    }
    rs_declared_kind *declared = &in->kinds[in->n_kinds++];
    in->n_of[is_edge]++;
    *declared = (rs_declared_kind){.kind = {.name = name,
                                            .is_edge = is_edge,
                                            .lens = text_of(in, row, "lens"),
                                            .label = text_of(in, row, "label"),
                                            .covers = words_of(in, json_object_get(row, "covers")),
                                            .doc = text_of(in, row, "doc")}};
    if (is_edge) {
        declared->ends[0] = read_ends(in, row, "src");
        declared->ends[1] = read_ends(in, row, "dst");
    }
    read_properties(in, json_object_get(row, "properties"), &declared->kind);
}

static size_t count_properties(const json_t *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        n += json_array_size(json_object_get(json_array_get(rows, i), "properties"));
    }
    return n;
}

rs_status rs_kinds_read(const json_t *document, rs_arena *arena, const rs_kinds **out,
                        rs_error *err)
{
    const json_t *rows[] = {json_object_get(document, "nodes"), json_object_get(document, "edges")};
    size_t n_kinds = json_array_size(rows[0]) + json_array_size(rows[1]);
    size_t n_properties = count_properties(rows[0]) + count_properties(rows[1]);
    *out = rs_kinds_builtin();
    if (n_kinds == 0) {
        return RS_OK;
    }
    reader in = {.arena = arena,
                 .kinds = rs_arena_alloc(arena, n_kinds, sizeof *in.kinds),
                 .properties = rs_arena_alloc(arena, n_properties + 1, sizeof *in.properties)};
    rs_kinds *kinds = NULL;
    in.failed = in.kinds == NULL || in.properties == NULL;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < json_array_size(rows[i]) && !in.failed; j++) {
            read_kind(&in, json_array_get(rows[i], j), i == 1);
        }
    }
    if (in.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "read the kinds: out of memory");
    }
    RS_TRY(rs_kinds_new(in.kinds, in.n_kinds, in.properties, in.n_properties, arena, &kinds, err));
    *out = kinds;
    return RS_OK;
}
