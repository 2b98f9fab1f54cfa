/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - an edge's rule once more, then the rules of the rows that it read, down to evidence.
 *
 * A rule's plan is run as it was in the build, on inputs that are cut down (inputs.c). The row that it
 * gives says which rows of its inputs it was made of: these are the next ones, without any search. The
 * tree is grown by a queue, not by recursion.
 */
#include "explain/explain_impl.h"

#include "explain/sql_texts.h"
#include "plan/operator.h"
#include "plan/steps.h"

enum { MAX_NODES = 512 };

/* --- one rule once more --- */

/* The first of a rule's rows with the key of one that is there, as it comes out of the engine. */
typedef struct search {
    rs_explainer *self;
    const rs_dataset *dataset;
    const rs_explain_row *wanted;
    const char *const *names;
    rs_explain_row found; /* no row: not yet */
    rs_row_place place;
} search;

static bool has_key(const search *in, const rs_explain_row *row)
{
    const char *key = in->dataset->key;
    char name[RS_EXPLAIN_NAME_BYTES];
    bool is_same = true;
    while (is_same && rs_explain_key_next(&key, name)) {
        is_same =
            rs_explain_is_same(rs_explain_value(row, name), rs_explain_value(in->wanted, name));
    }
    return is_same;
}

static rs_status look_for_key(void *context, const rs_frame *frame, rs_error *err)
{
    search *in = context;
    rs_explainer *self = in->self;
    RS_ASSERT(frame->places != NULL);
    for (size_t i = 0; i < frame->n_rows && in->found.n_columns == 0 && !self->failed; i++) {
        rs_explain_row row = rs_explain_frame_row(self, frame, i, in->names);
        if (!self->failed && has_key(in, &row)) {
            in->found = row;
            in->place = frame->places[i];
        }
    }
    return rs_explain_status(self, err);
}

/* The rule's plan over its inputs as they are bound now, as the run did it. */
static rs_status run_again(search *in, const rs_plan *rule, rs_error *err)
{
    const rs_engine_type *engine = &rs_engine_type_duckdb;
    const rs_sink sink = {.push = look_for_key, .context = in};
    void *prepared = NULL;
    rs_status status = engine->prepare(in->self->runner, rule, &prepared, err);
    RS_THEN(status, engine->run(prepared, &sink, NULL, err));
    engine->release(prepared);
    return status;
}

/* --- what it read --- */

/* The interval by which a row was aligned: what to point at. */
static rs_explain_place mark_of(rs_explainer *self, const rs_explain_item *item, int64_t place)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_interval,
        .is_of_rule = true,
        .args = {rs_sql_word("rule", item->reader->name),
                 rs_sql_word("side", item->input == 0 ? RS_STEP_NAME_LEFT : RS_STEP_NAME_RIGHT)},
        .params = {rs_explain_i64_of(place)}};
    const rs_explain_row bytes = rs_explain_query_row(self, &ask);
    return rs_explain_place_get(self, rs_explain_file_of(item->dataset, &item->row),
                                rs_explain_i64(&bytes, "_start", -1),
                                rs_explain_i64(&bytes, "_end", -1));
}

static void add_input(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *made,
                      size_t input, const rs_explain_row *row, int64_t place)
{
    const rs_dataset *dataset = made->rule->inputs[input].dataset;
    rs_explain_item *item = rs_explain_add_item(self, dataset, row, &made->inputs);
    if (item != NULL) {
        item->reader = made->rule;
        item->input = input;
        item->has_mark = made->rule->op->meets == RS_MEETS_BY_INTERVAL;
        item->mark = item->has_mark ? mark_of(self, item, place) : (rs_explain_place){0};
        rs_explain_items_push(self, &edge->items, item);
    }
}

/* The file that an edge's rule saw; a relationship's row lies in one. */
static int64_t file_of(const rs_explain_item *item)
{
    static const char *const ids[] = {"src", "dst"};
    if (item->dataset != NULL) {
        return rs_explain_file_of(item->dataset, &item->row);
    }
    int64_t file_id = rs_explain_i64(&item->row, "file_id", RS_EXPLAIN_RUN);
    for (size_t i = 0; i < 2 && file_id == RS_EXPLAIN_RUN; i++) {
        file_id = rs_explain_file_of_id(rs_explain_i64(&item->row, ids[i], -1));
    }
    return file_id;
}

static void replay_item(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *item)
{
    const rs_plan *rule = item->rule;
    search found = {.self = self,
                    .dataset = rule->selects[0].output,
                    .wanted = &item->row,
                    .names = rs_explain_column_names(self, rule->selects[0].output)};
    rs_explain_rows rows[RS_PLAN_MAX_INPUTS] = {{0}};
    rs_explain_bind(self, rule, rs_explain_rule_file(rule, file_of(item)), &item->row, rows);
    if (!rs_explain_is_ok(self) || !rs_explain_note(self, run_again(&found, rule, &self->error))) {
        return;
    }
    item->again = found.found;
    if (found.found.n_columns == 0) {
        item->note = "the rule does not give this row again";
        return;
    }
    for (size_t i = 0; i < rule->n_inputs; i++) {
        int64_t place = rs_plan_row_read(rule, i, found.place.first, found.place.second);
        RS_ASSERT(place < (int64_t)rows[i].n_items);
        if (place >= 0) {
            add_input(self, edge, item, i, &rows[i].items[place], place);
        }
    }
    rs_explain_add_rivals(self, item);
}

/* An edge, or a row of a relationship: what made it. */
static void look_at(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *item)
{
    item->rule_name = rs_explain_text(&item->row, "rule_name");
    const rs_plan *rule = rs_explain_rule(self, item->rule_name);
    if (rule == NULL) {
        item->note =
            "this relspec has no rule with the bundle's signature; name its packs with --rules";
        return;
    }
    if (edge->items.n_items > MAX_NODES) {
        item->note = "not followed any further";
        return;
    }
    item->rule = rule;
    replay_item(self, edge, item);
    if (self->status == RS_ERR_ENGINE) { /* said of this row; the others are explained */
        item->note = rs_explain_textf(self, "%s", self->error.message);
        self->status = RS_OK;
    }
}

void rs_explain_replay(rs_explainer *self, rs_explain_edge *edge)
{
    (void)rs_explain_add_item(self, NULL, &edge->row, &edge->items);
    for (size_t i = 0; i < edge->items.n_items && rs_explain_is_ok(self); i++) { /* which grow */
        rs_explain_item *item = edge->items.items[i];
        if (item->dataset == NULL || rs_explain_is_relationship(item->dataset)) {
            look_at(self, edge, item);
        }
    }
}
