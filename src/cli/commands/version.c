/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

static int version(const cli_call *call)
{
    (void)call;
    printf("relspec %s\n", rs_version());
    return EXIT_DONE;
}

const cli_command cli_version = {
    .name = "version",
    .operands = "",
    .summary = "say which relspec this is",
    .text = "Prints the version.",
    .run = version,
};
