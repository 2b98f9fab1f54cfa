/* SPDX-License-Identifier: Apache-2.0 */
/* Values of param tables through the public API, which has what the command line has no word for. */
#include "base/error.h"

#include <jansson.h>
#include <relspec/relspec.h>
#include <stdlib.h>

#include "bundle/files.h"
#include "unit/directory.h"
#include "unit/unit.h"

static const char pack[] = "pack: p\n"
                           "params:\n"
                           "- {name: names, type: str, doc: names}\n"
                           "rules: []\n";

static char directory[32];

static void put(const char *name, const char *text)
{
    rs_buf path = {0};
    assert_int_equal(rs_path_set(&path, directory, name, NULL), RS_OK);
    assert_int_equal(rs_files_write(path.bytes, text, strlen(text), NULL), RS_OK);
    rs_buf_release(&path);
}

static int set_up(void **state)
{
    char packs[64];
    (void)state;
    unit_make_directory(directory, sizeof directory, "api");
    (void)snprintf(packs, sizeof packs, "%s/packs", directory);
    assert_int_equal(rs_files_make_dirs(packs, NULL), RS_OK);
    put("packs/p.yaml", pack);
    put("a.py", "x = 1\n");
    put("values.json", "[\"b\", null]");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

/* How a run is given its values: up to three, then a file. */
typedef struct values_case {
    const char *label;
    const char *name;
    const char *values[3];
    size_t n_values;
    const char *file;
    int n_given; /* as the summary has it; -1: the table is missing */
    const char *refusal;
} values_case;

static const values_case values_cases[] = {
    {"nothing", "names", {NULL}, 0, NULL, -1, NULL},
    {"a null", "names", {NULL}, 1, NULL, 1, NULL},
    {"a text, a null, an empty text", "names", {"a", NULL, ""}, 3, NULL, 3, NULL},
    {"texts and a file", "names", {"a", "b"}, 2, "values.json", 4, NULL},
    {"a name that nobody declares",
     "name",
     {"a"},
     1,
     NULL,
     0,
     "param name: no pack declares it under params:; did you mean names?"},
    {"no UTF-8", "names", {"\xff"}, 1, NULL, 0, "param names: expected a text, found \"?\""},
    {"no file", "names", {NULL}, 0, "nowhere.json", 0, "nowhere.json: No such file"},
};

static rs_config *configure(const values_case *c)
{
    rs_error err = {0};
    rs_config *config = NULL;
    char path[64];
    assert_int_equal(rs_config_new(&config, &err), RS_OK);
    (void)snprintf(path, sizeof path, "%s/a.py", directory);
    assert_int_equal(rs_config_set_path(config, path, &err), RS_OK);
    (void)snprintf(path, sizeof path, "%s/packs", directory);
    assert_int_equal(rs_config_set_rules(config, path, &err), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, &err), RS_OK);
    assert_int_equal(rs_config_set_policy(config, NULL, &err), RS_OK);
    for (size_t i = 0; i < c->n_values; i++) {
        assert_int_equal(rs_config_add_param(config, c->name, c->values[i], &err), RS_OK);
    }
    if (c->file != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, c->file);
        assert_int_equal(rs_config_add_param_file(config, c->name, path, &err), RS_OK);
    }
    return config;
}

static int given(const rs_run *run)
{
    json_error_t cause;
    json_t *summary = json_loads(rs_run_summary(run), 0, &cause);
    assert_non_null(summary);
    const json_t *values = json_object_get(json_object_get(summary, "params"), "values");
    const json_t *names = json_object_get(values, "names");
    int n_given = json_is_null(names) ? -1 : (int)json_integer_value(names);
    json_decref(summary);
    return n_given;
}

static void values_come_by_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(values_cases); i++) {
        const values_case *c = &values_cases[i];
        rs_error err = {0};
        rs_run *run = NULL;
        rs_config *config = configure(c);
        assert_int_equal(rs_run_new(config, &run, &err), RS_OK);
        rs_config_free(config); /* the run has a copy */
        rs_status status = rs_run_execute(run, &err);
        if (c->refusal != NULL) {
            UNIT_CHECK(status != RS_OK && strstr(err.message, c->refusal) != NULL, "%s: %s",
                       c->label, err.message);
        } else {
            UNIT_CHECK(status == RS_OK, "%s: %s", c->label, err.message);
            UNIT_CHECK(given(run) == c->n_given, "%s: %d", c->label, given(run));
        }
        rs_run_free(run);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(values_come_by_calls, set_up, tear_down),
};

UNIT_TESTS(api_params, tests)
