/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>

extern const cli_command cli_build;
extern const cli_command cli_query;
extern const cli_command cli_why;
extern const cli_command cli_why_not;
extern const cli_command cli_doctor;
extern const cli_command cli_gate;
extern const cli_command cli_diff;
extern const cli_command cli_schema;
extern const cli_command cli_pipeline;
extern const cli_command cli_rules_list;
extern const cli_command cli_rules_show;
extern const cli_command cli_rules_check;
extern const cli_command cli_rules_graph;
extern const cli_command cli_rules_signatures;
extern const cli_command cli_help;
extern const cli_command cli_version;
extern const cli_command cli_dump_registry;

/* clang-format off */
const cli_command *const cli_commands[] = {
    &cli_build,
    &cli_query,
    &cli_why,
    &cli_why_not,
    &cli_doctor,
    &cli_gate,
    &cli_diff,
    &cli_schema,
    &cli_pipeline,
    &cli_rules_list,
    &cli_rules_show,
    &cli_rules_check,
    &cli_rules_graph,
    &cli_rules_signatures,
    &cli_help,
    &cli_version,
    &cli_dump_registry,
    NULL,
};
/* clang-format on */

int main(int argc, char **argv)
{
    /* A reader that went away is an error of the write, not a silent death. */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    setlocale(LC_CTYPE, ""); /* numbers stay as they are */
    int code = cli_main(argc, argv);
    errno = 0;
    if (ferror(stdout) != 0 || fflush(stdout) != 0 || fclose(stdout) != 0) {
        rs_error err = {0};
        rs_error_set_errno(&err, errno != 0 ? errno : EIO, "write standard output");
        cli_complain("%s", err.message);
        return EXIT_FAILED;
    }
    return code;
}
