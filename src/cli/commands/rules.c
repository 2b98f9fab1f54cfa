/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/document.h"

/* The rules, or NULL when they have problems (which are printed) or do not load. */
static json_t *load(const char *rules_dir, int *code)
{
    rs_error err = {0};
    json_t *rules = cli_rules(rules_dir, NULL, &err);
    if (rules == NULL) {
        *code = cli_fail(&err);
        return NULL;
    }
    if (cli_print_problems(stderr, rules) > 0) {
        json_decref(rules);
        *code = EXIT_FINDING;
        return NULL;
    }
    return rules;
}

static int list(const cli_call *call)
{
    int code = EXIT_DONE;
    json_t *rules = load(cli_text(call, "rules", NULL), &code);
    const json_t *rows = json_object_get(rules, "rules");
    if (rules != NULL && cli_has(call, "json")) {
        code = cli_print_json(rows);
    } else {
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            printf("%-28s %-15s %-7s %s\n", cli_member(row, "name"), cli_member(row, "kind"),
                   cli_member(row, "output"), cli_member(row, "doc"));
        }
    }
    json_decref(rules);
    return code;
}

static void print_rule(const json_t *row)
{
    const json_t *inputs = json_object_get(row, "inputs");
    printf("%s\n  %s\n  pack: %s, line %lld\n  kind: %s, for each %s\n  inputs:",
           cli_member(row, "name"), cli_member(row, "doc"), cli_member(row, "pack"),
           (long long)json_integer_value(json_object_get(row, "line")), cli_member(row, "kind"),
           cli_member(row, "scope"));
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        printf(" %s (%s)", cli_member(input, "dataset"), cli_member(input, "alias"));
    }
    printf("\n  output: %s %s\n\n%s\n", cli_member(row, "output"), cli_member(row, "emits"),
           cli_member(row, "sql"));
}

static int show(const cli_call *call)
{
    int code = EXIT_USAGE;
    const char *name = call->operands[0];
    json_t *rules = load(cli_text(call, "rules", NULL), &code);
    if (rules == NULL) {
        return code;
    }
    const json_t *rows = json_object_get(rules, "rules");
    cli_nearest nearest = {.text = name};
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        cli_nearest_try(&nearest, cli_member(row, "name"));
        if (strcmp(cli_member(row, "name"), name) == 0) {
            code = EXIT_DONE;
            if (cli_has(call, "json")) {
                code = cli_print_json(row);
            } else {
                print_rule(row);
            }
            break;
        }
    }
    if (code == EXIT_USAGE) {
        cli_complain("there is no rule '%s'", name);
        if (nearest.best != NULL) {
            fprintf(stderr, "  did you mean '%s'?\n", nearest.best);
        }
    }
    json_decref(rules);
    return code;
}

static int check(const cli_call *call)
{
    rs_error err = {0};
    json_t *rules = cli_rules(call->n_operands > 0 ? call->operands[0] : NULL,
                              cli_text(call, "policy", NULL), &err);
    if (rules == NULL) {
        return cli_fail(&err);
    }
    size_t n_problems = cli_print_problems(stdout, rules);
    if (n_problems == 0) {
        fprintf(stderr, "%zu rules, no problems\n",
                json_array_size(json_object_get(rules, "rules")));
    } else {
        fflush(stdout);
        fprintf(stderr, "%zu %s\n", n_problems, n_problems == 1 ? "problem" : "problems");
    }
    json_decref(rules);
    return n_problems == 0 ? EXIT_DONE : EXIT_FINDING;
}

static const cli_option options[] = {
    {"rules", 0, CLI_TEXT, "DIR", NULL, NULL, "Add the rule packs of DIR.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

static const cli_option check_options[] = {
    {"policy", 0, CLI_TEXT, "FILE", NULL, NULL, "Check the policy file FILE too.", "0.1"},
};

const cli_command cli_rules_list = {
    .name = "rules list",
    .operands = "",
    .summary = "list the rules in the order that they run in",
    .text = "Lists the rules of the built-in packs, and of a directory.",
    .examples = "relspec rules list\nrelspec rules list --rules my-rules",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = list,
};

const cli_command cli_rules_show = {
    .name = "rules show",
    .operands = "NAME",
    .min_operands = 1,
    .max_operands = 1,
    .summary = "show one rule and its SQL",
    .text = "Shows where a rule stands, what it reads and writes, and the SQL that it becomes.",
    .examples = "relspec rules show NAME",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = show,
};

const cli_command cli_rules_check = {
    .name = "rules check",
    .operands = "[DIR]",
    .max_operands = 1,
    .summary = "check rule packs and a policy file",
    .text =
        "Checks the built-in rule packs together with those of DIR, and a policy file: one line "
        "a problem, with file, line and column. The exit code is 1 when there is one.",
    .examples = "relspec rules check my-rules\nrelspec rules check --policy policy.yaml",
    .options = check_options,
    .n_options = sizeof check_options / sizeof check_options[0],
    .run = check,
};
