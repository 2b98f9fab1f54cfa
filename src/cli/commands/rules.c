/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

/* The rules of a directory, or of the call and the project file. */
static json_t *read_rules(const cli_call *call, const char *directory, rs_error *err)
{
    cli_packs packs;
    json_t *rules = NULL;
    if (cli_packs_find(call, &packs, err) == RS_OK) {
        rules = cli_rules(directory != NULL ? directory : packs.rules, packs.policy, err);
    }
    cli_packs_release(&packs);
    return rules;
}

json_t *cli_load_rules(const cli_call *call, int *code)
{
    rs_error err = {0};
    json_t *rules = read_rules(call, NULL, &err);
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
    json_t *rules = cli_load_rules(call, &code);
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

/* Each rule's and, under the name that no rule can have, that of all of them. */
static int signatures(const cli_call *call)
{
    int code = EXIT_DONE;
    json_t *rules = cli_load_rules(call, &code);
    if (rules == NULL) {
        return code;
    }
    const json_t *rows = json_object_get(rules, "rules");
    if (cli_has(call, "json")) {
        json_t *by_name = json_object();
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            json_object_set(by_name, cli_member(row, "name"), json_object_get(row, "signature"));
        }
        json_t *document =
            json_pack("{s:O, s:o}", "graph", json_object_get(rules, "signature"), "rules", by_name);
        code = cli_print_json(document);
        json_decref(document);
    } else {
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            printf("%s  %s\n", cli_member(row, "signature"), cli_member(row, "name"));
        }
        printf("%s  (graph)\n", cli_member(rules, "signature"));
    }
    json_decref(rules);
    return code;
}

static int check(const cli_call *call)
{
    rs_error err = {0};
    json_t *rules = read_rules(call, call->n_operands > 0 ? call->operands[0] : NULL, &err);
    if (rules == NULL) {
        return cli_fail(&err);
    }
    size_t n_problems = json_array_size(json_object_get(rules, "problems"));
    if (cli_has(call, "json")) {
        (void)cli_print_json(json_object_get(rules, "problems"));
    } else {
        (void)cli_print_problems(stdout, rules);
    }
    fflush(stdout);
    if (n_problems == 0) {
        fprintf(stderr, "%zu rules, no problems\n",
                json_array_size(json_object_get(rules, "rules")));
    } else {
        fprintf(stderr, "%zu %s\n", n_problems, n_problems == 1 ? "problem" : "problems");
    }
    json_decref(rules);
    return n_problems == 0 ? EXIT_DONE : EXIT_FINDING;
}

static const cli_option options[] = {
    CLI_OPTION_RULES,
    CLI_OPTION_POLICY,
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

static const cli_option check_options[] = {
    CLI_OPTION_POLICY,
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print the problems as JSON.", "0.1"},
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

const cli_command cli_rules_signatures = {
    .name = "rules signatures",
    .operands = "",
    .summary = "print what changes when the meaning of a rule does",
    .text =
        "Prints a line a rule, its signature and its name, and last that of the whole graph of "
        "rules. A signature is the SHA-256 of what `relspec rules show` prints as IR: what the "
        "rule "
        "says, the numbers of its policies, the schemas of what it reads and writes. White space, "
        "comments and docs are not in it.",
    .examples = "relspec rules signatures\nrelspec rules signatures --policy policy.yaml",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = signatures,
};
