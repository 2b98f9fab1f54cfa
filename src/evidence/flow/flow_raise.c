/* SPDX-License-Identifier: Apache-2.0 */
/* flow_raise.c - which elements may raise.
 *
 * What cannot fail must not: each exception that is none carries values to a handler that they never
 * reach. Signals and a lack of memory are left out (docs/flow.md).
 *
 * Whether a variable may have no value where it is read is known when the graph is there, and a read
 * that may fail is a way of the graph. So a scope is built as if no read failed; where one may, and a
 * handler waits for it, it is built again, until there is no other such read: each round has the ways
 * of the one before. Most scopes need one, very few three. One that needs more than MAX_ROUNDS has all
 * its reads fail, so that cost follows the code.
 */
#include "evidence/flow/flow_steps.h"

enum { MAX_ROUNDS = 6 };

static bool read_may_raise(const rs_file_at_hand *x, uint32_t row)
{
    uint32_t round = flow_lens(x)->round;
    return round > 0 && (round >= MAX_ROUNDS || rs_flow_is_maybe_unbound(x, row));
}

static rs_w_resolution resolution_of(const rs_file_at_hand *x, uint32_t row)
{
    return (rs_w_resolution)rs_name_bindings_columns_of(x->part).resolution[row];
}

/* Names of functions that have a value are read and written without asking anyone; all others may fail. */
static bool name_may_raise(const rs_file_at_hand *x, uint32_t row, rs_w_flow_action action)
{
    switch (resolution_of(x, row)) {
    case RS_W_resolution_local:
        return action == RS_W_flow_action_delete ||
               (action == RS_W_flow_action_eval && read_may_raise(x, row));
    case RS_W_resolution_cell:
    case RS_W_resolution_free:
        return action != RS_W_flow_action_store;
    case RS_W_resolution_class:
    case RS_W_resolution_global:
    case RS_W_resolution_global_declared:
    case RS_W_resolution_unbound:
    case RS_W_resolution_builtin:
    case RS_W_resolution_implicit:
    case RS_W_resolution_star_import:
    case RS_W_resolution_star_or_builtin:
    case RS_N_W_resolution:
        break;
    }
    return true;
}

/* --- values of which something is known --- */

/* A display, a literal or a comprehension: its iterator cannot fail, and neither can its truth. */
static bool is_builtin_value(const rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_List:
    case RS_AST_Tuple:
    case RS_AST_Set:
    case RS_AST_Dict:
    case RS_AST_ListComp:
    case RS_AST_SetComp:
    case RS_AST_DictComp:
    case RS_AST_JoinedStr:
        return true;
    case RS_AST_Constant:
        return node_at(x, n)->detail == RS_W_literal_kind_string ||
               node_at(x, n)->detail == RS_W_literal_kind_bytes;
    default:
        return false;
    }
}

/* All comparisons of n are of one of two operators. */
static bool compares_by(const rs_file_at_hand *x, uint32_t n, rs_ast_class one, rs_ast_class other)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        uint8_t ast_class = node_at(x, child)->ast_class;
        if (node_at(x, child)->field == RS_F_ops && ast_class != one && ast_class != other) {
            return false;
        }
    }
    return true;
}

bool rs_flow_truth_may_raise(rs_file_at_hand *x, uint32_t n)
{
    while (node_at(x, n)->ast_class == RS_AST_NamedExpr) {
        n = child_in(x, n, RS_F_value);
    }
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Constant:
    case RS_AST_Lambda:
    case RS_AST_GeneratorExp:
    case RS_AST_TemplateStr:
        return false;
    case RS_AST_UnaryOp:
        return node_at(x, n + 1)->ast_class != RS_AST_Not && !rs_flow_is_constant(x, n);
    case RS_AST_Compare:
        return !compares_by(x, n, RS_AST_Is, RS_AST_IsNot) &&
               !compares_by(x, n, RS_AST_In, RS_AST_NotIn);
    default:
        return !is_builtin_value(x, n) && !rs_flow_is_constant(x, n);
    }
}

/* The child of n in a field that has one; n has it. */
static bool is_constant_in(rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    return rs_flow_is_constant(x, child_in(x, n, field));
}

/* True where all children of n in a field are constants: none has a __hash__ of its own. */
static bool are_constant(rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == field && !rs_flow_is_constant(x, child)) {
            return false;
        }
    }
    return true;
}

/* A loop or clause over what cannot fail to give its items. */
static bool iterates_builtin(const rs_file_at_hand *x, uint32_t n)
{
    bool is_async = node_at(x, n)->ast_class == RS_AST_AsyncFor ||
                    x->tree.text[node_at(x, n)->start_byte] == 'a';
    return !is_async && is_builtin_value(x, child_in(x, n, RS_F_iter));
}

/* --- unpacking --- */

enum { MAX_UNPACKED = 8 }; /* tuples in tuples that are looked into */

/* How many parts a display or target has; *has_star says whether one of them is starred. */
static uint32_t count_parts(const rs_file_at_hand *x, uint32_t n, bool *has_star)
{
    uint32_t n_parts = 0;
    *has_star = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        *has_star |= node_at(x, child)->ast_class == RS_AST_Starred;
        n_parts++;
    }
    return n_parts;
}

/* Part number `place` of a display, which has it; RS_NO_NODE where a star hides which one it is. */
static uint32_t part_of(const rs_file_at_hand *x, uint32_t n, uint32_t place)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    bool has_star;
    if ((ast_class != RS_AST_Tuple && ast_class != RS_AST_List) ||
        count_parts(x, n, &has_star) <= place || has_star) {
        return RS_NO_NODE;
    }
    uint32_t part = n + 1;
    for (uint32_t i = 0; i < place; i++) {
        part = behind(x, part);
    }
    return part;
}

/* What the target n gets, as far as it is written down; RS_NO_NODE else. */
static uint32_t unpacked_value(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t path[MAX_UNPACKED];
    size_t n_path = 0;
    while (node_at(x, n)->field == RS_F_elts && n_path < MAX_UNPACKED) {
        uint32_t place = node_at(x, n)->order;
        n = node_at(x, n)->parent;
        if (part_of(x, n, place) == RS_NO_NODE) {
            return RS_NO_NODE;
        }
        path[n_path++] = place;
    }
    uint32_t parent = node_at(x, n)->parent;
    if (node_at(x, parent)->ast_class != RS_AST_Assign || node_at(x, n)->field != RS_F_targets) {
        return RS_NO_NODE;
    }
    uint32_t value = child_in(x, parent, RS_F_value);
    while (n_path > 0 && value < behind(x, parent)) {
        value = part_of(x, value, path[--n_path]);
    }
    return value < behind(x, parent) ? value : RS_NO_NODE;
}

/* `a, b = b, a` cannot fail. */
static bool unpacking_may_raise(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t value = unpacked_value(x, n);
    if (value == RS_NO_NODE || (node_at(x, value)->ast_class != RS_AST_Tuple &&
                                node_at(x, value)->ast_class != RS_AST_List)) {
        return true;
    }
    bool is_open;
    bool has_star;
    uint32_t n_values = count_parts(x, value, &is_open);
    uint32_t n_targets = count_parts(x, n, &has_star);
    return is_open || (has_star ? n_values + 1 < n_targets : n_values != n_targets);
}

/* --- elements --- */

static bool store_may_raise(rs_file_at_hand *x, uint32_t n)
{
    uint32_t row = flow_lens(x)->name_row.items[n];
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Attribute:
    case RS_AST_Subscript:
    case RS_AST_ClassDef:
    case RS_AST_alias:
        return true;
    case RS_AST_Tuple:
    case RS_AST_List:
        return unpacking_may_raise(x, n);
    case RS_AST_ListComp: /* an item is added */
    case RS_AST_arg:
        return false;
    case RS_AST_SetComp:
        return !is_constant_in(x, n, RS_F_elt);
    case RS_AST_DictComp:
        return !is_constant_in(x, n, RS_F_key);
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
        if (node_at(x, n)->n_subtree > 1 && node_at(x, n + 1)->field == RS_F_decorator_list) {
            return true;
        }
        break;
    default:
        break;
    }
    return row == RS_FLOW_NONE || name_may_raise(x, row, RS_W_flow_action_store);
}

/* What is made of parts that are there. */
static bool display_may_raise(rs_file_at_hand *x, uint32_t n)
{
    uint8_t around = node_at(x, node_at(x, n)->parent)->ast_class;
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Dict:
        return !are_constant(x, n, RS_F_keys);
    case RS_AST_Set:
        return !are_constant(x, n, RS_F_elts);
    case RS_AST_Starred: /* of a set, its items are hashed */
        return around == RS_AST_Set || !is_builtin_value(x, n + 1);
    case RS_AST_FormattedValue:
        return behind(x, n + 1) < behind(x, n) || !rs_flow_is_constant(x, n + 1);
    case RS_AST_GeneratorExp:
        return !iterates_builtin(x, child_in(x, n, RS_F_generators));
    default:
        return false;
    }
}

static bool eval_may_raise(rs_file_at_hand *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Constant:
    case RS_AST_Lambda:
    case RS_AST_Tuple:
    case RS_AST_List:
    case RS_AST_Slice:
    case RS_AST_JoinedStr:
    case RS_AST_TemplateStr:
    case RS_AST_Interpolation:
    case RS_AST_IfExp:
    case RS_AST_BoolOp:
    case RS_AST_NamedExpr:
        return false;
    case RS_AST_Dict:
    case RS_AST_Set:
    case RS_AST_Starred:
    case RS_AST_FormattedValue:
    case RS_AST_GeneratorExp:
        return display_may_raise(x, n);
    case RS_AST_UnaryOp:
        return node_at(x, n + 1)->ast_class == RS_AST_Not ? rs_flow_truth_may_raise(x, n + 2)
                                                          : !rs_flow_is_constant(x, n);
    case RS_AST_Compare:
        return !compares_by(x, n, RS_AST_Is, RS_AST_IsNot);
    case RS_AST_BinOp:
    case RS_AST_Subscript:
        return !rs_flow_is_constant(x, n);
    case RS_AST_Name: {
        uint32_t row = flow_lens(x)->name_row.items[n];
        return row == RS_FLOW_NONE || name_may_raise(x, row, RS_W_flow_action_eval);
    }
    default:
        return true;
    }
}

bool rs_flow_may_raise(rs_file_at_hand *x, uint32_t n, rs_w_flow_action action)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    switch (action) {
    case RS_W_flow_action_eval:
        return eval_may_raise(x, n);
    case RS_W_flow_action_store:
        return store_may_raise(x, n);
    case RS_W_flow_action_delete:
        /* The name of an except clause is bound before it is deleted. */
        return ast_class != RS_AST_ExceptHandler;
    case RS_W_flow_action_match:
        if (ast_class == RS_AST_ExceptHandler) { /* of a type, if any */
            return node_at(x, n)->n_subtree > 1 && node_at(x, n + 1)->field == RS_F_type;
        }
        return ast_class != RS_AST_MatchAs && ast_class != RS_AST_MatchSingleton;
    case RS_W_flow_action_jump:
        return false;
    case RS_W_flow_action_pass:
        return ast_class == RS_AST_Error;
    case RS_W_flow_action_iter:
    case RS_W_flow_action_next:
        return !iterates_builtin(x, n);
    case RS_W_flow_action_enter:
    case RS_W_flow_action_exit:
    case RS_W_flow_action_raise:
    case RS_W_flow_action_add:
    case RS_N_W_flow_action:
        break;
    }
    return true;
}

/* A read of a function's own name that was taken for one that cannot fail, and may. */
static bool is_unbound_read(const rs_file_at_hand *x, const flow_element *element)
{
    uint32_t row = flow_lens(x)->name_row.items[element->node];
    return element->action == RS_W_flow_action_eval && !element->may_raise && row != RS_FLOW_NONE &&
           resolution_of(x, row) == RS_W_resolution_local && rs_flow_is_maybe_unbound(x, row);
}

bool rs_flow_raise_unbound(rs_file_at_hand *x)
{
    rs_flow_lens *lens = x->worker;
    bool is_caught = false;
    for (size_t b = 0; lens->is_function && b < lens->blocks.n_items; b++) {
        flow_block *block = &lens->blocks.items[b];
        for (uint32_t i = block->first_element; i < block->end_element; i++) {
            flow_element *element = &lens->elements.items[i];
            if (is_unbound_read(x, element)) {
                element->may_raise = true;
                block->may_raise = true;
                is_caught |= block->is_caught;
            }
        }
    }
    return is_caught;
}
