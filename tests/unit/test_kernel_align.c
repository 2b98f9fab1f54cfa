/* SPDX-License-Identifier: Apache-2.0 */
/* interval_align by small tables, and what size costs it. */
#include <time.h>

#include "kernels/kernels.h"

#include "unit/tables.h"

static rs_status align(const rs_table *left, const rs_table *right,
                       const rs_interval_align_call *call, rs_table *out, rs_error *err)
{
    const rs_table *inputs[] = {left, right};
    rs_kernel_call any = {.kernel = RS_KERNEL_interval_align, .as.interval_align = *call};
    return rs_kernel_run(&any, inputs, 2, out, err);
}

static const char *const one_key[] = {"file"};
#define SIDE                                                                                       \
    {                                                                                              \
        "row", "start", "end",                                                                     \
        {                                                                                          \
            one_key, 1                                                                             \
        }                                                                                          \
    }

typedef struct align_case {
    const char *label;
    rs_align_mode mode;
    rs_align_keep keep;
    bool keep_unmatched;
    const char *left; /* row|file|start|end */
    const char *right;
    const char *want; /* left_row|right_row|match_kind|match_score|match_rank */
} align_case;

static const align_case cases[] = {
    {"exact: the lowest row of equal ones", RS_ALIGN_EXACT, RS_ALIGN_KEEP_BEST, false,
     "0|1|3|5\n1|1|3|6\n", "9|1|3|5\n7|1|3|5\n8|2|3|6\n", "0|7|EXACT|-2|1\n"},
    {"exact: all of them", RS_ALIGN_EXACT, RS_ALIGN_KEEP_ALL, false, "0|1|3|5\n2|1|3|5\n",
     "9|1|3|5\n7|1|3|5\n8|1|3|6\n",
     "0|7|EXACT|-2|1\n0|9|EXACT|-2|2\n2|7|EXACT|-2|1\n2|9|EXACT|-2|2\n"},
    {"contained: the shortest, then the first", RS_ALIGN_CONTAINED_BEST, RS_ALIGN_KEEP_BEST, false,
     "0|1|0|9\n", "1|1|0|9\n2|1|5|7\n3|1|2|4\n4|1|8|10\n", "0|3|CONTAINED_BEST|-2|1\n"},
    {"contained: an empty one at either edge", RS_ALIGN_CONTAINED_BEST, RS_ALIGN_KEEP_ALL, false,
     "0|1|2|4\n", "1|1|2|2\n2|1|4|4\n3|1|5|5\n",
     "0|1|CONTAINED_BEST|0|1\n0|2|CONTAINED_BEST|0|2\n"},
    {"covering: the innermost of nested ones", RS_ALIGN_COVERING_SMALLEST, RS_ALIGN_KEEP_BEST,
     false, "0|1|4|6\n1|1|20|21\n", "1|1|0|100\n2|1|3|8\n3|1|4|6\n4|1|4|5\n5|1|19|30\n",
     "0|3|COVERING_SMALLEST|-2|1\n1|5|COVERING_SMALLEST|-11|1\n"},
    {"covering: all of the nest", RS_ALIGN_COVERING_SMALLEST, RS_ALIGN_KEEP_ALL, false, "0|1|4|6\n",
     "1|1|0|100\n2|1|3|8\n3|1|4|6\n4|1|4|5\n",
     "0|3|COVERING_SMALLEST|-2|1\n0|2|COVERING_SMALLEST|-5|2\n0|1|COVERING_SMALLEST|-100|3\n"},
    {"overlap: the most bytes in common", RS_ALIGN_OVERLAP_BEST, RS_ALIGN_KEEP_ALL, false,
     "0|1|10|20\n", "1|1|0|12\n2|1|5|15\n3|1|16|40\n4|1|11|17\n5|1|0|99\n6|1|20|30\n7|1|0|10\n",
     "0|5|OVERLAP_BEST|10|1\n0|4|OVERLAP_BEST|6|2\n0|2|OVERLAP_BEST|5|3\n"
     "0|3|OVERLAP_BEST|4|4\n0|1|OVERLAP_BEST|2|5\n"},
    {"overlap: touching is none", RS_ALIGN_OVERLAP_BEST, RS_ALIGN_KEEP_BEST, true, "0|1|10|20\n",
     "1|1|0|10\n2|1|20|30\n", "0|~|NO_MATCH|~|~\n"},
    {"overlap: an empty one strictly inside", RS_ALIGN_OVERLAP_BEST, RS_ALIGN_KEEP_BEST, false,
     "0|1|10|20\n", "1|1|10|10\n2|1|15|15\n3|1|20|20\n", "0|2|OVERLAP_BEST|0|1\n"},
    {"overlap: an empty left strictly inside", RS_ALIGN_OVERLAP_BEST, RS_ALIGN_KEEP_BEST, true,
     "0|1|10|10\n1|1|0|0\n", "1|1|10|20\n2|1|0|11\n3|1|0|90\n",
     "0|2|OVERLAP_BEST|0|1\n1|~|NO_MATCH|~|~\n"},
    {"nulls, inverted and negative spans match nothing", RS_ALIGN_OVERLAP_BEST, RS_ALIGN_KEEP_BEST,
     true, "5|~|0|9\n4|1|~|9\n3|1|0|~\n2|1|9|0\n1|1|-3|9\n0|1|0|9\n",
     "0|~|0|9\n1|1|~|9\n2|1|9|0\n3|1|-3|9\n",
     "0|~|NO_MATCH|~|~\n1|~|NO_KEY_OR_SPAN|~|~\n2|~|NO_KEY_OR_SPAN|~|~\n"
     "3|~|NO_KEY_OR_SPAN|~|~\n4|~|NO_KEY_OR_SPAN|~|~\n5|~|NO_KEY_OR_SPAN|~|~\n"},
    {"files do not meet", RS_ALIGN_CONTAINED_BEST, RS_ALIGN_KEEP_BEST, false,
     "0|1|0|9\n1|2|0|9\n2|3|0|9\n", "0|2|1|2\n1|4|1|2\n", "1|0|CONTAINED_BEST|-1|1\n"},
    {"an empty left", RS_ALIGN_EXACT, RS_ALIGN_KEEP_BEST, true, "", "0|1|0|1\n", ""},
    {"an empty right", RS_ALIGN_EXACT, RS_ALIGN_KEEP_ALL, true, "0|1|0|1\n", "",
     "0|~|NO_MATCH|~|~\n"},
};

static void spans_are_aligned(void **state)
{
    (void)state;
    rs_buf text = {0};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        const align_case *of = &cases[i];
        rs_error err = {0};
        rs_table left = {0};
        rs_table right = {0};
        rs_table out = {0};
        rs_interval_align_call call = {SIDE, SIDE, of->mode, of->keep, of->keep_unmatched, {0}};
        tables_make(&left, "row:i64 file:i64 start:i64 end:i64", of->left);
        tables_make(&right, "row:i64 file:i64 start:i32 end:i64", of->right);
        rs_status status = align(&left, &right, &call, &out, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", of->label, err.message);
        tables_text(&out, false, &text);
        UNIT_CHECK(strcmp(rs_buf_text(&text), of->want) == 0, "%s: %s-- not --\n%s", of->label,
                   rs_buf_text(&text), of->want);
        rs_table_release(&left);
        rs_table_release(&right);
        rs_table_release(&out);
    }
    rs_buf_release(&text);
}

/* Ties stand behind score, length and start, before the row. */
static void ties_decide(void **state)
{
    (void)state;
    rs_buf text = {0};
    rs_error err = {0};
    rs_table left = {0};
    rs_table right = {0};
    rs_table out = {0};
    const rs_order_term ties[] = {{"kind", true, false}, {"name", false, true}};
    rs_interval_align_call call = {.left = {"row", "start", "end", {0}},
                                   .right = {"row", "start", "end", {0}},
                                   .mode = RS_ALIGN_EXACT,
                                   .keep = RS_ALIGN_KEEP_ALL,
                                   .ties = {ties, UNIT_COUNT(ties), false}};
    tables_make(&left, "row:i64 start:i64 end:i64", "0|1|2\n");
    tables_make(&right, "row:i64 start:i64 end:i64 kind:word name:str",
                "1|1|2|zeta|a\n2|1|2|alpha|b\n3|1|2|alpha|~\n4|1|2|~|a\n0|1|2|zeta|a\n");
    rs_status status = align(&left, &right, &call, &out, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    tables_text(&out, false, &text);
    assert_string_equal(rs_buf_text(&text), "0|3|EXACT|-1|1\n0|2|EXACT|-1|2\n0|0|EXACT|-1|3\n"
                                            "0|1|EXACT|-1|4\n0|4|EXACT|-1|5\n");
    rs_table_release(&left);
    rs_table_release(&right);
    rs_table_release(&out);
    rs_buf_release(&text);
}

/* Words of different sets, and text, are the same key when they read the same. */
static void keys_of_text_meet_words(void **state)
{
    (void)state;
    rs_buf text = {0};
    rs_error err = {0};
    rs_table left = {0};
    rs_table right = {0};
    rs_table out = {0};
    rs_interval_align_call call = {.left = SIDE, .right = SIDE, .mode = RS_ALIGN_EXACT};
    tables_make(&left, "row:i64 file:word start:i64 end:i64",
                "0|alpha|0|1\n1|beta|0|1\n2|zeta|0|1\n");
    tables_make(&right, "row:i64 file:str start:i64 end:i64",
                "0|zeta|0|1\n1|alpha|0|1\n2|gamma|0|1\n");
    rs_status status = align(&left, &right, &call, &out, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    tables_text(&out, false, &text);
    assert_string_equal(rs_buf_text(&text), "0|1|EXACT|-1|1\n2|0|EXACT|-1|1\n");
    rs_table_release(&left);
    rs_table_release(&right);
    rs_table_release(&out);
    rs_buf_release(&text);
}

typedef struct refused_case {
    const char *left;
    const char *left_rows;
    const char *right;
    const char *right_rows;
    const char *message;
} refused_case;

static const refused_case refused[] = {
    {"row:i64 file:i64 start:i64", "", "row:i64 file:i64 start:i64 end:i64", "",
     "interval_align: there is no column end"},
    {"row:i64 file:i64 start:f64 end:i64", "", "row:i64 file:i64 start:i64 end:i64", "",
     "interval_align: column start is no whole number"},
    {"row:str file:i64 start:i64 end:i64", "", "row:i64 file:i64 start:i64 end:i64", "",
     "interval_align: column row is no whole number"},
    {"row:i64 file:f64 start:i64 end:i64", "", "row:i64 file:f64 start:i64 end:i64", "",
     "interval_align: column file is no key"},
    {"row:i64 file:i64 start:i64 end:i64", "", "row:i64 file:str start:i64 end:i64", "",
     "interval_align: keys file and file are of different types"},
    {"row:i64 file:i64 start:i64 end:i64", "1|1|0|1\n1|2|0|1\n",
     "row:i64 file:i64 start:i64 end:i64", "", "two rows have the same row"},
    {"row:i64 file:i64 start:i64 end:i64", "", "row:i64 file:i64 start:i64 end:i64", "~|1|0|1\n",
     "a row has no row"},
};

static void wrong_sides_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(refused); i++) {
        rs_error err = {0};
        rs_table left = {0};
        rs_table right = {0};
        rs_table out = {0};
        rs_interval_align_call call = {.left = SIDE, .right = SIDE};
        tables_make(&left, refused[i].left, refused[i].left_rows);
        tables_make(&right, refused[i].right, refused[i].right_rows);
        UNIT_REFUSED(align(&left, &right, &call, &out, &err), &err, RS_ERR_INVALID,
                     refused[i].message);
        call.left.keys = (rs_names){0};
        UNIT_REFUSED(align(&left, &right, &call, &out, &err), &err, RS_ERR_INVALID,
                     "interval_align: 0 keys meet 1");
        rs_table_release(&left);
        rs_table_release(&right);
    }
}

/* --- size --- */

/* One file whose right spans all reach to its end: every pair overlaps. */
static void make_large(rs_table *table, size_t n_rows, int64_t length)
{
    *table = (rs_table){0};
    tables_make_schema(&table->schema, "row:i64 file:i64 start:i64 end:i64");
    TABLES_OK(ArrowArrayInitFromSchema(&table->rows, &table->schema, NULL));
    TABLES_OK(ArrowArrayStartAppending(&table->rows));
    for (size_t i = 0; i < n_rows; i++) {
        int64_t start = (int64_t)i * 8;
        TABLES_OK(ArrowArrayAppendInt(table->rows.children[0], (int64_t)i));
        TABLES_OK(ArrowArrayAppendInt(table->rows.children[1], 1));
        TABLES_OK(ArrowArrayAppendInt(table->rows.children[2], start));
        TABLES_OK(ArrowArrayAppendInt(table->rows.children[3],
                                      length > 0 ? start + length : (int64_t)n_rows * 8));
        TABLES_OK(ArrowArrayFinishElement(&table->rows));
    }
    TABLES_OK(ArrowArrayFinishBuildingDefault(&table->rows, NULL));
}

/* Processor time of the fastest of three runs, in ticks. */
static clock_t cost_of(rs_align_mode mode, size_t n_rows)
{
    clock_t least = 0;
    rs_table left;
    rs_table right;
    rs_interval_align_call call = {.left = SIDE, .right = SIDE, .mode = mode};
    make_large(&left, n_rows, 5);
    make_large(&right, n_rows, 0);
    for (int i = 0; i < 3; i++) {
        rs_error err = {0};
        rs_table out = {0};
        clock_t start = clock();
        rs_status status = align(&left, &right, &call, &out, &err);
        clock_t cost = clock() - start;
        UNIT_CHECK(status == RS_OK, "%s", err.message);
        least = i == 0 || cost < least ? cost : least;
        rs_table_release(&out);
    }
    rs_table_release(&left);
    rs_table_release(&right);
    return least;
}

/* Sixteen times the rows: sixteen times the cost and a little, where all pairs would cost 256 times.
 * Between the two lies a factor of four either way, for a machine that has much else to do. */
static void cost_is_near_linear(void **state)
{
    (void)state;
    enum { N_ROWS = 5000, TIMES = 16, COARSE = CLOCKS_PER_SEC / 1000 };
    for (int mode = 0; mode < RS_N_ALIGN_MODES; mode++) {
        clock_t once = cost_of((rs_align_mode)mode, N_ROWS);
        clock_t more = cost_of((rs_align_mode)mode, (size_t)TIMES * N_ROWS);
        once = once < COARSE ? COARSE : once;
        UNIT_CHECK(more < 4 * TIMES * once, "%s: %ld ticks for %d rows, %ld for %d times as many",
                   rs_align_mode_name((rs_align_mode)mode), (long)once, (int)N_ROWS, (long)more,
                   (int)TIMES);
    }
}

/* --- memory --- */

typedef struct sweep_context {
    rs_table left;
    rs_table right;
    rs_interval_align_call call;
} sweep_context;

static rs_status attempt(void *context)
{
    const sweep_context *of = context;
    rs_table out = {0};
    rs_status status = align(&of->left, &of->right, &of->call, &out, NULL);
    rs_table_release(&out);
    return status;
}

static void memory_runs_out(void **state)
{
    (void)state;
    sweep_context of = {.call = {.left = SIDE, .right = SIDE, .keep_unmatched = true}};
    const rs_order_term tie = {"end", true, false};
    of.call.ties = (rs_order){&tie, 1, false};
    tables_make(&of.left, "row:i64 file:i64 start:i64 end:i64", "3|1|0|9\n1|1|2|5\n2|2|0|1\n");
    tables_make(&of.right, "row:i64 file:i64 start:i64 end:i64",
                "7|1|0|9\n6|1|2|5\n5|1|2|5\n4|1|0|20\n3|3|0|1\n");
    for (int mode = 0; mode < RS_N_ALIGN_MODES; mode++) {
        of.call.mode = (rs_align_mode)mode;
        of.call.keep = RS_ALIGN_KEEP_BEST;
        UNIT_SWEEP(attempt, &of);
        of.call.keep = RS_ALIGN_KEEP_ALL;
        UNIT_SWEEP(attempt, &of);
    }
    rs_table_release(&of.left);
    rs_table_release(&of.right);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(spans_are_aligned),       cmocka_unit_test(ties_decide),
    cmocka_unit_test(keys_of_text_meet_words), cmocka_unit_test(wrong_sides_are_refused),
    cmocka_unit_test(cost_is_near_linear),     cmocka_unit_test(memory_runs_out),
};

UNIT_TESTS(kernel_align, tests)
