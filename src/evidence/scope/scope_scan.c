/* SPDX-License-Identifier: Apache-2.0 */
/* scope_scan.c - one pass over the nodes: scopes, symbols, and names. */
#include "evidence/scope/scope_impl.h"

/* --- scopes --- */

/* A new scope; where decorators and annotations go is the parent until told otherwise. */
static uint32_t scope_open(rs_file_at_hand *x, uint32_t n, uint32_t parent, rs_w_scope_type type,
                           rs_w_scope_kind kind, uint32_t name)
{
    scope_list *scopes = &scope_lens(x)->scopes;
    uint32_t number = (uint32_t)scopes->n_items;
    bool is_root = number == 0;
    scope s = {.node = n,
               .parent = parent,
               .outer = parent,
               .header = parent,
               .private_name = is_root ? RS_STR_NULL : scopes->items[parent].private_name,
               .name = name,
               .type_params = is_root || type == RS_W_scope_type_class
                                  ? RS_SCOPE_NONE
                                  : scopes->items[parent].type_params,
               .first_symbol = RS_SCOPE_NONE,
               .last_symbol = RS_SCOPE_NONE,
               .first_child = RS_SCOPE_NONE,
               .last_child = RS_SCOPE_NONE,
               .next_sibling = RS_SCOPE_NONE,
               .type = (uint8_t)type,
               .kind = (uint8_t)kind};
    if (!is_root) {
        const scope *around = &scopes->items[parent];
        s.is_nested = around->is_nested || scope_is_function_like(around);
    }
    if (!scope_list_push(scopes, s)) {
        x->status = RS_ERR_NOMEM;
        return parent;
    }
    if (is_root) {
        return number;
    }
    RS_ASSERT(parent < number); /* scopes are numbered from outside in */
    scope *around = &scopes->items[parent];
    if (around->first_child == RS_SCOPE_NONE) {
        around->first_child = number;
    } else {
        scopes->items[around->last_child].next_sibling = number;
    }
    around->last_child = number;
    return number;
}

/* A scope of PEP 695, which sees the names of a class right around it. */
static uint32_t type_scope_open(rs_file_at_hand *x, uint32_t n, uint32_t parent,
                                rs_w_scope_type type, rs_w_scope_kind kind)
{
    uint32_t number = scope_open(x, n, parent, type, kind, rs_scope_node_name(x, n));
    scope_list *scopes = &scope_lens(x)->scopes;
    const scope *around = &scopes->items[parent];
    bool is_in_class = around->type == RS_W_scope_type_class || around->sees_class;
    if (is_in_class && number != parent) {
        scopes->items[number].sees_class = true;
        rs_scope_symbol_add(x, number, scope_lens(x)->words.class_dict, RS_SYM_USE, RS_SCOPE_NONE);
    }
    return number;
}

/* True when type parameters stand behind the decorators of the definition at node n. */
static bool has_type_params(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t end = n + node_at(x, n)->n_subtree;
    for (uint32_t child = n + 1; child < end; child += node_at(x, child)->n_subtree) {
        uint8_t field = node_at(x, child)->field;
        if (field != RS_F_decorator_list && field != RS_F_name) {
            return field == RS_F_type_params;
        }
    }
    return false;
}

/* A function, class or type alias at node n, which stands in scope `at`. */
static uint32_t definition_open(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    uint32_t name = rs_scope_node_name(x, n);
    uint32_t header = at;
    if (has_type_params(x, n)) {
        header = type_scope_open(x, n, at, RS_W_scope_type_type_parameters,
                                 RS_W_scope_kind_type_parameters);
        if (ast_class == RS_AST_ClassDef) {
            scope_lens(x)->scopes.items[header].private_name = name;
            scope_lens(x)->scopes.items[header].type_params = header;
        }
    }
    uint32_t inner;
    if (ast_class == RS_AST_TypeAlias) {
        inner =
            type_scope_open(x, n, header, RS_W_scope_type_type_alias, RS_W_scope_kind_type_alias);
    } else if (ast_class == RS_AST_ClassDef) {
        inner = scope_open(x, n, header, RS_W_scope_type_class, RS_W_scope_kind_class, name);
        scope_lens(x)->scopes.items[inner].private_name = name;
    } else {
        inner = scope_open(x, n, header, RS_W_scope_type_function, RS_W_scope_kind_def, name);
    }
    scope_lens(x)->scopes.items[inner].outer = at;
    scope_lens(x)->scopes.items[inner].header = header;
    return inner;
}

static uint32_t comprehension_open(rs_file_at_hand *x, uint32_t n, uint32_t at,
                                   rs_w_scope_kind kind)
{
    uint32_t inner =
        scope_open(x, n, at, RS_W_scope_type_function, kind, scope_lens(x)->words.kinds[kind]);
    rs_scope_symbol_add(x, inner, scope_lens(x)->words.first_iterable, RS_SYM_PARAM, RS_SCOPE_NONE);
    scope_lens(x)->scopes.items[inner].in_annotation =
        n < scope_lens(x)->annotation_end && at == scope_lens(x)->annotation_scope;
    scope_lens(x)->scopes.items[inner].was_unseen =
        n < scope_lens(x)->unseen_end && scope_lens(x)->was_unseen;
    return inner;
}

/* The scope of an annotation that stands in scope `at`: a hidden one when it is never evaluated. */
static uint32_t annotation_scope(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    if (!scope_lens(x)->has_future) {
        return at;
    }
    return scope_open(x, n, at, RS_W_scope_type_annotation, RS_W_scope_kind_annotation,
                      scope_lens(x)->words.kinds[RS_W_scope_kind_annotation]);
}

/* The scope that node n opens for its children, else `at`, the one that it stands in. */
static uint32_t scope_inside(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_TypeAlias:
        return definition_open(x, n, at);
    case RS_AST_Lambda:
        return scope_open(x, n, at, RS_W_scope_type_function, RS_W_scope_kind_lambda,
                          scope_lens(x)->words.kinds[RS_W_scope_kind_lambda]);
    case RS_AST_ListComp:
        return comprehension_open(x, n, at, RS_W_scope_kind_listcomp);
    case RS_AST_SetComp:
        return comprehension_open(x, n, at, RS_W_scope_kind_setcomp);
    case RS_AST_DictComp:
        return comprehension_open(x, n, at, RS_W_scope_kind_dictcomp);
    case RS_AST_GeneratorExp:
        return comprehension_open(x, n, at, RS_W_scope_kind_genexpr);
    default:
        return at;
    }
}

/* The scope that a child of a definition is evaluated in. */
static uint32_t scope_in_definition(rs_file_at_hand *x, uint32_t n, uint32_t inside)
{
    const scope *s = &scope_lens(x)->scopes.items[inside];
    RS_ASSERT(s->outer <= s->header && s->header <= inside);
    switch (node_at(x, n)->field) {
    case RS_F_decorator_list:
    case RS_F_name:
        return s->outer;
    case RS_F_returns:
        return annotation_scope(x, n, s->header);
    case RS_F_bases:
    case RS_F_keywords:
    case RS_F_type_params:
        return s->header;
    default:
        return inside;
    }
}

/* The scope that node n is evaluated in. */
static uint32_t scope_around(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *parent = node_at(x, node->parent);
    uint32_t inside = scope_lens(x)->inner.items[node->parent];
    RS_ASSERT(inside < scope_lens(x)->scopes.n_items);
    switch (parent->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_TypeAlias:
        return scope_in_definition(x, n, inside);
    case RS_AST_arguments:
        return node->field == RS_F_defaults || node->field == RS_F_kw_defaults
                   ? scope_lens(x)->scopes.items[inside].outer
                   : inside;
    case RS_AST_arg:
        return annotation_scope(x, n, scope_lens(x)->scopes.items[inside].header);
    case RS_AST_AnnAssign:
        return node->field == RS_F_annotation ? annotation_scope(x, n, inside) : inside;
    case RS_AST_comprehension:
        return node->field == RS_F_iter && parent->order == 0
                   ? scope_lens(x)->scopes.items[inside].outer
                   : inside;
    case RS_AST_TypeVar:
    case RS_AST_ParamSpec:
    case RS_AST_TypeVarTuple: {
        uint32_t number = type_scope_open(x, node->parent, inside, RS_W_scope_type_type_variable,
                                          RS_W_scope_kind_type_variable);
        scope_lens(x)->scopes.items[number].node = n;
        return number;
    }
    default:
        return inside;
    }
}

/* --- occurrences --- */

static void occurrence_add(rs_file_at_hand *x, scope_name name)
{
    if (!scope_names_push(&scope_lens(x)->names, name)) {
        x->status = RS_ERR_NOMEM;
    }
}

/* A name of a Name or Identifier node, which is all of the node. */
static uint32_t name_add(rs_file_at_hand *x, uint32_t n, uint32_t at, rs_w_occurrence occurrence,
                         uint32_t flags)
{
    uint32_t name = rs_scope_node_name(x, n);
    uint32_t symbol = RS_SCOPE_NONE;
    if (flags != 0) {
        symbol = rs_scope_symbol_add(x, at, rs_scope_mangle(x, at, name), flags, n);
    }
    occurrence_add(x, (scope_name){.node = n,
                                   .scope = at,
                                   .symbol = symbol,
                                   .name = name,
                                   .occurrence = (uint8_t)occurrence});
    return symbol;
}

/* A name that is a part of node n's text. */
static void part_add(rs_file_at_hand *x, uint32_t n, uint32_t at, text_span span, uint32_t name,
                     rs_w_occurrence occurrence, uint32_t flags)
{
    uint32_t mangled = (flags & RS_SYM_TYPE_PARAM) != 0 ? rs_scope_mangle_param(x, at, name)
                                                        : rs_scope_mangle(x, at, name);
    uint32_t symbol = rs_scope_symbol_add(x, at, mangled, flags, n);
    occurrence_add(x, (scope_name){.node = n,
                                   .scope = at,
                                   .symbol = symbol,
                                   .name = name,
                                   .part = span,
                                   .occurrence = (uint8_t)occurrence});
}

/* A node that carries the name that it binds. */
static void carrier_add(rs_file_at_hand *x, uint32_t n, uint32_t at, rs_w_occurrence occurrence,
                        uint32_t flags)
{
    const rs_node *node = node_at(x, n);
    if (node->name_end > node->name_start) {
        part_add(x, n, at, (text_span){node->name_start, node->name_end}, rs_scope_node_name(x, n),
                 occurrence, flags);
    }
}

static void unique_add(rs_file_at_hand *x, uint32_t n, uint32_t at, rs_w_occurrence occurrence,
                       uint32_t flags)
{
    const rs_node *node = node_at(x, n);
    uint32_t name = rs_scope_node_name(x, n);
    uint32_t before = rs_scope_symbol_find(scope_lens(x), at, rs_scope_mangle(x, at, name));
    uint32_t twice = flags & (RS_SYM_PARAM | RS_SYM_TYPE_PARAM);
    if (before != RS_SCOPE_NONE && (scope_lens(x)->symbols.items[before].flags & twice) != 0 &&
        !node->damaged) {
        bool is_param = occurrence == RS_W_occurrence_param;
        rs_scope_fault(x, is_param ? RS_D_duplicate_argument : RS_D_duplicate_type_parameter,
                       node->name_start, node->name_end,
                       is_param ? "duplicate argument" : "duplicate type parameter", name,
                       is_param ? "in function definition" : "");
    }
    carrier_add(x, n, at, occurrence, flags);
}

static void alias_add(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const rs_node *node = node_at(x, n);
    const char *text = x->tree.text;
    text_span span = {node->name_start, node->name_end};
    RS_ASSERT(span.start_byte < span.end_byte);
    if (text[span.start_byte] == '*') {
        if (at != 0) {
            rs_scope_refuse(x, RS_D_import_star_nested, n, "import * only allowed at module level",
                            RS_STR_NULL, "");
        }
        scope_lens(x)->has_star = true;
        return;
    }
    if (node->detail != 0) {
        span = (text_span){rs_syntax_alias_start(x, node->end_byte), node->end_byte};
    } else {
        uint32_t end = span.start_byte;
        while (end < span.end_byte && strchr(". \t\f\\\n\r", text[end]) == NULL) {
            end++;
        }
        span.end_byte = end;
    }
    uint32_t name = string_number(x, rs_file_name(x, span.start_byte, span.end_byte));
    part_add(x, n, at, span, name, RS_W_occurrence_import, RS_SYM_IMPORT);
}

/* --- names with rules of their own --- */

/* Where the comprehension that a walrus stands in may not stand, or NULL. */
static const char *walrus_place(rs_w_scope_type type)
{
    switch (type) {
    case RS_W_scope_type_class:
        return "in a class body";
    case RS_W_scope_type_type_parameters:
        return "within the definition of a generic";
    case RS_W_scope_type_type_variable:
        return "in a TypeVar bound";
    case RS_W_scope_type_type_alias:
        return "in a type alias";
    case RS_W_scope_type_module:
    case RS_W_scope_type_function:
    case RS_W_scope_type_annotation:
    case RS_N_W_scope_type:
        break;
    }
    return NULL;
}

static void rebinding_refuse(rs_file_at_hand *x, uint32_t n, uint32_t comprehension, uint32_t name)
{
    uint32_t found = rs_scope_symbol_find(scope_lens(x), comprehension, name);
    uint32_t flags = found == RS_SCOPE_NONE ? 0 : scope_lens(x)->symbols.items[found].flags;
    if ((flags & RS_SYM_ITERATED) != 0 && (flags & (RS_SYM_LOCAL | RS_SYM_GLOBAL)) != 0) {
        uint32_t written = rs_scope_node_name(x, n);
        unsigned since = name == written ? 8 : 13; /* private names were overlooked */
        rs_scope_refuse_since(
            x, since, RS_D_named_expr_rebinds, n,
            "assignment expression cannot rebind comprehension iteration variable", written, "");
    }
}

/* The compiler comes to what a comprehension gives behind its clauses, before which it is written. */
static bool is_in_element(const rs_file_at_hand *x, uint32_t n, uint32_t comprehension)
{
    RS_ASSERT(scope_is_comprehension(&scope_lens(x)->scopes.items[comprehension]));
    uint32_t clause = scope_lens(x)->scopes.items[comprehension].node + 1;
    while (node_at(x, clause)->field != RS_F_generators) {
        clause += node_at(x, clause)->n_subtree;
    }
    return n < clause;
}

/*
 * A walrus may not write the variable of a comprehension around. Of one whose clauses come yet it is
 * asked when the file was seen.
 */
static void rebinding_check(rs_file_at_hand *x, uint32_t n, uint32_t comprehension, uint32_t name)
{
    if (!is_in_element(x, n, comprehension)) {
        rebinding_refuse(x, n, comprehension, name);
        return;
    }
    scope_undo late = {.name = name, .was = n, .scope = comprehension};
    if (!scope_undos_push(&scope_lens(x)->undos, late)) {
        x->status = RS_ERR_NOMEM;
    }
}

static void rebindings_late(rs_file_at_hand *x)
{
    scope_undos *late = &scope_lens(x)->undos;
    for (size_t i = 0; i < late->n_items; i++) {
        rebinding_refuse(x, late->items[i].was, late->items[i].scope, late->items[i].name);
    }
    scope_undos_reset(late);
}

/* What a clause's target names was a walrus's target in a clause before. */
static void inner_loop_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    uint32_t name = rs_scope_mangle(x, at, rs_scope_node_name(x, n));
    uint32_t found = rs_scope_symbol_find(scope_lens(x), at, name);
    if (found != RS_SCOPE_NONE &&
        (scope_lens(x)->symbols.items[found].flags & RS_SYM_WALRUS_EARLY) != 0) {
        rs_scope_refuse(x, RS_D_named_expr_rebinds, n,
                        "comprehension inner loop cannot rebind assignment expression target",
                        rs_scope_node_name(x, n), "");
    }
}

/*
 * The target of := in a comprehension is a name of the function around, or of the module; the
 * comprehension's own symbol is declared nonlocal or global.
 */
static uint32_t walrus_flags(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    rs_scope_lens *lens = x->worker;
    if (n < lens->iter_end) {
        rs_scope_refuse(
            x, RS_D_named_expr_in_iterable, n,
            "assignment expression cannot be used in a comprehension iterable expression",
            RS_STR_NULL, "");
    }
    if (!scope_is_comprehension(&lens->scopes.items[at])) {
        return RS_SYM_LOCAL;
    }
    uint32_t name = rs_scope_mangle(x, at, rs_scope_node_name(x, n));
    uint32_t owner = at;
    for (; scope_is_comprehension(&lens->scopes.items[owner]);
         owner = lens->scopes.items[owner].parent) {
        rebinding_check(x, n, owner, name);
    }
    RS_ASSERT(!scope_is_comprehension(&lens->scopes.items[owner]));
    const scope *around = &lens->scopes.items[owner];
    const char *place = walrus_place((rs_w_scope_type)around->type);
    if (place != NULL) {
        bool is_class = around->type == RS_W_scope_type_class;
        rs_scope_refuse(x, is_class ? RS_D_named_expr_in_class : RS_D_expression_in_annotation, n,
                        "assignment expression within a comprehension cannot be used", RS_STR_NULL,
                        place);
        return RS_SYM_LOCAL;
    }
    uint32_t early = is_in_element(x, n, at) ? 0 : RS_SYM_WALRUS_EARLY;
    if (around->type == RS_W_scope_type_module) {
        rs_scope_symbol_add(x, owner, name, RS_SYM_GLOBAL, RS_SCOPE_NONE);
        return RS_SYM_LOCAL | RS_SYM_GLOBAL | early;
    }
    uint32_t symbol = rs_scope_symbol_add(x, owner, name, RS_SYM_LOCAL, RS_SCOPE_NONE);
    bool is_global =
        symbol != RS_SCOPE_NONE && (lens->symbols.items[symbol].flags & RS_SYM_GLOBAL) != 0;
    if (is_global) {
        rs_scope_symbol_add(x, 0, name, RS_SYM_GLOBAL, RS_SCOPE_NONE);
    }
    return RS_SYM_LOCAL | early | (is_global ? RS_SYM_GLOBAL : RS_SYM_NONLOCAL);
}

/* The target of `name: type [= value]`. */
static uint32_t annotated_flags(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const rs_node *node = node_at(x, n);
    const rs_node *statement = node_at(x, node->parent);
    if (node->parens != 0) {
        uint32_t annotation = n + node->n_subtree;
        uint32_t value = annotation + node_at(x, annotation)->n_subtree;
        bool has_value = value < node->parent + statement->n_subtree;
        return has_value ? RS_SYM_LOCAL : 0;
    }
    uint32_t name = rs_scope_node_name(x, n);
    uint32_t symbol = rs_scope_symbol_find(scope_lens(x), at, rs_scope_mangle(x, at, name));
    if (symbol != RS_SCOPE_NONE && at != 0) {
        uint32_t flags = scope_lens(x)->symbols.items[symbol].flags;
        if ((flags & (RS_SYM_GLOBAL | RS_SYM_NONLOCAL)) != 0) {
            rs_scope_refuse(x, RS_D_annotation_of_declared, n, "annotated name", name,
                            (flags & RS_SYM_GLOBAL) != 0 ? "can't be global" : "can't be nonlocal");
        }
    }
    return RS_SYM_LOCAL | RS_SYM_ANNOTATED;
}

static void name_visit(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    rs_scope_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    uint32_t iterated = n < lens->target_end && at == lens->target_scope ? RS_SYM_ITERATED : 0;
    if (iterated != 0) {
        inner_loop_check(x, n, at);
    }
    if (node->context != RS_W_context_STORE) {
        bool is_load = node->context != RS_W_context_DEL;
        name_add(x, n, at, is_load ? RS_W_occurrence_load : RS_W_occurrence_del,
                 iterated | (is_load ? RS_SYM_USE : RS_SYM_LOCAL));
        if (is_load && rs_scope_node_name(x, n) == lens->words.super &&
            scope_is_function_like(&lens->scopes.items[at])) {
            rs_scope_symbol_add(x, at, lens->words.class_cell, RS_SYM_USE, RS_SCOPE_NONE);
        }
        return;
    }
    const rs_node *parent = node_at(x, node->parent);
    uint32_t flags = RS_SYM_LOCAL | iterated;
    if (node->field == RS_F_target && parent->ast_class == RS_AST_NamedExpr) {
        flags = walrus_flags(x, n, at) | iterated;
    } else if (node->field == RS_F_target && parent->ast_class == RS_AST_AnnAssign) {
        flags = annotated_flags(x, n, at);
    }
    (void)name_add(x, n, at, RS_W_occurrence_store, flags);
}

/* A name of a global or nonlocal statement. */
static void declaration_visit(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const rs_node *node = node_at(x, n);
    RS_ASSERT(at < scope_lens(x)->scopes.n_items);
    uint8_t statement = node_at(x, node->parent)->ast_class;
    if (statement != RS_AST_Global && statement != RS_AST_Nonlocal) {
        return; /* a keyword pattern */
    }
    bool is_global = statement == RS_AST_Global;
    uint32_t name = rs_scope_node_name(x, n);
    uint32_t mangled = rs_scope_mangle(x, at, name);
    uint32_t before = rs_scope_symbol_find(scope_lens(x), at, mangled);
    uint32_t flags = before == RS_SCOPE_NONE ? 0 : scope_lens(x)->symbols.items[before].flags;
    if ((flags & RS_SYM_PARAM) != 0) {
        rs_scope_refuse(x, RS_D_declaration_of_parameter, n, "name", name,
                        is_global ? "is parameter and global" : "is parameter and nonlocal");
    } else if ((flags & (RS_SYM_USE | RS_SYM_ANNOTATED | RS_SYM_LOCAL)) != 0) {
        rs_scope_refuse(x, RS_D_declaration_late, n, "name", name,
                        is_global ? "is used or bound before its global declaration"
                                  : "is used or bound before its nonlocal declaration");
    }
    uint32_t symbol =
        name_add(x, n, at, is_global ? RS_W_occurrence_global : RS_W_occurrence_nonlocal,
                 is_global ? RS_SYM_GLOBAL : RS_SYM_NONLOCAL);
    if (!is_global && symbol != RS_SCOPE_NONE && (flags & RS_SYM_NONLOCAL) == 0) {
        scope_lens(x)->symbols.items[symbol].declared = n;
    }
    if (is_global) {
        rs_scope_symbol_add(x, 0, mangled, RS_SYM_GLOBAL, RS_SCOPE_NONE);
    }
}

/* --- the scan --- */

/* The names that node n binds or uses in scope `at`. */
static void node_visit(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Name:
        name_visit(x, n, at);
        break;
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
        carrier_add(x, n, at, RS_W_occurrence_def, RS_SYM_LOCAL);
        break;
    case RS_AST_ClassDef:
        carrier_add(x, n, at, RS_W_occurrence_class, RS_SYM_LOCAL);
        break;
    case RS_AST_arg:
        unique_add(x, n, at, RS_W_occurrence_param, RS_SYM_PARAM);
        break;
    case RS_AST_TypeVar:
    case RS_AST_ParamSpec:
    case RS_AST_TypeVarTuple:
        unique_add(x, n, at, RS_W_occurrence_type_param, RS_SYM_LOCAL | RS_SYM_TYPE_PARAM);
        break;
    case RS_AST_alias:
        alias_add(x, n, at);
        break;
    case RS_AST_ExceptHandler:
        carrier_add(x, n, at, RS_W_occurrence_except, RS_SYM_LOCAL);
        break;
    case RS_AST_MatchAs:
    case RS_AST_MatchStar:
    case RS_AST_MatchMapping:
        carrier_add(x, n, at, RS_W_occurrence_match, RS_SYM_LOCAL);
        break;
    case RS_AST_Identifier:
        declaration_visit(x, n, at);
        break;
    default:
        break;
    }
}

/* Where the iterables and targets of comprehensions end. */
static void clause_visit(rs_scope_lens *lens, const rs_node *node, uint32_t n, uint32_t at)
{
    if (node->field == RS_F_iter && n + node->n_subtree > lens->iter_end) {
        lens->iter_end = n + node->n_subtree;
    } else if (node->field == RS_F_target) {
        lens->target_end = n + node->n_subtree;
        lens->target_scope = at;
    }
}

static bool imports_annotations(const rs_file_at_hand *x, uint32_t statement)
{
    const rs_node *node = node_at(x, statement);
    rs_str module = text_between(x, node->name_start, node->name_end);
    if (!rs_str_equal(module, RS_STR_LITERAL("__future__"))) {
        return false;
    }
    for (uint32_t n = statement + 1; n < statement + node->n_subtree; n++) {
        const rs_node *alias = node_at(x, n);
        if (rs_str_equal(text_between(x, alias->name_start, alias->name_end),
                         RS_STR_LITERAL("annotations"))) {
            return true;
        }
    }
    return false;
}

/* Only the module's own statements can be __future__ imports. */
bool rs_scope_has_future_annotations(const rs_file_at_hand *x)
{
    for (uint32_t n = 1; n < x->tree.n_nodes; n += node_at(x, n)->n_subtree) {
        if (node_at(x, n)->ast_class == RS_AST_ImportFrom && imports_annotations(x, n)) {
            return true;
        }
    }
    return false;
}

static void words_find(rs_file_at_hand *x)
{
    static const char *const kinds[RS_N_W_scope_kind] = {
        "top",      "class",   "def",         "lambda",          "listcomp",      "setcomp",
        "dictcomp", "genexpr", "_annotation", "type_parameters", "type_variable", "type_alias"};
    scope_words *words = &scope_lens(x)->words;
    rs_strings *strings = &x->part->strings;
    words->super = rs_strings_add(strings, RS_STR_LITERAL("super"));
    words->class_cell = rs_strings_add(strings, RS_STR_LITERAL("__class__"));
    words->class_dict = rs_strings_add(strings, RS_STR_LITERAL("__classdict__"));
    words->debug = rs_strings_add(strings, RS_STR_LITERAL("__debug__"));
    words->first_iterable = rs_strings_add(strings, RS_STR_LITERAL(".0"));
    for (size_t i = 0; i < RS_N_W_scope_kind; i++) {
        words->kinds[i] = rs_strings_add(strings, rs_str_of(kinds[i]));
    }
}

/* Of the annotations of variables, those in functions become no code; in 3.14 those of attributes, items and names in
 * parentheses do not either. None does where all are texts. */
static void annotation_visit(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    rs_scope_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    const rs_node *target = node_at(x, node->parent + 1);
    bool is_variable = node_at(x, node->parent)->ast_class == RS_AST_AnnAssign;
    bool is_simple = target->ast_class == RS_AST_Name && target->parens == 0;
    bool is_in_function = lens->scopes.items[at].type == RS_W_scope_type_function;
    lens->annotation_end = n + node->n_subtree;
    lens->annotation_scope = at;
    lens->was_unseen = lens->has_future || (is_variable && is_in_function);
    if (lens->was_unseen || (is_variable && !is_simple)) {
        lens->unseen_end = lens->annotation_end;
    }
}

void rs_scope_scan(rs_file_at_hand *x)
{
    rs_scope_lens *lens = x->worker;
    lens->iter_end = 0;
    lens->target_end = 0;
    lens->has_star = false;
    lens->annotation_end = 0;
    lens->unseen_end = 0;
    lens->annotation_scope = RS_SCOPE_NONE;
    lens->defaults_of = RS_NO_NODE;
    lens->returns_async = false;
    lens->has_code = false;
    scope_undos_reset(&lens->undos);
    lens->has_future = rs_scope_has_future_annotations(x);
    words_find(x);
    uint32_t root = scope_open(x, 0, 0, RS_W_scope_type_module, RS_W_scope_kind_module,
                               lens->words.kinds[RS_W_scope_kind_module]);
    lens->inner.items[0] = root;
    lens->depths.items[0] = 0;
    for (uint32_t n = 1; n < x->tree.n_nodes && x->status == RS_OK && !lens->is_over; n++) {
        uint32_t at = scope_around(x, n);
        const rs_node *node = node_at(x, n);
        if (node_at(x, node->parent)->ast_class == RS_AST_comprehension) {
            clause_visit(lens, node, n, at);
        }
        if (node->field == RS_F_annotation || node->field == RS_F_returns) {
            annotation_visit(x, n, at);
        }
        node_visit(x, n, at);
        rs_scope_check(x, n, at);
        lens->inner.items[n] = scope_inside(x, n, at);
    }
    rebindings_late(x);
    rs_scope_check_rest(x);
}
