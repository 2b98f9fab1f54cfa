/* SPDX-License-Identifier: Apache-2.0 */
/* names_context.c - where each node lies. */
#include "evidence/names/names_impl.h"

/* --- scopes --- */

static uint32_t function_add(rs_file_at_hand *x, const names_scope *s, uint32_t flags)
{
    rs_names_lens *lens = x->worker;
    const names_scope *around = &lens->scopes.items[s->parent];
    while (around->kind == RS_W_scope_kind_type_parameters) {
        around = &lens->scopes.items[around->parent];
    }
    bool is_method = around->owner_kind == NAMES_OF_CLASS &&
                     around->kind == RS_W_scope_kind_class && (flags & NAMES_IS_COMPREHENSION) == 0;
    names_function function = {
        .node = s->node,
        .binding = NAMES_NONE,
        .in_class = is_method ? around->owner : NAMES_NONE,
        .outer_function = around->owner_kind == NAMES_OF_FUNCTION ? around->owner : NAMES_NONE,
        .annotation = NAMES_NONE,
        .flags = (uint8_t)flags};
    if (!names_functions_push(&lens->functions, function)) {
        x->status = RS_ERR_NOMEM;
    }
    return (uint32_t)lens->functions.n_items - 1;
}

static uint32_t class_add(rs_file_at_hand *x, const names_scope *s)
{
    rs_names_lens *lens = x->worker;
    const names_scope *around = &lens->scopes.items[s->parent];
    while (around->kind == RS_W_scope_kind_type_parameters) {
        around = &lens->scopes.items[around->parent];
    }
    names_class made = {
        .node = s->node,
        .binding = NAMES_NONE,
        .outer_function = around->owner_kind == NAMES_OF_FUNCTION ? around->owner : NAMES_NONE,
        .outer_class = around->owner_kind == NAMES_OF_CLASS ? around->owner : NAMES_NONE};
    if (!names_classes_push(&lens->classes, made)) {
        x->status = RS_ERR_NOMEM;
    }
    return (uint32_t)lens->classes.n_items - 1;
}

static void scope_own(rs_file_at_hand *x, names_scope *s)
{
    switch ((rs_w_scope_kind)s->kind) {
    case RS_W_scope_kind_module:
        s->owner_kind = NAMES_OF_MODULE;
        break;
    case RS_W_scope_kind_class:
        s->owner_kind = NAMES_OF_CLASS;
        s->owner = class_add(x, s);
        s->around_class = s->owner;
        s->around_def = NAMES_NONE;
        break;
    case RS_W_scope_kind_def:
    case RS_W_scope_kind_lambda:
        s->owner_kind = NAMES_OF_FUNCTION;
        s->owner = function_add(x, s, s->kind == RS_W_scope_kind_lambda ? NAMES_IS_LAMBDA : 0);
        s->around_def = s->owner;
        break;
    case RS_W_scope_kind_listcomp:
    case RS_W_scope_kind_setcomp:
    case RS_W_scope_kind_dictcomp:
    case RS_W_scope_kind_genexpr:
        s->owner_kind = NAMES_OF_FUNCTION;
        s->owner = function_add(x, s, NAMES_IS_COMPREHENSION);
        break;
    case RS_W_scope_kind_annotation:
    case RS_W_scope_kind_type_parameters:
    case RS_W_scope_kind_type_variable:
    case RS_W_scope_kind_type_alias:
    case RS_N_W_scope_kind:
        s->owner_kind = NAMES_OF_TYPE_PARAMS;
        break;
    }
}

static bool arrays_size(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    names_numbers *const by_node[] = {&lens->at,      &lens->opened, &lens->row,
                                      &lens->binding, &lens->expr,   &lens->value};
    for (size_t i = 0; i < sizeof by_node / sizeof *by_node; i++) {
        names_numbers_reset(by_node[i]);
        if (!names_numbers_reserve(by_node[i], x->tree.n_nodes)) {
            return false;
        }
        memset(by_node[i]->items, 0xff, x->tree.n_nodes * sizeof *by_node[i]->items);
    }
    names_bytes_reset(&lens->lies);
    names_uses_reset(&lens->uses);
    if (!names_bytes_reserve(&lens->lies, x->tree.n_nodes) ||
        !names_uses_reserve(&lens->uses, x->tree.n_nodes)) {
        return false;
    }
    memset(lens->lies.items, 0, x->tree.n_nodes);
    memset(lens->uses.items, 0, x->tree.n_nodes * sizeof *lens->uses.items);
    return true;
}

void rs_names_scopes(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    rs_scopes_columns of = rs_scopes_columns_of(x->part);
    const rs_batch_column *parents =
        &x->part->batches[RS_DS_scopes].columns[RS_C_scopes_parent_scope_id];
    size_t first = x->first_rows[RS_DS_scopes];
    size_t end = x->part->batches[RS_DS_scopes].n_rows;
    if (!arrays_size(x)) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    for (size_t row = first; row < end && x->status == RS_OK; row++) {
        rs_opt_i64 parent = rs_opt_i64_at(parents, row);
        names_scope s = {.node = (uint32_t)(of.node_id[row] - x->base),
                         .parent = parent.is_set
                                       ? (uint32_t)(parent.value - x->base) - lens->first_scope
                                       : NAMES_NONE,
                         .owner = NAMES_NONE,
                         .around_def = NAMES_NONE,
                         .around_class = NAMES_NONE,
                         .type = of.scope_type[row],
                         .kind = of.scope_kind[row]};
        if (s.parent != NAMES_NONE) {
            s.around_def = lens->scopes.items[s.parent].around_def;
            s.around_class = lens->scopes.items[s.parent].around_class;
        }
        scope_own(x, &s);
        bool is_inside_itself =
            s.kind == RS_W_scope_kind_annotation || s.kind == RS_W_scope_kind_type_variable;
        names_numbers *by_node = is_inside_itself ? &lens->at : &lens->opened;
        by_node->items[s.node] = (uint32_t)(row - first);
        if (!names_scopes_push(&lens->scopes, s)) {
            x->status = RS_ERR_NOMEM;
        }
    }
}

/* --- nodes --- */

/* The scope around the one that node n opens, type parameters of n itself passed over. */
static uint32_t outer_of(const rs_names_lens *lens, uint32_t s)
{
    uint32_t around = lens->scopes.items[s].parent;
    bool is_header = lens->scopes.items[around].kind == RS_W_scope_kind_type_parameters &&
                     lens->scopes.items[around].node == lens->scopes.items[s].node;
    return is_header ? lens->scopes.items[around].parent : around;
}

static uint32_t in_definition(const rs_names_lens *lens, uint8_t field, uint32_t opened)
{
    switch (field) {
    case RS_F_decorator_list:
    case RS_F_name:
        return outer_of(lens, opened);
    case RS_F_returns:
    case RS_F_bases:
    case RS_F_keywords:
    case RS_F_type_params:
        return lens->scopes.items[opened].parent;
    default:
        return opened;
    }
}

/* The scope that node n is evaluated in. */
static uint32_t scope_of(const rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    const rs_node *parent = node_at(x, node->parent);
    uint32_t opened = lens->opened.items[node->parent];
    uint32_t at = lens->at.items[node->parent];
    switch (parent->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_TypeAlias:
        return opened == NAMES_NONE ? at : in_definition(lens, node->field, opened);
    case RS_AST_arguments:
        return node->field == RS_F_defaults || node->field == RS_F_kw_defaults ? outer_of(lens, at)
                                                                               : at;
    case RS_AST_arg:
        return lens->scopes.items[at].parent;
    case RS_AST_comprehension:
        return node->field == RS_F_iter && parent->order == 0 ? lens->scopes.items[at].parent : at;
    default:
        return opened == NAMES_NONE ? at : opened;
    }
}

/* A string here says a type, or is a part of what does. */
static bool is_annotation(const rs_file_at_hand *x, uint32_t n, uint8_t around)
{
    const rs_node *node = node_at(x, n);
    uint32_t p = node->parent;
    if (node->field == RS_F_annotation || node->field == RS_F_returns) {
        return true;
    }
    if (node->field == RS_F_slice && node_at(x, p)->field == RS_F_bases) {
        return true;
    }
    if (node_at(x, p)->ast_class == RS_AST_Call) {
        return node->field == RS_F_args && node->order == 0 && names_is(x, p + 1, "cast");
    }
    if ((around & NAMES_AT_ANNOTATION) == 0) {
        return false;
    }
    switch (node_at(x, p)->ast_class) {
    case RS_AST_Subscript:
        return node->field != RS_F_slice || !names_is(x, p + 1, "Literal");
    case RS_AST_Tuple: {
        bool is_annotated = node_at(x, p)->field == RS_F_slice &&
                            names_is(x, node_at(x, p)->parent + 1, "Annotated");
        return !is_annotated || node->order == 0;
    }
    case RS_AST_List:
    case RS_AST_BinOp:
    case RS_AST_Starred:
        return true;
    default:
        return false;
    }
}

/* What an If says of the branches below it, beside what holds around it. Of TYPE_CHECKING both hold: the
 * one for who checks types, the other for who runs the code. */
static uint32_t decided(const rs_file_at_hand *x, uint32_t n)
{
    int truth = rs_names_static_truth(x, n + 1);
    if (truth >= 0 && rs_names_asks_typing(x, n + 1)) {
        return truth == 1 ? NAMES_IS_TYPING : 0;
    }
    return truth < 0 ? 0 : truth == 1 ? NAMES_AT_DECIDED_TRUE : NAMES_AT_DECIDED_FALSE;
}

/* What a branch of an If is, by what is decided of that. */
static uint32_t branch_flags(uint8_t field, uint8_t own)
{
    if (field == RS_F_body) {
        return (own & NAMES_IS_TYPING) | ((own & NAMES_AT_DECIDED_FALSE) != 0 ? NAMES_IS_DEAD : 0);
    }
    return field == RS_F_orelse && (own & NAMES_AT_DECIDED_TRUE) != 0 ? NAMES_IS_DEAD : 0;
}

/* What is done to __all__ at module level: a statement, or a call of a method. */
static bool is_all(const rs_file_at_hand *x, uint32_t n)
{
    if (names_lens(x)->at.items[n] != 0 || n + 1 >= x->tree.n_nodes) {
        return false;
    }
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Assign:
    case RS_AST_AnnAssign:
    case RS_AST_AugAssign:
        return node_at(x, n + 1)->ast_class == RS_AST_Name && names_is(x, n + 1, "__all__");
    case RS_AST_Call:
        return node_at(x, n + 1)->ast_class == RS_AST_Attribute &&
               node_at(x, n + 2)->ast_class == RS_AST_Name && names_is(x, n + 2, "__all__");
    default:
        return false;
    }
}

void rs_names_context(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    uint8_t *decisions =
        lens->lies.items; /* an If's own flags are its parent's and what it decides */
    lens->at.items[0] = 0;
    for (uint32_t n = 1; n < x->tree.n_nodes; n++) {
        const rs_node *node = node_at(x, n);
        uint8_t around = decisions[node->parent];
        uint32_t flags = around & (NAMES_AT_FLAGS | NAMES_AT_ALL);
        if (lens->at.items[n] == NAMES_NONE) {
            lens->at.items[n] = scope_of(x, n);
        }
        switch (node_at(x, node->parent)->ast_class) {
        case RS_AST_If: {
            uint32_t above = node_at(x, node->parent)->parent;
            flags = (flags & ~(uint32_t)NAMES_IS_TYPING) | (decisions[above] & NAMES_IS_TYPING) |
                    branch_flags(node->field, around);
            break;
        }
        case RS_AST_FunctionDef:
        case RS_AST_AsyncFunctionDef:
        case RS_AST_Lambda:
        case RS_AST_ClassDef:
            flags &= node->field == RS_F_body ? ~(uint32_t)NAMES_IN_HANDLER : UINT32_MAX;
            break;
        case RS_AST_ExceptHandler:
            flags |= node->field == RS_F_body ? NAMES_IN_HANDLER : 0;
            break;
        default:
            break;
        }
        if (is_annotation(x, n, around)) {
            flags |= NAMES_AT_ANNOTATION;
        }
        if (is_all(x, n)) {
            flags |= NAMES_AT_ALL;
        }
        decisions[n] = (uint8_t)flags;
        if (node->ast_class == RS_AST_If) {
            decisions[n] |= (uint8_t)decided(x, n);
        }
    }
}
