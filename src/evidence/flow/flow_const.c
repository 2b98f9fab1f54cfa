/* SPDX-License-Identifier: Apache-2.0 */
/* flow_const.c - what is known of a value from the text alone. */
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

/* --- values that are known from the text --- */

/* A constant: a literal, or an operation of constants that cannot fail. */
typedef struct constant {
    uint32_t node;    /* its own, where it is a literal; an operator's */
    int64_t value;    /* of an int that is_known */
    uint32_t n_parts; /* of a tuple */
    uint8_t type;     /* rs_w_literal_kind, or one of those below */
    bool is_known;    /* an int below 2^31: nothing overflows in an operation of two */
} constant;

enum {
    CONSTANT_TUPLE = RS_N_W_literal_kind,
    CONSTANT_OPERATOR,
    /* Larger expressions are left to the reader: each node asks again. */
    MAX_CONSTANT_NODES = 48
};

static bool is_number(const constant *c)
{
    return c->type == RS_W_literal_kind_int || c->type == RS_W_literal_kind_float ||
           c->type == RS_W_literal_kind_complex || c->type == RS_W_literal_kind_bool;
}

/* An int, a bool too, whose value is known. */
static bool is_small(const constant *c)
{
    return (c->type == RS_W_literal_kind_int || c->type == RS_W_literal_kind_bool) && c->is_known;
}

/* An operand that no conversion to float can be too large for. */
static bool is_tame(const constant *c)
{
    return is_number(c) && (c->is_known || c->type == RS_W_literal_kind_float ||
                            c->type == RS_W_literal_kind_complex);
}

static bool is_sequence(const constant *c)
{
    return c->type == RS_W_literal_kind_string || c->type == RS_W_literal_kind_bytes ||
           c->type == CONSTANT_TUPLE;
}

static constant int_of(int64_t value)
{
    return (constant){.type = RS_W_literal_kind_int,
                      .value = value,
                      .is_known = value > INT32_MIN && value < INT32_MAX};
}

static constant literal_of(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = &x->tree.nodes[n];
    constant c = {.node = n, .type = node->detail};
    rs_str text = text_between(x, node->start_byte, node->end_byte);
    if (c.type == RS_W_literal_kind_bool) {
        c.value = text.bytes[0] == 'T';
        c.is_known = true;
    } else if (c.type == RS_W_literal_kind_int) {
        bool is_decimal = text.n_bytes < 10;
        for (size_t i = 0; is_decimal && i < text.n_bytes; i++) {
            is_decimal = text.bytes[i] >= '0' && text.bytes[i] <= '9';
            c.value = c.value * 10 + (text.bytes[i] - '0');
        }
        c.is_known = is_decimal;
    } else if (c.type == RS_W_literal_kind_float || c.type == RS_W_literal_kind_complex) {
        c.value = !is_zero(text);
    }
    return c;
}

/* Characters of a literal, bytes of a bytes literal, parts of a tuple. */
static int64_t length_of(rs_file_at_hand *x, const constant *c)
{
    if (c->type == CONSTANT_TUPLE) {
        return c->n_parts;
    }
    const rs_node *node = &x->tree.nodes[c->node];
    if (c->node == 0) {
        return 0; /* made by an operation: nobody counted */
    }
    rs_buf_reset(&x->scratch);
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    return (int64_t)rs_str_n_characters(rs_buf_str(&x->scratch));
}

/* + - * of two constants. */
static bool sum_of(uint8_t op, const constant *a, const constant *b, constant *out)
{
    if (is_small(a) && is_small(b)) {
        *out = int_of(op == RS_AST_Add   ? a->value + b->value
                      : op == RS_AST_Sub ? a->value - b->value
                                         : a->value * b->value);
        return true;
    }
    if (is_number(a) && is_number(b)) {
        const constant *wider = a->type >= b->type ? a : b;
        out->type = wider->type == RS_W_literal_kind_bool ? RS_W_literal_kind_int : wider->type;
        return out->type == RS_W_literal_kind_int || (is_tame(a) && is_tame(b));
    }
    if (op == RS_AST_Add) {
        out->type = a->type;
        out->n_parts = a->n_parts + b->n_parts;
        return is_sequence(a) && a->type == b->type;
    }
    const constant *times = is_sequence(a) ? b : a;
    const constant *what = is_sequence(a) ? a : b;
    out->type = what->type;
    return op == RS_AST_Mult && is_sequence(what) && what->type != CONSTANT_TUPLE &&
           is_small(times) && times->value < 4096;
}

/* What is left: division by what is not zero, shifts and powers that stay small, bits. */
static bool product_of(uint8_t op, const constant *a, const constant *b, constant *out)
{
    bool are_small = is_small(a) && is_small(b);
    out->type = RS_W_literal_kind_int;
    switch (op) {
    case RS_AST_Div:
        out->type = RS_W_literal_kind_float;
        return are_small && b->value != 0;
    case RS_AST_FloorDiv:
    case RS_AST_Mod:
        return are_small && b->value != 0;
    case RS_AST_Pow:
    case RS_AST_LShift:
    case RS_AST_RShift:
        return are_small && b->value >= 0 && b->value < 128;
    case RS_AST_BitAnd:
    case RS_AST_BitOr:
    case RS_AST_BitXor:
        return are_small;
    default:
        return false;
    }
}

static bool binary_of(const constant *parts, constant *out)
{
    const uint8_t op = (uint8_t)parts[1].value;
    if (op == RS_AST_Add || op == RS_AST_Sub || op == RS_AST_Mult) {
        return sum_of(op, &parts[0], &parts[2], out);
    }
    return product_of(op, &parts[0], &parts[2], out);
}

static bool unary_of(const constant *parts, constant *out)
{
    *out = parts[1];
    out->node = 0;
    switch ((uint8_t)parts[0].value) {
    case RS_AST_Not:
        *out = (constant){.type = RS_W_literal_kind_bool};
        return true;
    case RS_AST_Invert:
        *out = int_of(~parts[1].value);
        return is_small(&parts[1]) && parts[1].type == RS_W_literal_kind_int;
    default:
        if (parts[1].type == RS_W_literal_kind_bool) {
            *out = int_of(parts[1].value);
        }
        if (parts[0].value == RS_AST_USub && is_small(out)) {
            *out = int_of(-out->value);
        }
        return is_number(&parts[1]);
    }
}

/* An item of a literal or tuple that it has. */
static bool item_of(rs_file_at_hand *x, const constant *parts, constant *out)
{
    if (!is_sequence(&parts[0]) || !is_small(&parts[1])) {
        return false;
    }
    int64_t n = length_of(x, &parts[0]);
    *out = (constant){.type = parts[0].type == RS_W_literal_kind_string ? parts[0].type
                                                                        : RS_W_literal_kind_none};
    return parts[1].value < n && parts[1].value >= -n;
}

/* The constant that node n is, of its parts; the number of these, or SIZE_MAX where it is none. */
static size_t combine(rs_file_at_hand *x, uint32_t n, const constant *parts, size_t n_parts,
                      constant *out)
{
    uint32_t end = n + x->tree.nodes[n].n_subtree;
    size_t n_children = 0;
    for (uint32_t child = n + 1; child < end; child += x->tree.nodes[child].n_subtree) {
        n_children++;
    }
    bool is_constant = false;
    if (n_children > n_parts) {
        return SIZE_MAX;
    }
    switch (x->tree.nodes[n].ast_class) {
    case RS_AST_Tuple:
        *out = (constant){.type = CONSTANT_TUPLE, .n_parts = (uint32_t)n_children};
        is_constant = x->tree.nodes[n].context == RS_W_context_LOAD;
        break;
    case RS_AST_UnaryOp:
        is_constant = n_children == 2 && unary_of(parts, out);
        break;
    case RS_AST_BinOp:
        is_constant = n_children == 3 && binary_of(parts, out);
        break;
    case RS_AST_Subscript:
        is_constant = n_children == 2 && item_of(x, parts, out);
        break;
    default:
        break;
    }
    return is_constant ? n_children : SIZE_MAX;
}

/* Backwards through the subtree, where parts stand before what they are parts of: the first on top. */
bool rs_flow_is_constant(rs_file_at_hand *x, uint32_t n)
{
    constant stack[MAX_CONSTANT_NODES];
    size_t top = MAX_CONSTANT_NODES; /* grows down */
    const rs_node *nodes = x->tree.nodes;
    if (nodes[n].n_subtree > MAX_CONSTANT_NODES) {
        return false;
    }
    for (uint32_t i = n + nodes[n].n_subtree; i > n; i--) {
        uint32_t at = i - 1;
        constant made = {0};
        size_t n_taken = 0;
        if (nodes[at].ast_class == RS_AST_Constant) {
            made = literal_of(x, at);
        } else if (rs_ast_class_kind((rs_ast_class)nodes[at].ast_class) == RS_K_OPERATOR) {
            made = (constant){.type = CONSTANT_OPERATOR, .value = nodes[at].ast_class};
        } else {
            n_taken = combine(x, at, &stack[top], MAX_CONSTANT_NODES - top, &made);
        }
        if (n_taken == SIZE_MAX) {
            return false;
        }
        top += n_taken;
        stack[--top] = made;
    }
    return true;
}
