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
static rs_status read_rows(rs_explainer *self, const rs_fault_site *site, const char *condition,
                           rs_explain_rows *out, rs_error *err)
{
    rs_explain_ask ask = {.statement = &rs_sql_explain_side,
                          .args = {rs_sql_word("source", NULL),
                                   rs_sql_word("alias", site->rule->inputs[site->input].alias),
                                   rs_sql_expr("measures", measures(self, site)),
                                   rs_sql_expr("condition", condition)},
                          .params = {rs_explain_i64_of(MAX_CONSIDERED)},
                          .n_params = 1};
    RS_TRY(rs_explain_source(self, dataset_of(site), file_of_site(site), &ask.args[0].word, err));
    return rs_explain_query(self, &ask, out, err);
}

/* Rows of the other side that a row of a side meets. */
static rs_status read_partners(rs_explainer *self, const rs_fault_site *site,
                               const rs_explain_row *row, rs_explain_rows *out, rs_error *err)
{
    const rs_plan *rule = site->rule;
    const rs_fault_site other = other_side(site);
    const char *mine = rule->inputs[site->input].alias;
    rs_sql_arg itself[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("source", NULL), rs_sql_word("alias", mine),
        rs_sql_expr("condition", rs_explain_equal_key(self, dataset_of(site), row))};
    rs_explain_ask ask = {.statement = &rs_sql_explain_partners,
                          .args = {rs_sql_word("source", NULL),
                                   rs_sql_word("alias", rule->inputs[other.input].alias),
                                   rs_sql_expr("measures", measures(self, &other)),
                                   rs_sql_rows("row", NULL), rs_sql_word("mine", mine),
                                   rs_sql_expr("on", rs_explain_expr(self, rule, rule->on))},
                          .params = {rs_explain_i64_of(MAX_CONSIDERED)},
                          .n_params = 1};
    RS_TRY(rs_explain_source(self, dataset_of(site), file_of_site(site), &itself[0].word, err));
    RS_TRY(rs_explain_source(self, dataset_of(&other), file_of_site(site), &ask.args[0].word, err));
    ask.args[3].word = rs_explain_sql(self, &rs_sql_explain_input, itself);
    return rs_explain_query(self, &ask, out, err);
}

/* Put a row among those that were considered. */
static rs_status consider(rs_explainer *self, const rs_fault_site *site, const rs_explain_row *row,
                          rs_explain_items *list, rs_explain_item **out, rs_error *err)
{
    const rs_dataset *dataset = dataset_of(site);
    const rs_explain_row shown = rs_explain_part_of(row, 0, dataset->n_columns);
    RS_TRY(rs_explain_item_new(self, dataset, &shown, out, err));
    rs_explain_items_push(self, list, *out);
    return RS_OK;
}

/* --- further down --- */

static rs_status fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth,
                          rs_explain_finding *out, rs_error *err);

static rs_explain_finding *new_finding(rs_explainer *self, const rs_plan *rule)
{
    rs_explain_finding *finding = rs_explain_new(self, 1, sizeof *finding);
    if (finding != NULL) {
        finding->rule = rule;
    }
    return finding;
}

static void push_finding(rs_explainer *self, rs_explain_findings *list, rs_explain_finding *finding)
{
    list->items = rs_explain_grow(self, list->items, list->n_items, sizeof(rs_explain_finding *));
    if (list->items != NULL) {
        list->items[list->n_items++] = finding;
    }
}

/* What the rules that make a relationship lack for a value. */
static rs_status search_below(rs_explainer *self, const rs_dataset *dataset, const char *column,
                              int64_t value, size_t depth, rs_explain_finding *out, rs_error *err)
{
    out->was_searched = true;
    for (size_t i = 0; i < rs_rules_count(self->rules) && depth < MAX_DEPTH; i++) {
        const rs_plan *maker = rs_rules_get(self->rules, i);
        if (maker->contract == NULL || maker->contract->dataset != dataset) {
            continue;
        }
        const rs_expr *expr = input_column(maker, column);
        if (expr == NULL) {
            continue;
        }
        const rs_fault_site site = {maker, expr->input, expr->column->name, value};
        rs_explain_finding *finding = new_finding(self, maker);
        RS_TRY(rs_explain_check(self, err));
        RS_TRY(fault_at(self, &site, depth + 1, finding, err));
        if (finding->verdict != NULL) {
            push_finding(self, &out->below, finding);
        }
    }
    return RS_OK;
}

/* --- joins --- */

/* What a value is called: a node by its name. */
static rs_status name_of(rs_explainer *self, const rs_param *value, const char **out, rs_error *err)
{
    rs_explain_node node = {0};
    if (value->type == RS_TYPE_I64) {
        RS_TRY(rs_explain_node_get(self, value->value.i64, &node, err));
    }
    const char *qualified = rs_explain_text(&node.row, "qualified_name");
    const char *name = rs_explain_text(&node.row, "name");
    *out = qualified[0] != '\0' ? qualified
           : name[0] != '\0'    ? name
                                : rs_explain_words(self, value);
    return RS_OK;
}

/* No partner: what its column would have to be, and why there is no such row. */
static rs_status no_partner(rs_explainer *self, const rs_fault_site *site,
                            const rs_explain_row *row, size_t depth, rs_explain_finding *out,
                            rs_error *err)
{
    const rs_fault_site other = other_side(site);
    const rs_dataset *dataset = dataset_of(&other);
    const rs_expr *mine = rs_explain_on_side(site->rule, site->input);
    const rs_expr *its = rs_explain_on_side(site->rule, other.input);
    const char *empty = why_empty(self, dataset, 0);
    const char *name = NULL;
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", dataset->name, empty);
        return RS_OK;
    }
    if (mine == NULL || its == NULL) {
        out->verdict = rs_explain_textf(self, "no row of %s has %s", dataset->name,
                                        rs_explain_expr_words(self, site->rule, site->rule->on));
        return RS_OK;
    }
    const rs_param *value = rs_explain_value(row, mine->column->name);
    if (value->is_null) {
        out->verdict = rs_explain_textf(self, "it has no %s to look for in %s", mine->column->name,
                                        dataset->name);
        return RS_OK;
    }
    RS_TRY(name_of(self, value, &name, err));
    out->verdict =
        rs_explain_textf(self, "no row of %s has %s %s", dataset->name, its->column->name, name);
    return rs_explain_is_relationship(dataset) && value->type == RS_TYPE_I64
               ? search_below(self, dataset, its->column->name, value->value.i64, depth, out, err)
               : RS_OK;
}

static rs_status fault_of_join(rs_explainer *self, const rs_fault_site *site,
                               const rs_explain_row *row, size_t depth, rs_explain_items *list,
                               rs_explain_finding *out, rs_error *err)
{
    const rs_fault_site other = other_side(site);
    const char *name = dataset_of(&other)->name;
    bool is_anti = site->rule->join == RS_JOIN_ANTI;
    rs_explain_rows partners = {0};
    RS_TRY(read_partners(self, site, row, &partners, err));
    for (size_t i = 0; i < partners.n_items; i++) {
        rs_explain_item *item = NULL;
        RS_TRY(consider(self, &other, &partners.items[i], list, &item, err));
        item->verdict = is_anti ? NULL : broken_condition(self, &other, &partners.items[i]);
    }
    if (partners.n_items == 0) {
        return is_anti ? RS_OK : no_partner(self, site, row, depth, out, err);
    }
    out->verdict = is_anti ? rs_explain_textf(self, "a row of %s stands against it", name)
                           : rs_explain_textf(self, "no row of %s that it meets will do", name);
    return RS_OK;
}

/* --- alignments --- */

/* Rows of a side whose intervals have a byte in common with [start, end) of the file. */
static rs_status read_overlaps(rs_explainer *self, const rs_fault_site *site, int64_t start_byte,
                               int64_t end_byte, rs_explain_rows *out, rs_error *err)
{
    const char *condition =
        rs_explain_textf(self, "%s < %" PRId64 " AND %s > %" PRId64,
                         rs_explain_expr(self, site->rule, ends_of(site)[0]), end_byte,
                         rs_explain_expr(self, site->rule, ends_of(site)[1]), start_byte);
    return read_rows(self, site, condition, out, err);
}

static rs_status judge_overlap(rs_explainer *self, const rs_fault_site *site,
                               const rs_explain_row *row, rs_explain_items *list, rs_error *err)
{
    rs_explain_item *item = NULL;
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    RS_TRY(consider(self, site, row, list, &item, err));
    item->verdict = broken_condition(self, site, row);
    get_interval(row, &start_byte, &end_byte);
    if (item->verdict == NULL) {
        item->verdict =
            rs_explain_textf(self, "its bytes are %" PRId64 "..%" PRId64 ", which is not %s",
                             start_byte, end_byte, rs_align_mode_name(site->rule->align.mode));
    }
    return RS_OK;
}

static rs_status fault_of_align(rs_explainer *self, const rs_fault_site *site,
                                const rs_explain_row *row, rs_explain_items *list,
                                rs_explain_finding *out, rs_error *err)
{
    const rs_fault_site other = other_side(site);
    const char *name = dataset_of(&other)->name;
    const char *empty = why_empty(self, dataset_of(&other), 0);
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    rs_explain_rows overlaps = {0};
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", name, empty);
        return RS_OK;
    }
    get_interval(row, &start_byte, &end_byte);
    if (start_byte < 0) {
        out->verdict = rs_explain_textf(self, "it has nothing to align: %s is nothing",
                                        rs_explain_expr_words(self, site->rule, ends_of(site)[0]));
        return RS_OK;
    }
    RS_TRY(read_overlaps(self, &other, start_byte, end_byte, &overlaps, err));
    for (size_t i = 0; i < overlaps.n_items; i++) {
        RS_TRY(judge_overlap(self, &other, &overlaps.items[i], list, err));
    }
    out->verdict =
        overlaps.n_items == 0
            ? rs_explain_textf(self, "no row of %s has a byte of %" PRId64 "..%" PRId64, name,
                               start_byte, end_byte)
            : rs_explain_textf(self, "no row of %s is %s with bytes %" PRId64 "..%" PRId64, name,
                               rs_align_mode_name(site->rule->align.mode), start_byte, end_byte);
    return RS_OK;
}

/* --- a rule --- */

static rs_status fault_of_row(rs_explainer *self, const rs_fault_site *site,
                              const rs_explain_row *row, size_t depth, rs_explain_items *list,
                              rs_explain_finding *out, rs_error *err)
{
    out->verdict = broken_condition(self, site, row);
    if (out->verdict != NULL) {
        return RS_OK;
    }
    switch (site->rule->op->meets) {
    case RS_MEETS_BY_EQUALITY:
        return fault_of_join(self, site, row, depth, list, out, err);
    case RS_MEETS_BY_INTERVAL:
        return fault_of_align(self, site, row, list, out, err);
    case RS_MEETS_NOT:
        break;
    }
    return RS_OK;
}

/* The rule has no rows to start from. */
static rs_status no_rows(rs_explainer *self, const rs_fault_site *site, size_t depth,
                         rs_explain_finding *out, rs_error *err)
{
    const rs_dataset *dataset = dataset_of(site);
    const char *empty = why_empty(self, dataset, 0);
    if (empty != NULL) {
        out->verdict = rs_explain_textf(self, "%s has no rows: %s", dataset->name, empty);
        return RS_OK;
    }
    if (!rs_explain_is_relationship(dataset)) {
        return RS_OK; /* not a thing of this rule */
    }
    out->verdict = rs_explain_textf(self, "%s has no row of it", dataset->name);
    return search_below(self, dataset, site->column, site->value, depth, out, err);
}

static rs_status fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth,
                          rs_explain_finding *out, rs_error *err)
{
    const rs_param value = rs_explain_i64_of(site->value);
    rs_explain_rows rows = {0};
    out->rows.is_asked = true;
    if (rs_explain_rule(self, site->rule->name) == NULL) {
        out->verdict = "the bundle was built with another rule of this name";
        return RS_OK;
    }
    RS_TRY(read_rows(self, site, rs_explain_equal(self, site->column, &value), &rows, err));
    if (rows.n_items == 0) {
        return no_rows(self, site, depth, out, err);
    }
    for (size_t i = 0; i < rows.n_items; i++) {
        rs_explain_item *item = NULL;
        rs_explain_finding found = {0};
        RS_TRY(consider(self, site, &rows.items[i], &out->rows, &item, err));
        RS_TRY(fault_of_row(self, site, &rows.items[i], depth, &out->rows, &found, err));
        item->verdict = found.verdict;
        out->verdict = out->verdict != NULL ? out->verdict : found.verdict;
        if (!out->was_searched) { /* of several rows the first says what is missing */
            out->was_searched = found.was_searched;
            out->below = found.below;
        }
    }
    return RS_OK;
}

rs_status rs_explain_fault(rs_explainer *self, const rs_fault_site *site, rs_explain_findings *out,
                           rs_error *err)
{
    rs_explain_finding *finding = new_finding(self, site->rule);
    RS_TRY(rs_explain_check(self, err));
    push_finding(self, out, finding);
    return fault_at(self, site, 0, finding, err);
}

rs_status rs_explain_add_found(rs_explainer *self, const rs_plan *rule,
                               const rs_explain_item *found, rs_explain_findings *out,
                               rs_error *err)
{
    rs_explain_finding *finding = new_finding(self, rule);
    RS_TRY(rs_explain_check(self, err));
    finding->found = found;
    push_finding(self, out, finding);
    return RS_OK;
}
