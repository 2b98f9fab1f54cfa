/* SPDX-License-Identifier: Apache-2.0 */
/* flow_inner.c - names of a scope that code inside of it binds while it runs.
 *
 * The body of a class runs where the class stands, and a comprehension where it stands; `global` and
 * `nonlocal` in the one and `:=` in the other give their names to the scope around. Each such place is
 * an element of both scopes. In the one around it is known that it runs where nothing in the body can
 * go around it; else there is a way past it. (A generator runs later, perhaps: its names are cells or
 * a module's, and REACHING_DEF calls these shared.)
 */
#include "evidence/flow/flow_steps.h"

/* What is done to a name, or RS_N_W_flow_action. */
static rs_w_flow_action action_of(rs_w_occurrence occurrence)
{
    switch (occurrence) {
    case RS_W_occurrence_store:
    case RS_W_occurrence_def:
    case RS_W_occurrence_class:
    case RS_W_occurrence_import:
    case RS_W_occurrence_except:
    case RS_W_occurrence_match:
        return RS_W_flow_action_store;
    case RS_W_occurrence_del:
        return RS_W_flow_action_delete;
    case RS_W_occurrence_load:
    case RS_W_occurrence_param:
    case RS_W_occurrence_type_param:
    case RS_W_occurrence_global:
    case RS_W_occurrence_nonlocal:
    case RS_N_W_occurrence:
        break;
    }
    return RS_N_W_flow_action;
}

/* True when nothing but what fails can keep a body from coming to node n: no branch, no loop. */
static bool is_certain(const rs_file_at_hand *x, uint32_t n, uint32_t body)
{
    for (uint32_t at = node_at(x, n)->parent; at != body; at = node_at(x, at)->parent) {
        switch (node_at(x, at)->ast_class) {
        case RS_AST_Assign:
        case RS_AST_AugAssign:
        case RS_AST_AnnAssign:
        case RS_AST_Delete:
        case RS_AST_Import:
        case RS_AST_ImportFrom:
        case RS_AST_Tuple:
        case RS_AST_List:
        case RS_AST_Starred:
        case RS_AST_ClassDef:
            break;
        default:
            return false;
        }
    }
    return node_at(x, body)->ast_class == RS_AST_ClassDef;
}

static void inner_push(rs_file_at_hand *x, uint32_t body, uint32_t n, rs_w_flow_action action)
{
    EMIT(body, enter);
    if (is_certain(x, n, body)) {
        PUSH(EMIT, action, n, 0, 0);
        return;
    }
    uint32_t taken = rs_flow_label(x);
    uint32_t past = rs_flow_label(x);
    PUSH(BRANCH, 0, 0, taken, past);
    LABEL(taken, body);
    PUSH(EMIT, action, n, 0, 0);
    LABEL(past, body);
}

bool rs_flow_is_function_body(const rs_file_at_hand *x, uint32_t n)
{
    uint8_t around = node_at(x, node_at(x, n)->parent)->ast_class;
    return node_at(x, n)->field == RS_F_body &&
           (around == RS_AST_FunctionDef || around == RS_AST_AsyncFunctionDef ||
            around == RS_AST_Lambda);
}

void rs_flow_inner(rs_file_at_hand *x, uint32_t n)
{
    const rs_flow_lens *lens = x->worker;
    bool is_class = node_at(x, n)->ast_class == RS_AST_ClassDef;
    uint32_t first = is_class ? child_in(x, n, RS_F_body) : n + 1;
    uint32_t n_slots = rs_flow_n_slots(lens);
    const uint8_t *occurrences = rs_name_bindings_columns_of(x->part).occurrence;
    for (uint32_t i = first; i < behind(x, n); i++) {
        if (rs_flow_is_function_body(x, i)) {
            i = behind(x, i) - 1;
            continue;
        }
        uint32_t row = lens->name_row.items[i];
        if (row == RS_FLOW_NONE || rs_flow_slot(x, row) >= n_slots) {
            continue;
        }
        rs_w_flow_action action = action_of((rs_w_occurrence)occurrences[row]);
        if (action != RS_N_W_flow_action) {
            inner_push(x, n, i, action);
            if (occurrences[row] == RS_W_occurrence_except) {
                inner_push(x, n, i, RS_W_flow_action_delete); /* at the end of its clause */
            }
        }
    }
}
