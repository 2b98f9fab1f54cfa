/* SPDX-License-Identifier: Apache-2.0 */
/* link_annotate.c - what annotations and decorators say. */
#include "evidence/names/link_impl.h"
#include "evidence/scope/scope_impl.h"

/* --- names that mean something by themselves --- */

static bool is_one_of(rs_str name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (rs_str_equal(name, rs_str_of(*names))) {
            return true;
        }
    }
    return false;
}

static bool ends_with(rs_str name, const char *end)
{
    size_t n_bytes = strlen(end);
    return name.n_bytes >= n_bytes &&
           memcmp(name.bytes + name.n_bytes - n_bytes, end, n_bytes) == 0;
}

rs_str rs_names_last_name(const names_view *view, uint32_t number)
{
    for (int depth = 0; depth < 3 && number != NAMES_NONE; depth++) {
        const names_expr *expr = &view->exprs[number];
        switch ((names_op)expr->op) {
        case NAMES_NAME:
            return names_text(view, expr->a);
        case NAMES_ATTR:
            return names_text(view, expr->b);
        case NAMES_CALL:
        case NAMES_ANNOTATED:
            number = expr->a;
            break;
        case NAMES_UNKNOWN:
        case NAMES_ITEM:
        case NAMES_ELEMENT:
        case NAMES_ITER:
        case NAMES_ENTER:
        case NAMES_AWAIT:
        case NAMES_RAISED:
        case NAMES_UNION:
        case NAMES_TUPLE:
        case NAMES_INSTANCE:
        case NAMES_LAMBDA:
        case NAMES_SUPER:
        case NAMES_MODULE:
        case NAMES_IMPORTED:
        case NAMES_SELF_OF:
        case NAMES_N_OPS:
        default:
            return RS_STR_LITERAL("");
        }
    }
    return RS_STR_LITERAL("");
}

/* --- annotations --- */

enum { MAX_PARTS = 64 }; /* of an annotation */

typedef struct annotation_parts {
    uint32_t items[MAX_PARTS];
    uint32_t n_items;
    uint32_t n_seen;
} annotation_parts;

static void add_part(annotation_parts *parts, uint32_t expr)
{
    if (expr != NAMES_NONE && parts->n_items < MAX_PARTS && parts->n_seen < MAX_PARTS) {
        parts->items[parts->n_items++] = expr;
        parts->n_seen++;
    }
}

static void add_list(annotation_parts *parts, const names_view *view, uint32_t list,
                     uint32_t n_most)
{
    uint32_t n_items;
    const uint32_t *items = names_list(view, list, &n_items);
    for (uint32_t i = 0; i < n_items && i < n_most; i++) {
        add_part(parts, items[i]);
    }
}

static void add_arguments(annotation_parts *parts, const names_view *view, uint32_t index,
                          uint32_t n_most)
{
    if (view->exprs[index].op == NAMES_TUPLE) {
        add_list(parts, view, view->exprs[index].b, n_most);
    } else {
        add_part(parts, index);
    }
}

/* The number of an annotation's part, what its variables stand for, and who wants to have it. */
typedef struct annotation_at_hand {
    uint32_t file;
    uint32_t arguments;
    uint32_t to;
} annotation_at_hand;

static void annotate_item(rs_names_linked *x, const annotation_at_hand *a, uint32_t number,
                          annotation_parts *parts)
{
    const names_expr *expr = &x->files[a->file].view.exprs[number];
    uint32_t file = a->file;
    uint32_t to = a->to;

    static const char *const wrappers[] = {"Optional", "Annotated",   "Final",    "ClassVar",
                                           "Required", "NotRequired", "ReadOnly", NULL};
    static const char *const silent[] = {"Literal", "Callable", "TypeGuard", "TypeIs", NULL};
    static const char *const classes[] = {"Type", "type", NULL};
    const names_view *view = &x->files[file].view;
    rs_str name = rs_names_last_name(view, expr->a);
    if (is_one_of(name, wrappers)) {
        add_arguments(parts, view, expr->b, 1);
    } else if (rs_str_equal(name, RS_STR_LITERAL("Union"))) {
        add_arguments(parts, view, expr->b, MAX_PARTS);
    } else if (is_one_of(name, classes)) {
        rs_names_connect(x, names_cell_of_expr(x, file, expr->b), to, NAMES_E_COPY, NAMES_NONE);
    } else if (!is_one_of(name, silent)) {
        uint32_t by =
            rs_names_derive(x, NAMES_D_SAYS, names_cell_of_expr(x, file, number), a->arguments);
        rs_names_connect(x, names_cell_of_expr(x, file, expr->a), to, NAMES_E_APPLY, by);
    }
}

/* A class, or a variable: what that stands for, or else what bounds it. */
static void annotate_name(rs_names_linked *x, const annotation_at_hand *a, uint32_t number)
{
    uint32_t variable =
        a->arguments == NAMES_NONE ? NAMES_NONE : rs_names_variable(x, a->file, number);
    uint32_t cell = names_cell_of_expr(x, a->file, number);
    if (variable == NAMES_NONE || !rs_names_connect_argument(x, a->arguments, variable, a->to)) {
        rs_names_connect(x, cell, a->to, NAMES_E_INSTANCE, NAMES_NONE);
    } else if (rs_names_is_bounded(x, variable)) {
        uint32_t bound = rs_names_derive(x, NAMES_D_MADE, cell, NAMES_NONE);
        if (bound != NAMES_NONE) {
            rs_names_fall_back(x, bound, a->to);
        }
    }
}

void rs_names_annotate(rs_names_linked *x, uint32_t file, uint32_t number, uint32_t arguments,
                       uint32_t to)
{
    const annotation_at_hand at_hand = {file, arguments, to};
    static const char *const silent[] = {"Any", "Self", "None", "Never", "NoReturn", NULL};
    const names_view *view = &x->files[file].view;
    annotation_parts parts = {.n_items = 0};
    add_part(&parts, number);
    while (parts.n_items > 0) {
        uint32_t at = parts.items[--parts.n_items];
        const names_expr *expr = &view->exprs[at];
        switch ((names_op)expr->op) {
        case NAMES_NAME:
        case NAMES_ATTR:
            if (!is_one_of(rs_names_last_name(view, at), silent)) {
                annotate_name(x, &at_hand, at);
            }
            break;
        case NAMES_ITEM:
            annotate_item(x, &at_hand, at, &parts);
            break;
        case NAMES_UNION:
            add_list(&parts, view, expr->b, MAX_PARTS);
            break;
        case NAMES_ANNOTATED:
            add_part(&parts, expr->a);
            break;
        case NAMES_UNKNOWN:
        case NAMES_CALL:
        case NAMES_ELEMENT:
        case NAMES_ITER:
        case NAMES_ENTER:
        case NAMES_AWAIT:
        case NAMES_RAISED:
        case NAMES_TUPLE:
        case NAMES_INSTANCE:
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
}

/* --- decorators --- */

typedef struct decorator_meaning {
    const char *name;
    uint16_t flags;
} decorator_meaning;

static uint16_t meaning_of(rs_str name)
{
    static const decorator_meaning known[] = {
        {"staticmethod", NAMES_F_STATIC},
        {"classmethod", NAMES_F_CLASS},
        {"property", NAMES_F_PROPERTY | NAMES_F_DATA},
        {"setter", NAMES_F_PROPERTY | NAMES_F_DATA},
        {"getter", NAMES_F_PROPERTY | NAMES_F_DATA},
        {"deleter", NAMES_F_PROPERTY | NAMES_F_DATA},
        {"abstractproperty", NAMES_F_PROPERTY | NAMES_F_DATA | NAMES_F_ABSTRACT},
        {"abstractmethod", NAMES_F_ABSTRACT},
        {"overload", NAMES_F_OVERLOAD},
        {"final", NAMES_F_FINAL},
        {"contextmanager", NAMES_F_MANAGER},
        {"asynccontextmanager", NAMES_F_MANAGER},
        {"override", 0},
        {"cache", 0},
        {"lru_cache", 0},
        {"deprecated", 0},
        {"no_type_check", 0},
        {"type_check_only", 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (rs_str_equal(name, rs_str_of(known[i].name))) {
            return known[i].flags;
        }
    }
    return ends_with(name, "property") ? NAMES_F_PROPERTY : NAMES_F_DECORATED;
}

static uint16_t flags_of(const names_view *view, const names_function *function)
{
    static const char *const class_methods[] = {"__init_subclass__", "__class_getitem__", NULL};
    uint16_t flags = 0;
    uint32_t n_decorators;
    const uint32_t *decorators = names_list(view, function->decorators, &n_decorators);
    for (uint32_t i = 0; i < n_decorators; i++) {
        flags |= meaning_of(rs_names_last_name(view, decorators[i]));
    }
    if (function->in_class != NAMES_NONE && function->binding != NAMES_NONE) {
        const names_slot *slot = &view->slots[view->bindings[function->binding].slot];
        rs_str name = names_text(view, slot->name);
        if (rs_str_equal(name, RS_STR_LITERAL("__new__"))) {
            flags |= NAMES_F_STATIC;
        } else if (is_one_of(name, class_methods)) {
            flags |= NAMES_F_CLASS;
        }
    }
    return flags;
}

void rs_names_read_decorators(rs_names_linked *x, uint32_t number)
{
    const names_file *file = &x->files[number];
    for (uint32_t i = 0; i < file->view.n_functions; i++) {
        x->function_flags[file->first_function + i] =
            flags_of(&file->view, &file->view.functions[i]);
    }
}

bool rs_names_is_builtin(rs_str name)
{
    return rs_scope_unbound(name, RS_W_scope_type_module, false) == RS_W_resolution_builtin;
}
