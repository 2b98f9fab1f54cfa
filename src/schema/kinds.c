/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/kinds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

_Static_assert((int)RS_N_NODE_KINDS < (int)RS_MAX_KINDS, "there is room for declared ones");
_Static_assert((int)RS_N_EDGE_KINDS < (int)RS_MAX_KINDS, "there is room for declared ones");
_Static_assert((int)RS_MAX_KINDS < (int)RS_ENUM_NULL, "a kind is a word");
_Static_assert((int)RS_MAX_KINDS <= RS_KIND_SET_WORDS * 64, "a set of kinds has a bit for each");

const rs_kinds *rs_kinds_builtin(void)
{
    static const rs_kinds none = {0};
    return &none;
}

/* --- finding --- */

static size_t n_builtin(bool is_edge)
{
    return is_edge ? (size_t)RS_N_EDGE_KINDS : (size_t)RS_N_NODE_KINDS;
}

size_t rs_kinds_count(const rs_kinds *kinds, bool is_edge)
{
    return n_builtin(is_edge) + (is_edge ? kinds->n_edges : kinds->n_nodes);
}

bool rs_kinds_is_declared(bool is_edge, size_t number)
{
    return number >= n_builtin(is_edge);
}

const rs_kind *rs_kinds_get(const rs_kinds *kinds, bool is_edge, size_t number)
{
    RS_ASSERT(number < rs_kinds_count(kinds, is_edge));
    if (rs_kinds_is_declared(is_edge, number)) {
        size_t place = number - n_builtin(is_edge);
        return is_edge ? &kinds->edges[place] : &kinds->nodes[place];
    }
    return is_edge ? rs_edge_kind_get((rs_edge_kind)number)
                   : rs_node_kind_get((rs_node_kind)number);
}

const rs_kind *rs_kinds_find(const rs_kinds *kinds, bool is_edge, rs_str name, size_t *number)
{
    size_t n_kinds = rs_kinds_count(kinds, is_edge);
    for (size_t i = 0; i < n_kinds; i++) {
        const rs_kind *kind = rs_kinds_get(kinds, is_edge, i);
        if (rs_str_equal(rs_str_of(kind->name), name)) {
            if (number != NULL) {
                *number = i;
            }
            return kind;
        }
    }
    return NULL;
}

const rs_property *rs_kinds_property(const rs_kinds *kinds, rs_str kind, bool is_edge, rs_str key)
{
    const rs_property *found = rs_property_find(kind, is_edge, key);
    for (size_t i = 0; i < kinds->n_properties && found == NULL; i++) {
        const rs_property *property = &kinds->properties[i];
        if (property->is_edge == is_edge && rs_str_equal(rs_str_of(property->kind), kind) &&
            rs_str_equal(rs_str_of(property->key), key)) {
            found = property;
        }
    }
    return found;
}

const rs_words *rs_kinds_words(const rs_kinds *kinds, const rs_words *words)
{
    const rs_words *own[] = {&kinds->node_words, &kinds->edge_words};
    for (size_t i = 0; i < 2; i++) {
        if (words != NULL && own[i]->n_words > 0 && strcmp(own[i]->name, words->name) == 0) {
            return own[i];
        }
    }
    return words;
}

bool rs_kind_is_name(rs_str text)
{
    bool fits = text.n_bytes > 0 && text.n_bytes <= RS_MAX_KIND_NAME_BYTES &&
                isupper((unsigned char)text.bytes[0]) != 0;
    for (size_t i = 0; i < text.n_bytes && fits; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        fits = isupper(c) != 0 || isdigit(c) != 0 || c == '_';
    }
    return fits;
}

/* --- declared ones --- */

/* What is shared while they are put together. */
typedef struct builder {
    rs_kinds *kinds;
    rs_arena *arena;
    bool failed; /* memory ran out */
} builder;

static void *allocate(builder *in, size_t n_items, size_t n_item_bytes)
{
    void *items = rs_arena_alloc(in->arena, n_items, n_item_bytes);
    in->failed = in->failed || items == NULL;
    return items;
}

static int compare_names(const void *a, const void *b)
{
    const rs_declared_kind *const *left = a;
    const rs_declared_kind *const *right = b;
    return strcmp((*left)->kind.name, (*right)->kind.name);
}

/* "TEST_CASE, METHOD"; the entity's name and doc. */
static const char *joined(builder *in, const rs_kind_ends *ends, const char *between)
{
    size_t n_bytes = 1;
    for (size_t i = 0; i < ends->n_names; i++) {
        n_bytes += strlen(ends->names[i]) + strlen(between);
    }
    char *text = allocate(in, n_bytes, 1);
    size_t at = 0;
    for (size_t i = 0; i < ends->n_names && text != NULL; i++) {
        const char *parts[] = {i == 0 ? "" : between, ends->names[i]};
        for (size_t j = 0; j < 2; j++) {
            memcpy(text + at, parts[j], strlen(parts[j]));
            at += strlen(parts[j]);
        }
    }
    if (text != NULL) {
        text[at] = '\0';
    }
    return text != NULL ? text : "";
}

/* An entity of these kinds: wherever they lie. */
static const rs_entity *settle_ends(builder *in, const rs_kind_ends *ends)
{
    if (ends->entity != NULL) {
        return ends->entity;
    }
    rs_entity *entity = allocate(in, 1, sizeof *entity);
    if (entity == NULL) {
        return &rs_entities[RS_ENTITY_node];
    }
    *entity = (rs_entity){.name = joined(in, ends, ", "),
                          .family = RS_ENTITY_node,
                          .home = RS_HOME_EITHER,
                          .doc = joined(in, ends, " or ")};
    for (size_t i = 0; i < ends->n_names; i++) {
        size_t number = 0;
        if (rs_kinds_find(in->kinds, false, rs_str_of(ends->names[i]), &number) != NULL) {
            entity->own_kinds = rs_kind_set_join(entity->own_kinds, rs_kind_set_of((int)number));
        }
    }
    return entity;
}

static rs_words all_words(builder *in, bool is_edge)
{
    const char *const name = is_edge ? "edge_kind" : "node_kind";
    size_t n_words = rs_kinds_count(in->kinds, is_edge);
    const char **words = allocate(in, n_words, sizeof *words);
    for (size_t i = 0; i < n_words && words != NULL; i++) {
        words[i] = rs_kinds_get(in->kinds, is_edge, i)->name;
    }
    return (rs_words){.name = name, .words = words, .n_words = words != NULL ? n_words : 0};
}

/* Those of nodes, or of edges, in the order of their names. */
static rs_kind *sorted(builder *in, const rs_declared_kind *declared, size_t n_declared,
                       const rs_declared_kind **order, bool is_edge, size_t *n_out)
{
    size_t n = 0;
    rs_kind *list = allocate(in, n_declared + 1, sizeof *list);
    for (size_t i = 0; i < n_declared; i++) {
        if (declared[i].kind.is_edge == is_edge) {
            order[n++] = &declared[i];
        }
    }
    if (n > 1) {
        qsort((void *)order, n, sizeof *order, compare_names);
    }
    for (size_t i = 0; i < n && list != NULL; i++) {
        list[i] = order[i]->kind;
    }
    *n_out = list != NULL ? n : 0;
    return list;
}

rs_status rs_kinds_new(const rs_declared_kind *declared, size_t n_declared,
                       const rs_property *properties, size_t n_properties, rs_arena *arena,
                       rs_kinds **out, rs_error *err)
{
    builder in = {.arena = arena};
    rs_kinds *kinds = in.kinds = allocate(&in, 1, sizeof *kinds);
    const rs_declared_kind **order = allocate(&in, n_declared + 1, sizeof *order);
    *out = kinds;
    if (in.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "declare kinds: out of memory");
    }
    *kinds = (rs_kinds){.properties = properties, .n_properties = n_properties};
    kinds->nodes = sorted(&in, declared, n_declared, order, false, &kinds->n_nodes);
    rs_kind *edges = sorted(&in, declared, n_declared, order, true, &kinds->n_edges);
    kinds->edges = edges;
    for (size_t i = 0; i < kinds->n_edges; i++) {
        edges[i].ends[0] = settle_ends(&in, &order[i]->ends[0]);
        edges[i].ends[1] = settle_ends(&in, &order[i]->ends[1]);
    }
    RS_ASSERT(rs_kinds_count(kinds, false) <= RS_MAX_KINDS &&
              rs_kinds_count(kinds, true) <= RS_MAX_KINDS);
    if (n_declared > 0) {
        kinds->node_words = all_words(&in, false);
        kinds->edge_words = all_words(&in, true);
    }
    return in.failed ? rs_error_set(err, RS_ERR_NOMEM, "declare kinds: out of memory") : RS_OK;
}
