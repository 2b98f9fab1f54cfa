/* SPDX-License-Identifier: Apache-2.0 */
/* What each kernel does, by small tables; that both lanes do it: test_kernel_lanes.c. */
#include "kernels/kernels.h"

#include "unit/tables.h"

#define NAMES(...)                                                                                 \
    {                                                                                              \
        (const char *const[]){__VA_ARGS__},                                                        \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                      \
    }
#define ORDER(...)                                                                                 \
    {                                                                                              \
        (const rs_order_term[]){__VA_ARGS__},                                                      \
            sizeof((const rs_order_term[]){__VA_ARGS__}) / sizeof(rs_order_term), false            \
    }

/* clang-format off */
#define STABLE_ID(...) {.kernel = RS_KERNEL_stable_id, .as.stable_id = {__VA_ARGS__}}
#define WINNER(...) {.kernel = RS_KERNEL_winner_select, .as.winner_select = {__VA_ARGS__}}
#define DEDUPE(...) {.kernel = RS_KERNEL_dedupe, .as.dedupe = {__VA_ARGS__}}
#define SORT(...) {.kernel = RS_KERNEL_canonical_sort, .as.canonical_sort = {__VA_ARGS__}}
#define JUDGE(...) {.kernel = RS_KERNEL_judge, .as.judge = {__VA_ARGS__}}
#define EXPLODE(...) {.kernel = RS_KERNEL_explode_list, .as.explode_list = {__VA_ARGS__}}
/* clang-format on */

typedef struct kernel_case {
    const char *label;
    rs_kernel_call call;
    const char *columns;
    const char *rows;
    const char *want;
} kernel_case;

static const kernel_case cases[] = {
    {"id: numbers and nulls", STABLE_ID("t", NAMES("a", "b"), "id"), "a:i64 b:i32", "123|-2\n~|~\n",
     "123|-2|4818583028204828802\n~|~|7865167324083451734\n"},
    {"id: words and text are the same", STABLE_ID("t", NAMES("w"), "id"), "w:word", "zeta\n~\n",
     "zeta|4848645815304944818\n~|-2607795329980612227\n"},
    {"id: no rows", STABLE_ID("t", NAMES("a"), "id"), "a:i64", "", ""},

    {"winner: the listed order, then the remaining columns",
     WINNER(NAMES("k"), ORDER({"score", true, false})), "k:i64 score:f64 z:str",
     "2|1|b\n1|5|x\n2|1|a\n1|7|y\n", "1|7|y\n2|1|a\n"},
    {"winner: nulls are one group, the last", WINNER(NAMES("k"), ORDER({"v", false, false})),
     "k:str v:i64", "~|2\nb|1\n~|1\n|9\n", "|9\nb|1\n~|1\n"},
    {"winner: nulls stand where the term says", WINNER(NAMES("k"), ORDER({"v", true, true})),
     "k:i64 v:i64", "1|9\n1|~\n", "1|~\n"},
    {"winner: not a number is above all", WINNER(NAMES("k"), ORDER({"v", true, false})),
     "k:i64 v:f32", "1|inf\n1|nan\n1|~\n", "1|nan\n"},
    {"winner: words by their number", WINNER(NAMES("k"), ORDER({"w", false, false})),
     "k:i64 w:word", "1|alpha\n1|beta\n1|zeta\n", "1|zeta\n"},
    {"winner: no rows", WINNER(NAMES("k"), ORDER({"v", false, false})), "k:i64 v:i64", "", ""},

    {"dedupe: first after sort, of equal rows one", DEDUPE(.keys = NAMES("a", "b")), "a:i64 b:bool",
     "1|true\n1|false\n1|true\n", "1|false\n1|true\n"},
    {"dedupe: best by score, a null score is the worst",
     DEDUPE(.keys = NAMES("k"), .strategy = RS_DEDUPE_KEEP_BEST_BY_SCORE, .score = "s",
            .order = ORDER({"t", true, false})),
     "k:i64 s:f64 t:str", "1|~|a\n1|0.5|a\n1|0.5|b\n2|~|c\n", "1|0.5|b\n2|~|c\n"},
    {"dedupe: lists in the total order, nulls and words in them",
     DEDUPE(.keys = NAMES("k"), .strategy = RS_DEDUPE_COLLAPSE_LIST,
            .order = ORDER({"v", true, false})),
     "v:i64 k:str w:word", "1|a|alpha\n3|a|beta\n~|a|~\n2|b|zeta\n",
     "[3,1,~]|a|[beta,alpha,~]\n[2]|b|[zeta]\n"},

    {"sort: text by bytes", SORT(ORDER({"s", false, false})), "s:str", "b\na\xc3\xa9\n~\naz\nB\n\n",
     "\nB\naz\na\xc3\xa9\nb\n~\n"},
    {"sort: text beyond its first eight bytes", SORT(ORDER({"s", true, true})), "s:str",
     "eight_by\neight_byz\neight_bya\n~\n", "~\neight_byz\neight_bya\neight_by\n"},
    {"sort: lists by elements, a null above all, a prefix first", SORT(ORDER({"l", false, false})),
     "l:i64[]", "[1,~]\n[1,2]\n[]\n~\n[1]\n[~]\n", "[]\n[1]\n[1,2]\n[1,~]\n[~]\n~\n"},
    {"sort: numbers at both ends", SORT(ORDER({"n", true, false})), "n:i64",
     "-9223372036854775808\n9223372036854775807\n0\n9223372036854775806\n~\n",
     "9223372036854775807\n9223372036854775806\n0\n-9223372036854775808\n~\n"},
    {"sort: a column of nulls", SORT(ORDER({"n", false, false})), "n:null b:bool",
     "~|true\n~|false\n", "~|false\n~|true\n"},

    {"judge: what is null first, then the second best of a key",
     JUDGE(.required = NAMES("a", "b"), .keys = NAMES("k"), .order = ORDER({"s", true, false}),
           .reason = "why"),
     "k:i64 a:str b:bool s:f64",
     "1|x|true|1\n1|x|true|2\n1|~|~|9\n2|x|~|1\n~|x|true|1\n~|x|true|~\n",
     "1|x|true|1|duplicate\n1|x|true|2|~\n1|~|~|9|null:a\n2|x|~|1|null:b\n~|x|true|1|~\n"
     "~|x|true|~|duplicate\n"},
    {"judge: of equal rows one is good",
     JUDGE(.keys = NAMES("k"), .order.is_total = true, .reason = "r"), "k:i64 l:i64[]",
     "1|[1]\n1|[1]\n2|~\n", "1|[1]|~\n1|[1]|duplicate\n2|~|~\n"},
    {"judge: shares lie in 0 .. 1; what is outside of it is no duplicate",
     JUDGE(.required = NAMES("a"), .shares = NAMES("s", "t"), .keys = NAMES("k"), .reason = "r"),
     "k:i64 a:str s:f64 t:f32", "1|x|0|1\n1|x|1.5|2\n1|x|1|nan\n1|~|5|0\n1|x|-0.25|~\n2|x|~|~\n",
     "1|x|0|1|~\n1|x|1.5|2|outside:s\n1|x|1|nan|outside:t\n1|~|5|0|null:a\n"
     "1|x|-0.25|~|outside:s\n2|x|~|~|~\n"},
    {"judge: no rows", JUDGE(.keys = NAMES("k"), .reason = "r"), "k:i64", "", ""},

    {"explode: null and empty lists go", EXPLODE("l", "e", "p", false), "k:i64 l:str[]",
     "1|[x,~,y]\n2|[]\n3|~\n4|[z]\n", "1|x|0\n1|~|1\n1|y|2\n4|z|0\n"},
    {"explode: null and empty lists stay", EXPLODE("l", "l", "p", true), "l:f64[] k:word",
     "[1.5]|beta\n[]|~\n~|alpha\n", "1.5|beta|0\n~|~|~\n~|alpha|~\n"},
};

static void kernels_do_as_they_say(void **state)
{
    (void)state;
    rs_buf text = {0};
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_error err = {0};
        rs_table in = {0};
        rs_table out = {0};
        tables_make(&in, cases[i].columns, cases[i].rows);
        const rs_table *inputs[] = {&in};
        rs_status status = rs_kernel_run(&cases[i].call, inputs, 1, &out, &err);
        UNIT_CHECK(status == RS_OK, "%s: %s", cases[i].label, err.message);
        tables_text(&out, false, &text);
        UNIT_CHECK(strcmp(rs_buf_text(&text), cases[i].want) == 0, "%s: %s-- not --\n%s",
                   cases[i].label, rs_buf_text(&text), cases[i].want);
        rs_table_release(&in);
        rs_table_release(&out);
    }
    rs_buf_release(&text);
}

typedef struct refused_case {
    rs_kernel_call call;
    const char *columns;
    const char *message;
} refused_case;

static const refused_case refused[] = {
    {STABLE_ID("t", NAMES("b"), "id"), "a:i64", "stable_id: there is no column b"},
    {STABLE_ID("t", NAMES("a"), "id"), "a:f64", "column a is no whole number, text or word"},
    {STABLE_ID("t", NAMES("a"), "id"), "a:bool", "column a is no whole number, text or word"},
    {STABLE_ID("t", NAMES("a"), "id"), "a:str[]", "column a is no whole number, text or word"},
    {WINNER(NAMES("k"), {0}), "k:i64", "winner_select: it needs an order"},
    {WINNER({0}, ORDER({"k", false, false})), "k:i64", "winner_select: it needs a key"},
    {WINNER(NAMES("k"), ORDER({"v", false, false})), "k:i64",
     "winner_select: there is no column v"},
    {DEDUPE(.score = NULL), "k:i64", "dedupe: it needs a key"},
    {DEDUPE(.keys = NAMES("k"), .strategy = RS_DEDUPE_KEEP_BEST_BY_SCORE), "k:i64",
     "keep_best_by_score needs a score"},
    {DEDUPE(.keys = NAMES("k"), .strategy = RS_DEDUPE_COLLAPSE_LIST, .score = "k"), "k:i64",
     "collapse_list takes no score"},
    {DEDUPE(.keys = NAMES("k"), .strategy = RS_DEDUPE_COLLAPSE_LIST), "k:i64 l:i64[]",
     "column l holds lists already"},
    {SORT(ORDER({"x", false, false})), "k:i64", "canonical_sort: there is no column x"},
    {EXPLODE("k", "e", "p", false), "k:i64", "explode_list: column k is no list"},
    {EXPLODE("l", "e", "p", false), "k:i64", "explode_list: there is no column l"},
};

static void kernels_refuse(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(refused); i++) {
        rs_error err = {0};
        rs_table in = {0};
        rs_table out = {0};
        tables_make(&in, refused[i].columns, "");
        const rs_table *inputs[] = {&in, &in};
        UNIT_REFUSED(rs_kernel_run(&refused[i].call, inputs, 1, &out, &err), &err, RS_ERR_INVALID,
                     refused[i].message);
        UNIT_REFUSED(rs_kernel_run(&refused[i].call, inputs, 2, &out, &err), &err, RS_ERR_INVALID,
                     "takes 1 inputs, not 2");
        rs_table_release(&in);
    }
}

typedef struct sweep_context {
    const kernel_case *of;
    const rs_table *in;
} sweep_context;

static rs_status attempt(void *context)
{
    const sweep_context *of = context;
    rs_table out = {0};
    rs_status status = rs_kernel_run(&of->of->call, &of->in, 1, &out, NULL);
    rs_table_release(&out);
    return status;
}

static void kernels_run_out_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        rs_table in = {0};
        tables_make(&in, cases[i].columns, cases[i].rows);
        UNIT_SWEEP(attempt, &((sweep_context){&cases[i], &in}));
        rs_table_release(&in);
    }
}

/* --- what a table may be --- */

typedef struct format_case {
    const char *label;
    void (*damage)(rs_table *table);
    const char *message;
} format_case;

static void make_large(rs_table *table)
{
    TABLES_OK(ArrowSchemaSetFormat(table->schema.children[1], "U"));
}

static void make_offset(rs_table *table)
{
    table->rows.offset = 1;
}

/* The second offset of the text points behind its bytes. */
static void make_overrun(rs_table *table)
{
    int32_t *offsets = (int32_t *)(uintptr_t)table->rows.children[1]->buffers[1];
    offsets[1] = 4000;
}

static const format_case formats[] = {
    {"a type that no table has", make_large, "column s has the type U"},
    {"rows with an offset", make_offset, "it is no plain record batch"},
    {"text behind its buffer", make_overrun, "open a table"},
};

static void damaged_tables_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(formats); i++) {
        rs_error err = {0};
        rs_table in = {0};
        rs_table out = {0};
        tables_make(&in, "k:i64 s:str", "1|a\n2|b\n");
        formats[i].damage(&in);
        const rs_table *inputs[] = {&in};
        rs_kernel_call call = {.kernel = RS_KERNEL_canonical_sort};
        UNIT_REFUSED(rs_kernel_run(&call, inputs, 1, &out, &err), &err, RS_ERR_INVALID,
                     formats[i].message);
        rs_table_release(&in);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(kernels_do_as_they_say),
    cmocka_unit_test(kernels_refuse),
    cmocka_unit_test(kernels_run_out_of_memory),
    cmocka_unit_test(damaged_tables_are_refused),
};

UNIT_TESTS(kernels, tests)
