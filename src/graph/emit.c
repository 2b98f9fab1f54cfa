/* SPDX-License-Identifier: Apache-2.0 */
#include "graph/emit.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/footer.h"
#include "graph/gate.h"
#include "graph/sql_texts.h"

RS_VEC_DEFINE(rs_output_vec, rs_output)

typedef struct word_list {
    rs_str *items;
    size_t n_items;
} word_list;

struct rs_graph_plan {
    rs_arena arena;
    rs_output_vec outputs;
    const char *rule_type; /* see rs_select_style */
    const char *key_type;
    word_list rule_words; /* of these types; none where they are texts */
    word_list key_words;
    bool is_observed;
};

static const rs_column reason_column = {
    .name = "reason", .type = RS_TYPE_STR, .required = true, .source = "", .doc = "why"};

static const char no_order[] = "none";

static rs_status out_of_memory(rs_error *err)
{
    return rs_error_set(err, RS_ERR_NOMEM, "plan the graph: out of memory");
}

/* --- columns --- */

size_t rs_output_n_columns(const rs_output *output)
{
    size_t n_columns = 0;
    for (size_t i = 0; i < output->dataset->n_columns; i++) {
        n_columns += rs_column_is_stored(&output->dataset->columns[i]);
    }
    return n_columns;
}

const rs_column *rs_output_column(const rs_output *output, size_t index)
{
    for (size_t i = 0; i < output->dataset->n_columns; i++) {
        if (rs_column_is_stored(&output->dataset->columns[i]) && index-- == 0) {
            return &output->dataset->columns[i];
        }
    }
    return &reason_column;
}

size_t rs_output_names(const rs_output *output, bool is_rejects, const char **names)
{
    size_t n_names = rs_output_n_columns(output) + is_rejects;
    RS_ASSERT(n_names <= RS_PLAN_MAX_COLUMNS + 1);
    for (size_t i = 0; i < n_names; i++) {
        names[i] = rs_output_column(output, i)->name;
    }
    return n_names;
}

/* --- words --- */

static const char *copy_text(rs_graph_plan *plan, const rs_buf *text)
{
    return text->failed ? NULL : rs_arena_strndup(&plan->arena, rs_buf_text(text), text->n_bytes);
}

static bool add_word(rs_graph_plan *plan, word_list *list, const char *word)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (rs_str_equal(list->items[i], rs_str_of(word))) {
            return true;
        }
    }
    const char *copy = rs_arena_strndup(&plan->arena, word, strlen(word));
    if (copy != NULL) {
        list->items[list->n_items++] = rs_str_of(copy);
    }
    return copy != NULL;
}

/* A word of a set is a byte on its way into a file: more words than that are texts. */
enum { MAX_WORDS = 255 };

static const char *enum_type(rs_graph_plan *plan, word_list *words)
{
    rs_buf text = {0};
    if (words->n_items > MAX_WORDS) {
        words->n_items = 0;
        return "VARCHAR";
    }
    rs_buf_add(&text, "ENUM (");
    for (size_t i = 0; i < words->n_items; i++) {
        rs_buf_add(&text, i == 0 ? "" : ", ");
        rs_buf_add_sql_literal(&text, words->items[i]);
    }
    rs_buf_add(&text, ")");
    const char *copy = copy_text(plan, &text);
    rs_buf_release(&text);
    return copy;
}

/* The types of rule_name and key: the words that these rules can write there. */
static rs_status plan_types(rs_graph_plan *plan, const rs_rules *rules, rs_error *err)
{
    size_t n_selects = rs_rules_n_selects(rules);
    word_list *names = &plan->rule_words;
    word_list *keys = &plan->key_words;
    names->items = rs_arena_alloc(&plan->arena, n_selects + 1, sizeof *names->items);
    keys->items = rs_arena_alloc(&plan->arena, n_selects + 1, sizeof *keys->items);
    bool fits = names->items != NULL && keys->items != NULL;
    for (size_t i = 0; i < n_selects && fits; i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (select->output == rs_graph_dataset_get(RS_G_edges)) {
            fits = add_word(plan, names, select->plan->name);
        } else if (select->property != NULL) {
            fits = add_word(plan, keys, select->property->key);
        }
    }
    if (fits) {
        plan->rule_type = enum_type(plan, names);
        plan->key_type = enum_type(plan, keys);
    }
    return plan->rule_type != NULL && plan->key_type != NULL ? RS_OK : out_of_memory(err);
}

bool rs_graph_plan_words(const rs_graph_plan *plan, const rs_dataset *dataset, size_t column,
                         const rs_str **words, size_t *n_words)
{
    const char *name = dataset->columns[column].name;
    bool is_rule = dataset == rs_graph_dataset_get(RS_G_edges) && strcmp(name, "rule_name") == 0;
    bool is_key = dataset == rs_graph_dataset_get(RS_G_props) && strcmp(name, "key") == 0;
    const word_list *list = is_rule ? &plan->rule_words : &plan->key_words;
    *words = list->items;
    *n_words = list->n_items;
    return (is_rule || is_key) && list->n_items > 0;
}

/* --- metadata --- */

static const char *rule_names_of(rs_graph_plan *plan, const rs_rules *rules,
                                 const rs_dataset *dataset)
{
    rs_buf text = {0};
    const rs_plan *last = NULL;
    for (size_t i = 0; i < rs_rules_n_selects(rules); i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (select->output == dataset && select->plan != last) {
            rs_buf_add(&text, text.n_bytes == 0 ? "" : ", ");
            rs_buf_add(&text, select->plan->name);
            last = select->plan;
        }
    }
    const char *copy = copy_text(plan, &text);
    rs_buf_release(&text);
    return copy;
}

/* "call_id, score desc" */
static const char *sort_of(rs_graph_plan *plan, const rs_contract *contract)
{
    rs_buf text = {0};
    for (size_t i = 0; i < contract->n_sort; i++) {
        rs_buf_addf(&text, "%s%s%s", i == 0 ? "" : ", ", contract->sort[i].column->name,
                    contract->sort[i].is_descending ? " desc" : "");
    }
    const char *copy = copy_text(plan, &text);
    rs_buf_release(&text);
    return copy;
}

/* The stored columns that rows stand in order of; "none" where their order, though always the same, is that
 * of nothing stored: evidence stands by the path of its file, the graph by its rules, too. NULL: no memory. */
static const char *order_of(rs_graph_plan *plan, const rs_output *output)
{
    if (output->contract != NULL) {
        return sort_of(plan, output->contract);
    }
    const rs_column *path = rs_column_find(output->dataset, RS_STR_LITERAL("path"));
    bool is_listing = output->family == RS_OUTPUT_EVIDENCE && path != NULL &&
                      strcmp(output->dataset->lens, "inventory") == 0;
    return is_listing ? path->name : no_order;
}

static const char *number_text(rs_graph_plan *plan, long number)
{
    rs_buf text = {0};
    rs_buf_addf(&text, "%ld", number);
    const char *copy = copy_text(plan, &text);
    rs_buf_release(&text);
    return copy;
}

/* The priority of the first rule that writes a relationship: the lowest. */
static const char *priority_of(rs_graph_plan *plan, const rs_rules *rules,
                               const rs_contract *contract)
{
    int32_t priority = INT32_MAX;
    for (size_t i = 0; i < rs_rules_count(rules); i++) {
        const rs_plan *rule = rs_rules_get(rules, i);
        if (rule->contract == contract && rule->priority < priority) {
            priority = rule->priority;
        }
    }
    return number_text(plan, priority);
}

static rs_status set_metadata(rs_graph_plan *plan, const rs_rules *rules, rs_output *output,
                              rs_error *err)
{
    const rs_contract *contract = output->contract;
    rs_footer *footer = rs_arena_alloc(&plan->arena, 1, sizeof *footer);
    if (footer == NULL) {
        return out_of_memory(err);
    }
    const char *order = order_of(plan, output);
    if (order == NULL) {
        return out_of_memory(err);
    }
    rs_footer_init(footer, output->dataset,
                   &(rs_footer_order){.level = order != no_order ? "explicit" : "implicit",
                                      .keys = order,
                                      .tier = "canonical"});
    if (output->family != RS_OUTPUT_EVIDENCE) {
        rs_footer_add(footer, "relspec.rules", rule_names_of(plan, rules, output->dataset));
    }
    if (contract != NULL) {
        rs_footer_add(footer, "relspec.rule_priority", priority_of(plan, rules, contract));
        rs_footer_add(footer, "relspec.evidence_rank", number_text(plan, contract->rank));
        rs_footer_add(footer, "relspec.scope", rs_wave_name(contract->wave));
    }
    for (size_t i = 0; i < footer->n_pairs; i++) {
        if (footer->pairs[i].value == NULL) {
            return out_of_memory(err);
        }
    }
    output->metadata = footer->pairs;
    output->n_metadata = footer->n_pairs;
    return RS_OK;
}

/* --- outputs --- */

/* The stored columns of a view under the dataset's name. */
static const char *stored_sql(rs_graph_plan *plan, const rs_output *output)
{
    const char *names[RS_PLAN_MAX_COLUMNS];
    size_t n_columns = rs_output_n_columns(output);
    RS_ASSERT(n_columns <= RS_PLAN_MAX_COLUMNS);
    for (size_t i = 0; i < n_columns; i++) {
        names[i] = rs_output_column(output, i)->name;
    }
    const rs_sql_arg args[] = {
        {.name = "columns", .form = RS_SQL_WORDS, .words = names, .n_words = n_columns},
        {.name = "dataset", .word = output->dataset->name}};
    rs_buf sql = {0};
    rs_sql_add(&rs_sql_graph_stored, args, 2, &sql);
    const char *copy = copy_text(plan, &sql);
    rs_buf_release(&sql);
    return copy;
}

static rs_status add_output(rs_graph_plan *plan, const rs_rules *rules, rs_output *output,
                            rs_error *err)
{
    RS_TRY(set_metadata(plan, rules, output, err));
    return rs_output_vec_push(&plan->outputs, *output) ? RS_OK : out_of_memory(err);
}

static rs_status plan_evidence(rs_graph_plan *plan, const rs_rules *rules,
                               const rs_dataset *dataset, rs_error *err)
{
    rs_output output = {.family = RS_OUTPUT_EVIDENCE, .dataset = dataset};
    return add_output(plan, rules, &output, err);
}

/* --- relationships --- */

static const char *rejects_view_sql(rs_graph_plan *plan, const rs_dataset *dataset)
{
    const rs_sql_arg arg = {.name = "dataset", .word = dataset->name};
    rs_buf sql = {0};
    rs_sql_add(&rs_sql_graph_kept_out, &arg, 1, &sql);
    const char *copy = copy_text(plan, &sql);
    rs_buf_release(&sql);
    return copy;
}

static rs_status plan_relationship(rs_graph_plan *plan, const rs_rules *rules,
                                   const rs_contract *contract, rs_error *err)
{
    rs_output output = {
        .family = RS_OUTPUT_RELATIONSHIP, .dataset = contract->dataset, .contract = contract};
    rs_contract_gate *gate = rs_arena_alloc(&plan->arena, 1, sizeof *gate);
    const char *rows = stored_sql(plan, &output);
    const char *kept_out = rejects_view_sql(plan, contract->dataset);
    bool is_run = contract->wave == RS_WAVE_RUN;
    if (!contract->is_absent) {
        *(is_run ? &output.run_sql : &output.rows_sql) = rows;
        *(is_run ? &output.run_rejects_sql : &output.rejects_sql) = kept_out;
    }
    if (gate == NULL || rows == NULL || kept_out == NULL ||
        !(contract->is_absent || rs_gate_plan(rules, contract, &plan->arena, gate))) {
        return out_of_memory(err);
    }
    output.gate = gate;
    return add_output(plan, rules, &output, err);
}

/* --- the graph --- */

/* Derivations are those of edges. */
static bool is_derivations(const rs_output *output)
{
    return output->dataset == rs_graph_dataset_get(RS_G_derivations);
}

/* The dataset whose rows they come from. */
static const rs_dataset *gated_by(const rs_output *output)
{
    return is_derivations(output) ? rs_graph_dataset_get(RS_G_edges) : output->dataset;
}

static rs_gate_rows rows_of(const rs_output *output, bool is_rejects)
{
    return is_derivations(output) ? RS_GATE_DERIVATIONS
           : is_rejects           ? RS_GATE_REJECTS
                                  : RS_GATE_GOOD;
}

static rs_gate_style style_of(const rs_graph_plan *plan, const rs_rules *rules, rs_gate_rows rows)
{
    return (rs_gate_style){.rows = rows,
                           .dialect = rs_rules_dialect(rules),
                           .rule_type = plan->rule_type,
                           .key_type = plan->key_type,
                           .is_observed = plan->is_observed && rows == RS_GATE_GOOD};
}

static rs_status add_sql(const rs_graph_plan *plan, const rs_rules *rules, const rs_output *output,
                         rs_wave scope, bool is_rejects, const bool *left_out, unsigned *kernels,
                         rs_buf *sql, rs_error *err)
{
    const rs_dataset *gated = gated_by(output);
    const rs_gate_style style = style_of(plan, rules, rows_of(output, is_rejects));
    rs_group_vec groups = {0};
    rs_status status = rs_gate_group(rules, gated, scope, left_out, &groups, err);
    if (status == RS_OK && rs_gate_add_sql(&groups, gated, &style, kernels, sql)) {
        status = rs_buf_check(sql, err);
    }
    rs_gate_release(&groups);
    return status;
}

rs_status rs_graph_plan_add_groups_sql(const rs_graph_plan *plan, const rs_rules *rules,
                                       const rs_output *output, const rs_group_vec *groups,
                                       bool is_rejects, rs_buf *sql, rs_error *err)
{
    const rs_gate_style style = style_of(plan, rules, rows_of(output, is_rejects));
    unsigned kernels = 0; /* those of the output are known (rs_output) */
    return rs_gate_add_sql(groups, gated_by(output), &style, &kernels, sql) ? rs_buf_check(sql, err)
                                                                            : RS_OK;
}

rs_status rs_graph_plan_add_sql(const rs_graph_plan *plan, const rs_rules *rules,
                                const rs_output *output, rs_wave scope, bool is_rejects,
                                const bool *left_out, rs_buf *sql, rs_error *err)
{
    unsigned kernels = 0;
    return add_sql(plan, rules, output, scope, is_rejects, left_out, &kernels, sql, err);
}

/* One of the SELECTs; *out stays NULL where there is nothing to select. */
static rs_status plan_sql(rs_graph_plan *plan, const rs_rules *rules, rs_output *output,
                          rs_wave scope, bool is_rejects, const char **out, rs_error *err)
{
    rs_buf sql = {0};
    rs_status status =
        add_sql(plan, rules, output, scope, is_rejects, NULL, &output->kernels, &sql, err);
    if (status == RS_OK && sql.n_bytes > 0) {
        *out = copy_text(plan, &sql);
        status = *out != NULL ? RS_OK : out_of_memory(err);
    }
    rs_buf_release(&sql);
    return status;
}

/* What the rules of one scope give. */
static rs_status plan_scope(rs_graph_plan *plan, const rs_rules *rules, rs_output *output,
                            rs_wave scope, const char **rows, const char **rejects, rs_error *err)
{
    RS_TRY(plan_sql(plan, rules, output, scope, false, rows, err));
    return is_derivations(output) ? RS_OK
                                  : plan_sql(plan, rules, output, scope, true, rejects, err);
}

static rs_status plan_dataset(rs_graph_plan *plan, const rs_rules *rules, const rs_dataset *dataset,
                              rs_error *err)
{
    rs_output output = {.family = RS_OUTPUT_GRAPH, .dataset = dataset};
    RS_TRY(
        plan_scope(plan, rules, &output, RS_WAVE_FILE, &output.rows_sql, &output.rejects_sql, err));
    RS_TRY(plan_scope(plan, rules, &output, RS_WAVE_RUN, &output.run_sql, &output.run_rejects_sql,
                      err));
    return add_output(plan, rules, &output, err);
}

rs_status rs_graph_plan_new(const rs_rules *rules, bool is_observed, rs_graph_plan **out,
                            rs_error *err)
{
    *out = NULL;
    rs_graph_plan *plan = rs_alloc_zero(1, sizeof *plan);
    if (plan == NULL) {
        return out_of_memory(err);
    }
    plan->is_observed = is_observed;
    rs_status status = plan_types(plan, rules, err);
    for (int i = 0; i < RS_N_EVIDENCE && status == RS_OK; i++) {
        status = plan_evidence(plan, rules, rs_dataset_get((rs_dataset_id)i), err);
    }
    for (size_t i = 0; i < rs_rules_n_contracts(rules) && status == RS_OK; i++) {
        status = plan_relationship(plan, rules, rs_rules_contract(rules, i), err);
    }
    for (int i = 0; i < RS_N_GRAPH && status == RS_OK; i++) {
        status = plan_dataset(plan, rules, rs_graph_dataset_get((rs_graph_dataset_id)i), err);
    }
    if (status != RS_OK) {
        rs_graph_plan_free(plan);
        return status;
    }
    *out = plan;
    return RS_OK;
}

void rs_graph_plan_free(rs_graph_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    rs_output_vec_reset(&plan->outputs);
    rs_output_vec_release(&plan->outputs);
    rs_arena_release(&plan->arena);
    rs_free(plan);
}

size_t rs_graph_plan_n_outputs(const rs_graph_plan *plan)
{
    return plan->outputs.n_items;
}

const rs_output *rs_graph_plan_output(const rs_graph_plan *plan, size_t index)
{
    RS_ASSERT(index < plan->outputs.n_items);
    return &plan->outputs.items[index];
}
