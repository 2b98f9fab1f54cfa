/* SPDX-License-Identifier: Apache-2.0 */
/* names_walk.c - forwards once more: what is bound to what, and what functions and classes are. */
#include "evidence/names/names_impl.h"

static uint32_t made(rs_file_at_hand *x, const char *class_name)
{
    uint32_t text = rs_names_text(x, rs_str_of(class_name));
    return rs_names_expr(x, NAMES_INSTANCE, 0, text, 0);
}

/* The children of n in a field get a value. */
static void give(rs_file_at_hand *x, uint32_t n, rs_ast_field field, uint32_t value)
{
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == field) {
            names_lens(x)->value.items[child] = value;
        }
    }
}

/* The children of n in a field get the places of its own value; what is behind a star, nothing known. */
static void unpack(rs_file_at_hand *x, uint32_t n, rs_ast_field field)
{
    rs_names_lens *lens = x->worker;
    uint32_t value = lens->value.items[n];
    uint32_t place = 0;
    bool is_behind = false;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (value == NAMES_NONE || node_at(x, child)->field != field) {
            continue;
        }
        uint8_t ast_class = node_at(x, child)->ast_class;
        if (ast_class == RS_AST_Starred || ast_class == RS_AST_MatchStar) {
            lens->value.items[child] = made(x, "list");
            is_behind = true;
        } else {
            lens->value.items[child] = is_behind ? 0 : rs_names_element(x, value, place++);
        }
    }
}

static uint32_t iterated(rs_file_at_hand *x, uint32_t iter, bool is_async)
{
    return rs_names_expr(x, NAMES_ITER, is_async ? NAMES_IS_ASYNC : 0, names_expr_of(x, iter), 0);
}

/* x.a = y: what tests around say of y. y = x makes another name of it instead. */
static void assign_give(rs_file_at_hand *x, uint32_t n)
{
    uint32_t value = child_in(x, n, RS_F_value);
    give(x, n, RS_F_targets, names_expr_of(x, value));
    for (uint32_t child = n + 1; child < behind(x, n) && value != NAMES_NONE;
         child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_targets &&
            node_at(x, child)->ast_class == RS_AST_Attribute) {
            names_lens(x)->value.items[child] = rs_names_narrowed(x, value);
        }
    }
}

/* What a statement, clause or target hands on to the targets below it. */
static void values_give(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    switch (node->ast_class) {
    case RS_AST_Assign:
        assign_give(x, n);
        break;
    case RS_AST_AugAssign:
    case RS_AST_AnnAssign:
    case RS_AST_NamedExpr: {
        uint32_t value = child_in(x, n, RS_F_value);
        give(x, n, RS_F_target, value == NAMES_NONE ? NAMES_NONE : names_expr_of(x, value));
        break;
    }
    case RS_AST_TypeAlias:
        give(x, n, RS_F_name, names_expr_of(x, child_in(x, n, RS_F_value)));
        break;
    case RS_AST_For:
    case RS_AST_AsyncFor:
        give(x, n, RS_F_target,
             iterated(x, child_in(x, n, RS_F_iter), node->ast_class == RS_AST_AsyncFor));
        break;
    case RS_AST_comprehension:
        give(x, n, RS_F_target,
             iterated(x, child_in(x, n, RS_F_iter), x->tree.text[node->start_byte] == 'a'));
        break;
    case RS_AST_withitem: {
        bool is_async = node_at(x, node->parent)->ast_class == RS_AST_AsyncWith;
        uint32_t context = child_in(x, n, RS_F_context_expr);
        give(x, n, RS_F_optional_vars,
             rs_names_expr(x, NAMES_ENTER, is_async ? NAMES_IS_ASYNC : 0, names_expr_of(x, context),
                           0));
        break;
    }
    case RS_AST_Tuple:
    case RS_AST_List:
        if (node->context == RS_W_context_STORE) {
            unpack(x, n, RS_F_elts);
        }
        break;
    case RS_AST_Starred:
        give(x, n, RS_F_value, lens->value.items[n]);
        break;
    default:
        break;
    }
}

/* --- patterns --- */

/* What a class pattern matches is an instance of the class; of others it is the subject. */
static uint32_t captured(rs_file_at_hand *x, uint32_t n, uint32_t subject)
{
    uint32_t pattern = child_in(x, n, RS_F_pattern);
    if (pattern == NAMES_NONE || node_at(x, pattern)->ast_class != RS_AST_MatchClass) {
        return subject;
    }
    uint32_t class_expr = names_expr_of(x, child_in(x, pattern, RS_F_cls));
    return rs_names_expr(x, NAMES_CALL, 0, class_expr, 0);
}

/* Keyword patterns match attributes of an instance; each stands behind its name. */
static void class_pattern_give(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    uint32_t class_expr = names_expr_of(x, child_in(x, n, RS_F_cls));
    uint32_t instance = rs_names_expr(x, NAMES_CALL, 0, class_expr, 0);
    uint32_t name = NAMES_NONE;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_kwd_attrs) {
            name = rs_names_text(x, names_of_node(x, child));
        } else if (node_at(x, child)->field == RS_F_kwd_patterns && name != NAMES_NONE) {
            lens->value.items[child] = rs_names_expr(x, NAMES_ATTR, 0, instance, name);
        }
    }
}

static void patterns_give(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    uint32_t value = lens->value.items[n];
    switch (node_at(x, n)->ast_class) {
    case RS_AST_match_case: {
        uint32_t subject = child_in(x, node_at(x, n)->parent, RS_F_subject);
        give(x, n, RS_F_pattern, names_expr_of(x, subject));
        break;
    }
    case RS_AST_MatchAs:
        lens->value.items[n] = captured(x, n, value);
        give(x, n, RS_F_pattern, value);
        break;
    case RS_AST_MatchOr:
        give(x, n, RS_F_patterns, value);
        break;
    case RS_AST_MatchSequence:
        unpack(x, n, RS_F_patterns);
        break;
    case RS_AST_MatchMapping:
        lens->value.items[n] = made(x, "dict");
        break;
    case RS_AST_MatchClass:
        class_pattern_give(x, n);
        break;
    default:
        break;
    }
}

/* --- bindings --- */

static void binding_complete(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    names_binding *binding = &lens->bindings.items[lens->binding.items[n]];
    const rs_node *node = node_at(x, n);
    switch (node->ast_class) {
    case RS_AST_Name:
    case RS_AST_Attribute:
        binding->value = lens->value.items[n];
        if (node->field == RS_F_target && node_at(x, node->parent)->ast_class == RS_AST_AnnAssign) {
            binding->annotation = names_expr_of(x, child_in(x, node->parent, RS_F_annotation));
        }
        break;
    case RS_AST_MatchAs:
    case RS_AST_MatchStar:
    case RS_AST_MatchMapping:
        binding->value = lens->value.items[n];
        break;
    case RS_AST_ExceptHandler: {
        uint32_t type = child_in(x, n, RS_F_type);
        uint32_t value = type == NAMES_NONE
                             ? NAMES_NONE
                             : rs_names_expr(x, NAMES_RAISED, 0, names_expr_of(x, type), 0);
        binding->value = value;
        break;
    }
    case RS_AST_arg: {
        uint32_t annotation = child_in(x, n, RS_F_annotation);
        uint32_t row = lens->row.items[n];
        uint32_t self = row == NAMES_NONE ? NAMES_NONE : rs_names_self(x, row);
        binding->annotation = annotation == NAMES_NONE ? NAMES_NONE : names_expr_of(x, annotation);
        binding->inner = lens->scopes.items[lens->at.items[n]].owner;
        if (self != NAMES_NONE) {
            binding->value =
                rs_names_expr(x, NAMES_SELF_OF, self % 2 ? NAMES_IS_CLASS : 0, self / 2, 0);
        }
        break;
    }
    default:
        break;
    }
}

/* --- functions and classes --- */

static uint32_t decorators_of(rs_file_at_hand *x, uint32_t n)
{
    size_t first = names_lens(x)->items.n_items;
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_decorator_list) {
            rs_names_item(x, names_expr_of(x, child));
        }
    }
    return rs_names_list(x, first);
}

static void params_fill(rs_file_at_hand *x, names_function *function)
{
    rs_names_lens *lens = x->worker;
    uint32_t arguments = child_in(x, function->node, RS_F_args);
    size_t first = lens->items.n_items;
    uint32_t n_defaults = 0;
    if (arguments == NAMES_NONE) {
        function->params = 0;
        return;
    }
    for (uint32_t child = arguments + 1; child < behind(x, arguments); child = behind(x, child)) {
        uint8_t field = node_at(x, child)->field;
        n_defaults += field == RS_F_defaults;
        if (node_at(x, child)->ast_class != RS_AST_arg ||
            lens->binding.items[child] == NAMES_NONE) {
            continue;
        }
        rs_names_item(x, lens->binding.items[child]);
        function->n_positional += field == RS_F_posonlyargs || field == RS_F_args;
        function->flags |= field == RS_F_vararg  ? NAMES_HAS_VARARGS
                           : field == RS_F_kwarg ? NAMES_HAS_KWARGS
                                                 : 0;
    }
    uint32_t n_required =
        n_defaults < function->n_positional ? function->n_positional - n_defaults : 0;
    function->n_required = (uint8_t)(n_required < UINT8_MAX ? n_required : UINT8_MAX);
    function->params = rs_names_list(x, first);
}

static void return_add(rs_file_at_hand *x, uint32_t function, uint32_t expr, bool is_yield)
{
    names_return item = {.function = function, .expr = expr, .is_yield = is_yield};
    if (function != NAMES_NONE && !names_returns_push(&names_lens(x)->returns, item)) {
        x->status = RS_ERR_NOMEM;
    }
}

/* What a generator yields takes the place of what it returns. */
static void yield_visit(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    uint32_t function = lens->scopes.items[lens->at.items[n]].around_def;
    uint32_t expr = node_at(x, n)->n_subtree > 1 ? names_expr_of(x, n + 1) : 0;
    if (function == NAMES_NONE) {
        return;
    }
    lens->functions.items[function].flags |= NAMES_IS_GENERATOR;
    if (node_at(x, n)->ast_class == RS_AST_YieldFrom && expr != 0) {
        expr = rs_names_expr(x, NAMES_ITER, 0, expr, 0);
    }
    return_add(x, function, expr, true);
}

static void function_fill(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    uint32_t number = lens->scopes.items[lens->opened.items[n]].owner;
    names_function *function = &lens->functions.items[number];
    uint32_t returns = child_in(x, n, RS_F_returns);
    params_fill(x, function);
    function->decorators = decorators_of(x, n);
    function->annotation = returns == NAMES_NONE ? NAMES_NONE : names_expr_of(x, returns);
    if (node_at(x, n)->ast_class == RS_AST_AsyncFunctionDef) {
        function->flags |= NAMES_IS_COROUTINE;
    }
    if (node_at(x, n)->ast_class == RS_AST_Lambda) {
        return_add(x, number, names_expr_of(x, child_in(x, n, RS_F_body)), false);
    }
    if (lens->at.items[n] == 0 && names_is(x, n, "__getattr__")) {
        lens->flags |= NAMES_HAS_GETATTR;
    }
}

static void class_fill(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    names_class *of = &lens->classes.items[lens->scopes.items[lens->opened.items[n]].owner];
    size_t first = lens->items.n_items;
    of->decorators = decorators_of(x, n);
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_bases) {
            rs_names_item(x, names_expr_of(x, child));
        }
    }
    of->bases = rs_names_list(x, first);
    for (uint32_t child = n + 1; child < behind(x, n); child = behind(x, child)) {
        if (node_at(x, child)->field == RS_F_keywords && node_at(x, child)->name_end > 0) {
            rs_names_item(x, rs_names_text(x, names_of_node(x, child)));
            rs_names_item(x, names_expr_of(x, child + 1));
        }
    }
    of->keywords = rs_names_list(x, first);
}

/* --- stores --- */

static void store_add(rs_file_at_hand *x, uint32_t n, uint32_t target, uint32_t name,
                      uint32_t value)
{
    names_store store = {.node = n, .target = target, .name = name, .value = value};
    if (!names_stores_push(&names_lens(x)->stores, store)) {
        x->status = RS_ERR_NOMEM;
    }
}

static void attribute_store(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    bool is_augmented = node_at(x, node_at(x, n)->parent)->ast_class == RS_AST_AugAssign;
    if (lens->binding.items[n] == NAMES_NONE && !is_augmented) {
        store_add(x, n, names_expr_of(x, n + 1), lens->exprs.items[names_expr_of(x, n)].b,
                  lens->value.items[n]);
    }
}

static void all_op_add(rs_file_at_hand *x, names_all_kind kind, uint32_t value, bool is_anew)
{
    names_all_op op = {.value = value, .kind = (uint8_t)kind, .is_anew = is_anew};
    if (!names_all_ops_push(&names_lens(x)->all_ops, op)) {
        x->status = RS_ERR_NOMEM;
    }
}

/* Is __all__ set by a statement that always runs, to what does not ask what it was? */
static bool sets_anew(const rs_file_at_hand *x, uint32_t n, uint32_t value)
{
    bool is_anew = node_at(x, n)->ast_class != RS_AST_AugAssign && node_at(x, n)->parent == 0;
    for (uint32_t i = value; i < behind(x, value) && is_anew; i++) {
        is_anew = node_at(x, i)->ast_class != RS_AST_Name || !names_is(x, i, "__all__");
    }
    return is_anew;
}

static void all_visit(rs_file_at_hand *x, uint32_t n)
{
    static const struct {
        const char *method;
        names_all_kind kind;
    } methods[] = {
        {"extend", NAMES_ALL_ADD}, {"append", NAMES_ALL_APPEND}, {"remove", NAMES_ALL_REMOVE}};
    uint32_t value = child_in(x, n, RS_F_value);
    switch (node_at(x, n)->ast_class) {
    case RS_AST_Assign:
    case RS_AST_AnnAssign:
    case RS_AST_AugAssign:
        if (value != NAMES_NONE) {
            bool is_set = node_at(x, n)->ast_class != RS_AST_AugAssign;
            all_op_add(x, is_set ? NAMES_ALL_SET : NAMES_ALL_ADD, names_expr_of(x, value),
                       sets_anew(x, n, value));
        }
        break;
    case RS_AST_Call:
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
            uint32_t argument = child_in(x, n, RS_F_args);
            if (argument != NAMES_NONE && node_at(x, n + 1)->ast_class == RS_AST_Attribute &&
                names_is(x, n + 2, "__all__") && names_is(x, n + 1, methods[i].method)) {
                all_op_add(x, methods[i].kind, names_expr_of(x, argument), false);
            }
        }
        break;
    default:
        break;
    }
}

/* setattr(target, "name", value) */
static void setattr_visit(rs_file_at_hand *x, uint32_t call)
{
    const rs_names_lens *lens = x->worker;
    const names_expr *expr = &lens->exprs.items[call];
    const uint32_t *list = &lens->lists.items[expr->b];
    if (list[0] != 6 || list[1] != NAMES_NONE || list[3] != NAMES_NONE || list[5] != NAMES_NONE) {
        return;
    }
    uint32_t name = lens->exprs.items[list[4]].b;
    if (lens->exprs.items[list[4]].op == NAMES_INSTANCE && name != 0) {
        store_add(x, lens->last_call_node, list[2], name, list[6]);
    }
}

/* globals()[...] = , globals().update(), sys.modules[__name__] = : names that nobody can tell. */
static bool touches_globals(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    if (node->ast_class == RS_AST_Subscript) {
        rs_str target = text_between(x, node_at(x, n + 1)->start_byte, node_at(x, n + 1)->end_byte);
        return node->context == RS_W_context_STORE &&
               rs_str_equal(target, RS_STR_LITERAL("sys.modules")) && n + 3 < behind(x, n) &&
               names_is(x, behind(x, n + 1), "__name__");
    }
    if (node->ast_class != RS_AST_Call || !names_is(x, n + 1, "globals")) {
        return false;
    }
    const rs_node *parent = node_at(x, node->parent);
    return (parent->ast_class == RS_AST_Subscript && parent->context == RS_W_context_STORE) ||
           (parent->ast_class == RS_AST_Attribute && names_is(x, node->parent, "update"));
}

static void call_visit(rs_file_at_hand *x, uint32_t n)
{
    rs_names_call(x, n);
    if (names_is(x, n + 1, "setattr") && node_at(x, n + 1)->ast_class == RS_AST_Name) {
        setattr_visit(x, names_expr_of(x, n));
    }
}

/* --- the walk --- */

static void node_visit(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    switch (node->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_Lambda:
        function_fill(x, n);
        break;
    case RS_AST_ClassDef:
        class_fill(x, n);
        break;
    case RS_AST_Return:
        if (node->n_subtree > 1) {
            return_add(x, lens->scopes.items[lens->at.items[n]].around_def,
                       rs_names_narrowed(x, n + 1), false);
        }
        break;
    case RS_AST_Yield:
    case RS_AST_YieldFrom:
        yield_visit(x, n);
        break;
    case RS_AST_ImportFrom:
        rs_names_import_from(x, n);
        break;
    case RS_AST_alias:
        rs_names_alias(x, n);
        break;
    case RS_AST_Attribute:
        if (node->context == RS_W_context_STORE) {
            attribute_store(x, n);
        }
        break;
    case RS_AST_Call:
        call_visit(x, n);
        break;
    default:
        break;
    }
    if (touches_globals(x, n)) {
        lens->flags |= NAMES_TOUCHES_GLOBALS;
    }
}

static int key_compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The lists of what functions return: function by function, in order of the source in each. */
static void returns_fill(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    names_keys *keys = &lens->keys;
    names_keys_reset(keys);
    for (size_t i = 0; i < lens->returns.n_items; i++) {
        if (!names_keys_push(keys, (uint64_t)lens->returns.items[i].function << 32 | i)) {
            x->status = RS_ERR_NOMEM;
            return;
        }
    }
    if (keys->n_items > 1) {
        qsort(keys->items, keys->n_items, sizeof *keys->items, key_compare);
    }
    for (size_t i = 0; i < keys->n_items;) {
        uint32_t function = (uint32_t)(keys->items[i] >> 32);
        size_t first = lens->items.n_items;
        bool is_generator = (lens->functions.items[function].flags & NAMES_IS_GENERATOR) != 0;
        for (; i < keys->n_items && keys->items[i] >> 32 == function; i++) {
            const names_return *item = &lens->returns.items[(uint32_t)keys->items[i]];
            if (item->is_yield == is_generator) {
                rs_names_item(x, item->expr);
            }
        }
        lens->functions.items[function].returns = rs_names_list(x, first);
    }
}

void rs_names_walk(rs_file_at_hand *x)
{
    rs_names_lens *lens = x->worker;
    for (uint32_t n = 1; n < x->tree.n_nodes && x->status == RS_OK; n++) {
        values_give(x, n);
        patterns_give(x, n);
        if (lens->binding.items[n] != NAMES_NONE) {
            binding_complete(x, n);
        }
        rs_names_ref_node(x, n);
        node_visit(x, n);
        if ((lens->lies.items[n] & NAMES_AT_ALL) != 0) {
            all_visit(x, n);
        }
    }
    returns_fill(x);
}
