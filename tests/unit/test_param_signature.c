/* SPDX-License-Identifier: Apache-2.0 */
/* What a signature keeps of values (which, how many, of which type) and what it does not (order,
 * chunks, widths), on tables by hand and on random ones.
 */
#include "kernels/param_signature.h"

#include "unit/tables.h"

enum { MAX_TEXT_BYTES = 4096, N_ROUNDS = 200, MAX_VALUES = 60, N_DISTINCT = 12 };

/* --- helpers --- */

static rs_status add_rows(rs_param_signer *signer, const char *type, const char *rows,
                          rs_error *err)
{
    char columns[32];
    rs_table table = {0};
    struct ArrowArrayView view;
    (void)snprintf(columns, sizeof columns, "v:%s", type);
    tables_make(&table, columns, rows);
    rs_status status = rs_table_open(&table, &view, err);
    if (status == RS_OK) {
        status = rs_param_signer_add(signer, view.children[0], err);
    }
    ArrowArrayViewReset(&view);
    rs_table_release(&table);
    return status;
}

/* Sign chunks of rows, NULL-terminated, of an Arrow type as a declared one. */
static void sign(rs_type type, const char *name, const char *type_name, const char *arrow_type,
                 const char *const *chunks, char hash[RS_SHA256_TEXT_BYTES])
{
    rs_error err = {0};
    rs_param_signer signer = {.type = type};
    for (; *chunks != NULL; chunks++) {
        rs_status status = add_rows(&signer, arrow_type, *chunks, &err);
        UNIT_CHECK(status == RS_OK, "%s", err.message);
    }
    rs_status status = rs_param_signer_finish(&signer, name, type_name, hash, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    rs_param_signer_release(&signer);
}

#define CHUNKS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- golden values: tests/params/recipe.py has them by the recipe of docs/params.md --- */

typedef struct golden_case {
    const char *label;
    rs_type type;
    const char *type_name;
    const char *arrow_type;
    const char *rows;
    const char *want;
} golden_case;

static const golden_case golden_cases[] = {
    {"no value", RS_TYPE_STR, "str", "str", "",
     "fd6d7b698758d2b2cb73d25506420cc11a92f4ffdbe278ddbf9ed31c52148250"},
    {"a null", RS_TYPE_STR, "str", "str", "~\n",
     "3772149594b3117f0f3083cb13978d5e862cfe0d68958d1bf9a3fe9e38273626"},
    {"texts, one twice, one null", RS_TYPE_STR, "str", "str",
     "api\ncore\napi\n~\na text of more than sixty-four bytes, which is more than one block of the "
     "digest\n",
     "41b4bb8277f3ca2e1c6e4fc0049326a7a6dcc98418f5c357a7a345ed98673de1"},
    {"whole numbers", RS_TYPE_I64, "i64", "i64", "3\n-1\n3\n",
     "83e4ca40bb2055cf76df4c5891db4d81768ab630d1631b4dcb3ed32f2fd84d4a"},
    {"booleans", RS_TYPE_BOOL, "bool", "bool", "true\nfalse\n",
     "db13d8668df54551e4cf8e837fb816ffdd872983b3c206a55351b5277bb98048"},
    {"fractions", RS_TYPE_F64, "f64", "f64", "0.5\n-0.0\n",
     "589eefad10b480a262377824581629cdd21d79658e89c6fc824bf25f56eb7dd7"},
    {"short fractions", RS_TYPE_F32, "f32", "f32", "0.5\n0.25\n",
     "95ac759db532a657db1f60a4de0ef6a30f105b998666116568b82328ebe40cba"},
};

static void signatures_are_those_of_the_recipe(void **state)
{
    (void)state;
    char hash[RS_SHA256_TEXT_BYTES];
    for (size_t i = 0; i < UNIT_COUNT(golden_cases); i++) {
        const golden_case *c = &golden_cases[i];
        sign(c->type, "layers", c->type_name, c->arrow_type, CHUNKS(c->rows), hash);
        UNIT_CHECK(strcmp(hash, c->want) == 0, "%s: %s", c->label, hash);
    }
    rs_error err = {0};
    assert_int_equal(rs_param_missing_signature("layers", "str", hash, &err), RS_OK);
    assert_string_equal(hash, "d7f77a51ed08f3bb49208c5b2228980b18b88a61878c0360e9cfe0c0540b3c68");
}

/* --- pairs --- */

typedef struct signed_rows {
    rs_type type;
    const char *name;
    const char *type_name;
    const char *arrow_type;
    const char *chunks[4];
} signed_rows;

typedef struct pair_case {
    const char *label;
    bool is_same;
    signed_rows a;
    signed_rows b;
} pair_case;

#define TEXTS(...)                                                                                 \
    {                                                                                              \
        RS_TYPE_STR, "p", "str", "str",                                                            \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static const pair_case pair_cases[] = {
    {"order does not count", true, TEXTS("a\nb\n~\nc\n"), TEXTS("c\n~\nb\na\n")},
    {"chunks do not count", true, TEXTS("a\nb\nc\n"), TEXTS("c\n", "", "a\nb\n")},
    {"no chunk, an empty one", true, TEXTS(NULL), TEXTS("")},
    {"one value more of a kind", false, TEXTS("a\nb\n"), TEXTS("a\nb\nb\n")},
    {"which value stands twice", false, TEXTS("a\na\nb\n"), TEXTS("a\nb\nb\n")},
    {"a null is a value", false, TEXTS("a\n"), TEXTS("a\n~\n")},
    {"nulls are counted", false, TEXTS("~\n"), TEXTS("~\n~\n")},
    {"null and empty text", false, TEXTS("~\n"), TEXTS("\n")},
    {"null and nothing", false, TEXTS("~\n"), TEXTS(NULL)},
    {"where one text ends", false, TEXTS("ab\nc\n"), TEXTS("a\nbc\n")},
    {"case counts", false, TEXTS("a\n"), TEXTS("A\n")},
    {"the name counts", false, TEXTS("a\n"), {RS_TYPE_STR, "q", "str", "str", {"a\n"}}},
    {"the type counts",
     false,
     {RS_TYPE_I64, "p", "i64", "i64", {"1\n"}},
     {RS_TYPE_I64, "p", "id", "i64", {"1\n"}}},
    {"the width of the array does not",
     true,
     {RS_TYPE_I32, "p", "i32", "i32", {"1\n-2\n"}},
     {RS_TYPE_I32, "p", "i32", "i64", {"-2\n1\n"}}},
    {"nor whether words are coded",
     true,
     {RS_TYPE_ENUM, "p", "greek", "word", {"zeta\nalpha\n~\n"}},
     {RS_TYPE_ENUM, "p", "greek", "str", {"alpha\n~\nzeta\n"}}},
    {"nor the type of nulls alone",
     true,
     {RS_TYPE_I64, "p", "i64", "i64", {"~\n"}},
     {RS_TYPE_I64, "p", "i64", "null", {"~\n"}}},
    {"nor the sign of a zero",
     true,
     {RS_TYPE_F64, "p", "f64", "f64", {"-0.0\n"}},
     {RS_TYPE_F64, "p", "f64", "f64", {"0.0\n"}}},
    {"nor that of what is no number",
     true,
     {RS_TYPE_F32, "p", "f32", "f32", {"-nan\n"}},
     {RS_TYPE_F32, "p", "f32", "f32", {"nan\n"}}},
    {"true and false",
     false,
     {RS_TYPE_BOOL, "p", "bool", "bool", {"true\n"}},
     {RS_TYPE_BOOL, "p", "bool", "bool", {"false\n"}}},
};

static void sign_rows(const signed_rows *rows, char hash[RS_SHA256_TEXT_BYTES])
{
    sign(rows->type, rows->name, rows->type_name, rows->arrow_type, rows->chunks, hash);
}

static void what_counts_and_what_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(pair_cases); i++) {
        char a[RS_SHA256_TEXT_BYTES];
        char b[RS_SHA256_TEXT_BYTES];
        sign_rows(&pair_cases[i].a, a);
        sign_rows(&pair_cases[i].b, b);
        UNIT_CHECK((strcmp(a, b) == 0) == pair_cases[i].is_same, "%s", pair_cases[i].label);
    }
}

static void missing_is_neither_empty_nor_null(void **state)
{
    (void)state;
    rs_error err = {0};
    char missing[RS_SHA256_TEXT_BYTES];
    char empty[RS_SHA256_TEXT_BYTES];
    char null[RS_SHA256_TEXT_BYTES];
    assert_int_equal(rs_param_missing_signature("p", "str", missing, &err), RS_OK);
    sign(RS_TYPE_STR, "p", "str", "str", CHUNKS(""), empty);
    sign(RS_TYPE_STR, "p", "str", "str", CHUNKS("~\n"), null);
    assert_string_not_equal(missing, empty);
    assert_string_not_equal(missing, null);
    assert_string_not_equal(empty, null);
}

/* --- random values --- */

static uint64_t random_state = 1;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

static void add_value(const char *type, uint32_t value, char *text, size_t n_bytes)
{
    size_t at = strlen(text);
    if (value == 0) {
        (void)snprintf(text + at, n_bytes - at, "~\n");
    } else if (strcmp(type, "bool") == 0) {
        (void)snprintf(text + at, n_bytes - at, "%s\n", value % 2 == 0 ? "true" : "false");
    } else {
        (void)snprintf(text + at, n_bytes - at, "%s%u\n", value % 2 == 0 ? "-" : "", value);
    }
}

static void shuffle(uint32_t *values, size_t n_values)
{
    for (size_t i = n_values; i > 1; i--) {
        size_t other = next_random((uint32_t)i);
        uint32_t value = values[i - 1];
        values[i - 1] = values[other];
        values[other] = value;
    }
}

/* The values in chunks of random lengths. */
static void sign_values(rs_type type, const char *type_name, const uint32_t *values,
                        size_t n_values, char hash[RS_SHA256_TEXT_BYTES])
{
    char text[MAX_TEXT_BYTES] = "";
    rs_error err = {0};
    rs_param_signer signer = {.type = type};
    for (size_t i = 0; i < n_values; i++) {
        add_value(type_name, values[i], text, sizeof text);
        if (next_random(3) == 0 || i + 1 == n_values) {
            assert_int_equal(add_rows(&signer, type_name, text, &err), RS_OK);
            text[0] = '\0';
        }
    }
    assert_int_equal(rs_param_signer_finish(&signer, "p", type_name, hash, &err), RS_OK);
    rs_param_signer_release(&signer);
}

static void random_values_in_any_order_and_chunks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        rs_type type;
    } types[] = {{"str", RS_TYPE_STR}, {"i64", RS_TYPE_I64}, {"i32", RS_TYPE_I32},
                 {"f64", RS_TYPE_F64}, {"f32", RS_TYPE_F32}, {"bool", RS_TYPE_BOOL}};
    for (size_t round = 0; round < N_ROUNDS; round++) {
        const char *name = types[round % UNIT_COUNT(types)].name;
        rs_type type = types[round % UNIT_COUNT(types)].type;
        uint32_t values[MAX_VALUES + 1];
        size_t n_values = 1 + next_random(MAX_VALUES);
        char one[RS_SHA256_TEXT_BYTES];
        char other[RS_SHA256_TEXT_BYTES];
        for (size_t i = 0; i < n_values; i++) {
            values[i] = next_random(N_DISTINCT);
        }
        sign_values(type, name, values, n_values, one);
        shuffle(values, n_values);
        sign_values(type, name, values, n_values, other);
        UNIT_CHECK(strcmp(one, other) == 0, "round %zu, %s: the order counts", round, name);
        values[n_values] = values[next_random((uint32_t)n_values)];
        sign_values(type, name, values, n_values + 1, other);
        UNIT_CHECK(strcmp(one, other) != 0, "round %zu, %s: a repeated value is lost", round, name);
        values[0] = values[0] == 0 ? 1 : 0;
        sign_values(type, name, values, n_values, other);
        UNIT_CHECK(strcmp(one, other) != 0, "round %zu, %s: a null is lost", round, name);
    }
}

/* --- refusals --- */

typedef struct refusal_case {
    const char *label;
    rs_type type;
    const char *arrow_type;
    const char *rows;
} refusal_case;

static const refusal_case refusal_cases[] = {
    {"a text for a number", RS_TYPE_I64, "str", "a\n"},
    {"a fraction for a whole number", RS_TYPE_I32, "f64", "1\n"},
    {"a whole number for a fraction", RS_TYPE_F64, "i64", "1\n"},
    {"a short fraction for a long one", RS_TYPE_F64, "f32", "1\n"},
    {"a number for a text", RS_TYPE_STR, "i64", "1\n"},
    {"a number for a boolean", RS_TYPE_BOOL, "i32", "1\n"},
    {"a list", RS_TYPE_STR, "str[]", "[a]\n"},
};

static void another_type_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(refusal_cases); i++) {
        const refusal_case *c = &refusal_cases[i];
        rs_error err = {0};
        rs_param_signer signer = {.type = c->type};
        UNIT_REFUSED(add_rows(&signer, c->arrow_type, c->rows, &err), &err, RS_ERR_INVALID,
                     "another type");
        UNIT_CHECK(signer.hashes.n_items == 0, "%s: it is taken in", c->label);
        rs_param_signer_release(&signer);
    }
}

static rs_status try_to_sign(void *context)
{
    rs_error err = {0};
    char hash[RS_SHA256_TEXT_BYTES];
    rs_param_signer signer = {.type = RS_TYPE_STR};
    rs_status status = rs_param_signer_add(&signer, context, &err);
    if (status == RS_OK) {
        status = rs_param_signer_finish(&signer, "p", "str", hash, &err);
    }
    rs_param_signer_release(&signer);
    return status;
}

static void signing_runs_out_of_memory(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_table table = {0};
    struct ArrowArrayView view;
    tables_make(&table, "v:str", "a\n~\nb\n");
    assert_int_equal(rs_table_open(&table, &view, &err), RS_OK);
    UNIT_SWEEP(try_to_sign, view.children[0]);
    ArrowArrayViewReset(&view);
    rs_table_release(&table);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(signatures_are_those_of_the_recipe),
    cmocka_unit_test(what_counts_and_what_does_not),
    cmocka_unit_test(missing_is_neither_empty_nor_null),
    cmocka_unit_test(random_values_in_any_order_and_chunks),
    cmocka_unit_test(another_type_is_refused),
    cmocka_unit_test(signing_runs_out_of_memory),
};

UNIT_TESTS(param_signature, tests)
