/* SPDX-License-Identifier: Apache-2.0 */
/* Two texts with one id, which only a hash that is cut can show: who keeps it, and what is said of the
 * other. */
#include <jansson.h>
#include <relspec/relspec.h>
#include <stdlib.h>

#include "base/hash.h"
#include "bundle/doctor.h"
#include "bundle/files.h"
#include "unit/directory.h"
#include "unit/unit.h"

enum { N_FILES = 24, N_CALLS = 12 };

static char directory[32];
static rs_bundle *bundle;
static json_t *summary;

/* Files that each call names of their own and annotate with types of their own. */
static void write_sources(void)
{
    for (int i = 0; i < N_FILES; i++) {
        char path[64];
        rs_buf text = {0};
        (void)snprintf(path, sizeof path, "%s/src/m%02d.py", directory, i);
        rs_buf_addf(&text, "import lib%d\nx: T%d = 1\n", i, i);
        for (int k = 0; k < N_CALLS; k++) {
            rs_buf_addf(&text, "lib%d.f%d()\n", i, k);
        }
        assert_int_equal(rs_files_write(path, text.bytes, text.n_bytes, NULL), RS_OK);
        rs_buf_release(&text);
    }
}

static int set_up(void **state)
{
    (void)state;
    rs_config *config = NULL;
    rs_run *run = NULL;
    rs_error err = {0};
    char source[64];
    unit_make_directory(directory, sizeof directory, "ids");
    (void)snprintf(source, sizeof source, "%s/src", directory);
    assert_int_equal(rs_files_make_dirs(source, NULL), RS_OK);
    write_sources();
    rs_stable_id_cut(8);
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, source, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_config_set_policy(config, NULL, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    rs_status status = rs_run_execute(run, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    assert_int_equal(rs_bundle_open(rs_run_bundle_path(run), &bundle, NULL), RS_OK);
    summary = json_loads(rs_run_summary(run), 0, NULL);
    rs_run_free(run);
    rs_config_free(config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rs_stable_id_cut(64);
    json_decref(summary);
    rs_bundle_free(bundle);
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

static int64_t number(const char *sql)
{
    rs_error err = {0};
    rs_result *result = NULL;
    size_t n_rows = 0;
    rs_status status = rs_bundle_query(bundle, &(rs_query){.sql = sql}, &result, &err);
    UNIT_CHECK(status == RS_OK, "%s: %s", sql, err.message);
    assert_int_equal(rs_result_next(result, &n_rows, &err), RS_OK);
    assert_int_equal(n_rows, 1);
    int64_t value = rs_result_i64(result, 0, 0);
    rs_result_free(result);
    return value;
}

static void the_first_keeps_the_id(void **state)
{
    (void)state;
    assert_true(number("SELECT count(*) FROM rejects_nodes WHERE reason LIKE 'id_clash:%'") > 100);
    assert_int_equal(number("SELECT count(*) - count(DISTINCT node_id) FROM nodes"), 0);
    /* Of files, that is the first in path order. */
    assert_int_equal(number("SELECT count(*) FROM nodes n JOIN rejects_nodes r USING (node_id) "
                            "WHERE n.kind = 'FILE' AND r.kind = 'FILE' AND r.name < n.name"),
                     0);
    assert_true(number("SELECT count(*) FROM nodes n JOIN rejects_nodes r USING (node_id) "
                       "WHERE n.kind = 'FILE' AND r.kind = 'FILE'") > 0);
}

/* All that is said of a text that lost its id has both texts, and is no duplicate. */
static void no_clash_is_a_duplicate(void **state)
{
    (void)state;
    assert_int_equal(number("SELECT count(*) FROM rejects_nodes WHERE reason = 'duplicate'"), 0);
    assert_int_equal(number("SELECT count(*) FROM rejects_edges WHERE reason = 'duplicate'"), 0);
    assert_int_equal(number("SELECT count(*) FROM rejects_props WHERE reason = 'duplicate'"), 0);
    assert_int_equal(
        number("SELECT count(*) FROM rejects_nodes WHERE node_id < 0 AND reason NOT LIKE "
               "'id_clash:' || kind || ' ' || name || ' has the id of %'"),
        0);
}

static void edges_at_the_id_are_damaged(void **state)
{
    (void)state;
    static const char clashed[] =
        "(SELECT node_id FROM rejects_nodes WHERE reason LIKE 'id_clash:%')";
    char sql[1024];
    static const char shared[] = /* of two edges and more, with derivations that are both's */
        "(SELECT edge_id FROM edges GROUP BY edge_id HAVING count(*) > 1 INTERSECT "
        "SELECT edge_id FROM (SELECT edge_id, input_index FROM derivations UNION ALL "
        "SELECT edge_id, input_index FROM rejects_derivations) "
        "GROUP BY edge_id, input_index HAVING count(*) > 1)";
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM edges WHERE (src IN %s OR dst IN %s OR edge_id IN %s) <> "
                   "coalesce(damaged, false)",
                   clashed, clashed, shared);
    assert_int_equal(number(sql), 0);
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM edges WHERE damaged AND src NOT IN %s AND dst NOT IN %s",
                   clashed, clashed);
    assert_true(number(sql) > 0);
    assert_true(number("SELECT count(*) FROM edges WHERE damaged") > 100);
    /* What every node of the kind has is the first one's; of the rest nobody can tell. */
    assert_int_equal(number("SELECT count(*) FROM props p JOIN nodes n ON n.node_id = p.entity_id "
                            "JOIN repo_files f ON f.path = n.name WHERE n.kind = 'FILE' AND "
                            "p.key = 'size_bytes' AND p.value_int <> f.size_bytes"),
                     0);
}

static void the_run_warns_of_it(void **state)
{
    (void)state;
    const json_t *warnings = json_object_get(summary, "warnings");
    const char *message = NULL;
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const json_t *row = json_array_get(warnings, i);
        if (strcmp(json_string_value(json_object_get(row, "code")), "id_clash") == 0) {
            message = json_string_value(json_object_get(row, "message"));
            assert_true(json_integer_value(json_object_get(row, "count")) > 100);
            assert_true(json_is_true(json_object_get(row, "always")));
        }
    }
    assert_non_null(message);
    UNIT_CHECK(strstr(message, " has the id of ") != NULL, "%s", message);
    assert_int_equal(number("SELECT count(*) FROM rule_diagnostics WHERE "
                            "metadata['code'] = 'id_clash' AND severity = 'error'"),
                     1);
}

static void report(const char *check, const char *object, const char *message, void *context)
{
    rs_buf_addf(context, "%s %s: %s\n", check, object, message);
}

/* The doctor makes the ids again: those of the bundle are right as long as the hash is cut. */
static void the_doctor_makes_ids_again(void **state)
{
    (void)state;
    rs_buf found = {0};
    uint64_t n_checks = 0;
    uint64_t n_findings = 0;
    const rs_doctor_config config = {
        .path = directory, .n_workers = 1, .report = report, .context = &found};
    assert_int_equal(rs_doctor_run(&config, &n_checks, &n_findings, NULL), RS_OK);
    UNIT_CHECK(strstr(rs_buf_text(&found), "identity") == NULL, "%s", rs_buf_text(&found));
    UNIT_CHECK(strstr(rs_buf_text(&found), "cpg/nodes") == NULL, "%s", rs_buf_text(&found));
    rs_buf_reset(&found);
    rs_stable_id_cut(64);
    assert_int_equal(rs_doctor_run(&config, &n_checks, &n_findings, NULL), RS_OK);
    rs_stable_id_cut(8);
    static const char *const wanted[] = {
        "identity cpg/nodes: 1 rows have a node_id that is not that of their text",
        "identity evidence/repo_files: 24 files have an id that is not that of their path"};
    for (size_t i = 0; i < UNIT_COUNT(wanted); i++) {
        UNIT_CHECK(strstr(rs_buf_text(&found), wanted[i]) != NULL, "%s", rs_buf_text(&found));
    }
    rs_buf_release(&found);
}

/* One bundle for all of them. */
static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(the_first_keeps_the_id, set_up),
    cmocka_unit_test(no_clash_is_a_duplicate),
    cmocka_unit_test(edges_at_the_id_are_damaged),
    cmocka_unit_test(the_run_warns_of_it),
    cmocka_unit_test_teardown(the_doctor_makes_ids_again, tear_down),
};

UNIT_TESTS(api_clash, tests)
