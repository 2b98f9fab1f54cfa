/* SPDX-License-Identifier: Apache-2.0 */
/* cli.h - what commands are made of: tables of options, parsed calls, output.
 *
 * A command is one file with one const table; parsing, help, man pages, completions and
 * docs/reference/cli.md all come from these tables. stdout carries the product, stderr all else.
 */
#ifndef RS_CLI_CLI_H
#define RS_CLI_CLI_H

#include "base/error.h"

#include <relspec/relspec.h>
#include <stdio.h>

#include "base/str.h"

/* EXIT_SIGNAL and the signal's number: 130 interrupted, 143 ended. */
enum { EXIT_DONE = 0, EXIT_FINDING = 1, EXIT_USAGE = 2, EXIT_FAILED = 3, EXIT_SIGNAL = 128 };

typedef enum cli_kind {
    CLI_FLAG,
    CLI_TEXT,
    CLI_COUNT,  /* a whole number */
    CLI_SIZE,   /* bytes: 4096, 64K, 800MB, 1GiB; K, M, G are powers of 1024 */
    CLI_CHOICE, /* one of choices */
    CLI_LIST    /* text, may be given several times */
} cli_kind;

typedef struct cli_option {
    const char *name; /* without the dashes */
    char letter;      /* 0 for none */
    cli_kind kind;
    const char *argument; /* how help calls its value; NULL for a flag */
    /* Separated by spaces, for CLI_CHOICE; or one of the sets of words that the library has. */
    const char *choices;
    const char *standard; /* default, in words; NULL for none */
    const char *help;
    const char *since;
} cli_option;

/* In place of choices: the library's formats of rows, and of graphs. */
#define CLI_ROW_FORMATS "<row formats>"
#define CLI_GRAPH_FORMATS "<graph formats>"

/* Append an option's choices, separated by spaces. */
void cli_add_choices(const cli_option *option, rs_buf *out);

/* One option of a call, in the order given. */
typedef struct cli_value {
    const cli_option *option;
    const char *text; /* NULL for a flag */
    uint64_t number;  /* CLI_COUNT, CLI_SIZE */
} cli_value;

typedef struct cli_command cli_command;

typedef struct cli_call {
    const cli_command *command;
    const cli_value *values;
    size_t n_values;
    const char *const *operands;
    size_t n_operands;
    const char *program;
} cli_call;

struct cli_command {
    const char *name;     /* "build", "rules list" */
    const char *operands; /* "[PATH]" */
    size_t min_operands;
    size_t max_operands;
    const char *summary;  /* one line */
    const char *text;     /* paragraphs for help and the man page */
    const char *examples; /* lines of shell */
    const cli_option *options;
    size_t n_options;
    bool hidden;
    int (*run)(const cli_call *call);
};

/* In the order of help; ended by NULL. */
extern const cli_command *const cli_commands[];

/* What every command takes. */
extern const cli_option cli_common_options[];
extern const size_t cli_n_common_options;

/* --- a call's options --- */

bool cli_has(const cli_call *call, const char *name);
/* The last one given, or fallback. */
const char *cli_text(const cli_call *call, const char *name, const char *fallback);
uint64_t cli_number(const cli_call *call, const char *name, uint64_t fallback);

/* --- the process --- */

/* Signals and what nobody catches: an error of the write, or one line and EXIT_FAILED. */
void cli_guard_process(void);

/* For the whole program; 0: what the machine gives. */
void cli_limit_memory(uint64_t n_bytes);

/* Parse argv into a call and run it; all messages of usage. Gives the exit code. */
int cli_main(int argc, char **argv);

/* The command of these words (one or two), NULL for none; *n_words is how many it takes. */
const cli_command *cli_find(int argc, char **argv, size_t *n_words);

/* Among the words, the nearest to text in spelling; NULL when none is near. */
typedef struct cli_nearest {
    const char *text;
    const char *best;
    size_t distance;
} cli_nearest;
void cli_nearest_try(cli_nearest *nearest, const char *word);

void cli_print_help(FILE *out);
void cli_print_command_help(FILE *out, const cli_command *command);

/* --- output --- */

/* Our own codes for terminals: see terminal.c. */
#define CLI_STRONG "\xff[1m"
#define CLI_FAINT "\xff[2m"
#define CLI_GOOD "\xff[1;32m"
#define CLI_BAD "\xff[1;31m"
#define CLI_PLAIN "\xff[0m"
#define CLI_CLEAR_LINE "\xff[K"

/* How standard output treats what a terminal would obey. */
typedef enum cli_dress {
    CLI_SHOWN, /* it is shown as \x1b or \u202e */
    CLI_JSON,  /* as \u001b: what is printed is JSON */
    CLI_RAW    /* bytes for another program go as they are, unless to a terminal */
} cli_dress;

/* From here on both streams go through one function. Once, before anything is printed. */
void cli_guard_terminal(void);
void cli_dress_output(cli_dress dress);

/* The descriptor of stdout or stderr. */
int cli_fd_of(const FILE *stream);

/* True when colour may be used on the stream. */
bool cli_has_colour(FILE *stream);

/* Columns of the terminal that the stream writes to, or as COLUMNS says; 0 where it is none. */
unsigned cli_n_columns(FILE *stream);

/* "relspec: message" on stderr. */
void cli_complain(const char *format, ...) RS_PRINTF(1, 2);

/* Say what failed and give the exit code that goes with it. */
int cli_fail(const rs_error *err);

/* The signal that asked to stop (source.h); 0: none did. */
int cli_signal(void);

/* Print a path as a shell takes it for one word, and no command for an option. */
void cli_print_word(FILE *out, const char *path);

/* 1234567 as "1,234,567". */
const char *cli_grouped(uint64_t number, char out[32]);
/* Bytes as "12.3 MB". */
const char *cli_bytes(double n_bytes, char out[32]);

/* Takes output for standard output (rs_write_fn). A reader that went away, as head does when it has
 * enough, gives RS_ERR_CANCELLED; then cli_reader_left() is true, and that is no failure. */
rs_status cli_write_stdout(const char *bytes, size_t n_bytes, void *context);
bool cli_reader_left(void);
/* Why cli_write_stdout() could not write; 0: it could. */
int cli_output_errno(void);

/* Whether a format can go where the call's --output says; complains when not. */
bool cli_can_write(const cli_call *call, rs_format format);

#endif
