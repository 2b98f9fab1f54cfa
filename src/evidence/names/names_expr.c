/* SPDX-License-Identifier: Apache-2.0 */
/* names_expr.c - an expression for each node that has a value: backwards through the tree, so that parts
 * come before what they are parts of. */
#include "evidence/names/names_impl.h"

enum { MAX_STEPS_TO_CALL = 4, MAX_CHAIN = 8 /* attributes of attributes */ };

static uint32_t unknown(rs_file_at_hand *x)
{
    return rs_names_expr(x, NAMES_UNKNOWN, 0, 0, 0);
}

static uint32_t instance(rs_file_at_hand *x, const char *name)
{
    uint32_t text = rs_names_text(x, rs_str_of(name));
    return rs_names_expr(x, NAMES_INSTANCE, 0, text, 0);
}

/* --- literals --- */

/* A call may ask what the string says: it is an argument, or in a display that is one. */
static bool is_asked(const rs_file_at_hand *x, uint32_t n)
{
    for (int i = 0; i < MAX_STEPS_TO_CALL && n != 0; i++) {
        n = node_at(x, n)->parent;
        switch (node_at(x, n)->ast_class) {
        case RS_AST_Call:
            return true;
        case RS_AST_List:
        case RS_AST_Tuple:
        case RS_AST_Dict:
        case RS_AST_keyword:
            break;
        default:
            return false;
        }
    }
    return false;
}

static uint32_t string_expr(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    bool is_in_all = (names_lens(x)->lies.items[n] & NAMES_AT_ALL) != 0;
    size_t n_most = is_in_all ? RS_NAME_MAX_BYTES : NAMES_MAX_TEXT;
    uint32_t text = 0;
    if ((names_lens(x)->lies.items[n] & NAMES_AT_ANNOTATION) != 0) {
        uint32_t said = rs_names_string_annotation(x, n);
        if (said != NAMES_NONE) {
            return said;
        }
    }
    if (node->end_byte - node->start_byte <= n_most && (is_in_all || is_asked(x, n))) {
        rs_buf_reset(&x->scratch);
        rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
        rs_str value = rs_buf_str(&x->scratch);
        size_t end;
        if (rs_utf8_find_invalid(value.bytes, value.n_bytes, 0, &end) == value.n_bytes) {
            text = rs_names_text(x, value);
        }
    }
    return rs_names_expr(x, NAMES_INSTANCE, 0, rs_names_text(x, RS_STR_LITERAL("str")), text);
}

static uint32_t literal_expr(rs_file_at_hand *x, uint32_t n)
{
    static const char *const classes[RS_N_W_literal_kind] = {
        [RS_W_literal_kind_bytes] = "bytes",      [RS_W_literal_kind_int] = "int",
        [RS_W_literal_kind_float] = "float",      [RS_W_literal_kind_complex] = "complex",
        [RS_W_literal_kind_bool] = "bool",        [RS_W_literal_kind_none] = "NoneType",
        [RS_W_literal_kind_ellipsis] = "ellipsis"};
    uint8_t kind = node_at(x, n)->detail;
    if (kind == RS_W_literal_kind_string) {
        return string_expr(x, n);
    }
    return classes[kind] == NULL ? unknown(x) : instance(x, classes[kind]);
}

/* A tuple or list; NAMES_INSTANCE where it is long or unpacks something. */
static uint32_t display_expr(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    bool is_list = node_at(x, n)->ast_class != RS_AST_Tuple;
    bool is_in_all = (lens->lies.items[n] & NAMES_AT_ALL) != 0;
    size_t first = lens->items.n_items;
    bool is_open = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        is_open = is_open || (node_at(x, child)->ast_class == RS_AST_Starred && !is_in_all) ||
                  (lens->items.n_items - first >= NAMES_MAX_ITEMS && !is_in_all);
        if (!is_open) {
            rs_names_item(x, names_expr_of(x, child));
        }
    }
    if (is_open) {
        lens->items.n_items = first;
        return instance(x, is_list ? "list" : "tuple");
    }
    return rs_names_expr(x, NAMES_TUPLE, is_list ? NAMES_IS_LIST : 0, 0, rs_names_list(x, first));
}

/* --- operations --- */

uint32_t rs_names_union(rs_file_at_hand *x, uint32_t flags, uint32_t a, uint32_t b)
{
    size_t first = names_lens(x)->items.n_items;
    if (a == b && flags == 0) {
        return a;
    }
    rs_names_item(x, a);
    rs_names_item(x, b);
    return rs_names_expr(x, NAMES_UNION, flags, 0, rs_names_list(x, first));
}

static uint32_t bool_expr(rs_file_at_hand *x, uint32_t n)
{
    size_t first = names_lens(x)->items.n_items;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_values) {
            rs_names_item(x, names_expr_of(x, child));
        }
    }
    return rs_names_expr(x, NAMES_UNION, 0, 0, rs_names_list(x, first));
}

static uint32_t conditional_expr(rs_file_at_hand *x, uint32_t n)
{
    uint32_t test = child_in(x, n, RS_F_test);
    uint32_t body = child_in(x, n, RS_F_body);
    uint32_t orelse = child_in(x, n, RS_F_orelse);
    int truth = test == NAMES_NONE ? -1 : rs_names_static_truth(x, test);
    if (truth >= 0 && !rs_names_asks_typing(x, test)) {
        return names_expr_of(x, truth ? body : orelse);
    }
    return rs_names_union(x, 0, names_expr_of(x, body), names_expr_of(x, orelse));
}

/* What a method that an operator stands for gives. */
static uint32_t method_result(rs_file_at_hand *x, uint32_t value, const char *method)
{
    if (value == 0) {
        return unknown(x);
    }
    uint32_t callee = rs_names_expr(x, NAMES_ATTR, 0, value, rs_names_text(x, rs_str_of(method)));
    return rs_names_expr(x, NAMES_CALL, 0, callee, 0);
}

static uint32_t binary_expr(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    uint32_t left = names_expr_of(x, child_in(x, n, RS_F_left));
    uint32_t right = names_expr_of(x, child_in(x, n, RS_F_right));
    uint32_t op = child_in(x, n, RS_F_op);
    const names_expr *expr = &lens->exprs.items[left];
    switch (op == NAMES_NONE ? RS_AST_Sub : node_at(x, op)->ast_class) {
    case RS_AST_BitOr:
        return rs_names_union(x, NAMES_IS_BINARY, left, right);
    case RS_AST_Add:
        return rs_names_union(x, NAMES_IS_SUM, left, right);
    case RS_AST_Mod: {
        bool is_string =
            expr->op == NAMES_INSTANCE && expr->a == rs_names_text(x, RS_STR_LITERAL("str"));
        return is_string ? instance(x, "str") : unknown(x);
    }
    case RS_AST_Div: /* of paths, above all */
        return method_result(x, left, "__truediv__");
    default:
        return unknown(x);
    }
}

static uint32_t unary_expr(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    if (n + 1 < behind(x, n) && node_at(x, n + 1)->ast_class == RS_AST_Not) {
        return instance(x, "bool");
    }
    uint32_t operand = names_expr_of(x, child_in(x, n, RS_F_operand));
    return lens->exprs.items[operand].op == NAMES_INSTANCE ? operand : unknown(x);
}

/* --- calls --- */

/* super(), in a method: of the builtin itself. */
static bool is_super(const rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    const names_scope *s = &lens->scopes.items[lens->at.items[n]];
    uint32_t row = lens->row.items[n + 1];
    if (node_at(x, n)->n_subtree != 2 || row == NAMES_NONE || !names_is(x, n + 1, "super") ||
        s->around_def == NAMES_NONE || s->around_class == NAMES_NONE) {
        return false;
    }
    uint8_t resolution = rs_name_bindings_columns_of(x->part).resolution[row];
    return resolution == RS_W_resolution_builtin || resolution == RS_W_resolution_star_or_builtin;
}

static void argument_item(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    if (node->ast_class != RS_AST_keyword) {
        rs_names_item(x, NAMES_NONE);
        rs_names_item(x, names_expr_of(x, n));
        return;
    }
    bool is_named = node->name_end > node->name_start;
    rs_names_item(x, is_named
                         ? rs_names_mangled_text(x, names_lens(x)->at.items[n], names_of_node(x, n))
                         : NAMES_NONE);
    rs_names_item(x, is_named ? names_expr_of(x, n + 1) : 0);
}

/* A method of what a variable or call gives: such a call makes no class and imports nothing. */
static bool is_method_of_value(const rs_names_lens *lens, uint32_t callee)
{
    const names_expr *expr = &lens->exprs.items[callee];
    if (expr->op != NAMES_ATTR) {
        return false;
    }
    for (int i = 0; i < MAX_CHAIN && expr->op == NAMES_ATTR; i++) {
        expr = &lens->exprs.items[expr->a];
    }
    if (expr->op != NAMES_NAME) {
        return expr->op != NAMES_ATTR;
    }
    const uint32_t *list = &lens->lists.items[expr->b];
    for (uint32_t i = 1; i <= list[0]; i++) {
        uint32_t kind = lens->bindings.items[list[i]].kind;
        if (kind != NAMES_ASSIGN && kind != NAMES_PARAM) {
            return false;
        }
    }
    return list[0] > 0 && (expr->flags & NAMES_MAY_BE_FREE) == 0;
}

static uint32_t call_expr(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    if (is_super(x, n)) {
        const names_scope *s = &lens->scopes.items[lens->at.items[n]];
        return rs_names_expr(x, NAMES_SUPER, 0, s->around_class, s->around_def);
    }
    size_t first = lens->items.n_items;
    bool has_arguments = !is_method_of_value(lens, names_expr_of(x, n + 1));
    for (uint32_t child = n + 1; has_arguments && child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field != RS_F_func) {
            argument_item(x, child);
        }
    }
    return rs_names_expr(x, NAMES_CALL, 0, names_expr_of(x, n + 1), rs_names_list(x, first));
}

/* --- nodes --- */

static uint32_t name_expr(rs_file_at_hand *x, uint32_t n)
{
    uint32_t row = names_lens(x)->row.items[n];
    bool is_read = node_at(x, n)->context != RS_W_context_STORE ||
                   node_at(x, node_at(x, n)->parent)->ast_class == RS_AST_AugAssign;
    return row == NAMES_NONE || !is_read ? NAMES_NONE : rs_names_read(x, row);
}

/* A list of one item, however often that is made. */
static uint32_t list_comprehension(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    size_t first = lens->items.n_items;
    uint32_t elt = child_in(x, n, RS_F_elt);
    uint32_t item = elt == NAMES_NONE ? NAMES_NONE : names_expr_of(x, elt);
    bool is_known = item != NAMES_NONE && lens->exprs.items[item].op != NAMES_UNKNOWN;
    if (!is_known || (lens->lies.items[n] & NAMES_AT_ALL) != 0) {
        return instance(x, "list");
    }
    rs_names_item(x, item);
    return rs_names_expr(x, NAMES_TUPLE, NAMES_IS_LIST, 0, rs_names_list(x, first));
}

static uint32_t simple_expr(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Compare:
        return instance(x, "bool");
    case RS_AST_JoinedStr:
        return instance(x, "str");
    case RS_AST_Set:
    case RS_AST_SetComp:
        return (names_lens(x)->lies.items[n] & NAMES_AT_ALL) != 0 &&
                       node_at(x, n)->ast_class == RS_AST_Set
                   ? display_expr(x, n)
                   : instance(x, "set");
    case RS_AST_ListComp:
        return list_comprehension(x, n);
    case RS_AST_Dict:
        return rs_names_expr(x, NAMES_INSTANCE, node_at(x, n)->n_subtree == 1 ? NAMES_IS_EMPTY : 0,
                             rs_names_text(x, RS_STR_LITERAL("dict")), 0);
    case RS_AST_DictComp:
        return instance(x, "dict");
    case RS_AST_GeneratorExp:
        return instance(x, "generator");
    case RS_AST_Lambda: {
        const rs_names_lens *lens = x->worker;
        const names_scope *s = &lens->scopes.items[lens->opened.items[n]];
        return rs_names_expr(x, NAMES_LAMBDA, 0, s->owner, 0);
    }
    default:
        return NAMES_NONE;
    }
}

/* Of a small number its text is kept: it tells the items of a tuple apart. */
static uint32_t index_expr(rs_file_at_hand *x, uint32_t n)
{
    enum { MAX_DIGITS = 2 };
    const rs_node *node = n == NAMES_NONE ? NULL : node_at(x, n);
    if (node == NULL || node->ast_class != RS_AST_Constant ||
        node->detail != RS_W_literal_kind_int || node->end_byte - node->start_byte > MAX_DIGITS) {
        return names_expr_of(x, n);
    }
    return rs_names_expr(x, NAMES_INSTANCE, 0, rs_names_text(x, RS_STR_LITERAL("int")),
                         rs_names_text(x, text_between(x, node->start_byte, node->end_byte)));
}

static uint32_t node_expr(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Name:
        return name_expr(x, n);
    case RS_AST_Attribute: {
        uint32_t s = names_lens(x)->at.items[n];
        return rs_names_expr(x, NAMES_ATTR, 0, rs_names_narrowed(x, n + 1),
                             rs_names_mangled_text(x, s, names_of_node(x, n)));
    }
    case RS_AST_Constant:
        return literal_expr(x, n);
    case RS_AST_Call:
        return call_expr(x, n);
    case RS_AST_Subscript: {
        return rs_names_expr(x, NAMES_ITEM, 0, names_expr_of(x, n + 1),
                             index_expr(x, child_in(x, n, RS_F_slice)));
    }
    case RS_AST_Tuple:
    case RS_AST_List:
        return node_at(x, n)->context == RS_W_context_LOAD ? display_expr(x, n) : NAMES_NONE;
    case RS_AST_BoolOp:
        return bool_expr(x, n);
    case RS_AST_IfExp:
        return conditional_expr(x, n);
    case RS_AST_BinOp:
        return binary_expr(x, n);
    case RS_AST_UnaryOp:
        return unary_expr(x, n);
    case RS_AST_NamedExpr:
        return names_expr_of(x, child_in(x, n, RS_F_value));
    case RS_AST_Await:
        return rs_names_expr(x, NAMES_AWAIT, 0, names_expr_of(x, n + 1), 0);
    default:
        return simple_expr(x, n);
    }
}

uint32_t rs_names_element(rs_file_at_hand *x, uint32_t value, uint32_t place)
{
    const rs_names_lens *lens = x->worker;
    const names_expr *expr = &lens->exprs.items[value];
    if (expr->op == NAMES_UNKNOWN) {
        return value;
    }
    if (expr->op == NAMES_TUPLE && place < lens->lists.items[expr->b]) {
        return lens->lists.items[expr->b + 1u + place];
    }
    return rs_names_expr(x, NAMES_ELEMENT, 0, value, place);
}

void rs_names_exprs(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    (void)unknown(x);
    for (uint32_t n = x->tree.n_nodes; n > 1 && x->status == RS_OK; n--) {
        lens->expr.items[n - 1] = node_expr(x, n - 1);
    }
}
