/* SPDX-License-Identifier: Apache-2.0 */
/* The emit: of a rule. Its first key says what it emits: node, edge, props or edge_props. */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

typedef struct emit_form {
    const char *key;
    rs_emit_form form;
    rs_graph_dataset_id output;
} emit_form;

static const emit_form forms[] = {
    {"node", RS_EMIT_NODE, RS_G_nodes},
    {"edge", RS_EMIT_EDGE, RS_G_edges},
    {"props", RS_EMIT_PROPS, RS_G_props},
    {"edge_props", RS_EMIT_EDGE_PROPS, RS_G_props},
};

/* A key that gives one column; may_be_word: a bare word stands for itself. */
typedef struct emit_key {
    const char *key;
    const char *column;
    bool is_required;
    bool may_be_word;
} emit_key;

static const emit_key node_keys[] = {
    {"id", "node_id", true, false},
    {"file", "file_id", false, false},
    {"start_byte", "start_byte", false, false},
    {"end_byte", "end_byte", false, false},
    {"start_line", "start_line", false, false},
    {"start_column", "start_column", false, false},
    {"end_line", "end_line", false, false},
    {"end_column", "end_column", false, false},
    {"name", "name", false, false},
    {"qualified_name", "qualified_name", false, false},
    {"status", "status", false, true},
    {"damaged", "damaged", false, false},
};

static const emit_key edge_keys[] = {
    {"src", "src", true, false},
    {"dst", "dst", true, false},
    {"file", "file_id", false, false},
    {"origin", "origin", false, true},
    {"method", "method", false, true},
    {"confidence", "confidence", false, false},
    {"score", "score", false, false},
    {"group", "ambiguity_group_id", false, false},
    {"relationship_rule", "relationship_rule", false, true},
    {"symbol_roles", "symbol_roles", false, false},
    {"qname_source", "qname_source", false, true},
    {"damaged", "damaged", false, false},
};

static const emit_key props_keys[] = {{"id", "entity_id", true, false}};

enum { MAX_EMIT_KEYS = 24 };

static void load_columns(rs_loader *loader, rs_rule *rule, const rs_dataset *output,
                         const rs_yaml *emit, const emit_key *keys, size_t n_keys)
{
    for (size_t i = 0; i < n_keys; i++) {
        const rs_yaml *value = rs_yaml_get(emit, keys[i].key);
        if (value != NULL) {
            rule->plan.columns[rs_column_index(output, keys[i].column)] =
                rs_load_value(loader, value, keys[i].may_be_word);
        } else if (keys[i].is_required) {
            rs_problems_add(loader->problems, emit->place, "missing key %s of emit", keys[i].key);
        }
    }
}

/* --- kinds --- */

static void load_kind(rs_loader *loader, rs_rule *rule, const rs_yaml *value)
{
    bool is_edge = rule->plan.form == RS_EMIT_EDGE || rule->plan.form == RS_EMIT_EDGE_PROPS;
    bool is_props = rule->plan.form == RS_EMIT_PROPS || rule->plan.form == RS_EMIT_EDGE_PROPS;
    rs_nearest nearest = {.name = value->text};
    const char *found = is_props && rs_str_equal(value->text, rs_str_of("ANY")) ? "ANY" : NULL;
    size_t n_kinds = is_edge ? RS_N_EDGE_KINDS : RS_N_NODE_KINDS;
    for (size_t i = 0; i < n_kinds && found == NULL; i++) {
        const rs_kind *kind =
            is_edge ? rs_edge_kind_get((rs_edge_kind)i) : rs_node_kind_get((rs_node_kind)i);
        found = rs_str_equal(rs_str_of(kind->name), value->text) ? kind->name : NULL;
        rs_nearest_offer(&nearest, kind->name);
    }
    if (found == NULL) {
        rs_problems_add(loader->problems, value->place, "unknown %s kind %.60s%s",
                        is_edge ? "edge" : "node", value->text.bytes,
                        rs_nearest_hint(&nearest, loader->arena));
    } else {
        RS_ASSERT(rule->plan.n_kinds < RS_PLAN_MAX_KEYS);
        rule->plan.kinds[rule->plan.n_kinds++] = found;
    }
}

/* KIND; for props also a list of them; for a node also an expression. */
static void load_kinds(rs_loader *loader, rs_rule *rule, const rs_dataset *output,
                       const rs_yaml *value)
{
    bool is_props = rule->plan.form == RS_EMIT_PROPS || rule->plan.form == RS_EMIT_EDGE_PROPS;
    if (is_props && value->kind == RS_YAML_SEQUENCE) {
        if (value->n_children == 0 || value->n_children > RS_PLAN_MAX_KEYS) {
            rs_problems_add(loader->problems, value->place, "expected a list of 1 to %d kinds",
                            (int)RS_PLAN_MAX_KEYS);
            return;
        }
        for (const rs_yaml *item = value->first; item != NULL; item = item->next) {
            if (rs_yaml_is_bare_word(item)) {
                load_kind(loader, rule, item);
            } else {
                rs_problems_add(loader->problems, item->place, "expected a kind");
            }
        }
        return;
    }
    if (!rs_yaml_is_bare_word(value) && rule->plan.form != RS_EMIT_NODE) {
        rs_problems_add(loader->problems, value->place, "expected a kind%s",
                        is_props ? " or a list of kinds" : "");
        return;
    }
    rs_expr *expr = rs_load_value(loader, value, true);
    if (rs_yaml_is_bare_word(value)) {
        load_kind(loader, rule, value);
    }
    if (!is_props && (rule->plan.n_kinds > 0 || !rs_yaml_is_bare_word(value))) {
        rule->plan.columns[rs_column_index(output, "kind")] = expr;
    }
}

/* --- anchors --- */

static rs_expr *column_of(rs_loader *loader, const rs_yaml *alias, const rs_column *column)
{
    rs_expr *expr = rs_expr_new_text(alias->text, alias->place, loader->arena, loader->problems);
    if (expr != NULL) {
        expr->kind = RS_EXPR_COLUMN;
        expr->alias = alias->text;
        expr->text = rs_str_of(column->name);
    }
    return expr;
}

/* anchor: alias - the file and place of that input's row, as far as it has them. */
static void anchor_alias(rs_loader *loader, rs_rule *rule, const rs_dataset *output,
                         const rs_yaml *alias)
{
    static const char *const places[] = {"file_id",      "start_byte", "end_byte",  "start_line",
                                         "start_column", "end_line",   "end_column"};
    const rs_dataset *dataset = NULL;
    for (size_t i = 0; i < rule->plan.n_inputs; i++) {
        if (rs_str_equal(rs_str_of(rule->plan.inputs[i].alias), alias->text)) {
            dataset = rule->plan.inputs[i].dataset;
        }
    }
    if (dataset == NULL) {
        rs_problems_add(loader->problems, alias->place,
                        "anchor: expected an input or [start, end], found %.60s",
                        alias->text.bytes);
        return;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const rs_column *from = rs_column_find(dataset, rs_str_of(places[i]));
        const rs_column *to = rs_column_find(output, rs_str_of(places[i]));
        if (from != NULL && to != NULL && rule->plan.columns[to - output->columns] == NULL) {
            rule->plan.columns[to - output->columns] = column_of(loader, alias, from);
        }
    }
}

static void load_anchor(rs_loader *loader, rs_rule *rule, const rs_dataset *output,
                        const rs_yaml *anchor)
{
    if (anchor->kind == RS_YAML_SCALAR) {
        anchor_alias(loader, rule, output, anchor);
        return;
    }
    if (anchor->kind != RS_YAML_SEQUENCE || anchor->n_children != 2) {
        rs_problems_add(loader->problems, anchor->place,
                        "anchor: expected an input or [start, end]");
        return;
    }
    rule->plan.columns[rs_column_index(output, "start_byte")] = rs_load_expr(loader, anchor->first);
    rule->plan.columns[rs_column_index(output, "end_byte")] =
        rs_load_expr(loader, anchor->first->next);
}

/* --- props --- */

static const rs_property *property_of(rs_loader *loader, const rs_rule *rule, const rs_yaml *key)
{
    bool is_edge = rule->plan.form == RS_EMIT_EDGE_PROPS;
    const rs_property *property = NULL;
    for (size_t i = 0; i < rule->plan.n_kinds; i++) {
        const rs_property *found =
            rs_property_find(rs_str_of(rule->plan.kinds[i]), is_edge, key->text);
        if (found == NULL) {
            size_t n_properties = 0;
            const rs_property *all = rs_properties(&n_properties);
            rs_nearest nearest = {.name = key->text};
            for (size_t j = 0; j < n_properties; j++) {
                if (all[j].is_edge == is_edge && strcmp(all[j].kind, rule->plan.kinds[i]) == 0) {
                    rs_nearest_offer(&nearest, all[j].key);
                }
            }
            rs_problems_add(loader->problems, key->place, "kind %s has no property %.60s%s",
                            rule->plan.kinds[i], key->text.bytes,
                            rs_nearest_hint(&nearest, loader->arena));
            return NULL;
        }
        if (property != NULL && property->type != found->type) {
            rs_problems_add(loader->problems, key->place,
                            "property %.60s has another type for kind %s than for kind %s",
                            key->text.bytes, rule->plan.kinds[i], rule->plan.kinds[0]);
            return NULL;
        }
        property = property == NULL ? found : property;
    }
    return property;
}

static void load_values(rs_loader *loader, rs_rule *rule, const rs_yaml *emit)
{
    const rs_yaml *values = rs_yaml_get(emit, "values");
    if (values == NULL || values->kind != RS_YAML_MAPPING || values->n_children == 0 ||
        values->n_children > RS_PLAN_MAX_KEYS) {
        rs_problems_add(loader->problems, values != NULL ? values->place : emit->place,
                        values != NULL ? "values: expected a mapping of 1 to 32 keys to expressions"
                                       : "missing key values of emit");
        return;
    }
    for (const rs_yaml *key = values->first; key != NULL; key = key->next) {
        rs_expr *value = rs_load_expr(loader, key->value);
        const rs_property *property = property_of(loader, rule, key);
        rule->values[rule->n_values].key = key->text;
        rule->values[rule->n_values].place = key->value->place;
        rule->values[rule->n_values].value = value;
        rule->values[rule->n_values].property = property;
        rule->n_values++;
    }
}

/* --- all of it --- */

static void check_keys(rs_loader *loader, const rs_yaml *emit, const emit_form *form,
                       const emit_key *keys, size_t n_keys)
{
    const char *known[MAX_EMIT_KEYS] = {form->key};
    size_t n_known = 1;
    for (size_t i = 0; i < n_keys; i++) {
        known[n_known++] = keys[i].key;
    }
    known[n_known++] = form->output == RS_G_props ? "values" : "anchor";
    known[n_known] = NULL;
    rs_field_known_keys(loader->problems, emit, "emit", known);
}

void rs_load_emit(rs_loader *loader, rs_rule *rule, const rs_yaml *emit)
{
    const emit_form *form = NULL;
    for (size_t i = 0; emit->kind == RS_YAML_MAPPING && i < sizeof forms / sizeof forms[0]; i++) {
        if (rs_yaml_get(emit, forms[i].key) != NULL) {
            form = &forms[i];
        }
    }
    if (form == NULL) {
        rs_problems_add(loader->problems, emit->place,
                        "emit: expected a mapping with node, edge, props or edge_props");
        return;
    }
    const rs_dataset *output = rs_graph_dataset_get(form->output);
    const emit_key *keys = form->output == RS_G_nodes   ? node_keys
                           : form->output == RS_G_edges ? edge_keys
                                                        : props_keys;
    size_t n_keys = form->output == RS_G_nodes   ? sizeof node_keys / sizeof node_keys[0]
                    : form->output == RS_G_edges ? sizeof edge_keys / sizeof edge_keys[0]
                                                 : sizeof props_keys / sizeof props_keys[0];
    rule->plan.form = form->form;
    rule->emit_place = emit->place;
    rule->plan.output = output;
    check_keys(loader, emit, form, keys, n_keys);
    load_kinds(loader, rule, output, rs_yaml_get(emit, form->key));
    load_columns(loader, rule, output, emit, keys, n_keys);
    if (form->output == RS_G_props) {
        load_values(loader, rule, emit);
    } else if (rs_yaml_get(emit, "anchor") != NULL) {
        load_anchor(loader, rule, output, rs_yaml_get(emit, "anchor"));
    }
}
