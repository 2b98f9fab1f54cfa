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
static rs_status read_edges(rs_explainer *self, int64_t node_id, rs_explain_rows *out,
                            rs_error *err)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_edges_from,
                                .params = {rs_explain_i64_of(node_id)},
                                .n_params = 1};
    RS_TRY(rs_explain_add_stored(self, "edges", err));
    return rs_explain_query(self, &ask, out, err);
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

/* Put the edges of a rule among those that thing has; true when one leads where it should. */
static rs_status add_edges(rs_explainer *self, const rs_explain_rows *edges, const rs_plan *rule,
                           rs_explain_thing *thing, bool *is_there, rs_error *err)
{
    for (size_t i = 0; i < edges->n_items; i++) {
        const rs_explain_row *row = &edges->items[i];
        if (strcmp(rs_explain_text(row, "rule_name"), rule->name) != 0) {
            continue;
        }
        rs_explain_has_edge *edge = &thing->has[thing->n_has++];
        edge->row = *row;
        RS_TRY(rs_explain_node_get(self, rs_explain_i64(row, "dst", 0), &edge->dst, err));
        *is_there =
            *is_there || self->question->to == NULL || is_called(&edge->dst, self->question->to);
    }
    return RS_OK;
}

/* --- where it should lead --- */

/* A rule that gives a definition to those who ask: what it gave this one, or its fault. */
static rs_status add_rule_of_target(rs_explainer *self, const rs_fault_site *site,
                                    rs_explain_target *target, rs_error *err)
{
    const rs_plan *rule = site->rule;
    rs_explain_row row;
    rs_explain_ask ask = {
        .statement = &rs_sql_explain_row_of_question,
        .args = {rs_sql_word("source", NULL), rs_sql_word("column", rule->contract->group->name)},
        .params = {rs_explain_i64_of(site->value)},
        .n_params = 1};
    RS_TRY(rs_explain_source(self, rule->contract->dataset, rs_explain_file_of_id(site->value),
                             &ask.args[0].word, err));
    RS_TRY(rs_explain_query_row(self, &ask, &row, err));
    if (row.n_columns == 0) {
        return rs_explain_fault(self, site, &target->findings, err);
    }
    rs_explain_item *found = rs_explain_new(self, 1, sizeof *found);
    RS_TRY(rs_explain_check(self, err));
    found->row = row;
    RS_TRY(rs_explain_add_targets(self, rule, found, err));
    return rs_explain_add_found(self, rule, found, &target->findings, err);
}

static rs_status add_target(rs_explainer *self, const rs_explain_row *row,
                            rs_explain_target *target, rs_error *err)
{
    const rs_dataset *defs = rs_dataset_get(RS_DS_defs);
    rs_explain_item *item = NULL;
    RS_TRY(rs_explain_item_new(self, defs, row, &item, err));
    target->item = item;
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        const rs_plan *rule = rs_rules_get(self->rules, i);
        rs_fault_site site;
        if (rule->contract != NULL && rule->contract->group != NULL &&
            rs_explain_find_site(self, rule, rule->contract->group->name, defs, "def_id", &site) &&
            rule->inputs[site.input].dataset == defs) {
            site.value = rs_explain_i64(row, "def_id", -1);
            RS_TRY(add_rule_of_target(self, &site, target, err));
        }
    }
    return RS_OK;
}

/* Definitions of the wanted name, and by which rules' faults they are not reached. */
static rs_status add_targets(rs_explainer *self, rs_explain_not_answer *out, rs_error *err)
{
    const rs_explain_ask ask = {.statement = &rs_sql_explain_definitions,
                                .params = {rs_explain_text_of(self->question->to)},
                                .n_params = 1};
    rs_explain_rows rows;
    RS_TRY(rs_explain_add_stored(self, "defs", err));
    RS_TRY(rs_explain_query(self, &ask, &rows, err));
    for (size_t i = 0; i < rows.n_items; i++) {
        out->targets = rs_explain_grow(self, out->targets, i, sizeof *out->targets);
        RS_TRY(rs_explain_check(self, err));
        out->n_targets++;
        RS_TRY(add_target(self, &rows.items[i], &out->targets[i], err));
    }
    return RS_OK;
}

/* --- an anchor --- */

static bool is_asked(const rs_explainer *self, const rs_plan *rule)
{
    return rule->form == RS_EMIT_EDGE &&
           (self->question->kind == NULL || strcmp(rule->emits, self->question->kind) == 0);
}

/* A rule that makes edges of such anchors: what it gave this one, or its fault. */
static rs_status explain_rule(rs_explainer *self, const anchor *what, int64_t id,
                              const rs_plan *rule, const rs_explain_rows *edges,
                              rs_explain_thing *thing, rs_error *err)
{
    rs_fault_site site;
    bool is_there = false;
    if (!is_asked(self, rule) ||
        !rs_explain_find_site(self, rule, "src", rs_dataset_get(what->dataset), what->id, &site)) {
        return RS_OK;
    }
    bool is_found = rs_explain_is_relationship(rule->inputs[site.input].dataset);
    if (what->dataset == RS_DS_calls && !is_found) {
        return RS_OK; /* what the syntax states of every call */
    }
    RS_TRY(add_edges(self, edges, rule, thing, &is_there, err));
    site.value = id;
    return is_there ? RS_OK : rs_explain_fault(self, &site, &thing->missing, err);
}

static rs_status explain_anchor(rs_explainer *self, const anchor *what, const rs_explain_row *row,
                                rs_explain_thing *thing, rs_error *err)
{
    int64_t id = rs_explain_i64(row, what->id, -1);
    rs_explain_item *item = NULL;
    rs_explain_rows edges;
    RS_TRY(rs_explain_item_new(self, rs_dataset_get(what->dataset), row, &item, err));
    RS_TRY(read_edges(self, id, &edges, err));
    thing->item = item;
    thing->has = rs_explain_new(self, edges.n_items, sizeof *thing->has);
    RS_TRY(rs_explain_check(self, err));
    for (size_t i = 0; i < rs_rules_count(self->rules); i++) {
        RS_TRY(explain_rule(self, what, id, rs_rules_get(self->rules, i), &edges, thing, err));
    }
    RS_ASSERT(thing->n_has <= edges.n_items); /* an edge is of one rule */
    return RS_OK;
}

/* --- the question --- */

/* Names of a kind on the line, or around the column. */
static rs_status find_names(rs_explainer *self, const anchor *what, const rs_explain_file *file,
                            rs_explain_rows *out, rs_error *err)
{
    int64_t start_byte = 0;
    int64_t end_byte = 0;
    int64_t column = self->question->column;
    rs_explain_ask ask = {.statement = column < 0 ? what->on_line : what->around_byte,
                          .args = {rs_sql_word("source", NULL)},
                          .n_params = column < 0 ? 2 : 1};
    RS_TRY(rs_explain_line(self, file, &start_byte, &end_byte, err));
    RS_TRY(rs_explain_source(self, rs_dataset_get(what->dataset), file->file_id, &ask.args[0].word,
                             err));
    ask.params[0] = rs_explain_i64_of(column < 0 ? start_byte : start_byte + column);
    ask.params[1] = rs_explain_i64_of(end_byte);
    return rs_explain_query(self, &ask, out, err);
}

static rs_status explain_all(rs_explainer *self, const anchor *what, const rs_explain_file *file,
                             rs_explain_not_answer *out, rs_error *err)
{
    rs_explain_rows rows;
    RS_TRY(what->on_line == NULL ? rs_explain_find_calls(self, file, &rows, err)
                                 : find_names(self, what, file, &rows, err));
    for (size_t i = 0; i < rows.n_items; i++) {
        out->things = rs_explain_grow(self, out->things, out->n_things, sizeof *out->things);
        RS_TRY(rs_explain_check(self, err));
        rs_explain_thing *thing = &out->things[out->n_things++];
        RS_TRY(explain_anchor(self, what, &rows.items[i], thing, err));
    }
    return RS_OK;
}

static rs_status explain(rs_explainer *self, rs_explain_not_answer *out, rs_error *err)
{
    const rs_explain_question *question = self->question;
    rs_explain_file *file = NULL;
    RS_TRY(rs_explain_check_kind(self, err));
    RS_TRY(rs_explain_find_file(self, &file, err));
    for (size_t i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
        if ((anchors[i].dataset == RS_DS_calls) == question->is_call) {
            RS_TRY(explain_all(self, &anchors[i], file, out, err));
        }
    }
    if (question->to != NULL) {
        RS_TRY(add_targets(self, out, err));
    }
    out->problem = out->n_things > 0   ? NULL
                   : question->is_call ? "there is no call on that line"
                                       : "no name stands there";
    return RS_OK;
}

rs_status rs_explain_why_not(const rs_reader *reader, const rs_explain_question *question,
                             json_t **out, rs_error *err)
{
    rs_explainer self;
    rs_explain_not_answer answer = {0};
    *out = NULL;
    rs_status status = rs_explainer_init(&self, reader, question, err);
    RS_THEN(status, explain(&self, &answer, err));
    RS_THEN(status, rs_explain_why_not_document(&self, &answer, out, err));
    rs_explainer_release(&self);
    return status;
}
