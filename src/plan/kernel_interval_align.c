/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/align.h"
#include "plan/kernel_sql_impl.h"

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
static void add_can_match(const rs_align_side *side, rs_kernel_writer *out)
{
    for (size_t i = 0; i < side->keys.n_items; i++) {
        rs_writer_name(out, side->keys.items[i]);
        rs_buf_add(out->sql, " IS NOT NULL AND ");
    }
    rs_buf_add(out->sql, "coalesce(0 <= ");
    rs_writer_name(out, side->start);
    rs_buf_add(out->sql, " AND ");
    rs_writer_name(out, side->start);
    rs_buf_add(out->sql, " <= ");
    rs_writer_name(out, side->end);
    rs_buf_add(out->sql, ", false)");
}

/* A side under names of our own: _row, _start, _end, _k0 ..., _t0 ... */
static void add_side(const rs_relation *in, const rs_align_side *side, const rs_order *ties,
                     const char *alias, rs_kernel_writer *out)
{
    rs_buf_add(out->sql, "(SELECT CAST(");
    rs_writer_name(out, side->row);
    rs_buf_add(out->sql, " AS BIGINT) AS _row, CAST(");
    rs_writer_name(out, side->start);
    rs_buf_add(out->sql, " AS BIGINT) AS _start, CAST(");
    rs_writer_name(out, side->end);
    rs_buf_add(out->sql, " AS BIGINT) AS _end");
    for (size_t i = 0; i < side->keys.n_items; i++) {
        rs_buf_add(out->sql, ", ");
        rs_writer_name(out, side->keys.items[i]);
        rs_buf_addf(out->sql, " AS _k%zu", i);
    }
    for (size_t i = 0; i < ties->n_terms; i++) {
        rs_buf_add(out->sql, ", ");
        rs_writer_name(out, ties->terms[i].column);
        rs_buf_addf(out->sql, " AS _t%zu", i);
    }
    rs_buf_add(out->sql, " FROM ");
    rs_writer_name(out, in->name);
    rs_buf_add(out->sql, " WHERE ");
    add_can_match(side, out);
    rs_buf_addf(out->sql, ") AS %s", alias);
}

static void add_place(const char *alias, size_t n_keys, const char *of, rs_kernel_writer *out)
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
static void add_meeting(const rs_interval_align_call *call, rs_kernel_writer *out)
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
                      const rs_interval_align_call *call, rs_kernel_writer *out)
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
        rs_writer_direction(out, &call->ties.terms[i]);
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
                               const char *pairs, rs_kernel_writer *out)
{
    rs_buf_addf(out->sql,
                "SELECT a._row AS left_row, p.right_row,\n"
                "    CASE WHEN p.right_row IS NOT NULL THEN %s WHEN a._can_match THEN 'NO_MATCH' "
                "ELSE 'NO_KEY_OR_SPAN' END AS match_kind,\n"
                "    p.match_score, p.match_rank\nFROM (SELECT CAST(",
                kinds[call->mode]);
    rs_writer_name(out, call->left.row);
    rs_buf_add(out->sql, " AS BIGINT) AS _row, ");
    add_can_match(&call->left, out);
    rs_buf_add(out->sql, " AS _can_match FROM ");
    rs_writer_name(out, left->name);
    rs_buf_addf(out->sql, ") AS a\nLEFT JOIN (%s) AS p ON p.left_row = a._row", pairs);
    if (call->keep == RS_ALIGN_KEEP_BEST && !out->dialect->has_qualify) {
        rs_buf_add(out->sql, " AND p.match_rank = 1");
    }
}

void rs_kernel_sql_interval_align(const rs_kernel_call *of, const rs_relation *inputs,
                                  rs_kernel_writer *out)
{
    const rs_relation *left = &inputs[0];
    const rs_relation *right = &inputs[1];
    const rs_interval_align_call *call = &of->as.interval_align;
    rs_buf pairs = {0};
    add_pairs(left, right, call, &(rs_kernel_writer){out->dialect, &pairs});
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
