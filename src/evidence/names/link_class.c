/* SPDX-License-Identifier: Apache-2.0 */
/* link_class.c - bases across files and the orders in which methods are resolved (C3). */
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

/* --- bases --- */

/* with_metaclass(M, *bases), of six and of its many copies: known by name. */
static bool is_with_metaclass(const names_view *view, uint32_t expr)
{
    return view->exprs[expr].op == NAMES_CALL &&
           rs_str_equal(rs_names_last_name(view, view->exprs[expr].a),
                        RS_STR_LITERAL("with_metaclass"));
}

static uint32_t first_argument(const names_view *view, uint32_t call)
{
    uint32_t n_args;
    const uint32_t *args = names_list(view, view->exprs[call].b, &n_args);
    return n_args >= 2 && args[0] == NAMES_NONE ? args[1] : NAMES_NONE;
}

/* The argument of a decorator that is called, known by its name; none: no decorator is it. */
static uint32_t decorated_with(const names_view *view, const names_class *class, const char *name)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, class->decorators, &n_items);
    for (uint32_t n = 0; n < n_items; n++) {
        if (view->exprs[items[n]].op == NAMES_CALL &&
            rs_str_equal(rs_names_last_name(view, view->exprs[items[n]].a), rs_str_of(name))) {
            return first_argument(view, items[n]);
        }
    }
    return NAMES_NONE;
}

/* The expressions of a class's bases, those in with_metaclass() in its place, that of the class that enum
 * makes of a plain one behind them. False: memory is out. */
static bool list_base_exprs(const names_view *view, const names_class *class, names_numbers *out)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, class->bases, &n_items);
    names_numbers_reset(out);
    for (uint32_t n = 0; n < n_items; n++) {
        bool is_call = is_with_metaclass(view, items[n]);
        uint32_t n_args = 0;
        const uint32_t *args = is_call ? names_list(view, view->exprs[items[n]].b, &n_args) : NULL;
        if (!is_call && !names_numbers_push(out, items[n])) {
            return false;
        }
        for (uint32_t i = 2; i + 1 < n_args; i += 2) {
            if (args[i] == NAMES_NONE && !names_numbers_push(out, args[i + 1])) {
                return false;
            }
        }
    }
    uint32_t made = decorated_with(view, class, "_simple_enum");
    return made == NAMES_NONE || names_numbers_push(out, made);
}

/* metaclass=M, with_metaclass(M), @add_metaclass(M): the expression of M, or none. */
static uint32_t metaclass_expr(const names_view *view, const names_class *class)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, class->keywords, &n_items);
    for (uint32_t n = 0; n + 1 < n_items; n += 2) {
        if (items[n] != NAMES_NONE &&
            rs_str_equal(names_text(view, items[n]), RS_STR_LITERAL("metaclass"))) {
            return items[n + 1];
        }
    }
    items = names_list(view, class->bases, &n_items);
    for (uint32_t n = 0; n < n_items; n++) {
        if (is_with_metaclass(view, items[n])) {
            return first_argument(view, items[n]);
        }
    }
    return decorated_with(view, class, "add_metaclass");
}

void rs_names_ask_bases(rs_names_linked *x)
{
    names_numbers bases = {0};
    for (; x->n_based < x->n_classes && !x->failed; x->n_based++) {
        uint32_t f = x->classes[x->n_based].file;
        const names_view *view = &x->files[f].view;
        const names_class *class = &view->classes[x->n_based - x->files[f].first_class];
        uint32_t metaclass = metaclass_expr(view, class);
        x->failed = !list_base_exprs(view, class, &bases);
        for (size_t n = 0; n < bases.n_items && !x->failed; n++) {
            rs_names_ask(x, names_cell_of_expr(x, f, bases.items[n]));
        }
        if (metaclass != NAMES_NONE) {
            rs_names_ask(x, names_cell_of_expr(x, f, metaclass));
        }
    }
    names_numbers_release(&bases);
}

/* Of several classes that a base may be, one of the repository, the one that no except clause binds, then
 * the latest. */
static bool is_better(const rs_names_linked *x, uint32_t class, uint32_t other)
{
    const uint32_t both[2] = {class, other};
    bool is_weak[2];
    for (int i = 0; i < 2; i++) {
        const names_file *file = &x->files[x->classes[both[i]].file];
        uint32_t binding = file->view.classes[both[i] - file->first_class].binding;
        is_weak[i] =
            binding != NAMES_NONE && (file->view.bindings[binding].flags & NAMES_IN_HANDLER) != 0;
    }
    bool is_outside = names_is_outside(x, class);
    if (is_outside != names_is_outside(x, other)) {
        return !is_outside;
    }
    return is_weak[0] != is_weak[1] ? is_weak[1] : class > other;
}

/* What deriving from a class gives: of typing.NamedTuple a tuple. */
static uint32_t runtime_class(const rs_names_linked *x, uint32_t class)
{
    const names_file *file = &x->files[x->classes[class].file];
    uint32_t binding = file->view.classes[class - file->first_class].binding;
    if (!rs_names_is_stub_of(x, x->classes[class].file, "typing") || binding == NAMES_NONE ||
        x->builtins.tuple == NAMES_NONE) {
        return class;
    }
    rs_str name = names_text(&file->view, file->view.slots[file->view.bindings[binding].slot].name);
    return rs_str_equal(name, RS_STR_LITERAL("NamedTuple")) ? x->builtins.tuple : class;
}

/* The base that a cell stands for; class: that has it. */
static names_ancestor base_of(const rs_names_linked *x, uint32_t cell, uint32_t class)
{
    names_ancestor best = {.number = NAMES_NONE};
    for (uint32_t i = x->cells[cell].first_held; i != NAMES_NONE; i = x->helds.items[i].next) {
        names_value value = x->values.items[x->helds.items[i].value];
        bool is_class = value.kind == NAMES_V_CLASS && value.a != class;
        if (is_class &&
            (best.number == NAMES_NONE || best.is_external || is_better(x, value.a, best.number))) {
            best = (names_ancestor){.number = runtime_class(x, value.a)};
        } else if (value.kind == NAMES_V_EXTERNAL && best.number == NAMES_NONE) {
            best = (names_ancestor){.number = value.a, .is_external = true};
        } else if (value.kind == NAMES_V_EXTERNAL && best.is_external &&
                   rs_str_compare(names_text_of(x, value.a), names_text_of(x, best.number)) < 0) {
            best.number = value.a;
        }
    }
    return best;
}

/* namedtuple(...) where collections itself is what is read: known by name. */
static bool makes_tuple(const names_view *view, uint32_t expr)
{
    static const char name[] = "namedtuple";
    if (view->exprs[expr].op == NAMES_NAME) {
        uint32_t n_bindings;
        const uint32_t *bindings = names_list(view, view->exprs[expr].b, &n_bindings);
        const names_binding *only = n_bindings == 1 ? &view->bindings[bindings[0]] : NULL;
        bool is_assigned = only != NULL && only->kind == NAMES_ASSIGN && only->value != NAMES_NONE;
        expr = is_assigned ? only->value : expr;
    }
    if (view->exprs[expr].op != NAMES_CALL) {
        return false;
    }
    rs_str last = rs_names_last_name(view, view->exprs[expr].a);
    size_t n_bytes = sizeof name - 1;
    return last.n_bytes >= n_bytes &&
           memcmp(last.bytes + last.n_bytes - n_bytes, name, n_bytes) == 0;
}

static uint32_t metaclass_of(const rs_names_linked *x, uint32_t number, const names_class *class)
{
    uint32_t file = x->classes[number].file;
    uint32_t expr = metaclass_expr(&x->files[file].view, class);
    if (expr == NAMES_NONE) {
        return NAMES_NONE;
    }
    names_ancestor found = base_of(x, names_cell_of_expr(x, file, expr), number);
    return found.is_external ? NAMES_NONE : found.number;
}

static bool read_bases(rs_names_linked *x, uint32_t number, names_numbers *bases)
{
    names_class_facts *facts = &x->classes[number];
    const names_file *file = &x->files[facts->file];
    const names_class *class = &file->view.classes[number - file->first_class];
    facts->first_base = (uint32_t)x->bases.n_items;
    if (!list_base_exprs(&file->view, class, bases)) {
        return false;
    }
    for (size_t n = 0; n < bases->n_items; n++) {
        names_ancestor base =
            base_of(x, names_cell_of_expr(x, facts->file, bases->items[n]), number);
        if (base.number == NAMES_NONE && makes_tuple(&file->view, bases->items[n])) {
            base = (names_ancestor){.number = x->made_text, .is_external = true};
        }
        base.is_virtual = rs_names_is_virtual_base(x, number, &base);
        if (!names_ancestors_push(&x->bases, base)) {
            return false;
        }
    }
    facts->n_bases = (uint32_t)bases->n_items;
    facts->metaclass = metaclass_of(x, number, class);
    return true;
}

/* --- C3 --- */

/* One of the lists that are merged: ancestors of a base, or the bases. */
typedef struct merge_list {
    const names_ancestor *items;
    uint32_t n_items;
    uint32_t at;
} merge_list;

RS_VEC_DEFINE(merge_lists, merge_list)

static bool is_same(const names_ancestor *a, const names_ancestor *b)
{
    return a->number == b->number && a->is_external == b->is_external;
}

static bool stands_behind(const merge_lists *lists, const names_ancestor *candidate,
                          uint32_t *n_compared)
{
    for (size_t i = 0; i < lists->n_items; i++) {
        const merge_list *list = &lists->items[i];
        *n_compared += list->n_items - list->at;
        for (uint32_t n = list->at + 1; n < list->n_items; n++) {
            if (is_same(&list->items[n], candidate)) {
                return true;
            }
        }
    }
    return false;
}

/* The next of the order; NULL: all lists are done. Where none may come next, the first does. */
static const names_ancestor *next_of(const merge_lists *lists, bool *is_consistent,
                                     uint32_t *n_compared)
{
    const names_ancestor *first = NULL;
    for (size_t i = 0; i < lists->n_items; i++) {
        const merge_list *list = &lists->items[i];
        if (list->at == list->n_items) {
            continue;
        }
        const names_ancestor *head = &list->items[list->at];
        first = first == NULL ? head : first;
        if (head->number == NAMES_NONE || !stands_behind(lists, head, n_compared)) {
            return head;
        }
    }
    *is_consistent = *is_consistent && first == NULL;
    return first;
}

static bool is_listed(const rs_names_linked *x, uint32_t first, const names_ancestor *ancestor)
{
    for (size_t i = first; i < x->ancestors.n_items && ancestor->number != NAMES_NONE; i++) {
        if (is_same(&x->ancestors.items[i], ancestor)) {
            return true;
        }
    }
    return false;
}

static void skip_taken(const rs_names_linked *x, uint32_t first, merge_lists *lists)
{
    for (size_t i = 0; i < lists->n_items; i++) {
        merge_list *list = &lists->items[i];
        while (list->at < list->n_items && is_listed(x, first, &list->items[list->at])) {
            list->at++;
        }
    }
}

static bool merge(rs_names_linked *x, names_class_facts *facts, merge_lists *lists)
{
    enum { MAX_COMPARED = 1 << 18 };
    uint32_t n_compared = 0;
    bool is_consistent = true;
    for (;;) {
        skip_taken(x, facts->first_ancestor, lists);
        const names_ancestor *next = next_of(lists, &is_consistent, &n_compared);
        if (next == NULL) {
            break;
        }
        names_ancestor taken = *next;
        if (x->ancestors.n_items - facts->first_ancestor >= NAMES_MAX_ANCESTORS ||
            n_compared > MAX_COMPARED) {
            facts->is_long = true;
            break;
        }
        for (size_t i = 0; i < lists->n_items && taken.number == NAMES_NONE; i++) {
            merge_list *list = &lists->items[i];
            if (list->at < list->n_items && &list->items[list->at] == next) {
                list->at++;
            }
        }
        x->ancestors.items[x->ancestors.n_items++] = taken;
        facts->meets_unknown =
            facts->meets_unknown || taken.is_external || taken.number == NAMES_NONE;
    }
    facts->is_inconsistent = !is_consistent;
    return true;
}

/* What stands behind a base that no stub has: object, of a protocol what makes it one, of what namedtuple()
 * makes a tuple. */
static bool list_external(const rs_names_linked *x, const names_ancestor *base,
                          names_ancestors *beside)
{
    bool is_protocol = base->is_external && base->number == x->protocol_text;
    bool fits = names_ancestors_push(beside, *base);
    if (is_protocol) {
        names_ancestor generic = {.number = x->generic_text, .is_external = true};
        fits = fits && names_ancestors_push(beside, generic);
    }
    if (base->is_external && base->number == x->made_text && x->builtins.tuple != NAMES_NONE) {
        fits = fits && names_ancestors_push(beside, (names_ancestor){.number = x->builtins.tuple});
    }
    if (x->builtins.object != NAMES_NONE) {
        names_ancestor object = {.number = x->builtins.object};
        fits = fits && names_ancestors_push(beside, object);
    }
    return fits;
}

/* Who has no base derives from object. */
static bool has_implicit_base(const rs_names_linked *x, uint32_t number)
{
    const names_class_facts *facts = &x->classes[number];
    bool has_base = number == x->builtins.object || x->builtins.object == NAMES_NONE;
    for (uint32_t i = 0; i < facts->n_bases; i++) {
        has_base = has_base || !x->bases.items[facts->first_base + i].is_virtual;
    }
    return !has_base;
}

/* The lists to be merged into one order; beside: room of those that no class has. */
static bool list_bases(rs_names_linked *x, uint32_t number, merge_lists *lists,
                       names_ancestors *beside)
{
    enum { N_MOST_BESIDE = 4 };
    names_class_facts *facts = &x->classes[number];
    uint32_t n_bases = facts->n_bases;
    merge_lists_reset(lists);
    names_ancestors_reset(beside);
    if (!merge_lists_reserve(lists, n_bases + 2) ||
        !names_ancestors_reserve(beside, ((size_t)n_bases + 1) * (N_MOST_BESIDE + 1))) {
        return false;
    }
    size_t first_own = beside->n_items;
    for (uint32_t i = 0; i < n_bases; i++) {
        if (!x->bases.items[facts->first_base + i].is_virtual) {
            beside->items[beside->n_items++] = x->bases.items[facts->first_base + i];
        }
    }
    if (has_implicit_base(x, number)) {
        beside->items[beside->n_items++] = (names_ancestor){.number = x->builtins.object};
    }
    merge_list own = {beside->items + first_own, (uint32_t)(beside->n_items - first_own), 0};
    for (uint32_t i = 0; i < own.n_items; i++) {
        const names_ancestor *base = &own.items[i];
        merge_list list;
        if (base->number != NAMES_NONE && !base->is_external) {
            const names_class_facts *of = &x->classes[base->number];
            list = (merge_list){x->ancestors.items + of->first_ancestor, of->n_ancestors, 0};
            facts->is_long = facts->is_long || of->is_long;
        } else {
            size_t first = beside->n_items;
            if (!list_external(x, base, beside)) {
                return false;
            }
            list = (merge_list){beside->items + first, (uint32_t)(beside->n_items - first), 0};
        }
        lists->items[lists->n_items++] = list;
    }
    lists->items[lists->n_items++] = own;
    return true;
}

static bool has_ancestor(const rs_names_linked *x, const names_class_facts *facts, uint32_t class)
{
    for (uint32_t i = 0; i < facts->n_ancestors + facts->n_virtual; i++) {
        const names_ancestor *at = &x->ancestors.items[facts->first_ancestor + i];
        if (!at->is_external && at->number == class) {
            return true;
        }
    }
    return false;
}

/* The classes that a base has, and those that it has for type checkers. */
static void add_virtual(rs_names_linked *x, names_class_facts *facts, uint32_t base)
{
    const names_class_facts *of = &x->classes[base];
    for (uint32_t i = 0; i < of->n_ancestors + of->n_virtual; i++) {
        names_ancestor at = x->ancestors.items[of->first_ancestor + i];
        if (at.number != NAMES_NONE && !at.is_external && !has_ancestor(x, facts, at.number) &&
            facts->n_virtual < NAMES_MAX_ANCESTORS) {
            at.is_virtual = true;
            x->ancestors.items[x->ancestors.n_items++] = at;
            facts->n_virtual++;
        }
    }
}

/* Behind the order: what stubs alone say that it derives from, and its ancestors. */
static bool add_all_virtual(rs_names_linked *x, uint32_t number)
{
    names_class_facts *facts = &x->classes[number];
    if (!names_ancestors_reserve(&x->ancestors, NAMES_MAX_ANCESTORS)) {
        return false;
    }
    for (uint32_t i = 0; i < facts->n_bases; i++) {
        names_ancestor base = x->bases.items[facts->first_base + i];
        if (base.is_virtual && !base.is_external) {
            add_virtual(x, facts, base.number);
        }
    }
    for (uint32_t i = 1; i < facts->n_ancestors; i++) {
        names_ancestor at = x->ancestors.items[facts->first_ancestor + i];
        if (!at.is_external && at.number != NAMES_NONE && x->classes[at.number].n_virtual > 0) {
            add_virtual(x, facts, at.number);
        }
    }
    return true;
}

static bool order_class(rs_names_linked *x, uint32_t number, merge_lists *lists,
                        names_ancestors *beside)
{
    names_class_facts *facts = &x->classes[number];
    if (!names_ancestors_reserve(&x->ancestors, NAMES_MAX_ANCESTORS + 1)) {
        return false;
    }
    facts->first_ancestor = (uint32_t)x->ancestors.n_items;
    x->ancestors.items[x->ancestors.n_items++] = (names_ancestor){.number = number};
    if (!list_bases(x, number, lists, beside)) {
        return false;
    }
    bool fits = merge(x, facts, lists);
    facts->n_ancestors = (uint32_t)x->ancestors.n_items - facts->first_ancestor;
    return fits && add_all_virtual(x, number);
}

/* --- the order of classes: bases first --- */

typedef struct class_order {
    uint32_t first;         /* class: those before have their orders */
    uint32_t *n_waiting;    /* by class behind first: bases that are not done */
    uint32_t *first_waiter; /* by class behind first: edge to a class that waits for it */
    names_numbers waiters;  /* class, next */
    names_numbers ready;
    merge_lists lists;
    names_ancestors beside;
} class_order;

static bool wait_for(class_order *order, uint32_t number, uint32_t base)
{
    if (base < order->first || base == number) {
        return true;
    }
    uint32_t waiter = (uint32_t)order->waiters.n_items;
    uint32_t *first = &order->first_waiter[base - order->first];
    if (!names_numbers_push(&order->waiters, number) ||
        !names_numbers_push(&order->waiters, *first)) {
        return false;
    }
    *first = waiter;
    order->n_waiting[number - order->first]++;
    return true;
}

static bool wait_for_bases(rs_names_linked *x, class_order *order)
{
    bool fits = true;
    for (uint32_t number = order->first; number < x->n_classes && fits; number++) {
        const names_class_facts *facts = &x->classes[number];
        for (uint32_t i = 0; i < facts->n_bases && fits; i++) {
            const names_ancestor *base = &x->bases.items[facts->first_base + i];
            if (!base->is_external && base->number != NAMES_NONE) {
                fits = wait_for(order, number, base->number);
            }
        }
        if (has_implicit_base(x, number)) {
            fits = fits && wait_for(order, number, x->builtins.object);
        }
        if (order->n_waiting[number - order->first] == 0) {
            fits = fits && names_numbers_push(&order->ready, number);
        }
    }
    return fits;
}

static bool order_ready(rs_names_linked *x, class_order *order)
{
    for (size_t i = 0; i < order->ready.n_items; i++) {
        uint32_t number = order->ready.items[i];
        if (!order_class(x, number, &order->lists, &order->beside)) {
            return false;
        }
        for (uint32_t w = order->first_waiter[number - order->first]; w != NAMES_NONE;
             w = order->waiters.items[w + 1]) {
            uint32_t waiter = order->waiters.items[w];
            bool waits =
                order->n_waiting[waiter - order->first] > 0; /* not where bases were left out */
            if (waits && --order->n_waiting[waiter - order->first] == 0 &&
                !names_numbers_push(&order->ready, waiter)) {
                return false;
            }
        }
    }
    order->ready.n_items = 0;
    return true;
}

/* The first base that has no order yet, or none. */
static uint32_t waits_for(const rs_names_linked *x, uint32_t number)
{
    const names_class_facts *facts = &x->classes[number];
    for (uint32_t i = 0; i < facts->n_bases; i++) {
        const names_ancestor *base = &x->bases.items[facts->first_base + i];
        if (!base->is_external && base->number != NAMES_NONE &&
            x->classes[base->number].n_ancestors == 0) {
            return base->number;
        }
    }
    return NAMES_NONE;
}

/* Does a class derive from itself, by those that are waited for? All on the way do, then. */
static bool mark_circle(rs_names_linked *x, uint32_t number)
{
    enum { MAX_CIRCLE = 64 };
    uint32_t at = waits_for(x, number);
    for (int i = 0; i < MAX_CIRCLE && at != NAMES_NONE && at != number; i++) {
        at = waits_for(x, at);
    }
    if (at != number) {
        return false;
    }
    do {
        x->classes[at].is_circular = true;
        at = waits_for(x, at);
    } while (at != number);
    return true;
}

/* The bases that a class waits for are unknown. */
static bool leave_out(rs_names_linked *x, uint32_t number, class_order *order)
{
    const names_class_facts *facts = &x->classes[number];
    for (uint32_t i = 0; i < facts->n_bases; i++) {
        names_ancestor *base = &x->bases.items[facts->first_base + i];
        if (!base->is_external && base->number != NAMES_NONE &&
            x->classes[base->number].n_ancestors == 0) {
            *base = (names_ancestor){.number = NAMES_NONE};
        }
    }
    order->n_waiting[number - order->first] = 0;
    return names_numbers_push(&order->ready, number) && order_ready(x, order);
}

/* Who waits for ever derives from itself, or from one that does: the circles first. */
static bool break_circles(rs_names_linked *x, class_order *order)
{
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint32_t number = order->first; number < x->n_classes; number++) {
            bool waits = order->n_waiting[number - order->first] > 0;
            if (waits && pass > 0) { /* a circle that is longer than is looked for */
                x->classes[number].is_circular = true;
            }
            if (waits && (pass > 0 || mark_circle(x, number)) && !leave_out(x, number, order)) {
                return false;
            }
        }
    }
    return true;
}

static bool order_new(rs_names_linked *x, uint32_t first)
{
    size_t n_new = x->n_classes - first;
    class_order order = {.first = first,
                         .n_waiting = rs_alloc_zero(n_new + 1, sizeof(uint32_t)),
                         .first_waiter = rs_alloc(n_new + 1, sizeof(uint32_t))};
    bool fits = order.n_waiting != NULL && order.first_waiter != NULL;
    if (fits) {
        memset(order.first_waiter, 0xff, (n_new + 1) * sizeof(uint32_t));
        fits = wait_for_bases(x, &order) && order_ready(x, &order) && break_circles(x, &order);
    }
    rs_free(order.n_waiting);
    rs_free(order.first_waiter);
    names_numbers_release(&order.waiters);
    names_numbers_release(&order.ready);
    merge_lists_release(&order.lists);
    names_ancestors_release(&order.beside);
    return fits;
}

/* Metaclasses are inherited. */
static void inherit_metaclasses(rs_names_linked *x, uint32_t first)
{
    for (uint32_t number = first; number < x->n_classes; number++) {
        names_class_facts *facts = &x->classes[number];
        for (uint32_t i = 1; i < facts->n_ancestors && facts->metaclass == NAMES_NONE; i++) {
            const names_ancestor *ancestor = &x->ancestors.items[facts->first_ancestor + i];
            if (!ancestor->is_external && ancestor->number != NAMES_NONE) {
                facts->metaclass = x->classes[ancestor->number].metaclass;
            }
        }
    }
}

bool rs_names_order_classes(rs_names_linked *x)
{
    uint32_t first = x->n_ordered;
    names_numbers bases = {0};
    bool fits = true;
    for (uint32_t number = first; number < x->n_classes && fits; number++) {
        fits = read_bases(x, number, &bases);
    }
    names_numbers_release(&bases);
    fits = fits && order_new(x, first);
    if (fits) {
        inherit_metaclasses(x, first);
        x->n_ordered = x->n_classes;
        x->has_orders = true;
    }
    return fits;
}
