/* SPDX-License-Identifier: Apache-2.0 */
/* scope_rows.c - the rows of the scope lens. */
#include "evidence/scope/scope_impl.h"
#include "evidence/syntax/syntax_impl.h"

/* Numbers of the file's first entities of each kind. */
typedef struct scope_base {
    uint32_t scopes;
    uint32_t bindings;
    uint32_t faults;
} scope_base;

/* The id of entity `first + number`, or null. */
static int64_t optional_id(rs_extractor *x, rs_dataset_id dataset, size_t column, size_t row,
                           uint32_t first, uint32_t number)
{
    if (number == RS_SCOPE_NONE) {
        rs_syntax_set_null(x, dataset, column, row);
        return 0;
    }
    return id_of(x, first + number);
}

#define OPTIONAL_ID(x, dataset, column, row, first, number)                                        \
    (COLUMN(x, dataset, column).i64[row] =                                                         \
         optional_id(x, RS_DS_##dataset, RS_C_##dataset##_##column, row, first, number))

/* --- scopes --- */

static const char *const code_names[RS_N_W_scope_kind] = {
    [RS_W_scope_kind_module] = "<module>",         [RS_W_scope_kind_lambda] = "<lambda>",
    [RS_W_scope_kind_listcomp] = "<listcomp>",     [RS_W_scope_kind_setcomp] = "<setcomp>",
    [RS_W_scope_kind_dictcomp] = "<dictcomp>",     [RS_W_scope_kind_genexpr] = "<genexpr>",
    [RS_W_scope_kind_annotation] = "<annotation>",
};

static bool is_transparent(const scope *s)
{
    return s->type == RS_W_scope_type_annotation || s->type == RS_W_scope_type_type_parameters;
}

/* A definition whose name the scope around it declares global has no qualname but its name. */
static bool is_declared_global(rs_extractor *x, const scope *s)
{
    if (s->kind != RS_W_scope_kind_def && s->kind != RS_W_scope_kind_class) {
        return false;
    }
    const rs_scope_lens *lens = &x->scope;
    uint32_t symbol = rs_scope_symbol_find(lens, s->outer, rs_scope_mangle(x, s->outer, s->name));
    return symbol != RS_SCOPE_NONE && s->outer != 0 &&
           lens->symbols.items[symbol].scope_class == RS_W_scope_class_GLOBAL_EXPLICIT;
}

static uint32_t qualname_of(rs_extractor *x, uint32_t number, uint32_t name)
{
    const scope *s = &x->scope.scopes.items[number];
    uint32_t around = s->parent;
    uint32_t prefix = x->scope.scopes.items[around].qualname;
    if (is_transparent(s)) {
        return prefix;
    }
    while (is_transparent(&x->scope.scopes.items[around])) {
        around = x->scope.scopes.items[around].parent;
    }
    bool is_global = is_declared_global(x, s);
    rs_buf_reset(&x->scratch);
    rs_str text = x->part->strings.items[prefix];
    if (text.n_bytes > 0 && !is_global) {
        const scope *holder = &x->scope.scopes.items[around];
        bool has_locals = holder->type != RS_W_scope_type_class && !scope_is_comprehension(holder);
        rs_buf_add_str(&x->scratch, text);
        rs_buf_add(&x->scratch, has_locals ? ".<locals>." : ".");
    }
    rs_buf_add_str(&x->scratch, x->part->strings.items[name]);
    return rs_strings_add(&x->part->strings,
                          (rs_str){rs_buf_text(&x->scratch), x->scratch.n_bytes});
}

static void scope_row(rs_extractor *x, uint32_t number, const scope_base *base)
{
    scope *s = &x->scope.scopes.items[number];
    size_t row = ROW_ADD(x, scopes);
    const char *code_name = code_names[s->kind];
    uint32_t name =
        code_name == NULL ? s->name : rs_strings_add(&x->part->strings, rs_str_of(code_name));
    s->qualname = number == 0           ? rs_strings_add(&x->part->strings, RS_STR_LITERAL(""))
                  : name == RS_STR_NULL ? RS_STR_NULL
                                        : qualname_of(x, number, name);
    if (s->qualname == RS_STR_NULL) {
        x->status = RS_ERR_NOMEM;
        return;
    }
    COLUMN(x, scopes, scope_id).i64[row] = id_of(x, base->scopes + number);
    COLUMN(x, scopes, node_id).i64[row] = id_of(x, s->node);
    OPTIONAL_ID(x, scopes, parent_scope_id, row, base->scopes,
                number == 0 ? RS_SCOPE_NONE : s->parent);
    COLUMN(x, scopes, scope_type).u8[row] = s->type;
    COLUMN(x, scopes, scope_kind).u8[row] = s->kind;
    COLUMN(x, scopes, name).str[row] = name;
    COLUMN(x, scopes, qualname).str[row] = s->qualname;
    COLUMN(x, scopes, is_nested).u8[row] = s->is_nested;
    NODE_SPAN(x, scopes, row, s->node);
}

/* --- bindings --- */

static void binding_flags(rs_extractor *x, size_t row, const scope_symbol *symbol)
{
    uint32_t flags = symbol->flags;
    rs_w_scope_class kind = (rs_w_scope_class)symbol->scope_class;
    bool is_module_own = symbol->scope == 0 && (flags & RS_SYM_BOUND) != 0;
    bool is_global =
        kind == RS_W_scope_class_GLOBAL_EXPLICIT || kind == RS_W_scope_class_GLOBAL_IMPLICIT;
    bool is_local = kind == RS_W_scope_class_LOCAL || kind == RS_W_scope_class_CELL;
    COLUMN(x, bindings, is_local).u8[row] = is_local || is_module_own;
    COLUMN(x, bindings, is_global).u8[row] = is_global || is_module_own;
    COLUMN(x, bindings, is_declared_global).u8[row] = kind == RS_W_scope_class_GLOBAL_EXPLICIT;
    COLUMN(x, bindings, is_free).u8[row] = kind == RS_W_scope_class_FREE;
    COLUMN(x, bindings, is_nonlocal).u8[row] = (flags & RS_SYM_NONLOCAL) != 0;
    COLUMN(x, bindings, is_parameter).u8[row] = (flags & RS_SYM_PARAM) != 0;
    COLUMN(x, bindings, is_imported).u8[row] = (flags & RS_SYM_IMPORT) != 0;
    COLUMN(x, bindings, is_assigned).u8[row] = (flags & RS_SYM_LOCAL) != 0;
    COLUMN(x, bindings, is_referenced).u8[row] = (flags & RS_SYM_USE) != 0;
    COLUMN(x, bindings, is_annotated).u8[row] = (flags & RS_SYM_ANNOTATED) != 0;
    COLUMN(x, bindings, is_namespace).u8[row] = (flags & RS_SYM_NAMESPACE) != 0;
}

static void resolution_row(rs_extractor *x, size_t binding_row, const scope_symbol *symbol,
                           const scope_base *base, const uint32_t *order)
{
    size_t row = ROW_ADD(x, binding_resolutions);
    COLUMN(x, binding_resolutions, binding_id).i64[row] =
        COLUMN(x, bindings, binding_id).i64[binding_row];
    COLUMN(x, binding_resolutions, resolution).u8[row] = symbol->resolution;
    OPTIONAL_ID(x, binding_resolutions, slot_id, row, base->bindings,
                symbol->slot == RS_SCOPE_NONE ? RS_SCOPE_NONE : order[symbol->slot]);
    OPTIONAL_ID(x, binding_resolutions, slot_scope_id, row, base->scopes, symbol->slot_scope);
}

static void binding_rows(rs_extractor *x, const scope_base *base, const uint32_t *order)
{
    rs_scope_lens *lens = &x->scope;
    for (uint32_t s = 0; s < lens->scopes.n_items; s++) {
        for (uint32_t i = lens->scopes.items[s].first_symbol; i != RS_SCOPE_NONE;
             i = lens->symbols.items[i].next) {
            const scope_symbol *symbol = &lens->symbols.items[i];
            size_t row = ROW_ADD(x, bindings);
            COLUMN(x, bindings, binding_id).i64[row] = id_of(x, base->bindings + order[i]);
            COLUMN(x, bindings, scope_id).i64[row] = id_of(x, base->scopes + s);
            COLUMN(x, bindings, name).str[row] = symbol->name;
            COLUMN(x, bindings, scope_class).u8[row] = symbol->scope_class;
            OPTIONAL_ID(x, bindings, site_id, row, 0, symbol->site);
            binding_flags(x, row, symbol);
            if (symbol->slot != i) {
                resolution_row(x, row, symbol, base, order);
            }
        }
    }
}

/* --- name_bindings --- */

/* Ids in the place of the numbers that the scan left. */
static void names_finish(rs_extractor *x, const scope_base *base, const uint32_t *order)
{
    rs_scope_lens *lens = &x->scope;
    size_t n_rows = x->part->batches[RS_DS_name_bindings].n_rows;
    int64_t *scope_id = COLUMN(x, name_bindings, scope_id).i64;
    int64_t *binding_id = COLUMN(x, name_bindings, binding_id).i64;
    for (size_t row = lens->first_row; row < n_rows; row++) {
        uint32_t s = (uint32_t)scope_id[row];
        uint32_t i = (uint32_t)binding_id[row];
        if (i == RS_SCOPE_NONE) { /* `(x): T`, where another place may bind x */
            uint32_t name = COLUMN(x, name_bindings, name).str[row];
            i = rs_scope_symbol_find(lens, s, rs_scope_mangle(x, s, name));
        }
        scope_id[row] = id_of(x, base->scopes + s);
        const scope_symbol none = {.slot = RS_SCOPE_NONE,
                                   .slot_scope = RS_SCOPE_NONE,
                                   .resolution = RS_W_resolution_unbound};
        const scope_symbol *symbol = i == RS_SCOPE_NONE ? &none : &lens->symbols.items[i];
        OPTIONAL_ID(x, name_bindings, binding_id, row, base->bindings,
                    i == RS_SCOPE_NONE ? i : order[i]);
        COLUMN(x, name_bindings, resolution).u8[row] = symbol->resolution;
        OPTIONAL_ID(x, name_bindings, slot_id, row, base->bindings,
                    symbol->slot == RS_SCOPE_NONE ? RS_SCOPE_NONE : order[symbol->slot]);
        OPTIONAL_ID(x, name_bindings, slot_scope_id, row, base->scopes, symbol->slot_scope);
    }
}

/* --- scope_diagnostics --- */

static void fault_row(rs_extractor *x, uint32_t number, const scope_fault *fault)
{
    size_t row = ROW_ADD(x, scope_diagnostics);
    uint32_t start = raw_of(x, fault->start_byte);
    rs_position at = rs_syntax_position(x, 1, start);
    rs_diagnostic_code code = (rs_diagnostic_code)fault->code;
    COLUMN(x, scope_diagnostics, diagnostic_id).i64[row] = id_of(x, number);
    COLUMN(x, scope_diagnostics, code).u8[row] = fault->code;
    COLUMN(x, scope_diagnostics, severity).u8[row] = (uint8_t)rs_diagnostic_get(code)->severity;
    COLUMN(x, scope_diagnostics, message).str[row] = fault->message;
    COLUMN(x, scope_diagnostics, start_byte).i64[row] = start;
    COLUMN(x, scope_diagnostics, end_byte).i64[row] = raw_of(x, fault->end_byte);
    COLUMN(x, scope_diagnostics, start_line).i32[row] = (int32_t)at.line;
    COLUMN(x, scope_diagnostics, start_column).i32[row] = (int32_t)at.column;
}

/* --- the whole --- */

/* Room for a row at every node that can carry a name. */
static rs_status names_reserve(rs_extractor *x, rs_error *err)
{
    size_t classes[RS_N_AST_CLASSES] = {0};
    for (uint32_t i = 0; i < x->tree.n_nodes; i++) {
        classes[x->tree.nodes[i].ast_class]++;
    }
    size_t n_rows =
        classes[RS_AST_Name] + classes[RS_AST_FunctionDef] + classes[RS_AST_AsyncFunctionDef] +
        classes[RS_AST_ClassDef] + classes[RS_AST_arg] + classes[RS_AST_alias] +
        classes[RS_AST_ExceptHandler] + classes[RS_AST_Identifier] + classes[RS_AST_MatchAs] +
        classes[RS_AST_MatchStar] + classes[RS_AST_MatchMapping] + classes[RS_AST_TypeVar] +
        classes[RS_AST_ParamSpec] + classes[RS_AST_TypeVarTuple];
    return rs_batch_reserve(&x->part->batches[RS_DS_name_bindings], n_rows, err);
}

/* Bindings are numbered scope by scope: order[symbol] is its place. */
static bool order_symbols(rs_scope_lens *lens)
{
    scope_numbers *order = &lens->inner; /* done with */
    scope_numbers_reset(order);
    if (!scope_numbers_reserve(order, lens->symbols.n_items)) {
        return false;
    }
    uint32_t place = 0;
    for (size_t s = 0; s < lens->scopes.n_items; s++) {
        for (uint32_t i = lens->scopes.items[s].first_symbol; i != RS_SCOPE_NONE;
             i = lens->symbols.items[i].next) {
            order->items[i] = place++;
        }
    }
    return true;
}

static rs_status rows_write(rs_extractor *x, uint32_t first_number, rs_error *err)
{
    rs_scope_lens *lens = &x->scope;
    rs_batch *batches = x->part->batches;
    if (lens->is_over) {
        batches[RS_DS_name_bindings].n_rows = lens->first_row;
        scope_faults_reset(&lens->faults);
        rs_scope_fault(x, RS_D_scope_too_large, 0, 0,
                       rs_diagnostic_get(RS_D_scope_too_large)->title, RS_STR_NULL, "");
        scope_list_reset(&lens->scopes);
        scope_symbols_reset(&lens->symbols);
    }
    uint32_t n_symbols = (uint32_t)lens->symbols.n_items;
    scope_base base = {.scopes = first_number,
                       .bindings = first_number + (uint32_t)lens->scopes.n_items,
                       .faults = first_number + (uint32_t)lens->scopes.n_items + n_symbols};
    RS_TRY(rs_batch_reserve(&batches[RS_DS_scopes], lens->scopes.n_items, err));
    RS_TRY(rs_batch_reserve(&batches[RS_DS_bindings], n_symbols, err));
    RS_TRY(rs_batch_reserve(&batches[RS_DS_binding_resolutions], n_symbols, err));
    RS_TRY(rs_batch_reserve(&batches[RS_DS_scope_diagnostics], lens->faults.n_items, err));
    if (!order_symbols(lens)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    for (uint32_t s = 0; s < lens->scopes.n_items && x->status == RS_OK; s++) {
        scope_row(x, s, &base);
    }
    binding_rows(x, &base, lens->inner.items);
    names_finish(x, &base, lens->inner.items);
    for (uint32_t i = 0; i < lens->faults.n_items; i++) {
        fault_row(x, base.faults + i, &lens->faults.items[i]);
    }
    return x->status;
}

rs_status rs_scope_extract(rs_extractor *x, uint32_t *number, rs_error *err)
{
    rs_scope_lens *lens = &x->scope;
    scope_list_reset(&lens->scopes);
    scope_faults_reset(&lens->faults);
    lens->is_over = false;
    lens->first_row = x->part->batches[RS_DS_name_bindings].n_rows;
    RS_TRY(names_reserve(x, err));
    scope_numbers_reset(&lens->inner);
    if (!rs_scope_table_reset(x) || !scope_numbers_reserve(&lens->inner, x->tree.n_nodes)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    rs_scope_scan(x);
    if (x->status == RS_OK && !x->part->strings.failed) {
        rs_scope_resolve(x);
    }
    if (x->status != RS_OK || x->part->strings.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    uint64_t n_entities =
        (uint64_t)*number + lens->scopes.n_items + lens->symbols.n_items + lens->faults.n_items;
    lens->is_over = lens->is_over || n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS;
    RS_TRY(rows_write(x, *number, err));
    *number += (uint32_t)(lens->scopes.n_items + lens->symbols.n_items + lens->faults.n_items);
    return RS_OK;
}

void rs_scope_lens_release(rs_scope_lens *lens)
{
    scope_list_release(&lens->scopes);
    scope_symbols_release(&lens->symbols);
    scope_faults_release(&lens->faults);
    scope_undos_release(&lens->undos);
    scope_numbers_release(&lens->inner);
    scope_numbers_release(&lens->visible);
    rs_free(lens->slots);
    *lens = (rs_scope_lens){0};
}
