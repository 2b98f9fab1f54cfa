/* SPDX-License-Identifier: Apache-2.0 */
/* values_walk.c - forwards: what statements do with values: what targets get, what functions and classes
 * are made, what they give back. */
#include "evidence/values/values_impl.h"

static uint32_t record(rs_file_at_hand *x, uint32_t n, values_op op, uint32_t a, uint32_t b)
{
    return rs_values_record(x, (values_record){.op = (uint8_t)op, .node = n, .a = a, .b = b});
}

/* The children of n in a field get a value. */
static void give(rs_file_at_hand *x, uint32_t n, rs_ast_field field, uint32_t var)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == field) {
            values_lens(x)->given.items[child] = var;
        }
    }
}

/* --- targets --- */

static void unpack(rs_file_at_hand *x, uint32_t n, rs_ast_field field, uint32_t var)
{
    uint32_t place = 0;
    bool is_behind = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        uint8_t ast_class = node_at(x, child)->ast_class;
        bool is_star = ast_class == RS_AST_Starred || ast_class == RS_AST_MatchStar;
        if (node_at(x, child)->field != field) {
            continue;
        }
        is_behind = is_behind || is_star;
        uint32_t at = is_star ? VALUES_NONE : is_behind ? VALUES_MAX_PLACES : place++;
        values_lens(x)->given.items[child] = record(x, n, VALUES_UNPACK, var, at);
    }
}

static void store_attribute(rs_file_at_hand *x, uint32_t n, uint32_t var)
{
    size_t first = values_lens(x)->items.n_items;
    uint32_t object = values_var(x, n + 1);
    if (object != VALUES_NONE) {
        rs_values_item(x, rs_values_name(x, n));
        rs_values_item(x, var);
        record(x, n, VALUES_STORE, object, rs_values_block(x, first, false));
    }
}

static void store_item(rs_file_at_hand *x, uint32_t n, uint32_t var)
{
    size_t first = values_lens(x)->items.n_items;
    uint32_t object = values_var(x, n + 1);
    uint32_t slice = child_in(x, n, RS_F_slice);
    if (object == VALUES_NONE) {
        return;
    }
    if (slice != NAMES_NONE && node_at(x, slice)->ast_class == RS_AST_Slice) {
        var = record(x, n, VALUES_ITERATE, var, 0);
        slice = NAMES_NONE;
    }
    rs_values_item(x, values_var(x, slice));
    rs_values_item(x, var);
    record(x, n, VALUES_SET_ITEM, object, rs_values_block(x, first, false));
}

static void target(rs_file_at_hand *x, uint32_t n)
{
    uint32_t var = values_lens(x)->given.items[n];
    uint32_t binding = x->names_beside->binding.items[n];
    if (var == VALUES_NONE) {
        return;
    }
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Name:
    case RS_AST_MatchAs:
    case RS_AST_MatchStar:
    case RS_AST_MatchMapping:
        rs_values_copy(x, n, var, binding == NAMES_NONE ? VALUES_NONE : binding);
        give(x, n, RS_F_pattern, var);
        break;
    case RS_AST_Attribute:
        store_attribute(x, n, var);
        break;
    case RS_AST_Subscript:
        store_item(x, n, var);
        break;
    case RS_AST_Tuple:
    case RS_AST_List:
        unpack(x, n, RS_F_elts, var);
        break;
    case RS_AST_Starred:
        give(x, n, RS_F_value, var);
        break;
    case RS_AST_MatchOr:
        give(x, n, RS_F_patterns, var);
        break;
    case RS_AST_MatchSequence:
        unpack(x, n, RS_F_patterns, var);
        break;
    default:
        break;
    }
}

/* --- statements --- */

static void augment(rs_file_at_hand *x, uint32_t n)
{
    uint32_t to = child_in(x, n, RS_F_target);
    uint32_t op = child_in(x, n, RS_F_op);
    uint32_t left = to == NAMES_NONE ? VALUES_NONE : rs_values_read(x, to);
    uint32_t right = values_var(x, child_in(x, n, RS_F_value));
    if (op == NAMES_NONE || (left == VALUES_NONE && right == VALUES_NONE)) {
        return;
    }
    values_lens(x)->given.items[to] =
        rs_values_record(x, (values_record){.op = VALUES_BINARY,
                                            .flags = VALUES_IN_PLACE,
                                            .aux = node_at(x, op)->ast_class,
                                            .node = n,
                                            .a = left,
                                            .b = right});
}

static uint32_t iterated(rs_file_at_hand *x, uint32_t n, bool is_async)
{
    uint32_t iter = child_in(x, n, RS_F_iter);
    uint32_t var = values_var(x, iter);
    return var == VALUES_NONE
               ? VALUES_NONE
               : rs_values_record(x, (values_record){.op = VALUES_ITERATE,
                                                     .flags = is_async ? VALUES_ASYNC : 0,
                                                     .node = iter,
                                                     .a = var});
}

static void tests(rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_ifs && values_var(x, child) != VALUES_NONE &&
            node_at(x, child)->ast_class != RS_AST_Compare) {
            record(x, child, VALUES_TRUTH, values_var(x, child), 0);
        }
    }
}

static void enter(rs_file_at_hand *x, uint32_t n)
{
    uint32_t context = child_in(x, n, RS_F_context_expr);
    bool is_async = node_at(x, node_at(x, n)->parent)->ast_class == RS_AST_AsyncWith;
    uint32_t var = values_var(x, context);
    if (var != VALUES_NONE) {
        give(x, n, RS_F_optional_vars,
             rs_values_record(x, (values_record){.op = VALUES_ENTER,
                                                 .flags = is_async ? VALUES_ASYNC : 0,
                                                 .node = context,
                                                 .a = var}));
    }
}

static void hand_on(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    switch (node->ast_class) {
    case RS_AST_Assign:
        give(x, n, RS_F_targets, values_var(x, child_in(x, n, RS_F_value)));
        break;
    case RS_AST_AugAssign:
        augment(x, n);
        break;
    case RS_AST_AnnAssign:
    case RS_AST_NamedExpr:
        give(x, n, RS_F_target, values_var(x, child_in(x, n, RS_F_value)));
        break;
    case RS_AST_For:
    case RS_AST_AsyncFor:
        give(x, n, RS_F_target, iterated(x, n, node->ast_class == RS_AST_AsyncFor));
        break;
    case RS_AST_comprehension:
        give(x, n, RS_F_target, iterated(x, n, x->tree.text[node->start_byte] == 'a'));
        tests(x, n);
        break;
    case RS_AST_withitem:
        enter(x, n);
        break;
    case RS_AST_match_case:
        give(x, n, RS_F_pattern, values_var(x, child_in(x, node->parent, RS_F_subject)));
        break;
    case RS_AST_Raise: {
        uint32_t raised = values_var(x, child_in(x, n, RS_F_exc));
        if (raised != VALUES_NONE) {
            record(x, n, VALUES_RAISE, raised, 0);
        }
        break;
    }
    case RS_AST_ExceptHandler: {
        uint32_t caught = values_var(x, child_in(x, n, RS_F_type));
        uint32_t binding = x->names_beside->binding.items[n];
        if (caught != VALUES_NONE && binding != NAMES_NONE) {
            rs_values_copy(x, n, record(x, n, VALUES_CAUGHT, caught, 0), binding);
        }
        break;
    }
    default:
        break;
    }
}

/* --- functions and classes --- */

/* A default stands behind its parameter. */
static void defaults(rs_file_at_hand *x, uint32_t n)
{
    uint32_t arguments = child_in(x, n, RS_F_args);
    uint32_t param = NAMES_NONE;
    for (uint32_t child = arguments == NAMES_NONE ? behind(x, n) : arguments + 1;
         arguments != NAMES_NONE && child < behind(x, arguments); child = behind(x, child)) {
        if (node_at(x, child)->ast_class == RS_AST_arg) {
            param = x->names_beside->binding.items[child];
        } else if (param != NAMES_NONE && values_var(x, child) != VALUES_NONE) {
            record(x, child, VALUES_DEFAULT, param, values_var(x, child));
        }
    }
}

static uint32_t decorate(rs_file_at_hand *x, uint32_t n, uint32_t var)
{
    uint32_t decorators[16];
    uint32_t n_decorators = 0;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_decorator_list && n_decorators < 16) {
            decorators[n_decorators++] = child;
        }
    }
    for (uint32_t i = n_decorators; i > 0; i--) {
        size_t first = values_lens(x)->items.n_items;
        if (values_var(x, decorators[i - 1]) == VALUES_NONE) {
            continue;
        }
        rs_values_item(x, VALUES_NONE);
        rs_values_item(x, VALUES_NONE);
        rs_values_item(x, 1);
        rs_values_item(x, var);
        rs_values_item(x, VALUES_BY_PLACE);
        var = record(x, decorators[i - 1], VALUES_DECORATE, values_var(x, decorators[i - 1]),
                     rs_values_block(x, first, false));
    }
    return var;
}

/* A function that gives back None whenever it ends, and seems to end. */
static void nothing(rs_file_at_hand *x, uint32_t n, uint32_t function)
{
    const names_function *of = &x->names_beside->functions.items[function];
    uint32_t last = NAMES_NONE;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        last = node_at(x, child)->field == RS_F_body ? child : last;
    }
    bool gives =
        x->names_beside->lists.items[of->returns] > 0 || (of->flags & NAMES_IS_GENERATOR) != 0;
    if (!gives && last != NAMES_NONE && node_at(x, last)->ast_class != RS_AST_Raise) {
        record(x, n, VALUES_NOTHING, function, 0);
    }
}

static void definition(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *names = x->names_beside;
    uint32_t binding = names->binding.items[n];
    bool is_class = node_at(x, n)->ast_class == RS_AST_ClassDef;
    uint32_t owner = names->scopes.items[names->opened.items[n]].owner;
    uint32_t var = record(x, n, is_class ? VALUES_CLASS : VALUES_FUNCTION, owner, 0);
    if (!is_class) {
        defaults(x, n);
        nothing(x, n, owner);
    }
    rs_values_copy(x, n, decorate(x, n, var), binding == NAMES_NONE ? VALUES_NONE : binding);
}

static void give_back(rs_file_at_hand *x, uint32_t n, uint32_t function, uint32_t value)
{
    if (function != NAMES_NONE) {
        rs_values_copy(x, n, values_var(x, value), values_returned(x, function));
    }
}

static void define(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *names = x->names_beside;
    switch (node_at(x, n)->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
        definition(x, n);
        break;
    case RS_AST_Lambda:
        defaults(x, n);
        give_back(x, n, names->scopes.items[names->opened.items[n]].owner,
                  child_in(x, n, RS_F_body));
        break;
    case RS_AST_Return:
        give_back(x, n, values_function_at(x, n), child_in(x, n, RS_F_value));
        break;
    default:
        break;
    }
}

void rs_values_walk(rs_file_at_hand *x)
{
    for (uint32_t n = 0; n < x->tree.n_nodes && x->status == RS_OK; n++) {
        if ((x->names_beside->lies.items[n] &
             (NAMES_AT_ANNOTATION | NAMES_IS_DEAD | NAMES_IS_TYPING)) == 0) {
            hand_on(x, n);
            target(x, n);
            define(x, n);
        }
    }
}
