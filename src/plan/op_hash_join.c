/* SPDX-License-Identifier: Apache-2.0 */
/* hash_join: rows of two to four inputs that are equal in some columns. */
#include <stddef.h>
#include <string.h>

#include "plan/op_impl.h"

enum { MAX_KEY_COLUMNS = 4 };

static const char *const joins[] = {
    [RS_JOIN_INNER] = "inner",
    [RS_JOIN_LEFT] = "left",
    [RS_JOIN_SEMI] = "semi",
    [RS_JOIN_ANTI] = "anti",
};

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    checker->scope->n_visible = rs_join_is_half(plan->join) ? 1 : plan->n_inputs;
    checker->scope->n_sure = plan->join == RS_JOIN_LEFT ? 1 : plan->n_inputs;
    if (rs_join_is_half(plan->join) && plan->n_inputs > 2) {
        rs_problems_add(checker->problems, checker->inputs_place,
                        "inputs: a semi or anti join has two of them, not %zu", plan->n_inputs);
    }
    rs_check_on(checker, plan);
    rs_check_where(checker, plan);
}

static bool is_local(const rs_plan *plan)
{
    RS_ASSERT(plan->n_inputs >= 2 && plan->n_inputs <= RS_PLAN_MAX_JOINED);
    bool all = true;
    for (size_t i = 1; i < plan->n_inputs && all; i++) {
        all = rs_on_is_local(plan->on, i);
    }
    return all;
}

/* --- uniqueness --- */

/* The columns of an input that `on` says are equal to something, alone on their side. */
static size_t collect_columns(rs_expr *on, size_t input, rs_expr **columns, size_t n_columns)
{
    if (rs_expr_is_and(on)) {
        n_columns = collect_columns(on->first, input, columns, n_columns);
        return collect_columns(on->first->next, input, columns, n_columns);
    }
    for (rs_expr *side = on->first; side != NULL; side = side->next) {
        if (side->kind == RS_EXPR_COLUMN && side->input == input && n_columns < MAX_KEY_COLUMNS) {
            columns[n_columns++] = side;
        }
    }
    return n_columns;
}

/* A row of the other input meets at most one of this one: the condition names its whole key. */
static bool joins_at_most_one(const rs_plan *plan, size_t input)
{
    rs_expr *columns[MAX_KEY_COLUMNS] = {NULL};
    size_t n_columns = collect_columns(plan->on, input, columns, 0);
    return rs_plan_covers_key(plan, input, columns, n_columns);
}

/* Each of more than two rows is named: nothing else is proved of so many. */
static bool covers_all(const rs_plan *plan, rs_expr *const *exprs, size_t n_exprs)
{
    bool all = plan->join == RS_JOIN_INNER;
    for (size_t i = 0; i < plan->n_inputs && all; i++) {
        all = rs_plan_covers_key(plan, i, exprs, n_exprs);
    }
    return all;
}

static bool is_key(const rs_plan *plan, rs_expr *const *exprs, size_t n_exprs)
{
    bool has_left = rs_plan_covers_key(plan, 0, exprs, n_exprs);
    if (plan->n_inputs > 2) {
        return covers_all(plan, exprs, n_exprs);
    }
    if (rs_join_is_half(plan->join)) {
        return has_left;
    }
    bool has_right = rs_plan_covers_key(plan, 1, exprs, n_exprs);
    if (has_left && (has_right || joins_at_most_one(plan, 1))) {
        return true;
    }
    return plan->join == RS_JOIN_INNER && has_right && joins_at_most_one(plan, 0);
}

/* --- SQL --- */

/* The equalities by which an input meets those before it. */
static void add_on(const rs_plan *plan, const rs_expr *on, size_t input, const rs_dialect *dialect,
                   const char **before, rs_buf *sql)
{
    if (rs_expr_is_and(on)) {
        add_on(plan, on->first, input, dialect, before, sql);
        add_on(plan, on->first->next, input, dialect, before, sql);
    } else if (rs_on_input(on) == input) {
        rs_buf_add(sql, *before);
        rs_expr_add_sql(on, plan->inputs, dialect, sql);
        *before = " AND ";
    }
}

static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    const char *words[] = {
        [RS_JOIN_INNER] = "JOIN",
        [RS_JOIN_LEFT] = "LEFT JOIN",
        [RS_JOIN_SEMI] = dialect->semi_join,
        [RS_JOIN_ANTI] = dialect->anti_join,
    };
    (void)with_inputs;
    rs_input_add_from_sql(&plan->inputs[0], dialect, sql);
    for (size_t i = 1; i < plan->n_inputs; i++) {
        const char *before = " ON ";
        rs_buf_addf(sql, "\n%s ", words[plan->join]);
        rs_input_add_from_sql(&plan->inputs[i], dialect, sql);
        if (plan->n_inputs == 2) {
            rs_buf_add(sql, before);
            rs_expr_add_sql(plan->on, plan->inputs, dialect, sql);
        } else {
            add_on(plan, plan->on, i, dialect, &before, sql);
        }
    }
}

/* --- the row --- */

const char *rs_join_name(rs_join join)
{
    RS_ASSERT((size_t)join < sizeof joins / sizeof joins[0]);
    return joins[join];
}

static const char *word(size_t number)
{
    return number < sizeof joins / sizeof joins[0] ? joins[number] : NULL;
}

#define OTHER_WAY                                                                                  \
    "there is no ", " join: name the inputs the other way round, and join inner, left, semi or "   \
                    "anti"

static const rs_key_hint hints[] = {{"right", OTHER_WAY}, {"full", OTHER_WAY}, {NULL, "", ""}};

static const rs_key keys[] = {
    {.name = "join",
     .doc =
         "inner: rows that meet; left: also rows of the first input that meet none, of more than "
         "two inputs each further one likewise; semi and anti: rows of the first of two inputs "
         "alone, those that meet and those that do not",
     .kind = RS_KEY_WORD,
     .is_required = true,
     .at = offsetof(rs_plan, join),
     .word = word,
     .hints = hints},
    {.name = "on",
     .doc = "equalities of columns of two inputs, joined by AND, at least one for each input with "
            "one that stands before it; of a semi or anti join behind them also of a column and a "
            "constant, as d.def_kind = 'METHOD'",
     .kind = RS_KEY_EXPR,
     .is_required = true,
     .at = offsetof(rs_plan, on)},
    {.name = NULL},
};

const rs_operator rs_op_hash_join = {
    .name = "hash_join",
    .doc = "the rows of two to four inputs that are equal in some columns",
    .min_inputs = 2,
    .max_inputs = RS_PLAN_MAX_JOINED,
    .keys = keys,
    .hands_on = true,
    .places = RS_PLACES_TWO,
    .meets = RS_MEETS_BY_EQUALITY,
    .check = check,
    .is_local = is_local,
    .is_key = is_key,
    .add_from = add_from,
};
