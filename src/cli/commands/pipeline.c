/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/document.h"
#include "cli/source.h"

static bool runs(const json_t *node)
{
    return json_is_true(json_object_get(node, "runs"));
}

static bool is_by_part(const json_t *node)
{
    return json_is_true(json_object_get(node, "by_part"));
}

/* --- for a person --- */

static void print_words(const json_t *words)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        printf("%s%s", i == 0 ? "" : " ", json_string_value(json_array_get(words, i)));
    }
}

static void print_table(const json_t *nodes)
{
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *row = json_array_get(nodes, i);
        const char *when = cli_member(row, "wanted_when");
        printf("%-15s ", cli_member(row, "name"));
        print_words(json_object_get(row, "inputs"));
        fputs(" -> ", stdout);
        print_words(json_object_get(row, "outputs"));
        printf("\n%-15s %s%s", "", cli_member(row, "doc"), is_by_part(row) ? " By part." : "");
        if (when[0] != '\0') {
            printf(" Where %s.", when);
        }
        fputs(runs(row) ? "\n" : " Does not run.\n", stdout);
    }
}

/* --- for Graphviz --- */

/* Names are those of C: nothing in them needs to be escaped. A node and a thing may share one. */
static void print_node(const json_t *row)
{
    printf("  %s\"node %s\" [label=\"%s\", shape=box, style=%s];\n", is_by_part(row) ? "  " : "",
           cli_member(row, "name"), cli_member(row, "name"), runs(row) ? "filled" : "dashed");
}

/* Nodes by part that stand one behind the other are drawn together. */
static void print_nodes(const json_t *nodes)
{
    bool is_open = false;
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        const json_t *row = json_array_get(nodes, i);
        if (is_by_part(row) && !is_open) {
            printf("  subgraph \"cluster %zu\" {\n    label=\"part by part\";\n", i);
        } else if (!is_by_part(row) && is_open) {
            fputs("  }\n", stdout);
        }
        is_open = is_by_part(row);
        print_node(row);
    }
    fputs(is_open ? "  }\n" : "", stdout);
}

static void print_things(const json_t *things)
{
    for (size_t i = 0; i < json_array_size(things); i++) {
        const json_t *row = json_array_get(things, i);
        const char *origin = cli_member(row, "origin");
        printf("  \"thing %s\" [label=\"%s\", shape=%s];\n", cli_member(row, "name"),
               cli_member(row, "name"),
               strcmp(origin, "outside") == 0   ? "ellipse"
               : strcmp(origin, "product") == 0 ? "note"
                                                : "plaintext");
    }
}

static void print_edges(const json_t *row)
{
    const json_t *inputs = json_object_get(row, "inputs");
    const json_t *outputs = json_object_get(row, "outputs");
    const char *name = cli_member(row, "name");
    const char *style = runs(row) ? "solid" : "dashed";
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        printf("  \"thing %s\" -> \"node %s\" [style=%s];\n",
               json_string_value(json_array_get(inputs, i)), name, style);
    }
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        printf("  \"node %s\" -> \"thing %s\" [style=%s];\n", name,
               json_string_value(json_array_get(outputs, i)), style);
    }
}

static void print_dot(const json_t *document)
{
    const json_t *nodes = json_object_get(document, "nodes");
    fputs("digraph relspec {\n  rankdir=LR;\n", stdout);
    print_nodes(nodes);
    print_things(json_object_get(document, "things"));
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        print_edges(json_array_get(nodes, i));
    }
    fputs("}\n", stdout);
}

/* --- the command --- */

static int print(const cli_call *call, const json_t *document)
{
    if (cli_has(call, "json")) {
        return cli_print_json(document);
    }
    if (cli_has(call, "dot")) {
        print_dot(document);
    } else {
        print_table(json_object_get(document, "nodes"));
    }
    return EXIT_DONE;
}

static int pipeline(const cli_call *call)
{
    rs_error err = {0};
    rs_config *config = NULL;
    json_t *document = NULL;
    rs_status status = rs_config_new(&config, &err);
    RS_THEN(status, cli_configure_source(call, config, &err));
    if (status == RS_OK) {
        rs_config_set_explain(config, cli_has(call, "explain"));
        document = cli_pipeline_document(config, &err);
    }
    int code = document != NULL ? print(call, document) : cli_fail(&err);
    json_decref(document);
    rs_config_free(config);
    return code;
}

static const cli_option options[] = {
    {"dot", 0, CLI_FLAG, NULL, NULL, NULL, "Print a graph for Graphviz.", "0.1"},
    {"json", 0, CLI_FLAG, NULL, NULL, NULL, "Print JSON.", "0.1"},
    CLI_NODE_OPTIONS,
    {"scip", 0, CLI_TEXT, "FILE", NULL, NULL, "As of a build with a SCIP index.", "0.1"},
    {"policy", 0, CLI_TEXT, "FILE", NULL, "the built-in policy", "As of a build with that policy.",
     "0.1"},
    {"explain", 0, CLI_FLAG, NULL, NULL, NULL, "As of a build that keeps plans.", "0.1"},
};

const cli_command cli_pipeline = {
    .name = "pipeline",
    .operands = "",
    .summary = "show the nodes of a build",
    .text = "Lists the nodes of `relspec build` in the order that they run in, with what each one "
            "takes and gives, from the table that the build goes through. Which of them would run "
            "depends on the build's options: give the same ones here.",
    .examples = "relspec pipeline\n"
                "relspec pipeline --dot\n"
                "relspec pipeline --only extract --scip index.scip",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = pipeline,
};
