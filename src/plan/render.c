/* SPDX-License-Identifier: Apache-2.0 */
/* A select as the engine's SQL: one column a line, every column of its registered type. */
#include <string.h>

#include "plan/steps.h"

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
    } else if (column->type == RS_TYPE_ENUM) {
        rs_buf_add_sql_name(sql, rs_str_of(column->words->name));
    } else {
        rs_buf_add(sql, rs_type_sql_name(column->type));
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
    case RS_EXPR_IS_WORD:
        return column->type == RS_TYPE_ENUM;
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
        rs_expr_add_sql(expr, select->plan->inputs, &rs_dialect_duckdb, sql);
    }
    if (is_cast) {
        rs_buf_add(sql, " AS ");
        add_type(select, column, style, sql);
        rs_buf_add_char(sql, ')');
    }
    rs_buf_add(sql, passes ? ") AS " : " AS ");
    rs_buf_add_sql_name(sql, rs_str_of(column->name));
}

static void add_input(const rs_plan_input *input, rs_buf *sql)
{
    rs_buf_add_sql_name(sql, rs_str_of(input->dataset->name));
    rs_buf_add(sql, " AS ");
    rs_buf_add_sql_name(sql, rs_str_of(input->alias));
}

static void add_join(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    const char *joins[] = {
        [RS_JOIN_INNER] = "JOIN",
        [RS_JOIN_LEFT] = "LEFT JOIN",
        [RS_JOIN_SEMI] = dialect->semi_join,
        [RS_JOIN_ANTI] = dialect->anti_join,
    };
    add_input(&plan->inputs[0], sql);
    rs_buf_addf(sql, "\n%s ", joins[plan->join]);
    add_input(&plan->inputs[1], sql);
    rs_buf_add(sql, " ON ");
    rs_expr_add_sql(plan->on, plan->inputs, dialect, sql);
}

/* The pairs that interval_align found, with the rows that they name. */
static void add_align(const rs_plan *plan, rs_buf *sql)
{
    rs_buf_add_step_name(sql, plan, RS_STEP_NAME_MATCH);
    rs_buf_add(sql, " AS \"match\"\nJOIN ");
    add_input(&plan->inputs[0], sql);
    rs_buf_add(sql, " ON \"match\".\"left_row\" = ");
    rs_buf_add_sql_name(sql, rs_str_of(plan->inputs[0].alias));
    rs_buf_add(sql, plan->align.keeps_left ? "._row\nLEFT JOIN " : "._row\nJOIN ");
    add_input(&plan->inputs[1], sql);
    rs_buf_add(sql, " ON \"match\".\"right_row\" = ");
    rs_buf_add_sql_name(sql, rs_str_of(plan->inputs[1].alias));
    rs_buf_add(sql, "._row");
}

/* The common columns of all inputs, each with its number and place. */
static void add_union(const rs_plan *plan, bool with_inputs, rs_buf *sql)
{
    const rs_dataset *each = plan->inputs[plan->n_inputs].dataset;
    rs_buf_add(sql, "(");
    for (size_t i = 0; i < plan->n_inputs; i++) {
        const rs_plan_input *input = &plan->inputs[i];
        rs_buf_add(sql, i == 0 ? "\n    SELECT " : "\n    UNION ALL\n    SELECT ");
        for (size_t j = 0; j < each->n_columns; j++) {
            rs_buf_add_sql_name(sql, rs_str_of(each->columns[j].name));
            rs_buf_add(sql, ", ");
        }
        rs_buf_addf(sql, "CAST(%zu AS BIGINT) AS _input, _row", i);
        if (with_inputs) {
            rs_buf_add(sql, ", ");
            rs_input_add_sql(input, false, sql);
            rs_buf_add(sql, " AS _in");
        }
        rs_buf_add(sql, " FROM ");
        add_input(input, sql);
    }
    rs_buf_add(sql, "\n) AS \"each\"");
}

static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    if (plan->n_inputs == 0) {
        return;
    }
    rs_buf_add(sql, "\nFROM ");
    switch (plan->kind) {
    case RS_RULE_FILTER_PROJECT:
    case RS_RULE_WINNER_SELECT:
    case RS_RULE_AGGREGATE:
        add_input(&plan->inputs[0], sql);
        break;
    case RS_RULE_HASH_JOIN:
        add_join(plan, dialect, sql);
        break;
    case RS_RULE_INTERVAL_ALIGN:
        add_align(plan, sql);
        break;
    case RS_RULE_EXPLODE_LIST:
        rs_buf_add_step_name(sql, plan, RS_STEP_NAME_ITEMS);
        rs_buf_add(sql, " AS ");
        rs_buf_add_sql_name(sql, rs_str_of(plan->inputs[0].alias));
        break;
    case RS_RULE_UNION_ALL:
        add_union(plan, with_inputs, sql);
        break;
    }
}

/* interval_align filters before it aligns (steps.c). */
static void add_where(const rs_select *select, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_plan *plan = select->plan;
    const char *before = "\nWHERE ";
    if (plan->where != NULL && plan->kind != RS_RULE_INTERVAL_ALIGN) {
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

/* `_o1`, `_o2`: places in the inputs, which order the rows as their evidence stands. */
static void add_order(const rs_plan *plan, rs_buf *sql)
{
    static const char *const patterns[][2] = {
        [RS_RULE_FILTER_PROJECT] = {"%s._row", "0"},
        [RS_RULE_HASH_JOIN] = {"%s._row", "%s._row"},
        [RS_RULE_INTERVAL_ALIGN] = {"%s._row", "%s._row"},
        [RS_RULE_EXPLODE_LIST] = {"%s._row", "item_position"},
        [RS_RULE_UNION_ALL] = {"\"each\"._input", "\"each\"._row"},
        [RS_RULE_WINNER_SELECT] = {"%s._row", "0"},
        [RS_RULE_AGGREGATE] = {"min(%s._row)", "0"},
    };
    bool is_half = plan->join == RS_JOIN_SEMI || plan->join == RS_JOIN_ANTI;
    for (size_t i = 0; i < 2; i++) {
        const char *pattern = patterns[plan->kind][i];
        bool has_none = plan->n_inputs == 0 || (i == 1 && is_half);
        rs_buf_add(sql, ",\n    CAST(");
        for (const char *p = has_none ? "0" : pattern; *p != '\0'; p++) {
            if (*p == '%') {
                rs_buf_add_sql_name(sql, rs_str_of(plan->inputs[i].alias));
                p++;
            } else {
                rs_buf_add_char(sql, *p);
            }
        }
        rs_buf_addf(sql, " AS BIGINT) AS _o%zu", i + 1);
    }
}

void rs_input_add_sql(const rs_plan_input *input, bool may_be_absent, rs_buf *sql)
{
    rs_buf name = {0};
    rs_buf_add_sql_name(&name, rs_str_of(input->alias));
    const char *alias = rs_buf_text(&name);
    if (strcmp(input->dataset->lens, "relationship") == 0) {
        rs_buf_addf(sql, may_be_absent ? "COALESCE(%s._in, [])" : "%s._in", alias);
    } else {
        const rs_dataset *first = rs_dataset_get((rs_dataset_id)0);
        rs_buf_add(sql, may_be_absent ? "CASE WHEN " : "[");
        if (may_be_absent) {
            rs_buf_addf(sql, "%s._row IS NULL THEN [] ELSE [", alias);
        }
        rs_buf_addf(sql, "CAST(%zu AS BIGINT), %s.", (size_t)(input->dataset - first), alias);
        rs_buf_add_sql_name(sql, rs_str_of(input->dataset->key));
        rs_buf_add(sql, may_be_absent ? "] END" : "]");
    }
    sql->failed = sql->failed || name.failed;
    rs_buf_release(&name);
}

/* `_in`: dataset and id of each row of evidence behind a row, one after the other. */
static void add_inputs(const rs_plan *plan, rs_buf *sql)
{
    bool is_half = plan->join == RS_JOIN_SEMI || plan->join == RS_JOIN_ANTI;
    bool is_pair = plan->n_inputs == 2 && !is_half && plan->kind != RS_RULE_UNION_ALL;
    bool may_miss = plan->join == RS_JOIN_LEFT || plan->align.keeps_left;
    rs_buf_add(sql, ",\n    ");
    if (plan->n_inputs == 0) {
        rs_buf_add(sql, "CAST([] AS BIGINT[])");
    } else if (plan->kind == RS_RULE_UNION_ALL) {
        rs_buf_add(sql, "\"each\"._in");
    } else if (plan->kind == RS_RULE_AGGREGATE) { /* one of the rows, not all */
        rs_buf_add(sql, "arg_min(");
        rs_input_add_sql(&plan->inputs[0], false, sql);
        rs_buf_add(sql, ", ");
        rs_buf_add_sql_name(sql, rs_str_of(plan->inputs[0].alias));
        rs_buf_add(sql, "._row)");
    } else {
        rs_buf_add(sql, is_pair ? "list_concat(" : "");
        rs_input_add_sql(&plan->inputs[0], false, sql);
        if (is_pair) {
            rs_buf_add(sql, ", ");
            rs_input_add_sql(&plan->inputs[1], may_miss, sql);
            rs_buf_add(sql, ")");
        }
    }
    rs_buf_add(sql, " AS _in");
}

void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql)
{
    const rs_plan *plan = select->plan;
    const rs_dialect *dialect = &rs_dialect_duckdb;
    rs_buf_add(sql, "SELECT");
    for (size_t i = 0; i < select->output->n_columns; i++) {
        rs_buf_add(sql, i == 0 ? "\n    " : ",\n    ");
        add_column(select, i, style, sql);
    }
    if (style->with_place) {
        rs_buf_addf(sql, ",\n    %zu AS _rule", style->place);
    }
    if (style->with_order) {
        add_order(plan, sql);
    }
    if (style->with_inputs) {
        add_inputs(plan, sql);
    }
    add_from(plan, dialect, style->with_inputs, sql);
    add_where(select, dialect, sql);
}
