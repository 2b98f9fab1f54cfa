/* SPDX-License-Identifier: Apache-2.0 */
/* The runner: in which order nodes take parts, what they reach for, and that a bundle does not tell. */
#include "run/pipeline.h"

#include <jansson.h>
#include <stdlib.h>

#include "bundle/files.h"
#include "run/draft.h"
#include "run/publish.h"
#include "unit/directory.h"
#include "unit/unit.h"

/* --- a toy table --- */

enum { PARTS, ROWS, WORDS, SUMS, OUT, N_TOY };

#define T(thing) RS_THING_BIT(thing)

static const rs_thing_info toy_things[N_TOY] = {
    [PARTS] = {"parts", RS_THING_MADE, "d"}, [ROWS] = {"rows", RS_THING_MADE, "d"},
    [WORDS] = {"words", RS_THING_MADE, "d"}, [SUMS] = {"sums", RS_THING_MADE, "d"},
    [OUT] = {"out", RS_THING_PRODUCT, "d"},
};

/* What ran, as "read 0-2 ". */
static char told[256];

static void tell(const char *name, rs_part_span parts)
{
    (void)snprintf(told + strlen(told), sizeof told - strlen(told), "%s %zu-%zu ", name,
                   parts.first, parts.end);
}

static rs_status group_run(rs_pipeline *pipeline, void *state, rs_part_span parts, rs_error *err)
{
    (void)pipeline;
    (void)err;
    *(size_t *)state = 3;
    tell("group", parts);
    return RS_OK;
}

#define TOY_NODE(name)                                                                             \
    static rs_status name##_run(rs_pipeline *pipeline, void *state, rs_part_span parts,            \
                                rs_error *err)                                                     \
    {                                                                                              \
        (void)pipeline;                                                                            \
        (void)state;                                                                               \
        (void)err;                                                                                 \
        tell(#name, parts);                                                                        \
        return RS_OK;                                                                              \
    }

TOY_NODE(read)
TOY_NODE(learn)
TOY_NODE(sum)
TOY_NODE(write)

static bool never(const rs_pipeline *pipeline)
{
    (void)pipeline;
    return false;
}

static size_t count_parts(const rs_pipeline *pipeline)
{
    return *(const size_t *)rs_run_thing(pipeline, (rs_thing)PARTS);
}

static const rs_node toy_nodes[] = {
    {.name = "group", .gives = T(PARTS), .n_state_bytes = sizeof(size_t), .run = group_run},
    {.name = "read", .needs = T(PARTS), .gives = T(ROWS), .is_by_part = true, .run = read_run},
    {.name = "learn", .needs = T(ROWS), .gives = T(WORDS), .is_by_part = true, .run = learn_run},
    {.name = "sum",
     .needs = T(WORDS),
     .gives = T(SUMS),
     .wanted_when = "pigs fly",
     .is_wanted = never,
     .run = sum_run},
    {.name = "write", .needs = T(SUMS), .gives = T(OUT), .is_by_part = true, .run = write_run},
};

static const rs_node_table toy_table = {.nodes = toy_nodes,
                                        .n_nodes = UNIT_COUNT(toy_nodes),
                                        .things = toy_things,
                                        .n_things = N_TOY,
                                        .count_parts = count_parts};

static void toy_runs(const rs_run_options *options, const char *wanted)
{
    rs_error err = {0};
    const atomic_bool cancelled = false;
    rs_pipeline pipeline = {0};
    assert_int_equal(rs_nodes_check(&toy_table, &err), RS_OK);
    told[0] = '\0';
    rs_status status = rs_pipeline_open(&pipeline, options, &cancelled, &toy_table, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    status = rs_pipeline_execute(&pipeline, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_string_equal(told, wanted);
    rs_pipeline_close(&pipeline);
}

/* A chain goes by parts or by nodes; what is not wanted is left out, and ends a chain all the same. */
static void a_chain_goes_either_way(void **state)
{
    (void)state;
    const rs_str read = RS_STR_LITERAL("read");
    toy_runs(&(rs_run_options){.n_threads = 1}, "group 0-0 read 0-3 learn 0-3 write 0-3 ");
    toy_runs(&(rs_run_options){.n_threads = 1, .parts_at_once = 2},
             "group 0-0 read 0-2 learn 0-2 read 2-3 learn 2-3 write 0-2 write 2-3 ");
    toy_runs(&(rs_run_options){.n_threads = 1, .choice = {.only = &read, .n_only = 1}},
             "group 0-0 read 0-3 ");
    toy_runs(&(rs_run_options){.n_threads = 1, .choice = {.until = "group"}}, "group 0-0 ");
}

static void what_is_not_wanted_is_not_to_be_had(void **state)
{
    (void)state;
    rs_error err = {0};
    const atomic_bool cancelled = false;
    const rs_str sum = RS_STR_LITERAL("sum");
    const rs_run_options options = {.n_threads = 1, .choice = {.only = &sum, .n_only = 1}};
    rs_pipeline pipeline = {0};
    UNIT_REFUSED(rs_pipeline_open(&pipeline, &options, &cancelled, &toy_table, &err), &err,
                 RS_ERR_INVALID, "node sum has nothing to do: it runs where pigs fly");
    rs_pipeline_close(&pipeline);
}

/* --- ours --- */

static const char pack[] = "pack: p\n"
                           "params:\n"
                           "- {name: names, type: str, doc: names}\n"
                           "datasets:\n"
                           "- name: rel_named\n"
                           "  doc: d\n"
                           "  key: [call_id]\n"
                           "  columns: {call_id: {type: id, required: true, doc: d}}\n"
                           "rules:\n"
                           "- name: named\n"
                           "  doc: d\n"
                           "  kind: filter_project\n"
                           "  inputs: {c: calls}\n"
                           "  where: c.callee_text IN params.names\n"
                           "  select: {call_id: c.call_id}\n"
                           "  confidence: cst\n"
                           "  output: rel_named\n";

static char directory[32];

static void put(const char *name, const char *text)
{
    rs_buf path = {0};
    assert_int_equal(rs_path_set(&path, directory, name, NULL), RS_OK);
    assert_int_equal(rs_files_write(path.bytes, text, strlen(text), NULL), RS_OK);
    rs_buf_release(&path);
}

static void make(const char *name)
{
    rs_buf path = {0};
    assert_int_equal(rs_path_set(&path, directory, name, NULL), RS_OK);
    assert_int_equal(rs_files_make_dirs(path.bytes, NULL), RS_OK);
    rs_buf_release(&path);
}

static int set_up(void **state)
{
    (void)state;
    unit_make_directory(directory, sizeof directory, "run");
    make("packs");
    make("src");
    put("packs/p.yaml", pack);
    put("index.scip", "");
    put("src/a.py", "import b\n\n\ndef f(x):\n    return b.g(x)\n");
    put("src/b.py",
        "from a import f\n\n\ndef g(x):\n    while x:\n        x = f(x)\n    return x\n");
    put("src/c.py", "class C:\n    def m(self):\n        return lambda: self.m()\n");
    put("src/d.py", "print(1\n");
    put("src/e.py", "import a\na.f(2)\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

typedef struct paths {
    char src[64];
    char packs[64];
    char index[64];
} paths;

static rs_run_options options_of(paths *at)
{
    static const rs_param_source names = {.name = "names", .text = "f"};
    (void)snprintf(at->src, sizeof at->src, "%s/src", directory);
    (void)snprintf(at->packs, sizeof at->packs, "%s/packs", directory);
    (void)snprintf(at->index, sizeof at->index, "%s/index.scip", directory);
    return (rs_run_options){.path = at->src,
                            .output = directory,
                            .rules_dir = at->packs,
                            .params = &names,
                            .n_params = 1,
                            .n_threads = 1,
                            .part_bytes = 1,
                            .relspec_version = "0"};
}

/* Neither a need that nobody looks at, nor a look at what is no need: the latter is an assertion. */
static void nodes_reach_for_what_they_need(void **state)
{
    (void)state;
    rs_error err = {0};
    paths at;
    const atomic_bool cancelled = false;
    const rs_node_table *table = rs_pipeline_nodes();
    rs_pipeline pipeline = {0};
    rs_run_options options = options_of(&at);
    options.scip_path = at.index;
    options.explain = true;
    rs_status status = rs_pipeline_open(&pipeline, &options, &cancelled, table, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    status = rs_pipeline_execute(&pipeline, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    for (size_t i = 0; i < table->n_nodes; i++) {
        rs_things idle =
            table->nodes[i].needs & ~(rs_things)atomic_load(&pipeline.nodes[i].reached);
        assert_true(pipeline.nodes[i].is_selected);
        for (size_t thing = 0; thing < table->n_things; thing++) {
            UNIT_CHECK((idle & RS_THING_BIT(thing)) == 0, "node %s never looks at %s, a need",
                       table->nodes[i].name, table->things[thing].name);
        }
    }
    rs_pipeline_close(&pipeline);
}

/* Rows of each dataset, and nodes and edges by kind, as one text. Owned by the caller. */
static char *rows_of(const rs_run_options *options, size_t *n_files)
{
    rs_error err = {0};
    const atomic_bool cancelled = false;
    rs_pipeline pipeline = {0};
    rs_status status = rs_pipeline_open(&pipeline, options, &cancelled, rs_pipeline_nodes(), &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    status = rs_pipeline_execute(&pipeline, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    json_t *rows = json_object();
    const rs_draft *draft = rs_run_draft(&pipeline);
    *n_files = 0;
    for (size_t i = 0; i < draft->datasets.n_items; i++) {
        const rs_bundle_dataset *dataset = &draft->datasets.items[i];
        char name[128];
        (void)snprintf(name, sizeof name, "%s/%s", rs_bundle_group_name(dataset->group),
                       dataset->dataset->name);
        if (dataset->group != RS_GROUP_RELSPEC) { /* events are one for each file that is written */
            *n_files += dataset->n_files;
            json_object_set_new(rows, name,
                                json_integer((json_int_t)rs_bundle_dataset_rows(dataset)));
        }
    }
    json_object_set(rows, "counts",
                    json_object_get(rs_run_publication(&pipeline)->manifest, "counts"));
    char *text = json_dumps(rows, JSON_INDENT(1) | JSON_SORT_KEYS);
    json_decref(rows);
    rs_pipeline_close(&pipeline);
    return text;
}

static void parts_may_stream_through_a_chain(void **state)
{
    (void)state;
    paths at;
    rs_run_options options = options_of(&at);
    size_t n_whole = 0;
    size_t n_streamed = 0;
    char *whole = rows_of(&options, &n_whole);
    options.parts_at_once = 2;
    char *streamed = rows_of(&options, &n_streamed);
    assert_string_equal(whole, streamed);
    assert_true(n_streamed > n_whole); /* a file ends where a step does */
    free(whole);
    free(streamed);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_chain_goes_either_way),
    cmocka_unit_test(what_is_not_wanted_is_not_to_be_had),
    cmocka_unit_test_setup_teardown(nodes_reach_for_what_they_need, set_up, tear_down),
    cmocka_unit_test_setup_teardown(parts_may_stream_through_a_chain, set_up, tear_down),
};

UNIT_TESTS(pipeline, tests)
