/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool cli_has_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return (no_colour == NULL || no_colour[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0 && isatty(cli_fd_of(stream)) == 1;
}

unsigned cli_n_columns(FILE *stream)
{
    const char *given = getenv("COLUMNS");
    unsigned long number = given != NULL ? strtoul(given, NULL, 10) : 0;
    struct winsize size = {0};
    if (isatty(cli_fd_of(stream)) != 1) {
        return 0;
    }
    if (number > 0 && number <= UINT16_MAX) {
        return (unsigned)number;
    }
    return ioctl(cli_fd_of(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void cli_complain(const char *format, ...)
{
    va_list arguments;
    bool colour = cli_has_colour(stderr);
    fputs(colour ? CLI_BAD "relspec:" CLI_PLAIN " " : "relspec: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static int output_errno; /* of the first write of ours that failed */

int cli_output_errno(void)
{
    return output_errno;
}

int cli_fail(const rs_error *err)
{
    if (output_errno != 0 && (err->status == RS_ERR_IO || err->message[0] == '\0')) {
        return EXIT_FAILED; /* main() says it of the stream */
    }
    cli_complain("%s", err->message[0] != '\0' ? err->message : "failed without a reason");
    switch (err->status) {
    case RS_ERR_CANCELLED:
        return EXIT_SIGNAL + (cli_signal() != 0 ? cli_signal() : SIGINT);
    case RS_ERR_INVALID:
        return EXIT_USAGE;
    case RS_OK:
    case RS_ERR_NOMEM:
    case RS_ERR_LIMIT:
    case RS_ERR_IO:
    case RS_ERR_ENGINE:
    case RS_ERR_INTERNAL:
        return EXIT_FAILED;
    }
    return EXIT_FAILED;
}

void cli_print_word(FILE *out, const char *path)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.,:=@%+-";
    fputs(path[0] == '-' ? "./" : "", out);
    if (path[0] != '\0' && path[strspn(path, plain)] == '\0') {
        fputs(path, out);
        return;
    }
    fputc('\'', out);
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '\'') {
            fputs("'\\''", out);
        } else {
            fputc(*at, out);
        }
    }
    fputc('\'', out);
}

const char *cli_grouped(uint64_t number, char out[32])
{
    char digits[24];
    int n_digits = snprintf(digits, sizeof digits, "%" PRIu64, number);
    size_t at = 0;
    RS_ASSERT(n_digits > 0 && (size_t)n_digits < sizeof digits);
    for (int i = 0; i < n_digits; i++) {
        if (i > 0 && (n_digits - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    RS_ASSERT(at <= (size_t)n_digits + ((size_t)n_digits - 1) / 3);
    out[at] = '\0';
    return out;
}

const char *cli_bytes(double n_bytes, char out[32])
{
    RS_ASSERT(n_bytes >= 0);
    if (n_bytes < 1e3) {
        snprintf(out, 32, "%.0f bytes", n_bytes);
    } else if (n_bytes < 1e6) {
        snprintf(out, 32, "%.1f kB", n_bytes / 1e3);
    } else if (n_bytes < 1e9) {
        snprintf(out, 32, "%.1f MB", n_bytes / 1e6);
    } else {
        snprintf(out, 32, "%.2f GB", n_bytes / 1e9);
    }
    return out;
}

rs_status cli_write_stdout(const char *bytes, size_t n_bytes, void *context)
{
    (void)context;
    errno = 0;
    if (fwrite(bytes, 1, n_bytes, stdout) == n_bytes) {
        return RS_OK;
    }
    output_errno = errno != 0 ? errno : EIO;
    return cli_reader_left() ? RS_ERR_CANCELLED : RS_ERR_IO;
}

bool cli_reader_left(void)
{
    return output_errno == EPIPE;
}

bool cli_can_write(const cli_call *call, rs_format format)
{
    if (cli_has(call, "output")) {
        return true;
    }
    if (format.is_a_file) {
        cli_complain("--format %s and --output FILE go together", format.name);
        return false;
    }
    if (format.is_bytes && isatty(STDOUT_FILENO) == 1) {
        cli_complain("--format %s writes bytes, and this is a terminal: send them to a file",
                     format.name);
        return false;
    }
    return true;
}
