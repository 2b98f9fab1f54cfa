/* SPDX-License-Identifier: Apache-2.0 */
/* answer_ref.c - what a name stands for, with all that lies on the way, and how far that is understood. */
#include "evidence/names/answer_impl.h"
#include "evidence/scope/scope_impl.h"

/* Of items: how they were come by, beside rs_w_target_how. */
enum { BY_ALIAS = 1u << 0, ON_THE_WAY = 1u << 1 };

rs_text rs_names_outside_text(names_asker *a, rs_str text, rs_str name)
{
    rs_buf_reset(&a->text);
    rs_buf_add_str(&a->text, text);
    if (name.n_bytes > 0) {
        rs_buf_add_char(&a->text, '.');
        rs_buf_add_str(&a->text, name);
    }
    a->failed = a->failed || a->text.failed;
    return rs_text_of(rs_strings_add(&a->part->strings, rs_buf_str(&a->text)));
}

static bool starts_with(rs_str text, const char *start)
{
    size_t n_bytes = strlen(start);
    return text.n_bytes >= n_bytes && memcmp(text.bytes, start, n_bytes) == 0;
}

static void add_answer(names_asker *a, names_answer answer)
{
    for (size_t i = 0; i < a->answers.n_items; i++) {
        names_answer *old = &a->answers.items[i];
        if (old->id == answer.id && old->text.number == answer.text.number) {
            old->is_final = old->is_final || answer.is_final;
            return;
        }
    }
    a->failed = !names_answers_push(&a->answers, answer) || a->failed;
}

static void add_outside(names_asker *a, rs_str text, rs_str name, bool is_final)
{
    rs_text number = rs_names_outside_text(a, text, name);
    add_answer(
        a, (names_answer){.id = -1,
                          .text = number,
                          .key = UINT64_MAX - number.number,
                          .how = RS_W_target_how_external,
                          .is_final = is_final,
                          .is_builtin = starts_with(rs_text_get(a->part, number), "builtins.")});
}

/* What the text at hand names. */
static void add_named(names_asker *a, const names_item *item)
{
    rs_text text = rs_text_of(rs_strings_add(&a->part->strings, rs_buf_str(&a->text)));
    a->failed = a->failed || a->text.failed;
    add_answer(a, (names_answer){.id = -1,
                                 .text = text,
                                 .key = UINT64_MAX - text.number,
                                 .how = RS_W_target_how_external,
                                 .rank = item->is_weak,
                                 .is_final = item->depth == 0,
                                 .is_builtin = starts_with(rs_buf_str(&a->text), "builtins.")});
}

static void add_outside_slot(names_asker *a, const names_item *item, uint32_t slot)
{
    if (rs_names_name_of_slot(a->x, slot, item->owner, &a->text)) {
        add_named(a, item);
    }
}

/* --- items: from questions to answers --- */

/* What came since n_before was come by in this way. */
static void mark_items(names_asker *a, size_t n_before, unsigned how, unsigned flags, bool is_weak)
{
    for (size_t i = n_before; i < a->items.n_items; i++) {
        names_item *item = &a->items.items[i];
        item->how = item->kind == NAMES_I_STORE ? RS_W_target_how_patch : (uint8_t)how;
        item->depth |= flags;
        item->is_weak = item->is_weak || is_weak;
    }
}

/* Attributes of a class and of its instances that have one name are one. */
static uint64_t key_of_slot(const names_asker *a, uint32_t slot)
{
    const names_file *file = &a->x->files[rs_names_file_of_slot(a->x, slot)];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    if (of->owner_kind == NAMES_OF_INSTANCE) {
        uint32_t text = a->x->text_of[file->first_text + of->name];
        uint32_t class_slot = rs_names_map_get(
            &a->x->slots, names_scope_of_class(file->first_class + of->owner), text);
        slot = class_slot != NAMES_NONE ? class_slot : slot;
    }
    return slot;
}

/* The expression that an assignment makes another name of, or none. */
static uint32_t aliased(const names_view *view, const names_binding *binding)
{
    uint32_t expr = binding->kind == NAMES_ASSIGN ? binding->value : NAMES_NONE;
    for (int i = 0; i < 8 && expr != NAMES_NONE; i++) {
        const names_expr *of = &view->exprs[expr];
        if (of->op == NAMES_NAME || of->op == NAMES_ATTR) {
            return expr;
        }
        if (of->op == NAMES_ENTER) {
            expr = of->a;
        } else if (of->op == NAMES_ELEMENT && view->exprs[of->a].op == NAMES_TUPLE) {
            uint32_t n_items;
            const uint32_t *items = names_list(view, view->exprs[of->a].b, &n_items);
            expr = of->b < n_items ? items[of->b] : NAMES_NONE;
        } else {
            return NAMES_NONE;
        }
    }
    return NAMES_NONE;
}

static void add_expr_items(names_asker *a, uint32_t file, uint32_t number, names_why *why);

static void take_binding(names_asker *a, const names_item *item)
{
    const rs_names_linked *x = a->x;
    uint32_t number = rs_names_file_of_binding(x, item->number);
    const names_file *file = &x->files[number];
    const names_binding *binding = &file->view.bindings[item->number - file->first_binding];
    bool is_import = binding->kind == NAMES_IMPORT || binding->kind == NAMES_FROM;
    bool is_way = is_import || binding->kind == NAMES_STAR || item->depth != 0;
    uint32_t slot = item->same != 0 ? item->same - 1 : file->first_slot + binding->slot;
    if (file->is_outside) {
        if (binding->kind != NAMES_STAR) {
            add_outside_slot(a, item, file->first_slot + binding->slot);
        }
        return;
    }
    add_answer(a, (names_answer){.id = names_id_of(a, number, binding->node),
                                 .key = key_of_slot(a, slot),
                                 .how = item->how,
                                 .rank = item->is_weak,
                                 .is_final = !is_way});
    size_t n_before = a->items.n_items;
    unsigned flags = item->depth & BY_ALIAS;
    bool is_weak = item->is_weak;
    if (is_import && (item->depth & ON_THE_WAY) == 0) {
        rs_names_of_import(x, item->number, &a->items);
        mark_items(a, n_before, RS_W_target_how_import, flags, is_weak);
        if (a->items.n_items == n_before &&
            rs_names_external_of_import(x, item->number, &a->text)) {
            rs_text text = rs_text_of(rs_strings_add(&a->part->strings, rs_buf_str(&a->text)));
            add_answer(a, (names_answer){.id = -1,
                                         .text = text,
                                         .key = UINT64_MAX - text.number,
                                         .how = RS_W_target_how_external,
                                         .rank = is_weak,
                                         .is_final = flags == 0});
        } else if (a->items.n_items == n_before) {
            rs_names_why_not_imported(x, item->number, &a->import_why);
        }
        return;
    }
    uint32_t expr = aliased(&file->view, binding);
    if (expr != NAMES_NONE) {
        names_why why = {.reason = RS_ENUM_NULL};
        add_expr_items(a, number, expr, &why);
        mark_items(a, n_before, RS_W_target_how_alias, BY_ALIAS, is_weak);
    }
}

static void take_slot(names_asker *a, const names_item *item)
{
    const rs_names_linked *x = a->x;
    const names_file *file = &x->files[rs_names_file_of_slot(x, item->number)];
    const names_slot *slot = &file->view.slots[item->number - file->first_slot];
    uint32_t n_exits;
    const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
    uint32_t n_bindings = n_exits > 0 ? n_exits : slot->n_bindings;
    if (file->is_outside) {
        add_outside_slot(a, item, item->number);
        return;
    }
    for (uint32_t i = n_bindings; i > 0 && a->items.n_items < NAMES_MAX_FOUND; i--) {
        uint32_t n = n_exits > 0 ? exits[i - 1] : slot->first_binding + i - 1;
        a->items.items[a->items.n_items++] = (names_item){
            .number = file->first_binding + n,
            .depth = item->depth,
            .kind = NAMES_I_BINDING,
            .how = item->how,
            .same = item->same,
            .is_weak = item->is_weak || (file->view.bindings[n].flags & NAMES_IN_HANDLER) != 0};
    }
}

static void take_module(names_asker *a, const names_item *item)
{
    uint32_t file = rs_names_module_file(a->x, item->number, 0);
    const rs_module *module = rs_module_get(a->x->modules, item->number);
    if (module->form == RS_MODULE_STUB) {
        rs_buf_reset(&a->text);
        rs_buf_add_str(&a->text, module->name);
        add_named(a, item);
        return;
    }
    add_answer(a, (names_answer){.id = file == NAMES_NONE ? -1 : names_id_of(a, file, 0),
                                 .key = UINT64_C(1) << 40 | item->number,
                                 .how = item->how,
                                 .rank = item->is_weak,
                                 .is_final = item->depth == 0});
}

static void take_store(names_asker *a, const names_item *item)
{
    uint32_t number = rs_names_file_of_store(a->x, item->number);
    const names_file *file = &a->x->files[number];
    const names_store *store = &file->view.stores[item->number - file->first_store];
    add_answer(a, (names_answer){.id = names_id_of(a, number, store->node),
                                 .key = UINT64_C(1) << 41 | item->number,
                                 .how = RS_W_target_how_patch,
                                 .rank = 1,
                                 .is_final = item->depth == 0});
}

/* Less likely than what? Where there is nothing likelier they are what is likely. */
static void settle_ranks(names_asker *a)
{
    bool has_likely = false;
    for (size_t i = 0; i < a->answers.n_items; i++) {
        has_likely = has_likely || (a->answers.items[i].is_final && a->answers.items[i].rank == 0);
    }
    for (size_t i = 0; i < a->answers.n_items && !has_likely; i++) {
        a->answers.items[i].rank = 0;
    }
}

static void take_items(names_asker *a)
{
    for (size_t i = 0; i < a->items.n_items && !a->failed; i++) {
        names_item item = a->items.items[i];
        switch ((names_item_kind)item.kind) {
        case NAMES_I_BINDING:
            take_binding(a, &item);
            break;
        case NAMES_I_SLOT:
            take_slot(a, &item);
            break;
        case NAMES_I_MODULE:
            take_module(a, &item);
            break;
        case NAMES_I_STORE:
            take_store(a, &item);
            break;
        case NAMES_I_EXTERNAL:
        case NAMES_I_OBJECT:
            break;
        }
    }
    settle_ranks(a);
}

/* --- names and attributes --- */

/* The imports of a file by a dotted name, without an alias, that this begins. */
static void add_imports_of(names_asker *a, uint32_t number, rs_str dotted)
{
    const names_file *file = &a->x->files[number];
    for (uint32_t n = 0; n < file->n_dotted && a->items.n_items < NAMES_MAX_FOUND; n++) {
        uint32_t i = a->x->dotted_imports.items[file->first_dotted + n];
        const names_import *import = &file->view.imports[i];
        rs_str module = names_text(&file->view, import->module);
        bool is_part = module.n_bytes >= dotted.n_bytes &&
                       memcmp(module.bytes, dotted.bytes, dotted.n_bytes) == 0 &&
                       (module.n_bytes == dotted.n_bytes || module.bytes[dotted.n_bytes] == '.');
        if (is_part && import->binding != NAMES_NONE) {
            a->items.items[a->items.n_items++] =
                (names_item){.number = file->first_binding + import->binding,
                             .depth = ON_THE_WAY,
                             .kind = NAMES_I_BINDING,
                             .how = RS_W_target_how_import};
        }
    }
}

/* `import a.b.c` is also what a.b and a.b.c mean in its file. */
static void add_dotted_imports(names_asker *a, uint32_t file, const names_expr *expr)
{
    enum { MAX_DEPTH = 16 };
    const names_view *view = &a->x->files[file].view;
    rs_str parts[MAX_DEPTH];
    uint32_t n_parts = 0;
    while (expr->op == NAMES_ATTR && n_parts < MAX_DEPTH) {
        parts[n_parts++] = names_text(view, expr->b);
        expr = &view->exprs[expr->a];
    }
    uint32_t n_bindings = 0;
    const uint32_t *bindings =
        expr->op == NAMES_NAME ? names_list(view, expr->b, &n_bindings) : NULL;
    bool is_import = bindings != NULL && n_bindings > 0 &&
                     view->bindings[bindings[0]].kind == NAMES_IMPORT &&
                     !view->imports[view->bindings[bindings[0]].inner].has_asname;
    if (!is_import) {
        return;
    }
    rs_buf_reset(&a->text);
    rs_buf_add_str(&a->text, names_text(view, expr->a));
    for (uint32_t i = n_parts; i > 0; i--) {
        rs_buf_add_char(&a->text, '.');
        rs_buf_add_str(&a->text, parts[i - 1]);
    }
    add_imports_of(a, file, rs_buf_str(&a->text));
}

static void add_attribute_items(names_asker *a, uint32_t file, const names_expr *expr,
                                names_why *why)
{
    const rs_names_linked *x = a->x;
    const names_cell *cell = &x->cells[names_cell_of_expr(x, file, expr->a)];
    uint32_t text = names_text_number(x, file, expr->b);
    bool has_values = cell->n_held > 0;
    add_dotted_imports(a, file, expr);
    for (uint32_t i = cell->first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
        const names_value *value = &x->values.items[x->helds.items[i].value];
        if (cell->n_held > 1 && rs_names_is_none(x, value)) {
            continue; /* None has hardly an attribute that anybody asks for */
        }
        if (value->kind == NAMES_V_EXTERNAL || value->kind == NAMES_V_EXTERNAL_OBJECT) {
            add_outside(a, names_text_of(x, value->a), names_text_of(x, text), true);
            if (x->files[file].n_dotted > 0) {
                add_imports_of(a, file, rs_buf_str(&a->text));
            }
        } else {
            size_t n_before = a->items.n_items;
            rs_names_of_value(x, x->helds.items[i].value, text, &a->items, why);
            mark_items(a, n_before, RS_W_target_how_attribute, 0, false);
            if (a->items.n_items == n_before &&
                rs_names_may_have_more(x, x->helds.items[i].value, names_text_of(x, text)) &&
                rs_names_name_of_value(x, x->helds.items[i].value, &a->text)) {
                rs_buf_add_char(&a->text, '.');
                rs_buf_add_str(&a->text, names_text_of(x, text));
                add_named(a, &(names_item){.kind = NAMES_I_OBJECT});
            }
        }
    }
    if ((cell->flags & NAMES_IS_FULL) != 0) {
        why->reason = RS_W_reference_reason_too_many;
    } else if (!has_values) {
        why->reason = RS_W_reference_reason_variable;
    }
}

static void add_expr_items(names_asker *a, uint32_t file, uint32_t number, names_why *why)
{
    const names_expr *expr = &a->x->files[file].view.exprs[number];
    size_t n_before = a->items.n_items;
    if (expr->op == NAMES_NAME) {
        rs_names_of_list(a->x, file, expr->b, names_text_number(a->x, file, expr->a), &a->items);
        mark_items(a, n_before, RS_W_target_how_binding, 0, false);
        rs_str name = names_text(&a->x->files[file].view, expr->a);
        if (a->items.n_items == n_before && rs_names_is_builtin(name)) {
            add_outside(a, RS_STR_LITERAL("builtins"), name, true);
        } else if (a->items.n_items == n_before) {
            why->reason = RS_W_reference_reason_unbound;
        }
    } else if (expr->op == NAMES_ATTR) {
        add_attribute_items(a, file, expr, why);
    }
}

/* --- statuses --- */

static uint32_t count_candidates(const names_asker *a, bool inside)
{
    uint32_t n_found = 0;
    for (size_t i = 0; i < a->answers.n_items; i++) {
        const names_answer *answer = &a->answers.items[i];
        bool is_outside = answer->id < 0 && answer->text.number != 0;
        bool counts = answer->is_final && is_outside != inside;
        for (size_t n = 0; n < i && counts; n++) {
            counts = !a->answers.items[n].is_final || a->answers.items[n].key != answer->key;
        }
        n_found += counts;
    }
    return n_found;
}

static bool all_builtin(const names_asker *a)
{
    for (size_t i = 0; i < a->answers.n_items; i++) {
        if (a->answers.items[i].is_final && !a->answers.items[i].is_builtin) {
            return false;
        }
    }
    return true;
}

static uint8_t status_of_reason(uint8_t reason)
{
    switch (reason) {
    case RS_W_reference_reason_too_many:
        return RS_W_reference_status_skipped_limit;
    case RS_W_reference_reason_variable:
    case RS_W_reference_reason_function_attribute:
    case RS_W_reference_reason_decorated:
        return RS_W_reference_status_needs_values;
    case RS_W_reference_reason_getattr:
    case RS_W_reference_reason_metaclass:
    case RS_W_reference_reason_globals:
        return RS_W_reference_status_dynamic;
    case RS_W_reference_reason_external_base:
        return RS_W_reference_status_external;
    case RS_W_reference_reason_implicit:
        return RS_W_reference_status_builtin;
    default:
        return RS_W_reference_status_unresolved;
    }
}

static bool is_implicit(rs_str name)
{
    return rs_scope_unbound(name, RS_W_scope_type_class, false) == RS_W_resolution_implicit;
}

/* What every object, class or module has, whoever wrote it. */
static bool everything_has(rs_str name)
{
    static const char *const members[] = {
        "__class__",       "__dict__",         "__doc__",
        "__module__",      "__init__",         "__new__",
        "__eq__",          "__ne__",           "__hash__",
        "__repr__",        "__str__",          "__format__",
        "__setattr__",     "__delattr__",      "__reduce__",
        "__reduce_ex__",   "__getattribute__", "__init_subclass__",
        "__sizeof__",      "__dir__",          "__lt__",
        "__le__",          "__gt__",           "__ge__",
        "__name__",        "__qualname__",     "__mro__",
        "__bases__",       "__subclasses__",   "__file__",
        "__path__",        "__spec__",         "__loader__",
        "__package__",     "__cached__",       "__subclasshook__",
        "__annotations__", "__weakref__",      "__getstate__",
        "__base__"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (rs_str_equal(name, rs_str_of(members[i]))) {
            return true;
        }
    }
    return false;
}

static void settle_status(names_asker *a, names_why *why, rs_str name)
{
    uint32_t n_inside = count_candidates(a, true);
    uint32_t n_outside = count_candidates(a, false);
    names_status *status = &a->status;
    *status = (names_status){.reason = RS_ENUM_NULL, .n_candidates = n_inside + n_outside};
    if (n_inside + n_outside > 1 && n_inside > 0) {
        status->status = RS_W_reference_status_ambiguous;
    } else if (n_inside == 1) {
        status->status = RS_W_reference_status_resolved;
    } else if (n_outside > 0) {
        status->status =
            all_builtin(a) ? RS_W_reference_status_builtin : RS_W_reference_status_external;
    } else {
        if (why->reason == RS_W_reference_reason_unbound && is_implicit(name)) {
            why->reason = RS_W_reference_reason_implicit;
        } else if (why->reason == RS_W_reference_reason_unbound && a->file->has_stars &&
                   rs_names_stars_lead_out(a->x, a->number)) {
            why->reason = RS_W_reference_reason_star_import;
        } else if (why->meets_external && why->reason == RS_ENUM_NULL) {
            why->reason = RS_W_reference_reason_external_base;
        } else if (why->reason == RS_ENUM_NULL) {
            why->reason = a->import_why.reason != RS_ENUM_NULL ? a->import_why.reason
                          : a->import_why.meets_external       ? RS_W_reference_reason_external_base
                                                               : RS_W_reference_reason_no_such_name;
        }
        bool is_nowhere = why->reason == RS_W_reference_reason_no_such_member ||
                          why->reason == RS_W_reference_reason_no_such_name;
        if (is_nowhere && everything_has(name)) {
            why->reason = RS_W_reference_reason_implicit;
        }
        status->reason = why->reason;
        status->status = status_of_reason(why->reason);
    }
}

/* --- questions --- */

static void begin(names_asker *a)
{
    names_items_reset(&a->items);
    names_answers_reset(&a->answers);
    a->import_why = (names_why){.reason = RS_ENUM_NULL};
    a->failed = !names_items_reserve(&a->items, NAMES_MAX_FOUND) || a->failed;
}

void rs_names_ask_expr(names_asker *a, uint32_t expr)
{
    names_why why = {.reason = RS_ENUM_NULL};
    const names_expr *of = &a->file->view.exprs[expr];
    rs_str name = of->op == NAMES_NAME   ? names_text(&a->file->view, of->a)
                  : of->op == NAMES_ATTR ? names_text(&a->file->view, of->b)
                                         : (rs_str){0};
    begin(a);
    if (a->failed) {
        return;
    }
    if (of->op != NAMES_NAME && of->op != NAMES_ATTR) {
        why.reason = RS_W_reference_reason_variable;
    }
    add_expr_items(a, a->number, expr, &why);
    take_items(a);
    settle_status(a, &why, name);
}

static void ask_binding(names_asker *a, uint32_t binding)
{
    names_why why = {.reason = RS_ENUM_NULL};
    a->items.items[a->items.n_items++] = (names_item){.number = a->file->first_binding + binding,
                                                      .kind = NAMES_I_BINDING,
                                                      .how = RS_W_target_how_binding};
    take_items(a);
    settle_status(a, &why, (rs_str){0});
}

static void ask_imported(names_asker *a, const names_expr *expr)
{
    names_why why = {.reason = RS_ENUM_NULL};
    uint32_t binding = a->file->first_binding + expr->a;
    rs_names_of_import(a->x, binding, &a->items);
    mark_items(a, 0, RS_W_target_how_import, 0, false);
    if (a->items.n_items == 0 && rs_names_external_of_import(a->x, binding, &a->text)) {
        rs_text text = rs_text_of(rs_strings_add(&a->part->strings, rs_buf_str(&a->text)));
        add_answer(a, (names_answer){.id = -1,
                                     .text = text,
                                     .key = UINT64_MAX - text.number,
                                     .how = RS_W_target_how_external,
                                     .is_final = true});
    } else if (a->items.n_items == 0) {
        rs_names_why_not_imported(a->x, binding, &why);
    }
    take_items(a);
    settle_status(a, &why, (rs_str){0});
}

static void ask_module(names_asker *a, uint32_t expr)
{
    const rs_names_linked *x = a->x;
    const names_cell *cell = &x->cells[names_cell_of_expr(x, a->number, expr)];
    names_why why = {.reason = RS_W_reference_reason_no_such_module};
    for (uint32_t i = cell->first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
        const names_value *value = &x->values.items[x->helds.items[i].value];
        if (value->kind == NAMES_V_MODULE) {
            a->items.items[a->items.n_items++] = (names_item){
                .number = value->a, .kind = NAMES_I_MODULE, .how = RS_W_target_how_import};
        } else {
            add_outside(a, names_text_of(x, value->a), (rs_str){0}, true);
        }
    }
    take_items(a);
    settle_status(a, &why, (rs_str){0});
}

/* The parameter that a keyword of a call names. */
static void ask_keyword(names_asker *a, const names_ref *ref)
{
    const rs_names_linked *x = a->x;
    const names_cell *cell = &x->cells[names_cell_of_expr(x, a->number, ref->expr)];
    uint32_t text = names_text_number(x, a->number, ref->name);
    names_why why = {.reason = RS_W_reference_reason_variable};
    for (uint32_t i = cell->first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
        rs_names_add_parameter(a, x->helds.items[i].value, text, &why);
    }
    take_items(a);
    settle_status(a, &why, (rs_str){0});
}

void rs_names_ask_ref(names_asker *a, const names_ref *ref)
{
    begin(a);
    if (a->failed) {
        return;
    }
    if (ref->kind == NAMES_REF_STORE || ref->kind == NAMES_REF_DEFINITION) {
        ask_binding(a, ref->expr);
    } else if (ref->expr == NAMES_NONE) {
        a->status = (names_status){.status = RS_W_reference_status_needs_values,
                                   .reason = RS_W_reference_reason_variable};
    } else if (ref->kind == NAMES_REF_KEYWORD) {
        ask_keyword(a, ref);
    } else if (a->file->view.exprs[ref->expr].op == NAMES_IMPORTED) {
        ask_imported(a, &a->file->view.exprs[ref->expr]);
    } else if (a->file->view.exprs[ref->expr].op == NAMES_MODULE) {
        ask_module(a, ref->expr);
    } else {
        rs_names_ask_expr(a, ref->expr);
    }
}
