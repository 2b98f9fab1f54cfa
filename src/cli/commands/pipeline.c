/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

static void print_words(const json_t *words)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        printf("%s%s", i == 0 ? "" : " ", json_string_value(json_array_get(words, i)));
    }
}

static void print_table(const json_t *stages)
{
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *row = json_array_get(stages, i);
        printf("%-15s ", cli_member(row, "name"));
        print_words(json_object_get(row, "inputs"));
        fputs(" -> ", stdout);
        print_words(json_object_get(row, "outputs"));
        printf("\n%-15s %s\n", "", cli_member(row, "doc"));
    }
}

static void print_dot(const json_t *stages)
{
    fputs("digraph relspec {\n  rankdir=LR;\n  node [shape=box];\n", stdout);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *row = json_array_get(stages, i);
        const json_t *inputs = json_object_get(row, "inputs");
        const json_t *outputs = json_object_get(row, "outputs");
        const char *name = cli_member(row, "name");
        printf("  %s [style=filled];\n", name);
        for (size_t w = 0; w < json_array_size(inputs); w++) {
            printf("  %s -> %s;\n", json_string_value(json_array_get(inputs, w)), name);
        }
        for (size_t w = 0; w < json_array_size(outputs); w++) {
            printf("  %s -> %s;\n", name, json_string_value(json_array_get(outputs, w)));
        }
    }
    fputs("}\n", stdout);
}

static int pipeline(const cli_call *call)
{
    rs_error err = {0};
    int code = EXIT_DONE;
    json_t *registry = cli_registry(&err);
    if (registry == NULL) {
        return cli_fail(&err);
    }
    const json_t *stages = json_object_get(registry, "pipeline");
    if (cli_has(call, "json")) {
        code = cli_print_json(stages);
    } else if (cli_has(call, "dot")) {
        print_dot(stages);
    } else {
        print_table(stages);
    }
    json_decref(registry);
    return code;
}

static const cli_option options[] = {
    {"dot", 0, CLI_FLAG, NULL, NULL, NULL, "Print a graph for Graphviz.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
};

const cli_command cli_pipeline = {
    .name = "pipeline",
    .operands = "",
    .summary = "show the stages of a build",
    .text = "Lists the stages of `relspec build` with what each one takes and gives.",
    .examples = "relspec pipeline --dot",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = pipeline,
};
