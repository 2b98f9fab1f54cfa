/* SPDX-License-Identifier: Apache-2.0 */
/* What a call gives where it fails: nothing, in *out too; and a configuration without memory. */
#include <relspec/relspec.h>

#include "unit/unit.h"

/* --- a configuration --- */

static rs_status configure(rs_config *config, rs_error *err)
{
    RS_TRY(rs_config_set_path(config, "src", err));
    RS_TRY(rs_config_set_output(config, "out", err));
    RS_TRY(rs_config_set_run_name(config, "run", err));
    RS_TRY(rs_config_set_run_name(config, "another", err));
    RS_TRY(rs_config_set_rules(config, "rules", err));
    RS_TRY(rs_config_set_policy(config, "policy.yaml", err));
    RS_TRY(rs_config_set_repository_id(config, "id", err));
    RS_TRY(rs_config_set_scip(config, "index.scip", err));
    RS_TRY(rs_config_set_python(config, "3.12", err));
    RS_TRY(rs_config_add_include(config, "*.py", err));
    RS_TRY(rs_config_add_exclude(config, "test_*", err));
    RS_TRY(rs_config_add_param(config, "a", "1", err));
    RS_TRY(rs_config_add_param(config, "a", NULL, err));
    RS_TRY(rs_config_add_param_file(config, "b", "b.csv", err));
    RS_TRY(rs_config_set_engine(config, "duckdb", err));
    RS_TRY(rs_config_add_only(config, "walk", err));
    return rs_config_set_until(config, "extract", err);
}

static rs_status configure_once(void *context)
{
    (void)context;
    rs_config *config = NULL;
    rs_run *run = NULL;
    rs_gate *gate = NULL;
    static const unsigned threads[] = {1, 2};
    const rs_gate_options options = {
        .snapshot = "s.json", .bundle = "b", .scratch = "d", .threads = threads, .n_threads = 2};
    rs_status status = rs_config_new(&config, NULL);
    RS_THEN(status, configure(config, NULL));
    RS_THEN(status, rs_run_new(config, &run, NULL));
    RS_THEN(status, rs_gate_new(config, &options, &gate, NULL));
    rs_gate_free(gate);
    rs_run_free(run);
    rs_config_free(config);
    return status;
}

static void a_configuration_needs_memory(void **state)
{
    (void)state;
    UNIT_SWEEP(configure_once, NULL);
}

/* --- what is given where a call fails --- */

typedef union given {
    char *text;
    rs_config *config;
    rs_run *run;
    rs_gate *gate;
    rs_stop *stop;
    rs_bundle *bundle;
    void *any;
} given;

static rs_config *config; /* of a tree that is not there */

static rs_status new_stop(given *out, rs_error *err)
{
    return rs_stop_new(&out->stop, err);
}

static rs_status new_config(given *out, rs_error *err)
{
    return rs_config_new(&out->config, err);
}

static rs_status new_run(given *out, rs_error *err)
{
    return rs_run_new(config, &out->run, err);
}

static rs_status new_gate(given *out, rs_error *err)
{
    const rs_gate_options options = {.snapshot = "s.json"};
    return rs_gate_new(config, &options, &out->gate, err);
}

static rs_status document(given *out, rs_error *err)
{
    return rs_config_document(config, &out->text, err);
}

static rs_status pipeline(given *out, rs_error *err)
{
    return rs_config_pipeline(config, &out->text, err);
}

static rs_status registry(given *out, rs_error *err)
{
    return rs_registry_document(&out->text, err);
}

static rs_status rules(given *out, rs_error *err)
{
    return rs_rules_document("/nowhere", "/nowhere.yaml", NULL, &out->text, err);
}

static rs_status open_bundle(given *out, rs_error *err)
{
    return rs_bundle_open("/nowhere", &out->bundle, err);
}

static rs_status runs(given *out, rs_error *err)
{
    return rs_runs_document("/nowhere", &out->text, err);
}

static rs_status remove_runs(given *out, rs_error *err)
{
    const rs_runs_choice choice = {.n_kept = 1};
    return rs_runs_remove("/nowhere", &choice, &out->text, err);
}

/* No bundle is looked at for a question that asks nothing. */
static rs_status why(given *out, rs_error *err)
{
    const rs_question question = {.line = 1};
    return rs_bundle_why(NULL, &question, &out->text, err);
}

static rs_status why_not(given *out, rs_error *err)
{
    const rs_question question = {.line = 1, .kind = "CALL"};
    return rs_bundle_why_not(NULL, &question, &out->text, err);
}

static rs_status diff(given *out, rs_error *err)
{
    return rs_bundle_diff("/nowhere", "/nowhere", NULL, &out->text, err);
}

static const struct {
    const char *label;
    rs_status (*call)(given *out, rs_error *err);
    bool is_refused; /* as it is; else it fails for want of memory alone */
} calls[] = {
    {"a stop", new_stop, false},         {"a configuration", new_config, false},
    {"a run", new_run, false},           {"a gate", new_gate, false},
    {"the registry", registry, false},   {"a configuration's document", document, false},
    {"a pipeline", pipeline, false},     {"rules", rules, true},
    {"a bundle", open_bundle, true},     {"runs", runs, true},
    {"runs that go", remove_runs, true}, {"why", why, true},
    {"why not", why_not, true},          {"a difference", diff, true},
};

static void what_fails_gives_nothing(void **state)
{
    (void)state;
    static char before[] = "what was there before";
    rs_error err = {0};
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, "/nowhere", NULL), RS_OK);
    for (size_t i = 0; i < UNIT_COUNT(calls); i++) {
        given out = {.text = before};
        if (!calls[i].is_refused) {
            rs_alloc_fail_after(0);
        }
        rs_status status = calls[i].call(&out, &err);
        rs_alloc_fail_after(SIZE_MAX);
        UNIT_CHECK(status == (calls[i].is_refused ? err.status : RS_ERR_NOMEM) && status != RS_OK,
                   "%s: status %d: %s", calls[i].label, (int)status, err.message);
        UNIT_CHECK(out.any == NULL, "%s gives something", calls[i].label);
    }
    rs_config_free(config);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_configuration_needs_memory),
    cmocka_unit_test(what_fails_gives_nothing),
};

UNIT_TESTS(api_setup, tests)
