/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

enum { MAX_DISTANCE = 3, MAX_WORD_BYTES = 32 };

const cli_option cli_common_options[] = {
    {"memory", 0, CLI_SIZE, "SIZE", NULL, "four fifths of what the machine, or the container, has",
     "Memory that relspec may use, the SQL engine's included.", "0.1"},
    {"help", 'h', CLI_FLAG, NULL, NULL, NULL, "Say how the command is used.", "0.1"},
};
const size_t cli_n_common_options = sizeof cli_common_options / sizeof cli_common_options[0];

/* --- the nearest word --- */

void cli_nearest_try(cli_nearest *nearest, const char *word)
{
    size_t distance = rs_str_distance(rs_str_of(nearest->text), rs_str_of(word));
    size_t n_text = strlen(nearest->text);
    bool is_start = n_text >= 2 && strncmp(word, nearest->text, n_text) == 0;
    distance = is_start ? 1 : distance;
    if (distance <= MAX_DISTANCE && distance < strlen(word) &&
        (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = word;
        nearest->distance = distance;
    }
}

/* --- commands --- */

const cli_command *cli_find(int argc, char **argv, size_t *n_words)
{
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name;
        const char *blank = strchr(name, ' ');
        size_t n_first = blank == NULL ? strlen(name) : (size_t)(blank - name);
        if (argc < 1 || strlen(argv[0]) != n_first || strncmp(argv[0], name, n_first) != 0) {
            continue;
        }
        if (blank == NULL || (argc > 1 && strcmp(argv[1], blank + 1) == 0)) {
            *n_words = blank == NULL ? 1 : 2;
            return cli_commands[i];
        }
    }
    return NULL;
}

static int refuse_command(int argc, char **argv)
{
    cli_nearest nearest = {.text = argv[0]};
    bool is_group = false;
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name;
        size_t n_bytes = strlen(argv[0]);
        if (strncmp(name, argv[0], n_bytes) == 0 && name[n_bytes] == ' ') {
            is_group = true;
        } else if (!cli_commands[i]->hidden) {
            cli_nearest_try(&nearest, name);
        }
    }
    if (is_group) {
        if (argc > 1) {
            cli_complain("there is no command '%s %s'", argv[0], argv[1]);
        } else {
            cli_complain("'%s' needs a further word", argv[0]);
        }
        for (size_t i = 0; cli_commands[i] != NULL; i++) {
            if (strncmp(cli_commands[i]->name, argv[0], strlen(argv[0])) == 0) {
                fprintf(stderr, "  relspec %-14s %s\n", cli_commands[i]->name,
                        cli_commands[i]->summary);
            }
        }
        return EXIT_USAGE;
    }
    cli_complain("there is no command '%s'", argv[0]);
    if (nearest.best != NULL) {
        fprintf(stderr, "  did you mean 'relspec %s'?\n", nearest.best);
    }
    fprintf(stderr, "  see 'relspec help'\n");
    return EXIT_USAGE;
}

/* --- options --- */

typedef struct parser {
    const cli_command *command;
    cli_value *values;
    size_t n_values;
    const char **operands;
    size_t n_operands;
} parser;

static const cli_option *option_at(const cli_command *command, size_t index)
{
    RS_ASSERT(index < command->n_options + cli_n_common_options);
    return index < command->n_options ? &command->options[index]
                                      : &cli_common_options[index - command->n_options];
}

static const cli_option *find_option(const cli_command *command, const char *name, size_t n_bytes,
                                     char letter)
{
    for (size_t i = 0; i < command->n_options + cli_n_common_options; i++) {
        const cli_option *option = option_at(command, i);
        if (letter != 0
                ? option->letter == letter
                : strlen(option->name) == n_bytes && strncmp(option->name, name, n_bytes) == 0) {
            return option;
        }
    }
    return NULL;
}

static bool refuse_option(const cli_command *command, const char *given)
{
    char word[MAX_WORD_BYTES + 1] = "";
    const char *name = given + strspn(given, "-");
    size_t n_bytes = strcspn(name, "=");
    if (n_bytes <= MAX_WORD_BYTES) {
        memcpy(word, name, n_bytes);
        word[n_bytes] = '\0';
    }
    cli_nearest nearest = {.text = word};
    for (size_t i = 0; i < command->n_options + cli_n_common_options; i++) {
        cli_nearest_try(&nearest, option_at(command, i)->name);
    }
    cli_complain("'relspec %s' has no option '%s'", command->name, given);
    if (nearest.best != NULL) {
        fprintf(stderr, "  did you mean '--%s'?\n", nearest.best);
    }
    fprintf(stderr, "  see 'relspec help %s'\n", command->name);
    return false;
}

static bool refuse_value(const cli_option *option, const char *text, const char *wanted)
{
    cli_complain("--%s %s: %s", option->name, text, wanted);
    return false;
}

/* A factor of 1024 for each step of K, M, G, T; "B" and "iB" may follow. */
static bool read_unit(const char *unit, uint64_t *factor)
{
    static const char steps[] = "KMGT";
    *factor = 1;
    if (*unit == '\0') {
        return true;
    }
    const char *step = strchr(steps, *unit >= 'a' && *unit <= 'z' ? *unit - 'a' + 'A' : *unit);
    if (step != NULL) {
        *factor = (uint64_t)1 << (10 * (unsigned)(step - steps + 1));
        unit++;
    }
    return *unit == '\0' || strcmp(unit, "B") == 0 || strcmp(unit, "iB") == 0;
}

static bool read_number(const cli_option *option, const char *text, uint64_t *number)
{
    char *end = NULL;
    uint64_t factor = 1;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || errno != 0) {
        return refuse_value(option, text, "a number is wanted");
    }
    if (option->kind == CLI_SIZE ? !read_unit(end, &factor) : *end != '\0') {
        return refuse_value(option, text,
                            option->kind == CLI_SIZE ? "a size is wanted, as 4096, 64K or 1GB"
                                                     : "a whole number is wanted");
    }
    RS_ASSERT(factor > 0);
    if (value > UINT64_MAX / factor) {
        return refuse_value(option, text, "too large");
    }
    *number = value * factor;
    return true;
}

void cli_add_choices(const cli_option *option, rs_buf *out)
{
    RS_ASSERT(option->choices != NULL);
    bool is_graph = strcmp(option->choices, CLI_GRAPH_FORMATS) == 0;
    rs_format format;
    if (!is_graph && strcmp(option->choices, CLI_ROW_FORMATS) != 0) {
        rs_buf_add(out, option->choices);
        return;
    }
    for (size_t i = 0; rs_format_get(i, &format); i++) {
        if (format.wants_graph == is_graph) {
            rs_buf_addf(out, "%s%s", out->n_bytes > 0 ? " " : "", format.name);
        }
    }
}

static bool is_among(const char *words, const char *text)
{
    size_t n_bytes = strlen(text);
    while (*words != '\0') {
        size_t n_word = strcspn(words, " ");
        if (n_word == n_bytes && strncmp(words, text, n_bytes) == 0) {
            return true;
        }
        words += n_word + strspn(words + n_word, " ");
    }
    return false;
}

static bool read_choice(const cli_option *option, const char *text)
{
    rs_buf choices = {0};
    cli_add_choices(option, &choices);
    RS_ASSERT(choices.failed || choices.n_bytes > 0);
    bool is_one = is_among(rs_buf_text(&choices), text);
    if (!is_one) {
        cli_complain("--%s %s: one of these is wanted: %s", option->name, text,
                     rs_buf_text(&choices));
    }
    rs_buf_release(&choices);
    return is_one;
}

static bool add_value(parser *self, const cli_option *option, const char *text)
{
    cli_value value = {.option = option, .text = text};
    RS_ASSERT((text == NULL) == (option->kind == CLI_FLAG));
    switch (option->kind) {
    case CLI_COUNT:
    case CLI_SIZE:
        if (!read_number(option, text, &value.number)) {
            return false;
        }
        break;
    case CLI_CHOICE:
        if (!read_choice(option, text)) {
            return false;
        }
        break;
    case CLI_FLAG:
    case CLI_TEXT:
    case CLI_LIST:
        break;
    }
    self->values[self->n_values++] = value;
    return true;
}

static bool need_value(const cli_option *option)
{
    cli_complain("--%s needs a value: --%s %s", option->name, option->name, option->argument);
    return false;
}

/* "--name", "--name=value" or "--name value"; *at is left at the last argument used. */
static bool parse_long(parser *self, int argc, char **argv, int *at)
{
    RS_ASSERT(strncmp(argv[*at], "--", 2) == 0);
    const char *name = argv[*at] + 2;
    size_t n_bytes = strcspn(name, "=");
    const cli_option *option = find_option(self->command, name, n_bytes, 0);
    if (option == NULL) {
        return refuse_option(self->command, argv[*at]);
    }
    bool has_value = name[n_bytes] == '=';
    if (option->kind == CLI_FLAG) {
        return has_value ? refuse_value(option, name + n_bytes + 1, "takes no value")
                         : add_value(self, option, NULL);
    }
    if (has_value) {
        return add_value(self, option, name + n_bytes + 1);
    }
    return *at + 1 < argc ? add_value(self, option, argv[++*at]) : need_value(option);
}

/* "-q", "-o value", "-ovalue" and several flags in one. */
static bool parse_short(parser *self, int argc, char **argv, int *at)
{
    RS_ASSERT(argv[*at][0] == '-' && argv[*at][1] != '-');
    for (const char *letter = argv[*at] + 1; *letter != '\0'; letter++) {
        const cli_option *option = find_option(self->command, NULL, 0, *letter);
        if (option == NULL) {
            return refuse_option(self->command, argv[*at]);
        }
        if (option->kind != CLI_FLAG) {
            if (letter[1] != '\0') {
                return add_value(self, option, letter + 1);
            }
            return *at + 1 < argc ? add_value(self, option, argv[++*at]) : need_value(option);
        }
        if (!add_value(self, option, NULL)) {
            return false;
        }
    }
    return true;
}

static bool parse_arguments(parser *self, int argc, char **argv)
{
    bool only_operands = false;
    for (int i = 0; i < argc; i++) {
        bool is_number = argv[i][0] == '-' && argv[i][1] >= '0' && argv[i][1] <= '9';
        if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0' || is_number) {
            self->operands[self->n_operands++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!(argv[i][1] == '-' ? parse_long(self, argc, argv, &i)
                                       : parse_short(self, argc, argv, &i))) {
            return false;
        }
    }
    return true;
}

static int run_call(const parser *self, const char *program)
{
    const cli_command *command = self->command;
    const cli_call call = {.command = command,
                           .values = self->values,
                           .n_values = self->n_values,
                           .operands = self->operands,
                           .n_operands = self->n_operands,
                           .program = program};
    if (cli_has(&call, "help")) {
        cli_print_command_help(stdout, command);
        return EXIT_DONE;
    }
    RS_ASSERT(command->min_operands <= command->max_operands);
    if (self->n_operands < command->min_operands || self->n_operands > command->max_operands) {
        cli_complain("usage: relspec %s [options] %s", command->name, command->operands);
        fprintf(stderr, "  see 'relspec help %s'\n", command->name);
        return EXIT_USAGE;
    }
    cli_limit_memory(cli_number(&call, "memory", 0));
    if (cli_has(&call, "json")) {
        cli_dress_output(CLI_JSON);
    }
    return command->run(&call);
}

/* No more options than letters: -abc is three. */
static size_t max_values(int argc, char **argv)
{
    size_t n_values = 1;
    for (int i = 0; i < argc; i++) {
        n_values += 1 + strlen(argv[i]);
    }
    return n_values;
}

int cli_main(int argc, char **argv)
{
    size_t n_words = 0;
    if (argc < 2) {
        cli_print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        cli_print_help(stdout);
        return EXIT_DONE;
    }
    static char version[] = "version";
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        argv[1] = version;
    }
    parser self = {.command = cli_find(argc - 1, argv + 1, &n_words)};
    if (self.command == NULL) {
        return refuse_command(argc - 1, argv + 1);
    }
    self.values = rs_alloc_zero(max_values(argc, argv), sizeof *self.values);
    self.operands = rs_alloc_zero((size_t)argc, sizeof *self.operands);
    int first = 1 + (int)n_words;
    int code = EXIT_USAGE;
    if (self.values == NULL || self.operands == NULL) {
        cli_complain("out of memory");
        code = EXIT_FAILED;
    } else if (parse_arguments(&self, argc - first, argv + first)) {
        code = run_call(&self, argv[0]);
    }
    rs_free(self.operands);
    rs_free(self.values);
    return code;
}

/* --- a call's options --- */

static const cli_value *last_value(const cli_call *call, const char *name)
{
    for (size_t i = call->n_values; i-- > 0;) {
        if (strcmp(call->values[i].option->name, name) == 0) {
            return &call->values[i];
        }
    }
    return NULL;
}

bool cli_has(const cli_call *call, const char *name)
{
    return last_value(call, name) != NULL;
}

const char *cli_text(const cli_call *call, const char *name, const char *fallback)
{
    const cli_value *value = last_value(call, name);
    RS_ASSERT(value == NULL || value->option->kind != CLI_FLAG);
    return value != NULL ? value->text : fallback;
}

uint64_t cli_number(const cli_call *call, const char *name, uint64_t fallback)
{
    const cli_value *value = last_value(call, name);
    RS_ASSERT(value == NULL || value->option->kind == CLI_COUNT || value->option->kind == CLI_SIZE);
    return value != NULL ? value->number : fallback;
}
