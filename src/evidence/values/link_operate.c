/* SPDX-License-Identifier: Apache-2.0 */
/* link_operate.c - what operations do with each object that comes to them. */
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

/* --- names of special methods --- */

static const char *const special_names[VALUES_N_SPECIAL] = {
    [VALUES_S_CALL] = "__call__",
    [VALUES_S_INIT] = "__init__",
    [VALUES_S_NEW] = "__new__",
    [VALUES_S_ITER] = "__iter__",
    [VALUES_S_NEXT] = "__next__",
    [VALUES_S_AITER] = "__aiter__",
    [VALUES_S_ANEXT] = "__anext__",
    [VALUES_S_ENTER] = "__enter__",
    [VALUES_S_EXIT] = "__exit__",
    [VALUES_S_AENTER] = "__aenter__",
    [VALUES_S_AEXIT] = "__aexit__",
    [VALUES_S_GET] = "__get__",
    [VALUES_S_SET] = "__set__",
    [VALUES_S_GETATTR] = "__getattr__",
    [VALUES_S_GETATTRIBUTE] = "__getattribute__",
    [VALUES_S_SETATTR] = "__setattr__",
    [VALUES_S_GETITEM] = "__getitem__",
    [VALUES_S_SETITEM] = "__setitem__",
    [VALUES_S_DELITEM] = "__delitem__",
    [VALUES_S_CLASS_GETITEM] = "__class_getitem__",
    [VALUES_S_CONTAINS] = "__contains__",
    [VALUES_S_BOOL] = "__bool__",
    [VALUES_S_LEN] = "__len__",
    [VALUES_S_STR] = "__str__",
    [VALUES_S_REPR] = "__repr__",
    [VALUES_S_FORMAT] = "__format__",
    [VALUES_S_HASH] = "__hash__",
    [VALUES_S_AWAIT] = "__await__",
    [VALUES_S_INIT_SUBCLASS] = "__init_subclass__",
    [VALUES_S_SET_NAME] = "__set_name__",
    [VALUES_S_POST_INIT] = "__post_init__",
    [VALUES_S_MISSING] = "__missing__",
    [VALUES_S_INT] = "__int__",
    [VALUES_S_FLOAT] = "__float__",
    [VALUES_S_INDEX] = "__index__",
    [VALUES_S_ABS] = "__abs__",
    [VALUES_S_REVERSED] = "__reversed__",
    [VALUES_S_LT] = "__lt__",
    [VALUES_S_GT] = "__gt__",
};

/* By class of the syntax: the method, the reflected one, the one in place. */
typedef struct operator_names {
    uint8_t ast_class;
    const char *method;
    const char *reflected;
    const char *in_place;
} operator_names;

static const operator_names operators[] = {
    {RS_AST_Add, "__add__", "__radd__", "__iadd__"},
    {RS_AST_Sub, "__sub__", "__rsub__", "__isub__"},
    {RS_AST_Mult, "__mul__", "__rmul__", "__imul__"},
    {RS_AST_MatMult, "__matmul__", "__rmatmul__", "__imatmul__"},
    {RS_AST_Div, "__truediv__", "__rtruediv__", "__itruediv__"},
    {RS_AST_FloorDiv, "__floordiv__", "__rfloordiv__", "__ifloordiv__"},
    {RS_AST_Mod, "__mod__", "__rmod__", "__imod__"},
    {RS_AST_Pow, "__pow__", "__rpow__", "__ipow__"},
    {RS_AST_LShift, "__lshift__", "__rlshift__", "__ilshift__"},
    {RS_AST_RShift, "__rshift__", "__rrshift__", "__irshift__"},
    {RS_AST_BitOr, "__or__", "__ror__", "__ior__"},
    {RS_AST_BitXor, "__xor__", "__rxor__", "__ixor__"},
    {RS_AST_BitAnd, "__and__", "__rand__", "__iand__"},
    {RS_AST_Eq, "__eq__", "__eq__", NULL},
    {RS_AST_NotEq, "__ne__", "__ne__", NULL},
    {RS_AST_Lt, "__lt__", "__gt__", NULL},
    {RS_AST_LtE, "__le__", "__ge__", NULL},
    {RS_AST_Gt, "__gt__", "__lt__", NULL},
    {RS_AST_GtE, "__ge__", "__le__", NULL},
    {RS_AST_In, "__contains__", NULL, NULL},
    {RS_AST_NotIn, "__contains__", NULL, NULL},
    {RS_AST_UAdd, "__pos__", NULL, NULL},
    {RS_AST_USub, "__neg__", NULL, NULL},
    {RS_AST_Invert, "__invert__", NULL, NULL},
};

bool rs_values_note_special_names(rs_values_linked *x)
{
    for (size_t i = 0; i < VALUES_N_SPECIAL; i++) {
        x->special[i] = special_names[i] == NULL
                            ? NAMES_NONE
                            : rs_values_text_number(x, rs_str_of(special_names[i]));
    }
    return !x->failed;
}

/* A name that nobody of the repository gives a method is no name. */
static uint32_t method_text(const rs_values_linked *x, const char *name)
{
    uint32_t text = name == NULL ? RS_STR_NULL : rs_strings_find(&x->names->texts, rs_str_of(name));
    return text == RS_STR_NULL ? NAMES_NONE : text;
}

static void add(rs_values_linked *x, uint32_t to, uint32_t object)
{
    if (object != SOLVE_NONE && to != VALUES_NONE) {
        rs_solve_add(&x->solver, to, object);
    }
}

static void add_instance(rs_values_linked *x, uint32_t to, uint32_t class)
{
    if (class != NAMES_NONE) {
        add(x, to, rs_values_object_of(x, VALUES_O_INSTANCE, class, NAMES_NONE));
    }
}

static bool is_container(const rs_values_linked *x, uint32_t object)
{
    return values_is(x, object, VALUES_O_CONTAINER) || values_is(x, object, VALUES_O_MANY);
}

static uint32_t kind_of_container(const rs_values_linked *x, uint32_t object)
{
    const values_object *of = values_object_at(x, object);
    return of->kind == VALUES_O_MANY ? of->a - 1 : of->b;
}

/* --- iteration --- */

static uint32_t special_once(rs_values_linked *x, uint32_t to, values_special special,
                             uint32_t site, uint32_t result)
{
    return rs_values_call_once(x, to, special, site, result, NULL, 0);
}

static void iterate_object(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    bool is_async = use->c != 0;
    values_special iter = is_async ? VALUES_S_AITER : VALUES_S_ITER;
    uint32_t found = (uint32_t)x->solver.vars.n_items;
    uint32_t put = found;
    if (!rs_names_map_put(&x->made_calls, use->to, VALUES_S_ITERATES, &put)) {
        x->failed = true;
        return;
    }
    if (put == found) {
        uint32_t iterator = rs_solve_var(&x->solver);
        if (iterator == SOLVE_NONE) {
            return;
        }
        rs_solve_use(&x->solver, iterator,
                     (solve_use){.kind = VALUES_U_NEXT, .to = use->to, .a = use->a, .c = use->c});
    }
    if (!rs_values_special_call(x, object, iter, special_once(x, use->to, iter, use->a, put)) &&
        !is_async) {
        rs_values_special_call(x, object, VALUES_S_GETITEM,
                               special_once(x, use->to, VALUES_S_GETITEM, use->a, use->to));
    }
}

/* What stands in a container: of a dict its keys. */
static uint32_t elements(rs_values_linked *x, uint32_t object)
{
    return rs_values_field(
        x, object, kind_of_container(x, object) == VALUES_DICT ? VALUES_F_KEYS : VALUES_F_ALL);
}

static void yielded(rs_values_linked *x, uint32_t object, uint32_t to)
{
    uint32_t function = values_object_at(x, object)->a;
    rs_solve_copy(&x->solver, values_result_var(x, function, true), to);
}

static void iterate(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    switch (values_object_at(x, object)->kind) {
    case VALUES_O_CONTAINER:
    case VALUES_O_MANY:
        rs_solve_copy(&x->solver, elements(x, object), use->to);
        break;
    case VALUES_O_GENERATOR:
        yielded(x, object, use->to);
        break;
    case VALUES_O_STRING:
        add_instance(x, use->to, x->str_class);
        break;
    case VALUES_O_INSTANCE:
    case VALUES_O_CLASS:
        iterate_object(x, use, object);
        break;
    default:
        break;
    }
}

static void next(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_special special = use->c != 0 ? VALUES_S_ANEXT : VALUES_S_NEXT;
    if (!values_is(x, object, VALUES_O_INSTANCE)) {
        iterate(x, use, object);
        return;
    }
    uint32_t to = use->to;
    if (use->c != 0) { /* what it gives is awaited */
        uint32_t awaited = rs_solve_var(&x->solver);
        if (awaited == SOLVE_NONE) {
            return;
        }
        rs_solve_use(&x->solver, awaited,
                     (solve_use){.kind = VALUES_U_AWAIT, .to = to, .a = use->a});
        to = awaited;
    }
    rs_values_special_call(x, object, special, special_once(x, use->to, special, use->a, to));
}

void rs_values_iterate(rs_values_linked *x, uint32_t from, uint32_t to, uint32_t site)
{
    rs_solve_use(&x->solver, from, (solve_use){.kind = VALUES_U_ITERATE, .to = to, .a = site});
}

static void unpack(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    bool is_sequence = is_container(x, object) && kind_of_container(x, object) != VALUES_DICT;
    if (use->b == VALUES_NONE) { /* a starred target: a list of what is left */
        uint32_t list = rs_values_object_of(x, VALUES_O_CONTAINER, use->to, VALUES_LIST);
        if (list != SOLVE_NONE) {
            add(x, use->to, list);
            solve_use rest = {.kind = VALUES_U_ITERATE,
                              .to = rs_values_field(x, list, VALUES_F_UNKNOWN),
                              .a = use->a};
            iterate(x, &rest, object);
        }
        return;
    }
    if (!is_sequence || use->b >= VALUES_MAX_PLACES) {
        iterate(x, use, object);
        return;
    }
    uint32_t place = rs_values_object_of(x, VALUES_O_NUMBER, use->b, NAMES_NONE);
    if (place != SOLVE_NONE) {
        rs_solve_copy(&x->solver, rs_values_key_field(x, object, place), use->to);
        rs_solve_copy(&x->solver, rs_values_field(x, object, VALUES_F_UNKNOWN), use->to);
    }
}

/* --- items --- */

static void late(rs_values_linked *x, uint32_t var, solve_use use)
{
    values_late item = {var, use};
    x->failed = !values_lates_push(&x->lates, item) || x->failed;
}

/* By a key; where nothing is known of that, any item. */
static void item_of_container(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    solve_use any = {
        .kind = VALUES_U_COPY, .to = use->to, .b = rs_values_field(x, object, VALUES_F_ALL)};
    if (use->a == VALUES_NONE) {
        rs_solve_copy(&x->solver, any.b, use->to);
        return;
    }
    rs_solve_use(&x->solver, use->a,
                 (solve_use){.kind = VALUES_U_KEY_OF, .to = use->to, .a = object});
    late(x, use->a, any);
}

static void key_of(rs_values_linked *x, const solve_use *use, uint32_t key)
{
    if (!rs_values_is_key(x, key)) {
        rs_solve_copy(&x->solver, rs_values_field(x, use->a, VALUES_F_ALL), use->to);
        return;
    }
    rs_solve_copy(&x->solver, rs_values_key_field(x, use->a, key), use->to);
    rs_solve_copy(&x->solver, rs_values_field(x, use->a, VALUES_F_UNKNOWN), use->to);
}

static void item(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t call;
    switch (values_object_at(x, object)->kind) {
    case VALUES_O_CONTAINER:
    case VALUES_O_MANY:
        item_of_container(x, use, object);
        break;
    case VALUES_O_STRING:
        add_instance(x, use->to, x->str_class);
        break;
    case VALUES_O_INSTANCE:
        call = rs_values_call_once(x, use->to, VALUES_S_GETITEM, use->b, use->to, &use->a, 1);
        rs_values_special_call(x, object, VALUES_S_GETITEM, call);
        break;
    case VALUES_O_CLASS: { /* C[T], unless its class says otherwise */
        uint32_t member =
            rs_values_special_member(x, values_object_at(x, object)->a, VALUES_S_CLASS_GETITEM);
        call = rs_values_call_once(x, use->to, VALUES_S_GETITEM, use->b, use->to, &use->a, 1);
        if (member != VALUES_NONE) {
            rs_solve_use(&x->solver, member,
                         (solve_use){.kind = VALUES_U_SELF_CALL, .a = object, .b = call});
        } else if (!rs_values_special_call(x, object, VALUES_S_GETITEM, call)) {
            add(x, use->to, object);
        }
        break;
    }
    default:
        break;
    }
}

static void set_item(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    const uint32_t arguments[2] = {use->a, use->b};
    if (!is_container(x, object)) {
        uint32_t call = rs_values_new_call(x, use->c, VALUES_NONE, arguments, 2);
        rs_values_special_call(x, object, VALUES_S_SETITEM, call);
        return;
    }
    if (use->b == VALUES_NONE) {
        return;
    }
    uint32_t unknown = rs_values_field(x, object, VALUES_F_UNKNOWN);
    if (use->a == VALUES_NONE) {
        rs_solve_copy(&x->solver, use->b, unknown);
        return;
    }
    if (kind_of_container(x, object) == VALUES_DICT) {
        rs_solve_copy(&x->solver, use->a, rs_values_field(x, object, VALUES_F_KEYS));
    }
    rs_solve_use(&x->solver, use->a,
                 (solve_use){.kind = VALUES_U_SET_KEY_OF, .a = object, .b = use->b});
    late(x, use->a, (solve_use){.kind = VALUES_U_COPY, .to = unknown, .b = use->b});
}

static void set_key_of(rs_values_linked *x, const solve_use *use, uint32_t key)
{
    rs_solve_copy(&x->solver, use->b,
                  rs_values_is_key(x, key) ? rs_values_key_field(x, use->a, key)
                                           : rs_values_field(x, use->a, VALUES_F_UNKNOWN));
}

/* --- operators --- */

static const operator_names *names_of(uint32_t ast_class)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (operators[i].ast_class == ast_class) {
            return &operators[i];
        }
    }
    return NULL;
}

void rs_values_operator(rs_values_linked *x, uint32_t file, const values_record *record,
                        uint32_t left, uint32_t right, uint32_t to)
{
    const operator_names *names = names_of(record->aux);
    bool is_in = record->aux == RS_AST_In || record->aux == RS_AST_NotIn;
    if (names == NULL) {
        return;
    }
    values_operation operation = {.left = is_in ? right : left,
                                  .right = is_in ? left : right,
                                  .to = to,
                                  .in_place = NAMES_NONE,
                                  .method = method_text(x, names->method),
                                  .reflected = method_text(x, names->reflected),
                                  .instead = record->aux == RS_AST_NotEq ? method_text(x, "__eq__")
                                                                         : NAMES_NONE,
                                  .left_call = VALUES_NONE,
                                  .right_call = VALUES_NONE,
                                  .is_division = record->aux == RS_AST_Div};
    if ((record->flags & VALUES_IN_PLACE) != 0) {
        operation.in_place = method_text(x, names->in_place);
    }
    operation.site = rs_values_site(x, file, record->node, RS_W_value_site_operator);
    if (!values_operations_push(&x->operations, operation)) {
        x->failed = true;
        return;
    }
    uint32_t number = (uint32_t)x->operations.n_items - 1;
    if (operation.left != VALUES_NONE) {
        rs_solve_use(&x->solver, operation.left, (solve_use){.kind = VALUES_U_LEFT, .a = number});
    } else if (operation.right != VALUES_NONE) {
        rs_solve_use(&x->solver, operation.right, (solve_use){.kind = VALUES_U_RIGHT, .a = number});
    }
}

/* The right operand's method is asked for when a left one has none, or gives NotImplemented. */
static void ask_right(rs_values_linked *x, uint32_t number)
{
    values_operation *of = &x->operations.items[number];
    if (!of->is_reflected && of->right != VALUES_NONE) {
        of->is_reflected = true;
        rs_solve_use(&x->solver, of->right, (solve_use){.kind = VALUES_U_RIGHT, .a = number});
    }
}

static uint32_t left_call(rs_values_linked *x, uint32_t number)
{
    values_operation of = x->operations.items[number];
    if (of.left_call == VALUES_NONE) {
        uint32_t outcome = rs_solve_var(&x->solver);
        if (outcome == SOLVE_NONE) {
            return 0;
        }
        rs_solve_use(&x->solver, outcome,
                     (solve_use){.kind = VALUES_U_OUTCOME, .to = of.to, .a = number});
        of.left_call =
            rs_values_new_call(x, of.site, outcome, &of.right, of.right == VALUES_NONE ? 0 : 1);
        x->operations.items[number].left_call = of.left_call;
    }
    return of.left_call;
}

/* Which of the types of numbers it is of, or VALUES_N_NUMBERS. */
static unsigned number_type(const rs_values_linked *x, uint32_t object)
{
    unsigned type = 0;
    uint32_t class = rs_values_class_of(x, object);
    while (type < VALUES_N_NUMBERS && (class == NAMES_NONE || class != x->number_classes[type])) {
        type++;
    }
    return type;
}

static void add_number(rs_values_linked *x, const values_operation *of, unsigned type)
{
    bool is_float = of->is_division && type == VALUES_INT;
    add_instance(x, of->to, x->number_classes[is_float ? VALUES_FLOAT : type]);
}

/* What comes of a number depends on the other one: a use of that for each type of this. */
static void left_number(rs_values_linked *x, uint32_t number, unsigned type)
{
    values_operation *of = &x->operations.items[number];
    if (of->to == VALUES_NONE) {
        return;
    }
    if (of->right == VALUES_NONE) {
        add_number(x, of, type);
    } else if (((uint32_t)of->asked >> type & 1u) == 0) {
        of->asked |= (uint8_t)(1u << type);
        rs_solve_use(&x->solver, of->right,
                     (solve_use){.kind = VALUES_U_RIGHT, .a = number, .b = type + 1});
    }
}

/* What is inherited from object calls the other one. */
static uint32_t method_for(const rs_values_linked *x, const values_operation *of, uint32_t text,
                           uint32_t object)
{
    uint32_t class = rs_values_class_of(x, object);
    bool is_instead = of->instead != NAMES_NONE && class != NAMES_NONE &&
                      !rs_values_has_own(x, class, text) &&
                      rs_values_has_own(x, class, of->instead);
    return is_instead ? of->instead : text;
}

static void left(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_operation of = x->operations.items[use->a];
    if (values_is(x, object, VALUES_O_INSTANCE) || values_is(x, object, VALUES_O_CLASS)) {
        if ((of.in_place != NAMES_NONE &&
             rs_values_named_call(x, object, of.in_place, left_call(x, use->a))) ||
            (of.method != NAMES_NONE &&
             rs_values_named_call(x, object, method_for(x, &of, of.method, object),
                                  left_call(x, use->a)))) {
            return;
        }
    }
    ask_right(x, use->a);
    if (is_container(x, object)) { /* a + b, a * 2, a | b: all that either has */
        add(x, of.to, object);
    } else if (x->str_class != NAMES_NONE && rs_values_class_of(x, object) == x->str_class) {
        add_instance(x, of.to, x->str_class);
    } else if (number_type(x, object) < VALUES_N_NUMBERS) {
        left_number(x, use->a, number_type(x, object));
    }
}

static void right(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_operation of = x->operations.items[use->a];
    if (use->b > 0) { /* beside a number on the left */
        unsigned type = number_type(x, object);
        if (type < VALUES_N_NUMBERS) {
            add_number(x, &of, type + 1 > use->b ? type : use->b - 1);
        }
        return;
    }
    if (values_is(x, object, VALUES_O_INSTANCE) && of.reflected != NAMES_NONE) {
        if (of.right_call == VALUES_NONE) {
            of.right_call =
                rs_values_new_call(x, of.site, of.to, &of.left, of.left == VALUES_NONE ? 0 : 1);
            x->operations.items[use->a].right_call = of.right_call;
        }
        rs_values_named_call(x, object, method_for(x, &of, of.reflected, object), of.right_call);
    } else if (is_container(x, object)) {
        add(x, of.to, object);
    }
}

static bool is_not_implemented(const rs_values_linked *x, uint32_t object)
{
    const values_object *of = values_object_at(x, object);
    if (of->kind != VALUES_O_INSTANCE || !names_is_outside(x->names, of->a)) {
        return false;
    }
    rs_buf name = {0};
    rs_names_name_of_class(x->names, of->a, &name);
    bool is = strstr(rs_buf_text(&name), "NotImplemented") != NULL;
    rs_buf_release(&name);
    return is;
}

static void outcome(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (is_not_implemented(x, object)) {
        ask_right(x, use->a);
    } else {
        add(x, use->to, object);
    }
}

/* --- other protocols --- */

static void enter(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    bool is_async = use->c != 0;
    values_special enters = is_async ? VALUES_S_AENTER : VALUES_S_ENTER;
    values_special exits = is_async ? VALUES_S_AEXIT : VALUES_S_EXIT;
    if (values_is(x, object, VALUES_O_GENERATOR)) { /* what @contextmanager makes of it */
        yielded(x, object, use->to);
        return;
    }
    if (!values_is(x, object, VALUES_O_INSTANCE)) {
        return;
    }
    uint32_t result = use->to;
    if (is_async) {
        result = rs_solve_var(&x->solver);
        if (result == SOLVE_NONE) {
            return;
        }
        rs_solve_use(&x->solver, result,
                     (solve_use){.kind = VALUES_U_AWAIT, .to = use->to, .a = use->a});
    }
    if (!rs_values_special_call(x, object, enters,
                                special_once(x, use->to, enters, use->a, result))) {
        add(x, use->to, object); /* of most that lie outside it is the object itself */
    }
    rs_values_special_call(x, object, exits, special_once(x, use->to, exits, use->a, VALUES_NONE));
}

static void await(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    switch (values_object_at(x, object)->kind) {
    case VALUES_O_COROUTINE:
    case VALUES_O_GENERATOR:
        rs_solve_copy(&x->solver, values_result_var(x, values_object_at(x, object)->a, false),
                      use->to);
        break;
    case VALUES_O_INSTANCE:
        if (!rs_values_special_call(x, object, VALUES_S_AWAIT,
                                    special_once(x, use->to, VALUES_S_AWAIT, use->a, use->to))) {
            add(x, use->to, object);
        }
        break;
    default:
        add(x, use->to, object);
        break;
    }
}

/* The same of what a container has; what that has is another matter: it may hold itself. */
static void use_of_items(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    solve_use inner = *use;
    inner.c = 1;
    if (use->c == 0) {
        rs_solve_use(&x->solver, rs_values_field(x, object, VALUES_F_ALL), inner);
    }
}

static void caught(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_CLASS)) {
        add_instance(x, use->to, values_object_at(x, object)->a);
    } else if (is_container(x, object)) {
        use_of_items(x, use, object);
    }
}

static void test(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_INSTANCE) &&
        !rs_values_special_call(x, object, VALUES_S_BOOL, use->a)) {
        rs_values_special_call(x, object, VALUES_S_LEN, use->a);
    }
}

static void format(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_INSTANCE) &&
        !rs_values_special_call(x, object, VALUES_S_FORMAT, use->a) &&
        !rs_values_special_call(x, object, VALUES_S_STR, use->a)) {
        rs_values_special_call(x, object, VALUES_S_REPR, use->a);
    }
}

static void super(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    bool has_class =
        values_is(x, object, VALUES_O_INSTANCE) || values_is(x, object, VALUES_O_CLASS);
    if (has_class) {
        add(x, use->to, rs_values_object_of(x, VALUES_O_SUPER, use->a, object));
    }
}

static void special(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    bool has_class =
        values_is(x, object, VALUES_O_INSTANCE) || values_is(x, object, VALUES_O_CLASS);
    for (uint32_t i = 0; i < 3 && has_class; i++) {
        if (rs_values_special_call(x, object, (values_special)(use->b >> (8 * i) & 0xff), use->a)) {
            return;
        }
    }
}

static void class_of(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    uint32_t class = values_is(x, object, VALUES_O_CLASS)
                         ? x->names->classes[values_object_at(x, object)->a].metaclass
                         : rs_values_class_of(x, object);
    if (class != NAMES_NONE) {
        add(x, use->to, rs_values_object_of(x, VALUES_O_CLASS, class, NAMES_NONE));
    }
}

/* A class that is decorated stays the class that it is, whatever class comes back. */
static void decorated(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    add(x, use->to, values_is(x, object, VALUES_O_CLASS) ? use->a : object);
}

static void named(rs_values_linked *x, const solve_use *use, uint32_t name)
{
    if (!values_is(x, name, VALUES_O_STRING)) {
        return;
    }
    uint32_t text = values_object_at(x, name)->a;
    uint32_t site = rs_values_site_as(x, use->c, RS_W_value_site_attribute);
    solve_use read = {.kind = VALUES_U_LOAD, .to = use->to, .a = text, .b = site};
    solve_use store = {.kind = VALUES_U_STORE, .a = text, .b = use->b, .c = use->c};
    if (use->to != VALUES_NONE) {
        rs_values_load(x, &read, use->a);
    } else {
        rs_values_store(x, &store, use->a);
    }
}

static void named_of(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    rs_solve_use(
        &x->solver, use->a,
        (solve_use){.kind = VALUES_U_NAMED, .to = use->to, .a = object, .b = use->b, .c = use->c});
}

static void iterator(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (!values_is(x, object, VALUES_O_INSTANCE)) {
        add(x, use->to, object);
        return;
    }
    rs_values_special_call(x, object, VALUES_S_ITER,
                           special_once(x, use->to, VALUES_S_ITER, use->a, use->to));
}

static void filter(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    rs_solve_use(&x->solver, use->a,
                 (solve_use){.kind = VALUES_U_FILTER_OF, .to = use->to, .a = object, .b = use->b});
}

static bool derives(const rs_values_linked *x, uint32_t class, uint32_t from)
{
    const names_class_facts *facts = &x->names->classes[class];
    for (uint32_t i = 0; i < facts->n_ancestors + facts->n_virtual; i++) {
        const names_ancestor *of = &x->names->ancestors.items[facts->first_ancestor + i];
        if (of->number == NAMES_NONE || (!of->is_external && of->number == from)) {
            return true; /* an ancestor that nobody knows may be it */
        }
    }
    return class == from;
}

/* What has no class that is known passes tests for classes outside. */
static void filter_of(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (is_container(x, object)) { /* isinstance(a, (B, C)) */
        use_of_items(x, use, object);
        return;
    }
    bool is_class = values_is(x, use->a, VALUES_O_CLASS);
    uint32_t class =
        use->b != 0 && is_class ? values_object_at(x, use->a)->a : rs_values_class_of(x, use->a);
    if (!values_is(x, object, VALUES_O_CLASS)) {
        add(x, use->to, use->a);
        return;
    }
    uint32_t from = values_object_at(x, object)->a;
    bool passes = class == NAMES_NONE ? names_is_outside(x->names, from) : derives(x, class, from);
    add(x, use->to, passes ? use->a : SOLVE_NONE);
}

static void wrap(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_NUMBER) || values_is(x, object, VALUES_O_STRING)) {
        return;
    }
    add(x, use->to, rs_values_object_of(x, (values_object_kind)use->a, object, NAMES_NONE));
}

static void raised(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_CLASS)) {
        rs_values_invoke(x, object, SOLVE_NONE, use->a);
    }
}

static void self_call(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    values_object of = *values_object_at(x, object);
    bool is_wrapped = of.kind == VALUES_O_STATIC || of.kind == VALUES_O_CLASS_METHOD;
    rs_values_invoke(x, is_wrapped ? of.a : object, use->a, use->b);
}

static void called(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    rs_values_invoke(x, object, SOLVE_NONE, use->a);
}

static void spread(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    rs_values_spread(x, object, use->a);
}

static void super_of(rs_values_linked *x, const solve_use *use, uint32_t object)
{
    if (values_is(x, object, VALUES_O_CLASS)) {
        rs_solve_use(&x->solver, use->a,
                     (solve_use){.kind = VALUES_U_SUPER,
                                 .to = use->to,
                                 .a = values_object_at(x, object)->a});
    }
}

void rs_values_deliver(void *owner, const solve_use *use, uint32_t object)
{
    static void (*const handlers[VALUES_N_USES])(rs_values_linked *, const solve_use *,
                                                 uint32_t) = {
        [VALUES_U_LOAD] = rs_values_load,
        [VALUES_U_STORE] = rs_values_store,
        [VALUES_U_CALL] = called,
        [VALUES_U_METHOD] = rs_values_method,
        [VALUES_U_BIND] = rs_values_bind,
        [VALUES_U_BIND_CALL] = rs_values_bind,
        [VALUES_U_BIND_STORE] = rs_values_bind_store,
        [VALUES_U_SELF_CALL] = self_call,
        [VALUES_U_SPECIAL] = special,
        [VALUES_U_LEFT] = left,
        [VALUES_U_RIGHT] = right,
        [VALUES_U_OUTCOME] = outcome,
        [VALUES_U_ITERATE] = iterate,
        [VALUES_U_NEXT] = next,
        [VALUES_U_UNPACK] = unpack,
        [VALUES_U_ITEM] = item,
        [VALUES_U_SET_ITEM] = set_item,
        [VALUES_U_KEY_OF] = key_of,
        [VALUES_U_SET_KEY_OF] = set_key_of,
        [VALUES_U_SPREAD] = spread,
        [VALUES_U_ENTER] = enter,
        [VALUES_U_AWAIT] = await,
        [VALUES_U_CAUGHT] = caught,
        [VALUES_U_INSTANCE] = caught,
        [VALUES_U_RAISED] = raised,
        [VALUES_U_TRUTH] = test,
        [VALUES_U_FORMAT] = format,
        [VALUES_U_SUPER] = super,
        [VALUES_U_SUPER_OF] = super_of,
        [VALUES_U_WRAP] = wrap,
        [VALUES_U_CLASS_OF] = class_of,
        [VALUES_U_DECORATED] = decorated,
        [VALUES_U_FILTER] = filter,
        [VALUES_U_FILTER_OF] = filter_of,
        [VALUES_U_MADE] = rs_values_made,
        [VALUES_U_STAR] = rs_values_star,
        [VALUES_U_ITERATOR] = iterator,
        [VALUES_U_NAMED_OF] = named_of,
        [VALUES_U_NAMED] = named,
    };
    rs_values_linked *x = owner;
    RS_ASSERT(use->kind < VALUES_N_USES && handlers[use->kind] != NULL);
    handlers[use->kind](x, use, object);
}
