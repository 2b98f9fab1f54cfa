/* SPDX-License-Identifier: Apache-2.0 */
/* link_cell.c - what a cell depends on: edges and first values, when somebody asks for it. */
#include "evidence/names/link_impl.h"

static void add_outside(rs_names_linked *x, uint32_t cell, names_value_kind kind, rs_str name)
{
    rs_buf_reset(&x->text);
    rs_buf_add(&x->text, "builtins.");
    rs_buf_add_str(&x->text, name);
    rs_names_add(x, cell, rs_names_external(x, kind, rs_buf_str(&x->text)));
}

/* An instance of a class that code has without naming it, or the text of it where no stub has it. */
static void add_instance(rs_names_linked *x, uint32_t cell, rs_str name)
{
    bool is_generator = rs_str_equal(name, RS_STR_LITERAL("generator"));
    uint32_t class = is_generator ? rs_names_outside_class(x, "types", "GeneratorType")
                                  : rs_names_class_of_slot(x, rs_names_builtin_slot(x, name));
    if (class != NAMES_NONE) {
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_INSTANCE, class, NAMES_NONE));
    } else if (!is_generator || x->outside == NULL) {
        add_outside(x, cell, NAMES_V_EXTERNAL_OBJECT, name);
    }
}

void rs_names_connect_items(rs_names_linked *x, const names_items *items, uint32_t to,
                            names_edge_kind kind, uint32_t by)
{
    uint32_t n_missed = x->wants->n_missed;
    /* Where that is not read yet, all is done once more when it is. */
    bool skips_weak = rs_names_import_succeeds(x, items) || n_missed != x->wants->n_missed;
    for (size_t i = 0; i < items->n_items; i++) {
        const names_item item = items->items[i];
        uint32_t file;
        if (skips_weak && item.is_weak && item.kind == NAMES_I_BINDING) {
            continue;
        }
        switch ((names_item_kind)item.kind) {
        case NAMES_I_BINDING:
            file = rs_names_file_of_binding(x, item.number);
            rs_names_connect(
                x, names_cell_of_binding(x, file, item.number - x->files[file].first_binding), to,
                kind, by);
            break;
        case NAMES_I_SLOT:
            file = rs_names_file_of_slot(x, item.number);
            rs_names_connect(x,
                             names_cell_of_slot(x, file, item.number - x->files[file].first_slot),
                             to, kind, by);
            break;
        case NAMES_I_STORE: {
            file = rs_names_file_of_store(x, item.number);
            uint32_t value =
                x->files[file].view.stores[item.number - x->files[file].first_store].value;
            if (value != NAMES_NONE) {
                rs_names_connect(x, names_cell_of_expr(x, file, value), to, kind, by);
            }
            break;
        }
        case NAMES_I_MODULE:
            rs_names_add(x, to, rs_names_value(x, NAMES_V_MODULE, item.number, NAMES_NONE));
            break;
        case NAMES_I_EXTERNAL:
        case NAMES_I_OBJECT:
            break;
        }
    }
}

/* --- expressions --- */

static void open_name(rs_names_linked *x, uint32_t cell, uint32_t file, const names_expr *expr)
{
    uint32_t text = names_text_number(x, file, expr->a);
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    uint32_t n_missed = x->wants->n_missed;
    rs_names_of_list(x, file, expr->b, text, &items);
    bool may_be_free = n_missed == x->wants->n_missed &&
                       (items.n_items == 0 || (expr->flags & NAMES_MAY_BE_FREE) != 0);
    rs_names_connect_items(x, &items, cell, NAMES_E_COPY, NAMES_NONE);
    if (may_be_free && rs_names_is_builtin(names_text_of(x, text))) {
        uint32_t slot = rs_names_builtin_slot(x, names_text_of(x, text));
        names_item item = {.number = slot, .kind = NAMES_I_SLOT};
        items.n_items = 0;
        if (slot != NAMES_NONE) {
            items.items[items.n_items++] = item;
            rs_names_connect_items(x, &items, cell, NAMES_E_COPY, NAMES_NONE);
        } else {
            add_outside(x, cell, NAMES_V_EXTERNAL, names_text_of(x, text));
        }
    }
    names_items_release(&items);
}

static void connect_list(rs_names_linked *x, uint32_t cell, uint32_t file, uint32_t list,
                         names_edge_kind kind)
{
    uint32_t n_items;
    const uint32_t *items = names_list(&x->files[file].view, list, &n_items);
    for (uint32_t i = 0; i < n_items; i++) {
        rs_names_connect(x, names_cell_of_expr(x, file, items[i]), cell, kind, NAMES_NONE);
    }
}

static void open_raised(rs_names_linked *x, uint32_t cell, uint32_t file, const names_expr *expr)
{
    const names_expr *of = &x->files[file].view.exprs[expr->a];
    if (of->op == NAMES_TUPLE) {
        connect_list(x, cell, file, of->b, NAMES_E_INSTANCE);
    } else {
        rs_names_connect(x, names_cell_of_expr(x, file, expr->a), cell, NAMES_E_INSTANCE,
                         NAMES_NONE);
    }
}

static void open_module(rs_names_linked *x, uint32_t cell, uint32_t number, const names_expr *expr)
{
    const names_file *file = &x->files[number];
    rs_str dotted = names_text(&file->view, expr->a);
    rs_found found = rs_names_find_module(x, file, expr->b, dotted);
    if (found.kind == RS_FOUND_MODULE) {
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_MODULE, found.module, NAMES_NONE));
    } else if (expr->b == 0 && found.kind != RS_FOUND_REFUSED) {
        rs_names_add(x, cell, rs_names_external(x, NAMES_V_EXTERNAL, dotted));
    }
}

static void open_super(rs_names_linked *x, uint32_t cell, uint32_t number, const names_expr *expr)
{
    const names_file *file = &x->files[number];
    uint32_t class = file->first_class + expr->a;
    uint16_t flags = x->function_flags[file->first_function + expr->b];
    bool is_class = (flags & (NAMES_F_CLASS | NAMES_F_STATIC)) != 0;
    uint32_t object =
        rs_names_value(x, is_class ? NAMES_V_SELF_CLASS : NAMES_V_SELF, class, NAMES_NONE);
    rs_names_add(x, cell, rs_names_value(x, NAMES_V_SUPER, class, object));
}

/* A tuple, or a list, of what stands in it. */
static void open_display(rs_names_linked *x, uint32_t cell, uint32_t number, const names_expr *expr)
{
    rs_str name = rs_str_of((expr->flags & NAMES_IS_LIST) != 0 ? "list" : "tuple");
    uint32_t class = rs_names_class_of_slot(x, rs_names_builtin_slot(x, name));
    rs_names_add(x, cell, rs_names_value(x, NAMES_V_TUPLE, cell, NAMES_NONE));
    if (class == NAMES_NONE) {
        add_outside(x, cell, NAMES_V_EXTERNAL_OBJECT, name);
    } else {
        uint32_t arguments = rs_names_arguments_of_items(x, class, number, expr->b);
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_INSTANCE, class, arguments));
    }
}

/* The others are operations on their first part. */
static bool open_leaf(rs_names_linked *x, uint32_t cell, uint32_t number, const names_expr *expr)
{
    const names_file *file = &x->files[number];
    bool is_class = (expr->flags & NAMES_IS_CLASS) != 0;
    switch ((names_op)expr->op) {
    case NAMES_UNKNOWN:
    case NAMES_N_OPS:
        return true;
    case NAMES_TUPLE:
        open_display(x, cell, number, expr);
        return true;
    case NAMES_INSTANCE:
        add_instance(x, cell, names_text(&file->view, expr->a));
        return true;
    case NAMES_LAMBDA:
        rs_names_add(
            x, cell,
            rs_names_value(x, NAMES_V_FUNCTION, file->first_function + expr->a, NAMES_NONE));
        return true;
    case NAMES_SELF_OF:
        rs_names_add(x, cell,
                     rs_names_value(x, is_class ? NAMES_V_SELF_CLASS : NAMES_V_SELF,
                                    file->first_class + expr->a, NAMES_NONE));
        return true;
    case NAMES_MODULE:
        open_module(x, cell, number, expr);
        return true;
    case NAMES_SUPER:
        open_super(x, cell, number, expr);
        return true;
    case NAMES_NAME:
    case NAMES_ATTR:
    case NAMES_CALL:
    case NAMES_ITEM:
    case NAMES_ELEMENT:
    case NAMES_ITER:
    case NAMES_ENTER:
    case NAMES_AWAIT:
    case NAMES_RAISED:
    case NAMES_UNION:
    case NAMES_ANNOTATED:
    case NAMES_IMPORTED:
    default:
        return false;
    }
}

static void open_expr(rs_names_linked *x, uint32_t cell, uint32_t file, const names_expr *expr)
{
    if (open_leaf(x, cell, file, expr)) {
        return;
    }
    switch ((names_op)expr->op) {
    case NAMES_NAME:
        open_name(x, cell, file, expr);
        break;
    case NAMES_UNION:
        connect_list(x, cell, file, expr->b, NAMES_E_COPY);
        break;
    case NAMES_RAISED:
        open_raised(x, cell, file, expr);
        break;
    case NAMES_ANNOTATED:
        rs_names_annotate(x, file, expr->a, NAMES_NONE, cell);
        break;
    case NAMES_AWAIT:
        rs_names_connect(x, names_cell_of_expr(x, file, expr->a), cell, NAMES_E_COPY, NAMES_NONE);
        break;
    case NAMES_IMPORTED:
        rs_names_connect(x, names_cell_of_binding(x, file, expr->a), cell, NAMES_E_COPY,
                         NAMES_NONE);
        break;
    case NAMES_UNKNOWN:
    case NAMES_ATTR:
    case NAMES_CALL:
    case NAMES_ITEM:
    case NAMES_ELEMENT:
    case NAMES_ITER:
    case NAMES_ENTER:
    case NAMES_TUPLE:
    case NAMES_INSTANCE:
    case NAMES_LAMBDA:
    case NAMES_SUPER:
    case NAMES_MODULE:
    case NAMES_SELF_OF:
    case NAMES_N_OPS:
    default:
        rs_names_connect(x, names_cell_of_expr(x, file, expr->a), cell, NAMES_E_OPERAND,
                         NAMES_NONE);
        break;
    }
}

/* --- bindings --- */

static void open_import(rs_names_linked *x, uint32_t cell, uint32_t binding)
{
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    uint32_t n_missed = x->wants->n_missed;
    rs_names_of_import(x, binding, &items);
    rs_names_connect_items(x, &items, cell, NAMES_E_COPY, NAMES_NONE);
    if (items.n_items == 0 && n_missed == x->wants->n_missed &&
        rs_names_external_of_import(x, binding, &x->text)) {
        rs_names_add(x, cell, rs_names_external(x, NAMES_V_EXTERNAL, rs_buf_str(&x->text)));
    }
    names_items_release(&items);
}

/* *args is a tuple, **kwargs a dict of strings; what is annotated is what they hold. False: it is neither. */
static bool collects(rs_names_linked *x, uint32_t cell, const names_view *view, uint32_t number)
{
    const names_binding *binding = &view->bindings[number];
    const names_function *function = &view->functions[binding->inner];
    uint32_t n_params;
    const uint32_t *params = names_list(view, function->params, &n_params);
    bool has_args = (function->flags & NAMES_HAS_VARARGS) != 0;
    bool has_kwargs = (function->flags & NAMES_HAS_KWARGS) != 0;
    bool is_kwargs = has_kwargs && n_params > 0 && params[n_params - 1] == number;
    bool is_args =
        has_args && function->n_positional < n_params && params[function->n_positional] == number;
    if (is_kwargs || is_args) {
        uint32_t value = rs_names_collection(x, is_kwargs ? x->builtins.dict : x->builtins.tuple,
                                             x->cells[cell].file, binding->annotation);
        rs_names_add(x, cell, value);
    }
    return is_kwargs || is_args;
}

/* The value beside it says more. */
static bool says_nothing(const names_view *view, uint32_t annotation)
{
    static const char *const silent[] = {"Any", "object", "TypeAlias", "Final", "ClassVar"};
    rs_str name = rs_names_last_name(view, annotation);
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        if (rs_str_equal(name, rs_str_of(silent[i]))) {
            return true;
        }
    }
    return false;
}

/* The parameter of that name of the stub's function. */
static void connect_stub_parameter(rs_names_linked *x, uint32_t cell, uint32_t number,
                                   const names_binding *binding)
{
    const names_file *file = &x->files[number];
    uint32_t function = rs_names_stub_function(x, file->first_function + binding->inner);
    if (function == NAMES_NONE) {
        return;
    }
    uint32_t stub = rs_names_file_of_function(x, function);
    const names_view *view = &x->files[stub].view;
    uint32_t text = names_text_number(x, number, file->view.slots[binding->slot].name);
    uint32_t n_params;
    const uint32_t *params = names_list(
        view, view->functions[function - x->files[stub].first_function].params, &n_params);
    for (uint32_t i = 0; i < n_params; i++) {
        const names_slot *slot = &view->slots[view->bindings[params[i]].slot];
        if (names_text_number(x, stub, slot->name) == text) {
            rs_names_connect(x, names_cell_of_binding(x, stub, params[i]), cell, NAMES_E_COPY,
                             NAMES_NONE);
        }
    }
}

static void open_binding(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t i)
{
    const names_file *file = &x->files[number];
    const names_binding *binding = &file->view.bindings[i];
    switch ((names_binding_kind)binding->kind) {
    case NAMES_DEF:
        rs_names_add(
            x, cell,
            rs_names_value(x, NAMES_V_FUNCTION, file->first_function + binding->inner, NAMES_NONE));
        return;
    case NAMES_CLASS:
        rs_names_add(x, cell,
                     rs_names_value(x, NAMES_V_CLASS,
                                    rs_names_source_class(x, file->first_class + binding->inner),
                                    NAMES_NONE));
        return;
    case NAMES_IMPORT:
    case NAMES_FROM:
        open_import(x, cell, file->first_binding + i);
        return;
    case NAMES_STAR:
        return;
    case NAMES_ASSIGN:
    case NAMES_AUGMENT:
    case NAMES_ANNOTATION:
    case NAMES_EXCEPT:
    case NAMES_PARAM:
    case NAMES_TYPE_PARAM:
    case NAMES_SELF:
    case NAMES_SLOTS_ITEM:
    default:
        break;
    }
    if (file->is_outside && rs_names_is_special(x, cell, number, i)) {
        return;
    }
    bool is_declared =
        binding->annotation != NAMES_NONE &&
        (binding->value == NAMES_NONE || !says_nothing(&file->view, binding->annotation));
    if (binding->kind == NAMES_PARAM && collects(x, cell, &file->view, i)) {
        return;
    }
    if (binding->kind == NAMES_PARAM && !is_declared && binding->value == NAMES_NONE) {
        connect_stub_parameter(x, cell, number, binding);
    }
    if (is_declared) {
        rs_names_annotate(x, number, binding->annotation, NAMES_NONE, cell);
    } else if (binding->value != NAMES_NONE) {
        rs_names_connect(x, names_cell_of_expr(x, number, binding->value), cell, NAMES_E_COPY,
                         NAMES_NONE);
    }
}

/* --- slots and functions --- */

/* What the stub declares the variable or attribute to be; no definition of its own. */
static void declare_by_stub(rs_names_linked *x, uint32_t cell, uint32_t number,
                            const names_slot *slot)
{
    uint32_t found = rs_names_stub_slot(x, number, slot);
    if (found == NAMES_NONE) {
        return;
    }
    uint32_t stub = rs_names_file_of_slot(x, found);
    const names_view *view = &x->files[stub].view;
    const names_slot *of = &view->slots[found - x->files[stub].first_slot];
    for (uint32_t i = 0; i < of->n_bindings; i++) {
        if (view->bindings[of->first_binding + i].annotation != NAMES_NONE) {
            rs_names_fall_back(x, names_cell_of_binding(x, stub, of->first_binding + i), cell);
        }
    }
}

static void open_slot(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t i)
{
    const names_view *view = &x->files[number].view;
    const names_slot *slot = &view->slots[i];
    uint32_t n_items;
    const uint32_t *items = names_list(view, slot->exit, &n_items);
    for (uint32_t n = 0; n < n_items; n++) {
        rs_names_connect(x, names_cell_of_binding(x, number, items[n]), cell, NAMES_E_COPY,
                         NAMES_NONE);
    }
    for (uint32_t n = 0; n < slot->n_bindings && n_items == 0; n++) {
        rs_names_connect(x, names_cell_of_binding(x, number, slot->first_binding + n), cell,
                         NAMES_E_COPY, NAMES_NONE);
    }
    declare_by_stub(x, cell, number, slot);
}

/* -> Self, or what the first parameter is annotated with. */
static bool gives_self(const names_view *view, const names_function *function)
{
    uint32_t n_params;
    const uint32_t *params = names_list(view, function->params, &n_params);
    if (function->in_class == NAMES_NONE) {
        return false;
    }
    return rs_str_equal(rs_names_last_name(view, function->annotation), RS_STR_LITERAL("Self")) ||
           (n_params > 0 && view->bindings[params[0]].annotation == function->annotation);
}

static void open_function(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t i)
{
    const names_file *file = &x->files[number];
    const names_function *function = &file->view.functions[i];
    bool is_generator = (function->flags & NAMES_IS_GENERATOR) != 0;
    bool is_declared =
        function->annotation != NAMES_NONE && !says_nothing(&file->view, function->annotation);
    uint32_t stub = rs_names_stub_function(x, file->first_function + i);
    if (is_generator) {
        rs_names_add(x, cell,
                     rs_names_value(x, NAMES_V_GENERATOR, file->first_function + i, NAMES_NONE));
    }
    if (is_declared && gives_self(&file->view, function)) {
        uint32_t class = rs_names_source_class(x, file->first_class + function->in_class);
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_SELF, class, NAMES_NONE));
    } else if (is_declared) {
        rs_names_annotate(x, number, function->annotation, NAMES_NONE, cell);
    } else if (is_generator) {
        add_instance(x, cell, RS_STR_LITERAL("generator"));
    } else {
        connect_list(x, cell, number, function->returns, NAMES_E_COPY);
    }
    if (!is_declared && stub != NAMES_NONE) {
        uint32_t of = rs_names_file_of_function(x, stub);
        rs_names_fall_back(x, names_cell_of_function(x, of, stub - x->files[of].first_function),
                           cell);
    }
}

static void open_cell(rs_names_linked *x, uint32_t cell)
{
    if ((x->cells[cell].flags & NAMES_IS_DERIVED) != 0) {
        rs_names_open_derived(x, cell);
        return;
    }
    uint32_t number = x->cells[cell].file;
    const names_file *file = &x->files[number];
    uint32_t i = cell - file->first_cell;
    if (i < file->view.n_exprs) {
        open_expr(x, cell, number, &file->view.exprs[i]);
        return;
    }
    i -= file->view.n_exprs;
    if (i < file->view.n_bindings) {
        open_binding(x, cell, number, i);
        return;
    }
    i -= file->view.n_bindings;
    if (i < file->view.n_slots) {
        open_slot(x, cell, number, i);
        return;
    }
    open_function(x, cell, number, i - file->view.n_slots);
}

void rs_names_open_cell(rs_names_linked *x, uint32_t cell)
{
    uint32_t n_missed = x->wants->n_missed;
    open_cell(x, cell);
    rs_names_miss(x, n_missed, cell, NAMES_NONE, NAMES_NONE);
}
