/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <unistd.h>

/* In the order of help; each is a file in commands/. */
/* clang-format off */
#define COMMANDS(COMMAND) \
    COMMAND(build) \
    COMMAND(query) \
    COMMAND(export) \
    COMMAND(why) \
    COMMAND(why_not) \
    COMMAND(doctor) \
    COMMAND(gate) \
    COMMAND(diff) \
    COMMAND(schema) \
    COMMAND(pipeline) \
    COMMAND(config) \
    COMMAND(rules_list) \
    COMMAND(rules_show) \
    COMMAND(rules_check) \
    COMMAND(rules_graph) \
    COMMAND(rules_signatures) \
    COMMAND(help) \
    COMMAND(version) \
    COMMAND(dump_registry)
/* clang-format on */

#define DECLARE(name) extern const cli_command cli_##name;
COMMANDS(DECLARE)

#define LIST(name) &cli_##name,
const cli_command *const cli_commands[] = {COMMANDS(LIST) NULL};

/* What failed a while ago has left no errno: a pipe without a reader says so itself. */
static bool has_reader_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return cli_reader_left() || (poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0);
}

int main(int argc, char **argv)
{
    cli_guard_process();
    setlocale(LC_CTYPE, ""); /* numbers stay as they are */
    int code = cli_main(argc, argv);
    errno = 0;
    bool is_written = ferror(stdout) == 0 && fflush(stdout) == 0 && fclose(stdout) == 0;
    if (!is_written && errno != EPIPE && !has_reader_left()) {
        rs_error err = {0};
        rs_error_set_errno(&err, errno != 0 ? errno : EIO, "write standard output");
        cli_complain("%s", err.message);
        return EXIT_FAILED;
    }
    return code;
}
