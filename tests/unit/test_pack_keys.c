/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of packs: what the loader, the JSON Schema and the reference rely on. */
#include "rules/pack_keys.h"

#include "plan/operator.h"
#include "unit/unit.h"

/* The dataset whose column a key of a part fills; NULL: a relationship's own. */
static const rs_dataset *output_of(rs_pack_part part)
{
    switch (part) {
    case RS_PACK_NODE:
        return rs_graph_dataset_get(RS_G_nodes);
    case RS_PACK_EDGE:
        return rs_graph_dataset_get(RS_G_edges);
    case RS_PACK_PROPS:
    case RS_PACK_EDGE_PROPS:
        return rs_graph_dataset_get(RS_G_props);
    case RS_PACK_FILE:
    case RS_PACK_NODE_KIND:
    case RS_PACK_EDGE_KIND:
    case RS_PACK_PROPERTY:
    case RS_PACK_DATASET:
    case RS_PACK_COLUMN:
    case RS_PACK_PARAM:
    case RS_PACK_RULE:
    case RS_PACK_CONFIDENCE:
    case RS_PACK_WINNER:
    case RS_N_PACK_PARTS:
        break;
    }
    return NULL;
}

static bool is_standard(const char *column)
{
    size_t n_columns = 0;
    const rs_column *columns = rs_relationship_columns(&n_columns);
    for (size_t i = 0; i < n_columns; i++) {
        if (strcmp(columns[i].name, column) == 0) {
            return true;
        }
    }
    return false;
}

static void keys_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; rs_pack_key_get(i) != NULL; i++) {
        const rs_pack_key *key = rs_pack_key_get(i);
        const rs_dataset *output = output_of(key->part);
        UNIT_CHECK(key->doc != NULL && key->doc[0] != '\0', "%s: doc", key->name);
        UNIT_CHECK(rs_pack_key_find(key->part, key->name) == key, "%s stands twice", key->name);
        UNIT_CHECK(rs_pack_type_name(key->type) != NULL && rs_pack_type_doc(key->type) != NULL,
                   "%s: type", key->name);
        UNIT_CHECK(key->type != RS_PACK_WHOLE || key->least < key->most, "%s: range", key->name);
        UNIT_CHECK(!key->is_of_rows || key->part == RS_PACK_RULE, "%s: rows", key->name);
        if (key->column != NULL && output != NULL) {
            assert_non_null(rs_column_find(output, rs_str_of(key->column)));
        } else if (key->column != NULL) {
            assert_true(is_standard(key->column));
        }
    }
}

/* A key of a rule is that of every rule, or of operators: not both. */
static void operators_have_keys_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; rs_operator_get(i) != NULL; i++) {
        const rs_operator *op = rs_operator_get(i);
        for (const rs_key *key = op->keys; key->name != NULL; key++) {
            UNIT_CHECK(rs_pack_key_find(RS_PACK_RULE, key->name) == NULL, "%s: %s is any rule's",
                       op->name, key->name);
        }
        if (op->needs != NULL) {
            const rs_pack_key *key = rs_pack_key_find(RS_PACK_RULE, op->needs);
            assert_true(key != NULL && key->is_of_rows);
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keys_are_whole),
    cmocka_unit_test(operators_have_keys_of_their_own),
};

UNIT_TESTS(pack_keys, tests)
