/* SPDX-License-Identifier: Apache-2.0 */
/* why_not.c - the document that says which edges something has not, and by which rule's fault. */
#include <inttypes.h>

#include "explain/faults.h"

/* Evidence that edges start at, and the columns of its identifier's bytes. */
typedef struct anchor {
    rs_dataset_id dataset;
    const char *id;
    const char *start; /* SQL */
    const char *end;
} anchor;

static const anchor anchors[] = {
    {RS_DS_calls, "call_id", "start_byte", "end_byte"},
    {RS_DS_name_bindings, "node_id", "coalesce(name_start_byte, start_byte)",
     "coalesce(name_end_byte, end_byte)"},
    {RS_DS_attributes, "attribute_id", "name_start_byte", "name_end_byte"},
    {RS_DS_imports, "import_id", "name_start_byte", "name_end_byte"},
};

/* --- what is there --- */

/* The edges that a rule gave a node, as ends with their kinds. */
static rs_status read_edges(rs_explainer *self, int64_t node_id, json_t **out, rs_error *err)
{
    rs_buf sql = {0};
    RS_TRY(rs_explain_add_stored(self, "edges", err));
    rs_buf_addf(&sql,
                "SELECT kind, src, dst, start_byte, rule_name, relationship_rule, confidence, "
                "edge_id(kind, src, dst, start_byte) AS edge_id FROM stored_edges WHERE src = "
                "%" PRId64,
                node_id);
    rs_status status = rs_explain_json_rows(self, "read the edges", &sql, out, err);
    rs_buf_release(&sql);
    return status;
}

/* True for a node that has the name, or whose qualified name ends in it. */
static bool is_called(const json_t *node, const char *name)
{
    const char *qualified = rs_explain_text(node, "qualified_name");
    size_t n_qualified = strlen(qualified);
    size_t n_name = strlen(name);
    bool ends = n_qualified > n_name && strcmp(qualified + n_qualified - n_name, name) == 0 &&
                qualified[n_qualified - n_name - 1] == '.';
    return strcmp(rs_explain_text(node, "name"), name) == 0 || strcmp(qualified, name) == 0 || ends;
}

/* Put the edges of a rule into `has`; true when one leads where it should. */
static rs_status add_edges(rs_explainer *self, const json_t *edges, const rs_plan *rule,
                           json_t *has, bool *is_there, rs_error *err)
{
    for (size_t i = 0; i < json_array_size(edges); i++) {
        const json_t *edge = json_array_get(edges, i);
        json_t *node = NULL;
        if (strcmp(rs_explain_text(edge, "rule_name"), rule->name) != 0) {
            continue;
        }
        RS_TRY(rs_explain_node(self, rs_explain_i64(edge, "dst", 0), &node, err));
        *is_there = *is_there || self->question->to == NULL || is_called(node, self->question->to);
        json_t *row = json_copy(json_array_get(edges, i));
        rs_json_set(row, "address", rs_explain_address_document(self, edge), &self->failed);
        json_object_del(row, "src");
        json_object_del(row, "start_byte");
        rs_json_set(row, "dst", node, &self->failed);
        rs_json_push(has, row, &self->failed);
    }
    return rs_explain_check(self, err);
}

/* --- where it should lead --- */

/* Definitions of the wanted name, and by which rules' faults they are not reached: `targets`. */
static rs_status add_target(rs_explainer *self, json_t *def, json_t *targets, rs_error *err)
{
    const rs_dataset *defs = rs_dataset_get(RS_DS_defs);
    int64_t def_id = rs_explain_i64(def, "def_id", -1);
    json_t *node = NULL;
    json_t *findings = json_array();
    RS_TRY(rs_explain_row_node(self, defs, json_incref(def), &node, err));
    rs_json_push(targets, node, &self->failed);
    rs_json_set(node, "findings", findings, &self->failed);
    RS_TRY(rs_explain_check(self, err));
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        rs_fault_site site;
        if (rule->contract == NULL || rule->contract->group == NULL ||
            !rs_explain_find_site(self, rule, rule->contract->group->name, defs, "def_id", &site) ||
            rule->inputs[site.input].dataset != defs) {
            continue;
        }
        json_t *rows = NULL;
        rs_buf sql = {0};
        rs_buf_add(&sql, "SELECT * FROM ");
        rs_status status = rs_explain_add_rows_name(self, rule->contract->dataset,
                                                    def_id >> RS_ID_ENTITY_BITS, &sql, err);
        rs_buf_addf(&sql, " WHERE %s = %" PRId64, rule->contract->group->name, def_id);
        if (status == RS_OK) {
            status = rs_explain_json_rows(self, rule->name, &sql, &rows, err);
        }
        rs_buf_release(&sql);
        json_t *finding = json_object();
        rs_json_push(findings, finding, &self->failed);
        site.value = def_id;
        if (status == RS_OK && json_array_size(rows) == 0) {
            status = rs_explain_fault(self, &site, finding, err);
        } else if (status == RS_OK) {
            status = rs_explain_add_targets(self, rule, json_array_get(rows, 0), err);
            rs_json_set(finding, "rule", rs_json_text(rule->name), &self->failed);
            rs_json_set(finding, "found", json_incref(json_array_get(rows, 0)), &self->failed);
        }
        json_decref(rows);
        RS_TRY(status);
    }
    return rs_explain_check(self, err);
}

static rs_status add_targets(rs_explainer *self, json_t *out, rs_error *err)
{
    enum { MOST = 5 };
    rs_buf sql = {0};
    json_t *rows = NULL;
    json_t *targets = json_array();
    rs_json_set(out, "targets", targets, &self->failed);
    RS_TRY(rs_explain_add_stored(self, "defs", err));
    rs_buf_add(&sql, "SELECT *, file_of(def_id) AS file_id, name_start_byte AS start_byte, "
                     "name_end_byte AS end_byte FROM stored_defs WHERE name = ");
    rs_buf_add_sql_literal(&sql, rs_str_of(self->question->to));
    rs_buf_add(&sql, " OR qualname = ");
    rs_buf_add_sql_literal(&sql, rs_str_of(self->question->to));
    rs_buf_addf(&sql, " LIMIT %d", MOST);
    rs_status status = rs_explain_json_rows(self, "find the target", &sql, &rows, err);
    rs_buf_release(&sql);
    for (size_t i = 0; i < json_array_size(rows) && status == RS_OK; i++) {
        status = add_target(self, json_array_get(rows, i), targets, err);
    }
    json_decref(rows);
    return status;
}

/* --- an anchor --- */

static bool is_asked(const rs_explainer *self, const rs_plan *rule)
{
    return rule->form == RS_EMIT_EDGE &&
           (self->question->kind == NULL || strcmp(rule->emits, self->question->kind) == 0);
}

/* Each rule that makes edges of such anchors: what it gave this one, or its fault. */
static rs_status explain_rule(rs_explainer *self, const anchor *what, int64_t id,
                              const rs_plan *rule, const json_t *edges, json_t *out, rs_error *err)
{
    const rs_dataset *dataset = rs_dataset_get(what->dataset);
    rs_fault_site site;
    bool is_there = false;
    if (!is_asked(self, rule) ||
        !rs_explain_find_site(self, rule, "src", dataset, what->id, &site)) {
        return RS_OK;
    }
    bool is_found = rs_explain_is_relationship(rule->inputs[site.input].dataset);
    if (what->dataset == RS_DS_calls && !is_found) {
        return RS_OK; /* what the syntax states of every call */
    }
    RS_TRY(add_edges(self, edges, rule, json_object_get(out, "has"), &is_there, err));
    if (is_there) {
        return RS_OK;
    }
    json_t *missing = json_object();
    rs_json_push(json_object_get(out, "missing"), missing, &self->failed);
    RS_TRY(rs_explain_check(self, err));
    rs_json_set(missing, "kind", rs_json_text(rule->emits), &self->failed);
    site.value = id;
    return rs_explain_fault(self, &site, missing, err);
}

static rs_status explain_anchor(rs_explainer *self, const anchor *what, json_t *row, json_t *out,
                                rs_error *err)
{
    int64_t id = rs_explain_i64(row, what->id, -1);
    json_t *edges = NULL;
    json_t *node = NULL;
    RS_TRY(rs_explain_row_node(self, rs_dataset_get(what->dataset), json_incref(row), &node, err));
    (void)json_object_update(out, node);
    json_decref(node);
    rs_json_set(out, "has", json_array(), &self->failed);
    rs_json_set(out, "missing", json_array(), &self->failed);
    RS_TRY(read_edges(self, id, &edges, err));
    rs_status status = RS_OK;
    for (size_t i = 0; i < rs_rules_count(self->rules) && status == RS_OK; i++) {
        status = explain_rule(self, what, id, rs_rules_get(self->rules, i), edges, out, err);
    }
    json_decref(edges);
    return status;
}

/* --- the question --- */

/* Names of a kind on the line, or around the column. */
static rs_status find_names(rs_explainer *self, const anchor *what, const rs_explain_file *file,
                            json_t **out, rs_error *err)
{
    const rs_dataset *dataset = rs_dataset_get(what->dataset);
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    int64_t column = self->question->column;
    rs_buf sql = {0};
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    RS_TRY(rs_explain_select(self, dataset, file->file_id, NULL, err));
    rs_buf_addf(&sql, "SELECT * FROM %s WHERE ", dataset->name);
    if (column < 0) {
        rs_buf_addf(&sql, "%s BETWEEN %" PRId64 " AND %" PRId64, what->start, start_byte,
                    end_byte - 1);
    } else {
        rs_buf_addf(&sql, "%s <= %" PRId64 " AND %s > %" PRId64, what->start, start_byte + column,
                    what->end, start_byte + column);
    }
    rs_buf_add(&sql, " ORDER BY _row");
    rs_status status = rs_explain_json_rows(self, "find the names", &sql, out, err);
    rs_buf_release(&sql);
    return status;
}

static rs_status explain_all(rs_explainer *self, const anchor *what, const rs_explain_file *file,
                             json_t *out, rs_error *err)
{
    json_t *rows = NULL;
    RS_TRY(what->dataset == RS_DS_calls ? rs_explain_find_calls(self, file, &rows, err)
                                        : find_names(self, what, file, &rows, err));
    rs_status status = RS_OK;
    for (size_t i = 0; i < json_array_size(rows) && status == RS_OK; i++) {
        json_t *one = json_object();
        rs_json_push(out, one, &self->failed);
        status = self->failed ? rs_explain_check(self, err)
                              : explain_anchor(self, what, json_array_get(rows, i), one, err);
    }
    json_decref(rows);
    return status;
}

static rs_status explain(rs_explainer *self, json_t *out, rs_error *err)
{
    const rs_explain_question *question = self->question;
    rs_explain_file *file = NULL;
    rs_edge_kind kind;
    json_t *all = json_array();
    rs_json_set(out, "things", all, &self->failed);
    RS_TRY(rs_explain_check(self, err));
    if (question->kind != NULL && !rs_edge_kind_find(rs_str_of(question->kind), &kind)) {
        return rs_error_set(err, RS_ERR_INVALID, "explain: there is no kind of edge %s",
                            question->kind);
    }
    RS_TRY(rs_explain_find_file(self, &file, err));
    for (size_t i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
        if ((anchors[i].dataset == RS_DS_calls) == question->is_call) {
            RS_TRY(explain_all(self, &anchors[i], file, all, err));
        }
    }
    if (question->to != NULL) {
        RS_TRY(add_targets(self, out, err));
    }
    const char *problem = json_array_size(all) > 0 ? NULL
                          : question->is_call      ? "there is no call on that line"
                                                   : "no name stands there";
    rs_json_set(out, "problem", rs_json_text(problem), &self->failed);
    rs_explain_add_sources(self, out);
    return rs_explain_check(self, err);
}

rs_status rs_explain_why_not(const rs_reader *reader, const rs_explain_question *question,
                             json_t **out, rs_error *err)
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
