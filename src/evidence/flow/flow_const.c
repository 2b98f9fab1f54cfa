/* SPDX-License-Identifier: Apache-2.0 */
/* flow_const.c - conditions that CPython's compiler decides. */
#include "evidence/flow/flow_impl.h"

/* A number is zero when no digit before an exponent is anything but 0; bases have a letter behind. */
static bool is_zero(rs_str text)
{
    size_t at = 0;
    bool is_hex = false;
    if (text.n_bytes > 1 && text.bytes[0] == '0' && strchr("xXoObB", text.bytes[1]) != NULL) {
        is_hex = text.bytes[1] == 'x' || text.bytes[1] == 'X';
        at = 2;
    }
    for (; at < text.n_bytes; at++) {
        char c = text.bytes[at];
        if (!is_hex && (c == 'e' || c == 'E')) {
            return true;
        }
        if ((c >= '1' && c <= '9') || (is_hex && strchr("abcdefABCDEF", c) != NULL)) {
            return false;
        }
    }
    return true;
}

static int literal_truth(rs_file_at_hand *x, const rs_node *node)
{
    rs_str text = text_between(x, node->start_byte, node->end_byte);
    switch ((rs_w_literal_kind)node->detail) {
    case RS_W_literal_kind_int:
    case RS_W_literal_kind_float:
    case RS_W_literal_kind_complex:
        return !is_zero(text);
    case RS_W_literal_kind_bool:
        return text.bytes[0] == 'T';
    case RS_W_literal_kind_none:
        return 0;
    case RS_W_literal_kind_ellipsis:
        return 1;
    case RS_W_literal_kind_string:
    case RS_W_literal_kind_bytes:
        rs_buf_reset(&x->scratch);
        rs_string_value(text, &x->scratch);
        return x->scratch.n_bytes > 0;
    case RS_W_literal_kind_fstring:
    case RS_W_literal_kind_tstring:
    case RS_N_W_literal_kind:
        break;
    }
    return -1;
}

int rs_flow_constant_truth(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *nodes = x->tree.nodes;
    int sign = 1;
    while (nodes[n].ast_class == RS_AST_UnaryOp && nodes[n + 1].ast_class == RS_AST_Not) {
        sign = !sign;
        n += 2;
    }
    int truth = -1;
    if (nodes[n].ast_class == RS_AST_Constant) {
        truth = literal_truth(x, &nodes[n]);
    } else if (nodes[n].ast_class == RS_AST_Name) {
        rs_str name = text_between(x, nodes[n].start_byte, nodes[n].end_byte);
        truth = rs_str_equal(name, RS_STR_LITERAL("__debug__")) ? 1 : -1;
    } else if (nodes[n].ast_class == RS_AST_Tuple && nodes[n].n_subtree == 1) {
        truth = 0;
    }
    return truth < 0 ? -1 : truth == sign;
}

static bool is_number(uint8_t literal)
{
    return literal == RS_W_literal_kind_int || literal == RS_W_literal_kind_float ||
           literal == RS_W_literal_kind_complex;
}

static bool is_text(uint8_t literal)
{
    return literal == RS_W_literal_kind_string || literal == RS_W_literal_kind_bytes;
}

bool rs_flow_is_folded(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *left = &x->tree.nodes[n + 1];
    if (x->tree.nodes[n].n_subtree != 4 || left->ast_class != RS_AST_Constant) {
        return false;
    }
    const rs_node *right = &x->tree.nodes[n + 3];
    if (right->ast_class != RS_AST_Constant) {
        return false;
    }
    switch (x->tree.nodes[n + 2].ast_class) {
    case RS_AST_Add:
        return (is_number(left->detail) && is_number(right->detail)) ||
               (is_text(left->detail) && left->detail == right->detail);
    case RS_AST_Sub:
        return is_number(left->detail) && is_number(right->detail);
    case RS_AST_Mult:
        return (is_number(left->detail) && is_number(right->detail)) ||
               (is_text(left->detail) && right->detail == RS_W_literal_kind_int) ||
               (is_text(right->detail) && left->detail == RS_W_literal_kind_int);
    default:
        return false;
    }
}
