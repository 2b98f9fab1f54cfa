/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/document.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/source.h"

static void print_counts(const rs_export_counts *counts)
{
    char nodes[32];
    char edges[32];
    fprintf(stderr, "%s nodes, %s edges\n", cli_grouped(counts->n_nodes, nodes),
            cli_grouped(counts->n_edges, edges));
}

static rs_status write_graph(const cli_call *call, const rs_bundle *bundle, const rs_export *what,
                             rs_error *err)
{
    const char *path = cli_text(call, "output", NULL);
    cli_discard_on_interrupt(path);
    cli_dress_output(CLI_RAW);
    const rs_target target = {.format = cli_text(call, "format", ""),
                              .write = path == NULL ? cli_write_stdout : NULL,
                              .path = path};
    rs_export_counts counts = {0};
    RS_TRY(rs_bundle_export(bundle, what, &target, &counts, err));
    if (path != NULL && !cli_has(call, "quiet")) {
        print_counts(&counts);
    }
    return RS_OK;
}

static rs_status run(const cli_call *call, const rs_bundle *bundle, rs_error *err)
{
    rs_export what = {0};
    const char **kinds = rs_alloc_zero(call->n_values + 1, sizeof *kinds);
    if (kinds == NULL) {
        return rs_error_set(err, RS_ERR_NOMEM, "export: out of memory");
    }
    for (size_t i = 0; i < call->n_values; i++) {
        if (strcmp(call->values[i].option->name, "kind") == 0) {
            kinds[what.n_kinds++] = call->values[i].text;
        }
    }
    what.kinds = kinds;
    rs_status status = write_graph(call, bundle, &what, err);
    rs_free(kinds);
    return status;
}

static int export(const cli_call *call)
{
    rs_error err = {0};
    rs_bundle *bundle = NULL;
    if (!cli_has(call, "format")) {
        cli_complain("usage: relspec export [BUNDLE] --format FORMAT");
        return EXIT_USAGE;
    }
    const char *path = call->n_operands > 0 ? call->operands[0] : ".";
    rs_status status = rs_bundle_open(path, &bundle, &err);
    RS_THEN(status, run(call, bundle, &err));
    rs_bundle_free(bundle);
    return status == RS_OK || cli_reader_left() ? EXIT_DONE : cli_fail(&err);
}

static const cli_option options[] = {
    {"format", 'f', CLI_CHOICE, "FORMAT", CLI_GRAPH_FORMATS, NULL,
     "How the graph is written: it has to be said.", "0.1"},
    {"kind", 0, CLI_LIST, "KIND", NULL, NULL,
     "Only nodes and edges of KIND; may be given several times.", "0.1"},
    {"output", 'o', CLI_TEXT, "FILE", NULL, NULL, "Write to FILE, which is there when it is whole.",
     "0.1"},
    {"quiet", 'q', CLI_FLAG, NULL, NULL, NULL, "Do not count what was written on standard error.",
     "0.1"},
};

const cli_command cli_export = {
    .name = "export",
    .operands = "[BUNDLE]",
    .max_operands = 1,
    .summary = "write a bundle's graph for another program",
    .text =
        "Writes the nodes of a bundle's graph, then its edges, each with its properties, in the "
        "same order each time. BUNDLE is a bundle's directory, or one with run_bundles/latest "
        "in it (default: the current directory).\n\n"
        "jsonl has a node or an edge a line. With --kind, a line is there when its kind was "
        "named: kinds of edges alone give no nodes. pycg has functions and modules, each with "
        "the names of what it calls.",
    .examples = "relspec export --format jsonl -o graph.jsonl\n"
                "relspec export --format jsonl --kind METHOD --kind CALL | head",
    .options = options,
    .n_options = sizeof options / sizeof options[0],
    .run = export,
};
