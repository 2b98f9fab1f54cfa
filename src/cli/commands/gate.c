/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/junit.h"
#include "cli/source.h"
#include "cli/summary.h"

enum { MAX_BUILDS = 16, MAX_THREADS = 1024, MAX_PRINTED = 50 };

static void stop(void *gate)
{
    rs_gate_cancel(gate);
}

/* --- what is asked for --- */

/* "1,2,4" into threads; 0 when it is no such list. */
static size_t read_threads(const char *text, unsigned threads[MAX_BUILDS])
{
    size_t n_threads = 0;
    while (n_threads < MAX_BUILDS) {
        char *end = NULL;
        errno = 0;
        unsigned long number = strtoul(text, &end, 10);
        if (*text < '0' || *text > '9' || errno != 0 || number == 0 || number > MAX_THREADS) {
            return 0;
        }
        threads[n_threads++] = (unsigned)number;
        if (*end == '\0') {
            return n_threads;
        }
        if (*end != ',') {
            return 0;
        }
        text = end + 1;
    }
    return 0;
}

/* What cannot be asked for at once; says so. */
static bool is_usable(const cli_call *call, size_t n_threads)
{
    static const char *const only_builds[] = {"threads", "shuffle", "once", "output",
                                              "rules",   "policy",  "scip"};
    if (!cli_has(call, "snapshot")) {
        cli_complain("--snapshot FILE is wanted: what the result is compared with");
        return false;
    }
    if (n_threads == 0) {
        cli_complain("--threads %s: up to %d numbers from 1 to %d are wanted, as 1,2,4",
                     cli_text(call, "threads", ""), MAX_BUILDS, MAX_THREADS);
        return false;
    }
    if (cli_has(call, "bundle") && call->n_operands > 0) {
        cli_complain("--bundle %s: takes the place of PATH", cli_text(call, "bundle", ""));
        return false;
    }
    for (size_t i = 0; cli_has(call, "bundle") && i < sizeof only_builds / sizeof *only_builds;
         i++) {
        if (cli_has(call, only_builds[i])) {
            cli_complain("--%s: nothing is built with --bundle", only_builds[i]);
            return false;
        }
    }
    return true;
}

static rs_status configure(const cli_call *call, rs_config *config, cli_progress *progress,
                           rs_error *err)
{
    RS_TRY(cli_configure_source(call, config, err));
    if (!cli_has(call, "quiet") && isatty(STDERR_FILENO) == 1) {
        rs_config_set_progress(config, cli_show_progress, progress);
    }
    return RS_OK;
}

/* --- the report --- */

static void print_heads(const json_t *report)
{
    const json_t *builds = json_object_get(report, "builds");
    const json_t *checks = json_object_get(report, "checks");
    for (size_t i = 0; i < json_array_size(builds); i++) {
        const json_t *row = json_array_get(builds, i);
        fprintf(stderr, "built %-24s %.12s %7.2f s  %s\n", cli_member(row, "name"),
                cli_member(row, "content_hash"),
                json_number_value(json_object_get(row, "elapsed_ns")) / 1e9,
                cli_member(row, "bundle"));
    }
    for (size_t i = 0; i < json_array_size(checks); i++) {
        const json_t *row = json_array_get(checks, i);
        long long n_findings = json_integer_value(json_object_get(row, "findings"));
        fprintf(stderr, "%-5s %-18s %6lld compared\n", n_findings == 0 ? "ok" : "DRIFT",
                cli_member(row, "check"),
                (long long)json_integer_value(json_object_get(row, "compared")));
    }
}

/* No more than MAX_PRINTED of a check: a changed input changes hundreds of counts. */
static void print_findings(const json_t *report)
{
    const json_t *findings = json_object_get(report, "findings");
    const char *check = "";
    size_t n_of_check = 0;
    for (size_t i = 0; i <= json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        if (strcmp(cli_member(finding, "check"), check) != 0) {
            if (n_of_check > MAX_PRINTED) {
                printf("... and %zu more of %s (--json has all)\n", n_of_check - MAX_PRINTED,
                       check);
            }
            check = cli_member(finding, "check");
            n_of_check = 0;
        }
        if (finding != NULL && n_of_check++ < MAX_PRINTED) {
            printf("%s\n", cli_member(finding, "message"));
        }
    }
}

static void print_makers(const json_t *makers)
{
    const json_t *before = json_object_get(makers, "expected");
    const json_t *after = json_object_get(makers, "found");
    if (before != NULL) {
        fprintf(stderr, "the snapshot was made by relspec %s on %s; this is relspec %s on %s\n",
                cli_member(before, "relspec"), cli_member(before, "engine"),
                cli_member(after, "relspec"), cli_member(after, "engine"));
    }
}

static void print_end(const cli_call *call, const json_t *report, bool drifts)
{
    const char *snapshot = cli_member(report, "snapshot");
    size_t n_findings = json_array_size(json_object_get(report, "findings"));
    fflush(stdout);
    if (json_is_true(json_object_get(report, "updated"))) {
        fprintf(stderr, "%s is written", snapshot);
        fprintf(stderr, n_findings > 0 ? "; %zu differences from what it was\n" : "\n", n_findings);
    } else if (!drifts) {
        fprintf(stderr, "nothing drifts from %s\n", snapshot);
    } else {
        print_makers(json_object_get(report, "other_maker"));
        fprintf(stderr, "%zu differences; meant to be so? run it again with --update%s\n",
                n_findings,
                cli_has(call, "output") || cli_has(call, "bundle")
                    ? ""
                    : ", or with -o DIR to keep the bundles for relspec diff");
    }
}

static int report(const cli_call *call, const rs_gate *gate, rs_error *err)
{
    json_error_t cause;
    json_t *document = json_loads(rs_gate_report(gate), 0, &cause);
    bool drifts = json_is_true(json_object_get(document, "drift"));
    int code = EXIT_DONE;
    if (cli_has(call, "junit") &&
        cli_write_junit(document, cli_text(call, "junit", ""), err) != RS_OK) {
        code = cli_fail(err);
    } else if (cli_has(call, "json")) {
        fputs(rs_gate_report(gate), stdout);
    } else {
        if (!cli_has(call, "quiet")) {
            print_heads(document);
        }
        print_findings(document);
        if (!cli_has(call, "quiet")) {
            print_end(call, document, drifts);
        }
    }
    json_decref(document);
    return code == EXIT_DONE && drifts ? EXIT_FINDING : code;
}

/* --- running --- */

static const char *scratch_directory(void)
{
    const char *directory = getenv("TMPDIR");
    return directory != NULL && directory[0] != '\0' ? directory : "/tmp";
}

static int gate(const cli_call *call)
{
    rs_error err = {0};
    rs_config *config = NULL;
    rs_gate *self = NULL;
    cli_progress progress = {0};
    unsigned threads[MAX_BUILDS];
    bool once = cli_has(call, "once");
    size_t n_threads = read_threads(cli_text(call, "threads", "1,2,4"), threads);
    if (!is_usable(call, n_threads)) {
        return EXIT_USAGE;
    }
    const rs_gate_options options = {
        .snapshot = cli_text(call, "snapshot", NULL),
        .bundle = cli_text(call, "bundle", NULL),
        .scratch = cli_text(call, "output", scratch_directory()),
        .keep = cli_has(call, "output"),
        .threads = threads,
        .n_threads = once && !cli_has(call, "threads") ? 0
                     : once                            ? 1
                                                       : n_threads,
        .shuffle_seed = once ? 0 : cli_number(call, "shuffle", 1),
        .elsewhere = !once,
        .update = cli_has(call, "update"),
    };
    rs_status status = rs_config_new(&config, &err);
    RS_THEN(status, configure(call, config, &progress, &err));
    RS_THEN(status, rs_gate_new(config, &options, &self, &err));
    if (status == RS_OK) {
        cli_on_interrupt(stop, self);
        status = rs_gate_execute(self, &err);
        cli_on_interrupt(NULL, NULL);
        cli_clear_progress(&progress);
    }
    int code = status == RS_OK ? report(call, self, &err) : cli_fail(&err);
    rs_gate_free(self);
    rs_config_free(config);
    return code;
}

static const cli_option options[] = {
    {"snapshot", 's', CLI_TEXT, "FILE", NULL, NULL,
     "Compare with the snapshot in FILE, which belongs under version control.", "0.1"},
    {"update", 'u', CLI_FLAG, NULL, NULL, NULL,
     "Make or replace the snapshot, in one step, unless the builds differ from each other.", "0.1"},
    {"bundle", 'b', CLI_TEXT, "DIR", NULL, NULL, "Compare this bundle, and build nothing.", "0.1"},
    {"threads", 'j', CLI_TEXT, "LIST", NULL, "1,2,4",
     "Build with each of these numbers of threads; all must give the same bytes.", "0.1"},
    {"shuffle", 0, CLI_COUNT, "SEED", NULL, "1",
     "Build once more with files in the order that SEED picks; 0: do not.", "0.1"},
    {"once", 0, CLI_FLAG, NULL, NULL, NULL,
     "Build once, and leave out the builds that show that nothing depends on threads, order of "
     "files or path.",
     "0.1"},
    {"output", 'o', CLI_TEXT, "DIR", NULL, NULL,
     "Keep the bundles, as DIR/build-N/run_bundles/latest; else they are made below TMPDIR and "
     "removed.",
     "0.1"},
    CLI_SOURCE_OPTIONS,
    {"junit", 0, CLI_TEXT, "FILE", NULL, NULL, "Write the report as JUnit XML, too.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print the report as JSON.", "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Print findings only.", "0.1"},
};

const cli_command cli_gate = {
    .name = "gate",
    .operands = "[PATH]",
    .max_operands = 1,
    .summary = "compare a build with a snapshot; fail when anything drifts",
    .text =
        "Builds PATH (default: the current directory) at each number of threads, in another order "
        "of files and under another path, and compares the bundles byte by byte. Compares the "
        "first with a snapshot: rules field by field, policy, schemas, rows and content of every "
        "dataset, nodes and edges by kind within their bands, rejected rows by reason. One line a "
        "difference; the exit code is 1 when there is one.\n\n"
        "The snapshot is a text file. In it, `content` is `exact`, or `bands` for a repository "
        "that goes on changing: then only counts are compared, each within its band. Members that "
        "are removed from it are not compared.",
    .examples = "relspec gate src --snapshot relspec.snapshot.json --update\n"
                "relspec gate src --snapshot relspec.snapshot.json --junit gate.xml\n"
                "relspec gate --bundle run_bundles/latest --snapshot relspec.snapshot.json",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = gate,
};
