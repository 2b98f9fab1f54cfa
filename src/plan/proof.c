/* SPDX-License-Identifier: Apache-2.0 */
/* What can be proved of the rows of a select. */
#include <string.h>

#include "plan/op_impl.h"

enum { MAX_KEY_COLUMNS = 4 };

/*
 * Datasets whose key is an id that no other one gives. All other ids that the inventory and
 * syntax lenses have are those of syntax nodes, and so is every node_id.
 */
static const rs_dataset_id minting[] = {
    RS_DS_comments,     RS_DS_parse_errors,      RS_DS_repo_diagnostics, RS_DS_scopes,
    RS_DS_bindings,     RS_DS_scope_diagnostics, RS_DS_scip_metadata,    RS_DS_scip_documents,
    RS_DS_scip_symbols, RS_DS_scip_occurrences,  RS_DS_scip_diagnostics, RS_DS_scip_span_errors,
    RS_DS_cfg_blocks,   RS_DS_def_use_events,    RS_DS_flow_diagnostics,
};

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

void rs_select_prove(rs_select *select)
{
    RS_ASSERT(select->output->n_columns <= RS_PLAN_MAX_COLUMNS);
    select->is_ordered = select->plan->op->is_projection;
    select->is_unique = is_unique(select);
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

/* --- clashes between two selects --- */

static bool is_syntax_id(const rs_dataset *dataset, const char *column)
{
    if (strcmp(column, "node_id") == 0) {
        return true;
    }
    bool is_syntax =
        strcmp(dataset->lens, "syntax") == 0 || strcmp(dataset->lens, "inventory") == 0;
    size_t n_bytes = strlen(column);
    return is_syntax && n_bytes > 3 && strcmp(column + n_bytes - 3, "_id") == 0;
}

/* What kind of thing an id names; NULL when that cannot be told. */
static const char *family_of(const rs_plan *plan, const rs_expr *expr)
{
    if (expr == NULL) {
        return NULL;
    }
    if (expr->kind == RS_EXPR_CALL && strcmp(expr->function->name, "global_id") == 0 &&
        expr->first->kind == RS_EXPR_TEXT) {
        return expr->first->text.bytes;
    }
    if (expr->kind != RS_EXPR_COLUMN || expr->column->type != RS_TYPE_I64) {
        return NULL;
    }
    const rs_dataset *dataset = plan->inputs[expr->input].dataset;
    if (strcmp(expr->column->name, "file_id") == 0) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof minting / sizeof minting[0]; i++) {
        if (dataset == rs_dataset_get(minting[i]) &&
            strcmp(dataset->key, expr->column->name) == 0) {
            return dataset->name;
        }
    }
    return is_syntax_id(dataset, expr->column->name) ? "syntax_nodes" : NULL;
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
        const char *one = family_of(a->plan, left[i]);
        const char *other = family_of(b->plan, right[i]);
        if (one != NULL && other != NULL && strcmp(one, other) != 0) {
            return false;
        }
    }
    return true;
}
