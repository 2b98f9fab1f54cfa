/* SPDX-License-Identifier: Apache-2.0 */
/* Tree to the engine's SQL. Every operator stands in parentheses of its own. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "plan/expr.h"

enum { MAX_NAME_BYTES = 160, MAX_GUARDED_BYTES = 64 };

typedef void add_nth(const rs_expr *expr, size_t n, const rs_plan_input *inputs,
                     const rs_dialect *dialect, rs_buf *sql);

static void add_children(const rs_expr *first, const rs_plan_input *inputs,
                         const rs_dialect *dialect, rs_buf *sql)
{
    for (const rs_expr *child = first; child != NULL; child = child->next) {
        rs_expr_add_sql(child, inputs, dialect, sql);
        rs_buf_add(sql, child->next != NULL ? ", " : "");
    }
}

/* A word where a text is meant: the engine would take a literal beside it for a word. */
static void add_as(const rs_expr *expr, rs_expr_type type, const rs_plan_input *inputs,
                   const rs_dialect *dialect, rs_buf *sql)
{
    bool is_cast =
        expr->type == RS_EXPR_IS_WORD && type == RS_EXPR_IS_TEXT && !dialect->is_for_people;
    rs_buf_add(sql, is_cast ? "CAST(" : "");
    rs_expr_add_sql(expr, inputs, dialect, sql);
    if (is_cast) {
        rs_buf_addf(sql, " AS %s)", dialect->text_type);
    }
}

static void add_column(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                       rs_buf *sql)
{
    const rs_plan_input *input = &inputs[expr->input];
    char name[MAX_NAME_BYTES];
    int n_bytes = snprintf(name, sizeof name, "%s%s", input->sql_prefix, expr->column->name);
    RS_ASSERT(n_bytes > 0 && (size_t)n_bytes < sizeof name);
    rs_dialect_add_name(dialect, rs_str_of(input->sql_alias), sql);
    rs_buf_add_char(sql, '.');
    rs_dialect_add_name(dialect, (rs_str){name, (size_t)n_bytes}, sql);
}

/* The text of a template, its arguments in place of $1, $2, ..., and $b. */
static void add_template(const char *text, const rs_expr *expr, add_nth *add,
                         const rs_plan_input *inputs, const rs_dialect *dialect, rs_buf *sql)
{
    for (; *text != '\0'; text++) {
        if (*text == '$' && text[1] == 'b') {
            rs_buf_addf(sql, "%d", (int)RS_ID_ENTITY_BITS);
            text++;
        } else if (*text == '$') {
            add(expr, (size_t)(*++text - '1'), inputs, dialect, sql);
        } else {
            rs_buf_add_char(sql, *text);
        }
    }
}

/* The n-th operand; a word beside a word of another set, or beside ||, is a text. */
static void add_operand(const rs_expr *expr, size_t n, const rs_plan_input *inputs,
                        const rs_dialect *dialect, rs_buf *sql)
{
    const rs_expr *left = expr->first;
    const rs_expr *right = left->next;
    const rs_expr *operand = n == 0 ? left : right;
    bool mixes = !rs_words_are_same(left->words, right->words) && left->kind != RS_EXPR_TEXT &&
                 right->kind != RS_EXPR_TEXT;
    bool is_text =
        expr->op->op_class == RS_OP_CONCAT || (expr->op->op_class == RS_OP_COMPARE && mixes);
    add_as(operand, is_text ? RS_EXPR_IS_TEXT : operand->type, inputs, dialect, sql);
}

static void add_operator(const rs_expr *expr, const rs_plan_input *inputs,
                         const rs_dialect *dialect, rs_buf *sql)
{
    const char *symbol = expr->op->symbol;
    if (expr->first->next == NULL) {
        rs_buf_addf(sql, "(%s ", symbol);
        rs_expr_add_sql(expr->first, inputs, dialect, sql);
        rs_buf_add_char(sql, ')');
        return;
    }
    const char *text = rs_dialect_template(dialect, symbol);
    if (text != NULL) {
        add_template(text, expr, add_operand, inputs, dialect, sql);
        return;
    }
    if (symbol[0] == '/' && expr->type != RS_EXPR_IS_F64) {
        symbol = dialect->whole_division; /* an engine's / may give a fraction */
    }
    rs_buf_add_char(sql, '(');
    add_operand(expr, 0, inputs, dialect, sql);
    rs_buf_addf(sql, " %s ", symbol);
    add_operand(expr, 1, inputs, dialect, sql);
    rs_buf_add_char(sql, ')');
}

static void add_case(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                     rs_buf *sql)
{
    rs_buf_add(sql, "CASE");
    size_t index = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        if (index % 2 == 0 && child->next != NULL) {
            rs_buf_add(sql, " WHEN ");
            rs_expr_add_sql(child, inputs, dialect, sql);
        } else {
            rs_buf_add(sql, index % 2 == 0 ? " ELSE " : " THEN ");
            add_as(child, expr->type, inputs, dialect, sql);
        }
    }
    rs_buf_add(sql, " END");
}

/* The n-th argument, as its parameter wants it. */
static void add_argument(const rs_expr *call, size_t n, const rs_plan_input *inputs,
                         const rs_dialect *dialect, rs_buf *sql)
{
    bool is_joined = call->function->result == RS_EXPR_IS_UNKNOWN;
    const char *parameter = call->function->parameters;
    const rs_expr *child = call->first;
    for (size_t i = 0; i < n; i++) {
        child = child->next;
        parameter += parameter[1] != '\0';
    }
    bool is_text = is_joined ? call->type == RS_EXPR_IS_TEXT : *parameter == 't';
    add_as(child, is_text ? RS_EXPR_IS_TEXT : child->type, inputs, dialect, sql);
}

/* Whether an argument behind the first may be null. */
static bool has_nullable(const rs_expr *call)
{
    bool found = false;
    const rs_expr *child = call->first != NULL ? call->first->next : NULL;
    for (; child != NULL && !found; child = child->next) {
        found = child->is_nullable || child->kind == RS_EXPR_NULL;
    }
    return found;
}

/* How the dialect writes a call; NULL: by its name. "NAME null" is for arguments that may be null, where
 * the engine's own functions would make a value of one. */
static const char *template_of(const rs_expr *call, const rs_dialect *dialect)
{
    const char *name = call->function->name;
    const char *text = NULL;
    char guarded[MAX_GUARDED_BYTES];
    if (strcmp(name, "file_of") == 0) {
        name = rs_file_of_template(rs_expr_lies_in_file(call->first));
    } else if (has_nullable(call)) {
        (void)snprintf(guarded, sizeof guarded, "%s null", name);
        text = rs_dialect_template(dialect, guarded);
    }
    return text != NULL ? text : rs_dialect_template(dialect, name);
}

static void add_call(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                     rs_buf *sql)
{
    const char *text = template_of(expr, dialect);
    if (text == NULL) {
        rs_buf_addf(sql, "%s(", expr->function->name);
        for (size_t i = 0; i < expr->n_children; i++) {
            rs_buf_add(sql, i == 0 ? "" : ", ");
            add_argument(expr, i, inputs, dialect, sql);
        }
        rs_buf_add_char(sql, ')');
        return;
    }
    add_template(text, expr, add_argument, inputs, dialect, sql);
}

/* A null of the table equals nothing, so it must not make NOT IN unknown for every row. */
static void add_param(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                      rs_buf *sql)
{
    const rs_param_table *param = expr->param;
    const rs_str column = rs_str_of(param->column->name);
    rs_buf_add_char(sql, '(');
    add_as(expr->first, param->column->type == RS_TYPE_STR ? RS_EXPR_IS_TEXT : expr->first->type,
           inputs, dialect, sql);
    if (dialect->is_for_people) {
        rs_buf_addf(sql, expr->is_negated ? " NOT IN params.%s)" : " IN params.%s)", param->name);
        return;
    }
    rs_buf_add(sql, expr->is_negated ? " NOT IN (SELECT " : " IN (SELECT ");
    rs_dialect_add_name(dialect, column, sql);
    rs_buf_add(sql, " FROM ");
    rs_dialect_add_name(dialect, rs_str_of(param->table), sql);
    rs_buf_add(sql, " WHERE ");
    rs_dialect_add_name(dialect, column, sql);
    rs_buf_add(sql, " IS NOT NULL))");
}

void rs_expr_add_sql(const rs_expr *expr, const rs_plan_input *inputs, const rs_dialect *dialect,
                     rs_buf *sql)
{
    switch (expr->kind) {
    case RS_EXPR_COLUMN:
        add_column(expr, inputs, dialect, sql);
        break;
    case RS_EXPR_TEXT:
        rs_dialect_add_literal(dialect, expr->text, sql);
        break;
    case RS_EXPR_INT:
        rs_buf_addf(sql, "%" PRId64, expr->i64);
        break;
    case RS_EXPR_FLOAT:
        rs_buf_addf(sql, dialect->is_for_people ? "%.6g" : "CAST(%.17g AS DOUBLE)", expr->f64);
        break;
    case RS_EXPR_BOOL:
        rs_buf_add(sql, expr->i64 != 0 ? "TRUE" : "FALSE");
        break;
    case RS_EXPR_NULL:
        rs_buf_add(sql, "NULL");
        break;
    case RS_EXPR_UNARY:
    case RS_EXPR_BINARY:
        add_operator(expr, inputs, dialect, sql);
        break;
    case RS_EXPR_IS_NULL:
        rs_buf_add_char(sql, '(');
        rs_expr_add_sql(expr->first, inputs, dialect, sql);
        rs_buf_add(sql, expr->is_negated ? " IS NOT NULL)" : " IS NULL)");
        break;
    case RS_EXPR_IN:
        rs_buf_add_char(sql, '(');
        rs_expr_add_sql(expr->first, inputs, dialect, sql);
        rs_buf_add(sql, expr->is_negated ? " NOT IN (" : " IN (");
        add_children(expr->first->next, inputs, dialect, sql);
        rs_buf_add(sql, "))");
        break;
    case RS_EXPR_IN_PARAM:
        add_param(expr, inputs, dialect, sql);
        break;
    case RS_EXPR_CASE:
        add_case(expr, inputs, dialect, sql);
        break;
    case RS_EXPR_CALL:
        add_call(expr, inputs, dialect, sql);
        break;
    }
}

/* What a person reads needs no parentheses around the whole: those are the last that were written. */
void rs_expr_add_words(const rs_plan_input *inputs, const rs_expr *expr, rs_buf *out)
{
    bool has_own = expr->kind == RS_EXPR_UNARY || expr->kind == RS_EXPR_BINARY ||
                   expr->kind == RS_EXPR_IS_NULL || expr->kind == RS_EXPR_IN ||
                   expr->kind == RS_EXPR_IN_PARAM;
    rs_buf text = {0};
    rs_expr_add_sql(expr, inputs, &rs_dialect_person, &text);
    rs_str whole = rs_buf_str(&text);
    if (has_own && whole.n_bytes > 2) {
        whole = (rs_str){whole.bytes + 1, whole.n_bytes - 2};
    }
    rs_buf_add_str(out, whole);
    out->failed = out->failed || text.failed;
    rs_buf_release(&text);
}
