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
    const rs_param null = {.is_null = true};
    char name[RS_EXPLAIN_NAME_BYTES];
    bool is_same = true;
    while (is_same && rs_explain_key_next(&key, name)) {
        const rs_param *wanted = rs_explain_value(in->wanted, name);
        is_same = rs_explain_is_same(rs_explain_value(row, name), wanted != NULL ? wanted : &null);
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
    return rs_explain_check(self, err);
}

/* The rule's plan over its inputs as they are bound now, as the run did it. */
static rs_status run_again(search *in, const rs_plan *rule, rs_error *err)
{
    const rs_engine_type *engine = &rs_engine_type_duckdb;
    const rs_sink sink = {look_for_key, in};
    void *prepared = NULL;
    rs_status status = engine->prepare(in->self->runner, rule, &prepared, err);
    RS_THEN(status, engine->run(prepared, &sink, NULL, err));
    engine->release(prepared);
    return status;
}

/* --- what it read --- */

/* The interval by which a row was aligned: what to point at. */
static rs_status add_mark(rs_explainer *self, const rs_plan *rule, int64_t place,
                          rs_explain_item *item, rs_error *err)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_interval,
        .is_of_rule = true,
        .args = {rs_sql_word("rule", rule->name),
                 rs_sql_word("side", item->input == 0 ? RS_STEP_NAME_LEFT : RS_STEP_NAME_RIGHT)},
        .params = {rs_explain_i64_of(place)},
        .n_params = 1};
    rs_explain_row bytes;
    RS_TRY(rs_explain_query_row(self, &ask, &bytes, err));
    item->has_mark = true;
    return rs_explain_place_get(self, rs_explain_file_of(item->dataset, &item->row),
                                rs_explain_i64(&bytes, "_start", -1),
                                rs_explain_i64(&bytes, "_end", -1), &item->mark, err);
}

static rs_status add_input(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *made,
                           size_t input, const rs_explain_row *row, int64_t place, rs_error *err)
{
    const rs_plan *rule = made->rule;
    rs_explain_item *item = NULL;
    RS_TRY(rs_explain_item_new(self, rule->inputs[input].dataset, row, &item, err));
    item->reader = rule;
    item->input = input;
    if (rule->op->meets == RS_MEETS_BY_INTERVAL) {
        RS_TRY(add_mark(self, rule, place, item, err));
    }
    rs_explain_items_push(self, &made->inputs, item);
    rs_explain_items_push(self, &edge->items, item);
    return rs_explain_check(self, err);
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

static rs_status replay_item(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *item,
                             rs_error *err)
{
    const rs_plan *rule = item->rule;
    search found = {.self = self,
                    .dataset = rule->selects[0].output,
                    .wanted = &item->row,
                    .names = rs_explain_column_names(self, rule->selects[0].output)};
    rs_explain_rows rows[RS_PLAN_MAX_INPUTS] = {{0}};
    RS_TRY(rs_explain_bind(self, rule, rs_explain_rule_file(rule, file_of(item)), &item->row, rows,
                           err));
    RS_TRY(run_again(&found, rule, err));
    item->again = found.found;
    if (found.found.n_columns == 0) {
        item->note = "the rule does not give this row again";
        return RS_OK;
    }
    for (size_t i = 0; i < rule->n_inputs; i++) {
        int64_t place = rs_plan_row_read(rule, i, found.place.first, found.place.second);
        RS_ASSERT(place < (int64_t)rows[i].n_items);
        if (place >= 0) {
            RS_TRY(add_input(self, edge, item, i, &rows[i].items[place], place, err));
        }
    }
    return rs_explain_add_rivals(self, item, err);
}

/* An edge, or a row of a relationship: what made it. */
static rs_status add_item(rs_explainer *self, rs_explain_edge *edge, rs_explain_item *item,
                          rs_error *err)
{
    rs_error refusal = {0};
    item->rule_name = rs_explain_text(&item->row, "rule_name");
    const rs_plan *rule = rs_explain_rule(self, item->rule_name);
    if (rule == NULL) {
        item->note =
            "this relspec has no rule with the bundle's signature; name its packs with --rules";
        return RS_OK;
    }
    if (edge->items.n_items > MAX_NODES) {
        item->note = "not followed any further";
        return RS_OK;
    }
    item->rule = rule;
    rs_status status = replay_item(self, edge, item, &refusal);
    if (status == RS_ERR_ENGINE) { /* said of this row; the others are explained */
        item->note = rs_explain_textf(self, "%s", refusal.message);
        return rs_explain_check(self, err);
    }
    return status == RS_OK ? RS_OK : rs_error_set(err, status, "%s", refusal.message);
}

rs_status rs_explain_replay(rs_explainer *self, rs_explain_edge *edge, rs_error *err)
{
    rs_explain_item *root = rs_explain_new(self, 1, sizeof *root);
    RS_TRY(rs_explain_check(self, err));
    root->row = edge->row;
    rs_explain_items_push(self, &edge->items, root);
    for (size_t i = 0; i < edge->items.n_items; i++) { /* which grow */
        rs_explain_item *item = edge->items.items[i];
        if (item->dataset == NULL || rs_explain_is_relationship(item->dataset)) {
            RS_TRY(add_item(self, edge, item, err));
        }
    }
    return rs_explain_check(self, err);
}
