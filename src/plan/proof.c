/* SPDX-License-Identifier: Apache-2.0 */
/* What can be proved of the rows of a select. */
#include <string.h>

#include "plan/op_impl.h"

enum { MAX_KEY_COLUMNS = 4 };

/* --- uniqueness --- */

static bool is_column(const rs_expr *expr, size_t input, rs_str name)
{
    return expr != NULL && expr->kind == RS_EXPR_COLUMN && expr->input == input &&
           rs_str_equal(rs_str_of(expr->column->name), name);
}

bool rs_plan_covers_key(const rs_plan *plan, size_t input, rs_expr *const *exprs, size_t n_exprs)
{
    const char *key = plan->inputs[input].dataset->key;
    while (*key != '\0') {
        rs_str name = rs_key_next(&key);
        bool found = false;
        for (size_t i = 0; i < n_exprs && !found; i++) {
            found = is_column(exprs[i], input, name);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

bool rs_plan_covers_first(const rs_plan *plan, rs_expr *const *exprs, size_t n_exprs)
{
    return rs_plan_covers_key(plan, 0, exprs, n_exprs);
}

static size_t key_exprs(const rs_select *select, rs_expr **exprs)
{
    static const char *const keys[][3] = {
        [RS_G_nodes] = {"node_id", NULL, NULL},
        [RS_G_edges] = {"src", "dst", "start_byte"},
        [RS_G_props] = {"entity_id", NULL, NULL},
        [RS_G_derivations] = {NULL, NULL, NULL},
    };
    size_t id = (size_t)(select->output - rs_graph_dataset_get(RS_G_nodes));
    size_t n_exprs = 0;
    for (size_t i = 0; i < 3 && keys[id][i] != NULL; i++) {
        exprs[n_exprs++] = select->columns[rs_column_index(select->output, keys[id][i])];
    }
    return n_exprs;
}

static bool is_unique(const rs_select *select)
{
    const rs_plan *plan = select->plan;
    rs_expr *exprs[MAX_KEY_COLUMNS] = {NULL};
    if (plan->form == RS_EMIT_ROWS) {
        return false; /* its contract's gate looks at every row */
    }
    size_t n_exprs = key_exprs(select, exprs);
    if (plan->n_inputs == 0) {
        return true;
    }
    return plan->op->is_key != NULL && plan->op->is_key(plan, exprs, n_exprs);
}

/* The ends of an edge refer to what its kind says. */
static void prove_ends(rs_select *select)
{
    static const char *const columns[] = {"src", "dst"};
    rs_edge_kind kind = (rs_edge_kind)0;
    bool is_edge = select->plan->form == RS_EMIT_EDGE && select->kind != NULL &&
                   rs_edge_kind_find(rs_str_of(select->kind), &kind);
    for (size_t i = 0; i < 2 && is_edge; i++) {
        const rs_expr *end = select->columns[rs_column_index(select->output, columns[i])];
        select->has_end[i] =
            end != NULL &&
            rs_referent_is(rs_expr_referent(end), rs_referent_of(rs_edge_kind_get(kind)->ends[i]));
    }
}

/* Every value lies in 0 .. 1: a constant, the confidence of a row that went through a gate, or one of
 * those. */
static bool is_share(const rs_expr *expr)
{
    if (expr->kind != RS_EXPR_CASE) {
        bool is_gated = expr->kind == RS_EXPR_COLUMN && expr->column->type == RS_TYPE_F32 &&
                        strcmp(expr->column->name, RS_SHARE_COLUMN) == 0;
        return is_gated || expr->kind == RS_EXPR_NULL ||
               (expr->kind == RS_EXPR_INT && (expr->i64 == 0 || expr->i64 == 1)) ||
               (expr->kind == RS_EXPR_FLOAT && expr->f64 >= 0 && expr->f64 <= 1);
    }
    size_t index = 0;
    for (const rs_expr *child = expr->first; child != NULL; child = child->next, index++) {
        bool is_condition = index % 2 == 0 && child->next != NULL;
        if (!is_condition && !is_share(child)) {
            return false;
        }
    }
    return true;
}

static bool has_share(const rs_select *select)
{
    const rs_column *column = rs_column_find(select->output, rs_str_of(RS_SHARE_COLUMN));
    const rs_expr *expr = column != NULL ? select->columns[column - select->output->columns] : NULL;
    return expr == NULL || is_share(expr);
}

void rs_select_prove(rs_select *select)
{
    RS_ASSERT(select->output->n_columns <= RS_PLAN_MAX_COLUMNS);
    select->is_ordered = select->plan->op->is_projection;
    select->is_unique = is_unique(select);
    prove_ends(select);
    select->has_share = has_share(select);
    select->not_null = 0;
    for (size_t i = 0; i < select->output->n_columns; i++) {
        const rs_expr *expr = select->columns[i];
        select->not_null |= (uint64_t)(expr != NULL && !expr->is_nullable) << i;
    }
}

bool rs_select_may_lack(const rs_select *select, size_t column)
{
    return select->output->columns[column].required && (select->not_null >> column & 1) == 0;
}

bool rs_select_may_be_outside(const rs_select *select, size_t column)
{
    return !select->has_share && strcmp(select->output->columns[column].name, RS_SHARE_COLUMN) == 0;
}

/* --- clashes between two selects --- */

/* The tag of global_id('tag', ...); NULL for any other expression. */
static const char *tag_of(const rs_expr *expr)
{
    bool is_global = expr->kind == RS_EXPR_CALL && strcmp(expr->function->name, "global_id") == 0 &&
                     expr->first->kind == RS_EXPR_TEXT;
    return is_global ? expr->first->text.bytes : NULL;
}

static bool is_of_any_family(rs_referent referent)
{
    return referent.family == RS_ENTITY_any || referent.family == RS_ENTITY_node ||
           referent.family == RS_N_ENTITIES;
}

/* False only when the ids are of two families. */
static bool may_be_equal(const rs_expr *one, const rs_expr *other)
{
    if (one == NULL || other == NULL) {
        return true;
    }
    const char *tags[] = {tag_of(one), tag_of(other)};
    if (tags[0] != NULL && tags[1] != NULL) {
        return strcmp(tags[0], tags[1]) == 0;
    }
    rs_referent a = rs_expr_referent(one);
    rs_referent b = rs_expr_referent(other);
    return is_of_any_family(a) || is_of_any_family(b) || a.family == b.family;
}

bool rs_select_may_clash(const rs_select *a, const rs_select *b)
{
    if (a->output != b->output) {
        return false;
    }
    if (a->kind != NULL && b->kind != NULL && strcmp(a->kind, b->kind) != 0 &&
        a->output == rs_graph_dataset_get(RS_G_edges)) {
        return false;
    }
    if (a->property != NULL && (strcmp(a->property->key, b->property->key) != 0 ||
                                a->property->is_edge != b->property->is_edge)) {
        return false;
    }
    rs_expr *left[MAX_KEY_COLUMNS] = {NULL};
    rs_expr *right[MAX_KEY_COLUMNS] = {NULL};
    size_t n_exprs = key_exprs(a, left);
    (void)key_exprs(b, right);
    for (size_t i = 0; i < n_exprs; i++) {
        if (!may_be_equal(left[i], right[i])) {
            return false;
        }
    }
    return true;
}
