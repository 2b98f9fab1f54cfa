/* SPDX-License-Identifier: Apache-2.0 */
/* The gate as steps, like those of a rule: calls of kernels, and SELECTs (sql/gate.sql) between them.
 *
 * Nobody orders, counts keys or looks for nulls here: the kernels judge, dedupe and canonical_sort do, in
 * whichever lane runs them. What is left out, because it is proved, is said by the groups.
 */
#include <stdio.h>
#include <string.h>

#include "graph/gate.h"
#include "graph/sql_texts.h"

/* The order that rules write their rows in; no two rows of a dataset are alike in it, which is what makes
 * the cheap orders below total. */
static const rs_order_term written[] = {{.column = "_rule"}, {.column = "_o1"}, {.column = "_o2"}};
enum { N_WRITTEN = sizeof written / sizeof written[0] };

/* Steps that are being made, and the columns of the last one's relation. */
typedef struct gate_maker { /* on the stack; what it makes lies in the arena of its steps */
    rs_stepper steps;
    const rs_dataset *dataset;
    rs_names columns;
    unsigned kernels; /* that were called, a bit each */
} gate_maker;

/* What may be wrong with a row itself. */
typedef struct row_faults {
    rs_names required; /* columns that may be null in it */
    rs_names shares;   /* those that may lie outside of 0 .. 1 */
} row_faults;

/* --- names --- */

static rs_names column_names(gate_maker *maker, bool with_inputs)
{
    static const char *const behind[] = {"_rule", "_o1", "_o2", "_in"};
    return rs_stepper_columns(&maker->steps, maker->dataset, behind, with_inputs ? 4 : 3);
}

/* The dataset's own columns, and one more of the gate's (NULL: none). */
static rs_names own_names(gate_maker *maker, const char *more)
{
    return rs_stepper_columns(&maker->steps, maker->dataset, &more, more != NULL ? 1 : 0);
}

static rs_names key_names(gate_maker *maker)
{
    const char **names = rs_stepper_take(&maker->steps, RS_SORT_MAX_TERMS, sizeof *names);
    const char *key = maker->dataset->key;
    size_t n_names = 0;
    while (*key != '\0' && names != NULL) {
        const rs_column *column = rs_column_find(maker->dataset, rs_key_next(&key));
        RS_ASSERT(column != NULL && n_names < RS_SORT_MAX_TERMS);
        names[n_names++] = column->name;
    }
    return (rs_names){names, n_names};
}

static rs_sql_arg names_arg(const char *name, const rs_names *names)
{
    return (rs_sql_arg){
        .name = name, .form = RS_SQL_WORDS, .words = names->items, .n_words = names->n_items};
}

static const char *last_name(const gate_maker *maker)
{
    RS_ASSERT(maker->steps.n_steps > 0);
    const char *name = maker->steps.steps[maker->steps.n_steps - 1].name;
    return name != NULL ? name : "";
}

/* --- steps --- */

static void add_statement(gate_maker *maker, const char *name, const rs_sql *statement,
                          const rs_sql_arg *args, size_t n_args)
{
    rs_buf sql = {0};
    rs_sql_add(statement, args, n_args, &sql);
    rs_stepper_add_text(&maker->steps, name, &sql);
}

static void add_kernel(gate_maker *maker, const char *name, const rs_kernel_call *call)
{
    maker->kernels |= 1U << (unsigned)call->kernel;
    rs_stepper_add_kernel(&maker->steps, name, call, 1, maker->columns);
}

static bool may_have(const row_faults *faults)
{
    return faults->required.n_items + faults->shares.n_items > 0;
}

/* Each row with `reason`. */
static void add_judge(gate_maker *maker, const row_faults *faults, rs_names keys, rs_order order)
{
    const rs_judge_call call = {.required = faults->required,
                                .shares = faults->shares,
                                .keys = keys,
                                .order = order,
                                .has_few = !order.is_total,
                                .reason = "reason"};
    add_kernel(maker, "judged", &(rs_kernel_call){.kernel = RS_KERNEL_judge, .as.judge = call});
}

static void add_sort(gate_maker *maker, const char *name, const rs_order_term *terms,
                     size_t n_terms)
{
    const rs_canonical_sort_call call = {{terms, n_terms, .is_total = true}};
    add_kernel(maker, name,
               &(rs_kernel_call){.kernel = RS_KERNEL_canonical_sort, .as.canonical_sort = call});
}

/* Good rows, or the others, of what was judged. */
static void add_part(gate_maker *maker, const char *name, const rs_sql *statement, rs_names columns)
{
    const rs_sql_arg args[] = {names_arg("columns", &columns),
                               rs_sql_word("judged", last_name(maker))};
    add_statement(maker, name, statement, args, 2);
    maker->columns = columns;
}

/* --- the graph: one statement a group --- */

/* The columns of a group's rows that something can be wrong with. */
static row_faults faults_of(gate_maker *maker, const rs_group *group)
{
    const rs_dataset *dataset = maker->dataset;
    const char **required = rs_stepper_take(&maker->steps, dataset->n_columns, sizeof *required);
    const char **shares = rs_stepper_take(&maker->steps, dataset->n_columns, sizeof *shares);
    row_faults faults = {{required, 0}, {shares, 0}};
    uint64_t may_lack = 0;
    uint64_t may_be_outside = 0;
    rs_group_faults(group, dataset, &may_lack, &may_be_outside);
    for (size_t i = 0; i < dataset->n_columns && required != NULL && shares != NULL; i++) {
        if ((may_lack >> i & 1) != 0) {
            required[faults.required.n_items++] = dataset->columns[i].name;
        }
        if ((may_be_outside >> i & 1) != 0) {
            shares[faults.shares.n_items++] = dataset->columns[i].name;
        }
    }
    return faults;
}

static rs_select_style style_of(const rs_gate_style *style)
{
    return (rs_select_style){.dialect = style->dialect,
                             .rule_type = style->rule_type,
                             .key_type = style->key_type,
                             .is_observed = style->is_observed};
}

/* The rows of all selects of the group, with what orders them. */
static void add_all(gate_maker *maker, const rs_group *group, const rs_gate_style *style)
{
    rs_buf sql = {0};
    rs_select_style rendered = style_of(style);
    rendered.with_place = true;
    rendered.with_order = true;
    rendered.with_inputs = style->rows == RS_GATE_DERIVATIONS;
    rs_selects_add_sql(group->selects.items, group->selects.n_items, &rendered, &sql);
    rs_stepper_add_text(&maker->steps, "all", &sql);
    maker->columns = column_names(maker, rendered.with_inputs);
}

/* Rows that lack nothing, and of those of a key the first that was written. */
static void add_firsts(gate_maker *maker, const rs_group *group)
{
    const row_faults faults = faults_of(maker, group);
    const rs_names columns = maker->columns;
    /* Before the keys: a row that lacks something must not keep a whole one out. */
    if (may_have(&faults)) {
        add_judge(maker, &faults, (rs_names){0}, (rs_order){.is_total = true});
        add_part(maker, "whole", &rs_sql_graph_good, columns);
    }
    if (!group
             ->is_unique) { /* of several selects, each for itself unique, rows may share a key, too */
        const rs_dedupe_call call = {.keys = key_names(maker),
                                     .order = {written, N_WRITTEN, .is_total = true},
                                     .is_set = true};
        add_kernel(maker, "firsts",
                   &(rs_kernel_call){.kernel = RS_KERNEL_dedupe, .as.dedupe = call});
    }
}

static void add_good(gate_maker *maker, const rs_group *group, const rs_gate_style *style)
{
    (void)style;
    add_firsts(maker, group);
    add_sort(maker, "sorted", written, N_WRITTEN);
}

static void add_rejects(gate_maker *maker, const rs_group *group, const rs_gate_style *style)
{
    const row_faults faults = faults_of(maker, group);
    (void)style;
    RS_ASSERT(!group->is_proved); /* else nothing could be found, at the price of a second scan */
    add_judge(maker, &faults, group->is_unique ? (rs_names){0} : key_names(maker),
              (rs_order){written, N_WRITTEN, .is_total = true});
    add_part(maker, "bad", &rs_sql_graph_bad,
             rs_stepper_columns(&maker->steps, maker->dataset,
                                (const char *const[]){"reason", "_rule", "_o1", "_o2"}, 4));
    add_sort(maker, "sorted", written, N_WRITTEN);
}

/* A row for each row of evidence behind each good edge; `_in` is as rs_input_add_sql() makes it. */
static void add_derivations(gate_maker *maker, const rs_group *group, const rs_gate_style *style)
{
    static const char *const parts[] = {"kind_text", "src", "dst", "start_byte"};
    static const char *const behind[] = {"_rule", "_o1", "_o2", "_i"};
    static const rs_order_term order[] = {
        {.column = "_rule"}, {.column = "_o1"}, {.column = "_o2"}, {.column = "_i"}};
    const char *datasets[RS_N_EVIDENCE];
    rs_buf edge_id = {0};
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        datasets[i] = rs_dataset_get((rs_dataset_id)i)->name;
    }
    add_firsts(maker, group);
    rs_dialect_add_call(style->dialect, "edge_id", parts, 4, &edge_id);
    const rs_names all = {datasets, RS_N_EVIDENCE};
    const rs_sql_arg args[] = {rs_sql_expr("edge_id", rs_buf_text(&edge_id)),
                               names_arg("datasets", &all), rs_sql_word("edges", last_name(maker))};
    add_statement(maker, "derived", &rs_sql_graph_derived, args, 3);
    maker->steps.failed = maker->steps.failed || edge_id.failed;
    rs_buf_release(&edge_id);
    maker->dataset = rs_graph_dataset_get(RS_G_derivations);
    maker->columns = rs_stepper_columns(&maker->steps, maker->dataset, behind, 4);
    maker->kernels |= 1U << (unsigned)RS_KERNEL_stable_id;
    add_sort(maker, "sorted", order, 4);
}

typedef void (*add_steps_fn)(gate_maker *maker, const rs_group *group, const rs_gate_style *style);

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

/* The steps of a group's rows as one statement. */
static void add_group(const rs_group *group, const rs_dataset *dataset, const rs_gate_style *style,
                      rs_arena *arena, unsigned *kernels, rs_buf *sql)
{
    static const add_steps_fn adders[] = {[RS_GATE_GOOD] = add_good,
                                          [RS_GATE_REJECTS] = add_rejects,
                                          [RS_GATE_DERIVATIONS] = add_derivations};
    if (style->rows == RS_GATE_GOOD && group->is_proved && group->is_ordered) {
        const rs_select_style rendered = style_of(style);
        rs_select_add_sql(group->selects.items[0], &rendered, sql);
        return;
    }
    rs_plan *plan = rs_arena_alloc(arena, 1, sizeof *plan);
    if (plan == NULL) {
        sql->failed = true;
        return;
    }
    *plan = (rs_plan){.name = dataset->name, .output = dataset};
    gate_maker maker = {.steps = {.plan = plan, .arena = arena}, .dataset = dataset};
    add_all(&maker, group, style);
    adders[style->rows](&maker, group, style);
    const rs_names names = own_names(&maker, style->rows == RS_GATE_REJECTS ? "reason" : NULL);
    if (!rs_stepper_finish(&maker.steps, style->dialect)) {
        sql->failed = true;
        return;
    }
    *kernels |= maker.kernels;
    /* In parentheses: an ORDER BY at the end would be the whole union's. */
    rs_buf_add_char(sql, '(');
    rs_steps_add_select(plan, names, style->dialect, sql);
    rs_buf_add_char(sql, ')');
}

bool rs_gate_add_sql(const rs_group_vec *groups, const rs_dataset *dataset,
                     const rs_gate_style *style, unsigned *kernels, rs_buf *sql)
{
    rs_arena arena = {0};
    size_t n_added = 0;
    for (size_t i = 0; i < groups->n_items; i++) {
        if (has_rows(&groups->items[i], style->rows)) {
            rs_sql_add_union(n_added++, sql);
            add_group(&groups->items[i], dataset, style, &arena, kernels, sql);
        }
    }
    rs_arena_release(&arena);
    return n_added > 0;
}

/* --- relationships: plans of the engine --- */

static row_faults faults_of_contract(gate_maker *maker)
{
    const rs_dataset *dataset = maker->dataset;
    const char **required = rs_stepper_take(&maker->steps, dataset->n_columns, sizeof *required);
    size_t n_required = 0;
    for (size_t i = 0; i < dataset->n_columns && required != NULL; i++) {
        if (dataset->columns[i].required) {
            required[n_required++] = dataset->columns[i].name;
        }
    }
    return (row_faults){.required = {required, n_required}};
}

/* The rows of all rules, each with the number of its own. */
static void add_rule_rows(gate_maker *maker, const rs_rules *rules, const rs_contract *contract)
{
    rs_buf sql = {0};
    size_t n_rules = 0;
    const rs_names columns = own_names(maker, NULL);
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract == contract && rule->absent == NULL) {
            RS_ASSERT(rule->n_steps > 0);
            char number[24];
            (void)snprintf(number, sizeof number, "%zu", n_rules);
            const rs_sql_arg args[] = {
                names_arg("columns", &columns), rs_sql_word("rule", number),
                rs_sql_word("relation", rule->steps[rule->n_steps - 1].name)};
            rs_sql_add_union(n_rules++, &sql);
            rs_sql_add(&rs_sql_graph_rule_rows, args, 3, &sql);
        }
    }
    rs_stepper_add_text(&maker->steps, "all", &sql);
    maker->columns = column_names(maker, true);
}

/* Which of several rows of a key is the best. */
static void add_best(gate_maker *maker)
{
    static const rs_order_term order[] = {
        {.column = "score", .descending = true},
        {.column = "confidence", .descending = true},
        {.column = "rule_priority"},
        {.column = "_rule"},
        {.column = "_o1"},
        {.column = "_o2"},
    };
    const row_faults faults = faults_of_contract(maker);
    add_judge(maker, &faults, key_names(maker),
              (rs_order){order, sizeof order / sizeof order[0], .is_total = false});
}

/* Good rows in the order of the contract. */
static void add_answers(gate_maker *maker, const rs_contract *contract, const char *judged)
{
    const rs_sql_arg args[] = {
        rs_sql_word("judged", judged),
        rs_sql_word("group", contract->group != NULL ? contract->group->name : "")};
    rs_order_term *terms =
        rs_stepper_take(&maker->steps, contract->n_sort + N_WRITTEN, sizeof *terms);
    bool has_group = contract->group != NULL;
    add_statement(maker, "answers", has_group ? &rs_sql_graph_answers : &rs_sql_graph_no_answers,
                  args, has_group ? 2 : 1);
    maker->columns = column_names(maker, true);
    for (size_t i = 0; i < contract->n_sort && terms != NULL; i++) {
        terms[i] = (rs_order_term){.column = contract->sort[i].column->name,
                                   .descending = contract->sort[i].is_descending};
    }
    if (terms != NULL) {
        memcpy(terms + contract->n_sort, written, sizeof written);
        add_sort(maker, "sorted", terms, contract->n_sort + N_WRITTEN);
    }
}

/* The last step: what is written of the sorted rows. */
static void add_written(gate_maker *maker, const char *name, const char *more)
{
    const rs_names columns = own_names(maker, more);
    const rs_sql_arg args[] = {names_arg("columns", &columns),
                               rs_sql_word("dataset", last_name(maker))};
    add_statement(maker, name, &rs_sql_graph_stored, args, 2);
}

static bool begin_plan(gate_maker *maker, const rs_contract *contract, rs_arena *arena)
{
    rs_plan *plan = rs_arena_alloc(arena, 1, sizeof *plan);
    *maker = (gate_maker){.steps = {.plan = plan, .arena = arena}, .dataset = contract->dataset};
    if (plan != NULL) {
        *plan = (rs_plan){
            .name = contract->dataset->name, .output = contract->dataset, .contract = contract};
    }
    return plan != NULL;
}

/* How many faults there are, and the same rows where there is none. */
static bool add_fault_texts(gate_maker *maker, const rs_dialect *dialect, rs_arena *arena,
                            rs_contract_gate *out)
{
    const rs_names keys = key_names(maker);
    const rs_relation rows = {"r", maker->columns};
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_judge,
        .as.judge = {.required = faults_of_contract(maker).required, .reason = "reason"}};
    rs_buf judged = {0};
    rs_buf faults = {0};
    rs_buf clean = {0};
    const char *all = maker->steps.steps[0].sql;
    if (maker->steps.failed) {
        return false;
    }
    rs_kernel_add_sql(&call, &rows, dialect, &judged);
    const rs_sql_arg args[] = {rs_sql_rows("rows", all),
                               rs_sql_rows("judged", rs_buf_text(&judged)),
                               names_arg("keys", &keys)};
    rs_sql_add(&rs_sql_graph_faults, args, 3, &faults);
    rs_sql_add(&rs_sql_graph_clean, args, 1, &clean);
    bool fits = !judged.failed && !faults.failed && !clean.failed;
    out->faults_sql = fits ? rs_arena_strndup(arena, rs_buf_text(&faults), faults.n_bytes) : NULL;
    out->clean_sql = fits ? rs_arena_strndup(arena, rs_buf_text(&clean), clean.n_bytes) : NULL;
    rs_buf_release(&judged);
    rs_buf_release(&faults);
    rs_buf_release(&clean);
    return out->faults_sql != NULL && out->clean_sql != NULL;
}

bool rs_gate_plan(const rs_rules *rules, const rs_contract *contract, rs_arena *arena,
                  rs_contract_gate *out)
{
    const rs_dialect *dialect = rs_rules_dialect(rules);
    gate_maker judge;
    gate_maker good;
    gate_maker bad;
    *out = (rs_contract_gate){0};
    if (!begin_plan(&judge, contract, arena) || !begin_plan(&good, contract, arena) ||
        !begin_plan(&bad, contract, arena)) {
        return false;
    }
    add_rule_rows(&judge, rules, contract);
    if (!add_fault_texts(&judge, dialect, arena, out)) {
        return false;
    }
    add_best(&judge);
    /* A relation of the session, which `good` and `rejects` read by its name: rows are judged once. */
    out->judged = last_name(&judge);
    add_answers(&good, contract, out->judged);
    add_written(&good, "kept", "_in");
    static const char *const behind[] = {"reason", "_rule", "_o1", "_o2"};
    bad.columns = rs_stepper_columns(&bad.steps, bad.dataset, behind, 4);
    const rs_sql_arg args[] = {names_arg("columns", &bad.columns),
                               rs_sql_word("judged", out->judged)};
    add_statement(&bad, "bad", &rs_sql_graph_bad, args, 2);
    add_sort(&bad, "bad_sorted", written, N_WRITTEN);
    add_written(&bad, "kept_out", "reason");
    out->judge = judge.steps.plan;
    out->good = good.steps.plan;
    out->rejects = bad.steps.plan;
    return rs_stepper_finish(&judge.steps, dialect) && rs_stepper_finish(&good.steps, dialect) &&
           rs_stepper_finish(&bad.steps, dialect);
}
