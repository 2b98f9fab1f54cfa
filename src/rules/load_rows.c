/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that a rule makes of a relationship. */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

static const rs_contract *load_output(rs_loader *loader, const rs_yaml *name)
{
    const rs_contract_vec *contracts = &loader->rules->contracts;
    const rs_contract *contract = rs_contract_find(contracts, name->text);
    if (contract == NULL) {
        rs_nearest nearest = {.name = name->text};
        for (size_t i = 0; i < contracts->n_items; i++) {
            rs_nearest_offer(&nearest, contracts->items[i]->dataset->name);
        }
        rs_problems_add(loader->problems, name->place,
                        "output: no pack has a dataset %.60s%s (datasets: of a pack declares it)",
                        name->text.bytes, rs_nearest_hint(&nearest, loader->arena));
    }
    return contract;
}

static void load_select(rs_loader *loader, rs_rule *rule, const rs_yaml *select)
{
    const rs_dataset *output = rule->plan.contract->dataset;
    size_t n_standard = 0;
    (void)rs_relationship_columns(&n_standard);
    size_t n_own = output->n_columns - n_standard;
    for (const rs_yaml *key = select->first; key != NULL; key = key->next) {
        rs_nearest nearest = {.name = key->text};
        size_t at = 0;
        while (at < n_own && !rs_str_equal(rs_str_of(output->columns[at].name), key->text)) {
            rs_nearest_offer(&nearest, output->columns[at++].name);
        }
        if (at == n_own) {
            rs_problems_add(loader->problems, key->place,
                            "select: dataset %s has no column %.60s%s", output->name,
                            key->text.bytes, rs_nearest_hint(&nearest, loader->arena));
        } else {
            rule->plan.columns[at] = rs_load_value(loader, key->value, false);
        }
    }
    for (size_t i = 0; i < n_own; i++) {
        if (output->columns[i].required && rs_yaml_get(select, output->columns[i].name) == NULL) {
            rs_problems_add(loader->problems, select->place,
                            "select: column %s is required and has no expression",
                            output->columns[i].name);
        }
    }
}

/* Keys of the rule that fill a column of their own: score and method. */
static void load_standard(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_dataset *output = rule->plan.output;
    const rs_pack_key *key = rs_pack_key_next(RS_PACK_RULE, NULL);
    for (; key != NULL; key = rs_pack_key_next(RS_PACK_RULE, key)) {
        const rs_yaml *value = rs_yaml_get(mapping, key->name);
        if (value != NULL && key->column != NULL) {
            rule->plan.columns[rs_column_index(output, key->column)] =
                rs_load_value(loader, value, key->type == RS_PACK_VALUE);
        }
    }
}

void rs_load_confidence(rs_loader *loader, rs_rule *rule, const rs_yaml *value)
{
    rs_rule_policies *policies = &rule->policies;
    policies->confidence_place = value->place;
    if (value->kind == RS_YAML_SCALAR && value->text.n_bytes > 0) {
        policies->confidence = value->text.bytes;
        return;
    }
    if (value->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, value->place, "confidence: expected a text, found %.60s",
                        rs_field_found(value));
        return;
    }
    rs_load_known_keys(loader, value, RS_PACK_CONFIDENCE);
    const rs_yaml *name = rs_field_text(loader->problems, value, "policy", true);
    const rs_yaml *source = rs_field_text(loader->problems, value, "source", true);
    policies->confidence = name != NULL ? name->text.bytes : NULL;
    policies->confidence_place = name != NULL ? name->place : value->place;
    rule->plan.policies.source = source != NULL ? rs_load_expr(loader, source) : NULL;
}

static void load_policies(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    rs_rule_policies *policies = &rule->policies;
    const rs_yaml *confidence = rs_yaml_get(mapping, "confidence");
    const rs_yaml *ambiguity = rs_field_text(loader->problems, mapping, "ambiguity", false);
    if (confidence == NULL) {
        rs_problems_add(loader->problems, mapping->place,
                        "missing key confidence: a relationship names its policy");
    } else {
        rs_load_confidence(loader, rule, confidence);
    }
    if (ambiguity != NULL) {
        policies->ambiguity = ambiguity->text.bytes;
        policies->ambiguity_place = ambiguity->place;
    }
}

/* A total order, or it does not compile: what is not named here follows by itself (plan.c). */
static void load_winner(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_dataset *output = rule->plan.contract->dataset;
    const rs_yaml *value = rs_load_child(loader, mapping, "winner", RS_YAML_MAPPING, false);
    if (value == NULL) {
        return;
    }
    rs_load_known_keys(loader, value, RS_PACK_WINNER);
    const rs_yaml *keys = rs_load_child(loader, value, "keys", RS_YAML_SEQUENCE, true);
    const rs_yaml *order = rs_yaml_get(value, "order");
    if (order == NULL) {
        rs_problems_add(loader->problems, value->place,
                        "winner: missing key order: without one, chance would choose");
    }
    if (keys != NULL) {
        rule->plan.winner.n_keys =
            rs_load_sort(loader->problems, output, keys, "keys", false, rule->plan.winner.keys);
    }
    if (order != NULL) {
        rule->plan.winner.n_order =
            rs_load_sort(loader->problems, output, order, "order", true, rule->plan.winner.order);
    }
}

void rs_load_rows(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *name = rs_field_text(loader->problems, mapping, "output", true);
    const rs_yaml *select = rs_load_child(loader, mapping, "select", RS_YAML_MAPPING, true);
    const rs_yaml *filter = rs_field_text(loader->problems, mapping, "filter", false);
    rule->plan.form = RS_EMIT_ROWS;
    rule->plan.contract = name != NULL ? load_output(loader, name) : NULL;
    if (rule->plan.contract == NULL) {
        return;
    }
    rule->plan.output = rule->plan.contract->dataset;
    rule->emit_place = name->place;
    if (select != NULL) {
        load_select(loader, rule, select);
    }
    load_standard(loader, rule, mapping);
    load_policies(loader, rule, mapping);
    load_winner(loader, rule, mapping);
    if (filter != NULL) {
        rule->plan.filter = rs_load_expr(loader, filter);
    }
}

void rs_load_refuse_rows(rs_loader *loader, const rs_yaml *mapping)
{
    const rs_pack_key *key = rs_pack_key_next(RS_PACK_RULE, NULL);
    for (; key != NULL; key = rs_pack_key_next(RS_PACK_RULE, key)) {
        const rs_yaml *value = key->is_of_rows ? rs_yaml_get(mapping, key->name) : NULL;
        if (value != NULL) {
            rs_problems_add(loader->problems, value->place,
                            "only a rule with an output has %s, not one that emits", key->name);
        }
    }
}
