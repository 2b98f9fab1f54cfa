/* SPDX-License-Identifier: Apache-2.0 */
/* The table of operators, and what follows from a row of it. */
#include <string.h>

#include "plan/op_impl.h"

static const rs_operator *const operators[] = {
    &rs_op_filter_project, &rs_op_hash_join,     &rs_op_interval_align, &rs_op_explode_list,
    &rs_op_union_all,      &rs_op_winner_select, &rs_op_aggregate,
};

const rs_operator *rs_operator_get(size_t index)
{
    return index < sizeof operators / sizeof operators[0] ? operators[index] : NULL;
}

const rs_operator *rs_operator_find(rs_str name)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (rs_str_equal(rs_str_of(operators[i]->name), name)) {
            return operators[i];
        }
    }
    return NULL;
}

const rs_key *rs_key_find(const rs_key *keys, rs_str name)
{
    for (; keys->name != NULL; keys++) {
        if (rs_str_equal(rs_str_of(keys->name), name)) {
            return keys;
        }
    }
    return NULL;
}

rs_expr *const *rs_key_exprs(const rs_plan *plan, const rs_key *key, size_t *n_exprs)
{
    const char *base = (const char *)plan;
    rs_expr *const *exprs = (rs_expr *const *)(const void *)(base + key->at);
    *n_exprs = 0;
    if (key->kind == RS_KEY_EXPRS) {
        memcpy(n_exprs, base + key->n_at, sizeof *n_exprs);
    } else if (key->kind == RS_KEY_EXPR || key->kind == RS_KEY_INTERVAL) {
        *n_exprs = exprs[0] == NULL ? 0 : key->kind == RS_KEY_EXPR ? 1 : 2;
    }
    return exprs;
}

bool rs_join_is_half(rs_join join)
{
    return join == RS_JOIN_SEMI || join == RS_JOIN_ANTI;
}

size_t rs_plan_n_paired(const rs_plan *plan)
{
    return plan->op->places == RS_PLACES_TWO && !rs_join_is_half(plan->join) ? plan->n_inputs : 1;
}

bool rs_plan_may_gain(const rs_plan *plan, size_t input)
{
    bool chooses = plan->op->meets == RS_MEETS_BY_INTERVAL && input == 1;
    return plan->winner.n_keys > 0 || plan->op->groups || chooses ||
           rs_plan_does_without(plan, input);
}

bool rs_plan_does_without(const rs_plan *plan, size_t input)
{
    return input > 0 &&
           (plan->join == RS_JOIN_LEFT || plan->join == RS_JOIN_ANTI || plan->align.keeps_left);
}

bool rs_plan_packs_places(const rs_plan *plan)
{
    return rs_plan_n_paired(plan) > 2;
}

int64_t rs_plan_pack_place(const int64_t rows[RS_PLAN_MAX_JOINED], size_t number)
{
    const int64_t *two = rows + 2 * number;
    RS_ASSERT(two[0] < RS_PLAN_PLACE_FACTOR - 1 && two[1] < RS_PLAN_PLACE_FACTOR - 1);
    return (two[0] + 1) * RS_PLAN_PLACE_FACTOR + (two[1] + 1);
}

/* The row of an input in places that hold two each. */
static int64_t unpack_row(size_t input, int64_t o1, int64_t o2)
{
    int64_t place = input < 2 ? o1 : o2;
    return (input % 2 == 0 ? place / RS_PLAN_PLACE_FACTOR : place % RS_PLAN_PLACE_FACTOR) - 1;
}

int64_t rs_plan_row_read(const rs_plan *plan, size_t input, int64_t o1, int64_t o2)
{
    if (plan->op->places == RS_PLACES_ANY) {
        return (int64_t)input == o1 ? o2 : -1;
    }
    if (rs_plan_packs_places(plan)) {
        return unpack_row(input, o1, o2);
    }
    return input >= rs_plan_n_paired(plan) ? -1 : input == 0 ? o1 : o2;
}

bool rs_plan_reads_one_file(const rs_plan *plan)
{
    return plan->n_inputs > 0;
}
