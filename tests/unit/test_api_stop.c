/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that takes long ends soon once somebody asks, from a signal handler at any moment. */
#include "base/error.h"

#include <relspec/relspec.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include "bundle/files.h"
#include "unit/unit.h"

/* The engine, stopped in the middle of a statement, now and then loses some strings of its own. What
 * libstdc++ gives is never ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libstdc++\n";
}

/* A query ends by itself after minutes. The others take a fraction of a second: a signal in their midst
 * finds them anywhere, and asked before they begin they do not. */
static const char endless[] =
    "SELECT a.range, sum(b.range) FROM range(9999999) a, range(9999999) b GROUP BY 1";
static const char many_rows[] = "SELECT range FROM range(99999999999)";
enum { MOST_MS = 500, STEPS = 6, NEVER = -1 };

static char directory[32];
static char bundle_path[128];
static char packs[64];
static rs_bundle *bundle; /* what the handler stops: one of them is NULL */
static rs_stop *stop;
static volatile sig_atomic_t was_asked;

static void add_file(const char *name, const char *text)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(rs_files_write(path, text, strlen(text), NULL), RS_OK);
}

/* Rules by the thousand: they take seconds. */
static void add_packs(void)
{
    rs_buf text = {0};
    (void)snprintf(packs, sizeof packs, "%s/packs", directory);
    assert_int_equal(rs_files_make_dirs(packs, NULL), RS_OK);
    rs_buf_add(&text, "pack: many\ndoc: d.\nrules:\n");
    for (int i = 0; i < 3000; i++) {
        rs_buf_addf(&text,
                    "- name: r%d\n  doc: d.\n  kind: filter_project\n  inputs: {n: syntax_nodes}\n"
                    "  emit: {edge: AST, src: n.parent_id, dst: n.node_id, file: n.file_id}\n",
                    i);
    }
    add_file("packs/p.yaml", text.bytes);
    rs_buf_release(&text);
}

static int set_up(void **state)
{
    (void)state;
    rs_config *config = NULL;
    rs_run *run = NULL;
    (void)snprintf(directory, sizeof directory, "/tmp/relspec-stop-XXXXXX");
    assert_non_null(mkdtemp(directory));
    add_file("a.py", "import os\n\ndef f(a, b=1):\n    return a\n\nf(2)\nos.getcwd()\n");
    add_packs();
    assert_int_equal(rs_config_new(&config, NULL), RS_OK);
    assert_int_equal(rs_config_set_path(config, directory, NULL), RS_OK);
    assert_int_equal(rs_config_set_output(config, directory, NULL), RS_OK);
    assert_int_equal(rs_run_new(config, &run, NULL), RS_OK);
    assert_int_equal(rs_run_execute(run, NULL), RS_OK);
    (void)snprintf(bundle_path, sizeof bundle_path, "%s", rs_run_bundle_path(run));
    rs_run_free(run);
    rs_config_free(config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rs_files_remove_tree(directory, NULL) == RS_OK ? 0 : -1;
}

/* --- what is stopped --- */

static rs_status take_nothing(const char *bytes, size_t n_bytes, void *context)
{
    (void)bytes;
    (void)n_bytes;
    (void)context;
    return RS_OK;
}

static rs_status ask(const char *sql, rs_error *err)
{
    rs_result *result = NULL;
    const rs_query query = {.sql = sql};
    size_t n_rows = 1;
    RS_TRY(rs_bundle_query(bundle, &query, &result, err));
    rs_status status = RS_OK;
    while (status == RS_OK && n_rows > 0) {
        status = rs_result_next(result, &n_rows, err);
    }
    rs_result_free(result);
    return status;
}

static rs_status run_query(rs_error *err)
{
    return ask(endless, err);
}

static rs_status run_rows(rs_error *err)
{
    return ask(many_rows, err);
}

static rs_status run_written(rs_error *err)
{
    rs_result *result = NULL;
    const rs_query query = {.sql = many_rows};
    const rs_target target = {.format = "arrow", .write = take_nothing};
    RS_TRY(rs_bundle_query(bundle, &query, &result, err));
    rs_status status = rs_result_write(result, &target, NULL, err);
    rs_result_free(result);
    return status;
}

static rs_status run_why(rs_error *err)
{
    char *text = NULL;
    const rs_question question = {.kind = "AST"};
    rs_status status = rs_bundle_why(bundle, &question, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status run_why_not(rs_error *err)
{
    char *text = NULL;
    const rs_question question = {.path = "a.py", .line = 6};
    rs_status status = rs_bundle_why_not(bundle, &question, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status run_export(rs_error *err)
{
    const rs_target target = {.format = "jsonl", .write = take_nothing};
    return rs_bundle_export(bundle, NULL, &target, NULL, err);
}

static void hear_nothing(const rs_finding *finding, void *context)
{
    (void)finding;
    (void)context;
}

static rs_status run_check(rs_error *err)
{
    return rs_bundle_check(bundle_path, hear_nothing, NULL, stop, NULL, NULL, err);
}

static rs_status run_diff(rs_error *err)
{
    char *text = NULL;
    rs_status status = rs_bundle_diff(bundle_path, bundle_path, stop, &text, err);
    rs_text_free(text);
    return status;
}

static rs_status run_rules(rs_error *err)
{
    char *text = NULL;
    rs_status status = rs_rules_document(packs, NULL, stop, &text, err);
    rs_text_free(text);
    return status;
}

static const struct {
    const char *label;
    rs_status (*run)(rs_error *err);
    bool has_bundle; /* it is stopped by that; else by a stop */
    bool is_endless;
} calls[] = {
    {"a query", run_query, true, true},        {"rows", run_rows, true, true},
    {"written rows", run_written, true, true}, {"why", run_why, true, false},
    {"why not", run_why_not, true, false},     {"export", run_export, true, false},
    {"the doctor", run_check, false, false},   {"a difference", run_diff, false, false},
    {"rules", run_rules, false, false},
};

/* --- stopping --- */

static void on_alarm(int number)
{
    (void)number;
    was_asked = 1;
    if (bundle != NULL) {
        rs_bundle_cancel(bundle);
    } else {
        rs_stop_raise(stop);
    }
}

static uint64_t spent_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* Run one, and ask it to end so many milliseconds later. */
static void stop_after(size_t at, int ms)
{
    rs_error err = {0};
    const struct itimerval timer = {.it_value = {.tv_usec = ms * 1000}};
    const struct itimerval none = {0};
    was_asked = 0;
    if (calls[at].has_bundle) {
        assert_int_equal(rs_bundle_open(bundle_path, &bundle, NULL), RS_OK);
    } else {
        assert_int_equal(rs_stop_new(&stop, NULL), RS_OK);
    }
    if (ms == 0) {
        on_alarm(SIGALRM);
    } else if (ms != NEVER) {
        setitimer(ITIMER_REAL, &timer, NULL);
    }
    uint64_t started_ns = spent_ns();
    rs_status status = calls[at].run(&err);
    uint64_t took_ms = (spent_ns() - started_ns) / 1000000;
    setitimer(ITIMER_REAL, &none, NULL);
    UNIT_CHECK(was_asked == 0 || status == RS_ERR_CANCELLED || (ms > 0 && status == RS_OK),
               "%s, asked after %d ms: %d %s", calls[at].label, ms, (int)status, err.message);
    /* Of the processor, with all threads: a machine that has much else to do is not to be waited for. */
    UNIT_CHECK(ms == NEVER || took_ms < (uint64_t)ms * 4 + MOST_MS,
               "%s, asked after %d ms, took %d ms", calls[at].label, ms, (int)took_ms);
    UNIT_CHECK(!calls[at].is_endless || was_asked == 1, "%s ended by itself", calls[at].label);
    rs_bundle_free(bundle);
    rs_stop_free(stop);
    bundle = NULL;
    stop = NULL;
}

static void what_takes_long_ends_when_asked(void **state)
{
    (void)state;
    const struct sigaction action = {.sa_handler = on_alarm};
    struct sigaction before;
    sigaction(SIGALRM, &action, &before);
    for (size_t i = 0; i < UNIT_COUNT(calls); i++) {
        int n_steps = unit_is_full() ? STEPS : 2;
        for (int step = 0; step < n_steps; step++) {
            stop_after(i, step * step * 8);
        }
    }
    sigaction(SIGALRM, &before, NULL);
}

/* One that was asked to end answers nothing more; another one does. */
static void who_was_asked_answers_nothing_more(void **state)
{
    (void)state;
    rs_error err = {0};
    assert_int_equal(rs_bundle_open(bundle_path, &bundle, NULL), RS_OK);
    assert_int_equal(ask("SELECT 1", &err), RS_OK);
    rs_bundle_cancel(bundle);
    UNIT_REFUSED(ask("SELECT 1", &err), &err, RS_ERR_CANCELLED, "interrupted");
    UNIT_REFUSED(run_why(&err), &err, RS_ERR_CANCELLED, "interrupted");
    UNIT_REFUSED(run_export(&err), &err, RS_ERR_CANCELLED, "interrupted");
    rs_bundle_free(bundle);
    assert_int_equal(rs_bundle_open(bundle_path, &bundle, NULL), RS_OK);
    assert_int_equal(ask("SELECT 1", &err), RS_OK);
    rs_bundle_free(bundle);
    bundle = NULL;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(what_takes_long_ends_when_asked, set_up, tear_down),
    cmocka_unit_test_setup_teardown(who_was_asked_answers_nothing_more, set_up, tear_down),
};

UNIT_TESTS(api_stop, tests)
