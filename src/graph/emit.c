/* SPDX-License-Identifier: Apache-2.0 */
#include "graph/emit.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "graph/gate.h"

enum { MAX_METADATA = 10, NUMBER_BYTES = 24 };

RS_VEC_DEFINE(rs_output_vec, rs_output)

typedef struct word_list {
    const char **items;
    size_t n_items;
} word_list;

struct rs_graph_plan {
    rs_arena arena;
    rs_output_vec outputs;
    const char *rule_type; /* see rs_select_style */
    const char *key_type;
};

static const rs_column reason_column = {
    .name = "reason", .type = RS_TYPE_STR, .required = true, .source = "", .doc = "why"};

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

/* --- words --- */

static const char *copy_text(rs_graph_plan *plan, const rs_buf *text)
{
    return text->failed ? NULL : rs_arena_strndup(&plan->arena, rs_buf_text(text), text->n_bytes);
}

static bool add_word(rs_graph_plan *plan, word_list *list, const char *word)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (strcmp(list->items[i], word) == 0) {
            return true;
        }
    }
    const char *copy = rs_arena_strndup(&plan->arena, word, strlen(word));
    if (copy != NULL) {
        list->items[list->n_items++] = copy;
    }
    return copy != NULL;
}

static const char *enum_type(rs_graph_plan *plan, const word_list *words)
{
    rs_buf text = {0};
    rs_buf_add(&text, "ENUM (");
    for (size_t i = 0; i < words->n_items; i++) {
        rs_buf_add(&text, i == 0 ? "" : ", ");
        rs_buf_add_sql_literal(&text, rs_str_of(words->items[i]));
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
    word_list names = {.items = rs_arena_alloc(&plan->arena, n_selects + 1, sizeof(char *))};
    word_list keys = {.items = rs_arena_alloc(&plan->arena, n_selects + 1, sizeof(char *))};
    bool fits = names.items != NULL && keys.items != NULL;
    for (size_t i = 0; i < n_selects && fits; i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (select->output == rs_graph_dataset_get(RS_G_edges)) {
            fits = add_word(plan, &names, select->rule->info.name);
        } else if (select->property != NULL) {
            fits = add_word(plan, &keys, select->property->key);
        }
    }
    if (fits) {
        plan->rule_type = enum_type(plan, &names);
        plan->key_type = enum_type(plan, &keys);
    }
    return plan->rule_type != NULL && plan->key_type != NULL ? RS_OK : out_of_memory(err);
}

/* --- metadata --- */

static const char *rule_names_of(rs_graph_plan *plan, const rs_rules *rules,
                                 const rs_dataset *dataset)
{
    rs_buf text = {0};
    const rs_rule *last = NULL;
    for (size_t i = 0; i < rs_rules_n_selects(rules); i++) {
        const rs_select *select = rs_rules_select(rules, i);
        if (select->output == dataset && select->rule != last) {
            rs_buf_add(&text, text.n_bytes == 0 ? "" : ", ");
            rs_buf_add(&text, select->rule->info.name);
            last = select->rule;
        }
    }
    const char *copy = copy_text(plan, &text);
    rs_buf_release(&text);
    return copy;
}

static const char *order_of(const rs_output *output)
{
    if (output->dataset == rs_graph_dataset_get(RS_G_edges)) {
        return "kind, rule, path, evidence";
    }
    if (output->dataset == rs_graph_dataset_get(RS_G_props)) {
        return "rule, key, path, evidence";
    }
    return output->family == RS_OUTPUT_EVIDENCE ? "path, key" : "rule, path, evidence";
}

static rs_status set_metadata(rs_graph_plan *plan, const rs_rules *rules, rs_output *output,
                              rs_error *err)
{
    rs_text_pair *pairs = rs_arena_alloc(&plan->arena, MAX_METADATA, sizeof *pairs);
    rs_buf text = {0};
    if (pairs == NULL) {
        return out_of_memory(err);
    }
    size_t n = 0;
    rs_buf_addf(&text, "%d", output->dataset->version);
    pairs[n++] = (rs_text_pair){"relspec.dataset", output->dataset->name};
    pairs[n++] = (rs_text_pair){"relspec.version", copy_text(plan, &text)};
    rs_buf_reset(&text);
    rs_buf_addf(&text, "%s_v%d", output->dataset->name, output->dataset->version);
    pairs[n++] = (rs_text_pair){"relspec.contract", copy_text(plan, &text)};
    rs_buf_release(&text);
    pairs[n++] = (rs_text_pair){"relspec.key", output->dataset->key};
    pairs[n++] = (rs_text_pair){"relspec.lens", output->dataset->lens};
    pairs[n++] = (rs_text_pair){"relspec.ordering_level", "explicit"};
    pairs[n++] = (rs_text_pair){"relspec.ordering_keys", order_of(output)};
    pairs[n++] = (rs_text_pair){"relspec.determinism_tier", "canonical"};
    if (output->family == RS_OUTPUT_GRAPH) {
        pairs[n++] = (rs_text_pair){"relspec.rules", rule_names_of(plan, rules, output->dataset)};
    }
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].value == NULL) {
            return out_of_memory(err);
        }
    }
    output->metadata = pairs;
    output->n_metadata = n;
    return RS_OK;
}

/* --- outputs --- */

static rs_status plan_evidence(rs_graph_plan *plan, const rs_rules *rules,
                               const rs_dataset *dataset, rs_error *err)
{
    rs_output output = {.family = RS_OUTPUT_EVIDENCE, .dataset = dataset};
    rs_buf sql = {0};
    rs_buf_add(&sql, "SELECT ");
    size_t n_columns = rs_output_n_columns(&output);
    for (size_t i = 0; i < n_columns; i++) {
        rs_buf_add(&sql, i == 0 ? "" : ", ");
        rs_buf_add_sql_name(&sql, rs_str_of(rs_output_column(&output, i)->name));
    }
    rs_buf_add(&sql, " FROM ");
    rs_buf_add_sql_name(&sql, rs_str_of(dataset->name));
    output.rows_sql = copy_text(plan, &sql);
    output.first_rows_sql = output.rows_sql;
    rs_buf_release(&sql);
    if (output.rows_sql == NULL) {
        return out_of_memory(err);
    }
    RS_TRY(set_metadata(plan, rules, &output, err));
    return rs_output_vec_push(&plan->outputs, output) ? RS_OK : out_of_memory(err);
}

/* No row of any rule: the columns alone, so that the dataset is there. */
static void add_empty(const rs_dataset *dataset, rs_buf *sql)
{
    static const char *const types[] = {
        [RS_TYPE_I64] = "BIGINT",   [RS_TYPE_I32] = "INTEGER", [RS_TYPE_BOOL] = "BOOLEAN",
        [RS_TYPE_F32] = "FLOAT",    [RS_TYPE_F64] = "DOUBLE",  [RS_TYPE_STR] = "VARCHAR",
        [RS_TYPE_ENUM] = "VARCHAR",
    };
    rs_buf_add(sql, "SELECT ");
    for (size_t i = 0; i < dataset->n_columns; i++) {
        rs_buf_addf(sql, "%sCAST(NULL AS %s) AS ", i == 0 ? "" : ", ",
                    types[dataset->columns[i].type]);
        rs_buf_add_sql_name(sql, rs_str_of(dataset->columns[i].name));
    }
    rs_buf_add(sql, " WHERE FALSE");
}

/* One of the four SELECTs; *out stays NULL for rejects of which there are none. */
static rs_status plan_sql(rs_graph_plan *plan, const rs_group_vec *groups,
                          const rs_dataset *dataset, bool with_run, bool rejects, const char **out,
                          rs_error *err)
{
    rs_buf sql = {0};
    const rs_gate_style style = {.with_run = with_run,
                                 .rejects = rejects,
                                 .rule_type = plan->rule_type,
                                 .key_type = plan->key_type};
    bool any = rs_gate_add_sql(groups, dataset, &style, &sql);
    if (!any && !rejects) {
        add_empty(dataset, &sql);
    }
    rs_status status = RS_OK;
    if (any || !rejects) {
        *out = copy_text(plan, &sql);
        status = *out != NULL ? RS_OK : out_of_memory(err);
    }
    rs_buf_release(&sql);
    return status;
}

static rs_status plan_dataset(rs_graph_plan *plan, const rs_rules *rules, const rs_dataset *dataset,
                              rs_error *err)
{
    rs_output output = {.family = RS_OUTPUT_GRAPH, .dataset = dataset};
    rs_group_vec groups = {0};
    rs_status status = rs_gate_group(rules, dataset, &groups, err);
    if (status == RS_OK) {
        status = plan_sql(plan, &groups, dataset, false, false, &output.rows_sql, err);
    }
    if (status == RS_OK) {
        status = plan_sql(plan, &groups, dataset, true, false, &output.first_rows_sql, err);
    }
    if (status == RS_OK) {
        status = plan_sql(plan, &groups, dataset, false, true, &output.rejects_sql, err);
    }
    if (status == RS_OK) {
        status = plan_sql(plan, &groups, dataset, true, true, &output.first_rejects_sql, err);
    }
    if (status == RS_OK) {
        status = set_metadata(plan, rules, &output, err);
    }
    if (status == RS_OK && !rs_output_vec_push(&plan->outputs, output)) {
        status = out_of_memory(err);
    }
    rs_gate_release(&groups);
    return status;
}

rs_status rs_graph_plan_new(const rs_rules *rules, rs_graph_plan **out, rs_error *err)
{
    *out = NULL;
    rs_graph_plan *plan = rs_alloc_zero(1, sizeof *plan);
    if (plan == NULL) {
        return out_of_memory(err);
    }
    rs_status status = plan_types(plan, rules, err);
    for (int i = 0; i < RS_N_EVIDENCE && status == RS_OK; i++) {
        status = plan_evidence(plan, rules, rs_dataset_get((rs_dataset_id)i), err);
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
    return &plan->outputs.items[index];
}
