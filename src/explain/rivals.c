/* SPDX-License-Identifier: Apache-2.0 */
/* rivals.c - who else could have been the answer, and why it is not, or not alone.
 *
 * Four places where rows meet: an alignment ranks the rows of its right side, a winner those of
 * its keys, the gate keeps one row a key, and a question keeps as many candidates as its policy
 * says. A loser lost by the first term of the order in which it differs from the row that is there.
 */
#include "explain/explain_impl.h"
#include "explain/sql_texts.h"
#include "plan/align.h"
#include "plan/operator.h"
#include "plan/steps.h"

enum { MAX_RIVALS = 50 };

static const char equal_in_all[] = "equal in all terms; the other stands first";

/* --- verdicts --- */

/* Why rival is behind winner, where the two differ in a term of the order; else NULL. */
static const char *judge(rs_explainer *self, const rs_explain_row *rival,
                         const rs_explain_row *winner, const char *column, const char *name,
                         const char *better)
{
    const rs_param *mine = rs_explain_value(rival, column);
    const rs_param *its = rs_explain_value(winner, column);
    if (!rs_explain_has_column(rival, column) || !rs_explain_has_column(winner, column) ||
        rs_explain_is_same(mine, its)) {
        return NULL;
    }
    return rs_explain_textf(self, "%s %s, not %s (%s is better)", name,
                            rs_explain_words(self, mine), rs_explain_words(self, its), better);
}

/* --- an alignment --- */

static const rs_step *match_step(const rs_plan *rule)
{
    for (size_t i = 0; i < rule->n_steps; i++) {
        const rs_kernel_call *call = rule->steps[i].call;
        if (call != NULL && call->kernel == RS_KERNEL_interval_align) {
            return &rule->steps[i];
        }
    }
    return NULL;
}

/* Every pair of a left row, the best first, with what the rank is made of. */
static rs_explain_rows read_pairs(rs_explainer *self, const rs_plan *rule, const rs_step *step,
                                  int64_t left_row)
{
    RS_ASSERT(step->call->kernel == RS_KERNEL_interval_align);
    rs_kernel_call all = *step->call;
    const rs_relation inputs[RS_STEP_MAX_INPUTS] = {{step->inputs[0], {0}}, {step->inputs[1], {0}}};
    rs_buf pairs = {0};
    all.as.interval_align.keep = RS_ALIGN_KEEP_ALL;
    all.as.interval_align.keep_unmatched = false;
    rs_kernel_add_sql(&all, inputs, rs_engine_type_duckdb.dialect, &pairs);
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_aligned,
        .is_of_rule = true,
        .args = {rs_sql_rows("pairs", rs_explain_keep(self, &pairs)),
                 rs_sql_word("rule", rule->name),
                 rs_sql_word("dataset", rule->inputs[1].dataset->name)},
        .params = {rs_explain_i64_of(left_row), rs_explain_i64_of(MAX_RIVALS + 1)}};
    return rs_explain_query(self, &ask);
}

static const char *judge_pair(rs_explainer *self, const rs_plan *rule, const rs_explain_row *rival,
                              const rs_explain_row *best)
{
    static const char *const columns[] = {
        [RS_MEASURE_OVERLAP] = "_score",
        [RS_MEASURE_SHORTNESS] = "_score",
        [RS_MEASURE_LENGTH] = "_length",
        [RS_MEASURE_START] = "_start",
    };
    const rs_align_term *terms = rs_align_order(rule->align.mode);
    RS_ASSERT(rival != best);
    const char *verdict = NULL;
    for (size_t i = 0; i < RS_N_ALIGN_TERMS && verdict == NULL; i++) {
        verdict =
            judge(self, rival, best, columns[terms[i].measure], terms[i].name, terms[i].better);
    }
    for (size_t i = 0; i < rule->align.n_ties && verdict == NULL; i++) {
        const char *name = rs_explain_expr_words(self, rule, rule->align.ties[i]);
        verdict = judge(self, rival, best, rs_explain_textf(self, "_t%zu", i), name, "lower");
    }
    return verdict != NULL ? verdict : equal_in_all;
}

/* The pairs of the row's left side that are not this row. */
static void add_aligned(rs_explainer *self, const rs_explain_item *made, rs_explain_items *list)
{
    const rs_plan *rule = made->rule;
    const rs_step *step = match_step(rule);
    int64_t right_row = rs_explain_i64(&made->again, "_o2", -1);
    if (step == NULL || right_row < 0) {
        return;
    }
    list->is_asked = true;
    const rs_explain_rows pairs =
        read_pairs(self, rule, step, rs_explain_i64(&made->again, "_o1", -1));
    for (size_t i = 0; i < pairs.n_items; i++) {
        const rs_explain_row *pair = &pairs.items[i];
        rs_explain_item *item = rs_explain_i64(pair, "_row", -1) != right_row
                                    ? rs_explain_add_item(self, rule->inputs[1].dataset, pair, list)
                                    : NULL;
        if (item != NULL) {
            item->verdict = rule->align.keeps_all ? "kept: this rule keeps every match"
                                                  : judge_pair(self, rule, pair, &pairs.items[0]);
        }
    }
}

/* --- a winner --- */

/* The total order that the kernel has, but for the places of rows, which nobody wrote. */
static const char *judge_loser(rs_explainer *self, const rs_plan *rule, const rs_explain_row *rival,
                               const rs_explain_row *best)
{
    const rs_kernel_call *call = rule->steps[rule->n_steps - 1].call;
    const rs_order *order = &call->as.winner_select.order;
    RS_ASSERT(call->kernel == RS_KERNEL_winner_select);
    for (size_t i = 0; i < order->n_terms; i++) {
        const rs_order_term *term = &order->terms[i];
        const char *verdict = term->column[0] == '_'
                                  ? NULL
                                  : judge(self, rival, best, term->column, term->column,
                                          term->descending ? "higher" : "lower");
        if (verdict != NULL) {
            return verdict;
        }
    }
    return equal_in_all;
}

static rs_explain_rows read_candidates(rs_explainer *self, const rs_plan *rule,
                                       const rs_explain_row *row)
{
    RS_ASSERT(rule->winner.n_keys > 0);
    const char *keys = NULL;
    rs_buf order = {0};
    for (size_t i = 0; i < rule->winner.n_keys; i++) {
        const char *name = rule->winner.keys[i].column->name;
        keys =
            rs_explain_both(self, keys, rs_explain_equal(self, name, rs_explain_value(row, name)));
    }
    for (size_t i = 0; i < rule->winner.n_order; i++) {
        rs_buf_add_sql_name(&order, rs_str_of(rule->winner.order[i].column->name));
        rs_buf_add(&order,
                   rule->winner.order[i].is_descending ? " DESC NULLS LAST, " : " NULLS LAST, ");
    }
    rs_buf_add(&order, "_o1, _o2");
    const rs_explain_ask ask = {.statement = &rs_sql_explain_beaten,
                                .is_of_rule = true,
                                .args = {rs_sql_word("rule", rule->name), rs_sql_expr("keys", keys),
                                         rs_sql_expr("order", rs_explain_keep(self, &order))},
                                .params = {rs_explain_i64_of(MAX_RIVALS + 1)}};
    return rs_explain_query(self, &ask);
}

static bool has_places_of(const rs_explain_row *a, const rs_explain_row *b)
{
    return rs_explain_is_same(rs_explain_value(a, "_o1"), rs_explain_value(b, "_o1")) &&
           rs_explain_is_same(rs_explain_value(a, "_o2"), rs_explain_value(b, "_o2"));
}

/* Rows of the same keys that lost. */
static void add_beaten(rs_explainer *self, const rs_explain_item *made, rs_explain_items *list)
{
    if (made->rule->winner.n_keys == 0) {
        return;
    }
    list->is_asked = true;
    const rs_explain_rows rivals = read_candidates(self, made->rule, &made->again);
    for (size_t i = 0; i < rivals.n_items; i++) {
        const rs_explain_row *rival = &rivals.items[i];
        rs_explain_item *item = has_places_of(rival, &made->again)
                                    ? NULL
                                    : rs_explain_add_item(self, NULL, rival, list);
        if (item != NULL) {
            item->verdict = judge_loser(self, made->rule, rival, &made->again);
        }
    }
}

/* --- the question, and the gate --- */

/* The column whose rows are candidates of one question, or would be rows of one key. */
static const char *question_column(const rs_plan *rule)
{
    return rule->contract->group != NULL ? rule->contract->group->name : NULL;
}

static bool is_same_key(const rs_plan *rule, const rs_explain_row *a, const rs_explain_row *b)
{
    const char *key = rule->contract->dataset->key;
    char column[RS_EXPLAIN_NAME_BYTES];
    bool is_same = true;
    while (is_same && rs_explain_key_next(&key, column)) {
        is_same = rs_explain_is_same(rs_explain_value(a, column), rs_explain_value(b, column));
    }
    return is_same;
}

void rs_explain_add_found(rs_explainer *self, const rs_plan *rule, const rs_explain_row *row,
                          rs_explain_items *list)
{
    enum { MAX_TARGETS = 16 };
    const char *key = rule->contract->dataset->key;
    const char *asked = question_column(rule);
    char column[RS_EXPLAIN_NAME_BYTES];
    rs_explain_node *nodes = rs_explain_new(self, MAX_TARGETS, sizeof *nodes);
    rs_explain_item *item = rs_explain_add_item(self, NULL, row, list);
    if (nodes == NULL || item == NULL) {
        return;
    }
    item->targets = nodes;
    while (rs_explain_key_next(&key, column) && item->n_targets < MAX_TARGETS) {
        const rs_param *value = rs_explain_value(row, column);
        if (!value->is_null && value->type == RS_TYPE_I64 &&
            (asked == NULL || strcmp(asked, column) != 0)) {
            nodes[item->n_targets] = rs_explain_node_get(self, value->value.i64);
            item->n_targets += nodes[item->n_targets].row.n_columns > 0;
        }
    }
}

/* Rows of the relationship that are like the row in what is asked, but for itself where it is among
 * them. */
static void add_like(rs_explainer *self, const rs_explain_item *made, const rs_sql *statement,
                     rs_sql_arg from, rs_explain_items *list)
{
    const char *column = question_column(made->rule);
    const char *asked = column != NULL
                            ? rs_explain_equal(self, column, rs_explain_value(&made->row, column))
                            : rs_explain_equal_key(self, made->rule->contract->dataset, &made->row);
    const rs_explain_ask ask = {.statement = statement,
                                .args = {from, rs_sql_expr("asked", asked)},
                                .params = {rs_explain_i64_of(MAX_RIVALS + 1)}};
    bool has_itself = statement == &rs_sql_explain_kept;
    list->is_asked = true;
    const rs_explain_rows rows = rs_explain_query(self, &ask);
    for (size_t i = 0; i < rows.n_items; i++) {
        if (!has_itself || !is_same_key(made->rule, &rows.items[i], &made->row)) {
            rs_explain_add_found(self, made->rule, &rows.items[i], list);
        }
    }
}

void rs_explain_add_rivals(rs_explainer *self, rs_explain_item *item)
{
    if (item->rule->form != RS_EMIT_ROWS) {
        return;
    }
    const rs_dataset *dataset = item->rule->contract->dataset;
    rs_explain_rivals *rivals = rs_explain_new(self, 1, sizeof *rivals);
    item->rivals = rivals;
    if (rivals == NULL) {
        return;
    }
    add_aligned(self, item, &rivals->aligned);
    add_beaten(self, item, &rivals->beaten);
    if (question_column(item->rule) != NULL) { /* candidates that were kept beside the row */
        int64_t file_id = rs_explain_file_of(dataset, &item->row);
        add_like(self, item, &rs_sql_explain_kept,
                 rs_sql_word("source", rs_explain_source_at_hand(self, dataset, file_id)),
                 &rivals->kept);
    }
    if (rs_explain_add_rejects(self, dataset->name)) {
        add_like(self, item, &rs_sql_explain_rejected, rs_sql_word("dataset", dataset->name),
                 &rivals->rejected);
    }
}
