/* SPDX-License-Identifier: Apache-2.0 */
/* interval_align: intervals of the first input against those of the second, best first. */
#include <stddef.h>
#include <string.h>

#include "plan/align.h"
#include "plan/op_impl.h"

/* --- the order --- */

/* clang-format off */
#define BY_SCORE(measure) {measure, true, "score", "higher"}
#define BY_LENGTH {RS_MEASURE_LENGTH, false, "length", "shorter"}
#define BY_START {RS_MEASURE_START, false, "first byte", "lower"}

static const rs_align_term orders[][RS_N_ALIGN_TERMS] = {
    [RS_ALIGN_EXACT] = {BY_SCORE(RS_MEASURE_SHORTNESS), BY_LENGTH, BY_START},
    [RS_ALIGN_CONTAINED_BEST] = {BY_SCORE(RS_MEASURE_SHORTNESS), BY_LENGTH, BY_START},
    [RS_ALIGN_OVERLAP_BEST] = {BY_SCORE(RS_MEASURE_OVERLAP), BY_LENGTH, BY_START},
    [RS_ALIGN_COVERING_SMALLEST] = {BY_SCORE(RS_MEASURE_SHORTNESS), BY_LENGTH, BY_START},
};
/* clang-format on */

const rs_align_term *rs_align_order(rs_align_mode mode)
{
    RS_ASSERT((size_t)mode < sizeof orders / sizeof orders[0]);
    return orders[mode];
}

const char *rs_measure_sql(rs_measure measure)
{
    static const char *const texts[] = {
        [RS_MEASURE_OVERLAP] = "least(l._end, r._end) - greatest(l._start, r._start)",
        [RS_MEASURE_SHORTNESS] = "r._start - r._end",
        [RS_MEASURE_LENGTH] = "r._end - r._start",
        [RS_MEASURE_START] = "r._start",
    };
    RS_ASSERT((size_t)measure < sizeof texts / sizeof texts[0]);
    return texts[measure];
}

/* --- checking --- */

static bool check_interval(rs_plan_checker *checker, rs_expr *const ends[2], size_t input,
                           const char *key)
{
    for (size_t i = 0; i < 2; i++) {
        if (!rs_expr_check(checker->scope, ends[i])) {
            return false;
        }
        bool is_whole = ends[i]->type == RS_EXPR_IS_I32 || ends[i]->type == RS_EXPR_IS_I64;
        if (!is_whole || rs_expr_inputs(ends[i]) != 1u << input) {
            rs_problems_add(
                checker->problems, ends[i]->place, "%s: expected a whole number of %s, found %s",
                key, checker->scope->inputs[input].alias,
                is_whole ? "one of another input" : rs_expr_type_name(ends[i], checker->arena));
            return false;
        }
    }
    return true;
}

static void see_match(rs_plan_checker *checker, rs_plan *plan)
{
    bool is_sure = !plan->align.keeps_left;
    rs_column *columns = NULL;
    const rs_dataset *match = rs_check_new_dataset(checker, "match", 3, &columns);
    if (match == NULL) {
        return;
    }
    columns[0] = (rs_column){.name = "kind", .type = RS_TYPE_STR, .required = true, .source = ""};
    columns[1] =
        (rs_column){.name = "score", .type = RS_TYPE_F64, .required = is_sure, .source = ""};
    columns[2] =
        (rs_column){.name = "rank", .type = RS_TYPE_I32, .required = is_sure, .source = ""};
    rs_check_see(
        checker, plan,
        &(rs_plan_input){
            .alias = "match", .dataset = match, .sql_alias = "match", .sql_prefix = "match_"});
}

static void check(rs_plan_checker *checker, rs_plan *plan)
{
    rs_align *align = &plan->align;
    RS_ASSERT(plan->n_inputs == 2 && align->n_ties <= RS_PLAN_MAX_ITEMS);
    rs_check_on(checker, plan);
    rs_check_where(checker, plan);
    (void)(check_interval(checker, align->left, 0, "left") &&
           check_interval(checker, align->right, 1, "right"));
    for (size_t i = 0; i < align->n_ties; i++) {
        if (rs_expr_check(checker->scope, align->ties[i]) && rs_expr_inputs(align->ties[i]) != 2u) {
            rs_problems_add(checker->problems, align->ties[i]->place,
                            "ties: expected an expression over %s alone", plan->inputs[1].alias);
        }
    }
    see_match(checker, plan);
    if (align->keeps_left) {
        checker->scope->n_sure = 1;
    }
}

static bool is_local(const rs_plan *plan)
{
    return rs_on_is_local(plan->on, 1);
}

/* --- steps: a side each, the pairs, the rows --- */

/* Conditions of a conjunction that name one input alone. */
static void add_side_where(const rs_plan *plan, const rs_expr *where, unsigned side,
                           const rs_dialect *dialect, size_t *n_added, rs_buf *sql)
{
    if (rs_expr_is_and(where)) {
        add_side_where(plan, where->first, side, dialect, n_added, sql);
        add_side_where(plan, where->first->next, side, dialect, n_added, sql);
    } else if (rs_expr_inputs(where) == side || (rs_expr_inputs(where) == 0 && side == 1u)) {
        rs_buf_add(sql, (*n_added)++ == 0 ? "\nWHERE " : "\n    AND ");
        rs_expr_add_sql(where, plan->inputs, dialect, sql);
    }
}

static size_t count_keys(const rs_expr *on)
{
    return rs_expr_is_and(on) ? count_keys(on->first) + count_keys(on->first->next) : 1;
}

/* One side of each equality: _k0, _k1, ... */
static void add_keys(const rs_plan *plan, const rs_expr *on, unsigned side,
                     const rs_dialect *dialect, size_t *n_keys, rs_buf *sql)
{
    if (rs_expr_is_and(on)) {
        add_keys(plan, on->first, side, dialect, n_keys, sql);
        add_keys(plan, on->first->next, side, dialect, n_keys, sql);
        return;
    }
    const rs_expr *expr = rs_expr_inputs(on->first) == side ? on->first : on->first->next;
    rs_buf_add(sql, ",\n    ");
    rs_expr_add_sql(expr, plan->inputs, dialect, sql);
    rs_buf_addf(sql, " AS _k%zu", (*n_keys)++);
}

/* What the kernel needs of an input. */
static void add_side(const rs_plan *plan, size_t input, const rs_dialect *dialect, rs_buf *sql)
{
    const rs_plan_input *from = &plan->inputs[input];
    RS_ASSERT(input < 2);
    rs_expr *const *ends = input == 0 ? plan->align.left : plan->align.right;
    size_t n_keys = 0;
    size_t n_added = 0;
    rs_buf_add(sql, "SELECT\n    ");
    rs_dialect_add_name(dialect, rs_str_of(from->alias), sql);
    rs_buf_add(sql, "._row AS _row");
    add_keys(plan, plan->on, 1u << input, dialect, &n_keys, sql);
    for (size_t i = 0; i < 2; i++) {
        rs_buf_add(sql, ",\n    ");
        rs_expr_add_sql(ends[i], plan->inputs, dialect, sql);
        rs_buf_add(sql, i == 0 ? " AS _start" : " AS _end");
    }
    for (size_t i = 0; input == 1 && i < plan->align.n_ties; i++) {
        rs_buf_add(sql, ",\n    ");
        rs_expr_add_sql(plan->align.ties[i], plan->inputs, dialect, sql);
        rs_buf_addf(sql, " AS _t%zu", i);
    }
    rs_buf_add(sql, "\nFROM ");
    rs_input_add_from_sql(from, dialect, sql);
    if (plan->where != NULL) {
        add_side_where(plan, plan->where, 1u << input, dialect, &n_added, sql);
    }
}

static void add_left(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    add_side(plan, 0, dialect, sql);
}

static void add_right(const rs_plan *plan, const rs_dialect *dialect, rs_buf *sql)
{
    add_side(plan, 1, dialect, sql);
}

static void add_steps(rs_stepper *stepper)
{
    const rs_align *align = &stepper->plan->align;
    rs_stepper_add(stepper, RS_STEP_NAME_LEFT, add_left);
    rs_stepper_add(stepper, RS_STEP_NAME_RIGHT, add_right);
    rs_names keys = rs_stepper_numbered(stepper, 'k', count_keys(stepper->plan->on));
    rs_names ties = rs_stepper_numbered(stepper, 't', align->n_ties);
    rs_order_term *terms = rs_stepper_take(stepper, align->n_ties + 1, sizeof *terms);
    if (stepper->failed) {
        return;
    }
    for (size_t i = 0; i < ties.n_items; i++) {
        terms[i] = (rs_order_term){.column = ties.items[i]};
    }
    const rs_align_side side = {.row = "_row", .start = "_start", .end = "_end", .keys = keys};
    const rs_kernel_call call = {
        .kernel = RS_KERNEL_interval_align,
        .as.interval_align = {.left = side,
                              .right = side,
                              .mode = align->mode,
                              .keep = align->keeps_all ? RS_ALIGN_KEEP_ALL : RS_ALIGN_KEEP_BEST,
                              .keep_unmatched = align->keeps_left,
                              .ties = {terms, ties.n_items, false}}};
    rs_stepper_add_kernel(stepper, RS_STEP_NAME_MATCH, &call, 2, (rs_names){0});
}

/* The pairs that were found, with the rows that they name. */
static void add_from(const rs_plan *plan, const rs_dialect *dialect, bool with_inputs, rs_buf *sql)
{
    static const char *const rows[] = {"left_row", "right_row"};
    (void)with_inputs;
    rs_step_add_name(plan, RS_STEP_NAME_MATCH, dialect, sql);
    rs_buf_add(sql, " AS ");
    rs_dialect_add_name(dialect, RS_STR_LITERAL("match"), sql);
    for (size_t i = 0; i < 2; i++) {
        rs_buf_add(sql, i == 1 && plan->align.keeps_left ? "\nLEFT JOIN " : "\nJOIN ");
        rs_input_add_from_sql(&plan->inputs[i], dialect, sql);
        rs_buf_add(sql, " ON ");
        rs_dialect_add_name(dialect, RS_STR_LITERAL("match"), sql);
        rs_buf_add_char(sql, '.');
        rs_dialect_add_name(dialect, rs_str_of(rows[i]), sql);
        rs_buf_add(sql, " = ");
        rs_dialect_add_name(dialect, rs_str_of(plan->inputs[i].alias), sql);
        rs_buf_add(sql, "._row");
    }
}

/* --- the row --- */

/* All rows of one span are equally good; elsewhere the best one is meant. */
static bool keeps_all(const rs_plan *plan)
{
    return plan->align.mode == RS_ALIGN_EXACT;
}

static const char *mode_word(size_t number)
{
    return number < RS_N_ALIGN_MODES ? rs_align_mode_name((rs_align_mode)number) : NULL;
}

static const char *how_word(size_t number)
{
    static const char *const words[] = {"inner", "left", NULL};
    return words[number];
}

static const char *keep_word(size_t number)
{
    static const char *const words[] = {"best", "all", NULL};
    return words[number];
}

static const rs_key align_keys[] = {
    {.name = "left",
     .doc = "[start, end): whole numbers of the first input",
     .kind = RS_KEY_INTERVAL,
     .is_required = true,
     .at = offsetof(rs_plan, align.left)},
    {.name = "right",
     .doc = "the same of the second input",
     .kind = RS_KEY_INTERVAL,
     .is_required = true,
     .at = offsetof(rs_plan, align.right)},
    {.name = "mode",
     .doc = "how the two meet",
     .kind = RS_KEY_WORD,
     .is_required = true,
     .at = offsetof(rs_plan, align.mode),
     .word = mode_word},
    {.name = "how",
     .doc = "left: rows of the first input that meet nothing stay; default inner",
     .kind = RS_KEY_SWITCH,
     .at = offsetof(rs_plan, align.keeps_left),
     .word = how_word},
    {.name = "keep",
     .doc = "best: one row of the second input for each of the first; default all for exact, "
            "else best",
     .kind = RS_KEY_SWITCH,
     .at = offsetof(rs_plan, align.keeps_all),
     .word = keep_word,
     .otherwise = keeps_all},
    {.name = "ties",
     .doc = "what orders rows of the second input that are equally good",
     .kind = RS_KEY_EXPRS,
     .at = offsetof(rs_plan, align.ties),
     .n_at = offsetof(rs_plan, align.n_ties),
     .most = RS_PLAN_MAX_ITEMS},
    {.name = NULL},
};

static const rs_key keys[] = {
    {.name = "on",
     .doc = "equalities of a column of either input, joined by AND",
     .kind = RS_KEY_EXPR,
     .is_required = true,
     .at = offsetof(rs_plan, on)},
    {.name = "align",
     .doc = "which intervals meet, and how",
     .kind = RS_KEY_KEYS,
     .is_required = true,
     .keys = align_keys},
    {.name = NULL},
};

const rs_operator rs_op_interval_align = {
    .name = "interval_align",
    .doc = "the intervals of an input and those of another that lie in them, around them or "
           "across, the best first",
    .min_inputs = 2,
    .max_inputs = 2,
    .keys = keys,
    .needs_output = true,
    .filters_first = true,
    .hands_on = true,
    .places = RS_PLACES_TWO,
    .meets = RS_MEETS_BY_INTERVAL,
    .score = "score",
    .check = check,
    .is_local = is_local,
    .add_steps = add_steps,
    .add_from = add_from,
};
