/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the pipeline: what is one, what is none, what runs of it and in which order. */
#include "run/pipeline.h"
#include "unit/unit.h"

enum { IN, ROWS, PARTS, WORDS, OUT, N_TOY };

#define T(thing) RS_THING_BIT(thing)

static const rs_thing_info toy_things[N_TOY] = {
    [IN] = {"in", RS_THING_OUTSIDE, "d"},    [ROWS] = {"rows", RS_THING_MADE, "d"},
    [PARTS] = {"parts", RS_THING_MADE, "d"}, [WORDS] = {"words", RS_THING_MADE, "d"},
    [OUT] = {"out", RS_THING_PRODUCT, "d"},
};

typedef struct toy {
    rs_node nodes[6];
    rs_node_table table;
} toy;

static toy toy_of(const rs_node *nodes, size_t n_nodes)
{
    toy made = {.table = {.n_nodes = n_nodes, .things = toy_things, .n_things = N_TOY}};
    memcpy(made.nodes, nodes, n_nodes * sizeof *nodes);
    return made;
}

static void refused(const rs_node *nodes, size_t n_nodes, const char *why)
{
    rs_error err = {0};
    toy made = toy_of(nodes, n_nodes);
    made.table.nodes = made.nodes;
    assert_int_equal(rs_nodes_check(&made.table, &err), RS_ERR_INVALID);
    assert_string_equal(err.message, why);
}

#define REFUSED(why, ...)                                                                          \
    do {                                                                                           \
        const rs_node nodes_[] = {__VA_ARGS__};                                                    \
        refused(nodes_, sizeof nodes_ / sizeof nodes_[0], why);                                    \
    } while (0)

#define GROUP                                                                                      \
    {                                                                                              \
        .name = "group", .needs = T(IN), .gives = T(PARTS)                                         \
    }
#define READ                                                                                       \
    {                                                                                              \
        .name = "read", .needs = T(PARTS), .gives = T(ROWS), .is_by_part = true                    \
    }
#define LEARN                                                                                      \
    {                                                                                              \
        .name = "learn", .needs = T(ROWS), .gives = T(WORDS), .is_by_part = true                   \
    }
#define WRITE                                                                                      \
    {                                                                                              \
        .name = "write", .needs = T(ROWS) | T(WORDS), .gives = T(OUT)                              \
    }

static void tables_that_are_none(void **state)
{
    (void)state;
    REFUSED("node read needs parts, but node group, which gives it, comes later", READ, GROUP,
            LEARN, WRITE);
    REFUSED("node learn needs rows, which no node gives", GROUP, LEARN, WRITE);
    REFUSED("node read needs words of node learn, which waits for it in turn", GROUP,
            {.name = "read", .needs = T(PARTS) | T(WORDS), .gives = T(ROWS)}, LEARN, WRITE);
    REFUSED("node learn gives words, which no node needs", GROUP, READ, LEARN,
            {.name = "write", .needs = T(ROWS), .gives = T(OUT)});
    REFUSED("nodes read and again both give rows", GROUP, READ,
            {.name = "again", .needs = T(PARTS), .gives = T(ROWS)}, LEARN, WRITE);
    REFUSED("node group gives in, which comes from outside",
            {.name = "group", .gives = T(IN) | T(PARTS)}, READ, LEARN, WRITE);
    REFUSED("no node gives out", GROUP, READ, LEARN,
            {.name = "write", .needs = T(ROWS) | T(WORDS)});
    REFUSED("no node needs in", {.name = "group", .gives = T(PARTS)}, READ, LEARN, WRITE);
}

static void ours_is_one(void **state)
{
    (void)state;
    rs_error err = {0};
    const rs_node_table *table = rs_pipeline_nodes();
    rs_status status = rs_nodes_check(table, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    for (size_t i = 0; i < table->n_nodes; i++) {
        const rs_node *node = &table->nodes[i];
        UNIT_CHECK(rs_nodes_find(table, node->name) == i, "%s: a name twice", node->name);
        assert_true(node->doc[0] != '\0' && node->run != NULL);
        assert_true((node->wanted_when != NULL) == (node->is_wanted != NULL));
        assert_true(node->release == NULL || node->n_state_bytes > 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tables_that_are_none),
    cmocka_unit_test(ours_is_one),
};

UNIT_TESTS(nodes, tests)
