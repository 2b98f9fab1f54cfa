/* SPDX-License-Identifier: Apache-2.0 */
/* One allocation fails, whichever: the call says so and leaves nothing, or nothing was wrong with what
 * it did. A build and all that reads a bundle, at moments that lie closer at the beginning. */
#include <dirent.h>
#include <relspec/relspec.h>

#include "bundle/files.h"
#include "unit/directory.h"
#include "unit/unit.h"

static char directory[32];
static char source[64];
static char output[64];
static char bundle_path[160];

static void add_file(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", source, name);
    assert_int_equal(rs_files_write(path, text, strlen(text), NULL), RS_OK);
}

static rs_status configured(rs_config *config, const char *to, rs_error *err)
{
    RS_TRY(rs_config_set_path(config, source, err));
    RS_TRY(rs_config_set_output(config, to, err));
    rs_config_set_threads(config, 2);
    return RS_OK;
}

static rs_status build(const char *to, char *path, size_t n_path, rs_error *err)
{
    rs_config *config = NULL;
    rs_run *run = NULL;
    rs_status status = rs_config_new(&config, err);
    RS_THEN(status, configured(config, to, err));
    RS_THEN(status, rs_run_new(config, &run, err));
    RS_THEN(status, rs_run_execute(run, err));
    if (status == RS_OK && path != NULL) {
        (void)snprintf(path, n_path, "%s", rs_run_bundle_path(run));
    }
    rs_run_free(run);
    rs_config_free(config);
    return status;
}

static int set_up(void **state)
{
    (void)state;
    rs_error err = {0};
    unit_make_directory(directory, sizeof directory, "memory");
    (void)snprintf(source, sizeof source, "%s/src", directory);
    (void)snprintf(output, sizeof output, "%s/out", directory);
    assert_int_equal(rs_files_make_dirs(source, NULL), RS_OK);
    add_file("a.py", "import os\nfrom b import *\n\ndef f(a, b=1):\n    return a\n\nf(2)\n"
                     "os.getcwd()\n\xc3\xa9t\xc3\xa9 = g(f)\n");
    add_file("b.py",
             "class A:\n    def m(self):\n        return self.n()\n\ndef g(x): return A().m()\n");
    rs_status status = build(directory, bundle_path, sizeof bundle_path, &err);
    UNIT_CHECK(status == RS_OK, "%s", err.message);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

/* --- what is called --- */

static rs_status take_nothing(const char *bytes, size_t n_bytes, void *context)
{
    (void)bytes;
    (void)n_bytes;
    (void)context;
    return RS_OK;
}

static rs_status run_build(rs_error *err)
{
    return build(output, NULL, 0, err);
}

static rs_status ask(rs_bundle *bundle, rs_error *err)
{
    rs_result *result = NULL;
    const rs_query query = {.sql = "SELECT * FROM nodes ORDER BY name"};
    size_t n_rows = 1;
    RS_TRY(rs_bundle_query(bundle, &query, &result, err));
    rs_status status = RS_OK;
    while (status == RS_OK && n_rows > 0) {
        status = rs_result_next(result, &n_rows, err);
    }
    rs_result_free(result);
    return status;
}

static rs_status why(rs_bundle *bundle, rs_error *err)
{
    char *text = NULL;
    const rs_question question = {.kind = "CALLS_QNAME"};
    rs_status status = rs_bundle_why(bundle, &question, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status why_not(rs_bundle *bundle, rs_error *err)
{
    char *text = NULL;
    const rs_question question = {.path = "a.py", .line = 7};
    rs_status status = rs_bundle_why_not(bundle, &question, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status exported(rs_bundle *bundle, rs_error *err)
{
    const rs_target target = {.format = "jsonl", .write = take_nothing};
    return rs_bundle_export(bundle, NULL, &target, NULL, err);
}

static rs_status with_bundle(rs_status (*of)(rs_bundle *bundle, rs_error *err), rs_error *err)
{
    rs_bundle *bundle = NULL;
    rs_status status = rs_bundle_open(bundle_path, &bundle, err);
    RS_THEN(status, of(bundle, err));
    rs_bundle_free(bundle);
    return status;
}

static rs_status run_query(rs_error *err)
{
    return with_bundle(ask, err);
}

static rs_status run_why(rs_error *err)
{
    return with_bundle(why, err);
}

static rs_status run_why_not(rs_error *err)
{
    return with_bundle(why_not, err);
}

static rs_status run_export(rs_error *err)
{
    return with_bundle(exported, err);
}

static void hear_nothing(const rs_finding *finding, void *context)
{
    (void)finding;
    (void)context;
}

static rs_status run_check(rs_error *err)
{
    return rs_bundle_check(bundle_path, hear_nothing, NULL, NULL, NULL, NULL, err);
}

static rs_status run_diff(rs_error *err)
{
    char *text = NULL;
    rs_status status = rs_bundle_diff(bundle_path, bundle_path, NULL, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status run_rules(rs_error *err)
{
    char *text = NULL;
    rs_status status = rs_rules_document(NULL, NULL, NULL, &text, err);
    rs_text_free(text);
    return status;
}

static const struct {
    const char *label;
    rs_status (*run)(rs_error *err);
} calls[] = {
    {"a build", run_build},     {"a query", run_query},    {"why", run_why},
    {"why not", run_why_not},   {"an export", run_export}, {"the doctor", run_check},
    {"a difference", run_diff}, {"rules", run_rules},
};

/* --- what is left --- */

static bool is_left(const char *name)
{
    return strncmp(name, ".tmp", 4) == 0 || strncmp(name, ".lock", 5) == 0;
}

static void nothing_is_left(const char *label, size_t n_allowed)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/run_bundles", output);
    DIR *dir = opendir(path);
    const struct dirent *entry = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        UNIT_CHECK(!is_left(entry->d_name), "%s, allocation %zu failing leaves %s", label,
                   n_allowed, entry->d_name);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
}

/* False when there was no such allocation any more. */
static bool fails_at(size_t at, size_t n_allowed)
{
    rs_error err = {0};
    size_t n_before = rs_alloc_live_blocks();
    rs_alloc_fail_one(n_allowed);
    rs_status status = calls[at].run(&err);
    size_t n_refused = rs_alloc_refused();
    rs_alloc_fail_after(SIZE_MAX);
    UNIT_CHECK(rs_alloc_live_blocks() == n_before, "%s, allocation %zu failing leaves %zd blocks",
               calls[at].label, n_allowed, (ptrdiff_t)(rs_alloc_live_blocks() - n_before));
    UNIT_CHECK(status == (n_refused > 0 ? RS_ERR_NOMEM : RS_OK),
               "%s, allocation %zu%s failing: %d %s", calls[at].label, n_allowed,
               n_refused > 0 ? "" : " not", (int)status, err.message);
    nothing_is_left(calls[at].label, n_allowed);
    return n_refused > 0;
}

static void one_failing_allocation_is_told(void **state)
{
    (void)state;
    size_t step = unit_is_full() ? 12 : 2; /* the first moments are next to each other */
    for (size_t i = 0; i < UNIT_COUNT(calls); i++) {
        size_t n_allowed = 0;
        while (fails_at(i, n_allowed)) {
            n_allowed += 1 + n_allowed / step;
        }
        UNIT_CHECK(n_allowed > 100, "%s allocates only %zu blocks", calls[i].label, n_allowed);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(one_failing_allocation_is_told),
};

UNIT_TESTS_OF(api_memory, tests, set_up, tear_down)
