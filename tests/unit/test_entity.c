/* SPDX-License-Identifier: Apache-2.0 */
/* What ids refer to: the registry's own consistency, and what is told from it. */
#include "schema/schema.h"
#include "unit/unit.h"

static const rs_entity *entity(const char *name)
{
    const rs_entity *found = rs_entity_find(rs_str_of(name));
    UNIT_CHECK(found != NULL, "%s", name);
    return found;
}

/* --- the tables --- */

static void test_families(void **state)
{
    (void)state;
    for (size_t i = 0; i < RS_N_ENTITIES; i++) {
        const rs_entity *self = &rs_entities[i];
        const rs_entity *family = &rs_entities[self->family];
        bool is_free = self->family == RS_ENTITY_node || self->family == RS_ENTITY_any;
        UNIT_CHECK(self->name != NULL && self->doc[0] != '\0', "entity %zu", i);
        UNIT_CHECK(family->family == self->family, "%s: family %s", self->name, family->name);
        UNIT_CHECK(is_free || self->home == family->home, "%s: home", self->name);
        UNIT_CHECK(rs_kind_set_is_part(rs_entity_kinds(self), rs_entity_kinds(family)),
                   "%s: kinds that its family has not", self->name);
        for (size_t j = 0; j < i; j++) {
            UNIT_CHECK(strcmp(rs_entities[j].name, self->name) != 0, "%s twice", self->name);
        }
    }
}

static void test_classes(void **state)
{
    (void)state;
    rs_kind_set kinds = rs_entity_kinds(entity("syntax_node"));
    for (int i = 0; i < RS_N_AST_CLASSES; i++) {
        UNIT_CHECK(rs_kind_set_has(kinds, (int)rs_ast_class_kind((rs_ast_class)i)), "%s",
                   rs_ast_class_name((rs_ast_class)i));
    }
    assert_false(rs_kind_set_has(kinds, RS_K_COMMENT));
    assert_true(rs_kind_set_has(rs_entity_kinds(entity("syntax_child")), RS_K_COMMENT));
}

static void check_columns(const rs_dataset *dataset)
{
    for (size_t i = 0; i < dataset->n_columns; i++) {
        const rs_column *column = &dataset->columns[i];
        size_t n_bytes = strlen(column->name);
        bool is_named_so = n_bytes > 3 && strcmp(column->name + n_bytes - 3, "_id") == 0;
        const char *id = rs_column_file_of(column);
        const rs_column *of = id != NULL ? rs_column_find(dataset, rs_str_of(id)) : column;
        UNIT_CHECK(column->entity == NULL || column->type == RS_TYPE_I64, "%s.%s: no id",
                   dataset->name, column->name);
        UNIT_CHECK(!is_named_so || column->entity != NULL, "%s.%s refers to nothing", dataset->name,
                   column->name);
        UNIT_CHECK(of != NULL && (id == NULL || rs_column_is_local_id(of) || !column->required),
                   "%s.%s: the file of what is no id of one", dataset->name, column->name);
    }
}

static void test_columns(void **state)
{
    (void)state;
    for (int i = 0; i < RS_N_EVIDENCE; i++) {
        check_columns(rs_dataset_get((rs_dataset_id)i));
    }
    for (int i = 0; i < RS_N_GRAPH; i++) {
        check_columns(rs_graph_dataset_get((rs_graph_dataset_id)i));
    }
}

/* --- referents --- */

typedef struct pair {
    const char *one;
    const char *other;
    bool is;
    bool may_be;
} pair;

static const pair pairs[] = {
    {"call", "call", true, true},
    {"call", "expression", true, true},
    {"expression", "call", false, true},
    {"call", "definition", false, false},
    {"call", "node", true, true},
    {"call", "any", true, true},
    {"any", "call", false, true},
    {"any", "node", false, true},
    {"node", "call", false, true},
    {"file", "file", true, true},
    {"file", "node", false, false},
    {"file", "any", true, true},
    {"file", "file_node", false, false},
    {"edge", "node", false, false},
    {"parse_error", "diagnostic", true, true},
    {"parse_error", "scope_diagnostic", false, false},
    {"diagnostic", "parse_error", false, true},
    {"file_node", "diagnosed", true, true},
    {"module", "diagnosed", false, false},
    {"comment", "syntax_child", true, true},
    {"comment", "syntax_node", false, false},
    {"class", "definition", true, true},
    {"callable", "class", false, false},
    {"scip_declaration", "scip_external", false, false},
};

static void test_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(pairs); i++) {
        rs_referent one = rs_referent_of(entity(pairs[i].one));
        rs_referent other = rs_referent_of(entity(pairs[i].other));
        UNIT_CHECK(rs_referent_is(one, other) == pairs[i].is, "%s is %s", pairs[i].one,
                   pairs[i].other);
        UNIT_CHECK(rs_referent_may_be(one, other) == pairs[i].may_be, "%s may be %s", pairs[i].one,
                   pairs[i].other);
        UNIT_CHECK(rs_referent_may_be(other, one) == pairs[i].may_be, "%s may be %s",
                   pairs[i].other, pairs[i].one);
    }
}

static void test_join(void **state)
{
    (void)state;
    rs_referent owner =
        rs_referent_join(rs_referent_of(entity("definition")), rs_referent_of(entity("module")));
    assert_true(rs_referent_is(owner, rs_referent_of(entity("container"))));
    assert_false(rs_referent_is(owner, rs_referent_of(entity("definition"))));
    owner = rs_referent_join(rs_referent_null(), rs_referent_of(entity("call")));
    assert_true(rs_referent_is(owner, rs_referent_of(entity("call"))));
    owner = rs_referent_join(owner, rs_referent_of(entity("comment")));
    assert_false(rs_referent_is(owner, rs_referent_of(entity("syntax_node"))));
    assert_true(rs_referent_is(owner, rs_referent_of(entity("syntax_child"))));
    owner = rs_referent_join(owner, rs_referent_of(entity("file")));
    assert_false(rs_referent_is(owner, rs_referent_of(entity("node"))));
}

static void test_global(void **state)
{
    (void)state;
    rs_referent file = rs_referent_of_global(RS_K_FILE);
    assert_true(rs_referent_is(file, rs_referent_of(entity("file_node"))));
    assert_true(rs_referent_is(file, rs_referent_of(entity("diagnosed"))));
    assert_false(rs_referent_may_be(file, rs_referent_of(entity("file"))));
    assert_false(rs_referent_is(rs_referent_of_global(RS_K_CALL), rs_referent_of(entity("call"))));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_families), cmocka_unit_test(test_classes), cmocka_unit_test(test_columns),
    cmocka_unit_test(test_pairs),    cmocka_unit_test(test_join),    cmocka_unit_test(test_global),
};

UNIT_TESTS(entity, tests)
