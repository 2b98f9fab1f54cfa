/* SPDX-License-Identifier: Apache-2.0 */
/* naive BUNDLE - every rule through all engines: the naive evaluator says what is right.
 *
 * Over the evidence of a bundle, over random evidence, and rules of our own over random evidence that
 * hold each operator, mode and function of the language. Rows are compared as multisets, with what they
 * were made of; in order where a plan has one select.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "bundle/reader.h"
#include "naive/naive.h"
#include "naive/pack.h"
#include "rules/policy.h"
#include "rules/rules.h"

/* The first is the oracle. An engine need not take every plan, but one at least. */
static const rs_engine_type *const engines[] = {&naive_engine, &rs_engine_type_duckdb,
                                                &rs_engine_type_native};

enum {
    N_ENGINES = sizeof engines / sizeof engines[0],
    N_RANDOM_ROUNDS = 4, /* in the full round */
    N_RANDOM_PACKS = 1,
    MAX_RANDOM_ROWS = 24
};

static size_t n_taken[N_ENGINES]; /* plans, in all */

RS_VEC_DEFINE(text_rows, char *)

typedef struct side {
    const rs_engine_type *type;
    void *engine;
    void *session;
    text_rows rows; /* of the plan at hand */
    bool has_run;   /* it took that plan */
    size_t n_plans; /* that it took */
    rs_status status;
    rs_error err;
} side;

typedef struct duel {
    side sides[N_ENGINES];
    rs_rules *rules;
    rs_policy *policy;
    const char *what;
    bool is_lenient; /* whether a rule fails is a matter of the oracle and of ours alone */
    size_t n_rows;
    size_t n_faults;
} duel;

static void must(rs_status status, const rs_error *err, const char *what)
{
    if (status != RS_OK) {
        fprintf(stderr, "naive: %s: %s\n", what, err->message);
        exit(1);
    }
}

/* --- rows as text --- */

static void add_value(const rs_vector *vector, size_t row, rs_buf *out)
{
    if (rs_vector_is_null(vector, row)) {
        rs_buf_add(out, "~");
        return;
    }
    switch (vector->type) {
    case RS_TYPE_STR:
    case RS_TYPE_ENUM:
        rs_buf_add_sql_literal(out, rs_vector_text(vector, row));
        break;
    case RS_TYPE_F32:
    case RS_TYPE_F64: /* of what is no number, the sign says nothing */
        rs_buf_addf(out, "%.17g",
                    isnan(rs_vector_f64(vector, row)) ? (double)NAN : rs_vector_f64(vector, row));
        break;
    case RS_TYPE_I64:
    case RS_TYPE_I32:
    case RS_TYPE_BOOL:
        rs_buf_addf(out, "%lld", (long long)rs_vector_i64(vector, row));
        break;
    }
}

static rs_status keep_texts(void *context, const rs_frame *frame, rs_error *err)
{
    side *of = context;
    (void)err;
    for (size_t row = 0; row < frame->n_rows; row++) {
        rs_buf text = {0};
        for (size_t i = 0; i < frame->n_columns; i++) {
            rs_buf_add(&text, i == 0 ? "" : "|");
            add_value(&frame->columns[i], row, &text);
        }
        size_t first = frame->lineage == NULL || row == 0 ? 0 : frame->lineage->ends[row - 1];
        for (size_t i = first; frame->lineage != NULL && i < frame->lineage->ends[row]; i++) {
            rs_buf_addf(&text, " <%lld:%lld", (long long)frame->lineage->origins[i].dataset,
                        (long long)frame->lineage->origins[i].id);
        }
        if (frame->places != NULL) {
            rs_buf_addf(&text, " @%lld,%lld", (long long)frame->places[row].first,
                        (long long)frame->places[row].second);
        }
        RS_ASSERT(!text.failed && text_rows_push(&of->rows, text.bytes));
    }
    return RS_OK;
}

static void forget_rows(side *of)
{
    for (size_t i = 0; i < of->rows.n_items; i++) {
        rs_free(of->rows.items[i]);
    }
    text_rows_reset(&of->rows);
}

/* --- one plan --- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_rows(side *of)
{
    if (of->rows.n_items > 0) {
        qsort(of->rows.items, of->rows.n_items, sizeof *of->rows.items, by_text);
    }
}

static bool is_same(const side *a, const side *b, size_t *at)
{
    size_t n_rows = a->rows.n_items < b->rows.n_items ? a->rows.n_items : b->rows.n_items;
    for (*at = 0; *at < n_rows; (*at)++) {
        if (strcmp(a->rows.items[*at], b->rows.items[*at]) != 0) {
            return false;
        }
    }
    return a->rows.n_items == b->rows.n_items;
}

static void report(duel *of, size_t other, const rs_plan *plan, size_t at, const char *how)
{
    of->n_faults++;
    printf("# %s, rule %s: %s\n", of->what, plan->name, how);
    for (size_t i = 0; i <= other; i += other) {
        const side *one = &of->sides[i];
        printf("#   %s: %s\n", one->type->name,
               one->status != RS_OK     ? one->err.message
               : at < one->rows.n_items ? one->rows.items[at]
                                        : "no such row");
    }
}

static void run_one(side *of, const rs_plan *plan, const rs_sink *sink)
{
    void *prepared = NULL;
    rs_buf why_not = {0};
    forget_rows(of);
    of->has_run = of->type->accepts(plan, &why_not);
    RS_ASSERT(of->has_run || why_not.n_bytes > 0);
    rs_buf_release(&why_not);
    if (!of->has_run) {
        return;
    }
    of->status = of->type->prepare(of->session, plan, &prepared, &of->err);
    if (of->status == RS_OK) {
        of->status = of->type->run(prepared, sink, NULL, &of->err);
    }
    of->type->release(prepared);
}

/* Not in order: both sides are sorted, and stay so. */
static void compare(duel *of, size_t other, const rs_plan *plan, bool in_order)
{
    side *a = &of->sides[0];
    side *b = &of->sides[other];
    size_t at = 0;
    if (a->status != RS_OK || b->status != RS_OK) {
        bool counts = !of->is_lenient || b->type->dialect == NULL;
        if (a->status != b->status && !in_order && counts) {
            report(of, other, plan, 0, "one fails");
        }
        return;
    }
    if (!in_order) {
        sort_rows(a);
        sort_rows(b);
    }
    if (!is_same(a, b, &at)) {
        report(of, other, plan, at, in_order ? "another order" : "other rows");
    }
}

static void run_all(duel *of, const rs_plan *plan)
{
    for (size_t i = 0; i < N_ENGINES; i++) {
        const rs_sink sink = {.push = keep_texts, .context = &of->sides[i]};
        run_one(&of->sides[i], plan, &sink);
        of->sides[i].n_plans += of->sides[i].has_run;
    }
    RS_ASSERT(of->sides[0].has_run);
    of->n_rows += of->sides[0].rows.n_items;
    for (int in_order = plan->n_selects == 1; in_order >= 0; in_order--) {
        for (size_t i = 1; i < N_ENGINES; i++) {
            if (of->sides[i].has_run) {
                compare(of, i, plan, in_order != 0);
            }
        }
    }
}

/* --- rows in --- */

static void bind_all(duel *of, const rs_dataset *dataset, const rs_frame *frame)
{
    for (size_t i = 0; i < N_ENGINES; i++) {
        rs_error err = {0};
        must(of->sides[i].type->bind(of->sides[i].session, dataset, frame, &err), &err,
             dataset->name);
    }
}

typedef struct binder {
    duel *of;
    const rs_dataset *dataset;
} binder;

static rs_status bind_frame(void *context, const rs_frame *frame, rs_error *err)
{
    const binder *to = context;
    (void)err;
    bind_all(to->of, to->dataset, frame);
    return RS_OK;
}

/* What the rule makes is evidence of the next ones: the same rows for all. */
static void bind_output(duel *of, const rs_plan *plan)
{
    binder to = {of, plan->output};
    const rs_sink sink = {.push = bind_frame, .context = &to};
    if (plan->contract != NULL && of->sides[0].status == RS_OK) {
        run_one(&of->sides[0], plan, &sink);
    }
}

static void run_rules(duel *of)
{
    for (size_t i = 0; i < rs_rules_n_contracts(of->rules); i++) {
        bind_all(of, rs_rules_contract(of->rules, i)->dataset, &(rs_frame){0});
    }
    for (size_t i = 0; i < rs_rules_count(of->rules); i++) {
        const rs_plan *plan = rs_rules_get(of->rules, i);
        run_all(of, plan);
        bind_output(of, plan);
    }
}

/* --- opening and closing --- */

static void duel_open(duel *of, const char *what, const char *pack)
{
    rs_error err = {0};
    *of = (duel){.what = what};
    must(rs_policy_load(NULL, &of->policy, &err), &err, what);
    must(rs_rules_new(&of->rules, &err), &err, what);
    must(pack == NULL ? rs_rules_add_embedded(of->rules, &err)
                      : rs_rules_add_pack(of->rules, "naive", rs_str_of(pack), &err),
         &err, what);
    must(rs_rules_check(of->rules, of->policy, &rs_dialect_duckdb, &err), &err, what);
    for (size_t i = 0; i < N_ENGINES; i++) {
        side *one = &of->sides[i];
        one->type = engines[i];
        must(one->type->open(&(rs_engine_config){0}, &one->engine, &err), &err, what);
        must(one->type->session_open(one->engine, &one->session, &err), &err, what);
    }
}

/* Say what was found. */
static bool duel_close(duel *of)
{
    bool is_fine = of->n_faults == 0 && of->n_rows > 0;
    printf("%s - %s: %zu rows, %zu differences; plans:", is_fine ? "ok" : "not ok", of->what,
           of->n_rows, of->n_faults);
    for (size_t i = 0; i < N_ENGINES; i++) {
        side *one = &of->sides[i];
        printf(" %s %zu%s", one->type->name, one->n_plans, i + 1 < N_ENGINES ? "," : "\n");
        n_taken[i] += one->n_plans;
        forget_rows(one);
        text_rows_release(&one->rows);
        one->type->session_close(one->session);
        one->type->close(one->engine);
    }
    rs_rules_free(of->rules);
    rs_policy_free(of->policy);
    return is_fine;
}

/* --- the evidence of a bundle --- */

static void add_select(const rs_dataset *dataset, rs_buf *sql)
{
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        rs_buf_add(sql, i == 0 ? "SELECT CAST(" : ", CAST(");
        rs_buf_add_sql_name(sql, rs_str_of(column->name));
        rs_buf_add(sql, " AS ");
        if (column->type == RS_TYPE_ENUM) {
            rs_buf_add_sql_name(sql, rs_str_of(column->words->name));
        } else {
            rs_buf_add(sql, rs_type_sql_name(column->type));
        }
        rs_buf_add(sql, ") AS ");
        rs_buf_add_sql_name(sql, rs_str_of(column->name));
    }
    rs_buf_add(sql, " FROM ");
    rs_buf_add_sql_name(sql, rs_str_of(dataset->name));
    rs_buf_addf(sql, " ORDER BY %s", dataset->key);
}

static bool check_bundle(const char *path)
{
    duel of;
    rs_error err = {0};
    rs_reader *reader = NULL;
    duel_open(&of, "the evidence of a bundle", NULL);
    must(rs_reader_new(path, NULL, &reader, &err), &err, path);
    must(rs_reader_add_views(reader, &err), &err, path);
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        rs_buf sql = {0};
        uint64_t n_rows = 0;
        binder to = {&of, rs_dataset_get((rs_dataset_id)i)};
        const rs_sink sink = {.push = bind_frame, .context = &to};
        bind_all(&of, to.dataset, &(rs_frame){0});
        add_select(to.dataset, &sql);
        must(rs_session_query_frames(reader->session, to.dataset->name, rs_buf_text(&sql),
                                     to.dataset, &sink, &n_rows, &err),
             &err, to.dataset->name);
        rs_buf_release(&sql);
    }
    run_rules(&of);
    rs_reader_free(reader);
    return duel_close(&of);
}

/* --- random evidence --- */

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static size_t below(uint64_t *seed, size_t n)
{
    return (size_t)(next(seed) % n);
}

static const char *const texts[] = {"",
                                    "a",
                                    "b",
                                    "a.b",
                                    "A.b.c",
                                    "..",
                                    "x y",
                                    " a ",
                                    "a,b,,c",
                                    "self",
                                    "__init__",
                                    "os.path.join",
                                    "\xc3\xa9t\xc3\xa9",
                                    "os"};

/* Few values each, so that rows meet: two files, eight things in each. */
static int64_t random_number(uint64_t *seed, const rs_column *column, int64_t file)
{
    if (strstr(column->name, "byte") != NULL) {
        return (int64_t)below(seed, 12);
    }
    if (strcmp(column->name, "file_id") == 0) {
        return file;
    }
    bool is_of_run = column->entity != NULL && !rs_column_is_local_id(column);
    return is_of_run ? -(int64_t)below(seed, 6) - 1 : rs_entity_id(file, (uint32_t)below(seed, 8));
}

static void set_random(uint64_t *seed, const rs_column *column, size_t row, void *values,
                       uint64_t *validity, rs_strings *strings)
{
    bool is_null = !column->required && below(seed, 4) == 0;
    int64_t file = (int64_t)below(seed, 2) + 1;
    validity[row / 64] |= is_null ? 0 : UINT64_C(1) << (row % 64);
    switch (column->type) {
    case RS_TYPE_I64:
        ((int64_t *)values)[row] = random_number(seed, column, file);
        break;
    case RS_TYPE_I32:
        ((int32_t *)values)[row] = (int32_t)below(seed, 10) - 2;
        break;
    case RS_TYPE_BOOL:
        ((uint8_t *)values)[row] = (uint8_t)below(seed, 2);
        break;
    case RS_TYPE_F32:
        ((float *)values)[row] = (float)below(seed, 5) / 4.0f;
        break;
    case RS_TYPE_F64:
        ((double *)values)[row] = (double)below(seed, 5) / 4.0;
        break;
    case RS_TYPE_STR:
        ((uint32_t *)values)[row] =
            is_null ? RS_STR_NULL
                    : rs_strings_add(strings,
                                     rs_str_of(texts[below(seed, sizeof texts / sizeof texts[0])]));
        break;
    case RS_TYPE_ENUM:
        ((uint8_t *)values)[row] =
            is_null ? (uint8_t)RS_ENUM_NULL : (uint8_t)below(seed, column->words->n_words);
        break;
    }
}

static void bind_random(duel *of, uint64_t *seed, const rs_dataset *dataset)
{
    enum { MAX_COLUMNS = 64 };
    static int64_t values[MAX_COLUMNS][MAX_RANDOM_ROWS];
    static uint64_t validity[MAX_COLUMNS][1];
    rs_vector columns[MAX_COLUMNS];
    rs_strings strings = {0};
    size_t n_rows = below(seed, MAX_RANDOM_ROWS + 1);
    RS_ASSERT(dataset->n_columns <= MAX_COLUMNS);
    memset(validity, 0, sizeof validity);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        for (size_t row = 0; row < n_rows; row++) {
            set_random(seed, column, row, values[i], validity[i], &strings);
        }
        columns[i] = (rs_vector){.form = RS_FORM_FLAT,
                                 .type = column->type,
                                 .values = values[i],
                                 .validity = validity[i],
                                 .words = column->words,
                                 .strings = &strings};
    }
    const rs_frame frame = {.n_rows = n_rows, .columns = columns, .n_columns = dataset->n_columns};
    bind_all(of, dataset, &frame);
    rs_strings_release(&strings);
}

static bool check_random(const char *what, const char *pack, uint64_t seed, bool is_lenient)
{
    const char *of_tests = getenv("RS_ROUND");
    bool is_quick = of_tests != NULL && strcmp(of_tests, "quick") == 0;
    bool is_fine = true;
    for (size_t round = 0; round < (is_quick ? 1 : N_RANDOM_ROUNDS); round++) {
        duel of;
        duel_open(&of, what, pack);
        of.is_lenient = is_lenient;
        for (int i = 0; i < RS_N_EVIDENCE; i++) {
            bind_random(&of, &seed, rs_dataset_get((rs_dataset_id)i));
        }
        run_rules(&of);
        is_fine = duel_close(&of) && is_fine;
    }
    return is_fine;
}

/* Behind the bundle: where other random expressions than those of every day start. */
static uint64_t first_seed(int argc, char **argv)
{
    return argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
}

int main(int argc, char **argv)
{
    rs_buf pack = {0};
    bool is_fine = true;
    if (argc > 1 && argv[1][0] != '\0') {
        is_fine = check_bundle(argv[1]);
    }
    is_fine = check_random("random evidence, built-in rules", NULL, 7, false) && is_fine;
    naive_add_pack(&pack);
    is_fine = check_random("random evidence, the whole language", rs_buf_text(&pack), 7, false) &&
              is_fine;
    /* What an engine leaves out of account in a row that a condition drops may keep it from failing. */
    for (uint64_t seed = first_seed(argc, argv), end = seed + N_RANDOM_PACKS; seed < end; seed++) {
        rs_buf_reset(&pack);
        naive_add_random_pack(seed, &pack);
        is_fine = check_random("random expressions", rs_buf_text(&pack), seed, true) && is_fine;
    }
    rs_buf_release(&pack);
    for (size_t i = 0; i < N_ENGINES; i++) {
        is_fine = n_taken[i] > 0 && is_fine;
    }
    return is_fine ? 0 : 1;
}
