/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of operators, and of dialects: what everybody who reads them relies on. */
#include "plan/operator.h"

#include "plan/align.h"
#include "unit/unit.h"

/* A key has what its kind needs. */
static void check_key(const char *op, const rs_key *key)
{
    bool is_list = key->kind == RS_KEY_EXPRS;
    bool has_words = key->kind == RS_KEY_WORD || key->kind == RS_KEY_SWITCH;
    UNIT_CHECK(key->doc != NULL && key->doc[0] != '\0', "%s.%s: doc", op, key->name);
    UNIT_CHECK(is_list == (key->most > 0), "%s.%s: most", op, key->name);
    UNIT_CHECK(has_words == (key->word != NULL), "%s.%s: words", op, key->name);
    UNIT_CHECK((key->kind == RS_KEY_KEYS) == (key->keys != NULL), "%s.%s: keys", op, key->name);
    UNIT_CHECK(key->at < sizeof(rs_plan) && key->n_at < sizeof(rs_plan), "%s.%s: place", op,
               key->name);
    if (key->kind == RS_KEY_SWITCH) {
        UNIT_CHECK(key->word(1) != NULL && key->word(2) == NULL, "%s.%s: two words", op, key->name);
    }
    for (const rs_key *inner = key->keys; inner != NULL && inner->name != NULL; inner++) {
        check_key(op, inner);
    }
}

static void operators_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; rs_operator_get(i) != NULL; i++) {
        const rs_operator *op = rs_operator_get(i);
        assert_ptr_equal(rs_operator_find(rs_str_of(op->name)), op);
        UNIT_CHECK(op->doc != NULL && op->doc[0] != '\0', "%s: doc", op->name);
        UNIT_CHECK(op->min_inputs <= op->max_inputs && op->max_inputs <= RS_PLAN_MAX_INPUTS,
                   "%s: inputs", op->name);
        UNIT_CHECK(op->check != NULL && op->is_local != NULL && op->add_from != NULL, "%s: body",
                   op->name);
        UNIT_CHECK(op->add_steps == NULL || op->needs_output, "%s: steps make rows", op->name);
        UNIT_CHECK((op->meets == RS_MEETS_NOT) == (op->places != RS_PLACES_TWO), "%s: pairs",
                   op->name);
        UNIT_CHECK((op->places == RS_PLACES_ONE) == (op->second_place != NULL), "%s: places",
                   op->name);
        for (const rs_key *key = op->keys; key->name != NULL; key++) {
            check_key(op->name, key);
            assert_ptr_equal(rs_key_find(op->keys, rs_str_of(key->name)), key);
        }
    }
    assert_null(rs_operator_find(RS_STR_LITERAL("cross_join")));
}

/* What `_o1` and `_o2` name, for each way that rows are put together. */
static void rows_that_were_read_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *op;
        rs_join join;
        size_t input;
        int64_t want;
    } cases[] = {
        {"filter_project", RS_JOIN_INNER, 0, 7}, {"aggregate", RS_JOIN_INNER, 0, 7},
        {"hash_join", RS_JOIN_INNER, 0, 7},      {"hash_join", RS_JOIN_LEFT, 1, 1},
        {"hash_join", RS_JOIN_SEMI, 1, -1},      {"hash_join", RS_JOIN_ANTI, 0, 7},
        {"interval_align", RS_JOIN_INNER, 1, 1}, {"explode_list", RS_JOIN_INNER, 0, 7},
        {"union_all", RS_JOIN_INNER, 0, -1},     {"union_all", RS_JOIN_INNER, 7, 1},
    };
    for (size_t i = 0; i < UNIT_COUNT(cases); i++) {
        const rs_operator *op = rs_operator_find(rs_str_of(cases[i].op));
        const rs_plan plan = {.op = op, .join = cases[i].join, .n_inputs = op->min_inputs};
        UNIT_CHECK(rs_plan_row_read(&plan, cases[i].input, 7, 1) == cases[i].want, "%s %s %zu",
                   cases[i].op, rs_join_name(cases[i].join), cases[i].input);
    }
}

/* The score stands first, and descends: ranks, the rank's SQL and match_score are of one table. */
static void alignments_rank_by_their_score(void **state)
{
    (void)state;
    for (int i = 0; i < RS_N_ALIGN_MODES; i++) {
        const rs_align_term *terms = rs_align_order((rs_align_mode)i);
        assert_true(terms[0].is_descending);
        assert_string_equal(terms[0].name, "score");
        for (size_t j = 0; j < RS_N_ALIGN_TERMS; j++) {
            assert_true(rs_measure_sql(terms[j].measure)[0] != '\0');
        }
    }
}

/* A function that an engine does not know by our name has a template in each dialect or in none,
 * but for those that only some engines call otherwise. */
static void dialects_spell_what_is_theirs(void **state)
{
    (void)state;
    rs_buf text = {0};
    for (size_t i = 0; rs_dialect_get(i) != NULL; i++) {
        const rs_dialect *dialect = rs_dialect_get(i);
        for (size_t j = 0; j < dialect->n_templates; j++) {
            const char *name = dialect->templates[j].name;
            const rs_str word = {name, strcspn(name, " ")}; /* what is behind it tells a variant */
            UNIT_CHECK(rs_function_find(word) != NULL || rs_expr_op_find(word) != NULL,
                       "%s spells %s, which nobody writes", dialect->name, name);
        }
    }
    rs_dialect_add_name(&rs_dialect_duckdb, RS_STR_LITERAL("a\"b`"), &text);
    rs_dialect_add_name(&rs_dialect_spark, RS_STR_LITERAL("a\"b`"), &text);
    rs_dialect_add_literal(&rs_dialect_duckdb, RS_STR_LITERAL("it's \\"), &text);
    rs_dialect_add_literal(&rs_dialect_spark, RS_STR_LITERAL("it's \\"), &text);
    rs_dialect_add_separator(&rs_dialect_spark, RS_STR_LITERAL("."), &text);
    assert_string_equal(rs_buf_text(&text),
                        "\"a\"\"b`\"`a\"b```'it''s \\''it\\'s \\\\''\\\\Q.\\\\E'");
    rs_buf_release(&text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(operators_are_whole),
    cmocka_unit_test(rows_that_were_read_are_told),
    cmocka_unit_test(alignments_rank_by_their_score),
    cmocka_unit_test(dialects_spell_what_is_theirs),
};

UNIT_TESTS(operators, tests)
