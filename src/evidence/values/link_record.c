/* SPDX-License-Identifier: Apache-2.0 */
/* link_record.c - the records of a file as uses of its variables. */
#include "evidence/values/link_impl.h"
#include "schema/rows.h"

#define ONLY(special) ((uint32_t)(special) | (uint32_t)(special) << 8 | (uint32_t)(special) << 16)

/* A file while its records are taken. */
typedef struct taking {
    rs_values_linked *x;
    const values_file *file;
    uint32_t number; /* of the file */
    uint32_t first_var;
    uint32_t var; /* of the record at hand */
    const values_record *record;
} taking;

static uint32_t var_of(const taking *t, uint32_t var)
{
    return var == VALUES_NONE ? VALUES_NONE : t->first_var + var;
}

static uint32_t text_of(const taking *t, uint32_t text)
{
    return t->x->text_of[t->file->first_text + text];
}

static uint32_t site(const taking *t, uint32_t kind)
{
    return rs_values_site(t->x, t->number, t->record->node, kind);
}

static void use(const taking *t, uint32_t var, solve_use of)
{
    if (var != VALUES_NONE) {
        rs_solve_use(&t->x->solver, var_of(t, var), of);
    }
}

static void add(const taking *t, values_object_kind kind, uint32_t a, uint32_t b)
{
    uint32_t object = rs_values_object_of(t->x, kind, a, b);
    if (object != SOLVE_NONE) {
        rs_solve_add(&t->x->solver, t->var, object);
    }
}

static void late(const taking *t, uint32_t var, uint32_t from, uint32_t to)
{
    values_late item = {var, {.kind = VALUES_U_COPY, .to = to, .b = from}};
    t->x->failed = !values_lates_push(&t->x->lates, item) || t->x->failed;
}

/* --- constants --- */

static void take_object(const taking *t)
{
    rs_str name = values_text(&t->file->view, t->record->a);
    uint32_t slot = rs_names_builtin_slot(t->x->names, name);
    uint32_t class = slot == NAMES_NONE ? NAMES_NONE : rs_names_class_of_slot(t->x->names, slot);
    if (class != NAMES_NONE) {
        add(t, VALUES_O_INSTANCE, class, NAMES_NONE);
    }
}

static void take_item(const taking *t, uint32_t object, uint32_t key, uint32_t var)
{
    rs_values_linked *x = t->x;
    uint32_t unknown = rs_values_field(x, object, VALUES_F_UNKNOWN);
    bool is_dict = t->record->a == VALUES_DICT;
    if (key == VALUES_SOMEWHERE) {
        rs_solve_copy(&x->solver, var, unknown);
    } else if (key == VALUES_SPREAD && is_dict) {
        rs_solve_use(&x->solver, var, (solve_use){.kind = VALUES_U_SPREAD, .a = object});
    } else if (key == VALUES_SPREAD) {
        rs_values_iterate(x, var, unknown, site(t, RS_W_value_site_iteration));
    } else {
        key = var_of(t, key);
        rs_solve_copy(&x->solver, key, rs_values_field(x, object, VALUES_F_KEYS));
        if (var != VALUES_NONE) {
            rs_solve_use(&x->solver, key,
                         (solve_use){.kind = VALUES_U_SET_KEY_OF, .a = object, .b = var});
            late(t, key, var, unknown);
        }
    }
}

static void take_container(const taking *t)
{
    rs_values_linked *x = t->x;
    const uint32_t *block = &t->file->view.blocks[t->record->b];
    uint32_t object = rs_values_object_of(x, VALUES_O_CONTAINER, t->var, t->record->a);
    uint32_t place = 0;
    if (object == SOLVE_NONE) {
        return;
    }
    rs_solve_add(&x->solver, t->var, object);
    for (uint32_t i = 0; i + 1 < block[0] && !x->failed; i += 2) {
        uint32_t var = var_of(t, block[2 + i]);
        if (block[1 + i] != VALUES_IN_ORDER) {
            take_item(t, object, block[1 + i], var);
            continue;
        }
        uint32_t key = rs_values_object_of(x, VALUES_O_NUMBER, place++, NAMES_NONE);
        if (key != SOLVE_NONE && var != VALUES_NONE) {
            rs_solve_copy(&x->solver, var, rs_values_key_field(x, object, key));
        }
    }
}

/* --- calls --- */

static uint32_t new_call(const taking *t, uint32_t kind, uint32_t result)
{
    return rs_values_new_call(t->x, site(t, kind), result, NULL, 0);
}

static uint32_t call_of_block(const taking *t, const uint32_t *block, uint32_t kind,
                              uint32_t result)
{
    rs_values_linked *x = t->x;
    uint32_t call = new_call(t, kind, result);
    for (uint32_t i = 0; i < block[2] && !x->failed; i++) {
        uint32_t pass = block[VALUES_CALL_HEAD + 2 * i + 1];
        uint32_t text = pass >> VALUES_PASS_BITS;
        uint32_t how = pass & ((1u << VALUES_PASS_BITS) - 1);
        values_argument argument = {
            var_of(t, block[VALUES_CALL_HEAD + 2 * i]),
            how == VALUES_BY_NAME ? how | text_of(t, text) << VALUES_PASS_BITS : how};
        x->failed = !values_arguments_push(&x->arguments, argument) || x->failed;
    }
    if (!x->failed) {
        x->calls.items[call].n_arguments = block[2];
        x->calls.items[call].cell = block[1] == VALUES_NONE
                                        ? NAMES_NONE
                                        : names_cell_of_expr(x->names, t->number, block[1]);
    }
    return call;
}

static void take_call(const taking *t)
{
    rs_values_linked *x = t->x;
    const uint32_t *block = &t->file->view.blocks[t->record->b];
    uint32_t call = call_of_block(t, block, RS_W_value_site_call, t->var);
    if (block[0] == VALUES_NONE) {
        x->calls.items[call].callee = var_of(t, t->record->a);
        use(t, t->record->a, (solve_use){.kind = VALUES_U_CALL, .a = call});
        return;
    }
    uint32_t callee = rs_solve_var(&x->solver);
    if (callee == SOLVE_NONE) {
        return;
    }
    x->calls.items[call].callee = callee;
    rs_solve_use(&x->solver, callee, (solve_use){.kind = VALUES_U_CALL, .a = call});
    use(t, t->record->a,
        (solve_use){.kind = VALUES_U_METHOD, .a = call, .b = text_of(t, block[0])});
}

/* The class that is decorated, through decorators below; none: a function is. */
static uint32_t decorated_class(const taking *t, uint32_t var)
{
    uint32_t n_fixed = values_n_fixed(&t->file->view);
    while (var >= n_fixed) {
        const values_record *record = &t->file->view.records[var - n_fixed];
        if (record->op == VALUES_CLASS) {
            return t->x->names->files[t->number].first_class + record->a;
        }
        if (record->op != VALUES_DECORATE) {
            break;
        }
        var = t->file->view.blocks[record->b + VALUES_CALL_HEAD];
    }
    return NAMES_NONE;
}

static void take_decorator(const taking *t)
{
    rs_values_linked *x = t->x;
    const uint32_t *block = &t->file->view.blocks[t->record->b];
    uint32_t result = rs_solve_var(&x->solver);
    uint32_t class = decorated_class(t, block[VALUES_CALL_HEAD]);
    if (result == SOLVE_NONE) {
        return;
    }
    uint32_t call = call_of_block(t, block, RS_W_value_site_decorator, result);
    x->calls.items[call].callee = var_of(t, t->record->a);
    use(t, t->record->a, (solve_use){.kind = VALUES_U_CALL, .a = call});
    if (class == NAMES_NONE) {
        rs_solve_copy(&x->solver, result, t->var);
    } else {
        uint32_t object = rs_values_object_of(x, VALUES_O_CLASS, class, NAMES_NONE);
        rs_solve_use(&x->solver, result,
                     (solve_use){.kind = VALUES_U_DECORATED, .to = t->var, .a = object});
    }
    late(t, result, var_of(t, block[VALUES_CALL_HEAD]), t->var);
}

/* --- classes --- */

static void self_call(const taking *t, uint32_t member, uint32_t object, uint32_t call)
{
    if (member != VALUES_NONE) {
        rs_solve_use(&t->x->solver, member,
                     (solve_use){.kind = VALUES_U_SELF_CALL, .a = object, .b = call});
    }
}

/* What runs when a class comes to be: of its bases, its class, and of what stands in it. */
static void make_class(const taking *t, uint32_t class, uint32_t object)
{
    rs_values_linked *x = t->x;
    const names_class *of = &x->names->files[t->number].view.classes[t->record->a];
    uint32_t metaclass = x->names->classes[class].metaclass;
    uint32_t hook = x->special[VALUES_S_INIT_SUBCLASS];
    if (hook != NAMES_NONE) {
        self_call(t, rs_values_member(x, class, hook, class), object,
                  new_call(t, RS_W_value_site_class, VALUES_NONE));
    }
    if (metaclass != NAMES_NONE && !names_is_outside(x->names, metaclass)) {
        uint32_t call = new_call(t, RS_W_value_site_class, VALUES_NONE);
        uint32_t of_metaclass = rs_values_object_of(x, VALUES_O_CLASS, metaclass, NAMES_NONE);
        self_call(t, rs_values_special_member(x, metaclass, VALUES_S_NEW), of_metaclass, call);
        self_call(t, rs_values_special_member(x, metaclass, VALUES_S_INIT), object, call);
    }
    for (uint32_t i = 0; x->special[VALUES_S_SET_NAME] != NAMES_NONE && i < of->n_slots; i++) {
        const names_slot *slot = &x->names->files[t->number].view.slots[of->first_slot + i];
        uint32_t text = names_text_number(x->names, t->number, slot->name);
        uint32_t call = new_call(t, RS_W_value_site_class, VALUES_NONE);
        rs_solve_use(
            &x->solver, rs_values_field(x, object, text),
            (solve_use){.kind = VALUES_U_SPECIAL, .a = call, .b = ONLY(VALUES_S_SET_NAME)});
    }
}

static void take_class(const taking *t)
{
    uint32_t class = t->x->names->files[t->number].first_class + t->record->a;
    uint32_t object = rs_values_object_of(t->x, VALUES_O_CLASS, class, NAMES_NONE);
    if (object != SOLVE_NONE) {
        rs_solve_add(&t->x->solver, t->var, object);
        make_class(t, class, object);
    }
}

/* --- the rest --- */

static void take_super(const taking *t)
{
    const names_file *file = &t->x->names->files[t->number];
    const names_function *function = &file->view.functions[t->record->b];
    uint32_t n_params;
    const uint32_t *params = names_list(&file->view, function->params, &n_params);
    if (n_params > 0 && function->n_positional > 0) {
        use(t, params[0],
            (solve_use){
                .kind = VALUES_U_SUPER, .to = t->var, .a = file->first_class + t->record->a});
    }
}

static void take_join(const taking *t)
{
    const uint32_t *block = &t->file->view.blocks[t->record->b];
    for (uint32_t i = 0; i < block[0]; i++) {
        rs_solve_copy(&t->x->solver, var_of(t, block[1 + i]), t->var);
    }
}

static void take_special(const taking *t, values_special special, uint8_t kind, uint32_t site_kind,
                         uint32_t key)
{
    if (t->x->special[special] != NAMES_NONE) {
        uint32_t call = new_call(t, site_kind, VALUES_NONE);
        if (key != VALUES_NONE) {
            values_argument argument = {var_of(t, key), VALUES_BY_PLACE};
            t->x->failed = !values_arguments_push(&t->x->arguments, argument) || t->x->failed;
            t->x->calls.items[call].n_arguments = 1;
        }
        use(t, t->record->a, (solve_use){.kind = kind, .a = call, .b = ONLY(special)});
    }
}

static void take_access(const taking *t)
{
    const values_record *r = t->record;
    const uint32_t *block = &t->file->view.blocks[r->b];
    switch (r->op) {
    case VALUES_LOAD:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_LOAD,
                        .to = t->var,
                        .a = text_of(t, r->b),
                        .b = site(t, RS_W_value_site_attribute)});
        break;
    case VALUES_STORE:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_STORE,
                        .a = text_of(t, block[0]),
                        .b = var_of(t, block[1]),
                        .c = site(t, RS_W_value_site_attribute)});
        break;
    case VALUES_ITEM:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_ITEM,
                        .to = t->var,
                        .a = var_of(t, r->b),
                        .b = site(t, RS_W_value_site_item)});
        break;
    case VALUES_SET_ITEM:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_SET_ITEM,
                        .a = var_of(t, block[0]),
                        .b = var_of(t, block[1]),
                        .c = site(t, RS_W_value_site_item)});
        break;
    case VALUES_DEL_ITEM:
        take_special(t, VALUES_S_DELITEM, VALUES_U_SPECIAL, RS_W_value_site_item, r->b);
        break;
    default:
        break;
    }
}

static void take_protocol(const taking *t)
{
    const values_record *r = t->record;
    uint32_t is_async = (r->flags & VALUES_ASYNC) != 0;
    switch (r->op) {
    case VALUES_ITERATE:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_ITERATE,
                        .to = t->var,
                        .a = site(t, RS_W_value_site_iteration),
                        .c = is_async});
        break;
    case VALUES_UNPACK:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_UNPACK,
                        .to = t->var,
                        .a = site(t, RS_W_value_site_iteration),
                        .b = r->b});
        break;
    case VALUES_ENTER:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_ENTER,
                        .to = t->var,
                        .a = site(t, RS_W_value_site_context),
                        .c = is_async});
        break;
    case VALUES_AWAIT:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_AWAIT, .to = t->var, .a = site(t, RS_W_value_site_await)});
        break;
    case VALUES_CAUGHT:
        use(t, r->a, (solve_use){.kind = VALUES_U_CAUGHT, .to = t->var});
        break;
    case VALUES_RAISE:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_RAISED,
                        .a = new_call(t, RS_W_value_site_raise, VALUES_NONE)});
        break;
    default:
        break;
    }
}

static void take_operation(const taking *t)
{
    const values_record *r = t->record;
    uint32_t to = r->op == VALUES_COMPARE ? VALUES_NONE : t->var;
    switch (r->op) {
    case VALUES_BINARY:
    case VALUES_COMPARE:
        rs_values_operator(t->x, t->number, r, var_of(t, r->a), var_of(t, r->b), to);
        break;
    case VALUES_UNARY:
        rs_values_operator(t->x, t->number, r, var_of(t, r->a), VALUES_NONE, to);
        break;
    case VALUES_TRUTH:
        if (t->x->special[VALUES_S_BOOL] != NAMES_NONE ||
            t->x->special[VALUES_S_LEN] != NAMES_NONE) {
            use(t, r->a,
                (solve_use){.kind = VALUES_U_TRUTH,
                            .a = new_call(t, RS_W_value_site_truth, VALUES_NONE)});
        }
        break;
    case VALUES_FORMAT:
        use(t, r->a,
            (solve_use){.kind = VALUES_U_FORMAT,
                        .a = new_call(t, RS_W_value_site_format, VALUES_NONE)});
        break;
    default:
        break;
    }
}

/* Where nothing comes that passes, the test is evidence for what it asks. */
static void take_filter(const taking *t)
{
    const values_record *r = t->record;
    uint32_t is_class = (r->flags & VALUES_IS_CLASS) != 0;
    if (r->b == VALUES_NONE) {
        rs_solve_copy(&t->x->solver, var_of(t, r->a), t->var);
        return;
    }
    use(t, r->a,
        (solve_use){.kind = VALUES_U_FILTER, .to = t->var, .a = var_of(t, r->b), .b = is_class});
    late(t, var_of(t, r->b), var_of(t, r->a), t->var);
    values_late item = {t->var, {.kind = is_class ? VALUES_U_COPY : VALUES_U_CAUGHT, .to = t->var}};
    item.use.b = var_of(t, r->b);
    t->x->failed = !values_lates_push(&t->x->lates, item) || t->x->failed;
}

/* `return self`: who calls it gets the object that it is called on, not those of other calls. */
static bool gives_back_self(const taking *t)
{
    rs_values_linked *x = t->x;
    const values_record *r = t->record;
    const names_file *file = &x->names->files[t->number];
    uint32_t n_fixed = values_n_fixed(&t->file->view);
    bool is_result =
        r->b >= file->view.n_bindings && r->b < n_fixed && (r->b - file->view.n_bindings) % 2 == 0;
    if (!is_result) {
        return false;
    }
    uint32_t number = (r->b - file->view.n_bindings) / 2;
    const names_function *function = &file->view.functions[number];
    uint32_t n_params;
    const uint32_t *params = names_list(&file->view, function->params, &n_params);
    if ((function->flags & (NAMES_IS_GENERATOR | NAMES_IS_COROUTINE)) != 0 ||
        function->in_class == NAMES_NONE || function->n_positional == 0 || r->a != params[0]) {
        return false;
    }
    x->gives_self[file->first_function + number] = 1;
    return true;
}

static void take_record(const taking *t)
{
    rs_values_linked *x = t->x;
    const values_record *r = t->record;
    switch (r->op) {
    case VALUES_COPY:
        if (gives_back_self(t)) {
            break;
        }
        rs_solve_copy(&x->solver, var_of(t, r->a), var_of(t, r->b));
        break;
    case VALUES_NAME:
        rs_values_resolve(x, t->number, r->a, t->var);
        break;
    case VALUES_JOIN:
        take_join(t);
        break;
    case VALUES_FUNCTION:
        add(t, VALUES_O_FUNCTION, x->names->files[t->number].first_function + r->a, NAMES_NONE);
        break;
    case VALUES_CLASS:
        take_class(t);
        break;
    case VALUES_STRING:
        add(t, VALUES_O_STRING, text_of(t, r->a), NAMES_NONE);
        break;
    case VALUES_NUMBER:
        add(t, VALUES_O_NUMBER, r->a, NAMES_NONE);
        break;
    case VALUES_OBJECT:
        take_object(t);
        break;
    case VALUES_NEW:
        take_container(t);
        break;
    case VALUES_SUPER:
        take_super(t);
        break;
    case VALUES_CALL:
        take_call(t);
        break;
    case VALUES_DECORATE:
        take_decorator(t);
        break;
    case VALUES_FILTER:
        take_filter(t);
        break;
    case VALUES_DEFAULT: /* they are there already */
    case VALUES_NOTHING: /* of no use to calls: see answer_type.c */
        break;
    default:
        take_access(t);
        take_protocol(t);
        take_operation(t);
        break;
    }
}

static void take_imports(rs_values_linked *x, uint32_t number)
{
    const names_file *file = &x->names->files[number];
    for (uint32_t i = 0; i < file->view.n_bindings && !x->failed; i++) {
        uint32_t kind = file->view.bindings[i].kind;
        if (kind == NAMES_IMPORT || kind == NAMES_FROM) {
            rs_values_import(x, file->first_binding + i, x->files[number].first_var + i);
        }
    }
}

void rs_values_take_records(rs_values_linked *x, uint32_t number)
{
    const values_file *file = &x->files[number];
    taking t = {.x = x, .file = file, .number = number, .first_var = file->first_var};
    take_imports(x, number);
    for (uint32_t i = 0; i < file->view.n_records && !x->failed; i++) {
        t.record = &file->view.records[i];
        t.var = file->first_var + values_n_fixed(&file->view) + i;
        take_record(&t);
    }
}
