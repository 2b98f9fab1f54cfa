/* SPDX-License-Identifier: Apache-2.0 */
/* The table of the pipeline: what is one, what is none, what runs of it and in which order. */
#include "run/pipeline.h"
#include "unit/unit.h"

enum { IN, ROWS, PARTS, WORDS, OUT, LOG, N_TOY };

#define T(thing) RS_THING_BIT(thing)

static const rs_thing_info toy_things[N_TOY] = {
    [IN] = {"in", RS_THING_OUTSIDE, "d"},    [ROWS] = {"rows", RS_THING_MADE, "d"},
    [PARTS] = {"parts", RS_THING_MADE, "d"}, [WORDS] = {"words", RS_THING_MADE, "d"},
    [OUT] = {"out", RS_THING_PRODUCT, "d"},  [LOG] = {"log", RS_THING_PRODUCT, "d"},
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

/* The names of what runs, separated by spaces. */
static void runs(const rs_node_choice *choice, const char *names)
{
    rs_error err = {0};
    uint64_t asked = 0;
    char text[256] = "";
    const rs_node nodes[] = {
        GROUP, READ, LEARN, WRITE, {.name = "log", .needs = T(WORDS), .gives = T(LOG)}};
    toy made = toy_of(nodes, UNIT_COUNT(nodes));
    made.table.nodes = made.nodes;
    assert_int_equal(rs_nodes_check(&made.table, &err), RS_OK);
    rs_status status = rs_nodes_ask(&made.table, choice, &asked, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    uint64_t selected = rs_nodes_with_needs(&made.table, asked);
    for (size_t i = 0; i < UNIT_COUNT(nodes); i++) {
        if ((selected >> i & 1) != 0) {
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), " %s", nodes[i].name);
        }
    }
    assert_string_equal(text, names);
}

static void what_is_chosen_runs_with_its_needs(void **state)
{
    (void)state;
    const rs_str read = RS_STR_LITERAL("read");
    const rs_str both[] = {RS_STR_LITERAL("log"), RS_STR_LITERAL("group")};
    runs(&(rs_node_choice){0}, " group read learn write log");
    runs(&(rs_node_choice){.only = &read, .n_only = 1}, " group read");
    runs(&(rs_node_choice){.only = both, .n_only = 2}, " group read learn log");
    runs(&(rs_node_choice){.until = "group"}, " group");
    runs(&(rs_node_choice){.until = "learn"}, " group read learn");
    runs(&(rs_node_choice){.until = "log"}, " group read learn write log");
}

static void choices_that_are_none(void **state)
{
    (void)state;
    uint64_t asked = 0;
    rs_error err = {0};
    const rs_str wrong = RS_STR_LITERAL("reed");
    const rs_node_choice named = {.only = &wrong, .n_only = 1};
    const rs_node_choice until = {.until = "reed"};
    const rs_node_choice both = {.only = &wrong, .n_only = 1, .until = "walk"};
    UNIT_REFUSED(rs_nodes_ask(rs_pipeline_nodes(), &named, &asked, &err), &err, RS_ERR_INVALID,
                 "no node 'reed'; it has rules, params, walk, scip");
    UNIT_REFUSED(rs_nodes_ask(rs_pipeline_nodes(), &until, &asked, &err), &err, RS_ERR_INVALID,
                 "no node 'reed'; it has rules");
    UNIT_REFUSED(rs_nodes_ask(rs_pipeline_nodes(), &both, &asked, &err), &err, RS_ERR_INVALID,
                 "not both");
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
        UNIT_CHECK(rs_nodes_find(table, rs_str_of(node->name)) == i, "%s: a name twice",
                   node->name);
        assert_true(node->doc[0] != '\0' && node->run != NULL);
        assert_true((node->wanted_when != NULL) == (node->is_wanted != NULL));
        assert_true(node->release == NULL || node->n_state_bytes > 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(tables_that_are_none),
    cmocka_unit_test(what_is_chosen_runs_with_its_needs),
    cmocka_unit_test(choices_that_are_none),
    cmocka_unit_test(ours_is_one),
};

UNIT_TESTS(nodes, tests)
