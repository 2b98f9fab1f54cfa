/* SPDX-License-Identifier: Apache-2.0 */
/* A select as the engine's SQL: one column a line, every column of its registered type. */
#include <string.h>

#include "rules/rule.h"

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

static void add_column(const rs_select *select, size_t index, const rs_select_style *style,
                       rs_buf *sql)
{
    const rs_column *column = &select->output->columns[index];
    const rs_expr *expr = select->columns[index];
    bool is_cast =
        expr == NULL || !has_type(column, expr) || word_type(select, column, style) != NULL;
    rs_buf_add(sql, is_cast ? "CAST(" : "");
    if (expr == NULL) {
        rs_buf_add(sql, "NULL");
    } else {
        rs_expr_add_sql(expr, select->rule->inputs, sql);
    }
    if (is_cast) {
        rs_buf_add(sql, " AS ");
        add_type(select, column, style, sql);
        rs_buf_add_char(sql, ')');
    }
    rs_buf_add(sql, " AS ");
    rs_buf_add_sql_name(sql, rs_str_of(column->name));
}

static void add_input(const rs_rule_input *input, rs_buf *sql)
{
    rs_buf_add_sql_name(sql, rs_str_of(input->dataset->name));
    rs_buf_add(sql, " AS ");
    rs_buf_add_sql_name(sql, rs_str_of(input->alias));
}

static void add_from(const rs_rule *rule, rs_buf *sql)
{
    static const char *const joins[] = {
        [RS_JOIN_INNER] = "JOIN",
        [RS_JOIN_LEFT] = "LEFT JOIN",
        [RS_JOIN_SEMI] = "SEMI JOIN",
        [RS_JOIN_ANTI] = "ANTI JOIN",
    };
    if (rule->info.n_inputs == 0) {
        return;
    }
    rs_buf_add(sql, "\nFROM ");
    add_input(&rule->inputs[0], sql);
    if (rule->info.kind == RS_RULE_HASH_JOIN) {
        rs_buf_addf(sql, "\n%s ", joins[rule->join]);
        add_input(&rule->inputs[1], sql);
        rs_buf_add(sql, " ON ");
        rs_expr_add_sql(rule->on, rule->inputs, sql);
    }
}

static void add_where(const rs_select *select, rs_buf *sql)
{
    const char *before = "\nWHERE ";
    if (select->rule->where != NULL) {
        rs_buf_add(sql, before);
        rs_expr_add_sql(select->rule->where, select->rule->inputs, sql);
        before = "\n    AND ";
    }
    for (size_t i = 0; select->drops_null_value && i < select->output->n_columns; i++) {
        if (strncmp(select->output->columns[i].name, "value_", 6) == 0 &&
            select->columns[i] != NULL) {
            rs_buf_add(sql, before);
            rs_expr_add_sql(select->columns[i], select->rule->inputs, sql);
            rs_buf_add(sql, " IS NOT NULL");
        }
    }
}

/* The rows' places in the inputs: the order of the evidence. */
static void add_order(const rs_rule *rule, size_t place, rs_buf *sql)
{
    bool is_half = rule->join == RS_JOIN_SEMI || rule->join == RS_JOIN_ANTI;
    size_t n_seen = is_half ? 1 : rule->info.n_inputs;
    rs_buf_addf(sql, ",\n    %zu AS _rule", place);
    for (size_t i = 0; i < RS_RULE_MAX_INPUTS; i++) {
        rs_buf_add(sql, ",\n    ");
        if (i < n_seen) {
            rs_buf_add_sql_name(sql, rs_str_of(rule->inputs[i].alias));
            rs_buf_addf(sql, "._row AS _o%zu", i + 1);
        } else {
            rs_buf_addf(sql, "CAST(0 AS BIGINT) AS _o%zu", i + 1);
        }
    }
}

void rs_select_add_sql(const rs_select *select, const rs_select_style *style, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT");
    for (size_t i = 0; i < select->output->n_columns; i++) {
        rs_buf_add(sql, i == 0 ? "\n    " : ",\n    ");
        add_column(select, i, style, sql);
    }
    if (style->with_order) {
        add_order(select->rule, style->place, sql);
    }
    add_from(select->rule, sql);
    add_where(select, sql);
}
