/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the text, there is a tree: in pre-order, spans inside the parent's, faults in order. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "parse/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_node(const rs_tree *tree, uint32_t n)
{
    const rs_node *node = &tree->nodes[n];
    require(node->parent < n);
    const rs_node *parent = &tree->nodes[node->parent];
    require(n + node->n_subtree <= node->parent + parent->n_subtree);
    require(node->start_byte <= node->end_byte && node->end_byte <= parent->end_byte);
    require(node->start_byte >= parent->start_byte || node->field == RS_F_decorator_list);
    require(node->name_start <= node->name_end && node->name_end <= tree->n_bytes);
    require(node->ast_class < RS_N_AST_CLASSES && node->field < RS_N_AST_FIELDS);
    require(node->damaged >= parent->damaged && (!parent->damaged || node->damaged));
    require(node->ast_class != RS_AST_Error || node->damaged);
}

static void check_faults(const rs_tree *tree)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < tree->n_faults; i++) {
        const rs_fault *fault = &tree->faults[i];
        require(fault->start_byte >= last && fault->start_byte <= fault->end_byte);
        require(fault->start_byte <= tree->n_bytes && fault->end_byte <= tree->n_bytes + 1);
        require(fault->message != NULL && fault->message[0] != '\0');
        require(fault->error_node == RS_NO_NODE ||
                (fault->error_node < tree->n_nodes &&
                 tree->nodes[fault->error_node].ast_class == RS_AST_Error));
        last = fault->start_byte;
    }
}

/* Every region says why it is one. */
static void check_regions(const rs_tree *tree)
{
    for (uint32_t i = 0; i < tree->n_nodes; i++) {
        require(tree->nodes[i].ast_class != RS_AST_Error || tree->n_faults > 0);
    }
}

static void check_comments(const rs_tree *tree)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < tree->n_comments; i++) {
        const rs_comment *comment = &tree->comments[i];
        require(comment->start_byte >= last && comment->start_byte < comment->end_byte);
        require(comment->end_byte <= tree->n_bytes && tree->text[comment->start_byte] == '#');
        last = comment->end_byte;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    /* Exactly one byte behind the text, so that a sanitizer sees who reads a second. */
    char *text = rs_strndup((const char *)bytes, n_bytes);
    rs_parser *parser = NULL;
    require(text != NULL && rs_parser_new(&parser, NULL) == RS_OK);
    uint32_t n_nodes = 0;
    /* Twice, so that the second goes through used buffers. */
    for (int round = 0; round < 2; round++) {
        rs_tree tree;
        require(rs_parse(parser, text, 0, (uint32_t)n_bytes, &tree, NULL) == RS_OK);
        require(tree.n_nodes > 0 && tree.nodes[0].n_subtree == tree.n_nodes);
        require(tree.nodes[0].parent == RS_NO_NODE && tree.nodes[0].end_byte == n_bytes);
        for (uint32_t n = 1; n < tree.n_nodes; n++) {
            check_node(&tree, n);
        }
        check_faults(&tree);
        check_regions(&tree);
        check_comments(&tree);
        require(round == 0 || tree.n_nodes == n_nodes);
        n_nodes = tree.n_nodes;
    }
    rs_parser_free(parser);
    rs_free(text);
    return 0;
}
