/* SPDX-License-Identifier: Apache-2.0 */
/* link_operate.c - what becomes of a value along an edge, and of an operation on it. */
#include "evidence/names/link_impl.h"

bool rs_names_derives(const rs_names_linked *x, uint32_t inner, uint32_t outer)
{
    const names_class_facts *facts = &x->classes[inner];
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        if (!ancestor->is_external && ancestor->number == outer) {
            return true;
        }
    }
    return inner == outer;
}

/* --- outside --- */

/* Names from outside stay finite: behind a call or an item comes one more name, and no more. */
uint32_t rs_names_step_outside(rs_names_linked *x, uint32_t value, const char *dot, rs_str name)
{
    enum { MAX_DOTS = 8, MAX_BYTES = 200 };
    rs_str text = names_text_of(x, x->values.items[value].a);
    uint32_t n_dots = 0;
    bool is_called = false;
    bool is_over = false;
    for (size_t i = 0; i < text.n_bytes; i++) {
        is_over = is_over || (is_called && text.bytes[i] == '.');
        is_called = is_called || text.bytes[i] == ')' || text.bytes[i] == ']';
        n_dots += text.bytes[i] == '.';
    }
    bool is_name = name.n_bytes > 0;
    if (is_over || n_dots >= MAX_DOTS || text.n_bytes + name.n_bytes > MAX_BYTES ||
        (is_called && !is_name)) {
        return value;
    }
    rs_buf_reset(&x->text);
    rs_buf_add_str(&x->text, text);
    rs_buf_add(&x->text, dot);
    rs_buf_add_str(&x->text, name);
    return rs_names_external(x, NAMES_V_EXTERNAL, rs_buf_str(&x->text));
}

static bool is_text(const rs_names_linked *x, const names_value *value, const char *text)
{
    return value->kind == NAMES_V_EXTERNAL &&
           rs_str_equal(names_text_of(x, value->a), rs_str_of(text));
}

bool rs_names_is_none(const rs_names_linked *x, const names_value *value)
{
    return value->kind == NAMES_V_EXTERNAL_OBJECT &&
           rs_str_equal(names_text_of(x, value->a), RS_STR_LITERAL("builtins.NoneType"));
}

/* --- along an edge --- */

static uint32_t class_of(rs_names_linked *x, uint32_t number)
{
    names_value value = x->values.items[number];
    switch ((names_value_kind)value.kind) {
    case NAMES_V_INSTANCE:
        return rs_names_value(x, NAMES_V_CLASS, value.a, value.b);
    case NAMES_V_SELF:
        return rs_names_value(x, NAMES_V_SELF_CLASS, value.a, NAMES_NONE);
    case NAMES_V_CLASS:
    case NAMES_V_SELF_CLASS:
        return number;
    case NAMES_V_SUPER:
        return class_of(x, value.b);
    case NAMES_V_EXTERNAL_OBJECT:
        return rs_names_value(x, NAMES_V_EXTERNAL, value.a, NAMES_NONE);
    case NAMES_V_MODULE:
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    case NAMES_V_EXTERNAL:
    default:
        return NAMES_NONE;
    }
}

static uint32_t instance_of(rs_names_linked *x, uint32_t number)
{
    names_value value = x->values.items[number];
    rs_str text;
    switch ((names_value_kind)value.kind) {
    case NAMES_V_CLASS:
        return rs_names_value(x, NAMES_V_INSTANCE, value.a, value.b);
    case NAMES_V_SELF_CLASS:
        return rs_names_value(x, NAMES_V_SELF, value.a, NAMES_NONE);
    case NAMES_V_EXTERNAL:
        text = names_text_of(x, value.a);
        if (memchr(text.bytes, ')', text.n_bytes) != NULL || is_text(x, &value, "typing.Any")) {
            return NAMES_NONE; /* a type variable */
        }
        return rs_names_value(x, NAMES_V_EXTERNAL_OBJECT, value.a, NAMES_NONE);
    case NAMES_V_MODULE:
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
    case NAMES_V_SUPER:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    case NAMES_V_EXTERNAL_OBJECT:
    default:
        return NAMES_NONE;
    }
}

/* The class that a slot ends with, or none. */
static uint32_t class_of_slot(const rs_names_linked *x, uint32_t slot_number)
{
    const names_file *file = &x->files[rs_names_file_of_slot(x, slot_number)];
    const names_slot *slot = &file->view.slots[slot_number - file->first_slot];
    uint32_t n_exits;
    const uint32_t *exits = names_list(&file->view, slot->exit, &n_exits);
    const names_binding *last = n_exits > 0 ? &file->view.bindings[exits[n_exits - 1]] : NULL;
    return last != NULL && last->kind == NAMES_CLASS && last->inner != NAMES_NONE
               ? file->first_class + last->inner
               : NAMES_NONE;
}

/* An instance of the class, as C[...] of an annotation says. */
static uint32_t apply(rs_names_linked *x, uint32_t derived, uint32_t number)
{
    names_value value = x->values.items[number];
    if (value.kind != NAMES_V_CLASS || derived == NAMES_NONE) {
        return instance_of(x, number);
    }
    names_derivation of = x->derivations.items[x->cells[derived].file];
    uint32_t file = x->cells[of.of].file;
    uint32_t arguments =
        rs_names_arguments(x, file, of.of - x->files[file].first_cell, of.by, value.a);
    return rs_names_value(x, NAMES_V_INSTANCE, value.a,
                          arguments == NAMES_NONE ? value.b : arguments);
}

/* A class in a class, as seen from a class that derives from that one: it may have another of its name. */
static uint32_t inner_class_for(rs_names_linked *x, uint32_t inner, uint32_t object)
{
    const names_file *file = &x->files[x->classes[inner].file];
    const names_class *of = &file->view.classes[inner - file->first_class];
    uint32_t seen_from = x->values.items[object].a;
    names_items items = {0};
    names_why why = {.reason = RS_ENUM_NULL};
    uint32_t found = NAMES_NONE;
    if (of->outer_class == NAMES_NONE || of->binding == NAMES_NONE ||
        seen_from == file->first_class + of->outer_class ||
        !rs_names_derives(x, seen_from, file->first_class + of->outer_class) ||
        !names_items_reserve(&items, NAMES_MAX_FOUND)) {
        return inner;
    }
    uint32_t name = file->view.slots[file->view.bindings[of->binding].slot].name;
    if (rs_names_member(x, seen_from, names_text_number(x, x->classes[inner].file, name), false,
                        NAMES_NONE, &items, &why) &&
        items.items[0].kind == NAMES_I_SLOT) {
        found = class_of_slot(x, items.items[0].number);
    }
    names_items_release(&items);
    return found == NAMES_NONE ? inner : found;
}

/* What a method gives that speaks of its own object, for the object that it is called on. */
static uint32_t bound_result(rs_names_linked *x, uint32_t number, uint32_t by)
{
    names_value value = x->values.items[number];
    if (value.kind == NAMES_V_BOUND) {
        uint32_t object = bound_result(x, value.b, by); /* of a SELF: no deeper */
        return object == value.b ? number : rs_names_value(x, NAMES_V_BOUND, value.a, object);
    }
    if (value.kind == NAMES_V_GENERATOR) {
        return value.b != NAMES_NONE ? number : rs_names_value(x, NAMES_V_GENERATOR, value.a, by);
    }
    if ((value.kind == NAMES_V_CLASS || value.kind == NAMES_V_INSTANCE) && by != NAMES_NONE &&
        class_of(x, by) != NAMES_NONE && x->values.items[by].kind != NAMES_V_EXTERNAL_OBJECT) {
        uint32_t inner = inner_class_for(x, value.a, class_of(x, by));
        return inner == value.a
                   ? number
                   : rs_names_value(x, (names_value_kind)value.kind, inner, NAMES_NONE);
    }
    if (value.kind != NAMES_V_SELF && value.kind != NAMES_V_SELF_CLASS) {
        return number;
    }
    bool is_class = value.kind == NAMES_V_SELF_CLASS;
    if (by != NAMES_NONE) {
        names_value object = x->values.items[by];
        uint32_t class = class_of(x, by);
        if (class != NAMES_NONE && object.kind != NAMES_V_EXTERNAL &&
            object.kind != NAMES_V_EXTERNAL_OBJECT &&
            rs_names_derives(x, x->values.items[class].a, value.a)) {
            return is_class ? class : instance_of(x, class);
        }
    }
    return rs_names_value(x, is_class ? NAMES_V_CLASS : NAMES_V_INSTANCE, value.a, NAMES_NONE);
}

static void deliver_function(rs_names_linked *x, uint32_t to, uint32_t number, uint32_t by)
{
    names_value value = x->values.items[number];
    uint16_t flags = x->function_flags[value.a];
    names_value object = x->values.items[by];
    bool on_class = object.kind == NAMES_V_CLASS || object.kind == NAMES_V_SELF_CLASS;
    uint32_t self = by;
    if (object.kind == NAMES_V_SUPER) {
        self = object.b;
        object = x->values.items[self];
        on_class = object.kind == NAMES_V_CLASS || object.kind == NAMES_V_SELF_CLASS;
    }
    uint32_t file = rs_names_file_of_function(x, value.a);
    bool is_method =
        x->files[file].view.functions[value.a - x->files[file].first_function].in_class !=
        NAMES_NONE;
    if (!is_method || (flags & NAMES_F_STATIC) != 0) {
        rs_names_add(x, to, number);
    } else if ((flags & NAMES_F_CLASS) != 0) {
        rs_names_add(x, to, rs_names_value(x, NAMES_V_BOUND, value.a, class_of(x, self)));
    } else if ((flags & NAMES_F_PROPERTY) != 0) {
        if (!on_class) {
            rs_names_connect_result(x, value.a, to, self, false);
        }
    } else {
        rs_names_add(x, to, on_class ? number : rs_names_value(x, NAMES_V_BOUND, value.a, self));
    }
}

static void deliver_super(rs_names_linked *x, uint32_t to, uint32_t value, uint32_t class)
{
    uint8_t kind = x->values.items[value].kind;
    if (kind == NAMES_V_INSTANCE || kind == NAMES_V_SELF || kind == NAMES_V_CLASS ||
        kind == NAMES_V_SELF_CLASS) {
        rs_names_add(x, to, rs_names_value(x, NAMES_V_SUPER, class, value));
    }
}

void rs_names_deliver(rs_names_linked *x, const names_edge *edge, uint32_t value)
{
    switch ((names_edge_kind)edge->kind) {
    case NAMES_E_COPY:
        rs_names_add(x, edge->to, value);
        break;
    case NAMES_E_OPERAND:
        rs_names_operate(x, edge->to, value, edge->by);
        break;
    case NAMES_E_MEMBER:
        if (x->values.items[value].kind == NAMES_V_FUNCTION) {
            deliver_function(x, edge->to, value, edge->by);
        } else {
            rs_names_add(x, edge->to, value);
        }
        break;
    case NAMES_E_RESULT:
        rs_names_add(x, edge->to, bound_result(x, value, edge->by));
        break;
    case NAMES_E_INSTANCE:
        rs_names_add(x, edge->to, instance_of(x, value));
        break;
    case NAMES_E_APPLY:
        rs_names_add(x, edge->to, apply(x, edge->by, value));
        break;
    case NAMES_E_CLASS_OF:
        rs_names_add(x, edge->to, class_of(x, value));
        break;
    case NAMES_E_SUPER:
        deliver_super(x, edge->to, value, edge->by);
        break;
    case NAMES_E_SUPER_OF:
        if (x->values.items[value].kind == NAMES_V_CLASS) {
            rs_names_connect(x, edge->by, edge->to, NAMES_E_SUPER, x->values.items[value].a);
        }
        break;
    }
}

/* --- operations --- */

static bool is_outside(const names_value *value)
{
    return value->kind == NAMES_V_EXTERNAL || value->kind == NAMES_V_EXTERNAL_OBJECT;
}

/* Members of an enumeration are instances of it. */
static bool is_enumeration(const rs_names_linked *x, uint32_t class)
{
    const names_class_facts *facts = &x->classes[class];
    for (uint32_t i = 0; i < facts->n_ancestors; i++) {
        const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
        if (!ancestor->is_external && ancestor->number != NAMES_NONE &&
            rs_names_is_stub_of(x, x->classes[ancestor->number].file, "enum")) {
            return true;
        }
        if (ancestor->is_external) {
            rs_str text = names_text_of(x, ancestor->number);
            static const char prefix[] = "enum.";
            if (text.n_bytes > sizeof prefix - 1 &&
                memcmp(text.bytes, prefix, sizeof prefix - 1) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_assigned_slot(const rs_names_linked *x, const names_item *item)
{
    if (item->kind != NAMES_I_SLOT) {
        return false;
    }
    const names_file *file = &x->files[rs_names_file_of_slot(x, item->number)];
    const names_slot *slot = &file->view.slots[item->number - file->first_slot];
    return slot->n_bindings > 0 && file->view.bindings[slot->first_binding].kind == NAMES_ASSIGN &&
           slot->owner_kind == NAMES_OF_CLASS;
}

/* Before the order of a class is known only its own members are found, and no patches of modules. */
static bool is_early(const rs_names_linked *x, const names_value *value)
{
    switch ((names_value_kind)value->kind) {
    case NAMES_V_MODULE:
        return !x->has_orders;
    case NAMES_V_CLASS:
    case NAMES_V_INSTANCE:
    case NAMES_V_SELF:
    case NAMES_V_SELF_CLASS:
        return value->a >= x->n_ordered;
    case NAMES_V_SUPER:
        return value->a >= x->n_ordered || x->values.items[value->b].a >= x->n_ordered;
    case NAMES_V_FUNCTION:
    case NAMES_V_BOUND:
    case NAMES_V_TUPLE:
    case NAMES_V_GENERATOR:
    case NAMES_V_EXTERNAL:
    case NAMES_V_EXTERNAL_OBJECT:
    default:
        return false;
    }
}

/* What nobody else has, as far as __getattr__ says what that is: what it returns in the end is more than
 * what it returns for this name. */
static void take_from_getattr(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    names_value value = x->values.items[number];
    names_items items = {0};
    names_why why = {.reason = RS_ENUM_NULL};
    uint32_t text = rs_strings_find(&x->texts, RS_STR_LITERAL("__getattr__"));
    if ((value.kind != NAMES_V_INSTANCE && value.kind != NAMES_V_SELF) || text == RS_STR_NULL) {
        return;
    }
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    rs_names_member(x, value.a, text, false, NAMES_NONE, &items, &why);
    for (size_t i = 0; i < items.n_items; i++) {
        if (items.items[i].kind != NAMES_I_SLOT) {
            continue;
        }
        const names_file *file = &x->files[rs_names_file_of_slot(x, items.items[i].number)];
        const names_slot *slot = &file->view.slots[items.items[i].number - file->first_slot];
        const names_binding *binding = &file->view.bindings[slot->first_binding];
        bool is_told = slot->n_bindings == 1 && binding->kind == NAMES_DEF &&
                       file->view.functions[binding->inner].annotation != NAMES_NONE;
        if (is_told) {
            rs_names_connect_result(x, file->first_function + binding->inner, cell, number, false);
        }
    }
    names_items_release(&items);
}

static void read_attribute(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t text)
{
    names_value value = x->values.items[number];
    names_items items = {0};
    names_why why = {.reason = RS_ENUM_NULL};
    if (rs_names_is_none(x, &value)) {
        return; /* it was another value that was asked */
    }
    if (is_outside(&value)) {
        rs_names_add(x, cell, rs_names_step_outside(x, number, ".", names_text_of(x, text)));
        return;
    }
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    uint32_t n_missed = x->wants->n_missed;
    rs_names_of_value(x, number, text, &items, &why);
    if (why.reason == RS_W_reference_reason_getattr && !is_early(x, &value)) {
        take_from_getattr(x, cell, number);
    }
    if (items.n_items == 0 && x->wants->n_missed == n_missed && !is_early(x, &value) &&
        rs_names_may_have_more(x, number, names_text_of(x, text)) &&
        rs_names_name_of_value(x, number, &x->text)) {
        rs_buf_add_char(&x->text, '.');
        rs_buf_add_str(&x->text, names_text_of(x, text));
        rs_names_add(x, cell, rs_names_external(x, NAMES_V_EXTERNAL, rs_buf_str(&x->text)));
    }
    if (value.kind == NAMES_V_CLASS && items.n_items > 0 && is_enumeration(x, value.a) &&
        is_assigned_slot(x, &items.items[0])) {
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_INSTANCE, value.a, NAMES_NONE));
    } else {
        bool is_module = value.kind == NAMES_V_MODULE;
        rs_names_connect_items(x, &items, cell, is_module ? NAMES_E_COPY : NAMES_E_MEMBER, number);
        if (value.kind == NAMES_V_INSTANCE && !is_early(x, &value)) {
            rs_names_connect_declared(x, &items, cell, number);
        }
    }
    if (rs_str_equal(names_text_of(x, text), RS_STR_LITERAL("__class__"))) {
        rs_names_add(x, cell, class_of(x, number));
    }
    names_items_release(&items);
}

void rs_names_connect_method(rs_names_linked *x, uint32_t value, const char *method, uint32_t to)
{
    names_items items = {0};
    names_why why = {.reason = RS_ENUM_NULL};
    uint32_t text = rs_strings_find(&x->texts, rs_str_of(method));
    bool is_item = strcmp(method, "__getitem__") == 0; /* the others are of slices */
    if (text == RS_STR_NULL) {
        return;
    }
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return;
    }
    rs_names_of_value(x, value, text, &items, &why);
    for (size_t i = 0; i < items.n_items; i++) {
        if (items.items[i].kind != NAMES_I_SLOT) {
            continue;
        }
        uint32_t file = rs_names_file_of_slot(x, items.items[i].number);
        const names_view *view = &x->files[file].view;
        const names_slot *slot = &view->slots[items.items[i].number - x->files[file].first_slot];
        uint32_t n_bindings;
        const uint32_t *bindings = names_list(view, slot->exit, &n_bindings);
        for (uint32_t n = 0; n < n_bindings; n++) {
            const names_binding *binding = &view->bindings[bindings[n]];
            if (binding->kind == NAMES_DEF) {
                rs_names_connect_result(x, x->files[file].first_function + binding->inner, to,
                                        value, is_item);
            }
        }
    }
    names_items_release(&items);
}

/* -> Iterator[T] of a generator says that T is what it yields. */
static bool take_declared_yields(rs_names_linked *x, uint32_t cell, uint32_t file,
                                 uint32_t annotation)
{
    static const char *const iterators[] = {"Iterator",      "Iterable",      "Generator",
                                            "AsyncIterator", "AsyncIterable", "AsyncGenerator"};
    const names_view *view = &x->files[file].view;
    bool is_known = false;
    if (annotation == NAMES_NONE || view->exprs[annotation].op != NAMES_ITEM) {
        return false;
    }
    rs_str name = rs_names_last_name(view, view->exprs[annotation].a);
    for (size_t i = 0; i < sizeof iterators / sizeof iterators[0]; i++) {
        is_known = is_known || rs_str_equal(name, rs_str_of(iterators[i]));
    }
    uint32_t argument = view->exprs[annotation].b;
    uint32_t n_items = 1;
    const uint32_t *items = &argument;
    if (view->exprs[argument].op == NAMES_TUPLE) {
        items = names_list(view, view->exprs[argument].b, &n_items);
    }
    if (is_known && n_items > 0) {
        rs_names_annotate(x, file, items[0], NAMES_NONE, cell);
    }
    return is_known;
}

/* What a generator yields, for the object that it was called on. */
static void take_yields(rs_names_linked *x, uint32_t cell, const names_value *value)
{
    uint32_t file = rs_names_file_of_function(x, value->a);
    const names_view *view = &x->files[file].view;
    const names_function *function = &view->functions[value->a - x->files[file].first_function];
    uint32_t n_items;
    const uint32_t *items = names_list(view, function->returns, &n_items);
    if (take_declared_yields(x, cell, file, function->annotation)) {
        return;
    }
    for (uint32_t i = 0; i < n_items; i++) {
        rs_names_connect(x, names_cell_of_expr(x, file, items[i]), cell, NAMES_E_RESULT, value->b);
    }
}

/* The listed item at a place; NAMES_NONE: all of them. */
static void take_elements(rs_names_linked *x, uint32_t cell, uint32_t number, uint32_t place)
{
    names_value value = x->values.items[number];
    if (value.kind == NAMES_V_TUPLE) {
        uint32_t file = x->cells[value.a].file;
        const names_view *view = &x->files[file].view;
        uint32_t n_items;
        const uint32_t *items =
            names_list(view, view->exprs[value.a - x->files[file].first_cell].b, &n_items);
        bool is_any = place == NAMES_NONE || n_items == 1; /* of a comprehension */
        for (uint32_t i = 0; i < n_items; i++) {
            if (is_any || place == i) {
                rs_names_connect(x, names_cell_of_expr(x, file, items[i]), cell, NAMES_E_COPY,
                                 NAMES_NONE);
            }
        }
    } else if (value.kind == NAMES_V_EXTERNAL) {
        rs_names_add(x, cell, rs_names_step_outside(x, number, "[]", (rs_str){0}));
    } else if (value.kind == NAMES_V_GENERATOR && place == NAMES_NONE) {
        take_yields(x, cell, &value);
    } else if (value.kind == NAMES_V_INSTANCE || value.kind == NAMES_V_SELF) {
        if (place == NAMES_NONE || !rs_names_connect_place(x, number, place, cell)) {
            rs_names_iterate(x, number, cell);
        }
    } else if (value.kind == NAMES_V_CLASS && is_enumeration(x, value.a)) {
        rs_names_add(x, cell, rs_names_value(x, NAMES_V_INSTANCE, value.a, NAMES_NONE));
    }
}

/* The place that a constant index asks for; NAMES_NONE: any. */
static uint32_t place_of_index(const rs_names_linked *x, uint32_t cell)
{
    uint32_t file = x->cells[cell].file;
    const names_view *view = &x->files[file].view;
    const names_expr *index = &view->exprs[view->exprs[cell - x->files[file].first_cell].b];
    rs_str text = index->op == NAMES_INSTANCE ? names_text(view, index->b) : (rs_str){0};
    uint32_t place = 0;
    if (text.n_bytes == 0 || text.n_bytes > 2) {
        return NAMES_NONE;
    }
    for (size_t i = 0; i < text.n_bytes; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return NAMES_NONE;
        }
        place = place * 10 + (uint32_t)(text.bytes[i] - '0');
    }
    return place;
}

/* Containers of anything: nobody knows what their items are. */
static bool holds_anything(rs_str class)
{
    static const char *const containers[] = {"builtins.tuple", "builtins.list", "builtins.dict"};
    for (size_t i = 0; i < sizeof containers / sizeof containers[0]; i++) {
        if (rs_str_equal(class, rs_str_of(containers[i]))) {
            return true;
        }
    }
    return false;
}

/* A slice is none that is known. */
static bool has_known_index(const rs_names_linked *x, uint32_t cell)
{
    uint32_t file = x->cells[cell].file;
    const names_view *view = &x->files[file].view;
    const names_expr *of = &view->exprs[cell - x->files[file].first_cell];
    return view->exprs[of->b].op != NAMES_UNKNOWN;
}

/* The class with what stands in brackets behind it. */
static uint32_t class_with(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    names_value value = x->values.items[number];
    uint32_t file = x->cells[cell].file;
    uint32_t arguments =
        value.kind != NAMES_V_CLASS
            ? NAMES_NONE
            : rs_names_arguments(x, file, cell - x->files[file].first_cell, NAMES_NONE, value.a);
    return arguments == NAMES_NONE ? number : rs_names_value(x, NAMES_V_CLASS, value.a, arguments);
}

static void take_item(rs_names_linked *x, uint32_t cell, uint32_t number)
{
    names_value value = x->values.items[number];
    if (value.kind == NAMES_V_CLASS || value.kind == NAMES_V_SELF_CLASS) {
        rs_names_add(x, cell, class_with(x, cell, number)); /* a generic one */
    } else if (value.kind == NAMES_V_EXTERNAL) {
        rs_str text = names_text_of(x, value.a);
        const char *dot = text.bytes + text.n_bytes;
        while (dot > text.bytes && dot[-1] != '.') {
            dot--;
        }
        bool is_type = *dot >= 'A' && *dot <= 'Z';
        rs_names_add(x, cell,
                     is_type ? number : rs_names_step_outside(x, number, "[]", (rs_str){0}));
    } else if (value.kind == NAMES_V_TUPLE) {
        take_elements(x, cell, number, place_of_index(x, cell));
    } else if (value.kind == NAMES_V_EXTERNAL_OBJECT) {
        if (!holds_anything(names_text_of(x, value.a))) {
            rs_names_add(x, cell, rs_names_step_outside(x, number, "[]", (rs_str){0}));
        }
    } else if (value.kind == NAMES_V_INSTANCE && value.a == x->builtins.tuple &&
               rs_names_connect_place(x, number, place_of_index(x, cell), cell)) {
        return;
    } else if (value.kind != NAMES_V_INSTANCE || !names_is_outside(x, value.a) ||
               has_known_index(x, cell)) {
        rs_names_connect_method(x, number, "__getitem__", cell);
    }
}

void rs_names_take_next(rs_names_linked *x, uint32_t cell, uint32_t value)
{
    take_elements(x, cell, value, NAMES_NONE);
}

void rs_names_enter(rs_names_linked *x, uint32_t cell, uint32_t number, bool is_async)
{
    const names_value value = x->values.items[number];
    if (value.kind == NAMES_V_GENERATOR) { /* of a context manager */
        take_yields(x, cell, &value);
    } else if (is_outside(&value)) {
        rs_names_add(x, cell, number);
    } else {
        rs_names_connect_method(x, number, is_async ? "__aenter__" : "__enter__", cell);
    }
}

/* It is done once more when the order is known. */
static void put_off(rs_names_linked *x, uint32_t cell, uint32_t value, uint32_t text)
{
    if (is_early(x, &x->values.items[value])) {
        bool fits = names_numbers_push(&x->late, cell) && names_numbers_push(&x->late, value) &&
                    names_numbers_push(&x->late, text);
        x->failed = x->failed || !fits;
    }
}

static void operate(rs_names_linked *x, uint32_t cell, uint32_t value, uint32_t text)
{
    if ((x->cells[cell].flags & NAMES_IS_DERIVED) != 0) {
        rs_names_operate_derived(x, cell, value);
        return;
    }
    uint32_t file = x->cells[cell].file;
    const names_expr *expr = &x->files[file].view.exprs[cell - x->files[file].first_cell];
    if (text != NAMES_NONE) {
        read_attribute(x, cell, value, text);
        return;
    }
    switch ((names_op)expr->op) {
    case NAMES_ATTR:
        read_attribute(x, cell, value, names_text_number(x, file, expr->b));
        break;
    case NAMES_CALL:
        rs_names_call_value(x, cell, value);
        break;
    case NAMES_ITEM:
        take_item(x, cell, value);
        break;
    case NAMES_ELEMENT:
        take_elements(x, cell, value, expr->b);
        break;
    case NAMES_ITER:
        take_elements(x, cell, value, NAMES_NONE);
        break;
    case NAMES_ENTER:
        rs_names_enter(x, cell, value, (expr->flags & NAMES_IS_ASYNC) != 0);
        break;
    case NAMES_UNKNOWN:
    case NAMES_NAME:
    case NAMES_AWAIT:
    case NAMES_RAISED:
    case NAMES_UNION:
    case NAMES_TUPLE:
    case NAMES_INSTANCE:
    case NAMES_ANNOTATED:
    case NAMES_LAMBDA:
    case NAMES_SUPER:
    case NAMES_MODULE:
    case NAMES_IMPORTED:
    case NAMES_SELF_OF:
    case NAMES_N_OPS:
    default:
        break;
    }
}

void rs_names_operate(rs_names_linked *x, uint32_t cell, uint32_t value, uint32_t text)
{
    uint32_t n_missed = x->wants->n_missed;
    put_off(x, cell, value, text);
    operate(x, cell, value, text);
    rs_names_miss(x, n_missed, cell, value, text);
}
