/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <unistd.h>

#include "cli/source.h"
#include "cli/summary.h"

static void stop(void *run)
{
    rs_run_cancel(run);
}

static rs_status configure(const cli_call *call, rs_config *config, cli_progress *progress,
                           rs_error *err)
{
    RS_TRY(cli_configure_source(call, config, err));
    RS_TRY(rs_config_set_output(config, cli_text(call, "output", "."), err));
    if (cli_has(call, "run")) {
        RS_TRY(rs_config_set_run_name(config, cli_text(call, "run", ""), err));
    }
    if (cli_has(call, "engine")) {
        RS_TRY(rs_config_set_engine(config, cli_text(call, "engine", ""), err));
    }
    uint64_t n_threads = cli_number(call, "threads", 0);
    if (n_threads > UINT16_MAX) {
        return rs_error_set(err, RS_ERR_INVALID, "--threads %llu: too many",
                            (unsigned long long)n_threads);
    }
    rs_config_set_threads(config, (unsigned)n_threads);
    rs_config_set_shuffle(config, cli_number(call, "shuffle", 0));
    rs_config_set_explain(config, cli_has(call, "explain"));
    rs_config_set_events(config, !cli_has(call, "no-events"));
    if (!cli_has(call, "quiet") && isatty(STDERR_FILENO) == 1) {
        rs_config_set_progress(config, cli_show_progress, progress);
    }
    return RS_OK;
}

static int report(const cli_call *call, const rs_run *run)
{
    bool is_strict = cli_has(call, "strict");
    int code = cli_exit_code(rs_run_summary(run), is_strict);
    bool shows_summary =
        !cli_has(call, "quiet") && !cli_has(call, "json") && rs_run_bundle_path(run)[0] != '\0';
    if (!shows_summary) {
        cli_tell_warnings(rs_run_summary(run), is_strict);
    }
    if (cli_has(call, "json")) {
        fputs(rs_run_summary(run), stdout);
        return code;
    }
    if (rs_run_bundle_path(run)[0] == '\0') { /* the nodes that were chosen do not publish */
        if (!cli_has(call, "quiet")) {
            cli_print_stages(stdout, rs_run_summary(run));
        }
        return code;
    }
    if (shows_summary) {
        cli_print_summary(stderr, rs_run_summary(run));
    }
    printf("%s\n", rs_run_bundle_path(run));
    return code;
}

static int build(const cli_call *call)
{
    rs_error err = {0};
    rs_config *config = NULL;
    rs_run *run = NULL;
    cli_progress progress = {0};
    rs_status status = rs_config_new(&config, &err);
    RS_THEN(status, configure(call, config, &progress, &err));
    RS_THEN(status, rs_run_new(config, &run, &err));
    if (status == RS_OK) {
        cli_on_interrupt(stop, run);
        status = rs_run_execute(run, &err);
        cli_on_interrupt(NULL, NULL);
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
    {"engine", 0, CLI_TEXT, "NAME", NULL, "auto",
     "Run the rules with the engine of this name, or with auto: what native can run, native runs, "
     "the rest "
     "duckdb.",
     "0.1"},
    CLI_SOURCE_OPTIONS,
    CLI_NODE_OPTIONS,
    {"shuffle", 0, CLI_COUNT, "SEED", NULL, "0: by path",
     "Take files in another order, which SEED picks. The bundle does not depend on it.", "0.1"},
    {"explain", 0, CLI_FLAG, NULL, NULL, NULL,
     "Keep the plan of each statement, with the rows and seconds of its operators.", "0.1"},
    {"no-events", 0, CLI_FLAG, NULL, NULL, NULL, "Do not measure the rules.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print the summary as JSON.", "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL,
     "Print nothing but the bundle's path, and warnings of what the call itself got wrong.", "0.1"},
    {"strict", 0, CLI_FLAG, NULL, NULL, NULL,
     "Exit with 1 for anything that the summary warns of; the bundle is there all the same.",
     "0.1"},
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
        "graph, what could not in `parse_errors`. A rule that the engine refuses costs its rows "
        "alone: the bundle is written, the summary names the rule, and the exit code is 1. With "
        "`--strict` it is 1 for whatever is listed under `warnings`, parse errors among it.\n\n"
        "`--only` and `--until` run a part of the pipeline (`relspec pipeline` lists its nodes). A "
        "bundle is whole or it is not there: unless the node `publish` is among them nothing is "
        "published, and what each node made and cost is printed.",
    .examples = "relspec build\n"
                "relspec build src -o out --threads 2\n"
                "relspec build --exclude 'tests/' --run nightly --json\n"
                "relspec build --rules packs --param layers=core --param layers=@layers.csv\n"
                "relspec build --only extract",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = build,
};
