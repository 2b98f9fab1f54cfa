/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/kernel_sql.h"

#include <string.h>

#include "plan/align.h"

/* What is written, and as whose. */
typedef struct writer {
    const rs_dialect *dialect;
    rs_buf *sql;
} writer;

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

static void add_name(writer *out, const char *name)
{
    rs_dialect_add_name(out->dialect, rs_str_of(name), out->sql);
}

static void add_names(writer *out, const rs_names *names)
{
    for (size_t i = 0; i < names->n_items; i++) {
        rs_buf_add(out->sql, i == 0 ? "" : ", ");
        add_name(out, names->items[i]);
    }
}

static void add_direction(writer *out, const rs_order_term *term)
{
    rs_buf_add(out->sql, term->descending ? " DESC" : " ASC");
    rs_buf_add(out->sql, term->nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* A list of terms that is written one by one: "" before the first, ", " before the others. */
typedef struct term_list {
    writer *out;
    const char *before;
} term_list;

static void add_term(term_list *list, const rs_order_term *term)
{
    rs_buf_add(list->out->sql, list->before);
    add_name(list->out, term->column);
    add_direction(list->out, term);
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
static void add_total_order(writer *out, const char *before, const rs_relation *in,
                            const rs_names *keys, const char *score, const rs_order *order)
{
    term_list list = {out, before};
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

static void add_order_by_keys(writer *out, const rs_names *keys)
{
    term_list list = {out, "\nORDER BY "};
    for (size_t i = 0; i < keys->n_items; i++) {
        add_term(&list, &(rs_order_term){.column = keys->items[i]});
    }
}

static void add_from(writer *out, const rs_relation *in)
{
    rs_buf_add(out->sql, "\nFROM ");
    add_name(out, in->name);
}

/* --- stable_id --- */

static void write_stable_id(const rs_relation *in, const rs_stable_id_call *call, writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    add_names(out, &in->columns);
    rs_buf_add(out->sql, in->columns.n_items > 0 ? ", stable_id(" : "stable_id(");
    rs_dialect_add_literal(out->dialect, rs_str_of(call->tag), out->sql);
    rs_buf_add(out->sql, call->columns.n_items > 0 ? ", " : "");
    add_names(out, &call->columns);
    rs_buf_add(out->sql, ") AS ");
    add_name(out, call->output);
    add_from(out, in);
}

/* --- winner_select, dedupe, canonical_sort --- */

/* The number of a row among those of its keys. */
static void add_number(const rs_relation *in, const rs_dedupe_call *call, writer *out)
{
    rs_buf_add(out->sql, "row_number() OVER (PARTITION BY ");
    add_names(out, &call->keys);
    add_total_order(out, " ORDER BY ", in, &call->keys, call->score, &call->order);
    rs_buf_add_char(out->sql, ')');
}

static void add_firsts(const rs_relation *in, const rs_dedupe_call *call, writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    add_names(out, &in->columns);
    if (out->dialect->has_qualify) {
        add_from(out, in);
        rs_buf_add(out->sql, "\nQUALIFY ");
        add_number(in, call, out);
        rs_buf_add(out->sql, " = 1");
    } else {
        rs_buf_add(out->sql, "\nFROM (SELECT ");
        add_names(out, &in->columns);
        rs_buf_add(out->sql, ", ");
        add_number(in, call, out);
        rs_buf_add(out->sql, " AS _number");
        add_from(out, in);
        rs_buf_add(out->sql, ") AS numbered\nWHERE _number = 1");
    }
    add_order_by_keys(out, &call->keys);
}

static void add_collapsed(const rs_relation *in, const rs_dedupe_call *call, writer *out)
{
    for (size_t i = 0; i < in->columns.n_items; i++) {
        const char *column = in->columns.items[i];
        rs_buf_add(out->sql, i == 0 ? "SELECT " : ",\n    ");
        if (holds(&call->keys, column)) {
            add_name(out, column);
            continue;
        }
        rs_buf_add(out->sql, "list(");
        add_name(out, column);
        add_total_order(out, " ORDER BY ", in, &call->keys, call->score, &call->order);
        rs_buf_add(out->sql, ") AS ");
        add_name(out, column);
    }
    add_from(out, in);
    rs_buf_add(out->sql, "\nGROUP BY ");
    add_names(out, &call->keys);
    add_order_by_keys(out, &call->keys);
}

static void write_winner_select(const rs_relation *in, const rs_winner_select_call *call,
                                writer *out)
{
    add_firsts(in, &(rs_dedupe_call){.keys = call->keys, .order = call->order}, out);
}

static void write_dedupe(const rs_relation *in, const rs_dedupe_call *call, writer *out)
{
    if (call->strategy == RS_DEDUPE_COLLAPSE_LIST) {
        add_collapsed(in, call, out);
    } else {
        add_firsts(in, call, out);
    }
}

static void write_canonical_sort(const rs_relation *in, const rs_canonical_sort_call *call,
                                 writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    add_names(out, &in->columns);
    add_from(out, in);
    add_total_order(out, "\nORDER BY ", in, &(rs_names){0}, NULL, &call->order);
}

/* --- explode_list --- */

/* unnest(of the list), or of one null in the place of a null or empty list. */
static void add_unnest(const rs_explode_list_call *call, const char *before, const char *after,
                       writer *out)
{
    rs_buf_add(out->sql, "unnest(");
    if (call->keep_empty) {
        rs_buf_add(out->sql, "CASE WHEN len(");
        add_name(out, call->list);
        rs_buf_add(out->sql, ") > 0 THEN ");
    }
    rs_buf_add(out->sql, before);
    add_name(out, call->list);
    rs_buf_add(out->sql, after);
    rs_buf_add(out->sql, call->keep_empty ? " ELSE [NULL] END)" : ")");
}

/* The view names what comes out of a list; one row for a null or empty list where it is OUTER. */
static void write_lateral(const rs_relation *in, const rs_explode_list_call *call, writer *out)
{
    rs_buf_add(out->sql, "SELECT ");
    for (size_t i = 0; i < in->columns.n_items; i++) {
        bool is_list = strcmp(in->columns.items[i], call->list) == 0;
        add_name(out, is_list ? call->element : in->columns.items[i]);
        rs_buf_add(out->sql, ", ");
    }
    add_name(out, call->position);
    add_from(out, in);
    rs_buf_addf(out->sql, "\nLATERAL VIEW%s posexplode(", call->keep_empty ? " OUTER" : "");
    add_name(out, call->list);
    rs_buf_add(out->sql, ") AS ");
    add_name(out, call->position);
    rs_buf_add(out->sql, ", ");
    add_name(out, call->element);
}

static void write_explode_list(const rs_relation *in, const rs_explode_list_call *call, writer *out)
{
    if (out->dialect->has_lateral_view) {
        write_lateral(in, call, out);
        return;
    }
    rs_buf_add(out->sql, "SELECT ");
    for (size_t i = 0; i < in->columns.n_items; i++) {
        if (strcmp(in->columns.items[i], call->list) != 0) {
            add_name(out, in->columns.items[i]);
            rs_buf_add(out->sql, ", ");
            continue;
        }
        add_unnest(call, "", "", out);
        rs_buf_add(out->sql, " AS ");
        add_name(out, call->element);
        rs_buf_add(out->sql, ", ");
    }
    rs_buf_add(out->sql, "CAST(");
    add_unnest(call, "range(len(", "))", out);
    rs_buf_add(out->sql, " AS INTEGER) AS ");
    add_name(out, call->position);
    add_from(out, in);
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
static void add_can_match(const rs_align_side *side, writer *out)
{
    for (size_t i = 0; i < side->keys.n_items; i++) {
        add_name(out, side->keys.items[i]);
        rs_buf_add(out->sql, " IS NOT NULL AND ");
    }
    rs_buf_add(out->sql, "coalesce(0 <= ");
    add_name(out, side->start);
    rs_buf_add(out->sql, " AND ");
    add_name(out, side->start);
    rs_buf_add(out->sql, " <= ");
    add_name(out, side->end);
    rs_buf_add(out->sql, ", false)");
}

/* A side under names of our own: _row, _start, _end, _k0 ..., _t0 ... */
static void add_side(const rs_relation *in, const rs_align_side *side, const rs_order *ties,
                     const char *alias, writer *out)
{
    rs_buf_add(out->sql, "(SELECT CAST(");
    add_name(out, side->row);
    rs_buf_add(out->sql, " AS BIGINT) AS _row, CAST(");
    add_name(out, side->start);
    rs_buf_add(out->sql, " AS BIGINT) AS _start, CAST(");
    add_name(out, side->end);
    rs_buf_add(out->sql, " AS BIGINT) AS _end");
    for (size_t i = 0; i < side->keys.n_items; i++) {
        rs_buf_add(out->sql, ", ");
        add_name(out, side->keys.items[i]);
        rs_buf_addf(out->sql, " AS _k%zu", i);
    }
    for (size_t i = 0; i < ties->n_terms; i++) {
        rs_buf_add(out->sql, ", ");
        add_name(out, ties->terms[i].column);
        rs_buf_addf(out->sql, " AS _t%zu", i);
    }
    rs_buf_add(out->sql, " FROM ");
    add_name(out, in->name);
    rs_buf_add(out->sql, " WHERE ");
    add_can_match(side, out);
    rs_buf_addf(out->sql, ") AS %s", alias);
}

static void add_place(const char *alias, size_t n_keys, const char *of, writer *out)
{
    if (n_keys > 0) {
        rs_buf_addf(out->sql, "%s(", out->dialect->row);
    }
    for (size_t i = 0; i < n_keys; i++) {
        rs_buf_addf(out->sql, "%s._k%zu, ", alias, i);
    }
    rs_buf_addf(out->sql, "%s._%s%s", alias, of, n_keys > 0 ? ")" : "");
}

/*
 * The keys stand before the places in two comparisons of rows. Both can hold only where the keys
 * are equal, and the engine has a join for two inequalities that is near linear; with an equality
 * beside them it would compare every pair of a key.
 */
static void add_meeting(const rs_interval_align_call *call, writer *out)
{
    const meeting *of = &meetings[call->mode];
    size_t n_keys = call->left.keys.n_items;
    rs_buf_add(out->sql, "\n    ON ");
    if (call->mode == RS_ALIGN_EXACT) {
        for (size_t i = 0; i < n_keys; i++) {
            rs_buf_addf(out->sql, "r._k%zu = l._k%zu AND ", i, i);
        }
        rs_buf_add(out->sql, "r._start = l._start AND r._end = l._end");
        return;
    }
    add_place("r", n_keys, "start", out);
    rs_buf_addf(out->sql, " %s ", of->right_start_is);
    add_place("l", n_keys, of->left_of_start, out);
    rs_buf_add(out->sql, "\n        AND ");
    add_place("r", n_keys, "end", out);
    rs_buf_addf(out->sql, " %s ", of->right_end_is);
    add_place("l", n_keys, of->left_of_end, out);
}

static void add_pairs(const rs_relation *left, const rs_relation *right,
                      const rs_interval_align_call *call, writer *out)
{
    const rs_align_term *terms = rs_align_order(call->mode);
    rs_buf_addf(out->sql,
                "SELECT l._row AS left_row, r._row AS right_row,\n"
                "    CAST(%s AS DOUBLE) AS match_score,\n"
                "    CAST(row_number() OVER (PARTITION BY l._row ORDER BY ",
                rs_measure_sql(terms[0].measure));
    for (size_t i = 0; i < RS_N_ALIGN_TERMS; i++) {
        rs_buf_addf(out->sql, "%s%s, ", rs_measure_sql(terms[i].measure),
                    terms[i].is_descending ? " DESC" : "");
    }
    for (size_t i = 0; i < call->ties.n_terms; i++) {
        rs_buf_addf(out->sql, "r._t%zu", i);
        add_direction(out, &call->ties.terms[i]);
        rs_buf_add(out->sql, ", ");
    }
    rs_buf_addf(out->sql, "r._row) AS %s) AS match_rank\nFROM ", out->dialect->whole_type);
    add_side(left, &call->left, &(rs_order){0}, "l", out);
    rs_buf_add(out->sql, "\nJOIN ");
    add_side(right, &call->right, &call->ties, "r", out);
    add_meeting(call, out);
    if (call->keep == RS_ALIGN_KEEP_BEST && out->dialect->has_qualify) {
        rs_buf_add(out->sql, "\nQUALIFY match_rank = 1");
    }
}

static void add_with_unmatched(const rs_relation *left, const rs_interval_align_call *call,
                               const char *pairs, writer *out)
{
    rs_buf_addf(out->sql,
                "SELECT a._row AS left_row, p.right_row,\n"
                "    CASE WHEN p.right_row IS NOT NULL THEN %s WHEN a._can_match THEN 'NO_MATCH' "
                "ELSE 'NO_KEY_OR_SPAN' END AS match_kind,\n"
                "    p.match_score, p.match_rank\nFROM (SELECT CAST(",
                kinds[call->mode]);
    add_name(out, call->left.row);
    rs_buf_add(out->sql, " AS BIGINT) AS _row, ");
    add_can_match(&call->left, out);
    rs_buf_add(out->sql, " AS _can_match FROM ");
    add_name(out, left->name);
    rs_buf_addf(out->sql, ") AS a\nLEFT JOIN (%s) AS p ON p.left_row = a._row", pairs);
    if (call->keep == RS_ALIGN_KEEP_BEST && !out->dialect->has_qualify) {
        rs_buf_add(out->sql, " AND p.match_rank = 1");
    }
}

static void write_interval_align(const rs_relation *left, const rs_relation *right,
                                 const rs_interval_align_call *call, writer *out)
{
    rs_buf pairs = {0};
    add_pairs(left, right, call, &(writer){out->dialect, &pairs});
    if (call->keep_unmatched) {
        add_with_unmatched(left, call, rs_buf_text(&pairs), out);
    } else {
        rs_buf_addf(out->sql,
                    "SELECT left_row, right_row, %s AS match_kind, match_score, match_rank\n",
                    kinds[call->mode]);
        rs_buf_addf(out->sql, "FROM (%s) AS p", rs_buf_text(&pairs));
        if (call->keep == RS_ALIGN_KEEP_BEST && !out->dialect->has_qualify) {
            rs_buf_add(out->sql, "\nWHERE match_rank = 1");
        }
    }
    rs_buf_add(out->sql, "\nORDER BY left_row, match_rank");
    out->sql->failed = out->sql->failed || pairs.failed;
    rs_buf_release(&pairs);
}

/* --- any --- */

void rs_kernel_add_sql(const rs_kernel_call *call, const rs_relation *inputs,
                       const rs_dialect *dialect, rs_buf *sql)
{
    writer *out = &(writer){dialect, sql};
    switch (call->kernel) {
    case RS_KERNEL_stable_id:
        write_stable_id(&inputs[0], &call->as.stable_id, out);
        break;
    case RS_KERNEL_interval_align:
        write_interval_align(&inputs[0], &inputs[1], &call->as.interval_align, out);
        break;
    case RS_KERNEL_winner_select:
        write_winner_select(&inputs[0], &call->as.winner_select, out);
        break;
    case RS_KERNEL_dedupe:
        write_dedupe(&inputs[0], &call->as.dedupe, out);
        break;
    case RS_KERNEL_canonical_sort:
        write_canonical_sort(&inputs[0], &call->as.canonical_sort, out);
        break;
    case RS_KERNEL_explode_list:
        write_explode_list(&inputs[0], &call->as.explode_list, out);
        break;
    case RS_N_KERNELS:
        RS_ASSERT(call->kernel != RS_N_KERNELS);
        break;
    }
}
