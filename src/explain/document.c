/* SPDX-License-Identifier: Apache-2.0 */
/* document.c - answers as JSON: the one place where rows, places and findings become documents. */
#include "explain/document.h"

#include <math.h>

#include "plan/operator.h"
#include "plan/steps.h"
#include "rules/lane.h"

/* Both take value, NULL for out of memory. */
static void set(rs_explainer *self, json_t *object, const char *key, json_t *value)
{
    rs_json_set(object, key, value, &self->failed);
}

static void push(rs_explainer *self, json_t *array, json_t *value)
{
    rs_json_push(array, value, &self->failed);
}

/* --- rows --- */

static json_t *value_document(const rs_param *value)
{
    bool is_number = value->type == RS_TYPE_F64;
    if (value->is_null || (is_number && !isfinite(value->value.f64))) {
        return json_null();
    }
    return value->type == RS_TYPE_STR   ? rs_json_str(value->value.text)
           : is_number                  ? json_real(value->value.f64)
           : value->type == RS_TYPE_I64 ? json_integer(value->value.i64)
                                        : json_boolean(value->value.boolean);
}

/* Its columns, but for what numbers rows in the engine and what they derive from there. */
static json_t *row_document(rs_explainer *self, const rs_explain_row *row)
{
    json_t *out = json_object();
    for (size_t i = 0; i < row->n_columns; i++) {
        if (strcmp(row->names[i], "_row") != 0 && strcmp(row->names[i], "_in") != 0) {
            set(self, out, row->names[i], value_document(&row->values[i]));
        }
    }
    return out;
}

static json_t *rows_document(rs_explainer *self, const rs_explain_rows *rows)
{
    json_t *out = json_array();
    for (size_t i = 0; i < rows->n_items; i++) {
        push(self, out, row_document(self, &rows->items[i]));
    }
    return out;
}

/* --- places --- */

enum { MAX_LINE_BYTES = 400 };

/* Characters that a text has once it is JSON. */
static size_t n_characters(rs_str text, bool *failed)
{
    json_t *value = rs_json_str(text);
    const char *bytes = json_string_value(value);
    size_t n_characters = rs_str_n_characters((rs_str){bytes, json_string_length(value)});
    *failed = *failed || value == NULL;
    json_decref(value);
    return n_characters;
}

/* The line that start_byte is in, or what of it is near, cut between characters; and which of its
 * characters are meant. */
static json_t *source_of(rs_explainer *self, const rs_explain_file *file, uint32_t line,
                         uint32_t start_byte, uint32_t end_byte)
{
    const char *text = rs_buf_text(&file->text);
    uint32_t first = file->lines.line_start[line - 1];
    uint32_t end = line < file->lines.n_lines ? file->lines.line_start[line] : file->lines.n_bytes;
    while (end > first && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
        end--;
    }
    if (end - first > MAX_LINE_BYTES) { /* around the place */
        first = start_byte - first > MAX_LINE_BYTES / 2 ? start_byte - MAX_LINE_BYTES / 2 : first;
        end = end - first > MAX_LINE_BYTES ? first + MAX_LINE_BYTES : end;
    }
    while (first < start_byte && !rs_starts_character(text[first])) {
        first++;
    }
    while (end > first && end < file->lines.n_bytes && !rs_starts_character(text[end])) {
        end--;
    }
    uint32_t mark = start_byte < end ? start_byte : end;
    uint32_t mark_end = end_byte < end ? end_byte : end;
    size_t n_before = n_characters((rs_str){text + first, mark - first}, &self->failed);
    size_t n_until = n_before;
    if (mark_end > mark) {
        n_until += n_characters((rs_str){text + mark, mark_end - mark}, &self->failed);
    }
    return json_pack("{s:o, s:I, s:I}", "text", rs_json_str((rs_str){text + first, end - first}),
                     "mark_start", (json_int_t)n_before, "mark_end", (json_int_t)n_until);
}

/* path, start_byte, end_byte, line, column, end_line, end_column, `source`: text of the first line,
 * mark_start and mark_end in characters. A null for nowhere, the path alone for a file. */
static json_t *place_document(rs_explainer *self, const rs_explain_place *at)
{
    if (at->file == NULL) {
        return json_null();
    }
    json_t *path = rs_json_text(at->file->path);
    if (!rs_explain_has_bytes(at)) {
        return json_pack("{s:o}", "path", path);
    }
    uint32_t first = (uint32_t)at->start_byte;
    uint32_t last = (uint32_t)at->end_byte;
    rs_position start = rs_line_index_find(&at->file->lines, first);
    rs_position end = rs_line_index_find(&at->file->lines, last);
    json_t *source = at->file->problem == NULL ? source_of(self, at->file, start.line, first, last)
                                               : json_null();
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "path", path, "start_byte",
                     (json_int_t)first, "end_byte", (json_int_t)last, "line",
                     (json_int_t)start.line, "column", (json_int_t)start.column, "end_line",
                     (json_int_t)end.line, "end_column", (json_int_t)end.column, "source", source);
}

static json_t *node_document(rs_explainer *self, const rs_explain_node *node)
{
    if (node->row.n_columns == 0) {
        return json_null();
    }
    json_t *out = row_document(self, &node->row);
    set(self, out, "place", place_document(self, &node->place));
    return out;
}

static void add_sources(rs_explainer *self, json_t *out)
{
    json_t *problems = json_object();
    for (size_t i = 0; i < self->n_files; i++) {
        const rs_explain_file *file = self->files[i];
        if (file->path != NULL && file->problem != NULL) {
            set(self, problems, file->path, rs_json_text(file->problem));
        }
    }
    set(self, out, "source_problems", problems);
}

/* --- rows that are shown --- */

static void add_verdict(rs_explainer *self, const char *verdict, json_t *out)
{
    if (verdict != NULL) {
        set(self, out, "verdict", rs_json_text(verdict));
    }
}

/* dataset, row, place. */
static json_t *item_document(rs_explainer *self, const rs_explain_item *item)
{
    json_t *out = json_object();
    set(self, out, "dataset", rs_json_text(item->dataset->name));
    set(self, out, "row", row_document(self, &item->row));
    set(self, out, "place", place_document(self, &item->place));
    add_verdict(self, item->verdict, out);
    return out;
}

/* The row itself, and what it leads to. */
static json_t *found_document(rs_explainer *self, const rs_explain_item *item)
{
    json_t *out = row_document(self, &item->row);
    add_verdict(self, item->verdict, out);
    if (item->targets != NULL) {
        json_t *nodes = json_array();
        for (size_t i = 0; i < item->n_targets; i++) {
            push(self, nodes, node_document(self, &item->targets[i]));
        }
        set(self, out, "leads_to", nodes);
    }
    return out;
}

static void add_items(rs_explainer *self, const char *member, const rs_explain_items *list,
                      json_t *out)
{
    if (!list->is_asked) {
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < list->n_items; i++) {
        const rs_explain_item *item = list->items[i];
        push(self, rows,
             item->dataset != NULL ? item_document(self, item) : found_document(self, item));
    }
    set(self, out, member, rows);
}

/* --- the tree of an edge --- */

static void add_name(rs_explainer *self, const char *name, json_t *names)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (strcmp(json_string_value(json_array_get(names, i)), name) == 0) {
            return;
        }
    }
    push(self, names, rs_json_text(name));
}

/* Depth is bounded by RS_EXPR_MAX_DEPTH. */
static void add_columns(rs_explainer *self, const rs_expr *expr, size_t input, json_t *names)
{
    if (expr == NULL) {
        return;
    }
    if (expr->kind == RS_EXPR_COLUMN && expr->input == input && expr->column != NULL) {
        add_name(self, expr->column->name, names);
    }
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        add_columns(self, child, input, names);
    }
}

/* The columns of an input that a rule reads. */
static json_t *columns_read(rs_explainer *self, const rs_plan *rule, size_t input)
{
    json_t *names = json_array();
    add_columns(self, rule->on, input, names);
    add_columns(self, rule->where, input, names);
    add_columns(self, rule->filter, input, names);
    add_columns(self, rule->explode.text, input, names);
    for (size_t i = 0; i < 2; i++) {
        add_columns(self, rule->align.left[i], input, names);
        add_columns(self, rule->align.right[i], input, names);
    }
    for (size_t i = 0; i < rule->selects[0].output->n_columns; i++) {
        add_columns(self, rule->selects[0].columns[i], input, names);
    }
    return names;
}

static json_t *rivals_document(rs_explainer *self, const rs_plan *rule,
                               const rs_explain_rivals *rivals)
{
    json_t *out = json_object();
    set(self, out, "policy", rs_json_text(rule->policies.ambiguity));
    if (rivals->aligned.is_asked) {
        set(self, out, "mode", rs_json_text(rs_align_mode_name(rule->align.mode)));
    }
    if (rivals->kept.is_asked) {
        set(self, out, "question", rs_json_text(rule->contract->group->name));
    }
    add_items(self, "aligned", &rivals->aligned, out);
    add_items(self, "beaten", &rivals->beaten, out);
    add_items(self, "kept", &rivals->kept, out);
    add_items(self, "rejected", &rivals->rejected, out);
    return out;
}

/* Of a semi or anti join: what its other side had to hold, or not to hold. */
static void add_half(rs_explainer *self, const rs_plan *rule, json_t *out)
{
    rs_buf text = {0};
    if (!rs_join_is_half(rule->join)) {
        return;
    }
    rs_buf_addf(&text, "%s row of %s has ", rule->join == RS_JOIN_SEMI ? "some" : "no",
                rule->inputs[1].dataset->name);
    rs_expr_add_words(rule->inputs, rule->on, &text);
    set(self, out, "and", rs_json_text(rs_explain_keep(self, &text)));
}

/* What made the row; but for its inputs. */
static void add_making(rs_explainer *self, const rs_explain_item *item, json_t *out)
{
    if (item->rule_name == NULL) {
        return;
    }
    set(self, out, "rule", rs_json_text(item->rule_name));
    if (item->note != NULL) {
        set(self, out, "note", rs_json_text(item->note));
    }
    if (item->rule == NULL) {
        return;
    }
    add_half(self, item->rule, out);
    set(self, out, "inputs", json_array());
    set(self, out, "again",
        item->again.n_columns > 0 ? row_document(self, &item->again) : json_null());
    if (item->rivals != NULL) {
        set(self, out, "candidates", rivals_document(self, item->rule, item->rivals));
    }
}

static json_t *tree_item_document(rs_explainer *self, const rs_explain_item *item)
{
    json_t *out = NULL;
    if (item->dataset != NULL) {
        out = item_document(self, item);
    } else {
        out = json_object();
        set(self, out, "dataset", rs_json_text("edges"));
        set(self, out, "row", row_document(self, &item->row));
    }
    if (item->reader != NULL) {
        set(self, out, "reads", columns_read(self, item->reader, item->input));
    }
    if (item->has_mark) {
        set(self, out, "mark", place_document(self, &item->mark));
    }
    add_making(self, item, out);
    return out;
}

/* Inputs stand among the items in the order of those that they are inputs of. */
static json_t *tree_document(rs_explainer *self, const rs_explain_edge *edge)
{
    json_t **documents = rs_explain_new(self, edge->items.n_items, sizeof *documents);
    size_t next = 1;
    for (size_t i = 0; i < edge->items.n_items && documents != NULL; i++) {
        documents[i] = tree_item_document(self, edge->items.items[i]);
    }
    for (size_t i = 0; i < edge->items.n_items && documents != NULL; i++) {
        json_t *inputs = json_object_get(documents[i], "inputs");
        for (size_t j = 0; j < edge->items.items[i]->inputs.n_items; j++) {
            push(self, inputs, documents[next++]);
        }
    }
    RS_ASSERT(next == edge->items.n_items);
    return documents != NULL ? documents[0] : NULL;
}

/* --- its rules --- */

/* The kernels of a rule, and the lane that the bundle's policy sends each to. */
static json_t *kernels_document(rs_explainer *self, const rs_plan *rule)
{
    json_t *out = json_array();
    for (size_t i = 0; rule != NULL && i < rule->n_steps; i++) {
        const rs_kernel_call *call = rule->steps[i].call;
        if (call != NULL) {
            rs_lane_choice choice = rs_lane_choose(self->policy, call->kernel, RS_STEP_LANES);
            push(self, out,
                 json_pack("{s:s, s:s}", "kernel", rs_kernel_get(call->kernel)->name, "lane",
                           rs_lane_name(choice.lane)));
        }
    }
    return out;
}

static json_t *event_document(rs_explainer *self, const char *rule)
{
    for (size_t i = self->events.n_items; i-- > 0;) { /* the last one that the run noted */
        const rs_explain_row *row = &self->events.items[i];
        if (strcmp(rs_explain_text(row, "rule_name"), rule) == 0) {
            const rs_explain_row event = rs_explain_part_of(row, 1, row->n_columns - 1);
            return row_document(self, &event);
        }
    }
    return json_null();
}

/* A rule as the bundle has it. */
static void add_rule(rs_explainer *self, const char *name, json_t *rules)
{
    static const char *const members[] = {"doc",   "pack",   "line",  "kind",
                                          "scope", "output", "emits", "priority"};
    const json_t *row = json_object_get(self->rule_documents, name);
    const rs_plan *rule = rs_explain_rule(self, name);
    for (size_t i = 0; i < json_array_size(rules); i++) {
        if (strcmp(rs_manifest_text(json_array_get(rules, i), "name"), name) == 0) {
            return;
        }
    }
    json_t *out = json_object();
    set(self, out, "name", rs_json_text(name));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(row, members[i]);
        set(self, out, members[i], value != NULL ? json_incref(value) : json_null());
    }
    set(self, out, "signature", rs_json_text(rs_explain_signature(self, name)));
    set(self, out, "is_known", json_boolean(rule != NULL));
    set(self, out, "kernels", kernels_document(self, rule));
    set(self, out, "event", event_document(self, name));
    push(self, rules, out);
}

static json_t *rules_document(rs_explainer *self, const rs_explain_edge *edge)
{
    const char *found_by = rs_explain_text(&edge->row, "relationship_rule");
    json_t *rules = json_array();
    for (size_t i = 0; i < edge->items.n_items; i++) {
        const char *name = edge->items.items[i]->rule_name;
        if (name != NULL && name[0] != '\0') {
            add_rule(self, name, rules);
        }
    }
    if (found_by[0] != '\0') {
        add_rule(self, found_by, rules);
    }
    return rules;
}

/* --- how sure it is --- */

/* The source whose weight gives the value; "" for one without weight. Values are stored as floats. */
static const char *source_by_value(const rs_confidence_policy *policy, double value)
{
    for (size_t i = 0; i < policy->n_weights; i++) {
        double given = rs_confidence_value(policy, rs_str_of(policy->weights[i].source));
        if (fabs(given - value) < 1e-5) {
            return policy->weights[i].source;
        }
    }
    return "";
}

/* The value of an expression that is a text or a column of a row that was read, or that follows from
 * the confidence; else "". */
static const char *source_value(const rs_plan *rule, const rs_explain_item *made, double value)
{
    const rs_expr *source = rule->policies.source;
    if (source == NULL) {
        return "";
    }
    if (source->kind == RS_EXPR_CASE) {
        return source_by_value(rule->policies.confidence, value);
    }
    if (source->kind == RS_EXPR_TEXT) {
        return source->text.bytes;
    }
    if (source->kind != RS_EXPR_COLUMN || source->input >= made->inputs.n_items) {
        return "";
    }
    return rs_explain_text(&made->inputs.items[source->input]->row, source->column->name);
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

static void add_policy(rs_explainer *self, const rs_plan *rule, const rs_explain_item *made,
                       json_t *out)
{
    const rs_confidence_policy *policy = rule->policies.confidence;
    double value = json_number_value(json_object_get(out, "value"));
    const char *source = made != NULL ? source_value(rule, made, value) : "";
    set(self, out, "policy", rs_json_text(policy->name));
    set(self, out, "doc", rs_json_text(policy->doc));
    set(self, out, "base", json_real(policy->base));
    set(self, out, "penalty", json_real(policy->penalty));
    set(self, out, "source", rs_json_text(source));
    set(self, out, "weight", json_real(weight_of(policy, source)));
}

/* Who settled the confidence: a policy, an expression of the rule, or nobody, as it is certain. */
static json_t *confidence_document(rs_explainer *self, const rs_explain_edge *edge)
{
    const rs_plan *emitting = rs_explain_rule(self, rs_explain_text(&edge->row, "rule_name"));
    bool has_own = emitting != NULL && emitting->policies.confidence != NULL;
    bool is_found = !has_own && rs_explain_text(&edge->row, "relationship_rule")[0] != '\0';
    const rs_explain_item *root = edge->items.items[0];
    const rs_explain_item *made = !is_found                  ? root
                                  : root->inputs.n_items > 0 ? root->inputs.items[0]
                                                             : NULL;
    const char *name = rs_explain_text(&edge->row, is_found ? "relationship_rule" : "rule_name");
    const rs_plan *rule = rs_explain_rule(self, name);
    json_t *out = json_object();
    rs_buf text = {0};
    set(self, out, "value", value_document(rs_explain_value(&edge->row, "confidence")));
    set(self, out, "rule", rs_json_text(name));
    if (rule != NULL && rule->policies.confidence != NULL) {
        add_policy(self, rule, made, out);
    } else if (rule != NULL && !is_found && rule->columns[RS_C_edges_confidence] != NULL) {
        rs_expr_add_words(rule->inputs, rule->columns[RS_C_edges_confidence], &text);
        set(self, out, "expression", rs_json_text(rs_explain_keep(self, &text)));
    }
    return out;
}

/* --- by which names --- */

static json_t *step_document(rs_explainer *self, const rs_explain_step *step)
{
    json_t *out = json_object();
    set(self, out, "how", rs_json_text(step->how));
    set(self, out, "node", node_document(self, &step->node));
    set(self, out, "place", place_document(self, &step->place));
    if (step->external[0] != '\0') {
        set(self, out, "external", rs_json_text(step->external));
    }
    return out;
}

static json_t *missing_document(rs_explainer *self, const rs_explain_way *way)
{
    json_t *out = json_object();
    json_t *searched = json_array();
    for (size_t i = 0; i < way->n_searched; i++) {
        const rs_explain_searched *one = &way->searched[i];
        json_t *document = json_object();
        set(self, document, "module", rs_json_text(one->module));
        set(self, document, "place", place_document(self, &one->place));
        add_verdict(self, one->verdict, document);
        push(self, searched, document);
    }
    add_verdict(self, way->missing, out);
    set(self, out, "searched", searched);
    return out;
}

static json_t *way_document(rs_explainer *self, const rs_explain_way *way)
{
    if (way == NULL) {
        return json_null();
    }
    json_t *out = json_object();
    json_t *steps = json_array();
    for (size_t i = 0; i < way->n_steps; i++) {
        push(self, steps, step_document(self, &way->steps[i]));
    }
    set(self, out, "status", rs_json_text(way->status));
    set(self, out, "reason", rs_json_text(way->reason));
    set(self, out, "n_links", rs_json_u64(way->n_links));
    set(self, out, "steps", steps);
    set(self, out, "missing", way->missing != NULL ? missing_document(self, way) : json_null());
    return out;
}

/* --- why --- */

/* What an edge is known by in another bundle. */
static json_t *address_document(rs_explainer *self, const rs_explain_row *edge)
{
    static const char *const members[] = {"kind", "src", "dst", "start_byte"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        set(self, out, members[i], value_document(rs_explain_value(edge, members[i])));
    }
    return out;
}

/* The rows of evidence in the tree that lie in or below what does not parse. */
static json_t *damage_document(rs_explainer *self, const rs_explain_edge *edge)
{
    json_t *out = json_array();
    for (size_t i = 0; i < edge->items.n_items; i++) {
        const rs_explain_item *item = edge->items.items[i];
        bool is_evidence = item->dataset != NULL && !rs_explain_is_relationship(item->dataset);
        const rs_param *damage = rs_explain_value(&item->row, RS_DAMAGE_COLUMN);
        if (is_evidence && damage->type == RS_TYPE_BOOL && damage->value.boolean) {
            push(self, out, item_document(self, item));
        }
    }
    return out;
}

static json_t *edge_document(rs_explainer *self, const rs_explain_edge *edge)
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
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const rs_param *value = rs_explain_value(&edge->row, members[i]);
        set(self, out, members[i], value_document(value));
    }
    set(self, out, "address", address_document(self, &edge->row));
    set(self, out, "src", node_document(self, &edge->src));
    set(self, out, "dst", node_document(self, &edge->dst));
    set(self, out, "anchor", place_document(self, &edge->anchor));
    set(self, out, "because", tree_document(self, edge));
    set(self, out, "rules", rules_document(self, edge));
    set(self, out, "derivations", rows_document(self, &edge->derivations));
    set(self, out, "derivations_agree", json_boolean(edge->derivations_agree));
    set(self, out, "confidence_by", confidence_document(self, edge));
    set(self, out, "damaged_by", damage_document(self, edge));
    set(self, out, "way", way_document(self, edge->way));
    return out;
}

/* Kinds of the edges that are not explained, each with their number; of those that are not at hand
 * the kind is that of the question. */
static json_t *others_document(rs_explainer *self, const rs_explain_answer *answer)
{
    json_t *out = json_object();
    size_t n_rows = answer->found.n_items;
    if (answer->n_found > n_rows) {
        set(self, out, self->question->kind, rs_json_u64(answer->n_found - n_rows));
    }
    for (size_t i = answer->n_edges; i < n_rows; i++) {
        const char *kind = rs_explain_text(&answer->found.items[i], "kind");
        json_int_t n_before = json_integer_value(json_object_get(out, kind));
        set(self, out, kind, json_integer(n_before + 1));
    }
    return out;
}

/* The document is whole, or there is none. */
static rs_status finish(const rs_explainer *self, json_t *document, json_t **out, rs_error *err)
{
    rs_status status = rs_explain_status(self, err);
    if (status != RS_OK) {
        json_decref(document);
    }
    *out = status == RS_OK ? document : NULL;
    return status;
}

rs_status rs_explain_why_document(rs_explainer *self, const rs_explain_answer *answer, json_t **out,
                                  rs_error *err)
{
    json_t *document = json_object();
    json_t *edges = json_array();
    for (size_t i = 0; i < answer->n_edges; i++) {
        push(self, edges, edge_document(self, &answer->edges[i]));
    }
    set(self, document, "edges", edges);
    set(self, document, "problem", rs_json_text(answer->problem));
    set(self, document, "n_edges", rs_json_u64(answer->n_found));
    set(self, document, "others", others_document(self, answer));
    add_sources(self, document);
    return finish(self, document, out, err);
}

/* --- why not --- */

/* But for what is below. */
static json_t *finding_document(rs_explainer *self, const rs_explain_finding *finding)
{
    json_t *out = json_object();
    set(self, out, "rule", rs_json_text(finding->rule->name));
    if (finding->found.n_items > 0) {
        set(self, out, "found", found_document(self, finding->found.items[0]));
        return out;
    }
    set(self, out, "doc", rs_json_text(finding->rule->doc));
    add_verdict(self, finding->verdict, out);
    add_items(self, "rows", &finding->rows, out);
    return out;
}

/* Depth is bounded by that of the search (faults.c). */
static json_t *findings_document(rs_explainer *self, const rs_explain_findings *list, bool has_kind)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->n_items; i++) {
        const rs_explain_finding *one = list->items[i];
        json_t *document = finding_document(self, one);
        if (one->was_searched) {
            set(self, document, "below", findings_document(self, &one->below, false));
        }
        if (has_kind) {
            set(self, document, "kind", rs_json_text(one->rule->emits));
        }
        push(self, out, document);
    }
    return out;
}

static json_t *subject_document(rs_explainer *self, const rs_explain_subject *subject)
{
    json_t *out = item_document(self, subject->item.items[0]);
    json_t *has = json_array();
    for (size_t i = 0; i < subject->n_has; i++) {
        const rs_explain_row *row = &subject->has[i].row;
        json_t *edge = row_document(self, row);
        set(self, edge, "address", address_document(self, row));
        (void)json_object_del(edge, "src");
        (void)json_object_del(edge, "start_byte");
        set(self, edge, "dst", node_document(self, &subject->has[i].dst));
        push(self, has, edge);
    }
    set(self, out, "has", has);
    set(self, out, "missing", findings_document(self, &subject->missing, true));
    set(self, out, "way", way_document(self, subject->way));
    return out;
}

rs_status rs_explain_why_not_document(rs_explainer *self, const rs_explain_not_answer *answer,
                                      json_t **out, rs_error *err)
{
    json_t *document = json_object();
    json_t *things = json_array();
    json_t *targets = json_array();
    for (size_t i = 0; i < answer->n_things; i++) {
        push(self, things, subject_document(self, &answer->things[i]));
    }
    for (size_t i = 0; i < answer->n_targets; i++) {
        const rs_explain_target *target = &answer->targets[i];
        json_t *one = item_document(self, target->item.items[0]);
        set(self, one, "findings", findings_document(self, &target->findings, false));
        push(self, targets, one);
    }
    set(self, document, "things", things);
    if (self->question->to != NULL) {
        set(self, document, "targets", json_incref(targets));
    }
    json_decref(targets);
    set(self, document, "problem", rs_json_text(answer->problem));
    add_sources(self, document);
    return finish(self, document, out, err);
}
