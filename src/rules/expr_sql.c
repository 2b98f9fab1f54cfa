/* SPDX-License-Identifier: Apache-2.0 */
/* Tree to the engine's SQL. Every operator stands in parentheses of its own. */
#include <inttypes.h>

#include "rules/expr.h"

static void add_children(const rs_expr *first, const rs_rule_input *inputs, rs_buf *sql)
{
    for (const rs_expr *child = first; child != NULL; child = child->next) {
        rs_expr_add_sql(child, inputs, sql);
        rs_buf_add(sql, child->next != NULL ? ", " : "");
    }
}

/* A word where a text is meant: the engine would take a literal beside it for a word. */
static void add_as(const rs_expr *expr, rs_expr_type type, const rs_rule_input *inputs, rs_buf *sql)
{
    bool is_cast = expr->type == RS_EXPR_IS_WORD && type == RS_EXPR_IS_TEXT;
    rs_buf_add(sql, is_cast ? "CAST(" : "");
    rs_expr_add_sql(expr, inputs, sql);
    rs_buf_add(sql, is_cast ? " AS VARCHAR)" : "");
}

static void add_column(const rs_expr *expr, const rs_rule_input *inputs, rs_buf *sql)
{
    rs_buf_add_sql_name(sql, rs_str_of(inputs[expr->input].alias));
    rs_buf_add_char(sql, '.');
    rs_buf_add_sql_name(sql, rs_str_of(expr->column->name));
}

static void add_operator(const rs_expr *expr, const rs_rule_input *inputs, rs_buf *sql)
{
    const rs_expr *left = expr->first;
    const rs_expr *right = left->next;
    const char *symbol = expr->op->symbol;
    if (right == NULL) {
        rs_buf_addf(sql, "(%s ", symbol);
        rs_expr_add_sql(left, inputs, sql);
        rs_buf_add_char(sql, ')');
        return;
    }
    if (symbol[0] == '/' && expr->type != RS_EXPR_IS_F64) {
        symbol = "//"; /* the engine's / gives a fraction */
    }
    bool mixes =
        left->words != right->words && left->kind != RS_EXPR_TEXT && right->kind != RS_EXPR_TEXT;
    bool is_text =
        expr->op->op_class == RS_OP_CONCAT || (expr->op->op_class == RS_OP_COMPARE && mixes);
    rs_buf_add_char(sql, '(');
    add_as(left, is_text ? RS_EXPR_IS_TEXT : left->type, inputs, sql);
    rs_buf_addf(sql, " %s ", symbol);
    add_as(right, is_text ? RS_EXPR_IS_TEXT : right->type, inputs, sql);
    rs_buf_add_char(sql, ')');
}

static void add_case(const rs_expr *expr, const rs_rule_input *inputs, rs_buf *sql)
{
    rs_buf_add(sql, "CASE");
    size_t index = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        if (index % 2 == 0 && child->next != NULL) {
            rs_buf_add(sql, " WHEN ");
            rs_expr_add_sql(child, inputs, sql);
        } else {
            rs_buf_add(sql, index % 2 == 0 ? " ELSE " : " THEN ");
            add_as(child, expr->type, inputs, sql);
        }
    }
    rs_buf_add(sql, " END");
}

static void add_call(const rs_expr *expr, const rs_rule_input *inputs, rs_buf *sql)
{
    rs_buf_addf(sql, "%s(", expr->function->name);
    bool is_joined = expr->function->result == RS_EXPR_IS_UNKNOWN;
    const char *parameter = expr->function->parameters;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next) {
        bool is_text = is_joined ? expr->type == RS_EXPR_IS_TEXT : *parameter == 't';
        add_as(child, is_text ? RS_EXPR_IS_TEXT : child->type, inputs, sql);
        rs_buf_add(sql, child->next != NULL ? ", " : "");
        parameter += parameter[1] != '\0';
    }
    rs_buf_add_char(sql, ')');
}

void rs_expr_add_sql(const rs_expr *expr, const rs_rule_input *inputs, rs_buf *sql)
{
    switch (expr->kind) {
    case RS_EXPR_COLUMN:
        add_column(expr, inputs, sql);
        break;
    case RS_EXPR_TEXT:
        rs_buf_add_sql_literal(sql, expr->text);
        break;
    case RS_EXPR_INT:
        rs_buf_addf(sql, "%" PRId64, expr->i64);
        break;
    case RS_EXPR_FLOAT:
        rs_buf_addf(sql, "CAST(%.17g AS DOUBLE)", expr->f64);
        break;
    case RS_EXPR_BOOL:
        rs_buf_add(sql, expr->i64 != 0 ? "TRUE" : "FALSE");
        break;
    case RS_EXPR_NULL:
        rs_buf_add(sql, "NULL");
        break;
    case RS_EXPR_UNARY:
    case RS_EXPR_BINARY:
        add_operator(expr, inputs, sql);
        break;
    case RS_EXPR_IS_NULL:
        rs_buf_add_char(sql, '(');
        rs_expr_add_sql(expr->first, inputs, sql);
        rs_buf_add(sql, expr->is_negated ? " IS NOT NULL)" : " IS NULL)");
        break;
    case RS_EXPR_IN:
        rs_buf_add_char(sql, '(');
        rs_expr_add_sql(expr->first, inputs, sql);
        rs_buf_add(sql, expr->is_negated ? " NOT IN (" : " IN (");
        add_children(expr->first->next, inputs, sql);
        rs_buf_add(sql, "))");
        break;
    case RS_EXPR_CASE:
        add_case(expr, inputs, sql);
        break;
    case RS_EXPR_CALL:
        add_call(expr, inputs, sql);
        break;
    }
}
