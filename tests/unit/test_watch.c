/* SPDX-License-Identifier: Apache-2.0 */
/* Which ids a file has: what is kept of its rows, and where two of them meet. */
#include "run/watch.h"

#include "base/hash.h"

#include "unit/unit.h"

static const rs_parquet_column derivation_columns[] = {
    {.name = "edge_id", .type = RS_TYPE_I64}, {.name = "input_index", .type = RS_TYPE_I32}};

static rs_watch *begin(const char *dataset, const rs_parquet_column *columns, size_t n_columns)
{
    rs_watch *watch = NULL;
    assert_int_equal(rs_watch_new(dataset, &watch, NULL), RS_OK);
    assert_non_null(watch);
    rs_watch_see(watch, columns, n_columns, NULL, 0);
    return watch;
}

static void see_derivations(rs_watch *watch, const int64_t *ids, const int32_t *inputs, size_t n)
{
    const rs_parquet_vector vectors[] = {{.form = RS_FORM_FLAT, .values = ids},
                                         {.form = RS_FORM_FLAT, .values = inputs}};
    rs_watch_see(watch, derivation_columns, 2, vectors, n);
}

static void derivations_meet_by_id_and_number(void **state)
{
    (void)state;
    static const int64_t ids[] = {7, -7, 7, 9};
    static const int32_t apart[] = {0, 0, 1, 0};
    static const int32_t met[] = {0, 0, 0, 0};
    for (int is_met = 0; is_met < 2; is_met++) {
        rs_watched_vec all = {0};
        rs_watch *watch = begin("derivations", derivation_columns, 2);
        see_derivations(watch, ids, met, 4);
        rs_watch_see(watch, derivation_columns, 2, NULL, 0); /* the file is made anew */
        see_derivations(watch, ids, is_met ? met : apart, 4);
        assert_true(rs_watch_take(watch, &all));
        assert_int_equal(all.n_items, 4);
        assert_int_equal(rs_watched_meet(&all, false), is_met);
        rs_watched_vec_release(&all);
        rs_watch_free(watch);
    }
}

static void many_rows_are_not_kept(void **state)
{
    (void)state;
    static int64_t ids[RS_WATCH_ROWS / 2 + 1];
    static int32_t inputs[RS_WATCH_ROWS / 2 + 1];
    rs_watched_vec all = {0};
    rs_watch *first = begin("derivations", derivation_columns, 2);
    rs_watch *second = begin("derivations", derivation_columns, 2);
    see_derivations(first, ids, inputs, RS_WATCH_ROWS / 2 + 1);
    see_derivations(second, ids, inputs, RS_WATCH_ROWS / 2 + 1);
    assert_true(rs_watch_take(first, &all));
    assert_false(rs_watch_take(second, &all)); /* of both it is too much */
    see_derivations(first, ids, inputs, RS_WATCH_ROWS / 2 + 1);
    rs_watched_vec_reset(&all);
    assert_false(rs_watch_take(first, &all)); /* and of one */
    rs_watched_vec_release(&all);
    rs_watch_free(first);
    rs_watch_free(second);
}

/* Of rows that say what their id is made of: of one kind, by its text; others claim nothing. */
static void texts_meet_by_id(void **state)
{
    (void)state;
    static const rs_str words[] = {{"FILE", 4}, {"TYPE", 4}, {"CALL", 4}};
    static const rs_parquet_column columns[] = {
        {.name = "node_id", .type = RS_TYPE_I64},
        {.name = "kind", .type = RS_TYPE_ENUM, .words = words, .n_words = 3},
        {.name = "name", .type = RS_TYPE_STR},
        {.name = "qualified_name", .type = RS_TYPE_STR}};
    static const uint8_t kinds[] = {1, 1, 0, 2, 1};
    static const rs_str names[] = {{"int", 3}, {"int", 3}, {"a.py", 4}, {"f", 1}, {NULL, 0}};
    const int64_t type_id = rs_global_id(rs_str_of("TYPE"), rs_str_of("int"));
    const int64_t ids[] = {type_id, type_id, type_id, type_id, type_id};
    const rs_parquet_vector vectors[] = {{.form = RS_FORM_FLAT, .values = ids},
                                         {.form = RS_FORM_FLAT, .values = kinds},
                                         {.form = RS_FORM_FLAT, .values = names},
                                         {.form = RS_FORM_NULL}};
    rs_watched_vec all = {0};
    rs_watch *watch = begin("nodes", columns, 4);
    rs_watch_see(watch, columns, 4, vectors, 5);
    assert_true(rs_watch_take(watch, &all));
    assert_int_equal(all.n_items, 2);
    assert_false(rs_watched_meet(&all, true)); /* one text, twice */
    all.items[1].what++;
    assert_true(rs_watched_meet(&all, true));
    rs_watched_vec_release(&all);
    rs_watch_free(watch);
}

static void other_datasets_are_not_watched(void **state)
{
    (void)state;
    rs_watch *watch = NULL;
    assert_int_equal(rs_watch_new("edges", &watch, NULL), RS_OK);
    assert_null(watch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(derivations_meet_by_id_and_number),
    cmocka_unit_test(many_rows_are_not_kept),
    cmocka_unit_test(texts_meet_by_id),
    cmocka_unit_test(other_datasets_are_not_watched),
};

UNIT_TESTS(watch, tests)
