/* SPDX-License-Identifier: Apache-2.0 */
/* link_generic.c - variables of types: what they stand for in an object of a generic class, in a call.
 *
 * An instance, and a class, may have *arguments*: pairs of a variable and of a cell that has what the
 * variable stands for. So `list[C]` is an instance of list whose _T is the cell of what the annotation C
 * says. Such cells are no expression's: they are *derived*, each once, from an expression or a cell and
 * from the arguments that its own variables stand for. Arguments of arguments end at MAX_DEPTH, so there
 * are finitely many.
 */
#include "base/alloc.h"
#include "evidence/names/link_impl.h"

enum {
    MAX_PAIRS = 16,
    MAX_DEPTH = 3,
    MAX_NODES = 64,       /* of an annotation, that are looked through */
    MAX_SEARCHED = 64,    /* classes above one */
    MAX_METHODS = 16,     /* overloads */
    MAX_STEPS = 4,        /* imports and aliases on the way */
    FIRST_PLACE = 1 << 30 /* of tuple[A, B], behind all bindings: a variable for each place */
};

/* --- arguments --- */

typedef struct pair {
    uint32_t variable; /* its binding */
    uint32_t cell;
} pair;

typedef struct pairs {
    pair items[MAX_PAIRS];
    uint32_t n_items;
} pairs;

static void add_pair(pairs *list, uint32_t variable, uint32_t cell)
{
    for (uint32_t i = 0; i < list->n_items; i++) {
        if (list->items[i].variable == variable && list->items[i].cell == cell) {
            return;
        }
    }
    if (cell != NAMES_NONE && list->n_items < MAX_PAIRS) {
        list->items[list->n_items++] = (pair){variable, cell};
    }
}

/* The number of the arguments, the same for the same ones; NAMES_NONE for none. */
static uint32_t number_of(rs_names_linked *x, const pairs *list)
{
    if (list->n_items == 0) {
        return NAMES_NONE;
    }
    rs_str bytes = {(const char *)list->items, list->n_items * sizeof list->items[0]};
    uint32_t number = rs_strings_add(&x->arguments, bytes);
    x->failed = x->failed || number == RS_STR_NULL;
    return number;
}

static void read_pairs(const rs_names_linked *x, uint32_t number, pairs *out)
{
    out->n_items = 0;
    if (number != NAMES_NONE) {
        rs_str bytes = x->arguments.items[number];
        memcpy(out->items, bytes.bytes, bytes.n_bytes);
        out->n_items = (uint32_t)(bytes.n_bytes / sizeof out->items[0]);
    }
}

bool rs_names_connect_argument(rs_names_linked *x, uint32_t arguments, uint32_t variable,
                               uint32_t to)
{
    pairs list;
    bool is_known = false;
    read_pairs(x, arguments, &list);
    for (uint32_t i = 0; i < list.n_items; i++) {
        if (list.items[i].variable == variable) {
            rs_names_connect(x, list.items[i].cell, to, NAMES_E_COPY, NAMES_NONE);
            is_known = true;
        }
    }
    return is_known;
}

/* --- derived cells --- */

static uint32_t depth_of(const rs_names_linked *x, uint32_t arguments)
{
    pairs list;
    uint32_t depth = 0;
    read_pairs(x, arguments, &list);
    for (uint32_t i = 0; i < list.n_items; i++) {
        const names_cell *cell = &x->cells[list.items[i].cell];
        uint32_t of =
            (cell->flags & NAMES_IS_DERIVED) != 0 ? x->derivations.items[cell->file].depth : 0;
        depth = of > depth ? of : depth;
    }
    return depth;
}

uint32_t rs_names_derive(rs_names_linked *x, names_derived_kind kind, uint32_t of, uint32_t by)
{
    uint32_t cell = x->n_cells;
    uint32_t depth = kind == NAMES_D_SAYS ? depth_of(x, by) + 1 : 0;
    if (depth > MAX_DEPTH) {
        return rs_names_derive(x, kind, of, NAMES_NONE);
    }
    if (!rs_names_map_put(&x->derived[kind], of, by, &cell)) {
        x->failed = true;
        return NAMES_NONE;
    }
    if (cell < x->n_cells) {
        return cell;
    }
    names_derivation derivation = {of, by, (uint8_t)kind, (uint8_t)depth};
    x->n_cells++;
    if (!names_derivations_push(&x->derivations, derivation) || !rs_names_make_room(x)) {
        x->n_cells--;
        x->failed = true;
        return NAMES_NONE;
    }
    x->cells[cell] = (names_cell){.first_held = NAMES_NONE,
                                  .first_edge = NAMES_NONE,
                                  .file = (uint32_t)x->derivations.n_items - 1,
                                  .flags = NAMES_IS_DERIVED};
    return cell;
}

void rs_names_open_derived(rs_names_linked *x, uint32_t cell)
{
    names_derivation of = x->derivations.items[x->cells[cell].file];
    switch ((names_derived_kind)of.kind) {
    case NAMES_D_SAYS: {
        uint32_t file = x->cells[of.of].file;
        rs_names_annotate(x, file, of.of - x->files[file].first_cell, of.by, cell);
        break;
    }
    case NAMES_D_NEXT:
    case NAMES_D_ITEM:
    case NAMES_D_GIVES:
    case NAMES_D_ENTERED:
        rs_names_connect(x, of.of, cell, NAMES_E_OPERAND, NAMES_NONE);
        break;
    case NAMES_D_MADE:
        rs_names_connect(x, of.of, cell, NAMES_E_INSTANCE, NAMES_NONE);
        break;
    case NAMES_D_ITERATOR:
        rs_names_connect_method(x, of.of, "__iter__", cell);
        break;
    case NAMES_N_DERIVED:
        break;
    }
}

void rs_names_operate_derived(rs_names_linked *x, uint32_t cell, uint32_t value)
{
    switch ((names_derived_kind)x->derivations.items[x->cells[cell].file].kind) {
    case NAMES_D_NEXT:
        rs_names_take_next(x, cell, value);
        break;
    case NAMES_D_ITEM:
        rs_names_connect_method(x, value, "__getitem__", cell);
        break;
    case NAMES_D_GIVES:
        rs_names_call_value(x, cell, value);
        break;
    case NAMES_D_ENTERED:
        rs_names_enter(x, cell, value, false);
        break;
    case NAMES_D_SAYS:
    case NAMES_D_MADE:
    case NAMES_D_ITERATOR:
    case NAMES_N_DERIVED:
        break;
    }
}

/* --- variables --- */

static bool makes_variable(const names_view *view, const names_binding *binding)
{
    static const char *const makers[] = {"TypeVar", "ParamSpec", "TypeVarTuple"};
    if (binding->kind == NAMES_TYPE_PARAM) {
        return true;
    }
    if (binding->kind != NAMES_ASSIGN || binding->value == NAMES_NONE ||
        view->exprs[binding->value].op != NAMES_CALL) {
        return false;
    }
    rs_str name = rs_names_last_name(view, binding->value);
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (rs_str_equal(name, rs_str_of(makers[i]))) {
            return true;
        }
    }
    return false;
}

/* The binding that a name stands for, behind imports; NAMES_NONE: it is none, or several. */
static uint32_t binding_of(const rs_names_linked *x, uint32_t file, const names_expr *name,
                           names_items *items)
{
    names_items_reset(items);
    rs_names_of_list(x, file, name->b, names_text_number(x, file, name->a), items);
    for (int i = 0; i < MAX_STEPS && items->n_items > 0; i++) {
        if (items->items[0].kind != NAMES_I_BINDING) {
            return NAMES_NONE;
        }
        uint32_t number = items->items[0].number;
        const names_binding *binding = names_binding_at(x, number);
        if (binding->kind != NAMES_FROM) {
            return number;
        }
        names_items_reset(items);
        rs_names_of_import(x, number, items);
    }
    return NAMES_NONE;
}

static uint32_t find_variable(rs_names_linked *x, uint32_t file, const names_expr *name)
{
    names_items items = {0};
    if (!names_items_reserve(&items, NAMES_MAX_FOUND)) {
        x->failed = true;
        return NAMES_NONE;
    }
    uint32_t found = binding_of(x, file, name, &items);
    names_items_release(&items);
    if (found == NAMES_NONE) {
        return NAMES_NONE;
    }
    const names_view *view = &x->files[rs_names_file_of_binding(x, found)].view;
    return makes_variable(view, names_binding_at(x, found)) ? found : NAMES_NONE;
}

uint32_t rs_names_variable(rs_names_linked *x, uint32_t file, uint32_t expr)
{
    const names_expr *name = &x->files[file].view.exprs[expr];
    uint32_t cell = names_cell_of_expr(x, file, expr);
    if (name->op != NAMES_NAME) {
        return NAMES_NONE;
    }
    uint32_t known = rs_names_map_get(&x->variables, cell, 0);
    if (known != NAMES_NONE) {
        return known == 0 ? NAMES_NONE : known - 1;
    }
    uint32_t n_missed = x->wants->n_missed;
    uint32_t found = find_variable(x, file, name);
    known = found == NAMES_NONE ? 0 : found + 1;
    if (n_missed == x->wants->n_missed && !rs_names_map_put(&x->variables, cell, 0, &known)) {
        x->failed = true;
    }
    return found;
}

bool rs_names_is_bounded(const rs_names_linked *x, uint32_t variable)
{
    const names_file *file = &x->files[rs_names_file_of_binding(x, variable)];
    const names_binding *binding = &file->view.bindings[variable - file->first_binding];
    uint32_t n_items = 0;
    if (binding->value != NAMES_NONE && file->view.exprs[binding->value].op == NAMES_CALL) {
        (void)names_list(&file->view, file->view.exprs[binding->value].b, &n_items);
    }
    return n_items > 2; /* more than its name */
}

/* The parts of an expression, itself among them, a first one first. */
typedef struct parts {
    uint32_t items[MAX_NODES];
    uint32_t n_items;
    uint32_t n_seen;
} parts;

static void push_part(parts *list, uint32_t expr)
{
    if (expr != NAMES_NONE && list->n_items < MAX_NODES && list->n_seen < MAX_NODES) {
        list->items[list->n_items++] = expr;
        list->n_seen++;
    }
}

static uint32_t next_part(const names_view *view, parts *list)
{
    uint32_t at = list->items[--list->n_items];
    const names_expr *expr = &view->exprs[at];
    if (expr->op == NAMES_ITEM) {
        push_part(list, expr->b);
        push_part(list, expr->a);
    } else if (expr->op == NAMES_ANNOTATED) {
        push_part(list, expr->a);
    } else if (expr->op == NAMES_TUPLE || expr->op == NAMES_UNION) {
        uint32_t n_items;
        const uint32_t *items = names_list(view, expr->b, &n_items);
        for (uint32_t i = n_items; i > 0; i--) {
            push_part(list, items[i - 1]);
        }
    }
    return at;
}

/* The variables in an expression, in order. */
static void list_variables(rs_names_linked *x, uint32_t file, uint32_t expr, pairs *out)
{
    parts list = {.n_items = 0};
    push_part(&list, expr);
    while (list.n_items > 0) {
        uint32_t variable = rs_names_variable(x, file, next_part(&x->files[file].view, &list));
        if (variable != NAMES_NONE) {
            add_pair(out, variable, 0);
        }
    }
}

bool rs_names_has_variables(rs_names_linked *x, uint32_t file, uint32_t expr)
{
    uint32_t cell = names_cell_of_expr(x, file, expr);
    uint32_t known = rs_names_map_get(&x->variables, cell, 1);
    if (known != NAMES_NONE) {
        return known == 1;
    }
    uint32_t n_missed = x->wants->n_missed;
    pairs list = {.n_items = 0};
    list_variables(x, file, expr, &list);
    known = list.n_items > 0;
    if (n_missed == x->wants->n_missed && !rs_names_map_put(&x->variables, cell, 1, &known)) {
        x->failed = true;
    }
    return list.n_items > 0;
}

/* --- arguments of classes --- */

/* The variables of a class, in order: of Generic[...] or Protocol[...], or as its bases have them. */
static uint32_t variables_of(rs_names_linked *x, uint32_t class)
{
    uint32_t known = rs_names_map_get(&x->variables, class, 2);
    if (known != NAMES_NONE) {
        return known - 1;
    }
    uint32_t n_missed = x->wants->n_missed;
    uint32_t file = x->classes[class].file;
    const names_view *view = &x->files[file].view;
    uint32_t n_bases;
    const uint32_t *bases =
        names_list(view, view->classes[class - x->files[file].first_class].bases, &n_bases);
    pairs found = {.n_items = 0};
    for (uint32_t i = 0; i < n_bases; i++) {
        const names_expr *base = &view->exprs[bases[i]];
        if (base->op == NAMES_ITEM) {
            rs_str name = rs_names_last_name(view, base->a);
            bool says_all = rs_str_equal(name, RS_STR_LITERAL("Generic")) ||
                            rs_str_equal(name, RS_STR_LITERAL("Protocol"));
            found.n_items = says_all ? 0 : found.n_items;
            list_variables(x, file, base->b, &found);
            if (says_all) {
                break;
            }
        }
    }
    uint32_t number = number_of(x, &found);
    known = number + 1;
    if (n_missed == x->wants->n_missed && !rs_names_map_put(&x->variables, class, 2, &known)) {
        x->failed = true;
    }
    return number;
}

/* The cell of an argument; arguments: what its own variables stand for. NAMES_NONE: nobody knows. */
static void add_argument(rs_names_linked *x, uint32_t file, uint32_t expr, uint32_t arguments,
                         uint32_t variable, pairs *out)
{
    uint32_t own = rs_names_variable(x, file, expr);
    if (own != NAMES_NONE) {
        pairs list;
        read_pairs(x, arguments, &list);
        for (uint32_t i = 0; i < list.n_items; i++) {
            if (list.items[i].variable == own) {
                add_pair(out, variable, list.items[i].cell);
            }
        }
        return;
    }
    bool varies = arguments != NAMES_NONE && rs_names_has_variables(x, file, expr);
    add_pair(out, variable,
             rs_names_derive(x, NAMES_D_SAYS, names_cell_of_expr(x, file, expr),
                             varies ? arguments : NAMES_NONE));
}

static bool is_ellipsis(const names_view *view, uint32_t expr)
{
    return view->exprs[expr].op == NAMES_INSTANCE &&
           rs_str_equal(names_text(view, view->exprs[expr].a), RS_STR_LITERAL("ellipsis"));
}

uint32_t rs_names_arguments(rs_names_linked *x, uint32_t file, uint32_t item, uint32_t arguments,
                            uint32_t class)
{
    const names_view *view = &x->files[file].view;
    uint32_t index = view->exprs[item].b;
    uint32_t n_given = 1;
    const uint32_t *given = &index;
    bool is_tuple = class == x->builtins.tuple;
    pairs variables;
    pairs found = {.n_items = 0};
    read_pairs(x, variables_of(x, class), &variables);
    if (view->exprs[index].op == NAMES_TUPLE) {
        given = names_list(view, view->exprs[index].b, &n_given);
    }
    bool is_long = n_given == 2 && is_ellipsis(view, given[1]); /* tuple[T, ...] */
    n_given = is_tuple && is_long ? 1 : n_given;
    for (uint32_t i = 0; i < n_given && variables.n_items > 0; i++) {
        if (is_tuple) {
            add_argument(x, file, given[i], arguments, variables.items[0].variable, &found);
        } else if (i < variables.n_items) {
            add_argument(x, file, given[i], arguments, variables.items[i].variable, &found);
        }
    }
    for (uint32_t i = 0; is_tuple && !is_long && i < n_given; i++) {
        add_argument(x, file, given[i], arguments, FIRST_PLACE + i, &found);
    }
    return number_of(x, &found);
}

uint32_t rs_names_collection(rs_names_linked *x, uint32_t class, uint32_t file, uint32_t annotation)
{
    pairs variables;
    pairs found = {.n_items = 0};
    if (class == NAMES_NONE) {
        return NAMES_NONE;
    }
    read_pairs(x, variables_of(x, class), &variables);
    if (variables.n_items > 0 && annotation != NAMES_NONE) {
        add_argument(x, file, annotation, NAMES_NONE,
                     variables.items[variables.n_items - 1].variable, &found);
    }
    uint32_t text = rs_names_builtin_slot(x, RS_STR_LITERAL("str"));
    if (variables.n_items > 1 && text != NAMES_NONE) {
        uint32_t cell =
            names_cell_of_slot(x, x->builtins.file, text - x->files[x->builtins.file].first_slot);
        add_pair(&found, variables.items[0].variable,
                 rs_names_derive(x, NAMES_D_MADE, cell, NAMES_NONE));
    }
    return rs_names_value(x, NAMES_V_INSTANCE, class, number_of(x, &found));
}

uint32_t rs_names_arguments_of_items(rs_names_linked *x, uint32_t class, uint32_t file,
                                     uint32_t list)
{
    pairs variables;
    pairs found = {.n_items = 0};
    uint32_t n_items;
    const uint32_t *items = names_list(&x->files[file].view, list, &n_items);
    read_pairs(x, variables_of(x, class), &variables);
    if (variables.n_items == 1 && n_items == 1) {
        add_pair(&found, variables.items[0].variable, names_cell_of_expr(x, file, items[0]));
    }
    return number_of(x, &found);
}

typedef struct searched {
    uint32_t class;
    uint32_t arguments;
} searched;

/* What the variables of a class above stand for, by the bases between. */
static uint32_t search_above(rs_names_linked *x, uint32_t class, uint32_t arguments, uint32_t above)
{
    searched list[MAX_SEARCHED];
    uint32_t n_listed = 1;
    list[0] = (searched){class, arguments};
    for (uint32_t at = 0; at < n_listed; at++) {
        names_class_facts facts = x->classes[list[at].class];
        const names_view *view = &x->files[facts.file].view;
        uint32_t n_bases;
        const uint32_t *bases = names_list(
            view, view->classes[list[at].class - x->files[facts.file].first_class].bases, &n_bases);
        /* Others than these are of with_metaclass(). */
        for (uint32_t i = 0; i < n_bases && n_bases == facts.n_bases; i++) {
            names_ancestor base = x->bases.items[facts.first_base + i];
            if (base.is_external || base.number == NAMES_NONE || n_listed == MAX_SEARCHED) {
                continue;
            }
            uint32_t given =
                view->exprs[bases[i]].op == NAMES_ITEM
                    ? rs_names_arguments(x, facts.file, bases[i], list[at].arguments, base.number)
                    : NAMES_NONE;
            if (base.number == above) {
                return given;
            }
            list[n_listed++] = (searched){base.number, given};
        }
    }
    return NAMES_NONE;
}

uint32_t rs_names_arguments_in(rs_names_linked *x, uint32_t number, uint32_t above)
{
    names_value value = x->values.items[number];
    bool has_class = value.kind == NAMES_V_INSTANCE || value.kind == NAMES_V_CLASS ||
                     value.kind == NAMES_V_SELF || value.kind == NAMES_V_SELF_CLASS;
    if (!has_class || value.a == above) {
        return has_class ? value.b : NAMES_NONE;
    }
    if (value.a >= x->n_ordered || variables_of(x, above) == NAMES_NONE) {
        return NAMES_NONE;
    }
    uint32_t known = rs_names_map_get(&x->arguments_in, number, above);
    if (known != NAMES_NONE) {
        return known - 1;
    }
    uint32_t n_missed = x->wants->n_missed;
    uint32_t found = search_above(x, value.a, value.b, above);
    known = found + 1; /* 0: none */
    if (n_missed == x->wants->n_missed &&
        !rs_names_map_put(&x->arguments_in, number, above, &known)) {
        x->failed = true;
    }
    return found;
}

/* --- what containers hold --- */

bool rs_names_connect_place(rs_names_linked *x, uint32_t number, uint32_t place, uint32_t to)
{
    names_value value = x->values.items[number];
    return value.kind == NAMES_V_INSTANCE && value.a == x->builtins.tuple && place < FIRST_PLACE &&
           rs_names_connect_argument(x, value.b, FIRST_PLACE + place, to);
}

/* Let `to` have what iterating over an instance gives: by what it derives from, or by its methods. */
void rs_names_iterate(rs_names_linked *x, uint32_t number, uint32_t to)
{
    static const char *const iterables[] = {"Iterable", "AsyncIterable"};
    uint32_t once = 0;
    bool is_known = false;
    if (rs_names_map_get(&x->iterated, to, number) != NAMES_NONE) {
        return;
    }
    uint32_t n_missed = x->wants->n_missed;
    for (size_t i = 0; i < sizeof iterables / sizeof iterables[0] && !is_known; i++) {
        uint32_t class = rs_names_outside_class(x, "typing", iterables[i]);
        pairs variables = {.n_items = 0};
        if (class != NAMES_NONE) {
            read_pairs(x, variables_of(x, class), &variables);
        }
        is_known = variables.n_items > 0 &&
                   rs_names_connect_argument(x, rs_names_arguments_in(x, number, class),
                                             variables.items[0].variable, to);
    }
    bool is_early = x->values.items[number].a >= x->n_ordered;
    if (n_missed != x->wants->n_missed || is_early) {
        return; /* it is asked again */
    }
    if (!rs_names_map_put(&x->iterated, to, number, &once)) {
        x->failed = true;
    }
    if (!is_known) {
        uint32_t iterator = rs_names_derive(x, NAMES_D_ITERATOR, number, NAMES_NONE);
        rs_names_connect_method(x, number, "__next__", to);
        uint32_t next = iterator == NAMES_NONE
                            ? NAMES_NONE
                            : rs_names_derive(x, NAMES_D_NEXT, iterator, NAMES_NONE);
        if (next != NAMES_NONE) {
            rs_names_connect(x, next, to, NAMES_E_COPY, NAMES_NONE);
        }
    }
}

/* --- calls --- */

static bool is_one_of(rs_str name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (rs_str_equal(name, rs_str_of(*names))) {
            return true;
        }
    }
    return false;
}

/* X[T] of a parameter: what T is, by what is passed. */
static void match_item(rs_names_linked *x, uint32_t file, const names_expr *item, uint32_t cell,
                       pairs *out)
{
    static const char *const iterables[] = {
        "Iterable",   "Iterator",    "Sequence",     "Collection",    "MutableSequence",
        "list",       "List",        "set",          "Set",           "deque",
        "frozenset",  "AbstractSet", "SupportsNext", "AsyncIterable", "Generator",
        "Reversible", NULL};
    static const char *const mappings[] = {"Mapping", "MutableMapping",         "dict",
                                           "Dict",    "SupportsKeysAndGetItem", NULL};
    static const char *const same[] = {"Awaitable", "Coroutine", "Optional", NULL};
    static const char *const managers[] = {"AbstractContextManager", "ContextManager", NULL};
    static const char *const classes[] = {"type", "Type", NULL};
    const names_view *view = &x->files[file].view;
    rs_str name = rs_names_last_name(view, item->a);
    uint32_t n_given = 1;
    uint32_t index = item->b;
    const uint32_t *given = &index;
    if (view->exprs[index].op == NAMES_TUPLE) {
        given = names_list(view, view->exprs[index].b, &n_given);
    }
    uint32_t first = n_given > 0 ? rs_names_variable(x, file, given[0]) : NAMES_NONE;
    uint32_t last = n_given > 1 ? rs_names_variable(x, file, given[n_given - 1]) : NAMES_NONE;
    if (rs_str_equal(name, RS_STR_LITERAL("Callable")) && last != NAMES_NONE) {
        add_pair(out, last, rs_names_derive(x, NAMES_D_GIVES, cell, NAMES_NONE));
    }
    if (is_one_of(name, mappings) && last != NAMES_NONE) {
        add_pair(out, last, rs_names_derive(x, NAMES_D_ITEM, cell, NAMES_NONE));
    }
    if (first == NAMES_NONE) {
        return;
    }
    if (is_one_of(name, iterables) || is_one_of(name, mappings)) {
        add_pair(out, first, rs_names_derive(x, NAMES_D_NEXT, cell, NAMES_NONE));
    } else if (is_one_of(name, same)) {
        add_pair(out, first, cell);
    } else if (is_one_of(name, managers)) {
        add_pair(out, first, rs_names_derive(x, NAMES_D_ENTERED, cell, NAMES_NONE));
    } else if (is_one_of(name, classes)) {
        add_pair(out, first, rs_names_derive(x, NAMES_D_MADE, cell, NAMES_NONE));
    }
}

static void match(rs_names_linked *x, uint32_t file, uint32_t annotation, uint32_t cell, pairs *out)
{
    const names_view *view = &x->files[file].view;
    const names_expr *expr = &view->exprs[annotation];
    uint32_t n_items = 1;
    const uint32_t *items = &annotation;
    if (expr->op == NAMES_UNION) {
        items = names_list(view, expr->b, &n_items);
    }
    for (uint32_t i = 0; i < n_items; i++) {
        uint32_t variable = rs_names_variable(x, file, items[i]);
        if (variable != NAMES_NONE) {
            add_pair(out, variable, cell);
        } else if (view->exprs[items[i]].op == NAMES_ITEM) {
            match_item(x, file, &view->exprs[items[i]], cell, out);
        }
    }
}

/* The parameter that an argument goes to; NAMES_NONE: none, or one of several. */
static uint32_t parameter_of(const rs_names_linked *x, uint32_t number, const names_function *of,
                             uint32_t caller, uint32_t keyword, uint32_t place)
{
    const names_view *view = &x->files[number].view;
    uint32_t n_params;
    const uint32_t *params = names_list(view, of->params, &n_params);
    if (keyword == NAMES_NONE) {
        bool has_rest = (of->flags & NAMES_HAS_VARARGS) != 0 && of->n_positional < n_params;
        return place < of->n_positional ? params[place]
               : has_rest               ? params[of->n_positional]
                                        : NAMES_NONE;
    }
    uint32_t text = names_text_number(x, caller, keyword);
    for (uint32_t i = 0; i < n_params; i++) {
        uint32_t slot = view->bindings[params[i]].slot;
        if (names_text_number(x, number, view->slots[slot].name) == text) {
            return params[i];
        }
    }
    return NAMES_NONE;
}

/* The arguments of a call, a list of pairs; none: the cell is no call. */
static const uint32_t *arguments_of_call(const rs_names_linked *x, uint32_t cell, uint32_t *file,
                                         uint32_t *n_items)
{
    *n_items = 0;
    if ((x->cells[cell].flags & NAMES_IS_DERIVED) != 0) {
        return NULL;
    }
    *file = x->cells[cell].file;
    uint32_t number = cell - x->files[*file].first_cell;
    const names_view *view = &x->files[*file].view;
    if (number >= view->n_exprs || view->exprs[number].op != NAMES_CALL) {
        return NULL;
    }
    return names_list(view, view->exprs[number].b, n_items);
}

/* What the variables of a function stand for in a call. n_bound: parameters in front that no argument is
 * for. */
static void match_call(rs_names_linked *x, uint32_t function, uint32_t cell, uint32_t n_bound,
                       pairs *out)
{
    uint32_t number = rs_names_file_of_function(x, function);
    const names_function *of =
        &x->files[number].view.functions[function - x->files[number].first_function];
    uint32_t caller = 0;
    uint32_t n_items;
    const uint32_t *items = arguments_of_call(x, cell, &caller, &n_items);
    uint32_t place = n_bound;
    for (uint32_t i = 0; i + 1 < n_items; i += 2) {
        uint32_t param = parameter_of(x, number, of, caller, items[i], place);
        place += items[i] == NAMES_NONE;
        if (param == NAMES_NONE || items[i + 1] == 0) {
            continue;
        }
        uint32_t annotation = x->files[number].view.bindings[param].annotation;
        if (annotation != NAMES_NONE) {
            match(x, number, annotation, names_cell_of_expr(x, caller, items[i + 1]), out);
        }
    }
}

static uint32_t count_bound(const rs_names_linked *x, uint32_t function, uint32_t by)
{
    const names_file *file = &x->files[rs_names_file_of_function(x, function)];
    bool is_method = file->view.functions[function - file->first_function].in_class != NAMES_NONE;
    return is_method && by != NAMES_NONE ? 1 : 0;
}

bool rs_names_may_take(const rs_names_linked *x, uint32_t function, uint32_t cell, uint32_t by)
{
    const names_file *file = &x->files[rs_names_file_of_function(x, function)];
    const names_function *of = &file->view.functions[function - file->first_function];
    uint32_t caller = 0;
    uint32_t n_items;
    const uint32_t *items = arguments_of_call(x, cell, &caller, &n_items);
    uint32_t n_places = count_bound(x, function, by);
    uint32_t n_all = n_places;
    for (uint32_t i = 0; i + 1 < n_items; i += 2) {
        if (items[i + 1] == 0) {
            return true; /* it may be any number of them */
        }
        n_places += items[i] == NAMES_NONE;
        n_all++;
    }
    return n_items == 0 || (n_all >= of->n_required &&
                            (n_places <= of->n_positional || (of->flags & NAMES_HAS_VARARGS) != 0));
}

bool rs_names_connect_generic(rs_names_linked *x, uint32_t function, uint32_t to, uint32_t by)
{
    uint32_t number = rs_names_file_of_function(x, function);
    const names_file *file = &x->files[number];
    const names_function *of = &file->view.functions[function - file->first_function];
    uint32_t annotation = of->annotation;
    if (annotation == NAMES_NONE || !rs_names_has_variables(x, number, annotation)) {
        return false;
    }
    pairs list = {.n_items = 0};
    if (by != NAMES_NONE && of->in_class != NAMES_NONE) {
        uint32_t class = file->first_class + of->in_class;
        uint32_t object = x->values.items[by].kind == NAMES_V_SUPER ? x->values.items[by].b : by;
        read_pairs(x, rs_names_arguments_in(x, object, class), &list);
    }
    match_call(x, function, to, count_bound(x, function, by), &list);
    if (list.n_items == 0) {
        return false;
    }
    rs_names_annotate(x, number, annotation, number_of(x, &list), to);
    return true;
}

/* The definitions of a class's own method that a call may run. */
static uint32_t list_methods(const rs_names_linked *x, uint32_t class, const char *method,
                             uint32_t cell, uint32_t *out)
{
    uint32_t text = rs_strings_find(&x->texts, rs_str_of(method));
    uint32_t slot = text == RS_STR_NULL
                        ? NAMES_NONE
                        : rs_names_map_get(&x->slots, names_scope_of_class(class), text);
    uint32_t n_found = 0;
    if (slot == NAMES_NONE) {
        return 0;
    }
    const names_file *file = &x->files[x->classes[class].file];
    const names_slot *of = &file->view.slots[slot - file->first_slot];
    for (uint32_t i = 0; i < of->n_bindings && n_found < MAX_METHODS; i++) {
        const names_binding *binding = &file->view.bindings[of->first_binding + i];
        uint32_t function = file->first_function + binding->inner;
        if (binding->kind == NAMES_DEF && (binding->flags & NAMES_IS_DEAD) == 0 &&
            rs_names_may_take(x, function, cell, class)) {
            out[n_found++] = function;
        }
    }
    return n_found;
}

/* What the class's own `method` is given, as far as an overload can be told by the number of arguments. */
static void match_method(rs_names_linked *x, uint32_t class, const char *method, uint32_t cell,
                         pairs *out)
{
    uint32_t methods[MAX_METHODS];
    uint32_t n_methods = list_methods(x, class, method, cell, methods);
    for (uint32_t i = 0; i < n_methods; i++) {
        match_call(x, methods[i], cell, 1, out);
    }
}

bool rs_names_connect_new(rs_names_linked *x, uint32_t number, uint32_t cell)
{
    uint32_t class = x->values.items[number].a;
    const names_file *file = &x->files[x->classes[class].file];
    uint32_t methods[MAX_METHODS];
    uint32_t n_methods = file->is_outside ? list_methods(x, class, "__new__", cell, methods) : 0;
    bool is_said = false;
    for (uint32_t i = 0; i < n_methods; i++) {
        uint32_t annotation = file->view.functions[methods[i] - file->first_function].annotation;
        bool is_item = annotation != NAMES_NONE && file->view.exprs[annotation].op == NAMES_ITEM;
        is_said = (is_item && rs_names_connect_generic(x, methods[i], cell, number)) || is_said;
    }
    return is_said;
}

uint32_t rs_names_arguments_of_new(rs_names_linked *x, uint32_t class, uint32_t cell)
{
    pairs variables;
    pairs found = {.n_items = 0};
    pairs own = {.n_items = 0};
    read_pairs(x, variables_of(x, class), &variables);
    if (variables.n_items == 0) {
        return NAMES_NONE;
    }
    match_method(x, class, "__new__", cell, &found);
    match_method(x, class, "__init__", cell, &found);
    for (uint32_t i = 0; i < found.n_items; i++) {
        for (uint32_t n = 0; n < variables.n_items; n++) {
            if (found.items[i].variable == variables.items[n].variable) {
                add_pair(&own, found.items[i].variable, found.items[i].cell);
            }
        }
    }
    return number_of(x, &own);
}

void rs_names_connect_declared(rs_names_linked *x, const names_items *items, uint32_t to,
                               uint32_t number)
{
    for (size_t i = 0; i < items->n_items; i++) {
        if (items->items[i].kind != NAMES_I_SLOT) {
            continue;
        }
        uint32_t file = rs_names_file_of_slot(x, items->items[i].number);
        const names_view *view = &x->files[file].view;
        const names_slot *slot = &view->slots[items->items[i].number - x->files[file].first_slot];
        bool is_of_class =
            slot->owner_kind == NAMES_OF_CLASS || slot->owner_kind == NAMES_OF_INSTANCE;
        for (uint32_t n = 0; is_of_class && n < slot->n_bindings; n++) {
            uint32_t annotation = view->bindings[slot->first_binding + n].annotation;
            if (annotation == NAMES_NONE || !rs_names_has_variables(x, file, annotation)) {
                continue;
            }
            uint32_t arguments =
                rs_names_arguments_in(x, number, x->files[file].first_class + slot->owner);
            if (arguments != NAMES_NONE) {
                rs_names_annotate(x, file, annotation, arguments, to);
            }
        }
    }
}

void rs_names_forget_generic(rs_names_linked *x)
{
    rs_strings_release(&x->arguments);
    names_derivations_release(&x->derivations);
    for (size_t i = 0; i < NAMES_N_DERIVED; i++) {
        rs_names_map_release(&x->derived[i]);
    }
    rs_names_map_release(&x->variables);
    rs_names_map_release(&x->arguments_in);
    rs_names_map_release(&x->iterated);
}
