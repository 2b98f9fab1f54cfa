/* SPDX-License-Identifier: Apache-2.0 */
/* scope_rows.c - the rows of the scope lens. */
#include "evidence/scope/scope_impl.h"

/* Numbers of the file's first entities of each kind. */
typedef struct scope_base {
    uint32_t scopes;
    uint32_t bindings;
    uint32_t faults;
} scope_base;

/* The id of entity `first + number`, or null for RS_SCOPE_NONE. */
static rs_opt_i64 optional_entity(const rs_file_at_hand *x, uint32_t first, uint32_t number)
{
    return number == RS_SCOPE_NONE ? (rs_opt_i64){0} : rs_opt_i64_of(id_of(x, first + number));
}

/* The id of the binding that a symbol became, or null for RS_SCOPE_NONE. */
static rs_opt_i64 optional_binding(const rs_file_at_hand *x, const scope_base *base,
                                   const uint32_t *order, uint32_t symbol)
{
    return optional_entity(x, base->bindings, symbol == RS_SCOPE_NONE ? symbol : order[symbol]);
}

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
static bool is_declared_global(rs_file_at_hand *x, const scope *s)
{
    if (s->kind != RS_W_scope_kind_def && s->kind != RS_W_scope_kind_class) {
        return false;
    }
    const rs_scope_lens *lens = x->worker;
    uint32_t symbol = rs_scope_symbol_find(lens, s->outer, rs_scope_mangle(x, s->outer, s->name));
    return symbol != RS_SCOPE_NONE && s->outer != 0 &&
           lens->symbols.items[symbol].scope_class == RS_W_scope_class_GLOBAL_EXPLICIT;
}

static uint32_t qualname_of(rs_file_at_hand *x, uint32_t number, uint32_t name)
{
    const scope *s = &scope_lens(x)->scopes.items[number];
    uint32_t around = s->parent;
    uint32_t prefix = scope_lens(x)->scopes.items[around].qualname;
    if (is_transparent(s)) {
        return prefix;
    }
    while (is_transparent(&scope_lens(x)->scopes.items[around])) {
        around = scope_lens(x)->scopes.items[around].parent;
    }
    bool is_global = is_declared_global(x, s);
    rs_buf_reset(&x->scratch);
    rs_str text = x->part->strings.items[prefix];
    if (text.n_bytes > 0 && !is_global) {
        const scope *holder = &scope_lens(x)->scopes.items[around];
        bool has_locals = holder->type != RS_W_scope_type_class && !scope_is_comprehension(holder);
        rs_buf_add_str(&x->scratch, text);
        rs_buf_add(&x->scratch, has_locals ? ".<locals>." : ".");
    }
    rs_buf_add_str(&x->scratch, x->part->strings.items[name]);
    return rs_strings_add(&x->part->strings,
                          rs_file_short_name(&x->scratch, rs_buf_str(&x->scratch)));
}

/* A definition, also that of type parameters around it, is its own container; others have one around. */
static uint32_t container_of(const rs_file_at_hand *x, uint32_t number)
{
    const scope *s = &scope_lens(x)->scopes.items[number];
    switch (x->tree.nodes[s->node].ast_class) {
    case RS_AST_Module:
    case RS_AST_FunctionDef:
    case RS_AST_AsyncFunctionDef:
    case RS_AST_ClassDef:
    case RS_AST_Lambda:
        return s->node;
    default:
        return scope_lens(x)->scopes.items[s->parent].container;
    }
}

static void scope_row(rs_file_at_hand *x, uint32_t number, const scope_base *base)
{
    scope *s = &scope_lens(x)->scopes.items[number];
    rs_scopes_row row = rs_scopes_row_new();
    const char *code_name = code_names[s->kind];
    uint32_t name =
        code_name == NULL ? s->name : rs_strings_add(&x->part->strings, rs_str_of(code_name));
    s->qualname = number == 0           ? rs_strings_add(&x->part->strings, RS_STR_LITERAL(""))
                  : name == RS_STR_NULL ? RS_STR_NULL
                                        : qualname_of(x, number, name);
    RS_ASSERT(number == 0 || s->parent < number); /* what it goes on from is made */
    if (s->qualname == RS_STR_NULL) {
        x->status = RS_ERR_NOMEM; /* inner scopes would go on from it */
    }
    row.scope_id = id_of(x, base->scopes + number);
    row.node_id = id_of(x, s->node);
    row.parent_scope_id = optional_entity(x, base->scopes, number == 0 ? RS_SCOPE_NONE : s->parent);
    s->container = container_of(x, number);
    row.container_id = id_of(x, s->container);
    row.scope_type = rs_word_of(s->type);
    row.scope_kind = rs_word_of(s->kind);
    row.name = rs_text_of(name);
    row.qualname = rs_text_of(s->qualname);
    row.is_nested = s->is_nested;
    ROW_PUSH(x, scopes, &row);
}

/* --- bindings --- */

static void binding_flags(rs_bindings_row *row, const scope_symbol *symbol)
{
    uint32_t flags = symbol->flags;
    rs_w_scope_class kind = (rs_w_scope_class)symbol->scope_class;
    bool is_module_own = symbol->scope == 0 && (flags & RS_SYM_BOUND) != 0;
    bool is_global =
        kind == RS_W_scope_class_GLOBAL_EXPLICIT || kind == RS_W_scope_class_GLOBAL_IMPLICIT;
    bool is_local = kind == RS_W_scope_class_LOCAL || kind == RS_W_scope_class_CELL;
    row->is_local = is_local || is_module_own;
    row->is_global = is_global || is_module_own;
    row->is_declared_global = kind == RS_W_scope_class_GLOBAL_EXPLICIT;
    row->is_free = kind == RS_W_scope_class_FREE;
    row->is_nonlocal = (flags & RS_SYM_NONLOCAL) != 0;
    row->is_parameter = (flags & RS_SYM_PARAM) != 0;
    row->is_imported = (flags & RS_SYM_IMPORT) != 0;
    row->is_assigned = (flags & RS_SYM_LOCAL) != 0;
    row->is_referenced = (flags & RS_SYM_USE) != 0;
    row->is_annotated = (flags & RS_SYM_ANNOTATED) != 0;
    row->is_namespace = (flags & RS_SYM_NAMESPACE) != 0;
}

static void resolution_row(rs_file_at_hand *x, int64_t binding_id, const scope_symbol *symbol,
                           const scope_base *base, const uint32_t *order)
{
    rs_binding_resolutions_row row = rs_binding_resolutions_row_new();
    row.binding_id = binding_id;
    row.resolution = rs_word_of(symbol->resolution);
    row.slot_id = optional_binding(x, base, order, symbol->slot);
    row.slot_scope_id = optional_entity(x, base->scopes, symbol->slot_scope);
    ROW_PUSH(x, binding_resolutions, &row);
}

static void binding_rows(rs_file_at_hand *x, const scope_base *base, const uint32_t *order)
{
    rs_scope_lens *lens = x->worker;
    for (uint32_t s = 0; s < lens->scopes.n_items; s++) {
        for (uint32_t i = lens->scopes.items[s].first_symbol; i != RS_SCOPE_NONE;
             i = lens->symbols.items[i].next) {
            const scope_symbol *symbol = &lens->symbols.items[i];
            rs_bindings_row row = rs_bindings_row_new();
            row.binding_id = id_of(x, base->bindings + order[i]);
            row.scope_id = id_of(x, base->scopes + s);
            row.name = rs_text_of(symbol->name);
            row.scope_class = rs_word_of(symbol->scope_class);
            row.site_id = optional_entity(x, 0, symbol->site);
            binding_flags(&row, symbol);
            ROW_PUSH(x, bindings, &row);
            if (symbol->slot != i) {
                resolution_row(x, row.binding_id, symbol, base, order);
            }
        }
    }
}

/* --- name_bindings --- */

static void name_row(rs_file_at_hand *x, const scope_name *name, const scope_base *base,
                     const uint32_t *order)
{
    const rs_scope_lens *lens = x->worker;
    const scope_symbol none = {
        .slot = RS_SCOPE_NONE, .slot_scope = RS_SCOPE_NONE, .resolution = RS_W_resolution_unbound};
    uint32_t i = name->symbol;
    if (i == RS_SCOPE_NONE) { /* `(x): T`, where another place may bind x */
        i = rs_scope_symbol_find(lens, name->scope, rs_scope_mangle(x, name->scope, name->name));
    }
    const scope_symbol *symbol = i == RS_SCOPE_NONE ? &none : &lens->symbols.items[i];
    rs_name_bindings_row row = rs_name_bindings_row_new();
    row.node_id = id_of(x, name->node);
    row.name = rs_text_of(name->name);
    row.occurrence = rs_word_of(name->occurrence);
    row.scope_id = id_of(x, base->scopes + name->scope);
    row.binding_id = optional_binding(x, base, order, i);
    row.resolution = rs_word_of(symbol->resolution);
    row.slot_id = optional_binding(x, base, order, symbol->slot);
    row.slot_scope_id = optional_entity(x, base->scopes, symbol->slot_scope);
    if (name->part.end_byte != 0) {
        row.name_start_byte = rs_opt_i64_of(raw_of(x, name->part.start_byte));
        row.name_end_byte = rs_opt_i64_of(raw_of(x, name->part.end_byte));
    }
    ROW_PUSH(x, name_bindings, &row);
}

/* --- scope_diagnostics --- */

static void fault_row(rs_file_at_hand *x, uint32_t number, const scope_fault *fault)
{
    rs_scope_diagnostics_row row = rs_scope_diagnostics_row_new();
    uint32_t start = raw_of(x, fault->start_byte);
    rs_position at = rs_file_position(x, 1, start);
    rs_diagnostic_code code = (rs_diagnostic_code)fault->code;
    row.diagnostic_id = id_of(x, number);
    row.code = rs_word_of(fault->code);
    row.severity = rs_word_of(rs_diagnostic_get(code)->severity);
    row.message = rs_text_of(fault->message);
    row.start_byte = start;
    row.end_byte = raw_of(x, fault->end_byte);
    row.start_line = (int32_t)at.line;
    row.start_column = (int32_t)at.column;
    if (code != RS_D_scope_too_large) {
        row.since_minor = rs_opt_i32_of(fault->since);
    }
    ROW_PUSH(x, scope_diagnostics, &row);
}

/* --- the whole --- */

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

static rs_status rows_write(rs_file_at_hand *x, uint32_t first_number, rs_error *err)
{
    rs_scope_lens *lens = x->worker;
    if (lens->is_over) {
        scope_names_reset(&lens->names);
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
    if (!order_symbols(lens)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    for (uint32_t s = 0; s < lens->scopes.n_items && x->status == RS_OK; s++) {
        scope_row(x, s, &base);
    }
    binding_rows(x, &base, lens->inner.items);
    for (size_t i = 0; i < lens->names.n_items; i++) {
        name_row(x, &lens->names.items[i], &base, lens->inner.items);
    }
    for (uint32_t i = 0; i < lens->faults.n_items; i++) {
        fault_row(x, base.faults + i, &lens->faults.items[i]);
    }
    return x->status;
}

static rs_status run_file(rs_file_at_hand *x, rs_error *err)
{
    rs_scope_lens *lens = x->worker;
    if (x->tree.n_nodes == 0) {
        return RS_OK;
    }
    scope_list_reset(&lens->scopes);
    scope_faults_reset(&lens->faults);
    scope_names_reset(&lens->names);
    lens->is_over = false;
    scope_numbers_reset(&lens->inner);
    scope_numbers_reset(&lens->depths);
    if (!rs_scope_table_reset(x) || !scope_numbers_reserve(&lens->inner, x->tree.n_nodes) ||
        !scope_numbers_reserve(&lens->depths, x->tree.n_nodes)) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    rs_scope_scan(x);
    if (x->status == RS_OK && !x->part->strings.failed) {
        rs_scope_resolve(x);
    }
    if (x->status != RS_OK || x->part->strings.failed) {
        return rs_error_set(err, RS_ERR_NOMEM, "out of memory");
    }
    uint64_t n_entities = (uint64_t)x->next_number + lens->scopes.n_items + lens->symbols.n_items +
                          lens->faults.n_items;
    lens->is_over = lens->is_over || n_entities >= UINT64_C(1) << RS_ID_ENTITY_BITS;
    RS_TRY(rows_write(x, x->next_number, err));
    x->next_number +=
        (uint32_t)(lens->scopes.n_items + lens->symbols.n_items + lens->faults.n_items);
    return RS_OK;
}

static rs_status worker_new(const rs_lens_options *options, void **worker, rs_error *err)
{
    (void)options;
    *worker = rs_alloc_zero(1, sizeof(rs_scope_lens));
    return *worker != NULL ? RS_OK : rs_error_set(err, RS_ERR_NOMEM, "out of memory");
}

static void worker_free(void *worker)
{
    rs_scope_lens *lens = worker;
    scope_list_release(&lens->scopes);
    scope_symbols_release(&lens->symbols);
    scope_faults_release(&lens->faults);
    scope_names_release(&lens->names);
    scope_undos_release(&lens->undos);
    scope_numbers_release(&lens->inner);
    scope_numbers_release(&lens->depths);
    scope_numbers_release(&lens->stamped);
    for (size_t i = 0; i < SCOPE_N_STAMPS; i++) {
        scope_numbers_release(&lens->stamps[i]);
    }
    scope_numbers_release(&lens->visible);
    rs_free(lens->slots);
    rs_free(lens);
}

static const char *const needs[] = {"syntax", NULL};
static const rs_dataset_id gives[] = {
    RS_DS_scopes,        RS_DS_bindings,          RS_DS_binding_resolutions,
    RS_DS_name_bindings, RS_DS_scope_diagnostics, RS_N_EVIDENCE,
};

static const rs_lens_limit limits[] = {
    {"max_symbols", offsetof(rs_lens_options, scope.max_symbols), 1 << 22, "scope_too_large",
     "Names of all scopes of a file together; beyond, the file has no scope evidence."},
    {"max_faults", offsetof(rs_lens_options, scope.max_faults), 1 << 16, "",
     "Findings about a file; further ones are not listed."},
    {0},
};

const rs_lens rs_lens_scope = {
    .name = "scope",
    .doc = "Which variable each name of a file means, as CPython's symbol tables have it.",
    .version = 2,
    .needs = needs,
    .gives = gives,
    .limits = limits,
    .worker_new = worker_new,
    .worker_free = worker_free,
    .run_file = run_file,
};
