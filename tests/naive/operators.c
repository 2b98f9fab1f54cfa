/* SPDX-License-Identifier: Apache-2.0 */
#include "naive/operators.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/engine.h"
#include "plan/operator.h"

/* Rows that meet, by input of the plan, and where they stand: what orders what is made of them. */
typedef struct naive_match {
    const naive_row *seen[RS_PLAN_MAX_SEEN];
    int64_t first;
    int64_t second;
} naive_match;

RS_VEC_DEFINE(naive_matches, naive_match)

static void *take(naive_run *run, size_t n_items, size_t n_item_bytes)
{
    void *memory = rs_arena_alloc(run->arena, n_items + 1, n_item_bytes);
    RS_ASSERT(memory != NULL);
    return memory;
}

static const naive_rows *rows_of(naive_run *run, size_t input)
{
    return &run->table(run->context, run->plan->inputs[input].dataset)->rows;
}

static naive_value eval(naive_run *run, const naive_match *match, const rs_expr *expr)
{
    memcpy(run->scope.rows, match->seen, sizeof match->seen);
    return naive_eval(&run->scope, expr);
}

static bool holds(naive_run *run, const naive_match *match, const rs_expr *condition)
{
    return condition == NULL || naive_is_true(eval(run, match, condition));
}

static void add(naive_run *run, naive_matches *out, naive_match match)
{
    run->failed = !naive_matches_push(out, match) || run->failed;
}

/* A row that an operator adds to what expressions see, behind the inputs. */
static const naive_row *new_row(naive_run *run, const naive_value *values, size_t n_values)
{
    naive_value *copy = take(run, n_values, sizeof *copy);
    naive_row *row = take(run, 1, sizeof *row);
    memcpy(copy, values, n_values * sizeof *values);
    *row = (naive_row){.values = copy};
    return row;
}

static naive_value int_value(int64_t value)
{
    return (naive_value){.kind = NAIVE_INT, .i = value};
}

/* --- one input: filter_project, winner_select, aggregate --- */

static void each_row(naive_run *run, naive_matches *out)
{
    if (run->plan->n_inputs == 0) {
        add(run, out, (naive_match){{NULL}, 0, 0});
        return;
    }
    const naive_rows *rows = rows_of(run, 0);
    for (size_t i = 0; i < rows->n_items; i++) {
        add(run, out, (naive_match){{&rows->items[i]}, rows->items[i].place, 0});
    }
}

/* --- hash_join --- */

/* The equalities by which an input meets those before it. */
static bool meets(naive_run *run, const naive_match *match, const rs_expr *on, size_t input)
{
    if (rs_expr_is_and(on)) {
        return meets(run, match, on->first, input) && meets(run, match, on->first->next, input);
    }
    return rs_on_input(on) != input || holds(run, match, on);
}

/* The row of each input from `input` on, for those before it. */
static void each_further(naive_run *run, naive_match *match, size_t input, naive_matches *out)
{
    const rs_plan *plan = run->plan;
    if (input == plan->n_inputs) {
        int64_t rows[RS_PLAN_MAX_JOINED] = {-1, -1, -1, -1};
        for (size_t i = 0; i < plan->n_inputs; i++) {
            rows[i] = match->seen[i] != NULL ? match->seen[i]->place : -1;
        }
        match->first = rs_plan_pack_place(rows, 0);
        match->second = rs_plan_pack_place(rows, 1);
        add(run, out, *match);
        return;
    }
    size_t n_met = 0;
    const naive_rows *all = rows_of(run, input);
    for (size_t i = 0; i < all->n_items; i++) {
        match->seen[input] = &all->items[i];
        if (input == 0 || meets(run, match, plan->on, input)) {
            n_met++;
            each_further(run, match, input + 1, out);
        }
    }
    match->seen[input] = NULL;
    if (n_met == 0 && input > 0 && plan->join == RS_JOIN_LEFT) {
        each_further(run, match, input + 1, out);
    }
}

static void each_pair(naive_run *run, naive_matches *out)
{
    if (rs_plan_packs_places(run->plan)) {
        naive_match match = {{NULL}, 0, 0};
        each_further(run, &match, 0, out);
        return;
    }
    const naive_rows *left = rows_of(run, 0);
    const naive_rows *right = rows_of(run, 1);
    rs_join join = run->plan->join;
    bool is_half = join == RS_JOIN_SEMI || join == RS_JOIN_ANTI;
    for (size_t i = 0; i < left->n_items; i++) {
        size_t n_met = 0;
        const naive_match alone = {{&left->items[i]}, left->items[i].place, 0};
        for (size_t j = 0; j < right->n_items; j++) {
            naive_match pair = alone;
            pair.seen[1] = &right->items[j];
            pair.second = right->items[j].place;
            if (holds(run, &pair, run->plan->on)) {
                n_met++;
                if (!is_half) {
                    add(run, out, pair);
                }
            }
        }
        if ((join == RS_JOIN_SEMI && n_met > 0) ||
            ((join == RS_JOIN_ANTI || join == RS_JOIN_LEFT) && n_met == 0)) {
            naive_match lonely = alone;
            lonely.second = is_half ? 0 : -1; /* of no row, as the engines' orders have it */
            add(run, out, lonely);
        }
    }
}

/* --- interval_align --- */

typedef struct candidate {
    const naive_row *right;
    int64_t start;
    int64_t end;
    double score;
    naive_value ties[RS_PLAN_MAX_ITEMS];
    size_t n_ties;
} candidate;

RS_VEC_DEFINE(candidates, candidate)

/* Conditions that name one side alone hold before anything is aligned. */
static bool side_holds(naive_run *run, const naive_match *match, const rs_expr *where, size_t side)
{
    if (where == NULL) {
        return true;
    }
    if (where->kind == RS_EXPR_BINARY && strcmp(where->op->symbol, "AND") == 0) {
        return side_holds(run, match, where->first, side) &&
               side_holds(run, match, where->first->next, side);
    }
    unsigned inputs = rs_expr_inputs(where);
    bool is_its = inputs == 1u << side || (inputs == 0 && side == 0);
    return !is_its || holds(run, match, where);
}

static bool interval_of(naive_run *run, const naive_match *match, rs_expr *const ends[2],
                        int64_t *start, int64_t *end)
{
    naive_value first = eval(run, match, ends[0]);
    naive_value last = eval(run, match, ends[1]);
    *start = first.i;
    *end = last.i;
    return first.kind != NAIVE_NULL && last.kind != NAIVE_NULL && 0 <= first.i && first.i <= last.i;
}

/* left [a, b), right [c, d). */
static bool intervals_meet(rs_align_mode mode, int64_t a, int64_t b, int64_t c, int64_t d)
{
    switch (mode) {
    case RS_ALIGN_EXACT:
        return c == a && d == b;
    case RS_ALIGN_CONTAINED_BEST:
        return c >= a && d <= b;
    case RS_ALIGN_OVERLAP_BEST:
        return c < b && d > a;
    case RS_ALIGN_COVERING_SMALLEST:
        return c <= a && d >= b;
    case RS_N_ALIGN_MODES:
        break;
    }
    return false;
}

static double score_of(rs_align_mode mode, int64_t a, int64_t b, int64_t c, int64_t d)
{
    int64_t in_common = (b < d ? b : d) - (a > c ? a : c);
    return (double)(mode == RS_ALIGN_OVERLAP_BEST ? in_common : c - d);
}

/* Score, then the shortest, the first, the ties, the row: the one total order. */
static int by_rank(const void *left, const void *right)
{
    const candidate *a = left;
    const candidate *b = right;
    if (a->score > b->score || a->score < b->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->end - a->start != b->end - b->start) {
        return a->end - a->start < b->end - b->start ? -1 : 1;
    }
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    for (size_t i = 0; i < a->n_ties; i++) {
        int order = naive_compare(a->ties[i], b->ties[i]);
        if (order != 0) {
            return order;
        }
    }
    return a->right->place < b->right->place ? -1 : a->right->place > b->right->place;
}

/* The rows of the right side that meet a row of the left, best first. */
static void find_candidates(naive_run *run, const naive_match *alone, int64_t start, int64_t end,
                            candidates *out)
{
    const rs_align *align = &run->plan->align;
    const naive_rows *right = rows_of(run, 1);
    for (size_t i = 0; i < right->n_items; i++) {
        naive_match pair = *alone;
        candidate found = {.right = &right->items[i], .n_ties = align->n_ties};
        pair.seen[1] = found.right;
        if (!side_holds(run, &pair, run->plan->where, 1) ||
            !interval_of(run, &pair, align->right, &found.start, &found.end) ||
            !intervals_meet(align->mode, start, end, found.start, found.end) ||
            !holds(run, &pair, run->plan->on)) {
            continue;
        }
        found.score = score_of(align->mode, start, end, found.start, found.end);
        for (size_t t = 0; t < align->n_ties; t++) {
            found.ties[t] = eval(run, &pair, align->ties[t]);
        }
        run->failed = !candidates_push(out, found) || run->failed;
    }
    if (out->n_items > 0) {
        qsort(out->items, out->n_items, sizeof *out->items, by_rank);
    }
}

/* The columns of `match`: kind, score, rank. */
static const naive_row *match_row(naive_run *run, const candidate *found, size_t rank,
                                  const char *kind)
{
    const naive_value none = {.kind = NAIVE_NULL};
    const naive_value values[] = {
        {.kind = NAIVE_TEXT, .text = rs_str_of(kind)},
        found != NULL ? (naive_value){.kind = NAIVE_FLOAT, .f = found->score} : none,
        found != NULL ? int_value((int64_t)rank + 1) : none,
    };
    return new_row(run, values, sizeof values / sizeof values[0]);
}

static void each_aligned(naive_run *run, naive_matches *out)
{
    static const char *const kinds[] = {[RS_ALIGN_EXACT] = "EXACT",
                                        [RS_ALIGN_CONTAINED_BEST] = "CONTAINED_BEST",
                                        [RS_ALIGN_OVERLAP_BEST] = "OVERLAP_BEST",
                                        [RS_ALIGN_COVERING_SMALLEST] = "COVERING_SMALLEST"};
    const rs_plan *plan = run->plan;
    const naive_rows *left = rows_of(run, 0);
    for (size_t i = 0; i < left->n_items; i++) {
        const naive_row *row = &left->items[i];
        const naive_match alone = {{row}, row->place, -1};
        candidates found = {0};
        int64_t start = 0;
        int64_t end = 0;
        if (!side_holds(run, &alone, plan->where, 0)) {
            continue;
        }
        bool can_match = interval_of(run, &alone, plan->align.left, &start, &end);
        if (can_match) {
            find_candidates(run, &alone, start, end, &found);
        }
        for (size_t c = 0; c < found.n_items && (c == 0 || plan->align.keeps_all); c++) {
            naive_match pair = alone;
            pair.seen[1] = found.items[c].right;
            pair.second = found.items[c].right->place;
            pair.seen[plan->n_inputs] = match_row(run, &found.items[c], c, kinds[plan->align.mode]);
            add(run, out, pair);
        }
        if (found.n_items == 0 && plan->align.keeps_left) {
            naive_match lonely = alone;
            lonely.seen[plan->n_inputs] =
                match_row(run, NULL, 0, can_match ? "NO_MATCH" : "NO_KEY_OR_SPAN");
            add(run, out, lonely);
        }
        candidates_release(&found);
    }
}

/* --- explode_list --- */

static void add_item(naive_run *run, const naive_match *alone, naive_value value, int64_t position,
                     naive_matches *out)
{
    naive_match match = *alone;
    const naive_value values[] = {value, int_value(position)};
    match.seen[run->plan->n_inputs] = new_row(run, values, 2);
    match.second = position;
    add(run, out, match);
}

static void split(naive_run *run, const naive_match *alone, rs_str text, naive_matches *out)
{
    rs_str separator = run->plan->explode.separator;
    int64_t position = 0;
    size_t from = 0;
    for (size_t at = 0; at + separator.n_bytes <= text.n_bytes && separator.n_bytes > 0;) {
        if (memcmp(text.bytes + at, separator.bytes, separator.n_bytes) != 0) {
            at++;
            continue;
        }
        const rs_str part = {text.bytes + from, at - from};
        add_item(run, alone, (naive_value){.kind = NAIVE_TEXT, .text = part}, position++, out);
        at += separator.n_bytes;
        from = at;
    }
    const rs_str rest = {text.bytes + from, text.n_bytes - from};
    add_item(run, alone, (naive_value){.kind = NAIVE_TEXT, .text = rest}, position, out);
}

static void each_item(naive_run *run, naive_matches *out)
{
    const rs_explode *explode = &run->plan->explode;
    const naive_rows *rows = rows_of(run, 0);
    const rs_column *column = &run->plan->inputs[run->plan->n_inputs].dataset->columns[0];
    for (size_t i = 0; i < rows->n_items; i++) {
        const naive_match alone = {{&rows->items[i]}, rows->items[i].place, 0};
        if (explode->text != NULL) {
            naive_value text = eval(run, &alone, explode->text);
            if (text.kind != NAIVE_NULL) {
                split(run, &alone, naive_text(text), out);
            }
            continue;
        }
        for (size_t j = 0; j < explode->n_items; j++) {
            naive_value value = eval(run, &alone, explode->items[j]);
            add_item(run, &alone, naive_cast(&run->scope, value, column), (int64_t)j, out);
        }
    }
}

/* --- union_all --- */

/* A row with the columns that all inputs have, under their names. */
static void each_of_all(naive_run *run, naive_matches *out)
{
    const rs_plan *plan = run->plan;
    const rs_dataset *each = plan->inputs[plan->n_inputs].dataset;
    for (size_t input = 0; input < plan->n_inputs; input++) {
        const rs_dataset *from = plan->inputs[input].dataset;
        const naive_rows *rows = rows_of(run, input);
        for (size_t i = 0; i < rows->n_items; i++) {
            naive_match match = {{NULL}, (int64_t)input, rows->items[i].place};
            naive_value *values = take(run, each->n_columns, sizeof *values);
            for (size_t c = 0; c < each->n_columns; c++) {
                const rs_column *column = rs_column_find(from, rs_str_of(each->columns[c].name));
                values[c] = column != NULL ? rows->items[i].values[column - from->columns]
                                           : (naive_value){.kind = NAIVE_BOOL}; /* damaged */
            }
            match.seen[input] = &rows->items[i];
            match.seen[plan->n_inputs] = new_row(run, values, each->n_columns);
            add(run, out, match);
        }
    }
}

/* --- aggregate --- */

static bool same_group(naive_run *run, const naive_match *a, const naive_match *b)
{
    for (size_t i = 0; i < run->plan->n_group_by; i++) {
        naive_value left = eval(run, a, run->plan->group_by[i]);
        if (naive_compare(left, eval(run, b, run->plan->group_by[i])) != 0) {
            return false;
        }
    }
    return true;
}

/* --- what rows are made of --- */

static void add_origins(naive_run *run, size_t input, const naive_row *from, naive_row *row)
{
    const rs_dataset *dataset = run->plan->inputs[input].dataset;
    bool is_relationship = strcmp(dataset->lens, "relationship") == 0;
    size_t n_more = from == NULL ? 0 : is_relationship ? from->n_origins : 1;
    rs_origin *origins = take(run, row->n_origins + n_more, sizeof *origins);
    if (row->n_origins > 0) {
        memcpy(origins, row->origins, row->n_origins * sizeof *origins);
    }
    for (size_t i = 0; i < n_more; i++) {
        origins[row->n_origins + i] =
            is_relationship ? from->origins[i]
                            : (rs_origin){dataset - rs_dataset_get((rs_dataset_id)0),
                                          from->values[rs_column_index(dataset, dataset->key)].i};
    }
    row->origins = origins;
    row->n_origins += n_more;
}

/* A union's row is of one input; half a join shows its left side alone. */
static void set_origins(naive_run *run, const naive_match *match, naive_row *row)
{
    bool is_half = run->plan->join == RS_JOIN_SEMI || run->plan->join == RS_JOIN_ANTI;
    for (size_t i = 0; i < run->plan->n_inputs && !(i == 1 && is_half) && run->has_lineage; i++) {
        if (match->seen[i] != NULL) {
            add_origins(run, i, match->seen[i], row);
        }
    }
}

/* --- from matches to rows --- */

static bool drops(const rs_select *select, const naive_value *values)
{
    for (size_t i = 0; select->drops_null_value && i < select->output->n_columns; i++) {
        if (strncmp(select->output->columns[i].name, "value_", 6) == 0 &&
            select->columns[i] != NULL && values[i].kind == NAIVE_NULL) {
            return true;
        }
    }
    return false;
}

static bool passes_filter(naive_run *run, const naive_row *row)
{
    naive_match match = {{NULL}, 0, 0};
    if (run->plan->filter == NULL) {
        return true;
    }
    RS_ASSERT(run->plan->n_seen > 0); /* the last one that a filter sees is the output's row */
    match.seen[run->plan->n_seen - 1] = row;
    return holds(run, &match, run->plan->filter);
}

static void project(naive_run *run, const rs_select *select, const naive_match *match)
{
    const rs_dataset *output = select->output;
    naive_value *values = take(run, output->n_columns, sizeof *values);
    for (size_t i = 0; i < output->n_columns; i++) {
        const rs_expr *expr = select->columns[i];
        values[i] = expr == NULL
                        ? (naive_value){.kind = NAIVE_NULL}
                        : naive_cast(&run->scope, eval(run, match, expr), &output->columns[i]);
    }
    naive_row row = {.values = values,
                     .place = (int64_t)run->rows.n_items,
                     .from = {match->first, match->second}};
    if (drops(select, values) || !passes_filter(run, &row)) {
        return;
    }
    set_origins(run, match, &row);
    run->failed = !naive_rows_push(&run->rows, row) || run->failed;
}

/* The row that stands for a group: its first damaged one, else its first. */
static bool stands_for(naive_run *run, const naive_match *other, const naive_match *first)
{
    const rs_dataset *dataset = run->plan->inputs[0].dataset;
    const rs_column *column = rs_column_find(dataset, RS_STR_LITERAL(RS_DAMAGE_COLUMN));
    size_t index = column != NULL ? (size_t)(column - dataset->columns) : 0;
    return column != NULL && naive_is_true(other->seen[0]->values[index]) &&
           !naive_is_true(first->seen[0]->values[index]);
}

static int by_origin(const void *left, const void *right)
{
    const naive_row *a = left;
    const naive_row *b = right;
    return a->from.first < b->from.first ? -1 : a->from.first > b->from.first;
}

/* One row for the rows of a group, which are evaluated where an aggregate stands. */
static void project_groups(naive_run *run, const rs_select *select, const naive_matches *matches)
{
    const naive_row **group = take(run, matches->n_items, sizeof *group);
    for (size_t i = 0; i < matches->n_items; i++) {
        size_t n_group = 0;
        bool is_first = true;
        const naive_match *chosen = &matches->items[i];
        for (size_t j = 0; j < matches->n_items && is_first; j++) {
            if (same_group(run, &matches->items[i], &matches->items[j])) {
                is_first = j >= i;
                group[n_group++] = matches->items[j].seen[0];
                chosen = stands_for(run, &matches->items[j], chosen) ? &matches->items[j] : chosen;
            }
        }
        if (is_first) {
            run->scope.group = group;
            run->scope.n_group = n_group;
            project(run, select, chosen);
        }
    }
    if (run->rows.n_items > 0) {
        qsort(run->rows.items, run->rows.n_items, sizeof *run->rows.items, by_origin);
    }
}

/* --- winner --- */

static int by_terms(const rs_sort_term *terms, size_t n_terms, const rs_dataset *dataset,
                    const naive_row *a, const naive_row *b)
{
    for (size_t i = 0; i < n_terms; i++) {
        size_t column = rs_column_index(dataset, terms[i].column->name);
        naive_value left = a->values[column];
        naive_value right = b->values[column];
        int order = naive_compare(left, right);
        bool has_null = left.kind == NAIVE_NULL || right.kind == NAIVE_NULL; /* stand last */
        if (order != 0) {
            return terms[i].is_descending && !has_null ? -order : order;
        }
    }
    return 0;
}

/* The order given, then that of every remaining column, then where the rows stand. */
static int by_total_order(const rs_plan *plan, const naive_row *a, const naive_row *b)
{
    const rs_dataset *dataset = plan->output;
    int order = by_terms(plan->winner.order, plan->winner.n_order, dataset, a, b);
    for (size_t i = 0; order == 0 && i < dataset->n_columns; i++) {
        order = naive_compare(a->values[i], b->values[i]);
    }
    return order != 0 ? order : a->place < b->place ? -1 : a->place > b->place;
}

static void keep_winners(naive_run *run)
{
    const rs_winner *winner = &run->plan->winner;
    naive_rows all = run->rows;
    run->rows = (naive_rows){0};
    for (size_t i = 0; i < all.n_items; i++) {
        bool is_best = true;
        for (size_t j = 0; j < all.n_items && is_best; j++) {
            bool is_rival = by_terms(winner->keys, winner->n_keys, run->plan->output, &all.items[i],
                                     &all.items[j]) == 0;
            is_best = !is_rival || by_total_order(run->plan, &all.items[j], &all.items[i]) >= 0;
        }
        run->failed = (is_best && !naive_rows_push(&run->rows, all.items[i])) || run->failed;
    }
    naive_rows_release(&all);
}

/* --- a plan --- */

static const struct {
    const char *name;
    void (*combine)(naive_run *run, naive_matches *out);
} operators[] = {
    {"filter_project", each_row}, {"hash_join", each_pair},   {"interval_align", each_aligned},
    {"explode_list", each_item},  {"union_all", each_of_all}, {"winner_select", each_row},
    {"aggregate", each_row},
};

static void combine(naive_run *run, naive_matches *out)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strcmp(operators[i].name, run->plan->op->name) == 0) {
            operators[i].combine(run, out);
            return;
        }
    }
    run->scope.fault = "an operator that the evaluator does not have";
}

/* Some operators looked at the conditions already. */
static void keep_where(naive_run *run, naive_matches *matches)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < matches->n_items; i++) {
        if (run->plan->op->filters_first || holds(run, &matches->items[i], run->plan->where)) {
            matches->items[n_kept++] = matches->items[i];
        }
    }
    matches->n_items = n_kept;
}

static int by_place(const void *left, const void *right)
{
    const naive_match *a = left;
    const naive_match *b = right;
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return a->second < b->second ? -1 : a->second > b->second;
}

void naive_run_plan(naive_run *run)
{
    naive_matches matches = {0};
    run->scope.arena = run->arena;
    run->scope.inputs = run->plan->inputs;
    run->has_lineage = rs_plan_has_lineage(run->plan);
    combine(run, &matches);
    keep_where(run, &matches);
    if (matches.n_items > 0) {
        qsort(matches.items, matches.n_items, sizeof *matches.items, by_place);
    }
    for (size_t i = 0; i < run->plan->n_selects; i++) {
        const rs_select *select = &run->plan->selects[i];
        if (run->plan->op->groups) {
            project_groups(run, select, &matches);
            continue;
        }
        for (size_t j = 0; j < matches.n_items; j++) {
            project(run, select, &matches.items[j]);
        }
    }
    if (run->plan->winner.n_keys > 0) {
        keep_winners(run);
    }
    naive_matches_release(&matches);
}
