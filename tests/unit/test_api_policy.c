/* SPDX-License-Identifier: Apache-2.0 */
/* A run's policy through the public API: chosen, or fallen back on, which is told. */
#include "base/error.h"

#include <jansson.h>
#include <relspec/relspec.h>
#include <stdlib.h>

#include "bundle/files.h"
#include "unit/directory.h"
#include "unit/unit.h"

typedef enum choice { NOT_CHOSEN, BUILT_IN, FROM_FILE, BUILT_IN_AFTER_FILE } choice;

typedef struct run_case {
    const char *label;
    choice how;
    const char *deprecation; /* code, or NULL for none */
    bool is_default;         /* what is in force is the built-in policy */
} run_case;

static const run_case run_cases[] = {
    {"nobody chose", NOT_CHOSEN, "policy_implicit", true},
    {"the built-in one is chosen", BUILT_IN, NULL, true},
    {"a file is chosen", FROM_FILE, NULL, false},
    {"the last choice counts", BUILT_IN_AFTER_FILE, NULL, true},
};

static char directory[32];
static char policy_path[64];
static char source_path[64];

static int set_up(void **state)
{
    (void)state;
    unit_make_directory(directory, sizeof directory, "api");
    (void)snprintf(policy_path, sizeof policy_path, "%s/policy.yaml", directory);
    (void)snprintf(source_path, sizeof source_path, "%s/a.py", directory);
    static const char policy[] = "confidence: {cst: {base: 0.35}}\n";
    assert_int_equal(rs_files_write(policy_path, policy, sizeof policy - 1, NULL), RS_OK);
    assert_int_equal(rs_files_write(source_path, "x = 1\n", 6, NULL), RS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

static rs_status choose(rs_config *config, choice how, rs_error *err)
{
    switch (how) {
    case NOT_CHOSEN:
        return RS_OK;
    case BUILT_IN:
        return rs_config_set_policy(config, NULL, err);
    case FROM_FILE:
        return rs_config_set_policy(config, policy_path, err);
    case BUILT_IN_AFTER_FILE:
        RS_TRY(rs_config_set_policy(config, "/nowhere.yaml", err));
        return rs_config_set_policy(config, NULL, err);
    }
    return RS_ERR_INTERNAL;
}

static rs_run *run_with(choice how)
{
    rs_error err = {0};
    rs_config *config = NULL;
    rs_run *run = NULL;
    assert_int_equal(rs_config_new(&config, &err), RS_OK);
    assert_int_equal(rs_config_set_path(config, source_path, &err), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, &err), RS_OK);
    rs_config_set_threads(config, 1);
    assert_int_equal(choose(config, how, &err), RS_OK);
    assert_int_equal(rs_run_new(config, &run, &err), RS_OK);
    rs_config_free(config);
    rs_status status = rs_run_execute(run, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    return run;
}

static json_t *bundle_document(const rs_run *run, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", rs_run_bundle_path(run), name);
    json_t *document = json_load_file(path, 0, NULL);
    UNIT_CHECK(document != NULL, "read %s", path);
    return document;
}

static void check_deprecation(const run_case *one, const json_t *document)
{
    const json_t *rows = json_object_get(document, "deprecations");
    assert_int_equal(json_array_size(rows), one->deprecation != NULL ? 1 : 0);
    const json_t *row = json_array_get(rows, 0);
    if (one->deprecation != NULL) {
        assert_string_equal(json_string_value(json_object_get(row, "code")), one->deprecation);
        assert_string_equal(json_string_value(json_object_get(row, "severity")), "WARNING");
        assert_non_null(
            strstr(json_string_value(json_object_get(row, "remedy")), "rs_config_set_policy"));
    }
}

/* How the default came about is told beside the content, which is the same either way. */
static void a_run_has_the_policy_that_was_chosen(void **state)
{
    (void)state;
    char default_hash[128] = "";
    for (size_t i = 0; i < UNIT_COUNT(run_cases); i++) {
        const run_case *one = &run_cases[i];
        rs_run *run = run_with(one->how);
        json_t *summary = json_loads(rs_run_summary(run), 0, NULL);
        json_t *config = bundle_document(run, "config.json");
        json_t *environment = bundle_document(run, "environment.json");
        check_deprecation(one, summary);
        check_deprecation(one, environment);
        const json_t *confidence = json_object_get(json_object_get(config, "policy"), "confidence");
        double base = json_real_value(json_object_get(json_object_get(confidence, "cst"), "base"));
        double wanted = one->is_default ? 1.0 : 0.35;
        UNIT_CHECK(base >= wanted && base <= wanted, "%s: base is %.17g", one->label, base);
        const char *hash = json_string_value(json_object_get(summary, "content_hash"));
        if (i == 0) {
            (void)snprintf(default_hash, sizeof default_hash, "%s", hash);
        }
        UNIT_CHECK((strcmp(hash, default_hash) == 0) == one->is_default, "%s: content %s",
                   one->label, hash);
        json_decref(environment);
        json_decref(config);
        json_decref(summary);
        rs_run_free(run);
    }
}

static void a_refused_policy_fails_the_run(void **state)
{
    (void)state;
    rs_error err = {0};
    rs_config *config = NULL;
    rs_run *run = NULL;
    char path[64];
    (void)snprintf(path, sizeof path, "%s/refused.yaml", directory);
    assert_int_equal(rs_files_write(path, "lanes: {allowed: []}\n", 21, &err), RS_OK);
    assert_int_equal(rs_config_new(&config, &err), RS_OK);
    assert_int_equal(rs_config_set_path(config, source_path, &err), RS_OK);
    assert_int_equal(rs_config_set_policy(config, path, &err), RS_OK);
    assert_int_equal(rs_run_new(config, &run, &err), RS_OK);
    UNIT_REFUSED(rs_run_execute(run, &err), &err, RS_ERR_INVALID,
                 "refused.yaml:1:18: allowed: expected 1 to 3 lanes, found 0");
    assert_string_equal(rs_run_bundle_path(run), "");
    rs_run_free(run);
    rs_config_free(config);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_run_has_the_policy_that_was_chosen, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_refused_policy_fails_the_run, set_up, tear_down),
};

UNIT_TESTS(api_policy, tests)
