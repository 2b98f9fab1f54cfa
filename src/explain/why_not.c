/* SPDX-License-Identifier: Apache-2.0 */
/* why_not.c - which edges something has not, and by which rule's fault. */
#include "explain/document.h"
#include "explain/sql_texts.h"

/* Evidence that edges start at, and the names on a line or around a byte. */
typedef struct anchor {
    rs_dataset_id dataset;
    const char *id;
    const rs_sql *on_line; /* NULL: they are found as calls */
    const rs_sql *around_byte;
} anchor;

static const anchor anchors[] = {
    {RS_DS_calls, "call_id", NULL, NULL},
    {RS_DS_name_bindings, "node_id", &rs_sql_explain_bindings_on_line,
     &rs_sql_explain_bindings_around_byte},
    {RS_DS_attributes, "attribute_id", &rs_sql_explain_names_on_line,
     &rs_sql_explain_names_around_byte},
    {RS_DS_imports, "import_id", &rs_sql_explain_names_on_line, &rs_sql_explain_names_around_byte},
};

/* --- what is there --- */

/* The edges that a rule gave a node. */
static rs_explain_rows read_edges(rs_explainer *self, int64_t node_id)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edges_from,
                                .params = {rs_explain_i64_of(node_id)}};
    rs_explain_add_stored(self, "edges");
    return rs_explain_query(self, &ask);
}

/* True for a node that has the name, or whose qualified name ends in it. */
static bool is_called(const rs_explain_node *node, const char *name)
{
    const char *qualified = rs_explain_text(&node->row, "qualified_name");
    size_t n_qualified = strlen(qualified);
    size_t n_name = strlen(name);
    bool ends = n_qualified > n_name && strcmp(qualified + n_qualified - n_name, name) == 0 &&
                qualified[n_qualified - n_name - 1] == '.';
    return strcmp(rs_explain_text(&node->row, "name"), name) == 0 || strcmp(qualified, name) == 0 ||
           ends;
}

/* Put the edges of a rule among those that the subject has; true when one leads where it should. */
static bool add_edges(rs_explainer *self, const rs_explain_rows *edges, const rs_plan *rule,
                      rs_explain_subject *subject)
{
    const char *to = self->question->to;
    bool is_there = false;
    for (size_t i = 0; i < edges->n_items; i++) {
        const rs_explain_row *row = &edges->items[i];
        if (strcmp(rs_explain_text(row, "rule_name"), rule->name) == 0) {
            rs_explain_has_edge *edge = &subject->has[subject->n_has++];
            edge->row = *row;
            edge->dst = rs_explain_node_get(self, rs_explain_i64(row, "dst", 0));
            is_there = is_there || to == NULL || is_called(&edge->dst, to);
        }
    }
    return is_there;
}

/* --- where it should lead --- */

/* A rule that gives a definition to those who ask: what it gave this one, or its fault. */
static void add_rule_of_target(rs_explainer *self, const rs_fault_site *site,
                               rs_explain_target *target)
{
    const rs_contract *contract = site->rule->contract;
    int64_t file_id = rs_explain_file_of_id(site->value);
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_row_of_question,
        .args = {rs_sql_word("source", rs_explain_source_at_hand(self, contract->dataset, file_id)),
                 rs_sql_word("column", contract->group->name)},
        .params = {rs_explain_i64_of(site->value)}};
    const rs_explain_row row = rs_explain_query_row(self, &ask);
    rs_explain_finding *finding = rs_explain_add_finding(self, site->rule, &target->findings);
    if (finding == NULL) {
        return;
    }
    if (row.n_columns > 0) {
        rs_explain_add_found(self, site->rule, &row, &finding->found);
    } else {
        rs_explain_fault(self, site, finding);
    }
}

static void add_target(rs_explainer *self, const rs_explain_row *row, rs_explain_target *target)
{
    const rs_dataset *defs = rs_dataset_get(RS_DS_defs);
    (void)rs_explain_add_item(self, defs, row, &target->item);
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        rs_fault_site site;
        if (rule->contract != NULL && rule->contract->group != NULL &&
            rs_explain_find_site(self, rule, rule->contract->group->name, defs, "def_id", &site) &&
            rule->inputs[site.input].dataset == defs) {
            site.value = rs_explain_i64(row, "def_id", -1);
            add_rule_of_target(self, &site, target);
        }
    }
}

/* Definitions of the wanted name, and by which rules' faults they are not reached. */
static void add_targets(rs_explainer *self, rs_explain_not_answer *out)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_definitions,
                                .params = {rs_explain_text_of(self->question->to)}};
    rs_explain_add_stored(self, "defs");
    const rs_explain_rows rows = rs_explain_query(self, &ask);
    out->targets = rs_explain_new(self, rows.n_items, sizeof *out->targets);
    for (size_t i = 0; i < rows.n_items && rs_explain_is_ok(self); i++) {
        add_target(self, &rows.items[i], &out->targets[out->n_targets++]);
    }
}

/* --- an anchor --- */

static bool is_asked(const rs_explainer *self, const rs_plan *rule)
{
    return rule->form == RS_EMIT_EDGE &&
           (self->question->kind == NULL || strcmp(rule->emits, self->question->kind) == 0);
}

/* A rule that makes edges of such anchors: what it gave this one, or its fault. */
static void explain_rule(rs_explainer *self, const anchor *what, int64_t id, const rs_plan *rule,
                         const rs_explain_rows *edges, rs_explain_subject *subject)
{
    rs_fault_site site;
    if (!is_asked(self, rule) ||
        !rs_explain_find_site(self, rule, "src", rs_dataset_get(what->dataset), what->id, &site)) {
        return;
    }
    bool is_found = rs_explain_is_relationship(rule->inputs[site.input].dataset);
    if (what->dataset == RS_DS_calls && !is_found) {
        return; /* what the syntax states of every call */
    }
    site.value = id;
    subject->n_rules++;
    if (!add_edges(self, edges, rule, subject)) {
        rs_explain_finding *finding = rs_explain_add_finding(self, rule, &subject->missing);
        if (finding != NULL) {
            rs_explain_fault(self, &site, finding);
        }
    }
}

static void explain_anchor(rs_explainer *self, const anchor *what, const rs_explain_row *row,
                           rs_explain_subject *subject)
{
    int64_t id = rs_explain_i64(row, what->id, -1);
    (void)rs_explain_add_item(self, rs_dataset_get(what->dataset), row, &subject->item);
    const rs_explain_rows edges = read_edges(self, id);
    subject->has = rs_explain_new(self, edges.n_items, sizeof *subject->has);
    for (size_t i = 0; i < rs_rules_count(self->rules) && rs_explain_is_ok(self); i++) {
        explain_rule(self, what, id, rs_rules_get(self->rules, i), &edges, subject);
    }
    RS_ASSERT(subject->n_has <= edges.n_items); /* an edge is of one rule */
    if (subject->item.n_items > 0) {
        subject->way = rs_explain_way_of_anchor(self, subject->item.items[0]);
    }
}

/* --- the question --- */

/* Names of a kind on the line, or around the column. */
static rs_explain_rows find_names(rs_explainer *self, const anchor *what,
                                  const rs_explain_file *file)
{
    int64_t column = self->question->column;
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    if (!rs_explain_line(self, file, &start_byte, &end_byte)) {
        return (rs_explain_rows){0};
    }
    const char *source = rs_explain_source(self, rs_dataset_get(what->dataset), file->file_id);
    const rs_explain_ask ask = {
        .statement = column < 0 ? what->on_line : what->around_byte,
        .args = {rs_sql_word("source", source)},
        .params = {rs_explain_i64_of(column < 0 ? start_byte : start_byte + column),
                   rs_explain_i64_of(end_byte)}};
    return rs_explain_query(self, &ask);
}

static void explain_all(rs_explainer *self, const anchor *what, const rs_explain_file *file,
                        rs_explain_not_answer *out)
{
    const rs_explain_rows rows =
        what->on_line == NULL ? rs_explain_find_calls(self, file) : find_names(self, what, file);
    for (size_t i = 0; i < rows.n_items && rs_explain_is_ok(self); i++) {
        out->things = rs_explain_grow(self, out->things, out->n_things, sizeof *out->things);
        if (out->things != NULL) {
            explain_anchor(self, what, &rows.items[i], &out->things[out->n_things++]);
        }
    }
}

/* Of a kind that starts elsewhere nothing could be said of a call, which is not to be taken for an answer;
 * of a name its way is told. */
static const char *no_rule(rs_explainer *self, const rs_explain_not_answer *answer)
{
    size_t n_rules = 0;
    for (size_t i = 0; i < answer->n_things; i++) {
        n_rules += answer->things[i].n_rules;
    }
    return n_rules > 0 ? NULL
                       : rs_explain_textf(self, "no relationship leads from a call to an edge %s",
                                          self->question->kind);
}

static void explain(rs_explainer *self, rs_explain_not_answer *out)
{
    const rs_explain_question *question = self->question;
    rs_explain_check_kind(self);
    const rs_explain_file *file = rs_explain_find_file(self);
    for (size_t i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
        if ((anchors[i].dataset == RS_DS_calls) == question->is_call) {
            explain_all(self, &anchors[i], file, out);
        }
    }
    if (question->to != NULL) {
        add_targets(self, out);
    }
    out->problem = out->n_things == 0 && question->is_call ? "there is no call on that line"
                   : out->n_things == 0                    ? "no name stands there"
                   : question->kind != NULL && question->to == NULL && question->is_call
                       ? no_rule(self, out)
                       : NULL;
}

rs_status rs_explain_why_not(const rs_reader *reader, const rs_explain_question *question,
                             json_t **out, rs_error *err)
{
    rs_explainer self;
    rs_explain_not_answer answer = {0};
    *out = NULL;
    rs_explainer_init(&self, reader, question);
    if (rs_explain_is_ok(&self)) {
        explain(&self, &answer);
    }
    rs_status status = rs_explain_status(&self, err);
    RS_THEN(status, rs_explain_why_not_document(&self, &answer, out, err));
    rs_explainer_release(&self);
    return status;
}
