/* SPDX-License-Identifier: Apache-2.0 */
/* The yardstick: tree-sitter's core and Python grammar parse a directory tree. */
#include <tree_sitter/api.h>

#include "corpus.h"

const TSLanguage *tree_sitter_python(void);

static void *worker_new(void)
{
    TSParser *parser = ts_parser_new();
    return ts_parser_set_language(parser, tree_sitter_python()) ? parser : NULL;
}

static size_t parse(void *worker, const char *bytes, size_t n_bytes)
{
    TSTree *tree = ts_parser_parse_string(worker, NULL, bytes, (uint32_t)n_bytes);
    size_t n_nodes = ts_node_descendant_count(ts_tree_root_node(tree));
    ts_tree_delete(tree);
    return n_nodes;
}

static void worker_free(void *worker)
{
    ts_parser_delete(worker);
}

int main(int argc, char **argv)
{
    static const corpus_parser tree_sitter = {worker_new, parse, worker_free};
    return corpus_main("tree-sitter", &tree_sitter, argc, argv);
}
