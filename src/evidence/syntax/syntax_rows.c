/* SPDX-License-Identifier: Apache-2.0 */
/* syntax_rows.c - rows of definitions, names, calls and what belongs to them.
 *
 * One scan over the nodes in pre-order: a row is added when its own node is met, so rows
 * come in the order of their keys. Counters that children need are kept in the parent's
 * note.
 */
#include "evidence/syntax/syntax_impl.h"

enum { MAX_LITERAL_TEXT = 128 };

static const rs_node *node_at(const rs_extractor *x, uint32_t i)
{
    return &x->tree.nodes[i];
}

static bool is_function(const rs_node *node)
{
    return node->ast_class == RS_AST_FunctionDef || node->ast_class == RS_AST_AsyncFunctionDef;
}

/* FunctionDef, AsyncFunctionDef, ClassDef, Lambda. */
static bool is_def(const rs_node *node)
{
    return is_function(node) || node->ast_class == RS_AST_ClassDef ||
           node->ast_class == RS_AST_Lambda;
}

static int64_t nullable_id(rs_extractor *x, rs_dataset_id dataset, size_t column, size_t row,
                           uint32_t n)
{
    if (n == RS_NO_NODE) {
        rs_syntax_set_null(x, dataset, column, row);
        return 0;
    }
    return id_of(x, n);
}

#define NULLABLE_ID(x, dataset, column, row, n)                                                    \
    (COLUMN(x, dataset, column).i64[row] =                                                         \
         nullable_id(x, RS_DS_##dataset, RS_C_##dataset##_##column, row, n))

#define NAME_SPAN(x, dataset, row, node)                                                           \
    do {                                                                                           \
        COLUMN(x, dataset, name_start_byte).i64[row] = raw_of(x, (node)->name_start);              \
        COLUMN(x, dataset, name_end_byte).i64[row] = raw_of(x, (node)->name_end);                  \
    } while (0)

static uint32_t name_number(rs_extractor *x, const rs_node *node)
{
    return string_number(x, rs_syntax_name(x, node->name_start, node->name_end));
}

/* --- dotted names --- */

static bool is_plain_dotted(rs_str text)
{
    for (size_t i = 0; i < text.n_bytes; i++) {
        char c = text.bytes[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.';
        if (!is_word) {
            return false;
        }
    }
    return true;
}

/* The number of "a.b.c" when node n is a Name or an Attribute of such, else RS_STR_NULL. */
static uint32_t dotted_number(rs_extractor *x, uint32_t n)
{
    uint32_t bottom = n;
    while (node_at(x, bottom)->ast_class == RS_AST_Attribute) {
        bottom++;
    }
    if (node_at(x, bottom)->ast_class != RS_AST_Name) {
        return RS_STR_NULL;
    }
    rs_str text = text_between(x, node_at(x, n)->start_byte, node_at(x, n)->end_byte);
    if (is_plain_dotted(text)) {
        return string_number(x, text);
    }
    rs_buf_reset(&x->scratch);
    for (uint32_t i = bottom + 1; i-- > n;) {
        const rs_node *node = node_at(x, i);
        if (i != bottom) {
            rs_buf_add_char(&x->scratch, '.');
        }
        rs_buf_add_str(&x->scratch, rs_syntax_name(x, node->name_start, node->name_end));
    }
    return string_number(x, rs_buf_str(&x->scratch));
}

/* The number of a dotted name between two offsets, without the blanks that may stand in it. */
static uint32_t module_number(rs_extractor *x, uint32_t start, uint32_t end)
{
    rs_str text = text_between(x, start, end);
    if (is_plain_dotted(text) || (text.n_bytes == 1 && text.bytes[0] == '*')) {
        return string_number(x, text);
    }
    rs_buf_reset(&x->scratch);
    for (uint32_t at = start; at < end;) {
        char c = x->tree.text[at];
        if (c == '.') {
            rs_buf_add_char(&x->scratch, c);
            at++;
        } else if (c == ' ' || c == '\t' || c == '\f' || c == '\\' || c == '\n' || c == '\r') {
            at++;
        } else {
            uint32_t from = at;
            while (at < end && strchr(". \t\f\\\n\r", x->tree.text[at]) == NULL) {
                at++;
            }
            rs_buf_add_str(&x->scratch, rs_syntax_name(x, from, at));
        }
    }
    return string_number(x, rs_buf_str(&x->scratch));
}

/* --- definitions --- */

static bool is_global_there(const rs_extractor *x, uint32_t def, rs_str name)
{
    for (size_t i = x->globals.n_items; i-- > 0;) {
        if (x->globals.items[i].def == def && rs_str_equal(x->globals.items[i].name, name)) {
            return true;
        }
    }
    return false;
}

/*
 * A lambda in a generator expression has "<genexpr>" in its qualname, unless it stands in the
 * first iterable, which is evaluated outside. (Other comprehensions are inlined from 3.12 on.)
 */
static void genexprs_add(rs_extractor *x, uint32_t n, uint32_t enclosing)
{
    uint32_t n_found = 0;
    bool is_outside = false;
    for (uint32_t i = n; i != RS_NO_NODE && i != enclosing; i = node_at(x, i)->parent) {
        const rs_node *node = node_at(x, i);
        if (node->ast_class == RS_AST_GeneratorExp) {
            n_found += !is_outside;
            is_outside = false;
        } else if (node->field == RS_F_iter) {
            const rs_node *clause = node_at(x, node->parent);
            is_outside = clause->ast_class == RS_AST_comprehension && clause->order == 0;
        }
    }
    for (; n_found > 0; n_found--) {
        rs_buf_add(&x->scratch, "<genexpr>.");
    }
}

/* Into x->scratch, CPython's __qualname__ of the definition at node n. */
static void qualname_build(rs_extractor *x, uint32_t n, uint32_t enclosing, rs_str name)
{
    rs_buf_reset(&x->scratch);
    if (enclosing != RS_NO_NODE && !is_global_there(x, enclosing, name)) {
        uint32_t row = x->notes.items[enclosing].row;
        rs_buf_add_str(&x->scratch, x->part->strings.items[COLUMN(x, defs, qualname).str[row]]);
        bool is_class = node_at(x, enclosing)->ast_class == RS_AST_ClassDef;
        rs_buf_add(&x->scratch, is_class ? "." : ".<locals>.");
    }
    if (node_at(x, n)->ast_class == RS_AST_Lambda) {
        genexprs_add(x, n, enclosing);
    }
    rs_buf_add_str(&x->scratch, name);
}

static rs_w_def_kind def_kind_of(const rs_node *node)
{
    switch (node->ast_class) {
    case RS_AST_ClassDef:
        return RS_W_def_kind_class;
    case RS_AST_Lambda:
        return RS_W_def_kind_lambda;
    case RS_AST_AsyncFunctionDef:
        return RS_W_def_kind_async_function;
    default:
        return RS_W_def_kind_function;
    }
}

/* The module's name before x->scratch; number of the whole, for the graph's node. */
static uint32_t qualified_number(rs_extractor *x)
{
    rs_buf_reset(&x->normal);
    if (x->file->module.bytes != NULL) {
        rs_buf_add_str(&x->normal, x->file->module);
        rs_buf_add_char(&x->normal, '.');
    }
    rs_buf_add_str(&x->normal, rs_buf_str(&x->scratch));
    return string_number(x, rs_buf_str(&x->normal));
}

static void def_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    node_note *note = &x->notes.items[n];
    size_t row = ROW_ADD(x, defs);
    bool is_lambda = node->ast_class == RS_AST_Lambda;
    uint32_t name = is_lambda ? string_number(x, RS_STR_LITERAL("<lambda>")) : name_number(x, node);
    note->row = (uint32_t)row;
    COLUMN(x, defs, name).str[row] = name;
    if (name == RS_STR_NULL) {
        return;
    }
    qualname_build(x, n, note->enclosing, x->part->strings.items[name]);
    COLUMN(x, defs, qualname).str[row] = string_number(x, rs_buf_str(&x->scratch));
    size_t node_row = node_row_of(x, n);
    COLUMN(x, syntax_nodes, qualified_name).str[node_row] = qualified_number(x);
    COLUMN(x, syntax_nodes, name).str[node_row] = name;
    COLUMN(x, defs, def_id).i64[row] = id_of(x, n);
    COLUMN(x, defs, def_kind).u8[row] = (uint8_t)def_kind_of(node);
    NULLABLE_ID(x, defs, parent_def_id, row, note->enclosing);
    COLUMN(x, defs, container_id).i64[row] =
        id_of(x, note->enclosing == RS_NO_NODE ? 0 : note->enclosing);
    NAME_SPAN(x, defs, row, node);
    if (is_lambda) {
        ROW_SET_NULL(x, defs, name_start_byte, row);
        ROW_SET_NULL(x, defs, name_end_byte, row);
    }
    COLUMN(x, defs, n_params).i32[row] = 0;
    COLUMN(x, defs, n_decorators).i32[row] = 0;
    COLUMN(x, defs, is_generator).u8[row] = false;
    COLUMN(x, defs, damaged).u8[row] = node->damaged;
    NODE_SPAN(x, defs, row, n);
    COLUMN(x, defs, end_line).i32[row] = COLUMN(x, syntax_nodes, end_line).i32[node_row];
}

/* An error region damages every definition around it. */
static void damage_mark(rs_extractor *x, uint32_t n)
{
    for (uint32_t def = x->notes.items[n].enclosing; def != RS_NO_NODE;
         def = x->notes.items[def].enclosing) {
        COLUMN(x, defs, damaged).u8[x->notes.items[def].row] = true;
    }
}

static void globals_add(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t def = x->notes.items[n].enclosing;
    if (def == RS_NO_NODE || node_at(x, node->parent)->ast_class != RS_AST_Global) {
        return;
    }
    uint32_t name = name_number(x, node);
    if (name != RS_STR_NULL &&
        !global_names_push(&x->globals, (global_name){def, x->part->strings.items[name]})) {
        x->status = RS_ERR_NOMEM;
    }
}

static void decorator_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t named = node->ast_class == RS_AST_Call ? n + 1 : n;
    size_t row = ROW_ADD(x, decorators);
    COLUMN(x, decorators, decorator_id).i64[row] = id_of(x, n);
    COLUMN(x, decorators, def_id).i64[row] = id_of(x, node->parent);
    COLUMN(x, decorators, position).i32[row] = (int32_t)node->order;
    COLUMN(x, decorators, text).str[row] = dotted_number(x, named);
    NODE_SPAN(x, decorators, row, n);
    COLUMN(x, defs, n_decorators).i32[x->notes.items[node->parent].row]++;
}

/* --- parameters --- */

static rs_w_param_kind param_kind_of(const rs_node *node)
{
    switch (node->field) {
    case RS_F_posonlyargs:
        return RS_W_param_kind_positional_only;
    case RS_F_vararg:
        return RS_W_param_kind_vararg;
    case RS_F_kwonlyargs:
        return RS_W_param_kind_keyword_only;
    case RS_F_kwarg:
        return RS_W_param_kind_varkw;
    default:
        return RS_W_param_kind_positional;
    }
}

/* The default that stands right behind the parameter at node n. */
static uint32_t default_of(const rs_extractor *x, uint32_t n)
{
    uint32_t next = n + node_at(x, n)->n_subtree;
    if (next >= x->tree.n_nodes) {
        return RS_NO_NODE;
    }
    const rs_node *node = node_at(x, next);
    bool is_default = node->field == RS_F_defaults || node->field == RS_F_kw_defaults;
    return is_default && node->parent == node_at(x, n)->parent ? next : RS_NO_NODE;
}

static void param_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t def = node_at(x, node->parent)->parent;
    size_t row = ROW_ADD(x, params);
    COLUMN(x, params, param_id).i64[row] = id_of(x, n);
    COLUMN(x, params, def_id).i64[row] = id_of(x, def);
    COLUMN(x, params, position).i32[row] = (int32_t)x->notes.items[node->parent].count++;
    COLUMN(x, params, param_kind).u8[row] = (uint8_t)param_kind_of(node);
    COLUMN(x, params, name).str[row] = name_number(x, node);
    NAME_SPAN(x, params, row, node);
    NULLABLE_ID(x, params, annotation_id, row, node->n_subtree > 1 ? n + 1 : RS_NO_NODE);
    NULLABLE_ID(x, params, default_id, row, default_of(x, n));
    NODE_SPAN(x, params, row, n);
    COLUMN(x, defs, n_params).i32[x->notes.items[def].row]++;
}

/* --- calls, arguments, bases --- */

static rs_w_callee_shape callee_shape_of(const rs_node *node)
{
    switch (node->ast_class) {
    case RS_AST_Name:
        return RS_W_callee_shape_NAME;
    case RS_AST_Attribute:
        return RS_W_callee_shape_ATTRIBUTE;
    case RS_AST_Subscript:
        return RS_W_callee_shape_SUBSCRIPT;
    case RS_AST_Call:
        return RS_W_callee_shape_CALL;
    case RS_AST_Lambda:
        return RS_W_callee_shape_LAMBDA;
    default:
        return RS_W_callee_shape_OTHER;
    }
}

static void call_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *callee = node_at(x, n + 1);
    size_t row = ROW_ADD(x, calls);
    x->notes.items[n].row = (uint32_t)row;
    COLUMN(x, calls, call_id).i64[row] = id_of(x, n);
    COLUMN(x, calls, callee_id).i64[row] = id_of(x, n + 1);
    COLUMN(x, calls, callee_shape).u8[row] = (uint8_t)callee_shape_of(callee);
    COLUMN(x, calls, callee_text).str[row] = dotted_number(x, n + 1);
    COLUMN(x, calls, n_positional).i32[row] = 0;
    COLUMN(x, calls, n_keyword).i32[row] = 0;
    COLUMN(x, calls, has_star).u8[row] = false;
    COLUMN(x, calls, has_double_star).u8[row] = false;
    NULLABLE_ID(x, calls, enclosing_def_id, row, x->notes.items[n].enclosing);
    COLUMN(x, calls, callee_start_byte).i64[row] = raw_of(x, callee->start_byte);
    COLUMN(x, calls, callee_end_byte).i64[row] = raw_of(x, callee->end_byte);
    bool is_named = callee->ast_class == RS_AST_Name || callee->ast_class == RS_AST_Attribute;
    COLUMN(x, calls, callee_name_start_byte).i64[row] = raw_of(x, callee->name_start);
    COLUMN(x, calls, callee_name_end_byte).i64[row] = raw_of(x, callee->name_end);
    if (!is_named) {
        ROW_SET_NULL(x, calls, callee_name_start_byte, row);
        ROW_SET_NULL(x, calls, callee_name_end_byte, row);
    }
    COLUMN(x, calls, damaged).u8[row] = node->damaged;
    NODE_SPAN(x, calls, row, n);
}

static rs_w_arg_kind arg_kind_of(const rs_node *node)
{
    if (node->field == RS_F_keywords) {
        return node->name_end > 0 ? RS_W_arg_kind_keyword : RS_W_arg_kind_double_star;
    }
    return node->ast_class == RS_AST_Starred && node->parens == 0 ? RS_W_arg_kind_star
                                                                  : RS_W_arg_kind_positional;
}

static void call_count(rs_extractor *x, uint32_t call, rs_w_arg_kind kind)
{
    uint32_t row = x->notes.items[call].row;
    switch (kind) {
    case RS_W_arg_kind_positional:
        COLUMN(x, calls, n_positional).i32[row]++;
        break;
    case RS_W_arg_kind_keyword:
        COLUMN(x, calls, n_keyword).i32[row]++;
        break;
    case RS_W_arg_kind_star:
        COLUMN(x, calls, has_star).u8[row] = true;
        break;
    case RS_W_arg_kind_double_star:
        COLUMN(x, calls, has_double_star).u8[row] = true;
        break;
    case RS_N_W_arg_kind:
        break;
    }
}

static void argument_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_w_arg_kind kind = arg_kind_of(node);
    size_t row = ROW_ADD(x, args);
    COLUMN(x, args, arg_id).i64[row] = id_of(x, n);
    COLUMN(x, args, call_id).i64[row] = id_of(x, node->parent);
    COLUMN(x, args, value_id).i64[row] = id_of(x, kind == RS_W_arg_kind_positional ? n : n + 1);
    COLUMN(x, args, position).i32[row] = (int32_t)x->notes.items[node->parent].count++;
    COLUMN(x, args, arg_kind).u8[row] = (uint8_t)kind;
    COLUMN(x, args, keyword).str[row] =
        kind == RS_W_arg_kind_keyword ? name_number(x, node) : RS_STR_NULL;
    NODE_SPAN(x, args, row, n);
    call_count(x, node->parent, kind);
}

static void base_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_w_arg_kind kind = arg_kind_of(node);
    size_t row = ROW_ADD(x, class_bases);
    COLUMN(x, class_bases, base_id).i64[row] = id_of(x, n);
    COLUMN(x, class_bases, def_id).i64[row] = id_of(x, node->parent);
    COLUMN(x, class_bases, position).i32[row] = (int32_t)x->notes.items[node->parent].count++;
    COLUMN(x, class_bases, arg_kind).u8[row] = (uint8_t)kind;
    COLUMN(x, class_bases, keyword).str[row] =
        kind == RS_W_arg_kind_keyword ? name_number(x, node) : RS_STR_NULL;
    COLUMN(x, class_bases, text).str[row] =
        dotted_number(x, kind == RS_W_arg_kind_positional ? n : n + 1);
    NODE_SPAN(x, class_bases, row, n);
}

/* --- imports --- */

/* Dots behind `from`, among blanks, dots and line joins. */
static int32_t import_level(const rs_extractor *x, const rs_node *statement)
{
    int32_t level = 0;
    const char *at = x->tree.text + statement->start_byte + (sizeof "from" - 1);
    for (; strchr(". \t\f\\\n\r", *at) != NULL && *at != '\0'; at++) {
        level += *at == '.';
    }
    return level;
}

uint32_t rs_syntax_alias_start(const rs_extractor *x, uint32_t end)
{
    uint32_t start = end;
    while (start > 0 && strchr(" \t\f\\\n\r", x->tree.text[start - 1]) == NULL) {
        start--;
    }
    return start;
}

static void import_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *statement = node_at(x, node->parent);
    bool is_from = statement->ast_class == RS_AST_ImportFrom;
    bool is_star = x->tree.text[node->start_byte] == '*';
    size_t row = ROW_ADD(x, imports);
    COLUMN(x, imports, import_id).i64[row] = id_of(x, n);
    COLUMN(x, imports, stmt_id).i64[row] = id_of(x, node->parent);
    NULLABLE_ID(x, imports, enclosing_def_id, row, x->notes.items[n].enclosing);
    COLUMN(x, imports, import_kind).u8[row] =
        is_from ? RS_W_import_kind_from : RS_W_import_kind_import;
    COLUMN(x, imports, module).str[row] =
        is_from && statement->name_end > statement->name_start
            ? module_number(x, statement->name_start, statement->name_end)
            : RS_STR_NULL;
    COLUMN(x, imports, name).str[row] = module_number(x, node->name_start, node->name_end);
    COLUMN(x, imports, alias).str[row] =
        node->detail != 0
            ? string_number(
                  x, rs_syntax_name(x, rs_syntax_alias_start(x, node->end_byte), node->end_byte))
            : RS_STR_NULL;
    COLUMN(x, imports, level).i32[row] = is_from ? import_level(x, statement) : 0;
    COLUMN(x, imports, is_star).u8[row] = is_star;
    NAME_SPAN(x, imports, row, node);
    COLUMN(x, imports, stmt_start_byte).i64[row] = raw_of(x, statement->start_byte);
    COLUMN(x, imports, stmt_end_byte).i64[row] = raw_of(x, statement->end_byte);
    NODE_SPAN(x, imports, row, n);
    size_t node_row = node_row_of(x, n);
    COLUMN(x, syntax_nodes, name).str[node_row] = COLUMN(x, imports, name).str[row];
}

/* --- names, attributes, literals --- */

static uint32_t node_name(const rs_extractor *x, uint32_t n)
{
    size_t node_row = node_row_of(x, n);
    return COLUMN(x, syntax_nodes, name).str[node_row];
}

static void name_row(rs_extractor *x, uint32_t n)
{
    size_t row = ROW_ADD(x, name_refs);
    COLUMN(x, name_refs, name_ref_id).i64[row] = id_of(x, n);
    COLUMN(x, name_refs, name).str[row] = node_name(x, n);
    COLUMN(x, name_refs, context).u8[row] = node_at(x, n)->context;
    NODE_SPAN(x, name_refs, row, n);
}

static void attribute_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *value = node_at(x, n + 1);
    size_t row = ROW_ADD(x, attributes);
    COLUMN(x, attributes, attribute_id).i64[row] = id_of(x, n);
    COLUMN(x, attributes, attribute).str[row] = node_name(x, n);
    COLUMN(x, attributes, context).u8[row] = node->context;
    COLUMN(x, attributes, value_id).i64[row] = id_of(x, n + 1);
    NAME_SPAN(x, attributes, row, node);
    COLUMN(x, attributes, value_start_byte).i64[row] = raw_of(x, value->start_byte);
    COLUMN(x, attributes, value_end_byte).i64[row] = raw_of(x, value->end_byte);
    NODE_SPAN(x, attributes, row, n);
}

static void docstring_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    size_t row = ROW_ADD(x, docstrings);
    COLUMN(x, docstrings, docstring_id).i64[row] = id_of(x, n);
    COLUMN(x, docstrings, owner_id).i64[row] = id_of(x, node_at(x, node->parent)->parent);
    rs_buf_reset(&x->scratch);
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    COLUMN(x, docstrings, text).str[row] = string_number(x, rs_buf_str(&x->scratch));
    NODE_SPAN(x, docstrings, row, n);
}

/* A string that is the first statement of a module, function or class. */
static bool is_docstring(const rs_extractor *x, const rs_node *node)
{
    if (node->ast_class != RS_AST_Constant || node->detail != RS_W_literal_kind_string ||
        node->parent == RS_NO_NODE) {
        return false;
    }
    const rs_node *statement = node_at(x, node->parent);
    if (statement->ast_class != RS_AST_Expr || statement->field != RS_F_body ||
        statement->order != 0) {
        return false;
    }
    const rs_node *owner = node_at(x, statement->parent);
    return owner->ast_class == RS_AST_Module || owner->ast_class == RS_AST_ClassDef ||
           is_function(owner);
}

static void literal_row(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    size_t row = ROW_ADD(x, literals);
    bool is_short = node->end_byte - node->start_byte <= MAX_LITERAL_TEXT;
    COLUMN(x, literals, literal_id).i64[row] = id_of(x, n);
    COLUMN(x, literals, literal_kind).u8[row] = node->detail;
    COLUMN(x, literals, text).str[row] =
        is_short ? string_number(x, text_between(x, node->start_byte, node->end_byte))
                 : RS_STR_NULL;
    NODE_SPAN(x, literals, row, n);
    if (is_docstring(x, node)) {
        docstring_row(x, n);
    }
}

/* --- types --- */

static void type_row(rs_extractor *x, uint32_t n, rs_w_type_expr_role role, uint32_t name)
{
    const rs_node *node = node_at(x, n);
    size_t row = ROW_ADD(x, type_exprs);
    COLUMN(x, type_exprs, type_expr_id).i64[row] = id_of(x, n);
    COLUMN(x, type_exprs, owner_id).i64[row] = id_of(x, node->parent);
    COLUMN(x, type_exprs, role).u8[row] = (uint8_t)role;
    COLUMN(x, type_exprs, name).str[row] = name;
    COLUMN(x, type_exprs, text).str[row] =
        string_number(x, text_between(x, node->start_byte, node->end_byte));
    NODE_SPAN(x, type_exprs, row, n);
}

/* A node in the place of a type, told by its field. */
static void type_look(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t parent = node->parent;
    switch (node->field) {
    case RS_F_annotation:
        if (node_at(x, parent)->ast_class == RS_AST_arg) {
            type_row(x, n, RS_W_type_expr_role_param, node_name(x, parent));
        } else {
            type_row(x, n, RS_W_type_expr_role_variable, node_name(x, parent + 1));
        }
        break;
    case RS_F_returns:
        type_row(x, n, RS_W_type_expr_role_return, node_name(x, parent));
        break;
    case RS_F_bound:
        type_row(x, n, RS_W_type_expr_role_bound, node_name(x, parent));
        break;
    case RS_F_default_value:
        type_row(x, n, RS_W_type_expr_role_default, node_name(x, parent));
        break;
    case RS_F_value:
        if (node_at(x, parent)->ast_class == RS_AST_TypeAlias) {
            type_row(x, n, RS_W_type_expr_role_alias, node_name(x, parent));
        }
        break;
    default:
        break;
    }
}

/* --- the scan --- */

/*
 * The definition whose code node n is. Decorators, bases, defaults and annotations are
 * evaluated where the definition stands, not inside.
 */
static uint32_t enclosing_of(const rs_extractor *x, const rs_node *node)
{
    if (node->parent == RS_NO_NODE) {
        return RS_NO_NODE;
    }
    const rs_node *parent = node_at(x, node->parent);
    uint32_t outside = x->notes.items[node->parent].enclosing;
    if (is_def(parent)) {
        bool is_inside =
            node->field == RS_F_body || node->field == RS_F_args || node->field == RS_F_type_params;
        return is_inside ? node->parent : outside;
    }
    bool is_default = parent->ast_class == RS_AST_arguments &&
                      (node->field == RS_F_defaults || node->field == RS_F_kw_defaults);
    if ((is_default || parent->ast_class == RS_AST_arg) && outside != RS_NO_NODE) {
        return x->notes.items[outside].enclosing;
    }
    return outside;
}

/* Rows that a node gives for being the child it is. */
static void child_rows(rs_extractor *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    switch (node->field) {
    case RS_F_decorator_list:
        decorator_row(x, n);
        break;
    case RS_F_bases:
        base_row(x, n);
        break;
    case RS_F_args:
    case RS_F_keywords:
        if (node_at(x, node->parent)->ast_class == RS_AST_Call) {
            argument_row(x, n);
        } else if (node_at(x, node->parent)->ast_class == RS_AST_ClassDef) {
            base_row(x, n);
        }
        break;
    default:
        type_look(x, n);
        break;
    }
}

/* Rows that a node gives for being what it is. */
static void own_rows(rs_extractor *x, uint32_t n)
{
    switch (node_at(x, n)->ast_class) {
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_Lambda:
        def_row(x, n);
        break;
    case RS_AST_arg:
        param_row(x, n);
        break;
    case RS_AST_Call:
        call_row(x, n);
        break;
    case RS_AST_Name:
        name_row(x, n);
        break;
    case RS_AST_Attribute:
        attribute_row(x, n);
        break;
    case RS_AST_alias:
        import_row(x, n);
        break;
    case RS_AST_Constant:
    case RS_AST_JoinedStr:
    case RS_AST_TemplateStr:
        literal_row(x, n);
        break;
    case RS_AST_Identifier:
        globals_add(x, n);
        break;
    case RS_AST_Yield:
    case RS_AST_YieldFrom: {
        uint32_t def = x->notes.items[n].enclosing;
        if (def != RS_NO_NODE) {
            COLUMN(x, defs, is_generator).u8[x->notes.items[def].row] = true;
        }
        break;
    }
    case RS_AST_Error:
        damage_mark(x, n);
        break;
    default:
        break;
    }
}

void rs_syntax_rows(rs_extractor *x)
{
    global_names_reset(&x->globals);
    for (uint32_t n = 0; n < x->tree.n_nodes; n++) {
        x->notes.items[n] = (node_note){enclosing_of(x, node_at(x, n)), 0, 0};
        if (n > 0) {
            child_rows(x, n);
        }
        own_rows(x, n);
    }
}
