/* SPDX-License-Identifier: Apache-2.0 */
/* why.c - the document that explains edges. */
#include <inttypes.h>

#include "explain/explain_impl.h"
#include "plan/steps.h"
#include "rules/lane.h"

/* --- the edge --- */

static rs_status add_end(rs_explainer *self, json_t *out, const json_t *edge, const char *end,
                         rs_error *err)
{
    json_t *node = NULL;
    RS_TRY(rs_explain_node(self, rs_explain_i64(edge, end, 0), &node, err));
    rs_json_set(out, end, node, &self->failed);
    return RS_OK;
}

static bool has_bytes(const json_t *place)
{
    return json_object_get(place, "start_byte") != NULL;
}

/* Its own bytes, or those of the node that it ends at, or starts at. */
static rs_status add_anchor(rs_explainer *self, json_t *out, const json_t *edge, rs_error *err)
{
    json_t *place = NULL;
    int64_t start_byte = rs_explain_i64(edge, "start_byte", -1);
    if (start_byte >= 0) {
        RS_TRY(rs_explain_place(self, rs_explain_i64(edge, "file_id", -1), start_byte,
                                rs_explain_i64(edge, "end_byte", -1), &place, err));
    } else {
        json_t *dst = json_object_get(json_object_get(out, "dst"), "place");
        json_t *src = json_object_get(json_object_get(out, "src"), "place");
        place = has_bytes(dst) ? json_incref(dst) : has_bytes(src) ? json_incref(src) : json_null();
    }
    rs_json_set(out, "anchor", place, &self->failed);
    return RS_OK;
}

static rs_status edge_document(rs_explainer *self, const json_t *edge, json_t *out, rs_error *err)
{
    static const char *const members[] = {"edge_id",
                                          "kind",
                                          "origin",
                                          "method",
                                          "confidence",
                                          "score",
                                          "ambiguity_group_id",
                                          "symbol_roles",
                                          "qname_source",
                                          "damaged",
                                          "rule_name",
                                          "relationship_rule"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        rs_json_set(out, members[i], json_incref(json_object_get(edge, members[i])), &self->failed);
    }
    rs_json_set(out, "address", rs_explain_address_document(self, edge), &self->failed);
    RS_TRY(add_end(self, out, edge, "src", err));
    RS_TRY(add_end(self, out, edge, "dst", err));
    return add_anchor(self, out, edge, err);
}

/* --- its rules --- */

/* The kernels of a rule, and the lane that the bundle's policy sends each to. */
static json_t *kernels_of(rs_explainer *self, const rs_plan *rule)
{
    json_t *out = json_array();
    for (size_t i = 0; rule != NULL && i < rule->n_steps; i++) {
        const rs_kernel_call *call = rule->steps[i].call;
        if (call != NULL) {
            rs_lane_choice choice = rs_lane_choose(self->policy, call->kernel, RS_STEP_LANES);
            json_t *row = json_object();
            rs_json_set(row, "kernel", rs_json_text(rs_kernel_get(call->kernel)->name),
                        &self->failed);
            rs_json_set(row, "lane", rs_json_text(rs_lane_name(choice.lane)), &self->failed);
            rs_json_push(out, row, &self->failed);
        }
    }
    return out;
}

/* What the run noted of each rule, by its name: read once, as an answer tells of many rules. */
static rs_status load_events(rs_explainer *self, rs_error *err)
{
    rs_buf sql = {0};
    json_t *rows = NULL;
    if (self->events != NULL || !rs_explain_has(self, "rule_exec_events")) {
        return RS_OK;
    }
    RS_TRY(rs_explain_add_stored(self, "rule_exec_events", err));
    rs_buf_add(&sql, "SELECT rule_name, engine, lane, duration_ms, rows_in, rows_out, status "
                     "FROM stored_rule_exec_events WHERE scope = 'rule'");
    rs_status status = rs_explain_json_rows(self, "rule events", &sql, &rows, err);
    self->events = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        rs_json_set(self->events, rs_explain_text(row, "rule_name"), json_incref(row),
                    &self->failed);
        json_object_del(row, "rule_name");
    }
    json_decref(rows);
    rs_buf_release(&sql);
    return status;
}

static rs_status add_rule(rs_explainer *self, const char *name, json_t *rules, rs_error *err)
{
    for (size_t i = 0; i < json_array_size(rules); i++) {
        if (strcmp(rs_explain_text(json_array_get(rules, i), "name"), name) == 0) {
            return RS_OK;
        }
    }
    RS_TRY(load_events(self, err));
    json_t *rule = rs_explain_rule_document(self, name);
    rs_json_set(rule, "kernels", kernels_of(self, rs_explain_rule(self, name)), &self->failed);
    json_t *event = json_object_get(self->events, name);
    rs_json_set(rule, "event", event != NULL ? json_incref(event) : json_null(), &self->failed);
    rs_json_push(rules, rule, &self->failed);
    return RS_OK;
}

/* The nodes of a tree, parents before children. Ownership: the caller owns *out; nodes are shared. */
static rs_status list_nodes(rs_explainer *self, json_t *tree, json_t **out, rs_error *err)
{
    json_t *nodes = json_array();
    rs_json_push(nodes, json_incref(tree), &self->failed);
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *inputs = json_object_get(json_array_get(nodes, i), "inputs");
        for (size_t j = 0; j < json_array_size(inputs); j++) {
            rs_json_push(nodes, json_incref(json_array_get(inputs, j)), &self->failed);
        }
    }
    *out = nodes;
    return rs_explain_check(self, err);
}

static rs_status add_rules(rs_explainer *self, const json_t *edge, const json_t *nodes, json_t *out,
                           rs_error *err)
{
    json_t *rules = json_array();
    rs_status status = RS_OK;
    for (size_t i = 0; i < json_array_size(nodes) && status == RS_OK; i++) {
        const char *name = rs_explain_text(json_array_get(nodes, i), "rule");
        status = name[0] != '\0' ? add_rule(self, name, rules, err) : RS_OK;
    }
    const char *found_by = rs_explain_text(edge, "relationship_rule");
    if (status == RS_OK && found_by[0] != '\0') {
        status = add_rule(self, found_by, rules, err);
    }
    rs_json_set(out, "rules", rules, &self->failed);
    return status;
}

/* --- what the bundle itself says it derives from --- */

static bool is_leaf(rs_explainer *self, const json_t *nodes, const json_t *derivation)
{
    const char *wanted = rs_explain_text(derivation, "input_dataset");
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *node = json_array_get(nodes, i);
        const char *name = rs_explain_text(node, "dataset");
        const rs_dataset *dataset = rs_explain_dataset(self, name);
        if (dataset != NULL && strcmp(name, wanted) == 0 &&
            rs_explain_i64(json_object_get(node, "row"), dataset->key, 0) ==
                rs_explain_i64(derivation, "input_id", 0)) {
            return true;
        }
    }
    return false;
}

static rs_status add_derivations(rs_explainer *self, const json_t *edge, const json_t *nodes,
                                 json_t *out, rs_error *err)
{
    rs_buf sql = {0};
    json_t *rows = NULL;
    RS_TRY(rs_explain_add_stored(self, "derivations", err));
    rs_buf_addf(&sql,
                "SELECT input_index, input_dataset, input_id FROM stored_derivations WHERE "
                "edge_id = %" PRId64 " AND ",
                rs_explain_i64(edge, "edge_id", 0));
    rs_explain_add_equal("rule_name", json_object_get(edge, "rule_name"), &sql);
    rs_buf_add(&sql, " ORDER BY input_index");
    rs_status status = rs_explain_json_rows(self, "derivations", &sql, &rows, err);
    bool agrees = true;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        agrees = is_leaf(self, nodes, json_array_get(rows, i)) && agrees;
    }
    rs_json_set(out, "derivations", rows, &self->failed);
    rs_json_set(out, "derivations_agree", json_boolean(agrees), &self->failed);
    rs_buf_release(&sql);
    return status;
}

/* --- confidence --- */

/* The value of an expression that is a text or a column of a row that was read; else "". */
static const char *source_value(const rs_plan *rule, const json_t *node)
{
    const rs_expr *source = rule->policies.source;
    if (source == NULL) {
        return "";
    }
    if (source->kind == RS_EXPR_TEXT) {
        return source->text.bytes;
    }
    const json_t *input = json_array_get(json_object_get(node, "inputs"), source->input);
    return source->kind == RS_EXPR_COLUMN && source->column != NULL
               ? rs_explain_text(json_object_get(input, "row"), source->column->name)
               : "";
}

static double weight_of(const rs_confidence_policy *policy, const char *source)
{
    for (size_t i = 0; i < policy->n_weights; i++) {
        if (strcmp(policy->weights[i].source, source) == 0) {
            return policy->weights[i].weight;
        }
    }
    return 0.0;
}

static void add_policy(rs_explainer *self, const rs_plan *rule, const json_t *node, json_t *out)
{
    const rs_confidence_policy *policy = rule->policies.confidence;
    const char *source = source_value(rule, node);
    rs_json_set(out, "policy", rs_json_text(policy->name), &self->failed);
    rs_json_set(out, "doc", rs_json_text(policy->doc), &self->failed);
    rs_json_set(out, "base", json_real(policy->base), &self->failed);
    rs_json_set(out, "penalty", json_real(policy->penalty), &self->failed);
    rs_json_set(out, "source", rs_json_text(source), &self->failed);
    rs_json_set(out, "weight", json_real(weight_of(policy, source)), &self->failed);
}

/* Who settled the confidence: a policy, an expression of the rule, or nobody, as it is certain. */
static json_t *confidence_document(rs_explainer *self, const json_t *edge, const json_t *tree)
{
    const json_t *first = json_array_get(json_object_get(tree, "inputs"), 0);
    bool is_found = rs_explain_text(edge, "relationship_rule")[0] != '\0';
    const json_t *node = is_found ? first : tree;
    const char *name = rs_explain_text(edge, is_found ? "relationship_rule" : "rule_name");
    const rs_plan *rule = rs_explain_rule(self, name);
    json_t *out = json_object();
    rs_buf text = {0};
    rs_json_set(out, "value", json_incref(json_object_get(edge, "confidence")), &self->failed);
    rs_json_set(out, "rule", rs_json_text(name), &self->failed);
    if (rule != NULL && rule->policies.confidence != NULL) {
        add_policy(self, rule, node, out);
    } else if (rule != NULL && !is_found && rule->columns[RS_C_edges_confidence] != NULL) {
        rs_expr_add_words(rule->inputs, rule->columns[RS_C_edges_confidence], &text);
        rs_json_set(out, "expression", rs_json_str(rs_buf_str(&text)), &self->failed);
        self->failed = self->failed || text.failed;
    }
    rs_buf_release(&text);
    return out;
}

/* --- the whole --- */

static rs_status explain_edge(rs_explainer *self, json_t *edge, json_t *out, rs_error *err)
{
    json_t *tree = NULL;
    json_t *nodes = NULL;
    RS_TRY(edge_document(self, edge, out, err));
    RS_TRY(rs_explain_replay(self, edge, &tree, err));
    rs_json_set(out, "because", tree, &self->failed);
    rs_status status = list_nodes(self, tree, &nodes, err);
    if (status == RS_OK) {
        status = add_rules(self, edge, nodes, out, err);
    }
    if (status == RS_OK) {
        status = add_derivations(self, edge, nodes, out, err);
    }
    if (status == RS_OK) {
        rs_json_set(out, "confidence_by", confidence_document(self, edge, tree), &self->failed);
        status = rs_explain_check(self, err);
    }
    json_decref(nodes);
    return status;
}

/* Kinds of the edges that are not explained, each with their number; of those that are not at hand
 * the kind is that of the question. */
static json_t *count_others(rs_explainer *self, const json_t *edges, size_t first, size_t n_found)
{
    json_t *out = json_object();
    size_t n_rows = json_array_size(edges);
    if (n_found > n_rows) {
        rs_json_set(out, self->question->kind, json_integer((json_int_t)(n_found - n_rows)),
                    &self->failed);
    }
    for (size_t i = first; i < json_array_size(edges); i++) {
        const char *kind = rs_explain_text(json_array_get(edges, i), "kind");
        rs_json_set(out, kind, json_integer(1 + rs_explain_i64(out, kind, 0)), &self->failed);
    }
    return out;
}

void rs_explain_add_sources(rs_explainer *self, json_t *out)
{
    json_t *problems = json_object();
    for (size_t i = 0; i < self->files.n_items; i++) {
        const rs_explain_file *file = self->files.items[i];
        if (file->row != NULL && file->problem != NULL) {
            rs_json_set(problems, rs_explain_text(file->row, "path"), rs_json_text(file->problem),
                        &self->failed);
        }
    }
    rs_json_set(out, "source_problems", problems, &self->failed);
}

static rs_status explain(rs_explainer *self, json_t *out, rs_error *err)
{
    json_t *edges = NULL;
    json_t *rows = json_array();
    const char *problem = NULL;
    rs_json_set(out, "edges", rows, &self->failed);
    size_t n_found = 0;
    RS_TRY(rs_explain_find(self, &edges, &n_found, &problem, err));
    size_t n_most = self->question->n_most;
    size_t n_shown = n_most == 0 || n_found < n_most ? n_found : n_most;
    rs_status status = RS_OK;
    for (size_t i = 0; i < n_shown && status == RS_OK; i++) {
        json_t *row = json_object();
        rs_json_push(rows, row, &self->failed);
        status =
            self->failed ? RS_ERR_NOMEM : explain_edge(self, json_array_get(edges, i), row, err);
    }
    rs_json_set(out, "problem", rs_json_text(problem), &self->failed);
    rs_json_set(out, "n_edges", json_integer((json_int_t)n_found), &self->failed);
    rs_json_set(out, "others", count_others(self, edges, n_shown, n_found), &self->failed);
    rs_explain_add_sources(self, out);
    json_decref(edges);
    return status != RS_OK ? status : rs_explain_check(self, err);
}

rs_status rs_explain_why(const rs_reader *reader, const rs_explain_question *question, json_t **out,
                         rs_error *err)
{
    rs_explainer self;
    json_t *document = json_object();
    *out = NULL;
    rs_status status = rs_explainer_init(&self, reader, question, err);
    if (status == RS_OK) {
        status = explain(&self, document, err);
    }
    rs_explainer_release(&self);
    if (status != RS_OK) {
        json_decref(document);
        return status;
    }
    *out = document;
    return RS_OK;
}
