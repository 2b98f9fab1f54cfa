/* SPDX-License-Identifier: Apache-2.0 */
/* The rules: of a pack. */
#include <stdio.h>
#include <string.h>

#include "base/stop.h"
#include "rules/fields.h"
#include "rules/rule.h"

enum { DEFAULT_PRIORITY = 100 };

static int32_t load_priority(rs_loader *loader, const rs_yaml *mapping)
{
    int64_t number = DEFAULT_PRIORITY;
    const rs_yaml *scalar = rs_yaml_get(mapping, "priority");
    if (scalar != NULL) {
        rs_load_whole(loader, scalar, RS_PACK_RULE, "priority", &number);
    }
    return (int32_t)number;
}

/* --- inputs --- */

static const rs_dataset *load_dataset(rs_loader *loader, const rs_yaml *scalar)
{
    const rs_contract *contract = rs_contract_find(&loader->rules->contracts, scalar->text);
    if (contract != NULL) {
        return contract->dataset;
    }
    if (rs_graph_dataset_find(scalar->text) != NULL) {
        rs_problems_add(loader->problems, scalar->place, "%s is no input: rules write it",
                        scalar->text.bytes);
        return NULL;
    }
    const rs_dataset *dataset = rs_dataset_find(scalar->text);
    if (dataset != NULL) {
        return dataset;
    }
    rs_nearest nearest = {.name = scalar->text};
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        rs_nearest_offer(&nearest, rs_dataset_get((rs_dataset_id)i)->name);
    }
    for (size_t i = 0; i < loader->rules->contracts.n_items; i++) {
        rs_nearest_offer(&nearest, loader->rules->contracts.items[i]->dataset->name);
    }
    rs_problems_add(loader->problems, scalar->place, "unknown dataset %.60s%s", scalar->text.bytes,
                    rs_nearest_hint(&nearest, loader->arena));
    return NULL;
}

static bool is_reserved(const char *alias)
{
    static const char *const reserved[] = {"match", "item", "each", "out", "params"};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (strcmp(reserved[i], alias) == 0) {
            return true;
        }
    }
    return false;
}

static void load_input(rs_loader *loader, rs_rule *rule, const rs_yaml *inputs, const rs_yaml *key)
{
    const char *alias = rs_field_name(loader->problems, key, "alias");
    const rs_yaml *value = rs_field_text(loader->problems, inputs, key->text.bytes, true);
    const rs_dataset *dataset = value != NULL ? load_dataset(loader, value) : NULL;
    if (alias != NULL && is_reserved(alias)) {
        rs_problems_add(loader->problems, key->place,
                        "alias: %s is a name of the rule language; choose another", alias);
        alias = NULL;
    }
    if (alias == NULL || dataset == NULL) {
        rule->is_broken = true;
        return;
    }
    rule->input_places[rule->plan.n_inputs] = value->place;
    rule->plan.inputs[rule->plan.n_inputs++] =
        (rs_plan_input){.alias = alias, .dataset = dataset, .sql_alias = alias, .sql_prefix = ""};
}

enum { INPUTS_BYTES = 48, MAX_OPERATORS = 32 };

/* "at most 1 input", "2 inputs", "2 to 8 inputs" */
static const char *inputs_text(const rs_operator *op, char text[INPUTS_BYTES])
{
    const char *noun = op->max_inputs == 1 ? "input" : "inputs";
    if (op->min_inputs == op->max_inputs) {
        snprintf(text, INPUTS_BYTES, "%zu %s", op->max_inputs, noun);
    } else if (op->min_inputs == 0) {
        snprintf(text, INPUTS_BYTES, "at most %zu %s", op->max_inputs, noun);
    } else {
        snprintf(text, INPUTS_BYTES, "%zu to %zu %s", op->min_inputs, op->max_inputs, noun);
    }
    return text;
}

static void load_inputs(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *inputs = rs_yaml_get(mapping, "inputs");
    if (inputs == NULL || inputs->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, inputs != NULL ? inputs->place : mapping->place,
                        inputs != NULL ? "inputs: expected a mapping of aliases to datasets"
                                       : "missing key inputs");
        return;
    }
    const rs_operator *op = rule->plan.op;
    if (inputs->n_children < op->min_inputs || inputs->n_children > op->max_inputs) {
        char expected[INPUTS_BYTES];
        rs_problems_add(loader->problems, inputs->place, "%s takes %s, not %zu", op->name,
                        inputs_text(op, expected), inputs->n_children);
        return;
    }
    for (const rs_yaml *key = inputs->first; key != NULL && !rule->is_broken; key = key->next) {
        load_input(loader, rule, inputs, key);
    }
    rule->plan.n_seen = rule->plan.n_inputs;
}

/* --- rules --- */

/* The rule of the same name that stands already: a pair in one set is a mistake, else one is replaced. */
static void keep_rule(rs_loader *loader, rs_rule *rule)
{
    rs_rule_vec *list = &loader->rules->list;
    for (size_t i = 0; i < list->n_items; i++) {
        if (strcmp(list->items[i]->plan.name, rule->plan.name) != 0) {
            continue;
        }
        if (list->items[i]->source == rule->source) {
            rs_problems_add(loader->problems, rule->place, "rule %s stands already in %s, line %u",
                            rule->plan.name, list->items[i]->place.file,
                            (unsigned)list->items[i]->place.line);
            return;
        }
        list->items[i] = rule;
        return;
    }
    if (!rs_rule_vec_push(list, rule)) {
        loader->problems->failed = true;
    }
}

/* What the rule makes: rows of a relationship, or something of the graph. */
static void load_result(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *emit = rs_yaml_get(mapping, "emit");
    const rs_yaml *output = rs_yaml_get(mapping, "output");
    if ((emit == NULL) == (output == NULL)) {
        rs_problems_add(loader->problems, emit == NULL ? mapping->place : output->place,
                        emit == NULL ? "missing key emit (of the graph) or output (a relationship)"
                                     : "output: a rule has this or emit, not both");
    } else if (emit != NULL) {
        rs_load_refuse_rows(loader, mapping);
        if (rule->plan.op != NULL && rule->plan.op->needs_output) {
            rs_problems_add(loader->problems, emit->place,
                            "emit: %s has an output; emit from a rule that has it as its input",
                            rule->plan.op->name);
        }
        rs_load_emit(loader, rule, emit);
    } else {
        rs_load_rows(loader, rule, mapping);
    }
}

static void load_head(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *name = rs_field_text(loader->problems, mapping, "name", true);
    const rs_yaml *doc = rs_field_text(loader->problems, mapping, "doc", true);
    rule->plan.pack = loader->file;
    rule->plan.is_builtin = loader->source == loader->rules->embedded;
    rule->plan.doc = doc != NULL ? doc->text.bytes : "";
    rule->plan.name = name != NULL ? rs_field_name(loader->problems, name, "name") : NULL;
    rule->place = name != NULL ? name->place : mapping->place;
    rule->plan.line = rule->place.line;
    rule->plan.priority = load_priority(loader, mapping);
}

static const rs_operator *load_kind(rs_loader *loader, const rs_yaml *word)
{
    const char *kinds[MAX_OPERATORS];
    size_t n_kinds = 0;
    while (rs_operator_get(n_kinds) != NULL) {
        RS_ASSERT(n_kinds < MAX_OPERATORS);
        kinds[n_kinds] = rs_operator_get(n_kinds)->name;
        n_kinds++;
    }
    int number = rs_field_word(loader->problems, word, "kind", kinds, n_kinds);
    return number >= 0 ? rs_operator_get((size_t)number) : NULL;
}

static void load_rule(rs_loader *loader, const rs_yaml *mapping)
{
    if (mapping->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, mapping->place, "expected a rule, found %s",
                        rs_yaml_kind_name(mapping->kind));
        return;
    }
    rs_rule *rule = rs_arena_alloc(loader->arena, 1, sizeof *rule);
    if (rule == NULL) {
        loader->problems->failed = true;
        return;
    }
    *rule = (rs_rule){.kinds = loader->rules->kinds,
                      .written = mapping,
                      .source = loader->source,
                      .place = mapping->place};
    size_t n_before = loader->problems->list.n_items;
    rs_load_known_keys(loader, mapping, RS_PACK_RULE);
    load_head(loader, rule, mapping);
    const rs_yaml *kind = rs_field_text(loader->problems, mapping, "kind", true);
    const rs_yaml *where = rs_field_text(loader->problems, mapping, "where", false);
    rule->plan.op = kind != NULL ? load_kind(loader, kind) : NULL;
    if (rule->plan.op != NULL) {
        load_inputs(loader, rule, mapping);
        rs_load_operator(loader, rule, mapping);
    }
    if (where != NULL) {
        rule->plan.where = rs_load_expr(loader, where);
    }
    load_result(loader, rule, mapping);
    rule->is_broken = loader->problems->list.n_items > n_before;
    if (rule->plan.name != NULL) {
        keep_rule(loader, rule);
    }
}

void rs_load_rules(rs_loader *loader, const rs_yaml *root)
{
    rs_load_known_keys(loader, root, RS_PACK_FILE);
    (void)rs_field_text(loader->problems, root, "pack", true);
    (void)rs_field_text(loader->problems, root, "doc", false);
    const rs_yaml *rules = rs_load_child(loader, root, "rules", RS_YAML_SEQUENCE, true);
    for (const rs_yaml *item = rules != NULL ? rules->first : NULL;
         item != NULL && !rs_stopped(loader->rules->stop); item = item->next) {
        load_rule(loader, item);
    }
}
