/* SPDX-License-Identifier: Apache-2.0 */
/* Explanations through the public API: documents, refusals, and queries of the same bundle. */
#include "base/alloc.h"
#include "base/error.h"

#include <jansson.h>
#include <relspec/relspec.h>
#include <stdlib.h>

#include "bundle/files.h"
#include "unit/directory.h"
#include "unit/unit.h"

static const char source[] = "def f():\n    return 1\n\nf()\n";
static char directory[32];
static char source_path[64];
static rs_bundle *bundle;

static int set_up(void **state)
{
    (void)state;
    rs_config *config = NULL;
    rs_run *run = NULL;
    unit_make_directory(directory, sizeof directory, "why");
    (void)snprintf(source_path, sizeof source_path, "%s/a.py", directory);
    assert_int_equal(rs_files_write(source_path, source, sizeof source - 1, NULL), RS_OK);
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, source_path, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_config_set_policy(config, NULL, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    assert_int_equal(rs_run_execute(run, NULL), RS_OK);
    assert_int_equal(rs_bundle_open(rs_run_bundle_path(run), &bundle, NULL), RS_OK);
    rs_run_free(run);
    rs_config_free(config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rs_bundle_free(bundle);
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

typedef struct refusal {
    const char *label;
    rs_question question;
    const char *wanted;
} refusal;

static const refusal refusals[] = {
    {"nothing is asked", {.line = 1}, "neither an edge nor a place nor a kind"},
    {"no such file", {.path = "b.py", .line = 1}, "the bundle has no file b.py"},
    {"line 0", {.path = "a.py"}, "a.py has 5 lines"},
    {"no such line", {.path = "a.py", .line = UINT64_MAX}, "a.py has 5 lines"},
    {"no such column",
     {.path = "a.py", .line = 4, .has_column = true, .column = UINT64_MAX},
     "that line has 4 bytes"},
    {"no such kind", {.kind = "CALLS'; DROP TABLE edges"}, "there is no kind of edge CALLS'; DROP"},
    {"no such packs", {.kind = "REF", .rules_directory = "/nowhere"}, "/nowhere"},
};

static void a_question_is_refused_with_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(refusals); i++) {
        rs_error err = {0};
        char *text = NULL;
        rs_status status = rs_bundle_why(bundle, &refusals[i].question, &text, &err);
        UNIT_CHECK(status != RS_OK && text == NULL, "%s: no refusal", refusals[i].label);
        UNIT_CHECK(strstr(err.message, refusals[i].wanted) != NULL, "%s: %s", refusals[i].label,
                   err.message);
    }
}

static json_t *ask(const rs_question *question, bool is_not)
{
    rs_error err = {0};
    char *text = NULL;
    rs_status status = is_not ? rs_bundle_why_not(bundle, question, &text, &err)
                              : rs_bundle_why(bundle, question, &text, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    json_t *document = json_loads(text, 0, NULL);
    rs_text_free(text);
    assert_non_null(document);
    return document;
}

static void an_unknown_edge_is_a_problem_of_the_document(void **state)
{
    (void)state;
    json_t *document = ask(&(rs_question){.has_edge = true, .edge_id = 7}, false);
    assert_int_equal(json_array_size(json_object_get(document, "edges")), 0);
    assert_true(json_is_string(json_object_get(document, "problem")));
    json_decref(document);
}

static const char *member(const json_t *edge, const char *name)
{
    return json_string_value(json_object_get(edge, name));
}

/* Ids are texts in documents. */
static int64_t id_of(const json_t *address, const char *name)
{
    const char *text = member(address, name);
    assert_non_null(text);
    return strtoll(text, NULL, 10);
}

/* Every edge of the kinds at hand, those that have bytes of their own and those that have none. */
static void an_edge_is_found_by_its_address(void **state)
{
    static const char *const kinds[] = {"CALLS_QNAME", "REF", "CONTAINS", "REPO_CONTAINS"};
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(kinds); i++) {
        json_t *all = ask(&(rs_question){.kind = kinds[i], .max_edges = 1}, false);
        const json_t *edge = json_array_get(json_object_get(all, "edges"), 0);
        const json_t *address = json_object_get(edge, "address");
        const json_t *byte = json_object_get(address, "start_byte");
        assert_string_equal(member(address, "kind"), kinds[i]);
        assert_string_equal(member(json_object_get(edge, "src"), "node_id"),
                            member(address, "src"));
        rs_edge_address at = {.kind = kinds[i],
                              .src = id_of(address, "src"),
                              .dst = id_of(address, "dst"),
                              .has_start_byte = json_is_integer(byte),
                              .start_byte = (uint64_t)json_integer_value(byte)};
        json_t *one = ask(&(rs_question){.address = &at}, false);
        const json_t *same = json_array_get(json_object_get(one, "edges"), 0);
        UNIT_CHECK(edge != NULL && json_equal((json_t *)(uintptr_t)edge, (json_t *)(uintptr_t)same),
                   "%s: the address gives %s", kinds[i], same != NULL ? "another one" : "nothing");
        json_decref(one);
        at.dst = INT64_MAX; /* no node: an id behind another one is often that of a sibling */
        one = ask(&(rs_question){.address = &at}, false);
        UNIT_CHECK(json_array_size(json_object_get(one, "edges")) == 0 &&
                       strstr(member(one, "problem"), "address") != NULL,
                   "%s: an edge to another node is found", kinds[i]);
        json_decref(one);
        json_decref(all);
    }
}

static rs_status drop(const char *bytes, size_t n_bytes, void *context)
{
    (void)bytes;
    *(size_t *)context += n_bytes;
    return RS_OK;
}

/* The session of a query is locked; explanations have one of their own. */
static void explanations_and_queries_do_not_mind_each_other(void **state)
{
    (void)state;
    const rs_question question = {.path = "a.py", .line = 4, .is_call = true};
    for (size_t i = 0; i < 2; i++) {
        size_t n_bytes = 0;
        uint64_t n_rows = 0;
        json_t *why = ask(&question, false);
        json_t *not = ask(&question, true);
        assert_int_equal(json_array_size(json_object_get(why, "edges")), 2);
        assert_true(json_is_null(json_object_get(why, "problem")));
        assert_int_equal(json_array_size(json_object_get(not, "things")), 1);
        const rs_query all = {.sql = "SELECT count(*) FROM nodes"};
        const rs_target target = {.format = "csv", .write = drop, .context = &n_bytes};
        rs_result *result = NULL;
        assert_int_equal(rs_bundle_query(bundle, &all, &result, NULL), RS_OK);
        assert_int_equal(rs_result_write(result, &target, &n_rows, NULL), RS_OK);
        rs_result_free(result);
        assert_int_equal(n_rows, 1);
        json_decref(not );
        json_decref(why);
    }
}

typedef rs_status (*ask_fn)(rs_bundle *of, const rs_question *question, char **out, rs_error *err);

/* Whether an answer comes when so many allocations pass; else it says why, and leaves nothing. */
static bool is_answered(ask_fn ask_it, const rs_question *question, size_t n_allocations)
{
    rs_error err = {0};
    char *text = NULL;
    size_t n_blocks = rs_alloc_live_blocks();
    rs_alloc_fail_after(n_allocations);
    rs_status status = ask_it(bundle, question, &text, &err);
    rs_alloc_fail_after(SIZE_MAX);
    UNIT_CHECK((status == RS_OK) == (text != NULL) && (status == RS_OK || err.message[0] != '\0'),
               "%zu allocations: status %d", n_allocations, (int)status);
    rs_text_free(text);
    UNIT_CHECK(rs_alloc_live_blocks() == n_blocks, "%zu allocations: some blocks are left",
               n_allocations);
    return status == RS_OK;
}

/* Wherever memory runs out, once the rules are there. */
static void without_memory_there_is_no_half_of_an_answer(void **state)
{
    static const ask_fn asks[] = {rs_bundle_why, rs_bundle_why_not};
    const rs_question question = {.path = "a.py", .line = 4, .is_call = true};
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(asks); i++) {
        size_t enough = 1024;
        size_t few = 0;
        while (!is_answered(asks[i], &question, enough)) {
            few = enough;
            enough *= 2;
        }
        while (enough - few > 256) {
            size_t between = few + (enough - few) / 2;
            *(is_answered(asks[i], &question, between) ? &enough : &few) = between;
        }
        for (size_t n = 1; n <= 5; n++) {
            assert_false(is_answered(asks[i], &question, few - few / 24 * n / 5));
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_question_is_refused_with_its_reason),
    cmocka_unit_test(an_unknown_edge_is_a_problem_of_the_document),
    cmocka_unit_test(an_edge_is_found_by_its_address),
    cmocka_unit_test(without_memory_there_is_no_half_of_an_answer),
    cmocka_unit_test(explanations_and_queries_do_not_mind_each_other),
};

UNIT_TESTS_OF(api_why, tests, set_up, tear_down)
