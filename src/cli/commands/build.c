/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/summary.h"

/* The run that a signal stops. */
static rs_run *volatile running;

static void on_signal(int number)
{
    (void)number;
    rs_run *run = running;
    if (run != NULL) {
        rs_run_cancel(run);
    }
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static rs_status set_texts(const cli_call *call, rs_config *config, rs_error *err)
{
    RS_TRY(rs_config_set_path(config, call->n_operands > 0 ? call->operands[0] : ".", err));
    RS_TRY(rs_config_set_output(config, cli_text(call, "output", "."), err));
    if (cli_has(call, "run")) {
        RS_TRY(rs_config_set_run_name(config, cli_text(call, "run", ""), err));
    }
    if (cli_has(call, "rules")) {
        RS_TRY(rs_config_set_rules(config, cli_text(call, "rules", ""), err));
    }
    RS_TRY(rs_config_set_policy(config, cli_text(call, "policy", NULL), err));
    if (cli_has(call, "repository-id")) {
        RS_TRY(rs_config_set_repository_id(config, cli_text(call, "repository-id", ""), err));
    }
    if (cli_has(call, "scip")) {
        RS_TRY(rs_config_set_scip(config, cli_text(call, "scip", ""), err));
    }
    for (size_t i = 0; i < call->n_values; i++) {
        const char *name = call->values[i].option->name;
        if (strcmp(name, "include") == 0) {
            RS_TRY(rs_config_add_include(config, call->values[i].text, err));
        } else if (strcmp(name, "exclude") == 0) {
            RS_TRY(rs_config_add_exclude(config, call->values[i].text, err));
        }
    }
    return RS_OK;
}

static rs_status configure(const cli_call *call, rs_config *config, cli_progress *progress,
                           rs_error *err)
{
    RS_TRY(set_texts(call, config, err));
    uint64_t n_threads = cli_number(call, "threads", 0);
    if (n_threads > UINT16_MAX) {
        return rs_error_set(err, RS_ERR_INVALID, "--threads %llu: too many",
                            (unsigned long long)n_threads);
    }
    rs_config_set_threads(config, (unsigned)n_threads);
    rs_config_set_memory(config, cli_number(call, "memory", 0));
    rs_config_set_max_file_bytes(config, cli_number(call, "max-file-size", 0));
    rs_config_set_gitignore(config, !cli_has(call, "no-gitignore"));
    if (!cli_has(call, "quiet") && isatty(STDERR_FILENO) == 1) {
        rs_config_set_progress(config, cli_show_progress, progress);
    }
    return RS_OK;
}

static int report(const cli_call *call, const rs_run *run)
{
    if (cli_has(call, "json")) {
        fputs(rs_run_summary(run), stdout);
        return EXIT_DONE;
    }
    if (!cli_has(call, "quiet")) {
        cli_print_summary(stderr, rs_run_summary(run));
    }
    printf("%s\n", rs_run_bundle_path(run));
    return EXIT_DONE;
}

static int build(const cli_call *call)
{
    rs_error err = {0};
    rs_config *config = NULL;
    rs_run *run = NULL;
    cli_progress progress = {0};
    rs_status status = rs_config_new(&config, &err);
    if (status == RS_OK) {
        status = configure(call, config, &progress, &err);
    }
    if (status == RS_OK) {
        status = rs_run_new(config, &run, &err);
    }
    if (status == RS_OK) {
        running = run;
        catch_signals();
        status = rs_run_execute(run, &err);
        running = NULL;
        cli_clear_progress(&progress);
    }
    int code = status == RS_OK ? report(call, run) : cli_fail(&err);
    rs_run_free(run);
    rs_config_free(config);
    return code;
}

static const cli_option options[] = {
    {"output", 'o', CLI_TEXT, "DIR", NULL, "the current directory",
     "Put the bundle into DIR/run_bundles/.", "0.1"},
    {"run", 0, CLI_TEXT, "NAME", NULL, "run_ and the first digits of the content's hash",
     "Name the bundle; one of that name is replaced.", "0.1"},
    {"threads", 'j', CLI_COUNT, "N", NULL, "one a processor",
     "Work with N threads. The bundle does not depend on it.", "0.1"},
    {"memory", 0, CLI_SIZE, "SIZE", NULL, "the engine's own choice",
     "Memory that the SQL engine may use.", "0.1"},
    {"rules", 0, CLI_TEXT, "DIR", NULL, NULL,
     "Add the rule packs (*.yaml) of DIR; a rule of a known name replaces that one.", "0.1"},
    {"scip", 0, CLI_TEXT, "FILE", NULL, NULL,
     "Take in what a SCIP index of the same tree says; one that is no index costs its evidence "
     "alone.",
     "0.1"},
    {"policy", 0, CLI_TEXT, "FILE", NULL, "the built-in policy",
     "Put the policy of FILE over the built-in one, by name.", "0.1"},
    {"include", 0, CLI_LIST, "GLOB", NULL, NULL,
     "Read only files that match, as in a .gitignore; may be given several times.", "0.1"},
    {"exclude", 0, CLI_LIST, "GLOB", NULL, NULL,
     "Leave out files that match; may be given several times.", "0.1"},
    {"no-gitignore", 0, CLI_FLAG, NULL, NULL, NULL, "Do not follow .gitignore files.", "0.1"},
    {"max-file-size", 0, CLI_SIZE, "SIZE", NULL, "64MB", "List larger files without reading them.",
     "0.1"},
    {"repository-id", 0, CLI_TEXT, "ID", NULL, NULL,
     "Keep the ids of this repository apart from those of others.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print the summary as JSON.", "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Print nothing but the bundle's path.", "0.1"},
};

const cli_command cli_build = {
    .name = "build",
    .operands = "[PATH]",
    .max_operands = 1,
    .summary = "turn a source tree into a graph in a run bundle",
    .text =
        "Reads the Python sources below PATH (default: the current directory), and writes their "
        "code property graph, the evidence it comes from and the rules that made it to a run "
        "bundle, whose path is printed. `run_bundles/latest` points at the newest bundle.\n\n"
        "Equal sources, rules and options give equal bundles, byte for byte, environment.json "
        "apart. A file that does not parse is no failure: what could be seen of it is in the "
        "graph, what could not in `parse_errors`.",
    .examples = "relspec build\n"
                "relspec build src -o out --threads 2\n"
                "relspec build --exclude 'tests/' --run nightly --json",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = build,
};
