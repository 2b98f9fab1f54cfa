/* SPDX-License-Identifier: Apache-2.0 */
/* A select as the engine's SQL: one column a line, every column of its registered type. */
#include <inttypes.h>
#include <string.h>

#include "plan/op_impl.h"

/* The type of a text of which the plan knows all words; NULL for any other column. */
static const char *word_type(const rs_select *select, const rs_column *column,
                             const rs_select_style *style)
{
    if (select->output == rs_graph_dataset_get(RS_G_edges)) {
        return strcmp(column->name, "rule_name") == 0 ? style->rule_type : NULL;
    }
    bool is_key =
        select->output == rs_graph_dataset_get(RS_G_props) && strcmp(column->name, "key") == 0;
    return is_key ? style->key_type : NULL;
}

static void add_type(const rs_select *select, const rs_column *column, const rs_select_style *style,
                     rs_buf *sql)
{
    const char *words = word_type(select, column, style);
    if (words != NULL) {
        rs_buf_add(sql, words);
    } else if (column->type == RS_TYPE_ENUM && style->dialect->has_words) {
        rs_dialect_add_name(style->dialect, rs_str_of(column->words->name), sql);
    } else {
        rs_buf_add(sql, rs_dialect_type(style->dialect, column->type));
    }
}

/* The expression has the column's type as it is. */
static bool has_type(const rs_column *column, const rs_expr *expr)
{
    switch (expr->type) {
    case RS_EXPR_IS_BOOL:
        return column->type == RS_TYPE_BOOL;
    case RS_EXPR_IS_I32:
        return column->type == RS_TYPE_I32;
    case RS_EXPR_IS_I64:
        return column->type == RS_TYPE_I64;
    case RS_EXPR_IS_F64:
        return column->type == RS_TYPE_F64 && expr->kind != RS_EXPR_COLUMN;
    case RS_EXPR_IS_TEXT:
        return column->type == RS_TYPE_STR;
    case RS_EXPR_IS_WORD: /* a column of a bundle is a text there */
        return column->type == RS_TYPE_ENUM && expr->kind != RS_EXPR_COLUMN;
    case RS_EXPR_IS_UNKNOWN:
    case RS_EXPR_IS_NOTHING:
        return false;
    }
    return false;
}

/* The first id that every row has: nodes.node_id, edges.src, props.entity_id. */
static bool is_observed(const rs_select *select, size_t index)
{
    const rs_column *columns = select->output->columns;
    for (size_t i = 0; i < index; i++) {
        if (columns[i].type == RS_TYPE_I64 && columns[i].required) {
            return false;
        }
    }
    return columns[index].type == RS_TYPE_I64 && columns[index].required;
}

static void add_column(const rs_select *select, size_t index, const rs_select_style *style,
                       rs_buf *sql)
{
    const rs_column *column = &select->output->columns[index];
    const rs_expr *expr = select->columns[index];
    bool is_cast =
        expr == NULL || !has_type(column, expr) || word_type(select, column, style) != NULL;
    bool passes = style->is_observed && is_observed(select, index);
    if (passes) {
        rs_buf_addf(sql, "observe(%zu, ", select->plan->number);
    }
    rs_buf_add(sql, is_cast ? "CAST(" : "");
    if (expr == NULL) {
        rs_buf_add(sql, "NULL");
    } else {
        rs_expr_add_sql(expr, select->plan->inputs, style->dialect, sql);
    }
    if (is_cast) {
        rs_buf_add(sql, " AS ");
        add_type(select, column, style, sql);
        rs_buf_add_char(sql, ')');
    }
    rs_buf_add(sql, passes ? ") AS " : " AS ");
    rs_dialect_add_name(style->dialect, rs_str_of(column->name), sql);
}

void rs_input_add_from_sql(const rs_plan_input *input, const rs_dialect *dialect, rs_buf *sql)
{
    rs_dialect_add_name(dialect, rs_str_of(input->dataset->name), sql);
    rs_buf_add(sql, " AS ");
    rs_dialect_add_name(dialect, rs_str_of(input->alias), sql);
}

void rs_plan_add_first_sql(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs,
                           rs_buf *sql)
{
    (void)with_inputs;
    rs_input_add_from_sql(&plan->inputs[0], dialect, sql);
}

static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    if (plan->n_inputs > 0) {
        rs_buf_add(sql, "\nFROM ");
        plan->op->add_from(plan, dialect, with_inputs, sql);
    }
}

static void add_where(const rs_select *select, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_plan *plan = select->plan;
    const char *before = "\nWHERE ";
    if (plan->where != NULL && !plan->op->filters_first) {
        rs_buf_add(sql, before);
        rs_expr_add_sql(plan->where, plan->inputs, dialect, sql);
        before = "\n    AND ";
    }
    for (size_t i = 0; select->drops_null_value && i < select->output->n_columns; i++) {
        if (strncmp(select->output->columns[i].name, "value_", 6) == 0 &&
            select->columns[i] != NULL) {
            rs_buf_add(sql, before);
            rs_expr_add_sql(select->columns[i], plan->inputs, dialect, sql);
            rs_buf_add(sql, " IS NOT NULL");
        }
    }
    for (size_t i = 0; i < plan->n_group_by; i++) {
        rs_buf_add(sql, i == 0 ? "\nGROUP BY " : ", ");
        rs_expr_add_sql(plan->group_by[i], plan->inputs, dialect, sql);
    }
}

/* --- the places of rows, and what they derive from --- */

void rs_plan_add_group_sql(const rs_plan *plan, const char *before, const char *behind,
                           const rs_dialect *dialect, rs_buf *sql)
{
    const rs_plan_input *input = &plan->inputs[0];
    bool has_damage = rs_column_find(input->dataset, RS_STR_LITERAL(RS_DAMAGE_COLUMN)) != NULL;
    for (size_t i = has_damage ? 0 : 1; i < 2; i++) {
        rs_buf_add(sql, has_damage && i == 0 ? "COALESCE(" : "");
        rs_buf_add(sql, before);
        rs_dialect_add_name(dialect, rs_str_of(input->alias), sql);
        rs_buf_add(sql, behind);
        if (i == 0) {
            rs_buf_add(sql, " FILTER (WHERE ");
            rs_dialect_add_name(dialect, rs_str_of(input->alias), sql);
            rs_buf_add(sql, ".");
            rs_dialect_add_name(dialect, RS_STR_LITERAL(RS_DAMAGE_COLUMN), sql);
            rs_buf_add(sql, "), ");
        }
    }
    rs_buf_add(sql, has_damage ? ")" : "");
}

/* The row of an input. */
static void add_row(const rs_plan *plan, const char *alias, const rs_dialect *dialect, rs_buf *sql)
{
    if (plan->op->groups) {
        rs_plan_add_group_sql(plan, "min(", "._row)", dialect, sql);
        return;
    }
    rs_dialect_add_name(dialect, rs_str_of(alias), sql);
    rs_buf_add(sql, "._row");
}

/* Two rows in one place, see RS_PLAN_PLACE_FACTOR. */
static void add_packed(const rs_plan *plan, size_t first, const rs_dialect *dialect, rs_buf *sql)
{
    for (size_t i = first; i < first + 2; i++) {
        if (i < plan->n_inputs) {
            rs_buf_add(sql, "COALESCE(");
            add_row(plan, plan->inputs[i].alias, dialect, sql);
            rs_buf_add(sql, " + 1, 0)");
        } else {
            rs_buf_add(sql, "0");
        }
        if (i == first) {
            rs_buf_addf(sql, " * CAST(%" PRId64 " AS BIGINT) + ", RS_PLAN_PLACE_FACTOR);
        }
    }
}

/* `_o1` or `_o2`: a place in the inputs, which order the rows as their evidence stands. */
static void add_place(const rs_plan *plan, size_t number, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_operator *op = plan->op;
    if (plan->n_inputs == 0) {
        rs_buf_add(sql, "0");
    } else if (op->places == RS_PLACES_ANY) {
        rs_dialect_add_name(dialect, rs_str_of(plan->inputs[plan->n_inputs].alias), sql);
        rs_buf_add(sql, number == 0 ? "._input" : "._row");
    } else if (rs_plan_packs_places(plan)) {
        add_packed(plan, 2 * number, dialect, sql);
    } else if (number < rs_plan_n_paired(plan)) {
        add_row(plan, plan->inputs[number].alias, dialect, sql);
    } else {
        rs_buf_add(sql, op->second_place != NULL ? op->second_place : "0");
    }
}

static void add_order(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    for (size_t i = 0; i < 2; i++) {
        rs_buf_add(sql, ",\n    CAST(");
        add_place(plan, i, dialect, sql);
        rs_buf_addf(sql, " AS BIGINT) AS _o%zu", i + 1);
    }
}

/* The number of the dataset and the id, for a row of evidence. */
static void add_evidence(const rs_plan_input *input, const rs_dialect *dialect, rs_buf *sql)
{
    rs_buf_addf(sql, "%sCAST(%zu AS BIGINT), ", dialect->list[0],
                rs_dataset_evidence_number(input->dataset));
    rs_dialect_add_name(dialect, rs_str_of(input->alias), sql);
    rs_buf_add_char(sql, '.');
    rs_dialect_add_name(dialect, rs_str_of(input->dataset->key), sql);
    rs_buf_add(sql, dialect->list[1]);
}

void rs_input_add_sql(const rs_plan_input *input, const rs_dialect *dialect, bool may_be_absent,
                      rs_buf *sql)
{
    const rs_str alias = rs_str_of(input->alias);
    const char *const *list = dialect->list;
    if (strcmp(input->dataset->lens, "relationship") == 0) {
        rs_buf_add(sql, may_be_absent ? "COALESCE(" : "");
        rs_dialect_add_name(dialect, alias, sql);
        rs_buf_add(sql, "._in");
        if (may_be_absent) {
            rs_buf_addf(sql, ", %s%s)", list[0], list[1]);
        }
        return;
    }
    if (may_be_absent) {
        rs_buf_add(sql, "CASE WHEN ");
        rs_dialect_add_name(dialect, alias, sql);
        rs_buf_addf(sql, "._row IS NULL THEN %s%s ELSE ", list[0], list[1]);
    }
    add_evidence(input, dialect, sql);
    rs_buf_add(sql, may_be_absent ? " END" : "");
}

/* `_in`: dataset and id of each row of evidence behind a row, one after the other. */
static void add_inputs(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    const char *const *list = dialect->list;
    const char *const *type = dialect->list_type;
    size_t n_rows = rs_plan_n_paired(plan);
    rs_buf_add(sql, ",\n    ");
    if (plan->n_inputs == 0) {
        rs_buf_addf(sql, "CAST(%s%s AS %sBIGINT%s)", list[0], list[1], type[0], type[1]);
    } else if (plan->op->add_lineage != NULL) {
        plan->op->add_lineage(plan, dialect, sql);
    } else {
        for (size_t i = 1; i < n_rows; i++) {
            rs_buf_addf(sql, "%s(", dialect->list_concat);
        }
        rs_input_add_sql(&plan->inputs[0], dialect, false, sql);
        for (size_t i = 1; i < n_rows; i++) {
            rs_buf_add(sql, ", ");
            rs_input_add_sql(&plan->inputs[i], dialect, rs_plan_does_without(plan, i), sql);
            rs_buf_add(sql, ")");
        }
    }
    rs_buf_add(sql, " AS _in");
}

void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql)
{
    const rs_plan *plan = select->plan;
    const rs_dialect *dialect = style->dialect;
    RS_ASSERT(dialect != NULL);
    rs_buf_add(sql, "SELECT");
    for (size_t i = 0; i < select->output->n_columns; i++) {
        rs_buf_add(sql, i == 0 ? "\n    " : ",\n    ");
        add_column(select, i, style, sql);
    }
    if (style->with_place) {
        rs_buf_addf(sql, ",\n    %zu AS _rule", style->place);
    }
    if (style->with_order) {
        add_order(plan, dialect, sql);
    }
    if (style->with_inputs) {
        add_inputs(plan, dialect, sql);
    }
    add_from(plan, dialect, style->with_inputs, sql);
    add_where(select, dialect, sql);
}

void rs_selects_add_sql(const rs_select *const *selects, size_t n_selects,
                        const rs_select_style *style, rs_buf *sql)
{
    rs_select_style placed = *style;
    for (size_t i = 0; i < n_selects; i++) {
        RS_ASSERT(selects[i]->output == selects[0]->output);
        placed.place = i;
        rs_buf_add(sql, i == 0 ? "" : "\nUNION ALL\n");
        rs_select_add_sql(selects[i], &placed, sql);
    }
}

static void add_steps(const rs_plan *plan, const rs_dialect *dialect, rs_buf *out)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const rs_step *step = &plan->steps[i];
        rs_buf_add(out, i == 0 ? "" : "\n");
        if (step->call != NULL) {
            rs_buf_addf(out, "-- %s\n", rs_kernel_get(step->call->kernel)->name);
        }
        rs_buf_add(out, "CREATE VIEW ");
        rs_dialect_add_name(dialect, rs_str_of(step->name), out);
        rs_buf_add(out, " AS\n");
        rs_step_add_sql(plan, step, dialect, out);
        rs_buf_add(out, ";\n");
    }
}

void rs_plan_add_sql(const rs_plan *plan, const rs_dialect *dialect, rs_buf *out)
{
    const rs_select_style style = {.dialect = dialect};
    if (plan->n_steps > 0) {
        add_steps(plan, dialect, out);
        return;
    }
    for (size_t i = 0; i < plan->n_selects; i++) {
        rs_buf_add(out, i == 0 ? "" : "\nUNION ALL\n");
        rs_select_add_sql(&plan->selects[i], &style, out);
    }
    rs_buf_add_char(out, '\n');
}
