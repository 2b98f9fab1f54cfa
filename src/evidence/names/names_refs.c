/* SPDX-License-Identifier: Apache-2.0 */
/* names_refs.c - the places whose meaning is asked for: a few bytes each, read by names_view.c. */
#include "evidence/names/names_impl.h"
#include "evidence/names/names_pack.h"

enum { MAX_PARTS = 32 /* of a dotted name */ };

/* --- refs --- */

/* The name that the expression or binding says, so that it need not be written; or NAMES_NONE. */
static uint32_t told_name(const rs_names_lens *lens, uint8_t kind, uint32_t expr_number)
{
    if (expr_number == NAMES_NONE) {
        return NAMES_NONE;
    }
    if (names_refers_to_binding(kind)) {
        return lens->slots.items[lens->bindings.items[expr_number].slot].name;
    }
    const names_expr *expr = &lens->exprs.items[expr_number];
    return expr->op == NAMES_NAME ? expr->a : expr->op == NAMES_ATTR ? expr->b : NAMES_NONE;
}

/* Bytes are of the text; flags those of node n. */
void rs_names_ref(rs_file_at_hand *x, uint32_t n, names_ref ref)
{
    rs_names_lens *lens = x->worker;
    uint32_t start = raw_of(x, ref.start_byte);
    uint32_t n_bytes = raw_of(x, ref.end_byte) - start;
    uint32_t n_name = lens->texts.items[ref.name + 1] - lens->texts.items[ref.name];
    bool is_short = n_bytes == n_name && told_name(lens, ref.kind, ref.expr) == ref.name;
    char bytes[1 + 5 * NAMES_MAX_PACKED];
    char *at = bytes;
    *at++ = (char)(ref.kind | (lens->lies.items[n] & NAMES_AT_FLAGS) << NAMES_KIND_BITS |
                   (is_short ? NAMES_IS_TOLD : 0));
    at = names_pack(at, n - lens->last_ref_node);
    at = names_pack_signed(at, (int64_t)start - lens->last_ref_byte);
    at = names_pack_signed(at, (int64_t)(ref.expr + 1) - lens->last_ref_expr);
    if (!is_short) {
        at = names_pack(at, ref.name);
        at = names_pack(at, n_bytes);
    }
    rs_buf_append(&lens->refs, bytes, (size_t)(at - bytes));
    lens->last_ref_node = n;
    lens->last_ref_byte = start;
    lens->last_ref_expr = ref.expr + 1;
    lens->n_refs++;
}

/* What the name of a node's own is: of a kind whose name is all, or a part of the node. */
static void ref_add(rs_file_at_hand *x, uint32_t n, names_ref_kind kind, uint32_t expr)
{
    const rs_node *node = node_at(x, n);
    bool has_part = node->name_end > node->name_start;
    names_ref ref = {.start_byte = has_part ? node->name_start : node->start_byte,
                     .end_byte = has_part ? node->name_end : node->end_byte,
                     .expr = expr,
                     .kind = (uint8_t)kind};
    ref.name = kind == NAMES_REF_KEYWORD ? NAMES_NONE : told_name(names_lens(x), ref.kind, expr);
    if (ref.name == NAMES_NONE) {
        ref.name = rs_names_mangled_text(x, names_lens(x)->at.items[n], names_of_node(x, n));
    }
    rs_names_ref(x, n, ref);
}

static void identifier_ref(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    uint32_t parent = node_at(x, n)->parent;
    switch (node_at(x, parent)->ast_class) {
    case RS_AST_Global:
    case RS_AST_Nonlocal:
        if (lens->row.items[n] != NAMES_NONE) {
            ref_add(x, n, NAMES_REF_NAME, rs_names_read(x, lens->row.items[n]));
        }
        break;
    case RS_AST_MatchClass: {
        uint32_t made =
            rs_names_expr(x, NAMES_CALL, 0, names_expr_of(x, child_in(x, parent, RS_F_cls)), 0);
        uint32_t text = rs_names_text(x, names_of_node(x, n));
        ref_add(x, n, NAMES_REF_ATTRIBUTE, rs_names_expr(x, NAMES_ATTR, 0, made, text));
        break;
    }
    default:
        break;
    }
}

static void name_ref(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    uint32_t binding = lens->binding.items[n];
    if (lens->expr.items[n] != NAMES_NONE) {
        ref_add(x, n, NAMES_REF_NAME, lens->expr.items[n]);
    } else if (binding != NAMES_NONE) {
        ref_add(x, n, NAMES_REF_STORE, binding);
    }
}

void rs_names_ref_node(rs_file_at_hand *x, uint32_t n)
{
    const rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    switch (node->ast_class) {
    case RS_AST_Name:
        name_ref(x, n);
        break;
    case RS_AST_Attribute:
        ref_add(x, n,
                node->context == RS_W_context_LOAD ? NAMES_REF_ATTRIBUTE
                                                   : NAMES_REF_ATTRIBUTE_STORE,
                lens->expr.items[n]);
        break;
    case RS_AST_keyword:
        if (node->name_end > node->name_start &&
            node_at(x, node->parent)->ast_class == RS_AST_Call) {
            ref_add(x, n, NAMES_REF_KEYWORD, names_expr_of(x, node->parent + 1));
        }
        break;
    case RS_AST_Identifier:
        identifier_ref(x, n);
        break;
    case RS_AST_Constant:
        rs_names_string_refs(x, n);
        break;
    case RS_AST_alias:
        break;
    default:
        if (lens->binding.items[n] != NAMES_NONE && node->name_end > node->name_start) {
            ref_add(x, n, NAMES_REF_DEFINITION, lens->binding.items[n]);
        }
        break;
    }
}

void rs_names_call(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    char bytes[2 * NAMES_MAX_PACKED];
    char *at = names_pack(bytes, n - lens->last_call_node);
    at = names_pack_signed(at, (int64_t)names_expr_of(x, n) - lens->last_call_expr);
    rs_buf_append(&lens->calls, bytes, (size_t)(at - bytes));
    lens->last_call_node = n;
    lens->last_call_expr = names_expr_of(x, n);
    lens->n_calls++;
}

/* --- imports --- */

/* Where the identifier at `at` ends. */
static uint32_t part_end(const rs_file_at_hand *x, uint32_t at, uint32_t end)
{
    while (at < end && strchr(". \t\f\\\n\r#", x->tree.text[at]) == NULL) {
        at++;
    }
    return at;
}

/* Behind blanks, dots, continued lines and comments. */
static uint32_t part_start(const rs_file_at_hand *x, uint32_t at, uint32_t end)
{
    while (at < end && strchr(". \t\f\\\n\r#", x->tree.text[at]) != NULL) {
        if (x->tree.text[at] == '#') {
            while (at < end && x->tree.text[at] != '\n' && x->tree.text[at] != '\r') {
                at++;
            }
        } else {
            at++;
        }
    }
    return at;
}

/* The parts of a dotted name in an import at node n, each with the module that it ends. */
static void dotted_refs(rs_file_at_hand *x, uint32_t n, uint32_t start, uint32_t end,
                        uint32_t level)
{
    rs_buf dotted = {0};
    uint32_t at = part_start(x, start, end);
    for (int i = 0; i < MAX_PARTS && at < end; i++) {
        uint32_t stop = part_end(x, at, end);
        rs_str name = rs_names_raw(x, at, stop);
        rs_buf_add(&dotted, i > 0 ? "." : "");
        rs_buf_add_str(&dotted, name);
        names_ref ref = {.start_byte = at,
                         .end_byte = stop,
                         .name = rs_names_text(x, name),
                         .kind = NAMES_REF_MODULE};
        ref.expr = rs_names_expr(x, NAMES_MODULE, 0, rs_names_text(x, rs_buf_str(&dotted)), level);
        rs_names_ref(x, n, ref);
        at = part_start(x, stop, end);
    }
    if (dotted.failed) {
        x->status = RS_ERR_NOMEM;
    }
    rs_buf_release(&dotted);
}

void rs_names_import_from(rs_file_at_hand *x, uint32_t n)
{
    const rs_node *node = node_at(x, n);
    const int32_t *levels = rs_imports_columns_of(x->part).level;
    size_t row = names_lens(x)->import_row;
    if (node->name_end > node->name_start && row < x->part->batches[RS_DS_imports].n_rows) {
        dotted_refs(x, n, node->name_start, node->name_end, (uint32_t)levels[row]);
    }
}

/* `from m import a.b [as c]`, which no Python takes: what is meant is clear. The import is that of a, and
 * c an attribute of what it gives. */
static void dotted_alias(rs_file_at_hand *x, uint32_t n, names_import *import)
{
    rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    uint32_t expr = rs_names_expr(x, NAMES_MODULE, 0, import->module, import->level);
    uint32_t first = NAMES_NONE;
    uint32_t at = node->name_start;
    for (int i = 0; i < MAX_PARTS && at < node->name_end; i++) {
        uint32_t stop = part_end(x, at, node->name_end);
        names_ref ref = {.start_byte = at, .end_byte = stop, .kind = NAMES_REF_ATTRIBUTE};
        ref.name = rs_names_text(x, rs_names_raw(x, at, stop));
        expr = rs_names_expr(x, NAMES_ATTR, 0, expr, ref.name);
        ref.expr = expr;
        rs_names_ref(x, n, ref);
        if (first == NAMES_NONE) {
            first = expr;
            import->name = ref.name;
        }
        at = part_start(x, stop, node->name_end);
    }
    if (import->binding != NAMES_NONE) {
        lens->bindings.items[import->binding].kind = NAMES_ASSIGN;
        lens->bindings.items[import->binding].value = import->has_asname ? expr : first;
    }
}

/* The names that an alias carries. */
static void alias_refs(rs_file_at_hand *x, uint32_t n, bool is_from, names_import *import)
{
    const rs_names_lens *lens = x->worker;
    const rs_node *node = node_at(x, n);
    uint32_t binding = lens->binding.items[n];
    if (!is_from) {
        dotted_refs(x, n, node->name_start, node->name_end, 0);
    } else if (part_end(x, node->name_start, node->name_end) < node->name_end) {
        dotted_alias(x, n, import);
    } else if (binding != NAMES_NONE && lens->bindings.items[binding].kind == NAMES_FROM) {
        names_ref ref = {.start_byte = node->name_start,
                         .end_byte = node->name_end,
                         .kind = NAMES_REF_IMPORTED_NAME};
        ref.name = rs_names_text(x, rs_names_raw(x, node->name_start, node->name_end));
        ref.expr = rs_names_expr(x, NAMES_IMPORTED, 0, binding, 0);
        rs_names_ref(x, n, ref);
    }
    if (node->detail != 0 && binding != NAMES_NONE) {
        names_ref ref = {.start_byte = rs_syntax_alias_start(x, node->end_byte),
                         .end_byte = node->end_byte,
                         .name = lens->slots.items[lens->bindings.items[binding].slot].name,
                         .expr = binding,
                         .kind = NAMES_REF_DEFINITION};
        rs_names_ref(x, n, ref);
    }
}

/* The text of a column of imports, or NAMES_NONE for null. */
static uint32_t import_text(rs_file_at_hand *x, const uint32_t *column, size_t row)
{
    return column[row] == RS_STR_NULL ? NAMES_NONE
                                      : rs_names_text(x, x->part->strings.items[column[row]]);
}

void rs_names_alias(rs_file_at_hand *x, uint32_t n)
{
    rs_names_lens *lens = x->worker;
    rs_imports_columns of = rs_imports_columns_of(x->part);
    size_t end = x->part->batches[RS_DS_imports].n_rows;
    size_t row = lens->import_row;
    bool is_from = node_at(x, node_at(x, n)->parent)->ast_class == RS_AST_ImportFrom;
    if (row >= end || of.import_id[row] != id_of(x, n)) {
        return;
    }
    lens->import_row++;
    uint32_t name = import_text(x, of.name, row);
    uint32_t module = import_text(x, of.module, row);
    names_import import = {.node = n,
                           .binding = lens->binding.items[n],
                           .module = is_from ? module : name,
                           .name = is_from ? name : NAMES_NONE,
                           .level = (uint32_t)of.level[row],
                           .flags = lens->lies.items[n] & NAMES_AT_FLAGS,
                           .has_asname = of.alias[row] != RS_STR_NULL,
                           .is_local = lens->at.items[n] != 0};
    if (import.module == NAMES_NONE) {
        import.module = rs_names_text(x, RS_STR_LITERAL(""));
    }
    if (import.binding != NAMES_NONE) {
        lens->bindings.items[import.binding].inner = (uint32_t)lens->imports.n_items;
    }
    alias_refs(x, n, is_from, &import);
    if (!names_imports_push(&lens->imports, import)) {
        x->status = RS_ERR_NOMEM;
    }
}
