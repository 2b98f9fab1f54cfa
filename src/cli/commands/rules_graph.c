/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/document.h"

/* A rule and a dataset may share a name; a prefix tells them apart. Names are a-z, 0-9 and _, and
 * those of kinds A-Z: nothing needs an escape. */
static void print_arrow(const char *from_prefix, const char *from, const char *to_prefix,
                        const char *to)
{
    printf("  %s_%s -> %s_%s;\n", from_prefix, from, to_prefix, to);
}

static void print_dataset(json_t *seen, const char *name, const char *style)
{
    if (json_object_get(seen, name) == NULL) {
        printf("  data_%s [label=\"%s\", %s];\n", name, name, style);
        json_object_set_new(seen, name, json_true());
    }
}

/* Datasets once each, where they are first met. */
static void print_datasets(const json_t *row, json_t *seen)
{
    const json_t *inputs = json_object_get(row, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        bool is_made = json_array_size(json_object_get(input, "made_by")) > 0;
        print_dataset(seen, cli_member(input, "dataset"),
                      is_made ? "shape=box, style=filled" : "shape=box");
    }
    print_dataset(seen, cli_member(row, "output"), "shape=box, style=filled");
}

static void print_rule(const json_t *row)
{
    const json_t *inputs = json_object_get(row, "inputs");
    const char *name = cli_member(row, "name");
    const char *emits = cli_member(row, "emits");
    printf("  rule_%s [label=\"%s%s%s\"];\n", name, name, emits[0] != '\0' ? "\\n" : "", emits);
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        print_arrow("data", cli_member(json_array_get(inputs, i), "dataset"), "rule", name);
    }
    print_arrow("rule", name, "data", cli_member(row, "output"));
}

static int graph(const cli_call *call)
{
    int code = EXIT_DONE;
    json_t *rules = cli_load_rules(call, &code);
    if (rules == NULL) {
        return code;
    }
    const json_t *rows = json_object_get(rules, "rules");
    json_t *seen = json_object();
    fputs("digraph rules {\n  rankdir=LR;\n  node [shape=ellipse];\n", stdout);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        print_datasets(json_array_get(rows, i), seen);
        print_rule(json_array_get(rows, i));
    }
    fputs("}\n", stdout);
    json_decref(seen);
    json_decref(rules);
    return code;
}

static const cli_option options[] = {CLI_OPTION_RULES, CLI_OPTION_POLICY, CLI_OPTION_NO_CONFIG};

const cli_command cli_rules_graph = {
    .name = "rules graph",
    .operands = "",
    .summary = "draw which rules read and make what",
    .text = "Prints a graph for Graphviz: rules are ellipses, datasets boxes, and those that rules "
            "make "
            "are filled. The order is that of the rules.",
    .examples = "relspec rules graph > rules.dot\nrelspec rules graph --rules my-rules",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = graph,
};
