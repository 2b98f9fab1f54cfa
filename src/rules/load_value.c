/* SPDX-License-Identifier: Apache-2.0 */
/* Values that loaders of packs share. */
#include <ctype.h>
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

enum { MAX_KNOWN = 48 };

const rs_yaml *rs_load_child(rs_loader *loader, const rs_yaml *mapping, const char *key,
                             rs_yaml_kind kind, bool is_required)
{
    static const char *const names[] = {[RS_YAML_SCALAR] = "a text",
                                        [RS_YAML_SEQUENCE] = "a list",
                                        [RS_YAML_MAPPING] = "a mapping"};
    const rs_yaml *value = rs_yaml_get(mapping, key);
    if (value == NULL) {
        if (is_required) {
            rs_problems_add(loader->problems, mapping->place, "missing key %s", key);
        }
        return NULL;
    }
    if (value->kind != kind) {
        rs_problems_add(loader->problems, value->place, "%s: expected %s, found %s", key,
                        names[kind], rs_yaml_kind_name(value->kind));
        return NULL;
    }
    return value;
}

bool rs_yaml_is_bare_word(const rs_yaml *scalar)
{
    if (scalar->kind != RS_YAML_SCALAR || !scalar->is_plain || scalar->text.n_bytes == 0) {
        return false;
    }
    bool fits = isalpha((unsigned char)scalar->text.bytes[0]) != 0;
    for (size_t i = 0; i < scalar->text.n_bytes && fits; i++) {
        unsigned char c = (unsigned char)scalar->text.bytes[i];
        fits = isalnum(c) != 0 || c == '_';
    }
    return fits;
}

static size_t add_known(const char **known, size_t n_known, const char *name)
{
    for (size_t i = 0; i < n_known; i++) {
        if (strcmp(known[i], name) == 0) {
            return n_known;
        }
    }
    RS_ASSERT(n_known + 1 < MAX_KNOWN);
    known[n_known] = name;
    return n_known + 1;
}

void rs_load_known_keys(rs_loader *loader, const rs_yaml *mapping, rs_pack_part part)
{
    const char *known[MAX_KNOWN] = {NULL};
    size_t n_known = 0;
    const rs_pack_key *key = rs_pack_key_next(part, NULL);
    for (; key != NULL; key = rs_pack_key_next(part, key)) {
        n_known = add_known(known, n_known, key->name);
    }
    for (size_t i = 0; part == RS_PACK_RULE && rs_operator_get(i) != NULL; i++) {
        for (const rs_key *own = rs_operator_get(i)->keys; own->name != NULL; own++) {
            n_known = add_known(known, n_known, own->name);
        }
    }
    rs_field_known_keys(loader->problems, mapping, rs_pack_part_name(part), known);
}

void rs_load_whole(rs_loader *loader, const rs_yaml *scalar, rs_pack_part part, const char *name,
                   int64_t *out)
{
    const rs_pack_key *key = rs_pack_key_find(part, name);
    RS_ASSERT(key != NULL && key->type == RS_PACK_WHOLE);
    (void)rs_field_integer(loader->problems, scalar, name, key->least, key->most, out);
}

static rs_place place_at(const rs_placed_text *self, size_t offset)
{
    return rs_yaml_place_at(self->context, offset);
}

rs_expr *rs_load_expr(rs_loader *loader, const rs_yaml *scalar)
{
    if (scalar->kind != RS_YAML_SCALAR) {
        rs_problems_add(loader->problems, scalar->place, "expected an expression, found %s",
                        rs_yaml_kind_name(scalar->kind));
        return NULL;
    }
    const rs_placed_text text = {scalar->text, place_at, scalar};
    return rs_expr_parse(&text, loader->arena, loader->problems);
}

rs_expr *rs_load_value(rs_loader *loader, const rs_yaml *value, bool may_be_word)
{
    if (may_be_word && rs_yaml_is_bare_word(value) && !rs_yaml_is_null(value)) {
        return rs_expr_new_text(value->text, value->place, loader->arena, loader->problems);
    }
    return rs_load_expr(loader, value);
}

size_t rs_load_exprs(rs_loader *loader, const rs_yaml *list, const char *what, rs_expr **exprs,
                     size_t n_most)
{
    RS_ASSERT(n_most > 0);
    if (list->kind != RS_YAML_SEQUENCE || list->n_children == 0 || list->n_children > n_most) {
        rs_problems_add(loader->problems, list->place,
                        "%s: expected a list of 1 to %zu expressions", what, n_most);
        return 0;
    }
    size_t n_exprs = 0;
    for (const rs_yaml *item = list->first; item != NULL; item = item->next) {
        exprs[n_exprs] = rs_load_expr(loader, item);
        if (exprs[n_exprs++] == NULL) {
            return 0;
        }
    }
    RS_ASSERT(n_exprs == list->n_children);
    return n_exprs;
}
