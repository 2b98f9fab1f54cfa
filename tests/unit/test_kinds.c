/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds that packs declare: in the order of their names, to a document and back, and what no relspec wrote. */
#include "schema/kinds.h"

#include "unit/unit.h"

static const char *const ends[] = {"ROUTE", "CALL"};

static const rs_declared_kind declared[] = {
    {.kind = {.name = "ROUTE", .lens = "syntax", .label = "", .covers = "OLD", .doc = "a path"}},
    {.kind = {.name = "A_MARK", .lens = "syntax", .label = "", .covers = "", .doc = "a mark"}},
    {.kind =
         {.name = "MARKS", .is_edge = true, .lens = "scope", .label = "", .covers = "", .doc = "x"},
     .ends = {{.entity = &rs_entities[RS_ENTITY_call]}, {.names = ends, .n_names = 2}}},
};
static const rs_property properties[] = {
    {"ROUTE", false, "path_text", RS_TYPE_STR, true, "a b", "the path"},
    {"MARKS", true, "n", RS_TYPE_I64, false, "", "how often"},
};

static rs_kinds *make(rs_arena *arena)
{
    rs_kinds *kinds = NULL;
    rs_error err = {0};
    assert_int_equal(rs_kinds_new(declared, 3, properties, 2, arena, &kinds, &err), RS_OK);
    return kinds;
}

static void test_numbers(void **state)
{
    (void)state;
    rs_arena arena = {0};
    const rs_kinds *kinds = make(&arena);
    size_t route = 0;
    size_t mark = 0;
    assert_non_null(rs_kinds_find(kinds, false, RS_STR_LITERAL("ROUTE"), &route));
    assert_non_null(rs_kinds_find(kinds, false, RS_STR_LITERAL("A_MARK"), &mark));
    assert_int_equal(mark, RS_N_NODE_KINDS);
    assert_int_equal(route, mark + 1);
    assert_true(rs_kinds_is_declared(false, mark));
    assert_false(rs_kinds_is_declared(false, RS_K_CALL));
    const rs_words *words = rs_kinds_words(kinds, rs_words_find("node_kind"));
    assert_int_equal(words->n_words, RS_N_NODE_KINDS + 2);
    assert_string_equal(words->words[route], "ROUTE");
    assert_ptr_equal(rs_kinds_words(kinds, rs_words_find("lens")), rs_words_find("lens"));
    const rs_kind *edge = rs_kinds_find(kinds, true, RS_STR_LITERAL("MARKS"), NULL);
    assert_true(rs_kind_set_has(rs_entity_kinds(edge->ends[1]), (int)route));
    assert_true(rs_kind_set_has(rs_entity_kinds(edge->ends[1]), RS_K_CALL));
    assert_false(rs_kind_set_has(rs_entity_kinds(edge->ends[1]), (int)mark));
    assert_true(
        rs_kinds_property(kinds, RS_STR_LITERAL("ROUTE"), false, RS_STR_LITERAL("path_text"))
            ->required);
    assert_null(rs_kinds_property(kinds, RS_STR_LITERAL("MARKS"), false, RS_STR_LITERAL("n")));
    rs_arena_release(&arena);
}

/* Every kind has its bit where anything is meant, and none elsewhere. */
static void test_any(void **state)
{
    (void)state;
    for (int kind = RS_N_NODE_KINDS; kind < RS_MAX_KINDS; kind++) {
        assert_true(rs_kind_set_has(rs_entity_kinds(&rs_entities[RS_ENTITY_node]), kind));
        assert_false(rs_kind_set_has(rs_entity_kinds(&rs_entities[RS_ENTITY_syntax_node]), kind));
    }
}

static void test_back(void **state)
{
    (void)state;
    rs_arena arena = {0};
    rs_error err = {0};
    bool failed = false;
    const rs_kinds *again = NULL;
    json_t *document = rs_kinds_document(make(&arena), &failed);
    assert_int_equal(rs_kinds_read(document, &arena, &again, &err), RS_OK);
    json_t *second = rs_kinds_document(again, &failed);
    assert_false(failed);
    assert_true(json_equal(document, second));
    json_decref(document);
    json_decref(second);
    assert_null(rs_kinds_document(rs_kinds_builtin(), &failed));
    rs_arena_release(&arena);
}

/* What stands in a manifest is input. */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        "[]",
        "{\"nodes\": 1, \"edges\": {}}",
        "{\"nodes\": [1, null, {}, {\"name\": 2}]}",
        "{\"nodes\": [{\"name\": \"CALL\"}, {\"name\": \"a'); --\"}, {\"name\": \"\"}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        rs_arena arena = {0};
        rs_error err = {0};
        json_t *document = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        const rs_kinds *kinds = NULL;
        assert_int_equal(rs_kinds_read(document, &arena, &kinds, &err), RS_OK);
        assert_int_equal(rs_kinds_count(kinds, false), RS_N_NODE_KINDS);
        assert_int_equal(rs_kinds_count(kinds, true), RS_N_EDGE_KINDS);
        json_decref(document);
        rs_arena_release(&arena);
    }
}

/* More kinds than there are numbers, one of them twice, an edge between nothing: the rest stays. */
static void test_too_many(void **state)
{
    (void)state;
    rs_arena arena = {0};
    rs_error err = {0};
    json_t *nodes = json_array();
    for (int i = 0; i < 600; i++) {
        json_array_append_new(nodes, json_pack("{s:o}", "name", json_sprintf("K_%d", i / 2)));
    }
    json_t *document = json_pack("{s:o, s:[{s:s, s:s, s:i}]}", "nodes", nodes, "edges", "name", "E",
                                 "src", "NOTHING,, CALL", "dst", 1);
    const rs_kinds *kinds = NULL;
    assert_int_equal(rs_kinds_read(document, &arena, &kinds, &err), RS_OK);
    assert_int_equal(rs_kinds_count(kinds, false), RS_MAX_KINDS);
    const rs_kind *edge = rs_kinds_find(kinds, true, RS_STR_LITERAL("E"), NULL);
    assert_true(rs_kind_set_has(rs_entity_kinds(edge->ends[0]), RS_K_CALL));
    assert_true(rs_kind_set_is_empty(rs_entity_kinds(edge->ends[1])));
    json_decref(document);
    rs_arena_release(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_numbers), cmocka_unit_test(test_any),      cmocka_unit_test(test_back),
    cmocka_unit_test(test_hostile), cmocka_unit_test(test_too_many),
};

UNIT_TESTS(kinds, tests)
