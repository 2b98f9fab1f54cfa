/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns of its inputs a plan reads. */
#include "plan/operator.h"

enum { MAX_BITS = 64 };

typedef struct reader {
    const rs_plan *plan;
    size_t input;
    uint64_t columns;
} reader;

static void read_expr(reader *in, const rs_expr *expr)
{
    if (expr != NULL) {
        in->columns |= rs_expr_columns(expr, in->plan->inputs, in->input);
    }
}

static void read_exprs(reader *in, rs_expr *const *exprs, size_t n_exprs)
{
    for (size_t i = 0; i < n_exprs; i++) {
        read_expr(in, exprs[i]);
    }
}

/* What the operator's keys say; a mapping has no further one in it. */
static void read_keys(reader *in, const rs_key *keys)
{
    for (const rs_key *key = keys; key->name != NULL; key++) {
        size_t n_exprs = 0;
        rs_expr *const *exprs = rs_key_exprs(in->plan, key, &n_exprs);
        read_exprs(in, exprs, n_exprs);
        if (key->kind == RS_KEY_KEYS) {
            read_keys(in, key->keys);
        }
    }
}

static uint64_t columns_of(const rs_plan *plan, size_t input)
{
    reader in = {.plan = plan, .input = input};
    read_expr(&in, plan->where);
    read_expr(&in, plan->filter);
    read_keys(&in, plan->op->keys);
    for (size_t i = 0; i < plan->n_selects; i++) {
        read_exprs(&in, plan->selects[i].columns, plan->selects[i].output->n_columns);
    }
    return in.columns;
}

/* The columns of a dataset that have the names of those columns of another. */
static uint64_t same_names(const rs_dataset *dataset, const rs_dataset *other, uint64_t columns)
{
    uint64_t same = 0;
    for (size_t i = 0; i < other->n_columns; i++) {
        const rs_column *found = (columns >> i & 1) != 0
                                     ? rs_column_find(dataset, rs_str_of(other->columns[i].name))
                                     : NULL;
        same |= found != NULL ? UINT64_C(1) << (found - dataset->columns) : 0;
    }
    return same;
}

/* What names the rows that derivations keep: the key of evidence. */
static uint64_t lineage_of(const rs_dataset *dataset)
{
    uint64_t columns = 0;
    const char *key = dataset->key;
    while (*key != '\0') {
        const rs_column *column = rs_column_find(dataset, rs_key_next(&key));
        columns |= column != NULL ? UINT64_C(1) << (column - dataset->columns) : 0;
    }
    return columns;
}

void rs_plan_note_columns(rs_plan *plan)
{
    bool is_derived = false;
    for (size_t i = 0; i < plan->n_selects; i++) {
        is_derived = is_derived || plan->selects[i].is_derived;
    }
    for (size_t i = 0; i < plan->n_seen; i++) {
        RS_ASSERT(plan->inputs[i].dataset->n_columns <= MAX_BITS);
        plan->inputs[i].columns = columns_of(plan, i);
    }
    for (size_t i = 0; i < plan->n_inputs; i++) {
        rs_plan_input *input = &plan->inputs[i];
        if (plan->op->places == RS_PLACES_ANY) { /* whose rows are those of `each` */
            const rs_plan_input *each = &plan->inputs[plan->n_inputs];
            input->columns |= same_names(input->dataset, each->dataset, each->columns);
        }
        input->columns |= is_derived ? lineage_of(input->dataset) : 0;
    }
}
