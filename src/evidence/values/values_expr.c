/* SPDX-License-Identifier: Apache-2.0 */
/* values_expr.c - a variable for each expression: backwards through the tree, so that parts come before
 * what they are parts of. */
#include "evidence/values/values_impl.h"

enum { MAX_STRING_BYTES = 64, MAX_DIGITS = 2, MAX_GUARDS = 16 };

uint32_t rs_values_object(rs_file_at_hand *x, const char *class_name)
{
    return rs_values_constant(x, VALUES_OBJECT, rs_values_text(x, rs_str_of(class_name)));
}

static uint32_t record(rs_file_at_hand *x, uint32_t n, values_op op, uint32_t a, uint32_t b)
{
    return rs_values_record(x, (values_record){.op = (uint8_t)op, .node = n, .a = a, .b = b});
}

/* --- names and constants --- */

static uint32_t name_var(rs_file_at_hand *x, uint32_t n)
{
    rs_values_lens *lens = x->worker;
    const rs_names_lens *names = x->names_beside;
    uint32_t expr = names->expr.items[n];
    if (expr == NAMES_NONE || names->exprs.items[expr].op != NAMES_NAME) {
        return VALUES_NONE;
    }
    if (lens->of_expr.items[expr] == VALUES_NONE) {
        const names_expr *of = &names->exprs.items[expr];
        const uint32_t *list = &names->lists.items[of->b];
        bool is_one = list[0] == 1 && (of->flags & NAMES_MAY_BE_FREE) == 0 &&
                      names->bindings.items[list[1]].kind != NAMES_STAR;
        lens->of_expr.items[expr] = is_one ? list[1] : record(x, n, VALUES_NAME, expr, 0);
    }
    return lens->of_expr.items[expr];
}

/* What a test around says of the name at n: what it lets through. */
static uint32_t narrowed(rs_file_at_hand *x, uint32_t n, uint32_t var)
{
    rs_values_lens *lens = x->worker;
    const rs_names_lens *names = x->names_beside;
    uint32_t i = var == VALUES_NONE ? NAMES_NONE : rs_names_last_guard(&names->guards, n);
    for (uint32_t n_seen = 0; i != NAMES_NONE && n_seen < MAX_GUARDS; n_seen++) {
        const names_guard *guard = &names->guards.items[i];
        if (n < guard->end && names->expr.items[guard->subject] == names->expr.items[n]) {
            if (lens->of_guard.items[i] == VALUES_NONE) {
                lens->of_guard.items[i] = rs_values_record(
                    x, (values_record){.op = VALUES_FILTER,
                                       .flags = guard->is_class ? VALUES_IS_CLASS : 0,
                                       .node = guard->subject,
                                       .a = var,
                                       .b = VALUES_NONE});
            }
            return lens->of_guard.items[i];
        }
        i = guard->outer;
    }
    return var;
}

/* The class of a test stands before what it guards, and has its variable last. */
static void guards_complete(rs_file_at_hand *x)
{
    rs_values_lens *lens = x->worker;
    for (size_t i = 0; i < x->names_beside->guards.n_items; i++) {
        uint32_t var = lens->of_guard.items[i];
        if (var != VALUES_NONE) {
            lens->records.items[var - lens->n_fixed].b =
                values_var(x, x->names_beside->guards.items[i].class_node);
        }
    }
}

static uint32_t string_var(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    size_t end;
    rs_buf_reset(&x->scratch);
    if (node->end_byte - node->start_byte > MAX_STRING_BYTES) {
        return rs_values_object(x, "str");
    }
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    rs_str value = rs_buf_str(&x->scratch);
    bool is_text = rs_utf8_find_invalid(value.bytes, value.n_bytes, 0, &end) == value.n_bytes;
    return is_text ? rs_values_constant(x, VALUES_STRING, rs_values_text(x, value))
                   : rs_values_object(x, "str");
}

static uint32_t number_var(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t value = 0;
    for (uint32_t i = node->start_byte; i < node->end_byte; i++) {
        char c = x->tree.text[i];
        if (c < '0' || c > '9' || i - node->start_byte >= MAX_DIGITS) {
            return rs_values_object(x, "int");
        }
        value = value * 10 + (uint32_t)(c - '0');
    }
    return rs_values_constant(x, VALUES_NUMBER, value);
}

static uint32_t constant_var(rs_file_at_hand *x, uint32_t n)
{
    static const char *const classes[RS_N_W_literal_kind] = {[RS_W_literal_kind_bytes] = "bytes",
                                                             [RS_W_literal_kind_float] = "float",
                                                             [RS_W_literal_kind_complex] =
                                                                 "complex",
                                                             [RS_W_literal_kind_bool] = "bool"};
    uint8_t kind = node_at(x, n)->detail;
    switch (kind) {
    case RS_W_literal_kind_string:
        return string_var(x, n);
    case RS_W_literal_kind_int:
        return number_var(x, n);
    default:
        return classes[kind] == NULL ? VALUES_NONE : rs_values_object(x, classes[kind]);
    }
}

/* --- displays --- */

static void item(rs_file_at_hand *x, uint32_t key, uint32_t var)
{
    if (var != VALUES_NONE) {
        rs_values_item(x, key);
        rs_values_item(x, var);
    }
}

static uint32_t new_container(rs_file_at_hand *x, uint32_t n, values_container kind, size_t first)
{
    return record(x, n, VALUES_NEW, kind, rs_values_block(x, first, true));
}

/* A place is one of its own even where nothing is known of what stands there. */
static uint32_t sequence_var(rs_file_at_hand *x, uint32_t n, values_container kind)
{
    size_t first = values_lens(x)->items.n_items;
    bool is_behind = kind == VALUES_SET;
    uint32_t n_places = 0;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->ast_class == RS_AST_Starred) {
            item(x, VALUES_SPREAD, values_var(x, child));
            is_behind = true;
        } else if (is_behind || n_places >= VALUES_MAX_PLACES) {
            item(x, VALUES_SOMEWHERE, values_var(x, child));
        } else {
            rs_values_item(x, VALUES_IN_ORDER);
            rs_values_item(x, values_var(x, child));
            n_places++;
        }
    }
    return new_container(x, n, kind, first);
}

static uint32_t dict_var(rs_file_at_hand *x, uint32_t n)
{
    size_t first = values_lens(x)->items.n_items;
    bool has_key = false;
    uint32_t key = VALUES_NONE;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_keys) {
            key = values_var(x, child);
            has_key = true;
            continue;
        }
        uint32_t value = values_var(x, child);
        if (has_key &&
            key != VALUES_NONE) { /* the key alone, where nothing is known of the value */
            rs_values_item(x, key);
            rs_values_item(x, value);
        } else {
            item(x, has_key ? VALUES_SOMEWHERE : VALUES_SPREAD, value);
        }
        has_key = false;
    }
    return new_container(x, n, VALUES_DICT, first);
}

static uint32_t comprehension_var(rs_file_at_hand *x, uint32_t n, values_container kind)
{
    size_t first = values_lens(x)->items.n_items;
    if (kind == VALUES_DICT) {
        uint32_t key = values_var(x, child_in(x, n, RS_F_key));
        uint32_t value = values_var(x, child_in(x, n, RS_F_value));
        item(x, key == VALUES_NONE ? VALUES_SOMEWHERE : key, value);
    } else {
        item(x, VALUES_SOMEWHERE, values_var(x, child_in(x, n, RS_F_elt)));
    }
    return new_container(x, n, kind, first);
}

/* --- calls --- */

static void argument(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    bool is_keyword = node->ast_class == RS_AST_keyword;
    bool is_named = is_keyword && node->name_end > node->name_start;
    uint32_t pass = node->ast_class == RS_AST_Starred ? VALUES_BY_STAR
                    : is_named   ? VALUES_BY_NAME | rs_values_name(x, n) << VALUES_PASS_BITS
                    : is_keyword ? VALUES_BY_STARS
                                 : VALUES_BY_PLACE;
    rs_values_item(x, values_var(x, is_keyword ? n + 1 : n));
    rs_values_item(x, pass);
}

static uint32_t call_var(rs_file_at_hand *x, uint32_t n)
{
    rs_values_lens *lens = x->worker;
    const rs_names_lens *names = x->names_beside;
    uint32_t expr = names->expr.items[n];
    if (expr != NAMES_NONE && names->exprs.items[expr].op == NAMES_SUPER) {
        return record(x, n, VALUES_SUPER, names->exprs.items[expr].a, names->exprs.items[expr].b);
    }
    bool is_method = node_at(x, n + 1)->ast_class == RS_AST_Attribute;
    size_t first = lens->items.n_items;
    rs_values_item(x, is_method ? rs_values_name(x, n + 1) : VALUES_NONE);
    rs_values_item(x, expr);
    rs_values_item(x, 0);
    for (uint32_t child = behind(x, n + 1); child < behind(x, n); child = behind(x, child)) {
        argument(x, child);
    }
    if (x->status != RS_OK) {
        return VALUES_NONE;
    }
    lens->items.items[first + 2] = (uint32_t)(lens->items.n_items - first - VALUES_CALL_HEAD) / 2;
    uint32_t callee = values_var(x, is_method ? n + 2 : n + 1);
    if (callee == VALUES_NONE) {
        lens->items.n_items = first;
        return VALUES_NONE;
    }
    return record(x, n, VALUES_CALL, callee, rs_values_block(x, first, false));
}

/* --- operators --- */

static uint32_t operator_var(rs_file_at_hand *x, uint32_t n)
{
    uint32_t op = child_in(x, n, RS_F_op);
    bool is_unary = node_at(x, n)->ast_class == RS_AST_UnaryOp;
    uint32_t left = values_var(x, child_in(x, n, is_unary ? RS_F_operand : RS_F_left));
    uint32_t right = is_unary ? VALUES_NONE : values_var(x, child_in(x, n, RS_F_right));
    uint8_t operator= op == NAMES_NONE ? RS_AST_Add : node_at(x, op)->ast_class;
    if (left == VALUES_NONE && right == VALUES_NONE) {
        return VALUES_NONE;
    }
    if (operator== RS_AST_Not) {
        record(x, n, VALUES_TRUTH, left, 0);
        return rs_values_object(x, "bool");
    }
    return rs_values_record(x, (values_record){.op = is_unary ? VALUES_UNARY : VALUES_BINARY,
                                               .aux = operator,
                                               .node = n,
                                               .a = left,
                                               .b = right});
}

/* a < b < c: each with the one before it. */
static uint32_t compare_var(rs_file_at_hand *x, uint32_t n)
{
    uint32_t left = values_var(x, child_in(x, n, RS_F_left));
    uint8_t operator= RS_AST_Is;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_ops) {
            operator= node_at(x, child)->ast_class;
        } else if (node_at(x, child)->field == RS_F_comparators) {
            uint32_t right = values_var(x, child);
            bool calls = operator!= RS_AST_Is && operator!= RS_AST_IsNot;
            if (calls && (left != VALUES_NONE || right != VALUES_NONE)) {
                rs_values_record(
                    x,
                    (values_record){
                        .op = VALUES_COMPARE, .aux = operator, .node = n, .a = left, .b = right});
            }
            left = right;
        }
    }
    return rs_values_object(x, "bool");
}

static void test(rs_file_at_hand *x, uint32_t n)
{
    if (n != NAMES_NONE && values_var(x, n) != VALUES_NONE &&
        node_at(x, n)->ast_class != RS_AST_Compare && node_at(x, n)->ast_class != RS_AST_Constant &&
        node_at(x, n)->ast_class != RS_AST_UnaryOp && node_at(x, n)->ast_class != RS_AST_BoolOp) {
        record(x, n, VALUES_TRUTH, values_var(x, n), 0);
    }
}

static uint32_t joined(rs_file_at_hand *x, uint32_t n, size_t first)
{
    rs_values_lens *lens = x->worker;
    if (lens->items.n_items <= first + 1) {
        uint32_t only = lens->items.n_items == first ? VALUES_NONE : lens->items.items[first];
        lens->items.n_items = first;
        return only;
    }
    return record(x, n, VALUES_JOIN, 0, rs_values_block(x, first, true));
}

static void join_item(rs_file_at_hand *x, uint32_t var)
{
    if (var != VALUES_NONE) {
        rs_values_item(x, var);
    }
}

static uint32_t bool_var(rs_file_at_hand *x, uint32_t n)
{
    size_t first = values_lens(x)->items.n_items;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_values) {
            if (behind(x, child) < behind(x, n)) {
                test(x, child);
            }
            join_item(x, values_var(x, child));
        }
    }
    return joined(x, n, first);
}

static uint32_t conditional_var(rs_file_at_hand *x, uint32_t n)
{
    size_t first = values_lens(x)->items.n_items;
    test(x, child_in(x, n, RS_F_test));
    join_item(x, values_var(x, child_in(x, n, RS_F_body)));
    join_item(x, values_var(x, child_in(x, n, RS_F_orelse)));
    return joined(x, n, first);
}

/* --- yields --- */

static uint32_t yield_var(rs_file_at_hand *x, uint32_t n)
{
    uint32_t function = values_function_at(x, n);
    uint32_t value = node_at(x, n)->n_subtree > 1 ? values_var(x, n + 1) : VALUES_NONE;
    if (function == NAMES_NONE || value == VALUES_NONE) {
        return VALUES_NONE;
    }
    if (node_at(x, n)->ast_class == RS_AST_YieldFrom) {
        uint32_t element = record(x, n + 1, VALUES_ITERATE, value, 0);
        rs_values_copy(x, n, element, values_yielded(x, function));
        return record(x, n, VALUES_AWAIT, value, 0);
    }
    rs_values_copy(x, n, value, values_yielded(x, function));
    return VALUES_NONE;
}

/* --- nodes --- */

static uint32_t attribute_var(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t value = values_var(x, n + 1);
    bool is_called = node->field == RS_F_func && node_at(x, node->parent)->ast_class == RS_AST_Call;
    if (value == VALUES_NONE || is_called || node->context != RS_W_context_LOAD) {
        return VALUES_NONE;
    }
    return record(x, n, VALUES_LOAD, value, rs_values_name(x, n));
}

static uint32_t subscript_var(rs_file_at_hand *x, uint32_t n)
{
    uint32_t value = values_var(x, n + 1);
    uint32_t slice = child_in(x, n, RS_F_slice);
    if (value == VALUES_NONE || node_at(x, n)->context == RS_W_context_STORE) {
        return VALUES_NONE;
    }
    values_op op = node_at(x, n)->context == RS_W_context_DEL ? VALUES_DEL_ITEM : VALUES_ITEM;
    bool is_slice = slice != NAMES_NONE && node_at(x, slice)->ast_class == RS_AST_Slice;
    uint32_t of = record(x, n, op, value, is_slice ? VALUES_NONE : values_var(x, slice));
    return is_slice ? value : of;
}

uint32_t rs_values_read(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Name:
        return name_var(x, n);
    case RS_AST_Attribute:
        return values_var(x, n + 1) == VALUES_NONE
                   ? VALUES_NONE
                   : record(x, n, VALUES_LOAD, values_var(x, n + 1), rs_values_name(x, n));
    case RS_AST_Subscript:
        return values_var(x, n + 1) == VALUES_NONE
                   ? VALUES_NONE
                   : record(x, n, VALUES_ITEM, values_var(x, n + 1),
                            values_var(x, child_in(x, n, RS_F_slice)));
    default:
        return VALUES_NONE;
    }
}

static uint32_t display_var(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Tuple:
        return node_at(x, n)->context == RS_W_context_LOAD ? sequence_var(x, n, VALUES_TUPLE)
                                                           : VALUES_NONE;
    case RS_AST_List:
        return node_at(x, n)->context == RS_W_context_LOAD ? sequence_var(x, n, VALUES_LIST)
                                                           : VALUES_NONE;
    case RS_AST_Set:
        return sequence_var(x, n, VALUES_SET);
    case RS_AST_Dict:
        return dict_var(x, n);
    case RS_AST_ListComp:
        return comprehension_var(x, n, VALUES_LIST);
    case RS_AST_SetComp:
        return comprehension_var(x, n, VALUES_SET);
    case RS_AST_DictComp:
        return comprehension_var(x, n, VALUES_DICT);
    case RS_AST_GeneratorExp:
        return comprehension_var(x, n, VALUES_GENERATOR);
    default:
        return VALUES_NONE;
    }
}

static uint32_t other_var(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *names = x->names_beside;
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Starred:
    case RS_AST_NamedExpr:
        return values_var(x, child_in(x, n, RS_F_value));
    case RS_AST_Await:
        return values_var(x, n + 1) == VALUES_NONE
                   ? VALUES_NONE
                   : record(x, n, VALUES_AWAIT, values_var(x, n + 1), 0);
    case RS_AST_Yield:
    case RS_AST_YieldFrom:
        return yield_var(x, n);
    case RS_AST_JoinedStr:
        return rs_values_object(x, "str");
    case RS_AST_FormattedValue:
        if (values_var(x, n + 1) != VALUES_NONE) {
            record(x, n, VALUES_FORMAT, values_var(x, n + 1), 0);
        }
        return VALUES_NONE;
    case RS_AST_Lambda:
        return record(x, n, VALUES_FUNCTION, names->scopes.items[names->opened.items[n]].owner, 0);
    default:
        return display_var(x, n);
    }
}

static uint32_t node_var(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Name:
        return node_at(x, n)->context == RS_W_context_LOAD ? narrowed(x, n, name_var(x, n))
                                                           : VALUES_NONE;
    case RS_AST_Constant:
        return constant_var(x, n);
    case RS_AST_Attribute:
        return attribute_var(x, n);
    case RS_AST_Call:
        return call_var(x, n);
    case RS_AST_Subscript:
        return subscript_var(x, n);
    case RS_AST_BinOp:
    case RS_AST_UnaryOp:
        return operator_var(x, n);
    case RS_AST_Compare:
        return compare_var(x, n);
    case RS_AST_BoolOp:
        return bool_var(x, n);
    case RS_AST_IfExp:
        return conditional_var(x, n);
    case RS_AST_If:
    case RS_AST_While:
    case RS_AST_Assert:
        test(x, child_in(x, n, RS_F_test));
        return VALUES_NONE;
    default:
        return other_var(x, n);
    }
}

/* What stands in an annotation is no value. */
static bool is_evaluated(const rs_file_at_hand *x, uint32_t n)
{
    uint8_t lies = x->names_beside->lies.items[n];
    return (lies & (NAMES_AT_ANNOTATION | NAMES_IS_DEAD | NAMES_IS_TYPING)) == 0;
}

void rs_values_exprs(rs_file_at_hand *x)
{
    rs_values_lens *lens = x->worker;
    for (uint32_t n = x->tree.n_nodes; n > 0 && x->status == RS_OK; n--) {
        lens->var.items[n - 1] = is_evaluated(x, n - 1) ? node_var(x, n - 1) : VALUES_NONE;
    }
    guards_complete(x);
}
