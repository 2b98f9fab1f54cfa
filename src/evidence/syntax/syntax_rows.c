/* SPDX-License-Identifier: Apache-2.0 */
/* syntax_rows.c - rows of definitions, names, calls and what belongs to them.
 *
 * One scan over the nodes in pre-order: a row is added when its own node is met, so rows
 * come in the order of their keys. What descendants count in the row of their definition or call
 * they count before it is pushed; counters that children need are kept in the parent's note.
 */
#include "evidence/syntax/syntax_impl.h"

enum { MAX_LITERAL_TEXT = 128 };

static const rs_node *node_at(const rs_file_at_hand *x, uint32_t i)
{
    RS_ASSERT(i < x->tree.n_nodes);
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

static rs_text name_text(rs_file_at_hand *x, const rs_node *node)
{
    return text_of(x, rs_file_name(x, node->name_start, node->name_end));
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

/* "a.b.c" when node n is a Name or an Attribute of such, else null. */
static rs_text dotted_text(rs_file_at_hand *x, uint32_t n)
{
    uint32_t bottom = n;
    while (node_at(x, bottom)->ast_class == RS_AST_Attribute) {
        bottom++;
    }
    if (node_at(x, bottom)->ast_class != RS_AST_Name) {
        return (rs_text){0};
    }
    rs_str text = text_between(x, node_at(x, n)->start_byte, node_at(x, n)->end_byte);
    if (is_plain_dotted(text)) {
        return text_of(x, rs_file_short_name(&x->scratch, text));
    }
    rs_buf_reset(&x->scratch);
    for (uint32_t i = bottom + 1; i-- > n;) {
        const rs_node *node = node_at(x, i);
        if (i != bottom) {
            rs_buf_add_char(&x->scratch, '.');
        }
        rs_buf_add_str(&x->scratch, rs_file_name(x, node->name_start, node->name_end));
    }
    return text_of(x, rs_file_short_name(&x->scratch, rs_buf_str(&x->scratch)));
}

/* The dotted name between two offsets, without the blanks that may stand in it. */
static rs_text module_text(rs_file_at_hand *x, uint32_t start, uint32_t end)
{
    rs_str text = text_between(x, start, end);
    if (is_plain_dotted(text) || (text.n_bytes == 1 && text.bytes[0] == '*')) {
        return text_of(x, rs_file_short_name(&x->scratch, text));
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
            rs_buf_add_str(&x->scratch, rs_file_name(x, from, at));
        }
    }
    return text_of(x, rs_file_short_name(&x->scratch, rs_buf_str(&x->scratch)));
}

/* --- definitions --- */

/* The row of the definition at node n, which its descendants go on writing. */
static rs_defs_row *def_at(rs_file_at_hand *x, uint32_t n)
{
    RS_ASSERT(is_def(node_at(x, n)) &&
              syntax_lens(x)->notes.items[n].row < syntax_lens(x)->defs.n_items);
    return &syntax_lens(x)->defs.items[syntax_lens(x)->notes.items[n].row];
}

static uint32_t *global_head(const rs_syntax_lens *lens, uint32_t def, uint32_t name)
{
    RS_ASSERT((lens->heads.n_items & (lens->heads.n_items - 1)) == 0); /* a mask finds a head */
    uint64_t hash = ((uint64_t)def << 32 | name) * UINT64_C(0x9e3779b97f4a7c15);
    return &lens->heads.items[(hash >> 32) & (lens->heads.n_items - 1)];
}

static void global_hang(rs_syntax_lens *lens, size_t place)
{
    RS_ASSERT(place < lens->globals.n_items);
    global_name *global = &lens->globals.items[place];
    uint32_t *head = global_head(lens, global->def, global->name);
    global->next = *head;
    *head = (uint32_t)place + 1;
}

static bool global_push(rs_syntax_lens *lens, uint32_t def, uint32_t name)
{
    size_t n_heads = lens->heads.n_items;
    if (!global_names_push(&lens->globals, (global_name){.def = def, .name = name})) {
        return false;
    }
    if (lens->globals.n_items <= n_heads) {
        global_hang(lens, lens->globals.n_items - 1);
        return true;
    }
    size_t n_more = n_heads == 0 ? 16 : n_heads; /* twice as many */
    if (!global_heads_reserve(&lens->heads, n_more)) {
        return false;
    }
    lens->heads.n_items = n_heads + n_more;
    RS_ASSERT(lens->globals.n_items <= lens->heads.n_items);
    memset(lens->heads.items, 0, lens->heads.n_items * sizeof *lens->heads.items);
    for (size_t i = 0; i < lens->globals.n_items; i++) {
        global_hang(lens, i);
    }
    return true;
}

static bool is_global_there(const rs_file_at_hand *x, uint32_t def, rs_text name)
{
    const rs_syntax_lens *lens = syntax_lens(x);
    uint32_t at = lens->globals.n_items == 0 ? 0 : *global_head(lens, def, name.number);
    while (at != 0) {
        const global_name *global = &lens->globals.items[at - 1];
        if (global->def == def && global->name == name.number) {
            return true;
        }
        at = global->next;
    }
    return false;
}

/*
 * A lambda in a generator expression has "<genexpr>" in its qualname, unless it stands in the
 * first iterable, which is evaluated outside. (Other comprehensions are inlined from 3.12 on.)
 */
static void genexprs_add(rs_file_at_hand *x, uint32_t n, uint32_t enclosing)
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

/* Into x->scratch, CPython's __qualname__ of the definition at node n, as rs_file_short_name() has it. */
static void qualname_build(rs_file_at_hand *x, uint32_t n, uint32_t enclosing, rs_text name)
{
    rs_buf_reset(&x->scratch);
    if (enclosing != RS_NO_NODE && !is_global_there(x, enclosing, name)) {
        rs_text around = def_at(x, enclosing)->qualname;
        rs_buf_add_str(&x->scratch, rs_text_get(x->part, around));
        bool is_class = node_at(x, enclosing)->ast_class == RS_AST_ClassDef;
        rs_buf_add(&x->scratch, is_class ? "." : ".<locals>.");
    }
    if (node_at(x, n)->ast_class == RS_AST_Lambda) {
        genexprs_add(x, n, enclosing);
    }
    rs_buf_add_str(&x->scratch, rs_text_get(x->part, name));
    (void)rs_file_short_name(&x->scratch, rs_buf_str(&x->scratch));
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

/* The module's name before x->scratch: what the graph's node is called. */
static rs_text qualified_text(rs_file_at_hand *x)
{
    rs_buf_reset(&x->normal);
    if (x->file->module.bytes != NULL) {
        rs_buf_add_str(&x->normal, x->file->module);
        rs_buf_add_char(&x->normal, '.');
    }
    rs_buf_add_str(&x->normal, rs_buf_str(&x->scratch));
    return text_of(x, rs_file_short_name(&x->normal, rs_buf_str(&x->normal)));
}

static void def_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    node_note *note = &syntax_lens(x)->notes.items[n];
    rs_defs_row row = rs_defs_row_new();
    bool is_lambda = node->ast_class == RS_AST_Lambda;
    row.name = is_lambda ? text_of(x, RS_STR_LITERAL("<lambda>")) : name_text(x, node);
    if (row.name.number != 0) {
        rs_syntax_nodes_columns nodes = rs_syntax_nodes_columns_of(x->part);
        qualname_build(x, n, note->enclosing, row.name);
        row.qualname = text_of(x, rs_buf_str(&x->scratch));
        nodes.qualified_name[node_row_of(x, n)] = qualified_text(x).number - 1;
        nodes.name[node_row_of(x, n)] = row.name.number - 1;
    }
    row.def_id = id_of(x, n);
    row.def_kind = rs_word_of(def_kind_of(node));
    row.parent_def_id = optional_id(x, note->enclosing);
    row.container_id = id_of(x, note->enclosing == RS_NO_NODE ? 0 : note->enclosing);
    if (!is_lambda) {
        row.name_start_byte = rs_opt_i64_of(raw_of(x, node->name_start));
        row.name_end_byte = rs_opt_i64_of(raw_of(x, node->name_end));
    }
    row.n_params = 0;
    row.n_decorators = 0;
    row.is_generator = false;
    row.damaged = node->damaged;
    note->row = (uint32_t)syntax_lens(x)->defs.n_items;
    if (!def_rows_push(&syntax_lens(x)->defs, row)) {
        x->status = RS_ERR_NOMEM;
    }
}

/* An error region damages every definition around it. */
static void damage_mark(rs_file_at_hand *x, uint32_t n)
{
    for (uint32_t def = syntax_lens(x)->notes.items[n].enclosing; def != RS_NO_NODE;
         def = syntax_lens(x)->notes.items[def].enclosing) {
        def_at(x, def)->damaged = true;
    }
}

static void globals_add(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t def = syntax_lens(x)->notes.items[n].enclosing;
    if (def == RS_NO_NODE || node_at(x, node->parent)->ast_class != RS_AST_Global) {
        return;
    }
    rs_text name = name_text(x, node);
    if (name.number != 0 && !global_push(syntax_lens(x), def, name.number)) {
        x->status = RS_ERR_NOMEM;
    }
}

static void decorator_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t named = node->ast_class == RS_AST_Call ? n + 1 : n;
    rs_decorators_row row = rs_decorators_row_new();
    row.decorator_id = id_of(x, n);
    row.def_id = id_of(x, node->parent);
    row.position = (int32_t)node->order;
    row.text = dotted_text(x, named);
    ROW_PUSH(x, decorators, &row);
    def_at(x, node->parent)->n_decorators++;
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
static uint32_t default_of(const rs_file_at_hand *x, uint32_t n)
{
    uint32_t next = n + node_at(x, n)->n_subtree;
    if (next >= x->tree.n_nodes) {
        return RS_NO_NODE;
    }
    const rs_node *node = node_at(x, next);
    bool is_default = node->field == RS_F_defaults || node->field == RS_F_kw_defaults;
    return is_default && node->parent == node_at(x, n)->parent ? next : RS_NO_NODE;
}

static void param_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    uint32_t def = node_at(x, node->parent)->parent;
    RS_ASSERT(node_at(x, node->parent)->ast_class == RS_AST_arguments);
    rs_params_row row = rs_params_row_new();
    row.param_id = id_of(x, n);
    row.def_id = id_of(x, def);
    row.position = (int32_t)syntax_lens(x)->notes.items[node->parent].count++;
    row.param_kind = rs_word_of(param_kind_of(node));
    row.name = name_text(x, node);
    row.name_start_byte = raw_of(x, node->name_start);
    row.name_end_byte = raw_of(x, node->name_end);
    row.annotation_id = optional_id(x, node->n_subtree > 1 ? n + 1 : RS_NO_NODE);
    row.default_id = optional_id(x, default_of(x, n));
    ROW_PUSH(x, params, &row);
    def_at(x, def)->n_params++;
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

static void call_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *callee = node_at(x, n + 1);
    RS_ASSERT(callee->parent == n); /* what is called stands first */
    rs_calls_row row = rs_calls_row_new();
    row.call_id = id_of(x, n);
    row.callee_id = id_of(x, n + 1);
    row.callee_shape = rs_word_of(callee_shape_of(callee));
    row.callee_text = dotted_text(x, n + 1);
    row.n_positional = 0;
    row.n_keyword = 0;
    row.has_star = false;
    row.has_double_star = false;
    row.enclosing_def_id = optional_id(x, syntax_lens(x)->notes.items[n].enclosing);
    if (callee->ast_class == RS_AST_Name || callee->ast_class == RS_AST_Attribute) {
        row.callee_name_start_byte = rs_opt_i64_of(raw_of(x, callee->name_start));
        row.callee_name_end_byte = rs_opt_i64_of(raw_of(x, callee->name_end));
    }
    row.damaged = node->damaged;
    syntax_lens(x)->notes.items[n].row = (uint32_t)syntax_lens(x)->calls.n_items;
    if (!call_rows_push(&syntax_lens(x)->calls, row)) {
        x->status = RS_ERR_NOMEM;
    }
}

static rs_w_arg_kind arg_kind_of(const rs_node *node)
{
    if (node->field == RS_F_keywords) {
        return node->name_end > 0 ? RS_W_arg_kind_keyword : RS_W_arg_kind_double_star;
    }
    return node->ast_class == RS_AST_Starred && node->parens == 0 ? RS_W_arg_kind_star
                                                                  : RS_W_arg_kind_positional;
}

static void call_count(rs_file_at_hand *x, uint32_t call, rs_w_arg_kind kind)
{
    RS_ASSERT(node_at(x, call)->ast_class == RS_AST_Call);
    rs_calls_row *row = &syntax_lens(x)->calls.items[syntax_lens(x)->notes.items[call].row];
    switch (kind) {
    case RS_W_arg_kind_positional:
        row->n_positional++;
        break;
    case RS_W_arg_kind_keyword:
        row->n_keyword++;
        break;
    case RS_W_arg_kind_star:
        row->has_star = true;
        break;
    case RS_W_arg_kind_double_star:
        row->has_double_star = true;
        break;
    case RS_N_W_arg_kind:
        break;
    }
}

static void argument_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_w_arg_kind kind = arg_kind_of(node);
    rs_args_row row = rs_args_row_new();
    row.arg_id = id_of(x, n);
    row.call_id = id_of(x, node->parent);
    row.value_id = id_of(x, kind == RS_W_arg_kind_positional ? n : n + 1);
    row.position = (int32_t)syntax_lens(x)->notes.items[node->parent].count++;
    row.arg_kind = rs_word_of(kind);
    if (kind == RS_W_arg_kind_keyword) {
        row.keyword = name_text(x, node);
    }
    ROW_PUSH(x, args, &row);
    call_count(x, node->parent, kind);
}

static void base_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_w_arg_kind kind = arg_kind_of(node);
    rs_class_bases_row row = rs_class_bases_row_new();
    row.base_id = id_of(x, n);
    row.def_id = id_of(x, node->parent);
    row.position = (int32_t)syntax_lens(x)->notes.items[node->parent].count++;
    row.arg_kind = rs_word_of(kind);
    if (kind == RS_W_arg_kind_keyword) {
        row.keyword = name_text(x, node);
    }
    row.text = dotted_text(x, kind == RS_W_arg_kind_positional ? n : n + 1);
    ROW_PUSH(x, class_bases, &row);
}

/* --- imports --- */

/* Dots behind `from`, among blanks, dots and line joins. */
static int32_t import_level(const rs_file_at_hand *x, const rs_node *statement)
{
    int32_t level = 0;
    const char *at = x->tree.text + statement->start_byte + (sizeof "from" - 1);
    for (; strchr(". \t\f\\\n\r", *at) != NULL && *at != '\0'; at++) {
        level += *at == '.';
    }
    return level;
}

uint32_t rs_syntax_alias_start(const rs_file_at_hand *x, uint32_t end)
{
    uint32_t start = end;
    while (start > 0 && strchr(" \t\f\\\n\r", x->tree.text[start - 1]) == NULL) {
        start--;
    }
    return start;
}

static void import_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const rs_node *statement = node_at(x, node->parent);
    bool is_from = statement->ast_class == RS_AST_ImportFrom;
    bool is_star = x->tree.text[node->start_byte] == '*';
    rs_imports_row row = rs_imports_row_new();
    row.import_id = id_of(x, n);
    row.stmt_id = id_of(x, node->parent);
    row.enclosing_def_id = optional_id(x, syntax_lens(x)->notes.items[n].enclosing);
    row.import_kind = rs_word_of(is_from ? RS_W_import_kind_from : RS_W_import_kind_import);
    if (is_from && statement->name_end > statement->name_start) {
        row.module = module_text(x, statement->name_start, statement->name_end);
    }
    row.name = module_text(x, node->name_start, node->name_end);
    if (node->detail != 0) {
        uint32_t start = rs_syntax_alias_start(x, node->end_byte);
        row.alias = text_of(x, rs_file_name(x, start, node->end_byte));
    }
    row.level = is_from ? import_level(x, statement) : 0;
    row.is_star = is_star;
    row.name_start_byte = raw_of(x, node->name_start);
    row.name_end_byte = raw_of(x, node->name_end);
    ROW_PUSH(x, imports, &row);
    rs_syntax_nodes_columns_of(x->part).name[node_row_of(x, n)] = row.name.number - 1;
}

/* --- names, attributes, literals --- */

static rs_text node_name(const rs_file_at_hand *x, uint32_t n)
{
    return rs_text_of(rs_syntax_nodes_columns_of(x->part).name[node_row_of(x, n)]);
}

static void name_row(rs_file_at_hand *x, uint32_t n)
{
    rs_name_refs_row row = rs_name_refs_row_new();
    row.name_ref_id = id_of(x, n);
    row.context = rs_word_of(node_at(x, n)->context);
    ROW_PUSH(x, name_refs, &row);
}

static void attribute_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_attributes_row row = rs_attributes_row_new();
    row.attribute_id = id_of(x, n);
    row.context = rs_word_of(node->context);
    row.value_id = id_of(x, n + 1);
    row.name_start_byte = raw_of(x, node->name_start);
    ROW_PUSH(x, attributes, &row);
}

static void docstring_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_docstrings_row row = rs_docstrings_row_new();
    row.docstring_id = id_of(x, n);
    RS_ASSERT(node_at(x, node->parent)->ast_class == RS_AST_Expr);
    row.owner_id = id_of(x, node_at(x, node->parent)->parent);
    rs_buf_reset(&x->scratch);
    rs_string_value(text_between(x, node->start_byte, node->end_byte), &x->scratch);
    row.text = text_of(x, rs_buf_str(&x->scratch));
    ROW_PUSH(x, docstrings, &row);
}

/* A string that is the first statement of a module, function or class. */
static bool is_docstring(const rs_file_at_hand *x, const rs_node *node)
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

static void literal_row(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    rs_literals_row row = rs_literals_row_new();
    row.literal_id = id_of(x, n);
    row.literal_kind = rs_word_of(node->detail);
    if (node->end_byte - node->start_byte <= MAX_LITERAL_TEXT) {
        row.text = text_of(x, text_between(x, node->start_byte, node->end_byte));
    }
    ROW_PUSH(x, literals, &row);
    if (is_docstring(x, node)) {
        docstring_row(x, n);
    }
}

/* --- types --- */

static void type_row(rs_file_at_hand *x, uint32_t n, rs_w_type_expr_role role, rs_text name)
{
    const rs_node *node = node_at(x, n);
    rs_type_exprs_row row = rs_type_exprs_row_new();
    row.type_expr_id = id_of(x, n);
    row.owner_id = id_of(x, node->parent);
    row.role = rs_word_of(role);
    row.name = name;
    row.text = text_of(x, text_between(x, node->start_byte, node->end_byte));
    ROW_PUSH(x, type_exprs, &row);
}

/* A node in the place of a type, told by its field. */
static void type_visit(rs_file_at_hand *x, uint32_t n)
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
static uint32_t enclosing_of(const rs_file_at_hand *x, const rs_node *node)
{
    if (node->parent == RS_NO_NODE) {
        return RS_NO_NODE;
    }
    const rs_node *parent = node_at(x, node->parent);
    uint32_t outside = syntax_lens(x)->notes.items[node->parent].enclosing;
    if (is_def(parent)) {
        bool is_inside =
            node->field == RS_F_body || node->field == RS_F_args || node->field == RS_F_type_params;
        return is_inside ? node->parent : outside;
    }
    bool is_default = parent->ast_class == RS_AST_arguments &&
                      (node->field == RS_F_defaults || node->field == RS_F_kw_defaults);
    if ((is_default || parent->ast_class == RS_AST_arg) && outside != RS_NO_NODE) {
        return syntax_lens(x)->notes.items[outside].enclosing;
    }
    return outside;
}

/* Rows that a node gives for being the child it is. */
static void child_rows(rs_file_at_hand *x, uint32_t n)
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
        type_visit(x, n);
        break;
    }
}

/* Rows that a node gives for being what it is. */
static void own_rows(rs_file_at_hand *x, uint32_t n)
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
        uint32_t def = syntax_lens(x)->notes.items[n].enclosing;
        if (def != RS_NO_NODE) {
            def_at(x, def)->is_generator = true;
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

void rs_syntax_rows(rs_file_at_hand *x)
{
    global_names_reset(&syntax_lens(x)->globals);
    global_heads_reset(&syntax_lens(x)->heads);
    def_rows_reset(&syntax_lens(x)->defs);
    call_rows_reset(&syntax_lens(x)->calls);
    for (uint32_t n = 0; n < x->tree.n_nodes && x->status == RS_OK; n++) {
        syntax_lens(x)->notes.items[n] = (node_note){enclosing_of(x, node_at(x, n)), 0, 0};
        if (n > 0) {
            child_rows(x, n);
        }
        own_rows(x, n);
    }
    ROWS_PUSH(x, defs, syntax_lens(x)->defs.items, syntax_lens(x)->defs.n_items);
    ROWS_PUSH(x, calls, syntax_lens(x)->calls.items, syntax_lens(x)->calls.n_items);
}
