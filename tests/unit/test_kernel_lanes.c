/* SPDX-License-Identifier: Apache-2.0 */
/* The C lane against the SQL lane, on random tables: the same rows in the same order.
 *
 * A table follows from its seed alone, and a failure prints it. RS_LANE_TABLES is the number of
 * tables a kernel, RS_LANE_SEED the first of them.
 */
#include <stdlib.h>

#include "engine/duckdb/session.h"
#include "kernels/kernels.h"
#include "plan/kernel_sql.h"

#include "unit/tables.h"

enum { QUICK_TABLES = 30, SHORT_TABLES = 200, MAX_COLUMNS = 8, MAX_TERMS = 4 };

/* --- random tables --- */

static uint64_t next(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(uint64_t *seed, size_t n)
{
    return (size_t)(next(seed) % n);
}

static bool one_in(uint64_t *seed, size_t n)
{
    return below(seed, n) == 0;
}

static const char *const type_names[] = {"bool", "i32",  "i64",   "f32",   "f64",   "str",
                                         "word", "null", "i64[]", "str[]", "f64[]", "bool[]"};
enum { N_PLAIN_TYPES = 8, N_TYPES = 12 };

static const char *const ints[] = {"0", "1", "2", "-1", "7", "2147483647", "-2147483648"};
static const char *const floats[] = {"0", "1.5", "-2", "nan", "inf", "-inf", "-0.0", "0.25"};
static const char *const texts[] = {"",
                                    "a",
                                    "ab",
                                    "b",
                                    "\xc3\xa9",
                                    "A",
                                    "eight_by",
                                    "eight_byt",
                                    "eight_bz",
                                    "twelve_bytes",
                                    "thirteen_byte",
                                    "a text that is longer than a vector holds"};

#define PICK(seed, table) (table)[below((seed), UNIT_COUNT(table))]

static const char *value_of(uint64_t *seed, const char *type)
{
    if (type[0] == 'n' || one_in(seed, 6)) {
        return "~";
    }
    switch (type[0]) {
    case 'b':
        return one_in(seed, 2) ? "true" : "false";
    case 'f':
        return PICK(seed, floats);
    case 's':
        return PICK(seed, texts);
    case 'w':
        return PICK(seed, tables_words);
    default:
        return type[1] == '6' && one_in(seed, 20) ? "-9223372036854775808" : PICK(seed, ints);
    }
}

static void add_value(uint64_t *seed, const char *type, rs_buf *rows)
{
    if (strchr(type, '[') == NULL) {
        rs_buf_add(rows, value_of(seed, type));
        return;
    }
    if (one_in(seed, 5)) {
        rs_buf_add(rows, "~");
        return;
    }
    size_t n_elements = below(seed, 4);
    rs_buf_add(rows, "[");
    for (size_t i = 0; i < n_elements; i++) {
        rs_buf_add(rows, i == 0 ? "" : ",");
        rs_buf_add(rows, value_of(seed, type));
    }
    rs_buf_add(rows, "]");
}

static size_t row_count(uint64_t *seed)
{
    return one_in(seed, 8) ? 0 : one_in(seed, 40) ? 2500 + below(seed, 200) : 1 + below(seed, 40);
}

/* --- a case: tables, a call, and both answers --- */

typedef struct lane_case {
    rs_session *session;
    uint64_t seed;
    uint64_t first_seed;
    rs_table inputs[2];
    char names[2][MAX_COLUMNS][32];
    const char *name_list[2][MAX_COLUMNS];
    rs_relation relations[2];
    const char *types[MAX_COLUMNS]; /* of the first */
    size_t n_columns;
    rs_order_term terms[MAX_TERMS];
    const char *keys[MAX_COLUMNS];
} lane_case;

static void set_relation(lane_case *of, size_t index)
{
    size_t n_columns = rs_table_n_columns(&of->inputs[index]);
    for (size_t i = 0; i < n_columns; i++) {
        (void)snprintf(of->names[index][i], sizeof of->names[index][i], "%s",
                       rs_table_column_name(&of->inputs[index], i));
        of->name_list[index][i] = of->names[index][i];
    }
    of->relations[index] =
        (rs_relation){index == 0 ? "in \"put" : "right side", {of->name_list[index], n_columns}};
}

/* A table of columns of any type; the first n_fixed have the types given. */
static void make_table(lane_case *of, const char *const *fixed, size_t n_fixed, size_t n_types)
{
    rs_buf columns = {0};
    rs_buf rows = {0};
    of->n_columns = n_fixed + 1 + below(&of->seed, 3);
    for (size_t i = 0; i < of->n_columns; i++) {
        of->types[i] = i < n_fixed ? fixed[i] : type_names[below(&of->seed, n_types)];
        rs_buf_addf(&columns, "%sc\"%zu:%s", i == 0 ? "" : " ", i, of->types[i]);
    }
    size_t n_rows = row_count(&of->seed);
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t i = 0; i < of->n_columns; i++) {
            rs_buf_add(&rows, i == 0 ? "" : "|");
            add_value(&of->seed, of->types[i], &rows);
        }
        rs_buf_add(&rows, "\n");
    }
    tables_make(&of->inputs[0], rs_buf_text(&columns), rs_buf_text(&rows));
    set_relation(of, 0);
    rs_buf_release(&columns);
    rs_buf_release(&rows);
}

/* Some of the columns, each at most once. */
static rs_names some_keys(lane_case *of, size_t n_least)
{
    size_t n_keys = 0;
    for (size_t i = 0; i < of->n_columns; i++) {
        if (one_in(&of->seed, 3) || n_keys + of->n_columns - i <= n_least) {
            of->keys[n_keys++] = of->name_list[0][i];
        }
    }
    return (rs_names){of->keys, n_keys};
}

static rs_order some_order(lane_case *of, size_t side, size_t n_least)
{
    size_t n_columns = of->relations[side].columns.n_items;
    size_t n_terms = n_least + below(&of->seed, MAX_TERMS - n_least);
    bool is_total = n_columns <= MAX_TERMS && one_in(&of->seed, 3); /* as all columns are listed */
    n_terms = is_total ? n_columns : n_terms;
    for (size_t i = 0; i < n_terms; i++) {
        size_t column = is_total ? i : below(&of->seed, n_columns);
        of->terms[i] = (rs_order_term){of->name_list[side][column], one_in(&of->seed, 2),
                                       one_in(&of->seed, 2)};
    }
    return (rs_order){of->terms, n_terms, is_total};
}

static void check_status(const lane_case *of, rs_status status, const rs_error *err,
                         const char *sql)
{
    UNIT_CHECK(status == RS_OK, "seed %llu: %s\n%s", (unsigned long long)of->first_seed,
               err->message, sql);
}

/* The first line in which two texts differ. */
static void print_difference(const char *a, const char *b)
{
    size_t line = 0;
    while (*a != '\0' && *b != '\0') {
        size_t n_a = strcspn(a, "\n");
        size_t n_b = strcspn(b, "\n");
        if (n_a != n_b || memcmp(a, b, n_a) != 0) {
            break;
        }
        a += n_a + (a[n_a] != '\0');
        b += n_b + (b[n_b] != '\0');
        line++;
    }
    print_error("row %zu: C has %.*s, SQL has %.*s\n", line, (int)strcspn(a, "\n"), a,
                (int)strcspn(b, "\n"), b);
}

static void sort_rows(rs_table *table)
{
    rs_error err = {0};
    rs_table sorted = {0};
    const rs_table *inputs[] = {table};
    rs_kernel_call call = {.kernel = RS_KERNEL_canonical_sort};
    assert_int_equal(rs_kernel_run(&call, inputs, 1, &sorted, &err), RS_OK);
    rs_table_release(table);
    *table = sorted;
}

static void check_call(lane_case *of, const rs_kernel_call *call)
{
    rs_error err = {0};
    rs_table by_c = {0};
    rs_table by_sql = {0};
    rs_buf sql = {0};
    rs_buf c_text = {0};
    rs_buf sql_text = {0};
    const rs_table *inputs[] = {&of->inputs[0], &of->inputs[1]};
    size_t n_inputs = rs_kernel_row(call->kernel).info->n_inputs;
    rs_kernel_add_sql(call, of->relations, &rs_dialect_duckdb, &sql);
    check_status(of, rs_kernel_run(call, inputs, n_inputs, &by_c, &err), &err, rs_buf_text(&sql));
    for (size_t i = 0; i < n_inputs; i++) {
        check_status(of, rs_session_add_table(of->session, of->relations[i].name, inputs[i], &err),
                     &err, "add");
    }
    rs_status status =
        rs_session_query_table(of->session, "lane", rs_buf_text(&sql), NULL, 0, &by_sql, &err);
    check_status(of, status, &err, rs_buf_text(&sql));
    if (call->kernel == RS_KERNEL_judge ||
        (call->kernel == RS_KERNEL_dedupe && call->as.dedupe.is_set)) { /* a set of rows */
        sort_rows(&by_c);
        sort_rows(&by_sql);
    }
    tables_text(&by_c, true, &c_text);
    tables_text(&by_sql, true, &sql_text);
    if (strcmp(rs_buf_text(&c_text), rs_buf_text(&sql_text)) != 0) {
        rs_buf in = {0};
        for (size_t i = 0; i < n_inputs; i++) {
            tables_text(inputs[i], true, &in);
            print_error("input %zu: %.3000s\n", i, rs_buf_text(&in));
        }
        print_difference(rs_buf_text(&c_text), rs_buf_text(&sql_text));
        fail_msg("seed %llu: %.1500s", (unsigned long long)of->first_seed, rs_buf_text(&sql));
    }
    rs_buf_release(&sql);
    rs_buf_release(&c_text);
    rs_buf_release(&sql_text);
    rs_table_release(&by_c);
    rs_table_release(&by_sql);
}

/* --- a case a kernel --- */

static void try_stable_id(lane_case *of)
{
    static const char *const types[] = {"i64", "i32", "str", "word", "null"};
    make_table(of, types, UNIT_COUNT(types), N_TYPES);
    size_t n_parts = below(&of->seed, 4);
    for (size_t i = 0; i < n_parts; i++) {
        of->keys[i] = of->name_list[0][below(&of->seed, UNIT_COUNT(types))];
    }
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_stable_id,
                                     .as.stable_id = {"it's", {of->keys, n_parts}, "an \"id"}});
}

static void try_winner_select(lane_case *of)
{
    make_table(of, NULL, 0, N_TYPES);
    rs_names keys = some_keys(of, 1);
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_winner_select,
                                     .as.winner_select = {keys, some_order(of, 0, 1)}});
}

static void try_dedupe(lane_case *of)
{
    rs_dedupe_call call = {.strategy = (rs_dedupe_strategy)below(&of->seed, 3)};
    bool collapses = call.strategy == RS_DEDUPE_COLLAPSE_LIST;
    make_table(of, (const char *const[]){"f64"}, 1, collapses ? N_PLAIN_TYPES : N_TYPES);
    call.keys = some_keys(of, 1);
    call.order = some_order(of, 0, 0);
    call.is_set = one_in(&of->seed, 2);
    call.score = call.strategy == RS_DEDUPE_KEEP_BEST_BY_SCORE ? of->name_list[0][0] : NULL;
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_dedupe, .as.dedupe = call});
}

static void try_canonical_sort(lane_case *of)
{
    make_table(of, NULL, 0, N_TYPES);
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_canonical_sort,
                                     .as.canonical_sort = {some_order(of, 0, 0)}});
}

static void try_explode_list(lane_case *of)
{
    const char *type = type_names[N_PLAIN_TYPES + below(&of->seed, N_TYPES - N_PLAIN_TYPES)];
    make_table(of, &type, 1, N_TYPES);
    rs_explode_list_call call = {of->name_list[0][0], "an element", "its place",
                                 one_in(&of->seed, 2)};
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_explode_list, .as.explode_list = call});
}

/* Spans like those of a tree, of tokens, or of anything; some null, inverted or below 0. */
static void add_span(uint64_t *seed, size_t n_places, bool are_empty, rs_buf *rows)
{
    long long start = (long long)below(seed, n_places);
    size_t n_lengths = are_empty ? 1 : one_in(seed, 3) ? n_places : 4;
    long long end = start + (long long)below(seed, n_lengths);
    if (one_in(seed, 15)) {
        rs_buf_addf(rows, one_in(seed, 2) ? "~|%lld" : "%lld|~", end);
    } else if (one_in(seed, 20)) {
        rs_buf_addf(rows, "%lld|%lld", end + 1 - 6 * (long long)one_in(seed, 3), start);
    } else {
        rs_buf_addf(rows, "%lld|%lld", start, end);
    }
}

static void make_side(lane_case *of, size_t side, const char *const *key_types, size_t n_keys)
{
    rs_buf columns = {0};
    rs_buf rows = {0};
    size_t n_rows = row_count(&of->seed) % 900;
    size_t n_places = one_in(&of->seed, 2) ? 12 : 60;
    bool shuffled = one_in(&of->seed, 2);
    bool are_empty = one_in(&of->seed, 6);
    rs_buf_addf(&columns, "row:i64 start:%s end:i64 tie:str tie2:f64",
                one_in(&of->seed, 2) ? "i64" : "i32");
    for (size_t i = 0; i < n_keys; i++) {
        rs_buf_addf(&columns, " key%zu:%s", i, key_types[i]);
    }
    for (size_t row = 0; row < n_rows; row++) {
        rs_buf_addf(&rows, "%zu|", shuffled ? (row * 7919 + 13) % 10007 : row);
        add_span(&of->seed, n_places, are_empty, &rows);
        rs_buf_addf(&rows, "|%s|%s", value_of(&of->seed, "str"), value_of(&of->seed, "f64"));
        for (size_t i = 0; i < n_keys; i++) {
            rs_buf_addf(&rows, "|%s", value_of(&of->seed, key_types[i]));
        }
        rs_buf_add(&rows, "\n");
    }
    tables_make(&of->inputs[side], rs_buf_text(&columns), rs_buf_text(&rows));
    set_relation(of, side);
    rs_buf_release(&columns);
    rs_buf_release(&rows);
}

static void try_interval_align(lane_case *of)
{
    static const char *const key_types[] = {"i64", "i32", "str", "word", "bool"};
    static const char *const key_names[] = {"key0", "key1"};
    const char *types[2] = {PICK(&of->seed, key_types), PICK(&of->seed, key_types)};
    size_t n_keys = below(&of->seed, 3);
    make_side(of, 0, types, n_keys);
    if (strcmp(types[0], "i64") == 0) {
        types[0] = "i32"; /* whole numbers of any width meet */
    }
    make_side(of, 1, types, n_keys);
    rs_align_side side = {"row", "start", "end", {key_names, n_keys}};
    rs_interval_align_call call = {
        .left = side,
        .right = side,
        .mode = (rs_align_mode)below(&of->seed, RS_N_ALIGN_MODES),
        .keep = one_in(&of->seed, 2) ? RS_ALIGN_KEEP_ALL : RS_ALIGN_KEEP_BEST,
        .keep_unmatched = one_in(&of->seed, 2),
        .ties = some_order(of, 1, 0),
    };
    check_call(of,
               &(rs_kernel_call){.kernel = RS_KERNEL_interval_align, .as.interval_align = call});
}

/* --- all of them --- */

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text != NULL && text[0] != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

static void try_all(void (*attempt)(lane_case *of))
{
    rs_error err = {0};
    rs_engine *engine = NULL;
    rs_session *session = NULL;
    uint64_t first = number_from("RS_LANE_SEED", 1);
    uint64_t n_tables = number_from("RS_LANE_TABLES", unit_is_full() ? SHORT_TABLES : QUICK_TABLES);
    assert_int_equal(rs_engine_new(&(rs_engine_config){0}, &engine, &err), RS_OK);
    assert_int_equal(rs_session_new(engine, &session, &err), RS_OK);
    for (uint64_t i = 0; i < n_tables; i++) {
        lane_case of = {.session = session, .seed = first + i, .first_seed = first + i};
        attempt(&of);
        rs_table_release(&of.inputs[0]);
        rs_table_release(&of.inputs[1]);
    }
    rs_session_free(session);
    rs_engine_free(engine);
}

static void try_judge(lane_case *of)
{
    make_table(of, NULL, 0, N_TYPES);
    rs_names keys = some_keys(of, one_in(&of->seed, 4) ? 0 : 1);
    size_t n_required = below(&of->seed, of->n_columns);
    const char *shares[MAX_COLUMNS];
    size_t n_shares = 0;
    for (size_t i = 0; i < of->n_columns; i++) {
        if (of->types[i][0] == 'f' && strlen(of->types[i]) == 3 && one_in(&of->seed, 2)) {
            shares[n_shares++] = of->name_list[0][i];
        }
    }
    check_call(of, &(rs_kernel_call){.kernel = RS_KERNEL_judge,
                                     .as.judge = {.required = {of->name_list[0], n_required},
                                                  .shares = {shares, n_shares},
                                                  .keys = keys,
                                                  .order = some_order(of, 0, 0),
                                                  .has_few = one_in(&of->seed, 2),
                                                  .reason = "the reason"}});
}

/* One test a row of the registry: a kernel without a try_NAME() does not link. */
/* clang-format off */
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    static void name##_agrees(void **state)                                                        \
    {                                                                                              \
        (void)state;                                                                               \
        assert_true(rs_kernel_row(RS_KERNEL_##name).has_sql);                                      \
        try_all(try_##name);                                                                       \
    }
#include "schema/kernels.def"

static const struct CMUnitTest tests[] = {
#define RS_KERNEL(name, version, n_inputs, sql, lanes, ordering, volatility, doc)                  \
    cmocka_unit_test(name##_agrees),
#include "schema/kernels.def"
};
/* clang-format on */

UNIT_TESTS(kernel_lanes, tests)
