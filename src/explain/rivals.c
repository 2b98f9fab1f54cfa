/* SPDX-License-Identifier: Apache-2.0 */
/* rivals.c - who else could have been the answer, and why it is not, or not alone.
 *
 * Four places where rows meet: an alignment ranks the rows of its right side, a winner those of
 * its keys, the gate keeps one row a key, and a question keeps as many candidates as its policy
 * says. A loser lost by the first term of the order in which it differs from the row that is there.
 */
#include <inttypes.h>
#include <stdio.h>

#include "explain/replay.h"
#include "plan/align.h"
#include "plan/steps.h"

enum { MAX_RIVALS = 50 };

/* --- verdicts --- */

/* Set `verdict` where the two rows differ in a term of the order; true when they do. */
static bool judge(rs_explainer *self, json_t *rival, const json_t *winner, const char *column,
                  const char *name, const char *better)
{
    const json_t *mine = json_object_get(rival, column);
    const json_t *its = json_object_get(winner, column);
    rs_buf text = {0};
    if (mine == NULL || its == NULL || json_equal(mine, its) == 1) {
        return false;
    }
    rs_buf_addf(&text, "%s ", name);
    rs_explain_add_words(mine, &text);
    rs_buf_addf(&text, ", not ");
    rs_explain_add_words(its, &text);
    rs_buf_addf(&text, " (%s is better)", better);
    rs_json_set(rival, "verdict", rs_json_str(rs_buf_str(&text)), &self->failed);
    self->failed = self->failed || text.failed;
    rs_buf_release(&text);
    return true;
}

static void set_verdict(rs_explainer *self, json_t *rival, const char *text)
{
    rs_json_set(rival, "verdict", rs_json_text(text), &self->failed);
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

/* Every pair of a left row, with what the rank is made of. */
static void add_pairs_sql(const rs_plan *rule, const rs_step *step, int64_t left_row, rs_buf *sql)
{
    rs_kernel_call all = *step->call;
    const rs_relation inputs[RS_STEP_MAX_INPUTS] = {{step->inputs[0], {0}}, {step->inputs[1], {0}}};
    const rs_plan_input *right = &rule->inputs[1];
    all.as.interval_align.keep = RS_ALIGN_KEEP_ALL;
    all.as.interval_align.keep_unmatched = false;
    rs_buf_add(sql, "SELECT m.match_rank AS _rank, m.match_score AS _score, s._end - s._start AS "
                    "_length, s.* EXCLUDE (_row), d.* FROM (");
    rs_kernel_add_sql(&all, inputs, rs_engine_type_duckdb.dialect, sql);
    rs_buf_add(sql, ") AS m JOIN ");
    rs_buf_add_sql_name(sql, rs_str_of(step->inputs[1]));
    rs_buf_add(sql, " AS s ON s._row = m.right_row JOIN ");
    rs_buf_add_sql_name(sql, rs_str_of(right->dataset->name));
    rs_buf_addf(sql,
                " AS d ON d._row = m.right_row WHERE m.left_row = %" PRId64
                " ORDER BY m.match_rank LIMIT %d",
                left_row, MAX_RIVALS + 1);
}

static void judge_pair(rs_explainer *self, const rs_plan *rule, json_t *rival, const json_t *best)
{
    static const char *const columns[] = {
        [RS_MEASURE_OVERLAP] = "_score",
        [RS_MEASURE_SHORTNESS] = "_score",
        [RS_MEASURE_LENGTH] = "_length",
        [RS_MEASURE_START] = "_start",
    };
    const rs_align_term *terms = rs_align_order(rule->align.mode);
    bool is_judged = false;
    for (size_t i = 0; i < RS_N_ALIGN_TERMS && !is_judged; i++) {
        is_judged =
            judge(self, rival, best, columns[terms[i].measure], terms[i].name, terms[i].better);
    }
    for (size_t i = 0; i < rule->align.n_ties && !is_judged; i++) {
        char column[16];
        rs_buf name = {0};
        snprintf(column, sizeof column, "_t%zu", i);
        rs_expr_add_words(rule->inputs, rule->align.ties[i], &name);
        is_judged = judge(self, rival, best, column, rs_buf_text(&name), "lower");
        self->failed = self->failed || name.failed;
        rs_buf_release(&name);
    }
    if (!is_judged) {
        set_verdict(self, rival, "equal in all terms; the other stands first");
    }
}

/* The pairs of the row's left side that are not this row; `aligned`. */
static rs_status add_aligned(rs_explainer *self, const rs_plan *rule, const json_t *found,
                             json_t *out, rs_error *err)
{
    const rs_step *step = match_step(rule);
    rs_buf sql = {0};
    json_t *pairs = NULL;
    if (step == NULL || !json_is_integer(json_object_get(found, "_o2"))) {
        return RS_OK;
    }
    add_pairs_sql(rule, step, rs_explain_i64(found, "_o1", -1), &sql);
    rs_status status = rs_explain_json_rows(self, rule->name, &sql, &pairs, err);
    rs_buf_release(&sql);
    json_t *rows = json_array();
    const json_t *best = json_array_get(pairs, 0);
    for (size_t i = 0; i < json_array_size(pairs) && status == RS_OK; i++) {
        json_t *pair = json_array_get(pairs, i);
        json_t *node = NULL;
        if (rs_explain_i64(pair, "_row", -1) == rs_explain_i64(found, "_o2", -1)) {
            continue;
        }
        if (rule->align.keeps_all) {
            set_verdict(self, pair, "kept: this rule keeps every match");
        } else {
            judge_pair(self, rule, pair, best);
        }
        json_t *verdict = json_incref(json_object_get(pair, "verdict"));
        (void)json_object_del(pair, "verdict");
        status = rs_explain_row_node(self, rule->inputs[1].dataset, json_incref(pair), &node, err);
        rs_json_set(node, "verdict", verdict, &self->failed);
        rs_json_push(rows, node, &self->failed);
    }
    json_decref(pairs);
    rs_json_set(out, "mode", rs_json_text(rs_align_mode_name(rule->align.mode)), &self->failed);
    rs_json_set(out, "aligned", rows, &self->failed);
    return status;
}

/* --- a winner --- */

/* The total order that the kernel has, but for the places of rows, which nobody wrote. */
static void judge_loser(rs_explainer *self, const rs_plan *rule, json_t *rival, const json_t *best)
{
    const rs_kernel_call *call = rule->steps[rule->n_steps - 1].call;
    const rs_order *order = &call->as.winner_select.order;
    RS_ASSERT(call->kernel == RS_KERNEL_winner_select);
    for (size_t i = 0; i < order->n_terms; i++) {
        const rs_order_term *term = &order->terms[i];
        if (term->column[0] != '_' && judge(self, rival, best, term->column, term->column,
                                            term->descending ? "higher" : "lower")) {
            return;
        }
    }
    set_verdict(self, rival, "equal in all terms; the other stands first");
}

static void add_candidates_sql(const rs_plan *rule, const json_t *row, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT * EXCLUDE (_in) FROM ");
    rs_step_add_name(rule, RS_STEP_NAME_CANDIDATES, rs_engine_type_duckdb.dialect, sql);
    for (size_t i = 0; i < rule->winner.n_keys; i++) {
        const char *name = rule->winner.keys[i].column->name;
        rs_buf_add(sql, i == 0 ? " WHERE " : " AND ");
        rs_explain_add_equal(name, json_object_get(row, name), sql);
    }
    for (size_t i = 0; i < rule->winner.n_order; i++) {
        const rs_sort_term *term = &rule->winner.order[i];
        rs_buf_add(sql, i == 0 ? " ORDER BY " : ", ");
        rs_buf_add_sql_name(sql, rs_str_of(term->column->name));
        rs_buf_add(sql, term->is_descending ? " DESC NULLS LAST" : " NULLS LAST");
    }
    rs_buf_addf(sql, ", _o1, _o2 LIMIT %d", MAX_RIVALS + 1);
}

/* Rows of the same keys that lost; `beaten`. */
static rs_status add_beaten(rs_explainer *self, const rs_plan *rule, const json_t *found,
                            json_t *out, rs_error *err)
{
    rs_buf sql = {0};
    json_t *rivals = NULL;
    if (rule->winner.n_keys == 0) {
        return RS_OK;
    }
    add_candidates_sql(rule, found, &sql);
    rs_status status = rs_explain_json_rows(self, rule->name, &sql, &rivals, err);
    rs_buf_release(&sql);
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(rivals); i++) {
        json_t *rival = json_array_get(rivals, i);
        if (rs_explain_i64(rival, "_o1", -1) != rs_explain_i64(found, "_o1", -1) ||
            rs_explain_i64(rival, "_o2", -1) != rs_explain_i64(found, "_o2", -1)) {
            judge_loser(self, rule, rival, found);
            rs_json_push(rows, json_incref(rival), &self->failed);
        }
    }
    json_decref(rivals);
    rs_json_set(out, "beaten", rows, &self->failed);
    return status;
}

/* --- the question, and the gate --- */

/* The column whose rows are candidates of one question, or would be rows of one key. */
static const char *question_column(const rs_plan *rule)
{
    return rule->contract->group != NULL ? rule->contract->group->name : NULL;
}

static bool is_same(const rs_plan *rule, const json_t *a, const json_t *b)
{
    const char *key = rule->contract->dataset->key;
    char column[RS_EXPLAIN_NAME_BYTES];
    while (rs_explain_key_next(&key, column)) {
        if (json_equal(json_object_get(a, column), json_object_get(b, column)) != 1) {
            return false;
        }
    }
    return true;
}

rs_status rs_explain_add_targets(rs_explainer *self, const rs_plan *rule, json_t *row,
                                 rs_error *err)
{
    const char *key = rule->contract->dataset->key;
    const char *asked = question_column(rule);
    char column[RS_EXPLAIN_NAME_BYTES];
    json_t *nodes = json_array();
    rs_json_set(row, "leads_to", nodes, &self->failed);
    while (!self->failed && rs_explain_key_next(&key, column)) {
        const json_t *value = json_object_get(row, column);
        json_t *node = NULL;
        if (!json_is_integer(value) || (asked != NULL && strcmp(asked, column) == 0)) {
            continue;
        }
        RS_TRY(rs_explain_node(self, (int64_t)json_integer_value(value), &node, err));
        if (json_is_object(node)) {
            rs_json_push(nodes, json_incref(node), &self->failed);
        }
        json_decref(node);
    }
    return rs_explain_check(self, err);
}

static rs_status add_all_targets(rs_explainer *self, const rs_plan *rule, const json_t *rows,
                                 rs_error *err)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        RS_TRY(rs_explain_add_targets(self, rule, json_array_get(rows, i), err));
    }
    return RS_OK;
}

static rs_status add_kept(rs_explainer *self, const rs_plan *rule, const json_t *row, json_t *out,
                          rs_error *err)
{
    const char *column = question_column(rule);
    rs_buf sql = {0};
    json_t *rows = NULL;
    if (column == NULL) {
        return RS_OK;
    }
    const rs_dataset *dataset = rule->contract->dataset;
    rs_buf_add(&sql, "SELECT * FROM ");
    rs_status status =
        rs_explain_add_rows_name(self, dataset, rs_explain_file_of(dataset, row), &sql, err);
    rs_buf_add(&sql, " WHERE ");
    rs_explain_add_equal(column, json_object_get(row, column), &sql);
    rs_buf_addf(&sql, " ORDER BY confidence DESC, score DESC NULLS LAST LIMIT %d", MAX_RIVALS + 1);
    if (status == RS_OK) {
        status = rs_explain_json_rows(self, rule->name, &sql, &rows, err);
    }
    rs_buf_release(&sql);
    json_t *others = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        if (!is_same(rule, json_array_get(rows, i), row)) {
            rs_json_push(others, json_incref(json_array_get(rows, i)), &self->failed);
        }
    }
    json_decref(rows);
    rs_json_set(out, "question", rs_json_text(column), &self->failed);
    rs_json_set(out, "kept", others, &self->failed);
    return status == RS_OK ? add_all_targets(self, rule, others, err) : status;
}

static rs_status add_rejected(rs_explainer *self, const rs_plan *rule, const json_t *row,
                              json_t *out, rs_error *err)
{
    const rs_dataset *dataset = rule->contract->dataset;
    const char *column = question_column(rule);
    rs_buf sql = {0};
    json_t *rows = NULL;
    bool has_rows = false;
    RS_TRY(rs_explain_add_rejects(self, dataset->name, &has_rows, err));
    if (!has_rows) {
        return RS_OK;
    }
    rs_buf_addf(&sql, "SELECT * FROM rejects_%s", dataset->name);
    if (column != NULL) {
        rs_buf_add(&sql, " WHERE ");
        rs_explain_add_equal(column, json_object_get(row, column), &sql);
    } else {
        rs_explain_add_key(dataset->key, row, &sql);
    }
    rs_buf_addf(&sql, " ORDER BY ALL LIMIT %d", MAX_RIVALS + 1);
    rs_status status = rs_explain_json_rows(self, rule->name, &sql, &rows, err);
    rs_buf_release(&sql);
    if (status == RS_OK) {
        status = add_all_targets(self, rule, rows, err);
    }
    rs_json_set(out, "rejected", rows, &self->failed);
    return status;
}

rs_status rs_explain_add_rivals(rs_explainer *self, const rs_plan *rule, json_t *node,
                                const json_t *found, rs_error *err)
{
    const json_t *row = json_object_get(node, "row");
    if (rule->form != RS_EMIT_ROWS) {
        return RS_OK;
    }
    json_t *out = json_object();
    rs_json_set(node, "candidates", out, &self->failed);
    rs_json_set(out, "policy", rs_json_text(rule->policies.ambiguity), &self->failed);
    RS_TRY(rs_explain_check(self, err));
    RS_TRY(add_aligned(self, rule, found, out, err));
    RS_TRY(add_beaten(self, rule, found, out, err));
    RS_TRY(add_kept(self, rule, row, out, err));
    return add_rejected(self, rule, row, out, err);
}
