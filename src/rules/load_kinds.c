/* SPDX-License-Identifier: Apache-2.0 */
/* The node_kinds: and edge_kinds: of a pack.
 *
 *   node_kinds:
 *   - name: ROUTE
 *     lens: syntax             of whose evidence it is made
 *     doc: A path that a web application answers.
 *     properties:
 *       path: {type: str, required: true, doc: the path}
 *   edge_kinds:
 *   - name: HANDLES
 *     lens: syntax
 *     src: definition          an entity of the registry, a kind of node, or a list of those
 *     dst: ROUTE
 *     doc: From a function to a path that it answers.
 */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

/* --- texts and words --- */

static const char *optional_text(rs_loader *loader, const rs_yaml *mapping, const char *key)
{
    const rs_yaml *text = rs_field_text(loader->problems, mapping, key, false);
    return text != NULL ? text->text.bytes : "";
}

static bool is_word(const rs_yaml *item)
{
    return item->kind == RS_YAML_SCALAR && item->text.n_bytes > 0 && !rs_yaml_is_null(item) &&
           strpbrk(item->text.bytes, " \t\r\n") == NULL;
}

/* A list of words, as the registry has them: with spaces between them; "" where there is none. */
static const char *load_words(rs_loader *loader, const rs_yaml *mapping, const char *key)
{
    const rs_yaml *list = rs_load_child(loader, mapping, key, RS_YAML_SEQUENCE, false);
    rs_buf text = {0};
    for (const rs_yaml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        if (!is_word(item)) {
            rs_problems_add(loader->problems, item->place,
                            "%s: expected a word without spaces, found %.60s", key,
                            rs_field_found(item));
            continue;
        }
        rs_buf_add(&text, text.n_bytes == 0 ? "" : " ");
        rs_buf_add(&text, item->text.bytes);
    }
    const char *copy = rs_arena_strndup(loader->arena, rs_buf_text(&text), text.n_bytes);
    loader->problems->failed = loader->problems->failed || text.failed || copy == NULL;
    rs_buf_release(&text);
    return copy != NULL ? copy : "";
}

/* --- properties --- */

static const struct {
    const char *word;
    rs_type type;
} types[] = {
    {"str", RS_TYPE_STR}, {"int", RS_TYPE_I64}, {"float", RS_TYPE_F64}, {"bool", RS_TYPE_BOOL}};

enum { N_TYPES = sizeof types / sizeof types[0] };

static void load_property_type(rs_loader *loader, const rs_yaml *word, rs_property *property)
{
    const char *words[N_TYPES];
    for (size_t i = 0; i < N_TYPES; i++) {
        words[i] = types[i].word;
    }
    int found = rs_field_word(loader->problems, word, "type", words, N_TYPES);
    property->type = found >= 0 ? types[found].type : RS_TYPE_STR;
}

static bool is_column(const char *key, bool is_edge)
{
    const rs_dataset *of = rs_graph_dataset_get(is_edge ? RS_G_edges : RS_G_nodes);
    return rs_column_find(of, rs_str_of(key)) != NULL;
}

static void load_property(rs_loader *loader, const rs_kind *kind, const rs_yaml *key)
{
    rs_property property = {.kind = kind->name, .is_edge = kind->is_edge};
    rs_problems *problems = loader->problems;
    property.key = rs_field_name(problems, key, "property");
    if (key->value->kind != RS_YAML_MAPPING) {
        rs_problems_add(problems, key->value->place,
                        "property %.60s: expected a mapping with type, required, words and doc, "
                        "found %s",
                        key->text.bytes, rs_yaml_kind_name(key->value->kind));
        return;
    }
    if (property.key != NULL && is_column(property.key, kind->is_edge)) {
        rs_problems_add(problems, key->place,
                        "property %s: every %s has a column of that name; choose another",
                        property.key, kind->is_edge ? "edge" : "node");
    }
    rs_load_known_keys(loader, key->value, RS_PACK_PROPERTY);
    const rs_yaml *type = rs_field_text(problems, key->value, "type", true);
    const rs_yaml *doc = rs_field_text(problems, key->value, "doc", true);
    const rs_yaml *required = rs_yaml_get(key->value, "required");
    if (type != NULL) {
        load_property_type(loader, type, &property);
    }
    if (required != NULL) {
        (void)rs_field_bool(problems, required, "required", &property.required);
    }
    property.doc = doc != NULL ? doc->text.bytes : "";
    property.words = load_words(loader, key->value, "words");
    if (property.words[0] != '\0' && property.type != RS_TYPE_STR) {
        rs_problems_add(problems, key->place, "property %.60s: only a text (str) has words",
                        key->text.bytes);
    }
    if (property.key != NULL &&
        !rs_property_vec_push(&loader->rules->declared.properties, property)) {
        problems->failed = true;
    }
}

static void load_properties(rs_loader *loader, const rs_kind *kind, const rs_yaml *mapping)
{
    const rs_yaml *list = rs_load_child(loader, mapping, "properties", RS_YAML_MAPPING, false);
    size_t most = (size_t)rs_pack_key_find(RS_PACK_NODE_KIND, "properties")->most;
    if (list != NULL && list->n_children > most) {
        rs_problems_add(loader->problems, list->place,
                        "properties: expected at most %zu of them, found %zu", most,
                        list->n_children);
        return;
    }
    for (const rs_yaml *key = list != NULL ? list->first : NULL; key != NULL; key = key->next) {
        load_property(loader, kind, key);
    }
}

/* --- a kind --- */

static bool is_free(rs_loader *loader, const rs_yaml *name, bool is_edge)
{
    const rs_pack_kind_vec *list = &loader->rules->declared.list;
    const char *what = is_edge ? "edge" : "node";
    static const char *const taken[] = {"ANY", "TRUE", "FALSE", "NULL"}; /* mean something else */
    bool is_taken = rs_kinds_find(rs_kinds_builtin(), is_edge, name->text, NULL) != NULL;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        is_taken = is_taken || rs_str_equal(rs_str_of(taken[i]), name->text);
    }
    if (is_taken) {
        rs_problems_add(loader->problems, name->place,
                        "%s kind %s is one of relspec's own; choose another name", what,
                        name->text.bytes);
        return false;
    }
    size_t n_of = rs_kinds_count(rs_kinds_builtin(), is_edge);
    for (size_t i = 0; i < list->n_items; i++) {
        const rs_pack_kind *known = &list->items[i];
        n_of += known->declared.kind.is_edge == is_edge;
        if (known->declared.kind.is_edge == is_edge &&
            rs_str_equal(rs_str_of(known->declared.kind.name), name->text)) {
            rs_problems_add(loader->problems, name->place,
                            "%s kind %s stands already in %s, line %u", what, name->text.bytes,
                            known->place.file, (unsigned)known->place.line);
            return false;
        }
    }
    if (n_of >= RS_MAX_KINDS) {
        rs_problems_add(loader->problems, name->place,
                        "there are at most %d kinds of %ss, with those of relspec", RS_MAX_KINDS,
                        what);
    }
    return n_of < RS_MAX_KINDS;
}

static const char *load_kind_name(rs_loader *loader, const rs_yaml *mapping, bool is_edge)
{
    const rs_yaml *name = rs_field_text(loader->problems, mapping, "name", true);
    if (name == NULL) {
        return NULL;
    }
    if (!rs_kind_is_name(name->text)) {
        rs_problems_add(
            loader->problems, name->place,
            "name: expected a kind of A-Z, 0-9 and _ that starts with a letter, at most "
            "%d bytes, found %.80s",
            RS_MAX_KIND_NAME_BYTES, name->text.bytes);
        return NULL;
    }
    return is_free(loader, name, is_edge) ? name->text.bytes : NULL;
}

static const char *load_lens(rs_loader *loader, const rs_yaml *mapping)
{
    const rs_yaml *lens = rs_field_text(loader->problems, mapping, "lens", true);
    const rs_words *words = rs_words_find("lens");
    int found = lens != NULL
                    ? rs_field_word(loader->problems, lens, "lens", words->words, words->n_words)
                    : -1;
    return found >= 0 ? words->words[found] : "";
}

static void load_ends(rs_loader *loader, const rs_yaml *mapping, rs_pack_kind *kind)
{
    static const char *const keys[] = {"src", "dst"};
    for (size_t i = 0; i < 2; i++) {
        kind->ends[i] = rs_yaml_get(mapping, keys[i]);
        if (kind->ends[i] == NULL) {
            rs_problems_add(loader->problems, mapping->place, "missing key %s", keys[i]);
        }
    }
}

static void load_kind(rs_loader *loader, const rs_yaml *mapping, bool is_edge)
{
    size_t n_before = loader->problems->list.n_items;
    rs_load_known_keys(loader, mapping, is_edge ? RS_PACK_EDGE_KIND : RS_PACK_NODE_KIND);
    const rs_yaml *doc = rs_field_text(loader->problems, mapping, "doc", true);
    rs_pack_kind kind = {.declared.kind = {.name = load_kind_name(loader, mapping, is_edge),
                                           .is_edge = is_edge,
                                           .lens = load_lens(loader, mapping),
                                           .label = optional_text(loader, mapping, "label"),
                                           .covers = load_words(loader, mapping, "covers"),
                                           .doc = doc != NULL ? doc->text.bytes : ""}};
    if (is_edge) {
        load_ends(loader, mapping, &kind);
    }
    if (kind.declared.kind.name == NULL) {
        return;
    }
    kind.place = rs_yaml_get(mapping, "name")->place;
    load_properties(loader, &kind.declared.kind, mapping);
    bool is_whole = loader->problems->list.n_items == n_before;
    if (is_whole && !rs_pack_kind_vec_push(&loader->rules->declared.list, kind)) {
        loader->problems->failed = true;
    }
}

void rs_load_kinds(rs_loader *loader, const rs_yaml *root)
{
    static const char *const keys[] = {"node_kinds", "edge_kinds"};
    for (size_t i = 0; i < 2; i++) {
        const rs_yaml *list = rs_load_child(loader, root, keys[i], RS_YAML_SEQUENCE, false);
        const rs_yaml *item = list != NULL ? list->first : NULL;
        for (; item != NULL; item = item->next) {
            if (item->kind == RS_YAML_MAPPING) {
                load_kind(loader, item, i == 1);
            } else {
                rs_problems_add(loader->problems, item->place, "expected a kind, found %s",
                                rs_yaml_kind_name(item->kind));
            }
        }
    }
}

/* --- ends, once all kinds are known --- */

static bool is_node_kind(const rs_rules *rules, rs_str name)
{
    const rs_pack_kind_vec *list = &rules->declared.list;
    bool is_kind = rs_kinds_find(rs_kinds_builtin(), false, name, NULL) != NULL;
    for (size_t i = 0; i < list->n_items && !is_kind; i++) {
        const rs_kind *kind = &list->items[i].declared.kind;
        is_kind = !kind->is_edge && rs_str_equal(rs_str_of(kind->name), name);
    }
    return is_kind;
}

static void refuse_end(rs_rules *rules, const rs_yaml *end, const char *key)
{
    rs_nearest nearest = {.name = end->text};
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        rs_nearest_offer(&nearest, rs_entities[i].name);
    }
    for (size_t i = 0; i < rules->declared.list.n_items; i++) {
        if (!rules->declared.list.items[i].declared.kind.is_edge) {
            rs_nearest_offer(&nearest, rules->declared.list.items[i].declared.kind.name);
        }
    }
    for (size_t i = 0; i < RS_N_NODE_KINDS; i++) {
        rs_nearest_offer(&nearest, rs_node_kind_get((rs_node_kind)i)->name);
    }
    rs_problems_add(&rules->problems, end->place,
                    "%s: expected an entity, a kind of node or a list of kinds, found %.60s%s", key,
                    rs_field_found(end), rs_nearest_hint(&nearest, &rules->arena));
}

/* An entity that is no node cannot be an end. */
static const rs_entity *find_entity(rs_rules *rules, const rs_yaml *end, const char *key)
{
    const rs_entity *entity = rs_entity_find(end->text);
    if (entity != NULL && rs_kind_set_is_empty(rs_entity_kinds(entity))) {
        rs_problems_add(&rules->problems, end->place, "%s: %s (%s) is no node of the graph", key,
                        entity->name, entity->doc);
    }
    return entity;
}

static void settle_end(rs_rules *rules, rs_pack_kind *kind, size_t place)
{
    const char *key = place == 0 ? "src" : "dst";
    const rs_yaml *end = kind->ends[place];
    bool is_list = end->kind == RS_YAML_SEQUENCE;
    size_t most = (size_t)rs_pack_key_find(RS_PACK_EDGE_KIND, key)->most;
    rs_kind_ends *ends = &kind->declared.ends[place];
    if (end->kind == RS_YAML_SCALAR && (ends->entity = find_entity(rules, end, key)) != NULL) {
        return;
    }
    if (is_list && (end->n_children == 0 || end->n_children > most)) {
        rs_problems_add(&rules->problems, end->place, "%s: expected a list of 1 to %zu kinds", key,
                        most);
        return;
    }
    const char **names =
        rs_arena_alloc(&rules->arena, is_list ? end->n_children : 1, sizeof *names);
    if (names == NULL) {
        rules->problems.failed = true;
        return;
    }
    ends->names = names;
    for (const rs_yaml *item = is_list ? end->first : end; item != NULL;
         item = is_list ? item->next : NULL) {
        if (item->kind != RS_YAML_SCALAR || !is_node_kind(rules, item->text)) {
            refuse_end(rules, item, key);
            return;
        }
        names[ends->n_names++] = item->text.bytes;
    }
}

void rs_settle_kinds(rs_rules *rules)
{
    rs_declared_kinds *declared = &rules->declared;
    size_t n_kinds = declared->list.n_items;
    if (n_kinds == 0) {
        return;
    }
    rs_kinds *kinds = NULL;
    rs_error err = {0};
    rs_declared_kind *list = rs_arena_alloc(&rules->arena, n_kinds, sizeof *list);
    for (size_t i = 0; i < n_kinds && list != NULL; i++) {
        rs_pack_kind *kind = &declared->list.items[i];
        for (size_t j = 0; j < 2 && kind->declared.kind.is_edge; j++) {
            settle_end(rules, kind, j);
        }
        list[i] = kind->declared;
    }
    if (list == NULL ||
        rs_kinds_new(list, n_kinds, declared->properties.items, declared->properties.n_items,
                     &rules->arena, &kinds, &err) != RS_OK) {
        rules->problems.failed = true;
        return;
    }
    rules->kinds = kinds;
}
