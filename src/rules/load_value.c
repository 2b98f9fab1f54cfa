/* SPDX-License-Identifier: Apache-2.0 */
/* Values that loaders of packs share. */
#include <ctype.h>

#include "rules/rule.h"

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
    return n_exprs;
}
