/* SPDX-License-Identifier: Apache-2.0 */
/* scope_check.c - what CPython's compiler refuses of a node for standing where it stands.
 *
 * A table of checks by class. A finding says from which version of Python on it is refused: the
 * oldest one that has the syntax, or a later one that changed its mind. What the newest version
 * takes is not told.
 */
#include "evidence/scope/scope_check.h"

enum { OLDEST_MINOR = 8 };

/* Codes that are younger than the oldest version. */
static const uint8_t minor_of[RS_N_DIAGNOSTICS] = {
    [RS_D_pattern_binding] = 10,         [RS_D_pattern_unreachable] = 10,
    [RS_D_pattern_repeated] = 10,        [RS_D_pattern_value] = 10,
    [RS_D_jump_in_except_star] = 11,     [RS_D_duplicate_type_parameter] = 12,
    [RS_D_nonlocal_type_parameter] = 12, [RS_D_expression_in_annotation] = 12,
    [RS_D_type_parameter_default] = 13,
};

static uint8_t since_of(rs_diagnostic_code code)
{
    return minor_of[code] != 0 ? minor_of[code] : (uint8_t)OLDEST_MINOR;
}

static void fault_add(rs_file_at_hand *x, scope_fault fault, const char *before, uint32_t name,
                      const char *behind)
{
    if (scope_lens(x)->faults.n_items >= x->options->scope.max_faults) {
        return;
    }
    rs_buf_reset(&x->scratch);
    rs_buf_add(&x->scratch, before);
    if (name != RS_STR_NULL) {
        rs_buf_add(&x->scratch, " '");
        rs_buf_add_str(&x->scratch, x->part->strings.items[name]);
        rs_buf_add_char(&x->scratch, '\'');
    }
    if (behind[0] != '\0') {
        rs_buf_add_char(&x->scratch, ' ');
        rs_buf_add(&x->scratch, behind);
    }
    fault.message =
        rs_strings_add(&x->part->strings, (rs_str){rs_buf_text(&x->scratch), x->scratch.n_bytes});
    if (!scope_faults_push(&scope_lens(x)->faults, fault)) {
        x->status = RS_ERR_NOMEM;
    }
}

void rs_scope_fault(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t start, uint32_t end,
                    const char *before, uint32_t name, const char *behind)
{
    scope_fault fault = {
        .start_byte = start, .end_byte = end, .code = (uint8_t)code, .since = since_of(code)};
    fault_add(x, fault, before, name, behind);
}

void rs_scope_refuse_since(rs_file_at_hand *x, unsigned since, rs_diagnostic_code code, uint32_t n,
                           const char *before, uint32_t name, const char *behind)
{
    static const rs_node nowhere;
    const rs_node *node = n == RS_SCOPE_NONE ? &nowhere : node_at(x, n);
    /* The parser has refused it already, and what is around it may not be what was meant. */
    if (!node->damaged) {
        scope_fault fault = {.start_byte = node->start_byte,
                             .end_byte = node->end_byte,
                             .code = (uint8_t)code,
                             .since = (uint8_t)since};
        fault_add(x, fault, before, name, behind);
    }
}

void rs_scope_refuse(rs_file_at_hand *x, rs_diagnostic_code code, uint32_t n, const char *before,
                     uint32_t name, const char *behind)
{
    rs_scope_refuse_since(x, since_of(code), code, n, before, name, behind);
}

static void refuse(rs_file_at_hand *x, uint32_t n, rs_diagnostic_code code, const char *message)
{
    rs_scope_refuse(x, code, n, message, RS_STR_NULL, "");
}

uint32_t rs_scope_stamp(rs_file_at_hand *x, int what, uint32_t name, uint32_t stamp)
{
    rs_scope_lens *lens = x->worker;
    scope_numbers *stamps = &lens->stamps[what];
    if (name == RS_STR_NULL) {
        return 0;
    }
    if (name >= stamps->n_items) {
        size_t n = x->part->strings.n_items;
        if (!scope_numbers_reserve(stamps, n - stamps->n_items)) {
            x->status = RS_ERR_NOMEM;
            return 0;
        }
        while (stamps->n_items < n) {
            stamps->items[stamps->n_items++] = 0;
        }
    }
    uint32_t before = stamps->items[name];
    if (before == 0 && !scope_numbers_push(&lens->stamped, name)) {
        x->status = RS_ERR_NOMEM;
        return 0;
    }
    stamps->items[name] = stamp;
    return before;
}

/* The next file numbers its nodes anew. */
static void stamps_forget(rs_scope_lens *lens)
{
    for (size_t i = 0; i < lens->stamped.n_items; i++) {
        for (size_t what = 0; what < SCOPE_N_STAMPS; what++) {
            if (lens->stamped.items[i] < lens->stamps[what].n_items) {
                lens->stamps[what].items[lens->stamped.items[i]] = 0;
            }
        }
    }
    scope_numbers_reset(&lens->stamped);
}

static bool is_function(const rs_file_at_hand *x, uint32_t s)
{
    return scope_lens(x)->scopes.items[s].type == RS_W_scope_type_function;
}

/* --- text that becomes no code --- */

enum { TABLE_MINOR = 14 }; /* from which on it is the symbol table that refuses */

/* The compiler does not come to see node n (annotation_visit()); the symbol table does. */
static bool is_unseen(const rs_file_at_hand *x, uint32_t n)
{
    return n < scope_lens(x)->unseen_end;
}

/* Nor did it in versions before. */
static bool was_unseen(const rs_file_at_hand *x, uint32_t n)
{
    return is_unseen(x, n) && scope_lens(x)->was_unseen;
}

/* From when on node n is refused for what it was the compiler's to refuse first. */
static unsigned since_seen(const rs_file_at_hand *x, uint32_t n, unsigned since)
{
    return was_unseen(x, n) && since < TABLE_MINOR ? TABLE_MINOR : since;
}

/* --- jumps --- */

static bool is_definition(uint8_t ast_class)
{
    return ast_class == RS_AST_FunctionDef || ast_class == RS_AST_AsyncFunctionDef ||
           ast_class == RS_AST_ClassDef;
}

static bool is_loop(uint8_t ast_class)
{
    return ast_class == RS_AST_For || ast_class == RS_AST_AsyncFor || ast_class == RS_AST_While;
}

/* What a jump meets on its way out: its loop, or a clause of except* that it may not leave. */
static void jump_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    uint8_t ast_class = node_at(x, n)->ast_class;
    bool is_return = ast_class == RS_AST_Return;
    bool has_loop = false;
    bool leaves_star = false;
    for (const rs_node *node = node_at(x, n); node->parent != RS_NO_NODE && !has_loop;
         node = node_at(x, node->parent)) {
        const rs_node *around = node_at(x, node->parent);
        if (is_definition(around->ast_class)) {
            break;
        }
        has_loop = !is_return && is_loop(around->ast_class) && node->field == RS_F_body;
        leaves_star |= around->ast_class == RS_AST_TryStar && node->field == RS_F_handlers;
    }
    if (leaves_star) {
        refuse(x, n, RS_D_jump_in_except_star,
               "'break', 'continue' and 'return' cannot appear in an except* block");
    }
    if (!is_return && !has_loop) {
        refuse(x, n, RS_D_loop_control_outside,
               ast_class == RS_AST_Break ? "'break' outside loop"
                                         : "'continue' not properly in loop");
    }
}

/* --- coroutines and generators --- */

/* True when code of scope s may await: it is an async def's. */
static bool may_await(const rs_file_at_hand *x, uint32_t s)
{
    const scope *at = &scope_lens(x)->scopes.items[s];
    return node_at(x, at->node)->ast_class == RS_AST_AsyncFunctionDef &&
           at->kind == RS_W_scope_kind_def;
}

static void return_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    if (!is_function(x, at)) {
        refuse(x, n, RS_D_return_outside, "'return' outside function");
    }
    if (node_at(x, n)->n_subtree > 1 && may_await(x, at)) {
        scope_lens(x)->returns_async = true;
    }
    jump_check(x, n, at);
}

static void await_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    scope *s = &scope_lens(x)->scopes.items[at];
    if (rs_scope_check_annotation(x, n, at, "await expression")) {
        return;
    }
    if (is_function(x, at) && scope_is_comprehension(s)) {
        s->is_async = true;
    } else if (!may_await(x, at)) {
        rs_scope_refuse_since(x, since_seen(x, n, OLDEST_MINOR), RS_D_await_outside, n,
                              is_function(x, at) ? "'await' outside async function"
                                                 : "'await' outside function",
                              RS_STR_NULL, "");
    }
}

static void async_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    if (!may_await(x, at)) {
        refuse(x, n, RS_D_await_outside, "'async' statement outside async function");
    }
}

static void clause_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    if (x->tree.text[node_at(x, n)->start_byte] == 'a') { /* async for */
        scope_lens(x)->scopes.items[at].is_async = true;
    }
}

static void yield_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    scope *s = &scope_lens(x)->scopes.items[at];
    s->has_yield = true;
    if (rs_scope_check_annotation(x, n, at, "yield expression")) {
        return;
    }
    if (scope_is_comprehension(s)) {
        refuse(x, n, RS_D_yield_outside, "'yield' inside a comprehension or generator expression");
    } else if (was_unseen(x, n)) {
        return;
    } else if (!is_function(x, at)) {
        refuse(x, n, RS_D_yield_outside, "'yield' outside function");
    } else if (node_at(x, n)->ast_class == RS_AST_YieldFrom && may_await(x, at)) {
        refuse(x, n, RS_D_yield_outside, "'yield from' inside async function");
    }
}

/*
 * Comprehensions that turned out to be asynchronous, inner ones first: each makes asynchronous the one
 * around it; a generator expression may stand anywhere.
 */
static void comprehensions_check(rs_file_at_hand *x)
{
    scope_list *scopes = &scope_lens(x)->scopes;
    for (size_t i = scopes->n_items; i > 1; i--) {
        const scope *s = &scopes->items[i - 1];
        if (!s->is_async || s->kind == RS_W_scope_kind_genexpr) {
            continue;
        }
        if (scope_is_comprehension(&scopes->items[s->parent])) {
            scopes->items[s->parent].is_async = true;
        } else if (!may_await(x, s->parent)) {
            rs_scope_refuse_since(
                x, s->was_unseen ? TABLE_MINOR : OLDEST_MINOR, RS_D_await_outside, s->node,
                "asynchronous comprehension outside of an asynchronous function", RS_STR_NULL, "");
        } else if (s->in_annotation) {
            rs_scope_refuse_since(x, TABLE_MINOR, RS_D_await_outside, s->node,
                                  "asynchronous comprehension in an annotation", RS_STR_NULL, "");
        }
    }
}

/* Whether an async def is a generator is known behind its last statement. */
static void returns_check(rs_file_at_hand *x)
{
    for (uint32_t n = 1; n < x->tree.n_nodes; n++) {
        const rs_node *node = node_at(x, n);
        if (node->ast_class != RS_AST_Return || node->n_subtree == 1) {
            continue;
        }
        uint32_t s = scope_lens(x)->inner.items[node->parent];
        if (may_await(x, s) && scope_lens(x)->scopes.items[s].has_yield) {
            refuse(x, n, RS_D_async_return, "'return' with value in async generator");
        }
    }
}

void rs_scope_check_rest(rs_file_at_hand *x)
{
    stamps_forget(scope_lens(x));
    comprehensions_check(x);
    if (scope_lens(x)->returns_async) {
        returns_check(x);
    }
}

/* --- __future__ --- */

static void features_check(rs_file_at_hand *x, uint32_t n)
{
    static const char *const known[] = {
        "nested_scopes",  "generators",       "division",       "absolute_import", "with_statement",
        "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations"};
    for (uint32_t child = n + 1; child < n + node_at(x, n)->n_subtree; child++) {
        rs_str name = text_between(x, node_at(x, child)->name_start, node_at(x, child)->name_end);
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            is_known |= rs_str_equal(name, rs_str_of(known[i]));
        }
        if (rs_str_equal(name, RS_STR_LITERAL("braces"))) {
            refuse(x, n, RS_D_future_unknown, "not a chance");
        } else if (!is_known) {
            rs_scope_refuse(x, RS_D_future_unknown, n, "future feature",
                            rs_strings_add(&x->part->strings, name), "is not defined");
        }
    }
}

/* Only a docstring and its like may stand before a __future__ import of the module. */
static void future_check(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_str module = text_between(x, node->name_start, node->name_end);
    bool is_future =
        node->ast_class == RS_AST_ImportFrom && rs_str_equal(module, RS_STR_LITERAL("__future__"));
    if (is_future && x->tree.text[node->name_start - 1] == '.') {
        return; /* of a package; refused up to 3.12 */
    }
    if (is_future && (scope_lens(x)->has_code || node->parent != 0)) {
        refuse(x, n, RS_D_future_late,
               "from __future__ imports must occur at the beginning of the file");
    } else if (is_future) {
        features_check(x, n);
    }
    bool is_docstring = n == 1 && node->ast_class == RS_AST_Expr && node->n_subtree == 2 &&
                        node_at(x, n + 1)->ast_class == RS_AST_Constant &&
                        node_at(x, n + 1)->detail == RS_W_literal_kind_string;
    if (node->parent == 0 && !is_future && !is_docstring) {
        scope_lens(x)->has_code = true;
    }
}

/* --- __debug__ --- */

static bool is_debug(const rs_file_at_hand *x, uint32_t n)
{
    return node_at(x, n)->name_end > node_at(x, n)->name_start &&
           rs_scope_node_name(x, n) == scope_lens(x)->words.debug;
}

static void debug_refuse(rs_file_at_hand *x, uint32_t n, unsigned since, bool is_deleted)
{
    rs_scope_refuse_since(x, since_seen(x, n, since), RS_D_debug_assigned, n,
                          is_deleted ? "cannot delete __debug__" : "cannot assign to __debug__",
                          RS_STR_NULL, "");
}

/* A name or attribute that is written or deleted. */
static void debug_target_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    const rs_node *node = node_at(x, n);
    bool is_name = node->ast_class == RS_AST_Name;
    if (node->context == RS_W_context_LOAD || !is_debug(x, n)) {
        return;
    }
    if (node->context == RS_W_context_DEL) {
        debug_refuse(x, n, is_name ? 10 : 14, true);
        return;
    }
    uint8_t around = node_at(x, node->parent)->ast_class;
    debug_refuse(x, n,
                 is_name ? (around == RS_AST_TypeAlias ? 12 : OLDEST_MINOR)
                         : (around == RS_AST_AugAssign ? 14 : OLDEST_MINOR),
                 false);
}

static void debug_carrier_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    if (is_debug(x, n)) {
        debug_refuse(x, n, OLDEST_MINOR, false);
    }
}

void rs_scope_check_pattern_name(rs_file_at_hand *x, uint32_t n)
{
    if (is_debug(x, n)) {
        debug_refuse(x, n, 10, false);
    }
}

static void alias_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    const rs_node *node = node_at(x, n);
    uint32_t start =
        node->detail != 0 ? rs_syntax_alias_start(x, node->end_byte) : node->name_start;
    uint32_t end = node->detail != 0 ? node->end_byte : node->name_end;
    rs_str name = text_between(x, start, end);
    rs_str debug = RS_STR_LITERAL("__debug__");
    if (name.n_bytes >= debug.n_bytes && rs_str_equal((rs_str){name.bytes, debug.n_bytes}, debug)) {
        bool is_whole = name.n_bytes == debug.n_bytes;
        if (is_whole || name.bytes[debug.n_bytes] == '.') {
            debug_refuse(x, n, is_whole ? OLDEST_MINOR : 9, false);
        }
    }
}

/* --- arguments and stars --- */

static void keywords_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    uint32_t end = n + node_at(x, n)->n_subtree;
    for (uint32_t child = n + 1; child < end; child += node_at(x, child)->n_subtree) {
        if (node_at(x, child)->ast_class != RS_AST_keyword ||
            node_at(x, child)->name_end == node_at(x, child)->name_start) {
            continue;
        }
        uint32_t name = rs_scope_node_name(x, child);
        if (rs_scope_stamp(x, SCOPE_STAMP_LIST, name, n) == n && !is_unseen(x, n)) {
            rs_scope_refuse(x, RS_D_keyword_repeated, child, "keyword argument repeated:", name,
                            "");
        }
        debug_carrier_check(x, child, at);
    }
}

static void class_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    keywords_check(x, n, at);
    debug_carrier_check(x, n, at);
}

/* Where a starred expression is a part of something. */
static bool is_star_place(const rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    switch (node_at(x, node->parent)->ast_class) {
    case RS_AST_List:
    case RS_AST_Tuple:
    case RS_AST_Set:
        return true;
    case RS_AST_Call:
        return node->field == RS_F_args;
    case RS_AST_ClassDef:
        return node->field == RS_F_bases;
    case RS_AST_arg:
    case RS_AST_TypeVarTuple:
        return true;
    default:
        return false;
    }
}

static void starred_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    if (!is_star_place(x, n) && !is_unseen(x, n)) {
        refuse(x, n, RS_D_starred_misplaced,
               node_at(x, n)->context == RS_W_context_STORE
                   ? "starred assignment target must be in a list or tuple"
                   : "can't use starred expression here");
    }
}

/* What has parts of which one may be starred: a target, or a pattern. */
void rs_scope_check_stars(rs_file_at_hand *x, uint32_t n, uint8_t starred, rs_diagnostic_code code,
                          const char *twice, const char *far)
{
    enum { MAX_BEFORE = 255 }; /* that an instruction can count */
    uint32_t end = n + node_at(x, n)->n_subtree;
    uint32_t n_stars = 0;
    uint32_t place = 0;
    for (uint32_t child = n + 1; child < end; child += node_at(x, child)->n_subtree, place++) {
        if (node_at(x, child)->ast_class != starred) {
            continue;
        }
        n_stars++;
        if (n_stars == 2) {
            refuse(x, n, code, twice);
        } else if (n_stars == 1 && place > MAX_BEFORE) {
            refuse(x, n, code, far);
        }
    }
}

static void target_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    if (node_at(x, n)->context == RS_W_context_STORE && !is_unseen(x, n)) {
        rs_scope_check_stars(x, n, RS_AST_Starred, RS_D_starred_misplaced,
                             "multiple starred expressions in assignment",
                             "too many expressions in star-unpacking assignment");
    }
}

/* --- clauses --- */

static void handler_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    const rs_node *node = node_at(x, n);
    uint32_t following = n + node->n_subtree;
    bool has_type = node->n_subtree > 1 && node_at(x, n + 1)->field == RS_F_type;
    if (!has_type && following < node->parent + node_at(x, node->parent)->n_subtree &&
        node_at(x, following)->ast_class == RS_AST_ExceptHandler) {
        refuse(x, n, RS_D_except_not_last, "default 'except:' must be last");
    }
    debug_carrier_check(x, n, at);
}

/* --- blocks in blocks --- */

enum {
    MAX_BLOCKS = 21,     /* on the compiler's stack; 20 up to 3.12 */
    DEPTH_MASK = 0xffff, /* of a node's number in `depths`; above it stands what its parts cost: */
    PARTS_SHIFT = 16,    /* with: its items; try: the two below */
    HAS_HANDLERS = 1,
    HAS_FINALLY = 2
};

/* How many blocks the statement around costs a part of it. */
static uint32_t part_cost(const rs_node *around, uint32_t parts, uint8_t field)
{
    uint32_t n_final = (parts & HAS_FINALLY) != 0;
    switch (around->ast_class) {
    case RS_AST_For:
    case RS_AST_AsyncFor:
    case RS_AST_While:
    case RS_AST_ExceptHandler:
        return field == RS_F_body;
    case RS_AST_With:
    case RS_AST_AsyncWith:
        return field == RS_F_body ? parts : 0;
    case RS_AST_Try:
    case RS_AST_TryStar:
        return field == RS_F_finalbody  ? 1
               : field == RS_F_handlers ? n_final + 1
               : field == RS_F_body     ? n_final + (parts & HAS_HANDLERS)
                                        : n_final;
    default:
        return 0;
    }
}

/* What stands beside the depth of a statement: with items, kinds of clauses. */
static uint32_t parts_of(const rs_file_at_hand *x, uint32_t n)
{
    uint8_t ast_class = node_at(x, n)->ast_class;
    bool is_with = ast_class == RS_AST_With || ast_class == RS_AST_AsyncWith;
    uint32_t parts = 0;
    if (!is_with && ast_class != RS_AST_Try && ast_class != RS_AST_TryStar) {
        return 0;
    }
    uint32_t end = n + node_at(x, n)->n_subtree;
    for (uint32_t child = n + 1; child < end; child += node_at(x, child)->n_subtree) {
        uint8_t field = node_at(x, child)->field;
        parts += is_with && field == RS_F_items && parts < DEPTH_MASK;
        parts |= !is_with && field == RS_F_handlers ? HAS_HANDLERS : 0;
        parts |= !is_with && field == RS_F_finalbody ? HAS_FINALLY : 0;
    }
    return parts;
}

static void depth_check(rs_file_at_hand *x, uint32_t n)
{
    uint32_t *depths = scope_lens(x)->depths.items;
    const rs_node *node = node_at(x, n);
    const rs_node *around = node_at(x, node->parent);
    uint32_t above = depths[node->parent];
    uint32_t depth =
        is_definition(around->ast_class)
            ? 0
            : (above & DEPTH_MASK) + part_cost(around, above >> PARTS_SHIFT, node->field);
    depth = depth > DEPTH_MASK ? DEPTH_MASK : depth;
    uint32_t parts = parts_of(x, n);
    depths[n] = depth | parts << PARTS_SHIFT;
    uint32_t inside = depth + part_cost(node, parts, RS_F_body);
    if (depth <= MAX_BLOCKS && inside > MAX_BLOCKS) {
        refuse(x, n, RS_D_blocks_too_deep, "too many statically nested blocks");
    }
}

/* --- type parameters --- */

static void type_param_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)at;
    rs_scope_lens *lens = scope_lens(x);
    const rs_node *node = node_at(x, n);
    bool has_default = false;
    for (uint32_t child = n + 1; child < n + node->n_subtree;
         child += node_at(x, child)->n_subtree) {
        has_default |= node_at(x, child)->field == RS_F_default_value;
    }
    if (has_default) {
        lens->defaults_of = node->parent;
    } else if (lens->defaults_of == node->parent) {
        rs_scope_refuse(x, RS_D_type_parameter_default, n, "non-default type parameter",
                        rs_scope_node_name(x, n), "follows default type parameter");
    }
    if (is_debug(x, n)) {
        debug_refuse(x, n, 12, false);
    }
}

/* --- what may not stand in an annotation, bound or type alias --- */

/* The words for a scope of types, or NULL. */
static const char *type_scope_words(const rs_file_at_hand *x, uint32_t at, unsigned *since)
{
    const scope *s = &scope_lens(x)->scopes.items[at];
    *since = 12;
    switch ((rs_w_scope_type)s->type) {
    case RS_W_scope_type_annotation:
        *since = 10;
        return "within an annotation";
    case RS_W_scope_type_type_parameters:
        return "within the definition of a generic";
    case RS_W_scope_type_type_alias:
        return "within a type alias";
    case RS_W_scope_type_type_variable:
        if (node_at(x, s->node)->field == RS_F_default_value) {
            *since = 13;
            return "within the default of a type parameter";
        }
        return "within a TypeVar bound";
    case RS_W_scope_type_module:
    case RS_W_scope_type_class:
    case RS_W_scope_type_function:
    case RS_N_W_scope_type:
        break;
    }
    *since = 14;
    return scope_lens(x)->annotation_scope == at ? "within an annotation" : NULL;
}

bool rs_scope_check_annotation(rs_file_at_hand *x, uint32_t n, uint32_t at, const char *what)
{
    unsigned since;
    const char *words = type_scope_words(x, at, &since);
    if (words == NULL || (since == 14 && n >= scope_lens(x)->annotation_end)) {
        return false;
    }
    char message[96];
    (void)snprintf(message, sizeof message, "%s cannot be used %s", what, words);
    rs_scope_refuse_since(x, since, RS_D_expression_in_annotation, n, message, RS_STR_NULL, "");
    return since != 14;
}

static void walrus_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    (void)rs_scope_check_annotation(x, n, at, "named expression");
}

/* --- the whole --- */

typedef void check_fn(rs_file_at_hand *x, uint32_t n, uint32_t at);

static check_fn *const check_fns[RS_N_AST_CLASSES] = {
    [RS_AST_FunctionDef] = debug_carrier_check,
    [RS_AST_AsyncFunctionDef] = debug_carrier_check,
    [RS_AST_ClassDef] = class_check,
    [RS_AST_Return] = return_check,
    [RS_AST_AsyncFor] = async_check,
    [RS_AST_AsyncWith] = async_check,
    [RS_AST_ExceptHandler] = handler_check,
    [RS_AST_Break] = jump_check,
    [RS_AST_Continue] = jump_check,
    [RS_AST_alias] = alias_check,
    [RS_AST_arg] = debug_carrier_check,
    [RS_AST_NamedExpr] = walrus_check,
    [RS_AST_Call] = keywords_check,
    [RS_AST_Await] = await_check,
    [RS_AST_Yield] = yield_check,
    [RS_AST_YieldFrom] = yield_check,
    [RS_AST_comprehension] = clause_check,
    [RS_AST_Name] = debug_target_check,
    [RS_AST_Attribute] = debug_target_check,
    [RS_AST_Starred] = starred_check,
    [RS_AST_List] = target_check,
    [RS_AST_Tuple] = target_check,
    [RS_AST_TypeVar] = type_param_check,
    [RS_AST_ParamSpec] = type_param_check,
    [RS_AST_TypeVarTuple] = type_param_check,
    [RS_AST_MatchValue] = rs_scope_check_value_pattern,
    [RS_AST_MatchSequence] = rs_scope_check_sequence,
    [RS_AST_MatchMapping] = rs_scope_check_mapping,
    [RS_AST_MatchClass] = rs_scope_check_class_pattern,
    [RS_AST_MatchStar] = rs_scope_check_capture,
    [RS_AST_MatchAs] = rs_scope_check_capture,
    [RS_AST_MatchOr] = rs_scope_check_alternatives,
};

void rs_scope_check(rs_file_at_hand *x, uint32_t n, uint32_t at)
{
    check_fn *fn = check_fns[node_at(x, n)->ast_class];
    depth_check(x, n);
    if (fn != NULL) {
        fn(x, n, at);
    }
    if (node_at(x, n)->parent == 0 || node_at(x, n)->ast_class == RS_AST_ImportFrom) {
        future_check(x, n);
    }
}
