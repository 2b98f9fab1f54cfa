/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli/document.h"
#include "cli/explain.h"

enum { EDGES_SHOWN = 10 };

/* --- what is asked --- */

static bool read_number(const char *text, const char *end, uint64_t *number)
{
    char *stop = NULL;
    errno = 0;
    *number = strtoull(text, &stop, 10);
    return text < end && *text >= '0' && *text <= '9' && stop == end && errno == 0;
}

/* FILE:LINE or FILE:LINE:COL; path takes the file's name. A name may have colons of its own. */
static bool read_place(const char *text, bool may_have_column, rs_question *question, rs_buf *path)
{
    const char *end = text + strlen(text);
    const char *colon = strrchr(text, ':');
    const char *before = colon;
    uint64_t number = 0;
    if (colon == NULL || !read_number(colon + 1, end, &number)) {
        return false;
    }
    while (before > text && *--before != ':') {
    }
    if (may_have_column && *before == ':' && before > text &&
        read_number(before + 1, colon, &question->line)) {
        question->has_column = true;
        question->column = number;
        rs_buf_append(path, text, (size_t)(before - text));
    } else {
        question->line = number;
        rs_buf_append(path, text, (size_t)(colon - text));
    }
    question->path = rs_buf_text(path);
    return path->n_bytes > 0 && !path->failed;
}

static bool read_id(const char *text, int64_t *id)
{
    char *end = NULL;
    errno = 0;
    *id = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

/* What the operands name. */
typedef struct operands {
    const char *bundle; /* NULL: that of the current directory */
    const char *id;     /* or NULL */
    const char *const *address;
    size_t n_address; /* 3 or 4; 0: it is none */
} operands;

/* [BUNDLE] EDGE_ID, or [BUNDLE] KIND SRC DST [START_BYTE]; without an edge [BUNDLE]. */
static bool read_operands(const cli_call *call, bool wants_edge, operands *out)
{
    const char *const *given = call->operands;
    size_t n = call->n_operands;
    int64_t id = 0;
    /* Of four, the second is a node's id unless the first is a bundle. */
    bool has_bundle =
        !wants_edge ? n == 1 : n == 2 || n == 5 || (n == 4 && !read_id(given[1], &id));
    size_t n_rest = n - (has_bundle ? 1 : 0);
    const char *const *rest = given + (has_bundle ? 1 : 0);
    *out = (operands){.bundle = has_bundle ? given[0] : NULL};
    if (!wants_edge) {
        return n_rest == 0;
    }
    out->id = n_rest == 1 ? rest[0] : NULL;
    out->address = n_rest >= 3 ? rest : NULL;
    out->n_address = n_rest >= 3 ? n_rest : 0;
    return n_rest == 1 || n_rest == 3 || n_rest == 4;
}

static bool read_address(const operands *from, rs_edge_address *address)
{
    const char *start = from->n_address == 4 ? from->address[3] : NULL;
    address->kind = from->address[0];
    address->has_start_byte = start != NULL;
    return read_id(from->address[1], &address->src) && read_id(from->address[2], &address->dst) &&
           (start == NULL || read_number(start, start + strlen(start), &address->start_byte));
}

static int refuse(const cli_call *call, const char *given, const char *wanted)
{
    cli_complain("%s: %s", given, wanted);
    fprintf(stderr, "  see 'relspec help %s'\n", call->command->name);
    return EXIT_USAGE;
}

/* A question and what its texts lie in. */
typedef struct asked {
    rs_question question;
    rs_edge_address address;
    operands of;
    rs_buf path;
    cli_packs packs;
} asked;

static void release(asked *of)
{
    cli_packs_release(&of->packs);
    rs_buf_release(&of->path);
}

static int read_where(const cli_call *call, asked *out)
{
    const char *at = cli_text(call, "at", NULL);
    const char *line = cli_text(call, "call", NULL);
    if (at != NULL && line != NULL) {
        return refuse(call, "--at and --call", "one of them is enough");
    }
    if (at != NULL && !read_place(at, true, &out->question, &out->path)) {
        return refuse(call, at, "FILE:LINE or FILE:LINE:COLUMN is wanted");
    }
    if (line != NULL && !read_place(line, false, &out->question, &out->path)) {
        return refuse(call, line, "FILE:LINE is wanted");
    }
    out->question.is_call = line != NULL;
    return EXIT_DONE;
}

static int read_edge(const cli_call *call, asked *out)
{
    const operands *of = &out->of;
    if (of->id != NULL && !read_id(of->id, &out->question.edge_id)) {
        return refuse(call, of->id,
                      "the id of an edge is wanted, a whole number; or KIND SRC DST [START_BYTE], "
                      "--at, --call or --kind");
    }
    if (of->address != NULL && !read_address(of, &out->address)) {
        return refuse(call, of->address[0],
                      "KIND SRC DST [START_BYTE] is wanted, all but KIND whole numbers");
    }
    out->question.has_edge = of->id != NULL;
    out->question.address = of->address != NULL ? &out->address : NULL;
    return EXIT_DONE;
}

/* EXIT_DONE, or what to leave with. */
static int read_question(const cli_call *call, asked *out)
{
    rs_question *question = &out->question;
    bool wants_edge = !cli_has(call, "at") && !cli_has(call, "call") && !cli_has(call, "kind");
    if (!read_operands(call, wants_edge, &out->of)) {
        return refuse(
            call, "usage",
            "relspec why [BUNDLE] EDGE_ID | KIND SRC DST [START_BYTE], or --at, --call or "
            "--kind");
    }
    int code = read_where(call, out);
    code = code == EXIT_DONE ? read_edge(call, out) : code;
    question->kind = cli_text(call, "kind", NULL);
    question->max_edges = (size_t)cli_number(call, "limit", EDGES_SHOWN);
    question->source_directory = cli_text(call, "source", NULL);
    rs_error err = {0};
    if (code == EXIT_DONE && cli_packs_find(call, &out->packs, &err) != RS_OK) {
        code = cli_fail(&err);
    }
    question->rules_directory = out->packs.rules;
    return code;
}

static const char *bundle_of(const asked *of)
{
    return of->of.bundle != NULL ? of->of.bundle : ".";
}

/* --- the answer --- */

static void print_others(const json_t *document, size_t n_shown)
{
    json_t *others = json_object_get(document, "others");
    const char *kind = NULL;
    json_t *number = NULL;
    const char *before = ": ";
    if (json_object_size(others) == 0) {
        return;
    }
    fprintf(stderr, "%zu of %lld edges", n_shown,
            (long long)json_integer_value(json_object_get(document, "n_edges")));
    json_object_foreach(others, kind, number)
    {
        fprintf(stderr, "%s%lld more %s", before, (long long)json_integer_value(number), kind);
        before = ", ";
    }
    fprintf(stderr, "; --kind and --limit choose\n");
}

static void print_source_problems(const json_t *document)
{
    json_t *problems = json_object_get(document, "source_problems");
    const char *path = NULL;
    json_t *problem = NULL;
    json_object_foreach(problems, path, problem)
    {
        fprintf(stderr, "%s: no source text: %s; --source DIR says where it is\n", path,
                json_string_value(problem));
    }
}

static int print_answer(const cli_call *call, json_t *document)
{
    const json_t *edges = json_object_get(document, "edges");
    const char *problem = cli_member(document, "problem");
    int code = problem[0] == '\0' ? EXIT_DONE : EXIT_FINDING;
    if (cli_has(call, "json")) {
        int printed = cli_print_json(document);
        return printed != EXIT_DONE ? printed : code;
    }
    for (size_t i = 0; i < json_array_size(edges); i++) {
        if (i > 0) {
            putchar('\n');
        }
        cli_print_edge(json_array_get(edges, i));
    }
    fflush(stdout);
    print_others(document, json_array_size(edges));
    print_source_problems(document);
    if (problem[0] != '\0') {
        cli_complain("%s", problem);
    }
    return code;
}

static int why(const cli_call *call)
{
    rs_error err = {0};
    asked of = {0};
    rs_bundle *bundle = NULL;
    json_t *document = NULL;
    int code = read_question(call, &of);
    if (code == EXIT_DONE && (rs_bundle_open(bundle_of(&of), &bundle, &err) != RS_OK ||
                              (document = cli_why_document(bundle, &of.question, &err)) == NULL)) {
        code = cli_fail(&err);
    }
    if (document != NULL) {
        code = print_answer(call, document);
    }
    json_decref(document);
    rs_bundle_free(bundle);
    release(&of);
    return code;
}

/* --- what is not there --- */

static int print_why_not(const cli_call *call, json_t *document)
{
    const json_t *things = json_object_get(document, "things");
    const json_t *targets = json_object_get(document, "targets");
    const char *to = cli_text(call, "to", "");
    const char *problem = cli_member(document, "problem");
    int code = problem[0] == '\0' ? EXIT_DONE : EXIT_FINDING;
    if (cli_has(call, "json")) {
        int printed = cli_print_json(document);
        return printed != EXIT_DONE ? printed : code;
    }
    for (size_t i = 0; i < json_array_size(things); i++) {
        cli_print_subject(json_array_get(things, i));
    }
    for (size_t i = 0; i < json_array_size(targets); i++) {
        cli_print_target(json_array_get(targets, i));
    }
    if (to[0] != '\0' && json_array_size(targets) == 0) {
        printf("no function or class of the repository is called %s\n", to);
    }
    fflush(stdout);
    print_source_problems(document);
    if (problem[0] != '\0') {
        cli_complain("%s", problem);
    }
    return code;
}

static int why_not(const cli_call *call)
{
    rs_error err = {0};
    asked of = {0};
    rs_bundle *bundle = NULL;
    json_t *document = NULL;
    int code = EXIT_DONE;
    if (!cli_has(call, "at") && !cli_has(call, "call")) {
        code = refuse(call, "usage", "relspec why-not [BUNDLE] --call FILE:LINE or --at FILE:LINE");
    } else {
        code = read_question(call, &of);
    }
    of.question.to = cli_text(call, "to", NULL);
    if (code == EXIT_DONE &&
        (rs_bundle_open(bundle_of(&of), &bundle, &err) != RS_OK ||
         (document = cli_why_not_document(bundle, &of.question, &err)) == NULL)) {
        code = cli_fail(&err);
    }
    if (document != NULL) {
        code = print_why_not(call, document);
    }
    json_decref(document);
    rs_bundle_free(bundle);
    release(&of);
    return code;
}

/* --- commands --- */

static const cli_option options[] = {
    {"at", 0, CLI_TEXT, "FILE:LINE[:COL]", NULL, NULL,
     "The edges whose place is on that line; with a column (bytes from 0), of each kind those with "
     "the smallest place around it.",
     "0.1"},
    {"call", 0, CLI_TEXT, "FILE:LINE", NULL, NULL, "What the calls on that line call.", "0.1"},
    {"kind", 0, CLI_TEXT, "KIND", NULL, NULL,
     "Edges of KIND alone (`relspec schema kinds`); by itself, the first of them.", "0.1"},
    {"limit", 0, CLI_COUNT, "N", NULL, "10",
     "Explain N edges at most and count the others; 0 for all.", "0.1"},
    {"source", 0, CLI_TEXT, "DIR", NULL, "where it was when the bundle was built",
     "The analysed directory.", "0.1"},
    {"rules", 0, CLI_TEXT, "DIR", NULL, NULL,
     "The rule packs that the bundle was built with, beside the built-in ones.", "0.1"},
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_why = {
    .name = "why",
    .operands = "[BUNDLE] [EDGE_ID | KIND SRC DST [START_BYTE]]",
    .max_operands = 5,
    .summary = "explain why an edge is there",
    .text =
        "Explains edges of a bundle (default: that of the current directory): the rule that "
        "emitted "
        "each and the rule that found it, the rows of evidence below them with their source lines, "
        "how the confidence came about, the candidates that lost and by what, where the rules "
        "stand "
        "and what they cost.\n\n"
        "Each rule is run once more on the bundle's own evidence, as far as the edge needs it. "
        "Source "
        "text is shown when the file is still the one that was analysed; otherwise places are.\n\n"
        "An edge is addressed by KIND, SRC, DST and START_BYTE, as `edges` has them (START_BYTE is "
        "left "
        "out where it is null), or by its edge_id. FILE is a path as `repo_files` has it, or the "
        "end of "
        "one. The exit code is 1 when there "
        "is "
        "no such edge.",
    .examples = "relspec why --call src/app.py:12\n"
                "relspec why out --at src/app.py:12:8 --kind REF\n"
                "relspec why out --kind CALL --limit 1\n"
                "relspec why out CALLEE 2417276134065438731 2417276134065438732 120\n"
                "relspec why out 4013573638549651381",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = why,
};

static const cli_option not_options[] = {
    {"call", 0, CLI_TEXT, "FILE:LINE", NULL, NULL, "The calls on that line.", "0.1"},
    {"at", 0, CLI_TEXT, "FILE:LINE[:COL]", NULL, NULL,
     "The names on that line, or at that column (bytes from 0).", "0.1"},
    {"to", 0, CLI_TEXT, "NAME", NULL, NULL,
     "What an edge should lead to: edges to anything else do not count, and definitions of that "
     "name "
     "say what they lack.",
     "0.1"},
    {"kind", 0, CLI_TEXT, "KIND", NULL, NULL, "Only edges of KIND.", "0.1"},
    {"source", 0, CLI_TEXT, "DIR", NULL, "where it was when the bundle was built",
     "The analysed directory.", "0.1"},
    {"rules", 0, CLI_TEXT, "DIR", NULL, NULL,
     "The rule packs that the bundle was built with, beside the built-in ones.", "0.1"},
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_why_not = {
    .name = "why-not",
    .operands = "[BUNDLE]",
    .max_operands = 1,
    .summary = "explain why an edge is not there",
    .text =
        "Takes the calls on a line, or the names at a place, and says for each rule that could "
        "give "
        "them an edge and gave none where it came to nothing: the rows that it had, the condition "
        "that they break, the partner that is missing, the row that stands against them; and of "
        "what a relationship lacks the same, down to evidence that is not there.",
    .examples = "relspec why-not --call src/app.py:12\n"
                "relspec why-not out --call src/app.py:12 --to helper --kind CALL\n"
                "relspec why-not out --at src/app.py:12:8",
    .options = not_options,
    .n_options = sizeof not_options / sizeof not_options[0],
    .run = why_not,
};
