/* SPDX-License-Identifier: Apache-2.0 */
#include "graph/gate.h"

#include "plan/kernel_sql.h"

#include <stdlib.h>

/* --- grouping --- */

/* Edges by kind; all others as the rules run. */
static int compare_selects(const rs_select *a, const rs_select *b)
{
    if (a->output == rs_graph_dataset_get(RS_G_edges) && a->kind != NULL && b->kind != NULL) {
        return strcmp(a->kind, b->kind);
    }
    return 0;
}

/* Stable: selects that compare equal stay in the order of the rules. */
static bool insert_select(rs_select_list *list, const rs_select *select)
{
    if (!rs_select_list_push(list, select)) {
        return false;
    }
    size_t at = list->n_items - 1;
    for (; at > 0 && compare_selects(select, list->items[at - 1]) < 0; at--) {
        list->items[at] = list->items[at - 1];
    }
    list->items[at] = select;
    return true;
}

static bool may_have_faults(const rs_select *select)
{
    for (size_t i = 0; i < select->output->n_columns; i++) {
        if (rs_select_may_lack(select, i) || rs_select_may_be_outside(select, i)) {
            return true;
        }
    }
    return false;
}

static bool clashes_with(const rs_group *group, const rs_select *select)
{
    for (size_t i = 0; i < group->selects.n_items; i++) {
        if (rs_select_may_clash(group->selects.items[i], select)) {
            return true;
        }
    }
    return false;
}

static void describe_group(rs_group *group)
{
    const rs_select *first = group->selects.items[0];
    for (size_t i = 0; i < group->selects.n_items; i++) {
        group->is_derived = group->is_derived || group->selects.items[i]->is_derived;
    }
    bool is_alone = group->selects.n_items == 1;
    group->is_ordered = is_alone && first->is_ordered;
    group->is_proved = is_alone && first->is_unique && !may_have_faults(first);
}

/* Put select into the group that it clashes with, and every further such group into that one. */
static bool place_select(rs_group_vec *groups, const rs_select *select, size_t place)
{
    rs_group *home = NULL;
    size_t n_kept = 0;
    for (size_t i = 0; i < groups->n_items; i++) {
        rs_group *group = &groups->items[i];
        if (!clashes_with(group, select)) {
            groups->items[n_kept++] = *group;
        } else if (home == NULL) {
            groups->items[n_kept] = *group;
            home = &groups->items[n_kept++];
        } else {
            for (size_t j = 0; j < group->selects.n_items; j++) {
                if (!rs_select_list_push(&home->selects, group->selects.items[j])) {
                    return false;
                }
            }
            rs_select_list_release(&group->selects);
        }
    }
    groups->n_items = n_kept;
    if (home != NULL) {
        return rs_select_list_push(&home->selects, select);
    }
    rs_group group = {.place = place};
    if (!rs_select_list_push(&group.selects, select) || !rs_group_vec_push(groups, group)) {
        rs_select_list_release(&group.selects);
        return false;
    }
    return true;
}

static bool is_wanted(const rs_select *select, const rs_dataset *dataset, rs_wave scope,
                      const bool *left_out)
{
    const rs_plan *rule = select->plan;
    return select->output == dataset && rule->wave == scope && rule->absent == NULL &&
           (left_out == NULL || !left_out[rule->number]);
}

rs_status rs_gate_group(const rs_rules *rules, const rs_dataset *dataset, rs_wave scope,
                        const bool *left_out, rs_group_vec *groups, rs_error *err)
{
    rs_select_list ordered = {0};
    bool fits = true;
    for (size_t i = 0; i < rs_rules_n_selects(rules) && fits; i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (is_wanted(select, dataset, scope, left_out)) {
            fits = insert_select(&ordered, select);
        }
    }
    for (size_t i = 0; i < ordered.n_items && fits; i++) {
        fits = place_select(groups, ordered.items[i], i);
    }
    for (size_t i = 0; i < groups->n_items; i++) {
        describe_group(&groups->items[i]);
    }
    rs_select_list_reset(&ordered);
    rs_select_list_release(&ordered);
    if (!fits) {
        return rs_error_set(err, RS_ERR_NOMEM, "plan %s: out of memory", dataset->name);
    }
    return RS_OK;
}

void rs_gate_release(rs_group_vec *groups)
{
    for (size_t i = 0; i < groups->n_items; i++) {
        rs_select_list_release(&groups->items[i].selects);
    }
    rs_group_vec_reset(groups);
    rs_group_vec_release(groups);
}

/* --- SQL --- */

static void add_columns(const rs_dataset *dataset, rs_buf *sql)
{
    for (size_t i = 0; i < dataset->n_columns; i++) {
        rs_buf_add(sql, i == 0 ? "" : ", ");
        rs_buf_add_sql_name(sql, rs_str_of(dataset->columns[i].name));
    }
}

/* All selects of the group, with their order columns. */
static void add_union(const rs_group *group, const rs_gate_style *style, rs_buf *sql)
{
    rs_select_style rendered = {.dialect = style->dialect,
                                .rule_type = style->rule_type,
                                .key_type = style->key_type,
                                .with_place = true,
                                .with_order = true,
                                .with_inputs = style->rows == RS_GATE_DERIVATIONS,
                                .is_observed = style->is_observed};
    for (size_t i = 0; i < group->selects.n_items; i++) {
        rendered.place = i;
        rs_buf_add(sql, i == 0 ? "" : "\nUNION ALL\n");
        rs_select_add_sql(group->selects.items[i], &rendered, sql);
    }
}

/* --- the kernel that judges --- */

/* The columns of all rows at the gate: the dataset's, then those that say where a row comes from. */
static void take_columns(rs_gate_judge *judge, const rs_dataset *dataset, bool with_inputs)
{
    static const char *const behind[] = {"_rule", "_o1", "_o2", "_in"};
    RS_ASSERT(dataset->n_columns + 4 <= RS_GATE_MAX_COLUMNS);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        judge->columns[judge->n_columns++] = dataset->columns[i].name;
    }
    for (size_t i = 0; i < (with_inputs ? 4 : 3); i++) {
        judge->columns[judge->n_columns++] = behind[i];
    }
}

static void take_keys(rs_gate_judge *judge, const rs_dataset *dataset)
{
    const char *key = dataset->key;
    while (*key != '\0') {
        const rs_column *column = rs_column_find(dataset, rs_key_next(&key));
        RS_ASSERT(column != NULL && judge->n_keys < RS_SORT_MAX_TERMS);
        judge->keys[judge->n_keys++] = column->name;
    }
}

/* The call over what was taken; terms are borrowed. */
static void set_call(rs_gate_judge *judge, const rs_order_term *terms, size_t n_terms)
{
    judge->call = (rs_kernel_call){.kernel = RS_KERNEL_judge,
                                   .as.judge = {.required = {judge->required, judge->n_required},
                                                .shares = {judge->shares, judge->n_shares},
                                                .keys = {judge->keys, judge->n_keys},
                                                .order = {terms, n_terms},
                                                .reason = "reason"}};
}

static void add_judge_sql(const rs_gate_judge *judge, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_relation rows = {RS_GATE_ROWS, {judge->columns, judge->n_columns}};
    rs_kernel_add_sql(&judge->call, &rows, dialect, sql);
}

/* The group's rows with `reason`: why a row is rejected, null for a good one. */
static void add_judged(const rs_group *group, const rs_dataset *dataset, const rs_gate_style *style,
                       rs_buf *sql)
{
    static const rs_order_term order[] = {
        {.column = "_rule"}, {.column = "_o1"}, {.column = "_o2"}};
    rs_gate_judge judge = {.n_columns = 0};
    take_columns(&judge, dataset, style->rows == RS_GATE_DERIVATIONS);
    take_keys(&judge, dataset);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        bool may_lack = false;
        bool may_be_outside = false;
        for (size_t j = 0; j < group->selects.n_items; j++) {
            const rs_select *select = group->selects.items[j];
            may_lack = may_lack || rs_select_may_lack(select, i);
            may_be_outside = may_be_outside || rs_select_may_be_outside(select, i);
        }
        if (may_lack) {
            judge.required[judge.n_required++] = dataset->columns[i].name;
        }
        if (may_be_outside) {
            judge.shares[judge.n_shares++] = dataset->columns[i].name;
        }
    }
    set_call(&judge, order, 3);
    judge.call.as.judge.is_total = true;
    rs_buf_add(sql, "WITH " RS_GATE_ROWS " AS NOT MATERIALIZED (\n");
    add_union(group, style, sql);
    rs_buf_add(sql, "\n)\n");
    add_judge_sql(&judge, style->dialect, sql);
}

static void add_good(const rs_group *group, const rs_dataset *dataset, const rs_gate_style *style,
                     rs_buf *sql)
{
    if (group->is_proved && group->is_ordered) {
        rs_select_style rendered = {.dialect = style->dialect,
                                    .rule_type = style->rule_type,
                                    .key_type = style->key_type,
                                    .is_observed = style->is_observed};
        rs_select_add_sql(group->selects.items[0], &rendered, sql);
        return;
    }
    rs_buf_add(sql, "(SELECT ");
    add_columns(dataset, sql);
    rs_buf_add(sql, "\nFROM (\n");
    if (group->is_proved) {
        add_union(group, style, sql);
        rs_buf_add(sql, "\n)");
    } else {
        add_judged(group, dataset, style, sql);
        rs_buf_add(sql, "\n)\nWHERE reason IS NULL");
    }
    rs_buf_add(sql, "\nORDER BY _rule, _o1, _o2)");
}

static void add_rejects(const rs_group *group, const rs_dataset *dataset,
                        const rs_gate_style *style, rs_buf *sql)
{
    rs_buf_add(sql, "(SELECT ");
    add_columns(dataset, sql);
    rs_buf_add(sql, ", reason\nFROM (\n");
    add_judged(group, dataset, style, sql);
    rs_buf_add(sql, "\n)\nWHERE reason IS NOT NULL\nORDER BY _rule, _o1, _o2)");
}

/* ['repo_files', ...], by rs_dataset_id. */
static void add_dataset_names(rs_buf *sql)
{
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        rs_buf_add(sql, i == 0 ? "[" : ", ");
        rs_buf_add_sql_literal(sql, rs_str_of(rs_dataset_get((rs_dataset_id)i)->name));
    }
    rs_buf_add(sql, "]");
}

/* A row for each row of evidence behind each good edge; `_in` is as rs_input_add_sql() makes it. */
static void add_derivations(const rs_group *group, const rs_dataset *dataset,
                            const rs_gate_style *style, rs_buf *sql)
{
    static const char *const parts[] = {"CAST(kind AS VARCHAR)", "src", "dst", "start_byte"};
    rs_buf_add(sql, "(SELECT ");
    rs_dialect_add_call(style->dialect, "edge_id", parts, 4, sql);
    rs_buf_add(sql, " AS edge_id, CAST(rule_name AS VARCHAR) AS rule_name, relationship_rule,"
                    " CAST(_i AS INTEGER) AS input_index, ");
    add_dataset_names(sql);
    rs_buf_add(sql, "[_in[2 * _i + 1] + 1] AS input_dataset, _in[2 * _i + 2] AS input_id"
                    "\nFROM (SELECT *, unnest(range(len(_in) // 2)) AS _i FROM (\n");
    add_judged(group, dataset, style, sql);
    rs_buf_add(sql, "\n)\nWHERE reason IS NULL)\nORDER BY _rule, _o1, _o2, _i)");
}

typedef void (*add_rows_fn)(const rs_group *group, const rs_dataset *dataset,
                            const rs_gate_style *style, rs_buf *sql);

static bool has_rows(const rs_group *group, rs_gate_rows rows)
{
    switch (rows) {
    case RS_GATE_GOOD:
        return true;
    case RS_GATE_REJECTS:
        return !group->is_proved;
    case RS_GATE_DERIVATIONS:
        return group->is_derived;
    }
    return false;
}

bool rs_gate_add_sql(const rs_group_vec *groups, const rs_dataset *dataset,
                     const rs_gate_style *style, rs_buf *sql)
{
    static const add_rows_fn adders[] = {[RS_GATE_GOOD] = add_good,
                                         [RS_GATE_REJECTS] = add_rejects,
                                         [RS_GATE_DERIVATIONS] = add_derivations};
    size_t n_added = 0;
    for (size_t i = 0; i < groups->n_items; i++) {
        if (has_rows(&groups->items[i], style->rows)) {
            rs_buf_add(sql, n_added++ == 0 ? "" : "\nUNION ALL\n");
            adders[style->rows](&groups->items[i], dataset, style, sql);
        }
    }
    return n_added > 0;
}

/* --- relationships --- */

/* A required column is null. */
static void add_lacks(const rs_dataset *dataset, rs_buf *sql)
{
    rs_buf_add(sql, "FALSE");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (dataset->columns[i].required) {
            rs_buf_add(sql, " OR ");
            rs_buf_add_sql_name(sql, rs_str_of(dataset->columns[i].name));
            rs_buf_add(sql, " IS NULL");
        }
    }
}

/* The rows of all rules, each with the number of its own. */
static void add_rows(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    size_t n_rules = 0;
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract == contract && rule->absent == NULL) {
            rs_buf_addf(sql, "%s\nSELECT *, %zu AS _rule FROM ", n_rules == 0 ? "" : "\nUNION ALL",
                        n_rules);
            rs_step_add_name(rule, RS_STEP_NAME_ROWS, rs_rules_dialect(rules), sql);
            n_rules++;
        }
    }
}

static void add_key_columns(const rs_dataset *dataset, rs_buf *sql)
{
    const char *key = dataset->key;
    for (size_t i = 0; *key != '\0'; i++) {
        rs_buf_add(sql, i == 0 ? "" : ", ");
        rs_buf_add_sql_name(sql, rs_key_next(&key));
    }
}

void rs_gate_add_faults_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    const rs_dataset *dataset = contract->dataset;
    rs_buf_add(sql, "WITH r AS (");
    add_rows(rules, contract, sql);
    rs_buf_add(sql, "\n)\nSELECT (SELECT count(*) FROM (SELECT 1 FROM r GROUP BY ");
    add_key_columns(dataset, sql);
    rs_buf_add(sql, " HAVING count(*) > 1)) + (SELECT count(*) FROM r WHERE ");
    add_lacks(dataset, sql);
    rs_buf_add(sql, ")");
}

void rs_gate_add_clean_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT *, CAST(NULL AS VARCHAR) AS reason\nFROM (");
    add_rows(rules, contract, sql);
    rs_buf_add(sql, "\n)");
}

void rs_gate_judge_rows(const rs_contract *contract, rs_gate_judge *judge)
{
    static const rs_order_term order[] = {
        {.column = "score", .descending = true},
        {.column = "confidence", .descending = true},
        {.column = "rule_priority"},
        {.column = "_rule"},
        {.column = "_o1"},
        {.column = "_o2"},
    };
    const rs_dataset *dataset = contract->dataset;
    *judge = (rs_gate_judge){.n_columns = 0};
    take_columns(judge, dataset, true);
    take_keys(judge, dataset);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (dataset->columns[i].required) {
            judge->required[judge->n_required++] = dataset->columns[i].name;
        }
    }
    set_call(judge, order, sizeof order / sizeof order[0]);
    judge->call.as.judge.has_few = true;
}

void rs_gate_add_judged_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    rs_gate_judge judge;
    rs_gate_judge_rows(contract, &judge);
    add_judge_sql(&judge, rs_rules_dialect(rules), sql);
}

void rs_gate_add_rows_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    add_columns(contract->dataset, sql);
    rs_buf_add(sql, ", _rule, _o1, _o2, _in FROM (");
    add_rows(rules, contract, sql);
    rs_buf_add(sql, "\n)");
}

/* The question, where more than one good row answers it. */
static void add_group_id(const rs_contract *contract, rs_buf *sql)
{
    if (contract->group == NULL) {
        rs_buf_add(sql, "CAST(NULL AS BIGINT)");
    } else {
        const rs_str group = rs_str_of(contract->group->name);
        rs_buf_add(sql, "CASE WHEN ");
        rs_buf_add_sql_name(sql, group);
        rs_buf_add(sql, " IN (SELECT ");
        rs_buf_add_sql_name(sql, group);
        rs_buf_add(sql, " FROM " RS_GATE_JUDGED " WHERE reason IS NULL GROUP BY ");
        rs_buf_add_sql_name(sql, group);
        rs_buf_add(sql, " HAVING count(*) > 1) THEN ");
        rs_buf_add_sql_name(sql, group);
        rs_buf_add(sql, " END");
    }
    rs_buf_add(sql, " AS ambiguity_group_id");
}

void rs_gate_add_good_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    (void)rules;
    const rs_dataset *dataset = contract->dataset;
    rs_buf_add(sql, "SELECT ");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        if (strcmp(dataset->columns[i].name, "ambiguity_group_id") == 0) {
            add_group_id(contract, sql);
        } else {
            rs_buf_add_sql_name(sql, rs_str_of(dataset->columns[i].name));
        }
        rs_buf_add(sql, ", ");
    }
    rs_buf_add(sql, "_in\nFROM " RS_GATE_JUDGED "\nWHERE reason IS NULL\nORDER BY ");
    for (size_t i = 0; i < contract->n_sort; i++) {
        rs_buf_add_sql_name(sql, rs_str_of(contract->sort[i].column->name));
        rs_buf_add(sql, contract->sort[i].is_descending ? " DESC NULLS LAST, " : " NULLS LAST, ");
    }
    rs_buf_add(sql, "_rule, _o1, _o2");
}

void rs_gate_add_rejects_sql(const rs_rules *rules, const rs_contract *contract, rs_buf *sql)
{
    (void)rules;
    rs_buf_add(sql, "SELECT ");
    add_columns(contract->dataset, sql);
    rs_buf_add(sql, ", reason\nFROM " RS_GATE_JUDGED
                    "\nWHERE reason IS NOT NULL\nORDER BY _rule, _o1, _o2");
}
