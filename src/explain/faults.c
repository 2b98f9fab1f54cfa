/* SPDX-License-Identifier: Apache-2.0 */
/* faults.c - where a rule, done for one thing alone, comes to nothing.
 *
 * The rule is taken apart: are there rows of the thing, which part of `where` do they break, is there
 * a partner, does the other side stand against it. What a relationship lacks is looked for in the
 * rules that make it, MAX_DEPTH of them deep at most.
 */
#include "explain/faults.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "plan/operator.h"
#include "plan/steps.h"

enum { MAX_DEPTH = 12, MAX_CONSIDERED = 5, MAX_CONJUNCTS = 32 };

/* Out of a finding: nothing more is to be said. */
static void set_verdict(rs_explainer *self, json_t *out, const char *format, ...) RS_PRINTF(3, 4);

static void set_verdict(rs_explainer *self, json_t *out, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    rs_json_set(out, "verdict", rs_json_text(text), &self->failed);
}

static bool has_verdict(const json_t *out)
{
    return json_object_get(out, "verdict") != NULL;
}

/* --- sites --- */

static const rs_expr *output_expr(const rs_plan *rule, const char *name)
{
    const rs_select *select = &rule->selects[0];
    for (size_t i = 0; i < select->output->n_columns; i++) {
        if (strcmp(select->output->columns[i].name, name) == 0) {
            return select->columns[i];
        }
    }
    return NULL;
}

static bool find_site(const rs_explainer *self, const rs_plan *rule, const char *output_column,
                      const rs_dataset *dataset, const char *column, size_t depth,
                      rs_fault_site *site)
{
    const rs_expr *expr = rule->n_selects > 0 ? output_expr(rule, output_column) : NULL;
    if (expr == NULL || expr->kind != RS_EXPR_COLUMN || expr->input >= rule->n_inputs ||
        depth == MAX_DEPTH) {
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

/* --- rows that are considered --- */

static void add_input(const rs_plan *rule, size_t input, rs_buf *sql)
{
    rs_buf_add_sql_name(sql, rs_str_of(rule->inputs[input].dataset->name));
    rs_buf_add(sql, " AS ");
    rs_buf_add_sql_name(sql, rs_str_of(rule->inputs[input].alias));
}

static void add_expr(const rs_plan *rule, const rs_expr *expr, rs_buf *sql)
{
    rs_expr_add_sql(expr, rule->inputs, rs_engine_type_duckdb.dialect, sql);
}

/* Rows of an input, as nodes that keep `_row` beside; *n_rows is how many there are. */
static rs_status read_rows(rs_explainer *self, const rs_fault_site *site, const char *condition,
                           json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT * FROM ");
    add_input(site->rule, site->input, &sql);
    rs_buf_addf(&sql, " WHERE %s ORDER BY _row LIMIT %d", condition, MAX_CONSIDERED);
    rs_status status = rs_explain_json_rows(self, site->rule->name, &sql, out, err);
    rs_buf_release(&sql);
    return status;
}

/* Put a row among those that were considered; *out is borrowed from the list. */
static rs_status consider(rs_explainer *self, const rs_dataset *dataset, json_t *row, json_t *list,
                          json_t **out, rs_error *err)
{
    json_t *node = NULL;
    RS_TRY(rs_explain_row_node(self, dataset, json_copy(row), &node, err));
    rs_json_push(list, node, &self->failed);
    *out = node;
    return rs_explain_check(self, err);
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
    if (expr->kind == RS_EXPR_BINARY && strcmp(expr->op->symbol, "AND") == 0) {
        collect(expr->first, inputs, all);
        collect(expr->first->next, inputs, all);
    } else if ((rs_expr_inputs(expr) & ~inputs) == 0 && all->n_items < MAX_CONJUNCTS) {
        all->items[all->n_items++] = expr;
    }
}

/* "level is 0, module is nothing": the columns of row that an expression names. */
static void add_values(const rs_expr *expr, size_t input, const json_t *row, rs_buf *out)
{
    if (expr->kind == RS_EXPR_COLUMN && expr->input == input && expr->column != NULL) {
        const json_t *value = json_object_get(row, expr->column->name);
        rs_buf_addf(out, "%s%s is ", out->n_bytes > 0 ? ", " : "", expr->column->name);
        if (value == NULL || json_is_null(value)) {
            rs_buf_add(out, "nothing");
        } else {
            rs_explain_add_words(value, out);
        }
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        add_values(child, input, row, out);
    }
}

/* Set the verdict to the first condition that a row of one input breaks. */
static rs_status test_row(rs_explainer *self, const rs_fault_site *site, json_t *row, json_t *out,
                          rs_error *err)
{
    const rs_plan *rule = site->rule;
    conjuncts all = {.n_items = 0};
    json_t *truths = NULL;
    rs_buf sql = {0};
    collect(rule->where, 1u << site->input, &all);
    if (all.n_items == 0) {
        return RS_OK;
    }
    rs_buf_add(&sql, "SELECT ");
    for (size_t i = 0; i < all.n_items; i++) {
        rs_buf_add(&sql, i == 0 ? "" : ", ");
        add_expr(rule, all.items[i], &sql);
        rs_buf_addf(&sql, " AS c%zu", i);
    }
    rs_buf_add(&sql, " FROM ");
    add_input(rule, site->input, &sql);
    rs_buf_addf(&sql, " WHERE _row = %" PRId64, rs_explain_i64(row, "_row", -1));
    rs_status status = rs_explain_json_row(self, rule->name, &sql, &truths, err);
    for (size_t i = 0; i < all.n_items && status == RS_OK && !has_verdict(out); i++) {
        char name[32];
        rs_buf text = {0};
        rs_buf values = {0};
        snprintf(name, sizeof name, "c%zu", i);
        if (!json_is_true(json_object_get(truths, name))) {
            rs_expr_add_words(rule->inputs, all.items[i], &text);
            add_values(all.items[i], site->input, row, &values);
            set_verdict(self, out, "%s does not hold: %s", rs_buf_text(&text),
                        rs_buf_text(&values));
        }
        self->failed = self->failed || text.failed || values.failed;
        rs_buf_release(&values);
        rs_buf_release(&text);
    }
    json_decref(truths);
    rs_buf_release(&sql);
    return status;
}

/* --- further down --- */

static rs_status fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth, json_t *out,
                          rs_error *err);

/* What the rules that make a relationship lack for a value. */
static rs_status search_below(rs_explainer *self, const rs_dataset *dataset, const char *column,
                              int64_t value, size_t depth, json_t *out, rs_error *err)
{
    json_t *below = json_array();
    rs_json_set(out, "below", below, &self->failed);
    RS_TRY(rs_explain_check(self, err));
    for (size_t i = 0; i < rs_rules_count(self->rules) && depth < MAX_DEPTH; i++) {
        const rs_plan *maker = rs_rules_get(self->rules, i);
        if (maker->contract == NULL || maker->contract->dataset != dataset) {
            continue;
        }
        const rs_expr *expr = output_expr(maker, column);
        if (expr == NULL || expr->kind != RS_EXPR_COLUMN || expr->input >= maker->n_inputs) {
            continue;
        }
        const rs_fault_site site = {maker, expr->input, expr->column->name, value};
        json_t *finding = json_object();
        rs_status status = fault_at(self, &site, depth + 1, finding, err);
        if (status == RS_OK && has_verdict(finding)) {
            rs_json_push(below, json_incref(finding), &self->failed);
        }
        json_decref(finding);
        RS_TRY(status);
    }
    return rs_explain_check(self, err);
}

/* --- joins --- */

/* One side of the first equality of `on`, as a column of an input; NULL when it is none. */
static const rs_expr *on_side(const rs_expr *on, size_t input)
{
    while (on != NULL && strcmp(on->op->symbol, "AND") == 0) {
        on = on->first;
    }
    for (const rs_expr *side = on != NULL ? on->first : NULL; side != NULL; side = side->next) {
        if (side->kind == RS_EXPR_COLUMN && side->input == input) {
            return side;
        }
    }
    return NULL;
}

/* Rows of the other side that `on` brings to row. */
static rs_status read_partners(rs_explainer *self, const rs_fault_site *site, const json_t *row,
                               json_t **out, rs_error *err)
{
    const rs_plan *rule = site->rule;
    size_t other = 1 - site->input;
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT ");
    rs_buf_add_sql_name(&sql, rs_str_of(rule->inputs[other].alias));
    rs_buf_add(&sql, ".* FROM ");
    add_input(rule, site->input, &sql);
    rs_buf_add(&sql, " JOIN ");
    add_input(rule, other, &sql);
    rs_buf_add(&sql, " ON ");
    add_expr(rule, rule->on, &sql);
    rs_buf_add(&sql, " WHERE ");
    rs_buf_add_sql_name(&sql, rs_str_of(rule->inputs[site->input].alias));
    rs_buf_addf(&sql, "._row = %" PRId64 " LIMIT %d", rs_explain_i64(row, "_row", -1),
                MAX_CONSIDERED);
    rs_status status = rs_explain_json_rows(self, rule->name, &sql, out, err);
    rs_buf_release(&sql);
    return status;
}

/* No partner: what its column would have to be, and why there is no such row. */
static rs_status no_partner(rs_explainer *self, const rs_fault_site *site, const json_t *row,
                            size_t depth, json_t *out, rs_error *err)
{
    const rs_plan *rule = site->rule;
    const rs_dataset *other = rule->inputs[1 - site->input].dataset;
    const rs_expr *mine = on_side(rule->on, site->input);
    const rs_expr *its = on_side(rule->on, 1 - site->input);
    const char *empty = why_empty(self, other, 0);
    if (empty != NULL) {
        set_verdict(self, out, "%s has no rows: %s", other->name, empty);
        return RS_OK;
    }
    if (mine == NULL || its == NULL) {
        rs_buf text = {0};
        rs_expr_add_words(rule->inputs, rule->on, &text);
        set_verdict(self, out, "no row of %s has %s", other->name, rs_buf_text(&text));
        rs_buf_release(&text);
        return RS_OK;
    }
    const json_t *value = json_object_get(row, mine->column->name);
    if (value == NULL || json_is_null(value)) {
        set_verdict(self, out, "it has no %s to look for in %s", mine->column->name, other->name);
        return RS_OK;
    }
    json_t *node = NULL;
    rs_buf words = {0};
    if (json_is_integer(value)) {
        RS_TRY(rs_explain_node(self, (int64_t)json_integer_value(value), &node, err));
    }
    rs_explain_add_words(value, &words);
    const char *name = rs_explain_text(node, "qualified_name");
    name = name[0] != '\0' ? name : rs_explain_text(node, "name");
    set_verdict(self, out, "no row of %s has %s %s", other->name, its->column->name,
                name[0] != '\0' ? name : rs_buf_text(&words));
    rs_buf_release(&words);
    json_decref(node);
    if (rs_explain_is_relationship(other) && json_is_integer(value)) {
        return search_below(self, other, its->column->name, (int64_t)json_integer_value(value),
                            depth, out, err);
    }
    return RS_OK;
}

static rs_status fault_of_join(rs_explainer *self, const rs_fault_site *site, const json_t *row,
                               size_t depth, json_t *list, json_t *out, rs_error *err)
{
    const rs_dataset *other = site->rule->inputs[1 - site->input].dataset;
    json_t *partners = NULL;
    json_t *node = NULL;
    RS_TRY(read_partners(self, site, row, &partners, err));
    size_t n_partners = json_array_size(partners);
    rs_status status = RS_OK;
    for (size_t i = 0; i < n_partners && status == RS_OK; i++) {
        status = consider(self, other, json_array_get(partners, i), list, &node, err);
        if (status == RS_OK && site->rule->join != RS_JOIN_ANTI) {
            const rs_fault_site side = {site->rule, 1 - site->input, NULL, 0};
            status = test_row(self, &side, json_array_get(partners, i), node, err);
        }
    }
    json_decref(partners);
    if (status == RS_OK && n_partners > 0 && site->rule->join == RS_JOIN_ANTI) {
        set_verdict(self, out, "a row of %s stands against it", other->name);
    } else if (status == RS_OK && n_partners > 0) {
        set_verdict(self, out, "no row of %s that it meets will do", other->name);
    } else if (status == RS_OK && site->rule->join != RS_JOIN_ANTI) {
        status = no_partner(self, site, row, depth, out, err);
    }
    return status;
}

/* --- alignments --- */

/* The interval of a row of one side. */
static rs_status read_interval(rs_explainer *self, const rs_fault_site *site, const json_t *row,
                               int64_t *start_byte, int64_t *end_byte, rs_error *err)
{
    const rs_align *align = &site->rule->align;
    rs_expr *const *ends = site->input == 0 ? align->left : align->right;
    json_t *found = NULL;
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT ");
    add_expr(site->rule, ends[0], &sql);
    rs_buf_add(&sql, " AS a, ");
    add_expr(site->rule, ends[1], &sql);
    rs_buf_add(&sql, " AS b FROM ");
    add_input(site->rule, site->input, &sql);
    rs_buf_addf(&sql, " WHERE _row = %" PRId64, rs_explain_i64(row, "_row", -1));
    rs_status status = rs_explain_json_row(self, site->rule->name, &sql, &found, err);
    *start_byte = rs_explain_i64(found, "a", -1);
    *end_byte = rs_explain_i64(found, "b", -1);
    json_decref(found);
    rs_buf_release(&sql);
    return status;
}

/* Rows of the other side whose intervals have a byte in common with [start, end) of the file. */
static rs_status read_overlaps(rs_explainer *self, const rs_fault_site *other, int64_t start_byte,
                               int64_t end_byte, json_t **out, rs_error *err)
{
    const rs_align *align = &other->rule->align;
    rs_expr *const *ends = other->input == 0 ? align->left : align->right;
    rs_buf condition = {0};
    add_expr(other->rule, ends[0], &condition);
    rs_buf_addf(&condition, " < %" PRId64 " AND ", end_byte);
    add_expr(other->rule, ends[1], &condition);
    rs_buf_addf(&condition, " > %" PRId64, start_byte);
    rs_status status = rs_buf_check(&condition, err);
    if (status == RS_OK) {
        status = read_rows(self, other, rs_buf_text(&condition), out, err);
    }
    rs_buf_release(&condition);
    return status;
}

static rs_status judge_overlap(rs_explainer *self, const rs_fault_site *other, json_t *row,
                               json_t *list, rs_error *err)
{
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    json_t *node = NULL;
    RS_TRY(consider(self, other->rule->inputs[other->input].dataset, row, list, &node, err));
    RS_TRY(test_row(self, other, row, node, err));
    RS_TRY(read_interval(self, other, row, &start_byte, &end_byte, err));
    if (!has_verdict(node)) {
        set_verdict(self, node, "its bytes are %" PRId64 "..%" PRId64 ", which is not %s",
                    start_byte, end_byte, rs_align_mode_name(other->rule->align.mode));
    }
    return RS_OK;
}

static rs_status fault_of_align(rs_explainer *self, const rs_fault_site *site, const json_t *row,
                                json_t *list, json_t *out, rs_error *err)
{
    const rs_fault_site other = {site->rule, 1 - site->input, NULL, 0};
    const char *name = site->rule->inputs[other.input].dataset->name;
    const char *empty = why_empty(self, site->rule->inputs[other.input].dataset, 0);
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    json_t *overlaps = NULL;
    if (empty != NULL) {
        set_verdict(self, out, "%s has no rows: %s", name, empty);
        return RS_OK;
    }
    RS_TRY(read_interval(self, site, row, &start_byte, &end_byte, err));
    if (start_byte < 0) {
        rs_buf text = {0};
        rs_expr_add_words(site->rule->inputs,
                          site->input == 0 ? site->rule->align.left[0] : site->rule->align.right[0],
                          &text);
        set_verdict(self, out, "it has nothing to align: %s is nothing", rs_buf_text(&text));
        rs_buf_release(&text);
        return RS_OK;
    }
    RS_TRY(read_overlaps(self, &other, start_byte, end_byte, &overlaps, err));
    size_t n_overlaps = json_array_size(overlaps);
    rs_status status = RS_OK;
    for (size_t i = 0; i < n_overlaps && status == RS_OK; i++) {
        status = judge_overlap(self, &other, json_array_get(overlaps, i), list, err);
    }
    json_decref(overlaps);
    if (status == RS_OK && n_overlaps == 0) {
        set_verdict(self, out, "no row of %s has a byte of %" PRId64 "..%" PRId64, name, start_byte,
                    end_byte);
    } else if (status == RS_OK) {
        set_verdict(self, out, "no row of %s is %s with bytes %" PRId64 "..%" PRId64, name,
                    rs_align_mode_name(site->rule->align.mode), start_byte, end_byte);
    }
    return status;
}

/* --- a rule --- */

static rs_status fault_of_row(rs_explainer *self, const rs_fault_site *site, json_t *row,
                              size_t depth, json_t *list, json_t *out, rs_error *err)
{
    RS_TRY(test_row(self, site, row, out, err));
    if (has_verdict(out)) {
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
static rs_status no_rows(rs_explainer *self, const rs_fault_site *site, size_t depth, json_t *out,
                         rs_error *err)
{
    const rs_dataset *dataset = site->rule->inputs[site->input].dataset;
    const char *empty = why_empty(self, dataset, 0);
    if (empty != NULL) {
        set_verdict(self, out, "%s has no rows: %s", dataset->name, empty);
        return RS_OK;
    }
    if (!rs_explain_is_relationship(dataset)) {
        return RS_OK; /* not a thing of this rule */
    }
    set_verdict(self, out, "%s has no row of it", dataset->name);
    return search_below(self, dataset, site->column, site->value, depth, out, err);
}

static rs_status fault_at(rs_explainer *self, const rs_fault_site *site, size_t depth, json_t *out,
                          rs_error *err)
{
    const rs_plan *rule = site->rule;
    int64_t file_id = site->value < 0 ? RS_EXPLAIN_RUN : site->value >> RS_ID_ENTITY_BITS;
    json_t *rows = NULL;
    json_t *list = json_array();
    rs_buf condition = {0};
    rs_json_set(out, "rule", rs_json_text(rule->name), &self->failed);
    rs_json_set(out, "doc", rs_json_text(rule->doc), &self->failed);
    rs_json_set(out, "rows", list, &self->failed);
    RS_TRY(rs_explain_check(self, err));
    if (rs_explain_rule(self, rule->name) == NULL) {
        set_verdict(self, out, "the bundle was built with another rule of this name");
        return RS_OK;
    }
    RS_TRY(rs_explain_select_inputs(self, rule, rs_explain_rule_file(rule, file_id), NULL, err));
    rs_buf_add_sql_name(&condition, rs_str_of(site->column));
    rs_buf_addf(&condition, " = %" PRId64, site->value);
    rs_status status = rs_buf_check(&condition, err);
    if (status == RS_OK) {
        status = read_rows(self, site, rs_buf_text(&condition), &rows, err);
    }
    rs_buf_release(&condition);
    if (status == RS_OK && json_array_size(rows) == 0) {
        status = no_rows(self, site, depth, out, err);
    }
    for (size_t i = 0; i < json_array_size(rows) && status == RS_OK; i++) {
        json_t *row = json_array_get(rows, i);
        json_t *node = NULL;
        json_t *verdict = json_object();
        status = consider(self, rule->inputs[site->input].dataset, row, list, &node, err);
        if (status == RS_OK && i > 0) { /* looking further down has made other views */
            status = rs_explain_select_inputs(self, rule, rs_explain_rule_file(rule, file_id), NULL,
                                              err);
        }
        if (status == RS_OK) {
            status = fault_of_row(self, site, row, depth, list, verdict, err);
        }
        (void)json_object_update_missing(out, verdict);
        if (status == RS_OK && has_verdict(verdict)) {
            rs_json_set(node, "verdict", json_incref(json_object_get(verdict, "verdict")),
                        &self->failed);
        }
        json_decref(verdict);
    }
    json_decref(rows);
    return status;
}

rs_status rs_explain_fault(rs_explainer *self, const rs_fault_site *site, json_t *out,
                           rs_error *err)
{
    return fault_at(self, site, 0, out, err);
}
