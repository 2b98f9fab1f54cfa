/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "cli/document.h"

enum { MAX_SHOWN = 20, MAX_SAMPLES = 5 };

static int64_t number(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static void print_heading(const char *heading)
{
    bool colour = cli_has_colour(stdout);
    printf("%s%s%s\n", colour ? CLI_STRONG : "", heading, colour ? CLI_PLAIN : "");
}

static void print_more(size_t n_rows, size_t n_shown)
{
    if (n_rows > n_shown) {
        printf("  ... and %zu more (--json has all)\n", n_rows - n_shown);
    }
}

/* --- files, rules --- */

static void print_files(const json_t *files)
{
    size_t n_rows = json_array_size(files);
    if (n_rows > 0) {
        print_heading("files");
    }
    for (size_t i = 0; i < n_rows && i < MAX_SHOWN; i++) {
        const json_t *row = json_array_get(files, i);
        printf("  %-8s ", cli_member(row, "change"));
        cli_print_name(stdout, cli_member(row, "path"));
        putchar('\n');
    }
    print_more(n_rows, MAX_SHOWN);
}

/* Policy, rules, signatures, options, schemas: what the gate would say; rows have their own table. */
static void print_findings(const json_t *findings)
{
    size_t n_rows = 0;
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *row = json_array_get(findings, i);
        const char *check = cli_member(row, "check");
        if (strcmp(check, "datasets") == 0 || strcmp(check, "counts") == 0) {
            continue;
        }
        if (n_rows++ == 0) {
            print_heading("rules and options");
        }
        if (n_rows <= MAX_SHOWN) {
            printf("  %s\n", cli_member(row, "message"));
        }
    }
    print_more(n_rows, MAX_SHOWN);
}

static void print_first(const json_t *first)
{
    const json_t *rules = json_object_get(first, "rules");
    if (!json_is_object(first)) {
        return;
    }
    print_heading("first dataset that differs");
    printf("  %s", cli_member(first, "dataset"));
    for (size_t i = 0; i < json_array_size(rules) && i < MAX_SAMPLES; i++) {
        printf("%s%s", i == 0 ? ", by the rules " : ", ",
               json_string_value(json_array_get(rules, i)));
    }
    printf("%s\n", json_array_size(rules) > MAX_SAMPLES ? ", ..." : "");
}

/* --- definitions --- */

static void print_place(const json_t *row, const char *path, const char *line)
{
    cli_print_name(stdout, cli_member(row, path));
    printf(":%" PRId64, number(row, line));
}

static void print_definition(const json_t *row)
{
    const char *before = cli_member(row, "before");
    const char *after = cli_member(row, "after");
    bool has_before = before[0] != '\0';
    bool has_after = after[0] != '\0';
    printf("  %-8s %-9s ", cli_member(row, "change"), cli_member(row, "kind"));
    cli_print_name(stdout, has_before ? before : after);
    if (has_before && has_after && strcmp(before, after) != 0) {
        fputs(" -> ", stdout);
        cli_print_name(stdout, after);
    }
    printf("  ");
    if (has_before) {
        print_place(row, "before_path", "before_line");
    }
    printf("%s", has_before && has_after ? " -> " : "");
    if (has_after) {
        print_place(row, "after_path", "after_line");
    }
    printf("\n");
}

static void print_definitions(const json_t *definitions)
{
    static const char *const changes[] = {"added", "removed", "renamed", "moved", "changed"};
    size_t n_rows = json_array_size(definitions);
    size_t counts[5] = {0};
    size_t n_shown = 0;
    size_t n_inner = 0;
    if (n_rows == 0) {
        return;
    }
    print_heading("definitions");
    for (size_t i = 0; i < n_rows; i++) {
        const json_t *row = json_array_get(definitions, i);
        for (size_t c = 0; c < 5; c++) {
            counts[c] += strcmp(cli_member(row, "change"), changes[c]) == 0;
        }
        if (json_is_true(json_object_get(row, "is_inner"))) {
            n_inner++;
        } else if (n_shown++ < MAX_SHOWN) {
            print_definition(row);
        }
    }
    print_more(n_shown, MAX_SHOWN);
    printf(" ");
    for (size_t c = 0; c < 5; c++) {
        printf(" %zu %s%s", counts[c], changes[c], c < 4 ? "," : "");
    }
    printf("; %zu stand in one that was added or removed\n", n_inner);
}

/* --- edges --- */

/* Rows are sorted by kind and change: a heading and some samples for each. */
static void print_edges(const json_t *edges)
{
    const char *kind = "";
    const char *change = "";
    size_t n_of = 0;
    if (json_array_size(edges) > 0) {
        print_heading("edges of definitions and names");
    }
    for (size_t i = 0; i < json_array_size(edges); i++) {
        const json_t *row = json_array_get(edges, i);
        if (strcmp(kind, cli_member(row, "kind")) != 0 ||
            strcmp(change, cli_member(row, "change")) != 0) {
            kind = cli_member(row, "kind");
            change = cli_member(row, "change");
            n_of = 0;
            printf("  %s %s\n", kind, change);
        }
        n_of++;
        if (n_of <= MAX_SAMPLES) {
            fputs("    ", stdout);
            cli_print_name(stdout, cli_member(row, "src"));
            fputs(" -> ", stdout);
            cli_print_name(stdout, cli_member(row, "dst"));
            printf(number(row, "n") > 1 ? " (%" PRId64 " times)\n" : "\n", number(row, "n"));
        } else if (n_of == MAX_SAMPLES + 1) {
            printf("    ...\n");
        }
    }
}

/* --- numbers --- */

static void print_kinds(const char *heading, const json_t *kinds)
{
    if (json_array_size(kinds) > 0) {
        print_heading(heading);
    }
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        const json_t *row = json_array_get(kinds, i);
        printf("  %-26s %9" PRId64 " %9" PRId64 " %+9" PRId64 "\n", cli_member(row, "kind"),
               number(row, "before"), number(row, "after"),
               number(row, "after") - number(row, "before"));
    }
}

static void print_times(const json_t *stages)
{
    const json_t *before = json_object_get(stages, "before");
    const json_t *after = json_object_get(stages, "after");
    print_heading("milliseconds");
    for (size_t i = 0; i < json_array_size(after); i++) {
        const json_t *row = json_array_get(after, i);
        const json_t *old = json_array_get(before, i);
        if (strcmp(cli_member(row, "name"), cli_member(old, "name")) == 0) {
            printf("  %-26s %9.1f %9.1f\n", cli_member(row, "name"),
                   (double)number(old, "elapsed_ns") / 1e6,
                   (double)number(row, "elapsed_ns") / 1e6);
        }
    }
}

static int print_document(const json_t *document)
{
    if (json_is_true(json_object_get(document, "equal"))) {
        printf("nothing differs\n");
        return EXIT_DONE;
    }
    if (json_is_true(json_object_get(document, "only_line_ends"))) {
        printf("nothing differs but line ends\n");
        print_files(json_object_get(document, "files"));
        return EXIT_DONE;
    }
    print_files(json_object_get(document, "files"));
    print_findings(json_object_get(document, "findings"));
    print_first(json_object_get(document, "first_dataset"));
    print_definitions(json_object_get(document, "definitions"));
    print_edges(json_object_get(document, "edges"));
    print_kinds("nodes", json_object_get(document, "node_kinds"));
    print_kinds("edges", json_object_get(document, "edge_kinds"));
    print_times(json_object_get(document, "stages"));
    return EXIT_FINDING;
}

static int diff(const cli_call *call)
{
    rs_error err = {0};
    char *text = NULL;
    json_error_t cause;
    if (rs_bundle_diff(call->operands[0], call->operands[1], NULL, &text, &err) != RS_OK) {
        return cli_fail(&err);
    }
    json_t *document = json_loads(text, 0, &cause);
    bool is_same = json_is_true(json_object_get(document, "equal")) ||
                   json_is_true(json_object_get(document, "only_line_ends"));
    int code = is_same ? EXIT_DONE : EXIT_FINDING;
    if (cli_has(call, "json")) {
        fputs(text, stdout);
    } else {
        code = print_document(document);
    }
    json_decref(document);
    rs_text_free(text);
    return code;
}

static const cli_option options[] = {
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print all of it as JSON.", "0.1"},
};

const cli_command cli_diff = {
    .name = "diff",
    .operands = "BUNDLE_A BUNDLE_B",
    .min_operands = 2,
    .max_operands = 2,
    .summary = "say what is different between two bundles",
    .text =
        "Compares two bundles of one tree or of two commits of it: files, policy and rules field "
        "by "
        "field, the first dataset of the pipeline that differs and the rules that make it, "
        "definitions (added, removed, renamed, moved, changed), edges between definitions and "
        "names, numbers by kind, times.\n\n"
        "Definitions are matched by what they are called, not by where they stand: a function that "
        "only slid down its file is no change, one that went elsewhere is one. Other line ends are "
        "told "
        "of a file, and are no change of what stands in it. The exit code is 1 when anything else "
        "differs.",
    .examples = "relspec diff before/run_bundles/latest after/run_bundles/latest\n"
                "relspec diff --json before after",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = diff,
};
