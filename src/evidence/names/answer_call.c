/* SPDX-License-Identifier: Apache-2.0 */
/* answer_call.c - what calls run. */
#include "evidence/names/answer_impl.h"

/* A number is a class's, a text's or a function's: whichever way leads to a function, it is one. */
static bool is_same(const names_callee *callee, uint32_t number, rs_w_call_how how)
{
    bool is_function = how != RS_W_call_how_class && how != RS_W_call_how_external;
    bool was_function = callee->how != RS_W_call_how_class && callee->how != RS_W_call_how_external;
    return callee->number == number && (callee->how == how || (is_function && was_function));
}

static void add_callee(names_asker *a, uint32_t number, rs_w_call_how how)
{
    for (size_t i = 0; i < a->callees.n_items; i++) {
        if (is_same(&a->callees.items[i], number, how)) {
            return;
        }
    }
    a->failed = !names_callees_push(&a->callees, (names_callee){number, (uint8_t)how}) || a->failed;
}

/* One outside, by the text at hand. */
static void add_outside(names_asker *a)
{
    a->failed = a->failed || a->text.failed;
    add_callee(a, rs_strings_add(&a->part->strings, rs_buf_str(&a->text)), RS_W_call_how_external);
}

static bool is_outside(const rs_names_linked *x, uint32_t function)
{
    return x->files[rs_names_file_of_function(x, function)].is_outside;
}

/* What a class outside does when an instance is made is part of that class. */
static void add_function(names_asker *a, uint32_t function, rs_w_call_how how)
{
    if (is_outside(a->x, function)) {
        return;
    }
    bool is_constructor = how == RS_W_call_how_init || how == RS_W_call_how_new;
    bool may_differ = (a->x->function_flags[function] & NAMES_F_DECORATED) != 0;
    add_callee(a, function, may_differ && !is_constructor ? RS_W_call_how_decorated : how);
}

/* The functions that a member stands for. */
static void add_member(names_asker *a, uint32_t class, const char *name, rs_w_call_how how)
{
    const rs_names_linked *x = a->x;
    names_why why = {.reason = RS_ENUM_NULL};
    uint32_t text = rs_strings_find(&x->texts, rs_str_of(name));
    size_t n_before = a->items.n_items;
    if (text == RS_STR_NULL ||
        !rs_names_member(x, class, text, false, NAMES_NONE, &a->items, &why)) {
        return;
    }
    for (size_t i = n_before; i < a->items.n_items; i++) {
        if (a->items.items[i].kind != NAMES_I_SLOT) {
            continue;
        }
        const names_file *file = &x->files[rs_names_file_of_slot(x, a->items.items[i].number)];
        const names_slot *slot = &file->view.slots[a->items.items[i].number - file->first_slot];
        uint32_t n_exits;
        const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
        for (uint32_t n = 0; n < n_exits; n++) {
            const names_binding *binding = &file->view.bindings[exits[n]];
            if (binding->kind == NAMES_DEF) {
                add_function(a, file->first_function + binding->inner, how);
            }
        }
    }
    a->items.n_items = n_before;
}

static void add_class(names_asker *a, uint32_t class)
{
    uint32_t metaclass = a->x->classes[class].metaclass;
    add_callee(a, class, RS_W_call_how_class);
    if (metaclass != NAMES_NONE) {
        add_member(a, metaclass, "__call__", RS_W_call_how_call);
    }
    add_member(a, class, "__new__", RS_W_call_how_new);
    add_member(a, class, "__init__", RS_W_call_how_init);
}

/* Of an object outside, or of one whose class has it from there. */
static void add_call_of(names_asker *a, uint32_t class)
{
    const rs_names_linked *x = a->x;
    uint32_t text = rs_strings_find(&x->texts, RS_STR_LITERAL("__call__"));
    names_why why = {.reason = RS_ENUM_NULL};
    size_t n_before = a->items.n_items;
    if (text != RS_STR_NULL &&
        rs_names_member(x, class, text, false, NAMES_NONE, &a->items, &why)) {
        const names_item *item = &a->items.items[n_before];
        if (item->kind == NAMES_I_SLOT &&
            x->files[rs_names_file_of_slot(x, item->number)].is_outside &&
            rs_names_name_of_slot(x, item->number, item->owner, &a->text)) {
            add_outside(a);
        }
    }
    a->items.n_items = n_before;
    add_member(a, class, "__call__", RS_W_call_how_call);
}

static void add_value(names_asker *a, uint32_t number)
{
    const names_value *value = &a->x->values.items[number];
    bool is_object = value->kind == NAMES_V_INSTANCE || value->kind == NAMES_V_SELF;
    if (!is_object && value->kind != NAMES_V_MODULE &&
        rs_names_name_of_value(a->x, number, &a->text)) {
        rs_buf_add(&a->text, value->kind == NAMES_V_EXTERNAL_OBJECT ? ".__call__" : "");
        add_outside(a);
        return;
    }
    switch ((names_value_kind)value->kind) {
    case NAMES_V_CLASS:
    case NAMES_V_SELF_CLASS:
        add_class(a, value->a);
        break;
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
        add_call_of(a, value->a);
        break;
    case NAMES_V_FUNCTION:
        add_function(a, value->a, RS_W_call_how_function);
        break;
    case NAMES_V_BOUND:
        add_function(a, value->a, RS_W_call_how_method);
        break;
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
    case NAMES_V_MODULE:
    case NAMES_V_SUPER:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    default:
        break;
    }
}

/* --- keywords --- */

static void add_parameter_of(names_asker *a, uint32_t function, uint32_t text, names_why *why)
{
    const rs_names_linked *x = a->x;
    uint32_t number = rs_names_file_of_function(x, function);
    const names_file *file = &x->files[number];
    const names_function *of = &file->view.functions[function - file->first_function];
    uint32_t n_params;
    const uint32_t *params = names_list(&file->view, of->params, &n_params);
    why->reason = (of->flags & NAMES_HAS_KWARGS) != 0 ? RS_W_reference_reason_variable
                                                      : RS_W_reference_reason_no_such_name;
    for (uint32_t i = 0; i < n_params && a->items.n_items < NAMES_MAX_FOUND; i++) {
        const names_slot *slot = &file->view.slots[file->view.bindings[params[i]].slot];
        if (names_text_number(x, number, slot->name) == text) {
            a->items.items[a->items.n_items++] =
                (names_item){.number = file->first_binding + params[i],
                             .kind = NAMES_I_BINDING,
                             .how = RS_W_target_how_binding};
        }
    }
}

void rs_names_add_parameter(names_asker *a, uint32_t value, uint32_t text, names_why *why)
{
    uint32_t class = NAMES_NONE;
    bool has_init = false;
    names_callees_reset(&a->callees);
    add_value(a, value);
    for (size_t i = 0; i < a->callees.n_items; i++) {
        const names_callee callee = a->callees.items[i];
        if (callee.how == RS_W_call_how_external) {
            why->meets_external = true;
            why->reason = RS_W_reference_reason_external_base;
        } else if (callee.how == RS_W_call_how_class) {
            class = callee.number;
        } else {
            has_init = true;
            add_parameter_of(a, callee.number, text, why);
        }
    }
    if (class != NAMES_NONE && !has_init) { /* a dataclass, a named tuple */
        rs_names_member(a->x, class, text, false, NAMES_NONE, &a->items, why);
        if (why->meets_external) {
            why->reason = RS_W_reference_reason_external_base;
        }
    }
}

/* --- rows --- */

static void node_of_callee(const names_asker *a, const names_callee *callee, int64_t *id)
{
    const rs_names_linked *x = a->x;
    if (callee->how == RS_W_call_how_class) {
        uint32_t number = x->classes[callee->number].file;
        const names_file *file = &x->files[number];
        *id = names_id_of(a, number, file->view.classes[callee->number - file->first_class].node);
    } else {
        uint32_t number = rs_names_file_of_function(x, callee->number);
        const names_file *file = &x->files[number];
        *id = names_id_of(a, number,
                          file->view.functions[callee->number - file->first_function].node);
    }
}

static rs_status push_targets(names_asker *a, const names_call *call, rs_error *err)
{
    for (size_t i = 0; i < a->callees.n_items && names_has_room(a); i++) {
        const names_callee *callee = &a->callees.items[i];
        rs_call_targets_row row = rs_call_targets_row_new();
        int64_t id = 0;
        row.call_target_id = names_next_row(a);
        row.call_id = names_id_of(a, a->number, call->node);
        row.position = (int32_t)i;
        row.how = rs_word_of(callee->how);
        row.n_candidates = (int32_t)a->status.n_candidates;
        if (callee->how == RS_W_call_how_external) {
            row.external = rs_text_of(callee->number);
        } else {
            node_of_callee(a, callee, &id);
            row.target_id = rs_opt_i64_of(id);
        }
        RS_TRY(rs_push_call_targets(a->part, &row, 1, err));
    }
    return RS_OK;
}

/* The slot that a function is bound in; none: a lambda, or no function. */
static uint32_t slot_of(const rs_names_linked *x, const names_callee *callee)
{
    if (callee->how == RS_W_call_how_class || callee->how == RS_W_call_how_external) {
        return NAMES_NONE;
    }
    const names_file *file = &x->files[rs_names_file_of_function(x, callee->number)];
    uint32_t binding = file->view.functions[callee->number - file->first_function].binding;
    return binding == NAMES_NONE ? NAMES_NONE
                                 : file->first_slot + file->view.bindings[binding].slot;
}

/* Is there one before of the same slot? Definitions of one name are one candidate. */
static bool is_of_known_slot(const names_asker *a, size_t n)
{
    uint32_t slot = slot_of(a->x, &a->callees.items[n]);
    for (size_t i = 0; i < n && slot != NAMES_NONE; i++) {
        if (slot_of(a->x, &a->callees.items[i]) == slot) {
            return true;
        }
    }
    return false;
}

/* Functions that may run, by slots, and classes without one of their own. */
static uint32_t count_callees(const names_asker *a, bool *all_outside, bool *all_decorated,
                              bool *all_builtin)
{
    uint32_t n_functions = 0;
    uint32_t n_classes = 0;
    *all_outside = *all_decorated = *all_builtin = a->callees.n_items > 0;
    for (size_t i = 0; i < a->callees.n_items; i++) {
        const names_callee *callee = &a->callees.items[i];
        static const char prefix[] = "builtins.";
        bool is_outside = callee->how == RS_W_call_how_external;
        *all_outside = *all_outside && is_outside;
        *all_builtin = *all_builtin && is_outside;
        *all_decorated = *all_decorated && callee->how == RS_W_call_how_decorated;
        if (is_outside) {
            rs_str text = rs_text_get(a->part, rs_text_of(callee->number));
            *all_builtin = *all_builtin && text.n_bytes >= sizeof prefix - 1 &&
                           memcmp(text.bytes, prefix, sizeof prefix - 1) == 0;
        }
        n_classes += callee->how == RS_W_call_how_class;
        bool is_called = callee->how == RS_W_call_how_function ||
                         callee->how == RS_W_call_how_method ||
                         callee->how == RS_W_call_how_decorated || is_outside;
        n_functions += is_called && !is_of_known_slot(a, i);
    }
    uint32_t n_all = n_functions + n_classes;
    return n_all > 0 ? n_all : (uint32_t)a->callees.n_items;
}

static void settle_call(names_asker *a, uint32_t callee_expr, bool is_full)
{
    bool all_outside;
    bool all_decorated;
    bool all_builtin;
    uint32_t n_callees = count_callees(a, &all_outside, &all_decorated, &all_builtin);
    if (n_callees > 0) {
        a->status = (names_status){.reason = RS_ENUM_NULL, .n_candidates = n_callees};
        a->status.status = all_builtin     ? RS_W_reference_status_builtin
                           : all_outside   ? RS_W_reference_status_external
                           : n_callees > 1 ? RS_W_reference_status_ambiguous
                                           : RS_W_reference_status_resolved;
        if (all_decorated) {
            a->status.reason = RS_W_reference_reason_decorated;
        }
    } else if (callee_expr == NAMES_NONE) {
        a->status = (names_status){.status = RS_W_reference_status_needs_values,
                                   .reason = RS_W_reference_reason_variable};
    } else {
        rs_names_ask_expr(a, callee_expr);
        a->status.n_candidates = 0;
        bool is_known = a->status.status == RS_W_reference_status_resolved ||
                        a->status.status == RS_W_reference_status_ambiguous;
        if (is_known) { /* what is called is known, and not what it holds */
            a->status.status = RS_W_reference_status_needs_values;
            a->status.reason = RS_W_reference_reason_variable;
        }
    }
    if (is_full) {
        a->status.status = RS_W_reference_status_skipped_limit;
        a->status.reason = RS_W_reference_reason_too_many;
    }
}

static rs_status answer_call(names_asker *a, const names_call *call, rs_error *err)
{
    const rs_names_linked *x = a->x;
    const names_expr *expr = &a->file->view.exprs[call->call];
    uint32_t callee = expr->op == NAMES_CALL ? expr->a : NAMES_NONE;
    bool is_full = false;
    names_callees_reset(&a->callees);
    names_items_reset(&a->items);
    a->failed = !names_items_reserve(&a->items, NAMES_MAX_FOUND) || a->failed;
    if (callee != NAMES_NONE && !a->failed) {
        const names_cell *cell = &x->cells[names_cell_of_expr(x, a->number, callee)];
        is_full = (cell->flags & NAMES_IS_FULL) != 0;
        for (uint32_t i = cell->first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
            add_value(a, x->helds.items[i].value);
        }
    } else if (!a->failed) {
        rs_buf_reset(&a->text);
        rs_buf_add(&a->text, "builtins.super");
        add_outside(a);
    }
    settle_call(a, callee, is_full);
    RS_TRY(push_targets(a, call, err));
    rs_call_statuses_row row = rs_call_statuses_row_new();
    row.call_id = names_id_of(a, a->number, call->node);
    row.status = rs_word_of(a->status.status);
    row.reason = a->status.reason == RS_ENUM_NULL ? (rs_word){0} : rs_word_of(a->status.reason);
    row.n_candidates = (int32_t)a->status.n_candidates;
    return rs_push_call_statuses(a->part, &row, 1, err);
}

rs_status rs_names_answer_calls(names_asker *a, rs_error *err)
{
    names_walk walk = {.view = &a->file->view};
    names_call call;
    while (rs_names_next_call(&walk, &call)) {
        RS_TRY(rs_stop_check(a->x->stop, err));
        RS_TRY(answer_call(a, &call, err));
    }
    return RS_OK;
}
