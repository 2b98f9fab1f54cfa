/* SPDX-License-Identifier: Apache-2.0 */
/* inputs.c - the rows that a rule is done again on: those that can matter alone, bound as in a run.
 *
 * Where a column of the rule's key is a column of an input, that input is cut down to the value; the
 * other side of a join then to what its rows meet. So few rows are bound that they are kept beside, and
 * a row that the rule made names those that it read by their places (schema/frame.h).
 */
#include <inttypes.h>

#include "explain/explain_impl.h"
#include "explain/sql_texts.h"
#include "plan/operator.h"

enum { MAX_MET = 200 }; /* values that the other side is cut down to; of more it is not */

int64_t rs_explain_rule_file(const rs_plan *rule, int64_t file_id)
{
    return rule->wave == RS_WAVE_FILE ? file_id : RS_EXPLAIN_RUN;
}

const char *rs_explain_expr(rs_explainer *self, const rs_plan *rule, const rs_expr *expr)
{
    rs_buf sql = {0};
    rs_expr_add_sql(expr, rule->inputs, rs_engine_type_duckdb.dialect, &sql);
    return rs_explain_keep(self, &sql);
}

const char *rs_explain_expr_words(rs_explainer *self, const rs_plan *rule, const rs_expr *expr)
{
    rs_buf words = {0};
    rs_expr_add_words(rule->inputs, expr, &words);
    return rs_explain_keep(self, &words);
}

const rs_expr *rs_explain_on_side(const rs_plan *rule, size_t input)
{
    const rs_expr *on = rule->on;
    while (on != NULL && rs_expr_is_and(on)) {
        on = on->first;
    }
    for (const rs_expr *side = on != NULL ? on->first : NULL; side != NULL; side = side->next) {
        if (side->kind == RS_EXPR_COLUMN && side->input == input) {
            return side;
        }
    }
    return NULL;
}

const rs_expr *rs_explain_plain_column(const rs_plan *rule, const char *name)
{
    const rs_select *select = &rule->selects[0];
    for (size_t i = 0; i < select->output->n_columns; i++) {
        const rs_expr *expr = select->columns[i];
        if (strcmp(select->output->columns[i].name, name) == 0) {
            return expr != NULL && expr->kind == RS_EXPR_COLUMN ? expr : NULL;
        }
    }
    return NULL;
}

/* --- what rows of an input must be like --- */

/* Two inputs of one dataset are bound as one. */
static size_t first_of_dataset(const rs_plan *rule, size_t input)
{
    size_t first = 0;
    RS_ASSERT(input < rule->n_inputs); /* where it ends at the latest */
    while (rule->inputs[first].dataset != rule->inputs[input].dataset) {
        first++;
    }
    return first;
}

static bool is_shared(const rs_plan *rule, size_t input)
{
    for (size_t i = 0; i < rule->n_inputs; i++) {
        if (i != input && rule->inputs[i].dataset == rule->inputs[input].dataset) {
            return true;
        }
    }
    return false;
}

/* The input's column is as in row, if it is what the output has under that name. */
static const char *as_in_row(rs_explainer *self, const rs_plan *rule, size_t input,
                             const char *name, const rs_explain_row *row)
{
    const rs_expr *expr = rs_explain_plain_column(rule, name);
    /* The common columns of a union stand behind the inputs, and for a column of each. */
    bool is_common =
        rule->op->places == RS_PLACES_ANY && expr != NULL && expr->input >= rule->n_inputs;
    return expr != NULL && (expr->input == input || is_common)
               ? rs_explain_equal(self, expr->column->name, rs_explain_value(row, name))
               : NULL;
}

/* To make row, NULL where any may; the rivals of a winner are like it in its keys alone, those of an
 * alignment stand on the right and are like it in nothing. */
static const char *condition_of(rs_explainer *self, const rs_plan *rule, size_t input,
                                const rs_explain_row *row)
{
    const char *key = rule->selects[0].output->key;
    const char *all = NULL;
    char name[RS_EXPLAIN_NAME_BYTES];
    if (is_shared(rule, input) || (rule->op->meets == RS_MEETS_BY_INTERVAL && input == 1)) {
        return NULL;
    }
    for (size_t i = 0; i < rule->winner.n_keys; i++) {
        all = rs_explain_both(self, all,
                              as_in_row(self, rule, input, rule->winner.keys[i].column->name, row));
    }
    while (rule->winner.n_keys == 0 && rs_explain_key_next(&key, name)) {
        all = rs_explain_both(self, all, as_in_row(self, rule, input, name, row));
    }
    return all;
}

/* The other side's column is one of the values that the rows of lead have; a null meets nothing. */
static const char *met_by(rs_explainer *self, const rs_plan *rule, size_t lead,
                          const rs_explain_rows *rows)
{
    RS_ASSERT(rule->n_inputs == 2 && lead < 2);
    const rs_expr *mine = rs_explain_on_side(rule, lead);
    const rs_expr *its = rs_explain_on_side(rule, 1 - lead);
    if (mine == NULL || its == NULL || rows[lead].n_items > MAX_MET) {
        return NULL;
    }
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("column", its->column->name),
        rs_explain_one_of(self, "values", &rows[lead], mine->column->name)};
    return args[1].n_words > 0 ? rs_explain_sql(self, &rs_sql_explain_is_one_of, args) : "false";
}

/* The right side's intervals have a byte, or an end, in common with those of the left side's rows, which
 * are bound. */
static const char *touching(rs_explainer *self, const rs_plan *rule)
{
    const rs_explain_ask ask = {
        .statement = &rs_sql_explain_span,
        .is_of_rule = true,
        .args = {rs_sql_expr("start", rs_explain_expr(self, rule, rule->align.left[0])),
                 rs_sql_expr("end", rs_explain_expr(self, rule, rule->align.left[1])),
                 rs_sql_word("dataset", rule->inputs[0].dataset->name),
                 rs_sql_word("alias", rule->inputs[0].alias)}};
    const rs_explain_row span = rs_explain_query_row(self, &ask);
    int64_t first = rs_explain_i64(&span, "first", -1);
    int64_t last = rs_explain_i64(&span, "last", -1);
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_expr("start", rs_explain_expr(self, rule, rule->align.right[0])),
        rs_sql_expr("end", rs_explain_expr(self, rule, rule->align.right[1])),
        rs_sql_word("first", rs_explain_textf(self, "%" PRId64, first)),
        rs_sql_word("last", rs_explain_textf(self, "%" PRId64, last))};
    return rs_explain_sql(self, &rs_sql_explain_has_byte_of, args);
}

/* What the rows of lead, which are bound, leave of the other input; NULL: all. */
static const char *reduction(rs_explainer *self, const rs_plan *rule, size_t lead,
                             const rs_explain_rows *rows)
{
    /* A row without a partner is one of the left side, whatever stands on the right. */
    bool is_sure =
        rule->n_inputs == 2 && !is_shared(rule, 0) && (lead == 0 || rule->join == RS_JOIN_INNER);
    return is_sure && rule->op->meets == RS_MEETS_BY_INTERVAL   ? touching(self, rule)
           : is_sure && rule->op->meets == RS_MEETS_BY_EQUALITY ? met_by(self, rule, lead, rows)
                                                                : NULL;
}

/* --- binding --- */

typedef struct binding {
    rs_explainer *self;
    const rs_dataset *dataset;
    const char *const *names;
    rs_explain_rows *rows;
} binding;

static rs_status take(void *context, const rs_frame *frame, rs_error *err)
{
    binding *in = context;
    rs_explainer *self = in->self;
    for (size_t i = 0; i < frame->n_rows; i++) {
        rs_explain_rows_push(self, in->rows, rs_explain_frame_row(self, frame, i, in->names));
    }
    RS_TRY(rs_explain_status(self, err));
    return rs_engine_type_duckdb.bind(self->runner, in->dataset, frame, err);
}

static rs_status bind_rows(rs_explainer *self, const char *label, const char *sql, binding *in,
                           rs_error *err)
{
    const rs_engine_type *engine = &rs_engine_type_duckdb;
    const rs_frame nothing = {0};
    uint64_t n_rows = 0;
    RS_TRY(engine->unbind(self->runner, in->dataset, err));
    RS_TRY(rs_session_query_frames(self->bundle.session, label, sql, in->dataset,
                                   &(rs_sink){.push = take, .context = in}, &n_rows, err));
    RS_ASSERT(in->rows->n_items == n_rows);
    return n_rows > 0 ? RS_OK : engine->bind(self->runner, in->dataset, &nothing, err);
}

static void bind_input(rs_explainer *self, const rs_plan *rule, size_t input, int64_t file_id,
                       const char *condition, rs_explain_rows *rows)
{
    const rs_plan_input *from = &rule->inputs[input];
    binding in = {self, from->dataset, rs_explain_column_names(self, from->dataset), rows};
    const rs_sql_arg args[RS_EXPLAIN_MAX_ARGS] = {
        rs_sql_word("source", rs_explain_source(self, from->dataset, file_id)),
        rs_sql_word("alias", from->alias),
        rs_sql_expr("condition", condition != NULL ? condition : "true")};
    const char *sql = rs_explain_sql(self, &rs_sql_explain_input, args);
    if (rs_explain_is_ok(self)) {
        (void)rs_explain_note(self, bind_rows(self, rule->name, sql, &in, &self->error));
    }
}

void rs_explain_bind(rs_explainer *self, const rs_plan *rule, int64_t file_id,
                     const rs_explain_row *row, rs_explain_rows rows[RS_PLAN_MAX_INPUTS])
{
    const char *conditions[RS_PLAN_MAX_INPUTS] = {NULL};
    size_t lead = rule->n_inputs;
    for (size_t i = 0; i < rule->n_inputs; i++) {
        conditions[i] = condition_of(self, rule, i, row);
        lead = lead == rule->n_inputs && conditions[i] != NULL ? i : lead;
    }
    RS_ASSERT(rule->n_inputs <= RS_PLAN_MAX_INPUTS);
    lead = lead == rule->n_inputs ? 0 : lead;
    for (size_t n = 0; n < rule->n_inputs; n++) {
        size_t input = n == 0 ? lead : n <= lead ? n - 1 : n; /* the lead, then all others */
        if (first_of_dataset(rule, input) != input) {
            continue;
        }
        if (n > 0 && conditions[input] == NULL) {
            conditions[input] = reduction(self, rule, lead, rows);
        }
        bind_input(self, rule, input, file_id, conditions[input], &rows[input]);
    }
    for (size_t i = 0; i < rule->n_inputs; i++) {
        rows[i] = rows[first_of_dataset(rule, i)];
    }
}
