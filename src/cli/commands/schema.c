/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/document.h"

static void print_datasets(const json_t *datasets)
{
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        printf("%-24s %-13s %s\n", cli_member(row, "name"), cli_member(row, "group"),
               cli_member(row, "doc"));
    }
}

/* What a relationship has besides. */
static void print_contract(const json_t *row)
{
    const json_t *makers = json_object_get(row, "made_by");
    const json_t *sort = json_object_get(row, "sort");
    if (makers == NULL) {
        return;
    }
    if (json_is_string(json_object_get(row, "group_by"))) {
        printf("candidates of: %s\n", cli_member(row, "group_by"));
    }
    for (size_t i = 0; i < json_array_size(sort); i++) {
        printf("%s %s", i == 0 ? "sort:" : ",", json_string_value(json_array_get(sort, i)));
    }
    for (size_t i = 0; i < json_array_size(makers); i++) {
        printf("%s %s", i == 0 ? "\nmade by:" : ",", json_string_value(json_array_get(makers, i)));
    }
    fputc('\n', stdout);
}

static void print_dataset(const json_t *row)
{
    const json_t *columns = json_object_get(row, "columns");
    printf("%s/%s, version %lld\n%s\nkey: %s\n", cli_member(row, "group"), cli_member(row, "name"),
           (long long)json_integer_value(json_object_get(row, "version")), cli_member(row, "doc"),
           cli_member(row, "key"));
    print_contract(row);
    fputc('\n', stdout);
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        printf("%-24s %-7s %-9s %-9s %s\n", cli_member(column, "name"), cli_member(column, "type"),
               json_is_true(json_object_get(column, "nullable")) ? "" : "required",
               json_is_true(json_object_get(column, "stored")) ? "" : "computed",
               cli_member(column, "doc"));
    }
}

static void print_kinds(const char *title, const json_t *kinds)
{
    printf("%s\n", title);
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        const json_t *row = json_array_get(kinds, i);
        printf("  %-22s %-20s %s\n", cli_member(row, "name"), cli_member(row, "label"),
               cli_member(row, "doc"));
    }
}

static int refuse(const json_t *datasets, const char *name)
{
    cli_nearest nearest = {.text = name};
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        cli_nearest_try(&nearest, cli_member(json_array_get(datasets, i), "name"));
    }
    cli_complain("there is no dataset '%s'", name);
    if (nearest.best != NULL) {
        fprintf(stderr, "  did you mean '%s'?\n", nearest.best);
    }
    return EXIT_USAGE;
}

static int print_one(const cli_call *call, const json_t *registry)
{
    const char *name = call->operands[0];
    bool json = cli_has(call, "json");
    const json_t *datasets = json_object_get(registry, "datasets");
    if (strcmp(name, "kinds") == 0) {
        if (json) {
            json_t *kinds =
                json_pack("{s:O, s:O}", "nodes", json_object_get(registry, "node_kinds"), "edges",
                          json_object_get(registry, "edge_kinds"));
            int code = cli_print_json(kinds);
            json_decref(kinds);
            return code;
        }
        print_kinds("nodes", json_object_get(registry, "node_kinds"));
        print_kinds("edges", json_object_get(registry, "edge_kinds"));
        return EXIT_DONE;
    }
    for (size_t i = 0; i < json_array_size(datasets); i++) {
        const json_t *row = json_array_get(datasets, i);
        if (strcmp(cli_member(row, "name"), name) == 0) {
            if (json) {
                return cli_print_json(row);
            }
            print_dataset(row);
            return EXIT_DONE;
        }
    }
    return refuse(datasets, name);
}

static int schema(const cli_call *call)
{
    rs_error err = {0};
    int code = EXIT_DONE;
    json_t *rules = cli_load_rules(call, &code);
    if (rules == NULL) {
        return code;
    }
    json_t *registry = cli_registry(&err);
    if (registry == NULL) {
        json_decref(rules);
        return cli_fail(&err);
    }
    const json_t *declared = json_object_get(rules, "declared_kinds");
    json_array_extend(json_object_get(registry, "node_kinds"), json_object_get(declared, "nodes"));
    json_array_extend(json_object_get(registry, "edge_kinds"), json_object_get(declared, "edges"));
    json_array_extend(json_object_get(registry, "datasets"),
                      json_object_get(rules, "relationships"));
    json_decref(rules);
    if (call->n_operands > 0) {
        code = print_one(call, registry);
    } else if (cli_has(call, "json")) {
        code = cli_print_json(json_object_get(registry, "datasets"));
    } else {
        print_datasets(json_object_get(registry, "datasets"));
    }
    json_decref(registry);
    return code;
}

static const cli_option options[] = {
    CLI_OPTION_RULES,
    CLI_OPTION_NO_CONFIG,
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_schema = {
    .name = "schema",
    .operands = "[DATASET | kinds]",
    .max_operands = 1,
    .summary = "list datasets, columns and kinds",
    .text =
        "Lists the datasets of a bundle, also the relationships that rule packs declare; the "
        "columns "
        "of one; or the kinds of nodes and edges. A computed column is not stored in the bundle's "
        "files, `relspec query` shows it.",
    .examples = "relspec schema\nrelspec schema calls\nrelspec schema rel_call_symbol\nrelspec "
                "schema kinds",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = schema,
};
