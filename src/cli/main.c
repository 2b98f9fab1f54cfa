/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source.h"

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
    COMMAND(runs_list) \
    COMMAND(runs_prune) \
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

/* Why standard output took no more: what failed inside a printf() left no errno, a further byte asks. */
static int output_errno(int known)
{
    if (known != 0) {
        return known;
    }
    errno = 0;
    return write(STDOUT_FILENO, "\n", 1) < 0 && errno != 0 ? errno : EIO;
}

int main(int argc, char **argv)
{
    cli_guard_process();
    cli_guard_terminal();
    cli_on_interrupt(NULL, NULL);
    setlocale(LC_CTYPE, ""); /* numbers stay as they are */
    int code = cli_main(argc, argv);
    errno = 0;
    bool had_failed = ferror(stdout) != 0;
    bool is_flushed = fflush(stdout) == 0;
    int cause = cli_output_errno() != 0 ? cli_output_errno() : is_flushed ? 0 : errno;
    bool is_closed = !had_failed && is_flushed && fclose(stdout) == 0;
    cause = cause == 0 && !is_closed && !had_failed ? errno : cause;
    if ((had_failed || !is_flushed || !is_closed) && cause != EPIPE && !has_reader_left()) {
        rs_error err = {0};
        rs_error_set_errno(&err, output_errno(cause), "write standard output");
        cli_complain("%s", err.message);
        return EXIT_FAILED;
    }
    return code;
}
