/* SPDX-License-Identifier: Apache-2.0 */
/* faults.c - where a rule, done for one thing alone, comes to nothing.
 *
 * The rule is taken apart: are there rows of the thing, which part of `where` do they break, is there
 * a partner, does the other side stand against it. What a relationship lacks is looked for in the
 * rules that make it, MAX_DEPTH of them deep at most.
 */
#include "explain/faults.h"

#include <inttypes.h>

#include "explain/sql_texts.h"
#include "plan/operator.h"

enum { MAX_DEPTH = 12, MAX_CONSIDERED = 5, MAX_CONJUNCTS = 32 };

/* --- sites --- */

static const rs_expr *input_column(const rs_plan *rule, const char *output_column)
{
    const rs_expr *expr = rule->n_selects > 0 ? rs_explain_plain_column(rule, output_column) : NULL;
    return expr != NULL && expr->input < rule->n_inputs ? expr : NULL;
}

static bool find_site(const rs_explainer *self, const rs_plan *rule, const char *output_column,
                      const rs_dataset *dataset, const char *column, size_t depth,
                      rs_fault_site *site)
{
    const rs_expr *expr = input_column(rule, output_column);
    if (expr == NULL || depth == MAX_DEPTH) {
        return false;
    }
    const rs_dataset *from = rule->inputs[expr->input].dataset;
    const char *name = expr->column->name;
    *site = (rs_fault_site){.rule = rule, .input = expr->input, .column = name};
    if (from == dataset && strcmp(name, column) == 0) {
        return true;
    }
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *maker = rs_rules_get(self->rules, i);
        rs_fault_site below;
        if (maker->contract != NULL && maker->contract->dataset == from &&
            find_site(self, maker, name, dataset, column, depth + 1, &below)) {
            return true;
        }
    }
    return false;
}

bool rs_explain_find_site(const rs_explainer *self, const rs_plan *rule, const char *output_column,
                          const rs_dataset *dataset, const char *column, rs_fault_site *site)
{
    return find_site(self, rule, output_column, dataset, column, 0, site);
}

/* The file whose rows the rule saw there. */
static int64_t file_of_site(const rs_fault_site *site)
{
    return rs_explain_rule_file(site->rule, rs_explain_file_of_id(site->value));
}

/* The other side of a rule with two. */
static rs_fault_site other_side(const rs_fault_site *site)
{
    RS_ASSERT(site->rule->n_inputs == 2);
    return (rs_fault_site){.rule = site->rule, .input = 1 - site->input, .value = site->value};
}

static const rs_dataset *dataset_of(const rs_fault_site *site)
{
    return site->rule->inputs[site->input].dataset;
}

/* --- what is not there at all --- */

/* Why a dataset has no row in the whole bundle; NULL when it has some. */
static const char *why_empty(const rs_explainer *self, const rs_dataset *dataset, size_t depth)
{
    if (rs_explain_n_rows(self, dataset->name) > 0) {
        return NULL;
    }
    if (!rs_explain_is_relationship(dataset)) {
        bool is_scip = strcmp(dataset->lens, "scip") == 0;
        return !is_scip                                        ? "the repository has none"
               : rs_explain_n_rows(self, "scip_metadata") == 0 ? "no SCIP index was given"
                                                               : "the SCIP index has none";
    }
    for (size_t i = 0; i < rs_rules_count(self->rules) && depth < MAX_DEPTH; i++) {
        const rs_plan *maker = rs_rules_get(self->rules, i);
        for (size_t j = 0;
             maker->contract != NULL && maker->contract->dataset == dataset && j < maker->n_inputs;
             j++) {
            const char *reason = why_empty(self, maker->inputs[j].dataset, depth + 1);
            if (reason != NULL) {
                return reason;
            }
        }
    }
    return "no rule gave one";
}

/* --- conditions --- */

typedef struct conjuncts {
    const rs_expr *items[MAX_CONJUNCTS];
    size_t n_items;
} conjuncts;

/* Those of a conjunction that name no input but the given ones. Depth: RS_EXPR_MAX_DEPTH. */
static void collect(const rs_expr *expr, unsigned inputs, conjuncts *all)
{
    if (expr == NULL) {
        return;
    }
    if (rs_expr_is_and(expr)) {
        collect(expr->first, inputs, all);
        collect(expr->first->next, inputs, all);
    } else if ((rs_expr_inputs(expr) & ~inputs) == 0 && all->n_items < MAX_CONJUNCTS) {
        all->items[all->n_items++] = expr;
    }
}

/* "level is 0, module is nothing": the columns of row that an expression names; before them what stands
 * there already. */
static const char *values_of(rs_explainer *self, const rs_expr *expr, size_t input,
                             const rs_explain_row *row, const char *before)
{
    if (expr->kind == RS_EXPR_COLUMN && expr->input == input && expr->column != NULL) {
        const rs_param *value = rs_explain_value(row, expr->column->name);
        before = rs_explain_textf(self, "%s%s%s is %s", before, before[0] != '\0' ? ", " : "",
                                  expr->column->name, rs_explain_words(self, value));
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        before = values_of(self, child, input, row, before);
    }
    return before;
}

/* The first condition that a row of a side breaks: what rows have of it stands behind their columns
 * (measures()). NULL: none. */
static const char *broken_condition(rs_explainer *self, const rs_fault_site *site,
                                    const rs_explain_row *row)
{
    const rs_param *truths = row->values + dataset_of(site)->n_columns;
    conjuncts all = {.n_items = 0};
    collect(site->rule->where, 1u << site->input, &all);
    for (size_t i = 0; i < all.n_items; i++) {
        if (truths[i].is_null || !truths[i].value.boolean) {
            return rs_explain_textf(self, "%s does not hold: %s",
                                    rs_explain_expr_words(self, site->rule, all.items[i]),
                                    values_of(self, all.items[i], site->input, row, ""));
        }
    }
    return NULL;
}

/* --- rows that are considered --- */

static rs_expr *const *ends_of(const rs_fault_site *site)
{
    return site->input == 0 ? site->rule->align.left : site->rule->align.right;
}

/* What is asked of each row beside its columns: whether conditions hold, then its interval. */
static const char *measures(rs_explainer *self, const rs_fault_site *site)
{
    const rs_plan *rule = site->rule;
    bool has_interval = rule->op->meets == RS_MEETS_BY_INTERVAL;
    conjuncts all = {.n_items = 0};
    const char *list = "";
    collect(rule->where, 1u << site->input, &all);
    for (size_t i = 0; i < all.n_items; i++) {
        list = rs_explain_textf(self, "%s%s AS _c%zu, ", list,
                                rs_explain_expr(self, rule, all.items[i]), i);
    }
    return rs_explain_textf(self, "%s%s AS _first, %s AS _end", list,
                            has_interval ? rs_explain_expr(self, rule, ends_of(site)[0]) : "NULL",
                            has_interval ? rs_explain_expr(self, rule, ends_of(site)[1]) : "NULL");
}

static void get_interval(const rs_explain_row *row, int64_t *start_byte, int64_t *end_byte)
{
    *start_byte = rs_explain_i64(row, "_first", -1);
    *end_byte = rs_explain_i64(row, "_end", -1);
}

/* Rows of a side that meet a condition. */
static rs_explain_rows read_rows(rs_explainer *self, const rs_fault_site *site,
                                 const char *condition)
{
    const char *source = rs_explain_source(self, dataset_of(site), file_of_site(site));
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_side,
        .args = {rs_sql_word("source", source),
                 rs_sql_word("alias", site->rule->inputs[site->input].alias),
                 rs_sql_expr("measures", measures(self, site)),
                 rs_sql_expr("condition", condition)},
        .params = {rs_explain_i64_of(MAX_CONSIDERED)}};
    return rs_explain_query(self, &ask);
}

/* Rows of the other side that a row of a side meets. */
static rs_explain_rows read_partners(rs_explainer *self, const rs_fault_site *site,
                                     const rs_explain_row *row)
{
    const rs_plan *rule = site->rule;
    const rs_fault_site other = other_side(site);
    const rs_dataset *dataset = dataset_of(site);
    const char *mine = rule->inputs[site->input].alias;
    int64_t file_id = file_of_site(site);
    const rs_sql_arg itself[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("source", rs_explain_source(self, dataset, file_id)),
        rs_sql_word("alias", mine),
        rs_sql_expr("condition", rs_explain_equal_key(self, dataset, row))};
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_partners,
        .args = {rs_sql_word("source", rs_explain_source(self, dataset_of(&other), file_id)),
                 rs_sql_word("alias", rule->inputs[other.input].alias),
                 rs_sql_expr("measures", measures(self, &other)),
                 rs_sql_rows("row", rs_explain_sql(self, &rs_sql_explain_input, itself)),
                 rs_sql_word("mine", mine),
                 rs_sql_expr("on", rs_explain_expr(self, rule, rule->on))},
        .params = {rs_explain_i64_of(MAX_CONSIDERED)}};
    return rs_explain_query(self, &ask);
}

/* Put a row among those that were considered; what is wrong with it, or NULL, is its verdict. */
static rs_explain_item *consider(rs_explainer *self, const rs_fault_site *site,
                                 const rs_explain_row *row, rs_explain_items *list,
                                 const char *verdict)
{
    const rs_dataset *dataset = dataset_of(site);
    const rs_explain_row shown = rs_explain_part_of(row, 0, dataset->n_columns);
    rs_explain_item *item = rs_explain_add_item(self, dataset, &shown, list);
    if (item != NULL) {
        item->verdict = verdict;
    }
    return item;
}

/* --- further down --- */

static void fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth,
                     rs_explain_finding *out);

rs_explain_finding *rs_explain_add_finding(rs_explainer *self, const rs_plan *rule,
                                           rs_explain_findings *list)
{
    rs_explain_finding *finding = rs_explain_new(self, 1, sizeof *finding);
    list->items = rs_explain_grow(self, list->items, list->n_items, sizeof finding);
    if (finding == NULL || list->items == NULL) {
        list->n_items = 0;
        return NULL;
    }
    finding->rule = rule;
    list->items[list->n_items++] = finding;
    return finding;
}

/* What the rules that make a relationship lack for a value; those that have an answer to it. */
static void search_below(rs_explainer *self, const rs_dataset *dataset, const char *column,
                         int64_t value, size_t depth, rs_explain_finding *out)
{
    out->was_searched = true;
    for (size_t i = 0; i < rs_rules_count(self->rules) && depth < MAX_DEPTH; i++) {
        const rs_plan *maker = rs_rules_get(self->rules, i);
        bool makes = maker->contract != NULL && maker->contract->dataset == dataset;
        const rs_expr *expr = makes ? input_column(maker, column) : NULL;
        rs_explain_finding *finding =
            expr != NULL ? rs_explain_add_finding(self, maker, &out->below) : NULL;
        if (finding != NULL) {
            const rs_fault_site site = {maker, expr->input, expr->column->name, value};
            fault_at(self, &site, depth + 1, finding);
            out->below.n_items -= finding->verdict == NULL;
        }
    }
}

/* --- joins --- */

/* What a value is called: a node by its name. */
static const char *name_of(rs_explainer *self, const rs_param *value)
{
    rs_explain_node node = {0};
    if (value->type == RS_TYPE_I64) {
        node = rs_explain_node_get(self, value->value.i64);
    }
    const char *qualified = rs_explain_text(&node.row, "qualified_name");
    const char *name = rs_explain_text(&node.row, "name");
    return qualified[0] != '\0' ? qualified
           : name[0] != '\0'    ? name
                                : rs_explain_words(self, value);
}

/* A row that has no partner: by which columns it would meet one. Both NULL where it is not by one column of
 * each. */
typedef struct missing {
    const rs_dataset *dataset; /* that has no such row */
    const rs_explain_row *row;
    const rs_expr *mine;
    const rs_expr *its;
    const rs_expr *on;
} missing;

/* No partner: what its column would have to be, and why there is no such row. */
static void no_partner(rs_explainer *self, const rs_fault_site *site, const missing *of,
                       size_t depth, rs_explain_finding *out)
{
    const rs_dataset *dataset = of->dataset;
    const rs_expr *mine = of->mine;
    const rs_expr *its = of->its;
    const char *empty = why_empty(self, dataset, 0);
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", dataset->name, empty);
        return;
    }
    if (mine == NULL || its == NULL) {
        out->verdict = rs_explain_textf(self, "no row of %s has %s", dataset->name,
                                        rs_explain_expr_words(self, site->rule, of->on));
        return;
    }
    const rs_param *value = rs_explain_value(of->row, mine->column->name);
    if (value->is_null) {
        out->verdict = rs_explain_textf(self, "it has no %s to look for in %s", mine->column->name,
                                        dataset->name);
        return;
    }
    out->verdict = rs_explain_textf(self, "no row of %s has %s %s", dataset->name,
                                    its->column->name, name_of(self, value));
    if (rs_explain_is_relationship(dataset) && value->type == RS_TYPE_I64) {
        search_below(self, dataset, its->column->name, value->value.i64, depth, out);
    }
}

static void fault_of_pair(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                          size_t depth, rs_explain_items *list, rs_explain_finding *out)
{
    const rs_fault_site other = other_side(site);
    const char *name = dataset_of(&other)->name;
    bool is_anti = site->rule->join == RS_JOIN_ANTI;
    const rs_explain_rows partners = read_partners(self, site, row);
    for (size_t i = 0; i < partners.n_items; i++) {
        (void)consider(self, &other, &partners.items[i], list,
                       is_anti ? NULL : broken_condition(self, &other, &partners.items[i]));
    }
    if (partners.n_items > 0) {
        out->verdict = is_anti ? rs_explain_textf(self, "a row of %s stands against it", name)
                               : rs_explain_textf(self, "no row of %s that it meets will do", name);
    } else if (!is_anti && rs_explain_is_ok(self)) {
        const missing of = {.dataset = dataset_of(&other),
                            .row = row,
                            .mine = rs_explain_on_side(site->rule, site->input),
                            .its = rs_explain_on_side(site->rule, other.input),
                            .on = site->rule->on};
        no_partner(self, site, &of, depth, out);
    }
}

/* --- joins of more than two inputs: one after the other meets those before it --- */

/* The inputs that met so far, beginning with the one that is asked about. */
typedef struct chain {
    const rs_plan *rule;
    unsigned inputs;                          /* a bit each */
    const char *rows;                         /* what met, as a FROM clause has it */
    rs_explain_row first[RS_PLAN_MAX_INPUTS]; /* a row of each */
} chain;

/* The equalities by which an input meets those of a chain; none: it meets others before. */
static void collect_links(const chain *self, size_t input, conjuncts *links)
{
    conjuncts all = {.n_items = 0};
    collect(self->rule->on, self->inputs | 1u << input, &all);
    for (size_t i = 0; i < all.n_items; i++) {
        unsigned named = rs_expr_inputs(all.items[i]);
        if ((named >> input & 1) != 0) {
            links->items[links->n_items++] = all.items[i];
        }
    }
}

/* The next input that meets one of the chain; n_inputs where none is left. */
static size_t next_input(const chain *self, conjuncts *links)
{
    for (size_t i = 0; i < self->rule->n_inputs; i++) {
        bool meets = false;
        *links = (conjuncts){.n_items = 0};
        if ((self->inputs >> i & 1) == 0) {
            collect_links(self, i, links);
        }
        for (size_t j = 0; j < links->n_items; j++) {
            meets = meets || (rs_expr_inputs(links->items[j]) & self->inputs) != 0;
        }
        if (meets) {
            return i;
        }
    }
    return self->rule->n_inputs;
}

static const char *conjunction(rs_explainer *self, const rs_plan *rule, const conjuncts *all)
{
    const char *text = "";
    for (size_t i = 0; i < all->n_items; i++) {
        text = rs_explain_textf(self, "%s%s(%s)", text, i == 0 ? "" : " AND ",
                                rs_explain_expr(self, rule, all->items[i]));
    }
    return text[0] != '\0' ? text : "true";
}

static bool is_equality_of_columns(const rs_expr *expr)
{
    return expr->first != NULL && expr->first->next != NULL &&
           expr->first->kind == RS_EXPR_COLUMN && expr->first->next->kind == RS_EXPR_COLUMN;
}

/* No row of an input meets the chain. */
static void no_link(rs_explainer *self, const rs_fault_site *site, const chain *met, size_t input,
                    const conjuncts *links, size_t depth, rs_explain_finding *out)
{
    missing of = {.dataset = site->rule->inputs[input].dataset, .on = links->items[0]};
    if (links->n_items == 1 && is_equality_of_columns(links->items[0])) {
        bool is_left = links->items[0]->first->input == input;
        of.its = is_left ? links->items[0]->first : links->items[0]->first->next;
        of.mine = is_left ? links->items[0]->first->next : links->items[0]->first;
        of.row = &met->first[of.mine->input];
    }
    no_partner(self, site, &of, depth, out);
}

/* The first condition of several inputs that no rows of the chain hold; NULL: none. */
static const char *broken_together(rs_explainer *self, const chain *met)
{
    const rs_plan *rule = met->rule;
    conjuncts all = {.n_items = 0};
    conjuncts held = {.n_items = 0};
    collect(rule->where, met->inputs, &all);
    for (size_t i = 0; i < all.n_items && rs_explain_is_ok(self); i++) {
        held.items[held.n_items++] = all.items[i];
        const rs_explain_ask ask = {
            .statement = &rs_sql_explain_holds,
            .args = {rs_sql_expr("rows", met->rows),
                     rs_sql_expr("condition", conjunction(self, rule, &held))}};
        if (rs_explain_query(self, &ask).n_items == 0) {
            return rs_explain_textf(self, "of the rows that meet none has %s",
                                    rs_explain_expr_words(self, rule, all.items[i]));
        }
    }
    return NULL;
}

/* Rows of an input that meet the chain, each with what is wrong with it; false where none will do. */
static bool add_to_chain(rs_explainer *self, const rs_fault_site *site, chain *met, size_t input,
                         const conjuncts *links, rs_explain_items *list, rs_explain_rows *rows)
{
    const rs_plan *rule = met->rule;
    const rs_fault_site other = {.rule = rule, .input = input, .value = site->value};
    const char *source = rs_explain_source(self, dataset_of(&other), file_of_site(site));
    const char *alias = rule->inputs[input].alias;
    const char *on = conjunction(self, rule, links);
    const rs_explain_ask ask = {.statement = &rs_sql_explain_met,
                                .args = {rs_sql_word("alias", alias),
                                         rs_sql_expr("measures", measures(self, &other)),
                                         rs_sql_expr("rows", met->rows),
                                         rs_sql_word("source", source), rs_sql_expr("on", on)},
                                .params = {rs_explain_i64_of(MAX_CONSIDERED)}};
    bool will_do = false;
    *rows = rs_explain_query(self, &ask);
    for (size_t i = 0; i < rows->n_items; i++) {
        const char *broken = broken_condition(self, &other, &rows->items[i]);
        (void)consider(self, &other, &rows->items[i], list, broken);
        if (i == 0 || (broken == NULL && !will_do)) {
            met->first[input] = rows->items[i];
        }
        will_do = will_do || broken == NULL;
    }
    conjuncts own = {.n_items = 0};
    bool is_left = rule->join == RS_JOIN_LEFT;
    if (!is_left) { /* what comes next meets the rows that will do */
        collect(rule->where, 1u << input, &own);
    }
    met->inputs |= 1u << input;
    met->rows = rs_explain_textf(self, "%s %s JOIN \"%s\" AS \"%s\" ON %s AND %s", met->rows,
                                 is_left ? "LEFT" : "INNER", source, alias, on,
                                 conjunction(self, rule, &own));
    return will_do;
}

/* A row of an input, alone, as a FROM clause has it. */
static const char *alone(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row)
{
    const rs_dataset *dataset = dataset_of(site);
    const char *alias = site->rule->inputs[site->input].alias;
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("source", rs_explain_source(self, dataset, file_of_site(site))),
        rs_sql_word("alias", alias),
        rs_sql_expr("condition", rs_explain_equal_key(self, dataset, row))};
    return rs_explain_textf(self, "(%s) AS \"%s\"",
                            rs_explain_sql(self, &rs_sql_explain_input, args), alias);
}

static void fault_of_chain(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                           size_t depth, rs_explain_items *list, rs_explain_finding *out)
{
    chain met = {.rule = site->rule, .inputs = 1u << site->input, .rows = alone(self, site, row)};
    conjuncts links = {.n_items = 0};
    size_t input = 0;
    met.first[site->input] = *row;
    while ((input = next_input(&met, &links)) < site->rule->n_inputs && out->verdict == NULL &&
           rs_explain_is_ok(self)) {
        const char *name = site->rule->inputs[input].dataset->name;
        rs_explain_rows rows = {0};
        const chain before = met;
        bool will_do = add_to_chain(self, site, &met, input, &links, list, &rows);
        bool is_needed = site->rule->join != RS_JOIN_LEFT;
        if (is_needed && rows.n_items == 0 && rs_explain_is_ok(self)) {
            no_link(self, site, &before, input, &links, depth, out);
        } else if (is_needed && !will_do && rows.n_items < MAX_CONSIDERED) {
            out->verdict = rs_explain_textf(self, "no row of %s that it meets will do", name);
        } else {
            out->verdict = broken_together(self, &met);
        }
    }
}

static void fault_of_join(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                          size_t depth, rs_explain_items *list, rs_explain_finding *out)
{
    if (site->rule->n_inputs == 2) {
        fault_of_pair(self, site, row, depth, list, out);
    } else {
        fault_of_chain(self, site, row, depth, list, out);
    }
}

/* --- alignments --- */

/* Rows of a side whose intervals have a byte in common with [start, end) of the file. */
static rs_explain_rows read_overlaps(rs_explainer *self, const rs_fault_site *site,
                                     int64_t start_byte, int64_t end_byte)
{
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_expr("start", rs_explain_expr(self, site->rule, ends_of(site)[0])),
        rs_sql_expr("end", rs_explain_expr(self, site->rule, ends_of(site)[1])),
        rs_sql_word("first", rs_explain_textf(self, "%" PRId64, start_byte)),
        rs_sql_word("last", rs_explain_textf(self, "%" PRId64, end_byte))};
    return read_rows(self, site, rs_explain_sql(self, &rs_sql_explain_overlaps, args));
}

static const char *judge_overlap(rs_explainer *self, const rs_fault_site *site,
                                 const rs_explain_row *row)
{
    const char *broken = broken_condition(self, site, row);
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    get_interval(row, &start_byte, &end_byte);
    return broken != NULL
               ? broken
               : rs_explain_textf(self, "its bytes are %" PRId64 "..%" PRId64 ", which is not %s",
                                  start_byte, end_byte, rs_align_mode_name(site->rule->align.mode));
}

static void fault_of_align(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                           rs_explain_items *list, rs_explain_finding *out)
{
    const rs_fault_site other = other_side(site);
    const char *name = dataset_of(&other)->name;
    const char *empty = why_empty(self, dataset_of(&other), 0);
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    get_interval(row, &start_byte, &end_byte);
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", name, empty);
        return;
    }
    if (start_byte < 0) {
        out->verdict = rs_explain_textf(self, "it has nothing to align: %s is nothing",
                                        rs_explain_expr_words(self, site->rule, ends_of(site)[0]));
        return;
    }
    const rs_explain_rows overlaps = read_overlaps(self, &other, start_byte, end_byte);
    for (size_t i = 0; i < overlaps.n_items; i++) {
        (void)consider(self, &other, &overlaps.items[i], list,
                       judge_overlap(self, &other, &overlaps.items[i]));
    }
    out->verdict =
        overlaps.n_items == 0
            ? rs_explain_textf(self, "no row of %s has a byte of %" PRId64 "..%" PRId64, name,
                               start_byte, end_byte)
            : rs_explain_textf(self, "no row of %s is %s with bytes %" PRId64 "..%" PRId64, name,
                               rs_align_mode_name(site->rule->align.mode), start_byte, end_byte);
}

/* --- a rule --- */

static void fault_of_row(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                         size_t depth, rs_explain_items *list, rs_explain_finding *out)
{
    rs_meets meets = site->rule->op->meets;
    out->verdict = broken_condition(self, site, row);
    if (out->verdict == NULL && meets == RS_MEETS_BY_EQUALITY) {
        fault_of_join(self, site, row, depth, list, out);
    } else if (out->verdict == NULL && meets == RS_MEETS_BY_INTERVAL) {
        fault_of_align(self, site, row, list, out);
    }
}

/* The rule has no rows to start from. */
static void no_rows(rs_explainer *self, const rs_fault_site *site, size_t depth,
                    rs_explain_finding *out)
{
    const rs_dataset *dataset = dataset_of(site);
    const char *empty = why_empty(self, dataset, 0);
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", dataset->name, empty);
    } else if (rs_explain_is_relationship(dataset)) { /* else it is not a thing of this rule */
        out->verdict = rs_explain_textf(self, "%s has no row of it", dataset->name);
        search_below(self, dataset, site->column, site->value, depth, out);
    }
}

static void fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth,
                     rs_explain_finding *out)
{
    const rs_param value = rs_explain_i64_of(site->value);
    out->rows.is_asked = true;
    if (rs_explain_rule(self, site->rule->name) == NULL) {
        out->verdict = "the bundle was built with another rule of this name";
        return;
    }
    const rs_explain_rows rows =
        read_rows(self, site, rs_explain_equal(self, site->column, &value));
    if (rows.n_items == 0 && rs_explain_is_ok(self)) {
        no_rows(self, site, depth, out);
    }
    for (size_t i = 0; i < rows.n_items; i++) {
        rs_explain_finding found = {0};
        rs_explain_item *item = consider(self, site, &rows.items[i], &out->rows, NULL);
        if (item == NULL) {
            return;
        }
        fault_of_row(self, site, &rows.items[i], depth, &out->rows, &found);
        item->verdict = found.verdict;
        out->verdict = out->verdict != NULL ? out->verdict : found.verdict;
        if (!out->was_searched) { /* of several rows the first says what is missing */
            out->was_searched = found.was_searched;
            out->below = found.below;
        }
    }
}

void rs_explain_fault(rs_explainer *self, const rs_fault_site *site, rs_explain_finding *out)
{
    fault_at(self, site, 0, out);
}
