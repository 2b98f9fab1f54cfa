/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql.h"

#include <string.h>

/* --- columns and orders --- */

static bool holds(const rs_names *names, const char *name)
{
    for (size_t i = 0; i < names->n_items; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_name(rs_buf *sql, const char *name)
{
    rs_buf_add_sql_name(sql, rs_str_of(name));
}

static void add_names(rs_buf *sql, const rs_names *names)
{
    for (size_t i = 0; i < names->n_items; i++) {
        rs_buf_add(sql, i == 0 ? "" : ", ");
        add_name(sql, names->items[i]);
    }
}

static void add_direction(rs_buf *sql, const rs_order_term *term)
{
    rs_buf_add(sql, term->descending ? " DESC" : " ASC");
    rs_buf_add(sql, term->nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* A list of terms that is written one by one: "" before the first, ", " before the others. */
typedef struct term_list {
    rs_buf *sql;
    const char *before;
} term_list;

static void add_term(term_list *list, const rs_order_term *term)
{
    rs_buf_add(list->sql, list->before);
    add_name(list->sql, term->column);
    add_direction(list->sql, term);
    list->before = ", ";
}

static bool is_ordered_by(const rs_order *order, const char *column)
{
    for (size_t i = 0; i < order->n_terms; i++) {
        if (strcmp(order->terms[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

/* The total order behind keys: score, what is listed, the remaining columns. */
static void add_total_order(rs_buf *sql, const char *before, const rs_relation *in,
                            const rs_names *keys, const char *score, const rs_order *order)
{
    term_list list = {sql, before};
    if (score != NULL) {
        add_term(&list, &(rs_order_term){.column = score, .descending = true});
    }
    for (size_t i = 0; i < order->n_terms; i++) {
        add_term(&list, &order->terms[i]);
    }
    for (size_t i = 0; i < in->columns.n_items; i++) {
        const char *column = in->columns.items[i];
        if (!holds(keys, column) && !is_ordered_by(order, column) &&
            (score == NULL || strcmp(score, column) != 0)) {
            add_term(&list, &(rs_order_term){.column = column});
        }
    }
}

static void add_order_by_keys(rs_buf *sql, const rs_names *keys)
{
    term_list list = {sql, "\nORDER BY "};
    for (size_t i = 0; i < keys->n_items; i++) {
        add_term(&list, &(rs_order_term){.column = keys->items[i]});
    }
}

static void add_from(rs_buf *sql, const rs_relation *in)
{
    rs_buf_add(sql, "\nFROM ");
    add_name(sql, in->name);
}

/* --- stable_id --- */

void rs_kernel_add_sql_stable_id(const rs_relation *in, const rs_stable_id_call *call, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    add_names(sql, &in->columns);
    rs_buf_add(sql, in->columns.n_items > 0 ? ", stable_id(" : "stable_id(");
    rs_buf_add_sql_literal(sql, rs_str_of(call->tag));
    rs_buf_add(sql, call->columns.n_items > 0 ? ", " : "");
    add_names(sql, &call->columns);
    rs_buf_add(sql, ") AS ");
    add_name(sql, call->output);
    add_from(sql, in);
}

/* --- winner_select, dedupe, canonical_sort --- */

static void add_firsts(const rs_relation *in, const rs_dedupe_call *call, rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    add_names(sql, &in->columns);
    add_from(sql, in);
    rs_buf_add(sql, "\nQUALIFY row_number() OVER (PARTITION BY ");
    add_names(sql, &call->keys);
    add_total_order(sql, " ORDER BY ", in, &call->keys, call->score, &call->order);
    rs_buf_add(sql, ") = 1");
    add_order_by_keys(sql, &call->keys);
}

static void add_collapsed(const rs_relation *in, const rs_dedupe_call *call, rs_buf *sql)
{
    for (size_t i = 0; i < in->columns.n_items; i++) {
        const char *column = in->columns.items[i];
        rs_buf_add(sql, i == 0 ? "SELECT " : ",\n    ");
        if (holds(&call->keys, column)) {
            add_name(sql, column);
            continue;
        }
        rs_buf_add(sql, "list(");
        add_name(sql, column);
        add_total_order(sql, " ORDER BY ", in, &call->keys, call->score, &call->order);
        rs_buf_add(sql, ") AS ");
        add_name(sql, column);
    }
    add_from(sql, in);
    rs_buf_add(sql, "\nGROUP BY ");
    add_names(sql, &call->keys);
    add_order_by_keys(sql, &call->keys);
}

void rs_kernel_add_sql_winner_select(const rs_relation *in, const rs_winner_select_call *call,
                                     rs_buf *sql)
{
    add_firsts(in, &(rs_dedupe_call){.keys = call->keys, .order = call->order}, sql);
}

void rs_kernel_add_sql_dedupe(const rs_relation *in, const rs_dedupe_call *call, rs_buf *sql)
{
    if (call->strategy == RS_DEDUPE_COLLAPSE_LIST) {
        add_collapsed(in, call, sql);
    } else {
        add_firsts(in, call, sql);
    }
}

void rs_kernel_add_sql_canonical_sort(const rs_relation *in, const rs_canonical_sort_call *call,
                                      rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    add_names(sql, &in->columns);
    add_from(sql, in);
    add_total_order(sql, "\nORDER BY ", in, &(rs_names){0}, NULL, &call->order);
}

/* --- explode_list --- */

/* unnest(of the list), or of one null in the place of a null or empty list. */
static void add_unnest(const rs_explode_list_call *call, const char *before, const char *after,
                       rs_buf *sql)
{
    rs_buf_add(sql, "unnest(");
    if (call->keep_empty) {
        rs_buf_add(sql, "CASE WHEN len(");
        add_name(sql, call->list);
        rs_buf_add(sql, ") > 0 THEN ");
    }
    rs_buf_add(sql, before);
    add_name(sql, call->list);
    rs_buf_add(sql, after);
    rs_buf_add(sql, call->keep_empty ? " ELSE [NULL] END)" : ")");
}

void rs_kernel_add_sql_explode_list(const rs_relation *in, const rs_explode_list_call *call,
                                    rs_buf *sql)
{
    rs_buf_add(sql, "SELECT ");
    for (size_t i = 0; i < in->columns.n_items; i++) {
        if (strcmp(in->columns.items[i], call->list) != 0) {
            add_name(sql, in->columns.items[i]);
            rs_buf_add(sql, ", ");
            continue;
        }
        add_unnest(call, "", "", sql);
        rs_buf_add(sql, " AS ");
        add_name(sql, call->element);
        rs_buf_add(sql, ", ");
    }
    rs_buf_add(sql, "CAST(");
    add_unnest(call, "range(len(", "))", sql);
    rs_buf_add(sql, " AS INTEGER) AS ");
    add_name(sql, call->position);
    add_from(sql, in);
}

/* --- interval_align --- */

static const char *const kinds[] = {
    [RS_ALIGN_EXACT] = "'EXACT'",
    [RS_ALIGN_CONTAINED_BEST] = "'CONTAINED_BEST'",
    [RS_ALIGN_OVERLAP_BEST] = "'OVERLAP_BEST'",
    [RS_ALIGN_COVERING_SMALLEST] = "'COVERING_SMALLEST'",
};

/* How r's and l's ends of a span compare, two of them; {NULL} for exact. */
typedef struct meeting {
    const char *right_start_is; /* comparison of r.start with left_of_start */
    const char *left_of_start;
    const char *right_end_is;
    const char *left_of_end;
} meeting;

static const meeting meetings[] = {
    [RS_ALIGN_EXACT] = {"=", "start", "=", "end"},
    [RS_ALIGN_CONTAINED_BEST] = {">=", "start", "<=", "end"},
    [RS_ALIGN_OVERLAP_BEST] = {"<", "end", ">", "start"},
    [RS_ALIGN_COVERING_SMALLEST] = {"<=", "start", ">=", "end"},
};

/* "a IS NOT NULL AND ..." of the keys and the span. */
static void add_can_match(const rs_align_side *side, rs_buf *sql)
{
    for (size_t i = 0; i < side->keys.n_items; i++) {
        add_name(sql, side->keys.items[i]);
        rs_buf_add(sql, " IS NOT NULL AND ");
    }
    rs_buf_add(sql, "coalesce(0 <= ");
    add_name(sql, side->start);
    rs_buf_add(sql, " AND ");
    add_name(sql, side->start);
    rs_buf_add(sql, " <= ");
    add_name(sql, side->end);
    rs_buf_add(sql, ", false)");
}

/* A side under names of our own: _row, _start, _end, _k0 ..., _t0 ... */
static void add_side(const rs_relation *in, const rs_align_side *side, const rs_order *ties,
                     const char *alias, rs_buf *sql)
{
    rs_buf_add(sql, "(SELECT CAST(");
    add_name(sql, side->row);
    rs_buf_add(sql, " AS BIGINT) AS _row, CAST(");
    add_name(sql, side->start);
    rs_buf_add(sql, " AS BIGINT) AS _start, CAST(");
    add_name(sql, side->end);
    rs_buf_add(sql, " AS BIGINT) AS _end");
    for (size_t i = 0; i < side->keys.n_items; i++) {
        rs_buf_add(sql, ", ");
        add_name(sql, side->keys.items[i]);
        rs_buf_addf(sql, " AS _k%zu", i);
    }
    for (size_t i = 0; i < ties->n_terms; i++) {
        rs_buf_add(sql, ", ");
        add_name(sql, ties->terms[i].column);
        rs_buf_addf(sql, " AS _t%zu", i);
    }
    rs_buf_add(sql, " FROM ");
    add_name(sql, in->name);
    rs_buf_add(sql, " WHERE ");
    add_can_match(side, sql);
    rs_buf_addf(sql, ") AS %s", alias);
}

static void add_place(const char *alias, size_t n_keys, const char *of, rs_buf *sql)
{
    rs_buf_add(sql, n_keys > 0 ? "row(" : "");
    for (size_t i = 0; i < n_keys; i++) {
        rs_buf_addf(sql, "%s._k%zu, ", alias, i);
    }
    rs_buf_addf(sql, "%s._%s%s", alias, of, n_keys > 0 ? ")" : "");
}

/*
 * The keys stand before the places in two comparisons of rows. Both can hold only where the keys
 * are equal, and the engine has a join for two inequalities that is near linear; with an equality
 * beside them it would compare every pair of a key.
 */
static void add_meeting(const rs_interval_align_call *call, rs_buf *sql)
{
    const meeting *of = &meetings[call->mode];
    size_t n_keys = call->left.keys.n_items;
    rs_buf_add(sql, "\n    ON ");
    if (call->mode == RS_ALIGN_EXACT) {
        for (size_t i = 0; i < n_keys; i++) {
            rs_buf_addf(sql, "r._k%zu = l._k%zu AND ", i, i);
        }
        rs_buf_add(sql, "r._start = l._start AND r._end = l._end");
        return;
    }
    add_place("r", n_keys, "start", sql);
    rs_buf_addf(sql, " %s ", of->right_start_is);
    add_place("l", n_keys, of->left_of_start, sql);
    rs_buf_add(sql, "\n        AND ");
    add_place("r", n_keys, "end", sql);
    rs_buf_addf(sql, " %s ", of->right_end_is);
    add_place("l", n_keys, of->left_of_end, sql);
}

static void add_pairs(const rs_relation *left, const rs_relation *right,
                      const rs_interval_align_call *call, rs_buf *sql)
{
    const char *score = call->mode == RS_ALIGN_OVERLAP_BEST
                            ? "least(l._end, r._end) - greatest(l._start, r._start)"
                            : "r._start - r._end";
    rs_buf_addf(sql,
                "SELECT l._row AS left_row, r._row AS right_row,\n"
                "    CAST(%s AS DOUBLE) AS match_score,\n"
                "    CAST(row_number() OVER (PARTITION BY l._row ORDER BY %s DESC, "
                "r._end - r._start, r._start, ",
                score, score);
    for (size_t i = 0; i < call->ties.n_terms; i++) {
        rs_buf_addf(sql, "r._t%zu", i);
        add_direction(sql, &call->ties.terms[i]);
        rs_buf_add(sql, ", ");
    }
    rs_buf_add(sql, "r._row) AS INTEGER) AS match_rank\nFROM ");
    add_side(left, &call->left, &(rs_order){0}, "l", sql);
    rs_buf_add(sql, "\nJOIN ");
    add_side(right, &call->right, &call->ties, "r", sql);
    add_meeting(call, sql);
    rs_buf_add(sql, call->keep == RS_ALIGN_KEEP_BEST ? "\nQUALIFY match_rank = 1" : "");
}

static void add_with_unmatched(const rs_relation *left, const rs_interval_align_call *call,
                               const char *pairs, rs_buf *sql)
{
    rs_buf_addf(sql,
                "SELECT a._row AS left_row, p.right_row,\n"
                "    CASE WHEN p.right_row IS NOT NULL THEN %s WHEN a._can_match THEN 'NO_MATCH' "
                "ELSE 'NO_KEY_OR_SPAN' END AS match_kind,\n"
                "    p.match_score, p.match_rank\nFROM (SELECT CAST(",
                kinds[call->mode]);
    add_name(sql, call->left.row);
    rs_buf_add(sql, " AS BIGINT) AS _row, ");
    add_can_match(&call->left, sql);
    rs_buf_add(sql, " AS _can_match FROM ");
    add_name(sql, left->name);
    rs_buf_addf(sql, ") AS a\nLEFT JOIN (%s) AS p ON p.left_row = a._row", pairs);
}

void rs_kernel_add_sql_interval_align(const rs_relation *left, const rs_relation *right,
                                      const rs_interval_align_call *call, rs_buf *sql)
{
    rs_buf pairs = {0};
    add_pairs(left, right, call, &pairs);
    if (call->keep_unmatched) {
        add_with_unmatched(left, call, rs_buf_text(&pairs), sql);
    } else {
        rs_buf_addf(sql, "SELECT left_row, right_row, %s AS match_kind, match_score, match_rank\n",
                    kinds[call->mode]);
        rs_buf_addf(sql, "FROM (%s) AS p", rs_buf_text(&pairs));
    }
    rs_buf_add(sql, "\nORDER BY left_row, match_rank");
    sql->failed = sql->failed || pairs.failed;
    rs_buf_release(&pairs);
}

/* --- any --- */

void rs_kernel_add_sql(const rs_kernel_call *call, const rs_relation *inputs, rs_buf *sql)
{
    switch (call->kernel) {
    case RS_KERNEL_stable_id:
        rs_kernel_add_sql_stable_id(&inputs[0], &call->as.stable_id, sql);
        break;
    case RS_KERNEL_interval_align:
        rs_kernel_add_sql_interval_align(&inputs[0], &inputs[1], &call->as.interval_align, sql);
        break;
    case RS_KERNEL_winner_select:
        rs_kernel_add_sql_winner_select(&inputs[0], &call->as.winner_select, sql);
        break;
    case RS_KERNEL_dedupe:
        rs_kernel_add_sql_dedupe(&inputs[0], &call->as.dedupe, sql);
        break;
    case RS_KERNEL_canonical_sort:
        rs_kernel_add_sql_canonical_sort(&inputs[0], &call->as.canonical_sort, sql);
        break;
    case RS_KERNEL_explode_list:
        rs_kernel_add_sql_explode_list(&inputs[0], &call->as.explode_list, sql);
        break;
    case RS_N_KERNELS:
        RS_ASSERT(call->kernel != RS_N_KERNELS);
        break;
    }
}
