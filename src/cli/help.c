/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <string.h>

enum { OPTION_COLUMN = 26, LINE_WIDTH = 92 };

/* Words behind indent, broken at the line's width; the first line starts at column at. */
static void print_wrapped(FILE *out, const char *text, int indent, int at)
{
    bool blank = false; /* one is due before the next word */
    while (*text != '\0') {
        int n_bytes = (int)strcspn(text, " \n");
        if (at > indent && at + blank + n_bytes > LINE_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
            blank = false;
        }
        fprintf(out, "%s%.*s", blank ? " " : "", n_bytes, text);
        at += blank + n_bytes;
        text += n_bytes;
        blank = *text == ' ';
        if (*text == '\n') {
            fprintf(out, "\n%*s", text[1] == '\n' || text[1] == '\0' ? 0 : indent, "");
            at = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const cli_option *option)
{
    char head[64];
    char letter[8] = "    ";
    if (option->letter != 0) {
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    }
    int n = snprintf(head, sizeof head, "  %s--%s%s%s", letter, option->name,
                     option->argument != NULL ? " " : "",
                     option->argument != NULL ? option->argument : "");
    RS_ASSERT(n > 0 && (size_t)n < sizeof head); /* an option's name is not cut */
    fputs(head, out);
    if (n >= OPTION_COLUMN) {
        fputc('\n', out);
        n = 0;
    }
    fprintf(out, "%*s", OPTION_COLUMN - n, "");
    print_wrapped(out, option->help, OPTION_COLUMN, OPTION_COLUMN);
    if (option->choices != NULL) {
        rs_buf choices = {0};
        cli_add_choices(option, &choices);
        fprintf(out, "%*sOne of: %s.\n", OPTION_COLUMN, "", rs_buf_text(&choices));
        rs_buf_release(&choices);
    }
    if (option->standard != NULL) {
        fprintf(out, "%*sDefault: %s.\n", OPTION_COLUMN, "", option->standard);
    }
}

void cli_print_help(FILE *out)
{
    fputs("relspec - code property graphs whose edges say why they exist\n\nusage:\n", out);
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        if (!cli_commands[i]->hidden) {
            fprintf(out, "  relspec %-16s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
        }
    }
    fputs("\nrelspec help COMMAND says more. Exit codes: 0 done, 1 a finding, 2 usage, 3 failed,\n"
          "130 interrupted, 143 ended.\n",
          out);
}

void cli_print_command_help(FILE *out, const cli_command *command)
{
    fprintf(out, "usage: relspec %s [options]%s%s\n\n", command->name,
            command->operands[0] != '\0' ? " " : "", command->operands);
    print_wrapped(out, command->text, 0, 0);
    fputs("\noptions:\n", out);
    for (size_t i = 0; i < command->n_options; i++) {
        print_option(out, &command->options[i]);
    }
    for (size_t i = 0; i < cli_n_common_options; i++) {
        print_option(out, &cli_common_options[i]);
    }
    if (command->examples != NULL) {
        fputs("\nexamples:\n", out);
        for (const char *at = command->examples; *at != '\0';) {
            size_t n_bytes = strcspn(at, "\n");
            fprintf(out, "  %.*s\n", (int)n_bytes, at);
            at += n_bytes + (at[n_bytes] == '\n');
        }
    }
}
