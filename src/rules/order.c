/* SPDX-License-Identifier: Apache-2.0 */
/* order.c - in which order rules run, and over what: a fixpoint over evidence.
 *
 * A rule whose inputs are all there is next, by priority, then name. A relationship is there once
 * every rule that writes it stands in the order. What is left when nothing is next is stuck: a
 * circle, or a relationship that nobody writes.
 *
 * A rule runs file by file (in parallel, over ranges of parts) only where that is proved to give
 * the rows that a run over everything would give: rows meet by the id of something in a file, and
 * keys hold one. Any other rule runs once over the whole, and so does a rule of the graph whose rows may have
 * the keys of such a one's: the gate sees rows of one key together.
 */
#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "plan/operator.h"
#include "rules/rule.h"

/* --- scopes --- */

static bool has_local_term(const rs_sort_term *terms, size_t n_terms)
{
    for (size_t i = 0; i < n_terms; i++) {
        if (rs_column_is_local_id(terms[i].column)) {
            return true;
        }
    }
    return false;
}

/* The key of a contract, by the registry's text. */
static bool has_local_key(const rs_dataset *dataset)
{
    const char *key = dataset->key;
    while (*key != '\0') {
        const rs_column *column = rs_column_find(dataset, rs_key_next(&key));
        if (column != NULL && rs_column_is_local_id(column)) {
            return true;
        }
    }
    return false;
}

static bool is_local_column(const rs_rule *rule, const char *name)
{
    const rs_dataset *output = rule->plan.output;
    const rs_column *column = rs_column_find(output, rs_str_of(name));
    RS_ASSERT(column != NULL);
    RS_ASSERT((size_t)(column - output->columns) < output->n_columns);
    const rs_expr *expr = rule->plan.columns[column - output->columns];
    if (expr != NULL && expr->kind == RS_EXPR_CALL) { /* edge_id(kind, src, dst, start_byte) */
        for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
            if (rs_expr_is_local_id(child)) {
                return true;
            }
        }
    }
    return expr != NULL && rs_expr_is_local_id(expr);
}

/* No two files give rows of one key. */
static bool emits_locally(const rs_rule *rule)
{
    switch (rule->plan.form) {
    case RS_EMIT_NODE:
        return is_local_column(rule, "node_id");
    case RS_EMIT_EDGE:
        return is_local_column(rule, "src") || is_local_column(rule, "dst");
    case RS_EMIT_PROPS:
    case RS_EMIT_EDGE_PROPS:
        return is_local_column(rule, "entity_id");
    case RS_EMIT_ROWS:
        return has_local_key(rule->plan.contract->dataset) &&
               (rule->plan.winner.n_keys == 0 ||
                has_local_term(rule->plan.winner.keys, rule->plan.winner.n_keys));
    }
    return false;
}

/* --- the fixpoint --- */

typedef struct order_state {
    rs_rules *rules;
    rs_rule **ordered;
    size_t n_ordered;
    bool *is_ordered; /* by place in rules->list */
    bool *is_taken;   /* likewise: in this round, or before */
    size_t n_settled; /* places given to contracts whose rules are all in order */
} order_state;

static rs_contract *contract_of(const rs_rules *rules, const rs_dataset *dataset)
{
    return rs_contract_find(&rules->contracts, rs_str_of(dataset->name));
}

static bool is_there(const order_state *state, const rs_contract *contract)
{
    for (size_t i = 0; i < state->rules->list.n_items; i++) {
        if (state->rules->list.items[i]->plan.contract == contract && !state->is_ordered[i]) {
            return false;
        }
    }
    return contract->has_producer;
}

static bool is_ready(const order_state *state, const rs_rule *rule)
{
    for (size_t i = 0; i < rule->plan.n_inputs; i++) {
        const rs_contract *contract = contract_of(state->rules, rule->plan.inputs[i].dataset);
        if (contract != NULL && !is_there(state, contract)) {
            return false;
        }
    }
    return true;
}

/* Waves do not take turns: a rule of files reads no relationship of the run, or it would be one of the run
 * itself. So all those of files are made before the first one of the run. */
static void settle_wave(const rs_rules *rules, rs_rule *rule)
{
    bool is_local = rule->plan.op->is_local(&rule->plan) && emits_locally(rule);
    for (size_t i = 0; i < rule->plan.n_inputs; i++) {
        const rs_contract *contract = contract_of(rules, rule->plan.inputs[i].dataset);
        is_local = is_local && (contract == NULL || contract->wave == RS_WAVE_FILE);
    }
    rule->plan.wave = is_local ? RS_WAVE_FILE : RS_WAVE_RUN;
}

/* Once all rules of a contract are in order: all of them run file by file, or none does. */
static void settle_contract(order_state *state, rs_contract *contract)
{
    contract->wave = RS_WAVE_FILE;
    contract->place_in_order = state->n_settled++;
    for (size_t i = 0; i < state->n_ordered; i++) {
        const rs_rule *rule = state->ordered[i];
        if (rule->plan.contract == contract && rule->plan.wave == RS_WAVE_RUN) {
            contract->wave = RS_WAVE_RUN;
        }
    }
    for (size_t i = 0; i < state->n_ordered; i++) {
        rs_rule *rule = state->ordered[i];
        if (rule->plan.contract == contract) {
            rule->plan.wave = contract->wave;
        }
    }
}

static int compare_rules(const void *a, const void *b)
{
    const rs_rule *left = *(rs_rule *const *)a;
    const rs_rule *right = *(rs_rule *const *)b;
    if (left->plan.priority != right->plan.priority) {
        return left->plan.priority < right->plan.priority ? -1 : 1;
    }
    return strcmp(left->plan.name, right->plan.name);
}

/* One round: all rules that are ready, by priority and name. Returns how many there were. */
static size_t take_ready(order_state *state)
{
    const rs_rule_vec *list = &state->rules->list;
    size_t first = state->n_ordered;
    for (size_t i = 0; i < list->n_items && !rs_stopped(state->rules->stop); i++) {
        if (!state->is_ordered[i] && is_ready(state, list->items[i])) {
            RS_ASSERT(state->n_ordered < list->n_items);
            state->ordered[state->n_ordered++] = list->items[i];
            state->is_taken[i] = true;
        }
    }
    for (size_t i = first; i < state->n_ordered; i++) {
        settle_wave(state->rules, state->ordered[i]);
    }
    memcpy(state->is_ordered, state->is_taken, list->n_items * sizeof *state->is_ordered);
    for (size_t i = first; i < state->n_ordered && !rs_stopped(state->rules->stop); i++) {
        rs_contract *contract =
            state->ordered[i]->plan.contract == NULL
                ? NULL
                : contract_of(state->rules, state->ordered[i]->plan.contract->dataset);
        if (contract != NULL && is_there(state, contract)) {
            settle_contract(state, contract);
        }
    }
    return state->n_ordered - first;
}

static void report_stuck(const order_state *state)
{
    for (size_t i = 0; i < state->rules->list.n_items; i++) {
        const rs_rule *rule = state->rules->list.items[i];
        for (size_t j = 0; !state->is_ordered[i] && j < rule->plan.n_inputs; j++) {
            const rs_contract *contract = contract_of(state->rules, rule->plan.inputs[j].dataset);
            if (contract != NULL && !is_there(state, contract)) {
                rs_problems_add(&state->rules->problems, rule->input_places[j],
                                contract->has_producer
                                    ? "rule %s is stuck: %s is never there (the rules that write "
                                      "it wait for each other)"
                                    : "rule %s is stuck: no rule writes %s",
                                rule->plan.name, contract->dataset->name);
                break;
            }
        }
    }
}

static int compare_contracts(const void *a, const void *b)
{
    const rs_contract *left = *(rs_contract *const *)a;
    const rs_contract *right = *(rs_contract *const *)b;
    return left->place_in_order < right->place_in_order
               ? -1
               : left->place_in_order > right->place_in_order;
}

static void mark_producers(rs_rules *rules)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        if (rules->list.items[i]->plan.contract != NULL) {
            contract_of(rules, rules->list.items[i]->plan.contract->dataset)->has_producer = true;
        }
    }
    for (size_t i = 0; i < rules->contracts.n_items; i++) {
        const rs_contract *contract = rules->contracts.items[i];
        if (!contract->has_producer) {
            rs_problems_add(&rules->problems, contract->place, "no rule writes dataset %s",
                            contract->dataset->name);
        }
    }
}

void rs_order_rules(rs_rules *rules)
{
    const size_t n_rules = rules->list.n_items;
    const size_t n_item_bytes = sizeof(void *); /* the list holds pointers */
    order_state state = {.rules = rules};
    state.ordered = rs_arena_alloc(&rules->arena, n_rules + 1, n_item_bytes);
    state.is_ordered = rs_arena_alloc(&rules->arena, n_rules + 1, sizeof *state.is_ordered);
    state.is_taken = rs_arena_alloc(&rules->arena, n_rules + 1, sizeof *state.is_taken);
    if (state.ordered == NULL || state.is_ordered == NULL || state.is_taken == NULL) {
        rules->problems.failed = true;
        return;
    }
    memset(state.is_ordered, 0, (n_rules + 1) * sizeof *state.is_ordered);
    memset(state.is_taken, 0, (n_rules + 1) * sizeof *state.is_taken);
    if (n_rules > 1) {
        qsort(rules->list.items, n_rules, n_item_bytes, compare_rules);
    }
    mark_producers(rules);
    while (take_ready(&state) > 0) {
    }
    if (rs_stopped(rules->stop)) {
        return;
    }
    if (state.n_ordered < n_rules) {
        report_stuck(&state);
        RS_ASSERT(rules->problems.failed || rules->problems.list.n_items > 0);
    } else if (n_rules > 0) {
        memcpy(rules->list.items, state.ordered, n_rules * n_item_bytes);
    }
    if (rules->contracts.n_items > 1) {
        qsort(rules->contracts.items, rules->contracts.n_items, n_item_bytes, compare_contracts);
    }
}

/* --- rows of one key --- */

static bool may_clash(const rs_rule *one, const rs_rule *other)
{
    for (size_t i = 0; i < one->plan.n_selects; i++) {
        for (size_t j = 0; j < other->plan.n_selects; j++) {
            if (rs_select_may_clash(&one->selects[i], &other->selects[j])) {
                return true;
            }
        }
    }
    return false;
}

/* A rule of files, of the graph, that shares keys with one of the run. Of rules that are in the program it is known
 * that none does: each of them leaves out what the other says (tests/invariants). */
static bool has_rival(const rs_rules *rules, const rs_rule *rule, const bool *is_moved)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        const rs_rule *other = rules->list.items[i];
        bool is_ours = rule->source == rules->embedded && other->source == rules->embedded;
        if (other->plan.wave == RS_WAVE_RUN && other->plan.contract == NULL &&
            (is_moved[i] || !is_ours) && may_clash(rule, other)) {
            return true;
        }
    }
    return false;
}

static bool has_packs(const rs_rules *rules)
{
    for (size_t i = 0; i < rules->list.n_items; i++) {
        if (rules->list.items[i]->source != rules->embedded) {
            return true;
        }
    }
    return false;
}

void rs_join_waves(rs_rules *rules)
{
    size_t n_rules = rules->list.n_items;
    bool *is_moved = rs_arena_alloc(&rules->arena, n_rules + 1, sizeof *is_moved);
    if (is_moved == NULL) {
        rules->problems.failed = true;
        return;
    }
    memset(is_moved, 0, (n_rules + 1) * sizeof *is_moved);
    for (bool has_changed = has_packs(rules); has_changed && !rs_stopped(rules->stop);) {
        has_changed = false;
        for (size_t i = 0; i < n_rules; i++) {
            rs_rule *rule = rules->list.items[i];
            if (rule->plan.wave == RS_WAVE_FILE && rule->plan.contract == NULL &&
                has_rival(rules, rule, is_moved)) {
                rule->plan.wave = RS_WAVE_RUN;
                is_moved[i] = true;
                has_changed = true;
            }
        }
    }
}
