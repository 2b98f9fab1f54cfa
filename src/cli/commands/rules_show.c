/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/document.h"

enum { LABEL_WIDTH = 11 };

/* "label      ", or blanks where a line belongs to the one before. */
static void print_label(const char *label)
{
    printf("%-*s", LABEL_WIDTH, label);
}

/* "(none)" or the words with commas. */
static void print_words(const json_t *words)
{
    size_t n_words = json_array_size(words);
    for (size_t i = 0; i < n_words; i++) {
        printf("%s%s", i == 0 ? "" : ", ", json_string_value(json_array_get(words, i)));
    }
    fputs(n_words == 0 ? "(none)\n" : "\n", stdout);
}

static void print_inputs(const json_t *inputs)
{
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        const json_t *makers = json_object_get(input, "made_by");
        print_label(i == 0 ? "inputs" : "");
        printf("%s: %s", cli_member(input, "alias"), cli_member(input, "dataset"));
        if (json_array_size(makers) > 0) {
            fputs(", made by ", stdout);
            print_words(makers);
        } else {
            printf(", of the lens %s\n", cli_member(input, "lens"));
        }
    }
}

/* The part of the policy under a name, as compact JSON: {"base": 0.4, "penalty": 0.1}. */
static void print_policies(json_t *policies)
{
    const char *section = NULL;
    json_t *named = NULL;
    json_object_foreach(policies, section, named)
    {
        const char *name = NULL;
        json_t *policy = NULL;
        json_object_foreach(named, name, policy)
        {
            print_label(section);
            printf("%s ", name);
            (void)json_dumpf(policy, stdout, JSON_SORT_KEYS | JSON_REAL_PRECISION(4));
            fputc('\n', stdout);
        }
    }
}

static void print_lanes(const json_t *lanes)
{
    for (size_t i = 0; i < json_array_size(lanes); i++) {
        const json_t *row = json_array_get(lanes, i);
        print_label(i == 0 ? "lanes" : "");
        printf("%s: %s%s, %s\n", cli_member(row, "kernel"), cli_member(row, "lane"),
               json_is_true(json_object_get(row, "is_allowed")) ? "" : " (not allowed)",
               cli_member(row, "reason"));
    }
}

static long long number(const json_t *row, const char *key)
{
    return (long long)json_integer_value(json_object_get(row, key));
}

static void print_rule(const json_t *row)
{
    const char *emits = cli_member(row, "emits");
    printf("%s\n  %s\n\n", cli_member(row, "name"), cli_member(row, "doc"));
    print_label("pack");
    printf("%s:%lld\n", cli_member(row, "pack"), number(row, "line"));
    print_label("signature");
    printf("%s\n", cli_member(row, "signature"));
    print_label("kind");
    printf("%s, priority %lld\n", cli_member(row, "kind"), number(row, "priority"));
    print_label("runs");
    printf("once for each %s\n", cli_member(row, "scope"));
    print_inputs(json_object_get(row, "inputs"));
    print_label("output");
    printf("%s%s%s\n", cli_member(row, "output"), emits[0] != '\0' ? " " : "", emits);
    if (strcmp(cli_member(row, "output"), "edges") == 0) {
        print_label("proved");
        print_words(json_object_get(row, "proved_ends"));
    }
    print_label("consumers");
    print_words(json_object_get(row, "consumers"));
    print_policies(json_object_get(row, "policies"));
    print_lanes(json_object_get(row, "lanes"));
    printf("\n# rule\n%s\n# SQL\n%s\n# IR\n", cli_member(row, "written"), cli_member(row, "sql"));
    (void)cli_print_json(json_object_get(row, "ir"));
}

/* The row of a name; NULL, with *nearest, when there is none. */
static const json_t *find(const json_t *rows, const char *name, cli_nearest *nearest)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(cli_member(row, "name"), name) == 0) {
            return row;
        }
        cli_nearest_try(nearest, cli_member(row, "name"));
    }
    return NULL;
}

static int show(const cli_call *call)
{
    int code = EXIT_DONE;
    const char *name = call->operands[0];
    json_t *rules = cli_load_rules(call, &code);
    if (rules == NULL) {
        return code;
    }
    cli_nearest nearest = {.text = name};
    const json_t *row = find(json_object_get(rules, "rules"), name, &nearest);
    if (row == NULL) {
        code = EXIT_USAGE;
        cli_complain("there is no rule '%s'", name);
        if (nearest.best != NULL) {
            fprintf(stderr, "  did you mean '%s'?\n", nearest.best);
        }
    } else if (cli_has(call, "json")) {
        code = cli_print_json(row);
    } else {
        print_rule(row);
    }
    json_decref(rules);
    return code;
}

static const cli_option options[] = {
    CLI_OPTION_RULES,
    CLI_OPTION_POLICY,
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_rules_show = {
    .name = "rules show",
    .operands = "NAME",
    .min_operands = 1,
    .max_operands = 1,
    .summary = "show one rule and all that follows from it",
    .text =
        "Shows a rule as its pack has it; what it reads, and who makes that; what it makes, and "
        "who "
        "reads it; what the policy says under the names that it gives, and who runs its kernels; "
        "the SQL that it becomes, and the IR that its signature is the hash of.",
    .examples = "relspec rules show call_to_symbol\n"
                "relspec rules show call_to_symbol --policy policy.yaml --json",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = show,
};
