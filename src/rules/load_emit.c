/* SPDX-License-Identifier: Apache-2.0 */
/* The emit: of a rule. Its first key says what it emits: node, edge, props or edge_props. */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

/* The first key of the part says that this is it. */
typedef struct emit_form {
    rs_pack_part part;
    rs_emit_form form;
    rs_graph_dataset_id output;
} emit_form;

static const emit_form forms[] = {
    {RS_PACK_NODE, RS_EMIT_NODE, RS_G_nodes},
    {RS_PACK_EDGE, RS_EMIT_EDGE, RS_G_edges},
    {RS_PACK_PROPS, RS_EMIT_PROPS, RS_G_props},
    {RS_PACK_EDGE_PROPS, RS_EMIT_EDGE_PROPS, RS_G_props},
};

/* Keys that fill a column of their own. */
static void load_columns(rs_loader *loader, rs_rule *rule, rs_pack_part part, const rs_yaml *emit)
{
    const rs_dataset *output = rule->plan.output;
    const rs_pack_key *key = rs_pack_key_next(part, NULL);
    for (; key != NULL; key = rs_pack_key_next(part, key)) {
        const rs_yaml *value = key->column != NULL ? rs_yaml_get(emit, key->name) : NULL;
        if (value != NULL) {
            rule->plan.columns[rs_column_index(output, key->column)] =
                rs_load_value(loader, value, key->type == RS_PACK_VALUE);
        } else if (key->column != NULL && key->is_required) {
            rs_problems_add(loader->problems, emit->place, "missing key %s of emit", key->name);
        }
    }
}

/* --- kinds --- */

static void load_kind(rs_loader *loader, rs_rule *rule, const rs_yaml *value)
{
    bool is_edge = rule->plan.form == RS_EMIT_EDGE || rule->plan.form == RS_EMIT_EDGE_PROPS;
    bool is_props = rule->plan.form == RS_EMIT_PROPS || rule->plan.form == RS_EMIT_EDGE_PROPS;
    rs_nearest nearest = {.name = value->text};
    const rs_kinds *kinds = loader->rules->kinds;
    const rs_kind *kind = rs_kinds_find(kinds, is_edge, value->text, NULL);
    bool is_any = is_props && rs_str_equal(value->text, rs_str_of("ANY"));
    const char *found = is_any ? "ANY" : kind != NULL ? kind->name : NULL;
    for (size_t i = 0; i < rs_kinds_count(kinds, is_edge) && found == NULL; i++) {
        rs_nearest_offer(&nearest, rs_kinds_get(kinds, is_edge, i)->name);
    }
    if (found == NULL) {
        const char *what = is_edge ? "edge" : "node";
        rs_problems_add(loader->problems, value->place,
                        "unknown %s kind %.60s%s (one of its own a pack declares under %s_kinds)",
                        what, value->text.bytes, rs_nearest_hint(&nearest, loader->arena), what);
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

static void offer_properties(const rs_property *all, size_t n, const char *kind, bool is_edge,
                             rs_nearest *nearest)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].is_edge == is_edge && strcmp(all[i].kind, kind) == 0) {
            rs_nearest_offer(nearest, all[i].key);
        }
    }
}

static void refuse_property(rs_loader *loader, const char *kind, bool is_edge, const rs_yaml *key)
{
    const rs_kinds *kinds = loader->rules->kinds;
    size_t n_properties = 0;
    const rs_property *all = rs_properties(&n_properties);
    rs_nearest nearest = {.name = key->text};
    offer_properties(all, n_properties, kind, is_edge, &nearest);
    offer_properties(kinds->properties, kinds->n_properties, kind, is_edge, &nearest);
    rs_problems_add(loader->problems, key->place, "kind %s has no property %.60s%s", kind,
                    key->text.bytes, rs_nearest_hint(&nearest, loader->arena));
}

static const rs_property *property_of(rs_loader *loader, const rs_rule *rule, const rs_yaml *key)
{
    bool is_edge = rule->plan.form == RS_EMIT_EDGE_PROPS;
    const rs_property *property = NULL;
    for (size_t i = 0; i < rule->plan.n_kinds; i++) {
        const rs_property *found = rs_kinds_property(
            loader->rules->kinds, rs_str_of(rule->plan.kinds[i]), is_edge, key->text);
        if (found == NULL) {
            refuse_property(loader, rule->plan.kinds[i], is_edge, key);
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

/* --- confidence --- */

/* A policy, or a column of an input that hands on how sure somebody else was. Numbers belong into a
 * policy. */
static void load_edge_confidence(rs_loader *loader, rs_rule *rule, const rs_yaml *value)
{
    bool is_expression =
        value->kind == RS_YAML_SCALAR && value->text.n_bytes > 0 && !rs_field_is_name(value->text);
    if (!is_expression) {
        rs_load_confidence(loader, rule, value);
        return;
    }
    rs_expr *expr = rs_load_expr(loader, value);
    if (expr != NULL && expr->kind != RS_EXPR_COLUMN) {
        rs_problems_add(loader->problems, value->place,
                        "confidence: expected the name of a policy, {policy, source} or a column, "
                        "found %.60s: numbers belong into a policy",
                        value->text.bytes);
        return;
    }
    rule->plan.columns[rs_column_index(rule->plan.output, "confidence")] = expr;
}

/* --- all of it --- */

void rs_load_emit(rs_loader *loader, rs_rule *rule, const rs_yaml *emit)
{
    const emit_form *form = NULL;
    const char *first = NULL;
    for (size_t i = 0; emit->kind == RS_YAML_MAPPING && i < sizeof forms / sizeof forms[0]; i++) {
        const char *name = rs_pack_key_next(forms[i].part, NULL)->name;
        if (rs_yaml_get(emit, name) != NULL) {
            form = &forms[i];
            first = name;
        }
    }
    if (form == NULL) {
        rs_problems_add(loader->problems, emit->place,
                        "emit: expected a mapping with node, edge, props or edge_props");
        return;
    }
    const rs_dataset *output = rs_graph_dataset_get(form->output);
    rule->plan.form = form->form;
    rule->plan.output = output;
    rule->emit_place = emit->place;
    rs_load_known_keys(loader, emit, form->part);
    load_kinds(loader, rule, output, rs_yaml_get(emit, first));
    load_columns(loader, rule, form->part, emit);
    if (form->form == RS_EMIT_EDGE && rs_yaml_get(emit, "confidence") != NULL) {
        load_edge_confidence(loader, rule, rs_yaml_get(emit, "confidence"));
    }
    if (form->output == RS_G_props) {
        load_values(loader, rule, emit);
    } else if (rs_yaml_get(emit, "anchor") != NULL) {
        load_anchor(loader, rule, output, rs_yaml_get(emit, "anchor"));
    }
}
