/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <string.h>

static int help(const cli_call *call)
{
    if (call->n_operands == 0) {
        cli_print_help(stdout);
        return EXIT_DONE;
    }
    const char *second = call->n_operands > 1 ? call->operands[1] : "";
    bool found = false;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name;
        size_t n_first = strcspn(name, " ");
        if (strlen(call->operands[0]) != n_first ||
            strncmp(name, call->operands[0], n_first) != 0 ||
            (second[0] != '\0' &&
             (name[n_first] == '\0' || strcmp(name + n_first + 1, second) != 0))) {
            continue;
        }
        if (found) {
            fputc('\n', stdout);
        }
        cli_print_command_help(stdout, cli_commands[i]);
        found = true;
    }
    if (!found) {
        cli_complain("there is no command '%s%s%s'", call->operands[0],
                     second[0] != '\0' ? " " : "", second);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

const cli_command cli_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .max_operands = 2,
    .summary = "say how a command is used",
    .text = "Prints the commands, or all about one of them.",
    .examples = "relspec help build",
    .run = help,
};
