/* SPDX-License-Identifier: Apache-2.0 */
#include "schema/schema.h"

#include "unit/unit.h"

/* The reference system's registry: 58 node kinds and 43 edge kinds. */
static const char *const reference_kinds[] = {
    "PY_REPO",
    "PY_FILE",
    "PY_MODULE",
    "PY_PACKAGE",
    "CST_NODE",
    "CST_DEF",
    "CST_CLASS_DEF",
    "CST_FUNCTION_DEF",
    "CST_LAMBDA",
    "CST_PARAM",
    "CST_DECORATOR",
    "CST_IMPORT",
    "CST_IMPORT_FROM",
    "CST_IMPORT_ALIAS",
    "CST_NAME_REF",
    "CST_ATTRIBUTE_ACCESS",
    "CST_SUBSCRIPT",
    "CST_CALLSITE",
    "CST_ARG",
    "CST_LITERAL",
    "CST_DOCSTRING",
    "CST_COMMENT",
    "AST_NODE",
    "AST_DEF",
    "AST_CALL",
    "AST_NAME",
    "AST_ATTRIBUTE",
    "TS_NODE",
    "TS_ERROR",
    "TS_MISSING",
    "SYM_SCOPE",
    "SYM_SYMBOL",
    "PY_SCOPE",
    "PY_BINDING",
    "PY_DEF_SITE",
    "PY_USE_SITE",
    "SCIP_INDEX",
    "SCIP_DOCUMENT",
    "SCIP_SYMBOL",
    "SCIP_OCCURRENCE",
    "SCIP_DIAGNOSTIC",
    "PY_QUALIFIED_NAME",
    "PY_MODULE_FQN",
    "BC_CODE_UNIT",
    "BC_INSTR",
    "CFG_BLOCK",
    "CFG_EXIT",
    "DF_DEF",
    "DF_USE",
    "TYPE_EXPR",
    "TYPE",
    "TYPE_PARAM",
    "TYPE_ALIAS",
    "RT_OBJECT",
    "RT_SIGNATURE",
    "RT_SIGNATURE_PARAM",
    "RT_MEMBER",
    "DIAG",
    /* edges */
    "REPO_CONTAINS",
    "FILE_DECLARES_MODULE",
    "CST_PARENT_OF",
    "AST_PARENT_OF",
    "TS_PARENT_OF",
    "SCOPE_PARENT",
    "SCOPE_BINDS",
    "BINDING_RESOLVES_TO",
    "DEF_SITE_OF",
    "USE_SITE_OF",
    "PY_DEFINES_SYMBOL",
    "PY_REFERENCES_SYMBOL",
    "PY_IMPORTS_SYMBOL",
    "PY_READS_SYMBOL",
    "PY_WRITES_SYMBOL",
    "SCIP_SYMBOL_REFERENCE",
    "SCIP_SYMBOL_IMPLEMENTATION",
    "SCIP_SYMBOL_TYPE_DEFINITION",
    "SCIP_SYMBOL_DEFINITION",
    "PY_CALLS_SYMBOL",
    "PY_CALLS_QNAME",
    "HAS_ANNOTATION",
    "INFERRED_TYPE",
    "TYPE_PARAM_OF",
    "BYTECODE_ANCHOR",
    "CFG_NEXT",
    "CFG_JUMP",
    "CFG_BRANCH_TRUE",
    "CFG_BRANCH_FALSE",
    "CFG_BRANCH",
    "CFG_EXC",
    "STEP_DEF",
    "STEP_USE",
    "REACHES",
    "RT_HAS_SIGNATURE",
    "RT_HAS_PARAM",
    "RT_HAS_MEMBER",
    "RT_WRAPS",
    "HAS_DIAGNOSTIC",
};
/* But for four: a node's file is the column file_id, and what a name may be called stands in the
 * relationships of names and calls, of which CALLS_QNAME is what comes of it. */
enum { N_REFERENCE_NODES = 58, N_REFERENCE_EDGES = 43 - 4 };

static size_t n_kinds(void)
{
    return RS_N_NODE_KINDS + RS_N_EDGE_KINDS;
}

static const rs_kind *kind_at(size_t index)
{
    return index < RS_N_NODE_KINDS ? rs_node_kind_get((rs_node_kind)index)
                                   : rs_edge_kind_get((rs_edge_kind)(index - RS_N_NODE_KINDS));
}

static bool lists(const char *list, const char *word)
{
    size_t n_word = strlen(word);
    for (const char *p = list; *p != '\0';) {
        size_t n_bytes = strcspn(p, " ");
        if (n_bytes == n_word && strncmp(p, word, n_word) == 0) {
            return true;
        }
        p += n_bytes + (p[n_bytes] == ' ');
    }
    return false;
}

static void every_reference_kind_has_one_of_ours(void **state)
{
    (void)state;
    assert_int_equal(UNIT_COUNT(reference_kinds), N_REFERENCE_NODES + N_REFERENCE_EDGES);
    for (size_t i = 0; i < UNIT_COUNT(reference_kinds); i++) {
        size_t n_found = 0;
        for (size_t j = 0; j < n_kinds(); j++) {
            n_found += lists(kind_at(j)->covers, reference_kinds[i]);
        }
        UNIT_CHECK(n_found == 1, "%s is covered by %zu kinds", reference_kinds[i], n_found);
    }
}

static void nothing_else_is_covered(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_kinds(); i++) {
        for (const char *p = kind_at(i)->covers; *p != '\0';) {
            size_t n_bytes = strcspn(p, " ");
            bool is_known = false;
            for (size_t j = 0; j < UNIT_COUNT(reference_kinds) && !is_known; j++) {
                is_known = strlen(reference_kinds[j]) == n_bytes &&
                           strncmp(reference_kinds[j], p, n_bytes) == 0;
            }
            UNIT_CHECK(is_known, "%s covers %.*s", kind_at(i)->name, (int)n_bytes, p);
            p += n_bytes + (p[n_bytes] == ' ');
        }
    }
}

static void kinds_are_documented_and_found(void **state)
{
    (void)state;
    const rs_words *lenses = rs_words_find("lens");
    assert_non_null(lenses);
    for (size_t i = 0; i < n_kinds(); i++) {
        const rs_kind *kind = kind_at(i);
        rs_node_kind node = (rs_node_kind)0;
        rs_edge_kind edge = (rs_edge_kind)0;
        bool is_lens = false;
        UNIT_CHECK(kind->doc[0] != '\0', "%s has no text", kind->name);
        for (size_t j = 0; j < lenses->n_words; j++) {
            is_lens = is_lens || strcmp(lenses->words[j], kind->lens) == 0;
        }
        UNIT_CHECK(is_lens, "%s comes from %s", kind->name, kind->lens);
        bool found = kind->is_edge ? rs_edge_kind_find(rs_str_of(kind->name), &edge)
                                   : rs_node_kind_find(rs_str_of(kind->name), &node);
        size_t place = kind->is_edge ? RS_N_NODE_KINDS + (size_t)edge : (size_t)node;
        UNIT_CHECK(found && place == i, "%s stands twice", kind->name);
    }
    /* A set of words has to fit a byte, with room for null. */
    assert_true((int)RS_N_NODE_KINDS < RS_ENUM_NULL && (int)RS_N_EDGE_KINDS < RS_ENUM_NULL);
}

static void properties_belong_to_a_kind(void **state)
{
    (void)state;
    size_t n_properties = 0;
    const rs_property *all = rs_properties(&n_properties);
    for (size_t i = 0; i < n_properties; i++) {
        rs_node_kind node = (rs_node_kind)0;
        rs_edge_kind edge = (rs_edge_kind)0;
        rs_str kind = rs_str_of(all[i].kind);
        bool is_any = strcmp(all[i].kind, "ANY") == 0;
        UNIT_CHECK(is_any || (all[i].is_edge ? rs_edge_kind_find(kind, &edge)
                                             : rs_node_kind_find(kind, &node)),
                   "%s of %s", all[i].key, all[i].kind);
        UNIT_CHECK(!is_any || !all[i].required, "%s of every kind is required", all[i].key);
        UNIT_CHECK(all[i].doc[0] != '\0', "%s of %s has no text", all[i].key, all[i].kind);
        UNIT_CHECK(all[i].words[0] == '\0' || all[i].type == RS_TYPE_STR, "%s of %s has words",
                   all[i].key, all[i].kind);
        UNIT_CHECK(rs_property_find(kind, all[i].is_edge, rs_str_of(all[i].key)) == &all[i],
                   "%s of %s stands twice", all[i].key, all[i].kind);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_reference_kind_has_one_of_ours),
    cmocka_unit_test(nothing_else_is_covered),
    cmocka_unit_test(kinds_are_documented_and_found),
    cmocka_unit_test(properties_belong_to_a_kind),
};

UNIT_TESTS(graph_kinds, tests)
