/* SPDX-License-Identifier: Apache-2.0 */
#include "output/property_map.h"

#include "unit/unit.h"

enum { MANY = 5000 };

static void add(rs_property_map *map, int64_t id, const char *key, const char *text)
{
    const rs_graph_property property = {
        .key = rs_str_of(key), .type = RS_PROPERTY_STR, .text = rs_str_of(text)};
    assert_true(rs_property_map_add(map, id, &property));
}

static void properties_are_found_in_order_of_keys(void **state)
{
    (void)state;
    rs_property_map map = {0};
    rs_graph_property_vec found = {0};
    for (int64_t id = 0; id < MANY; id++) {
        add(&map, id << 24, "b", "second");
        add(&map, id << 24, "a", "first");
    }
    add(&map, -5, "", "");
    for (int64_t id = 0; id < MANY; id++) {
        rs_graph_property_vec_reset(&found);
        assert_true(rs_property_map_find(&map, id << 24, &found));
        assert_int_equal(found.n_items, 2);
        assert_true(rs_str_equal(found.items[0].text, rs_str_of("first")));
        assert_true(rs_str_equal(found.items[1].key, rs_str_of("b")));
    }
    assert_true(rs_property_map_find(&map, -5, &found));
    assert_int_equal(found.n_items, 3); /* appended */
    assert_int_equal(found.items[2].text.n_bytes, 0);
    rs_graph_property_vec_reset(&found);
    assert_true(rs_property_map_find(&map, 1, &found));
    assert_int_equal(found.n_items, 0);
    rs_property_map_reset(&map);
    assert_true(rs_property_map_find(&map, -5, &found));
    assert_int_equal(found.n_items, 0);
    add(&map, -5, "a", "again");
    assert_true(rs_property_map_find(&map, -5, &found));
    assert_int_equal(found.n_items, 1);
    rs_graph_property_vec_release(&found);
    rs_property_map_release(&map);
}

static void numbers_keep_their_types(void **state)
{
    (void)state;
    rs_property_map map = {0};
    rs_graph_property_vec found = {0};
    const rs_graph_property properties[] = {
        {.key = RS_STR_LITERAL("b"), .type = RS_PROPERTY_BOOL, .number.boolean = true},
        {.key = RS_STR_LITERAL("i"), .type = RS_PROPERTY_INT, .number.i64 = INT64_MIN},
        {.key = RS_STR_LITERAL("n"), .type = RS_PROPERTY_FLOAT, .number.f64 = 0.5},
    };
    for (size_t i = 0; i < UNIT_COUNT(properties); i++) {
        assert_true(rs_property_map_add(&map, 1, &properties[i]));
    }
    assert_true(rs_property_map_find(&map, 1, &found));
    assert_int_equal(found.n_items, 3);
    assert_true(found.items[0].number.boolean);
    assert_true(found.items[1].number.i64 == INT64_MIN);
    assert_true(found.items[2].number.f64 > 0.4 && found.items[2].number.f64 < 0.6);
    rs_graph_property_vec_release(&found);
    rs_property_map_release(&map);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(properties_are_found_in_order_of_keys),
    cmocka_unit_test(numbers_keep_their_types),
};

UNIT_TESTS(property_map, tests)
