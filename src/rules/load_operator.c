/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator of a rule takes, and the rows that it makes of a relationship. */
#include <string.h>

#include "rules/fields.h"
#include "rules/rule.h"

enum {
    FOR_JOIN = 1u << RS_RULE_HASH_JOIN,
    FOR_ALIGN = 1u << RS_RULE_INTERVAL_ALIGN,
    FOR_EXPLODE = 1u << RS_RULE_EXPLODE_LIST,
    FOR_WINNER = 1u << RS_RULE_WINNER_SELECT,
    FOR_AGGREGATE = 1u << RS_RULE_AGGREGATE,
    FOR_ALL = (1u << (RS_RULE_AGGREGATE + 1)) - 1
};

/* Which operator must have, and which may have, a key. */
static const struct {
    const char *key;
    unsigned required;
    unsigned allowed;
    const char *owners;
} operator_keys[] = {
    {"join", FOR_JOIN, FOR_JOIN, "a hash_join"},
    {"on", FOR_JOIN | FOR_ALIGN, FOR_JOIN | FOR_ALIGN, "a hash_join or interval_align"},
    {"align", FOR_ALIGN, FOR_ALIGN, "an interval_align"},
    {"explode", FOR_EXPLODE, FOR_EXPLODE, "an explode_list"},
    {"group_by", FOR_AGGREGATE, FOR_AGGREGATE, "an aggregate"},
    {"winner", FOR_WINNER, FOR_ALL, "a rule with an output"},
};

static const char *const align_keys[] = {"left", "right", "mode", "how", "keep", "ties", NULL};
static const char *const explode_keys[] = {"list", "split", "separator", NULL};
static const char *const winner_keys[] = {"keys", "order", NULL};
static const char *const confidence_keys[] = {"policy", "source", NULL};
/* Keys of a rule that only rows of a relationship have. */
static const char *const row_keys[] = {"select",    "score",  "method", "confidence",
                                       "ambiguity", "filter", "winner", NULL};

/* --- operators --- */

static void load_join(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    const char *joins[RS_N_JOINS];
    const rs_yaml *join = rs_field_text(loader->problems, mapping, "join", false);
    if (join == NULL) {
        return;
    }
    for (int i = 0; i < RS_N_JOINS; i++) {
        joins[i] = rs_join_name((rs_join)i);
    }
    if (strncmp(join->text.bytes, "right", 5) == 0 || strncmp(join->text.bytes, "full", 4) == 0) {
        rs_problems_add(loader->problems, join->place,
                        "there is no %.60s join: name the inputs the other way round, and join "
                        "inner, left, semi or anti",
                        join->text.bytes);
        return;
    }
    int value = rs_field_word(loader->problems, join, "join", joins, RS_N_JOINS);
    rule->plan.join = value < 0 ? RS_JOIN_INNER : (rs_join)value;
}

/* [start, end] */
static void load_interval(rs_loader *loader, const rs_yaml *align, const char *key, rs_expr **ends)
{
    const rs_yaml *list = rs_load_child(loader, align, key, RS_YAML_SEQUENCE, true);
    if (list != NULL && list->n_children != 2) {
        rs_problems_add(loader->problems, list->place, "%s: expected [start, end]", key);
    } else if (list != NULL) {
        (void)rs_load_exprs(loader, list, key, ends, 2);
    }
}

/* One of two words; true for the second. */
static bool load_switch(rs_loader *loader, const rs_yaml *mapping, const char *key,
                        const char *const words[2], bool otherwise)
{
    const rs_yaml *value = rs_field_text(loader->problems, mapping, key, false);
    return value == NULL ? otherwise : rs_field_word(loader->problems, value, key, words, 2) == 1;
}

static rs_align_mode load_mode(rs_loader *loader, const rs_yaml *word)
{
    const char *modes[RS_N_ALIGN_MODES];
    for (int i = 0; i < RS_N_ALIGN_MODES; i++) {
        modes[i] = rs_align_mode_name((rs_align_mode)i);
    }
    int number = rs_field_word(loader->problems, word, "mode", modes, RS_N_ALIGN_MODES);
    return number < 0 ? RS_ALIGN_EXACT : (rs_align_mode)number;
}

static void load_align(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    static const char *const hows[] = {"inner", "left"};
    static const char *const keeps[] = {"best", "all"};
    rs_align *align = &rule->plan.align;
    const rs_yaml *value = rs_load_child(loader, mapping, "align", RS_YAML_MAPPING, false);
    if (value == NULL) {
        return;
    }
    rs_field_known_keys(loader->problems, value, "align", align_keys);
    load_interval(loader, value, "left", align->left);
    load_interval(loader, value, "right", align->right);
    const rs_yaml *mode = rs_field_text(loader->problems, value, "mode", true);
    align->mode = mode != NULL ? load_mode(loader, mode) : RS_ALIGN_EXACT;
    align->keeps_left = load_switch(loader, value, "how", hows, false);
    /* All rows of one span are equally good; elsewhere the best one is meant. */
    align->keeps_all = load_switch(loader, value, "keep", keeps, align->mode == RS_ALIGN_EXACT);
    const rs_yaml *ties = rs_yaml_get(value, "ties");
    if (ties != NULL) {
        align->n_ties = rs_load_exprs(loader, ties, "ties", align->ties, RS_PLAN_MAX_ITEMS);
    }
}

static void load_explode(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    rs_explode *explode = &rule->plan.explode;
    const rs_yaml *value = rs_load_child(loader, mapping, "explode", RS_YAML_MAPPING, false);
    if (value == NULL) {
        return;
    }
    rs_field_known_keys(loader->problems, value, "explode", explode_keys);
    const rs_yaml *list = rs_yaml_get(value, "list");
    const rs_yaml *split = rs_yaml_get(value, "split");
    const rs_yaml *separator =
        rs_field_text(loader->problems, value, "separator", split != NULL && list == NULL);
    if ((list == NULL) == (split == NULL) || (list != NULL && separator != NULL)) {
        rs_problems_add(loader->problems, value->place,
                        "explode: expected list, or split and separator");
    } else if (list != NULL) {
        explode->n_items = rs_load_exprs(loader, list, "list", explode->items, RS_PLAN_MAX_ITEMS);
    } else {
        explode->text = rs_load_expr(loader, split);
        explode->separator = separator != NULL ? separator->text : (rs_str){"", 0};
    }
}

void rs_load_operator(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    unsigned kind = 1u << rule->plan.kind;
    for (size_t i = 0; i < sizeof operator_keys / sizeof operator_keys[0]; i++) {
        const rs_yaml *value = rs_yaml_get(mapping, operator_keys[i].key);
        if (value == NULL && (operator_keys[i].required & kind) != 0) {
            rs_problems_add(loader->problems, mapping->place, "missing key %s",
                            operator_keys[i].key);
        } else if (value != NULL && (operator_keys[i].allowed & kind) == 0) {
            rs_problems_add(loader->problems, value->place, "only %s has %s",
                            operator_keys[i].owners, operator_keys[i].key);
        }
    }
    const rs_yaml *on = rs_field_text(loader->problems, mapping, "on", false);
    const rs_yaml *group_by = rs_yaml_get(mapping, "group_by");
    load_join(loader, rule, mapping);
    load_align(loader, rule, mapping);
    load_explode(loader, rule, mapping);
    if (on != NULL) {
        rule->plan.on = rs_load_expr(loader, on);
    }
    if (group_by != NULL) {
        rule->plan.n_group_by =
            rs_load_exprs(loader, group_by, "group_by", rule->plan.group_by, RS_SORT_MAX_TERMS);
    }
}

/* --- rows of a relationship --- */

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

/* A standard column that a key of the rule gives. */
static void load_standard(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping, const char *key,
                          bool may_be_word)
{
    const rs_dataset *output = rule->plan.contract->dataset;
    const rs_yaml *value = rs_yaml_get(mapping, key);
    if (value != NULL) {
        const rs_column *column = rs_column_find(output, rs_str_of(key));
        RS_ASSERT(column != NULL);
        rule->plan.columns[column - output->columns] = rs_load_value(loader, value, may_be_word);
    }
}

static void load_policies(rs_loader *loader, rs_rule *rule, const rs_yaml *mapping)
{
    rs_rule_policies *policies = &rule->policies;
    const rs_yaml *confidence = rs_yaml_get(mapping, "confidence");
    const rs_yaml *ambiguity = rs_field_text(loader->problems, mapping, "ambiguity", false);
    if (confidence == NULL) {
        rs_problems_add(loader->problems, mapping->place,
                        "missing key confidence: a relationship names its policy");
    } else if (confidence->kind == RS_YAML_MAPPING) {
        rs_field_known_keys(loader->problems, confidence, "confidence", confidence_keys);
        const rs_yaml *name = rs_field_text(loader->problems, confidence, "policy", true);
        const rs_yaml *source = rs_field_text(loader->problems, confidence, "source", true);
        policies->confidence = name != NULL ? name->text.bytes : NULL;
        policies->confidence_place = name != NULL ? name->place : confidence->place;
        rule->plan.policies.source = source != NULL ? rs_load_expr(loader, source) : NULL;
    } else {
        const rs_yaml *name = rs_field_text(loader->problems, mapping, "confidence", true);
        policies->confidence = name != NULL ? name->text.bytes : NULL;
        policies->confidence_place = confidence->place;
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
    rs_field_known_keys(loader->problems, value, "winner", winner_keys);
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
    load_standard(loader, rule, mapping, "score", false);
    load_standard(loader, rule, mapping, "method", true);
    load_policies(loader, rule, mapping);
    load_winner(loader, rule, mapping);
    if (filter != NULL) {
        rule->plan.filter = rs_load_expr(loader, filter);
    }
}

void rs_load_refuse_rows(rs_loader *loader, const rs_yaml *mapping)
{
    for (size_t i = 0; row_keys[i] != NULL; i++) {
        const rs_yaml *value = rs_yaml_get(mapping, row_keys[i]);
        if (value != NULL) {
            rs_problems_add(loader->problems, value->place,
                            "only a rule with an output has %s, not one that emits", row_keys[i]);
        }
    }
}
