/* SPDX-License-Identifier: Apache-2.0 */
/* A pack's tree to rules. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

enum { DEFAULT_PRIORITY = 100, MAX_PRIORITY = 1000000 };

typedef struct choice {
    const char *name;
    int value;
} choice;

static const choice rule_kinds[] = {
    {"filter_project", RS_RULE_FILTER_PROJECT},
    {"hash_join", RS_RULE_HASH_JOIN},
};

static const choice joins[] = {
    {"inner", RS_JOIN_INNER},
    {"left", RS_JOIN_LEFT},
    {"semi", RS_JOIN_SEMI},
    {"anti", RS_JOIN_ANTI},
};

static const char *const pack_keys[] = {"pack", "doc", "rules", NULL};
static const char *const rule_keys[] = {"name", "doc",   "kind",     "inputs", "join",
                                        "on",   "where", "priority", "emit",   NULL};

const char *rs_rule_kind_name(rs_rule_kind kind)
{
    return rule_kinds[kind].name;
}

const char *rs_join_name(rs_join join)
{
    return joins[join].name;
}

const char *rs_rule_scope_name(rs_rule_scope scope)
{
    return scope == RS_SCOPE_PART ? "part" : "run";
}

void rs_load_known_keys(rs_loader *loader, const rs_yaml *mapping, const char *what,
                        const char *const *known)
{
    rs_field_known_keys(loader->problems, mapping, what, known);
}

static const rs_yaml *scalar_of(rs_loader *loader, const rs_yaml *mapping, const char *key,
                                bool is_required)
{
    return rs_field_text(loader->problems, mapping, key, is_required);
}

static const char *load_name(rs_loader *loader, const rs_yaml *scalar, const char *what)
{
    return rs_field_name(loader->problems, scalar, what);
}

static int load_choice(rs_loader *loader, const rs_yaml *scalar, const char *what,
                       const choice *choices, size_t n_choices)
{
    rs_nearest nearest = {.name = scalar->text};
    for (size_t i = 0; i < n_choices; i++) {
        if (rs_str_equal(rs_str_of(choices[i].name), scalar->text)) {
            return choices[i].value;
        }
        rs_nearest_offer(&nearest, choices[i].name);
    }
    rs_problems_add(loader->problems, scalar->place, "unknown %s %.60s%s", what, scalar->text.bytes,
                    rs_nearest_hint(&nearest, loader->arena));
    return -1;
}

static void load_priority(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    rule->info.priority = DEFAULT_PRIORITY;
    const rs_yaml *scalar = scalar_of(loader, mapping, "priority", false);
    if (scalar == NULL) {
        return;
    }
    char *end = NULL;
    errno = 0;
    long value = strtol(scalar->text.bytes, &end, 10);
    if (errno != 0 || *end != '\0' || value < 0 || value > MAX_PRIORITY) {
        rs_problems_add(loader->problems, scalar->place,
                        "priority: expected a number from 0 to %d, found %.60s", (int)MAX_PRIORITY,
                        scalar->text.bytes);
        return;
    }
    rule->info.priority = (int32_t)value;
}

static const rs_dataset *load_dataset(rs_loader *loader, const rs_yaml *scalar)
{
    const rs_dataset *dataset = rs_dataset_find(scalar->text);
    if (dataset != NULL && rs_graph_dataset_find(scalar->text) == NULL) {
        return dataset;
    }
    if (dataset != NULL) {
        rs_problems_add(loader->problems, scalar->place, "%s is no input: rules write it",
                        scalar->text.bytes);
        return NULL;
    }
    rs_nearest nearest = {.name = scalar->text};
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        rs_nearest_offer(&nearest, rs_dataset_get((rs_dataset_id)i)->name);
    }
    rs_problems_add(loader->problems, scalar->place, "unknown dataset %.60s%s", scalar->text.bytes,
                    rs_nearest_hint(&nearest, loader->arena));
    return NULL;
}

static void load_inputs(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *inputs = rs_yaml_get(mapping, "inputs");
    rule->info.inputs = rule->inputs;
    if (inputs == NULL || inputs->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, inputs != NULL ? inputs->place : mapping->place,
                        inputs != NULL ? "inputs: expected a mapping of aliases to datasets"
                                       : "missing key inputs");
        return;
    }
    bool is_join = rule->info.kind == RS_RULE_HASH_JOIN;
    if (is_join ? inputs->n_children != 2 : inputs->n_children > 1) {
        rs_problems_add(loader->problems, inputs->place, "%s takes %s, not %zu inputs",
                        rs_rule_kind_name(rule->info.kind), is_join ? "2" : "at most 1",
                        inputs->n_children);
        return;
    }
    for (const rs_yaml *key = inputs->first; key != NULL; key = key->next) {
        const char *alias = load_name(loader, key, "alias");
        const rs_yaml *value = scalar_of(loader, inputs, key->text.bytes, true);
        const rs_dataset *dataset = value != NULL ? load_dataset(loader, value) : NULL;
        if (alias == NULL || dataset == NULL) {
            rule->is_broken = true;
            return;
        }
        rule->input_places[rule->info.n_inputs] = value->place;
        rule->inputs[rule->info.n_inputs++] = (rs_rule_input){alias, dataset};
    }
}

static void load_join(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const rs_yaml *join = rs_yaml_get(mapping, "join");
    const rs_yaml *on = rs_yaml_get(mapping, "on");
    if (rule->info.kind != RS_RULE_HASH_JOIN) {
        const rs_yaml *extra = join != NULL ? join : on;
        if (extra != NULL) {
            rs_problems_add(loader->problems, extra->place, "only a hash_join has join and on");
        }
        return;
    }
    join = scalar_of(loader, mapping, "join", true);
    on = scalar_of(loader, mapping, "on", true);
    if (join != NULL) {
        if (strncmp(join->text.bytes, "right", 5) == 0 ||
            strncmp(join->text.bytes, "full", 4) == 0) {
            rs_problems_add(loader->problems, join->place,
                            "there is no %.60s join: name the inputs the other way round, and join "
                            "inner, left, semi or anti",
                            join->text.bytes);
        } else {
            int value = load_choice(loader, join, "join", joins, sizeof joins / sizeof joins[0]);
            rule->join = value < 0 ? RS_JOIN_INNER : (rs_join)value;
        }
    }
    if (on != NULL) {
        rule->on = rs_expr_parse(on, loader->arena, loader->problems);
    }
}

/* The rule of the same name that stands already: a pair in one set is a mistake, else one is replaced. */
static void keep_rule(rs_loader *loader, rs_rule *rule)
{
    rs_rule_vec *list = &loader->rules->list;
    for (size_t i = 0; i < list->n_items; i++) {
        if (strcmp(list->items[i]->info.name, rule->info.name) != 0) {
            continue;
        }
        if (list->items[i]->source == rule->source) {
            rs_problems_add(loader->problems, rule->place, "rule %s stands already in %s, line %u",
                            rule->info.name, list->items[i]->place.file,
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
    *rule = (rs_rule){.source = loader->rules->source, .place = mapping->place};
    size_t n_before = loader->problems->list.n_items;
    rs_load_known_keys(loader, mapping, "a rule", rule_keys);
    const rs_yaml *name = scalar_of(loader, mapping, "name", true);
    const rs_yaml *doc = scalar_of(loader, mapping, "doc", true);
    const rs_yaml *kind = scalar_of(loader, mapping, "kind", true);
    const rs_yaml *where = scalar_of(loader, mapping, "where", false);
    const rs_yaml *emit = rs_yaml_get(mapping, "emit");
    rule->info.pack = loader->file;
    rule->info.doc = doc != NULL ? doc->text.bytes : "";
    rule->info.name = name != NULL ? load_name(loader, name, "name") : NULL;
    rule->place = name != NULL ? name->place : mapping->place;
    rule->info.line = rule->place.line;
    int kind_number = kind != NULL ? load_choice(loader, kind, "kind", rule_kinds,
                                                 sizeof rule_kinds / sizeof rule_kinds[0])
                                   : -1;
    load_priority(loader, rule, mapping);
    if (kind_number >= 0) {
        rule->info.kind = (rs_rule_kind)kind_number;
        load_inputs(loader, rule, mapping);
        load_join(loader, rule, mapping);
    }
    if (where != NULL) {
        rule->where = rs_expr_parse(where, loader->arena, loader->problems);
    }
    if (emit == NULL) {
        rs_problems_add(loader->problems, mapping->place, "missing key emit");
    } else {
        rs_load_emit(loader, rule, emit);
    }
    rule->is_broken = loader->problems->list.n_items > n_before;
    if (rule->info.name != NULL) {
        keep_rule(loader, rule);
    }
}

void rs_load_pack(rs_loader *loader, const rs_yaml *root)
{
    if (root->kind != RS_YAML_MAPPING) {
        rs_problems_add(loader->problems, root->place, "expected a pack (a mapping), found %s",
                        rs_yaml_kind_name(root->kind));
        return;
    }
    rs_load_known_keys(loader, root, "a pack", pack_keys);
    (void)scalar_of(loader, root, "pack", true);
    (void)scalar_of(loader, root, "doc", false);
    const rs_yaml *rules = rs_yaml_get(root, "rules");
    if (rules == NULL || rules->kind != RS_YAML_SEQUENCE) {
        rs_problems_add(loader->problems, rules != NULL ? rules->place : root->place,
                        rules != NULL ? "rules: expected a list" : "missing key rules");
        return;
    }
    for (const rs_yaml *item = rules->first; item != NULL; item = item->next) {
        load_rule(loader, item);
    }
}
