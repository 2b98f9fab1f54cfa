/* SPDX-License-Identifier: Apache-2.0 */
/* Our own parser over the same bytes as the yardstick: tokens, tree and faults, no rows. */
#include "corpus.h"
#include "parse/parser.h"

static void *worker_new(void)
{
    rs_parser *parser;
    return rs_parser_new(&parser, NULL) == RS_OK ? parser : NULL;
}

/* The text is read as UTF-8, as the yardstick reads it; a byte order mark is skipped. */
static size_t parse(void *worker, const char *bytes, size_t n_bytes)
{
    rs_tree tree;
    uint32_t start = n_bytes >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    rs_error err = {0};
    if (rs_parse(worker, bytes, start, (uint32_t)n_bytes, &tree, &err) != RS_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        exit(3);
    }
    return tree.n_nodes;
}

static void worker_free(void *worker)
{
    rs_parser_free(worker);
}

int main(int argc, char **argv)
{
    static const corpus_parser relspec = {worker_new, parse, worker_free};
    return corpus_main("relspec", &relspec, argc, argv);
}
